/*
 * Results: one description of a row, shown as a table, as JSON or as CSV.
 *
 *	static const pw_column columns[] = {
 *		{.key = "tube", .flags = PW_COL_WHOLE},
 *		{.key = "swabs", .kind = PW_COL_INT},
 *		{.key = "received", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
 *		PW_COLUMNS_END,
 *	};
 *
 *	pw_out *out = pw_ctx_out(ctx);
 *	pw_out_list(out, columns);
 *	for (…) {
 *		pw_out_text(out, tube->barcode);        (the cells of a row, from left to right)
 *		pw_out_int(out, tube->swabs);
 *		pw_out_null(out);                       (not received)
 *	}
 *	pw_out_end(out, "tube", "tubes");               ("2 tubes", on standard error)
 *
 * What each face shows of a cell:
 *
 *	            table                   JSON                    CSV
 *	text        visible, on one line    string                  as it is
 *	int         digits                  number                  digits
 *	real        with `decimals`         number, in full         in full
 *	time        local ISO 8601          the same, a string      the same
 *	duration    "2 h 05 min"            seconds, a number       seconds
 *	bool        yes, no                 true, false             true, false
 *	hash        12 digits on a terminal 64 digits, a string     64 digits
 *	null        -                       null                    empty
 *
 * On a terminal a table that is too wide loses the ends of its widest texts ("…"), nowhere else; a last
 * column with PW_COL_WRAP goes on in the lines below. An empty list is [] in JSON, the header alone in CSV, nothing in a table. CSV is RFC 4180 with LF.
 *
 * When something fails in the middle, return pw_ctx_fail: what was begun stays unfinished, and the exit code
 * says so. A list and an object cannot be begun inside another; wrong numbers or kinds of cells abort. What
 * cannot be written is found out by pw_out_flush, which the frame calls after `run`.
 */
#ifndef PW_CLI_OUT_H
#define PW_CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/json.h"
#include "cli/term.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/hash.h"

typedef enum pw_out_format { PW_OUT_TABLE, PW_OUT_JSON, PW_OUT_CSV } pw_out_format;

typedef enum pw_col_kind {
	PW_COL_TEXT,
	PW_COL_INT,
	PW_COL_REAL,
	PW_COL_TIME,
	PW_COL_DURATION,
	PW_COL_BOOL,
	PW_COL_HASH
} pw_col_kind;

enum {
	PW_COL_RIGHT = 1,    /* at the right edge, as numbers are anyway */
	PW_COL_OPTIONAL = 2, /* a table leaves the column out when no row has a value */
	PW_COL_WHOLE = 4,    /* never shortened: what somebody may copy or scan */
	PW_COL_WRAP = 8 /* the last column of a list: goes on below itself and is not shortened */
};

typedef struct pw_column {
	const char *key;   /* "received_at": the name in JSON and CSV; a duration's ends in "_s" */
	const char *title; /* in tables; NULL: the key, with spaces for "_" */
	pw_col_kind kind;
	int decimals;   /* of a real in tables; 0: as many as it takes */
	unsigned flags; /* PW_COL_… */
} pw_column;

/* clang-format off */
#define PW_COLUMNS_END { .key = NULL }
/* clang-format on */

typedef struct pw_out pw_out;

/* Results to `out`, the summary of a table to `talk` (NULL: nowhere). Free with pw_out_free. */
pw_out *pw_out_new(FILE *out, FILE *talk, pw_term term);
void pw_out_free(pw_out *out);

/* Table until this is called. */
void pw_out_set_format(pw_out *out, pw_out_format format);
pw_out_format pw_out_get_format(const pw_out *out);
pw_term pw_out_term(const pw_out *out);

/* --- lists and objects --------------------------------------------------------------------- */

/* Begins a list; `columns` must live until its end. */
void pw_out_list(pw_out *out, const pw_column *columns);

/* Begins a single object, which is one row of cells: "title  value" lines in a table, an object in
 * JSON, a header and a row in CSV. */
void pw_out_object(pw_out *out, const pw_column *columns);

/* The next cell. NULL as text or hash is pw_out_null. */
void pw_out_text(pw_out *out, const char *text);
void pw_out_int(pw_out *out, int64_t number);
void pw_out_real(pw_out *out, double number); /* must be finite */
void pw_out_time(pw_out *out, pw_time at);
void pw_out_duration(pw_out *out, pw_time duration);
void pw_out_bool(pw_out *out, bool value);
void pw_out_hash(pw_out *out, const pw_hash *hash);
void pw_out_null(pw_out *out); /* of any kind of column */

/* Ends the list or object. With names for one and for many of them a table says on `talk` how many
 * there are, "no tubes", "1 tube"; NULL, NULL says nothing. */
void pw_out_end(pw_out *out, const char *one, const char *many);

/* --- other results ------------------------------------------------------------------------- */

/* Text as it is: help, a file onto standard output. */
void pw_out_write(pw_out *out, const char *bytes, size_t n);
void pw_out_puts(pw_out *out, const char *text);
void pw_out_printf(pw_out *out, const char *format, ...) PW_PRINTF(2, 3);

/* A heading on a line of its own: bold on a terminal. */
void pw_out_heading(pw_out *out, const char *text);

/* The writer of a nested result (PW_CMD_JSON), begun anew; it lives as long as `out`. */
pw_json *pw_out_json(pw_out *out);

/* Hands everything on. PW_ERR_IO, now and ever after, when something could not be written. */
PW_NODISCARD pw_status pw_out_flush(pw_out *out, pw_err *err);

#endif
