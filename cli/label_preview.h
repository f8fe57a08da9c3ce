/* The command `label preview`; its row is in cli/cmd_label.c. */
#ifndef PW_CLI_LABEL_PREVIEW_H
#define PW_CLI_LABEL_PREVIEW_H

#include "cli/cmd.h"

extern const pw_opt pw_label_preview_opts[];
int pw_label_preview(pw_ctx *ctx);

#endif
