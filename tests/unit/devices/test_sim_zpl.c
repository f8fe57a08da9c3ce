/* What the ZPL simulator makes of jobs, and what it says. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "core/base/mem.h"
#include "printout.h"

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
	printout_begin(&p, "zpl", 0, 0);
	if (strstr(pictures[_i], ":B64:") != NULL) {
		snprintf(job, sizeof(job), "^XA^PW16^LL4^GFA,8,8,2,:B64://8AAKqqqqo=:%04X^FS^XZ",
			 crc_of("//8AAKqqqqo=", 12));
		printout_give_text(&p, job);
	} else {
		snprintf(job, sizeof(job), "^XA^PW16^LL4%s^FS^XZ", pictures[_i]);
		printout_give_text(&p, job);
	}
	has_picture(&p);
	printout_end(&p);
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
	printout_begin(&p, "zpl", 0, 0);
	snprintf(job, sizeof(job), "^XA^PW16^LL4%s^FS^XZ", bad_pictures[_i].picture);
	printout_give_text(&p, job);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 1);
	ck_assert_msg(strstr(pw_str_text(&p.notes), bad_pictures[_i].note) != NULL, "%s",
		      pw_str_text(&p.notes));
	printout_end(&p);
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
	printout_begin(&p, "zpl", 0, 0);
	printout_give(&p, job, at, 100);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_int_eq(p.raster.width, 16);
	printout_end(&p);
}
END_TEST

START_TEST(test_zpl_answers_as_documented)
{
	printout p;
	printout_begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, "~HS", 3);
	pw_str said = printout_hear(&p);
	ck_assert_str_eq(pw_str_text(&said), "\002030,0,0,1218,000,0,0,0,000,0,0,0\3\r\n"
					     "\002001,0,0,0,0,2,6,0,00000000,1,000\3\r\n"
					     "\0021234,0\3\r\n");
	pw_str_clear(&said);
	printout_give_text(&p, "^XA^PW16^LL4^PQ3^GFA,8,8,2,!");
	pw_sim_take(p.sim, "~HS", 3);
	said = printout_hear(&p);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "030,0,0,0004,000,0,0,1,"));
	pw_str_clear(&said);
	pw_sim_take(p.sim, "^FS^XZ^XA^FS^XZ~HS", 18);
	said = printout_hear(&p);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "030,0,0,0004,001,0,0,0,"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "001,0,0,0,0,2,6,0,00000003,"));
	pw_str_clear(&said);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	pw_sim_take(p.sim, "~HS~HQES", 8);
	said = printout_hear(&p);
	ck_assert_ptr_null(strstr(pw_str_text(&said), "030,"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&said), "ERRORS:         1 00000000 00000001"));
	pw_str_clear(&said);
	printout_end(&p);
}
END_TEST

START_TEST(test_zpl_says_what_it_does_not_draw)
{
	printout p;
	printout_begin(&p, "zpl", 0, 0);
	printout_give_text(&p, "^XA^FO10,10^BCN,50^FD123^FS^A0N,20,20^FDx^FS^QQ^XZ");
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^BCN,50"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^FD123"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not drawn: ^A0N,20,20"));
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not known: ^QQ"));
	ck_assert_uint_eq(p.whole, 1);
	printout_end(&p);
}
END_TEST

START_TEST(test_zpl_cancel_all_throws_away_what_has_not_begun)
{
	printout p;
	printout_begin(&p, "zpl", 0, 0);
	pw_sim_take(p.sim, "^XA^FS^XZ^XA^FS^XZ^XA^FS^XZ^XA^FS", 33);
	pw_sim_take(p.sim, "~JA", 3);
	printout_give_text(&p, "^XZ");
	ck_assert_uint_eq(p.whole, 1);
	printout_end(&p);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

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

Suite *suite_sim_zpl(void);

Suite *suite_sim_zpl(void)
{
	Suite *suite = suite_create("sim_zpl");
	suite_add_tcase(suite, zpl());
	return suite;
}
