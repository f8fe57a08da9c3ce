/* Every labelled statement against the tables it is for. A loop test each, so that a failure names all. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/store/fixture.h"

static sqlite3 *db;

/* The schema alone, in memory; the tests of a case only read it. */
static void setup(void)
{
	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	raw_run(db, "%s", pw_schema_text());
}

static void teardown(void)
{
	sqlite3_close(db);
}

static sqlite3_stmt *prepare(const pw_statement *s)
{
	sqlite3_stmt *st = NULL;
	const char *rest = "";
	int code = sqlite3_prepare_v2(db, s->sql, -1, &st, &rest);
	ck_assert_msg(code == SQLITE_OK, "%s: %s", s->name, sqlite3_errmsg(db));
	ck_assert_msg(*rest == '\0', "%s is more than one statement: %s", s->name, rest);
	return st;
}

/* An :apply has a name with a blank in it: "tube.opened/1 #1". */
static bool is_apply(const pw_statement *s)
{
	return strchr(s->name, ' ') != NULL;
}

START_TEST(test_statement_prepares_and_takes_its_parameters)
{
	const pw_statement *s = &pw_sql_statements[_i];
	sqlite3_stmt *st = prepare(s);
	ck_assert_msg(sqlite3_bind_parameter_count(st) == s->param_count,
		      "%s has %d parameters and declares %d", s->name,
		      sqlite3_bind_parameter_count(st), s->param_count);
	for (int i = 1; i <= s->param_count; i++)
		ck_assert_msg(sqlite3_bind_parameter_name(st, i) != NULL,
			      "%s does not use its parameter %d", s->name, i);
	sqlite3_finalize(st);
}
END_TEST

/* What SQLite would store in a column, of the four types that there are. */
static pw_type type_of(const char *declared)
{
	return strcmp(declared, "INTEGER") == 0 ? PW_TYPE_INT
	       : strcmp(declared, "REAL") == 0  ? PW_TYPE_REAL
						: PW_TYPE_TEXT;
}

static void check_column(const pw_statement *s, sqlite3_stmt *st, int i)
{
	const pw_field *f = &s->columns[i];
	ck_assert_msg(strcmp(f->name, sqlite3_column_name(st, i)) == 0,
		      "%s: column %d is %s and is declared as %s", s->name, i + 1,
		      sqlite3_column_name(st, i), f->name);
	const char *declared = sqlite3_column_decltype(st, i);
	if (declared == NULL) /* an expression */
		return;
	ck_assert_msg(f->type == type_of(declared), "%s: %s is %s", s->name, f->name, declared);
	const char *type, *collation;
	int not_null = 0, key = 0, counted = 0;
	sqlite3_table_column_metadata(db, NULL, sqlite3_column_table_name(st, i),
				      sqlite3_column_origin_name(st, i), &type, &collation,
				      &not_null, &key, &counted);
	ck_assert_msg(f->optional || not_null, "%s: %s may be NULL: declare it with ?", s->name,
		      f->name);
}

START_TEST(test_statement_gives_its_columns)
{
	const pw_statement *s = &pw_sql_statements[_i];
	sqlite3_stmt *st = prepare(s);
	ck_assert_msg(sqlite3_column_count(st) == s->column_count,
		      "%s gives %d columns and declares %d", s->name, sqlite3_column_count(st),
		      s->column_count);
	for (int i = 0; i < s->column_count; i++)
		check_column(s, st, i);
	sqlite3_finalize(st);
}
END_TEST

/* The steps of the plan that read a table or an index from end to end. */
static void find_scans(const pw_statement *s, char *out, size_t size)
{
	char sql[8000];
	sqlite3_stmt *st = NULL;
	snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", s->sql);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	size_t n = 0;
	out[0] = '\0';
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(st, 3);
		if (strncmp(step, "SCAN ", 5) == 0 && strstr(step, "CONSTANT ROW") == NULL)
			n += (size_t)snprintf(out + n, n < size ? size - n : 0, "; %s", step);
	}
	sqlite3_finalize(st);
}

START_TEST(test_statement_scans_only_what_its_label_excuses)
{
	const pw_statement *s = &pw_sql_statements[_i];
	char scans[1000];
	find_scans(s, scans, sizeof(scans));
	if (s->scan_ok == NULL)
		ck_assert_msg(scans[0] == '\0', "%s%s: make an index, or say why in :scan-ok",
			      s->name, scans);
	else
		ck_assert_msg(scans[0] != '\0', "%s scans nothing: take its :scan-ok \"%s\" away",
			      s->name, s->scan_ok);
}
END_TEST

/* Only the store writes the journal and the kept files; only facts write the other tables. */
START_TEST(test_statement_writes_only_where_it_may)
{
	const pw_statement *s = &pw_sql_statements[_i];
	sqlite3_stmt *st = prepare(s);
	bool writes = !sqlite3_stmt_readonly(st);
	if (is_apply(s)) {
		ck_assert_msg(writes, "%s changes nothing", s->name);
		ck_assert_msg(strstr(s->sql, "journal") == NULL &&
				      strstr(s->sql, "attachment") == NULL,
			      "%s writes the store's own tables", s->name);
	} else if (s->columns != NULL) {
		ck_assert_msg(!writes, "%s is a query and writes", s->name);
	} else {
		ck_assert_str_eq(s->name, "journal_insert");
	}
	sqlite3_finalize(st);
}
END_TEST

/* Replay must give tomorrow what it gives today. */
START_TEST(test_statement_gives_the_same_at_any_time)
{
	static const char *const words[] = {"random", "now'",        "CURRENT_", "julianday",
					    "rowid",  "last_insert", "changes("};
	const pw_statement *s = &pw_sql_statements[_i];
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_msg(strstr(s->sql, words[i]) == NULL, "%s: %s", s->name, words[i]);
}
END_TEST

START_TEST(test_statement_names_are_unique)
{
	for (int i = 0; i < _i; i++)
		ck_assert_str_ne(pw_sql_statements[i].name, pw_sql_statements[_i].name);
}
END_TEST

START_TEST(test_facts_bind_all_that_their_statements_take)
{
	for (int i = 0; i < pw_sql_fact_count; i++) {
		const pw_fact *f = &pw_sql_facts[i];
		for (int k = 0; k < f->apply_count; k++) {
			const pw_statement *s = &pw_sql_statements[f->applies[k].statement];
			ck_assert_msg(f->applies[k].source_count == s->param_count, "%s", s->name);
			ck_assert_msg(strncmp(s->name, f->name, strlen(f->name)) == 0, "%s",
				      s->name);
			ck_assert_msg(!f->applies[k].each || f->items != NULL, "%s", s->name);
		}
	}
}
END_TEST

START_TEST(test_fact_names_are_unique_and_have_a_version)
{
	for (int i = 0; i < pw_sql_fact_count; i++) {
		const char *name = pw_sql_facts[i].name;
		size_t word = strspn(name, "abcdefghijklmnopqrstuvwxyz.");
		ck_assert_msg(word > 0 && name[word] == '/' && name[word + 1] >= '1', "%s", name);
		ck_assert_msg(pw_sql_facts[i].doc[0] != '\0', "%s says nothing", name);
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(pw_sql_facts[k].name, name);
	}
}
END_TEST

/* `verify --deep` compares tables row by row in the order of their keys, and counts on types that stay. */
START_TEST(test_tables_are_strict_and_have_keys)
{
	ck_assert_int_gt(raw_int(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"), 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
				     "sql NOT LIKE '%%) STRICT'"),
			 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM sqlite_schema t WHERE type = 'table' "
				     "AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) "
				     "WHERE pk > 0)"),
			 0);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM sqlite_schema WHERE type NOT IN "
				     "('table', 'index')"),
			 0);
}
END_TEST

/* A key that may be NULL would not be unique. */
START_TEST(test_keys_are_never_null)
{
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM sqlite_schema t, "
				     "pragma_table_info(t.name) c WHERE t.type = 'table' AND "
				     "c.pk > 0 AND c.\"notnull\" = 0"),
			 0);
}
END_TEST

Suite *suite_statements(void);

Suite *suite_statements(void)
{
	Suite *suite = suite_create("statements");
	TCase *each = tcase_create("each");
	tcase_add_unchecked_fixture(each, setup, teardown);
	const int count = pw_sql_statement_count;
	tcase_add_loop_test(each, test_statement_prepares_and_takes_its_parameters, 0, count);
	tcase_add_loop_test(each, test_statement_gives_its_columns, 0, count);
	tcase_add_loop_test(each, test_statement_scans_only_what_its_label_excuses, 0, count);
	tcase_add_loop_test(each, test_statement_writes_only_where_it_may, 0, count);
	tcase_add_loop_test(each, test_statement_gives_the_same_at_any_time, 0, count);
	tcase_add_loop_test(each, test_statement_names_are_unique, 0, count);
	suite_add_tcase(suite, each);
	TCase *all = tcase_create("all");
	tcase_add_unchecked_fixture(all, setup, teardown);
	tcase_add_test(all, test_facts_bind_all_that_their_statements_take);
	tcase_add_test(all, test_fact_names_are_unique_and_have_a_version);
	tcase_add_test(all, test_tables_are_strict_and_have_keys);
	tcase_add_test(all, test_keys_are_never_null);
	suite_add_tcase(suite, all);
	return suite;
}
