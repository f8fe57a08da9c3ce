/*
 * What the options of `poolwell design …` say, as the structs of core/pooling. Each function says what is
 * wrong with the option's name in front.
 */
#ifndef PW_CLI_DESIGN_ARGS_H
#define PW_CLI_DESIGN_ARGS_H

#include "cli/cmd.h"
#include "core/pooling/words.h"

/* --se, --sp and --dilution, for a scheme of `rounds`. */
PW_NODISCARD pw_status pw_design_read_model(pw_ctx *ctx, size_t max, pw_test_model *out,
					    pw_err *err);

/* --priors FILE, or nothing (count 0). Clear with pw_priors_clear. */
PW_NODISCARD pw_status pw_design_read_priors(pw_ctx *ctx, pw_priors *out, pw_err *err);

/* The matrix in a file; *out belongs to the caller. */
PW_NODISCARD pw_status pw_design_read_file(pw_ctx *ctx, const char *path, pw_design **out,
					   pw_err *err);

/* design make */
int pw_design_cmd_make(pw_ctx *ctx);
extern const pw_opt pw_design_make_opts[];

/* design advise */
int pw_design_cmd_advise(pw_ctx *ctx);
extern const pw_opt pw_design_advise_opts[];

/* design show */
int pw_design_cmd_show(pw_ctx *ctx);
extern const pw_opt pw_design_show_opts[];

#endif
