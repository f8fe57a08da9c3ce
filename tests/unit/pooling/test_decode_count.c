/*
 * The sum over pool states where pools are alike, and the number of positives that comes with it: against the sum
 * over all sets, and where plates are too large for that against what must hold whatever the plate.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/decode_oracle.h"

static pw_design *make_array(const pw_make_opts *opts)
{
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(opts, &d, &err) == PW_OK, "%s", err.msg);
	return d;
}

/* ---- Small arrays of every kind ---- */

static const pw_make_opts small[] = {
	{.family = PW_FAMILY_ARRAY, .dims = {3, 4}, .dim_count = 2},
	{.family = PW_FAMILY_ARRAY, .dims = {2, 7}, .dim_count = 2},
	{.family = PW_FAMILY_ARRAY, .dims = {7, 2}, .dim_count = 2},
	{.family = PW_FAMILY_ARRAY, .dims = {3, 4}, .dim_count = 2, .samples = 11},
	{.family = PW_FAMILY_ARRAY, .dims = {3, 4}, .dim_count = 2, .master = true},
	{.family = PW_FAMILY_ARRAY, .dims = {2, 3, 2}, .dim_count = 3},
	{.family = PW_FAMILY_RANDOM, .pools = 10, .w = 2, .samples = 13, .seed = 4},
	{.family = PW_FAMILY_DORFMAN, .samples = 14, .size = 5},
};

enum {
	PRIORS_DIFFER = 1,
	TWO_PRIORS = 2,
	HOUSEHOLDS = 4,
	SURE_PEOPLE = 8,
	PERFECT_TESTS = 16,
	WELLS_LOST = 32,
	WELLS_DIFFER = 64
};

static const unsigned kinds[] = {0,
				 PRIORS_DIFFER,
				 TWO_PRIORS,
				 HOUSEHOLDS,
				 HOUSEHOLDS | PRIORS_DIFFER,
				 SURE_PEOPLE,
				 PERFECT_TESTS,
				 PERFECT_TESTS | PRIORS_DIFFER,
				 WELLS_LOST,
				 WELLS_DIFFER,
				 WELLS_LOST | HOUSEHOLDS | TWO_PRIORS | SURE_PEOPLE};

static void fill_people(random_case *c, pw_rng *rng, unsigned with)
{
	size_t n = pw_design_samples(c->design);
	double prior = pow(10, -4 * pw_rng_uniform(rng)) * 0.5;
	c->evidence.priors = c->priors;
	for (size_t j = 0; j < n; j++) {
		c->priors[j] = prior;
		if ((with & PRIORS_DIFFER) != 0)
			c->priors[j] *= 0.5 + pw_rng_uniform(rng);
		if ((with & TWO_PRIORS) != 0 && j % 3 == 0)
			c->priors[j] = 0.3;
		if ((with & SURE_PEOPLE) != 0 && pw_rng_chance(rng, 0.2))
			c->priors[j] = pw_rng_chance(rng, 0.5);
		c->household_of[j] = PW_NO_HOUSEHOLD;
		if (pw_rng_chance(rng, 0.6))
			c->household_of[j] = (uint32_t)(j / 4 % 3);
	}
	for (size_t h = 0; h < 3; h++)
		c->households[h] = (pw_household){0.2, 1 + 40 * pw_rng_uniform(rng)};
	if ((with & HOUSEHOLDS) == 0)
		return;
	c->evidence.household_of = c->household_of;
	c->evidence.households = c->households;
	c->evidence.household_count = 3;
}

static void fill_case(random_case *c, const pw_make_opts *opts, unsigned with, pw_rng *rng)
{
	static const pw_pool_call calls[] = {PW_POOL_NEGATIVE, PW_POOL_POSITIVE, PW_POOL_MISSING,
					     PW_POOL_GREY};
	memset(c, 0, sizeof(*c));
	c->design = make_array(opts);
	c->evidence = (pw_evidence){.design = c->design, .readings = c->readings};
	c->evidence.test = (pw_pool_model){.se = 0.7 + 0.29 * pw_rng_uniform(rng),
					   .sp = 0.9 + 0.09 * pw_rng_uniform(rng)};
	if ((with & PERFECT_TESTS) != 0)
		*(pw_rng_chance(rng, 0.5) ? &c->evidence.test.se : &c->evidence.test.sp) = 1;
	fill_people(c, rng, with);
	for (size_t i = 0; i < pw_design_pools(c->design); i++) {
		c->readings[i].call = calls[pw_rng_below(rng, (with & WELLS_LOST) != 0 ? 4 : 2)];
		c->pool_se[i] = c->evidence.test.se - 0.1 * pw_rng_uniform(rng);
		c->pool_sp[i] = c->evidence.test.sp;
	}
	if ((with & WELLS_DIFFER) != 0) {
		c->evidence.test.pool_se = c->pool_se;
		c->evidence.test.pool_sp = c->pool_sp;
	}
}

static void expect_oracle(const random_case *c, const oracle *o, size_t instance)
{
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	pw_err err = PW_ERR_INIT;
	opts.method = PW_DECODE_STATES;
	ck_assert_msg(pw_decode(&c->evidence, &opts, &out, &err) == PW_OK, "%zu: %s", instance,
		      err.msg);
	for (size_t j = 0; j < out.samples; j++)
		ck_assert_msg(fabs(out.posterior[j] - o->posterior[j]) <= out.error[j] + 1e-12,
			      "instance %zu, person %zu: %.16g, not %.16g", instance, j,
			      out.posterior[j], o->posterior[j]);
	for (size_t k = 0; k <= out.samples; k++) {
		double count = k < out.counts ? out.count[k] : 0;
		ck_assert_msg(fabs(count - o->count[k]) <= 3e-12,
			      "instance %zu, %zu positives: %.16g, not %.16g", instance, k, count,
			      o->count[k]);
	}
	pw_decoded_clear(&out);
}

#define INSTANCES 25

START_TEST(test_small_arrays_have_what_the_sum_over_all_sets_has)
{
	const size_t designs = sizeof(small) / sizeof(*small);
	const pw_make_opts *opts = &small[(size_t)_i % designs];
	unsigned with = kinds[(size_t)_i / designs];
	pw_rng rng;
	size_t done = 0;
	pw_rng_init(&rng, 20 + (uint64_t)_i);
	for (size_t k = 0; k < INSTANCES; k++) {
		random_case c;
		fill_case(&c, opts, with, &rng);
		oracle o = oracle_sum(&c.evidence, 0);
		if (o.z > 1e-200) {
			expect_oracle(&c, &o, k);
			done++;
		}
		pw_design_free(c.design);
	}
	ck_assert_uint_gt(done, INSTANCES / 4);
}
END_TEST

/* ---- Whole plates ---- */

typedef struct plate {
	pw_design *design;
	pw_pool_reading *readings;
	double *priors;
	uint32_t *household_of;
	pw_household households[2];
	pw_evidence evidence;
} plate;

/* `spread` 0: everybody's prior is the same, else they differ by up to so much of it. */
static void plate_make(plate *p, const pw_make_opts *opts, double prior, double spread,
		       size_t positives, uint64_t seed)
{
	pw_rng rng, people;
	pw_rng_init(&rng, seed);
	pw_rng_init(&people, 7);
	*p = (plate){.design = make_array(opts)};
	size_t n = pw_design_samples(p->design), m = pw_design_pools(p->design);
	p->readings = pw_alloc_array(m, sizeof(*p->readings));
	p->priors = pw_alloc_array(n, sizeof(*p->priors));
	p->household_of = pw_alloc_array(n, sizeof(*p->household_of));
	for (size_t i = 0; i < m; i++)
		p->readings[i].call =
			pw_rng_chance(&rng, 0.02) ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	for (size_t k = 0; k < positives; k++) {
		pw_design_list pools = pw_design_pools_of(p->design, pw_rng_below(&rng, n));
		for (size_t x = 0; x < pools.count; x++)
			if (!pw_rng_chance(&rng, 0.05))
				p->readings[pools.at[x]].call = PW_POOL_POSITIVE;
	}
	for (size_t j = 0; j < n; j++) {
		p->priors[j] = prior * (1 + spread * (pw_rng_uniform(&people) - 0.5));
		p->household_of[j] = j < 6 ? (uint32_t)(j / 3) : PW_NO_HOUSEHOLD;
	}
	p->households[0] = p->households[1] = (pw_household){0.1, 20};
	p->evidence = (pw_evidence){.design = p->design,
				    .readings = p->readings,
				    .priors = p->priors,
				    .test = PW_POOL_MODEL_INIT};
}

static pw_decoded plate_decode(const plate *p)
{
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	pw_err err = PW_ERR_INIT;
	opts.method = PW_DECODE_STATES;
	ck_assert_msg(pw_decode(&p->evidence, &opts, &out, &err) == PW_OK, "%s", err.msg);
	return out;
}

static void plate_clear(plate *p)
{
	pw_free(p->readings);
	pw_free(p->priors);
	pw_free(p->household_of);
	pw_design_free(p->design);
}

/* Their sum is 1, and their mean what the posteriors say: two ways that have nothing in common. */
static void expect_consistent(const pw_decoded *out)
{
	double sum = 0, mean = 0;
	for (size_t k = 0; k < out->counts; k++) {
		ck_assert_double_ge(out->count[k], 0);
		sum += out->count[k];
		mean += (double)k * out->count[k];
	}
	ck_assert_double_eq_tol(sum, 1, 1e-11);
	ck_assert_double_eq_tol(mean, out->expected_positives, 1e-10);
}

static const pw_make_opts plate_16_24 = {
	.family = PW_FAMILY_ARRAY, .dims = {16, 24}, .dim_count = 2};
static const pw_make_opts plate_8_12 = {.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2};

/* Priors that differ in the last digits make every row its own kind, and change nothing else. */
START_TEST(test_rows_that_are_alike_weigh_as_if_they_were_not)
{
	static const size_t positives[] = {0, 3, 7, 12};
	plate same, other;
	plate_make(&same, &plate_16_24, 0.02, 0, positives[_i], 30 + (uint64_t)_i);
	plate_make(&other, &plate_16_24, 0.02, 1e-13, positives[_i], 30 + (uint64_t)_i);
	pw_decoded a = plate_decode(&same), b = plate_decode(&other);
	ck_assert_double_eq_tol(a.logz, b.logz, 1e-10);
	for (size_t j = 0; j < a.samples; j++)
		ck_assert_double_eq_tol(a.posterior[j], b.posterior[j], 1e-11);
	for (size_t k = 0; k < a.counts || k < b.counts; k++)
		ck_assert_double_eq_tol(k < a.counts ? a.count[k] : 0,
					k < b.counts ? b.count[k] : 0, 1e-11);
	expect_consistent(&a);
	expect_consistent(&b);
	pw_decoded_clear(&a);
	pw_decoded_clear(&b);
	plate_clear(&same);
	plate_clear(&other);
}
END_TEST

START_TEST(test_the_mean_number_is_the_sum_of_the_posteriors)
{
	for (uint64_t seed = 0; seed < 12; seed++) {
		plate p;
		double prior = pow(10, -1 - 3 * (double)(seed % 4) / 3);
		plate_make(&p, &plate_8_12, prior, (double)(_i % 2), seed, 40 + seed);
		if (_i >= 2) {
			p.evidence.household_of = p.household_of;
			p.evidence.households = p.households;
			p.evidence.household_count = 2;
		}
		pw_decoded out = plate_decode(&p);
		expect_consistent(&out);
		pw_decoded_clear(&out);
		plate_clear(&p);
	}
}
END_TEST

/* Where everybody is likely to be positive the window lies far up, and odds are huge. */
START_TEST(test_plates_full_of_positives_are_counted)
{
	static const double priors[] = {0.5, 0.9, 0.999, 1 - 1e-12};
	plate p;
	plate_make(&p, &plate_8_12, priors[_i % 4], 0, 90, 50);
	p.priors[5] = _i < 4 ? p.priors[5] : 0.4;
	pw_decoded out = plate_decode(&p);
	expect_consistent(&out);
	ck_assert_double_gt(out.expected_positives, 40);
	pw_decoded_clear(&out);
	plate_clear(&p);
}
END_TEST

/* More rows than bits, of a single prior. */
START_TEST(test_a_plate_of_many_rows_is_exact)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .dims = {32, 48}, .dim_count = 2};
	plate p;
	plate_make(&p, &opts, 0.003, 0, 9, 60);
	pw_decode_opts how = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	ck_assert_int_eq(pw_decode(&p.evidence, &how, &out, NULL), PW_OK);
	ck_assert_int_eq(out.method, PW_DECODE_STATES);
	ck_assert_double_lt(out.bound, 1e-10);
	expect_consistent(&out);
	pw_decoded_clear(&out);
	plate_clear(&p);
}
END_TEST

static bool count_asked(void *ctx)
{
	size_t *asked = ctx;
	return ++*asked > 1000;
}

/* Tens of thousands of positives are expected: how many there are would take minutes, for which the time of the rest
 * is not spent. */
START_TEST(test_what_would_take_too_long_is_not_counted)
{
	static const pw_pool_reading negative = {.call = PW_POOL_NEGATIVE};
	pw_make_opts make = {.family = PW_FAMILY_DORFMAN, .samples = 100000, .size = 100000};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	size_t asked = 0;
	pw_design *d = make_array(&make);
	pw_evidence e = {
		.design = d, .readings = &negative, .prior = 0.5, .test = PW_POOL_MODEL_INIT};
	opts.expired = count_asked;
	opts.ctx = &asked;
	ck_assert_int_eq(pw_decode(&e, &opts, &out, NULL), PW_OK);
	ck_assert_uint_le(asked, 100);
	ck_assert(!out.stopped);
	ck_assert_double_eq_tol(out.posterior[7], .5, 1e-9);
	ck_assert_double_eq_tol(out.logz, log(1 - e.test.se), 1e-9);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

Suite *suite_decode_count(void);

Suite *suite_decode_count(void)
{
	Suite *suite = suite_create("decode_count");
	TCase *tcase = tcase_create("count");
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(
		tcase, test_small_arrays_have_what_the_sum_over_all_sets_has, 0,
		(int)(sizeof(small) / sizeof(*small) * (sizeof(kinds) / sizeof(*kinds))));
	tcase_add_loop_test(tcase, test_rows_that_are_alike_weigh_as_if_they_were_not, 0, 4);
	tcase_add_loop_test(tcase, test_the_mean_number_is_the_sum_of_the_posteriors, 0, 4);
	tcase_add_loop_test(tcase, test_plates_full_of_positives_are_counted, 0, 8);
	tcase_add_test(tcase, test_a_plate_of_many_rows_is_exact);
	tcase_add_test(tcase, test_what_would_take_too_long_is_not_counted);
	suite_add_tcase(suite, tcase);
	return suite;
}
