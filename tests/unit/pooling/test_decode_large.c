/*
 * What is done to keep large evidence in little memory changes no answer: parts that have the design's own matrix are
 * what they are as designs of their own, and tables of which only the beginning is held are the whole tables.
 */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/decode_support.h"
#include "core/pooling/design_make.h"

/* More than a million ones. */
#define PEOPLE 30000
#define POOLS  200
#define WEIGHT 36

#define MISSING 3

static pw_design *made(size_t samples, uint32_t pools, uint32_t weight)
{
	pw_make_opts opts = {.family = PW_FAMILY_RANDOM,
			     .samples = samples,
			     .pools = pools,
			     .w = weight,
			     .seed = 5};
	pw_design *design;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(&opts, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

/* Adds the ones of `d`, its pools and samples moved on, without a pool and without who is settled (either may be none).
 * Returns how many. */
static size_t add_ones(const pw_design *d, size_t pool_on, size_t sample_on, size_t without,
		       const bool *settled, pw_design_entry *out)
{
	size_t count = 0, samples = 0;
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		if (settled != NULL && settled[j])
			continue;
		for (size_t x = 0; x < pools.count; x++) {
			size_t pool = pools.at[x];
			if (pool != without)
				out[count++] = (pw_design_entry){
					(uint32_t)(pool - (pool > without) + pool_on),
					(uint32_t)(samples + sample_on)};
		}
		samples++;
	}
	return count;
}

static pw_design *design_of(const pw_design_entry *entries, size_t count, size_t pools,
			    size_t samples)
{
	pw_design_spec spec = {
		.pools = pools, .samples = samples, .entries = entries, .entry_count = count};
	pw_design *design;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_new(&spec, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

/* All negative but for the pools of `positives` people, all right. */
static void read_pools(const pw_design *d, size_t positives, pw_pool_reading *out)
{
	for (size_t i = 0; i < pw_design_pools(d); i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k < positives; k++) {
		pw_design_list pools = pw_design_pools_of(d, 1000 * k + 7);
		for (size_t x = 0; x < pools.count; x++)
			out[pools.at[x]].call = PW_POOL_POSITIVE;
	}
}

static void decode(const pw_evidence *e, size_t limit, pw_decoded *out)
{
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_err err = PW_ERR_INIT;
	opts.max_positives = limit;
	ck_assert_msg(pw_decode(e, &opts, out, &err) == PW_OK, "%s", err.msg);
}

static void check_close(double a, double b, size_t sample)
{
	ck_assert_msg(fabs(a - b) <= 1e-12, "sample %zu: %.17g and not %.17g", sample + 1, a, b);
}

/* ---- The design's own matrix ---- */

static const struct {
	size_t positives, limit;
	double dilution;
} apart[] = {{0, 0, 0}, {1, 1, 0}, {1, 1, 0.005}};

START_TEST(test_a_large_part_is_what_it_is_by_itself)
{
	pw_design *d = made(PEOPLE, POOLS, WEIGHT);
	bool *settled = pw_alloc_array(PEOPLE, sizeof(*settled));
	double *priors = pw_alloc_array(PEOPLE, sizeof(*priors));
	pw_pool_reading readings[POOLS], others[POOLS - 1];
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .priors = priors,
			 .prior = 0.0001,
			 .test = PW_POOL_MODEL_INIT};
	e.test.dilution = apart[_i].dilution;
	bool many = e.test.dilution <= 0; /* who is settled still thins a pool */
	for (size_t j = 0; j < PEOPLE; j++) {
		settled[j] = many && j % 5000 == 11;
		priors[j] = settled[j] ? 0 : e.prior;
	}
	read_pools(d, apart[_i].positives, readings);
	readings[MISSING].call = PW_POOL_MISSING;
	memcpy(others, readings, MISSING * sizeof(*others));
	memcpy(others + MISSING, readings + MISSING + 1, (POOLS - 1 - MISSING) * sizeof(*others));
	pw_design_entry *entries = pw_alloc_array(pw_design_entries(d), sizeof(*entries));
	size_t count = add_ones(d, 0, 0, MISSING, settled, entries);
	pw_evidence f = e;
	f.design = design_of(entries, count, POOLS - 1, many ? PEOPLE - PEOPLE / 5000 : PEOPLE);
	f.readings = others;
	f.priors = NULL;
	pw_decoded a, b;
	decode(&e, apart[_i].limit, &a);
	decode(&f, apart[_i].limit, &b);
	for (size_t j = 0, k = 0; j < PEOPLE; j++) {
		check_close(a.posterior[j], settled[j] ? 0 : b.posterior[k], j);
		check_close(a.error[j], settled[j] ? 0 : b.error[k], j);
		k += !settled[j];
	}
	ck_assert_double_eq_tol(a.logz, b.logz, 1e-9);
	ck_assert_uint_eq(a.set_count, b.set_count);
	ck_assert_uint_eq(a.parts, 1);
	pw_decoded_clear(&a);
	pw_decoded_clear(&b);
	pw_design_free((pw_design *)f.design);
	pw_design_free(d);
	pw_free(entries);
	pw_free(priors);
	pw_free(settled);
}
END_TEST

/* Two such parts in one design, of which each has the matrix; the second is without a pool of its own. */
START_TEST(test_two_large_parts_do_not_get_into_each_other)
{
	pw_design *d = made(PEOPLE, POOLS, WEIGHT);
	pw_pool_reading readings[2 * POOLS];
	pw_design_entry *entries = pw_alloc_array(2 * pw_design_entries(d), sizeof(*entries));
	size_t count = add_ones(d, 0, 0, SIZE_MAX, NULL, entries);
	count += add_ones(d, POOLS, PEOPLE, SIZE_MAX, NULL, entries + count);
	pw_design *both = design_of(entries, count, 2 * POOLS, 2 * PEOPLE);
	pw_evidence e = {.readings = readings, .prior = 0.0001, .test = PW_POOL_MODEL_INIT};
	read_pools(both, 0, readings);
	readings[POOLS + 20].call = PW_POOL_MISSING;
	pw_decoded all, one[2];
	e.design = both;
	decode(&e, 0, &all);
	e.design = d;
	decode(&e, 0, &one[0]);
	e.readings = readings + POOLS;
	decode(&e, 0, &one[1]);
	ck_assert_uint_eq(all.parts, 2);
	for (size_t j = 0; j < 2 * (size_t)PEOPLE; j++)
		check_close(all.posterior[j], one[j / PEOPLE].posterior[j % PEOPLE], j);
	ck_assert_double_eq_tol(all.logz, one[0].logz + one[1].logz, 1e-9);
	for (int k = 0; k < 2; k++)
		pw_decoded_clear(&one[k]);
	pw_decoded_clear(&all);
	pw_design_free(both);
	pw_design_free(d);
	pw_free(entries);
}
END_TEST

/* ---- The beginning of the tables ---- */

#define SMALL_POOLS 48

/* A set that grows and shrinks. */
typedef struct field {
	pw_design *design;
	pw_pool_reading readings[SMALL_POOLS];
	pw_evidence evidence;
	pw_tables tables;
	pw_reduced reduced;
	pw_effort effort;
	pw_arena arena;
} field;

static void field_init(field *f)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .samples = 384, .pools = SMALL_POOLS, .w = 6};
	pw_decode_opts decode_opts = PW_DECODE_OPTS_INIT;
	pw_err err = PW_ERR_INIT;
	*f = (field){.arena = PW_ARENA_INIT};
	ck_assert_int_eq(pw_design_make(&opts, &f->design, &err), PW_OK);
	read_pools(f->design, 1, f->readings);
	f->evidence = (pw_evidence){.design = f->design,
				    .readings = f->readings,
				    .prior = 0.01,
				    .test = PW_POOL_MODEL_INIT};
	f->evidence.test.dilution = 0.3;
	ck_assert_int_eq(pw_tables_make(&f->evidence, &f->arena, &f->tables, &err), PW_OK);
	ck_assert_int_eq(
		pw_reduce(&f->evidence, &f->tables, SIZE_MAX, &f->arena, &f->reduced, &err), PW_OK);
	ck_assert_uint_eq(f->reduced.part_count, 1);
	pw_effort_init(&f->effort, &decode_opts);
	pw_problem_open(&f->reduced, 0, &f->arena);
}

static void check_same(pw_support *a, pw_support *b)
{
	ck_assert_double_eq(a->log_weight, b->log_weight);
	ck_assert_double_eq(a->gain_log, b->gain_log);
	ck_assert_uint_eq(a->gain_pools, b->gain_pools);
	ck_assert_uint_eq(a->full_pools, b->full_pools);
	ck_assert_uint_eq(a->paid, b->paid);
	ck_assert_double_eq(pw_support_gains(a), pw_support_gains(b));
	for (uint32_t j = 0; j < a->p->n; j++)
		ck_assert_double_eq(a->gain[j], b->gain[j]);
	ck_assert_double_eq(pw_support_growth(a), pw_support_growth(b));
	ck_assert_double_eq(pw_support_bound(a, 20, 0), pw_support_bound(b, 20, 0));
}

START_TEST(test_of_a_table_as_much_is_held_as_the_set_needs)
{
	field f;
	pw_support a, b;
	field_init(&f);
	pw_support_init(&a, &f.reduced.parts[0], &f.effort, &f.arena);
	pw_support_init(&b, &f.reduced.parts[0], &f.effort, &f.arena);
	ck_assert_uint_ge(a.held, a.longest);
	b.held = 4;
	pw_support_tables_make(&b);
	for (size_t i = 0; i < b.p->m; i++)
		b.entry[i] = b.start[i];
	pw_support_mark empty = pw_support_mark_here(&a), half = empty;
	pw_design_list members = pw_design_members(f.design, 5);
	ck_assert_uint_gt(members.count, 12);
	for (size_t k = 0; k < 12; k++) {
		check_same(&a, &b);
		if (k == 6)
			half = pw_support_mark_here(&a);
		pw_support_add(&a, members.at[k]);
		pw_support_add(&b, members.at[k]);
	}
	ck_assert_uint_eq(a.positives[5], 12);
	ck_assert_uint_gt(b.held, 12);
	ck_assert_uint_lt(b.held, b.longest);
	for (size_t k = 0; k < 2; k++) {
		check_same(&a, &b);
		pw_support_back(&a, k == 0 ? &half : &empty);
		pw_support_back(&b, k == 0 ? &half : &empty);
	}
	check_same(&a, &b);
	pw_support_clear(&a);
	pw_support_clear(&b);
	pw_design_free(f.design);
	pw_arena_clear(&f.arena);
}
END_TEST

/* What is derived without the table is what the table has. */
START_TEST(test_a_value_behind_what_is_held_is_the_same)
{
	field f;
	pw_support a;
	field_init(&f);
	pw_support_init(&a, &f.reduced.parts[0], &f.effort, &f.arena);
	const pw_problem *p = a.p;
	for (size_t i = 0; i < p->m; i++) {
		size_t cap = pw_problem_cap(p, i);
		ck_assert_uint_eq(cap, pw_design_members(f.design, i).count);
		for (size_t k = 0; k <= cap + 2; k++)
			ck_assert_double_eq(pw_problem_like(p, i, k),
					    pw_tables_like(&f.tables, i, k));
		a.start[i + 1] = a.start[i]; /* as if nothing were held */
		for (size_t k = 0; k < cap; k++)
			ck_assert_double_eq(pw_support_up(&a, i, k), a.up[a.start[i] + k]);
		a.start[i + 1] = a.start[i] + (uint32_t)cap + 1;
	}
	pw_support_clear(&a);
	pw_design_free(f.design);
	pw_arena_clear(&f.arena);
}
END_TEST

Suite *suite_decode_large(void);
Suite *suite_decode_large(void)
{
	Suite *s = suite_create("decode_large");
	TCase *tc = tcase_create("decode_large");
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_a_large_part_is_what_it_is_by_itself, 0,
			    sizeof(apart) / sizeof(*apart));
	tcase_add_test(tc, test_two_large_parts_do_not_get_into_each_other);
	tcase_add_test(tc, test_of_a_table_as_much_is_held_as_the_set_needs);
	tcase_add_test(tc, test_a_value_behind_what_is_held_is_the_same);
	suite_add_tcase(s, tc);
	return s;
}
