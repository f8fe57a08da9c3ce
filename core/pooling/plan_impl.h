/* The inside of planning, for plan*.c alone. */
#ifndef PW_POOLING_PLAN_IMPL_H
#define PW_POOLING_PLAN_IMPL_H

#include "core/pooling/plan.h"

/* As many undecided people are planned for at once: a bit each. */
#define PW_PLAN_PEOPLE 64

/* Of so many and fewer all subsets are compared. */
#define PW_PLAN_BITS 14

/* Wells at once for which what the others tell is allowed for. */
#define PW_PLAN_BATCH 6

/* These of the undecided are positive, and no others of them. */
typedef struct pw_hypothesis {
	uint64_t mask;
	double chance;
} pw_hypothesis;

typedef struct pw_planner {
	const pw_plan_opts *opts;
	size_t undecided;                /* people, of whom */
	uint32_t person[PW_PLAN_PEOPLE]; /* these are planned for, the most doubtful first */
	size_t people;
	uint64_t single; /* who can only have a well of their own */
	pw_hypothesis *hypotheses;
	size_t count; /* of hypotheses; while a course is followed, of those that are left on it */
	bool by_size; /* what a pool tells depends on its size and the chance that nobody is positive alone */
	double known;  /* their chances together */
	double enough; /* the confidence, and what the hypotheses may be wrong by */
	size_t max_pool;
	double *positive; /* [size·(max_pool+1) + k] */
	size_t member_count;
	double *room; /* 2^PW_PLAN_BITS chances */
	uint64_t effort;
} pw_planner;

/* The chance that a well of these people reads positive. */
double pw_planner_chance(const pw_planner *p, const pw_hypothesis *h, uint64_t well);

/* Who is undecided under these chances. */
uint64_t pw_planner_undecided(const pw_planner *p, const pw_hypothesis *h);

/* So many elementary steps were taken. */
void pw_planner_spend(pw_planner *p, uint64_t steps);

static inline unsigned pw_planner_bits(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* The chance that a well of these people reads positive when those of `truth` are. */
static inline double pw_planner_reads(const pw_planner *p, uint64_t well, uint64_t truth)
{
	size_t size = pw_planner_bits(well);
	return p->positive[size * (p->max_pool + 1) + pw_planner_bits(well & truth)];
}

/* ---- Choosing (plan_wells.c) ---- */

/* What may be run next. */
typedef struct pw_choices {
	uint64_t well[PW_PLAN_PEOPLE + 2 * PW_PLAN_MOST_BITS];
	double bits[PW_PLAN_PEOPLE + 2 * PW_PLAN_MOST_BITS];   /* that it tells */
	double nobody[PW_PLAN_PEOPLE + 2 * PW_PLAN_MOST_BITS]; /* the chance of it, or -1 */
	size_t count;
} pw_choices;

typedef enum pw_plan_rule {
	PW_PLAN_TELLING, /* what tells most */
	PW_PLAN_HALVING, /* the pool that is as likely to have somebody positive as nobody; for one well at a time */
	PW_PLAN_RULES
} pw_plan_rule;

/* Everybody's single, and the best pools. */
void pw_planner_choices(pw_planner *p, const pw_hypothesis *h, uint64_t undecided, pw_choices *out);

/* What a choice is worth: a new specimen less than what it tells. */
double pw_planner_worth(const pw_planner *p, const pw_choices *c, size_t i);

/* What the rule takes, an index; SIZE_MAX when nothing tells anything. */
size_t pw_planner_pick(const pw_planner *p, const pw_choices *c, pw_plan_rule rule);

/* The wells to run at once by the rule, each in view of those before it. Returns how many. */
size_t pw_planner_next(pw_planner *p, const pw_hypothesis *h, uint64_t undecided, pw_plan_rule rule,
		       size_t batch, uint64_t *wells, double *bits);

/* ---- With foresight (plan_cost.c) ---- */

/* The wells to run at once, each with the bits it tells beyond those before it; how many, 0 when everybody
 * is decided. `h` has the planner's masks with chances of its own. A single well is chosen with foresight. */
size_t pw_planner_wells(pw_planner *p, const pw_hypothesis *h, size_t batch, uint64_t *wells,
			double *bits);

/* Who gets a well of their own, where pw_planner_wells gave `count`: who is undecided for another reason than the sets
 * (the error of the posterior, or nobody knows), and everybody when no well tells enough to be chosen. */
uint64_t pw_planner_lone(const pw_planner *p, size_t count);

/* Follows the wells, and after them the rule with which that costs less, through all results, and fills the costs of
 * the plan. */
void pw_planner_cost(pw_planner *p, const uint64_t *wells, size_t count, pw_plan *plan);

#endif
