#include "core/exchange/cfx_table.h"

#include "core/exchange/run_parse.h"

/* The block in front of the header has 13 rows in CFX Maestro 5. */
#define MAX_META 60

bool pw_cfx_open(pw_cfx_table *t, const pw_run_source *source, pw_cfx_is_header is_header,
		 pw_report *report, pw_cfx_on_meta on_meta, void *ctx)
{
	/* What parts the first row does not always part the header: a comment may hold anything. */
	static const char delimiters[] = {'\0', ',', ';', '\t'};
	*t = (pw_cfx_table){.file_end = source->text.ptr + source->text.len};
	for (size_t i = 0; i < sizeof(delimiters); i++) {
		t->csv = pw_csv_new(source->text.ptr, source->text.len, delimiters[i]);
		for (int rows = 0; rows < MAX_META && pw_cfx_next(t); rows++) {
			if (is_header(t->row, t->count)) {
				t->header_count = pw_run_header_count(t->row, t->count);
				t->report = report;
				t->errors_before = report != NULL ? report->errors : 0;
				return true;
			}
			if (on_meta != NULL)
				on_meta(ctx, t);
		}
		pw_csv_free(t->csv);
		t->csv = NULL;
	}
	return false;
}

bool pw_cfx_next(pw_cfx_table *t)
{
	for (;;) {
		pw_err err = PW_ERR_INIT;
		if (t->report != NULL && t->report->errors - t->errors_before >= PW_RUN_MAX_ERRORS)
			return false;
		pw_status rc = pw_csv_next(t->csv, &t->row, &t->count, &err);
		t->line = pw_csv_line(t->csv);
		if (rc == PW_OK)
			return t->count > 0;
		if (t->report != NULL)
			pw_run_report_csv(t->report, t->csv, 1, &err);
	}
}

void pw_cfx_close(pw_cfx_table *t)
{
	pw_csv_free(t->csv);
	t->csv = NULL;
}

bool pw_cfx_is_cut(const pw_cfx_table *t)
{
	pw_slice text = pw_csv_row_text(t->csv);
	return text.ptr + text.len == t->file_end && t->count < t->header_count;
}

pw_slice pw_cfx_cell(const pw_cfx_table *t, int column)
{
	return pw_run_cell(t->row, t->count, column);
}
