/*
 * Bounds on B(S) = sum over T of w(S and T)/w(S). docs/internals/decoding.md, "What is left out", proves them:
 *
 * 1. A pool whose likelihood grows by R with a first positive is at most (R/y)·y^k with k of them, for any y
 *    from 1 to R. So it costs a factor R/y, and each person counts y times as much.
 * 2. A pool whose likelihood falls by r is 1 for each person with chance r and else forbids them all, so
 *    that B is the mean of prod (1 + o_j X_j), where X_j = 1 if all pools of j let j pass.
 * 3. By Finner's inequality the mean is at most prod (E (1 + o_j X_j)^(1/s_j))^s_j, for any shares s_j that add
 *    up to 1 or less in every such pool.
 *
 * Any y and s give a bound; y is found by minimising coordinate by coordinate (which is exact in each: the
 * load of a pool becomes 1), s by the rule that would be best if everything were small.
 */
#include "core/pooling/decode_support.h"

#include <float.h>
#include <math.h>

#define MOST_TURNS 12
#define FIRST_TILT 0.8
#define LEAST_PULL 1e-6

/* Part of a share that everybody has, whatever their gain. */
#define COMMON_SHARE 0.02

double pw_support_quick_bound(const pw_support *s)
{
	if (s->gain_pools > 0)
		return INFINITY;
	double sum = 0;
	for (size_t j = 0; j < s->p->n; j++)
		sum += s->gain[j] * s->slack[j];
	return sum;
}

/* ---- The tilt: log(R/y) of each pool that gains ---- */

static size_t list_gainers(pw_support *s)
{
	size_t count = 0;
	for (size_t i = 0; i < s->p->m; i++) {
		s->tilt[i] = 0;
		s->largest[i] = 0;
		if (s->gains[i]) {
			s->largest[i] = log(s->most[s->entry[i]]);
			s->gainers[count++] = (uint32_t)i;
		}
	}
	return count;
}

/* The logarithm of C = max over t of rho(t) y^-t. Where what one more brings falls, and is no more than y, the rest
 * only lowers it. */
static double tilt_cost(const pw_support *s, size_t pool)
{
	size_t k = s->positives[pool], cap = pw_problem_cap(s->p, pool);
	double log_y = s->largest[pool] - s->tilt[pool], sum = 0, cost = 0;
	for (size_t t = 1; k + t <= cap; t++) {
		double log_up = log(pw_support_up(s, pool, k + t - 1));
		if (s->falls[pool] && log_up <= log_y)
			break;
		sum += log_up;
		cost = fmax(cost, sum - (double)t * log_y);
	}
	return cost;
}

/* ---- The shares ---- */

/* Whether the pool makes its members depend on one another: it costs, or is a household. */
static bool pool_binds(const pw_support *s, size_t pool)
{
	return s->allowed[pool] > 0 &&
	       (s->p->boost[pool] > 0 || s->most[s->entry[pool]] < 1 - 1e-15);
}

/* What the members of each pool that binds weigh together; 0 of the others. */
static void weigh_pools(pw_support *s)
{
	const pw_problem *p = s->p;
	for (size_t i = 0; i < p->m; i++) {
		s->bound_by[i] = 0;
		if (!pool_binds(s, i))
			continue;
		for (uint32_t x = p->row_start[i]; x < p->row_start[i + 1]; x++)
			if (s->gain[p->row[x]] > 0)
				s->bound_by[i] += s->weight[p->row[x]];
	}
}

/* s·log(1 + q(e^(l/s) - 1)), q = bent/(e^l - 1); *pull becomes what it changes by with log y. */
static double person_term(double bent, double log_odds, double share, double *pull)
{
	double x = log_odds / share, q = bent / expm1(log_odds), rho = -expm1(-log_odds);
	if (x > 600) {
		*pull = rho;
		return share * (x + log1p(q)); /* q·e^x + 1 <= (1+q)·e^x */
	}
	double e = q * expm1(x);
	*pull = rho * (e + q) / (1 + e);
	return share * log1p(e);
}

/* The persons' part of the bound at the tilts as they are; `pull` of each goes into bent. */
static double add_persons(pw_support *s, size_t listed, double everybody)
{
	const pw_problem *p = s->p;
	double total = 0;
	for (size_t x = 0; x < listed; x++) {
		uint32_t j = s->list[x];
		double log_y = -everybody, soft = 1, tilt = everybody;
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++) {
			uint32_t i = p->col[y];
			log_y += s->largest[i] - s->tilt[i];
			tilt += s->tilt[i];
			soft *= s->soft[i];
		}
		s->log_odds[j] = log1p(s->odds[j] * s->boost[j] * soft * exp(log_y));
		s->bent[j] = s->gain[j] * s->excess[j] * exp(-tilt);
		s->weight[j] = sqrt(s->bent[j] * s->log_odds[j]) + COMMON_SHARE * s->log_odds[j];
	}
	weigh_pools(s);
	for (size_t x = 0; x < listed; x++) {
		uint32_t j = s->list[x];
		double busiest = s->weight[j];
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++)
			busiest = fmax(busiest, s->bound_by[p->col[y]]);
		total += person_term(s->bent[j], s->log_odds[j], s->weight[j] / busiest,
				     &s->bent[j]);
	}
	return total;
}

static double cost_of_tilts(const pw_support *s, size_t gainers)
{
	double cost = 0;
	for (size_t x = 0; x < gainers; x++)
		cost += tilt_cost(s, s->gainers[x]);
	return cost;
}

/* The tilts move along the slope, a little less than Newton's step would be if persons were in one pool each. */
static double step(pw_support *s, size_t gainers, size_t listed, size_t more, double everybody,
		   double stride)
{
	const pw_problem *p = s->p;
	for (size_t x = 0; x < gainers; x++) {
		uint32_t i = s->gainers[x];
		double pull = 0;
		for (uint32_t y = p->row_start[i]; y < p->row_start[i + 1]; y++)
			pull += s->bent[p->row[y]];
		double tilt = s->tilt[i] + stride * log(fmax(pull, LEAST_PULL));
		s->tilt[i] = fmin(fmax(tilt, 0), s->largest[i]);
	}
	if (more >= listed)
		return 0;
	double all = 0;
	for (size_t x = 0; x < listed; x++)
		all += s->bent[s->list[x]];
	return fmax(everybody + stride * log(fmax(all, LEAST_PULL) / (double)more), 0);
}

static size_t list_persons(pw_support *s)
{
	size_t listed = 0;
	for (size_t j = 0; j < s->p->n; j++) {
		s->bent[j] = 0;
		if (s->gain[j] > 0)
			s->list[listed++] = (uint32_t)j;
	}
	return listed;
}

double pw_support_bound(pw_support *s, size_t more, double enough)
{
	size_t listed = list_persons(s), gainers = list_gainers(s);
	if (more == 0 || listed == 0)
		return 0;
	double everybody = 0, best = INFINITY, stride = 0.4;
	for (size_t x = 0; x < gainers; x++)
		s->tilt[s->gainers[x]] = FIRST_TILT * s->largest[s->gainers[x]];
	for (int turn = 0; turn < MOST_TURNS; turn++) {
		double bound = cost_of_tilts(s, gainers) + add_persons(s, listed, everybody);
		bound += more < listed ? everybody * (double)more : 0;
		pw_effort_spend(s->effort, 4 * s->p->n);
		if (bound > best - 0.02)
			stride *= 0.5;
		best = fmin(best, bound);
		if (best <= enough || stride < 0.1 || (gainers == 0 && more >= listed) ||
		    s->effort->over)
			break;
		everybody = step(s, gainers, listed, more, everybody, stride);
	}
	return best;
}
