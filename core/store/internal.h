/* What the files of core/store share; sqlite3.h stays behind it. */
#ifndef PW_STORE_INTERNAL_H
#define PW_STORE_INTERNAL_H

#include <sqlite3.h>

#include "core/store/store.h"

#define PW_APPLICATION_ID 0x5057454c /* "PWEL" */
#define PW_SCHEMA_VERSION 1

/* ---- what sqlgen writes (pw_sql.c) */

typedef enum pw_from { PW_FROM_ENVELOPE, PW_FROM_FIELD, PW_FROM_ITEM } pw_from;

typedef struct pw_source {
	pw_from from;
	int index;
} pw_source;

typedef struct pw_apply {
	int statement;
	bool each;
	const pw_source *sources;
	int source_count;
} pw_apply;

typedef struct pw_fact {
	const char *name, *doc;
	const pw_field
		*fields; /* in the order of canonical JSON; a PW_TYPE_LIST among them or not */
	int field_count;
	const pw_field *items;
	int item_count;
	size_t item_size, count_offset;
	const pw_apply *applies;
	int apply_count;
} pw_fact;

typedef struct pw_statement {
	const char *name, *sql;
	int param_count;
	const pw_field *columns;
	int column_count;
	size_t row_size;
	const char *scan_ok;
} pw_statement;

extern const unsigned char pw_sql_schema[];
extern const pw_statement pw_sql_statements[];
extern const int pw_sql_statement_count;
extern const pw_fact pw_sql_facts[];
extern const int pw_sql_fact_count;

/* ---- values */

typedef struct pw_value {
	enum { PW_NULL, PW_INT, PW_REAL, PW_TEXT } kind;
	int64_t i;
	double r;
	const char *text; /* borrowed */
} pw_value;

static inline pw_value pw_value_text(const char *text)
{
	return (pw_value){text != NULL ? PW_TEXT : PW_NULL, 0, 0, text};
}

static inline pw_value pw_value_int(int64_t value)
{
	return (pw_value){PW_INT, value, 0, NULL};
}

static inline pw_value pw_value_real(double value)
{
	return (pw_value){PW_REAL, 0, value, NULL};
}

static inline pw_value pw_value_opt_int(pw_opt_int value)
{
	return (pw_value){value.has ? PW_INT : PW_NULL, value.value, 0, NULL};
}

static inline pw_value pw_value_opt_real(pw_opt_real value)
{
	return (pw_value){value.has ? PW_REAL : PW_NULL, 0, value.value, NULL};
}

/* ---- the connection */

#define PW_MAX_DEPTH 8

typedef struct pw_level {
	char *reason;
	pw_head head; /* where the journal and the clock stood when the level began */
	pw_time last_at, at;
	bool clock_accepted;
} pw_level;

struct pw_store {
	sqlite3 *db;
	char *path;
	sqlite3_stmt **prepared; /* by statement number */
	bool *in_use;            /* a cursor is on it */
	char *actor, *station;
	pw_clock clock;
	pw_time patience;
	int claims; /* the file of claims, -1: not open */
	int depth;
	bool reading;
	bool in_commit; /* nobody else may commit */
	bool given_up; /* a savepoint could not be undone alone: nothing of the transaction may stay */
	pw_level levels[PW_MAX_DEPTH];
	/* inside a write transaction */
	pw_head head;
	pw_time last_at, at; /* at 0: not asked yet */
	bool clock_accepted;
};

/* A status and a text for what SQLite just said; `doing` is "recording", "reading", … */
#define pw_sqlite_fail(db, code, doing, err) \
	pw_failed(pw_sqlite_status((db), (code), (doing), (err)))
pw_status pw_sqlite_status(sqlite3 *db, int code, const char *doing, pw_err *err);

/* The prepared statement of a number, reset and without values. */
PW_NODISCARD pw_status pw_statement_get(pw_store *store, int number, sqlite3_stmt **out,
					pw_err *err);
PW_NODISCARD pw_status pw_statement_bind(sqlite3_stmt *st, int index, const pw_value *value,
					 pw_err *err);

PW_NODISCARD pw_status pw_query_exec(pw_store *store, int number, const pw_value *values,
				     pw_err *err);
PW_NODISCARD pw_status pw_query_one(pw_store *store, int number, const pw_value *values,
				    pw_arena *arena, void *out_row, bool *found, pw_err *err);
PW_NODISCARD pw_status pw_query_many(pw_store *store, int number, const pw_value *values,
				     pw_arena *arena, void **out_rows, size_t *count, pw_err *err);
PW_NODISCARD pw_status pw_cursor_open(pw_store *store, int number, const pw_value *values,
				      pw_cursor *out, pw_err *err);
PW_NODISCARD pw_status pw_cursor_next(pw_cursor *cursor, void *out_row, bool *found, pw_err *err);

/* PW_ERR_IO when SQLite has rolled the transaction back by itself (a full disk or the like), so that
 * whatever is written now would be a transaction of its own; or when it is given_up. */
PW_NODISCARD pw_status pw_tx_check(pw_store *store, pw_err *err);

/* SQL that is the store's own (BEGIN, PRAGMA, …). */
PW_NODISCARD pw_status pw_store_run(pw_store *store, const char *sql, pw_err *err);

/* The last fact's number, hash and time; zeros when there is none. */
PW_NODISCARD pw_status pw_store_read_head(pw_store *store, pw_head *head, pw_time *last_at,
					  pw_err *err);

/* A database beside this one, private and gone when closed, for a replay. */
PW_NODISCARD pw_status pw_store_open_scratch(pw_store **out, pw_err *err);

/* ---- facts */

typedef struct pw_envelope {
	int64_t seq;
	pw_time at;
	const char *actor, *station, *reason;
} pw_envelope;

/* A fact as values, whether they came out of a C struct or out of the journal. */
typedef struct pw_fact_values {
	const pw_fact *fact;
	pw_envelope envelope;
	pw_value *fields; /* by field number; the list's place is not used */
	pw_value *items;  /* record after record */
	size_t item_count;
} pw_fact_values;

/* What pw_…_append calls. */
PW_NODISCARD pw_status pw_fact_append(pw_store *store, int number, const void *fact, pw_err *err);

/* Canonical JSON of the values. PW_ERR_FORMAT for text that is not UTF-8. */
PW_NODISCARD pw_status pw_fact_encode(const pw_fact_values *values, pw_str *out, pw_err *err);

/* The way back; everything lives in the arena. PW_ERR_CORRUPT when the body is no fact that this program
 * knows. Another spelling than the canonical one is read too: pw_store_verify finds it by encoding again. */
PW_NODISCARD pw_status pw_fact_decode(const char *body, size_t n, pw_arena *arena,
				      pw_fact_values *out, pw_err *err);

/* So many findings say what there is to say: no more are looked for. */
static inline bool pw_report_enough(const pw_report *report)
{
	return report->errors >= 100;
}

/* Runs the fact's SQL: the one way in which tables change, live and in replay. */
PW_NODISCARD pw_status pw_fact_apply(pw_store *store, const pw_fact_values *values, pw_err *err);

#endif
