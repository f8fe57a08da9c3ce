/*
 * What Ct buys: random sets of carriers in known designs, their pools' Ct drawn from the model, decoded.
 *
 *	bench_decode_ct [percent [seed [matrix of 16 pools and 40 samples [design]]]]
 *
 * With 100 percent the table of docs/internals/decoding-measured.md (about ten minutes), by design, number of
 * carriers and noise: sensitivity, specificity and exact recovery of the likeliest set, and of those whose posterior is at
 * least a half, with their standard errors, beside what a prototype of such a search was measured to do on the same model
 * (40 to 100 instances a cell); how sure the decoder was of its set; and how often the likeliest of the sets with the
 * right number of people is exact, which is the most that anybody can reach who knows that number. Each cell has a seed of
 * its own; the same seed gives the same table, but for the times.
 *
 * Amounts are uniform from 1/32768 to 1 of a unit and the cycles multiply by 1.95; a pool that holds nobody positive
 * shows no Ct. bench_reliability has the posteriors.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "tests/bench/plates.h"
#include "tests/bench/timing.h"

#define UNIT_CT 20.0

/* Among so many there is one with the right number of people. */
#define SETS 1024

/* How many instances the prototype was measured on, about. */
#define PEER_INSTANCES 70.0

/* ---- What is to be reached ---- */

enum { KIRKMAN, REED_SOLOMON, MATRIX, DESIGNS };

static const char *const design_names[] = {"kirkman 45x105", "p-best 48x384", "16x40"};

typedef struct rates {
	double sens, spec, exact; /* 0: not measured */
} rates;

static const struct target {
	int design, carriers;
	int instances; /* a tenth where the prototype was not measured */
	rates peer[3]; /* at noises[] */
} targets[] = {
	{KIRKMAN, 5, 200, {{1, 1, 1}, {0.993, 0.9998, 0.97}, {0.993, 0.9998, 0.97}}},
	{KIRKMAN, 8, 200, {{0.994, 0.9995, 0.95}, {0.988, 0.9988, 0.90}, {0.977, 0.9986, 0.83}}},
	{KIRKMAN, 10, 60, {{0.977, 0.9974, 0.77}, {0.933, 0.9916, 0.43}, {0.898, 0.9886, 0.35}}},
	{KIRKMAN, 12, 60, {{0.978, 0.9970, 0.77}}},
	{REED_SOLOMON,
	 5,
	 40,
	 {{0.995, 0.9998, 0.97}, {0.985, 0.9995, 0.93}, {0.985, 0.9995, 0.93}}},
	{REED_SOLOMON,
	 6,
	 40,
	 {{0.992, 0.9997, 0.95}, {0.992, 0.9997, 0.95}, {0.967, 0.9993, 0.85}}},
	{REED_SOLOMON, 8, 40, {{0.959, 0.9979, 0.72}}},
	{MATRIX, 3, 400, {{0.990, 0.9997, 0.97}, {0.970, 0.9973, 0.92}, {0.950, 0.9957, 0.87}}},
	{MATRIX, 4, 400, {{0.970, 0.9958, 0.88}, {0.927, 0.9889, 0.72}, {0.912, 0.9864, 0.66}}},
};

static const double noises[] = {0.1, 0.3, 0.5};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- One instance ---- */

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

static pw_evidence evidence_of(const pw_design *d, const pw_pool_reading *readings, int k,
			       double sd)
{
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = (double)k / (double)pw_design_samples(d),
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
	return e;
}

/* ---- Counting ---- */

/* Who is called, against who is positive. */
typedef struct found {
	mean sens, spec, exact;
} found;

typedef struct cell {
	found set, calls;
	mean said, known, seconds; /* said: how sure the decoder was of the set */
} cell;

static void add_found(found *f, const bool *called, const bool *positive, size_t samples)
{
	double carriers = 0, right = 0, cleared = 0;
	for (size_t j = 0; j < samples; j++) {
		carriers += positive[j];
		right += positive[j] && called[j];
		cleared += !positive[j] && !called[j];
	}
	double others = (double)samples - carriers;
	mean_add(&f->sens, right / carriers);
	mean_add(&f->spec, cleared / others);
	mean_add(&f->exact, right == carriers && cleared == others);
}

static bool is_set(const pw_decoded_set *set, const bool *positive)
{
	for (size_t k = 0; k < set->count; k++)
		if (!positive[set->at[k]])
			return false;
	return true;
}

/* Whether the likeliest of the sets with so many people is the true one. Sets are in the order of their posterior. */
static bool known_is_exact(const pw_decoded *out, int carriers, const bool *positive)
{
	for (size_t s = 0; s < out->set_count; s++)
		if (out->sets[s].count == (size_t)carriers)
			return is_set(&out->sets[s], positive);
	return false;
}

static void score(const pw_decoded *out, const bool *positive, int carriers, cell *c)
{
	bool *called = pw_alloc_array(out->samples, sizeof(*called));
	for (size_t k = 0; k < out->sets[0].count; k++)
		called[out->sets[0].at[k]] = true;
	add_found(&c->set, called, positive, out->samples);
	for (size_t j = 0; j < out->samples; j++)
		called[j] = out->posterior[j] >= 0.5;
	add_found(&c->calls, called, positive, out->samples);
	mean_add(&c->said, out->sets[0].posterior);
	mean_add(&c->known, known_is_exact(out, carriers, positive));
	pw_free(called);
}

static cell run(const pw_design *d, int k, double sd, int instances, pw_rng *rng)
{
	bool *positive = pw_alloc_array(pw_design_samples(d), sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(d), sizeof(*readings));
	cell c = {.said = {0, 0, 0}};
	for (int i = 0; i < instances; i++) {
		pw_decoded out;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		opts.sets = SETS;
		draw(d, k, sd, rng, positive, readings);
		pw_evidence e = evidence_of(d, readings, k, sd);
		double start = timing_cpu();
		must(pw_decode(&e, &opts, &out, &timing_err));
		mean_add(&c.seconds, timing_cpu() - start);
		score(&out, positive, k, &c);
		pw_decoded_clear(&out);
	}
	pw_free(positive);
	pw_free(readings);
	return c;
}

/* ---- Printing ---- */

/* Whether a rate is less than the prototype's by more than two standard errors of the difference, if an instance of the
 * prototype's varied as ours do. */
static bool is_below(const mean *ours, double peer)
{
	double of_peer = mean_error(ours) * sqrt(ours->count / PEER_INSTANCES);
	return mean_value(ours) < peer - 2 * hypot(mean_error(ours), of_peer);
}

static bool all_above(const found *f, const rates *peer)
{
	return mean_value(&f->exact) >= peer->exact && mean_value(&f->sens) >= peer->sens &&
	       mean_value(&f->spec) >= peer->spec;
}

static const char *verdict(const found *f, const rates *peer)
{
	if (peer->exact <= 0)
		return "-";
	if (is_below(&f->exact, peer->exact) || is_below(&f->sens, peer->sens) ||
	    is_below(&f->spec, peer->spec))
		return "BELOW";
	return all_above(f, peer) ? "above" : "equal";
}

static void print_found(const found *f)
{
	printf("| %.3f ± %.3f | %.4f ± %.4f | %.2f ± %.2f ", mean_value(&f->sens),
	       mean_error(&f->sens), mean_value(&f->spec), mean_error(&f->spec),
	       mean_value(&f->exact), mean_error(&f->exact));
}

static void print_cell(const struct target *t, size_t noise, const cell *c)
{
	const rates *p = &t->peer[noise];
	printf("| %s | %d | %.1f | %.0f ", design_names[t->design], t->carriers, noises[noise],
	       c->said.count);
	print_found(&c->set);
	printf("| %.2f | %.2f ", mean_value(&c->said), mean_value(&c->known));
	print_found(&c->calls);
	if (p->exact > 0)
		printf("| %.3f / %.4f / %.2f ", p->sens, p->spec, p->exact);
	else
		printf("| - ");
	printf("| %s | %s | %.0f ms |\n", verdict(&c->set, p), verdict(&c->calls, p),
	       1000 * mean_value(&c->seconds));
	fflush(stdout);
}

static void print_head(uint64_t seed)
{
	printf("seed %llu\n\n", (unsigned long long)seed);
	printf("| design | carriers | Ct sd | instances | sensitivity | specificity | exact | said | "
	       "known | calls: sensitivity | specificity | exact | prototype | set | calls | "
	       "processor time |\n"
	       "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
}

int main(int argc, char **argv)
{
	double percent = argc > 1 ? strtod(argv[1], NULL) : 10;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
	const char *matrix = argc > 3 ? argv[3] : PLATES_16x40;
	pw_design *designs[DESIGNS] = {
		plates_made(
			(pw_make_opts){.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105}),
		plates_made((pw_make_opts){
			.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384}),
		plates_from_file(matrix)};
	print_head(seed);
	for (size_t t = 0; t < COUNT(targets); t++) {
		const struct target *target = &targets[t];
		if (argc > 4 && strcmp(argv[4], design_names[target->design]) != 0)
			continue;
		for (size_t s = 0; s < COUNT(noises) && designs[target->design] != NULL; s++) {
			double part = target->peer[s].exact > 0 ? percent / 100 : percent / 1000;
			int times = (int)ceil(target->instances * part);
			pw_rng rng;
			pw_rng_init(&rng, seed + 10 * t + s);
			cell c = run(designs[target->design], target->carriers, noises[s], times,
				     &rng);
			print_cell(target, s, &c);
		}
	}
	if (designs[MATRIX] == NULL)
		printf("\nskipped: there is no 16x40 matrix (%s)\n", matrix);
	for (int d = 0; d < DESIGNS; d++)
		pw_design_free(designs[d]);
	return EXIT_SUCCESS;
}
