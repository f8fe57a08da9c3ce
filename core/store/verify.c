#include "core/store/internal.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pw_sql.h"

#define PROGRESS_EVERY 2000

void pw_head_format(const pw_head *head, char out[40])
{
	char hex[PW_HASH_HEX];
	pw_hash_hex(&head->hash, hex);
	snprintf(out, 40, "%" PRId64 "-%.16s", head->seq, hex);
}

pw_status pw_store_check_head(pw_store *store, const char *text, pw_err *err)
{
	const char *dash = strchr(text, '-');
	char number[24] = "";
	int64_t seq = 0;
	if (dash != NULL && (size_t)(dash - text) < sizeof(number))
		memcpy(number, text, (size_t)(dash - text));
	if (dash == NULL || !pw_parse_int(number, &seq) || seq < 1 || strlen(dash + 1) != 16 ||
	    strspn(dash + 1, "0123456789abcdef") != 16)
		return pw_fail(err, PW_ERR_FORMAT,
			       "'%.60s' is no head: it looks like 12345-9f3a1c5be07d2244", text);
	pw_arena arena = PW_ARENA_INIT;
	pw_journal_at_row row;
	bool found;
	pw_status rc = pw_q_journal_at(store, &arena, seq, &row, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_CORRUPT,
			     "this journal has no fact %" PRId64
			     ": facts that were there are gone, or "
			     "this is another laboratory's file",
			     seq);
	else if (rc == PW_OK && strncmp(row.hash, dash + 1, 16) != 0)
		rc = pw_fail(err, PW_ERR_CORRUPT,
			     "fact %" PRId64 " has the hash %.16s…, and the head says %s…: another "
			     "history stands in its place",
			     seq, row.hash, dash + 1);
	pw_arena_clear(&arena);
	return rc;
}

/* ---------------------------------------------------------------- the chain */

#define DAMAGED PW_ERROR, "journal"

/* A row of the journal as it is, with whatever bytes somebody put into it. */
typedef struct stored {
	int64_t seq;
	const char *body, *hash;
	size_t n, hash_n;
	int line;
} stored;

static stored take_stored(sqlite3_stmt *st)
{
	stored row = {.seq = sqlite3_column_int64(st, 0),
		      .body = (const char *)sqlite3_column_blob(st, 1),
		      .hash = (const char *)sqlite3_column_text(st, 2)};
	row.n = (size_t)sqlite3_column_bytes(st, 1);
	row.hash_n = (size_t)sqlite3_column_bytes(st, 2);
	row.line = row.seq < INT_MAX && row.seq > 0 ? (int)row.seq : 0;
	if (row.n == 0)
		row.body = "";
	if (row.hash == NULL)
		row.hash = "";
	return row;
}

/* The body that its own values encode to: whoever wrote another spelling was not this program. */
static void check_body(const stored *row, pw_arena *arena, pw_report *report)
{
	pw_err problem = PW_ERR_INIT;
	pw_fact_values values;
	pw_str again = PW_STR_INIT;
	if (pw_fact_decode(row->body, row->n, arena, &values, &problem) != PW_OK)
		pw_report_add(report, DAMAGED, row->line, 0, "fact %" PRId64 ": %s", row->seq,
			      problem.msg);
	else if (values.envelope.seq != row->seq)
		pw_report_add(report, DAMAGED, row->line, 0,
			      "fact %" PRId64 " says it is fact %" PRId64, row->seq,
			      values.envelope.seq);
	else if (pw_fact_encode(&values, &again, &problem) != PW_OK || again.len != row->n ||
		 memcmp(again.ptr, row->body, row->n) != 0)
		pw_report_add(report, DAMAGED, row->line, 0,
			      "fact %" PRId64 " is not in canonical form: another program wrote it",
			      row->seq);
	pw_str_clear(&again);
}

static void check_number(const stored *row, int64_t last, pw_report *report)
{
	if (row->seq == last + 2)
		pw_report_add(report, DAMAGED, row->line, 0, "fact %" PRId64 " is missing",
			      last + 1);
	else if (row->seq > last + 1)
		pw_report_add(report, DAMAGED, row->line, 0,
			      "facts %" PRId64 " to %" PRId64 " are missing", last + 1,
			      row->seq - 1);
}

static void check_link(const stored *row, pw_head *head, pw_report *report)
{
	if (row->seq <= head->seq) {
		pw_report_add(report, DAMAGED, 0, 0,
			      "fact %" PRId64 ": facts are numbered from 1: somebody added it",
			      row->seq);
		return;
	}
	pw_hash expected = pw_hash_chain(&head->hash, row->body, row->n);
	pw_hash hash = {{0}};
	check_number(row, head->seq, report);
	if (!pw_hash_from_hex(row->hash, &hash) || row->hash_n != PW_HASH_HEX - 1 ||
	    !pw_hash_eq(&hash, &expected))
		pw_report_add(report, DAMAGED, row->line, 0,
			      "fact %" PRId64
			      ": its hash does not follow from the fact before and its text: one "
			      "of the two was changed",
			      row->seq);
	/* Go on from what is stored, so that one changed fact is one finding. */
	*head = (pw_head){row->seq, hash};
}

static pw_status check_chain(pw_store *store, pw_report *report, pw_head *head,
			     pw_progress_fn progress, void *ctx, pw_err *err)
{
	pw_head last;
	pw_time ignored;
	if (pw_store_read_head(store, &last, &ignored, NULL) != PW_OK)
		last.seq = 0;
	sqlite3_stmt *st = NULL;
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = PW_OK;
	int code = sqlite3_prepare_v2(store->db, "SELECT seq, body, hash FROM journal ORDER BY seq",
				      -1, &st, NULL);
	while (code == SQLITE_OK || (code == SQLITE_ROW && !pw_report_enough(report))) {
		if ((code = sqlite3_step(st)) != SQLITE_ROW)
			break;
		stored row = take_stored(st);
		check_link(&row, head, report);
		check_body(&row, &arena, report);
		pw_arena_clear(&arena);
		if (progress != NULL && row.seq % PROGRESS_EVERY == 0)
			progress(ctx, row.seq, last.seq);
	}
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		rc = pw_sqlite_fail(store->db, code, "reading the journal", err);
	sqlite3_finalize(st);
	return rc;
}

/* ---------------------------------------------------------------- kept files */

static void check_attachment(sqlite3_stmt *st, pw_report *report)
{
	const char *name = (const char *)sqlite3_column_text(st, 0);
	size_t n = (size_t)sqlite3_column_bytes(st, 1);
	pw_hash hash = pw_hash_bytes(sqlite3_column_blob(st, 1), n);
	char hex[PW_HASH_HEX];
	pw_hash_hex(&hash, hex);
	if (strcmp(hex, name) != 0)
		pw_report_add(report, PW_ERROR, "file", 0, 0,
			      "kept file %.16s…: its bytes were changed (they hash to %.16s…)",
			      name, hex);
	if (sqlite3_column_int64(st, 2) != (sqlite3_int64)n)
		pw_report_add(report, PW_ERROR, "file", 0, 0,
			      "kept file %.16s…: its size is said to be %lld and is %zu", name,
			      (long long)sqlite3_column_int64(st, 2), n);
	if (sqlite3_column_type(st, 3) == SQLITE_NULL)
		pw_report_add(report, PW_ERROR, "file", 0, 0,
			      "kept file %.16s…: no fact speaks of it: somebody added it", name);
}

static pw_status check_attachments(pw_store *store, pw_report *report, pw_err *err)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(store->db,
				      "SELECT a.hash, a.bytes, a.size, d.seq FROM attachment a "
				      "LEFT JOIN document d ON d.hash = a.hash ORDER BY a.hash",
				      -1, &st, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(st);
		if (code == SQLITE_ROW)
			check_attachment(st, report);
	}
	sqlite3_finalize(st);
	if (code != SQLITE_DONE)
		return pw_sqlite_fail(store->db, code, "reading the kept files", err);
	code = sqlite3_prepare_v2(store->db,
				  "SELECT d.hash, d.name FROM document d WHERE NOT EXISTS "
				  "(SELECT 1 FROM attachment a WHERE a.hash = d.hash)",
				  -1, &st, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(st);
		if (code == SQLITE_ROW)
			pw_report_add(report, PW_ERROR, "file", 0, 0,
				      "kept file %.16s… ('%s') is gone",
				      (const char *)sqlite3_column_text(st, 0),
				      (const char *)sqlite3_column_text(st, 1));
	}
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? PW_OK
				   : pw_sqlite_fail(store->db, code, "reading the kept files", err);
}

pw_status pw_store_verify(pw_store *store, pw_report *report, pw_head *out_head,
			  pw_progress_fn progress, void *ctx, pw_err *err)
{
	pw_head head = {0, {{0}}};
	pw_status rc = pw_store_begin_read(store, err);
	if (rc != PW_OK)
		return rc;
	rc = check_chain(store, report, &head, progress, ctx, err);
	if (rc == PW_OK)
		rc = check_attachments(store, report, err);
	rc = pw_store_end(store, rc, err);
	if (rc == PW_OK)
		*out_head = head;
	return rc;
}
