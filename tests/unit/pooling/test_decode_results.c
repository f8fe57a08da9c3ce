#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/pooling/results.h"

START_TEST(test_a_string_of_calls_is_read)
{
	pw_pool_reading r[6];
	pw_err err = PW_ERR_INIT;
	const char *text = "+- ?\n!\t-+\r\n";
	ck_assert_msg(pw_results_parse(text, strlen(text), 6, r, &err) == PW_OK, "%s", err.msg);
	static const char wanted[] = "+-?!-+";
	for (int i = 0; i < 6; i++) {
		ck_assert_int_eq(pw_pool_call_char(r[i].call), wanted[i]);
		ck_assert_int_eq(r[i].wells, 0);
	}
}
END_TEST

static const struct {
	const char *text;
	size_t pools;
	const char *says;
} bad_calls[] = {
	{"+-+", 4, "3 results for 4 pools: give one of + - ? ! a pool"},
	{"+-+-+", 4, "5 results for 4 pools: give one of + - ? ! a pool"},
	{"", 4, "0 results for 4 pools: give one of + - ? ! a pool"},
	{"+-\n+x", 4, "line 2:2: 'x' where only + - ? ! may stand: give one of them a pool"},
	{"+\xe2\x88\x92", 2,
	 "line 1:2: '\xe2\x88\x92' where only + - ? ! may stand: give one of them a pool"},
};

START_TEST(test_a_bad_string_of_calls_is_refused_with_its_place)
{
	pw_pool_reading r[8];
	pw_err err = PW_ERR_INIT;
	const char *text = bad_calls[_i].text;
	ck_assert_int_eq(pw_results_parse(text, strlen(text), bad_calls[_i].pools, r, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, bad_calls[_i].says);
}
END_TEST

/* "29.88/-" for a pool with a well at 29.88 and one that did not amplify; "!" for none. */
static void describe(const pw_pool_reading *r, char out[64])
{
	size_t n = 0;
	out[0] = '\0';
	if (r->wells == 0)
		snprintf(out, 64, "%c", pw_pool_call_char(r->call));
	for (int w = 0; w < r->wells; w++)
		n += (size_t)(r->well[w].amplified
				      ? snprintf(out + n, 64 - n, "%s%g", w > 0 ? "/" : "",
						 r->well[w].ct)
				      : snprintf(out + n, 64 - n, "%s-", w > 0 ? "/" : ""));
}

static const struct {
	const char *text;
	const char *pools[4];
} tables[] = {
	{"pool,ct\n1,29.88\n2,\n4,33.2\n", {"29.88", "-", "!", "33.2"}},
	{"1,29.88,30.1\n2,,\n3,31,\n4,!,32\n", {"29.88/30.1", "-/-", "31/-", "32"}},
	{"\xef\xbb\xbf"
	 "Pool;Ct;Ct2\r\n4;29,5;30\r\n1;Undetermined;ND\r\n",
	 {"-/-", "!", "!", "29.5/30"}},
	{"# by hand\npool\tct\n2\t0\n3\t 28 \n", {"!", "-", "28", "!"}},
	{"pool,ct,,\n1,29.88,,\n2,,,\n4,33.2,,\n", {"29.88", "-", "!", "33.2"}},
	{"pool,ct\n1,29.88,\n2,,\n4,33.2,31\n", {"29.88/-", "-/-", "!", "33.2/31"}},
	{"pool,ct,ct2\n1,29.88,\n2,\n4,33.2,\n", {"29.88/-", "-", "!", "33.2/-"}},
	{"pool,\n1,\n2,,\n", {"-", "-", "!", "!"}},
	{"1,29.88,\n2,,\n", {"29.88/-", "-/-", "!", "!"}},
	{"1,\"30\"\n2,invalid\n3,no ct\n4,N/A,N/A\n", {"30", "!", "-", "!"}},
};

START_TEST(test_a_table_of_ct_is_read)
{
	pw_pool_reading r[4];
	pw_err err = PW_ERR_INIT;
	const char *text = tables[_i].text;
	ck_assert_msg(pw_ct_parse(text, strlen(text), 4, r, &err) == PW_OK, "%s", err.msg);
	for (int i = 0; i < 4; i++) {
		char seen[64];
		describe(&r[i], seen);
		ck_assert_str_eq(seen, tables[_i].pools[i]);
	}
}
END_TEST

static const struct {
	const char *text;
	const char *says;
} bad_tables[] = {
	{"",
	 "no pool in it: give a pool a line, 'pool,ct', nothing behind the comma where there was "
	 "no Ct"},
	{"pool,ct\n",
	 "no pool in it: give a pool a line, 'pool,ct', nothing behind the comma where "
	 "there was no Ct"},
	{"1,NaN\n",
	 "line 1:3: 'NaN' is no Ct: give a number above 0 and up to 100, or leave the field empty for "
	 "a well that did not amplify"},
	{"1,-3\n",
	 "line 1:3: '-3' is no Ct: give a number above 0 and up to 100, or leave the field empty for a "
	 "well that did not amplify"},
	{"1,101\n",
	 "line 1:3: '101' is no Ct: give a number above 0 and up to 100, or leave the field empty for "
	 "a well that did not amplify"},
	{"1,20\n0,21\n", "line 2:1: there is no pool 0: the design has 1 to 4"},
	{"1,20\n5,21\n", "line 2:1: there is no pool 5: the design has 1 to 4"},
	{"1,20\n1,21\n", "line 2:1: pool 1 stands in line 1 already: put its wells into one row"},
	{"x,20\n", "line 1:1: 'x' is no number of a pool: give 1 to 4"},
	{"1,20\n2\n",
	 "line 2: pool 2 has no Ct column: write '2,' for a pool that did not amplify"},
	{"1,1,1,1,1,1,1,1,1,1\n", "line 1:19: more than the 8 wells of a pool that are taken"},
};

START_TEST(test_a_bad_table_of_ct_is_refused_with_its_place)
{
	pw_pool_reading r[4], before = {.wells = 3};
	pw_err err = PW_ERR_INIT;
	const char *text = bad_tables[_i].text;
	r[0] = before;
	ck_assert_int_ne(pw_ct_parse(text, strlen(text), 4, r, &err), PW_OK);
	ck_assert_str_eq(err.msg, bad_tables[_i].says);
	ck_assert_int_eq(r[0].wells, 3); /* nothing is written */
}
END_TEST

Suite *suite_decode_results(void);

Suite *suite_decode_results(void)
{
	Suite *suite = suite_create("decode_results");
	TCase *tcase = tcase_create("results");
	tcase_add_test(tcase, test_a_string_of_calls_is_read);
	tcase_add_loop_test(tcase, test_a_bad_string_of_calls_is_refused_with_its_place, 0,
			    (int)(sizeof(bad_calls) / sizeof(*bad_calls)));
	tcase_add_loop_test(tcase, test_a_table_of_ct_is_read, 0,
			    (int)(sizeof(tables) / sizeof(*tables)));
	tcase_add_loop_test(tcase, test_a_bad_table_of_ct_is_refused_with_its_place, 0,
			    (int)(sizeof(bad_tables) / sizeof(*bad_tables)));
	suite_add_tcase(suite, tcase);
	return suite;
}
