#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/store/fixture.h"

static pw_status add_site(const char *site, pw_err *err)
{
	const pw_site_added fact = {.site = site, .name = site};
	return pw_site_added_append(fx.store, &fact, err);
}

static void assert_head(int64_t seq)
{
	pw_head head;
	must(pw_store_head(fx.store, &head, &fx.err));
	ck_assert_int_eq(head.seq, seq);
}

static void assert_site(const char *site, bool there)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_site_find_row row;
	bool found;
	must(pw_q_site_find(fx.store, &arena, site, &row, &found, &fx.err));
	ck_assert_msg(found == there, "%s", site);
	pw_arena_clear(&arena);
}

/* Of the fact `seq`; the reason lives until the next call. */
static pw_fact_summary summary_of(int64_t seq)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_journal_at_row row;
	pw_fact_summary summary = {.name = NULL};
	pw_str data = PW_STR_INIT;
	bool found;
	must(pw_q_journal_at(fx.store, &arena, seq, &row, &found, &fx.err));
	ck_assert(found);
	must(pw_fact_describe(row.body, true, false, &summary, &data, &fx.err));
	pw_str_clear(&data);
	pw_arena_clear(&arena);
	return summary;
}

/* ---------------------------------------------------------------- nesting */

START_TEST(test_failure_inside_undoes_its_own_facts_only)
{
	must(pw_store_begin(fx.store, NULL, &fx.err));
	ck_assert_int_eq(pw_store_next_seq(fx.store), 1);
	must(add_site("S1", &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S2", &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S3", &fx.err));
	ck_assert_int_eq(pw_store_next_seq(fx.store), 4);
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_REFUSED, &fx.err), PW_ERR_REFUSED);
	ck_assert_int_eq(pw_store_next_seq(fx.store), 2);
	must(add_site("S4", &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	assert_head(2);
	assert_site("S1", true);
	assert_site("S2", false);
	assert_site("S3", false);
	assert_site("S4", true);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_failure_outside_undoes_everything)
{
	must(append_site(fx.store, "S0", &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_FORMAT, &fx.err), PW_ERR_FORMAT);
	assert_head(1);
	assert_site("S1", false);
	must(append_site(fx.store, "S1", &fx.err));
	assert_head(2);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_levels_are_as_many_as_declared)
{
	for (int i = 0; i < PW_MAX_DEPTH; i++)
		must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	for (int i = 0; i < PW_MAX_DEPTH; i++)
		must(pw_store_end(fx.store, PW_OK, &fx.err));
	assert_head(1);
}
END_TEST

START_TEST(test_closing_undoes_what_is_open)
{
	must(pw_store_begin(fx.store, "because", &fx.err));
	must(add_site("S1", &fx.err));
	must(pw_store_begin(fx.store, "because", &fx.err));
	must(add_site("S2", &fx.err));
	fixture_close();
	fixture_open();
	assert_head(0);
	assert_site("S1", false);
}
END_TEST

START_TEST(test_inner_reason_stands_before_the_outer)
{
	must(pw_store_begin(fx.store, "outer", &fx.err));
	must(add_site("S1", &fx.err));
	must(pw_store_begin(fx.store, "inner", &fx.err));
	must(add_site("S2", &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S3", &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	must(append_site(fx.store, "S4", &fx.err));
	ck_assert_str_eq(summary_of(1).reason, "outer");
	ck_assert_str_eq(summary_of(2).reason, "inner");
	ck_assert_str_eq(summary_of(3).reason, "outer");
	ck_assert_str_eq(summary_of(4).reason, "");
}
END_TEST

/* After a full disk or the like SQLite rolls back by itself. Nothing may then be written outside. */
START_TEST(test_transaction_that_sqlite_gave_up_takes_no_more_facts)
{
	pw_err err = PW_ERR_INIT;
	pw_hash hash;
	bool known;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	raw_run(fx.store->db, "ROLLBACK");
	ck_assert_int_eq(add_site("S2", &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "the database gave up the transaction: do it again; nothing was "
				  "recorded");
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_IO, &err), PW_ERR_IO);
	ck_assert_int_eq(add_site("S3", &err), PW_ERR_IO);
	ck_assert_int_eq(pw_store_attach(fx.store, "x", 1, &hash, &known, &err), PW_ERR_IO);
	ck_assert_int_eq(pw_store_begin(fx.store, NULL, &err), PW_ERR_IO);
	ck_assert_int_eq(pw_store_end(fx.store, PW_OK, &err), PW_ERR_IO);
	assert_head(0);
	must(append_site(fx.store, "S1", &fx.err));
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_savepoint_that_sqlite_gave_up_is_an_error_though_all_went_well)
{
	pw_err err = PW_ERR_INIT;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	raw_run(fx.store->db, "ROLLBACK");
	ck_assert_int_ne(pw_store_end(fx.store, PW_OK, &err), PW_OK);
	ck_assert_int_eq(pw_store_end(fx.store, PW_OK, &err), PW_ERR_IO);
	assert_head(0);
}
END_TEST

/* As when memory runs out in the ROLLBACK TO: the inner facts may not stay as part of the outer. */
START_TEST(test_savepoint_that_cannot_be_undone_undoes_everything)
{
	pw_err err = PW_ERR_INIT;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S2", &fx.err));
	raw_run(fx.store->db, "RELEASE level_1");
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_REFUSED, &err), PW_ERR_REFUSED);
	ck_assert_int_eq(add_site("S3", &err), PW_ERR_IO);
	ck_assert_int_eq(pw_store_begin(fx.store, NULL, &err), PW_ERR_IO);
	ck_assert_int_eq(pw_store_end(fx.store, PW_OK, &err), PW_ERR_IO);
	assert_head(0);
	must(append_site(fx.store, "S1", &fx.err));
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

/* ---------------------------------------------------------------- reading */

START_TEST(test_readers_see_one_moment)
{
	pw_store *other;
	pw_arena arena = PW_ARENA_INIT;
	pw_site_find_row row;
	bool found;
	must(append_site(fx.store, "S1", &fx.err));
	must(pw_store_open(fx.path, &other, &fx.err));
	fixture_session(other);
	must(pw_store_begin_read(fx.store, &fx.err));
	assert_site("S2", false);
	must(append_site(other, "S2", &fx.err));
	assert_site("S2", false);
	assert_head(1);
	must(pw_q_site_find(other, &arena, "S2", &row, &found, &fx.err));
	ck_assert(found);
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	assert_site("S2", true);
	assert_head(2);
	must(append_site(fx.store, "S3", &fx.err));
	pw_store_close(other);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_cursor_reads_row_by_row)
{
	pw_cursor cursor;
	pw_journal_row row;
	bool found;
	char from[] = "S1";
	must(append_site(fx.store, from, &fx.err));
	must(append_site(fx.store, "S2", &fx.err));
	must(pw_q_journal_open(fx.store, 1, &cursor, &fx.err));
	for (int64_t seq = 1; seq <= 2; seq++) {
		must(pw_q_journal_next(&cursor, &row, &found, &fx.err));
		ck_assert(found && row.seq == seq);
	}
	must(pw_q_journal_next(&cursor, &row, &found, &fx.err));
	ck_assert(!found && !cursor.open);
	pw_cursor_close(&cursor);
	must(pw_q_journal_open(fx.store, 2, &cursor, &fx.err));
	must(pw_q_journal_next(&cursor, &row, &found, &fx.err));
	ck_assert(found && row.seq == 2);
	pw_cursor_close(&cursor);
	must(pw_q_journal_open(fx.store, 3, &cursor, &fx.err));
	must(pw_q_journal_next(&cursor, &row, &found, &fx.err));
	ck_assert(!found);
}
END_TEST

/* ---------------------------------------------------------------- the clock */

START_TEST(test_facts_of_a_transaction_have_one_time)
{
	must(pw_store_begin(fx.store, NULL, &fx.err));
	fx.now += PW_MINUTE;
	must(add_site("S1", &fx.err));
	fx.now += PW_MINUTE;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S2", &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	ck_assert_int_eq(summary_of(1).at, FIXTURE_NOW + PW_MINUTE);
	ck_assert_int_eq(summary_of(2).at, FIXTURE_NOW + PW_MINUTE);
}
END_TEST

START_TEST(test_time_outside_a_transaction_goes_on)
{
	pw_time now;
	must(append_site(fx.store, "S1", &fx.err));
	fx.now += PW_MINUTE;
	must(pw_store_now(fx.store, &now, &fx.err));
	ck_assert_int_eq(now, FIXTURE_NOW + PW_MINUTE);
	fx.now += PW_MINUTE;
	must(pw_store_now(fx.store, &now, &fx.err));
	ck_assert_int_eq(now, FIXTURE_NOW + 2 * PW_MINUTE);
}
END_TEST

START_TEST(test_clock_two_seconds_behind_takes_the_last_time)
{
	must(append_site(fx.store, "S1", &fx.err));
	fx.now -= 2 * PW_SECOND;
	must(append_site(fx.store, "S2", &fx.err));
	ck_assert_int_eq(summary_of(2).at, FIXTURE_NOW);
}
END_TEST

START_TEST(test_clock_further_behind_is_refused)
{
	pw_err err = PW_ERR_INIT;
	setenv("TZ", "UTC0", 1);
	tzset();
	must(append_site(fx.store, "S1", &fx.err));
	fx.now -= 2 * PW_SECOND + 1;
	ck_assert_int_eq(append_site(fx.store, "S2", &err), PW_ERR_CLOCK);
	ck_assert_str_eq(err.msg,
			 "this computer's clock says 2026-11-23T06:05:06+00:00, but the last fact "
			 "was recorded at 2026-11-23T06:05:09+00:00: set the clock; or, when it is "
			 "right, run 'poolwell lab clock --accept --reason TEXT'; nothing was "
			 "recorded");
	assert_head(1);
	fx.now = FIXTURE_NOW + 1;
	must(append_site(fx.store, "S2", &fx.err));
	ck_assert_int_eq(summary_of(2).at, FIXTURE_NOW + 1);
}
END_TEST

/* `lab clock --accept`: the time before and after, in one transaction. */
static pw_status accept_clock(pw_err *err)
{
	pw_time now = 0;
	pw_store_accept_clock(fx.store);
	pw_status rc = pw_store_now(fx.store, &now, err);
	const pw_clock_accepted fact = {.before = pw_store_last_at(fx.store), .now = now};
	return rc == PW_OK ? pw_clock_accepted_append(fx.store, &fact, err) : rc;
}

START_TEST(test_clock_that_was_set_back_is_accepted)
{
	must(append_site(fx.store, "S1", &fx.err));
	fx.now -= PW_DAY;
	must(pw_store_begin(fx.store, "summer time", &fx.err));
	must(pw_store_end(fx.store, accept_clock(&fx.err), &fx.err));
	ck_assert_int_eq(summary_of(2).at, FIXTURE_NOW - PW_DAY);
	must(append_site(fx.store, "S2", &fx.err));
	ck_assert_int_eq(summary_of(3).at, FIXTURE_NOW - PW_DAY);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_acceptance_that_was_undone_counts_for_nothing)
{
	pw_err err = PW_ERR_INIT;
	must(append_site(fx.store, "S1", &fx.err));
	fx.now -= PW_DAY;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(accept_clock(&fx.err));
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_REFUSED, &err), PW_ERR_REFUSED);
	ck_assert_int_eq(add_site("S2", &err), PW_ERR_CLOCK);
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_CLOCK, &err), PW_ERR_CLOCK);
	ck_assert_int_eq(append_site(fx.store, "S2", &err), PW_ERR_CLOCK);
	assert_head(1);
}
END_TEST

/* ---------------------------------------------------------------- bugs that abort */

START_TEST(test_commit_beside_the_store_aborts)
{
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(add_site("S1", &fx.err));
	sqlite3_exec(fx.store->db, "COMMIT", NULL, NULL, NULL);
}
END_TEST

START_TEST(test_write_beside_the_store_aborts)
{
	sqlite3_exec(fx.store->db, "DELETE FROM site; INSERT INTO site VALUES ('a', 'b', 1)", NULL,
		     NULL, NULL);
}
END_TEST

START_TEST(test_fact_outside_a_transaction_aborts)
{
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(add_site("S1", &err), PW_OK);
}
END_TEST

START_TEST(test_fact_in_a_read_transaction_aborts)
{
	must(pw_store_begin_read(fx.store, &fx.err));
	ck_assert_int_eq(add_site("S1", &fx.err), PW_OK);
}
END_TEST

START_TEST(test_end_without_begin_aborts)
{
	ck_assert_int_eq(pw_store_end(fx.store, PW_OK, &fx.err), PW_OK);
}
END_TEST

START_TEST(test_one_level_too_many_aborts)
{
	for (int i = 0; i <= PW_MAX_DEPTH; i++)
		must(pw_store_begin(fx.store, NULL, &fx.err));
}
END_TEST

START_TEST(test_cursor_opened_twice_aborts)
{
	pw_cursor a, b;
	must(pw_q_journal_open(fx.store, 0, &a, &fx.err));
	must(pw_q_journal_open(fx.store, 0, &b, &fx.err));
}
END_TEST

START_TEST(test_fact_without_a_field_that_it_must_have_aborts)
{
	must(pw_store_begin(fx.store, NULL, &fx.err));
	ck_assert_int_eq(add_site(NULL, &fx.err), PW_OK);
}
END_TEST

/* A store in a folder that the parent made and removes: the child that aborts does not. */
static void create_anew(void)
{
	fixture_empty_folder(NULL);
	fixture_create();
}

Suite *suite_tx(void);

Suite *suite_tx(void)
{
	Suite *suite = suite_create("tx");
	TCase *tx = tcase_create("transactions");
	tcase_add_checked_fixture(tx, fixture_setup, fixture_teardown);
	tcase_add_test(tx, test_failure_inside_undoes_its_own_facts_only);
	tcase_add_test(tx, test_failure_outside_undoes_everything);
	tcase_add_test(tx, test_levels_are_as_many_as_declared);
	tcase_add_test(tx, test_closing_undoes_what_is_open);
	tcase_add_test(tx, test_inner_reason_stands_before_the_outer);
	tcase_add_test(tx, test_transaction_that_sqlite_gave_up_takes_no_more_facts);
	tcase_add_test(tx, test_savepoint_that_sqlite_gave_up_is_an_error_though_all_went_well);
	tcase_add_test(tx, test_savepoint_that_cannot_be_undone_undoes_everything);
	tcase_add_test(tx, test_readers_see_one_moment);
	tcase_add_test(tx, test_cursor_reads_row_by_row);
	tcase_add_test(tx, test_facts_of_a_transaction_have_one_time);
	tcase_add_test(tx, test_time_outside_a_transaction_goes_on);
	tcase_add_test(tx, test_clock_two_seconds_behind_takes_the_last_time);
	tcase_add_test(tx, test_clock_further_behind_is_refused);
	tcase_add_test(tx, test_clock_that_was_set_back_is_accepted);
	tcase_add_test(tx, test_acceptance_that_was_undone_counts_for_nothing);
	tcase_set_timeout(tx, 60);
	suite_add_tcase(suite, tx);
	TCase *bugs = tcase_create("bugs");
	tcase_add_unchecked_fixture(bugs, fixture_folder, fixture_teardown);
	tcase_add_checked_fixture(bugs, create_anew, NULL);
	tcase_add_test_raise_signal(bugs, test_commit_beside_the_store_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_write_beside_the_store_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_fact_outside_a_transaction_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_fact_in_a_read_transaction_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_end_without_begin_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_one_level_too_many_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_cursor_opened_twice_aborts, SIGABRT);
	tcase_add_test_raise_signal(bugs, test_fact_without_a_field_that_it_must_have_aborts,
				    SIGABRT);
	suite_add_tcase(suite, bugs);
	return suite;
}
