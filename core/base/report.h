/*
 * A report: many findings about one input, each with its place. An import that finds forty wrong
 * rows returns PW_ERR_FORMAT and a report of forty rows; warnings alone leave the status PW_OK.
 */
#ifndef PW_BASE_REPORT_H
#define PW_BASE_REPORT_H

#include <stddef.h>

#include "core/base/err.h"

typedef enum pw_severity { PW_WARNING, PW_ERROR } pw_severity;

typedef struct pw_finding {
	pw_severity severity;
	const char *code; /* static: "missing-column", "check-digit" */
	int line, column; /* from 1; 0 = the file as a whole, or the line as a whole */
	char *text;       /* one line, what is wrong and what to do; the report owns it */
} pw_finding;

typedef struct pw_report {
	pw_finding *findings;
	size_t len, room;
	size_t errors; /* how many of them are PW_ERROR */
} pw_report;

/* clang-format off */
#define PW_REPORT_INIT { NULL, 0, 0, 0 }
/* clang-format on */

/* `code` must be static; the text is copied. */
void pw_report_add(pw_report *report, pw_severity severity, const char *code, int line, int column,
		   const char *format, ...) PW_PRINTF(6, 7);

/* Frees; accepts a zeroed report, and leaves one. */
void pw_report_clear(pw_report *report);

#endif
