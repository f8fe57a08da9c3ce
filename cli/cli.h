/*
 * The frame: which commands and help topics there are, and how a command line becomes the call of one.
 * Everything the frame touches is in a pw_cli, so that a test can run it with tables, streams and a
 * clock of its own.
 */
#ifndef PW_CLI_CLI_H
#define PW_CLI_CLI_H

#include <stdio.h>

#include "cli/cmd.h"
#include "cli/term.h"
#include "core/base/clock.h"
#include "core/base/vec.h"

/* A line of cli/commands.def. */
typedef struct pw_noun {
	const char *group;   /* the heading in `poolwell help`; nouns of a group stand together */
	const char *name;    /* NULL ends a table */
	const char *summary; /* one line, lower case, no full stop */
	const pw_cmd *cmds;
} pw_noun;

/* A line of cli/topics.def: `poolwell help NAME`. */
typedef struct pw_topic {
	const char *name; /* NULL ends a table */
	const char *summary;
	/* Prints it on pw_ctx_out, as Markdown when pw_ctx_flag(ctx, "markdown"); returns PW_EXIT_…. */
	int (*print)(pw_ctx *ctx);
} pw_topic;

typedef struct pw_cli {
	const pw_noun *nouns;
	const pw_topic *topics;
	FILE *in, *out, *err;
	pw_term term; /* what the streams are connected to */
	pw_clock clock;

	/* Called before `run` of a command with PW_CMD_LAB; gives the laboratory to pw_ctx_set_lab. On
	 * failure nothing is open. NULL only while no command has the flag. */
	pw_status (*lab_open)(pw_ctx *ctx, pw_err *err);

	/* Called after `run` when lab_open succeeded. */
	void (*lab_close)(pw_ctx *ctx);
} pw_cli;

/* The commands and topics of this program, ended by a row of NULLs (cli/commands.c). */
extern const pw_noun pw_nouns[];
extern const pw_topic pw_topics[];

/* The options of every command (cli/commands.c), ended by PW_OPTS_END. */
extern const pw_opt pw_globals[];

/* This program, on the process's streams, without a laboratory. */
pw_cli pw_cli_standard(void);

/* All of main(): makes the process safe (closed streams, SIGPIPE), then pw_cli_run. */
int pw_cli_main(const pw_cli *cli, int argc, char **argv);

/* Runs the command that argv names and returns the exit code. argv[0] is passed over. */
int pw_cli_run(const pw_cli *cli, int argc, char *const *argv);

/* What a command line names. */
typedef struct pw_resolved {
	const pw_noun *noun; /* NULL: the line has no word */
	const pw_cmd *cmd;   /* NULL: only a noun, or nothing */
	bool help;           /* -h or --help is among the options */
	PW_VEC(const char *)
	rest; /* the line without the command's words; free with pw_vec_clear */
} pw_resolved;

/*
 * Finds the command: its words are the first that are no global options. PW_ERR_ARG, with the nearest
 * name, for a word that names nothing; out->noun is then set as far as it was found. A missing verb is
 * no error here: cmd is NULL.
 */
PW_NODISCARD pw_status pw_cli_resolve(const pw_cli *cli, int argc, char *const *argv,
				      pw_resolved *out, pw_err *err);

/* The noun of the name, or NULL; the command of the whole name ("tube show"), or NULL; the verb of a
 * command's name, "" when it is a noun alone. */
const pw_noun *pw_noun_find(const pw_noun *nouns, const char *name);
const pw_cmd *pw_cmd_find(const pw_noun *noun, const char *verb);
const char *pw_cmd_verb(const pw_cmd *cmd);

/* PW_ERR_ARG: "there is no 'tube lst'; did you mean 'tube list'?" */
pw_status pw_noun_no_verb(const pw_noun *noun, const char *verb, pw_err *err);

/* Whether the global option is of use to the command: --json only where there is a list, … */
bool pw_global_applies(const pw_opt *global, const pw_cmd *cmd);

#endif
