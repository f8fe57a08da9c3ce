#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "core/pooling/design_power.h"
#include "tests/unit/pooling/shared_data.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Figures found by an exhaustive program of somebody else's, five digits. */
enum { RS, HYPER_48_3, HYPER_48_2, HYPER_32_2, ARRAY_8_12, ARRAY_16_24, KIRKMAN };

static const struct {
	int design;
	uint32_t k;
	uint64_t sets;
	double comp_false, comp_exact, dd_all, unique, best;
	bool slow; /* tried only when PW_SLOW_TESTS is set */
} published[] = {
	{RS, 1, 384, 0, 1, 1, 1, 1, false},
	{RS, 2, 73536, 0, 1, 1, 1, 1, false},
	{RS, 3, 9363584, .07689, .93086, .99684, .99869, .99928, true},
	{HYPER_48_3, 2, 73536, .30554, .73055, .96883, .98613, .99302, false},
	{HYPER_48_3, 3, 9363584, 1.28040, .27463, .73376, .89853, .94480, true},
	{HYPER_48_2, 2, 73536, 1.17493, .34824, .58877, .66645, .82294, false},
	{HYPER_48_2, 3, 9363584, 3.38640, .03241, .07972, .23093, .51055, true},
	{HYPER_32_2, 2, 73536, 2.76240, .03460, .05249, .17140, .52295, false},
	{HYPER_32_2, 3, 9363584, 7.78824, .00048, .00012, .00071, .11754, true},
	{ARRAY_8_12, 2, 4560, 1.62105, .18947, .18947, .18947, .59474, false},
	{ARRAY_8_12, 3, 142880, 4.39754, .01702, .01702, .01702, .17223, false},
	{ARRAY_8_12, 4, 3321960, 7.95951, .00200, .00144, .00144, .03042, true},
	{ARRAY_16_24, 2, 73536, 1.80157, .09922, .09922, .09922, .54961, false},
	{ARRAY_16_24, 3, 9363584, 5.13588, .00489, .00489, .00489, .16839, true},
	{KIRKMAN, 2, 5460, 0, 1, 1, 1, 1, false},
	{KIRKMAN, 3, 187460, .12099, .88419, .99833, .99883, .99940, false},
};

static pw_design *design_of(int which)
{
	static const pw_make_opts opts[] = {
		[RS] = {.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6},
		[HYPER_48_3] = {.family = PW_FAMILY_HYPER,
				.samples = 384,
				.pools = 48,
				.splits = 3},
		[HYPER_48_2] = {.family = PW_FAMILY_HYPER,
				.samples = 384,
				.pools = 48,
				.splits = 2},
		[HYPER_32_2] = {.family = PW_FAMILY_HYPER,
				.samples = 384,
				.pools = 32,
				.splits = 2},
		[ARRAY_8_12] = {.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2},
		[ARRAY_16_24] = {.family = PW_FAMILY_ARRAY, .dims = {16, 24}, .dim_count = 2},
	};
	pw_design *d = NULL;
	char *text;
	size_t n;
	if (which != KIRKMAN) {
		ck_assert_int_eq(pw_design_make(&opts[which], &d, NULL), PW_OK);
	} else if (shared_data_read("pooling/kirkman_45x105.txt", &text, &n)) {
		ck_assert_int_eq(pw_design_parse(text, n, &d, NULL), PW_OK);
		free(text);
	}
	return d;
}

START_TEST(test_published_limits_of_decoding)
{
	if (published[_i].slow && getenv("PW_SLOW_TESTS") == NULL) {
		printf("skipped: %d of %d is slow, set PW_SLOW_TESTS\n", _i + 1, COUNT(published));
		return;
	}
	pw_design *d = design_of(published[_i].design);
	if (d == NULL)
		return;
	pw_design_power power;
	ck_assert_int_eq(pw_design_power_of(d, published[_i].k, 0, 0, &power, NULL), PW_OK);
	ck_assert(power.exhaustive);
	ck_assert_uint_eq(power.sets, published[_i].sets);
	ck_assert_double_eq_tol(power.comp_false, published[_i].comp_false, 0.51e-5);
	ck_assert_double_eq_tol(power.comp_exact, published[_i].comp_exact, 0.51e-5);
	ck_assert_double_eq_tol(power.dd_all, published[_i].dd_all, 0.51e-5);
	ck_assert_double_eq_tol(power.unique, published[_i].unique, 0.51e-5);
	ck_assert_double_eq_tol(power.best, published[_i].best, 0.51e-5);
	pw_design_free(d);
}
END_TEST

/*
 * Found by drawing, by others, `theirs` sets. Ours are drawn in batches, whose spread gives our error; theirs has the
 * same spread by its own number. Off by 4.5 errors of both is once in 150,000 by chance.
 */
#define BATCHES 12
#define FAR     4.5

static const struct {
	int design;
	uint32_t k;
	uint64_t batch, theirs;
	double told[5]; /* as in pw_design_power */
	double digit;   /* half the last digit told of a share; of the mean: 5 of the next */
} drawn[] = {
	{RS, 4, 400, 20000, {.793, .507, .947, .987, .993}, .0005},
	{RS, 5, 200, 20000, {3.01, .122, .486, .866, .923}, .0005},
	{RS, 6, 40, 20000, {7.57, .0145, .068, .419, .604}, .0005},
	{RS, 7, 8, 2000, {14.8, 0, .001, .015, .074}, .0005},
	{RS, 8, 4, 2000, {25.1, 0, 0, 0, .001}, .0005},
	{KIRKMAN, 5, 400, 5000, {1.005, .347, .828, .904, .940}, .0005},
	{KIRKMAN, 8, 100, 5000, {4.36, .015, .067, .241, .396}, .0005},
	{KIRKMAN, 10, 40, 5000, {7.90, .001, .001, .013, .052}, .0005},
	{KIRKMAN, 12, 20, 5000, {12.2, 0, 0, 0, .0004}, .0005},
};

/* |ours - told| within chance. A share has the error of a share; the mean that of its batches. */
static void assert_share(double ours, double told, double sets, double theirs, double digit)
{
	double p = fmax((ours * sets + told * theirs) / (sets + theirs), 0.5 / (sets + theirs));
	double error = sqrt(p * (1 - p) * (1 / sets + 1 / theirs));
	ck_assert_msg(fabs(ours - told) <= FAR * error + digit, "%.5f, told %g, error %.5f", ours,
		      told, error);
}

START_TEST(test_limits_by_drawing)
{
	pw_design *d = design_of(drawn[_i].design);
	if (d == NULL)
		return;
	uint64_t batch = drawn[_i].batch * (getenv("PW_SLOW_TESTS") != NULL ? 10 : 1);
	double sum[5] = {0}, squares = 0, sets = (double)(BATCHES * batch);
	for (uint64_t seed = 0; seed < BATCHES; seed++) {
		pw_design_power power;
		ck_assert_int_eq(pw_design_power_of(d, drawn[_i].k, batch, 77 + seed, &power, NULL),
				 PW_OK);
		ck_assert(!power.exhaustive);
		sum[0] += power.comp_false / BATCHES;
		sum[1] += power.comp_exact / BATCHES;
		sum[2] += power.dd_all / BATCHES;
		sum[3] += power.unique / BATCHES;
		sum[4] += power.best / BATCHES;
		squares += power.comp_false * power.comp_false / BATCHES;
	}
	/* the spread of one set, from that of the batches */
	double variance = (squares - sum[0] * sum[0]) * (double)batch * BATCHES / (BATCHES - 1);
	double theirs = (double)drawn[_i].theirs;
	ck_assert_double_eq_tol(sum[0], drawn[_i].told[0],
				FAR * sqrt(variance * (1 / sets + 1 / theirs)) +
					(drawn[_i].told[0] > 10 ? .05 : .005));
	for (int x = 1; x < 5; x++)
		assert_share(sum[x], drawn[_i].told[x], sets, theirs, drawn[_i].digit);
	pw_design_free(d);
}
END_TEST

START_TEST(test_sets_beyond_counting_are_refused)
{
	pw_design *d = design_of(RS);
	pw_design_power power;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_power_of(d, 5, 0, 0, &power, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "more than 2^28 sets of 5 among 384: draw some instead");
	ck_assert_int_eq(pw_design_power_of(d, 0, 0, 0, &power, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_design_power_of(d, 33, 9, 0, &power, &err), PW_ERR_ARG);
	pw_design_free(d);
}
END_TEST

Suite *suite_design_power(void);

Suite *suite_design_power(void)
{
	Suite *s = suite_create("design_power");
	TCase *tc = tcase_create("published");
	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, test_published_limits_of_decoding, 0, COUNT(published));
	tcase_add_loop_test(tc, test_limits_by_drawing, 0, COUNT(drawn));
	tcase_add_test(tc, test_sets_beyond_counting_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
