#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* From this step on everything counts as paid, if it does not before. */
#define MOST_STEPS 8
#define MOST_WIDTH 64

/* ---- Persons ---- */

/* What a person weighs as the s-th to come, without the rewards of the pools they cover. */
typedef struct person_cost {
	size_t covers;
	double weight[MOST_STEPS + 1];
} person_cost;

/* Inserts `paid` into the list, which falls. */
static void insert(double *list, size_t count, double paid)
{
	size_t at = count;
	for (; at > 0 && list[at - 1] < paid; at--)
		list[at] = list[at - 1];
	list[at] = paid;
}

static person_cost cost_of(const pw_support *s, uint32_t person, size_t steps)
{
	const pw_problem *p = s->p;
	person_cost c = {.covers = 0};
	double base = s->gain[person] * s->excess[person], later = 1, paid[MOST_WIDTH];
	size_t costly = 0;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x], e = s->entry[i];
		later *= s->soft[i];
		if (s->gains[i]) {
			base /= s->up[e];
			c.covers++;
		} else if (p->boost[i] > 0) {
			later *= p->boost[i] / s->up[e];
		} else if (s->most[e] < 1) {
			insert(paid, costly++, 1 / s->up[e]);
		}
	}
	c.weight[0] = base;
	size_t at = 0;
	for (size_t t = 1; t <= steps; t++) {
		for (size_t x = 0; x < s->overlap && at < costly; x++)
			later *= paid[at++];
		c.weight[t] = base * later;
	}
	return c;
}

/* ---- The table ---- */

typedef struct maker {
	pw_support *s;
	pw_cover *cover;
	size_t width;                  /* most pools that anybody covers */
	double *most;                  /* M by step and number covered */
	double *here;                  /* the same of one pool */
	double others[MOST_STEPS + 1]; /* everybody's factor who covers nothing */
	double least_reward;           /* of a pool that gains */
} maker;

static double *at(const pw_cover *c, size_t step, size_t pools)
{
	return &c->v[step * (c->pools + 1) + pools];
}

static size_t steps_needed(const pw_support *s, size_t more)
{
	size_t steps = s->overlap > 0 ? (s->weight_max + s->overlap - 1) / s->overlap + 1 : 1;
	steps = steps < MOST_STEPS ? steps : MOST_STEPS;
	return more < steps ? more : steps;
}

/* What everybody weighs, by pool. */
static void weigh(maker *m)
{
	pw_support *s = m->s;
	const pw_problem *p = s->p;
	size_t steps = m->cover->steps, row = m->width + 1;
	person_cost *cost = pw_alloc_array(p->n, sizeof(*cost));
	for (uint32_t j = 0; j < p->n; j++) {
		if (s->gain[j] <= 0)
			continue;
		cost[j] = cost_of(s, j, steps);
		for (size_t t = 0; t <= steps; t++)
			m->others[t] += s->slack[j] * cost[j].weight[t];
	}
	m->least_reward = INFINITY;
	for (size_t i = 0; i < p->m; i++) {
		if (!s->gains[i])
			continue;
		m->least_reward = fmin(m->least_reward, s->log_reward[s->entry[i]]);
		memset(m->here, 0, (steps + 1) * row * sizeof(*m->here));
		for (uint32_t x = p->row_start[i]; x < p->row_start[i + 1]; x++)
			if (s->gain[p->row[x]] > 0) {
				const person_cost *c = &cost[p->row[x]];
				for (size_t t = 0; t <= steps; t++)
					m->here[t * row + c->covers] += c->weight[t];
			}
		for (size_t y = 0; y < (steps + 1) * row; y++)
			m->most[y] = fmax(m->most[y], m->here[y]);
	}
	pw_free(cost);
}

/*
 * From the last step backwards, which goes on as itself. Who covered `a` pools when the table was made may
 * cover fewer by now, so the worst of 1..a counts.
 */
static void tabulate(maker *m, size_t more)
{
	pw_cover *c = m->cover;
	double none = exp(-m->least_reward);
	for (size_t t = c->steps + 1; t-- > 0;) {
		const double *most = m->most + t * (m->width + 1);
		size_t next = t < c->steps ? t + 1 : t;
		bool last = t == more;
		*at(c, t, 0) = last ? 1 : exp(m->others[t]);
		for (size_t u = 1; u <= c->pools; u++) {
			double v = none * *at(c, t, u - 1), worst = 0;
			for (size_t a = 1; a <= m->width && !last; a++) {
				worst = fmax(worst, u >= a ? *at(c, next, u - a) : 0);
				v += most[a] > 0 ? most[a] * worst : 0;
			}
			*at(c, t, u) = v;
		}
	}
}

void pw_cover_make(pw_cover *cover, pw_support *s, size_t more)
{
	maker m = {.s = s, .cover = cover, .width = s->weight_max};
	cover->count = s->count;
	cover->pools = s->gain_pools;
	cover->steps = 0;
	if (!s->coverable || s->weight_max > MOST_WIDTH) {
		cover->pools = SIZE_MAX;
		return;
	}
	cover->steps = steps_needed(s, more);
	size_t needed = (cover->steps + 1) * (cover->pools + 1);
	if (needed > cover->room) {
		cover->room = 2 * needed;
		cover->v = pw_realloc_array(cover->v, cover->room, sizeof(*cover->v));
	}
	size_t cells = (cover->steps + 1) * (m.width + 1);
	m.most = pw_alloc_array(2 * cells, sizeof(*m.most));
	m.here = m.most + cells;
	weigh(&m);
	tabulate(&m, more);
	pw_effort_spend(s->effort, 4 * s->p->n * (cover->steps + 1));
	pw_free(m.most);
}

void pw_cover_clear(pw_cover *cover)
{
	pw_free(cover->v);
	*cover = (pw_cover){.steps = 0};
}

double pw_cover_value(const pw_cover *cover, size_t steps, size_t pools)
{
	if (cover->pools == SIZE_MAX)
		return INFINITY;
	PW_BUG_IF(pools > cover->pools);
	return *at(cover, steps < cover->steps ? steps : cover->steps, pools);
}
