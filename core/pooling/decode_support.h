/*
 * A set of positives that grows and shrinks during the search over supports, with the factor on the weight
 * that each further person would bring (their gain), and bounds on what all sets above it weigh together.
 * For decode_support*.c and decode_loads*.c alone; the bounds are derived in docs/internals/decoding.md.
 */
#ifndef PW_POOLING_DECODE_SUPPORT_H
#define PW_POOLING_DECODE_SUPPORT_H

#include "core/pooling/decode_impl.h"

/* A gain as it was, to go back to. */
typedef struct pw_support_undo {
	uint32_t person;
	double gain;
} pw_support_undo;

/* What a person weighs as the t-th to come, without the rewards of the pools they cover: pw_support_cover. */
#define PW_SUPPORT_COVER_STEPS 8
#define PW_SUPPORT_COVER_WIDTH 64

typedef struct pw_support_cover_person {
	uint32_t covers;
	uint32_t stamp; /* of the table it was made for */
	double weight[PW_SUPPORT_COVER_STEPS + 1];
} pw_support_cover_person;

typedef struct pw_support {
	const pw_problem *p;
	double *odds; /* by person */
	double *excess; /* by person: how much a later person of a pool may gain more than the first; 1
			 * unless tables are odd */
	double *boost; /* by person: the factor of their household, or 1 */
	double *slack; /* by person: what their gain counts in the simple bound */
	double *soft;  /* by pool: what it may gain without counting as one that gains; 1 or more */
	double *up;    /* by table entry: what one more positive does to the likelihood */
	double *most;  /* by table entry: what any number more can do at most */
	double *pay;   /* by table entry: 1/up where one more positive costs, else 0 */
	double *log_reward; /* by table entry of a pool that gains: with t more its likelihood is at most
			     * this times soft^(t-1) */
	uint8_t *dead;      /* by table entry: the likelihood is 0 (and counts as something tiny) */

	uint32_t *positives; /* by pool */
	uint32_t *entry;     /* by pool: of its table, at so many positives */
	bool *gains;         /* by pool: somebody allowed would gain by its first positive */
	uint32_t *allowed;   /* by pool: members who may still be added */
	double *gain;        /* by person; 0: excluded */
	size_t dead_pools;   /* pools whose likelihood is 0 */
	uint32_t *at;        /* the set, in the order of adding */
	size_t count, room;
	double log_weight; /* of the set: prior and likelihood */
	size_t gain_pools; /* pools with somebody allowed that would gain */
	double gain_log;   /* sum of their log_reward */
	size_t overlap;    /* no two persons share more pools than this */
	size_t weight_max; /* nobody is in more pools than this */
	bool coverable; /* only the first positive of a pool brings much: pw_support_cover applies */

	pw_support_undo *undo; /* gains that have changed, and */
	size_t undone, undo_room;
	uint32_t *flip; /* pools that have begun or ceased to gain, in their order */
	size_t flips, flip_room;
	pw_effort *effort;

	/* for the bound */
	double *bent, *weight, *log_odds;  /* by person */
	double *largest, *tilt, *bound_by; /* by pool */
	uint32_t *list, *gainers;

	/* for covers */
	pw_support_cover_person *costs; /* by person */
	uint32_t stamp;
	double others[PW_SUPPORT_COVER_STEPS +
		      1];        /* everybody's factor as the t-th to come, from the empty set */
	double *heaviest, *here; /* by step and number of pools covered */
	double same_pay;         /* what every costly pool costs, where all cost the same; else 0 */
	double power[PW_SUPPORT_COVER_WIDTH + 1]; /* of it */
	double *unrewarded; /* by pool: what takes its reward off a gain, 1 where it does not gain */
	uint32_t *kind;     /* by pool: 1 gains, 1 << 16 costs */
} pw_support;

/* The empty set. Everything in `arena` but what grows; pw_support_clear frees that. */
void pw_support_init(pw_support *s, const pw_problem *p, pw_effort *effort, pw_arena *arena);
void pw_support_clear(pw_support *s);

/* Where to come back to. */
typedef struct pw_support_mark {
	size_t undone, flips, count, dead_pools, gain_pools;
	double log_weight, gain_log;
} pw_support_mark;

pw_support_mark pw_support_mark_here(const pw_support *s);

/* Adds an allowed person, who is excluded from further adding. */
void pw_support_add(pw_support *s, uint32_t person);

/* No set further on may have this person. */
void pw_support_exclude(pw_support *s, uint32_t person);

/* Takes back everything since the mark. */
void pw_support_back(pw_support *s, const pw_support_mark *mark);

/* The allowed person with the largest gain; UINT32_MAX when nobody is left. */
uint32_t pw_support_best(const pw_support *s);

/* Of the gains of everybody allowed. */
double pw_support_sum(const pw_support *s);

/* Whether nothing anybody else does changes this person's gain, or the other way round. */
bool pw_support_is_flat(const pw_support *s, uint32_t person);

/* Whether adding an allowed person leaves no pool with likelihood 0. */
bool pw_support_revives(const pw_support *s, uint32_t person);

/*
 * The logarithm of a bound on B = sum over sets T of allowed persons, the empty one among them, of the
 * factor that T brings; at most `more` persons in T. The quick one is INFINITY while a pool would gain.
 */
double pw_support_quick_bound(const pw_support *s);
double pw_support_bound(pw_support *s, size_t more, double enough);

/* Nobody's gain grows by more than this when somebody else joins. */
double pw_support_growth(const pw_support *s);

/*
 * The factor of all pairs of allowed persons, summed; partners[j] (one a person) is the sum over the partners
 * of j, without the gain of j. Persons whose pairs add up to no more than about `ignore` may be left out;
 * *out_left bounds what they are. Exact but for rounding, where pw_support_pairs_apply says so: no two
 * persons share more than two pools, and no likelihood is next to 0.
 */
bool pw_support_pairs_apply(const pw_support *s);
double pw_support_pairs(const pw_support *s, double ignore, double *partners, double *out_left);

/*
 * Another bound on B, for sets that have yet to cover pools that gain. The persons of T that cover one (in a
 * fixed order of pools) come one after the other; the s-th of them shares at most s·overlap of its costly pools
 * with those before. Hence B <= prod R · v_0(u), u the number of pools that gain, where
 *
 *	v_s(u) = v_s(u-1)/R + sum over a of M_s(a) v_(s+1)(u-a),   v_s(0) = everybody else's factor,
 *
 * and M_s(a) is the largest sum, over the persons in one such pool who cover a of them, of odds times
 * costs with their s·overlap costliest pools taken as paid. It holds for every set further on too, with as
 * many steps fewer and the pools covered meanwhile taken off u: that is what makes it cheap.
 */
typedef struct pw_support_cover {
	size_t steps, pools; /* v is tabulated up to here; beyond `steps` it stays the same */
	double *v;
	size_t room;
	size_t count; /* of the set it was made for */
} pw_support_cover;

/* Once for a support, before anybody is added or excluded. */
void pw_support_cover_prepare(pw_support *s, pw_arena *arena);

/* For the set as it is; `more` as above, and only where s->coverable. Frees nothing: reuses cover->v, pw_support_cover_clear at the end. */
void pw_support_cover_make(pw_support_cover *cover, pw_support *s, size_t more);
void pw_support_cover_clear(pw_support_cover *cover);

/* v for the set as it is `steps` persons later, with `pools` that gain. */
double pw_support_cover_value(const pw_support_cover *cover, size_t steps, size_t pools);

#endif
