#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/plan.h"
#include "tests/unit/pooling/shared_data.h"

/* ---- The best pool over all subsets ---- */

static double entropy(double p)
{
	return p <= 0 || p >= 1 ? 0 : -(p * log2(p) + (1 - p) * log2(1 - p));
}

/* By definition. */
static double information_of(const double *f, unsigned bits, uint32_t pool, const double *se,
			     double sp)
{
	double total = 0, nobody = 0;
	unsigned size = 0;
	for (uint32_t m = 0; m < 1U << bits; m++) {
		total += f[m];
		nobody += (m & pool) == 0 ? f[m] : 0;
	}
	for (unsigned b = 0; b < bits; b++)
		size += pool >> b & 1;
	double p = nobody / total;
	return entropy(p * (1 - sp) + (1 - p) * se[size]) - p * entropy(sp) -
	       (1 - p) * entropy(se[size]);
}

START_TEST(test_the_best_pool_of_all_subsets_tells_most)
{
	pw_rng rng;
	pw_rng_init(&rng, 17);
	for (int draw = 0; draw < 200; draw++) {
		unsigned bits = 1 + (unsigned)pw_rng_below(&rng, 8);
		double f[256], copy[256], se[PW_PLAN_MOST_BITS + 1], most = 0, told;
		size_t max_pool = 1 + pw_rng_below(&rng, bits);
		for (uint32_t m = 0; m < 1U << bits; m++)
			f[m] = copy[m] = pow(pw_rng_uniform(&rng), 8);
		for (unsigned k = 0; k <= PW_PLAN_MOST_BITS; k++)
			se[k] = 0.99 / (1 + 0.02 * (k > 0 ? k - 1 : 0));
		uint32_t best = pw_plan_best_pool(copy, bits, se, 0.98, max_pool, &told);
		for (uint32_t pool = 1; pool < 1U << bits; pool++) {
			unsigned size = 0;
			for (unsigned b = 0; b < bits; b++)
				size += pool >> b & 1;
			if (size <= max_pool)
				most = fmax(most, information_of(f, bits, pool, se, 0.98));
		}
		ck_assert_double_eq_tol(told, most, 1e-9);
		ck_assert_double_eq_tol(information_of(f, bits, best, se, 0.98), most, 1e-9);
	}
}
END_TEST

START_TEST(test_the_pool_of_everybody_is_best_where_positives_are_rare)
{
	double *f = pw_alloc_array((size_t)1 << 16, sizeof(*f)), told;
	double se[PW_PLAN_MOST_BITS + 1];
	for (uint32_t m = 0; m < 1U << 16; m++) {
		f[m] = 1;
		for (int b = 0; b < 16; b++)
			f[m] *= (m >> b & 1) != 0 ? 0.02 : 0.98;
	}
	for (int k = 1; k <= PW_PLAN_MOST_BITS; k++)
		se[k] = 0.99 / (0.005 * (k - 1) + 1);
	ck_assert_uint_eq(pw_plan_best_pool(f, 16, se, 0.99, 16, &told), 65535);
	pw_free(f);
}
END_TEST

/* ---- Plans ---- */

static const char array_3x4[] = "111100000000\n000011110000\n000000001111\n"
				"100010001000\n010001000100\n001000100010\n000100010001\n";

typedef struct plate {
	pw_design *design;
	pw_pool_reading *readings;
	size_t pools;
	double prior;
	pw_pool_model test;
	pw_ct_model ct;
} plate;

static pw_decoded decode(const plate *p)
{
	pw_decoded out = {.samples = 0};
	pw_err err = PW_ERR_INIT;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_evidence e = {.design = p->design,
			 .readings = p->readings,
			 .prior = p->prior,
			 .test = p->test,
			 .ct = p->ct};
	opts.sets = 4096;
	ck_assert_msg(pw_decode(&e, &opts, &out, &err) == PW_OK, "%s", err.msg);
	return out;
}

static pw_plan make_plan(const pw_decoded *d, const pw_plan_opts *opts)
{
	pw_plan plan = {.undecided = 0};
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_plan_make(d, opts, &plan, &err) == PW_OK, "%s", err.msg);
	return plan;
}

/* The design with one more pool. */
static void add_pool(plate *p, const uint32_t *at, size_t count, bool positive)
{
	size_t n = pw_design_samples(p->design), entries = 0;
	pw_design_entry *all = pw_alloc_array(pw_design_entries(p->design) + count, sizeof(*all));
	for (uint32_t i = 0; i < p->pools; i++) {
		pw_design_list members = pw_design_members(p->design, i);
		for (size_t x = 0; x < members.count; x++)
			all[entries++] = (pw_design_entry){i, members.at[x]};
	}
	for (size_t x = 0; x < count; x++)
		all[entries++] = (pw_design_entry){(uint32_t)p->pools, at[x]};
	pw_design_spec spec = {
		.pools = p->pools + 1, .samples = n, .entries = all, .entry_count = entries};
	pw_design_free(p->design);
	ck_assert_int_eq(pw_design_new(&spec, &p->design, NULL), PW_OK);
	p->readings = pw_realloc_array(p->readings, p->pools + 1, sizeof(*p->readings));
	p->readings[p->pools++] =
		(pw_pool_reading){.call = positive ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE};
	pw_free(all);
}

static plate array_plate(const char *calls)
{
	plate p = {.pools = strlen(calls), .prior = 0.05, .test = {.se = 0.95, .sp = 0.99}};
	ck_assert_int_eq(pw_design_parse(array_3x4, sizeof(array_3x4) - 1, &p.design, NULL), PW_OK);
	p.readings = pw_alloc_array(p.pools, sizeof(*p.readings));
	for (size_t i = 0; i < p.pools; i++)
		p.readings[i].call = calls[i] == '+' ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	return p;
}

static void plate_clear(plate *p)
{
	pw_design_free(p->design);
	pw_free(p->readings);
}

/* Follows the plan until everybody is decided; returns how many wells it took. */
static size_t follow(plate *p, const pw_plan_opts *opts, const bool *truth, pw_decoded *out)
{
	for (size_t wells = 0; wells < 40;) {
		pw_decoded d = decode(p);
		pw_plan plan = make_plan(&d, opts);
		if (plan.undecided == 0) {
			ck_assert_uint_eq(plan.well_count, 0);
			pw_plan_clear(&plan);
			*out = d;
			return wells;
		}
		ck_assert_uint_ge(plan.well_count, 1);
		ck_assert_double_ge(plan.expected_tests, 1);
		for (size_t w = 0; w < plan.well_count; w++, wells++) {
			bool positive = false;
			for (size_t k = 0; k < plan.wells[w].count; k++)
				positive = positive || truth[plan.wells[w].at[k]];
			add_pool(p, plan.wells[w].at, plan.wells[w].count, positive);
		}
		pw_plan_clear(&plan);
		pw_decoded_clear(&d);
	}
	ck_abort_msg("the plan does not come to an end");
}

START_TEST(test_a_plan_ends_with_everybody_decided)
{
	static const char *const calls[] = {"+---++-", "----+--", "++-++--", "-------"};
	static const bool truths[][12] = {
		{false, true, true}, {false}, {true, false, false, false, false, true}, {false}};
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.test = (pw_pool_model){.se = 0.95, .sp = 0.99};
	opts.batch = 1 + (size_t)_i / 4;
	plate p = array_plate(calls[_i % 4]);
	pw_decoded d;
	follow(&p, &opts, truths[_i % 4], &d);
	for (size_t j = 0; j < 12; j++)
		ck_assert_int_eq(pw_decoded_call(&d, j, 0.99),
				 truths[_i % 4][j] ? PW_PERSON_POSITIVE : PW_PERSON_NEGATIVE);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

START_TEST(test_nothing_is_planned_when_everybody_is_decided)
{
	plate p = array_plate("-------");
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_decoded d = decode(&p);
	pw_plan plan = make_plan(&d, &opts);
	ck_assert_uint_eq(plan.undecided, 0);
	ck_assert_uint_eq(plan.well_count, 0);
	ck_assert_double_eq(plan.expected_tests, 0);
	pw_plan_clear(&plan);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

START_TEST(test_who_has_to_come_again_is_in_no_pool)
{
	plate p = array_plate("++-+++-");
	bool recollect[12] = {false};
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.recollect = recollect;
	opts.batch = 4;
	for (size_t j = 0; j < 12; j++)
		recollect[j] = _i == 0 || j % 2 == 0;
	pw_decoded d = decode(&p);
	pw_plan plan = make_plan(&d, &opts);
	ck_assert_uint_ge(plan.well_count, 1);
	for (size_t w = 0; w < plan.well_count; w++)
		for (size_t k = 0; k < plan.wells[w].count; k++) {
			bool again = recollect[plan.wells[w].at[k]];
			ck_assert_int_eq(plan.wells[w].recollect, again);
			if (again)
				ck_assert_uint_eq(plan.wells[w].count, 1);
		}
	pw_plan_clear(&plan);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

START_TEST(test_pools_are_no_larger_than_allowed)
{
	plate p = array_plate("++-+++-");
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.max_pool = 1 + (size_t)_i;
	opts.batch = 3;
	pw_decoded d = decode(&p);
	pw_plan plan = make_plan(&d, &opts);
	for (size_t w = 0; w < plan.well_count; w++)
		ck_assert_uint_le(plan.wells[w].count, opts.max_pool);
	pw_plan_clear(&plan);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

static const struct {
	double confidence, se, sp;
	const char *says;
} bad[] = {
	{0.5, 0.95, 0.99, "the confidence is 0.5: give a number above 0.5 and below 1"},
	{1, 0.95, 0.99, "the confidence is 1: give a number above 0.5 and below 1"},
	{(double)NAN, 0.95, 0.99, "the confidence is nan: give a number above 0.5 and below 1"},
	{0.99, 0.1, 0.9,
	 "a well of sensitivity 0.1 and specificity 0.9 tells nothing: no confidence can be reached "
	 "with it"},
	{0.99, 1.1, 0.9,
	 "sensitivity 1.1, specificity 0.9 and extraction failure 0 of the next wells: give numbers "
	 "from 0 to 1"},
};

START_TEST(test_a_plan_that_makes_no_sense_is_refused)
{
	plate p = array_plate("+---++-");
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_decoded d = decode(&p);
	pw_plan plan;
	pw_err err = PW_ERR_INIT;
	opts.confidence = bad[_i].confidence;
	opts.test = (pw_pool_model){.se = bad[_i].se, .sp = bad[_i].sp};
	ck_assert_int_eq(pw_plan_make(&d, &opts, &plan, &err), PW_ERR_ARG);
	ck_assert_str_eq(err.msg, bad[_i].says);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

/* ---- Iowa, experiment 1 ---- */

#define UNSEEN 50

/* Reads "[a, b]" pairs behind "ct" of the experiment's file. */
static bool read_iowa(pw_pool_reading *out)
{
	char *text;
	size_t n;
	if (!shared_data_read("pooling/iowa_exp1.json", &text, &n))
		return false;
	char *whole = pw_strndup(text, n), *p = strstr(whole, "\"ct\"");
	free(text);
	ck_assert_ptr_nonnull(p);
	for (int i = 0; i < 16; i++) {
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE, .wells = 2};
		for (int w = 0; w < 2; w++) {
			p += strcspn(p, "0123456789");
			double ct = strtod(p, &p);
			out[i].well[w].amplified = ct < UNSEEN;
			out[i].well[w].ct = ct < UNSEEN ? ct : 0;
			if (ct < UNSEEN)
				out[i].call = PW_POOL_POSITIVE;
		}
	}
	pw_free(whole);
	return true;
}

START_TEST(test_iowas_forty_are_decided_in_nineteen_reactions)
{
	plate p = {.pools = 16,
		   .prior = 0.05,
		   .test = {.se = 0.99, .sp = 0.99},
		   .ct = PW_CT_MODEL_INIT};
	char *text;
	size_t n;
	p.readings = pw_alloc_array(16, sizeof(*p.readings));
	if (!shared_data_read("pooling/iowa_16x40.txt", &text, &n) || !read_iowa(p.readings)) {
		pw_free(p.readings);
		return;
	}
	ck_assert_int_eq(pw_design_parse(text, n, &p.design, NULL), PW_OK);
	free(text);
	p.ct.noise = p.ct.well_noise = 0.3;
	bool truth[40] = {false};
	truth[10] = truth[12] = truth[14] = truth[39] = true;
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.test = p.test;
	pw_decoded d;
	size_t wells = follow(&p, &opts, truth, &d);
	ck_assert_uint_le(16 + wells, 19);
	for (size_t j = 0; j < 40; j++)
		ck_assert_int_eq(pw_decoded_call(&d, j, 0.99),
				 truth[j] ? PW_PERSON_POSITIVE : PW_PERSON_NEGATIVE);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

/* Two rows and two columns of an array: four people of whom each is as good to test. */
START_TEST(test_of_wells_that_are_as_good_the_first_is_taken)
{
	static const char calls[] = "-+-+---"
				    "--+----+----";
	pw_make_opts make = {.family = PW_FAMILY_ARRAY, .dims = {7, 12}, .dim_count = 2};
	pw_design *d = NULL;
	pw_pool_reading r[19];
	pw_decoded out;
	pw_plan plan;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_plan_opts plan_opts = PW_PLAN_OPTS_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_make(&make, &d, NULL), PW_OK);
	for (size_t i = 0; i < 19; i++)
		r[i] = (pw_pool_reading){.call = calls[i] == '+' ? PW_POOL_POSITIVE
								 : PW_POOL_NEGATIVE};
	pw_evidence e = {.design = d, .readings = r, .prior = 0.01, .test = PW_POOL_MODEL_INIT};
	plan_opts.batch = (size_t)_i;
	for (opts.sets = 1024; opts.sets <= 4096; opts.sets *= 4) {
		ck_assert_msg(pw_decode(&e, &opts, &out, &err) == PW_OK, "%s", err.msg);
		ck_assert_msg(pw_plan_make(&out, &plan_opts, &plan, &err) == PW_OK, "%s", err.msg);
		ck_assert_uint_eq(plan.undecided, 4);
		ck_assert_uint_eq(plan.wells[0].count, 1);
		ck_assert_uint_eq(plan.wells[0].at[0], 14); /* row 2, column 3 */
		pw_plan_clear(&plan);
		pw_decoded_clear(&out);
	}
	pw_design_free(d);
}
END_TEST

/* Two people are undecided by a hair, and the sets that are known, which are not all, would decide them. */
START_TEST(test_who_is_undecided_by_sets_that_are_not_known_is_planned_for)
{
	static const uint32_t first = 0, second = 1;
	double posterior[] = {.0102, .0102}, error[] = {0, 0};
	pw_decoded_set sets[] = {{.979, NULL, 0}, {.0099, &first, 1}, {.0099, &second, 1}};
	pw_decoded d = {
		.samples = 2, .posterior = posterior, .error = error, .sets = sets, .set_count = 3};
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_plan plan;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_plan_make(&d, &opts, &plan, &err) == PW_OK, "%s", err.msg);
	ck_assert_uint_eq(plan.undecided, 2);
	ck_assert_uint_eq(plan.well_count, 1);
	ck_assert_uint_eq(plan.wells[0].count, 2);
	ck_assert_double_gt(plan.wells[0].information, 0.05);
	ck_assert_double_lt(plan.expected_tests, 1.2);
	pw_plan_clear(&plan);
}
END_TEST

/* A test that says next to nothing: no well tells enough to be chosen, but without one nobody would ever be decided. */
START_TEST(test_who_is_undecided_gets_a_well_whatever_it_tells)
{
	static const uint32_t both[] = {0, 2};
	double posterior[] = {.5, 0, .5}, error[3] = {0};
	pw_decoded_set sets[] = {{.5, NULL, 0}, {.5, both, 2}};
	pw_decoded d = {
		.samples = 3, .posterior = posterior, .error = error, .sets = sets, .set_count = 2};
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.test = (pw_pool_model){.se = .0101, .sp = .99};
	pw_plan plan = make_plan(&d, &opts);
	ck_assert_uint_eq(plan.undecided, 2);
	ck_assert_uint_eq(plan.well_count, 1);
	ck_assert_uint_eq(plan.wells[0].count, 1);
	ck_assert_uint_eq(plan.wells[0].at[0], 0);
	ck_assert_double_eq(plan.expected_tests, 2);
	ck_assert_double_eq(plan.expected_rounds, 1);
	ck_assert_double_eq(plan.unfollowed, 1);
	pw_plan_clear(&plan);
}
END_TEST

/* One that says little: the end is farther away than courses are followed, each of them. */
START_TEST(test_what_was_not_followed_is_no_more_than_everything)
{
	plate p = array_plate("++-+---");
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	p.prior = .01;
	p.test = opts.test = (pw_pool_model){.se = .6, .sp = .6};
	opts.confidence = .999999999;
	pw_decoded d = decode(&p);
	pw_plan plan = make_plan(&d, &opts);
	ck_assert_uint_eq(plan.undecided, 12);
	ck_assert_double_gt(plan.unfollowed, .99);
	ck_assert_double_le(plan.unfollowed, 1);
	pw_plan_clear(&plan);
	pw_decoded_clear(&d);
	plate_clear(&p);
}
END_TEST

Suite *suite_plan(void);

Suite *suite_plan(void)
{
	Suite *suite = suite_create("plan");
	TCase *tcase = tcase_create("plan");
	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, test_the_best_pool_of_all_subsets_tells_most);
	tcase_add_test(tcase, test_the_pool_of_everybody_is_best_where_positives_are_rare);
	tcase_add_loop_test(tcase, test_a_plan_ends_with_everybody_decided, 0, 12);
	tcase_add_test(tcase, test_nothing_is_planned_when_everybody_is_decided);
	tcase_add_loop_test(tcase, test_who_has_to_come_again_is_in_no_pool, 0, 2);
	tcase_add_loop_test(tcase, test_pools_are_no_larger_than_allowed, 0, 5);
	tcase_add_loop_test(tcase, test_a_plan_that_makes_no_sense_is_refused, 0,
			    (int)(sizeof(bad) / sizeof(*bad)));
	tcase_add_test(tcase, test_iowas_forty_are_decided_in_nineteen_reactions);
	tcase_add_loop_test(tcase, test_of_wells_that_are_as_good_the_first_is_taken, 1, 3);
	tcase_add_test(tcase, test_who_is_undecided_by_sets_that_are_not_known_is_planned_for);
	tcase_add_test(tcase, test_who_is_undecided_gets_a_well_whatever_it_tells);
	tcase_add_test(tcase, test_what_was_not_followed_is_no_more_than_everything);
	suite_add_tcase(suite, tcase);
	return suite;
}
