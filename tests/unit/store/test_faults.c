/*
 * The disk fails, memory runs out: call number 1, 2, 3, … of each kind, for each thing that a store does.
 * Each try is a process of its own, which afterwards closes the store or just ends. Then, on a disk that
 * works: everything that was acknowledged is there, nothing is half-done, and verify --deep is clean.
 *
 * PW_FAULTS=all tries every number; else the later ones are tried in growing steps. PW_JOB=collect tries
 * that job alone; PW_VERBOSE=1 says how many calls each had.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/unit/store/fault_vfs.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---------------------------------------------------------------- what a store does */

typedef struct job {
	const char *name;
	const char *file; /* the database it starts with, NULL for none */
	void (*before)(void);
	pw_status (*run)(pw_err *err);
	int64_t adds; /* facts */
} job;

static pw_status create_store(pw_err *err)
{
	return pw_store_create(fx.path, &fx.store, err);
}

static pw_status open_store(pw_err *err)
{
	pw_head head;
	pw_status rc = pw_store_open(fx.path, &fx.store, err);
	return rc == PW_OK ? pw_store_head(fx.store, &head, err) : rc;
}

static pw_status collect(pw_err *err)
{
	const pw_tube_opened tube = {.tube = "T100",
				     .issuer = "SZP",
				     .symbology = "code128",
				     .capacity = 1,
				     .site = "S1"};
	const pw_swab_taken swab = {.tube = "T100", .place = 1, .subject = 2, .result = 100};
	const pw_tube_closed closed = {.tube = "T100", .count = 1};
	pw_status rc = pw_store_begin(fx.store, "a use case", err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_tube_opened_append(fx.store, &tube, err)) == PW_OK &&
	    (rc = pw_swab_taken_append(fx.store, &swab, err)) == PW_OK)
		rc = pw_tube_closed_append(fx.store, &closed, err);
	return pw_store_end(fx.store, rc, err);
}

static pw_status register_many(pw_err *err)
{
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc != PW_OK)
		return rc;
	for (int64_t i = 0; rc == PW_OK && i < 10; i++)
		rc = register_people(fx.store, 1000 + i * 1000, 1000, err);
	return pw_store_end(fx.store, rc, err);
}

static pw_status keep_file(pw_err *err)
{
	size_t n = 100000;
	char hex[PW_HASH_HEX], *bytes = pw_alloc(n);
	pw_hash hash = {{0}};
	bool known;
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc == PW_OK) {
		rc = pw_store_attach(fx.store, bytes, n, &hash, &known, err);
		pw_hash_hex(&hash, hex);
		const pw_roster_imported fact = {.hash = hex, .name = "large.csv", .rows = 0};
		if (rc == PW_OK)
			rc = pw_roster_imported_append(fx.store, &fact, err);
		rc = pw_store_end(fx.store, rc, err);
	}
	pw_free(bytes);
	return rc;
}

/* Inner transactions of which one fails by itself, and the outer goes on. */
static pw_status nest(pw_err *err)
{
	const pw_site_added known = {.site = "S1", .name = "again"},
			    other = {.site = "S8", .name = "x"};
	pw_err inner = PW_ERR_INIT;
	pw_status rc = pw_store_begin(fx.store, NULL, err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_store_begin(fx.store, NULL, err)) == PW_OK) {
		rc = pw_site_added_append(fx.store, &known, &inner);
		rc = pw_store_end(fx.store, rc, &inner);
		if (rc == PW_ERR_EXISTS)
			rc = pw_site_added_append(fx.store, &other, err);
		else
			*err = inner;
	}
	return pw_store_end(fx.store, rc, err);
}

static pw_status close_store(pw_err *err)
{
	(void)err;
	fixture_close();
	return PW_OK;
}

/* Everything read, and every byte of it right. */
static pw_status look_deep(pw_err *err)
{
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	pw_status rc = pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, err);
	if (rc == PW_OK && report.len > 0)
		rc = pw_fail(err, PW_ERR_CORRUPT, "%.400s", report_text(&report));
	pw_report_clear(&report);
	return rc;
}

static pw_status ask(pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_tube_members_row *members;
	pw_subject_find_row subject;
	size_t count = 0;
	bool found = false;
	pw_status rc = pw_q_tube_members(fx.store, &arena, "T1", &members, &count, err);
	if (rc == PW_OK &&
	    (count != 2 || strcmp(members[0].name, "王小明") != 0 || members[1].phone != NULL))
		rc = pw_fail(err, PW_ERR_CORRUPT, "the members of T1 are wrong");
	if (rc == PW_OK)
		rc = pw_q_subject_find(fx.store, &arena, 1, &subject, &found, err);
	if (rc == PW_OK && (!found || strcmp(subject.village, "Dachong") != 0 ||
			    subject.phone == NULL || strcmp(subject.phone, "13800000001") != 0))
		rc = pw_fail(err, PW_ERR_CORRUPT, "the subject 1 is wrong");
	pw_arena_clear(&arena);
	return rc;
}

static void do_collect(void)
{
	fixture_open();
	must(collect(&fx.err));
}

/* Each commit is followed by a checkpoint, whose failure is no failure of the commit. */
static void open_checkpointing(void)
{
	fixture_open();
	raw_run(fx.store->db, "PRAGMA wal_autocheckpoint = 1");
}

static const job jobs[] = {
	{"create", NULL, NULL, create_store, 0},
	{"open", "base.db", NULL, open_store, 0},
	{"open after a crash", "hot.db", NULL, open_store, 0},
	{"collect", "base.db", fixture_open, collect, 3},
	{"collect after a crash", "hot.db", fixture_open, collect, 3},
	{"collect and checkpoint", "base.db", open_checkpointing, collect, 3},
	{"nest", "base.db", fixture_open, nest, 1},
	{"keep a file", "base.db", fixture_open, keep_file, 1},
	{"register 10,000", "base.db", fixture_open, register_many, 10},
	{"close", "base.db", do_collect, close_store, 0},
	{"ask", "base.db", fixture_open, ask, 0},
	{"verify deep", "base.db", fixture_open, look_deep, 0},
};

/* ---------------------------------------------------------------- what fails */

static const fault_plan plans[] = {
	{"disk full from here on", FAULT_WRITE, SQLITE_FULL, true},
	{"disk full for a moment", FAULT_WRITE, SQLITE_FULL, false},
	{"write error", FAULT_WRITE, SQLITE_IOERR_WRITE, false},
	{"read error", FAULT_READ, SQLITE_IOERR_READ, false},
	{"read errors from here on", FAULT_READ, SQLITE_IOERR_READ, true},
	{"sync error", FAULT_SYNC, SQLITE_IOERR_FSYNC, false},
	{"truncate error", FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE, false},
	{"size error", FAULT_SIZE, SQLITE_IOERR_FSTAT, false},
	{"open error", FAULT_OPEN, SQLITE_CANTOPEN, false},
	{"lock error", FAULT_LOCK, SQLITE_IOERR_LOCK, false},
	{"shared memory error", FAULT_SHM, SQLITE_IOERR_SHMMAP, false},
	{"delete error", FAULT_DELETE, SQLITE_IOERR_DELETE, false},
	{"the disk is gone",
	 FAULT_OPEN | FAULT_READ | FAULT_WRITE | FAULT_TRUNCATE | FAULT_SYNC | FAULT_SIZE |
		 FAULT_DELETE,
	 SQLITE_IOERR, true},
};

static const fault_plan memory_plans[] = {
	{"memory runs out for a moment", FAULT_ALLOC, 0, false},
	{"memory runs out", FAULT_ALLOC, 0, true},
};

/* ---------------------------------------------------------------- one try */

typedef struct outcome {
	pw_status rc;
	bool hit;
	int64_t unsynced;
	char msg[512];
} outcome;

static void lay_out(const job *j)
{
	char wal[120];
	fixture_empty_folder("base.db");
	snprintf(wal, sizeof(wal), "%s-wal", fx.path);
	if (j->file == NULL)
		return;
	copy_file(fixture_file("base.db"), fx.path);
	if (strcmp(j->file, "hot.db") == 0) {
		/* A program that ended without a word: its facts are in the WAL alone. */
		pid_t child = fork();
		if (child == 0) {
			fixture_open();
			must(append_site(fx.store, "S7", &fx.err));
			_exit(0);
		}
		int status;
		ck_assert(waitpid(child, &status, 0) == child && status == 0);
		ck_assert_int_eq(access(wal, F_OK), 0);
	}
}

/* The child's part: never returns. */
static void try_it(const job *j, const fault_plan *plan, int64_t at, bool closing, int fd)
{
	outcome out = {.rc = PW_OK};
	pw_err err = PW_ERR_INIT;
	if ((plan->calls & FAULT_ALLOC) != 0) {
		fault_malloc_install();
		fault_vfs_install();
	}
	if (j->before != NULL)
		j->before();
	fault_arm(plan, at);
	out.rc = j->run(&err);
	out.hit = fault_hit();
	out.unsynced = fault_unsynced("-wal");
	memcpy(out.msg, err.msg, sizeof(out.msg));
	fault_disarm();
	if (closing)
		fixture_close();
	_exit(write(fd, &out, sizeof(out)) == (ssize_t)sizeof(out) ? 0 : 1);
}

static outcome try_in_child(const job *j, const fault_plan *plan, int64_t at, bool closing)
{
	int ends[2], status;
	outcome out = {.rc = PW_OK};
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		try_it(j, plan, at, closing, ends[1]);
	close(ends[1]);
	ssize_t n = read(ends[0], &out, sizeof(out));
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(status == 0 && n == (ssize_t)sizeof(out),
		      "%s, %s, call %lld: the process died", j->name, plan->name, (long long)at);
	return out;
}

/* ---------------------------------------------------------------- what must be */

/* One line for a person, and the status that it is. */
static void check_text(const outcome *o, const fault_plan *plan, const char *what)
{
	bool memory = (plan->calls & FAULT_ALLOC) != 0;
	ck_assert_msg(o->rc == (memory ? PW_ERR_NO_MEMORY : PW_ERR_IO) ||
			      (plan->calls == FAULT_LOCK && o->rc == PW_ERR_BUSY) ||
			      strstr(o->msg, "gave up the transaction") != NULL,
		      "%s: %s: %s", what, pw_status_name(o->rc), o->msg);
	ck_assert_msg(strlen(o->msg) > 20 && strchr(o->msg, '\n') == NULL &&
			      strstr(o->msg, "not an error") == NULL &&
			      strstr(o->msg, "unknown error") == NULL,
		      "%s: %s", what, o->msg);
	ck_assert_msg(strstr(o->msg, ": ") != NULL, "%s: %s", what, o->msg);
}

static int64_t count_facts(const char *path)
{
	pw_head head;
	pw_store *store;
	must(pw_store_open(path, &store, &fx.err));
	must(pw_store_head(store, &head, &fx.err));
	pw_store_close(store);
	return head.seq;
}

static void check_files(const job *j, const outcome *o, int64_t before, const char *what)
{
	if (j->file == NULL && o->rc != PW_OK) {
		ck_assert_msg(access(fx.path, F_OK) != 0, "%s: a file is left", what);
		fixture_create();
		fixture_close();
	}
	int64_t facts = count_facts(fx.path);
	if (o->rc == PW_OK)
		ck_assert_msg(facts == before + j->adds, "%s: acknowledged facts are gone", what);
	else
		/* A commit whose last sync failed may be there on the next start, but then whole. */
		ck_assert_msg(facts == before || facts == before + j->adds, "%s: %lld of %lld",
			      what, (long long)(facts - before), (long long)j->adds);
	if (o->rc != PW_OK && facts != before && facts == before + j->adds)
		ck_assert_msg(strstr(o->msg, "nothing was recorded") == NULL, "%s: %s", what,
			      o->msg);
	assert_clean(fx.path);
}

static int64_t next_number(const job *j, int64_t at)
{
	const char *all = getenv("PW_FAULTS");
	if (at < 6 || (all != NULL && strcmp(all, "all") == 0))
		return at + 1;
	return j->run == register_many ? 2 * at : at + 1 + at / 3;
}

/* The facts that the job starts with. */
static int64_t facts_of(const job *j, int64_t base)
{
	return j->file == NULL                  ? 0
	       : j->before == do_collect        ? base + 3
	       : strcmp(j->file, "hot.db") == 0 ? base + 1
						: base;
}

static void check_job(const job *j, const fault_plan *plan, int64_t base)
{
	int64_t tries = 0;
	const char *only = getenv("PW_JOB");
	if (only != NULL && strcmp(only, j->name) != 0)
		return;
	for (int64_t at = 1;; at = next_number(j, at)) {
		char what[200];
		snprintf(what, sizeof(what), "%s, %s, call %lld", j->name, plan->name,
			 (long long)at);
		lay_out(j);
		outcome o = try_in_child(j, plan, at, at % 2 == 0);
		if (o.rc != PW_OK)
			check_text(&o, plan, what);
		ck_assert_msg(o.hit || o.rc == PW_OK, "%s: %s", what, o.msg);
		/* What is acknowledged is on the disk, not on its way. */
		if (o.rc == PW_OK && plan->calls != FAULT_SYNC)
			ck_assert_msg(o.unsynced == 0, "%s: %lld writes are not on the disk", what,
				      (long long)o.unsynced);
		check_files(j, &o, facts_of(j, base), what);
		if (!o.hit)
			break;
		tries++;
	}
	if (getenv("PW_VERBOSE") != NULL)
		printf("%s, %s: %lld\n", j->name, plan->name, (long long)tries);
}

/* ---------------------------------------------------------------- tests */

static int64_t base_facts;

static void setup(void)
{
	fixture_folder();
	fault_vfs_install();
	fixture_create();
	must(story_tell(fx.store, &fx.err));
	base_facts = raw_int(fx.store->db, "SELECT max(seq) FROM journal");
	fixture_close();
	copy_file(fx.path, fixture_file("base.db"));
}

START_TEST(test_disk_that_fails_loses_nothing)
{
	for (size_t i = 0; i < COUNT(plans); i++)
		check_job(&jobs[_i], &plans[i], base_facts);
}
END_TEST

START_TEST(test_memory_that_runs_out_loses_nothing)
{
	for (size_t i = 0; i < COUNT(memory_plans); i++)
		check_job(&jobs[_i], &memory_plans[i], base_facts);
}
END_TEST

START_TEST(test_acknowledged_facts_are_on_the_disk)
{
	fixture_open();
	for (int i = 0; i < 5; i++) {
		char site[8];
		snprintf(site, sizeof(site), "D%d", i);
		must(append_site(fx.store, site, &fx.err));
		ck_assert_int_eq(fault_unsynced("-wal"), 0);
	}
	must(pw_store_relax(fx.store, &fx.err));
	must(append_site(fx.store, "D9", &fx.err));
	ck_assert_int_gt(fault_unsynced("-wal"), 0);
}
END_TEST

START_TEST(test_folder_without_shared_memory_is_refused)
{
	pw_err err = PW_ERR_INIT;
	const char *path = fixture_file("other.db");
	fault_no_shared_memory(true);
	ck_assert_int_eq(pw_store_create(path, &fx.store, &err), PW_ERR_IO);
	ck_assert_msg(strstr(err.msg, "put it on a disk of this computer") != NULL, "%s", err.msg);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(pw_store_open(fx.path, &fx.store, &err), PW_ERR_IO);
	fault_no_shared_memory(false);
	fixture_open();
}
END_TEST

Suite *suite_faults(void);

Suite *suite_faults(void)
{
	Suite *suite = suite_create("faults");
	TCase *disk = tcase_create("disk");
	tcase_add_checked_fixture(disk, setup, fixture_teardown);
	tcase_add_loop_test(disk, test_disk_that_fails_loses_nothing, 0, (int)COUNT(jobs));
	tcase_add_test(disk, test_acknowledged_facts_are_on_the_disk);
	tcase_add_test(disk, test_folder_without_shared_memory_is_refused);
	tcase_set_timeout(disk, 1800);
	suite_add_tcase(suite, disk);
	TCase *memory = tcase_create("memory");
	tcase_add_checked_fixture(memory, setup, fixture_teardown);
	tcase_add_loop_test(memory, test_memory_that_runs_out_loses_nothing, 0, (int)COUNT(jobs));
	tcase_set_timeout(memory, 1800);
	suite_add_tcase(suite, memory);
	return suite;
}
