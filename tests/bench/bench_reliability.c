/*
 * Whether posteriors mean what they say: plates drawn from the model that the decoder is told (each person a carrier
 * with the prior, loads by their law, pools that fail and pools that react to nothing as often as is told), decoded,
 * and everybody counted by their posterior.
 *
 *	bench_reliability [percent [seed [matrix of 16 pools and 40 samples]]]
 *
 * With 100 percent the tables of docs/internals/decoding-measured.md: about ten minutes. The seed is printed; the same
 * one gives the same tables.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "tests/bench/plates.h"
#include "tests/bench/timing.h"
#include "tests/unit/pooling/model_plates.h"

#define UNIT_CT      20.0
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { MATRIX, KIRKMAN, REED_SOLOMON, DESIGNS };

static const char *const design_names[] = {"16x40", "kirkman 45x105", "p-best 48x384"};

static const struct scene {
	int design;
	double carriers; /* expected */
	double se, sp;
	double sd; /* of Ct; 0: called */
	int plates;
} scenes[] = {
	{MATRIX, 2, .99, .99, .1, 600},        {MATRIX, 2, .99, .99, .3, 600},
	{MATRIX, 2, .99, .99, .5, 600},        {MATRIX, 3, .99, .99, .1, 200},
	{MATRIX, 3, .99, .99, .3, 200},        {MATRIX, 3, .99, .99, .5, 200},
	{KIRKMAN, 2, .97, .995, .3, 300},      {KIRKMAN, 6, .97, .995, .1, 400},
	{KIRKMAN, 6, .97, .995, .3, 400},      {KIRKMAN, 6, .97, .995, .5, 400},
	{REED_SOLOMON, 1, .97, .995, .3, 300}, {REED_SOLOMON, 3, .97, .995, .1, 150},
	{REED_SOLOMON, 3, .97, .995, .3, 150}, {REED_SOLOMON, 3, .97, .995, .5, 150},
	{MATRIX, 2, .95, .99, 0, 4000},        {MATRIX, 4, .95, .99, 0, 2000},
	{KIRKMAN, 2, .95, .99, 0, 500},        {REED_SOLOMON, 1, .95, .99, 0, 300},
};

static const double edges[] = {0,    0.001, 0.01, 0.05, 0.15, 0.25, 0.35,  0.45,
			       0.55, 0.65,  0.75, 0.85, 0.95, 0.99, 0.999, 1.01};

/* Bins with less variance are left out of the sum of squares. */
#define LEAST_VARIANCE 3

static pw_evidence told(const struct scene *s, const pw_design *d, const pw_pool_reading *readings)
{
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = s->carriers / (double)pw_design_samples(d),
			 .test = {.se = s->se, .sp = s->sp},
			 .ct = PW_CT_MODEL_INIT};
	e.ct.noise = s->sd;
	e.ct.well_noise = 0;
	e.ct.efficiency = 0.95;
	e.ct.diluted = false;
	e.ct.load_kind = PW_LOAD_LINEAR;
	e.ct.load_a = UNIT_CT;
	e.ct.load_b = UNIT_CT + log(32768) / log(1.95);
	return e;
}

/* Adds the plates of a scene to both tables; the seconds that decoding took. */
static double run(const struct scene *s, const pw_design *d, int plates, pw_rng *rng,
		  reliability *here, reliability *all)
{
	bool *positive = pw_alloc_array(pw_design_samples(d), sizeof(*positive));
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(d), sizeof(*readings));
	pw_evidence e = told(s, d, readings);
	double seconds = 0;
	for (int i = 0; i < plates; i++) {
		pw_decoded out;
		pw_decode_opts opts = PW_DECODE_OPTS_INIT;
		opts.sets = RELIABILITY_SETS;
		model_plate_draw(&e, s->sd > 0, rng, positive, readings);
		double start = timing_cpu();
		must(pw_decode(&e, &opts, &out, &timing_err));
		seconds += timing_cpu() - start;
		reliability_add(here, &out, positive);
		reliability_add(all, &out, positive);
		pw_decoded_clear(&out);
	}
	pw_free(positive);
	pw_free(readings);
	return seconds;
}

static void print_scene(const struct scene *s, const reliability *r, double seconds)
{
	size_t freedom, nine = 0;
	double chi = reliability_chi(r, LEAST_VARIANCE, &freedom);
	while (edges[nine + 1] <= 0.9)
		nine++;
	printf("| %s | %g | %g / %g | ", design_names[s->design], s->carriers, s->se, s->sp);
	if (s->sd > 0)
		printf("%.1f ", s->sd);
	else
		printf("called ");
	printf("| %.0f | %.1f of %zu | %.0f | %.3f | %.3f | %.1f ms |\n", r->plates, chi, freedom,
	       r->persons[nine], r->persons[nine] > 0 ? r->said[nine] / r->persons[nine] : 0,
	       r->persons[nine] > 0 ? r->was[nine] / r->persons[nine] : 0,
	       1000 * seconds / r->plates);
	fflush(stdout);
}

static void print_table(const char *title, const reliability *r)
{
	size_t freedom;
	printf("\n%s\n\n| posterior | persons | mean posterior | share positive | standard errors "
	       "off |\n|---|---:|---:|---:|---:|\n",
	       title);
	for (size_t b = 0; b < r->bins; b++)
		if (r->persons[b] > 0)
			printf("| %g to %g | %.0f | %.5f | %.5f | %+.1f |\n", edges[b],
			       fmin(edges[b + 1], 1), r->persons[b], r->said[b] / r->persons[b],
			       r->was[b] / r->persons[b], reliability_off(r, b));
	double chi = reliability_chi(r, LEAST_VARIANCE, &freedom);
	printf("\nbins with a variance of %d and more: chi-square %.1f of %zu\n", LEAST_VARIANCE,
	       chi, freedom);
}

int main(int argc, char **argv)
{
	double percent = argc > 1 ? strtod(argv[1], NULL) : 4;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
	const char *matrix = argc > 3 ? argv[3] : PLATES_16x40;
	pw_design *designs[DESIGNS] = {
		plates_from_file(matrix),
		plates_made(
			(pw_make_opts){.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105}),
		plates_made((pw_make_opts){
			.family = PW_FAMILY_RS, .q = 8, .k = 3, .w = 6, .samples = 384})};
	reliability by_ct, called;
	pw_rng rng;
	reliability_init(&by_ct, edges, COUNT(edges));
	reliability_init(&called, edges, COUNT(edges));
	printf("seed %llu\n\n| design | carriers | Se / Sp | Ct sd | plates | chi-square | persons "
	       "near 0.9 | said | positive | processor time |\n"
	       "|---|---:|---|---|---:|---:|---:|---:|---:|---:|\n",
	       (unsigned long long)seed);
	for (size_t s = 0; s < COUNT(scenes); s++) {
		reliability here;
		int plates = (int)ceil(scenes[s].plates * percent / 100);
		const pw_design *d = designs[scenes[s].design];
		pw_rng_init(&rng, seed + s); /* a scene is the same whichever others are run */
		reliability_init(&here, edges, COUNT(edges));
		if (d != NULL)
			print_scene(&scenes[s], &here,
				    run(&scenes[s], d, plates, &rng, &here,
					scenes[s].sd > 0 ? &by_ct : &called));
	}
	print_table("Everybody of the plates read by Ct:", &by_ct);
	print_table("Everybody of the plates that were called:", &called);
	if (designs[MATRIX] == NULL)
		printf("\nskipped: there is no 16x40 matrix (%s)\n", matrix);
	for (int d = 0; d < DESIGNS; d++)
		pw_design_free(designs[d]);
	return EXIT_SUCCESS;
}
