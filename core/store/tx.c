#include "core/store/internal.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

/* A clock that runs this little behind another station's is no jump. */
#define CLOCK_TOLERANCE (2 * PW_SECOND)

static pw_level *push(pw_store *store, const char *reason)
{
	PW_BUG_IF(store->depth == PW_MAX_DEPTH);
	pw_level *level = &store->levels[store->depth++];
	*level = (pw_level){.reason = reason != NULL ? pw_strdup(reason) : NULL};
	return level;
}

static void pop(pw_store *store)
{
	pw_free(store->levels[--store->depth].reason);
}

pw_status pw_tx_check(pw_store *store, pw_err *err)
{
	if (!sqlite3_get_autocommit(store->db) && !store->given_up)
		return PW_OK;
	return pw_fail(err, PW_ERR_IO,
		       "the database gave up the transaction: do it again; nothing was recorded");
}

static pw_status begin_savepoint(pw_store *store, const char *reason, pw_err *err)
{
	char sql[32];
	snprintf(sql, sizeof(sql), "SAVEPOINT level_%d", store->depth);
	pw_status rc = pw_tx_check(store, err);
	if (rc == PW_OK)
		rc = pw_store_run(store, sql, err);
	if (rc != PW_OK)
		return rc;
	pw_level *level = push(store, reason);
	level->head = store->head;
	level->last_at = store->last_at;
	level->at = store->at;
	level->clock_accepted = store->clock_accepted;
	return PW_OK;
}

/* A ROLLBACK for which there was no memory is made up for first. */
static pw_status begin(pw_store *store, const char *sql, pw_err *err)
{
	pw_status rc = PW_OK;
	if (!sqlite3_get_autocommit(store->db))
		rc = pw_store_run(store, "ROLLBACK", err);
	store->given_up = false;
	return rc == PW_OK ? pw_store_run(store, sql, err) : rc;
}

pw_status pw_store_begin(pw_store *store, const char *reason, pw_err *err)
{
	PW_BUG_IF(store->reading);
	if (store->depth > 0)
		return begin_savepoint(store, reason, err);
	pw_status rc = begin(store, "BEGIN IMMEDIATE", err);
	if (rc != PW_OK)
		return rc;
	rc = pw_store_read_head(store, &store->head, &store->last_at, err);
	if (rc != PW_OK) {
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
		return rc;
	}
	push(store, reason);
	store->at = 0;
	store->clock_accepted = false;
	return PW_OK;
}

pw_status pw_store_begin_read(pw_store *store, pw_err *err)
{
	PW_BUG_IF(store->depth != 0);
	pw_status rc = begin(store, "BEGIN", err);
	if (rc != PW_OK)
		return rc;
	push(store, NULL);
	store->reading = true;
	return PW_OK;
}

static pw_status end_savepoint(pw_store *store, pw_status rc, pw_err *err)
{
	char sql[80];
	pw_level *level = &store->levels[store->depth - 1];
	if (rc == PW_OK) {
		snprintf(sql, sizeof(sql), "RELEASE level_%d", store->depth - 1);
		rc = pw_store_run(store, sql, err);
	} else {
		snprintf(sql, sizeof(sql), "ROLLBACK TO level_%d; RELEASE level_%d",
			 store->depth - 1, store->depth - 1);
		/* When this can't be undone alone, or SQLite has given up the whole transaction already,
		 * the outer ends undo everything. */
		if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
			store->given_up = true;
		store->head = level->head;
		store->last_at = level->last_at;
		store->at = level->at;
		store->clock_accepted = level->clock_accepted;
	}
	pop(store);
	return rc;
}

static pw_status commit(pw_store *store, pw_err *err)
{
	store->in_commit = true;
	int code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	store->in_commit = false;
	if (code == SQLITE_OK)
		return PW_OK;
	/* All may be written and only the last sync be missing: then it is there after a restart. */
	if ((code & 0xff) == SQLITE_IOERR)
		return pw_fail(
			err, PW_ERR_IO,
			"recording: the disk or network drive did not obey at the last moment: "
			"check it, start again, and look whether this was recorded before "
			"doing it once more (%s)",
			sqlite3_errmsg(store->db));
	return pw_sqlite_fail(store->db, code, "recording", err);
}

pw_status pw_store_end(pw_store *store, pw_status rc, pw_err *err)
{
	PW_BUG_IF(store->depth == 0);
	if (store->depth > 1)
		return end_savepoint(store, rc, err);
	pop(store);
	store->reading = false;
	store->at = 0;
	store->clock_accepted = false;
	if (rc == PW_OK)
		rc = pw_tx_check(store, err);
	if (rc == PW_OK)
		rc = commit(store, err);
	if (rc != PW_OK && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static pw_status refuse_clock(const pw_store *store, pw_time now, pw_err *err)
{
	char ours[32], theirs[32];
	pw_time_format_local(now, ours);
	pw_time_format_local(store->last_at, theirs);
	return pw_fail(err, PW_ERR_CLOCK,
		       "this computer's clock says %s, but the last fact was recorded at %s: set "
		       "the clock; or, when it is right, run 'poolwell lab clock --accept --reason "
		       "TEXT'; nothing was recorded",
		       ours, theirs);
}

pw_status pw_store_now(pw_store *store, pw_time *out, pw_err *err)
{
	bool writing = store->depth > 0 && !store->reading;
	pw_time now = writing && store->at != 0 ? store->at : pw_clock_now(&store->clock);
	if (now < store->last_at && !store->clock_accepted) {
		if (store->last_at - now > CLOCK_TOLERANCE)
			return refuse_clock(store, now, err);
		now = store->last_at;
	}
	if (writing)
		store->at = now;
	*out = now;
	return PW_OK;
}

int64_t pw_store_next_seq(const pw_store *store)
{
	return store->head.seq + 1;
}

pw_time pw_store_last_at(const pw_store *store)
{
	return store->last_at;
}

void pw_store_accept_clock(pw_store *store)
{
	store->clock_accepted = true;
	store->at = 0;
}
