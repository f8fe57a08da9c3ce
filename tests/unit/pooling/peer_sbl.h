/*
 * Sparse Bayesian learning (Tipping 2001; Wipf and Rao 2004): y = A x + e, e normal with variance v, x_j normal with
 * mean 0 and variance g_j of its own; g, and v too if wanted, are fitted by expectation and maximization, which
 * drives most g_j to 0. With S = v I + A G A', G = diag(g), the posterior of x has
 *
 *	mean mu = G A' S^-1 y		variance s_j = g_j - g_j^2 a_j' S^-1 a_j
 *
 * and the next round g_j = mu_j^2 + s_j,  v = (|y - A mu|^2 + v sum_j (1 - s_j / g_j)) / rows.
 */
#ifndef PW_TESTS_POOLING_PEER_SBL_H
#define PW_TESTS_POOLING_PEER_SBL_H

#include "tests/unit/pooling/peer_plate.h"

typedef struct peer_sbl_opts {
	double variance; /* of the noise, to begin with */
	bool learns;     /* v is fitted too */
	double unit;     /* A and y are divided by this before */
	double change;   /* it ends when |mu - mu before| is at most so much of |mu| */
	double least;    /* means below this are set to 0 */
} peer_sbl_opts;

/*
 * What Tapestry chose, in the order of its history. `first`: sd of the noise a hundredth of |y|, not fitted; until
 * 1e-4; means below a hundredth of the least load count as nothing. `second`: the same with a hundredth of the mean
 * measurement of all pools. `learned`: sd at first that of y_i over the people in row i, then fitted; in units of the
 * largest y; until 1e-3; every mean above 0 counts.
 */
peer_sbl_opts peer_sbl_first(const peer_problem *problem);
peer_sbl_opts peer_sbl_second(const peer_problem *problem);
peer_sbl_opts peer_sbl_learned(const peer_problem *problem);

/* Writes the means, one a column; returns the rounds that it took. */
size_t peer_sbl(const peer_problem *problem, const peer_sbl_opts *opts, double *out_mean);

#endif
