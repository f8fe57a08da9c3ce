/* The verbs of `poolwell label`: label_render.c and label_preview.c show labels, the others print them and account
 * for them; cli/cmd_label.c has their rows. */
#ifndef PW_CLI_LABEL_VERBS_H
#define PW_CLI_LABEL_VERBS_H

#include "cli/cmd.h"

int pw_label_templates_verb(pw_ctx *ctx);

int pw_label_render_verb(pw_ctx *ctx);
extern const pw_opt pw_label_render_opts[];

int pw_label_preview_verb(pw_ctx *ctx);
extern const pw_opt pw_label_preview_opts[];

int pw_label_check_verb(pw_ctx *ctx);
extern const pw_opt pw_label_check_opts[];

int pw_label_print_verb(pw_ctx *ctx);
extern const pw_opt pw_label_print_opts[];

int pw_label_resume_verb(pw_ctx *ctx);
extern const pw_opt pw_label_resume_opts[];

int pw_label_queue_verb(pw_ctx *ctx);

int pw_label_settle_verb(pw_ctx *ctx);
extern const pw_opt pw_label_settle_opts[];

int pw_label_reserve_verb(pw_ctx *ctx);
extern const pw_opt pw_label_reserve_opts[];

int pw_label_apply_verb(pw_ctx *ctx);

int pw_label_void_verb(pw_ctx *ctx);
extern const pw_opt pw_label_void_opts[];

int pw_label_reprint_verb(pw_ctx *ctx);
extern const pw_opt pw_label_reprint_opts[];

int pw_label_list_verb(pw_ctx *ctx);
extern const pw_opt pw_label_list_opts[];

int pw_label_gaps_verb(pw_ctx *ctx);
extern const pw_opt pw_label_gaps_opts[];

/* The rows of help of `label print`. */
extern const char pw_label_print_details[];
extern const char *const pw_label_print_examples[];

#endif
