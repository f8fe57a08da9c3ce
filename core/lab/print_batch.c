/* The labels of one batch on their way through a printer, so that the journal is true at every instant.
 * docs/internals/printing.md */
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* So many labels are announced at once, before the first byte of the first one leaves: the disk is waited for once
 * in so many, and after a kill no more than these never left. */
#define ANNOUNCED_AT_ONCE 8

/* Labels in a row of a batch, and the index of the first of them in the run. */
typedef struct stretch {
	int64_t first, last;
	size_t index;
} stretch;

/* The labels of one batch on their way through a printer. */
typedef struct printing {
	pw_lab *lab;
	const pw_label_printer *printer;
	int64_t *run; /* 0: nothing was announced yet */
	const char *batch_texts;
	PW_VEC(stretch) stretches;
	size_t count, at;   /* at: the stretch that was last asked for */
	uint8_t *fate;      /* pw_work_fate of each, as the printer tells */
	uint8_t *written;   /* as the journal has it: WAITING, SENT, CONFIRMED, UNCONFIRMED */
	size_t from, to;    /* what has changed since it was written is among these */
	pw_arena content;   /* of the label at hand */
	pw_str fault, text; /* what the printer stopped for last; empty: nothing */
} printing;

static int64_t label_at(printing *p, size_t index)
{
	const stretch *s = p->stretches.ptr;
	while (index < s[p->at].index)
		p->at--;
	while (p->at + 1 < p->stretches.len && index >= s[p->at + 1].index)
		p->at++;
	return s[p->at].first + (int64_t)(index - s[p->at].index);
}

/* ---------------------------------------------------------------- the account */

static pw_status append(printing *p, pw_work_fate fate, const char *why, pw_run_of run, pw_err *err)
{
	pw_store *store = p->lab->store;
	const pw_labels_sent sent = {
		.printer = p->printer->name, .run = *p->run, .first = run.first, .last = run.last};
	const pw_labels_confirmed confirmed = {.first = run.first, .last = run.last, .how = why};
	const pw_labels_unconfirmed unconfirmed = {
		.first = run.first, .last = run.last, .why = why};
	const pw_labels_requeued requeued = {.first = run.first, .last = run.last, .why = why};
	switch (fate) {
	case PW_WORK_WAITING:
		return pw_labels_requeued_append(store, &requeued, err);
	case PW_WORK_SENDING:
	case PW_WORK_SENT:
		return pw_labels_sent_append(store, &sent, err);
	case PW_WORK_CONFIRMED:
		return pw_labels_confirmed_append(store, &confirmed, err);
	case PW_WORK_UNCONFIRMED:
		return pw_labels_unconfirmed_append(store, &unconfirmed, err);
	}
	return PW_OK;
}

/* A fact for each row of labels from index `from` to before `to` of which the journal shall say `fate`. */
static pw_status append_all(printing *p, size_t from, size_t to,
			    bool (*has)(const printing *p, size_t index), pw_work_fate fate,
			    const char *why, pw_err *err)
{
	pw_runs_of runs = PW_VEC_INIT;
	pw_status rc = PW_OK;
	for (size_t i = from; i < to; i++)
		if (has(p, i))
			pw_runs_add(&runs, label_at(p, i));
	for (size_t i = 0; rc == PW_OK && i < runs.len; i++)
		rc = append(p, fate, why, runs.ptr[i], err);
	pw_vec_clear(&runs);
	return rc;
}

static bool newly_confirmed(const printing *p, size_t i)
{
	return p->fate[i] == PW_WORK_CONFIRMED && p->written[i] != PW_WORK_CONFIRMED;
}

static bool newly_unconfirmed(const printing *p, size_t i)
{
	return p->fate[i] == PW_WORK_UNCONFIRMED && p->written[i] != PW_WORK_UNCONFIRMED;
}

static bool not_announced(const printing *p, size_t i)
{
	return p->written[i] == PW_WORK_WAITING;
}

static bool announced_in_vain(const printing *p, size_t i)
{
	return p->written[i] == PW_WORK_SENT && p->fate[i] == PW_WORK_WAITING;
}

static bool left_in_the_dark(const printing *p, size_t i)
{
	return p->written[i] == PW_WORK_SENT &&
	       (p->fate[i] == PW_WORK_SENDING || p->fate[i] == PW_WORK_SENT);
}

/* What the printer has said since it was last written; inside a transaction. */
static pw_status append_news(printing *p, pw_err *err)
{
	pw_status rc =
		append_all(p, p->from, p->to, newly_confirmed, PW_WORK_CONFIRMED, "device", err);
	if (rc == PW_OK)
		rc = append_all(p, p->from, p->to, newly_unconfirmed, PW_WORK_UNCONFIRMED,
				"not-told", err);
	return rc;
}

static void news_are_written(printing *p)
{
	for (size_t i = p->from; i < p->to; i++)
		if (p->fate[i] == PW_WORK_CONFIRMED || p->fate[i] == PW_WORK_UNCONFIRMED)
			p->written[i] = p->fate[i];
	p->from = p->count;
	p->to = 0;
}

static pw_status write_news(printing *p, pw_err *err)
{
	if (p->from >= p->to)
		return PW_OK;
	pw_status rc = pw_lab_begin(p->lab, err);
	if (rc != PW_OK)
		return rc;
	rc = pw_lab_end(p->lab, append_news(p, err), err);
	if (rc == PW_OK)
		news_are_written(p);
	return rc;
}

/* From now on bytes of this label and the next ones may leave. */
static pw_status announce(printing *p, size_t index, pw_err *err)
{
	size_t end = p->count - index < ANNOUNCED_AT_ONCE ? p->count : index + ANNOUNCED_AT_ONCE;
	pw_status rc = pw_lab_begin(p->lab, err);
	if (rc != PW_OK)
		return rc;
	bool first = *p->run == 0;
	rc = append_news(p, err);
	if (first)
		*p->run = pw_store_next_seq(p->lab->store);
	if (rc == PW_OK)
		rc = append_all(p, index, end, not_announced, PW_WORK_SENT, NULL, err);
	rc = pw_lab_end(p->lab, rc, err);
	if (rc != PW_OK && first)
		*p->run = 0;
	if (rc != PW_OK)
		return rc;
	news_are_written(p);
	for (size_t i = index; i < end; i++)
		if (p->written[i] == PW_WORK_WAITING)
			p->written[i] = PW_WORK_SENT;
	return PW_OK;
}

/* ---------------------------------------------------------------- what the printer's side calls */

static pw_status content(void *ctx, size_t index, pw_label_content *out, pw_err *err)
{
	printing *p = ctx;
	pw_label_find_row row;
	bool found = false;
	pw_arena_clear(&p->content);
	pw_status rc =
		pw_q_label_find(p->lab->store, &p->content, label_at(p, index), &row, &found, err);
	PW_BUG_IF(rc == PW_OK && !found);
	if (rc == PW_OK)
		*out = (pw_label_content){
			.id = row.id, .copy = (int)row.copy, .texts = {p->batch_texts, row.texts}};
	return rc;
}

static pw_status changed(void *ctx, size_t index, pw_work_fate fate, pw_err *err)
{
	printing *p = ctx;
	PW_BUG_IF(index >= p->count);
	if (fate == PW_WORK_SENDING && p->written[index] == PW_WORK_WAITING) {
		pw_status rc = announce(p, index, err);
		if (rc != PW_OK)
			return rc;
	}
	p->fate[index] = (uint8_t)fate;
	if (fate == PW_WORK_CONFIRMED || fate == PW_WORK_UNCONFIRMED) {
		p->from = index < p->from ? index : p->from;
		p->to = index >= p->to ? index + 1 : p->to;
	}
	return PW_OK;
}

static pw_status stopped(void *ctx, const char *fault, const char *text, pw_err *err)
{
	printing *p = ctx;
	pw_str_truncate(&p->fault, 0);
	pw_str_truncate(&p->text, 0);
	pw_str_add(&p->fault, fault != NULL ? fault : "");
	pw_str_add(&p->text, text != NULL ? text : "");
	return fault != NULL ? write_news(p, err) : PW_OK;
}

/* ---------------------------------------------------------------- a batch */

static pw_status find_labels(printing *p, const char *queue, int64_t batch, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_waiting_row row;
	bool found = true;
	pw_status rc = pw_q_labels_waiting_open(p->lab->store, queue, batch, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_waiting_next(&cursor, &row, &found, err)) == PW_OK && found) {
		stretch *last =
			p->stretches.len > 0 ? &p->stretches.ptr[p->stretches.len - 1] : NULL;
		if (last != NULL && last->last + 1 == row.label)
			last->last = row.label;
		else
			pw_vec_push(&p->stretches, ((stretch){row.label, row.label, p->count}));
		p->count++;
	}
	if (rc != PW_OK)
		pw_cursor_close(&cursor);
	return rc;
}

static pw_status append_stop(printing *p, pw_status rc, const pw_err *why, pw_err *err)
{
	pw_printer_stopped fact = {.printer = p->printer->name,
				   .fault = pw_str_text(&p->fault),
				   .text = pw_str_text(&p->text)};
	if (rc != PW_OK) {
		fact.fault = why->code != NULL ? why->code : pw_status_name(rc);
		fact.text = why->msg;
	}
	return pw_printer_stopped_append(p->lab->store, &fact, err);
}

/* The run is over, well or not: what never left waits again, what left and was not spoken of is unconfirmed. */
static pw_status close_account(printing *p, pw_status rc, const pw_err *why, size_t waiting,
			       pw_err *err)
{
	pw_status ours = pw_lab_begin(p->lab, err);
	if (ours != PW_OK)
		return ours;
	ours = append_news(p, err);
	if (ours == PW_OK)
		ours = append_all(p, 0, p->count, left_in_the_dark, PW_WORK_UNCONFIRMED, "not-told",
				  err);
	if (ours == PW_OK)
		ours = append_all(p, 0, p->count, announced_in_vain, PW_WORK_WAITING, "not-sent",
				  err);
	if (ours == PW_OK && waiting > 0)
		ours = append_stop(p, rc, why, err);
	return pw_lab_end(p->lab, ours, err);
}

static void add_up(const printing *p, pw_label_account *out, size_t *out_waiting)
{
	size_t confirmed = 0, waiting = 0;
	for (size_t i = 0; i < p->count; i++) {
		confirmed += p->fate[i] == PW_WORK_CONFIRMED ? 1 : 0;
		waiting += p->fate[i] == PW_WORK_WAITING ? 1 : 0;
	}
	out->confirmed += confirmed;
	out->waiting += waiting;
	out->unconfirmed += p->count - confirmed - waiting;
	*out_waiting = waiting;
}

static pw_status run_printer(printing *p, const pw_label_stock *stock, const pw_label_maker *maker,
			     pw_label_account *out, pw_err *err)
{
	pw_label_work work = {.printer = p->printer,
			      .stock = *stock,
			      .count = p->count,
			      .ctx = p,
			      .content = content,
			      .changed = changed,
			      .stopped = stopped};
	pw_err own = PW_ERR_INIT, closing = PW_ERR_INIT;
	size_t waiting;
	p->fate = pw_alloc_array(p->count, 1);
	p->written = pw_alloc_array(p->count, 1);
	p->from = p->count;
	pw_status rc = maker->print(maker->ctx, &work, &own);
	add_up(p, out, &waiting);
	pw_status ours = close_account(p, rc, &own, waiting, &closing);
	if (err != NULL)
		*err = rc != PW_OK ? own : closing;
	return rc != PW_OK ? rc : ours;
}

static pw_status load_batch(pw_lab *lab, pw_arena *arena, int64_t batch,
			    pw_label_batch_find_row *row, pw_label_stock *stock, pw_err *err)
{
	pw_status rc = pw_lab_find_batch(lab, arena, batch, row, err);
	if (rc == PW_OK)
		rc = pw_store_attached(lab->store, arena, row->template_hash, &stock->bytes,
				       &stock->size, err);
	if (rc == PW_OK) {
		stock->name = row->template;
		stock->version = (int)row->version;
	}
	return rc;
}

pw_status pw_lab_print_batch(pw_lab *lab, const pw_batch_print *what, const pw_label_maker *maker,
			     pw_label_account *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_batch_find_row row;
	pw_label_stock stock;
	printing p = {.lab = lab, .printer = what->printer, .run = what->run};
	pw_status rc = load_batch(lab, &arena, what->batch, &row, &stock, err);
	if (rc == PW_OK)
		rc = find_labels(&p, what->queue, what->batch, err);
	if (rc == PW_OK && p.count > 0) {
		p.batch_texts = row.texts;
		rc = run_printer(&p, &stock, maker, out, err);
	}
	pw_vec_clear(&p.stretches);
	pw_free(p.fate);
	pw_free(p.written);
	pw_str_clear(&p.fault);
	pw_str_clear(&p.text);
	pw_arena_clear(&p.content);
	pw_arena_clear(&arena);
	return rc;
}
