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

/* Rewards beyond this would cancel too many digits. */
#define MOST_REWARD 1e4

/* More than this is for the search alone. */
#define MOST_WEIGHT 64
#define MOST_POOLS  256

/* Of a sum of some twenty terms of changing sign. */
#define ROUNDING (16 * DBL_EPSILON)

bool pw_support_pairs_apply(const pw_support *s)
{
	if (s->pairs_room == NULL)
		return false;
	for (size_t i = 0; i < s->p->m; i++)
		if (s->gains[i] && s->spoiled[s->entry[i]] < 1 / MOST_REWARD)
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
typedef struct pw_pairs_room {
	uint32_t *number; /* by pool, from 1; 0: none of them */
	double *change;   /* by new number: rho - 1 */
	uint32_t *person; /* who is counted */
	uint32_t *first;  /* by them: where their pools are in the list */
	uint32_t *pool;
	double *sums[2]; /* by new number, and by two of them */
	double *weight[2];
} pw_pairs_room;

typedef struct pairs {
	const pw_support *s;
	const pw_pairs_room *room;
	size_t pools; /* with the 0th, which has nobody */
	size_t count; /* of persons */
	/* of the room, for short */
	const double *change;
	const uint32_t *person, *first, *pool;
} pairs;

void pw_support_pairs_prepare(pw_support *s, pw_arena *arena)
{
	const pw_problem *p = s->p;
	size_t cells = (p->m + 2) * (p->m + 1);
	if (s->overlap > 2 || p->m > MOST_POOLS || s->weight_max > MOST_WEIGHT)
		return;
	pw_pairs_room *r = pw_arena_alloc(arena, sizeof(*r));
	r->number = pw_arena_array(arena, p->m + 1, sizeof(*r->number));
	r->change = pw_arena_array(arena, p->m + 2, sizeof(*r->change));
	r->person = pw_arena_array(arena, p->n, sizeof(*r->person));
	r->first = pw_arena_array(arena, p->n + 1, sizeof(*r->first));
	r->pool = pw_arena_array(arena, p->col_start[p->n] + 1, sizeof(*r->pool));
	for (int k = 0; k < 2; k++) {
		r->sums[k] = pw_arena_array(arena, cells, sizeof(*r->sums[k]));
		r->weight[k] = pw_arena_array(arena, p->n, sizeof(*r->weight[k]));
	}
	s->pairs_room = r;
}

static pairs open_pairs(const pw_support *s)
{
	const pw_pairs_room *r = s->pairs_room;
	pairs x = {.s = s, .room = r, .pools = 1};
	for (size_t i = 0; i < s->p->m; i++) {
		uint32_t e = s->entry[i];
		double change = s->full[i] || s->allowed[i] < 2 ? 0 : s->up[e + 1] / s->up[e] - 1;
		r->number[i] = change != 0 ? (uint32_t)x.pools : 0;
		r->change[x.pools] = change;
		x.pools += change != 0;
	}
	x.change = r->change;
	x.person = r->person;
	x.first = r->first;
	x.pool = r->pool;
	return x;
}

/* Whoever gains at least `least`, and their pools. */
static void list_persons(pairs *x, double least)
{
	const pw_problem *p = x->s->p;
	const pw_pairs_room *r = x->room;
	uint32_t at = 0;
	for (uint32_t j = 0; j < p->n; j++) {
		double gain = x->s->gain[j];
		if (gain < least || gain <= 0)
			continue;
		r->person[x->count] = j;
		r->first[x->count++] = at;
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++) {
			r->pool[at] = r->number[p->col[y]];
			at += r->pool[at] > 0;
		}
	}
	r->first[x->count] = at;
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

/* `slack`: by person a factor on their weight, or NULL. */
static void add_up(const pairs *x, const double *weights, const double *slack, sums *out)
{
	for (size_t k = 0; k < x->count; k++) {
		uint32_t j = x->person[k];
		double weight = weights[j] * (slack != NULL ? slack[j] : 1);
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

static sums open_sums(const pairs *x, int which)
{
	double *one = x->room->sums[which];
	memset(one, 0, (x->pools + 1) * x->pools * sizeof(*one));
	return (sums){.one = one, .two = one + x->pools};
}

/* Everything that two or more others bring: at most what they bring in the simple bound, without one of them. */
static void fill_tails(const pairs *x, const double *partners, double rounding, double *tails)
{
	const pw_support *s = x->s;
	sums slack = open_sums(x, 1);
	add_up(x, s->gain, s->slack, &slack);
	memset(tails, 0, s->p->n * sizeof(*tails));
	for (size_t k = 0; k < x->count; k++) {
		uint32_t j = x->person[k];
		double most = partners_of(x, &slack, k, s->gain[j] * s->slack[j]);
		tails[j] = fmax(expm1(most) - partners[j], 0) + rounding;
	}
}

double pw_support_pairs(const pw_support *s, double ignore, double *partners, double *tails,
			double *out_left)
{
	pairs x = open_pairs(s);
	double everybody = pw_support_sum(s), growth = pw_support_growth(s), total = 0;
	list_persons(&x, tails != NULL ? 0 : find_least(s, ignore / (everybody * growth)));
	sums t = open_sums(&x, 0);
	add_up(&x, s->gain, NULL, &t);
	*out_left =
		fmax(everybody - t.all, 0) * everybody * growth + ROUNDING * t.all * t.all * growth;
	memset(partners, 0, s->p->n * sizeof(*partners));
	for (size_t k = 0; k < x.count; k++) {
		double own = s->gain[x.person[k]], sum = partners_of(&x, &t, k, own);
		partners[x.person[k]] = sum;
		total += 0.5 * sum * own;
	}
	if (tails != NULL)
		fill_tails(&x, partners, ROUNDING * t.all * growth, tails);
	return total;
}

/* A gain with as many refunds, the largest, as two persons share pools. */
static double refunded(const pairs *x, size_t k)
{
	double first = 1, second = 1;
	for (uint32_t a = x->first[k]; a < x->first[k + 1]; a++) {
		double factor = 1 + x->change[x->pool[a]];
		if (factor > first) {
			second = first;
			first = factor;
		} else if (factor > second) {
			second = factor;
		}
	}
	return x->s->gain[x->person[k]] * first * (x->s->overlap > 1 ? second : 1);
}

/*
 * Of j, k and l, what j and k share is counted as it is, and what k and l do; l gets back whatever can be
 * for pools that j has too. So l's weight as a partner of k is the same for all j, and k with all their
 * partners is one weight, of which j's partners are a sum like any other.
 */
bool pw_support_triples(const pw_support *s, double *bounds)
{
	if (!s->steady)
		return false;
	pairs x = open_pairs(s);
	list_persons(&x, 0);
	double *weight = x.room->weight[0], *with = x.room->weight[1];
	double rounding = ROUNDING * pw_support_growth(s);
	sums t = open_sums(&x, 0), all = open_sums(&x, 1);
	for (size_t k = 0; k < x.count; k++)
		weight[x.person[k]] = refunded(&x, k);
	add_up(&x, weight, NULL, &t);
	for (size_t k = 0; k < x.count; k++) {
		uint32_t j = x.person[k];
		with[j] = s->gain[j] * (partners_of(&x, &t, k, weight[j]) + rounding * t.all);
	}
	add_up(&x, with, NULL, &all);
	memset(bounds, 0, s->p->n * sizeof(*bounds));
	for (size_t k = 0; k < x.count; k++) {
		uint32_t j = x.person[k];
		bounds[j] = 0.5 * (partners_of(&x, &all, k, with[j]) + rounding * all.all);
	}
	return true;
}
