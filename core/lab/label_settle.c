/* A person's word for what no device can tell. */
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* Labels that were sent and not confirmed, parted by what the person saw. */
typedef struct seen {
	pw_runs_of out, not_out;
	pw_label_settled count;
} seen;

static void saw(seen *s, int64_t label, bool came_out)
{
	pw_runs_add(came_out ? &s->out : &s->not_out, label);
	if (came_out)
		s->count.confirmed++;
	else
		s->count.requeued++;
}

static pw_status append_seen(pw_lab *lab, seen *s, pw_status rc, pw_err *err)
{
	for (size_t i = 0; rc == PW_OK && i < s->out.len; i++) {
		pw_labels_confirmed fact = {
			.first = s->out.ptr[i].first, .last = s->out.ptr[i].last, .how = "seen"};
		rc = pw_labels_confirmed_append(lab->store, &fact, err);
	}
	for (size_t i = 0; rc == PW_OK && i < s->not_out.len; i++) {
		pw_labels_requeued fact = {.first = s->not_out.ptr[i].first,
					   .last = s->not_out.ptr[i].last,
					   .why = "seen"};
		rc = pw_labels_requeued_append(lab->store, &fact, err);
	}
	pw_vec_clear(&s->out);
	pw_vec_clear(&s->not_out);
	return rc;
}

/* ---------------------------------------------------------------- the last that came out */

/* Where in the order of sending a label stands. */
typedef struct moment {
	int64_t sent, label, run;
} moment;

static bool up_to(const pw_labels_unsettled_row *row, const moment *last)
{
	return row->sent.value < last->sent ||
	       (row->sent.value == last->sent && row->label <= last->label);
}

static pw_status part(pw_lab *lab, const char *printer, const moment *last, seen *s, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_unsettled_row row;
	bool found = true;
	pw_status rc = pw_q_labels_unsettled_open(lab->store, printer, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_unsettled_next(&cursor, &row, &found, err)) == PW_OK && found) {
		if (row.run.value == last->run)
			saw(s, row.label, up_to(&row, last));
	}
	if (rc != PW_OK)
		pw_cursor_close(&cursor);
	return rc;
}

/* The label of an identifier that was sent last. */
static pw_status find_last(pw_lab *lab, pw_arena *arena, const char *scan, pw_labels_of_id_row *out,
			   pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count = 0;
	const pw_labels_of_id_row *last = NULL;
	pw_status rc = pw_lab_labels_of_scan(lab, arena, scan, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < count; i++)
		if (rows[i].sent.has && (last == NULL || rows[i].sent.value >= last->sent.value))
			last = &rows[i];
	if (last == NULL)
		return pw_refuse(
			err, "label-not-sent",
			"the label of '%s' is %s and was not sent to a printer: scan the last "
			"one that came out",
			rows[0].id, pw_label_newest(rows, count)->state);
	*out = *last;
	return PW_OK;
}

static pw_status settle(pw_lab *lab, const pw_labels_of_id_row *label, pw_label_settled *out,
			pw_err *err)
{
	seen s = {.out = PW_VEC_INIT, .not_out = PW_VEC_INIT};
	const moment last = {label->sent.value, label->label, label->run.value};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = part(lab, label->printer, &last, &s, err);
	rc = append_seen(lab, &s, rc, err);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK)
		*out = s.count;
	return rc;
}

pw_status pw_lab_settle_labels(pw_lab *lab, const char *last, pw_label_settled *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_labels_of_id_row label;
	pw_printer_find_row printer;
	bool found;
	pw_status rc = find_last(lab, &arena, last, &label, err);
	if (rc == PW_OK)
		rc = pw_q_printer_find(lab->store, &arena, label.printer, &printer, &found, err);
	if (rc == PW_OK && (rc = pw_lab_claim_printer(lab, &printer, err)) == PW_OK) {
		rc = settle(lab, &label, out, err);
		pw_store_release(lab->store, printer.number);
	}
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- none of them */

static pw_status part_batch(pw_lab *lab, int64_t batch, seen *s, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_of_batch_row row;
	bool found = true;
	pw_status rc = pw_q_labels_of_batch_open(lab->store, batch, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_of_batch_next(&cursor, &row, &found, err)) == PW_OK && found)
		if (strcmp(row.state, "sent") == 0 || strcmp(row.state, "unconfirmed") == 0)
			saw(s, row.label, false);
	if (rc != PW_OK)
		pw_cursor_close(&cursor);
	return rc;
}

static pw_status none_of(pw_lab *lab, int64_t batch, pw_label_settled *out, pw_err *err)
{
	seen s = {.out = PW_VEC_INIT, .not_out = PW_VEC_INIT};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = part_batch(lab, batch, &s, err);
	rc = append_seen(lab, &s, rc, err);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK)
		*out = s.count;
	return rc;
}

pw_status pw_lab_settle_none(pw_lab *lab, int64_t batch, pw_label_settled *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_batch_find_row row;
	pw_printer_find_row printer;
	bool found;
	pw_status rc = pw_lab_find_batch(lab, &arena, batch, &row, err);
	if (rc == PW_OK)
		rc = pw_q_printer_find(lab->store, &arena, row.printer, &printer, &found, err);
	if (rc == PW_OK && (rc = pw_lab_claim_printer(lab, &printer, err)) == PW_OK) {
		rc = none_of(lab, batch, out, err);
		pw_store_release(lab->store, printer.number);
	}
	pw_arena_clear(&arena);
	return rc;
}
