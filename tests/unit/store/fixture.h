/*
 * What the store's tests share: a folder of its own for each test, a store whose clock the test holds,
 * and SQLite without the store between, as somebody with the sqlite3 tool has it.
 */
#ifndef PW_TESTS_STORE_FIXTURE_H
#define PW_TESTS_STORE_FIXTURE_H

#include <sqlite3.h>

#include "core/base/rng.h"
#include "core/store/internal.h"
#include "pw_sql.h"

/* 2026-11-23T06:05:09Z */
#define FIXTURE_NOW ((pw_time)1795413909 * PW_SECOND)

typedef struct fixture {
	char dir[64], path[96];
	pw_time now; /* what the store's clock shows */
	pw_store *store;
	pw_err err; /* for calls that must not fail */
} fixture;

extern fixture fx;

/* A checked fixture: an empty folder, and (setup) a new store in it with the session "anna", "bench-1". */
void fixture_folder(void);
void fixture_setup(void);
void fixture_teardown(void);

void fixture_create(void);
void fixture_open(void);
void fixture_close(void);

/* The test's clock, for the store of any process. */
void fixture_session(pw_store *store);

/* Every file in the folder goes, but this one (or NULL). */
void fixture_empty_folder(const char *but);

/* A path in the folder; lives until the next call but three. */
const char *fixture_file(const char *name);
void copy_file(const char *from, const char *to);

/* PW_OK, or the test ends with the error's text: must(pw_store_head(store, &head, &fx.err)). */
#define must(call)                                                                              \
	do {                                                                                    \
		pw_status must_rc = (call);                                                     \
		ck_assert_msg(must_rc == PW_OK, "%s: %s", pw_status_name(must_rc), fx.err.msg); \
	} while (0)

/* One fact in a transaction of its own. */
pw_status append_site(pw_store *store, const char *site, pw_err *err);
pw_status open_tube(pw_store *store, const char *tube, pw_err *err);

/* A fact of `count` people from number `first` on, without a transaction around it. */
pw_status register_people(pw_store *store, int64_t first, size_t count, pw_err *err);

/* ---- SQLite itself */

sqlite3 *raw_open(const char *path);
void raw_run(sqlite3 *db, const char *format, ...) PW_PRINTF(2, 3);
int64_t raw_int(sqlite3 *db, const char *format, ...) PW_PRINTF(2, 3);

/* raw_run on a connection of its own. */
void tamper(const char *path, const char *format, ...) PW_PRINTF(2, 3);

/* ---- findings */

/* The first finding that has both pieces of text in it, or NULL. */
const pw_finding *find_finding(const pw_report *report, const char *a, const char *b);

/* The whole report as one text, for a test's message; lives until the next call. */
const char *report_text(const pw_report *report);

/* The store says that nothing is wrong with the file, chain and tables. */
void assert_clean(const char *path);

/* ---- facts of any kind */

/* A number that is drawn for each test run, or PW_SEED from the environment; printed on failure. */
uint64_t test_seed(void);

/* Values for every field of a fact, odd ones among them; lives in the arena. */
void draw_fact(pw_rng *rng, const pw_fact *fact, pw_arena *arena, pw_fact_values *out);

#endif
