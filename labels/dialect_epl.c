/* EPL2, Zebra's (Eltron's) programming manual. */
#include "labels/dialect_private.h"

#define MIN_GAP 16 /* dots: EPL2 knows none smaller */

/* The first N ends whatever a job that was cut off left in the line. */
pw_status pw_dialect_epl(const pw_raster *raster, const pw_print_job *job, pw_str *out, pw_err *err)
{
	(void)err;
	int gap = job->gap > 0 ? pw_dots_of(job->gap, raster->dpi) : 0;
	if (gap > 0 && gap < MIN_GAP)
		gap = MIN_GAP;
	pw_str_addf(out, "\nN\nq%d\nQ%d,%d\n", raster->width, raster->height, gap);
	pw_str_addf(out, "GW0,0,%zu,%d,", raster->stride, raster->height);
	pw_dialect_add_inverted(raster, out);
	pw_str_addf(out, "\nP%d\n", job->copies);
	return PW_OK;
}
