#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "core/base/text.h"
#include "tests/unit/cli/fixture.h"

START_TEST(test_overview_has_groups_nouns_and_topics)
{
	static const char text[] =
		"poolwell runs a PCR screening laboratory, from swab to answer.\n"
		"\n"
		"usage: poolwell [--lab FILE] COMMAND [OPTION...] [ARGUMENT...]\n"
		"\n"
		"samples\n"
		"  tube      tubes and what is in them\n"
		"  roster    lists of people\n"
		"\n"
		"about\n"
		"  sim       a day that never was\n"
		"  help      what the commands are\n"
		"\n"
		"help on other things\n"
		"  pools     why they are\n"
		"\n"
		"'poolwell help NAME' says more; 'poolwell help --all' lists every command.\n";
	expect("poolwell help", PW_EXIT_DONE, text, "");
	expect("poolwell --help", PW_EXIT_DONE, text, "");
	expect("poolwell", PW_EXIT_USAGE, "", text);
}
END_TEST

START_TEST(test_all_commands_with_a_line_each)
{
	expect("poolwell help --all", PW_EXIT_DONE,
	       "samples\n"
	       "  tube list     which tubes there are\n"
	       "  tube open     opens a tube for swabs\n"
	       "  roster check  looks a roster over\n"
	       "\n"
	       "about\n"
	       "  sim           simulates\n"
	       "  sim day       simulates a day\n"
	       "  help          what the commands are, and how each is used\n",
	       "");
}
END_TEST

START_TEST(test_noun_lists_its_verbs)
{
	static const char text[] = "poolwell tube: tubes and what is in them\n"
				   "\n"
				   "  tube list  which tubes there are\n"
				   "  tube open  opens a tube for swabs\n"
				   "\n"
				   "'poolwell help tube VERB' says more.\n";
	expect("poolwell help tube", PW_EXIT_DONE, text, "");
	expect("poolwell tube --help", PW_EXIT_DONE, text, "");
}
END_TEST

START_TEST(test_noun_that_is_a_command_shows_itself_and_the_others)
{
	ran r = run_line("poolwell help sim");
	ck_assert_int_eq(r.code, PW_EXIT_DONE);
	ck_assert(pw_text_starts(r.out, "poolwell sim: simulates\n\nusage: poolwell sim"));
	ck_assert_ptr_nonnull(strstr(r.out, "\ncommands\n"
					    "  sim       simulates\n"
					    "  sim day   simulates a day\n"
					    "\n"
					    "'poolwell help sim VERB' says more.\n"));
	ran_clear(&r);
}
END_TEST

START_TEST(test_noun_of_one_command_is_that_command)
{
	ran whole = run_line("poolwell help roster check");
	ck_assert_int_eq(whole.code, PW_EXIT_DONE);
	expect("poolwell help roster", PW_EXIT_DONE, whole.out, "");
	ran_clear(&whole);
}
END_TEST

static const char tube_list_page[] =
	"poolwell tube list: which tubes there are\n"
	"\n"
	"usage: poolwell tube list [OPTION...]\n"
	"\n"
	"Lists them in the order of their barcodes, which is the order that they were\n"
	"printed in.\n"
	"\n"
	"For instance\n"
	"\n"
	"  a literal line\n"
	"  and one more\n"
	"\n"
	"with *stars* and a_b.\n"
	"\n"
	"options\n"
	"  -k, --kind KIND    only tubes of this kind (one of pool, single)\n"
	"  -n, --limit N      at most so many (1 to 100; default 10)\n"
	"  -a, --all          empty ones too\n"
	"  -t, --tag TEXT     only those with the tag (may be repeated)\n"
	"      --roster FILE  only people in it\n"
	"\n"
	"examples\n"
	"  poolwell tube list --kind pool\n"
	"\n"
	"also --lab FILE, --json, --csv, --quiet, --no-color, --help; see 'poolwell help\n"
	"     options'\n";

START_TEST(test_page_of_a_command)
{
	expect("poolwell help tube list", PW_EXIT_DONE, tube_list_page, "");
	expect("poolwell tube list -h", PW_EXIT_DONE, tube_list_page, "");
}
END_TEST

START_TEST(test_lines_fit_a_narrow_terminal)
{
	fixture_cli.term.width = 40;
	ran r = run_line("poolwell help tube list");
	for (char *line = r.out; *line != '\0'; line = strchr(line, '\n') + 1) {
		*strchr(line, '\n') = '\0';
		ck_assert_msg(pw_utf8_width(line) <= 40, "too long: %s", line);
		line[strlen(line)] = '\n';
	}
	ran_clear(&r);
}
END_TEST

START_TEST(test_writing_commands_name_who_and_why)
{
	ran r = run_line("poolwell help tube open");
	ck_assert_ptr_nonnull(strstr(r.out, "usage: poolwell tube open [OPTION...] TUBE "
					    "[SUBJECT...]\n"));
	ck_assert_ptr_nonnull(strstr(r.out, "how many swabs it takes (1 to 20; required)\n"));
	ck_assert_ptr_nonnull(strstr(r.out, "also --lab FILE, --as OPERATOR, --station NAME, "
					    "--reason TEXT, --quiet,"));
	ck_assert_ptr_null(strstr(r.out, "--json"));
	ran_clear(&r);
}
END_TEST

static const struct {
	const char *line, *err;
} unknown[] = {
	{"poolwell help tueb", "there is no help on 'tueb'; did you mean 'tube'?"},
	{"poolwell help pool", "there is no help on 'pool'; did you mean 'pools'?"},
	{"poolwell help xyzzy", "there is no help on 'xyzzy'"},
	{"poolwell help ''", "there is no help on ''"},
	{"poolwell help tube opne", "there is no 'tube opne'; did you mean 'tube open'?"},
	{"poolwell help tube ''", "there is no 'tube '"},
	{"poolwell help sim night", "there is no 'sim night'"},
	{"poolwell help pools all", "'pools' has no commands: poolwell help pools"},
	{"poolwell help pools --csv", "'pools' is a page of text: it has no --json and no --csv"},
	{"poolwell help a b c", "'c' is one too many: poolwell help [COMMAND [VERB]]"},
	{"poolwell help --completion fish",
	 "option '--completion': 'fish' is not one of bash, zsh"},
};

START_TEST(test_help_on_nothing_suggests)
{
	char err[256];
	snprintf(err, sizeof(err), "poolwell: %s\nsee 'poolwell help help'\n", unknown[_i].err);
	expect(unknown[_i].line, PW_EXIT_USAGE, "", err);
}
END_TEST

START_TEST(test_topic)
{
	expect("poolwell help pools", PW_EXIT_DONE, "because\n", "");
	expect("poolwell help pools --markdown", PW_EXIT_DONE, "**because**\n", "");
}
END_TEST

START_TEST(test_commands_as_data)
{
	expect("poolwell help tube --csv", PW_EXIT_DONE,
	       "command,arguments,group,summary,laboratory,writes\n"
	       "tube list,,samples,which tubes there are,true,false\n"
	       "tube open,TUBE [SUBJECT...],samples,opens a tube for swabs,true,true\n",
	       "");
	expect("poolwell help sim day --json", PW_EXIT_DONE,
	       "[\n  {\"command\": \"sim day\", \"arguments\": null, \"group\": \"about\", "
	       "\"summary\": \"simulates a day\", \"laboratory\": false, \"writes\": false}\n]\n",
	       "");
	ran r = run_line("poolwell help --csv");
	ck_assert_ptr_nonnull(strstr(r.out, "\nroster check,FILE,samples,"));
	ck_assert_ptr_nonnull(strstr(r.out, "\nhelp,[COMMAND [VERB]],about,"));
	ran_clear(&r);
}
END_TEST

static const char tube_markdown[] =
	"# poolwell tube\n"
	"\n"
	"Tubes and what is in them.\n"
	"\n"
	"## poolwell tube list\n"
	"\n"
	"Which tubes there are.\n"
	"\n"
	"    poolwell tube list [OPTION...]\n"
	"\n"
	"Lists them in the order of their barcodes, which is the order that they were printed in.\n"
	"\n"
	"For instance\n"
	"\n"
	"      a literal line\n"
	"      and one more\n"
	"\n"
	"with \\*stars\\* and a_b.\n"
	"\n"
	"Options:\n"
	"\n"
	"- `-k, --kind KIND`: only tubes of this kind (one of pool, single)\n"
	"- `-n, --limit N`: at most so many (1 to 100; default 10)\n"
	"- `-a, --all`: empty ones too\n"
	"- `-t, --tag TEXT`: only those with the tag (may be repeated)\n"
	"- `--roster FILE`: only people in it\n"
	"\n"
	"Also `--lab FILE, --json, --csv, --quiet, --no-color, --help`.\n"
	"\n"
	"Examples:\n"
	"\n"
	"    poolwell tube list --kind pool\n"
	"\n"
	"## poolwell tube open\n";

START_TEST(test_markdown_of_a_noun)
{
	fixture_cli.term.width = 40; /* of no account */
	ran r = run_line("poolwell help tube --markdown");
	ck_assert_int_eq(r.code, PW_EXIT_DONE);
	r.out[strlen(tube_markdown)] = '\0';
	ck_assert_str_eq(r.out, tube_markdown);
	ran_clear(&r);
}
END_TEST

START_TEST(test_markdown_of_the_whole)
{
	ran r = run_line("poolwell help --markdown");
	ck_assert_ptr_eq(strstr(r.out, "# Commands\n"), r.out);
	const char *samples = strstr(r.out, "\n## Samples\n\n### poolwell tube\n");
	const char *about = strstr(r.out, "\n## About\n\n### poolwell sim\n");
	ck_assert_ptr_nonnull(samples);
	ck_assert_ptr_nonnull(about);
	ck_assert(samples < about);
	ck_assert_ptr_nonnull(strstr(r.out, "\n#### poolwell tube open\n"));
	ck_assert_ptr_nonnull(strstr(r.out, "\n### poolwell roster check\n"));
	ck_assert_ptr_null(strstr(r.out, "\n\n\n"));
	ran_clear(&r);
	ran one = run_line("poolwell help tube open --markdown");
	ck_assert_ptr_eq(strstr(one.out, "# poolwell tube open\n\nOpens a tube for swabs.\n"),
			 one.out);
	ran_clear(&one);
}
END_TEST

START_TEST(test_markdown_signs_are_escaped)
{
	char *made = NULL;
	size_t size;
	FILE *file = open_memstream(&made, &size);
	pw_out *out = pw_out_new(file, NULL, (pw_term){.width = 80});
	pw_help_prose_markdown(out, "a < b, `c`, [d], \\e, _f_, g_h\nend\n\n  x < *y*\n");
	ck_assert_int_eq(pw_out_flush(out, NULL), PW_OK);
	ck_assert_str_eq(made,
			 "a \\< b, \\`c\\`, \\[d], \\\\e, \\_f\\_, g_h end\n\n      x < *y*\n");
	pw_out_free(out);
	fclose(file);
	free(made);
}
END_TEST

/* --- the topic of this test's own ---------------------------------------------------------- */

static int pools(pw_ctx *ctx)
{
	pw_out_puts(pw_ctx_out(ctx), pw_ctx_flag(ctx, "markdown") ? "**because**\n" : "because\n");
	return PW_EXIT_DONE;
}

static const pw_topic topics[] = {{"pools", "why they are", pools}, {NULL, NULL, NULL}};

static void setup(void)
{
	fixture_reset();
	fixture_cli.topics = topics;
}

START_TEST(test_topics_of_the_program)
{
	fixture_cli.topics = pw_topics;
	for (const pw_topic *topic = pw_topics; topic->name != NULL; topic++) {
		char line[128];
		snprintf(line, sizeof(line), "poolwell help %s%s", topic->name,
			 _i == 0 ? "" : " --markdown");
		ran r = run_line(line);
		ck_assert_int_eq(r.code, PW_EXIT_DONE);
		ck_assert_str_eq(r.err, "");
		ck_assert_uint_gt(strlen(r.out), 200);
		ck_assert_int_eq(r.out[strlen(r.out) - 1], '\n');
		ran_clear(&r);
	}
}
END_TEST

Suite *suite_help(void);
Suite *suite_help(void)
{
	Suite *s = suite_create("help");
	TCase *t = tcase_create("help");
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, test_overview_has_groups_nouns_and_topics);
	tcase_add_test(t, test_all_commands_with_a_line_each);
	tcase_add_test(t, test_noun_lists_its_verbs);
	tcase_add_test(t, test_noun_that_is_a_command_shows_itself_and_the_others);
	tcase_add_test(t, test_noun_of_one_command_is_that_command);
	tcase_add_test(t, test_page_of_a_command);
	tcase_add_test(t, test_lines_fit_a_narrow_terminal);
	tcase_add_test(t, test_writing_commands_name_who_and_why);
	tcase_add_loop_test(t, test_help_on_nothing_suggests, 0,
			    (int)(sizeof(unknown) / sizeof(unknown[0])));
	tcase_add_test(t, test_topic);
	tcase_add_test(t, test_commands_as_data);
	tcase_add_test(t, test_markdown_of_a_noun);
	tcase_add_test(t, test_markdown_of_the_whole);
	tcase_add_test(t, test_markdown_signs_are_escaped);
	tcase_add_loop_test(t, test_topics_of_the_program, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
