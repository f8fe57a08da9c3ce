/*
 * What the parts of the plate picture share: the sheet (plate.c), the signs in the wells
 * (plate_sign.c), the plate with its wells and legend (plate_wells.c) and the table of all wells
 * (plate_table.c).
 */
#ifndef PW_CLI_PICTURES_PLATE_PRIVATE_H
#define PW_CLI_PICTURES_PLATE_PRIVATE_H

#include "cli/pictures/plate.h"

/* Every way a well can look but for `held`, which comes on top. In the legend's order. */
typedef enum pw_plate_sign {
	PW_SIGN_POSITIVE,
	PW_SIGN_INCONCLUSIVE,
	PW_SIGN_INVALID,
	PW_SIGN_NEGATIVE,
	PW_SIGN_UNJUDGED,
	PW_SIGN_PASSED,
	PW_SIGN_FAILED,
	PW_SIGN_PENDING,
	PW_SIGN_FREE,
	PW_SIGN_EMPTY,
	PW_SIGN_COUNT
} pw_plate_sign;

#define PW_TABLE_COLUMNS 6

typedef struct pw_plate_sheet {
	const pw_plate_picture *p;
	const pw_picture_well *at[PW_MAX_WELLS]; /* along the rows; NULL = empty */
	size_t count[PW_SIGN_COUNT], held;
	size_t listed; /* wells that are not empty: the rows of the table */
	bool small;    /* cells too small for more than four characters */
	bool lined;    /* some well has Cq lines */
	bool table;
	int blocks; /* how often the table's columns stand side by side */
	double columns[PW_TABLE_COLUMNS];

	pw_canvas *c;
	double width, height; /* of the first page's paper; an SVG or PNG may be taller */
	double top, bottom;   /* what is free of a page: below the heading, above the footer */
	int page, pages;
} pw_plate_sheet;

#define PW_SHEET_MARGIN 10.0

#define PW_INK_FAINT PW_INK_GREY(190)

/* What the well is: its own word, sign and ink. NULL is an empty well. */
pw_plate_sign pw_plate_sign_of(const pw_picture_well *well);
const char *pw_plate_sign_word(pw_plate_sign sign);

/* Draws a sign that fills a circle of radius r; `held` adds a padlock. */
void pw_plate_sign_draw(pw_canvas *c, pw_plate_sign sign, pw_point at, double r, bool held);

/* An arrow in the well to fill next. */
void pw_plate_next_draw(pw_canvas *c, pw_point at, double r);

/* Whether a text is wider than its place in the cell, so that the table is needed. Measures on s->c. */
bool pw_plate_texts_cut(const pw_plate_sheet *s);

/* The plate and, when asked for, the legend, between s->top and s->bottom of the first page. */
void pw_plate_wells_draw(const pw_plate_sheet *s);

/* Finds the widths of the table's columns and how many blocks of them stand side by side. Measures
 * on s->c. */
void pw_plate_table_measure(pw_plate_sheet *s);

/* How many rows a block has between `top` and `bottom`; how high the table is on one tall page. */
int pw_plate_table_rows(double top, double bottom);
double pw_plate_table_height(const pw_plate_sheet *s);

/* Rows `first` to `first + count - 1` of the table, in blocks of `rows` rows. */
void pw_plate_table_draw(const pw_plate_sheet *s, double top, size_t first, size_t count, int rows);

#endif
