/*
 * The chance of the results with everybody's odds multiplied by z, at four points z at once.
 *
 * A kept pool whose likelihood is less with a positive than without needs no forcing: its likelihood is a mixture of
 * "anybody may be positive" (weight `some`) and "nobody is" (`none` - `some`), both positive. Such kinds are open
 * or shut: a tree over them decides how many pools are open, and with all decided their people are a factor 1 + o z
 * each, o being the odds, or no factor. Only the other kinds are forced, and each leaf of the tree is a sum over
 * their states, small enough for a near cache; where it would be very small, single open pools are states of the
 * leaf too (inner), instead of branches. All chances are divided by that of nobody being positive, which is
 * multiplied in pool by pool.
 *
 * In f(U) z^(pools hit in U) a person in one forced pool adds o times the state with it hit, which is real: what z
 * does is left to the states in which the pool is hit already, a factor for each, and these are
 * multiplied in for the whole pool that is summed out at once, if everybody in it is in a forced pool of their own.
 */
#include "core/pooling/decode_states.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* Somebody's pools among those of either sort. */
typedef struct person {
	uint32_t open;   /* bits among the open kinds of the tree */
	uint32_t inner;  /* among the inner ones, in the states of a leaf */
	uint32_t forced; /* and among the forced ones */
	uint32_t
		decided; /* by which of the tree it is known whether they may be positive: 0 none, else from 1 */
	bool open_among, forced_among; /* the kind of several that they are in is one of these */
	double odds;
	pw_points factor; /* 1 + o z */
} person;

/* A person in a forced pool, for pw_points_blend. */
typedef struct blend {
	size_t step, count, high;
	double odds;
} blend;

/* A pool that is summed out. */
typedef struct column {
	double scale,
		keep; /* what all of its members and what nobody of them weighs, by the chance of nobody */
	bool steep; /* nothing may be subtracted: its scalar and its sum are without nobody */
	/* Where everybody's part in a leaf comes down to these; else they are NULL. */
	pw_points *low, *high; /* the factors in each state: of its first digits, of the others */
	blend *blends;         /* and what those in forced pools that are not hit add to it */
	size_t blend_count;
} column;

typedef struct engine {
	const pw_state_plan *s;
	pw_effort *effort;
	pw_points power[PW_STATES_BITS + 2]; /* z^(1 - k) */
	person *person;
	column *column; /* one a group, and the loose persons */
	size_t opens, leafs, inner;
	uint32_t *open;     /* the kinds of the tree, in the order of deciding */
	uint32_t *leaf;     /* the kinds of the leaves: first the inner ones, then the forced */
	size_t *stride;     /* of those, by kind */
	size_t states, low; /* of a leaf; those of its first half of digits */
	uint32_t *decided,
		*decided_start; /* persons who are no part of leaves, by the kind that decides on them */
	uint32_t *digit;        /* by kind of the tree: how many are open */
	uint32_t open_bits; /* the single ones that are */
	pw_points *scalars; /* by depth and column: the factors of those decided */
	pw_points *start, *f, *x;
	pw_points sum;
	bool over;
} engine;

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

static void add_to_leaf(engine *e, uint32_t d)
{
	e->leaf[e->leafs++] = d;
	e->stride[d] = e->states;
	e->states *= e->s->kind[d].pools + 1;
}

static void split_kinds(engine *e)
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

static void place_person(engine *e, uint32_t j, const pw_points *z)
{
	const pw_state_plan *s = e->s;
	person *x = &e->person[j];
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

static bool is_scalar(const person *x)
{
	return x->inner == 0 && x->forced == 0 && !x->forced_among;
}

static void sort_scalars(engine *e)
{
	const pw_state_plan *s = e->s;
	uint32_t at = 0;
	for (size_t k = 0; k <= e->opens; k++) {
		e->decided_start[k] = at;
		for (uint32_t j = 0; j < s->p->n; j++)
			if (is_scalar(&e->person[j]) && e->person[j].decided == k)
				e->decided[at++] = j;
	}
	e->decided_start[e->opens + 1] = at;
}

/* z^(forced pools hit) times the likelihood, or of inner ones their share. */
static void fill_start(engine *e, const pw_points *z)
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
static uint32_t kind_of(const engine *e, uint32_t j)
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
static bool is_tidy(const engine *e, const pw_state_group *g, uint32_t *uses)
{
	const pw_state_plan *s = e->s;
	memset(uses, 0, s->kinds * sizeof(*uses));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (is_scalar(&e->person[j]))
			continue;
		uint32_t d = kind_of(e, j);
		if (e->person[j].decided != 0 || d == UINT32_MAX || ++uses[d] > s->kind[d].pools)
			return false;
	}
	return true;
}

/* Of the digits in states that are `unit` apart, `count` of them. Who is in an inner pool brings a factor where it is
 * open, who is in a forced one where it was hit before. */
static pw_points *fill_factors(const engine *e, const pw_state_group *g, size_t unit, size_t count)
{
	const pw_state_plan *s = e->s;
	pw_points *table = pw_alloc_array(count, sizeof(*table));
	for (size_t u = 0; u < count; u++)
		table[u] = pw_points_of(1);
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (is_scalar(&e->person[j]))
			continue;
		uint32_t d = kind_of(e, j), pools = s->kind[d].pools;
		size_t stride = e->stride[d] / unit;
		for (size_t u = 0; stride > 0 && stride < count && u < count; u++)
			if (u / stride % (pools + 1) + s->rank[j] > pools)
				table[u] = pw_points_mul(&table[u], &e->person[j].factor);
	}
	return table;
}

static void fill_blends(const engine *e, const pw_state_group *g, column *c)
{
	const pw_state_plan *s = e->s;
	c->blends = pw_alloc_array(g->last - g->first + 1, sizeof(*c->blends));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		if (is_scalar(&e->person[j]) || e->person[j].inner != 0)
			continue;
		uint32_t d = kind_of(e, j), pools = s->kind[d].pools;
		size_t stride = e->stride[d];
		c->blends[c->blend_count++] =
			(blend){stride * (pools + 1), stride * (pools + 1 - s->rank[j]), stride,
				e->person[j].odds};
	}
}

static void fill_columns(engine *e)
{
	const pw_state_plan *s = e->s;
	uint32_t *uses = pw_alloc_array(s->kinds + 1, sizeof(*uses));
	for (size_t g = 0; g < s->groups; g++) {
		const pw_state_group *x = &s->group[g];
		column *c = &e->column[g];
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

static void setup(engine *e, const pw_points *z)
{
	const pw_state_plan *s = e->s;
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

static void clear(engine *e)
{
	for (size_t g = 0; g < e->s->groups; g++) {
		pw_free(e->column[g].low);
		pw_free(e->column[g].high);
		pw_free(e->column[g].blends);
	}
	void *all[] = {e->open,          e->leaf,   e->stride,  e->digit, e->person, e->decided,
		       e->decided_start, e->column, e->scalars, e->start, e->f,      e->x};
	for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++)
		pw_free(all[k]);
}

/* ---- A leaf ---- */

/* Whether all of somebody's open kinds let them be positive. */
static bool may_be(const engine *e, uint32_t j)
{
	const person *x = &e->person[j];
	return (x->open & ~e->open_bits) == 0 &&
	       (!x->open_among || e->s->rank[j] <= e->digit[e->s->among[j]]);
}

static size_t bits_in(uint32_t bits)
{
	size_t count = 0;
	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

/* One person on x: x(U) += o z x(U with their pools), or of x + f where that is given, which is done in
 * f(U) z^(pools hit): a power of z is taken away for each pool they hit first. */
static void apply_person(const engine *e, uint32_t j, pw_points *x, const pw_points *f)
{
	const person *who = &e->person[j];
	const pw_state_kind *kind = who->forced_among ? &e->s->kind[e->s->among[j]] : NULL;
	size_t stride = kind != NULL ? e->stride[e->s->among[j]] : 0;
	for (size_t u = 0; u < e->states; u++) {
		if ((u & who->inner) != who->inner)
			continue;
		size_t hit = u | who->forced, new = bits_in((uint32_t)(hit ^ u));
		if (kind != NULL && u / stride % (kind->pools + 1) + e->s->rank[j] <= kind->pools) {
			hit += stride;
			new ++;
		}
		pw_points from = x[hit];
		if (f != NULL)
			pw_points_add(&from, &f[hit]);
		pw_points by = pw_points_scale(&e->power[new], who->odds);
		from = pw_points_mul(&from, &by);
		pw_points_add(&x[u], &from);
	}
}

static void apply_members(const engine *e, uint32_t first, uint32_t last, pw_points *x,
			  const pw_points *f)
{
	for (uint32_t at = first; at < last; at++) {
		uint32_t j = e->s->member[at];
		if (!is_scalar(&e->person[j]) && may_be(e, j))
			apply_person(e, j, x, f);
	}
}

static void apply_column(engine *e, size_t g, const pw_points *scalar)
{
	const column *c = &e->column[g];
	const pw_state_group *group = &e->s->group[g];
	static const pw_points one = {{1, 1, 1, 1}, {0}};
	if (c->steep) {
		for (size_t u = 0; u < e->states; u++)
			e->x[u] = pw_points_mul(&e->f[u], scalar);
		apply_members(e, group->first, group->last, e->x, e->f);
		pw_points by = pw_points_of(c->scale);
		for (size_t u = 0; u < e->states; u++)
			pw_points_join(e->f + u, e->x + u, &one, 1, &by, c->keep);
		return;
	}
	memcpy(e->x, e->f, e->states * sizeof(*e->x));
	pw_points by = pw_points_scale(scalar, c->scale);
	if (c->low != NULL) {
		for (const blend *b = c->blends; b < c->blends + c->blend_count; b++)
			pw_points_blend(e->x, e->states, b->step, b->count, b->high, b->odds);
		for (size_t base = 0; base < e->states; base += e->low) {
			pw_points high = pw_points_mul(&by, &c->high[base / e->low]);
			pw_points_join(e->f + base, e->x + base, c->low, e->low, &high, c->keep);
		}
		return;
	}
	apply_members(e, group->first, group->last, e->x, NULL);
	for (size_t u = 0; u < e->states; u++)
		pw_points_join(e->f + u, e->x + u, &one, 1, &by, c->keep);
}

static void add_leaf(engine *e, double weight, const pw_points *scalars)
{
	const pw_state_plan *s = e->s;
	e->over = !pw_effort_spend(e->effort, e->states * (s->p->n + 2 * s->groups + 2) / 2);
	if (e->over)
		return;
	memcpy(e->f, e->start, e->states * sizeof(*e->f));
	apply_members(e, s->loose, (uint32_t)s->p->n, e->f, NULL);
	for (size_t g = 0; g < s->groups; g++)
		apply_column(e, g, &scalars[g]);
	pw_points sum = pw_points_of(0);
	for (size_t u = 0; u < (size_t)1 << e->inner; u++) /* whatever is open, nothing forced */
		pw_points_add(&sum, &e->f[u]);
	sum = pw_points_mul(&sum, &scalars[s->groups]);
	sum = pw_points_scale(&sum, weight);
	pw_points_add(&e->sum, &sum);
}

/* ---- The tree over the open ---- */

/* Those who are no part of leaves, whom the open kinds so far decide on, of this rank, into the factors of their groups;
 * of a steep one without nobody: d becomes d (1 + o z) + o z. */
static void decide(const engine *e, size_t depth, uint32_t rank, pw_points *scalars,
		   const uint32_t *group_of)
{
	static const pw_points less = {{-1, -1, -1, -1}, {0}};
	for (uint32_t at = e->decided_start[depth]; at < e->decided_start[depth + 1]; at++) {
		uint32_t j = e->decided[at], g = group_of[j];
		const person *x = &e->person[j];
		bool is_among = depth > 0 && e->open[depth - 1] >= e->s->bits;
		if ((is_among ? e->s->rank[j] : 1) != rank || !may_be(e, j))
			continue;
		scalars[g] = pw_points_mul(&scalars[g], &x->factor);
		if (e->column[g].steep) {
			pw_points_add(&scalars[g], &x->factor);
			pw_points_add(&scalars[g], &less);
		}
	}
}

static double choose(uint32_t n, uint32_t k)
{
	double ways = 1;
	for (uint32_t i = 0; i < k; i++)
		ways = ways * (n - i) / (i + 1);
	return ways;
}

static void visit(engine *e, size_t depth, double weight, const uint32_t *group_of)
{
	const pw_state_plan *s = e->s;
	pw_points *scalars = e->scalars + depth * (s->groups + 1), *next = scalars + s->groups + 1;
	if (depth == e->opens) {
		add_leaf(e, weight, scalars);
		return;
	}
	uint32_t d = e->open[depth];
	const pw_state_kind *kind = &s->kind[d];
	memcpy(next, scalars, (s->groups + 1) * sizeof(*next));
	for (uint32_t open = 0; open <= kind->pools && !e->over; open++) {
		e->digit[d] = open;
		if (open > 0 && d < s->bits)
			e->open_bits |= UINT32_C(1) << d;
		if (open > 0)
			decide(e, depth + 1, open, next, group_of);
		double share = choose(kind->pools, open) * pow(kind->some, open) *
			       pow(kind->none - kind->some, kind->pools - open);
		if (share > 0)
			visit(e, depth + 1, weight * share, group_of);
	}
	e->digit[d] = 0;
	e->open_bits &= d < s->bits ? ~(UINT32_C(1) << d) : UINT32_MAX;
}

bool pw_states_points(const pw_state_plan *s, const pw_points *z, pw_effort *effort, pw_points *out)
{
	engine e = {.s = s, .effort = effort};
	uint32_t *group_of = take(s->p->n, sizeof(*group_of));
	double nobody = 1; /* of the loose */
	setup(&e, z);
	for (uint32_t x = s->loose; x < s->p->n; x++) {
		group_of[s->member[x]] = (uint32_t)s->groups;
		nobody *= 1 - s->prior[s->member[x]];
	}
	for (uint32_t g = 0; g < s->groups; g++) {
		e.scalars[g] = pw_points_of(e.column[g].steep ? 0 : 1);
		for (uint32_t x = s->group[g].first; x < s->group[g].last; x++)
			group_of[s->member[x]] = g;
	}
	e.scalars[s->groups] = pw_points_of(1);
	decide(&e, 0, 1, e.scalars, group_of);
	visit(&e, 0, nobody, group_of);
	*out = e.sum;
	clear(&e);
	pw_free(group_of);
	return !e.over;
}
