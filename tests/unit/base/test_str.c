#include <check.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/str.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

START_TEST(test_a_text_grows)
{
	pw_str s = PW_STR_INIT;
	ck_assert_str_eq(pw_str_text(&s), "");
	pw_str_add(&s, "");
	ck_assert_str_eq(s.ptr, "");
	for (int i = 0; i < 1000; i++) {
		pw_str_add(&s, "ab");
		pw_str_add_char(&s, 'c');
		pw_str_add_n(&s, "d\0e", 3);
		pw_str_addf(&s, "%02d", i % 100);
	}
	ck_assert_uint_eq(s.len, 8000);
	ck_assert(memcmp(s.ptr + 7992, "abcd\0e99", 9) == 0);
	pw_str_truncate(&s, 4);
	ck_assert_str_eq(pw_str_text(&s), "abcd");
	pw_str_addf(&s, "%5000d", 1);
	ck_assert_uint_eq(s.len, 5004);
	pw_str_clear(&s);
	ck_assert_ptr_null(s.ptr);
	ck_assert_uint_eq(s.len, 0);
	pw_str_clear(&s);
	pw_str_truncate(&s, 0);
}
END_TEST

START_TEST(test_a_taken_text_is_the_callers)
{
	pw_str s = PW_STR_INIT;
	char *empty = pw_str_take(&s);
	ck_assert_str_eq(empty, "");
	pw_free(empty);
	pw_str_add(&s, "abc");
	char *text = pw_str_take(&s);
	ck_assert_str_eq(text, "abc");
	ck_assert_str_eq(pw_str_text(&s), "");
	pw_str_add(&s, "x");
	ck_assert_str_eq(text, "abc");
	pw_free(text);
	pw_str_clear(&s);
}
END_TEST

START_TEST(test_slices_are_trimmed_and_compared)
{
	static const char *const trimmed[][2] = {
		{"", ""},    {" ", ""},   {"a", "a"}, {" \t\v\f\r\na b\n ", "a b"},
		{"a ", "a"}, {" a", "a"},
	};
	for (int i = 0; i < COUNT(trimmed); i++) {
		pw_slice s = pw_slice_trim(pw_slice_of(trimmed[i][0]));
		ck_assert(pw_slice_eq(s, trimmed[i][1]));
		ck_assert(!pw_slice_eq(s, "something else"));
	}
	ck_assert(pw_slice_eq((pw_slice){NULL, 0}, ""));
	ck_assert(!pw_slice_eq((pw_slice){"abc", 2}, "abc"));
	ck_assert(pw_slice_eq((pw_slice){"abc", 2}, "ab"));
}
END_TEST

START_TEST(test_a_slice_is_shown_on_one_line)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{"", ""},
		{"a\tb\r\n\x1b[2J\x7f"
		 "c",
		 "a b   [2J c"},
		{"0123456789012345678901234567890123456789",
		 "0123456789012345678901234567890123456789"},
		{"01234567890123456789012345678901234567890",
		 "0123456789012345678901234567890123456789"},
		{"012345678901234567890123456789012345678\xc3\xa9",
		 "012345678901234567890123456789012345678"},
		{"01234567890123456789012345678901234567\xc3\xa9",
		 "01234567890123456789012345678901234567\xc3\xa9"},
		{"01234567890123456789012345678901234567\xc3\xa9\xc3\xa9",
		 "01234567890123456789012345678901234567\xc3\xa9"},
	};
	char shown[48];
	for (int i = 0; i < COUNT(cases); i++)
		ck_assert_str_eq(pw_slice_show(pw_slice_of(cases[i].text), shown), cases[i].shown);
	ck_assert_str_eq(pw_slice_show((pw_slice){"a\0b", 3}, shown), "a b");
	ck_assert_str_eq(pw_slice_show((pw_slice){NULL, 0}, shown), "");
}
END_TEST

START_TEST(test_texts_are_compared_without_case)
{
	ck_assert(pw_text_eq_nocase("", ""));
	ck_assert(pw_text_eq_nocase("Well-7", "wELL-7"));
	ck_assert(!pw_text_eq_nocase("well", "wells"));
	ck_assert(!pw_text_eq_nocase("wells", "well"));
	ck_assert(!pw_text_eq_nocase("[", "{"));               /* 32 apart, but no letters */
	ck_assert(!pw_text_eq_nocase("\xC3\x84", "\xC3\xA4")); /* ASCII alone */
	ck_assert(pw_text_starts("abc", ""));
	ck_assert(pw_text_starts("abc", "abc"));
	ck_assert(!pw_text_starts("abc", "abcd"));
	ck_assert(!pw_text_starts("abc", "b"));
}
END_TEST

static const struct {
	const char *text;
	bool taken;
	int64_t value;
} integers[] = {
	{"0", true, 0},
	{"-0", true, 0},
	{"007", true, 7},
	{"-12", true, -12},
	{"9223372036854775807", true, INT64_MAX},
	{"9223372036854775808", false, 0},
	{"-9223372036854775808", true, INT64_MIN},
	{"-9223372036854775809", false, 0},
	{"9223372036854775810", false, 0},
	{"92233720368547758070", false, 0},
	{"18446744073709551616", false, 0},
	{"-18446744073709551617", false, 0},
	{"00000000000000000000000000009", true, 9},
	{"", false, 0},
	{"-", false, 0},
	{"+5", false, 0},
	{" 5", false, 0},
	{"5 ", false, 0},
	{"5x", false, 0},
	{"0x5", false, 0},
	{"--5", false, 0},
	{"5.0", false, 0},
	{"1e3", false, 0},
};

START_TEST(test_integers_are_read_to_their_limits)
{
	int64_t value = 4711;
	ck_assert_int_eq(pw_parse_int(integers[_i].text, &value), integers[_i].taken);
	ck_assert_int_eq(value, integers[_i].taken ? integers[_i].value : 4711);
}
END_TEST

START_TEST(test_printed_integers_read_back)
{
	pw_rng rng;
	pw_rng_init(&rng, 1);
	for (int i = 0; i < 20000; i++) {
		int64_t number = (int64_t)(pw_rng_next(&rng) >> pw_rng_below(&rng, 63)), back = 0;
		if (pw_rng_chance(&rng, 0.5))
			number = -number;
		char text[32];
		snprintf(text, sizeof(text), "%" PRId64, number);
		ck_assert(pw_parse_int(text, &back));
		ck_assert_int_eq(back, number);
	}
}
END_TEST

static const struct {
	const char *text;
	bool taken;
	double value;
} reals[] = {
	{"0", true, 0.0},      {"28.5", true, 28.5},  {"-0.25", true, -0.25},
	{"+3", true, 3.0},     {".5", true, 0.5},     {"5.", true, 5.0},
	{"1e-09", true, 1e-9}, {"1E+17", true, 1e17}, {"1.7976931348623157e308", true, DBL_MAX},
	{"1e400", false, 0},   {"-1e400", false, 0},  {"", false, 0},
	{".", false, 0},       {"-", false, 0},       {"e5", false, 0},
	{"1e", false, 0},      {"nan", false, 0},     {"inf", false, 0},
	{"0x10", false, 0},    {" 1", false, 0},      {"1 ", false, 0},
	{"1,5", false, 0},     {"1.2.3", false, 0},   {"1-2", false, 0},
	{"1e5e5", false, 0},
};

START_TEST(test_reals_are_read_whole_or_not)
{
	double value = 4711.0;
	ck_assert_int_eq(pw_parse_real(reals[_i].text, &value), reals[_i].taken);
	ck_assert_double_eq(value, reals[_i].taken ? reals[_i].value : 4711.0);
}
END_TEST

START_TEST(test_reals_are_written_as_short_as_can_be)
{
	static const struct {
		double value;
		const char *text;
	} written[] = {
		{0.0, "0"},
		{28.5, "28.5"},
		{0.1, "0.1"},
		{1e-9, "1e-09"},
		{-3.0, "-3"},
		{1e15, "1e+15"},
		{1e14, "100000000000000"},
		{0.1 + 0.2, "0.30000000000000004"},
		{1.0 / 3.0, "0.3333333333333333"},
		{DBL_MAX, "1.7976931348623157e+308"},
		{-DBL_TRUE_MIN, "-4.94065645841247e-324"},
	};
	for (int i = 0; i < COUNT(written); i++) {
		char text[32];
		pw_format_real(written[i].value, text);
		ck_assert_str_eq(text, written[i].text);
	}
}
END_TEST

static void check_round_trip(double value)
{
	char text[32];
	double back = 0.0;
	pw_format_real(value, text);
	ck_assert_uint_le(strlen(text), 31);
	ck_assert_msg(pw_parse_real(text, &back), "%s", text);
	ck_assert_msg(memcmp(&back, &value, sizeof(value)) == 0, "%s", text);
}

START_TEST(test_random_reals_come_back_to_the_last_bit)
{
	pw_rng rng;
	pw_rng_init(&rng, 20261123);
	for (int i = 0; i < 30000; i++) {
		uint64_t bits = pw_rng_next(&rng);
		double value;
		memcpy(&value, &bits, sizeof(value));
		if (isfinite(value))
			check_round_trip(value);
		check_round_trip(pw_rng_uniform(&rng) * 45.0);
	}
	check_round_trip(-0.0);
	check_round_trip(DBL_TRUE_MIN);
	check_round_trip(-DBL_MAX);
}
END_TEST

START_TEST(test_a_decimal_comma_of_the_locale_changes_nothing)
{
	static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8",  "fr_FR.UTF-8",
					      "es_ES.UTF-8", "ru_RU.UTF-8", "fa_IR.UTF-8"};
	for (int i = 0; i < COUNT(locales); i++) {
		if (setlocale(LC_NUMERIC, locales[i]) == NULL)
			continue;
		char text[32];
		double value = 0.0;
		pw_format_real(28.5, text);
		ck_assert_str_eq(text, "28.5");
		pw_format_real(0.1 + 0.2, text);
		ck_assert_str_eq(text, "0.30000000000000004");
		ck_assert(pw_parse_real("28.5", &value));
		ck_assert_double_eq(value, 28.5);
		ck_assert(!pw_parse_real("28,5", &value));
		for (int k = 0; k < COUNT(reals); k++)
			ck_assert_int_eq(pw_parse_real(reals[k].text, &value), reals[k].taken);
	}
	setlocale(LC_NUMERIC, "C");
}
END_TEST

Suite *suite_str(void);

Suite *suite_str(void)
{
	Suite *s = suite_create("str");
	TCase *tc = tcase_create("text");
	tcase_add_test(tc, test_a_text_grows);
	tcase_add_test(tc, test_a_taken_text_is_the_callers);
	tcase_add_test(tc, test_slices_are_trimmed_and_compared);
	tcase_add_test(tc, test_a_slice_is_shown_on_one_line);
	tcase_add_test(tc, test_texts_are_compared_without_case);
	suite_add_tcase(s, tc);
	tc = tcase_create("numbers");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_loop_test(tc, test_integers_are_read_to_their_limits, 0, COUNT(integers));
	tcase_add_test(tc, test_printed_integers_read_back);
	tcase_add_loop_test(tc, test_reals_are_read_whole_or_not, 0, COUNT(reals));
	tcase_add_test(tc, test_reals_are_written_as_short_as_can_be);
	tcase_add_test(tc, test_random_reals_come_back_to_the_last_bit);
	tcase_add_test(tc, test_a_decimal_comma_of_the_locale_changes_nothing);
	suite_add_tcase(s, tc);
	return s;
}
