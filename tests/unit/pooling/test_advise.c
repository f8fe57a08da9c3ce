#include <check.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/advise.h"
#include "core/pooling/design_make.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static pw_advice advise(const pw_advise_opts *opts)
{
	pw_advice advice;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_advise(opts, &advice, &err) == PW_OK, "%s", err.msg);
	return advice;
}

/* binGroup2's OTC1, 10 digits. */
static const struct {
	unsigned kinds;
	size_t from, to;
	double p, se, sp;
	const char *word, *size;
	double tests, each;
} published[] = {
	{PW_ADVISE_DORFMAN, 3, 20, .01, .99, .99, "dorfman", "11", 2.2382536191, .2034776017},
	{PW_ADVISE_DORFMAN, 2, 100, .05, .99, .99, "dorfman", "5", 2.1584734063, .4316946813},
	{PW_ADVISE_HIERARCHICAL, 3, 40, .01, .99, .99, "hierarchical", "5,5,5,5,5", 3.3843454456,
	 .1353738178},
	{PW_ADVISE_HIERARCHICAL, 3, 30, .06, .90, .90, "hierarchical", "4,4,4", 5.0752367278,
	 .4229363940},
	{PW_ADVISE_ARRAY, 3, 40, .01, .99, .99, "array", "25x25", 86.1085073257, .1377736117},
};

START_TEST(test_published_optima)
{
	pw_advise_opts opts = {.kinds = published[_i].kinds,
			       .min_size = published[_i].from,
			       .max_size = published[_i].to,
			       .max_stages = 3,
			       .prevalence = published[_i].p,
			       .se = published[_i].se,
			       .sp = published[_i].sp,
			       .without_switches = true};
	pw_advice a = advise(&opts);
	ck_assert_str_eq(a.options[0].word, published[_i].word);
	ck_assert_str_eq(a.options[0].size, published[_i].size);
	ck_assert_double_eq_tol(a.options[0].expected_tests, published[_i].tests, 0.51e-10);
	ck_assert_double_eq_tol(a.options[0].tests_per_person, published[_i].each, 0.51e-10);
	ck_assert(a.options[0].on_front);
	pw_advice_clear(&a);
}
END_TEST

START_TEST(test_published_informative_optimum)
{
	static const double prior[] = {.012, .014, .011, .012, .010, .015};
	pw_advise_opts opts = {
		.kinds = PW_ADVISE_HIERARCHICAL, .prior = prior, .people = 6, .se = .99, .sp = .99};
	pw_advice a = advise(&opts);
	ck_assert_uint_eq(a.count, 1);
	ck_assert_str_eq(a.options[0].size, "3,3");
	ck_assert_double_eq_tol(a.options[0].expected_tests, 1.3781945001, 0.51e-10);
	ck_assert_uint_eq(a.switch_count, 0);
	pw_advice_clear(&a);
}
END_TEST

/* ---- The best cut is the best of all ---- */

/* All ways to cut `left` more people into parts, each way evaluated. */
typedef struct trial {
	const pw_people *people;
	const pw_test_model *model;
	uint32_t parts[12];
	size_t count;
	double best;
} trial;

static void try_cuts(trial *t, size_t total, size_t left)
{
	if (left == 0) {
		uint32_t whole = (uint32_t)total;
		pw_level levels[] = {{&whole, 1}, {t->parts, t->count}};
		pw_scheme *s = NULL;
		pw_evaluation e;
		pw_evaluate_opts how = {.arrangement = PW_ARRANGE_RISK, .without_variance = true};
		pw_test_model model = *t->model;
		ck_assert_int_eq(pw_scheme_hierarchical(levels, t->count > 1 ? 2 : 1, &s, NULL),
				 PW_OK);
		ck_assert_int_eq(pw_scheme_evaluate(s, t->people, &model, &how, &e, NULL), PW_OK);
		t->best = fmin(t->best, e.expected_tests);
		pw_evaluation_clear(&e);
		pw_scheme_free(s);
		return;
	}
	for (uint32_t part = 1; part <= left; part++) {
		t->parts[t->count++] = part;
		try_cuts(t, total, left - part);
		t->count--;
	}
}

START_TEST(test_the_cut_is_the_best_of_all_cuts)
{
	static const double prevalences[] = {.01, .08, .15, .3};
	pw_advise_opts opts = {.kinds = PW_ADVISE_HIERARCHICAL,
			       .min_size = 2,
			       .max_size = 11,
			       .prevalence = prevalences[_i],
			       .se = .9,
			       .sp = .97,
			       .dilution = {.kind = PW_DILUTION_RATE, .rate = .02},
			       .without_switches = true};
	pw_advice a = advise(&opts);
	pw_test_model model = {
		.se = {.9}, .sp = {.97}, .se_count = 1, .sp_count = 1, .dilution = opts.dilution};
	for (size_t i = 0; i < a.count; i++) {
		pw_people people = {.count = a.options[i].people, .prevalence = prevalences[_i]};
		trial t = {.people = &people, .model = &model, .best = INFINITY};
		try_cuts(&t, people.count, people.count);
		ck_assert_double_eq_tol(a.options[i].expected_tests, t.best, 1e-12);
	}
	pw_advice_clear(&a);
}
END_TEST

/* Four rounds: the same, for all nested cuts of six. */
static double best_nested(const double p, size_t size, double se, double sp)
{
	double best = INFINITY;
	for (unsigned first = 0; first < 1U << (size - 1); first++)
		for (unsigned second = 0; second < 1U << (size - 1); second++) {
			if ((first & second) != first)
				continue; /* the second cuts where the first does */
			uint32_t sizes[2][8], whole = (uint32_t)size;
			size_t count[2] = {0, 0};
			for (int round = 0; round < 2; round++) {
				unsigned cuts = round == 0 ? first : second;
				uint32_t part = 0;
				for (size_t i = 0; i < size; i++) {
					part++;
					if (i + 1 == size || (cuts >> i & 1)) {
						sizes[round][count[round]++] = part;
						part = 0;
					}
				}
			}
			pw_level levels[] = {
				{&whole, 1}, {sizes[0], count[0]}, {sizes[1], count[1]}};
			pw_scheme *s = NULL;
			pw_evaluation e;
			pw_people people = {.count = size, .prevalence = p};
			pw_test_model model = {
				.se = {se}, .sp = {sp}, .se_count = 1, .sp_count = 1};
			ck_assert_int_eq(pw_scheme_hierarchical(levels, 3, &s, NULL), PW_OK);
			ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, NULL),
					 PW_OK);
			best = fmin(best, e.expected_tests);
			pw_evaluation_clear(&e);
			pw_scheme_free(s);
		}
	return best;
}

START_TEST(test_four_rounds_are_cut_best_too)
{
	pw_advise_opts opts = {.kinds = PW_ADVISE_HIERARCHICAL,
			       .min_size = 6,
			       .max_size = 8,
			       .max_stages = 4,
			       .prevalence = .04,
			       .se = .95,
			       .sp = .99,
			       .without_switches = true};
	pw_advice a = advise(&opts);
	ck_assert_uint_eq(a.count, 3);
	for (size_t i = 0; i < a.count; i++)
		ck_assert_double_eq_tol(a.options[i].expected_tests,
					best_nested(.04, a.options[i].people, .95, .99), 1e-12);
	pw_advice_clear(&a);
}
END_TEST

/* With priors: the first pools as well, of all neighbours in the order of risk. */
START_TEST(test_informed_pools_are_the_best_of_all)
{
	static const double prior[] = {.3, .02, .04, .01, .2, .02, .15, .05, .01, .03};
	pw_advise_opts opts = {.kinds = PW_ADVISE_DORFMAN,
			       .prior = prior,
			       .people = 10,
			       .se = .95,
			       .sp = .98,
			       .max_stages = 2};
	pw_advice a = advise(&opts);
	pw_people people = {.count = 10, .prior = prior};
	pw_test_model model = {.se = {.95}, .sp = {.98}, .se_count = 1, .sp_count = 1};
	double best = INFINITY;
	for (unsigned cuts = 0; cuts < 1U << 9; cuts++) {
		uint32_t sizes[10], part = 0;
		size_t count = 0;
		for (size_t i = 0; i < 10; i++) {
			part++;
			if (i == 9 || (cuts >> i & 1)) {
				sizes[count++] = part;
				part = 0;
			}
		}
		pw_level level = {sizes, count};
		pw_scheme *s = NULL;
		pw_evaluation e;
		pw_evaluate_opts how = {.arrangement = PW_ARRANGE_RISK};
		ck_assert_int_eq(pw_scheme_hierarchical(&level, 1, &s, NULL), PW_OK);
		ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, &how, &e, NULL), PW_OK);
		best = fmin(best, e.expected_tests);
		pw_evaluation_clear(&e);
		pw_scheme_free(s);
	}
	ck_assert_double_eq_tol(a.options[0].expected_tests, best, 1e-12);
	pw_advice_clear(&a);
}
END_TEST

/* ---- All kinds ---- */

START_TEST(test_the_front_is_what_nothing_beats)
{
	pw_advise_opts opts = {.prevalence = .01, .se = .95, .sp = .99, .max_size = 16};
	pw_advice a = advise(&opts);
	size_t front = 0;
	ck_assert_uint_gt(a.count, 50);
	for (size_t i = 0; i < a.count; i++) {
		const pw_advice_option *x = &a.options[i];
		bool beaten = false;
		for (size_t j = 0; j < a.count; j++) {
			const pw_advice_option *y = &a.options[j];
			bool as_good = y->tests_per_person <= x->tests_per_person &&
				       y->pse >= x->pse && y->stages <= x->stages &&
				       y->pipettings_per_person <= x->pipettings_per_person;
			bool better = y->tests_per_person < x->tests_per_person - 1e-9 ||
				      y->pse > x->pse + 1e-9 || y->stages < x->stages ||
				      y->pipettings_per_person < x->pipettings_per_person - 1e-9;
			beaten |= as_good && better;
		}
		if (x->on_front)
			ck_assert(!beaten);
		front += x->on_front;
		ck_assert_double_ge(x->tests_per_person, a.bound);
		if (i > 0)
			ck_assert_double_ge(x->tests_per_person, a.options[i - 1].tests_per_person);
	}
	ck_assert_uint_eq(front, a.front);
	/* One by one: most sensitive, one round, one transfer. */
	const pw_advice_option *last = NULL;
	for (size_t i = 0; i < a.count; i++)
		if (strcmp(a.options[i].word, "individual") == 0)
			last = &a.options[i];
	ck_assert(last != NULL && last->on_front);
	ck_assert_double_eq_tol(a.bound, pw_information_bound(.01, .95, .99), 1e-15);
	pw_advice_clear(&a);
}
END_TEST

START_TEST(test_every_option_can_be_made_again)
{
	pw_advise_opts opts = {
		.prevalence = .02, .se = .97, .sp = .99, .max_size = 12, .without_switches = true};
	pw_advice a = advise(&opts);
	pw_test_model model = {.se = {.97}, .sp = {.99}, .se_count = 1, .sp_count = 1};
	for (size_t i = 0; i < a.count; i++) {
		const pw_advice_option *x = &a.options[i];
		pw_scheme *s = NULL;
		pw_err err = PW_ERR_INIT;
		pw_evaluation e;
		if (x->made != NULL) {
			ck_assert(strchr(x->made, ' ') != NULL);
			continue;
		}
		ck_assert_msg(pw_scheme_parse(x->word, x->size, NULL, 0, &s, &err) == PW_OK, "%s",
			      err.msg);
		pw_people people = {.count = s->people, .prevalence = .02};
		pw_evaluate_opts how = {.without_variance = true};
		ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, &how, &e, NULL), PW_OK);
		ck_assert_double_eq_tol(e.expected_tests, x->expected_tests, 1e-12);
		pw_evaluation_clear(&e);
		pw_scheme_free(s);
	}
	pw_advice_clear(&a);
}
END_TEST

START_TEST(test_constraints_are_kept)
{
	pw_advise_opts opts = {.prevalence = .01,
			       .se = .95,
			       .sp = .99,
			       .max_pool = 10,
			       .max_wells = 30,
			       .max_stages = 4,
			       .round_time = 4,
			       .turnaround = 11,
			       .without_switches = true};
	pw_advice a = advise(&opts); /* 11 hours: two rounds of four */
	for (size_t i = 0; i < a.count; i++) {
		ck_assert_uint_le(a.options[i].largest_pool, 10);
		ck_assert_uint_le(a.options[i].first_wells, 30);
		ck_assert_uint_le(a.options[i].stages, 2);
	}
	pw_advice_clear(&a);
	opts = (pw_advise_opts){.prevalence = .001,
				.se = .95,
				.sp = .99,
				.material = PW_MATERIAL_COLLECTED,
				.max_pool = 20};
	a = advise(&opts); /* ten in one, twenty in one: nothing else can be done with such swabs */
	ck_assert_str_eq(a.options[0].word, "dorfman");
	ck_assert_str_eq(a.options[0].size, "20");
	for (size_t i = 0; i < a.count; i++)
		ck_assert(strcmp(a.options[i].word, "dorfman") == 0 ||
			  strcmp(a.options[i].word, "individual") == 0);
	pw_advice_clear(&a);
	opts = (pw_advise_opts){.prevalence = .01, .se = .95, .sp = .99, .min_pse = .9};
	a = advise(&opts);
	for (size_t i = 0; i < a.count; i++)
		ck_assert_double_ge(a.options[i].pse, .9);
	pw_advice_clear(&a);
}
END_TEST

/* ---- Prevalence moves ---- */

START_TEST(test_when_to_shrink_the_pool)
{
	pw_advise_opts opts = {.kinds = PW_ADVISE_DORFMAN | PW_ADVISE_INDIVIDUAL,
			       .prevalence = .02,
			       .se = 1,
			       .sp = 1};
	pw_advice a = advise(&opts);
	ck_assert_uint_gt(a.switch_count, 10);
	ck_assert_double_eq_tol(a.switches[0].from, 1e-4, 1e-12);
	const pw_advice_switch *last = &a.switches[a.switch_count - 1];
	ck_assert_double_eq(last->to, .5);
	/* Nothing gains from pooling above 1 - (1/3)^(1/3); before that it is pools of three. */
	ck_assert_str_eq(last->word, "individual");
	ck_assert_double_eq_tol(last->from, .30663, .0004);
	ck_assert_str_eq(last[-1].size, "3");
	/* Where it changes from one size to the next both take as many tests. */
	for (size_t i = 1; i < a.switch_count; i++) {
		ck_assert_double_eq(a.switches[i].from, a.switches[i - 1].to);
		ck_assert_double_gt(a.switches[i].from, a.switches[i - 1].from);
		if (strcmp(a.switches[i].word, "dorfman") != 0)
			continue;
		double p = a.switches[i].from, tests[2];
		for (size_t k = 0; k < 2; k++) {
			pw_scheme *s = NULL;
			pw_evaluation e;
			ck_assert_int_eq(pw_scheme_parse(a.switches[i - k].word,
							 a.switches[i - k].size, NULL, 0, &s, NULL),
					 PW_OK);
			pw_people people = {.count = s->people, .prevalence = p};
			pw_test_model model = {.se = {1}, .sp = {1}, .se_count = 1, .sp_count = 1};
			ck_assert_int_eq(pw_scheme_evaluate(s, &people, &model, NULL, &e, NULL),
					 PW_OK);
			tests[k] = e.tests_per_person;
			pw_evaluation_clear(&e);
			pw_scheme_free(s);
		}
		ck_assert_double_eq_tol(tests[0] / tests[1], 1, 2e-3);
	}
	pw_advice_clear(&a);
}
END_TEST

START_TEST(test_the_quick_answer_is_the_full_one)
{
	static const double prevalences[] = {.0005, .01, .03, .12, .2};
	pw_advise_opts opts = {.kinds = PW_ADVISE_ALL &
					~(unsigned)(PW_ADVISE_CUBE | PW_ADVISE_DESIGN),
			       .prevalence = prevalences[_i],
			       .se = .95,
			       .sp = .99,
			       .max_size = 30};
	pw_advice a = advise(&opts);
	for (size_t i = 0; i < a.switch_count; i++) {
		if (a.switches[i].from > opts.prevalence || a.switches[i].to < opts.prevalence)
			continue;
		ck_assert_str_eq(a.options[0].word, a.switches[i].word);
		ck_assert_str_eq(a.options[0].size, a.switches[i].size);
	}
	pw_advice_clear(&a);
}
END_TEST

/* ---- Refusals ---- */

static const double odd_prior[] = {.1, (double)NAN};

static const struct {
	pw_advise_opts opts;
	pw_status status;
	const char *says;
} bad[] = {
	{{.prevalence = 2, .se = .9, .sp = .9},
	 PW_ERR_ARG,
	 "prevalence 2 is no probability: give a number from 0 to 1"},
	{{.prevalence = .1, .se = 1.9, .sp = .9},
	 PW_ERR_ARG,
	 "sensitivities and specificities must be from 0 to 1"},
	{{.prior = odd_prior, .people = 2, .se = .9, .sp = .9},
	 PW_ERR_ARG,
	 "person 2: prior nan is no probability: give a number from 0 to 1"},
	{{.prevalence = .1, .se = .9, .sp = .9, .min_size = 9, .max_size = 8},
	 PW_ERR_ARG,
	 "sizes from 9 to 8: the first must not be larger"},
	{{.prevalence = .1, .se = .9, .sp = .9, .min_size = 1, .max_size = 1},
	 PW_ERR_ARG,
	 "sizes up to 1: pools are of 2 or more"},
	{{.prevalence = .1, .se = .9, .sp = .9, .round_time = 4, .turnaround = 3},
	 PW_ERR_ARG,
	 "a round takes longer than all rounds may: allow more time"},
	{{.prevalence = .1, .se = .9, .sp = .9, .max_size = 201},
	 PW_ERR_LIMIT,
	 "sizes up to 201 are more than the 200 we search"},
	{{.prevalence = .1, .se = .9, .sp = .9, .max_stages = 6},
	 PW_ERR_LIMIT,
	 "6 rounds are more than the 5 we search"},
	{{.prevalence = .1, .se = .9, .sp = .9, .max_stages = 5, .max_size = 100},
	 PW_ERR_LIMIT,
	 "five rounds are searched for sizes up to 64, not 100"},
	{{.prevalence = .1, .se = .9, .sp = .9, .kinds = PW_ADVISE_ARRAY, .max_pool = 1},
	 PW_ERR_NOT_FOUND,
	 "no scheme is left by sizes 2 to 40, 3 rounds, pools of 1 and 0 wells (0: any): allow more"},
	{{.prevalence = .1, .se = .9, .sp = .9, .min_pse = .95}, PW_ERR_NOT_FOUND, NULL},
};

START_TEST(test_bad_questions_are_refused)
{
	pw_advice a;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_advise(&bad[_i].opts, &a, &err), bad[_i].status);
	if (bad[_i].says != NULL)
		ck_assert_str_eq(err.msg, bad[_i].says);
	else
		ck_assert_ptr_nonnull(strstr(err.msg, "schemes finds 0.95 of the positives"));
}
END_TEST

START_TEST(test_kinds_have_words)
{
	unsigned kinds;
	ck_assert(pw_advise_kinds_parse("all", &kinds));
	ck_assert_uint_eq(kinds, PW_ADVISE_ALL);
	ck_assert(pw_advise_kinds_parse("array-master", &kinds));
	ck_assert_uint_eq(kinds, PW_ADVISE_ARRAY_MASTER);
	ck_assert(!pw_advise_kinds_parse("best", &kinds));
}
END_TEST

Suite *suite_advise(void);

Suite *suite_advise(void)
{
	Suite *s = suite_create("advise");
	TCase *tc = tcase_create("best");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_published_optima, 0, COUNT(published));
	tcase_add_test(tc, test_published_informative_optimum);
	tcase_add_loop_test(tc, test_the_cut_is_the_best_of_all_cuts, 0, 4);
	tcase_add_test(tc, test_four_rounds_are_cut_best_too);
	tcase_add_test(tc, test_informed_pools_are_the_best_of_all);
	suite_add_tcase(s, tc);
	tc = tcase_create("search");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_the_front_is_what_nothing_beats);
	tcase_add_test(tc, test_every_option_can_be_made_again);
	tcase_add_test(tc, test_constraints_are_kept);
	tcase_add_test(tc, test_when_to_shrink_the_pool);
	tcase_add_loop_test(tc, test_the_quick_answer_is_the_full_one, 0, 5);
	tcase_add_loop_test(tc, test_bad_questions_are_refused, 0, COUNT(bad));
	tcase_add_test(tc, test_kinds_have_words);
	suite_add_tcase(s, tc);
	return s;
}
