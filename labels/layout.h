/*
 * A template and its fields → where everything stands, in micrometres, for a printer's dots. Symbols stand on
 * whole dots and their modules are whole dots; so a layout is made for one resolution, and its pictures
 * (labels/press.h) all show the same.
 *
 * Making a layout judges nothing: a symbol that has no room is there with one dot a module, a text that
 * does not fit stands over its edge, and both say so. labels/lint.h judges.
 */
#ifndef PW_LABELS_LAYOUT_H
#define PW_LABELS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "labels/canvas.h"
#include "labels/symbol.h"
#include "labels/template.h"

/* One line of a text: its capitals fill the box from above to below, and `width` of it along. */
typedef struct pw_label_line {
	const char *text;
	pw_area box;
	int width;
	bool cut; /* it does not fit, and the element allows to leave something out */
} pw_label_line;

typedef struct pw_label_item {
	const pw_element *element;
	int label;        /* which one of a sheet, from 0 */
	const char *text; /* of a text or symbol, filled in; or NULL */
	pw_area at;       /* the element's area on the page */
	pw_area ink;      /* what is printed on; of a text, about */

	/* of a text */
	const pw_label_line *lines;
	size_t line_count;
	int size;       /* of the capitals, after shrinking */
	bool over;      /* does not fit, and nothing may be left out */
	size_t missing; /* characters without a glyph */

	/* of a symbol: its upper left module's corner and sizes in dots of the page, as it stands */
	pw_symbol symbol;
	int x, y, width, height;
	int dots;      /* of a module */
	pw_area clear; /* with its quiet zone, which is white */
	bool fits;     /* in the element's area */
} pw_label_item;

typedef struct pw_label_layout {
	const pw_label_template *template; /* must outlive the layout */
	int dpi;
	int width, height; /* of the page */
	int labels;        /* on it */
	pw_label_item *items;
	size_t count;
	pw_arena arena;
} pw_label_layout;

/*
 * Lays out `count` labels (as many as there is room for on a page, at least one), measuring text with
 * `canvas`, on which nothing is drawn. PW_ERR_ARG when the values can't fill the template or a symbol can't
 * hold its text, PW_ERR_LIMIT when there are more labels than room or a symbol's text is too long; the
 * message begins with the template's file and the element's line. On success *out belongs to the caller;
 * free with pw_label_layout_free.
 */
PW_NODISCARD pw_status pw_label_layout_new(const pw_label_template *t,
					   const pw_label_values *labels, size_t count, int dpi,
					   pw_canvas *canvas, pw_label_layout **out, pw_err *err);
void pw_label_layout_free(pw_label_layout *layout);

/* The place of a label on the page. */
pw_area pw_label_layout_place(const pw_label_layout *layout, int label);

#endif
