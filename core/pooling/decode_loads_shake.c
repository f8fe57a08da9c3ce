/*
 * Sets that are changed by more than a step: built up by chance, mended person by person, and shaken.
 */
#include "core/pooling/decode_loads_search.h"

#include <math.h>
#include <string.h>

/* The heaviest set is shaken so often. When it explains the pools so many standard deviations worse than the truth does
 * on average, or has so many standard deviations more people than the priors let expect, so often sets are that are
 * drawn with chances that go by their weight's root of this degree; and so many times over, or when something heavier
 * came of it. In between a set may grow by so many people; and its people are replaced one by one so often at most. */
#define SHAKES      6
#define SHAKES_BAD  60
#define BAD_FIT     0.7
#define CROWD       1.0
#define SHAKEN_HEAT 4.0
#define MOST_SHAKEN 5
#define MOST_MORE   3
#define MOST_MENDED 6

/* ---- Mending ---- */

/* The candidate to add to the set settled last, by gain and chance (a draw from their odds, by Gumbel's trick);
 * UINT32_MAX when nobody gains. */
static uint32_t draw_addition(pw_loads_search *x, const uint32_t *at, size_t count)
{
	uint32_t best = UINT32_MAX;
	double most = 0;
	pw_loads_find_gains(x, x->candidate, x->candidates, at, count, 0);
	for (size_t y = 0; y < x->candidates; y++) {
		uint32_t j = x->candidate[y];
		double luck = -log(-log(pw_rng_uniform(&x->rng) + 1e-300));
		if (x->gain[j] > 0 && x->gain[j] + luck > most) {
			most = x->gain[j] + luck;
			best = j;
		}
	}
	return best;
}

size_t pw_loads_most_of(const pw_loads_search *x, size_t wanted)
{
	size_t most = x->p->limit < PW_LOADS_MOST ? x->p->limit : PW_LOADS_MOST;
	return wanted < most ? wanted : most;
}

void pw_loads_draft_of(const pw_loads_search *x, size_t set, size_t more, pw_loads_draft *out)
{
	const pw_loads_set *v = &x->sets.ptr[set];
	out->count = v->count;
	out->most = pw_loads_most_of(x, v->count + more);
	if (v->count == 0)
		return;
	memcpy(out->at, x->member.ptr + v->first, v->count * sizeof(*out->at));
	memcpy(out->u, x->load.ptr + v->first, v->count * sizeof(*out->u));
}

void pw_loads_take_out(pw_loads_draft *d, size_t k)
{
	d->count--;
	memmove(d->at + k, d->at + k + 1, (d->count - k) * sizeof(*d->at));
	memmove(d->u + k, d->u + k + 1, (d->count - k) * sizeof(*d->u));
}

void pw_loads_put_in(const pw_loads_search *x, pw_loads_draft *d, uint32_t person)
{
	d->at[d->count] = person;
	d->u[d->count++] = x->gain_load[person];
}

/* Puts people in as long as somebody gains. */
static void fill_up(pw_loads_search *x, pw_loads_draft *d)
{
	while (d->count < d->most && !x->effort->over) {
		pw_loads_settle(&x->l, d->at, d->count, d->u);
		uint32_t j = draw_addition(x, d->at, d->count);
		if (j == UINT32_MAX)
			return;
		pw_loads_put_in(x, d, j);
	}
}

/* Everybody in turn makes room for whoever gains most in their place, which may be nobody. Says whether anything
 * became of it. */
static bool replace_each(pw_loads_search *x, pw_loads_draft *d)
{
	bool changed = false;
	for (size_t turn = d->count; turn > 0 && d->count > 0 && !x->effort->over; turn--) {
		uint32_t person = d->at[0], best = UINT32_MAX;
		pw_loads_take_out(d, 0);
		pw_loads_settle(&x->l, d->at, d->count, d->u);
		pw_loads_find_gains(x, x->candidate, x->candidates, d->at, d->count, 0);
		double most = 0;
		for (size_t y = 0; y < x->candidates; y++)
			if (x->gain[x->candidate[y]] > most) {
				most = x->gain[x->candidate[y]];
				best = x->candidate[y];
			}
		if (best != UINT32_MAX)
			pw_loads_put_in(x, d, best);
		changed = changed || best != person;
	}
	return changed;
}

void pw_loads_mend(pw_loads_search *x, pw_loads_draft *d)
{
	fill_up(x, d);
	for (int turn = 0; turn < MOST_MENDED && replace_each(x, d); turn++)
		fill_up(x, d);
	pw_loads_meet(x, d->at, d->u, d->count);
}

/* ---- Shaking ---- */

/* Takes some of a set out and puts others in. When `hard`, what becomes of it is mended one by one. */
static void shake(pw_loads_search *x, size_t set, size_t out, bool hard)
{
	pw_loads_draft d;
	pw_loads_draft_of(x, set, MOST_MORE, &d);
	if (d.count == 0)
		return;
	for (; out > 0 && d.count > 0; out--)
		pw_loads_take_out(&d, pw_rng_below(&x->rng, d.count));
	if (hard) {
		pw_loads_mend(x, &d);
		return;
	}
	fill_up(x, &d);
	pw_loads_meet(x, d.at, d.u, d.count);
}

size_t pw_loads_heaviest_set(const pw_loads_search *x)
{
	size_t best = 0;
	for (size_t s = 1; s < x->sets.len; s++)
		if (x->sets.ptr[s].weight.log > x->sets.ptr[best].weight.log)
			best = s;
	return best;
}

/* How much worse the pools are explained than they are by the truth on average, in standard deviations of that: half a
 * chi-square, of a degree of freedom for every Ct less one for every load. */
static double misfit(pw_loads_search *x, size_t s)
{
	const pw_loads_set *v = &x->sets.ptr[s];
	double u[PW_LOADS_MOST], seen = 0, freedom = -(double)v->count;
	if (v->count == 0)
		return 0;
	memcpy(u, x->load.ptr + v->first, v->count * sizeof(*u));
	pw_loads_settle(&x->l, x->member.ptr + v->first, v->count, u);
	for (size_t i = 0; i < x->p->m; i++)
		if (x->l.pool[i].peaks > 0) {
			seen -= x->l.seen[i];
			freedom += 1;
		}
	freedom = fmax(freedom, 1);
	return (seen - 0.5 * freedom) / sqrt(0.5 * freedom);
}

/* A set by chance: the heavier, the likelier, but far less so than by its weight (Gumbel's trick). */
static size_t draw_set(pw_loads_search *x)
{
	double most = -INFINITY;
	size_t drawn = 0;
	for (size_t s = 0; s < x->sets.len; s++) {
		double luck = -log(-log(pw_rng_uniform(&x->rng) + 1e-300));
		double score = x->sets.ptr[s].weight.log / SHAKEN_HEAT + luck;
		if (score > most) {
			most = score;
			drawn = s;
		}
	}
	return drawn;
}

/* Whether more are positive than the priors let expect: a crowd explains anything. */
static bool is_crowded(const pw_loads_search *x, size_t s)
{
	double expected = 0;
	for (size_t j = 0; j < x->p->n; j++)
		expected += x->p->prior[j];
	return (double)x->sets.ptr[s].count > expected + CROWD * sqrt(expected) + 1;
}

bool pw_loads_is_strained(pw_loads_search *x, size_t set)
{
	return is_crowded(x, set) || misfit(x, set) > BAD_FIT;
}

/* An earlier search met a heavier set than any that this one has. */
static bool is_behind(const pw_loads_search *x)
{
	return x->before != NULL && x->best < x->before->best;
}

void pw_loads_shake_loose(pw_loads_search *x)
{
	for (int turn = 0; turn < MOST_SHAKEN && x->sets.len > 0 && !x->effort->over; turn++) {
		size_t heaviest = pw_loads_heaviest_set(x);
		double before = x->best;
		bool bad = pw_loads_is_strained(x, heaviest) || is_behind(x);
		size_t count = x->sets.ptr[heaviest].count,
		       others = bad && count > 4 ? count - 1 : 3;
		for (size_t k = 0; k < (bad ? SHAKES_BAD : SHAKES) && !x->effort->over; k++)
			shake(x, bad ? draw_set(x) : heaviest, 2 + k % others, bad);
		pw_loads_look_at_all(x);
		if (x->best <= before && (!bad || (x->before != NULL && !is_behind(x))))
			break;
	}
}
