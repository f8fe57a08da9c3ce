#include "cli/open.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ctx.h"

const char *pw_station_name(pw_ctx *ctx)
{
	const char *given = pw_ctx_text(ctx, "station");
	if (given != NULL && given[0] != '\0')
		return given;
	char *name = pw_arena_alloc(pw_ctx_arena(ctx), 256);
	if (gethostname(name, 255) != 0 || name[0] == '\0')
		return "bench";
	return name;
}

static pw_status lab_path(pw_ctx *ctx, const char **out, pw_err *err)
{
	*out = pw_ctx_text(ctx, "lab");
	if (*out == NULL || (*out)[0] == '\0')
		return pw_fail(
			err, PW_ERR_ARG,
			"say which laboratory: --lab FILE, or POOLWELL_LAB; 'poolwell lab init' "
			"makes one");
	return PW_OK;
}

pw_status pw_open_store(pw_ctx *ctx, pw_store **out, pw_err *err)
{
	const char *path;
	pw_status rc = lab_path(ctx, &path, err);
	return rc != PW_OK ? rc : pw_store_open(path, out, err);
}

pw_status pw_open_lab(pw_ctx *ctx, pw_err *err)
{
	const char *path;
	pw_lab *lab = NULL;
	pw_status rc = lab_path(ctx, &path, err);
	if (rc == PW_OK)
		rc = pw_lab_open(path, &lab, err);
	if (rc != PW_OK)
		return rc;
	pw_ctx_set_lab(ctx, lab);
	pw_clock clock = pw_ctx_clock(ctx);
	pw_err who = PW_ERR_INIT;
	rc = pw_lab_session(lab, pw_ctx_text(ctx, "as"), pw_station_name(ctx), &clock,
			    pw_ctx_text(ctx, "reason"), &who);
	/* Who only looks need not say who they are. */
	if (rc != PW_OK && (ctx->cmd->flags & PW_CMD_WRITE) != 0) {
		pw_close_lab(ctx);
		if (err != NULL)
			*err = who;
		return rc;
	}
	return PW_OK;
}

void pw_close_lab(pw_ctx *ctx)
{
	pw_lab_close(pw_ctx_lab(ctx));
	pw_ctx_set_lab(ctx, NULL);
}

pw_store *pw_ctx_store(pw_ctx *ctx)
{
	return pw_lab_store(pw_ctx_lab(ctx));
}

const char *pw_position_name(int64_t position, int64_t wells, char out[8])
{
	pw_plate_format format = PW_PLATE_96;
	pw_plate_format_of(wells, &format);
	pw_well_name(pw_well_at((int)position, format, PW_BY_ROW), out);
	return out;
}
