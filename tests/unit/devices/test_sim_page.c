/* Eight dots at a time are the same as one by one. */
#include <check.h>
#include <string.h>

#include "core/base/rng.h"
#include "devices/simulators/sim_private.h"

static bool dot(const uint8_t *bits, size_t stride, int x, int y)
{
	return (bits[(size_t)y * stride + (size_t)x / 8] & 0x80 >> x % 8) != 0;
}

static bool inked(bool old, bool new, pw_sim_ink ink)
{
	switch (ink) {
	case PW_SIM_BLACKEN:
		return old || new;
	case PW_SIM_REPLACE:
		return new;
	case PW_SIM_INVERT:
		return old != new;
	default:
		return old && !new;
	}
}

START_TEST(test_pictures_are_drawn_at_any_place)
{
	pw_rng rng;
	uint8_t rows[5 * 3], before[64 * 8];
	pw_sim_page page;
	pw_rng_init(&rng, (uint64_t)_i);
	int width = 1 + (int)pw_rng_below(&rng, 60), height = 1 + (int)pw_rng_below(&rng, 10);
	int x = (int)pw_rng_below(&rng, 80) - 30, y = (int)pw_rng_below(&rng, 16) - 6;
	pw_sim_ink ink = (pw_sim_ink)pw_rng_below(&rng, 4);
	pw_sim_page_init(&page, width, height);
	for (int i = 0; i < width; i += 3)
		pw_sim_page_fill(&page, i, i % height, 2, 3, PW_SIM_BLACKEN);
	memcpy(before, page.bits, page.stride * (size_t)height);
	for (size_t i = 0; i < sizeof(rows); i++)
		rows[i] = (uint8_t)pw_rng_below(&rng, 256);
	pw_sim_page_draw(&page, x, y, rows, 3, 5, ink);
	for (int b = 0; b < height; b++) {
		for (int a = 0; a < width; a++) {
			bool old = dot(before, page.stride, a, b), expected = old;
			if (a >= x && a < x + 24 && b >= y && b < y + 5)
				expected = inked(old, dot(rows, 3, a - x, b - y), ink);
			if (dot(page.bits, page.stride, a, b) != expected)
				ck_abort_msg("%d × %d at %d, %d: dot %d, %d", width, height, x, y,
					     a, b);
		}
	}
	/* What is spare behind a row stays white. */
	for (int b = 0; b < height; b++)
		for (int a = width; a < (int)page.stride * 8; a++)
			if (dot(page.bits, page.stride, a, b))
				ck_abort_msg("a dot beyond the page");
	pw_sim_page_clear(&page);
}
END_TEST

START_TEST(test_sides_have_bounds)
{
	pw_sim_page page;
	pw_sim_page_init(&page, -5, 0);
	ck_assert(page.width == 1 && page.height == 1);
	ck_assert(pw_sim_page_is_blank(&page));
	pw_sim_page_fill(&page, -10, -10, 100, 100, PW_SIM_BLACKEN);
	ck_assert_uint_eq(page.bits[0], 0x80);
	ck_assert(!pw_sim_page_is_blank(&page));
	pw_sim_page_clear(&page);
	pw_sim_page_init(&page, 1000000, 1000000);
	ck_assert_uint_le(page.stride * (size_t)page.height, PW_SIM_MOST_DOTS / 8);
	pw_sim_page_clear(&page);
}
END_TEST

Suite *suite_sim_page(void);

Suite *suite_sim_page(void)
{
	Suite *suite = suite_create("sim_page");
	TCase *tc = tcase_create("page");
	tcase_add_loop_test(tc, test_pictures_are_drawn_at_any_place, 0, 300);
	tcase_add_test(tc, test_sides_have_bounds);
	suite_add_tcase(suite, tc);
	return suite;
}
