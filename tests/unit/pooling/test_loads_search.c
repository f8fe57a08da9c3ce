/*
 * Plates on which the search by loads once went astray: the true set weighs many times what was found, and no step
 * from there that leaves the others' loads as they are leads to it. Drawn as bench_reliability draws them: its row's
 * seed, and the plate's number. And what searches that do not meet the same sets say of what none of them met.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/decode_loads_search.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/model_plates.h"
#include "tests/unit/pooling/shared_data.h"

#define MOST 8

/* The plate on which searches disagree. */
#define DISAGREED        2
#define DISAGREED_SEED   1023
#define DISAGREED_NUMBER 126

static const struct plate {
	const char *name, *file; /* NULL: Kirkman's triples, 45 x 105 */
	double carriers, se, sp;
	uint64_t seed;
	int number;
	uint32_t carrier[MOST];
	size_t count;
	double posterior; /* of the true set, at least */
} plates[] = {
	/* 40 and 93 were taken for 70 alone, with the load of 63 between them */
	{"two for one", NULL, 6, .97, .995, 27, 123, {35, 40, 63, 74, 90, 93}, 6, 0.9},
	/* 35 and 37 were taken for 10 and 16 */
	{"two for two",
	 "pooling/iowa_16x40.txt",
	 3,
	 .99,
	 .99,
	 23,
	 158,
	 {6, 23, 35, 37, 39},
	 5,
	 0.8},
	/* four others explained the pools of 26, 36 and 39 */
	{"a crowd of eight",
	 "pooling/iowa_16x40.txt",
	 3,
	 .99,
	 .99,
	 DISAGREED_SEED,
	 DISAGREED_NUMBER,
	 {7, 9, 18, 26, 34, 36, 39},
	 7,
	 0.55},
};

static bool make_design(const struct plate *p, pw_design **out)
{
	pw_make_opts triples = {.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105};
	pw_err err = PW_ERR_INIT;
	char *text;
	size_t n;
	if (p->file == NULL) {
		ck_assert_msg(pw_design_make(&triples, out, &err) == PW_OK, "%s", err.msg);
		return true;
	}
	if (!shared_data_read(p->file, &text, &n))
		return false;
	ck_assert_msg(pw_design_parse(text, n, out, &err) == PW_OK, "%s", err.msg);
	pw_free(text);
	return true;
}

static pw_evidence told(const struct plate *p, const pw_design *d, const pw_pool_reading *readings)
{
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = p->carriers / (double)pw_design_samples(d),
			 .test = {.se = p->se, .sp = p->sp},
			 .ct = PW_CT_MODEL_INIT};
	e.ct.noise = 0.1;
	e.ct.well_noise = 0;
	e.ct.efficiency = 0.95;
	e.ct.diluted = false;
	e.ct.load_kind = PW_LOAD_LINEAR;
	e.ct.load_a = 20;
	e.ct.load_b = 20 + log(32768) / log(1.95);
	return e;
}

/* That the plate is the one that was meant. */
static void check_drawn(const struct plate *p, const bool *positive, size_t samples)
{
	size_t count = 0;
	for (size_t j = 0; j < samples; j++)
		count += positive[j];
	ck_assert_uint_eq(count, p->count);
	for (size_t k = 0; k < count; k++)
		ck_assert(positive[p->carrier[k]]);
}

/* False when the design's file is not there. */
static bool decode_plate(const struct plate *p, pw_decoded *out)
{
	pw_design *d = NULL;
	if (!make_design(p, &d))
		return false;
	size_t samples = pw_design_samples(d);
	bool *positive = pw_alloc_array(samples, sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(d), sizeof(*readings));
	pw_evidence e = told(p, d, readings);
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_err err = PW_ERR_INIT;
	pw_rng rng;
	pw_rng_init(&rng, p->seed);
	for (int k = 0; k <= p->number; k++)
		model_plate_draw(&e, true, &rng, positive, readings);
	check_drawn(p, positive, samples);
	ck_assert_msg(pw_decode(&e, &opts, out, &err) == PW_OK, "%s", err.msg);
	pw_free(positive);
	pw_free(readings);
	pw_design_free(d);
	return true;
}

START_TEST(test_a_set_that_no_single_step_leads_to_is_found)
{
	const struct plate *p = &plates[_i];
	pw_decoded out = {.samples = 0};
	if (!decode_plate(p, &out))
		return;
	ck_assert_uint_ge(out.set_count, 1);
	ck_assert_msg(out.sets[0].count == p->count && memcmp(out.sets[0].at, p->carrier,
							      p->count * sizeof(*p->carrier)) == 0,
		      "%s: another set is the likeliest, with %g", p->name, out.sets[0].posterior);
	ck_assert_double_ge(out.sets[0].posterior, p->posterior);
	pw_decoded_clear(&out);
}
END_TEST

/* Those who are in every set that was met would have next to no error, but for what nobody met. */
START_TEST(test_where_searches_disagree_the_error_says_so)
{
	pw_decoded out = {.samples = 0};
	size_t sure = 0;
	if (!decode_plate(&plates[DISAGREED], &out))
		return;
	for (size_t j = 0; j < out.samples; j++) {
		if (out.posterior[j] < 0.999 && out.posterior[j] > 1e-4)
			continue;
		sure++;
		ck_assert_double_ge(out.error[j], 0.03);
		ck_assert_int_eq(pw_decoded_call(&out, j, 0.99), PW_PERSON_UNDECIDED);
	}
	ck_assert_uint_ge(sure, 1);
	pw_decoded_clear(&out);
}
END_TEST

/* ---- What was met again ---- */

#define A PW_LOADS_FIRST
#define B (PW_LOADS_FIRST << 1)
#define C (PW_LOADS_FIRST << 2)

static const struct catch
{
	const char *name;
	struct {
		double weight;
		uint32_t met_by;
	} set[3];
	uint32_t ended;
	double missed;
}
catches[] = {
	{"both met all", {{2, A | B}, {1, A | B}}, A | B, 0},
	{"each met a half of the other's: a third is missed by one",
	 {{1, A | B}, {1, A}},
	 A | B,
	 1 / 9.0},
	{"whichever of the two it was", {{1, A | B}, {1, B}}, A | B, 1 / 9.0},
	{"by weight", {{1, A | B}, {0.1, A}, {0.1, B}}, A | B, 1 / 121.0},
	{"nothing in common", {{1, A}, {1, B}}, A | B, 1},
	{"a third met all: a sixth is missed by one",
	 {{1, A | B | C}, {1, A | C}},
	 A | B | C,
	 1 / 216.0},
	{"a third that was cut short is no third", {{1, A | B | C}, {1, A}}, A | B, 1 / 9.0},
	{"light sets are not compared", {{1, A | B}, {0.005, A}}, A | B, 0},
	{"what came of what was met is nobody's", {{1, A | B}, {1, 0}}, A | B, 0},
	{"the second was cut short: what is new", {{3, A}, {1, B}}, A, 0.25},
	{"and found nothing", {{3, A}, {1, A | B}}, A, 0},
};

START_TEST(test_what_no_search_met_is_told_from_what_was_met_again)
{
	const struct catch *c = &catches[_i];
	pw_loads_search x = {.best = -INFINITY};
	for (size_t k = 0; k < 3; k++) {
		pw_loads_set set = {.key = k + 1, .weight = {log(c->set[k].weight), 0}};
		if (c->set[k].weight > 0)
			pw_loads_adopt(&x, &set, c->set[k].met_by, NULL, NULL);
	}
	double missed = pw_loads_missed_by_all(&x, c->ended);
	ck_assert_msg(fabs(missed - c->missed) < 1e-12, "%s: %g instead of %g", c->name, missed,
		      c->missed);
	pw_loads_search_clear(&x);
}
END_TEST

Suite *suite_loads_search(void);

Suite *suite_loads_search(void)
{
	Suite *s = suite_create("loads_search");
	TCase *tc = tcase_create("named plates");
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, test_a_set_that_no_single_step_leads_to_is_found, 0,
			    (int)(sizeof(plates) / sizeof(*plates)));
	tcase_add_test(tc, test_where_searches_disagree_the_error_says_so);
	suite_add_tcase(s, tc);
	tc = tcase_create("what was met again");
	tcase_add_loop_test(tc, test_what_no_search_met_is_told_from_what_was_met_again, 0,
			    (int)(sizeof(catches) / sizeof(*catches)));
	suite_add_tcase(s, tc);
	return s;
}
