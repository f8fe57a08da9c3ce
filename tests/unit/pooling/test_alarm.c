#include <check.h>
#include <math.h>

#include "core/base/rng.h"
#include "core/pooling/alarm.h"
#include "core/pooling/design_make.h"

/* What perfect tests show of a set. */
static void read_truly(const pw_design *d, const uint32_t *at, size_t count, pw_pool_reading *out)
{
	for (size_t i = 0; i < pw_design_pools(d); i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k < count; k++) {
		pw_design_list pools = pw_design_pools_of(d, at[k]);
		for (size_t x = 0; x < pools.count; x++)
			out[pools.at[x]].call = PW_POOL_POSITIVE;
	}
}

/* 96 pools on a plate, and as many people in five of them each. */
static pw_design *plate_design(void)
{
	pw_design_entry entries[96 * 5];
	pw_place places[96];
	size_t count = 0;
	pw_rng rng;
	pw_rng_init(&rng, 3);
	for (uint32_t j = 0; j < 96; j++) {
		uint32_t pools[96];
		for (uint32_t i = 0; i < 96; i++)
			pools[i] = i;
		pw_rng_shuffle(&rng, pools, 96, sizeof(*pools));
		entries[count++] = (pw_design_entry){j, j};
		for (size_t s = 0, more = 0; more < 4; s++)
			if (pools[s] != j) {
				entries[count++] = (pw_design_entry){pools[s], j};
				more++;
			}
		places[j] = (pw_place){0, (uint8_t)(j % 8), (uint8_t)(j / 8)};
	}
	pw_design_spec spec = {.pools = 96,
			       .samples = 96,
			       .entries = entries,
			       .entry_count = count,
			       .pool_places = places};
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_new(&spec, &d, &err) == PW_OK, "%s", err.msg);
	return d;
}

/* What undoes it puts the readings where it puts them. */
static const pw_mishap opposite[PW_MISHAP_COUNT] = {
	[PW_MISHAP_NONE] = PW_MISHAP_NONE,
	[PW_MISHAP_TURNED] = PW_MISHAP_TURNED,
	[PW_MISHAP_LEFT_RIGHT] = PW_MISHAP_LEFT_RIGHT,
	[PW_MISHAP_TOP_BOTTOM] = PW_MISHAP_TOP_BOTTOM,
	[PW_MISHAP_BY_ROWS] = PW_MISHAP_BY_COLUMNS,
	[PW_MISHAP_BY_COLUMNS] = PW_MISHAP_BY_ROWS,
	[PW_MISHAP_RIGHT] = PW_MISHAP_LEFT,
	[PW_MISHAP_LEFT] = PW_MISHAP_RIGHT,
	[PW_MISHAP_DOWN] = PW_MISHAP_UP,
	[PW_MISHAP_UP] = PW_MISHAP_DOWN,
	[PW_MISHAP_EXCHANGED] = PW_MISHAP_EXCHANGED,
};

static pw_alarm alarm_of(const pw_design *d, const pw_pool_reading *r)
{
	pw_evidence e = {.design = d,
			 .readings = r,
			 .prior = 0.02,
			 .test = {.se = 0.97, .sp = 0.99},
			 .ct = PW_CT_MODEL_INIT};
	e.ct.well_noise = 0;
	e.ct.diluted = false;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	pw_alarm alarm;
	pw_err err = PW_ERR_INIT;
	opts.effort = UINT64_C(1) << 24;
	ck_assert_msg(pw_decode(&e, &opts, &out, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_alarm_check(&e, &out, &opts, 0.001, &alarm, &err) == PW_OK, "%s", err.msg);
	pw_decoded_clear(&out);
	return alarm;
}

START_TEST(test_a_plate_that_came_to_harm_raises_the_alarm_and_is_put_right)
{
	static const uint32_t positives[] = {5, 40, 77};
	pw_mishap mishap = (pw_mishap)_i;
	pw_design *d = plate_design();
	pw_pool_reading truth[96], seen[96];
	read_truly(d, positives, 3, truth);
	pw_mishap_undo(d, truth, opposite[mishap], seen);
	pw_alarm alarm = alarm_of(d, seen);
	ck_assert_int_eq(alarm.raised, mishap != PW_MISHAP_NONE);
	ck_assert_msg(alarm.cause == mishap, "%d, not %d, by %g", (int)alarm.cause, (int)mishap,
		      alarm.factor);
	if (mishap != PW_MISHAP_NONE)
		ck_assert_ptr_nonnull(pw_mishap_text(mishap));
	pw_design_free(d);
}
END_TEST

/* A mishap that would put the readings that do not fit out of the way does not explain them. */
START_TEST(test_readings_that_would_be_of_nobody_still_count)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2};
	pw_pool_reading r[20];
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_make(&opts, &d, NULL), PW_OK);
	for (size_t i = 0; i < 20; i++)
		r[i] = (pw_pool_reading){.call = i < 8 && i % 2 == 0 ? PW_POOL_POSITIVE
								     : PW_POOL_NEGATIVE};
	pw_alarm alarm = alarm_of(d, r);
	ck_assert(alarm.raised);
	ck_assert_int_eq(alarm.cause, PW_MISHAP_NONE);
	pw_design_free(d);
}
END_TEST

static bool passed(void *ctx)
{
	(void)ctx;
	return true;
}

/* A search that ended before it found the likeliest set is no reason to suspect the plate. */
START_TEST(test_a_search_that_was_stopped_raises_no_false_alarm)
{
	static const uint32_t positives[] = {5, 40, 77};
	pw_design *d = plate_design();
	pw_pool_reading r[96];
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	pw_alarm alarm;
	pw_err err = PW_ERR_INIT;
	read_truly(d, positives, 3, r);
	pw_evidence e = {
		.design = d, .readings = r, .prior = 0.02, .test = {.se = 0.97, .sp = 0.99}};
	opts.expired = passed;
	ck_assert_msg(pw_decode(&e, &opts, &out, &err) == PW_OK, "%s", err.msg);
	ck_assert(out.stopped);
	ck_assert_uint_lt(out.sets[0].count, 3);
	ck_assert_msg(pw_alarm_check(&e, &out, &opts, 0.001, &alarm, &err) == PW_OK, "%s", err.msg);
	ck_assert(!alarm.raised);
	ck_assert_uint_eq(alarm.wrong, 0);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

/* ---- Random plates ---- */

#define HEALTHY_PLATES 30
#define HARMED_PLATES  2

/* Up to four positives, and tests that err as often as they are said to. */
static void read_with_errors(const pw_design *d, pw_rng *rng, pw_pool_reading *out)
{
	uint32_t positives[4];
	size_t count = pw_rng_below(rng, 5);
	for (size_t k = 0; k < count; k++)
		positives[k] = (uint32_t)pw_rng_below(rng, 96);
	read_truly(d, positives, count, out);
	for (size_t i = 0; i < 96; i++) {
		bool positive = out[i].call == PW_POOL_POSITIVE;
		if (pw_rng_chance(rng, positive ? 0.03 : 0.01))
			out[i].call = positive ? PW_POOL_NEGATIVE : PW_POOL_POSITIVE;
	}
}

START_TEST(test_healthy_plates_raise_no_alarm_for_all_their_errors)
{
	pw_design *d = plate_design();
	pw_rng rng;
	pw_rng_init(&rng, 12);
	for (int k = 0; k < HEALTHY_PLATES; k++) {
		pw_pool_reading r[96];
		read_with_errors(d, &rng, r);
		pw_alarm alarm = alarm_of(d, r);
		ck_assert_msg(!alarm.raised, "plate %d: %zu wrong, %g expected", k, alarm.wrong,
			      alarm.expected);
	}
	pw_design_free(d);
}
END_TEST

/* Five positives, so that something is on the plate to tell by. */
static void draw_cts(const pw_design *d, pw_rng *rng, pw_pool_reading *out)
{
	double amount[96] = {0};
	for (int k = 0; k < 5; k++) {
		pw_design_list pools = pw_design_pools_of(d, (size_t)pw_rng_below(rng, 96));
		double load = exp2(-pw_rng_normal(rng, 26, 3));
		for (size_t x = 0; x < pools.count; x++)
			amount[pools.at[x]] += load;
	}
	for (size_t i = 0; i < 96; i++) {
		double ct = -log2(amount[i]) + pw_rng_normal(rng, 0, 0.3);
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE, .wells = 1};
		if (amount[i] > 0 && ct < 40) {
			out[i].call = PW_POOL_POSITIVE;
			out[i].well[0] = (pw_ct_well){true, ct};
		}
	}
}

/* Every mishap of one plate in turn, and plates that came to none, by their Ct. */
START_TEST(test_what_happened_is_told_by_ct_too)
{
	pw_design *d = plate_design();
	pw_rng rng;
	pw_rng_init(&rng, 31 + (uint64_t)_i);
	for (int k = 0; k < HARMED_PLATES; k++) {
		pw_pool_reading truth[96], seen[96];
		pw_mishap mishap = (pw_mishap)_i;
		draw_cts(d, &rng, truth);
		pw_mishap_undo(d, truth, opposite[mishap], seen);
		pw_alarm alarm = alarm_of(d, seen);
		ck_assert_int_eq(alarm.raised, mishap != PW_MISHAP_NONE);
		ck_assert_msg(alarm.cause == mishap, "plate %d: %d, not %d, by %g", k,
			      (int)alarm.cause, (int)mishap, alarm.factor);
	}
	pw_design_free(d);
}
END_TEST

Suite *suite_alarm(void);

Suite *suite_alarm(void)
{
	Suite *suite = suite_create("alarm");
	TCase *tcase = tcase_create("alarm");
	tcase_set_timeout(tcase, 300);
	/* one plate: there is no second to be exchanged with */
	tcase_add_loop_test(tcase, test_a_plate_that_came_to_harm_raises_the_alarm_and_is_put_right,
			    PW_MISHAP_NONE, PW_MISHAP_EXCHANGED);
	tcase_add_test(tcase, test_readings_that_would_be_of_nobody_still_count);
	tcase_add_test(tcase, test_a_search_that_was_stopped_raises_no_false_alarm);
	tcase_add_test(tcase, test_healthy_plates_raise_no_alarm_for_all_their_errors);
	tcase_add_loop_test(tcase, test_what_happened_is_told_by_ct_too, PW_MISHAP_NONE,
			    PW_MISHAP_EXCHANGED);
	suite_add_tcase(suite, tcase);
	return suite;
}
