#include <check.h>
#include <string.h>

#include "labels/layout.h"
#include "tests/unit/labels/label_fixture.h"

static const int resolutions[] = {203, 300, 600};

/* The first element of a template, laid out with id and name. */
static pw_label_layout *lay_out(pw_label_template *t, const char *id, const char *name, int dpi)
{
	pw_label_layout *layout = NULL;
	pw_label_values values = fixture_values((const char *[]){"id", id, "name", name, NULL});
	fixture_make(t, &values, dpi, &layout, NULL);
	return layout;
}

static void drop(pw_label_layout *layout)
{
	pw_label_template *t = (pw_label_template *)layout->template;
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}

static const struct {
	int dpi, dots;
} modules[] = {{203, 2}, {300, 3}, {600, 6}, {180, 1}};

START_TEST(test_modules_are_whole_dots_of_about_the_width_that_is_wanted)
{
	pw_label_layout *layout =
		lay_out(fixture_with("  - {code128: \"{id}\", at: [0, 3, 50, 12], module: 0.25}\n"),
			"SZT00000124M", "", modules[_i].dpi);
	const pw_label_item *item = &layout->items[0];
	ck_assert_int_eq(item->dots, modules[_i].dots);
	ck_assert_int_eq(item->width, item->symbol.columns * item->dots);
	ck_assert(item->fits);
	drop(layout);
}
END_TEST

START_TEST(test_a_symbol_and_its_quiet_zone_stay_in_their_area)
{
	static const char *const turns[] = {"0", "90", "180", "270"};
	static const char *const kinds[] = {"code128", "datamatrix", "qr", "micro-qr"};
	for (int turn = 0; turn < 4; turn++) {
		char yaml[200];
		snprintf(yaml, sizeof(yaml),
			 "  - {%s: \"{id}\", at: [3.3, 2.7, 26.1, 25.3], turn: %s, align: right}\n",
			 kinds[_i % 4], turns[turn]);
		pw_label_layout *layout =
			lay_out(fixture_with(yaml), "4711", "", resolutions[_i / 4]);
		const pw_label_item *item = &layout->items[0];
		ck_assert(item->fits && item->dots >= 2);
		ck_assert_int_ge(item->clear.x, 3300);
		ck_assert_int_ge(item->clear.y, 2700);
		ck_assert_int_le(item->clear.x + item->clear.w, 3300 + 26100);
		ck_assert_int_le(item->clear.y + item->clear.h, 2700 + 25300);
		bool sideways = turn % 2 != 0;
		int columns = sideways ? item->height : item->width;
		ck_assert_int_eq(columns, item->symbol.columns * item->dots);
		drop(layout);
	}
}
END_TEST

START_TEST(test_a_symbol_without_room_says_so)
{
	pw_label_layout *layout =
		lay_out(fixture_with("  - {qr: \"{id}\", at: [3, 3, 3, 3]}\n"), "4711", "", 203);
	ck_assert(!layout->items[0].fits);
	ck_assert_int_eq(layout->items[0].dots, 1);
	drop(layout);
}
END_TEST

START_TEST(test_text_shrinks_wraps_and_only_then_is_cut)
{
	static const struct {
		const char *options, *name;
		size_t lines;
		int least, most; /* µm of capitals */
		bool over, cut;
	} cases[] = {
		{"size: 3", "Li Na", 1, 3000, 3000, false, false},
		{"size: 3, min_size: 1.5", "Featherstonehaugh", 1, 1500, 2800, false, false},
		{"size: 3, min_size: 3", "Featherstonehaugh", 1, 3000, 3000, true, false},
		{"size: 3, min_size: 3, cut: end", "Featherstonehaugh", 1, 3000, 3000, false, true},
		{"size: 2, lines: 3", "Wilhelmina Alexandra Featherstone", 2, 1400, 2000, false,
		 false},
		{"size: 2, min_size: 2, lines: 3", "a b c d e f g h i j k l m n o p q r s t u v", 2,
		 2000, 2000, false, false},
		{"size: 2.4, min_size: 2.4, lines: 3", "Rindfleischetikettierungsgesetz", 2, 2400,
		 2400, false, false}, /* broken within, for want of anything better */
	};
	char yaml[200];
	snprintf(yaml, sizeof(yaml), "  - {text: \"{name}\", at: [2, 2, 24, 13], %s}\n",
		 cases[_i].options);
	pw_label_layout *layout = lay_out(fixture_with(yaml), "", cases[_i].name, 300);
	const pw_label_item *item = &layout->items[0];
	ck_assert_uint_ge(item->line_count, cases[_i].lines);
	ck_assert(item->size >= cases[_i].least && item->size <= cases[_i].most);
	ck_assert_int_eq(item->over, cases[_i].over);
	ck_assert_int_eq(item->lines[item->line_count - 1].cut, cases[_i].cut);
	for (size_t i = 0; !cases[_i].over && i < item->line_count; i++)
		ck_assert_int_le(item->lines[i].width, 24000 + 240);
	drop(layout);
}
END_TEST

START_TEST(test_the_lines_of_a_text_are_all_of_it)
{
	const char *name = "Wilhelmina Alexandra Featherstonehaugh";
	pw_label_layout *layout = lay_out(
		fixture_with("  - {text: \"{name}\", at: [2, 2, 24, 20], size: 2, lines: 4}\n"), "",
		name, 300);
	const pw_label_item *item = &layout->items[0];
	pw_str all = PW_STR_INIT;
	for (size_t i = 0; i < item->line_count; i++)
		pw_str_addf(&all, "%s%s", i > 0 ? " " : "", item->lines[i].text);
	ck_assert_str_eq(pw_str_text(&all), name);
	for (size_t i = 1; i < item->line_count; i++)
		ck_assert_int_gt(item->lines[i].box.y, item->lines[i - 1].box.y);
	pw_str_clear(&all);
	drop(layout);
}
END_TEST

START_TEST(test_deep_letters_stay_in_their_area)
{
	static const char *const names[] = {
		"\xE0\xB2\x95\xE0\xB2\xA8\xE0\xB3\x8D\xE0\xB2\xA8\xE0\xB2\xA1", "Ấjgq",
		"प्रियंका श्रीवास्तव"};
	pw_label_layout *layout =
		lay_out(fixture_with("  - {text: \"{name}\", at: [2, 2, 40, 4], size: 3}\n"), "",
			names[_i], 300);
	const pw_label_item *item = &layout->items[0];
	ck_assert_int_ge(item->ink.y, 2000 - 20);
	ck_assert_int_le(item->ink.y + item->ink.h, 6000 + 20);
	drop(layout);
}
END_TEST

START_TEST(test_an_element_whose_fields_are_empty_is_left_out)
{
	pw_label_layout *layout =
		lay_out(fixture_with("  - {text: \"LOT {name}\", at: [2, 2, 24, 4]}\n"
				     "  - {qr: \"{name}\", at: [2, 8, 20, 20]}\n"
				     "  - {text: \"{id}\", at: [24, 8, 20, 4]}\n"),
			"7", "", 300);
	ck_assert_uint_eq(layout->count, 1);
	ck_assert_str_eq(layout->items[0].text, "7");
	drop(layout);
}
END_TEST

START_TEST(test_labels_of_a_sheet_stand_in_rows)
{
	pw_label_template *t = fixture_shipped("a4-tubes");
	pw_label_value ids[50];
	pw_label_values labels[50];
	for (int i = 0; i < 50; i++) {
		ids[i] = (pw_label_value){"id", "SZT00000124M"};
		labels[i] = (pw_label_values){&ids[i], 1};
	}
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_press_new(t, 300, &press, &err), PW_OK);
	ck_assert_int_eq(pw_press_layout(press, labels, 49, &layout, &err), PW_ERR_LIMIT);
	ck_assert_int_eq(pw_press_layout(press, labels, 48, &layout, &err), PW_OK);
	pw_area first = pw_label_layout_place(layout, 0), fifth = pw_label_layout_place(layout, 5);
	ck_assert(first.x == 9700 && first.y == 21300 && first.w == 45700);
	ck_assert(fifth.x == 9700 + 48300 && fifth.y == 21300 + 21200);
	ck_assert_uint_eq(layout->count, 2 * 48);
	ck_assert_int_eq(layout->items[95].label, 47);
	labels[2].count = 0;
	pw_label_layout *none = NULL;
	ck_assert_int_eq(pw_press_layout(press, labels, 4, &none, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(err.msg, "label 3: label 'a4-tubes' needs the field 'id'"));
	ck_assert_ptr_null(none);
	pw_label_layout_free(layout);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_a_symbol_that_cannot_hold_its_text_is_told_with_its_place)
{
	pw_label_template *t = fixture_with("  - {code128: \"{name}\", at: [2, 2, 40, 8]}\n");
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	pw_label_values values = fixture_values((const char *[]){"name", "实验", NULL});
	ck_assert_int_eq(pw_press_new(t, 300, &press, &err), PW_OK);
	ck_assert_int_eq(pw_press_layout(press, &values, 1, &layout, &err), PW_ERR_ARG);
	ck_assert_msg(strstr(err.msg, "t.yaml:10:5: '实' can't be in Code 128") == err.msg, "%s",
		      err.msg);
	ck_assert_int_eq(pw_press_new(t, 72, &press, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_press_new(t, 2400, &press, &err), PW_ERR_ARG);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

Suite *suite_label_layout(void);

Suite *suite_label_layout(void)
{
	Suite *s = suite_create("label layout");
	TCase *c = tcase_create("all");
	tcase_add_loop_test(c, test_modules_are_whole_dots_of_about_the_width_that_is_wanted, 0,
			    (int)(sizeof(modules) / sizeof(modules[0])));
	tcase_add_loop_test(c, test_a_symbol_and_its_quiet_zone_stay_in_their_area, 0, 12);
	tcase_add_test(c, test_a_symbol_without_room_says_so);
	tcase_add_loop_test(c, test_text_shrinks_wraps_and_only_then_is_cut, 0, 7);
	tcase_add_test(c, test_the_lines_of_a_text_are_all_of_it);
	tcase_add_loop_test(c, test_deep_letters_stay_in_their_area, 0, 3);
	tcase_add_test(c, test_an_element_whose_fields_are_empty_is_left_out);
	tcase_add_test(c, test_labels_of_a_sheet_stand_in_rows);
	tcase_add_test(c, test_a_symbol_that_cannot_hold_its_text_is_told_with_its_place);
	suite_add_tcase(s, c);
	return s;
}
