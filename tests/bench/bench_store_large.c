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
#include "tests/bench/timing.h"

#define IN_A_TUBE 10
#define SCANS     1000
#define RECALLS   100

static const char *folder;
static char database[400];
static void remove_database(void)
{
	timing_remove_database(database);
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
	must(pw_lab_init(database, &setup, &lab, &timing_err));
	must(pw_store_relax(pw_lab_store(lab), &timing_err));
	return lab;
}

static void add_regions(pw_store *store)
{
	for (int64_t i = 1; i <= 100; i++) {
		char village[32];
		snprintf(village, sizeof(village), "V%" PRId64, i);
		const pw_region_added fact = {.region = i,
					      .city = "Shenzhen",
					      .county = "Nanshan",
					      .township = "Yuehai",
					      .village = village};
		must(pw_region_added_append(store, &fact, &timing_err));
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
	must(pw_subjects_registered_append(store, &fact, &timing_err));
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
	must(pw_tube_opened_append(store, &opened, &timing_err));
	for (int64_t i = 1; i <= IN_A_TUBE; i++) {
		int64_t subject = (tube - 1) * IN_A_TUBE + i;
		const pw_swab_taken swab = {
			.tube = name, .place = i, .subject = subject, .result = subject};
		must(pw_swab_taken_append(store, &swab, &timing_err));
	}
	must(pw_tube_closed_append(store, &closed, &timing_err));
}

/* The first nine tenths of the people have their answer and may come again; the others wait. */
static int64_t decided(int64_t people)
{
	return people / 10 * 9;
}

static void decide(pw_store *store, int64_t first)
{
	static pw_results_decided_item results[1000];
	for (int64_t i = 0; i < 1000; i++)
		results[i] = (pw_results_decided_item){.result = first + i,
						       .subject = first + i,
						       .status = "negative",
						       .tube = "X"};
	const pw_results_decided fact = {.results = results, .results_count = 1000};
	must(pw_results_decided_append(store, &fact, &timing_err));
}

/* Facts a second. */
static double fill_lab(pw_store *store, int64_t people)
{
	double start = timing_now();
	must(pw_store_begin(store, NULL, &timing_err));
	add_regions(store);
	must(pw_store_end(store, PW_OK, &timing_err));
	for (int64_t at = 0; at < people;) {
		must(pw_store_begin(store, NULL, &timing_err));
		for (int i = 0; i < 100 && at < people; i++, at += 1000)
			add_people(store, at + 1, 1000);
		must(pw_store_end(store, PW_OK, &timing_err));
	}
	for (int64_t tube = 1; tube <= people / IN_A_TUBE;) {
		must(pw_store_begin(store, NULL, &timing_err));
		for (int i = 0; i < 5000 && tube <= people / IN_A_TUBE; i++)
			add_tube(store, tube++);
		must(pw_store_end(store, PW_OK, &timing_err));
	}
	for (int64_t at = 0; at < decided(people);) {
		must(pw_store_begin(store, NULL, &timing_err));
		for (int i = 0; i < 100 && at < decided(people); i++, at += 1000)
			decide(store, at + 1);
		must(pw_store_end(store, PW_OK, &timing_err));
	}
	pw_head head;
	must(pw_store_head(store, &head, &timing_err));
	return (double)head.seq / (timing_now() - start);
}

/* ---------------------------------------------------------------- what is counted */

typedef struct effort {
	double seconds, processor, pages, steps;
} effort;

/* Seconds that the processor worked for us: neither the disk nor other programs are in it. */
static double processor_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

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
	return (effort){timing_now(), processor_now(), pages_now(store), steps_now(store)};
}

typedef struct series {
	double seconds[SCANS], processor[SCANS], pages[SCANS], steps[SCANS];
	size_t n;
} series;

static void add(series *s, const effort *start, const effort *end)
{
	s->seconds[s->n] = end->seconds - start->seconds;
	s->processor[s->n] = end->processor - start->processor;
	s->pages[s->n] = end->pages - start->pages;
	s->steps[s->n++] = end->steps - start->steps;
}

typedef struct figures {
	double built; /* facts a second */
	double p50, p99, longest, pages, steps;
	double processor_p50, processor_p99;
	double recall_p50, recall_p99, recall_pages, recall_steps;
} figures;

/* ---------------------------------------------------------------- what is timed */

/* A number from 1 to `most` that was not drawn before: nobody is swabbed twice. */
static int64_t draw_unseen(pw_rng *rng, int64_t most)
{
	static int64_t seen[2 * SCANS];
	static size_t count;
	for (;;) {
		int64_t n = 1 + (int64_t)pw_rng_below(rng, (uint64_t)most);
		size_t i = 0;
		while (i < count && seen[i] != n)
			i++;
		if (i == count) {
			seen[count++] = n;
			return n;
		}
	}
}

/* Ten scans into each new tube, of people from everywhere. */
static void scan(pw_lab *lab, pw_rng *rng, int64_t people, series *out)
{
	pw_store *store = pw_lab_store(lab);
	for (int i = 0; i < SCANS; i++) {
		char tube[32], subject[24];
		pw_swab_outcome taken;
		snprintf(tube, sizeof(tube), "Y%d", i / IN_A_TUBE);
		const pw_tube_opening opening = {.tube = tube, .capacity = IN_A_TUBE, .site = "S1"};
		if (i % IN_A_TUBE == 0)
			must(pw_lab_open_tube(lab, &opening, &timing_err));
		snprintf(subject, sizeof(subject), "E%" PRId64, draw_unseen(rng, decided(people)));
		effort start = now(store);
		must(pw_lab_take_swab(lab, tube, subject, &taken, &timing_err));
		effort end = now(store);
		add(out, &start, &end);
	}
}

static void recall(pw_lab *lab, int64_t people, series *out)
{
	pw_store *store = pw_lab_store(lab);
	for (int i = 0; i < RECALLS; i++) {
		char tube[32];
		int recalled;
		size_t count;
		pw_arena arena = PW_ARENA_INIT;
		pw_recalls_of_tube_row *rows;
		int64_t waiting = people / 10 / IN_A_TUBE;
		tube_name(people / IN_A_TUBE - (i * 7919 + 13) % waiting, tube);
		must(pw_lab_recall_tube(lab, tube, &recalled, &timing_err));
		effort start = now(store);
		must(pw_q_recalls_of_tube(store, &arena, tube, &rows, &count, &timing_err));
		effort end = now(store);
		add(out, &start, &end);
		if (count != IN_A_TUBE)
			exit(1);
		pw_arena_clear(&arena);
	}
}

static pw_lab *open_lab(void)
{
	const pw_clock clock = pw_clock_system();
	pw_lab *lab;
	must(pw_lab_open(database, &lab, &timing_err));
	must(pw_lab_session(lab, "anna", "bench", &clock, "the tube was lost", &timing_err));
	return lab;
}

static figures measure(int64_t people)
{
	static series scans, recalls;
	figures f = {0};
	pw_rng rng;
	scans.n = recalls.n = 0;
	pw_rng_init(&rng, (uint64_t)people);
	pw_lab *lab = create_lab();
	f.built = fill_lab(pw_lab_store(lab), people);
	pw_lab_close(lab);
	lab = open_lab();
	scan(lab, &rng, people, &scans);
	recall(lab, people, &recalls);
	pw_lab_close(lab);
	remove_database();
	f.processor_p50 = timing_quantile(scans.processor, scans.n, 0.5);
	f.processor_p99 = timing_quantile(scans.processor, scans.n, 0.99);
	f.p50 = timing_quantile(scans.seconds, scans.n, 0.5);
	f.p99 = timing_quantile(scans.seconds, scans.n, 0.99);
	f.longest = timing_quantile(scans.seconds, scans.n, 1);
	f.pages = timing_quantile(scans.pages, scans.n, 0.5);
	f.steps = timing_quantile(scans.steps, scans.n, 0.5);
	f.recall_p50 = timing_quantile(recalls.seconds, recalls.n, 0.5);
	f.recall_p99 = timing_quantile(recalls.seconds, recalls.n, 0.99);
	f.recall_pages = timing_quantile(recalls.pages, recalls.n, 0.5);
	f.recall_steps = timing_quantile(recalls.steps, recalls.n, 0.5);
	return f;
}

/* What the disk alone takes to keep eight kilobytes: half of the tries at most, and all but a hundredth. */
static void measure_disk(double *p50, double *p99)
{
	static double seconds[300];
	char path[420], block[8192] = "";
	snprintf(path, sizeof(path), "%s-disk", database);
	int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
	for (size_t i = 0; fd >= 0 && i < 300; i++) {
		double start = timing_now();
		if (write(fd, block, sizeof(block)) < 0 || fdatasync(fd) != 0)
			break;
		seconds[i] = timing_now() - start;
	}
	close(fd);
	unlink(path);
	*p50 = timing_quantile(seconds, 300, 0.5);
	*p99 = timing_quantile(seconds, 300, 0.99);
}

/* ---------------------------------------------------------------- the table */

static bool missed;

static void row(const char *what, const char *unit, double few, double many, double bound)
{
	bool ok = bound <= 0 || many <= bound;
	printf("| %s | %.2f %s | %.2f %s | %.2f |", what, few, unit, many, unit, many / few);
	if (bound > 0)
		printf(" ≤ %.2f %s%s", bound, unit, ok ? "" : " **missed**");
	printf(" |\n");
	missed = missed || !ok;
}

static void print(const figures *few, const figures *many, int64_t people)
{
	double disk50, disk99;
	/* Rows that are walked may grow with the logarithm. A page is looked at for each level of a tree,
	 * and levels come whole: for ten times the rows a tree of two may have got its third. */
	double growth = log((double)people) / log((double)people / 10), levels = 3.0 / 2.0;
	measure_disk(&disk50, &disk99);
	printf("The disk alone keeps 8 KB in %.2f ms (99 %%: %.2f ms).\n\n"
	       "| what | %" PRId64 " people | %" PRId64 " people | ratio | bound |\n"
	       "| --- | ---: | ---: | ---: | --- |\n",
	       disk50 * 1e3, disk99 * 1e3, people / 10, people);
	row("building it, thousand facts a second", "", few->built / 1e3, many->built / 1e3, 0);
	row("one scan on disk, median", "ms", few->p50 * 1e3, many->p50 * 1e3, 0);
	row("one scan on disk, 99 %", "ms", few->p99 * 1e3, many->p99 * 1e3,
	    disk99 < 0.0025 ? 5 : 0);
	row("one scan on disk, the longest (it folds the log into the tables)", "ms",
	    few->longest * 1e3, many->longest * 1e3, 0);
	row("one scan, the processor's part, median", "ms", few->processor_p50 * 1e3,
	    many->processor_p50 * 1e3, 0);
	row("one scan, the processor's part, 99 %", "ms", few->processor_p99 * 1e3,
	    many->processor_p99 * 1e3, 5);
	row("one scan, pages looked at", "", few->pages, many->pages, few->pages * levels);
	row("one scan, steps", "", few->steps, many->steps, few->steps * growth);
	row("one pool's recall list, median", "ms", few->recall_p50 * 1e3, many->recall_p50 * 1e3,
	    0);
	row("one pool's recall list, 99 %", "ms", few->recall_p99 * 1e3, many->recall_p99 * 1e3,
	    50);
	row("one pool's recall list, pages looked at", "", few->recall_pages, many->recall_pages,
	    few->recall_pages * levels);
	row("one pool's recall list, steps", "", few->recall_steps, many->recall_steps,
	    few->recall_steps * growth);
}

int main(int argc, char **argv)
{
	bool check = false;
	int64_t people = 1000000;
	const char *tmp = getenv("TMPDIR");
	folder = tmp != NULL ? tmp : "/tmp";
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--check") == 0)
			check = true;
		else if (strcmp(argv[i], "--people") == 0 && i + 1 < argc)
			people = strtoll(argv[++i], NULL, 10) / 100000 * 100000;
		else
			folder = argv[i];
	}
	if (people < 100000)
		people = 100000;
	snprintf(database, sizeof(database), "%s/pw-bench-large-%ld.db", folder, (long)getpid());
	atexit(remove_database);
	figures few = measure(people / 10), many = measure(people);
	print(&few, &many, people);
	return check && missed ? 1 : 0;
}
