/*
 * Rosters: who is to be swabbed, as a delimited text file from a community, a school or a hospital. What
 * is read is the form; who of them is known already is for the laboratory to find out.
 *
 * Columns (English and Chinese, in any order): name (required) and at least one of national_id,
 * external_id and phone; city, county, township, village, household, group, kind, tube. How header rows
 * and values are cleaned: sheet.h. A blank kind is a person, a blank group is voluntary.
 *
 * Findings, beside those of sheet.h: "missing-name", "missing-identity", "national-id", "group", "kind",
 * "phone", "place-identity", "duplicate-national-id", "duplicate-external-id", "spreadsheet-tail",
 * "id-length" (a warning). Two rows with one identity are both wrong: nobody but the sender knows which.
 */
#ifndef PW_EXCHANGE_ROSTER_H
#define PW_EXCHANGE_ROSTER_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/roster.h"

typedef struct pw_roster {
	const pw_roster_row *rows; /* the good ones, in file order */
	size_t count;
	size_t wrong; /* how many are not among them; the report says why */
	pw_encoding encoding;
	char delimiter;
} pw_roster;

/*
 * Reads a roster; all that it gives lives in `arena`. Every wrong row has one finding or more in `report`.
 * PW_ERR_FORMAT when there is an error among the findings: *out then has the good rows all the same, and
 * none when the file as a whole was not read (no header row, a workbook, broken text). PW_ERR_LIMIT over
 * 256 MiB. `name` is the file's, for messages.
 */
PW_NODISCARD pw_status pw_roster_read(const void *bytes, size_t n, const char *name,
				      pw_arena *arena, pw_roster *out, pw_report *report,
				      pw_err *err);

/* Appends the rows that `report` (of reading the same bytes) has errors about, as a file to mend and send
 * again: see pw_sheet_write_rejected. pw_roster_read takes the mended file. */
PW_NODISCARD pw_status pw_roster_write_rejected(const void *bytes, size_t n,
						const pw_report *report, pw_encoding encoding,
						pw_str *out, pw_err *err);

#endif
