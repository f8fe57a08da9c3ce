/* Schemes evaluated: households, dilution, arrangements, bounds, and what is refused. */
#include <check.h>
#include <math.h>

#include "core/pooling/design_make.h"
#include "tests/unit/pooling/evaluate_help.h"

/* ---- Households ---- */

START_TEST(test_gamma_ratios)
{
	/* Whole numbers: a product. */
	double sum = 0;
	for (int k = 0; k < 7; k++)
		sum += log(.3 + k);
	ck_assert_double_eq_tol(pw_log_rising(.3, 7), sum, 1e-13);
	ck_assert_double_eq_tol(pw_log_rising(.3, 2.5), lgamma(2.8) - lgamma(.3), 1e-13);
	ck_assert_double_eq_tol(pw_log_rising(1e6, .25), .25 * log(1e6) - .25 * .75 / 2e6, 1e-13);
	ck_assert_double_eq(pw_log_rising(5, 0), 0);
	ck_assert_double_eq_tol(pw_log_rising(40, 3), log(40. * 41. * 42.), 1e-13);
}
END_TEST

/* Members with different priors keep exactly these, and are never negatively tied. */
START_TEST(test_a_household_of_different_priors)
{
	static const double prior[] = {.02, .3, .1, 0, 1, .1};
	static const uint32_t household[] = {2, 2, 2, 2, 2, 5};
	pw_people people = {.count = 6, .prior = prior, .household = household, .correlation = .35};
	pw_absence *absence = NULL;
	ck_assert_int_eq(pw_absence_new(&people, NULL, &absence, NULL), PW_OK);
	ck_assert(!pw_absence_is_independent(absence));
	pw_nobody *set = pw_nobody_new(absence);
	for (size_t i = 0; i < 6; i++)
		ck_assert_double_eq_tol(pw_nobody_ranges(set, i, i + 1, 6, 6), 1 - prior[i], 1e-13);
	double both = pw_nobody_ranges(set, 0, 1, 1, 2);
	ck_assert_double_gt(both, .98 * .7);
	ck_assert_double_lt(both, .7);
	/* The lone one and the sure ones say nothing of the rest. */
	ck_assert_double_eq_tol(pw_nobody_ranges(set, 0, 1, 5, 6), .98 * .9, 1e-13);
	ck_assert_double_eq_tol(pw_nobody_ranges(set, 0, 1, 3, 4), .98, 1e-13);
	ck_assert_double_eq(pw_nobody_ranges(set, 0, 6, 6, 6), 0);
	pw_nobody_free(set);
	pw_absence_free(absence);
}
END_TEST

START_TEST(test_correlation_saves_tests_and_keeps_sensitivity)
{
	static uint32_t household[20];
	for (uint32_t i = 0; i < 20; i++)
		household[i] = i / 4;
	pw_scheme *s = parse_scheme("dorfman", "10", NULL, 20);
	pw_test_model model = one_model(.95, .99);
	double last = 1e9;
	for (int k = 0; k < 4; k++) {
		pw_people people = {.count = 20,
				    .prevalence = .05,
				    .household = household,
				    .correlation = .25 * k};
		pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
		ck_assert_double_lt(e.expected_tests, last);
		ck_assert_double_eq_tol(e.pse, .95 * .95, 1e-14);
		last = e.expected_tests;
		pw_evaluation_clear(&e);
	}
	pw_scheme_free(s);
}
END_TEST

/* However small it is, down to numbers whose inverse is none. */
START_TEST(test_next_to_no_correlation_is_none)
{
	static const double correlations[] = {1e-20, 1e-99, 1e-101, 1e-310};
	static const double prior[] = {.01, .2, .05, .05, .3, 0};
	static const uint32_t household[] = {0, 0, 2, 2, 2, 0};
	pw_scheme *s = parse_scheme("dorfman", "6", NULL, 6);
	pw_test_model model = one_model(.95, .99);
	pw_people people = {.count = 6, .prior = prior};
	pw_evaluation apart = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	people.household = household;
	people.correlation = correlations[_i];
	pw_evaluation tied = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	ck_assert_double_eq_tol(tied.expected_tests, apart.expected_tests, 1e-9);
	ck_assert_double_eq_tol(tied.psp, apart.psp, 1e-9);
	pw_evaluation_clear(&tied);
	pw_evaluation_clear(&apart);
	pw_scheme_free(s);
}
END_TEST

/* ---- Dilution ---- */

START_TEST(test_dilution_takes_from_the_sensitivity_of_pools)
{
	pw_dilution d = {.kind = PW_DILUTION_NONE};
	ck_assert_double_eq(pw_dilution_factor(&d, 20), 1);
	d = (pw_dilution){.kind = PW_DILUTION_RATE, .rate = .005};
	ck_assert_double_eq(pw_dilution_factor(&d, 1), 1);
	ck_assert_double_eq_tol(pw_dilution_factor(&d, 8), 1 / (.005 * 7 + 1), 1e-15);
	/* Half of all positives are within 3 cycles of the limit; a pool of 8 costs 3 cycles. */
	d = (pw_dilution){.kind = PW_DILUTION_CT, .ct_mean = 34, .ct_sd = 4, .ct_limit = 37};
	ck_assert_double_eq_tol(pw_dilution_factor(&d, 8), .5 / (.5 * erfc(-.75 / sqrt(2))), 1e-14);
	d.cycles_per_doubling = 2;
	ck_assert_double_eq_tol(pw_dilution_factor(&d, 2),
				.5 * erfc(-.25 / sqrt(2)) / (.5 * erfc(-.75 / sqrt(2))), 1e-14);
	static const double table[] = {0, 1, .98, .95};
	d = (pw_dilution){.kind = PW_DILUTION_TABLE, .table = table, .table_size = 4};
	ck_assert_double_eq(pw_dilution_factor(&d, 2), .98);
	ck_assert_double_eq(pw_dilution_factor(&d, 50), .95);
}
END_TEST

/* ---- Arrangements ---- */

START_TEST(test_a_spiral_grows_from_the_corner)
{
	static const double prior[] = {.12, .11, .10, .09, .08, .07, .06, .05, .04, .03, .02, .01};
	static const uint32_t expected[] = {0, 3, 8, 11, 1, 2, 7, 10, 4, 5, 6, 9};
	pw_scheme *s = parse_scheme("array", "3x4", NULL, 12);
	pw_people people = {.count = 12, .prior = prior};
	pw_test_model model = one_model(.95, .99);
	pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_SPIRAL);
	for (int k = 0; k < 12; k++)
		ck_assert_uint_eq(e.place[k], expected[k]);
	pw_evaluation_clear(&e);
	pw_scheme_free(s);
}
END_TEST

/* ---- Information ---- */

START_TEST(test_information_bounds)
{
	ck_assert_double_eq_tol(pw_entropy(.001), .0114, .00005);
	ck_assert_double_eq_tol(pw_entropy(.01), .0808, .00005);
	ck_assert_double_eq_tol(pw_entropy(.1), .4690, .00005);
	ck_assert_double_eq(pw_entropy(0), 0);
	ck_assert_double_eq(pw_entropy(1), 0);
	ck_assert_double_eq_tol(pw_test_capacity(.99, .99), .9192, .00005);
	ck_assert_double_eq_tol(pw_test_capacity(.95, .99), .8162, .00005);
	ck_assert_double_eq_tol(pw_test_capacity(.90, .99), .7219, .00005);
	ck_assert_double_eq_tol(pw_test_capacity(.85, .97), .5896, .00005);
	ck_assert_double_eq(pw_test_capacity(1, 1), 1);
	ck_assert_double_eq(pw_test_capacity(.4, .6), 0);
	ck_assert_double_nan(pw_information_bound(.01, .5, .5));
	ck_assert_double_eq_tol(pw_information_bound(.01, 1, 1), .0808, .00005);
}
END_TEST

/* ---- Refusals ---- */

START_TEST(test_numbers_that_are_none_are_refused)
{
	pw_scheme *s = parse_scheme("dorfman", "3", NULL, 3);
	pw_evaluation e;
	pw_err err = PW_ERR_INIT;
	pw_people people = {.count = 3, .prevalence = (double)NAN};
	pw_test_model model = one_model(.99, .99);
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "prevalence nan is no probability: give a number from 0 to 1");
	static const double prior[] = {.1, 1.5, .1};
	people = (pw_people){.count = 3, .prior = prior};
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg,
			 "person 2: prior 1.5 is no probability: give a number from 0 to 1");
	people = (pw_people){.count = 4, .prevalence = .1};
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "4 people for a scheme of 3");
	people.count = 3;
	people.correlation = 1;
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "correlation 1 in a household: give a number from 0 to below 1");
	people.correlation = 0;
	model.se_count = 3;
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "3 sensitivities for 2 rounds: give one, or one for each");
	model = one_model(.99, (double)NAN);
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	model = one_model(.99, .99);
	model.dilution = (pw_dilution){.kind = PW_DILUTION_RATE, .rate = -1};
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	model.dilution = (pw_dilution){.kind = PW_DILUTION_CT};
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_ARG);
	pw_scheme_free(s);
}
END_TEST

START_TEST(test_sums_that_never_end_are_refused)
{
	pw_make_opts opts = {.family = PW_FAMILY_RANDOM, .samples = 100, .pools = 40, .w = 21};
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_make(&opts, &d, NULL), PW_OK);
	pw_scheme *s = parse_scheme("design", "", d, 0);
	pw_people people = {.count = 100, .prevalence = .01};
	pw_test_model model = one_model(.99, .99);
	pw_evaluation e;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "sample 1 is in 21 pools: the exact sum takes at most 20");
	pw_scheme_free(s);
	pw_design_free(d);

	static uint32_t household[32 * 32];
	for (uint32_t i = 0; i < 32 * 32; i++)
		household[i] = i / 33;
	s = parse_scheme("array", "32x32", NULL, 0);
	people = (pw_people){
		.count = 32 * 32, .prevalence = .01, .household = household, .correlation = .2};
	ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "households tie 32 rows of the array together, more than can be "
				  "summed: put each household into one row, or evaluate without");
	pw_scheme_free(s);
}
END_TEST

START_TEST(test_sure_and_impossible_people_are_no_trouble)
{
	pw_test_model model = one_model(.99, .99);
	static const char *const words[] = {"dorfman", "array", "array-master", "sterrett"};
	static const char *const sizes[] = {"9", "3x3", "3x3", "9"};
	for (int k = 0; k < 4; k++)
		for (int p = 0; p < 2; p++) {
			pw_scheme *s = parse_scheme(words[k], sizes[k], NULL, 0);
			pw_people people = {.count = 9, .prevalence = p};
			pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
			ck_assert(isfinite(e.expected_tests) && isfinite(e.variance));
			ck_assert_int_eq(isnan(e.pse), p == 0);
			ck_assert_int_eq(isnan(e.psp), p == 1);
			pw_evaluation_clear(&e);
			pw_scheme_free(s);
		}
}
END_TEST

Suite *suite_evaluate(void);

Suite *suite_evaluate(void)
{
	Suite *s = suite_create("evaluate");
	TCase *tc = tcase_create("formulas");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_gamma_ratios);
	tcase_add_test(tc, test_a_household_of_different_priors);
	tcase_add_test(tc, test_correlation_saves_tests_and_keeps_sensitivity);
	tcase_add_loop_test(tc, test_next_to_no_correlation_is_none, 0, 4);
	tcase_add_test(tc, test_dilution_takes_from_the_sensitivity_of_pools);
	tcase_add_test(tc, test_a_spiral_grows_from_the_corner);
	tcase_add_test(tc, test_information_bounds);
	tcase_add_test(tc, test_sure_and_impossible_people_are_no_trouble);
	suite_add_tcase(s, tc);
	tc = tcase_create("refusals");
	tcase_add_test(tc, test_numbers_that_are_none_are_refused);
	tcase_add_test(tc, test_sums_that_never_end_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
