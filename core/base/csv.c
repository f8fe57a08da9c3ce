#include "core/base/csv.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"

#define MAX_FIELDS     ((size_t)10000)
#define MAX_FIELD_SIZE ((size_t)1 << 20)

/* A place in the text. */
typedef struct cursor {
	const char *ptr;
	int line, column;
} cursor;

struct pw_csv {
	const char *text, *end;
	cursor at;
	char delimiter;
	bool stops[256]; /* the bytes that end an unquoted field */
	PW_VEC(pw_csv_field) fields;
	size_t doubled; /* bytes of this row's fields that have doubled quotes */
	char *scratch;  /* where such fields are put together */
	size_t scratch_room;
	pw_slice row;
	int row_line;
	int error_line, error_column;
};

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

/* Every byte but the continuation bytes of UTF-8 starts a character. */
static bool starts_character(char c)
{
	return ((unsigned char)c & 0xC0) != 0x80;
}

/* Past LF, CRLF or CR, which `at` is at. */
static void pass_line_end(const pw_csv *csv, cursor *at)
{
	if (*at->ptr == '\r' && at->ptr + 1 < csv->end && at->ptr[1] == '\n')
		at->ptr++;
	at->ptr++;
	at->line++;
	at->column = 1;
}

static void pass_row_end(pw_csv *csv)
{
	while (csv->at.ptr < csv->end && !is_line_end(*csv->at.ptr))
		csv->at.ptr++;
	if (csv->at.ptr < csv->end)
		pass_line_end(csv, &csv->at);
}

static void pass_blank_rows(pw_csv *csv)
{
	for (;;) {
		const char *p = csv->at.ptr;
		while (p < csv->end && is_blank(*p))
			p++;
		if (p < csv->end && !is_line_end(*p))
			return;
		csv->at.ptr = p;
		if (p == csv->end)
			return;
		pass_line_end(csv, &csv->at);
	}
}

/*
 * Fails at the place `where` and passes the row over, up to the end of the line that `where` is in:
 * what a stray quote seems to swallow behind it are, more often than not, good rows.
 */
static pw_status fail_row(pw_csv *csv, cursor where, pw_status status, const char *what,
			  pw_err *err)
{
	csv->error_line = where.line;
	csv->error_column = where.column;
	csv->at = where;
	while (csv->at.ptr < csv->end && !is_line_end(*csv->at.ptr))
		csv->at.ptr++;
	csv->row.len = (size_t)(csv->at.ptr - csv->row.ptr);
	pass_row_end(csv);
	return pw_fail(err, status, "line %d:%d: %s", where.line, where.column, what);
}

static pw_status read_plain(pw_csv *csv, pw_slice *out, pw_err *err)
{
	cursor from = csv->at;
	const char *p = from.ptr;
	int column = from.column;
	while (p < csv->end && !csv->stops[(unsigned char)*p])
		column += starts_character(*p++);
	if ((size_t)(p - from.ptr) > MAX_FIELD_SIZE)
		return fail_row(csv, from, PW_ERR_LIMIT,
				"a field of more than 1 MiB: is this the right file?", err);
	csv->at.ptr = p;
	csv->at.column = column;
	*out = (pw_slice){from.ptr, (size_t)(p - from.ptr)};
	return PW_OK;
}

/* From behind the opening quote to behind the closing one; doubled quotes are still doubled in *out. */
static pw_status read_quoted(pw_csv *csv, pw_slice *out, pw_err *err)
{
	cursor open = csv->at, at = open;
	at.ptr++;
	at.column++;
	const char *from = at.ptr;
	bool doubled = false;
	for (;;) {
		if (at.ptr == csv->end)
			return fail_row(csv, open, PW_ERR_FORMAT,
					"the quote that opens here is never closed: close it, or "
					"take it off",
					err);
		if ((size_t)(at.ptr - from) > MAX_FIELD_SIZE)
			return fail_row(csv, open, PW_ERR_LIMIT,
					"a quoted field of more than 1 MiB: close the quote that "
					"opens here",
					err);
		if (is_line_end(*at.ptr)) {
			pass_line_end(csv, &at);
			continue;
		}
		if (*at.ptr == '"') {
			if (at.ptr + 1 == csv->end || at.ptr[1] != '"')
				break;
			doubled = true;
			at.ptr++;
			at.column++;
		}
		at.column += starts_character(*at.ptr++);
	}
	*out = (pw_slice){from, (size_t)(at.ptr - from)};
	at.ptr++;
	at.column++;
	if (at.ptr < csv->end && !csv->stops[(unsigned char)*at.ptr])
		return fail_row(
			csv, at.line == open.line ? at : open, PW_ERR_FORMAT,
			at.line == open.line
				? "text right behind a closing quote: double the quotes "
				  "that belong to the text"
				: "the quote that opens here is closed on a later line with "
				  "text right behind it: close it, or take it off",
			err);
	if (doubled)
		csv->doubled += out->len;
	csv->at = at;
	return PW_OK;
}

/* Puts the fields with doubled quotes together. Their room is known by now, so nothing moves. */
static void undouble(pw_csv *csv)
{
	if (csv->scratch_room < csv->doubled) {
		csv->scratch = pw_realloc_array(csv->scratch, csv->doubled, 1);
		csv->scratch_room = csv->doubled;
	}
	char *to = csv->scratch;
	for (size_t i = 0; i < csv->fields.len; i++) {
		pw_csv_field *field = &csv->fields.ptr[i];
		const char *from = field->text.ptr, *end = from + field->text.len;
		if (!field->quoted || field->text.len == 0 ||
		    memchr(from, '"', field->text.len) == NULL)
			continue;
		field->text.ptr = to;
		while (from < end) {
			from += *from == '"';
			*to++ = *from++;
		}
		field->text.len = (size_t)(to - field->text.ptr);
	}
}

/* The row at the cursor, which is there and not blank; leaves the cursor behind its line end. */
static pw_status read_row(pw_csv *csv, pw_err *err)
{
	csv->fields.len = 0;
	csv->doubled = 0;
	csv->row = (pw_slice){csv->at.ptr, 0};
	csv->row_line = csv->at.line;
	for (;;) {
		pw_csv_field field = {{NULL, 0}, csv->at.line, csv->at.column, false};
		if (csv->fields.len == MAX_FIELDS)
			return fail_row(csv, csv->at, PW_ERR_LIMIT,
					"more than 10000 fields in a row: is this the right file?",
					err);
		field.quoted = csv->at.ptr < csv->end && *csv->at.ptr == '"';
		pw_status rc = field.quoted ? read_quoted(csv, &field.text, err)
					    : read_plain(csv, &field.text, err);
		if (rc != PW_OK)
			return rc;
		pw_vec_push(&csv->fields, field);
		if (csv->at.ptr == csv->end || is_line_end(*csv->at.ptr))
			break;
		csv->at.ptr++;
		csv->at.column++;
	}
	if (csv->doubled > 0)
		undouble(csv);
	csv->row.len = (size_t)(csv->at.ptr - csv->row.ptr);
	if (csv->at.ptr < csv->end)
		pass_line_end(csv, &csv->at);
	return PW_OK;
}

static void set_delimiter(pw_csv *csv, char delimiter)
{
	csv->stops[(unsigned char)csv->delimiter] = false;
	csv->delimiter = delimiter;
	csv->stops['\n'] = csv->stops['\r'] = csv->stops[(unsigned char)delimiter] = true;
}

/* Reads the first row with each candidate: what parts it into most fields is it. */
static void guess_delimiter(pw_csv *csv)
{
	static const char candidates[] = {',', ';', '\t'};
	char best = ',';
	size_t most = 1;
	cursor start = csv->at;
	for (size_t i = 0; i < sizeof(candidates); i++) {
		set_delimiter(csv, candidates[i]);
		pass_blank_rows(csv);
		if (csv->at.ptr < csv->end && read_row(csv, NULL) == PW_OK &&
		    csv->fields.len > most) {
			most = csv->fields.len;
			best = candidates[i];
		}
		csv->at = start;
	}
	set_delimiter(csv, best);
}

pw_csv *pw_csv_new(const char *text, size_t n, char delimiter)
{
	PW_BUG_IF(delimiter == '"' || is_line_end(delimiter));
	pw_csv *csv = pw_alloc(sizeof(*csv));
	csv->text = n > 0 ? text : "";
	csv->end = csv->text + n;
	csv->at = (cursor){csv->text, 1, 1};
	if (delimiter == '\0')
		guess_delimiter(csv);
	else
		set_delimiter(csv, delimiter);
	csv->row = (pw_slice){csv->text, 0};
	csv->row_line = csv->error_line = csv->error_column = 0;
	return csv;
}

void pw_csv_free(pw_csv *csv)
{
	if (csv == NULL)
		return;
	pw_vec_clear(&csv->fields);
	pw_free(csv->scratch);
	pw_free(csv);
}

char pw_csv_delimiter(const pw_csv *csv)
{
	return csv->delimiter;
}

pw_status pw_csv_next(pw_csv *csv, const pw_csv_field **out_row, size_t *out_count, pw_err *err)
{
	pass_blank_rows(csv);
	if (csv->at.ptr == csv->end) {
		*out_row = NULL;
		*out_count = 0;
		return PW_OK;
	}
	pw_status rc = read_row(csv, err);
	if (rc != PW_OK)
		return rc;
	*out_row = csv->fields.ptr;
	*out_count = csv->fields.len;
	return PW_OK;
}

int pw_csv_line(const pw_csv *csv)
{
	return csv->row_line;
}

pw_slice pw_csv_row_text(const pw_csv *csv)
{
	return csv->row;
}

void pw_csv_error_place(const pw_csv *csv, int *out_line, int *out_column)
{
	*out_line = csv->error_line;
	*out_column = csv->error_column;
}

static bool has_to_be_quoted(const char *text, size_t n, char delimiter)
{
	if (n == 0)
		return false;
	if (is_blank(text[0]) || is_blank(text[n - 1]))
		return true;
	for (size_t i = 0; i < n; i++)
		if (text[i] == delimiter || text[i] == '"' || is_line_end(text[i]))
			return true;
	return false;
}

void pw_csv_write(pw_str *out, const char *text, char delimiter)
{
	size_t n = strlen(text);
	if (!has_to_be_quoted(text, n, delimiter)) {
		pw_str_add_n(out, text, n);
		return;
	}
	pw_str_add_char(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			pw_str_add_char(out, '"');
		pw_str_add_char(out, *p);
	}
	pw_str_add_char(out, '"');
}

static bool eq_nocase(pw_slice a, const char *name)
{
	for (size_t i = 0; i < a.len; i++) {
		char c = a.ptr[i], d = name[i];
		c = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		d = (char)(d >= 'A' && d <= 'Z' ? d - 'A' + 'a' : d);
		if (d == '\0' || c != d)
			return false;
	}
	return name[a.len] == '\0';
}

int pw_csv_find(const pw_csv_field *row, size_t count, const char *const *names)
{
	for (; *names != NULL; names++)
		for (size_t i = 0; i < count; i++)
			if (eq_nocase(pw_slice_trim(row[i].text), *names))
				return (int)i;
	return -1;
}

bool pw_csv_is_comment(const pw_csv_field *row)
{
	pw_slice text = pw_slice_trim(row[0].text);
	return !row[0].quoted && text.len > 0 && text.ptr[0] == '#';
}

bool pw_csv_real(pw_slice text, char delimiter, double *out)
{
	char number[64];
	if (text.len == 0 || text.len >= sizeof(number))
		return false;
	for (size_t i = 0; i < text.len; i++)
		number[i] = (char)(text.ptr[i] == ',' && delimiter != ',' ? '.' : text.ptr[i]);
	number[text.len] = '\0';
	return pw_parse_real(number, out);
}
