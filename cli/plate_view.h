/* A plate as the laboratory knows it, made into the struct that cli/pictures/plate.h draws. */
#ifndef PW_CLI_PLATE_VIEW_H
#define PW_CLI_PLATE_VIEW_H

#include "cli/cmd.h"
#include "labels/canvas.h"
#include "pw_sql.h"

/* The plate of a scan; PW_ERR_NOT_FOUND. */
PW_NODISCARD pw_status pw_plate_view_find(pw_ctx *ctx, const char *scan, pw_plate_find_row *out,
					  pw_err *err);

/* The picture's bytes, appended to *out. A PCR plate with a run shows its newest run. */
PW_NODISCARD pw_status pw_plate_view_draw(pw_ctx *ctx, const char *scan, pw_canvas_format format,
					  double dpi, pw_str *out, pw_err *err);

#endif
