/*
 * A one-bit raster: the dots of a label as a printer burns them, and the one picture that goes to every
 * printer's language (labels/dialect.h). 1 is black, the leftmost dot is a byte's highest bit, each row
 * begins with a new byte and its spare bits are 0.
 */
#ifndef PW_LABELS_RASTER_H
#define PW_LABELS_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

typedef struct pw_raster {
	int width, height; /* dots */
	int dpi;
	size_t stride; /* bytes of a row */
	uint8_t *bits; /* height × stride; the raster owns it */
	/* NULL, or as many bytes: which of the dots are red where paper and printer can; the raster owns it */
	uint8_t *red;
} pw_raster;

/* clang-format off */
#define PW_RASTER_INIT { 0, 0, 0, 0, NULL, NULL }
/* clang-format on */

#define PW_RASTER_MAX_SIDE 100000 /* dots: 4 m at 600 dpi */

/* A white raster; free with pw_raster_clear. PW_ERR_ARG for a side below 1 or a dpi below 1,
 * PW_ERR_LIMIT over PW_RASTER_MAX_SIDE or 64 million dots. */
PW_NODISCARD pw_status pw_raster_init(pw_raster *raster, int width, int height, int dpi,
				      pw_err *err);
void pw_raster_clear(pw_raster *raster);

/* Gives a raster its red dots, of which there are none yet. */
void pw_raster_add_red(pw_raster *raster);

/* Dots outside of the raster are white, and are not set. */
bool pw_raster_get(const pw_raster *raster, int x, int y);
void pw_raster_fill(pw_raster *raster, int x, int y, int width, int height);

/* Makes dots white again. */
void pw_raster_wipe(pw_raster *raster, int x, int y, int width, int height);

bool pw_raster_eq(const pw_raster *a, const pw_raster *b);
size_t pw_raster_bytes(const pw_raster *raster);

/* What is burnt on, from the first dot to the last one in both directions; false: nothing is. */
bool pw_raster_ink(const pw_raster *raster, int *out_x, int *out_y, int *out_width,
		   int *out_height);

/* Appends the raster as a PNG file that knows its resolution, so that it is printed in its true size: grey of
 * one bit per dot, or with red dots a palette of two bits. */
void pw_raster_png(const pw_raster *raster, pw_str *out);

/* micrometres ↔ dots */
int pw_dots_of(int64_t um, int dpi);   /* the nearest number of dots */
double pw_um_of(double dots, int dpi); /* of a number of dots */

#endif
