/*
 * Figures that others found by simulating, found again by simulating, within what chance allows both; a fixed
 * seed, so that a run is the same everywhere. PW_SLOW_TESTS=1 draws 25 times as many.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/pooling/design_make.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Further off than this, in standard errors of both simulations together, is once in 150,000 by chance. */
#define FAR 4.5

static unsigned patience(void)
{
	return getenv("PW_SLOW_TESTS") != NULL ? 25 : 1;
}

/* ---- Pooled tests that need a load (Hong and others 2022) ---- */

/*
 * A pool is positive when what it holds of its people's copies, drawn by Poisson's law, is above 100, or, once
 * in 100, by itself; who is in no negative pool is tested alone, and found when their own load is above 100. They
 * draw plates until 2,500 people are positive, from a simulated epidemic of which we have no copy. What counts
 * of its loads is how many are between 10^2 and 10^4: alone they find .846 of the positives, and a tenth of
 * all positives is within each factor of 10 above that, which is all we take from them.
 */
#define LIMIT_COPIES 100.0
#define ALONE        0.846
#define EACH_DECADE  0.1
#define THEIR_CASES  2500.0

static const double prevalences[] = {.00104, .01056, .01484, .02459, .03150, .05529};

static const struct {
	pw_make_opts opts;
	double told[6][2]; /* people per test, share of the positives found */
	int cells;         /* after that it is a decoder of theirs that counts */
	bool one_round;    /* they do not test candidates alone */
} hyper_table[] = {
	{{.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2},
	 {{4.78, .744}, {4.50, .758}, {4.35, .743}, {3.95, .749}, {3.69, .750}, {2.86, .755}},
	 6,
	 false},
	{{.family = PW_FAMILY_ARRAY, .dims = {16, 24}, .dim_count = 2},
	 {{9.49, .704}, {7.69, .702}, {6.64, .713}, {4.95, .735}, {3.97, .737}, {2.39, .757}},
	 6,
	 false},
	{{.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6},
	 {{8, .683}, {8, .679}, {8, .658}},
	 3,
	 true},
	{{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 32, .splits = 2},
	 {{11.80, .697}, {8.61, .721}, {7.00, .716}, {4.74, .723}, {3.71, .726}, {2.09, .758}},
	 6,
	 false},
	{{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 48, .splits = 2},
	 {{7.92, .725}, {6.78, .735}, {6.23, .722}, {4.85, .739}, {4.22, .737}, {2.69, .755}},
	 6,
	 false},
	{{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 30, .splits = 3},
	 {{12.65, .683}, {9.56, .672}, {7.41, .704}, {4.42, .712}, {3.47, .724}, {1.83, .763}},
	 6,
	 false},
	{{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 12, .splits = 3},
	 {{28.81, .633}, {5.26, .685}, {3.39, .691}, {1.73, .758}, {1.42, .784}, {1.05, .832}},
	 6,
	 false},
	{{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 48, .splits = 1},
	 {{7.08, .761}, {5.08, .766}, {4.55, .766}, {3.66, .773}, {3.23, .777}, {2.39, .776}},
	 6,
	 false},
};

/* Copies of somebody positive. */
static double draw_load(pw_rng *rng)
{
	double u = pw_rng_uniform(rng);
	return u < 1 - ALONE ? pow(LIMIT_COPIES, u / (1 - ALONE))
			     : LIMIT_COPIES * pow(10, (u - (1 - ALONE)) / EACH_DECADE);
}

static bool pool_is_positive(const double *load, pw_design_list members, pw_rng *rng)
{
	double copies = 0;
	for (size_t k = 0; k < members.count; k++)
		copies += load[members.at[k]] / (double)members.count;
	/* whoever has a thousand times the limit is no matter of luck */
	if (copies > 1000 * LIMIT_COPIES ||
	    (copies > 0 && pw_rng_poisson(rng, copies) > (int64_t)LIMIT_COPIES))
		return true;
	return pw_rng_chance(rng, 0.01);
}

typedef struct tally {
	double plates, cases, found, candidates, squares;
} tally;

static void read_plate(const pw_design *d, const double *load, pw_rng *rng, tally *t)
{
	uint32_t negative[384] = {0}, candidates = 0;
	for (size_t i = 0; i < pw_design_pools(d); i++) {
		pw_design_list members = pw_design_members(d, i);
		if (pool_is_positive(load, members, rng))
			continue;
		for (size_t k = 0; k < members.count; k++)
			negative[members.at[k]]++;
	}
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		t->cases += load[j] > 0;
		t->found += negative[j] == 0 && load[j] > LIMIT_COPIES;
		candidates += negative[j] == 0;
	}
	t->plates += 1;
	t->candidates += candidates;
	t->squares += (double)candidates * candidates;
}

static tally draw_plates(const pw_design *d, double prevalence, double cases, pw_rng *rng)
{
	double load[384];
	tally t = {.plates = 0};
	while (t.cases < cases) {
		for (size_t j = 0; j < pw_design_samples(d); j++)
			load[j] = pw_rng_chance(rng, prevalence) ? draw_load(rng) : 0;
		read_plate(d, load, rng, &t);
	}
	return t;
}

START_TEST(test_the_table_of_hyper_comes_out_again)
{
	const double(*told)[2] = hyper_table[_i].told;
	pw_design *d = NULL;
	pw_rng rng;
	double chi = 0, cells = 0;
	ck_assert_int_eq(pw_design_make(&hyper_table[_i].opts, &d, NULL), PW_OK);
	pw_rng_init(&rng, 100 + (uint64_t)_i);
	double n = (double)pw_design_samples(d), m = (double)pw_design_pools(d);
	for (int k = 0; k < hyper_table[_i].cells; k++, cells++) {
		tally t = draw_plates(d, prevalences[k], THEIR_CASES * patience(), &rng);
		double found = t.found / t.cases, share = told[k][1];
		double error = sqrt(share * (1 - share) * (1 / t.cases + 1 / THEIR_CASES));
		double off = (found - share) / error;
		ck_assert_msg(fabs(off) < FAR, "found %.4f, told %.3f, at %g", found, share,
			      prevalences[k]);
		chi += off * off;
		if (hyper_table[_i].one_round)
			continue;
		double mean = t.candidates / t.plates, gain = n / (m + mean);
		double spread = t.squares / t.plates - mean * mean;
		double theirs = THEIR_CASES / (n * prevalences[k]);
		double slope = gain * gain / n; /* of the gain, by the candidates */
		error = slope * sqrt(spread * (1 / t.plates + 1 / theirs)) + 0.005; /* rounded */
		ck_assert_msg(fabs(gain - told[k][0]) < FAR * error,
			      "%.3f people per test, told %.2f, at %g", gain, told[k][0],
			      prevalences[k]);
	}
	/* together as well: mean and four standard deviations of a sum of so many squares */
	ck_assert_double_lt(chi, cells + 4 * sqrt(2 * cells));
	pw_design_free(d);
}
END_TEST

START_TEST(test_individual_tests_find_what_is_above_the_limit)
{
	static const double told[] = {.843, .848, .846, .848, .846, .844};
	pw_rng rng;
	double above = 0, draws = 40000.0 * patience();
	pw_rng_init(&rng, 7);
	for (double k = 0; k < draws; k++)
		above += draw_load(&rng) > LIMIT_COPIES;
	/* theirs are of all the people of a day, and without an error of sampling but for the rounding */
	for (int k = 0; k < COUNT(told); k++)
		ck_assert_double_eq_tol(above / draws, told[k], 0.0035 + FAR * 0.36 / sqrt(draws));
}
END_TEST

Suite *suite_published(void);

Suite *suite_published(void)
{
	Suite *s = suite_create("published");
	TCase *tc = tcase_create("simulated");
	tcase_set_timeout(tc, getenv("PW_SLOW_TESTS") != NULL ? 3600 : 120);
	tcase_add_loop_test(tc, test_the_table_of_hyper_comes_out_again, 0, COUNT(hyper_table));
	tcase_add_test(tc, test_individual_tests_find_what_is_above_the_limit);
	suite_add_tcase(s, tc);
	return s;
}
