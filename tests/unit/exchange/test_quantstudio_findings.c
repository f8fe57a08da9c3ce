/* QuantStudio text exports: what is warned of, and what is wrong. */
#include "tests/unit/exchange/quantstudio_text.h"
#include "tests/unit/exchange/run_test.h"

/* -------------------------------------------------------------------- warnings */

static const struct {
	const char *cq;
	bool curves; /* of three cycles */
	const char *code;
} sentinels[] = {
	{"40.000", false, "last-cycle"}, {"45", false, "last-cycle"},  {"39.999", false, NULL},
	{"3.000", true, "last-cycle"},   {"40.0", true, "beyond-run"}, {"2.5", true, NULL},
};

START_TEST(test_cq_of_the_last_cycle_stays_a_number_with_a_warning)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_add(&text, HEAD);
	if (sentinels[_i].curves)
		pw_str_add(&text, "[Amplification Data]\nWell\tCycle\tTarget Name\tDelta Rn\n"
				  "1\t1\tN1\t0.1\n1\t2\tN1\t0.2\n1\t3\tN1\t0.4\n");
	pw_str_addf(&text, "[Results]\nWell\tTarget Name\tCT\n1\tN1\t%s\n", sentinels[_i].cq);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert(t.run.readings[0].has_cq);
	ck_assert_double_gt(t.run.readings[0].cq, 2);
	if (sentinels[_i].code == NULL)
		ck_assert_uint_eq(t.report.len, 0);
	else
		ck_assert_ptr_nonnull(run_test_finding(&t, sentinels[_i].code));
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_setup_without_result_is_a_warning)
{
	run_test t;
	run_test_read(&t,
		      HEAD
		      "[Sample Setup]\nWell\tWell Position\tSample Name\tTarget Name\tTask\n"
		      "1\tA1\tS1\tN1\tUNKNOWN\n2\tA2\tS2\tN1\tUNKNOWN\n3\tA3\t\t\t\n" ONE_RESULT,
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_OK);
	const pw_finding *f = run_test_finding(&t, "setup-without-result");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->line, 11);
	ck_assert_msg(strstr(f->text, "well A2, target 'N1'") != NULL, "%s", f->text);
	run_test_clear(&t);
}
END_TEST

/* ---------------------------------------------------------------------- errors */

static const struct {
	const char *text, *says;
} broken[] = {
	{HEAD, "x.txt: there is no [Results] block"},
	{HEAD "[Sample Setup]\nWell\tTarget Name\n1\tN1\n", "there is no [Results] block"},
	{HEAD "[Results]", "the block [Results] is empty"},
	{HEAD "[Results]\n\n\n", "the block [Results] is empty"},
	{HEAD "[Results]\n" COLUMNS, "has no rows"},
	{HEAD "[Results]\nWell\tCT\n1\t20\n",
	 "x.txt:9: the table [Results] has no column 'Target Name'"},
	{HEAD "[Results]\nTarget Name\tCT\nN1\t20\n", "has no column 'Well'"},
	{HEAD "[Results]\nWell\tTarget Name\tRn\n1\tN1\t20\n", "has no column 'CT'"},
	{HEAD ONE_RESULT ONE_RESULT, "x.txt:11: [Results] is here and in line 8"},
	{HEAD ONE_RESULT "1\tN1\t21\n", "x.txt:11: well A1, target 'N1' is here and in line 10"},
	{HEAD ONE_RESULT "2\tN1\tlots\n", "x.txt:11:6: 'lots' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t-1.0\n", "x.txt:11:6: '-1.0' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t0\n", "'0' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t#####\n", "'#####' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t28,965\n",
	 "'28,965' is no Cq: a number above 0 with a decimal point"},
	{HEAD ONE_RESULT "2\tN1\tinf\n", "'inf' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t0x1p3\n", "'0x1p3' is no Cq"},
	{HEAD ONE_RESULT "2\t\t21\n", "x.txt:11:3: a Cq without a target"},
	{HEAD ONE_RESULT "2\tN1\n", "x.txt:11: the row has 2 of the table's 3 columns"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tRn\n1\tN1\t20.5\t1\n2\tN1\t21",
	 "x.txt:11: the row has 3 of the table's 4 columns: the file is cut here"},
	{HEAD ONE_RESULT "2\tN1\t\"21\n", "x.txt:11:6: the quote that opens here is never closed"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tAmp Status\n1\tN1\t20.5\tmaybe\n",
	 "Amp Status is 'maybe'"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tNOAMP\n1\tN1\t20.5\tmaybe\n", "NOAMP is 'maybe'"},
};

START_TEST(test_broken_file_says_where_and_what)
{
	run_test t;
	run_test_read(&t, broken[_i].text, "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, broken[_i].says) != NULL, "%s", t.err.msg);
	ck_assert_ptr_null(t.run.readings);
	ck_assert_uint_ge(t.report.errors, 1);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_every_wrong_row_is_reported)
{
	run_test t;
	run_test_read(&t, HEAD ONE_RESULT "2\tN1\tlots\n3\tN1\t21\n99\tN1\t21\n4\tN1\t-3\n",
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_uint_eq(t.report.errors, 3);
	static const int lines[] = {11, 13, 14};
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(t.report.findings[i].line, lines[i]);
	ck_assert_msg(strstr(t.err.msg, "(and 2 more)") != NULL, "%s", t.err.msg);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_errors_stop_at_a_hundred_and_old_ones_do_not_count)
{
	pw_str text = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file run = {.reading_count = 0};
	pw_str_add(&text, HEAD ONE_RESULT);
	for (int i = 0; i < 500; i++)
		pw_str_addf(&text, "2\tN%d\tlots\n", i);
	for (int i = 0; i < 200; i++)
		pw_report_add(&report, PW_ERROR, "other", 0, 0, "of another file");
	ck_assert_int_eq(pw_run_file_read(text.ptr, text.len, "x.txt", &arena, &run, &report, NULL),
			 PW_ERR_FORMAT);
	ck_assert_uint_eq(report.errors, 300);
	ck_assert_int_eq(pw_run_file_read(HEAD ONE_RESULT, strlen(HEAD ONE_RESULT), "x.txt", &arena,
					  &run, &report, NULL),
			 PW_OK);
	ck_assert_uint_eq(run.reading_count, 1);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_quantstudio_findings(void);

Suite *suite_quantstudio_findings(void)
{
	Suite *suite = suite_create("quantstudio_findings");
	TCase *tc = tcase_create("warnings");
	LOOP(test_cq_of_the_last_cycle_stays_a_number_with_a_warning, sentinels);
	tcase_add_test(tc, test_setup_without_result_is_a_warning);
	suite_add_tcase(suite, tc);
	tc = tcase_create("errors");
	LOOP(test_broken_file_says_where_and_what, broken);
	tcase_add_test(tc, test_every_wrong_row_is_reported);
	tcase_add_test(tc, test_errors_stop_at_a_hundred_and_old_ones_do_not_count);
	suite_add_tcase(suite, tc);
	return suite;
}
