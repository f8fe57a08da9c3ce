#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/decode_loads.h"
#include "core/pooling/design_make.h"
#include "tests/unit/pooling/loads_oracle.h"

/* What the integrals of the oracle are good to. */
#define ORACLE_ERROR 2e-5

/* ---- The curve of a pool ---- */

static void random_pool(loads_case *c, pw_rng *rng)
{
	pw_ct_model *m = &c->evidence.ct;
	pw_pool_model *t = &c->evidence.test;
	*m = (pw_ct_model)PW_CT_MODEL_INIT;
	m->noise = pw_rng_chance(rng, 0.2) ? 0 : 0.05 + pw_rng_uniform(rng);
	m->well_noise = 0.05 + pw_rng_uniform(rng);
	*t = (pw_pool_model){.se = 0.7 + 0.3 * pw_rng_uniform(rng),
			     .sp = 0.8 + 0.2 * pw_rng_uniform(rng)};
	t->extraction_failure = pw_rng_chance(rng, 0.5) ? 0.1 * pw_rng_uniform(rng) : 0;
	c->readings[0] = (pw_pool_reading){.call = PW_POOL_POSITIVE};
	c->readings[0].wells = (uint8_t)(1 + pw_rng_below(rng, 4));
	for (int w = 0; w < c->readings[0].wells; w++) {
		pw_ct_well *well = &c->readings[0].well[w];
		well->amplified = pw_rng_chance(rng, 0.7);
		well->ct = well->amplified ? 30 + 11 * pw_rng_uniform(rng) : 0; /* some too late */
	}
	if (c->readings[0].wells == 1 && pw_rng_chance(rng, 0.3)) {
		m->noise += 0.1;
		m->well_noise = 0;
	}
	c->evidence.readings = c->readings;
}

START_TEST(test_the_curve_of_a_pool_is_the_models)
{
	pw_rng rng;
	pw_rng_init(&rng, 1000 + (uint64_t)_i);
	for (int draw = 0; draw < 40; draw++) {
		loads_case c = {.design = NULL};
		pw_arena arena = PW_ARENA_INIT;
		random_pool(&c, &rng);
		const pw_ct_curve *curve = pw_ct_curve_make(&c.readings[0], &c.evidence.test, 0,
							    &c.evidence.ct, &arena);
		double scale = pw_ct_curve_scale(curve);
		double empty = loads_oracle_pool(&c.evidence, 0, INFINITY);
		ck_assert_double_eq_tol(pw_ct_curve_empty(curve) * exp(scale), empty,
					1e-12 * (empty + 1));
		for (double mu = 24; mu < 48; mu += 0.37) {
			pw_ct_value v = pw_ct_curve_at(curve, mu);
			double wanted = log(fmax(loads_oracle_pool(&c.evidence, 0, mu), 1e-290));
			if (v.log < -200)
				continue;
			ck_assert_msg(fabs(v.log + scale - wanted) < 2e-4,
				      "draw %d at %g: %.8g, not %.8g", draw, mu, v.log + scale,
				      wanted);
			ck_assert_double_le(exp(v.log), pw_ct_curve_most(curve) * (1 + 1e-9));
			double h = 1e-4, next = pw_ct_curve_at(curve, mu + h).log;
			double last = pw_ct_curve_at(curve, mu - h).log;
			double first = (next - last) / (2 * h);
			double second = (next - 2 * v.log + last) / (h * h);
			ck_assert_double_eq_tol(v.first, first, 1e-4 * (1 + fabs(first)));
			ck_assert_double_eq_tol(v.second, second, 0.01 * (1 + fabs(second)));
		}
		pw_arena_clear(&arena);
	}
}
END_TEST

START_TEST(test_pools_that_say_the_same_are_known_to)
{
	pw_pool_model t = {.se = 0.95, .sp = 0.99};
	pw_ct_model m = PW_CT_MODEL_INIT;
	pw_pool_reading blank = {.wells = 2}, other = {.wells = 1}, seen = {.wells = 2};
	seen.well[0] = (pw_ct_well){true, 30};
	pw_arena arena = PW_ARENA_INIT;
	const pw_ct_curve *a = pw_ct_curve_make(&blank, &t, 0, &m, &arena);
	ck_assert(pw_ct_curve_same(a, pw_ct_curve_make(&blank, &t, 1, &m, &arena)));
	ck_assert(!pw_ct_curve_same(a, pw_ct_curve_make(&other, &t, 1, &m, &arena)));
	ck_assert(!pw_ct_curve_same(a, pw_ct_curve_make(&seen, &t, 1, &m, &arena)));
	t.se = 0.9;
	ck_assert(!pw_ct_curve_same(a, pw_ct_curve_make(&blank, &t, 1, &m, &arena)));
	pw_arena_clear(&arena);
}
END_TEST

/* ---- Against the definition ---- */

static const unsigned mixtures[] = {
	0,
	WITH_REPLICATES,
	WITH_FAILURES,
	WITH_CALLS,
	WITH_DILUTED,
	WITH_EDGES,
	WITH_SHARED_RISK,
	WITH_REPLICATES | WITH_FAILURES,
	WITH_FAILURES | WITH_DILUTED,
	WITH_DILUTED | WITH_REPLICATES,
	WITH_EDGES | WITH_REPLICATES,
	WITH_REPLICATES | WITH_FAILURES | WITH_CALLS | WITH_DILUTED | WITH_EDGES | WITH_SHARED_RISK,
};

#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

/* All sets (0), or those of at most so many: the oracle takes longer with each, and the last round is for who sets
 * PW_SLOW_TESTS. */
static const struct {
	size_t limit;
	uint64_t cases, slow_cases;
} rounds[] = {{0, 1, 60}, {2, 2, 200}, {3, 1, 60}};

static bool is_slow(void)
{
	return getenv("PW_SLOW_TESTS") != NULL;
}

/* Every posterior within the error said, and the error said not a large one. */
static void compare(const pw_decoded *d, const loads_oracle *o, uint64_t seed)
{
	for (size_t j = 0; j < d->samples; j++) {
		double off = fabs(d->posterior[j] - o->posterior[j]);
		ck_assert_msg(off <= d->error[j] + ORACLE_ERROR,
			      "seed %llu: person %zu has %.8g, not %.8g (error said: %g)",
			      (unsigned long long)seed, j + 1, d->posterior[j], o->posterior[j],
			      d->error[j]);
		ck_assert_double_lt(d->error[j], 0.02);
	}
	for (size_t k = 0; k < d->counts && k <= d->samples; k++)
		ck_assert_double_eq_tol(d->count[k], o->count[k], 2 * d->bound + ORACLE_ERROR);
	ck_assert_msg(fabs(d->logz - o->logz) <= d->logz_error + 1e-4,
		      "seed %llu: logz %.8g, not %.8g (error said: %g)", (unsigned long long)seed,
		      d->logz, o->logz, d->logz_error);
}

static bool any_by_ct(const loads_case *c)
{
	for (size_t i = 0; i < pw_design_pools(c->design); i++)
		if (c->readings[i].wells > 0 && c->readings[i].call != PW_POOL_MISSING)
			return true;
	return false;
}

START_TEST(test_decoding_by_loads_agrees_with_the_integral_over_all_loads)
{
	int which = _i / COUNT(mixtures);
	unsigned with = mixtures[_i % COUNT(mixtures)];
	uint64_t cases = is_slow() ? rounds[which].slow_cases : rounds[which].cases, done = 0;
	for (uint64_t k = 0; done < cases && k < 20 * cases; k++) {
		loads_case c;
		loads_oracle o;
		uint64_t seed = 100003 * (uint64_t)(_i + 1) + k;
		loads_case_make(&c, seed, with);
		if (any_by_ct(&c) && loads_oracle_sum(&c.evidence, rounds[which].limit, &o)) {
			pw_decoded d = {.samples = 0};
			pw_err err = PW_ERR_INIT;
			pw_decode_opts opts = PW_DECODE_OPTS_INIT;
			opts.max_positives = rounds[which].limit;
			ck_assert_msg(pw_decode(&c.evidence, &opts, &d, &err) == PW_OK,
				      "seed %llu: %s", (unsigned long long)seed, err.msg);
			compare(&d, &o, seed);
			pw_decoded_clear(&d);
			done++;
		}
		loads_case_clear(&c);
	}
	ck_assert_uint_eq(done, cases);
}
END_TEST

/* The sets of pw_decoded, in the numbers of the oracle. */
START_TEST(test_every_set_has_the_weight_of_its_integral)
{
	unsigned with = mixtures[_i];
	size_t sets = 0, far = 0;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		loads_case c;
		loads_oracle o;
		loads_case_make(&c, 7001 * (uint64_t)(_i + 1) + seed, with);
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		opts.max_positives = 2;
		opts.sets = 64;
		pw_decoded d = {.samples = 0};
		if (loads_oracle_sum(&c.evidence, 2, &o) &&
		    pw_decode(&c.evidence, &opts, &d, NULL) == PW_OK)
			for (size_t s = 0; s < d.set_count; s++) {
				unsigned set = 0;
				for (size_t k = 0; k < d.sets[s].count; k++)
					set |= 1U << d.sets[s].at[k];
				double off = fabs(d.sets[s].posterior - o.weight[set]);
				sets++;
				far += off > 0.02 * o.weight[set] + 1e-3;
				ck_assert_double_le(off, 0.1 * o.weight[set] + 2e-3);
			}
		pw_decoded_clear(&d);
		loads_case_clear(&c);
	}
	ck_assert_uint_gt(sets, 8);
	ck_assert_uint_le(far, sets / 20);
}
END_TEST

/* ---- The search against going through all sets ---- */

/* Of so many people the search is asked, and all sets of at most LIMIT are weighed here. */
#define PEOPLE 14
#define LIMIT  4

typedef struct field {
	pw_design *design;
	pw_pool_reading readings[16];
	pw_evidence evidence;
} field;

/* Triples of nine pools: people who share pools, and too few pools to tell everybody apart. */
static void field_make(field *f, uint64_t seed, double noise)
{
	pw_design_entry entries[3 * PEOPLE];
	pw_rng rng;
	size_t count = 0;
	double amount[9] = {0}, rate = log(2);
	pw_rng_init(&rng, seed);
	*f = (field){.design = NULL};
	for (uint32_t j = 0; j < PEOPLE; j++) {
		uint32_t order[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
		pw_rng_shuffle(&rng, order, 9, sizeof(*order));
		bool positive = j < 3;
		double load = pw_rng_normal(&rng, 27, 3);
		for (size_t k = 0; k < 3; k++) {
			entries[count++] = (pw_design_entry){order[k], j};
			amount[order[k]] += positive ? exp(-rate * load) : 0;
		}
	}
	pw_design_spec spec = {
		.pools = 9, .samples = PEOPLE, .entries = entries, .entry_count = count};
	pw_err err = PW_ERR_INIT;
	if (pw_design_new(&spec, &f->design, &err) != PW_OK)
		return; /* an empty pool: the next seed */
	for (size_t i = 0; i < 9; i++) {
		f->readings[i] = (pw_pool_reading){.wells = 1};
		double ct = -log(amount[i]) / rate + pw_rng_normal(&rng, 0, noise);
		f->readings[i].well[0].amplified = amount[i] > 0 && ct < 40;
		f->readings[i].well[0].ct = f->readings[i].well[0].amplified ? ct : 0;
		if (f->readings[i].well[0].amplified)
			f->readings[i].call = PW_POOL_POSITIVE;
		else
			f->readings[i].call = PW_POOL_NEGATIVE;
	}
	f->evidence = (pw_evidence){.design = f->design,
				    .readings = f->readings,
				    .prior = 0.1,
				    .test = {.se = 0.99, .sp = 0.99},
				    .ct = PW_CT_MODEL_INIT};
	f->evidence.ct.noise = noise;
	f->evidence.ct.well_noise = 0;
	f->evidence.ct.diluted = false;
	f->evidence.ct.load_b = 3;
}

typedef struct sums {
	double z, posterior[PEOPLE];
} sums;

static void add_set(pw_loads *l, const uint32_t *at, size_t count, double ref, sums *out)
{
	double u[LIMIT];
	for (size_t k = 0; k < count; k++)
		u[k] = NAN;
	pw_loads_settle(l, at, count, u);
	pw_loads_weight w = pw_loads_weigh(l, at, count, u, 256, 1, -INFINITY);
	double weight = exp(w.log - ref);
	out->z += weight;
	for (size_t k = 0; k < count; k++)
		out->posterior[l->p->id[at[k]]] += weight;
}

static void sum_all(pw_loads *l, double ref, sums *out)
{
	for (unsigned set = 0; set < 1U << l->p->n; set++) {
		uint32_t at[PEOPLE];
		size_t count = 0;
		for (uint32_t j = 0; j < l->p->n; j++)
			if (set >> j & 1)
				at[count++] = j;
		if (count <= LIMIT)
			add_set(l, at, count, ref, out);
	}
	for (size_t j = 0; j < PEOPLE; j++)
		out->posterior[j] /= out->z;
}

START_TEST(test_the_search_leaves_out_no_more_than_it_says)
{
	static const double noises[] = {0.1, 0.3, 0.6};
	uint64_t cases = is_slow() ? 20 : 1;
	for (uint64_t seed = 1, done = 0; done < cases; seed++) {
		field f;
		field_make(&f, 50 * (uint64_t)_i + seed, noises[_i]);
		if (f.design == NULL)
			continue;
		pw_arena arena = PW_ARENA_INIT;
		pw_tables tables;
		pw_reduced reduced;
		pw_err err = PW_ERR_INIT;
		ck_assert_int_eq(pw_tables_make(&f.evidence, &arena, &tables, &err), PW_OK);
		ck_assert_int_eq(pw_reduce(&f.evidence, &tables, LIMIT, &arena, &reduced, &err),
				 PW_OK);
		if (reduced.part_count == 1 && reduced.parts[0].n == PEOPLE) {
			pw_decode_opts opts = PW_DECODE_OPTS_INIT;
			pw_decoded d;
			pw_loads l;
			sums s = {.z = 0};
			opts.max_positives = LIMIT;
			ck_assert_int_eq(pw_decode(&f.evidence, &opts, &d, &err), PW_OK);
			pw_effort effort;
			pw_effort_init(&effort, &opts);
			pw_problem_open(&reduced, 0, &arena);
			pw_loads_init(&l, &reduced.parts[0], &effort, &arena);
			sum_all(&l, d.logz - reduced.logz, &s);
			for (size_t j = 0; j < PEOPLE; j++)
				ck_assert_msg(fabs(d.posterior[j] - s.posterior[j]) <=
						      d.error[j] +
							      0.01 * s.posterior[j] *
								      (1 - s.posterior[j]) +
							      1e-4,
					      "seed %llu: person %zu has %g, not %g (error "
					      "said: %g)",
					      (unsigned long long)seed, j + 1, d.posterior[j],
					      s.posterior[j], d.error[j]);
			ck_assert_double_le(d.bound, 0.03);
			pw_decoded_clear(&d);
			done++;
		}
		pw_arena_clear(&arena);
		pw_design_free(f.design);
	}
}
END_TEST

/* ---- What it says of itself ---- */

static bool at_once(void *ctx)
{
	(void)ctx;
	return true;
}

START_TEST(test_the_same_seed_gives_the_same_answer)
{
	field f;
	field_make(&f, 4, 0.3);
	ck_assert_ptr_nonnull(f.design);
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded a, b, c;
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &a, NULL), PW_OK);
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &b, NULL), PW_OK);
	ck_assert_mem_eq(a.posterior, b.posterior, a.samples * sizeof(*a.posterior));
	opts.seed = 77;
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &c, NULL), PW_OK);
	for (size_t j = 0; j < a.samples; j++)
		ck_assert_double_le(fabs(a.posterior[j] - c.posterior[j]), a.error[j] + c.error[j]);
	ck_assert_int_eq(a.method, PW_DECODE_LOADS);
	ck_assert(!a.stopped);
	pw_decoded_clear(&a);
	pw_decoded_clear(&b);
	pw_decoded_clear(&c);
	pw_design_free(f.design);
}
END_TEST

START_TEST(test_a_search_that_was_stopped_says_so)
{
	field f;
	field_make(&f, 4, 0.3);
	ck_assert_ptr_nonnull(f.design);
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded whole, d;
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &whole, NULL), PW_OK);
	opts.expired = at_once;
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &d, NULL), PW_OK);
	ck_assert(d.stopped);
	ck_assert_double_ge(d.bound, 0.5);
	for (size_t j = 0; j < d.samples; j++)
		ck_assert_int_eq(pw_decoded_call(&d, j, 0.9), PW_PERSON_UNDECIDED);
	pw_decoded_clear(&d);
	pw_decoded_clear(&whole);
	pw_design_free(f.design);
}
END_TEST

START_TEST(test_wherever_a_search_is_stopped_its_errors_hold)
{
	field f;
	field_make(&f, 4 + (uint64_t)_i, 0.3);
	ck_assert_ptr_nonnull(f.design);
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded whole, d;
	bool stopped = true;
	ck_assert_int_eq(pw_decode(&f.evidence, &opts, &whole, NULL), PW_OK);
	for (opts.effort = 1; stopped; opts.effort *= 4) {
		ck_assert_int_eq(pw_decode(&f.evidence, &opts, &d, NULL), PW_OK);
		stopped = d.stopped;
		ck_assert(isfinite(d.logz) && isfinite(d.logz_error));
		ck_assert_double_le(fabs(d.logz - whole.logz), d.logz_error + whole.logz_error);
		for (size_t j = 0; j < d.samples; j++)
			ck_assert_double_le(fabs(d.posterior[j] - whole.posterior[j]),
					    d.error[j] + whole.error[j]);
		pw_decoded_clear(&d);
	}
	ck_assert_uint_gt(opts.effort, 1000);
	pw_decoded_clear(&whole);
	pw_design_free(f.design);
}
END_TEST

static const char three_pools[] = "1100\n0110\n0011\n";

static pw_status decode_three(const double ct[3], const double priors[4], double sp,
			      pw_decoded *out, pw_err *err)
{
	pw_design *design = NULL;
	pw_pool_reading r[3];
	ck_assert_int_eq(pw_design_parse(three_pools, strlen(three_pools), &design, NULL), PW_OK);
	for (int i = 0; i < 3; i++) {
		r[i] = (pw_pool_reading){.wells = 1};
		r[i].well[0] = (pw_ct_well){ct[i] > 0, ct[i]};
		r[i].call = ct[i] > 0 ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	}
	pw_evidence e = {.design = design,
			 .readings = r,
			 .priors = priors,
			 .test = {.se = 0.99, .sp = sp},
			 .ct = PW_CT_MODEL_INIT};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_status rc = pw_decode(&e, &opts, out, err);
	pw_design_free(design);
	return rc;
}

START_TEST(test_a_ct_that_nobody_can_explain_is_impossible)
{
	pw_decoded d = {.samples = 0};
	pw_err err = PW_ERR_INIT;
	/* the two people of pool 1 cannot be positive, and nothing comes from nowhere */
	ck_assert_int_eq(
		decode_three((double[]){25, 0, 0}, (double[]){0, 0, 0.1, 0.1}, 1, &d, &err),
		PW_ERR_REFUSED);
	ck_assert_str_eq(err.code, "impossible-evidence");
	/* with a little doubt it is a Ct from nowhere */
	ck_assert_int_eq(
		decode_three((double[]){25, 0, 0}, (double[]){0, 0, 0.1, 0.1}, 0.99, &d, &err),
		PW_OK);
	ck_assert_double_lt(d.posterior[2], 0.01);
	pw_decoded_clear(&d);
}
END_TEST

START_TEST(test_who_is_positive_for_certain_has_a_load_all_the_same)
{
	pw_decoded d = {.samples = 0};
	pw_err err = PW_ERR_INIT;
	/* person 2 is positive and as strong as pool 1 says; pool 2, stronger by ten cycles, needs person 3 */
	ck_assert_int_eq(decode_three((double[]){32, 22, 22.1}, (double[]){0.01, 1, 0.01, 0.01},
				      0.999, &d, &err),
			 PW_OK);
	ck_assert_double_gt(d.posterior[1], 0.999999);
	ck_assert_double_gt(d.posterior[2], 0.98);
	ck_assert_double_lt(d.posterior[0], 0.1);
	pw_decoded_clear(&d);
}
END_TEST

Suite *suite_decode_loads(void);

Suite *suite_decode_loads(void)
{
	Suite *suite = suite_create("decode_loads");
	TCase *tcase = tcase_create("curve");
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_the_curve_of_a_pool_is_the_models, 0, 4);
	tcase_add_test(tcase, test_pools_that_say_the_same_are_known_to);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("definition");
	tcase_set_timeout(tcase, 3600);
	tcase_add_loop_test(tcase, test_decoding_by_loads_agrees_with_the_integral_over_all_loads,
			    0, (is_slow() ? COUNT(rounds) : COUNT(rounds) - 1) * COUNT(mixtures));
	tcase_add_loop_test(tcase, test_every_set_has_the_weight_of_its_integral, 0,
			    COUNT(mixtures));
	tcase_add_loop_test(tcase, test_the_search_leaves_out_no_more_than_it_says, 0, 3);
	suite_add_tcase(suite, tcase);
	tcase = tcase_create("answer");
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_the_same_seed_gives_the_same_answer);
	tcase_add_test(tcase, test_a_search_that_was_stopped_says_so);
	tcase_add_loop_test(tcase, test_wherever_a_search_is_stopped_its_errors_hold, 0, 3);
	tcase_add_test(tcase, test_a_ct_that_nobody_can_explain_is_impossible);
	tcase_add_test(tcase, test_who_is_positive_for_certain_has_a_load_all_the_same);
	suite_add_tcase(suite, tcase);
	return suite;
}
