/* What can be said about a design by looking at its matrix. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design_impl.h"

/* Beyond these a statistic is not known rather than slow. */
#define MAX_PAIR_STEPS  (UINT64_C(1) << 27)
#define MAX_COVER_STEPS (UINT64_C(1) << 27)
/* Up to this weight the unions of other samples' pools are walked through one by one. */
#define MAX_EXACT_WEIGHT 12

pw_design_shape pw_design_shape_of(const pw_design *design)
{
	pw_design_shape s = {UINT32_MAX, 0, UINT32_MAX, 0};
	for (size_t i = 0; i < design->pools; i++) {
		uint32_t size = design->row_start[i + 1] - design->row_start[i];
		s.min_size = size < s.min_size ? size : s.min_size;
		s.max_size = size > s.max_size ? size : s.max_size;
	}
	for (size_t j = 0; j < design->samples; j++) {
		uint32_t weight = design->col_start[j + 1] - design->col_start[j];
		s.min_weight = weight < s.min_weight ? weight : s.min_weight;
		s.max_weight = weight > s.max_weight ? weight : s.max_weight;
	}
	return s;
}

static bool pairs_are_countable(const pw_design *d)
{
	uint64_t steps = 0;
	for (size_t i = 0; i < d->pools; i++) {
		uint64_t size = d->row_start[i + 1] - d->row_start[i];
		steps += size * size;
		if (steps > MAX_PAIR_STEPS)
			return false;
	}
	return true;
}

/* The samples that share a pool with one, each with how many and, as bits, which of its pools. */
typedef struct neighbours {
	uint32_t *at;
	size_t count;
	uint32_t *shared; /* by sample; 0 for who is no neighbour */
	uint32_t *mask;   /* by sample; kept for weights up to 32 */
} neighbours;

static void neighbours_init(neighbours *nb, size_t samples)
{
	nb->at = pw_alloc_array(samples, sizeof(*nb->at));
	nb->shared = pw_alloc_array(samples, sizeof(*nb->shared));
	nb->mask = pw_alloc_array(samples, sizeof(*nb->mask));
	nb->count = 0;
}

static void neighbours_clear(neighbours *nb)
{
	pw_free(nb->at);
	pw_free(nb->shared);
	pw_free(nb->mask);
}

static void find_neighbours(const pw_design *d, size_t sample, neighbours *nb)
{
	for (size_t k = 0; k < nb->count; k++)
		nb->shared[nb->at[k]] = nb->mask[nb->at[k]] = 0;
	nb->count = 0;
	pw_design_list pools = pw_design_pools_of(d, sample);
	for (size_t b = 0; b < pools.count; b++) {
		pw_design_list members = pw_design_members(d, pools.at[b]);
		for (size_t k = 0; k < members.count; k++) {
			uint32_t other = members.at[k];
			if (other == sample)
				continue;
			if (nb->shared[other]++ == 0)
				nb->at[nb->count++] = other;
			nb->mask[other] |= UINT32_C(1) << (b & 31);
		}
	}
}

void pw_design_overlap_of(const pw_design *design, pw_design_overlap *out)
{
	memset(out, 0, sizeof(*out));
	if (!pairs_are_countable(design))
		return;
	out->known = true;
	uint64_t n = design->samples, meeting = 0;
	neighbours nb;
	neighbours_init(&nb, design->samples);
	for (size_t j = 0; j < design->samples; j++) {
		find_neighbours(design, j, &nb);
		for (size_t k = 0; k < nb.count; k++) {
			if (nb.at[k] < j)
				continue;
			uint32_t shared = nb.shared[nb.at[k]];
			uint32_t bin = shared < PW_DESIGN_OVERLAP_BINS ? shared
								       : PW_DESIGN_OVERLAP_BINS - 1;
			out->pairs[bin]++;
			out->max = shared > out->max ? shared : out->max;
			meeting++;
		}
	}
	out->pairs[0] = n * (n - 1) / 2 - meeting;
	neighbours_clear(&nb);
}

/* ---- Guarantees ---- */

/* left[t]: the fewest pools that any sample keeps outside the union of the pools of t others. */
typedef struct margins {
	uint32_t *left;
	size_t len; /* t from 0 to len - 1; beyond, the last stays */
	bool exact;
	uint64_t steps;
} margins;

static void note(margins *m, size_t t, uint32_t left)
{
	if (left < m->left[t])
		m->left[t] = left;
}

static uint32_t bits_in(uint32_t x)
{
	uint32_t count = 0;
	for (; x != 0; x &= x - 1)
		count++;
	return count;
}

/* The most pools of a sample that t others reach, by all unions of their masks. */
static void note_exact(margins *m, const neighbours *nb, uint32_t weight)
{
	static const size_t room = (size_t)1 << MAX_EXACT_WEIGHT;
	bool *is_mask = pw_alloc_array(3 * room, sizeof(*is_mask)), *now = is_mask + room,
	     *next = now + room;
	uint32_t *masks = pw_alloc_array(room, sizeof(*masks));
	size_t mask_count = 0, states = (size_t)1 << weight;
	for (size_t k = 0; k < nb->count; k++) {
		uint32_t mask = nb->mask[nb->at[k]];
		if (!is_mask[mask])
			masks[mask_count++] = mask;
		is_mask[mask] = true;
	}
	now[0] = true;
	for (size_t t = 0; t < m->len; t++) {
		uint32_t most = 0;
		memcpy(next, now, states * sizeof(*next));
		for (uint32_t s = 0; s < states; s++) {
			if (!now[s])
				continue;
			uint32_t bits = bits_in(s);
			most = bits > most ? bits : most;
			m->steps += mask_count;
			for (size_t k = 0; k < mask_count; k++)
				next[s | masks[k]] = true;
		}
		note(m, t, weight - most);
		memcpy(now, next, states * sizeof(*now));
	}
	pw_free(masks);
	pw_free(is_mask);
}

static int larger_first(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x < y) - (x > y);
}

/* t others reach no more than the t largest overlaps together, and no pool that is this sample's alone. */
static void note_bound(margins *m, const pw_design *d, size_t sample, const neighbours *nb)
{
	pw_design_list pools = pw_design_pools_of(d, sample);
	uint32_t reachable = 0;
	for (size_t b = 0; b < pools.count; b++)
		reachable += pw_design_members(d, pools.at[b]).count > 1;
	uint32_t *shared = pw_alloc_array(nb->count, sizeof(*shared));
	for (size_t k = 0; k < nb->count; k++)
		shared[k] = nb->shared[nb->at[k]];
	qsort(shared, nb->count, sizeof(*shared), larger_first);
	uint64_t sum = 0;
	for (size_t t = 0; t < m->len; t++) {
		if (t > 0 && t <= nb->count)
			sum += shared[t - 1];
		note(m, t, (uint32_t)pools.count - (uint32_t)(sum < reachable ? sum : reachable));
	}
	pw_free(shared);
}

static void find_margins(const pw_design *d, bool exact, margins *m)
{
	for (size_t t = 0; t < m->len; t++)
		m->left[t] = UINT32_MAX;
	m->exact = exact;
	m->steps = 0;
	neighbours nb;
	neighbours_init(&nb, d->samples);
	for (size_t j = 0; j < d->samples; j++) {
		find_neighbours(d, j, &nb);
		if (exact)
			note_exact(m, &nb, d->col_start[j + 1] - d->col_start[j]);
		else
			note_bound(m, d, j, &nb);
		if (m->steps > MAX_COVER_STEPS) {
			m->exact = false;
			break;
		}
	}
	neighbours_clear(&nb);
}

/* Two people in the same pools: one positive makes the other look like one. No pair need be counted. */
static bool has_twins(const pw_design *design)
{
	uint32_t *first = pw_alloc_array(design->samples, sizeof(*first));
	size_t twins = pw_design_twins(design, first);
	pw_free(first);
	return twins > 0;
}

void pw_design_guarantee_of(const pw_design *design, pw_design_guarantee *out)
{
	memset(out, 0, sizeof(*out));
	for (int e = 0; e <= PW_DESIGN_MAX_FLIPS; e++)
		out->positives[e] = -1;
	if (has_twins(design)) {
		uint32_t least = pw_design_shape_of(design).min_weight;
		out->known = out->exact = true;
		for (uint32_t e = 0; e <= PW_DESIGN_MAX_FLIPS && 2 * e + 1 <= least; e++)
			out->positives[e] = 0;
		return;
	}
	if (!pairs_are_countable(design))
		return;
	uint32_t weight = pw_design_shape_of(design).max_weight;
	margins m = {.len = (size_t)weight + 1};
	m.left = pw_alloc_array(m.len, sizeof(*m.left));
	find_margins(design, weight <= MAX_EXACT_WEIGHT, &m);
	if (!m.exact)
		find_margins(design, false, &m);
	out->known = true;
	out->exact = m.exact;
	for (int e = 0; e <= PW_DESIGN_MAX_FLIPS; e++) {
		uint32_t needed = 2 * (uint32_t)e + 1;
		for (size_t t = 0; t < m.len && m.left[t] >= needed; t++)
			out->positives[e] = (int32_t)t;
		/* After `weight` others every pool that can be reached is: more change nothing. */
		if (m.left[m.len - 1] >= needed || out->positives[e] > (int32_t)design->samples)
			out->positives[e] = (int32_t)design->samples;
	}
	pw_free(m.left);
}

void pw_design_guarantee_format(const pw_design_guarantee *guarantee, pw_str *out)
{
	if (!guarantee->known || guarantee->positives[0] < 1) {
		pw_str_add(out, guarantee->known ? "no number of positives is always found"
						 : "not known: the design is too large");
		return;
	}
	const char *at_least = guarantee->exact ? "" : "at least ";
	pw_str_addf(out, "up to %s%d positive%s without error", at_least, guarantee->positives[0],
		    guarantee->positives[0] == 1 ? "" : "s");
	for (int e = 1; e <= PW_DESIGN_MAX_FLIPS && guarantee->positives[e] >= 1; e++)
		pw_str_addf(out, "; up to %s%d with %d wrong pool%s", at_least,
			    guarantee->positives[e], e, e == 1 ? "" : "s");
}

/* ---- Twins ---- */

static int compare_pools(const pw_design *d, uint32_t a, uint32_t b)
{
	pw_design_list x = pw_design_pools_of(d, a), y = pw_design_pools_of(d, b);
	if (x.count != y.count)
		return x.count < y.count ? -1 : 1;
	for (size_t k = 0; k < x.count; k++)
		if (x.at[k] != y.at[k])
			return x.at[k] < y.at[k] ? -1 : 1;
	return 0;
}

/* FNV-1a over the pools of a sample: equal pools, equal hash. */
static uint64_t hash_pools(const pw_design *d, uint32_t sample)
{
	pw_design_list pools = pw_design_pools_of(d, sample);
	uint64_t h = UINT64_C(0xCBF29CE484222325);
	for (size_t k = 0; k < pools.count; k++) {
		h ^= pools.at[k];
		h *= UINT64_C(0x100000001B3);
	}
	return h ^ (h >> 32);
}

size_t pw_design_twins(const pw_design *design, uint32_t *out_first)
{
	size_t room = 16;
	while (room < 2 * design->samples)
		room *= 2;
	uint32_t *slots = pw_alloc_array(room, sizeof(*slots)); /* sample + 1 */
	bool *shares = pw_alloc_array(design->samples, sizeof(*shares));
	size_t count = 0;
	for (uint32_t j = 0; j < design->samples; j++) {
		size_t at = (size_t)hash_pools(design, j) & (room - 1);
		while (slots[at] != 0 && compare_pools(design, slots[at] - 1, j) != 0)
			at = (at + 1) & (room - 1);
		if (slots[at] == 0) {
			slots[at] = j + 1;
			out_first[j] = j;
			continue;
		}
		uint32_t first = slots[at] - 1;
		out_first[j] = first;
		count += shares[first] ? 1 : 2;
		shares[first] = true;
	}
	pw_free(shares);
	pw_free(slots);
	return count;
}
