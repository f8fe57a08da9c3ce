/*
 * The command line, parsed by the option tables. Options may stand before, between and behind the
 * arguments; "--" ends them; "-" is an argument, and so is a negative number.
 */
#ifndef PW_CLI_OPTS_H
#define PW_CLI_OPTS_H

#include "cli/cmd.h"
#include "core/base/vec.h"

typedef struct pw_opt_given {
	const pw_opt *opt;
	pw_opt_value value;
	bool fallback; /* it is the default of the table */
} pw_opt_given;

typedef struct pw_opts {
	const pw_opt *own;     /* the command's, or NULL */
	const pw_opt *globals; /* or NULL */
	pw_time now;           /* what "today" is reckoned from */
	PW_VEC(const char *) args;
	PW_VEC(pw_opt_given) given;
} pw_opts;

/* clang-format off */
#define PW_OPTS_INIT { .own = NULL }
/* clang-format on */

/*
 * Parses `n` words by the two tables of *opts; environment variables and fallbacks are added for what the
 * words do not give. Values point into argv and the environment. PW_ERR_ARG for an unknown option (with
 * the nearest), a value that is missing, not wanted, or not of its kind, an option given twice, a
 * required one that is missing.
 */
PW_NODISCARD pw_status pw_opts_parse(pw_opts *opts, const char *const *words, size_t n,
				     pw_err *err);

/* Frees; accepts PW_OPTS_INIT. */
void pw_opts_clear(pw_opts *opts);

/* PW_ERR_ARG when the arguments are too few or too many for the command, or no UTF-8. */
PW_NODISCARD pw_status pw_opts_check_args(const pw_opts *opts, const pw_cmd *cmd, pw_err *err);

/* The option of the name in a table (NULL = empty), or NULL; _n takes the first n bytes of `name`. */
const pw_opt *pw_opt_find(const pw_opt *table, const char *name);
const pw_opt *pw_opt_find_n(const pw_opt *table, const char *name, size_t n);
const pw_opt *pw_opt_by_letter(const pw_opt *table, char letter);

/* PW_ERR_ARG: "unknown option '--nmae'; did you mean '--name'?" by the options of both tables (NULL =
 * empty). `name` is without the dashes; what follows a "=" is passed over. */
pw_status pw_opt_unknown(const pw_opt *own, const pw_opt *globals, const char *name, pw_err *err);

/* The i-th giving of an option, from 0, or NULL. */
const pw_opt_given *pw_opts_get(const pw_opts *opts, const pw_opt *opt, int i);

/*
 * Reads `text` as a value of the option's kind and within its bounds. PW_ERR_ARG says what is taken
 * instead, without naming the option: "'x' is not a whole number".
 */
PW_NODISCARD pw_status pw_opt_read(const pw_opt *opt, const char *text, pw_time now,
				   pw_opt_value *out, pw_err *err);

/* Appends what the table knows of the value, for help: "one of pool, single; default pool". Nothing
 * when there is nothing to say. */
void pw_opt_describe(const pw_opt *opt, pw_str *out);

#endif
