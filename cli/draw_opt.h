/* `--draw FILE` and `--overwrite`, as several commands have them: a picture beside the result. */
#ifndef PW_CLI_DRAW_OPT_H
#define PW_CLI_DRAW_OPT_H

#include "cli/cmd.h"
#include "labels/canvas.h"

/* The rows of the table of options; `what` says what may be there already: "the picture". */
/* clang-format off */
#define PW_DRAW_OPTS(what) \
	{.name = "draw", .kind = PW_OPT_OUT, .arg = "FILE", \
	 .help = "a picture too: its name ends in .svg, .png or .pdf"}, \
	{.name = "overwrite", .kind = PW_OPT_FLAG, .help = what " may be there already"}
/* clang-format on */

/* Of a PNG. */
#define PW_DRAW_DPI 150.0

/* Whether a picture is asked for, and of which format: PW_ERR_ARG when its name does not tell, and as
 * pw_file_check when it could not be written. For before anything is computed or written. */
PW_NODISCARD pw_status pw_draw_opt_read(pw_ctx *ctx, bool *out_wanted, pw_canvas_format *out,
					pw_err *err);

/* Writes the picture's bytes to the file. */
PW_NODISCARD pw_status pw_draw_opt_write(pw_ctx *ctx, const pw_str *picture, pw_err *err);

#endif
