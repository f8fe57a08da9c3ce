#include "tests/unit/pooling/peer_sbl.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define MOST_ROUNDS 100000

static peer_sbl_opts fixed(double sd)
{
	return (peer_sbl_opts){
		.variance = sd * sd, .unit = 1, .change = 1e-4, .least = 0.01 * PEER_LEAST_LOAD};
}

peer_sbl_opts peer_sbl_first(const peer_problem *problem)
{
	double square = 0;
	for (size_t i = 0; i < problem->rows; i++)
		square += problem->y[i] * problem->y[i];
	return fixed(0.01 * sqrt(square));
}

peer_sbl_opts peer_sbl_second(const peer_problem *problem)
{
	return fixed(0.01 * problem->mean);
}

peer_sbl_opts peer_sbl_learned(const peer_problem *problem)
{
	double sum = 0, square = 0, largest = 0, m = (double)problem->rows;
	for (size_t i = 0; i < problem->rows; i++) {
		double people = 0;
		for (size_t j = 0; j < problem->cols; j++)
			people += problem->a[i * problem->cols + j];
		sum += problem->y[i] / people;
		square += problem->y[i] / people * problem->y[i] / people;
		largest = fmax(largest, problem->y[i]);
	}
	return (peer_sbl_opts){.variance = fmax(square / m - sum / m * (sum / m), 0),
			       .learns = true,
			       .unit = largest,
			       .change = 1e-3};
}

/* ---- Cholesky's factor of S, and what it solves ---- */

typedef struct work {
	const peer_problem *p;
	double unit, variance;
	double *g, *mu, *before; /* one a column */
	double *s;               /* rows × rows: S, then its factor, in the lower half */
	double *z, *t;           /* one a row */
	double *spread;          /* one a column: posterior variances */
} work;

static void build(work *w)
{
	const peer_problem *p = w->p;
	memset(w->s, 0, p->rows * p->rows * sizeof(*w->s));
	for (size_t i = 0; i < p->rows; i++) {
		w->s[i * p->rows + i] = w->variance;
		for (size_t k = 0; k <= i; k++)
			for (size_t j = 0; j < p->cols; j++)
				if (p->a[i * p->cols + j] > 0 && p->a[k * p->cols + j] > 0)
					w->s[i * p->rows + k] += w->g[j] / (w->unit * w->unit);
	}
}

static void factor(double *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double *row = s + i * n;
		double largest = row[i];
		for (size_t k = 0; k <= i; k++) {
			const double *other = s + k * n;
			double rest = row[k];
			for (size_t x = 0; x < k; x++)
				rest -= row[x] * other[x];
			/* where S is singular but for rounding */
			row[k] = k < i ? rest / other[k] : sqrt(fmax(rest, 1e-14 * largest));
		}
	}
}

/* L z = b. */
static void solve_lower(const double *l, size_t n, const double *b, double *z)
{
	for (size_t i = 0; i < n; i++) {
		double rest = b[i];
		for (size_t k = 0; k < i; k++)
			rest -= l[i * n + k] * z[k];
		z[i] = rest / l[i * n + i];
	}
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* a_j in the units of the work. */
static void column(const work *w, size_t j, double *out)
{
	for (size_t i = 0; i < w->p->rows; i++)
		out[i] = w->p->a[i * w->p->cols + j] / w->unit;
}

/* One round of expectation and maximization. */
static void step(work *w, const double *y, bool learns)
{
	size_t m = w->p->rows;
	double left = 0, freedom = 0, *l_y = w->z, *l_a = w->t;
	build(w);
	factor(w->s, m);
	solve_lower(w->s, m, y, l_y);
	for (size_t j = 0; j < w->p->cols; j++) {
		column(w, j, l_a);
		solve_lower(w->s, m, l_a, l_a);
		w->mu[j] = w->g[j] * dot(l_a, l_y, m);
		w->spread[j] = w->g[j] * fmax(1 - w->g[j] * dot(l_a, l_a, m), 0);
		freedom += w->g[j] > 0 ? 1 - w->spread[j] / w->g[j] : 0;
		w->g[j] = w->mu[j] * w->mu[j] + w->spread[j];
	}
	for (size_t i = 0; learns && i < m; i++) {
		double off = y[i] - dot(w->p->a + i * w->p->cols, w->mu, w->p->cols) / w->unit;
		left += off * off;
	}
	if (learns)
		w->variance = (left + w->variance * freedom) / (double)m;
}

/* |mu - before| / |mu|; infinite while mu is 0. */
static double change(const work *w)
{
	double off = 0, size = dot(w->mu, w->mu, w->p->cols);
	for (size_t j = 0; j < w->p->cols; j++)
		off += (w->mu[j] - w->before[j]) * (w->mu[j] - w->before[j]);
	return size > 0 ? sqrt(off / size) : INFINITY;
}

size_t peer_sbl(const peer_problem *problem, const peer_sbl_opts *opts, double *out_mean)
{
	size_t n = problem->cols, m = problem->rows, rounds = 0;
	work w = {.p = problem, .unit = opts->unit, .variance = opts->variance};
	double *y = pw_alloc_array(m + 1, sizeof(*y));
	w.g = pw_alloc_array(4 * n + 1, sizeof(*w.g));
	w.mu = w.g + n;
	w.before = w.mu + n;
	w.spread = w.before + n;
	w.s = pw_alloc_array(m * m + 2 * m + 1, sizeof(*w.s));
	w.z = w.s + m * m;
	w.t = w.z + m;
	for (size_t i = 0; i < m; i++)
		y[i] = problem->y[i] / w.unit;
	for (size_t j = 0; j < n; j++)
		w.g[j] = 1;
	while (n > 0 && rounds < MOST_ROUNDS && change(&w) > opts->change) {
		memcpy(w.before, w.mu, n * sizeof(*w.mu));
		step(&w, y, opts->learns);
		rounds++;
	}
	for (size_t j = 0; j < n; j++)
		out_mean[j] = w.mu[j] < opts->least ? 0 : w.mu[j];
	pw_free(w.g);
	pw_free(w.s);
	pw_free(y);
	return rounds;
}
