#include "tests/unit/pooling/peer_design.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"

static pw_design *steiner(uint32_t points)
{
	pw_make_opts opts = {.family = PW_FAMILY_STEINER, .pools = points};
	pw_design *d = NULL;
	PW_BUG_IF(pw_design_make(&opts, &d, NULL) != PW_OK);
	return d;
}

static pw_design *finish(size_t pools, size_t samples, pw_design_entry *entries, size_t count)
{
	pw_design_spec spec = {
		.pools = pools, .samples = samples, .entries = entries, .entry_count = count};
	pw_design *d = NULL;
	PW_BUG_IF(pw_design_new(&spec, &d, NULL) != PW_OK);
	pw_free(entries);
	return d;
}

/* ---- Triples ---- */

/* Keeps the triples that have all their pools below `pools`; how many, and how full these are. */
static size_t triples_within(const pw_design *d, size_t pools, bool *out_kept, size_t *out_size)
{
	size_t count = 0;
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		pw_design_list triple = pw_design_pools_of(d, j);
		out_kept[j] = triple.at[2] < pools; /* sorted */
		for (size_t k = 0; out_kept[j] && k < 3; k++)
			out_size[triple.at[k]]++;
		count += out_kept[j];
	}
	return count;
}

/* Leaves out the triple whose emptiest pool is fullest. */
static void leave_out(const pw_design *d, bool *kept, size_t *size)
{
	size_t worst = 0, most = 0;
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		const uint32_t *at = pw_design_pools_of(d, j).at;
		size_t least = SIZE_MAX;
		for (size_t k = 0; kept[j] && k < 3; k++)
			least = size[at[k]] < least ? size[at[k]] : least;
		if (kept[j] && least > most) {
			most = least;
			worst = j;
		}
	}
	kept[worst] = false;
	for (size_t k = 0; k < 3; k++)
		size[pw_design_pools_of(d, worst).at[k]]--;
}

/* Writes the entries of `samples` triples of the Steiner system of `points`. */
static void shorten(uint32_t points, size_t pools, size_t samples, pw_design_entry *out)
{
	pw_design *d = steiner(points);
	size_t *size = pw_alloc_array(points, sizeof(*size));
	bool *kept = pw_alloc_array(pw_design_samples(d), sizeof(*kept));
	size_t count = triples_within(d, pools, kept, size), person = 0;
	PW_BUG_IF(count < samples);
	for (; count > samples; count--)
		leave_out(d, kept, size);
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		for (size_t k = 0; kept[j] && k < 3; k++)
			out[3 * person + k] =
				(pw_design_entry){pw_design_pools_of(d, j).at[k], (uint32_t)person};
		person += kept[j];
	}
	pw_free(size);
	pw_free(kept);
	pw_design_free(d);
}

pw_design *peer_design_shortened(uint32_t points, size_t pools, size_t samples)
{
	pw_design_entry *entries = pw_alloc_array(3 * samples, sizeof(*entries));
	shorten(points, pools, samples, entries);
	return finish(pools, samples, entries, 3 * samples);
}

pw_design *peer_design_golfers(void)
{
	pw_design_entry *entries = pw_alloc_array(3 * 384, sizeof(*entries));
	shorten(49, 48, 368, entries);
	for (uint32_t i = 0; i < 48; i++)
		entries[3 * 368 + i] = (pw_design_entry){i, 368 + i / 3};
	return finish(48, 384, entries, 3 * 384);
}

/* ---- Spread by chance ---- */

typedef struct spread {
	size_t m, n, overlaps;
	bool *in;        /* pool by pool */
	uint8_t *shared; /* by two people: pools they share */
} spread;

static bool *cell(const spread *s, size_t i, size_t j)
{
	return s->in + i * s->n + j;
}

static size_t excess(const spread *s)
{
	size_t sum = 0;
	for (size_t a = 0; a < s->n; a++)
		for (size_t b = 0; b < a; b++)
			sum += s->shared[a * s->n + b] > 1 ? s->shared[a * s->n + b] - 1u : 0;
	return sum;
}

/* Puts j in pool i, or out of it; what that adds to the overlaps beyond one. */
static long flip(spread *s, size_t i, size_t j)
{
	bool enters = !*cell(s, i, j);
	long gain = 0;
	*cell(s, i, j) = false;
	for (size_t k = 0; k < s->n; k++) {
		if (!*cell(s, i, k))
			continue;
		uint8_t *one = &s->shared[j * s->n + k], *other = &s->shared[k * s->n + j];
		gain += enters ? *one >= 1 : -(*one >= 2);
		*one = (uint8_t)(enters ? *one + 1 : *one - 1);
		*other = *one;
	}
	*cell(s, i, j) = enters;
	return gain;
}

/* Everybody into so many of the least full pools, chance among equals; the first `uneven` leave their last to the last. */
static void fill(spread *s, size_t entries, size_t uneven, pw_rng *rng)
{
	size_t *size = pw_alloc_array(s->m, sizeof(*size));
	for (size_t e = 0; e < entries; e++) {
		size_t j = e % s->n, best = s->m, ties = 0;
		if (j < uneven && e / s->n + 1 == entries / s->n)
			j = s->n - 1 - j;
		for (size_t i = 0; i < s->m; i++) {
			if (*cell(s, i, j) || (best < s->m && size[i] > size[best]))
				continue;
			ties = best < s->m && size[i] == size[best] ? ties + 1 : 1;
			if (pw_rng_below(rng, ties) == 0)
				best = i;
		}
		size[best]++;
		flip(s, best, j);
	}
	pw_free(size);
}

/* Swaps a pool of one person for a pool of another unless more overlap then. */
static void improve(spread *s, size_t overlaps, pw_rng *rng)
{
	long now = (long)excess(s);
	for (size_t tries = 0; tries < 500000 && now > (long)overlaps; tries++) {
		size_t a = pw_rng_below(rng, s->n), b = pw_rng_below(rng, s->n);
		size_t p = pw_rng_below(rng, s->m), q = pw_rng_below(rng, s->m);
		if (!*cell(s, p, a) || *cell(s, q, a) || !*cell(s, q, b) || *cell(s, p, b))
			continue;
		long gain = flip(s, p, a) + flip(s, q, b) + flip(s, q, a) + flip(s, p, b);
		if (gain <= 0)
			now += gain;
		else
			flip(s, p, a), flip(s, q, b), flip(s, q, a), flip(s, p, b);
	}
}

pw_design *peer_design_spread(size_t pools, size_t samples, size_t entries, size_t uneven,
			      size_t overlaps, uint64_t seed)
{
	spread s = {.m = pools, .n = samples};
	pw_rng rng;
	pw_rng_init(&rng, seed);
	s.in = pw_alloc_array(pools * samples, sizeof(*s.in));
	s.shared = pw_alloc_array(samples * samples, sizeof(*s.shared));
	fill(&s, entries, uneven, &rng);
	improve(&s, overlaps, &rng);
	pw_design_entry *ones = pw_alloc_array(entries, sizeof(*ones));
	size_t count = 0;
	for (size_t i = 0; i < pools; i++)
		for (size_t j = 0; j < samples; j++)
			if (*cell(&s, i, j))
				ones[count++] = (pw_design_entry){(uint32_t)i, (uint32_t)j};
	pw_free(s.in);
	pw_free(s.shared);
	return finish(pools, samples, ones, count);
}
