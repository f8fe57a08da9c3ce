/*
 * kill -9 at any moment, and what has to be true then. Each kill_<where>.c knows some kinds of work and lists
 * them; kill.c has them done and killed; kill_moments.c is what they share. All of it happens in a folder of
 * its own; the database at hand is "lab.db", copied anew from one that kill_build_<where> leaves there.
 */
#ifndef PW_TESTS_CLI_KILL_H
#define PW_TESTS_CLI_KILL_H

#include <inttypes.h>
#include <stdio.h>

#include "tests/cli/process.h"

/* A command line on the database at hand. */
#define WORDS(...) ((const char *const[]){__VA_ARGS__, "--lab", "lab.db", NULL})

typedef struct kill_work {
	const char *name;         /* NULL ends a list */
	const char *database;     /* for `words` */
	const char *const *words; /* what is measured before; NULL: moments are counted in scans */

	/* One round: works, is killed (after at most a little more than `duration` µs, where it was measured), and
	 * looks at what is there. Whatever is wrong ends the test. */
	void (*round)(uint64_t duration);
} kill_work;

/* The benches: registration, collection, reception, runs. "people.db", "plate.db"; its singles S<n> of persons R<n>
 * from KILL_FIRST_SPARE on are on their way and nobody's. Builds first. */
#define KILL_FIRST_SPARE 594
#define KILL_SPARE       600
extern const kill_work kill_bench_works[];
void kill_build_bench(void);

/* Laboratory pools of spare singles. */
extern const kill_work kill_pool_works[];
void kill_build_pools(void);

/* Labels; they need nothing but "people.db". */
extern const kill_work kill_label_works[];

/* ---------------------------------------------------------------- the program, the database (kill_moments.c) */

extern int kill_round; /* of the kind of work at hand, from 0 */

typedef struct kill_count {
	int middle;         /* kills that found the program at work; kill.c starts it anew */
	int heard, unheard; /* scans that are there: acknowledged, and not yet */
} kill_count;

extern kill_count kill_so_far;

/* Runs a command to its end, the second one with these lines as standard input; it must succeed. */
void kill_must_run(const char *const *words);
void kill_must_scan(const char *const *words, const char *scans);

/* The database at hand is whole: audit verify --deep. */
void kill_prove(void);

/* The number that a query of the database at hand gives: SQLite itself is asked. */
int64_t kill_ask(const char *format, ...) __attribute__((format(printf, 1, 2)));

void kill_same(const char *what, int64_t expected, int64_t is);

/* ---------------------------------------------------------------- files */

FILE *kill_file_begin(const char *path, const char *head);
void kill_file_end(FILE *f);

/* The file of a Bio-Rad CFX for a 96-well plate, well by well down its columns; `cq` 0: nothing amplified. The end
 * adds the controls, all as they should be. */
FILE *kill_cfx_begin(const char *path);
void kill_cfx_well(FILE *f, int index, const char *content, const char *sample, double cq);
void kill_cfx_end(FILE *f);

/* ---------------------------------------------------------------- killed */

/* `count` scans, "<prefix><first>" and on, a line each; good until the next call. */
const char *kill_scans(const char *prefix, int first, int count);

/*
 * Feeds a command that reads scans, and kills it: after so many answers and a little more, or after a
 * time, whatever it does then. Proves the database. Returns how many scans it had acknowledged.
 */
int kill_while_scanning(const char *const *words, const char *text, int count);

/* One scan may be on disk whose answer was never heard: the one at hand. */
void kill_check_stream(int answered, int64_t there);

/* Runs the command on a copy of the database, kills it at some moment of its duration, and proves the database. */
void kill_command(const char *database, const char *const *words, uint64_t duration);

#endif
