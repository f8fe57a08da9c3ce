#include <check.h>
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

/* Found by drawing, by others: three or four standard errors of both draws together are allowed. */
static const struct {
	int design;
	uint32_t k;
	uint64_t draws;
	double comp_false, comp_exact, dd_all, unique, best, slack;
} drawn[] = {
	{RS, 4, 4000, .793, .507, .947, .987, .993, .03},
	{RS, 5, 2000, 3.01, .122, .486, .866, .923, .04},
	{RS, 6, 500, 7.57, .0145, .068, .419, .604, .08},
	{KIRKMAN, 5, 4000, 1.005, .347, .828, .904, .940, .03},
	{KIRKMAN, 8, 1000, 4.36, .015, .067, .241, .396, .06},
};

START_TEST(test_limits_by_drawing)
{
	pw_design *d = design_of(drawn[_i].design);
	if (d == NULL)
		return;
	pw_design_power power;
	ck_assert_int_eq(pw_design_power_of(d, drawn[_i].k, drawn[_i].draws, 77, &power, NULL),
			 PW_OK);
	ck_assert(!power.exhaustive);
	ck_assert_double_eq_tol(power.comp_false / drawn[_i].comp_false, 1, 3 * drawn[_i].slack);
	ck_assert_double_eq_tol(power.comp_exact, drawn[_i].comp_exact, drawn[_i].slack);
	ck_assert_double_eq_tol(power.dd_all, drawn[_i].dd_all, drawn[_i].slack);
	ck_assert_double_eq_tol(power.unique, drawn[_i].unique, drawn[_i].slack);
	ck_assert_double_eq_tol(power.best, drawn[_i].best, drawn[_i].slack);
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
