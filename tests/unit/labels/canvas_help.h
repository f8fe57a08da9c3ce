/* What the tests of the canvas share: a page of 60 by 30 mm, and the bytes that come of it. */
#ifndef PW_TESTS_LABELS_CANVAS_HELP_H
#define PW_TESTS_LABELS_CANVAS_HELP_H

#include "labels/canvas.h"

#define ID "SZ-2026-000123-4711-K"

pw_canvas *open_canvas(pw_canvas_format format, bool colour);

/* Ends the canvas and frees it. The bytes belong to the caller. */
pw_str close_canvas(pw_canvas *c);

/* Compares, and frees both. */
bool same(pw_str a, pw_str b);

/* How often the word is in it. */
size_t count(const pw_str *in, const char *word);

pw_str draw_text(pw_canvas_format format, const char *text, pw_box box, const pw_text_style *style);

/* A round rectangle and a circle. */
pw_str draw_shape(pw_canvas_format format, bool colour, const pw_shape *shape);

#endif
