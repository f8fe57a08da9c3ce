#include "core/store/internal.h"

#include <string.h>

#include "pw_sql.h"

#define MAX_ATTACHMENT ((size_t)256 * 1024 * 1024)

pw_status pw_store_attach(pw_store *store, const void *bytes, size_t n, pw_hash *out_hash,
			  bool *known, pw_err *err)
{
	PW_BUG_IF(store->depth == 0 || store->reading);
	pw_status rc = pw_tx_check(store, err);
	if (rc != PW_OK)
		return rc;
	if (n > MAX_ATTACHMENT)
		return pw_fail(err, PW_ERR_LIMIT, "the file has %zu bytes; at most %zu are kept", n,
			       MAX_ATTACHMENT);
	char hex[PW_HASH_HEX];
	*out_hash = pw_hash_bytes(bytes, n);
	pw_hash_hex(out_hash, hex);
	pw_arena arena = PW_ARENA_INIT;
	pw_attachment_known_row row;
	rc = pw_q_attachment_known(store, &arena, hex, &row, known, err);
	pw_arena_clear(&arena);
	if (rc != PW_OK || *known)
		return rc;
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(
		store->db, "INSERT INTO attachment (hash, size, bytes) VALUES (?1, ?2, ?3)", -1,
		&st, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_text(st, 1, hex, -1, SQLITE_STATIC);
		sqlite3_bind_int64(st, 2, (sqlite3_int64)n);
		sqlite3_bind_blob64(st, 3, n > 0 ? bytes : "", n, SQLITE_STATIC);
		code = sqlite3_step(st);
	}
	rc = code == SQLITE_DONE ? PW_OK : pw_sqlite_fail(store->db, code, "keeping the file", err);
	sqlite3_finalize(st);
	return rc;
}

pw_status pw_store_attached(pw_store *store, pw_arena *arena, const char *hash_hex,
			    const void **out_bytes, size_t *out_n, pw_err *err)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(store->db, "SELECT bytes FROM attachment WHERE hash = ?1", -1,
				      &st, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_text(st, 1, hash_hex, -1, SQLITE_STATIC);
		code = sqlite3_step(st);
	}
	pw_status rc = PW_OK;
	if (code == SQLITE_ROW) {
		size_t n = (size_t)sqlite3_column_bytes(st, 0);
		const void *bytes = sqlite3_column_blob(st, 0);
		*out_bytes = pw_arena_strndup(arena, n > 0 ? bytes : "", n);
		*out_n = n;
	} else if (code == SQLITE_DONE) {
		rc = pw_fail(err, PW_ERR_NOT_FOUND, "no file with the hash %.16s… is kept here",
			     hash_hex);
	} else {
		rc = pw_sqlite_fail(store->db, code, "reading the file", err);
	}
	sqlite3_finalize(st);
	return rc;
}
