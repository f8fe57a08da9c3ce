#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/opts.h"
#include "tests/unit/cli/fixture.h"

static const char *const kinds[] = {"pool", "single", NULL};

static const pw_opt own[] = {
	{.name = "kind",
	 .letter = 'k',
	 .kind = PW_OPT_CHOICE,
	 .arg = "KIND",
	 .help = "kind",
	 .choices = kinds},
	{.name = "limit",
	 .letter = 'n',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many",
	 .fallback = "10",
	 .min = 1,
	 .max = 100},
	{.name = "shift", .kind = PW_OPT_INT, .arg = "N", .help = "by how many"},
	{.name = "ratio",
	 .letter = 'r',
	 .kind = PW_OPT_REAL,
	 .arg = "X",
	 .help = "ratio",
	 .min = 0,
	 .max = 2},
	{.name = "share", .kind = PW_OPT_PERCENT, .arg = "SHARE", .help = "prevalence"},
	{.name = "since", .kind = PW_OPT_TIME, .arg = "TIME", .help = "since when"},
	{.name = "older", .kind = PW_OPT_DURATION, .arg = "TIME", .help = "older than"},
	{.name = "roster", .kind = PW_OPT_FILE, .arg = "FILE", .help = "people"},
	{.name = "all", .letter = 'a', .kind = PW_OPT_FLAG, .help = "all"},
	{.name = "brief", .letter = 'b', .kind = PW_OPT_FLAG, .help = "brief"},
	{.name = "tag",
	 .letter = 't',
	 .kind = PW_OPT_TEXT,
	 .arg = "TEXT",
	 .help = "tag",
	 .repeat = true},
	PW_OPTS_END,
};

static pw_opts opts;
static pw_err err;
static char room[1024], *words[64];

static void setup(void)
{
	fixture_reset();
	opts = (pw_opts){.own = own, .globals = pw_globals};
	opts.now = pw_clock_now(&fixture_cli.clock);
	err = (pw_err)PW_ERR_INIT;
}

static void teardown(void)
{
	pw_opts_clear(&opts);
}

static pw_status parse(const char *line)
{
	int n = split_line(line, room, sizeof(room), words, 64);
	return pw_opts_parse(&opts, (const char *const *)words, (size_t)n, &err);
}

static void parse_ok(const char *line)
{
	ck_assert_msg(parse(line) == PW_OK, "%s: %s", line, err.msg);
}

static const pw_opt_given *given(const char *name, int i)
{
	const pw_opt *opt = pw_opt_find(own, name);
	return pw_opts_get(&opts, opt != NULL ? opt : pw_opt_find(pw_globals, name), i);
}

/* All arguments in one text, "a|b". */
static const char *arguments(void)
{
	static char all[256];
	all[0] = '\0';
	for (size_t i = 0; i < opts.args.len; i++) {
		size_t n = strlen(all);
		snprintf(all + n, sizeof(all) - n, "%s%s", i > 0 ? "|" : "", opts.args.ptr[i]);
	}
	return all;
}

static const struct {
	const char *line, *args;
	int64_t limit; /* 10 when not given */
} shapes[] = {
	{"", "", 10},
	{"--limit 5", "", 5},
	{"--limit=5", "", 5},
	{"-n 5", "", 5},
	{"-n5", "", 5},
	{"-abn5", "", 5},
	{"-abn 5", "", 5},
	{"x --limit 5 y", "x|y", 5},
	{"x y -n 5", "x|y", 5},
	{"-- --limit 5", "--limit|5", 10},
	{"-n 7 -- -n -- 8", "-n|--|8", 7},
	{"- -5 -.5 -1e3", "-|-5|-.5|-1e3", 10},
	{"'' x", "|x", 10},
	{"--shift -5 -n 1 y", "y", 1},
	{"--shift=-5 x", "x", 10},
	{"--roster - x", "x", 10},
	{"--tag=--all x", "x", 10},
	{"--tag= x", "x", 10},
	{"--lab=l --no-color x -q", "x", 10},
};

START_TEST(test_shapes_of_the_command_line)
{
	parse_ok(shapes[_i].line);
	ck_assert_str_eq(arguments(), shapes[_i].args);
	ck_assert_int_eq(given("limit", 0)->value.number, shapes[_i].limit);
}
END_TEST

static const struct {
	const char *line, *msg;
} errors[] = {
	{"--limti 5", "unknown option '--limti'; did you mean '--limit'?"},
	{"--jsno", "unknown option '--jsno'; did you mean '--json'?"},
	{"--lim=5", "unknown option '--lim'; did you mean '--limit'?"},
	{"--xyzzy", "unknown option '--xyzzy'"},
	{"--=5", "unknown option '--'"},
	{"-x", "unknown option '-x'"},
	{"-ax", "unknown option '-x' in '-ax'"},
	{"-limit 5", "unknown option '-limit'; did you mean '--limit'?"},
	{"--limit", "option '--limit' needs a value: --limit N"},
	{"-n", "option '--limit' needs a value: --limit N"},
	{"--tag --all", "option '--tag' needs a value, and '--all' looks like an option; write "
			"--tag=--all if it is the value"},
	{"-n -a", "option '--limit' needs a value, and '-a' looks like an option; write "
		  "--limit=-a if it is the value"},
	{"--all=yes", "option '--all' takes no value: 'yes'"},
	{"--limit 5 --limit 6", "option '--limit' is given twice: '5' and '6'"},
	{"--lab a --lab b", "option '--lab' is given twice: 'a' and 'b'"},
	{"--limit x", "option '--limit': 'x' is not a whole number"},
	{"--limit 5x", "option '--limit': '5x' is not a whole number"},
	{"--limit 5.5", "option '--limit': '5.5' is not a whole number"},
	{"--limit ''", "option '--limit': '' is not a whole number"},
	{"--limit 0", "option '--limit': '0' is out of range: 1 to 100"},
	{"--limit 101", "option '--limit': '101' is out of range: 1 to 100"},
	{"--limit 99999999999999999999",
	 "option '--limit': '99999999999999999999' is not a whole number"},
	{"--ratio x", "option '--ratio': 'x' is not a number (write 12.5)"},
	{"--ratio nan", "option '--ratio': 'nan' is not a number (write 12.5)"},
	{"--ratio 2.01", "option '--ratio': '2.01' is out of range: 0 to 2"},
	{"--share 5", "option '--share': '5' could be 5% or a fraction: write the %"},
	{"--share 101%", "option '--share': '101%' is out of range: 0% to 100%"},
	{"--share -1%", "option '--share': '-1%' is out of range: 0% to 100%"},
	{"--share 200", "option '--share': '200' is out of range: 0% to 100%"},
	{"--share %", "option '--share': '%' is not a share (write 1.5%)"},
	{"--kind pol", "option '--kind': there is no 'pol'; did you mean 'pool'?"},
	{"--kind tube", "option '--kind': 'tube' is not one of pool, single"},
	{"--since tomorrow", "option '--since': 'tomorrow' is not a time (write 2026-11-23, "
			     "'2026-11-23 14:05', today, yesterday or now)"},
	{"--since 2026-02-30", "option '--since': '2026-02-30' is not a time (write 2026-11-23, "
			       "'2026-11-23 14:05', today, yesterday or now)"},
	{"--older 5",
	 "option '--older': '5' is not a length of time (write 90s, 15min, 36h or 2d)"},
	{"--older h",
	 "option '--older': 'h' is not a length of time (write 90s, 15min, 36h or 2d)"},
	{"--older 1.2.3h",
	 "option '--older': '1.2.3h' is not a length of time (write 90s, 15min, 36h or 2d)"},
	{"--older 99999999d", "option '--older': '99999999d' is longer than a hundred years"},
	{"--roster=", "option '--roster': the file's name is empty"},
	{"--tag=\xff", "option '--tag': the text is not UTF-8"},
};

START_TEST(test_errors_say_what_and_what_instead)
{
	ck_assert_int_eq(parse(errors[_i].line), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, errors[_i].msg);
}
END_TEST

static const struct {
	const char *line, *name;
	double value;
} values[] = {
	{"--ratio 0", "ratio", 0},         {"-r 1.5", "ratio", 1.5},
	{"--ratio 2e0", "ratio", 2},       {"--share 1.5%", "share", 0.015},
	{"--share 0.015", "share", 0.015}, {"--share 100%", "share", 1},
	{"--share 1", "share", 1},         {"--share 0", "share", 0},
};

START_TEST(test_numbers_and_shares)
{
	parse_ok(values[_i].line);
	ck_assert_double_eq_tol(given(values[_i].name, 0)->value.real, values[_i].value, 1e-15);
}
END_TEST

static const struct {
	const char *line, *name, *shown;
} times[] = {
	{"--since now", "since", "2026-11-23T14:05:09+08:00"},
	{"--since today", "since", "2026-11-23T00:00:00+08:00"},
	{"--since yesterday", "since", "2026-11-22T00:00:00+08:00"},
	{"--since 2026-11-01", "since", "2026-11-01T00:00:00+08:00"},
	{"--since '2026-11-01 07:30'", "since", "2026-11-01T07:30:00+08:00"},
	{"--since 2026-11-01T00:00:00Z", "since", "2026-11-01T08:00:00+08:00"},
	/* lengths, shown from the beginning of 1970 */
	{"--older 90s", "older", "1970-01-01T08:01:30+08:00"},
	{"--older 15min", "older", "1970-01-01T08:15:00+08:00"},
	{"--older 36h", "older", "1970-01-02T20:00:00+08:00"},
	{"--older 1.5d", "older", "1970-01-02T20:00:00+08:00"},
	{"--older 0s", "older", "1970-01-01T08:00:00+08:00"},
};

START_TEST(test_times_and_lengths_of_time)
{
	char text[32];
	parse_ok(times[_i].line);
	pw_time_format_local(given(times[_i].name, 0)->value.number, text);
	ck_assert_str_eq(text, times[_i].shown);
}
END_TEST

START_TEST(test_repeated_options_keep_their_order)
{
	parse_ok("-t a x --tag=b -t c");
	ck_assert_str_eq(given("tag", 0)->value.text, "a");
	ck_assert_str_eq(given("tag", 1)->value.text, "b");
	ck_assert_str_eq(given("tag", 2)->value.text, "c");
	ck_assert_ptr_null(given("tag", 3));
}
END_TEST

START_TEST(test_choice_says_which)
{
	parse_ok("-k single");
	ck_assert_int_eq(given("kind", 0)->value.number, 1);
	ck_assert_str_eq(given("kind", 0)->value.text, "single");
}
END_TEST

START_TEST(test_fallback_is_known_as_one)
{
	parse_ok("");
	ck_assert(given("limit", 0)->fallback);
	pw_opts_clear(&opts);
	parse_ok("--limit 10");
	ck_assert(!given("limit", 0)->fallback);
}
END_TEST

START_TEST(test_environment_gives_what_the_line_does_not)
{
	setenv("POOLWELL_LAB", "from-env", 1);
	setenv("POOLWELL_STATION", "", 1);
	parse_ok("");
	ck_assert_str_eq(given("lab", 0)->value.text, "from-env");
	ck_assert_ptr_null(given("lab", 1));
	ck_assert_ptr_null(given("station", 0));
	pw_opts_clear(&opts);
	parse_ok("--lab from-line");
	ck_assert_str_eq(given("lab", 0)->value.text, "from-line");
}
END_TEST

START_TEST(test_wrong_environment_is_named)
{
	setenv("POOLWELL_OPERATOR", "\xff", 1);
	ck_assert_int_eq(parse(""), PW_ERR_ARG);
	ck_assert_str_eq(err.msg,
			 "environment variable POOLWELL_OPERATOR: option '--as': the text is "
			 "not UTF-8");
}
END_TEST

START_TEST(test_required_option)
{
	static const pw_opt required[] = {
		{.name = "capacity", .kind = PW_OPT_INT, .arg = "N", .help = "x", .required = true},
		PW_OPTS_END,
	};
	opts.own = required;
	ck_assert_int_eq(parse("x"), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "option '--capacity N' is missing");
}
END_TEST

START_TEST(test_digit_may_be_a_letter)
{
	static const pw_opt digit[] = {
		{.name = "five", .letter = '5', .kind = PW_OPT_FLAG, .help = "x"},
		PW_OPTS_END,
	};
	opts.own = digit;
	parse_ok("-5 -6");
	ck_assert_str_eq(arguments(), "-6");
	ck_assert_ptr_nonnull(pw_opts_get(&opts, digit, 0));
}
END_TEST

START_TEST(test_one_sided_bounds)
{
	pw_opt least = {.name = "n", .kind = PW_OPT_INT, .min = 1, .max = INT64_MAX};
	pw_opt most = {.name = "n", .kind = PW_OPT_INT, .min = INT64_MIN, .max = -1};
	pw_opt_value value;
	ck_assert_int_eq(pw_opt_read(&least, "0", 0, &value, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "'0' is out of range: at least 1");
	ck_assert_int_eq(pw_opt_read(&most, "0", 0, &value, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, "'0' is out of range: at most -1");
	ck_assert_int_eq(pw_opt_read(&least, "9223372036854775807", 0, &value, &err), PW_OK);
	ck_assert_int_eq(value.number, INT64_MAX);
}
END_TEST

static const struct {
	const char *args;
	int min, max;
	const char *line, *msg;
} counts[] = {
	{NULL, 0, 0, "", NULL},
	{NULL, 0, 0, "x", "'tube show' takes no arguments, but there is 'x'"},
	{"TUBE", 1, 1, "x", NULL},
	{"TUBE", 1, 1, "", "TUBE is missing: poolwell tube show TUBE"},
	{"TUBE", 1, 1, "x y", "'y' is one too many: poolwell tube show TUBE"},
	{"TUBE WELL", 2, 2, "x", "WELL is missing: poolwell tube show TUBE WELL"},
	{"TUBE [SUBJECT...]", 1, -1, "a b c d", NULL},
	{"TUBE SUBJECT...", 2, -1, "a", "SUBJECT is missing: poolwell tube show TUBE SUBJECT..."},
	{"TUBE", 1, 1, "\xff", "argument 1 is not UTF-8 text"},
	{"FILE", 1, 1, "\xff", NULL},
};

START_TEST(test_number_of_arguments)
{
	pw_cmd cmd = {.name = "tube show",
		      .args = counts[_i].args,
		      .min_args = counts[_i].min,
		      .max_args = counts[_i].max};
	parse_ok(counts[_i].line);
	pw_status rc = pw_opts_check_args(&opts, &cmd, &err);
	ck_assert_int_eq(rc, counts[_i].msg == NULL ? PW_OK : PW_ERR_ARG);
	if (counts[_i].msg != NULL)
		ck_assert_str_eq(err.msg, counts[_i].msg);
}
END_TEST

static const struct {
	pw_opt opt;
	const char *text;
} descriptions[] = {
	{{.kind = PW_OPT_FLAG}, ""},
	{{.kind = PW_OPT_CHOICE, .choices = kinds, .fallback = "pool"},
	 "one of pool, single; default pool"},
	{{.kind = PW_OPT_INT, .min = 1, .max = 20, .required = true}, "1 to 20; required"},
	{{.kind = PW_OPT_INT, .min = 0, .max = INT64_MAX}, "at least 0"},
	{{.kind = PW_OPT_TEXT, .repeat = true, .env = "POOLWELL_X"},
	 "may be repeated; or POOLWELL_X"},
};

START_TEST(test_description_of_a_value)
{
	pw_str text = PW_STR_INIT;
	pw_opt_describe(&descriptions[_i].opt, &text);
	ck_assert_str_eq(pw_str_text(&text), descriptions[_i].text);
	pw_str_clear(&text);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *suite_opts(void);
Suite *suite_opts(void)
{
	Suite *s = suite_create("opts");
	TCase *t = tcase_create("opts");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_shapes_of_the_command_line, 0, COUNT(shapes));
	tcase_add_loop_test(t, test_errors_say_what_and_what_instead, 0, COUNT(errors));
	tcase_add_loop_test(t, test_numbers_and_shares, 0, COUNT(values));
	tcase_add_loop_test(t, test_times_and_lengths_of_time, 0, COUNT(times));
	tcase_add_test(t, test_repeated_options_keep_their_order);
	tcase_add_test(t, test_choice_says_which);
	tcase_add_test(t, test_fallback_is_known_as_one);
	tcase_add_test(t, test_environment_gives_what_the_line_does_not);
	tcase_add_test(t, test_wrong_environment_is_named);
	tcase_add_test(t, test_required_option);
	tcase_add_test(t, test_digit_may_be_a_letter);
	tcase_add_test(t, test_one_sided_bounds);
	tcase_add_loop_test(t, test_number_of_arguments, 0, COUNT(counts));
	tcase_add_loop_test(t, test_description_of_a_value, 0, COUNT(descriptions));
	suite_add_tcase(s, t);
	return s;
}
