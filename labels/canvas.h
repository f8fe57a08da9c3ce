/*
 * The drawing surface of every picture: labels, plates, curves, report pages.
 *
 * Lengths are millimetres, the origin is the page's top left corner, y grows downwards. What is
 * drawn comes out as SVG, PNG, PDF or as the black and white dots of a label printer; the same calls
 * give the same bytes, today and tomorrow, with the same fonts installed. Nothing here knows what a
 * plate or a label is.
 *
 * Colour. Laboratories print on black-and-white lasers and people see colours differently, so
 * nothing may depend on colour alone. An ink is therefore always a grey, and a colour only comes
 * on top of it, on a canvas that was opened with `colour`. Areas are told apart by patterns, which
 * are drawn as lines and dots and survive any printer and photocopier; greys do not.
 *
 * Text is UTF-8 in any script, one line at a time; line breaks in it are drawn as a mark. Its size
 * is the height of its capitals, whatever font it comes from, and a line is always
 * PW_LINE_HEIGHT times that, so that a Chinese name moves nothing on the page. Bytes that are not
 * UTF-8 are drawn as U+FFFD. A character that no installed font has is drawn as a box with its
 * number, and counted: see pw_canvas_missing.
 *
 * Drawing calls return nothing. What goes wrong in them is remembered and told by
 * pw_canvas_finish. A canvas is used by one thread at a time.
 */
#ifndef PW_LABELS_CANVAS_H
#define PW_LABELS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

typedef struct pw_canvas pw_canvas;

/* Append only. */
typedef enum pw_canvas_format {
	PW_CANVAS_SVG, /* one page; text as outlines, so it looks the same without our fonts */
	PW_CANVAS_PNG, /* one page, white paper, RGB */
	PW_CANVAS_PDF, /* as many pages as wanted, fonts embedded; undated */
	/* One page of dots: 1 is black, the leftmost dot is the highest bit, each row begins with a
	 * new byte. A dot is black when more than half of it is inked; colours, which only emoji
	 * have, become patterns of dots. */
	PW_CANVAS_BITS,
} pw_canvas_format;

/* "svg", "png", "pdf", which are also the files' extensions, "bits"; never NULL. */
const char *pw_canvas_format_name(pw_canvas_format format);

/* The way back; false when the text is none of the words. */
bool pw_canvas_format_parse(const char *text, pw_canvas_format *out);

typedef struct pw_canvas_opts {
	pw_canvas_format format;
	double width, height; /* of the first page */
	double dpi;           /* PNG and BITS only: dots per inch */
	bool colour;          /* false: greys only */
	const char *title;    /* PDF: the document's title; may be NULL */
	/* of Han characters where fonts differ: "zh-Hans", "ja"; NULL = "en" */
	const char *language;
} pw_canvas_opts;

/* clang-format off */
#define PW_CANVAS_OPTS_INIT { PW_CANVAS_SVG, 0, 0, 150, false, NULL, NULL }
/* clang-format on */

#define PW_CANVAS_MAX_SIDE   2000.0 /* mm */
#define PW_CANVAS_MAX_DPI    2400.0
#define PW_CANVAS_MAX_PIXELS 64000000L /* A4 at 600 dpi is 35 million */
#define PW_CANVAS_MAX_PAGES  2000

/*
 * A blank page. On success *out belongs to the caller: pw_canvas_free. PW_ERR_ARG for a side that is
 * not larger than 0 and for dots without dpi; PW_ERR_LIMIT for more than the limits above;
 * PW_ERR_NO_MEMORY when there is no memory for the dots.
 */
PW_NODISCARD pw_status pw_canvas_new(const pw_canvas_opts *opts, pw_canvas **out, pw_err *err);

/* Starts another page of this size. PW_ERR_ARG when the format has but one page (all but PDF) or the
 * size makes no sense, PW_ERR_LIMIT as pw_canvas_new. */
PW_NODISCARD pw_status pw_canvas_page(pw_canvas *c, double width, double height, pw_err *err);

/*
 * Ends the picture and appends its bytes to *out. The canvas takes nothing afterwards but
 * pw_canvas_free. PW_ERR_ARG when a drawing call was given a length that is no number,
 * PW_ERR_NO_MEMORY when memory ran out on the way.
 */
PW_NODISCARD pw_status pw_canvas_finish(pw_canvas *c, pw_str *out, pw_err *err);

/* The dots of a PW_CANVAS_BITS page. */
void pw_canvas_dots(const pw_canvas *c, int *out_width, int *out_height);

/*
 * Looks at width × height dots of a PW_CANVAS_BITS page, which may be anywhere, from its dot x, y on: that part
 * is white, and from now on the only one that is drawn on. For pages that are drawn piece by piece, and for
 * many pages from one canvas, which keeps its fonts and the lines of text it has laid out last. (The dots of a
 * pattern are those whose middle is looked at.)
 */
PW_NODISCARD pw_status pw_canvas_look_at(pw_canvas *c, int x, int y, int width, int height,
					 pw_err *err);

/* The dots that are looked at, all of the page at first: height rows of `stride` bytes, of which the last
 * one that is needed has its spare bits 0. What was drawn stays. */
void pw_canvas_take(pw_canvas *c, uint8_t *bits, size_t stride);

/* Accepts NULL, and a canvas that was never finished. */
void pw_canvas_free(pw_canvas *c);

/* How many characters drawn so far have no glyph in any installed font. Not 0: what was drawn is
 * not what was typed. */
size_t pw_canvas_missing(const pw_canvas *c);

/* An ink: the grey it has on paper (0 black, 255 white) and the colour 0xRRGGBB on a screen. */
typedef struct pw_ink {
	uint8_t grey;
	uint32_t rgb;
} pw_ink;

#define PW_INK_GREY(g)        ((pw_ink){(g), (uint32_t)(g)*0x010101u})
#define PW_INK_COLOUR(g, rgb) ((pw_ink){(g), (rgb)})
#define PW_INK_BLACK          PW_INK_GREY(0)
#define PW_INK_WHITE          PW_INK_GREY(255)

/* How an area is filled. The patterns are see-through: what is beneath shows between the lines. */
typedef enum pw_fill {
	PW_FILL_NONE,
	PW_FILL_SOLID,
	PW_FILL_LIGHT,  /* thin lines, rising, 1.2 mm apart */
	PW_FILL_MEDIUM, /* lines, falling, 0.8 mm apart */
	PW_FILL_DARK,   /* thick lines, rising, 0.55 mm apart */
	PW_FILL_DOTS,
	PW_FILL_CROSS, /* lines both ways */
} pw_fill;

typedef struct pw_shape {
	double stroke;     /* width of the outline; 0 = none */
	pw_ink stroke_ink; /* zeroed: black */
	double dash;       /* length of dashes and gaps; 0 = unbroken */
	pw_fill fill;
	pw_ink fill_ink;
} pw_shape;

typedef struct pw_point {
	double x, y;
} pw_point;

typedef struct pw_box {
	double x, y, w, h;
} pw_box;

/* Outlines are drawn half inside and half outside of the edge. Lines have round ends. */
void pw_canvas_line(pw_canvas *c, pw_point from, pw_point to, const pw_shape *shape);
void pw_canvas_rect(pw_canvas *c, pw_box box, const pw_shape *shape);
void pw_canvas_round_rect(pw_canvas *c, pw_box box, double radius, const pw_shape *shape);

/* Many rectangles as one area, without seams where they touch: the modules of a symbol. */
void pw_canvas_rects(pw_canvas *c, const pw_box *boxes, size_t n, const pw_shape *shape);
void pw_canvas_circle(pw_canvas *c, pw_point centre, double radius, const pw_shape *shape);

/* A line through n points, or with `closed` the area they go around. */
void pw_canvas_path(pw_canvas *c, const pw_point *points, size_t n, bool closed,
		    const pw_shape *shape);

/* A line is this many times as high as its capitals; its baseline is PW_LINE_ASCENT × below its top. */
#define PW_LINE_HEIGHT 1.8
#define PW_LINE_ASCENT 1.35

typedef enum pw_align { PW_ALIGN_LEFT, PW_ALIGN_CENTRE, PW_ALIGN_RIGHT } pw_align;

typedef enum pw_valign {
	PW_ALIGN_TOP,      /* of the line */
	PW_ALIGN_MIDDLE,   /* of the capitals */
	PW_ALIGN_BASELINE, /* in a box: on its lower edge */
} pw_valign;

/* What pw_canvas_text_in does with text that is still too wide at its smallest size. */
typedef enum pw_cut {
	PW_CUT_NONE,   /* it runs over the edges */
	PW_CUT_MIDDLE, /* "SZ-00…4711": for identifiers, whose tail tells them apart */
	PW_CUT_END,    /* "Wilhelmina-Ale…": for names */
} pw_cut;

typedef struct pw_text_style {
	double size;     /* height of the capitals */
	double min_size; /* pw_canvas_text_in may shrink down to this; 0 = it may not */
	pw_cut cut;
	pw_align align;
	pw_valign valign;
	int turn; /* quarter turns clockwise, 0 to 3: 1 reads downwards, 3 upwards */
	bool bold;
	pw_ink ink;
	const char *families; /* "Noto Sans, sans-serif"; NULL = PW_TEXT_FAMILIES */
} pw_text_style;

#define PW_TEXT_FAMILIES "Noto Sans, Noto Sans CJK SC, DejaVu Sans, sans-serif"

typedef struct pw_text_size {
	double width, height; /* of the line as it is read, unturned */
	double size;          /* of the capitals, after shrinking */
	double above, below;  /* of the baseline: how far its ink really reaches, in any script */
	double before,
		behind; /* its width: how far ink hangs over the line's two ends, at least 0 */
	bool cut;       /* something was left out */
	size_t missing; /* characters without a glyph */
} pw_text_size;

/* Measures; draws nothing, counts nothing as missing. The same on every format within a
 * thousandth of the width: a font's advances are rounded to fractions of a dot. */
pw_text_size pw_canvas_text_size(pw_canvas *c, const char *text, const pw_text_style *style);

typedef struct pw_wrap {
	size_t lines;  /* how many the text takes, at least 1; may be more than fit into `ends` */
	double widest; /* of these lines: more than the width when a word alone is */
	pw_text_size whole; /* all of the text on one line, as pw_canvas_text_size measures it */
} pw_wrap;

/*
 * Where a text breaks to be no wider than `width`, by the rules of its script: line i ends before byte
 * ends[i], and the next begins there, perhaps with the space that was broken at. At most `max` ends are
 * written. With `split` a word that is too long is broken within. Valid UTF-8 only; draws nothing.
 */
pw_wrap pw_canvas_wrap(pw_canvas *c, const char *text, const pw_text_style *style, double width,
		       bool split, size_t *ends, size_t max);

/* Text at a point: align and valign say where the point lies in the line, and the line turns about
 * it. */
pw_text_size pw_canvas_text(pw_canvas *c, pw_point at, const char *text,
			    const pw_text_style *style);

/* Text in a box of the page: shrunk, then cut, to be no wider than the box (no higher, when it is
 * turned sideways). Aligned as it is read: PW_ALIGN_LEFT is the beginning of Latin text. */
pw_text_size pw_canvas_text_in(pw_canvas *c, pw_box box, const char *text,
			       const pw_text_style *style);

#endif
