/*
 * The search over sets by their loads: the heaviest set that has not been looked around from is next; around
 * it lie the sets with one person more, one less, and one in another's place. It ends when what has not
 * been looked around from is light. The posterior is the share of the sets met; people who hardly matter to
 * anybody's load (a trace of it in pools that showed nothing) are counted in beside each set.
 *
 * What no step leads to is not seen: the error is an estimate, and the answer says so.
 */
#include "core/pooling/decode_loads.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/vec.h"

/* Natural logarithms of how much lighter than the heaviest a set may be to be fitted, to be looked around from,
 * and to have its persons exchanged. */
#define FIT_WITHIN      16.0
#define LOOK_WITHIN     9.5
#define EXCHANGE_WITHIN 5.0

/* Of the persons who may be added in a step the best so many are tried. */
#define MOST_ADDED 24

/* So many persons, the best on their own, are candidates for exchanges. */
#define MOST_CANDIDATES 48

/* What the estimate of the error is made of: of the sets that were not looked around from, this part may have
 * as much again about them that was not seen; and Laplace's method is off by a few percent of the odds. */
#define UNSEEN_PART    0.1
#define INTEGRAL_ERROR 0.05

#define GAIN_STEPS 1024
#define FIT_STEPS  4096

typedef struct visited {
	uint64_t key;
	double log_weight;
	uint32_t first, count; /* where its persons and loads are */
	bool looked;
} visited;

typedef struct search {
	const pw_problem *p;
	pw_loads l;
	pw_effort *effort;
	uint64_t *code; /* by person */
	PW_VEC(visited) sets;
	PW_VEC(uint32_t) member;
	PW_VEC(double) load;
	uint32_t *table; /* of sets + 1, by key */
	size_t table_size;
	double best;
	uint32_t *candidate;
	size_t candidates;
	double *gain, *gain_load; /* by person, of the set fitted last */
	double *beside;           /* by person: chance beside the sets looked at, weighted */
	double beside_weight, beside_ref; /* which is relative to e^ref */
} search;

/* ---- The sets met ---- */

static uint64_t key_of(const search *x, const uint32_t *at, size_t count)
{
	uint64_t key = count;
	for (size_t k = 0; k < count; k++)
		key += x->code[at[k]];
	return key;
}

static uint32_t *find(const search *x, uint64_t key)
{
	size_t i = key & (x->table_size - 1);
	while (x->table[i] != 0 && x->sets.ptr[x->table[i] - 1].key != key)
		i = (i + 1) & (x->table_size - 1);
	return &x->table[i];
}

static void grow_table(search *x)
{
	if (2 * (x->sets.len + 1) < x->table_size)
		return;
	pw_free(x->table);
	x->table_size = x->table_size > 0 ? 2 * x->table_size : 1024;
	x->table = pw_alloc_array(x->table_size, sizeof(*x->table));
	for (uint32_t s = 0; s < x->sets.len; s++)
		*find(x, x->sets.ptr[s].key) = s + 1;
}

static void remember(search *x, uint64_t key, const uint32_t *at, const double *u, size_t count,
		     double log_weight)
{
	visited v = {.key = key, .log_weight = log_weight};
	grow_table(x);
	v.first = (uint32_t)x->member.len;
	v.count = (uint32_t)count;
	for (size_t k = 0; k < count; k++) {
		pw_vec_push(&x->member, at[k]);
		pw_vec_push(&x->load, u[k]);
	}
	pw_vec_push(&x->sets, v);
	*find(x, key) = (uint32_t)x->sets.len;
	x->best = fmax(x->best, log_weight);
}

/* Fits a set unless it has been met. Returns its weight; `u` becomes the loads if it was fitted. */
static double meet(search *x, const uint32_t *at, double *u, size_t count)
{
	uint64_t key = key_of(x, at, count);
	grow_table(x);
	uint32_t known = *find(x, key);
	if (known != 0)
		return x->sets.ptr[known - 1].log_weight;
	pw_effort_spend(x->effort, FIT_STEPS);
	double log_weight = pw_loads_fit(&x->l, at, count, u);
	remember(x, key, at, u, count, log_weight);
	return log_weight;
}

/* ---- Looking around ---- */

static bool has(const uint32_t *at, size_t count, uint32_t person)
{
	for (size_t k = 0; k < count; k++)
		if (at[k] == person)
			return true;
	return false;
}

/* The gains of everybody in the list who is not in the set, which is the one fitted last. */
static void find_gains(search *x, const uint32_t *list, size_t listed, const uint32_t *at,
		       size_t count)
{
	for (size_t y = 0; y < listed; y++) {
		uint32_t j = list != NULL ? list[y] : (uint32_t)y;
		x->gain[j] = -INFINITY;
		if (!has(at, count, j))
			x->gain[j] = pw_loads_gain(&x->l, j, &x->gain_load[j]);
	}
	pw_effort_spend(x->effort, GAIN_STEPS * listed);
}

/* Tries the best gains, as long as they may lead within FIT_WITHIN of the heaviest set. */
static void try_gains(search *x, const uint32_t *list, size_t listed, double log_weight,
		      const uint32_t *at, const double *u, size_t count)
{
	uint32_t more[PW_LOADS_MOST];
	double loads[PW_LOADS_MOST];
	for (int tried = 0; tried < MOST_ADDED && count + 1 < PW_LOADS_MOST; tried++) {
		uint32_t best = UINT32_MAX;
		double most = fmax(x->best, log_weight) - FIT_WITHIN - log_weight;
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
		meet(x, more, loads, count + 1);
	}
}

/* Persons beside the set: what they add hardly depends on the others. */
static void count_beside(search *x, double log_weight)
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

static void try_adding(search *x, double log_weight, const uint32_t *at, const double *u,
		       size_t count)
{
	bool full = count >= x->p->limit || count + 1 >= PW_LOADS_MOST;
	find_gains(x, NULL, x->p->n, at, count);
	count_beside(x, log_weight);
	if (!full)
		try_gains(x, NULL, x->p->n, log_weight, at, u, count);
}

/* Everybody out in turn, and somebody else in. */
static void try_without(search *x, double log_weight, const uint32_t *at, const double *u,
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
		double without = meet(x, rest, loads, left);
		if (!exchange || without == -INFINITY)
			continue;
		/* it may have been met before: the state is what the gains need */
		without = pw_loads_fit(&x->l, rest, left, loads);
		find_gains(x, x->candidate, x->candidates, at, count);
		try_gains(x, x->candidate, x->candidates, without, rest, loads, left);
	}
}

static void look_around(search *x, size_t s)
{
	uint32_t at[PW_LOADS_MOST];
	double u[PW_LOADS_MOST];
	const visited *v = &x->sets.ptr[s];
	size_t count = v->count;
	double log_weight = v->log_weight;
	x->sets.ptr[s].looked = true;
	if (count > 0) {
		memcpy(at, x->member.ptr + v->first, count * sizeof(*at));
		memcpy(u, x->load.ptr + v->first, count * sizeof(*u));
	}
	pw_loads_fit(&x->l, at, count, u);
	try_adding(x, log_weight, at, u, count);
	try_without(x, log_weight, at, u, count);
}

/* The heaviest set that has not been looked around from; SIZE_MAX when all that is left is light. */
static size_t next_set(const search *x)
{
	size_t best = SIZE_MAX;
	double most = x->best - LOOK_WITHIN;
	for (size_t s = 0; s < x->sets.len; s++)
		if (!x->sets.ptr[s].looked && x->sets.ptr[s].log_weight > most) {
			most = x->sets.ptr[s].log_weight;
			best = s;
		}
	return best;
}

/* ---- Beginning ---- */

static void choose_candidates(search *x)
{
	size_t n = x->p->n;
	pw_loads_fit(&x->l, NULL, 0, NULL);
	find_gains(x, NULL, n, NULL, 0);
	for (uint32_t j = 0; j < n; j++) {
		size_t at = x->candidates;
		if (at == MOST_CANDIDATES) {
			if (x->gain[x->candidate[at - 1]] >= x->gain[j])
				continue;
			at--;
		} else {
			x->candidates++;
		}
		for (; at > 0 && x->gain[x->candidate[at - 1]] < x->gain[j]; at--)
			x->candidate[at] = x->candidate[at - 1];
		x->candidate[at] = j;
	}
}

/* The sets of those to whom a least-squares fit gives more than a part of what their weakest pool holds. */
static void meet_first_sets(search *x, pw_arena *arena)
{
	static const double parts[] = {0.6, 0.3, 0.15, 0.07, 0.03};
	const pw_problem *p = x->p;
	double *part = pw_arena_array(arena, p->n, sizeof(*part));
	uint32_t at[PW_LOADS_MOST];
	double u[PW_LOADS_MOST];
	pw_loads_apportion(&x->l, part, arena);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t count = 0;
		for (uint32_t j = 0; j < p->n; j++)
			if (part[j] > parts[i] && count < PW_LOADS_MOST / 2 && count < p->limit) {
				at[count] = j;
				u[count++] = NAN;
			}
		meet(x, at, u, count);
	}
}

static void begin(search *x, const pw_decode_opts *opts, pw_arena *arena)
{
	size_t n = x->p->n;
	pw_rng rng;
	pw_rng_init(&rng, opts->seed);
	x->best = x->beside_ref = -INFINITY;
	x->code = pw_arena_array(arena, n, sizeof(*x->code));
	for (size_t j = 0; j < n; j++)
		x->code[j] = pw_rng_next(&rng);
	x->gain = pw_arena_array(arena, n, sizeof(*x->gain));
	x->gain_load = pw_arena_array(arena, n, sizeof(*x->gain_load));
	x->beside = pw_arena_array(arena, n, sizeof(*x->beside));
	x->candidate = pw_arena_array(arena, MOST_CANDIDATES, sizeof(*x->candidate));
	choose_candidates(x);
	meet(x, NULL, NULL, 0);
	meet_first_sets(x, arena);
}

/* ---- The answer ---- */

typedef struct shares {
	double logz;
	double unseen; /* of the sets not looked around from */
	double *posterior;
	double count[PW_LOADS_MOST + 1];
} shares;

static void sum_up(const search *x, shares *r)
{
	double total = 0, unlooked = 0;
	for (size_t s = 0; s < x->sets.len; s++) {
		const visited *v = &x->sets.ptr[s];
		double weight = exp(v->log_weight - x->best);
		total += weight;
		unlooked += v->looked ? 0 : weight;
		r->count[v->count] += weight;
		for (uint32_t k = 0; k < v->count; k++)
			r->posterior[x->member.ptr[v->first + k]] += weight;
	}
	for (size_t j = 0; j < x->p->n; j++)
		r->posterior[j] /= total;
	for (size_t k = 0; k <= PW_LOADS_MOST; k++)
		r->count[k] /= total;
	r->logz = x->best + log(total);
	r->unseen = unlooked / total;
}

/* Those beside the sets raise the chance of whoever was in none of them, and the number of positives. */
static void add_beside(const search *x, shares *r, double *count, size_t counts)
{
	memset(count, 0, counts * sizeof(*count));
	for (size_t k = 0; k < counts && k <= PW_LOADS_MOST; k++)
		count[k] = r->count[k];
	for (size_t j = 0; j < x->p->n; j++) {
		double q = x->beside_weight > 0 ? x->beside[j] / x->beside_weight : 0;
		double extra = fmax(q - r->posterior[j], 0);
		if (r->posterior[j] > 0.01 || extra <= 0 || x->p->limit != SIZE_MAX)
			continue;
		r->posterior[j] += extra;
		r->logz -= log1p(-extra);
		for (size_t k = counts; k-- > 0;)
			count[k] = count[k] * (1 - extra) + (k > 0 ? count[k - 1] * extra : 0);
	}
}

static void report(search *x, const pw_decode_opts *opts, pw_arena *arena, pw_partial *out)
{
	const pw_problem *p = x->p;
	shares r = {.logz = 0};
	r.posterior = pw_arena_array(arena, p->n, sizeof(*r.posterior));
	sum_up(x, &r);
	*out = (pw_partial){.method = PW_DECODE_LOADS, .stopped = x->effort->over};
	out->counts = p->n + 1 < 2 * PW_LOADS_MOST ? p->n + 1 : 2 * PW_LOADS_MOST;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	add_beside(x, &r, out->count, out->counts);
	out->posterior = r.posterior;
	out->logz = r.logz;
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		double q = r.posterior[j];
		double unseen = UNSEEN_PART * r.unseen + exp(-LOOK_WITHIN);
		out->error[j] = fmin(unseen + INTEGRAL_ERROR * q * (1 - q), 1);
	}
	out->logz_error = -log1p(-fmin(r.unseen, 0.999)) + 0.1;
	pw_top_init(&out->top, opts->sets);
	for (size_t s = 0; s < x->sets.len; s++) {
		const visited *v = &x->sets.ptr[s];
		if (v->log_weight > -INFINITY)
			pw_top_offer(&out->top, v->log_weight, x->member.ptr + v->first, v->count);
	}
}

static void clear(search *x)
{
	pw_vec_clear(&x->sets);
	pw_vec_clear(&x->member);
	pw_vec_clear(&x->load);
	pw_free(x->table);
}

pw_status pw_solve_loads(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			 pw_arena *arena, pw_partial *out, pw_err *err)
{
	search x = {.p = p, .effort = effort};
	pw_status rc = PW_OK;
	pw_loads_init(&x.l, p, arena);
	begin(&x, opts, arena);
	while (!effort->over) {
		size_t s = next_set(&x);
		if (s == SIZE_MAX)
			break;
		look_around(&x, s);
	}
	if (x.best > -INFINITY)
		report(&x, opts, arena, out);
	else
		rc = pw_impossible(err);
	clear(&x);
	return rc;
}
