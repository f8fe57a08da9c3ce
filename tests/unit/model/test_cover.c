#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/model/cover.h"

/* A space of 3 × 3 × 2 from a picture: rows of the first dimension, '#' in, '.' out, '?' free. */
static void draw(const char *picture, uint8_t cells[18])
{
	for (int i = 0; i < 18; i++)
		cells[i] = picture[i] == '#'   ? PW_CELL_IN
			   : picture[i] == '?' ? PW_CELL_FREE
					       : PW_CELL_OUT;
}

static pw_cover space(uint8_t *cells)
{
	return (pw_cover){.dims = 3, .size = {3, 3, 2}, .cells = cells, .budget = 100000};
}

START_TEST(test_a_full_space_is_one_region)
{
	uint8_t cells[18];
	draw("##################", cells);
	pw_cover cover = space(cells);
	pw_region region;
	int cell[PW_COVER_DIMS];
	ck_assert_uint_eq(pw_cover_cells(&cover), 18);
	ck_assert(pw_cover_next(&cover, &region, cell));
	ck_assert_uint_eq(region.take[0], 7);
	ck_assert_uint_eq(region.take[1], 7);
	ck_assert_uint_eq(region.take[2], 3);
	ck_assert(!pw_cover_next(&cover, &region, cell));
}
END_TEST

START_TEST(test_an_empty_space_has_none)
{
	uint8_t cells[18];
	draw("..??..............", cells);
	pw_cover cover = space(cells);
	pw_region region;
	int cell[PW_COVER_DIMS];
	ck_assert(!pw_cover_next(&cover, &region, cell));
}
END_TEST

START_TEST(test_free_cells_are_taken_along_but_not_looked_for)
{
	uint8_t cells[18];
	draw("##?......"
	     "?##......",
	     cells);
	pw_cover cover = space(cells);
	pw_region region;
	int cell[PW_COVER_DIMS];
	ck_assert(pw_cover_next(&cover, &region, cell));
	ck_assert_uint_eq(region.take[0], 7);
	ck_assert_uint_eq(region.take[1], 1);
	ck_assert_uint_eq(region.take[2], 3);
	ck_assert_int_eq(cell[0], 0);
	ck_assert(!pw_cover_next(&cover, &region, cell));
}
END_TEST

/* Two of three values in either dimension make a cross: two regions that overlap. */
START_TEST(test_regions_may_overlap)
{
	uint8_t cells[18];
	draw(".#."
	     "###"
	     ".#."
	     ".#."
	     "###"
	     ".#.",
	     cells);
	pw_cover cover = space(cells);
	pw_region region;
	int cell[PW_COVER_DIMS];
	ck_assert(pw_cover_next(&cover, &region, cell));
	ck_assert_uint_eq(region.take[0], 2);
	ck_assert_uint_eq(region.take[1], 7);
	ck_assert(pw_cover_next(&cover, &region, cell));
	ck_assert_uint_eq(region.take[0], 7);
	ck_assert_uint_eq(region.take[1], 2);
	ck_assert(!pw_cover_next(&cover, &region, cell));
}
END_TEST

START_TEST(test_counting_says_in_one_region_what_boxes_say_in_many)
{
	/* five dimensions of two values; in: at least two of the first four are 1 */
	uint8_t cells[32];
	for (int i = 0; i < 32; i++) {
		int ones = (i & 1) + (i >> 1 & 1) + (i >> 2 & 1) + (i >> 3 & 1);
		cells[i] = ones >= 2 ? PW_CELL_IN : PW_CELL_OUT;
	}
	pw_cover_group group = {.dims = 15, .values = {2, 2, 2, 2}};
	pw_cover cover = {.dims = 5,
			  .size = {2, 2, 2, 2, 2},
			  .cells = cells,
			  .groups = &group,
			  .group_count = 1,
			  .budget = 100000};
	pw_region region;
	int cell[PW_COVER_DIMS];
	ck_assert(pw_cover_next(&cover, &region, cell));
	ck_assert_ptr_eq(region.group, &group);
	ck_assert_int_eq(region.min, 2);
	ck_assert_int_eq(region.max, 4);
	ck_assert_uint_eq(region.take[4], 3);
	ck_assert(!pw_cover_next(&cover, &region, cell));
}
END_TEST

static bool holds(const pw_region *region, const int *cell, int dims)
{
	int counted = 0;
	for (int d = 0; d < dims; d++) {
		if ((region->take[d] >> cell[d] & 1) == 0)
			return false;
		if (region->group != NULL && (region->group->dims >> d & 1))
			counted += (int)(region->group->values[d] >> cell[d] & 1);
	}
	return region->group == NULL || (counted >= region->min && counted <= region->max);
}

/* Whatever the set and the budget: every cell of it is said, and nothing that is not of it. */
START_TEST(test_regions_are_exact_for_random_sets)
{
	pw_rng rng;
	pw_rng_init(&rng, 42);
	enum { CELLS = 3 * 3 * 4 * 2 };
	pw_cover_group group = {.dims = 3, .values = {1, 1}};
	for (int round = 0; round < 300; round++) {
		uint8_t cells[CELLS], real[CELLS];
		bool said[CELLS] = {false};
		double density = pw_rng_uniform(&rng);
		for (int i = 0; i < CELLS; i++)
			cells[i] = pw_rng_chance(&rng, 0.1)       ? PW_CELL_FREE
				   : pw_rng_chance(&rng, density) ? PW_CELL_IN
								  : PW_CELL_OUT;
		memcpy(real, cells, sizeof(real));
		pw_cover cover = {.dims = 4,
				  .size = {3, 3, 4, 2},
				  .cells = cells,
				  .groups = &group,
				  .group_count = 1,
				  .budget = round % 3 == 0 ? 200 : 1000000};
		pw_region region;
		int seed[PW_COVER_DIMS], regions = 0;
		while (pw_cover_next(&cover, &region, seed)) {
			ck_assert(holds(&region, seed, 4));
			ck_assert_int_le(++regions, CELLS);
			for (int i = 0; i < CELLS; i++) {
				int cell[] = {i % 3, i / 3 % 3, i / 9 % 4, i / 36};
				bool in = holds(&region, cell, 4);
				ck_assert(!in || real[i] != PW_CELL_OUT);
				said[i] = said[i] || in;
			}
		}
		for (int i = 0; i < CELLS; i++)
			ck_assert(said[i] || real[i] != PW_CELL_IN);
	}
}
END_TEST

Suite *suite_cover(void);

Suite *suite_cover(void)
{
	Suite *suite = suite_create("cover");
	TCase *tcase = tcase_create("cover");
	tcase_add_test(tcase, test_a_full_space_is_one_region);
	tcase_add_test(tcase, test_an_empty_space_has_none);
	tcase_add_test(tcase, test_free_cells_are_taken_along_but_not_looked_for);
	tcase_add_test(tcase, test_regions_may_overlap);
	tcase_add_test(tcase, test_counting_says_in_one_region_what_boxes_say_in_many);
	tcase_add_test(tcase, test_regions_are_exact_for_random_sets);
	suite_add_tcase(suite, tcase);
	return suite;
}
