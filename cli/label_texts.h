/*
 * What stands on labels, between the command line, the laboratory's journal and a template: texts are lines
 * "field=text\n" in one string (core/lab/labels.h), a template wants values.
 */
#ifndef PW_CLI_LABEL_TEXTS_H
#define PW_CLI_LABEL_TEXTS_H

#include "cli/cmd.h"
#include "core/lab/labels.h"
#include "labels/template.h"

/* The template of a name, as `label render` takes it, with its bytes in the command's arena. Free the parsed one with
 * pw_label_template_free. */
PW_NODISCARD pw_status pw_label_stock_load(pw_ctx *ctx, const char *name, pw_label_stock *out,
					   pw_label_template **out_template, pw_err *err);

/* Adds a line, unless the text is NULL or "" or the template (if not NULL) has no such field. */
void pw_label_texts_add(pw_str *texts, const pw_label_template *t, const char *field,
			const char *text);

/* The text of a field, which is not ended by a NUL; ptr is NULL where there is none. */
pw_slice pw_label_texts_find(const char *texts, const char *field);

/* The values of a label, in the arena: its own texts over those of the batch, "id", and "copy" as "R2". */
pw_label_values *pw_label_values_of(pw_arena *arena, const pw_label_template *t,
				    const pw_label_content *content);

/* The words of --set as texts. PW_ERR_ARG for one without "=", a field that is set twice or that the template does
 * not have, and for "id" where `with_id` is false. */
PW_NODISCARD pw_status pw_label_texts_set(pw_ctx *ctx, const pw_label_template *t, bool with_id,
					  pw_str *out, pw_err *err);

/* The rows of a CSV file, the header of which names fields. */
typedef struct pw_label_rows {
	const char **texts; /* of each row */
	int *lines;         /* where it stands */
	size_t count;
} pw_label_rows;

/* Reads --from into the command's arena. PW_ERR_FORMAT with every column and row that is wrong in *report. */
PW_NODISCARD pw_status pw_label_rows_read(pw_ctx *ctx, const char *path, const pw_label_template *t,
					  pw_label_rows *out, pw_report *report, pw_err *err);

#endif
