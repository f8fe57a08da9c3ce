#include <string.h>

#include "tests/unit/lab/bench.h"

#define CDC "cdc-n1-n2-rp"

static pw_status try_recall(const char *tube, int *out)
{
	return pw_lab_recall_tube(fx.lab, tube, out, &fx.err);
}

/* A tube alone on plates of its own, with what the instrument then says. */
static bench_run *on_plates(const char *tube)
{
	static int number;
	const char *e = pw_arena_printf(&fx.arena, "E-%s-%d", tube, ++number);
	const char *q = pw_arena_printf(&fx.arena, "Q-%s-%d", tube, number);
	extract(e, "std96", WORDS(tube));
	stamp(q, e, CDC);
	return run_of(q);
}

static void found_positive(const char *tube)
{
	bench_run *run = on_plates(tube);
	positive(run, "A1");
	must_import(run);
}

static void found_negative(const char *tube)
{
	must_import(on_plates(tube));
}

/* The tubes that have no answer, as `resolve list` shows them: "T1 recalled 2, T2 open 0". */
static const char *stuck(void)
{
	pw_cursor cursor;
	pw_stuck_row row;
	bool found = true;
	char *text = pw_arena_strdup(&fx.arena, "");
	must(pw_q_stuck_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	while (found) {
		must(pw_q_stuck_next(&cursor, &row, &found, &fx.err));
		if (found)
			text = pw_arena_printf(&fx.arena, "%s%s%s %s %lld", text,
					       text[0] != '\0' ? ", " : "", row.tube, row.state,
					       (long long)row.open);
	}
	return text;
}

static size_t pools_without_positive(void)
{
	pw_pools_without_positive_row *rows;
	size_t count;
	must(pw_q_pools_without_positive(pw_lab_store(fx.lab), &fx.arena, FIXTURE_NOW,
					 FIXTURE_NOW + PW_DAY, &rows, &count, &fx.err));
	return count;
}

/* ---------------------------------------------------------------- a pool, to the last of its people */

START_TEST(test_every_member_is_followed_to_an_answer)
{
	receive("P", 10, 1, 4);
	found_positive("P");
	ck_assert_str_eq(stuck(), "P recalled 4");
	for (int i = 1; i <= 4; i++)
		receive(pw_arena_printf(&fx.arena, "S%d", i), 1, i, 1);
	ck_assert_int_eq(open_recalls(), 0);
	found_negative("S1");
	found_positive("S2");
	ck_assert_str_eq(state_of("P"), "recalled");
	bench_run *run = on_plates("S3"); /* a Ct without amplification, twice: the last word */
	reading(run, "A1", "N1")->has_cq = true;
	reading(run, "A1", "N1")->cq = 31;
	must_import(run);
	stamp("Q3b", plate_row(run->file.barcode)->source, CDC);
	run = run_of("Q3b");
	reading(run, "A1", "N1")->has_cq = true;
	reading(run, "A1", "N1")->cq = 31;
	must_import(run);
	ck_assert_str_eq(stuck(), "P recalled 1, S4 received 1");
	found_negative("S4");
	ck_assert_str_eq(state_of("P"), "resolved");
	ck_assert_str_eq(tube_row("P")->call, "positive");
	ck_assert_str_eq(status_of(1), "negative");
	ck_assert_str_eq(status_of(2), "positive");
	ck_assert_str_eq(status_of(3), "inconclusive");
	ck_assert_str_eq(status_of(4), "negative");
	ck_assert_str_eq(stuck(), "");
	ck_assert_uint_eq(pools_without_positive(), 0);
}
END_TEST

START_TEST(test_a_positive_pool_with_no_positive_member_is_listed)
{
	pw_pools_without_positive_row *rows;
	size_t count;
	receive("P", 10, 1, 2);
	found_positive("P");
	receive("S1", 1, 1, 1);
	receive("S2", 1, 2, 1);
	found_negative("S1");
	ck_assert_uint_eq(pools_without_positive(), 0);
	found_negative("S2");
	ck_assert_str_eq(state_of("P"), "resolved");
	must(pw_q_pools_without_positive(pw_lab_store(fx.lab), &fx.arena, FIXTURE_NOW,
					 FIXTURE_NOW + PW_DAY, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(rows[0].tube, "P");
	ck_assert_int_eq(rows[0].swabs, 2);
}
END_TEST

START_TEST(test_a_pool_that_was_rejected_is_followed_too)
{
	int recalled;
	receive("P", 10, 1, 2);
	must(pw_lab_reject_tube(fx.lab, "P", "leaking", &recalled, &fx.err));
	receive("S1", 1, 1, 1);
	receive("S2", 1, 2, 1);
	found_positive("S1");
	ck_assert_str_eq(state_of("P"), "rejected");
	found_negative("S2");
	ck_assert_str_eq(state_of("P"), "resolved");
	ck_assert_uint_eq(pools_without_positive(), 0); /* it was never called */
}
END_TEST

/* The new swab leaks: a further one; both tubes end with the person's answer. */
START_TEST(test_a_chain_of_swabs_ends_for_all_its_tubes)
{
	int recalled;
	receive("P", 10, 1, 2);
	found_positive("P");
	receive("S0", 1, 2, 1);
	found_positive("S0");
	receive("S1", 1, 1, 1);
	must(pw_lab_reject_tube(fx.lab, "S1", "empty", &recalled, &fx.err));
	ck_assert_int_eq(open_recalls(), 1);
	ck_assert_str_eq(stuck(), "P recalled 1, S1 rejected 1");
	receive("S2", 1, 1, 1);
	found_negative("S2");
	ck_assert_str_eq(state_of("S1"), "resolved");
	ck_assert_str_eq(state_of("P"), "resolved");
	ck_assert_str_eq(status_of(1), "negative");
}
END_TEST

/* In two pools at once, for a reason: the first answer stands, and each pool ends for itself. */
START_TEST(test_a_person_in_two_pools)
{
	receive("P", 10, 1, 2);
	as("anna", "P was seen to leak, but may do");
	receive("R", 10, 2, 2); /* the second person of P, and a third */
	as("anna", NULL);
	found_positive("P");
	ck_assert_int_eq(open_recalls(), 2);
	found_positive("R");
	ck_assert_int_eq(open_recalls(), 4); /* the second person stands on both lists */
	receive("S2", 1, 2, 1);
	ck_assert_int_eq(open_recalls(), 2); /* and comes once */
	found_negative("S2");
	ck_assert_str_eq(stuck(), "P recalled 1, R recalled 1");
	receive("S1", 1, 1, 1);
	receive("S3", 1, 3, 1);
	found_positive("S1");
	found_positive("S3");
	ck_assert_str_eq(stuck(), "");
	ck_assert_str_eq(status_of(2), "negative");
}
END_TEST

/* A person with an answer from a single is not answered again by the pool, whatever it says. */
START_TEST(test_the_first_answer_stands)
{
	receive("P", 10, 1, 2);
	as("anna", "the doctor wants to know today");
	receive("S1", 1, 1, 1);
	as("anna", NULL);
	found_positive("S1");
	bench_run *run = on_plates("P");
	must_import(run);
	ck_assert_int_eq(run->out.decided, 1);
	ck_assert_str_eq(status_of(1), "positive");
	ck_assert_str_eq(status_of(2), "negative");
}
END_TEST

/* One answer for two people ends the pool that waited for both, once. */
START_TEST(test_a_second_pool_answers_for_the_first)
{
	receive("P", 10, 1, 2);
	as("anna", "P was seen to leak, but may do");
	receive("R", 10, 1, 2);
	as("anna", NULL);
	found_positive("P");
	found_negative("R");
	all_are(1, 2, "negative");
	ck_assert_str_eq(state_of("P"), "resolved");
	ck_assert_str_eq(stuck(), "");
	ck_assert_uint_eq(pools_without_positive(), 1);
	/* They stand on the recall list all the same, until they come. */
	ck_assert_int_eq(open_recalls(), 2);
}
END_TEST

/* ---------------------------------------------------------------- lost tubes */

static void bring_to(const char *state)
{
	open_tube("T1", 10);
	swab("T1", 1);
	swab("T1", 2);
	if (strcmp(state, "open") == 0)
		return;
	must(pw_lab_close_tube(fx.lab, "T1", 2, &fx.err));
	pw_received out;
	if (strcmp(state, "closed") != 0)
		must(pw_lab_receive_tube(fx.lab, "T1", NULL, &out, &fx.err));
	if (strcmp(state, "plated") == 0) {
		new_plate("E1", "std96");
		fill("E1", "T1");
	}
	if (strcmp(state, "retest") == 0) {
		bench_run *run = on_plates("T1");
		invalid(run, "A1");
		must_import(run);
	}
}

static const char *const losable[] = {"open", "closed", "received", "plated", "retest"};

START_TEST(test_the_people_of_a_lost_tube_are_recalled)
{
	int recalled = 0;
	bring_to(losable[_i]);
	ck_assert_str_eq(state_of("T1"), losable[_i]);
	fails(try_recall("T1", &recalled), PW_ERR_ARG, "needs a reason");
	as("bo", "not in the box");
	must(try_recall("]C0T1", &recalled));
	ck_assert_int_eq(recalled, 2);
	ck_assert_str_eq(state_of("T1"), "recalled");
	ck_assert_str_eq(tube_row("T1")->why, "not in the box");
	ck_assert_str_eq(recall_of("T1", 2)->why, "not in the box");
	ck_assert_int_eq(recall_of("T1", 2)->isolate, 0);
	refused(try_recall("T1", &recalled), "tube-done", "'T1'", "recalled", "nobody to recall");
	as("anna", NULL);
	receive("S1", 1, 1, 1);
	receive("S2", 1, 2, 1);
	found_negative("S1");
	found_negative("S2");
	ck_assert_str_eq(state_of("T1"), "resolved");
}
END_TEST

START_TEST(test_an_empty_tube_that_is_lost_leaves_nothing_behind)
{
	int recalled = -1;
	open_tube("T1", 10);
	as("anna", "never used");
	must(try_recall("T1", &recalled));
	ck_assert_int_eq(recalled, 0);
	ck_assert_str_eq(stuck(), "");
}
END_TEST

START_TEST(test_who_has_an_answer_is_not_recalled)
{
	int recalled;
	singles_on_a_plate(1);
	must_import(run_of("Q1"));
	collect("T9", 1, 9, 1);
	as("anna", "lost");
	refused(try_recall("T1", &recalled), "tube-done", "'T1'", "final", "nobody to recall");
	refused(try_recall("T8", &recalled), "tube-not-opened", "'T8'");
	must(pw_lab_reject_tube(fx.lab, "T9", "leaking", &recalled, &fx.err));
	refused(try_recall("T9", &recalled), "tube-done", "'T9'", "rejected");
}
END_TEST

START_TEST(test_members_with_an_answer_are_left_out_of_a_recall)
{
	int recalled;
	collect("P", 10, 1, 3);
	as("anna", "the doctor wants to know today");
	receive("S1", 1, 1, 1);
	found_negative("S1");
	must(try_recall("P", &recalled));
	ck_assert_int_eq(recalled, 2);
	ck_assert_ptr_null(recall_of("P", 1));
	ck_assert_str_eq(stuck(), "P recalled 2");
}
END_TEST

/* ---------------------------------------------------------------- what comes next */

static const struct {
	const char *state, *next;
	int swabs;
	const char *step;
} steps[] = {
	{"open", NULL, 3, "close it with a head-count"},
	{"closed", NULL, 3, "find it: it was closed and never received"},
	{"received", NULL, 3, "scan it onto an extraction plate"},
	{"plated", NULL, 3, "finish its plate and import the run"},
	{"retest", "repeat-pcr", 1, "stamp its extraction plate onto a new PCR plate"},
	{"retest", "re-extract", 1, "scan it onto an extraction plate again"},
	{"retest", NULL, 1, "scan it onto an extraction plate again"},
	{"recalled", NULL, 1, "swab the person again"},
	{"recalled", NULL, 5, "swab each of its people again, singly"},
	{"rejected", NULL, 1, "swab the person again"},
	{"rejected", NULL, 20, "swab each of its people again, singly"},
	{"final", NULL, 1, "nothing: it is answered"},
	{"resolved", NULL, 10, "nothing: it is answered"},
};

START_TEST(test_the_next_step_is_said)
{
	ck_assert_str_eq(pw_lab_next_step(steps[_i].state, steps[_i].next, steps[_i].swabs),
			 steps[_i].step);
}
END_TEST

START_TEST(test_the_time_allowed_is_the_policys)
{
	ck_assert_int_eq(pw_lab_time_allowed(fx.lab, false), 24 * PW_HOUR);
	ck_assert_int_eq(pw_lab_time_allowed(fx.lab, true), 6 * PW_HOUR);
	must(pw_lab_enforce(fx.lab, "profile", "us", NULL, 0, NULL, &fx.err));
	ck_assert_int_eq(pw_lab_time_allowed(fx.lab, false), 48 * PW_HOUR);
	ck_assert_int_eq(pw_lab_time_allowed(fx.lab, true), 48 * PW_HOUR);
}
END_TEST

START_TEST(test_what_is_stuck_longest_comes_first)
{
	collect("T3", 10, 5, 2);
	receive("T1", 10, 1, 2);
	open_tube("T2", 10);
	receive("T4", 1, 3, 1);
	found_negative("T4");
	ck_assert_str_eq(stuck(), "T3 closed 2, T1 received 2, T2 open 0");
}
END_TEST

Suite *suite_resolve(void);
Suite *suite_resolve(void)
{
	Suite *suite = suite_create("resolve");
	TCase *pools = fixture_case(suite, "pools", fixture_cn);
	tcase_add_test(pools, test_every_member_is_followed_to_an_answer);
	tcase_add_test(pools, test_a_positive_pool_with_no_positive_member_is_listed);
	tcase_add_test(pools, test_a_pool_that_was_rejected_is_followed_too);
	tcase_add_test(pools, test_a_chain_of_swabs_ends_for_all_its_tubes);
	tcase_add_test(pools, test_a_person_in_two_pools);
	tcase_add_test(pools, test_the_first_answer_stands);
	tcase_add_test(pools, test_a_second_pool_answers_for_the_first);
	TCase *lost = fixture_case(suite, "lost tubes", fixture_cn);
	tcase_add_loop_test(lost, test_the_people_of_a_lost_tube_are_recalled, 0, COUNT(losable));
	tcase_add_test(lost, test_an_empty_tube_that_is_lost_leaves_nothing_behind);
	tcase_add_test(lost, test_who_has_an_answer_is_not_recalled);
	tcase_add_test(lost, test_members_with_an_answer_are_left_out_of_a_recall);
	TCase *next = fixture_case(suite, "next", fixture_cn);
	tcase_add_loop_test(next, test_the_next_step_is_said, 0, COUNT(steps));
	tcase_add_test(next, test_the_time_allowed_is_the_policys);
	tcase_add_test(next, test_what_is_stuck_longest_comes_first);
	return suite;
}
