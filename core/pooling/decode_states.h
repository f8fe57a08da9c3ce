/*
 * The plan of a sum over pool states, between decode_states*.c: which pools are summed out with their
 * members (groups), which have a bit (kept), which are conditioned on (latent: households).
 */
#ifndef PW_POOLING_DECODE_STATES_H
#define PW_POOLING_DECODE_STATES_H

#include "core/pooling/decode_impl.h"

#define PW_STATES_KEPT 20

/* Beyond this some / none nothing is subtracted any more. */
#define PW_STATES_MOST_CANCELLED 1e3

/* A pool that is summed out with its members. */
typedef struct pw_state_group {
	double none, some;    /* its likelihood without and with a positive */
	uint32_t first, last; /* its members in plan.member */
} pw_state_group;

typedef struct pw_state_plan {
	const pw_problem *p;
	bool *latent; /* by pool */
	size_t latents;
	size_t kept;        /* bits */
	size_t states;      /* 2^kept */
	uint32_t *bit_pool; /* which pool each bit is */
	uint32_t *mask;     /* by person: their kept pools */
	size_t groups;
	pw_state_group *group;
	uint32_t *member;    /* persons by group, those of none behind the last */
	uint32_t loose;      /* where these begin */
	size_t depth;        /* arrays that halving the groups needs */
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

/* The kept pools' likelihood in a state. */
double pw_state_plan_start(const pw_state_plan *plan, size_t state);

/* A bound on the relative rounding error of a sum over the plan. */
double pw_state_plan_rounding(const pw_state_plan *plan);

/* The product of 1 - p over the members of a group. */
double pw_state_plan_nobody(const pw_state_plan *plan, const pw_state_group *group);

/*
 * decode_states_count.c: adds weight · P(k positives, results), k < lanes, to count. lanes is a multiple of
 * PW_STATES_LANES. False when time is over.
 */
#define PW_STATES_LANES 4

bool pw_states_count(const pw_state_plan *plan, double weight, size_t lanes, pw_effort *effort,
		     double *count);

/* Elementary steps of it, and the bytes it needs. */
uint64_t pw_states_count_cost(const pw_state_plan *plan, size_t lanes);
uint64_t pw_states_count_bytes(const pw_state_plan *plan, size_t lanes);

#endif
