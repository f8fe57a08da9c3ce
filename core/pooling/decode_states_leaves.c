#include "core/pooling/decode_states_leaves.h"

#include <string.h>

#include "core/base/mem.h"

/* States that are worth a leaf. */
#define LEAST_LEAF 256

static bool is_open(const pw_state_kind *kind)
{
	return kind->none >= kind->some;
}

/* ---- What it takes ---- */

/* Of single open kinds so many are inner. */
static size_t count_inner(const pw_state_plan *s, uint64_t *out_forced)
{
	size_t single = 0, inner = 0;
	*out_forced = 1;
	for (size_t d = 0; d < s->kinds; d++) {
		single += d < s->bits && is_open(&s->kind[d]);
		*out_forced *= is_open(&s->kind[d]) ? 1 : s->kind[d].pools + 1;
	}
	while (inner < single && *out_forced << inner < LEAST_LEAF)
		inner++;
	return inner;
}

uint64_t pw_states_points_cost(const pw_state_plan *s)
{
	return (uint64_t)s->states * (s->p->n + 2 * s->groups + 2) / 2;
}

uint64_t pw_states_points_bytes(const pw_state_plan *s)
{
	uint64_t forced;
	size_t inner = count_inner(s, &forced);
	return (3 * (forced << inner) + (s->kinds + 2) * (s->groups + 1)) * sizeof(pw_points);
}

/* ---- Setting up ---- */

static void add_to_leaf(pw_leaves *e, uint32_t d)
{
	e->leaf[e->leafs++] = d;
	e->stride[d] = e->states;
	e->states *= e->s->kind[d].pools + 1;
}

static void split_kinds(pw_leaves *e)
{
	const pw_state_plan *s = e->s;
	uint64_t forced;
	e->inner = count_inner(s, &forced);
	e->states = e->low = 1;
	for (uint32_t d = 0; d < s->kinds; d++) {
		if (!is_open(&s->kind[d]))
			continue;
		if (e->leafs < e->inner)
			add_to_leaf(e, d);
		else
			e->open[e->opens++] = d;
	}
	for (uint32_t d = 0; d < s->kinds; d++)
		if (!is_open(&s->kind[d]))
			add_to_leaf(e, d);
	for (size_t k = 0; k < e->leafs && e->low * e->low < e->states; k++)
		e->low *= s->kind[e->leaf[k]].pools + 1;
}

static bool is_in(const pw_state_plan *s, uint32_t j, uint32_t d)
{
	return d < s->bits ? (s->mask[j] >> d & 1) != 0 : s->among[j] == d;
}

static void place_person(pw_leaves *e, uint32_t j, const pw_points *z)
{
	const pw_state_plan *s = e->s;
	pw_leaf_person *x = &e->person[j];
	for (uint32_t k = 0; k < e->opens; k++) {
		uint32_t d = e->open[k];
		if (!is_in(s, j, d))
			continue;
		x->open |= d < s->bits ? UINT32_C(1) << d : 0;
		x->open_among = x->open_among || d >= s->bits;
		x->decided = k + 1;
	}
	for (size_t k = 0; k < e->leafs; k++) {
		uint32_t d = e->leaf[k];
		if (!is_in(s, j, d))
			continue;
		if (k < e->inner)
			x->inner |= (uint32_t)e->stride[d];
		else if (d < s->bits)
			x->forced |= (uint32_t)e->stride[d];
		else
			x->forced_among = true;
	}
	x->odds = s->prior[j] / (1 - s->prior[j]);
	x->factor = pw_points_scale(z, x->odds);
	pw_points one = pw_points_of(1);
	pw_points_add(&x->factor, &one);
}

static void sort_scalars(pw_leaves *e)
{
	const pw_state_plan *s = e->s;
	uint32_t at = 0;
	for (size_t k = 0; k <= e->opens; k++) {
		e->decided_start[k] = at;
		for (uint32_t j = 0; j < s->p->n; j++)
			if (pw_leaf_has_no(&e->person[j]) && e->person[j].decided == k)
				e->decided[at++] = j;
	}
	e->decided_start[e->opens + 1] = at;
}

/* z^(forced pools hit) times the likelihood, or of inner ones their share. */
static void fill_start(pw_leaves *e, const pw_points *z)
{
	e->start[0] = pw_points_of(1);
	for (size_t k = 0; k < e->leafs; k++) {
		const pw_state_kind *kind = &e->s->kind[e->leaf[k]];
		size_t stride = e->stride[e->leaf[k]];
		pw_points hit =
			k < e->inner ? pw_points_of(kind->some) : pw_points_scale(z, kind->some);
		double none = k < e->inner ? kind->none - kind->some : kind->none;
		for (size_t pool = 0; pool < kind->pools; pool++) /* of 0…pool of them, one more */
			for (size_t u = (pool + 2) * stride; u-- > 0;)
				e->start[u] = u >= (pool + 1) * stride
						      ? pw_points_mul(&e->start[u - stride], &hit)
						      : pw_points_scale(&e->start[u], none);
	}
}

/* The one kind of leaves that somebody is in; UINT32_MAX for several. */
static uint32_t kind_of(const pw_leaves *e, uint32_t j)
{
	uint32_t found = UINT32_MAX;
	for (size_t k = 0; k < e->leafs; k++) {
		if (!is_in(e->s, j, e->leaf[k]))
			continue;
		if (found != UINT32_MAX)
			return UINT32_MAX;
		found = e->leaf[k];
	}
	return found;
}

/* Whether everybody who is part of leaves is in one kind of theirs alone, and nobody else of the group in the same
 * pool, so that what they bring where it is hit can wait. */
static bool is_tidy(const pw_leaves *e, const pw_state_group *g, uint32_t *uses)
{
	const pw_state_plan *s = e->s;
	memset(uses, 0, s->kinds * sizeof(*uses));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (pw_leaf_has_no(&e->person[j]))
			continue;
		uint32_t d = kind_of(e, j);
		if (e->person[j].decided != 0 || d == UINT32_MAX || ++uses[d] > s->kind[d].pools)
			return false;
	}
	return true;
}

/* Of the digits in states that are `unit` apart, `count` of them. Who is in an inner pool brings a factor where it is
 * open, who is in a forced one where it was hit before. */
static pw_points *fill_factors(const pw_leaves *e, const pw_state_group *g, size_t unit,
			       size_t count)
{
	const pw_state_plan *s = e->s;
	pw_points *table = pw_alloc_array(count, sizeof(*table));
	for (size_t u = 0; u < count; u++)
		table[u] = pw_points_of(1);
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (pw_leaf_has_no(&e->person[j]))
			continue;
		uint32_t d = kind_of(e, j), pools = s->kind[d].pools;
		size_t stride = e->stride[d] / unit;
		for (size_t u = 0; stride > 0 && stride < count && u < count; u++)
			if (u / stride % (pools + 1) + s->rank[j] > pools)
				table[u] = pw_points_mul(&table[u], &e->person[j].factor);
	}
	return table;
}

static void fill_blends(const pw_leaves *e, const pw_state_group *g, pw_leaf_column *c)
{
	const pw_state_plan *s = e->s;
	c->blends = pw_alloc_array(g->last - g->first + 1, sizeof(*c->blends));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (pw_leaf_has_no(&e->person[j]) || e->person[j].inner != 0)
			continue;
		uint32_t d = kind_of(e, j), pools = s->kind[d].pools;
		size_t stride = e->stride[d];
		c->blends[c->blend_count++] =
			(pw_leaf_blend){stride * (pools + 1), stride * (pools + 1 - s->rank[j]),
					stride, e->person[j].odds};
	}
}

static void fill_columns(pw_leaves *e)
{
	const pw_state_plan *s = e->s;
	uint32_t *uses = pw_alloc_array(s->kinds + 1, sizeof(*uses));
	for (size_t g = 0; g < s->groups; g++) {
		const pw_state_group *x = &s->group[g];
		pw_leaf_column *c = &e->column[g];
		double nobody = pw_state_plan_nobody(s, x);
		c->steep = x->some > PW_STATES_MOST_CANCELLED * x->none;
		c->scale = x->some * nobody;
		c->keep = (c->steep ? x->none : x->none - x->some) * nobody;
		if (!c->steep && is_tidy(e, x, uses)) {
			c->low = fill_factors(e, x, 1, e->low);
			c->high = fill_factors(e, x, e->low, e->states / e->low);
			fill_blends(e, x, c);
		}
	}
	pw_free(uses);
}

static void *take(size_t count, size_t size)
{
	return pw_alloc_array(count + 1, size);
}

void pw_leaves_init(pw_leaves *e, const pw_state_plan *s, const pw_points *z, pw_effort *effort)
{
	*e = (pw_leaves){.s = s, .effort = effort};
	size_t n = s->p->n;
	e->open = take(s->kinds, sizeof(*e->open));
	e->leaf = take(s->kinds, sizeof(*e->leaf));
	e->stride = take(s->kinds, sizeof(*e->stride));
	e->digit = take(s->kinds, sizeof(*e->digit));
	split_kinds(e);
	e->person = take(n, sizeof(*e->person));
	for (uint32_t j = 0; j < n; j++)
		place_person(e, j, z);
	e->decided = take(n, sizeof(*e->decided));
	e->decided_start = take(e->opens + 1, sizeof(*e->decided_start));
	sort_scalars(e);
	e->column = take(s->groups, sizeof(*e->column));
	fill_columns(e);
	e->group_of = take(n, sizeof(*e->group_of));
	for (uint32_t x = 0, g = 0; x < n; x++) {
		while (g < s->groups && x >= s->group[g].last)
			g++;
		e->group_of[s->member[x]] = g;
	}
	e->scalars = take((e->opens + 1) * (s->groups + 1), sizeof(*e->scalars));
	e->start = take(e->states, sizeof(*e->start));
	e->f = take(e->states, sizeof(*e->f));
	e->x = take(e->states, sizeof(*e->x));
	fill_start(e, z);
	e->power[0] = *z;
	e->power[1] = pw_points_of(1);
	pw_points inverse;
	for (int k = 0; k < PW_POINTS; k++) {
		double size = z->re[k] * z->re[k] + z->im[k] * z->im[k];
		inverse.re[k] = z->re[k] / size;
		inverse.im[k] = -z->im[k] / size;
	}
	for (size_t k = 2; k < PW_STATES_BITS + 2; k++)
		e->power[k] = pw_points_mul(&e->power[k - 1], &inverse);
}

void pw_leaves_clear(pw_leaves *e)
{
	for (size_t g = 0; g < e->s->groups; g++) {
		pw_free(e->column[g].low);
		pw_free(e->column[g].high);
		pw_free(e->column[g].blends);
	}
	void *all[] = {e->open,     e->leaf,    e->stride,        e->digit,
		       e->person,   e->decided, e->decided_start, e->column,
		       e->group_of, e->scalars, e->start,         e->f,
		       e->x};
	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++)
		pw_free(all[k]);
}
