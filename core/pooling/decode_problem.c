/*
 * A part as a problem of its own: who is in it, its tables, and, when it is its turn, its matrix. Mostly its persons and
 * pools are numbered anew and its ones copied. Where nobody and no pool is missing, and where that copy would be
 * large, the matrix is the design's own, with the design's numbers, and whoever is not in the part is marked as absent.
 */
#include "core/pooling/decode_impl.h"

#include <string.h>

#include "core/pooling/decode_states.h"

/* From so many ones on no copy is made (8 bytes each), */
#define LARGE ((uint64_t)1 << 20)

/* unless the states of the pools can be summed, which takes the part by itself: not with so many pools, as
 * everybody has one that is summed out, one that is alike to others, and the rest of their pools here. */
#define MOST_SINGLE 32

/* ---- Tables ---- */

/* With this many altogether nobody minds; and no less than so many of each. */
#define HELD       ((size_t)1 << 16)
#define LEAST_HELD 4

size_t pw_tables_held(const uint32_t *cap, size_t pools)
{
	size_t held = LEAST_HELD, added = 0, longest = 0;
	for (size_t i = 0; i < pools; i++)
		longest = cap[i] >= longest ? cap[i] + (size_t)1 : longest;
	while (held < longest) {
		for (size_t i = 0; i < pools; i++) {
			size_t length = cap[i] + (size_t)1;
			if (length > held)
				added += (length < 2 * held ? length : 2 * held) - held;
		}
		if (added > HELD)
			break;
		held *= 2;
	}
	return held;
}

double pw_problem_like(const pw_problem *p, size_t pool, size_t k)
{
	const pw_part_tables *t = &p->tables;
	k = k < t->cap[pool] ? k : t->cap[pool];
	if (k < t->start[pool + 1] - t->start[pool])
		return t->value[t->start[pool] + k];
	return pw_tables_like(t->of, t->whose[pool], t->sure[pool] + k);
}

/* ---- Who is where ---- */

typedef struct builder {
	const pw_reduction *r;
	pw_arena *scratch, *arena;
	const bool *useful;
	const uint32_t *part;
	uint32_t *local;     /* by sample: its place in its part */
	uint32_t *pool_part; /* by pool and then household, UINT32_MAX for useless ones */
	uint32_t *pool_local;
	pw_problem *parts;
	size_t count;
} builder;

/* The part a useful pool belongs to: that of any free member. */
static uint32_t part_of_pool(const pw_reduction *r, size_t pool, const uint32_t *part)
{
	pw_design_list members = pw_design_members(r->e->design, pool);
	for (size_t x = 0; x < members.count; x++)
		if (r->state[members.at[x]] == PW_FREE)
			return part[members.at[x]];
	return UINT32_MAX;
}

static void find_pool_parts(builder *b)
{
	const pw_reduction *r = b->r;
	for (size_t j = 0; r->households > 0 && j < r->n; j++) {
		uint32_t h = r->e->household_of[j];
		if (b->part[j] != UINT32_MAX && h != PW_NO_HOUSEHOLD && b->useful[r->m + h])
			b->pool_part[r->m + h] = b->part[j];
	}
	for (size_t i = 0; i < r->m; i++)
		if (b->useful[i])
			b->pool_part[i] = part_of_pool(r, i, b->part);
}

/* What a part is made of. */
typedef struct extent {
	uint64_t ones; /* without those of households */
	size_t persons, pools, largest, households;
} extent;

static extent *measure_parts(const builder *b)
{
	const pw_reduction *r = b->r;
	extent *extents = pw_arena_array(b->scratch, b->count, sizeof(*extents));
	for (size_t i = 0; i < r->m + r->households; i++) {
		if (b->pool_part[i] == UINT32_MAX)
			continue;
		extent *x = &extents[b->pool_part[i]];
		if (i >= r->m) {
			x->households++;
			continue;
		}
		x->ones += r->unsure[i];
		x->largest = r->unsure[i] > x->largest ? r->unsure[i] : x->largest;
		x->pools++;
	}
	for (size_t j = 0; j < r->n; j++)
		if (b->part[j] != UINT32_MAX)
			extents[b->part[j]].persons++;
	return extents;
}

/* Whether the part has the design's matrix. Households are not in that one. */
static bool is_view(const pw_reduction *r, const extent *x)
{
	if (x->households > 0)
		return false;
	if (x->persons == r->n && x->pools == r->m)
		return true;
	return !r->by_load && x->ones >= LARGE &&
	       x->ones > 2 * x->persons + (uint64_t)MOST_SINGLE * x->largest;
}

/* A part with the design's numbers. */
static void make_view(const builder *b, pw_problem *p, const extent *x)
{
	p->view = true;
	p->n = b->r->n;
	p->m = b->r->m;
	if (x->persons == p->n && x->pools == p->m)
		return;
	p->absent = pw_arena_array(b->arena, p->n, sizeof(*p->absent));
	p->missing = pw_arena_array(b->arena, p->m, sizeof(*p->missing));
	p->members = pw_arena_array(b->arena, p->m, sizeof(*p->members));
	memset(p->absent, true, p->n * sizeof(*p->absent));
	memset(p->missing, true, p->m * sizeof(*p->missing));
}

static void place_persons(builder *b)
{
	for (size_t j = 0; j < b->r->n; j++) {
		if (b->part[j] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->part[j]];
		b->local[j] = (uint32_t)(p->view ? j : p->n++);
		p->persons++;
	}
	for (size_t c = 0; c < b->count; c++) {
		pw_problem *p = &b->parts[c];
		p->id = pw_arena_array(b->arena, p->n, sizeof(*p->id));
		p->prior = pw_arena_array(b->arena, p->n, sizeof(*p->prior));
	}
	for (size_t j = 0; j < b->r->n; j++) {
		if (b->part[j] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->part[j]];
		p->id[b->local[j]] = (uint32_t)j;
		p->prior[b->local[j]] = b->r->prior[j];
		if (p->absent != NULL)
			p->absent[j] = false;
	}
}

static void make_pool_room(builder *b, pw_problem *p)
{
	p->tables.of = b->r->tables;
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

static void place_pools(builder *b)
{
	for (size_t i = 0; i < b->r->m + b->r->households; i++) {
		if (b->pool_part[i] == UINT32_MAX)
			continue;
		pw_problem *p = &b->parts[b->pool_part[i]];
		b->pool_local[i] = (uint32_t)(p->view ? i : p->m++);
		if (p->missing != NULL) {
			p->missing[i] = false;
			p->members[i] = b->r->unsure[i];
		}
	}
	for (size_t c = 0; c < b->count; c++)
		make_pool_room(b, &b->parts[c]);
}

/* ---- Their tables ---- */

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

/* How much of the tables is held; of those of households all. A pool that is missing has one entry, 1. */
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
	for (size_t x = 0; p->missing != NULL && x < p->m; x++)
		t->value[t->start[x]] = 1;
}

static void measure_tables(builder *b, const extent *extents)
{
	const pw_reduction *r = b->r;
	for (size_t i = 0; i < r->m + r->households; i++) {
		if (b->pool_part[i] == UINT32_MAX)
			continue;
		pw_part_tables *t = &b->parts[b->pool_part[i]].tables;
		t->cap[b->pool_local[i]] =
			i < r->m ? (uint32_t)last_told(r, i) : r->house_size[i - r->m];
	}
	for (size_t c = 0; c < b->count; c++)
		hold_tables(b, &b->parts[c], b->parts[c].m - extents[c].households);
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

void pw_problems_make(const pw_reduction *r, const bool *useful, const uint32_t *part, size_t count,
		      pw_arena *scratch, pw_arena *arena, pw_reduced *out)
{
	size_t all = r->m + r->households;
	builder b = {.r = r,
		     .scratch = scratch,
		     .arena = arena,
		     .useful = useful,
		     .part = part,
		     .count = count};
	b.local = pw_arena_array(scratch, r->n, sizeof(*b.local));
	b.pool_part = pw_arena_array(arena, all, sizeof(*b.pool_part));
	b.pool_local = pw_arena_array(arena, all, sizeof(*b.pool_local));
	b.parts = pw_arena_array(arena, count + 1, sizeof(*b.parts));
	memset(b.pool_part, 0xff, all * sizeof(*b.pool_part));
	find_pool_parts(&b);
	extent *extents = measure_parts(&b);
	for (size_t c = 0; c < count; c++) {
		b.parts[c].ct = &r->e->ct;
		if (is_view(r, &extents[c]))
			make_view(&b, &b.parts[c], &extents[c]);
	}
	place_persons(&b);
	place_pools(&b);
	measure_tables(&b, extents);
	fill_tables(&b);
	out->evidence = r->e;
	out->households = r->households;
	out->pool_part = b.pool_part;
	out->pool_local = b.pool_local;
	out->parts = b.parts;
	out->part_count = count;
}

/* ---- The matrix ---- */

static void take_design(const pw_design *design, pw_problem *p)
{
	for (size_t j = 0; j < p->n; j++)
		p->col_start[j + 1] =
			p->col_start[j] + (uint32_t)pw_design_pools_of(design, j).count;
	for (size_t i = 0; i < p->m; i++)
		p->row_start[i + 1] =
			p->row_start[i] + (uint32_t)pw_design_members(design, i).count;
	p->col = pw_design_pools_of(design, 0).at;
	p->row = pw_design_members(design, 0).at;
}

/* The pools of a person that are in the part, by their numbers in it, and behind them the household; `out` may be NULL.
 * Returns how many. */
static size_t list_pools(const pw_reduced *r, uint32_t person, uint32_t *out)
{
	size_t count = 0, m = pw_design_pools(r->evidence->design);
	pw_design_list pools = pw_design_pools_of(r->evidence->design, person);
	for (size_t x = 0; x < pools.count; x++) {
		uint32_t i = pools.at[x];
		if (r->pool_part[i] == UINT32_MAX)
			continue;
		if (out != NULL)
			out[count] = r->pool_local[i];
		count++;
	}
	uint32_t h = r->households > 0 ? r->evidence->household_of[person] : PW_NO_HOUSEHOLD;
	if (h != PW_NO_HOUSEHOLD && r->pool_part[m + h] != UINT32_MAX) {
		if (out != NULL)
			out[count] = r->pool_local[m + h];
		count++;
	}
	return count;
}

/* Rows are filled in the order of the persons, so rows and columns come out sorted. */
static void copy_matrix(const pw_reduced *r, pw_problem *p, pw_arena *arena)
{
	for (size_t j = 0; j < p->n; j++)
		p->col_start[j + 1] = p->col_start[j] + (uint32_t)list_pools(r, p->id[j], NULL);
	uint32_t *col = pw_arena_array(arena, p->col_start[p->n] + (size_t)1, sizeof(*col));
	uint32_t *row = pw_arena_array(arena, p->col_start[p->n] + (size_t)1, sizeof(*row));
	uint32_t *next = pw_arena_array(arena, p->m + 1, sizeof(*next));
	for (size_t j = 0; j < p->n; j++)
		list_pools(r, p->id[j], col + p->col_start[j]);
	for (uint32_t x = 0; x < p->col_start[p->n]; x++)
		p->row_start[col[x] + 1]++;
	for (size_t i = 0; i < p->m; i++)
		p->row_start[i + 1] += p->row_start[i];
	memcpy(next, p->row_start, p->m * sizeof(*next));
	for (uint32_t j = 0; j < p->n; j++)
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
			row[next[col[x]]++] = j;
	p->col = col;
	p->row = row;
}

void pw_problem_open(const pw_reduced *r, size_t which, pw_arena *arena)
{
	pw_problem *p = &r->parts[which];
	p->col_start = pw_arena_array(arena, p->n + 1, sizeof(*p->col_start));
	p->row_start = pw_arena_array(arena, p->m + 1, sizeof(*p->row_start));
	if (p->view)
		take_design(r->evidence->design, p);
	else
		copy_matrix(r, p, arena);
}

size_t pw_problem_weight(const pw_problem *p, size_t person)
{
	size_t weight = 0;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		weight += !pw_problem_misses(p, p->col[x]);
	return weight;
}
