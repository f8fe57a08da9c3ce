#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/ctx.h"
#include "cli/help.h"
#include "cli/suggest.h"

/* --- which command it is ------------------------------------------------------------------- */

static pw_status unknown_option(const char *word, pw_err *err)
{
	static const pw_opt version[] = {{.name = "version"}, PW_OPTS_END};
	if (word[1] == '-')
		return pw_opt_unknown(version, pw_globals, word + 2, err);
	return pw_fail(err, PW_ERR_ARG, "unknown option '%s'", word);
}

/* "'tube open' or 'run open'": the commands whose verb somebody typed alone. */
static bool add_by_verb(const pw_cli *cli, const char *verb, pw_str *out)
{
	int found = 0;
	for (const pw_noun *noun = cli->nouns; noun->name != NULL && found < 3; noun++) {
		const pw_cmd *cmd = pw_cmd_find(noun, verb);
		if (cmd != NULL)
			pw_str_addf(out, "%s'%s'", found++ > 0 ? " or " : "", cmd->name);
	}
	return found > 0;
}

static pw_status unknown_noun(const pw_cli *cli, const char *word, pw_err *err)
{
	pw_suggestion near = {.wrong = word};
	pw_str names = PW_STR_INIT;
	for (const pw_noun *noun = cli->nouns; noun->name != NULL; noun++)
		pw_suggest(&near, noun->name);
	if (near.best != NULL)
		pw_str_addf(&names, "'%s'", near.best);
	else if (*word != '\0')
		add_by_verb(cli, word, &names);
	pw_status rc = pw_fail(err, PW_ERR_ARG, "there is no command '%s'%s%s%s", word,
			       names.len > 0 ? "; did you mean " : "", pw_str_text(&names),
			       names.len > 0 ? "?" : "");
	pw_str_clear(&names);
	return rc;
}

pw_status pw_noun_no_verb(const pw_noun *noun, const char *verb, pw_err *err)
{
	pw_suggestion near = {.wrong = verb};
	for (const pw_cmd *cmd = noun->cmds; cmd->name != NULL; cmd++)
		pw_suggest(&near, pw_cmd_verb(cmd));
	if (near.best != NULL)
		return pw_fail(err, PW_ERR_ARG, "there is no '%s %s'; did you mean '%s %s'?",
			       noun->name, verb, noun->name, near.best);
	return pw_fail(err, PW_ERR_ARG, "there is no '%s %s'", noun->name, verb);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' && strcmp(word, "--") != 0;
}

/* The global option that the word gives, and whether its value is the next word. */
static const pw_opt *global_option(const char *word, bool *next)
{
	bool is_long = word[1] == '-';
	size_t n = is_long ? 2 + strcspn(word + 2, "=") : 2;
	const pw_opt *opt = is_long ? pw_opt_find_n(pw_globals, word + 2, n - 2)
				    : pw_opt_by_letter(pw_globals, word[1]);
	*next = opt != NULL && opt->kind != PW_OPT_FLAG && word[n] == '\0';
	return opt;
}

/* Takes a word as noun or verb. *done: it is the first that belongs to the command itself. */
static pw_status take_word(const pw_cli *cli, pw_resolved *out, const char *word, bool *done,
			   pw_err *err)
{
	if (out->noun == NULL) {
		out->noun = pw_noun_find(cli->nouns, word);
		return out->noun != NULL ? PW_OK : unknown_noun(cli, word, err);
	}
	if (*word != '\0')
		out->cmd = pw_cmd_find(out->noun, word);
	if (out->cmd != NULL)
		return PW_OK;
	*done = true;
	return pw_cmd_find(out->noun, "") != NULL ? PW_OK : pw_noun_no_verb(out->noun, word, err);
}

static bool wants_help(const pw_resolved *line)
{
	for (size_t i = 0; i < line->rest.len && strcmp(line->rest.ptr[i], "--") != 0; i++)
		if (strcmp(line->rest.ptr[i], "-h") == 0 ||
		    strcmp(line->rest.ptr[i], "--help") == 0)
			return true;
	return false;
}

pw_status pw_cli_resolve(const pw_cli *cli, int argc, char *const *argv, pw_resolved *out,
			 pw_err *err)
{
	pw_status rc = PW_OK;
	bool done = false;
	int i = 1;
	for (; rc == PW_OK && i < argc && !done && out->cmd == NULL; i++) {
		const char *word = argv[i];
		bool next;
		if (out->noun == NULL && strcmp(word, "--version") == 0)
			word = "version";
		if (!is_option(word)) {
			done = strcmp(word, "--") == 0;
			if (!done)
				rc = take_word(cli, out, word, &done, err);
			if (done)
				pw_vec_push(&out->rest, word);
			continue;
		}
		const pw_opt *opt = global_option(word, &next);
		if (opt == NULL && out->noun == NULL)
			rc = unknown_option(word, err);
		done = opt == NULL;
		pw_vec_push(&out->rest, word);
		if (next && i + 1 < argc)
			pw_vec_push(&out->rest, argv[++i]);
	}
	for (; i < argc; i++)
		pw_vec_push(&out->rest, argv[i]);
	if (rc == PW_OK && out->noun != NULL && out->cmd == NULL)
		out->cmd = pw_cmd_find(out->noun, "");
	out->help = wants_help(out);
	return rc;
}

/* --- its run ------------------------------------------------------------------------------- */

static int run_command(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	bool lab = (ctx->cmd->flags & PW_CMD_LAB) != 0;
	if (lab) {
		PW_BUG_IF(ctx->cli->lab_open == NULL);
		pw_status rc = ctx->cli->lab_open(ctx, &err);
		if (rc != PW_OK)
			return pw_ctx_fail(ctx, rc, &err);
	}
	int code = ctx->cmd->run(ctx);
	pw_progress_end(&ctx->progress);
	if (lab && ctx->cli->lab_close != NULL)
		ctx->cli->lab_close(ctx);
	ctx->lab = NULL;
	return code;
}

static int parse_and_run(pw_ctx *ctx, const pw_resolved *line)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc;
	ctx->opts.own = ctx->cmd->opts;
	if ((rc = pw_opts_parse(&ctx->opts, line->rest.ptr, line->rest.len, &err)) != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if (pw_ctx_flag(ctx, "help")) { /* among letters, as in -qh */
		pw_help_command(ctx->out, ctx->cmd);
		return PW_EXIT_DONE;
	}
	if ((rc = pw_opts_check_args(&ctx->opts, ctx->cmd, &err)) != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if ((rc = pw_ctx_begin(ctx, &err)) != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	return run_command(ctx);
}

static int say_verbs(pw_ctx *ctx)
{
	pw_str verbs = PW_STR_INIT;
	for (const pw_cmd *cmd = ctx->noun->cmds; cmd->name != NULL; cmd++)
		pw_str_addf(&verbs, "%s%s", verbs.len > 0 ? ", " : "", pw_cmd_verb(cmd));
	int code = pw_ctx_usage(ctx, "%s: say what: %s", ctx->noun->name, pw_str_text(&verbs));
	pw_str_clear(&verbs);
	return code;
}

/* Without a command: what there is to choose from, on standard error, since nothing was done. */
static int say_commands(pw_ctx *ctx, const pw_resolved *line)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_opts_parse(&ctx->opts, line->rest.ptr, line->rest.len, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_term term = ctx->term;
	term.out = term.err;
	pw_out *talk = pw_out_new(ctx->cli->err, NULL, term);
	pw_help_overview(talk, ctx->cli);
	(void)(pw_out_flush(talk, NULL) == PW_OK);
	pw_out_free(talk);
	return PW_EXIT_USAGE;
}

static int run_line(pw_ctx *ctx, const pw_resolved *line)
{
	if (line->help && ctx->cmd != NULL)
		pw_help_command(ctx->out, ctx->cmd);
	else if (line->help && ctx->noun != NULL)
		pw_help_noun(ctx->out, ctx->noun);
	else if (line->help)
		pw_help_overview(ctx->out, ctx->cli);
	else if (ctx->cmd != NULL)
		return parse_and_run(ctx, line);
	else
		return ctx->noun != NULL ? say_verbs(ctx) : say_commands(ctx, line);
	return PW_EXIT_DONE;
}

/* What could not be written makes a failure of a success; a failure has been explained already. */
static int finish(pw_ctx *ctx, int code)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_out_flush(ctx->out, &err);
	if (rc == PW_OK || code == PW_EXIT_FAILED || code == PW_EXIT_USAGE)
		return code;
	return pw_ctx_fail(ctx, rc, &err);
}

int pw_cli_run(const pw_cli *cli, int argc, char *const *argv)
{
	pw_ctx ctx;
	pw_err err = PW_ERR_INIT;
	pw_resolved line = {.noun = NULL};
	pw_ctx_init(&ctx, cli);
	pw_status rc = pw_cli_resolve(cli, argc, argv, &line, &err);
	ctx.noun = line.noun;
	ctx.cmd = line.cmd;
	int code = rc != PW_OK ? pw_ctx_fail(&ctx, rc, &err) : run_line(&ctx, &line);
	code = finish(&ctx, code);
	pw_vec_clear(&line.rest);
	pw_ctx_clear(&ctx);
	return code;
}

/* --- the process --------------------------------------------------------------------------- */

pw_cli pw_cli_standard(void)
{
	return (pw_cli){
		.nouns = pw_nouns,
		.topics = pw_topics,
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.term = pw_term_ask(stdout, stderr),
		.clock = pw_clock_system(),
	};
}

/* A stream that came closed is opened on nothing, so that no database is ever opened under its number
 * and written into by a message. Standard output is opened for reading: writing fails, and is said. */
static void fill_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
			(void)(open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) == fd);
}

int pw_cli_main(const pw_cli *cli, int argc, char **argv)
{
	fill_streams();
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	(void)sigaction(SIGPIPE, &ignore, NULL);
	int code = pw_cli_run(cli, argc, argv);
	/* Some file systems tell of a full disk only now. */
	if (fclose(cli->out) != 0 && code == PW_EXIT_DONE) {
		fprintf(cli->err, "poolwell: standard output: %s\n", strerror(errno));
		code = PW_EXIT_FAILED;
	}
	return code;
}
