/*
 * Taking the evidence apart: everybody who shares no pool and no household, directly or through others,
 * with somebody is in another part than they (decode_problem.c makes a problem of each).
 */
#include "core/pooling/decode_impl.h"

#include <math.h>
#include <string.h>

/* The root of a person's part, halving the path on the way. */
static uint32_t find(uint32_t *parent, uint32_t j)
{
	while (parent[j] != j)
		j = parent[j] = parent[parent[j]];
	return j;
}

/* Whether a pool still says something; if not, what it says goes into logz. */
static bool *find_useful(pw_reduction *r, pw_arena *arena)
{
	bool *useful = pw_arena_array(arena, r->m + r->households, sizeof(*useful));
	for (size_t i = 0; i < r->m; i++) {
		size_t last = pw_reduction_last(r, i);
		useful[i] = r->tables->curve[i] != NULL && r->unsure[i] > 0;
		for (size_t k = 1; k <= last && !useful[i]; k++)
			useful[i] = pw_reduction_like(r, i, k) != pw_reduction_like(r, i, 0);
		if (!useful[i])
			r->logz += log(pw_reduction_like(r, i, 0));
	}
	for (size_t h = 0; h < r->households; h++) {
		const double *value = r->house_value + r->house_start[h];
		uint32_t last = r->house_size[h];
		useful[r->m + h] = last > 0 && value[last] != value[0];
		if (!useful[r->m + h])
			r->logz += log(value[0]);
	}
	return useful;
}

static void connect(const pw_reduction *r, const bool *useful, uint32_t *parent,
		    uint32_t *house_first)
{
	for (size_t j = 0; j < r->n; j++)
		parent[j] = (uint32_t)j;
	for (size_t i = 0; i < r->m; i++) {
		uint32_t first = UINT32_MAX;
		pw_design_list members = pw_design_members(r->e->design, i);
		for (size_t x = 0; useful[i] && x < members.count; x++) {
			uint32_t j = members.at[x];
			if (r->state[j] != PW_FREE)
				continue;
			if (first == UINT32_MAX)
				first = find(parent, j);
			else
				parent[find(parent, j)] = first;
		}
	}
	for (size_t j = 0; r->households > 0 && j < r->n; j++) {
		uint32_t h = r->e->household_of[j];
		if (r->state[j] != PW_FREE || h == PW_NO_HOUSEHOLD || !useful[r->m + h])
			continue;
		if (house_first[h] == UINT32_MAX)
			house_first[h] = (uint32_t)j;
		else
			parent[find(parent, (uint32_t)j)] = find(parent, house_first[h]);
	}
}

/* Numbers the parts: part[j] for every free person that something is known of, UINT32_MAX for the others. */
static size_t number_parts(const pw_reduction *r, const bool *useful, size_t limit, uint32_t *part,
			   pw_arena *arena)
{
	uint32_t *parent = pw_arena_array(arena, r->n, sizeof(*parent));
	uint32_t *first = pw_arena_array(arena, r->households + 1, sizeof(*first));
	memset(first, 0xff, (r->households + 1) * sizeof(*first));
	connect(r, useful, parent, first);
	uint32_t *number = pw_arena_array(arena, r->n, sizeof(*number));
	memset(number, 0xff, r->n * sizeof(*number));
	size_t count = 0;
	for (size_t j = 0; j < r->n; j++) {
		part[j] = UINT32_MAX;
		if (r->state[j] != PW_FREE)
			continue;
		bool known = limit != SIZE_MAX;
		pw_design_list pools = pw_design_pools_of(r->e->design, j);
		for (size_t x = 0; x < pools.count && !known; x++)
			known = useful[pools.at[x]];
		if (!known && r->households > 0 && r->e->household_of[j] != PW_NO_HOUSEHOLD)
			known = useful[r->m + r->e->household_of[j]];
		if (!known)
			continue;
		uint32_t root = limit != SIZE_MAX ? 0 : find(parent, (uint32_t)j);
		if (number[root] == UINT32_MAX)
			number[root] = (uint32_t)count++;
		part[j] = number[root];
	}
	return count;
}

void pw_parts_make(pw_reduction *r, size_t limit, pw_arena *scratch, pw_arena *arena,
		   pw_reduced *out)
{
	bool *useful = find_useful(r, scratch);
	uint32_t *part = pw_arena_array(scratch, r->n, sizeof(*part));
	size_t count = number_parts(r, useful, limit, part, scratch);
	pw_problems_make(r, useful, part, count, scratch, arena, out);
	for (size_t c = 0; c < count; c++)
		out->parts[c].limit = limit;
	out->logz = r->logz;
	out->certain = r->certain;
	out->posterior = pw_arena_array(arena, r->n, sizeof(*out->posterior));
	out->in_part = pw_arena_array(arena, r->n, sizeof(*out->in_part));
	for (size_t j = 0; j < r->n; j++) {
		out->in_part[j] = part[j] != UINT32_MAX;
		out->posterior[j] = r->state[j] == PW_FREE ? r->prior[j] : r->state[j] == PW_ALWAYS;
	}
}
