#include <math.h>
#include <stdio.h>

#include "core/simulate/chemistry.h"
#include "sim_help.h"

/* A world of one tube with a known content. */
typedef struct bench {
	pw_world *world;
	pw_sim_tube *tube;
	pw_sim_plate plate;
	pw_sim_well well;
	pw_sim_run run;
	char barcode[32];
} bench;

static bench bench_new(pw_world_opts opts, double viral_per_ml)
{
	opts.people = 10;
	bench b = {.world = sim_world(&opts)};
	b.tube = pw_sim_tube_add(b.world, "T1", 1);
	b.tube->human = true;
	b.tube->viral_per_ml = viral_per_ml;
	b.plate = (pw_sim_plate){.run = "run", .format = PW_PLATE_96, .count = 1};
	b.well = (pw_sim_well){.well = {2, 3}, .content = PW_SIM_TUBE, .tube = "T1"};
	b.run = (pw_sim_run){.failure = PW_SIM_NO_FAILURE};
	return b;
}

/* The well on plate number `n`: other draws for each. */
static void amplify(bench *b, int n, pw_sim_fate fate[3])
{
	snprintf(b->barcode, sizeof(b->barcode), "P%d", n);
	b->plate.barcode = b->barcode;
	b->plate.wells = &b->well;
	pw_sim_amplify(b->world, &b->plate, &b->run, &b->well,
		       b->well.content == PW_SIM_TUBE ? b->tube : NULL, sim_targets, 3, fate);
}

typedef struct moments {
	double n, sum, squares;
} moments;

static void add(moments *m, double x)
{
	m->n += 1.0;
	m->sum += x;
	m->squares += x * x;
}

static double mean(const moments *m)
{
	return m->sum / m->n;
}

static double sd(const moments *m)
{
	return sqrt(m->squares / m->n - mean(m) * mean(m));
}

/* Cq of one target over many plates. */
static moments cq_of(bench *b, int target, int plates)
{
	moments m = {0};
	for (int i = 0; i < plates; i++) {
		pw_sim_fate fate[3];
		amplify(b, i, fate);
		if (fate[target].amplifies)
			add(&m, fate[target].cq);
	}
	return m;
}

START_TEST(test_cq_follows_the_standard_curve)
{
	/* 1e6 copies/mL: 200,000 in, 40 % out, 5 of 60 µL: 6,667 copies. */
	bench b = bench_new(sim_faultless(), 1e6);
	moments n1 = cq_of(&b, 0, 3000), n2 = cq_of(&b, 1, 3000);
	double expected = PW_SIM_INTERCEPT - PW_SIM_SLOPE * log10(1e6 * 0.2 * 0.4 * 5.0 / 60.0);
	ck_assert_double_eq(n1.n, 3000);
	ck_assert_double_eq_tol(mean(&n1), expected, 0.05);
	ck_assert_double_eq_tol(mean(&n2), expected + 0.4, 0.05);
	/* 0.28 of the curve and 0.1 × 3.24 of the yield */
	ck_assert_double_eq_tol(sd(&n1), 0.43, 0.04);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_tenfold_dilution_is_3_24_cycles)
{
	moments previous = {0};
	for (int decade = 9; decade >= 5; decade--) {
		bench b = bench_new(sim_faultless(), pow(10.0, decade));
		moments m = cq_of(&b, 0, 1500);
		if (decade < 9)
			ck_assert_double_eq_tol(mean(&m) - mean(&previous), PW_SIM_SLOPE, 0.08);
		previous = m;
		pw_world_free(b.world);
	}
}
END_TEST

START_TEST(test_few_copies_are_late_and_sometimes_lost)
{
	/* One copy a reaction on average: lost in exp(-1) and a little more for the yield's spread. */
	bench b = bench_new(sim_faultless(), 1.0 / (0.2 * 0.4 * 5.0 / 60.0));
	moments m = cq_of(&b, 0, 4000);
	ck_assert_double_eq_tol(1.0 - m.n / 4000.0, 0.40, 0.04);
	ck_assert_double_gt(mean(&m), 37.0);
	ck_assert_double_lt(mean(&m), 39.6);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_internal_control_is_27_and_does_not_see_the_virus)
{
	bench b = bench_new(sim_faultless(), 1e8);
	moments m = cq_of(&b, 2, 3000);
	ck_assert_double_eq(m.n, 3000);
	ck_assert_double_eq_tol(mean(&m), 27.0, 0.06);
	ck_assert_double_eq_tol(sd(&m), 0.58, 0.05);
	b.tube->human = false;
	m = cq_of(&b, 2, 3000);
	ck_assert_double_eq_tol(mean(&m), 31.0, 0.1);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_a_clean_tube_has_no_virus_and_a_control_what_it_should)
{
	bench b = bench_new(sim_faultless(), 0.0);
	for (int i = 0; i < 200; i++) {
		pw_sim_fate fate[3];
		b.well.content = PW_SIM_TUBE;
		amplify(&b, i, fate);
		ck_assert(!fate[0].amplifies && !fate[1].amplifies && fate[2].amplifies);
		b.well.content = PW_SIM_NTC;
		amplify(&b, i, fate);
		ck_assert(!fate[0].amplifies && !fate[1].amplifies && !fate[2].amplifies);
		b.well.content = PW_SIM_NEC;
		amplify(&b, i, fate);
		ck_assert(!fate[0].amplifies && !fate[1].amplifies && fate[2].amplifies);
		b.well.content = PW_SIM_PC;
		amplify(&b, i, fate);
		ck_assert(fate[0].amplifies && fate[1].amplifies && fate[2].amplifies);
		ck_assert_double_eq_tol(fate[0].cq, 28.0, 1.5);
	}
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_what_a_kit_leaves_out_of_its_controls_is_not_there)
{
	bench b = bench_new(sim_faultless(), 0.0);
	pw_sim_target rp = sim_targets[2];
	rp.not_in_pc = rp.not_in_nec = true;
	b.plate.barcode = "P";
	for (int content = PW_SIM_NEC; content <= PW_SIM_PC; content++) {
		pw_sim_fate fate;
		b.well.content = (pw_sim_content)content;
		pw_sim_amplify(b.world, &b.plate, &b.run, &b.well, NULL, &rp, 1, &fate);
		ck_assert(!fate.amplifies);
	}
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_failed_extraction_takes_everything_at_its_rate)
{
	pw_world_opts opts = sim_faultless();
	opts.extraction_failure = 0.1;
	bench b = bench_new(opts, 1e6);
	int failed = 0;
	for (int i = 0; i < 5000; i++) {
		pw_sim_fate fate[3];
		amplify(&b, i, fate);
		ck_assert(fate[0].amplifies == fate[2].amplifies);
		failed += !fate[2].amplifies;
	}
	ck_assert_double_eq_tol(failed / 5000.0, 0.1, 0.02);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_an_extract_keeps_its_copies_and_another_has_its_own)
{
	bench b = bench_new(sim_faultless(), 1e6);
	b.plate.barcode = "P1";
	b.well.extraction_plate = "E1";
	b.well.extraction_well = (pw_well){0, 0};
	pw_sim_extract first = pw_sim_extract_draw(b.world, &b.plate, &b.well, b.tube);
	b.plate.barcode = "P2";
	b.well.well = (pw_well){7, 11};
	pw_sim_extract again = pw_sim_extract_draw(b.world, &b.plate, &b.well, b.tube);
	ck_assert_int_eq(first.viral, again.viral);
	ck_assert_double_eq(first.internal_cq, again.internal_cq);
	b.well.extraction_well = (pw_well){0, 1};
	pw_sim_extract other = pw_sim_extract_draw(b.world, &b.plate, &b.well, b.tube);
	ck_assert_int_ne(first.viral, other.viral);
	b.well.extraction_plate = "E2";
	b.well.extraction_well = (pw_well){0, 0};
	other = pw_sim_extract_draw(b.world, &b.plate, &b.well, b.tube);
	ck_assert_int_ne(first.viral, other.viral);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_a_repeated_pcr_differs_only_by_its_own_noise)
{
	bench b = bench_new(sim_faultless(), 1e6);
	b.well.extraction_plate = "E1";
	moments m = cq_of(&b, 0, 2000);
	/* one extract: no spread of the yield any more */
	ck_assert_double_eq_tol(sd(&m), 0.28, 0.03);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_carried_over_copies_are_late_and_at_their_rate)
{
	pw_world_opts opts = sim_faultless();
	opts.false_positive = 0.2;
	bench b = bench_new(opts, 0.0);
	moments m = cq_of(&b, 0, 5000);
	ck_assert_double_gt(m.n / 5000.0, 0.14);
	ck_assert_double_lt(m.n / 5000.0, 0.2);
	ck_assert_double_gt(mean(&m), 35.5);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_control_failures_come_at_their_rate_and_on_request)
{
	pw_world_opts opts = sim_faultless();
	opts.control_failure = 0.2;
	bench b = bench_new(opts, 0.0);
	b.well.content = PW_SIM_NTC;
	b.plate.wells = &b.well;
	int count[4] = {0};
	for (int i = 0; i < 3000; i++) {
		snprintf(b.barcode, sizeof(b.barcode), "P%d", i);
		b.plate.barcode = b.barcode;
		count[pw_sim_run_draw(b.world, &b.plate).failure]++;
	}
	ck_assert_int_eq(count[PW_SIM_BY_CHANCE], 0);
	ck_assert_double_eq_tol(count[PW_SIM_NTC_CONTAMINATED] / 3000.0, 0.1, 0.025);
	ck_assert_double_eq_tol(count[PW_SIM_PC_DEAD] / 3000.0, 0.1, 0.025);

	b.plate.failure = PW_SIM_NTC_CONTAMINATED;
	b.run = pw_sim_run_draw(b.world, &b.plate);
	ck_assert_ptr_eq(b.run.contaminated, &b.well);
	pw_sim_fate fate[3];
	for (int i = 0; i < 3000; i++) {
		amplify(&b, i, fate);
		ck_assert(fate[0].amplifies && fate[1].amplifies && !fate[2].amplifies);
		ck_assert_double_gt(fate[0].cq, 30.0);
	}

	b.plate.failure = PW_SIM_PC_DEAD;
	b.well.content = PW_SIM_PC;
	b.run = pw_sim_run_draw(b.world, &b.plate);
	amplify(&b, 1, fate);
	ck_assert(!fate[0].amplifies && !fate[1].amplifies && !fate[2].amplifies);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_only_the_first_ntc_is_contaminated)
{
	bench b = bench_new(sim_faultless(), 0.0);
	pw_sim_well wells[] = {
		{.well = {7, 11}, .content = PW_SIM_NTC},
		{.well = {0, 0}, .content = PW_SIM_TUBE, .tube = "T1"},
		{.well = {1, 2}, .content = PW_SIM_NTC},
	};
	b.plate.barcode = "P";
	b.plate.wells = wells;
	b.plate.count = 3;
	b.plate.failure = PW_SIM_NTC_CONTAMINATED;
	ck_assert_ptr_eq(pw_sim_run_draw(b.world, &b.plate).contaminated, &wells[2]);
	b.plate.count = 0;
	ck_assert_ptr_null(pw_sim_run_draw(b.world, &b.plate).contaminated);
	pw_world_free(b.world);
}
END_TEST

START_TEST(test_a_pool_dilutes_by_the_medium_of_its_tube)
{
	pw_world_opts opts = sim_faultless();
	pw_world *world = sim_world(&opts);
	world->subjects[0].infected = true;
	world->subjects[0].load = (pw_sim_load){.age = 5.0, .rise = 1.0, .peak = 8.0, .fall = 0.5};
	static const int capacity[] = {1, 5, 10, 20};
	static const double millilitres[] = {3.0, 6.0, 6.0, 12.0};
	for (int k = 0; k < 4; k++) {
		moments m = {0};
		for (int i = 0; i < 2000; i++) {
			char code[32];
			snprintf(code, sizeof(code), "%d-%d", k, i);
			pw_sim_tube *tube = pw_sim_tube_add(world, code, capacity[k]);
			pw_sim_tube_fill(world, tube, 0, world->opts.day_start);
			add(&m, log10(tube->viral_per_ml));
		}
		/* 6.0 five days in, whatever else is in the tube */
		ck_assert_double_eq_tol(mean(&m), 6.0 + log10(3.0 / millilitres[k]), 0.04);
		ck_assert_double_eq_tol(sd(&m), 0.5, 0.03);
	}
	pw_world_free(world);
}
END_TEST

START_TEST(test_most_positive_pools_are_found_and_a_few_weak_ones_are_lost)
{
	pw_world_opts opts = sim_faultless();
	opts.people = 40000;
	opts.prevalence = 0.02;
	pw_world *world = sim_day(&opts);
	pw_sim_run run = {.failure = PW_SIM_NO_FAILURE};
	double positive = 0, found = 0, late = 0;
	for (size_t i = 0; i < world->day.len; i++) {
		const pw_sim_tube *t = world->day.ptr[i];
		pw_sim_well well = {.content = PW_SIM_TUBE, .tube = t->code};
		pw_sim_plate plate = {t->code, "run", PW_PLATE_96, &well, 1, PW_SIM_NO_FAILURE};
		pw_sim_fate fate[3];
		pw_sim_amplify(world, &plate, &run, &well, t, sim_targets, 3, fate);
		bool seen = (fate[0].amplifies && fate[0].cq < 40.0) ||
			    (fate[1].amplifies && fate[1].cq < 40.0);
		ck_assert(!seen || t->viral_per_ml > 0.0);
		positive += t->viral_per_ml > 0.0;
		found += seen;
		late += seen && fate[0].cq > 35.0;
	}
	ck_assert_double_gt(positive, 400);
	ck_assert_double_gt(found / positive, 0.95);
	ck_assert_double_lt(found, positive);
	ck_assert_double_gt(late / found, 0.05);
	pw_world_free(world);
}
END_TEST

Suite *suite_chemistry(void);

Suite *suite_chemistry(void)
{
	Suite *suite = suite_create("chemistry");
	TCase *tc = tcase_create("chemistry");
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, test_cq_follows_the_standard_curve);
	tcase_add_test(tc, test_tenfold_dilution_is_3_24_cycles);
	tcase_add_test(tc, test_few_copies_are_late_and_sometimes_lost);
	tcase_add_test(tc, test_internal_control_is_27_and_does_not_see_the_virus);
	tcase_add_test(tc, test_a_clean_tube_has_no_virus_and_a_control_what_it_should);
	tcase_add_test(tc, test_what_a_kit_leaves_out_of_its_controls_is_not_there);
	tcase_add_test(tc, test_failed_extraction_takes_everything_at_its_rate);
	tcase_add_test(tc, test_an_extract_keeps_its_copies_and_another_has_its_own);
	tcase_add_test(tc, test_a_repeated_pcr_differs_only_by_its_own_noise);
	tcase_add_test(tc, test_carried_over_copies_are_late_and_at_their_rate);
	tcase_add_test(tc, test_control_failures_come_at_their_rate_and_on_request);
	tcase_add_test(tc, test_only_the_first_ntc_is_contaminated);
	tcase_add_test(tc, test_a_pool_dilutes_by_the_medium_of_its_tube);
	tcase_add_test(tc, test_most_positive_pools_are_found_and_a_few_weak_ones_are_lost);
	suite_add_tcase(suite, tc);
	return suite;
}
