/*
 * What Ct buys: random sets of carriers in known designs, their pools' Ct drawn from the model, decoded.
 *
 *	bench_decode_ct [instances [seed [matrix of 16 pools and 40 samples]]]
 *
 * Prints, by design, number of carriers and noise, the sensitivity, specificity and exact recovery of the likeliest
 * set, with their standard errors, beside what a prototype of such a search was measured to do on the same model
 * (40 to 100 instances a cell); how sure the decoder was of its set; and a table of how often people of a given
 * posterior are positive. Cells that the prototype was not measured on have a tenth of the instances.
 *
 * Amounts are uniform from 1/32768 to 1 of a unit and the cycles multiply by 1.95; a pool that holds nobody positive
 * shows no Ct. The seed is printed: the same one gives the same tables, but for the times.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"
#include "tests/bench/timing.h"

#define UNIT_CT      20.0
#define MATRIX_16x40 "../shared/data/pooling/iowa_16x40.txt"

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
	rates peer[3]; /* at noises[] */
} targets[] = {
	{KIRKMAN, 5, {{1, 1, 1}, {0.993, 0.9998, 0.97}, {0.993, 0.9998, 0.97}}},
	{KIRKMAN, 8, {{0.994, 0.9995, 0.95}, {0.988, 0.9988, 0.90}, {0.977, 0.9986, 0.83}}},
	{KIRKMAN, 10, {{0.977, 0.9974, 0.77}, {0.933, 0.9916, 0.43}, {0.898, 0.9886, 0.35}}},
	{KIRKMAN, 12, {{0.978, 0.9970, 0.77}}},
	{REED_SOLOMON, 5, {{0.995, 0.9998, 0.97}, {0.985, 0.9995, 0.93}, {0.985, 0.9995, 0.93}}},
	{REED_SOLOMON, 6, {{0.992, 0.9997, 0.95}, {0.992, 0.9997, 0.95}, {0.967, 0.9993, 0.85}}},
	{REED_SOLOMON, 8, {{0.959, 0.9979, 0.72}}},
	{MATRIX, 3, {{0.990, 0.9997, 0.97}, {0.970, 0.9973, 0.92}, {0.950, 0.9957, 0.87}}},
	{MATRIX, 4, {{0.970, 0.9958, 0.88}, {0.927, 0.9889, 0.72}, {0.912, 0.9864, 0.66}}},
};

static const double noises[] = {0.1, 0.3, 0.5};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- Designs ---- */

static pw_design *made(pw_make_opts opts)
{
	pw_design *d = NULL;
	must(pw_design_make(&opts, &d, &timing_err));
	return d;
}

static pw_design *from_file(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "rb");
	pw_design *d = NULL;
	if (f == NULL)
		return NULL;
	size_t n = fread(text, 1, sizeof(text), f);
	fclose(f);
	must(pw_design_parse(text, n, &d, &timing_err));
	return d;
}

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

typedef struct mean {
	double sum, square, count;
} mean;

static void add(mean *m, double value)
{
	m->sum += value;
	m->square += value * value;
	m->count++;
}

static double value_of(const mean *m)
{
	return m->count > 0 ? m->sum / m->count : 0;
}

static double error_of(const mean *m)
{
	double average = value_of(m);
	return m->count > 1
		       ? sqrt(fmax(m->square / m->count - average * average, 0) / (m->count - 1))
		       : 1;
}

typedef struct cell {
	mean sens, spec, exact, said, seconds; /* said: how sure the decoder was of the set */
} cell;

static const double edges[] = {0,    0.001, 0.01, 0.05, 0.15, 0.25, 0.35,  0.45,
			       0.55, 0.65,  0.75, 0.85, 0.95, 0.99, 0.999, 1.01};

#define BINS (COUNT(edges) - 1)

static mean said[BINS], was[BINS];

static void score_person(double posterior, bool positive)
{
	size_t bin = 0;
	while (posterior >= edges[bin + 1])
		bin++;
	add(&said[bin], posterior);
	add(&was[bin], positive);
}

/* The likeliest set against the truth, and everybody's posterior. */
static void score(const pw_decoded *out, const bool *positive, cell *c)
{
	double carriers = 0, found = 0, cleared = 0;
	for (size_t j = 0; j < out->samples; j++) {
		bool called = false;
		for (size_t k = 0; k < out->sets[0].count; k++)
			called = called || out->sets[0].at[k] == j;
		carriers += positive[j];
		found += positive[j] && called;
		cleared += !positive[j] && !called;
		score_person(out->posterior[j], positive[j]);
	}
	double others = (double)out->samples - carriers;
	add(&c->sens, found / carriers);
	add(&c->spec, cleared / others);
	add(&c->exact, found == carriers && cleared == others);
	add(&c->said, out->sets[0].posterior);
}

static cell run(const pw_design *d, int k, double sd, int instances, pw_rng *rng)
{
	bool *positive = pw_alloc_array(pw_design_samples(d), sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(d), sizeof(*readings));
	cell c = {.said = {0, 0, 0}};
	for (int i = 0; i < instances; i++) {
		pw_decoded out;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		draw(d, k, sd, rng, positive, readings);
		pw_evidence e = evidence_of(d, readings, k, sd);
		clock_t start = clock();
		must(pw_decode(&e, &opts, &out, &timing_err));
		add(&c.seconds, (double)(clock() - start) / CLOCKS_PER_SEC);
		score(&out, positive, &c);
		pw_decoded_clear(&out);
	}
	pw_free(positive);
	pw_free(readings);
	return c;
}

/* ---- Printing ---- */

/* Whether a rate is less than the prototype's by more than two standard errors of the difference. */
static bool is_below(const mean *ours, double peer)
{
	double spread = sqrt(peer * (1 - peer) / PEER_INSTANCES);
	return value_of(ours) < peer - 2 * hypot(error_of(ours), spread);
}

static const char *verdict(const cell *c, const rates *peer)
{
	if (peer->exact <= 0)
		return "-";
	if (is_below(&c->exact, peer->exact) || value_of(&c->sens) < peer->sens - 0.02 ||
	    value_of(&c->spec) < peer->spec - 0.002)
		return "BELOW";
	return value_of(&c->exact) >= peer->exact && value_of(&c->sens) >= peer->sens &&
			       value_of(&c->spec) >= peer->spec
		       ? "above"
		       : "equal";
}

static void print_cell(const struct target *t, size_t noise, const cell *c)
{
	const rates *p = &t->peer[noise];
	printf("| %s | %d | %.1f | %.0f | %.3f ± %.3f | %.4f ± %.4f | %.2f ± %.2f | %.2f ",
	       design_names[t->design], t->carriers, noises[noise], c->exact.count,
	       value_of(&c->sens), error_of(&c->sens), value_of(&c->spec), error_of(&c->spec),
	       value_of(&c->exact), error_of(&c->exact), value_of(&c->said));
	if (p->exact > 0)
		printf("| %.3f / %.4f / %.2f ", p->sens, p->spec, p->exact);
	else
		printf("| - ");
	printf("| %s | %.0f ms |\n", verdict(c, p), 1000 * value_of(&c->seconds));
	fflush(stdout);
}

static void print_reliability(void)
{
	printf("\n| posterior | persons | mean posterior | share positive | standard errors off |\n"
	       "|---|---|---|---|---|\n");
	for (size_t b = 0; b < BINS; b++) {
		double q = value_of(&said[b]);
		double error = sqrt(q * (1 - q) / fmax(was[b].count, 1));
		if (was[b].count > 0)
			printf("| %g to %g | %.0f | %.5f | %.5f | %+.1f |\n", edges[b],
			       fmin(edges[b + 1], 1), was[b].count, q, value_of(&was[b]),
			       error > 0 ? (value_of(&was[b]) - q) / error : 0);
	}
}

int main(int argc, char **argv)
{
	int instances = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 40;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
	pw_design *designs[DESIGNS] = {
		made((pw_make_opts){.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105}),
		made((pw_make_opts){
			.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384}),
		from_file(argc > 3 ? argv[3] : MATRIX_16x40)};
	pw_rng rng;
	pw_rng_init(&rng, seed);
	printf("seed %llu\n\n", (unsigned long long)seed);
	printf("| design | carriers | Ct sd | instances | sensitivity | specificity | exact | said | "
	       "prototype | | processor time |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
	for (size_t t = 0; t < COUNT(targets); t++)
		for (size_t s = 0; s < COUNT(noises) && designs[targets[t].design] != NULL; s++) {
			int times = targets[t].peer[s].exact > 0 ? instances : (instances + 9) / 10;
			cell c = run(designs[targets[t].design], targets[t].carriers, noises[s],
				     times, &rng);
			print_cell(&targets[t], s, &c);
		}
	print_reliability();
	if (designs[MATRIX] == NULL)
		printf("\nskipped: there is no 16x40 matrix (%s)\n",
		       argc > 3 ? argv[3] : MATRIX_16x40);
	for (int d = 0; d < DESIGNS; d++)
		pw_design_free(designs[d]);
	return EXIT_SUCCESS;
}
