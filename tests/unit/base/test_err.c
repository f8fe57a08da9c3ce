#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/text.h"

START_TEST(test_a_failure_fills_the_struct_and_returns_its_status)
{
	pw_err err = PW_ERR_INIT;
	int line = __LINE__ + 1;
	pw_status rc = pw_fail(&err, PW_ERR_ARG, "no tube named '%s'", "T1");
	ck_assert_int_eq(rc, PW_ERR_ARG);
	ck_assert_int_eq(err.status, PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "no tube named 'T1'");
	ck_assert_ptr_null(err.code);
	ck_assert_int_eq(err.line, line);
	ck_assert_ptr_nonnull(strstr(err.file, "test_err.c"));
}
END_TEST

START_TEST(test_a_refusal_carries_its_code)
{
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_refuse(&err, "tube-full", "tube %d is full", 7), PW_ERR_REFUSED);
	ck_assert_str_eq(err.code, "tube-full");
	ck_assert_str_eq(err.msg, "tube 7 is full");
	ck_assert_int_eq(pw_fail(&err, PW_ERR_IO, "disk full"), PW_ERR_IO);
	ck_assert_ptr_null(err.code);
}
END_TEST

START_TEST(test_nobody_has_to_care)
{
	ck_assert_int_eq(pw_fail(NULL, PW_ERR_BUSY, "held"), PW_ERR_BUSY);
	ck_assert_int_eq(pw_refuse(NULL, "x", "no"), PW_ERR_REFUSED);
	ck_assert_int_eq(pw_fail_ctx(NULL, PW_ERR_BUSY, "there"), PW_ERR_BUSY);
}
END_TEST

START_TEST(test_context_goes_in_front)
{
	pw_err err = PW_ERR_INIT;
	pw_refuse(&err, "blank", "no rows");
	ck_assert_int_eq(pw_fail_ctx(&err, PW_ERR_REFUSED, "sheet %d", 2), PW_ERR_REFUSED);
	ck_assert_int_eq(pw_fail_ctx(&err, PW_ERR_REFUSED, "%s", "a.csv"), PW_ERR_REFUSED);
	ck_assert_str_eq(err.msg, "a.csv: sheet 2: no rows");
	ck_assert_str_eq(err.code, "blank");
}
END_TEST

START_TEST(test_context_of_a_success_changes_nothing)
{
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_fail_ctx(&err, PW_OK, "sheet"), PW_OK);
	ck_assert_str_eq(err.msg, "");
}
END_TEST

START_TEST(test_arguments_may_be_the_old_text)
{
	pw_err err = PW_ERR_INIT;
	pw_fail(&err, PW_ERR_IO, "old");
	pw_fail(&err, PW_ERR_FORMAT, "new after %s, %s", err.msg, err.msg);
	ck_assert_str_eq(err.msg, "new after old, old");
}
END_TEST

START_TEST(test_a_long_text_is_cut_between_characters)
{
	char name[2000];
	pw_err err = PW_ERR_INIT;
	for (size_t shift = 0; shift < 4; shift++) {
		memset(name, 'x', shift);
		size_t n = shift;
		for (; n + 3 < sizeof(name); n += 3)
			memcpy(name + n, "\xE5\xBC\xA0", 3);
		name[n] = '\0';
		pw_fail(&err, PW_ERR_FORMAT, "%s", name);
		ck_assert_uint_ge(strlen(err.msg), sizeof(err.msg) - 5);
		ck_assert(pw_utf8_valid(err.msg, strlen(err.msg)));
		pw_fail_ctx(&err, PW_ERR_FORMAT, "%s", name);
		ck_assert_uint_ge(strlen(err.msg), sizeof(err.msg) - 5);
		ck_assert(pw_utf8_valid(err.msg, strlen(err.msg)));
	}
}
END_TEST

START_TEST(test_every_status_has_a_name_of_its_own)
{
	for (int a = PW_ERR_GONE; a <= PW_OK; a++) {
		ck_assert_str_ne(pw_status_name((pw_status)a), "unknown");
		for (int b = a + 1; b <= PW_OK; b++)
			ck_assert_str_ne(pw_status_name((pw_status)a),
					 pw_status_name((pw_status)b));
	}
	ck_assert_str_eq(pw_status_name(PW_ERR_NOT_FOUND), "not-found");
	ck_assert_str_eq(pw_status_name((pw_status)(PW_ERR_GONE - 1)), "unknown");
	ck_assert_str_eq(pw_status_name((pw_status)1), "unknown");
}
END_TEST

START_TEST(test_a_bug_aborts)
{
	PW_BUG_IF(1 > 2);
	PW_BUG_IF(2 > 1);
}
END_TEST

START_TEST(test_failing_with_ok_is_a_bug)
{
	pw_fail(NULL, PW_OK, "well");
}
END_TEST

Suite *suite_err(void);

Suite *suite_err(void)
{
	Suite *s = suite_create("err");
	TCase *tc = tcase_create("err");
	tcase_add_test(tc, test_a_failure_fills_the_struct_and_returns_its_status);
	tcase_add_test(tc, test_a_refusal_carries_its_code);
	tcase_add_test(tc, test_nobody_has_to_care);
	tcase_add_test(tc, test_context_goes_in_front);
	tcase_add_test(tc, test_context_of_a_success_changes_nothing);
	tcase_add_test(tc, test_arguments_may_be_the_old_text);
	tcase_add_test(tc, test_a_long_text_is_cut_between_characters);
	tcase_add_test(tc, test_every_status_has_a_name_of_its_own);
	/* A signal ends the process, which has to be one of its own. */
	const char *fork = getenv("CK_FORK");
	if (fork == NULL || strcmp(fork, "no") != 0) {
		tcase_add_test_raise_signal(tc, test_a_bug_aborts, SIGABRT);
		tcase_add_test_raise_signal(tc, test_failing_with_ok_is_a_bug, SIGABRT);
	}
	suite_add_tcase(s, tc);
	return s;
}
