/* What is run next for the tubes that pools did not decide, until everybody has an answer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rng.h"
#include "tests/unit/lab/pool_bench.h"

static bool truth[PEOPLE + 1];

static void positives(const int *who)
{
	memset(truth, 0, sizeof(truth));
	for (; *who != 0; who++)
		truth[*who] = true;
}

static void all_right(int first, int last)
{
	for (int i = first; i <= last; i++)
		all_are(i, i, truth[i] ? "positive" : "negative");
}

static int64_t ten_in_a_pool(const char *policy)
{
	pool_policy(policy);
	singles(1, 10);
	return dorfman(10, single_list(1, 10));
}

/* ---------------------------------------------------------------- three ways to go on */

START_TEST(test_fewest_rounds_are_singles_at_once)
{
	int64_t batch = ten_in_a_pool("max_pool: 10, next: rounds");
	positives(NUMBERS(4));
	pool_work work = work_off(batch, truth);
	ck_assert_int_eq(work.rounds, 2);
	ck_assert_int_eq(work.pools, 1);
	ck_assert_int_eq(work.alone, 10);
	all_right(1, 10);
}
END_TEST

START_TEST(test_fewest_tests_are_pools_again)
{
	int64_t batch = ten_in_a_pool("max_pool: 10, next: tests");
	positives(NUMBERS(4));
	pool_work work = work_off(batch, truth);
	ck_assert_int_ge(work.rounds, 2);
	ck_assert_int_lt(work.pools - 1 + work.alone, 10);
	ck_assert_int_gt(work.pools, 1);
	all_right(1, 10);
}
END_TEST

START_TEST(test_new_pools_have_codes_places_and_a_worklist)
{
	int64_t batch = ten_in_a_pool("max_pool: 10, next: tests");
	const pw_next_opts look = {.only_look = true};
	pw_next_plan looked, plan;
	read_pools(batch, NUMBERS(1));
	int64_t facts = fact_count();
	must(pw_lab_next_wells(fx.lab, &fx.arena, batch, &look, &looked, &fx.err));
	ck_assert_int_eq(fact_count(), facts);
	ck_assert_int_gt(count_wells(&looked, PW_NEXT_NEW_POOL), 0);
	ck_assert(looked.expected_tests > 0 && looked.expected_rounds > 0);
	plan = next_wells(batch);
	ck_assert_uint_eq(plan.count, looked.count);
	for (size_t i = 0; i < plan.count; i++) {
		if (plan.wells[i].kind != PW_NEXT_NEW_POOL)
			continue;
		const pw_pool_find_row *pool = pool_row(plan.wells[i].code);
		ck_assert_str_eq(looked.wells[i].code, "");
		ck_assert_str_eq(pool->state, "planned");
		ck_assert_int_eq(pool->round, 1);
		ck_assert_int_eq(pool->place, 2);
		ck_assert_int_eq(pool->tubes, (int64_t)plan.wells[i].tube_count);
		ck_assert_str_eq(state_of(plan.wells[i].tubes[0]), "pooled");
		ck_assert_ptr_null(tube_row(plan.wells[i].tubes[0])->next);
	}
}
END_TEST

START_TEST(test_who_is_to_be_collected_again_is_recalled)
{
	int64_t batch = ten_in_a_pool("max_pool: 10, next: recollect");
	read_pools(batch, NUMBERS(1));
	pw_next_plan plan = next_wells(batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_RECOLLECT), 10);
	ck_assert_int_eq(plan.recalled, 10);
	ck_assert_int_eq(open_recalls(), 10);
	ck_assert_str_eq(state_of("T1"), "recalled");
}
END_TEST

START_TEST(test_a_command_may_go_another_way_than_the_policy)
{
	const pw_next_opts opts = {.has_prefer = true, .prefer = PW_POOL_NEXT_ROUNDS};
	pw_next_plan plan;
	int64_t batch = ten_in_a_pool("max_pool: 10, next: recollect");
	read_pools(batch, NUMBERS(1));
	must(pw_lab_next_wells(fx.lab, &fx.arena, batch, &opts, &plan, &fx.err));
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_SINGLE), 10);
}
END_TEST

/* 250 µl, of which 50 stay: after an aliquot of 20 there are 180 left, and a well takes 200. */
START_TEST(test_a_tube_that_is_used_up_is_collected_again)
{
	pw_pools_planned out;
	pool_policy("max_pool: 10, next: rounds");
	singles(1, 10);
	pw_pool_planning in = planning_of(PW_FAMILY_DORFMAN, single_list(1, 10));
	in.make.size = 5;
	in.tube_nl = 250000;
	in.dead_nl = 50000;
	must(pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err));
	make_pools(out.first_batch);
	read_pools(out.first_batch, NUMBERS(1));
	pw_next_plan plan = next_wells(out.first_batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_RECOLLECT), 5);
	ck_assert_str_eq(plan.wells[0].why, "too little is left of it for a well of its own");
	ck_assert_str_eq(state_of("T1"), "recalled");
}
END_TEST

START_TEST(test_a_well_of_its_own_uses_a_tube_up)
{
	pw_pools_planned out;
	pool_policy("max_pool: 6, confirm: singles, own_wells: 3");
	singles(1, 12);
	pw_pool_planning in = planning_of(PW_FAMILY_ARRAY, single_list(1, 12));
	in.make.dims[0] = 3;
	in.make.dims[1] = 4;
	in.make.dim_count = 2;
	in.tube_nl = 400000;
	must(pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err));
	make_pools(out.first_batch);
	read_pools(out.first_batch, NUMBERS(2, 6));
	pw_next_plan plan = next_wells(out.first_batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_SINGLE), 1);
	read_singles(NONE);
	plan = next_wells(out.first_batch);
	ck_assert_int_eq(count_wells(&plan, PW_NEXT_RECOLLECT), 1);
}
END_TEST

/* ---------------------------------------------------------------- anything, to the end */

/* A positive tube that only explains what others explain as well has no negative well: it is asked alone. */
START_TEST(test_whoever_is_only_in_positive_pools_is_asked)
{
	pool_policy("max_pool: 6, confirm: none");
	singles(1, 12);
	positives(NUMBERS(1, 2, 5));
	int64_t batch = array(3, 4, single_list(1, 12));
	pw_run_outcome run = read_pools(batch, NUMBERS(1, 2, 4, 5));
	ck_assert_int_gt(run.undecided, 0);
	all_are(6, 6, "open"); /* where row 2 and column 2 cross, and nothing asks for it */
	work_off(batch, truth);
	all_right(1, 12);
}
END_TEST

static const char *const policies[] = {
	"max_pool: 12, must_test: pooled, prevalence: 0.02, confirm: none, next: rounds",
	"max_pool: 12, must_test: pooled, prevalence: 0.02, confirm: singles, next: rounds",
	"max_pool: 12, must_test: pooled, prevalence: 0.02, confirm: singles, next: tests",
	"max_pool: 6, must_test: pooled, prevalence: 0.1, confirm: all, next: tests",
};

static int64_t some_design(pw_rng *rng, int n)
{
	const char *const *tubes = single_list(1, n);
	pw_pools_planned out;
	pw_pool_planning in = planning_of(PW_FAMILY_RANDOM, tubes);
	switch (pw_rng_below(rng, 3)) {
	case 0:
		return dorfman(2 + (uint32_t)pw_rng_below(rng, 4), tubes);
	case 1:
		return array(6, (uint32_t)(n + 5) / 6, tubes);
	default:
		in.make.pools = (uint32_t)n / 2;
		in.make.w = 3;
		in.make.seed = pw_rng_below(rng, 1000) + 1;
		in.make.samples = (size_t)n;
		if (pw_lab_plan_pools(fx.lab, &in, &out, &fx.report, &fx.err) != PW_OK)
			return dorfman(3, tubes);
		make_pools(out.first_batch);
		return out.first_batch;
	}
}

/* An accident at the bench: something is left out, or a pool is lost. */
static void mishap(pw_rng *rng, int64_t batch, int n)
{
	pw_aliquots_changed changed;
	pw_pool_done done;
	as("anna", "it happens");
	if (pw_rng_below(rng, 2) == 0)
		must(pw_lab_leave_out(fx.lab, single(1 + (int)pw_rng_below(rng, (uint64_t)n)), NULL,
				      &changed, &fx.err));
	else
		must(pw_lab_lose_pool(fx.lab, pool_of(batch, 1 + (int64_t)pw_rng_below(rng, 2)),
				      &done, &fx.err));
	as("anna", NULL);
}

START_TEST(test_everybody_is_decided_and_rightly_whatever_the_design)
{
	pw_rng rng;
	const char *given = getenv("PW_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
	seed += (uint64_t)_i;
	printf("PW_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	pw_rng_init(&rng, seed);
	pool_policy(policies[_i % COUNT(policies)]);
	int n = 12 + (int)pw_rng_below(&rng, 25);
	memset(truth, 0, sizeof(truth));
	for (int i = 1; i <= n; i++)
		truth[i] = pw_rng_below(&rng, 15) == 0;
	singles(1, n);
	int64_t batch = some_design(&rng, n);
	if (pw_rng_below(&rng, 3) == 0)
		mishap(&rng, batch, n);
	work_off(batch, truth);
	if (strcmp(batch_row(batch)->state, "held") == 0)
		return; /* an accident that looks like nonsense: a person has to look */
	for (int i = 1; i <= n; i++)
		if (strcmp(state_of(single(i)), "recalled") != 0)
			all_are(i, i, truth[i] ? "positive" : "negative");
	pw_batches_row *rows;
	size_t count;
	must(pw_q_batches(pw_lab_store(fx.lab), &fx.arena, 0, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 0);
}
END_TEST

Suite *suite_pool_next(void);
Suite *suite_pool_next(void)
{
	Suite *suite = suite_create("pool_next");
	TCase *ways = fixture_case(suite, "ways", fixture_cn);
	tcase_add_test(ways, test_fewest_rounds_are_singles_at_once);
	tcase_add_test(ways, test_fewest_tests_are_pools_again);
	tcase_add_test(ways, test_new_pools_have_codes_places_and_a_worklist);
	tcase_add_test(ways, test_who_is_to_be_collected_again_is_recalled);
	tcase_add_test(ways, test_a_command_may_go_another_way_than_the_policy);
	tcase_add_test(ways, test_a_tube_that_is_used_up_is_collected_again);
	tcase_add_test(ways, test_a_well_of_its_own_uses_a_tube_up);
	TCase *end = fixture_case(suite, "to the end", fixture_cn);
	tcase_add_test(end, test_whoever_is_only_in_positive_pools_is_asked);
	tcase_add_loop_test(end, test_everybody_is_decided_and_rightly_whatever_the_design, 0, 24);
	return suite;
}
