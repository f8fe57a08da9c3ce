/*
 * An assay: which targets a kit measures, how a Cq becomes a band, how bands become a call, what comes
 * next after each attempt, which controls are judged and what they cover. Written as a YAML decision
 * table (docs/reference/assays.md), checked by a linter, versioned, and recorded by the hash of its
 * bytes with every call that it made.
 *
 * Pure: no clock, no files. A parsed assay never changes and may be read by many threads.
 */
#ifndef PW_MODEL_ASSAY_H
#define PW_MODEL_ASSAY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/hash.h"
#include "core/base/report.h"
#include "core/model/call.h"

#define PW_ASSAY_MAX_TARGETS 8

typedef struct pw_assay pw_assay;

/* What a failing control covers: the results that it holds, and only those. */
typedef enum pw_scope {
	PW_SCOPE_WELL,
	PW_SCOPE_EXTRACTION_PLATE,
	PW_SCOPE_PCR_PLATE,
	PW_SCOPE_RUN,
} pw_scope;

/* At which stage a control is put onto a plate. */
typedef enum pw_stage { PW_STAGE_EXTRACTION, PW_STAGE_PCR } pw_stage;

const char *pw_scope_name(pw_scope scope); /* "extraction-plate" */
const char *pw_stage_name(pw_stage stage); /* "extraction", "pcr" */
bool pw_stage_parse(const char *text, pw_stage *out);

/* Reads and checks one assay: every name used is declared, every number is in range. `name` stands in
 * front of messages. PW_ERR_FORMAT with line and column. Does not lint. Free with pw_assay_free. */
PW_NODISCARD pw_status pw_assay_parse(const void *bytes, size_t n, const char *name, pw_assay **out,
				      pw_err *err);
void pw_assay_free(pw_assay *assay);

const char *pw_assay_name(const pw_assay *assay);
int pw_assay_version(const pw_assay *assay);
const char *pw_assay_title(const pw_assay *assay);
const pw_hash *pw_assay_hash(const pw_assay *assay); /* of the bytes it was read from */

/* How many judged attempts a tube gets before the assay's last word, from 1. */
int pw_assay_max_attempts(const pw_assay *assay);

size_t pw_assay_target_count(const pw_assay *assay);
const char *pw_assay_target_name(const pw_assay *assay, size_t index);

/* The target that an instrument's file calls `text` (its name or an alias, without case), or -1. */
int pw_assay_target_find(const pw_assay *assay, const char *text);

typedef struct pw_control_rule {
	const char *name; /* "NTC" */
	const char *title;
	pw_stage stage;
	pw_scope covers;
	bool required; /* a plate without one is not judged */
} pw_control_rule;

size_t pw_assay_control_count(const pw_assay *assay);
pw_control_rule pw_assay_control(const pw_assay *assay, size_t index);
int pw_assay_control_find(const pw_assay *assay, const char *name); /* or -1 */

/* What was measured of one target of the assay in one well. */
typedef struct pw_measure {
	bool present; /* the file has a reading for it; an absent one is not "no Cq" */
	bool has_cq;
	double cq;
	pw_amp amp;
} pw_measure;

typedef struct pw_verdict {
	pw_call call;
	pw_next next;
	const char *rule;   /* the row that decided, as written: "N1 pos, N2 pos"; lives with the assay */
	char text[160];	    /* for people: "N1 23.10 pos, N2 24.00 pos, RP 27.30 pos" */
} pw_verdict;

/*
 * Judges a specimen's well: `measures` by target index. `instrument` (or "") picks the thresholds that
 * are of one instrument only; `attempt` is 1 for the first judged attempt of the tube. A target without
 * a reading makes the well invalid (rule "no reading of N2"). A combination that no row names, in a
 * table that was put in force with a hole, is inconclusive, to be repeated (rule "no rule").
 */
void pw_assay_judge(const pw_assay *assay, const char *instrument, int attempt,
		    const pw_measure *measures, pw_verdict *out);

/* Judges a control's well: true when it is as expected; `out_text` says what was seen and expected. */
bool pw_assay_judge_control(const pw_assay *assay, size_t control, const char *instrument,
			    const pw_measure *measures, char out_text[200]);

/*
 * Proves the table complete and free of overlap, for every instrument it names and every attempt, by
 * walking every combination of elementary intervals. A hole is reported with an example in Cq and the
 * smallest description of all cases like it ("MS2 from 37.00 on, any of …"); an overlap of rows that
 * disagree is an error with both rows' lines, of rows that agree a warning; a row that can never be
 * reached is a warning; so is a band that is never used. Adds to *report; report->errors says whether
 * the table may be put in force.
 */
void pw_assay_lint(const pw_assay *assay, pw_report *report);

#endif
