/*
 * How many positives there are. Z(z), the chance of the results with everybody's odds multiplied by z and divided by
 * that at z = 1, is the polynomial whose k-th coefficient is the chance of k positives. It is found at points around
 * the circle |z| = 1, where no coefficient drowns in another's rounding, and transformed back. With M
 * points coefficients M apart fall together (with changing signs, as the points lie between the M-th roots of
 * unity, so that all of them are pairs of conjugates). So M is chosen such that all but a window of M has next to no
 * chance, which Z at a few real z proves: P(N >= h) <= Z(r) r^-h for r > 1, P(N <= l) <= Z(r) r^-l for r < 1.
 */
#include "core/pooling/decode_states.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define MOST_BYTES (UINT64_C(32) << 20)
#define MOST_STEPS (UINT64_C(1) << 31)

/* An elementary step is a multiplication or two; the sine and the cosine of an angle are so many. */
#define TURN_STEPS 64

/* Where tails are measured. */
static const pw_points radii = {{1.0 / 32, 2.5, 6, 16}, {0}};

/* Less than this is rounding. */
#define LEAST (8 * DBL_EPSILON)

typedef struct window {
	size_t first, points; /* numbers of positives; a multiple of 2·PW_POINTS */
} window;

/* Households summed out. */
static bool find_points(pw_state_plan *s, double *prior, double z, const pw_points *at,
			pw_effort *effort, pw_points *out)
{
	*out = (pw_points){{0}, {0}};
	for (size_t which = 0; which < (size_t)1 << s->latents; which++) {
		pw_points term;
		double weight = pw_state_plan_condition(s, which, prior);
		if (!(weight > 0))
			continue;
		if (!pw_states_points(s, at, effort, &term))
			return false;
		term = pw_points_scale(&term, weight / z);
		pw_points_add(out, &term);
	}
	return true;
}

/* A bound on P(N >= h), h of any size, or with `down` on P(N < h). */
static double tail(const pw_points *ratio, size_t n, size_t h, bool down)
{
	double least = 1;
	if (down ? h == 0 : h > n)
		return 0;
	for (int k = 0; k < PW_POINTS; k++) {
		double r = radii.re[k], at = (double)h - (down ? 1 : 0);
		if ((r < 1) == down && ratio->re[k] > 0 && isfinite(ratio->re[k]))
			least = fmin(least, exp(log(ratio->re[k]) - at * log(r)));
	}
	return least;
}

/* All but so much is in it. */
static window choose_window(const pw_points *ratio, size_t n)
{
	window w = {0, 2 * (size_t)PW_POINTS};
	while (w.first < n && tail(ratio, n, w.first + 1, true) <= PW_STATES_COUNT_ERROR / 2)
		w.first++;
	while (tail(ratio, n, w.first + w.points, false) > PW_STATES_COUNT_ERROR / 2)
		w.points += 2 * (size_t)PW_POINTS;
	return w;
}

/* exp(iπ times/halves) */
static void turn(size_t times, size_t halves, double *out_re, double *out_im)
{
	double angle = acos(-1) * (double)(times % (2 * halves)) / (double)halves;
	*out_re = cos(angle);
	*out_im = sin(angle);
}

/* What these four points and their conjugates, the first of which is the `first` of w's, say of each number. */
static void add_transformed(const window *w, size_t first, const pw_points *value, double *count,
			    size_t counts)
{
	for (size_t k = w->first; k < counts; k++)
		for (size_t x = 0; x < PW_POINTS; x++) {
			double re, im;
			turn((2 * (first + x) + 1) * k, w->points, &re, &im);
			count[k] += 2 * (value->re[x] * re + value->im[x] * im) / (double)w->points;
		}
}

static bool add_counts(pw_state_plan *s, double *prior, double z, const window *w,
		       pw_effort *effort, double *count, size_t counts)
{
	for (size_t first = 0; first < w->points / 2; first += PW_POINTS) {
		pw_points at, value;
		for (size_t x = 0; x < PW_POINTS; x++)
			turn(2 * (first + x) + 1, w->points, &at.re[x], &at.im[x]);
		if (!find_points(s, prior, z, &at, effort, &value))
			return false;
		add_transformed(w, first, &value, count, counts);
	}
	return true;
}

double *pw_states_count(pw_state_plan *s, double *prior, double z, pw_effort *effort,
			pw_arena *arena, size_t *out_counts)
{
	pw_points ratio;
	uint64_t cost = pw_states_points_cost(s) << s->latents;
	if (pw_states_points_bytes(s) > MOST_BYTES || cost > MOST_STEPS ||
	    !find_points(s, prior, z, &radii, effort, &ratio))
		return NULL;
	window w = choose_window(&ratio, s->p->n);
	size_t end = w.first + w.points, n = s->p->n;
	size_t counts = end < n + 1 ? end : n + 1;
	cost += (counts - w.first) * (uint64_t)PW_POINTS * TURN_STEPS;
	if (cost * (w.points / 2 / PW_POINTS) > MOST_STEPS)
		return NULL;
	double *count = pw_arena_array(arena, counts, sizeof(*count));
	if (!add_counts(s, prior, z, &w, effort, count, counts))
		return NULL;
	for (size_t k = 0; k < counts; k++) {
		if (!isfinite(count[k]))
			return NULL;
		count[k] = count[k] > LEAST ? fmin(count[k], 1) : 0;
	}
	*out_counts = counts;
	return count;
}
