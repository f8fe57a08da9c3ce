/* Dymo LabelWriter, the technical references of the 400 and 450 series. */
#include "labels/dialect_private.h"

#define ESC       0x1B
#define SYN       0x16 /* a row of dots follows */
#define LONGEST   84   /* bytes of a row: as many ESC end any row that was cut off */
#define SPARE_ESC (LONGEST + 1)

static void add_page(const pw_raster *raster, pw_str *out)
{
	const uint8_t length[] = {ESC, 'L', (uint8_t)(raster->height >> 8),
				  (uint8_t)raster->height};
	pw_dialect_add(out, 4, (const uint8_t[]){ESC, 'Q', 0, 0});
	pw_dialect_add(out, 3, (const uint8_t[]){ESC, 'B', 0});
	pw_dialect_add(out, sizeof(length), length);
	pw_dialect_add(out, 3, (const uint8_t[]){ESC, 'D', (uint8_t)raster->stride});
	for (int y = 0; y < raster->height; y++) {
		pw_str_add_char(out, SYN);
		pw_dialect_add(out, raster->stride, raster->bits + (size_t)y * raster->stride);
	}
}

/* Between labels the short feed, behind the last one the long feed to where it is torn off. */
pw_status pw_dialect_dymo(const pw_raster *raster, const pw_print_job *job, pw_str *out,
			  pw_err *err)
{
	if (raster->height > 0xFFFF)
		return pw_fail(err, PW_ERR_ARG, "a label of %d dots is too long for a LabelWriter",
			       raster->height);
	for (int i = 0; i < SPARE_ESC; i++)
		pw_str_add_char(out, ESC);
	pw_dialect_add(out, 2, (const uint8_t[]){ESC, '@'});
	for (int copy = 1; copy <= job->copies; copy++) {
		add_page(raster, out);
		pw_dialect_add(out, 2, (const uint8_t[]){ESC, copy < job->copies ? 'G' : 'E'});
	}
	return PW_OK;
}
