#include "cli/label_desk.h"

#include <string.h>

#include "cli/label_texts.h"
#include "labels/lint.h"

void pw_label_desk_init(pw_label_desk *desk, pw_ctx *ctx)
{
	*desk = (pw_label_desk){.ctx = ctx, .give_up_after = 10 * PW_MINUTE};
}

static void put_away(pw_label_desk *desk)
{
	pw_press_free(desk->press);
	pw_label_template_free(desk->t);
	desk->press = NULL;
	desk->t = NULL;
}

void pw_label_desk_clear(pw_label_desk *desk)
{
	put_away(desk);
	pw_arena_clear(&desk->values);
	pw_str_clear(&desk->bytes);
}

/* ---------------------------------------------------------------- a label */

pw_status pw_label_desk_take(pw_label_desk *desk, const pw_label_stock *stock, int dpi, pw_err *err)
{
	pw_hash hash = pw_hash_bytes(stock->bytes, stock->size);
	if (desk->press != NULL && desk->dpi == dpi &&
	    memcmp(&desk->t->hash, &hash, sizeof(hash)) == 0)
		return PW_OK;
	put_away(desk);
	pw_status rc =
		pw_label_template_parse(stock->bytes, stock->size, stock->name, &desk->t, err);
	if (rc == PW_OK)
		rc = pw_press_new(desk->t, dpi, &desk->press, err);
	if (rc != PW_OK)
		put_away(desk);
	desk->dpi = dpi;
	return rc;
}

/* The first thing that a linter would not let through. */
static pw_status lint(const pw_label_layout *layout, pw_err *err)
{
	pw_report report = PW_REPORT_INIT;
	pw_status rc = PW_OK;
	pw_label_lint(layout, &report);
	for (size_t i = 0; rc == PW_OK && i < report.len; i++)
		if (report.findings[i].severity == PW_ERROR)
			rc = pw_fail(err, PW_ERR_FORMAT, "%s:%d:%d: %s", layout->template->file,
				     report.findings[i].line, report.findings[i].column,
				     report.findings[i].text);
	pw_report_clear(&report);
	return rc;
}

pw_status pw_label_desk_lay_out(pw_label_desk *desk, const pw_label_content *content,
				pw_label_layout **out, pw_err *err)
{
	pw_label_layout *layout = NULL;
	pw_arena_clear(&desk->values);
	pw_label_values *values = pw_label_values_of(&desk->values, desk->t, content);
	pw_status rc = pw_label_values_check(desk->t, values, err);
	if (rc == PW_OK)
		rc = pw_press_layout(desk->press, values, 1, &layout, err);
	if (rc == PW_OK)
		rc = lint(layout, err);
	if (rc == PW_OK)
		*out = layout;
	else
		pw_label_layout_free(layout);
	return rc;
}

pw_status pw_label_desk_make(pw_label_desk *desk, const pw_label_work *work, size_t index,
			     pw_label_layout **out, pw_err *err)
{
	pw_label_content content;
	pw_status rc = work->content(work->ctx, index, &content, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_label_desk_lay_out(desk, &content, out, err);
	if (rc == PW_ERR_ARG) { /* what was printed is no command line */
		rc = PW_ERR_FORMAT;
		if (err != NULL)
			err->status = rc;
	}
	return rc == PW_OK || content.id == NULL ? rc
						 : pw_fail_ctx(err, rc, "label '%s'", content.id);
}

pw_status pw_label_desk_try(pw_label_desk *desk, const pw_label_printer *printer,
			    const pw_label_stock *stock, const pw_label_content *content,
			    pw_err *err)
{
	pw_label_layout *layout = NULL;
	pw_status rc = pw_label_desk_take(desk, stock, printer->dpi, err);
	if (rc == PW_OK)
		rc = pw_label_desk_lay_out(desk, content, &layout, err);
	pw_label_layout_free(layout);
	return rc;
}

/* ---------------------------------------------------------------- what core/lab calls */

static pw_status print(void *ctx, const pw_label_work *work, pw_err *err)
{
	pw_label_desk *desk = ctx;
	if (pw_label_is_picture(work->printer->language))
		return pw_label_print_pictures(desk, work, err);
	return pw_label_print_device(desk, work, err);
}

static pw_status shows_copy(void *ctx, const pw_label_stock *stock, bool *out, pw_err *err)
{
	pw_label_template *t = NULL;
	(void)ctx;
	pw_status rc = pw_label_template_parse(stock->bytes, stock->size, stock->name, &t, err);
	if (rc == PW_OK)
		*out = pw_label_template_field(t, "copy") != NULL;
	pw_label_template_free(t);
	return rc;
}

pw_label_maker pw_label_desk_maker(pw_label_desk *desk)
{
	return (pw_label_maker){.ctx = desk, .print = print, .shows_copy = shows_copy};
}
