/*
 * What Ct buys: random sets of carriers in known designs, their pools' Ct drawn from the model, decoded; prints
 * a table of sensitivity, specificity and exact recovery of the likeliest set by design, number of carriers
 * and noise, and a table of how often people of a given posterior are positive.
 *
 *	bench_decode_ct [instances [seed [matrix of 16 pools and 40 samples]]]
 *
 * Amounts are uniform from 1/32768 to 1 of a unit and the cycles multiply by 1.95; a pool that holds nobody
 * positive shows no Ct. The seed is printed: the same one gives the same table.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"

#define UNIT_CT 20.0
#define BINS    10

typedef struct cell {
	double found, true_negative;
	int carriers, others, exact, instances;
} cell;

static double bin_sum[BINS], bin_true[BINS];
static long bin_count[BINS];

static pw_design *kirkman(void)
{
	pw_make_opts opts = {.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105};
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_design_make(&opts, &d, &err) != PW_OK)
		fprintf(stderr, "%s\n", err.msg);
	return d;
}

static pw_design *reed_solomon(void)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384};
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_design_make(&opts, &d, &err) != PW_OK)
		fprintf(stderr, "%s\n", err.msg);
	return d;
}

static pw_design *from_file(const char *path)
{
	static char text[65536];
	FILE *f = path != NULL ? fopen(path, "rb") : NULL;
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	if (f == NULL)
		return NULL;
	size_t n = fread(text, 1, sizeof(text), f);
	fclose(f);
	if (pw_design_parse(text, n, &d, &err) != PW_OK)
		fprintf(stderr, "%s: %s\n", path, err.msg);
	return d;
}

/* Who is positive, and what the pools show. */
static void draw(const pw_design *d, int k, double sd, pw_rng *rng, bool *positive,
		 pw_pool_reading *out)
{
	size_t n = pw_design_samples(d), m = pw_design_pools(d);
	double *amount = pw_alloc_array(n, sizeof(*amount));
	memset(positive, 0, n * sizeof(*positive));
	for (int c = 0; c < k;) {
		size_t j = pw_rng_below(rng, n);
		if (positive[j])
			continue;
		positive[j] = true;
		amount[j] = 1.0 / 32768 + pw_rng_uniform(rng) * (1 - 1.0 / 32768);
		c++;
	}
	for (size_t i = 0; i < m; i++) {
		double sum = 0;
		pw_design_list members = pw_design_members(d, i);
		for (size_t x = 0; x < members.count; x++)
			sum += positive[members.at[x]] ? amount[members.at[x]] : 0;
		out[i] = (pw_pool_reading){.wells = 1};
		out[i].call = sum > 0 ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
		out[i].well[0].amplified = sum > 0;
		if (sum > 0)
			out[i].well[0].ct =
				UNIT_CT - log(sum) / log(1.95) + pw_rng_normal(rng, 0, sd);
	}
	pw_free(amount);
}

/* The likeliest set against the truth; and everybody's posterior, for the second table. */
static void score(const pw_decoded *out, const bool *positive, cell *c)
{
	bool exact = true;
	for (size_t j = 0; j < out->samples; j++) {
		bool called = false;
		for (size_t k = 0; k < out->sets[0].count; k++)
			called = called || out->sets[0].at[k] == j;
		c->carriers += positive[j];
		c->others += !positive[j];
		c->found += positive[j] && called;
		c->true_negative += !positive[j] && !called;
		exact = exact && called == positive[j];
		int bin = (int)(out->posterior[j] * BINS);
		bin = bin < BINS ? bin : BINS - 1;
		bin_sum[bin] += out->posterior[j];
		bin_true[bin] += positive[j];
		bin_count[bin]++;
	}
	c->exact += exact;
	c->instances++;
}

static cell run(const pw_design *d, int k, double sd, int instances, pw_rng *rng)
{
	size_t n = pw_design_samples(d), m = pw_design_pools(d);
	bool *positive = pw_alloc_array(n, sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(m, sizeof(*readings));
	cell c = {.instances = 0};
	for (int i = 0; i < instances; i++) {
		pw_decoded out;
		pw_err err = PW_ERR_INIT;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		draw(d, k, sd, rng, positive, readings);
		pw_evidence e = {.design = d,
				 .readings = readings,
				 .prior = (double)k / (double)n,
				 .test = {.se = 0.999, .sp = 0.999},
				 .ct = PW_CT_MODEL_INIT};
		e.ct.noise = sd;
		e.ct.well_noise = 0;
		e.ct.efficiency = 0.95;
		e.ct.cutoff = 45;
		e.ct.diluted = false;
		e.ct.load_kind = PW_LOAD_LINEAR;
		e.ct.load_a = UNIT_CT;
		e.ct.load_b = UNIT_CT + log(32768) / log(1.95);
		if (pw_decode(&e, &opts, &out, &err) != PW_OK) {
			fprintf(stderr, "%s\n", err.msg);
			continue;
		}
		score(&out, positive, &c);
		pw_decoded_clear(&out);
	}
	pw_free(positive);
	pw_free(readings);
	return c;
}

static void print_row(const char *name, const pw_design *d, int k, int instances, pw_rng *rng)
{
	static const double noises[] = {0.1, 0.3, 0.5};
	printf("%-14s %3d ", name, k);
	for (size_t s = 0; s < sizeof(noises) / sizeof(*noises); s++) {
		cell c = run(d, k, noises[s], instances, rng);
		printf("  %.3f %.4f %.2f", c.found / c.carriers, c.true_negative / c.others,
		       (double)c.exact / c.instances);
		fflush(stdout);
	}
	printf("\n");
}

static void print_reliability(void)
{
	printf("\nposterior     persons   mean  true\n");
	for (int b = 0; b < BINS; b++)
		if (bin_count[b] > 0)
			printf("%.1f to %.1f %9ld  %.3f  %.3f\n", (double)b / BINS,
			       (double)(b + 1) / BINS, bin_count[b],
			       bin_sum[b] / (double)bin_count[b],
			       bin_true[b] / (double)bin_count[b]);
}

int main(int argc, char **argv)
{
	int instances = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 40;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
	pw_design *k105 = kirkman(), *rs384 = reed_solomon(),
		  *d40 = from_file(argc > 3 ? argv[3] : NULL);
	static const int k_kirkman[] = {5, 8, 10, 12}, k_rs[] = {5, 6, 8}, k_40[] = {3, 4};
	pw_rng rng;
	pw_rng_init(&rng, seed);
	printf("seed %llu, %d instances a cell\n", (unsigned long long)seed, instances);
	printf("design           k   noise 0.1            noise 0.3            noise 0.5\n");
	printf("                     sens  spec   exact   sens  spec   exact   sens  spec   exact\n");
	for (size_t i = 0; k105 != NULL && i < 4; i++)
		print_row("kirkman 45x105", k105, k_kirkman[i], instances, &rng);
	for (size_t i = 0; rs384 != NULL && i < 3; i++)
		print_row("rs 48x384", rs384, k_rs[i], instances, &rng);
	for (size_t i = 0; d40 != NULL && i < 2; i++)
		print_row("16x40", d40, k_40[i], instances, &rng);
	print_reliability();
	pw_design_free(k105);
	pw_design_free(rs384);
	pw_design_free(d40);
	return k105 != NULL && rs384 != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
