/*
 * A program of its own for the tests of the frame: a few commands that laboratories do not have, streams
 * in memory, a clock that stands at 2026-11-23T14:05:09+08:00, no terminal.
 */
#ifndef PW_TESTS_CLI_FIXTURE_H
#define PW_TESTS_CLI_FIXTURE_H

#include <stddef.h>

#include "cli/cli.h"

/* What a run left; free with ran_clear. */
typedef struct ran {
	int code;
	char *out, *err;
} ran;

/* Runs one line ("poolwell tube list --kind 'a b'") in the program of the fixture; fixture_cli may be changed
 * first, and is reset by fixture_reset. */
ran run_line(const char *line);
void ran_clear(ran *r);

/* Runs, and fails the test unless everything is as given; NULL = not looked at. */
void expect(const char *line, int code, const char *out, const char *err);

extern pw_cli fixture_cli;
extern const pw_noun fixture_nouns[];
extern const char *fixture_input; /* what standard input gives */
extern int fixture_labs_open;     /* laboratories opened and not closed */

/* For tcase_add_checked_fixture: resets all of the above, the time zone and POOLWELL_… */
void fixture_reset(void);

/* Splits a line as a shell does: spaces, '…', "…"; it ends at an unquoted | < > & ;. Returns the number of words,
 * which point into `room`. */
int split_line(const char *line, char *room, size_t size, char **words, int max);

#endif
