#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/manifest.h"
#include "core/exchange/seen.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

typedef struct result {
	pw_arena arena;
	pw_manifest manifest;
	pw_report report;
	pw_err err;
	pw_status rc;
} result;

static result *read_text(const char *text)
{
	result *r = calloc(1, sizeof(*r));
	r->rc = pw_manifest_read(text, strlen(text), "box.csv", &r->arena, &r->manifest, &r->report,
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

START_TEST(test_boxes_and_their_tubes)
{
	result *r = read_text("箱号\t管号\t人数\r\nB1\tT1\t10\r\nB1\tT2\t\r\nB2\tT3\t5\r\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->manifest.count, 3);
	ck_assert_uint_eq(r->manifest.boxes, 2);
	ck_assert_int_eq(r->manifest.delimiter, '\t');
	ck_assert_str_eq(r->manifest.rows[0].box, "B1");
	ck_assert_str_eq(r->manifest.rows[0].tube, "T1");
	ck_assert_int_eq(r->manifest.rows[0].swabs, 10);
	ck_assert_int_eq(r->manifest.rows[1].swabs, 0);
	ck_assert_int_eq(r->manifest.rows[2].line, 4);
	drop(r);
	r = read_text("box,tube\nB1,T1\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->manifest.count, 1);
	drop(r);
	r = read_text("box,tube\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->manifest.count, 0);
	ck_assert_uint_eq(r->manifest.boxes, 0);
	drop(r);
}
END_TEST

/* Rows under the header "box,tube,swabs". */
static const struct {
	const char *rows, *findings;
	size_t good;
} cases[] = {
	{",T1,\n", "2:1 missing-value", 0},
	{"B1,,\n", "2:4 missing-value", 0},
	{"B1,,\nB1,,\n", "2:4 missing-value; 3:4 missing-value", 0},
	{"B1,T1,0\n", "2:7 number", 0},
	{"B1,T1,x\n", "2:7 number", 0},
	{"B1,T1,1001\n", "2:7 number", 0},
	{"B1,T1,1000\n", "", 1},
	{"B1,T1,\nB1,T1,\n", "3:4 duplicate-tube; 2:4 duplicate-tube", 0},
	{"B1,T1,\nB1,T2,\nB2,T1,\n", "4:4 duplicate-tube; 2:4 duplicate-tube", 1},
	{"B1,T1,\n,T1,\n", "3:1 missing-value; 3:2 duplicate-tube; 2:4 duplicate-tube", 0},
	{"B1,1.2E+11,\nB1,1.2E+11,\n", "2:4 spreadsheet-number; 3:4 spreadsheet-number", 0},
	{"B1,t1,\nB1,T1,\n", "", 2}, /* foreign codes are as they are */
};

START_TEST(test_rules_of_a_row)
{
	pw_str text = PW_STR_INIT;
	pw_str_addf(&text, "box,tube,swabs\n%s", cases[_i].rows);
	result *r = read_text(text.ptr);
	expect_findings(r, cases[_i].findings);
	ck_assert_uint_eq(r->manifest.count, cases[_i].good);
	ck_assert_uint_eq(r->manifest.boxes, cases[_i].good > 0 ? 1 : 0);
	drop(r);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_both_claims_on_a_tube_are_named)
{
	result *r = read_text("box,tube\nB1,T1\nB2,T1\n");
	ck_assert_str_eq(r->report.findings[0].text,
			 "tube 'T1' is also in line 2, in box 'B1': mend "
			 "one of the two, or take it out");
	ck_assert_str_eq(r->report.findings[1].text,
			 "tube 'T1' is also in line 3, in box 'B2': mend "
			 "one of the two, or take it out");
	ck_assert_str_eq(r->err.msg,
			 "box.csv: 2 of 2 rows are wrong: mend them and send them again");
	drop(r);
}
END_TEST

START_TEST(test_rejected_rows_come_back)
{
	static const char text[] = "box,tube\nB1,T1\nB2,T2\nB3,T1\n";
	result *r = read_text(text);
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(
		pw_manifest_write_rejected(text, sizeof(text) - 1, &r->report, PW_UTF8, &out, NULL),
		PW_OK);
	ck_assert_str_eq(
		out.ptr,
		"\xEF\xBB\xBFline,column,reason,box,tube\r\n"
		"2,tube,\"tube 'T1' is also in line 4, in box 'B3': mend one of the two, or take "
		"it out\",B1,T1\r\n"
		"4,tube,\"tube 'T1' is also in line 2, in box 'B1': mend one of the two, or take "
		"it out\",B3,T1\r\n");
	drop(r);
	r = read_text(out.ptr); /* as wrong as before */
	ck_assert_uint_eq(r->report.errors, 2);
	drop(r);
	pw_str_truncate(&out, out.len - 3);
	pw_str_add(&out, "3\r\n");
	r = read_text(out.ptr);
	expect_findings(r, "");
	ck_assert_uint_eq(r->manifest.count, 2);
	drop(r);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_a_table_of_keys_remembers_the_first)
{
	static char keys[5000][8];
	pw_seen seen = PW_SEEN_INIT;
	size_t earlier = 99;
	for (size_t i = 0; i < 5000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
		ck_assert(pw_seen_add(&seen, keys[i], i, &earlier));
	}
	ck_assert_uint_eq(earlier, 99);
	for (size_t i = 0; i < 5000; i++) {
		char same[8];
		snprintf(same, sizeof(same), "k%zu", i);
		ck_assert(!pw_seen_add(&seen, same, 7777, &earlier));
		ck_assert_uint_eq(earlier, i);
	}
	ck_assert_uint_eq(seen.len, 5000);
	ck_assert(pw_seen_add(&seen, "", 1, &earlier));
	ck_assert(!pw_seen_add(&seen, "", 2, &earlier));
	pw_seen_clear(&seen);
	pw_seen_clear(&seen);
	ck_assert_ptr_null(seen.slots);
}
END_TEST

Suite *suite_manifest(void);

Suite *suite_manifest(void)
{
	Suite *s = suite_create("manifest");
	TCase *tc = tcase_create("manifest");
	tcase_add_test(tc, test_boxes_and_their_tubes);
	tcase_add_loop_test(tc, test_rules_of_a_row, 0, COUNT(cases));
	tcase_add_test(tc, test_both_claims_on_a_tube_are_named);
	tcase_add_test(tc, test_rejected_rows_come_back);
	tcase_add_test(tc, test_a_table_of_keys_remembers_the_first);
	suite_add_tcase(s, tc);
	return s;
}
