/*
 * Designs: every pool is run at once; who has at most `misses` negative pools is tested alone, or called.
 *
 * For one person in w pools: N(T), the probability that nobody is positive in the union of the pools of
 * a set T, for all 2^w sets (walking them in the order of a tree, one pool more or less at a time); from
 * it, pool by pool, the law of what the tests say: a pool's test is positive with probability
 * se + (false - se) [nobody in it]. The number of negatives is what counts:
 *
 *   P(at most e negative) = sum over T N(T) × coefficient
 *
 * with e = 0 the known sum over T of (-1)^|T| (1 - p)^|union| (perfect tests). Given that the person is
 * negative, the same sum over N(T and the person); given positive, all pools hold one.
 */
#include <math.h>

#include "core/base/mem.h"
#include "core/pooling/evaluate.h"

#define MAX_WEIGHT 20
#define MAX_STEPS  8589934592.0 /* 2^33, of adding one person to a set */

typedef struct candidates {
	const pw_design *design;
	const pw_absence *absence;
	const pw_odds *odds; /* of every pool */
	uint32_t misses;
	pw_nobody *set;
} candidates;

/* weight[k]: of the terms in which k pools so far were negative, k up to misses. */
typedef struct tail {
	double weight[MAX_WEIGHT + 1];
} tail;

static void put_pool(const candidates *c, size_t pool, bool in)
{
	pw_design_list members = pw_design_members(c->design, pool);
	for (size_t k = 0; k < members.count; k++) {
		if (in)
			pw_nobody_add(c->set, members.at[k]);
		else
			pw_nobody_remove(c->set, members.at[k]);
	}
}

/* The polynomial of one more pool, a + b z with z marking a negative test, cut off behind `misses`. */
static tail more(const candidates *c, const tail *t, double positive, double negative)
{
	tail next = {{0.0}};
	for (uint32_t k = 0; k <= c->misses; k++)
		next.weight[k] =
			t->weight[k] * positive + (k > 0 ? t->weight[k - 1] * negative : 0.0);
	return next;
}

static bool is_nothing(const candidates *c, const tail *t)
{
	for (uint32_t k = 0; k <= c->misses; k++)
		if (t->weight[k] != 0.0)
			return false;
	return true;
}

/*
 * E[z^negatives] over the pools from `at` on: each is se + (1 - se) z, and where nobody is in it,
 * (false - se) (1 - z) more.
 */
static double sum_pools(const candidates *c, pw_design_list pools, size_t at, const tail *t)
{
	if (is_nothing(c, t))
		return 0.0;
	if (at == pools.count) {
		double sum = 0.0;
		for (uint32_t k = 0; k <= c->misses; k++)
			sum += t->weight[k];
		return sum * pw_nobody_chance(c->set);
	}
	pw_odds o = c->odds[pools.at[at]];
	tail somebody = more(c, t, o.se, 1.0 - o.se);
	tail nobody = more(c, t, o.false_ - o.se, o.se - o.false_);
	double sum = sum_pools(c, pools, at + 1, &somebody);
	put_pool(c, pools.at[at], true);
	sum += sum_pools(c, pools, at + 1, &nobody);
	put_pool(c, pools.at[at], false);
	return sum;
}

static const tail start = {{1.0}};

/* P(candidate | positive): every pool holds one. */
static double given_positive(const candidates *c, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(c->design, sample);
	tail t = start;
	for (size_t k = 0; k < pools.count; k++)
		t = more(c, &t, c->odds[pools.at[k]].se, 1.0 - c->odds[pools.at[k]].se);
	double sum = 0.0;
	for (uint32_t k = 0; k <= c->misses; k++)
		sum += t.weight[k];
	return sum;
}

/* P(candidate and negative) */
static double and_negative(const candidates *c, size_t sample)
{
	pw_nobody_add(c->set, sample);
	double sum = sum_pools(c, pw_design_pools_of(c->design, sample), 0, &start);
	pw_nobody_remove(c->set, sample);
	return sum;
}

/* Steps for one sample: each of its 2^w sets adds or takes a pool. */
static double steps_of(const pw_design *design, pw_design_list pools)
{
	double people = 0.0;
	for (size_t k = 0; k < pools.count; k++)
		people += (double)pw_design_members(design, pools.at[k]).count;
	return exp2((double)pools.count) * people / (double)pools.count;
}

static pw_status check_size(const pw_design *design, pw_err *err)
{
	double steps = 0.0;
	for (size_t j = 0; j < pw_design_samples(design); j++) {
		pw_design_list pools = pw_design_pools_of(design, j);
		if (pools.count > MAX_WEIGHT)
			return pw_fail(err, PW_ERR_LIMIT,
				       "sample %zu is in %zu pools: the exact sum takes at most %d",
				       j + 1, pools.count, MAX_WEIGHT);
		steps += steps_of(design, pools);
	}
	if (steps > MAX_STEPS)
		return pw_fail(
			err, PW_ERR_LIMIT,
			"the exact sum over this design takes %.0e steps: take a lighter one",
			steps);
	return PW_OK;
}

pw_status pw_tally_design(const pw_scheme *scheme, const pw_absence *absence,
			  const pw_test_model *model, pw_tally *tally, pw_err *err)
{
	const pw_design *design = scheme->design;
	pw_status rc = check_size(design, err);
	if (rc != PW_OK)
		return rc;
	size_t pools = pw_design_pools(design);
	pw_odds *odds = pw_alloc_array(pools, sizeof(*odds));
	for (size_t i = 0; i < pools; i++)
		odds[i] =
			pw_model_odds(model, 0, scheme->stages, pw_design_members(design, i).count);
	candidates c = {design, absence, odds, scheme->misses, pw_nobody_new(absence)};
	pw_odds alone = scheme->alone ? pw_model_odds(model, scheme->stages - 1, scheme->stages, 1)
				      : (pw_odds){1.0, 1.0};
	tally->expected_tests = (double)pools;
	tally->pipettings = (double)pw_design_entries(design);
	for (size_t j = 0; j < scheme->people; j++) {
		double p = pw_absence_prior(absence, j);
		double positive = given_positive(&c, j);
		double negative = p < 1.0 ? and_negative(&c, j) : 0.0;
		tally->alone[j] = scheme->alone ? p * positive + negative : 0.0;
		tally->hit[j] = positive * alone.se;
		tally->alarm[j] = p < 1.0 ? negative / (1.0 - p) * alone.false_ : 0.0;
		tally->expected_tests += tally->alone[j];
		tally->pipettings += tally->alone[j];
	}
	if (!scheme->alone)
		tally->variance_known = true; /* always the same tests: 0 */
	else if (tally->want_variance)
		tally->variance_known = pw_design_variance(design, absence, odds, scheme->misses,
							   tally->alone, &tally->variance);
	pw_nobody_free(c.set);
	pw_free(odds);
	return PW_OK;
}
