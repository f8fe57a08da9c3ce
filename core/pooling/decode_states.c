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
#include "core/pooling/decode_impl.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define MOST_KEPT    20
#define MOST_POOLS   1024
#define MOST_BYTES   (UINT64_C(48) << 20)
#define MOST_LATENTS 8
#define LEAST_CHANCE 1e-280
#define NO_GROUP     UINT32_MAX

/* A pool that is summed out with its members. */
typedef struct group {
	double none, some;    /* its likelihood without and with a positive */
	uint32_t first, last; /* its members in plan.member */
} group;

typedef struct plan {
	const pw_problem *p;
	size_t kept;    /* bits */
	size_t states;  /* 2^kept */
	uint32_t *mask; /* by person: their kept pools */
	size_t groups;
	group *group;
	uint32_t *member;    /* persons by group, those of none behind the last */
	uint32_t loose;      /* where these begin */
	size_t depth;        /* arrays the halving needs */
	const double *prior; /* given the households */
	double *space;       /* depth + 2 arrays of `states` */
	double *marginal;    /* P(positive, results) by person */
} plan;

/* ---- Which pools to sum out ---- */

static bool free_to_group(const pw_problem *p, size_t pool, const uint32_t *group_of)
{
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		if (group_of[p->row[x]] != NO_GROUP)
			return false;
	return true;
}

/* How many members of a pool are in how many other pools: what summing it out would stand in the way of. */
static uint64_t entanglement(const pw_problem *p, size_t pool)
{
	uint64_t others = 0;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		others += p->col_start[p->row[x] + 1] - p->col_start[p->row[x]] - 1;
	return others;
}

/* Greedily the least entangled pool first; `latent` pools are passed over. Returns how many. */
static size_t choose_groups(const pw_problem *p, const bool *latent, uint32_t *group_of,
			    uint32_t *chosen)
{
	size_t count = 0;
	memset(group_of, 0xff, p->n * sizeof(*group_of));
	for (;;) {
		size_t best = SIZE_MAX;
		uint64_t least = UINT64_MAX;
		for (size_t i = 0; i < p->m; i++) {
			if (latent[i] || !free_to_group(p, i, group_of))
				continue;
			uint64_t e = entanglement(p, i);
			if (e < least) {
				least = e;
				best = i;
			}
		}
		if (best == SIZE_MAX)
			return count;
		for (uint32_t x = p->row_start[best]; x < p->row_start[best + 1]; x++)
			group_of[p->row[x]] = (uint32_t)count;
		chosen[count++] = (uint32_t)best;
	}
}

/* Households are latent: they are conditioned on. Any other pool must not count its positives. */
static bool find_latents(const pw_problem *p, bool *latent, size_t *out_count)
{
	*out_count = 0;
	for (size_t i = 0; i < p->m; i++) {
		latent[i] = p->boost[i] > 0;
		*out_count += latent[i];
		if (!latent[i] && pw_problem_cap(p, i) > 1)
			return false;
	}
	return *out_count <= MOST_LATENTS;
}

static size_t halvings(size_t groups)
{
	size_t depth = 1;
	while (((size_t)1 << depth) < groups)
		depth++;
	return depth + 1;
}

static bool fits(size_t kept, size_t groups)
{
	return kept <= MOST_KEPT && (UINT64_C(8) << kept) * (halvings(groups) + 3) <= MOST_BYTES;
}

uint64_t pw_cost_states(const pw_problem *p)
{
	if (p->by_load || p->m > MOST_POOLS || p->limit != SIZE_MAX)
		return UINT64_MAX;
	bool *latent = pw_alloc_array(p->m + 1, sizeof(*latent));
	uint32_t *group_of = pw_alloc_array(p->n, sizeof(*group_of));
	uint32_t *chosen = pw_alloc_array(p->m + 1, sizeof(*chosen));
	uint64_t cost = UINT64_MAX;
	size_t latents;
	if (find_latents(p, latent, &latents)) {
		size_t groups = choose_groups(p, latent, group_of, chosen);
		size_t kept = p->m - latents - groups;
		if (fits(kept, groups))
			cost = ((uint64_t)p->n << (kept + latents)) * (halvings(groups) + 1);
	}
	pw_free(latent);
	pw_free(group_of);
	pw_free(chosen);
	return cost;
}

/* ---- Operators ---- */

/* One person on f, whose pools are `mask`. */
static void apply_person(double *f, size_t states, uint32_t mask, double p)
{
	double q = 1 - p;
	if (mask == 0)
		return;
	if ((mask & (mask - 1)) != 0) {
		for (size_t u = 0; u < states; u++)
			f[u] = (u & mask) == mask ? f[u] : q * f[u] + p * f[u | mask];
		return;
	}
	for (size_t base = 0; base < states; base += 2 * (size_t)mask) {
		double *low = f + base;
		const double *high = low + mask;
		for (size_t i = 0; i < mask; i++)
			low[i] = q * low[i] + p * high[i];
	}
}

/* One person on d = "f of those so far, at least one of them positive", where the part with nobody
 * positive is none·old. Ascending, so that every source is still as it was. */
static void apply_hit(double *d, const double *old, size_t states, uint32_t mask, double p,
		      double none)
{
	double q = 1 - p, pn = p * none;
	for (size_t u = 0; u < states; u++)
		d[u] = q * d[u] + p * d[u | mask] + pn * old[u | mask];
}

static double nobody(const plan *s, const group *g)
{
	double none = 1;
	for (uint32_t x = g->first; x < g->last; x++)
		none *= 1 - s->prior[s->member[x]];
	return none;
}

static void apply_members(const plan *s, const group *g, double *f)
{
	for (uint32_t x = g->first; x < g->last; x++)
		apply_person(f, s->states, s->mask[s->member[x]], s->prior[s->member[x]]);
}

/*
 * A pool with its members. Of a negative pool (none >= some) the sum over all, weighted with `some`, and
 * the extra weight of nobody are both positive; of a positive one "at least one" is built up by itself.
 * Either way nothing is subtracted. `old` is room for one array.
 */
static void apply_group(const plan *s, const group *g, double *f, double *old)
{
	memcpy(old, f, s->states * sizeof(*f));
	double none = 1;
	if (g->none >= g->some) {
		apply_members(s, g, f);
		none = nobody(s, g);
		for (size_t u = 0; u < s->states; u++)
			f[u] = g->some * f[u] + (g->none - g->some) * none * old[u];
		return;
	}
	memset(f, 0, s->states * sizeof(*f));
	for (uint32_t x = g->first; x < g->last; x++) {
		uint32_t j = s->member[x];
		apply_hit(f, old, s->states, s->mask[j], s->prior[j], none);
		none *= 1 - s->prior[j];
	}
	for (size_t u = 0; u < s->states; u++)
		f[u] = g->some * f[u] + g->none * none * old[u];
}

/* ---- The passes ---- */

static bool spend_group(const plan *s, const group *g, pw_effort *effort)
{
	return pw_effort_spend(effort, (uint64_t)(g->last - g->first + 1) * s->states);
}

/* f has everybody but groups lo..hi-1; gives their members' marginals. Uses the arrays from `level` up. */
static bool halve(const plan *s, size_t lo, size_t hi, size_t level, pw_effort *effort)
{
	double *f = s->space + level * s->states, *next = f + s->states;
	double *old = s->space + (s->depth + 1) * s->states;
	if (hi - lo == 1) {
		const group *g = &s->group[lo];
		apply_members(s, g, f);
		for (uint32_t x = g->first; x < g->last; x++) {
			uint32_t j = s->member[x];
			s->marginal[j] = s->prior[j] * g->some * f[s->mask[j]];
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
static void start(const plan *s, const uint32_t *bit_pool)
{
	double *f = s->space;
	f[0] = 1;
	for (size_t b = 0; b < s->kept; b++) {
		size_t half = (size_t)1 << b;
		double none = pw_problem_like(s->p, bit_pool[b], 0);
		double some = pw_problem_like(s->p, bit_pool[b], 1);
		for (size_t u = 0; u < half; u++) {
			f[half + u] = f[u] * some;
			f[u] *= none;
		}
	}
}

/* Everybody's marginal, and the chance of the results; negative when time is over. */
static double run(const plan *s, const uint32_t *bit_pool, pw_effort *effort)
{
	const pw_problem *p = s->p;
	double *f = s->space, *all = f + s->states;
	double *old = s->space + (s->depth + 1) * s->states;
	start(s, bit_pool);
	for (uint32_t x = s->loose; x < p->n; x++) {
		if (!pw_effort_spend(effort, s->states))
			return -1;
		apply_person(f, s->states, s->mask[s->member[x]], s->prior[s->member[x]]);
	}
	memcpy(all, f, s->states * sizeof(*f));
	for (size_t g = 0; g < s->groups; g++) {
		if (!spend_group(s, &s->group[g], effort))
			return -1;
		apply_group(s, &s->group[g], all, old);
	}
	double z = all[0];
	for (uint32_t x = s->loose; x < p->n; x++)
		s->marginal[s->member[x]] = s->prior[s->member[x]] * all[s->mask[s->member[x]]];
	if (s->groups > 0 && !halve(s, 0, s->groups, 0, effort))
		return -1;
	return z;
}

/* ---- Planning ---- */

static void sort_members(plan *s, const uint32_t *group_of)
{
	uint32_t at = 0;
	for (size_t g = 0; g <= s->groups; g++) {
		if (g < s->groups)
			s->group[g].first = at;
		else
			s->loose = at;
		for (size_t j = 0; j < s->p->n; j++)
			if (group_of[j] == (g < s->groups ? g : NO_GROUP))
				s->member[at++] = (uint32_t)j;
		if (g < s->groups)
			s->group[g].last = at;
	}
}

/* PW_ERR_LIMIT when it does not fit. bit_pool gets the kept pools. */
static pw_status make_plan(const pw_problem *p, pw_arena *arena, const bool *latent, plan *s,
			   uint32_t *bit_pool, pw_err *err)
{
	uint32_t *group_of = pw_arena_array(arena, p->n, sizeof(*group_of));
	uint32_t *chosen = pw_arena_array(arena, p->m + 1, sizeof(*chosen));
	uint32_t *bit = pw_arena_array(arena, p->m + 1, sizeof(*bit));
	*s = (plan){.p = p};
	s->groups = choose_groups(p, latent, group_of, chosen);
	s->group = pw_arena_array(arena, s->groups + 1, sizeof(*s->group));
	for (size_t g = 0; g < s->groups; g++) {
		s->group[g].none = pw_problem_like(p, chosen[g], 0);
		s->group[g].some = pw_problem_like(p, chosen[g], 1);
		bit[chosen[g]] = UINT32_MAX;
	}
	for (size_t i = 0; i < p->m; i++) {
		if (latent[i] || bit[i] == UINT32_MAX)
			continue;
		if (s->kept == MOST_KEPT)
			return pw_fail(err, PW_ERR_LIMIT,
				       "%zu pools that hang together are too many for the sum over "
				       "their states; leave the method to the program",
				       p->m);
		bit_pool[s->kept] = (uint32_t)i;
		bit[i] = UINT32_C(1) << s->kept++;
	}
	s->states = (size_t)1 << s->kept;
	s->depth = halvings(s->groups);
	s->mask = pw_arena_array(arena, p->n, sizeof(*s->mask));
	for (size_t j = 0; j < p->n; j++)
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
			if (!latent[p->col[x]] && bit[p->col[x]] != UINT32_MAX)
				s->mask[j] |= bit[p->col[x]];
	s->member = pw_arena_array(arena, p->n, sizeof(*s->member));
	sort_members(s, group_of);
	s->marginal = pw_arena_array(arena, p->n, sizeof(*s->marginal));
	return PW_OK;
}

/* ---- Households ---- */

/*
 * A household's table is a + b·c^k. Given which of the two is true (bit h of `which`), its members'
 * chances are independent: p c/(1-p+pc). Fills `prior`, returns the weight.
 */
static double condition(const pw_problem *p, const bool *latent, size_t which, double *prior)
{
	double weight = 1;
	size_t h = 0;
	memcpy(prior, p->prior, p->n * sizeof(*prior));
	for (size_t i = 0; i < p->m; i++) {
		if (!latent[i])
			continue;
		double c = p->boost[i];
		double b = (pw_problem_like(p, i, 1) - pw_problem_like(p, i, 0)) / (c - 1);
		bool exposed = (which >> h++ & 1) != 0;
		weight *= exposed ? b : fmax(pw_problem_like(p, i, 0) - b, 0);
		for (uint32_t x = p->row_start[i]; exposed && x < p->row_start[i + 1]; x++) {
			uint32_t j = p->row[x];
			double total = 1 - prior[j] + prior[j] * c;
			weight *= total;
			prior[j] = prior[j] * c / total;
		}
	}
	return weight;
}

/* ---- The answer ---- */

/* The likeliest sets, and how many positives there are, come from the search over supports; measured
 * against the exact chance of the results, what it leaves out is what they lack to 1. */
static void add_sets(const pw_problem *p, const pw_decode_opts *opts, pw_arena *arena,
		     pw_partial *out)
{
	pw_decode_opts brief = *opts;
	brief.effort = UINT64_C(1) << 24;
	brief.epsilon = 1e-9;
	pw_effort effort;
	pw_effort_init(&effort, &brief);
	pw_partial search;
	out->counts = 1;
	out->count = pw_arena_array(arena, 1, sizeof(*out->count));
	pw_top_init(&out->top, 0);
	if (pw_solve_supports(p, &brief, &effort, arena, &search, NULL) != PW_OK)
		return;
	pw_top_clear(&out->top);
	out->top = search.top;
	out->counts = search.counts;
	out->count = search.count;
	double share = exp(fmin(search.logz - out->logz, 0));
	for (size_t k = 0; k < out->counts; k++)
		out->count[k] *= share;
}

static void report(const pw_problem *p, const double *sum, double z, pw_arena *arena,
		   pw_partial *out)
{
	double rounding = (double)(8 * p->n + 8 * p->m + 64) * DBL_EPSILON;
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		out->posterior[j] = fmin(sum[j] / z, 1);
		out->error[j] = rounding;
	}
	out->logz = log(z);
	out->logz_error = rounding;
	out->method = PW_DECODE_STATES;
}

pw_status pw_solve_states(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			  pw_arena *arena, pw_partial *out, pw_err *err)
{
	bool *latent = pw_arena_array(arena, p->m + 1, sizeof(*latent));
	uint32_t bit_pool[MOST_KEPT];
	size_t latents;
	plan s;
	if (pw_cost_states(p) == UINT64_MAX || !find_latents(p, latent, &latents))
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the sum over the states of the pools takes neither Ct, nor dilution, "
			"nor a limit on positives, nor as many pools that hang together; leave "
			"the method to the program");
	pw_status rc = make_plan(p, arena, latent, &s, bit_pool, err);
	if (rc != PW_OK)
		return rc;
	double *prior = pw_arena_array(arena, p->n, sizeof(*prior));
	double *sum = pw_arena_array(arena, p->n, sizeof(*sum));
	double total = 0;
	s.prior = prior;
	s.space = pw_alloc_array((s.depth + 2) * s.states, sizeof(*s.space));
	for (size_t which = 0; which < (size_t)1 << latents && !effort->over; which++) {
		double weight = condition(p, latent, which, prior);
		double z = weight > 0 ? run(&s, bit_pool, effort) : 0;
		for (size_t j = 0; z > 0 && j < p->n; j++)
			sum[j] += weight * s.marginal[j];
		total += weight * z;
	}
	pw_free(s.space);
	if (effort->over || !(total > LEAST_CHANCE))
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the sum over the states of the pools did not come to its end: allow "
			"more time, or leave the method to the program");
	*out = (pw_partial){.logz = 0};
	report(p, sum, total, arena, out);
	add_sets(p, opts, arena, out);
	return PW_OK;
}
