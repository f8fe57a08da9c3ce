/*
 * kill -9 at any moment: what was acknowledged is there, what was not is whole or not there at all, and the
 * history is clean.
 *
 *	cli_kill PROGRAM
 *
 * Nine kinds of work are killed: swabs scanned into a tube, tubes scanned at reception, a roster of 5,000
 * rows, an instrument's file (kill_bench.c); labels that are reserved, queued and printed (kill_labels.c);
 * laboratory pools that are planned, scanned as they are made, read and decoded, and continued (kill_pools.c).
 * PW_KILLS says how often each (25 unless told), PW_SEED which moments. After each kill the program proves the
 * database (audit verify --deep); then SQLite itself is asked.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/cli/kill.h"

static int kills(void)
{
	const char *given = getenv("PW_KILLS");
	int n = given != NULL ? (int)strtol(given, NULL, 10) : 0;
	return n > 0 ? n : 25;
}

/* How long a command takes when nobody kills it, for choosing moments. */
static uint64_t measure(const kill_work *work)
{
	if (work->words == NULL)
		return 0;
	file_copy_database(work->database, "lab.db");
	uint64_t begin = microseconds_now();
	kill_must_run(work->words);
	return microseconds_now() - begin;
}

static void do_works(const kill_work *work, int n)
{
	for (; work->name != NULL; work++) {
		uint64_t duration = measure(work);
		kill_so_far.middle = 0;
		for (kill_round = 0; kill_round < n; kill_round++)
			work->round(duration);
		printf("%-10s %d kills, %d of them in the middle\n", work->name, n,
		       kill_so_far.middle);
		fflush(stdout);
	}
}

static void work(int n)
{
	kill_build_bench();
	kill_build_pools();
	do_works(kill_bench_works, n);
	do_works(kill_label_works, n);
	do_works(kill_pool_works, n);
	printf("%d scans were acknowledged and are there; %d are there that were not\n",
	       kill_so_far.heard, kill_so_far.unheard);
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
