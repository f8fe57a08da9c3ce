#include <check.h>
#include <stdlib.h>

#include "cli/term.h"
#include "tests/unit/cli/fixture.h"

static pw_str text;

static void setup(void)
{
	fixture_reset();
	text = (pw_str)PW_STR_INIT;
}

static void teardown(void)
{
	pw_str_clear(&text);
}

static const struct {
	const char *in;
	int width;
	const char *out;
} clips[] = {
	{"abc", 3, "abc"},
	{"abcd", 3, "ab…"},
	{"王小明", 6, "王小明"},
	{"王小明", 5, "王小…"},
	{"王小明", 4, "王…"},
	{"abc", 1, "…"},
	{"abc", 0, ""},
	{"", 0, ""},
	{"e\xCC\x81t\xC3\xA9", 3, "e\xCC\x81t\xC3\xA9"},
	{"e\xCC\x81tes", 2, "e\xCC\x81…"},
};

START_TEST(test_clip_counts_columns)
{
	pw_term_clip(&text, clips[_i].in, clips[_i].width);
	ck_assert_str_eq(pw_str_text(&text), clips[_i].out);
}
END_TEST

static const struct {
	const char *in;
	int from, indent, width;
	const char *out;
} wraps[] = {
	{"one two three", 0, 0, 80, "one two three"},
	{"one two three", 0, 0, 7, "one two\nthree"},
	{"one two three", 0, 2, 7, "one two\n  three"},
	{"one two three", 4, 4, 8, "one\n    two\n    three"},
	{"  one\ntwo   three ", 0, 0, 80, "one two three"},
	{"incomprehensible", 0, 0, 5, "incomprehensible"},
	{"a incomprehensible b", 0, 1, 5, "a\n incomprehensible\n b"},
	{"王小明 王小明 a", 0, 0, 13, "王小明 王小明\na"},
	{"", 0, 0, 5, ""},
};

START_TEST(test_wrap)
{
	pw_term_wrap(&text, wraps[_i].in, wraps[_i].from, wraps[_i].indent, wraps[_i].width);
	ck_assert_str_eq(pw_str_text(&text), wraps[_i].out);
}
END_TEST

START_TEST(test_visible_keeps_every_script_and_shows_the_rest)
{
	pw_term_visible(&text,
			"王 é 🧪 \xE2\x80\xA6 \x1b[31m \xC2\x85 \xE7\x8E \xF5\x80\x80\x80");
	ck_assert_str_eq(pw_str_text(&text),
			 "王 é 🧪 … \\x1b[31m \\xc2\\x85 \\xe7\\x8e \\xf5\\x80\\x80\\x80");
}
END_TEST

START_TEST(test_environment_rules_colour_and_width)
{
	setenv("TERM", "xterm", 1);
	setenv("COLUMNS", "120", 1);
	FILE *null = fopen("/dev/null", "w");
	pw_term term = pw_term_ask(null, null);
	ck_assert(!term.out && !term.err && term.color);
	ck_assert_int_eq(term.width, 120);
	setenv("NO_COLOR", "1", 1);
	ck_assert(!pw_term_ask(null, null).color);
	setenv("NO_COLOR", "", 1);
	ck_assert(pw_term_ask(null, null).color);
	setenv("TERM", "dumb", 1);
	ck_assert(!pw_term_ask(null, null).color);
	setenv("COLUMNS", "5", 1);
	ck_assert_int_eq(pw_term_ask(null, null).width, 80);
	setenv("COLUMNS", "many", 1);
	ck_assert_int_eq(pw_term_ask(null, null).width, 80);
	fclose(null);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *suite_term(void);
Suite *suite_term(void)
{
	Suite *s = suite_create("term");
	TCase *t = tcase_create("term");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_clip_counts_columns, 0, COUNT(clips));
	tcase_add_loop_test(t, test_wrap, 0, COUNT(wraps));
	tcase_add_test(t, test_visible_keeps_every_script_and_shows_the_rest);
	tcase_add_test(t, test_environment_rules_colour_and_width);
	suite_add_tcase(s, t);
	return s;
}
