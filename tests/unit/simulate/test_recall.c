#include <stdio.h>

#include "sim_help.h"

START_TEST(test_a_recalled_person_gets_a_tube_of_one)
{
	pw_world_opts opts = sim_faultless();
	opts.prevalence = 0.5;
	opts.people = 200;
	pw_world *world = sim_day(&opts);
	for (size_t i = 0; i < 200; i++) {
		char id[16], code[16];
		bool came = false;
		pw_sim_external_id(i, id);
		snprintf(code, sizeof(code), "again %zu", i);
		pw_time at = opts.day_start + PW_DAY;
		ck_assert_int_eq(pw_world_reswab(world, id, code, at, &came, NULL), PW_OK);
		ck_assert(came);
		pw_sim_tube *t = pw_sim_tube_find(world, code);
		ck_assert_int_eq(t->capacity, 1);
		ck_assert(t->human);
		ck_assert(world->subjects[i].infected == (t->viral_per_ml > 0.0));
	}
	pw_world_free(world);
}
END_TEST

START_TEST(test_each_swab_takes_its_own_share_of_the_load)
{
	pw_world_opts opts = sim_faultless();
	pw_world *world = sim_world(&opts);
	world->subjects[0].infected = true;
	world->subjects[0].load = (pw_sim_load){.age = 3.0, .rise = 1.0, .peak = 8.0, .fall = 0.5};
	bool came;
	ck_assert_int_eq(pw_world_reswab(world, "R0000001", "a", opts.day_start, &came, NULL),
			 PW_OK);
	ck_assert_int_eq(pw_world_reswab(world, "R0000001", "b", opts.day_start, &came, NULL),
			 PW_OK);
	ck_assert_double_ne(pw_sim_tube_find(world, "a")->viral_per_ml,
			    pw_sim_tube_find(world, "b")->viral_per_ml);
	pw_world_free(world);
}
END_TEST

START_TEST(test_some_do_not_come_the_first_time_but_all_the_second)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.recall_miss = 0.3;
	pw_world *world = sim_day(&opts);
	int missed = 0;
	for (size_t i = 0; i < 2000; i++) {
		char id[16], code[16];
		bool came = false;
		pw_sim_external_id(i, id);
		snprintf(code, sizeof(code), "again %zu", i);
		ck_assert_int_eq(pw_world_reswab(world, id, code, 0, &came, NULL), PW_OK);
		ck_assert(came == (pw_sim_tube_find(world, code) != NULL));
		if (came)
			continue;
		missed++;
		ck_assert_int_eq(pw_world_reswab(world, id, code, 0, &came, NULL), PW_OK);
		ck_assert(came);
	}
	ck_assert_double_eq_tol(missed / 2000.0, 0.3, 0.05);
	pw_world_free(world);
}
END_TEST

START_TEST(test_a_recall_of_nobody_or_into_a_used_tube_is_refused)
{
	pw_world_opts opts = sim_faultless();
	pw_world *world = sim_day(&opts);
	bool came;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_world_reswab(world, "R9", "x", 0, &came, &err), PW_ERR_NOT_FOUND);
	ck_assert_str_eq(err.msg, "subject 'R9' is not on the roster; take an external id from it");
	ck_assert_int_eq(pw_world_reswab(world, "R0000001", "CT00000001", 0, &came, &err),
			 PW_ERR_EXISTS);
	ck_assert_str_eq(err.msg, "tube 'CT00000001' has been used; take a new one");
	pw_world_free(world);
}
END_TEST

Suite *suite_recall(void);

Suite *suite_recall(void)
{
	Suite *suite = suite_create("recall");
	TCase *tc = tcase_create("recall");
	tcase_add_test(tc, test_a_recalled_person_gets_a_tube_of_one);
	tcase_add_test(tc, test_each_swab_takes_its_own_share_of_the_load);
	tcase_add_test(tc, test_some_do_not_come_the_first_time_but_all_the_second);
	tcase_add_test(tc, test_a_recall_of_nobody_or_into_a_used_tube_is_refused);
	suite_add_tcase(suite, tc);
	return suite;
}
