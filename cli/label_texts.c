#include "cli/label_texts.h"

#include <stdio.h>
#include <string.h>

#include "cli/file.h"
#include "cli/label_make.h"
#include "core/base/csv.h"
#include "core/base/text.h"
#include "labels/shipped.h"

#define MAX_TEMPLATE ((size_t)1024 * 1024)
#define MAX_ROWS     ((size_t)64 * 1024 * 1024)

pw_status pw_label_stock_load(pw_ctx *ctx, const char *name, pw_label_stock *out,
			      pw_label_template **out_template, pw_err *err)
{
	pw_str bytes = PW_STR_INIT;
	bool is_file = strchr(name, '.') != NULL || strchr(name, '/') != NULL;
	const pw_embedded *shipped = is_file ? NULL : pw_shipped_template(name);
	pw_status rc = pw_label_load(ctx, name, out_template, err);
	if (rc != PW_OK)
		return rc;
	if (shipped != NULL)
		pw_str_add_n(&bytes, (const char *)shipped->bytes, shipped->size);
	else
		rc = pw_ctx_read(ctx, name, MAX_TEMPLATE, &bytes, err);
	char *copy = pw_arena_strndup(pw_ctx_arena(ctx), pw_str_text(&bytes), bytes.len);
	*out = (pw_label_stock){(*out_template)->name, (*out_template)->version, copy, bytes.len};
	pw_str_clear(&bytes);
	if (rc != PW_OK)
		pw_label_template_free(*out_template);
	return rc;
}

/* ---------------------------------------------------------------- lines */

void pw_label_texts_add(pw_str *texts, const pw_label_template *t, const char *field,
			const char *text)
{
	if (text == NULL || *text == '\0' ||
	    (t != NULL && pw_label_template_field(t, field) == NULL))
		return;
	pw_str_addf(texts, "%s=%s\n", field, text);
}

pw_slice pw_label_texts_find(const char *texts, const char *field)
{
	size_t n = strlen(field);
	for (const char *line = texts; line != NULL && *line != '\0';) {
		size_t len = strcspn(line, "\n");
		if (len > n && strncmp(line, field, n) == 0 && line[n] == '=')
			return (pw_slice){line + n + 1, len - n - 1};
		line += len + (line[len] == '\n' ? 1 : 0);
	}
	return (pw_slice){NULL, 0};
}

pw_label_values *pw_label_values_of(pw_arena *arena, const pw_label_template *t,
				    const pw_label_content *content)
{
	pw_label_values *label = pw_arena_alloc(arena, sizeof(*label));
	pw_label_value *values = pw_arena_array(arena, PW_LABEL_MAX_FIELDS, sizeof(*values));
	for (size_t i = 0; i < t->field_count; i++) {
		const char *field = t->fields[i].name, *text = NULL;
		pw_slice found = pw_label_texts_find(content->texts[1], field);
		if (found.ptr == NULL)
			found = pw_label_texts_find(content->texts[0], field);
		if (content->id != NULL && strcmp(field, "id") == 0)
			text = pw_arena_strdup(arena, content->id);
		else if (content->copy > 1 && strcmp(field, "copy") == 0)
			text = pw_arena_printf(arena, "R%d", content->copy);
		else if (found.ptr != NULL)
			text = pw_arena_strndup(arena, found.ptr, found.len);
		if (text != NULL)
			values[label->count++] = (pw_label_value){field, text};
	}
	label->values = values;
	return label;
}

/* ---------------------------------------------------------------- --set */

/* A text that can stand in a line. */
static bool is_line(const char *text, size_t n)
{
	return memchr(text, '\n', n) == NULL;
}

static pw_status set_one(pw_ctx *ctx, const pw_label_template *t, bool with_id, const char *word,
			 pw_str *out, pw_err *err)
{
	const char *equals = strchr(word, '=');
	if (equals == NULL || equals == word)
		return pw_fail(err, PW_ERR_ARG, "--set '%s': write FIELD=TEXT", word);
	char *field = pw_arena_strndup(pw_ctx_arena(ctx), word, (size_t)(equals - word));
	const pw_label_value value = {field, equals + 1};
	const pw_label_values one = {&value, 1};
	if (pw_label_template_field(t, field) == NULL)
		return pw_label_values_check(t, &one, err);
	if (!with_id && strcmp(field, "id") == 0)
		return pw_fail(err, PW_ERR_ARG,
			       "field 'id' is set by what the labels are of, and not by --set");
	if (pw_label_texts_find(pw_str_text(out), field).ptr != NULL)
		return pw_fail(err, PW_ERR_ARG, "field '%s' is set twice", field);
	if (!is_line(equals + 1, strlen(equals + 1)))
		return pw_fail(err, PW_ERR_ARG, "field '%s': its text has a line break in it",
			       field);
	pw_label_texts_add(out, NULL, field, equals + 1);
	return PW_OK;
}

pw_status pw_label_texts_set(pw_ctx *ctx, const pw_label_template *t, bool with_id, pw_str *out,
			     pw_err *err)
{
	pw_status rc = PW_OK;
	for (int i = 0; rc == PW_OK && i < pw_ctx_count(ctx, "set"); i++)
		rc = set_one(ctx, t, with_id, pw_ctx_value(ctx, "set", i)->text, out, err);
	return rc;
}

/* ---------------------------------------------------------------- --from */

typedef struct reading {
	pw_arena *arena;
	const pw_label_template *t;
	pw_report *report;
	const char *fields[PW_LABEL_MAX_FIELDS]; /* of each column; NULL: none */
	size_t columns, room;
	pw_label_rows *out;
} reading;

static char *text_of(reading *r, const pw_csv_field *field)
{
	pw_slice s = pw_slice_trim(field->text);
	return pw_arena_strndup(r->arena, s.ptr != NULL ? s.ptr : "", s.len);
}

static void read_header(reading *r, const pw_csv_field *row, size_t count)
{
	pw_str names = PW_STR_INIT;
	for (size_t i = 0; i < r->t->field_count; i++)
		pw_str_addf(&names, "%s%s", i > 0 ? ", " : "", r->t->fields[i].name);
	for (size_t i = 0; i < count; i++) {
		char *name = text_of(r, &row[i]);
		const pw_label_field *field = pw_label_template_field(r->t, name);
		bool twice = false;
		for (size_t k = 0; field != NULL && k < r->columns; k++)
			twice = twice || r->fields[k] == field->name;
		if (field == NULL || i >= PW_LABEL_MAX_FIELDS)
			pw_report_add(r->report, PW_ERROR, "no-field", row[i].line, row[i].column,
				      "'%s' is no field of label '%s': it has %s", name, r->t->name,
				      pw_str_text(&names));
		else if (twice)
			pw_report_add(r->report, PW_ERROR, "column-twice", row[i].line,
				      row[i].column, "column '%s' is there twice", name);
		if (i < PW_LABEL_MAX_FIELDS)
			r->fields[r->columns++] = field != NULL ? field->name : NULL;
	}
	pw_str_clear(&names);
}

static void read_row(reading *r, const pw_csv_field *row, size_t count)
{
	pw_str texts = PW_STR_INIT;
	if (count > r->columns)
		pw_report_add(r->report, PW_ERROR, "too-many-cells", row[r->columns].line,
			      row[r->columns].column, "the row has %zu cells, the header has %zu",
			      count, r->columns);
	for (size_t i = 0; i < count && i < r->columns; i++) {
		char *text = text_of(r, &row[i]);
		if (!is_line(text, strlen(text)))
			pw_report_add(r->report, PW_ERROR, "line-break", row[i].line, row[i].column,
				      "a label's text has no line breaks");
		else if (r->fields[i] != NULL)
			pw_label_texts_add(&texts, NULL, r->fields[i], text);
	}
	if (r->out->count == r->room) {
		size_t more = r->room == 0 ? 64 : 2 * r->room;
		const char **grown = pw_arena_array(r->arena, more, sizeof(*grown));
		int *lines = pw_arena_array(r->arena, more, sizeof(*lines));
		if (r->room > 0) {
			memcpy(grown, r->out->texts, r->room * sizeof(*grown));
			memcpy(lines, r->out->lines, r->room * sizeof(*lines));
		}
		r->out->texts = grown;
		r->out->lines = lines;
		r->room = more;
	}
	r->out->lines[r->out->count] = row[0].line;
	r->out->texts[r->out->count++] = pw_arena_strdup(r->arena, pw_str_text(&texts));
	pw_str_clear(&texts);
}

static void read_rows(reading *r, const pw_str *text)
{
	pw_csv *csv = pw_csv_new(pw_str_text(text), text->len, 0);
	const pw_csv_field *row;
	size_t count;
	for (bool header = true; r->report->errors < 100; header = false) {
		pw_err err = PW_ERR_INIT;
		int line, column;
		pw_status rc = pw_csv_next(csv, &row, &count, &err);
		if (rc != PW_OK) {
			pw_csv_error_place(csv, &line, &column);
			pw_report_add(r->report, PW_ERROR, "csv", line, column, "%s", err.msg);
		} else if (count == 0) {
			break;
		} else if (header) {
			read_header(r, row, count);
		} else {
			read_row(r, row, count);
		}
	}
	pw_csv_free(csv);
}

pw_status pw_label_rows_read(pw_ctx *ctx, const char *path, const pw_label_template *t,
			     pw_label_rows *out, pw_report *report, pw_err *err)
{
	pw_str bytes = PW_STR_INIT, text = PW_STR_INIT;
	reading r = {.arena = pw_ctx_arena(ctx), .t = t, .report = report, .out = out};
	*out = (pw_label_rows){.count = 0};
	pw_status rc = pw_ctx_read(ctx, path, MAX_ROWS, &bytes, err);
	if (rc == PW_OK)
		rc = pw_text_decode(bytes.ptr, bytes.len, &text, NULL, err);
	if (rc == PW_OK) {
		read_rows(&r, &text);
		if (out->count == 0 && report->errors == 0)
			pw_report_add(report, PW_ERROR, "no-rows", 1, 0,
				      "there are no rows behind the header");
		if (report->errors > 0)
			rc = pw_fail(err, PW_ERR_FORMAT, "%s can't be printed: mend it first",
				     pw_file_name(path));
	}
	pw_str_clear(&bytes);
	pw_str_clear(&text);
	return rc;
}
