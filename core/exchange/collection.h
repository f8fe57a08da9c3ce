/*
 * The collection log of a site that works offline: which tube was opened, who was swabbed into it, and
 * when it was closed, as a delimited text file. Only the form is checked here; whether a tube may be
 * opened, is full or knows the subject are the laboratory's rules, applied when the log is taken in.
 *
 * Columns (English and Chinese, in any order): at, action and tube (required); subject, capacity, count,
 * collector. How header rows and values are cleaned: sheet.h. `at` is as pw_time_parse takes it, also
 * without leading zeros ("2026/1/3 9:05"), with a time of day; without a zone it is local.
 *
 * Findings, beside those of sheet.h: "missing-value", "time", "action", "subject", and the warning
 * "ignored-value".
 */
#ifndef PW_EXCHANGE_COLLECTION_H
#define PW_EXCHANGE_COLLECTION_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/base/text.h"

typedef enum pw_collection_action {
	PW_COLLECTION_OPEN,  /* a tube is taken: capacity */
	PW_COLLECTION_ADD,   /* a swab is put into it: subject */
	PW_COLLECTION_CLOSE, /* it is closed: count */
} pw_collection_action;

/* "open", "add", "close"; never NULL. */
const char *pw_collection_action_name(pw_collection_action action);

typedef struct pw_collection_row {
	int line; /* in the file, from 1 */
	pw_time at;
	pw_collection_action action;
	const char *tube; /* barcode, never "" */
	/* our code, a national id or the sender's own number; "" unless added */
	const char *subject;
	int capacity;          /* swabs, 0 when the log does not say */
	int count;             /* heads counted at closing, -1 when the log does not say */
	const char *collector; /* or "" */
} pw_collection_row;

typedef struct pw_collection {
	const pw_collection_row *rows; /* the good ones, in file order */
	size_t count;
	size_t wrong; /* how many are not among them; the report says why */
	pw_encoding encoding;
	char delimiter;
} pw_collection;

/* The largest capacity and count that a row may have: more is a slip of the keys. */
#define PW_COLLECTION_MAX_SWABS 1000

/* As pw_roster_read. */
PW_NODISCARD pw_status pw_collection_read(const void *bytes, size_t n, const char *name,
					  pw_arena *arena, pw_collection *out, pw_report *report,
					  pw_err *err);

/* As pw_roster_write_rejected. */
PW_NODISCARD pw_status pw_collection_write_rejected(const void *bytes, size_t n,
						    const pw_report *report, pw_encoding encoding,
						    pw_str *out, pw_err *err);

#endif
