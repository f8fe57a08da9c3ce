/*
 * A label as data: a YAML file (docs/reference/labels.md) that says how large the label is, which fields
 * it is filled from, and where texts, symbols, lines and boxes stand. Versioned and recorded by the hash
 * of its bytes, as every rule file.
 *
 * Lengths are millimetres in the file and micrometres here. The origin is the label's top left corner,
 * with the label held so that most of its text can be read. A parsed template never changes and may be read
 * by many threads. Reading checks words, numbers and names; whether it can be printed is the linter's
 * question (labels/lint.h), who knows the printer's dots.
 */
#ifndef PW_LABELS_TEMPLATE_H
#define PW_LABELS_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/hash.h"
#include "labels/canvas.h"
#include "labels/symbol.h"

#define PW_LABEL_MAX_FIELDS   32
#define PW_LABEL_MAX_ELEMENTS 200
#define PW_LABEL_MAX_TEXT     256 /* bytes of a field's text */

/* An area in micrometres. */
typedef struct pw_area {
	int x, y, w, h;
} pw_area;

/* What the label is filled from. */
typedef struct pw_label_field {
	const char *name;     /* a-z, 0-9 and _ */
	const char *about;    /* for people, or "" */
	const char *example;  /* as long as they come: what the linter tries */
	const char *fallback; /* the text when none is given; "" for a field that may be left out */
	bool required;
} pw_label_field;

typedef enum pw_element_kind {
	PW_ELEMENT_TEXT,
	PW_ELEMENT_SYMBOL,
	PW_ELEMENT_LINE,
	PW_ELEMENT_BOX
} pw_element_kind;

typedef struct pw_element {
	pw_element_kind kind;
	int line, column; /* where it stands in the file */
	pw_area at;       /* of a line: from x, y to x + w, y + h, which may be negative */
	int turn;         /* quarter turns clockwise */
	pw_align align;
	pw_valign valign; /* BASELINE: at the lower edge */

	const char *text; /* of a text or symbol, with {fields} */

	int size, min_size; /* of a text: height of its capitals, which may shrink */
	int lines;          /* at most */
	pw_cut cut;
	bool bold, invert; /* white on black */
	bool red; /* on a roll that turns red and black; a scanner's red light sees no red symbol */

	pw_symbol_kind symbol;
	int module;     /* the widest a module may be; 0 = what fits */
	int min_module; /* the narrowest */
	int quiet;      /* modules */
	char level;     /* of QR: L, M, Q, H, or 0 */

	int width;  /* of a line, and of a box's outline */
	int radius; /* of a box's corners */
	bool fill, dash;
} pw_element;

/* A sheet of equal labels; columns is 0 when the template is for a roll. */
typedef struct pw_label_sheet {
	int width, height; /* of the paper */
	int columns, rows;
	int left, top;    /* of the first label's corner */
	int across, down; /* from one label's corner to the next one's */
} pw_label_sheet;

typedef struct pw_label_template {
	const char *file; /* what the caller called it; stands in front of messages */
	const char *name, *title;
	int version;
	pw_hash hash;      /* of the bytes it was read from */
	int width, height; /* of a label */
	int gap;           /* between labels on the roll; 0 = a roll without end */
	bool round;        /* the label is an ellipse in width × height */
	bool red;          /* some element is */
	pw_label_sheet sheet;
	pw_label_field fields[PW_LABEL_MAX_FIELDS];
	size_t field_count;
	pw_element elements[PW_LABEL_MAX_ELEMENTS];
	size_t element_count;
	pw_arena arena; /* of the texts */
} pw_label_template;

/*
 * Reads and checks one template; `name` stands in front of messages. PW_ERR_FORMAT with line and column.
 * On success *out belongs to the caller; free with pw_label_template_free.
 */
PW_NODISCARD pw_status pw_label_template_parse(const void *bytes, size_t n, const char *name,
					       pw_label_template **out, pw_err *err);
void pw_label_template_free(pw_label_template *t);

/* How many labels are on a page: 1 on a roll. */
int pw_label_template_room(const pw_label_template *t);

/* The field of the name, or NULL. */
const pw_label_field *pw_label_template_field(const pw_label_template *t, const char *name);

/* A field's text, as somebody gives it. */
typedef struct pw_label_value {
	const char *name, *text;
} pw_label_value;

/* What one label is filled with. */
typedef struct pw_label_values {
	const pw_label_value *values;
	size_t count;
} pw_label_values;

/*
 * Whether the values can fill a label: PW_ERR_ARG for a name that is no field (with the fields there are), a
 * name given twice, a required field without text, text that is not UTF-8, has a control character or
 * more than PW_LABEL_MAX_TEXT bytes.
 */
PW_NODISCARD pw_status pw_label_values_check(const pw_label_template *t,
					     const pw_label_values *values, pw_err *err);

/* A field's text in a label: what was given, else the fallback; never NULL. */
const char *pw_label_value_of(const pw_label_template *t, const pw_label_values *values,
			      const char *name);

/*
 * An element's text with its fields filled in, appended to *out. {name} is the field's text; behind a colon
 * stands how it is written:
 *
 *	{id:grouped}     one of our identifiers as people read it, SZ-T-0000-0123-X; others as they are
 *	{id:last4}       the last four characters (1 to 9)
 *	{expiry:yymmdd}  a day 2026-12-31 as 261231, for GS1
 *
 * {{ and }} are braces. PW_ERR_ARG when a field's text is not what its form needs. *out_empty: the element
 * names fields, and all of them are empty, so that it is left out of the label.
 */
PW_NODISCARD pw_status pw_label_fill(const pw_label_template *t, const pw_label_values *values,
				     const char *text, pw_str *out, bool *out_empty, pw_err *err);

/* Whether an element's text is well formed and names fields of the template; for the parser.
 * PW_ERR_FORMAT without a place. */
PW_NODISCARD pw_status pw_label_text_check(const pw_label_template *t, const char *text,
					   pw_err *err);

#endif
