/* Inside of a pw_ctx (cli/cmd.h): for the frame only. */
#ifndef PW_CLI_CTX_H
#define PW_CLI_CTX_H

#include "cli/cli.h"
#include "cli/opts.h"
#include "cli/out.h"
#include "cli/progress.h"

struct pw_ctx {
	const pw_cli *cli;
	const pw_noun *noun; /* as far as the command line names them, or NULL */
	const pw_cmd *cmd;
	pw_opts opts;
	pw_out *out;
	pw_term term; /* the frame's, less the colours with --no-color */
	pw_progress progress;
	pw_arena arena;
	struct pw_lab *lab;
	bool quiet;
};

void pw_ctx_init(pw_ctx *ctx, const pw_cli *cli);
void pw_ctx_clear(pw_ctx *ctx);

/* Takes --quiet, --no-color, --json and --csv into effect once the options are parsed. PW_ERR_ARG for
 * both formats at once or one that the command does not have. */
PW_NODISCARD pw_status pw_ctx_begin(pw_ctx *ctx, pw_err *err);

#endif
