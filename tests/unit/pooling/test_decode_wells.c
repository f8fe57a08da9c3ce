/*
 * Wells of one among the pools, as they come when doubtful people were tested alone: nobody shares such a well, so
 * there is nothing in it to be refunded (docs/internals/decoding.md). A search that thought so once found nothing in
 * its time, where without those wells it was half done.
 */
#include <check.h>
#include <math.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/decode_oracle.h"

/* The pools of `d`, and a well of one for each of `alone`. */
static pw_design *with_wells(const pw_design *d, const uint32_t *alone, size_t count)
{
	size_t pools = pw_design_pools(d), n = 0;
	for (size_t i = 0; i < pools; i++)
		n += pw_design_members(d, i).count;
	pw_design_entry *entries = pw_alloc_array(n + count, sizeof(*entries));
	n = 0;
	for (size_t i = 0; i < pools; i++) {
		pw_design_list members = pw_design_members(d, i);
		for (size_t x = 0; x < members.count; x++)
			entries[n++] = (pw_design_entry){(uint32_t)i, members.at[x]};
	}
	for (size_t k = 0; k < count; k++)
		entries[n++] = (pw_design_entry){(uint32_t)(pools + k), alone[k]};
	const pw_design_spec spec = {.pools = pools + count,
				     .samples = pw_design_samples(d),
				     .entries = entries,
				     .entry_count = n};
	pw_design *out;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_new(&spec, &out, &err) == PW_OK, "%s", err.msg);
	pw_free(entries);
	return out;
}

static pw_design *make(const pw_make_opts *opts)
{
	pw_design *design;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(opts, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

#define CARRIERS 5
#define OTHERS   7
#define ALONE    (CARRIERS - 1 + OTHERS)

/* Five carriers of 384, of whom four were found alone, and seven who were not carriers. */
START_TEST(test_a_plate_with_wells_of_one_is_searched_to_its_end)
{
	const pw_make_opts rs = {.family = PW_FAMILY_RS, .samples = 384, .pools = 48, .w = 6};
	pw_pool_reading readings[48 + ALONE] = {{.call = PW_POOL_MISSING}};
	uint32_t alone[ALONE + 1];
	pw_design *plain = make(&rs);
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i);
	for (size_t i = 0; i < 48 + ALONE; i++)
		readings[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k <= ALONE; k++)
		alone[k] = (uint32_t)(k * 31 + pw_rng_below(&rng, 31));
	uint32_t carriers[CARRIERS] = {alone[0], alone[1], alone[2], alone[3], alone[ALONE]};
	for (size_t k = 0; k < CARRIERS; k++) {
		pw_design_list pools = pw_design_pools_of(plain, carriers[k]);
		for (size_t x = 0; x < pools.count; x++)
			readings[pools.at[x]].call = PW_POOL_POSITIVE;
	}
	for (size_t k = 0; k < CARRIERS - 1; k++)
		readings[48 + k].call = PW_POOL_POSITIVE;
	pw_design *d = with_wells(plain, alone, ALONE);
	double se[48 + ALONE];
	for (size_t i = 0; i < 48 + ALONE; i++)
		se[i] = i < 48 ? 0.887 : 0.97;
	pw_evidence e = {.design = d, .readings = readings, .prior = 0.01};
	e.test = (pw_pool_model)PW_POOL_MODEL_INIT;
	e.test.sp = 0.995;
	e.test.pool_se = se;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	opts.epsilon = 1e-3;
	opts.effort = UINT64_C(1) << 28;
	pw_decoded decoded;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_decode(&e, &opts, &decoded, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(!decoded.stopped && decoded.bound <= 1e-3, "seed %d: bound %g", _i,
		      decoded.bound);
	for (size_t k = 0; k < CARRIERS - 1; k++) /* the others may explain the fifth one's pools */
		ck_assert_double_gt(decoded.posterior[carriers[k]], 0.9);
	pw_decoded_clear(&decoded);
	pw_design_free(d);
	pw_design_free(plain);
}
END_TEST

/* Small ones against all sets. */
START_TEST(test_wells_of_one_are_weighed_as_they_are)
{
	const pw_make_opts random = {.family = PW_FAMILY_RANDOM,
				     .samples = 12,
				     .pools = 6,
				     .w = 2,
				     .seed = 1000 + (uint64_t)_i};
	pw_design *plain = make(&random);
	pw_rng rng;
	uint32_t alone[4];
	pw_pool_reading readings[10];
	pw_rng_init(&rng, (uint64_t)_i);
	for (uint32_t k = 0; k < 4; k++)
		alone[k] = 3 * k + (uint32_t)pw_rng_below(&rng, 3);
	for (size_t i = 0; i < 10; i++)
		readings[i] = (pw_pool_reading){
			.call = pw_rng_chance(&rng, 0.5) ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE};
	pw_design *d = with_wells(plain, alone, 4);
	pw_evidence e = {.design = d, .readings = readings, .prior = 0.1};
	e.test = (pw_pool_model)PW_POOL_MODEL_INIT;
	oracle o = oracle_sum(&e, 0);
	for (double epsilon = 0.3; epsilon > 1e-9; epsilon *= 0.01) {
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		pw_decoded decoded;
		pw_err err = PW_ERR_INIT;
		opts.epsilon = epsilon;
		opts.method = PW_DECODE_SUPPORTS;
		ck_assert_msg(pw_decode(&e, &opts, &decoded, &err) == PW_OK, "%s", err.msg);
		for (size_t j = 0; j < 12; j++)
			ck_assert_msg(fabs(decoded.posterior[j] - o.posterior[j]) <=
					      decoded.error[j] + 1e-12,
				      "seed %d: person %zu has %.12g, not %.12g, error %g", _i,
				      j + 1, decoded.posterior[j], o.posterior[j],
				      decoded.error[j]);
		pw_decoded_clear(&decoded);
	}
	pw_design_free(d);
	pw_design_free(plain);
}
END_TEST

Suite *suite_decode_wells(void);

Suite *suite_decode_wells(void)
{
	Suite *suite = suite_create("decode_wells");
	TCase *tc = tcase_create("decode_wells");
	tcase_add_loop_test(tc, test_a_plate_with_wells_of_one_is_searched_to_its_end, 0, 6);
	tcase_add_loop_test(tc, test_wells_of_one_are_weighed_as_they_are, 0, 300);
	suite_add_tcase(suite, tc);
	return suite;
}
