/*
 * A laboratory after a long campaign: a million people, each of them swabbed once, ten in a tube. One more
 * scan, through the whole use case, and one pool's recall list; beside a laboratory of a tenth the size.
 * Growth is counted in pages of the database that are looked at and in steps of SQLite's machine, which are
 * the same on every computer.
 *
 * usage: bench_store_large [--check] [--people N] [FOLDER]
 * The databases (1.5 GB for a million) are made in FOLDER (TMPDIR or /tmp unless told) and removed. --check:
 * exit 1 when a bound is missed.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/lab.h"
#include "core/store/internal.h"

#define IN_A_TUBE 10
#define SCANS	  1000
#define RECALLS	  200

static const char *folder;
static char database[400];
static pw_err err = PW_ERR_INIT;

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(pw_status rc)
{
	if (rc == PW_OK)
		return;
	fprintf(stderr, "bench_store_large: %s\n", err.msg);
	exit(1);
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static double quantile(double *values, size_t n, double q)
{
	qsort(values, n, sizeof(*values), compare);
	return values[(size_t)(q * (double)(n - 1))];
}

static void remove_database(void)
{
	static const char *const endings[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < 3; i++) {
		char path[420];
		snprintf(path, sizeof(path), "%s%s", database, endings[i]);
		unlink(path);
	}
}

/* ---------------------------------------------------------------- the laboratory */

static pw_lab *create_lab(void)
{
	static const pw_named operators[] = {{"anna", "Anna Ek"}}, sites[] = {{"S1", "North gate"}};
	const pw_lab_setup setup = {.name = "Large",
				    .issuer = "SZP",
				    .profile = "cn",
				    .operators = operators,
				    .operator_count = 1,
				    .sites = sites,
				    .site_count = 1,
				    .station = "bench",
				    .clock = pw_clock_system()};
	pw_lab *lab;
	remove_database();
	must(pw_lab_init(database, &setup, &lab, &err));
	must(pw_store_relax(pw_lab_store(lab), &err));
	return lab;
}

static void add_regions(pw_store *store)
{
	for (int64_t i = 1; i <= 100; i++) {
		char village[16];
		snprintf(village, sizeof(village), "V%" PRId64, i);
		const pw_region_added fact = {.region = i,
					      .city = "Shenzhen",
					      .county = "Nanshan",
					      .township = "Yuehai",
					      .village = village};
		must(pw_region_added_append(store, &fact, &err));
	}
}

static void add_people(pw_store *store, int64_t first, int64_t count)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_subjects_registered_item *people =
		pw_arena_array(&arena, (size_t)count, sizeof(*people));
	for (int64_t i = 0; i < count; i++) {
		int64_t n = first + i;
		people[i] = (pw_subjects_registered_item){
			.subject = n,
			.kind = "person",
			.name = pw_arena_printf(&arena, "陈小%" PRId64, n % 997),
			.external_id = pw_arena_printf(&arena, "E%" PRId64, n),
			.phone = pw_arena_printf(&arena, "138%08" PRId64, n),
			.region = 1 + n % 100,
			.household = pw_arena_printf(&arena, "7-%" PRId64, n / 3),
			.grp = "voluntary"};
	}
	const pw_subjects_registered fact = {.subjects = people, .subjects_count = (size_t)count};
	must(pw_subjects_registered_append(store, &fact, &err));
	pw_arena_clear(&arena);
}

static void tube_name(int64_t tube, char out[32])
{
	snprintf(out, 32, "X%08" PRId64, tube);
}

/* A tube that was opened, filled and closed. */
static void add_tube(pw_store *store, int64_t tube)
{
	char name[32];
	tube_name(tube, name);
	const pw_tube_opened opened = {.tube = name,
				       .issuer = "foreign",
				       .symbology = "code128",
				       .capacity = IN_A_TUBE,
				       .site = "S1"};
	const pw_tube_closed closed = {.tube = name, .count = IN_A_TUBE};
	must(pw_tube_opened_append(store, &opened, &err));
	for (int64_t i = 1; i <= IN_A_TUBE; i++) {
		int64_t subject = (tube - 1) * IN_A_TUBE + i;
		const pw_swab_taken swab = {
			.tube = name, .place = i, .subject = subject, .result = subject};
		must(pw_swab_taken_append(store, &swab, &err));
	}
	must(pw_tube_closed_append(store, &closed, &err));
}

static double fill_lab(pw_store *store, int64_t people)
{
	double start = seconds_now();
	must(pw_store_begin(store, NULL, &err));
	add_regions(store);
	must(pw_store_end(store, PW_OK, &err));
	for (int64_t at = 0; at < people;) {
		must(pw_store_begin(store, NULL, &err));
		for (int i = 0; i < 100 && at < people; i++, at += 1000)
			add_people(store, at + 1, 1000);
		must(pw_store_end(store, PW_OK, &err));
	}
	for (int64_t tube = 1; tube <= people / IN_A_TUBE;) {
		must(pw_store_begin(store, NULL, &err));
		for (int i = 0; i < 5000 && tube <= people / IN_A_TUBE; i++)
			add_tube(store, tube++);
		must(pw_store_end(store, PW_OK, &err));
	}
	return seconds_now() - start;
}

/* ---------------------------------------------------------------- what is counted */

typedef struct effort {
	double seconds, pages, steps;
} effort;

static double pages_now(pw_store *store)
{
	int hits, misses, unused;
	sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_HIT, &hits, &unused, 0);
	sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_MISS, &misses, &unused, 0);
	return (double)hits + misses;
}

static double steps_now(pw_store *store)
{
	double sum = 0;
	for (int i = 0; i < pw_sql_statement_count; i++)
		if (store->prepared[i] != NULL)
			sum += sqlite3_stmt_status(store->prepared[i], SQLITE_STMTSTATUS_VM_STEP,
						   0);
	return sum;
}

static effort now(pw_store *store)
{
	return (effort){seconds_now(), pages_now(store), steps_now(store)};
}

typedef struct series {
	double seconds[SCANS], pages[SCANS], steps[SCANS];
	size_t n;
} series;

static void add(series *s, const effort *start, const effort *end)
{
	s->seconds[s->n] = end->seconds - start->seconds;
	s->pages[s->n] = end->pages - start->pages;
	s->steps[s->n++] = end->steps - start->steps;
}

typedef struct figures {
	double built; /* facts a second */
	double p50, p99, pages, steps;
	double quiet_p50, quiet_p99; /* without waiting for the disk */
	double recall_p50, recall_p99, recall_pages, recall_steps;
} figures;

/* ---------------------------------------------------------------- what is timed */

/* Ten scans into each new tube, of people from everywhere. */
static void scan(pw_lab *lab, pw_rng *rng, int64_t people, const char *prefix, series *out)
{
	pw_store *store = pw_lab_store(lab);
	for (int i = 0; i < SCANS; i++) {
		char tube[32], subject[24];
		pw_swab_outcome taken;
		snprintf(tube, sizeof(tube), "%s%d", prefix, i / IN_A_TUBE);
		const pw_tube_opening opening = {
			.tube = tube, .capacity = IN_A_TUBE, .site = "S1"};
		if (i % IN_A_TUBE == 0)
			must(pw_lab_open_tube(lab, &opening, &err));
		/* whoever waits for an answer may not be swabbed again: the recalled ones may */
		pw_lab_subject_code(lab, 1 + (int64_t)pw_rng_below(rng, (uint64_t)people), subject);
		effort start = now(store);
		must(pw_lab_take_swab(lab, tube, subject, &taken, &err));
		effort end = now(store);
		add(out, &start, &end);
	}
}

static void recall(pw_lab *lab, pw_rng *rng, int64_t people, series *out)
{
	pw_store *store = pw_lab_store(lab);
	for (int i = 0; i < RECALLS; i++) {
		char tube[32];
		int recalled;
		size_t count;
		pw_arena arena = PW_ARENA_INIT;
		pw_recalls_of_tube_row *rows;
		tube_name(1 + (int64_t)pw_rng_below(rng, (uint64_t)people / IN_A_TUBE), tube);
		pw_status rc = pw_lab_recall_tube(lab, tube, &recalled, &err);
		if (rc == PW_ERR_REFUSED) /* drawn twice */
			continue;
		must(rc);
		effort start = now(store);
		must(pw_q_recalls_of_tube(store, &arena, tube, &rows, &count, &err));
		effort end = now(store);
		add(out, &start, &end);
		if (count != IN_A_TUBE)
			exit(1);
		pw_arena_clear(&arena);
	}
}
