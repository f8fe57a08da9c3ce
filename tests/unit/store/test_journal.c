#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/store/fixture.h"

/* ---------------------------------------------------------------- the chain */

static void assert_journal(int64_t seq, const char *body, const char *hash)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_journal_at_row row;
	bool found;
	must(pw_q_journal_at(fx.store, &arena, seq, &row, &found, &fx.err));
	ck_assert(found);
	ck_assert_str_eq(row.body, body);
	ck_assert_str_eq(row.hash, hash);
	pw_arena_clear(&arena);
}

/* The bytes were written by hand and hashed by another implementation of BLAKE2b: 32 zeros and the first
 * body; the first hash and the second body. */
START_TEST(test_first_facts_are_these_bytes_and_hashes)
{
	const pw_lab_created lab = {.name = "Harbour", .issuer = "SZP"};
	const pw_plate_created_item controls[] = {{.position = 0, .control = "ntc"},
						  {.position = 95, .control = "positive"}};
	const pw_plate_created plate = {.plate = "E1",
					.wells = 96,
					.layout = "standard",
					.layout_hash = "0a",
					.controls = controls,
					.controls_count = 2};
	must(pw_store_begin(fx.store, NULL, &fx.err));
	must(pw_store_end(fx.store, pw_lab_created_append(fx.store, &lab, &fx.err), &fx.err));
	must(pw_store_begin(fx.store, "first \"try\"", &fx.err));
	must(pw_store_end(fx.store, pw_plate_created_append(fx.store, &plate, &fx.err), &fx.err));
	assert_journal(1,
		       "{\"actor\":\"anna\",\"at\":1795413909000000,\"data\":{\"issuer\":\"SZP\","
		       "\"name\":\"Harbour\"},\"fact\":\"lab.created/1\",\"seq\":1,"
		       "\"station\":\"bench-1\"}",
		       "fbddc9f82d0f24d0ad8ad823ce3683212706aa13e8368a8b6f98ad11a7211bbf");
	assert_journal(2,
		       "{\"actor\":\"anna\",\"at\":1795413909000000,\"data\":{\"controls\":["
		       "{\"control\":\"ntc\",\"position\":0},"
		       "{\"control\":\"positive\",\"position\":95}],\"layout\":\"standard\","
		       "\"layout_hash\":\"0a\",\"plate\":\"E1\",\"wells\":96},"
		       "\"fact\":\"plate.created/1\",\"reason\":\"first \\\"try\\\"\",\"seq\":2,"
		       "\"station\":\"bench-1\"}",
		       "cfb1b714830132c9cd520c3299c887c2de4d1ccfc323f1b0ea20973397dcbaa3");
	pw_head head;
	char text[40];
	must(pw_store_head(fx.store, &head, &fx.err));
	pw_head_format(&head, text);
	ck_assert_str_eq(text, "2-cfb1b714830132c9");
}
END_TEST

/* ---------------------------------------------------------------- append */

/* A name in GBK that nobody converted. */
#define NOT_UTF8 "\xcd\xf5"

static void assert_refused_as_not_utf8(pw_status rc, const pw_err *err, const char *place)
{
	char expected[120];
	snprintf(expected, sizeof(expected), "%s is not UTF-8 text; nothing was recorded", place);
	ck_assert_int_eq(rc, PW_ERR_FORMAT);
	ck_assert_str_eq(err->msg, expected);
	pw_head head;
	must(pw_store_head(fx.store, &head, &fx.err));
	ck_assert_int_eq(head.seq, 0);
}

START_TEST(test_text_that_is_not_utf8_is_refused)
{
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(append_site(fx.store, NOT_UTF8, &err), PW_ERR_FORMAT);
	assert_refused_as_not_utf8(err.status, &err, "name");
	const pw_site_added site = {.site = "S1", .name = "n"};
	must(pw_store_begin(fx.store, NOT_UTF8, &fx.err));
	pw_status rc = pw_site_added_append(fx.store, &site, &err);
	assert_refused_as_not_utf8(pw_store_end(fx.store, rc, &err), &err, "reason");
	pw_clock clock = pw_clock_fixed(&fx.now);
	pw_store_session(fx.store, NOT_UTF8, "bench-1", &clock);
	assert_refused_as_not_utf8(append_site(fx.store, "S1", &err), &err, "operator");
	pw_store_session(fx.store, "anna", NOT_UTF8, &clock);
	assert_refused_as_not_utf8(append_site(fx.store, "S1", &err), &err, "station");
}
END_TEST

START_TEST(test_text_in_a_list_that_is_not_utf8_is_refused)
{
	pw_err err = PW_ERR_INIT;
	const pw_subjects_registered_item people[] = {
		{.subject = 1, .kind = "person", .name = "a", .region = 1, .grp = "voluntary"},
		{.subject = 2, .kind = "person", .name = "b", .region = 1, .grp = NOT_UTF8}};
	const pw_subjects_registered fact = {.subjects = people, .subjects_count = 2};
	must(pw_store_begin(fx.store, NULL, &fx.err));
	pw_status rc = pw_subjects_registered_append(fx.store, &fact, &err);
	assert_refused_as_not_utf8(pw_store_end(fx.store, rc, &err), &err, "grp");
}
END_TEST

START_TEST(test_chain_goes_on_after_the_file_was_closed)
{
	pw_head before, after;
	must(append_site(fx.store, "S1", &fx.err));
	must(pw_store_head(fx.store, &before, &fx.err));
	fixture_close();
	fixture_open();
	must(pw_store_head(fx.store, &after, &fx.err));
	ck_assert(before.seq == after.seq && pw_hash_eq(&before.hash, &after.hash));
	must(append_site(fx.store, "S2", &fx.err));
	must(pw_store_head(fx.store, &after, &fx.err));
	ck_assert_int_eq(after.seq, 2);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_a_place_that_is_taken_leaves_no_fact)
{
	pw_err err = PW_ERR_INIT;
	pw_head head;
	must(append_site(fx.store, "S1", &fx.err));
	ck_assert_int_eq(append_site(fx.store, "S1", &err), PW_ERR_EXISTS);
	ck_assert_str_eq(err.msg, "site.added/1: the place is taken; nothing was recorded (UNIQUE "
				  "constraint failed: site.site)");
	must(pw_store_head(fx.store, &head, &fx.err));
	ck_assert_int_eq(head.seq, 1);
	fixture_close();
	assert_clean(fx.path);
}
END_TEST

/* ---------------------------------------------------------------- the head on paper */

START_TEST(test_printed_head_is_found_again)
{
	pw_head head;
	char text[40];
	must(append_site(fx.store, "S1", &fx.err));
	must(pw_store_head(fx.store, &head, &fx.err));
	pw_head_format(&head, text);
	must(append_site(fx.store, "S2", &fx.err));
	must(pw_store_check_head(fx.store, text, &fx.err));
	pw_err err = PW_ERR_INIT;
	text[2] = text[2] == '0' ? '1' : '0';
	ck_assert_int_eq(pw_store_check_head(fx.store, text, &err), PW_ERR_CORRUPT);
	ck_assert_msg(strstr(err.msg, "another history stands in its place") != NULL, "%s",
		      err.msg);
	text[0] = '3';
	ck_assert_int_eq(pw_store_check_head(fx.store, text, &err), PW_ERR_CORRUPT);
	ck_assert_msg(strstr(err.msg, "has no fact 3") != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_what_is_no_head_is_refused)
{
	static const char *const texts[] = {"",
					    "-",
					    "12",
					    "x-9f3a1c5be07d2244",
					    "-9f3a1c5be07d2244",
					    "0-9f3a1c5be07d2244",
					    "-1-9f3a1c5be07d2244",
					    "1-9f3a1c5be07d224",
					    "1-9f3a1c5be07d22440",
					    "1-9F3A1C5BE07D2244",
					    "1 -9f3a1c5be07d2244",
					    "123456789012345678901234567890-9f3a1c5be07d2244"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		pw_err err = PW_ERR_INIT;
		ck_assert_msg(pw_store_check_head(fx.store, texts[i], &err) == PW_ERR_FORMAT, "%s",
			      texts[i]);
		ck_assert_msg(strstr(err.msg, "is no head") != NULL, "%s", err.msg);
	}
}
END_TEST

Suite *suite_journal(void);

Suite *suite_journal(void)
{
	Suite *suite = suite_create("journal");
	TCase *append = tcase_create("append");
	tcase_add_checked_fixture(append, fixture_setup, fixture_teardown);
	tcase_add_test(append, test_first_facts_are_these_bytes_and_hashes);
	tcase_add_test(append, test_text_that_is_not_utf8_is_refused);
	tcase_add_test(append, test_text_in_a_list_that_is_not_utf8_is_refused);
	tcase_add_test(append, test_chain_goes_on_after_the_file_was_closed);
	tcase_add_test(append, test_a_place_that_is_taken_leaves_no_fact);
	tcase_add_test(append, test_printed_head_is_found_again);
	tcase_add_test(append, test_what_is_no_head_is_refused);
	tcase_set_timeout(append, 60);
	suite_add_tcase(suite, append);
	return suite;
}
