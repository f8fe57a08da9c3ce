/*
 * How fast results are decoded, and what bound on the error it comes with: the design of 48 pools for 384
 * people with and without a limit on positives, whole plates as arrays, and evidence that is too hard for the
 * time given. Beside a yardstick in the same run, a million exp(), so that two machines can be compared.
 * Times are those of the processor.
 *
 * `bench_decode plates` prints the plates alone, `bench_decode limit` only 48 x 384 with at most 4 positives.
 * `bench_decode chart` prints how the cost grows with people, pools and positives, as a table to standard error
 * and as a picture (SVG) to standard output: docs/pictures/decoding-speed.svg.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/decode.h"
#include "core/pooling/design_make.h"
#include "tests/bench/timing.h"

#define MOST_INSTANCES 40
#define FIRST_SEED     2026
#define AIM            5e-3 /* seconds for 48 x 384, at most 4 positives, one core */

/* ---- Evidence ---- */

typedef struct setting {
	const pw_design *design;
	size_t positives, limit;
	bool noisy;  /* se 95 %, sp 99 %, as the model has it; else all pools are right */
	bool uneven; /* everybody's prior is their own, between a half of it and twice that */
	double prior;
	double seconds; /* deadline */
} setting;

static void read_pools(const setting *s, uint64_t seed, pw_pool_reading *out)
{
	size_t pools = pw_design_pools(s->design);
	pw_rng rng;
	pw_rng_init(&rng, seed);
	for (size_t i = 0; i < pools; i++)
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
	for (size_t k = 0; k < s->positives; k++) {
		size_t person = pw_rng_below(&rng, pw_design_samples(s->design));
		pw_design_list list = pw_design_pools_of(s->design, person);
		for (size_t x = 0; x < list.count; x++)
			if (!s->noisy || !pw_rng_chance(&rng, 0.05))
				out[list.at[x]].call = PW_POOL_POSITIVE;
	}
	for (size_t i = 0; s->noisy && i < pools; i++)
		if (pw_rng_chance(&rng, 0.01))
			out[i].call = PW_POOL_POSITIVE;
}

static double *make_priors(const setting *s)
{
	size_t people = pw_design_samples(s->design);
	double *priors = pw_alloc_array(people, sizeof(*priors));
	pw_rng rng;
	pw_rng_init(&rng, FIRST_SEED);
	for (size_t j = 0; j < people; j++)
		priors[j] = s->prior * (s->uneven ? exp2(2 * pw_rng_uniform(&rng) - 1) : 1);
	return priors;
}

typedef struct watch {
	double until;
	uint64_t asked; /* once in 2^16 steps */
} watch;

static bool is_late(void *ctx)
{
	watch *w = ctx;
	w->asked++;
	return timing_cpu() > w->until;
}

/* ---- One line ---- */

typedef struct measured {
	double median, worst; /* seconds */
	double steps;         /* median, in millions */
	double bound;         /* the worst */
	double open; /* what the chances of each number of positives lack to 1; the worst */
	size_t stopped, in_aim; /* instances */
	const char *method;
} measured;

static double decode_once(const setting *s, uint64_t seed, measured *m, double *out_steps)
{
	pw_pool_reading *readings = pw_alloc_array(pw_design_pools(s->design), sizeof(*readings));
	double *priors = make_priors(s);
	pw_evidence evidence = {.design = s->design,
				.readings = readings,
				.priors = priors,
				.test = PW_POOL_MODEL_INIT};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_decoded decoded;
	read_pools(s, seed, readings);
	double start = timing_cpu();
	watch w = {.until = start + s->seconds};
	opts.max_positives = s->limit;
	opts.expired = is_late;
	opts.ctx = &w;
	opts.effort = UINT64_MAX;
	must(pw_decode(&evidence, &opts, &decoded, &timing_err));
	double took = timing_cpu() - start;
	m->bound = fmax(m->bound, decoded.bound);
	m->stopped += decoded.stopped;
	m->method = pw_decode_method_name(decoded.method);
	*out_steps = (double)w.asked * 65536 / 1e6;
	double open = 1;
	for (size_t k = 0; k < decoded.counts; k++)
		open -= decoded.count[k];
	m->open = fmax(m->open, open);
	pw_decoded_clear(&decoded);
	pw_free(priors);
	pw_free(readings);
	return took;
}

static measured measure(const setting *s, size_t instances)
{
	double took[MOST_INSTANCES], steps[MOST_INSTANCES];
	measured m = {.bound = 0};
	for (size_t k = 0; k < instances; k++)
		took[k] = decode_once(s, FIRST_SEED + 1000 * s->positives + k, &m, &steps[k]);
	for (size_t k = 0; k < instances; k++)
		m.in_aim += took[k] <= AIM;
	m.median = timing_quantile(took, instances, 0.5);
	m.worst = timing_quantile(took, instances, 1);
	m.steps = timing_quantile(steps, instances, 0.5);
	return m;
}

static double yardstick(void)
{
	double best = INFINITY, sum = 0;
	for (int round = 0; round < 7; round++) {
		double start = timing_cpu();
		for (int i = 0; i < 1000000; i++)
			sum += exp(-1e-6 * (double)i);
		best = fmin(best, timing_cpu() - start);
	}
	return sum > 0 ? best : INFINITY; /* looked at, so that it is not left out */
}

/* ---- Designs ---- */

static pw_design *reed_solomon(uint32_t pools, size_t samples)
{
	pw_make_opts opts = {.family = PW_FAMILY_RS, .samples = samples, .pools = pools, .w = 6};
	pw_design *design = NULL;
	must(pw_design_make(&opts, &design, &timing_err));
	return design;
}

static pw_design *array_of(uint32_t rows, uint32_t columns)
{
	pw_make_opts opts = {.family = PW_FAMILY_ARRAY,
			     .dims = {rows, columns},
			     .dim_count = 2,
			     .samples = (size_t)rows * columns};
	pw_design *design = NULL;
	must(pw_design_make(&opts, &design, &timing_err));
	return design;
}

/* ---- The table ---- */

static void print_head(const char *what)
{
	printf("\n%-34s %9s %9s %8s %9s %8s %9s %9s %8s\n", what, "median ms", "worst ms",
	       "in 5 ms", "ratio", "M steps", "bound", "open", "stopped");
}

static void print_line(const char *what, const measured *m, double unit, size_t instances)
{
	printf("%-34s %9.2f %9.2f %5zu/%-2zu %9.2f %8.2f %9.1e %9.1e %5zu/%-2zu\n", what,
	       1e3 * m->median, 1e3 * m->worst, m->in_aim, instances, m->median / unit, m->steps,
	       m->bound, m->open, m->stopped, instances);
}

static void bench_results(const setting *s, size_t instances, double unit)
{
	char what[80];
	measured m = measure(s, instances);
	snprintf(what, sizeof(what), "%zu positive, %s", s->positives,
		 s->noisy ? "pools that err" : "all pools right");
	print_line(what, &m, unit, instances);
}

/* At most `limit` positives, or with 0 as many as there may be. */
static void bench_limit(const pw_design *design, size_t limit, double unit)
{
	print_head(limit > 0 ? "48 x 384, at most 4 positives"
			     : "48 x 384, no limit, deadline 1 s");
	for (size_t positives = 0; positives <= 4; positives++)
		for (int noisy = 0; noisy < 2; noisy++) {
			setting s = {design, positives, limit, noisy > 0, false, 0.005, 1};
			bool long_ones = limit == 0 && positives > 2;
			bench_results(&s, long_ones ? 5 : MOST_INSTANCES, unit);
		}
}

/* With `uneven` priors no two rows are alike. */
static void bench_array(uint32_t rows, uint32_t columns, size_t most, bool uneven, size_t instances,
			double unit)
{
	pw_design *design = array_of(rows, columns);
	char what[80];
	snprintf(what, sizeof(what), "plate %u x %u, %s", rows, columns,
		 uneven ? "priors differ" : "one prior");
	print_head(what);
	for (size_t positives = 0; positives <= most; positives += 2)
		for (int noisy = 0; noisy < 2; noisy++) {
			setting s = {design, positives, 0, noisy > 0, uneven, 0.02, 60};
			bench_results(&s, instances, unit);
		}
	pw_design_free(design);
}

static void bench_deadline(const pw_design *design, double unit)
{
	print_head("48 x 384, no limit, deadline 1 s");
	for (size_t positives = 5; positives <= 8; positives++) {
		setting s = {design, positives, 0, true, false, 0.005, 1};
		bench_results(&s, 3, unit);
	}
}

static void bench_plates(double unit)
{
	for (int uneven = 0; uneven < 2; uneven++) {
		bench_array(8, 12, 8, uneven > 0, MOST_INSTANCES, unit);
		bench_array(16, 24, 12, uneven > 0, 5, unit);
	}
}

static void bench_people(bool limit_alone, double unit)
{
	pw_design *design = reed_solomon(48, 384);
	bench_limit(design, 4, unit);
	if (!limit_alone) {
		bench_limit(design, 0, unit);
		bench_deadline(design, unit);
	}
	pw_design_free(design);
}

/* ---- The chart ---- */

#define POINTS 6
#define PANELS 3

typedef struct panel {
	const char *title;
	size_t count;
	double x[POINTS], y[POINTS]; /* y: milliseconds */
	double bound[POINTS];
} panel;

static void add_point(panel *p, uint32_t pools, size_t people, size_t positives, double x)
{
	pw_design *design = reed_solomon(pools, people);
	setting s = {design, positives, 4, true, false, 0.005, 10};
	measured m = measure(&s, 15);
	p->x[p->count] = x;
	p->bound[p->count] = m.bound;
	p->y[p->count++] = 1e3 * m.median;
	fprintf(stderr, "| %zu | %u | %zu | %.2f | %.2f | %.1e |\n", people, pools, positives,
		1e3 * m.median, 1e3 * m.worst, m.bound);
	pw_design_free(design);
}

static void fill_panels(panel *p)
{
	static const uint32_t pools[] = {42, 48, 54, 66, 78, 96};
	fprintf(stderr, "| people | pools | positive | median ms | worst ms | bound |\n"
			"|---|---|---|---|---|---|\n");
	p[0].title = "people (48 pools, 3 positive)";
	for (size_t n = 64; n <= 384; n += 64)
		add_point(&p[0], 48, n, 3, (double)n);
	p[1].title = "pools (343 people, 3 positive)";
	for (size_t k = 0; k < POINTS; k++)
		add_point(&p[1], pools[k], 343, 3, pools[k]);
	p[2].title = "positives (384 people, 48 pools)";
	for (size_t k = 0; k < 5; k++)
		add_point(&p[2], 48, 384, k, (double)k);
}

/* Milliseconds from 0.1 to 100, by their logarithm. */
static double height_of(double ms)
{
	return 200 - 180 * (log10(fmin(fmax(ms, 0.1), 100)) + 1) / 3;
}

static void draw_panel(const panel *p, double left)
{
	double first = p->x[0], span = p->x[p->count - 1] - first;
	for (double ms = 0.1; ms < 101; ms *= 10)
		printf("<line x1='%g' x2='%g' y1='%.1f' y2='%.1f' stroke='#ccc'/>"
		       "<text x='%g' y='%.1f' text-anchor='end'>%g</text>\n",
		       left, left + 210, height_of(ms), height_of(ms), left - 4, height_of(ms) + 4,
		       ms);
	printf("<polyline fill='none' stroke='#1f5f8b' stroke-width='2' points='");
	for (size_t k = 0; k < p->count; k++)
		printf("%.1f,%.1f ", left + 5 + 200 * (p->x[k] - first) / span, height_of(p->y[k]));
	printf("'/>\n");
	for (size_t k = 0; k < p->count; k++) {
		double x = left + 5 + 200 * (p->x[k] - first) / span;
		printf("<circle cx='%.1f' cy='%.1f' r='3' fill='#1f5f8b'/>"
		       "<text x='%.1f' y='216' text-anchor='middle'>%g</text>\n",
		       x, height_of(p->y[k]), x, p->x[k]);
	}
	printf("<text x='%g' y='234' text-anchor='middle'>%s</text>\n", left + 105, p->title);
}

static void draw_chart(void)
{
	panel panels[PANELS] = {{.count = 0}};
	fill_panels(panels);
	printf("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 780 245' "
	       "font-family='sans-serif' font-size='11'>\n"
	       "<rect width='780' height='245' fill='white'/>\n"
	       "<text x='6' y='12'>milliseconds (median)</text>\n");
	for (size_t k = 0; k < PANELS; k++)
		draw_panel(&panels[k], 40 + 255 * (double)k);
	printf("</svg>\n");
}

int main(int argc, char **argv)
{
	const char *part = argc > 1 ? argv[1] : "";
	if (strcmp(part, "chart") == 0) {
		draw_chart();
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	double unit = yardstick();
	printf("a million exp(): %.2f ms; seeds from %d\n", 1e3 * unit, FIRST_SEED);
	if (strcmp(part, "limit") != 0)
		bench_plates(unit);
	if (strcmp(part, "plates") != 0)
		bench_people(strcmp(part, "limit") == 0, unit);
	return 0;
}
