/* Whatever somebody does to the file with the sqlite3 tool, or an editor, is found and named. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static pw_head story_head;
static pw_report report;

static const char *base(void)
{
	return fixture_file("base.db");
}

/* The story's database, closed, and a copy to tamper with. */
static void setup(void)
{
	fixture_setup();
	must(story_tell(fx.store, &fx.err));
	must(pw_store_head(fx.store, &story_head, &fx.err));
	fixture_close();
	copy_file(fx.path, base());
	report = (pw_report)PW_REPORT_INIT;
}

static void teardown(void)
{
	pw_report_clear(&report);
	fixture_teardown();
}

static void start_anew(void)
{
	pw_report_clear(&report);
	fixture_empty_folder("base.db");
	copy_file(base(), fx.path);
}

typedef pw_status verify_fn(pw_store *store, pw_report *out, pw_head *head, pw_progress_fn progress,
			    void *ctx, pw_err *err);

static void look(verify_fn *verify)
{
	pw_head head;
	fixture_open();
	must(verify(fx.store, &report, &head, NULL, NULL, &fx.err));
	fixture_close();
}

static void assert_found(const char *a, const char *b)
{
	ck_assert_msg(find_finding(&report, a, b) != NULL, "'%s', '%s':%s", a, b,
		      report_text(&report));
}

/* ---------------------------------------------------------------- nothing */

START_TEST(test_clean_database_has_no_finding)
{
	look(pw_store_verify);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	look(pw_store_verify_deep);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	tamper(fx.path, "VACUUM; ANALYZE; PRAGMA optimize");
	look(pw_store_verify_deep);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
}
END_TEST

START_TEST(test_empty_laboratory_has_no_finding)
{
	pw_head head;
	fixture_empty_folder(NULL);
	fixture_create();
	must(pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, &fx.err));
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	ck_assert_int_eq(head.seq, 0);
}
END_TEST

/* ---------------------------------------------------------------- tables */

typedef struct column {
	char table[64], name[64], type[16];
	bool key, not_null;
	int place; /* in its table, from 0 */
} column;

/* The columns of all tables that facts make. */
static column *list_columns(int *count)
{
	sqlite3 *db = raw_open(base());
	sqlite3_stmt *st;
	column *list = pw_alloc_array(1000, sizeof(*list));
	int n = 0;
	ck_assert_int_eq(
		sqlite3_prepare_v2(
			db,
			"SELECT t.name, c.name, c.type, c.pk, c.\"notnull\", c.cid FROM "
			"sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = "
			"'table' AND t.name NOT IN ('journal', 'attachment') ORDER BY 1, 6",
			-1, &st, NULL),
		SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW && n < 1000) {
		column *c = &list[n++];
		snprintf(c->table, sizeof(c->table), "%s",
			 (const char *)sqlite3_column_text(st, 0));
		snprintf(c->name, sizeof(c->name), "%s", (const char *)sqlite3_column_text(st, 1));
		snprintf(c->type, sizeof(c->type), "%s", (const char *)sqlite3_column_text(st, 2));
		c->key = sqlite3_column_int(st, 3) > 0;
		c->not_null = sqlite3_column_int(st, 4) != 0;
		c->place = sqlite3_column_int(st, 5);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	ck_assert_int_gt(n, 100);
	*count = n;
	return list;
}

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
		start_anew();
		edit_column(columns, count, place, other_value);
		look(pw_store_verify_deep);
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
		start_anew();
		edit_column(columns, count, place, hidden_value);
		look(pw_store_verify_deep);
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
		start_anew();
		sqlite3 *db = raw_open(fx.path);
		raw_run(db,
			"UPDATE %s SET %s = NULL WHERE rowid = (SELECT min(rowid) FROM %s WHERE %s "
			"IS NOT NULL)",
			c->table, c->name, c->table, c->name);
		ck_assert_msg(sqlite3_changes(db) == 1, "the story has no value for %s.%s",
			      c->table, c->name);
		sqlite3_close(db);
		look(pw_store_verify_deep);
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
	look(pw_store_verify_deep);
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
	start_anew();
	for_each_table("DELETE FROM @ WHERE rowid = (SELECT max(rowid) FROM @)");
	assert_each_table_found("the journal made it and it is gone: the row was removed");
}
END_TEST

START_TEST(test_emptied_tables_are_named)
{
	for_each_table("DELETE FROM @");
	ck_assert_uint_ge(report.len, 50);
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
	look(pw_store_verify_deep);
	assert_each_table_found("no fact made it: the row was added");
}
END_TEST

START_TEST(test_findings_say_key_column_and_both_values)
{
	tamper(fx.path, "UPDATE tube SET state = 'final' WHERE tube = 'T4'");
	tamper(fx.path, "UPDATE reading SET cq = 19.5 WHERE cq = 28.5");
	tamper(fx.path, "DELETE FROM swab WHERE tube = 'T2' AND place = 1");
	tamper(fx.path, "INSERT INTO site VALUES ('S9', 'nowhere', 5)");
	look(pw_store_verify_deep);
	ck_assert_uint_eq(report.errors, 4);
	ck_assert_str_eq(report.findings[0].text,
			 "table reading, row run=1 position=1 target='N': cq is 19.5, and the "
			 "journal says 28.5: the row was edited");
	ck_assert_str_eq(report.findings[1].text,
			 "table site, row site='S9': no fact made it: the row was added");
	ck_assert_str_eq(report.findings[2].text,
			 "table swab, row tube='T2' place=1: the journal made it and it is gone: "
			 "the row was removed");
	ck_assert_str_eq(report.findings[3].text,
			 "table tube, row tube='T4': state is 'final', and the journal says "
			 "'recalled': the row was edited");
}
END_TEST

/* ---------------------------------------------------------------- the definitions */

static const struct {
	const char *sql, *names;
} definitions[] = {
	{"CREATE TRIGGER spy AFTER INSERT ON tube BEGIN SELECT 1; END",
	 "type='trigger' name='spy'"},
	{"CREATE INDEX spy ON tube (why)", "type='index' name='spy'"},
	{"CREATE VIEW spy AS SELECT 1", "type='view' name='spy'"},
	{"CREATE TABLE spy (x)", "type='table' name='spy'"},
	{"DROP INDEX tube_box", "type='index' name='tube_box'"},
	{"DROP TABLE custody", "type='table' name='custody'"},
	{"ALTER TABLE tube ADD COLUMN spy TEXT", "type='table' name='tube'"},
	{"ALTER TABLE tube RENAME TO tubes", "type='table' name='tubes'"},
	{"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') "
	 "WHERE name = 'tube'",
	 "type='table' name='tube'"},
	{"PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', "
	 "'sqlite_stat_spy', 'tube', 0, 'CREATE TRIGGER sqlite_stat_spy AFTER INSERT ON tube BEGIN "
	 "SELECT 1; END')",
	 "type='trigger' name='sqlite_stat_spy'"},
};

START_TEST(test_changed_definition_is_named)
{
	tamper(fx.path, "%s", definitions[_i].sql);
	look(pw_store_verify_deep);
	assert_found("table sqlite_schema, row ", definitions[_i].names);
}
END_TEST

/* A tube that no look-up by box finds, though its row is as it should be. */
START_TEST(test_index_out_of_step_is_found)
{
	tamper(fx.path,
	       "CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = 'tube_box';"
	       "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'tube_box'");
	tamper(fx.path,
	       "UPDATE tube SET rowid = rowid + 1000 WHERE tube = 'T1';"
	       "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept");
	tamper(fx.path, "DROP TABLE kept");
	look(pw_store_verify_deep);
	assert_found("the database file is damaged: ", "tube_box");
}
END_TEST

/* ---------------------------------------------------------------- the journal */

/* One character of a body, wherever it stands; and of a hash. */
START_TEST(test_any_changed_byte_of_the_journal_is_named)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	for (int64_t seq = 1; seq <= story_head.seq; seq++) {
		char fact[40];
		bool hash = seq % 4 == 0;
		start_anew();
		sqlite3 *db = raw_open(fx.path);
		const char *what = hash ? "hash" : "body";
		int64_t n = raw_int(db, "SELECT length(%s) FROM journal WHERE seq = %lld", what,
				    (long long)seq);
		int64_t at = 1 + (int64_t)pw_rng_below(&rng, (uint64_t)n);
		raw_run(db,
			"UPDATE journal SET %s = substr(%s, 1, %lld - 1) || CASE substr(%s, %lld, "
			"1) WHEN '1' THEN '2' ELSE '1' END || substr(%s, %lld + 1) WHERE seq = %lld",
			what, what, (long long)at, what, (long long)at, what, (long long)at,
			(long long)seq);
		sqlite3_close(db);
		look(pw_store_verify);
		snprintf(fact, sizeof(fact), "fact %lld: its hash", (long long)seq);
		assert_found(fact, "does not follow from the fact before and its text");
		ck_assert_int_eq(report.findings[0].line, (int)seq);
	}
}
END_TEST

static const struct {
	const char *sql, *says;
} damages[] = {
	{"UPDATE journal SET body = body || ' ' WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET body = body || char(0) || 'x' WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET body = char(0) || body WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET body = '' WHERE seq = 5", "fact 5: it is not JSON"},
	{"UPDATE journal SET hash = hash || char(0) || 'x' WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET hash = upper(hash) WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET hash = substr(hash, 1, 63) WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET hash = '' WHERE seq = 5", "fact 5: its hash"},
	{"UPDATE journal SET hash = (SELECT hash FROM journal WHERE seq = 4) WHERE seq = 5",
	 "fact 5: its hash"},
	{"DELETE FROM journal WHERE seq = 1", "fact 1 is missing"},
	{"DELETE FROM journal WHERE seq = 5", "fact 5 is missing"},
	{"DELETE FROM journal WHERE seq = 5", "fact 6: its hash"},
	{"DELETE FROM journal WHERE seq BETWEEN 5 AND 20", "facts 5 to 20 are missing"},
	{"UPDATE journal SET seq = seq + 1000 WHERE seq = (SELECT max(seq) FROM journal)",
	 " are missing"},
	{"UPDATE journal SET seq = -seq WHERE seq = 1", "fact -1: facts are numbered from 1"},
	{"INSERT INTO journal SELECT 0, body, hash FROM journal WHERE seq = 1",
	 "fact 0: facts are numbered from 1: somebody added it"},
	{"INSERT INTO journal SELECT -5, body, hash FROM journal WHERE seq = 1",
	 "fact -5: facts are numbered from 1: somebody added it"},
	{"INSERT INTO journal SELECT max(seq) + 1, body, hash FROM journal", " says it is fact "},
	/* two facts change places, with and without their hashes */
	{"UPDATE journal SET seq = -1 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = 6;"
	 "UPDATE journal SET seq = 6 WHERE seq = -1",
	 "fact 5 says it is fact 6"},
	{"CREATE TEMP TABLE two AS SELECT * FROM journal WHERE seq IN (5, 6); UPDATE journal SET body "
	 "= (SELECT body FROM two WHERE two.seq = 11 - journal.seq) WHERE seq IN (5, 6)",
	 "fact 6: its hash"},
};

START_TEST(test_damaged_journal_is_named)
{
	tamper(fx.path, "%s", damages[_i].sql);
	look(pw_store_verify);
	assert_found(damages[_i].says, "");
}
END_TEST

static sqlite3_stmt *prepare_raw(sqlite3 *db, const char *sql, int64_t first)
{
	sqlite3_stmt *st;
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_int64(st, 1, first);
	return st;
}

/* The text that a query of one number gives, "" for none; pw_free. */
static char *raw_text(sqlite3 *db, const char *sql, int64_t number)
{
	sqlite3_stmt *st = prepare_raw(db, sql, number);
	char *text = pw_strdup(
		sqlite3_step(st) == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : "");
	sqlite3_finalize(st);
	return text;
}

/* A fact with the hash that it should have: written by another program than ours. */
static void forge(sqlite3 *db, int64_t seq, const char *body)
{
	char hex[PW_HASH_HEX];
	pw_hash before = {{0}};
	char *text = raw_text(db, "SELECT hash FROM journal WHERE seq = ?1", seq - 1);
	ck_assert(seq == 1 || pw_hash_from_hex(text, &before));
	pw_hash hash = pw_hash_chain(&before, body, strlen(body));
	pw_hash_hex(&hash, hex);
	sqlite3_stmt *st =
		prepare_raw(db, "INSERT OR REPLACE INTO journal VALUES (?1, ?2, ?3)", seq);
	sqlite3_bind_text(st, 2, body, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, hex, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
	pw_free(text);
}

static void forge_one(int64_t seq, const char *body)
{
	sqlite3 *db = raw_open(fx.path);
	forge(db, seq, body);
	sqlite3_close(db);
}

#define FORGED(more, data)                                    \
	"{\"actor\":\"anna\",\"at\":5," more "\"data\":" data \
	",\"fact\":\"site.added/1\",\"seq\":1,\"station\":\"s\"}"

static const struct {
	const char *body, *says;
} spellings[] = {
	{FORGED(" ", "{\"name\":\"n\",\"site\":\"s\"}"), "fact 1 is not in canonical form"},
	{FORGED("", "{\"site\":\"s\",\"name\":\"n\"}"), "fact 1 is not in canonical form"},
	{FORGED("", "{\"name\":\"\\u006e\",\"site\":\"s\"}"), "fact 1 is not in canonical form"},
	{FORGED("", "{\"name\":\"a\\/b\",\"site\":\"s\"}"), "fact 1 is not in canonical form"},
	{FORGED("", "{\"name\":\"a\\nb\",\"site\":\"s\"}"), "fact 1 is not in canonical form"},
	{FORGED("", "{\"name\":\"n\",\"site\":\"s\"}") "\n", "fact 1 is not in canonical form"},
	{FORGED("", "{\"more\":1,\"name\":\"n\",\"site\":\"s\"}"),
	 "fact 1: it has a field that its declaration has not"},
	{FORGED("\"by\":1,", "{\"name\":\"n\",\"site\":\"s\"}"),
	 "fact 1: it has a field that no fact has"},
	{"{\"actor\":\"a\",\"at\":5,\"data\":{},\"fact\":\"site.eaten/1\",\"seq\":1,\"station\":\"s\"}",
	 "fact 1: this program knows no fact 'site.eaten/1'"},
};

START_TEST(test_well_chained_fact_in_another_spelling_is_named)
{
	fixture_empty_folder("base.db");
	fixture_create();
	fixture_close();
	forge_one(1, spellings[_i].body);
	look(pw_store_verify);
	ck_assert_uint_eq(report.len, 1);
	assert_found(spellings[_i].says, "");
}
END_TEST

START_TEST(test_forged_fact_that_no_table_knows_is_found_by_the_deep_look)
{
	char body[200];
	int64_t seq = story_head.seq + 1;
	snprintf(body, sizeof(body),
		 "{\"actor\":\"anna\",\"at\":5,\"data\":{\"name\":\"n\",\"site\":\"S9\"},\"fact\":"
		 "\"site.added/1\",\"seq\":%lld,\"station\":\"s\"}",
		 (long long)seq);
	forge_one(seq, body);
	look(pw_store_verify);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	look(pw_store_verify_deep);
	assert_found("table site, row site='S9'", "it is gone: the row was removed");
}
END_TEST

START_TEST(test_cut_tail_is_found_by_the_head_on_paper_and_by_the_deep_look)
{
	char paper[40];
	pw_head_format(&story_head, paper);
	tamper(fx.path, "DELETE FROM journal WHERE seq > %lld", (long long)story_head.seq - 6);
	look(pw_store_verify);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	pw_err err = PW_ERR_INIT;
	fixture_open();
	ck_assert_int_eq(pw_store_check_head(fx.store, paper, &err), PW_ERR_CORRUPT);
	ck_assert_msg(strstr(err.msg, "facts that were there are gone") != NULL, "%s", err.msg);
	fixture_close();
	look(pw_store_verify_deep);
	assert_found("table result, row result=3", "decided_at is ");
	assert_found("table tube, row tube='T4'", "state is 'recalled'");
	assert_found("table recall, row tube='T1' subject=1", "no fact made it");
}
END_TEST

/* The whole chain hashed again from a changed fact on: it holds, but not against the paper. */
START_TEST(test_rewritten_history_is_found_by_the_head_on_paper_and_by_the_deep_look)
{
	char paper[40];
	pw_head_format(&story_head, paper);
	tamper(fx.path, "UPDATE journal SET body = replace(body, 'North gate', 'South gate')");
	sqlite3 *db = raw_open(fx.path);
	for (int64_t seq = 1; seq <= story_head.seq; seq++) {
		char *body = raw_text(db, "SELECT body FROM journal WHERE seq = ?1", seq);
		forge(db, seq, body);
		pw_free(body);
	}
	sqlite3_close(db);
	look(pw_store_verify);
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	pw_err err = PW_ERR_INIT;
	fixture_open();
	ck_assert_int_eq(pw_store_check_head(fx.store, paper, &err), PW_ERR_CORRUPT);
	fixture_close();
	look(pw_store_verify_deep);
	assert_found("table site, row site='S1': name is 'North gate'", "says 'South gate'");
}
END_TEST

START_TEST(test_journal_of_another_laboratory_is_not_this_one)
{
	pw_err err = PW_ERR_INIT;
	char paper[40];
	pw_head_format(&story_head, paper);
	fixture_empty_folder(NULL);
	fixture_create();
	for (int i = 0; i < 5; i++) {
		char site[8];
		snprintf(site, sizeof(site), "S%d", i);
		must(append_site(fx.store, site, &fx.err));
	}
	ck_assert_int_eq(pw_store_check_head(fx.store, paper, &err), PW_ERR_CORRUPT);
}
END_TEST

START_TEST(test_findings_end_at_a_hundred)
{
	tamper(fx.path, "WITH RECURSIVE n(i) AS (VALUES (100000) UNION ALL SELECT i + 1 FROM n "
			"LIMIT 5000) INSERT INTO journal SELECT i, 'x', 'y' FROM n");
	tamper(fx.path, "DELETE FROM subject; DELETE FROM tube");
	look(pw_store_verify_deep);
	ck_assert_uint_ge(report.len, 100);
	ck_assert_uint_le(report.len, 110);
}
END_TEST

START_TEST(test_journal_that_cannot_be_replayed_says_so)
{
	tamper(fx.path, "UPDATE journal SET body = '{}' WHERE seq = 9");
	look(pw_store_verify_deep);
	assert_found("the journal can't be replayed: fact 9: ", "is missing");
}
END_TEST

/* ---------------------------------------------------------------- kept files */

static const struct {
	const char *sql, *says;
} files[] = {
	{"UPDATE attachment SET bytes = x'00' WHERE hash = (SELECT min(hash) FROM attachment)",
	 ": its bytes were changed"},
	{"UPDATE attachment SET bytes = CAST(CAST(bytes AS TEXT) || 'x' AS BLOB) WHERE hash = (SELECT "
	 "max(hash) FROM attachment)",
	 ": its bytes were changed"},
	{"UPDATE attachment SET size = size + 1 WHERE hash = (SELECT min(hash) FROM attachment)",
	 ": its size is said to be "},
	{"UPDATE attachment SET hash = '00' WHERE hash = (SELECT min(hash) FROM attachment)",
	 "kept file 00…: its bytes were changed"},
	{"UPDATE attachment SET hash = hash || char(0) WHERE hash = (SELECT min(hash) FROM attachment)",
	 ": no fact speaks of it: somebody added it"},
	{"INSERT INTO attachment VALUES ('0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12f"
	 "e3a8', 0, x'')",
	 "kept file 0e5751c026e543b2…: no fact speaks of it: somebody added it"},
	{"DELETE FROM attachment WHERE hash = (SELECT hash FROM document WHERE name = 'run-1.csv')",
	 "('run-1.csv') is gone"},
	{"DELETE FROM attachment", "('block-7.csv') is gone"},
	{"DELETE FROM document WHERE name = 'run-1.csv'", ": no fact speaks of it"},
};

START_TEST(test_changed_file_is_named)
{
	tamper(fx.path, "%s", files[_i].sql);
	look(pw_store_verify);
	assert_found("kept file ", files[_i].says);
}
END_TEST

/* ---------------------------------------------------------------- the file */

static void flip_byte(const char *path, long at, unsigned char with)
{
	FILE *f = fopen(path, "r+b");
	ck_assert_ptr_nonnull(f);
	fseek(f, at, SEEK_SET);
	int c = fgetc(f);
	fseek(f, at, SEEK_SET);
	fputc((unsigned char)c ^ with, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* All rows of the database as one number; -1 when they can't be read. */
static int64_t digest(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *st = NULL;
	uint64_t sum = 0;
	char sql[200];
	bool ok = sqlite3_open(path, &db) == SQLITE_OK;
	int count;
	column *columns = list_columns(&count);
	for (int i = 0; ok && i < count; i++) {
		snprintf(sql, sizeof(sql), "SELECT \"%s\" FROM %s", columns[i].name,
			 columns[i].table);
		ok = sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK;
		while (ok && sqlite3_step(st) == SQLITE_ROW) {
			const unsigned char *text = sqlite3_column_text(st, 0);
			sum = sum * 31 + (uint64_t)sqlite3_column_type(st, 0);
			for (int k = 0; k < sqlite3_column_bytes(st, 0); k++)
				sum = sum * 31 + text[k];
		}
		ok = sqlite3_finalize(st) == SQLITE_OK && ok;
	}
	pw_free(columns);
	sqlite3_close(db);
	return ok ? (int64_t)(sum >> 1) : -1;
}

/* A byte of the file flips: an error, a finding, or all is as it was. Never a crash, never a silent lie. */
START_TEST(test_any_flipped_byte_of_the_file_does_no_silent_harm)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	int64_t before = digest(base());
	FILE *f = fopen(base(), "rb");
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	fclose(f);
	int noticed = 0;
	for (int round = 0; round < 80; round++) {
		pw_head head;
		pw_err err = PW_ERR_INIT;
		start_anew();
		long at = (long)pw_rng_below(&rng, (uint64_t)size);
		flip_byte(fx.path, at, (unsigned char)(1 + pw_rng_below(&rng, 255)));
		pw_status rc = pw_store_open(fx.path, &fx.store, &err);
		if (rc == PW_OK)
			rc = pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, &err);
		fixture_close();
		if (rc != PW_OK || report.len > 0)
			noticed++;
		else
			ck_assert_msg(digest(fx.path) == before, "byte %ld", at);
	}
	ck_assert_int_gt(noticed, 0);
}
END_TEST

Suite *suite_verify(void);

Suite *suite_verify(void)
{
	Suite *suite = suite_create("verify");
	TCase *tables = tcase_create("tables");
	tcase_add_checked_fixture(tables, setup, teardown);
	tcase_add_test(tables, test_clean_database_has_no_finding);
	tcase_add_test(tables, test_empty_laboratory_has_no_finding);
	tcase_add_test(tables, test_every_edited_column_is_named);
	tcase_add_test(tables, test_what_is_behind_a_nul_is_found);
	tcase_add_test(tables, test_every_emptied_column_is_named);
	tcase_add_test(tables, test_removed_row_of_every_table_is_named);
	tcase_add_test(tables, test_emptied_tables_are_named);
	tcase_add_test(tables, test_added_row_of_every_table_is_named);
	tcase_add_test(tables, test_findings_say_key_column_and_both_values);
	tcase_add_loop_test(tables, test_changed_definition_is_named, 0, (int)COUNT(definitions));
	tcase_add_test(tables, test_index_out_of_step_is_found);
	tcase_set_timeout(tables, 120);
	suite_add_tcase(suite, tables);
	TCase *chain = tcase_create("chain");
	tcase_add_checked_fixture(chain, setup, teardown);
	tcase_add_test(chain, test_any_changed_byte_of_the_journal_is_named);
	tcase_add_loop_test(chain, test_damaged_journal_is_named, 0, (int)COUNT(damages));
	tcase_add_loop_test(chain, test_well_chained_fact_in_another_spelling_is_named, 0,
			    (int)COUNT(spellings));
	tcase_add_test(chain, test_forged_fact_that_no_table_knows_is_found_by_the_deep_look);
	tcase_add_test(chain, test_cut_tail_is_found_by_the_head_on_paper_and_by_the_deep_look);
	tcase_add_test(chain,
		       test_rewritten_history_is_found_by_the_head_on_paper_and_by_the_deep_look);
	tcase_add_test(chain, test_journal_of_another_laboratory_is_not_this_one);
	tcase_add_test(chain, test_findings_end_at_a_hundred);
	tcase_add_test(chain, test_journal_that_cannot_be_replayed_says_so);
	tcase_add_loop_test(chain, test_changed_file_is_named, 0, (int)COUNT(files));
	tcase_add_test(chain, test_any_flipped_byte_of_the_file_does_no_silent_harm);
	tcase_set_timeout(chain, 120);
	suite_add_tcase(suite, chain);
	return suite;
}
