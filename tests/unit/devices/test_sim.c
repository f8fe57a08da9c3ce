/* The simulators: what they make of jobs, whatever the pieces, and what they say. */
#include <check.h>
#include <string.h>
#include <zlib.h>

#include "core/base/rng.h"
#include "devices/printers/printer.h"
#include "labels/press.h"
#include "labels/shipped.h"
#include "numbered.h"

typedef struct printout {
	pw_raster raster; /* the last whole label */
	size_t whole, fragments;
	pw_str notes;
	pw_sim *sim;
	int64_t now;
} printout;

static void printed(void *ctx, const pw_sim_label *label)
{
	printout *p = ctx;
	if (!label->whole) {
		p->fragments++;
		return;
	}
	p->whole++;
	pw_raster_clear(&p->raster);
	ck_assert_int_eq(pw_raster_init(&p->raster, label->width, label->height, label->dpi, NULL),
			 PW_OK);
	for (size_t y = 0; y < (size_t)label->height; y++)
		memcpy(p->raster.bits + y * p->raster.stride, label->bits + y * label->stride,
		       p->raster.stride);
}

static void noted(void *ctx, const char *text)
{
	pw_str_addf(&((printout *)ctx)->notes, "%s\n", text);
}

static void begin(printout *p, const char *language, int dpi, unsigned habits)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, p};
	*p = (printout){.raster = PW_RASTER_INIT, .notes = PW_STR_INIT};
	opts.language = language;
	opts.dpi = dpi;
	opts.habits = habits;
	opts.memory = 1 << 24;
	opts.media_width = 12;
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &p->sim, NULL), PW_OK);
	pw_sim_advance(p->sim, 0);
}

static void end(printout *p)
{
	pw_sim_free(p->sim);
	pw_raster_clear(&p->raster);
	pw_str_clear(&p->notes);
}

/* All of it, in pieces of at most `piece` bytes; a label is given the time that it needs. */
static void give(printout *p, const void *bytes, size_t n, size_t piece)
{
	const char *at = bytes;
	for (int patience = 0; n > 0 && patience < 1000; patience++) {
		size_t now = n < piece ? n : piece;
		size_t taken = pw_sim_take(p->sim, at, now);
		at += taken;
		n -= taken;
		if (taken > 0)
			patience = 0;
		if (taken < now)
			pw_sim_advance(p->sim, p->now += 50);
	}
	ck_assert_uint_eq(n, 0);
	pw_sim_advance(p->sim, p->now += 10000);
}

static void give_text(printout *p, const char *text)
{
	give(p, text, strlen(text), strlen(text));
}

static pw_str hear(printout *p)
{
	pw_str said = PW_STR_INIT;
	char bytes[4096];
	pw_str_add_n(&said, bytes, pw_sim_say(p->sim, bytes, sizeof(bytes)));
	return said;
}

static const char *const languages[] = {"zpl",     "tspl",         "epl",   "dymo",
					"brother", "brother-wide", "ptouch"};

#define LANGUAGES 7

/* ---- Shipped labels ---- */

static const int dpis[] = {180, 203, 300, 360, 600};

#define DPIS 5

typedef struct box {
	int left, top, right, bottom; /* right and bottom behind it */
} box;

static box inked(const pw_raster *r)
{
	box b = {r->width, r->height, 0, 0};
	for (int y = 0; y < r->height; y++) {
		for (int x = 0; x < r->width; x++) {
			if (x % 8 == 0 && r->bits[(size_t)y * r->stride + (size_t)x / 8] == 0)
				x += 7;
			if (!pw_raster_get(r, x, y))
				continue;
			b.left = x < b.left ? x : b.left;
			b.right = x >= b.right ? x + 1 : b.right;
			b.top = y < b.top ? y : b.top;
			b.bottom = y >= b.bottom ? y + 1 : b.bottom;
		}
	}
	return b;
}

/* The same dots, as they lie or turned by a quarter; where on the head and on the tape they are is the printer's
 * matter. */
static bool is_same(const pw_raster *a, const pw_raster *b, bool turned)
{
	box p = inked(a), q = inked(b);
	int width = p.right - p.left, height = p.bottom - p.top;
	if ((turned ? height : width) != q.right - q.left ||
	    (turned ? width : height) != q.bottom - q.top)
		return false;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			if (pw_raster_get(a, p.left + x, p.top + y) !=
			    (turned ? pw_raster_get(b, q.left + height - 1 - y, q.top + x)
				    : pw_raster_get(b, q.left + x, q.top + y)))
				return false;
	return true;
}

static void same_picture(const pw_raster *a, const pw_raster *b, const char *what)
{
	ck_assert_msg(is_same(a, b, false) || is_same(a, b, true), "%s is another picture", what);
}

static bool print_label(const pw_raster *raster, const char *language, int dpi, const char *what)
{
	printout p;
	pw_str job = PW_STR_INIT;
	pw_print_job how = PW_PRINT_JOB_INIT;
	how.gap = 3000;
	how.packbits = raster->width % 2 == 0;
	how.two_colours = raster->red != NULL;
	if (pw_dialect_encode(numbered_dialect(language), raster, &how, &job, NULL) != PW_OK)
		return false;
	begin(&p, language, dpi, PW_SIM_TOUCHY);
	numbered_load(p.sim, &job);
	pw_str_clear(&p.notes);
	give(&p, job.ptr, job.len, 4096);
	ck_assert_msg(p.whole == 1 && p.fragments == 0, "%s as %s: %s", what, language,
		      pw_str_text(&p.notes));
	ck_assert_msg(p.notes.len == 0, "%s", pw_str_text(&p.notes));
	same_picture(raster, &p.raster, what);
	if (strcmp(language, "zpl") == 0 || strcmp(language, "epl") == 0)
		ck_assert(pw_raster_eq(raster, &p.raster));
	end(&p);
	pw_str_clear(&job);
	return true;
}

static void burn(const pw_embedded *file, int dpi, pw_raster *out)
{
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	pw_label_value values[PW_LABEL_MAX_FIELDS];
	pw_status rc = pw_label_template_parse(file->bytes, file->size, file->name, &t, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	for (size_t i = 0; i < t->field_count; i++)
		values[i] = (pw_label_value){t->fields[i].name, t->fields[i].example};
	pw_label_values label = {values, t->field_count};
	rc = pw_press_new(t, dpi, &press, &err);
	if (rc == PW_OK)
		rc = pw_press_layout(press, &label, 1, &layout, &err);
	if (rc == PW_OK)
		rc = pw_press_raster(press, layout, out, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	pw_label_layout_free(layout);
	pw_press_free(press);
	pw_label_template_free(t);
}

START_TEST(test_every_shipped_label_is_printed_dot_for_dot)
{
	const pw_embedded *file = &pw_shipped_templates[_i / DPIS];
	int dpi = dpis[_i % DPIS];
	pw_raster raster = PW_RASTER_INIT;
	burn(file, dpi, &raster);
	size_t printed_by = 0;
	for (size_t k = 0; k < LANGUAGES; k++)
		printed_by += print_label(&raster, languages[k], dpi, file->name) ? 1 : 0;
	ck_assert_uint_ge(printed_by, 3);
	pw_raster_clear(&raster);
}
END_TEST

/* ---- Pieces ---- */

START_TEST(test_pieces_make_no_difference)
{
	const char *language = languages[_i % LANGUAGES];
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i);
	pw_raster expected = numbered_raster(language, 300 + (unsigned)_i);
	pw_str job = numbered_job(language, 300 + (unsigned)_i);
	printout p;
	begin(&p, language, 0, 0);
	numbered_load(p.sim, &job);
	give(&p, job.ptr, job.len, 1 + (size_t)pw_rng_below(&rng, 40));
	ck_assert_uint_eq(p.whole, 1);
	same_picture(&expected, &p.raster, language);
	end(&p);
	pw_str_clear(&job);
	pw_raster_clear(&expected);
}
END_TEST

/* Labels sent one behind the other do not mix. */
START_TEST(test_many_labels_follow_one_another)
{
	printout p;
	pw_str all = PW_STR_INIT;
	for (unsigned i = 0; i < 20; i++) {
		pw_str job = numbered_job(languages[_i], i);
		pw_str_add_n(&all, job.ptr, job.len);
		pw_str_clear(&job);
	}
	begin(&p, languages[_i], 0, 0);
	numbered_load(p.sim, &all);
	pw_str_clear(&p.notes);
	give(&p, all.ptr, all.len, 1000);
	ck_assert_uint_eq(p.whole, 20);
	ck_assert_uint_eq(p.fragments, 0);
	ck_assert_msg(p.notes.len == 0, "%s", pw_str_text(&p.notes));
	end(&p);
	pw_str_clear(&all);
}
END_TEST

/* ---- ZPL ---- */

/* 16 × 4 dots: a row of black, one of white, one of stripes, the same again. */
static const uint8_t picture[] = {0xFF, 0xFF, 0x00, 0x00, 0xAA, 0xAA, 0xAA, 0xAA};

static void has_picture(const printout *p)
{
	ck_assert_uint_eq(p->whole, 1);
	ck_assert_int_eq(p->raster.width, 16);
	ck_assert_int_eq(p->raster.height, 4);
	ck_assert_msg(memcmp(p->raster.bits, picture, sizeof(picture)) == 0, "%02X%02X %02X%02X",
		      p->raster.bits[0], p->raster.bits[1], p->raster.bits[4], p->raster.bits[5]);
}

static const char *const pictures[] = {
	"^GFA,8,8,2,FFFF0000AAAAAAAA",
	"^GFA,8,8,2,ffff\r\n0000 aaaa aaaa",
	"^GFA,8,8,2,JFJ0JAJA",
	"^GFA,8,8,2,!,JA:",
	"^GFA,8,8,2,HFHFJ0HAHA:",
	"^GFA,8,8,2,:B64://8AAKqqqqo=:C59E",
	"^FO0,0^GB16,1,1^FS^FO0,2^GFA,4,4,2,JA:",
	"^FT0,4^GFA,8,8,2,!,JA:",
	"^LH1,1^FO-1,-1^GFA,8,8,2,!,JA:",
};

/* CRC-16 of the base64 text, poly 1021 from 0, worked out apart from both sides. */
static unsigned crc_of(const char *text, size_t n)
{
	unsigned crc = 0;
	for (size_t i = 0; i < n * 8; i++) {
		unsigned bit = (unsigned)((uint8_t)text[i / 8] >> (7 - i % 8) & 1);
		unsigned top = crc >> 15 & 1;
		crc = (crc << 1 ^ ((top ^ bit) != 0 ? 0x1021U : 0)) & 0xFFFF;
	}
	return crc;
}

START_TEST(test_zpl_every_form_of_a_picture_is_the_same)
{
	printout p;
	char job[256];
	begin(&p, "zpl", 0, 0);
	if (strstr(pictures[_i], ":B64:") != NULL) {
		snprintf(job, sizeof(job), "^XA^PW16^LL4^GFA,8,8,2,:B64://8AAKqqqqo=:%04X^FS^XZ",
			 crc_of("//8AAKqqqqo=", 12));
		give_text(&p, job);
	} else {
		snprintf(job, sizeof(job), "^XA^PW16^LL4%s^FS^XZ", pictures[_i]);
		give_text(&p, job);
	}
	has_picture(&p);
	end(&p);
}
END_TEST

static const struct {
	const char *picture, *note;
} bad_pictures[] = {
	{"^GFA,8,8,2,:B64://8AAKqqqqo=:0000", "checksum is wrong"},
	{"^GFA,8,8,2,:B64://8AAKqqqqo=", "checksum is not there"},
	{"^GFA,8,8,2,FFFF00", "cut off"},
	{"^GFA,8,8,0,FFFF", "makes no sense"},
	{"^GFA,99999999,99999999,2,FFFF", "makes no sense"},
	{"^GFA,8,8,2,:Z64:AAAAAAAAAAAA:0000", "inflated"},
	{"^GFC,4,8,2,^XZ!", "makes no sense"},
};

START_TEST(test_zpl_bad_pictures_are_not_drawn)
{
	printout p;
	char job[256];
	begin(&p, "zpl", 0, 0);
	snprintf(job, sizeof(job), "^XA^PW16^LL4%s^FS^XZ", bad_pictures[_i].picture);
	give_text(&p, job);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 1);
	ck_assert_msg(strstr(pw_str_text(&p.notes), bad_pictures[_i].note) != NULL, "%s",
		      pw_str_text(&p.notes));
	end(&p);
}
END_TEST

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* A megabyte of dots in a kilobyte: no more is taken than was announced. */
START_TEST(test_zpl_a_bomb_fills_no_more_than_its_picture)
{
	static uint8_t zeros[1 << 20];
	static char job[1 << 16];
	uint8_t packed[4096];
	uLongf n = sizeof(packed);
	printout p;
	ck_assert_int_eq(compress2(packed, &n, zeros, sizeof(zeros), 9), Z_OK);
	size_t at = (size_t)snprintf(job, sizeof(job), "^XA^PW16^LL4^GFA,8,8,2,:Z64:"), from = at;
	for (uLongf i = 0; i < n; i += 3) {
		unsigned three = (unsigned)packed[i] << 16 |
				 (unsigned)(i + 1 < n ? packed[i + 1] : 0) << 8 |
				 (unsigned)(i + 2 < n ? packed[i + 2] : 0);
		for (int k = 18; k >= 0; k -= 6)
			job[at++] = base64[three >> k & 63];
	}
	at += (size_t)snprintf(job + at, sizeof(job) - at, ":%04X^FS^XZ",
			       crc_of(job + from, at - from));
	begin(&p, "zpl", 0, 0);
	give(&p, job, at, 100);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_int_eq(p.raster.width, 16);
	end(&p);
}
END_TEST

START_TEST(test_zpl_answers_as_documented)
{
	printout p;
	begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, "~HS", 3);
	pw_str said = hear(&p);
	ck_assert_str_eq(pw_str_text(&said), "\002030,0,0,1218,000,0,0,0,000,0,0,0\3\r\n"
					     "\002001,0,0,0,0,2,6,0,00000000,1,000\3\r\n"
					     "\0021234,0\3\r\n");
	pw_str_clear(&said);
	give_text(&p, "^XA^PW16^LL4^PQ3^GFA,8,8,2,!");
	pw_sim_take(p.sim, "~HS", 3);
	said = hear(&p);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "030,0,0,0004,000,0,0,1,"));
	pw_str_clear(&said);
	pw_sim_take(p.sim, "^FS^XZ^XA^FS^XZ~HS", 18);
	said = hear(&p);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "030,0,0,0004,001,0,0,0,"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "001,0,0,0,0,2,6,0,00000003,"));
	pw_str_clear(&said);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	pw_sim_take(p.sim, "~HS~HQES", 8);
	said = hear(&p);
	ck_assert_ptr_null(strstr(pw_str_text(&said), "030,"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "ERRORS:         1 00000000 00000001"));
	pw_str_clear(&said);
	end(&p);
}
END_TEST

START_TEST(test_zpl_says_what_it_does_not_draw)
{
	printout p;
	begin(&p, "zpl", 0, 0);
	give_text(&p, "^XA^FO10,10^BCN,50^FD123^FS^A0N,20,20^FDx^FS^QQ^XZ");
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^BCN,50"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^FD123"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^A0N,20,20"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not known: ^QQ"));
	ck_assert_uint_eq(p.whole, 1);
	end(&p);
}
END_TEST

START_TEST(test_zpl_cancel_all_throws_away_what_has_not_begun)
{
	printout p;
	begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, "^XA^FS^XZ^XA^FS^XZ^XA^FS^XZ^XA^FS", 33);
	pw_sim_take(p.sim, "~JA", 3);
	give_text(&p, "^XZ");
	ck_assert_uint_eq(p.whole, 1);
	end(&p);
}
END_TEST

/* ---- TSPL ---- */

static const struct {
	const char *job;
	int width, height;
} sizes[] = {
	{"SIZE 50.8 mm,25.4 mm\r\n", 406, 203},
	{"SIZE 2,1\r\n", 406, 203},
	{"SIZE 400 dot,200 dot\r\n", 400, 200},
	{"SIZE 4 mm , 2 mm\r\n", 32, 16},
};

START_TEST(test_tspl_sizes_in_every_unit)
{
	printout p;
	begin(&p, "tspl", 203, 0);
	give_text(&p, sizes[_i].job);
	give_text(&p, "CLS\r\nPRINT 1\r\n");
	ck_assert_int_eq(p.raster.width, sizes[_i].width);
	ck_assert_int_eq(p.raster.height, sizes[_i].height);
	end(&p);
}
END_TEST

START_TEST(test_tspl_modes_of_a_picture)
{
	static const struct {
		const char *mode;
		uint8_t dots;
	} modes[] = {{"0", 0x0F}, {"1", 0xFF}, {"2", 0xF0}};
	for (size_t i = 0; i < 3; i++) {
		char job[128];
		printout p;
		begin(&p, "tspl", 203, 0);
		int n = snprintf(
			job, sizeof(job),
			"SIZE 8 dot,1 dot\r\nCLS\r\nBAR 0,0,8,1\r\nBITMAP 0,0,1,1,%s,%c\r\nPRINT 1\r\n",
			modes[i].mode, 0xF0);
		give(&p, job, (size_t)n, 200);
		ck_assert_uint_eq(p.whole, 1);
		ck_assert_uint_eq(p.raster.bits[0], modes[i].dots);
		end(&p);
	}
}
END_TEST

START_TEST(test_tspl_a_touchy_printer_feeds_blank_labels)
{
	printout p;
	begin(&p, "tspl", 203, PW_SIM_TOUCHY);
	give_text(&p,
		  "SIZE 8 dot,1 dot\r\nSETC AUTODOTTED OFF\r\nCLS\r\nBAR 0,0,8,1\r\nPRINT 1,1\r\n");
	ck_assert_uint_eq(p.whole, 2);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 2);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not known: SETC AUTODOTTED OFF"));
	give_text(&p, "CLS\r\nBAR 0,0,8,1\r\nPRINT 1,1\r\n");
	ck_assert_uint_eq(p.whole, 3);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 2);
	end(&p);
}
END_TEST

START_TEST(test_tspl_hears_questions_in_a_picture_only_if_it_has_that_habit)
{
	for (int hears = 0; hears < 2; hears++) {
		printout p;
		begin(&p, "tspl", 203, hears != 0 ? PW_SIM_HEARS_IN_DATA : 0);
		pw_sim_take(p.sim, "SIZE 8 dot,9 dot\r\nCLS\r\nBITMAP 0,0,1,9,0,\x1B!?", 44);
		pw_str said = hear(&p);
		ck_assert_uint_eq(said.len, (size_t)hears);
		pw_str_clear(&said);
		end(&p);
	}
}
END_TEST

START_TEST(test_tspl_answers_as_documented)
{
	static const struct {
		const char *fault;
		uint8_t byte;
		const char *frame;
	} rows[] = {
		{NULL, 0x00, "\2@@@@\3\r\n"},         {"head open", 0x01, "\2E@@`\3\r\n"},
		{"jam", 0x02, "\2E@@B\3\r\n"},        {"paper out", 0x04, "\2E@@A\3\r\n"},
		{"ribbon out", 0x08, "\2E@@D\3\r\n"}, {"pause", 0x10, "\2`@@@\3\r\n"},
		{"hot", 0x80, "\2E@A@\3\r\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printout p;
		begin(&p, "tspl", 203, 0);
		if (rows[i].fault != NULL)
			ck_assert_int_eq(pw_sim_do(p.sim, rows[i].fault, NULL), PW_OK);
		pw_sim_take(p.sim, "\x1B!?\x1B!S", 6);
		pw_str said = hear(&p);
		ck_assert_uint_eq(said.len, 9);
		ck_assert_uint_eq((uint8_t)said.ptr[0], rows[i].byte);
		ck_assert_int_eq(memcmp(said.ptr + 1, rows[i].frame, 8), 0);
		pw_str_clear(&said);
		end(&p);
	}
}
END_TEST

/* ---- EPL ---- */

START_TEST(test_epl_answers_as_documented)
{
	static const struct {
		const char *fault, *answer;
	} rows[] = {{NULL, "00\r\n"},
		    {"paper out", "07\r\n"},
		    {"head open", "11\r\n"},
		    {"pause", "12\r\n"}};
	printout p;
	begin(&p, "epl", 0, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printout q;
		begin(&q, "epl", 0, 0);
		if (rows[i].fault != NULL)
			ck_assert_int_eq(pw_sim_do(q.sim, rows[i].fault, NULL), PW_OK);
		pw_sim_take(q.sim, "^ee\n", 4);
		pw_str said = hear(&q);
		ck_assert_str_eq(pw_str_text(&said), rows[i].answer);
		pw_str_clear(&said);
		end(&q);
	}
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	ck_assert_int_eq(pw_sim_do(p.sim, "head open", NULL), PW_OK);
	give_text(&p, "nonsense\n^ee\n");
	pw_str said = hear(&p);
	ck_assert_str_eq(pw_str_text(&said), "01,07,11\r\n");
	pw_str_clear(&said);
	end(&p);
}
END_TEST

START_TEST(test_epl_lines_are_drawn)
{
	printout p;
	begin(&p, "epl", 0, 0);
	give_text(&p, "N\nq8\nQ2,16\nLO0,0,8,2\nLW2,0,2,1\nLE0,1,4,1\nP1\n");
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_uint_eq(p.raster.bits[0], 0xCF);
	ck_assert_uint_eq(p.raster.bits[1], 0x0F);
	end(&p);
}
END_TEST

/* ---- Brother and Dymo ---- */

START_TEST(test_brother_tells_the_flow_of_a_page)
{
	static const struct {
		uint8_t type, phase;
	} flow[] = {{0, 0}, {6, 1}, {1, 0}, {6, 0}, {0, 0}};
	printout p;
	pw_str job = numbered_job("brother", 1);
	begin(&p, "brother", 0, 0);
	pw_sim_take(p.sim, "\x1BiS", 3);
	give(&p, job.ptr, job.len, 100);
	pw_sim_take(p.sim, "\x1BiS", 3);
	pw_str said = hear(&p);
	ck_assert_uint_eq(said.len, 32 * 5);
	for (size_t i = 0; i < 5; i++) {
		const uint8_t *b = (const uint8_t *)said.ptr + 32 * i;
		ck_assert(b[0] == 0x80 && b[1] == 0x20 && b[2] == 'B');
		ck_assert_uint_eq(b[10], 12);
		ck_assert_uint_eq(b[11], 0x0A);
		ck_assert_uint_eq(b[18], flow[i].type);
		ck_assert_uint_eq(b[19], flow[i].phase);
	}
	pw_str_clear(&said);
	pw_str_clear(&job);
	end(&p);
}
END_TEST

START_TEST(test_brother_refuses_other_media)
{
	printout p;
	pw_str job = numbered_job("brother", 1);
	begin(&p, "brother", 0, 0);
	ck_assert_int_eq(pw_sim_do(p.sim, "media 29x90", NULL), PW_OK);
	give(&p, job.ptr, job.len, 100);
	ck_assert_uint_eq(p.whole + p.fragments, 0);
	pw_str said = hear(&p);
	ck_assert_uint_eq(said.len, 32);
	ck_assert_uint_eq((uint8_t)said.ptr[18], 2);
	ck_assert_uint_eq((uint8_t)said.ptr[9], 0x01);
	/* It stays so until it is initialised. */
	ck_assert_int_eq(pw_sim_do(p.sim, "media 12", NULL), PW_OK);
	give(&p, job.ptr + 202, job.len - 202, 100);
	ck_assert_uint_eq(p.whole, 0);
	give(&p, job.ptr, job.len, 100);
	ck_assert_uint_eq(p.whole, 1);
	pw_str_clear(&said);
	pw_str_clear(&job);
	end(&p);
}
END_TEST

START_TEST(test_dymo_runs_are_rows_too)
{
	printout p;
	begin(&p, "dymo", 0, 0);
	/* Two bytes a row: 4 white, 8 black, 4 white, packed; then the same as it is. */
	give(&p,
	     "\x1B"
	     "D\x02\x17\x03\x87\x03\x16\x0F\xF0\x1B"
	     "E",
	     12, 12);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_int_eq(p.raster.height, 2);
	ck_assert_int_eq(memcmp(p.raster.bits, "\x0F\xF0\x0F\xF0", 4), 0);
	end(&p);
}
END_TEST

START_TEST(test_dymo_answers_as_documented)
{
	printout p;
	begin(&p, "dymo", 0, 0);
	pw_sim_take(p.sim,
		    "\x1B"
		    "A",
		    2);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	pw_sim_take(p.sim,
		    "\x1B"
		    "A",
		    2);
	pw_str said = hear(&p);
	ck_assert_uint_eq(said.len, 2);
	ck_assert_uint_eq((uint8_t)said.ptr[0], 0x03);
	ck_assert_uint_eq((uint8_t)said.ptr[1], 0xA3);
	pw_str_clear(&said);
	end(&p);
}
END_TEST

/* ---- Faults ---- */

START_TEST(test_a_label_that_is_stopped_comes_out_in_part_and_then_whole)
{
	printout p;
	pw_str job = numbered_job("zpl", 5);
	begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, job.ptr, job.len);
	pw_sim_advance(p.sim, 150);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out for 1000", NULL), PW_OK);
	ck_assert_uint_eq(p.fragments, 1);
	pw_sim_advance(p.sim, 1149);
	ck_assert_uint_eq(pw_sim_count(p.sim).faults, PW_FAULT_PAPER_OUT);
	ck_assert_int_eq(pw_sim_port_status(p.sim), 0x30);
	pw_sim_advance(p.sim, 1449);
	ck_assert_int_eq(pw_sim_port_status(p.sim), 0x18);
	ck_assert_uint_eq(p.whole, 0);
	pw_sim_advance(p.sim, 1450);
	ck_assert_uint_eq(p.whole, 1);
	pw_str_clear(&job);
	end(&p);
}
END_TEST

START_TEST(test_power_takes_all_labels_with_it)
{
	printout p;
	pw_str job = numbered_job("zpl", 5);
	begin(&p, "zpl", 0, 0);
	for (int i = 0; i < 3; i++)
		pw_sim_take(p.sim, job.ptr, job.len);
	ck_assert_uint_eq(pw_sim_count(p.sim).inside, 3);
	ck_assert_int_eq(pw_sim_do(p.sim, "power off for 10", NULL), PW_OK);
	ck_assert(!pw_sim_there(p.sim));
	ck_assert_uint_eq(pw_sim_take(p.sim, "x", 1), 0);
	pw_sim_advance(p.sim, 2999);
	ck_assert(!pw_sim_there(p.sim));
	pw_sim_advance(p.sim, 3000);
	ck_assert(pw_sim_there(p.sim));
	ck_assert_uint_eq(pw_sim_count(p.sim).inside, 0);
	pw_str_clear(&job);
	end(&p);
}
END_TEST

START_TEST(test_a_memory_that_is_full_takes_no_more)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	pw_str job = numbered_job("zpl", 5);
	opts.language = "zpl";
	opts.memory = 1500;
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &sim, NULL), PW_OK);
	pw_sim_advance(sim, 0);
	size_t taken = 0;
	for (int i = 0; i < 10; i++)
		taken += pw_sim_take(sim, job.ptr, job.len);
	ck_assert_uint_lt(taken, 10 * job.len);
	ck_assert_uint_lt(pw_sim_count(sim).inside, 5);
	pw_sim_advance(sim, 5000);
	ck_assert_uint_eq(pw_sim_take(sim, "~HS", 3), 3);
	pw_str_clear(&job);
	pw_sim_free(sim);
}
END_TEST

static const struct {
	const char *script, *said; /* NULL: right */
} scripts[] = {
	{"", NULL},
	{" ; ;", NULL},
	{"label 3: paper out for 2000; byte 5000: unplug for 1500 ; time 800: cancel", NULL},
	{"question 2: silent", NULL},
	{"time 0: media 62x29", NULL},
	{"label 3", "should be 'WHEN: WHAT'"},
	{"never: pause", "should be label, byte, time or question"},
	{"label x: pause", "should be label, byte, time or question"},
	{"label 3: dance", "'dance' cannot be done: there are paper out, paper in"},
	{"label 3: pause for ever", "cannot be done"},
	{"label 3: pause for 0", "cannot be done"},
	{"label 3: resume for 5", "cannot be done"},
	{"label 3: cancel for 5", "cannot be done"},
	{"label 3: paper out paper out paper out paper out paper out paper out", "cannot be done"},
};

START_TEST(test_scripts_are_read_or_refused_with_words)
{
	printout p;
	pw_err err = PW_ERR_INIT;
	begin(&p, "zpl", 0, 0);
	pw_status rc = pw_sim_script(p.sim, scripts[_i].script, &err);
	ck_assert_int_eq(rc, scripts[_i].said == NULL ? PW_OK : PW_ERR_ARG);
	if (scripts[_i].said != NULL)
		ck_assert_msg(strstr(err.msg, scripts[_i].said) != NULL, "%s", err.msg);
	end(&p);
}
END_TEST

START_TEST(test_scripts_have_a_limit)
{
	printout p;
	pw_str script = PW_STR_INIT;
	begin(&p, "zpl", 0, 0);
	for (int i = 0; i < 65; i++)
		pw_str_addf(&script, "label %d: pause;", i);
	ck_assert_int_eq(pw_sim_script(p.sim, pw_str_text(&script), NULL), PW_ERR_LIMIT);
	pw_str_clear(&script);
	end(&p);
}
END_TEST

START_TEST(test_random_scripts_are_right)
{
	pw_rng rng;
	pw_str script = PW_STR_INIT;
	pw_rng_init(&rng, (uint64_t)_i);
	printout p;
	pw_err err = PW_ERR_INIT;
	pw_sim_random_script(&rng, languages[_i % LANGUAGES], 10, 20, 10000, &script);
	begin(&p, languages[_i % LANGUAGES], 0, 0);
	ck_assert_msg(pw_sim_script(p.sim, pw_str_text(&script), &err) == PW_OK, "%s", err.msg);
	end(&p);
	pw_str_clear(&script);
}
END_TEST

START_TEST(test_unknown_languages_and_words_are_refused)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	pw_err err = PW_ERR_INIT;
	opts.language = "pcl";
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &sim, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(
		strstr(err.msg, "there are zpl, tspl, epl, brother, brother-wide, ptouch, dymo"));
	printout p;
	begin(&p, "brother", 0, 0);
	static const char *const wrong[] = {
		"",          "media",         "media 0", "media 62x", "media 62x29x1",
		"media 999", "media 62 for 5"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(pw_sim_do(p.sim, wrong[i], NULL), PW_ERR_ARG);
	end(&p);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static TCase *jobs(void)
{
	TCase *tc = tcase_create("jobs");
	tcase_set_timeout(tc, 60);
	int shipped = 0;
	while (pw_shipped_templates[shipped].name != NULL)
		shipped++;
	tcase_add_loop_test(tc, test_every_shipped_label_is_printed_dot_for_dot, 0, DPIS * shipped);
	tcase_add_loop_test(tc, test_pieces_make_no_difference, 0, 100);
	tcase_add_loop_test(tc, test_many_labels_follow_one_another, 0, LANGUAGES);
	return tc;
}

static TCase *zpl(void)
{
	TCase *tc = tcase_create("zpl");
	tcase_add_loop_test(tc, test_zpl_every_form_of_a_picture_is_the_same, 0, ROWS(pictures));
	tcase_add_loop_test(tc, test_zpl_bad_pictures_are_not_drawn, 0, ROWS(bad_pictures));
	tcase_add_test(tc, test_zpl_a_bomb_fills_no_more_than_its_picture);
	tcase_add_test(tc, test_zpl_answers_as_documented);
	tcase_add_test(tc, test_zpl_says_what_it_does_not_draw);
	tcase_add_test(tc, test_zpl_cancel_all_throws_away_what_has_not_begun);
	return tc;
}

static TCase *others(void)
{
	TCase *tc = tcase_create("others");
	tcase_add_loop_test(tc, test_tspl_sizes_in_every_unit, 0, ROWS(sizes));
	tcase_add_test(tc, test_tspl_modes_of_a_picture);
	tcase_add_test(tc, test_tspl_a_touchy_printer_feeds_blank_labels);
	tcase_add_test(tc, test_tspl_hears_questions_in_a_picture_only_if_it_has_that_habit);
	tcase_add_test(tc, test_tspl_answers_as_documented);
	tcase_add_test(tc, test_epl_answers_as_documented);
	tcase_add_test(tc, test_epl_lines_are_drawn);
	tcase_add_test(tc, test_brother_tells_the_flow_of_a_page);
	tcase_add_test(tc, test_brother_refuses_other_media);
	tcase_add_test(tc, test_dymo_runs_are_rows_too);
	tcase_add_test(tc, test_dymo_answers_as_documented);
	return tc;
}

Suite *suite_sim(void);

Suite *suite_sim(void)
{
	Suite *suite = suite_create("sim");
	suite_add_tcase(suite, jobs());
	suite_add_tcase(suite, zpl());
	suite_add_tcase(suite, others());
	TCase *tc = tcase_create("faults");
	tcase_add_test(tc, test_a_label_that_is_stopped_comes_out_in_part_and_then_whole);
	tcase_add_test(tc, test_power_takes_all_labels_with_it);
	tcase_add_test(tc, test_a_memory_that_is_full_takes_no_more);
	tcase_add_loop_test(tc, test_scripts_are_read_or_refused_with_words, 0, ROWS(scripts));
	tcase_add_test(tc, test_scripts_have_a_limit);
	tcase_add_loop_test(tc, test_random_scripts_are_right, 0, 200);
	tcase_add_test(tc, test_unknown_languages_and_words_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
