/* `poolwell label preview`: a label on the screen, whatever the linter says of it. */
#include "cli/label_make.h"
#include "cli/label_show.h"
#include "cli/label_verbs.h"
#include "cli/out.h"
#include "labels/lint.h"

enum { PNG, SVG, PDF };
static const char *const picture_words[] = {"png", "svg", "pdf", NULL};

/* The first page as a picture, "tube.png". */
static pw_status open_picture(pw_ctx *ctx, pw_press *press, pw_label_layout *page, pw_err *err)
{
	int format = pw_ctx_choice(ctx, "format");
	pw_str bytes = PW_STR_INIT;
	const char *name = pw_arena_printf(pw_ctx_arena(ctx), "%s.%s", page->template->name,
					   picture_words[format]);
	pw_status rc = pw_label_encode(press, &page, 1, format, &bytes, err);
	if (rc == PW_OK)
		rc = pw_label_open(ctx, name, &bytes, err);
	pw_str_clear(&bytes);
	return rc;
}

static pw_status draw_here(pw_ctx *ctx, pw_press *press, const pw_label_layout *page, pw_err *err)
{
	pw_out *out = pw_ctx_out(ctx);
	pw_term term = pw_out_term(out);
	pw_raster raster = PW_RASTER_INIT;
	pw_str lines = PW_STR_INIT;
	pw_status rc = pw_press_raster(press, page, &raster, err);
	if (rc == PW_OK)
		pw_label_blocks(&raster, term.width, term.out && term.color, &lines);
	pw_out_write(out, pw_str_text(&lines), lines.len);
	pw_str_clear(&lines);
	pw_raster_clear(&raster);
	return rc;
}

/* The labels that --set describes, or the examples of a template of which nothing is set: as many as there is room
 * for. */
static pw_status lay_out(pw_ctx *ctx, const pw_label_template *t, pw_press *press,
			 pw_label_layout **out, pw_err *err)
{
	pw_label_values *labels = pw_label_examples(ctx, t);
	size_t count = 1, room = (size_t)pw_label_template_room(t);
	if (pw_ctx_count(ctx, "set") > 0) {
		pw_status rc = pw_label_read_sets(ctx, t, "set", &labels, &count, err);
		if (rc != PW_OK)
			return rc;
	}
	return pw_press_layout(press, labels, count < room ? count : room, out, err);
}

static int preview(pw_ctx *ctx, const pw_label_template *t, pw_press *press)
{
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_label_layout *page = NULL;
	pw_status rc = lay_out(ctx, t, press, &page, &err);
	if (rc == PW_OK)
		rc = pw_ctx_flag(ctx, "open") ? open_picture(ctx, press, page, &err)
					      : draw_here(ctx, press, page, &err);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	if (rc == PW_OK) {
		pw_label_lint(page, &report);
		code = pw_ctx_report(ctx, t->file, &report);
	}
	pw_report_clear(&report);
	pw_label_layout_free(page);
	return code;
}

int pw_label_preview_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	pw_status rc = pw_label_load(ctx, pw_ctx_text(ctx, "template"), &t, &err);
	if (rc == PW_OK)
		rc = pw_press_new(t, pw_label_dpi(ctx), &press, &err);
	int code = rc == PW_OK ? preview(ctx, t, press) : pw_ctx_fail(ctx, rc, &err);
	pw_press_free(press);
	pw_label_template_free(t);
	return code;
}

const pw_opt pw_label_preview_opts[] = {
	PW_LABEL_OPT_TEMPLATE,
	PW_LABEL_OPT_SET,
	PW_LABEL_OPT_DPI,
	{.name = "open", .kind = PW_OPT_FLAG, .help = "in the desktop's viewer, with xdg-open"},
	{.name = "format",
	 .letter = 'f',
	 .kind = PW_OPT_CHOICE,
	 .arg = "FORMAT",
	 .help = "the picture that the viewer is given",
	 .fallback = "png",
	 .choices = picture_words},
	PW_OPTS_END,
};
