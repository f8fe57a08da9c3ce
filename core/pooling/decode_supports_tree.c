/*
 * Where the search over supports goes: a tree. A set's children add one person each, and who has been tried
 * is excluded from the later ones, so that every set is met once. All children of a visited set are
 * summed in one go, and where it can be had all grandchildren too; whether to go deeper below one of
 * them is decided by a bound on everything there. What is not visited is thus bounded, and the sum of
 * these bounds is a bound on the error.
 *
 * Persons whose pools have nothing more to say (all of them hit already, and saturated) multiply everything
 * by 1 + gain, whoever else is added: they are taken out of the tree as a factor ("flat").
 */
#include "core/pooling/decode_supports.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Below this the quick bound is as good as any. */
#define MOST_QUICK 0.05

/* Above this the others depend too much on one another to be summed in pairs. */
#define MOST_PAIRED 0.3

/* Whoever gains more than this part of the largest gain there was is tried before anybody else. */
#define STRONG 1e-4

/* A table of bounds is made for a set that weighs more than so many thresholds. */
#ifndef ANCHOR
#define ANCHOR 100
#endif

static void explore(pw_search *x, const pw_support_cover *cover, size_t more, bool ahead);

static bool is_little(const pw_search *x, double weight)
{
	return weight <= x->threshold * fmax(pw_search_mass(x), x->known) || x->effort->over;
}

/* ---- Bounds ---- */

static double tilted_bound(pw_search *x, size_t more)
{
	double enough = log1p(x->threshold * fmax(pw_search_mass(x), x->known) / pw_search_weight(x));
	return pw_support_bound(&x->s, more, enough);
}

/* Of all sets above the current one, itself not counted, where no pool gains; of the gains. */
static double plain_bound(pw_search *x, size_t more)
{
	double quick = pw_support_quick_bound(&x->s);
	pw_effort_spend(x->effort, x->p->n);
	if (quick > MOST_QUICK && !is_little(x, pw_search_weight(x) * expm1(quick)))
		quick = fmin(quick, tilted_bound(x, more));
	return expm1(quick);
}

/* With pools that gain; the set itself is counted. Without a cover, of the gains. */
static double cover_bound(pw_search *x, const pw_support_cover *cover, size_t more)
{
	const pw_support *s = &x->s;
	if (!s->coverable)
		return pw_search_weight(x) * exp(tilted_bound(x, more));
	double v = pw_support_cover_value(cover, s->count, s->paid, s->gain_pools);
	return exp(s->log_weight + s->gain_log - x->ref) * x->phi * v;
}

/* The bound that cover_bound would give for a child that brings `gain`, without going there. */
static double child_bound(const pw_search *x, uint32_t person, double gain,
			  const pw_support_cover *cover)
{
	const pw_problem *p = x->p;
	const pw_support *s = &x->s;
	double rewards = s->gain_log;
	size_t pools = s->gain_pools, paid = s->paid;
	if (!s->coverable)
		return INFINITY;
	for (uint32_t y = p->col_start[person]; y < p->col_start[person + 1]; y++) {
		uint32_t i = p->col[y], e = s->entry[i];
		paid += s->pay[e] > 0;
		if (s->gains[i]) {
			rewards -= s->log_reward[e];
			pools--;
		}
	}
	return gain * x->phi * exp(s->log_weight + rewards - x->ref) *
	       pw_support_cover_value(cover, s->count + 1, paid, pools);
}

/*
 * Whether everything above the current set that is not recorded yet is little, told from the gains alone; if
 * it is, it is left. `ahead`: its children are recorded.
 */
static bool leave_little(pw_search *x, double sum, size_t more, bool ahead)
{
	double weight = pw_search_weight(x), above = INFINITY, own = ahead ? 0 : sum;
	if (more == 1)
		above = own;
	else if (more == 2)
		above = own + 0.5 * sum * sum * pw_support_growth(&x->s);
	if (above > 0 && x->s.gain_pools == 0 && !is_little(x, weight * above))
		above = fmin(above, fmax(plain_bound(x, more) - (ahead ? sum : 0), 0));
	else if (x->s.gain_pools > 0 && !x->s.coverable && more > 2)
		above = cover_bound(x, NULL, more) / weight;
	if (isinf(above) || !is_little(x, weight * above))
		return false;
	pw_search_leave(x, weight * above);
	return true;
}

/* ---- Children ---- */

/* The child that adds `person`, and everything above it; afterwards the person is excluded. */
static void try_child(pw_search *x, uint32_t person, const pw_support_cover *cover, size_t more,
		      bool ahead)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double before = pw_search_mass(x);
	pw_support_add(&x->s, person);
	explore(x, cover, more - 1, ahead);
	x->t->marginal[person] += pw_search_mass(x) - before;
	pw_support_back(&x->s, &mark);
	pw_support_exclude(&x->s, person);
}

typedef struct candidate {
	uint32_t person;
	double value;
} candidate;

static int by_value(const void *a, const void *b)
{
	const candidate *x = a, *y = b;
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->person > y->person) - (x->person < y->person);
}

/* ---- Pools that gain ---- */

/* The first in order; without a cover the one whose members gain least. */
static size_t next_pool(const pw_search *x, const pw_support_cover *cover)
{
	const pw_problem *p = x->p;
	size_t best = SIZE_MAX;
	double least = INFINITY;
	for (size_t k = 0; x->s.coverable && k < cover->pools; k++)
		if (x->s.gains[cover->order[k]])
			return cover->order[k];
	for (size_t i = 0; i < p->m; i++) {
		double sum = 0;
		for (uint32_t y = p->row_start[i]; x->s.gains[i] && y < p->row_start[i + 1]; y++)
			sum += x->s.gain[p->row[y]];
		if (x->s.gains[i] && (best == SIZE_MAX || sum < least)) {
			least = sum;
			best = i;
		}
	}
	return best;
}

/* The allowed members of a pool, by falling gain. Returns how many. */
static size_t list_members(const pw_search *x, size_t pool, candidate *list)
{
	const pw_problem *p = x->p;
	size_t count = 0;
	for (uint32_t y = p->row_start[pool]; y < p->row_start[pool + 1]; y++) {
		uint32_t j = p->row[y];
		if (x->s.excluded[j])
			continue;
		double gain = pw_support_gain(&x->s, j);
		size_t at = count++;
		for (; at > 0 && list[at - 1].value < gain; at--)
			list[at] = list[at - 1];
		list[at] = (candidate){j, gain};
	}
	pw_effort_spend(x->effort, 12 * count);
	return count;
}

/* Every set with somebody of the pool: their first member, in falling order, is the child. Afterwards the
 * whole pool is excluded. Returns whether any was gone down to. */
static bool try_pool(pw_search *x, size_t pool, const pw_support_cover *cover, size_t more)
{
	candidate *list = pw_alloc_array(x->s.allowed[pool] + 1, sizeof(*list));
	size_t count = list_members(x, pool, list);
	bool went = false;
	for (size_t i = 0; i < count; i++) {
		double below = child_bound(x, list[i].person, list[i].value, cover);
		if (is_little(x, below)) {
			pw_search_leave(x, below);
			pw_support_exclude(&x->s, list[i].person);
		} else {
			try_child(x, list[i].person, cover, more, false);
			went = true;
		}
	}
	pw_free(list);
	return went;
}

/* The table of bounds for a set of this size, made anew. */
static pw_support_cover *make_cover(pw_search *x, size_t more)
{
	size_t depth = x->s.count;
	if (depth >= x->cover_room) {
		size_t room = 2 * depth + 8;
		x->covers = pw_realloc_array(x->covers, room, sizeof(*x->covers));
		memset(x->covers + x->cover_room, 0, (room - x->cover_room) * sizeof(*x->covers));
		x->cover_room = room;
	}
	if (x->covers[depth] == NULL)
		x->covers[depth] = pw_alloc(sizeof(**x->covers));
	pw_support_cover_make(x->covers[depth], &x->s, more);
	return x->covers[depth];
}

static bool is_strong(const pw_search *x, double gain)
{
	return gain > fmax(1, STRONG * x->largest);
}

/* One step of try_pools without tables. */
static bool try_pools_tilted(pw_search *x, size_t more)
{
	pw_support_gains(&x->s);
	double above = cover_bound(x, NULL, more);
	if (is_little(x, above)) {
		pw_search_leave(x, above);
		return false;
	}
	uint32_t best = pw_support_best(&x->s);
	if (is_strong(x, x->s.gain[best]))
		try_child(x, best, NULL, more, false);
	else
		try_pool(x, next_pool(x, NULL), NULL, more);
	return true;
}

/* One step with tables: `cover` is that of a set below, or the own one, and *own what was made here. */
static bool try_pools_covered(pw_search *x, const pw_support_cover *cover, pw_support_cover **own,
			      bool *stale, size_t more)
{
	cover = *own != NULL ? *own : cover;
	double above = cover != NULL ? cover_bound(x, cover, more) : INFINITY;
	if (!is_little(x, above / ANCHOR) && *stale) {
		cover = *own = make_cover(x, more);
		*stale = false;
		above = cover_bound(x, cover, more);
		if (!is_little(x, above) && is_strong(x, (*own)->best_gain)) {
			try_child(x, (*own)->best, cover, more, false);
			*stale = true;
			return true;
		}
	}
	if (is_little(x, above)) {
		pw_search_leave(x, above);
		return false;
	}
	*stale = try_pool(x, next_pool(x, cover), cover, more) || *stale;
	return true;
}

/* Who gains a great deal first; then pool by pool, until none gains, or what is above altogether is little:
 * false then. */
static bool try_pools(pw_search *x, const pw_support_cover *cover, size_t more)
{
	pw_support_cover *own = NULL;
	bool stale = true;
	while (x->s.gain_pools > 0)
		if (x->s.coverable ? !try_pools_covered(x, cover, &own, &stale, more)
				   : !try_pools_tilted(x, more))
			return false;
	return true;
}

/* ---- Persons, where no pool gains ---- */

/* The grandchildren all at once; then below the children, those first above whom most can be. */
static void try_paired(pw_search *x, size_t more)
{
	size_t n = x->p->n, count = 0;
	double weight = pw_search_weight(x), rest = 0;
	candidate *list = pw_alloc_array(n, sizeof(*list));
	pw_search_record_pairs(x, true);
	for (uint32_t j = 0; j < n; j++) {
		double value = weight * x->s.gain[j] * x->tails[j] / 3; /* met from each of 3 or more */
		if (value > 0)
			list[count++] = (candidate){j, value};
		rest += value;
	}
	if (!is_little(x, rest))
		qsort(list, count, sizeof(*list), by_value);
	size_t i = 0;
	for (; i < count && !is_little(x, rest); i++) {
		try_child(x, list[i].person, NULL, more, true);
		rest -= list[i].value;
	}
	for (rest = 0; i < count; i++)
		rest += list[i].value;
	pw_search_leave(x, rest);
	pw_free(list);
}

/* The best first, until what all the others have above them is little. */
static void try_persons(pw_search *x, size_t more)
{
	for (;;) {
		double weight = pw_search_weight(x), sum = pw_support_gains(&x->s);
		bool alive = x->s.dead_pools == 0;
		double rest = fmax(plain_bound(x, more) - (alive ? sum : 0), 0) * weight;
		if (is_little(x, rest)) {
			pw_search_leave(x, rest);
			return;
		}
		if (pw_support_quick_bound(&x->s) <= MOST_PAIRED && pw_support_pairs_apply(&x->s)) {
			try_paired(x, more);
			return;
		}
		uint32_t best = pw_support_best(&x->s);
		pw_effort_spend(x->effort, x->p->n);
		if (best == UINT32_MAX)
			return;
		try_child(x, best, NULL, more, false);
	}
}

/* The last two who may be added: whoever is so strong that rounding would be seen by themselves. */
static void try_last_two(pw_search *x, double sum)
{
	while (!is_little(x, 100 * pw_search_weight(x) * pw_support_pairs_rounding(&x->s, sum))) {
		uint32_t best = pw_support_best(&x->s);
		if (best == UINT32_MAX)
			return;
		try_child(x, best, NULL, 2, false);
		sum = pw_support_gains(&x->s);
	}
	pw_search_record_pairs(x, false);
}

/* ---- The tree ---- */

static void grow(pw_search *x, const pw_support_cover *cover, size_t more, double sum, bool ahead)
{
	if (!ahead)
		pw_search_record_children(x);
	if (more == 1)
		return;
	if (more == 2 && pw_support_pairs_apply(&x->s))
		try_last_two(x, sum);
	else if (x->s.gain_pools == 0 || try_pools(x, cover, more))
		try_persons(x, more);
}

/* Everything above the current set, which itself is recorded already; at most `more` persons more. `cover`: a
 * table made for it or a set below it, where a pool gains, or NULL. */
static void explore(pw_search *x, const pw_support_cover *cover, size_t more, bool ahead)
{
	if (more == 0)
		return;
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double phi = x->phi, number[PW_SUPPORTS_FLAT_COUNTS], before = pw_search_mass(x);
	double own = x->s.dead_pools == 0 ? pw_search_weight(x) : 0;
	size_t flats = x->flat_count;
	memcpy(number, x->number, sizeof(number));
	if (!ahead)
		pw_search_take_flats(x);
	double sum = pw_support_gains(&x->s);
	if (!leave_little(x, sum, more, ahead))
		grow(x, cover, more, sum, ahead);
	double total = pw_search_mass(x) - before + own;
	for (size_t f = flats; f < x->flat_count; f++)
		x->t->marginal[x->flats[f].person] +=
			total * x->flats[f].gain / (1 + x->flats[f].gain);
	x->flat_count = flats;
	x->phi = phi;
	memcpy(x->number, number, sizeof(number));
	pw_support_back(&x->s, &mark);
}

void pw_search_tree(pw_search *x)
{
	pw_search_record(x);
	explore(x, NULL, x->p->limit, false);
}
