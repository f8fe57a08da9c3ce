/*
 * What the list files of a laboratory have in common (rosters, collection logs, box manifests): delimited
 * text in any encoding that a spreadsheet writes, a header row in English or Chinese, and rows of which
 * every wrong one is named with line, column and reason. For the readers of this folder alone.
 *
 * Header names are compared without case, spaces, hyphens, underscores, slashes and asterisks, and
 * without what stands behind a parenthesis: "*ID Number (required)" is "idnumber". Up to four lines of
 * titles above the header are passed over with a warning. Unknown columns are passed over with a warning.
 *
 * Codes of findings made here: "not-text", "missing-column", "duplicate-column", "unknown-column", "title-line",
 * "broken-row", "stray-value", "too-long", "control-character", "invisible-character",
 * "spreadsheet-error", "spreadsheet-number", "number".
 */
#ifndef PW_EXCHANGE_SHEET_H
#define PW_EXCHANGE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/text.h"

#define PW_SHEET_MAX_COLUMNS 16
#define PW_SHEET_MAX_TEXT    200 /* characters of a value */
#define PW_SHEET_MAX_CODE    64  /* characters of an identifier: what pw_scan_parse takes too */

typedef struct pw_sheet_column {
	const char *name; /* "national_id": a spelling itself, and what messages call it */
	/* others, as they are compared, parted by '|': "idnumber|身份证号" */
	const char *spellings;
	bool required; /* without it the file is not read */
} pw_sheet_column;

typedef struct pw_sheet_spec {
	const pw_sheet_column *columns;
	size_t count; /* at most PW_SHEET_MAX_COLUMNS */
} pw_sheet_spec;

/* Where a value stands, for findings that come up later. */
typedef struct pw_sheet_place {
	int line, column;
} pw_sheet_place;

typedef struct pw_sheet pw_sheet;

/*
 * Decodes the bytes and finds the header row. `name` stands in front of error texts. The values of rows
 * live in `arena`; findings go to `report`. PW_ERR_FORMAT, with a finding, when there is no header row
 * with all required columns, or the file is a workbook or not text; PW_ERR_LIMIT as pw_text_decode.
 * Close with pw_sheet_close.
 */
PW_NODISCARD pw_status pw_sheet_open(const pw_sheet_spec *spec, const void *bytes, size_t n,
				     const char *name, pw_arena *arena, pw_report *report,
				     pw_sheet **out, pw_err *err);
void pw_sheet_close(pw_sheet *sheet);

pw_encoding pw_sheet_encoding(const pw_sheet *sheet);
char pw_sheet_delimiter(const pw_sheet *sheet);

/* Whether the file has the column. */
bool pw_sheet_has(const pw_sheet *sheet, size_t column);

/* An error about the header, for a rule that pw_sheet_column cannot say. */
void pw_sheet_header_error(pw_sheet *sheet, const char *code, const char *format, ...)
	PW_PRINTF(3, 4);

/* Steps to the next row that is not blank; false at the end. Rows that cannot be parsed are reported
 * and passed over. */
bool pw_sheet_next(pw_sheet *sheet);
int pw_sheet_line(const pw_sheet *sheet);

/* How many rows there were so far, with those that could not be parsed. */
size_t pw_sheet_rows(const pw_sheet *sheet);

/* A value of this row as text: trimmed, NFC, never NULL, "" when the file or the row has none. Control
 * characters, excess length and a spreadsheet's error words ("#N/A") are reported. */
const char *pw_sheet_text(pw_sheet *sheet, size_t column);

/* A value that is an identifier: full-width characters become ASCII, a spreadsheet's ="123" and '123
 * become 123, and what a spreadsheet made of a long number ("1.23E+17", "138001380000.0") is reported. */
const char *pw_sheet_code(pw_sheet *sheet, size_t column);

/* A whole number from `min` to `max`; false when there is none, and, with a finding, for another text. */
bool pw_sheet_number(pw_sheet *sheet, size_t column, int64_t min, int64_t max, int64_t *out);

/* The place of a column in this row; of the row, when the row has no such column. */
pw_sheet_place pw_sheet_place_of(const pw_sheet *sheet, size_t column);

/* A finding about a column of this row; an error makes the row wrong. `code` must be static. */
void pw_sheet_error(pw_sheet *sheet, size_t column, const char *code, const char *format, ...)
	PW_PRINTF(4, 5);
void pw_sheet_warn(pw_sheet *sheet, size_t column, const char *code, const char *format, ...)
	PW_PRINTF(4, 5);
bool pw_sheet_row_wrong(const pw_sheet *sheet);

/* PW_OK, or PW_ERR_FORMAT with "roster.csv: 3 of 200 rows are wrong: …" when an error was found. `good`
 * is how many rows were taken. */
PW_NODISCARD pw_status pw_sheet_finish(const pw_sheet *sheet, size_t good, pw_err *err);

/*
 * Writes the rows that have an error in `report` (that of reading the same bytes) as a file to mend and
 * send again: same delimiter, the original columns with "line", "column" (the header names at fault) and
 * "reason" in front, which pw_sheet_open takes off again. A row that could not be parsed is there as one
 * quoted field. In `encoding`; UTF-8 with a byte order mark, for spreadsheets. PW_ERR_FORMAT when the
 * file has no header row, or the encoding lacks a character.
 */
PW_NODISCARD pw_status pw_sheet_write_rejected(const pw_sheet_spec *spec, const void *bytes,
					       size_t n, const pw_report *report,
					       pw_encoding encoding, pw_str *out, pw_err *err);

#endif
