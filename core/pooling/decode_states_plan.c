#include "core/pooling/decode_states.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define MOST_POOLS   1024
#define MOST_BYTES   (UINT64_C(48) << 20)
#define MOST_LATENTS 8
#define NO_GROUP     UINT32_MAX

/* ---- Which pools to sum out ---- */

static bool free_to_group(const pw_problem *p, size_t pool, const uint32_t *group_of)
{
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		if (group_of[p->row[x]] != NO_GROUP)
			return false;
	return true;
}

/* How many members of a pool are in how many other pools: what summing it out would stand in the way of. */
static uint64_t entanglement(const pw_problem *p, size_t pool)
{
	uint64_t others = 0;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		others += p->col_start[p->row[x] + 1] - p->col_start[p->row[x]] - 1;
	return others;
}

/* Greedily the least entangled pool first; `latent` pools are passed over. Returns how many. */
static size_t choose_groups(const pw_problem *p, const bool *latent, uint32_t *group_of,
			    uint32_t *chosen)
{
	size_t count = 0;
	memset(group_of, 0xff, p->n * sizeof(*group_of));
	for (;;) {
		size_t best = SIZE_MAX;
		uint64_t least = UINT64_MAX;
		for (size_t i = 0; i < p->m; i++) {
			if (latent[i] || !free_to_group(p, i, group_of))
				continue;
			uint64_t e = entanglement(p, i);
			if (e < least) {
				least = e;
				best = i;
			}
		}
		if (best == SIZE_MAX)
			return count;
		for (uint32_t x = p->row_start[best]; x < p->row_start[best + 1]; x++)
			group_of[p->row[x]] = (uint32_t)count;
		chosen[count++] = (uint32_t)best;
	}
}

/* Households are latent: they are conditioned on. Any other pool must not count its positives. */
static bool find_latents(const pw_problem *p, bool *latent, size_t *out_count)
{
	*out_count = 0;
	for (size_t i = 0; i < p->m; i++) {
		latent[i] = p->boost[i] > 0;
		*out_count += latent[i];
		if (!latent[i] && pw_problem_cap(p, i) > 1)
			return false;
	}
	return *out_count <= MOST_LATENTS;
}

static size_t halvings(size_t groups)
{
	size_t depth = 1;
	while (((size_t)1 << depth) < groups)
		depth++;
	return depth + 1;
}

static bool fits(size_t kept, size_t groups)
{
	return kept <= PW_STATES_KEPT &&
	       (UINT64_C(8) << kept) * (halvings(groups) + 3) <= MOST_BYTES;
}

uint64_t pw_cost_states(const pw_problem *p)
{
	if (p->by_load || p->m > MOST_POOLS || p->limit != SIZE_MAX)
		return UINT64_MAX;
	bool *latent = pw_alloc_array(p->m + 1, sizeof(*latent));
	uint32_t *group_of = pw_alloc_array(p->n, sizeof(*group_of));
	uint32_t *chosen = pw_alloc_array(p->m + 1, sizeof(*chosen));
	uint64_t cost = UINT64_MAX;
	size_t latents;
	if (find_latents(p, latent, &latents)) {
		size_t groups = choose_groups(p, latent, group_of, chosen);
		size_t kept = p->m - latents - groups;
		if (fits(kept, groups))
			cost = ((uint64_t)p->n << (kept + latents)) * (halvings(groups) + 1);
	}
	pw_free(latent);
	pw_free(group_of);
	pw_free(chosen);
	return cost;
}

/* ---- Planning ---- */

static void sort_members(pw_state_plan *s, const uint32_t *group_of)
{
	uint32_t at = 0;
	for (size_t g = 0; g < s->groups; g++) {
		s->group[g].first = at;
		for (uint32_t j = 0; j < s->p->n; j++)
			if (group_of[j] == g)
				s->member[at++] = j;
		s->group[g].last = at;
	}
	s->loose = at;
	for (uint32_t j = 0; j < s->p->n; j++)
		if (group_of[j] == NO_GROUP)
			s->member[at++] = j;
}

/* Bits for the pools that are neither latent nor a group (bit[i] of the latter is UINT32_MAX). */
static void give_bits(pw_state_plan *s, uint32_t *bit)
{
	const pw_problem *p = s->p;
	for (uint32_t i = 0; i < p->m; i++)
		if (!s->latent[i] && bit[i] != UINT32_MAX) {
			s->bit_pool[s->kept] = i;
			bit[i] = UINT32_C(1) << s->kept++;
		}
	s->states = (size_t)1 << s->kept;
	for (size_t j = 0; j < p->n; j++)
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
			if (!s->latent[p->col[x]] && bit[p->col[x]] != UINT32_MAX)
				s->mask[j] |= bit[p->col[x]];
}

pw_status pw_state_plan_make(const pw_problem *p, pw_arena *arena, pw_state_plan *out, pw_err *err)
{
	pw_state_plan s = {.p = p};
	uint32_t *group_of = pw_arena_array(arena, p->n, sizeof(*group_of));
	uint32_t *chosen = pw_arena_array(arena, p->m + 1, sizeof(*chosen));
	uint32_t *bit = pw_arena_array(arena, p->m + 1, sizeof(*bit));
	if (pw_cost_states(p) == UINT64_MAX)
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the sum over the states of the pools takes neither Ct, nor dilution, "
			"nor a limit on positives, nor as many pools that hang together; leave "
			"the method to the program");
	s.latent = pw_arena_array(arena, p->m + 1, sizeof(*s.latent));
	find_latents(p, s.latent, &s.latents);
	s.groups = choose_groups(p, s.latent, group_of, chosen);
	s.group = pw_arena_array(arena, s.groups + 1, sizeof(*s.group));
	for (size_t g = 0; g < s.groups; g++) {
		s.group[g].none = pw_problem_like(p, chosen[g], 0);
		s.group[g].some = pw_problem_like(p, chosen[g], 1);
		bit[chosen[g]] = UINT32_MAX;
	}
	s.depth = halvings(s.groups);
	s.bit_pool = pw_arena_array(arena, PW_STATES_KEPT, sizeof(*s.bit_pool));
	s.mask = pw_arena_array(arena, p->n, sizeof(*s.mask));
	s.member = pw_arena_array(arena, p->n, sizeof(*s.member));
	give_bits(&s, bit);
	sort_members(&s, group_of);
	*out = s;
	return PW_OK;
}

/* ---- Reading the plan ---- */

double pw_state_plan_condition(const pw_state_plan *s, size_t which, double *prior)
{
	const pw_problem *p = s->p;
	double weight = 1;
	size_t h = 0;
	memcpy(prior, p->prior, p->n * sizeof(*prior));
	for (size_t i = 0; i < p->m; i++) {
		if (!s->latent[i])
			continue;
		double c = p->boost[i];
		bool exposed = (which >> h++ & 1) != 0;
		weight *= exposed ? p->exposed[i] : p->calm[i];
		for (uint32_t x = p->row_start[i]; exposed && x < p->row_start[i + 1]; x++) {
			uint32_t j = p->row[x];
			double total = 1 - prior[j] + prior[j] * c;
			weight *= total;
			prior[j] = prior[j] * c / total;
		}
	}
	return weight;
}

double pw_state_plan_start(const pw_state_plan *s, size_t state)
{
	double f = 1;
	for (size_t b = 0; b < s->kept; b++)
		f *= pw_problem_like(s->p, s->bit_pool[b], state >> b & 1);
	return f;
}

/* Taking away what nobody weighs magnifies the error of a group's sum by no more than 2 some / none: what is left
 * is at least none / some of the sum. */
double pw_state_plan_rounding(const pw_state_plan *s)
{
	double steps = (double)(8 * s->p->n + 8 * s->p->m + 64);
	for (size_t g = 0; g < s->groups; g++) {
		const pw_state_group *x = &s->group[g];
		if (x->some > x->none && x->some <= PW_STATES_MOST_CANCELLED * x->none)
			steps += 2 * (double)(x->last - x->first + 2) * x->some / x->none;
	}
	return steps * DBL_EPSILON;
}

double pw_state_plan_nobody(const pw_state_plan *s, const pw_state_group *g)
{
	double none = 1;
	for (uint32_t x = g->first; x < g->last; x++)
		none *= 1 - s->prior[s->member[x]];
	return none;
}
