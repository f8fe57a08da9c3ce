#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "tests/unit/cli/fixture.h"

/* Wrong lines: what is said, and that the exit code is 2. */
static const struct {
	const char *line, *err;
} wrong[] = {
	{"poolwell tueb list",
	 "poolwell: there is no command 'tueb'; did you mean 'tube'?\nsee 'poolwell help'\n"},
	{"poolwell open T-1",
	 "poolwell: there is no command 'open'; did you mean 'tube open'?\nsee 'poolwell help'\n"},
	{"poolwell xyzzy", "poolwell: there is no command 'xyzzy'\nsee 'poolwell help'\n"},
	{"poolwell ''", "poolwell: there is no command ''\nsee 'poolwell help'\n"},
	{"poolwell tube", "poolwell: tube: say what: list, open\nsee 'poolwell help tube'\n"},
	{"poolwell tube --limit 5 list",
	 "poolwell: tube: say what: list, open\nsee 'poolwell help tube'\n"},
	{"poolwell tube lst",
	 "poolwell: there is no 'tube lst'; did you mean 'tube list'?\nsee 'poolwell help tube'\n"},
	{"poolwell tube ''", "poolwell: there is no 'tube '\nsee 'poolwell help tube'\n"},
	{"poolwell tube xyzzy", "poolwell: there is no 'tube xyzzy'\nsee 'poolwell help tube'\n"},
	{"poolwell --lba x tube list",
	 "poolwell: unknown option '--lba'; did you mean '--lab'?\nsee 'poolwell help'\n"},
	{"poolwell --limit=5 tube list",
	 "poolwell: unknown option '--limit'\nsee 'poolwell help'\n"},
	{"poolwell -x", "poolwell: unknown option '-x'\nsee 'poolwell help'\n"},
	{"poolwell --lab",
	 "poolwell: option '--lab' needs a value: --lab FILE\nsee 'poolwell help'\n"},
	{"poolwell tube list --lmit 5",
	 "poolwell: unknown option '--lmit'; did you mean '--limit'?\nsee 'poolwell help tube list'\n"},
	{"poolwell tube list extra", "poolwell: 'tube list' takes no arguments, but there is "
				     "'extra'\nsee 'poolwell help tube list'\n"},
	{"poolwell tube open -c 5", "poolwell: TUBE is missing: poolwell tube open TUBE "
				    "[SUBJECT...]\nsee 'poolwell help tube open'\n"},
	{"poolwell tube open T-1",
	 "poolwell: option '--capacity N' is missing\nsee 'poolwell help tube open'\n"},
	{"poolwell tube list --json --csv",
	 "poolwell: --json and --csv together: choose one\nsee 'poolwell help tube list'\n"},
	{"poolwell tube open T-1 -c 5 --json",
	 "poolwell: 'tube open' has no --json: its result is not "
	 "a list\nsee 'poolwell help tube open'\n"},
	{"poolwell sim --csv",
	 "poolwell: 'sim' has no --csv: its result is not a list\nsee 'poolwell help sim'\n"},
	{"poolwell --lab l tube open BAD -c 5",
	 "poolwell: 'BAD' is no barcode\nsee 'poolwell help tube open'\n"},
	{"poolwell --version", "poolwell: there is no command 'version'\nsee 'poolwell help'\n"},
	{"poolwell -- tube list", NULL},
	{"poolwell", NULL},
	{"poolwell -q", NULL},
};

START_TEST(test_wrong_lines_exit_2_and_say_nothing_on_standard_output)
{
	expect(wrong[_i].line, PW_EXIT_USAGE, "", wrong[_i].err);
}
END_TEST

static const struct {
	const char *line, *out;
} right[] = {
	{"poolwell sim", "0 arguments\n"},
	{"poolwell sim x y", "2 arguments\n"},
	{"poolwell sim -- day", "1 arguments\n"},
	{"poolwell sim -5 -- --help -h", "3 arguments\n"},
	{"poolwell sim day", "0 arguments\n"},
	{"poolwell -q sim --no-color day", "0 arguments\n"},
	{"poolwell sim --json 1", "1 arguments\n"},
	{"poolwell --lab l tube list",
	 "tube  person  swabs\nT-1   Ann         1\nT-2   王小明     10\n"},
	{"poolwell tube --lab l list",
	 "tube  person  swabs\nT-1   Ann         1\nT-2   王小明     10\n"},
	{"poolwell tube list --csv --lab=l", "tube,name,swabs\nT-1,Ann,1\nT-2,王小明,10\n"},
	{"poolwell --json tube --lab l list -k pool", "[]\n"},
	{"poolwell tube list --lab l -q -k pool", ""},
};

START_TEST(test_options_may_stand_anywhere)
{
	expect(right[_i].line, PW_EXIT_DONE, right[_i].out, NULL);
}
END_TEST

START_TEST(test_counts_are_talk)
{
	expect("poolwell tube list --lab l", PW_EXIT_DONE, NULL, "2 tubes\n");
	expect("poolwell tube list --lab l -k pool", PW_EXIT_DONE, "", "no tubes\n");
	expect("poolwell tube list --lab l --quiet", PW_EXIT_DONE, NULL, "");
	expect("poolwell tube list --lab l --json", PW_EXIT_DONE, NULL, "");
}
END_TEST

START_TEST(test_failures_and_refusals)
{
	setenv("POOLWELL_LAB", "l", 1);
	expect("poolwell tube open FULL -c 5", PW_EXIT_FAILED, "",
	       "poolwell: refused: tube 'FULL' is full: take another [tube-full]\n");
	expect("poolwell tube open GONE -c 5 -q", PW_EXIT_FAILED, "",
	       "poolwell: the disk is\\ngone\n");
	expect("poolwell tube open OLD -c 5 -q", PW_EXIT_DONE, "",
	       "poolwell: warning: tube 'OLD' is old\n");
	expect("poolwell tube open T-1 -c 5 --as 小明", PW_EXIT_DONE, "",
	       "opened T-1 for 5, 小明\n");
}
END_TEST

START_TEST(test_laboratory_that_does_not_open)
{
	expect("poolwell tube list", PW_EXIT_FAILED, "",
	       "poolwell: no laboratory: give --lab FILE\n");
}
END_TEST

START_TEST(test_help_needs_no_laboratory_and_no_arguments)
{
	expect("poolwell tube open -h", PW_EXIT_DONE, NULL, "");
	expect("poolwell tube open --bogus --help", PW_EXIT_DONE, NULL, "");
	expect("poolwell tube open -c 5 -qh", PW_EXIT_DONE, NULL, "");
	expect("poolwell --help tube", PW_EXIT_DONE, NULL, "");
	expect("poolwell -h", PW_EXIT_DONE, NULL, "");
}
END_TEST

START_TEST(test_report_of_a_few)
{
	fixture_input = "2 1";
	expect("poolwell roster check -", PW_EXIT_FOUND, "",
	       "standard input: warning: odd 1\n"
	       "standard input:1:7: error: bad '王' 1\n"
	       "standard input:2: error: bad '王' 2\n");
	fixture_input = "0 2";
	expect("poolwell roster check -", PW_EXIT_DONE, "",
	       "standard input: warning: odd 1\nstandard input: warning: odd 2\n");
	fixture_input = "0 0";
	expect("poolwell roster check -", PW_EXIT_DONE, "", "");
}
END_TEST

static int count_lines(const char *text, const char *part)
{
	int n = 0;
	for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
		n++;
	return n;
}

START_TEST(test_report_of_many_shows_errors_first_and_says_how_many_more)
{
	fixture_input = "3 30";
	ran r = run_line("poolwell roster check -");
	ck_assert_int_eq(r.code, PW_EXIT_FOUND);
	ck_assert_int_eq(count_lines(r.err, ": error: "), 3);
	ck_assert_int_eq(count_lines(r.err, ": warning: "), 17);
	ck_assert_ptr_eq(strstr(r.err, "standard input:1:7: error:"), r.err);
	ck_assert_ptr_nonnull(
		strstr(r.err, "standard input: and 13 more: 3 errors, 30 warnings in all\n"));
	ran_clear(&r);
	fixture_input = "20 1";
	r = run_line("poolwell roster check -");
	ck_assert_int_eq(count_lines(r.err, ": error: "), 20);
	ck_assert_int_eq(count_lines(r.err, ": warning: "), 0);
	ck_assert_ptr_nonnull(
		strstr(r.err, "standard input: and 1 more: 20 errors, 1 warning in all\n"));
	ran_clear(&r);
}
END_TEST

START_TEST(test_file_that_cannot_be_read)
{
	expect("poolwell roster check no-such.csv", PW_EXIT_FAILED, "",
	       "poolwell: no-such.csv: no such file\n");
	fixture_input = "0123456789012345678901234567890123456789012345678901234567890123456789"
			"0123456789012345678901234567890123456789";
	expect("poolwell roster check -", PW_EXIT_FAILED, "",
	       "poolwell: standard input: larger than the 100 bytes that are taken\n");
}
END_TEST

START_TEST(test_output_that_cannot_be_written_fails)
{
	char *err = NULL;
	size_t size;
	pw_cli cli = fixture_cli;
	char *sim[] = {"poolwell", "sim"}, *bad[] = {"poolwell", "sim", "--bogus"};
	cli.out = fopen("/dev/full", "w");
	cli.err = open_memstream(&err, &size);
	ck_assert_int_eq(pw_cli_run(&cli, 2, sim), PW_EXIT_FAILED);
	ck_assert_int_eq(pw_cli_run(&cli, 3, bad), PW_EXIT_USAGE);
	fclose(cli.out);
	fclose(cli.err);
	ck_assert_str_eq(err, "poolwell: standard output: the disk is full\n"
			      "poolwell: unknown option '--bogus'\nsee 'poolwell help sim'\n");
	free(err);
}
END_TEST

START_TEST(test_terminal_gets_colours_unless_told)
{
	fixture_cli.term = (pw_term){.out = true, .err = true, .color = true, .width = 80};
	expect("poolwell tube list --lab l", PW_EXIT_DONE,
	       "\033[1mtube  person  swabs\033[0m\nT-1   Ann         1\nT-2   王小明     10\n",
	       NULL);
	expect("poolwell tube list --lab l --no-color", PW_EXIT_DONE,
	       "tube  person  swabs\nT-1   Ann         1\nT-2   王小明     10\n", NULL);
	fixture_input = "1 0";
	expect("poolwell roster check -", PW_EXIT_FOUND, "",
	       "standard input:1:7: \033[1merror:\033[0m bad '王' 1\n");
	fixture_cli.term.color = false;
	expect("poolwell roster check -", PW_EXIT_FOUND, "",
	       "standard input:1:7: error: bad '王' 1\n");
}
END_TEST

START_TEST(test_resolve_leaves_the_rest)
{
	char room[256], *words[16];
	pw_err err = PW_ERR_INIT;
	pw_resolved line = {.noun = NULL};
	int n = split_line("poolwell --lab l tube -q open T --capacity -5 -- -h", room,
			   sizeof(room), words, 16);
	ck_assert_int_eq(pw_cli_resolve(&fixture_cli, n, words, &line, &err), PW_OK);
	ck_assert_str_eq(line.noun->name, "tube");
	ck_assert_str_eq(line.cmd->name, "tube open");
	ck_assert(!line.help);
	static const char *const rest[] = {"--lab", "l", "-q", "T", "--capacity", "-5", "--", "-h"};
	ck_assert_uint_eq(line.rest.len, 8);
	for (size_t i = 0; i < 8; i++)
		ck_assert_str_eq(line.rest.ptr[i], rest[i]);
	pw_vec_clear(&line.rest);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *suite_run(void);
Suite *suite_run(void)
{
	Suite *s = suite_create("run");
	TCase *t = tcase_create("run");
	tcase_add_checked_fixture(t, fixture_reset, NULL);
	tcase_add_loop_test(t, test_wrong_lines_exit_2_and_say_nothing_on_standard_output, 0,
			    COUNT(wrong));
	tcase_add_loop_test(t, test_options_may_stand_anywhere, 0, COUNT(right));
	tcase_add_test(t, test_counts_are_talk);
	tcase_add_test(t, test_failures_and_refusals);
	tcase_add_test(t, test_laboratory_that_does_not_open);
	tcase_add_test(t, test_help_needs_no_laboratory_and_no_arguments);
	tcase_add_test(t, test_report_of_a_few);
	tcase_add_test(t, test_report_of_many_shows_errors_first_and_says_how_many_more);
	tcase_add_test(t, test_file_that_cannot_be_read);
	tcase_add_test(t, test_output_that_cannot_be_written_fails);
	tcase_add_test(t, test_terminal_gets_colours_unless_told);
	tcase_add_test(t, test_resolve_leaves_the_rest);
	suite_add_tcase(s, t);
	return s;
}
