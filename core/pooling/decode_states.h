/*
 * The plan of a sum over pool states, between decode_states*.c: which pools are summed out with their
 * members (groups), which are part of the state (kept), which are conditioned on (latent: households).
 *
 * Of kept pools that are alike it only matters how many are hit: pools with the same likelihood whose members can
 * be exchanged for one another one to one, such as the rows of an array when everybody's prior is the same. They
 * are a kind, and a state has a digit for each kind. A pool like no other is a kind of its own, and its digit a
 * bit. The bits come first, so that a person's operator is an OR of masks.
 */
#ifndef PW_POOLING_DECODE_STATES_H
#define PW_POOLING_DECODE_STATES_H

#include "core/pooling/decode_impl.h"
#include "core/pooling/points.h"

#define PW_STATES_BITS 20
#define PW_STATES_MOST (UINT64_C(1) << PW_STATES_BITS)

/* Beyond this some / none nothing is subtracted any more. */
#define PW_STATES_MOST_CANCELLED 1e3

/* A pool that is summed out with its members. */
typedef struct pw_state_group {
	double none, some;    /* its likelihood without and with a positive */
	uint32_t first, last; /* its members in plan.member */
} pw_state_group;

typedef struct pw_state_kind {
	uint32_t pools;    /* its digit is 0 to so many: how many of them are hit */
	size_t stride;     /* what one more adds to the state */
	double none, some; /* the likelihood of each without and with a positive */
} pw_state_kind;

#define PW_STATES_SINGLE UINT32_MAX

typedef struct pw_state_plan {
	const pw_problem *p;
	bool *latent; /* by pool */
	size_t latents;
	size_t kinds;
	pw_state_kind *kind;
	size_t bits;     /* so many kinds, the first, are of one pool */
	size_t block;    /* 2^bits: states that differ in these alone */
	size_t states;   /* all of them */
	uint32_t *mask;  /* by person: their bits */
	uint32_t *among; /* by person: their kind of several pools, or PW_STATES_SINGLE */
	uint32_t *
		rank; /* there: which they are, from 1, of a run of persons who differ in nothing but the pool */
	uint32_t *forced; /* by person: the state where just their pools are hit */
	size_t groups;
	pw_state_group *group;
	uint32_t *member; /* persons by group, those of none behind the last; runs in their order */
	uint32_t loose;   /* where these begin */
	size_t depth;     /* arrays that halving the groups needs */
	const double *prior; /* given the households */
	double *space;       /* depth + 2 arrays of `states` */
	double *marginal;    /* P(positive, results) by person */
} pw_state_plan;

/* PW_ERR_LIMIT when it does not apply or does not fit. In `arena`; prior, space and marginal are left to the
 * caller. */
PW_NODISCARD pw_status pw_state_plan_make(const pw_problem *p, pw_arena *arena, pw_state_plan *out,
					  pw_err *err);

/*
 * Which of the latent pools' two causes holds (bit h of `which`) makes their members' chances independent:
 * fills `prior`, returns the weight.
 */
double pw_state_plan_condition(const pw_state_plan *plan, size_t which, double *prior);

/* A bound on the relative rounding error of a sum over the plan. */
double pw_state_plan_rounding(const pw_state_plan *plan);

/* The product of 1 - p over the members of a group. */
double pw_state_plan_nobody(const pw_state_plan *plan, const pw_state_group *group);

/* How many pools of the kind are hit in the state. */
static inline size_t pw_state_digit(const pw_state_kind *kind, size_t state)
{
	return state / kind->stride % (kind->pools + 1);
}

/*
 * How many steps on the state lies (to be OR-ed with the mask) in which a pool more of the person's kind is hit. The
 * person of rank t is in a pool that is not yet hit if at most `pools - t` are.
 */
static inline size_t pw_state_further(const pw_state_plan *plan, uint32_t person, size_t state)
{
	if (plan->among[person] == PW_STATES_SINGLE)
		return 0;
	const pw_state_kind *kind = &plan->kind[plan->among[person]];
	return pw_state_digit(kind, state) + plan->rank[person] <= kind->pools ? kind->stride : 0;
}

/*
 * decode_states_kinds.c: which of the pools that are not in `skip` are alike; of_kind[i] becomes the first that pool i
 * is like, itself if none.
 */
void pw_state_kinds_find(const pw_problem *p, const bool *skip, uint32_t *of_kind);

/*
 * decode_states_count.c: the chances of each number of positives, within PW_STATES_COUNT_ERROR and rounding, from
 * Z(z), the sum with everybody's odds multiplied by z, at points around a circle. `prior` is room for
 * everybody's. NULL when it would take too long, or time is over. In `arena`.
 */
#define PW_STATES_COUNT_ERROR 1e-12

double *pw_states_count(pw_state_plan *plan, double *prior, double z, pw_effort *effort,
			pw_arena *arena, size_t *out_counts);

/* decode_states_leaves.c: elementary steps of finding Z at PW_POINTS points, and the bytes it needs. */
uint64_t pw_states_points_cost(const pw_state_plan *plan);
uint64_t pw_states_points_bytes(const pw_state_plan *plan);

/* decode_states_points.c: given the households. False when time is over. */
bool pw_states_points(const pw_state_plan *plan, const pw_points *z, pw_effort *effort,
		      pw_points *out);

#endif
