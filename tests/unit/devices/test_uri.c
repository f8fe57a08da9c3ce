/* The addresses of devices. */
#include <check.h>

#include "devices/transport/uri.h"

START_TEST(test_scheme_place_and_options_are_told_apart)
{
	pw_uri uri;
	ck_assert_int_eq(pw_uri_parse("serial:/dev/ttyUSB0?baud=9600&frame=8n1", &uri, NULL),
			 PW_OK);
	ck_assert_str_eq(uri.scheme, "serial");
	ck_assert_str_eq(uri.place, "/dev/ttyUSB0");
	ck_assert_uint_eq(uri.option_count, 2);
	ck_assert_str_eq(pw_uri_get(&uri, "baud", ""), "9600");
	ck_assert_str_eq(pw_uri_get(&uri, "frame", ""), "8n1");
	ck_assert_str_eq(pw_uri_get(&uri, "flow", "none"), "none");
}
END_TEST

START_TEST(test_colons_in_the_place_stay)
{
	pw_uri uri;
	ck_assert_int_eq(pw_uri_parse("tcp:[fe80::1]:9100", &uri, NULL), PW_OK);
	ck_assert_str_eq(uri.place, "[fe80::1]:9100");
}
END_TEST

START_TEST(test_escapes_are_what_they_name)
{
	pw_uri uri;
	ck_assert_int_eq(pw_uri_parse("file:/a%20b%3F?language=%7apl", &uri, NULL), PW_OK);
	ck_assert_str_eq(uri.place, "/a b?");
	ck_assert_str_eq(pw_uri_get(&uri, "language", ""), "zpl");
}
END_TEST

static const char *const wrong[] = {
	"",
	"zebra",
	":9100",
	"tcp:a?b",
	"tcp:a?=b",
	"tcp:a?b=1&b=2",
	"tcp:a?b=1&",
	"file:%",
	"file:%4",
	"file:%zz",
	"file:%00",
	"tcp:a?b=%0",
	"t:a?b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1",
};

START_TEST(test_what_is_no_address_is_refused_with_words)
{
	pw_uri uri;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_uri_parse(wrong[_i], &uri, &err), PW_ERR_ARG);
	ck_assert_uint_gt(strlen(err.msg), 10);
}
END_TEST

START_TEST(test_numbers_have_bounds)
{
	pw_uri uri;
	int value = 7;
	ck_assert_int_eq(pw_uri_parse("serial:x?baud=9600&bits=9&n=&m=7x", &uri, NULL), PW_OK);
	ck_assert_int_eq(pw_uri_get_int(&uri, "stop", 1, 2, &value, NULL), PW_OK);
	ck_assert_int_eq(value, 7);
	ck_assert_int_eq(pw_uri_get_int(&uri, "baud", 300, 921600, &value, NULL), PW_OK);
	ck_assert_int_eq(value, 9600);
	ck_assert_int_eq(pw_uri_get_int(&uri, "bits", 5, 8, &value, NULL), PW_ERR_ARG);
	ck_assert_int_eq(pw_uri_get_int(&uri, "n", 0, 8, &value, NULL), PW_ERR_ARG);
	ck_assert_int_eq(pw_uri_get_int(&uri, "m", 0, 8, &value, NULL), PW_ERR_ARG);
}
END_TEST

START_TEST(test_an_option_that_nobody_knows_is_named)
{
	static const char *const known[] = {"baud", NULL};
	pw_uri uri;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_uri_parse("serial:x?boud=9600", &uri, NULL), PW_OK);
	ck_assert_int_eq(pw_uri_check(&uri, known, &err), PW_ERR_ARG);
	ck_assert_ptr_nonnull(strstr(err.msg, "'boud'"));
}
END_TEST

/* Every text comes back from the address that it was put into. */
START_TEST(test_escaped_text_comes_back)
{
	static const char *const texts[] = {"D2J204700001",
					    "100%",
					    "a b",
					    "what? & how=why#",
					    "\x01\x1f\x7f",
					    "/dev/ttyUSB0",
					    "\xe5\xba\x8f\xe5\x8f\xb7 1",
					    "a/b:c+d"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		pw_uri uri;
		pw_str text = PW_STR_INIT;
		pw_str_add(&text, "file:");
		pw_uri_add_escaped(&text, texts[i]);
		pw_str_add(&text, "?record=");
		pw_uri_add_escaped(&text, texts[i]);
		ck_assert_int_eq(pw_uri_parse(pw_str_text(&text), &uri, NULL), PW_OK);
		ck_assert_str_eq(uri.place, texts[i]);
		ck_assert_str_eq(pw_uri_get(&uri, "record", ""), texts[i]);
		pw_str_clear(&text);
	}
}
END_TEST

Suite *suite_uri(void);

Suite *suite_uri(void)
{
	Suite *suite = suite_create("uri");
	TCase *tc = tcase_create("uri");
	tcase_add_test(tc, test_scheme_place_and_options_are_told_apart);
	tcase_add_test(tc, test_colons_in_the_place_stay);
	tcase_add_test(tc, test_escapes_are_what_they_name);
	tcase_add_test(tc, test_escaped_text_comes_back);
	tcase_add_loop_test(tc, test_what_is_no_address_is_refused_with_words, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tc, test_numbers_have_bounds);
	tcase_add_test(tc, test_an_option_that_nobody_knows_is_named);
	suite_add_tcase(suite, tc);
	return suite;
}
