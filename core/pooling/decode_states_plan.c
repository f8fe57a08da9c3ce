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

static bool fits(uint64_t states, size_t groups)
{
	return states <= PW_STATES_MOST && 8 * states * (halvings(groups) + 3) <= MOST_BYTES;
}

/* Which pool is which. */
typedef struct roles {
	bool *latent, *skip; /* by pool; skip: not kept */
	uint32_t *group_of;  /* by person */
	uint32_t *chosen;    /* the groups' pools */
	uint32_t *of_kind;   /* by pool: the first kept pool that it is like */
	size_t latents, groups;
	uint64_t states; /* above PW_STATES_MOST: as far as they were counted */
} roles;

static void count_states(const pw_problem *p, roles *r)
{
	r->states = 1;
	for (size_t i = 0; i < p->m; i++) {
		uint64_t pools = 0;
		for (size_t k = i; k < p->m && !r->skip[i] && r->of_kind[i] == i; k++)
			pools += !r->skip[k] && r->of_kind[k] == i;
		r->states *= pools + 1;
		if (r->states > PW_STATES_MOST)
			return;
	}
}

/* False when the sum over states cannot be had. */
static bool find_roles(const pw_problem *p, pw_arena *arena, roles *r)
{
	if (p->by_load || p->m > MOST_POOLS || p->limit != SIZE_MAX)
		return false;
	r->latent = pw_arena_array(arena, p->m + 1, sizeof(*r->latent));
	r->skip = pw_arena_array(arena, p->m + 1, sizeof(*r->skip));
	r->group_of = pw_arena_array(arena, p->n, sizeof(*r->group_of));
	r->chosen = pw_arena_array(arena, p->m + 1, sizeof(*r->chosen));
	r->of_kind = pw_arena_array(arena, p->m + 1, sizeof(*r->of_kind));
	if (!find_latents(p, r->latent, &r->latents))
		return false;
	r->groups = choose_groups(p, r->latent, r->group_of, r->chosen);
	memcpy(r->skip, r->latent, p->m * sizeof(*r->skip));
	for (size_t g = 0; g < r->groups; g++)
		r->skip[r->chosen[g]] = true;
	pw_state_kinds_find(p, r->skip, r->of_kind);
	count_states(p, r);
	return fits(r->states, r->groups);
}

uint64_t pw_cost_states(const pw_problem *p)
{
	pw_arena arena = PW_ARENA_INIT;
	roles r = {.latents = 0};
	uint64_t cost = UINT64_MAX;
	if (find_roles(p, &arena, &r))
		cost = ((uint64_t)p->n * r.states << r.latents) * (halvings(r.groups) + 1);
	pw_arena_clear(&arena);
	return cost;
}

/* ---- Planning ---- */

/* Of the pool `first` and those like it. */
static void add_kind(pw_state_plan *s, const roles *r, uint32_t first)
{
	const pw_problem *p = s->p;
	pw_state_kind *kind = &s->kind[s->kinds];
	*kind = (pw_state_kind){.stride = s->states,
				.none = pw_problem_like(p, first, 0),
				.some = pw_problem_like(p, first, 1)};
	for (uint32_t i = first; i < p->m; i++) {
		if (r->skip[i] || r->of_kind[i] != first)
			continue;
		kind->pools++;
		for (uint32_t x = p->row_start[i]; x < p->row_start[i + 1]; x++) {
			s->forced[p->row[x]] += (uint32_t)kind->stride;
			s->among[p->row[x]] = (uint32_t)s->kinds;
			s->rank[p->row[x]] = kind->pools;
		}
	}
	s->states *= kind->pools + 1;
	s->kinds++;
}

static bool is_single(const pw_problem *p, const roles *r, uint32_t pool)
{
	for (size_t i = 0; i < p->m; i++)
		if (i != pool && !r->skip[i] && r->of_kind[i] == pool)
			return false;
	return r->of_kind[pool] == pool;
}

/* The single pools first: their strides are powers of two, and what a person is forced to by them is a mask. */
static void add_kinds(pw_state_plan *s, const roles *r)
{
	const pw_problem *p = s->p;
	s->states = 1;
	for (uint32_t i = 0; i < p->m; i++)
		if (!r->skip[i] && is_single(p, r, i))
			add_kind(s, r, i);
	s->bits = s->kinds;
	s->block = s->states;
	memcpy(s->mask, s->forced, p->n * sizeof(*s->mask));
	memset(s->among, 0xff, p->n * sizeof(*s->among));
	for (uint32_t i = 0; i < p->m; i++)
		if (!r->skip[i] && r->of_kind[i] == i && !is_single(p, r, i))
			add_kind(s, r, i);
}

/* Everybody in an order in which the runs of persons who differ in nothing but the pool stand together. */
static void order_persons(const pw_state_plan *s, const roles *r, uint32_t *order)
{
	const pw_problem *p = s->p;
	size_t at = 0;
	for (uint32_t j = 0; j < p->n; j++)
		if (s->among[j] == PW_STATES_SINGLE)
			order[at++] = j;
	for (uint32_t i = 0; i < p->m; i++) {
		if (r->skip[i] || r->of_kind[i] != i || is_single(p, r, i))
			continue;
		for (uint32_t x = 0; x < p->row_start[i + 1] - p->row_start[i]; x++)
			for (uint32_t k = i; k < p->m; k++)
				if (!r->skip[k] && r->of_kind[k] == i)
					order[at++] = p->row[p->row_start[k] + x];
	}
}

static void sort_members(pw_state_plan *s, const roles *r, const uint32_t *order)
{
	uint32_t at = 0;
	for (size_t g = 0; g < s->groups; g++) {
		s->group[g].first = at;
		for (size_t x = 0; x < s->p->n; x++)
			if (r->group_of[order[x]] == g)
				s->member[at++] = order[x];
		s->group[g].last = at;
	}
	s->loose = at;
	for (size_t x = 0; x < s->p->n; x++)
		if (r->group_of[order[x]] == NO_GROUP)
			s->member[at++] = order[x];
}

pw_status pw_state_plan_make(const pw_problem *p, pw_arena *arena, pw_state_plan *out, pw_err *err)
{
	pw_state_plan s = {.p = p};
	roles r = {.latents = 0};
	if (!find_roles(p, arena, &r))
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the sum over the states of the pools takes neither Ct, nor dilution, "
			"nor a limit on positives, nor as many pools that hang together; leave "
			"the method to the program");
	uint32_t *order = pw_arena_array(arena, p->n, sizeof(*order));
	s.latent = r.latent;
	s.latents = r.latents;
	s.groups = r.groups;
	s.group = pw_arena_array(arena, s.groups + 1, sizeof(*s.group));
	for (size_t g = 0; g < s.groups; g++) {
		s.group[g].none = pw_problem_like(p, r.chosen[g], 0);
		s.group[g].some = pw_problem_like(p, r.chosen[g], 1);
	}
	s.depth = halvings(s.groups);
	s.kind = pw_arena_array(arena, p->m + 1, sizeof(*s.kind));
	s.mask = pw_arena_array(arena, p->n, sizeof(*s.mask));
	s.among = pw_arena_array(arena, p->n, sizeof(*s.among));
	s.rank = pw_arena_array(arena, p->n, sizeof(*s.rank));
	s.forced = pw_arena_array(arena, p->n, sizeof(*s.forced));
	s.member = pw_arena_array(arena, p->n, sizeof(*s.member));
	add_kinds(&s, &r);
	order_persons(&s, &r, order);
	sort_members(&s, &r, order);
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
