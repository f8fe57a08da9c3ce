/*
 * Plates drawn from the very model that the decoder is told, and whether its posteriors are as often right as they
 * say: of the people of a bin, as many are positive as their posteriors add up to, but for chance. People of one plate
 * depend on each other; how, the likeliest sets say, if there are enough of them. For tests and benchmarks.
 */
#ifndef PW_TESTS_MODEL_PLATES_H
#define PW_TESTS_MODEL_PLATES_H

#include "core/base/rng.h"
#include "core/pooling/decode.h"

/*
 * Draws who is positive (each with the prior of `e`), their loads when `by_ct`, and what each pool reads: called, or
 * in one well. `e->readings` is not looked at; households and grey wells are not drawn. `positive` has room for
 * everybody, `out` for every pool.
 */
void model_plate_draw(const pw_evidence *e, bool by_ct, pw_rng *rng, bool *positive,
		      pw_pool_reading *out);

#define RELIABILITY_BINS_MAX 16

typedef struct reliability {
	const double *edges; /* bin b is from edges[b] to below edges[b + 1] */
	size_t bins;
	double plates;
	double persons[RELIABILITY_BINS_MAX], said[RELIABILITY_BINS_MAX], was[RELIABILITY_BINS_MAX];
	/* of the positives of two bins, if the posteriors are right */
	double covariance[RELIABILITY_BINS_MAX][RELIABILITY_BINS_MAX];
} reliability;

/* Ask the decoder for so many sets. */
#define RELIABILITY_SETS 4096

/* The first edge is 0, the last above 1. */
void reliability_init(reliability *r, const double *edges, size_t edge_count);

/* Everybody of a plate. */
void reliability_add(reliability *r, const pw_decoded *out, const bool *positive);

/* Standard errors by which more of a bin are positive than was said. */
double reliability_off(const reliability *r, size_t bin);

/*
 * All bins together: about chi-square, with as many degrees of freedom as is returned in *out_freedom. Bins with a
 * variance below `least` are left out: what is positive there is no normal variable.
 */
double reliability_chi(const reliability *r, double least, size_t *out_freedom);

#endif
