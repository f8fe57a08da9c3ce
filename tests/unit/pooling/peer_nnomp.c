#include "tests/unit/pooling/peer_nnomp.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* Less than this, beside the largest a_j' y, is rounding; a pivot below DEPENDENT is a column that others make up. */
#define NOTHING   1e-10
#define DEPENDENT 1e-9

/*
 * What least squares need of some of the rows: gram = A'A, b = A'y. x >= 0 is fitted to the columns in `use`;
 * `active` are those with x > 0, all the others stay at 0.
 */
typedef struct fit {
	size_t n;
	double *gram, *b, *x;
	bool *use, *active, *barred;
	size_t *order; /* the active columns */
	double *l, *s; /* Cholesky's factor of the active ones' part; what it solves */
} fit;

static void fit_init(fit *f, const peer_problem *p)
{
	size_t n = p->cols;
	*f = (fit){.n = n};
	f->gram = pw_alloc_array(2 * n * n + 3 * n + 1, sizeof(*f->gram));
	f->l = f->gram + n * n;
	f->b = f->l + n * n;
	f->x = f->b + n;
	f->s = f->x + n;
	f->use = pw_alloc_array(3 * n + 1, sizeof(*f->use));
	f->active = f->use + n;
	f->barred = f->active + n;
	f->order = pw_alloc_array(n + 1, sizeof(*f->order));
}

static void fit_clear(fit *f)
{
	pw_free(f->gram);
	pw_free(f->use);
	pw_free(f->order);
}

/* Begins anew with the rows rows[0..count). */
static void fit_rows(fit *f, const peer_problem *p, const size_t *rows, size_t count)
{
	size_t n = f->n;
	memset(f->gram, 0, n * n * sizeof(*f->gram));
	memset(f->b, 0, n * sizeof(*f->b));
	memset(f->x, 0, n * sizeof(*f->x));
	memset(f->use, 0, n * sizeof(*f->use));
	memset(f->active, 0, n * sizeof(*f->active));
	for (size_t r = 0; r < count; r++) {
		const double *row = p->a + rows[r] * n;
		for (size_t j = 0; j < n; j++) {
			f->b[j] += row[j] * p->y[rows[r]];
			for (size_t k = 0; row[j] > 0 && k < n; k++)
				f->gram[j * n + k] += row[k];
		}
	}
}

/* a_j' (y - A x). */
static double left_over(const fit *f, size_t j)
{
	double rest = f->b[j];
	for (size_t k = 0; k < f->n; k++)
		if (f->x[k] > 0)
			rest -= f->gram[j * f->n + k] * f->x[k];
	return rest;
}

static double largest(const double *v, size_t n)
{
	double most = 0;
	for (size_t j = 0; j < n; j++)
		most = fmax(most, fabs(v[j]));
	return most;
}

/* ---- Lawson and Hanson ---- */

/* Least squares of the active columns, of either sign, into s; false when they depend on each other. */
static bool solve_active(fit *f, size_t *out_count)
{
	size_t n = f->n, count = 0;
	for (size_t j = 0; j < n; j++)
		if (f->active[j])
			f->order[count++] = j;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k <= i; k++) {
			double rest = f->gram[f->order[i] * n + f->order[k]];
			for (size_t x = 0; x < k; x++)
				rest -= f->l[i * n + x] * f->l[k * n + x];
			if (k == i && rest < DEPENDENT)
				return false;
			f->l[i * n + k] = k == i ? sqrt(rest) : rest / f->l[k * n + k];
		}
	}
	for (size_t i = 0; i < count; i++) {
		f->s[i] = f->b[f->order[i]];
		for (size_t k = 0; k < i; k++)
			f->s[i] -= f->l[i * n + k] * f->s[k];
		f->s[i] /= f->l[i * n + i];
	}
	for (size_t i = count; i-- > 0;) {
		for (size_t k = i + 1; k < count; k++)
			f->s[i] -= f->l[k * n + i] * f->s[k];
		f->s[i] /= f->l[i * n + i];
	}
	*out_count = count;
	return true;
}

/* From x towards the unconstrained solution s as far as x stays >= 0; who gets to 0 is active no longer. True when that
 * was all the way. */
static bool move(fit *f, size_t count)
{
	double way = 1;
	for (size_t i = 0; i < count; i++) {
		double from = f->x[f->order[i]];
		if (f->s[i] <= 0)
			way = fmin(way, from / (from - f->s[i]));
	}
	bool whole = true;
	for (size_t i = 0; i < count; i++) {
		size_t j = f->order[i];
		double from = f->x[j];
		f->x[j] += way * (f->s[i] - from);
		if (f->s[i] <= 0 && f->x[j] <= 1e-14 * fmax(from, -f->s[i])) {
			f->x[j] = 0;
			f->active[j] = false;
			whole = false;
		}
	}
	return whole;
}

/* The column of `use` that would gain most by leaving 0; n when none would. */
static size_t next_active(const fit *f, double nothing)
{
	size_t best = f->n;
	double most = nothing;
	for (size_t j = 0; j < f->n; j++) {
		if (!f->use[j] || f->active[j] || f->barred[j])
			continue;
		double gain = left_over(f, j);
		if (gain > most) {
			most = gain;
			best = j;
		}
	}
	return best;
}

/* Fits the columns in `use`, from the x there is. */
static void least_squares(fit *f)
{
	double nothing = NOTHING * largest(f->b, f->n);
	size_t j, count;
	memset(f->barred, 0, f->n * sizeof(*f->barred));
	while ((j = next_active(f, nothing)) < f->n) {
		f->active[j] = true;
		/* what depends on the others, or would turn negative at once, gains by rounding only */
		f->barred[j] = true;
		if (!solve_active(f, &count)) {
			f->active[j] = false;
			continue;
		}
		size_t at = 0;
		while (f->order[at] != j)
			at++;
		if (f->s[at] <= 0) {
			f->active[j] = false;
			continue;
		}
		memset(f->barred, 0, f->n * sizeof(*f->barred));
		while (!move(f, count) && solve_active(f, &count))
			;
	}
}

/* ---- Pursuit ---- */

/* Adds the columns that go best with what is left and fits; false when nothing goes with it. */
static bool pursue(fit *f)
{
	double most = NOTHING * largest(f->b, f->n);
	bool added = false;
	for (int round = 0; round < 2; round++) {
		for (size_t j = 0; j < f->n; j++) {
			double size = sqrt(f->gram[j * f->n + j]);
			double goes = size > 0 && !f->use[j] ? left_over(f, j) / size : 0;
			if (round == 0) {
				most = fmax(most, goes);
			} else if (goes > 0 && goes >= most) {
				f->use[j] = true;
				added = true;
			}
		}
	}
	if (added)
		least_squares(f);
	return added;
}

static void all_rows(fit *f, const peer_problem *p)
{
	size_t *rows = pw_alloc_array(p->rows + 1, sizeof(*rows));
	for (size_t i = 0; i < p->rows; i++)
		rows[i] = i;
	fit_init(f, p);
	fit_rows(f, p, rows, p->rows);
	pw_free(rows);
}

void peer_nnls(const peer_problem *problem, const bool *use, double *out_x)
{
	fit f;
	all_rows(&f, problem);
	for (size_t j = 0; j < f.n; j++)
		f.use[j] = use == NULL || use[j];
	least_squares(&f);
	memcpy(out_x, f.x, f.n * sizeof(*out_x));
	fit_clear(&f);
}

void peer_nnomp(const peer_problem *problem, size_t steps, double *out_x)
{
	fit f;
	all_rows(&f, problem);
	while (steps-- > 0 && pursue(&f))
		;
	memcpy(out_x, f.x, f.n * sizeof(*out_x));
	fit_clear(&f);
}

/* ---- Cross validation ---- */

/* The square of what x leaves of the rows. */
static double error_of(const fit *f, const peer_problem *p, const size_t *rows, size_t count)
{
	double sum = 0;
	for (size_t r = 0; r < count; r++) {
		double off = p->y[rows[r]];
		for (size_t j = 0; j < f->n; j++)
			off -= p->a[rows[r] * f->n + j] * f->x[j];
		sum += off * off;
	}
	return sum;
}

static size_t steps_liked(fit *f, const peer_problem *p, const size_t *rows, size_t fitted)
{
	size_t liked = 1;
	double least = INFINITY;
	fit_rows(f, p, rows, fitted);
	for (size_t step = 1; step <= p->rows && pursue(f); step++) {
		double error = error_of(f, p, rows + fitted, p->rows - fitted);
		if (error < least) {
			least = error;
			liked = step;
		}
	}
	return liked;
}

size_t peer_nnomp_steps(const peer_problem *problem, const peer_cross *cross, pw_rng *rng)
{
	size_t m = problem->rows, fitted = (size_t)floor(cross->share * (double)m), best = 1;
	fit f;
	if (m < 4)
		return m;
	size_t *rows = pw_alloc_array(m, sizeof(*rows));
	size_t *votes = pw_alloc_array(m + 1, sizeof(*votes));
	for (size_t i = 0; i < m; i++)
		rows[i] = i;
	fit_init(&f, problem);
	for (size_t split = 0; split < cross->splits; split++) {
		pw_rng_shuffle(rng, rows, m, sizeof(*rows));
		votes[steps_liked(&f, problem, rows, fitted)]++;
	}
	for (size_t steps = 1; steps <= m; steps++)
		if (votes[steps] > votes[best])
			best = steps;
	fit_clear(&f);
	pw_free(rows);
	pw_free(votes);
	return best;
}
