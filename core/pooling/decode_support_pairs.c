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

/* Persons in more pools than this are for the search. */
#define MOST_WEIGHT 64

/* Of a sum of some twenty terms of changing sign. */
#define ROUNDING (16 * DBL_EPSILON)

bool pw_support_pairs_apply(const pw_support *s)
{
	const pw_problem *p = s->p;
	if (s->overlap > 2 || p->m > 256 || s->weight_max > MOST_WEIGHT)
		return false;
	for (size_t i = 0; i < p->m; i++)
		if (s->gains[i] && s->log_reward[s->entry[i]] > log(MOST_REWARD))
			return false;
	return s->dead_pools == 0;
}

double pw_support_pairs_rounding(const pw_support *s, double sum)
{
	return ROUNDING * sum * sum * pw_support_growth(s);
}

/* Sums of a weight of everybody, by the pools they are in. */
typedef struct sums {
	double *one; /* by pool: of the weights in it */
	double *two; /* by two pools: of the weights in both */
	double all;
} sums;

typedef struct pairs {
	const pw_support *s;
	double *change;   /* by pool: rho - 1 */
	uint32_t *person; /* who is counted */
	uint32_t *first;  /* by them: where their pools are in the list */
	uint32_t *pool;   /* those with a change */
	size_t count;
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

/* Whoever gains at least `least`, and their pools. */
static void list_persons(pairs *x, double least)
{
	const pw_problem *p = x->s->p;
	uint32_t at = 0;
	for (uint32_t j = 0; j < p->n; j++) {
		double gain = x->s->gain[j];
		if (gain < least || gain <= 0)
			continue;
		x->person[x->count] = j;
		x->first[x->count++] = at;
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++)
			if (x->change[p->col[y]] != 0)
				x->pool[at++] = p->col[y];
	}
	x->first[x->count] = at;
}

/* `slack`: by person a factor on their gain, or NULL. */
static void add_up(const pairs *x, const double *slack, sums *out)
{
	size_t m = x->s->p->m;
	for (size_t k = 0; k < x->count; k++) {
		uint32_t j = x->person[k];
		double weight = x->s->gain[j] * (slack != NULL ? slack[j] : 1);
		out->all += weight;
		for (uint32_t a = x->first[k]; a < x->first[k + 1]; a++) {
			double *row = out->two + x->pool[a] * m;
			out->one[x->pool[a]] += weight;
			for (uint32_t b = a + 1; b < x->first[k + 1]; b++)
				row[x->pool[b]] += weight;
		}
	}
}

/* What the partners of the k-th bring, who weighs `own` in the sums. */
static double partners_of(const pairs *x, const sums *t, size_t k, double own)
{
	double sum = t->all - own;
	for (uint32_t a = x->first[k]; a < x->first[k + 1]; a++) {
		const double *row = t->two + x->pool[a] * x->s->p->m;
		double inner = t->one[x->pool[a]] - own;
		for (uint32_t b = a + 1; b < x->first[k + 1]; b++)
			inner += x->change[x->pool[b]] * (row[x->pool[b]] - own);
		sum += x->change[x->pool[a]] * inner;
	}
	return sum > 0 ? sum : 0;
}

/* Everything that two or more others bring: at most what they bring in the simple bound, without one of them. */
static void fill_tails(const pairs *x, const double *partners, double rounding, double *tails)
{
	const pw_support *s = x->s;
	size_t m = s->p->m;
	sums slack = {.all = 0};
	slack.one = pw_alloc_array(m + m * m, sizeof(*slack.one));
	slack.two = slack.one + m;
	add_up(x, s->slack, &slack);
	for (size_t k = 0; k < x->count; k++) {
		uint32_t j = x->person[k];
		double most = partners_of(x, &slack, k, s->gain[j] * s->slack[j]);
		tails[j] = fmax(expm1(most) - partners[j], 0) + rounding;
	}
	pw_free(slack.one);
}

double pw_support_pairs(const pw_support *s, double ignore, double *partners, double *tails,
			double *out_left)
{
	const pw_problem *p = s->p;
	pairs x = {.s = s};
	sums t = {.all = 0};
	x.change = pw_alloc_array(2 * p->m + p->m * p->m, sizeof(*x.change));
	t.one = x.change + p->m;
	t.two = t.one + p->m;
	x.person = pw_alloc_array(2 * p->n + 1 + p->col_start[p->n], sizeof(*x.person));
	x.first = x.person + p->n;
	x.pool = x.first + p->n + 1;
	fill_changes(&x);
	double everybody = 0, growth = pw_support_growth(s), total = 0;
	for (size_t j = 0; j < p->n; j++)
		everybody += s->gain[j];
	list_persons(&x, tails != NULL ? 0 : ignore / (everybody * growth * (double)p->n));
	add_up(&x, NULL, &t);
	*out_left = fmax(everybody - t.all, 0) * everybody * growth +
		    ROUNDING * t.all * t.all * growth;
	memset(partners, 0, p->n * sizeof(*partners));
	for (size_t k = 0; k < x.count; k++) {
		double own = s->gain[x.person[k]], sum = partners_of(&x, &t, k, own);
		partners[x.person[k]] = sum;
		total += 0.5 * sum * own;
	}
	if (tails != NULL) {
		memset(tails, 0, p->n * sizeof(*tails));
		fill_tails(&x, partners, ROUNDING * t.all * growth, tails);
	}
	pw_free(x.change);
	pw_free(x.person);
	return total;
}
