/*
 * Scans, one after the other: from the command line, or from standard input line by line, each answered
 * before the next is read. What was answered is on disk.
 */
#ifndef PW_CLI_SCANS_H
#define PW_CLI_SCANS_H

#include "cli/cmd.h"

/* Does one scan; on success *answer is the line for the person ("3/10 …"). */
typedef pw_status (*pw_scan_fn)(pw_ctx *ctx, void *data, const char *scan, pw_str *answer,
				pw_err *err);

/*
 * Feeds the arguments from `first` on, or, when there are none, the lines of standard input, to `one`.
 * Answers go to standard output as "ok SCAN ANSWER", refusals to standard error. Refused scans do not end
 * the loop; anything else that fails does. Returns the exit code: PW_EXIT_FOUND when scans were refused.
 */
int pw_scans(pw_ctx *ctx, int first, pw_scan_fn one, void *data);

#endif
