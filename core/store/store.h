/*
 * The store: the journal of facts, the tables made from it, the files that came from outside, and
 * the queries. The one place with SQL and sqlite3.h; no rule of the laboratory is here.
 *
 * INTERFACE CONVENTIONS
 *
 * - A pw_store is one connection to one laboratory's database file. It belongs to one thread; several
 *   processes, each with a store of its own, may work on one file at once.
 * - Whatever changes the database is a fact, appended inside a transaction: pw_store_begin, appends,
 *   pw_store_end. When pw_store_end returns PW_OK the facts are on disk (WAL, synchronous=FULL) and
 *   survive any kill; when it does not, nothing of the transaction is there (or, when a disk fails at the
 *   last moment, the error says to look: all of it may be there). A transaction inside a transaction
 *   is a savepoint: its failure undoes its own facts only.
 * - A write transaction takes the database's one write lock when it begins, so what is read inside it
 *   can't change before it ends. Rules are checked there.
 * - Reading more than one statement: pw_store_begin_read, so that all see the same moment.
 * - Facts and queries are declared in core/store/sql/(*).sql; pw_sql.h is made from them:
 *   `pw_tube_opened_append(store, &fact, err)`, `pw_q_tube_find(store, arena, …)`. Optional numbers are
 *   pw_opt_int and pw_opt_real; optional text is NULL. Text in rows of `one` and `many` lives in
 *   the arena; in rows of a cursor, until the next row.
 * - Texts of errors say what a person can do; SQLite's own words come at the end in brackets.
 *
 * The mechanism: docs/internals/journal.md and docs/internals/store.md.
 */
#ifndef PW_STORE_STORE_H
#define PW_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/hash.h"
#include "core/base/report.h"
#include "core/base/str.h"

typedef struct pw_store pw_store;

typedef struct pw_opt_int {
	bool has;
	int64_t value;
} pw_opt_int;

typedef struct pw_opt_real {
	bool has;
	double value;
} pw_opt_real;

static inline pw_opt_int pw_some_int(int64_t value)
{
	return (pw_opt_int){true, value};
}

static inline pw_opt_real pw_some_real(double value)
{
	return (pw_opt_real){true, value};
}

/* ---------------------------------------------------------------- open, close */

/*
 * Makes a new database file with the tables and no facts. PW_ERR_EXISTS when the path is there: an
 * existing file is never touched. PW_ERR_IO when it can't be written.
 */
PW_NODISCARD pw_status pw_store_create(const char *path, pw_store **out, pw_err *err);

/*
 * Opens a laboratory's database. PW_ERR_NOT_FOUND when there is no such file (none is made),
 * PW_ERR_FORMAT when it is not a poolwell database or was made by a newer program, PW_ERR_IO, PW_ERR_BUSY.
 * A file that can't be written, in a folder that can, is opened for reading; a write transaction then
 * says so.
 */
PW_NODISCARD pw_status pw_store_open(const char *path, pw_store **out, pw_err *err);

/* Accepts NULL. A transaction that is still open is rolled back. */
void pw_store_close(pw_store *store);

const char *pw_store_path(const pw_store *store);

/*
 * Who and where, and by which clock, for the facts to come. The texts are copied. How far the clock
 * may run behind the journal's last fact before an append is refused: two seconds (the fact then takes
 * the last fact's time); beyond that PW_ERR_CLOCK, until the jump is accepted (clock.accepted/1).
 */
void pw_store_session(pw_store *store, const char *actor, const char *station,
		      const pw_clock *clock);

/* How long to wait for another program's write lock before PW_ERR_BUSY; 30 s unless told. */
void pw_store_patience(pw_store *store, pw_time patience);

/*
 * For simulated work only: commits are whole but reach the disk later, at a checkpoint or on close. A
 * laboratory's own work never calls it: there, PW_OK means on disk.
 */
PW_NODISCARD pw_status pw_store_relax(pw_store *store, pw_err *err);

/* ---------------------------------------------------------------- transactions */

/* `reason` (or NULL) is written into every fact until the matching end; copied. */
PW_NODISCARD pw_status pw_store_begin(pw_store *store, const char *reason, pw_err *err);

/*
 * Ends what the matching begin began: commits when rc is PW_OK, else undoes. Returns rc, or the commit's
 * own failure (then nothing was recorded): `rc = pw_store_end(store, rc, err);`
 */
PW_NODISCARD pw_status pw_store_end(pw_store *store, pw_status rc, pw_err *err);

/* One moment for several queries. No facts inside. Ended by pw_store_end too. */
PW_NODISCARD pw_status pw_store_begin_read(pw_store *store, pw_err *err);

/* The time that the next fact would get: the session's clock, checked against the journal. Inside a
 * transaction all facts have the same time, that of its first use. PW_ERR_CLOCK as above. */
PW_NODISCARD pw_status pw_store_now(pw_store *store, pw_time *out, pw_err *err);

/* The number that the next fact will get; inside a write transaction. */
int64_t pw_store_next_seq(const pw_store *store);

/* The time of the journal's last fact, 0 for none; inside a write transaction. */
pw_time pw_store_last_at(const pw_store *store);

/* Accept that the clock was set back: the next fact may be earlier than the last. To be followed by an
 * append of clock.accepted/1 in the same transaction. */
void pw_store_accept_clock(pw_store *store);

/* ---------------------------------------------------------------- claims */

/*
 * A claim: what one process at a time may do with a laboratory, such as working a certain printer. It is a
 * lock of the operating system on a byte of the file "<database>-claims" and ends with the process, however
 * that ends; nothing of it is in the database. Closing a store gives its claims back, and those of any other
 * store that the same process has on that database.
 */

/* Takes the claim of a number, which must be positive. PW_ERR_BUSY at once when another process has it, with
 * the number of that process; PW_ERR_IO. */
PW_NODISCARD pw_status pw_store_claim(pw_store *store, int64_t number, pw_err *err);
void pw_store_release(pw_store *store, int64_t number);

/* Whether another process has the claim at the moment; false also when that can't be told. */
bool pw_store_claimed(pw_store *store, int64_t number);

/* ---------------------------------------------------------------- kept files */

/*
 * Keeps bytes that came from outside under the hash of their content, inside a write transaction. Says
 * in *known whether they were there already (then nothing changes). At most 256 MiB.
 */
PW_NODISCARD pw_status pw_store_attach(pw_store *store, const void *bytes, size_t n,
				       pw_hash *out_hash, bool *known, pw_err *err);

/* The kept bytes of a hash; PW_ERR_NOT_FOUND. They live in the arena. */
PW_NODISCARD pw_status pw_store_attached(pw_store *store, pw_arena *arena, const char *hash_hex,
					 const void **out_bytes, size_t *out_n, pw_err *err);

/* ---------------------------------------------------------------- the journal */

typedef struct pw_head {
	int64_t seq; /* 0: no fact yet */
	pw_hash hash;
} pw_head;

PW_NODISCARD pw_status pw_store_head(pw_store *store, pw_head *out, pw_err *err);

/* The short head: "12345-9f3a1c5be07d2244", what a daily report prints. */
void pw_head_format(const pw_head *head, char out[40]);

/*
 * Checks the chain: every hash, the numbering without a gap, the form of every fact, and every kept file
 * against its name. Each finding is added to *report with the fact's number as its line; after a hundred it
 * looks for no more. *out_head is the head it arrived at. `progress` (or NULL) is called now and then with done and total. Returns PW_OK also
 * when there are findings; an error when the database can't be read.
 */
typedef void (*pw_progress_fn)(void *ctx, int64_t done, int64_t total);
PW_NODISCARD pw_status pw_store_verify(pw_store *store, pw_report *report, pw_head *out_head,
				       pw_progress_fn progress, void *ctx, pw_err *err);

/*
 * As pw_store_verify, and then replays the journal into an empty database beside it and compares the
 * table definitions and every table row by row: a row that was edited, added or removed behind the
 * program's back is named with its table, key, column and both values; so is an index that is out of step
 * with its table.
 */
PW_NODISCARD pw_status pw_store_verify_deep(pw_store *store, pw_report *report, pw_head *out_head,
					    pw_progress_fn progress, void *ctx, pw_err *err);

/*
 * Whether a short head that was printed earlier (pw_head_format) is in this journal:
 * PW_ERR_CORRUPT when the fact of that number has another hash, or the journal is shorter: somebody has
 * put another history in its place. PW_ERR_FORMAT when the text is no head.
 */
PW_NODISCARD pw_status pw_store_check_head(pw_store *store, const char *text, pw_err *err);

/*
 * Replays this journal into `target`, which was just created and is empty. What `verify --deep`, the
 * benchmark and a repair use.
 */
PW_NODISCARD pw_status pw_store_replay(pw_store *store, pw_store *target, pw_progress_fn progress,
				       void *ctx, pw_err *err);

/* ---------------------------------------------------------------- what is declared */

typedef enum pw_type { PW_TYPE_TEXT, PW_TYPE_INT, PW_TYPE_REAL, PW_TYPE_LIST } pw_type;

typedef struct pw_field {
	const char *name;
	pw_type type;
	bool optional, phi;
	size_t offset; /* in the C struct */
	const char *doc;
} pw_field;

/* A fact's declaration, for the reference page: fields are in the order of canonical JSON. */
typedef struct pw_fact_info {
	const char *name, *doc;
	const pw_field *fields, *items; /* items: of the list's records */
	int field_count, item_count;
} pw_fact_info;

int pw_fact_count(void);
pw_fact_info pw_fact_info_at(int index);
const char *pw_schema_text(void);

/* A fact, without its data. */
typedef struct pw_fact_summary {
	const char *name; /* static: "tube.opened/1" */
	pw_time at;
	char actor[64], station[64],
		reason[256]; /* cut when longer; reason "" when there is none */
} pw_fact_summary;

/*
 * For people: the body of a fact as "field=value" text, appended to *out_data, with what identifies a
 * person as "•••" unless `phi`; a list as "swabs: 10", or, `whole`, with its records in brackets.
 * PW_ERR_CORRUPT when the body is no fact.
 */
PW_NODISCARD pw_status pw_fact_describe(const char *body, bool phi, bool whole,
					pw_fact_summary *out, pw_str *out_data, pw_err *err);

/* ---------------------------------------------------------------- cursors (pw_q_…_open) */

typedef struct pw_cursor {
	pw_store *store;
	int statement;
	bool open;
} pw_cursor;

/* Ends a cursor before its last row; accepts one that has ended. */
void pw_cursor_close(pw_cursor *cursor);

#endif
