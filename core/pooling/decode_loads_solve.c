/*
 * The answer by loads: sets are gone through or searched for, those that matter are weighed more exactly, and the
 * posterior is their share of the weight. What the error is made of is said in docs/internals/decoding.md.
 */
#include "core/pooling/decode_loads_search.h"

#include <math.h>
#include <string.h>

/* Of so few people all sets are gone through. */
#define FEW_PEOPLE 10

/* But a set that cannot weigh this part of the heaviest is passed over. */
#define PASS_OVER 1e-9

/* A set is weighed by so many draws when it is met. */
#define FIRST_DRAWS     8
#define FIRST_DRAWS_FEW 32

/* But no fewer than this for a set with more than such a share: few draws may all miss a second way to explain the
 * pools, and then know nothing of it. */
#define FAIR_DRAWS     128
#define FAIR_SHARE     1e-3
#define FAIR_SHARE_FEW 1e-4

/* Sets are weighed again, by four times the draws, until the standard error of every posterior is less than this. */
#define GOAL_ERROR 2e-3
#define MOST_DRAWS 2048

/* A set with less than this part of the error is left as it is. */
#define HARM_PART 0.1

/* The error said is so many standard errors, twice as many when weighing was cut short; and what tables and grids are
 * off by. */
#define SAID_ERRORS 4.0
#define GRID_ERROR  1e-4

/* Of the sets that were not looked around from, this part may have as much again about them that was not seen; and
 * nothing lighter than this was looked around from at all. */
#define UNSEEN_PART  1.0
#define UNSEEN_LEAST 7.5e-5

/* A person in none of the sets has no more of a chance than this, for all that is asked of the search. */
#define BESIDE_MOST 0.01

#define DRAW_STEPS 1024

/* ---- All sets ---- */

/* The next set of as many people, in the order of the numbers they make; false after the last. */
static bool next_of_size(uint32_t *at, size_t count, size_t n)
{
	for (size_t k = count; k-- > 0;) {
		if (at[k] + (count - k) < n) {
			at[k]++;
			for (size_t y = k + 1; y < count; y++)
				at[y] = at[y - 1] + 1;
			return true;
		}
	}
	return false;
}

static void meet_or_pass_over(pw_loads_search *x, const uint32_t *at, size_t count)
{
	double u[PW_LOADS_MOST];
	double bound = pw_loads_weight_bound(&x->l, at, count);
	if (bound < x->best + log(PASS_OVER)) {
		x->passed_over += exp(bound - x->best);
		return;
	}
	for (size_t k = 0; k < count; k++)
		u[k] = NAN;
	pw_loads_meet(x, at, u, count);
}

static void go_through_all(pw_loads_search *x)
{
	uint32_t at[FEW_PEOPLE];
	for (size_t count = 0; count <= x->p->n && count <= x->p->limit; count++) {
		for (uint32_t k = 0; k < count; k++)
			at[k] = k;
		do
			meet_or_pass_over(x, at, count);
		while (!x->effort->over && next_of_size(at, count, x->p->n));
	}
	for (size_t s = 0; s < x->sets.len && !x->effort->over; s++)
		x->sets.ptr[s].looked = true;
	x->searched = !x->effort->over;
}

/* ---- Weighing again ---- */

static double share_of(const pw_loads_search *x, const pw_loads_set *s)
{
	return exp(s->weight.log - x->best);
}

/* By how much this set's error moves a posterior at most, if all sets weigh `total`. */
static double harm_of(const pw_loads_search *x, const pw_loads_set *s, double total)
{
	double share = share_of(x, s) / total;
	return share * fmax(1 - share, 0) * s->weight.error;
}

static void weigh_again(pw_loads_search *x, pw_loads_set *s, uint32_t draws)
{
	double u[PW_LOADS_MOST];
	uint32_t *at = x->member.ptr + s->first;
	s->draws = draws;
	if (s->count == 0)
		return;
	memcpy(u, x->load.ptr + s->first, s->count * sizeof(*u));
	pw_effort_spend(x->effort, (uint64_t)DRAW_STEPS * s->draws * s->count);
	pw_loads_list(&x->l, at, s->count);
	s->weight = pw_loads_weigh(&x->l, at, s->count, u, s->draws, s->key, -INFINITY);
	memcpy(x->load.ptr + s->first, u, s->count * sizeof(*u));
}

static double total_weight(pw_loads_search *x)
{
	double total = 0;
	x->best = -INFINITY;
	for (size_t s = 0; s < x->sets.len; s++)
		x->best = fmax(x->best, x->sets.ptr[s].weight.log);
	for (size_t s = 0; s < x->sets.len; s++)
		total += share_of(x, &x->sets.ptr[s]);
	return total;
}

static void weigh_fairly(pw_loads_search *x, double least_share)
{
	double total = total_weight(x);
	for (size_t s = 0; s < x->sets.len && !x->effort->over; s++) {
		pw_loads_set *set = &x->sets.ptr[s];
		double share = share_of(x, set) / total;
		if (share > least_share && share < 1 - least_share && set->draws < FAIR_DRAWS)
			weigh_again(x, set, FAIR_DRAWS);
	}
}

/* The harms of different sets are independent, so their squares add up. False when it is good enough, or no better to
 * be had. */
static bool weigh_worst_again(pw_loads_search *x)
{
	double total = total_weight(x), harm = 0, most = 0;
	pw_loads_set *worst = NULL;
	for (size_t s = 0; s < x->sets.len; s++) {
		double one = harm_of(x, &x->sets.ptr[s], total);
		harm += one * one;
		if (one > most && x->sets.ptr[s].draws < MOST_DRAWS) {
			most = one;
			worst = &x->sets.ptr[s];
		}
	}
	if (worst == NULL || sqrt(harm) < GOAL_ERROR || most < HARM_PART * sqrt(harm))
		return false;
	weigh_again(x, worst, 4 * worst->draws);
	return true;
}

static void weigh_exactly(pw_loads_search *x, double least_share)
{
	if (!(x->best > -INFINITY))
		return;
	weigh_fairly(x, least_share);
	while (!x->effort->over && weigh_worst_again(x))
		;
	total_weight(x);
}

/* ---- The answer ---- */

typedef struct shares {
	double total, unlooked;
	double *posterior; /* by person */
	double *inside;    /* by person: sum of the squared errors of the sets they are in */
	double outside;    /* of all sets */
	double count[PW_LOADS_MOST + 1];
	double *not_come_to; /* by person: more chance beside the sets than such people have */
} shares;

static void sum_up(const pw_loads_search *x, shares *r, pw_arena *arena)
{
	size_t n = x->p->n;
	r->posterior = pw_arena_array(arena, n, sizeof(*r->posterior));
	r->inside = pw_arena_array(arena, n, sizeof(*r->inside));
	r->not_come_to = pw_arena_array(arena, n, sizeof(*r->not_come_to));
	for (size_t s = 0; s < x->sets.len; s++) {
		const pw_loads_set *v = &x->sets.ptr[s];
		double weight = share_of(x, v), error = weight * v->weight.error;
		r->total += weight;
		r->unlooked += v->looked ? 0 : weight;
		r->count[v->count] += weight;
		r->outside += error * error;
		for (uint32_t k = 0; k < v->count; k++) {
			r->posterior[x->member.ptr[v->first + k]] += weight;
			r->inside[x->member.ptr[v->first + k]] += error * error;
		}
	}
	for (size_t j = 0; j < n; j++) {
		r->posterior[j] /= r->total;
		r->inside[j] /= r->total * r->total;
	}
	for (size_t k = 0; k <= PW_LOADS_MOST; k++)
		r->count[k] /= r->total;
	r->outside /= r->total * r->total;
	r->unlooked /= r->total;
}

/* Those beside the sets raise the chance of whoever was in none of them, and the number of positives. Somebody with more
 * of a chance than BESIDE_MOST is no such person, but one whom the search did not come to. */
static void add_beside(const pw_loads_search *x, shares *r, pw_partial *out)
{
	for (size_t k = 0; k < out->counts && k <= PW_LOADS_MOST; k++)
		out->count[k] = r->count[k];
	for (size_t j = 0; j < x->p->n && x->beside_weight > 0; j++) {
		double extra = fmax(x->beside[j] / x->beside_weight - r->posterior[j], 0);
		if (r->posterior[j] > BESIDE_MOST || extra <= 0 || x->p->limit != SIZE_MAX)
			continue;
		r->not_come_to[j] = fmax(extra - BESIDE_MOST, 0);
		extra = fmin(extra, BESIDE_MOST);
		r->posterior[j] += extra;
		out->logz -= log1p(-extra);
		for (size_t k = out->counts; k-- > 0;)
			out->count[k] = out->count[k] * (1 - extra) +
					(k > 0 ? out->count[k - 1] * extra : 0);
	}
}

/* Of the posterior q of a person: the weights' errors, and what was not seen. Of a search that was stopped nothing is
 * known but that the truth lies from 0 to 1. */
static double error_of(const pw_loads_search *x, const shares *r, size_t j, bool all)
{
	double q = r->posterior[j], rest = fmax(r->outside - r->inside[j], 0);
	if (!x->searched)
		return fmax(q, 1 - q);
	double weights = sqrt((1 - q) * (1 - q) * r->inside[j] + q * q * rest);
	double unseen = all ? x->passed_over / r->total : UNSEEN_PART * r->unlooked + UNSEEN_LEAST;
	double errors = x->effort->over ? 2 * SAID_ERRORS : SAID_ERRORS;
	unseen += x->missed * fmax(q, 1 - q);
	return fmin(errors * weights + GRID_ERROR * q * (1 - q) + unseen + r->not_come_to[j], 1);
}

static void report(const pw_loads_search *x, const pw_decode_opts *opts, bool all, pw_arena *arena,
		   pw_partial *out)
{
	const pw_problem *p = x->p;
	shares r = {.total = 0};
	sum_up(x, &r, arena);
	*out = (pw_partial){.method = PW_DECODE_LOADS, .stopped = x->effort->over};
	size_t most = (size_t)2 * PW_LOADS_MOST;
	out->counts = p->n + 1 < most ? p->n + 1 : most;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	out->logz = x->best + log(r.total);
	add_beside(x, &r, out);
	out->posterior = r.posterior;
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++)
		out->error[j] = error_of(x, &r, j, all);
	double unseen = all ? x->passed_over / r.total : r.unlooked;
	/* no table exceeds 1, so that the logarithm is at most 0 */
	double missed = fmin(-log1p(-x->missed), fmax(-out->logz, 0));
	out->logz_error = SAID_ERRORS * sqrt(r.outside) + GRID_ERROR + log1p(unseen) + missed;
	if (out->stopped)
		out->logz_error += fmax(-out->logz, 0);
	pw_top_init(&out->top, opts->sets);
	for (size_t s = 0; s < x->sets.len; s++) {
		const pw_loads_set *v = &x->sets.ptr[s];
		if (v->weight.log > -INFINITY)
			pw_top_offer(&out->top, v->weight.log, x->member.ptr + v->first, v->count);
	}
}

/* Whether the heaviest set met leaves a pool that cannot be as it was read. */
static bool is_impossible(pw_loads_search *x)
{
	const pw_loads_set *best = &x->sets.ptr[0];
	for (size_t s = 1; s < x->sets.len; s++)
		if (x->sets.ptr[s].weight.log > best->weight.log)
			best = &x->sets.ptr[s];
	pw_loads_list(&x->l, x->member.ptr + best->first, best->count);
	for (size_t i = 0; i < x->p->m; i++) {
		bool by_load = x->l.pool[i].curve != NULL && x->l.positives[i] > 0;
		if (!by_load && pw_problem_like(x->p, i, x->l.positives[i]) <= 0)
			return true;
	}
	return !(best->weight.log > -INFINITY);
}

pw_status pw_solve_loads(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			 pw_arena *arena, pw_partial *out, pw_err *err)
{
	pw_loads_search x;
	pw_status rc = PW_OK;
	bool all = p->n <= FEW_PEOPLE;
	pw_loads_search_init(&x, p, effort, opts->seed, arena);
	x.first_draws = all ? FIRST_DRAWS_FEW : FIRST_DRAWS;
	if (all)
		go_through_all(&x);
	else
		pw_loads_look_around(&x, arena);
	weigh_exactly(&x, all ? FAIR_SHARE_FEW : FAIR_SHARE);
	if (!is_impossible(&x))
		report(&x, opts, all, arena, out);
	else if (effort->over)
		rc = pw_fail(err, PW_ERR_LIMIT,
			     "no set of positives that explains the results was found in time: "
			     "allow more, or allow for errors (sensitivity and specificity below "
			     "1)");
	else
		rc = pw_impossible(err);
	pw_loads_search_clear(&x);
	return rc;
}
