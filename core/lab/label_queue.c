/* Labels that are set aside go into a printer's queue. */
#include <stdio.h>
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* ---------------------------------------------------------------- ranges of labels, labels of a code */

void pw_runs_add(pw_runs_of *runs, int64_t label)
{
	if (runs->len > 0 && runs->ptr[runs->len - 1].last + 1 == label)
		runs->ptr[runs->len - 1].last = label;
	else
		pw_vec_push(runs, ((pw_run_of){label, label}));
}

const pw_labels_of_id_row *pw_label_newest(const pw_labels_of_id_row *rows, size_t count)
{
	const pw_labels_of_id_row *newest = count > 0 ? &rows[count - 1] : NULL;
	for (size_t i = count; i-- > 0;)
		if (strcmp(rows[i].state, "void") != 0)
			return &rows[i];
	return newest;
}

/* As the laboratory writes it: ours without groups, others as they were scanned. */
static pw_status id_of(pw_lab *lab, const char *scan, char out[64], pw_err *err)
{
	pw_ident ident;
	char text[PW_IDENT_SIZE];
	pw_status rc = pw_lab_barcode(scan, out, NULL, err);
	if (rc != PW_OK)
		return rc;
	if (pw_ident_parse(out, &ident, NULL) == PW_OK && strcmp(ident.issuer, lab->issuer) == 0) {
		pw_ident_text(&ident, text);
		snprintf(out, 64, "%s", text);
	}
	return PW_OK;
}

pw_status pw_lab_labels_of_scan(pw_lab *lab, pw_arena *arena, const char *scan,
				pw_labels_of_id_row **rows, size_t *count, pw_err *err)
{
	char id[64];
	pw_status rc = id_of(lab, scan, id, err);
	if (rc == PW_OK)
		rc = pw_q_labels_of_id(lab->store, arena, id, rows, count, err);
	if (rc == PW_OK && *count == 0)
		rc = pw_refuse(
			err, "label-unknown",
			"no label of '%s' is known here: 'poolwell label list' shows those that "
			"are",
			id);
	return rc;
}

/* ---------------------------------------------------------------- what is reserved */

static pw_status reserved_label(pw_lab *lab, pw_arena *arena, const char *scan,
				const pw_labels_of_id_row **out, pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count = 0;
	pw_status rc = pw_lab_labels_of_scan(lab, arena, scan, &rows, &count, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].state, "reserved") == 0) {
			*out = &rows[i];
			return PW_OK;
		}
	const pw_labels_of_id_row *newest = pw_label_newest(rows, count);
	return pw_refuse(
		err, "label-queued",
		"the label of '%s' is %s, not only reserved: 'poolwell label resume' prints "
		"what waits, 'poolwell label reprint' makes another one",
		newest->id, newest->state);
}

static pw_status check_range(pw_lab *lab, pw_arena *arena, const pw_label_range *range,
			     const char *thing, pw_err *err)
{
	pw_labels_in_range_row row;
	bool found;
	int64_t span = range->last - range->first + 1;
	pw_status rc = pw_q_labels_in_range(lab->store, arena, range->first, range->last, thing,
					    &row, &found, err);
	if (rc != PW_OK)
		return rc;
	if (span < 1 || row.same != span)
		return pw_fail(
			err, PW_ERR_ARG,
			"'%s' and '%s' are not the ends of a row of %s labels: give the first "
			"and the last that were reserved together",
			range->first_id, range->last_id, thing);
	if (row.reserved != span)
		return pw_refuse(
			err, "label-queued",
			"%lld of the %lld labels from '%s' to '%s' are not only reserved any "
			"more: 'poolwell label list' shows them; give the others",
			(long long)(span - row.reserved), (long long)span, range->first_id,
			range->last_id);
	return PW_OK;
}

pw_status pw_lab_reserved_labels(pw_lab *lab, const char *first, const char *last,
				 pw_label_range *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	const pw_labels_of_id_row *a = NULL, *b = NULL;
	pw_label_range range = {.first = 0};
	pw_status rc = reserved_label(lab, &arena, first, &a, err);
	if (rc == PW_OK)
		rc = reserved_label(lab, &arena, last != NULL ? last : first, &b, err);
	if (rc == PW_OK) {
		range.first = a->label;
		range.last = b->label;
		range.count = (size_t)(b->label - a->label + 1);
		range.thing = pw_label_thing_word(a->thing);
		snprintf(range.first_id, sizeof(range.first_id), "%s", a->id);
		snprintf(range.last_id, sizeof(range.last_id), "%s", b->id);
		rc = check_range(lab, &arena, &range, a->thing, err);
	}
	if (rc == PW_OK)
		*out = range;
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- queue */

pw_status pw_lab_find_batch(pw_lab *lab, pw_arena *arena, int64_t batch,
			    pw_label_batch_find_row *out, pw_err *err)
{
	bool found;
	pw_status rc = pw_q_label_batch_find(lab->store, arena, batch, out, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "there is no batch %lld: 'poolwell label queue' shows what waits",
			     (long long)batch);
	return rc;
}

pw_status pw_lab_append_queued(pw_lab *lab, pw_arena *arena, const pw_label_queuing *in,
			       int64_t *out_batch, pw_err *err)
{
	pw_label_batch_last_row last = {.batch = 0};
	bool found;
	pw_status rc = pw_q_label_batch_last(lab->store, arena, &last, &found, err);
	pw_labels_queued fact = {.batch = last.batch + 1,
				 .first = in->first,
				 .last = in->last,
				 .count = (int64_t)in->count,
				 .template = in->template_name,
				 .version = in->version,
				 .template_hash = in->template_hash,
				 .printer = in->printer,
				 .texts = in->texts};
	if (rc == PW_OK)
		rc = pw_labels_queued_append(lab->store, &fact, err);
	if (rc == PW_OK)
		*out_batch = fact.batch;
	return rc;
}

static pw_status queue_labels(pw_lab *lab, pw_arena *arena, const pw_label_range *range,
			      const pw_label_stock *stock, const char *printer_name,
			      const char *texts, int64_t *out_batch, pw_err *err)
{
	pw_printer_find_row printer;
	pw_label_find_row label;
	pw_hash hash = pw_hash_bytes(stock->bytes, stock->size);
	char hex[PW_HASH_HEX];
	bool found = false;
	pw_hash_hex(&hash, hex);
	pw_status rc = pw_lab_find_printer(lab, arena, printer_name, &printer, err);
	if (rc == PW_OK)
		rc = pw_q_label_find(lab->store, arena, range->first, &label, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND, "there is no label %lld",
			     (long long)range->first);
	if (rc == PW_OK)
		rc = check_range(lab, arena, range, label.thing, err);
	if (rc == PW_OK)
		rc = pw_lab_append_rule(lab, "label", stock->name, stock->version, stock->bytes,
					stock->size, err);
	const pw_label_queuing queuing = {.first = range->first,
					  .last = range->last,
					  .count = range->count,
					  .template_name = stock->name,
					  .template_hash = hex,
					  .version = stock->version,
					  .printer = rc == PW_OK ? printer.printer : "",
					  .texts = texts};
	return rc != PW_OK ? rc : pw_lab_append_queued(lab, arena, &queuing, out_batch, err);
}

pw_status pw_lab_queue_labels(pw_lab *lab, const pw_label_range *range, const pw_label_stock *stock,
			      const char *printer, const char *texts, int64_t *out_batch,
			      pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	int64_t batch = 0;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = queue_labels(lab, &arena, range, stock, printer, texts, &batch, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end(lab, rc, err);
	if (rc == PW_OK)
		*out_batch = batch;
	return rc;
}
