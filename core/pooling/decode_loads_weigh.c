/*
 * The weight of a set by importance sampling: everybody's load is drawn in turn, from the density that the loads drawn
 * before leave; those to come are taken to be as likely as anything found, but a pool may also be filled up by them
 * as it likes (`spare`), so that no way to explain it is drawn much too rarely. The mean of the density over the
 * density drawn from is the integral, whatever the guess.
 */
#include "core/pooling/decode_loads.h"

#include <math.h>
#include <string.h>

/* Of the last digits of the sequence nothing is asked but that seeds differ. */
#define SEED_SHIFT 0.7548776662466927

/* Few draws may all miss where the density drawn from is off: this much is always taken to be. */
#define LEAST_SPREAD 0.1

typedef struct drawing {
	pw_loads *l;
	size_t count;
	size_t order[PW_LOADS_MOST]; /* of drawing */
	uint32_t who[PW_LOADS_MOST]; /* in that order */
	double hope[PW_LOADS_MOST];  /* their likeliest amounts */
	double u[PW_LOADS_MOST];     /* what was drawn */
	double step[PW_LOADS_MOST];  /* of the sequence */
	double x[PW_LOADS_MOST];
	bool same
		[PW_LOADS_MOST]; /* drawn from the same density every time: nobody comes before in their pools */
} drawing;

/* The strongest first: what the weak have is what those leave. */
static void put_in_order(drawing *d, const uint32_t *at, const double *u)
{
	for (size_t k = 0; k < d->count; k++) {
		size_t y = k;
		for (; y > 0 && u[d->order[y - 1]] > u[k]; y--)
			d->order[y] = d->order[y - 1];
		d->order[y] = k;
	}
	for (size_t k = 0; k < d->count; k++) {
		d->who[k] = at[d->order[k]];
		d->hope[k] = exp(-d->l->rate * u[d->order[k]]);
	}
}

/* The additive sequence whose steps are the powers of 1/phi, phi^(count+1) = phi + 1 (Roberts 2018): as even in
 * `count` dimensions as the golden ratio is in one. */
static void choose_steps(drawing *d, uint64_t seed)
{
	double phi = 2;
	for (int turn = 0; turn < 40; turn++)
		phi = pow(1 + phi, 1 / ((double)d->count + 1));
	for (size_t k = 0; k < d->count; k++) {
		double shift = (double)(seed % 4096) * SEED_SHIFT * (double)(k + 1);
		d->step[k] = pow(1 / phi, (double)k + 1);
		d->x[k] = shift - floor(shift);
	}
}

/* What those still to come are hoped to bring to the pools of the k-th; they are summed anew, for the weak would be
 * lost in a difference. */
static void hope_for_the_rest(drawing *d, size_t k)
{
	pw_loads *l = d->l;
	const pw_problem *p = l->p;
	for (uint32_t x = p->col_start[d->who[k]]; x < p->col_start[d->who[k] + 1]; x++)
		l->hoped[p->col[x]] = 0;
	for (size_t y = k + 1; y < d->count; y++)
		for (uint32_t x = p->col_start[d->who[y]]; x < p->col_start[d->who[y] + 1]; x++)
			l->hoped[p->col[x]] += d->hope[y];
}

/* What those who come first are drawn from, once. */
static void make_same(drawing *d)
{
	pw_loads *l = d->l;
	const pw_problem *p = l->p;
	memset(l->known, 0, p->m * sizeof(*l->known));
	for (size_t k = 0; k < d->count; k++) {
		d->same[k] = true;
		for (uint32_t x = p->col_start[d->who[k]]; x < p->col_start[d->who[k] + 1]; x++) {
			d->same[k] = d->same[k] && l->known[p->col[x]] == 0;
			l->known[p->col[x]] = l->pool[p->col[x]].curve != NULL ? 1 : 0;
		}
	}
	memset(l->known, 0, p->m * sizeof(*l->known));
	for (size_t k = 0; k < d->count; k++) {
		hope_for_the_rest(d, k);
		if (d->same[k])
			pw_load_curve_make(l, d->who[k], l->known, l->hoped, false,
					   &l->drawn_from[k]);
	}
}

/* One draw: the logarithm of the density there, and of what it was drawn with. */
static double draw(drawing *d, double *out_drawn_with)
{
	pw_loads *l = d->l;
	const pw_problem *p = l->p;
	double density = 0, drawn_with = 0;
	memset(l->known, 0, p->m * sizeof(*l->known));
	for (size_t k = 0; k < d->count; k++) {
		pw_load_curve *curve = &l->drawn_from[k];
		double part;
		d->x[k] += d->step[k];
		d->x[k] -= floor(d->x[k]);
		if (!d->same[k]) {
			hope_for_the_rest(d, k);
			pw_load_curve_make(l, d->who[k], l->known, l->hoped, false, curve);
		}
		double u = pw_load_curve_draw(curve, d->x[k], &part);
		d->u[d->order[k]] = u;
		drawn_with += part;
		density += pw_loads_prior_log(l, u);
		for (uint32_t x = p->col_start[d->who[k]]; x < p->col_start[d->who[k] + 1]; x++)
			l->known[p->col[x]] += exp(-l->rate * u);
	}
	for (size_t i = 0; i < p->m; i++)
		if (l->pool[i].curve != NULL && l->positives[i] > 0)
			density += pw_loads_pool_log(&l->pool[i], pw_loads_ct(l, i, l->known[i]));
	*out_drawn_with = drawn_with;
	return density;
}

/* What does not depend on the loads. */
static double log_outside(const pw_loads *l, const uint32_t *at, size_t count)
{
	const pw_problem *p = l->p;
	double sum = l->log_none;
	for (size_t k = 0; k < count; k++)
		sum += log(p->prior[at[k]] / (1 - p->prior[at[k]]));
	for (size_t i = 0; i < p->m; i++)
		if (l->pool[i].curve == NULL || l->positives[i] == 0)
			sum += pw_loads_called(l, i, l->positives[i]);
	return sum;
}

/* The density of all loads at u, of a set that is listed. */
static double density_at(pw_loads *l, const uint32_t *at, size_t count, const double *u)
{
	const pw_problem *p = l->p;
	double density = 0;
	memset(l->known, 0, p->m * sizeof(*l->known));
	for (size_t k = 0; k < count; k++) {
		density += pw_loads_prior_log(l, u[k]);
		for (uint32_t x = p->col_start[at[k]]; x < p->col_start[at[k] + 1]; x++)
			l->known[p->col[x]] += exp(-l->rate * u[k]);
	}
	for (size_t i = 0; i < p->m; i++)
		if (l->pool[i].curve != NULL && l->positives[i] > 0)
			density += pw_loads_pool_log(&l->pool[i], pw_loads_ct(l, i, l->known[i]));
	return density;
}

/* After so few draws a set that is far too light is left alone. */
#define GLANCE 2

/* Parts come in batches, whose sums differ by more than their mean is off. */
#define BATCHES 8

typedef struct moments {
	double top, sum[BATCHES]; /* relative to e^top */
} moments;

static void add_part(moments *m, double log_part, size_t batch)
{
	if (!(log_part > -INFINITY))
		return;
	if (log_part > m->top) {
		double fade = exp(m->top - log_part);
		for (size_t b = 0; b < BATCHES; b++)
			m->sum[b] *= fade;
		m->top = log_part;
	}
	m->sum[batch] += exp(log_part - m->top);
}

static pw_loads_weight weight_of(const moments *m, double outside, size_t draws)
{
	double mean = 0, square = 0;
	for (size_t b = 0; b < BATCHES; b++)
		mean += m->sum[b] / BATCHES;
	if (!(mean > 0))
		return (pw_loads_weight){-INFINITY, 0};
	for (size_t b = 0; b < BATCHES; b++)
		square += (m->sum[b] / mean - 1) * (m->sum[b] / mean - 1);
	double error = sqrt(square / (BATCHES * (BATCHES - 1.0)));
	return (pw_loads_weight){outside + m->top + log(mean * BATCHES / (double)draws),
				 error + LEAST_SPREAD / sqrt((double)draws)};
}

/* What so few draws make of it. */
static double first_guess(const moments *m, double outside, size_t draws)
{
	double sum = 0;
	for (size_t b = 0; b < BATCHES; b++)
		sum += m->sum[b];
	return sum > 0 ? outside + m->top + log(sum / (double)draws) : -INFINITY;
}

pw_loads_weight pw_loads_weigh(pw_loads *l, const uint32_t *at, size_t count, double *u,
			       size_t draws, uint64_t seed, double floor)
{
	drawing d = {.l = l, .count = count};
	moments m = {.top = -INFINITY};
	double outside = log_outside(l, at, count);
	PW_BUG_IF(draws == 0 || draws % BATCHES != 0);
	if (count == 0)
		return (pw_loads_weight){outside, 0};
	put_in_order(&d, at, u);
	choose_steps(&d, seed);
	make_same(&d);
	double best = density_at(l, at, count, u);
	for (size_t n = 0; n < draws; n++) {
		double drawn_with;
		if (n == GLANCE && first_guess(&m, outside, n) < floor)
			return (pw_loads_weight){first_guess(&m, outside, n), 1};
		double density = draw(&d, &drawn_with);
		add_part(&m, density - drawn_with, n * BATCHES / draws);
		if (density > best) {
			best = density;
			memcpy(u, d.u, count * sizeof(*u));
		}
	}
	return weight_of(&m, outside, draws);
}

double pw_loads_weight_bound(pw_loads *l, const uint32_t *at, size_t count)
{
	pw_loads_list(l, at, count);
	double bound = log_outside(l, at, count), open = 0;
	for (size_t k = 0; k < count; k++)
		open = fmin(open, l->open[at[k]]);
	return bound + open;
}
