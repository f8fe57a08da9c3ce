#include <string.h>

#include "tests/unit/lab/bench.h"

#define HEAD "at,action,tube,subject,capacity,count,collector\n"

static pw_status import_log(const char *text, const char *site, pw_log_outcome *out)
{
	pw_report_clear(&fx.report);
	return pw_lab_import_log(fx.lab, text, strlen(text), "/media/usb/gate.csv", site, out,
				 &fx.report, &fx.err);
}

static pw_status import_manifest(const char *text, pw_manifest_outcome *out)
{
	pw_report_clear(&fx.report);
	return pw_lab_import_manifest(fx.lab, text, strlen(text), "boxes.csv", out, &fx.report,
				      &fx.err);
}

static bool tube_is_there(const char *tube)
{
	pw_tube_find_row row;
	bool found;
	must(pw_q_tube_find(pw_lab_store(fx.lab), &fx.arena, tube, &row, &found, &fx.err));
	return found;
}

/* The whole log is refused, with this finding; nothing of it was taken. */
static void log_wrong(const char *text, const char *code, int line, const char *const *words)
{
	pw_log_outcome out;
	fails(import_log(text, "S1", &out), PW_ERR_FORMAT, "nothing of it was taken");
	ck_assert_int_eq(finding(code, words)->line, line);
	ck_assert(!tube_is_there("G1"));
	all_are(1, 5, "");
}

/* ---------------------------------------------------------------- collection logs */

START_TEST(test_a_log_is_taken_with_its_times_and_collectors)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,Chen\n"
					"2026-11-23 08:01,add,G1,E01,,,Chen\n"
					"2026-11-23 08:02:30,add,G1,E02,,,Wu\n"
					"2026-11-23 08:05,close,G1,,,2,Wu\n"
					"2026-11-23 08:06,open,G2,,,,\n";
	pw_tube_members_row *members;
	pw_log_outcome out;
	size_t count;
	pw_time at = 0;
	must(import_log(text, "S2", &out));
	ck_assert(!out.known);
	ck_assert_int_eq(out.opened, 2);
	ck_assert_int_eq(out.swabs, 2);
	ck_assert_int_eq(out.closed, 1);
	const pw_tube_find_row *tube = tube_row("G1");
	ck_assert_str_eq(tube->site, "S2");
	ck_assert_str_eq(tube->state, "closed");
	ck_assert_str_eq(tube->opened_by, "Chen");
	ck_assert(pw_time_parse("2026-11-23 08:00", &at));
	ck_assert_int_eq(tube->opened_at, at);
	ck_assert(pw_time_parse("2026-11-23 08:05", &at));
	ck_assert_int_eq(tube->closed_at.value, at);
	ck_assert_int_eq(tube->capacity, 5);
	must(pw_q_tube_members(pw_lab_store(fx.lab), &fx.arena, "G1", &members, &count, &fx.err));
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(members[1].taken_by, "Wu");
	ck_assert(pw_time_parse("2026-11-23 08:02:30", &at));
	ck_assert_int_eq(members[1].taken_at, at);
	ck_assert_int_eq(tube_row("G2")->capacity, 10);
	ck_assert_str_eq(tube_row("G2")->opened_by, "anna"); /* who imported */
}
END_TEST

START_TEST(test_after_a_log_the_bench_has_its_own_time_again)
{
	pw_log_outcome out;
	must(import_log(HEAD "2026-11-23 08:00,open,G1,,5,,Chen\n", "S1", &out));
	open_tube("T1", 10);
	ck_assert_int_eq(tube_row("T1")->opened_at, fx.now);
	ck_assert_str_eq(tube_row("T1")->opened_by, "anna");
	fails(import_log(HEAD "2026-11-23 08:00,open,G3,,5,,Chen\n"
			      "2026-11-23 08:01,add,G3,E99,,,Chen\n",
			 "S1", &out),
	      PW_ERR_FORMAT, "1 entries");
	open_tube("T2", 10);
	ck_assert_int_eq(tube_row("T2")->opened_at, fx.now);
	ck_assert_str_eq(tube_row("T2")->opened_by, "anna");
}
END_TEST

START_TEST(test_the_same_log_again_changes_nothing)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,\n";
	pw_log_outcome out;
	must(import_log(text, "S1", &out));
	fixture_mark();
	must(import_log(text, "S2", &out));
	ck_assert(out.known);
	ck_assert_int_eq(out.opened + out.swabs + out.closed, 0);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

/* The rules of the bench, one by one: what a scan would be told stands in the report. */
static const struct {
	const char *rows, *code;
	int line;
	const char *words[3];
} entries[] = {
	{"2026-11-23 08:00,open,T1,,5,,\n", "tube-used", 2, {"'T1'", "take a new tube", "closed"}},
	{"2026-11-23 08:00,open,G1,,7,,\n", "argument", 2, {"7 swabs", "1, 5, 10 or 20", "tube"}},
	{"2026-11-23 08:00,open,]E0123,,5,,\n", "scan-product", 2, {"'123'", "EAN", "label"}},
	{"2026-11-23 08:00,add,G1,E01,,,\n", "tube-not-opened", 2, {"'G1'", "nobody opened", ":"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:01,add,G1,E99,,,\n",
	 "subject-unknown",
	 3,
	 {"'E99'", "on no roster", "register"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:01,add,G1,E01,,,\n"
	 "2026-11-23 08:02,add,G1,E01,,,\n",
	 "person-twice",
	 4,
	 {"王01", "'G1'", "swab 1"}},
	{"2026-11-23 08:00,open,G1,,1,,\n2026-11-23 08:01,add,G1,E01,,,\n"
	 "2026-11-23 08:02,add,G1,E02,,,\n",
	 "tube-full",
	 4,
	 {"'G1'", "1 of 1", "open a new tube"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:01,add,G1,E40,,,\n",
	 "person-waiting",
	 3,
	 {"王40", "'T1'", "--reason"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:01,add,G1,E01,,,\n"
	 "2026-11-23 08:02,close,G1,,,2,\n",
	 "count-differs",
	 4,
	 {"2 heads", "1 swabs", "'G1'"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:01,add,G1,E01,,,\n"
	 "2026-11-23 08:02,close,G1,,,,\n",
	 "count-missing",
	 4,
	 {"'G1'", "without a head-count", "add it"}},
	{"2026-11-23 08:00,open,G1,,5,,\n2026-11-23 08:02,close,G1,,,0,\n",
	 "tube-empty",
	 3,
	 {"'G1'", "nobody was scanned", ":"}},
	{"2026-11-23 15:06,open,G1,,5,,\n", "time-future", 2, {"a time to come", "clock", "site"}},
};

START_TEST(test_a_log_follows_the_rules_of_the_bench)
{
	const char *text = pw_arena_printf(&fx.arena, HEAD "%s", entries[_i].rows);
	collect("T1", 1, 40, 1);
	log_wrong(text, entries[_i].code, entries[_i].line,
		  WORDS(entries[_i].words[0], entries[_i].words[1], entries[_i].words[2]));
	ck_assert_uint_eq(fx.report.errors, 1);
}
END_TEST

START_TEST(test_every_wrong_entry_is_named)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,\n"
					"2026-11-23 08:01,add,G1,E98,,,\n"
					"2026-11-23 08:01,add,G1,E01,,,\n"
					"2026-11-23 08:01,add,G1,E99,,,\n"
					"2026-11-23 08:02,add,G2,E02,,,\n"
					"2026-11-23 08:05,close,G1,,,3,\n";
	log_wrong(text, "subject-unknown", 3, WORDS("'E98'"));
	ck_assert_int_eq(finding("subject-unknown", WORDS("'E99'"))->line, 5);
	ck_assert_int_eq(finding("tube-not-opened", WORDS("'G2'"))->line, 6);
	ck_assert_int_eq(finding("count-differs", WORDS("3 heads"))->line, 7);
	ck_assert_uint_eq(fx.report.errors, 4);
	pw_log_outcome out;
	fails(import_log(text, "S1", &out), PW_ERR_FORMAT, "4 entries");
}
END_TEST

START_TEST(test_a_log_of_another_form_is_not_begun)
{
	pw_log_outcome out;
	fails(import_log(HEAD "2026-11-23 08:00,open,G1,,5,,\n2026-11-23,jump,G1,,,,\n", "S1",
			 &out),
	      PW_ERR_FORMAT, "gate.csv");
	ck_assert_int_eq(finding("action", WORDS("'jump'"))->line, 3);
	ck_assert(!tube_is_there("G1"));
	fails(import_log("name,external_id\n李,L1\n", "S1", &out), PW_ERR_FORMAT, "gate.csv");
}
END_TEST

START_TEST(test_a_log_is_of_a_registered_site)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,\n";
	pw_log_outcome out;
	fails(import_log(text, "S9", &out), PW_ERR_NOT_FOUND, "'S9'", "'poolwell lab site'");
	ck_assert(!tube_is_there("G1"));
}
END_TEST

/* A recalled person comes to the site that works offline: singly, as everywhere. */
START_TEST(test_a_recall_is_answered_by_a_log)
{
	pw_log_outcome out;
	int recalled;
	collect("T1", 10, 1, 2);
	must(pw_lab_reject_tube(fx.lab, "T1", "leaking", &recalled, &fx.err));
	static const char pooled[] = HEAD "2026-11-23 13:00,open,G1,,5,,\n"
					  "2026-11-23 13:01,add,G1,E01,,,\n";
	fails(import_log(pooled, "S1", &out), PW_ERR_FORMAT, "nothing");
	finding("recall-single", WORDS("王01", "'T1'"));
	static const char single[] = HEAD "2026-11-23 13:00,open,G1,,1,,\n"
					  "2026-11-23 13:01,add,G1,E01,,,\n"
					  "2026-11-23 13:02,close,G1,,,1,\n";
	must(import_log(single, "S1", &out));
	ck_assert_str_eq(recall_of("T1", 1)->done_tube, "G1");
	ck_assert_int_eq(open_recalls(), 1);
}
END_TEST

START_TEST(test_a_reason_lets_a_log_swab_who_waits)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,\n"
					"2026-11-23 08:01,add,G1,E01,,,\n";
	pw_log_outcome out;
	collect("T1", 1, 1, 1);
	as("bo", "the site could not know");
	must(import_log(text, "S1", &out));
	ck_assert_int_eq(out.swabs, 1);
}
END_TEST

/* ---------------------------------------------------------------- manifests */

START_TEST(test_a_manifest_names_boxes_and_tubes)
{
	pw_manifest_outcome out;
	pw_boxes_row *boxes;
	size_t count;
	must(import_manifest("box,tube,swabs\nB1,T1,10\nB2,T3,\nB1,T2,9\n", &out));
	ck_assert(!out.known);
	ck_assert_int_eq(out.boxes, 2);
	ck_assert_int_eq(out.tubes, 3);
	must(pw_q_boxes(pw_lab_store(fx.lab), &fx.arena, 0, &boxes, &count, &fx.err));
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(boxes[0].box, "B1");
	ck_assert_str_eq(boxes[0].state, "announced");
	ck_assert_int_eq(boxes[0].tubes, 2);
	ck_assert_int_eq(boxes[1].tubes, 1);
}
END_TEST

START_TEST(test_the_same_manifest_again_changes_nothing)
{
	pw_manifest_outcome out;
	must(import_manifest("box,tube\nB1,T1\n", &out));
	fixture_mark();
	must(import_manifest("box,tube\nB1,T1\n", &out));
	ck_assert(out.known);
	ck_assert_int_eq(out.boxes, 0);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_two_manifests_of_one_box)
{
	pw_manifest_outcome out;
	pw_box_tubes_row *rows;
	size_t count;
	must(import_manifest("box,tube\nB1,T1\n", &out));
	refused(import_manifest("box,tube\nB0,T4\nB1,T2\n", &out), "box-known", "'B1'",
		"which one is right?");
	must(pw_q_box_tubes(pw_lab_store(fx.lab), &fx.arena, "B0", &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(test_a_tube_twice_in_a_manifest)
{
	pw_manifest_outcome out;
	fails(import_manifest("box,tube\nB1,T1\nB2,T1\n", &out), PW_ERR_FORMAT, "boxes.csv");
	finding("duplicate-tube", WORDS("'T1'", "line 2", "'B1'"));
	finding("duplicate-tube", WORDS("'T1'", "line 3", "'B2'"));
}
END_TEST

START_TEST(test_a_large_box_is_more_than_one_fact)
{
	pw_str text = PW_STR_INIT;
	pw_manifest_outcome out;
	pw_box_tubes_row *rows;
	size_t count;
	pw_str_add(&text, "box,tube\n");
	for (int i = 0; i < 2500; i++)
		pw_str_addf(&text, "B1,T%d\n", i);
	fixture_mark();
	must(import_manifest(pw_str_text(&text), &out));
	ck_assert_int_eq(out.boxes, 1);
	ck_assert_int_eq(out.tubes, 2500);
	ck_assert_int_eq(fact_count(), fx.facts + 4);
	must(pw_q_box_tubes(pw_lab_store(fx.lab), &fx.arena, "B1", &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 2500);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_a_list_that_was_something_else)
{
	static const char text[] = HEAD "2026-11-23 08:00,open,G1,,5,,\n";
	static const char both[] = "box,tube,at,action\nB1,G1,2026-11-23 08:00,open\n";
	pw_log_outcome log;
	pw_manifest_outcome manifest;
	must(import_manifest(both, &manifest));
	fails(import_log(both, "S1", &log), PW_ERR_EXISTS, "manifest", "'boxes.csv'",
	      "give the collection-log");
	must(import_log(text, "S1", &log));
	fails(import_manifest(text, &manifest), PW_ERR_FORMAT, "boxes.csv");
	static const char other[] = "box,tube,at,action\nB2,G2,2026-11-23 08:00,open\n";
	must(import_log(other, "S1", &log));
	fails(import_manifest(other, &manifest), PW_ERR_EXISTS, "collection-log", "'gate.csv'",
	      "give the manifest");
}
END_TEST

Suite *suite_lists(void);
Suite *suite_lists(void)
{
	Suite *suite = suite_create("lists");
	TCase *logs = fixture_case(suite, "logs", fixture_cn);
	tcase_add_test(logs, test_a_log_is_taken_with_its_times_and_collectors);
	tcase_add_test(logs, test_after_a_log_the_bench_has_its_own_time_again);
	tcase_add_test(logs, test_the_same_log_again_changes_nothing);
	tcase_add_loop_test(logs, test_a_log_follows_the_rules_of_the_bench, 0, COUNT(entries));
	tcase_add_test(logs, test_every_wrong_entry_is_named);
	tcase_add_test(logs, test_a_log_of_another_form_is_not_begun);
	tcase_add_test(logs, test_a_log_is_of_a_registered_site);
	tcase_add_test(logs, test_a_recall_is_answered_by_a_log);
	tcase_add_test(logs, test_a_reason_lets_a_log_swab_who_waits);
	TCase *manifests = fixture_case(suite, "manifests", fixture_cn);
	tcase_add_test(manifests, test_a_manifest_names_boxes_and_tubes);
	tcase_add_test(manifests, test_the_same_manifest_again_changes_nothing);
	tcase_add_test(manifests, test_two_manifests_of_one_box);
	tcase_add_test(manifests, test_a_tube_twice_in_a_manifest);
	tcase_add_test(manifests, test_a_large_box_is_more_than_one_fact);
	tcase_add_test(manifests, test_a_list_that_was_something_else);
	return suite;
}
