#include "core/store/internal.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "pw_sql.h"

/* ---------------------------------------------------------------- C struct → values */

static pw_value value_at(const void *structure, const pw_field *f)
{
	const void *place = (const char *)structure + f->offset;
	switch (f->type) {
	case PW_TYPE_TEXT:
		return pw_value_text(*(const char *const *)place);
	case PW_TYPE_INT:
		return f->optional ? pw_value_opt_int(*(const pw_opt_int *)place)
				   : pw_value_int(*(const int64_t *)place);
	case PW_TYPE_REAL:
		return f->optional ? pw_value_opt_real(*(const pw_opt_real *)place)
				   : pw_value_real(*(const double *)place);
	case PW_TYPE_LIST:
		break;
	}
	return (pw_value){PW_NULL, 0, 0, NULL};
}

static void values_of_struct(const pw_fact *f, const void *structure, pw_arena *arena,
			     pw_fact_values *out)
{
	out->fields = pw_arena_array(arena, (size_t)f->field_count + 1, sizeof(pw_value));
	const char *records = NULL;
	for (int i = 0; i < f->field_count; i++) {
		out->fields[i] = value_at(structure, &f->fields[i]);
		if (f->fields[i].type == PW_TYPE_LIST)
			records = *(const char *const *)((const char *)structure +
							 f->fields[i].offset);
		else
			PW_BUG_IF(out->fields[i].kind == PW_NULL && !f->fields[i].optional);
	}
	if (f->items == NULL)
		return;
	out->item_count = *(const size_t *)((const char *)structure + f->count_offset);
	out->items = pw_arena_array(arena, out->item_count * (size_t)f->item_count + 1,
				    sizeof(pw_value));
	PW_BUG_IF(records == NULL && out->item_count > 0);
	pw_value *v = out->items;
	for (size_t k = 0; k < out->item_count; k++)
		for (int i = 0; i < f->item_count; i++) {
			*v = value_at(records + k * f->item_size, &f->items[i]);
			PW_BUG_IF(v->kind == PW_NULL && !f->items[i].optional);
			v++;
		}
}

/* ---------------------------------------------------------------- values → tables */

static pw_value source_value(const pw_fact_values *v, const pw_source *s, const pw_value *item)
{
	if (s->from == PW_FROM_FIELD)
		return v->fields[s->index];
	if (s->from == PW_FROM_ITEM) {
		PW_BUG_IF(item == NULL); /* sqlgen lets only `:apply each` name a record's field */
		return item[s->index];
	}
	const pw_envelope *e = &v->envelope;
	switch (s->index) {
	case 0:
		return pw_value_int(e->seq);
	case 1:
		return pw_value_int(e->at);
	case 2:
		return pw_value_text(e->actor);
	case 3:
		return pw_value_text(e->station);
	default:
		return pw_value_text(e->reason);
	}
}

static pw_status run_apply(pw_store *store, const pw_fact_values *v, const pw_apply *a,
			   const pw_value *item, pw_err *err)
{
	sqlite3_stmt *st;
	pw_status rc = pw_statement_get(store, a->statement, &st, err);
	for (int i = 0; rc == PW_OK && i < a->source_count; i++) {
		pw_value value = source_value(v, &a->sources[i], item);
		rc = pw_statement_bind(st, i + 1, &value, err);
	}
	if (rc != PW_OK)
		return rc;
	int code = sqlite3_step(st);
	if (code != SQLITE_DONE)
		rc = pw_sqlite_fail(store->db, code, v->fact->name, err);
	sqlite3_reset(st);
	return rc;
}

pw_status pw_fact_apply(pw_store *store, const pw_fact_values *values, pw_err *err)
{
	const pw_fact *f = values->fact;
	for (int i = 0; i < f->apply_count; i++) {
		const pw_apply *a = &f->applies[i];
		size_t times = a->each ? values->item_count : 1;
		for (size_t k = 0; k < times; k++) {
			const pw_value *item =
				a->each ? values->items + k * (size_t)f->item_count : NULL;
			pw_status rc = run_apply(store, values, a, item, err);
			if (rc != PW_OK)
				return rc;
		}
	}
	return PW_OK;
}

/* ---------------------------------------------------------------- append */

static const char *reason_of(const pw_store *store)
{
	for (int i = store->depth - 1; i >= 0; i--)
		if (store->levels[i].reason != NULL)
			return store->levels[i].reason;
	return NULL;
}

static pw_status write_journal(pw_store *store, int64_t seq, const pw_str *body, pw_hash *out_hash,
			       pw_err *err)
{
	*out_hash = pw_hash_chain(&store->head.hash, body->ptr, body->len);
	char hex[PW_HASH_HEX];
	pw_hash_hex(out_hash, hex);
	return pw_q_journal_insert(store, seq, body->ptr, hex, err);
}

pw_status pw_fact_append(pw_store *store, int number, const void *fact, pw_err *err)
{
	PW_BUG_IF(store->depth == 0 || store->reading);
	pw_arena arena = PW_ARENA_INIT;
	pw_str body = PW_STR_INIT;
	pw_fact_values values = {.fact = &pw_sql_facts[number]};
	pw_time at = 0;
	pw_hash hash = {{0}};
	pw_status rc = pw_tx_check(store, err);
	if (rc != PW_OK || (rc = pw_store_now(store, &at, err)) != PW_OK)
		goto done;
	values.envelope = (pw_envelope){store->head.seq + 1, at, store->actor, store->station,
					reason_of(store)};
	values_of_struct(values.fact, fact, &arena, &values);
	if ((rc = pw_fact_encode(&values, &body, err)) != PW_OK)
		goto done;
	if ((rc = write_journal(store, values.envelope.seq, &body, &hash, err)) != PW_OK)
		goto done;
	if ((rc = pw_fact_apply(store, &values, err)) != PW_OK)
		goto done;
	store->head = (pw_head){values.envelope.seq, hash};
	store->last_at = at;
done:
	pw_str_clear(&body);
	pw_arena_clear(&arena);
	return rc;
}
