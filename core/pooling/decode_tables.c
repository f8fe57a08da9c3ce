#include "core/pooling/decode_impl.h"

#include <math.h>

#include "core/pooling/decode_ct.h"

/* ---- Checking ---- */

static bool is_chance(double p)
{
	return p >= 0 && p <= 1; /* false for NaN */
}

static pw_status check_chance(const char *what, double p, pw_err *err)
{
	if (is_chance(p))
		return PW_OK;
	return pw_fail(err, PW_ERR_ARG, "%s is %g: give a number from 0 to 1", what, p);
}

static pw_status check_chances(const char *what, const char *whose, const double *p, size_t count,
			       pw_err *err)
{
	for (size_t i = 0; p != NULL && i < count; i++)
		if (!is_chance(p[i]))
			return pw_fail(err, PW_ERR_ARG,
				       "the %s of %s %zu is %g: give a number from 0 to 1", what,
				       whose, i + 1, p[i]);
	return PW_OK;
}

static pw_status check_test(const pw_pool_model *test, size_t pools, pw_err *err)
{
	pw_status rc;
	if ((rc = check_chance("the sensitivity", test->se, err)) != PW_OK ||
	    (rc = check_chance("the specificity", test->sp, err)) != PW_OK ||
	    (rc = check_chance("the chance of a failed extraction", test->extraction_failure,
			       err)) != PW_OK ||
	    (rc = check_chance("the chance of a grey well of a positive pool", test->grey_positive,
			       err)) != PW_OK ||
	    (rc = check_chance("the chance of a grey well of a negative pool", test->grey_negative,
			       err)) != PW_OK ||
	    (rc = check_chances("sensitivity", "pool", test->pool_se, pools, err)) != PW_OK ||
	    (rc = check_chances("specificity", "pool", test->pool_sp, pools, err)) != PW_OK)
		return rc;
	if (!(test->dilution >= 0) || isinf(test->dilution))
		return pw_fail(err, PW_ERR_ARG, "the dilution is %g: give 0 (none) or more",
			       test->dilution);
	return PW_OK;
}

static pw_status check_households(const pw_evidence *e, size_t samples, pw_err *err)
{
	for (size_t h = 0; h < e->household_count; h++) {
		const pw_household *house = &e->households[h];
		if (!is_chance(house->exposed))
			return pw_fail(
				err, PW_ERR_ARG,
				"household %zu is exposed with chance %g: give a number from "
				"0 to 1",
				h + 1, house->exposed);
		if (!(house->odds >= 1) || house->odds > 1e6)
			return pw_fail(
				err, PW_ERR_ARG,
				"household %zu multiplies the odds by %g: give a number from "
				"1 to 1000000",
				h + 1, house->odds);
	}
	for (size_t j = 0; e->household_of != NULL && j < samples; j++)
		if (e->household_of[j] != PW_NO_HOUSEHOLD &&
		    e->household_of[j] >= e->household_count)
			return pw_fail(err, PW_ERR_ARG,
				       "sample %zu is of household %zu, but there are %zu", j + 1,
				       (size_t)e->household_of[j] + 1, e->household_count);
	return PW_OK;
}

static pw_status check_reading(const pw_evidence *e, size_t pool, pw_err *err)
{
	const pw_pool_reading *r = &e->readings[pool];
	if ((int)r->call < PW_POOL_MISSING || r->call > PW_POOL_GREY)
		return pw_fail(err, PW_ERR_ARG, "pool %zu has a call of number %d", pool + 1,
			       (int)r->call);
	if (r->wells > PW_CT_WELLS_MAX)
		return pw_fail(err, PW_ERR_ARG, "pool %zu has %d wells: at most %d are taken",
			       pool + 1, r->wells, PW_CT_WELLS_MAX);
	for (int w = 0; w < r->wells; w++)
		if (r->well[w].amplified && !(r->well[w].ct > 0 && r->well[w].ct <= 100))
			return pw_fail(err, PW_ERR_ARG,
				       "pool %zu has a Ct of %g: give a number above 0 and up to "
				       "100, or none for a well that did not amplify",
				       pool + 1, r->well[w].ct);
	return PW_OK;
}

pw_status pw_evidence_check(const pw_evidence *e, pw_err *err)
{
	size_t pools = pw_design_pools(e->design), samples = pw_design_samples(e->design);
	pw_status rc;
	if (e->priors == NULL && (rc = check_chance("the prior", e->prior, err)) != PW_OK)
		return rc;
	if ((rc = check_chances("prior", "sample", e->priors, samples, err)) != PW_OK ||
	    (rc = check_test(&e->test, pools, err)) != PW_OK ||
	    (rc = check_households(e, samples, err)) != PW_OK)
		return rc;
	bool by_ct = false;
	for (size_t i = 0; i < pools; i++) {
		if ((rc = check_reading(e, i, err)) != PW_OK)
			return rc;
		by_ct = by_ct || e->readings[i].wells > 0;
	}
	return by_ct ? pw_ct_model_check(&e->ct, err) : PW_OK;
}

/* ---- Tables ---- */

static double sensitivity(const pw_pool_model *test, size_t pool, size_t k, size_t size)
{
	double se = test->pool_se != NULL ? test->pool_se[pool] : test->se;
	if (test->sensitivity != NULL)
		return test->sensitivity(k, size, test->sensitivity_ctx);
	if (test->dilution > 0)
		return se * (double)k / (test->dilution * (double)(size - k) + (double)k);
	return se;
}

/* The chance that a pool with k positives reads positive. */
static double chance_positive(const pw_pool_model *test, size_t pool, size_t k, size_t size)
{
	double false_alarm = 1 - (test->pool_sp != NULL ? test->pool_sp[pool] : test->sp);
	if (k == 0)
		return false_alarm;
	double f = test->extraction_failure;
	return (1 - f) * sensitivity(test, pool, k, size) + f * false_alarm;
}

/* A well is grey or not first, and then one or the other. */
static double likelihood(const pw_pool_model *test, pw_pool_call call, size_t pool, size_t k,
			 size_t size)
{
	double grey = k > 0 ? test->grey_positive : test->grey_negative;
	bool grey_tells = test->grey_positive > 0 || test->grey_negative > 0;
	switch (call) {
	case PW_POOL_POSITIVE:
		return (1 - grey) * chance_positive(test, pool, k, size);
	case PW_POOL_NEGATIVE:
		return (1 - grey) * (1 - chance_positive(test, pool, k, size));
	case PW_POOL_GREY:
		return grey_tells ? grey : 1;
	case PW_POOL_MISSING:
	default:
		return 1;
	}
}

/* Two entries where it only matters whether there is a positive. */
static size_t table_last(const pw_evidence *e, size_t pool, size_t size)
{
	const pw_pool_reading *r = &e->readings[pool];
	bool counts = e->test.sensitivity != NULL || e->test.dilution > 0;
	bool called = r->wells == 0 && (r->call == PW_POOL_POSITIVE || r->call == PW_POOL_NEGATIVE);
	return called && counts ? size : 1;
}

/* Before it is divided by the largest. */
static double entry(const pw_tables *t, size_t pool, size_t k)
{
	const pw_evidence *e = t->evidence;
	if (t->curve[pool] != NULL)
		return k > 0 ? 1 : pw_ct_curve_empty(t->curve[pool]);
	return likelihood(&e->test, e->readings[pool].call, pool, k,
			  pw_design_members(e->design, pool).count);
}

double pw_tables_like(const pw_tables *t, size_t pool, size_t k)
{
	return entry(t, pool, k < t->last[pool] ? k : t->last[pool]) / t->largest[pool];
}

bool pw_tables_alike(const pw_tables *t, size_t a, size_t b)
{
	const pw_evidence *e = t->evidence;
	const pw_pool_model *test = &e->test;
	return t->curve[a] == NULL && t->curve[b] == NULL && t->last[a] == t->last[b] &&
	       e->readings[a].call == e->readings[b].call &&
	       pw_design_members(e->design, a).count == pw_design_members(e->design, b).count &&
	       (test->pool_se == NULL || test->pool_se[a] == test->pool_se[b]) &&
	       (test->pool_sp == NULL || test->pool_sp[a] == test->pool_sp[b]);
}

/* Goes through the table once. One that is 0 everywhere is impossible whatever is true, and stays as it is: the
 * reduction says so. */
static pw_status find_largest(pw_tables *t, size_t pool, pw_err *err)
{
	double largest = 0;
	for (size_t k = 0; k <= t->last[pool]; k++) {
		double p = entry(t, pool, k);
		if (t->curve[pool] == NULL && !is_chance(p))
			return pw_fail(err, PW_ERR_ARG,
				       "the sensitivity of pool %zu with %zu of %zu positive makes "
				       "no sense: it must lie from 0 to 1",
				       pool + 1, k,
				       pw_design_members(t->evidence->design, pool).count);
		largest = p > largest ? p : largest;
	}
	t->largest[pool] = largest > 0 ? largest : 1;
	t->log_scale += largest > 0 ? log(largest) : 0;
	return PW_OK;
}

pw_status pw_tables_make(const pw_evidence *e, pw_arena *arena, pw_tables *out, pw_err *err)
{
	pw_tables t = {.pools = pw_design_pools(e->design), .evidence = e};
	t.last = pw_arena_array(arena, t.pools, sizeof(*t.last));
	t.largest = pw_arena_array(arena, t.pools, sizeof(*t.largest));
	t.curve = pw_arena_array(arena, t.pools, sizeof(*t.curve));
	for (size_t i = 0; i < t.pools; i++) {
		const pw_pool_reading *r = &e->readings[i];
		t.last[i] = (uint32_t)table_last(e, i, pw_design_members(e->design, i).count);
		if (r->wells > 0 && r->call != PW_POOL_MISSING) {
			t.curve[i] = pw_ct_curve_make(r, &e->test, i, &e->ct, arena);
			t.log_scale += pw_ct_curve_scale(t.curve[i]);
		}
		pw_status rc = find_largest(&t, i, err);
		if (rc != PW_OK)
			return rc;
	}
	*out = t;
	return PW_OK;
}
