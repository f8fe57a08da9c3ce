#include <check.h>
#include <string.h>

#include "core/base/report.h"

START_TEST(test_findings_keep_their_order_and_place)
{
	pw_report report = PW_REPORT_INIT;
	char name[8] = "T1";
	pw_report_add(&report, PW_WARNING, "unknown-column", 1, 3, "column '%s' is not known",
		      name);
	memcpy(name, "xx", 2);
	pw_report_add(&report, PW_ERROR, "check-digit", 7, 2, "%s", "wrong");
	ck_assert_uint_eq(report.len, 2);
	ck_assert_uint_eq(report.errors, 1);
	ck_assert_int_eq(report.findings[0].severity, PW_WARNING);
	ck_assert_str_eq(report.findings[0].code, "unknown-column");
	ck_assert_int_eq(report.findings[0].line, 1);
	ck_assert_int_eq(report.findings[0].column, 3);
	ck_assert_str_eq(report.findings[0].text, "column 'T1' is not known");
	ck_assert_int_eq(report.findings[1].severity, PW_ERROR);
	ck_assert_int_eq(report.findings[1].line, 7);
	ck_assert_str_eq(report.findings[1].text, "wrong");
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_a_report_takes_many_findings_and_long_texts)
{
	pw_report report = PW_REPORT_INIT;
	for (int i = 0; i < 10000; i++)
		pw_report_add(&report, i % 3 == 0 ? PW_ERROR : PW_WARNING, "x", i + 1, 0, "%*d",
			      i % 1000 + 1, i);
	ck_assert_uint_eq(report.len, 10000);
	ck_assert_uint_eq(report.errors, 3334);
	for (int i = 0; i < 10000; i++) {
		ck_assert_int_eq(report.findings[i].line, i + 1);
		ck_assert_uint_ge(strlen(report.findings[i].text), (size_t)(i % 1000 + 1));
	}
	pw_report_clear(&report);
}
END_TEST

START_TEST(test_clearing_leaves_an_empty_report)
{
	pw_report report = PW_REPORT_INIT;
	pw_report_clear(&report);
	pw_report_add(&report, PW_ERROR, "x", 0, 0, "x");
	pw_report_clear(&report);
	ck_assert_uint_eq(report.len, 0);
	ck_assert_uint_eq(report.errors, 0);
	ck_assert_ptr_null(report.findings);
	pw_report_add(&report, PW_WARNING, "y", 0, 0, "y");
	ck_assert_uint_eq(report.len, 1);
	ck_assert_uint_eq(report.errors, 0);
	pw_report_clear(&report);
}
END_TEST

Suite *suite_report(void);

Suite *suite_report(void)
{
	Suite *s = suite_create("report");
	TCase *tc = tcase_create("report");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_test(tc, test_findings_keep_their_order_and_place);
	tcase_add_test(tc, test_a_report_takes_many_findings_and_long_texts);
	tcase_add_test(tc, test_clearing_leaves_an_empty_report);
	suite_add_tcase(s, tc);
	return s;
}
