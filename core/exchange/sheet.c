#include "core/exchange/sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/base/mem.h"
#include "core/exchange/sheet_impl.h"

#define TITLE_LINES 4  /* above a header, at most */
#define MAX_HEAD    60 /* characters of a header cell that messages show */

/* Whether `text` is what `head` comes to without the characters that do not count; `n` is its length.
 * Words of the list are parted by '|'. */
static bool in_list(const char *list, const char *text, size_t n)
{
	while (n > 0 && *list != '\0') {
		size_t word = strcspn(list, "|");
		if (word == n && memcmp(list, text, n) == 0)
			return true;
		list += word + (list[word] == '|' ? 1 : 0);
	}
	return false;
}

/* The header cell as it is compared. */
static void simplify(pw_slice cell, pw_str *out)
{
	pw_str_truncate(out, 0);
	cell = pw_sheet_trim(cell);
	for (size_t i = 0; i < cell.len; i++) {
		char c = cell.ptr[i];
		bool wide_parenthesis = cell.len - i >= 3 && memcmp(cell.ptr + i, "（", 3) == 0;
		if ((c == '(' || wide_parenthesis) && out->len > 0)
			break;
		if (c == '\0' || strchr(" _-/*.\t\r\n", c) != NULL)
			continue;
		pw_str_add_char(out, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
	}
}

/* Which column of the spec the header cell names, or -1. */
static int column_of(const pw_sheet_spec *spec, pw_slice cell)
{
	pw_str head = PW_STR_INIT, own = PW_STR_INIT;
	int found = -1;
	simplify(cell, &head);
	for (size_t i = 0; i < spec->count && found < 0; i++) {
		simplify(pw_slice_of(spec->columns[i].name), &own);
		if (in_list(pw_str_text(&own), pw_str_text(&head), head.len) ||
		    in_list(spec->columns[i].spellings, pw_str_text(&head), head.len))
			found = (int)i;
	}
	pw_str_clear(&own);
	pw_str_clear(&head);
	return found;
}

/* How many rows stand above the first one that names two columns or more; -1 when none does. */
static int count_titles(const pw_sheet *sheet, char delimiter)
{
	pw_csv *csv = pw_csv_new(pw_str_text(&sheet->text), sheet->text.len, delimiter);
	int titles = -1;
	for (int i = 0; i <= TITLE_LINES && titles < 0; i++) {
		const pw_csv_field *row = NULL;
		size_t count = 0, known = 0;
		if (pw_csv_next(csv, &row, &count, NULL) != PW_OK)
			continue;
		for (size_t k = 0; k < count && known < 2; k++)
			known += column_of(sheet->spec, row[k].text) >= 0;
		if (known >= 2)
			titles = i;
	}
	pw_csv_free(csv);
	return titles;
}

static void pass_titles(pw_sheet *sheet, int titles)
{
	const pw_csv_field *row;
	size_t count;
	for (int i = 0; i < titles; i++) {
		pw_status rc = pw_csv_next(sheet->csv, &row, &count, NULL);
		(void)rc; /* a title may be as broken as it likes */
		pw_report_add(sheet->report, PW_WARNING, "title-line", pw_csv_line(sheet->csv), 0,
			      "this line is above the header row and is passed over");
	}
}

/* Opens the text with the delimiter under which a header row is found, and stands before that row. */
static void find_header(pw_sheet *sheet)
{
	static const char delimiters[] = {'\0', ',', ';', '\t'};
	char delimiter = '\0';
	int titles = -1;
	for (size_t i = 0; i < sizeof(delimiters) && titles < 0; i++) {
		titles = count_titles(sheet, delimiters[i]);
		if (titles >= 0)
			delimiter = delimiters[i];
	}
	sheet->csv = pw_csv_new(pw_str_text(&sheet->text), sheet->text.len, delimiter);
	pass_titles(sheet, titles);
}

/* Whether the row starts with the columns that pw_sheet_write_rejected puts in front. */
static bool was_rejected(const pw_csv_field *row, size_t count)
{
	static const char *const names[PW_SHEET_REASONS] = {"line", "column", "reason"};
	for (size_t i = 0; i < PW_SHEET_REASONS; i++)
		if (i >= count || !pw_slice_eq(pw_sheet_trim(row[i].text), names[i]))
			return false;
	return true;
}

static void take_head(pw_sheet *sheet, const pw_csv_field *field, size_t index)
{
	pw_slice cell = pw_sheet_trim(field->text);
	sheet->heads[index] = pw_arena_strndup(sheet->arena, cell.ptr, cell.len);
	if (cell.len == 0 || index < sheet->skip)
		return;
	int column = column_of(sheet->spec, cell);
	pw_slice shown = pw_sheet_cut(cell, MAX_HEAD);
	if (column < 0)
		pw_report_add(sheet->report, PW_WARNING, "unknown-column", field->line,
			      field->column, "column '%.*s' is not known and is passed over",
			      (int)shown.len, shown.ptr);
	else if (sheet->at[column] >= 0)
		pw_report_add(sheet->report, PW_ERROR, "duplicate-column", field->line,
			      field->column,
			      "'%.*s' is the column %s a second time: rename one of them",
			      (int)shown.len, shown.ptr, sheet->spec->columns[column].name);
	else
		sheet->at[column] = (int)index;
}

static void check_required(pw_sheet *sheet)
{
	for (size_t i = 0; i < sheet->spec->count; i++)
		if (sheet->spec->columns[i].required && sheet->at[i] < 0)
			pw_sheet_header_error(sheet, "missing-column",
					      "there is no column '%s': name it in the header row",
					      sheet->spec->columns[i].name);
}

static pw_status read_header(pw_sheet *sheet, pw_err *err)
{
	const pw_csv_field *row = NULL;
	size_t count = 0;
	pw_err why = PW_ERR_INIT;
	find_header(sheet);
	if (pw_csv_next(sheet->csv, &row, &count, &why) != PW_OK)
		pw_report_add(sheet->report, PW_ERROR, "broken-row", pw_csv_line(sheet->csv), 0,
			      "the header row cannot be read: %s", why.msg);
	else if (count == 0)
		pw_report_add(sheet->report, PW_ERROR, "missing-column", 0, 0,
			      "the file is empty: its first row names the columns");
	if (count > 0) {
		sheet->header_line = pw_csv_line(sheet->csv);
		sheet->skip = was_rejected(row, count) ? PW_SHEET_REASONS : 0;
		sheet->heads = pw_arena_array(sheet->arena, count, sizeof(sheet->heads[0]));
		sheet->head_count = count;
		for (size_t i = 0; i < count; i++)
			take_head(sheet, &row[i], i);
		check_required(sheet);
	}
	return pw_sheet_finish(sheet, 0, err);
}

/* Spreadsheets' own files are no text, and should not be read as Latin-1. */
static const char *workbook(const void *bytes, size_t n)
{
	if (n >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0)
		return "this is a workbook (xlsx): save it as CSV UTF-8 and send that";
	if (n >= 4 && memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0)
		return "this is a workbook (xls): save it as CSV UTF-8 and send that";
	return NULL;
}

static pw_status decode_text(pw_sheet *sheet, const void *bytes, size_t n, pw_err *err)
{
	const char *book = workbook(bytes, n);
	if (book != NULL)
		return pw_fail(err, PW_ERR_FORMAT, "%s", book);
	pw_status rc = pw_text_decode(bytes, n, &sheet->text, &sheet->encoding, err);
	if (rc == PW_OK && strlen(pw_str_text(&sheet->text)) < sheet->text.len)
		rc = pw_fail(err, PW_ERR_FORMAT,
			     "there are NUL characters in it: this is no text file, save it as CSV "
			     "UTF-8 and send that");
	return rc;
}

static pw_status decode(pw_sheet *sheet, const void *bytes, size_t n, pw_err *err)
{
	pw_err why = PW_ERR_INIT;
	pw_status rc = decode_text(sheet, bytes, n, &why);
	if (rc == PW_OK)
		return rc;
	pw_report_add(sheet->report, PW_ERROR, "not-text", 0, 0, "%s", why.msg);
	return pw_fail(err, rc, "%s: %s", sheet->name, why.msg);
}

pw_status pw_sheet_open(const pw_sheet_spec *spec, const void *bytes, size_t n, const char *name,
			pw_arena *arena, pw_report *report, pw_sheet **out, pw_err *err)
{
	PW_BUG_IF(spec->count > PW_SHEET_MAX_COLUMNS);
	pw_sheet *sheet = pw_alloc(sizeof(*sheet));
	sheet->spec = spec;
	sheet->name = pw_arena_strdup(arena, name);
	sheet->arena = arena;
	sheet->report = report;
	sheet->errors_before = report->errors;
	for (size_t i = 0; i < PW_SHEET_MAX_COLUMNS; i++) {
		sheet->at[i] = -1;
		sheet->last[i] = "";
	}
	pw_status rc = decode(sheet, bytes, n, err);
	if (rc == PW_OK)
		rc = read_header(sheet, err);
	if (rc != PW_OK) {
		pw_sheet_close(sheet);
		return rc;
	}
	*out = sheet;
	return PW_OK;
}

void pw_sheet_close(pw_sheet *sheet)
{
	if (sheet == NULL)
		return;
	pw_csv_free(sheet->csv);
	pw_str_clear(&sheet->text);
	pw_free(sheet);
}

pw_encoding pw_sheet_encoding(const pw_sheet *sheet)
{
	return sheet->encoding;
}

char pw_sheet_delimiter(const pw_sheet *sheet)
{
	return pw_csv_delimiter(sheet->csv);
}

bool pw_sheet_has(const pw_sheet *sheet, size_t column)
{
	return sheet->at[column] >= 0;
}

static bool is_blank_row(const pw_sheet *sheet)
{
	for (size_t i = sheet->skip; i < sheet->count; i++)
		if (pw_sheet_trim(sheet->row[i].text).len > 0)
			return false;
	return true;
}

/* A value under no header is one delimiter too many somewhere: then all values may be a column off. */
static void check_stray_values(pw_sheet *sheet)
{
	for (size_t i = 0; i < sheet->count; i++) {
		bool named = i < sheet->head_count && sheet->heads[i][0] != '\0';
		if (named || pw_sheet_trim(sheet->row[i].text).len == 0)
			continue;
		pw_report_add(sheet->report, PW_ERROR, "stray-value", sheet->row[i].line,
			      sheet->row[i].column,
			      "field %zu has a value, but no column name: is there a delimiter too "
			      "many in this row?",
			      i + 1);
		sheet->wrong = true;
		return;
	}
}

static void report_broken_row(pw_sheet *sheet, const pw_err *why)
{
	int line, column;
	pw_csv_error_place(sheet->csv, &line, &column);
	const char *text = strstr(why->msg, ": "); /* the place is in the finding */
	pw_report_add(sheet->report, PW_ERROR, "broken-row", line, column, "%s",
		      text != NULL ? text + 2 : why->msg);
	sheet->rows++;
}

bool pw_sheet_next(pw_sheet *sheet)
{
	for (;;) {
		pw_err why = PW_ERR_INIT;
		if (pw_csv_next(sheet->csv, &sheet->row, &sheet->count, &why) != PW_OK) {
			report_broken_row(sheet, &why);
			continue;
		}
		if (sheet->count == 0)
			return false;
		if (is_blank_row(sheet))
			continue;
		sheet->rows++;
		sheet->wrong = false;
		check_stray_values(sheet);
		return true;
	}
}

int pw_sheet_line(const pw_sheet *sheet)
{
	return pw_csv_line(sheet->csv);
}

size_t pw_sheet_rows(const pw_sheet *sheet)
{
	return sheet->rows;
}

pw_sheet_place pw_sheet_place_of(const pw_sheet *sheet, size_t column)
{
	int at = sheet->at[column];
	if (at < 0 || (size_t)at >= sheet->count)
		return (pw_sheet_place){pw_sheet_line(sheet), 0};
	return (pw_sheet_place){sheet->row[at].line, sheet->row[at].column};
}

static void add_finding(pw_report *report, pw_severity severity, const char *code,
			pw_sheet_place place, const char *format, va_list args)
{
	char text[1024];
	vsnprintf(text, sizeof(text), format, args);
	pw_report_add(report, severity, code, place.line, place.column, "%s", text);
}

void pw_sheet_error(pw_sheet *sheet, size_t column, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_finding(sheet->report, PW_ERROR, code, pw_sheet_place_of(sheet, column), format, args);
	va_end(args);
	sheet->wrong = true;
}

void pw_sheet_warn(pw_sheet *sheet, size_t column, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_finding(sheet->report, PW_WARNING, code, pw_sheet_place_of(sheet, column), format,
		    args);
	va_end(args);
}

void pw_sheet_header_error(pw_sheet *sheet, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_finding(sheet->report, PW_ERROR, code, (pw_sheet_place){sheet->header_line, 0}, format,
		    args);
	va_end(args);
}

bool pw_sheet_row_wrong(const pw_sheet *sheet)
{
	return sheet->wrong;
}

pw_status pw_sheet_finish(const pw_sheet *sheet, size_t good, pw_err *err)
{
	const pw_report *report = sheet->report;
	if (report->errors == sheet->errors_before)
		return PW_OK;
	if (sheet->rows > 0)
		return pw_fail(err, PW_ERR_FORMAT,
			       "%s: %zu of %zu rows are wrong: mend them and send them again",
			       sheet->name, sheet->rows - good, sheet->rows);
	/* Only the header was read: its first error says it. */
	size_t i = report->len;
	while (report->findings[i - 1].severity != PW_ERROR)
		i--;
	const pw_finding *first = &report->findings[i - 1];
	if (first->line == 0)
		return pw_fail(err, PW_ERR_FORMAT, "%s: %s", sheet->name, first->text);
	return pw_fail(err, PW_ERR_FORMAT, "%s: line %d: %s", sheet->name, first->line,
		       first->text);
}
