#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/unit/store/fixture.h"

static pw_hash keep(const void *bytes, size_t n, bool expect_known)
{
	pw_hash hash, expected = pw_hash_bytes(bytes, n);
	bool known = !expect_known;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	pw_status rc = pw_store_attach(fx.store, bytes, n, &hash, &known, &fx.err);
	must(pw_store_end(fx.store, rc, &fx.err));
	ck_assert(known == expect_known);
	ck_assert(pw_hash_eq(&hash, &expected));
	return hash;
}

static void assert_kept(const pw_hash *hash, const void *bytes, size_t n)
{
	pw_arena arena = PW_ARENA_INIT;
	char hex[PW_HASH_HEX];
	const void *kept = NULL;
	size_t m = 0;
	pw_hash_hex(hash, hex);
	must(pw_store_attached(fx.store, &arena, hex, &kept, &m, &fx.err));
	ck_assert_uint_eq(m, n);
	ck_assert_mem_eq(kept, bytes, n);
	pw_arena_clear(&arena);
}

static int64_t attachments(void)
{
	return raw_int(fx.store->db, "SELECT count(*) FROM attachment");
}

START_TEST(test_bytes_come_back_as_they_were)
{
	static const char binary[] = "a\0b\r\n\xff\x1a";
	pw_hash hash = keep(binary, sizeof(binary), false);
	assert_kept(&hash, binary, sizeof(binary));
	fixture_close();
	fixture_open();
	assert_kept(&hash, binary, sizeof(binary));
}
END_TEST

START_TEST(test_an_empty_file_is_a_file)
{
	pw_hash hash = keep("", 0, false);
	assert_kept(&hash, "", 0);
	keep(NULL, 0, true);
}
END_TEST

START_TEST(test_a_large_file_is_kept_whole)
{
	size_t n = (size_t)20 * 1024 * 1024;
	char *bytes = pw_alloc(n);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(i * i >> 7);
	pw_hash hash = keep(bytes, n, false);
	assert_kept(&hash, bytes, n);
	pw_free(bytes);
}
END_TEST

START_TEST(test_same_bytes_again_change_nothing)
{
	keep("roster", 6, false);
	keep("roster", 6, true);
	keep("Roster", 6, false);
	ck_assert_int_eq(attachments(), 2);
}
END_TEST

START_TEST(test_file_of_an_undone_transaction_is_gone)
{
	pw_hash hash;
	bool known;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_attach(fx.store, "roster", 6, &hash, &known, &fx.err));
	must(pw_store_attach(fx.store, "roster", 6, &hash, &known, &fx.err));
	ck_assert(known);
	ck_assert_int_eq(pw_store_end(fx.store, PW_ERR_FORMAT, &fx.err), PW_ERR_FORMAT);
	ck_assert_int_eq(attachments(), 0);
	keep("roster", 6, false);
}
END_TEST

START_TEST(test_unknown_hash_is_not_found)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_err err = PW_ERR_INIT;
	const void *bytes;
	size_t n;
	char hex[PW_HASH_HEX];
	pw_hash hash = keep("roster", 6, false);
	pw_hash_hex(&hash, hex);
	hex[63] = hex[63] == '0' ? '1' : '0';
	ck_assert_int_eq(pw_store_attached(fx.store, &arena, hex, &bytes, &n, &err),
			 PW_ERR_NOT_FOUND);
	char expected[100];
	snprintf(expected, sizeof(expected), "no file with the hash %.16s… is kept here", hex);
	ck_assert_str_eq(err.msg, expected);
	ck_assert_int_eq(pw_store_attached(fx.store, &arena, "", &bytes, &n, &err),
			 PW_ERR_NOT_FOUND);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_too_large_a_file_is_refused_unread)
{
	pw_err err = PW_ERR_INIT;
	pw_hash hash;
	bool known;
	must(pw_store_begin(fx.store, NULL, &fx.err));
	pw_status rc =
		pw_store_attach(fx.store, "x", (size_t)256 * 1024 * 1024 + 1, &hash, &known, &err);
	ck_assert_int_eq(pw_store_end(fx.store, rc, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg, "the file has 268435457 bytes; at most 268435456 are kept");
}
END_TEST

START_TEST(test_keeping_outside_a_transaction_aborts)
{
	pw_hash hash;
	bool known;
	pw_store *store = fx.store;
	ck_assert_int_eq(pw_store_attach(store, "x", 1, &hash, &known, &fx.err), PW_OK);
}
END_TEST

/* A store in a folder that the parent made and removes: the child that aborts does not. */
static void create_anew(void)
{
	fixture_empty_folder(NULL);
	fixture_create();
}

Suite *suite_attach(void);

Suite *suite_attach(void)
{
	Suite *suite = suite_create("attach");
	TCase *keeps = tcase_create("keeps");
	tcase_add_checked_fixture(keeps, fixture_setup, fixture_teardown);
	tcase_add_test(keeps, test_bytes_come_back_as_they_were);
	tcase_add_test(keeps, test_an_empty_file_is_a_file);
	tcase_add_test(keeps, test_a_large_file_is_kept_whole);
	tcase_add_test(keeps, test_same_bytes_again_change_nothing);
	tcase_add_test(keeps, test_file_of_an_undone_transaction_is_gone);
	tcase_add_test(keeps, test_unknown_hash_is_not_found);
	tcase_add_test(keeps, test_too_large_a_file_is_refused_unread);
	tcase_set_timeout(keeps, 60);
	suite_add_tcase(suite, keeps);
	TCase *bugs = tcase_create("bugs");
	tcase_add_unchecked_fixture(bugs, fixture_folder, fixture_teardown);
	tcase_add_checked_fixture(bugs, create_anew, NULL);
	tcase_add_test_raise_signal(bugs, test_keeping_outside_a_transaction_aborts, SIGABRT);
	suite_add_tcase(suite, bugs);
	return suite;
}
