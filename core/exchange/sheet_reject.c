/* The file of the rows that were wrong, to mend and send again. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/exchange/sheet_impl.h"

typedef struct complaint {
	const pw_finding *finding;
	size_t index; /* in the report */
} complaint;

/* The errors of a report that are about rows, by line. */
typedef struct complaints {
	complaint *ptr;
	size_t len;
} complaints;

static int by_line(const void *a, const void *b)
{
	const complaint *x = a, *y = b;
	if (x->finding->line != y->finding->line)
		return x->finding->line < y->finding->line ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static complaints sort_errors(const pw_report *report)
{
	complaints c = {pw_alloc_array(report->len, sizeof(complaint)), 0};
	for (size_t i = 0; i < report->len; i++)
		if (report->findings[i].severity == PW_ERROR)
			c.ptr[c.len++] = (complaint){&report->findings[i], i};
	if (c.len > 0)
		qsort(c.ptr, c.len, sizeof(complaint), by_line);
	return c;
}

/* The last line of the row that was read last: a quoted field may run over several. */
static int last_line(const pw_csv *csv)
{
	pw_slice row = pw_csv_row_text(csv);
	int line = pw_csv_line(csv);
	for (size_t i = 0; i < row.len; i++)
		line += row.ptr[i] == '\n' ||
			(row.ptr[i] == '\r' && (i + 1 == row.len || row.ptr[i + 1] != '\n'));
	return line;
}

static void write_field(pw_sheet *sheet, pw_slice field, pw_str *out)
{
	char *text = pw_strndup(field.ptr, field.len);
	pw_csv_write(out, text, pw_csv_delimiter(sheet->csv));
	pw_free(text);
}

/* The name of the column that a finding is about, "" when it is about the row. */
static const char *head_of(const pw_sheet *sheet, const pw_finding *finding)
{
	for (size_t i = 0; i < sheet->count && i < sheet->head_count; i++)
		if (sheet->row[i].line == finding->line && sheet->row[i].column == finding->column)
			return sheet->heads[i];
	return "";
}

/* Line, columns and reasons of the row; `found` are its errors. */
static void write_reasons(pw_sheet *sheet, const complaints *found, pw_str *out)
{
	char delimiter = pw_csv_delimiter(sheet->csv);
	pw_str columns = PW_STR_INIT, reasons = PW_STR_INIT;
	const char *before = "";
	for (size_t i = 0; i < found->len; i++) {
		const char *head = head_of(sheet, found->ptr[i].finding);
		if (*head != '\0' && strcmp(head, before) != 0) {
			pw_str_add(&columns, columns.len > 0 ? " + " : "");
			pw_str_add(&columns, head);
			before = head;
		}
		pw_str_add(&reasons, i > 0 ? "; " : "");
		pw_str_add(&reasons, found->ptr[i].finding->text);
	}
	pw_str_addf(out, "%d%c", pw_csv_line(sheet->csv), delimiter);
	pw_csv_write(out, pw_str_text(&columns), delimiter);
	pw_str_add_char(out, delimiter);
	pw_csv_write(out, pw_str_text(&reasons), delimiter);
	pw_str_clear(&columns);
	pw_str_clear(&reasons);
}

static void write_row(pw_sheet *sheet, const complaints *found, pw_str *out)
{
	write_reasons(sheet, found, out);
	for (size_t i = sheet->skip; i < sheet->count; i++) {
		pw_str_add_char(out, pw_csv_delimiter(sheet->csv));
		write_field(sheet, sheet->row[i].text, out);
	}
	pw_str_add(out, "\r\n");
}

static void write_broken_row(pw_sheet *sheet, const complaints *found, pw_str *out)
{
	sheet->count = 0;
	write_reasons(sheet, found, out);
	pw_str_add_char(out, pw_csv_delimiter(sheet->csv));
	write_field(sheet, pw_csv_row_text(sheet->csv), out);
	pw_str_add(out, "\r\n");
}

/* The header again, as the file has it. */
static void write_header(pw_sheet *sheet, pw_str *out)
{
	char delimiter = pw_csv_delimiter(sheet->csv);
	pw_str_addf(out, "line%ccolumn%creason", delimiter, delimiter);
	for (size_t i = sheet->skip; i < sheet->head_count; i++) {
		pw_str_add_char(out, delimiter);
		pw_csv_write(out, sheet->heads[i], delimiter);
	}
	pw_str_add(out, "\r\n");
}

static void write_rows(pw_sheet *sheet, const complaints *all, pw_str *out)
{
	size_t done = 0;
	for (;;) {
		pw_status rc = pw_csv_next(sheet->csv, &sheet->row, &sheet->count, NULL);
		if (rc == PW_OK && sheet->count == 0)
			return;
		while (done < all->len && all->ptr[done].finding->line < pw_csv_line(sheet->csv))
			done++; /* the header's own */
		complaints found = {all->ptr + done, 0};
		int last = last_line(sheet->csv);
		while (done < all->len && all->ptr[done].finding->line <= last) {
			done++;
			found.len++;
		}
		if (rc != PW_OK)
			write_broken_row(sheet, &found, out);
		else if (found.len > 0)
			write_row(sheet, &found, out);
	}
}

pw_status pw_sheet_write_rejected(const pw_sheet_spec *spec, const void *bytes, size_t n,
				  const pw_report *report, pw_encoding encoding, pw_str *out,
				  pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_report scratch = PW_REPORT_INIT;
	pw_sheet *sheet = NULL;
	pw_str text = PW_STR_INIT;
	complaints all = {NULL, 0};
	pw_status rc =
		pw_sheet_open(spec, bytes, n, "rejected rows", &arena, &scratch, &sheet, err);
	if (rc != PW_OK)
		goto done;
	all = sort_errors(report);
	pw_str_add(&text, encoding == PW_UTF8 ? "\xEF\xBB\xBF" : "");
	write_header(sheet, &text);
	write_rows(sheet, &all, &text);
	rc = pw_text_encode(text.ptr, text.len, encoding, out, err);
done:
	pw_free(all.ptr);
	pw_str_clear(&text);
	pw_sheet_close(sheet);
	pw_report_clear(&scratch);
	pw_arena_clear(&arena);
	return rc;
}
