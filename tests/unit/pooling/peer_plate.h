/*
 * The yardstick of the decoders by Ct: what Tapestry (Ghosh and others 2020 and 2021) simulates and how it reads it,
 * written from the published mathematics and parameters, for tests and benchmarks alone. Here: a plate as it is drawn,
 * and what COMP leaves of it for the decoders proper (peer_sbl.h, peer_nnomp.h).
 *
 * Somebody positive has a load between 1/32768 and 1, all alike; a pool measures the sum of its people's loads. A pool
 * that measures nothing clears all its people: there are no false negatives in this model.
 */
#ifndef PW_TESTS_POOLING_PEER_PLATE_H
#define PW_TESTS_POOLING_PEER_PLATE_H

#include "core/base/rng.h"
#include "core/pooling/design.h"

typedef enum peer_noise {
	PEER_NOISE_CYCLES, /* the sum times 1.95^e, e normal with sd 0.1: an error of the Ct */
	PEER_NOISE_SHARE   /* the sum times 1 + e, e normal with sd 0.01: their first model */
} peer_noise;

#define PEER_LEAST_LOAD (1.0 / 32768)
#define PEER_GROWTH     1.95
#define PEER_CYCLE_SD   0.1
#define PEER_SHARE_SD   0.01

/* Draws `positives` different people, their loads (0 for the others) and what the pools measure. */
void peer_plate_draw(const pw_design *design, size_t positives, peer_noise noise, pw_rng *rng,
		     double *out_load, double *out_measured);

/* Find x >= 0 with few that are not 0 and A x about y. Rows are pools, columns people. */
typedef struct peer_problem {
	size_t rows, cols;
	double *a; /* 0 and 1, row by row */
	double *y;
	uint32_t *sample; /* one a column: who it is */
	bool *certain;    /* one a column: the only one in some row (DD) */
	double mean;      /* of what all the pools measured, negative ones too */
} peer_problem;

/* Positive pools and the people who are in no negative one (COMP: all of them are called). */
void peer_problem_reduce(const pw_design *design, const double *measured, peer_problem *out);

/* All pools and all people; `certain` is nobody. */
void peer_problem_whole(const pw_design *design, const double *measured, peer_problem *out);

void peer_problem_clear(peer_problem *problem);

#endif
