#include <check.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/json.h"

static pw_str text;
static pw_json json;

static void setup(void)
{
	text = (pw_str)PW_STR_INIT;
	pw_json_init(&json, &text);
}

static void teardown(void)
{
	pw_str_clear(&text);
}

START_TEST(test_outermost_members_have_a_line_each)
{
	pw_json_begin_array(&json);
	pw_json_begin_object(&json);
	pw_json_key(&json, "tube");
	pw_json_text(&json, "T-1");
	pw_json_key(&json, "wells");
	pw_json_begin_array(&json);
	pw_json_text(&json, "A1");
	pw_json_text(&json, "B1");
	pw_json_end_array(&json);
	pw_json_end_object(&json);
	pw_json_int(&json, -7);
	pw_json_end_array(&json);
	ck_assert_str_eq(pw_str_text(&text),
			 "[\n  {\"tube\": \"T-1\", \"wells\": [\"A1\", \"B1\"]},\n  -7\n]\n");
}
END_TEST

START_TEST(test_empty_containers)
{
	pw_json_begin_array(&json);
	pw_json_end_array(&json);
	ck_assert_str_eq(pw_str_text(&text), "[]\n");
	pw_str_truncate(&text, 0);
	pw_json_init(&json, &text);
	pw_json_begin_object(&json);
	pw_json_key(&json, "a");
	pw_json_begin_object(&json);
	pw_json_end_object(&json);
	pw_json_key(&json, "b");
	pw_json_begin_array(&json);
	pw_json_end_array(&json);
	pw_json_end_object(&json);
	ck_assert_str_eq(pw_str_text(&text), "{\n  \"a\": {},\n  \"b\": []\n}\n");
}
END_TEST

START_TEST(test_every_kind_of_value)
{
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	pw_json_begin_array(&json);
	pw_json_int(&json, INT64_MIN);
	pw_json_real(&json, 28.5);
	pw_json_real(&json, 0.1);
	pw_json_real(&json, 1e-9);
	pw_json_bool(&json, true);
	pw_json_bool(&json, false);
	pw_json_null(&json);
	pw_json_text(&json, NULL);
	pw_json_time(&json, 0);
	pw_json_end_array(&json);
	ck_assert_str_eq(pw_str_text(&text),
			 "[\n  -9223372036854775808,\n  28.5,\n  0.1,\n  1e-09,\n"
			 "  true,\n  false,\n  null,\n  null,\n"
			 "  \"1970-01-01T08:00:00+08:00\"\n]\n");
}
END_TEST

START_TEST(test_a_value_alone_is_a_text)
{
	pw_json_text(&json, "x");
	ck_assert_str_eq(pw_str_text(&text), "\"x\"\n");
}
END_TEST

static const struct {
	const char *in, *out;
} escapes[] = {
	{"", "\"\"\n"},
	{"a\"b\\c/d", "\"a\\\"b\\\\c/d\"\n"},
	{"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"\n"},
	{"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"\n"},
	{"王小明 é 🧪", "\"王小明 é 🧪\"\n"},
	{"a\xffz", "\"a\xEF\xBF\xBDz\"\n"},
	{"\xE7\x8E", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"\n"},
	{"\xC0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"\n"},
	{"\xED\xA0\x80!", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!\"\n"},
};

START_TEST(test_texts_are_escaped_as_little_as_may_be)
{
	pw_json_text(&json, escapes[_i].in);
	ck_assert_str_eq(pw_str_text(&text), escapes[_i].out);
}
END_TEST

START_TEST(test_keys_are_escaped_too)
{
	pw_json_begin_object(&json);
	pw_json_key(&json, "a\"b");
	pw_json_int(&json, 1);
	pw_json_end_object(&json);
	ck_assert_str_eq(pw_str_text(&text), "{\n  \"a\\\"b\": 1\n}\n");
}
END_TEST

START_TEST(test_misuse_aborts)
{
	freopen("/dev/null", "w", stderr);
	switch (_i) {
	case 0: /* not a number */
		pw_json_real(&json, (double)NAN);
		break;
	case 1: /* a value without a key */
		pw_json_begin_object(&json);
		pw_json_int(&json, 1);
		break;
	case 2: /* a key without a value */
		pw_json_begin_object(&json);
		pw_json_key(&json, "a");
		pw_json_end_object(&json);
		break;
	case 3: /* the wrong end */
		pw_json_begin_object(&json);
		pw_json_end_array(&json);
		break;
	case 4: /* two wholes */
		pw_json_int(&json, 1);
		pw_json_int(&json, 2);
		break;
	case 5: /* a key in a list */
		pw_json_begin_array(&json);
		pw_json_key(&json, "a");
		break;
	default: /* too deep */
		for (int i = 0; i <= PW_JSON_DEPTH; i++)
			pw_json_begin_array(&json);
	}
}
END_TEST

Suite *suite_json(void);
Suite *suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("json");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_outermost_members_have_a_line_each);
	tcase_add_test(t, test_empty_containers);
	tcase_add_test(t, test_every_kind_of_value);
	tcase_add_test(t, test_a_value_alone_is_a_text);
	tcase_add_loop_test(t, test_texts_are_escaped_as_little_as_may_be, 0,
			    sizeof(escapes) / sizeof(escapes[0]));
	tcase_add_test(t, test_keys_are_escaped_too);
	tcase_add_loop_test_raise_signal(t, test_misuse_aborts, SIGABRT, 0, 7);
	suite_add_tcase(s, t);
	return s;
}
