/* TSPL/TSPL2, TSC's programming manual. A printer of another maker may drop a job at a command that it does
 * not know, so there are no more of them than it takes. */
#include "labels/dialect_private.h"

pw_status pw_dialect_tspl(const pw_raster *raster, const pw_print_job *job, pw_str *out,
			  pw_err *err)
{
	(void)err;
	pw_str_add(out, "SIZE ");
	pw_dialect_add_mm(out, pw_um_of(raster->width, raster->dpi));
	pw_str_add(out, " mm,");
	pw_dialect_add_mm(out, pw_um_of(raster->height, raster->dpi));
	pw_str_add(out, " mm\r\nGAP ");
	pw_dialect_add_mm(out, job->gap);
	pw_str_add(out, " mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n");
	pw_str_addf(out, "BITMAP 0,0,%zu,%d,0,", raster->stride, raster->height);
	pw_dialect_add_inverted(raster, out);
	pw_str_addf(out, "\r\nPRINT 1,%d\r\n", job->copies);
	return PW_OK;
}
