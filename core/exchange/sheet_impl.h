/* What the source files of pw_sheet share; nobody else includes this. */
#ifndef PW_EXCHANGE_SHEET_IMPL_H
#define PW_EXCHANGE_SHEET_IMPL_H

#include "core/base/csv.h"
#include "core/exchange/sheet.h"

/* The columns that a file of rejected rows has in front. */
#define PW_SHEET_REASONS 3

struct pw_sheet {
	const pw_sheet_spec *spec;
	const char *name;
	pw_arena *arena;
	pw_report *report;
	size_t errors_before; /* in the report when the sheet was opened */
	pw_encoding encoding;
	pw_str text;
	pw_csv *csv;
	int header_line;
	const char **heads; /* the header's cells, "" for one without a name */
	size_t head_count;
	size_t skip;                  /* PW_SHEET_REASONS when it was rejected before, or 0 */
	int at[PW_SHEET_MAX_COLUMNS]; /* which field is the column, or -1 */
	const char *last[PW_SHEET_MAX_COLUMNS]; /* the value before: regions repeat for miles */
	const pw_csv_field *row;
	size_t count;
	bool wrong;
	size_t rows;
};

/* Without white space of any script, byte order marks and direction marks at both ends. */
pw_slice pw_sheet_trim(pw_slice s);

/* The first `characters` of valid UTF-8. */
pw_slice pw_sheet_cut(pw_slice s, size_t characters);

#endif
