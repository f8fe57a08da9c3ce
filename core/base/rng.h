/*
 * Random numbers for simulation (xoshiro256**, seeded by splitmix64): the same seed gives the same
 * numbers on every machine and in every version. Not for secrets.
 */
#ifndef PW_BASE_RNG_H
#define PW_BASE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pw_rng {
	uint64_t s[4];
} pw_rng;

void pw_rng_init(pw_rng *rng, uint64_t seed);
uint64_t pw_rng_next(pw_rng *rng);

/* A generator of its own for one purpose, so that drawing more of one thing does not change another. */
pw_rng pw_rng_split(pw_rng *rng);

/* In [0, 1). */
double pw_rng_uniform(pw_rng *rng);

/* In [0, n), unbiased; n > 0. */
uint64_t pw_rng_below(pw_rng *rng, uint64_t n);
bool pw_rng_chance(pw_rng *rng, double p);
double pw_rng_normal(pw_rng *rng, double mean, double sd);
int64_t pw_rng_poisson(pw_rng *rng, double mean);
void pw_rng_shuffle(pw_rng *rng, void *array, size_t count, size_t size);

#endif
