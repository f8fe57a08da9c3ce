/* The canvas: shapes, patterns and colours. */
#include <check.h>

#include "tests/unit/labels/canvas_help.h"

START_TEST(test_every_fill_is_its_own_picture)
{
	pw_canvas_format format = (pw_canvas_format)_i;
	for (int a = PW_FILL_NONE; a <= PW_FILL_CROSS; a++)
		for (int b = a + 1; b <= PW_FILL_CROSS; b++)
			ck_assert_msg(
				!same(draw_shape(format, false, &(pw_shape){.fill = (pw_fill)a}),
				      draw_shape(format, false, &(pw_shape){.fill = (pw_fill)b})),
				"fills %d and %d", a, b);
}
END_TEST

START_TEST(test_patterns_are_vectors)
{
	for (int fill = PW_FILL_LIGHT; fill <= PW_FILL_CROSS; fill++) {
		pw_shape shape = {.fill = (pw_fill)fill};
		pw_str svg = draw_shape(PW_CANVAS_SVG, false, &shape);
		pw_str pdf = draw_shape(PW_CANVAS_PDF, false, &shape);
		ck_assert_uint_eq(count(&svg, "<image"), 0);
		ck_assert_uint_eq(count(&svg, "<pattern"), 0);
		ck_assert_uint_eq(count(&pdf, "/Image"), 0);
		ck_assert_uint_ge(count(&svg, "L"), 10);
		pw_str_clear(&svg);
		pw_str_clear(&pdf);
	}
}
END_TEST

START_TEST(test_pattern_of_a_huge_shape_is_bounded_by_the_page)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_shape dots = {.fill = PW_FILL_DOTS}, lines = {.fill = PW_FILL_CROSS};
	pw_canvas_rect(c, (pw_box){-1e5, -1e5, 2e5, 2e5}, &dots);
	pw_canvas_circle(c, (pw_point){1e5, 1e5}, 50, &lines); /* off the page */
	pw_str svg = close_canvas(c);
	ck_assert_uint_gt(svg.len, 10000); /* 60 × 30 mm of dots, 0.9 mm apart */
	ck_assert_uint_lt(svg.len, 200000);
	pw_str_clear(&svg);
}
END_TEST

START_TEST(test_colour_is_left_out_on_paper)
{
	pw_shape red = {.fill = PW_FILL_SOLID, .fill_ink = PW_INK_COLOUR(40, 0xC00000u)};
	pw_shape blue = {.fill = PW_FILL_SOLID, .fill_ink = PW_INK_COLOUR(40, 0x0000C0u)};
	pw_canvas_format format = (pw_canvas_format)_i;
	ck_assert(same(draw_shape(format, false, &red), draw_shape(format, false, &blue)));
	ck_assert(!same(draw_shape(format, true, &red), draw_shape(format, true, &blue)));
}
END_TEST

START_TEST(test_touching_rectangles_have_no_seam)
{
	pw_canvas_opts opts = {.format = PW_CANVAS_PNG, .width = 20, .height = 20, .dpi = 97};
	pw_str pictures[2];
	for (int i = 0; i < 2; i++) {
		pw_canvas *c = NULL;
		ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
		const pw_box halves[] = {{3, 3, 4.123, 10}, {7.123, 3, 5, 10}};
		const pw_box whole = {3, 3, 9.123, 10};
		pw_canvas_rects(c, i == 0 ? halves : &whole, i == 0 ? 2 : 1,
				&(pw_shape){.fill = PW_FILL_SOLID});
		pictures[i] = close_canvas(c);
	}
	ck_assert(same(pictures[0], pictures[1]));
}
END_TEST

Suite *suite_canvas_shape(void);

Suite *suite_canvas_shape(void)
{
	Suite *s = suite_create("canvas_shape");
	TCase *shape = tcase_create("shape");
	const int formats = PW_CANVAS_BITS + 1;
	tcase_add_loop_test(shape, test_every_fill_is_its_own_picture, 0, formats);
	tcase_add_test(shape, test_patterns_are_vectors);
	tcase_add_test(shape, test_touching_rectangles_have_no_seam);
	tcase_add_test(shape, test_pattern_of_a_huge_shape_is_bounded_by_the_page);
	tcase_add_loop_test(shape, test_colour_is_left_out_on_paper, 0, formats);
	suite_add_tcase(s, shape);
	return s;
}
