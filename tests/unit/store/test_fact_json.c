/* A fact's one spelling: to JSON, back, and for people. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/store/fixture.h"

/* ---------------------------------------------------------------- the spelling of a fact */

/* A fact of the test's own, whatever the laboratory's become: {"list":[{"cq":…,"n":…}],"text":…} */
static const pw_field own_fields[] = {{"list", PW_TYPE_LIST, false, false, 0, ""},
				      {"text", PW_TYPE_TEXT, false, false, 0, ""}};
static const pw_field own_items[] = {{"cq", PW_TYPE_REAL, true, false, 0, ""},
				     {"n", PW_TYPE_INT, false, false, 0, ""}};
static const pw_fact own = {.name = "own/1",
			    .fields = own_fields,
			    .field_count = 2,
			    .items = own_items,
			    .item_count = 2};

static pw_status encode(const char *text, pw_value cq, int64_t n, pw_str *out, pw_err *err)
{
	pw_value fields[2] = {{PW_NULL, 0, 0, NULL}, pw_value_text(text)};
	pw_value items[2] = {cq, pw_value_int(n)};
	const pw_fact_values values = {.fact = &own,
				       .envelope = {1, 2, "a", "s", NULL},
				       .fields = fields,
				       .items = items,
				       .item_count = 1};
	return pw_fact_encode(&values, out, err);
}

static const pw_value nothing = {PW_NULL, 0, 0, NULL};

/* The record of the list, and the text, as they stand in the JSON. */
static void assert_becomes(const char *text, pw_value cq, int64_t n, const char *record,
			   const char *spelling)
{
	pw_str out = PW_STR_INIT, expected = PW_STR_INIT;
	must(encode(text, cq, n, &out, &fx.err));
	pw_str_addf(&expected,
		    "{\"actor\":\"a\",\"at\":2,\"data\":{\"list\":[{%s}],\"text\":\"%s\"},"
		    "\"fact\":\"own/1\",\"seq\":1,\"station\":\"s\"}",
		    record, spelling);
	ck_assert_str_eq(out.ptr, expected.ptr);
	pw_str_clear(&out);
	pw_str_clear(&expected);
}

START_TEST(test_only_what_json_demands_is_escaped)
{
	static const struct {
		const char *text, *spelling;
	} cases[] = {
		{"", ""},
		{"plain / text", "plain / text"},
		{"\"", "\\\""},
		{"a\\b", "a\\\\b"},
		{"\b\f\n\r\t", "\\u0008\\u000c\\u000a\\u000d\\u0009"},
		{"\x01x\x1f", "\\u0001x\\u001f"},
		{"\x7f", "\x7f"},
		{"é王\xf0\x9f\xa7\xaa", "é王\xf0\x9f\xa7\xaa"},
		{"\xe2\x80\xa8", "\xe2\x80\xa8"},
		{"\xef\xbf\xbf", "\xef\xbf\xbf"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_becomes(cases[i].text, nothing, 5, "\"n\":5", cases[i].spelling);
}
END_TEST

START_TEST(test_reals_are_the_shortest_that_read_back)
{
	static const struct {
		double value;
		const char *spelling;
	} cases[] = {
		{28.5, "28.5"},
		{0.1, "0.1"},
		{39.99, "39.99"},
		{40.0, "40"},
		{0.0, "0"},
		{-0.0, "0"},
		{-1.25, "-1.25"},
		{1e300, "1e+300"},
		{1e-9, "1e-09"},
		{1.0 / 3.0, "0.3333333333333333"},
		{5e-324, "4.94065645841247e-324"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char record[60];
		snprintf(record, sizeof(record), "\"cq\":%s,\"n\":5", cases[i].spelling);
		assert_becomes("", pw_value_real(cases[i].value), 5, record, "");
	}
}
END_TEST

START_TEST(test_integers_are_written_whole)
{
	assert_becomes("", nothing, 0, "\"n\":0", "");
	assert_becomes("", nothing, -10, "\"n\":-10", "");
	assert_becomes("", nothing, INT64_MAX, "\"n\":9223372036854775807", "");
	assert_becomes("", nothing, INT64_MIN, "\"n\":-9223372036854775808", "");
}
END_TEST

START_TEST(test_what_is_absent_is_left_out)
{
	assert_becomes("", nothing, 5, "\"n\":5", "");
}
END_TEST

START_TEST(test_what_is_no_number_is_refused)
{
	static const double none[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
	for (size_t i = 0; i < 3; i++) {
		pw_err err = PW_ERR_INIT;
		pw_str out = PW_STR_INIT;
		ck_assert_int_eq(encode("", pw_value_real(none[i]), 5, &out, &err), PW_ERR_FORMAT);
		ck_assert_str_eq(err.msg, "cq is not a number; nothing was recorded");
		pw_str_clear(&out);
	}
}
END_TEST

/* strcmp's order, in which the encoder walks, and every name a plain word. */
static void assert_sorted(const pw_fact *fact, const pw_field *fields, int count)
{
	for (int i = 0; i < count; i++) {
		ck_assert_msg(strspn(fields[i].name, "abcdefghijklmnopqrstuvwxyz_") ==
				      strlen(fields[i].name),
			      "%s: %s", fact->name, fields[i].name);
		if (i > 0)
			ck_assert_msg(strcmp(fields[i - 1].name, fields[i].name) < 0,
				      "%s: %s before %s", fact->name, fields[i - 1].name,
				      fields[i].name);
	}
}

START_TEST(test_declared_fields_are_in_the_order_of_their_keys)
{
	ck_assert_int_gt(pw_sql_fact_count, 0);
	ck_assert_int_eq(pw_fact_count(), pw_sql_fact_count);
	for (int i = 0; i < pw_sql_fact_count; i++) {
		const pw_fact *fact = &pw_sql_facts[i];
		int lists = 0;
		assert_sorted(fact, fact->fields, fact->field_count);
		assert_sorted(fact, fact->items, fact->item_count);
		for (int k = 0; k < fact->field_count; k++)
			lists += fact->fields[k].type == PW_TYPE_LIST ? 1 : 0;
		ck_assert_msg(lists == (fact->items != NULL ? 1 : 0), "%s", fact->name);
		pw_fact_info info = pw_fact_info_at(i);
		ck_assert_ptr_eq(info.name, fact->name);
		ck_assert_int_eq(info.field_count, fact->field_count);
		ck_assert_int_eq(info.item_count, fact->item_count);
	}
}
END_TEST

/* ---------------------------------------------------------------- there and back */

static void assert_same_value(const pw_field *f, const pw_value *a, const pw_value *b)
{
	ck_assert_msg(a->kind == b->kind, "%s", f->name);
	if (a->kind == PW_INT)
		ck_assert_msg(a->i == b->i, "%s: %lld, %lld", f->name, (long long)a->i,
			      (long long)b->i);
	else if (a->kind == PW_TEXT)
		ck_assert_str_eq(a->text, b->text);
	else if (a->kind == PW_REAL)
		ck_assert_msg(!(a->r < b->r) && !(a->r > b->r), "%s: %.17g, %.17g", f->name, a->r,
			      b->r);
}

static void assert_same_fact(const pw_fact_values *a, const pw_fact_values *b)
{
	const pw_fact *fact = a->fact;
	ck_assert_ptr_eq(fact, b->fact);
	ck_assert(a->envelope.seq == b->envelope.seq && a->envelope.at == b->envelope.at);
	ck_assert_str_eq(a->envelope.actor, b->envelope.actor);
	ck_assert_str_eq(a->envelope.station, b->envelope.station);
	ck_assert_pstr_eq(a->envelope.reason, b->envelope.reason);
	for (int i = 0; i < fact->field_count; i++)
		if (fact->fields[i].type != PW_TYPE_LIST)
			assert_same_value(&fact->fields[i], &a->fields[i], &b->fields[i]);
	ck_assert_uint_eq(a->item_count, b->item_count);
	for (size_t i = 0; i < a->item_count * (size_t)fact->item_count; i++)
		assert_same_value(&fact->items[i % (size_t)fact->item_count], &a->items[i],
				  &b->items[i]);
}

START_TEST(test_every_fact_reads_back_as_it_was)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	for (int i = 0; i < pw_sql_fact_count; i++)
		for (int round = 0; round < 100; round++) {
			pw_arena arena = PW_ARENA_INIT;
			pw_fact_values drawn, back;
			pw_str first = PW_STR_INIT, again = PW_STR_INIT;
			draw_fact(&rng, &pw_sql_facts[i], &arena, &drawn);
			must(pw_fact_encode(&drawn, &first, &fx.err));
			must(pw_fact_decode(first.ptr, first.len, &arena, &back, &fx.err));
			assert_same_fact(&drawn, &back);
			must(pw_fact_encode(&back, &again, &fx.err));
			ck_assert_str_eq(first.ptr, again.ptr);
			pw_str_clear(&first);
			pw_str_clear(&again);
			pw_arena_clear(&arena);
		}
}
END_TEST

/* Whatever the bytes, decode says yes or no; what it says yes to has one spelling. */
START_TEST(test_damaged_facts_are_read_or_refused)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	int read = 0;
	for (int round = 0; round < 4000; round++) {
		pw_arena arena = PW_ARENA_INIT;
		pw_fact_values drawn, back;
		pw_err err = PW_ERR_INIT;
		pw_str body = PW_STR_INIT;
		draw_fact(&rng, &pw_sql_facts[pw_rng_below(&rng, (uint64_t)pw_sql_fact_count)],
			  &arena, &drawn);
		must(pw_fact_encode(&drawn, &body, &fx.err));
		for (uint64_t n = 1 + pw_rng_below(&rng, 3); n > 0; n--)
			body.ptr[pw_rng_below(&rng, body.len)] =
				"\"{}[],:0129-+eE.\\ntu\x01\xff az"[pw_rng_below(&rng, 26)];
		if (pw_fact_decode(body.ptr, body.len, &arena, &back, &err) == PW_OK) {
			pw_str spelling = PW_STR_INIT;
			must(pw_fact_encode(&back, &spelling, &fx.err));
			must(pw_fact_decode(spelling.ptr, spelling.len, &arena, &drawn, &fx.err));
			assert_same_fact(&back, &drawn);
			pw_str_clear(&spelling);
			read++;
		} else {
			ck_assert_int_eq(err.status, PW_ERR_CORRUPT);
			ck_assert_str_ne(err.msg, "");
		}
		pw_str_clear(&body);
		pw_arena_clear(&arena);
	}
	ck_assert_int_gt(read, 0);
}
END_TEST

static const struct {
	const char *body, *says;
} refusals[] = {
	{"", "it is not JSON"},
	{"[", "it is not JSON"},
	{"[]", "missing"},
	{"{}", "'seq' is missing"},
	{"{\"seq\":1} x", "it is not JSON"},
	{"{\"seq\":1,\"seq\":1}", "it is not JSON: duplicate object key"},
	{"{\"seq\":\"1\"}", "'seq' is of another type"},
	{"{\"seq\":1.0}", "'seq' is of another type"},
	{"{\"seq\":9223372036854775808}", "it is not JSON: too big integer"},
	{"{\"seq\":1,\"at\":2,\"actor\":null}", "'actor' is of another type"},
	{"{\"seq\":1,\"at\":2,\"actor\":\"a\"}", "'station' is missing"},
	{"{\"seq\":1,\"at\":2,\"actor\":\"a\",\"station\":\"s\",\"reason\":3}",
	 "'reason' is of another type"},
	{"{\"seq\":1,\"at\":2,\"actor\":\"a\",\"station\":\"s\"}", "does not say what fact it is"},
	{"{\"seq\":1,\"at\":2,\"actor\":\"a\",\"station\":\"s\",\"fact\":7}",
	 "does not say what fact it is"},
	{"{\"seq\":1,\"at\":2,\"actor\":\"a\",\"station\":\"s\",\"fact\":\"tube.eaten/1\"}",
	 "this program knows no fact 'tube.eaten/1'"},
#define ENVELOPE(fact, rest) \
	"{\"seq\":1,\"at\":2,\"actor\":\"a\",\"station\":\"s\",\"fact\":\"" fact "\"" rest "}"
	{ENVELOPE("site.added/1", ""), "a record is no object"},
	{ENVELOPE("site.added/1", ",\"data\":[]"), "a record is no object"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"n\"}"), "'site' is missing"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"n\",\"site\":5}"),
	 "'site' is of another type"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"n\",\"site\":\"s\",\"x\":1}"),
	 "a field that its declaration has not"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"n\",\"site\":\"s\"},\"more\":1"),
	 "a field that no fact has"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"a\\u0000b\",\"site\":\"s\"}"),
	 "it is not JSON"},
	{ENVELOPE("site.added/1", ",\"data\":{\"name\":\"\xff\",\"site\":\"s\"}"),
	 "it is not JSON"},
	{ENVELOPE("roster.linked/1", ",\"data\":{\"document\":\"d\"}"), "its list is missing"},
	{ENVELOPE("roster.linked/1", ",\"data\":{\"document\":\"d\",\"rows\":{}}"),
	 "its list is missing"},
	{ENVELOPE("roster.linked/1", ",\"data\":{\"document\":\"d\",\"rows\":[7]}"),
	 "a record is no object"},
	{ENVELOPE("roster.linked/1", ",\"data\":{\"document\":\"d\",\"rows\":[{\"line\":1}]}"),
	 "'subject' is missing"},
	{ENVELOPE("roster.linked/1",
		  ",\"data\":{\"document\":\"d\",\"rows\":[{\"line\":1,\"subject\":1.5}]}"),
	 "'subject' is of another type"},
};

START_TEST(test_what_is_no_fact_is_refused)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_fact_values values;
	pw_err err = PW_ERR_INIT;
	const char *body = refusals[_i].body;
	ck_assert_int_eq(pw_fact_decode(body, strlen(body), &arena, &values, &err), PW_ERR_CORRUPT);
	ck_assert_msg(strstr(err.msg, refusals[_i].says) != NULL, "%s: %s", body, err.msg);
	pw_arena_clear(&arena);
}
END_TEST

/* ---------------------------------------------------------------- for people */

START_TEST(test_description_hides_who_it_is)
{
	static const char body[] =
		"{\"actor\":\"anna\",\"at\":5,\"data\":{\"name\":\"Anna Ek\",\"operator\":\"anna\"},"
		"\"fact\":\"operator.added/1\",\"reason\":\"new\",\"seq\":1,\"station\":\"s\"}";
	pw_fact_summary summary;
	pw_str data = PW_STR_INIT;
	must(pw_fact_describe(body, false, false, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "name=••• operator=anna");
	ck_assert_str_eq(summary.name, "operator.added/1");
	ck_assert_str_eq(summary.actor, "anna");
	ck_assert_str_eq(summary.station, "s");
	ck_assert_str_eq(summary.reason, "new");
	ck_assert_int_eq(summary.at, 5);
	pw_str_truncate(&data, 0);
	must(pw_fact_describe(body, true, false, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "name=Anna Ek operator=anna");
	pw_str_clear(&data);
}
END_TEST

START_TEST(test_description_is_cut_between_characters)
{
	pw_str body = PW_STR_INIT, data = PW_STR_INIT;
	pw_fact_summary summary;
	pw_str_add(&body, "{\"actor\":\"a");
	for (int i = 0; i < 40; i++)
		pw_str_add(&body, "王");
	pw_str_add(&body, "\",\"at\":5,\"data\":{\"before\":1,\"now\":-2},\"fact\":"
			  "\"clock.accepted/1\",\"seq\":1,\"station\":\"s\"}");
	must(pw_fact_describe(body.ptr, false, false, &summary, &data, &fx.err));
	ck_assert_uint_eq(strlen(summary.actor), 61);
	ck_assert_str_eq(summary.actor + 58, "王");
	ck_assert_str_eq(data.ptr, "before=1 now=-2");
	pw_str_clear(&body);
	pw_str_clear(&data);
}
END_TEST

START_TEST(test_description_hides_who_is_in_a_list)
{
	static const char body[] = ENVELOPE(
		"subjects.registered/1",
		",\"data\":{\"subjects\":[{\"grp\":\"medical\",\"kind\":\"person\",\"name\":"
		"\"Ann\",\"phone\":\"138\",\"region\":2,\"subject\":7}]}");
	pw_fact_summary summary;
	pw_str data = PW_STR_INIT;
	must(pw_fact_describe(body, false, true, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "subjects: 1 [grp=medical kind=person name=••• phone=••• "
				   "region=2 subject=7]");
	pw_str_truncate(&data, 0);
	must(pw_fact_describe(body, true, true, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "subjects: 1 [grp=medical kind=person name=Ann phone=138 "
				   "region=2 subject=7]");
	pw_str_clear(&data);
}
END_TEST

START_TEST(test_description_counts_a_list)
{
	static const char body[] =
		ENVELOPE("roster.linked/1",
			 ",\"data\":{\"document\":\"d\",\"rows\":[{\"line\":1,\"subject\":2}]}");
	pw_fact_summary summary;
	pw_str data = PW_STR_INIT;
	must(pw_fact_describe(body, false, false, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "document=d rows: 1");
	pw_str_truncate(&data, 0);
	must(pw_fact_describe(body, false, true, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "document=d rows: 1 [line=1 subject=2]");
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_fact_describe("{}", false, false, &summary, &data, &err),
			 PW_ERR_CORRUPT);
	pw_str_clear(&data);
}
END_TEST

Suite *suite_fact_json(void);

Suite *suite_fact_json(void)
{
	Suite *suite = suite_create("fact_json");
	TCase *form = tcase_create("form");
	tcase_add_test(form, test_only_what_json_demands_is_escaped);
	tcase_add_test(form, test_reals_are_the_shortest_that_read_back);
	tcase_add_test(form, test_integers_are_written_whole);
	tcase_add_test(form, test_what_is_absent_is_left_out);
	tcase_add_test(form, test_what_is_no_number_is_refused);
	tcase_add_test(form, test_declared_fields_are_in_the_order_of_their_keys);
	tcase_add_test(form, test_every_fact_reads_back_as_it_was);
	tcase_add_test(form, test_damaged_facts_are_read_or_refused);
	tcase_add_loop_test(form, test_what_is_no_fact_is_refused, 0,
			    (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(form, test_description_hides_who_it_is);
	tcase_add_test(form, test_description_is_cut_between_characters);
	tcase_add_test(form, test_description_counts_a_list);
	tcase_add_test(form, test_description_hides_who_is_in_a_list);
	tcase_set_timeout(form, 60);
	suite_add_tcase(suite, form);
	return suite;
}
