/* QuantStudio text exports: amplification, omitted wells, curves. */
#include "tests/unit/exchange/quantstudio_text.h"
#include "tests/unit/exchange/run_test.h"

/* --------------------------------------------------------------- amplification */

static const struct {
	const char *status, *noamp, *cq;
	pw_amp amp;
} statuses[] = {
	{"Amp", NULL, "20.5", PW_AMP_YES},
	{"AMP", NULL, "20.5", PW_AMP_YES},
	{"No Amp", NULL, "20.5", PW_AMP_NO},
	{"NO_AMP", NULL, "", PW_AMP_NO},
	{"Inconclusive", NULL, "20.5", PW_AMP_INCONCLUSIVE},
	{"INCONCLUSIVE", NULL, "", PW_AMP_INCONCLUSIVE},
	{"", NULL, "20.5", PW_AMP_UNKNOWN},
	{"Amp", "Y", "20.5", PW_AMP_YES}, /* the status wins over the flag */
	{"", "Y", "", PW_AMP_UNKNOWN},
	{NULL, "Y", "Undetermined", PW_AMP_NO},
	{NULL, "N", "20.5", PW_AMP_YES},
	{NULL, "N", "Undetermined", PW_AMP_UNKNOWN},
	{NULL, "Y", "38.2", PW_AMP_NO}, /* both are kept */
	{NULL, "", "20.5", PW_AMP_UNKNOWN},
	{NULL, NULL, "20.5", PW_AMP_UNKNOWN},
};

START_TEST(test_amplification_is_a_field_of_its_own)
{
	const char *status = statuses[_i].status, *noamp = statuses[_i].noamp;
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, HEAD "[Results]\nWell\tTarget Name\tCT%s%s\n1\tN1\t%s",
		    status != NULL ? "\tAmp Status" : "", noamp != NULL ? "\tNOAMP" : "",
		    statuses[_i].cq);
	if (status != NULL)
		pw_str_addf(&text, "\t%s", status);
	if (noamp != NULL)
		pw_str_addf(&text, "\t%s", noamp);
	pw_str_add(&text, "\n");
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	const pw_reading *r = run_test_find(&t, "A1", "N1");
	ck_assert_int_eq(r->amp, statuses[_i].amp);
	ck_assert_int_eq(r->has_cq, statuses[_i].cq[0] == '2' || statuses[_i].cq[0] == '3');
	bool odd = status == NULL && noamp != NULL && strcmp(statuses[_i].cq, "38.2") == 0;
	ck_assert_int_eq(run_test_finding(&t, "noamp-with-cq") != NULL, odd);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_flag_of_a_well_is_explained_by_the_target_without_cq)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Results]\nWell\tTarget Name\tCT\tNOAMP\n"
			   "1\tIPC\t32.874\tY\n1\tN1\tUndetermined\tY\n"
			   "2\tIPC\t32.9\tY\n2\tN1\t38.1\tY\n",
		      "x.txt");
	ck_assert_int_eq(run_test_find(&t, "A1", "IPC")->amp, PW_AMP_UNKNOWN);
	ck_assert_int_eq(run_test_find(&t, "A1", "N1")->amp, PW_AMP_NO);
	ck_assert_int_eq(run_test_find(&t, "A2", "IPC")->amp, PW_AMP_NO);
	ck_assert_double_eq(run_test_find(&t, "A2", "IPC")->cq, 32.9);
	ck_assert_int_eq(run_test_find(&t, "A2", "N1")->amp, PW_AMP_NO);
	const pw_finding *f = run_test_finding(&t, "noamp-with-cq");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->line, 12);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *text;
	int omitted; /* -1: refused */
} omits[] = {{"true", 1},  {"TRUE", 1},  {"True", 1}, {"1", 1}, {"false", 0},
	     {"FALSE", 0}, {"False", 0}, {"0", 0},    {"", 0},  {"perhaps", -1}};

START_TEST(test_omitted_wells_are_marked)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, HEAD "[Results]\nWell\tOmit\tTarget Name\tCT\n1\t%s\tN1\t20.5\n",
		    omits[_i].text);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	if (omits[_i].omitted < 0) {
		ck_assert_str_eq(t.err.msg,
				 "x.txt:10:3: Omit is 'perhaps', which is none of its words: "
				 "mend it or export it again");
	} else {
		ck_assert_int_eq(t.rc, PW_OK);
		ck_assert_int_eq(t.run.readings[0].omitted, omits[_i].omitted);
	}
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

/* ---------------------------------------------------------------------- curves */

START_TEST(test_curves_come_from_delta_rn)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Amplification Data]\nWell\tCycle\tTarget Name\tRn\tDelta Rn\n"
			   "1\t1\tN1\t1.000\t-0.001\n1\t2\tN1\t1.1\t1,250.500\n1\t3\tN1\t1\t2\n"
			   "[Results]\nWell\tTarget Name\tCT\n1\tN1\t2.5\n",
		      "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 1);
	ck_assert_uint_eq(t.run.curves[0].cycles, 3);
	ck_assert_double_eq(t.run.curves[0].value[0], -0.001);
	ck_assert_double_eq(t.run.curves[0].value[1], 1250.5);
	ck_assert_double_eq(t.run.curves[0].value[2], 2);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_curves_come_from_rn_where_there_is_no_delta_rn)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Amplification Data]\nWell\tWell Position\tCycle\tTarget Name\tRn\n"
			   "1\t      A1\t2\tN1\t1,5\n1\tA1\t1\tN1\t1,25\n2\tA2\t1\tN1\t\n"
			   "[Results]\nWell\tTarget Name\tCT\n1\tN1\tUndetermined\n",
		      "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 1);
	ck_assert_uint_eq(t.run.curves[0].cycles, 2);
	ck_assert_double_eq(t.run.curves[0].value[0], 1.25);
	ck_assert_double_eq(t.run.curves[0].value[1], 1.5);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *rows, *says;
} bad_curves[] = {
	{"1\t1\tN1\t0.5\n1\t3\tN1\t0.5\n", "has no fluorescence at cycle 2"},
	{"1\t1\tN1\t0.5\n1\t1\tN1\t0.5\n",
	 "x.txt:11:3: cycle 1 of well A1, target 'N1' is here and in line 10"},
	{"1\tx\tN1\t0.5\n", "x.txt:10:3: 'x' is no cycle"},
	{"1\t201\tN1\t0.5\n", "x.txt:10:3: 201 is not a cycle"},
	{"1\t1\tN1\tmuch\n", "x.txt:10:8: 'much' is not a number with a decimal point"},
	{"1\t1\tN1\t0,5\n", "'0,5' is not a number with a decimal point"},
	{"200\t1\tN1\t0.5\n", "x.txt:10:1: well 200 is not on a 96-well plate"},
};

START_TEST(test_bad_curve_is_refused)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text,
		    HEAD "[Amplification Data]\nWell\tCycle\tTarget Name\tDelta Rn\n%s" ONE_RESULT,
		    bad_curves[_i].rows);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, bad_curves[_i].says) != NULL, "%s", t.err.msg);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_curves_without_a_column_are_left_out_with_a_warning)
{
	run_test t;
	run_test_read(&t,
		      HEAD
		      "[Amplification Data]\nWell\tTarget Name\tDelta Rn\n1\tN1\t0.5\n" ONE_RESULT,
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert_uint_eq(t.run.curve_count, 0);
	ck_assert_ptr_nonnull(run_test_finding(&t, "missing-column"));
	run_test_clear(&t);
}
END_TEST

Suite *suite_quantstudio_amplification(void);

Suite *suite_quantstudio_amplification(void)
{
	Suite *suite = suite_create("quantstudio_amplification");
	TCase *tc = tcase_create("amplification");
	LOOP(test_amplification_is_a_field_of_its_own, statuses);
	tcase_add_test(tc, test_flag_of_a_well_is_explained_by_the_target_without_cq);
	LOOP(test_omitted_wells_are_marked, omits);
	suite_add_tcase(suite, tc);
	tc = tcase_create("curves");
	tcase_add_test(tc, test_curves_come_from_delta_rn);
	tcase_add_test(tc, test_curves_come_from_rn_where_there_is_no_delta_rn);
	LOOP(test_bad_curve_is_refused, bad_curves);
	tcase_add_test(tc, test_curves_without_a_column_are_left_out_with_a_warning);
	suite_add_tcase(suite, tc);
	return suite;
}
