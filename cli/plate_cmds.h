/* The parts of `poolwell plate …` that are a file of their own: what only looks (plate_show.c). */
#ifndef PW_CLI_PLATE_CMDS_H
#define PW_CLI_PLATE_CMDS_H

#include "cli/cmd.h"

int pw_plate_cmd_list(pw_ctx *ctx);
extern const pw_opt pw_plate_list_opts[];
int pw_plate_cmd_show(pw_ctx *ctx);
int pw_plate_cmd_draw(pw_ctx *ctx);
extern const pw_opt pw_plate_draw_opts[];

#endif
