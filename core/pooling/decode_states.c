/*
 * The sum over the states of the pools. Where it only matters whether a pool has a positive, let f(U) be
 * the chance of the results given that the pools of U are hit already. A person multiplies the operator
 *
 *	f(U)  <-  (1-p) f(U) + p f(U or the person's pools)
 *
 * and f(nothing) is the chance of the results. A person's own operator changes nothing where the
 * person's pools are hit, so P(positive, results) = p f(the person's pools): one pass gives everybody's
 * posterior, without a subtraction (docs/internals/decoding.md, "forcing").
 *
 * Pools no two of which share a person need no bit: each is summed out together with its members, the
 * rows of an array column by column. The posterior of these members needs f with everybody else's
 * operators and their pool hit; halving the list of such pools again and again gives all of them.
 */
#include "core/pooling/decode_states.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/wider.h"

#define STRETCH 1024

#define LEAST_CHANCE   1e-280
#define STEPS_FOR_SETS (UINT64_C(1) << 20)

/* ---- Operators ---- */

/* low = q·low + p·high, four at a time, which become vector instructions. */
static inline void blend(double *restrict low, const double *restrict high, size_t count, double p)
{
	double q = 1 - p;
	size_t i = 0;
	for (; i + 4 <= count; i += 4) {
		low[i] = q * low[i] + p * high[i];
		low[i + 1] = q * low[i + 1] + p * high[i + 1];
		low[i + 2] = q * low[i + 2] + p * high[i + 2];
		low[i + 3] = q * low[i + 3] + p * high[i + 3];
	}
	for (; i < count; i++)
		low[i] = q * low[i] + p * high[i];
}

/* One person on f, whose pools are `mask`. */
PW_WIDER static void apply_mask(double *f, size_t states, uint32_t mask, double p)
{
	if (mask == 0)
		return;
	if (mask == 1) {
		for (size_t u = 0; u < states; u += 2)
			f[u] = (1 - p) * f[u] + p * f[u + 1];
	} else if (mask == 2) {
		for (size_t u = 0; u < states; u += 4) {
			f[u] = (1 - p) * f[u] + p * f[u + 2];
			f[u + 1] = (1 - p) * f[u + 1] + p * f[u + 3];
		}
	} else if ((mask & (mask - 1)) == 0) {
		for (size_t base = 0; base < states; base += 2 * (size_t)mask)
			blend(f + base, f + base + mask, mask, p);
	} else {
		for (size_t u = 0; u < states; u++)
			f[u] = (1 - p) * f[u] + p * f[u | mask];
	}
}

/* One person whose pool is one of several alike. */
static void apply_among(const pw_state_plan *s, uint32_t j, double *f)
{
	uint32_t mask = s->mask[j];
	double p = s->prior[j], q = 1 - p;
	for (size_t base = 0; base < s->states; base += s->block) {
		const double *hit = f + base + pw_state_further(s, j, base);
		for (size_t u = 0; u < s->block; u++)
			f[base + u] = q * f[base + u] + p * hit[u | mask];
	}
}

static void apply_person(const pw_state_plan *s, uint32_t j, double *f)
{
	if (s->among[j] == PW_STATES_SINGLE)
		apply_mask(f, s->states, s->mask[j], s->prior[j]);
	else
		apply_among(s, j, f);
}

/* to = q·to + p·from + n·old */
static void blend_hit(double *restrict to, const double *restrict from, const double *restrict old,
		      size_t count, double p, double n)
{
	double q = 1 - p;
	size_t i = 0;
	for (; i + 4 <= count; i += 4) {
		to[i] = q * to[i] + p * from[i] + n * old[i];
		to[i + 1] = q * to[i + 1] + p * from[i + 1] + n * old[i + 1];
		to[i + 2] = q * to[i + 2] + p * from[i + 2] + n * old[i + 2];
		to[i + 3] = q * to[i + 3] + p * from[i + 3] + n * old[i + 3];
	}
	for (; i < count; i++)
		to[i] = q * to[i] + p * from[i] + n * old[i];
}

static void add_scaled(double *restrict to, const double *restrict from, size_t count, double by)
{
	size_t i = 0;
	for (; i + 4 <= count; i += 4) {
		to[i] += by * from[i];
		to[i + 1] += by * from[i + 1];
		to[i + 2] += by * from[i + 2];
		to[i + 3] += by * from[i + 3];
	}
	for (; i < count; i++)
		to[i] += by * from[i];
}

/* One person on d = "f of those so far, at least one of them positive", where the part with nobody
 * positive is none·old. Every source is read before it changes. */
static void apply_hit(const pw_state_plan *s, uint32_t j, double *d, const double *old, double none)
{
	uint32_t mask = s->mask[j];
	double p = s->prior[j], pn = p * none;
	if (s->among[j] == PW_STATES_SINGLE && mask != 0 && (mask & (mask - 1)) == 0) {
		for (size_t base = 0; base < s->states; base += 2 * (size_t)mask) {
			double *high = d + base + mask;
			blend_hit(d + base, high, old + base + mask, mask, p, pn);
			add_scaled(high, old + base + mask, mask, pn);
		}
		return;
	}
	for (size_t base = 0; base < s->states; base += s->block) {
		size_t hit = base + pw_state_further(s, j, base);
		for (size_t u = 0; u < s->block; u++)
			d[base + u] = (1 - p) * d[base + u] + p * d[hit + (u | mask)] +
				      pn * old[hit + (u | mask)];
	}
}

/* Whoever only has pools among the low bits is done a stretch at a time, which stays in the nearest cache. */
static void apply_members(const pw_state_plan *s, const pw_state_group *g, double *f)
{
	size_t stretch = s->block < STRETCH ? s->block : STRETCH;
	for (size_t base = 0; base < s->states; base += stretch)
		for (uint32_t x = g->first; x < g->last; x++)
			if (s->forced[s->member[x]] < stretch)
				apply_mask(f + base, stretch, s->mask[s->member[x]],
					   s->prior[s->member[x]]);
	for (uint32_t x = g->first; x < g->last; x++)
		if (s->forced[s->member[x]] >= stretch)
			apply_person(s, s->member[x], f);
}

/* "At least one", built up person by person. */
static void apply_some(const pw_state_plan *s, const pw_state_group *g, double *f, double *old)
{
	double none = 1;
	memset(f, 0, s->states * sizeof(*f));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		apply_hit(s, j, f, old, none);
		none *= 1 - s->prior[j];
	}
	for (size_t u = 0; u < s->states; u++)
		f[u] = g->some * f[u] + g->none * none * old[u];
}

PW_WIDER static void join(double *restrict f, const double *restrict old, size_t states,
			  double some, double none)
{
	for (size_t u = 0; u < states; u++)
		f[u] = some * f[u] + none * old[u];
}

/*
 * A pool with its members: the sum over all of them, weighted with `some`, and what nobody weighs more, or
 * less, than that. Of a negative pool (none >= some) both are positive; of a positive one the second
 * is taken away, which costs no more than the digits of some / none (pw_state_plan_rounding), and where
 * these would be many "at least one" is built up by itself. `old` is room for one array.
 */
static void apply_group(const pw_state_plan *s, const pw_state_group *g, double *f, double *old)
{
	memcpy(old, f, s->states * sizeof(*f));
	if (g->some > PW_STATES_MOST_CANCELLED * g->none) {
		apply_some(s, g, f, old);
		return;
	}
	apply_members(s, g, f);
	join(f, old, s->states, g->some, (g->none - g->some) * pw_state_plan_nobody(s, g));
}

/* ---- The passes ---- */

static bool spend_group(const pw_state_plan *s, const pw_state_group *g, pw_effort *effort)
{
	return pw_effort_spend(effort, (uint64_t)(g->last - g->first + 1) * s->states);
}

/* f has everybody but groups lo..hi-1; gives their members' marginals. Uses the arrays from `level` up. */
static bool halve(const pw_state_plan *s, size_t lo, size_t hi, size_t level, pw_effort *effort)
{
	double *f = s->space + level * s->states, *next = f + s->states;
	double *old = s->space + (s->depth + 1) * s->states;
	if (hi - lo == 1) {
		const pw_state_group *g = &s->group[lo];
		apply_members(s, g, f);
		for (uint32_t x = g->first; x < g->last; x++) {
			uint32_t j = s->member[x];
			s->marginal[j] = s->prior[j] * g->some * f[s->forced[j]];
		}
		return spend_group(s, g, effort);
	}
	size_t mid = lo + (hi - lo) / 2;
	for (int side = 0; side < 2; side++) {
		size_t from = side == 0 ? mid : lo, to = side == 0 ? hi : mid;
		memcpy(next, f, s->states * sizeof(*f));
		for (size_t g = from; g < to; g++) {
			if (!spend_group(s, &s->group[g], effort))
				return false;
			apply_group(s, &s->group[g], next, old);
		}
		if (!halve(s, side == 0 ? lo : mid, side == 0 ? mid : hi, level + 1, effort))
			return false;
	}
	return true;
}

/* The kept pools' likelihood of every state. */
static void start(const pw_state_plan *s)
{
	double *f = s->space;
	f[0] = 1;
	for (size_t d = 0; d < s->kinds; d++) {
		const pw_state_kind *kind = &s->kind[d];
		for (size_t hit = kind->pools + 1; hit-- > 0;) {
			double like = pow(kind->some, (double)hit) *
				      pow(kind->none, (double)(kind->pools - hit));
			for (size_t u = 0; u < kind->stride; u++)
				f[hit * kind->stride + u] = f[u] * like;
		}
	}
}

/* Everybody's marginal, and the chance of the results; negative when time is over. */
static double run(const pw_state_plan *s, pw_effort *effort)
{
	const pw_problem *p = s->p;
	double *f = s->space, *all = f + s->states;
	double *old = s->space + (s->depth + 1) * s->states;
	start(s);
	for (uint32_t x = s->loose; x < p->n; x++) {
		if (!pw_effort_spend(effort, s->states))
			return -1;
		apply_person(s, s->member[x], f);
	}
	memcpy(all, f, s->states * sizeof(*f));
	for (size_t g = 0; g < s->groups; g++) {
		if (!spend_group(s, &s->group[g], effort))
			return -1;
		apply_group(s, &s->group[g], all, old);
	}
	double z = all[0];
	for (uint32_t x = s->loose; x < p->n; x++)
		s->marginal[s->member[x]] = s->prior[s->member[x]] * all[s->forced[s->member[x]]];
	if (s->groups > 0 && !halve(s, 0, s->groups, 0, effort))
		return -1;
	return z;
}

/* ---- The answer ---- */

/*
 * The likeliest sets come from a short search over supports; and, where counting takes too long, how many positives
 * there are: measured against the exact chance of the results, what the search leaves out is what they lack
 * to 1.
 */
static void add_sets(const pw_problem *p, const pw_decode_opts *opts, bool counted, pw_arena *arena,
		     pw_partial *out)
{
	pw_decode_opts brief = *opts;
	pw_effort effort;
	pw_partial search;
	brief.effort = STEPS_FOR_SETS;
	brief.epsilon = counted ? 1e-3 : 1e-9;
	pw_effort_init(&effort, &brief);
	if ((counted && opts->sets == 0) ||
	    pw_solve_supports(p, &brief, &effort, arena, &search, NULL) != PW_OK)
		return;
	pw_top_clear(&out->top);
	out->top = search.top;
	if (counted)
		return;
	out->counts = search.counts;
	out->count = search.count;
	double share = exp(fmin(search.logz - out->logz, 0));
	for (size_t k = 0; k < out->counts; k++)
		out->count[k] *= share;
}

static void report(const pw_state_plan *s, const double *sum, double z, pw_arena *arena,
		   pw_partial *out)
{
	const pw_problem *p = s->p;
	double rounding = 2 * pw_state_plan_rounding(s);
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		out->posterior[j] = fmin(sum[j] / z, 1);
		out->error[j] = rounding;
	}
	out->logz = log(z);
	out->logz_error = rounding;
	out->method = PW_DECODE_STATES;
	out->counts = 1;
	out->count = pw_arena_array(arena, 1, sizeof(*out->count));
	pw_top_init(&out->top, 0);
}

/* The sum over what is latent of everybody's P(positive, results); returns the chance of the results. */
static double sum_all(pw_state_plan *s, double *prior, pw_effort *effort, double *sum)
{
	double total = 0;
	for (size_t which = 0; which < (size_t)1 << s->latents && !effort->over; which++) {
		double weight = pw_state_plan_condition(s, which, prior);
		double z = weight > 0 ? run(s, effort) : 0;
		for (size_t j = 0; z > 0 && j < s->p->n; j++)
			sum[j] += weight * s->marginal[j];
		total += weight * z;
	}
	return total;
}

pw_status pw_solve_states(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			  pw_arena *arena, pw_partial *out, pw_err *err)
{
	pw_state_plan s;
	pw_status rc = pw_state_plan_make(p, arena, &s, err);
	if (rc != PW_OK)
		return rc;
	double *prior = pw_arena_array(arena, p->n, sizeof(*prior));
	double *sum = pw_arena_array(arena, p->n, sizeof(*sum));
	s.prior = prior;
	s.marginal = pw_arena_array(arena, p->n, sizeof(*s.marginal));
	s.space = pw_alloc_array((s.depth + 2) * s.states, sizeof(*s.space));
	double total = sum_all(&s, prior, effort, sum);
	pw_free(s.space);
	if (effort->over || !(total > LEAST_CHANCE))
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the sum over the states of the pools did not come to its end: allow "
			"more time, or leave the method to the program");
	*out = (pw_partial){.logz = 0};
	report(&s, sum, total, arena, out);
	size_t counts;
	double *count = pw_states_count(&s, prior, total, effort, arena, &counts);
	if (count != NULL) {
		out->count = count;
		out->counts = counts;
	}
	add_sets(p, opts, count != NULL, arena, out);
	return PW_OK;
}
