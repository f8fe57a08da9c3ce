/* Claims: one process at a time, and no longer than it lives. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store/fixture.h"

/* In a child, with a store of its own: whether the claim can be had. */
static bool another_gets(int64_t number)
{
	int status;
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		pw_store *store = NULL;
		if (pw_store_open(fx.path, &store, &fx.err) != PW_OK)
			_exit(4);
		bool seen = pw_store_claimed(store, number);
		pw_status rc = pw_store_claim(store, number, &fx.err);
		if ((rc == PW_OK) == seen)
			_exit(3);
		_exit(rc == PW_OK ? 0 : rc == PW_ERR_BUSY ? 1 : 2);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0;
}

START_TEST(test_one_process_has_a_claim)
{
	must(pw_store_claim(fx.store, 7, &fx.err));
	must(pw_store_claim(fx.store, 9, &fx.err));
	ck_assert(!another_gets(7));
	ck_assert(another_gets(8));
	ck_assert(!another_gets(9));
	ck_assert(!pw_store_claimed(fx.store, 7));
	pw_store_release(fx.store, 7);
	ck_assert(another_gets(7));
	ck_assert(!another_gets(9));
	fixture_close();
	ck_assert(another_gets(9));
	fixture_open();
}
END_TEST

/* A child takes the claim, says so, and is killed. */
START_TEST(test_a_claim_ends_with_its_process)
{
	int ready[2], status;
	char byte;
	ck_assert_int_eq(pipe(ready), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (pw_store_claim(fx.store, 7, &fx.err) != PW_OK || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert(pw_store_claimed(fx.store, 7));
	pw_status rc = pw_store_claim(fx.store, 7, &fx.err);
	ck_assert_int_eq(rc, PW_ERR_BUSY);
	ck_assert_ptr_nonnull(strstr(fx.err.msg, "another program is at it (process "));
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(!pw_store_claimed(fx.store, 7));
	must(pw_store_claim(fx.store, 7, &fx.err));
	close(ready[0]);
	close(ready[1]);
}
END_TEST

START_TEST(test_where_nothing_can_be_written_nothing_is_claimed)
{
	char path[200];
	snprintf(path, sizeof(path), "%s-claims", fx.path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(pw_store_claim(fx.store, 7, &fx.err), PW_ERR_IO);
	ck_assert_ptr_nonnull(strstr(fx.err.msg, "-claims' can't be written"));
	ck_assert(!pw_store_claimed(fx.store, 7));
	ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

Suite *suite_claim(void);

Suite *suite_claim(void)
{
	Suite *suite = suite_create("claim");
	TCase *tcase = tcase_create("claim");
	tcase_add_checked_fixture(tcase, fixture_setup, fixture_teardown);
	tcase_add_test(tcase, test_one_process_has_a_claim);
	tcase_add_test(tcase, test_a_claim_ends_with_its_process);
	tcase_add_test(tcase, test_where_nothing_can_be_written_nothing_is_claimed);
	suite_add_tcase(suite, tcase);
	return suite;
}
