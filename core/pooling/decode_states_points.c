#include "core/pooling/decode_states_leaves.h"

#include <math.h>
#include <string.h>

/* ---- A leaf ---- */

/* Whether all of somebody's open kinds let them be positive. */
static bool may_be(const pw_leaves *e, uint32_t j)
{
	const pw_leaf_person *x = &e->person[j];
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
static void apply_person(const pw_leaves *e, uint32_t j, pw_points *x, const pw_points *f)
{
	const pw_leaf_person *who = &e->person[j];
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

static void apply_members(const pw_leaves *e, uint32_t first, uint32_t last, pw_points *x,
			  const pw_points *f)
{
	for (uint32_t at = first; at < last; at++) {
		uint32_t j = e->s->member[at];
		if (!pw_leaf_has_no(&e->person[j]) && may_be(e, j))
			apply_person(e, j, x, f);
	}
}

static void apply_column(pw_leaves *e, size_t g, const pw_points *scalar)
{
	const pw_leaf_column *c = &e->column[g];
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
		for (const pw_leaf_blend *b = c->blends; b < c->blends + c->blend_count; b++)
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

static void add_leaf(pw_leaves *e, double weight, const pw_points *scalars)
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
static void decide(const pw_leaves *e, size_t depth, uint32_t rank, pw_points *scalars)
{
	static const pw_points less = {{-1, -1, -1, -1}, {0}};
	for (uint32_t at = e->decided_start[depth]; at < e->decided_start[depth + 1]; at++) {
		uint32_t j = e->decided[at], g = e->group_of[j];
		const pw_leaf_person *x = &e->person[j];
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

static void visit(pw_leaves *e, size_t depth, double weight)
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
			decide(e, depth + 1, open, next);
		double share = choose(kind->pools, open) * pow(kind->some, open) *
			       pow(kind->none - kind->some, kind->pools - open);
		if (share > 0)
			visit(e, depth + 1, weight * share);
	}
	e->digit[d] = 0;
	e->open_bits &= d < s->bits ? ~(UINT32_C(1) << d) : UINT32_MAX;
}

bool pw_states_points(const pw_state_plan *s, const pw_points *z, pw_effort *effort, pw_points *out)
{
	pw_leaves e;
	double nobody = 1; /* of the loose */
	pw_leaves_init(&e, s, z, effort);
	for (uint32_t x = s->loose; x < s->p->n; x++)
		nobody *= 1 - s->prior[s->member[x]];
	for (size_t g = 0; g <= s->groups; g++)
		e.scalars[g] = pw_points_of(e.column[g].steep ? 0 : 1);
	decide(&e, 0, 1, e.scalars);
	visit(&e, 0, nobody);
	*out = e.sum;
	pw_leaves_clear(&e);
	return !e.over;
}
