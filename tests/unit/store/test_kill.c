/*
 * kill -9 at random moments: what was acknowledged is there, nothing is half-done, verify --deep is clean,
 * and a program that works beside the killed one goes on. PW_KILLS says how many (60 unless told).
 */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/store/fixture.h"

#define ROUNDS_A_FILE 5

/* ---------------------------------------------------------------- the child */

static pw_status collect(const char *name, int64_t number)
{
	char tube[40];
	snprintf(tube, sizeof(tube), "%s-%lld", name, (long long)number);
	const pw_tube_opened opened = {
		.tube = tube, .issuer = "SZP", .symbology = "code128", .capacity = 1, .site = "S1"};
	const pw_tube_closed closed = {.tube = tube, .count = 0};
	pw_status rc = pw_tube_opened_append(fx.store, &opened, &fx.err);
	return rc == PW_OK ? pw_tube_closed_append(fx.store, &closed, &fx.err) : rc;
}

/* A thousand people of a roster that is kept, in two facts after that of the roster. */
static pw_status import_roster(const char *name, int64_t number)
{
	char roster[40], hex[PW_HASH_HEX];
	pw_hash hash = {{0}};
	bool known;
	int64_t first = raw_int(fx.store->db, "SELECT COALESCE(max(subject), 0) + 1 FROM subject");
	snprintf(roster, sizeof(roster), "%s-%lld", name, (long long)number);
	pw_status rc = pw_store_attach(fx.store, roster, strlen(roster), &hash, &known, &fx.err);
	pw_hash_hex(&hash, hex);
	const pw_roster_imported fact = {.hash = hex, .name = roster, .rows = 1000};
	if (rc == PW_OK)
		rc = pw_roster_imported_append(fx.store, &fact, &fx.err);
	for (int64_t half = 0; rc == PW_OK && half < 2; half++)
		rc = register_people(fx.store, first + half * 500, 500, &fx.err);
	return rc;
}

/* A use case of which a part is refused and undone, and the rest goes on. */
static pw_status half_refused(const char *name, int64_t number)
{
	pw_status rc = pw_store_begin(fx.store, NULL, &fx.err);
	if (rc != PW_OK)
		return rc;
	must(collect("refused", number));
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_REFUSED, &fx.err), PW_ERR_REFUSED);
	return collect(name, number);
}

/* Use case after use case, each acknowledged with its number, until the end comes. */
static void work(const char *name, uint64_t seed, int fd)
{
	pw_rng rng;
	pw_clock clock = pw_clock_system();
	pw_rng_init(&rng, seed);
	for (int64_t number = 1;; number++) {
		char reason[40];
		uint64_t kind = pw_rng_below(&rng, 12);
		if (fx.store == NULL) {
			must(pw_store_open(fx.path, &fx.store, &fx.err));
			pw_store_session(fx.store, "anna", name, &clock);
			raw_run(fx.store->db, "PRAGMA wal_autocheckpoint = 50");
		}
		snprintf(reason, sizeof(reason), "%s-%lld", name, (long long)number);
		must(pw_store_begin(fx.store, reason, &fx.err));
		pw_status rc = kind == 0   ? import_roster(name, number)
			       : kind == 1 ? half_refused(name, number)
					   : collect(name, number);
		must(pw_store_end(fx.store, rc, &fx.err));
		ck_assert_int_eq(write(fd, &number, sizeof(number)), (ssize_t)sizeof(number));
		if (kind == 2)
			fixture_close();
	}
}

/* ---------------------------------------------------------------- the parent */

typedef struct worker {
	char name[24];
	pid_t pid;
	int fd;
	int64_t acknowledged;
} worker;

static worker start(int round, char letter, uint64_t seed)
{
	worker w = {.acknowledged = 0};
	int ends[2];
	snprintf(w.name, sizeof(w.name), "%c%d", letter, round);
	ck_assert_int_eq(pipe(ends), 0);
	w.pid = fork();
	if (w.pid == 0) {
		close(ends[0]);
		work(w.name, seed, ends[1]);
	}
	close(ends[1]);
	w.fd = ends[0];
	return w;
}

/* Takes the acknowledgements that have come; waits for one when asked to. False: there will be none. */
static bool listen_to(worker *w, bool wait)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	int64_t number;
	while (poll(&p, 1, wait ? 300000 : 0) > 0) {
		if (read(w->fd, &number, sizeof(number)) != (ssize_t)sizeof(number))
			return false;
		ck_assert_int_eq(number, w->acknowledged + 1);
		w->acknowledged = number;
		wait = false;
	}
	return !wait;
}

static void kill_it(worker *w)
{
	int status;
	ck_assert_int_eq(kill(w->pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(w->pid, &status, 0), w->pid);
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		      "%s ended by itself: see above", w->name);
	while (listen_to(w, true))
		;
	close(w->fd);
}

static void check_worker(sqlite3 *db, const worker *w)
{
	int64_t there = raw_int(db,
				"SELECT count(DISTINCT body ->> 'reason') FROM journal WHERE body "
				"->> 'station' = '%s'",
				w->name);
	ck_assert_msg(there == w->acknowledged || there == w->acknowledged + 1,
		      "%s: %lld use cases are there and %lld were acknowledged", w->name,
		      (long long)there, (long long)w->acknowledged);
	if (w->acknowledged > 0)
		ck_assert_int_ge(raw_int(db,
					 "SELECT count(*) FROM journal WHERE body ->> 'reason' = "
					 "'%s-%lld'",
					 w->name, (long long)w->acknowledged),
				 2);
}

static void check_file(const worker *a, const worker *b)
{
	sqlite3 *db = raw_open(fx.path);
	check_worker(db, a);
	check_worker(db, b);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM tube WHERE state <> 'closed'"), 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM tube WHERE tube LIKE 'refused%%'"), 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM subject") -
				 1000 * raw_int(db, "SELECT count(*) FROM document"),
			 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM attachment") -
				 raw_int(db, "SELECT count(*) FROM document"),
			 0);
	sqlite3_close(db);
	assert_clean(fx.path);
}

static void nap(pw_rng *rng, uint64_t most_micros)
{
	struct timespec ts = {0, (long)pw_rng_below(rng, most_micros) * 1000};
	nanosleep(&ts, NULL);
}

/* Two at work; one is killed, the other must go on, and is killed too. */
static int64_t kill_two(pw_rng *rng, int round)
{
	worker a = start(round, 'a', pw_rng_next(rng)), b = start(round, 'b', pw_rng_next(rng));
	if (round % 4 != 0) /* else the end may come while the file is being opened */
		ck_assert(listen_to(&a, true));
	nap(rng, 60000);
	kill_it(&a);
	listen_to(&b, false);
	ck_assert_msg(listen_to(&b, true), "%s stands still after the end of %s", b.name, a.name);
	nap(rng, 30000);
	kill_it(&b);
	check_file(&a, &b);
	return a.acknowledged + b.acknowledged;
}

START_TEST(test_kill_at_any_moment_loses_nothing)
{
	const char *told = getenv("PW_KILLS");
	long kills = told != NULL ? strtol(told, NULL, 10) : 60;
	int64_t acknowledged = 0;
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	fixture_close();
	for (int round = 0; round < (kills + 1) / 2; round++) {
		if (round % ROUNDS_A_FILE == 0) {
			fixture_empty_folder(NULL);
			fixture_create();
			fixture_close();
		}
		acknowledged += kill_two(&rng, round);
	}
	ck_assert_int_gt(acknowledged, kills);
	printf("%ld kills, %lld use cases acknowledged\n", kills, (long long)acknowledged);
}
END_TEST

/* A laboratory that is being created is there whole, not there, or not a laboratory and left alone. */
START_TEST(test_kill_while_creating_leaves_no_half_laboratory)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	fixture_close();
	for (int round = 0; round < 30; round++) {
		pw_err err = PW_ERR_INIT;
		int status;
		fixture_empty_folder(NULL);
		pid_t child = fork();
		if (child == 0) {
			fixture_create();
			_exit(0);
		}
		nap(&rng, 15000);
		kill(child, SIGKILL);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		pw_status rc = pw_store_open(fx.path, &fx.store, &err);
		ck_assert_msg(rc == PW_OK || rc == PW_ERR_NOT_FOUND || rc == PW_ERR_FORMAT, "%s",
			      err.msg);
		fixture_close();
		if (rc == PW_OK)
			assert_clean(fx.path);
	}
}
END_TEST

Suite *suite_kill(void);

Suite *suite_kill(void)
{
	Suite *suite = suite_create("kill");
	TCase *kills = tcase_create("kill");
	tcase_add_checked_fixture(kills, fixture_setup, fixture_teardown);
	tcase_add_test(kills, test_kill_at_any_moment_loses_nothing);
	tcase_add_test(kills, test_kill_while_creating_leaves_no_half_laboratory);
	tcase_set_timeout(kills, 3600);
	suite_add_tcase(suite, kills);
	return suite;
}
