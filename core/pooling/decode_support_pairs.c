/*
 * All sets of exactly two persons more, at once. Together j and k bring gain_j · gain_k · prod of rho_i over
 * the pools i that both are in, where rho_i is what the first positive does to the factor of a second. With
 * rho = 1 + (rho - 1) the product becomes a sum over sets A of shared pools, and for each A the sum over
 * all pairs is a square: 1 + w + w(w-1)/2 terms a person, where no two share more than two pools.
 */
#include "core/pooling/decode_support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* Rewards beyond this would cancel too many digits. */
#define MOST_REWARD 1e4

/* Of a sum of some twenty terms of changing sign. */
#define ROUNDING (16 * DBL_EPSILON)

bool pw_support_pairs_apply(const pw_support *s)
{
	const pw_problem *p = s->p;
	if (s->overlap > 2 || p->m > 256 || s->weight_max > PW_SUPPORT_COVER_WIDTH)
		return false;
	for (size_t i = 0; i < p->m; i++)
		if (s->gains[i] && s->log_reward[s->entry[i]] > log(MOST_REWARD))
			return false;
	return s->dead_pools == 0;
}

typedef struct pairs {
	const pw_support *s;
	double *change;   /* by pool: rho - 1 */
	double *one;      /* by pool: the sum of the gains in it */
	double *two;      /* by two pools: of the gains in both */
	uint32_t *person; /* who is counted */
	uint32_t *first;  /* by them: where their pools are in the list */
	uint32_t *pool;
	size_t count;
	double all;
} pairs;

/* 0 where a second positive is worth as much as the first. */
static void fill_changes(pairs *x)
{
	const pw_support *s = x->s;
	for (size_t i = 0; i < s->p->m; i++) {
		uint32_t e = s->entry[i];
		bool last = e + 1 == s->p->tables.start[i + 1];
		x->change[i] = last || s->allowed[i] < 2 ? 0 : s->up[e + 1] / s->up[e] - 1;
	}
}

/* Whoever gains at least `least`, with their pools, into the sums. */
static void count_in(pairs *x, double least)
{
	const pw_problem *p = x->s->p;
	size_t m = p->m;
	uint32_t at = 0;
	for (uint32_t j = 0; j < p->n; j++) {
		double gain = x->s->gain[j];
		if (gain < least || gain <= 0)
			continue;
		x->person[x->count] = j;
		x->first[x->count++] = at;
		x->all += gain;
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++)
			if (x->change[p->col[y]] != 0)
				x->pool[at++] = p->col[y];
		for (uint32_t a = x->first[x->count - 1]; a < at; a++) {
			double *row = x->two + x->pool[a] * m;
			x->one[x->pool[a]] += gain;
			for (uint32_t b = a + 1; b < at; b++)
				row[x->pool[b]] += gain;
		}
	}
	x->first[x->count] = at;
}

/* What the partners of one of them bring. */
static double partners_of(const pairs *x, size_t k)
{
	double gain = x->s->gain[x->person[k]], sum = x->all - gain;
	for (uint32_t a = x->first[k]; a < x->first[k + 1]; a++) {
		const double *row = x->two + x->pool[a] * x->s->p->m;
		double inner = x->one[x->pool[a]] - gain;
		for (uint32_t b = a + 1; b < x->first[k + 1]; b++)
			inner += x->change[x->pool[b]] * (row[x->pool[b]] - gain);
		sum += x->change[x->pool[a]] * inner;
	}
	return sum > 0 ? sum : 0;
}

double pw_support_growth(const pw_support *s)
{
	double most = 1;
	for (size_t i = 0; i < s->p->m; i++) {
		uint32_t e = s->entry[i];
		if (s->allowed[i] > 1 && e + 1 < s->p->tables.start[i + 1]) {
			double ratio = s->up[e + 1] / s->up[e];
			most = ratio > most ? ratio : most;
		}
	}
	return pow(most, (double)s->overlap);
}

double pw_support_pairs(const pw_support *s, double ignore, double *partners, double *out_left)
{
	const pw_problem *p = s->p;
	pairs x = {.s = s};
	x.change = pw_alloc_array(2 * p->m + p->m * p->m, sizeof(*x.change));
	x.one = x.change + p->m;
	x.two = x.one + p->m;
	x.person = pw_alloc_array(2 * p->n + 1 + p->col_start[p->n], sizeof(*x.person));
	x.first = x.person + p->n;
	x.pool = x.first + p->n + 1;
	fill_changes(&x);
	double everybody = pw_support_sum(s), growth = pw_support_growth(s), total = 0;
	count_in(&x, ignore / (everybody * growth * (double)p->n));
	*out_left =
		fmax(everybody - x.all, 0) * everybody * growth + ROUNDING * x.all * x.all * growth;
	memset(partners, 0, p->n * sizeof(*partners));
	for (size_t k = 0; k < x.count; k++) {
		double sum = partners_of(&x, k);
		partners[x.person[k]] = sum;
		total += 0.5 * sum * s->gain[x.person[k]];
	}
	pw_free(x.change);
	pw_free(x.person);
	return total;
}
