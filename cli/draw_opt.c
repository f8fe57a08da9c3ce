#include "cli/draw_opt.h"

#include <string.h>

#include "cli/file.h"

pw_status pw_draw_opt_read(pw_ctx *ctx, bool *out_wanted, pw_canvas_format *out, pw_err *err)
{
	const char *path = pw_ctx_text(ctx, "draw");
	*out_wanted = path != NULL;
	if (path == NULL)
		return PW_OK;
	const char *dot = strrchr(path, '.');
	if (dot == NULL || !pw_canvas_format_parse(dot + 1, out) || *out == PW_CANVAS_BITS)
		return pw_fail(
			err, PW_ERR_ARG,
			"--draw: '%s' must end in .svg, .png or .pdf, which says what to draw",
			path);
	return pw_file_check(path, pw_ctx_flag(ctx, "overwrite"), err);
}

pw_status pw_draw_opt_write(pw_ctx *ctx, const pw_str *picture, pw_err *err)
{
	return pw_ctx_write(ctx, pw_ctx_text(ctx, "draw"), pw_str_text(picture), picture->len,
			    pw_ctx_flag(ctx, "overwrite"), err);
}
