/*
 * A progress bar on a terminal's standard error, for what takes longer than a second:
 *
 *	importing  [=========>          ]  42 %  12600 of 30000 rows, 3150/s, 6 s left
 *	importing  12600 rows, 3150/s
 *
 * It is drawn at most ten times a second and wiped when it ends; nothing is drawn without a terminal.
 * Commands get theirs from pw_ctx_progress, which is silent with --quiet.
 */
#ifndef PW_CLI_PROGRESS_H
#define PW_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/str.h"

typedef struct pw_progress {
	FILE *talk;          /* NULL: silent */
	pw_clock clock;      /* must not run backwards */
	int width;           /* of the terminal */
	const char *label;   /* "importing" */
	const char *unit;    /* "rows" */
	int64_t done, total; /* total 0 = not known */
	pw_time begun, drawn;
	bool visible; /* a bar stands on the terminal now */
} pw_progress;

/* A clock that nobody sets: what progress is measured by. */
pw_clock pw_clock_steady(void);

/* Begins anew. The words must live until the end. */
void pw_progress_begin(pw_progress *p, const char *label, const char *unit, int64_t total);

/* So much is done now, of `total` (which may have changed). Cheap: call it for every item. */
void pw_progress_at(pw_progress *p, int64_t done, int64_t total);

/* One more is done. */
void pw_progress_step(pw_progress *p);

/* Wipes the bar, so that a line of text can stand in its place; the next step draws it again. */
void pw_progress_hide(pw_progress *p);

/* Wipes the bar for good. */
void pw_progress_end(pw_progress *p);

/* The line as it would be drawn at this moment, appended to *out. */
void pw_progress_line(const pw_progress *p, pw_time now, pw_str *out);

#endif
