/* Another label for one that is lost, torn or smeared. */
#include <stdio.h>
#include <string.h>

#include "core/lab/internal.h"
#include "core/lab/labels_internal.h"

/* Which label is printed again, and how. */
typedef struct again {
	const pw_labels_of_id_row *old;
	pw_label_batch_find_row batch; /* of its template; batch.batch 0: of one that was given */
	pw_label_stock stock;
	const char *hash;
	int copy;
} again;

static bool waits(const char *state)
{
	return strcmp(state, "queued") == 0 || strcmp(state, "reserved") == 0;
}

/* The newest label of each template; of several, the one that is named. */
static pw_status choose(const pw_labels_of_id_row *rows, size_t count, const char *name, again *out,
			pw_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *template_name = rows[i].template != NULL ? rows[i].template : "";
		if (name != NULL && template_name[0] != '\0' && strcmp(template_name, name) != 0)
			continue;
		if (out->old != NULL && name == NULL && out->old->template != NULL &&
		    strcmp(out->old->template, template_name) != 0)
			return pw_fail(
				err, PW_ERR_ARG,
				"'%s' has labels of '%s' and of '%s': say which with --template",
				rows[i].id, out->old->template, template_name);
		out->old = &rows[i];
		if (rows[i].copy > out->copy)
			out->copy = (int)rows[i].copy;
	}
	if (out->old == NULL)
		return pw_refuse(
			err, "label-unknown",
			"'%s' has no label '%s': 'poolwell label list %s' shows those it has",
			rows[0].id, name, rows[0].id);
	if (waits(out->old->state) && out->old->template != NULL)
		return pw_refuse(
			err, "label-queued",
			"the label of '%s' has not been printed yet: 'poolwell label resume' "
			"prints what waits",
			rows[0].id);
	out->copy++;
	return PW_OK;
}

/* The template: that of the label before, or, for one that was printed elsewhere, the one that is given. */
static pw_status find_stock(pw_lab *lab, pw_arena *arena, const pw_label_reprint *in, again *a,
			    pw_err *err)
{
	pw_status rc;
	if (a->old->batch.has) {
		rc = pw_lab_find_batch(lab, arena, a->old->batch.value, &a->batch, err);
		if (rc == PW_OK)
			rc = pw_store_attached(lab->store, arena, a->batch.template_hash,
					       &a->stock.bytes, &a->stock.size, err);
		if (rc == PW_OK) {
			a->stock.name = a->batch.template;
			a->stock.version = (int)a->batch.version;
			a->hash = a->batch.template_hash;
		}
		return rc;
	}
	if (in->stock == NULL)
		return pw_fail(
			err, PW_ERR_ARG,
			"the label of '%s' was printed elsewhere: say with --template what it "
			"looks like",
			a->old->id);
	pw_hash hash = pw_hash_bytes(in->stock->bytes, in->stock->size);
	char hex[PW_HASH_HEX];
	pw_hash_hex(&hash, hex);
	a->stock = *in->stock;
	a->hash = pw_arena_strdup(arena, hex);
	return pw_lab_append_rule(lab, "label", in->stock->name, in->stock->version,
				  in->stock->bytes, in->stock->size, err);
}

static pw_status check_copy(const again *a, const pw_label_maker *maker, pw_err *err)
{
	bool shows = false;
	pw_status rc = maker->shows_copy(maker->ctx, &a->stock, &shows, err);
	if (rc == PW_OK && !shows)
		rc = pw_refuse(
			err, "copy-unseen",
			"label '%s' has no field 'copy', where a reprint shows R%d: give the "
			"template one, and a new version",
			a->stock.name, a->copy);
	return rc;
}

static pw_status append_reprint(pw_lab *lab, pw_arena *arena, const char *printer_name,
				const again *a, pw_label_copy *out, pw_err *err)
{
	pw_label_last_row last = {.label = 0};
	pw_printer_find_row printer;
	bool found;
	pw_status rc = pw_q_label_last(lab->store, arena, &last, &found, err);
	pw_label_reprinted fact = {.label = last.label + 1, .old = a->old->label, .copy = a->copy};
	if (rc == PW_OK)
		rc = pw_lab_find_printer(lab, arena,
					 printer_name != NULL ? printer_name : a->batch.printer,
					 &printer, err);
	if (rc == PW_OK)
		rc = pw_label_reprinted_append(lab->store, &fact, err);
	const pw_label_queuing queuing = {.first = fact.label,
					  .last = fact.label,
					  .count = 1,
					  .template_name = a->stock.name,
					  .template_hash = a->hash,
					  .version = a->stock.version,
					  .printer = rc == PW_OK ? printer.printer : "",
					  .texts = a->batch.texts};
	if (rc == PW_OK)
		rc = pw_lab_append_queued(lab, arena, &queuing, &out->batch, err);
	if (rc != PW_OK)
		return rc;
	snprintf(out->id, sizeof(out->id), "%s", a->old->id);
	snprintf(out->printer, sizeof(out->printer), "%s", printer.printer);
	out->copy = a->copy;
	return PW_OK;
}

static pw_status reprint(pw_lab *lab, pw_arena *arena, const pw_label_reprint *in,
			 const pw_label_maker *maker, pw_label_copy *out, pw_err *err)
{
	pw_labels_of_id_row *rows;
	size_t count = 0;
	again a = {.old = NULL};
	pw_status rc = pw_lab_labels_of_scan(lab, arena, in->scan, &rows, &count, err);
	if (rc == PW_OK)
		rc = choose(rows, count, in->template_name, &a, err);
	if (rc == PW_OK)
		rc = find_stock(lab, arena, in, &a, err);
	if (rc == PW_OK)
		rc = check_copy(&a, maker, err);
	return rc == PW_OK ? append_reprint(lab, arena, in->printer, &a, out, err) : rc;
}

pw_status pw_lab_reprint_label(pw_lab *lab, const pw_label_reprint *in, const pw_label_maker *maker,
			       pw_label_copy *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_label_copy made = {.copy = 0};
	pw_status rc = pw_lab_need_reason(lab, "printing a label again", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = reprint(lab, &arena, in, maker, &made, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "labels", in->scan, err);
	if (rc == PW_OK)
		*out = made;
	return rc;
}
