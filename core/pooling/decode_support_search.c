/*
 * The cover bound, sharpened: instead of taking the worst for every person who covers a pool that gains, goes
 * through them, with the pools they hit really paid, down to where the bound is small. The sets are not
 * told apart (a person passed over may come again further down), so the sum is a bound and not the weight
 * itself; but it costs a few nanoseconds a person.
 */
#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

/* What one more positive in a pool does, as things stand. */
enum { FLAT, COSTS, GAINS };

/* The part of what is wanted that a branch may be left at. */
#define LEAVE_AT (1.0 / 256)

typedef struct walk {
	pw_support *s;
	const pw_cover *cover;
	uint8_t *status; /* by pool */
	uint32_t *order; /* pools that gain, the hardest to cover first */
	size_t pools;
	double cut, enough;
	double total;
	uint64_t budget;
} walk;

/* Odds times the costs that are yet to be paid; how many pools the person covers. */
static double factor_of(const walk *w, uint32_t person, size_t step, size_t *out_covers)
{
	const pw_support *s = w->s;
	const pw_problem *p = s->p;
	double factor = s->odds[person] * s->excess[person];
	size_t covers = 0;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		if (w->status[i] == GAINS)
			covers++;
		else if (w->status[i] == COSTS)
			factor *= s->up[s->entry[i]];
	}
	*out_covers = covers;
	return step > 0 ? factor * s->later[person] : factor * s->now[person];
}

/* All pools of a person have their positive; what they were goes to `was`. */
static void hit(walk *w, uint32_t person, uint8_t *was)
{
	const pw_problem *p = w->s->p;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		was[x - p->col_start[person]] = w->status[p->col[x]];
		w->status[p->col[x]] = FLAT;
	}
}

static void unhit(walk *w, uint32_t person, const uint8_t *was)
{
	const pw_problem *p = w->s->p;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		w->status[p->col[x]] = was[x - p->col_start[person]];
}

/* `weight` has the rewards of all pools that still gain; `first` is where to look for them in the order. */
static void visit(walk *w, double weight, size_t step, size_t pools, size_t first)
{
	const pw_problem *p = w->s->p;
	double bound = weight * pw_cover_value(w->cover, step, pools);
	if (bound <= w->cut || pools == 0 || w->budget == 0) {
		w->total += bound;
		return;
	}
	while (w->status[w->order[first]] != GAINS)
		first++;
	uint32_t pool = w->order[first];
	uint8_t was[PW_COVER_WIDTH];
	w->budget--;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++) {
		uint32_t j = p->row[x];
		size_t covers;
		if (w->s->gain[j] <= 0)
			continue;
		double next = weight * factor_of(w, j, step, &covers);
		bound = next * pw_cover_value(w->cover, step + 1, pools - covers);
		if (bound <= w->cut) {
			w->total += bound;
		} else {
			hit(w, j, was);
			visit(w, next, step + 1, pools - covers, first);
			unhit(w, j, was);
		}
		if (w->total > w->enough)
			return;
	}
	w->status[pool] = FLAT;
	visit(w, weight * exp(-w->s->log_reward[w->s->entry[pool]]), step, pools - 1, first);
	w->status[pool] = GAINS;
}

/* By how much their members may bring altogether, the least first. */
static void order_pools(walk *w)
{
	const pw_support *s = w->s;
	const pw_problem *p = s->p;
	double *sum = s->tilt;
	for (uint32_t i = 0; i < p->m; i++) {
		if (!s->gains[i])
			continue;
		sum[i] = 0;
		for (uint32_t x = p->row_start[i]; x < p->row_start[i + 1]; x++) {
			size_t covers;
			uint32_t j = p->row[x];
			if (s->gain[j] <= 0)
				continue;
			double factor = factor_of(w, j, 0, &covers);
			sum[i] += factor * pw_cover_value(w->cover, 1, s->gain_pools - covers);
		}
		size_t at = w->pools++;
		for (; at > 0 && sum[w->order[at - 1]] > sum[i]; at--)
			w->order[at] = w->order[at - 1];
		w->order[at] = i;
	}
}

double pw_cover_search(pw_support *s, const pw_cover *cover, double log_weight, double enough,
		       uint64_t budget)
{
	walk w = {.s = s, .cover = cover, .enough = enough, .cut = enough * LEAVE_AT};
	PW_BUG_IF(cover->count != s->count);
	w.status = s->status;
	w.order = s->gainers;
	w.budget = budget;
	for (size_t i = 0; i < s->p->m; i++)
		w.status[i] = s->gains[i] ? GAINS : s->pay[s->entry[i]] > 0 ? COSTS : FLAT;
	order_pools(&w);
	visit(&w, exp(log_weight + s->gain_log), 0, s->gain_pools, 0);
	pw_effort_spend(s->effort, 8 * s->p->n + 64 * (budget - w.budget));
	return w.total > enough ? INFINITY : w.total;
}
