#include <check.h>
#include <string.h>

#include "core/base/rng.h"
#include "labels/dialect.h"
#include "labels/shipped.h"
#include "labels/symbol.h"
#include "tests/unit/labels/job_reader.h"
#include "tests/unit/labels/label_fixture.h"

static pw_str encode(pw_dialect dialect, const pw_raster *raster, const pw_print_job *job)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_dialect_encode(dialect, raster, job, &out, &err) == PW_OK, "%s", err.msg);
	return out;
}

static pw_raster blank(int width, int height, int dpi)
{
	pw_raster raster = PW_RASTER_INIT;
	ck_assert_int_eq(pw_raster_init(&raster, width, height, dpi, NULL), PW_OK);
	return raster;
}

/* Two rows of 12 dots: 1010…, and its last four. */
static pw_raster small(int dpi)
{
	pw_raster raster = blank(12, 2, dpi);
	for (int x = 0; x < 12; x += 2)
		pw_raster_fill(&raster, x, 0, 1, 1);
	pw_raster_fill(&raster, 8, 1, 4, 1);
	return raster;
}

static void same_bytes(const pw_str *found, const char *expected, size_t n)
{
	ck_assert_uint_eq(found->len, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(found->ptr[i] == expected[i], "byte %zu is %02X, not %02X", i,
			      (unsigned char)found->ptr[i], (unsigned char)expected[i]);
}

START_TEST(test_names_are_read_back)
{
	for (int i = 0; i < PW_DIALECTS; i++) {
		pw_dialect found;
		ck_assert(pw_dialect_parse(pw_dialect_name((pw_dialect)i), &found));
		ck_assert_int_eq(found, i);
	}
	pw_dialect found = PW_DIALECT_EPL;
	ck_assert(!pw_dialect_parse("ZPL", &found));
	ck_assert_int_eq(found, PW_DIALECT_EPL);
}
END_TEST

/* The vector of an independent encoder: a Data Matrix of 14 × 14 modules of 6 dots, in rows of 11 bytes. */
START_TEST(test_zpl_has_the_checksum_of_others)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s;
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_DATAMATRIX, "BX-000123", 0, &arena, &s, NULL),
			 PW_OK);
	pw_raster raster = blank(88, 84, 203);
	for (int y = 0; y < s.rows; y++)
		for (int x = 0; x < s.columns; x++)
			if (pw_symbol_dark(&s, x, y))
				pw_raster_fill(&raster, 6 * x, 6 * y, 6, 6);
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_str out = encode(PW_DIALECT_ZPL, &raster, &job);
	ck_assert(pw_text_starts(out.ptr, "^XA^PW88^LL84^LH0,0^FO0,0^GFA,924,924,11,:Z64:eN"));
	const char *crc = strstr(out.ptr, ":7D47^FS^PQ1,0,1,Y^XZ\n");
	ck_assert_ptr_nonnull(crc);
	ck_assert_int_eq(crc - strstr(out.ptr, ":Z64:") - 5, 144);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_tspl_is_lines_and_raw_bits_where_0_is_black)
{
	static const char golden[] = "SIZE 1.5 mm,0.3 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\n"
				     "REFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,2,2,0,"
				     "\x55\x5F\xFF\x0F"
				     "\r\nPRINT 1,3\r\n";
	pw_raster raster = small(203);
	pw_print_job job = {.copies = 3, .gap = 2000};
	pw_str out = encode(PW_DIALECT_TSPL, &raster, &job);
	same_bytes(&out, golden, sizeof(golden) - 1);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_epl_is_lines_and_raw_bits_where_0_is_black)
{
	static const char golden[] = "\nN\nq12\nQ2,24\nGW0,0,2,2,"
				     "\x55\x5F\xFF\x0F"
				     "\nP2\n";
	pw_raster raster = small(203);
	pw_print_job job = {.copies = 2, .gap = 3000};
	pw_str out = encode(PW_DIALECT_EPL, &raster, &job);
	same_bytes(&out, golden, sizeof(golden) - 1);
	pw_str_clear(&out);
	job.gap = 1000; /* 8 dots: less than the smallest there is */
	out = encode(PW_DIALECT_EPL, &raster, &job);
	ck_assert_ptr_nonnull(strstr(out.ptr, "\nQ2,16\n"));
	pw_str_clear(&out);
	job.gap = 0;
	out = encode(PW_DIALECT_EPL, &raster, &job);
	ck_assert_ptr_nonnull(strstr(out.ptr, "\nQ2,0\n"));
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_dymo_resets_and_feeds_short_between_labels)
{
	static const char page[] = "\x1BQ\0\0\x1B"
				   "B\0\x1BL\0\x02\x1B"
				   "D\x02"
				   "\x16\xAA\xA0\x16\x00\xF0\x1B";
	pw_raster raster = small(300);
	pw_print_job job = {.copies = 2};
	pw_str out = encode(PW_DIALECT_DYMO, &raster, &job), golden = PW_STR_INIT;
	for (int i = 0; i < 85; i++)
		pw_str_add_char(&golden, 0x1B);
	pw_str_add(&golden, "\x1B@");
	pw_str_add_n(&golden, page, sizeof(page) - 1);
	pw_str_add(&golden, "G");
	pw_str_add_n(&golden, page, sizeof(page) - 1);
	pw_str_add(&golden, "E");
	same_bytes(&out, golden.ptr, golden.len);
	pw_str_clear(&golden);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

/* The media command of Brother's own example, a die-cut label of 29 × 90 mm, but for the bit that asks the
 * printer to recover from errors by itself. */
START_TEST(test_brother_tells_die_cut_media_as_its_manual_does)
{
	pw_raster raster = blank(pw_dots_of(29000, 300), pw_dots_of(90000, 300), 300);
	pw_raster_fill(&raster, 20, 40, 1, 1);
	pw_print_job job = {.copies = 1, .gap = 3000};
	pw_str out = encode(PW_DIALECT_BROTHER, &raster, &job);
	static const char head[] = "\x1B@\x1Bia\x01\x1Biz\x8E\x0B\x1D\x5A\xDF\x03\0\0\0\0"
				   "\x1BiM\x40\x1BiA\x01\x1BiK\x08\x1Bi"
				   "d\0\0"
				   "g\0\x5A";
	ck_assert_uint_eq(out.len, 200 + 2 + 4 + 13 + 4 + 4 + 4 + 5 + 991 * 93 + 1);
	ck_assert_int_eq(memcmp(out.ptr + 200, head, sizeof(head) - 1), 0);
	ck_assert_int_eq((unsigned char)out.ptr[out.len - 1], 0x1A);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_brother_takes_the_narrowest_tape_that_shows_all)
{
	static const struct {
		int width, mm;
		bool edge; /* black at the raster's left edge */
	} cases[] = {{100, 12, true}, {142, 12, false}, {142, 29, true},  {306, 29, true},
		     {400, 38, true}, {554, 50, true},  {600, 54, false}, {590, 54, true},
		     {600, 62, true}, {732, 62, false}};
	pw_raster raster = blank(cases[_i].width, 30, 300);
	pw_raster_fill(&raster, cases[_i].edge ? 0 : cases[_i].width / 2, 10, 1, 1);
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_str out = encode(PW_DIALECT_BROTHER, &raster, &job);
	ck_assert_int_eq(memcmp(out.ptr + 206, "\x1Biz\x86\x0A", 5), 0);
	ck_assert_int_eq(out.ptr[211], cases[_i].mm);
	ck_assert_int_eq((unsigned char)out.ptr[213], 30);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

static const struct {
	pw_dialect dialect;
	int width, height, dpi, copies;
	const char *says;
} refused[] = {
	{PW_DIALECT_ZPL, 10, 10, 203, 0, "0 copies"},
	{PW_DIALECT_TSPL, 10, 10, 203, 1000, "1000 copies"},
	{PW_DIALECT_BROTHER, 10, 10, 203, 1, "brother printers have 300 dpi, not 203"},
	{PW_DIALECT_DYMO, 10, 10, 600, 1, "dymo printers have 300 dpi"},
	{PW_DIALECT_DYMO, 673, 10, 300, 1, "dymo printers print 56.9 mm at most"},
	{PW_DIALECT_DYMO, 10, 70000, 300, 1, "too long"},
	{PW_DIALECT_BROTHER, 697, 100, 300, 1, "does not fit on a tape of 62 mm"},
	{PW_DIALECT_BROTHER, 342, 71, 300, 1, NULL},
};

START_TEST(test_what_a_printer_cannot_print_is_refused)
{
	pw_raster raster = blank(refused[_i].width, refused[_i].height, refused[_i].dpi);
	pw_raster_fill(&raster, 0, 0, refused[_i].width, refused[_i].height);
	pw_print_job job = {.copies = refused[_i].copies};
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	pw_str_add(&out, "before");
	pw_status rc = pw_dialect_encode(refused[_i].dialect, &raster, &job, &out, &err);
	ck_assert_int_eq(rc, refused[_i].says == NULL ? PW_OK : PW_ERR_ARG);
	if (refused[_i].says != NULL) {
		ck_assert_msg(strstr(err.msg, refused[_i].says) != NULL, "%s", err.msg);
		ck_assert_str_eq(pw_str_text(&out), "before");
	}
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

/* --- read back ------------------------------------------------------------------------------ */

static pw_raster noise(pw_rng *rng, int width, int height, int dpi)
{
	pw_raster raster = blank(width, height, dpi);
	uint64_t kind = pw_rng_below(rng, 3);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			if (kind == 0 ? pw_rng_chance(rng, 0.5)
				      : (x / (int)(kind * 9) + y / 7) % 3 == 0)
				pw_raster_fill(&raster, x, y, 1, 1);
	return raster;
}

/* Whether `found` has the dots of `made`, from its column `left` on, and none besides. */
static void same_dots(const pw_raster *made, const pw_raster *found, int left)
{
	ck_assert_int_eq(found->height, made->height);
	for (int y = 0; y < made->height; y++)
		for (int x = 0; x < found->width; x++)
			ck_assert_msg(pw_raster_get(found, x, y) ==
					      pw_raster_get(made, x - left, y),
				      "dot %d, %d", x, y);
}

START_TEST(test_every_dot_of_a_job_is_read_back)
{
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i + 1);
	pw_dialect dialect = (pw_dialect)(_i % PW_DIALECTS);
	int dpi = dialect == PW_DIALECT_BROTHER || dialect == PW_DIALECT_DYMO ? 300 : 203;
	int width = 1 + (int)pw_rng_below(&rng, 600), height = 1 + (int)pw_rng_below(&rng, 300);
	pw_raster made = noise(&rng, width, height, dpi), found = PW_RASTER_INIT;
	pw_print_job job = {.copies = 1 + (int)pw_rng_below(&rng, 4),
			    .packbits = pw_rng_chance(&rng, 0.5)};
	pw_str out = encode(dialect, &made, &job);
	int copies = 0, left = 0;
	switch (dialect) {
	case PW_DIALECT_ZPL:
		job_read_zpl(&out, dpi, &found, &copies);
		break;
	case PW_DIALECT_TSPL:
		job_read_tspl(&out, dpi, &found, &copies);
		break;
	case PW_DIALECT_EPL:
		job_read_epl(&out, dpi, &found, &copies);
		break;
	case PW_DIALECT_DYMO:
		job_read_dymo(&out, &found, &copies);
		break;
	case PW_DIALECT_BROTHER:
	case PW_DIALECTS:
		job_read_brother(&out, &found, &copies);
		/* Wherever the tape lies under the head, it is the middle of it. */
		for (left = 0; left < 720 - width; left++) {
			bool here = true;
			for (int x = 0; here && x < 720; x++)
				for (int y = 0; here && y < height; y++)
					here = pw_raster_get(&found, x, y) ==
					       pw_raster_get(&made, x - left, y);
			if (here)
				break;
		}
	}
	ck_assert_int_eq(copies, job.copies);
	same_dots(&made, &found, left);
	pw_str_clear(&out);
	pw_raster_clear(&made);
	pw_raster_clear(&found);
}
END_TEST

START_TEST(test_every_shipped_label_survives_zpl)
{
	const pw_embedded *file = &pw_shipped_templates[_i];
	pw_label_template *t = NULL;
	ck_assert_int_eq(pw_label_template_parse(file->bytes, file->size, file->name, &t, NULL),
			 PW_OK);
	pw_label_values values = fixture_examples(t);
	pw_raster made = PW_RASTER_INIT, found = PW_RASTER_INIT;
	pw_print_job job = PW_PRINT_JOB_INIT;
	int copies = 0;
	fixture_make(t, &values, 203, NULL, &made);
	pw_str out = encode(PW_DIALECT_ZPL, &made, &job);
	job_read_zpl(&out, 203, &found, &copies);
	ck_assert(pw_raster_eq(&made, &found));
	ck_assert_uint_lt(out.len, pw_raster_bytes(&made) / 2);
	pw_str_clear(&out);
	pw_raster_clear(&made);
	pw_raster_clear(&found);
	pw_label_template_free(t);
}
END_TEST

Suite *suite_dialect(void);

Suite *suite_dialect(void)
{
	Suite *s = suite_create("dialect");
	TCase *c = tcase_create("all");
	int count = 0;
	while (pw_shipped_templates[count].name != NULL)
		count++;
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_names_are_read_back);
	tcase_add_test(c, test_zpl_has_the_checksum_of_others);
	tcase_add_test(c, test_tspl_is_lines_and_raw_bits_where_0_is_black);
	tcase_add_test(c, test_epl_is_lines_and_raw_bits_where_0_is_black);
	tcase_add_test(c, test_dymo_resets_and_feeds_short_between_labels);
	tcase_add_test(c, test_brother_tells_die_cut_media_as_its_manual_does);
	tcase_add_loop_test(c, test_brother_takes_the_narrowest_tape_that_shows_all, 0, 10);
	tcase_add_loop_test(c, test_what_a_printer_cannot_print_is_refused, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_loop_test(c, test_every_dot_of_a_job_is_read_back, 0, 40);
	tcase_add_loop_test(c, test_every_shipped_label_survives_zpl, 0, count);
	suite_add_tcase(s, c);
	return s;
}
