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
	uint32_t met_by; /* bits of the searches that met it by themselves */
	bool looked;     /* around from it */
} pw_loads_set;

/* The bit of the first search. */
#define PW_LOADS_FIRST 1U

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
	uint32_t bit;         /* of the sets that it meets; 0: they are nobody's */
	const struct pw_loads_search
		*before; /* has weights of sets that are not met yet; or NULL */
	/* the search */
	double look_within; /* sets so much lighter than the heaviest (natural logarithm) are looked around from */
	uint32_t *candidate;
	size_t candidates;
	double *gain, *gain_load; /* by person, of the set settled last */
	double *beside;           /* by person: chance beside the sets looked at, weighted */
	double beside_weight, beside_ref; /* which is relative to e^ref */
	pw_rng rng;
	bool searched; /* to the end, not stopped */
	double missed; /* the share of all weight that several searches seem to have missed; 0: there was one */
	/* going through all: the weights of those that were passed over are not more than this together */
	double passed_over;
} pw_loads_search;

void pw_loads_search_init(pw_loads_search *x, const pw_problem *p, pw_effort *effort, uint64_t seed,
			  pw_arena *arena);
void pw_loads_search_clear(pw_loads_search *x);

/* The set that was met with this key, which is the same in every search of a decode; or NULL. */
pw_loads_set *pw_loads_known(const pw_loads_search *x, uint64_t key);

/* Takes over a set that another search has weighed, as met by those with these bits. */
void pw_loads_adopt(pw_loads_search *x, const pw_loads_set *set, uint32_t met_by,
		    const uint32_t *at, const double *u);

/* Weighs a set unless it has been met. Returns the logarithm of its weight; `u` becomes the loads if it was weighed now. */
double pw_loads_meet(pw_loads_search *x, const uint32_t *at, double *u, size_t count);

/* The whole search: until what has not been looked around from is light and nothing heavier comes of greater changes,
 * or the effort is over. */
void pw_loads_look_around(pw_loads_search *x, pw_arena *arena);

/* ---- Its steps ---- */

/* The gains of everybody in the list (NULL: of everybody) who is not in the set, which is the one settled last; whose
 * gain cannot reach `least` has none. */
void pw_loads_find_gains(pw_loads_search *x, const uint32_t *list, size_t listed,
			 const uint32_t *at, size_t count, double least);

/* From sets that are built up from nobody by chance, through the greater changes. `searched` says whether it came to
 * its end. */
void pw_loads_search_by_chance(pw_loads_search *x);

/* Looks around from every set met that is not light. */
void pw_loads_look_at_all(pw_loads_search *x);

/* The number of the heaviest set met; there must be one. */
size_t pw_loads_heaviest_set(const pw_loads_search *x);

/* A set that is being changed, settled or not. */
typedef struct pw_loads_draft {
	uint32_t at[PW_LOADS_MOST];
	double u[PW_LOADS_MOST];
	size_t count, most;
} pw_loads_draft;

/* The most people that a set may have, of so many as are wanted. */
size_t pw_loads_most_of(const pw_loads_search *x, size_t wanted);

/* A set that was met, which may grow by so many people. */
void pw_loads_draft_of(const pw_loads_search *x, size_t set, size_t more, pw_loads_draft *out);

void pw_loads_take_out(pw_loads_draft *d, size_t k);

/* With the load at which the gain found last is. */
void pw_loads_put_in(const pw_loads_search *x, pw_loads_draft *d, uint32_t person);

/* To a set that gains by no single change, and by nobody more; it is met. */
void pw_loads_mend(pw_loads_search *x, pw_loads_draft *d);

/* ---- Greater changes (decode_loads_shake.c, decode_loads_reseat.c) ---- */

/* Shakes the heaviest set until nothing heavier comes of it; harder when it explains the pools badly. */
void pw_loads_shake_loose(pw_loads_search *x);

/* Whether a set explains the pools badly, or has more people than the priors let expect: a crowd explains anything. */
bool pw_loads_is_strained(pw_loads_search *x, size_t set);

/* Exchanges people of the heaviest set with everybody's load found anew, until nothing heavier comes of it. */
void pw_loads_reseat(pw_loads_search *x);

/* ---- Further searches (decode_loads_again.c) ---- */

/*
 * When the search leaves doubt: searches again with other draws, until searches agree, and takes over what was not
 * met; `missed` becomes what none seems to have met. What was found stands when that is cut short.
 */
void pw_loads_look_again(pw_loads_search *x, pw_arena *arena);

/*
 * The share of all weight that no search met, from what those that ended (their bits) met of what others did: an
 * estimate, and a low one where sets are hard to meet for all. When only the first ended, what it had not met of what
 * there is.
 */
double pw_loads_missed_by_all(const pw_loads_search *x, uint32_t ended);

#endif
