/* The verbs that make pictures and jobs of labels and check them: `label templates`, `label render`, `label check`. */
#include <string.h>

#include "cli/label_make.h"
#include "cli/label_verbs.h"
#include "cli/out.h"
#include "labels/lint.h"
#include "labels/native.h"
#include "labels/shipped.h"

#define MM 1000.0

/* --- templates ----------------------------------------------------------------------------- */

static void show_table(pw_ctx *ctx, const pw_label_template *t)
{
	pw_out *out = pw_ctx_out(ctx);
	pw_str fields = PW_STR_INIT;
	for (size_t i = 0; i < t->field_count; i++)
		pw_str_addf(&fields, "%s%s%s", i > 0 ? " " : "", t->fields[i].name,
			    t->fields[i].required ? "*" : "");
	pw_out_text(out, t->name);
	pw_out_int(out, t->version);
	pw_out_text(out,
		    pw_arena_printf(pw_ctx_arena(ctx), "%g × %g", t->width / MM, t->height / MM));
	pw_out_int(out, pw_label_template_room(t));
	pw_out_text(out, pw_arena_strdup(pw_ctx_arena(ctx), pw_str_text(&fields)));
	pw_out_text(out, t->title);
	pw_str_clear(&fields);
}

static void show_field(pw_json *json, const pw_label_field *field)
{
	pw_json_begin_object(json);
	pw_json_key(json, "name");
	pw_json_text(json, field->name);
	pw_json_key(json, "required");
	pw_json_bool(json, field->required);
	pw_json_key(json, "default");
	pw_json_text(json, field->fallback);
	pw_json_key(json, "example");
	pw_json_text(json, field->example);
	pw_json_key(json, "about");
	pw_json_text(json, field->about);
	pw_json_end_object(json);
}

static void show_json(pw_json *json, const pw_label_template *t)
{
	pw_json_begin_object(json);
	pw_json_key(json, "name");
	pw_json_text(json, t->name);
	pw_json_key(json, "version");
	pw_json_int(json, t->version);
	pw_json_key(json, "title");
	pw_json_text(json, t->title);
	pw_json_key(json, "size_mm");
	pw_json_begin_array(json);
	pw_json_real(json, t->width / MM);
	pw_json_real(json, t->height / MM);
	pw_json_end_array(json);
	pw_json_key(json, "labels_per_page");
	pw_json_int(json, pw_label_template_room(t));
	pw_json_key(json, "fields");
	pw_json_begin_array(json);
	for (size_t i = 0; i < t->field_count; i++)
		show_field(json, &t->fields[i]);
	pw_json_end_array(json);
	pw_json_end_object(json);
}

int pw_label_templates_verb(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "name", .flags = PW_COL_WHOLE},
		{.key = "version", .kind = PW_COL_INT},
		{.key = "size_mm", .title = "mm"},
		{.key = "labels_per_page", .title = "on a page", .kind = PW_COL_INT},
		{.key = "fields"},
		{.key = "title"},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	bool nested = pw_out_get_format(out) == PW_OUT_JSON;
	pw_json *json = nested ? pw_out_json(out) : NULL;
	if (nested)
		pw_json_begin_array(json);
	else
		pw_out_list(out, columns);
	for (const pw_embedded *file = pw_shipped_templates; file->name != NULL; file++) {
		pw_err err = PW_ERR_INIT;
		pw_label_template *t = NULL;
		pw_status rc =
			pw_label_template_parse(file->bytes, file->size, file->name, &t, &err);
		if (rc != PW_OK)
			return pw_ctx_fail(ctx, rc, &err);
		if (nested)
			show_json(json, t);
		else
			show_table(ctx, t);
		pw_label_template_free(t);
	}
	if (nested)
		pw_json_end_array(json);
	else
		pw_out_end(out, "label", "labels");
	return PW_EXIT_DONE;
}

/* --- render -------------------------------------------------------------------------------- */

/* Lays the labels out, page after page, and lints them. *pages has room for all. */
static pw_status lay_out(pw_press *press, const pw_label_template *t, const pw_label_values *labels,
			 size_t count, pw_label_layout **pages, size_t *out_pages,
			 pw_report *report, pw_err *err)
{
	size_t room = (size_t)pw_label_template_room(t);
	for (size_t i = 0; i < count; i += room) {
		size_t here = count - i < room ? count - i : room;
		pw_status rc = pw_press_layout(press, &labels[i], here, &pages[*out_pages], err);
		if (rc != PW_OK)
			return rc;
		pw_label_lint(pages[(*out_pages)++], report);
	}
	return PW_OK;
}

static pw_status write_pages(pw_ctx *ctx, pw_press *press, pw_label_layout *const *pages,
			     size_t count, pw_err *err)
{
	pw_str bytes = PW_STR_INIT;
	pw_print_job job = PW_PRINT_JOB_INIT;
	int format = pw_ctx_choice(ctx, "format");
	pw_status rc = pw_ctx_flag(ctx, "native") && count == 1
			       ? pw_native_zpl(press, pages[0], &job, &bytes, err)
			       : pw_label_encode(press, pages, count, format, &bytes, err);
	if (rc == PW_OK)
		rc = pw_ctx_write(ctx, pw_ctx_text(ctx, "out"), bytes.ptr, bytes.len, true, err);
	pw_str_clear(&bytes);
	return rc;
}

static int render_template(pw_ctx *ctx, const pw_label_template *t, pw_press *press)
{
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_label_values *labels = NULL;
	size_t count = 0, made = 0;
	pw_label_layout **pages = NULL;
	pw_status rc = pw_label_read_sets(ctx, t, "set", &labels, &count, &err);
	if (rc == PW_OK) {
		pages = pw_arena_array(pw_ctx_arena(ctx), count, sizeof(pw_label_layout *));
		rc = lay_out(press, t, labels, count, pages, &made, &report, &err);
	}
	pw_ctx_report(ctx, t->file, &report);
	if (rc == PW_OK && report.errors > 0)
		rc = pw_fail(&err, PW_ERR_REFUSED,
			     "label '%s' would not come out right, and is not made", t->name);
	if (rc == PW_OK)
		rc = write_pages(ctx, press, pages, made, &err);
	for (size_t i = 0; i < made; i++)
		pw_label_layout_free(pages[i]);
	pw_report_clear(&report);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

int pw_label_render_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_template *t = NULL;
	pw_press *press = NULL;
	pw_status rc = PW_OK;
	if (pw_ctx_flag(ctx, "native") &&
	    strcmp(pw_label_formats[pw_ctx_choice(ctx, "format")], "zpl") != 0)
		rc = pw_fail(&err, PW_ERR_ARG, "--native is for --format zpl");
	if (rc == PW_OK)
		rc = pw_label_load(ctx, pw_ctx_text(ctx, "template"), &t, &err);
	if (rc == PW_OK)
		rc = pw_press_new(t, pw_label_dpi(ctx), &press, &err);
	int code = rc == PW_OK ? render_template(ctx, t, press) : pw_ctx_fail(ctx, rc, &err);
	pw_press_free(press);
	pw_label_template_free(t);
	return code;
}

/* --- check --------------------------------------------------------------------------------- */

/* With its code, by which the manual explains it; one for all resolutions that have it, as its text names the
 * resolution where it matters. */
static void add_finding(pw_report *report, const pw_finding *f)
{
	pw_str text = PW_STR_INIT;
	bool known = false;
	pw_str_addf(&text, "%s [%s]", f->text, f->code);
	for (size_t k = 0; k < report->len; k++)
		known = known || (report->findings[k].line == f->line &&
				  strcmp(report->findings[k].text, text.ptr) == 0);
	if (!known)
		pw_report_add(report, f->severity, f->code, f->line, f->column, "%s", text.ptr);
	pw_str_clear(&text);
}

static pw_status check_at(const pw_label_template *t, const pw_label_values *label, int dpi,
			  pw_report *report, pw_err *err)
{
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_report found = PW_REPORT_INIT;
	pw_status rc = pw_press_new(t, dpi, &press, err);
	if (rc == PW_OK)
		rc = pw_press_layout(press, label, 1, &layout, err);
	if (rc == PW_OK)
		pw_label_lint(layout, &found);
	for (size_t i = 0; i < found.len; i++)
		add_finding(report, &found.findings[i]);
	pw_report_clear(&found);
	pw_label_layout_free(layout);
	pw_press_free(press);
	return rc;
}

int pw_label_check_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_template *t = NULL;
	pw_report report = PW_REPORT_INIT;
	const char *name = pw_ctx_arg(ctx, 0);
	int only = pw_ctx_choice(ctx, "dpi");
	pw_status rc = pw_label_load(ctx, name, &t, &err);
	for (int i = 0; rc == PW_OK && pw_label_dpi_numbers[i] != 0; i++)
		if (only < 0 ? i < PW_LABEL_DPI_COMMON : only == i)
			rc = check_at(t, pw_label_examples(ctx, t), pw_label_dpi_numbers[i],
				      &report, &err);
	int code = rc == PW_OK ? pw_ctx_report(ctx, t->file, &report) : pw_ctx_fail(ctx, rc, &err);
	if (code == PW_EXIT_DONE)
		pw_ctx_say(ctx, "label '%s' version %d can be printed and read at %s dpi", t->name,
			   t->version, only < 0 ? "203, 300 and 600" : pw_label_dpi_words[only]);
	pw_report_clear(&report);
	pw_label_template_free(t);
	return code;
}

const pw_opt pw_label_render_opts[] = {
	PW_LABEL_OPT_TEMPLATE,
	PW_LABEL_OPT_SET,
	PW_LABEL_OPT_DPI,
	{.name = "format",
	 .letter = 'f',
	 .kind = PW_OPT_CHOICE,
	 .arg = "FORMAT",
	 .help = "a picture, or a printer's language",
	 .fallback = "png",
	 .choices = pw_label_formats},
	{.name = "native",
	 .kind = PW_OPT_FLAG,
	 .help = "zpl: the printer draws Code 128 and Data Matrix itself"},
	{.name = "out",
	 .letter = 'o',
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to",
	 .fallback = "-"},
	PW_OPTS_END,
};
const pw_opt pw_label_check_opts[] = {
	{.name = "dpi",
	 .kind = PW_OPT_CHOICE,
	 .arg = "N",
	 .help = "only for printers of so many dots per inch",
	 .choices = pw_label_dpi_words},
	PW_OPTS_END,
};
