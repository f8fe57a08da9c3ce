/*
 * What one positive more does to each pool, by how many there are: derived once from the likelihoods, from the end of
 * each table to its beginning. Of a long table (dilution: as long as the pool is large) only the beginning is
 * held, as far as a set has come; when one goes beyond, all is derived anew and more of it held.
 */
#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* What a likelihood of 0 counts as, so that gains stay finite: such a set is never recorded, and in a bound
 * a little more is still a bound. Smaller where persons are in few pools. */
#define TINY        1e-30
#define TINY_DIGITS 250

/* A pool whose likelihood still grows by no more than this with a second positive and on (dilution) does not
 * count as one that gains: the quick bound allows for it. */
#define MOST_SOFT 2.0

/* More positives than this are not told apart where a root is taken of what they bring. */
#define MOST_ROOT 64

static double tiny_for(size_t weight_most)
{
	return pw_larger(
		TINY, pow(10, -(double)TINY_DIGITS / (double)(weight_most > 1 ? weight_most : 1)));
}

/* ---- One table, the whole of it ---- */

typedef struct table {
	size_t cap;
	double *like, *log_like, *log_best; /* so much; the most that any number more makes of it */
	double *up, *most;
} table;

static size_t longest_table(const pw_problem *p)
{
	size_t longest = 0;
	for (size_t i = 0; i < p->m; i++)
		if (pw_problem_cap(p, i) >= longest)
			longest = pw_problem_cap(p, i) + 1;
	return longest;
}

static table table_new(size_t room)
{
	double *all = pw_alloc_array(5 * room + 1, sizeof(*all));
	return (table){.like = all,
		       .log_like = all + room,
		       .log_best = all + 2 * room,
		       .up = all + 3 * room,
		       .most = all + 4 * room};
}

static void table_free(table *t)
{
	pw_free(t->like);
}

/* The largest t-th root of what t more bring, t counted to MOST_ROOT: its logarithm. */
static double largest_root(const table *t, size_t k)
{
	double root = 0;
	for (size_t more = 1; more <= MOST_ROOT && k + more <= t->cap; more++)
		root = pw_larger(root, (t->log_like[k + more] - t->log_like[k]) / (double)more);
	if (k + MOST_ROOT < t->cap)
		root = pw_larger(root,
				 (t->log_best[k + MOST_ROOT + 1] - t->log_like[k]) / MOST_ROOT);
	return root;
}

/* For every number of positives: the factor of one more; the most that any number more can bring (below 1: costs;
 * above: the largest t-th root, so that the bound may count it once for each). */
static void fill_table(const pw_problem *p, size_t pool, double tiny, table *t)
{
	size_t cap = t->cap = pw_problem_cap(p, pool);
	for (size_t k = 0; k <= cap; k++) {
		t->like[k] = pw_problem_like(p, pool, k);
		t->log_like[k] = log(pw_larger(t->like[k], tiny));
	}
	t->log_best[cap] = t->log_like[cap];
	t->up[cap] = t->most[cap] = 1;
	for (size_t k = cap; k-- > 0;) {
		t->log_best[k] = pw_larger(t->log_like[k], t->log_best[k + 1]);
		t->up[k] = pw_larger(t->like[k + 1], tiny) / pw_larger(t->like[k], tiny);
		double cost = pw_larger(exp(t->log_best[k + 1] - t->log_like[k]), t->up[k]);
		t->most[k] = cost > 1 ? pw_larger(exp(largest_root(t, k)), t->up[k]) : cost;
	}
}

static double soft_of(const table *t)
{
	double soft = 1;
	for (size_t k = 1; k <= t->cap; k++)
		soft = pw_larger(soft, t->most[k]);
	return soft <= MOST_SOFT ? soft : 1;
}

/* How much more than `up` the bound must count, over all numbers of positives. */
static double excess_of(const table *t)
{
	double worst = 1;
	for (size_t k = 0; k <= t->cap; k++)
		if (t->most[k] > t->up[k] * (1 + 1e-12))
			worst = pw_larger(worst, t->most[k] / t->up[k]);
	return worst;
}

/* ---- What is kept of it ---- */

static void hold(pw_support *s, size_t pool, const table *t)
{
	const pw_problem *p = s->p;
	uint32_t start = s->start[pool];
	size_t held = s->start[pool + 1] - start, size = pw_problem_members(p, pool);
	for (size_t k = 0; k < held; k++) {
		bool costs = k < t->cap && t->most[k] < 1 && p->boost[pool] <= 0;
		s->up[start + k] = t->up[k];
		s->most[start + k] = t->most[k];
		s->dead[start + k] = t->like[k] <= 0;
		s->pay[start + k] = costs && k + 2 <= size ? 1 / t->up[k] : 0;
	}
}

/* Rewards, now that soft is known; where a second positive or a later one brings more than that, pw_support_cover does
 * not apply. From the end: the best of all sums. */
static void hold_rewards(pw_support *s, size_t pool, const table *t)
{
	uint32_t start = s->start[pool];
	double softly = log(s->soft[pool]), ahead = 0;
	for (size_t k = t->cap + 1; k-- > 0;) {
		ahead = k < t->cap ? log(t->up[k]) + pw_larger(0, ahead - softly) : 0;
		if (k < s->start[pool + 1] - start) {
			s->log_reward[start + k] = pw_larger(0, ahead);
			s->spoiled[start + k] = exp(-s->log_reward[start + k]);
		}
		s->coverable = s->coverable && (k == 0 || t->most[k] <= s->soft[pool]);
	}
}

/* What a further positive does to the factor of one more, at most; and whether it falls all along. */
static void look_at_growth(pw_support *s, size_t pool, const table *t)
{
	s->falls[pool] = true;
	for (size_t k = 0; k < t->cap; k++) {
		double ratio = t->up[k + 1] / t->up[k];
		double next = k + 1 < t->cap ? t->up[k + 2] / t->up[k + 1] : 1;
		s->ratio_most = pw_larger(s->ratio_most, ratio);
		s->steady = s->steady && next <= pw_larger(1, ratio) * (1 + 1e-12);
		s->falls[pool] = s->falls[pool] && (k + 1 == t->cap || t->up[k + 1] <= t->up[k]);
	}
}

/* ---- All tables ---- */

static void make_starts(pw_support *s)
{
	size_t entries = 0;
	for (size_t i = 0; i < s->p->m; i++) {
		size_t length = pw_problem_cap(s->p, i) + 1;
		s->start[i] = (uint32_t)entries;
		entries += length < s->held ? length : s->held;
	}
	s->start[s->p->m] = (uint32_t)entries;
	s->up = pw_realloc_array(s->up, entries + 1, sizeof(*s->up));
	s->most = pw_realloc_array(s->most, entries + 1, sizeof(*s->most));
	s->pay = pw_realloc_array(s->pay, entries + 1, sizeof(*s->pay));
	s->log_reward = pw_realloc_array(s->log_reward, entries + 1, sizeof(*s->log_reward));
	s->spoiled = pw_realloc_array(s->spoiled, entries + 1, sizeof(*s->spoiled));
	s->dead = pw_realloc_array(s->dead, entries + 1, sizeof(*s->dead));
}

static void derive(pw_support *s, size_t pool, table *t)
{
	fill_table(s->p, pool, s->tiny, t);
	hold(s, pool, t);
	s->soft[pool] = soft_of(t);
	s->odd[pool] = s->p->boost[pool] > 0 ? 1 : excess_of(t);
	hold_rewards(s, pool, t);
	look_at_growth(s, pool, t);
}

/* Whether a pool has what was derived for another, which is mostly so: pools are of one size, or of two. */
static bool is_like(const pw_problem *p, size_t pool, size_t other)
{
	const pw_part_tables *t = &p->tables;
	return p->boost[pool] <= 0 && p->boost[other] <= 0 && !pw_problem_misses(p, pool) &&
	       !pw_problem_misses(p, other) && t->cap[pool] == t->cap[other] &&
	       t->sure[pool] == t->sure[other] &&
	       pw_problem_members(p, pool) == pw_problem_members(p, other) &&
	       pw_tables_alike(t->of, t->whose[pool], t->whose[other]);
}

static void copy(pw_support *s, size_t pool, size_t from)
{
	uint32_t to = s->start[pool], at = s->start[from];
	size_t count = s->start[pool + 1] - to;
	memcpy(s->up + to, s->up + at, count * sizeof(*s->up));
	memcpy(s->most + to, s->most + at, count * sizeof(*s->most));
	memcpy(s->pay + to, s->pay + at, count * sizeof(*s->pay));
	memcpy(s->log_reward + to, s->log_reward + at, count * sizeof(*s->log_reward));
	memcpy(s->spoiled + to, s->spoiled + at, count * sizeof(*s->spoiled));
	memcpy(s->dead + to, s->dead + at, count * sizeof(*s->dead));
	s->soft[pool] = s->soft[from];
	s->odd[pool] = s->odd[from];
	s->falls[pool] = s->falls[from];
}

/* The pools that were derived last, to compare with. */
#define REMEMBERED 4

void pw_support_tables_make(pw_support *s)
{
	const pw_problem *p = s->p;
	size_t last[REMEMBERED], count = 0;
	s->tiny = tiny_for(s->weight_max);
	s->longest = longest_table(p);
	s->held = s->held > 0 ? s->held : pw_tables_held(p->tables.cap, p->m);
	s->coverable = s->steady = true;
	s->ratio_most = 1;
	make_starts(s);
	table t = table_new(s->longest);
	for (size_t i = 0; i < p->m; i++) {
		size_t k = 0, known = count < REMEMBERED ? count : REMEMBERED;
		while (k < known && !is_like(p, i, last[k]))
			k++;
		if (k < known) {
			copy(s, i, last[k]);
			continue;
		}
		derive(s, i, &t);
		last[count++ % REMEMBERED] = i;
	}
	table_free(&t);
}

void pw_support_tables_reach(pw_support *s, size_t positives)
{
	bool coverable = s->coverable;
	if (positives + 2 <= s->held || s->held >= s->longest)
		return;
	while (s->held < positives + 2)
		s->held *= 2;
	pw_support_tables_make(s);
	s->coverable = coverable; /* which may be known better by now */
	for (size_t i = 0; i < s->p->m; i++) {
		size_t cap = pw_problem_cap(s->p, i), k = s->positives[i];
		s->entry[i] = s->start[i] + (uint32_t)(k < cap ? k : cap);
	}
}

void pw_support_tables_clear(pw_support *s)
{
	pw_free(s->up);
	pw_free(s->most);
	pw_free(s->pay);
	pw_free(s->log_reward);
	pw_free(s->spoiled);
	pw_free(s->dead);
}

double pw_support_up(const pw_support *s, size_t pool, size_t k)
{
	if (k < s->start[pool + 1] - s->start[pool])
		return s->up[s->start[pool] + k];
	return pw_larger(pw_problem_like(s->p, pool, k + 1), s->tiny) /
	       pw_larger(pw_problem_like(s->p, pool, k), s->tiny);
}
