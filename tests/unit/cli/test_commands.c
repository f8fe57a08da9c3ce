/* What every command of the program has to say of itself. A failure names the command. */
#include <check.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/opts.h"
#include "core/base/text.h"
#include "tests/unit/cli/fixture.h"

static pw_cli cli;

static void setup(void)
{
	fixture_reset();
	cli = fixture_cli;
	cli.nouns = pw_nouns;
}

typedef void check_cmd(const pw_noun *noun, const pw_cmd *cmd);

static void each(check_cmd *check)
{
	for (const pw_noun *noun = pw_nouns; noun->name != NULL; noun++)
		for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
			check(noun, cmd);
}

/* One line, lower case, no full stop, UTF-8. */
static void is_phrase(const char *name, const char *what, const char *text)
{
	ck_assert_msg(text != NULL && *text != '\0', "%s: no %s", name, what);
	size_t n = strlen(text);
	ck_assert_msg(strchr(text, '\n') == NULL, "%s: %s has two lines: %s", name, what, text);
	ck_assert_msg(text[n - 1] != '.', "%s: %s ends with a full stop: %s", name, what, text);
	ck_assert_msg(!isspace((unsigned char)text[0]) && !isspace((unsigned char)text[n - 1]),
		      "%s: %s has spaces at its ends: '%s'", name, what, text);
	bool capital = isupper((unsigned char)text[0]) && !isupper((unsigned char)text[1]);
	ck_assert_msg(!capital, "%s: %s begins with a capital: %s", name, what, text);
	ck_assert_msg(pw_utf8_valid(text, n), "%s: %s is not UTF-8", name, what);
}

/* --- nouns --------------------------------------------------------------------------------- */

static int group_index(const char *group)
{
	static const char *const groups[] = {"the laboratory", "samples", "plates and runs",
					     "results",        "pooling", "devices",
					     "audit",          "about"};
	for (int i = 0; i < 8; i++)
		if (strcmp(groups[i], group) == 0)
			return i;
	ck_abort_msg("no group '%s'", group);
}

START_TEST(test_nouns_are_unique_and_stand_in_the_order_of_the_groups)
{
	int last = 0;
	for (const pw_noun *noun = pw_nouns; noun->name != NULL; noun++) {
		ck_assert_ptr_eq(pw_noun_find(pw_nouns, noun->name), noun);
		is_phrase(noun->name, "summary", noun->summary);
		int group = group_index(noun->group);
		ck_assert_msg(group >= last, "%s stands in the wrong order", noun->name);
		ck_assert_msg(noun->cmds[0].name != NULL, "%s has no commands", noun->name);
		last = group;
	}
	ck_assert_ptr_nonnull(pw_noun_find(pw_nouns, "help"));
}
END_TEST

START_TEST(test_topics_are_unique_and_no_nouns)
{
	for (const pw_topic *topic = pw_topics; topic->name != NULL; topic++) {
		is_phrase(topic->name, "summary", topic->summary);
		ck_assert_msg(pw_noun_find(pw_nouns, topic->name) == NULL,
			      "%s is a noun and a topic", topic->name);
		for (const pw_topic *other = pw_topics; other < topic; other++)
			ck_assert_str_ne(other->name, topic->name);
	}
}
END_TEST

/* --- commands ------------------------------------------------------------------------------ */

static void check_name(const pw_noun *noun, const pw_cmd *cmd)
{
	size_t n = strlen(noun->name);
	ck_assert_msg(strncmp(cmd->name, noun->name, n) == 0 &&
			      (cmd->name[n] == '\0' || cmd->name[n] == ' '),
		      "'%s' does not begin with its noun '%s'", cmd->name, noun->name);
	for (const char *p = cmd->name; *p != '\0'; p++)
		ck_assert_msg(islower((unsigned char)*p) || isdigit((unsigned char)*p) ||
				      *p == '-' || *p == ' ',
			      "'%s': a name is of lower case letters", cmd->name);
	const char *verb = pw_cmd_verb(cmd);
	ck_assert_msg(strchr(verb, ' ') == NULL, "'%s' has more than two words", cmd->name);
	ck_assert_msg(pw_cmd_find(noun, verb) == cmd, "'%s' is there twice", cmd->name);
}

static void check_texts(const pw_noun *noun, const pw_cmd *cmd)
{
	(void)noun;
	is_phrase(cmd->name, "summary", cmd->summary);
	ck_assert_msg(strlen(cmd->summary) <= 72, "%s: the summary is long", cmd->name);
	ck_assert_msg(cmd->details != NULL && *cmd->details != '\0', "%s: no details", cmd->name);
	size_t n = strlen(cmd->details);
	ck_assert_msg(cmd->details[n - 1] == '.', "%s: the details end without a full stop",
		      cmd->name);
	ck_assert_msg(pw_utf8_valid(cmd->details, n), "%s: the details are not UTF-8", cmd->name);
	ck_assert_msg(strchr(cmd->details, '\t') == NULL, "%s: a tab in the details", cmd->name);
	ck_assert_msg(cmd->run != NULL, "%s: no function", cmd->name);
}

/* "TUBE [SUBJECT...]" must say the same as min_args and max_args. */
static void check_args(const pw_noun *noun, const pw_cmd *cmd)
{
	(void)noun;
	int depth = 0, needed = 0, all = 0;
	for (const char *p = cmd->args != NULL ? cmd->args : ""; *p != '\0'; p++) {
		depth += *p == '[' ? 1 : *p == ']' ? -1 : 0;
		bool begins = isupper((unsigned char)*p) &&
			      (p == cmd->args || strchr(" [", p[-1]) != NULL);
		all += begins ? 1 : 0;
		needed += begins && depth == 0 ? 1 : 0;
	}
	bool many = cmd->args != NULL && strstr(cmd->args, "...") != NULL;
	ck_assert_msg(cmd->args == NULL || *cmd->args != '\0', "%s: empty args", cmd->name);
	ck_assert_msg(depth == 0, "%s: unpaired brackets in '%s'", cmd->name, cmd->args);
	ck_assert_msg(cmd->min_args == needed, "%s: min_args is %d, '%s' says %d", cmd->name,
		      cmd->min_args, cmd->args, needed);
	ck_assert_msg(cmd->max_args == (many ? -1 : all), "%s: max_args is %d, '%s' says %d",
		      cmd->name, cmd->max_args, cmd->args, many ? -1 : all);
}

/* `lab init` makes the laboratory, `label print` opens it when the printer is one of the laboratory's. */
static void check_flags(const pw_noun *noun, const pw_cmd *cmd)
{
	(void)noun;
	ck_assert_msg((cmd->flags & PW_CMD_WRITE) == 0 || (cmd->flags & PW_CMD_LAB) != 0 ||
			      strcmp(cmd->name, "lab init") == 0 ||
			      strcmp(cmd->name, "label print") == 0,
		      "%s writes without a laboratory", cmd->name);
	ck_assert_msg((cmd->flags & (PW_CMD_LIST | PW_CMD_JSON)) != (PW_CMD_LIST | PW_CMD_JSON),
		      "%s: PW_CMD_LIST includes --json", cmd->name);
}

START_TEST(test_names)
{
	each(check_name);
}
END_TEST

START_TEST(test_texts)
{
	each(check_texts);
}
END_TEST

START_TEST(test_arguments_agree_with_their_template)
{
	each(check_args);
}
END_TEST

START_TEST(test_flags)
{
	each(check_flags);
}
END_TEST

/* --- options ------------------------------------------------------------------------------- */

static void check_opt_value(const char *name, const pw_opt *opt)
{
	ck_assert_msg((opt->kind == PW_OPT_FLAG) == (opt->arg == NULL),
		      "%s: a flag has no arg, every other option has one", name);
	ck_assert_msg((opt->kind == PW_OPT_CHOICE) == (opt->choices != NULL),
		      "%s: a choice has choices, and nothing else has", name);
	ck_assert_msg(opt->choices == NULL || opt->choices[0] != NULL, "%s: no choices", name);
	bool bounded = opt->min != 0 || opt->max != 0;
	ck_assert_msg(!bounded || opt->kind == PW_OPT_INT || opt->kind == PW_OPT_REAL,
		      "%s: bounds are for INT and REAL", name);
	ck_assert_msg(opt->min <= opt->max, "%s: min is over max", name);
	ck_assert_msg(!opt->required || opt->fallback == NULL, "%s: required, and has a default",
		      name);
	ck_assert_msg(opt->fallback == NULL || opt->kind != PW_OPT_FLAG,
		      "%s: a flag with a default", name);
	if (opt->fallback != NULL) {
		pw_opt_value value;
		pw_err err = PW_ERR_INIT;
		ck_assert_msg(pw_opt_read(opt, opt->fallback, 0, &value, &err) == PW_OK,
			      "%s: default: %s", name, err.msg);
	}
}

static void check_opt(const char *cmd, const pw_opt *table, const pw_opt *opt)
{
	char name[128];
	snprintf(name, sizeof(name), "%s --%s", cmd, opt->name);
	for (const char *p = opt->name; *p != '\0'; p++)
		ck_assert_msg(islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '-',
			      "%s: a name is of lower case letters", name);
	ck_assert_msg(opt->name[0] != '-' && strlen(opt->name) >= 2, "%s: no name", name);
	ck_assert_msg(strcmp(opt->name, "version") != 0, "%s: taken", name);
	is_phrase(name, "help", opt->help);
	ck_assert_msg(pw_opt_find(table, opt->name) == opt, "%s is there twice", name);
	if (opt->letter != '\0') {
		ck_assert_msg(isalnum((unsigned char)opt->letter), "%s: letter '%c'", name,
			      opt->letter);
		ck_assert_msg(pw_opt_by_letter(table, opt->letter) == opt, "%s: -%c is there twice",
			      name, opt->letter);
	}
	check_opt_value(name, opt);
}

static void check_opts(const pw_noun *noun, const pw_cmd *cmd)
{
	(void)noun;
	for (const pw_opt *opt = cmd->opts; opt != NULL && opt->name != NULL; opt++) {
		check_opt(cmd->name, cmd->opts, opt);
		ck_assert_msg(pw_opt_find(pw_globals, opt->name) == NULL,
			      "%s --%s is a global option too", cmd->name, opt->name);
		ck_assert_msg(pw_opt_by_letter(pw_globals, opt->letter) == NULL,
			      "%s -%c is a global option too", cmd->name, opt->letter);
	}
}

START_TEST(test_options)
{
	each(check_opts);
	for (const pw_opt *opt = pw_globals; opt->name != NULL; opt++)
		check_opt("poolwell", pw_globals, opt);
}
END_TEST

/* --- examples ------------------------------------------------------------------------------ */

/* The example, given to the real parser, is that command, and nothing is wrong with it. */
static void check_example(const pw_cmd *cmd, const char *example)
{
	char room[1024], *words[64];
	pw_err err = PW_ERR_INIT;
	pw_resolved line = {.noun = NULL};
	pw_opts opts = {.own = cmd->opts, .globals = pw_globals};
	int n = split_line(example, room, sizeof(room), words, 64);
	ck_assert_msg(n > 1 && strcmp(words[0], "poolwell") == 0, "%s: '%s'", cmd->name, example);
	ck_assert_msg(pw_cli_resolve(&cli, n, words, &line, &err) == PW_OK, "%s: '%s': %s",
		      cmd->name, example, err.msg);
	ck_assert_msg(line.cmd == cmd, "%s: '%s' is another command", cmd->name, example);
	ck_assert_msg(pw_opts_parse(&opts, line.rest.ptr, line.rest.len, &err) == PW_OK,
		      "%s: '%s': %s", cmd->name, example, err.msg);
	ck_assert_msg(pw_opts_check_args(&opts, cmd, &err) == PW_OK, "%s: '%s': %s", cmd->name,
		      example, err.msg);
	pw_opts_clear(&opts);
	pw_vec_clear(&line.rest);
}

static void check_examples(const pw_noun *noun, const pw_cmd *cmd)
{
	(void)noun;
	ck_assert_msg(cmd->examples != NULL && cmd->examples[0] != NULL, "%s: no example",
		      cmd->name);
	for (size_t i = 0; cmd->examples[i] != NULL; i++)
		check_example(cmd, cmd->examples[i]);
}

START_TEST(test_examples)
{
	each(check_examples);
}
END_TEST

Suite *suite_commands(void);
Suite *suite_commands(void)
{
	Suite *s = suite_create("commands");
	TCase *t = tcase_create("commands");
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, test_nouns_are_unique_and_stand_in_the_order_of_the_groups);
	tcase_add_test(t, test_topics_are_unique_and_no_nouns);
	tcase_add_test(t, test_names);
	tcase_add_test(t, test_texts);
	tcase_add_test(t, test_arguments_agree_with_their_template);
	tcase_add_test(t, test_flags);
	tcase_add_test(t, test_options);
	tcase_add_test(t, test_examples);
	suite_add_tcase(s, t);
	return s;
}
