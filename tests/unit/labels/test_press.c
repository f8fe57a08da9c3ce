/*
 * What is burnt is what is read: every shipped label, in the three resolutions of printers, read back by programs
 * that are not ours. (Identifiers at random: test_round_trip.c.)
 */
#include <check.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "labels/dialect.h"
#include "labels/lint.h"
#include "labels/shipped.h"
#include "tests/unit/labels/label_fixture.h"

static const int resolutions[] = {203, 300, 600};

/* Writes a raster as PNG. */
static void write_png(const pw_raster *raster, const char *folder, const char *name)
{
	pw_str png = PW_STR_INIT;
	pw_raster_png(raster, &png);
	fixture_write(folder, name, png.ptr, png.len);
	pw_str_clear(&png);
}

/* The part of a page that is one symbol with its quiet zone, so that each is read alone. */
static pw_raster cut_out(const pw_raster *page, const pw_label_item *item)
{
	int quiet = item->element->quiet * item->dots;
	bool bars = pw_symbol_is_bars(item->symbol.kind), sideways = (item->element->turn & 1) != 0;
	int aside = bars && sideways ? 0 : quiet, above = bars && !sideways ? 0 : quiet;
	pw_raster out = PW_RASTER_INIT;
	ck_assert_int_eq(pw_raster_init(&out, item->width + 2 * aside + 8,
					item->height + 2 * above + 8, page->dpi, NULL),
			 PW_OK);
	for (int y = -above; y < item->height + above; y++)
		for (int x = -aside; x < item->width + aside; x++)
			if (pw_raster_get(page, item->x + x, item->y + y))
				pw_raster_fill(&out, aside + x + 4, above + y + 4, 1, 1);
	return out;
}

/* A decoder, asked alone, reads the file as the very text that the symbol was made from. */
static void check_read(const pw_label_item *item, const char *decoder, const char *folder,
		       const char *name)
{
	pw_str said = fixture_run("%s '%s/%s' 2>/dev/null", decoder, folder, name);
	while (said.len > 0 && said.ptr[said.len - 1] == '\n')
		pw_str_truncate(&said, said.len - 1);
	ck_assert_msg(strcmp(pw_str_text(&said), item->text) == 0, "%s: '%s' is read as '%s' by %s",
		      name, item->text, pw_str_text(&said), decoder);
	pw_str_clear(&said);
}

START_TEST(test_every_shipped_label_is_read_back)
{
	const pw_embedded *file = &pw_shipped_templates[_i / 3];
	pw_label_template *t = NULL;
	pw_label_layout *layout = NULL;
	pw_raster page = PW_RASTER_INIT;
	ck_assert_int_eq(pw_label_template_parse(file->bytes, file->size, file->name, &t, NULL),
			 PW_OK);
	pw_label_values values = fixture_examples(t);
	fixture_make(t, &values, resolutions[_i % 3], &layout, &page);
	char *folder = fixture_folder();
	int symbols = 0;
	for (size_t i = 0; i < layout->count; i++) {
		const pw_label_item *item = &layout->items[i];
		if (item->element->kind != PW_ELEMENT_SYMBOL)
			continue;
		symbols++;
		const char *decoder = fixture_decoder(item->symbol.kind);
		if (decoder == NULL)
			continue;
		char name[64];
		snprintf(name, sizeof(name), "%s-%d-%zu.png", t->name, layout->dpi, i);
		pw_raster symbol = cut_out(&page, item);
		write_png(&symbol, folder, name);
		check_read(item, decoder, folder, name);
		pw_raster_clear(&symbol);
	}
	ck_assert_int_ge(symbols, 1);
	fixture_remove(folder);
	pw_raster_clear(&page);
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_every_symbology_is_read_back_in_every_direction)
{
	static const char *const elements[] = {
		"code128: \"SZT00000124M\", at: [0, 0, 50, 50]",
		"code128: \"abc-DEF_0123456789\", at: [0, 0, 100, 100]",
		"datamatrix: \"SZT00000124M\", at: [1, 1, 20, 20]",
		"datamatrix: \"SZT00000124M\", shape: rectangle, at: [1, 1, 20, 20]",
		"qr: \"SZT00000124M\", at: [1, 1, 25, 25]",
		"qr: \"欧阳小明 José\", level: H, at: [1, 1, 35, 35]",
	};
	char *folder = fixture_folder();
	for (int turn = 0; turn < 4; turn++) {
		char yaml[400];
		snprintf(yaml, sizeof(yaml),
			 "poolwell: label/1\nname: test\nversion: 1\nsize: [100, 100]\nelements:\n"
			 "  - {%s, turn: %d}\n",
			 elements[_i], 90 * turn);
		pw_label_template *t = fixture_template(yaml);
		pw_label_layout *layout = NULL;
		pw_raster page = PW_RASTER_INIT;
		fixture_make(t, &(pw_label_values){NULL, 0}, 203, &layout, &page);
		const char *decoder = fixture_decoder(layout->items[0].symbol.kind);
		write_png(&page, folder, "page.png");
		if (decoder != NULL)
			check_read(&layout->items[0], decoder, folder, "page.png");
		pw_raster_clear(&page);
		pw_label_layout_free(layout);
		pw_label_template_free(t);
	}
	fixture_remove(folder);
}
END_TEST

START_TEST(test_gs1_is_read_back_with_its_separators)
{
	pw_label_template *t = fixture_template(
		"poolwell: label/1\nname: test\nversion: 1\nsize: [100, 30]\nelements:\n"
		"  - {gs1-128: \"(01)09501101530003(17)261231(10)A7-3(21)99\", at: [0, 2, 100, 20]}\n");
	pw_raster page = PW_RASTER_INIT;
	fixture_make(t, &(pw_label_values){NULL, 0}, 300, NULL, &page);
	char *folder = fixture_folder();
	write_png(&page, folder, "gs1.png");
	const char *decoder = fixture_decoder(PW_SYMBOL_GS1_128);
	if (decoder != NULL) {
		pw_str said = fixture_run("%s '%s/gs1.png' 2>/dev/null", decoder, folder);
		ck_assert_str_eq(pw_str_text(&said), "01095011015300031726123110A7-3\x1D"
						     "2199\n");
		pw_str_clear(&said);
	}
	fixture_remove(folder);
	pw_raster_clear(&page);
	pw_label_template_free(t);
}
END_TEST

/* --- names ---------------------------------------------------------------------------------- */

static const char *const names[] = {"欧阳小明", "محمد عبد الله الحسيني", "प्रियंका श्रीवास्तव",
				    "José 🧪😀 Ñandú"};

/* Black dots in an area of the page. */
static int black_in(const pw_raster *page, pw_area area)
{
	int count = 0;
	int from = pw_dots_of(area.x, page->dpi), to = pw_dots_of(area.x + area.w, page->dpi);
	int top = pw_dots_of(area.y, page->dpi), bottom = pw_dots_of(area.y + area.h, page->dpi);
	for (int y = top; y < bottom; y++)
		for (int x = from; x < to; x++)
			count += pw_raster_get(page, x, y);
	return count;
}

START_TEST(test_names_of_any_script_are_burnt_and_disturb_no_symbol)
{
	pw_label_template *t = fixture_shipped("tube-13x75");
	pw_label_layout *layout = NULL;
	pw_raster page = PW_RASTER_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_label_values values =
		fixture_values((const char *[]){"id", "SZT00000124M", "name", names[_i], NULL});
	fixture_make(t, &values, 203, &layout, &page);
	if (layout->items[0].missing > 0) {
		printf("skipped: no font for '%s' is installed\n", names[_i]);
	} else {
		pw_label_lint(layout, &report);
		ck_assert_uint_eq(report.len, 0);
		ck_assert_str_eq(layout->items[0].text, names[_i]);
		ck_assert_int_gt(black_in(&page, layout->items[0].ink), 100);
		char *folder = fixture_folder();
		const char *decoder = fixture_decoder(PW_SYMBOL_CODE128);
		write_png(&page, folder, "name.png");
		if (decoder != NULL)
			check_read(&layout->items[1], decoder, folder, "name.png");
		fixture_remove(folder);
	}
	pw_report_clear(&report);
	pw_raster_clear(&page);
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}
END_TEST

/* --- rasters and pictures ------------------------------------------------------------------- */

START_TEST(test_every_module_of_a_symbol_is_whole_dots)
{
	pw_label_template *t = fixture_with("  - {datamatrix: \"{id}\", at: [2.3, 3.1, 20, 20]}\n");
	pw_label_layout *layout = NULL;
	pw_raster page = PW_RASTER_INIT;
	pw_label_values values = fixture_values((const char *[]){"id", "SZT00000124M", NULL});
	fixture_make(t, &values, resolutions[_i], &layout, &page);
	const pw_label_item *item = &layout->items[0];
	for (int y = 0; y < page.height; y++) {
		for (int x = 0; x < page.width; x++) {
			int column = x - item->x, row = y - item->y;
			bool in = column >= 0 && row >= 0 && column < item->width &&
				  row < item->height;
			bool dark = in && pw_symbol_dark(&item->symbol, column / item->dots,
							 row / item->dots);
			ck_assert_int_eq(pw_raster_get(&page, x, y), dark);
		}
	}
	pw_raster_clear(&page);
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}
END_TEST

/* One label of a press that may have made others before. */
static pw_raster press_one(pw_press *press, const char *id, const char *name)
{
	pw_label_values values = fixture_values((const char *[]){"id", id, "name", name, NULL});
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_press_layout(press, &values, 1, &layout, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_press_raster(press, layout, &raster, &err) == PW_OK, "%s", err.msg);
	pw_label_layout_free(layout);
	return raster;
}

/* What a press remembers of one label must not show on another. */
START_TEST(test_a_press_burns_every_label_as_if_it_were_the_first)
{
	static const char *const texts[] = {"Li Na",
					    "",
					    "欧阳小明",
					    "José 🧪😀 Ñandú",
					    "Wilhelmina Alexandra Featherstonehaugh",
					    "محمد عبد الله الحسيني",
					    "Li Na"};
	pw_label_template *t = fixture_with(
		"  - {text: \"{name}\", at: [2, 1, 20, 8], lines: 2, cut: end}\n"
		"  - {text: \"{name}\", at: [24, 1, 5, 22], turn: 90, bold: yes, cut: end}\n"
		"  - {text: \"{id}\", at: [2, 10, 20, 5], invert: yes, cut: middle}\n"
		"  - {text: always, at: [31, 1, 17, 4]}\n"
		"  - {box: [30.5, 0.5, 18, 20], radius: 1}\n"
		"  - {line: [2, 28, 48, 16], dash: yes}\n"
		"  - {datamatrix: \"{id}\", at: [31, 5, 14, 14]}\n");
	pw_press *press = NULL;
	pw_rng rng;
	pw_rng_init(&rng, 7);
	ck_assert_int_eq(pw_press_new(t, resolutions[_i], &press, NULL), PW_OK);
	for (int i = 0; i < 40; i++) {
		char id[16];
		const char *name = texts[pw_rng_below(&rng, 7)];
		snprintf(id, sizeof(id), "TUBE-%d", (int)pw_rng_below(&rng, 5));
		pw_press *fresh = NULL;
		ck_assert_int_eq(pw_press_new(t, resolutions[_i], &fresh, NULL), PW_OK);
		pw_raster one = press_one(press, id, name), other = press_one(fresh, id, name);
		ck_assert_msg(pw_raster_eq(&one, &other), "label %d: '%s' '%s'", i, id, name);
		pw_raster_clear(&one);
		pw_raster_clear(&other);
		pw_press_free(fresh);
	}
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

/* Bytes that are allocated now; 0 where the C library does not tell. */
static size_t allocated(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
	return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
	return 0;
#endif
}

/* Numbers and names that are others on every label, in many scripts. */
START_TEST(test_labels_without_end_need_no_more_memory)
{
	pw_label_template *t = fixture_shipped("tube-13x75");
	pw_press *press = NULL;
	size_t before = 0;
	ck_assert_int_eq(pw_press_new(t, 203, &press, NULL), PW_OK);
	for (int i = 0; i < 5000; i++) {
		char id[16], name[60];
		if (i == 2000) /* the fonts have their glyphs */
			before = allocated();
		snprintf(id, sizeof(id), "SZT%08d", i);
		snprintf(name, sizeof(name), "%s %d", names[i % 4], i);
		pw_raster page = press_one(press, id, name);
		pw_str job = PW_STR_INIT;
		ck_assert_int_eq(pw_dialect_encode(PW_DIALECT_ZPL, &page,
						   &(pw_print_job)PW_PRINT_JOB_INIT, &job, NULL),
				 PW_OK);
		pw_str_clear(&job);
		pw_raster_clear(&page);
	}
	size_t after = allocated();
	if (before == 0)
		printf("skipped: this C library does not say how much is allocated\n");
	else
		ck_assert_msg(after < before + 100 * 1000, "%zu bytes more after 3,000 labels",
			      after - before);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_what_is_inverted_lies_on_top)
{
	pw_label_template *t =
		fixture_with("  - {box: [2, 2, 30, 20], fill: yes}\n"
			     "  - {text: \"{id}\", at: [5, 5, 20, 6], invert: yes}\n");
	pw_press *press = NULL;
	ck_assert_int_eq(pw_press_new(t, 300, &press, NULL), PW_OK);
	pw_raster page = press_one(press, "EXP", "");
	int black = black_in(&page, (pw_area){5000, 5000, 20000, 6000});
	int all = pw_dots_of(20000, 300) * pw_dots_of(6000, 300);
	ck_assert(black > all * 6 / 10 && black < all * 95 / 100);
	pw_raster_clear(&page);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_inverted_text_is_white_on_black)
{
	pw_label_template *t =
		fixture_with("  - {text: \"{id}\", at: [5, 5, 20, 6], invert: yes}\n");
	pw_raster page = PW_RASTER_INIT;
	pw_label_values values = fixture_values((const char *[]){"id", "EXP", NULL});
	fixture_make(t, &values, 300, NULL, &page);
	int black = black_in(&page, (pw_area){5000, 5000, 20000, 6000});
	int all = pw_dots_of(20000, 300) * pw_dots_of(6000, 300);
	ck_assert(black > all * 6 / 10 && black < all * 95 / 100);
	ck_assert(pw_raster_get(&page, pw_dots_of(5300, 300), pw_dots_of(5300, 300)));
	ck_assert(!pw_raster_get(&page, pw_dots_of(4500, 300), pw_dots_of(5300, 300)));
	pw_raster_clear(&page);
	pw_label_template_free(t);
}
END_TEST

/* What is red is black as well, for printers that know no other; black laid over it is black alone. */
START_TEST(test_red_is_a_part_of_black_and_of_pictures)
{
	pw_label_template *t = fixture_with("  - {box: [2, 2, 20, 10], fill: yes, red: yes}\n"
					    "  - {line: [2, 7, 22, 7], width: 1}\n"
					    "  - {text: \"{id}\", at: [25, 2, 20, 6], red: yes}\n");
	pw_press *press = NULL;
	ck_assert_int_eq(pw_press_new(t, 300, &press, NULL), PW_OK);
	pw_raster page = press_one(press, "EXP", "");
	ck_assert_ptr_nonnull(page.red);
	size_t red = 0, both = 0, at = (size_t)pw_dots_of(7000, 300) * page.stride + 10;
	for (size_t i = 0; i < pw_raster_bytes(&page); i++) {
		red += page.red[i] != 0;
		both += (page.red[i] & ~page.bits[i]) != 0;
	}
	ck_assert_uint_gt(red, 118 * 29);
	ck_assert_uint_eq(both, 0);
	ck_assert(page.bits[at] == 0xFF && page.red[at] == 0);
	pw_str png = PW_STR_INIT, svg = PW_STR_INIT;
	pw_raster_png(&page, &png);
	ck_assert_int_eq(memcmp(png.ptr + 24, "\x02\x03", 2), 0); /* two bits, a palette */
	pw_label_layout *layout = NULL;
	pw_label_values values = fixture_values((const char *[]){"id", "EXP", NULL});
	ck_assert_int_eq(pw_press_layout(press, &values, 1, &layout, NULL), PW_OK);
	ck_assert_int_eq(pw_press_picture((const pw_label_layout *const *)&layout, 1, PW_CANVAS_SVG,
					  &svg, NULL),
			 PW_OK);
	ck_assert_ptr_nonnull(strstr(svg.ptr, "81.5")); /* per cent of red: D0 */
	pw_str_clear(&png);
	pw_str_clear(&svg);
	pw_label_layout_free(layout);
	pw_raster_clear(&page);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_a_png_knows_its_true_size)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_str png = PW_STR_INIT;
	ck_assert_int_eq(pw_raster_init(&raster, 13, 5, 203, NULL), PW_OK);
	pw_raster_png(&raster, &png);
	ck_assert_int_eq(memcmp(png.ptr,
				"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x0D\0\0\0\x05\x01\0\0\0\0",
				29),
			 0);
	/* 203 dots an inch are 7,992 a metre */
	ck_assert_int_eq(memcmp(png.ptr + 33, "\0\0\0\x09pHYs\0\0\x1F\x38\0\0\x1F\x38\x01", 17), 0);
	pw_str_clear(&png);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_rasters_have_limits_and_edges)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_raster_init(&raster, 0, 5, 203, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_raster_init(&raster, 5, 5, 0, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_raster_init(&raster, 100001, 5, 203, &err), PW_ERR_LIMIT);
	ck_assert_int_eq(pw_raster_init(&raster, 90000, 90000, 203, &err), PW_ERR_LIMIT);
	ck_assert_int_eq(pw_raster_init(&raster, 10, 4, 203, &err), PW_OK);
	ck_assert_uint_eq(raster.stride, 2);
	pw_raster_fill(&raster, -5, -5, 8, 7);
	pw_raster_fill(&raster, 8, 3, 50, 50);
	ck_assert(raster.bits[0] == 0xE0 && raster.bits[2] == 0xE0 && raster.bits[4] == 0);
	ck_assert(raster.bits[6] == 0 && raster.bits[7] == 0xC0);
	ck_assert(!pw_raster_get(&raster, -1, 0) && !pw_raster_get(&raster, 10, 3));
	pw_raster_wipe(&raster, 1, 0, 1, 2);
	pw_raster_wipe(&raster, -4, 3, 13, 9);
	ck_assert(raster.bits[0] == 0xA0 && raster.bits[2] == 0xA0 && raster.bits[7] == 0x40);
	pw_raster_clear(&raster);
	ck_assert_int_eq(pw_dots_of(25400, 203), 203);
	ck_assert_int_eq(pw_dots_of(-25400, 203), -203);
	ck_assert_double_eq_tol(pw_um_of(300, 300), 25400, 1e-9);
}
END_TEST

START_TEST(test_pictures_are_svg_and_pdf_of_as_many_pages)
{
	pw_label_template *t = fixture_shipped("reagent-lot");
	pw_label_layout *layout = NULL;
	pw_label_values values = fixture_examples(t);
	fixture_make(t, &values, 300, &layout, NULL);
	const pw_label_layout *pages[] = {layout, layout};
	pw_str svg = PW_STR_INIT, pdf = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_press_picture(pages, 1, PW_CANVAS_SVG, &svg, &err), PW_OK);
	ck_assert_int_eq(pw_press_picture(pages, 2, PW_CANVAS_PDF, &pdf, &err), PW_OK);
	ck_assert(pw_text_starts(pdf.ptr, "%PDF-1."));
	ck_assert_int_eq(pw_press_picture(pages, 1, PW_CANVAS_PNG, &svg, &err), PW_ERR_ARG);
	ck_assert_int_eq(pw_press_picture(pages, 2, PW_CANVAS_SVG, &svg, &err), PW_ERR_ARG);
	char *folder = fixture_folder();
	fixture_write(folder, "label.svg", svg.ptr, svg.len);
	const char *decoder = fixture_decoder(PW_SYMBOL_DATAMATRIX);
	if (decoder != NULL && fixture_has("rsvg-convert")) {
		pw_str made =
			fixture_run("cd '%s' && rsvg-convert -d 400 -p 400 -z 3 -b white label.svg "
				    "-o label.png",
				    folder);
		pw_str_clear(&made);
		check_read(&layout->items[1], decoder, folder, "label.png");
	}
	fixture_remove(folder);
	pw_str_clear(&svg);
	pw_str_clear(&pdf);
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}
END_TEST

Suite *suite_press(void);

Suite *suite_press(void)
{
	Suite *s = suite_create("press");
	TCase *read = tcase_create("read back");
	int count = 0;
	while (pw_shipped_templates[count].name != NULL)
		count++;
	tcase_set_timeout(read, 300);
	tcase_add_loop_test(read, test_every_shipped_label_is_read_back, 0, 3 * count);
	tcase_add_loop_test(read, test_every_symbology_is_read_back_in_every_direction, 0, 6);
	tcase_add_test(read, test_gs1_is_read_back_with_its_separators);
	tcase_add_loop_test(read, test_names_of_any_script_are_burnt_and_disturb_no_symbol, 0, 4);
	suite_add_tcase(s, read);
	TCase *c = tcase_create("pictures");
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_every_module_of_a_symbol_is_whole_dots, 0, 3);
	tcase_add_loop_test(c, test_a_press_burns_every_label_as_if_it_were_the_first, 0, 3);
	tcase_add_test(c, test_labels_without_end_need_no_more_memory);
	tcase_add_test(c, test_what_is_inverted_lies_on_top);
	tcase_add_test(c, test_inverted_text_is_white_on_black);
	tcase_add_test(c, test_red_is_a_part_of_black_and_of_pictures);
	tcase_add_test(c, test_a_png_knows_its_true_size);
	tcase_add_test(c, test_rasters_have_limits_and_edges);
	tcase_add_test(c, test_pictures_are_svg_and_pdf_of_as_many_pages);
	suite_add_tcase(s, c);
	return s;
}
