/* Files that are none of ours, that can't be written, or that somebody else holds. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

/* ---------------------------------------------------------------- no database */

static void write_bytes(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static void assert_open_fails(const char *path, pw_status status, const char *says)
{
	pw_err err = PW_ERR_INIT;
	pw_store *store = NULL;
	pw_status rc = pw_store_open(path, &store, &err);
	ck_assert_msg(rc == status, "%s: %s", pw_status_name(rc), err.msg);
	ck_assert_msg(strstr(err.msg, says) != NULL, "%s", err.msg);
	ck_assert_msg(strstr(err.msg, path) != NULL, "%s", err.msg);
	ck_assert_ptr_null(store);
}

START_TEST(test_missing_file_is_not_made)
{
	const char *path = fixture_file("none.db");
	assert_open_fails(path, PW_ERR_NOT_FOUND, "'poolwell lab init' makes a new laboratory");
	ck_assert_int_ne(access(path, F_OK), 0);
	assert_open_fails(fixture_file("none/lab.db"), PW_ERR_NOT_FOUND, "No such file");
}
END_TEST

START_TEST(test_folder_is_no_database)
{
	assert_open_fails(fx.dir, PW_ERR_FORMAT, "is not a file: check the path");
	assert_open_fails("/dev/null", PW_ERR_FORMAT, "is not a file: check the path");
}
END_TEST

START_TEST(test_other_files_are_no_database)
{
	char text[20000];
	memset(text, 'x', sizeof(text));
	const char *path = fixture_file("text.csv");
	write_bytes(path, "", 0);
	assert_open_fails(path, PW_ERR_FORMAT, "is not a poolwell database: check the path");
	write_bytes(path, "name;phone\n", 11);
	assert_open_fails(path, PW_ERR_FORMAT, "is not a poolwell database: check the path");
	write_bytes(path, text, sizeof(text));
	assert_open_fails(path, PW_ERR_FORMAT, "is not a poolwell database: check the path");
	write_bytes(path, "SQLite format 3", 16);
	assert_open_fails(path, PW_ERR_FORMAT, "is not a poolwell database: check the path");
	struct stat st;
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_size, 16);
}
END_TEST

START_TEST(test_database_of_another_program_is_left_alone)
{
	const char *path = fixture_file("other.db");
	tamper(path, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
	assert_open_fails(path, PW_ERR_FORMAT, "is not a poolwell database: check the path");
	sqlite3 *db = raw_open(path);
	ck_assert_int_eq(raw_int(db, "SELECT count(*) FROM sqlite_schema"), 1);
	sqlite3_close(db);
}
END_TEST

START_TEST(test_newer_and_older_tables_are_refused)
{
	fixture_close();
	tamper(fx.path, "PRAGMA user_version = 999");
	assert_open_fails(fx.path, PW_ERR_FORMAT,
			  "has tables of version 999 and this program knows version 1: use the "
			  "program it was last opened with, or a newer one");
	tamper(fx.path, "PRAGMA user_version = 0");
	assert_open_fails(fx.path, PW_ERR_FORMAT, "has tables of version 0");
	tamper(fx.path, "PRAGMA user_version = 1");
	fixture_open();
}
END_TEST

/* Wherever the file ends, the end is told, not covered up. */
START_TEST(test_cut_file_is_noticed)
{
	must(story_tell(fx.store, &fx.err));
	fixture_close();
	struct stat st;
	ck_assert_int_eq(stat(fx.path, &st), 0);
	copy_file(fx.path, fixture_file("base.db"));
	for (off_t size = st.st_size - 1; size > 0; size = size * 3 / 4) {
		pw_err err = PW_ERR_INIT;
		pw_report report = PW_REPORT_INIT;
		pw_head head;
		fixture_empty_folder("base.db");
		copy_file(fixture_file("base.db"), fx.path);
		ck_assert_int_eq(truncate(fx.path, size), 0);
		pw_status rc = pw_store_open(fx.path, &fx.store, &err);
		if (rc == PW_OK)
			rc = pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, &err);
		ck_assert_msg(rc != PW_OK || report.len > 0, "%ld bytes", (long)size);
		if (rc != PW_OK)
			ck_assert_msg(rc == PW_ERR_CORRUPT || rc == PW_ERR_FORMAT, "%s", err.msg);
		fixture_close();
		pw_report_clear(&report);
	}
}
END_TEST

/* ---------------------------------------------------------------- making one */

START_TEST(test_existing_file_is_never_touched)
{
	pw_err err = PW_ERR_INIT;
	pw_store *store;
	must(append_site(fx.store, "S1", &fx.err));
	ck_assert_int_eq(pw_store_create(fx.path, &store, &err), PW_ERR_EXISTS);
	ck_assert_msg(strstr(err.msg, "is there already: name another file, or move it away") !=
			      NULL,
		      "%s", err.msg);
	const char *path = fixture_file("empty");
	write_bytes(path, "", 0);
	ck_assert_int_eq(pw_store_create(path, &store, &err), PW_ERR_EXISTS);
	ck_assert_int_eq(pw_store_create(fx.dir, &store, &err), PW_ERR_EXISTS);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_file_in_no_folder_is_not_made)
{
	pw_err err = PW_ERR_INIT;
	pw_store *store;
	ck_assert_int_eq(pw_store_create(fixture_file("none/lab.db"), &store, &err), PW_ERR_IO);
	ck_assert_msg(strstr(err.msg,
			     "none/lab.db': No such file or directory: check the folder") != NULL,
		      "%s", err.msg);
}
END_TEST

/* Two that begin a laboratory of one name at once: one has it, the other is told; none is lost. */
START_TEST(test_of_two_that_create_one_has_it)
{
	for (int round = 0; round < 10; round++) {
		pid_t children[2];
		int codes[2];
		fixture_close();
		fixture_empty_folder(NULL);
		for (int i = 0; i < 2; i++)
			if ((children[i] = fork()) == 0) {
				pw_err err = PW_ERR_INIT;
				pw_status rc = pw_store_create(fx.path, &fx.store, &err);
				if (rc == PW_OK) {
					fixture_session(fx.store);
					must(append_site(fx.store, "S1", &fx.err));
					fixture_close();
				}
				_exit(rc == PW_OK ? 0 : rc == PW_ERR_EXISTS ? 1 : 2);
			}
		for (int i = 0; i < 2; i++)
			waitpid(children[i], &codes[i], 0);
		ck_assert_int_eq(WEXITSTATUS(codes[0]) + WEXITSTATUS(codes[1]), 1);
		fixture_open();
		pw_head head;
		must(pw_store_head(fx.store, &head, &fx.err));
		ck_assert_int_eq(head.seq, 1);
	}
}
END_TEST

/* ---------------------------------------------------------------- rights */

/*
 * Runs `work` as somebody who owns the folder and has no other rights (root may do anything, so that the
 * test would see nothing).
 */
static void as_nobody(void (*work)(void))
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0)
			ck_assert(setgid(65534) == 0 && setuid(65534) == 0);
		work();
		exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(status == 0, "see above");
}

static void give_away(const char *path)
{
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, 65534, 65534), 0);
}

/* The story's database, closed, with the rights of file and folder. */
static void set_rights(mode_t file, mode_t folder)
{
	must(story_tell(fx.store, &fx.err));
	fixture_close();
	give_away(fx.path);
	give_away(fx.dir);
	ck_assert_int_eq(chmod(fx.path, file), 0);
	ck_assert_int_eq(chmod(fx.dir, folder), 0);
}

static void read_and_fail_to_write(void)
{
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	fixture_open();
	must(pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, &fx.err));
	ck_assert_msg(report.len == 0, "%s", report_text(&report));
	ck_assert_int_eq(append_site(fx.store, "S9", &err), PW_ERR_IO);
	ck_assert_msg(strstr(err.msg, "the database file can't be written: check the rights of the "
				      "file and its folder") != NULL,
		      "%s", err.msg);
	fixture_close();
}

START_TEST(test_file_that_cannot_be_written_is_read)
{
	set_rights(0444, 0755);
	as_nobody(read_and_fail_to_write);
}
END_TEST

static void fail_to_read(void)
{
	assert_open_fails(fx.path, PW_ERR_IO,
			  "its folder can't be written, and even reading needs that: copy the file "
			  "to another folder");
}

START_TEST(test_folder_that_cannot_be_written_is_told)
{
	set_rights(0444, 0555);
	as_nobody(fail_to_read);
	chmod(fx.path, 0644);
	as_nobody(fail_to_read);
	chmod(fx.dir, 0755);
}
END_TEST

static void fail_to_open(void)
{
	assert_open_fails(fx.path, PW_ERR_IO, "check the ");
}

START_TEST(test_file_that_cannot_be_read_is_told)
{
	set_rights(0000, 0755);
	as_nobody(fail_to_open);
}
END_TEST

START_TEST(test_folder_that_cannot_be_entered_is_told)
{
	set_rights(0644, 0000);
	as_nobody(fail_to_open);
	chmod(fx.dir, 0755);
}
END_TEST

static void fail_to_create(void)
{
	pw_err err = PW_ERR_INIT;
	const char *path = fixture_file("new.db");
	ck_assert_int_eq(pw_store_create(path, &fx.store, &err), PW_ERR_IO);
	ck_assert_msg(strstr(err.msg, "new.db': Permission denied: check the folder") != NULL, "%s",
		      err.msg);
	ck_assert_int_ne(access(path, F_OK), 0);
}

START_TEST(test_folder_that_cannot_be_written_takes_no_new_file)
{
	set_rights(0644, 0555);
	as_nobody(fail_to_create);
	chmod(fx.dir, 0755);
}
END_TEST

/* ---------------------------------------------------------------- somebody else has it */

static double seconds_since(const struct timespec *start)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

START_TEST(test_held_database_is_busy_after_the_patience)
{
	pw_err err = PW_ERR_INIT;
	struct timespec start;
	sqlite3 *other = raw_open(fx.path);
	raw_run(other, "BEGIN IMMEDIATE");
	pw_store_patience(fx.store, PW_SECOND / 5);
	clock_gettime(CLOCK_MONOTONIC, &start);
	ck_assert_int_eq(append_site(fx.store, "S1", &err), PW_ERR_BUSY);
	ck_assert_double_ge(seconds_since(&start), 0.2);
	char expected[300];
	snprintf(expected, sizeof(expected),
		 "%s: another program is holding the database: try again; nothing was recorded "
		 "(database is locked)",
		 fx.path);
	ck_assert_str_eq(err.msg, expected);
	/* Reading needs no lock. */
	pw_head head;
	must(pw_store_begin_read(fx.store, &fx.err));
	must(pw_store_head(fx.store, &head, &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	pw_store_patience(fx.store, 0);
	ck_assert_int_eq(append_site(fx.store, "S1", &err), PW_ERR_BUSY);
	raw_run(other, "ROLLBACK");
	must(append_site(fx.store, "S1", &fx.err));
	sqlite3_close(other);
}
END_TEST

START_TEST(test_held_database_is_waited_for)
{
	int status, ends[2];
	char ready;
	fixture_close();
	ck_assert_int_eq(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		sqlite3 *other = raw_open(fx.path);
		raw_run(other, "BEGIN IMMEDIATE");
		ck_assert_int_eq(write(ends[1], "x", 1), 1);
		struct timespec nap = {0, 300000000};
		nanosleep(&nap, NULL);
		raw_run(other, "ROLLBACK");
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &ready, 1), 1);
	fixture_open();
	must(append_site(fx.store, "S1", &fx.err));
	ck_assert(waitpid(child, &status, 0) == child && status == 0);
}
END_TEST

Suite *suite_open(void);

Suite *suite_open(void)
{
	Suite *suite = suite_create("open");
	TCase *files = tcase_create("files");
	tcase_add_checked_fixture(files, fixture_setup, fixture_teardown);
	tcase_add_test(files, test_missing_file_is_not_made);
	tcase_add_test(files, test_folder_is_no_database);
	tcase_add_test(files, test_other_files_are_no_database);
	tcase_add_test(files, test_database_of_another_program_is_left_alone);
	tcase_add_test(files, test_newer_and_older_tables_are_refused);
	tcase_add_test(files, test_cut_file_is_noticed);
	tcase_add_test(files, test_existing_file_is_never_touched);
	tcase_add_test(files, test_file_in_no_folder_is_not_made);
	tcase_add_test(files, test_of_two_that_create_one_has_it);
	tcase_set_timeout(files, 60);
	suite_add_tcase(suite, files);
	TCase *rights = tcase_create("rights");
	tcase_add_checked_fixture(rights, fixture_setup, fixture_teardown);
	tcase_add_test(rights, test_file_that_cannot_be_written_is_read);
	tcase_add_test(rights, test_folder_that_cannot_be_written_is_told);
	tcase_add_test(rights, test_file_that_cannot_be_read_is_told);
	tcase_add_test(rights, test_folder_that_cannot_be_entered_is_told);
	tcase_add_test(rights, test_folder_that_cannot_be_written_takes_no_new_file);
	tcase_set_timeout(rights, 60);
	suite_add_tcase(suite, rights);
	TCase *held = tcase_create("held");
	tcase_add_checked_fixture(held, fixture_setup, fixture_teardown);
	tcase_add_test(held, test_held_database_is_busy_after_the_patience);
	tcase_add_test(held, test_held_database_is_waited_for);
	tcase_set_timeout(held, 60);
	suite_add_tcase(suite, held);
	return suite;
}
