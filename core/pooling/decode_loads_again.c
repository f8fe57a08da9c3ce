/*
 * Further searches with other draws, where the first leaves doubt, and what their meeting the same sets says of what
 * none met. They are alike but for chance: if each misses the share m of the weight, T of them all miss m^T of it.
 * What each met of what the others did tells m, as animals caught a second time tell how many there are. Sets that are
 * hard to come by are so for every search, so that it is an estimate, and rather a low one.
 *
 * What was weighed before is not weighed again, and a further search looks around from heavy sets only, unless it stays
 * behind; heavy sets are what is compared.
 */
#include "core/pooling/decode_loads_search.h"

#include <math.h>

/* When the heaviest set has no less than this share of the weight, there is no doubt for its sake. */
#define SURE_SHARE 0.5

/* There are at most so many further searches; none when no more than this share seems to be missed. */
#define MOST_AGAIN    3
#define MISSED_LITTLE 1e-3

/* A further search looks around from sets so much lighter than the heaviest (natural logarithm); all take at most this
 * part of the effort that the first left. */
#define LOOK_WITHIN 5.0
#define LEFT_PART   0.5

/* ---- Doubt ---- */

static bool is_doubtful(pw_loads_search *x)
{
	size_t heaviest = pw_loads_heaviest_set(x);
	double sum = 0;
	for (size_t s = 0; s < x->sets.len; s++)
		sum += exp(x->sets.ptr[s].weight.log - x->best);
	return SURE_SHARE * sum > 1 || pw_loads_is_strained(x, heaviest);
}

/* ---- What was met again ---- */

/* Of those whose bits are in `ended`: what each met of what any other did, over all of that. */
static double met_again(const pw_loads_search *x, uint32_t ended, double *out_new, double *out_all)
{
	double again = 0, of = 0;
	*out_new = *out_all = 0;
	for (size_t s = 0; s < x->sets.len; s++) {
		const pw_loads_set *v = &x->sets.ptr[s];
		if (v->met_by == 0 || v->weight.log <= x->best - LOOK_WITHIN)
			continue;
		double weight = exp(v->weight.log - x->best);
		*out_all += weight;
		*out_new += v->met_by & PW_LOADS_FIRST ? 0 : weight;
		for (uint32_t bit = PW_LOADS_FIRST; bit <= ended; bit <<= 1) {
			if (!(ended & bit) || !(v->met_by & ~bit))
				continue;
			of += weight;
			again += v->met_by & bit ? weight : 0;
		}
	}
	return of > 0 ? again / of : 0;
}

double pw_loads_missed_by_all(const pw_loads_search *x, uint32_t ended)
{
	double fresh, all, met = met_again(x, ended, &fresh, &all);
	if (ended == PW_LOADS_FIRST)
		return all > 0 ? fresh / all : 0;
	double missed = 1;
	for (uint32_t bit = PW_LOADS_FIRST; bit <= ended; bit <<= 1)
		missed *= ended & bit ? 1 - met : 1;
	return missed;
}

/* ---- Searching ---- */

/* With draws, sets and an effort of its own; the pools and the room are the first's. */
static void begin(pw_loads_search *x, pw_effort *effort, uint32_t bit, double *beside,
		  pw_loads_search *out)
{
	*out = (pw_loads_search){.p = x->p,
				 .l = x->l,
				 .effort = effort,
				 .code = x->code,
				 .best = -INFINITY,
				 .first_draws = x->first_draws,
				 .before = x,
				 .bit = bit,
				 .look_within = LOOK_WITHIN,
				 .candidate = x->candidate,
				 .candidates = x->candidates,
				 .gain = x->gain,
				 .gain_load = x->gain_load,
				 .beside = beside,
				 .beside_ref = -INFINITY};
	out->rng = pw_rng_split(&x->rng);
}

static void hand_over(const pw_loads_search *from, pw_loads_search *to)
{
	for (size_t s = 0; s < from->sets.len; s++) {
		const pw_loads_set *v = &from->sets.ptr[s];
		pw_loads_set *known = pw_loads_known(to, v->key);
		if (known != NULL)
			known->met_by |= from->bit;
		else
			pw_loads_adopt(to, v, from->bit, from->member.ptr + v->first,
				       from->load.ptr + v->first);
	}
}

/* With all the effort but what is kept. Says whether it came to its end. */
static bool search_once_more(pw_loads_search *x, uint32_t bit, uint64_t kept, double *beside)
{
	pw_loads_search more;
	pw_effort part = *x->effort;
	uint64_t given = part.left > kept ? part.left - kept : 0;
	part.left = given;
	begin(x, &part, bit, beside, &more);
	pw_loads_search_by_chance(&more);
	pw_effort_spend(x->effort, given - part.left);
	hand_over(&more, x);
	pw_loads_search_clear(&more);
	return more.searched;
}

void pw_loads_look_again(pw_loads_search *x, pw_arena *arena)
{
	uint32_t ended = PW_LOADS_FIRST, bit = PW_LOADS_FIRST;
	if (!is_doubtful(x))
		return;
	double before = x->best;
	uint64_t kept = (uint64_t)((1 - LEFT_PART) * (double)x->effort->left);
	double *beside = pw_arena_array(arena, x->p->n, sizeof(*beside));
	x->missed = 1;
	for (int turn = 0; turn < MOST_AGAIN && x->missed > MISSED_LITTLE && !x->effort->over;
	     turn++) {
		bit <<= 1;
		if (search_once_more(x, bit, kept, beside))
			ended |= bit;
		x->missed = pw_loads_missed_by_all(x, ended);
	}
	x->bit = 0;
	pw_loads_look_at_all(x);
	if (x->best > before)
		pw_loads_reseat(x);
}
