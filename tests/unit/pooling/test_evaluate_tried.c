/* Schemes evaluated: the formulas say what trying everything says. */
#include <check.h>
#include <string.h>

#include "tests/unit/pooling/evaluate_help.h"
#include "tests/unit/pooling/evaluate_oracle.h"

static const double mixed[] = {.1, .02, .3, .05, .2, .15, .08, .4};
static const double with_sure[] = {.1, 1, .3, 0, .2, .15, .08, .4};
static const double even[] = {.1, .1, .1, .1, .2, .2, .2, .2};
static const uint32_t houses_apart[] = {0, 0, 0, 1, 2, 2, 3, 3};
static const uint32_t houses_across[] = {0, 1, 0, 1, 2, 3, 2, 3};

static const struct trial {
	const char *word, *size;
	size_t people;
	const double *prior;
	const uint32_t *household;
	double correlation;
	size_t stages; /* how many se and sp are given; 1 or all */
	double dilution;
	uint32_t misses;
	bool called_at_once;
} trials[] = {
	{"individual", "4", 4, mixed, NULL, 0, 1, 0, 0, false},
	{"dorfman", "3", 7, mixed, NULL, 0, 2, .1, 0, false},
	{"dorfman", "6", 6, with_sure, NULL, 0, 1, 0, 0, false},
	{"hierarchical", "3,2,1", 6, mixed, NULL, 0, 3, .05, 0, false},
	{"hierarchical", "4,3=2,2,3", 7, mixed, NULL, 0, 3, 0, 0, false},
	{"hierarchical", "6=4,2=2,2,2", 6, mixed, NULL, 0, 4, .02, 0, false},
	{"hierarchical", "6=3,3", 6, with_sure, NULL, 0, 3, 0, 0, false},
	{"hierarchical", "3,3=2,1,2,1", 6, even, houses_across, .4, 1, .1, 0, false},
	{"hierarchical", "4,4", 8, even, houses_apart, .7, 3, 0, 0, false},
	{"dorfman", "4,4", 8, even, houses_across, .2, 2, 0, 0, false},
	{"halving", "7", 7, mixed, NULL, 0, 1, 0, 0, false},
	{"array", "2x3", 6, mixed, NULL, 0, 2, .1, 0, false},
	{"array", "3x2", 5, mixed, NULL, 0, 1, .1, 0, false},
	{"array", "2x2", 4, even, NULL, 0, 1, 0, 0, false},
	{"array", "2x3", 6, with_sure, NULL, 0, 2, 0, 0, false},
	{"array-master", "2x3", 6, mixed, NULL, 0, 3, .1, 0, false},
	{"array-master", "2x2", 4, even, NULL, 0, 3, .1, 0, false},
	{"array-master", "2x3", 5, mixed, NULL, 0, 1, 0, 0, false},
	{"array", "2x3", 6, even, houses_across, .3, 2, 0, 0, false},
	{"array", "2x3", 6, even, houses_apart, .3, 1, .1, 0, false},
	{"array-master", "2x3", 6, even, houses_across, .6, 3, 0, 0, false},
	{"sterrett", "6", 6, mixed, NULL, 0, 2, .1, 0, false},
	{"sterrett-1", "6", 6, mixed, NULL, 0, 1, 0, 0, false},
	{"sterrett-2", "7", 7, mixed, NULL, 0, 2, .03, 0, false},
	{"sterrett", "3", 3, with_sure, NULL, 0, 2, 0, 0, false},
	{"design", "", 6, mixed, NULL, 0, 2, .1, 0, false},
	{"design", "", 6, mixed, NULL, 0, 2, .1, 1, false},
	{"design", "", 6, with_sure, NULL, 0, 1, 0, 1, true},
	{"design", "", 6, even, houses_across, .5, 1, 0, 0, true},
	{"design", "", 6, even, houses_across, .5, 2, .1, 1, false},
	{"design", "", 6, mixed, NULL, 0, 1, 0, 0, false},
	{"design", "", 6, with_sure, NULL, 0, 2, .1, 0, false},
	{"design", "", 6, mixed, NULL, 0, 2, .05, 2, false},
	{"design", "", 6, with_sure, NULL, 0, 2, .05, 2, false},
	{"design", "", 6, even, houses_apart, .3, 2, 0, 0, false},
	{"design", "apart", 7, mixed, NULL, 0, 2, .1, 0, false},
	{"design", "apart", 7, with_sure, NULL, 0, 2, .1, 1, false},
};

/* Everybody in three of five pools. */
static pw_design *small_design(void)
{
	static const char text[] = "111000\n110110\n101101\n011011\n000111\n";
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_parse(text, sizeof(text) - 1, &d, NULL), PW_OK);
	return d;
}

/* Some whom nobody connects, and somebody in pools of their own. */
static pw_design *loose_design(void)
{
	static const char text[] = "1100000\n0110000\n1010000\n0001100\n"
				   "0000110\n0001010\n0000001\n0000001\n";
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_parse(text, sizeof(text) - 1, &d, NULL), PW_OK);
	return d;
}

static pw_scheme *trial_scheme(const struct trial *t)
{
	if (strcmp(t->word, "design") != 0)
		return parse_scheme(t->word, t->size, NULL, t->people);
	pw_scheme *s = NULL;
	ck_assert_int_eq(
		pw_scheme_of_design(NULL,
				    strcmp(t->size, "apart") == 0 ? loose_design() : small_design(),
				    t->misses, !t->called_at_once, &s, NULL),
		PW_OK);
	return s;
}

START_TEST(test_the_formulas_say_what_trying_everything_says)
{
	const struct trial *t = &trials[_i];
	pw_scheme *s = trial_scheme(t);
	pw_people people = {.count = t->people,
			    .prior = t->prior,
			    .household = t->household,
			    .correlation = t->correlation};
	pw_test_model model = {.se = {.9, .8, .95, .85},
			       .sp = {.97, .9, .99, .93},
			       .se_count = t->stages,
			       .sp_count = t->stages,
			       .dilution = {.kind = PW_DILUTION_RATE, .rate = t->dilution}};
	sums tried = try_everything(s, &people, &model);
	pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	ck_assert_double_eq_tol(e.expected_tests, tried.tests, 1e-12);
	ck_assert_double_eq_tol(e.pipettings, tried.wells, 1e-11);
	if (e.variance_known)
		ck_assert_double_eq_tol(e.variance, tried.square - tried.tests * tried.tests,
					1e-11);
	else /* only where it says so: households in an array */
		ck_assert(s->kind != PW_SCHEME_DESIGN && t->household != NULL);
	double right = 0, wrong = 0, sick = 0;
	for (size_t i = 0; i < t->people; i++) {
		double p = t->prior[i];
		if (p > 0)
			ck_assert_double_eq_tol(e.each[i].pse, tried.called[i] / p, 1e-12);
		else
			ck_assert_double_nan(e.each[i].pse);
		if (p < 1)
			ck_assert_double_eq_tol(e.each[i].psp, 1 - tried.alarm[i] / (1 - p), 1e-12);
		else
			ck_assert_double_nan(e.each[i].psp);
		ck_assert_double_eq_tol(e.each[i].pppv * (tried.called[i] + tried.alarm[i]),
					tried.called[i], 1e-12);
		double cleared = 1 - p - tried.alarm[i], missed = p - tried.called[i];
		ck_assert_double_eq_tol(e.each[i].pnpv * (cleared + missed), cleared, 1e-12);
		right += tried.called[i];
		wrong += tried.alarm[i];
		sick += p;
	}
	double well = (double)t->people - sick;
	ck_assert_double_eq_tol(e.pse, right / sick, 1e-12);
	ck_assert_double_eq_tol(e.psp, 1 - wrong / well, 1e-12);
	ck_assert_double_eq_tol(e.pppv, right / (right + wrong), 1e-12);
	ck_assert_double_eq_tol(e.pnpv, (well - wrong) / (well - wrong + sick - right), 1e-12);
	pw_evaluation_clear(&e);
	pw_scheme_free(s);
}
END_TEST

Suite *suite_evaluate_tried(void);

Suite *suite_evaluate_tried(void)
{
	Suite *s = suite_create("evaluate_tried");
	TCase *tc = tcase_create("formulas");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_the_formulas_say_what_trying_everything_says, 0,
			    COUNT(trials));
	suite_add_tcase(s, tc);
	return s;
}
