/*
 * The sets that were weighed, and the two ways to come by them, for decode_loads*.c alone: going through all of them
 * (decode_loads_solve.c) where they are few, and looking around (decode_loads_search.c) where they are not.
 */
#ifndef PW_POOLING_DECODE_LOADS_SEARCH_H
#define PW_POOLING_DECODE_LOADS_SEARCH_H

#include "core/base/rng.h"
#include "core/base/vec.h"
#include "core/pooling/decode_loads.h"

typedef struct pw_loads_set {
	uint64_t key;
	pw_loads_weight weight;
	uint32_t first, count; /* where its persons and loads are */
	uint32_t draws;
	bool looked; /* around from it */
} pw_loads_set;

typedef struct pw_loads_search {
	const pw_problem *p;
	pw_loads l;
	pw_effort *effort;
	uint64_t *code; /* by person */
	PW_VEC(pw_loads_set) sets;
	PW_VEC(uint32_t) member;
	PW_VEC(double) load;
	uint32_t *table; /* of sets + 1, by key */
	size_t table_size;
	double best;          /* log weight of the heaviest */
	uint32_t first_draws; /* that a set is weighed by when it is met */
	/* the search */
	uint32_t *candidate;
	size_t candidates;
	double *gain, *gain_load; /* by person, of the set settled last */
	double *beside;           /* by person: chance beside the sets looked at, weighted */
	double beside_weight, beside_ref; /* which is relative to e^ref */
	pw_rng rng;
	bool searched; /* to the end, not stopped */
	/* going through all: the weights of those that were passed over are not more than this together */
	double passed_over;
} pw_loads_search;

void pw_loads_search_init(pw_loads_search *x, const pw_problem *p, pw_effort *effort, uint64_t seed,
			  pw_arena *arena);
void pw_loads_search_clear(pw_loads_search *x);

/* Weighs a set unless it has been met. Returns the logarithm of its weight; `u` becomes the loads if it was new. */
double pw_loads_meet(pw_loads_search *x, const uint32_t *at, double *u, size_t count);

/* Looks around until what has not been looked around from is light, or the effort is over. */
void pw_loads_look_around(pw_loads_search *x, pw_arena *arena);

#endif
