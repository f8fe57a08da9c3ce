/*
 * The one door through which a qPCR instrument's export comes in. Which vendor wrote it is seen from its
 * content, never from its name: each reader says how sure it is, the surest reads. What nobody knows gets
 * one error that says what it seems to be, what is taken, and what to export instead.
 *
 * An import lands whole or not at all: every wrong row goes into the report with line and column, and
 * any error in it means PW_ERR_FORMAT and no run. Warnings alone do not stop a run. Cq, amplification and
 * the vendor's call are kept as three fields and none is made from another, with one exception that
 * quantstudio.h explains (the NOAMP flag).
 */
#ifndef PW_EXCHANGE_RUN_READER_H
#define PW_EXCHANGE_RUN_READER_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/model/run_file.h"

/* A file as a reader sees it. */
typedef struct pw_run_source {
	const char *file_name; /* without folders; may be "" */
	pw_slice text;         /* UTF-8, no NULs in it, one behind it */
} pw_run_source;

/* How sure a reader is: nothing between these two is special, the surest wins. */
#define PW_SNIFF_NOT_MINE 0
#define PW_SNIFF_BROKEN   50 /* mine, but something is missing: read says what */
#define PW_SNIFF_SURE     100

typedef struct pw_run_reader {
	const char *name;  /* pw_run_file.format: "cfx-cq" */
	const char *title; /* for messages: "Bio-Rad CFX Quantification Cq Results (.csv)" */
	int (*sniff)(const pw_run_source *source);

	/* Fills *out, with everything in the arena; what is wrong goes into the report as errors, and the
	 * door throws *out away then. Called for a source that sniff did not call PW_SNIFF_NOT_MINE. */
	void (*read)(const pw_run_source *source, pw_arena *arena, pw_run_file *out,
		     pw_report *report);
} pw_run_reader;

/* The table, in no special order. */
const pw_run_reader *const *pw_run_readers(size_t *out_count);

/*
 * Reads an export of any kind in the table into *out, which lives as long as the arena. `file_name` (may
 * hold folders) is for messages, and for what some vendors say nowhere else: the run's name.
 * PW_ERR_FORMAT for a file that nobody knows, or with errors in *report, of which the message names the
 * first; PW_ERR_LIMIT over 64 MiB. `report` may be NULL.
 */
PW_NODISCARD pw_status pw_run_file_read(const void *bytes, size_t n, const char *file_name,
					pw_arena *arena, pw_run_file *out, pw_report *report,
					pw_err *err);

/* `file_name` without folders, of either kind of slash. */
const char *pw_run_base_name(const char *file_name);

/* Bytes → source: decodes to UTF-8 into *text, which the caller clears. PW_ERR_FORMAT for what is not
 * text, saying what it is (run_unknown.h); PW_ERR_LIMIT over 64 MiB. */
PW_NODISCARD pw_status pw_run_source_open(const void *bytes, size_t n, const char *file_name,
					  pw_str *text, pw_run_source *out, pw_err *err);

#endif
