#include <check.h>
#include <stddef.h>

#include "core/model/call.h"

/* The words are in files and journals of other days: they never change. */
START_TEST(test_the_words_are_these)
{
	ck_assert_str_eq(pw_call_name(PW_CALL_NONE), "none");
	ck_assert_str_eq(pw_call_name(PW_CALL_POSITIVE), "positive");
	ck_assert_str_eq(pw_call_name(PW_CALL_NEGATIVE), "negative");
	ck_assert_str_eq(pw_call_name(PW_CALL_INCONCLUSIVE), "inconclusive");
	ck_assert_str_eq(pw_call_name(PW_CALL_INVALID), "invalid");
	ck_assert_str_eq(pw_next_name(PW_NEXT_REPORT), "report");
	ck_assert_str_eq(pw_next_name(PW_NEXT_REPEAT_PCR), "repeat-pcr");
	ck_assert_str_eq(pw_next_name(PW_NEXT_RE_EXTRACT), "re-extract");
	ck_assert_str_eq(pw_next_name(PW_NEXT_NEW_SPECIMEN), "new-specimen");
	ck_assert_str_eq(pw_amp_name(PW_AMP_UNKNOWN), "unknown");
	ck_assert_str_eq(pw_amp_name(PW_AMP_YES), "amp");
	ck_assert_str_eq(pw_amp_name(PW_AMP_NO), "no-amp");
	ck_assert_str_eq(pw_amp_name(PW_AMP_INCONCLUSIVE), "inconclusive");
}
END_TEST

START_TEST(test_every_word_is_read_back)
{
	for (int i = PW_CALL_NONE; i <= PW_CALL_INVALID; i++) {
		pw_call call = i == 0 ? PW_CALL_INVALID : PW_CALL_NONE;
		ck_assert(pw_call_parse(pw_call_name((pw_call)i), &call));
		ck_assert_int_eq((int)call, i);
	}
	for (int i = PW_NEXT_REPORT; i <= PW_NEXT_NEW_SPECIMEN; i++) {
		pw_next next = i == 0 ? PW_NEXT_RE_EXTRACT : PW_NEXT_REPORT;
		ck_assert(pw_next_parse(pw_next_name((pw_next)i), &next));
		ck_assert_int_eq((int)next, i);
	}
	for (int i = PW_AMP_UNKNOWN; i <= PW_AMP_INCONCLUSIVE; i++) {
		pw_amp amp = i == 0 ? PW_AMP_YES : PW_AMP_UNKNOWN;
		ck_assert(pw_amp_parse(pw_amp_name((pw_amp)i), &amp));
		ck_assert_int_eq((int)amp, i);
	}
}
END_TEST

START_TEST(test_other_words_are_refused)
{
	static const char *const others[] = {"",          "Positive", "pos",
					     "positive ", "POSITIVE", "null"};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		pw_call call = PW_CALL_INVALID;
		pw_next next = PW_NEXT_NEW_SPECIMEN;
		pw_amp amp = PW_AMP_NO;
		ck_assert(!pw_call_parse(others[i], &call));
		ck_assert(!pw_next_parse(others[i], &next));
		ck_assert(!pw_amp_parse(others[i], &amp));
		ck_assert_int_eq(call, PW_CALL_INVALID);
		ck_assert_int_eq(next, PW_NEXT_NEW_SPECIMEN);
		ck_assert_int_eq(amp, PW_AMP_NO);
	}
}
END_TEST

Suite *suite_call(void);

Suite *suite_call(void)
{
	Suite *s = suite_create("call");
	TCase *tc = tcase_create("call");
	tcase_add_test(tc, test_the_words_are_these);
	tcase_add_test(tc, test_every_word_is_read_back);
	tcase_add_test(tc, test_other_words_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
