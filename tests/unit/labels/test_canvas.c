#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "labels/canvas.h"

#define ID "SZ-2026-000123-4711-K"

static pw_canvas *open_canvas(pw_canvas_format format, bool colour)
{
	pw_canvas_opts opts = PW_CANVAS_OPTS_INIT;
	opts.format = format;
	opts.width = 60;
	opts.height = 30;
	opts.colour = colour;
	pw_canvas *c = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_canvas_new(&opts, &c, &err) == PW_OK, "%s", err.msg);
	return c;
}

/* Ends the canvas and frees it. The bytes belong to the caller. */
static pw_str close_canvas(pw_canvas *c)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_canvas_finish(c, &out, &err) == PW_OK, "%s", err.msg);
	pw_canvas_free(c);
	return out;
}

/* Compares, and frees both. */
static bool same(pw_str a, pw_str b)
{
	bool equal = a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
	pw_str_clear(&a);
	pw_str_clear(&b);
	return equal;
}

static size_t count(const pw_str *in, const char *word)
{
	size_t n = 0, length = strlen(word);
	for (size_t i = 0; i + length <= in->len; i++)
		n += memcmp(in->ptr + i, word, length) == 0;
	return n;
}

static pw_str draw_text(pw_canvas_format format, const char *text, pw_box box,
			const pw_text_style *style)
{
	pw_canvas *c = open_canvas(format, false);
	pw_canvas_text_in(c, box, text, style);
	return close_canvas(c);
}

static pw_str draw_shape(pw_canvas_format format, bool colour, const pw_shape *shape)
{
	pw_canvas *c = open_canvas(format, colour);
	pw_canvas_round_rect(c, (pw_box){5, 5, 20, 12}, 2, shape);
	pw_canvas_circle(c, (pw_point){40, 15}, 8, shape);
	return close_canvas(c);
}

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

static pw_text_size size_of(const char *text, const pw_text_style *style)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_text_size found = pw_canvas_text_size(c, text, style);
	ck_assert_uint_eq(pw_canvas_missing(c), 0);
	pw_canvas_free(c);
	return found;
}

START_TEST(test_text_grows_with_its_size)
{
	pw_text_style two = {.size = 2}, four = {.size = 4}, bold = {.size = 2, .bold = true};
	pw_text_size small = size_of(ID, &two), large = size_of(ID, &four);
	ck_assert_double_gt(small.width, 10);
	ck_assert_double_eq_tol(large.width, 2 * small.width, 0.05);
	ck_assert_double_eq_tol(large.height, 4 * PW_LINE_HEIGHT, 1e-9);
	ck_assert_double_gt(size_of(ID, &bold).width, small.width);
	ck_assert_double_eq(size_of("", &two).width, 0);
	ck_assert(!small.cut);
}
END_TEST

START_TEST(test_a_line_is_as_high_in_every_script)
{
	pw_text_style style = {.size = 2};
	ck_assert_double_eq(size_of("Ag", &style).height, size_of("实验室", &style).height);
	ck_assert_double_eq(size_of("Ag\nB", &style).height, size_of("Ag", &style).height);
}
END_TEST

START_TEST(test_text_is_as_wide_on_every_format)
{
	pw_text_style style = {.size = 1.7};
	double width = size_of(ID, &style).width;
	for (int i = PW_CANVAS_SVG; i <= PW_CANVAS_PDF; i++) {
		pw_canvas *c = open_canvas((pw_canvas_format)i, false);
		ck_assert_double_eq_tol(pw_canvas_text_size(c, ID, &style).width, width,
					width / 1000);
		pw_canvas_free(c);
	}
}
END_TEST

START_TEST(test_text_shrinks_before_it_is_cut)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_text_style style = {.size = 3, .min_size = 1, .cut = PW_CUT_MIDDLE};
	double full = pw_canvas_text_size(c, ID, &style).width;
	pw_text_size roomy = pw_canvas_text_in(c, (pw_box){0, 0, full + 1, 5}, ID, &style);
	ck_assert_double_eq(roomy.size, 3);
	pw_text_size tight = pw_canvas_text_in(c, (pw_box){0, 0, full * 0.6, 5}, ID, &style);
	ck_assert(tight.size >= 1.6 && tight.size <= 1.8 && !tight.cut);
	ck_assert_double_le(tight.width, full * 0.6);
	pw_text_size cut = pw_canvas_text_in(c, (pw_box){0, 0, full * 0.25, 5}, ID, &style);
	ck_assert(cut.size == 1 && cut.cut);
	ck_assert_double_le(cut.width, full * 0.25 * 1.01);
	style.cut = PW_CUT_NONE;
	pw_text_size over = pw_canvas_text_in(c, (pw_box){0, 0, full * 0.25, 5}, ID, &style);
	ck_assert(!over.cut && over.width > full * 0.25);
	pw_canvas_text_in(c, (pw_box){0, 0, 0, 5}, ID, &style); /* a box of nothing is no crash */
	pw_canvas_text_in(c, (pw_box){0, 0, -3, 5}, ID, &style);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_identifiers_keep_their_tails_and_names_their_heads)
{
	pw_box box = {2, 2, 16, 4};
	pw_text_style id = {.size = 2, .cut = PW_CUT_MIDDLE}, name = {.size = 2, .cut = PW_CUT_END};
	const char *a = "LAB-000000000000000000-7", *b = "LAB-000000000000000000-8";
	const char *mid = "LAB-000000000010000000-7";
	ck_assert(!same(draw_text(PW_CANVAS_SVG, a, box, &id),
			draw_text(PW_CANVAS_SVG, b, box, &id)));
	ck_assert(same(draw_text(PW_CANVAS_SVG, a, box, &id),
		       draw_text(PW_CANVAS_SVG, mid, box, &id)));
	ck_assert(same(draw_text(PW_CANVAS_SVG, a, box, &name),
		       draw_text(PW_CANVAS_SVG, b, box, &name)));
	ck_assert(!same(draw_text(PW_CANVAS_SVG, a, box, &name),
			draw_text(PW_CANVAS_SVG, "MAB-000000000000000000-7", box, &name)));
}
END_TEST

/* Where the first glyph of an SVG stands, in millimetres. */
static pw_point first_glyph(pw_str svg)
{
	const char *use = strstr(svg.ptr, "<use");
	ck_assert_ptr_nonnull(use);
	pw_point at = {strtod(strstr(use, " x=\"") + 4, NULL) * 25.4 / 72,
		       strtod(strstr(use, " y=\"") + 4, NULL) * 25.4 / 72};
	pw_str_clear(&svg);
	return at;
}

START_TEST(test_text_stands_where_it_is_aligned)
{
	pw_box box = {10, 5, 40, 20};
	pw_text_style style = {.size = 2};
	double width = size_of("Well", &style).width;
	const double lefts[] = {10, 30 - width / 2, 50 - width};
	const double baselines[] = {5 + 2 * PW_LINE_ASCENT, 15 + 1, 25};
	for (int across = 0; across < 3; across++) {
		for (int down = 0; down < 3; down++) {
			style.align = (pw_align)across;
			style.valign = (pw_valign)down;
			pw_point at = first_glyph(draw_text(PW_CANVAS_SVG, "Well", box, &style));
			ck_assert_double_eq_tol(at.x, lefts[across], 0.02);
			ck_assert_double_eq_tol(at.y, baselines[down], 0.02);
		}
	}
}
END_TEST

START_TEST(test_a_turned_line_fits_the_other_way)
{
	pw_canvas *c = open_canvas(PW_CANVAS_SVG, false);
	pw_box upright = {5, 2, 4, 26};
	pw_text_style style = {.size = 1.5, .cut = PW_CUT_MIDDLE};
	ck_assert(pw_canvas_text_in(c, upright, ID, &style).cut);
	style.turn = 1;
	ck_assert(!pw_canvas_text_in(c, upright, ID, &style).cut);
	pw_canvas_free(c);
	/* Read downwards, the beginning is at the top and the baseline in the middle. */
	style.valign = PW_ALIGN_BASELINE;
	pw_point down = first_glyph(draw_text(PW_CANVAS_SVG, ID, upright, &style));
	style.turn = 3;
	pw_point up = first_glyph(draw_text(PW_CANVAS_SVG, ID, upright, &style));
	ck_assert(fabs(down.x - 5) < 0.02 && fabs(down.y - 2) < 0.02);
	ck_assert(fabs(up.x - 9) < 0.02 && fabs(up.y - 28) < 0.02);
}
END_TEST

static const struct {
	const char *name, *text;
} scripts[] = {
	{"Latin", "Prüfröhrchen"}, {"Greek", "δείγμα"},        {"Cyrillic", "пробирка"},
	{"Chinese", "实验室样品"}, {"Japanese", "検査ラベル"}, {"Korean", "검사실"},
	{"Arabic", "مختبر"},       {"Hindi", "प्रयोगशाला"},     {"Thai", "ห้องปฏิบัติการ"},
	{"emoji", "🧪"},
};

START_TEST(test_every_script_is_drawn_and_not_boxed)
{
	pw_text_style style = {.size = 3};
	pw_box box = {2, 2, 56, 20};
	pw_text_size found = size_of(scripts[_i].text, &style);
	if (found.missing > 0) {
		printf("skipped: no font for %s is installed\n", scripts[_i].name);
		return;
	}
	ck_assert_double_gt(found.width, 1);
	/* U+0378 is no character and in no font: as many of it are all boxes. */
	pw_str boxes = PW_STR_INIT;
	for (const char *p = scripts[_i].text; *p != '\0'; p++)
		if (((unsigned char)*p & 0xC0) != 0x80)
			pw_str_add(&boxes, "\xCD\xB8");
	ck_assert(!same(draw_text(PW_CANVAS_PNG, scripts[_i].text, box, &style),
			draw_text(PW_CANVAS_PNG, boxes.ptr, box, &style)));
	ck_assert_uint_gt(size_of(boxes.ptr, &style).missing, 0);
	pw_str_clear(&boxes);
}
END_TEST

START_TEST(test_missing_characters_are_counted_when_drawn)
{
	pw_canvas *c = open_canvas(PW_CANVAS_PNG, false);
	pw_text_style style = {.size = 2};
	ck_assert_uint_eq(pw_canvas_text_size(c, "A\xCD\xB8", &style).missing, 1);
	ck_assert_uint_eq(pw_canvas_missing(c), 0);
	pw_canvas_text(c, (pw_point){2, 9}, "A\xCD\xB8", &style);
	pw_canvas_text(c, (pw_point){2, 19}, "\xCD\xB8 \xCD\xB8", &style);
	pw_canvas_text(c, (pw_point){2, 29}, "A", &style);
	ck_assert_uint_eq(pw_canvas_missing(c), 3);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_broken_utf8_is_drawn_as_replacement_characters)
{
	pw_box box = {2, 2, 56, 20};
	pw_text_style style = {.size = 3};
	ck_assert(same(draw_text(PW_CANVAS_SVG, "a\xFFz", box, &style),
		       draw_text(PW_CANVAS_SVG, "a\xEF\xBF\xBDz", box, &style)));
	ck_assert(!same(draw_text(PW_CANVAS_SVG, "a\xFFz", box, &style),
			draw_text(PW_CANVAS_SVG, "az", box, &style)));
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

/* More lines than are remembered, each twice, in a different order. */
START_TEST(test_lines_that_are_remembered_are_those_that_were_asked_for)
{
	pw_canvas_opts opts = {.format = PW_CANVAS_BITS, .width = 40, .height = 8, .dpi = 203};
	enum { LINES = 100, BYTES = 40 * 64 };
	static uint8_t first[LINES][BYTES], again[BYTES];
	pw_canvas *c = NULL;
	ck_assert_int_eq(pw_canvas_new(&opts, &c, NULL), PW_OK);
	for (int i = 0; i < 2 * LINES; i++) {
		int k = i < LINES ? i : i * 37 % LINES;
		char text[40];
		snprintf(text, sizeof(text), "line %d of العربية", k / 4);
		pw_text_style style = {.size = k % 2 == 0 ? 2 : 2.5, .bold = k % 4 > 1};
		pw_canvas *fresh = NULL;
		ck_assert_int_eq(pw_canvas_look_at(c, 0, 0, 320, 64, NULL), PW_OK);
		pw_canvas_text_in(c, (pw_box){0, 2, 40, 4}, text, &style);
		pw_canvas_take(c, i < LINES ? first[k] : again, 40);
		if (i >= LINES)
			ck_assert_int_eq(memcmp(again, first[k], BYTES), 0);
		if (i >= LINES)
			continue;
		ck_assert_int_eq(pw_canvas_new(&opts, &fresh, NULL), PW_OK);
		pw_canvas_text_in(fresh, (pw_box){0, 2, 40, 4}, text, &style);
		pw_canvas_take(fresh, again, 40);
		pw_canvas_free(fresh);
		ck_assert_msg(memcmp(again, first[k], BYTES) == 0, "line %d", k);
	}
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

static const struct {
	const char *text;
	double width;
	bool split;
	size_t lines;
	size_t ends[4];
} wraps[] = {
	{"one two three", 100, false, 1, {13}},
	{"one two three", 11, false, 2, {8, 13}},
	{"one two three", 7, false, 3, {4, 8, 13}},
	{"Featherstonehaugh", 10, false, 1, {17}},
	{"", 10, false, 1, {0}},
};

START_TEST(test_text_breaks_between_words)
{
	pw_canvas *c = open_canvas(PW_CANVAS_BITS, false);
	pw_text_style style = {.size = 2};
	size_t ends[4] = {0, 0, 0, 0};
	pw_wrap found = pw_canvas_wrap(c, wraps[_i].text, &style, wraps[_i].width, wraps[_i].split,
				       ends, 4);
	ck_assert_uint_eq(found.lines, wraps[_i].lines);
	for (size_t i = 0; i < found.lines; i++)
		ck_assert_uint_eq(ends[i], wraps[_i].ends[i]);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_a_word_that_is_too_long_is_told_or_broken)
{
	pw_canvas *c = open_canvas(PW_CANVAS_BITS, false);
	pw_text_style style = {.size = 2};
	size_t ends[1];
	pw_wrap whole = pw_canvas_wrap(c, "Featherstonehaugh", &style, 8, false, ends, 1);
	ck_assert_double_gt(whole.widest, 8);
	pw_wrap broken = pw_canvas_wrap(c, "Featherstonehaugh", &style, 8, true, ends, 1);
	ck_assert_uint_gt(broken.lines, 1);
	ck_assert_double_le(broken.widest, 8.01);
	ck_assert_uint_lt(ends[0], 17);
	pw_wrap han = pw_canvas_wrap(c, "\xE5\xAE\x9E\xE9\xAA\x8C\xE5\xAE\xA4\xE6\xA0\xB7", &style,
				     6, false, ends, 1);
	ck_assert_uint_ge(han.lines, 2);
	ck_assert_uint_eq(ends[0] % 3, 0);
	pw_canvas_free(c);
}
END_TEST

START_TEST(test_ink_reaches_as_far_as_the_letters_do)
{
	pw_text_style style = {.size = 2};
	pw_text_size flat = size_of("Hx", &style), deep = size_of("\xC3\x89gj", &style);
	ck_assert_double_eq_tol(flat.above, 2, 0.15);
	ck_assert_double_le(flat.below, 0.1);
	ck_assert_double_gt(deep.above, 2.2);
	ck_assert_double_gt(deep.below, 0.4);
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
	TCase *shape = tcase_create("shape");
	tcase_add_loop_test(shape, test_every_fill_is_its_own_picture, 0, formats);
	tcase_add_test(shape, test_patterns_are_vectors);
	tcase_add_test(shape, test_touching_rectangles_have_no_seam);
	tcase_add_test(shape, test_pattern_of_a_huge_shape_is_bounded_by_the_page);
	tcase_add_loop_test(shape, test_colour_is_left_out_on_paper, 0, formats);
	suite_add_tcase(s, shape);
	TCase *text = tcase_create("text");
	tcase_add_test(text, test_text_grows_with_its_size);
	tcase_add_test(text, test_a_line_is_as_high_in_every_script);
	tcase_add_test(text, test_text_is_as_wide_on_every_format);
	tcase_add_test(text, test_text_shrinks_before_it_is_cut);
	tcase_add_loop_test(text, test_text_breaks_between_words, 0,
			    (int)(sizeof(wraps) / sizeof(wraps[0])));
	tcase_add_test(text, test_a_word_that_is_too_long_is_told_or_broken);
	tcase_add_test(text, test_ink_reaches_as_far_as_the_letters_do);
	tcase_add_test(text, test_identifiers_keep_their_tails_and_names_their_heads);
	tcase_add_test(text, test_text_stands_where_it_is_aligned);
	tcase_add_test(text, test_a_turned_line_fits_the_other_way);
	tcase_add_loop_test(text, test_every_script_is_drawn_and_not_boxed, 0,
			    (int)(sizeof(scripts) / sizeof(scripts[0])));
	tcase_add_test(text, test_lines_that_are_remembered_are_those_that_were_asked_for);
	tcase_add_test(text, test_missing_characters_are_counted_when_drawn);
	tcase_add_test(text, test_broken_utf8_is_drawn_as_replacement_characters);
	suite_add_tcase(s, text);
	return s;
}
