/*
 * How much memory the program takes in all with the largest designs: the peak of its resident set, as the system has
 * it, libraries included. Beside it, in the same run, what it takes for nothing but saying its version. 64 MB are
 * promised. Matrices are made by the program too, in the folder for temporary files (200 MB).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/pooling/design_make.h"
#include "tests/bench/timing.h"

#define PEOPLE    100000
#define MOST_ARGS 16

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- Running ---- */

/* Runs the program and says its peak: the only child of a process that is there for this alone. */
static void watch(char *const *args, int to)
{
	struct rusage used;
	int status;
	pid_t program = fork();
	if (program < 0)
		die("fork");
	if (program == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execv(PW_PROGRAM, args);
		_exit(127);
	}
	if (waitpid(program, &status, 0) != program || getrusage(RUSAGE_CHILDREN, &used) != 0)
		die("waitpid");
	long peak = WIFEXITED(status) && WEXITSTATUS(status) == 0 ? used.ru_maxrss : -1;
	_exit(write(to, &peak, sizeof(peak)) == (ssize_t)sizeof(peak) ? 0 : 1);
}

/* In KB; the program has to succeed. */
static long peak_of(char *const *args)
{
	int ends[2];
	long peak = -1;
	if (pipe(ends) != 0)
		die("pipe");
	pid_t watcher = fork();
	if (watcher < 0)
		die("fork");
	if (watcher == 0)
		watch(args, ends[1]);
	close(ends[1]);
	bool said = read(ends[0], &peak, sizeof(peak)) == (ssize_t)sizeof(peak);
	close(ends[0]);
	waitpid(watcher, NULL, 0);
	if (!said || peak < 0) {
		fprintf(stderr, "%s %s: failed\n", args[0], args[1]);
		exit(1);
	}
	return peak;
}

/* ---- Evidence ---- */

typedef struct setting {
	uint32_t pools, weight;
} setting;

/* One a pool, as the program takes them: `positives` people of the same design, all pools right, or the last missing. */
static char *calls_of(const setting *s, size_t positives, bool missing)
{
	pw_make_opts opts = {.family = PW_FAMILY_RANDOM,
			     .samples = PEOPLE,
			     .pools = s->pools,
			     .w = s->weight,
			     .seed = 7};
	pw_design *design = NULL;
	char *calls = pw_alloc(s->pools + 1);
	must(pw_design_make(&opts, &design, &timing_err));
	memset(calls, '-', s->pools);
	for (size_t k = 0; k < positives; k++) {
		pw_design_list list = pw_design_pools_of(design, 1000 * k + 7);
		for (size_t x = 0; x < list.count; x++)
			calls[list.at[x]] = '+';
	}
	if (missing)
		calls[s->pools - 1] = '!';
	pw_design_free(design);
	return calls;
}

/* ---- The table ---- */

/* Words parted by spaces; MATRIX is the file and CALLS the results. */
static long run(const char *command, const char *matrix, const char *calls)
{
	char *args[MOST_ARGS + 1] = {"poolwell"}, *words = pw_strdup(command), *rest = NULL;
	size_t count = 1;
	for (char *word = strtok_r(words, " ", &rest); word != NULL && count < MOST_ARGS;
	     word = strtok_r(NULL, " ", &rest)) {
		bool results = strcmp(word, "CALLS") == 0;
		args[count++] = pw_strdup(results                       ? calls
					  : strcmp(word, "MATRIX") == 0 ? matrix
									: word);
	}
	long peak = peak_of(args);
	for (size_t i = 1; i < count; i++)
		pw_free(args[i]);
	pw_free(words);
	return peak;
}

static void bench(const setting *s, const char *matrix, long nothing)
{
	static const struct {
		const char *what, *command;
		size_t positives;
		bool missing;
	} rows[] = {
		{"design show", "design show MATRIX", 0, false},
		{"decode, nobody positive",
		 "decode --design MATRIX --results CALLS --prior 0.01% --json", 0, false},
		{"the same, a pool missing",
		 "decode --design MATRIX --results CALLS --prior 0.01% --json", 0, true},
		{"decode, two, at most 1 s",
		 "decode --design MATRIX --results CALLS --prior 0.01% --json --deadline 1s", 2,
		 false},
		{"the same, a pool missing",
		 "decode --design MATRIX --results CALLS --prior 0.01% --json --deadline 1s", 2,
		 true},
		{"the same, diluted",
		 "decode --design MATRIX --results CALLS --prior 0.01% --json --deadline 1s "
		 "--dilution rate=0.005",
		 2, false},
		{"decode plan, two",
		 "decode plan --design MATRIX --results CALLS --prior 0.01% --json --deadline 1s",
		 2, false},
	};
	pw_str make = PW_STR_INIT;
	pw_str_addf(&make,
		    "design make --family random --samples %d --pools %u --weight %u --seed 7 "
		    "--overwrite --out MATRIX",
		    PEOPLE, s->pools, s->weight);
	long peak = run(pw_str_text(&make), matrix, NULL);
	printf("%5u %7u   %-26s %7.1f %7.2f\n", s->pools, s->weight, "design make",
	       (double)peak / 1024, (double)peak / (double)nothing);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *calls = calls_of(s, rows[i].positives, rows[i].missing);
		peak = run(rows[i].command, matrix, calls);
		printf("%5u %7u   %-26s %7.1f %7.2f\n", s->pools, s->weight, rows[i].what,
		       (double)peak / 1024, (double)peak / (double)nothing);
		pw_free(calls);
	}
	pw_str_clear(&make);
}

int main(void)
{
	static const setting settings[] = {{200, 10}, {1000, 10}, {200, 40}};
	const char *folder = getenv("TMPDIR");
	pw_str matrix = PW_STR_INIT;
	pw_str_addf(&matrix, "%s/poolwell-bench-%ld.txt", folder != NULL ? folder : "/tmp",
		    (long)getpid());
	setvbuf(stdout, NULL, _IOLBF, 0);
	long nothing = run("version", NULL, NULL);
	printf("%d people; 'poolwell version' takes %.1f MB\n\n", PEOPLE, (double)nothing / 1024);
	printf("%5s %7s   %-26s %7s %7s\n", "pools", "of each", "command", "MB", "ratio");
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		bench(&settings[i], pw_str_text(&matrix), nothing);
	unlink(pw_str_text(&matrix));
	pw_str_clear(&matrix);
	return 0;
}
