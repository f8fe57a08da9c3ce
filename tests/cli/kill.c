/*
 * kill -9 at any moment: what was acknowledged is there, what was not is whole or not there at all, and the
 * history is clean.
 *
 *	cli_kill PROGRAM
 *
 * Four kinds of work are killed: swabs scanned into a tube, tubes scanned at reception, a roster of 5,000
 * rows, an instrument's file. PW_KILLS says how often each (25 unless told), PW_SEED which moments. The
 * database is read with SQLite itself, after the program has recovered and proved it.
 */
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cli/process.h"

#define PER_TUBE    20
#define PER_BOX     30
#define ROSTER_ROWS 5000
#define PLATE_TUBES 93
#define PEOPLE      1200

#define RUN(...)    run((const char *const[]){__VA_ARGS__, "--lab", "lab.db", NULL})

static int rounds_done, in_the_middle, acknowledged, not_acknowledged;

/* ---------------------------------------------------------------- the program, the database */

static int run(const char *const *words)
{
	return process_run(words);
}

static void must(int code, const char *what)
{
	if (code != 0)
		process_stop("round %d: %s: exit %d", rounds_done, what, code);
}

/* The number that a query gives; its ?1 is `text`. */
static int64_t ask(const char *sql, const char *text)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	if (sqlite3_open_v2("lab.db", &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		process_stop("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_bind_parameter_count(st) == 1)
		sqlite3_bind_text(st, 1, text, -1, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_ROW)
		process_stop("%s: %s", sql, sqlite3_errmsg(db));
	int64_t number = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return number;
}

static void prove(void)
{
	must(RUN("audit", "verify", "--deep"), "audit verify --deep");
}

/* ---------------------------------------------------------------- a stream of scans */

/*
 * Feeds the words to a command that reads scans, kills it at some moment, and returns how many it had
 * acknowledged: after so many answers and a little more, or after a time, whatever it does then.
 */
static int scan_and_kill(const char *const *words, const char *scans, int count)
{
	char line[256];
	int answered = 0;
	process p = process_start(words);
	process_feed(&p, scans);
	if (chance_below(4) > 0) {
		int until = (int)chance_below((uint64_t)count);
		while (answered < until && process_line(&p, line, sizeof(line)))
			answered++;
		pause_for(chance_below(3000));
	} else {
		pause_for(chance_below(60000));
	}
	process_kill(&p);
	while (process_line(&p, line, sizeof(line)))
		answered++;
	if (process_end(&p) > 255)
		in_the_middle++;
	acknowledged += answered;
	return answered;
}

/* One scan may be on disk whose answer was never heard; no other. */
static void check_stream(const char *what, int answered, int64_t there)
{
	if (there < answered)
		process_stop("round %d: %d %s were acknowledged, and %" PRId64 " are there",
			     rounds_done, answered, what, there);
	if (there > answered + 1)
		process_stop("round %d: %d %s were acknowledged, and %" PRId64
			     " are there: more than the one at hand",
			     rounds_done, answered, what, there);
	not_acknowledged += (int)there - answered;
}

static void round_of_swabs(int round)
{
	char tube[24], scans[PER_TUBE * 8] = "";
	snprintf(tube, sizeof(tube), "T%d", round);
	for (int i = 0; i < PER_TUBE; i++)
		snprintf(scans + strlen(scans), 8, "R%d\n", round * PER_TUBE + i + 1);
	must(RUN("collect", "open", tube, "--capacity", "20", "--site", "gate"), "collect open");
	int answered =
		scan_and_kill((const char *const[]){"collect", "add", tube, "--lab", "lab.db", NULL},
			      scans, PER_TUBE);
	prove();
	int64_t there = ask("SELECT count(*) FROM swab WHERE tube = ?1", tube);
	check_stream("swabs", answered, there);
	if (ask("SELECT swabs FROM tube WHERE tube = ?1", tube) != there)
		process_stop("round %d: tube %s does not count its swabs", round, tube);
	/* They are the first ones, in their order. */
	int64_t in_order = ask("SELECT count(*) FROM swab JOIN subject USING (subject) WHERE tube = ?1 "
			       "AND external_id = 'R' || (substr(tube, 2) * 20 + place)",
			       tube);
	if (in_order != there)
		process_stop("round %d: the swabs of %s are not in the order of the scans", round,
			     tube);
}

/* A log that makes `count` singles, "S<round>-1" and on, of the people behind `first`. */
static void write_singles(int round, int first, int count)
{
	static char log[PLATE_TUBES * 160 + 200];
	char *at = log;
	at += sprintf_line(at, "at,action,tube,subject,capacity,count,collector\n");
	(void)round;
	(void)first;
	(void)count;
	file_write("log.csv", log);
}
