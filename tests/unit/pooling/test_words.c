#include <check.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/words.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

START_TEST(test_lists_of_probabilities)
{
	double p[3];
	size_t count = 0;
	ck_assert_int_eq(pw_probabilities_parse("0.95", 3, p, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_double_eq(p[0], .95);
	ck_assert_int_eq(pw_probabilities_parse(" 1, 99.5% ,0", 3, p, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 3);
	ck_assert_double_eq_tol(p[1], .995, 1e-15);
	ck_assert_double_eq(p[2], 0);
}
END_TEST

START_TEST(test_ranges_and_extents)
{
	size_t from, to;
	ck_assert_int_eq(pw_range_parse("3:40", &from, &to, NULL), PW_OK);
	ck_assert_uint_eq(from, 3);
	ck_assert_uint_eq(to, 40);
	ck_assert_int_eq(pw_range_parse("10", &from, &to, NULL), PW_OK);
	ck_assert_uint_eq(from, 10);
	ck_assert_uint_eq(to, 10);
	uint32_t extents[PW_DESIGN_MAX_DIMS], count;
	ck_assert_int_eq(pw_extents_parse("8x12", extents, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_uint_eq(extents[1], 12);
	ck_assert_int_eq(pw_extents_parse("10,11,13", extents, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 3);
	ck_assert_uint_eq(extents[2], 13);
}
END_TEST

START_TEST(test_dilutions)
{
	pw_dilution d;
	ck_assert_int_eq(pw_dilution_parse("none", &d, NULL), PW_OK);
	ck_assert_int_eq(d.kind, PW_DILUTION_NONE);
	ck_assert_int_eq(pw_dilution_parse("rate=0.005", &d, NULL), PW_OK);
	ck_assert_int_eq(d.kind, PW_DILUTION_RATE);
	ck_assert_double_eq(d.rate, .005);
	ck_assert_int_eq(pw_dilution_parse("ct=32,4,38", &d, NULL), PW_OK);
	ck_assert_int_eq(d.kind, PW_DILUTION_CT);
	ck_assert_double_eq(d.ct_limit, 38);
	ck_assert_double_eq(d.cycles_per_doubling, 0);
	ck_assert_int_eq(pw_dilution_parse("ct=32,4,38,1.1", &d, NULL), PW_OK);
	ck_assert_double_eq(d.cycles_per_doubling, 1.1);
}
END_TEST

START_TEST(test_wells_to_keep_free)
{
	pw_place wells[4];
	size_t count;
	ck_assert_int_eq(pw_reserved_parse("H11, h12,P24,A01", wells, 4, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 4);
	ck_assert_uint_eq(wells[1].row, 7);
	ck_assert_uint_eq(wells[1].col, 11);
	ck_assert_uint_eq(wells[2].row, 15);
	ck_assert_uint_eq(wells[2].col, 23);
	ck_assert_uint_eq(wells[3].col, 0);
}
END_TEST

static const struct {
	char what;
	const char *text, *says;
} bad[] = {
	{'p', "", "'' is no probability: give numbers from 0 to 1, as 0.95 or 0.95,0.99"},
	{'p', "0.9,1.2", "'1.2' is no probability: give numbers from 0 to 1, as 0.95 or 0.95,0.99"},
	{'p', "nan", "'nan' is no probability: give numbers from 0 to 1, as 0.95 or 0.95,0.99"},
	{'p', "0.9,0.9,0.9,0.9", "'0.9,0.9,0.9,0.9' has more than the 3 numbers we take"},
	{'p', "0.9,", "'' is no probability: give numbers from 0 to 1, as 0.95 or 0.95,0.99"},
	{'r', "40:3", "'40:3' is no range of sizes: give it as 3:40"},
	{'r', "3:", "'3:' is no range of sizes: give it as 3:40"},
	{'r', "3:4:5", "'3:4:5' is no range of sizes: give it as 3:40"},
	{'e', "8x", "'8x' is no size: give from 1 to 8 numbers, as 8x12 or 10,11,13"},
	{'e', "1x2x3x4x5x6x7x8x9",
	 "'1x2x3x4x5x6x7x8x9' is no size: give from 1 to 8 numbers, as 8x12 or 10,11,13"},
	{'d', "rate=-1",
	 "'rate=-1' is no dilution: give none, rate=0.005, or ct=MEAN,SD,LIMIT as ct=32,4,38"},
	{'d', "ct=32,0,38",
	 "'ct=32,0,38' is no dilution: give none, rate=0.005, or ct=MEAN,SD,LIMIT as ct=32,4,38"},
	{'w', "A0", "'A0' is no well: give wells as A1,H11,H12"},
	{'w', "Q1", "'Q1' is no well: give wells as A1,H11,H12"},
	{'w', "A25", "'A25' is no well: give wells as A1,H11,H12"},
	{'w', "A1,A2,A3,A4,A5", "more than the 4 wells we take"},
};

START_TEST(test_other_words_are_refused)
{
	double p[3];
	size_t a, b;
	uint32_t extents[PW_DESIGN_MAX_DIMS], count;
	pw_dilution d;
	pw_place wells[4];
	pw_err err = PW_ERR_INIT;
	pw_status rc = PW_OK;
	switch (bad[_i].what) {
	case 'p':
		rc = pw_probabilities_parse(bad[_i].text, 3, p, &a, &err);
		break;
	case 'r':
		rc = pw_range_parse(bad[_i].text, &a, &b, &err);
		break;
	case 'e':
		rc = pw_extents_parse(bad[_i].text, extents, &count, &err);
		break;
	case 'd':
		rc = pw_dilution_parse(bad[_i].text, &d, &err);
		break;
	default:
		rc = pw_reserved_parse(bad[_i].text, wells, 4, &a, &err);
	}
	ck_assert_int_eq(rc, PW_ERR_ARG);
	ck_assert_str_eq(err.msg, bad[_i].says);
}
END_TEST

START_TEST(test_a_file_of_priors)
{
	static const char plain[] = "# risk\n0.01\n\n0.5\n1e-3\n";
	pw_priors p;
	ck_assert_int_eq(pw_priors_parse(plain, strlen(plain), &p, NULL), PW_OK);
	ck_assert_uint_eq(p.count, 3);
	ck_assert_double_eq(p.prior[2], .001);
	ck_assert_ptr_null(p.household);
	pw_priors_clear(&p);

	static const char table[] = "name;Household;P\nwang;7;0.1\nli;;0.2\nzhao;12;0\nsun;7;1\n"
				    "qian;12;0.3\n\"zhou; x\";;0.4\n";
	ck_assert_int_eq(pw_priors_parse(table, strlen(table), &p, NULL), PW_OK);
	ck_assert_uint_eq(p.count, 6);
	static const double prior[] = {.1, .2, 0, 1, .3, .4};
	static const uint32_t household[] = {0, 1, 2, 0, 2, 5};
	for (int i = 0; i < 6; i++) {
		ck_assert_double_eq(p.prior[i], prior[i]);
		ck_assert_uint_eq(p.household[i], household[i]);
	}
	pw_priors_clear(&p);
	pw_priors_clear(&p);

	static const char percent[] = "prior;house\n5%;1\n0,25;1\n12,5 %;2\n";
	ck_assert_int_eq(pw_priors_parse(percent, strlen(percent), &p, NULL), PW_OK);
	ck_assert_uint_eq(p.count, 3);
	ck_assert_double_eq_tol(p.prior[0], .05, 1e-15);
	ck_assert_double_eq(p.prior[1], .25);
	ck_assert_double_eq_tol(p.prior[2], .125, 1e-15);
	pw_priors_clear(&p);
}
END_TEST

static const struct {
	const char *text, *says;
} bad_files[] = {
	{"", "nobody in it: give a person a line"},
	{"prior\n", "nobody in it: give a person a line"},
	{"0.1\n1.5\n", "line 2:1: '1.5' is no probability: give a number from 0 to 1"},
	{"0.1\nlow\n", "line 2:1: 'low' is no probability: give a number from 0 to 1"},
	{"0.1\nnan\n", "line 2:1: 'nan' is no probability: give a number from 0 to 1"},
	{"0.1,3\n0.2,4\n",
	 "line 1:1: several columns without a header: name them in the first row, "
	 "as in 'prior,household'"},
	{"name,age\nli,7\n",
	 "line 1:1: 'name' is no probability, and no column is named 'prior': give numbers from 0 to "
	 "1, or name the columns in the first row"},
	{"low\n0.2\n",
	 "line 1:1: 'low' is no probability, and no column is named 'prior': give numbers from 0 to "
	 "1, or name the columns in the first row"},
	{"120%\n", "line 1:1: '120%' is no probability: give a number from 0 to 1"},
	{"%\n",
	 "line 1:1: '%' is no probability, and no column is named 'prior': give numbers from 0 to 1, "
	 "or name the columns in the first row"},
	{"name,prior\nli,0.1\nwang\n",
	 "line 3: ends before column 2, where the prior should stand: give everybody one"},
	{"prior,household\n0.1,\"7\n", NULL},
};

START_TEST(test_a_bad_file_of_priors_is_refused_with_its_place)
{
	pw_priors p;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_priors_parse(bad_files[_i].text, strlen(bad_files[_i].text), &p, &err),
			 PW_ERR_FORMAT);
	if (bad_files[_i].says != NULL)
		ck_assert_str_eq(err.msg, bad_files[_i].says);
	else
		ck_assert(pw_text_starts(err.msg, "line 2"));
}
END_TEST

Suite *suite_words(void);

Suite *suite_words(void)
{
	Suite *s = suite_create("words");
	TCase *tc = tcase_create("words");
	tcase_add_test(tc, test_lists_of_probabilities);
	tcase_add_test(tc, test_ranges_and_extents);
	tcase_add_test(tc, test_dilutions);
	tcase_add_test(tc, test_wells_to_keep_free);
	tcase_add_loop_test(tc, test_other_words_are_refused, 0, COUNT(bad));
	tcase_add_test(tc, test_a_file_of_priors);
	tcase_add_loop_test(tc, test_a_bad_file_of_priors_is_refused_with_its_place, 0,
			    COUNT(bad_files));
	suite_add_tcase(s, tc);
	return s;
}
