/*
 * Posteriors mean what they say: on plates drawn from the model that is told, of those with a posterior near q a share
 * of q is positive. All bins together give a sum of squares that is beyond the limit once in a million runs; the
 * seeds are fixed, so that it is the same everywhere. The same plates told another prior do not pass.
 * bench_reliability does it at length; PW_SLOW_TESTS=1 takes ten times as many plates here.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/model_plates.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Bins with less variance are left out: the tail there is not that of a normal law. */
#define LEAST_VARIANCE 2

/* Of so many people these are nearly all sets that matter. */
#define SETS 256

static const double edges[] = {0, 0.03, 0.3, 0.7, 0.97, 1.01};

static const struct scene {
	const char *name;
	pw_make_opts make;
	pw_pool_model test;
	double prior;
	bool by_ct;
	double noise, well_noise;
	pw_load_kind load_kind;
	double load_a, load_b;
	bool diluted;
	int plates;
} scenes[] = {
	{.name = "an array that was called",
	 .make = {.family = PW_FAMILY_ARRAY, .dims = {3, 4}, .dim_count = 2},
	 .test = {.se = .9, .sp = .97},
	 .prior = .1,
	 .plates = 2000},
	{.name = "triples that were called, with dilution and failures",
	 .make = {.family = PW_FAMILY_STEINER, .pools = 9},
	 .test = {.se = .95, .sp = .98, .dilution = .1, .extraction_failure = .03},
	 .prior = .08,
	 .plates = 2000},
	{.name = "triples by Ct, amounts alike",
	 .make = {.family = PW_FAMILY_STEINER, .pools = 7},
	 .test = {.se = .95, .sp = .98},
	 .prior = .2,
	 .by_ct = true,
	 .noise = .3,
	 .load_kind = PW_LOAD_LINEAR,
	 .load_a = 20,
	 .load_b = 34,
	 .plates = 80},
	{.name = "an array by Ct, normal loads, diluted",
	 .make = {.family = PW_FAMILY_ARRAY, .dims = {2, 3}, .dim_count = 2},
	 .test = {.se = .97, .sp = .98},
	 .prior = .2,
	 .by_ct = true,
	 .noise = .4,
	 .well_noise = .3,
	 .load_kind = PW_LOAD_NORMAL,
	 .load_a = 31,
	 .load_b = 5,
	 .diluted = true,
	 .plates = 80},
};

/* So many of them, the first, are of pools that were called. */
#define CALLED 2

static pw_evidence told(const struct scene *s, const pw_design *d, const pw_pool_reading *readings)
{
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = s->prior,
			 .test = s->test,
			 .ct = PW_CT_MODEL_INIT};
	e.ct.noise = s->noise;
	e.ct.well_noise = s->well_noise;
	e.ct.load_kind = s->load_kind;
	e.ct.load_a = s->load_a;
	e.ct.load_b = s->load_b;
	e.ct.diluted = s->diluted;
	return e;
}

/* `wrong`: the decoder is told four times the odds. */
static reliability decode_plates(const struct scene *s, uint64_t seed, bool wrong)
{
	pw_design *d = NULL;
	pw_rng rng;
	pw_err err = PW_ERR_INIT;
	reliability r;
	ck_assert_int_eq(pw_design_make(&s->make, &d, NULL), PW_OK);
	bool *positive = pw_alloc_array(pw_design_samples(d), sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(d), sizeof(*readings));
	pw_evidence truth = told(s, d, readings), e = truth;
	if (wrong)
		e.prior = 4 * s->prior / (1 + 3 * s->prior);
	pw_rng_init(&rng, seed);
	reliability_init(&r, edges, COUNT(edges));
	int plates = s->plates * (getenv("PW_SLOW_TESTS") != NULL ? 10 : 1);
	for (int plate = 0; plate < plates; plate++) {
		pw_decoded out;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		opts.sets = SETS;
		model_plate_draw(&truth, s->by_ct, &rng, positive, readings);
		ck_assert_msg(pw_decode(&e, &opts, &out, &err) == PW_OK, "%s", err.msg);
		reliability_add(&r, &out, positive);
		pw_decoded_clear(&out);
	}
	pw_free(positive);
	pw_free(readings);
	pw_design_free(d);
	return r;
}

/* What chi-square exceeds once in a million times (Wilson and Hilferty 1931; 4.7534 of a normal law's deviations). */
static double limit(size_t freedom)
{
	double part = 2.0 / (9 * (double)freedom);
	return (double)freedom * pow(1 - part + 4.7534 * sqrt(part), 3);
}

START_TEST(test_of_those_given_a_chance_as_many_are_positive)
{
	const struct scene *s = &scenes[_i];
	size_t freedom;
	reliability r = decode_plates(s, 100 + (uint64_t)_i, false);
	double chi = reliability_chi(&r, LEAST_VARIANCE, &freedom);
	ck_assert_uint_ge(freedom, 2);
	ck_assert_msg(chi < limit(freedom), "%s: %.1f of %zu, at most %.1f", s->name, chi, freedom,
		      limit(freedom));
}
END_TEST

START_TEST(test_a_wrong_prior_is_noticed)
{
	const struct scene *s = &scenes[_i];
	size_t freedom;
	reliability r = decode_plates(s, 100 + (uint64_t)_i, true);
	double chi = reliability_chi(&r, LEAST_VARIANCE, &freedom);
	ck_assert_msg(chi > limit(freedom), "%s: %.1f of %zu, more than %.1f is wanted", s->name,
		      chi, freedom, limit(freedom));
}
END_TEST

Suite *suite_reliability(void);

Suite *suite_reliability(void)
{
	Suite *s = suite_create("reliability");
	TCase *tc = tcase_create("posteriors");
	tcase_set_timeout(tc, 3600);
	tcase_add_loop_test(tc, test_of_those_given_a_chance_as_many_are_positive, 0,
			    COUNT(scenes));
	tcase_add_loop_test(tc, test_a_wrong_prior_is_noticed, 0, CALLED);
	suite_add_tcase(s, tc);
	return s;
}
