/*
 * Our decoder and Tapestry's on the very same plates: who is called, by Ct.
 *
 *	bench_decode_peers [plates [seed [matrix of 16 pools and 40 samples [matrix of 45 pools and 105]]]]
 *
 * Prints, by design, number of carriers and decoder, the sensitivity, specificity and exact recovery with their standard
 * errors, how many plates only we and only they had exactly right, and the processor time. Plates are Tapestry's (tests/unit/pooling/peer_plate.h): amounts
 * uniform from 1/32768 to 1, sd of a Ct 0.1, no false pools. Ours is the likeliest set; it is told the noise, the law
 * of the amounts and carriers / people as everybody's prior. Its peers are written from the published mathematics
 * (peer_sbl.h, peer_nnomp.h) and know that a negative pool clears its people.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/decode.h"
#include "tests/bench/plates.h"
#include "tests/bench/timing.h"
#include "tests/unit/pooling/peer_read.h"

#define UNIT_CT       20.0
#define MATRIX_45x105 "../shared/data/pooling/kirkman_45x105.txt"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct cell {
	int design; /* 0: 16 × 40, 1: 45 × 105 */
	size_t carriers;
} cells[] = {{0, 2}, {0, 3}, {0, 4}, {1, 5}, {1, 8}, {1, 10}, {1, 12}};

static const char *const design_names[] = {"16x40", "45x105"};

static const peer_reader peers[] = {PEER_COMP, PEER_SBL_SECOND, PEER_SBL, PEER_NNOMP};

/* ---- Ours ---- */

static void read_ours(const pw_design *d, const double *measured, size_t carriers, bool *out_called)
{
	size_t m = pw_design_pools(d);
	pw_pool_reading *readings = pw_alloc_array(m, sizeof(*readings));
	for (size_t i = 0; i < m; i++) {
		bool amplified = measured[i] > 0;
		readings[i].call = amplified ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
		readings[i].wells = 1;
		readings[i].well[0].amplified = amplified;
		if (amplified)
			readings[i].well[0].ct = UNIT_CT - log(measured[i]) / log(PEER_GROWTH);
	}
	pw_evidence e = {.design = d,
			 .readings = readings,
			 .prior = (double)carriers / (double)pw_design_samples(d),
			 .test = {.se = 0.999, .sp = 0.999},
			 .ct = PW_CT_MODEL_INIT};
	e.ct.noise = PEER_CYCLE_SD;
	e.ct.well_noise = 0;
	e.ct.efficiency = PEER_GROWTH - 1;
	e.ct.cutoff = 45;
	e.ct.diluted = false;
	e.ct.load_kind = PW_LOAD_LINEAR;
	e.ct.load_a = UNIT_CT;
	e.ct.load_b = UNIT_CT - log(PEER_LEAST_LOAD) / log(PEER_GROWTH);
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded out;
	must(pw_decode(&e, &opts, &out, &timing_err));
	memset(out_called, 0, out.samples * sizeof(*out_called));
	for (size_t k = 0; k < out.sets[0].count; k++)
		out_called[out.sets[0].at[k]] = true;
	pw_decoded_clear(&out);
	pw_free(readings);
}

/* ---- Counting ---- */

static void print_mean(const mean *m, int digits)
{
	printf(" %.*f ± %.*f |", digits, mean_value(m), digits, mean_error(m));
}

typedef struct score {
	mean sensitivity, specificity, exact;
	double seconds;
	double only_ours, only_theirs; /* plates exactly right */
} score;

static bool judge(const double *load, const bool *called, size_t n, size_t carriers, score *s)
{
	double found = 0, wrong = 0;
	for (size_t j = 0; j < n; j++) {
		found += called[j] && load[j] > 0;
		wrong += called[j] && load[j] <= 0;
	}
	bool exact = found == (double)carriers && wrong == 0;
	mean_add(&s->sensitivity, found / (double)carriers);
	mean_add(&s->specificity, 1 - wrong / (double)(n - carriers));
	mean_add(&s->exact, exact);
	return exact;
}

/* Scores of the peers, and ours last. */
static void run(const pw_design *d, size_t carriers, size_t plates, pw_rng *rng, score *out)
{
	size_t n = pw_design_samples(d);
	double *load = pw_alloc_array(n, sizeof(*load));
	double *measured = pw_alloc_array(pw_design_pools(d), sizeof(*measured));
	bool *called = pw_alloc_array(n, sizeof(*called));
	for (size_t plate = 0; plate < plates; plate++) {
		bool exact[COUNT(peers) + 1];
		peer_plate_draw(d, carriers, PEER_NOISE_CYCLES, rng, load, measured);
		for (size_t r = 0; r <= COUNT(peers); r++) {
			double start = timing_cpu();
			if (r < COUNT(peers))
				peer_read(d, measured, peers[r], rng, called);
			else
				read_ours(d, measured, carriers, called);
			out[r].seconds += timing_cpu() - start;
			exact[r] = judge(load, called, n, carriers, &out[r]);
		}
		for (size_t r = 0; r < COUNT(peers); r++) {
			out[r].only_ours += exact[COUNT(peers)] && !exact[r];
			out[r].only_theirs += exact[r] && !exact[COUNT(peers)];
		}
	}
	pw_free(load);
	pw_free(measured);
	pw_free(called);
}

static pw_design *open_matrix(const char *path)
{
	pw_design *d = plates_from_file(path);
	if (d == NULL)
		printf("skipped: there is no matrix %s\n\n", path);
	return d;
}

static void print_cell(const struct cell *c, const score *scores)
{
	for (size_t r = 0; r <= COUNT(peers); r++) {
		const score *s = &scores[r];
		printf("| %s | %zu | %s |", design_names[c->design], c->carriers,
		       r < COUNT(peers) ? peer_reader_name(peers[r]) : "**ours**");
		print_mean(&s->sensitivity, 3);
		print_mean(&s->specificity, 4);
		print_mean(&s->exact, 2);
		if (r < COUNT(peers))
			printf(" %.0f : %.0f |", s->only_ours, s->only_theirs);
		else
			printf(" |");
		printf(" %.1f ms |\n", 1000 * s->seconds / s->exact.count);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t plates = argc > 1 ? strtoul(argv[1], NULL, 10) : 40;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20;
	pw_design *designs[] = {open_matrix(argc > 3 ? argv[3] : PLATES_16x40),
				open_matrix(argc > 4 ? argv[4] : MATRIX_45x105)};
	pw_rng rng;
	pw_rng_init(&rng, seed);
	printf("seed %llu, %zu plates a cell\n\n", (unsigned long long)seed, plates);
	printf("| design | carriers | decoder | sensitivity | specificity | exact | only ours : only theirs "
	       "| processor time |\n|---|---|---|---|---|---|---|---|\n");
	for (size_t c = 0; c < COUNT(cells); c++) {
		score scores[COUNT(peers) + 1] = {{.seconds = 0}};
		if (designs[cells[c].design] == NULL)
			continue;
		run(designs[cells[c].design], cells[c].carriers, plates, &rng, scores);
		print_cell(&cells[c], scores);
	}
	pw_design_free(designs[0]);
	pw_design_free(designs[1]);
	return EXIT_SUCCESS;
}
