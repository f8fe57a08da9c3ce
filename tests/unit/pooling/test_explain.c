#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/explain.h"
#include "core/pooling/results.h"
#include "tests/unit/pooling/shared_data.h"

static pw_design *parse(const char *text, size_t n)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_parse(text, n, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

static pw_design *shared_design(const char *file)
{
	char *text;
	size_t n;
	if (!shared_data_read(file, &text, &n))
		return NULL;
	pw_design *d = parse(text, n);
	free(text);
	return d;
}

static pw_pool_reading *readings_of(const pw_design *d, const char *calls)
{
	pw_pool_reading *r = pw_alloc_array(pw_design_pools(d), sizeof(*r));
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_results_parse(calls, strlen(calls), pw_design_pools(d), r, &err) == PW_OK,
		      "%s", err.msg);
	return r;
}

/* What perfect tests show of a set. */
static void read_truly(const pw_design *d, const uint32_t *at, size_t count, pw_pool_reading *out)
{
	for (size_t i = 0; i < pw_design_pools(d); i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k < count; k++) {
		pw_design_list pools = pw_design_pools_of(d, at[k]);
		for (size_t x = 0; x < pools.count; x++)
			out[pools.at[x]].call = PW_POOL_POSITIVE;
	}
}

static void expect_list(const pw_sample_list *list, const uint32_t *wanted, size_t count)
{
	ck_assert_uint_eq(list->count, count);
	for (size_t k = 0; k < count; k++)
		ck_assert_uint_eq(list->at[k] + 1, wanted[k]);
}

#define EXPECT_LIST(list, ...)                                                     \
	do {                                                                       \
		const uint32_t wanted_[] = {__VA_ARGS__};                          \
		expect_list(&(list), wanted_, sizeof(wanted_) / sizeof(*wanted_)); \
	} while (0)

/* ---- Known plates ---- */

static const char pbest_calls[] = "-----+-+------+----++-----+---++-+----+-+----+--";
static const char iowa_calls[] = "++++-+++-+++-+-+";

START_TEST(test_pbest_has_two_carriers_and_pool_31_is_left_unexplained)
{
	pw_design *d = shared_design("pooling/pbest_48x384.txt");
	if (d == NULL)
		return;
	pw_pool_reading *r = readings_of(d, pbest_calls);
	pw_smallest s;
	pw_by_word w;
	pw_smallest_find(d, r, 0, &s);
	pw_by_word_find(d, r, &w);
	EXPECT_LIST(s.set, 72, 142);
	ck_assert(s.proved);
	ck_assert(s.unique);
	ck_assert_uint_eq(s.unexplained_count, 1);
	ck_assert_uint_eq(s.unexplained[0] + 1, 31);
	ck_assert_uint_eq(s.against_count, 0);
	EXPECT_LIST(w.comp, 72, 142);
	EXPECT_LIST(w.dd, 72, 142);
	EXPECT_LIST(w.scomp, 72, 142);
	pw_str reason = PW_STR_INIT;
	pw_explain_person(d, r, &w, 141, &reason);
	ck_assert_str_eq(pw_str_text(&reason), "in 6 pools, 6 positive, the only explanation of "
					       "pools 6, 21, 32, 39 and 46");
	pw_str_clear(&reason);
	pw_by_word_clear(&w);
	pw_smallest_clear(&s);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

START_TEST(test_iowa_has_thirteen_candidates_and_nobody_for_certain)
{
	pw_design *d = shared_design("pooling/iowa_16x40.txt");
	if (d == NULL)
		return;
	pw_pool_reading *r = readings_of(d, iowa_calls);
	pw_smallest s;
	pw_by_word w;
	pw_smallest_find(d, r, 0, &s);
	pw_by_word_find(d, r, &w);
	EXPECT_LIST(w.comp, 2, 10, 11, 13, 15, 16, 26, 28, 30, 32, 33, 35, 40);
	ck_assert_uint_eq(w.dd.count, 0);
	ck_assert_uint_eq(s.unexplained_count + s.against_count, 0);
	ck_assert(s.proved);
	ck_assert_uint_le(s.set.count, 4); /* as many as the truth has */
	pw_by_word_clear(&w);
	pw_smallest_clear(&s);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

/* ---- The limits of decoding without noise ---- */

/* Shares of random sets of k positives; the known ones are of all sets, or of 5,000 and more. */
static const struct {
	const char *file;
	size_t k;
	double comp_false, comp_exact, dd_all, unique;
} limits[] = {
	{"pooling/pbest_48x384.txt", 2, 0, 1, 1, 1},
	{"pooling/pbest_48x384.txt", 3, 0.07689, 0.93086, 0.99684, 0.99869},
	{"pooling/pbest_48x384.txt", 5, 3.01, 0.122, 0.486, 0.866},
	{"pooling/kirkman_45x105.txt", 3, 0.12099, 0.88419, 0.99833, 0.99883},
	{"pooling/kirkman_45x105.txt", 5, 1.005, 0.347, 0.828, 0.904},
	{"pooling/kirkman_45x105.txt", 8, 4.36, 0.015, 0.067, 0.241},
};

#define DRAWS 300

/* Within four standard errors of a share of DRAWS. */
static void expect_share(double seen, double known)
{
	ck_assert_double_le(fabs(seen - known), 4 * sqrt(known * (1 - known) / DRAWS) + 0.006);
}

START_TEST(test_the_limits_of_decoding_without_noise_are_the_known_ones)
{
	pw_design *d = shared_design(limits[_i].file);
	if (d == NULL)
		return;
	size_t k = limits[_i].k, n = pw_design_samples(d);
	pw_pool_reading *r = pw_alloc_array(pw_design_pools(d), sizeof(*r));
	double false_positives = 0, exact = 0, all = 0, unique = 0;
	pw_rng rng;
	pw_rng_init(&rng, 11 + (uint64_t)_i);
	for (int draw = 0; draw < DRAWS; draw++) {
		uint32_t at[8];
		for (size_t c = 0; c < k; c++) {
			at[c] = (uint32_t)pw_rng_below(&rng, n);
			for (size_t b = 0; b < c; b++)
				if (at[b] == at[c])
					c--;
		}
		read_truly(d, at, k, r);
		pw_by_word w;
		pw_smallest s;
		pw_by_word_find(d, r, &w);
		pw_smallest_find(d, r, 0, &s);
		ck_assert(s.proved);
		ck_assert_uint_eq(s.unexplained_count + s.against_count, 0);
		ck_assert_uint_le(s.set.count, k);
		false_positives += (double)(w.comp.count - k);
		exact += w.comp.count == k;
		all += w.dd.count == k;
		unique += s.unique && s.set.count == k;
		pw_by_word_clear(&w);
		pw_smallest_clear(&s);
	}
	ck_assert_double_le(fabs(false_positives / DRAWS - limits[_i].comp_false),
			    0.2 * limits[_i].comp_false + 0.03);
	expect_share(exact / DRAWS, limits[_i].comp_exact);
	expect_share(all / DRAWS, limits[_i].dd_all);
	expect_share(unique / DRAWS, limits[_i].unique);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

/* The smallest explanation against all sets, on small random designs with errors. */
START_TEST(test_no_set_explains_more_with_fewer_people)
{
	static const char matrix[] = "11010010\n01101001\n10011100\n00100111\n11001010\n00110101\n";
	pw_design *d = parse(matrix, sizeof(matrix) - 1);
	pw_pool_reading r[6];
	pw_rng rng;
	pw_rng_init(&rng, 5);
	for (int draw = 0; draw < 400; draw++) {
		for (int i = 0; i < 6; i++)
			r[i] = (pw_pool_reading){.call = (pw_pool_call)pw_rng_below(&rng, 4)};
		size_t best = SIZE_MAX;
		int ways = 0;
		for (unsigned set = 0; set < 256; set++) {
			size_t errors = 0, size = 0;
			for (size_t i = 0; i < 6; i++) {
				bool hit = false;
				for (size_t j = 0; j < 8; j++)
					hit = hit ||
					      ((set >> j & 1) != 0 && pw_design_has(d, i, j));
				errors += (r[i].call == PW_POOL_POSITIVE && !hit) ||
					  (r[i].call == PW_POOL_NEGATIVE && hit);
			}
			for (size_t j = 0; j < 8; j++)
				size += set >> j & 1;
			size_t cost = 100 * errors + size;
			ways = cost < best ? 1 : ways + (cost == best);
			best = cost < best ? cost : best;
		}
		pw_smallest s;
		pw_smallest_find(d, r, 0, &s);
		ck_assert(s.proved);
		ck_assert_uint_eq(100 * (s.unexplained_count + s.against_count) + s.set.count,
				  best);
		ck_assert_uint_eq(s.least_errors, best / 100);
		ck_assert_int_eq(s.unique, ways == 1);
		pw_smallest_clear(&s);
	}
	pw_design_free(d);
}
END_TEST

START_TEST(test_a_search_without_effort_says_that_nothing_is_proved)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384};
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_make(&opts, &d, NULL), PW_OK);
	pw_pool_reading *r = pw_alloc_array(pw_design_pools(d), sizeof(*r));
	pw_rng rng;
	pw_rng_init(&rng, 9);
	for (size_t i = 0; i < pw_design_pools(d); i++)
		r[i].call = pw_rng_chance(&rng, 0.5) ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	pw_smallest s;
	pw_smallest_find(d, r, 20000, &s);
	ck_assert(!s.proved);
	ck_assert(!s.unique);
	ck_assert_uint_le(s.least_errors, s.unexplained_count + s.against_count);
	pw_smallest_clear(&s);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

/* ---- Words ---- */

static const char array_2x3[] = "111000\n000111\n100100\n010010\n001001\n";

static const struct {
	const char *calls;
	size_t sample;
	const char *reason;
} reasons[] = {
	{"+-+--", 1, "in 2 pools, 2 positive, the only explanation of pools 1 and 3"},
	{"+-+--", 2, "in 2 pools, 1 positive, 1 negative: against it pool 4"},
	{"+-+--", 5, "in 2 pools, 0 positive, 2 negative"},
	{"+++++", 1, "in 2 pools, 2 positive, others would explain each of them"},
	{"+?!--", 4, "in 2 pools, 0 positive, 1 grey, 1 without a result"},
	{"+!---", 4, "in 2 pools, 0 positive, 1 negative, 1 without a result"},
};

START_TEST(test_the_reason_for_a_person_is_said)
{
	pw_design *d = parse(array_2x3, sizeof(array_2x3) - 1);
	pw_pool_reading *r = readings_of(d, reasons[_i].calls);
	pw_by_word w;
	pw_str reason = PW_STR_INIT;
	pw_by_word_find(d, r, &w);
	pw_explain_person(d, r, &w, reasons[_i].sample - 1, &reason);
	ck_assert_str_eq(pw_str_text(&reason), reasons[_i].reason);
	pw_str_clear(&reason);
	pw_by_word_clear(&w);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

START_TEST(test_who_cannot_be_told_apart_is_named)
{
	pw_design *d = parse(array_2x3, sizeof(array_2x3) - 1);
	uint32_t first[6];
	pw_pool_reading *r = readings_of(d, "+-+-+");
	ck_assert_uint_eq(pw_explain_twins(d, r, first), 0);
	pw_free(r);
	/* without the columns, everybody of a row is alike; without pool 4, nobody is */
	r = readings_of(d, "+-!?!");
	ck_assert_uint_eq(pw_explain_twins(d, r, first), 6);
	static const uint32_t wanted[] = {0, 0, 0, 3, 3, 3};
	ck_assert_mem_eq(first, wanted, sizeof(wanted));
	pw_free(r);
	pw_design_free(d);
}
END_TEST

START_TEST(test_sets_that_hit_the_same_pools_are_alike)
{
	pw_design *d = parse(array_2x3, sizeof(array_2x3) - 1);
	pw_pool_reading *r = readings_of(d, "++++-");
	pw_evidence e = {
		.design = d, .readings = r, .prior = 0.05, .test = {.se = 0.95, .sp = 0.99}};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	uint32_t first[16];
	ck_assert_int_eq(pw_decode(&e, &opts, &out, NULL), PW_OK);
	pw_explain_alike(d, &out, first);
	/* two corners or the other two: the best sets, and no result can tell */
	ck_assert_double_eq_tol(out.sets[0].posterior, out.sets[1].posterior, 1e-12);
	ck_assert_uint_eq(first[0], 0);
	ck_assert_uint_eq(first[1], 0);
	pw_decoded_clear(&out);
	pw_free(r);
	pw_design_free(d);
}
END_TEST

Suite *suite_explain(void);

Suite *suite_explain(void)
{
	Suite *suite = suite_create("explain");
	TCase *tcase = tcase_create("explain");
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_pbest_has_two_carriers_and_pool_31_is_left_unexplained);
	tcase_add_test(tcase, test_iowa_has_thirteen_candidates_and_nobody_for_certain);
	tcase_add_loop_test(tcase, test_the_limits_of_decoding_without_noise_are_the_known_ones, 0,
			    (int)(sizeof(limits) / sizeof(*limits)));
	tcase_add_test(tcase, test_no_set_explains_more_with_fewer_people);
	tcase_add_test(tcase, test_a_search_without_effort_says_that_nothing_is_proved);
	tcase_add_loop_test(tcase, test_the_reason_for_a_person_is_said, 0,
			    (int)(sizeof(reasons) / sizeof(*reasons)));
	tcase_add_test(tcase, test_who_cannot_be_told_apart_is_named);
	tcase_add_test(tcase, test_sets_that_hit_the_same_pools_are_alike);
	suite_add_tcase(suite, tcase);
	return suite;
}
