/* Rows that are edited, added or removed with the sqlite3 tool, in every table and column. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/tampering.h"

/* Another value of the column's type. */
static const char *other_value(const column *c, char out[200])
{
	snprintf(out, 200,
		 strcmp(c->type, "TEXT") == 0 ? "COALESCE(%s, '') || 'x'"
					      : "COALESCE(%s, 0) + 100000",
		 c->name);
	return out;
}

/* Edits the first row of each table that has a column at `place`; the value is SQL for it. */
static void edit_column(const column *columns, int count, int place,
			const char *(*value)(const column *c, char out[200]))
{
	char sql[200];
	sqlite3 *db = raw_open(fx.path);
	raw_run(db, "PRAGMA ignore_check_constraints = ON; BEGIN");
	for (int i = 0; i < count; i++)
		if (columns[i].place == place && value(&columns[i], sql) != NULL) {
			raw_run(db,
				"UPDATE %s SET %s = %s WHERE rowid = (SELECT min(rowid) FROM %s)",
				columns[i].table, columns[i].name, sql, columns[i].table);
			ck_assert_int_eq(sqlite3_changes(db), 1);
		}
	raw_run(db, "COMMIT");
	sqlite3_close(db);
}

static void assert_column_found(const column *c)
{
	char table[100], name[100];
	snprintf(table, sizeof(table), "table %s, row ", c->table);
	snprintf(name, sizeof(name), c->key ? "%s=" : ": %s is ", c->name);
	assert_found(table, name);
	if (c->key) {
		assert_found(table, "no fact made it: the row was added");
		assert_found(table, "it is gone: the row was removed");
	} else {
		assert_found(table, "and the journal says");
	}
}

START_TEST(test_every_edited_column_is_named)
{
	int count, found = 0;
	column *columns = list_columns(&count);
	for (int place = 0, any = 1; any; place++) {
		tampering_start_anew();
		edit_column(columns, count, place, other_value);
		tampering_look(pw_store_verify_deep);
		any = 0;
		for (int i = 0; i < count; i++)
			if (columns[i].place == place) {
				assert_column_found(&columns[i]);
				any = 1;
				found++;
			}
	}
	ck_assert_int_eq(found, count);
	pw_free(columns);
}
END_TEST

/* The value with something behind a NUL, which a C string does not show. */
static const char *hidden_value(const column *c, char out[200])
{
	if (strcmp(c->type, "TEXT") != 0)
		return NULL;
	snprintf(out, 200, "COALESCE(%s, '') || char(0) || 'x'", c->name);
	return out;
}

START_TEST(test_what_is_behind_a_nul_is_found)
{
	int count;
	column *columns = list_columns(&count);
	for (int place = 0, any = 1; any; place++) {
		tampering_start_anew();
		edit_column(columns, count, place, hidden_value);
		tampering_look(pw_store_verify_deep);
		any = 0;
		for (int i = 0; i < count; i++)
			if (columns[i].place == place) {
				char table[100];
				snprintf(table, sizeof(table), "table %s, row ", columns[i].table);
				if (strcmp(columns[i].type, "TEXT") == 0)
					assert_found(table, columns[i].name);
				any = 1;
			}
	}
	pw_free(columns);
}
END_TEST

/* Where the story has a value that may be absent: it goes. */
START_TEST(test_every_emptied_column_is_named)
{
	int count, emptied = 0;
	column *columns = list_columns(&count);
	for (int i = 0; i < count; i++) {
		const column *c = &columns[i];
		if (c->not_null || c->key)
			continue;
		tampering_start_anew();
		sqlite3 *db = raw_open(fx.path);
		raw_run(db,
			"UPDATE %s SET %s = NULL WHERE rowid = (SELECT min(rowid) FROM %s WHERE %s "
			"IS NOT NULL)",
			c->table, c->name, c->table, c->name);
		ck_assert_msg(sqlite3_changes(db) == 1, "the story has no value for %s.%s",
			      c->table, c->name);
		sqlite3_close(db);
		tampering_look(pw_store_verify_deep);
		assert_column_found(c);
		assert_found(c->name, " is nothing, and the journal says ");
		emptied++;
	}
	ck_assert_int_gt(emptied, 20);
	pw_free(columns);
}
END_TEST

/* Runs a statement for each table, whose name stands for each @ in it; then looks. */
static void for_each_table(const char *sql)
{
	int count;
	column *columns = list_columns(&count);
	sqlite3 *db = raw_open(fx.path);
	for (int i = 0; i < count; i++)
		if (columns[i].place == 0) {
			pw_str one = PW_STR_INIT;
			for (const char *p = sql; *p != '\0'; p++)
				pw_str_addf(&one, "%.*s", *p == '@' ? 63 : 1,
					    *p == '@' ? columns[i].table : p);
			raw_run(db, "%s", one.ptr);
			pw_str_clear(&one);
		}
	sqlite3_close(db);
	pw_free(columns);
	tampering_look(pw_store_verify_deep);
}

static void assert_each_table_found(const char *says)
{
	int count;
	column *columns = list_columns(&count);
	for (int i = 0; i < count; i++)
		if (columns[i].place == 0) {
			char table[100];
			snprintf(table, sizeof(table), "table %s, row ", columns[i].table);
			assert_found(table, says);
		}
	pw_free(columns);
}

START_TEST(test_removed_row_of_every_table_is_named)
{
	for_each_table("DELETE FROM @ WHERE rowid = (SELECT min(rowid) FROM @)");
	assert_each_table_found("the journal made it and it is gone: the row was removed");
	tampering_start_anew();
	for_each_table("DELETE FROM @ WHERE rowid = (SELECT max(rowid) FROM @)");
	assert_each_table_found("the journal made it and it is gone: the row was removed");
}
END_TEST

START_TEST(test_emptied_tables_are_named)
{
	for_each_table("DELETE FROM @");
	ck_assert_uint_ge(tampering_report.len, 50);
	assert_found("table tube, row tube='T1'", "it is gone: the row was removed");
}
END_TEST

/* A row like the table's first, but for the values of all its columns. */
static void add_row(sqlite3 *db, const column *first, int count)
{
	pw_str sql = PW_STR_INIT;
	char value[200];
	for (int i = 0; i < count; i++)
		pw_str_addf(&sql, "%s%s", i > 0 ? ", " : "", other_value(&first[i], value));
	raw_run(db, "INSERT INTO %s SELECT %s FROM %s WHERE rowid = (SELECT min(rowid) FROM %s)",
		first->table, sql.ptr, first->table, first->table);
	pw_str_clear(&sql);
}

START_TEST(test_added_row_of_every_table_is_named)
{
	int count;
	column *columns = list_columns(&count);
	sqlite3 *db = raw_open(fx.path);
	raw_run(db, "PRAGMA ignore_check_constraints = ON");
	for (int i = 0, n; i < count; i += n) {
		for (n = 1; i + n < count && columns[i + n].place > 0;)
			n++;
		add_row(db, &columns[i], n);
	}
	sqlite3_close(db);
	pw_free(columns);
	tampering_look(pw_store_verify_deep);
	assert_each_table_found("no fact made it: the row was added");
}
END_TEST

START_TEST(test_findings_say_key_column_and_both_values)
{
	tamper(fx.path, "UPDATE tube SET state = 'final' WHERE tube = 'T4'");
	tamper(fx.path, "UPDATE reading SET cq = 19.5 WHERE cq = 28.5");
	tamper(fx.path, "DELETE FROM swab WHERE tube = 'T2' AND place = 1");
	tamper(fx.path, "INSERT INTO site VALUES ('S9', 'nowhere', 5)");
	tampering_look(pw_store_verify_deep);
	ck_assert_uint_eq(tampering_report.errors, 4);
	ck_assert_str_eq(tampering_report.findings[0].text,
			 "table reading, row run=1 position=1 target='N': cq is 19.5, and the "
			 "journal says 28.5: the row was edited");
	ck_assert_str_eq(tampering_report.findings[1].text,
			 "table site, row site='S9': no fact made it: the row was added");
	ck_assert_str_eq(tampering_report.findings[2].text,
			 "table swab, row tube='T2' place=1: the journal made it and it is gone: "
			 "the row was removed");
	ck_assert_str_eq(tampering_report.findings[3].text,
			 "table tube, row tube='T4': state is 'final', and the journal says "
			 "'recalled': the row was edited");
}
END_TEST

Suite *suite_verify_tables(void);

Suite *suite_verify_tables(void)
{
	Suite *suite = suite_create("verify_tables");
	TCase *tables = tcase_create("tables");
	tcase_add_checked_fixture(tables, tampering_setup, tampering_teardown);
	tcase_add_test(tables, test_every_edited_column_is_named);
	tcase_add_test(tables, test_what_is_behind_a_nul_is_found);
	tcase_add_test(tables, test_every_emptied_column_is_named);
	tcase_add_test(tables, test_removed_row_of_every_table_is_named);
	tcase_add_test(tables, test_emptied_tables_are_named);
	tcase_add_test(tables, test_added_row_of_every_table_is_named);
	tcase_add_test(tables, test_findings_say_key_column_and_both_values);
	tcase_set_timeout(tables, 120);
	suite_add_tcase(suite, tables);
	return suite;
}
