#include <math.h>

#include "core/simulate/curve.h"
#include "sim_help.h"

static const pw_sim_instrument kinds[] = {PW_SIM_QUANTSTUDIO, PW_SIM_CFX};

START_TEST(test_a_curve_crosses_the_threshold_at_its_cq)
{
	pw_rng rng;
	pw_rng_init(&rng, 11);
	const pw_sim_optics *o = pw_sim_optics_of(kinds[_i]);
	for (double cq = 13.0; cq < 39.3; cq += 0.37) {
		double sum = 0.0;
		for (int i = 0; i < 25; i++) {
			double value[PW_SIM_CYCLES], got;
			pw_sim_fate fate = {.amplifies = true, .cq = cq};
			pw_sim_curve_draw(&rng, o, &fate, value);
			ck_assert(pw_sim_curve_cq(value, PW_SIM_CYCLES, o->threshold, &got));
			ck_assert_double_eq_tol(got, cq, 0.25);
			sum += got - cq;
		}
		ck_assert_double_eq_tol(sum / 25, 0.0, 0.1);
	}
}
END_TEST

START_TEST(test_a_curve_of_nothing_stays_on_the_baseline)
{
	pw_rng rng;
	pw_rng_init(&rng, 12);
	const pw_sim_optics *o = pw_sim_optics_of(kinds[_i]);
	pw_sim_fate fate = {.amplifies = false};
	for (int i = 0; i < 2000; i++) {
		double value[PW_SIM_CYCLES], cq;
		pw_sim_curve_draw(&rng, o, &fate, value);
		ck_assert(!pw_sim_curve_cq(value, PW_SIM_CYCLES, o->threshold, &cq));
		for (int c = 0; c < PW_SIM_CYCLES; c++)
			ck_assert_double_lt(fabs(value[c]), o->threshold / 5.0);
	}
}
END_TEST

START_TEST(test_a_cq_beyond_the_last_cycle_is_no_cq)
{
	pw_rng rng;
	pw_rng_init(&rng, 13);
	const pw_sim_optics *o = pw_sim_optics_of(kinds[_i]);
	pw_sim_fate fate = {.amplifies = true, .cq = 41.0};
	double value[PW_SIM_CYCLES], cq;
	pw_sim_curve_draw(&rng, o, &fate, value);
	ck_assert(!pw_sim_curve_cq(value, PW_SIM_CYCLES, o->threshold, &cq));
	ck_assert_double_gt(value[39], o->threshold / 4.0);
}
END_TEST

START_TEST(test_a_creeping_curve_crosses_late_and_slowly)
{
	pw_rng rng;
	pw_rng_init(&rng, 14);
	const pw_sim_optics *o = pw_sim_optics_of(kinds[_i]);
	pw_sim_fate fate = {.creeps = true};
	for (int i = 0; i < 200; i++) {
		double value[PW_SIM_CYCLES], cq;
		pw_sim_curve_draw(&rng, o, &fate, value);
		ck_assert(pw_sim_curve_cq(value, PW_SIM_CYCLES, o->threshold, &cq));
		ck_assert_double_gt(cq, 30.0);
		int before = (int)cq - 1;
		ck_assert_double_lt(value[before] / value[before - 3], 2.0);
	}
}
END_TEST

START_TEST(test_early_cycles_double_and_the_end_is_a_plateau)
{
	pw_rng rng;
	pw_rng_init(&rng, 15);
	const pw_sim_optics *o = pw_sim_optics_of(kinds[_i]);
	double growth = 0.0;
	for (int i = 0; i < 200; i++) {
		double value[PW_SIM_CYCLES];
		pw_sim_fate fate = {.amplifies = true, .cq = 25.5};
		pw_sim_curve_draw(&rng, o, &fate, value);
		growth += value[24] / value[23] / 200.0;
		ck_assert_double_eq_tol(value[39] / o->plateau, 1.0, 0.4);
		ck_assert_double_lt(value[39] / value[37], 1.05);
	}
	ck_assert_double_eq_tol(growth, 1.95, 0.15);
}
END_TEST

START_TEST(test_a_crossing_is_a_straight_line_between_two_cycles)
{
	static const double rise[] = {0.0, 0.1, 0.3, 0.9};
	double cq = -1.0;
	ck_assert(pw_sim_curve_cq(rise, 4, 0.2, &cq));
	ck_assert_double_eq_tol(cq, 2.5, 1e-12);
	ck_assert(!pw_sim_curve_cq(rise, 4, 1.0, &cq));
	static const double always[] = {0.5, 0.6};
	ck_assert(!pw_sim_curve_cq(always, 2, 0.2, &cq));
	static const double twice[] = {0.0, 0.3, 0.1, 0.5};
	ck_assert(pw_sim_curve_cq(twice, 4, 0.2, &cq));
	ck_assert_double_eq_tol(cq, 3.25, 1e-12);
}
END_TEST

Suite *suite_curve(void);

Suite *suite_curve(void)
{
	Suite *suite = suite_create("curve");
	TCase *tc = tcase_create("curve");
	tcase_add_loop_test(tc, test_a_curve_crosses_the_threshold_at_its_cq, 0, 2);
	tcase_add_loop_test(tc, test_a_curve_of_nothing_stays_on_the_baseline, 0, 2);
	tcase_add_loop_test(tc, test_a_cq_beyond_the_last_cycle_is_no_cq, 0, 2);
	tcase_add_loop_test(tc, test_a_creeping_curve_crosses_late_and_slowly, 0, 2);
	tcase_add_loop_test(tc, test_early_cycles_double_and_the_end_is_a_plateau, 0, 2);
	tcase_add_test(tc, test_a_crossing_is_a_straight_line_between_two_cycles);
	suite_add_tcase(suite, tc);
	return suite;
}
