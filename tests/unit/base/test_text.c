#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

/* 姓名,张三 in every encoding that has it */
#define NAME_UTF8    "\xE5\xA7\x93\xE5\x90\x8D,\xE5\xBC\xA0\xE4\xB8\x89\r\n"
#define NAME_GBK     "\xD0\xD5\xC3\xFB,\xD5\xC5\xC8\xFD\r\n"
#define NAME_UTF16LE "\xD3\x59\x0D\x54,\0\x20\x5F\x09\x4E\r\0\n\0"
#define NAME_UTF16BE "\x59\xD3\x54\x0D\0,\x5F\x20\x4E\x09\0\r\0\n"

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct {
	const char *bytes;
	size_t n;
	pw_encoding encoding;
	const char *utf8;
	size_t utf8_n;
} decoded[] = {
	{TEXT(""), PW_UTF8, TEXT("")},
	{TEXT("abc\r\nd\re\n"), PW_UTF8, TEXT("abc\r\nd\re\n")},
	{TEXT(NAME_UTF8), PW_UTF8, TEXT(NAME_UTF8)},
	{TEXT("\xEF\xBB\xBF" NAME_UTF8), PW_UTF8, TEXT(NAME_UTF8)},
	{TEXT("\xEF\xBB\xBF"), PW_UTF8, TEXT("")},
	{TEXT(NAME_GBK), PW_GB18030, TEXT(NAME_UTF8)},
	{TEXT("\x84\x31\x95\x33" NAME_GBK), PW_GB18030, TEXT(NAME_UTF8)},
	{TEXT("\xFF\xFE" NAME_UTF16LE), PW_UTF16LE, TEXT(NAME_UTF8)},
	{TEXT("\xFE\xFF" NAME_UTF16BE), PW_UTF16BE, TEXT(NAME_UTF8)},
	{TEXT("\xFF\xFE"), PW_UTF16LE, TEXT("")},
	{TEXT(NAME_UTF16LE), PW_UTF16LE, TEXT(NAME_UTF8)},
	{TEXT(NAME_UTF16BE), PW_UTF16BE, TEXT(NAME_UTF8)},
	{TEXT("a\0b\0"), PW_UTF16LE, TEXT("ab")},
	{TEXT("\0a\0b"), PW_UTF16BE, TEXT("ab")},
	/* U+4E00 has its NUL on the other side */
	{TEXT("\0\x4E,\0a\0\r\0\n\0"), PW_UTF16LE, TEXT("\xE4\xB8\x80,a\r\n")},
	{TEXT("\x4E\0\0,\0a\0\r\0\n"), PW_UTF16BE, TEXT("\xE4\xB8\x80,a\r\n")},
	/* a surrogate pair: U+20BB7, as in the family name 𠮷 */
	{TEXT("\xFF\xFE\x42\xD8\xB7\xDF"), PW_UTF16LE, TEXT("\xF0\xA0\xAE\xB7")},
	/* four bytes of GB 18030: U+3400 and U+1F9EA */
	{TEXT("\x81\x39\xEE\x39,\x95\x30\xE2\x38"), PW_GB18030,
	 TEXT("\xE3\x90\x80,\xF0\x9F\xA7\xAA")},
	{TEXT("caf\xE9,\xB5L"), PW_LATIN1, TEXT("caf\xC3\xA9,\xC2\xB5L")},
	{TEXT("\xFF"), PW_LATIN1, TEXT("\xC3\xBF")},
	/* one NUL does not make UTF-16 of a long text */
	{TEXT("0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\0x"), PW_UTF8,
	 TEXT("0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\0x")},
};

START_TEST(test_bytes_are_decoded_and_named)
{
	pw_str out = PW_STR_INIT;
	pw_encoding encoding = PW_LATIN1;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_text_decode(decoded[_i].bytes, decoded[_i].n, &out, &encoding, &err) ==
			      PW_OK,
		      "%s", err.msg);
	ck_assert_str_eq(pw_encoding_name(encoding), pw_encoding_name(decoded[_i].encoding));
	ck_assert_uint_eq(out.len, decoded[_i].utf8_n);
	ck_assert(memcmp(pw_str_text(&out), decoded[_i].utf8, out.len) == 0);
	pw_str_clear(&out);
}
END_TEST

static const struct {
	const char *bytes;
	size_t n;
	const char *text;
} broken[] = {
	{TEXT("\xEF\xBB\xBF"
	      "abc\xFF"),
	 "byte 6: the file says that it is UTF-8 and breaks it here: save or copy it again"},
	{TEXT("\xFF\xFE\x61\x00\x62"),
	 "byte 4: the file says that it is UTF-16LE and breaks it here: save or copy it again"},
	{TEXT("\xFE\xFF\xD8\x42\x00\x61"),
	 "byte 2: the file says that it is UTF-16BE and breaks it here: save or copy it again"},
	{TEXT("\x84\x31\x95\x33"
	      "ab\xFF"),
	 "byte 6: the file says that it is GB18030 and breaks it here: save or copy it again"},
	{TEXT("a\0b\0c\0d"),
	 "byte 6: the file says that it is UTF-16LE and breaks it here: save or copy it again"},
};

START_TEST(test_a_broken_promise_is_an_error_with_its_place)
{
	pw_str out = PW_STR_INIT;
	pw_str_add(&out, "before");
	pw_encoding encoding = PW_LATIN1;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_text_decode(broken[_i].bytes, broken[_i].n, &out, &encoding, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, broken[_i].text);
	ck_assert_str_eq(out.ptr, "before");
	ck_assert_int_eq(encoding, PW_LATIN1);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_decoding_leaves_the_error_alone_when_it_goes_well)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_text_decode("caf\xE9", 4, &out, NULL, &err), PW_OK);
	ck_assert_int_eq(err.status, PW_OK);
	ck_assert_str_eq(err.msg, "");
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_more_than_256_mebibytes_is_a_limit)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	/* Only the number is looked at. */
	ck_assert_int_eq(pw_text_decode("", ((size_t)256 << 20) + 1, &out, NULL, &err),
			 PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg,
			 "268435457 bytes are more than the 256 MiB we take: split the file");
}
END_TEST

START_TEST(test_a_text_longer_than_the_buffer_is_whole)
{
	pw_str gbk = PW_STR_INIT, utf8 = PW_STR_INIT, out = PW_STR_INIT;
	for (int i = 0; i < 5000; i++) {
		pw_str_add(&gbk, i % 7 == 0 ? "x" NAME_GBK : NAME_GBK);
		pw_str_add(&utf8, i % 7 == 0 ? "x" NAME_UTF8 : NAME_UTF8);
	}
	pw_encoding encoding;
	ck_assert_int_eq(pw_text_decode(gbk.ptr, gbk.len, &out, &encoding, NULL), PW_OK);
	ck_assert_int_eq(encoding, PW_GB18030);
	ck_assert_str_eq(out.ptr, utf8.ptr);
	pw_str_truncate(&out, 0);
	ck_assert_int_eq(pw_text_encode(utf8.ptr, utf8.len, PW_GB18030, &out, NULL), PW_OK);
	ck_assert_str_eq(out.ptr, gbk.ptr);
	pw_str_clear(&gbk);
	pw_str_clear(&utf8);
	pw_str_clear(&out);
}
END_TEST

static const struct {
	pw_encoding encoding;
	const char *bytes;
	size_t n;
} encoded[] = {
	{PW_UTF8, TEXT(NAME_UTF8)},
	{PW_UTF16LE, TEXT("\xFF\xFE" NAME_UTF16LE)},
	{PW_UTF16BE, TEXT("\xFE\xFF" NAME_UTF16BE)},
	{PW_GB18030, TEXT(NAME_GBK)},
};

START_TEST(test_text_is_encoded)
{
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(pw_text_encode(TEXT(NAME_UTF8), encoded[_i].encoding, &out, NULL), PW_OK);
	ck_assert_uint_eq(out.len, encoded[_i].n);
	ck_assert(memcmp(out.ptr, encoded[_i].bytes, out.len) == 0);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_a_character_that_is_not_there_is_named)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_text_encode(TEXT("caf\xC3\xA9"), PW_LATIN1, &out, &err), PW_OK);
	ck_assert_str_eq(out.ptr, "caf\xE9");
	ck_assert_int_eq(pw_text_encode(TEXT("a,\xE5\xBC\xA0,b"), PW_LATIN1, &out, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, "Latin-1 has no character '\xE5\xBC\xA0': choose UTF-8");
	ck_assert_str_eq(out.ptr, "caf\xE9");
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_only_utf8_is_encoded)
{
	pw_str out = PW_STR_INIT;
	for (int e = PW_UTF8; e <= PW_LATIN1; e++) {
		pw_err err = PW_ERR_INIT;
		ck_assert_int_eq(pw_text_encode(TEXT("ab\xFF"), (pw_encoding)e, &out, &err),
				 PW_ERR_FORMAT);
		ck_assert_str_eq(err.msg, "byte 2 of the text is not UTF-8");
	}
	ck_assert_uint_eq(out.len, 0);
	pw_str_clear(&out);
}
END_TEST

static const struct {
	const char *bytes;
	size_t n;
	bool valid;
} utf8[] = {
	{TEXT(""), true},
	{TEXT("abc\0d"), true},
	{TEXT(NAME_UTF8), true},
	{TEXT("\xF4\x8F\xBF\xBF"), true},  /* U+10FFFF */
	{TEXT("\xF4\x90\x80\x80"), false}, /* beyond */
	{TEXT("\xC0\x80"), false},         /* a NUL of two bytes */
	{TEXT("\xC1\xBF"), false},         /* overlong */
	{TEXT("\xE0\x9F\xBF"), false},     /* overlong */
	{TEXT("\xF0\x8F\xBF\xBF"), false}, /* overlong */
	{TEXT("\xED\x9F\xBF"), true},      /* the last before the surrogates */
	{TEXT("\xED\xA0\x80"), false},     /* a surrogate */
	{TEXT("\xEE\x80\x80"), true},      /* the first after them */
	{TEXT("\x80"), false},             /* a tail without a head */
	{TEXT("\xE5\xBC"), false},         /* a head without its tail */
	{TEXT("\xE5\xBC"
	      "a"),
	 false},
	{TEXT("\xFE"), false},
	{TEXT("\xF8\x88\x80\x80\x80"), false},
};

START_TEST(test_utf8_is_told_from_what_is_not)
{
	ck_assert_int_eq(pw_utf8_valid(utf8[_i].bytes, utf8[_i].n), utf8[_i].valid);
}
END_TEST

START_TEST(test_nfc_makes_one_name_of_two_spellings)
{
	static const struct {
		const char *typed, *composed;
	} names[] = {
		{"", ""},
		{"Zoe", "Zoe"},
		{"Zoe\xCC\x88", "Zo\xC3\xAB"}, /* e + diaeresis */
		{"Zo\xC3\xAB", "Zo\xC3\xAB"},
		{"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"}, /* Hangul jamo */
		{"\xE2\x84\xAB", "\xC3\x85"},                             /* angstrom sign */
		{"\xE5\xBC\xA0", "\xE5\xBC\xA0"},
		{"\xFF"
		 "e\xCC\x88",
		 "\xFF"
		 "e\xCC\x88"}, /* not UTF-8: as it is */
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *text = pw_utf8_nfc(names[i].typed);
		ck_assert_str_eq(text, names[i].composed);
		pw_free(text);
	}
}
END_TEST

START_TEST(test_plain_text_is_never_changed_by_nfc)
{
	ck_assert(pw_utf8_is_plain(TEXT("")));
	ck_assert(pw_utf8_is_plain(TEXT("abc\xC3\xA9\xCB\xBF\xE4\x80\x80\xE9\xBF\xBF")));
	ck_assert(!pw_utf8_is_plain(TEXT("e\xCC\x88")));
	ck_assert(!pw_utf8_is_plain(TEXT("\xE2\x84\xAB")));
	ck_assert(!pw_utf8_is_plain(TEXT("\xEF\xA4\x80"))); /* a compatibility ideograph */
	ck_assert(!pw_utf8_is_plain(TEXT("\xE5\xBC")));
	ck_assert(!pw_utf8_is_plain(TEXT("\xC3")));
	ck_assert(!pw_utf8_is_plain(TEXT("\xFF")));
}
END_TEST

START_TEST(test_control_and_invisible_characters_are_found)
{
	static const struct {
		const char *text;
		bool control, invisible;
	} found[] = {
		{"", false, false},
		{"abc \xC3\xA9\xE5\xBC\xA0", false, false},
		{"a\tb", true, false},
		{"\x7F", true, false},
		{"\xC2\x85", true, false},      /* NEXT LINE */
		{"\xE2\x80\xA8", true, false},  /* LINE SEPARATOR */
		{"\x1D", true, false},          /* the separator of GS1 */
		{"a\xE2\x80\x8B", false, true}, /* zero width space */
		{"a\xE2\x80\xAE", false, true}, /* right-to-left override */
		{"a\xC2\xAD", false, true},     /* soft hyphen */
		{"\xEF\xBB\xBF\n", true, true}, /* byte order mark */
		{"\xFF", false, false},
	};
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		ck_assert_int_eq(pw_utf8_has_control(found[i].text), found[i].control);
		ck_assert_int_eq(pw_utf8_has_invisible(found[i].text), found[i].invisible);
	}
}
END_TEST

START_TEST(test_width_counts_terminal_columns)
{
	static const struct {
		const char *text;
		int width;
	} widths[] = {
		{"", 0},
		{"abc", 3},
		{"\xE5\xBC\xA0\xE4\xB8\x89", 4},
		{"a\xE5\xBC\xA0", 3},
		{"e\xCC\x88", 1},
		{"\xEF\xBC\xA1", 2}, /* full-width A */
		{"a\tb\x1B\n", 2},   /* control characters take none */
		{"\xFF", 1},         /* shown as a replacement character */
		{"\xE5\xBC", 2},
		{"\xC3\xA9\xC3\xA9", 2},
	};
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		ck_assert_int_eq(pw_utf8_width(widths[i].text), widths[i].width);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_text(void);

Suite *suite_text(void)
{
	Suite *s = suite_create("text");
	TCase *tc = tcase_create("decoding");
	tcase_add_loop_test(tc, test_bytes_are_decoded_and_named, 0, COUNT(decoded));
	tcase_add_loop_test(tc, test_a_broken_promise_is_an_error_with_its_place, 0, COUNT(broken));
	tcase_add_test(tc, test_decoding_leaves_the_error_alone_when_it_goes_well);
	tcase_add_test(tc, test_more_than_256_mebibytes_is_a_limit);
	tcase_add_test(tc, test_a_text_longer_than_the_buffer_is_whole);
	suite_add_tcase(s, tc);
	tc = tcase_create("encoding");
	tcase_add_loop_test(tc, test_text_is_encoded, 0, COUNT(encoded));
	tcase_add_test(tc, test_a_character_that_is_not_there_is_named);
	tcase_add_test(tc, test_only_utf8_is_encoded);
	suite_add_tcase(s, tc);
	tc = tcase_create("UTF-8");
	tcase_add_loop_test(tc, test_utf8_is_told_from_what_is_not, 0, COUNT(utf8));
	tcase_add_test(tc, test_nfc_makes_one_name_of_two_spellings);
	tcase_add_test(tc, test_plain_text_is_never_changed_by_nfc);
	tcase_add_test(tc, test_control_and_invisible_characters_are_found);
	tcase_add_test(tc, test_width_counts_terminal_columns);
	suite_add_tcase(s, tc);
	return s;
}
