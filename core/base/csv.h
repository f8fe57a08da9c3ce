/*
 * A reader of delimited text (RFC 4180 and what is met in its place) that knows where it is: every
 * field has the line and column at which it starts, so that a message can point at it. Own, because
 * no library at hand gives positions.
 *
 * Rules: fields are parted by `delimiter`, rows by LF, CRLF or CR; a field that starts with a quote
 * runs to the next single quote character, a doubled one stands for one, and may hold delimiters and
 * line ends; a quote inside an unquoted field is an ordinary character. A row that is empty or white
 * space alone is passed over. The last row need not be ended. The reader takes whole text in memory.
 */
#ifndef PW_BASE_CSV_H
#define PW_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/str.h"

typedef struct pw_csv_field {
	pw_slice text;    /* unquoted and undoubled; valid until the next row */
	int line, column; /* where it starts, from 1; columns count characters, not bytes */
	bool quoted;
} pw_csv_field;

typedef struct pw_csv pw_csv;

/* `text` is UTF-8 and must outlive the reader. `delimiter` 0: the one of , ; tab that parts the first
 * non-empty row into most fields (outside quotes), comma when none does. Free with pw_csv_free. */
pw_csv *pw_csv_new(const char *text, size_t n, char delimiter);
void pw_csv_free(pw_csv *csv);

char pw_csv_delimiter(const pw_csv *csv);

/*
 * The next row. *out_row points at *out_count fields (at least one) that live until the next call; at
 * the end *out_count is 0. PW_ERR_FORMAT for a quote that is never closed or text right behind a
 * closing quote ("line 3:17: …"; the row is passed over, reading can go on); PW_ERR_LIMIT for a
 * row of more than 10,000 fields or a field of more than 1 MiB.
 */
PW_NODISCARD pw_status pw_csv_next(pw_csv *csv, const pw_csv_field **out_row, size_t *out_count,
				   pw_err *err);

/* The line of the row that pw_csv_next gave or passed over last, from 1. */
int pw_csv_line(const pw_csv *csv);

/* That row as it stands in the text, without its line end; lives as long as the text. Of a row that was
 * passed over it ends with the line that the error is in, where reading goes on. */
pw_slice pw_csv_row_text(const pw_csv *csv);

/* Where the error that pw_csv_next gave last is: the place that stands in front of its text. */
void pw_csv_error_place(const pw_csv *csv, int *out_line, int *out_column);

/* Appends `text` as one field, quoted when it has to be. Text whose first character would start a
 * formula in a spreadsheet (= + - @) is written as it is: data first. */
void pw_csv_write(pw_str *out, const char *text, char delimiter);

/* A header row as a map: which column is `name`, compared without case and surrounding spaces, or -1.
 * `names` is a NULL-ended list of the spellings that are taken, best first. */
int pw_csv_find(const pw_csv_field *row, size_t count, const char *const *names);

/* Whether a row is a comment, where they are allowed: its first field begins with '#', outside of quotes. */
bool pw_csv_is_comment(const pw_csv_field *row);

/* A finite number as pw_parse_real takes it, of up to 60 characters; with a decimal comma where that cannot be the delimiter. */
bool pw_csv_real(pw_slice text, char delimiter, double *out);

#endif
