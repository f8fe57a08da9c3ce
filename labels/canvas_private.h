/*
 * What the parts of the canvas share: pages and bytes (canvas.c), shapes and patterns
 * (canvas_shape.c), text (canvas_text.c) and its lines (canvas_kept.c), SVG's words (canvas_svg.c), dots
 * (canvas_bits.c). Only labels/ includes it, and only here cairo and pango are seen.
 */
#ifndef PW_LABELS_CANVAS_PRIVATE_H
#define PW_LABELS_CANVAS_PRIVATE_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "labels/canvas.h"

#define PW_KEPT_LINES 32 /* that are remembered: of a label, twice as many as it has texts */

/* A text that was laid out in one size, weight, family and direction. */
typedef struct pw_kept_line {
	PangoLayout *layout; /* NULL: not used yet */
	char *text, *families;
	double size;
	bool bold;
	int turn;
	unsigned long used; /* when, in look-ups */
} pw_kept_line;

/* A part of a page of dots; no width: there are none. */
typedef struct pw_canvas_window {
	int x, y, width, height;
} pw_canvas_window;

struct pw_canvas {
	const struct canvas_output *output;
	cairo_surface_t *surface;
	cairo_t *cr; /* user units are millimetres; NULL once finished */
	PangoFontMap *fonts;
	PangoLanguage *language;
	PangoContext *contexts[4]; /* one for each quarter turn, made when it is needed */
	pw_kept_line lines[PW_KEPT_LINES];
	unsigned long clock;
	pw_canvas_window window; /* of PW_CANVAS_BITS: what the surface shows */
	pw_str bytes;            /* of SVG and PDF, which are written as they grow */
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

/*
 * The layout of a text as one line without bounds, from those that are remembered or a new one; the canvas
 * is turned by `turn` quarter turns now. Shaping a line costs more than drawing it, and each is measured before
 * it is drawn. Lives until another line is asked for.
 */
PangoLayout *pw_kept_line_of(pw_canvas *c, const char *text, const pw_text_style *style,
			     double size, int turn);

/* Forgets all lines, contexts and fonts. */
void pw_kept_drop(pw_canvas *c);

/* The SVG that cairo wrote, without what changes from run to run and about a quarter shorter. */
void pw_canvas_tidy_svg(const pw_str *in, pw_str *out);

#endif
