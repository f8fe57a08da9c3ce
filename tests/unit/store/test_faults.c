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

#include "core/base/hash.h"
#include "tests/unit/store/fault_jobs.h"
#include "tests/unit/store/fault_vfs.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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
	if (j->file == JOB_NONE)
		return;
	copy_file(fixture_file("base.db"), fx.path);
	if (j->file == JOB_TAMPERED)
		tamper(fx.path, "UPDATE well_call SET rule = 'other' WHERE position = 2");
	if (j->file == JOB_HOT) {
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

static bool hash_file(const char *path, pw_hash *out)
{
	static char bytes[16 << 20];
	FILE *f = fopen(path, "rb");
	ck_assert_ptr_nonnull(f);
	size_t n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	*out = pw_hash_bytes(bytes, n);
	return n < sizeof(bytes);
}

/* Of the same bytes verify --deep, which is most of a try's time, says the same: it looks at each file that comes about
 * once, and most that fails leaves the file as it was. */
static void assert_clean_file(void)
{
	static pw_hash clean[200];
	static size_t count;
	char wal[120];
	pw_hash hash;
	snprintf(wal, sizeof(wal), "%s-wal", fx.path);
	bool known = access(wal, F_OK) != 0 && hash_file(fx.path, &hash);
	for (size_t i = 0; known && i < count; i++)
		if (memcmp(&clean[i], &hash, sizeof(hash)) == 0)
			return;
	assert_clean(fx.path);
	if (known && count < COUNT(clean))
		clean[count++] = hash;
}

static void check_files(const job *j, const outcome *o, int64_t before, const char *what)
{
	if (j->file == JOB_NONE && o->rc != PW_OK) {
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
	if (j->file != JOB_TAMPERED)
		assert_clean_file();
}

/* A process that is watched by the sanitizers takes long to fork. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static int64_t next_number(const job *j, int64_t at)
{
	const char *all = getenv("PW_FAULTS");
	if (at < (SANITIZED ? 3 : 6) || (all != NULL && strcmp(all, "all") == 0))
		return at + 1;
	return j->slow || SANITIZED ? 2 * at : at + 1 + at / 2;
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
		check_files(j, &o, j->file == JOB_NONE ? 0 : base + j->has, what);
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
		char site[16];
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
	tcase_add_loop_test(disk, test_disk_that_fails_loses_nothing, 0, job_count);
	tcase_add_test(disk, test_acknowledged_facts_are_on_the_disk);
	tcase_add_test(disk, test_folder_without_shared_memory_is_refused);
	tcase_set_timeout(disk, 1800);
	suite_add_tcase(suite, disk);
	TCase *memory = tcase_create("memory");
	tcase_add_checked_fixture(memory, setup, fixture_teardown);
	tcase_add_loop_test(memory, test_memory_that_runs_out_loses_nothing, 0, job_count);
	tcase_set_timeout(memory, 1800);
	suite_add_tcase(suite, memory);
	return suite;
}
