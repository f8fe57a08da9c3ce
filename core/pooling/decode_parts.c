/*
 * Taking the evidence apart: everybody who shares no pool and no household, directly or through others,
 * with somebody is in another part than they. Each part is copied into a dense problem of its own.
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

/* The part a useful pool belongs to: that of any free member. */
static uint32_t part_of_pool(const pw_reduction *r, size_t pool, const uint32_t *part)
{
	pw_design_list members = pw_design_members(r->e->design, pool);
	for (size_t x = 0; x < members.count; x++)
		if (r->state[members.at[x]] == PW_FREE)
			return part[members.at[x]];
	return UINT32_MAX;
}

typedef struct builder {
	const pw_reduction *r;
	pw_arena *arena;
	const uint32_t *part;
	uint32_t *local;     /* by sample: its place in its part */
	uint32_t *pool_part; /* by pool and then household, UINT32_MAX for useless ones */
	uint32_t *pool_local;
	pw_problem *parts;
	size_t count;
} builder;

static void place_persons(builder *b)
{
	for (size_t j = 0; j < b->r->n; j++)
		if (b->part[j] != UINT32_MAX)
			b->local[j] = (uint32_t)b->parts[b->part[j]].n++;
	for (size_t c = 0; c < b->count; c++) {
		pw_problem *p = &b->parts[c];
		p->id = pw_arena_array(b->arena, p->n, sizeof(*p->id));
		p->prior = pw_arena_array(b->arena, p->n, sizeof(*p->prior));
		p->col_start = pw_arena_array(b->arena, p->n + 1, sizeof(*p->col_start));
	}
	for (size_t j = 0; j < b->r->n; j++)
		if (b->part[j] != UINT32_MAX) {
			pw_problem *p = &b->parts[b->part[j]];
			p->id[b->local[j]] = (uint32_t)j;
			p->prior[b->local[j]] = b->r->prior[j];
		}
}

static void place_pools(builder *b, const bool *useful)
{
	const pw_reduction *r = b->r;
	size_t all = r->m + r->households;
	for (size_t j = 0; r->households > 0 && j < r->n; j++) {
		uint32_t h = r->e->household_of[j];
		if (b->part[j] != UINT32_MAX && h != PW_NO_HOUSEHOLD && useful[r->m + h])
			b->pool_part[r->m + h] = b->part[j];
	}
	for (size_t i = 0; i < r->m; i++)
		if (useful[i])
			b->pool_part[i] = part_of_pool(r, i, b->part);
	for (size_t i = 0; i < all; i++)
		if (b->pool_part[i] != UINT32_MAX)
			b->pool_local[i] = (uint32_t)b->parts[b->pool_part[i]].m++;
	for (size_t c = 0; c < b->count; c++) {
		pw_problem *p = &b->parts[c];
		p->row_start = pw_arena_array(b->arena, p->m + 1, sizeof(*p->row_start));
		p->tables.of = r->tables;
		p->tables.cap = pw_arena_array(b->arena, p->m, sizeof(*p->tables.cap));
		p->tables.whose = pw_arena_array(b->arena, p->m, sizeof(*p->tables.whose));
		p->tables.sure = pw_arena_array(b->arena, p->m, sizeof(*p->tables.sure));
		p->tables.start = pw_arena_array(b->arena, p->m + 1, sizeof(*p->tables.start));
		p->tables.curve = pw_arena_array(b->arena, p->m, sizeof(*p->tables.curve));
		p->boost = pw_arena_array(b->arena, p->m, sizeof(*p->boost));
		p->calm = pw_arena_array(b->arena, p->m, sizeof(*p->calm));
		p->exposed = pw_arena_array(b->arena, p->m, sizeof(*p->exposed));
		p->size = pw_arena_array(b->arena, p->m, sizeof(*p->size));
	}
}

/* The last entry of the table of a pool that is not just another like it. */
static size_t last_told(const pw_reduction *r, size_t pool)
{
	size_t k = pw_reduction_last(r, pool);
	if (r->tables->curve[pool] != NULL || k < 1)
		return 1;
	while (k > 1 && pw_reduction_like(r, pool, k) == pw_reduction_like(r, pool, k - 1))
		k--;
	return k;
}

/* How much of the tables is held; of those of households all. */
static void hold_tables(builder *b, pw_problem *p, size_t pools)
{
	pw_part_tables *t = &p->tables;
	size_t held = pw_tables_held(t->cap, pools);
	for (size_t x = 0; x < p->m; x++) {
		size_t length = t->cap[x] + (size_t)1;
		t->start[x + 1] =
			t->start[x] + (uint32_t)(x < pools && held < length ? held : length);
	}
	t->value = pw_arena_array(b->arena, t->start[p->m] + (size_t)1, sizeof(*t->value));
}

static void measure_tables(builder *b)
{
	const pw_reduction *r = b->r;
	uint32_t *pools = pw_arena_array(b->arena, b->count, sizeof(*pools));
	for (size_t i = 0; i < r->m + r->households; i++) {
		if (b->pool_part[i] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->pool_part[i]];
		uint32_t x = b->pool_local[i];
		p->tables.cap[x] = i < r->m ? (uint32_t)last_told(r, i) : r->house_size[i - r->m];
		p->row_start[x + 1] = i < r->m ? r->unsure[i] : r->house_size[i - r->m];
		pools[b->pool_part[i]] += i < r->m;
	}
	for (size_t c = 0; c < b->count; c++) {
		pw_problem *p = &b->parts[c];
		for (size_t x = 0; x < p->m; x++)
			p->row_start[x + 1] += p->row_start[x];
		hold_tables(b, p, pools[c]);
	}
}

static void fill_household(const pw_reduction *r, size_t household, pw_problem *p, uint32_t x)
{
	memcpy(p->tables.value + p->tables.start[x], r->house_value + r->house_start[household],
	       (p->tables.cap[x] + (size_t)1) * sizeof(*p->tables.value));
	p->boost[x] = r->e->households[household].odds;
	p->calm[x] = r->house_calm[household];
	p->exposed[x] = r->house_exposed[household];
}

static void fill_pool(const pw_reduction *r, size_t pool, pw_problem *p, uint32_t x)
{
	pw_part_tables *t = &p->tables;
	for (uint32_t e = t->start[x]; e < t->start[x + 1]; e++)
		t->value[e] = pw_reduction_like(r, pool, e - t->start[x]);
	t->whose[x] = (uint32_t)pool;
	t->sure[x] = r->sure[pool];
	t->curve[x] = r->tables->curve[pool];
	p->by_load = p->by_load || t->curve[x] != NULL;
	p->size[x] = (double)pw_design_members(r->e->design, pool).count;
}

static void fill_tables(builder *b)
{
	const pw_reduction *r = b->r;
	for (size_t i = 0; i < r->m + r->households; i++) {
		if (b->pool_part[i] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->pool_part[i]];
		if (i < r->m)
			fill_pool(r, i, p, b->pool_local[i]);
		else
			fill_household(r, i - r->m, p, b->pool_local[i]);
	}
}

/* Whether nobody was settled and every pool says something: the one part's matrix is the design's. */
static bool is_whole(const builder *b)
{
	const pw_problem *p = &b->parts[0];
	if (b->count != 1 || p->n != b->r->n || p->m != b->r->m)
		return false;
	for (size_t i = 0; i < b->r->m; i++)
		if (b->pool_part[i] == UINT32_MAX)
			return false;
	return true;
}

/* The pools of a person that are in the part, and behind them the household; returns how many. */
static size_t list_pools(const builder *b, size_t person, uint32_t *out)
{
	const pw_reduction *r = b->r;
	size_t count = 0;
	pw_design_list pools = pw_design_pools_of(r->e->design, person);
	for (size_t x = 0; x < pools.count; x++)
		if (b->pool_part[pools.at[x]] != UINT32_MAX)
			out[count++] = pools.at[x];
	uint32_t h = r->households > 0 ? r->e->household_of[person] : PW_NO_HOUSEHOLD;
	if (h != PW_NO_HOUSEHOLD && b->pool_part[r->m + h] != UINT32_MAX)
		out[count++] = (uint32_t)r->m + h;
	return count;
}

/* Where the columns of every part begin; returns how many ones there are altogether. `list` is room. */
static size_t measure_columns(builder *b, uint32_t *list)
{
	size_t ones = 0;
	for (size_t j = 0; j < b->r->n; j++) {
		if (b->part[j] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->part[j]];
		uint32_t me = b->local[j];
		size_t count = list_pools(b, j, list);
		p->col_start[me + 1] = p->col_start[me] + (uint32_t)count;
		ones += count;
	}
	return ones;
}

/* The ones of all parts, one part behind the other. Rows are filled in the order of the persons, so rows and
 * columns come out sorted. */
static void copy_matrix(builder *b, size_t ones, uint32_t *list)
{
	const pw_reduction *r = b->r;
	uint32_t *col = pw_arena_array(b->arena, ones + 1, sizeof(*col));
	uint32_t *row = pw_arena_array(b->arena, ones + 1, sizeof(*row));
	uint32_t *next = pw_arena_array(b->arena, r->m + r->households, sizeof(*next));
	size_t at = 0;
	for (size_t c = 0; c < b->count; c++) {
		pw_problem *p = &b->parts[c];
		p->col = col + at;
		p->row = row + at;
		at += p->col_start[p->n];
	}
	for (size_t j = 0; j < r->n; j++) {
		if (b->part[j] == UINT32_MAX)
			continue;
		const pw_problem *p = &b->parts[b->part[j]];
		uint32_t me = b->local[j];
		size_t count = list_pools(b, j, list), first = (size_t)(p->row - row);
		for (size_t x = 0; x < count; x++) {
			uint32_t i = list[x], y = b->pool_local[i];
			col[first + p->col_start[me] + x] = y;
			row[first + p->row_start[y] + next[i]++] = me;
		}
	}
}

static void fill_matrix(builder *b)
{
	const pw_design *design = b->r->e->design;
	uint32_t *list = pw_arena_array(b->arena, b->r->m + 1, sizeof(*list));
	size_t ones = measure_columns(b, list);
	if (is_whole(b)) {
		b->parts[0].col = pw_design_pools_of(design, 0).at;
		b->parts[0].row = pw_design_members(design, 0).at;
	} else {
		copy_matrix(b, ones, list);
	}
}

static void build(const pw_reduction *r, const bool *useful, const uint32_t *part, size_t count,
		  size_t limit, pw_arena *arena, pw_reduced *out)
{
	size_t all = r->m + r->households;
	builder b = {.r = r, .arena = arena, .part = part, .count = count};
	b.local = pw_arena_array(arena, r->n, sizeof(*b.local));
	b.pool_part = pw_arena_array(arena, all, sizeof(*b.pool_part));
	b.pool_local = pw_arena_array(arena, all, sizeof(*b.pool_local));
	b.parts = pw_arena_array(arena, count + 1, sizeof(*b.parts));
	memset(b.pool_part, 0xff, all * sizeof(*b.pool_part));
	place_persons(&b);
	place_pools(&b, useful);
	measure_tables(&b);
	fill_tables(&b);
	fill_matrix(&b);
	for (size_t c = 0; c < count; c++) {
		b.parts[c].limit = limit;
		b.parts[c].ct = &r->e->ct;
	}
	out->parts = b.parts;
	out->part_count = count;
}

void pw_parts_make(pw_reduction *r, size_t limit, pw_arena *arena, pw_reduced *out)
{
	bool *useful = find_useful(r, arena);
	uint32_t *part = pw_arena_array(arena, r->n, sizeof(*part));
	size_t count = number_parts(r, useful, limit, part, arena);
	build(r, useful, part, count, limit, arena, out);
	out->logz = r->logz;
	out->certain = r->certain;
	out->posterior = pw_arena_array(arena, r->n, sizeof(*out->posterior));
	out->in_part = pw_arena_array(arena, r->n, sizeof(*out->in_part));
	for (size_t j = 0; j < r->n; j++) {
		out->in_part[j] = part[j] != UINT32_MAX;
		out->posterior[j] = r->state[j] == PW_FREE ? r->prior[j] : r->state[j] == PW_ALWAYS;
	}
}
