/* What happens to a batch while it is worked on: corrections, losses, readings that make no sense. */
#include <string.h>

#include "tests/unit/lab/pool_bench.h"

static pw_batch_outcome outcome;

static pw_status decode(int64_t batch, bool now, bool accept)
{
	return decode_again(batch, now, accept, &outcome);
}

/* ---------------------------------------------------------------- what happens meanwhile */

START_TEST(test_a_tube_that_is_given_up_meanwhile_stays_so)
{
	int n;
	int64_t batch = two_pools_of_five();
	const char *pcr = plate_pools(batch);
	as("anna", "spilled");
	must(pw_lab_recall_tube(fx.lab, "T1", &n, &fx.err));
	ck_assert_int_eq(n, 1);
	as("anna", NULL);
	must_import(run_of(pcr));
	all_are(1, 1, "open");
	all_are(2, 10, "negative");
	ck_assert_str_eq(state_of("T1"), "recalled");
}
END_TEST

START_TEST(test_a_voided_batch_learns_nothing_from_a_late_run)
{
	int n;
	int64_t batch = two_pools_of_five();
	const char *pcr = plate_pools(batch);
	as("anna", "dropped");
	must(pw_lab_void_plate(fx.lab, pcr, &n, &fx.err));
	must(pw_lab_void_pools(fx.lab, batch, &n, &fx.err));
	refused(decode(batch, false, false), "batch-voided", "1");
	refused(decode(99, false, false), "batch-unknown", "99");
	refused(try_next(batch), "batch-voided", "1");
	all_are(1, 10, "open");
}
END_TEST

/* The tube was empty: it got its negative from a pool that nothing of it was in. */
START_TEST(test_a_negative_that_loses_its_ground_is_named)
{
	pw_aliquots_changed changed;
	int64_t batch = two_pools_of_five();
	read_pools(batch, NONE);
	as("anna", "the tube was empty");
	must(pw_lab_leave_out(fx.lab, "T2", NULL, &changed, &fx.err));
	ck_assert(changed.decoded);
	ck_assert_int_eq(changed.contradicted, 1);
	all_are(2, 2, "negative"); /* what was said stays said */
	ck_assert_str_eq(state_of("T2"), "final");
	ck_assert_str_eq(batch_tube(batch, "T2")->call, "undecided");
	must(pw_lab_put_in(fx.lab, "T2", NULL, &changed, &fx.err));
	ck_assert_int_eq(changed.contradicted, 0);
	ck_assert_str_eq(batch_tube(batch, "T2")->call, "negative");
}
END_TEST

START_TEST(test_a_correction_decides_what_was_open)
{
	pw_aliquots_changed changed;
	int64_t batch = two_pools_of_five();
	as("anna", "clotted");
	must(pw_lab_leave_out(fx.lab, "T2", NULL, &changed, &fx.err));
	ck_assert(!changed.decoded);
	read_pools(batch, NONE);
	all_are(2, 2, "open");
	all_are(3, 10, "negative");
	as("anna", "it was in it after all");
	must(pw_lab_put_in(fx.lab, "T2", NULL, &changed, &fx.err));
	ck_assert(changed.decoded);
	all_are(2, 2, "negative");
}
END_TEST

/* Found out while a tube waits for its own well: then it needs none. */
START_TEST(test_who_pools_answer_for_needs_no_well_any_more)
{
	pw_aliquots_changed changed;
	pw_filled filled;
	int64_t batch = two_pools_of_five();
	as("anna", "clotted");
	must(pw_lab_leave_out(fx.lab, "T2", NULL, &changed, &fx.err));
	must(pw_lab_leave_out(fx.lab, "T3", NULL, &changed, &fx.err));
	read_pools(batch, NONE);
	must(try_next(batch));
	ck_assert_str_eq(state_of("T2"), "retest");
	ck_assert_str_eq(state_of("T3"), "retest");
	new_plate("E8", "std96");
	fill("E8", "T3");
	as("anna", "it was in it after all");
	must(pw_lab_put_in(fx.lab, "T2", NULL, &changed, &fx.err));
	must(pw_lab_put_in(fx.lab, "T3", NULL, &changed, &fx.err));
	ck_assert_int_eq(changed.undecided, 0);
	ck_assert_str_eq(state_of("T2"), "final");
	all_are(2, 2, "negative");
	refused(pw_lab_fill_well(fx.lab, "E8", "T2", NULL, &filled, &fx.err), "tube-done", "'T2'",
		"put it aside");
	ck_assert_str_eq(state_of("T3"), "plated"); /* its well is on its way, and will tell */
	all_are(3, 3, "open");
}
END_TEST

/* A well of a tube's own that does not tell is repeated by the assay, whatever pools say of the tube. */
START_TEST(test_who_had_a_well_of_their_own_goes_by_it)
{
	pw_aliquots_changed changed;
	int64_t batch = two_pools_of_five();
	as("anna", "clotted");
	must(pw_lab_leave_out(fx.lab, "T2", NULL, &changed, &fx.err));
	read_pools(batch, NONE);
	must(try_next(batch));
	const char *pcr = plate_retests();
	bench_run *run = run_of(pcr);
	invalid(run, well_of(pcr, "T2"));
	must_import(run);
	ck_assert_str_eq(state_of("T2"), "retest");
	as("anna", "it was in it after all");
	must(pw_lab_put_in(fx.lab, "T2", NULL, &changed, &fx.err));
	ck_assert_str_eq(state_of("T2"), "retest");
	all_are(2, 2, "open");
}
END_TEST

START_TEST(test_nothing_is_decoded_before_anything_was_read)
{
	int64_t batch = two_pools_of_five();
	refused(decode(batch, true, false), "nothing-read", "batch 1", "pool void");
	must(decode(batch, false, false));
	ck_assert(!outcome.changed);
	read_pools(batch, NONE);
	must(decode(batch, true, false));
}
END_TEST

/* ---------------------------------------------------------------- readings that make no sense */

/* Five rows, all negative, and four columns of eight that are positive. */
static int64_t nonsense(void)
{
	pool_policy("max_pool: 8, must_test: pooled, confirm: none");
	singles(1, 40);
	int64_t batch = array(5, 8, single_list(1, 40));
	pw_run_outcome run = read_pools(batch, NUMBERS(6, 8, 10, 12));
	ck_assert_int_eq(run.held_batch, batch);
	ck_assert_ptr_nonnull(strstr(run.alarm, "4 of the readings"));
	ck_assert_int_eq(run.decided, 0);
	return batch;
}

START_TEST(test_readings_that_make_no_sense_decide_nobody)
{
	int64_t batch = nonsense();
	all_are(1, 40, "open");
	ck_assert_str_eq(batch_row(batch)->state, "held");
	ck_assert_str_eq(last_decode(batch)->alarm, batch_row(batch)->alarm);
	refused(try_next(batch), "batch-held", "make no sense", "--accept");
	must(decode(batch, false, false));
	ck_assert(outcome.held);
	ck_assert(!outcome.changed);
	fails(decode(batch, false, true), PW_ERR_ARG, "reason");
	as("anna", "looked at the plate: it is right");
	must(decode(batch, false, true));
	ck_assert_str_eq(batch_row(batch)->state, "open");
	ck_assert_int_eq(last_decode(batch)->accepted, 1);
	ck_assert_int_gt(outcome.negative, 0);
	all_are(1, 1, strcmp(batch_tube(batch, "T1")->call, "negative") == 0 ? "negative" : "open");
	refused(decode(batch, false, true), "nothing-to-accept", "not held");
}
END_TEST

START_TEST(test_a_batch_that_makes_no_sense_can_be_voided)
{
	int n;
	int64_t batch = nonsense();
	as("anna", "the plate was turned");
	must(pw_lab_void_pools(fx.lab, batch, &n, &fx.err));
	ck_assert_int_eq(n, 40);
	all_are(1, 40, "open");
	ck_assert_str_eq(state_of("T40"), "received");
}
END_TEST

START_TEST(test_readings_that_cannot_be_are_held)
{
	int64_t batch = three_by_four("max_pool: 6, sensitivity: 1, specificity: 1, dilution: 0");
	pw_run_outcome run = read_pools(batch, NUMBERS(2)); /* a row, and none of its columns */
	ck_assert_int_eq(run.held_batch, batch);
	all_are(1, 12, "open");
	ck_assert_str_eq(batch_row(batch)->state, "held");
	as("anna", "so it is");
	must(decode(batch, false, true));
	ck_assert(outcome.held); /* there is nothing to go by */
	all_are(1, 12, "open");
}
END_TEST

Suite *suite_pool_meanwhile(void);
Suite *suite_pool_meanwhile(void)
{
	Suite *suite = suite_create("pool_meanwhile");
	TCase *meanwhile = fixture_case(suite, "meanwhile", fixture_cn);
	tcase_add_test(meanwhile, test_a_tube_that_is_given_up_meanwhile_stays_so);
	tcase_add_test(meanwhile, test_a_voided_batch_learns_nothing_from_a_late_run);
	tcase_add_test(meanwhile, test_a_negative_that_loses_its_ground_is_named);
	tcase_add_test(meanwhile, test_a_correction_decides_what_was_open);
	tcase_add_test(meanwhile, test_who_pools_answer_for_needs_no_well_any_more);
	tcase_add_test(meanwhile, test_who_had_a_well_of_their_own_goes_by_it);
	tcase_add_test(meanwhile, test_nothing_is_decoded_before_anything_was_read);
	TCase *alarm = fixture_case(suite, "alarm", fixture_cn);
	tcase_add_test(alarm, test_readings_that_make_no_sense_decide_nobody);
	tcase_add_test(alarm, test_a_batch_that_makes_no_sense_can_be_voided);
	tcase_add_test(alarm, test_readings_that_cannot_be_are_held);
	return suite;
}
