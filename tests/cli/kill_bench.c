/* Killed at the benches: swabs scanned into a tube, tubes scanned at reception, a roster, an instrument's file. */
#include <stdlib.h>

#include "tests/cli/kill.h"

#define PER_COPY    25 /* streams of scans that one copy of the database is good for */
#define PER_TUBE    20
#define PER_BOX     30
#define FIRST_BOX   (PER_COPY * PER_TUBE) /* who is in tubes that are to be received */
#define ROSTER_ROWS 5000
#define PLATE_TUBES 93

#define PEOPLE (FIRST_BOX + PER_COPY * PER_BOX) /* R1, R2, … */

_Static_assert(FIRST_BOX + PLATE_TUBES + 1 == KILL_FIRST_SPARE, "who is on the plate");
_Static_assert(PEOPLE >= KILL_FIRST_SPARE + KILL_SPARE - 1, "too few people");

#define RUN_FILE      "Q1 -  Quantification Cq Results.csv"
#define IMPORT_RUN    WORDS("run", "import", RUN_FILE)
#define IMPORT_ROSTER WORDS("roster", "import", "village.csv")

/* ---------------------------------------------------------------- what is worked on */

static void write_roster(const char *path, const char *prefix, int count)
{
	FILE *f = kill_file_begin(path, "name,external_id,city,village\n");
	for (int i = 1; i <= count; i++)
		fprintf(f, "Person %d,%s%d,Suzhou,Lake %d\n", i, prefix, i, i / 700);
	kill_file_end(f);
}

/* A single for everybody behind FIRST_BOX, with their number: S501 is of R501. */
static void write_log(void)
{
	FILE *f = kill_file_begin("log.csv", "at,action,tube,subject,capacity,count,collector\n");
	for (int i = FIRST_BOX + 1; i <= PEOPLE; i++) {
		fprintf(f, "2026-01-05 09:00,open,S%d,,1,,Zhao\n", i);
		fprintf(f, "2026-01-05 09:01,add,S%d,R%d,,,Zhao\n", i, i);
		fprintf(f, "2026-01-05 09:02,close,S%d,,,1,Zhao\n", i);
	}
	kill_file_end(f);
}

/* What the instrument says of plate Q1: every tenth is positive. */
static void write_run(void)
{
	FILE *f = kill_cfx_begin(RUN_FILE);
	for (int i = 0; i < PLATE_TUBES; i++) {
		char sample[16];
		snprintf(sample, sizeof(sample), "S%d", FIRST_BOX + 1 + i);
		kill_cfx_well(f, i, "Unkn", sample, i % 10 == 0 ? 25.5 : 0);
	}
	kill_cfx_end(f);
}

/* people.db: everybody is registered, and the singles are on their way. plate.db: the first of them are on a
 * PCR plate. */
void kill_build_bench(void)
{
	kill_must_run(WORDS("lab", "init", "--name", "Kill", "--issuer", "SZ", "--operator", "li",
			    "--site", "gate", "--assay", "cn-orf1ab-n"));
	write_roster("people.csv", "R", PEOPLE);
	kill_must_run(WORDS("roster", "import", "people.csv"));
	write_log();
	kill_must_run(WORDS("collect", "log", "log.csv", "--site", "gate"));
	kill_must_run(WORDS("printer", "add", "office", "file:labels.pdf?language=pdf"));
	file_copy_database("lab.db", "people.db");
	kill_must_scan(WORDS("receive", "tube"), kill_scans("S", FIRST_BOX + 1, PLATE_TUBES));
	kill_must_run(WORDS("plate", "new", "E1"));
	kill_must_scan(WORDS("plate", "fill", "E1"), kill_scans("S", FIRST_BOX + 1, PLATE_TUBES));
	kill_must_run(WORDS("plate", "seal", "E1"));
	kill_must_run(WORDS("plate", "stamp", "Q1", "--from", "E1", "--assay", "cn-orf1ab-n"));
	file_copy_database("lab.db", "plate.db");
	write_roster("village.csv", "V", ROSTER_ROWS);
	write_run();
}

/* ---------------------------------------------------------------- streams of scans */

static void kill_swabs(uint64_t duration)
{
	char tube[24];
	int k = kill_round % PER_COPY;
	(void)duration;
	if (k == 0)
		file_copy_database("people.db", "lab.db");
	snprintf(tube, sizeof(tube), "T%d", k);
	kill_must_run(WORDS("collect", "open", tube, "--capacity", "20", "--site", "gate"));
	int answered = kill_while_scanning(WORDS("collect", "add", tube),
					   kill_scans("R", k * PER_TUBE + 1, PER_TUBE), PER_TUBE);
	int64_t there = kill_ask("SELECT count(*) FROM swab WHERE tube = '%s'", tube);
	kill_check_stream(answered, there);
	kill_same("what the tube counts", there,
		  kill_ask("SELECT swabs FROM tube WHERE tube = '%s'", tube));
	kill_same(
		"the number of swabs in the order of the scans", there,
		kill_ask("SELECT count(*) FROM swab JOIN subject USING (subject) WHERE tube = '%s' "
			 "AND external_id = 'R' || (%d + place)",
			 tube, k * PER_TUBE));
	kill_same("the number of their results", there,
		  kill_ask("SELECT count(*) FROM result WHERE tube = '%s' AND status = 'open'",
			   tube));
}

static void kill_reception(uint64_t duration)
{
	int k = kill_round % PER_COPY, first = FIRST_BOX + k * PER_BOX + 1;
	(void)duration;
	if (k == 0)
		file_copy_database("people.db", "lab.db");
	int answered = kill_while_scanning(WORDS("receive", "tube"),
					   kill_scans("S", first, PER_BOX), PER_BOX);
	int64_t there = kill_ask("SELECT count(*) FROM tube WHERE received_at IS NOT NULL AND "
				 "CAST(substr(tube, 2) AS INTEGER) BETWEEN %d AND %d",
				 first, first + PER_BOX - 1);
	kill_check_stream(answered, there);
	kill_same("the number of tubes in the order of the scans", there,
		  kill_ask("SELECT count(*) FROM tube WHERE state = 'received' AND "
			   "CAST(substr(tube, 2) AS INTEGER) BETWEEN %d AND %d",
			   first, first + (int)there - 1));
}

/* ---------------------------------------------------------------- imports */

static void kill_roster(uint64_t duration)
{
	kill_command("people.db", IMPORT_ROSTER, duration);
	int64_t whole = kill_ask("SELECT count(*) FROM document WHERE name = 'village.csv'");
	kill_same("the number of people", PEOPLE + whole * ROSTER_ROWS,
		  kill_ask("SELECT count(*) FROM subject"));
	kill_must_run(IMPORT_ROSTER);
	kill_same("the number of people after all", PEOPLE + ROSTER_ROWS,
		  kill_ask("SELECT count(*) FROM subject"));
}

static void kill_run(uint64_t duration)
{
	kill_command("plate.db", IMPORT_RUN, duration);
	int64_t whole = kill_ask("SELECT count(*) FROM run");
	kill_same("the number of readings", whole * 3 * (PLATE_TUBES + 3),
		  kill_ask("SELECT count(*) FROM reading"));
	kill_same("the number of decided people", whole * PLATE_TUBES,
		  kill_ask("SELECT count(*) FROM result WHERE status <> 'open'"));
	kill_same("the number of tubes that wait for their run", (1 - whole) * PLATE_TUBES,
		  kill_ask("SELECT count(*) FROM tube WHERE state = 'plated'"));
	kill_must_run(IMPORT_RUN);
	kill_same("the positive after all", 10,
		  kill_ask("SELECT count(*) FROM result WHERE status = 'positive'"));
}

const kill_work kill_bench_works[] = {
	{"swabs", NULL, NULL, kill_swabs},
	{"reception", NULL, NULL, kill_reception},
	{"roster", "people.db", IMPORT_ROSTER, kill_roster},
	{"run", "plate.db", IMPORT_RUN, kill_run},
	{NULL, NULL, NULL, NULL},
};
