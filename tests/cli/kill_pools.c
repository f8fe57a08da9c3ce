/* Killed while laboratory pools are planned, made and continued, and while the file of a plate of them is read and
 * decoded. */
#include <sqlite3.h>
#include <string.h>

#include "tests/cli/kill.h"

#define POOLS      30 /* of POOL_TUBES each, of the singles that nobody else works on */
#define POOL_TUBES 5

_Static_assert(KILL_SPARE >= POOLS * POOL_TUBES, "too few singles");

#define RUN_FILE   "Q2 -  Quantification Cq Results.csv"
#define PLAN       WORDS("pool", "plan", "--waiting", "--family", "dorfman", "--size", "5")
#define IMPORT_RUN WORDS("run", "import", RUN_FILE)
#define NEXT       WORDS("pool", "next", "--prefer", "rounds")

/* ---------------------------------------------------------------- what is worked on */

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

static const char *pool_scans(void)
{
	static char text[POOLS * 24];
	size_t n = 0;
	for (int i = 0; i < POOLS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s\n", pool_codes[i]);
	return text;
}

/* What the instrument says of plate Q2: every tenth pool is positive. */
static void write_run(void)
{
	FILE *f = kill_cfx_begin(RUN_FILE);
	for (int i = 0; i < POOLS; i++)
		kill_cfx_well(f, i, "Unkn", pool_codes[i], i % 10 == 0 ? 25.5 : 0);
	kill_cfx_end(f);
}

/* waiting.db: singles wait; pools.db: laboratory pools of them are planned; made.db: they are on a PCR plate;
 * decoded.db: and were read. */
void kill_build_pools(void)
{
	file_copy_database("plate.db", "lab.db");
	kill_must_scan(WORDS("receive", "tube"),
		       kill_scans("S", KILL_FIRST_SPARE, POOLS * POOL_TUBES));
	file_copy_database("lab.db", "waiting.db");
	kill_must_run(PLAN);
	read_pool_codes();
	file_copy_database("lab.db", "pools.db");
	kill_must_run(WORDS("pool", "made", "--batch", "1"));
	kill_must_run(WORDS("plate", "new", "E2"));
	kill_must_scan(WORDS("plate", "fill", "E2"), pool_scans());
	kill_must_run(WORDS("plate", "seal", "E2"));
	kill_must_run(WORDS("plate", "stamp", "Q2", "--from", "E2", "--assay", "cn-orf1ab-n"));
	file_copy_database("lab.db", "made.db");
	write_run();
	kill_must_run(IMPORT_RUN);
	file_copy_database("lab.db", "decoded.db");
}

/* ---------------------------------------------------------------- killed */

static void kill_planning(uint64_t duration)
{
	kill_command("waiting.db", PLAN, duration);
	int64_t whole = kill_ask("SELECT count(*) FROM batch");
	kill_same("the number of pools", whole * POOLS, kill_ask("SELECT count(*) FROM pool"));
	kill_same("the number of aliquots", whole * POOLS * POOL_TUBES,
		  kill_ask("SELECT count(*) FROM aliquot"));
	kill_same("the number of tubes that wait", (1 - whole) * POOLS * POOL_TUBES,
		  kill_ask("SELECT count(*) FROM tube WHERE state = 'received'"));
	if (whole == 0)
		kill_must_run(PLAN);
	kill_same("the number of pooled tubes after all", POOLS * POOL_TUBES,
		  kill_ask("SELECT count(*) FROM tube WHERE state = 'pooled'"));
}

static void kill_making(uint64_t duration)
{
	(void)duration;
	file_copy_database("pools.db", "lab.db");
	int answered = kill_while_scanning(WORDS("pool", "made"), pool_scans(), POOLS);
	int64_t there = kill_ask("SELECT count(*) FROM pool WHERE state = 'made'");
	kill_check_stream(answered, there);
	kill_same("the number of pools made in the order of the scans", there,
		  kill_ask("SELECT count(*) FROM pool WHERE state = 'made' AND number <= %d",
			   (int)there));
	kill_same("the number of aliquots in them", there * POOL_TUBES,
		  kill_ask("SELECT count(*) FROM aliquot WHERE state = 'pipetted'"));
}

static void kill_decoding(uint64_t duration)
{
	const int negative = POOLS - POOLS / 10;
	kill_command("made.db", IMPORT_RUN, duration);
	int64_t whole = kill_ask("SELECT count(*) FROM run");
	kill_same("the number of pools read", whole * POOLS,
		  kill_ask("SELECT count(*) FROM pool WHERE state = 'read'"));
	kill_same("the number of decodes", whole, kill_ask("SELECT count(*) FROM decode"));
	kill_same("the number of decided people", whole * negative * POOL_TUBES,
		  kill_ask("SELECT count(*) FROM result WHERE status <> 'open'"));
	kill_must_run(IMPORT_RUN);
	kill_same(
		"the undecided tubes after all", POOLS / 10 * POOL_TUBES,
		kill_ask(
			"SELECT count(*) FROM tube WHERE state = 'pooled' AND next = 'pool-next'"));
}

/* Every undecided tube gets its own well, or none does. */
static void kill_continuing(uint64_t duration)
{
	const int undecided = POOLS / 10 * POOL_TUBES;
	kill_command("decoded.db", NEXT, duration);
	int64_t again = kill_ask("SELECT count(*) FROM tube WHERE state = 'retest'");
	if (again != 0)
		kill_same("the number of tubes that go again", undecided, again);
	kill_same("the others", undecided - again,
		  kill_ask("SELECT count(*) FROM tube WHERE next = 'pool-next'"));
	kill_must_run(NEXT);
	kill_same("the tubes that go again after all", undecided,
		  kill_ask("SELECT count(*) FROM tube WHERE state = 'retest'"));
}

const kill_work kill_pool_works[] = {
	{"planning", "waiting.db", PLAN, kill_planning},
	{"making", NULL, NULL, kill_making},
	{"decoding", "made.db", IMPORT_RUN, kill_decoding},
	{"continuing", "decoded.db", NEXT, kill_continuing},
	{NULL, NULL, NULL, NULL},
};
