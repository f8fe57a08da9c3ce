/*
 * The inside of the tables of bounds, between decode_support_cover.c (the frame, and rows of persons) and
 * decode_support_paid.c (rows of pools paid for).
 */
#ifndef PW_POOLING_DECODE_SUPPORT_COVER_H
#define PW_POOLING_DECODE_SUPPORT_COVER_H

#include "core/pooling/decode_support.h"

/* Rows of persons: so many may come before every pool of the next counts as paid. */
#define PW_COVER_STEPS 5

/* Rows of pools paid for. */
#define PW_COVER_PAID 6

/* Persons in more pools than this are for other bounds. */
#define PW_COVER_WEIGHT 32

/* Pools by how heavy they are fall into so many classes at most. */
#define PW_COVER_CLASSES 32

/*
 * Persons of a pool are of a kind: cover · width + cost, of how many pools they cover and how many cost them. By
 * kind what persons weigh together (sum), the most that those of them in one costly pool do (together), and
 * the most that one of them does (one).
 */
typedef struct pw_cover_kinds {
	double *sum, *together, *one;
} pw_cover_kinds;

/* A kind of persons: by row, what those weigh who share so many pools of the ones paid for, or more. */
typedef struct pw_cover_sharing {
	size_t cover, cost;
	double weight[PW_COVER_PAID + 1][PW_COVER_WEIGHT + 1];
} pw_cover_sharing;

typedef struct pw_cover_room {
	size_t width;   /* weight_max + 1 */
	size_t kinds;   /* width² */
	double dearest; /* pool that costs anybody: its refund */
	/* by person */
	double *base; /* the gain without the rewards, as one who comes after others: softness and
		       * household behind them */
	uint16_t *kind;
	uint8_t *cover, *cost; /* of the kind */
	double *gain;
	uint32_t *stamp; /* of the table they were weighed for last */
	uint32_t now;
	/* by pool */
	double *lasting; /* its factor unless it gains */
	uint32_t *step;  /* 2^16 when it gains, 1 when it costs those in it */
	double *key;     /* what its members gain */
	double *costly;  /* and kind: sums while a pool is weighed, else 0 */
	/* by class of pools, with all before it */
	double *none; /* what it costs that a pool is not covered */
	pw_cover_kinds class[PW_COVER_CLASSES];
	pw_cover_kinds here;      /* of one pool, or of everybody */
	double *best;             /* by row and cover */
	pw_cover_sharing *shares; /* by kind, of those that are there */
	double *within, *without; /* by row and number shared: how many persons can share so many of
				   * the pools paid for, being in one pool, and of all */
} pw_cover_room;

/* By row: v. */
static inline double *pw_cover_row(const pw_support_cover *c, size_t row)
{
	return c->v + row * (c->pools + 1);
}

/* The class of the pools that the first one is in while `left` of them are. */
static inline size_t pw_cover_class(const pw_support_cover *c, size_t left, size_t classes)
{
	size_t at = c->pools - left;
	return classes == c->pools ? at : at * classes / c->pools;
}

/* e^x, but a number. */
double pw_cover_exp(double x);

/* Makes c->v have c->rows and one more. */
void pw_cover_make_rows(pw_support_cover *c);

/* The persons of a list who are not excluded, by their kinds. No more than `common` of them are in a costly pool.
 * `by_costly`: whether `together` is wanted. */
void pw_cover_sum_kinds(const pw_support *s, const uint32_t *list, size_t count, size_t common,
			bool by_costly, pw_cover_kinds *out);

/* decode_support_paid.c: room->within and room->without, once. */
void pw_cover_count_choices(const pw_support *s, pw_cover_room *room);

/* Everybody else's factor by row, of their kinds as if they covered nothing. */
void pw_cover_fill_others_by_paid(pw_support_cover *c, const pw_support *s,
				  const pw_cover_kinds *everybody);

/* Fills the rows; the classes, room->none and v(0) are there. */
void pw_cover_fill_by_paid(pw_support_cover *c, pw_support *s, size_t classes);

#endif
