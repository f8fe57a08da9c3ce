#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/base/mem.h"

/* Reads all of `text` and writes it as "[a|b][c]", errors as "!line:column!". */
static void read_all(const char *text, size_t n, char delimiter, pw_str *out)
{
	pw_csv *csv = pw_csv_new(text, n, delimiter);
	const pw_csv_field *row;
	size_t count;
	for (;;) {
		pw_err err = PW_ERR_INIT;
		pw_status rc = pw_csv_next(csv, &row, &count, &err);
		if (rc != PW_OK) {
			int line, column;
			pw_csv_error_place(csv, &line, &column);
			pw_str_addf(out, "!%d:%d!", line, column);
			char front[40];
			snprintf(front, sizeof(front), "line %d:%d: ", line, column);
			ck_assert_msg(pw_text_starts(err.msg, front), "%s", err.msg);
			ck_assert_int_eq(err.status, rc);
			continue;
		}
		if (count == 0)
			break;
		for (size_t i = 0; i < count; i++) {
			pw_str_add_char(out, i == 0 ? '[' : '|');
			pw_str_add_n(out, row[i].text.ptr, row[i].text.len);
		}
		pw_str_add_char(out, ']');
	}
	pw_csv_free(csv);
}

static const struct {
	const char *text, *rows;
} cases[] = {
	{"", ""},
	{"a", "[a]"},
	{"a,b\n", "[a|b]"},
	{"a,b\r\nc,d\re,f\ng,h", "[a|b][c|d][e|f][g|h]"},
	{"a,b,\n", "[a|b|]"},
	{",\n", "[|]"},
	{",,,", "[|||]"},
	/* empty rows, of whatever white space, are passed over */
	{"\n\r\n  \t \na,b\n\n\v\f\n", "[a|b]"},
	{" \t", ""},
	{"a,b\n ,\n", "[a|b][ |]"},
	/* quotes */
	{"\"a\",\"b\"\n", "[a|b]"},
	{"\"\"\n", "[]"},
	{"\"\",\"\"", "[|]"},
	{"\"a,b\",c", "[a,b|c]"},
	{"\"a\"\"b\",\"\"\"\",c", "[a\"b|\"|c]"},
	{"\"\"\"a\"\"\",\"\"\"\"\"\"", "[\"a\"|\"\"]"},
	{"\"a\nb\",\"c\r\nd\",\"e\rf\"\ng,h,i", "[a\nb|c\r\nd|e\rf][g|h|i]"},
	{"5\" pipe,a\"b\"\n", "[5\" pipe|a\"b\"]"},
	{" \"a\",b", "[ \"a\"|b]"},
	{"x,\" a \"", "[x| a ]"},
	/* broken rows are named and passed over */
	{"a,b\n\"c,d\ne,f", "[a|b]!2:1![e|f]"},
	{"a,\"b\"c,d\ne,f", "!1:6![e|f]"},
	{"a,\"b\" ,d\ne,f", "!1:6![e|f]"},
	{"a,\"b\ne,\"f\"\ng,h", "!1:3![e|f][g|h]"},
	{"\"", "!1:1!"},
	{"\"\"\"", "!1:1!"},
	{"\"a\"\"", "!1:1!"},
	{"\"a\nb\",\"c\"d\ng,h", "!2:7![g|h]"},
	{"\"\"\"\n\"\"\n\"\"\n", "!1:1![][]"},
};

START_TEST(test_rows_and_fields)
{
	pw_str out = PW_STR_INIT;
	read_all(cases[_i].text, strlen(cases[_i].text), ',', &out);
	ck_assert_str_eq(pw_str_text(&out), cases[_i].rows);
	pw_str_clear(&out);
}
END_TEST

static const struct {
	const char *text;
	char delimiter;
} guesses[] = {
	{"", ','},
	{"a", ','},
	{"a,b", ','},
	{"a;b", ';'},
	{"a\tb", '\t'},
	{"a,b;c", ','},
	{"a;b;c,d", ';'},
	{"a\tb\tc;d", '\t'},
	{"\"a;b;c;d\",e\nx;y;z", ','},
	{"\"a,b,c\";\"d\"", ';'},
	{"\n \t\n\r\na;b\n1,2,3,4", ';'},
	{"\"a,b\nc,d\";e;f", ';'},
	{"5\" a;b;c", ';'},
	{"\"never closed;a;b", ','},
};

START_TEST(test_the_delimiter_is_found)
{
	pw_csv *csv = pw_csv_new(guesses[_i].text, strlen(guesses[_i].text), '\0');
	ck_assert_int_eq(pw_csv_delimiter(csv), guesses[_i].delimiter);
	ck_assert_int_eq(pw_csv_line(csv), 0);
	pw_csv_free(csv);
}
END_TEST

START_TEST(test_a_given_delimiter_is_kept)
{
	pw_str out = PW_STR_INIT;
	read_all("a,b|c;d|e", 9, '|', &out);
	ck_assert_str_eq(pw_str_text(&out), "[a,b|c;d|e]");
	pw_str_clear(&out);
	read_all("a,b\n", 4, ';', &out);
	ck_assert_str_eq(pw_str_text(&out), "[a,b]");
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_positions_count_lines_and_characters)
{
	static const char text[] = "\n"
				   "\xE5\xBC\xA0\xE4\xB8\x89,b\r\n" /* two Chinese characters */
				   "\r"
				   "\"x\r\ny\xC3\xA9\"\"\",z,\"q\"\n"
				   "last,\xF0\x9F\xA7\xAA,end";
	static const struct {
		size_t field;
		int row_line, line, column;
		bool quoted;
	} expected[] = {
		{0, 2, 2, 1, false}, {1, 2, 2, 4, false}, {0, 4, 4, 1, true},  {1, 4, 5, 7, false},
		{2, 4, 5, 9, true},  {0, 6, 6, 1, false}, {1, 6, 6, 6, false}, {2, 6, 6, 8, false},
	};
	pw_csv *csv = pw_csv_new(text, sizeof(text) - 1, ',');
	const pw_csv_field *row = NULL;
	size_t count = 0;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (expected[i].field == 0)
			ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
		ck_assert_uint_lt(expected[i].field, count);
		ck_assert_int_eq(pw_csv_line(csv), expected[i].row_line);
		ck_assert_int_eq(row[expected[i].field].line, expected[i].line);
		ck_assert_int_eq(row[expected[i].field].column, expected[i].column);
		ck_assert_int_eq(row[expected[i].field].quoted, expected[i].quoted);
	}
	pw_csv_free(csv);
}
END_TEST

START_TEST(test_the_text_of_a_row_is_as_it_stands)
{
	static const char text[] = " a,\"b\nc\" \"\n x , \"y\"\"\r\n\"p\"q,r\n\"1\n2\",3";
	pw_csv *csv = pw_csv_new(text, sizeof(text) - 1, ',');
	const pw_csv_field *row;
	size_t count;
	/* The quote that opens at 1:4 swallows a line; reading goes on at the next one. */
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_ERR_FORMAT);
	ck_assert(pw_slice_eq(pw_csv_row_text(csv), " a,\"b"));
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert(pw_slice_eq(pw_csv_row_text(csv), "c\" \""));
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert(pw_slice_eq(pw_csv_row_text(csv), " x , \"y\"\""));
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_ERR_FORMAT);
	ck_assert(pw_slice_eq(pw_csv_row_text(csv), "\"p\"q,r"));
	ck_assert_int_eq(pw_csv_line(csv), 4);
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert(pw_slice_eq(pw_csv_row_text(csv), "\"1\n2\",3"));
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 0);
	ck_assert_ptr_null(row);
	pw_csv_free(csv);
}
END_TEST

START_TEST(test_texts_of_errors_say_what_to_do)
{
	static const struct {
		const char *text, *message;
	} told[] = {
		{"a\n\"b", "line 2:1: the quote that opens here is never closed: close it, or take "
			   "it off"},
		{"a,\"b\"c", "line 1:6: text right behind a closing quote: double the quotes that "
			     "belong to the text"},
		{"\xE5\xBC\xA0,\"b\n\"c",
		 "line 1:3: the quote that opens here is closed on a later "
		 "line with text right behind it: close it, or take it off"},
	};
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		pw_csv *csv = pw_csv_new(told[i].text, strlen(told[i].text), ',');
		const pw_csv_field *row = NULL;
		size_t count = 77;
		pw_err err = PW_ERR_INIT;
		pw_status rc;
		do {
			rc = pw_csv_next(csv, &row, &count, &err);
		} while (rc == PW_OK && count > 0);
		ck_assert_int_eq(rc, PW_ERR_FORMAT);
		ck_assert_str_eq(err.msg, told[i].message);
		pw_csv_free(csv);
	}
}
END_TEST

START_TEST(test_a_row_of_too_many_fields_is_a_limit)
{
	pw_str text = PW_STR_INIT;
	for (int i = 0; i < 9999; i++)
		pw_str_add_char(&text, ',');
	pw_str_add_char(&text, '\n');
	for (int i = 0; i < 10000; i++)
		pw_str_add_char(&text, ',');
	pw_str_add(&text, "\nlast,1");
	pw_csv *csv = pw_csv_new(text.ptr, text.len, ',');
	const pw_csv_field *row;
	size_t count;
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 10000);
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_ERR_LIMIT);
	ck_assert_int_eq(pw_csv_line(csv), 2);
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert(pw_slice_eq(row[0].text, "last"));
	pw_csv_free(csv);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_a_field_of_more_than_a_mebibyte_is_a_limit)
{
	const size_t mebibyte = (size_t)1 << 20;
	for (int quoted = 0; quoted < 2; quoted++)
		for (size_t extra = 0; extra < 2; extra++) {
			pw_str text = PW_STR_INIT;
			pw_str_add(&text, quoted ? "\"" : "");
			for (size_t i = 0; i < mebibyte + extra; i++)
				pw_str_add_char(&text, 'x');
			pw_str_add(&text, quoted ? "\"\nb" : "\nb");
			pw_csv *csv = pw_csv_new(text.ptr, text.len, ',');
			const pw_csv_field *row;
			size_t count;
			ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL),
					 extra == 0 ? PW_OK : PW_ERR_LIMIT);
			ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
			ck_assert(pw_slice_eq(row[0].text, "b"));
			pw_csv_free(csv);
			pw_str_clear(&text);
		}
}
END_TEST

START_TEST(test_a_nul_is_a_character_like_others)
{
	pw_str out = PW_STR_INIT;
	read_all("a\0b,c\n\0", 7, ',', &out);
	ck_assert_uint_eq(out.len, 10);
	ck_assert(memcmp(out.ptr, "[a\0b|c][\0]", 10) == 0);
	pw_str_clear(&out);
}
END_TEST

static const struct {
	const char *field, *written;
	char delimiter;
} written[] = {
	{"", "", ','},
	{"abc", "abc", ','},
	{"=1+1", "=1+1", ','},
	{"-5", "-5", ','},
	{"@x", "@x", ','},
	{"a,b", "\"a,b\"", ','},
	{"a,b", "a,b", ';'},
	{"a;b", "\"a;b\"", ';'},
	{"a\tb", "\"a\tb\"", '\t'},
	{"a\"b", "\"a\"\"b\"", ','},
	{"\"", "\"\"\"\"", ','},
	{"a\nb", "\"a\nb\"", ','},
	{"a\rb", "\"a\rb\"", ','},
	{" a", "\" a\"", ','},
	{"a ", "\"a \"", ','},
	{" ", "\" \"", ','},
};

START_TEST(test_a_field_is_quoted_when_it_has_to_be)
{
	pw_str out = PW_STR_INIT;
	pw_str_add(&out, "<");
	pw_csv_write(&out, written[_i].field, written[_i].delimiter);
	ck_assert_str_eq(out.ptr + 1, written[_i].written);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_what_is_written_reads_back)
{
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		pw_str out = PW_STR_INIT;
		pw_str_add(&out, "x");
		pw_str_add_char(&out, written[i].delimiter);
		pw_csv_write(&out, written[i].field, written[i].delimiter);
		pw_csv *csv = pw_csv_new(out.ptr, out.len, written[i].delimiter);
		const pw_csv_field *row;
		size_t count;
		ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
		ck_assert_uint_eq(count, 2);
		ck_assert(pw_slice_eq(row[1].text, written[i].field));
		pw_csv_free(csv);
		pw_str_clear(&out);
	}
}
END_TEST

START_TEST(test_a_column_is_found_by_any_of_its_names)
{
	static const char text[] = "ID, Name ,\"PHONE\",\xE5\xA7\x93\xE5\x90\x8D,name\n";
	pw_csv *csv = pw_csv_new(text, sizeof(text) - 1, ',');
	const pw_csv_field *row;
	size_t n;
	ck_assert_int_eq(pw_csv_next(csv, &row, &n, NULL), PW_OK);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){"id", NULL}), 0);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){"NAME", NULL}), 1);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){"phone", NULL}), 2);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){"phone number", "tel", NULL}),
			 -1);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){"pho", NULL}), -1);
	/* the best name wins, not the leftmost column */
	ck_assert_int_eq(
		pw_csv_find(row, n,
			    (const char *const[]){"\xE5\xA7\x93\xE5\x90\x8D", "name", NULL}),
		3);
	ck_assert_int_eq(pw_csv_find(row, n, (const char *const[]){NULL}), -1);
	pw_csv_free(csv);
}
END_TEST

static const struct {
	const char *text;
	char delimiter;
	bool taken;
	double value;
} numbers[] = {
	{"25.5", ',', true, 25.5},
	{"25,5", ';', true, 25.5},
	{"25,5", ',', false, 0},
	{"-1e-3", ';', true, -1e-3},
	{"", ',', false, 0},
	{"inf", ',', false, 0},
	{"0.00000000000000000000000000000000000000000000000000000000001", ',', false, 0},
	{"0.0000000000000000000000000000000000000000000000000000000001", ',', true, 1e-58},
};

START_TEST(test_a_comma_is_a_point_where_it_is_no_delimiter)
{
	double value = 7;
	ck_assert(pw_csv_real(pw_slice_of(numbers[_i].text), numbers[_i].delimiter, &value) ==
		  numbers[_i].taken);
	if (numbers[_i].taken)
		ck_assert_double_eq_tol(value, numbers[_i].value, 1e-15 * fabs(value));
}
END_TEST

START_TEST(test_a_comment_begins_outside_of_quotes)
{
	static const char text[] = "# one\n  #two,2\n\"# three\",3\nfour,# 4\n";
	static const bool comment[] = {true, true, false, false};
	pw_csv *csv = pw_csv_new(text, sizeof(text) - 1, ',');
	const pw_csv_field *row;
	size_t count;
	for (size_t i = 0; i < sizeof(comment) / sizeof(*comment); i++) {
		ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
		ck_assert(pw_csv_is_comment(row) == comment[i]);
	}
	pw_csv_free(csv);
}
END_TEST

START_TEST(test_freeing_nothing_is_allowed)
{
	pw_csv_free(NULL);
	pw_csv *csv = pw_csv_new(NULL, 0, '\0');
	const pw_csv_field *row;
	size_t count = 5;
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 0);
	pw_csv_free(csv);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_csv(void);

Suite *suite_csv(void)
{
	Suite *s = suite_create("csv");
	TCase *tc = tcase_create("reading");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_loop_test(tc, test_rows_and_fields, 0, COUNT(cases));
	tcase_add_loop_test(tc, test_the_delimiter_is_found, 0, COUNT(guesses));
	tcase_add_test(tc, test_a_given_delimiter_is_kept);
	tcase_add_test(tc, test_positions_count_lines_and_characters);
	tcase_add_test(tc, test_the_text_of_a_row_is_as_it_stands);
	tcase_add_test(tc, test_texts_of_errors_say_what_to_do);
	tcase_add_test(tc, test_a_row_of_too_many_fields_is_a_limit);
	tcase_add_test(tc, test_a_field_of_more_than_a_mebibyte_is_a_limit);
	tcase_add_test(tc, test_a_nul_is_a_character_like_others);
	tcase_add_test(tc, test_a_column_is_found_by_any_of_its_names);
	tcase_add_test(tc, test_freeing_nothing_is_allowed);
	tcase_add_loop_test(tc, test_a_comma_is_a_point_where_it_is_no_delimiter, 0,
			    COUNT(numbers));
	tcase_add_test(tc, test_a_comment_begins_outside_of_quotes);
	suite_add_tcase(s, tc);
	tc = tcase_create("writing");
	tcase_add_loop_test(tc, test_a_field_is_quoted_when_it_has_to_be, 0, COUNT(written));
	tcase_add_test(tc, test_what_is_written_reads_back);
	suite_add_tcase(s, tc);
	return s;
}
