/* Printing what waits for a printer, batch by batch. docs/internals/printing.md */
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

static pw_status append_leftovers(pw_lab *lab, const char *printer, size_t *out, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_unsettled_row row;
	pw_runs_of runs = PW_VEC_INIT;
	bool found = true;
	pw_status rc = pw_q_labels_unsettled_open(lab->store, printer, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_unsettled_next(&cursor, &row, &found, err)) == PW_OK && found)
		if (strcmp(row.state, "sent") == 0) {
			pw_runs_add(&runs, row.label);
			(*out)++;
		}
	if (rc != PW_OK)
		pw_cursor_close(&cursor);
	for (size_t i = 0; rc == PW_OK && i < runs.len; i++) {
		pw_labels_unconfirmed fact = {
			.first = runs.ptr[i].first, .last = runs.ptr[i].last, .why = "ended"};
		rc = pw_labels_unconfirmed_append(lab->store, &fact, err);
	}
	pw_vec_clear(&runs);
	return rc;
}

static pw_status find_leftovers(pw_lab *lab, const char *printer, size_t *out, pw_err *err)
{
	size_t n = 0;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_end(lab, append_leftovers(lab, printer, &n, err), err);
	if (rc == PW_OK)
		*out = n;
	return rc;
}

static pw_status print_waiting(pw_lab *lab, pw_arena *arena, int64_t only, pw_batch_print *print,
			       const pw_label_maker *maker, pw_label_account *out, pw_err *err)
{
	pw_label_batches_waiting_row *batches;
	size_t count, given_up = 0;
	pw_status rc =
		pw_q_label_batches_waiting(lab->store, arena, print->queue, &batches, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		print->batch = batches[i].batch.value;
		if (only != 0 && print->batch != only)
			continue;
		if (out->waiting > 0) /* the printer was given up: the order stays */
			given_up += (size_t)batches[i].queued;
		else
			rc = pw_lab_print_batch(lab, print, maker, out, err);
	}
	out->waiting += given_up;
	return rc;
}

/* Claims the printer, and the other one whose labels it prints. */
static pw_status claim(pw_lab *lab, const pw_printer_find_row *on, const pw_printer_find_row *queue,
		       pw_err *err)
{
	pw_status rc = pw_lab_claim_printer(lab, on, err);
	if (rc == PW_OK && queue->number != on->number &&
	    (rc = pw_lab_claim_printer(lab, queue, err)) != PW_OK)
		pw_store_release(lab->store, on->number);
	return rc;
}

pw_status pw_lab_print_labels(pw_lab *lab, const pw_label_print *what, const pw_label_maker *maker,
			      pw_label_account *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_printer_find_row on, queue;
	*out = (pw_label_account){.confirmed = 0};
	pw_status rc = pw_lab_find_printer(lab, &arena, what->printer, &queue, err);
	if (rc == PW_OK)
		rc = pw_lab_find_printer(lab, &arena, what->on != NULL ? what->on : queue.printer,
					 &on, err);
	if (rc != PW_OK || (rc = claim(lab, &on, &queue, err)) != PW_OK)
		goto done;
	int64_t run = 0;
	const pw_label_printer printer = {on.printer, on.uri, on.language, (int)on.dpi};
	pw_batch_print print = {.queue = queue.printer, .printer = &printer, .run = &run};
	rc = find_leftovers(lab, queue.printer, &out->leftover, err);
	if (rc == PW_OK)
		rc = print_waiting(lab, &arena, what->batch, &print, maker, out, err);
	pw_store_release(lab->store, queue.number);
	pw_store_release(lab->store, on.number);
done:
	pw_arena_clear(&arena);
	return rc;
}
