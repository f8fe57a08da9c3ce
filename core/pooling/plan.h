/*
 * What to run next: singles and new pools that settle everybody with the fewest tests, or in the fewest
 * rounds, and what that will cost.
 *
 * The sets of positives that decoding gives are the hypotheses. A well's result divides them. Of the wells that are
 * expected to tell most (mutual information), over all subsets of the people who are undecided where they are few,
 * the one that leads to the end soonest is next, when after it a simple rule is followed: what tells most, or
 * the pool that is as likely to hold somebody positive as nobody, whichever needs fewer tests. The cost said
 * beforehand is that of this, through all results, weighed by their chance. docs/internals/decoding.md
 * has the reasons.
 */
#ifndef PW_POOLING_PLAN_H
#define PW_POOLING_PLAN_H

#include "core/pooling/decode.h"

typedef struct pw_plan_opts {
	double confidence;  /* a person is decided when this sure, one way or the other */
	pw_pool_model test; /* of the wells to come: by number of positives and size */
	size_t max_pool;    /* people in a new pool at most; 1: singles only */
	const bool *
		recollect; /* one a sample: no aliquot is left (or there never was one of this person alone),
				* so that they can only be swabbed again, for a well of their own; or NULL */
	size_t batch; /* wells that are run at once: 1 needs fewest tests, more fewer rounds; beyond 6
			  * only wells of people whom the sets say nothing of are added */
	uint64_t effort; /* elementary steps for the cost beforehand; 0: 2^28 */
	bool (*expired)(void *ctx);
	void *ctx;
} pw_plan_opts;

/* clang-format off */
#define PW_PLAN_OPTS_INIT { .confidence = 0.99, .test = PW_POOL_MODEL_INIT, .max_pool = 8, .batch = 1 }
/* clang-format on */

typedef struct pw_plan_well {
	const uint32_t *at; /* sorted samples */
	size_t count;
	bool recollect;     /* a new specimen of that one person */
	double positive;    /* the chance that it reads positive */
	double information; /* in bits, given the wells before it in the plan */
} pw_plan_well;

typedef struct pw_plan {
	size_t undecided; /* people; with 0 there are no wells: stop */
	pw_plan_well *wells;
	size_t well_count;
	double expected_tests; /* from here to the end, these wells included */
	double expected_rounds;
	size_t most_tests; /* of the courses that were followed to their end */
	double unfollowed; /* the chance of the courses that were not; they count with the tests so far */
	double hypotheses; /* the chance that one of the sets the plan is made from is true */
	uint32_t *members; /* what the wells point into */
} pw_plan;

/*
 * Plans from what pw_decode gave; decoded->sets should hold nearly all of the chance (ask for some thousands).
 * People whom the sets say nothing of but who are undecided get a well of their own, and so do all when no well
 * tells more than a millionth of a bit. PW_ERR_ARG for a confidence that is not above 0.5 and below 1, or one
 * that no test of this sensitivity and specificity can ever give, for numbers of the test that are not from 0 to
 * 1, and for pools or wells at once of which there may be none. *out belongs to the caller: pw_plan_clear.
 */
PW_NODISCARD pw_status pw_plan_make(const pw_decoded *decoded, const pw_plan_opts *opts,
				    pw_plan *out, pw_err *err);
void pw_plan_clear(pw_plan *plan);

/* ---- Inside core/pooling, and for whoever has the distribution over all subsets at hand ---- */

#define PW_PLAN_MOST_BITS 24

/*
 * The pool that tells most, among all subsets of `bits` people: f[mask] is the chance that exactly those of the
 * mask are positive (2^bits entries; it becomes the chance that nobody outside the mask is). se[k] is the
 * sensitivity for a pool of k people (k = 1..bits), sp the specificity; pools have at most max_pool. Of
 * pools that tell as much the smallest, then the one with the lowest people, is taken. Returns its mask, 0 when no pool
 * tells anything, and in *out_information how many bits.
 */
uint32_t pw_plan_best_pool(double *f, unsigned bits, const double *se, double sp, size_t max_pool,
			   double *out_information);

/* The same for every size: the two pools, at most, that tell most of that size. Returns how many; `out` has
 * room for 2·bits. */
typedef struct pw_plan_pool {
	uint32_t mask;
	double information;
	double nobody; /* the chance that nobody of it is positive */
} pw_plan_pool;

size_t pw_plan_good_pools(double *f, unsigned bits, const double *se, double sp, size_t max_pool,
			  pw_plan_pool *out);

#endif
