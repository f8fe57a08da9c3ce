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

/*
 * Reads and checks one assay: every name used is declared, every number is in range. `name` stands in
 * front of messages. PW_ERR_FORMAT with line and column; PW_ERR_LIMIT for a table with more than
 * 200,000 combinations of bands, attempts and instruments, which could not be proved in a moment. Does
 * not lint. Free with pw_assay_free.
 */
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

/* The target that an instrument's file calls `text` (its name or an alias, ASCII case aside), or -1. */
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
int pw_assay_control_find(const pw_assay *assay, const char *name); /* ASCII case aside; or -1 */

/* What was measured of one target of the assay in one well. */
typedef struct pw_measure {
	double cq;
	pw_amp amp;
	bool present; /* the file has a reading for it; an absent one is not "no Cq" */
	bool has_cq;
} pw_measure;

/* `rule` and `note` live with the assay. */
typedef struct pw_verdict {
	pw_call call;
	pw_next next;
	const char *rule; /* the row that decided, in words: "N1 pos, N2 pos" */
	const char *note; /* what the row says to people, "tell the director"; or "" */
	char text[160];   /* what was seen: "N1 23.10 pos, N2 24.00 pos, RP 27.30 pos" */
} pw_verdict;

/*
 * Judges a specimen's well: `measures` by target index. `instrument` (or "") picks the thresholds that
 * are of one instrument only; `attempt` is 1 for the first judged attempt of the tube (one beyond the
 * assay's last is judged like the last). `previous` is what the attempt before came to, for the tables
 * that ask it ("again single": the key `after`); invalid is invalid, anything else counts as
 * inconclusive; on the first attempt it is not looked at.
 *
 * A target without a reading, or with a Cq that is not finite, makes the well invalid (rule "no
 * reading of N2"; repeat the PCR, a new specimen on the last attempt). A combination that no row
 * names, in a table that was put in force with a hole, is inconclusive, to be repeated (rule "no
 * rule"). Where rows overlap the first in the file decides. Never allocates; takes less than
 * a microsecond.
 */
void pw_assay_judge_after(const pw_assay *assay, const char *instrument, int attempt,
			  pw_call previous, const pw_measure *measures, pw_verdict *out);

/* The same for who knows only the number of the attempt: the one before is taken as inconclusive. */
void pw_assay_judge(const pw_assay *assay, const char *instrument, int attempt,
		    const pw_measure *measures, pw_verdict *out);

/*
 * Judges a control's well: true when every target is as expected; `out_text` says what was seen and,
 * where it is wrong, what was expected: "N1 no Cq neg, RP 37.20 pos (expected neg)". A target
 * without a reading is never as expected.
 */
bool pw_assay_judge_control(const pw_assay *assay, size_t control, const char *instrument,
			    const pw_measure *measures, char out_text[200]);

/*
 * Proves the table complete and free of overlap, for every instrument it names and every attempt, by
 * walking every combination of bands; the bands of each target by every piece of the Cq axis and every
 * amplification state. Adds to *report, in this order:
 *
 *	band-hole      error    a Cq (or none) and amplification that no band takes
 *	band-overlap   error    two lines of different bands take the same; of one band: warning
 *	hole           error    a combination that no row names
 *	overlap        error    rows that disagree name the same combination, with both lines;
 *	               warning  rows that agree
 *	last-word      error    a row asks for another attempt after the last
 *	unreached-row  warning  a row that no combination comes to
 *	unused-band    warning  a band that neither row nor control names
 *	control-silent warning  a control that says nothing of a target
 *	no-controls    warning  nothing would ever hold a result of this assay
 *
 * Holes are merged into as few descriptions as a greedy cover finds ("at least 1 of N/S/ORF1ab pos,
 * MS2 none"), each with an example in Cq. report->errors says whether the table may be put in force.
 */
void pw_assay_lint(const pw_assay *assay, pw_report *report);

#endif
