#include <check.h>
#include <string.h>

#include <zlib.h>

#include "core/base/rng.h"
#include "labels/dialect_private.h"
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

static void to_digits(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bits = n * 8;
	for (size_t at = 0; at < bits; at += 6) {
		int six = 0;
		for (size_t i = at; i < at + 6; i++)
			six = six << 1 | (i < bits ? bytes[i / 8] >> (7 - i % 8) & 1 : 0);
		*out++ = digits[six];
	}
	while (n++ % 3 != 0)
		*out++ = '=';
	*out = '\0';
}

/* The vector of an independent encoder, which packed with zlib: a Data Matrix of 14 × 14 modules of 6 dots, in
 * rows of 11 bytes, is 144 digits with the CRC 7D47. Ours, packed otherwise, is the same picture. */
START_TEST(test_zpl_has_the_checksum_of_others)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s;
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_DATAMATRIX, "BX-000123", 0, &arena, &s, NULL),
			 PW_OK);
	pw_raster raster = blank(88, 84, 203), found = PW_RASTER_INIT;
	for (int y = 0; y < s.rows; y++)
		for (int x = 0; x < s.columns; x++)
			if (pw_symbol_dark(&s, x, y))
				pw_raster_fill(&raster, 6 * x, 6 * y, 6, 6);
	uint8_t packed[1000];
	char text[1400];
	uLongf size = sizeof(packed);
	ck_assert_int_eq(compress2(packed, &size, raster.bits, 924, 9), Z_OK);
	to_digits(packed, size, text);
	ck_assert_uint_eq(strlen(text), 144);
	ck_assert_uint_eq(pw_zpl_crc(text, 144), 0x7D47);
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_str out = encode(PW_DIALECT_ZPL, &raster, &job);
	int copies = 0;
	ck_assert(pw_text_starts(out.ptr, "^XA^PW88^LL84^LH0,0^FO0,0^GFA,924,924,11,:Z64:"));
	ck_assert_uint_le(out.len, 46 + 160 + 24);
	job_read_zpl(&out, 203, &found, &copies);
	ck_assert(pw_raster_eq(&raster, &found));
	pw_str_clear(&out);
	pw_raster_clear(&found);
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

/* The examples of the references: a die-cut label of 103 × 164 mm for the QL-1110NWB, a tape of 102 mm for the
 * QL-720NW's kin, a tape of 24 mm for the PT-P700. */
static const struct {
	pw_dialect dialect;
	int width, height, dpi, gap;
	size_t reset;
	const char *media; /* behind ESC i z */
} examples[] = {
	{PW_DIALECT_BROTHER_WIDE, 1217, 1937, 300, 3000, 350,
	 "\x8E\x0B\x68\xA4\x1E\x07\x00\x00\x00\x00"},
	{PW_DIALECT_BROTHER_WIDE, 1200, 1801, 300, 0, 350,
	 "\x86\x0A\x66\x00\x09\x07\x00\x00\x00\x00"},
	{PW_DIALECT_PTOUCH, 668, 128, 180, 0, 100, "\x84\x00\x18\x00\x9C\x02\x00\x00\x00\x00"},
};

START_TEST(test_brother_tells_media_as_the_examples_of_its_references_do)
{
	pw_raster raster = blank(examples[_i].width, examples[_i].height, examples[_i].dpi);
	pw_raster_fill(&raster, 30, 0, 600, 1);
	pw_raster_wipe(&raster, 0, 0, 2000, examples[_i].gap > 0 ? 1 : 0);
	pw_raster_fill(&raster, 30, 100, 600, 28);
	pw_print_job job = {.copies = 1, .gap = examples[_i].gap};
	pw_str out = encode(examples[_i].dialect, &raster, &job);
	size_t at = examples[_i].reset;
	ck_assert_int_eq(memcmp(out.ptr + at, "\x1B@\x1Bia\x01\x1Biz", 9), 0);
	ck_assert_int_eq(out.ptr[at - 1], 0);
	ck_assert_int_eq(memcmp(out.ptr + at + 9, examples[_i].media, 10), 0);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

/* A label of 16 × 2 dots, read along a tape of 3.5 mm: its columns are rows, its top is at the first pins. */
START_TEST(test_ptouch_rows_are_the_columns_of_the_label)
{
	static const char golden[] = "\x1B@\x1Bia\x01\x1Biz\x84\0\x04\0\x03\0\0\0\0\0"
				     "\x1BiM\x40\x1BiK\x08\x1Bi"
				     "d\x0E\0M\x02"
				     "G\x06\0\xFA\0\0\x80\xF9\0" /* pin 56: 52 + 4 rows above */
				     "Z"
				     "G\x06\0\xFA\0\0\x08\xF9\0"
				     "\x1A";
	pw_raster raster = blank(3, 16, 180);
	pw_raster_fill(&raster, 0, 0, 1, 1);
	pw_raster_fill(&raster, 2, 4, 1, 1);
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_str out = encode(PW_DIALECT_PTOUCH, &raster, &job);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(out.ptr[i], 0);
	pw_str rest = {out.ptr + 100, out.len - 100, 0};
	same_bytes(&rest, golden, sizeof(golden) - 1);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_two_colours_are_sent_row_by_row)
{
	pw_raster raster = blank(142, 200, 300), found = PW_RASTER_INIT;
	pw_raster_add_red(&raster);
	pw_raster_fill(&raster, 40, 10, 8, 3);
	raster.red[10 * raster.stride + 5] = 0xF0; /* the left half of the first row */
	pw_print_job job = {.copies = 1, .two_colours = true};
	pw_str out = encode(PW_DIALECT_BROTHER, &raster, &job);
	int copies = 0;
	const job_brother what = {720, 300, 200, false, true};
	job_read_brother(&out, &what, &found, &copies);
	int x = 0, y = 0, width = 0, height = 0, red = 0, black = 0;
	ck_assert(pw_raster_ink(&found, &x, &y, &width, &height));
	ck_assert(y == 10 && width == 8 && height == 3);
	for (int i = 0; i < 8; i++) {
		size_t at = (size_t)y * found.stride + (size_t)(x + i) / 8;
		bool is_red = (found.red[at] >> (7 - (x + i) % 8) & 1) != 0;
		ck_assert_int_eq(is_red, i < 4);
		red += is_red;
		black += !is_red;
	}
	ck_assert(red == 4 && black == 4);
	pw_str_clear(&out);
	pw_raster_clear(&found);
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
	pw_raster raster = blank(cases[_i].width, 800, 300);
	pw_raster_fill(&raster, cases[_i].edge ? 0 : cases[_i].width / 2, 10, 1, 1);
	pw_print_job job = PW_PRINT_JOB_INIT;
	pw_str out = encode(PW_DIALECT_BROTHER, &raster, &job);
	ck_assert_int_eq(memcmp(out.ptr + 206, "\x1Biz\x86\x0A", 5), 0);
	ck_assert_int_eq(out.ptr[211], cases[_i].mm);
	ck_assert_int_eq((unsigned char)out.ptr[213] | (unsigned char)out.ptr[214] << 8, 800);
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

/* A label of 50.8 × 25.4 mm, and one of P-touch: on what is loaded, if that will do. */
START_TEST(test_brother_takes_the_tape_that_is_loaded)
{
	static const struct {
		pw_dialect dialect;
		int width, height, dpi, gap, tape, tape_length, mm, mm_length;
	} cases[] = {
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 0, 0, 54, 0},
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 62, 0, 62, 0},
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 29, 0, 29, 0}, /* on its side */
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 12, 0, 54, 0}, /* too narrow */
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 29, 90, 54, 0},
		{PW_DIALECT_BROTHER, 342, 1061, 300, 0, 29, 90, 29, 90},
		{PW_DIALECT_BROTHER, 600, 300, 300, 3000, 99, 0, 54, 0}, /* not known */
		{PW_DIALECT_BROTHER_WIDE, 600, 300, 300, 0, 102, 0, 102, 0},
		{PW_DIALECT_PTOUCH, 234, 92, 180, 3000, 0, 0, 18, 0},
		{PW_DIALECT_PTOUCH, 234, 92, 180, 3000, 24, 0, 24, 0},
	};
	pw_raster raster = blank(cases[_i].width, cases[_i].height, cases[_i].dpi);
	pw_raster_fill(&raster, cases[_i].width / 2, cases[_i].height / 2, 1, 1);
	pw_print_job job = PW_PRINT_JOB_INIT;
	job.gap = cases[_i].gap;
	job.tape = cases[_i].tape;
	job.tape_length = cases[_i].tape_length;
	pw_str out = encode(cases[_i].dialect, &raster, &job);
	size_t at = 0;
	while (at + 7 < out.len && memcmp(out.ptr + at, "\x1Biz", 3) != 0)
		at++;
	ck_assert_int_eq((unsigned char)out.ptr[at + 5], cases[_i].mm);
	ck_assert_int_eq((unsigned char)out.ptr[at + 6], cases[_i].mm_length);
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
	{PW_DIALECT_BROTHER, 697, 697, 300, 1, "does not fit on a tape of 62 mm, of which 58.9 mm"},
	{PW_DIALECT_BROTHER, 697, 100, 300, 1, NULL}, /* on its side */
	{PW_DIALECT_BROTHER, 342, 71, 300, 1, NULL},
	{PW_DIALECT_BROTHER_WIDE, 1201, 1201, 300, 1, "does not fit on a tape of 104 mm"},
	{PW_DIALECT_BROTHER_WIDE, 1200, 2000, 300, 1, NULL},
	{PW_DIALECT_PTOUCH, 10, 10, 300, 1, "ptouch printers have 180 or 360 dpi, not 300"},
	{PW_DIALECT_PTOUCH, 129, 129, 180, 1, "does not fit on a tape of 24 mm, of which 18.1 mm"},
	{PW_DIALECT_PTOUCH, 500, 128, 180, 1, NULL},
	{PW_DIALECT_PTOUCH, 128, 500, 180, 1, NULL}, /* across */
	{PW_DIALECT_PTOUCH, 439, 439, 360, 1, "does not fit on a tape of 36 mm, of which 30.9 mm"},
	{PW_DIALECT_PTOUCH, 438, 438, 360, 1, NULL},
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

/* Wherever the tape lies under the head, it is the middle of it that is printed on. */
static int find_left(const pw_raster *made, const pw_raster *found)
{
	int x = 0, y = 0, width = 0, height = 0, left = 0, top = 0;
	if (!pw_raster_ink(made, &x, &y, &width, &height))
		return 0;
	ck_assert(pw_raster_ink(found, &left, &top, &width, &height));
	return left - x;
}

/* The label's columns as rows. */
static pw_raster turned(const pw_raster *raster)
{
	pw_raster out = blank(raster->height, raster->width, raster->dpi);
	for (int y = 0; y < raster->height; y++)
		for (int x = 0; x < raster->width; x++)
			if (pw_raster_get(raster, x, y))
				pw_raster_fill(&out, y, x, 1, 1);
	return out;
}

/* A printer, and labels that fit on its tapes as they are read. */
static const struct {
	pw_dialect dialect;
	int dpi, width, height;
	job_brother brother;
} printers[] = {
	{PW_DIALECT_ZPL, 203, 600, 300, {0}},
	{PW_DIALECT_TSPL, 203, 600, 300, {0}},
	{PW_DIALECT_EPL, 203, 600, 300, {0}},
	{PW_DIALECT_DYMO, 300, 600, 300, {0}},
	{PW_DIALECT_BROTHER, 300, 600, 300, {720, 300, 200, false, false}},
	{PW_DIALECT_BROTHER, 300, 600, 300, {720, 300, 200, false, true}},
	{PW_DIALECT_BROTHER_WIDE, 300, 1200, 400, {1296, 300, 350, false, false}},
	{PW_DIALECT_PTOUCH, 180, 400, 128, {128, 180, 100, true, false}},
	{PW_DIALECT_PTOUCH, 360, 400, 438, {560, 360, 100, true, false}},
};

#define PRINTERS ((int)(sizeof(printers) / sizeof(printers[0])))

static void read_job(int printer, const pw_str *job, pw_raster *out, int *out_copies)
{
	switch (printers[printer].dialect) {
	case PW_DIALECT_ZPL:
		job_read_zpl(job, 203, out, out_copies);
		break;
	case PW_DIALECT_TSPL:
		job_read_tspl(job, 203, out, out_copies);
		break;
	case PW_DIALECT_EPL:
		job_read_epl(job, 203, out, out_copies);
		break;
	case PW_DIALECT_DYMO:
		job_read_dymo(job, out, out_copies);
		break;
	case PW_DIALECT_BROTHER:
	case PW_DIALECT_BROTHER_WIDE:
	case PW_DIALECT_PTOUCH:
	case PW_DIALECTS:
		job_read_brother(job, &printers[printer].brother, out, out_copies);
	}
}

START_TEST(test_every_dot_of_a_job_is_read_back)
{
	int printer = _i % PRINTERS, copies = 0, left = 0;
	bool brother = printers[printer].brother.dots > 0;
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i + 1);
	int width = 1 + (int)pw_rng_below(&rng, (uint64_t)printers[printer].width);
	int height = 1 + (int)pw_rng_below(&rng, (uint64_t)printers[printer].height);
	if (printers[printer].brother.dots > 128 && height < 150)
		height = 150; /* the knife cuts no shorter */
	pw_raster made = noise(&rng, width, height, printers[printer].dpi), found = PW_RASTER_INIT;
	pw_print_job job = {.copies = 1 + (int)pw_rng_below(&rng, 4),
			    .packbits = pw_rng_chance(&rng, 0.5),
			    .two_colours = printers[printer].brother.two_colours};
	pw_str out = encode(printers[printer].dialect, &made, &job);
	read_job(printer, &out, &found, &copies);
	if (printers[printer].brother.ptouch) {
		pw_raster rows = turned(&made);
		pw_raster_clear(&made);
		made = rows;
	}
	if (brother)
		left = find_left(&made, &found);
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
	tcase_add_loop_test(c, test_brother_tells_media_as_the_examples_of_its_references_do, 0, 3);
	tcase_add_test(c, test_ptouch_rows_are_the_columns_of_the_label);
	tcase_add_test(c, test_two_colours_are_sent_row_by_row);
	tcase_add_loop_test(c, test_brother_takes_the_narrowest_tape_that_shows_all, 0, 10);
	tcase_add_loop_test(c, test_brother_takes_the_tape_that_is_loaded, 0, 10);
	tcase_add_loop_test(c, test_what_a_printer_cannot_print_is_refused, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_loop_test(c, test_every_dot_of_a_job_is_read_back, 0, 8 * PRINTERS);
	tcase_add_loop_test(c, test_every_shipped_label_survives_zpl, 0, count);
	suite_add_tcase(s, c);
	return s;
}
