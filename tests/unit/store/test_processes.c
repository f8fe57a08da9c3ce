/*
 * Several programs at one file: benches that scan, an import, somebody who reads. Whatever was acknowledged
 * is there, the chain is whole, everybody comes to the end, and nobody sees half of anything.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/store/fixture.h"

#define BENCHES    3
#define USE_CASES  40   /* of each bench, three facts each */
#define BATCHES    5    /* of the import */
#define BATCH_SIZE 4000 /* people, a thousand a fact */

typedef struct shared {
	int64_t tubes, batches;
} shared;

/* In the child: the store with a clock that goes, as in a real program. */
static void open_as(const char *actor)
{
	pw_clock clock = pw_clock_system();
	must(pw_store_open(fx.path, &fx.store, &fx.err));
	pw_store_session(fx.store, actor, actor, &clock);
}

static pw_time now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (pw_time)ts.tv_sec * PW_SECOND + ts.tv_nsec / 1000;
}

/* ---------------------------------------------------------------- what each does */

/* A tube is opened, filled and closed: one use case. */
static pw_status collect(const char *tube, int64_t subject, int64_t result)
{
	const pw_tube_opened opened = {
		.tube = tube, .issuer = "SZP", .symbology = "code128", .capacity = 1, .site = "S1"};
	const pw_swab_taken swab = {.tube = tube, .place = 1, .subject = subject, .result = result};
	const pw_tube_closed closed = {.tube = tube, .count = 1};
	pw_status rc = pw_store_begin(fx.store, NULL, &fx.err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_tube_opened_append(fx.store, &opened, &fx.err)) == PW_OK &&
	    (rc = pw_swab_taken_append(fx.store, &swab, &fx.err)) == PW_OK)
		rc = pw_tube_closed_append(fx.store, &closed, &fx.err);
	return pw_store_end(fx.store, rc, &fx.err);
}

static void work_at_bench(int bench)
{
	char actor[16], tube[32];
	pw_time longest = 0;
	snprintf(actor, sizeof(actor), "bench-%d", bench);
	open_as(actor);
	for (int i = 0; i < USE_CASES; i++) {
		pw_time start = now();
		snprintf(tube, sizeof(tube), "B%d-%d", bench, i);
		must(collect(tube, bench, bench * 1000 + i));
		if (now() - start > longest)
			longest = now() - start;
	}
	if (getenv("PW_VERBOSE") != NULL)
		printf("%s: longest use case %lld ms\n", actor, (long long)longest / 1000);
	fixture_close();
}

static void import_people(int ignored)
{
	(void)ignored;
	open_as("import");
	for (int64_t batch = 0; batch < BATCHES; batch++) {
		must(pw_store_begin(fx.store, "import", &fx.err));
		for (int64_t k = 0; k < BATCH_SIZE / 1000; k++)
			must(register_people(fx.store, 1 + batch * BATCH_SIZE + k * 1000, 1000,
					     &fx.err));
		must(pw_store_end(fx.store, PW_OK, &fx.err));
	}
	fixture_close();
}

/* One moment: whole use cases, whole batches, and as many facts as they make. */
static shared look_once(void)
{
	sqlite3 *db = fx.store->db;
	must(pw_store_begin_read(fx.store, &fx.err));
	int64_t tubes = raw_int(db, "SELECT count(*) FROM tube");
	int64_t people = raw_int(db, "SELECT count(*) FROM subject");
	int64_t facts = raw_int(db, "SELECT count(*) FROM journal");
	int64_t last = raw_int(db, "SELECT COALESCE(max(seq), 0) FROM journal");
	int64_t closed =
		raw_int(db, "SELECT count(*) FROM tube WHERE state = 'closed' AND swabs = 1");
	int64_t swabs = raw_int(db, "SELECT count(*) FROM swab");
	int64_t results = raw_int(db, "SELECT count(*) FROM result");
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	ck_assert_int_eq(people % BATCH_SIZE, 0);
	ck_assert_int_eq(closed, tubes);
	ck_assert_int_eq(swabs, tubes);
	ck_assert_int_eq(results, tubes);
	ck_assert_int_eq(facts, last);
	ck_assert_int_eq(facts, 3 * tubes + people / 1000);
	return (shared){tubes, people / BATCH_SIZE};
}

static void watch(int ignored)
{
	(void)ignored;
	int64_t looks = 0, changes = 0;
	shared before = {0, 0}, seen = {0, 0};
	open_as("watch");
	while (seen.tubes < BENCHES * USE_CASES || seen.batches < BATCHES) {
		seen = look_once();
		ck_assert(seen.tubes >= before.tubes && seen.batches >= before.batches);
		changes += seen.tubes != before.tubes ? 1 : 0;
		before = seen;
		looks++;
	}
	if (getenv("PW_VERBOSE") != NULL)
		printf("watch: %lld looks, %lld of them saw more than before\n", (long long)looks,
		       (long long)changes);
	ck_assert_int_gt(changes, 2);
	fixture_close();
}

/* ---------------------------------------------------------------- together */

static pid_t start(void (*work)(int number), int number)
{
	pid_t child = fork();
	if (child == 0) {
		work(number);
		exit(0);
	}
	ck_assert_int_gt(child, 0);
	return child;
}

static void await(pid_t child)
{
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "see above");
}

START_TEST(test_benches_an_import_and_a_reader_work_at_once)
{
	pid_t children[BENCHES + 2];
	fixture_close();
	for (int i = 0; i < BENCHES; i++)
		children[i] = start(work_at_bench, i + 1);
	children[BENCHES] = start(import_people, 0);
	children[BENCHES + 1] = start(watch, 0);
	for (int i = 0; i < BENCHES + 2; i++)
		await(children[i]);
	fixture_open();
	shared seen = look_once();
	ck_assert_int_eq(seen.tubes, BENCHES * USE_CASES);
	ck_assert_int_eq(seen.batches, BATCHES);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

/* All scan one tube: one has it, the others are told; none waits for ever. */
static void claim(int bench)
{
	char actor[16], tube[16];
	int had = 0;
	snprintf(actor, sizeof(actor), "bench-%d", bench);
	open_as(actor);
	for (int i = 0; i < 20; i++) {
		snprintf(tube, sizeof(tube), "T%d", i);
		pw_status rc = open_tube(fx.store, tube, &fx.err);
		ck_assert_msg(rc == PW_OK || rc == PW_ERR_EXISTS, "%s", fx.err.msg);
		had += rc == PW_OK ? 1 : 0;
	}
	fixture_close();
	exit(had);
}

START_TEST(test_a_tube_that_all_claim_belongs_to_one)
{
	pid_t children[BENCHES];
	int had = 0;
	fixture_close();
	for (int i = 0; i < BENCHES; i++)
		children[i] = start(claim, i);
	for (int i = 0; i < BENCHES; i++) {
		int status;
		ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
		ck_assert(WIFEXITED(status));
		had += WEXITSTATUS(status);
	}
	ck_assert_int_eq(had, 20);
	fixture_open();
	ck_assert_int_eq(raw_int(fx.store->db, "SELECT count(*) FROM journal"), 20);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

/* Programs that come and go: the last one out folds the WAL away while the next one comes in. */
static void come_and_go(int bench)
{
	char site[32];
	for (int i = 0; i < 15; i++) {
		open_as("visitor");
		snprintf(site, sizeof(site), "S%d-%d", bench, i);
		must(append_site(fx.store, site, &fx.err));
		fixture_close();
	}
}

START_TEST(test_programs_that_come_and_go_lose_nothing)
{
	pid_t children[BENCHES];
	fixture_close();
	for (int i = 0; i < BENCHES; i++)
		children[i] = start(come_and_go, i);
	for (int i = 0; i < BENCHES; i++)
		await(children[i]);
	fixture_open();
	ck_assert_int_eq(raw_int(fx.store->db, "SELECT count(*) FROM site"), 15 * BENCHES);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

Suite *suite_processes(void);

Suite *suite_processes(void)
{
	Suite *suite = suite_create("processes");
	TCase *processes = tcase_create("processes");
	tcase_add_checked_fixture(processes, fixture_setup, fixture_teardown);
	tcase_add_test(processes, test_benches_an_import_and_a_reader_work_at_once);
	tcase_add_test(processes, test_a_tube_that_all_claim_belongs_to_one);
	tcase_add_test(processes, test_programs_that_come_and_go_lose_nothing);
	tcase_set_timeout(processes, 300);
	suite_add_tcase(suite, processes);
	return suite;
}
