/*
 * People of the heaviest set exchanged with everybody's load found anew. A gain is told with the others' loads as they
 * are, which is quick; but when two people stand in the place of one and the load of a third changes with them, no
 * gain on the way says so. So each person makes room for each who shares a pool with them, and every two for others,
 * and who left may not come back before the set is whole again. Newton's method begins anew each time: from loads that
 * fitted the old set it would climb back to them.
 */
#include "core/pooling/decode_loads_search.h"

#include <math.h>

/* Natural logarithm of how much less likely an exchange may be, at the likeliest loads, to be followed further. */
#define FOLLOW_WITHIN 18.0

/* So many of those who gain are the first to come in the place of two. */
#define MOST_FIRST 3

#define SETTLE_STEPS 1024

/* The set may grow by so many people, and is gone through so often at most. */
#define MOST_MORE    3
#define MOST_RESEATS 4

/* So that they are found anew. */
static void forget_loads(pw_loads_draft *d)
{
	for (size_t k = 0; k < d->count; k++)
		d->u[k] = NAN;
}

static double settle(pw_loads_search *x, pw_loads_draft *d)
{
	pw_effort_spend(x->effort, SETTLE_STEPS * (d->count + 1));
	return pw_loads_settle(&x->l, d->at, d->count, d->u);
}

static double log_odds(const pw_loads_search *x, uint32_t j)
{
	return log(x->p->prior[j] / (1 - x->p->prior[j]));
}

static bool share_a_pool(const pw_problem *p, uint32_t a, uint32_t b)
{
	uint32_t x = p->col_start[a], y = p->col_start[b];
	while (x < p->col_start[a + 1] && y < p->col_start[b + 1]) {
		if (p->col[x] == p->col[y])
			return true;
		if (p->col[x] < p->col[y])
			x++;
		else
			y++;
	}
	return false;
}

static bool is_in(const pw_loads_draft *d, uint32_t person)
{
	for (size_t k = 0; k < d->count; k++)
		if (d->at[k] == person)
			return true;
	return false;
}

/* Of the candidates who gain, but not of the barred, the best; UINT32_MAX when there is none. */
static uint32_t best_gain(const pw_loads_search *x, const uint32_t barred[2])
{
	uint32_t best = UINT32_MAX;
	double most = 0;
	for (size_t y = 0; y < x->candidates; y++) {
		uint32_t j = x->candidate[y];
		if (j != barred[0] && j != barred[1] && x->gain[j] > most) {
			most = x->gain[j];
			best = j;
		}
	}
	return best;
}

/* Puts in whoever gains most, again and again, but none of the barred. The draft is settled. */
static void follow(pw_loads_search *x, pw_loads_draft *d, const uint32_t barred[2])
{
	while (d->count < d->most && !x->effort->over) {
		pw_loads_find_gains(x, x->candidate, x->candidates, d->at, d->count, 0);
		uint32_t best = best_gain(x, barred);
		if (best == UINT32_MAX)
			break;
		pw_loads_put_in(x, d, best);
		settle(x, d);
	}
	pw_loads_meet(x, d->at, d->u, d->count);
}

/* ---- One in the place of one ---- */

/* `person` in the place of the k-th of the set. */
static void try_in_place(pw_loads_search *x, const pw_loads_draft *set, double value, size_t k,
			 uint32_t person)
{
	pw_loads_draft d = *set;
	uint32_t barred[2] = {d.at[k], d.at[k]};
	double other = log_odds(x, person) - log_odds(x, barred[0]);
	pw_loads_take_out(&d, k);
	d.at[d.count++] = person;
	forget_loads(&d);
	other += settle(x, &d);
	if (other > value - FOLLOW_WITHIN)
		follow(x, &d, barred);
}

static void try_places(pw_loads_search *x, const pw_loads_draft *set, double value)
{
	for (size_t k = 0; k < set->count; k++)
		for (size_t y = 0; y < x->candidates && !x->effort->over; y++) {
			uint32_t person = x->candidate[y];
			if (!is_in(set, person) && share_a_pool(x->p, person, set->at[k]))
				try_in_place(x, set, value, k, person);
		}
}

/* ---- Others in the place of two ---- */

/* Those who come first are the best, each in turn. */
static void try_without_two(pw_loads_search *x, const pw_loads_draft *set, size_t one, size_t two)
{
	pw_loads_draft rest = *set;
	uint32_t barred[2] = {set->at[one], set->at[two]}, first[MOST_FIRST];
	double load[MOST_FIRST];
	size_t firsts = 0;
	pw_loads_take_out(&rest, two);
	pw_loads_take_out(&rest, one);
	forget_loads(&rest);
	settle(x, &rest);
	pw_loads_find_gains(x, x->candidate, x->candidates, rest.at, rest.count, 0);
	for (; firsts < MOST_FIRST; firsts++) {
		uint32_t best = best_gain(x, barred);
		if (best == UINT32_MAX)
			break;
		first[firsts] = best;
		load[firsts] = x->gain_load[best];
		x->gain[best] = -INFINITY;
	}
	for (size_t k = 0; k < firsts && !x->effort->over; k++) {
		pw_loads_draft d = rest;
		d.at[d.count] = first[k];
		d.u[d.count++] = load[k];
		settle(x, &d);
		follow(x, &d, barred);
	}
}

static void try_pairs(pw_loads_search *x, const pw_loads_draft *set)
{
	for (size_t two = 1; two < set->count; two++)
		for (size_t one = 0; one < two && !x->effort->over; one++)
			try_without_two(x, set, one, two);
}

void pw_loads_reseat(pw_loads_search *x)
{
	for (int turn = 0; turn < MOST_RESEATS && !x->effort->over; turn++) {
		pw_loads_draft d;
		double before = x->best;
		pw_loads_draft_of(x, pw_loads_heaviest_set(x), MOST_MORE, &d);
		double value = settle(x, &d);
		try_places(x, &d, value);
		try_pairs(x, &d);
		pw_loads_look_at_all(x);
		if (x->best <= before)
			break;
	}
}
