#include <string.h>

#include "tests/unit/lab/bench.h"

static void manifest(const char *text)
{
	pw_manifest_outcome out;
	must(pw_lab_import_manifest(fx.lab, text, strlen(text), "boxes.csv", &out, NULL, &fx.err));
}

static pw_status try_receive(const char *tube, const char *box, pw_received *out)
{
	return pw_lab_receive_tube(fx.lab, tube, box, out, &fx.err);
}

static pw_received received(const char *tube, const char *box)
{
	pw_received out;
	must(try_receive(tube, box, &out));
	return out;
}

static pw_status try_reject(const char *tube, const char *cause, int *out)
{
	return pw_lab_reject_tube(fx.lab, tube, cause, out, &fx.err);
}

static const char *state_in_box(const char *box, const char *tube)
{
	pw_box_tube_find_row row;
	bool found;
	must(pw_q_box_tube_find(pw_lab_store(fx.lab), &fx.arena, box, tube, &row, &found, &fx.err));
	return found ? row.state : "";
}

/* ---------------------------------------------------------------- tubes */

START_TEST(test_a_closed_tube_is_received)
{
	collect("T1", 10, 1, 3);
	fx.now += PW_HOUR;
	ck_assert_int_eq(received("]C0T1", NULL).swabs, 3);
	ck_assert_str_eq(state_of("T1"), "received");
	ck_assert_int_eq(tube_row("T1")->received_at.value, fx.now);
	ck_assert_ptr_null(tube_row("T1")->box);
}
END_TEST

START_TEST(test_a_tube_is_received_once)
{
	pw_received out;
	receive("T1", 10, 1, 1);
	refused(try_receive("T1", NULL, &out), "tube-received", "'T1'", "2026-11-23 14:05",
		"is received", "scan the next tube");
	new_plate("E1", "std96");
	fill("E1", "T1");
	refused(try_receive("T1", NULL, &out), "tube-received", "'T1'", "is plated");
}
END_TEST

START_TEST(test_a_tube_that_was_not_closed_is_not_received)
{
	pw_received out;
	open_tube("T1", 10);
	swab("T1", 1);
	refused(try_receive("T1", NULL, &out), "tube-open", "'T1'", "close it with a head-count");
}
END_TEST

START_TEST(test_a_tube_that_nobody_opened_is_not_received)
{
	pw_received out;
	refused(try_receive("T1", NULL, &out), "tube-not-opened", "'T1'", "ask the site");
}
END_TEST

START_TEST(test_a_tube_whose_people_were_recalled_is_not_received)
{
	pw_received out;
	int recalled;
	collect("T1", 10, 1, 2);
	as("anna", "fell into the harbour");
	must(pw_lab_recall_tube(fx.lab, "T1", &recalled, &fx.err));
	refused(try_receive("T1", NULL, &out), "tube-recalled", "'T1'", "fell into the harbour",
		"put the tube aside");
}
END_TEST

/* ---------------------------------------------------------------- boxes */

START_TEST(test_a_box_says_what_was_expected)
{
	for (int i = 1; i <= 5; i++)
		collect(pw_arena_printf(&fx.arena, "T%d", i), 5, i * 2 - 1, 2);
	manifest("box,tube,swabs\nB1,T1,2\nB1,T2,3\nB1,T3,\nB2,T4,2\n");
	pw_received out = received("T1", "]C0B1 ");
	ck_assert(!out.extra && !out.swabs_differ);
	ck_assert_str_eq(out.other_box, "");
	ck_assert_str_eq(tube_row("T1")->box, "B1");
	out = received("T2", "B1");
	ck_assert(!out.extra && out.swabs_differ);
	ck_assert_int_eq(out.said_swabs, 3);
	ck_assert_int_eq(out.swabs, 2);
	out = received("T3", "B1");
	ck_assert(!out.extra && !out.swabs_differ);
	out = received("T4", "B1");
	ck_assert(out.extra);
	ck_assert_str_eq(out.other_box, "B2");
	out = received("T5", "B1");
	ck_assert(out.extra);
	ck_assert_str_eq(out.other_box, "");
	ck_assert_str_eq(state_in_box("B1", "T1"), "received");
	ck_assert_str_eq(state_in_box("B1", "T4"), "extra");
	ck_assert_str_eq(state_in_box("B2", "T4"), "expected");
}
END_TEST

START_TEST(test_a_box_is_counted_when_it_is_closed)
{
	pw_box_count c;
	pw_received out;
	int recalled;
	for (int i = 1; i <= 5; i++)
		collect(pw_arena_printf(&fx.arena, "T%d", i), 5, i, 1);
	manifest("box,tube,swabs\nB1,T1,1\nB1,T2,1\nB1,T3,1\nB1,T4,1\n");
	received("T1", "B1");
	received("T5", "B1");
	must(try_reject("T2", "leaking", &recalled));
	must(pw_lab_close_box(fx.lab, "]d2B1", &c, &fx.err));
	ck_assert_int_eq(c.expected, 4);
	ck_assert_int_eq(c.received, 1);
	ck_assert_int_eq(c.rejected, 1);
	ck_assert_int_eq(c.missing, 2);
	ck_assert_int_eq(c.extra, 1);
	ck_assert_str_eq(state_in_box("B1", "T3"), "missing");
	ck_assert_str_eq(state_in_box("B1", "T2"), "rejected");
	refused(pw_lab_close_box(fx.lab, "B1", &c, &fx.err), "box-closed", "'B1'",
		"2026-11-23 14:05");
	refused(try_receive("T3", "B1", &out), "box-closed", "'B1'",
		"receive the tube without a box");
	received("T3", NULL);
}
END_TEST

START_TEST(test_a_box_that_no_manifest_names_is_refused)
{
	pw_received out;
	pw_box_count c;
	collect("T1", 10, 1, 1);
	refused(try_receive("T1", "B9", &out), "box-unknown", "'B9'", "receive without a box");
	refused(pw_lab_close_box(fx.lab, "B9", &c, &fx.err), "box-unknown", "'B9'");
	refused(try_receive("T1", "", &out), "scan-empty", "nothing was read");
	ck_assert_str_eq(state_of("T1"), "closed");
}
END_TEST

START_TEST(test_a_box_changes_hands)
{
	pw_custody_of_box_row *rows;
	size_t count;
	manifest("box,tube\nB1,T1\n");
	must(pw_lab_hand_over(fx.lab, "]C0B1", "chen", "]Q1driver", &fx.err));
	must(pw_lab_hand_over(fx.lab, "B1", "driver", "reception", &fx.err));
	must(pw_q_custody_of_box(pw_lab_store(fx.lab), &fx.arena, "B1", &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(rows[0].giver, "chen");
	ck_assert_str_eq(rows[0].taker, "driver");
	ck_assert_str_eq(rows[1].taker, "reception");
}
END_TEST

START_TEST(test_a_hand_over_has_two_sides)
{
	manifest("box,tube\nB1,T1\n");
	refused(pw_lab_hand_over(fx.lab, "B1", "chen", "]C0chen", &fx.err), "same-person", "'chen'",
		"scan the other's badge");
	refused(pw_lab_hand_over(fx.lab, "B2", "chen", "driver", &fx.err), "box-unknown", "'B2'",
		"import it first");
	must(pw_lab_hand_over(fx.lab, "B1", "chen", "driver", &fx.err));
	refused(pw_lab_hand_over(fx.lab, "B1", "chen", "reception", &fx.err), "not-the-holder",
		"'B1'", "with 'driver', not with 'chen'", "scan the badge");
	fails(pw_lab_hand_over(fx.lab, "B1", "", "reception", &fx.err), PW_ERR_ARG, "who gives");
	fails(pw_lab_hand_over(fx.lab, "B1", "driver", NULL, &fx.err), PW_ERR_ARG, "who takes");
}
END_TEST

/* ---------------------------------------------------------------- rejects */

static const char *const causes[] = {"leaking", "unlabelled", "empty", "wrong-tube",
				     "a cat sat on it"};

START_TEST(test_a_rejected_tube_recalls_its_people)
{
	int recalled = 0;
	const char *cause = causes[_i];
	collect("T1", 10, 1, 3);
	must(try_reject("T1", cause, &recalled));
	ck_assert_int_eq(recalled, 3);
	ck_assert_str_eq(state_of("T1"), "rejected");
	ck_assert_str_eq(tube_row("T1")->rejected, cause);
	const pw_recalls_of_tube_row *recall = recall_of("T1", 2);
	ck_assert_ptr_nonnull(recall);
	ck_assert_str_eq(recall->why, pw_arena_printf(&fx.arena, "rejected: %s", cause));
	ck_assert_str_eq(recall->phone, "13800000002");
	ck_assert_int_eq(recall->isolate, 0);
	ck_assert_int_eq(recall->notify, 0);
	ck_assert_str_eq(recall->status, "open");
	ck_assert_int_eq(open_recalls(), 3);
}
END_TEST

START_TEST(test_a_received_tube_can_still_be_rejected)
{
	int recalled = 0;
	receive("T1", 1, 1, 1);
	must(try_reject("T1", "empty", &recalled));
	ck_assert_int_eq(recalled, 1);
}
END_TEST

START_TEST(test_what_can_not_be_rejected)
{
	int recalled;
	fails(try_reject("T1", NULL, &recalled), PW_ERR_ARG, "say why", "leaking");
	fails(try_reject("T1", "", &recalled), PW_ERR_ARG, "say why");
	refused(try_reject("T1", "leaking", &recalled), "tube-not-opened", "'T1'");
	open_tube("T1", 10);
	refused(try_reject("T1", "leaking", &recalled), "tube-open", "'T1'");
	swab("T1", 1);
	must(pw_lab_close_tube(fx.lab, "T1", 1, &fx.err));
	must(try_reject("T1", "leaking", &recalled));
	refused(try_reject("T1", "leaking", &recalled), "tube-received", "'T1'", "is rejected");
}
END_TEST

Suite *suite_receive(void);
Suite *suite_receive(void)
{
	Suite *suite = suite_create("receive");
	TCase *tubes = fixture_case(suite, "tubes", fixture_cn);
	tcase_add_test(tubes, test_a_closed_tube_is_received);
	tcase_add_test(tubes, test_a_tube_is_received_once);
	tcase_add_test(tubes, test_a_tube_that_was_not_closed_is_not_received);
	tcase_add_test(tubes, test_a_tube_that_nobody_opened_is_not_received);
	tcase_add_test(tubes, test_a_tube_whose_people_were_recalled_is_not_received);
	TCase *boxes = fixture_case(suite, "boxes", fixture_cn);
	tcase_add_test(boxes, test_a_box_says_what_was_expected);
	tcase_add_test(boxes, test_a_box_is_counted_when_it_is_closed);
	tcase_add_test(boxes, test_a_box_that_no_manifest_names_is_refused);
	tcase_add_test(boxes, test_a_box_changes_hands);
	tcase_add_test(boxes, test_a_hand_over_has_two_sides);
	TCase *rejects = fixture_case(suite, "rejects", fixture_cn);
	tcase_add_loop_test(rejects, test_a_rejected_tube_recalls_its_people, 0, COUNT(causes));
	tcase_add_test(rejects, test_a_received_tube_can_still_be_rejected);
	tcase_add_test(rejects, test_what_can_not_be_rejected);
	return suite;
}
