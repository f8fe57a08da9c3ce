#include <stdio.h>
#include <string.h>

#include "core/exchange/manifest.h"
#include "sim_help.h"

static void read_manifest(const pw_world *world, size_t box, pw_arena *arena, pw_manifest *out)
{
	pw_str text = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_err err = PW_ERR_INIT;
	pw_world_manifest_csv(world, box, &text);
	pw_status rc = pw_manifest_read(text.ptr, text.len, "box.csv", arena, out, &report, &err);
	ck_assert_msg(rc == PW_OK, "%s", err.msg);
	ck_assert_uint_eq(report.len, 0);
	ck_assert_uint_eq(out->boxes, 1);
	pw_str_clear(&text);
}

static bool is_listed(const pw_manifest *list, const pw_sim_arrival *arrival)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->rows[i].tube, arrival->tube) == 0)
			return list->rows[i].swabs == arrival->swabs;
	}
	return false;
}

START_TEST(test_every_tube_arrives_once_and_what_strays_is_missed_elsewhere)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 8000;
	opts.misboxed = 0.3;
	pw_world *world = sim_day(&opts);
	int *seen = pw_alloc_array(world->day.len, sizeof(*seen));
	size_t boxes, missing = 0, strayed = 0, leaking = 0;
	pw_arena arena = PW_ARENA_INIT;
	const pw_sim_box *box = pw_world_boxes(world, &boxes);
	for (size_t i = 0; i < boxes; i++) {
		ck_assert(i == 0 || box[i].at >= box[i - 1].at);
		pw_manifest list;
		read_manifest(world, i, &arena, &list);
		ck_assert_str_eq(list.rows[0].box, box[i].box);
		ck_assert_uint_le(list.count, 80);
		size_t listed = 0;
		for (size_t k = 0; k < box[i].arrival_count; k++) {
			const pw_sim_arrival *a = &box[i].arrivals[k];
			const pw_sim_tube *t = world->day.ptr[sim_day_index(world, a->tube)];
			seen[sim_day_index(world, a->tube)]++;
			ck_assert_int_eq(a->swabs, t->count);
			ck_assert(t->closed_at < box[i].at);
			ck_assert(a->listed == is_listed(&list, a));
			listed += a->listed;
			strayed += !a->listed;
			leaking += a->leaking;
		}
		ck_assert_uint_eq(list.count, listed + box[i].missing);
		missing += box[i].missing;
	}
	for (size_t i = 0; i < world->day.len; i++)
		ck_assert_int_eq(seen[i], 1);
	ck_assert_uint_eq(missing, strayed);
	ck_assert_uint_gt(missing, 1);
	ck_assert_uint_gt(leaking, 0);
	ck_assert_uint_lt(leaking, 20);
	pw_arena_clear(&arena);
	pw_free(seen);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_small_day_has_its_leak_and_its_stray_tube)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.people = 400;
	opts.misboxed = opts.leak = 1e-9;
	for (opts.seed = 1; opts.seed <= 20; opts.seed++) {
		pw_world *world = sim_day(&opts);
		size_t boxes, missing = 0, leaking = 0;
		const pw_sim_box *box = pw_world_boxes(world, &boxes);
		for (size_t i = 0; i < boxes; i++) {
			missing += box[i].missing;
			for (size_t k = 0; k < box[i].arrival_count; k++)
				leaking += box[i].arrivals[k].leaking;
		}
		ck_assert_uint_eq(missing, 1);
		ck_assert_uint_eq(leaking, 1);
		pw_world_free(world);
	}
}
END_TEST

/* --- codes */

typedef struct roll {
	int tubes, boxes;
	int repeat_tube, repeat_box, end_tube, end_box; /* at which call, 0 never */
	char text[32];
} roll;

static const char *roll_tube(void *ctx)
{
	roll *r = ctx;
	if (++r->tubes == r->end_tube)
		return NULL;
	snprintf(r->text, sizeof(r->text), "kit,%d", r->tubes - (r->tubes == r->repeat_tube));
	return r->text;
}

static const char *roll_box(void *ctx)
{
	roll *r = ctx;
	if (++r->boxes == r->end_box)
		return "";
	snprintf(r->text, sizeof(r->text), "crate %d", r->boxes - (r->boxes == r->repeat_box));
	return r->text;
}

START_TEST(test_codes_of_the_caller_are_used_and_quoted)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *world = sim_world(&opts);
	roll r = {0};
	pw_sim_codes codes = {roll_tube, roll_box, &r};
	ck_assert_int_eq(pw_world_swab(world, &codes, NULL), PW_OK);
	ck_assert_int_eq(r.tubes, (int)world->day.len);
	ck_assert_str_eq(world->day.ptr[0]->code, "kit,1");
	pw_str list = PW_STR_INIT;
	pw_world_manifest_csv(world, 0, &list);
	ck_assert_ptr_nonnull(strstr(list.ptr, "\ncrate "));
	ck_assert_ptr_nonnull(strstr(list.ptr, ",\"kit,"));
	pw_str_clear(&list);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_roll_that_ends_or_repeats_is_refused)
{
	static const struct {
		roll r;
		pw_status status;
		const char *text;
	} cases[] = {
		{{.end_tube = 3}, PW_ERR_ARG, "next_tube gave no code; give one for each tube"},
		{{.end_box = 2}, PW_ERR_ARG, "next_box gave no code; give one for each box"},
		{{.repeat_tube = 9},
		 PW_ERR_EXISTS,
		 "next_tube gave 'kit,8' a second time; give each code once"},
		{{.repeat_box = 2},
		 PW_ERR_EXISTS,
		 "next_box gave 'crate 1' a second time; give each code once"},
	};
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	pw_world *world = sim_world(&opts);
	roll r = cases[_i].r;
	pw_sim_codes codes = {roll_tube, roll_box, &r};
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_world_swab(world, &codes, &err), cases[_i].status);
	ck_assert_str_eq(err.msg, cases[_i].text);
	pw_world_free(world);
}
END_TEST

Suite *suite_boxes(void);

Suite *suite_boxes(void)
{
	Suite *suite = suite_create("boxes");
	TCase *tc = tcase_create("boxes");
	tcase_add_test(tc, test_every_tube_arrives_once_and_what_strays_is_missed_elsewhere);
	tcase_add_test(tc, test_a_small_day_has_its_leak_and_its_stray_tube);
	tcase_add_test(tc, test_codes_of_the_caller_are_used_and_quoted);
	tcase_add_loop_test(tc, test_a_roll_that_ends_or_repeats_is_refused, 0, 4);
	suite_add_tcase(suite, tc);
	return suite;
}
