/* Which wells tell most: over all subsets of few people, greedily of many. */
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/plan_impl.h"

/* Wells that tell less than this are not worth running. */
#define LEAST_BITS 1e-6

/* Wells that differ by less are as good: the sets of positives that are known are not all there are, and the
 * first of equals should not depend on which of them are. */
#define AS_GOOD 1e-4

/* A new specimen is worth this part of what it tells: the person has to come again. */
#define RECOLLECTED 0.5

/* Chances of nobody that differ by less are equally near to a half. */
#define AS_NEAR 1e-9

static double entropy(double p)
{
	return p <= 0 || p >= 1 ? 0 : -(p * log2(p) + (1 - p) * log2(1 - p));
}

double pw_planner_chance(const pw_planner *p, const pw_hypothesis *h, uint64_t well)
{
	double total = 0, positive = 0;
	for (size_t s = 0; s < p->count; s++) {
		total += h[s].chance;
		positive += h[s].chance * pw_planner_reads(p, well, h[s].mask);
	}
	return total > 0 ? positive / total : 0;
}

uint64_t pw_planner_undecided(const pw_planner *p, const pw_hypothesis *h)
{
	double positive[PW_PLAN_PEOPLE] = {0}, total = 0;
	uint64_t undecided = 0;
	for (size_t s = 0; s < p->count; s++) {
		total += h[s].chance;
		for (uint64_t m = h[s].mask; m != 0; m &= m - 1) {
			unsigned k = 0;
			while ((m >> k & 1) == 0)
				k++;
			positive[k] += h[s].chance;
		}
	}
	for (size_t k = 0; k < p->people && total > 0; k++) {
		double q = positive[k] / total;
		if (q < p->enough && 1 - q < p->enough)
			undecided |= UINT64_C(1) << k;
	}
	return undecided;
}

/* ---- What a well tells ---- */

/* Hypotheses divided by the results of the wells chosen before it. */
typedef struct division {
	pw_planner *p;
	const pw_hypothesis *h;
	double *chance; /* [part·p->count + s], together 1 */
	size_t parts;
} division;

void pw_planner_spend(pw_planner *p, uint64_t steps)
{
	p->effort -= p->effort > steps ? steps : p->effort;
	if (p->opts->expired != NULL && p->effort > 0 && p->opts->expired(p->opts->ctx))
		p->effort = 0;
}

static double information(const division *d, uint64_t well)
{
	pw_planner *p = d->p;
	const double *read = p->positive + pw_planner_bits(well) * (p->max_pool + 1);
	double bits = 0, noise[PW_PLAN_PEOPLE + 1];
	for (size_t k = 0; k <= pw_planner_bits(well); k++)
		noise[k] = entropy(read[k]);
	for (size_t part = 0; part < d->parts; part++) {
		const double *chance = d->chance + part * p->count;
		double total = 0, positive = 0, spread = 0;
		for (size_t s = 0; s < p->count; s++) {
			unsigned k = pw_planner_bits(well & d->h[s].mask);
			total += chance[s];
			positive += chance[s] * read[k];
			spread += chance[s] * noise[k];
		}
		if (total > 0)
			bits += total * entropy(positive / total) - spread;
	}
	pw_planner_spend(p, p->count * d->parts);
	return bits;
}

/* Adds to a pool whoever makes it tell most, as long as somebody does. */
static uint64_t grow(const division *d, uint64_t pool, uint64_t people, double *bits)
{
	while (pw_planner_bits(pool) < d->p->max_pool) {
		uint64_t best = 0;
		for (uint64_t rest = people & ~pool; rest != 0; rest &= rest - 1) {
			uint64_t one = rest & (~rest + 1);
			double there = information(d, pool | one);
			if (there > *bits * (1 + 1e-9) + 1e-12) {
				*bits = there;
				best = one;
			}
		}
		if (best == 0)
			break;
		pool |= best;
	}
	return pool;
}

/* ---- All subsets ---- */

/* The chances by subset of `people`, whose k-th bit becomes bit k. */
static void fill_subsets(const division *d, uint64_t people, double *f)
{
	memset(f, 0, sizeof(*f) << pw_planner_bits(people));
	for (size_t s = 0; s < d->p->count; s++) {
		size_t at = 0, bit = 1;
		for (uint64_t rest = people; rest != 0; rest &= rest - 1, bit <<= 1)
			if ((d->h[s].mask & rest & (~rest + 1)) != 0)
				at |= bit;
		f[at] += d->chance[s];
	}
}

/* The people whose bits, counted within `people`, are in the mask. */
static uint64_t spread_bits(uint32_t mask, uint64_t people)
{
	uint64_t well = 0;
	for (uint64_t rest = people; rest != 0; rest &= rest - 1, mask >>= 1)
		if ((mask & 1) != 0)
			well |= rest & (~rest + 1);
	return well;
}

/* Adds the pools of each size that tell most, over all subsets of the people. */
static void list_pools(const division *d, uint64_t people, pw_choices *c)
{
	pw_planner *p = d->p;
	pw_plan_pool pools[2 * PW_PLAN_MOST_BITS];
	double se[PW_PLAN_MOST_BITS + 1] = {0};
	unsigned n = pw_planner_bits(people);
	for (unsigned k = 1; k <= n && k <= p->max_pool; k++)
		se[k] = p->positive[k * (p->max_pool + 1) + 1];
	fill_subsets(d, people, p->room);
	size_t count = pw_plan_good_pools(p->room, n, se, p->opts->test.sp, p->max_pool, pools);
	pw_planner_spend(p, ((uint64_t)n + 2) << n);
	for (size_t i = 0; i < count; i++, c->count++) {
		uint64_t well = spread_bits(pools[i].mask, people);
		c->well[c->count] = well;
		c->bits[c->count] = p->by_size ? pools[i].information : information(d, well);
		c->nobody[c->count] = pools[i].nobody;
	}
}

/* ---- Choosing ---- */

/* What may be run next: everybody's single, and the best pools. */
static void list_choices(const division *d, uint64_t undecided, pw_choices *c)
{
	pw_planner *p = d->p;
	uint64_t people = undecided & ~p->single, start = 0;
	double most = 0;
	c->count = 0;
	for (uint64_t rest = undecided; rest != 0; rest &= rest - 1) {
		uint64_t one = rest & (~rest + 1);
		double bits = information(d, one);
		c->well[c->count] = one;
		c->nobody[c->count] = -1;
		c->bits[c->count++] = bits;
		if ((one & p->single) == 0 && bits > most) {
			most = bits;
			start = one;
		}
	}
	if (people == 0 || p->max_pool == 1)
		return;
	if (d->parts == 1 && pw_planner_bits(people) <= PW_PLAN_BITS) {
		list_pools(d, people, c);
	} else if (start != 0) {
		c->well[c->count] = grow(d, start, people, &most);
		c->nobody[c->count] = -1;
		c->bits[c->count++] = most;
	}
}

double pw_planner_worth(const pw_planner *p, const pw_choices *c, size_t i)
{
	return (c->well[i] & p->single) != 0 ? RECOLLECTED * c->bits[i] : c->bits[i];
}

/* The one that tells most, the smaller of equals; SIZE_MAX when none tells anything. */
static size_t most_telling(const pw_planner *p, const pw_choices *c)
{
	size_t best = SIZE_MAX;
	double most = LEAST_BITS;
	for (size_t i = 0; i < c->count; i++)
		if (pw_planner_worth(p, c, i) > most * (1 + AS_GOOD)) {
			most = pw_planner_worth(p, c, i);
			best = i;
		}
	return best;
}

/* Of the pools of each size that tell most, the one whose chance of nobody is nearest to a half. */
static size_t most_halving(const pw_choices *c)
{
	size_t best = SIZE_MAX;
	double nearest = 1;
	for (size_t i = 0; i < c->count; i++)
		if (c->nobody[i] >= 0 && c->bits[i] > LEAST_BITS &&
		    fabs(c->nobody[i] - 0.5) < nearest - AS_NEAR) {
			nearest = fabs(c->nobody[i] - 0.5);
			best = i;
		}
	return best;
}

size_t pw_planner_pick(const pw_planner *p, const pw_choices *c, pw_plan_rule rule)
{
	size_t best = rule == PW_PLAN_HALVING ? most_halving(c) : SIZE_MAX;
	return best != SIZE_MAX ? best : most_telling(p, c);
}

static uint64_t best_well(const division *d, uint64_t undecided, pw_plan_rule rule,
			  double *out_bits)
{
	pw_choices c;
	list_choices(d, undecided, &c);
	size_t best = pw_planner_pick(d->p, &c, rule);
	if (best == SIZE_MAX)
		return 0;
	*out_bits = c.bits[best];
	return c.well[best];
}

/* Each part becomes two: the well reads positive, or negative. */
static void divide(division *d, uint64_t well)
{
	size_t count = d->p->count;
	for (size_t part = d->parts; part-- > 0;) {
		double *chance = d->chance + part * count;
		double *positive = d->chance + (d->parts + part) * count;
		for (size_t s = 0; s < count; s++) {
			double q = pw_planner_reads(d->p, well, d->h[s].mask);
			positive[s] = chance[s] * q;
			chance[s] *= 1 - q;
		}
	}
	d->parts *= 2;
}

/* Nothing is divided yet. */
static division whole(pw_planner *p, const pw_hypothesis *h, size_t batch)
{
	division d = {.p = p, .h = h, .parts = 1};
	double total = 0;
	d.chance = pw_alloc_array(p->count << batch, sizeof(*d.chance));
	for (size_t s = 0; s < p->count; s++)
		total += h[s].chance;
	for (size_t s = 0; s < p->count; s++)
		d.chance[s] = h[s].chance / total;
	return d;
}

void pw_planner_choices(pw_planner *p, const pw_hypothesis *h, uint64_t undecided, pw_choices *out)
{
	division d = whole(p, h, 0);
	list_choices(&d, undecided, out);
	pw_free(d.chance);
}

size_t pw_planner_next(pw_planner *p, const pw_hypothesis *h, uint64_t undecided, pw_plan_rule rule,
		       size_t batch, uint64_t *wells, double *bits)
{
	division d = whole(p, h, batch);
	size_t count = 0;
	while (count < batch) {
		wells[count] = best_well(&d, undecided, rule, &bits[count]);
		if (wells[count] == 0)
			break;
		divide(&d, wells[count++]);
	}
	pw_free(d.chance);
	return count;
}
