#include <check.h>
#include <string.h>

#include "labels/symbol.h"

static const struct {
	pw_symbol_kind kind;
	const char *text;
	int columns, rows;
} sizes[] = {
	{PW_SYMBOL_CODE128, "123456789012", 11 * 8 + 13, 1}, /* all in C: start, six pairs, check */
	{PW_SYMBOL_CODE128, "SZT00000124M", 11 * 12 + 13, 1}, /* B: three, C: four pairs, B: one */
	{PW_SYMBOL_CODE128, "abc", 11 * 5 + 13, 1},
	{PW_SYMBOL_GS1_128, "(10)A7", 11 * 7 + 13, 1},
	{PW_SYMBOL_DATAMATRIX, "SZT00000124M", 14, 14},
	{PW_SYMBOL_DATAMATRIX, "123456", 10, 10},
	{PW_SYMBOL_DATAMATRIX_RECT, "1234567890", 18, 8},
	{PW_SYMBOL_DATAMATRIX_RECT, "SZT00000124M", 32, 8},
	{PW_SYMBOL_GS1_DATAMATRIX, "(01)09501101530003(10)A7", 16, 16},
	{PW_SYMBOL_QR, "SZT00000124M", 21, 21},
	{PW_SYMBOL_MICRO_QR, "12345", 11, 11},
};

START_TEST(test_a_symbol_has_the_size_of_its_standard)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_symbol_make(sizes[_i].kind, sizes[_i].text, 0, &arena, &s, &err) == PW_OK,
		      "%s", err.msg);
	ck_assert_int_eq(s.kind, sizes[_i].kind);
	ck_assert_int_eq(s.columns, sizes[_i].columns);
	ck_assert_int_eq(s.rows, sizes[_i].rows);
	pw_arena_clear(&arena);
}
END_TEST

static const struct {
	pw_symbol_kind kind;
	const char *text;
	pw_status status;
	const char *says;
} refused[] = {
	{PW_SYMBOL_CODE128, "", PW_ERR_ARG, "empty"},
	{PW_SYMBOL_CODE128,
	 "Pr\xC3\xBC"
	 "fung",
	 PW_ERR_ARG, "'ü' can't be in Code 128"},
	{PW_SYMBOL_MICRO_QR, "\xE5\xAE\x9E", PW_ERR_ARG, "'实'"},
	{PW_SYMBOL_CODE128, "a\tb", PW_ERR_ARG, "control character 09"},
	{PW_SYMBOL_DATAMATRIX, "a\x7F", PW_ERR_ARG, "control character 7F"},
	{PW_SYMBOL_DATAMATRIX, "a\xFF", PW_ERR_ARG, "not UTF-8"},
	{PW_SYMBOL_QR, "\xC3", PW_ERR_ARG, "not UTF-8"},
	{PW_SYMBOL_MICRO_QR, "this is much too long for a Micro QR", PW_ERR_LIMIT, "too long"},
	{PW_SYMBOL_DATAMATRIX_RECT,
	 "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdef",
	 PW_ERR_LIMIT, "too long"},
	{PW_SYMBOL_GS1_128, "0109501101530003", PW_ERR_ARG, "can't be a GS1-128"},
	{PW_SYMBOL_GS1_DATAMATRIX, "(01)12", PW_ERR_ARG, "can't be a GS1 DataMatrix"},
	{PW_SYMBOL_GS1_128, "(17)269931", PW_ERR_ARG, "can't be"},
};

START_TEST(test_what_a_symbol_cannot_hold_is_refused_by_name)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s = {.columns = -1};
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_symbol_make(refused[_i].kind, refused[_i].text, 0, &arena, &s, &err),
			 refused[_i].status);
	ck_assert_msg(strstr(err.msg, refused[_i].says) != NULL, "'%s' is not in: %s",
		      refused[_i].says, err.msg);
	ck_assert_int_eq(s.columns, -1);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_more_bytes_than_we_take_are_refused)
{
	char text[PW_SYMBOL_MAX_TEXT + 2];
	memset(text, '7', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_QR, text, 0, &arena, &s, &err), PW_ERR_LIMIT);
	text[PW_SYMBOL_MAX_TEXT] = '\0';
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_QR, text, 0, &arena, &s, &err), PW_OK);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_a_higher_level_of_qr_has_no_fewer_modules)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol low, high;
	ck_assert_int_eq(
		pw_symbol_make(PW_SYMBOL_QR, "SZT00000124M-SZT00000125K", 'L', &arena, &low, NULL),
		PW_OK);
	ck_assert_int_eq(
		pw_symbol_make(PW_SYMBOL_QR, "SZT00000124M-SZT00000125K", 'H', &arena, &high, NULL),
		PW_OK);
	ck_assert_int_gt(high.columns, low.columns);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_every_word_is_read_back)
{
	for (int kind = 0; kind < PW_SYMBOL_KINDS; kind++) {
		pw_symbol_kind found;
		const char *word = pw_symbol_word((pw_symbol_kind)kind);
		ck_assert(pw_symbol_parse(word, &found));
		ck_assert_str_eq(pw_symbol_word(found), word);
		ck_assert_int_ge(pw_symbol_quiet((pw_symbol_kind)kind), 1);
	}
	pw_symbol_kind kind = PW_SYMBOL_QR;
	ck_assert(!pw_symbol_parse("pdf417", &kind));
	ck_assert_int_eq(kind, PW_SYMBOL_QR);
}
END_TEST

Suite *suite_symbol(void);

Suite *suite_symbol(void)
{
	Suite *s = suite_create("symbol");
	TCase *c = tcase_create("all");
	tcase_add_loop_test(c, test_a_symbol_has_the_size_of_its_standard, 0,
			    (int)(sizeof(sizes) / sizeof(sizes[0])));
	tcase_add_loop_test(c, test_what_a_symbol_cannot_hold_is_refused_by_name, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(c, test_more_bytes_than_we_take_are_refused);
	tcase_add_test(c, test_a_higher_level_of_qr_has_no_fewer_modules);
	tcase_add_test(c, test_every_word_is_read_back);
	suite_add_tcase(s, c);
	return s;
}
