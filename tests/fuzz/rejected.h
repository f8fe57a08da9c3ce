/*
 * What holds of every reader of a table that gives its wrong rows back: a report has errors exactly when the reading
 * fails, and the rows that were wrong, written to be mended, are wrong when they are read again as they are.
 */
#ifndef PW_TESTS_FUZZ_REJECTED_H
#define PW_TESTS_FUZZ_REJECTED_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/text.h"

/* How many rows were read, and how many were wrong. */
typedef struct table_rows {
	size_t count, wrong;
} table_rows;

typedef struct table_reader {
	pw_status (*read)(const void *bytes, size_t n, pw_arena *arena, table_rows *out,
			  pw_report *report);
	pw_status (*write_rejected)(const void *bytes, size_t n, const pw_report *report,
				    pw_encoding encoding, pw_str *out, pw_err *err);
} table_reader;

/* Aborts when it does not hold of these bytes. */
void check_table(const table_reader *reader, const uint8_t *data, size_t size);

#endif
