/*
 * With PW_WRITE_PICTURES=FOLDER in the environment the sample plate is written to FOLDER/plate.svg;
 * `PW_WRITE_PICTURES=docs/pictures build-dev/tests/test_cli` makes docs/pictures/plate.svg anew.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pictures/plate.h"
#include "core/base/mem.h"

#define MAX_SAMPLE_BYTES 150000

/* A plate under construction: the picture points into it. */
struct plate {
	pw_plate_picture p;
	pw_picture_well wells[PW_MAX_WELLS];
	char labels[PW_MAX_WELLS][64], lines[PW_MAX_WELLS][2][24];
};

static struct plate *new_plate(pw_plate_format format)
{
	struct plate *plate = pw_alloc(sizeof(*plate));
	plate->p = (pw_plate_picture)PW_PLATE_PICTURE_INIT;
	plate->p.title = "PCR plate";
	plate->p.barcode = "PCR26-000417-K";
	plate->p.kind = "PCR plate";
	plate->p.format = format;
	plate->p.wells = plate->wells;
	return plate;
}

/* The next well down the columns, with a label made from `stem` and its place. */
static pw_picture_well *add_well(struct plate *plate, const char *stem)
{
	size_t i = plate->p.well_count++;
	pw_picture_well *well = &plate->wells[i];
	snprintf(plate->labels[i], sizeof(plate->labels[i]), "%s%03zu", stem, i);
	well->well = pw_well_at((int)i, plate->p.format, PW_BY_COLUMN);
	well->state = PW_PICTURE_SPECIMEN;
	well->label = plate->labels[i];
	return well;
}

static pw_str draw(const pw_plate_picture *p, pw_canvas_format format)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_plate_picture_draw(p, format, 72, &out, &err) == PW_OK, "%s", err.msg);
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

/* How often a word is in the picture's bytes. */
static size_t count(const pw_plate_picture *p, pw_canvas_format format, const char *word)
{
	pw_str out = draw(p, format);
	size_t n = 0, length = strlen(word);
	for (size_t i = 0; i + length <= out.len; i++)
		n += memcmp(out.ptr + i, word, length) == 0;
	pw_str_clear(&out);
	return n;
}

static size_t glyphs(const pw_plate_picture *p)
{
	return count(p, PW_CANVAS_SVG, "<use");
}

static double svg_height(const pw_plate_picture *p)
{
	pw_str svg = draw(p, PW_CANVAS_SVG);
	const char *at = strstr(svg.ptr, " height=\"");
	ck_assert_ptr_nonnull(at);
	double height = strtod(at + 9, NULL) * 25.4 / 72;
	pw_str_clear(&svg);
	return height;
}

START_TEST(test_two_claims_on_one_well_are_an_error_that_names_both)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	add_well(plate, "A");
	add_well(plate, "B")->well = (pw_well){0, 0};
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_plate_picture_draw(&plate->p, PW_CANVAS_SVG, 0, &out, &err),
			 PW_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(err.msg, "A1"));
	ck_assert_ptr_nonnull(strstr(err.msg, "'A000'"));
	ck_assert_ptr_nonnull(strstr(err.msg, "'B001'"));
	ck_assert_uint_eq(out.len, 0);
	pw_free(plate);
}
END_TEST

static const struct {
	pw_plate_format format;
	pw_well well, next;
	size_t subtitles;
	pw_status status;
} plates[] = {
	{{8, 12}, {7, 11}, {7, 11}, 1, PW_OK},
	{{1, 1}, {0, 0}, {0, 0}, 0, PW_OK},
	{{16, 24}, {15, 23}, {15, 23}, 1, PW_OK},
	{{0, 12}, {0, 0}, {0, 0}, 0, PW_ERR_ARG},
	{{8, 0}, {0, 0}, {0, 0}, 0, PW_ERR_ARG},
	{{17, 24}, {0, 0}, {0, 0}, 0, PW_ERR_ARG},
	{{16, 25}, {0, 0}, {0, 0}, 0, PW_ERR_ARG},
	{{8, 12}, {8, 0}, {0, 0}, 0, PW_ERR_LIMIT},
	{{8, 12}, {0, 12}, {0, 0}, 0, PW_ERR_LIMIT},
	{{8, 12}, {0, 0}, {0, 12}, 0, PW_ERR_LIMIT},
	{{8, 12}, {0, 0}, {0, 0}, PW_PICTURE_SUBTITLES + 1, PW_ERR_ARG},
};

START_TEST(test_what_is_not_on_the_plate_is_refused)
{
	static const char *const subtitles[PW_PICTURE_SUBTITLES + 1] = {"run 17", "", "", ""};
	struct plate *plate = new_plate(plates[_i].format);
	plate->wells[0] = (pw_picture_well){.well = plates[_i].well, .state = PW_PICTURE_SPECIMEN};
	plate->p.well_count = 1;
	plate->p.has_next = true;
	plate->p.next = plates[_i].next;
	plate->p.subtitles = subtitles;
	plate->p.subtitle_count = plates[_i].subtitles;
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_plate_picture_draw(&plate->p, PW_CANVAS_PDF, 0, &out, &err),
			 plates[_i].status);
	ck_assert_int_eq(out.len > 0, plates[_i].status == PW_OK);
	pw_str_clear(&out);
	pw_free(plate);
}
END_TEST

START_TEST(test_dpi_of_nothing_is_refused)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(pw_plate_picture_draw(&plate->p, PW_CANVAS_PNG, 0, &out, NULL),
			 PW_ERR_ARG);
	ck_assert_int_eq(pw_plate_picture_draw(&plate->p, PW_CANVAS_PNG, 1e5, &out, NULL),
			 PW_ERR_LIMIT);
	pw_free(plate);
}
END_TEST

/* Every way a well can look. */
static const pw_picture_well looks[] = {
	{.state = PW_PICTURE_EMPTY},
	{.state = PW_PICTURE_FREE},
	{.state = PW_PICTURE_CONTROL, .verdict = PW_PICTURE_PENDING},
	{.state = PW_PICTURE_CONTROL, .verdict = PW_PICTURE_PASSED},
	{.state = PW_PICTURE_CONTROL, .verdict = PW_PICTURE_FAILED},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_NONE},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_POSITIVE},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_NEGATIVE},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_INCONCLUSIVE},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_INVALID},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_POSITIVE, .held = true},
	{.state = PW_PICTURE_SPECIMEN, .call = PW_CALL_NEGATIVE, .held = true},
};

#define LOOK_COUNT (sizeof(looks) / sizeof(looks[0]))

/* One well, no words, no colour. */
static pw_str draw_look(size_t look, bool next)
{
	pw_plate_picture p = PW_PLATE_PICTURE_INIT;
	p.format = PW_PLATE_96;
	p.wells = &looks[look];
	p.well_count = 1;
	p.legend = false;
	p.has_next = next;
	return draw(&p, PW_CANVAS_PNG);
}

START_TEST(test_every_state_looks_different_in_black_and_white)
{
	for (size_t a = 0; a < LOOK_COUNT; a++) {
		for (size_t b = a + 1; b < LOOK_COUNT; b++)
			ck_assert_msg(!same(draw_look(a, false), draw_look(b, false)),
				      "looks %zu and %zu", a, b);
		ck_assert_msg(!same(draw_look(a, false), draw_look(a, true)), "look %zu, next", a);
	}
}
END_TEST

/* Whether a picture has an ink that is no grey. */
static bool has_colour(const pw_plate_picture *p)
{
	pw_str svg = draw(p, PW_CANVAS_SVG);
	bool found = false;
	for (const char *at = svg.ptr; (at = strstr(at, "rgb(")) != NULL; at++) {
		char *end;
		double red = strtod(at + 4, &end), green = strtod(end + 2, &end);
		double blue = strtod(end + 2, NULL);
		found |= red != green || green != blue;
	}
	pw_str_clear(&svg);
	return found;
}

START_TEST(test_colour_only_comes_on_top)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	for (size_t i = 0; i < LOOK_COUNT; i++) {
		pw_picture_well *well = add_well(plate, "T");
		pw_well at = well->well;
		*well = looks[i];
		well->well = at;
	}
	ck_assert(!has_colour(&plate->p));
	size_t shapes = count(&plate->p, PW_CANVAS_SVG, "<path");
	plate->p.colour = true;
	ck_assert(has_colour(&plate->p));
	ck_assert_uint_eq(count(&plate->p, PW_CANVAS_SVG, "<path"), shapes);
	pw_free(plate);
}
END_TEST

START_TEST(test_an_empty_well_need_not_be_listed)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	add_well(plate, "T");
	add_well(plate, "T")->state = PW_PICTURE_EMPTY;
	pw_str listed = draw(&plate->p, PW_CANVAS_SVG);
	plate->p.well_count = 1;
	ck_assert(same(listed, draw(&plate->p, PW_CANVAS_SVG)));
	pw_free(plate);
}
END_TEST

START_TEST(test_the_legend_counts_wells)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	for (int i = 0; i < 9; i++)
		add_well(plate, "T")->call = PW_CALL_NEGATIVE;
	size_t nine = glyphs(&plate->p);
	plate->p.legend = false;
	ck_assert_uint_gt(nine - glyphs(&plate->p), strlen("positive:0wells"));
	plate->p.legend = true;
	/* One more label of four, "10" for "9" negative, "86" for "87" empty. */
	add_well(plate, "T")->call = PW_CALL_NEGATIVE;
	ck_assert_uint_eq(glyphs(&plate->p), nine + 4 + 1);
	/* A call that no well had before was in the legend already, as "0 wells"; now "1 well". */
	plate->wells[9].call = PW_CALL_INVALID;
	ck_assert_uint_eq(glyphs(&plate->p), nine + 4 - 1);
	/* "held, among these: 1 well" */
	plate->wells[9].held = true;
	ck_assert_uint_ge(glyphs(&plate->p), nine + 3 + strlen("held,amongthese:1well"));
	pw_free(plate);
}
END_TEST

START_TEST(test_short_labels_need_one_page)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	for (int i = 0; i < 96; i++) {
		pw_picture_well *well = add_well(plate, "SZ26-00");
		well->sub_label = "10 swabs";
		well->lines[0] = "ORF1ab 23.1";
		well->lines[1] = "N –";
	}
	ck_assert_uint_eq(count(&plate->p, PW_CANVAS_PDF, "/Count 1"), 1);
	ck_assert_double_eq_tol(svg_height(&plate->p), 210, 0.1);
	pw_free(plate);
}
END_TEST

static void set_text(pw_picture_well *well, int which, const char *text)
{
	if (which == 0)
		well->label = text;
	else if (which == 1)
		well->sub_label = text;
	else
		well->lines[0] = text;
}

START_TEST(test_what_is_cut_on_the_plate_is_whole_in_a_table)
{
	static const char text[] = "深圳市第三人民医院-LABORATORY-2026-000417";
	struct plate *plate = new_plate(PW_PLATE_96);
	for (int i = 0; i < 20; i++)
		add_well(plate, "T");
	size_t before = glyphs(&plate->p);
	set_text(&plate->wells[7], _i, text);
	ck_assert_uint_eq(count(&plate->p, PW_CANVAS_PDF, "/Count 2"), 1);
	ck_assert_double_gt(svg_height(&plate->p), 210 + 20);
	/* The table has, of 20 wells, at least name, label and call, and the text whole. */
	ck_assert_uint_gt(glyphs(&plate->p), before + 20 * strlen("A1T000notjudged") + 34);
	pw_free(plate);
}
END_TEST

START_TEST(test_384_labels_are_whole_in_the_table)
{
	struct plate *plate = new_plate(PW_PLATE_384);
	for (int i = 0; i < 384; i++)
		add_well(plate, "K");
	size_t glyphs_before = glyphs(&plate->p);
	for (size_t i = 0; i < 384; i++)
		snprintf(plate->labels[i], sizeof(plate->labels[i]), "样K%03zu", i);
	/* Five characters instead of four: on the plate they stay four. */
	ck_assert_uint_eq(glyphs(&plate->p), glyphs_before + 384);
	ck_assert_uint_eq(count(&plate->p, PW_CANVAS_PDF, "/Count 1"), 0);
	pw_free(plate);
}
END_TEST

START_TEST(test_the_order_of_filling_orders_the_table)
{
	struct plate *plate = new_plate(PW_PLATE_384);
	for (int i = 0; i < 40; i++)
		add_well(plate, "SZ26-00");
	pw_str by_column = draw(&plate->p, PW_CANVAS_SVG);
	plate->p.order = PW_BY_ROW;
	ck_assert(!same(by_column, draw(&plate->p, PW_CANVAS_SVG)));
	pw_free(plate);
}
END_TEST

START_TEST(test_characters_without_a_font_are_told_on_the_page)
{
	struct plate *plate = new_plate(PW_PLATE_96);
	add_well(plate, "T")->label = "T\xCD\xB8"; /* U+0378 is in no font */
	size_t with = glyphs(&plate->p);
	plate->wells[0].label = "Tx";
	ck_assert_uint_gt(with, glyphs(&plate->p) + 40);
	pw_free(plate);
}
END_TEST

START_TEST(test_the_same_plate_is_the_same_bytes)
{
	struct plate *plate = new_plate(_i % 2 == 0 ? PW_PLATE_96 : PW_PLATE_384);
	for (int i = 0; i < 50; i++)
		add_well(plate, "样品")->call = (pw_call)(i % 5);
	plate->p.paper = PW_PAPER_LETTER;
	pw_canvas_format format = (pw_canvas_format)(_i / 2);
	pw_str first = draw(&plate->p, format);
	ck_assert(same(first, draw(&plate->p, format)));
	pw_free(plate);
}
END_TEST

/* A morning's plate: what the README shows. */
static struct plate *sample_plate(void)
{
	static const char *const subtitles[] = {
		"SARS-CoV-2 duplex N1/N2 with RNase P · pools of 10 swabs · 早班",
		"extraction EX26-000391-4 · run 2026-11-23-017"};
	static const char calls[] = "--------"
				    "----+--?"
				    "--h-----"
				    "+----x--";
	struct plate *plate = new_plate(PW_PLATE_96);
	plate->p.title = "PCR plate 17";
	plate->p.subtitles = subtitles;
	plate->p.subtitle_count = 2;
	plate->p.kind = "PCR plate, 96 wells";
	plate->p.footer = "printed at bench 2, 2026-11-23 14:05 · journal 8f3c2a91d0e4";
	plate->p.colour = true;
	for (size_t i = 0; calls[i] != '\0'; i++) {
		pw_picture_well *well = add_well(plate, "T26-4");
		char call = calls[i];
		well->held = call == 'h';
		well->call = call == '+'   ? PW_CALL_POSITIVE
			     : call == '?' ? PW_CALL_INCONCLUSIVE
			     : call == 'x' ? PW_CALL_INVALID
					   : PW_CALL_NEGATIVE;
		bool n1 = call == '+', n2 = call == '+' || call == '?';
		snprintf(plate->lines[i][0], sizeof(plate->lines[i][0]), n1 ? "N1 27.%zu" : "N1 –",
			 i % 10);
		snprintf(plate->lines[i][1], sizeof(plate->lines[i][1]), n2 ? "N2 28.%zu" : "N2 –",
			 i * 3 % 10);
		well->lines[0] = plate->lines[i][0];
		well->lines[1] = plate->lines[i][1];
	}
	for (size_t i = 0; i < 3; i++) {
		pw_picture_well *well = add_well(plate, "");
		well->state = i == 2 ? PW_PICTURE_FREE : PW_PICTURE_CONTROL;
		well->verdict = PW_PICTURE_PASSED;
		well->label = i == 0 ? "NTC" : i == 1 ? "PC" : NULL;
		well->sub_label = i == 0 ? "water" : i == 1 ? "lot 0423" : NULL;
		well->lines[0] = i == 0 ? "N1 –" : i == 1 ? "N1 24.8" : NULL;
		well->lines[1] = i == 0 ? "N2 –" : i == 1 ? "N2 25.1" : NULL;
		well->well = pw_well_at(93 + (int)i, plate->p.format, PW_BY_COLUMN);
	}
	plate->p.has_next = true;
	plate->p.next = pw_well_at(32, plate->p.format, PW_BY_COLUMN);
	return plate;
}

static void write_file(const char *folder, const char *name, const pw_str *bytes)
{
	pw_str path = PW_STR_INIT;
	pw_str_addf(&path, "%s/%s", folder, name);
	FILE *file = fopen(path.ptr, "wb");
	ck_assert_msg(file != NULL, "can't write %s", path.ptr);
	ck_assert_uint_eq(fwrite(bytes->ptr, 1, bytes->len, file), bytes->len);
	ck_assert_int_eq(fclose(file), 0);
	pw_str_clear(&path);
}

/* The picture of the README is one that was drawn here; its size depends on the fonts of the day. */
START_TEST(test_the_sample_is_small_enough_for_a_page)
{
	struct plate *plate = sample_plate();
	pw_str svg = draw(&plate->p, PW_CANVAS_SVG);
	ck_assert_ptr_nonnull(strstr(svg.ptr, "<svg"));
	const char *folder = getenv("PW_WRITE_PICTURES");
	if (folder != NULL && folder[0] != '\0')
		write_file(folder, "plate.svg", &svg);
	FILE *shipped = fopen(PW_SOURCE_DIR "/docs/pictures/plate.svg", "rb");
	ck_assert_ptr_nonnull(shipped);
	ck_assert_int_eq(fseek(shipped, 0, SEEK_END), 0);
	ck_assert_int_lt(ftell(shipped), MAX_SAMPLE_BYTES);
	fclose(shipped);
	pw_str_clear(&svg);
	pw_free(plate);
}
END_TEST

Suite *suite_plate_picture(void);

Suite *suite_plate_picture(void)
{
	Suite *s = suite_create("plate_picture");
	TCase *tc = tcase_create("plate");
	tcase_set_timeout(tc, 60); /* hundreds of pictures, under sanitizers too */
	tcase_add_test(tc, test_two_claims_on_one_well_are_an_error_that_names_both);
	tcase_add_loop_test(tc, test_what_is_not_on_the_plate_is_refused, 0,
			    (int)(sizeof(plates) / sizeof(plates[0])));
	tcase_add_test(tc, test_dpi_of_nothing_is_refused);
	tcase_add_test(tc, test_every_state_looks_different_in_black_and_white);
	tcase_add_test(tc, test_colour_only_comes_on_top);
	tcase_add_test(tc, test_an_empty_well_need_not_be_listed);
	tcase_add_test(tc, test_the_legend_counts_wells);
	tcase_add_test(tc, test_short_labels_need_one_page);
	tcase_add_loop_test(tc, test_what_is_cut_on_the_plate_is_whole_in_a_table, 0, 3);
	tcase_add_test(tc, test_384_labels_are_whole_in_the_table);
	tcase_add_test(tc, test_the_order_of_filling_orders_the_table);
	tcase_add_test(tc, test_characters_without_a_font_are_told_on_the_page);
	tcase_add_loop_test(tc, test_the_same_plate_is_the_same_bytes, 0, 6);
	tcase_add_test(tc, test_the_sample_is_small_enough_for_a_page);
	suite_add_tcase(s, tc);
	return s;
}
