/* Whatever somebody does to the file with the sqlite3 tool, or an editor, is found and named. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/tampering.h"

START_TEST(test_clean_database_has_no_finding)
{
	tampering_look(pw_store_verify);
	assert_nothing_found();
	tampering_look(pw_store_verify_deep);
	assert_nothing_found();
	tamper(fx.path, "VACUUM; ANALYZE; PRAGMA optimize");
	tampering_look(pw_store_verify_deep);
	assert_nothing_found();
}
END_TEST

START_TEST(test_empty_laboratory_has_no_finding)
{
	pw_head head;
	fixture_empty_folder(NULL);
	fixture_create();
	must(pw_store_verify_deep(fx.store, &tampering_report, &head, NULL, NULL, &fx.err));
	assert_nothing_found();
	ck_assert_int_eq(head.seq, 0);
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
	tampering_look(pw_store_verify_deep);
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
	tampering_look(pw_store_verify_deep);
	assert_found("the database file is damaged: ", "tube_box");
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
	int64_t before = digest(tampering_base());
	FILE *f = fopen(tampering_base(), "rb");
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	fclose(f);
	int noticed = 0;
	for (int round = 0; round < 80; round++) {
		pw_head head;
		pw_err err = PW_ERR_INIT;
		tampering_start_anew();
		long at = (long)pw_rng_below(&rng, (uint64_t)size);
		flip_byte(fx.path, at, (unsigned char)(1 + pw_rng_below(&rng, 255)));
		pw_status rc = pw_store_open(fx.path, &fx.store, &err);
		if (rc == PW_OK)
			rc = pw_store_verify_deep(fx.store, &tampering_report, &head, NULL, NULL,
						  &err);
		fixture_close();
		if (rc != PW_OK || tampering_report.len > 0)
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
	TCase *verify = tcase_create("verify");
	tcase_add_checked_fixture(verify, tampering_setup, tampering_teardown);
	tcase_add_test(verify, test_clean_database_has_no_finding);
	tcase_add_test(verify, test_empty_laboratory_has_no_finding);
	tcase_add_loop_test(verify, test_changed_definition_is_named, 0, (int)COUNT(definitions));
	tcase_add_test(verify, test_index_out_of_step_is_found);
	tcase_add_test(verify, test_any_flipped_byte_of_the_file_does_no_silent_harm);
	tcase_set_timeout(verify, 120);
	suite_add_tcase(suite, verify);
	return suite;
}
