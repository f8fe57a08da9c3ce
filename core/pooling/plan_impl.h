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
	double enough; /* the confidence, and what the posteriors may be wrong by */
	size_t max_pool;
	double *positive; /* [size·(max_pool+1) + k] */
	size_t member_count;
	double *room; /* 2^PW_PLAN_BITS chances */
	uint64_t effort;
} pw_planner;

/* The chance that a well of these people reads positive. */
double pw_planner_chance(const pw_planner *p, const pw_hypothesis *h, uint64_t well);

/* The wells to run at once, each with the bits it tells beyond those before it; how many, 0 when everybody
 * is decided. `h` has the planner's masks with chances of its own. A single well is chosen with foresight. */
size_t pw_planner_wells(pw_planner *p, const pw_hypothesis *h, size_t batch, uint64_t *wells,
			double *bits);

/* Who is undecided under these chances. */
uint64_t pw_planner_undecided(const pw_planner *p, const pw_hypothesis *h);

/* Follows the wells and what tells most after them through all results, and fills the costs of the plan. */
void pw_planner_cost(pw_planner *p, const uint64_t *wells, size_t count, pw_plan *plan);

#endif
