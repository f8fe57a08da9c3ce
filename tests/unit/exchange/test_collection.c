#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/exchange/collection.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

typedef struct result {
	pw_arena arena;
	pw_collection log;
	pw_report report;
	pw_err err;
	pw_status rc;
} result;

static result *read_text(const char *text)
{
	result *r = calloc(1, sizeof(*r));
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	r->rc = pw_collection_read(text, strlen(text), "site.csv", &r->arena, &r->log, &r->report,
				   &r->err);
	return r;
}

static void drop(result *r)
{
	pw_report_clear(&r->report);
	pw_arena_clear(&r->arena);
	free(r);
}

static void expect_findings(const result *r, const char *expected)
{
	pw_str told = PW_STR_INIT;
	for (size_t i = 0; i < r->report.len; i++) {
		const pw_finding *f = &r->report.findings[i];
		pw_str_addf(&told, "%s%d:%d %s%s", i > 0 ? "; " : "", f->line, f->column, f->code,
			    f->severity == PW_WARNING ? "?" : "");
	}
	ck_assert_str_eq(pw_str_text(&told), expected);
	pw_str_clear(&told);
	ck_assert_int_eq(r->rc, r->report.errors > 0 ? PW_ERR_FORMAT : PW_OK);
}

START_TEST(test_a_tube_from_opening_to_closing)
{
	result *r = read_text("at,action,tube,subject,capacity,count,collector\n"
			      "2026-11-23 14:05:09,open,T1,,10,,Chen\n"
			      "2026-11-23T06:06:00Z,add,T1,SZP000001230,,,Chen\n"
			      "2026-11-23 14:07,close,T1,,,1,\n"
			      "2026-11-23 14:08,close,T2,,,0,\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->log.count, 4);
	const pw_collection_row *row = r->log.rows;
	char at[32];
	pw_time_format_local(row[0].at, at);
	ck_assert_str_eq(at, "2026-11-23T14:05:09+08:00");
	ck_assert_int_eq(row[0].line, 2);
	ck_assert_int_eq(row[0].action, PW_COLLECTION_OPEN);
	ck_assert_str_eq(row[0].tube, "T1");
	ck_assert_str_eq(row[0].subject, "");
	ck_assert_int_eq(row[0].capacity, 10);
	ck_assert_int_eq(row[0].count, -1);
	ck_assert_str_eq(row[0].collector, "Chen");
	pw_time_format_local(row[1].at, at);
	ck_assert_str_eq(at, "2026-11-23T14:06:00+08:00");
	ck_assert_int_eq(row[1].action, PW_COLLECTION_ADD);
	ck_assert_str_eq(row[1].subject, "SZP000001230");
	ck_assert_int_eq(row[1].capacity, 0);
	ck_assert_int_eq(row[2].action, PW_COLLECTION_CLOSE);
	ck_assert_int_eq(row[2].count, 1);
	ck_assert_str_eq(row[2].collector, "");
	ck_assert_int_eq(row[3].count, 0);
	drop(r);
}
END_TEST

START_TEST(test_chinese_words_and_a_spreadsheets_times)
{
	result *r = read_text("时间;操作;管号;受检者;容量;人数;采样员\r\n"
			      "2026/1/3 9:05;开管;T1;;20;;陈\r\n"
			      "2026/1/3 9:05:07;采样;T1;11010519491231002X;;;陈\r\n"
			      "2026-1-3  19:05;封管;T1;;;1;陈\r\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->log.count, 3);
	static const char *const times[] = {"2026-01-03T09:05:00+08:00",
					    "2026-01-03T09:05:07+08:00",
					    "2026-01-03T19:05:00+08:00"};
	for (int i = 0; i < 3; i++) {
		char at[32];
		pw_time_format_local(r->log.rows[i].at, at);
		ck_assert_str_eq(at, times[i]);
	}
	drop(r);
}
END_TEST

/* Rows under the header "at,action,tube,subject,capacity,count". */
static const struct {
	const char *rows, *findings;
	size_t good;
} cases[] = {
	{"2026-11-23 14:05,open,T1,,,\n", "", 1},
	{"2026-11-23 14:05,OPEN,T1,,1000,\n", "", 1},
	{"2026-11-23 14:05,close,T1,,,\n", "", 1},
	{",open,T1,,,\n", "2:1 missing-value", 0},
	{"2026-11-23,open,T1,,,\n", "2:1 time", 0},
	{"2026-02-30 10:00,open,T1,,,\n", "2:1 time", 0},
	{"2026-11-23 25:00,open,T1,,,\n", "2:1 time", 0},
	{"2026-11-23 9:05 PM,open,T1,,,\n", "2:1 time", 0},
	{"23.11.2026 14:05,open,T1,,,\n", "2:1 time", 0},
	{"26-11-23 14:05,open,T1,,,\n", "2:1 time", 0}, /* the year 26 */
	{"46349.5868,open,T1,,,\n", "2:1 time", 0},
	{"46349,open,T1,,,\n", "2:1 time", 0},
	{"noon,open,T1,,,\n", "2:1 time", 0},
	{"2026-11-23 14:05,,T1,,,\n", "2:18 action", 0},
	{"2026-11-23 14:05,drop,T1,A,x,y\n", "2:18 action", 0},
	{"2026-11-23 14:05,open,,,,\n", "2:23 missing-value", 0},
	{"2026-11-23 14:05,add,T1,,,\n", "2:25 subject", 0},
	{"2026-11-23 14:05,open,T1,A,,\n", "2:26 subject", 0},
	{"2026-11-23 14:05,close,T1,A,,\n", "2:27 subject", 0},
	{"2026-11-23 14:05,open,T1,,0,\n", "2:27 number", 0},
	{"2026-11-23 14:05,open,T1,,1001,\n", "2:27 number", 0},
	{"2026-11-23 14:05,open,T1,,ten,\n", "2:27 number", 0},
	{"2026-11-23 14:05,open,T1,,10.5,\n", "2:27 number", 0},
	{"2026-11-23 14:05,close,T1,,,-1\n", "2:29 number", 0},
	{"2026-11-23 14:05,close,T1,,,99999999999999999999\n", "2:29 number", 0},
	{"2026-11-23 14:05,add,T1,A,10,\n", "2:27 ignored-value?", 1},
	{"2026-11-23 14:05,open,T1,,10,3\n", "2:30 ignored-value?", 1},
	{"2026-11-23 14:05,add,T1,1.10105E+17,,\n", "2:25 spreadsheet-number", 0},
	{",drop,,,,\n", "2:1 missing-value; 2:2 action; 2:7 missing-value", 0},
	/* the rules are the laboratory's: added twice, closed before it was opened, out of order */
	{"2026-11-23 14:05,close,T1,,,\n2026-11-23 14:04,add,T1,A,,\n2026-11-23 14:04,add,T1,A,,\n",
	 "", 3},
};

START_TEST(test_the_form_of_a_row)
{
	pw_str text = PW_STR_INIT;
	pw_str_addf(&text, "at,action,tube,subject,capacity,count\n%s", cases[_i].rows);
	result *r = read_text(text.ptr);
	expect_findings(r, cases[_i].findings);
	ck_assert_uint_eq(r->log.count, cases[_i].good);
	drop(r);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_texts_say_what_to_do)
{
	result *r = read_text("at,action,tube,subject\n"
			      "46349.5868,open,T1,\n"
			      "today,open,T1,\n"
			      "2026-11-23 14:05,x,T1,\n"
			      "2026-11-23 14:05,add,T1,\n"
			      "2026-11-23 14:05,close,T1,A\n");
	static const char *const texts[] = {
		"time '46349.5868' is a spreadsheet's day number: format the column as text and write "
		"it like 2026-11-23 14:05",
		"'today' is not a date with a time of day: write it like 2026-11-23 14:05",
		"action 'x' is not known: write open, add or close (开管, 采样, 封管)",
		"nobody is named who was swabbed: enter the subject",
		"subject 'A' in a row that swabs nobody: give the swab a row of its own with the action "
		"add",
	};
	ck_assert_uint_eq(r->report.len, COUNT(texts));
	for (int i = 0; i < COUNT(texts); i++)
		ck_assert_str_eq(r->report.findings[i].text, texts[i]);
	ck_assert_str_eq(r->err.msg,
			 "site.csv: 5 of 5 rows are wrong: mend them and send them again");
	ck_assert_uint_eq(r->log.wrong, 5);
	drop(r);
}
END_TEST

START_TEST(test_a_missing_column_is_named)
{
	result *r = read_text("at,tube,subject\n2026-11-23 14:05,T1,A\n");
	expect_findings(r, "1:0 missing-column");
	ck_assert_str_eq(r->err.msg,
			 "site.csv: line 1: there is no column 'action': name it in the "
			 "header row");
	drop(r);
}
END_TEST

START_TEST(test_rejected_rows_come_back)
{
	static const char text[] = "at,action,tube,subject\n"
				   "2026-11-23 14:05,open,T1,\n"
				   "2026-11-23 14:05,add,T1,\n";
	result *r = read_text(text);
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(pw_collection_write_rejected(text, sizeof(text) - 1, &r->report, PW_UTF8,
						      &out, NULL),
			 PW_OK);
	ck_assert_str_eq(out.ptr, "\xEF\xBB\xBFline,column,reason,at,action,tube,subject\r\n"
				  "3,subject,nobody is named who was swabbed: enter the "
				  "subject,2026-11-23 14:05,add,T1,\r\n");
	drop(r);
	pw_str_truncate(&out, out.len - 2);
	pw_str_add(&out, "A\r\n");
	r = read_text(out.ptr);
	expect_findings(r, "");
	ck_assert_uint_eq(r->log.count, 1);
	ck_assert_str_eq(r->log.rows[0].subject, "A");
	drop(r);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_actions_have_names)
{
	ck_assert_str_eq(pw_collection_action_name(PW_COLLECTION_OPEN), "open");
	ck_assert_str_eq(pw_collection_action_name(PW_COLLECTION_ADD), "add");
	ck_assert_str_eq(pw_collection_action_name(PW_COLLECTION_CLOSE), "close");
}
END_TEST

Suite *suite_collection(void);

Suite *suite_collection(void)
{
	Suite *s = suite_create("collection");
	TCase *tc = tcase_create("collection");
	tcase_add_test(tc, test_a_tube_from_opening_to_closing);
	tcase_add_test(tc, test_chinese_words_and_a_spreadsheets_times);
	tcase_add_loop_test(tc, test_the_form_of_a_row, 0, COUNT(cases));
	tcase_add_test(tc, test_texts_say_what_to_do);
	tcase_add_test(tc, test_a_missing_column_is_named);
	tcase_add_test(tc, test_rejected_rows_come_back);
	tcase_add_test(tc, test_actions_have_names);
	suite_add_tcase(s, tc);
	return s;
}
