#include "tests/unit/cli/fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/out.h"
#include "core/base/mem.h"

static pw_time now;
pw_cli fixture_cli;
const char *fixture_input;
int fixture_labs_open;

/* --- commands ------------------------------------------------------------------------------ */

static const char *const kinds[] = {"pool", "single", NULL};

static const pw_opt list_opts[] = {
	{.name = "kind",
	 .letter = 'k',
	 .kind = PW_OPT_CHOICE,
	 .arg = "KIND",
	 .help = "only tubes of this kind",
	 .choices = kinds},
	{.name = "limit",
	 .letter = 'n',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "at most so many",
	 .fallback = "10",
	 .min = 1,
	 .max = 100},
	{.name = "all", .letter = 'a', .kind = PW_OPT_FLAG, .help = "empty ones too"},
	{.name = "tag",
	 .letter = 't',
	 .kind = PW_OPT_TEXT,
	 .arg = "TEXT",
	 .help = "only those with the tag",
	 .repeat = true},
	{.name = "roster", .kind = PW_OPT_FILE, .arg = "FILE", .help = "only people in it"},
	PW_OPTS_END,
};

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "name", .title = "person"},
		{.key = "swabs", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	ck_assert_ptr_nonnull(pw_ctx_lab(ctx));
	pw_out_list(out, columns);
	for (int i = 0; i < 2 && !pw_ctx_given(ctx, "kind"); i++) {
		pw_out_text(out, i == 0 ? "T-1" : "T-2");
		pw_out_text(out, i == 0 ? "Ann" : "王小明");
		pw_out_int(out, i == 0 ? 1 : 10);
	}
	pw_out_end(out, "tube", "tubes");
	return PW_EXIT_DONE;
}

static const pw_opt open_opts[] = {
	{.name = "capacity",
	 .letter = 'c',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many swabs it takes",
	 .min = 1,
	 .max = 20,
	 .required = true},
	PW_OPTS_END,
};

/* The barcode says what goes wrong. */
static int open_tube(pw_ctx *ctx)
{
	const char *tube = pw_ctx_arg(ctx, 0);
	pw_err err = PW_ERR_INIT;
	pw_status rc = PW_OK;
	if (strcmp(tube, "FULL") == 0)
		rc = pw_refuse(&err, "tube-full", "tube '%s' is full: take another", tube);
	else if (strcmp(tube, "GONE") == 0)
		rc = pw_fail(&err, PW_ERR_IO, "the disk is\ngone");
	else if (strcmp(tube, "BAD") == 0)
		rc = pw_fail(&err, PW_ERR_ARG, "'%s' is no barcode", tube);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if (strcmp(tube, "OLD") == 0)
		pw_ctx_warn(ctx, "tube '%s' is old", tube);
	pw_ctx_say(ctx, "opened %s for %d, %s", tube, (int)pw_ctx_int(ctx, "capacity"),
		   pw_ctx_text(ctx, "as"));
	return PW_EXIT_DONE;
}

/* The file's first number is how many errors to report, the second how many warnings. */
static int check_roster(pw_ctx *ctx)
{
	pw_str text = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	int errors = 0, warnings = 0;
	pw_status rc = pw_ctx_read(ctx, pw_ctx_arg(ctx, 0), 100, &text, &err);
	if (rc == PW_OK)
		ck_assert_int_eq(sscanf(pw_str_text(&text), "%d %d", &errors, &warnings), 2);
	for (int i = 1; i <= warnings; i++)
		pw_report_add(&report, PW_WARNING, "odd", 0, 0, "odd %d", i);
	for (int i = 1; i <= errors; i++)
		pw_report_add(&report, PW_ERROR, "bad", i, i == 2 ? 0 : 7, "bad '王' %d", i);
	int code = rc != PW_OK ? pw_ctx_fail(ctx, rc, &err)
			       : pw_ctx_report(ctx, pw_ctx_arg(ctx, 0), &report);
	pw_report_clear(&report);
	pw_str_clear(&text);
	return code;
}

static int nothing(pw_ctx *ctx)
{
	pw_out_printf(pw_ctx_out(ctx), "%d arguments\n", pw_ctx_args(ctx));
	return PW_EXIT_DONE;
}

static const char *const list_examples[] = {"poolwell tube list --kind pool", NULL};
static const char *const open_examples[] = {"poolwell tube open T-1 --capacity 10", NULL};
static const char *const check_examples[] = {"poolwell roster check day.csv", NULL};
static const char *const sim_examples[] = {"poolwell sim 3 4", NULL};

static const pw_cmd tube_cmds[] = {
	{.name = "tube list",
	 .summary = "which tubes there are",
	 .details =
		 "Lists them in the order of their barcodes, which is the order that they were "
		 "printed in.\n\nFor instance\n\n  a literal line\n  and one more\n\nwith *stars* "
		 "and a_b.",
	 .examples = list_examples,
	 .opts = list_opts,
	 .flags = PW_CMD_LAB | PW_CMD_LIST,
	 .run = list},
	{.name = "tube open",
	 .args = "TUBE [SUBJECT...]",
	 .min_args = 1,
	 .max_args = -1,
	 .summary = "opens a tube for swabs",
	 .details = "Opens it.",
	 .examples = open_examples,
	 .opts = open_opts,
	 .flags = PW_CMD_LAB | PW_CMD_WRITE,
	 .run = open_tube},
	PW_CMDS_END,
};

static const pw_cmd roster_cmds[] = {
	{.name = "roster check",
	 .args = "FILE",
	 .min_args = 1,
	 .max_args = 1,
	 .summary = "looks a roster over",
	 .details = "Says what is wrong with it.",
	 .examples = check_examples,
	 .run = check_roster},
	PW_CMDS_END,
};

static const pw_cmd sim_cmds[] = {
	{.name = "sim",
	 .args = "[NUMBER...]",
	 .max_args = -1,
	 .summary = "simulates",
	 .details = "Simulates.",
	 .examples = sim_examples,
	 .flags = PW_CMD_JSON,
	 .run = nothing},
	{.name = "sim day",
	 .summary = "simulates a day",
	 .details = "Simulates a day.",
	 .examples = sim_examples,
	 .run = nothing},
	PW_CMDS_END,
};

extern const pw_cmd pw_cmds_help[];

const pw_noun fixture_nouns[] = {
	{"samples", "tube", "tubes and what is in them", tube_cmds},
	{"samples", "roster", "lists of people", roster_cmds},
	{"about", "sim", "a day that never was", sim_cmds},
	{"about", "help", "what the commands are", pw_cmds_help},
	{NULL, NULL, NULL, NULL},
};

/* --- the program --------------------------------------------------------------------------- */

static pw_status open_lab(pw_ctx *ctx, pw_err *err)
{
	static char lab;
	if (pw_ctx_text(ctx, "lab") == NULL)
		return pw_fail(err, PW_ERR_NOT_FOUND, "no laboratory: give --lab FILE");
	pw_ctx_set_lab(ctx, (struct pw_lab *)(void *)&lab);
	fixture_labs_open++;
	return PW_OK;
}

static void close_lab(pw_ctx *ctx)
{
	ck_assert_ptr_nonnull(pw_ctx_lab(ctx));
	fixture_labs_open--;
}

void fixture_reset(void)
{
	static const char *const variables[] = {"POOLWELL_LAB", "POOLWELL_OPERATOR",
						"POOLWELL_STATION", "NO_COLOR", "COLUMNS"};
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	ck_assert(pw_time_parse("2026-11-23T14:05:09+08:00", &now));
	fixture_input = "";
	fixture_labs_open = 0;
	fixture_cli = (pw_cli){
		.nouns = fixture_nouns,
		.topics = pw_topics,
		.term = {.out = false, .err = false, .color = true, .width = 80},
		.clock = pw_clock_fixed(&now),
		.lab_open = open_lab,
		.lab_close = close_lab,
	};
}

int split_line(const char *line, char *room, size_t size, char **words, int max)
{
	int n = 0;
	char *out = room, *end = room + size;
	const char *p = line + strspn(line, " ");
	while (*p != '\0' && strchr("|<>&;", *p) == NULL) {
		ck_assert_int_lt(n, max);
		words[n++] = out;
		for (char quote = '\0'; *p != '\0' && (quote != '\0' || *p != ' '); p++) {
			ck_assert(out + 1 < end);
			if (quote == '\0' && (*p == '\'' || *p == '"'))
				quote = *p;
			else if (quote != '\0' && *p == quote)
				quote = '\0';
			else
				*out++ = *p;
		}
		*out++ = '\0';
		p += strspn(p, " ");
	}
	return n;
}

ran run_line(const char *line)
{
	char room[4096], *words[64];
	ran r = {.code = -1};
	size_t out_size, err_size;
	pw_cli cli = fixture_cli;
	int n = split_line(line, room, sizeof(room), words, 64);
	size_t input = strlen(fixture_input);
	cli.in = input > 0 ? fmemopen((void *)(uintptr_t)fixture_input, input, "r")
			   : fopen("/dev/null", "r");
	cli.out = open_memstream(&r.out, &out_size);
	cli.err = open_memstream(&r.err, &err_size);
	r.code = pw_cli_run(&cli, n, words);
	fclose(cli.in);
	fclose(cli.out);
	fclose(cli.err);
	return r;
}

void ran_clear(ran *r)
{
	free(r->out);
	free(r->err);
	*r = (ran){.code = 0};
}

void expect(const char *line, int code, const char *out, const char *err)
{
	ran r = run_line(line);
	if (out != NULL && strcmp(r.out, out) != 0)
		ck_abort_msg("%s: standard output is\n%s\ninstead of\n%s", line, r.out, out);
	if (err != NULL && strcmp(r.err, err) != 0)
		ck_abort_msg("%s: standard error is\n%s\ninstead of\n%s", line, r.err, err);
	ck_assert_msg(r.code == code, "%s: exit %d, not %d:\n%s", line, r.code, code, r.err);
	ck_assert_int_eq(fixture_labs_open, 0);
	ran_clear(&r);
}
