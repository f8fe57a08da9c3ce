#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* fmax is a call, which this is not; neither is ever NaN here. */
static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* ---- Persons ---- */

/* Inserts `paid` into the list, which falls. */
static void insert(double *list, size_t count, double paid)
{
	size_t at = count;
	for (; at > 0 && list[at - 1] < paid; at--)
		list[at] = list[at - 1];
	list[at] = paid;
}

/* The same as below, where all costly pools cost the same and nothing else counts: no list is needed. */
static void cost_alike(const pw_support *s, uint32_t person, size_t steps, bool all,
		       pw_support_cover_person *out)
{
	const pw_problem *p = s->p;
	double base = s->gain[person] * s->excess[person];
	uint32_t kinds = 0;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		base *= s->unrewarded[p->col[x]];
		kinds += s->kind[p->col[x]];
	}
	size_t costly = kinds >> 16;
	out->covers = kinds & 0xffff;
	for (size_t t = 0; t <= steps; t++) {
		size_t paid = all && t == steps ? costly : t * s->overlap;
		out->weight[t] = base * s->power[paid < costly ? paid : costly];
	}
}

/* What cost_alike needs to know of the pools as they are. */
static void mark_pools(pw_support *s)
{
	for (size_t i = 0; i < s->p->m; i++) {
		uint32_t e = s->entry[i];
		s->unrewarded[i] = s->gains[i] ? 1 / s->up[e] : 1;
		s->kind[i] = s->gains[i] ? 1 : s->pay[e] > 0 ? UINT32_C(1) << 16 : 0;
	}
}

/* `all`: the last step has everything paid, however much it is. */
static void cost_of(const pw_support *s, uint32_t person, size_t steps, bool all,
		    pw_support_cover_person *out)
{
	const pw_problem *p = s->p;
	double base = s->gain[person] * s->excess[person], later = s->boost[person];
	double paid[PW_SUPPORT_COVER_WIDTH];
	size_t costly = 0, next = 0;
	uint32_t covers = 0;
	if (s->same_pay > 0) {
		cost_alike(s, person, steps, all, out);
		return;
	}
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x], e = s->entry[i];
		later *= s->soft[i];
		if (s->gains[i]) {
			base /= s->up[e];
			covers++;
		} else if (s->pay[e] > 0) {
			insert(paid, costly++, s->pay[e]);
		} else if (p->boost[i] > 0) {
			later /= s->up[e];
		}
	}
	out->covers = covers;
	out->weight[0] = base;
	for (size_t t = 1; t <= steps; t++) {
		size_t to = all && t == steps ? costly : next + s->overlap;
		for (; next < to && next < costly; next++)
			later *= paid[next];
		out->weight[t] = base * later;
	}
}

/* ---- The table ---- */

static double *at(const pw_support_cover *c, size_t step, size_t pools)
{
	return &c->v[step * (c->pools + 1) + pools];
}

/* After so many others every pool of a person may be paid for. */
static size_t steps_to_saturate(const pw_support *s)
{
	size_t steps = s->overlap > 0 ? (s->weight_max + s->overlap - 1) / s->overlap + 1 : 1;
	return steps < PW_SUPPORT_COVER_STEPS ? steps : PW_SUPPORT_COVER_STEPS;
}

/* Whether every pool that costs costs the same, and a second positive brings nothing. */
static void find_same_pay(pw_support *s)
{
	const pw_problem *p = s->p;
	double pay = 0;
	for (size_t i = 0; i < p->m; i++) {
		if (p->boost[i] > 0 || s->soft[i] > 1)
			return;
		for (uint32_t e = p->tables.start[i]; e < p->tables.start[i + 1]; e++) {
			if (s->pay[e] <= 0)
				continue;
			if (pay > 0 && fabs(s->pay[e] - pay) > 1e-12 * pay)
				return;
			pay = larger(pay, s->pay[e]);
		}
	}
	for (size_t j = 0; j < p->n; j++)
		if (s->boost[j] > 1 || s->boost[j] < 1)
			return;
	s->same_pay = pay * (1 + 2e-12); /* never less than any of them */
	s->power[0] = 1;
	for (size_t t = 1; t <= PW_SUPPORT_COVER_WIDTH; t++)
		s->power[t] = s->power[t - 1] * s->same_pay;
}

void pw_support_cover_prepare(pw_support *s, pw_arena *arena)
{
	const pw_problem *p = s->p;
	if (!s->coverable || s->weight_max > PW_SUPPORT_COVER_WIDTH) {
		s->coverable = false;
		return;
	}
	find_same_pay(s);
	s->unrewarded = pw_arena_array(arena, p->m, sizeof(*s->unrewarded));
	s->kind = pw_arena_array(arena, p->m, sizeof(*s->kind));
	mark_pools(s);
	size_t steps = steps_to_saturate(s), cells = (steps + 1) * (s->weight_max + 1);
	s->costs = pw_arena_array(arena, p->n, sizeof(*s->costs));
	s->heaviest = pw_arena_array(arena, cells, sizeof(*s->heaviest));
	s->here = pw_arena_array(arena, cells, sizeof(*s->here));
	for (uint32_t j = 0; j < p->n; j++) {
		cost_of(s, j, steps, true, &s->costs[j]);
		for (size_t t = 0; t <= PW_SUPPORT_COVER_STEPS; t++)
			s->others[t] += s->slack[j] * s->costs[j].weight[t < steps ? t : steps];
	}
}

/* The sums M of one pool, into s->here; whoever is met for the first time is weighed. `others` gets what
 * the members count beyond their gain. */
static void weigh_pool(pw_support *s, size_t pool, size_t steps, bool all, double *others)
{
	const pw_problem *p = s->p;
	size_t row = s->weight_max + 1;
	memset(s->here, 0, (steps + 1) * row * sizeof(*s->here));
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++) {
		uint32_t j = p->row[x];
		pw_support_cover_person *c = &s->costs[j];
		if (s->gain[j] <= 0)
			continue;
		if (c->stamp != s->stamp) {
			cost_of(s, j, steps, all, c);
			c->stamp = s->stamp;
			*others += s->slack[j] * (c->weight[0] - s->gain[j]);
		}
		for (size_t t = 0; t <= steps; t++)
			s->here[t * row + c->covers] += c->weight[t];
	}
}

/* The logarithm of the least reward of a pool that gains; the sums M into s->heaviest. */
static double weigh(pw_support *s, size_t steps, bool all, double *others)
{
	size_t cells = (steps + 1) * (s->weight_max + 1);
	double least = INFINITY;
	s->stamp++;
	mark_pools(s);
	memset(s->heaviest, 0, cells * sizeof(*s->heaviest));
	for (size_t j = 0; j < s->p->n; j++)
		*others += s->slack[j] * s->gain[j];
	for (size_t i = 0; i < s->p->m; i++) {
		if (!s->gains[i])
			continue;
		weigh_pool(s, i, steps, all, others);
		least = fmin(least, s->log_reward[s->entry[i]]);
		for (size_t y = 0; y < cells; y++)
			s->heaviest[y] = s->here[y] > s->heaviest[y] ? s->here[y] : s->heaviest[y];
	}
	return least;
}

/* One row: v at step t from that at the next. Who covered `a` pools when the table was made may cover
 * fewer by now, so the worst of 1..a counts. */
static void fill_row(pw_support_cover *c, size_t t, const double *most, size_t width, double none)
{
	size_t next = t < c->steps ? t + 1 : t;
	for (size_t u = 1; u <= c->pools; u++) {
		double v = none * *at(c, t, u - 1), worst = 0;
		for (size_t a = 1; a <= width; a++) {
			if (u >= a && *at(c, next, u - a) > worst)
				worst = *at(c, next, u - a);
			if (most != NULL && most[a] > 0)
				v += most[a] * worst;
		}
		*at(c, t, u) = v;
	}
}

void pw_support_cover_make(pw_support_cover *c, pw_support *s, size_t more)
{
	PW_BUG_IF(!s->coverable);
	c->count = s->count;
	c->pools = s->gain_pools;
	c->steps = steps_to_saturate(s);
	bool all = more > c->steps;
	c->steps = all ? c->steps : more;
	size_t needed = (c->steps + 1) * (c->pools + 1);
	if (needed > c->room) {
		c->room = 2 * needed;
		c->v = pw_realloc_array(c->v, c->room, sizeof(*c->v));
	}
	double others = 0;
	double none = exp(-weigh(s, c->steps, all, &others));
	for (size_t t = c->steps + 1; t-- > 0;) {
		bool last = t == more; /* nobody may come any more */
		size_t later = s->count + t < PW_SUPPORT_COVER_STEPS ? s->count + t
								     : PW_SUPPORT_COVER_STEPS;
		*at(c, t, 0) = last ? 1 : exp(t == 0 ? fmax(others, 0) : s->others[later]);
		fill_row(c, t, last ? NULL : s->heaviest + t * (s->weight_max + 1), s->weight_max,
			 none);
	}
	pw_effort_spend(s->effort, s->p->n + 32 * c->pools * (c->steps + 1));
}

void pw_support_cover_clear(pw_support_cover *cover)
{
	pw_free(cover->v);
	*cover = (pw_support_cover){.steps = 0};
}

double pw_support_cover_value(const pw_support_cover *cover, size_t steps, size_t pools)
{
	PW_BUG_IF(pools > cover->pools);
	return *at(cover, steps < cover->steps ? steps : cover->steps, pools);
}
