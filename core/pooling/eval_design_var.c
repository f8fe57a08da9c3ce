/*
 * The variance of the number of tests of a design with people alone behind: a sum over all pairs of people of the
 * covariance of their being candidates. For two of them let U be the pools that either is in. As for one person
 * (eval_design.c), but counting the negatives of each,
 *
 *   P(both at most e negative) = sum over T subset of U of N(T) × coefficient
 *
 * N(T) being the probability that nobody is positive in the pools of T. Both are tables over the subsets. Where people
 * are independent N is built up pool by pool: N(T and pool i) is N(T), T of pools before i, times q of everybody in i
 * who is in none of T, which is a product over all people of i by which of the pools before they are in,
 * summed up over the subsets that T does not meet. There is nothing but multiplication in it. Two whom nobody
 * connects have no covariance.
 */
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/wider.h"
#include "core/pooling/evaluate.h"

#define MOST_STEPS      8589934592.0 /* 2^33, multiplications */
#define MOST_TIED_STEPS 67108864.0   /* 2^26, of adding one of a household to a set */
#define STEPS_OF_A_PAIR 64.0         /* whatever their pools are */
#define STEPS_OF_A_MEMBER \
	4.0 /* of the pools of two, who are walked through to see who is in which */
#define MOST_POOLS        24 /* of two people */
#define MOST_COEFFICIENTS (UINT64_C(1) << 22)

typedef struct pairs {
	const pw_design *design;
	const pw_absence *absence;
	const pw_odds *odds;
	uint32_t misses;
	bool independent;
	uint32_t *pool; /* U, sorted */
	uint8_t *whose; /* of each: 1 the first person is in it, 2 the second, 3 both */
	size_t count;   /* of U */
	uint32_t *in;   /* by person: which of U they are in */
	double *nobody; /* N by subset */
	double *some;   /* room for half of that */
	double *weight; /* (misses + 1)^2 tables: of a negatives of one and b of the other */
	pw_odds *
		weighed; /* the pools of the pair before, which these are of, and whose they were */
	uint8_t *weighed_whose;
	size_t weighed_count;
	pw_nobody *set;
} pairs;

/* ---- The pools of two ---- */

static void join_pools(pairs *x, size_t j, size_t k)
{
	pw_design_list a = pw_design_pools_of(x->design, j), b = pw_design_pools_of(x->design, k);
	x->count = 0;
	for (size_t i = 0, l = 0; i < a.count || l < b.count;) {
		uint32_t first = i < a.count ? a.at[i] : UINT32_MAX;
		uint32_t second = l < b.count ? b.at[l] : UINT32_MAX;
		x->whose[x->count] = (uint8_t)((first <= second) + 2 * (second <= first));
		x->pool[x->count++] = first < second ? first : second;
		i += first <= second;
		l += second <= first;
	}
}

static void mark(pairs *x)
{
	for (size_t i = 0; i < x->count; i++) {
		pw_design_list members = pw_design_members(x->design, x->pool[i]);
		for (size_t l = 0; l < members.count; l++)
			x->in[members.at[l]] |= UINT32_C(1) << i;
	}
}

static void unmark(pairs *x)
{
	for (size_t i = 0; i < x->count; i++) {
		pw_design_list members = pw_design_members(x->design, x->pool[i]);
		for (size_t l = 0; l < members.count; l++)
			x->in[members.at[l]] = 0;
	}
}

/* Somebody is in pools of both. */
static bool are_connected(const pairs *x)
{
	uint32_t of[3] = {0, 0, 0};
	for (size_t i = 0; i < x->count; i++)
		for (uint8_t who = 1; who <= 2; who++)
			of[who] |= (x->whose[i] & who) != 0 ? UINT32_C(1) << i : 0;
	for (size_t i = 0; i < x->count; i++) {
		pw_design_list members = pw_design_members(x->design, x->pool[i]);
		for (size_t l = 0; l < members.count; l++)
			if ((x->in[members.at[l]] & of[1]) != 0 &&
			    (x->in[members.at[l]] & of[2]) != 0)
				return true;
	}
	return false;
}

/* ---- N ---- */

/* For every T: the product of what stands at the S that T does not meet. */
PW_WIDER static void multiply_apart(double *restrict f, size_t states)
{
	for (size_t bit = 1; bit < states; bit *= 2)
		for (size_t base = 0; base < states; base += 2 * bit)
			for (size_t u = base; u < base + bit; u++) {
				double without = f[u];
				f[u] = without * f[u + bit];
				f[u + bit] = without;
			}
}

PW_WIDER static void multiply_into(double *restrict to, const double *restrict a,
				   const double *restrict b, size_t count)
{
	for (size_t u = 0; u < count; u++)
		to[u] = a[u] * b[u];
}

static void fill_independent(pairs *x)
{
	x->nobody[0] = 1.0;
	for (size_t i = 0; i < x->count; i++) {
		size_t half = (size_t)1 << i;
		pw_design_list members = pw_design_members(x->design, x->pool[i]);
		for (size_t u = 0; u < half; u++)
			x->some[u] = 1.0;
		for (size_t l = 0; l < members.count; l++)
			x->some[x->in[members.at[l]] & (half - 1)] *=
				1.0 - pw_absence_prior(x->absence, members.at[l]);
		multiply_apart(x->some, half);
		multiply_into(x->nobody + half, x->nobody, x->some, half);
	}
}

/* With households, from the pools of U from `at` on, with those of T before in the set. */
static void fill_tied(pairs *x, size_t at, size_t t)
{
	if (at == x->count) {
		x->nobody[t] = pw_nobody_chance(x->set);
		return;
	}
	pw_design_list members = pw_design_members(x->design, x->pool[at]);
	fill_tied(x, at + 1, t);
	for (size_t l = 0; l < members.count; l++)
		pw_nobody_add(x->set, members.at[l]);
	fill_tied(x, at + 1, t | (size_t)1 << at);
	for (size_t l = 0; l < members.count; l++)
		pw_nobody_remove(x->set, members.at[l]);
}

/* ---- The coefficients ---- */

/* to = positive · to + negative · from, which has one negative less (NULL: there is none); `half` later the same
 * with what a pool says more, or less, when nobody is in it. */
PW_WIDER static void weigh_pool(double *restrict to, const double *restrict from, size_t half,
				double positive, double false_)
{
	double more = false_ - positive;
	for (size_t u = 0; u < half; u++) {
		double old = to[u], less = from != NULL ? from[u] : 0.0;
		to[u] = positive * old + (1.0 - positive) * less;
		to[u + half] = more * (old - less);
	}
}

/* Of most pairs they are the same as of the one before; without misses it does not matter whose a pool is. */
static bool are_weighed(const pairs *x)
{
	if (x->count != x->weighed_count)
		return false;
	for (size_t i = 0; i < x->count; i++) {
		pw_odds o = x->odds[x->pool[i]];
		if (o.se != x->weighed[i].se || o.false_ != x->weighed[i].false_ ||
		    (x->misses > 0 && x->whose[i] != x->weighed_whose[i]))
			return false;
	}
	return true;
}

static void fill_weights(pairs *x)
{
	if (are_weighed(x))
		return;
	x->weighed_count = x->count;
	memcpy(x->weighed_whose, x->whose, x->count);
	for (size_t i = 0; i < x->count; i++)
		x->weighed[i] = x->odds[x->pool[i]];
	size_t e = (size_t)x->misses + 1, size = (size_t)1 << x->count;
	for (size_t a = 0; a < e * e; a++)
		x->weight[a * size] = a == 0 ? 1.0 : 0.0;
	for (size_t i = 0; i < x->count; i++) {
		size_t one = x->whose[i] & 1, other = x->whose[i] >> 1;
		for (size_t a = e; a-- > 0;)
			for (size_t b = e; b-- > 0;) {
				double *to = x->weight + (a * e + b) * size;
				const double *from =
					a >= one && b >= other
						? x->weight + ((a - one) * e + b - other) * size
						: NULL;
				weigh_pool(to, from, (size_t)1 << i, x->odds[x->pool[i]].se,
					   x->odds[x->pool[i]].false_);
			}
	}
}

/* ---- The sum ---- */

/* Four sums side by side, which become a vector. */
PW_WIDER static double multiply_and_sum(const double *restrict a, const double *restrict b,
					size_t count)
{
	double sum[4] = {0.0, 0.0, 0.0, 0.0};
	size_t u = 0;
	for (; u + 4 <= count; u += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += a[u + k] * b[u + k];
	for (; u < count; u++)
		sum[0] += a[u] * b[u];
	return sum[0] + sum[1] + (sum[2] + sum[3]);
}

/* P(both are candidates) - P(one is) P(the other is) */
static double covariance(pairs *x, size_t j, size_t k, const double *alone)
{
	double both = 0.0;
	join_pools(x, j, k);
	mark(x);
	bool apart = x->independent && !are_connected(x);
	if (!apart && x->independent)
		fill_independent(x);
	else if (!apart)
		fill_tied(x, 0, 0);
	unmark(x);
	if (apart)
		return 0.0;
	fill_weights(x);
	size_t size = (size_t)1 << x->count, tables = ((size_t)x->misses + 1) * (x->misses + 1);
	for (size_t a = 0; a < tables; a++) {
		both += multiply_and_sum(x->weight + a * size, x->nobody, size);
	}
	return both - alone[j] * alone[k];
}

static double steps_of(const pairs *x)
{
	double tables = (x->misses + 1.0) * (x->misses + 1.0), people = 0.0, added = 0.0;
	double size = exp2((double)x->count);
	for (size_t i = 0; i < x->count; i++) {
		double members = (double)pw_design_members(x->design, x->pool[i]).count;
		people += members;
		added += exp2((double)i) * members;
	}
	if (!x->independent)
		return added + people + 2.0 * tables * size;
	return STEPS_OF_A_PAIR + STEPS_OF_A_MEMBER * people +
	       size * (0.5 * (double)x->count + 2.0 + 2.0 * tables);
}

/* Counted before anything is summed, so that what is too much costs nothing. */
static bool is_bearable(pairs *x, size_t *out_most)
{
	size_t n = pw_design_samples(x->design);
	double steps = 0.0, most = x->independent ? MOST_STEPS : MOST_TIED_STEPS;
	*out_most = 0;
	if (x->independent && STEPS_OF_A_PAIR * 0.5 * (double)n * (double)(n - 1) > most)
		return false;
	for (size_t j = 0; j < n; j++)
		for (size_t k = 0; k < j; k++) {
			join_pools(x, j, k);
			*out_most = x->count > *out_most ? x->count : *out_most;
			steps += steps_of(x);
			if (x->count > MOST_POOLS || steps > most)
				return false;
		}
	uint64_t tables = ((uint64_t)x->misses + 1) * (x->misses + 1);
	return tables << *out_most <= MOST_COEFFICIENTS;
}

bool pw_design_variance(const pw_design *design, const pw_absence *absence, const pw_odds *odds,
			uint32_t misses, const double *alone, double *out)
{
	pairs x = {.design = design, .absence = absence, .odds = odds, .misses = misses};
	size_t n = pw_design_samples(design), pools = pw_design_pools(design), most;
	x.independent = pw_absence_is_independent(absence);
	x.pool = pw_alloc_array(pools, sizeof(*x.pool));
	x.whose = pw_alloc_array(pools, sizeof(*x.whose));
	x.weighed = pw_alloc_array(pools, sizeof(*x.weighed));
	x.weighed_whose = pw_alloc_array(pools, sizeof(*x.weighed_whose));
	x.in = pw_alloc_array(n, sizeof(*x.in));
	bool bearable = is_bearable(&x, &most);
	if (bearable) {
		size_t size = (size_t)1 << most;
		x.nobody = pw_alloc_array(size, sizeof(*x.nobody));
		x.some = pw_alloc_array(size, sizeof(*x.some));
		x.weight = pw_alloc_array(size * (misses + 1) * (misses + 1), sizeof(*x.weight));
		x.set = pw_nobody_new(absence);
		*out = 0.0;
		for (size_t j = 0; j < n; j++) {
			*out += alone[j] * (1.0 - alone[j]);
			for (size_t k = 0; k < j; k++)
				*out += 2.0 * covariance(&x, j, k, alone);
		}
		pw_nobody_free(x.set);
	}
	pw_free(x.pool);
	pw_free(x.whose);
	pw_free(x.weighed);
	pw_free(x.weighed_whose);
	pw_free(x.in);
	pw_free(x.nobody);
	pw_free(x.some);
	pw_free(x.weight);
	return bearable;
}
