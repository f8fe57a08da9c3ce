#include "cli/ctx.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "cli/file.h"
#include "core/base/mem.h"

enum { FINDINGS_SHOWN = 20 };

void pw_ctx_init(pw_ctx *ctx, const pw_cli *cli)
{
	*ctx = (pw_ctx){.cli = cli, .term = cli->term};
	ctx->opts.globals = pw_globals;
	ctx->opts.now = pw_clock_now(&cli->clock);
	ctx->out = pw_out_new(cli->out, cli->err, cli->term);
}

void pw_ctx_clear(pw_ctx *ctx)
{
	pw_opts_clear(&ctx->opts);
	pw_out_free(ctx->out);
	pw_arena_clear(&ctx->arena);
}

static pw_status set_format(pw_ctx *ctx, pw_err *err)
{
	bool json = pw_ctx_flag(ctx, "json"), csv = pw_ctx_flag(ctx, "csv");
	if (json && csv)
		return pw_fail(err, PW_ERR_ARG, "--json and --csv together: choose one");
	if (json && (ctx->cmd->flags & (PW_CMD_LIST | PW_CMD_JSON)) == 0)
		return pw_fail(err, PW_ERR_ARG, "'%s' has no --json: its result is not a list",
			       ctx->cmd->name);
	if (csv && (ctx->cmd->flags & PW_CMD_LIST) == 0)
		return pw_fail(err, PW_ERR_ARG, "'%s' has no --csv: its result is not a list",
			       ctx->cmd->name);
	if (json || csv)
		pw_out_set_format(ctx->out, json ? PW_OUT_JSON : PW_OUT_CSV);
	return PW_OK;
}

pw_status pw_ctx_begin(pw_ctx *ctx, pw_err *err)
{
	const pw_cli *cli = ctx->cli;
	ctx->quiet = pw_ctx_flag(ctx, "quiet");
	if (pw_ctx_flag(ctx, "no-color"))
		ctx->term.color = false;
	pw_out_free(ctx->out);
	ctx->out = pw_out_new(cli->out, ctx->quiet ? NULL : cli->err, ctx->term);
	ctx->progress.talk = cli->term.err && !ctx->quiet ? cli->err : NULL;
	ctx->progress.clock = pw_clock_steady();
	ctx->progress.width = cli->term.width;
	return set_format(ctx, err);
}

/* --- what was asked ------------------------------------------------------------------------ */

int pw_ctx_args(const pw_ctx *ctx)
{
	return (int)ctx->opts.args.len;
}

const char *pw_ctx_arg(const pw_ctx *ctx, int i)
{
	bool there = i >= 0 && (size_t)i < ctx->opts.args.len;
	return there ? ctx->opts.args.ptr[i] : NULL;
}

static const pw_opt *option(const pw_ctx *ctx, const char *name)
{
	const pw_opt *opt = pw_opt_find(ctx->opts.own, name);
	if (opt == NULL)
		opt = pw_opt_find(ctx->opts.globals, name);
	PW_BUG_IF(opt == NULL);
	return opt;
}

/* The first giving of the option, which must be of one of the kinds in the set (1 << PW_OPT_…). */
static const pw_opt_value *value(const pw_ctx *ctx, const char *name, unsigned kinds)
{
	const pw_opt *opt = option(ctx, name);
	PW_BUG_IF((kinds & 1U << opt->kind) == 0);
	const pw_opt_given *given = pw_opts_get(&ctx->opts, opt, 0);
	return given != NULL ? &given->value : NULL;
}

bool pw_ctx_flag(const pw_ctx *ctx, const char *name)
{
	return value(ctx, name, 1U << PW_OPT_FLAG) != NULL;
}

const char *pw_ctx_text(const pw_ctx *ctx, const char *name)
{
	unsigned kinds =
		1U << PW_OPT_TEXT | 1U << PW_OPT_FILE | 1U << PW_OPT_OUT | 1U << PW_OPT_CHOICE;
	const pw_opt_value *v = value(ctx, name, kinds);
	return v != NULL ? v->text : NULL;
}

int64_t pw_ctx_int(const pw_ctx *ctx, const char *name)
{
	const pw_opt_value *v = value(ctx, name, 1U << PW_OPT_INT);
	return v != NULL ? v->number : 0;
}

double pw_ctx_real(const pw_ctx *ctx, const char *name)
{
	const pw_opt_value *v = value(ctx, name, 1U << PW_OPT_REAL | 1U << PW_OPT_PERCENT);
	return v != NULL ? v->real : 0;
}

int pw_ctx_choice(const pw_ctx *ctx, const char *name)
{
	const pw_opt_value *v = value(ctx, name, 1U << PW_OPT_CHOICE);
	return v != NULL ? (int)v->number : -1;
}

pw_time pw_ctx_time(const pw_ctx *ctx, const char *name)
{
	const pw_opt_value *v = value(ctx, name, 1U << PW_OPT_TIME | 1U << PW_OPT_DURATION);
	return v != NULL ? v->number : 0;
}

bool pw_ctx_given(const pw_ctx *ctx, const char *name)
{
	const pw_opt_given *given = pw_opts_get(&ctx->opts, option(ctx, name), 0);
	return given != NULL && !given->fallback;
}

int pw_ctx_count(const pw_ctx *ctx, const char *name)
{
	int n = 0;
	while (pw_opts_get(&ctx->opts, option(ctx, name), n) != NULL)
		n++;
	return n;
}

const pw_opt_value *pw_ctx_value(const pw_ctx *ctx, const char *name, int i)
{
	const pw_opt_given *given = pw_opts_get(&ctx->opts, option(ctx, name), i);
	return given != NULL ? &given->value : NULL;
}

/* --- what there is to work with ------------------------------------------------------------ */

struct pw_lab *pw_ctx_lab(pw_ctx *ctx)
{
	PW_BUG_IF(ctx->lab == NULL);
	return ctx->lab;
}

void pw_ctx_set_lab(pw_ctx *ctx, struct pw_lab *lab)
{
	ctx->lab = lab;
}

pw_arena *pw_ctx_arena(pw_ctx *ctx)
{
	return &ctx->arena;
}

pw_clock pw_ctx_clock(const pw_ctx *ctx)
{
	return ctx->cli->clock;
}

struct pw_out *pw_ctx_out(pw_ctx *ctx)
{
	return ctx->out;
}

struct pw_progress *pw_ctx_progress(pw_ctx *ctx, const char *label, const char *unit, int64_t total)
{
	pw_progress_begin(&ctx->progress, label, unit, total);
	return &ctx->progress;
}

pw_status pw_ctx_read(pw_ctx *ctx, const char *path, size_t limit, pw_str *out, pw_err *err)
{
	if (strcmp(path, "-") == 0)
		return pw_file_read_stream(ctx->cli->in, pw_file_name(path), limit, out, err);
	return pw_file_read(path, limit, out, err);
}

pw_status pw_ctx_read_blocks(pw_ctx *ctx, const char *path, size_t limit, pw_take_fn take, void *to,
			     pw_err *err)
{
	if (strcmp(path, "-") == 0)
		return pw_file_read_stream_blocks(ctx->cli->in, pw_file_name(path), limit, take, to,
						  err);
	return pw_file_read_blocks(path, limit, take, to, err);
}

pw_status pw_ctx_write(pw_ctx *ctx, const char *path, const void *bytes, size_t n, bool overwrite,
		       pw_err *err)
{
	if (strcmp(path, "-") != 0)
		return pw_file_write(path, bytes, n, overwrite, err);
	pw_out_write(ctx->out, bytes, n);
	return pw_out_flush(ctx->out, err);
}

static pw_status take_to_out(void *to, const char *bytes, size_t n, pw_err *err)
{
	(void)err; /* what cannot be written is found out by the flush */
	pw_out_write(to, bytes, n);
	return PW_OK;
}

pw_status pw_ctx_write_blocks(pw_ctx *ctx, const char *path, pw_give_fn give, const void *from,
			      bool overwrite, pw_err *err)
{
	if (strcmp(path, "-") != 0)
		return pw_file_write_blocks(path, give, from, overwrite, err);
	pw_status rc = give(from, take_to_out, ctx->out, err);
	return rc == PW_OK ? pw_out_flush(ctx->out, err) : rc;
}

/* --- what there is to say ------------------------------------------------------------------ */

/* Before anything is said: results go first, and no progress bar stands in the way. What cannot be
 * written is found out again, and said, by the last flush. */
static FILE *talk(pw_ctx *ctx)
{
	pw_progress_hide(&ctx->progress);
	(void)(pw_out_flush(ctx->out, NULL) == PW_OK);
	return ctx->cli->err;
}

/* A line of talk: `front` as it is, the text made fit to be shown. */
static void say(pw_ctx *ctx, const char *front, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	PW_BUG_IF(n < 0);
	char *text = pw_alloc((size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, args);
	pw_str line = PW_STR_INIT;
	pw_term_visible(&line, text);
	fprintf(talk(ctx), "%s%s\n", front, pw_str_text(&line));
	pw_str_clear(&line);
	pw_free(text);
}

void pw_ctx_say(pw_ctx *ctx, const char *format, ...)
{
	va_list args;
	if (ctx->quiet)
		return;
	va_start(args, format);
	say(ctx, "", format, args);
	va_end(args);
}

void pw_ctx_warn(pw_ctx *ctx, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(ctx, "poolwell: warning: ", format, args);
	va_end(args);
}

/* What --quiet does not silence. */
static void PW_PRINTF(2, 3) complain(pw_ctx *ctx, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(ctx, "poolwell: ", format, args);
	va_end(args);
}

static void point_to_help(pw_ctx *ctx)
{
	const char *name = ctx->cmd != NULL    ? ctx->cmd->name
			   : ctx->noun != NULL ? ctx->noun->name
					       : NULL;
	fprintf(talk(ctx), "see 'poolwell help%s%s'\n", name != NULL ? " " : "",
		name != NULL ? name : "");
}

int pw_ctx_fail(pw_ctx *ctx, pw_status rc, const pw_err *err)
{
	PW_BUG_IF(rc == PW_OK);
	const char *msg = err->status == rc ? err->msg : pw_status_name(rc);
	if (rc == PW_ERR_REFUSED && err->code != NULL)
		complain(ctx, "refused: %s [%s]", msg, err->code);
	else if (rc == PW_ERR_REFUSED)
		complain(ctx, "refused: %s", msg);
	else
		complain(ctx, "%s", msg);
	if (rc != PW_ERR_ARG)
		return PW_EXIT_FAILED;
	point_to_help(ctx);
	return PW_EXIT_USAGE;
}

int pw_ctx_usage(pw_ctx *ctx, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(ctx, "poolwell: ", format, args);
	va_end(args);
	point_to_help(ctx);
	return PW_EXIT_USAGE;
}

/* --- reports ------------------------------------------------------------------------------- */

static void say_finding(pw_ctx *ctx, const char *name, const pw_finding *finding)
{
	pw_str place = PW_STR_INIT, text = PW_STR_INIT;
	pw_term_visible(&place, name);
	if (finding->line > 0)
		pw_str_addf(&place, ":%d", finding->line);
	if (finding->line > 0 && finding->column > 0)
		pw_str_addf(&place, ":%d", finding->column);
	pw_term_visible(&text, finding->text);
	bool color = ctx->term.err && ctx->term.color;
	fprintf(talk(ctx), "%s: %s%s:%s %s\n", pw_str_text(&place), color ? PW_BOLD : "",
		finding->severity == PW_ERROR ? "error" : "warning", color ? PW_PLAIN : "",
		pw_str_text(&text));
	pw_str_clear(&place);
	pw_str_clear(&text);
}

/* Says up to `room` findings of one severity, or of both when `any`; returns how many. */
static size_t say_findings(pw_ctx *ctx, const char *name, const pw_report *report, bool any,
			   pw_severity severity, size_t room)
{
	size_t said = 0;
	for (size_t i = 0; i < report->len && said < room; i++) {
		if (!any && report->findings[i].severity != severity)
			continue;
		say_finding(ctx, name, &report->findings[i]);
		said++;
	}
	return said;
}

static void say_more(pw_ctx *ctx, const char *name, const pw_report *report)
{
	size_t errors = report->errors, warnings = report->len - report->errors;
	fprintf(talk(ctx), "%s: and %zu more: %zu error%s, %zu warning%s in all\n", name,
		report->len - FINDINGS_SHOWN, errors, errors == 1 ? "" : "s", warnings,
		warnings == 1 ? "" : "s");
}

int pw_ctx_report(pw_ctx *ctx, const char *path, const pw_report *report)
{
	const char *name = pw_file_name(path);
	if (report->len <= FINDINGS_SHOWN) {
		say_findings(ctx, name, report, true, PW_ERROR, FINDINGS_SHOWN);
	} else {
		size_t n = say_findings(ctx, name, report, false, PW_ERROR, FINDINGS_SHOWN);
		say_findings(ctx, name, report, false, PW_WARNING, FINDINGS_SHOWN - n);
		say_more(ctx, name, report);
	}
	return report->errors > 0 ? PW_EXIT_FOUND : PW_EXIT_DONE;
}
