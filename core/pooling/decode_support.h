/*
 * A set of positives that grows and shrinks during the search over supports, with the factor on the weight
 * that each further person would bring (their gain), and bounds on what all sets above it weigh together.
 * For decode_support*.c alone; the bounds are derived in docs/internals/decoding.md.
 */
#ifndef PW_POOLING_DECODE_SUPPORT_H
#define PW_POOLING_DECODE_SUPPORT_H

#include "core/pooling/decode_impl.h"

/* fmax and fmin are calls, which these are not; nothing is ever NaN here. */
static inline double pw_larger(double a, double b)
{
	return a > b ? a : b;
}

static inline double pw_smaller(double a, double b)
{
	return a < b ? a : b;
}

/* Gains are kept for sets of fewer persons than this, those of one more follow from them. */
#define PW_SUPPORT_LEVELS 8

typedef struct pw_support {
	const pw_problem *p;
	pw_effort *effort;
	pw_arena *arena;

	/* by person */
	double *odds;
	double *excess; /* how much a later person of a pool may gain more than the first; 1 unless
			 * tables are odd */
	double *boost;  /* the factor of their household, or 1 */
	double *soft_all; /* the product of the softness of their pools, and boost */
	double *slack;    /* what their gain counts in the simple bound */
	bool *excluded;
	double *gain; /* of everybody allowed, 0 of the others: as pw_support_gains left it */
	double *level[PW_SUPPORT_LEVELS];      /* once they are needed */
	size_t level_gones[PW_SUPPORT_LEVELS]; /* excluded when it was filled */
	bool level_known[PW_SUPPORT_LEVELS];

	/* by pool */
	double *soft; /* what it may gain without counting as one that gains; 1 or more */
	uint32_t *positives;
	uint32_t *entry;   /* of its table, at so many positives */
	double *factor;    /* up of that entry */
	uint32_t *allowed; /* members who may still be added */
	bool *gains;       /* somebody allowed would gain by its first positive */
	bool *full;        /* no further positive changes it */
	double *odd;       /* how much a later positive may bring more than the next, at most */
	bool *falls;       /* every further positive brings no more than the one before */

	/* By table entry, those of a pool from start[pool] on: of its table's first `held`, which reaches the entry
	 * of any pool and the one behind it. */
	uint32_t *start; /* pools + 1 */
	size_t held, longest;
	double tiny;       /* what a likelihood of 0 counts as */
	double ratio_most; /* what one positive does to the factor of the next, at most */
	double *up;        /* what one more positive does to the likelihood */
	double *most;      /* what any number more can do at most */
	double *pay; /* 1/up where one more positive costs and a second one may share that, else 0 */
	double *log_reward; /* of a pool that gains: with t more its likelihood is at most this times
			     * soft^(t-1) */
	double *spoiled;    /* e^-log_reward */
	uint8_t *dead;      /* the likelihood is 0 (and counts as something tiny) */

	uint32_t *at; /* the set, in the order of adding */
	size_t count, room;
	uint32_t *gone; /* who was excluded, in their order */
	size_t gones;
	double log_weight; /* of the set: prior and likelihood */
	size_t dead_pools; /* pools whose likelihood is 0 */
	size_t full_pools;
	size_t gain_pools; /* pools with somebody allowed that would gain */
	double gain_log;   /* sum of their log_reward */
	size_t paid;       /* pools that cost, and were hit: once for every time they cost */

	size_t overlap;                /* no two persons share more pools than this */
	size_t common;                 /* no more persons than this are in two pools both */
	size_t weight_max, weight_min; /* pools of a person */
	size_t largest_pool;
	double growth_most; /* pw_support_growth of any set is at most this */
	bool steady; /* a third positive does no more to the factor of a pool than a second, or nothing */
	bool coverable; /* only the first positive of a pool brings much: pw_support_cover applies */

	/* room for the tilted bound */
	double *bent, *weight, *log_odds;  /* by person */
	double *largest, *tilt, *bound_by; /* by pool */
	uint32_t *list, *gainers;

	struct pw_cover_room *cover_room;
	struct pw_pairs_room *pairs_room; /* NULL: pairs never apply */
} pw_support;

/* The empty set. Everything in `arena` but `at`; pw_support_clear frees that. */
void pw_support_init(pw_support *s, const pw_problem *p, pw_effort *effort, pw_arena *arena);
void pw_support_clear(pw_support *s);

/* ---- Tables (decode_support_tables.c) ---- */

/* All that is derived from the tables: soft, odd and falls by pool, what there is by entry, and coverable, steady,
 * ratio_most. Freed by pw_support_clear. */
void pw_support_tables_make(pw_support *s);
void pw_support_tables_clear(pw_support *s);

/* Has entries held for so many positives in a pool; before they are added. */
void pw_support_tables_reach(pw_support *s, size_t positives);

/* What one more positive does to the pool's likelihood when there are k; of any k below where its table ends. */
double pw_support_up(const pw_support *s, size_t pool, size_t k);

/* ---- Moving ---- */

/* Where to come back to. */
typedef struct pw_support_mark {
	size_t gones, count;
	double log_weight, gain_log;
} pw_support_mark;

pw_support_mark pw_support_mark_here(const pw_support *s);

/* Adds an allowed person, who is excluded from further adding. */
void pw_support_add(pw_support *s, uint32_t person);

/* No set further on may have this person. */
void pw_support_exclude(pw_support *s, uint32_t person);

/* Takes back everything since the mark. */
void pw_support_back(pw_support *s, const pw_support_mark *mark);

/* ---- Asking ---- */

double pw_support_gain(const pw_support *s, uint32_t person);

/* Fills s->gain, which all of the following that are said to be "of the gains" look at; returns the sum. */
double pw_support_gains(pw_support *s);

/* The sum of the gains. */
double pw_support_sum(const pw_support *s);

/* Has whoever asks for the gains of a set above this one find them out anew: s->gain was changed. */
void pw_support_forget_gains(pw_support *s);

/* Of the gains: the person with the largest; UINT32_MAX when nobody is left. */
uint32_t pw_support_best(const pw_support *s);

/* Whether nothing anybody else does changes this person's gain, or the other way round. */
bool pw_support_is_flat(const pw_support *s, uint32_t person);

/* Whether adding an allowed person leaves no pool with likelihood 0. */
bool pw_support_revives(const pw_support *s, uint32_t person);

/*
 * The logarithm of a bound on B = sum over sets T of allowed persons, the empty one among them, of the
 * factor that T brings; at most `more` persons in T. Both of the gains. The quick one is INFINITY while a
 * pool would gain; the other stops when the bound is `enough`.
 */
double pw_support_quick_bound(const pw_support *s);
double pw_support_bound(pw_support *s, size_t more, double enough);

/* Nobody's gain grows by more than this when somebody else joins. */
double pw_support_growth(const pw_support *s);

/*
 * Of the gains: the factor of all pairs of allowed persons, summed; partners[j] (one a person) is the sum
 * over the partners of j, without the gain of j. Persons whose pairs add up to no more than about
 * `ignore` may be left out; *out_left bounds what they are, and the rounding, which is what sets the
 * pairs of strong persons apart: pw_support_pairs_rounding, of the sum of the gains. Exact but for that,
 * where pw_support_pairs_apply says so: no two persons share more than two pools, and no likelihood is
 * next to 0.
 *
 * With `tails` (one a person, or NULL; no pool may gain) also a bound on what all sets of two or more of
 * the others bring to each.
 */
void pw_support_pairs_prepare(pw_support *s, pw_arena *arena); /* once */
bool pw_support_pairs_apply(const pw_support *s);
double pw_support_pairs_rounding(const pw_support *s, double sum);
double pw_support_pairs(const pw_support *s, double ignore, double *partners, double *tails,
			double *out_left);

/*
 * Of the gains, and where the pairs apply: bounds[j] is at least what all pairs of the others bring to j, with
 * what sharing pools with j may be worth to one of them taken at its best. False when it cannot be said.
 */
bool pw_support_triples(const pw_support *s, double *bounds);

/*
 * Another bound on B, for sets that have yet to cover pools that gain. Go through these pools in a fixed order,
 * the lightest first; each has either nobody of T in it, or somebody who covers it first. The persons who
 * cover first come one after the other; when so many have come that N costly pools are paid for, the next
 * shares some of them. Hence B <= prod R · v_0(u), u the number of pools that gain, where
 *
 *	v_N(u) = v_N(u-1)/R + sum over (a, c) of M_N(a, c) v_(N+c)(u-a),   v_N(0) = everybody else's factor,
 *
 * M_N(a, c) being the most that the persons in one of the first of the pools who cover a of them and pay for
 * c new costly ones can bring, whichever N are paid. Only few of them can share many with these N, because
 * two persons share few. Where few persons may still come, rows count persons instead of N, and each
 * shares as much as two can with each of those before.
 *
 * It holds for every set further on too, in a later row and with the pools covered meanwhile taken off u:
 * that is what makes it cheap.
 */
#define PW_SUPPORT_OTHERS 24

typedef struct pw_support_cover {
	size_t count, paid;               /* of the set it was made for */
	bool by_paid;                     /* what rows are */
	size_t rows;                      /* v has as many and one more, for all beyond */
	double others[PW_SUPPORT_OTHERS]; /* by row, further than these: everybody else's factor */
	size_t pools;                     /* that gained */
	double *v;
	size_t v_room;
	uint32_t *order; /* of the pools */
	size_t order_room;
	uint32_t best; /* who gained most, */
	double best_gain;
} pw_support_cover;

/* For the set as it is; `more` as above, and only where s->coverable. `below`: a table for a set below it, or
 * NULL, which spares going through everybody. Frees nothing: reuses what is there; pw_support_cover_clear at
 * the end. */
void pw_support_cover_make(pw_support_cover *cover, pw_support *s, size_t more,
			   const pw_support_cover *below);
void pw_support_cover_clear(pw_support_cover *cover);

/* v for a set above it of so many persons, who paid for so much, with `pools` that gain. */
double pw_support_cover_value(const pw_support_cover *cover, size_t count, size_t paid,
			      size_t pools);

/* Once for a support, before anybody is added or excluded. */
void pw_support_cover_prepare(pw_support *s, pw_arena *arena);

#endif
