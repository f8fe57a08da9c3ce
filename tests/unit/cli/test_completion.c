/* The completion script for bash is given to bash, with the cursor here and there. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/cli/fixture.h"

static char script[64];

static void setup(void)
{
	fixture_reset();
	snprintf(script, sizeof(script), "/tmp/poolwell-test-%ld.bash", (long)getpid());
	ran r = run_line("poolwell help --completion bash");
	ck_assert_int_eq(r.code, PW_EXIT_DONE);
	FILE *f = fopen(script, "w");
	ck_assert_ptr_nonnull(f);
	fputs(r.out, f);
	/* Outside of a completion there is no compopt; here it says what it would have done. */
	fputs("compopt() { echo files; }\n"
	      "COMP_WORDS=(\"$@\")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
	      "_poolwell\necho \"${COMPREPLY[*]}\"\n",
	      f);
	ck_assert_int_eq(fclose(f), 0);
	ran_clear(&r);
}

static void teardown(void)
{
	unlink(script);
}

/* The words as bash parts them ("=" is a word), the last is under the cursor. */
static const struct {
	const char *words, *offered;
} cases[] = {
	{"poolwell ''", "tube roster sim help\n"},
	{"poolwell t", "tube\n"},
	{"poolwell xyz", "\n"},
	{"poolwell --l", "--lab\n"},
	{"poolwell --ver", "--version\n"},
	{"poolwell --lab ''", "files\n\n"},
	{"poolwell --lab l t", "tube\n"},
	{"poolwell --lab = l t", "tube\n"},
	{"poolwell --json t", "tube\n"},
	{"poolwell --as ''", "\n"},
	{"poolwell tube ''", "list open\n"},
	{"poolwell tube o", "open\n"},
	{"poolwell --lab l tube -q l", "list\n"},
	{"poolwell tube list ''", "\n"},
	{"poolwell tube list --k", "--kind\n"},
	{"poolwell tube list --no", "--no-color\n"},
	{"poolwell tube list --re", "\n"},
	{"poolwell tube open --re", "--reason\n"},
	{"poolwell tube list --kind ''", "pool single\n"},
	{"poolwell tube list -k s", "single\n"},
	{"poolwell tube list --kind =", "pool single\n"},
	{"poolwell tube list --kind = p", "pool\n"},
	{"poolwell tube list --roster ''", "files\n\n"},
	{"poolwell tube list --limit ''", "\n"},
	{"poolwell roster check ''", "files\n\n"},
	{"poolwell sim ''", "day\n"},
	{"poolwell sim --js", "--json\n"},
	{"poolwell sim day --js", "\n"},
	{"poolwell help ''", "tube roster sim help options output facts schema\n"},
	{"poolwell help tube ''", "list open\n"},
	{"poolwell help tube list ''", "\n"},
	{"poolwell help --m", "--markdown\n"},
	{"poolwell help --completion ''", "bash zsh\n"},
};

static bool has(const char *program)
{
	char command[64];
	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	return system(command) == 0;
}

START_TEST(test_bash_offers_what_may_follow)
{
	char command[256], offered[512] = "";
	if (!has("bash")) {
		puts("skipped: bash is not there");
		return;
	}
	snprintf(command, sizeof(command), "bash %s %s 2>&1", script, cases[_i].words);
	FILE *bash = popen(command, "r");
	ck_assert_ptr_nonnull(bash);
	size_t n = fread(offered, 1, sizeof(offered) - 1, bash);
	offered[n] = '\0';
	ck_assert_int_eq(pclose(bash), 0);
	ck_assert_msg(strcmp(offered, cases[_i].offered) == 0, "%s: offered %s instead of %s",
		      cases[_i].words, offered, cases[_i].offered);
}
END_TEST

START_TEST(test_zsh_script_has_every_command_and_quotes_its_texts)
{
	ran r = run_line("poolwell help --completion zsh");
	ck_assert_int_eq(r.code, PW_EXIT_DONE);
	ck_assert_ptr_eq(strstr(r.out, "#compdef poolwell\n"), r.out);
	ck_assert_ptr_nonnull(strstr(r.out, "\t('tube list')\n"));
	ck_assert_ptr_nonnull(
		strstr(r.out, "'(-k --kind)'{-k+,--kind=}'[only tubes of this kind]:KIND:(pool "
			      "single)'\n"));
	ck_assert_ptr_nonnull(strstr(r.out, "'*'{-t+,--tag=}'[only those with the tag]:TEXT: '\n"));
	ck_assert_ptr_nonnull(strstr(r.out, "a shell complete poolwell'\\''s commands]:SHELL:"));
	ck_assert_ptr_nonnull(
		strstr(r.out, "'[why it is done\\: kept with what changes]:TEXT: '\n"));
	if (has("zsh")) {
		FILE *f = popen("zsh -n", "w");
		ck_assert_ptr_nonnull(f);
		fputs(r.out, f);
		ck_assert_int_eq(pclose(f), 0);
	}
	ran_clear(&r);
}
END_TEST

Suite *suite_completion(void);
Suite *suite_completion(void)
{
	Suite *s = suite_create("completion");
	TCase *t = tcase_create("completion");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_bash_offers_what_may_follow, 0,
			    (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(t, test_zsh_script_has_every_command_and_quotes_its_texts);
	suite_add_tcase(s, t);
	return s;
}
