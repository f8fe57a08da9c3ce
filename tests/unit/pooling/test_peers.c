/* The yardstick itself: small cases with an answer known by hand. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "tests/unit/pooling/peer_design.h"
#include "tests/unit/pooling/peer_nnomp.h"
#include "tests/unit/pooling/peer_read.h"
#include "tests/unit/pooling/peer_sbl.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static pw_design *parse(const char *text)
{
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_parse(text, strlen(text), &d, NULL), PW_OK);
	return d;
}

/* A problem with rows and columns as written. */
static peer_problem problem_of(const char *text, const double *y)
{
	pw_design *d = parse(text);
	peer_problem p;
	peer_problem_whole(d, y, &p);
	pw_design_free(d);
	return p;
}

static const char *const ring = "1100\n0110\n0011\n1001\n";

/* ---- Plates ---- */

START_TEST(test_a_plate_has_so_many_loads_and_their_sums)
{
	pw_design *d = parse(ring);
	pw_rng rng;
	double load[4], y[4], last = 0;
	pw_rng_init(&rng, 3);
	for (int plate = 0; plate < 100; plate++) {
		peer_plate_draw(d, 2, PEER_NOISE_SHARE, &rng, load, y);
		int positives = 0;
		for (int j = 0; j < 4; j++) {
			positives += load[j] > 0;
			ck_assert(load[j] == 0 || (load[j] >= PEER_LEAST_LOAD && load[j] < 1));
		}
		ck_assert_int_eq(positives, 2);
		for (int i = 0; i < 4; i++) {
			double sum = load[i] + load[(i + 1) % 4];
			ck_assert_double_eq_tol(y[i], sum, 0.06 * sum + 1e-15);
		}
		ck_assert_double_ne(load[0] + load[1] + load[2], last);
		last = load[0] + load[1] + load[2];
	}
	pw_design_free(d);
}
END_TEST

START_TEST(test_cycles_err_by_a_tenth)
{
	pw_design *d = parse("1\n");
	pw_rng rng;
	double load, y, sum = 0, square = 0;
	pw_rng_init(&rng, 4);
	for (int plate = 0; plate < 4000; plate++) {
		peer_plate_draw(d, 1, PEER_NOISE_CYCLES, &rng, &load, &y);
		double cycles = log(y / load) / log(1.95);
		sum += cycles;
		square += cycles * cycles;
	}
	ck_assert_double_eq_tol(sum / 4000, 0, 0.007);
	ck_assert_double_eq_tol(sqrt(square / 4000), 0.1, 0.005);
	pw_design_free(d);
}
END_TEST

START_TEST(test_negative_pools_leave_their_people_out)
{
	static const double y[] = {0.5, 0, 0, 0.5};
	pw_design *d = parse("110010\n011000\n001100\n100111\n");
	peer_problem p;
	peer_problem_reduce(d, y, &p);
	ck_assert_uint_eq(p.rows, 2);
	ck_assert_uint_eq(p.cols, 3); /* 1, 5 and 6 */
	ck_assert_uint_eq(p.sample[0], 0);
	ck_assert_uint_eq(p.sample[1], 4);
	ck_assert_uint_eq(p.sample[2], 5);
	ck_assert(!p.certain[0] && !p.certain[1] && !p.certain[2]);
	ck_assert_double_eq_tol(p.mean, 0.25, 1e-15);
	peer_problem_clear(&p);
	static const double alone[] = {0.5, 0, 0, 0.5};
	pw_design *four = parse(ring);
	peer_problem_reduce(four, alone, &p);
	ck_assert_uint_eq(p.cols, 1);
	ck_assert(p.certain[0]);
	peer_problem_clear(&p);
	pw_design_free(four);
	pw_design_free(d);
}
END_TEST

/* ---- Least squares and pursuit ---- */

static const struct {
	const char *matrix;
	double y[4], x[4];
} squares[] = {
	{"10\n11\n01\n", {1, 2, 1}, {1, 1}},
	{"10\n11\n01\n", {2, 1, -1}, {1.5, 0}}, /* freely x2 = -1 */
	{"10\n11\n01\n", {-1, -1, -1}, {0, 0}},
	{"110\n011\n101\n", {3, 5, 4}, {1, 2, 3}},
	{"110\n011\n101\n", {1, 1, 3}, {4.0 / 3, 0, 4.0 / 3}}, /* freely x2 = -0.5 */
};

START_TEST(test_least_squares_stay_above_0)
{
	double x[4];
	peer_problem p = problem_of(squares[_i].matrix, squares[_i].y);
	peer_nnls(&p, NULL, x);
	for (size_t j = 0; j < p.cols; j++)
		ck_assert_double_eq_tol(x[j], squares[_i].x[j], 1e-12);
	peer_problem_clear(&p);
}
END_TEST

START_TEST(test_columns_that_depend_on_each_other_are_no_harm)
{
	static const double y[] = {1, 3, 2};
	double x[4];
	peer_problem p = problem_of("1010\n1111\n0101\n", y); /* pairs of the same columns */
	peer_nnls(&p, NULL, x);
	ck_assert_double_eq_tol(x[0] + x[2], 1, 1e-12);
	ck_assert_double_eq_tol(x[1] + x[3], 2, 1e-12);
	static const bool last[] = {false, false, false, true};
	peer_nnls(&p, last, x);
	ck_assert_double_eq_tol(x[3], 2.5, 1e-12);
	ck_assert_double_eq_tol(x[0] + x[1] + x[2], 0, 1e-15);
	peer_problem_clear(&p);
}
END_TEST

START_TEST(test_pursuit_takes_the_best_column_first)
{
	static const double y[] = {4, 5, 1, 0};
	double x[4];
	peer_problem p = problem_of(ring, y); /* 4 of the second, 1 of the third */
	peer_nnomp(&p, 1, x);
	/* they go with 4, 9, 6 and 1 over root 2 */
	ck_assert_double_eq_tol(x[1], 4.5, 1e-12);
	ck_assert_double_eq_tol(x[0] + x[2] + x[3], 0, 1e-15);
	peer_nnomp(&p, 4, x);
	ck_assert_double_eq_tol(x[1], 4, 1e-12);
	ck_assert_double_eq_tol(x[2], 1, 1e-12);
	ck_assert_double_eq_tol(x[0] + x[3], 0, 1e-12);
	peer_problem_clear(&p);
}
END_TEST

/* Loads that nothing else explains, without noise. */
static peer_problem exact_plate(pw_design **out_d)
{
	double y[21] = {0};
	static const struct {
		size_t j;
		double load;
	} carriers[] = {{3, 0.9}, {30, 0.31}, {65, 0.157}};
	*out_d = peer_design_shortened(21, 21, 70);
	for (int k = 0; k < COUNT(carriers); k++) {
		pw_design_list pools = pw_design_pools_of(*out_d, carriers[k].j);
		for (size_t x = 0; x < pools.count; x++)
			y[pools.at[x]] += carriers[k].load;
	}
	peer_problem p;
	peer_problem_whole(*out_d, y, &p);
	return p;
}

START_TEST(test_cross_validation_finds_the_number_of_carriers)
{
	pw_design *d;
	peer_problem p = exact_plate(&d);
	peer_cross cross = PEER_CROSS_INIT;
	pw_rng rng;
	double x[70];
	pw_rng_init(&rng, 5);
	ck_assert_uint_eq(peer_nnomp_steps(&p, &cross, &rng), 3);
	peer_nnomp(&p, 3, x);
	for (size_t j = 0; j < 70; j++)
		ck_assert_double_eq_tol(x[j],
					j == 3    ? 0.9
					: j == 30 ? 0.31
					: j == 65 ? 0.157
						  : 0,
					1e-12);
	peer_problem_clear(&p);
	pw_design_free(d);
}
END_TEST

START_TEST(test_three_rows_are_not_split)
{
	static const double y[] = {1, 2, 1};
	peer_problem p = problem_of("10\n11\n01\n", y);
	peer_cross cross = PEER_CROSS_INIT;
	ck_assert_uint_eq(peer_nnomp_steps(&p, &cross, NULL), 3);
	peer_problem_clear(&p);
}
END_TEST

/* ---- Sparse Bayesian learning ---- */

/* One person a pool: mu = g y / (g + v), so that it ends with g = y^2 - v, mu = y - v / y, or at 0 when y^2 < v. */
START_TEST(test_single_people_shrink_by_the_noise)
{
	static const double y[] = {1, 0.5, 0.05};
	double mean[3];
	peer_problem p = problem_of("100\n010\n001\n", y);
	peer_sbl_opts opts = {.variance = 0.01, .unit = 1, .change = 1e-9};
	ck_assert_uint_gt(peer_sbl(&p, &opts, mean), 5);
	ck_assert_double_eq_tol(mean[0], 0.99, 1e-6);
	ck_assert_double_eq_tol(mean[1], 0.48, 1e-6);
	ck_assert_double_lt(mean[2], 0.001);
	opts.least = 0.5;
	peer_sbl(&p, &opts, mean);
	ck_assert_double_eq(mean[1], 0);
	peer_problem_clear(&p);
}
END_TEST

/* One person in four pools: v goes to the sum of squares about mu over 3 and a bit, mu to y - v / (4 y). */
START_TEST(test_the_noise_is_learned)
{
	static const double y[] = {1.1, 0.9, 1, 1};
	double mean, unit[] = {1, 7};
	peer_problem p = problem_of("1\n1\n1\n1\n", y);
	for (int k = 0; k < 2; k++) {
		peer_sbl_opts opts = {
			.variance = 1, .learns = true, .unit = unit[k], .change = 1e-10};
		peer_sbl(&p, &opts, &mean);
		ck_assert_double_eq_tol(mean, 1 - 0.02 / 12, 1e-5);
	}
	peer_problem_clear(&p);
}
END_TEST

START_TEST(test_what_is_taken_for_noise)
{
	static const double y[] = {0.6, 0, 0.8};
	peer_problem p = problem_of("110\n001\n001\n", y);
	ck_assert_double_eq_tol(peer_sbl_first(&p).variance, 1e-4, 1e-15);
	ck_assert_double_eq_tol(peer_sbl_second(&p).variance, 1e-4 * 1.4 * 1.4 / 9, 1e-15);
	/* 0.3, 0 and 0.8 a head */
	double mean = 1.1 / 3, variance = (0.09 + 0.64) / 3 - mean * mean;
	ck_assert_double_eq_tol(peer_sbl_learned(&p).variance, variance, 1e-15);
	ck_assert_double_eq(peer_sbl_learned(&p).unit, 0.8);
	peer_problem_clear(&p);
}
END_TEST

/* ---- Readers, and the designs made for them ---- */

START_TEST(test_every_reader_finds_two_carriers_without_noise)
{
	pw_design *d = peer_design_shortened(21, 21, 70);
	double y[21] = {0};
	bool called[70];
	pw_rng rng;
	pw_rng_init(&rng, 6);
	for (size_t k = 0; k < 3; k++) {
		y[pw_design_pools_of(d, 7).at[k]] += 0.8;
		y[pw_design_pools_of(d, 50).at[k]] += 0.3;
	}
	peer_read(d, y, (peer_reader)_i, &rng, called);
	for (size_t j = 0; j < 70; j++)
		ck_assert_msg(called[j] == (j == 7 || j == 50), "%s: %zu",
			      peer_reader_name((peer_reader)_i), j);
	double nothing[21] = {0};
	peer_read(d, nothing, (peer_reader)_i, &rng, called);
	for (size_t j = 0; j < 70 && _i != PEER_NNOMP_ALONE; j++)
		ck_assert(!called[j]);
	pw_design_free(d);
}
END_TEST

static uint64_t pairs_with(const pw_design *d, size_t shared)
{
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	return o.pairs[shared];
}

START_TEST(test_made_designs_have_the_numbers_that_are_said)
{
	pw_design *golfers = peer_design_golfers();
	pw_design *shortened = peer_design_shortened(63, 60, 500);
	pw_design *spread = peer_design_spread(16, 40, 120, 2, 22, 1);
	pw_design_shape shape = pw_design_shape_of(golfers);
	ck_assert_uint_eq(shape.min_size, 24);
	ck_assert_uint_eq(shape.max_size, 24);
	ck_assert_uint_eq(shape.max_weight, 3);
	ck_assert_uint_eq(pairs_with(golfers, 2), 48);
	ck_assert_uint_eq(pairs_with(golfers, 3), 0);
	ck_assert_uint_eq(pw_design_samples(shortened), 500);
	ck_assert_uint_eq(pw_design_pools(shortened), 60);
	ck_assert_uint_eq(pairs_with(shortened, 2), 0);
	shape = pw_design_shape_of(spread);
	ck_assert_uint_eq(shape.min_size, 7);
	ck_assert_uint_eq(shape.max_size, 8);
	ck_assert_uint_eq(shape.min_weight, 2);
	ck_assert_uint_eq(shape.max_weight, 4);
	ck_assert_uint_eq(pw_design_entries(spread), 120);
	ck_assert_uint_eq(pairs_with(spread, 2), 22);
	ck_assert_uint_eq(pairs_with(spread, 3), 0);
	pw_design_free(golfers);
	pw_design_free(shortened);
	pw_design_free(spread);
}
END_TEST

Suite *suite_peers(void);

Suite *suite_peers(void)
{
	Suite *s = suite_create("peers");
	TCase *tc = tcase_create("plates");
	tcase_add_test(tc, test_a_plate_has_so_many_loads_and_their_sums);
	tcase_add_test(tc, test_cycles_err_by_a_tenth);
	tcase_add_test(tc, test_negative_pools_leave_their_people_out);
	suite_add_tcase(s, tc);
	tc = tcase_create("pursuit");
	tcase_add_loop_test(tc, test_least_squares_stay_above_0, 0, COUNT(squares));
	tcase_add_test(tc, test_columns_that_depend_on_each_other_are_no_harm);
	tcase_add_test(tc, test_pursuit_takes_the_best_column_first);
	tcase_add_test(tc, test_cross_validation_finds_the_number_of_carriers);
	tcase_add_test(tc, test_three_rows_are_not_split);
	suite_add_tcase(s, tc);
	tc = tcase_create("learning");
	tcase_add_test(tc, test_single_people_shrink_by_the_noise);
	tcase_add_test(tc, test_the_noise_is_learned);
	tcase_add_test(tc, test_what_is_taken_for_noise);
	suite_add_tcase(s, tc);
	tc = tcase_create("readers");
	tcase_add_loop_test(tc, test_every_reader_finds_two_carriers_without_noise, PEER_COMP,
			    PEER_NNOMP_ALONE + 1);
	tcase_add_test(tc, test_made_designs_have_the_numbers_that_are_said);
	suite_add_tcase(s, tc);
	return s;
}
