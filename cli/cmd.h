/*
 * Commands: the manual for whoever writes one.
 *
 * A command is a row of data and one function. `poolwell tube show` lives in cli/cmd_tube.c, which
 * exports `const pw_cmd pw_cmds_tube[]`, ended by PW_CMDS_END; the noun is registered by one line in
 * cli/commands.def. From the row come the parsing of the command line, `poolwell help tube show`,
 * docs/reference/commands.md and the shells' completion; tests/unit/cli/test_commands.c checks it.
 *
 *	static const pw_opt show_opts[] = {
 *		{.name = "target", .letter = 't', .kind = PW_OPT_TEXT, .arg = "NAME",
 *		 .help = "only this target"},
 *		PW_OPTS_END,
 *	};
 *
 *	static int show(pw_ctx *ctx)
 *	{
 *		pw_err err = PW_ERR_INIT;
 *		pw_tube tube;
 *		pw_status rc = pw_lab_find_tube(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &tube, &err);
 *		if (rc != PW_OK)
 *			return pw_ctx_fail(ctx, rc, &err);
 *		…                                              (cli/out.h prints the result)
 *		return PW_EXIT_DONE;
 *	}
 *
 *	const pw_cmd pw_cmds_tube[] = {
 *		{.name = "tube show", .args = "TUBE", .min_args = 1, .max_args = 1,
 *		 .summary = "what is in a tube, and what became of it",
 *		 .details = "Takes the barcode as it is scanned. …",
 *		 .examples = show_examples, .opts = show_opts,
 *		 .flags = PW_CMD_LAB | PW_CMD_LIST, .run = show},
 *		PW_CMDS_END,
 *	};
 *
 * A face knows no rules: `run` asks core/lab, and says what came back. Results go to standard output
 * through cli/out.h only; talk goes to standard error through the functions below. What `run` allocates
 * for the length of the command may live in pw_ctx_arena.
 */
#ifndef PW_CLI_CMD_H
#define PW_CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/blocks.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"

/* What the program exits with, and what `run` returns. */
enum {
	PW_EXIT_DONE = 0,   /* it is done */
	PW_EXIT_FAILED = 1, /* it is not, and the message says why */
	PW_EXIT_USAGE = 2,  /* the command line makes no sense */
	PW_EXIT_FOUND = 3   /* it looked, and found problems: `check` and its like */
};

/* --- options ------------------------------------------------------------------------------- */

typedef enum pw_opt_kind {
	PW_OPT_FLAG,    /* takes no value */
	PW_OPT_TEXT,    /* any UTF-8 */
	PW_OPT_INT,     /* a whole number */
	PW_OPT_REAL,    /* a number with a decimal point */
	PW_OPT_PERCENT, /* "1.5%" or "0.015", both 0.015; from 0 to 1. "5" is refused: 5% or 0.05? */
	PW_OPT_CHOICE,  /* one of `choices` */
	PW_OPT_FILE,    /* a file to read; "-" is standard input: see pw_ctx_read */
	PW_OPT_OUT,     /* a file to write; "-" is standard output: see pw_ctx_write */
	PW_OPT_TIME,    /* as pw_time_parse takes it, or "now", "today", "yesterday" */
	PW_OPT_DURATION /* "90s", "15min", "36h", "2d" */
} pw_opt_kind;

typedef struct pw_opt {
	const char *name;     /* "capacity": given as --capacity N or --capacity=N */
	const char *arg;      /* what stands for the value in help: "N"; NULL for a flag */
	const char *help;     /* lower case, no full stop; bounds, choices, default are added */
	const char *fallback; /* the value when none is given, as it would be typed, or NULL */
	const char *env;      /* the environment variable that gives it otherwise, or NULL */
	const char *const *choices; /* NULL-ended, for PW_OPT_CHOICE */
	int64_t min, max;           /* bounds of an INT or REAL, both included; 0, 0 = none */
	pw_opt_kind kind;
	char letter;   /* 'c': -c N, -cN, and flags together as in -qn; 0 = none */
	bool required; /* the command makes no sense without it */
	bool repeat;   /* may be given more than once */
} pw_opt;

/* clang-format off */
#define PW_OPTS_END { .name = NULL }
/* clang-format on */

/* What one giving of an option says. */
typedef struct pw_opt_value {
	const char *text; /* as typed */
	int64_t number;   /* INT; TIME and DURATION in µs; CHOICE: which, from 0; FLAG: 1 */
	double real;      /* REAL; PERCENT as a fraction; INT too */
} pw_opt_value;

/* --- commands ------------------------------------------------------------------------------ */

typedef struct pw_ctx pw_ctx;

enum {
	PW_CMD_LAB = 1,    /* needs the laboratory: it is open when `run` is called */
	PW_CMD_WRITE = 2,  /* changes it: help shows --as, --station, --reason */
	PW_CMD_LIST = 4,   /* its result goes through pw_out: takes --json and --csv */
	PW_CMD_STORE = 16, /* needs the laboratory's file, however damaged: it opens it itself */
	PW_CMD_JSON = 8    /* its result is nested: takes --json, not --csv */
};

typedef struct pw_cmd {
	const char *name; /* "tube show": the noun of the file, and a verb; or the noun alone */
	const char *args; /* "TUBE [SUBJECT...]"; NULL = none */
	int min_args, max_args; /* -1 = any number */
	const char *summary;    /* one line, lower case, no full stop */
	/* Paragraphs, parted by an empty line; a line that starts with a space is kept as it is. */
	const char *details;
	const char *const *examples; /* NULL-ended whole command lines, which a test parses */
	const pw_opt *opts;          /* ended by PW_OPTS_END; NULL = none */
	unsigned flags;
	int (*run)(pw_ctx *ctx); /* returns PW_EXIT_… */
} pw_cmd;

/* clang-format off */
#define PW_CMDS_END { .name = NULL }
/* clang-format on */

/* --- what was asked ------------------------------------------------------------------------ */

/* How many arguments (words that are no options) there are, and the i-th of them, from 0; NULL behind
 * the last. They live as long as the command. */
int pw_ctx_args(const pw_ctx *ctx);
const char *pw_ctx_arg(const pw_ctx *ctx, int i);

/*
 * The value of an option of the command or of a global one ("lab", "as", "station", "reason", "quiet"):
 * from the command line, else from its environment variable, else the fallback. The name must be in the
 * table and of the kind the function is for; anything else is a mistake in the program and aborts.
 * Without any value: false, NULL, 0, or -1 for a choice; pw_ctx_given tells 0 from nothing.
 */
bool pw_ctx_flag(const pw_ctx *ctx, const char *name);
const char *pw_ctx_text(const pw_ctx *ctx, const char *name); /* TEXT, FILE, OUT, CHOICE */
int64_t pw_ctx_int(const pw_ctx *ctx, const char *name);
double pw_ctx_real(const pw_ctx *ctx, const char *name); /* REAL, PERCENT */
int pw_ctx_choice(const pw_ctx *ctx, const char *name);
pw_time pw_ctx_time(const pw_ctx *ctx, const char *name); /* TIME, DURATION */

/* Whether the command line or the environment gives the option. */
bool pw_ctx_given(const pw_ctx *ctx, const char *name);

/* How often (a fallback counts as once), and the i-th giving, from 0; NULL behind the last. */
int pw_ctx_count(const pw_ctx *ctx, const char *name);
const pw_opt_value *pw_ctx_value(const pw_ctx *ctx, const char *name, int i);

/* --- what there is to work with ------------------------------------------------------------ */

/* The laboratory that is open; only for commands with PW_CMD_LAB. It is closed for you. */
struct pw_lab *pw_ctx_lab(pw_ctx *ctx);

/* For the function that opens it (pw_cli.lab_open in cli/cli.h). */
void pw_ctx_set_lab(pw_ctx *ctx, struct pw_lab *lab);

/* Freed when the command has ended. */
pw_arena *pw_ctx_arena(pw_ctx *ctx);

pw_clock pw_ctx_clock(const pw_ctx *ctx);

/* Where results go: cli/out.h. */
struct pw_out *pw_ctx_out(pw_ctx *ctx);

/* The command's one progress bar, begun anew: cli/progress.h. `total` 0 = not known. */
struct pw_progress *pw_ctx_progress(pw_ctx *ctx, const char *label, const char *unit,
				    int64_t total);

/* A whole file, or standard input for "-", appended to *out (which the caller clears). As
 * pw_file_read of cli/file.h; what a file of the name "-" is meant by is "./-". */
PW_NODISCARD pw_status pw_ctx_read(pw_ctx *ctx, const char *path, size_t limit, pw_str *out,
				   pw_err *err);

/* The same block by block: as pw_file_read_blocks of cli/file.h. */
PW_NODISCARD pw_status pw_ctx_read_blocks(pw_ctx *ctx, const char *path, size_t limit,
					  pw_take_fn take, void *to, pw_err *err);

/* Bytes into a file as pw_file_write of cli/file.h, or onto standard output for "-". */
PW_NODISCARD pw_status pw_ctx_write(pw_ctx *ctx, const char *path, const void *bytes, size_t n,
				    bool overwrite, pw_err *err);

/* The same block by block: as pw_file_write_blocks of cli/file.h. */
PW_NODISCARD pw_status pw_ctx_write_blocks(pw_ctx *ctx, const char *path, pw_give_fn give,
					   const void *from, bool overwrite, pw_err *err);

/* --- what there is to say ------------------------------------------------------------------ */

/* One line of talk on standard error; nothing with --quiet. */
void pw_ctx_say(pw_ctx *ctx, const char *format, ...) PW_PRINTF(2, 3);

/* "poolwell: warning: …", with --quiet too. */
void pw_ctx_warn(pw_ctx *ctx, const char *format, ...) PW_PRINTF(2, 3);

/*
 * Says the error and gives the exit code for it: "poolwell: <text>"; "poolwell: refused: <text> [code]"
 * for PW_ERR_REFUSED; PW_ERR_ARG is a usage error. Use as `return pw_ctx_fail(ctx, rc, &err);`.
 */
int pw_ctx_fail(pw_ctx *ctx, pw_status rc, const pw_err *err);

/* Says what is wrong with the command line and where its help is; returns PW_EXIT_USAGE. */
int pw_ctx_usage(pw_ctx *ctx, const char *format, ...) PW_PRINTF(2, 3);

/*
 * Says the findings, "roster.csv:7:12: error: …", errors before warnings when they are more than the 20
 * that are shown, and then how many more there are. `path` "-" is shown as "standard input". Returns
 * PW_EXIT_FOUND when there is an error among them, else PW_EXIT_DONE.
 */
int pw_ctx_report(pw_ctx *ctx, const char *path, const pw_report *report);

#endif
