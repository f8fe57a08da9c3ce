/* A journal or kept files that somebody changed, cut, or wrote anew. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/tampering.h"

/* ---------------------------------------------------------------- the journal */

/* One character of a body, wherever it stands; and of a hash. */
START_TEST(test_any_changed_byte_of_the_journal_is_named)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	for (int64_t seq = 1; seq <= story_head.seq; seq++) {
		char fact[40];
		bool hash = seq % 4 == 0;
		tampering_start_anew();
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
		tampering_look(pw_store_verify);
		snprintf(fact, sizeof(fact), "fact %lld: its hash", (long long)seq);
		assert_found(fact, "does not follow from the fact before and its text");
		ck_assert_int_eq(tampering_report.findings[0].line, (int)seq);
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
	tampering_look(pw_store_verify);
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
	tampering_look(pw_store_verify);
	ck_assert_uint_eq(tampering_report.len, 1);
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
	tampering_look(pw_store_verify);
	assert_nothing_found();
	tampering_look(pw_store_verify_deep);
	assert_found("table site, row site='S9'", "it is gone: the row was removed");
}
END_TEST

START_TEST(test_cut_tail_is_found_by_the_head_on_paper_and_by_the_deep_look)
{
	char paper[40];
	pw_head_format(&story_head, paper);
	tamper(fx.path, "DELETE FROM journal WHERE seq >= (SELECT seq FROM journal WHERE body LIKE "
			"'%%\"fact\":\"recall.opened/1\"%%')");
	tampering_look(pw_store_verify);
	assert_nothing_found();
	pw_err err = PW_ERR_INIT;
	fixture_open();
	ck_assert_int_eq(pw_store_check_head(fx.store, paper, &err), PW_ERR_CORRUPT);
	ck_assert_msg(strstr(err.msg, "facts that were there are gone") != NULL, "%s", err.msg);
	fixture_close();
	tampering_look(pw_store_verify_deep);
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
	tampering_look(pw_store_verify);
	assert_nothing_found();
	pw_err err = PW_ERR_INIT;
	fixture_open();
	ck_assert_int_eq(pw_store_check_head(fx.store, paper, &err), PW_ERR_CORRUPT);
	fixture_close();
	tampering_look(pw_store_verify_deep);
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
		char site[16];
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
	tampering_look(pw_store_verify_deep);
	ck_assert_uint_ge(tampering_report.len, 100);
	ck_assert_uint_le(tampering_report.len, 110);
}
END_TEST

START_TEST(test_journal_that_cannot_be_replayed_says_so)
{
	tamper(fx.path, "UPDATE journal SET body = '{}' WHERE seq = 9");
	tampering_look(pw_store_verify_deep);
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
	tampering_look(pw_store_verify);
	assert_found("kept file ", files[_i].says);
}
END_TEST

Suite *suite_verify_journal(void);

Suite *suite_verify_journal(void)
{
	Suite *suite = suite_create("verify_journal");
	TCase *journal = tcase_create("journal");
	tcase_add_checked_fixture(journal, tampering_setup, tampering_teardown);
	tcase_add_test(journal, test_any_changed_byte_of_the_journal_is_named);
	tcase_add_loop_test(journal, test_damaged_journal_is_named, 0, (int)COUNT(damages));
	tcase_add_loop_test(journal, test_well_chained_fact_in_another_spelling_is_named, 0,
			    (int)COUNT(spellings));
	tcase_add_test(journal, test_forged_fact_that_no_table_knows_is_found_by_the_deep_look);
	tcase_add_test(journal, test_cut_tail_is_found_by_the_head_on_paper_and_by_the_deep_look);
	tcase_add_test(journal,
		       test_rewritten_history_is_found_by_the_head_on_paper_and_by_the_deep_look);
	tcase_add_test(journal, test_journal_of_another_laboratory_is_not_this_one);
	tcase_add_test(journal, test_findings_end_at_a_hundred);
	tcase_add_test(journal, test_journal_that_cannot_be_replayed_says_so);
	tcase_add_loop_test(journal, test_changed_file_is_named, 0, (int)COUNT(files));
	tcase_set_timeout(journal, 120);
	suite_add_tcase(suite, journal);
	return suite;
}
