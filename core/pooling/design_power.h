/*
 * What a design can tell without any error of a test, when k people are positive: by trying every set of
 * k, or sets drawn at random. Behind the promise of pw_design_guarantee_of, this is how it does beyond.
 *
 * Ways to read a plate, from simple to best:
 *   COMP   everybody in no negative pool is positive
 *   DD     of these, who is the only one in some pool, is positive for sure
 *   the smallest set that explains every pool
 *   and the best that anybody could do who thinks fewer positives likelier: of the t smallest sets that
 *   explain the plate, one is right, with chance 1/t; when a smaller set explains it, none
 */
#ifndef PW_POOLING_DESIGN_POWER_H
#define PW_POOLING_DESIGN_POWER_H

#include "core/pooling/design.h"

typedef struct pw_design_power {
	uint32_t positives;
	uint64_t sets;     /* tried */
	bool exhaustive;   /* all of them */
	double comp_false; /* mean number of negatives that COMP calls */
	double comp_exact; /* share of the sets that COMP finds */
	double dd_all;     /* that DD finds whole */
	double unique;     /* that are the only smallest explanation */
	double best;       /* that the best reader gets right */
} pw_design_power;

/*
 * `draws` 0: every set of k; else so many, each drawn evenly, from `seed`. PW_ERR_ARG when k is 0, more
 * than the samples or than 32; PW_ERR_LIMIT for over 2^28 sets: draw some instead.
 */
PW_NODISCARD pw_status pw_design_power_of(const pw_design *design, uint32_t k, uint64_t draws,
					  uint64_t seed, pw_design_power *out, pw_err *err);

#endif
