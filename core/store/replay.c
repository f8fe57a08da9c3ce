#include "core/store/internal.h"

#include <string.h>

#include "pw_sql.h"

#define PROGRESS_EVERY 2000

pw_status pw_store_read_head(pw_store *store, pw_head *head, pw_time *last_at, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_journal_last_row row = {.seq = 0};
	bool found = false;
	pw_status rc = pw_q_journal_last(store, &arena, &row, &found, err);
	*head = (pw_head){0, {{0}}};
	*last_at = 0;
	if (rc == PW_OK && found) {
		pw_fact_values values;
		head->seq = row.seq;
		if (!pw_hash_from_hex(row.hash, &head->hash))
			rc = pw_fail(
				err, PW_ERR_CORRUPT,
				"the journal's last hash is damaged: run 'poolwell audit verify'");
		else
			rc = pw_fact_decode(row.body, strlen(row.body), &arena, &values, err);
		if (rc == PW_OK)
			*last_at = values.envelope.at;
		else
			pw_fail_ctx(err, rc, "fact %lld, the journal's last", (long long)row.seq);
	}
	pw_arena_clear(&arena);
	return rc;
}

pw_status pw_store_head(pw_store *store, pw_head *out, pw_err *err)
{
	pw_time ignored;
	return pw_store_read_head(store, out, &ignored, err);
}

static pw_status replay_one(pw_store *target, const pw_journal_row *row, pw_arena *arena,
			    pw_err *err)
{
	pw_fact_values values;
	pw_status rc = pw_q_journal_insert(target, row->seq, row->body, row->hash, err);
	if (rc == PW_OK)
		rc = pw_fact_decode(row->body, strlen(row->body), arena, &values, err);
	if (rc == PW_OK)
		rc = pw_fact_apply(target, &values, err);
	if (rc != PW_OK)
		pw_fail_ctx(err, rc, "fact %lld", (long long)row->seq);
	return rc;
}

pw_status pw_store_replay(pw_store *store, pw_store *target, pw_progress_fn progress, void *ctx,
			  pw_err *err)
{
	pw_head head;
	pw_cursor cursor = {.open = false};
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = pw_store_head(store, &head, err);
	if (rc != PW_OK || (rc = pw_store_begin(target, NULL, err)) != PW_OK)
		return rc;
	rc = pw_q_journal_open(store, 0, &cursor, err);
	while (rc == PW_OK) {
		pw_journal_row row;
		bool found;
		rc = pw_q_journal_next(&cursor, &row, &found, err);
		if (rc != PW_OK || !found)
			break;
		rc = replay_one(target, &row, &arena, err);
		/* The arena's first block is kept between facts: clearing frees what a large one took. */
		pw_arena_clear(&arena);
		if (progress != NULL && row.seq % PROGRESS_EVERY == 0)
			progress(ctx, row.seq, head.seq);
	}
	pw_cursor_close(&cursor);
	pw_arena_clear(&arena);
	return pw_store_end(target, rc, err);
}
