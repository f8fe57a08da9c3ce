/* The canvas: text. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/labels/canvas_help.h"

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

Suite *suite_canvas_text(void);

Suite *suite_canvas_text(void)
{
	Suite *s = suite_create("canvas_text");
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
