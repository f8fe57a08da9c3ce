/*
 * What the parts of the posterior's picture share: the sheet (posterior.c), its signs (posterior_sign.c), the
 * plates of samples (posterior_plate.c), the pools (posterior_pools.c).
 */
#ifndef PW_CLI_PICTURES_POSTERIOR_PRIVATE_H
#define PW_CLI_PICTURES_POSTERIOR_PRIVATE_H

#include "cli/pictures/posterior.h"

typedef enum pw_posterior_sign {
	PW_POSTERIOR_POSITIVE,
	PW_POSTERIOR_UNDECIDED,
	PW_POSTERIOR_NEGATIVE,
	PW_POSTERIOR_BY_BOUND, /* undecided, but negative if the posterior were exact */
	PW_POSTERIOR_POOL_POSITIVE,
	PW_POSTERIOR_POOL_NEGATIVE,
	PW_POSTERIOR_POOL_GREY,
	PW_POSTERIOR_POOL_MISSING,
	PW_POSTERIOR_POOL_WRONG, /* comes on top of the others */
	PW_POSTERIOR_SIGN_COUNT
} pw_posterior_sign;

/* A pool that is a line of a plate. */
typedef enum pw_posterior_line { PW_LINE_NONE, PW_LINE_ROW, PW_LINE_COLUMN } pw_posterior_line;

typedef struct pw_posterior_sheet {
	const pw_posterior_picture *p;
	size_t samples, pools;
	size_t plates, rows, cols; /* of samples */
	size_t count[PW_POSTERIOR_SIGN_COUNT];
	bool *wrong; /* by pool: the likeliest set leaves it over, or it is against that set */
	pw_posterior_line *line; /* by pool: at which edge of a plate it stands, if at all */
	bool at_edge;            /* some do */
	uint32_t *listed;        /* the other pools */
	size_t listed_count;
	size_t panel_columns; /* of these beside the first plate; 0: none, or they have pages */
	size_t pool_pages;

	pw_canvas *c;
	double top;         /* of the present page, or of its part of a tall one */
	double foot;        /* height that notes and legend take on the first page */
	size_t page, pages; /* from 0 */
} pw_posterior_sheet;

#define PW_POSTERIOR_WIDTH  297.0
#define PW_POSTERIOR_HEIGHT 210.0
#define PW_POSTERIOR_MARGIN 10.0
#define PW_POSTERIOR_HEAD   15.0 /* below the margin */

/* Who has less than this chance has no number beside the sign. */
#define PW_POSTERIOR_LEAST 0.001

#define PW_POSTERIOR_FAINT PW_INK_GREY(190)

pw_posterior_sign pw_posterior_sign_of_person(const pw_posterior_sheet *s, size_t sample);
pw_posterior_sign pw_posterior_sign_of_pool(const pw_posterior_sheet *s, size_t pool);
const char *pw_posterior_sign_word(pw_posterior_sign sign);

/* Draws a sign within a circle of radius r; `part` is how much of an undecided person's is filled. */
void pw_posterior_sign_draw(pw_canvas *c, pw_posterior_sign sign, pw_point at, double r,
			    double part);

/* What is free of the present page, below the heading and above the foot. */
pw_box pw_posterior_area(const pw_posterior_sheet *s);

/* Looks for pools that are lines, and decides where the pools go. */
void pw_posterior_pools_place(pw_posterior_sheet *s);

/* The panel of the pools that are not at an edge in the right part of the area; the width it takes. */
double pw_posterior_panel_width(const pw_posterior_sheet *s);
void pw_posterior_panel_draw(const pw_posterior_sheet *s);

/* A page of them, from 0. */
void pw_posterior_pools_draw(const pw_posterior_sheet *s, size_t page);

/* A pool in a box: its sign, number, Ct, and who explains it. */
void pw_posterior_pool_draw(const pw_posterior_sheet *s, pw_box box, size_t pool);

/* A plate of samples, with pools at its edge if that is where they are. */
void pw_posterior_plate_draw(const pw_posterior_sheet *s, size_t plate);

#endif
