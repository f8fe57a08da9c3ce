/* The parts of `poolwell pool …` that are files of their own. */
#ifndef PW_CLI_POOL_CMDS_H
#define PW_CLI_POOL_CMDS_H

#include "cli/cmd.h"
#include "core/lab/pools.h"

/* pool plan, pool worklist (pool_plan.c) */
int pw_pool_cmd_plan(pw_ctx *ctx);
extern const pw_opt pw_pool_plan_opts[];
int pw_pool_cmd_worklist(pw_ctx *ctx);
extern const pw_opt pw_pool_worklist_opts[];

/* pool list, pool show, pool tubes, pool draw (pool_show.c) */
int pw_pool_cmd_list(pw_ctx *ctx);
int pw_pool_cmd_show(pw_ctx *ctx);
int pw_pool_cmd_tubes(pw_ctx *ctx);
int pw_pool_cmd_draw(pw_ctx *ctx);

/* pool decode, pool next (pool_next.c) */
int pw_pool_cmd_decode(pw_ctx *ctx);
extern const pw_opt pw_pool_decode_opts[];
int pw_pool_cmd_next(pw_ctx *ctx);
extern const pw_opt pw_pool_next_opts[];

/* The number of a batch, as an argument. PW_ERR_ARG. */
PW_NODISCARD pw_status pw_pool_batch_arg(pw_ctx *ctx, int index, int64_t *out, pw_err *err);

#endif
