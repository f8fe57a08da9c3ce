/* Labels at the bench: scanned back, declared void, printed again. */
#include <stdio.h>
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* ---------------------------------------------------------------- scanned back */

static bool is(const char *state, const char *word)
{
	return strcmp(state, word) == 0;
}

static pw_status refuse_void(const pw_labels_of_id_row *label, pw_err *err)
{
	char when[32];
	return pw_refuse(err, "label-void",
			 "label '%s' was declared void on %s by %s (%s): take another one",
			 label->id, pw_lab_when(label->state_at, when),
			 label->void_by != NULL ? label->void_by : "",
			 label->note != NULL ? label->note : "");
}

static pw_status apply_labels(pw_lab *lab, const pw_labels_of_id_row *rows, size_t count,
			      const char *place, size_t *out_applied, pw_err *err)
{
	pw_status rc = PW_OK;
	const pw_labels_of_id_row *newest = pw_label_newest(rows, count);
	if (is(newest->state, "void"))
		return refuse_void(newest, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (is(rows[i].state, "void") || is(rows[i].state, "applied"))
			continue;
		pw_label_applied fact = {.label = rows[i].label, .id = rows[i].id, .place = place};
		rc = pw_label_applied_append(lab->store, &fact, err);
		*out_applied += rc == PW_OK ? 1 : 0;
	}
	return rc;
}

/* A code of ours that nobody reserved, where the policy wants all of them reserved. */
static pw_status check_reserved(const pw_lab *lab, const char *code, pw_err *err)
{
	pw_ident ident;
	if (lab->profile->own_labels != PW_OWN_LABELS_RESERVED ||
	    pw_ident_parse(code, &ident, NULL) != PW_OK || strcmp(ident.issuer, lab->issuer) != 0 ||
	    ident.kind == PW_KIND_SUBJECT)
		return PW_OK;
	return pw_refuse(
		err, "label-unknown",
		"'%s' is a number of ours that nobody reserved, and the policy wants that: put "
		"it aside, and ask where it was printed",
		code);
}

pw_status pw_labels_applied(pw_lab *lab, pw_arena *arena, const char *scan, const char *place,
			    bool strict, pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count = 0, applied = 0;
	pw_err none = PW_ERR_INIT;
	pw_status rc = pw_lab_labels_of_scan(lab, arena, scan, &rows, &count, &none);
	if (rc == PW_ERR_REFUSED)
		return strict ? check_reserved(lab, scan, err) : PW_OK;
	if (rc != PW_OK) {
		if (err != NULL)
			*err = none;
		return rc;
	}
	if (!strict && is(pw_label_newest(rows, count)->state, "void"))
		return PW_OK;
	return apply_labels(lab, rows, count, place, &applied, err);
}

pw_status pw_lab_apply_label(pw_lab *lab, const char *scan, pw_label_scan *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_labels_of_id_row *rows;
	pw_label_scan applied = {.applied = 0};
	size_t count = 0;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_labels_of_scan(lab, &arena, scan, &rows, &count, err);
	if (rc == PW_OK)
		rc = apply_labels(lab, rows, count, "label apply", &applied.applied, err);
	if (rc == PW_OK) {
		snprintf(applied.id, sizeof(applied.id), "%s", rows[0].id);
		applied.thing = pw_label_thing_word(rows[0].thing);
	}
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "labels", scan, err);
	if (rc == PW_OK)
		*out = applied;
	return rc;
}

/* ---------------------------------------------------------------- void */

typedef struct voiding {
	pw_runs_of runs;
	pw_label_voided count;
	bool single;
	char printer[64]; /* the one that was claimed last */
	int64_t claimed[16];
	size_t claimed_count;
} voiding;

/* A label that waits for a printer, or is on its way, is not taken from under it. */
static pw_status claim_once(pw_lab *lab, voiding *v, const char *printer, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_printer_find_row row;
	bool found;
	if (printer == NULL || strcmp(printer, v->printer) == 0)
		return PW_OK;
	pw_status rc = pw_q_printer_find(lab->store, &arena, printer, &row, &found, err);
	if (rc == PW_OK && v->claimed_count == sizeof(v->claimed) / sizeof(v->claimed[0]))
		rc = pw_fail(err, PW_ERR_LIMIT,
			     "these labels wait for too many printers: void them batch by batch");
	if (rc == PW_OK)
		rc = pw_lab_claim_printer(lab, &row, err);
	if (rc == PW_OK) {
		v->claimed[v->claimed_count++] = row.number;
		snprintf(v->printer, sizeof(v->printer), "%s", printer);
	}
	pw_arena_clear(&arena);
	return rc;
}

static pw_status add_void(pw_lab *lab, voiding *v, const pw_labels_between_row *label, pw_err *err)
{
	bool card = is(label->thing, "person");
	if (is(label->state, "void"))
		return PW_OK;
	if (is(label->state, "applied") && !card) {
		v->count.applied++;
		return v->single
			       ? pw_refuse(
					 err, "label-applied",
					 "label '%s' is in use: what it sticks on has a life of its "
					 "own; 'poolwell label reprint' replaces the label alone",
					 label->id)
			       : PW_OK;
	}
	if (is(label->state, "queued") || is(label->state, "sent")) {
		pw_status rc = claim_once(lab, v, label->printer, err);
		if (rc != PW_OK)
			return rc;
	}
	pw_runs_add(&v->runs, label->label);
	v->count.voided++;
	return PW_OK;
}

static pw_status collect_void(pw_lab *lab, voiding *v, int64_t first, int64_t last, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_between_row row;
	bool found = true;
	pw_status rc = pw_q_labels_between_open(lab->store, first, last, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while (rc == PW_OK && found) {
		rc = pw_q_labels_between_next(&cursor, &row, &found, err);
		if (rc == PW_OK && found)
			rc = add_void(lab, v, &row, err);
	}
	pw_cursor_close(&cursor);
	return rc;
}

static pw_status append_void(pw_lab *lab, voiding *v, pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < v->runs.len; i++) {
		pw_labels_voided fact = {.first = v->runs.ptr[i].first,
					 .last = v->runs.ptr[i].last};
		rc = pw_labels_voided_append(lab->store, &fact, err);
	}
	return rc;
}

static void end_voiding(pw_lab *lab, voiding *v)
{
	for (size_t i = 0; i < v->claimed_count; i++)
		pw_store_release(lab->store, v->claimed[i]);
	pw_vec_clear(&v->runs);
}

/* One identifier: all of its labels. */
static pw_status void_one(pw_lab *lab, pw_arena *arena, voiding *v, const char *scan, pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count = 0;
	v->single = true;
	pw_status rc = pw_lab_labels_of_scan(lab, arena, scan, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		rc = collect_void(lab, v, rows[i].label, rows[i].label, err);
	if (rc == PW_OK && v->runs.len == 0)
		rc = refuse_void(&rows[count - 1], err);
	return rc == PW_OK ? append_void(lab, v, err) : rc;
}

/* Labels in a row, by the identifiers of the first and the last of them. */
static pw_status void_row(pw_lab *lab, pw_arena *arena, voiding *v, const char *first,
			  const char *last, pw_err *err)
{
	pw_labels_of_id_row *a, *b;
	size_t count_a = 0, count_b = 0;
	pw_status rc = pw_lab_labels_of_scan(lab, arena, first, &a, &count_a, err);
	if (rc == PW_OK)
		rc = pw_lab_labels_of_scan(lab, arena, last, &b, &count_b, err);
	if (rc == PW_OK && (a->label > b->label || strcmp(a->thing, b->thing) != 0))
		rc = pw_fail(
			err, PW_ERR_ARG,
			"labels from '%s' to '%s': give the first and the last of labels that were "
			"reserved in a row",
			a->id, b->id);
	if (rc == PW_OK)
		rc = collect_void(lab, v, a->label, b->label, err);
	return rc == PW_OK ? append_void(lab, v, err) : rc;
}

pw_status pw_lab_void_labels(pw_lab *lab, const char *first, const char *last, pw_label_voided *out,
			     pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	voiding v = {.runs = PW_VEC_INIT};
	pw_status rc = pw_lab_need_reason(lab, "declaring a label void", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	if (last == NULL)
		rc = void_one(lab, &arena, &v, first, err);
	else
		rc = void_row(lab, &arena, &v, first, last, err);
	rc = pw_lab_end_scan(lab, rc, "labels", first, err);
	end_voiding(lab, &v);
	pw_arena_clear(&arena);
	if (rc == PW_OK)
		*out = v.count;
	return rc;
}

pw_status pw_lab_void_batch(pw_lab *lab, int64_t batch, pw_label_voided *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	voiding v = {.runs = PW_VEC_INIT};
	pw_label_batch_find_row row;
	pw_status rc = pw_lab_need_reason(lab, "declaring labels void", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = pw_lab_find_batch(lab, &arena, batch, &row, err);
	if (rc == PW_OK)
		rc = collect_void(lab, &v, row.first, row.last, err);
	if (rc == PW_OK)
		rc = append_void(lab, &v, err);
	rc = pw_lab_end(lab, rc, err);
	end_voiding(lab, &v);
	pw_arena_clear(&arena);
	if (rc == PW_OK)
		*out = v.count;
	return rc;
}
