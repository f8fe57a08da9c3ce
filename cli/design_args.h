/*
 * What the options of `poolwell design …` say, as the structs of core/pooling. Each function says what is
 * wrong with the option's name in front.
 */
#ifndef PW_CLI_DESIGN_ARGS_H
#define PW_CLI_DESIGN_ARGS_H

#include "cli/cmd.h"
#include "core/pooling/words.h"
#include "labels/canvas.h"

/* Rows of a command's table of options: a number, a volume, and all that names a design. */
/* clang-format off */
#define PW_DESIGN_NUMBER_OPT(option, what, most) \
	{.name = (option), .kind = PW_OPT_INT, .arg = "N", .help = (what), .min = 1, .max = (most)}

#define PW_VOLUME_OPT(option, what) \
	{.name = (option), .kind = PW_OPT_REAL, .arg = "UL", .help = what ", in microlitres", \
	 .min = 0, .max = 1000000}

#define PW_DESIGN_FAMILY_OPTS(must) \
	{.name = "family", .kind = PW_OPT_CHOICE, .arg = "FAMILY", \
	 .help = "which kind of design", .choices = pw_design_families, .required = (must)}, \
	PW_DESIGN_NUMBER_OPT("samples", "how many people", PW_DESIGN_MAX_SAMPLES), \
	PW_DESIGN_NUMBER_OPT("pools", "how many pools", PW_DESIGN_MAX_POOLS), \
	{.name = "size", .kind = PW_OPT_TEXT, .arg = "SIZE", \
	 .help = "a pool's people, an array's extents, a golfers' group, pooling windows"}, \
	PW_DESIGN_NUMBER_OPT("field", "rs, std: q, the order of the field", 1024), \
	{.name = "dimension", .letter = 'k', .kind = PW_OPT_INT, .arg = "N", \
	 .help = "rs: k, how many coefficients a codeword has", .min = 1, .max = 16}, \
	{.name = "weight", .letter = 'w', .kind = PW_OPT_INT, .arg = "N", \
	 .help = "rs, std, random: w, the pools of a sample", .min = 1, .max = PW_DESIGN_MAX_POOLS}, \
	PW_DESIGN_NUMBER_OPT("groups", "golfer: groups a week", 1000), \
	PW_DESIGN_NUMBER_OPT("weeks", "golfer: rounds", 1000), \
	PW_DESIGN_NUMBER_OPT("splits", "hyper: pools of a sample", 3), \
	{.name = "seed", .kind = PW_OPT_INT, .arg = "N", \
	 .help = "random: the same seed gives the same design", .fallback = "1"}, \
	{.name = "master", .kind = PW_OPT_FLAG, .help = "array: one more pool, of everybody"}, \
	{.name = "even", .kind = PW_OPT_FLAG, .help = "dorfman: no small last pool"}

/* What pw_design_read_model reads: how good a test is, of each of so many kinds. */
#define PW_DESIGN_MODEL_OPTS(many, of_what) \
	{.name = "se", .kind = PW_OPT_TEXT, .arg = (many), \
	 .help = "the sensitivity of a test" of_what, .required = true}, \
	{.name = "sp", .kind = PW_OPT_TEXT, .arg = (many), \
	 .help = "the specificity, likewise", .required = true}, \
	{.name = "dilution", .kind = PW_OPT_TEXT, .arg = "HOW", .fallback = "none", \
	 .help = "what pooling takes from the sensitivity: none, rate=0.005, ct=MEAN,SD,LIMIT"}
/* clang-format on */

extern const char *const pw_design_families[];

/* What PW_DESIGN_FAMILY_OPTS say, --family given; the rest of *out is left alone. */
PW_NODISCARD pw_status pw_design_read_family(pw_ctx *ctx, pw_make_opts *out, pw_err *err);

/* A PW_VOLUME_OPT in nanolitres; 0 when it is not given. */
int64_t pw_volume_read(pw_ctx *ctx, const char *option);

/* The picture of a design, to where PW_DRAW_OPTS (draw_opt.h) say. */
PW_NODISCARD pw_status pw_design_draw(pw_ctx *ctx, const pw_design *design, pw_canvas_format format,
				      pw_err *err);

/* --se, --sp and --dilution, for a scheme of `rounds`. */
PW_NODISCARD pw_status pw_design_read_model(pw_ctx *ctx, size_t max, pw_test_model *out,
					    pw_err *err);

/* --priors FILE, or nothing (count 0). Clear with pw_priors_clear. */
PW_NODISCARD pw_status pw_design_read_priors(pw_ctx *ctx, pw_priors *out, pw_err *err);

/* The matrix in a file; *out belongs to the caller. */
PW_NODISCARD pw_status pw_design_read_file(pw_ctx *ctx, const char *path, pw_design **out,
					   pw_err *err);

/* The matrix into a file, or onto standard output for "-"; over one that is there with --overwrite. */
PW_NODISCARD pw_status pw_design_write_file(pw_ctx *ctx, const char *path, const pw_design *design,
					    bool comments, pw_err *err);

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
