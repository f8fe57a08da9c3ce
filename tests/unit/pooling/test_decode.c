#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/decode.h"
#include "tests/unit/pooling/decode_oracle.h"
#include "tests/unit/pooling/shared_data.h"

static pw_design *parse(const char *text)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_parse(text, strlen(text), &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

/* '+', '-', '?', '!' */
static void read_calls(const char *text, pw_pool_reading *out)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		out[i] = (pw_pool_reading){.call = PW_POOL_MISSING};
		for (int call = 0; call <= PW_POOL_GREY; call++)
			if (pw_pool_call_char((pw_pool_call)call) == text[i])
				out[i].call = (pw_pool_call)call;
	}
}

static pw_decoded decode(const pw_evidence *e, const pw_decode_opts *opts)
{
	pw_decoded out = {.samples = 0};
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_decode(e, opts, &out, &err) == PW_OK, "%s", err.msg);
	return out;
}

/* ---- Published numbers ---- */

/* 3 rows, then 4 columns; sample = row-major. */
static const char array_3x4[] = "111100000000\n000011110000\n000000001111\n"
				"100010001000\n010001000100\n001000100010\n000100010001\n";

static const struct {
	const char *results;
	double logz, expected;
	double posterior[12];
} known[] = {
	{"+---++-",
	 -6.203531582715,
	 1.7749561165,
	 {0.0029960673, 0.8090485325, 0.8090485325, 0.0029960673, 0.0003365080, 0.0373802212,
	  0.0373802212, 0.0003365080, 0.0003365080, 0.0373802212, 0.0373802212, 0.0003365080}},
	{"----+--",
	 -4.711399408542,
	 -1,
	 {0.0005040140, 0.1449057257, 0.0005040140, 0.0005040140, 0.0005040140, 0.1449057257,
	  0.0005040140, 0.0005040140, 0.0005040140, 0.1449057257, 0.0005040140, 0.0005040140}},
};

START_TEST(test_a_three_by_four_array_has_the_known_posterior)
{
	pw_pool_reading readings[7];
	pw_design *d = parse(array_3x4);
	size_t which = (size_t)_i % 2;
	pw_decode_method method = (pw_decode_method)(_i / 2);
	read_calls(known[which].results, readings);
	pw_evidence e = {
		.design = d, .readings = readings, .prior = 0.05, .test = {.se = 0.95, .sp = 0.99}};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	opts.epsilon = 1e-13;
	opts.method = method;
	pw_decoded out = decode(&e, &opts);
	for (size_t j = 0; j < 12; j++) {
		ck_assert_double_eq_tol(out.posterior[j], known[which].posterior[j], 6e-11);
		ck_assert_double_le(out.error[j], out.bound);
	}
	ck_assert_double_eq_tol(out.logz, known[which].logz, 6e-13);
	ck_assert_double_lt(out.bound, 1e-12);
	if (known[which].expected >= 0)
		ck_assert_double_eq_tol(out.expected_positives, known[which].expected, 6e-11);
	if (method != PW_DECODE_AUTO)
		ck_assert_int_eq(out.method, method);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

/* The positive pools of P-BEST's experiment with two carriers; 31 has neither of them in it. */
static const int pbest_positive[] = {6, 8, 15, 20, 21, 27, 31, 32, 34, 39, 41, 46};

static pw_design *pbest_design(void)
{
	char *text;
	size_t n;
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	if (!shared_data_read("pooling/pbest_48x384.txt", &text, &n))
		return NULL;
	ck_assert_msg(pw_design_parse(text, n, &d, &err) == PW_OK, "%s", err.msg);
	free(text);
	return d;
}

static void pbest_readings(pw_pool_reading *out)
{
	for (size_t i = 0; i < 48; i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t i = 0; i < sizeof(pbest_positive) / sizeof(*pbest_positive); i++)
		out[pbest_positive[i] - 1].call = PW_POOL_POSITIVE;
}

START_TEST(test_the_two_carriers_of_pbest_have_the_known_posterior)
{
	pw_pool_reading readings[48];
	pw_design *d = pbest_design();
	if (d == NULL)
		return;
	pbest_readings(readings);
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = 0.005,
			 .test = {.se = 0.95, .sp = 0.99}};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	opts.max_positives = 4;
	opts.epsilon = 1e-11;
	pw_decoded out = decode(&e, &opts);
	ck_assert_double_le(out.bound, 1.1e-11);
	ck_assert_double_eq_tol(out.posterior[141], 0.9999998394, 6e-11);
	ck_assert_double_eq_tol(out.posterior[71], 0.9999991673, 6e-11);
	ck_assert_double_eq_tol(out.posterior[13], 0.0012142963, 6e-11);
	ck_assert_double_eq_tol(out.posterior[271], 0.0012141029, 6e-11);
	ck_assert_double_eq_tol(out.posterior[94], 6.135e-5, 6e-9);
	ck_assert_double_eq_tol(out.count[2], 0.996448, 6e-7);
	ck_assert_double_eq_tol(out.count[3], 0.00355061, 6e-9);
	ck_assert_int_eq(out.method, PW_DECODE_SUPPORTS);
	ck_assert_uint_eq(out.sets[0].count, 2);
	ck_assert_uint_eq(out.sets[0].at[0], 71);
	ck_assert_uint_eq(out.sets[0].at[1], 141);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

START_TEST(test_the_two_carriers_of_pbest_are_found_within_the_error_asked_for)
{
	pw_pool_reading readings[48];
	pw_design *d = pbest_design();
	if (d == NULL)
		return;
	pbest_readings(readings);
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = 0.005,
			 .test = {.se = 0.95, .sp = 0.99}};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out = decode(&e, &opts);
	ck_assert_double_le(out.bound, 1e-6);
	ck_assert(!out.stopped);
	/* without a limit on positives the known values are off by what more than four weigh */
	ck_assert_double_eq_tol(out.posterior[141], 0.9999998394, out.error[141] + 1e-8);
	ck_assert_double_eq_tol(out.posterior[71], 0.9999991673, out.error[71] + 1e-8);
	ck_assert_int_eq(pw_decoded_call(&out, 71, 0.99), PW_PERSON_POSITIVE);
	ck_assert_int_eq(pw_decoded_call(&out, 13, 0.99), PW_PERSON_NEGATIVE);
	ck_assert_int_eq(pw_decoded_call(&out, 13, 0.9999), PW_PERSON_UNDECIDED);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

/* ---- Against the definition ---- */

#define CASES_EACH 400

static const unsigned mixtures[] = {
	0,
	WITH_DILUTION,
	WITH_HOUSEHOLDS,
	WITH_CERTAINTY,
	WITH_LIMIT,
	WITH_DILUTION | WITH_HOUSEHOLDS,
	WITH_CERTAINTY | WITH_LIMIT,
	WITH_DILUTION | WITH_HOUSEHOLDS | WITH_CERTAINTY | WITH_LIMIT,
	WITH_FEW_SHARED,
	WITH_FEW_SHARED | WITH_LIMIT,
	WITH_FEW_SHARED | WITH_DILUTION,
	WITH_FEW_SHARED | WITH_HOUSEHOLDS | WITH_CERTAINTY,
};

/* Holds an answer against the sum over all sets. */
static void compare(const pw_decoded *out, const oracle *o, double tolerance, uint64_t seed)
{
	size_t n = out->samples;
	ck_assert_msg(fabs(out->logz - log(o->z)) <= out->logz_error + 1e-11,
		      "seed %llu: logz %.15g, not %.15g, with %s", (unsigned long long)seed,
		      out->logz, log(o->z), pw_decode_method_name(out->method));
	for (size_t j = 0; j < n; j++) {
		double off = fabs(out->posterior[j] - o->posterior[j]);
		ck_assert_msg(
			off <= out->error[j] + 1e-13 && off <= tolerance,
			"seed %llu: person %zu of %zu has %.15g, not %.15g (error said: %g), with %s",
			(unsigned long long)seed, j + 1, n, out->posterior[j], o->posterior[j],
			out->error[j], pw_decode_method_name(out->method));
	}
	double lack = 1;
	for (size_t k = 0; k < out->counts; k++)
		lack -= out->count[k];
	for (size_t k = 0; k < out->counts; k++)
		ck_assert_msg(out->count[k] - o->count[k] <= tolerance + 1e-12 &&
				      o->count[k] - out->count[k] <= fmax(lack, tolerance) + 1e-12,
			      "seed %llu: %zu positives have %.15g, not %.15g, with %s",
			      (unsigned long long)seed, k, out->count[k], o->count[k],
			      pw_decode_method_name(out->method));
}

/* Cases of each mixture; PW_LONG=1 tries many more. */
static uint64_t cases_each(void)
{
	return getenv("PW_LONG") != NULL ? 50 * CASES_EACH : CASES_EACH;
}

/* Whether the method could do it. */
static bool holds(random_case *c, const oracle *o, pw_decode_method method, uint64_t seed)
{
	pw_decoded out = {.samples = 0};
	pw_err err = PW_ERR_INIT;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	opts.method = method;
	opts.max_positives = c->limit;
	opts.epsilon = 1e-11;
	pw_status rc = pw_decode(&c->evidence, &opts, &out, &err);
	if (rc == PW_ERR_LIMIT && method == PW_DECODE_STATES)
		return false; /* it cannot do everything */
	if (o->z <= 0) {
		ck_assert_msg(rc == PW_ERR_REFUSED, "seed %llu: %s", (unsigned long long)seed,
			      err.msg);
		ck_assert_str_eq(err.code, "impossible-evidence");
		return false;
	}
	ck_assert_msg(rc == PW_OK, "seed %llu: %s", (unsigned long long)seed, err.msg);
	compare(&out, o, 1e-10, seed);
	pw_decoded_clear(&out);
	return true;
}

START_TEST(test_every_method_agrees_with_the_sum_over_all_sets)
{
	static const pw_decode_method methods[] = {PW_DECODE_AUTO, PW_DECODE_SUBSETS,
						   PW_DECODE_STATES, PW_DECODE_SUPPORTS};
	uint64_t done[4] = {0}, cases = cases_each();
	for (uint64_t k = 0; k < cases; k++) {
		random_case c;
		uint64_t seed = 1000003 * (uint64_t)(_i + 1) + k;
		random_case_make(&c, seed, mixtures[_i]);
		oracle o = oracle_sum(&c.evidence, c.limit);
		for (size_t m = 0; m < 4; m++)
			done[m] += holds(&c, &o, methods[m], seed);
		random_case_clear(&c);
	}
	for (size_t m = 0; m < 4; m++)
		if (methods[m] != PW_DECODE_STATES || mixtures[_i] == 0)
			ck_assert_uint_gt(done[m], cases / 2);
}
END_TEST

/* What a hasty search leaves out is bounded: the error said is never less than the true one. */
START_TEST(test_a_hasty_search_says_how_wrong_it_may_be)
{
	unsigned with = mixtures[_i];
	for (uint64_t seed = 0; seed < 4 * cases_each(); seed++) {
		random_case c;
		pw_decoded out = {.samples = 0};
		pw_err err = PW_ERR_INIT;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		random_case_make(&c, 7777777 * (uint64_t)(_i + 1) + seed, with);
		opts.method = PW_DECODE_SUPPORTS;
		opts.max_positives = c.limit;
		opts.epsilon = 0.01;
		opts.effort = seed % 2 == 0 ? 0 : 200 + 20 * (seed % 1600);
		oracle o = oracle_sum(&c.evidence, c.limit);
		if (o.z > 0 && pw_decode(&c.evidence, &opts, &out, &err) == PW_OK)
			compare(&out, &o, 1, seed);
		pw_decoded_clear(&out);
		random_case_clear(&c);
	}
}
END_TEST

static bool passed(void *ctx)
{
	(void)ctx;
	return true;
}

/* Nor after a deadline that has passed before anything began; whatever the method would have been. */
START_TEST(test_a_deadline_that_has_passed_leaves_a_poor_but_true_answer)
{
	uint64_t answers = 0;
	for (uint64_t seed = 0; seed < cases_each(); seed++) {
		random_case c;
		pw_decoded out = {.samples = 0};
		pw_err err = PW_ERR_INIT;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		random_case_make(&c, 99991 * (uint64_t)(_i + 1) + seed, mixtures[_i]);
		opts.max_positives = c.limit;
		opts.expired = passed;
		oracle o = oracle_sum(&c.evidence, c.limit);
		if (o.z <= 0) {
			random_case_clear(&c);
			continue;
		}
		pw_status rc = pw_decode(&c.evidence, &opts, &out, &err);
		ck_assert_msg(rc == PW_OK || rc == PW_ERR_LIMIT, "seed %llu: %s",
			      (unsigned long long)seed, err.msg);
		if (rc == PW_OK)
			compare(&out, &o, 1, seed);
		answers += rc == PW_OK;
		pw_decoded_clear(&out);
		random_case_clear(&c);
	}
	ck_assert_uint_gt(answers, cases_each() / 2);
}
END_TEST

Suite *suite_decode(void);

Suite *suite_decode(void)
{
	Suite *suite = suite_create("decode");
	TCase *tcase = tcase_create("known");
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_a_three_by_four_array_has_the_known_posterior, 0, 2);
	tcase_add_loop_test(tcase, test_a_three_by_four_array_has_the_known_posterior, 4, 10);
	tcase_add_test(tcase, test_the_two_carriers_of_pbest_have_the_known_posterior);
	tcase_add_test(tcase, test_the_two_carriers_of_pbest_are_found_within_the_error_asked_for);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("definition");
	tcase_set_timeout(tcase, getenv("PW_LONG") != NULL ? 36000 : 300);
	tcase_add_loop_test(tcase, test_every_method_agrees_with_the_sum_over_all_sets, 0,
			    (int)(sizeof(mixtures) / sizeof(*mixtures)));
	tcase_add_loop_test(tcase, test_a_hasty_search_says_how_wrong_it_may_be, 0,
			    (int)(sizeof(mixtures) / sizeof(*mixtures)));
	tcase_add_loop_test(tcase, test_a_deadline_that_has_passed_leaves_a_poor_but_true_answer, 0,
			    (int)(sizeof(mixtures) / sizeof(*mixtures)));
	suite_add_tcase(suite, tcase);
	return suite;
}
