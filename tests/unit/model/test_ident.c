#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/model/ident.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

START_TEST(test_worked_examples_of_check_characters)
{
	/* ISBT 128, "Check character calculation": donation number G1234 98 654321 */
	ck_assert_int_eq(pw_mod37_2("G123498654321", 13), 'H');
	ck_assert(pw_mod37_2_valid("G123498654321H"));
	ck_assert(!pw_mod37_2_valid("G123498654321G"));
	ck_assert(!pw_mod37_2_valid("G123498654312H"));
	/* GB 11643-1999, annex: 11010519491231002X and 440524188001010014 */
	ck_assert_int_eq(pw_mod11_2("11010519491231002", 17), 'X');
	ck_assert_int_eq(pw_mod11_2("44052418800101001", 17), '4');
	ck_assert(pw_mod11_2_valid("11010519491231002X"));
	ck_assert(!pw_mod11_2_valid("110105194912310020"));
	/* ISO 7064: "0794" gets 0 */
	ck_assert_int_eq(pw_mod11_2("0794", 4), '0');
}
END_TEST

START_TEST(test_check_characters_of_what_has_none)
{
	static const char *const no37[] = {"", "abc", "A-B", "A B", "A*", "\xE5\xBC\xA0"};
	for (int i = 0; i < COUNT(no37); i++)
		ck_assert_int_eq(pw_mod37_2(no37[i], strlen(no37[i])), '\0');
	static const char *const no11[] = {"", "12X", "A", "1 2"};
	for (int i = 0; i < COUNT(no11); i++)
		ck_assert_int_eq(pw_mod11_2(no11[i], strlen(no11[i])), '\0');
	ck_assert(!pw_mod37_2_valid(""));
	ck_assert(!pw_mod37_2_valid("1"));
	ck_assert(!pw_mod11_2_valid(""));
	ck_assert(!pw_mod11_2_valid("1"));
	ck_assert_int_eq(pw_mod37_2("A\0B", 3), '\0');
}
END_TEST

/* 1 when `changed` differs from the original and still passes. */
static int slips(const char *original, const char *changed)
{
	return strcmp(original, changed) != 0 && pw_mod37_2_valid(changed);
}

START_TEST(test_every_single_error_and_every_swap_is_found)
{
	pw_rng rng;
	pw_rng_init(&rng, 37);
	int missed = 0;
	for (int round = 0; round < 200; round++) {
		char code[16], bad[16];
		for (int i = 0; i < 12; i++)
			code[i] = letters[pw_rng_below(&rng, 36)];
		code[12] = pw_mod37_2(code, 12);
		code[13] = '\0';
		ck_assert(pw_mod37_2_valid(code));
		for (int i = 0; i < 13; i++) {
			memcpy(bad, code, sizeof(bad));
			for (int k = 0; k < 36; k++) {
				bad[i] = letters[k];
				missed += slips(code, bad);
			}
			/* neighbours, and characters with one between them, change places */
			for (int k = i + 1; k <= i + 2 && k < 13; k++) {
				memcpy(bad, code, sizeof(bad));
				bad[i] = code[k];
				bad[k] = code[i];
				missed += slips(code, bad);
			}
		}
	}
	ck_assert_int_eq(missed, 0);
}
END_TEST

static const struct {
	const char *issuer;
	char kind;
	int64_t serial;
	const char *text, *grouped;
} made[] = {
	{"SZ", 'P', 123, "SZP000001230", "SZ-P-0000-0123-0"},
	{"SZ", 'T', 1, "SZT000000017", "SZ-T-0000-0001-7"},
	{"SZ", 'B', 0, NULL, NULL},
	{"ABC", 'E', 12345678, NULL, NULL},
	{"LAB4", 'Q', PW_IDENT_MAX_SERIAL, NULL, NULL},
	{"00", 'K', 7, NULL, NULL},
};

START_TEST(test_an_identifier_goes_out_and_comes_back)
{
	char text[PW_IDENT_SIZE], grouped[PW_IDENT_SIZE], again[PW_IDENT_SIZE];
	ck_assert(pw_ident_make(made[_i].issuer, made[_i].kind, made[_i].serial, text));
	ck_assert_uint_eq(strlen(text), strlen(made[_i].issuer) + 10);
	ck_assert(pw_mod37_2_valid(text));
	if (made[_i].text != NULL)
		ck_assert_str_eq(text, made[_i].text);
	pw_ident ident;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_ident_parse(text, &ident, &err) == PW_OK, "%s", err.msg);
	ck_assert_str_eq(ident.issuer, made[_i].issuer);
	ck_assert_int_eq(ident.kind, made[_i].kind);
	ck_assert_int_eq(ident.serial, made[_i].serial);
	pw_ident_text(&ident, again);
	ck_assert_str_eq(again, text);
	pw_ident_grouped(&ident, grouped);
	if (made[_i].grouped != NULL)
		ck_assert_str_eq(grouped, made[_i].grouped);
	memset(&ident, 0, sizeof(ident));
	ck_assert_int_eq(pw_ident_parse(grouped, &ident, NULL), PW_OK);
	ck_assert_int_eq(ident.serial, made[_i].serial);
}
END_TEST

START_TEST(test_people_write_it_as_they_like)
{
	static const char *const forms[] = {
		"SZP000001230",     "szp000001230",    "SZ-P-0000-0123-0", "sz-p-0000-0123-0",
		"SZ P 0000 0123 0", " SZP00000123-0 ", "S-Z-P-00000123--0"};
	for (int i = 0; i < COUNT(forms); i++) {
		pw_ident ident;
		ck_assert_int_eq(pw_ident_parse(forms[i], &ident, NULL), PW_OK);
		ck_assert_str_eq(ident.issuer, "SZ");
		ck_assert_int_eq(ident.kind, PW_KIND_SUBJECT);
		ck_assert_int_eq(ident.serial, 123);
	}
}
END_TEST

static const struct {
	const char *text;
	bool ours;
} wrong[] = {
	{"SZP000001231", true},
	{"SZP000001320", true},
	{"SYP000001230", true},
	{"SZT000001230", true},
	/* a letter typed for a digit is never guessed at */
	{"SZPO00001230", true},
	{"SZP00000I230", true},
	{"SZP00000L230", true},
	{"SZP0000U1230", true},
	{"SZ-P-OOOO-0123-0", true},
	{"SZP00000123O", true},
	/* other things */
	{"", false},
	{"-", false},
	{"0", false},
	{"000001230", false},
	{"P000001230", false},
	{"SP000001230", false},
	{"ABCDEP000001230", false},
	{"SZX000001230", false},
	{"SZ1000001230", false},
	{"SZPA00001230", false},
	{"SZP00000123*", false},
	{"SZP00000123_0", false},
	{"SZP0000012300000000000000000000", false},
	{"6901234567892", false},
	{"\xE5\xBC\xA0\xE4\xB8\x89", false},
	{"SZP\xEF\xBC\x90"
	 "00001230",
	 false}, /* a full-width zero */
};

START_TEST(test_a_misread_code_is_told_from_a_foreign_one)
{
	pw_ident ident = {"??", '?', -1};
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_ident_parse(wrong[_i].text, &ident, &err);
	ck_assert_int_eq(rc, wrong[_i].ours ? PW_ERR_REFUSED : PW_ERR_NOT_FOUND);
	ck_assert_str_eq(err.code, wrong[_i].ours ? "check-character" : "not-ours");
	ck_assert_str_eq(ident.issuer, "??");
	char expected[400];
	if (!wrong[_i].ours) {
		snprintf(expected, sizeof(expected), "'%s' is not one of ours", wrong[_i].text);
		ck_assert_str_eq(err.msg, expected);
	} else {
		ck_assert_ptr_nonnull(strstr(err.msg, ": wrong check character: a mistyped or "
						      "misread code, scan it again"));
	}
}
END_TEST

START_TEST(test_a_serial_with_a_star_is_skipped)
{
	char text[PW_IDENT_SIZE] = "as it was";
	int skipped = 0;
	for (int64_t serial = 0; serial < 3700; serial++)
		if (!pw_ident_make("SZ", 'P', serial, text))
			skipped++;
	ck_assert_int_eq(skipped, 98); /* about one in 37 */
	memcpy(text, "as it was", 10);
	ck_assert(!pw_ident_make("SZ", 'P', 198, text));
	ck_assert_str_eq(text, "as it was");
}
END_TEST

START_TEST(test_issuers_and_kinds_are_known)
{
	static const char *const good[] = {"SZ", "A1", "ABCD", "007"};
	static const char *const bad[] = {"", "S", "ABCDE", "sz", "S-", "S ", "\xE6\xB7\xB1"};
	for (int i = 0; i < COUNT(good); i++)
		ck_assert(pw_ident_issuer_valid(good[i]));
	for (int i = 0; i < COUNT(bad); i++)
		ck_assert(!pw_ident_issuer_valid(bad[i]));
	ck_assert_str_eq(pw_ident_kind_name('T'), "tube");
	ck_assert_str_eq(pw_ident_kind_name('E'), "extraction plate");
	/* letters that are taken for digits are no kinds */
	static const char none[] = {'\0', 'I', 'L', 'O', 'U', 'X', 'p', '1'};
	for (int i = 0; i < COUNT(none); i++)
		ck_assert_ptr_null(pw_ident_kind_name(none[i]));
}
END_TEST

static const struct {
	const char *text, *symbology, *value;
	bool scanned;
} scans[] = {
	{"]C0SZT000000017\r\n", "code128", "SZT000000017", true},
	{"]C1010690123456789", "gs1-128", "010690123456789", true},
	{"]C2X", "code128", "X", true},
	{"]d1ABC", "datamatrix", "ABC", true},
	{"]d2ABC\r", "datamatrix", "ABC", true},
	{"]Q1ABC", "qr", "ABC", true},
	{"]Q3ABC", "qr", "ABC", true},
	{"]A0ABC", "code39", "ABC", true},
	{"]I0123456", "itf", "123456", true},
	{"]L0ABC", "unknown", "ABC", true},
	{"]C0 ABC ", "code128", "ABC", true},
	{" \t]C0ABC\n", "code128", "ABC", true},
	{"SZT000000017", "unknown", "SZT000000017", false},
	{"  a b\t\r\n", "unknown", "a b", false},
	{"]", "unknown", "]", false},
	{"]]C0A", "unknown", "]]C0A", false},
	{"]5A", "unknown", "]5A", false},
	{"A]C0", "unknown", "A]C0", false},
	{"]C", "unknown", "]C", false},
	{"6901234567892", "unknown", "6901234567892", false},
	{"e\xCC\x81", "unknown", "\xC3\xA9", false},
	{"\xE6\xB7\xB1\xE5\x9C\xB3-7", "unknown", "\xE6\xB7\xB1\xE5\x9C\xB3-7", false},
};

START_TEST(test_a_scan_is_taken_apart)
{
	pw_scan scan;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_scan_parse(scans[_i].text, &scan, &err) == PW_OK, "%s", err.msg);
	ck_assert_str_eq(scan.symbology, scans[_i].symbology);
	ck_assert_str_eq(scan.value, scans[_i].value);
	ck_assert_int_eq(scan.scanned, scans[_i].scanned);
}
END_TEST

static const struct {
	const char *text, *code, *message;
} refused[] = {
	{"", "scan-empty", "nothing was read: scan it again"},
	{" \r\n", "scan-empty", "nothing was read: scan it again"},
	{"]C0", "scan-empty", "nothing was read: scan it again"},
	{"]C0\r\n", "scan-empty", "nothing was read: scan it again"},
	{"]E06901234567892", "scan-product",
	 "'6901234567892' is the product code of a package (EAN or UPC): scan the laboratory's "
	 "label"},
	{"]E4690123", "scan-product",
	 "'690123' is the product code of a package (EAN or UPC): scan the laboratory's label"},
	{"AB\x1D"
	 "17",
	 "scan-control",
	 "there is a control or invisible character in the scan: set the scanner to plain text, or "
	 "scan another code"},
	{"A\nB", "scan-control",
	 "there is a control or invisible character in the scan: set the scanner to plain text, or "
	 "scan another code"},
	{"AB\xE2\x80\x8B", "scan-control",
	 "there is a control or invisible character in the scan: set the scanner to plain text, or "
	 "scan another code"},
	{"AB\xFF", "scan-control",
	 "the scan is not text in UTF-8: set the scanner to plain text, or scan another code"},
};

START_TEST(test_a_scan_that_cannot_be_is_refused)
{
	pw_scan scan = {.symbology = "as it was"};
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_scan_parse(refused[_i].text, &scan, &err), PW_ERR_REFUSED);
	ck_assert_str_eq(err.code, refused[_i].code);
	ck_assert_str_eq(err.msg, refused[_i].message);
	ck_assert_str_eq(scan.symbology, "as it was");
}
END_TEST

START_TEST(test_a_scan_has_at_most_64_characters)
{
	char text[4 * 65 + 1] = "";
	pw_scan scan;
	pw_err err = PW_ERR_INIT;
	for (size_t i = 0; i < 65; i++)
		memcpy(text + 4 * i, "\xF0\x9F\xA7\xAA", 4);
	ck_assert_int_eq(pw_scan_parse(text, &scan, &err), PW_ERR_REFUSED);
	ck_assert_str_eq(err.code, "scan-long");
	ck_assert_str_eq(
		err.msg,
		"65 characters are more than the 64 of the longest code: scan another one");
	text[sizeof(text) - 5] = '\0';
	ck_assert_int_eq(pw_scan_parse(text, &scan, NULL), PW_OK);
	ck_assert_str_eq(scan.value, text);
}
END_TEST

Suite *suite_ident(void);

Suite *suite_ident(void)
{
	Suite *s = suite_create("ident");
	TCase *tc = tcase_create("check characters");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_test(tc, test_worked_examples_of_check_characters);
	tcase_add_test(tc, test_check_characters_of_what_has_none);
	tcase_add_test(tc, test_every_single_error_and_every_swap_is_found);
	suite_add_tcase(s, tc);
	tc = tcase_create("identifiers");
	tcase_add_loop_test(tc, test_an_identifier_goes_out_and_comes_back, 0, COUNT(made));
	tcase_add_test(tc, test_people_write_it_as_they_like);
	tcase_add_loop_test(tc, test_a_misread_code_is_told_from_a_foreign_one, 0, COUNT(wrong));
	tcase_add_test(tc, test_a_serial_with_a_star_is_skipped);
	tcase_add_test(tc, test_issuers_and_kinds_are_known);
	suite_add_tcase(s, tc);
	tc = tcase_create("scans");
	tcase_add_loop_test(tc, test_a_scan_is_taken_apart, 0, COUNT(scans));
	tcase_add_loop_test(tc, test_a_scan_that_cannot_be_is_refused, 0, COUNT(refused));
	tcase_add_test(tc, test_a_scan_has_at_most_64_characters);
	suite_add_tcase(s, tc);
	return s;
}
