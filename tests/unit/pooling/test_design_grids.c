/* Arrays, cubes and Dorfman pools, with fewer people than places and wells kept for controls. */
#include <check.h>
#include <stdlib.h>

#include "tests/unit/pooling/make_help.h"

/* ---- Grids ---- */

START_TEST(test_arrays_and_cubes)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY, .dims = {2, 3}, .dim_count = 2};
	pw_design *d = make_must(&opts);
	pw_str text = PW_STR_INIT;
	pw_design_format(d, true, &text);
	ck_assert_str_eq(pw_str_text(&text), "# array 2x3: 5 pools, 6 samples\n"
					     "1 1 1 0 0 0\n0 0 0 1 1 1\n1 0 0 1 0 0\n"
					     "0 1 0 0 1 0\n0 0 1 0 0 1\n");
	pw_str_clear(&text);
	pw_design_free(d);
	opts = (pw_make_opts){
		.family = PW_FAMILY_ARRAY, .dims = {3, 3, 3, 3}, .dim_count = 4, .master = true};
	d = make_must(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 81);
	ck_assert_uint_eq(pw_design_pools(d), 13);
	ck_assert_uint_eq(pw_design_members(d, 0).count, 27);
	ck_assert_uint_eq(pw_design_members(d, 12).count, 81);
	ck_assert_str_eq(pw_design_parameters(d), "3x3x3x3 master");
	pw_design_free(d);
}
END_TEST

START_TEST(test_with_fewer_people_than_places_empty_pools_are_left_out)
{
	pw_make_opts opts = {
		.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2, .samples = 30};
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 30);
	ck_assert_uint_eq(pw_design_pools(d), 3 + 12); /* two rows and a half */
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_size, 2);
	ck_assert_uint_eq(s.max_size, 12);
	pw_design_free(d);
}
END_TEST

START_TEST(test_an_array_on_its_plate_leaves_the_controls_their_wells)
{
	static const pw_place controls[] = {{0, 7, 10}, {0, 7, 11}};
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY,
			     .dims = {8, 12},
			     .dim_count = 2,
			     .reserved = controls,
			     .reserved_count = 2,
			     .plate_rows = 8,
			     .plate_cols = 12};
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_samples(d), 94);
	ck_assert_uint_eq(pw_design_members(d, 7).count, 10);
	ck_assert_uint_eq(pw_design_members(d, 8 + 11).count, 7);
	for (size_t j = 0; j < 94; j++) {
		pw_place at = pw_design_sample_place(d, j);
		ck_assert(pw_design_has(d, at.row, j));
		ck_assert(pw_design_has(d, 8U + at.col, j));
	}
	/* Pools go down the columns of their own plate and meet no control. */
	ck_assert_uint_eq(pw_design_pool_place(d, 19).col, 2);
	pw_design_free(d);
	opts = (pw_make_opts){.family = PW_FAMILY_INDIVIDUAL,
			      .samples = 100,
			      .reserved = controls,
			      .reserved_count = 2,
			      .plate_rows = 8,
			      .plate_cols = 12};
	d = make_must(&opts);
	ck_assert_uint_eq(pw_design_sample_place(d, 93).plate, 0);
	ck_assert_uint_eq(pw_design_sample_place(d, 94).plate, 1);
	ck_assert_uint_eq(pw_design_sample_place(d, 94).row, 0);
	pw_design_free(d);
}
END_TEST

START_TEST(test_dorfman_pools_end_small_or_even)
{
	pw_make_opts opts = {.family = PW_FAMILY_DORFMAN, .samples = 23, .size = 10};
	pw_design *d = make_must(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 3);
	ck_assert_uint_eq(pw_design_members(d, 2).count, 3);
	pw_design_free(d);
	opts.even = true;
	d = make_must(&opts);
	ck_assert_uint_eq(pw_design_pools(d), 3);
	pw_design_shape s = pw_design_shape_of(d);
	ck_assert_uint_eq(s.min_size, 7);
	ck_assert_uint_eq(s.max_size, 8);
	pw_design_free(d);
}
END_TEST

Suite *suite_design_grids(void);

Suite *suite_design_grids(void)
{
	Suite *s = suite_create("design_grids");
	TCase *tc = tcase_create("families");
	tcase_add_test(tc, test_arrays_and_cubes);
	tcase_add_test(tc, test_with_fewer_people_than_places_empty_pools_are_left_out);
	tcase_add_test(tc, test_an_array_on_its_plate_leaves_the_controls_their_wells);
	tcase_add_test(tc, test_dorfman_pools_end_small_or_even);
	suite_add_tcase(s, tc);
	return s;
}
