/*
 * How fast schemes are searched and designs made. Each is run many times; the median and the worst of the processor's time are shown. Beside
 * it stands the same question answered in the same run without the search: every scheme that there is
 * evaluated in full; and, where a peer's time is known (binGroup2 1.3.1 on two cores of a server), that.
 *
 *	bench_design [n]	with n only the n-th line, once: for valgrind --tool=callgrind
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "core/pooling/advise.h"
#include "core/pooling/design_make.h"
#include "core/pooling/design_power.h"
#include "tests/bench/timing.h"

#define RUNS 31

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
	bool all;           /* evaluate all, for comparison */
	bool variance;      /* of a design */
} work;

static const work works[] = {
	{"best square array, 3 to 40", 0.005, 249.6, PW_ADVISE_ARRAY, 3, false, 0, true, false},
	{"best array with a master pool, 3 to 40", 0, 251.0, PW_ADVISE_ARRAY_MASTER, 3, false, 0,
	 true, false},
	{"best three-stage scheme, 3 to 40", 0.050, 83.9, PW_ADVISE_HIERARCHICAL, 3, false, 0, true,
	 false},
	{"best five-stage scheme, 3 to 40", 0, 0, PW_ADVISE_HIERARCHICAL, 5, false, 0, false,
	 false},
	{"all families, and when to switch", 0, 0, PW_ADVISE_ALL, 3, true, 0, false, false},
	{"48 x 384, then people alone", 0, 0, 0, 0, false, 0, false, false},
	{"48 x 384, all 73,536 pairs read", 0, 0, 0, 0, false, 2, false, false},
	{"48 x 384, with the variance", 0, 0, 0, 0, false, 0, false, true},
};

static double ask(const work *w)
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
	double best = advice.options[0].tests_per_person;
	pw_advice_clear(&advice);
	return best;
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
	pw_evaluate_opts how = {.without_variance = !w->variance};
	if (pw_scheme_of_design(design, NULL, 0, true, &scheme, &err) != PW_OK ||
	    pw_scheme_evaluate(scheme, &people, &model, &how, &e, &err) != PW_OK)
		stop(w->name, &err);
	pw_evaluation_clear(&e);
	pw_scheme_free(scheme);
}

static void run(const work *w, const pw_design *design)
{
	if (w->kinds != 0)
		ask(w);
	else
		use_design(w, design);
}

/* ---- The same without the search ---- */

/* As if everybody had a risk of their own, so that no two are taken for the same. */
static double tests_of(pw_scheme *scheme)
{
	static double prior[40 * 40];
	for (size_t j = 0; j < scheme->people; j++)
		prior[j] = 0.01;
	pw_evaluation e;
	pw_err err = PW_ERR_INIT;
	pw_test_model model = {.se = {0.99}, .sp = {0.99}, .se_count = 1, .sp_count = 1};
	pw_people people = {.count = scheme->people, .prior = prior};
	pw_evaluate_opts how = {.arrangement = PW_ARRANGE_GIVEN};
	if (pw_scheme_evaluate(scheme, &people, &model, &how, &e, &err) != PW_OK)
		stop("evaluate", &err);
	double tests = e.tests_per_person;
	pw_evaluation_clear(&e);
	pw_scheme_free(scheme);
	return tests;
}

static double every_array(bool master)
{
	double best = INFINITY;
	for (size_t side = 3; side <= 40; side++) {
		pw_scheme *scheme = NULL;
		pw_err err = PW_ERR_INIT;
		if (pw_scheme_array(side, side, master, 0, &scheme, &err) != PW_OK)
			stop("array", &err);
		best = fmin(best, tests_of(scheme));
	}
	return best;
}

/* All ways to cut `whole` into parts none larger than the one before; `left` are not cut yet. */
static double every_cut(uint32_t whole, uint32_t left, uint32_t most, uint32_t *parts, size_t count)
{
	double best = INFINITY;
	if (left == 0) {
		pw_level levels[] = {{&whole, 1}, {parts, count}};
		pw_scheme *scheme = NULL;
		pw_err err = PW_ERR_INIT;
		if (pw_scheme_hierarchical(levels, count > 1 ? 2 : 1, &scheme, &err) != PW_OK)
			stop("cut", &err);
		return tests_of(scheme);
	}
	for (uint32_t part = left < most ? left : most; part >= 1; part--) {
		parts[count] = part;
		best = fmin(best, every_cut(whole, left - part, part, parts, count + 1));
	}
	return best;
}

/* Seconds; what comes out must be what the search found. */
static double time_without_search(const work *w)
{
	uint32_t parts[41];
	double start = timing_cpu(), best = INFINITY;
	if (w->kinds == PW_ADVISE_HIERARCHICAL)
		for (uint32_t whole = 3; whole <= 40; whole++)
			best = fmin(best, every_cut(whole, whole, whole, parts, 0));
	else
		best = every_array(w->kinds == PW_ADVISE_ARRAY_MASTER);
	double took = timing_cpu() - start, found = ask(w);
	if (fabs(best - found) > 1e-12) {
		fprintf(stderr, "bench_design: %s: %.10f, not %.10f\n", w->name, found, best);
		exit(1);
	}
	return took;
}

static void print_or_dash(int width, double value)
{
	if (value > 0)
		printf(value < 10 ? " %*.1f" : " %*.0f", width, value);
	else
		printf(" %*s", width, "-");
}

static void show(const work *w, const pw_design *design)
{
	double times[RUNS];
	for (int i = 0; i < RUNS; i++) {
		double start = timing_cpu();
		run(w, design);
		times[i] = timing_cpu() - start;
	}
	double median = timing_quantile(times, RUNS, 0.5);
	printf("%-40s %10.3f %10.3f", w->name, 1e3 * median, 1e3 * times[RUNS - 1]);
	print_or_dash(9, 1e3 * w->target);
	print_or_dash(12, w->all ? time_without_search(w) / median : 0);
	print_or_dash(12, w->peer / median);
	printf("\n");
}

int main(int argc, char **argv)
{
	pw_make_opts rs = {.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6};
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	size_t count = sizeof(works) / sizeof(works[0]);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (pw_design_make(&rs, &design, &err) != PW_OK)
		stop("48 x 384", &err);
	if (argc > 1) {
		size_t line = strtoul(argv[1], NULL, 10);
		run(&works[line >= 1 && line <= count ? line - 1 : 0], design);
		pw_design_free(design);
		return 0;
	}
	printf("%-40s %10s %10s %9s %12s %12s\n", "", "median ms", "worst ms", "target",
	       "all / ours", "peer / ours");
	for (size_t i = 0; i < count; i++)
		show(&works[i], design);
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	printf("\nmemory at most: %.1f MB\n", (double)use.ru_maxrss / 1024);
	pw_design_free(design);
	return 0;
}
