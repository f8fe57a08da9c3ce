/*
 * The picture of a decoded plate: how likely each person is positive, where their sample stands, and beside
 * it the pools with what they read.
 *
 *   person   positive    black disc, white +           pool   positive      black square, white +
 *            undecided   a ring, filled like a clock          negative      square, –
 *                        by the chance of positive            grey          hatched square, ?
 *            negative    a small ring, broken if only         no result     broken square, ×
 *                        the bound leaves room for doubt      not explained a black corner, a thick frame
 *
 * Numbers stand with everybody who may be positive, and with every Ct. A pool names those in it who are of the
 * likeliest set of positives. Where most pools are a row or a column of a plate, as in an array, these stand at its edge; others
 * in a panel beside the first plate, or, when they are many, on pages of their own before it. Nothing depends
 * on colour.
 *
 * A PDF has a page for each plate and for each page of pools; an SVG or PNG has them one below the other.
 */
#ifndef PW_CLI_PICTURES_POSTERIOR_H
#define PW_CLI_PICTURES_POSTERIOR_H

#include "core/pooling/decode.h"
#include "labels/canvas.h"

typedef struct pw_posterior_picture {
	const char *title;
	const char *subtitle;     /* may be NULL */
	const char *const *notes; /* lines at the foot of the first page */
	size_t note_count;
	const pw_design *design;
	const pw_pool_reading *readings; /* one a pool */
	const pw_decoded *decoded;       /* of the design */
	const bool *likely;              /* one a sample: in the likeliest set */
	double confidence;               /* a person is decided when this sure */
} pw_posterior_picture;

/* As many notes are drawn; of more the last line says how many are left out. */
#define PW_POSTERIOR_NOTES 8

/* Appends the picture's bytes. `dpi` is for PNG only. PW_ERR_LIMIT when it is too large for anything but a
 * PDF (9 plates and pages of pools); and the errors of pw_canvas_new and pw_canvas_finish. */
PW_NODISCARD pw_status pw_posterior_picture_draw(const pw_posterior_picture *p,
						 pw_canvas_format format, double dpi, pw_str *out,
						 pw_err *err);

#endif
