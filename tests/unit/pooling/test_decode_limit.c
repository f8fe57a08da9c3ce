/*
 * A known largest number of positives on the 48 × 384 design: the error wanted is reached whatever was read
 * wrong, and where few sets are possible at all the answer is that of adding them up one by one.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"

#define POOLS 48

static pw_design *design_of(void)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .samples = 384, .pools = POOLS, .w = 6};
	pw_design *design;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(&opts, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

/* What `positives` people of `d` make of its pools; with noise, one read in 20 and one in 100 is wrong. */
static void read_pools(const pw_design *d, size_t positives, bool noise, pw_rng *rng,
		       pw_pool_reading *out)
{
	for (size_t i = 0; i < POOLS; i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k < positives; k++) {
		pw_design_list pools = pw_design_pools_of(d, pw_rng_below(rng, 384));
		for (size_t x = 0; x < pools.count; x++)
			if (!noise || !pw_rng_chance(rng, 0.05))
				out[pools.at[x]].call = PW_POOL_POSITIVE;
	}
	for (size_t i = 0; noise && i < POOLS; i++)
		if (pw_rng_chance(rng, 0.01))
			out[i].call = PW_POOL_POSITIVE;
}

/* Even where more than four would have to be positive: such evidence once ended in a bound of 0.005. */
START_TEST(test_the_error_wanted_is_reached_with_a_limit)
{
	pw_design *d = design_of();
	pw_pool_reading readings[POOLS];
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i);
	read_pools(d, 2 + (size_t)_i % 4, _i % 2 > 0, &rng, readings);
	pw_evidence evidence = {
		.design = d, .readings = readings, .prior = 0.005, .test = PW_POOL_MODEL_INIT};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded decoded;
	pw_err err = PW_ERR_INIT;
	opts.max_positives = 4;
	ck_assert_msg(pw_decode(&evidence, &opts, &decoded, &err) == PW_OK, "%s", err.msg);
	ck_assert(!decoded.stopped);
	ck_assert_msg(decoded.bound <= 1e-6, "seed %d: bound %g", _i, decoded.bound);
	pw_decoded_clear(&decoded);
	pw_design_free(d);
}
END_TEST

/* ---- Against adding up every set ---- */

static double weight_of(const pw_design *d, const pw_evidence *e, const size_t *at, size_t count)
{
	double weight = pow(e->prior, (double)count) * pow(1 - e->prior, 384 - (double)count);
	bool hit[POOLS] = {false};
	for (size_t k = 0; k < count; k++) {
		pw_design_list pools = pw_design_pools_of(d, at[k]);
		for (size_t x = 0; x < pools.count; x++)
			hit[pools.at[x]] = true;
	}
	for (size_t i = 0; i < POOLS; i++) {
		double positive = hit[i] ? e->test.se : 1 - e->test.sp;
		weight *= e->readings[i].call == PW_POOL_POSITIVE ? positive : 1 - positive;
	}
	return weight;
}

/* Everybody's posterior with at most two positives, by all 73,921 sets. */
static void add_up(const pw_design *d, const pw_evidence *e, double *posterior)
{
	double all = weight_of(d, e, NULL, 0);
	memset(posterior, 0, 384 * sizeof(*posterior));
	for (size_t a = 0; a < 384; a++) {
		size_t pair[2] = {a, 0};
		double single = weight_of(d, e, pair, 1);
		posterior[a] += single;
		all += single;
		for (pair[1] = a + 1; pair[1] < 384; pair[1]++) {
			double both = weight_of(d, e, pair, 2);
			posterior[a] += both;
			posterior[pair[1]] += both;
			all += both;
		}
	}
	for (size_t a = 0; a < 384; a++)
		posterior[a] /= all;
}

START_TEST(test_at_most_two_is_the_sum_over_all_pairs)
{
	pw_design *d = design_of();
	pw_pool_reading readings[POOLS];
	double *exact = pw_alloc_array(384, sizeof(*exact));
	pw_rng rng;
	pw_rng_init(&rng, 100 + (uint64_t)_i);
	read_pools(d, 1 + (size_t)_i, true, &rng, readings);
	pw_evidence evidence = {
		.design = d, .readings = readings, .prior = 0.01, .test = PW_POOL_MODEL_INIT};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded decoded;
	pw_err err = PW_ERR_INIT;
	opts.max_positives = 2;
	add_up(d, &evidence, exact);
	ck_assert_msg(pw_decode(&evidence, &opts, &decoded, &err) == PW_OK, "%s", err.msg);
	for (size_t j = 0; j < 384; j++)
		ck_assert_msg(fabs(decoded.posterior[j] - exact[j]) <= decoded.error[j] + 1e-12,
			      "sample %zu: %.12g, exact %.12g, error %g", j + 1,
			      decoded.posterior[j], exact[j], decoded.error[j]);
	pw_decoded_clear(&decoded);
	pw_free(exact);
	pw_design_free(d);
}
END_TEST

Suite *suite_decode_limit(void);

Suite *suite_decode_limit(void)
{
	Suite *suite = suite_create("decode_limit");
	TCase *tc = tcase_create("decode_limit");
	tcase_add_loop_test(tc, test_the_error_wanted_is_reached_with_a_limit, 0, 16);
	tcase_add_loop_test(tc, test_at_most_two_is_the_sum_over_all_pairs, 0, 4);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	return suite;
}
