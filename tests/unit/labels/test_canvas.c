/* The canvas: pages and their formats. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "tests/unit/labels/canvas_help.h"

/* A bit of everything. */
static pw_str draw_much(pw_canvas_format format)
{
	pw_canvas *c = open_canvas(format, true);
	pw_text_style style = {.size = 2, .bold = true, .cut = PW_CUT_END, .min_size = 1.5};
	for (int fill = PW_FILL_NONE; fill <= PW_FILL_CROSS; fill++) {
		pw_shape shape = {.stroke = 0.3, .dash = fill % 2, .fill = (pw_fill)fill};
		pw_canvas_circle(c, (pw_point){5 + 7 * fill, 5}, 3, &shape);
		pw_canvas_rect(c, (pw_box){2 + 7 * fill, 10, 5, 4}, &shape);
		pw_canvas_text(c, (pw_point){3, 18}, "实验室 Ω", &style);
		style.turn = fill;
		pw_canvas_text_in(c, (pw_box){30, 16, 10, 10}, ID, &style);
	}
	pw_canvas_line(c, (pw_point){1, 29}, (pw_point){59, 29}, &(pw_shape){.stroke = 0.2});
	return close_canvas(c);
}

static unsigned be32(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;
	return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

START_TEST(test_format_names_are_read_back)
{
	pw_canvas_format format = PW_CANVAS_SVG;
	for (int i = PW_CANVAS_SVG; i <= PW_CANVAS_BITS; i++) {
		ck_assert(pw_canvas_format_parse(pw_canvas_format_name((pw_canvas_format)i),
						 &format));
		ck_assert_int_eq(format, i);
	}
	ck_assert(!pw_canvas_format_parse("gif", &format));
	ck_assert(!pw_canvas_format_parse("", &format));
	ck_assert_int_eq(format, PW_CANVAS_BITS);
}
END_TEST

static const struct {
	pw_canvas_format format;
	double width, height, dpi;
	pw_status status;
} sizes[] = {
	{PW_CANVAS_SVG, 297, 210, 0, PW_OK},
	{PW_CANVAS_SVG, 0.1, PW_CANVAS_MAX_SIDE, 0, PW_OK},
	{PW_CANVAS_SVG, 0, 210, 0, PW_ERR_ARG},
	{PW_CANVAS_SVG, 297, -1, 0, PW_ERR_ARG},
	{PW_CANVAS_PDF, NAN, 210, 0, PW_ERR_ARG},
	{PW_CANVAS_PDF, INFINITY, 210, 0, PW_ERR_LIMIT},
	{PW_CANVAS_PDF, 297, PW_CANVAS_MAX_SIDE + 1, 0, PW_ERR_LIMIT},
	{PW_CANVAS_PNG, 50, 25, 203, PW_OK},
	{PW_CANVAS_PNG, 50, 25, 0, PW_ERR_ARG},
	{PW_CANVAS_PNG, 50, 25, NAN, PW_ERR_ARG},
	{PW_CANVAS_PNG, 50, 25, PW_CANVAS_MAX_DPI + 1, PW_ERR_LIMIT},
	{PW_CANVAS_PNG, 0.1, 0.1, 72, PW_ERR_ARG},
	{PW_CANVAS_PNG, 2000, 2000, 600, PW_ERR_LIMIT},
};

START_TEST(test_page_sizes_have_limits)
{
	pw_canvas_opts opts = PW_CANVAS_OPTS_INIT;
	opts.format = sizes[_i].format;
	opts.width = sizes[_i].width;
	opts.height = sizes[_i].height;
	opts.dpi = sizes[_i].dpi;
	pw_canvas *c = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, &err), sizes[_i].status);
	ck_assert_int_eq(c != NULL, sizes[_i].status == PW_OK);
	ck_assert_int_eq(err.status, sizes[_i].status);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_svg_is_a_page_in_millimetres)
{
	pw_str svg = draw_much(PW_CANVAS_SVG);
	ck_assert(pw_text_starts(svg.ptr, "<?xml version=\"1.0\""));
	ck_assert_ptr_nonnull(strstr(svg.ptr, "width=\"170.07pt\" height=\"85.03pt\""));
	ck_assert(svg.len > 8 && strcmp(svg.ptr + svg.len - 7, "</svg>\n") == 0);
	ck_assert_uint_eq(count(&svg, "<g ") + count(&svg, "<g>"), count(&svg, "</g>"));
	ck_assert_uint_eq(count(&svg, "<"), count(&svg, ">"));
	ck_assert_uint_eq(count(&svg, "\"") % 2, 0);
	pw_str_clear(&svg);
}
END_TEST

START_TEST(test_svg_has_no_numbers_of_the_process_and_few_decimals)
{
	pw_str svg = draw_much(PW_CANVAS_SVG);
	ck_assert_uint_eq(count(&svg, "surface"), 0);
	for (const char *at = svg.ptr; (at = strchr(at, '.')) != NULL; at++) {
		const char *matrix = at;
		while (matrix > svg.ptr && *matrix != '"')
			matrix--;
		if (!pw_text_starts(matrix, "\"matrix("))
			ck_assert_uint_le(strspn(at + 1, "0123456789"), 2);
	}
	pw_str_clear(&svg);
}
END_TEST

START_TEST(test_png_has_the_dots_that_were_asked_for)
{
	pw_canvas_opts opts = {.format = PW_CANVAS_PNG, .width = 297, .height = 210, .dpi = 150};
	pw_canvas *c = NULL;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
	pw_str png = close_canvas(c);
	ck_assert_uint_gt(png.len, 33);
	ck_assert_int_eq(memcmp(png.ptr, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16), 0);
	ck_assert_uint_eq(be32(png.ptr + 16), 1754);
	ck_assert_uint_eq(be32(png.ptr + 20), 1240);
	ck_assert_int_eq(png.ptr[24], 8);
	ck_assert_int_eq(png.ptr[25], 2); /* RGB without alpha: paper is white everywhere */
	pw_str_clear(&png);
}
END_TEST

START_TEST(test_pdf_has_the_pages_that_were_drawn)
{
	pw_canvas *c = open_canvas(PW_CANVAS_PDF, false);
	ck_assert_int_eq(pw_canvas_page(c, 210, 297, NULL), PW_OK);
	ck_assert_int_eq(pw_canvas_page(c, 60, 30, NULL), PW_OK);
	pw_canvas_circle(c, (pw_point){10, 10}, 5, &(pw_shape){.stroke = 1});
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_canvas_page(c, 0, 30, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_canvas_page(c, 1e6, 30, &err), PW_ERR_LIMIT);
	pw_str pdf = close_canvas(c);
	ck_assert(pw_text_starts(pdf.ptr, "%PDF-1."));
	ck_assert_uint_eq(count(&pdf, "/Count 3"), 1);
	ck_assert_uint_eq(count(&pdf, "595.27"), 1); /* A4 in points, upright */
	ck_assert_uint_eq(count(&pdf, "20000101000000"), 1);
	pw_str_clear(&pdf);
}
END_TEST

START_TEST(test_pdf_title_may_be_any_bytes)
{
	pw_canvas_opts opts = {.format = PW_CANVAS_PDF, .width = 10, .height = 10};
	opts.title = "PCR\xff plate";
	pw_canvas *c = NULL;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
	pw_str pdf = close_canvas(c);
	ck_assert_uint_eq(count(&pdf, "/Title"), 1);
	pw_str_clear(&pdf);
}
END_TEST

START_TEST(test_picture_formats_have_one_page)
{
	pw_canvas *c = open_canvas((pw_canvas_format)_i, false);
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_canvas_page(c, 60, 30, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(err.msg, pw_canvas_format_name((pw_canvas_format)_i)));
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_the_same_picture_is_the_same_bytes)
{
	pw_canvas_format format = (pw_canvas_format)_i;
	pw_str first = draw_much(format);
	pw_shape shape = {.stroke = 1, .fill = PW_FILL_DARK};
	pw_str between = draw_shape(PW_CANVAS_PDF, false, &shape);
	pw_str_clear(&between);
	ck_assert(same(first, draw_much(format)));
}
END_TEST

START_TEST(test_finish_appends)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_str out = PW_STR_INIT;
	pw_str_add(&out, "before");
	ck_assert_int_eq(pw_canvas_finish(c, &out, NULL), PW_OK);
	pw_canvas_free(c);
	ck_assert(pw_text_starts(out.ptr, "before<?xml"));
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_a_length_that_is_no_number_is_an_error_at_the_end)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_shape shape = {.stroke = 0.2};
	pw_text_style style = {.size = 2};
	switch (_i) {
	case 0:
		pw_canvas_circle(c, (pw_point){NAN, 1}, 2, &shape);
		break;
	case 1:
		pw_canvas_rect(c, (pw_box){1, 1, INFINITY, 2}, &shape);
		break;
	case 2:
		pw_canvas_line(c, (pw_point){1, 1}, (pw_point){2, NAN}, &shape);
		break;
	case 3:
		pw_canvas_text(c, (pw_point){NAN, 1}, "A", &style);
		break;
	case 4:
		style.size = NAN;
		pw_canvas_text_in(c, (pw_box){1, 1, 5, 5}, "A", &style);
		break;
	default:
		shape.stroke = NAN;
		pw_canvas_round_rect(c, (pw_box){1, 1, 5, 5}, 1, &shape);
	}
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_canvas_finish(c, &out, &err), PW_ERR_ARG);
	ck_assert_uint_eq(out.len, 0);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_an_unfinished_canvas_can_be_freed)
{
	pw_canvas *c = open_canvas((pw_canvas_format)_i, false);
	pw_canvas_text(c, (pw_point){2, 9}, ID, &(pw_text_style){.size = 2});
	pw_canvas_free(c);
	pw_canvas_free(NULL);
}
END_TEST

START_TEST(test_dots_are_black_where_more_than_half_is_inked)
{
	pw_canvas_opts opts = {.format = PW_CANVAS_BITS, .width = 25.4, .height = 12.7, .dpi = 20};
	pw_canvas *c = NULL;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
	int width, height;
	pw_canvas_dots(c, &width, &height);
	ck_assert(width == 20 && height == 10);
	const double dot = 25.4 / 20;
	pw_shape ink = {.fill = PW_FILL_SOLID};
	pw_canvas_rect(c, (pw_box){0, 0, 1.4 * dot, dot},
		       &ink); /* the second dot: less than half */
	pw_canvas_rect(c, (pw_box){8 * dot, 0, 1.6 * dot, dot}, &ink);
	ink.fill_ink = PW_INK_GREY(120);
	pw_canvas_rect(c, (pw_box){16 * dot, 0, dot, dot}, &ink);
	ink.fill_ink = PW_INK_GREY(136);
	pw_canvas_rect(c, (pw_box){17 * dot, 0, dot, dot}, &ink);
	uint8_t bits[30];
	pw_canvas_take(c, bits, 3);
	ck_assert(bits[0] == 0x80 && bits[1] == 0xC0 && bits[2] == 0x80);
	for (int i = 3; i < 30; i++)
		ck_assert_int_eq(bits[i], 0);
	ck_assert_int_eq(pw_canvas_look_at(c, 0, 0, 20, 10, NULL), PW_OK);
	pw_canvas_take(c, bits, 3);
	ck_assert_msg(bits[0] == 0, "the paper is not white again");
	pw_canvas_rect(c, (pw_box){0, 9 * dot, dot, dot}, &(pw_shape){.fill = PW_FILL_SOLID});
	pw_str bytes = close_canvas(c);
	ck_assert_uint_eq(bytes.len, 30);
	ck_assert_int_eq((unsigned char)bytes.ptr[27], 0x80);
	pw_str_clear(&bytes);
}
END_TEST

/* Text, an emoji and shapes, somewhere on a page. */
static void draw_all_over(pw_canvas *c)
{
	pw_canvas_text(c, (pw_point){3, 9}, "Nguyễn 欧阳 🧪😀 प्रि",
		       &(pw_text_style){.size = 3});
	pw_canvas_text(c, (pw_point){30, 4}, "downwards", &(pw_text_style){.size = 2, .turn = 1});
	pw_canvas_line(c, (pw_point){1, 2}, (pw_point){38, 18},
		       &(pw_shape){.stroke = 0.3, .dash = 1});
	pw_canvas_circle(c, (pw_point){20, 10}, 6, &(pw_shape){.fill = PW_FILL_SOLID});
}

static bool bit(const uint8_t *bits, size_t stride, int x, int y)
{
	return (bits[(size_t)y * stride + (size_t)x / 8] >> (7 - x % 8) & 1) != 0;
}

START_TEST(test_a_part_of_a_page_has_the_dots_of_the_page)
{
	pw_canvas_opts opts = {
		.format = PW_CANVAS_BITS, .width = 40, .height = 20, .dpi = 203, .colour = true};
	static const pw_box parts[] = {
		{0, 0, 320, 160}, {16, 41, 203, 60}, {100, 20, 7, 9}, {231, 7, 300, 300}};
	static uint8_t whole[160 * 40], part[300 * 40];
	pw_canvas *c = NULL;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
	draw_all_over(c);
	pw_canvas_take(c, whole, 40);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int x = (int)parts[i].x, y = (int)parts[i].y;
		int width = (int)parts[i].w, height = (int)parts[i].h;
		ck_assert_int_eq(pw_canvas_look_at(c, x, y, width, height, NULL), PW_OK);
		draw_all_over(c);
		pw_canvas_take(c, part, 40);
		for (int row = 0; row < height && y + row < 160; row++)
			for (int column = 0; column < width && x + column < 320; column++)
				ck_assert_msg(bit(part, 40, column, row) ==
						      bit(whole, 40, x + column, y + row),
					      "part %zu, dot %d, %d", i, column, row);
	}
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_canvas_look_at(c, 0, 0, 100000, 100000, &err), PW_ERR_LIMIT);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_colours_become_patterns_of_dots)
{
	pw_canvas_opts opts = {
		.format = PW_CANVAS_BITS, .width = 25.4, .height = 25.4, .dpi = 64, .colour = true};
	const uint32_t colours[] = {0xFFCC33u, 0x3366CCu};
	int black[2] = {0, 0};
	for (int i = 0; i < 2; i++) {
		pw_canvas *c = NULL;
		ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
		pw_canvas_rect(c, (pw_box){0, 0, 26, 26},
			       &(pw_shape){.fill = PW_FILL_SOLID,
					   .fill_ink = PW_INK_COLOUR(0, colours[i])});
		pw_str bytes = close_canvas(c);
		for (size_t k = 0; k < bytes.len; k++)
			for (int bit = 0; bit < 8; bit++)
				black[i] += (unsigned char)bytes.ptr[k] >> bit & 1;
		pw_str_clear(&bytes);
	}
	ck_assert(black[0] > 64 * 64 / 8 &&
		  black[0] < 64 * 64 / 2);                       /* yellow shows, and is light */
	ck_assert(black[1] > 64 * 64 / 2 && black[1] < 64 * 64); /* blue is dark */
}
END_TEST

Suite *suite_canvas(void);

Suite *suite_canvas(void)
{
	Suite *s = suite_create("canvas");
	TCase *page = tcase_create("page");
	const int formats = PW_CANVAS_BITS + 1;
	tcase_add_test(page, test_format_names_are_read_back);
	tcase_add_loop_test(page, test_page_sizes_have_limits, 0,
			    (int)(sizeof(sizes) / sizeof(sizes[0])));
	tcase_add_test(page, test_svg_is_a_page_in_millimetres);
	tcase_add_test(page, test_svg_has_no_numbers_of_the_process_and_few_decimals);
	tcase_add_test(page, test_png_has_the_dots_that_were_asked_for);
	tcase_add_test(page, test_pdf_has_the_pages_that_were_drawn);
	tcase_add_test(page, test_pdf_title_may_be_any_bytes);
	tcase_add_loop_test(page, test_picture_formats_have_one_page, 0, PW_CANVAS_PDF);
	tcase_add_loop_test(page, test_the_same_picture_is_the_same_bytes, 0, formats);
	tcase_add_test(page, test_finish_appends);
	tcase_add_test(page, test_dots_are_black_where_more_than_half_is_inked);
	tcase_add_test(page, test_a_part_of_a_page_has_the_dots_of_the_page);
	tcase_add_test(page, test_colours_become_patterns_of_dots);
	tcase_add_loop_test(page, test_a_length_that_is_no_number_is_an_error_at_the_end, 0, 6);
	tcase_add_loop_test(page, test_an_unfinished_canvas_can_be_freed, 0, formats);
	suite_add_tcase(s, page);
	return s;
}
