/*
 * kill -9 at any moment: what was acknowledged is there, what was not is whole or not there at all, and the
 * history is clean.
 *
 *	cli_kill PROGRAM
 *
 * Seven kinds of work are killed: swabs scanned into a tube, tubes scanned at reception, a roster of 5,000
 * rows, an instrument's file, laboratory pools scanned as they are made, the file of a plate of them, which is
 * decoded, labels that are reserved, queued and printed (into a file; printers: print.sh). PW_KILLS says how often
 * each (25 unless told), PW_SEED which moments. After
 * each kill the program proves the database (audit verify --deep); then SQLite itself is asked.
 */
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cli/process.h"

#define PER_COPY    25 /* streams of scans that one copy of the database is good for */
#define PER_TUBE    20
#define PER_BOX     30
#define FIRST_BOX   (PER_COPY * PER_TUBE)            /* who is in tubes that are to be received */
#define PEOPLE      (FIRST_BOX + PER_COPY * PER_BOX) /* R1, R2, … */
#define ROSTER_ROWS 5000
#define PLATE_TUBES 93
#define LABELS      96 /* two sheets */
#define POOLS       30 /* of POOL_TUBES each, of the singles behind those of the plate */
#define POOL_TUBES  5

#define WORDS(...) ((const char *const[]){__VA_ARGS__, "--lab", "lab.db", NULL})

static int round_number; /* of this kind of work */
static int middle;       /* kills that found the program at work */
static int heard, unheard;

/* ---------------------------------------------------------------- the program, the database */

static void must_run(const char *const *words)
{
	int code = process_run(words);
	if (code != 0)
		process_stop("round %d: poolwell %s %s: exit %d", round_number, words[0], words[1],
			     code);
}

static void must_scan(const char *const *words, const char *scans)
{
	char line[256];
	process p = process_start(words);
	process_feed(&p, scans);
	close(p.in);
	p.in = -1;
	while (process_line(&p, line, sizeof(line)))
		;
	int code = process_end(&p);
	if (code != 0)
		process_stop("poolwell %s %s: exit %d", words[0], words[1], code);
}

static void prove(void)
{
	must_run(WORDS("audit", "verify", "--deep"));
}

/* The number that the query gives. */
static int64_t ask(const char *format, ...)
{
	char sql[512];
	sqlite3 *db;
	sqlite3_stmt *st;
	va_list args;
	va_start(args, format);
	vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	if (sqlite3_open_v2("lab.db", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		process_stop("%s: %s", sql, sqlite3_errmsg(db));
	int64_t number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return number;
}

/* The laboratory pools of lab.db, by number. */
static char pool_codes[POOLS][24];

static void read_pool_codes(void)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	if (sqlite3_open_v2("lab.db", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT pool FROM pool ORDER BY number", -1, &st, NULL) !=
		    SQLITE_OK)
		process_stop("the laboratory pools: %s", sqlite3_errmsg(db));
	for (int i = 0; i < POOLS && sqlite3_step(st) == SQLITE_ROW; i++)
		snprintf(pool_codes[i], sizeof(pool_codes[i]), "%s",
			 (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void same(const char *what, int64_t expected, int64_t is)
{
	if (is != expected)
		process_stop("round %d: %s is %" PRId64 ", not %" PRId64, round_number, what, is,
			     expected);
}

/* ---------------------------------------------------------------- what is worked on */

/* `count` scans, "<prefix><first>" and on, a line each; good until the next call. */
static const char *scans(const char *prefix, int first, int count)
{
	static char text[PLATE_TUBES * 16];
	size_t n = 0;
	for (int i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%d\n", prefix, first + i);
	return text;
}

static FILE *begin_file(const char *path, const char *head)
{
	FILE *f = fopen(path, "w");
	if (f == NULL)
		process_stop("%s can't be written", path);
	fputs(head, f);
	return f;
}

static void end_file(FILE *f)
{
	if (fclose(f) != 0)
		process_stop("the disk is full");
}

static void write_roster(const char *path, const char *prefix, int count)
{
	FILE *f = begin_file(path, "name,external_id,city,village\n");
	for (int i = 1; i <= count; i++)
		fprintf(f, "Person %d,%s%d,Suzhou,Lake %d\n", i, prefix, i, i / 700);
	end_file(f);
}

/* A single for everybody behind FIRST_BOX, with their number: S501 is of R501. */
static void write_log(void)
{
	FILE *f = begin_file("log.csv", "at,action,tube,subject,capacity,count,collector\n");
	for (int i = FIRST_BOX + 1; i <= PEOPLE; i++) {
		fprintf(f, "2026-01-05 09:00,open,S%d,,1,,Zhao\n", i);
		fprintf(f, "2026-01-05 09:01,add,S%d,R%d,,,Zhao\n", i, i);
		fprintf(f, "2026-01-05 09:02,close,S%d,,,1,Zhao\n", i);
	}
	end_file(f);
}

static void write_well(FILE *f, int index, const char *content, const char *sample, double cq)
{
	static const char *const dyes[] = {"FAM", "ROX", "Cy5"};
	static const char *const targets[] = {"ORF1ab", "N", "IC"};
	for (int i = 0; i < 3; i++) {
		fprintf(f, ",%c%02d,%s,%s,%s,%s,,", 'A' + index % 8, index / 8 + 1, dyes[i],
			targets[i], content, sample);
		if (i == 2 || cq > 0)
			fprintf(f, "%.3f\n", i == 2 ? 27.5 : cq);
		else
			fputs("NaN\n", f);
	}
}

/* What the instrument says of plate Q1: every tenth is positive. */
static void write_run(void)
{
	FILE *f = begin_file("Q1 -  Quantification Cq Results.csv",
			     ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq\n");
	for (int i = 0; i < PLATE_TUBES; i++) {
		char sample[16];
		snprintf(sample, sizeof(sample), "S%d", FIRST_BOX + 1 + i);
		write_well(f, i, "Unkn", sample, i % 10 == 0 ? 25.5 : 0);
	}
	write_well(f, 93, "NegCtrl", "NEC", 0);
	write_well(f, 94, "NTC", "NTC", 0);
	write_well(f, 95, "PosCtrl", "PC", 24.5);
	end_file(f);
}

static const char *pool_scans(void)
{
	static char text[POOLS * 24];
	size_t n = 0;
	for (int i = 0; i < POOLS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s\n", pool_codes[i]);
	return text;
}

/* What the instrument says of plate Q2: every tenth pool is positive. */
static void write_pool_run(void)
{
	FILE *f = begin_file("Q2 -  Quantification Cq Results.csv",
			     ",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq\n");
	for (int i = 0; i < POOLS; i++)
		write_well(f, i, "Unkn", pool_codes[i], i % 10 == 0 ? 25.5 : 0);
	write_well(f, 93, "NegCtrl", "NEC", 0);
	write_well(f, 94, "NTC", "NTC", 0);
	write_well(f, 95, "PosCtrl", "PC", 24.5);
	end_file(f);
}

/* pools.db: laboratory pools are planned; made.db: they are on a PCR plate. */
static void build_pools(void)
{
	static char tubes[POOLS * POOL_TUBES * 16];
	size_t n = 0;
	for (int i = 0; i < POOLS * POOL_TUBES; i++)
		n += (size_t)snprintf(tubes + n, sizeof(tubes) - n, "S%d\n",
				      FIRST_BOX + PLATE_TUBES + 1 + i);
	must_scan(WORDS("receive", "tube"), tubes);
	must_run(WORDS("pool", "plan", "--waiting", "--family", "dorfman", "--size", "5"));
	read_pool_codes();
	file_copy_database("lab.db", "pools.db");
	must_run(WORDS("pool", "made", "--batch", "1"));
	must_run(WORDS("plate", "new", "E2"));
	must_scan(WORDS("plate", "fill", "E2"), pool_scans());
	must_run(WORDS("plate", "seal", "E2"));
	must_run(WORDS("plate", "stamp", "Q2", "--from", "E2", "--assay", "cn-orf1ab-n"));
	file_copy_database("lab.db", "made.db");
	write_pool_run();
}

/* people.db: everybody is registered, and the singles are on their way. plate.db: the first of them are on a
 * PCR plate. */
static void build(void)
{
	must_run(WORDS("lab", "init", "--name", "Kill", "--issuer", "SZ", "--operator", "li",
		       "--site", "gate", "--assay", "cn-orf1ab-n"));
	write_roster("people.csv", "R", PEOPLE);
	must_run(WORDS("roster", "import", "people.csv"));
	write_log();
	must_run(WORDS("collect", "log", "log.csv", "--site", "gate"));
	must_run(WORDS("printer", "add", "office", "file:labels.pdf?language=pdf"));
	file_copy_database("lab.db", "people.db");
	must_scan(WORDS("receive", "tube"), scans("S", FIRST_BOX + 1, PLATE_TUBES));
	must_run(WORDS("plate", "new", "E1"));
	must_scan(WORDS("plate", "fill", "E1"), scans("S", FIRST_BOX + 1, PLATE_TUBES));
	must_run(WORDS("plate", "seal", "E1"));
	must_run(WORDS("plate", "stamp", "Q1", "--from", "E1", "--assay", "cn-orf1ab-n"));
	file_copy_database("lab.db", "plate.db");
	write_roster("village.csv", "V", ROSTER_ROWS);
	write_run();
	build_pools();
}

/* ---------------------------------------------------------------- streams of scans */

/*
 * Feeds a command that reads scans, and kills it: after so many answers and a little more, or after a
 * time, whatever it does then. Returns how many scans it had acknowledged.
 */
static int scan_and_kill(const char *const *words, const char *text, int count)
{
	char line[256];
	int answered = 0;
	process p = process_start(words);
	process_feed(&p, text);
	if (chance_below(4) > 0) {
		int until = (int)chance_below((uint64_t)count);
		while (answered < until && process_line(&p, line, sizeof(line)))
			answered++;
		pause_for(chance_below(4000));
	} else {
		pause_for(chance_below(80000));
	}
	process_kill(&p);
	while (process_line(&p, line, sizeof(line)))
		answered++;
	middle += process_end(&p) > 255 && answered < count ? 1 : 0;
	prove();
	return answered;
}

/* One scan may be on disk whose answer was never heard: the one at hand. */
static void check_stream(int answered, int64_t there)
{
	if (there != answered && there != answered + 1)
		process_stop("round %d: %d scans were acknowledged, and %" PRId64 " are there",
			     round_number, answered, there);
	heard += answered;
	unheard += (int)there - answered;
}

static void kill_swabs(void)
{
	char tube[24];
	int k = round_number % PER_COPY;
	if (k == 0)
		file_copy_database("people.db", "lab.db");
	snprintf(tube, sizeof(tube), "T%d", k);
	must_run(WORDS("collect", "open", tube, "--capacity", "20", "--site", "gate"));
	int answered = scan_and_kill(WORDS("collect", "add", tube),
				     scans("R", k * PER_TUBE + 1, PER_TUBE), PER_TUBE);
	int64_t there = ask("SELECT count(*) FROM swab WHERE tube = '%s'", tube);
	check_stream(answered, there);
	same("what the tube counts", there, ask("SELECT swabs FROM tube WHERE tube = '%s'", tube));
	same("the number of swabs in the order of the scans", there,
	     ask("SELECT count(*) FROM swab JOIN subject USING (subject) WHERE tube = '%s' "
		 "AND external_id = 'R' || (%d + place)",
		 tube, k * PER_TUBE));
	same("the number of their results", there,
	     ask("SELECT count(*) FROM result WHERE tube = '%s' AND status = 'open'", tube));
}

static void kill_reception(void)
{
	int k = round_number % PER_COPY, first = FIRST_BOX + k * PER_BOX + 1;
	if (k == 0)
		file_copy_database("people.db", "lab.db");
	int answered = scan_and_kill(WORDS("receive", "tube"), scans("S", first, PER_BOX), PER_BOX);
	int64_t there = ask("SELECT count(*) FROM tube WHERE received_at IS NOT NULL AND "
			    "CAST(substr(tube, 2) AS INTEGER) BETWEEN %d AND %d",
			    first, first + PER_BOX - 1);
	check_stream(answered, there);
	same("the number of tubes in the order of the scans", there,
	     ask("SELECT count(*) FROM tube WHERE state = 'received' AND "
		 "CAST(substr(tube, 2) AS INTEGER) BETWEEN %d AND %d",
		 first, first + (int)there - 1));
}

static void kill_making(void)
{
	file_copy_database("pools.db", "lab.db");
	int answered = scan_and_kill(WORDS("pool", "made"), pool_scans(), POOLS);
	int64_t there = ask("SELECT count(*) FROM pool WHERE state = 'made'");
	check_stream(answered, there);
	same("the number of pools made in the order of the scans", there,
	     ask("SELECT count(*) FROM pool WHERE state = 'made' AND number <= %d", (int)there));
	same("the number of aliquots in them", there * POOL_TUBES,
	     ask("SELECT count(*) FROM aliquot WHERE state = 'pipetted'"));
}

/* ---------------------------------------------------------------- imports */

/* How long it takes when nobody kills it, for choosing moments. */
static uint64_t measure(const char *database, const char *const *words)
{
	file_copy_database(database, "lab.db");
	uint64_t begin = microseconds_now();
	must_run(words);
	return microseconds_now() - begin;
}

static void import_and_kill(const char *database, const char *const *words, uint64_t duration)
{
	file_copy_database(database, "lab.db");
	process p = process_start(words);
	pause_for(chance_below(duration + duration / 10));
	process_kill(&p);
	middle += process_end(&p) > 255 ? 1 : 0;
	prove();
}

static void kill_roster(uint64_t duration)
{
	import_and_kill("people.db", WORDS("roster", "import", "village.csv"), duration);
	int64_t whole = ask("SELECT count(*) FROM document WHERE name = 'village.csv'");
	same("the number of people", PEOPLE + whole * ROSTER_ROWS,
	     ask("SELECT count(*) FROM subject"));
	must_run(WORDS("roster", "import", "village.csv"));
	same("the number of people after all", PEOPLE + ROSTER_ROWS,
	     ask("SELECT count(*) FROM subject"));
}

static void kill_run(uint64_t duration)
{
	const char *const *words = WORDS("run", "import", "Q1 -  Quantification Cq Results.csv");
	import_and_kill("plate.db", words, duration);
	int64_t whole = ask("SELECT count(*) FROM run");
	same("the number of readings", whole * 3 * (PLATE_TUBES + 3),
	     ask("SELECT count(*) FROM reading"));
	same("the number of decided people", whole * PLATE_TUBES,
	     ask("SELECT count(*) FROM result WHERE status <> 'open'"));
	same("the number of tubes that wait for their run", (1 - whole) * PLATE_TUBES,
	     ask("SELECT count(*) FROM tube WHERE state = 'plated'"));
	must_run(words);
	same("the positive after all", 10,
	     ask("SELECT count(*) FROM result WHERE status = 'positive'"));
}

/* ---------------------------------------------------------------- labels */

#define ORDER \
	WORDS("label", "print", "--tubes", "96", "--printer", "office", "--template", "a4-tubes")

static int64_t labels_that_are(const char *state)
{
	return ask("SELECT count(*) FROM label WHERE state = '%s'", state);
}

/* All numbers of an order are there or none; none waits that may have left; the rest is printed afterwards. */
static void kill_labels(uint64_t duration)
{
	remove("labels.pdf");
	import_and_kill("people.db", ORDER, duration);
	int64_t whole = ask("SELECT count(*) FROM label_batch");
	same("the number of labels", whole * LABELS, ask("SELECT count(*) FROM label"));
	same("the number of different ones", whole * LABELS,
	     ask("SELECT count(DISTINCT id) FROM label"));
	int64_t doubtful = labels_that_are("sent");
	int code = process_run(WORDS("label", "resume"));
	if (code != 0 && code != 3)
		process_stop("round %d: label resume: exit %d", round_number, code);
	prove();
	same("the number of labels in doubt", doubtful, labels_that_are("unconfirmed"));
	same("the number of the others", whole * LABELS - doubtful, labels_that_are("confirmed"));
	must_run(ORDER);
	same("the number of different labels after all", (whole + 1) * LABELS,
	     ask("SELECT count(DISTINCT id) FROM label"));
}

static void kill_decoding(uint64_t duration)
{
	const char *const *words = WORDS("run", "import", "Q2 -  Quantification Cq Results.csv");
	const int negative = POOLS - POOLS / 10;
	import_and_kill("made.db", words, duration);
	int64_t whole = ask("SELECT count(*) FROM run");
	same("the number of pools read", whole * POOLS,
	     ask("SELECT count(*) FROM pool WHERE state = 'read'"));
	same("the number of decodes", whole, ask("SELECT count(*) FROM decode"));
	same("the number of decided people", whole * negative * POOL_TUBES,
	     ask("SELECT count(*) FROM result WHERE status <> 'open'"));
	must_run(words);
	same("the undecided tubes after all", POOLS / 10 * POOL_TUBES,
	     ask("SELECT count(*) FROM tube WHERE state = 'pooled' AND next = 'pool-next'"));
}

/* ---------------------------------------------------------------- the test */

static int kills(void)
{
	const char *given = getenv("PW_KILLS");
	int n = given != NULL ? (int)strtol(given, NULL, 10) : 0;
	return n > 0 ? n : 25;
}

static void report(const char *what, int n)
{
	printf("%-9s %d kills, %d of them in the middle\n", what, n, middle);
	fflush(stdout);
	middle = 0;
}

static void work(int n)
{
	build();
	for (round_number = 0; round_number < n; round_number++)
		kill_swabs();
	report("swabs", n);
	for (round_number = 0; round_number < n; round_number++)
		kill_reception();
	report("reception", n);
	uint64_t duration = measure("people.db", WORDS("roster", "import", "village.csv"));
	for (round_number = 0; round_number < n; round_number++)
		kill_roster(duration);
	report("roster", n);
	duration =
		measure("plate.db", WORDS("run", "import", "Q1 -  Quantification Cq Results.csv"));
	for (round_number = 0; round_number < n; round_number++)
		kill_run(duration);
	report("run", n);
	duration = measure("people.db", ORDER);
	for (round_number = 0; round_number < n; round_number++)
		kill_labels(duration);
	report("labels", n);
	for (round_number = 0; round_number < n; round_number++)
		kill_making();
	report("making", n);
	duration =
		measure("made.db", WORDS("run", "import", "Q2 -  Quantification Cq Results.csv"));
	for (round_number = 0; round_number < n; round_number++)
		kill_decoding(duration);
	report("decoding", n);
	printf("%d scans were acknowledged and are there; %d are there that were not\n", heard,
	       unheard);
}

/* A folder of the test's own to work in; gone at the end, and kept to be looked at after a failure. */
static void enter_folder(char *folder, size_t size)
{
	const char *parent = getenv("TMPDIR");
	snprintf(folder, size, "%s/poolwell-kill-XXXXXX",
		 parent != NULL && parent[0] != '\0' ? parent : "/tmp");
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		process_stop("%s can't be made", folder);
	printf("in %s\n", folder);
}

static int leave_folder(const char *folder)
{
	char command[600];
	snprintf(command, sizeof(command), "cd / && rm -rf '%s'", folder);
	return system(command) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	char folder[512];
	if (argc != 2) {
		fputs("usage: cli_kill PROGRAM\n", stderr);
		return 2;
	}
	process_program = argv[1];
	signal(SIGPIPE, SIG_IGN);
	unsetenv("POOLWELL_OPERATOR");
	unsetenv("POOLWELL_LAB");
	chance_begin();
	enter_folder(folder, sizeof(folder));
	work(kills());
	return leave_folder(folder);
}
