/*
 * How fast schemes are searched and designs made. Each is timed beside a yardstick in the same run, a
 * million exp(), so that the numbers of two machines can be compared; and, where a peer's time is known
 * (binGroup2 1.3.1 on two cores of a server), beside that. The best of several rounds counts.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/pooling/advise.h"
#include "core/pooling/design_make.h"
#include "core/pooling/design_power.h"

#define ROUNDS 7

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stop(const char *what, const pw_err *err)
{
	fprintf(stderr, "bench_design: %s: %s\n", what, err->msg);
	exit(1);
}

/* ---- What is timed ---- */

typedef struct work {
	const char *name;
	double target, peer; /* seconds; 0: none */
	unsigned kinds;      /* advice on these; 0: a design */
	size_t stages;
	bool switches;
	uint32_t positives; /* how a design reads sets of so many; 0: its scheme is evaluated */
} work;

static const work works[] = {
	{"best square array, 3 to 40", 0.005, 249.6, PW_ADVISE_ARRAY, 3, false, 0},
	{"best array with a master pool, 3 to 40", 0, 251.0, PW_ADVISE_ARRAY_MASTER, 3, false, 0},
	{"best three-stage scheme, 3 to 40", 0.050, 83.9, PW_ADVISE_HIERARCHICAL, 3, false, 0},
	{"best five-stage scheme, 3 to 40", 0, 0, PW_ADVISE_HIERARCHICAL, 5, false, 0},
	{"all families, and when to switch", 0, 0, PW_ADVISE_ALL, 3, true, 0},
	{"48 x 384, then people alone", 0, 0, 0, 0, false, 0},
	{"48 x 384, all 73,536 pairs read", 0, 0, 0, 0, false, 2},
};

static void ask(const work *w)
{
	pw_advise_opts opts = {.kinds = w->kinds,
			       .min_size = 3,
			       .max_size = 40,
			       .max_stages = w->stages,
			       .prevalence = 0.01,
			       .se = 0.99,
			       .sp = 0.99,
			       .without_switches = !w->switches};
	pw_advice advice;
	pw_err err = PW_ERR_INIT;
	if (pw_advise(&opts, &advice, &err) != PW_OK)
		stop(w->name, &err);
	pw_advice_clear(&advice);
}

static void use_design(const work *w, const pw_design *design)
{
	pw_err err = PW_ERR_INIT;
	pw_design_power power;
	pw_scheme *scheme = NULL;
	pw_evaluation e;
	if (w->positives > 0) {
		if (pw_design_power_of(design, w->positives, 0, 0, &power, &err) != PW_OK)
			stop(w->name, &err);
		return;
	}
	pw_test_model model = {.se = {0.99}, .sp = {0.99}, .se_count = 1, .sp_count = 1};
	pw_people people = {.count = pw_design_samples(design), .prevalence = 0.01};
	pw_evaluate_opts how = {.without_variance = true};
	if (pw_scheme_of_design(design, NULL, 0, true, &scheme, &err) != PW_OK ||
	    pw_scheme_evaluate(scheme, &people, &model, &how, &e, &err) != PW_OK)
		stop(w->name, &err);
	pw_evaluation_clear(&e);
	pw_scheme_free(scheme);
}

static double best_of(const work *w, const pw_design *design)
{
	double best = INFINITY;
	for (int round = 0; round < ROUNDS; round++) {
		double start = seconds_now();
		if (w->kinds != 0)
			ask(w);
		else
			use_design(w, design);
		best = fmin(best, seconds_now() - start);
	}
	return best;
}

static double yardstick(void)
{
	double best = INFINITY, sum = 0.0;
	for (int round = 0; round < ROUNDS; round++) {
		double start = seconds_now();
		for (int i = 0; i < 1000000; i++)
			sum += exp(-1e-6 * (double)i);
		best = fmin(best, seconds_now() - start);
	}
	return sum > 0.0 ? best : INFINITY; /* looked at, so that it is not left out */
}

int main(void)
{
	pw_make_opts rs = {.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6};
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	if (pw_design_make(&rs, &design, &err) != PW_OK)
		stop("48 x 384", &err);
	double unit = yardstick();
	printf("a million exp(): %.2f ms\n\n", 1e3 * unit);
	printf("%-40s %12s %10s %10s %12s\n", "", "ms", "ratio", "target ms", "peer / ours");
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		double took = best_of(&works[i], design);
		printf("%-40s %12.3f %10.3f", works[i].name, 1e3 * took, took / unit);
		if (works[i].target > 0.0)
			printf(" %10.0f", 1e3 * works[i].target);
		else
			printf(" %10s", "-");
		if (works[i].peer > 0.0)
			printf(" %12.0f\n", works[i].peer / took);
		else
			printf(" %12s\n", "-");
	}
	pw_design_free(design);
	return 0;
}
