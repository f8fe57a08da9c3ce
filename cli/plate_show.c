/* `poolwell plate list`, `plate show` and `plate draw`. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "cli/plate_cmds.h"
#include "cli/plate_view.h"
#include "pw_sql.h"

int pw_plate_cmd_list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "plate", .flags = PW_COL_WHOLE},
		{.key = "kind"},
		{.key = "wells", .kind = PW_COL_INT},
		{.key = "tubes", .kind = PW_COL_INT},
		{.key = "pools", .kind = PW_COL_INT},
		{.key = "state"},
		{.key = "layout"},
		{.key = "assay", .flags = PW_COL_OPTIONAL},
		{.key = "source", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		{.key = "created_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_plates_row *rows;
	size_t count;
	pw_status rc = pw_q_plates(pw_ctx_store(ctx), pw_ctx_arena(ctx),
				   pw_ctx_flag(ctx, "all") ? 1 : 0, &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, rows[i].plate);
		pw_out_text(out, rows[i].kind);
		pw_out_int(out, rows[i].wells);
		pw_out_int(out, rows[i].tubes);
		pw_out_int(out, rows[i].pools);
		pw_out_text(out, rows[i].state);
		pw_out_text(out, rows[i].layout);
		pw_out_text(out, rows[i].assay);
		pw_out_text(out, rows[i].source);
		pw_out_time(out, rows[i].created_at);
	}
	pw_out_end(out, "plate", "plates");
	return PW_EXIT_DONE;
}

const pw_opt pw_plate_list_opts[] = {
	{.name = "all", .kind = PW_OPT_FLAG, .help = "those with a result too"},
	PW_OPTS_END,
};

int pw_plate_cmd_show(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "well"},
		{.key = "tube", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		{.key = "pool", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		{.key = "control", .flags = PW_COL_OPTIONAL},
		{.key = "swabs", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "state", .flags = PW_COL_OPTIONAL},
		{.key = "call", .flags = PW_COL_OPTIONAL},
		{.key = "from", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_plate_find_row plate;
	pw_plate_wells_row *rows;
	size_t count = 0;
	pw_status rc = pw_plate_view_find(ctx, pw_ctx_arg(ctx, 0), &plate, &err);
	if (rc == PW_OK)
		rc = pw_q_plate_wells(pw_ctx_store(ctx), pw_ctx_arena(ctx), plate.plate, &rows,
				      &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		char name[8], from[8];
		pw_out_text(out, pw_position_name(rows[i].position, plate.wells, name));
		pw_out_text(out, rows[i].tube);
		pw_out_text(out, rows[i].pool);
		pw_out_text(out, rows[i].control);
		if (rows[i].swabs.has)
			pw_out_int(out, rows[i].swabs.value);
		else
			pw_out_null(out);
		pw_out_text(out, rows[i].state);
		pw_out_text(out, rows[i].call);
		if (rows[i].source != NULL)
			pw_out_text(out,
				    pw_arena_printf(pw_ctx_arena(ctx), "%s %s", rows[i].source,
						    pw_position_name(rows[i].source_position.value,
								     plate.wells, from)));
		else
			pw_out_null(out);
	}
	pw_out_end(out, "well", "wells");
	return PW_EXIT_DONE;
}

/* What --format says, else what the file's name ends in. */
static pw_canvas_format picture_format(pw_ctx *ctx)
{
	static const pw_canvas_format formats[] = {PW_CANVAS_SVG, PW_CANVAS_PNG, PW_CANVAS_PDF};
	pw_canvas_format format;
	const char *dot = strrchr(pw_ctx_text(ctx, "out"), '.');
	if (!pw_ctx_given(ctx, "format") && dot != NULL &&
	    pw_canvas_format_parse(dot + 1, &format) && format != PW_CANVAS_BITS)
		return format;
	return formats[pw_ctx_choice(ctx, "format")];
}

int pw_plate_cmd_draw(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_status rc = pw_plate_view_draw(ctx, pw_ctx_arg(ctx, 0), picture_format(ctx),
					  (double)pw_ctx_int(ctx, "dpi"), &bytes, &err);
	if (rc == PW_OK)
		rc = pw_ctx_write(ctx, pw_ctx_text(ctx, "out"), bytes.ptr, bytes.len, true, &err);
	pw_str_clear(&bytes);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static const char *const format_words[] = {"svg", "png", "pdf", NULL};
const pw_opt pw_plate_draw_opts[] = {
	{.name = "format",
	 .letter = 'f',
	 .kind = PW_OPT_CHOICE,
	 .arg = "FORMAT",
	 .help = "what to draw, where the name of the file does not end in it",
	 .fallback = "svg",
	 .choices = format_words},
	{.name = "dpi",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "dots per inch of a png",
	 .fallback = "150",
	 .min = 36,
	 .max = 600},
	{.name = "out",
	 .letter = 'o',
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to",
	 .fallback = "-"},
	PW_OPTS_END,
};
