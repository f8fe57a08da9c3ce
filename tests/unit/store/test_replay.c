/* The journal makes the tables: what facts did live, replay does again. */
#include <check.h>
#include <string.h>

#include "tests/unit/store/fixture.h"
#include "tests/unit/store/story.h"

static void tell_story(void)
{
	must(story_tell(fx.store, &fx.err));
}

/* Every table of both databases, rows in either order: the same rows. */
static void assert_same_tables(const char *a, const char *b)
{
	sqlite3 *db = raw_open(a);
	sqlite3_stmt *st;
	raw_run(db, "ATTACH '%s' AS other", b);
	ck_assert_int_eq(sqlite3_prepare_v2(db,
					    "SELECT name FROM main.sqlite_schema WHERE type = "
					    "'table' AND name <> 'attachment'",
					    -1, &st, NULL),
			 SQLITE_OK);
	int tables = 0;
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		tables++;
		ck_assert_msg(raw_int(db,
				      "SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT * "
				      "FROM other.%s)",
				      name, name) == 0,
			      "%s", name);
		ck_assert_msg(raw_int(db,
				      "SELECT (SELECT count(*) FROM main.%s) - (SELECT count(*) "
				      "FROM other.%s)",
				      name, name) == 0,
			      "%s", name);
	}
	ck_assert_int_gt(tables, 20);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

/* The fixture's database is closed; the copy is made beside it. */
static void assert_replays(const char *path)
{
	pw_store *source, *target;
	const char *copy = fixture_file("replayed.db");
	must(pw_store_open(path, &source, &fx.err));
	must(pw_store_create(copy, &target, &fx.err));
	must(pw_store_replay(source, target, NULL, NULL, &fx.err));
	pw_head a, b;
	must(pw_store_head(source, &a, &fx.err));
	must(pw_store_head(target, &b, &fx.err));
	ck_assert(a.seq == b.seq && pw_hash_eq(&a.hash, &b.hash));
	pw_store_close(source);
	pw_store_close(target);
	assert_same_tables(path, copy);
}

START_TEST(test_story_tells_every_fact)
{
	tell_story();
	for (int i = 0; i < pw_sql_fact_count; i++)
		ck_assert_msg(raw_int(fx.store->db,
				      "SELECT count(*) FROM journal WHERE body LIKE "
				      "'%%\"fact\":\"%s\"%%'",
				      pw_sql_facts[i].name) > 0,
			      "tell %s in tests/unit/store/story.c", pw_sql_facts[i].name);
}
END_TEST

START_TEST(test_story_fills_every_table)
{
	sqlite3_stmt *st;
	tell_story();
	ck_assert_int_eq(sqlite3_prepare_v2(fx.store->db,
					    "SELECT name FROM sqlite_schema WHERE type = 'table'",
					    -1, &st, NULL),
			 SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		ck_assert_msg(raw_int(fx.store->db, "SELECT count(*) FROM %s",
				      (const char *)sqlite3_column_text(st, 0)) > 0,
			      "the story leaves %s empty: tests/unit/store/story.c",
			      (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
}
END_TEST

START_TEST(test_story_replays_to_the_same_tables)
{
	tell_story();
	fixture_close();
	assert_replays(fx.path);
	assert_clean(fx.path);
}
END_TEST

START_TEST(test_empty_journal_replays_to_empty_tables)
{
	fixture_close();
	assert_replays(fx.path);
}
END_TEST

/* ---------------------------------------------------------------- facts of any kind */

/* A value of a field in the C struct that …_append takes. */
static void put_value(char *structure, const pw_field *f, const pw_value *v)
{
	void *place = structure + f->offset;
	if (f->type == PW_TYPE_TEXT)
		memcpy(place, &v->text, sizeof(v->text));
	else if (f->type == PW_TYPE_INT && f->optional)
		*(pw_opt_int *)place = (pw_opt_int){v->kind != PW_NULL, v->i};
	else if (f->type == PW_TYPE_INT)
		*(int64_t *)place = v->i;
	else if (f->type == PW_TYPE_REAL && f->optional)
		*(pw_opt_real *)place = (pw_opt_real){v->kind != PW_NULL, v->r};
	else if (f->type == PW_TYPE_REAL)
		*(double *)place = v->r;
}

static void *struct_of(const pw_fact_values *v, pw_arena *arena)
{
	const pw_fact *fact = v->fact;
	char *structure = pw_arena_alloc(arena, 1000);
	char *items = pw_arena_array(arena, v->item_count + 1, fact->item_size + 1);
	for (size_t k = 0; k < v->item_count; k++)
		for (int i = 0; i < fact->item_count; i++)
			put_value(items + k * fact->item_size, &fact->items[i],
				  &v->items[k * (size_t)fact->item_count + (size_t)i]);
	for (int i = 0; i < fact->field_count; i++) {
		if (fact->fields[i].type == PW_TYPE_LIST)
			memcpy(structure + fact->fields[i].offset, &items, sizeof(items));
		else
			put_value(structure, &fact->fields[i], &v->fields[i]);
	}
	if (fact->items != NULL)
		memcpy(structure + fact->count_offset, &v->item_count, sizeof(v->item_count));
	return structure;
}

/* Values of few kinds, so that facts meet the rows of other facts. */
static void make_common(pw_rng *rng, const pw_field *fields, int count, pw_value *v)
{
	static const char *const words[] = {"T1", "T2", "T3", "open", "S1", "assay", "expected"};
	for (int i = 0; i < count; i++) {
		if (pw_rng_chance(rng, 0.2))
			continue;
		if (fields[i].type == PW_TYPE_INT)
			v[i] = pw_value_int((int64_t)pw_rng_below(rng, 4));
		else if (fields[i].type == PW_TYPE_TEXT)
			v[i] = pw_value_text(words[pw_rng_below(rng, 7)]);
	}
}

/* One fact drawn at random: recorded, or refused and undone. */
static bool append_any(pw_rng *rng)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_fact_values v;
	pw_err err = PW_ERR_INIT;
	int number = (int)pw_rng_below(rng, (uint64_t)pw_sql_fact_count);
	const pw_fact *fact = &pw_sql_facts[number];
	draw_fact(rng, fact, &arena, &v);
	make_common(rng, fact->fields, fact->field_count, v.fields);
	for (size_t k = 0; k < v.item_count; k++)
		make_common(rng, fact->items, fact->item_count,
			    v.items + k * (size_t)fact->item_count);
	fx.now += (pw_time)pw_rng_below(rng, 1000);
	must(pw_store_begin(fx.store, v.envelope.reason, &fx.err));
	pw_status rc = pw_fact_append(fx.store, number, struct_of(&v, &arena), &err);
	rc = pw_store_end(fx.store, rc, &err);
	ck_assert_msg(rc == PW_OK || rc == PW_ERR_EXISTS, "%s: %s", fact->name, err.msg);
	pw_arena_clear(&arena);
	return rc == PW_OK;
}

START_TEST(test_any_facts_replay_to_the_same_tables)
{
	pw_rng rng;
	pw_rng_init(&rng, test_seed());
	int recorded = 0, refused = 0;
	must(pw_store_relax(fx.store, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	for (int i = 0; i < 3000; i++) {
		bool ok = append_any(&rng);
		recorded += ok ? 1 : 0;
		refused += ok ? 0 : 1;
	}
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	ck_assert_int_gt(recorded, 500);
	ck_assert_int_gt(refused, 100);
	fixture_close();
	assert_replays(fx.path);
	/* A log drawn at random has kept no files: all that is found is about those. */
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	fixture_open();
	must(pw_store_verify_deep(fx.store, &report, &head, NULL, NULL, &fx.err));
	for (size_t i = 0; i < report.len; i++)
		ck_assert_msg(strncmp(report.findings[i].text, "kept file ", 10) == 0, "%s",
			      report.findings[i].text);
	ck_assert_int_eq(head.seq, recorded);
	pw_report_clear(&report);
}
END_TEST

/* ---------------------------------------------------------------- the way there */

typedef struct calls {
	int64_t count, last, total;
} calls;

static void count_calls(void *ctx, int64_t done, int64_t total)
{
	calls *c = ctx;
	ck_assert_int_gt(done, c->last);
	*c = (calls){c->count + 1, done, total};
}

START_TEST(test_progress_is_told)
{
	calls replayed = {0, 0, 0}, verified = {0, 0, 0};
	pw_report report = PW_REPORT_INIT;
	pw_head head;
	must(pw_store_relax(fx.store, &fx.err));
	must(pw_store_begin(fx.store, NULL, &fx.err));
	for (int64_t i = 1; i <= 4100; i++)
		must(register_people(fx.store, i, 1, &fx.err));
	must(pw_store_end(fx.store, PW_OK, &fx.err));
	pw_store *target;
	must(pw_store_create(fixture_file("replayed.db"), &target, &fx.err));
	must(pw_store_replay(fx.store, target, count_calls, &replayed, &fx.err));
	pw_store_close(target);
	ck_assert(replayed.count == 2 && replayed.last == 4000 && replayed.total == 4100);
	must(pw_store_verify(fx.store, &report, &head, count_calls, &verified, &fx.err));
	ck_assert(verified.count == 2 && verified.last == 4000 && verified.total == 4100);
	ck_assert_uint_eq(report.len, 0);
}
END_TEST

START_TEST(test_replay_into_a_database_with_facts_is_refused)
{
	pw_store *target;
	pw_err err = PW_ERR_INIT;
	pw_head head;
	must(append_site(fx.store, "S1", &fx.err));
	must(pw_store_create(fixture_file("other.db"), &target, &fx.err));
	fixture_session(target);
	must(append_site(target, "S2", &fx.err));
	ck_assert_int_ne(pw_store_replay(fx.store, target, NULL, NULL, &err), PW_OK);
	ck_assert_msg(strncmp(err.msg, "fact 1: ", 8) == 0, "%s", err.msg);
	must(pw_store_head(target, &head, &fx.err));
	ck_assert_int_eq(head.seq, 1);
	must(append_site(target, "S3", &fx.err));
	pw_store_close(target);
	assert_clean(fixture_file("other.db"));
}
END_TEST

static void assert_replay_fails(const char *says)
{
	pw_store *target;
	pw_err err = PW_ERR_INIT;
	pw_head head;
	fixture_open();
	must(pw_store_create(fixture_file("other.db"), &target, &fx.err));
	ck_assert_int_ne(pw_store_replay(fx.store, target, NULL, NULL, &err), PW_OK);
	ck_assert_msg(strstr(err.msg, says) != NULL, "%s", err.msg);
	must(pw_store_head(target, &head, &fx.err));
	ck_assert_int_eq(head.seq, 0);
	pw_store_close(target);
}

START_TEST(test_replay_names_a_fact_that_it_does_not_know)
{
	must(append_site(fx.store, "S1", &fx.err));
	must(append_site(fx.store, "S2", &fx.err));
	must(append_site(fx.store, "S3", &fx.err));
	fixture_close();
	tamper(fx.path, "UPDATE journal SET body = replace(body, 'site.added', 'site.eaten') "
			"WHERE seq = 2");
	assert_replay_fails("fact 2: this program knows no fact 'site.eaten/1'");
}
END_TEST

START_TEST(test_replay_names_a_fact_whose_place_is_taken)
{
	must(append_site(fx.store, "S1", &fx.err));
	must(append_site(fx.store, "S2", &fx.err));
	fixture_close();
	tamper(fx.path, "UPDATE journal SET body = replace(body, 'S2', 'S1') WHERE seq = 2");
	assert_replay_fails("fact 2: site.added/1: the place is taken");
}
END_TEST

START_TEST(test_replay_of_a_journal_that_is_no_journal_fails)
{
	must(append_site(fx.store, "S1", &fx.err));
	fixture_close();
	tamper(fx.path, "UPDATE journal SET body = '[]'");
	assert_replay_fails("fact 1");
}
END_TEST

Suite *suite_replay(void);

Suite *suite_replay(void)
{
	Suite *suite = suite_create("replay");
	TCase *replay = tcase_create("replay");
	tcase_add_checked_fixture(replay, fixture_setup, fixture_teardown);
	tcase_add_test(replay, test_story_tells_every_fact);
	tcase_add_test(replay, test_story_fills_every_table);
	tcase_add_test(replay, test_story_replays_to_the_same_tables);
	tcase_add_test(replay, test_empty_journal_replays_to_empty_tables);
	tcase_add_test(replay, test_any_facts_replay_to_the_same_tables);
	tcase_add_test(replay, test_progress_is_told);
	tcase_add_test(replay, test_replay_into_a_database_with_facts_is_refused);
	tcase_add_test(replay, test_replay_names_a_fact_that_it_does_not_know);
	tcase_add_test(replay, test_replay_names_a_fact_whose_place_is_taken);
	tcase_add_test(replay, test_replay_of_a_journal_that_is_no_journal_fails);
	tcase_set_timeout(replay, 120);
	suite_add_tcase(suite, replay);
	return suite;
}
