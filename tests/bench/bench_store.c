/*
 * What the journal costs: a fact, its rows and its link of the chain, beside plain SQLite that writes the
 * same rows with the same pragmas and as many commits, in turn and in the same run, so that the numbers of
 * two machines can be compared.
 *
 * usage: bench_store [--check] [FOLDER]
 * The databases are made in FOLDER (TMPDIR or /tmp unless told) and removed. --check: exit 1 when a bound
 * is missed.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "pw_sql.h"
#include "tests/bench/timing.h"

#define SCANS    500    /* durable, one by one; after as many that warm up a tenth */
#define PEOPLE   200000 /* registered in one transaction, a thousand a fact */
#define REPLAYED 200000 /* facts */
#define ROUNDS   3

static const char *folder;
static bool missed;

static const char *path_of(const char *name)
{
	static char paths[2][400];
	static int next;
	char *path = paths[next++ % 2];
	snprintf(path, sizeof(paths[0]), "%s/pw-bench-%ld-%s.db", folder, (long)getpid(), name);
	return path;
}

static void remove_database(const char *name)
{
	timing_remove_database(path_of(name));
}

static void remove_all(void)
{
	remove_database("store");
	remove_database("plain");
	remove_database("replayed");
}

/* ---------------------------------------------------------------- plain SQLite */

static sqlite3 *plain;

static void plain_run(const char *sql)
{
	if (sqlite3_exec(plain, sql, NULL, NULL, NULL) == SQLITE_OK)
		return;
	fprintf(stderr, "bench_store: plain SQLite: %s: %s\n", sql, sqlite3_errmsg(plain));
	exit(1);
}

/* The same tables and indexes, and the pragmas of a store. */
static void plain_create(void)
{
	remove_database("plain");
	if (sqlite3_open(path_of("plain"), &plain) != SQLITE_OK)
		exit(1);
	plain_run("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		  "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=2000;");
	plain_run("BEGIN");
	plain_run(pw_schema_text());
	plain_run("COMMIT");
}

static void plain_close(void)
{
	sqlite3_close(plain);
	remove_database("plain");
}

static sqlite3_stmt *plain_prepare(const char *sql)
{
	sqlite3_stmt *st;
	if (sqlite3_prepare_v3(plain, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL) != SQLITE_OK)
		plain_run(sql);
	return st;
}

static void plain_step(sqlite3_stmt *st)
{
	if (sqlite3_step(st) != SQLITE_DONE)
		plain_run("no such row");
	sqlite3_reset(st);
}

static sqlite3_stmt *insert_journal, *insert_swab, *insert_result, *insert_subject;

static void plain_prepare_all(void)
{
	insert_journal = plain_prepare("INSERT INTO journal VALUES (?1, ?2, ?3)");
	insert_swab = plain_prepare("INSERT INTO swab VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)");
	insert_result = plain_prepare("INSERT INTO result (result, subject, status, opened_at, "
				      "swabs, tube) VALUES (?1, ?2, 'open', ?3, 1, ?4)");
	insert_subject = plain_prepare(
		"INSERT INTO subject (subject, kind, name, national_id, external_id, phone, region, "
		"household, grp, document, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
		"?11)");
}

static void plain_finalize_all(void)
{
	sqlite3_finalize(insert_journal);
	sqlite3_finalize(insert_swab);
	sqlite3_finalize(insert_result);
	sqlite3_finalize(insert_subject);
}

static void bind_text(sqlite3_stmt *st, int i, const char *text)
{
	sqlite3_bind_text(st, i, text, -1, SQLITE_STATIC);
}

/* As long as a real one. */
static const char some_hash[] = "8f1c0e5a7b3d2946a1b2c3d4e5f60718293a4b5c6d7e8f901a2b3c4d5e6f7081";

static void plain_journal(int64_t seq, const char *body)
{
	sqlite3_bind_int64(insert_journal, 1, seq);
	bind_text(insert_journal, 2, body);
	bind_text(insert_journal, 3, some_hash);
	plain_step(insert_journal);
}

/* ---------------------------------------------------------------- one scan */

static pw_store *store;

static void store_create(const char *name)
{
	const pw_clock clock = pw_clock_system();
	remove_database(name);
	must(pw_store_create(path_of(name), &store, &timing_err));
	pw_store_session(store, "anna", "bench-1", &clock);
}

static void store_close(const char *name)
{
	pw_store_close(store);
	remove_database(name);
}

static pw_swab_taken scan_of(int64_t i, char tube[32])
{
	snprintf(tube, 32, "SZP%08" PRId64 "K", i / 10);
	return (pw_swab_taken){
		.tube = tube, .place = 1 + i % 10, .subject = i + 1, .result = i + 1};
}

static double store_scan(int64_t i)
{
	char tube[32];
	const pw_swab_taken swab = scan_of(i, tube);
	double start = timing_now();
	must(pw_store_begin(store, NULL, &timing_err));
	must(pw_store_end(store, pw_swab_taken_append(store, &swab, &timing_err), &timing_err));
	return timing_now() - start;
}

static void plain_rows_of_scan(int64_t i, const char *tube)
{
	char body[300];
	snprintf(body, sizeof(body),
		 "{\"actor\":\"anna\",\"at\":1795413909000000,\"data\":{\"place\":%" PRId64
		 ",\"result\":%" PRId64 ",\"subject\":%" PRId64
		 ",\"tube\":\"%s\"},\"fact\":\"swab.taken/1\",\"seq\":%" PRId64
		 ",\"station\":\"bench-1\"}",
		 1 + i % 10, i + 1, i + 1, tube, i + 1);
	plain_journal(i + 1, body);
	bind_text(insert_swab, 1, tube);
	sqlite3_bind_int64(insert_swab, 2, 1 + i % 10);
	sqlite3_bind_int64(insert_swab, 3, i + 1);
	sqlite3_bind_int64(insert_swab, 4, i + 1);
	sqlite3_bind_int64(insert_swab, 5, 1795413909000000 + i);
	bind_text(insert_swab, 6, "anna");
	plain_step(insert_swab);
	sqlite3_bind_int64(insert_result, 1, i + 1);
	sqlite3_bind_int64(insert_result, 2, i + 1);
	sqlite3_bind_int64(insert_result, 3, 1795413909000000 + i);
	bind_text(insert_result, 4, tube);
	plain_step(insert_result);
}

static double plain_scan(int64_t i)
{
	char tube[32];
	scan_of(i, tube);
	double start = timing_now();
	plain_run("BEGIN IMMEDIATE");
	plain_rows_of_scan(i, tube);
	plain_run("COMMIT");
	return timing_now() - start;
}

/* A row of the table; `bound` 0: none. `least`: the value has to be at least the bound, not at most. */
static void row(const char *what, const char *ours, const char *plains, double value, double bound,
		bool least)
{
	char said[32] = "", ratio[32];
	bool ok = bound <= 0 || (least ? value >= bound : value <= bound);
	if (bound > 0)
		snprintf(said, sizeof(said), least ? "≥ %.0f" : "≤ %.1f", bound);
	snprintf(ratio, sizeof(ratio), least ? "%.0f" : "%.2f", value);
	printf("| %s | %s | %s | %s | %s%s |\n", what, ours, plains, ratio, said,
	       ok ? "" : " **missed**");
	fflush(stdout);
	missed = missed || !ok;
}

static void bench_scan(const char *what, bool bound)
{
	static double ours[SCANS], plains[SCANS];
	char a[32], b[32];
	store_create("store");
	plain_create();
	plain_prepare_all();
	for (int64_t i = 0; i < SCANS / 10; i++) {
		store_scan(i);
		plain_scan(i);
	}
	for (int64_t i = 0; i < SCANS; i++) {
		ours[i] = store_scan(SCANS / 10 + i);
		plains[i] = plain_scan(SCANS / 10 + i);
	}
	double x = timing_quantile(ours, SCANS, 0.5), y = timing_quantile(plains, SCANS, 0.5);
	snprintf(a, sizeof(a), "%.0f µs", x * 1e6);
	snprintf(b, sizeof(b), "%.0f µs", y * 1e6);
	row(what, a, b, x / y, bound ? 2.5 : 0, false);
	plain_finalize_all();
	plain_close();
	store_close("store");
}

/* ---------------------------------------------------------------- a roster */

/* A person as a real roster has it: name, two numbers, phone, household. */
static void person(pw_subjects_registered_item *p, int64_t number, pw_arena *arena)
{
	*p = (pw_subjects_registered_item){
		.subject = number,
		.kind = "person",
		.name = pw_arena_printf(arena, "陈小%" PRId64, number % 997),
		.national_id = pw_arena_printf(arena, "44030519%010" PRId64, number),
		.external_id = pw_arena_printf(arena, "E%" PRId64, number),
		.phone = pw_arena_printf(arena, "138%08" PRId64, number),
		.region = 1 + number % 50,
		.household = pw_arena_printf(arena, "7-%" PRId64, number / 3),
		.grp = "voluntary",
		.line = pw_some_int(number + 1)};
}

static double store_register(const pw_subjects_registered_item *people)
{
	double start = timing_now();
	must(pw_store_begin(store, NULL, &timing_err));
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < PEOPLE; i += 1000) {
		const pw_subjects_registered fact = {
			.document = some_hash, .subjects = people + i, .subjects_count = 1000};
		rc = pw_subjects_registered_append(store, &fact, &timing_err);
	}
	must(pw_store_end(store, rc, &timing_err));
	return timing_now() - start;
}

static void plain_subject(const pw_subjects_registered_item *p)
{
	sqlite3_stmt *st = insert_subject;
	sqlite3_bind_int64(st, 1, p->subject);
	bind_text(st, 2, p->kind);
	bind_text(st, 3, p->name);
	bind_text(st, 4, p->national_id);
	bind_text(st, 5, p->external_id);
	bind_text(st, 6, p->phone);
	sqlite3_bind_int64(st, 7, p->region);
	bind_text(st, 8, p->household);
	bind_text(st, 9, p->grp);
	bind_text(st, 10, some_hash);
	sqlite3_bind_int64(st, 11, p->line.value);
	plain_step(st);
}

/* The journal's rows are as long as the store's: 180 bytes a person. */
static double plain_register(const pw_subjects_registered_item *people)
{
	static char body[180001];
	memset(body, 'x', sizeof(body) - 1);
	double start = timing_now();
	plain_run("BEGIN IMMEDIATE");
	for (size_t i = 0; i < PEOPLE; i++) {
		if (i % 1000 == 0)
			plain_journal(1 + (int64_t)i / 1000, body);
		plain_subject(&people[i]);
	}
	plain_run("COMMIT");
	return timing_now() - start;
}

static void bench_register(void)
{
	double ours[ROUNDS], plains[ROUNDS];
	char a[40], b[40];
	pw_arena arena = PW_ARENA_INIT;
	pw_subjects_registered_item *people = pw_alloc_array(PEOPLE, sizeof(*people));
	for (int64_t i = 0; i < PEOPLE; i++)
		person(&people[i], i + 1, &arena);
	for (int round = 0; round < ROUNDS; round++) {
		store_create("store");
		plain_create();
		plain_prepare_all();
		ours[round] = store_register(people);
		plains[round] = plain_register(people);
		plain_finalize_all();
		plain_close();
		store_close("store");
	}
	double x = timing_quantile(ours, ROUNDS, 0.5), y = timing_quantile(plains, ROUNDS, 0.5);
	snprintf(a, sizeof(a), "%.0f people/s", PEOPLE / x);
	snprintf(b, sizeof(b), "%.0f people/s", PEOPLE / y);
	row("200,000 people registered in one transaction", a, b, x / y, 0, false);
	row("… people/s", a, b, PEOPLE / x, 50000, true);
	pw_arena_clear(&arena);
	pw_free(people);
}

/* ---------------------------------------------------------------- replay */

static double plain_scans(void)
{
	char tube[32];
	double start = timing_now();
	plain_run("BEGIN IMMEDIATE");
	for (int64_t i = 0; i < REPLAYED; i++) {
		scan_of(i, tube);
		plain_rows_of_scan(i, tube);
	}
	plain_run("COMMIT");
	return timing_now() - start;
}

static double replay(void)
{
	pw_store *target;
	remove_database("replayed");
	must(pw_store_create(path_of("replayed"), &target, &timing_err));
	double start = timing_now();
	must(pw_store_replay(store, target, NULL, NULL, &timing_err));
	double taken = timing_now() - start;
	pw_store_close(target);
	remove_database("replayed");
	return taken;
}

static void bench_replay(void)
{
	double ours[ROUNDS], plains[ROUNDS];
	char a[40], b[40], tube[32];
	store_create("store");
	must(pw_store_begin(store, NULL, &timing_err));
	for (int64_t i = 0; i < REPLAYED; i++) {
		const pw_swab_taken swab = scan_of(i, tube);
		must(pw_swab_taken_append(store, &swab, &timing_err));
	}
	must(pw_store_end(store, PW_OK, &timing_err));
	for (int round = 0; round < ROUNDS; round++) {
		plain_create();
		plain_prepare_all();
		ours[round] = replay();
		plains[round] = plain_scans();
		plain_finalize_all();
		plain_close();
	}
	double x = timing_quantile(ours, ROUNDS, 0.5), y = timing_quantile(plains, ROUNDS, 0.5);
	snprintf(a, sizeof(a), "%.0f facts/s", REPLAYED / x);
	snprintf(b, sizeof(b), "%.0f facts/s", REPLAYED / y);
	row("200,000 scans replayed", a, b, x / y, 0, false);
	row("… facts/s", a, b, REPLAYED / x, 40000, true);
	store_close("store");
}

int main(int argc, char **argv)
{
	bool check = false;
	const char *tmp = getenv("TMPDIR");
	folder = tmp != NULL ? tmp : "/tmp";
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--check") == 0)
			check = true;
		else
			folder = argv[i];
	}
	atexit(remove_all);
	printf("Databases in %s.\n\n"
	       "| what | store | plain SQLite | ratio or figure | bound |\n"
	       "| --- | ---: | ---: | ---: | --- |\n",
	       folder);
	bench_scan("one scan, durable (fact, rows, chain; median)", true);
	bench_register();
	bench_replay();
	if (access("/dev/shm", W_OK) == 0) {
		folder = "/dev/shm";
		bench_scan("one scan, in memory: without the wait for the disk", false);
	}
	return check && missed ? 1 : 0;
}
