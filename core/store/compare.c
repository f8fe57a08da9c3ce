/*
 * `audit verify --deep`: the journal, replayed into an empty database, must give the same table
 * definitions and the same rows. Both sides are read in the order of each table's key and merged.
 */
#include "core/store/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS 64

typedef struct table {
	char name[128];
	char columns[MAX_COLUMNS][64];
	int key[MAX_COLUMNS]; /* the column's place in the primary key, from 1; 0: not in it */
	int column_count;
} table;

static bool is_failure(int code)
{
	return code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
}

/* The value of a column, for people: 'text', 12, nothing. */
static const char *shown(sqlite3_stmt *st, int i, char out[96])
{
	int type = sqlite3_column_type(st, i);
	if (type == SQLITE_NULL)
		return "nothing";
	const char *text = (const char *)sqlite3_column_text(st, i);
	snprintf(out, 96, type == SQLITE_TEXT ? "'%.80s'" : "%.80s", text != NULL ? text : "");
	return out;
}

/* "tube='T1'": the key of a row. */
static const char *row_name(const table *t, sqlite3_stmt *st, pw_str *out)
{
	pw_str_truncate(out, 0);
	char value[96];
	for (int i = 0; i < t->column_count; i++)
		if (t->key[i] > 0)
			pw_str_addf(out, "%s%s=%s", out->len > 0 ? " " : "", t->columns[i],
				    shown(st, i, value));
	return pw_str_text(out);
}

static int compare_cell(sqlite3_stmt *a, sqlite3_stmt *b, int i)
{
	int ta = sqlite3_column_type(a, i), tb = sqlite3_column_type(b, i);
	if (ta != tb)
		return ta == SQLITE_NULL ? -1 : tb == SQLITE_NULL ? 1 : ta < tb ? -1 : 1;
	if (ta == SQLITE_INTEGER) {
		sqlite3_int64 x = sqlite3_column_int64(a, i), y = sqlite3_column_int64(b, i);
		return x < y ? -1 : x > y;
	}
	if (ta == SQLITE_FLOAT) {
		double x = sqlite3_column_double(a, i), y = sqlite3_column_double(b, i);
		return x < y ? -1 : x > y;
	}
	if (ta == SQLITE_NULL)
		return 0;
	const void *x = sqlite3_column_blob(a, i), *y = sqlite3_column_blob(b, i);
	int n = sqlite3_column_bytes(a, i), m = sqlite3_column_bytes(b, i);
	int least = n < m ? n : m;
	int order = least > 0 ? memcmp(x, y, (size_t)least) : 0;
	return order != 0 ? order : n < m ? -1 : n > m;
}

static int compare_key(const table *t, sqlite3_stmt *a, sqlite3_stmt *b)
{
	for (int place = 1; place <= t->column_count; place++)
		for (int i = 0; i < t->column_count; i++)
			if (t->key[i] == place) {
				int order = compare_cell(a, b, i);
				if (order != 0)
					return order;
			}
	return 0;
}

static void compare_row(const table *t, sqlite3_stmt *here, sqlite3_stmt *replayed, pw_str *name,
			pw_report *report)
{
	char is[96], should[96];
	for (int i = 0; i < t->column_count; i++)
		if (compare_cell(here, replayed, i) != 0)
			pw_report_add(
				report, PW_ERROR, "edited", 0, 0,
				"table %s, row %s: %s is %s, and the journal says %s: the row was "
				"edited",
				t->name, row_name(t, here, name), t->columns[i], shown(here, i, is),
				shown(replayed, i, should));
}

/* Reads on in both while rows are the same or, by their key, to be told about. */
static void merge(const table *t, sqlite3_stmt *here, int *a, sqlite3_stmt *replayed, int *b,
		  pw_report *report)
{
	pw_str name = PW_STR_INIT;
	while ((*a == SQLITE_ROW || *b == SQLITE_ROW) && !pw_report_enough(report)) {
		int order = *a != SQLITE_ROW   ? 1
			    : *b != SQLITE_ROW ? -1
					       : compare_key(t, here, replayed);
		if (order < 0)
			pw_report_add(report, PW_ERROR, "added", 0, 0,
				      "table %s, row %s: no fact made it: the row was added",
				      t->name, row_name(t, here, &name));
		else if (order > 0)
			pw_report_add(
				report, PW_ERROR, "removed", 0, 0,
				"table %s, row %s: the journal made it and it is gone: the row "
				"was removed",
				t->name, row_name(t, replayed, &name));
		else
			compare_row(t, here, replayed, &name, report);
		if (order <= 0)
			*a = sqlite3_step(here);
		if (order >= 0)
			*b = sqlite3_step(replayed);
		if (is_failure(*a) || is_failure(*b))
			break;
	}
	pw_str_clear(&name);
}

/* Runs one SELECT on both sides and compares what it gives. */
static pw_status compare_rows(pw_store *store, pw_store *replayed, const table *t, const char *sql,
			      pw_report *report, pw_err *err)
{
	sqlite3_stmt *here = NULL, *there = NULL;
	pw_status rc = PW_OK;
	int a = sqlite3_prepare_v2(store->db, sql, -1, &here, NULL);
	int b = sqlite3_prepare_v2(replayed->db, sql, -1, &there, NULL);
	if (a == SQLITE_OK && b == SQLITE_OK) {
		a = sqlite3_step(here);
		b = sqlite3_step(there);
		merge(t, here, &a, there, &b, report);
	}
	if (is_failure(a))
		rc = pw_sqlite_fail(store->db, a, t->name, err);
	else if (is_failure(b))
		rc = pw_sqlite_fail(replayed->db, b, t->name, err);
	sqlite3_finalize(here);
	sqlite3_finalize(there);
	return rc;
}

static pw_status describe_table(sqlite3 *db, const char *name, table *out, pw_err *err)
{
	sqlite3_stmt *st;
	int code =
		sqlite3_prepare_v2(db, "SELECT name, pk FROM pragma_table_info(?1)", -1, &st, NULL);
	if (code != SQLITE_OK)
		return pw_sqlite_fail(db, code, "reading the tables", err);
	*out = (table){.column_count = 0};
	snprintf(out->name, sizeof(out->name), "%s", name);
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		int i = out->column_count++;
		PW_BUG_IF(i == MAX_COLUMNS);
		const char *column = (const char *)sqlite3_column_text(st, 0);
		snprintf(out->columns[i], sizeof(out->columns[i]), "%s",
			 column != NULL ? column : "");
		out->key[i] = sqlite3_column_int(st, 1);
	}
	pw_status rc = code == SQLITE_DONE ? PW_OK : pw_sqlite_fail(db, code, name, err);
	sqlite3_finalize(st);
	return rc;
}

static void order_by_key(const table *t, pw_str *sql)
{
	const char *separator = " ORDER BY ";
	for (int place = 1; place <= t->column_count; place++)
		for (int i = 0; i < t->column_count; i++)
			if (t->key[i] == place) {
				pw_str_addf(sql, "%s\"%s\"", separator, t->columns[i]);
				separator = ", ";
			}
}

static pw_status compare_table(pw_store *store, pw_store *replayed, const char *name,
			       pw_report *report, pw_err *err)
{
	table t = {.column_count = 0};
	pw_status rc = describe_table(replayed->db, name, &t, err);
	if (rc != PW_OK)
		return rc;
	pw_str sql = PW_STR_INIT;
	pw_str_add(&sql, "SELECT ");
	for (int i = 0; i < t.column_count; i++)
		pw_str_addf(&sql, "%s\"%s\"", i > 0 ? ", " : "", t.columns[i]);
	pw_str_addf(&sql, " FROM \"%s\"", t.name);
	order_by_key(&t, &sql);
	rc = compare_rows(store, replayed, &t, sql.ptr, report, err);
	pw_str_clear(&sql);
	return rc;
}

/* Tables, indexes, triggers and views: all must be as the program makes them. What SQLite's own ANALYZE
 * gathers is no part of it. */
static pw_status compare_schema(pw_store *store, pw_store *replayed, pw_report *report, pw_err *err)
{
	static const char sql[] =
		"SELECT type, name, sql FROM sqlite_schema WHERE NOT (type = 'table' AND name IN "
		"('sqlite_stat1', 'sqlite_stat4')) ORDER BY type, name";
	static const table t = {.name = "sqlite_schema",
				.columns = {"type", "name", "sql"},
				.key = {1, 2, 0},
				.column_count = 3};
	return compare_rows(store, replayed, &t, sql, report, err);
}

/* One line of SQLite's own check; it writes a page that the disk did not give as "error code=266". */
static pw_status take_damage(const char *text, pw_report *report, pw_err *err)
{
	if (text == NULL || strcmp(text, "ok") == 0)
		return PW_OK;
	const char *number = strstr(text, "error code=");
	long code = number != NULL ? strtol(number + strlen("error code="), NULL, 10) : 0;
	if ((code & 0xff) == SQLITE_IOERR)
		return pw_sqlite_fail(NULL, (int)code, "reading the tables", err);
	pw_report_add(report, PW_ERROR, "damaged", 0, 0, "the database file is damaged: %.200s",
		      text);
	return PW_OK;
}

/* An index that is out of step with its table hides rows from those who look by it. */
static pw_status check_indexes(pw_store *store, pw_report *report, pw_err *err)
{
	sqlite3_stmt *st;
	int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(10)", -1, &st, NULL);
	if (code != SQLITE_OK)
		return pw_sqlite_fail(store->db, code, "reading the tables", err);
	pw_status rc = PW_OK;
	while (rc == PW_OK && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = take_damage((const char *)sqlite3_column_text(st, 0), report, err);
	if (is_failure(code))
		rc = pw_sqlite_fail(store->db, code, "reading the tables", err);
	sqlite3_finalize(st);
	return rc;
}

static pw_status compare_all(pw_store *store, pw_store *replayed, pw_report *report, pw_err *err)
{
	size_t before = report->errors;
	pw_status rc = compare_schema(store, replayed, report, err);
	/* With other tables than the program's, their rows can't be compared. */
	if (rc != PW_OK || report->errors > before)
		return rc;
	sqlite3_stmt *st;
	int code =
		sqlite3_prepare_v2(replayed->db,
				   "SELECT name FROM sqlite_schema WHERE type = 'table' AND name "
				   "NOT IN ('journal', 'attachment') ORDER BY name",
				   -1, &st, NULL);
	if (code != SQLITE_OK)
		return pw_sqlite_fail(replayed->db, code, "reading the tables", err);
	while (rc == PW_OK && !pw_report_enough(report) && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = compare_table(store, replayed, (const char *)sqlite3_column_text(st, 0),
				   report, err);
	if (rc == PW_OK && is_failure(code))
		rc = pw_sqlite_fail(replayed->db, code, "reading the tables", err);
	sqlite3_finalize(st);
	return rc;
}

/* A journal that can't be replayed is a finding; a disk or memory that fails meanwhile is not. */
static pw_status replay_and_compare(pw_store *store, pw_store *replayed, pw_report *report,
				    pw_progress_fn progress, void *ctx, pw_err *err)
{
	pw_err problem = PW_ERR_INIT;
	pw_status rc = pw_store_replay(store, replayed, progress, ctx, &problem);
	if (rc == PW_OK)
		return compare_all(store, replayed, report, err);
	if (rc == PW_ERR_IO || rc == PW_ERR_BUSY || rc == PW_ERR_NO_MEMORY)
		return pw_fail(err, rc, "%s", problem.msg);
	pw_report_add(report, PW_ERROR, "journal", 0, 0, "the journal can't be replayed: %s",
		      problem.msg);
	return PW_OK;
}

pw_status pw_store_verify_deep(pw_store *store, pw_report *report, pw_head *out_head,
			       pw_progress_fn progress, void *ctx, pw_err *err)
{
	pw_store *replayed = NULL;
	pw_status rc = pw_store_verify(store, report, out_head, progress, ctx, err);
	if (rc != PW_OK)
		return rc;
	if ((rc = pw_store_open_scratch(&replayed, err)) != PW_OK)
		return rc;
	if ((rc = pw_store_begin_read(store, err)) != PW_OK)
		goto done;
	rc = replay_and_compare(store, replayed, report, progress, ctx, err);
	if (rc == PW_OK)
		rc = check_indexes(store, report, err);
	rc = pw_store_end(store, rc, err);
done:
	pw_store_close(replayed);
	return rc;
}
