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

/* Pools are numbered anew: those in which a second positive brings something else than the first. */
typedef struct pairs {
	const pw_support *s;
	uint32_t *number; /* by pool, from 1; 0: none of them */
	double *change;   /* by new number: rho - 1 */
	size_t pools;     /* with the 0th, which has nobody */
	uint32_t *person; /* who is counted */
	uint32_t *first;  /* by them: where their pools are in the list */
	uint32_t *pool;
	size_t count;
} pairs;

static void number_pools(pairs *x)
{
	const pw_support *s = x->s;
	x->pools = 1;
	for (size_t i = 0; i < s->p->m; i++) {
		uint32_t e = s->entry[i];
		double change = s->full[i] || s->allowed[i] < 2 ? 0 : s->up[e + 1] / s->up[e] - 1;
		x->number[i] = change != 0 ? (uint32_t)x->pools : 0;
		x->change[x->pools] = change;
		x->pools += change != 0;
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
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++) {
			x->pool[at] = x->number[p->col[y]];
			at += x->pool[at] > 0;
		}
	}
	x->first[x->count] = at;
}

#define BINS 64

/* The binary exponent of a positive number: frexp, which is a call, without the fraction. */
static int exponent_of(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	return (int)(bits >> 52 & 0x7ff) - 1022;
}

/* The least gain that has to be looked at when what all those with less gain together may be is `ignore`: bins by
 * powers of two below the largest, two of each because an addition waits for the last to the same place. */
static double find_least(const pw_support *s, double ignore)
{
	double sum[BINS][2] = {{0}}, most = 0, left = 0;
	for (size_t j = 0; j < s->p->n; j++)
		most = s->gain[j] > most ? s->gain[j] : most;
	int exponent = exponent_of(most), bin;
	for (size_t j = 0; j < s->p->n; j++) {
		bin = exponent - exponent_of(s->gain[j]);
		sum[bin < BINS - 1 ? bin : BINS - 1][j % 2] += s->gain[j];
	}
	for (bin = BINS - 1; bin > 0 && left + sum[bin][0] + sum[bin][1] <= ignore; bin--)
		left += sum[bin][0] + sum[bin][1];
	return bin == BINS - 1 ? 0 : ldexp(0.5, exponent - bin);
}

/* `slack`: by person a factor on their gain, or NULL. */
static void add_up(const pairs *x, const double *slack, sums *out)
{
	for (size_t k = 0; k < x->count; k++) {
		uint32_t j = x->person[k];
		double weight = x->s->gain[j] * (slack != NULL ? slack[j] : 1);
		out->all += weight;
		for (uint32_t a = x->first[k]; a < x->first[k + 1]; a++) {
			double *row = out->two + x->pool[a] * x->pools;
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
		const double *row = t->two + x->pool[a] * x->pools;
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
	sums slack = {.all = 0};
	slack.one = pw_alloc_array(x->pools + x->pools * x->pools, sizeof(*slack.one));
	slack.two = slack.one + x->pools;
	add_up(x, s->slack, &slack);
	memset(tails, 0, s->p->n * sizeof(*tails));
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
	double everybody = pw_support_sum(s), growth = pw_support_growth(s), total = 0;
	x.number = pw_alloc_array(p->m + 2 * p->n + 2 + p->col_start[p->n], sizeof(*x.number));
	x.person = x.number + p->m;
	x.first = x.person + p->n;
	x.pool = x.first + p->n + 1;
	x.change = pw_alloc_array(p->m + 2, sizeof(*x.change));
	number_pools(&x);
	list_persons(&x, tails != NULL ? 0 : find_least(s, ignore / (everybody * growth)));
	t.one = pw_alloc_array(x.pools + x.pools * x.pools, sizeof(*t.one));
	t.two = t.one + x.pools;
	add_up(&x, NULL, &t);
	*out_left = fmax(everybody - t.all, 0) * everybody * growth +
		    ROUNDING * t.all * t.all * growth;
	memset(partners, 0, p->n * sizeof(*partners));
	for (size_t k = 0; k < x.count; k++) {
		double own = s->gain[x.person[k]], sum = partners_of(&x, &t, k, own);
		partners[x.person[k]] = sum;
		total += 0.5 * sum * own;
	}
	if (tails != NULL)
		fill_tails(&x, partners, ROUNDING * t.all * growth, tails);
	pw_free(t.one);
	pw_free(x.change);
	pw_free(x.number);
	return total;
}
