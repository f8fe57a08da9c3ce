#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/collection.h"
#include "sim_help.h"

/* A laboratory that keeps the rules of the scanning table, and nothing else. */
typedef struct table_tube {
	int capacity, count;
	bool closed;
} table_tube;

typedef struct table {
	const pw_world *world;
	table_tube *tubes; /* by position in world->day */
	int *tube_of;      /* by subject, -1 */
} table;

static table table_new(const pw_world *world)
{
	table t = {.world = world};
	t.tubes = pw_alloc_array(world->day.len + 1, sizeof(*t.tubes));
	t.tube_of = pw_alloc_array(world->subject_count, sizeof(*t.tube_of));
	for (size_t i = 0; i < world->subject_count; i++)
		t.tube_of[i] = -1;
	return t;
}

static void table_free(table *t)
{
	pw_free(t->tubes);
	pw_free(t->tube_of);
}

static pw_sim_fault try_add(table *t, const pw_sim_step *step, int tube)
{
	size_t subject;
	table_tube *in = &t->tubes[tube];
	if (!pw_sim_subject_find(t->world, step->subject, &subject))
		return PW_SIM_UNKNOWN_SUBJECT;
	if (t->tube_of[subject] == tube) {
		ck_assert_int_lt(in->count, in->capacity); /* one reason, not two */
		return PW_SIM_PERSON_TWICE;
	}
	ck_assert_int_gt(in->capacity, 0);
	ck_assert(!in->closed);
	if (in->count == in->capacity)
		return PW_SIM_OVER_FULL;
	ck_assert_int_eq(t->tube_of[subject], -1);
	t->tube_of[subject] = tube;
	in->count++;
	return PW_SIM_RIGHT;
}

/* Does what the step says, or gives the reason why not. */
static pw_sim_fault perform(table *t, const pw_sim_step *step)
{
	int tube = sim_day_index(t->world, step->tube);
	table_tube *in = &t->tubes[tube];
	if (step->action == PW_SIM_ADD)
		return try_add(t, step, tube);
	if (step->action == PW_SIM_OPEN) {
		if (in->closed)
			return PW_SIM_TUBE_USED;
		ck_assert_int_eq(in->capacity, 0);
		in->capacity = step->capacity;
		return PW_SIM_RIGHT;
	}
	if (in->count != step->count)
		return PW_SIM_WRONG_COUNT;
	in->closed = true;
	return PW_SIM_RIGHT;
}

START_TEST(test_right_steps_are_taken_and_slips_refused_for_their_reason)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.wrong_scan = 0.02;
	opts.offline = 0.0;
	opts.seed = (uint64_t)_i;
	pw_world *world = sim_day(&opts);
	table t = table_new(world);
	size_t count;
	const pw_sim_step *step = pw_world_steps(world, &count);
	for (size_t i = 0; i < count; i++) {
		pw_sim_fault got = perform(&t, &step[i]);
		ck_assert_msg(got == step[i].fault, "step %zu %s: %s, expected %s", i,
			      pw_sim_action_name(step[i].action), pw_sim_fault_name(got),
			      pw_sim_fault_name(step[i].fault));
	}
	for (size_t i = 0; i < world->day.len; i++)
		ck_assert(t.tubes[i].closed);
	for (size_t i = 0; i < world->subject_count; i++)
		ck_assert(world->subjects[i].no_show == (t.tube_of[i] < 0));
	table_free(&t);
	pw_world_free(world);
}
END_TEST

static void count_faults(const pw_world *world, int by_kind[PW_SIM_FAULT_COUNT])
{
	size_t count;
	const pw_sim_step *step = pw_world_steps(world, &count);
	memset(by_kind, 0, PW_SIM_FAULT_COUNT * sizeof(*by_kind));
	for (size_t i = 0; i < count; i++)
		by_kind[step[i].fault]++;
}

START_TEST(test_every_kind_of_slip_happens_once_at_least_and_about_at_its_rate)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 300;
	opts.wrong_scan = 1e-9;
	int kinds[PW_SIM_FAULT_COUNT];
	for (opts.seed = 1; opts.seed <= 20; opts.seed++) {
		pw_world *world = sim_day(&opts);
		count_faults(world, kinds);
		for (int f = 1; f < PW_SIM_FAULT_COUNT; f++)
			ck_assert_int_eq(kinds[f], 1);
		pw_world_free(world);
	}
	opts.people = 20000;
	opts.wrong_scan = 0.01;
	pw_world *world = sim_day(&opts);
	count_faults(world, kinds);
	int slips = 0;
	for (int f = 1; f < PW_SIM_FAULT_COUNT; f++) {
		ck_assert_int_gt(kinds[f], 5);
		slips += kinds[f];
	}
	/* Some chances fall on a tube where that slip cannot happen, or has happened. */
	ck_assert_double_gt(slips, 0.6 * 0.01 * kinds[PW_SIM_RIGHT]);
	ck_assert_double_lt(slips, 1.1 * 0.01 * kinds[PW_SIM_RIGHT]);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_day_without_faults_has_none)
{
	pw_world_opts opts = sim_faultless();
	pw_world *world = sim_day(&opts);
	int kinds[PW_SIM_FAULT_COUNT];
	count_faults(world, kinds);
	size_t boxes, people = 0;
	for (int f = 1; f < PW_SIM_FAULT_COUNT; f++)
		ck_assert_int_eq(kinds[f], 0);
	const pw_sim_box *box = pw_world_boxes(world, &boxes);
	for (size_t i = 0; i < boxes; i++) {
		ck_assert_uint_eq(box[i].missing, 0);
		for (size_t k = 0; k < box[i].arrival_count; k++) {
			ck_assert(box[i].arrivals[k].listed && !box[i].arrivals[k].leaking);
			people += (size_t)box[i].arrivals[k].swabs;
		}
	}
	ck_assert_uint_eq(people, pw_world_subject_count(world));
	pw_world_free(world);
}
END_TEST

START_TEST(test_steps_run_forward_in_time_and_name_who_and_where)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 6000;
	pw_world *world = sim_day(&opts);
	size_t count;
	const pw_sim_step *step = pw_world_steps(world, &count);
	ck_assert_uint_gt(count, 4000);
	for (size_t i = 0; i < count; i++) {
		ck_assert(i == 0 || step[i].at >= step[i - 1].at);
		ck_assert(step[i].at > opts.day_start);
		ck_assert(step[i].at < opts.day_start + 12 * PW_HOUR);
		ck_assert(step[i].site >= 1 && step[i].site <= 3); /* 4 is off line */
		char prefix[16];
		snprintf(prefix, sizeof(prefix), "S%02d-C", step[i].site);
		ck_assert(pw_text_starts(step[i].collector, prefix));
		ck_assert((step[i].subject[0] != '\0') == (step[i].action == PW_SIM_ADD));
		ck_assert((step[i].capacity > 0) == (step[i].action == PW_SIM_OPEN));
		ck_assert((step[i].count > 0) == (step[i].action == PW_SIM_CLOSE));
	}
	pw_world_free(world);
}
END_TEST

START_TEST(test_must_test_groups_and_places_are_alone_and_households_together)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 5000;
	opts.pool_size = 10;
	pw_world *world = sim_day(&opts);
	int *tube_of_home = pw_alloc_array(world->household_count, sizeof(int));
	double pooled = 0, pools = 0;
	for (size_t i = 0; i < world->day.len; i++) {
		const pw_sim_tube *t = world->day.ptr[i];
		ck_assert(t->count >= 1 && t->count <= t->capacity);
		for (int k = 0; k < t->count; k++) {
			const pw_sim_subject *s = &world->subjects[t->members[k]];
			bool single = s->kind == PW_PLACE || pw_group_must_test(s->group);
			ck_assert_int_eq(t->capacity, single ? 1 : 10);
			int *home = &tube_of_home[s->household];
			if (single)
				continue;
			ck_assert(*home == 0 || *home == (int)i + 1);
			*home = (int)i + 1;
		}
		pooled += t->capacity > 1 ? t->count : 0;
		pools += t->capacity > 1;
	}
	ck_assert_double_gt(pooled / pools, 9.5);
	pw_free(tube_of_home);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_household_larger_than_a_pool_is_split)
{
	pw_world_opts opts = sim_faultless();
	opts.pool_size = 2 - _i; /* 2, then 1: everybody alone */
	opts.people = 1000;
	pw_world *world = sim_day(&opts);
	int people = 0;
	for (size_t i = 0; i < world->day.len; i++) {
		ck_assert_int_le(world->day.ptr[i]->count, opts.pool_size);
		people += world->day.ptr[i]->count;
	}
	ck_assert_int_eq(people, (int)pw_world_subject_count(world));
	pw_world_free(world);
}
END_TEST

START_TEST(test_who_does_not_come_is_about_the_asked_share)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 20000;
	opts.no_show = 0.1;
	pw_world *world = sim_day(&opts);
	int here = 0;
	for (size_t i = 0; i < world->day.len; i++)
		here += world->day.ptr[i]->count;
	ck_assert_double_eq_tol(1.0 - (here - 100) / 20000.0, 0.1, 0.01);
	pw_world_free(world);
}
END_TEST

START_TEST(test_nobody_comes_and_nothing_breaks)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.no_show = 1.0;
	opts.places = 0.0;
	pw_world *world = sim_day(&opts);
	size_t steps, boxes;
	pw_world_steps(world, &steps);
	pw_world_boxes(world, &boxes);
	ck_assert_uint_eq(steps, 0);
	ck_assert_uint_eq(boxes, 0);
	pw_world_free(world);
}
END_TEST

/* --- logs */

static void read_log(const pw_str *text, pw_arena *arena, pw_collection *out)
{
	pw_report report = PW_REPORT_INIT;
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_collection_read(text->ptr, text->len, "log.csv", arena, out, &report, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	ck_assert_msg(report.len == 0, "%s", report.len > 0 ? report.findings[0].text : "");
	pw_report_clear(&report);
}

START_TEST(test_an_offline_site_keeps_a_log_of_its_own)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *world = sim_day(&opts);
	ck_assert(!pw_world_site_offline(world, 1) && !pw_world_site_offline(world, 3));
	ck_assert(pw_world_site_offline(world, 4));
	pw_str text = PW_STR_INIT;
	pw_world_log_csv(world, 1, &text);
	ck_assert_str_eq(text.ptr, "at,action,tube,subject,capacity,count,collector\n");
	pw_str_truncate(&text, 0);
	pw_world_log_csv(world, 4, &text);
	pw_arena arena = PW_ARENA_INIT;
	pw_collection log;
	read_log(&text, &arena, &log);
	table t = table_new(world);
	for (size_t i = 0; i < log.count; i++) {
		const pw_collection_row *row = &log.rows[i];
		ck_assert(i == 0 || row->at >= log.rows[i - 1].at);
		ck_assert(pw_text_starts(row->collector, "S04-C"));
		pw_sim_step step = {.tube = row->tube,
				    .subject = row->subject,
				    .capacity = row->capacity,
				    .count = row->count,
				    .action = (pw_sim_action)row->action};
		ck_assert_int_eq(perform(&t, &step), PW_SIM_RIGHT);
	}
	for (size_t i = 0; i < world->day.len; i++) {
		const pw_sim_tube *tube = world->day.ptr[i];
		ck_assert(t.tubes[i].closed == (tube->site == 4));
		ck_assert_int_eq(t.tubes[i].count, tube->site == 4 ? tube->count : 0);
	}
	table_free(&t);
	pw_arena_clear(&arena);
	pw_str_clear(&text);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_day_is_swabbed_once)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *world = sim_day(&opts);
	ck_assert_int_eq(pw_world_swab(world, NULL, NULL), PW_ERR_EXISTS);
	pw_world_free(world);
}
END_TEST

START_TEST(test_one_seed_gives_one_day)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *a = sim_day(&opts), *b = sim_day(&opts);
	size_t na, nb;
	const pw_sim_step *sa = pw_world_steps(a, &na), *sb = pw_world_steps(b, &nb);
	ck_assert_uint_eq(na, nb);
	for (size_t i = 0; i < na; i++) {
		ck_assert(sa[i].at == sb[i].at && sa[i].fault == sb[i].fault);
		ck_assert_str_eq(sa[i].tube, sb[i].tube);
		ck_assert_str_eq(sa[i].subject, sb[i].subject);
	}
	for (size_t i = 0; i < a->day.len; i++)
		ck_assert_double_eq(a->day.ptr[i]->viral_per_ml, b->day.ptr[i]->viral_per_ml);
	pw_world_free(a);
	pw_world_free(b);
}
END_TEST

Suite *suite_swabs(void);

Suite *suite_swabs(void)
{
	Suite *suite = suite_create("swabs");
	TCase *steps = tcase_create("steps");
	tcase_set_timeout(steps, 30);
	tcase_add_loop_test(steps, test_right_steps_are_taken_and_slips_refused_for_their_reason, 1,
			    6);
	tcase_add_test(steps, test_every_kind_of_slip_happens_once_at_least_and_about_at_its_rate);
	tcase_add_test(steps, test_a_day_without_faults_has_none);
	tcase_add_test(steps, test_steps_run_forward_in_time_and_name_who_and_where);
	tcase_add_test(steps, test_must_test_groups_and_places_are_alone_and_households_together);
	tcase_add_loop_test(steps, test_a_household_larger_than_a_pool_is_split, 0, 2);
	tcase_add_test(steps, test_who_does_not_come_is_about_the_asked_share);
	tcase_add_test(steps, test_nobody_comes_and_nothing_breaks);
	tcase_add_test(steps, test_an_offline_site_keeps_a_log_of_its_own);
	tcase_add_test(steps, test_one_seed_gives_one_day);
	tcase_add_test(steps, test_a_day_is_swabbed_once);
	suite_add_tcase(suite, steps);
	return suite;
}
