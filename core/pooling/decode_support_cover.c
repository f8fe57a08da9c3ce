#include "core/pooling/decode_support_cover.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* Rows are of pools paid for when more persons than this may come. */
#define FEW 5

/* Who pays for more than this is not counted by the pools that cost: it would take long, and says little. */
#define COUNTED 2

double pw_cover_exp(double x)
{
	return x < 600 ? exp(x) : 1e260;
}

static void make_kinds(pw_cover_kinds *kinds, size_t count, pw_arena *arena)
{
	kinds->sum = pw_arena_array(arena, 3 * count, sizeof(*kinds->sum));
	kinds->together = kinds->sum + count;
	kinds->one = kinds->together + count;
}

void pw_support_cover_prepare(pw_support *s, pw_arena *arena)
{
	size_t n = s->p->n, m = s->p->m;
	if (!s->coverable || s->weight_max > PW_COVER_WEIGHT) {
		s->coverable = false;
		return;
	}
	pw_cover_room *r = pw_arena_alloc(arena, sizeof(*r));
	r->width = s->weight_max + 1;
	r->kinds = r->width * r->width;
	r->base = pw_arena_array(arena, n, sizeof(*r->base));
	r->kind = pw_arena_array(arena, n, sizeof(*r->kind));
	r->cover = pw_arena_array(arena, n, sizeof(*r->cover));
	r->cost = pw_arena_array(arena, n, sizeof(*r->cost));
	r->gain = pw_arena_array(arena, n, sizeof(*r->gain));
	r->stamp = pw_arena_array(arena, n, sizeof(*r->stamp));
	r->lasting = pw_arena_array(arena, m + 1, sizeof(*r->lasting));
	r->step = pw_arena_array(arena, m + 1, sizeof(*r->step));
	r->key = pw_arena_array(arena, m + 1, sizeof(*r->key));
	r->costly = pw_arena_array(arena, (m + 1) * r->width * (COUNTED + 1), sizeof(*r->costly));
	r->none = pw_arena_array(arena, PW_COVER_CLASSES, sizeof(*r->none));
	r->best = pw_arena_array(arena, (PW_COVER_PAID + 1) * r->width, sizeof(*r->best));
	for (size_t k = 0; k < PW_COVER_CLASSES; k++)
		make_kinds(&r->class[k], r -> kinds, arena);
	make_kinds(&r->here, r->kinds, arena);
	r->shares = pw_arena_array(arena, r->kinds, sizeof(*r->shares));
	size_t choices = PW_SUPPORT_OTHERS * r->width;
	r->within = pw_arena_array(arena, 2 * choices, sizeof(*r->within));
	r->without = r->within + choices;
	pw_cover_count_choices(s, r);
	s->cover_room = r;
}

/* ---- Persons ---- */

/* A later person has their household's boost behind them, and the softness of their pools. */
static double later_of(const pw_support *s, uint32_t j)
{
	double later = s->soft_all[j];
	for (uint32_t x = s->p->col_start[j]; x < s->p->col_start[j + 1]; x++)
		if (s->p->boost[s->p->col[x]] > 0)
			later /= s->factor[s->p->col[x]];
	return later > 1 ? later : 1;
}

static void look_at_pools(pw_support *s)
{
	pw_cover_room *r = s->cover_room;
	r->dearest = 1;
	for (size_t i = 0; i < s->p->m; i++) {
		double refund = s->pay[s->entry[i]];
		r->lasting[i] = s->gains[i] ? 1 : s->factor[i];
		r->step[i] = s->gains[i] ? UINT32_C(1) << 16 : refund > 0;
		if (!s->gains[i] && s->allowed[i] > 1)
			r->dearest = pw_larger(r->dearest, refund);
	}
}

static void weigh_person(pw_support *s, pw_support_cover *c, uint32_t j)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	double base = s->odds[j] * s->excess[j], gain = base;
	uint32_t steps = 0;
	for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
		uint32_t i = p->col[x];
		base *= r->lasting[i];
		gain *= s->factor[i];
		steps += r->step[i];
	}
	r->base[j] = s->soft_all[j] > 1 ? base * later_of(s, j) : base;
	r->cost[j] = (uint8_t)steps;
	r->cover[j] = (uint8_t)(steps >> 16);
	r->kind[j] = (uint16_t)(r->cover[j] * r->width + r->cost[j]);
	r->gain[j] = gain;
	r->stamp[j] = r->now;
	if (gain > c->best_gain) {
		c->best_gain = gain;
		c->best = j;
	}
}

/* The members of a pool; returns what they gain together. */
static double weigh_pool(pw_support *s, pw_support_cover *c, size_t pool)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	double sum = 0;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++) {
		uint32_t j = p->row[x];
		if (s->excluded[j])
			continue;
		if (r->stamp[j] != r->now)
			weigh_person(s, c, j);
		sum += r->gain[j];
	}
	return sum;
}

/* ---- Kinds ---- */

/* Who pays for much is not counted by the pools that cost: where the sums by those of one kind are. */
static double *costly_of(const pw_cover_room *r, uint32_t j)
{
	return r->costly + ((size_t)r->cover[j] * (COUNTED + 1) + r->cost[j]);
}

static void count_costly(const pw_support *s, uint32_t j, pw_cover_kinds *out)
{
	const pw_problem *p = s->p;
	const pw_cover_room *r = s->cover_room;
	size_t stride = r->width * (COUNTED + 1);
	double *sums = costly_of(r, j), most = out->together[r->kind[j]];
	for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
		uint32_t i = p->col[x];
		if (r->step[i] != 1)
			continue;
		sums[i * stride] += r->base[j];
		most = pw_larger(most, sums[i * stride]);
	}
	out->together[r->kind[j]] = most;
}

static void forget_costly(const pw_support *s, uint32_t j)
{
	const pw_cover_room *r = s->cover_room;
	double *sums = costly_of(r, j);
	for (uint32_t x = s->p->col_start[j]; x < s->p->col_start[j + 1]; x++)
		sums[s->p->col[x] * r->width * (COUNTED + 1)] = 0;
}

static void sum_kinds(const pw_support *s, const uint32_t *list, size_t count, pw_cover_kinds *out)
{
	const pw_cover_room *r = s->cover_room;
	for (size_t x = 0; x < count; x++) {
		uint32_t j = list[x];
		size_t kind = r->kind[j];
		if (s->excluded[j])
			continue;
		out->sum[kind] += r->base[j];
		out->one[kind] = pw_larger(out->one[kind], r->base[j]);
	}
}

void pw_cover_sum_kinds(const pw_support *s, const uint32_t *list, size_t count, size_t common,
			bool by_costly, pw_cover_kinds *out)
{
	const pw_cover_room *r = s->cover_room;
	memset(out->sum, 0, 3 * r->kinds * sizeof(*out->sum));
	sum_kinds(s, list, count, out);
	if (!by_costly)
		return;
	for (size_t x = 0; x < count; x++)
		if (r->cost[list[x]] <= COUNTED && !s->excluded[list[x]])
			count_costly(s, list[x], out);
	for (size_t x = 0; x < count; x++)
		if (r->cost[list[x]] <= COUNTED && !s->excluded[list[x]])
			forget_costly(s, list[x]);
	for (size_t a = 0; a < r->width; a++)
		for (size_t kind = a * r->width + COUNTED + 1; kind < (a + 1) * r->width; kind++)
			out->together[kind] =
				pw_smaller(out->sum[kind], (double)common * out->one[kind]);
}

/* ---- Pools ---- */

/* Puts the pools that gain in order, the one first whose members gain least. */
static void order_pools(pw_support *s, pw_support_cover *c)
{
	pw_cover_room *r = s->cover_room;
	if (c->order_room < s->gain_pools) {
		c->order_room = 2 * s->gain_pools;
		c->order = pw_realloc_array(c->order, c->order_room, sizeof(*c->order));
	}
	size_t count = 0;
	for (uint32_t i = 0; i < s->p->m; i++) {
		if (!s->gains[i])
			continue;
		r->key[i] = weigh_pool(s, c, i);
		size_t at = count++;
		for (; at > 0 && r->key[c->order[at - 1]] > r->key[i]; at--)
			c->order[at] = c->order[at - 1];
		c->order[at] = i;
	}
}

/* Of every class of pools the largest up to its end. */
static void sum_classes(pw_support *s, const pw_support_cover *c, size_t classes)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	size_t cells = (c->by_paid ? 3 : 1) * r->kinds;
	double worst = 0;
	for (size_t x = 0; x < c->pools; x++) {
		uint32_t pool = c->order[x], first = p->row_start[pool];
		size_t k = pw_cover_class(c, c->pools - x, classes);
		double *most = r->class[k].sum;
		pw_cover_sum_kinds(s, p->row + first, p->row_start[pool + 1] - first, s->common,
				   c->by_paid, &r->here);
		if (x == 0)
			memset(most, 0, cells * sizeof(*most));
		else if (pw_cover_class(c, c->pools - x + 1, classes) != k)
			memcpy(most, r->class[k - 1].sum, cells * sizeof(*most));
		for (size_t y = 0; y < cells; y++)
			most[y] = pw_larger(most[y], r->here.sum[y]);
		worst = pw_larger(worst, s->spoiled[s->entry[pool]]);
		r->none[k] = worst;
	}
}

void pw_cover_make_rows(pw_support_cover *c)
{
	size_t needed = (c->rows + 1) * (c->pools + 1);
	if (needed <= c->v_room)
		return;
	c->v_room = 2 * needed;
	c->v = pw_realloc_array(c->v, c->v_room, sizeof(*c->v));
}

/* ---- Rows of persons ---- */

/* What the first `to` refunds of a person who pays for `cost` make of their weight, as the one who comes when
 * `step` others have. */
static double refund(const pw_support *s, const pw_support_cover *c, size_t step, bool all,
		     size_t cost)
{
	size_t paid = all && step == c->rows ? cost : step * s->overlap;
	double factor = 1;
	for (size_t k = 0; k < paid && k < cost; k++)
		factor *= s->cover_room->dearest;
	return factor;
}

/* By cover: what the persons of a class bring as the next, in this step. */
static void weigh_step(const pw_cover_room *r, const double *sum, const double *refunds,
		       double *weight)
{
	for (size_t a = 1; a < r->width; a++) {
		weight[a] = 0;
		for (size_t cost = 0; a + cost < r->width; cost++)
			weight[a] += sum[a * r->width + cost] * refunds[cost];
	}
}

static void fill_row(const pw_support *s, const pw_support_cover *c, size_t t, bool all,
		     size_t classes)
{
	const pw_cover_room *r = s->cover_room;
	double *v = pw_cover_row(c, t), *next = pw_cover_row(c, t < c->rows ? t + 1 : t);
	double refunds[PW_COVER_WEIGHT + 1], weight[PW_COVER_WEIGHT + 1];
	size_t class = SIZE_MAX;
	for (size_t cost = 0; cost < r->width; cost++)
		refunds[cost] = refund(s, c, t, all, cost);
	for (size_t u = 1; u <= c->pools; u++) {
		size_t k = pw_cover_class(c, u, classes);
		double sum = r->none[k] * v[u - 1], worst = 0;
		if (k != class)
			weigh_step(r, r->class[k].sum, refunds, weight);
		class = k;
		for (size_t a = 1; a < r->width; a++) {
			if (u >= a)
				worst = pw_larger(worst, next[u - a]);
			sum += weight[a] > 0 ? weight[a] * worst : 0;
		}
		v[u] = sum;
	}
}

/* The last row, where nobody may come any more. */
static void fill_last(const pw_support *s, const pw_support_cover *c, size_t classes)
{
	double *v = pw_cover_row(c, c->rows);
	v[0] = 1;
	for (size_t u = 1; u <= c->pools; u++)
		v[u] = v[u - 1] * s->cover_room->none[pw_cover_class(c, u, classes)];
}

static void fill_others_by_steps(pw_support_cover *c, const pw_support *s, bool all)
{
	const pw_cover_room *r = s->cover_room;
	for (size_t t = 0; t < PW_SUPPORT_OTHERS; t++) {
		double sum = 0;
		for (size_t cost = 0; cost < r->width; cost++)
			sum += r->here.sum[cost] * refund(s, c, t, all, cost);
		c->others[t] = pw_cover_exp(sum);
	}
}

static void fill_by_steps(pw_support_cover *c, pw_support *s, size_t classes, bool all)
{
	if (!all)
		fill_last(s, c, classes);
	for (size_t t = all ? c->rows + 1 : c->rows; t-- > 0;)
		fill_row(s, c, t, all, classes);
}

/* ---- Everybody else ---- */

/* Everybody who is not excluded, as if they covered nothing, with their slack. */
static void sum_others(pw_support *s, pw_support_cover *c)
{
	pw_cover_room *r = s->cover_room;
	uint32_t n = (uint32_t)s->p->n;
	r->now++;
	for (uint32_t j = 0; j < n; j++) {
		s->list[j] = j;
		if (s->excluded[j])
			continue;
		weigh_person(s, c, j);
		r->kind[j] = r->cost[j];
		r->cover[j] = 0;
		r->base[j] *= s->slack[j];
	}
	pw_cover_sum_kinds(s, s->list, n, s->largest_pool, c->by_paid, &r->here);
	pw_effort_spend(s->effort, 24 * s->p->n);
}

static size_t row_here(const pw_support_cover *c, size_t count, size_t paid)
{
	return c->by_paid ? paid - c->paid : count - c->count;
}

/* By row: from a table below, or by going through everybody. */
static void find_others(pw_support_cover *c, pw_support *s, bool all, const pw_support_cover *below)
{
	if (below != NULL && below->by_paid == c->by_paid) {
		size_t skip = row_here(below, c->count, c->paid);
		for (size_t t = 0; t < PW_SUPPORT_OTHERS; t++)
			c->others[t] =
				below->others[t + skip < PW_SUPPORT_OTHERS ? t + skip
									   : PW_SUPPORT_OTHERS - 1];
		return;
	}
	sum_others(s, c);
	if (c->by_paid)
		pw_cover_fill_others_by_paid(c, s, &s->cover_room->here);
	else
		fill_others_by_steps(c, s, all);
}

/* ---- The table ---- */

/* How many rows: returns whether the last one stands for all beyond, instead of for nobody coming any more. */
static bool count_rows(pw_support_cover *c, const pw_support *s, size_t more)
{
	size_t saturate = s->overlap > 0 ? (s->weight_max + s->overlap - 1) / s->overlap + 1 : 1;
	c->by_paid = more > FEW;
	c->rows = saturate < PW_COVER_STEPS ? saturate : PW_COVER_STEPS;
	bool all = more > c->rows;
	c->rows = all ? c->rows : more;
	c->rows = c->by_paid ? PW_COVER_PAID : c->rows;
	return all;
}

void pw_support_cover_make(pw_support_cover *c, pw_support *s, size_t more,
			   const pw_support_cover *below)
{
	PW_BUG_IF(!s->coverable || s->gain_pools == 0);
	c->count = s->count;
	c->paid = s->paid;
	c->pools = s->gain_pools;
	c->best = UINT32_MAX;
	c->best_gain = 0;
	bool all = count_rows(c, s, more);
	size_t classes = c->pools < PW_COVER_CLASSES ? c->pools : PW_COVER_CLASSES;
	pw_cover_make_rows(c);
	look_at_pools(s);
	find_others(c, s, all, below);
	s->cover_room->now++;
	order_pools(s, c);
	sum_classes(s, c, classes);
	for (size_t t = 0; t <= c->rows; t++)
		pw_cover_row(c, t)[0] =
			c->others[c->by_paid && t == c->rows ? PW_SUPPORT_OTHERS - 1 : t];
	if (c->by_paid)
		pw_cover_fill_by_paid(c, s, classes);
	else
		fill_by_steps(c, s, classes, all);
	pw_effort_spend(s->effort, 512 * c->pools);
}

void pw_support_cover_clear(pw_support_cover *cover)
{
	pw_free(cover->v);
	pw_free(cover->order);
	*cover = (pw_support_cover){.count = 0};
}

double pw_support_cover_value(const pw_support_cover *c, size_t count, size_t paid, size_t pools)
{
	size_t row = row_here(c, count, paid);
	PW_BUG_IF(pools > c->pools);
	return pw_cover_row(c, row < c->rows ? row : c->rows)[pools];
}
