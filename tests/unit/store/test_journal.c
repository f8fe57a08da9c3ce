#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

/* ---------------------------------------------------------------- the spelling of a fact */

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

static const pw_fact *fact_named(const char *name)
{
	for (int i = 0; i < pw_sql_fact_count; i++)
		if (strcmp(pw_sql_facts[i].name, name) == 0)
			return &pw_sql_facts[i];
	ck_abort_msg("no fact %s", name);
}

/* The data of a scan.refused/1, all texts "" but `text`: what stands between its quotes. */
static void assert_text_becomes(const char *text, const char *spelling)
{
	pw_value fields[] = {pw_value_text(""), pw_value_text(""), pw_value_text(""),
			     pw_value_text(text)};
	const pw_fact_values values = {.fact = fact_named("scan.refused/1"),
				       .envelope = {1, 2, "a", "s", NULL},
				       .fields = fields};
	pw_str out = PW_STR_INIT, expected = PW_STR_INIT;
	must(pw_fact_encode(&values, &out, &fx.err));
	pw_str_addf(
		&expected,
		"{\"actor\":\"a\",\"at\":2,\"data\":{\"code\":\"\",\"place\":\"\",\"scan\":"
		"\"\",\"text\":\"%s\"},\"fact\":\"scan.refused/1\",\"seq\":1,\"station\":\"s\"}",
		spelling);
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
		assert_text_becomes(cases[i].text, cases[i].spelling);
}
END_TEST

/* The Cq of a run.read/1 of one reading: what stands in the JSON, "" for nothing. */
static pw_status encode_cq(pw_value cq, pw_str *out, pw_err *err)
{
	const pw_fact *fact = fact_named("run.read/1");
	pw_value fields[2] = {{PW_NULL, 0, 0, NULL}, {PW_NULL, 0, 0, NULL}}, items[6];
	for (int i = 0; i < fact->field_count; i++)
		if (fact->fields[i].type == PW_TYPE_INT)
			fields[i] = pw_value_int(7);
	for (int i = 0; i < fact->item_count; i++) {
		const pw_field *f = &fact->items[i];
		items[i] = strcmp(f->name, "cq") == 0 ? cq
			   : f->optional              ? (pw_value){PW_NULL, 0, 0, NULL}
			   : f->type == PW_TYPE_INT   ? pw_value_int(3)
						      : pw_value_text("N");
	}
	const pw_fact_values values = {.fact = fact,
				       .envelope = {1, 2, "a", "s", NULL},
				       .fields = fields,
				       .items = items,
				       .item_count = 1};
	return pw_fact_encode(&values, out, err);
}

static void assert_cq_becomes(pw_value cq, const char *spelling)
{
	pw_str out = PW_STR_INIT, expected = PW_STR_INIT;
	must(encode_cq(cq, &out, &fx.err));
	pw_str_addf(&expected,
		    "{\"actor\":\"a\",\"at\":2,\"data\":{\"readings\":[{\"amp\":\"N\",%s%s%s"
		    "\"position\":3,\"target\":\"N\"}],\"run\":7},\"fact\":\"run.read/1\","
		    "\"seq\":1,\"station\":\"s\"}",
		    *spelling != '\0' ? "\"cq\":" : "", spelling, *spelling != '\0' ? "," : "");
	ck_assert_str_eq(out.ptr, expected.ptr);
	pw_str_clear(&out);
	pw_str_clear(&expected);
}

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
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_cq_becomes(pw_value_real(cases[i].value), cases[i].spelling);
}
END_TEST

START_TEST(test_what_is_absent_is_left_out)
{
	assert_cq_becomes((pw_value){PW_NULL, 0, 0, NULL}, "");
}
END_TEST

START_TEST(test_what_is_no_number_is_refused)
{
	static const double none[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
	for (size_t i = 0; i < 3; i++) {
		pw_err err = PW_ERR_INIT;
		pw_str out = PW_STR_INIT;
		ck_assert_int_eq(encode_cq(pw_value_real(none[i]), &out, &err), PW_ERR_FORMAT);
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

/* ---------------------------------------------------------------- for people */

START_TEST(test_description_hides_who_it_is)
{
	static const char body[] =
		"{\"actor\":\"anna\",\"at\":5,\"data\":{\"name\":\"Anna Ek\",\"operator\":\"anna\"},"
		"\"fact\":\"operator.added/1\",\"reason\":\"new\",\"seq\":1,\"station\":\"s\"}";
	pw_fact_summary summary;
	pw_str data = PW_STR_INIT;
	must(pw_fact_describe(body, false, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "name=••• operator=anna");
	ck_assert_str_eq(summary.name, "operator.added/1");
	ck_assert_str_eq(summary.actor, "anna");
	ck_assert_str_eq(summary.station, "s");
	ck_assert_str_eq(summary.reason, "new");
	ck_assert_int_eq(summary.at, 5);
	pw_str_truncate(&data, 0);
	must(pw_fact_describe(body, true, &summary, &data, &fx.err));
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
	must(pw_fact_describe(body.ptr, false, &summary, &data, &fx.err));
	ck_assert_uint_eq(strlen(summary.actor), 61);
	ck_assert_str_eq(summary.actor + 58, "王");
	ck_assert_str_eq(data.ptr, "before=1 now=-2");
	pw_str_clear(&body);
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
	must(pw_fact_describe(body, false, &summary, &data, &fx.err));
	ck_assert_str_eq(data.ptr, "document=d rows: 1");
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_fact_describe("{}", false, &summary, &data, &err), PW_ERR_CORRUPT);
	pw_str_clear(&data);
}
END_TEST

Suite *suite_journal(void);

Suite *suite_journal(void)
{
	Suite *suite = suite_create("journal");
	TCase *form = tcase_create("form");
	tcase_add_test(form, test_only_what_json_demands_is_escaped);
	tcase_add_test(form, test_reals_are_the_shortest_that_read_back);
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
	tcase_set_timeout(form, 60);
	suite_add_tcase(suite, form);
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
