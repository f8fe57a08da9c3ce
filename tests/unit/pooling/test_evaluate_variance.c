/* Schemes evaluated: the variance of designs. */
#include <check.h>
#include <math.h>

#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/evaluate_help.h"

static pw_scheme *made_scheme(pw_make_opts opts, uint32_t misses, pw_design **out)
{
	pw_scheme *s = NULL;
	ck_assert_int_eq(pw_design_make(&opts, out, NULL), PW_OK);
	ck_assert_int_eq(pw_scheme_of_design(*out, NULL, misses, true, &s, NULL), PW_OK);
	return s;
}

/* Households that have next to nothing in common are summed another way than people without. */
START_TEST(test_a_variance_does_not_jump_when_people_become_independent)
{
	static const pw_make_opts designs[] = {
		{.family = PW_FAMILY_KIRKMAN, .pools = 15, .samples = 25},
		{.family = PW_FAMILY_RS, .q = 4, .k = 2, .w = 4, .samples = 16},
		{.family = PW_FAMILY_ARRAY, .dims = {5, 6}, .dim_count = 2, .samples = 30},
	};
	pw_design *d = NULL;
	pw_scheme *s = made_scheme(designs[_i / 2], (uint32_t)_i % 2, &d);
	uint32_t household[30];
	double prior[30];
	for (uint32_t j = 0; j < 30; j++) {
		household[j] = j / 3;
		prior[j] = 0.01 + 0.003 * j;
	}
	pw_people people = {
		.count = s->people, .prior = prior, .household = household, .correlation = 1e-9};
	pw_test_model model = one_model(.93, .98);
	pw_evaluation tied = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	people.household = NULL;
	pw_evaluation apart = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	ck_assert(tied.variance_known && apart.variance_known);
	ck_assert_double_eq_tol(tied.variance, apart.variance, 1e-6 * apart.variance);
	pw_evaluation_clear(&tied);
	pw_evaluation_clear(&apart);
	pw_scheme_free(s);
	pw_design_free(d);
}
END_TEST

/* How many are tested alone on a plate that is drawn. */
static size_t draw_candidates(const pw_design *d, double prior, double se, double sp, pw_rng *rng)
{
	bool read[64], hit[64] = {false};
	size_t n = pw_design_samples(d), m = pw_design_pools(d), candidates = 0;
	for (size_t j = 0; j < n; j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		bool positive = pw_rng_chance(rng, prior);
		for (size_t k = 0; positive && k < pools.count; k++)
			hit[pools.at[k]] = true;
	}
	for (size_t i = 0; i < m; i++)
		read[i] = pw_rng_chance(rng, hit[i] ? se : 1 - sp);
	for (size_t j = 0; j < n; j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		bool all = true;
		for (size_t k = 0; k < pools.count; k++)
			all = all && read[pools.at[k]];
		candidates += all;
	}
	return candidates;
}

#define DRAWN 20000

START_TEST(test_the_variance_of_large_designs_is_that_of_drawn_plates)
{
	static const pw_make_opts designs[] = {
		{.family = PW_FAMILY_RS, .pools = 48, .w = 6, .samples = 384},
		{.family = PW_FAMILY_KIRKMAN, .pools = 48, .samples = 256},
	};
	pw_design *d = NULL;
	pw_scheme *s = made_scheme(designs[_i], 0, &d);
	pw_people people = {.count = s->people, .prevalence = .01};
	pw_test_model model = one_model(.95, .99);
	pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	double sum = 0, square = 0;
	pw_rng rng;
	pw_rng_init(&rng, 11);
	for (size_t k = 0; k < DRAWN; k++) {
		double tests = (double)draw_candidates(d, .01, .95, .99, &rng);
		sum += tests;
		square += tests * tests;
	}
	double mean = sum / DRAWN, variance = square / DRAWN - mean * mean;
	ck_assert(e.variance_known);
	ck_assert_double_eq_tol(e.expected_tests - 48, mean, 5 * sqrt(e.variance / DRAWN));
	ck_assert_double_eq_tol(variance, e.variance, 0.1 * e.variance);
	pw_evaluation_clear(&e);
	pw_scheme_free(s);
	pw_design_free(d);
}
END_TEST

/* Pools so large that walking through them for every pair would take for ever: said without the variance. */
START_TEST(test_large_pools_are_evaluated_without_the_variance)
{
	static const pw_make_opts designs[] = {
		{.family = PW_FAMILY_DORFMAN, .samples = 16000, .size = 16000},
		{.family = PW_FAMILY_DORFMAN, .samples = 10000, .size = 5000},
		{.family = PW_FAMILY_INDIVIDUAL, .samples = 20000},
	};
	pw_design *d = NULL;
	pw_scheme *s = made_scheme(designs[_i], 0, &d);
	pw_people people = {.count = s->people, .prevalence = .0001};
	pw_test_model model = one_model(.95, .99);
	pw_evaluation e = evaluate_scheme(s, &people, &model, PW_ARRANGE_GIVEN);
	ck_assert(!e.variance_known);
	ck_assert_double_eq_tol(e.pse, .95 * .95, 1e-9);
	pw_evaluation_clear(&e);
	pw_scheme_free(s);
	pw_design_free(d);
}
END_TEST

Suite *suite_evaluate_variance(void);

Suite *suite_evaluate_variance(void)
{
	Suite *s = suite_create("evaluate_variance");
	TCase *tc = tcase_create("designs");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_a_variance_does_not_jump_when_people_become_independent, 0, 6);
	tcase_add_loop_test(tc, test_the_variance_of_large_designs_is_that_of_drawn_plates, 0, 2);
	tcase_add_loop_test(tc, test_large_pools_are_evaluated_without_the_variance, 0, 3);
	suite_add_tcase(s, tc);
	return s;
}
