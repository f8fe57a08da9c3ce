#include "core/base/rng.h"

#include <math.h>
#include <string.h>

#include "core/base/err.h"

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

void pw_rng_init(pw_rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		seed += UINT64_C(0x9E3779B97F4A7C15);
		uint64_t z = seed;
		z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
		rng->s[i] = z ^ (z >> 31);
	}
}

uint64_t pw_rng_next(pw_rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

pw_rng pw_rng_split(pw_rng *rng)
{
	pw_rng other;
	pw_rng_init(&other, pw_rng_next(rng));
	return other;
}

double pw_rng_uniform(pw_rng *rng)
{
	return (double)(pw_rng_next(rng) >> 11) * 0x1.0p-53;
}

uint64_t pw_rng_below(pw_rng *rng, uint64_t n)
{
	PW_BUG_IF(n == 0);
	/* The top of the range that n does not divide is drawn again. */
	uint64_t limit = UINT64_MAX - UINT64_MAX % n;
	uint64_t x;
	do {
		x = pw_rng_next(rng);
	} while (x >= limit);
	return x % n;
}

bool pw_rng_chance(pw_rng *rng, double p)
{
	return pw_rng_uniform(rng) < p;
}

double pw_rng_normal(pw_rng *rng, double mean, double sd)
{
	double u = 1.0 - pw_rng_uniform(rng), v = pw_rng_uniform(rng);
	return mean + sd * sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

int64_t pw_rng_poisson(pw_rng *rng, double mean)
{
	/* Far out the normal law is closer than anybody's swab. */
	if (mean > 500.0) {
		double x = floor(pw_rng_normal(rng, mean, sqrt(mean)) + 0.5);
		return x > 0.0 ? (int64_t)x : 0;
	}
	double limit = exp(-mean), product = pw_rng_uniform(rng);
	int64_t k = 0;
	while (product > limit) {
		product *= pw_rng_uniform(rng);
		k++;
	}
	return k;
}

void pw_rng_shuffle(pw_rng *rng, void *array, size_t count, size_t size)
{
	char swap[256];
	PW_BUG_IF(size > sizeof(swap));
	char *a = array;
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)pw_rng_below(rng, i);
		memcpy(swap, a + (i - 1) * size, size);
		memcpy(a + (i - 1) * size, a + j * size, size);
		memcpy(a + j * size, swap, size);
	}
}
