/*
 * Box manifests: what a site says it packed, as a delimited text file; one box or many in a file. What
 * arrived is found out by scanning.
 *
 * Columns (English and Chinese, in any order): box and tube (required), swabs (how many are said to be
 * in the tube). How header rows and values are cleaned: sheet.h.
 *
 * Findings, beside those of sheet.h: "missing-value", "duplicate-tube". A tube that is in the file twice,
 * in one box or in two, is wrong in both rows.
 */
#ifndef PW_EXCHANGE_MANIFEST_H
#define PW_EXCHANGE_MANIFEST_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/text.h"

typedef struct pw_manifest_row {
	int line;         /* in the file, from 1 */
	const char *box;  /* barcode, never "" */
	const char *tube; /* barcode, never "" */
	int swabs;        /* 0 when the manifest does not say */
} pw_manifest_row;

typedef struct pw_manifest {
	const pw_manifest_row *rows; /* the good ones, in file order */
	size_t count;
	size_t wrong; /* how many are not among them; the report says why */
	size_t boxes; /* how many different boxes the good rows name */
	pw_encoding encoding;
	char delimiter;
} pw_manifest;

/* The largest number of swabs that a row may have: more is a slip of the keys. */
#define PW_MANIFEST_MAX_SWABS 1000

/* As pw_roster_read. */
PW_NODISCARD pw_status pw_manifest_read(const void *bytes, size_t n, const char *name,
					pw_arena *arena, pw_manifest *out, pw_report *report,
					pw_err *err);

/* As pw_roster_write_rejected. */
PW_NODISCARD pw_status pw_manifest_write_rejected(const void *bytes, size_t n,
						  const pw_report *report, pw_encoding encoding,
						  pw_str *out, pw_err *err);

#endif
