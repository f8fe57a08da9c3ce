/*
 * The laboratory: its use cases, one file a step of a sample's life. Each reads the state, lets the
 * model's rules say yes or no and why, appends facts, in one transaction: when it returns PW_OK it is on
 * disk, when it does not, nothing of it is there.
 *
 * Refusals. A rule that says no gives PW_ERR_REFUSED (or NOT_FOUND, EXISTS) with a code and a sentence
 * that names what is claimed twice, missing or wrong, and what to do. A refused scan is itself recorded
 * (scan.refused/1), so that a day's slips can be looked at.
 *
 * Lists that faces show are the queries of pw_sql.h on pw_lab_store(); only this folder appends facts.
 *
 * A pw_lab belongs to one thread. Several processes may each have one on the same file.
 */
#ifndef PW_LAB_LAB_H
#define PW_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/report.h"
#include "core/model/assay.h"
#include "core/model/layout.h"
#include "core/model/profile.h"
#include "core/store/store.h"
#include "pw_sql.h"

typedef struct pw_lab pw_lab;

/* ---------------------------------------------------------------- begin, open, close */

typedef struct pw_named {
	const char *id, *name; /* name NULL: the same as id */
} pw_named;

typedef struct pw_lab_setup {
	const char *name;
	const char *
		issuer; /* 2 to 4 of A-Z and 0-9: what the laboratory's own identifiers begin with */
	const char *profile;       /* name of a shipped reporting policy: "cn", "us" */
	const pw_named *operators; /* the first one signs the beginning; at least one */
	size_t operator_count;
	const pw_named *sites;
	size_t site_count;
	const char *const *assays; /* names of shipped assays to put in force */
	size_t assay_count;
	const char *station;
	pw_clock clock;
} pw_lab_setup;

/* Makes the database and its first facts; all shipped layouts are put in force. PW_ERR_EXISTS when the
 * file is there, PW_ERR_ARG for an issuer or a name that will not do, PW_ERR_NOT_FOUND for a profile or
 * assay that is not shipped. On failure no file is left. */
PW_NODISCARD pw_status pw_lab_init(const char *path, const pw_lab_setup *setup, pw_lab **out,
				   pw_err *err);

/* Errors as pw_store_open, and PW_ERR_CORRUPT for a database without a laboratory. */
PW_NODISCARD pw_status pw_lab_open(const char *path, pw_lab **out, pw_err *err);
void pw_lab_close(pw_lab *lab); /* accepts NULL */

/*
 * Who works, where, and by which clock. `operator_id` NULL: the only operator there is. PW_ERR_NOT_FOUND
 * for one that is not registered, PW_ERR_ARG when there are several and none is named. `reason` (or NULL)
 * goes into every fact until the next call.
 */
PW_NODISCARD pw_status pw_lab_session(pw_lab *lab, const char *operator_id, const char *station,
				      const pw_clock *clock, const char *reason, pw_err *err);

pw_store *pw_lab_store(pw_lab *lab);
const char *pw_lab_name(const pw_lab *lab);
const char *pw_lab_issuer(const pw_lab *lab);
const char *pw_lab_operator(const pw_lab *lab);
const pw_profile *pw_lab_profile(const pw_lab *lab); /* in force; lives until pw_lab_close */
pw_clock pw_lab_clock(const pw_lab *lab);

/* Several use cases as one: all of them or none (a log that was collected offline). Refusals inside are
 * not recorded one by one. Ended by pw_lab_end, which returns rc or the commit's failure. */
PW_NODISCARD pw_status pw_lab_begin(pw_lab *lab, pw_err *err);
PW_NODISCARD pw_status pw_lab_end(pw_lab *lab, pw_status rc, pw_err *err);

PW_NODISCARD pw_status pw_lab_add_operator(pw_lab *lab, const char *id, const char *name,
					   pw_err *err);
PW_NODISCARD pw_status pw_lab_add_site(pw_lab *lab, const char *site, const char *name,
				       pw_err *err);

/* The clock was set back and that is right: record it and go on. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_accept_clock(pw_lab *lab, pw_err *err);

/* ---------------------------------------------------------------- rules in force (rules.c) */

/*
 * Puts an assay, layout or profile in force: `bytes` of a file, or NULL for the shipped one of that name.
 * An assay is linted first: a table with a hole or an overlap is refused with the findings in *report. The
 * same version with other bytes is PW_ERR_EXISTS: give it a new version. The bytes that are in force change
 * nothing; those of an earlier version put it in force again. One profile is in force at a time, for every
 * process from its next run on. `kind`: "assay", "layout", "profile".
 */
PW_NODISCARD pw_status pw_lab_enforce(pw_lab *lab, const char *kind, const char *name,
				      const void *bytes, size_t n, pw_report *report, pw_err *err);

/* The rule of a name that is in force, or the one of a hash. Borrowed until pw_lab_close. PW_ERR_NOT_FOUND
 * says how to put it in force. */
PW_NODISCARD pw_status pw_lab_assay(pw_lab *lab, const char *name, const pw_assay **out,
				    pw_err *err);
PW_NODISCARD pw_status pw_lab_assay_of(pw_lab *lab, const char *hash, const pw_assay **out,
				       pw_err *err);
PW_NODISCARD pw_status pw_lab_layout(pw_lab *lab, const char *name, const pw_layout **out,
				     pw_err *err);
PW_NODISCARD pw_status pw_lab_layout_of(pw_lab *lab, const char *hash, const pw_layout **out,
					pw_err *err);

/* ---------------------------------------------------------------- subjects (subjects.c) */

/* The code on a subject's card, "SZP00000017K", from its number. */
void pw_lab_subject_code(const pw_lab *lab, int64_t subject, char out[24]);

/*
 * The subject that a text names: the laboratory's own code (with its check character), a national id, an
 * external id, or "ROSTER:LINE" (the roster's file name, or six or more digits of its hash). Errors:
 * a wrong check character, nobody (code "subject-unknown"), two rosters of that name.
 */
PW_NODISCARD pw_status pw_lab_find_subject(pw_lab *lab, const char *text, int64_t *out,
					   pw_err *err);

/* ---------------------------------------------------------------- rosters (rosters.c) */

typedef struct pw_roster_opts {
	/* false: a row whose national or external id is known already is an error. true: when the name is
	 * the same too, the row is linked to that subject, and the fact says so. */
	bool link_known;
	/* false: one wrong row, and nothing is registered. true: the wrong rows are left out, named in the
	 * report, and counted in the fact; the others land whole. */
	bool leave_wrong;
} pw_roster_opts;

typedef struct pw_roster_outcome {
	bool known; /* the same file was imported before; nothing changed */
	size_t registered, linked, left_out;
	int64_t first_subject, last_subject;
	char hash[PW_HASH_HEX];
} pw_roster_outcome;

/* Whole or not at all: PW_ERR_FORMAT with every wrong row in *report. */
PW_NODISCARD pw_status pw_lab_import_roster(pw_lab *lab, const void *bytes, size_t n,
					    const char *name, const pw_roster_opts *opts,
					    pw_roster_outcome *out, pw_report *report, pw_err *err);

/* ---------------------------------------------------------------- collection (collect.c) */

typedef struct pw_tube_opening {
	const char *tube; /* as scanned */
	int capacity;     /* 1, 5, 10 or 20; 0: one household, of whatever size */
	const char *site;
} pw_tube_opening;

PW_NODISCARD pw_status pw_lab_open_tube(pw_lab *lab, const pw_tube_opening *in, pw_err *err);

typedef struct pw_swab_outcome {
	int64_t subject, result;
	int place, capacity;
	bool again; /* the subject was recalled: this is the new swab */
	char name[128];
} pw_swab_outcome;

/* `subject` as pw_lab_find_subject takes it. */
PW_NODISCARD pw_status pw_lab_take_swab(pw_lab *lab, const char *tube, const char *subject,
					pw_swab_outcome *out, pw_err *err);

/* Takes a scan back: the swab is not in the tube. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_withdraw_swab(pw_lab *lab, const char *tube, const char *subject,
					    pw_err *err);

/* `count` heads were counted; it must be the number of swabs scanned. */
PW_NODISCARD pw_status pw_lab_close_tube(pw_lab *lab, const char *tube, int count, pw_err *err);

typedef struct pw_log_outcome {
	bool known;
	int opened, swabs, closed;
} pw_log_outcome;

/* A site's own log, by the same rules; whole or not at all: PW_ERR_FORMAT with every entry that is wrong,
 * or that a rule refuses, in *report. What happened is recorded with the log's times and collectors. */
PW_NODISCARD pw_status pw_lab_import_log(pw_lab *lab, const void *bytes, size_t n, const char *name,
					 const char *site, pw_log_outcome *out, pw_report *report,
					 pw_err *err);

/* ---------------------------------------------------------------- reception (receive.c) */

typedef struct pw_manifest_outcome {
	bool known;
	int boxes, tubes;
} pw_manifest_outcome;

PW_NODISCARD pw_status pw_lab_import_manifest(pw_lab *lab, const void *bytes, size_t n,
					      const char *name, pw_manifest_outcome *out,
					      pw_report *report, pw_err *err);

/* A box changes hands. Both sides must be named and be different. */
PW_NODISCARD pw_status pw_lab_hand_over(pw_lab *lab, const char *box, const char *giver,
					const char *taker, pw_err *err);

typedef struct pw_received {
	int swabs;
	bool extra;         /* the box's manifest does not name it */
	char other_box[64]; /* … and this box's does, or "" */
	bool swabs_differ;  /* the manifest says another number of swabs */
	int said_swabs;
} pw_received;

/* `box` may be NULL: a tube that came by itself. */
PW_NODISCARD pw_status pw_lab_receive_tube(pw_lab *lab, const char *tube, const char *box,
					   pw_received *out, pw_err *err);

/* leaking, unlabelled, empty, wrong-tube, or other words. Its people are recalled. */
PW_NODISCARD pw_status pw_lab_reject_tube(pw_lab *lab, const char *tube, const char *cause,
					  int *out_recalled, pw_err *err);

typedef struct pw_box_count {
	int expected, received, rejected, missing, extra;
} pw_box_count;

PW_NODISCARD pw_status pw_lab_close_box(pw_lab *lab, const char *box, pw_box_count *out,
					pw_err *err);

/* ---------------------------------------------------------------- plates (plates.c, stamp.c) */

PW_NODISCARD pw_status pw_lab_create_plate(pw_lab *lab, const char *plate, const char *layout,
					   pw_err *err);

typedef struct pw_filled {
	pw_well well;
	bool full;    /* no specimen well is left */
	pw_well next; /* where the next tube goes, unless full */
	int filled, room;
	int swabs;      /* in the tube; 0 for a laboratory pool */
	int pool_tubes; /* in the laboratory pool; 0 for a tube */
	int attempt;
} pw_filled;

/* The next specimen well in the layout's order gets the tube or the laboratory pool. `expected` (or NULL): the well where
 * somebody believes it goes; another one is refused. */
PW_NODISCARD pw_status pw_lab_fill_well(pw_lab *lab, const char *plate, const char *specimen,
					const char *expected, pw_filled *out, pw_err *err);

/* Where the next tube goes. */
PW_NODISCARD pw_status pw_lab_next_well(pw_lab *lab, const char *plate, pw_filled *out,
					pw_err *err);

/* Takes the last fill of a well back. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_clear_well(pw_lab *lab, const char *plate, const char *well,
					 pw_err *err);
PW_NODISCARD pw_status pw_lab_seal_plate(pw_lab *lab, const char *plate, int *out_filled,
					 pw_err *err);

typedef struct pw_stamped {
	int tubes, pools, controls;
	int left_out; /* tubes and laboratory pools that need no PCR of this extract */
} pw_stamped;

/* A PCR plate from a sealed extraction plate, well to the same well: what still needs an answer,
 * wait for no other plate, and have no newer extract; the controls of extraction, and the layout's controls
 * of PCR. */
PW_NODISCARD pw_status pw_lab_stamp_plate(pw_lab *lab, const char *plate, const char *source,
					  const char *assay, pw_stamped *out, pw_err *err);

/* The plate is lost: the tubes and laboratory pools that wait for it go back. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_void_plate(pw_lab *lab, const char *plate, int *out_returned,
					 pw_err *err);

/* ---------------------------------------------------------------- runs (runs.c, match.c, judge.c) */

typedef struct pw_run_opts {
	const char *plate; /* NULL: by the barcode in the file or its name */
	bool ignore_names; /* the file's sample names are not the tubes; needs the session's reason */
} pw_run_opts;

typedef struct pw_run_outcome {
	bool known; /* the same file was imported before, as `run`; nothing changed */
	int64_t run;
	char plate[64];
	int readings, controls, controls_failed;
	int tests, held, positive, negative, inconclusive, invalid; /* specimen wells */
	int pools;                     /* of these, wells that hold laboratory pools */
	int decided, recalled, retest; /* people decided, people recalled, tubes to go again */
	int decoded, undecided;        /* tubes decided from laboratory pools, and not decided */
	int64_t held_batch; /* a batch that the plate alarm holds, 0: none; `alarm` says why */
	char alarm[256];
} pw_run_outcome;

/*
 * Imports an instrument's file, judges its controls, calls its wells, and does what follows for tubes and
 * people: whole or not at all. Where plate and file disagree: PW_ERR_REFUSED (code "file-disagrees") with
 * each disagreement in *report.
 */
PW_NODISCARD pw_status pw_lab_import_run(pw_lab *lab, const void *bytes, size_t n,
					 const char *file_name, const pw_run_opts *opts,
					 pw_run_outcome *out, pw_report *report, pw_err *err);

/* ---------------------------------------------------------------- resolve (resolve.c) */

/* A tube is lost or will not be tested: its people are swabbed again. Needs the session's reason. */
PW_NODISCARD pw_status pw_lab_recall_tube(pw_lab *lab, const char *tube, int *out_recalled,
					  pw_err *err);

/* What comes next for a tube that has no answer: one sentence. */
const char *pw_lab_next_step(const char *state, const char *next, int64_t swabs);

/* How long a tube may take in all, from its opening, before it is overdue by the policy. */
pw_time pw_lab_time_allowed(const pw_lab *lab, bool must_test);

#endif
