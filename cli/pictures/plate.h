/*
 * The picture of a plate, to hang on the wall or to hold beside the bench: which tube is in which
 * well, and what came of it. Made from this struct alone; it asks nobody.
 *
 * It is read on paper from a black-and-white printer, so every state has its own shape and sign:
 *
 *   positive      thick ring, black disc, white +      control ok       square with a tick
 *   negative      thin ring, –                         control failed   thick square with a cross
 *   inconclusive  hatched ring, ?                      control pending  square with C
 *   invalid       broken ring, ×                       kept free        small broken ring
 *   not judged    thin ring with dots                  empty            a dot
 *   held          a stroke behind, a padlock           next to fill    corner marks and an arrow
 *
 * The corner at A1 is cut off and black, as on a plate, so that a print lying the wrong way round
 * is seen. What does not fit a well's cell is shortened, and then a table of all wells that hold
 * something, in the order of filling, gives every text in full (labels up to some 120 characters):
 * on the next pages of a PDF, under the plate in an SVG or PNG, whose picture is then taller. Plates
 * of more than 12 columns show the last four characters of each label and always have the table.
 * Characters that no font of the computer has are counted at the foot of the page.
 *
 * The counts of the legend count wells; persons, swabs and tubes are other numbers.
 */
#ifndef PW_CLI_PICTURES_PLATE_H
#define PW_CLI_PICTURES_PLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/call.h"
#include "core/model/well.h"
#include "labels/canvas.h"

typedef enum pw_picture_state {
	PW_PICTURE_EMPTY,    /* nothing in it yet; as if it were not listed */
	PW_PICTURE_FREE,     /* kept free by the layout */
	PW_PICTURE_CONTROL,  /* a control of the plate */
	PW_PICTURE_SPECIMEN, /* a tube, or a pool of tubes */
} pw_picture_state;

typedef enum pw_picture_verdict {
	PW_PICTURE_PENDING, /* not judged yet */
	PW_PICTURE_PASSED,
	PW_PICTURE_FAILED,
} pw_picture_verdict;

#define PW_PICTURE_LINES 4

typedef struct pw_picture_well {
	pw_well well;
	pw_picture_state state;
	const char *label;                   /* tube barcode or control name; may be NULL */
	const char *sub_label;               /* "10 swabs"; may be NULL */
	pw_call call;                        /* of a specimen */
	pw_picture_verdict verdict;          /* of a control */
	bool held;                           /* the result is held back */
	const char *lines[PW_PICTURE_LINES]; /* "N1 23.1", "N2 –"; NULL after the last */
} pw_picture_well;

typedef enum pw_picture_paper { PW_PAPER_A4, PW_PAPER_LETTER } pw_picture_paper;

typedef struct pw_plate_picture {
	const char *title;
	const char *const *subtitles; /* up to PW_PICTURE_SUBTITLES lines */
	size_t subtitle_count;
	const char *barcode; /* of the plate */
	const char *kind;    /* "extraction plate", "PCR plate" */
	pw_plate_format format;
	pw_fill_order order; /* of the table */
	const pw_picture_well *wells;
	size_t well_count;
	bool has_next; /* `next` is the well to fill next */
	pw_well next;
	bool legend;
	bool colour;            /* on top of the shapes, for screens */
	const char *footer;     /* who, when, the journal's head; may be NULL */
	pw_picture_paper paper; /* landscape */
} pw_plate_picture;

#define PW_PICTURE_SUBTITLES 3

/* clang-format off */
#define PW_PLATE_PICTURE_INIT { .legend = true, .paper = PW_PAPER_A4 }
/* clang-format on */

/*
 * Draws the plate and appends the picture's bytes to *out. `dpi` is for PNG only.
 * PW_ERR_ARG when the plate has no well, has more rows or columns than letters or paper (16 × 24),
 * or has too many subtitles; PW_ERR_LIMIT when a well is not on the plate; PW_ERR_EXISTS when one
 * well is listed twice, naming both labels; and the errors of pw_canvas_new and pw_canvas_finish.
 */
PW_NODISCARD pw_status pw_plate_picture_draw(const pw_plate_picture *p, pw_canvas_format format,
					     double dpi, pw_str *out, pw_err *err);

#endif
