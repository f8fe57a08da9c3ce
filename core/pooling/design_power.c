#include "core/pooling/design_power.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"

#define MAX_POSITIVES 32
#define MAX_SETS      (UINT64_C(1) << 28)

/* Sets of samples and of pools are rows of 64-bit words. */
typedef struct bench {
	const pw_design *design;
	size_t pools, samples, words; /* words of a set of samples */
	uint64_t *member;             /* member[pool]: its samples */
	uint64_t *candidate;          /* who is in no negative pool */
	uint8_t *positive;            /* by pool */
	uint32_t *sole;               /* by pool: its only candidate; samples: several */
	uint32_t *covered;            /* by pool, in the search: how many chosen are in it */
	uint64_t *banned;             /* by level of the search: who was tried before */
	uint32_t k;
	uint64_t smallest; /* explanations of size k that the search has found */
	bool smaller;      /* or of fewer */
} bench;

static uint32_t count_bits(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

static uint32_t lowest_bit(uint64_t x)
{
	return count_bits((x & (~x + 1)) - 1);
}

static void bench_init(bench *b, const pw_design *design, uint32_t k)
{
	memset(b, 0, sizeof(*b));
	b->design = design;
	b->pools = pw_design_pools(design);
	b->samples = pw_design_samples(design);
	b->words = (b->samples + 63) / 64;
	b->member = pw_alloc_array(b->pools * b->words, sizeof(uint64_t));
	b->candidate = pw_alloc_array(b->words, sizeof(uint64_t));
	b->positive = pw_alloc_array(b->pools, sizeof(*b->positive));
	b->sole = pw_alloc_array(b->pools, sizeof(*b->sole));
	b->covered = pw_alloc_array(b->pools, sizeof(*b->covered));
	b->banned = pw_alloc_array((size_t)(MAX_POSITIVES + 1) * b->words, sizeof(uint64_t));
	b->k = k;
	for (size_t i = 0; i < b->pools; i++) {
		pw_design_list members = pw_design_members(design, i);
		for (size_t m = 0; m < members.count; m++)
			b->member[i * b->words + members.at[m] / 64] |= UINT64_C(1)
									<< members.at[m] % 64;
	}
}

static void bench_clear(bench *b)
{
	pw_free(b->member);
	pw_free(b->candidate);
	pw_free(b->positive);
	pw_free(b->sole);
	pw_free(b->covered);
	pw_free(b->banned);
}

/* The plate of a set, and who is in no negative pool; returns how many these are. */
static uint32_t find_candidates(bench *b, const uint32_t *set)
{
	memset(b->positive, 0, b->pools);
	for (uint32_t k = 0; k < b->k; k++) {
		pw_design_list pools = pw_design_pools_of(b->design, set[k]);
		for (size_t i = 0; i < pools.count; i++)
			b->positive[pools.at[i]] = 1;
	}
	for (size_t w = 0; w < b->words; w++)
		b->candidate[w] = UINT64_MAX;
	if (b->samples % 64 != 0)
		b->candidate[b->words - 1] = (UINT64_C(1) << b->samples % 64) - 1;
	for (size_t i = 0; i < b->pools; i++)
		for (size_t w = 0; !b->positive[i] && w < b->words; w++)
			b->candidate[w] &= ~b->member[i * b->words + w];
	uint32_t count = 0;
	for (size_t w = 0; w < b->words; w++)
		count += count_bits(b->candidate[w]);
	return count;
}

/* How many candidates, not banned, are in a pool, and the first of them. */
static uint32_t count_in_pool(const bench *b, size_t pool, const uint64_t *banned,
			      uint32_t *out_first)
{
	uint32_t count = 0;
	for (size_t w = 0; w < b->words; w++) {
		uint64_t in = b->candidate[w] & b->member[pool * b->words + w];
		if (banned != NULL)
			in &= ~banned[w];
		if (in != 0 && count == 0)
			*out_first = (uint32_t)(64 * w) + lowest_bit(in);
		count += count_bits(in);
	}
	return count;
}

static bool is_definite(const bench *b, uint32_t sample)
{
	pw_design_list pools = pw_design_pools_of(b->design, sample);
	for (size_t i = 0; i < pools.count; i++)
		if (b->sole[pools.at[i]] == sample)
			return true;
	return false;
}

/* DD: whether all of the set are the only candidate of some pool. */
static bool all_definite(bench *b, const uint32_t *set)
{
	for (size_t i = 0; i < b->pools; i++) {
		uint32_t first = 0;
		b->sole[i] = (uint32_t)b->samples;
		if (b->positive[i] && count_in_pool(b, i, NULL, &first) == 1)
			b->sole[i] = first;
	}
	for (uint32_t k = 0; k < b->k; k++)
		if (!is_definite(b, set[k]))
			return false;
	return true;
}

static void choose(bench *b, uint32_t sample, bool in)
{
	pw_design_list pools = pw_design_pools_of(b->design, sample);
	for (size_t i = 0; i < pools.count; i++)
		b->covered[pools.at[i]] += in ? 1 : UINT32_MAX;
}

/*
 * Counts the explanations of at most k: of the pools not yet explained the one with the fewest candidates
 * must hold one of these; each is tried, without those tried before it, so that no set comes twice.
 */
static void search(bench *b, uint32_t chosen)
{
	const uint64_t *banned = b->banned + (size_t)chosen * b->words;
	size_t pool = b->pools;
	uint32_t fewest = UINT32_MAX, first = 0;
	for (size_t i = 0; i < b->pools; i++) {
		if (!b->positive[i] || b->covered[i] > 0)
			continue;
		uint32_t count = count_in_pool(b, i, banned, &first);
		if (count < fewest) {
			fewest = count;
			pool = i;
		}
	}
	if (pool == b->pools) {
		b->smaller |= chosen < b->k;
		b->smallest += chosen == b->k;
		return;
	}
	if (chosen == b->k || fewest == 0)
		return;
	uint64_t *next = b->banned + (size_t)(chosen + 1) * b->words;
	memcpy(next, banned, b->words * sizeof(*next));
	for (size_t w = 0; w < b->words; w++) {
		uint64_t in = b->candidate[w] & b->member[pool * b->words + w] & ~banned[w];
		for (; in != 0 && !b->smaller; in &= in - 1) {
			uint32_t sample = (uint32_t)(64 * w) + lowest_bit(in);
			choose(b, sample, true);
			search(b, chosen + 1);
			choose(b, sample, false);
			next[w] |= UINT64_C(1) << sample % 64;
		}
	}
}

/* ---- Sets ---- */

static void try_set(bench *b, const uint32_t *set, pw_design_power *sum)
{
	uint32_t candidates = find_candidates(b, set);
	sum->sets++;
	sum->comp_false += candidates - b->k;
	sum->comp_exact += candidates == b->k;
	if (all_definite(b, set)) {
		sum->dd_all += 1.0;
		sum->unique += 1.0;
		sum->best += 1.0;
		return;
	}
	b->smallest = 0;
	b->smaller = false;
	memset(b->banned, 0, b->words * sizeof(*b->banned));
	search(b, 0);
	if (b->smaller)
		return;
	sum->unique += b->smallest == 1;
	sum->best += 1.0 / (double)b->smallest;
}

static void try_all(bench *b, pw_design_power *sum)
{
	uint32_t set[MAX_POSITIVES] = {0}, k = b->k, n = (uint32_t)b->samples;
	for (uint32_t i = 0; i < k; i++)
		set[i] = i;
	for (;;) {
		try_set(b, set, sum);
		uint32_t i = k;
		while (i > 0 && set[i - 1] == n - k + i - 1)
			i--;
		if (i == 0)
			return;
		set[i - 1]++;
		for (; i < k; i++)
			set[i] = set[i - 1] + 1;
	}
}

static void draw_set(const bench *b, pw_rng *rng, uint32_t *set)
{
	for (uint32_t i = 0; i < b->k;) {
		set[i] = (uint32_t)pw_rng_below(rng, b->samples);
		bool again = false;
		for (uint32_t j = 0; j < i; j++)
			again |= set[j] == set[i];
		i += again ? 0 : 1;
	}
}

/* C(n, k), or a number above MAX_SETS. */
static uint64_t choose_count(uint64_t n, uint64_t k)
{
	uint64_t count = 1;
	k = k > n - k ? n - k : k;
	for (uint64_t i = 1; i <= k && count <= MAX_SETS; i++)
		count = count * (n - k + i) / i;
	return count;
}

pw_status pw_design_power_of(const pw_design *design, uint32_t k, uint64_t draws, uint64_t seed,
			     pw_design_power *out, pw_err *err)
{
	size_t n = pw_design_samples(design);
	if (k == 0 || k > n || k > MAX_POSITIVES)
		return pw_fail(err, PW_ERR_ARG, "%" PRIu32 " positives: give from 1 to %zu", k,
			       n < MAX_POSITIVES ? n : (size_t)MAX_POSITIVES);
	if (draws > MAX_SETS || (draws == 0 && choose_count(n, k) > MAX_SETS))
		return pw_fail(err, PW_ERR_LIMIT,
			       "more than 2^28 sets of %" PRIu32 " among %zu: draw some instead", k,
			       n);
	pw_design_power sum = {.positives = k, .exhaustive = draws == 0};
	uint32_t set[MAX_POSITIVES] = {0};
	bench b;
	bench_init(&b, design, k);
	if (draws == 0)
		try_all(&b, &sum);
	pw_rng rng;
	pw_rng_init(&rng, seed);
	for (uint64_t i = 0; i < draws; i++) {
		draw_set(&b, &rng, set);
		try_set(&b, set, &sum);
	}
	bench_clear(&b);
	double sets = (double)sum.sets;
	sum.comp_false /= sets;
	sum.comp_exact /= sets;
	sum.dd_all /= sets;
	sum.unique /= sets;
	sum.best /= sets;
	*out = sum;
	return PW_OK;
}
