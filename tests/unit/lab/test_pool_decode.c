/* What laboratory pools read is worked back to tubes and people. */
#include <math.h>
#include <string.h>

#include "tests/unit/lab/pool_bench.h"

static pw_batch_outcome outcome;

static pw_status decode(int64_t batch, bool now, bool accept)
{
	return decode_again(batch, now, accept, &outcome);
}

/* ---------------------------------------------------------------- Dorfman */

START_TEST(test_negative_pools_answer_for_everybody)
{
	int64_t batch = two_pools_of_five();
	pw_run_outcome run = read_pools(batch, NONE);
	ck_assert_int_eq(run.tests, 2);
	ck_assert_int_eq(run.pools, 2);
	ck_assert_int_eq(run.negative, 2);
	ck_assert_int_eq(run.decoded, 10);
	ck_assert_int_eq(run.decided, 10);
	all_are(1, 10, "negative");
	ck_assert_str_eq(state_of("T1"), "final");
	ck_assert_str_eq(tube_row("T1")->call, "negative");
	const pw_batch_tubes_row *t = batch_tube(batch, "T1");
	ck_assert_str_eq(t->call, "negative");
	/* by hand: p (1 - se d) / (p (1 - se d) + (1 - p) …), the other four of the pool likewise */
	ck_assert_double_lt(t->posterior.value, 0.0004);
	ck_assert_double_gt(t->posterior.value, 0.0001);
	const pw_decodes_of_batch_row *d = last_decode(batch);
	ck_assert_str_eq(d->evidence, "1- 2-");
	ck_assert_double_le(d->bound, 1e-6);
	ck_assert_int_eq(d->tubes, 10);
	char hash[PW_HASH_HEX];
	pw_hash_hex(&pw_lab_profile(fx.lab)->hash, hash);
	ck_assert_str_eq(d->profile, hash);
}
END_TEST

START_TEST(test_a_positive_pool_is_tested_alone)
{
	int64_t batch = two_pools_of_five();
	pw_run_outcome run = read_pools(batch, NUMBERS(1));
	ck_assert_int_eq(run.undecided, 5);
	ck_assert_int_eq(run.decoded, 5);
	all_are(1, 5, "open");
	all_are(6, 10, "negative");
	ck_assert_str_eq(state_of("T1"), "pooled");
	ck_assert_str_eq(tube_row("T1")->next, "pool-next");
	ck_assert_str_eq(pw_lab_next_step("pooled", "pool-next", 1),
			 "plan its next well: 'poolwell pool next'");
	pw_next_plan plan = next_wells(batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_SINGLE), 5);
	ck_assert_uint_eq(plan.count, 5);
	ck_assert_str_eq(state_of("T1"), "retest");
	refused(try_next(batch), "nothing-undecided", "batch 1");
	run = read_singles(NUMBERS(3));
	ck_assert_int_eq(run.decided, 5);
	all_are(1, 2, "negative");
	all_are(3, 3, "positive");
	all_are(4, 5, "negative");
	ck_assert_str_eq(last_decode(batch)->evidence, "1+ 2- T1- T2- T3+ T4- T5-");
	ck_assert_str_eq(batch_tube(batch, "T3")->call, "positive");
}
END_TEST

START_TEST(test_nobody_is_negative_by_the_prior)
{
	int64_t batch = two_pools_of_five();
	bench_run *run = run_of_pools(plate_pools(batch), batch, NONE);
	invalid(run, "A1");
	must_import(run);
	all_are(1, 5, "open"); /* at a prior of half a percent, and not tested */
	all_are(6, 10, "negative");
	ck_assert_str_eq(pool_row(pool_of(batch, 1))->reading, "!");
	pw_next_plan plan = next_wells(batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_REPEAT), 1);
	ck_assert_uint_eq(plan.count, 1);
	ck_assert_uint_eq(plan.wells[0].tube_count, 5);
	ck_assert_str_eq(pool_state(batch, 1), "retest");
	ck_assert_str_eq(state_of("T1"), "pooled");
	refused(try_next(batch), "nothing-undecided", "1");
	read_pools(batch, NONE); /* the repeat replaces the reading */
	all_are(1, 5, "negative");
	ck_assert_str_eq(last_decode(batch)->evidence, "1- 2-");
	ck_assert_int_eq(pool_row(pool_of(batch, 1))->attempts, 2);
}
END_TEST

START_TEST(test_what_is_invalid_twice_is_tested_alone)
{
	int64_t batch = two_pools_of_five();
	for (int i = 0; i < 2; i++) {
		bench_run *run = run_of_pools(plate_pools(batch), batch, NONE);
		invalid(run, "A1");
		must_import(run);
		pw_next_plan plan = next_wells(batch);
		ck_assert_int_eq(count_wells(&plan, i == 0 ? PW_NEXT_REPEAT : PW_NEXT_SINGLE),
				 i == 0 ? 1 : 5);
	}
	read_singles(NONE);
	all_are(1, 5, "negative");
}
END_TEST

START_TEST(test_the_parts_of_a_batch_do_not_wait_for_each_other)
{
	int64_t batch = two_pools_of_five();
	new_plate("E1", "std96");
	fill("E1", pool_of(batch, 2));
	seal("E1");
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	must_import(run_of("Q1"));
	all_are(1, 5, "open");
	all_are(6, 10, "negative");
	ck_assert_ptr_null(tube_row("T1")->next);
	read_pools(batch, NONE);
	all_are(1, 5, "negative");
}
END_TEST

/* ---------------------------------------------------------------- an array */

START_TEST(test_where_two_lines_cross_and_no_more_wells_are_asked_for)
{
	int64_t batch = three_by_four("max_pool: 6, confirm: none");
	pw_run_outcome run = read_pools(batch, NUMBERS(2, 6));
	ck_assert_int_eq(run.decoded, 12);
	ck_assert_int_eq(run.undecided, 0);
	all_are(1, 6, "negative");
	all_are(7, 7, "positive");
	all_are(8, 12, "negative");
	ck_assert_double_gt(batch_tube(batch, "T7")->posterior.value, 0.99);
	ck_assert_str_eq(state_of("T7"), "final");
	ck_assert_ptr_nonnull(strstr(tube_row("T7")->why, "in 2 positive and 0 negative pools"));
}
END_TEST

START_TEST(test_a_single_that_pools_call_positive_is_confirmed_alone)
{
	int64_t batch = three_by_four("max_pool: 6, confirm: singles");
	read_pools(batch, NUMBERS(2, 6));
	all_are(7, 7, "open");
	ck_assert_str_eq(batch_tube(batch, "T7")->call, "to-confirm");
	pw_next_plan plan = next_wells(batch);
	ck_assert_uint_eq(plan.count, 1);
	ck_assert_str_eq(plan.wells[0].code, "T7");
	read_singles(NUMBERS(7));
	all_are(7, 7, "positive");
	ck_assert_str_eq(batch_tube(batch, "T7")->call, "positive");
}
END_TEST

START_TEST(test_wells_that_contradict_the_pools_end_in_a_second_swab)
{
	int64_t batch = three_by_four("max_pool: 6, confirm: singles, own_wells: 2");
	read_pools(batch, NUMBERS(2, 6));
	next_wells(batch);
	read_singles(NONE);
	all_are(7, 7, "open"); /* one negative well against two positive pools */
	ck_assert_str_eq(batch_tube(batch, "T7")->call, "undecided");
	next_wells(batch);
	read_singles(NONE);
	ck_assert_str_eq(batch_tube(batch, "T7")->call, "given-up");
	ck_assert_str_eq(state_of("T7"), "recalled");
	ck_assert_ptr_nonnull(recall_of("T7", 7));
	receive("S7", 1, 7, 1);
	extract("E9", "std96", WORDS("S7"));
	stamp("Q9", "E9", "cdc-n1-n2-rp");
	must_import(run_of("Q9"));
	all_are(7, 7, "negative");
	ck_assert_str_eq(state_of("T7"), "resolved");
}
END_TEST

START_TEST(test_an_array_waits_for_all_of_its_pools_unless_told)
{
	int64_t batch = three_by_four("max_pool: 6, confirm: none");
	new_plate("E1", "std96");
	for (int i = 1; i <= 6; i++)
		fill("E1", pool_of(batch, i));
	seal("E1");
	stamp("Q1", "E1", "cdc-n1-n2-rp");
	must_import(run_of_pools("Q1", batch, NONE));
	all_are(1, 12, "open");
	must(decode(batch, false, false));
	ck_assert(!outcome.changed);
	ck_assert_int_eq(outcome.waiting, 12);
	must(decode(batch, true, false));
	ck_assert(outcome.changed);
	ck_assert_int_eq(outcome.negative, 12);
	all_are(1, 12, "negative");
	must(decode(batch, true, false));
	ck_assert(!outcome.changed);
}
END_TEST

START_TEST(test_an_invalid_pool_of_an_array_is_no_evidence)
{
	int64_t batch = three_by_four("max_pool: 6, confirm: none");
	bench_run *run = run_of_pools(plate_pools(batch), batch, NONE);
	invalid(run, well_of(run->file.barcode, pool_of(batch, 1)));
	must_import(run);
	all_are(1, 12, "negative"); /* the columns tell enough */
	ck_assert_double_gt(batch_tube(batch, "T1")->posterior.value,
			    batch_tube(batch, "T5")->posterior.value);
}
END_TEST

START_TEST(test_another_prevalence_is_another_posterior)
{
	pw_pools_planned out;
	double before;
	int64_t batch = two_pools_of_five();
	read_pools(batch, NONE);
	before = batch_tube(batch, "T1")->posterior.value;
	singles(11, 15);
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, single_list(11, 15));
	in.make.size = 5;
	in.prevalence = 0.05;
	must(pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err));
	make_pools(out.first_batch);
	read_pools(out.first_batch, NONE);
	ck_assert_double_gt(batch_tube(out.first_batch, "T11")->posterior.value, 5 * before);
}
END_TEST

/* ---------------------------------------------------------------- collected pools inside */

START_TEST(test_a_collected_pool_keeps_its_own_rule)
{
	pool_policy("max_pool: 6, confirm: singles, must_test: pooled");
	for (int i = 1; i <= 12; i++)
		receive(single(i), 5, 3 * i - 2, 3);
	int64_t batch = array(3, 4, single_list(1, 12));
	pw_run_outcome run = read_pools(batch, NUMBERS(2, 6));
	ck_assert_int_eq(run.decided, 33);
	ck_assert_int_eq(run.recalled, 3);
	all_are(1, 18, "negative");
	all_are(19, 21, "open");
	all_are(22, 36, "negative");
	ck_assert_str_eq(state_of("T7"), "recalled");
	ck_assert_int_eq(recall_of("T7", 19)->isolate, 1);
	ck_assert_int_eq(recall_of("T7", 19)->notify, 1);
	/* three swabs are three chances to be positive */
	ck_assert_double_gt(batch_tube(batch, "T1")->posterior.value, 0);
}
END_TEST

START_TEST(test_a_collected_pool_is_confirmed_where_the_policy_says_so)
{
	pool_policy("max_pool: 6, confirm: all, must_test: pooled");
	for (int i = 1; i <= 12; i++)
		receive(single(i), 5, 3 * i - 2, 3);
	int64_t batch = array(3, 4, single_list(1, 12));
	read_pools(batch, NUMBERS(2, 6));
	ck_assert_str_eq(state_of("T7"), "pooled");
	next_wells(batch);
	pw_run_outcome run = read_singles(NUMBERS(7));
	ck_assert_int_eq(run.recalled, 3);
	ck_assert_str_eq(state_of("T7"), "recalled");
}
END_TEST

/* ---------------------------------------------------------------- controls, the same file twice */

START_TEST(test_a_failed_control_holds_the_pools_it_covers_and_no_others)
{
	int64_t first = two_pools_of_five(), second;
	singles(11, 20);
	second = dorfman(5, single_list(11, 20));
	const char *bad = plate_pools(first), *good = plate_pools(second);
	bench_run *run = run_of_pools(bad, first, NONE);
	cq(run, "G12", "N1", 30); /* the water */
	must_import(run);
	ck_assert_int_eq(run->out.held, 2);
	ck_assert_int_eq(run->out.decoded, 0);
	must_import(run_of_pools(good, second, NONE));
	all_are(1, 10, "open");
	all_are(11, 20, "negative");
	ck_assert_str_eq(pool_state(first, 1), "retest");
	ck_assert_str_eq(pool_row(pool_of(first, 1))->next, "repeat-pcr");
	ck_assert_int_eq(pool_row(pool_of(first, 1))->attempts, 0);
	ck_assert_ptr_null(pool_row(pool_of(first, 1))->reading);
	stamp("Q5", plate_row(bad)->source, "cdc-n1-n2-rp");
	must_import(run_of("Q5"));
	all_are(1, 10, "negative");
}
END_TEST

START_TEST(test_a_held_well_of_a_tube_alone_is_no_evidence)
{
	int64_t batch = two_pools_of_five();
	read_pools(batch, NUMBERS(1));
	next_wells(batch);
	const char *pcr = plate_retests();
	bench_run *run = run_of(pcr);
	cq(run, "G12", "N1", 30);
	must_import(run);
	all_are(1, 5, "open");
	ck_assert_str_eq(state_of("T1"), "retest");
	ck_assert_str_eq(last_decode(batch)->evidence, "1+ 2-");
	stamp("Q5", plate_row(pcr)->source, "cdc-n1-n2-rp");
	run = run_of("Q5");
	positive(run, "A1");
	must_import(run);
	all_are(1, 1, "positive");
	all_are(2, 5, "negative");
}
END_TEST

START_TEST(test_the_same_file_twice_changes_nothing)
{
	int64_t batch = two_pools_of_five();
	bench_run *run = run_of_pools(plate_pools(batch), batch, NUMBERS(1));
	must_import(run);
	int64_t facts = fact_count();
	must(pw_lab_import_run(fx.lab, run->bytes, run->size, run->file_name, &run->opts, &run->out,
			       &fx.report, &fx.err));
	ck_assert(run->out.known);
	must(decode(batch, false, false));
	ck_assert(!outcome.changed);
	ck_assert_int_eq(outcome.undecided, 5);
	ck_assert_int_eq(fact_count(), facts);
}
END_TEST

Suite *suite_pool_decode(void);
Suite *suite_pool_decode(void)
{
	Suite *suite = suite_create("pool_decode");
	TCase *pools = fixture_case(suite, "pools", fixture_cn);
	tcase_add_test(pools, test_negative_pools_answer_for_everybody);
	tcase_add_test(pools, test_a_positive_pool_is_tested_alone);
	tcase_add_test(pools, test_nobody_is_negative_by_the_prior);
	tcase_add_test(pools, test_what_is_invalid_twice_is_tested_alone);
	tcase_add_test(pools, test_the_parts_of_a_batch_do_not_wait_for_each_other);
	tcase_add_test(pools, test_another_prevalence_is_another_posterior);
	TCase *arrays = fixture_case(suite, "arrays", fixture_cn);
	tcase_add_test(arrays, test_where_two_lines_cross_and_no_more_wells_are_asked_for);
	tcase_add_test(arrays, test_a_single_that_pools_call_positive_is_confirmed_alone);
	tcase_add_test(arrays, test_wells_that_contradict_the_pools_end_in_a_second_swab);
	tcase_add_test(arrays, test_an_array_waits_for_all_of_its_pools_unless_told);
	tcase_add_test(arrays, test_an_invalid_pool_of_an_array_is_no_evidence);
	tcase_add_test(arrays, test_a_collected_pool_keeps_its_own_rule);
	tcase_add_test(arrays, test_a_collected_pool_is_confirmed_where_the_policy_says_so);
	TCase *runs = fixture_case(suite, "runs", fixture_cn);
	tcase_add_test(runs, test_a_failed_control_holds_the_pools_it_covers_and_no_others);
	tcase_add_test(runs, test_a_held_well_of_a_tube_alone_is_no_evidence);
	tcase_add_test(runs, test_the_same_file_twice_changes_nothing);
	return suite;
}
