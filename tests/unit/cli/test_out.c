#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/out.h"

static const pw_column columns[] = {
	{.key = "tube", .flags = PW_COL_WHOLE},
	{.key = "name", .title = "姓名"},
	{.key = "swabs", .kind = PW_COL_INT},
	{.key = "cq", .title = "Cq", .kind = PW_COL_REAL, .decimals = 2},
	{.key = "received_at", .kind = PW_COL_TIME},
	{.key = "age_s", .title = "age", .kind = PW_COL_DURATION},
	{.key = "positive", .kind = PW_COL_BOOL},
	{.key = "note", .flags = PW_COL_OPTIONAL},
	PW_COLUMNS_END,
};

static char *result, *talk;
static size_t result_size, talk_size;
static FILE *result_file, *talk_file;
static pw_out *out;
static pw_term term;

static void setup(void)
{
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	term = (pw_term){.width = 80};
	result_file = open_memstream(&result, &result_size);
	talk_file = open_memstream(&talk, &talk_size);
	out = pw_out_new(result_file, talk_file, term);
}

static void teardown(void)
{
	pw_out_free(out);
	fclose(result_file);
	fclose(talk_file);
	free(result);
	free(talk);
}

/* As setup, on a terminal of the width. */
static void on_terminal(int width, bool color)
{
	pw_out_free(out);
	out = pw_out_new(result_file, talk_file,
			 (pw_term){.out = true, .err = true, .color = color, .width = width});
}

static const char *shown(void)
{
	ck_assert_int_eq(pw_out_flush(out, NULL), PW_OK);
	fflush(result_file);
	return result;
}

static void two_rows(void)
{
	pw_out_text(out, "T-0001");
	pw_out_text(out, "王小明");
	pw_out_int(out, 10);
	pw_out_real(out, 28.456);
	pw_out_time(out, 1795413909123456);
	pw_out_duration(out, 7500 * PW_SECOND);
	pw_out_bool(out, true);
	pw_out_null(out);
	pw_out_text(out, "T-2");
	pw_out_text(out, "O'Neil, \"Ann\"");
	pw_out_int(out, -1);
	pw_out_null(out);
	pw_out_null(out);
	pw_out_duration(out, PW_SECOND / 2);
	pw_out_bool(out, false);
	pw_out_null(out);
}

START_TEST(test_table_is_aligned_by_what_characters_take)
{
	pw_out_list(out, columns);
	two_rows();
	pw_out_end(out, "tube", "tubes");
	ck_assert_str_eq(
		shown(),
		"tube    姓名           swabs     Cq  received at                       age  positive\n"
		"T-0001  王小明            10  28.46  2026-11-23T14:05:09+08:00  2 h 05 min  yes\n"
		"T-2     O'Neil, \"Ann\"     -1      -  -                                 0 s  no\n");
	fflush(talk_file);
	ck_assert_str_eq(talk, "2 tubes\n");
}
END_TEST

START_TEST(test_json_list_has_everything_in_full)
{
	pw_out_set_format(out, PW_OUT_JSON);
	pw_out_list(out, columns);
	two_rows();
	pw_out_end(out, "tube", "tubes");
	ck_assert_str_eq(
		shown(),
		"[\n"
		"  {\"tube\": \"T-0001\", \"name\": \"王小明\", \"swabs\": 10, \"cq\": 28.456, "
		"\"received_at\": \"2026-11-23T14:05:09+08:00\", \"age_s\": 7500, \"positive\": true, "
		"\"note\": null},\n"
		"  {\"tube\": \"T-2\", \"name\": \"O'Neil, \\\"Ann\\\"\", \"swabs\": -1, \"cq\": null, "
		"\"received_at\": null, \"age_s\": 0.5, \"positive\": false, \"note\": null}\n"
		"]\n");
	fflush(talk_file);
	ck_assert_str_eq(talk, "");
}
END_TEST

START_TEST(test_csv_has_a_header_and_quotes_what_it_must)
{
	pw_out_set_format(out, PW_OUT_CSV);
	pw_out_list(out, columns);
	two_rows();
	pw_out_end(out, "tube", "tubes");
	ck_assert_str_eq(shown(), "tube,name,swabs,cq,received_at,age_s,positive,note\n"
				  "T-0001,王小明,10,28.456,2026-11-23T14:05:09+08:00,7500,true,\n"
				  "T-2,\"O'Neil, \"\"Ann\"\"\",-1,,,0.5,false,\n");
}
END_TEST

static const struct {
	pw_out_format format;
	const char *out, *talk;
} empties[] = {
	{PW_OUT_TABLE, "", "no tubes\n"},
	{PW_OUT_JSON, "[]\n", ""},
	{PW_OUT_CSV, "tube,name,swabs,cq,received_at,age_s,positive,note\n", ""},
};

START_TEST(test_empty_list)
{
	pw_out_set_format(out, empties[_i].format);
	pw_out_list(out, columns);
	pw_out_end(out, "tube", "tubes");
	ck_assert_str_eq(shown(), empties[_i].out);
	fflush(talk_file);
	ck_assert_str_eq(talk, empties[_i].talk);
}
END_TEST

static const pw_column pair[] = {
	{.key = "lab_name"},
	{.key = "tubes", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
	{.key = "head", .kind = PW_COL_HASH},
	PW_COLUMNS_END,
};

static const struct {
	pw_out_format format;
	const char *out;
} objects[] = {
	{PW_OUT_TABLE,
	 "lab name  检验\n"
	 "head      0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8\n"},
	{PW_OUT_JSON, "{\n  \"lab_name\": \"检验\",\n  \"tubes\": null,\n  \"head\": "
		      "\"0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8\"\n}\n"},
	{PW_OUT_CSV, "lab_name,tubes,head\n检验,,"
		     "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8\n"},
};

START_TEST(test_object)
{
	pw_hash hash = pw_hash_bytes("", 0);
	pw_out_set_format(out, objects[_i].format);
	pw_out_object(out, pair);
	pw_out_text(out, "检验");
	pw_out_null(out);
	pw_out_hash(out, &hash);
	pw_out_end(out, NULL, NULL);
	ck_assert_str_eq(shown(), objects[_i].out);
}
END_TEST

static const pw_column texts[] = {
	{.key = "id", .flags = PW_COL_WHOLE},
	{.key = "text"},
	{.key = "hash", .kind = PW_COL_HASH},
	PW_COLUMNS_END,
};

static void wide_row(const pw_hash *hash)
{
	pw_out_list(out, texts);
	pw_out_text(out, "T-000000000000000001");
	pw_out_text(out, "北京市朝阳区第一实验小学附属幼儿园 A");
	pw_out_hash(out, hash);
	pw_out_end(out, "text", "texts");
}

START_TEST(test_terminal_shortens_texts_and_hashes_only)
{
	pw_hash hash = pw_hash_bytes("", 0);
	on_terminal(50, false);
	wide_row(&hash);
	ck_assert_str_eq(shown(), "id                    text            hash\n"
				  "T-000000000000000001  北京市朝阳区…   0e5751c026e5\n");
}
END_TEST

START_TEST(test_nothing_is_shortened_without_a_terminal)
{
	term.width = 20;
	pw_out_free(out);
	out = pw_out_new(result_file, talk_file, term);
	wide_row(NULL);
	ck_assert_str_eq(shown(),
			 "id                    text                                  hash\n"
			 "T-000000000000000001  北京市朝阳区第一实验小学附属幼儿园 A  -\n");
}
END_TEST

START_TEST(test_what_cannot_shrink_stands_over)
{
	on_terminal(20, false);
	pw_out_list(out, texts);
	pw_out_text(out, "T-000000000000000001");
	pw_out_text(out, "short");
	pw_out_null(out);
	pw_out_end(out, NULL, NULL);
	ck_assert_str_eq(shown(), "id                    text   hash\n"
				  "T-000000000000000001  short  -\n");
}
END_TEST

START_TEST(test_a_last_column_goes_on_below_itself)
{
	static const pw_column reasons[] = {{.key = "sample", .kind = PW_COL_INT},
					    {.key = "reason", .flags = PW_COL_WRAP},
					    PW_COLUMNS_END};
	on_terminal(30, false);
	pw_out_list(out, reasons);
	pw_out_int(out, 7);
	pw_out_text(out, "in 6 pools, the only explanation of pools 8 and 20");
	pw_out_int(out, 12);
	pw_out_text(out, "short");
	pw_out_int(out, 13);
	pw_out_null(out);
	pw_out_end(out, NULL, NULL);
	ck_assert_str_eq(shown(), "sample  reason\n"
				  "     7  in 6 pools, the only\n"
				  "        explanation of pools 8\n"
				  "        and 20\n"
				  "    12  short\n"
				  "    13  -\n");
}
END_TEST

START_TEST(test_header_is_bold_where_colours_are_wanted)
{
	static const pw_column one[] = {{.key = "tube"}, PW_COLUMNS_END};
	on_terminal(80, true);
	pw_out_list(out, one);
	pw_out_text(out, "T");
	pw_out_end(out, NULL, NULL);
	pw_out_object(out, one);
	pw_out_text(out, "T");
	pw_out_end(out, NULL, NULL);
	pw_out_heading(out, "options");
	ck_assert_str_eq(shown(), "\033[1mtube\033[0m\nT\n\033[1mtube\033[0m  T\n"
				  "\033[1moptions\033[0m\n");
}
END_TEST

START_TEST(test_control_characters_are_shown_not_sent)
{
	static const pw_column one[] = {{.key = "name"}, PW_COLUMNS_END};
	pw_out_list(out, one);
	pw_out_text(out, "a\nb\tc\r\033[2J\x7f\xC2\x9B\xff");
	pw_out_end(out, NULL, NULL);
	ck_assert_str_eq(shown(), "name\na\\nb\\tc\\r\\x1b[2J\\x7f\\xc2\\x9b\\xff\n");
}
END_TEST

START_TEST(test_single_column_csv_shows_an_empty_row)
{
	static const pw_column one[] = {{.key = "name"}, PW_COLUMNS_END};
	pw_out_set_format(out, PW_OUT_CSV);
	pw_out_list(out, one);
	pw_out_null(out);
	pw_out_text(out, "");
	pw_out_text(out, "x\ny");
	pw_out_end(out, NULL, NULL);
	ck_assert_str_eq(shown(), "name\n\"\"\n\"\"\n\"x\ny\"\n");
}
END_TEST

START_TEST(test_count_of_one_is_singular_and_silence_is_kept)
{
	static const pw_column one[] = {{.key = "name"}, PW_COLUMNS_END};
	pw_out_list(out, one);
	pw_out_text(out, "");
	pw_out_end(out, "person", "people");
	fflush(talk_file);
	ck_assert_str_eq(talk, "1 person\n");
	pw_out_free(out);
	out = pw_out_new(result_file, NULL, term);
	pw_out_list(out, one);
	pw_out_end(out, "person", "people");
	ck_assert_str_eq(shown(), "name\n\n");
}
END_TEST

START_TEST(test_nested_result)
{
	pw_json *json = pw_out_json(out);
	pw_json_begin_object(json);
	pw_json_key(json, "pools");
	pw_json_begin_array(json);
	pw_json_int(json, 1);
	pw_json_end_array(json);
	pw_json_end_object(json);
	ck_assert_str_eq(shown(), "{\n  \"pools\": [1]\n}\n");
}
END_TEST

START_TEST(test_a_full_disk_is_told_and_remembered)
{
	pw_err err = PW_ERR_INIT;
	FILE *full = fopen("/dev/full", "w");
	ck_assert_ptr_nonnull(full);
	pw_out *o = pw_out_new(full, NULL, term);
	ck_assert_int_eq(pw_out_flush(o, &err), PW_OK);
	pw_out_puts(o, "x");
	ck_assert_int_eq(pw_out_flush(o, &err), PW_ERR_IO);
	ck_assert_str_eq(err.msg, "standard output: the disk is full");
	ck_assert_int_eq(pw_out_flush(o, NULL), PW_ERR_IO);
	pw_out_free(o);
	fclose(full);
}
END_TEST

START_TEST(test_long_lists_are_handed_on_as_they_come)
{
	static const pw_column one[] = {{.key = "number", .kind = PW_COL_INT}, PW_COLUMNS_END};
	pw_out_set_format(out, PW_OUT_CSV);
	pw_out_list(out, one);
	for (int i = 0; i < 30000; i++)
		pw_out_int(out, i);
	fflush(result_file);
	ck_assert_uint_gt(strlen(result), 65536);
	pw_out_end(out, NULL, NULL);
	ck_assert_uint_eq(strlen(shown()), 7 + 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 20000 * 6);
}
END_TEST

START_TEST(test_misuse_aborts)
{
	freopen("/dev/null", "w", stderr);
	if (_i == 0) { /* another kind of cell */
		pw_out_list(out, columns);
		pw_out_int(out, 1);
	} else if (_i == 1) { /* half a row */
		pw_out_list(out, columns);
		pw_out_text(out, "T");
		pw_out_end(out, NULL, NULL);
	} else if (_i == 2) { /* a cell of nothing */
		pw_out_int(out, 1);
	} else if (_i == 3) { /* a list in a list */
		pw_out_list(out, columns);
		pw_out_list(out, columns);
	} else { /* an object without its row */
		pw_out_object(out, columns);
		pw_out_end(out, NULL, NULL);
	}
}
END_TEST

Suite *suite_out(void);
Suite *suite_out(void)
{
	Suite *s = suite_create("out");
	TCase *t = tcase_create("out");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_table_is_aligned_by_what_characters_take);
	tcase_add_test(t, test_json_list_has_everything_in_full);
	tcase_add_test(t, test_csv_has_a_header_and_quotes_what_it_must);
	tcase_add_loop_test(t, test_empty_list, 0, sizeof(empties) / sizeof(empties[0]));
	tcase_add_loop_test(t, test_object, 0, sizeof(objects) / sizeof(objects[0]));
	tcase_add_test(t, test_terminal_shortens_texts_and_hashes_only);
	tcase_add_test(t, test_nothing_is_shortened_without_a_terminal);
	tcase_add_test(t, test_a_last_column_goes_on_below_itself);
	tcase_add_test(t, test_what_cannot_shrink_stands_over);
	tcase_add_test(t, test_header_is_bold_where_colours_are_wanted);
	tcase_add_test(t, test_control_characters_are_shown_not_sent);
	tcase_add_test(t, test_single_column_csv_shows_an_empty_row);
	tcase_add_test(t, test_count_of_one_is_singular_and_silence_is_kept);
	tcase_add_test(t, test_nested_result);
	tcase_add_test(t, test_a_full_disk_is_told_and_remembered);
	tcase_add_test(t, test_long_lists_are_handed_on_as_they_come);
	tcase_add_loop_test_raise_signal(t, test_misuse_aborts, SIGABRT, 0, 5);
	suite_add_tcase(s, t);
	return s;
}
