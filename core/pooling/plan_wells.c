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

/* Wells that tell this part of what the best one does are compared by how soon they lead to the end, along
 * courses of at least this chance. */
#define GOOD_PART      0.7
#define LEAST_FORESEEN 4e-3

/* On a course sets of positives with less chance than this are left out. */
#define IGNORED 1e-7

/* The cost is told along courses of at least this chance. */
#define LEAST_COURSE 1e-4

static unsigned count_bits(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

static double entropy(double p)
{
	return p <= 0 || p >= 1 ? 0 : -(p * log2(p) + (1 - p) * log2(1 - p));
}

static double reads_positive(const pw_planner *p, uint64_t well, uint64_t truth)
{
	size_t size = count_bits(well);
	return p->positive[size * (p->max_pool + 1) + count_bits(well & truth)];
}

double pw_planner_chance(const pw_planner *p, const pw_hypothesis *h, uint64_t well)
{
	double total = 0, positive = 0;
	for (size_t s = 0; s < p->count; s++) {
		total += h[s].chance;
		positive += h[s].chance * reads_positive(p, well, h[s].mask);
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

static void spend(pw_planner *p, uint64_t steps)
{
	p->effort -= p->effort > steps ? steps : p->effort;
	if (p->opts->expired != NULL && p->effort > 0 && p->opts->expired(p->opts->ctx))
		p->effort = 0;
}

static double information(const division *d, uint64_t well)
{
	pw_planner *p = d->p;
	const double *read = p->positive + count_bits(well) * (p->max_pool + 1);
	double bits = 0, noise[PW_PLAN_PEOPLE + 1];
	for (size_t k = 0; k <= count_bits(well); k++)
		noise[k] = entropy(read[k]);
	for (size_t part = 0; part < d->parts; part++) {
		const double *chance = d->chance + part * p->count;
		double total = 0, positive = 0, spread = 0;
		for (size_t s = 0; s < p->count; s++) {
			unsigned k = count_bits(well & d->h[s].mask);
			total += chance[s];
			positive += chance[s] * read[k];
			spread += chance[s] * noise[k];
		}
		if (total > 0)
			bits += total * entropy(positive / total) - spread;
	}
	spend(p, p->count * d->parts);
	return bits;
}

/* Adds to a pool whoever makes it tell most, as long as somebody does. */
static uint64_t grow(const division *d, uint64_t pool, uint64_t people, double *bits)
{
	while (count_bits(pool) < d->p->max_pool) {
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
	memset(f, 0, sizeof(*f) << count_bits(people));
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

/* The pools of each size that tell most, over all subsets of the people. Returns how many. */
static size_t list_pools(const division *d, uint64_t people, uint64_t *wells, double *bits)
{
	pw_planner *p = d->p;
	pw_plan_pool pools[2 * PW_PLAN_MOST_BITS];
	double se[PW_PLAN_MOST_BITS + 1] = {0};
	unsigned n = count_bits(people);
	for (unsigned k = 1; k <= n && k <= p->max_pool; k++)
		se[k] = p->positive[k * (p->max_pool + 1) + 1];
	fill_subsets(d, people, p->room);
	size_t count = pw_plan_good_pools(p->room, n, se, p->opts->test.sp, p->max_pool, pools);
	spend(p, ((uint64_t)n + 2) << n);
	for (size_t i = 0; i < count; i++) {
		wells[i] = spread_bits(pools[i].mask, people);
		bits[i] = p->by_size ? pools[i].information : information(d, wells[i]);
	}
	return count;
}

/* ---- Choosing ---- */

typedef struct choice {
	uint64_t well[PW_PLAN_PEOPLE + 2 * PW_PLAN_MOST_BITS];
	double bits[PW_PLAN_PEOPLE + 2 * PW_PLAN_MOST_BITS];
	size_t count;
} choice;

/* What may be run next: everybody's single, and the best pools. */
static void list_choices(const division *d, uint64_t undecided, choice *c)
{
	pw_planner *p = d->p;
	uint64_t people = undecided & ~p->single, start = 0;
	double most = 0;
	c->count = 0;
	for (uint64_t rest = undecided; rest != 0; rest &= rest - 1) {
		uint64_t one = rest & (~rest + 1);
		double bits = information(d, one);
		c->well[c->count] = one;
		c->bits[c->count++] = bits;
		if ((one & p->single) == 0 && bits > most) {
			most = bits;
			start = one;
		}
	}
	if (people == 0 || p->max_pool == 1)
		return;
	if (d->parts == 1 && count_bits(people) <= PW_PLAN_BITS) {
		c->count += list_pools(d, people, c->well + c->count, c->bits + c->count);
	} else if (start != 0) {
		c->well[c->count] = grow(d, start, people, &most);
		c->bits[c->count++] = most;
	}
}

/* What a well is worth: a new specimen less than what it tells. */
static double worth(const pw_planner *p, const choice *c, size_t i)
{
	return (c->well[i] & p->single) != 0 ? RECOLLECTED * c->bits[i] : c->bits[i];
}

/* The one that tells most, the smaller of equals. */
static uint64_t best_well(const division *d, uint64_t undecided, double *out_bits)
{
	choice c;
	size_t best = SIZE_MAX;
	double most = LEAST_BITS;
	list_choices(d, undecided, &c);
	for (size_t i = 0; i < c.count; i++)
		if (worth(d->p, &c, i) > most * (1 + AS_GOOD)) {
			most = worth(d->p, &c, i);
			best = i;
		}
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
			double q = reads_positive(d->p, well, d->h[s].mask);
			positive[s] = chance[s] * q;
			chance[s] *= 1 - q;
		}
	}
	d->parts *= 2;
}

/* The wells to run at once that tell most, each in view of those before it. */
static size_t most_telling(pw_planner *p, const pw_hypothesis *h, uint64_t undecided, size_t batch,
			   uint64_t *wells, double *bits)
{
	division d = {.p = p, .h = h, .parts = 1};
	size_t count = 0;
	double total = 0;
	d.chance = pw_alloc_array(p->count << batch, sizeof(*d.chance));
	for (size_t s = 0; s < p->count; s++)
		total += h[s].chance;
	for (size_t s = 0; s < p->count; s++)
		d.chance[s] = h[s].chance / total;
	while (count < batch) {
		wells[count] = best_well(&d, undecided, &bits[count]);
		if (wells[count] == 0)
			break;
		divide(&d, wells[count++]);
	}
	pw_free(d.chance);
	return count;
}

/* ---- The cost ---- */

/* Longer courses are not followed. */
#define MOST_ROUNDS 40

typedef struct course {
	double tests, rounds, unfollowed;
	size_t most;
	double least; /* courses with less chance than this are not followed */
} course;

static void follow(pw_planner *p, const pw_hypothesis *h, double chance, size_t tests,
		   size_t rounds, course *c);

/* Sets that have no say any more in what follows; how many are left. */
static size_t drop_unlikely(pw_hypothesis *h, size_t count, double total)
{
	size_t kept = 0;
	for (size_t s = 0; s < count; s++)
		if (h[s].chance > IGNORED * total)
			h[kept++] = h[s];
	return kept;
}

/* All results of some wells, each followed on. h: the chances of the hypotheses and of the results so far
 * together. */
static void follow_results(pw_planner *p, const pw_hypothesis *h, const uint64_t *wells,
			   size_t count, size_t tests, size_t rounds, course *c)
{
	size_t all = p->count;
	pw_hypothesis *next = pw_alloc_array(all, sizeof(*next));
	for (unsigned results = 0; results < 1U << count; results++) {
		double there = 0;
		for (size_t s = 0; s < all; s++) {
			next[s] = h[s];
			for (size_t w = 0; w < count; w++) {
				double q = reads_positive(p, wells[w], h[s].mask);
				next[s].chance *= (results >> w & 1) != 0 ? q : 1 - q;
			}
			there += next[s].chance;
		}
		p->count = drop_unlikely(next, all, there);
		follow(p, next, there, tests + count, rounds + 1, c);
		p->count = all;
	}
	spend(p, ((uint64_t)all * count) << count);
	pw_free(next);
}

static void follow(pw_planner *p, const pw_hypothesis *h, double chance, size_t tests,
		   size_t rounds, course *c)
{
	uint64_t wells[PW_PLAN_BATCH];
	double bits[PW_PLAN_BATCH];
	size_t batch = p->opts->batch < PW_PLAN_BATCH ? p->opts->batch : PW_PLAN_BATCH;
	uint64_t undecided = pw_planner_undecided(p, h);
	bool stop = chance < c->least || rounds == MOST_ROUNDS || p->effort == 0;
	size_t count =
		undecided == 0 || stop ? 0 : most_telling(p, h, undecided, batch, wells, bits);
	if (count > 0) {
		follow_results(p, h, wells, count, tests, rounds, c);
		return;
	}
	/* who is still undecided at the end of a course that is not followed takes a test at least */
	c->tests += chance * (double)(tests + count_bits(undecided));
	c->rounds += chance * (double)(rounds + (undecided != 0));
	c->unfollowed += undecided != 0 ? chance : 0;
	c->most = undecided == 0 && tests > c->most ? tests : c->most;
}

/* The hypotheses with their chances divided by what they are together. */
static pw_hypothesis *normalised(const pw_planner *p, const pw_hypothesis *h)
{
	pw_hypothesis *out = pw_alloc_array(p->count + 1, sizeof(*out));
	double total = 0;
	for (size_t s = 0; s < p->count; s++)
		total += h[s].chance;
	for (size_t s = 0; s < p->count; s++)
		out[s] = (pw_hypothesis){h[s].mask, h[s].chance / total};
	return out;
}

/*
 * The next well, with foresight: what tells most is not always what ends soonest. Of the wells that tell a good
 * part of the most, the one with the fewest tests to the end on average, when from then on what tells most
 * is run.
 */
static uint64_t foreseen_well(pw_planner *p, const pw_hypothesis *h, uint64_t undecided,
			      double *out_bits)
{
	choice c;
	pw_hypothesis *now = normalised(p, h);
	division d = {.p = p, .h = now, .parts = 1};
	d.chance = pw_alloc_array(p->count, sizeof(*d.chance));
	for (size_t s = 0; s < p->count; s++)
		d.chance[s] = now[s].chance;
	list_choices(&d, undecided, &c);
	double most = 0, fewest = INFINITY;
	uint64_t best = 0;
	for (size_t i = 0; i < c.count; i++)
		most = fmax(most, worth(p, &c, i));
	for (size_t i = 0; i < c.count && most > LEAST_BITS; i++) {
		course there = {.least = LEAST_FORESEEN};
		if (worth(p, &c, i) < GOOD_PART * most)
			continue;
		follow_results(p, now, &c.well[i], 1, 0, 0, &there);
		if (there.tests < fewest * (1 - AS_GOOD)) {
			fewest = there.tests;
			best = c.well[i];
			*out_bits = c.bits[i];
		}
	}
	pw_free(d.chance);
	pw_free(now);
	return best;
}

size_t pw_planner_wells(pw_planner *p, const pw_hypothesis *h, size_t batch, uint64_t *wells,
			double *bits)
{
	uint64_t undecided = p->count > 0 ? pw_planner_undecided(p, h) : 0;
	if (undecided == 0)
		return 0;
	if (batch > 1)
		return most_telling(p, h, undecided, batch, wells, bits);
	wells[0] = foreseen_well(p, h, undecided, &bits[0]);
	return wells[0] != 0 ? 1 : 0;
}

void pw_planner_cost(pw_planner *p, const uint64_t *wells, size_t count, pw_plan *plan)
{
	course c = {.least = LEAST_COURSE};
	size_t lone = p->undecided - p->people;
	uint64_t doubtful = p->count > 0 ? pw_planner_undecided(p, p->hypotheses) : 0;
	pw_hypothesis *h = normalised(p, p->hypotheses);
	if (count > 0)
		follow_results(p, h, wells, count, 0, 0, &c);
	/* who is undecided for another reason has a well of their own, in the rounds there are anyway */
	for (size_t k = 0; k < p->people; k++)
		lone += (doubtful >> k & 1) == 0;
	plan->expected_tests = c.tests + (double)lone;
	plan->expected_rounds = c.rounds < 1 && lone > 0 ? 1 : c.rounds;
	plan->most_tests = c.most + lone;
	plan->unfollowed = c.unfollowed;
	pw_free(h);
}
