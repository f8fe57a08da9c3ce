/*
 * Words and numbers as qPCR instruments write them: what the readers of run files share. Pure. The
 * vendors disagree about every one of them; the spellings below were all met in real exports.
 */
#ifndef PW_EXCHANGE_RUN_PARSE_H
#define PW_EXCHANGE_RUN_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/csv.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/model/run_file.h"

/* No reader goes on after so many errors in one file: mending these first is quicker. */
#define PW_RUN_MAX_ERRORS 100

/* The cell in column `index` without surrounding spaces; empty when the row has none or index is -1. */
pw_slice pw_run_cell(const pw_csv_field *row, size_t count, int index);

/* The column (from 1) at which the cell starts, or 0. */
int pw_run_cell_column(const pw_csv_field *row, size_t count, int index);

/* The number of columns of a header, without nameless ones at the end. */
size_t pw_run_header_count(const pw_csv_field *row, size_t count);

/* A word for "nothing": "", NA, N/A, #N/A, none, null, -. Without case. */
bool pw_run_is_absent(pw_slice text);

/* What stands where a Cq would, when there is none: pw_run_is_absent, Undetermined, NaN, No Ct. A number
 * never is, whatever it is: 40 may be a late call, and a negative one is an error. */
bool pw_run_is_no_cq(pw_slice text);

/*
 * The decimal separator, '.' or ',', that this number proves, or 0 when it can be read either way
 * ("1,234") or is no number. `small` says that the value is known to be less than 1000, as a Cq is: then
 * "28,965" proves a comma.
 */
char pw_run_decimal(pw_slice text, bool small);

/* The whole cell as a finite number. The other of '.' and ',' may group thousands, but only where it
 * does ("1,250.000"; "1,5" is refused with '.'). false leaves *out alone. */
bool pw_run_number(pw_slice text, char decimal, double *out);

/* A count written "12" or, as spreadsheets do, "12.0" or "12,0": 1 to 99999. */
bool pw_run_count(pw_slice text, int *out);

/* A Cq cell: absent, or a number in (0, 200]. false for anything else. */
bool pw_run_cq(pw_slice text, char decimal, bool *out_has, double *out_cq);

/* true/false, yes/no, y/n, 1/0, without case; empty is false. The result is false for another word. */
bool pw_run_flag(pw_slice text, bool *out);

/* "UNKNOWN", "Unkn-01" → PW_TASK_UNKNOWN; "NTC", "Neg Ctrl-2", "NAC", "BlockedIPC" → PW_TASK_NTC; … A word
 * that says nothing of what is in the well ("IPC", "NRT", "") is PW_TASK_OTHER. */
pw_task pw_run_task(pw_slice text);

/* "Amp", "AMP", "No Amp", "NO_AMP", "Inconclusive", "" → *out; false for another word. */
bool pw_run_amp(pw_slice text, pw_amp *out);

/* Equal but for case and for what is neither letter nor digit: "Texas Red" = "texas_red". */
bool pw_run_same_word(pw_slice a, pw_slice b);

/* How many bytes of `text` are shown in a message: at most `max`, and no half character. For "%.*s". */
int pw_run_clip(pw_slice text, size_t max);

/* A text for "%.*s", cut so. Evaluates `text` twice. */
#define PW_RUN_SHOW(text, max) pw_run_clip(pw_slice_of(text), (max)), (text)

/* Copies as much of `text` as there is room for, ended by a NUL. */
void pw_run_copy(pw_slice text, char *out, size_t room);

/* Adds what pw_csv_next failed with to the report; `first_line` is the file's line of the text that
 * `csv` reads, from 1. */
void pw_run_report_csv(pw_report *report, const pw_csv *csv, int first_line, const pw_err *err);

/* PW_ERR_FORMAT with the first error of the report from `from` on: "run.txt:12:5: … (and 3 more)". There
 * must be one. */
pw_status pw_run_fail(const pw_report *report, size_t from, const char *file_name, pw_err *err);

#endif
