#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"

static char folder[64];
static pw_err err;
static pw_str text;

static void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/poolwell-test-%ld", (long)getpid());
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	ck_assert_int_eq(chdir(folder), 0);
	umask(022);
	err = (pw_err)PW_ERR_INIT;
	text = (pw_str)PW_STR_INIT;
}

static void teardown(void)
{
	char command[128];
	pw_str_clear(&text);
	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static void make(const char *path, const char *content)
{
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(content, f);
	fclose(f);
}

static const char *content(const char *path)
{
	pw_str_truncate(&text, 0);
	ck_assert_int_eq(pw_file_read(path, 1000, &text, &err), PW_OK);
	return pw_str_text(&text);
}

static mode_t mode(const char *path)
{
	struct stat st;
	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* Names in the folder, "." and ".." too: nothing else may be left lying about. */
static int entries(const char *path)
{
	int n = 0;
	DIR *dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(test_file_is_read_whole_and_appended)
{
	make("a.csv", "x,王\n");
	pw_str_add(&text, "before:");
	ck_assert_int_eq(pw_file_read("a.csv", 6, &text, &err), PW_OK);
	ck_assert_str_eq(pw_str_text(&text), "before:x,王\n");
}
END_TEST

START_TEST(test_zero_bytes_and_long_files)
{
	FILE *f = fopen("long", "w");
	for (int i = 0; i < 100000; i++)
		fputc(i % 256, f);
	fclose(f);
	ck_assert_int_eq(pw_file_read("long", 100000, &text, &err), PW_OK);
	ck_assert_uint_eq(text.len, 100000);
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq((unsigned char)text.ptr[i], i % 256);
}
END_TEST

START_TEST(test_limit)
{
	make("a", "1234567");
	ck_assert_int_eq(pw_file_read("a", 7, &text, &err), PW_OK);
	ck_assert_int_eq(pw_file_read("a", 6, &text, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "a: larger than the 6 bytes that are taken");
	ck_assert_str_eq(pw_str_text(&text), "1234567");
	ck_assert_int_eq(pw_file_read("/dev/zero", 2097152, &text, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "/dev/zero: larger than the 2 MiB that are taken");
}
END_TEST

/* Counts, and refuses what would be more than it has room for. */
typedef struct counted {
	size_t bytes, blocks, room;
} counted;

static pw_status count(void *to, const char *bytes, size_t n, pw_err *e)
{
	counted *c = to;
	(void)bytes;
	if (c->bytes + n > c->room)
		return pw_fail(e, PW_ERR_FORMAT, "line 7: too much");
	c->bytes += n;
	c->blocks++;
	return PW_OK;
}

START_TEST(test_blocks_of_a_long_file)
{
	counted all = {.room = 2000000}, few = {.room = 50000}, none = {.room = 0};
	make("long", "");
	ck_assert_int_eq(truncate("long", 1000000), 0);
	ck_assert_int_eq(pw_file_read_blocks("long", 1000000, count, &all, &err), PW_OK);
	ck_assert_uint_eq(all.bytes, 1000000);
	ck_assert_uint_gt(all.blocks, 10);
	ck_assert_int_eq(pw_file_read_blocks("long", 1000000, count, &few, &err), PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, "long: line 7: too much");
	ck_assert_uint_le(few.bytes, 50000);
	ck_assert_int_eq(pw_file_read_blocks("long", 999999, count, &all, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "long: larger than the 999999 bytes that are taken");
	ck_assert_int_eq(pw_file_read_blocks("gone", 9, count, &none, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "gone: no such file");
}
END_TEST

START_TEST(test_reading_what_is_not_there)
{
	make("file", "");
	ck_assert_int_eq(pw_file_read("roster.csv", 10, &text, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "roster.csv: no such file");
	ck_assert_int_eq(pw_file_read(".", 10, &text, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, ".: is a folder, not a file");
	ck_assert_int_eq(pw_file_read("file/x", 10, &text, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "file/x: a part of the path is not a folder");
}
END_TEST

START_TEST(test_new_file_has_the_mode_of_the_umask)
{
	ck_assert_int_eq(pw_file_write("new", "ab\0c", 4, false, &err), PW_OK);
	ck_assert_int_eq(mode("new"), 0644);
	ck_assert_int_eq(pw_file_read("new", 10, &text, &err), PW_OK);
	ck_assert_uint_eq(text.len, 4);
	ck_assert_mem_eq(text.ptr, "ab\0c", 4);
	ck_assert_int_eq(entries("."), 3);
}
END_TEST

START_TEST(test_old_file_is_kept_unless_told)
{
	make("old", "old");
	chmod("old", 0640);
	ck_assert_int_eq(pw_file_write("old", "new", 3, false, &err), PW_ERR_EXISTS);
	ck_assert_str_eq(err.msg,
			 "old: there is a file of this name: choose another, or remove it");
	ck_assert_str_eq(content("old"), "old");
	ck_assert_int_eq(pw_file_write("old", "new", 3, true, &err), PW_OK);
	ck_assert_str_eq(content("old"), "new");
	ck_assert_int_eq(mode("old"), 0640);
	ck_assert_int_eq(entries("."), 3);
}
END_TEST

START_TEST(test_link_stays_and_its_target_changes)
{
	mkdir("deep", 0700);
	make("deep/target", "old");
	ck_assert_int_eq(symlink("deep/second", "first"), 0);
	ck_assert_int_eq(symlink("target", "deep/second"), 0);
	ck_assert_int_eq(pw_file_write("first", "new", 3, true, &err), PW_OK);
	ck_assert_str_eq(content("deep/target"), "new");
	struct stat st;
	ck_assert_int_eq(lstat("first", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(lstat("deep/second", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(lstat("deep/target", &st), 0);
	ck_assert(S_ISREG(st.st_mode));
}
END_TEST

START_TEST(test_devices_are_written_to_not_replaced)
{
	ck_assert_int_eq(pw_file_write("/dev/null", "x", 1, false, &err), PW_OK);
	struct stat st;
	ck_assert_int_eq(stat("/dev/null", &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
	ck_assert_int_eq(pw_file_write("/dev/full", "x", 1, true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "/dev/full: the disk is full");
}
END_TEST

START_TEST(test_writing_where_nothing_can_be)
{
	make("file", "");
	ck_assert_int_eq(pw_file_write("no/such/x", "x", 1, false, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "no/such/x: its folder is not there: make it first");
	ck_assert_int_eq(pw_file_write(".", "x", 1, true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, ".: is a folder, not a file");
	ck_assert_int_eq(pw_file_write("file/x", "x", 1, true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "file/x: a part of the path is not a folder");
	ck_assert_int_eq(entries("."), 3);
}
END_TEST

/* What writing would say, said without it. */
START_TEST(test_whether_a_file_may_be_written)
{
	make("file", "mine");
	ck_assert_int_eq(pw_file_check("new", false, &err), PW_OK);
	ck_assert_int_eq(pw_file_check("./new", false, &err), PW_OK);
	ck_assert_int_eq(pw_file_check("/dev/null", false, &err), PW_OK);
	ck_assert_int_eq(pw_file_check("file", true, &err), PW_OK);
	ck_assert_int_eq(pw_file_check("file", false, &err), PW_ERR_EXISTS);
	ck_assert_str_eq(err.msg,
			 "file: there is a file of this name: choose another, or remove it");
	ck_assert_int_eq(pw_file_check("no/such/x", false, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "no/such/x: its folder is not there: make it first");
	ck_assert_int_eq(pw_file_check(".", true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, ".: is a folder, not a file");
	ck_assert_int_eq(pw_file_check("file/x", true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "file/x: a part of the path is not a folder");
	ck_assert_int_eq(entries("."), 3);
}
END_TEST

/* Gives "ab" so many times, and then fails if it shall. */
typedef struct giver {
	int times;
	bool fails;
} giver;

static pw_status give(const void *from, pw_take_fn take, void *to, pw_err *e)
{
	const giver *g = from;
	pw_status rc = PW_OK;
	for (int i = 0; i < g->times && rc == PW_OK; i++)
		rc = take(to, "ab", 2, e);
	return rc == PW_OK && g->fails ? pw_fail(e, PW_ERR_NOT_FOUND, "nothing more") : rc;
}

START_TEST(test_blocks_are_written_all_or_none)
{
	const giver good = {3, false}, none = {0, false}, bad = {3, true};
	make("old", "old");
	ck_assert_int_eq(pw_file_write_blocks("new", give, &bad, false, &err), PW_ERR_NOT_FOUND);
	ck_assert_str_eq(err.msg, "nothing more");
	ck_assert_int_eq(pw_file_write_blocks("old", give, &bad, true, &err), PW_ERR_NOT_FOUND);
	ck_assert_str_eq(content("old"), "old");
	ck_assert_int_eq(entries("."), 3);
	ck_assert_int_eq(pw_file_write_blocks("old", give, &good, true, &err), PW_OK);
	ck_assert_str_eq(content("old"), "ababab");
	ck_assert_int_eq(pw_file_write_blocks("new", give, &none, false, &err), PW_OK);
	ck_assert_str_eq(content("new"), "");
	ck_assert_int_eq(pw_file_write_blocks("/dev/full", give, &good, true, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "/dev/full: the disk is full");
	ck_assert_int_eq(entries("."), 4);
}
END_TEST

START_TEST(test_failure_half_way_keeps_the_old_file_and_nothing_else)
{
	char bytes[8192] = {0};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct rlimit limit, small;
	make("old", "old");
	sigaction(SIGXFSZ, &ignore, NULL);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = limit;
	small.rlim_cur = 4096;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	pw_status over = pw_file_write("old", bytes, sizeof(bytes), true, &err);
	pw_status fresh = pw_file_write("new", bytes, sizeof(bytes), false, NULL);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(over, PW_ERR_IO);
	ck_assert_str_eq(err.msg, "old: larger than a file may be here");
	ck_assert_int_eq(fresh, PW_ERR_IO);
	ck_assert_str_eq(content("old"), "old");
	ck_assert_int_eq(entries("."), 3);
}
END_TEST

START_TEST(test_folders_are_made_all_the_way)
{
	make("file", "");
	ck_assert_int_eq(pw_file_make_folder("a/b//c/", &err), PW_OK);
	ck_assert_int_eq(entries("a/b/c"), 2);
	ck_assert_int_eq(pw_file_make_folder("a/b", &err), PW_OK);
	ck_assert_int_eq(pw_file_make_folder("/", &err), PW_OK);
	ck_assert_int_eq(pw_file_make_folder(".", &err), PW_OK);
	ck_assert_int_eq(pw_file_make_folder("file/x", &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "file: is a file, not a folder");
	ck_assert_int_eq(pw_file_make_folder("a/b/c/../../../file", &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "a/b/c/../../../file: is a file, not a folder");
}
END_TEST

START_TEST(test_name_in_messages)
{
	ck_assert_str_eq(pw_file_name("-"), "standard input");
	ck_assert_str_eq(pw_file_name("./-"), "./-");
}
END_TEST

Suite *suite_file(void);
Suite *suite_file(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("file");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_file_is_read_whole_and_appended);
	tcase_add_test(t, test_zero_bytes_and_long_files);
	tcase_add_test(t, test_limit);
	tcase_add_test(t, test_blocks_of_a_long_file);
	tcase_add_test(t, test_reading_what_is_not_there);
	tcase_add_test(t, test_new_file_has_the_mode_of_the_umask);
	tcase_add_test(t, test_old_file_is_kept_unless_told);
	tcase_add_test(t, test_link_stays_and_its_target_changes);
	tcase_add_test(t, test_devices_are_written_to_not_replaced);
	tcase_add_test(t, test_writing_where_nothing_can_be);
	tcase_add_test(t, test_whether_a_file_may_be_written);
	tcase_add_test(t, test_blocks_are_written_all_or_none);
	tcase_add_test(t, test_failure_half_way_keeps_the_old_file_and_nothing_else);
	tcase_add_test(t, test_folders_are_made_all_the_way);
	tcase_add_test(t, test_name_in_messages);
	suite_add_tcase(s, t);
	return s;
}
