#include "core/store/internal.h"

#include <string.h>

#include "core/base/mem.h"

pw_status pw_statement_get(pw_store *store, int number, sqlite3_stmt **out, pw_err *err)
{
	PW_BUG_IF(store->in_use[number]);
	sqlite3_stmt *st = store->prepared[number];
	if (st == NULL) {
		const pw_statement *s = &pw_sql_statements[number];
		int code = sqlite3_prepare_v3(store->db, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
					      NULL);
		if (code != SQLITE_OK)
			return pw_sqlite_fail(store->db, code, s->name, err);
		store->prepared[number] = st;
	}
	*out = st;
	return PW_OK;
}

pw_status pw_statement_bind(sqlite3_stmt *st, int index, const pw_value *value, pw_err *err)
{
	int code = SQLITE_OK;
	switch (value->kind) {
	case PW_NULL:
		code = sqlite3_bind_null(st, index);
		break;
	case PW_INT:
		code = sqlite3_bind_int64(st, index, value->i);
		break;
	case PW_REAL:
		code = sqlite3_bind_double(st, index, value->r);
		break;
	case PW_TEXT:
		code = sqlite3_bind_text(st, index, value->text, -1, SQLITE_STATIC);
		break;
	}
	return code == SQLITE_OK ? PW_OK
				 : pw_sqlite_fail(sqlite3_db_handle(st), code, "recording", err);
}

static pw_status start(pw_store *store, int number, const pw_value *values, sqlite3_stmt **out,
		       pw_err *err)
{
	pw_status rc = pw_statement_get(store, number, out, err);
	for (int i = 0; rc == PW_OK && i < pw_sql_statements[number].param_count; i++)
		rc = pw_statement_bind(*out, i + 1, &values[i], err);
	return rc;
}

/* Ends a statement; what went wrong on the way is told once. */
static pw_status finish(pw_store *store, int number, sqlite3_stmt *st, int code, pw_err *err)
{
	pw_status rc = PW_OK;
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		rc = pw_sqlite_fail(store->db, code, pw_sql_statements[number].name, err);
	sqlite3_reset(st);
	return rc;
}

pw_status pw_query_exec(pw_store *store, int number, const pw_value *values, pw_err *err)
{
	sqlite3_stmt *st;
	pw_status rc = start(store, number, values, &st, err);
	if (rc != PW_OK)
		return rc;
	return finish(store, number, st, sqlite3_step(st), err);
}

/* Column i of the row at hand → its place in the C struct; text is copied when there is an arena. */
static void take_column(sqlite3_stmt *st, int i, const pw_field *f, pw_arena *arena, void *row)
{
	void *place = (char *)row + f->offset;
	bool null = sqlite3_column_type(st, i) == SQLITE_NULL;
	if (f->type == PW_TYPE_TEXT) {
		const char *text = null ? NULL : (const char *)sqlite3_column_text(st, i);
		if (!null && arena != NULL)
			text = pw_arena_strndup(arena, text, (size_t)sqlite3_column_bytes(st, i));
		*(const char **)place = text != NULL || f->optional ? text : "";
	} else if (f->type == PW_TYPE_INT && f->optional) {
		*(pw_opt_int *)place = (pw_opt_int){!null, sqlite3_column_int64(st, i)};
	} else if (f->type == PW_TYPE_INT) {
		*(int64_t *)place = sqlite3_column_int64(st, i);
	} else if (f->optional) {
		*(pw_opt_real *)place = (pw_opt_real){!null, sqlite3_column_double(st, i)};
	} else {
		*(double *)place = sqlite3_column_double(st, i);
	}
}

static void take_row(int number, sqlite3_stmt *st, pw_arena *arena, void *row)
{
	const pw_statement *s = &pw_sql_statements[number];
	for (int i = 0; i < s->column_count; i++)
		take_column(st, i, &s->columns[i], arena, row);
}

pw_status pw_query_one(pw_store *store, int number, const pw_value *values, pw_arena *arena,
		       void *out_row, bool *found, pw_err *err)
{
	sqlite3_stmt *st;
	pw_status rc = start(store, number, values, &st, err);
	if (rc != PW_OK)
		return rc;
	int code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		take_row(number, st, arena, out_row);
	rc = finish(store, number, st, code, err);
	if (rc == PW_OK)
		*found = code == SQLITE_ROW;
	return rc;
}

pw_status pw_query_many(pw_store *store, int number, const pw_value *values, pw_arena *arena,
			void **out_rows, size_t *count, pw_err *err)
{
	sqlite3_stmt *st;
	pw_status rc = start(store, number, values, &st, err);
	if (rc != PW_OK)
		return rc;
	size_t size = pw_sql_statements[number].row_size, n = 0, room = 0;
	char *rows = NULL;
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		if (n == room) {
			size_t more = room == 0 ? 16 : room * 2;
			char *grown = pw_arena_array(arena, more, size);
			if (n > 0)
				memcpy(grown, rows, n * size);
			rows = grown;
			room = more;
		}
		take_row(number, st, arena, rows + n++ * size);
	}
	rc = finish(store, number, st, code, err);
	if (rc == PW_OK) {
		*out_rows = rows;
		*count = n;
	}
	return rc;
}

pw_status pw_cursor_open(pw_store *store, int number, const pw_value *values, pw_cursor *out,
			 pw_err *err)
{
	sqlite3_stmt *st;
	pw_status rc = start(store, number, values, &st, err);
	if (rc != PW_OK)
		return rc;
	/* The caller's text may go before the last row comes: SQLite keeps a copy. */
	for (int i = 0; i < pw_sql_statements[number].param_count; i++) {
		int code = SQLITE_OK;
		if (values[i].kind == PW_TEXT)
			code = sqlite3_bind_text(st, i + 1, values[i].text, -1, SQLITE_TRANSIENT);
		if (code != SQLITE_OK)
			return pw_sqlite_fail(store->db, code, pw_sql_statements[number].name, err);
	}
	store->in_use[number] = true;
	*out = (pw_cursor){store, number, true};
	return PW_OK;
}

pw_status pw_cursor_next(pw_cursor *cursor, void *out_row, bool *found, pw_err *err)
{
	PW_BUG_IF(!cursor->open);
	sqlite3_stmt *st = cursor->store->prepared[cursor->statement];
	int code = sqlite3_step(st);
	*found = code == SQLITE_ROW;
	if (*found) {
		take_row(cursor->statement, st, NULL, out_row);
		return PW_OK;
	}
	pw_status rc = finish(cursor->store, cursor->statement, st, code, err);
	pw_cursor_close(cursor);
	return rc;
}

void pw_cursor_close(pw_cursor *cursor)
{
	if (!cursor->open)
		return;
	sqlite3_reset(cursor->store->prepared[cursor->statement]);
	cursor->store->in_use[cursor->statement] = false;
	cursor->open = false;
}
