/*
 * What is at the other end of the streams: a terminal or not, how wide, in colour or not.
 */
#ifndef PW_CLI_TERM_H
#define PW_CLI_TERM_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/str.h"

#define PW_BOLD  "\033[1m"
#define PW_PLAIN "\033[0m"

typedef struct pw_term {
	bool out, err; /* standard output, standard error is a terminal */
	bool color;    /* terminals may be sent colours: no NO_COLOR, and TERM is not "dumb" */
	int width;     /* columns of the terminal, 80 when there is none */
} pw_term;

/* Asks the system and the environment (NO_COLOR, TERM, COLUMNS). */
pw_term pw_term_ask(FILE *out, FILE *err);

/*
 * Appends `text` so that it can be shown on a line of a terminal: control characters, which could move
 * the cursor or break the line, as \n, \t, \x1b; bytes that are no UTF-8 as \xff.
 */
void pw_term_visible(pw_str *out, const char *text);

/* Appends as much of `text` as takes at most `width` columns; ended by "…" when that is not all. */
void pw_term_clip(pw_str *out, const char *text, int width);

/* Appends `text` wrapped at `width` columns: the first line goes on at column `from`, the others are
 * indented by `indent`. Words longer than a line stand over. No line end behind the last word. */
void pw_term_wrap(pw_str *out, const char *text, int from, int indent, int width);

#endif
