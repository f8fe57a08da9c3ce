#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/csv.h"
#include "core/base/text.h"
#include "core/exchange/roster.h"
#include "sim_help.h"

static char *roster(const pw_world_opts *opts)
{
	pw_world *world = sim_world(opts);
	pw_str text = PW_STR_INIT;
	pw_world_roster_csv(world, &text);
	pw_world_free(world);
	return pw_str_take(&text);
}

static int count_infected(const pw_world *world)
{
	int count = 0;
	for (size_t i = 0; i < world->subject_count; i++)
		count += world->subjects[i].kind == PW_PERSON && world->subjects[i].infected;
	return count;
}

START_TEST(test_one_seed_gives_one_roster)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	char *a = roster(&opts), *b = roster(&opts);
	ck_assert_str_eq(a, b);
	pw_free(b);
	opts.seed = 2;
	b = roster(&opts);
	ck_assert_str_ne(a, b);
	pw_free(a);
	pw_free(b);
}
END_TEST

START_TEST(test_one_seed_gives_one_truth_and_it_has_every_subject)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 500;
	opts.prevalence = 0.05;
	pw_world *a = sim_world(&opts), *b = sim_world(&opts);
	pw_str ta = PW_STR_INIT, tb = PW_STR_INIT;
	pw_world_truth_csv(a, &ta);
	pw_world_truth_csv(b, &tb);
	ck_assert_str_eq(pw_str_text(&ta), pw_str_text(&tb));
	ck_assert(pw_text_starts(pw_str_text(&ta), "person,status\nR0000001,"));
	size_t lines = 0, positive = 0;
	for (const char *p = pw_str_text(&ta); (p = strchr(p, '\n')) != NULL; p++) {
		lines++;
		positive += p >= pw_str_text(&ta) + 9 && memcmp(p - 9, ",positive", 9) == 0;
	}
	ck_assert_uint_eq(lines, 1 + pw_world_subject_count(a));
	size_t infected = 0;
	for (size_t i = 0; i < a->subject_count; i++)
		infected += a->subjects[i].infected;
	ck_assert_uint_eq(positive, infected);
	ck_assert_uint_gt(positive, 0);
	pw_str_clear(&ta);
	pw_str_clear(&tb);
	pw_world_free(a);
	pw_world_free(b);
}
END_TEST

static const struct {
	double prevalence, attack;
} tuning[] = {{0.001, 0.166}, {0.01, 0.0}, {0.01, 0.5}, {0.1, 0.166}, {0.3, 0.9}, {0.0, 0.2}};

START_TEST(test_chance_from_outside_is_tuned_to_the_asked_prevalence)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.prevalence = tuning[_i].prevalence;
	opts.attack = tuning[_i].attack;
	pw_world *world = sim_world(&opts);
	double outside = pw_sim_solve_outside(world);
	ck_assert_double_eq_tol(pw_sim_expected(world, outside), opts.prevalence, 1e-6);
	ck_assert_double_le(outside, opts.prevalence + 1e-9);
	pw_world_free(world);
}
END_TEST

START_TEST(test_prevalence_over_many_seeds_is_the_asked_one)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 3000;
	opts.prevalence = 0.02;
	double sum = 0.0;
	const int seeds = 40;
	for (int i = 0; i < seeds; i++) {
		opts.seed = 1000 + (uint64_t)i;
		pw_world *world = sim_world(&opts);
		sum += count_infected(world);
		pw_world_free(world);
	}
	/* Expected 2,400; households make the sd about 1.2 times that of independent people, 48. */
	ck_assert_double_eq_tol(sum, 0.02 * 3000 * seeds, 5 * 1.2 * 48.5);
}
END_TEST

START_TEST(test_infections_come_together_in_households)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 60000;
	opts.prevalence = 0.01;
	pw_world *world = sim_world(&opts);
	double exposed = 0, exposed_infected = 0;
	for (size_t h = 0; h < world->household_count; h++) {
		const pw_sim_household *home = &world->households[h];
		int infected = 0;
		for (int i = 0; i < home->count; i++)
			infected += world->subjects[home->first + i].infected;
		/* every infected member sees the others */
		exposed += infected * (home->count - 1);
		exposed_infected += infected * (infected - 1);
	}
	/* Both directions of a pair count, so it lies between the attack rate and twice that. */
	double rate = exposed_infected / exposed;
	ck_assert_double_gt(rate, 0.15);
	ck_assert_double_lt(rate, 0.40);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_load_rises_and_falls_and_starts_where_a_pcr_finds_it)
{
	pw_sim_load load = {.age = 0.0, .rise = 2.0, .peak = 9.0, .fall = 0.5};
	ck_assert_double_eq_tol(pw_sim_load_at(&load, 0.0), 2.5, 1e-12);
	ck_assert_double_eq_tol(pw_sim_load_at(&load, 1.0), 5.75, 1e-12);
	ck_assert_double_eq_tol(pw_sim_load_at(&load, 2.0), 9.0, 1e-12);
	ck_assert_double_eq_tol(pw_sim_load_at(&load, 8.0), 6.0, 1e-12);

	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 20000;
	opts.prevalence = 0.1;
	pw_world *world = sim_world(&opts);
	double sum = 0.0, n = 0.0;
	for (size_t i = 0; i < world->subject_count; i++) {
		if (!world->subjects[i].infected)
			continue;
		double at = pw_sim_load_at(&world->subjects[i].load, 0.0);
		ck_assert_double_ge(at, 2.5 - 1e-9);
		ck_assert_double_le(at, 9.5);
		sum += at;
		n += 1.0;
	}
	ck_assert_double_eq_tol(sum / n, 5.4, 0.4);
	pw_world_free(world);
}
END_TEST

static const char *const columns[] = {"name",      "national_id", "external_id", "phone",
				      "city",      "county",      "township",    "village",
				      "household", "group",       "kind"};

START_TEST(test_roster_rows_are_whole_and_ids_are_valid_and_different)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 4000;
	char *text = roster(&opts);
	ck_assert(pw_utf8_valid(text, strlen(text)));
	pw_csv *csv = pw_csv_new(text, strlen(text), ',');
	const pw_csv_field *row;
	size_t count, rows = 0, chinese = 0, places = 0;
	ck_assert_int_eq(pw_csv_next(csv, &row, &count, NULL), PW_OK);
	ck_assert_uint_eq(count, 11);
	for (size_t i = 0; i < 11; i++)
		ck_assert(pw_slice_eq(row[i].text, columns[i]));
	char(*ids)[24] = pw_alloc_array(5000, sizeof(*ids));
	while (pw_csv_next(csv, &row, &count, NULL) == PW_OK && count > 0) {
		ck_assert_uint_eq(count, 11);
		char expected[16];
		pw_sim_external_id(rows++, expected);
		ck_assert(pw_slice_eq(row[2].text, expected));
		ck_assert_uint_gt(row[0].text.len, 0);
		ck_assert_uint_gt(row[7].text.len, 0);
		bool place = pw_slice_eq(row[10].text, "place");
		places += place;
		ck_assert(place || row[3].text.len == 13);
		ck_assert(place || (pw_slice_eq(row[10].text, "person") && row[8].text.len == 8));
		char *id = pw_strndup(row[1].text.ptr, row[1].text.len);
		if (pw_national_id_cn_form(id)) {
			ck_assert_msg(pw_national_id_cn_valid(id), "%s", id);
			ck_assert(pw_text_starts(id, "99"));
			memcpy(ids[chinese++], id, 19);
		}
		pw_free(id);
	}
	ck_assert_uint_eq(rows, 4020);
	ck_assert_uint_eq(places, 20);
	ck_assert_uint_gt(chinese, 3300);
	qsort(ids, chinese, sizeof(*ids), (int (*)(const void *, const void *))strcmp);
	for (size_t i = 1; i < chinese; i++)
		ck_assert_str_ne(ids[i - 1], ids[i]);
	pw_free(ids);
	pw_csv_free(csv);
	pw_free(text);
}
END_TEST

START_TEST(test_roster_is_read_without_a_finding)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 12000;
	char *text = roster(&opts);
	pw_arena arena = PW_ARENA_INIT;
	pw_roster read;
	pw_report report = PW_REPORT_INIT;
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_roster_read(text, strlen(text), "roster.csv", &arena, &read, &report, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	ck_assert_msg(report.len == 0, "%s", report.len > 0 ? report.findings[0].text : "");
	ck_assert_uint_eq(read.count, 12060);
	ck_assert_uint_eq(read.wrong, 0);
	int groups[PW_GROUP_COUNT] = {0};
	for (size_t i = 0; i < read.count; i++) {
		groups[read.rows[i].group]++;
		ck_assert_int_eq(read.rows[i].kind, i < 12000 ? PW_PERSON : PW_PLACE);
	}
	for (int g = 1; g < PW_GROUP_COUNT; g++)
		ck_assert_int_gt(groups[g], 5);
	ck_assert_double_eq_tol(groups[0], 60 + 0.95 * 12000, 120);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	pw_free(text);
}
END_TEST

START_TEST(test_roster_holds_every_script_and_every_group)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 4000;
	char *text = roster(&opts);
	static const char *const piece[] = {
		"王",    "\xF0\xA0\xAE\xB7", "محمد",   "कुमार",        "O'Ta", "\"",
		"第2村", "Village 1",        "冷链箱", "Market stall"};
	for (size_t i = 0; i < sizeof(piece) / sizeof(piece[0]); i++)
		ck_assert_msg(strstr(text, piece[i]) != NULL, "no '%s'", piece[i]);
	for (int g = 0; g < PW_GROUP_COUNT; g++) {
		pw_str word = PW_STR_INIT;
		pw_str_addf(&word, ",%s,person", pw_group_name((pw_group)g));
		ck_assert_msg(strstr(text, pw_str_text(&word)) != NULL, "%s", word.ptr);
		pw_str_clear(&word);
	}
	pw_free(text);
}
END_TEST

START_TEST(test_names_are_in_normal_form)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_rng rng;
	pw_rng_init(&rng, 5);
	for (int i = 0; i < 2000; i++) {
		char *name = pw_sim_name(&arena, &rng, i % PW_SIM_SCRIPTS, pw_rng_next(&rng));
		char *nfc = pw_utf8_nfc(name);
		ck_assert_str_eq(name, nfc);
		pw_free(nfc);
	}
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_household_sizes_follow_the_census)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 50000;
	pw_world *world = sim_world(&opts);
	double count[7] = {0}, homes = 0;
	for (size_t i = 0; i < world->household_count; i++) {
		const pw_sim_household *home = &world->households[i];
		if (world->subjects[home->first].kind != PW_PERSON)
			continue;
		ck_assert(home->count >= 1 && home->count <= 6);
		count[home->count]++;
		homes++;
	}
	static const double share[7] = {0, .1453, .2437, .2686, .1756, .1003, .0663};
	for (int i = 1; i <= 6; i++)
		ck_assert_double_eq_tol(count[i] / homes, share[i], 0.015);
	pw_world_free(world);
}
END_TEST

START_TEST(test_external_ids_are_found_only_as_written)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 100;
	opts.places = 0.0;
	pw_world *world = sim_world(&opts);
	size_t index;
	ck_assert(pw_sim_subject_find(world, "R0000100", &index));
	ck_assert_uint_eq(index, 99);
	static const char *const wrong[] = {"",          "R",        "R100",
					    "R0000000",  "R0000101", "r0000001",
					    "R0000001 ", "R-000001", "R00000001"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!pw_sim_subject_find(world, wrong[i], &index), "%s", wrong[i]);
	pw_world_free(world);
}
END_TEST

/* Each case breaks one option of the good ones. */
static void break_option(pw_world_opts *o, int which)
{
	switch (which) {
	case 0:
		o->people = 0;
		break;
	case 1:
		o->pool_size = 21;
		break;
	case 2:
		o->sites = -1;
		break;
	case 3:
		o->box_size = 0;
		break;
	case 4:
		o->prevalence = 0.6;
		break;
	case 5:
		o->no_show = -0.1;
		break;
	case 6:
		o->leak = (double)NAN;
		break;
	default:
		o->control_failure = 1.5;
	}
}

START_TEST(test_an_option_out_of_range_is_refused_by_name)
{
	static const char *const expected[] = {
		"people 0: give 1 to 1000000",   "pool_size 21: give 1 to 20",
		"sites -1: give 1 to 1000",      "box_size 0: give 1 to 200",
		"prevalence 0.6: give 0 to 0.5", "no_show -0.1: give 0 to 1",
		"leak nan: give 0 to 1",         "control_failure 1.5: give 0 to 1",
	};
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	break_option(&opts, _i);
	pw_world *world = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_world_new(&opts, &world, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, expected[_i]);
	ck_assert_ptr_null(world);
}
END_TEST

START_TEST(test_the_smallest_world_works)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = opts.sites = 1;
	pw_world *world = sim_day(&opts);
	ck_assert_uint_eq(pw_world_subject_count(world), 1);
	pw_world_free(world);
	pw_world_free(NULL);
}
END_TEST

Suite *suite_world(void);

Suite *suite_world(void)
{
	Suite *suite = suite_create("world");
	TCase *tc = tcase_create("world");
	tcase_add_test(tc, test_one_seed_gives_one_roster);
	tcase_add_test(tc, test_one_seed_gives_one_truth_and_it_has_every_subject);
	tcase_add_loop_test(tc, test_chance_from_outside_is_tuned_to_the_asked_prevalence, 0, 6);
	tcase_add_test(tc, test_prevalence_over_many_seeds_is_the_asked_one);
	tcase_add_test(tc, test_infections_come_together_in_households);
	tcase_add_test(tc, test_a_load_rises_and_falls_and_starts_where_a_pcr_finds_it);
	tcase_add_test(tc, test_roster_rows_are_whole_and_ids_are_valid_and_different);
	tcase_add_test(tc, test_roster_is_read_without_a_finding);
	tcase_add_test(tc, test_roster_holds_every_script_and_every_group);
	tcase_add_test(tc, test_names_are_in_normal_form);
	tcase_add_test(tc, test_household_sizes_follow_the_census);
	tcase_add_test(tc, test_external_ids_are_found_only_as_written);
	tcase_add_loop_test(tc, test_an_option_out_of_range_is_refused_by_name, 0, 8);
	tcase_add_test(tc, test_the_smallest_world_works);
	suite_add_tcase(suite, tc);
	return suite;
}
