/*
 * The search over sets by their loads: the heaviest set that has not been looked around from is next; around
 * it lie the sets with one person more, one less, and one in another's place. It ends when what has not
 * been looked around from is light. People who hardly matter to anybody's load (a trace of it in pools that showed
 * nothing) are counted in beside each set.
 *
 * Greater changes of the heaviest set follow: decode_loads_shake.c and decode_loads_reseat.c; and when doubt is left, a
 * second search: decode_loads_again.c. What none of them leads to is not seen: the error is an estimate, and the answer
 * says so.
 */
#include "core/pooling/decode_loads_search.h"

#include <math.h>
#include <string.h>

/* Natural logarithms of how much lighter than the heaviest a set may be to be weighed, to be looked around from,
 * and to have its persons exchanged. */
#define WEIGH_WITHIN    12.0
#define LOOK_WITHIN     9.5
#define EXCHANGE_WITHIN 5.0

/* A set that seems so much lighter at first glance is not weighed further. */
#define GLANCE_WITHIN 14.0

/* Gains less than this (natural logarithm) are none. */
#define LEAST_GAIN (-20.0)

/* Of the persons who may be added in a step the best so many are tried. */
#define MOST_ADDED 24

/* So many persons, of the best prospects, are candidates for exchanges. */
#define MOST_CANDIDATES 96

/* So many sets are built up from nobody by chance. */
#define STARTS 8

#define WEIGH_STEPS 8192

/* ---- The sets met ---- */

static uint64_t key_of(const pw_loads_search *x, const uint32_t *at, size_t count)
{
	uint64_t key = count;
	for (size_t k = 0; k < count; k++)
		key += x->code[at[k]];
	return key;
}

static uint32_t *find(const pw_loads_search *x, uint64_t key)
{
	size_t i = key & (x->table_size - 1);
	while (x->table[i] != 0 && x->sets.ptr[x->table[i] - 1].key != key)
		i = (i + 1) & (x->table_size - 1);
	return &x->table[i];
}

static void grow_table(pw_loads_search *x)
{
	if (2 * (x->sets.len + 1) < x->table_size)
		return;
	pw_free(x->table);
	x->table_size = x->table_size > 0 ? 2 * x->table_size : 1024;
	x->table = pw_alloc_array(x->table_size, sizeof(*x->table));
	for (uint32_t s = 0; s < x->sets.len; s++)
		*find(x, x->sets.ptr[s].key) = s + 1;
}

static void remember(pw_loads_search *x, pw_loads_set set, const uint32_t *at, const double *u)
{
	set.first = (uint32_t)x->member.len;
	for (size_t k = 0; k < set.count; k++) {
		pw_vec_push(&x->member, at[k]);
		pw_vec_push(&x->load, u[k]);
	}
	pw_vec_push(&x->sets, set);
	*find(x, set.key) = (uint32_t)x->sets.len;
	x->best = fmax(x->best, set.weight.log);
}

pw_loads_set *pw_loads_known(const pw_loads_search *x, uint64_t key)
{
	uint32_t known = x->table_size > 0 ? *find(x, key) : 0;
	return known != 0 ? &x->sets.ptr[known - 1] : NULL;
}

void pw_loads_adopt(pw_loads_search *x, const pw_loads_set *set, uint32_t met_by,
		    const uint32_t *at, const double *u)
{
	pw_loads_set mine = *set;
	mine.looked = false;
	mine.met_by = met_by;
	grow_table(x);
	remember(x, mine, at, u);
}

/* A set that an earlier search has weighed; NULL when there is none. */
static const pw_loads_set *adopt_weighed(pw_loads_search *x, uint64_t key)
{
	const pw_loads_search *b = x->before;
	const pw_loads_set *v = b != NULL ? pw_loads_known(b, key) : NULL;
	if (v != NULL)
		pw_loads_adopt(x, v, x->bit, b->member.ptr + v->first, b->load.ptr + v->first);
	return v;
}

double pw_loads_meet(pw_loads_search *x, const uint32_t *at, double *u, size_t count)
{
	uint64_t key = key_of(x, at, count);
	grow_table(x);
	uint32_t known = *find(x, key);
	if (known != 0)
		return x->sets.ptr[known - 1].weight.log;
	const pw_loads_set *weighed = adopt_weighed(x, key);
	if (weighed != NULL)
		return weighed->weight.log;
	pw_effort_spend(x->effort, WEIGH_STEPS * (count + 1));
	pw_loads_settle(&x->l, at, count, u);
	pw_loads_set set = {
		.key = key, .count = (uint32_t)count, .draws = x->first_draws, .met_by = x->bit};
	set.weight =
		pw_loads_weigh(&x->l, at, count, u, x->first_draws, key, x->best - GLANCE_WITHIN);
	remember(x, set, at, u);
	return set.weight.log;
}

void pw_loads_search_init(pw_loads_search *x, const pw_problem *p, pw_effort *effort, uint64_t seed,
			  pw_arena *arena)
{
	*x = (pw_loads_search){.p = p,
			       .effort = effort,
			       .best = -INFINITY,
			       .bit = PW_LOADS_FIRST,
			       .look_within = LOOK_WITHIN};
	pw_rng_init(&x->rng, seed);
	pw_loads_init(&x->l, p, effort, arena);
	x->code = pw_arena_array(arena, p->n, sizeof(*x->code));
	for (size_t j = 0; j < p->n; j++)
		x->code[j] = pw_rng_next(&x->rng);
}

void pw_loads_search_clear(pw_loads_search *x)
{
	pw_vec_clear(&x->sets);
	pw_vec_clear(&x->member);
	pw_vec_clear(&x->load);
	pw_free(x->table);
	x->table = NULL;
}

/* ---- Looking around ---- */

static bool has(const uint32_t *at, size_t count, uint32_t person)
{
	for (size_t k = 0; k < count; k++)
		if (at[k] == person)
			return true;
	return false;
}

void pw_loads_find_gains(pw_loads_search *x, const uint32_t *list, size_t listed,
			 const uint32_t *at, size_t count, double least)
{
	for (size_t y = 0; y < listed; y++) {
		uint32_t j = list != NULL ? list[y] : (uint32_t)y;
		x->gain[j] = -INFINITY;
		if (has(at, count, j) || x->effort->over || pw_loads_gain_bound(&x->l, j) < least)
			continue;
		x->gain[j] = pw_loads_gain(&x->l, j, &x->gain_load[j]);
		pw_effort_spend(x->effort, PW_LOADS_CURVE_STEPS);
	}
	pw_effort_spend(x->effort, listed);
}

/* Tries the best gains, as long as they may lead within WEIGH_WITHIN of the heaviest set. */
static void try_gains(pw_loads_search *x, const uint32_t *list, size_t listed, double log_weight,
		      const uint32_t *at, const double *u, size_t count)
{
	uint32_t more[PW_LOADS_MOST];
	double loads[PW_LOADS_MOST];
	for (int tried = 0; tried < MOST_ADDED && count + 1 < PW_LOADS_MOST; tried++) {
		uint32_t best = UINT32_MAX;
		double most = fmax(x->best, log_weight) - WEIGH_WITHIN - log_weight;
		for (size_t y = 0; y < listed; y++) {
			uint32_t j = list != NULL ? list[y] : (uint32_t)y;
			if (x->gain[j] > most) {
				most = x->gain[j];
				best = j;
			}
		}
		if (best == UINT32_MAX || x->effort->over)
			return;
		x->gain[best] = -INFINITY;
		if (count > 0) {
			memcpy(more, at, count * sizeof(*at));
			memcpy(loads, u, count * sizeof(*u));
		}
		more[count] = best;
		loads[count] = x->gain_load[best];
		pw_loads_meet(x, more, loads, count + 1);
	}
}

/* Persons beside the set: what they add hardly depends on the others. */
static void count_beside(pw_loads_search *x, double log_weight)
{
	double fade = 1;
	if (log_weight > x->beside_ref) {
		fade = exp(x->beside_ref - log_weight);
		x->beside_ref = log_weight;
	}
	double weight = exp(log_weight - x->beside_ref);
	x->beside_weight = x->beside_weight * fade + weight;
	for (size_t j = 0; j < x->p->n; j++) {
		double odds = exp(fmin(x->gain[j], 50));
		x->beside[j] = x->beside[j] * fade + weight * odds / (1 + odds);
	}
}

static void try_adding(pw_loads_search *x, double log_weight, const uint32_t *at, const double *u,
		       size_t count)
{
	bool full = count >= x->p->limit || count + 1 >= PW_LOADS_MOST;
	pw_loads_find_gains(x, NULL, x->p->n, at, count,
			    LEAST_GAIN + fmax(x->best - log_weight, 0));
	count_beside(x, log_weight);
	if (!full)
		try_gains(x, NULL, x->p->n, log_weight, at, u, count);
}

/* Everybody out in turn, and somebody else in. */
static void try_without(pw_loads_search *x, double log_weight, const uint32_t *at, const double *u,
			size_t count)
{
	uint32_t rest[PW_LOADS_MOST];
	double loads[PW_LOADS_MOST];
	bool exchange = log_weight > x->best - EXCHANGE_WITHIN;
	for (size_t out = 0; out < count && !x->effort->over; out++) {
		size_t left = 0;
		for (size_t k = 0; k < count; k++)
			if (k != out) {
				rest[left] = at[k];
				loads[left++] = u[k];
			}
		double without = pw_loads_meet(x, rest, loads, left);
		if (!exchange || without == -INFINITY)
			continue;
		/* it may have been met before: the gains need it settled */
		pw_loads_settle(&x->l, rest, left, loads);
		pw_loads_find_gains(x, x->candidate, x->candidates, at, count,
				    x->best - WEIGH_WITHIN - without);
		try_gains(x, x->candidate, x->candidates, without, rest, loads, left);
	}
}

static void look_around(pw_loads_search *x, size_t s)
{
	uint32_t at[PW_LOADS_MOST];
	double u[PW_LOADS_MOST];
	const pw_loads_set *v = &x->sets.ptr[s];
	size_t count = v->count;
	double log_weight = v->weight.log;
	x->sets.ptr[s].looked = true;
	if (count > 0) {
		memcpy(at, x->member.ptr + v->first, count * sizeof(*at));
		memcpy(u, x->load.ptr + v->first, count * sizeof(*u));
	}
	pw_loads_settle(&x->l, at, count, u);
	try_adding(x, log_weight, at, u, count);
	try_without(x, log_weight, at, u, count);
}

/* The heaviest set that has not been looked around from; SIZE_MAX when all that is left is light. */
static size_t next_set(const pw_loads_search *x)
{
	size_t best = SIZE_MAX;
	double most = x->best - x->look_within;
	for (size_t s = 0; s < x->sets.len; s++)
		if (!x->sets.ptr[s].looked && x->sets.ptr[s].weight.log > most) {
			most = x->sets.ptr[s].weight.log;
			best = s;
		}
	return best;
}

/* ---- Beginning ---- */

/* The most that a person may bring to any set, as far as it is their own. */
static double prospect(const pw_loads_search *x, uint32_t j)
{
	double p = x->p->prior[j];
	return log(p / (1 - p)) + x->l.open[j];
}

static void choose_candidates(pw_loads_search *x)
{
	for (uint32_t j = 0; j < x->p->n; j++) {
		size_t at = x->candidates;
		if (at == MOST_CANDIDATES) {
			if (prospect(x, x->candidate[at - 1]) >= prospect(x, j))
				continue;
			at--;
		} else {
			x->candidates++;
		}
		for (; at > 0 && prospect(x, x->candidate[at - 1]) < prospect(x, j); at--)
			x->candidate[at] = x->candidate[at - 1];
		x->candidate[at] = j;
	}
}

/* The sets of those to whom a least-squares fit gives more than a part of what their weakest pool holds. */
static void meet_first_sets(pw_loads_search *x, pw_arena *arena)
{
	static const double parts[] = {0.6, 0.3, 0.15, 0.07, 0.03};
	const pw_problem *p = x->p;
	double *part = pw_arena_array(arena, p->n, sizeof(*part));
	uint32_t at[PW_LOADS_MOST];
	double u[PW_LOADS_MOST];
	pw_loads_apportion(&x->l, x->effort, part, arena);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !x->effort->over; i++) {
		size_t count = 0;
		for (uint32_t j = 0; j < p->n; j++)
			if (part[j] > parts[i] && count < PW_LOADS_MOST / 2 && count < p->limit) {
				at[count] = j;
				u[count++] = NAN;
			}
		pw_loads_meet(x, at, u, count);
	}
}

void pw_loads_look_at_all(pw_loads_search *x)
{
	while (!x->effort->over) {
		size_t s = next_set(x);
		if (s == SIZE_MAX)
			break;
		look_around(x, s);
	}
}

void pw_loads_search_by_chance(pw_loads_search *x)
{
	pw_loads_meet(x, NULL, NULL, 0);
	for (int k = 0; k < STARTS && !x->effort->over; k++) {
		pw_loads_draft d = {.count = 0, .most = pw_loads_most_of(x, PW_LOADS_MOST)};
		pw_loads_mend(x, &d);
	}
	pw_loads_look_at_all(x);
	/* a heavier set is known to be somewhere: the way to it may lead through light ones */
	if (x->before != NULL && x->best < x->before->best) {
		x->look_within = LOOK_WITHIN;
		pw_loads_look_at_all(x);
	}
	pw_loads_reseat(x);
	pw_loads_shake_loose(x);
	pw_loads_reseat(x);
	x->searched = !x->effort->over;
}

void pw_loads_look_around(pw_loads_search *x, pw_arena *arena)
{
	size_t n = x->p->n;
	x->gain = pw_arena_array(arena, n, sizeof(*x->gain));
	x->gain_load = pw_arena_array(arena, n, sizeof(*x->gain_load));
	x->beside = pw_arena_array(arena, n, sizeof(*x->beside));
	x->beside_ref = -INFINITY;
	x->candidate = pw_arena_array(arena, MOST_CANDIDATES, sizeof(*x->candidate));
	choose_candidates(x);
	meet_first_sets(x, arena);
	pw_loads_search_by_chance(x);
	if (x->searched)
		pw_loads_look_again(x, arena);
}
