/* How both CSV exports of CFX (cfx.h) are opened: finds the header row, whatever stands in front of it. */
#ifndef PW_EXCHANGE_CFX_TABLE_H
#define PW_EXCHANGE_CFX_TABLE_H

#include <stdbool.h>

#include "core/base/csv.h"
#include "core/base/report.h"
#include "core/exchange/run_reader.h"

typedef struct pw_cfx_table {
	pw_csv *csv;
	const char *file_end;
	const pw_csv_field *row; /* the header first, then each row */
	size_t count, header_count;
	int line;
	pw_report *report; /* NULL: quiet */
	size_t errors_before;
} pw_cfx_table;

/* Whether a row is the header. */
typedef bool (*pw_cfx_is_header)(const pw_csv_field *row, size_t count);

/* Called for each row in front of the header. */
typedef void (*pw_cfx_on_meta)(void *ctx, const pw_cfx_table *t);

/* Finds the header among the first rows; false when there is none. Close in both cases. `on_meta` may be
 * NULL. */
bool pw_cfx_open(pw_cfx_table *t, const pw_run_source *source, pw_cfx_is_header is_header,
		 pw_report *report, pw_cfx_on_meta on_meta, void *ctx);

/* The next row; false at the end, or after too many errors. */
bool pw_cfx_next(pw_cfx_table *t);
void pw_cfx_close(pw_cfx_table *t);

/* Whether the row is the file's last, is not ended and has fewer columns than the header: cut. */
bool pw_cfx_is_cut(const pw_cfx_table *t);

pw_slice pw_cfx_cell(const pw_cfx_table *t, int column);

#endif
