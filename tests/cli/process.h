/*
 * Runs of the program for tests in C: started, fed, killed, waited for. Whatever goes wrong with a process
 * itself (not with what it says) ends the test with a word.
 */
#ifndef PW_TESTS_CLI_PROCESS_H
#define PW_TESTS_CLI_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The program under test; set before anything else. */
extern const char *process_program;

typedef struct process {
	pid_t pid;
	int in, out; /* the ends that the test has of its standard input and output; -1: closed */
} process;

/* Starts the program with these words (NULL-ended, without its name). Standard error goes into the file
 * "err" of the working folder. */
process process_start(const char *const *words);

/* Hands it all of the text; what it has not read when it dies is lost. */
void process_feed(process *p, const char *text);

/* Its next line without the newline; false when there is none any more. */
bool process_line(process *p, char *line, size_t size);

void process_kill(process *p);

/* Closes its input, waits for its end: its exit code, or 256 and more when it was killed. */
int process_end(process *p);

/* From its start to its end, its standard output into the file "out": its exit code. */
int process_run(const char *const *words);

/* Ends the test: "kill: <text>", with the first lines that the last process said. */
void process_stop(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---------------------------------------------------------------- chance, time, files */

/* The seed is that of PW_SEED or one of the moment, and is printed: the same seed, the same kills. */
void chance_begin(void);
uint64_t chance_below(uint64_t n);

void pause_for(uint64_t microseconds);
uint64_t microseconds_now(void);

/* Makes the file anew. */
void file_write(const char *path, const char *text);

/* A database that nobody has open, over whatever is there of that name. */
void file_copy_database(const char *from, const char *to);

#endif
