/* Whole plates by their Ct: real experiments, random ones in known designs, and plates too large to search to the end. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"
#include "core/pooling/explain.h"
#include "tests/unit/pooling/shared_data.h"

#define UNIT_CT 20.0
#define GROWTH  1.95

static pw_design *make(pw_make_opts opts)
{
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(&opts, &d, &err) == PW_OK, "%s", err.msg);
	return d;
}

/* ---- P-BEST's two carriers ---- */

static const struct {
	int pool;
	double ct;
} pbest[] = {{6, 29.88},  {8, 32.04},  {15, 29.81}, {20, 32.30}, {21, 30.13}, {27, 33.45},
	     {31, 30.40}, {32, 29.90}, {34, 33.21}, {39, 30.09}, {41, 33.44}, {46, 31.93}};

/* With the noise of real plates, and twice that: one of the twelve lies two cycles off. */
START_TEST(test_the_two_carriers_of_pbest_are_told_by_ct)
{
	static const double noises[] = {0.6, 0.9};
	pw_pool_reading readings[48];
	pw_design *d = NULL;
	char *text;
	size_t n;
	if (!shared_data_read("pooling/pbest_48x384.txt", &text, &n))
		return;
	ck_assert_int_eq(pw_design_parse(text, n, &d, NULL), PW_OK);
	free(text);
	for (size_t i = 0; i < 48; i++)
		readings[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE, .wells = 1};
	for (size_t i = 0; i < sizeof(pbest) / sizeof(*pbest); i++) {
		readings[pbest[i].pool - 1].call = PW_POOL_POSITIVE;
		readings[pbest[i].pool - 1].well[0] = (pw_ct_well){true, pbest[i].ct};
	}
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = 0.005,
			 .test = {.se = 0.95, .sp = 0.99},
			 .ct = PW_CT_MODEL_INIT};
	e.ct.noise = noises[_i];
	e.ct.well_noise = 0;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	ck_assert_int_eq(pw_decode(&e, &opts, &out, NULL), PW_OK);
	ck_assert_int_eq(out.method, PW_DECODE_LOADS);
	ck_assert(!out.stopped);
	ck_assert_uint_eq(out.sets[0].count, 2);
	for (size_t j = 0; j < 384; j++)
		ck_assert_int_eq(pw_decoded_call(&out, j, 0.95),
				 j == 71 || j == 141 ? PW_PERSON_POSITIVE : PW_PERSON_NEGATIVE);
	pw_decoded_clear(&out);
	pw_design_free(d);
}
END_TEST

/* ---- Random plates in known designs ---- */

typedef struct plate {
	pw_design *design;
	pw_pool_reading *readings;
	bool *positive;
	pw_evidence evidence;
} plate;

static void read_pools(plate *p, const double *amount, double noise, pw_rng *rng)
{
	for (size_t i = 0; i < pw_design_pools(p->design); i++) {
		pw_design_list members = pw_design_members(p->design, i);
		double sum = 0;
		for (size_t x = 0; x < members.count; x++)
			sum += amount[members.at[x]];
		p->readings[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE, .wells = 1};
		if (sum <= 0)
			continue;
		double ct = UNIT_CT - log(sum) / log(GROWTH) + pw_rng_normal(rng, 0, noise);
		p->readings[i].call = PW_POOL_POSITIVE;
		p->readings[i].well[0] = (pw_ct_well){true, ct};
	}
}

/* So many carriers of amounts from 1/32768 to 1, all alike. */
static void plate_fill(plate *p, size_t carriers, double noise, pw_rng *rng)
{
	size_t n = pw_design_samples(p->design);
	double *amount = pw_alloc_array(n, sizeof(*amount));
	memset(p->positive, 0, n * sizeof(*p->positive));
	for (size_t k = 0; k < carriers;) {
		size_t j = pw_rng_below(rng, n);
		if (p->positive[j])
			continue;
		p->positive[j] = true;
		amount[j] = (1 + 32767 * pw_rng_uniform(rng)) / 32768;
		k++;
	}
	read_pools(p, amount, noise, rng);
	pw_free(amount);
	p->evidence = (pw_evidence){.design = p->design,
				    .readings = p->readings,
				    .prior = (double)carriers / (double)n,
				    .test = {.se = 0.999, .sp = 0.999},
				    .ct = PW_CT_MODEL_INIT};
	pw_ct_model *m = &p->evidence.ct;
	m->noise = noise;
	m->well_noise = 0;
	m->efficiency = GROWTH - 1;
	m->cutoff = 45;
	m->diluted = false;
	m->load_kind = PW_LOAD_LINEAR;
	m->load_a = UNIT_CT;
	m->load_b = UNIT_CT + log(32768) / log(GROWTH);
}

static void plate_init(plate *p, pw_design *design)
{
	p->design = design;
	p->readings = pw_alloc_array(pw_design_pools(design), sizeof(*p->readings));
	p->positive = pw_alloc_array(pw_design_samples(design), sizeof(*p->positive));
}

static void plate_clear(plate *p)
{
	pw_free(p->readings);
	pw_free(p->positive);
	pw_design_free(p->design);
}

static bool is_exact(const pw_decoded *out, const bool *positive)
{
	size_t carriers = 0, found = 0;
	for (size_t j = 0; j < out->samples; j++)
		carriers += positive[j];
	for (size_t k = 0; k < out->sets[0].count; k++)
		found += positive[out->sets[0].at[k]];
	return found == carriers && out->sets[0].count == carriers;
}

#define EACH 4

/* The seed is fixed, so that this cannot fail by chance. tests/bench/bench_decode_ct.c measures the rates. */
START_TEST(test_most_sets_of_carriers_are_told_by_their_ct)
{
	static const struct {
		pw_make_opts design;
		size_t carriers[2], least[3]; /* exact, of 2·EACH, by noise */
	} cells[] = {
		{{.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105}, {5, 8}, {8, 7, 6}},
		{{.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384},
		 {5, 6},
		 {7, 7, 6}},
	};
	static const double noises[] = {0.1, 0.3, 0.5};
	plate p;
	pw_rng rng;
	pw_rng_init(&rng, 100 + (uint64_t)_i);
	plate_init(&p, make(cells[_i / 3].design));
	size_t exact = 0;
	for (size_t k = 0; k < 2 * EACH; k++) {
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		pw_decoded out;
		opts.effort = UINT64_C(1) << 28;
		plate_fill(&p, cells[_i / 3].carriers[k / EACH], noises[_i % 3], &rng);
		ck_assert_int_eq(pw_decode(&p.evidence, &opts, &out, NULL), PW_OK);
		exact += is_exact(&out, p.positive);
		pw_decoded_clear(&out);
	}
	ck_assert_msg(exact >= cells[_i / 3].least[_i % 3], "%zu of %d", exact, 2 * EACH);
	plate_clear(&p);
}
END_TEST

/* ---- Ends in time, in little memory ---- */

typedef struct deadline {
	size_t asked, passes_after;
} deadline;

static bool has_passed(void *ctx)
{
	deadline *d = ctx;
	return ++d->asked > d->passes_after;
}

/* The peak of this process, where a test is one and nothing but the program takes memory. */
static void expect_little_memory(void)
{
	const char *fork = getenv("CK_FORK");
	struct rusage usage;
#ifdef __SANITIZE_ADDRESS__
	return;
#endif
	if (fork != NULL && strcmp(fork, "no") == 0)
		return;
	ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
	ck_assert_int_lt(usage.ru_maxrss, 64L << 10);
}

static const struct {
	pw_make_opts design;
	size_t carriers;
	unsigned steps; /* a power of two */
} large[] = {
	{{.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384}, 14, 27},
	{{.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384}, 60, 25},
	{{.family = PW_FAMILY_RANDOM, .pools = 500, .w = 5, .samples = 10000, .seed = 3}, 12, 23},
	{{.family = PW_FAMILY_RANDOM, .pools = 2000, .w = 4, .samples = 100000, .seed = 4}, 30, 25},
};

START_TEST(test_a_search_ends_with_its_effort)
{
	plate p;
	pw_rng rng;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	pw_rng_init(&rng, 5);
	plate_init(&p, make(large[_i].design));
	plate_fill(&p, large[_i].carriers, 0.5, &rng);
	opts.effort = UINT64_C(1) << large[_i].steps;
	ck_assert_int_eq(pw_decode(&p.evidence, &opts, &out, NULL), PW_OK);
	ck_assert(out.stopped);
	ck_assert_double_ge(out.bound, 0.5);
	expect_little_memory();
	pw_decoded_clear(&out);
	plate_clear(&p);
}
END_TEST

START_TEST(test_a_search_ends_with_its_deadline)
{
	plate p;
	pw_rng rng;
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	deadline when = {.passes_after = 40};
	pw_rng_init(&rng, 6);
	plate_init(&p, make(large[_i].design));
	plate_fill(&p, large[_i].carriers, 0.5, &rng);
	opts.expired = has_passed;
	opts.ctx = &when;
	ck_assert_int_eq(pw_decode(&p.evidence, &opts, &out, NULL), PW_OK);
	ck_assert(out.stopped);
	/* it is not asked again once it has passed */
	ck_assert_uint_eq(when.asked, when.passes_after + 1);
	for (size_t j = 0; j < out.samples; j++)
		ck_assert_int_eq(pw_decoded_call(&out, j, 0.99), PW_PERSON_UNDECIDED);
	pw_decoded_clear(&out);
	plate_clear(&p);
}
END_TEST

Suite *suite_decode_plates(void);

Suite *suite_decode_plates(void)
{
	Suite *suite = suite_create("decode_plates");
	TCase *tcase = tcase_create("plates");
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, test_the_two_carriers_of_pbest_are_told_by_ct, 0, 2);
	tcase_add_loop_test(tcase, test_most_sets_of_carriers_are_told_by_their_ct, 0, 6);
	tcase_add_loop_test(tcase, test_a_search_ends_with_its_effort, 0,
			    (int)(sizeof(large) / sizeof(*large)));
	tcase_add_loop_test(tcase, test_a_search_ends_with_its_deadline, 0,
			    (int)(sizeof(large) / sizeof(*large)));
	suite_add_tcase(suite, tcase);
	return suite;
}
