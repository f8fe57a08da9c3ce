/*
 * How fast the next wells are found: the pool that tells most of all 2^n, and a whole plan. Each is run many
 * times; the median and the worst of the processor's time are shown. Beside the search stands the same found by definition, pool by
 * pool and set by set, in the same run: of all pools where there are few, of some thousands where there are
 * many, times what was left out.
 *
 *	bench_plan [n]		with n only the pool of n people, once: for valgrind --tool=callgrind
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/plan.h"
#include "tests/bench/timing.h"

#define RUNS  101
#define PLANS 11

/* ---- The pool that tells most ---- */

typedef struct people {
	unsigned bits;
	double *chance; /* of every set */
	double *room;
	double se[PW_PLAN_MOST_BITS + 1];
} people;

static people people_of(unsigned bits)
{
	people p = {.bits = bits};
	size_t sets = (size_t)1 << bits;
	p.chance = pw_alloc_array(sets, sizeof(*p.chance));
	p.room = pw_alloc_array(sets, sizeof(*p.room));
	p.chance[0] = 1;
	for (unsigned b = 0; b < bits; b++) {
		double prior = 0.01 + 0.08 * b / bits;
		for (size_t s = 0; s < (size_t)1 << b; s++) {
			p.chance[s + ((size_t)1 << b)] = p.chance[s] * prior;
			p.chance[s] *= 1 - prior;
		}
	}
	for (unsigned k = 1; k <= bits; k++)
		p.se[k] = 0.99 / (0.005 * (k - 1) + 1);
	return p;
}

static double search(const people *p, uint32_t *out)
{
	double told;
	memcpy(p->room, p->chance, sizeof(*p->room) << p->bits);
	double start = timing_cpu();
	*out = pw_plan_best_pool(p->room, p->bits, p->se, 0.99, p->bits, &told);
	return timing_cpu() - start;
}

static double entropy(double q)
{
	return q <= 0 || q >= 1 ? 0 : -(q * log2(q) + (1 - q) * log2(1 - q));
}

/* What a pool tells, by adding up every set. */
static double by_definition(const people *p, uint32_t pool)
{
	double nobody = 0, se = 0;
	for (size_t s = 0; s < (size_t)1 << p->bits; s++)
		nobody += (s & pool) == 0 ? p->chance[s] : 0;
	unsigned size = 0;
	for (uint32_t x = pool; x != 0; x &= x - 1)
		size++;
	se = p->se[size];
	return entropy(nobody * 0.01 + (1 - nobody) * se) - nobody * entropy(0.01) -
	       (1 - nobody) * entropy(se);
}

/* Seconds for all pools; what was found must tell no less than any that was tried. */
static double search_by_definition(const people *p, uint32_t found)
{
	uint32_t all = (uint32_t)(((uint64_t)1 << p->bits) - 1);
	uint32_t steps = p->bits <= 14 ? all : (UINT32_C(1) << 31) / (all + 1) / 4 + 1;
	double most = by_definition(p, found), start = timing_cpu();
	pw_rng rng;
	pw_rng_init(&rng, 1);
	for (uint32_t k = 1; k <= steps; k++) {
		uint32_t pool = steps == all ? k : 1 + (uint32_t)pw_rng_below(&rng, all);
		if (by_definition(p, pool) > most * (1 + 1e-9)) {
			fprintf(stderr, "bench_plan: pool %x tells more than %x\n", pool, found);
			exit(1);
		}
	}
	return (timing_cpu() - start) * ((double)all / steps);
}

static void print_or_dash(int width, double value)
{
	if (value > 0)
		printf(value < 10 ? " %*.1f" : " %*.0f", width, value);
	else
		printf(" %*s", width, "-");
}

static void time_pools(unsigned bits, double target, double peer)
{
	people p = people_of(bits);
	double times[RUNS];
	uint32_t found = 0;
	for (int run = 0; run < RUNS; run++)
		times[run] = search(&p, &found);
	double naive = search_by_definition(&p, found);
	double median = timing_quantile(times, RUNS, 0.5);
	printf("next pool of all 2^%-2u %19s %10.3f %10.3f", bits, "", 1e3 * median,
	       1e3 * times[RUNS - 1]);
	print_or_dash(9, target);
	print_or_dash(12, naive / median);
	print_or_dash(12, peer / median);
	printf("\n");
	pw_free(p.chance);
	pw_free(p.room);
}

/* ---- Plans ---- */

static const struct {
	const char *name;
	pw_make_opts opts;
	double prior;
} plates[] = {
	{"plan after an 8 x 12 array",
	 {.family = PW_FAMILY_ARRAY, .dims = {8, 12}, .dim_count = 2},
	 0.02},
	{"plan after 48 x 384, weight 6",
	 {.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6},
	 0.005},
	{"plan after 10 pools of ten",
	 {.family = PW_FAMILY_DORFMAN, .samples = 100, .size = 10},
	 0.02},
};

static void draw_results(const pw_design *d, double prior, pw_rng *rng, pw_pool_reading *out)
{
	size_t pools = pw_design_pools(d);
	bool *hit = pw_alloc_array(pools, sizeof(*hit));
	for (size_t j = 0; j < pw_design_samples(d); j++) {
		pw_design_list in = pw_design_pools_of(d, j);
		bool sick = pw_rng_chance(rng, prior);
		for (size_t k = 0; sick && k < in.count; k++)
			hit[in.at[k]] = true;
	}
	for (size_t i = 0; i < pools; i++)
		out[i] = (pw_pool_reading){.call = pw_rng_chance(rng, hit[i] ? 0.95 : 0.01)
							   ? PW_POOL_POSITIVE
							   : PW_POOL_NEGATIVE};
	pw_free(hit);
}

static void time_plans(size_t which)
{
	pw_design *d;
	pw_pool_reading readings[64];
	pw_rng rng;
	double times[PLANS];
	pw_rng_init(&rng, 3);
	must(pw_design_make(&plates[which].opts, &d, &timing_err));
	for (int run = 0; run < PLANS; run++) {
		pw_decoded decoded;
		pw_plan plan;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		pw_plan_opts plan_opts = PW_PLAN_OPTS_INIT;
		draw_results(d, plates[which].prior, &rng, readings);
		pw_evidence e = {.design = d,
				 .readings = readings,
				 .prior = plates[which].prior,
				 .test = PW_POOL_MODEL_INIT};
		opts.sets = 4096;
		must(pw_decode(&e, &opts, &decoded, &timing_err));
		double start = timing_cpu();
		must(pw_plan_make(&decoded, &plan_opts, &plan, &timing_err));
		times[run] = timing_cpu() - start;
		pw_plan_clear(&plan);
		pw_decoded_clear(&decoded);
	}
	printf("%-40s %10.3f", plates[which].name, 1e3 * timing_quantile(times, PLANS, 0.5));
	printf(" %10.3f %9s %12s %12s\n", 1e3 * times[PLANS - 1], "-", "-", "-");
	pw_design_free(d);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (argc > 1) {
		unsigned bits = (unsigned)strtoul(argv[1], NULL, 10);
		people p = people_of(bits > 0 && bits <= PW_PLAN_MOST_BITS ? bits : 16);
		uint32_t found;
		search(&p, &found);
		printf("2^%u: pool %x\n", p.bits, found);
		pw_free(p.chance);
		pw_free(p.room);
		return 0;
	}
	printf("%-40s %10s %10s %9s %12s %12s\n", "", "median ms", "worst ms", "target",
	       "naive / ours", "peer / ours");
	time_pools(12, 0, 0);
	time_pools(16, 1, 4.65);
	time_pools(20, 20, 0);
	for (size_t i = 0; i < sizeof(plates) / sizeof(plates[0]); i++)
		time_plans(i);
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	printf("\nmemory at most: %.1f MB\n", (double)use.ru_maxrss / 1024);
	return 0;
}
