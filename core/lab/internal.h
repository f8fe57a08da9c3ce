/* What the files of core/lab share. */
#ifndef PW_LAB_INTERNAL_H
#define PW_LAB_INTERNAL_H

#include "core/lab/lab.h"
#include "core/model/run_file.h"
#include "core/model/outcome.h"

typedef struct pw_loaded_rule {
	char hash[PW_HASH_HEX];
	pw_assay *assay;
	pw_layout *layout;
	pw_profile *profile;
	struct pw_loaded_rule *next;
} pw_loaded_rule;

struct pw_lab {
	pw_store *store;
	char *name, *issuer, *operator_id, *station, *reason;
	const pw_profile *profile; /* one of the rules */
	pw_loaded_rule *rules;
	pw_clock clock;
	int depth;
	/* while a site's own log is taken in: what it says of the entry at hand */
	pw_time log_at;     /* 0: no log */
	const char *log_by; /* or NULL */
};

/* Ends a use case that was a scan: a refusal is recorded once its transaction is undone. `place` says
 * where the scan was made ("plate P1"), `scan` is its text. */
PW_NODISCARD pw_status pw_lab_end_scan(pw_lab *lab, pw_status rc, const char *place,
				       const char *scan, pw_err *err);

/* PW_ERR_EXISTS: the same bytes were imported as something else. */
PW_NODISCARD pw_status pw_lab_other_kind(const char *kind, const char *name, const char *wanted,
					 pw_err *err);

/* "tube T1": where a scan was made. */
const char *pw_lab_place(const char *what, const char *code, char out[96]);

/* The value of a barcode scan: AIM prefix and white space gone. `out_symbology` is static. */
PW_NODISCARD pw_status pw_lab_barcode(const char *scan, char out[64], const char **out_symbology,
				      pw_err *err);

/* PW_ERR_ARG when the session has no reason; `what` needs one. */
PW_NODISCARD pw_status pw_lab_need_reason(const pw_lab *lab, const char *what, pw_err *err);

/* The tube of a scan that was opened here; else refused with "tube-not-opened". */
PW_NODISCARD pw_status pw_lab_known_tube(pw_lab *lab, pw_arena *arena, const char *scan,
					 pw_tube_find_row *out, pw_err *err);

/* PW_ERR_NOT_FOUND for a site that is not registered. */
PW_NODISCARD pw_status pw_lab_check_site(pw_lab *lab, pw_arena *arena, const char *site,
					 pw_err *err);

/* PW_ERR_ARG for a short name that is none; `what` has it ("an operator"). */
PW_NODISCARD pw_status pw_lab_check_short_name(const char *id, const char *what, pw_err *err);

/* Keeps the bytes of a rule that was checked and puts it in force, inside a transaction. PW_ERR_EXISTS when that
 * version has other bytes; not for labels, for no print is worth stopping for that. */
PW_NODISCARD pw_status pw_lab_append_rule(pw_lab *lab, const char *kind, const char *name,
					  int version, const void *bytes, size_t n, pw_err *err);

/* Takes up the policy that is in force now: another process may have put another one in force. */
PW_NODISCARD pw_status pw_lab_load_profile(pw_lab *lab, pw_err *err);

/* Copies as many whole characters as there is room for. */
void pw_lab_copy_text(const char *text, char *out, size_t size);

/* "2026-11-23 14:05", for sentences. */
const char *pw_lab_when(pw_time at, char out[32]);

/* Recalls the members of a tube that have no answer; inside a transaction. */
PW_NODISCARD pw_status pw_lab_recall_members(pw_lab *lab, pw_arena *arena, const char *tube,
					     const pw_outcome *outcome, const char *why,
					     int *out_recalled, pw_err *err);

/* Gives the members of a tube that have no answer `status`, and closes the tubes that waited for them. */
PW_NODISCARD pw_status pw_lab_decide_members(pw_lab *lab, pw_arena *arena, const char *tube,
					     const char *status, int *out_decided, pw_err *err);

/*
 * Something was scanned for what it is used for, at `place`, inside a transaction: the labels that it has are
 * applied, if they were not. `strict`, where a code is first used and for people: refused with "label-void" when
 * all of its labels are void, with "label-unknown" when it is ours and nobody reserved it, where the policy
 * wants that. labels_bench.c
 */
PW_NODISCARD pw_status pw_labels_applied(pw_lab *lab, pw_arena *arena, const char *scan,
					 const char *place, bool strict, pw_err *err);

/* A PCR plate with what is in it, for matching and judging. */
typedef struct pw_plate_content {
	pw_plate_find_row plate;
	pw_plate_format format;
	pw_plate_wells_row *wells;
	size_t well_count;
	const pw_plate_wells_row *at[PW_MAX_WELLS]; /* by position, NULL: empty */
} pw_plate_content;

PW_NODISCARD pw_status pw_lab_plate_content(pw_lab *lab, pw_arena *arena, const char *plate,
					    pw_plate_content *out, pw_err *err);

/* The tube or laboratory pool that is in a well; NULL for a control. */
const char *pw_lab_specimen(const pw_plate_wells_row *well);

/* What becomes of a tube or laboratory pool on the plates but this one. */
typedef struct pw_elsewhere {
	bool waits;           /* one of them is in work, and the answer will come from it */
	bool extracted_later; /* the extract of this plate is not the newest */
} pw_elsewhere;

PW_NODISCARD pw_status pw_lab_elsewhere(pw_lab *lab, pw_arena *arena, const char *code,
					const char *plate, pw_elsewhere *out, pw_err *err);

/* A tube or laboratory pool (`what`) that is in a well already: refused with where, code "tube-plated" or
 * "pool-plated". `plate` is the one that it was scanned onto; NULL: a pool was not. PW_OK when all of its plates were
 * voided. */
PW_NODISCARD pw_status pw_lab_refuse_plated(pw_lab *lab, pw_arena *arena, const char *what,
					    const char *code, const char *plate, pw_err *err);

/* ---- runs: match.c and judge.c */

typedef struct pw_matched {
	pw_plate_content content;
	const pw_assay *assay;
	const pw_run_file *file;
	pw_measure (*measures)[PW_ASSAY_MAX_TARGETS]; /* by position */
} pw_matched;

/* Compares plate and file; every disagreement goes into *report. */
PW_NODISCARD pw_status pw_lab_match(const pw_run_opts *opts, pw_matched *m, pw_report *report,
				    pw_err *err);

/* Judges controls and wells of a matched run and appends what follows. */
PW_NODISCARD pw_status pw_lab_judge(pw_lab *lab, pw_arena *arena, const pw_matched *m, int64_t run,
				    pw_run_outcome *out, pw_err *err);

#endif
