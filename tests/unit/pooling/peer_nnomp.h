/*
 * Nonnegative orthogonal matching pursuit (Bruckstein, Elad and Zibulevsky 2008), with cross validation of the
 * number of steps. A step adds the column that goes best with what is left, a_j' r / |a_j| (all of them when several
 * go equally well), and fits all columns added so far by nonnegative least squares (Lawson and Hanson 1974).
 */
#ifndef PW_TESTS_POOLING_PEER_NNOMP_H
#define PW_TESTS_POOLING_PEER_NNOMP_H

#include "tests/unit/pooling/peer_plate.h"

/* min |A x - y| over x >= 0, of the columns in `use` (NULL: all). Writes x, one a column. */
void peer_nnls(const peer_problem *problem, const bool *use, double *out_x);

/* `steps` steps, or until nothing goes with what is left. */
void peer_nnomp(const peer_problem *problem, size_t steps, double *out_x);

typedef struct peer_cross {
	size_t splits;
	double share; /* of the rows that a split fits, rounded down; the others judge */
} peer_cross;

/* What Tapestry chose. */
#define PEER_CROSS_INIT                     \
	{                                   \
		.splits = 100, .share = 0.7 \
	}

/*
 * The number of steps that most splits like best (the fewest of those that tie): each fits a random part of the rows
 * step by step, at most as many as there are rows, and likes the first step that leaves least of the other rows. With fewer
 * than 4 rows nothing is split: as many steps as rows.
 */
size_t peer_nnomp_steps(const peer_problem *problem, const peer_cross *cross, pw_rng *rng);

#endif
