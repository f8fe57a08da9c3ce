/*
 * The best pool over all subsets: the chance that a pool has nobody positive is the sum of f over the subsets
 * of those outside it, so one subset-sum transform gives it for all pools. For pools of one size what a
 * pool tells depends on that chance alone and has one maximum, so that only the pools next to it on
 * either side have to be compared.
 */
#include <math.h>

#include "core/pooling/plan.h"

/* Adds the lower half of every block to the upper one: blocks of 2·half. */
static void add_halves(double *restrict to, const double *restrict from, size_t half)
{
	size_t i = 0;
	for (; i + 4 <= half; i += 4) {
		to[i] += from[i];
		to[i + 1] += from[i + 1];
		to[i + 2] += from[i + 2];
		to[i + 3] += from[i + 3];
	}
	for (; i < half; i++)
		to[i] += from[i];
}

/* A stretch that stays in the nearest cache is done with all its bits at once. */
#define STRETCH_BITS 11

static void subset_sums(double *f, unsigned bits)
{
	size_t states = (size_t)1 << bits;
	unsigned near = bits < STRETCH_BITS ? bits : STRETCH_BITS;
	for (size_t base = 0; base < states; base += (size_t)1 << near)
		for (unsigned b = 0; b < near; b++) {
			size_t half = (size_t)1 << b;
			for (size_t at = 0; at < (size_t)1 << near; at += 2 * half)
				add_halves(f + base + at + half, f + base + at, half);
		}
	for (unsigned b = near; b < bits; b++) {
		size_t half = (size_t)1 << b;
		for (size_t at = 0; at < states; at += 2 * half)
			add_halves(f + at + half, f + at, half);
	}
}

static double entropy(double p)
{
	return p <= 0 || p >= 1 ? 0 : -(p * log2(p) + (1 - p) * log2(1 - p));
}

/* What a pool tells that has nobody positive with chance p. */
static double information(double p, double se, double sp)
{
	double positive = p * (1 - sp) + (1 - p) * se;
	return entropy(positive) - p * entropy(sp) - (1 - p) * entropy(se);
}

/* The chance of nobody at which a pool tells most: where the slope is 0, by halving. */
static double best_chance(double se, double sp)
{
	double low = 0, high = 1;
	for (int turn = 0; turn < 60; turn++) {
		double p = 0.5 * (low + high), d = 1e-7;
		if (information(fmin(p + d, 1), se, sp) > information(fmax(p - d, 0), se, sp))
			low = p;
		else
			high = p;
	}
	return 0.5 * (low + high);
}

typedef struct nearest {
	double below, above;
	uint32_t below_mask, above_mask;
} nearest;

static unsigned count_bits(uint32_t mask)
{
	unsigned count = 0;
	for (; mask != 0; mask &= mask - 1)
		count++;
	return count;
}

/* By number of bits, the pools whose chance of nobody is next to the best one. */
static void find_nearest(const double *f, unsigned bits, const double *wanted, size_t max_pool,
			 nearest *by_size)
{
	uint32_t all = (uint32_t)(((uint64_t)1 << bits) - 1);
	uint8_t low_bits[256];
	for (uint32_t m = 0; m < 256; m++)
		low_bits[m] = (uint8_t)count_bits(m);
	for (uint32_t mask = 1; mask <= all && mask != 0; mask++) {
		unsigned size = low_bits[mask & 255] + low_bits[mask >> 8 & 255] +
				(unsigned)low_bits[mask >> 16 & 255];
		if (size > max_pool)
			continue;
		double p = f[all ^ mask];
		nearest *n = &by_size[size];
		if (p <= wanted[size] && p > n->below) {
			n->below = p;
			n->below_mask = mask;
		}
		if (p >= wanted[size] && p < n->above) {
			n->above = p;
			n->above_mask = mask;
		}
	}
}

size_t pw_plan_good_pools(double *f, unsigned bits, const double *se, double sp, size_t max_pool,
			  pw_plan_pool *out)
{
	double wanted[PW_PLAN_MOST_BITS + 1];
	nearest by_size[PW_PLAN_MOST_BITS + 1];
	size_t count = 0;
	PW_BUG_IF(bits == 0 || bits > PW_PLAN_MOST_BITS);
	subset_sums(f, bits);
	double total = f[((size_t)1 << bits) - 1];
	for (unsigned k = 1; k <= bits; k++) {
		wanted[k] = best_chance(se[k], sp) * total;
		by_size[k] = (nearest){-1, 2 * total + 1, 0, 0};
	}
	find_nearest(f, bits, wanted, max_pool, by_size);
	for (unsigned k = 1; k <= bits && total > 0; k++)
		for (int side = 0; side < 2; side++) {
			const nearest *n = &by_size[k];
			uint32_t mask = side == 0 ? n->below_mask : n->above_mask;
			double p = (side == 0 ? n->below : n->above) / total;
			if (mask != 0)
				out[count++] =
					(pw_plan_pool){mask, information(fmin(p, 1), se[k], sp), p};
		}
	return count;
}

uint32_t pw_plan_best_pool(double *f, unsigned bits, const double *se, double sp, size_t max_pool,
			   double *out_information)
{
	pw_plan_pool pools[2 * PW_PLAN_MOST_BITS], best = {0, 1e-12, 1};
	size_t count = pw_plan_good_pools(f, bits, se, sp, max_pool, pools);
	for (size_t i = 0; i < count; i++)
		if (pools[i].information > best.information * (1 + 1e-9))
			best = pools[i];
	*out_information = best.mask != 0 ? best.information : 0;
	return best.mask;
}
