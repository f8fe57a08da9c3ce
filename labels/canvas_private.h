/*
 * What the parts of the canvas share: pages and bytes (canvas.c), shapes and patterns
 * (canvas_shape.c), text (canvas_text.c), SVG's words (canvas_svg.c), dots (canvas_bits.c). Only
 * labels/ includes it, and only here cairo and pango are seen.
 */
#ifndef PW_LABELS_CANVAS_PRIVATE_H
#define PW_LABELS_CANVAS_PRIVATE_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "labels/canvas.h"

struct pw_canvas {
	const struct canvas_output *output;
	cairo_surface_t *surface;
	cairo_t *cr; /* user units are millimetres; NULL once finished */
	PangoLayout *layout;
	cairo_matrix_t turned; /* what the layout was last made for, but for its place */
	pw_str bytes;          /* of SVG and PDF, which are written as they grow */
	double dpi;
	bool colour;
	int pages;
	size_t missing;
	bool bad_number; /* a drawing call was given one that is not finite */
};

/* Makes `ink` the source of the next stroke, fill or text. */
void pw_canvas_set_ink(pw_canvas *c, pw_ink ink);

/* Whether a drawing call may go on with these n numbers; remembers when not. */
bool pw_canvas_numbers_ok(pw_canvas *c, const double *numbers, size_t n);

/* The dots of the surface, black where more than half is inked, as pw_canvas_take gives them. */
void pw_canvas_threshold(pw_canvas *c, uint8_t *bits);

/* The SVG that cairo wrote, without what changes from run to run and about a quarter shorter. */
void pw_canvas_tidy_svg(const pw_str *in, pw_str *out);

#endif
