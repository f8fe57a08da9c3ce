#include <check.h>
#include <math.h>
#include <stdint.h>

#include "core/base/rng.h"

START_TEST(test_the_generator_is_the_published_one)
{
	/* xoshiro256** from the state 1, 2, 3, 4 */
	static const uint64_t expected[] = {11520,
					    0,
					    1509978240,
					    UINT64_C(1215971899390074240),
					    UINT64_C(1216172134540287360),
					    UINT64_C(607988272756665600)};
	pw_rng rng = {{1, 2, 3, 4}};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		ck_assert_uint_eq(pw_rng_next(&rng), expected[i]);
}
END_TEST

START_TEST(test_the_seed_is_spread_by_splitmix64)
{
	pw_rng rng;
	pw_rng_init(&rng, 0);
	ck_assert_uint_eq(rng.s[0], UINT64_C(0xE220A8397B1DCDAF));
	ck_assert_uint_eq(rng.s[1], UINT64_C(0x6E789E6AA1B965F4));
	ck_assert_uint_eq(rng.s[2], UINT64_C(0x06C45D188009454F));
	ck_assert_uint_eq(rng.s[3], UINT64_C(0xF88BB8A8724C81EC));
	pw_rng_init(&rng, 42);
	ck_assert_uint_eq(pw_rng_next(&rng), UINT64_C(0x15780B2E0C2EC716));
	ck_assert_uint_eq(pw_rng_next(&rng), UINT64_C(0x6104D9866D113A7E));
}
END_TEST

START_TEST(test_a_split_generator_goes_its_own_way)
{
	pw_rng a, b;
	pw_rng_init(&a, 7);
	pw_rng_init(&b, 7);
	pw_rng child_a = pw_rng_split(&a), child_b = pw_rng_split(&b);
	for (int i = 0; i < 1000; i++)
		pw_rng_next(&child_a);
	/* drawing from the child did not move the parent */
	ck_assert_uint_eq(pw_rng_next(&a), pw_rng_next(&b));
	pw_rng_init(&a, 7);
	ck_assert_uint_ne(pw_rng_next(&child_b), pw_rng_next(&a));
}
END_TEST

START_TEST(test_uniform_stays_inside_and_is_flat)
{
	pw_rng rng;
	pw_rng_init(&rng, 3);
	int bins[10] = {0};
	for (int i = 0; i < 100000; i++) {
		double u = pw_rng_uniform(&rng);
		ck_assert(u >= 0.0 && u < 1.0);
		bins[(int)(u * 10.0)]++;
	}
	double chi2 = 0.0;
	for (int i = 0; i < 10; i++)
		chi2 += (bins[i] - 10000.0) * (bins[i] - 10000.0) / 10000.0;
	ck_assert_double_lt(chi2, 27.9); /* 0.999 of 9 degrees of freedom */
}
END_TEST

START_TEST(test_below_is_unbiased)
{
	pw_rng rng;
	pw_rng_init(&rng, 4);
	for (int i = 0; i < 1000; i++)
		ck_assert_uint_eq(pw_rng_below(&rng, 1), 0);
	int bins[7] = {0};
	for (int i = 0; i < 70000; i++)
		bins[pw_rng_below(&rng, 7)]++;
	double chi2 = 0.0;
	for (int i = 0; i < 7; i++)
		chi2 += (bins[i] - 10000.0) * (bins[i] - 10000.0) / 10000.0;
	ck_assert_double_lt(chi2, 22.5); /* 0.999 of 6 degrees of freedom */
	/* three quarters of the whole range: taken modulo, the lower third would come up twice as often */
	uint64_t n = UINT64_C(3) << 62;
	int low = 0;
	for (int i = 0; i < 30000; i++) {
		uint64_t x = pw_rng_below(&rng, n);
		ck_assert_uint_lt(x, n);
		low += x < n / 3;
	}
	ck_assert_int_gt(low, 9700);
	ck_assert_int_lt(low, 10300);
}
END_TEST

START_TEST(test_chance_knows_never_and_always)
{
	pw_rng rng;
	pw_rng_init(&rng, 5);
	int hits = 0;
	for (int i = 0; i < 20000; i++) {
		ck_assert(!pw_rng_chance(&rng, 0.0));
		ck_assert(pw_rng_chance(&rng, 1.0));
		hits += pw_rng_chance(&rng, 0.25);
	}
	ck_assert_int_gt(hits, 4700);
	ck_assert_int_lt(hits, 5300);
}
END_TEST

START_TEST(test_normal_has_its_mean_and_spread)
{
	pw_rng rng;
	pw_rng_init(&rng, 6);
	double sum = 0.0, squares = 0.0;
	int within = 0;
	const int n = 100000;
	for (int i = 0; i < n; i++) {
		double x = pw_rng_normal(&rng, 25.0, 4.0);
		ck_assert(isfinite(x));
		sum += x;
		squares += (x - 25.0) * (x - 25.0);
		within += fabs(x - 25.0) < 4.0;
	}
	ck_assert_double_lt(fabs(sum / n - 25.0), 0.05);
	ck_assert_double_lt(fabs(sqrt(squares / n) - 4.0), 0.05);
	ck_assert_double_lt(fabs((double)within / n - 0.6827), 0.006);
}
END_TEST

START_TEST(test_poisson_has_its_mean_and_variance)
{
	static const double means[] = {0.01, 0.5, 3.0, 40.0, 499.0, 501.0, 1e6};
	pw_rng rng;
	pw_rng_init(&rng, 8);
	ck_assert_int_eq(pw_rng_poisson(&rng, 0.0), 0);
	for (size_t k = 0; k < sizeof(means) / sizeof(means[0]); k++) {
		const int n = 20000;
		double sum = 0.0, squares = 0.0;
		for (int i = 0; i < n; i++) {
			int64_t x = pw_rng_poisson(&rng, means[k]);
			ck_assert_int_ge(x, 0);
			sum += (double)x;
			squares += ((double)x - means[k]) * ((double)x - means[k]);
		}
		ck_assert_double_lt(fabs(sum / n - means[k]), 4.5 * sqrt(means[k] / n));
		ck_assert_double_lt(fabs(squares / n / means[k] - 1.0),
				    0.05 + 5.0 / sqrt(means[k] * n));
	}
}
END_TEST

START_TEST(test_a_shuffle_is_a_permutation_and_a_fair_one)
{
	pw_rng rng;
	pw_rng_init(&rng, 9);
	int first[5] = {0};
	for (int round = 0; round < 20000; round++) {
		int32_t items[5] = {0, 1, 2, 3, 4};
		pw_rng_shuffle(&rng, items, 5, sizeof(items[0]));
		int seen = 0;
		for (int i = 0; i < 5; i++)
			seen |= 1 << items[i];
		ck_assert_int_eq(seen, 31);
		first[items[0]]++;
	}
	for (int i = 0; i < 5; i++) {
		ck_assert_int_gt(first[i], 3780);
		ck_assert_int_lt(first[i], 4220);
	}
	int32_t one = 1;
	pw_rng_shuffle(&rng, &one, 1, sizeof(one));
	pw_rng_shuffle(&rng, &one, 0, sizeof(one));
	ck_assert_int_eq(one, 1);
}
END_TEST

Suite *suite_rng(void);

Suite *suite_rng(void)
{
	Suite *s = suite_create("rng");
	TCase *tc = tcase_create("rng");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_test(tc, test_the_generator_is_the_published_one);
	tcase_add_test(tc, test_the_seed_is_spread_by_splitmix64);
	tcase_add_test(tc, test_a_split_generator_goes_its_own_way);
	tcase_add_test(tc, test_uniform_stays_inside_and_is_flat);
	tcase_add_test(tc, test_below_is_unbiased);
	tcase_add_test(tc, test_chance_knows_never_and_always);
	tcase_add_test(tc, test_normal_has_its_mean_and_spread);
	tcase_add_test(tc, test_poisson_has_its_mean_and_variance);
	tcase_add_test(tc, test_a_shuffle_is_a_permutation_and_a_fair_one);
	suite_add_tcase(s, tc);
	return s;
}
