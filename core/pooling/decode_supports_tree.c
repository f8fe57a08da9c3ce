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
#define STRONG 1e-8

/* A table of bounds is made for a set that weighs more than so many thresholds. */
#define ANCHOR 30

/* Children that would have to be looked at, from which on a better bound is worth its while. */
#define MANY 30

/* Below so many thresholds the children of a set are not summed but looked at one by one. */
#define LEAN 1e6

static void explore(pw_search *x, const pw_support_cover *cover, size_t more, bool recorded);

static bool is_little(const pw_search *x, double weight)
{
	return weight <= x->threshold * fmax(pw_search_mass(x), x->known) || x->effort->over;
}

static double strong_from(const pw_search *x)
{
	return fmax(1, STRONG * x->largest);
}

/*
 * Once the time is over everything is left by its bound, which is not had for nothing: so many steps more are taken for
 * the sake of bounds, and then children are left by what is known of them, be it nothing.
 */
#define GRACE (UINT64_C(1) << 20)

static bool is_too_late(pw_search *x)
{
	size_t steps = 4 * (x->p->n + x->p->m);
	if (!x->effort->over)
		return false;
	bool late = x->grace < steps;
	x->grace -= late ? x->grace : steps;
	return late;
}

/* ---- Bounds ---- */

static double tilted_bound(pw_search *x, size_t more)
{
	double enough =
		log1p(x->threshold * fmax(pw_search_mass(x), x->known) / pw_search_weight(x));
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

/*
 * Whether everything above the current set that is not recorded yet is little, told from the gains alone; if
 * it is, it is left. `recorded`: its children are.
 */
static bool leave_little(pw_search *x, double sum, size_t more, bool recorded)
{
	double weight = pw_search_weight(x), above = INFINITY, own = recorded ? 0 : sum;
	if (more == 1)
		above = own;
	else if (more == 2)
		above = own + 0.5 * sum * sum * pw_support_growth(&x->s);
	if (above > 0 && x->s.gain_pools == 0 && !is_little(x, weight * above))
		above = fmin(above, fmax(plain_bound(x, more) - (recorded ? sum : 0), 0));
	else if (x->s.gain_pools > 0 && !x->s.coverable && more > 2)
		above = cover_bound(x, NULL, more) / weight;
	if (isinf(above) || !is_little(x, weight * above))
		return false;
	pw_search_leave(x, weight * above);
	return true;
}

/* ---- Children ---- */

/* What is recorded of a child before it is tried. */
typedef enum ahead {
	NOTHING, /* not even the child */
	ITSELF,
	CHILDREN /* the child and its children */
} ahead;

/* A set whose children are tried one after the other. */
typedef struct node {
	const pw_support_cover *cover; /* a table made for it or a set below it, or NULL */
	bool own;                      /* it was made here, and nobody was tried since */
	size_t more;
	ahead recorded;
	const double
		*tails; /* by person: what two others and more bring to them at most, or NULL */
} node;

/* The child that adds `person`, and everything above it; afterwards the person is excluded. */
static void try_child(pw_search *x, uint32_t person, const node *here)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double before = pw_search_mass(x);
	pw_support_add(&x->s, person);
	if (here->recorded == NOTHING)
		pw_search_record(x);
	explore(x, here->cover, here->more - 1, here->recorded == CHILDREN);
	x->t->marginal[person] += pw_search_mass(x) - before;
	pw_support_back(&x->s, &mark);
	pw_support_exclude(&x->s, person);
}

typedef struct candidate {
	uint32_t person;
	double value;
	double bound; /* on what is above them */
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
	for (size_t k = 0; cover != NULL && k < cover->pools; k++)
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

/* The bounds that cover_bound would give for children, without going there. */
typedef struct under {
	double all;  /* of the set, were all pools covered for nothing */
	double own;  /* what is recorded of the set itself: 0, when its children are not */
	double tail; /* what `tails` counts */
} under;

static under look_under(const pw_search *x, const node *here)
{
	const pw_support *s = &x->s;
	double weight = pw_search_weight(x);
	return (under){
		.all = exp(s->log_weight + s->gain_log - x->ref) * x->phi,
		.own = here->recorded != NOTHING && s->dead_pools == 0 ? weight : 0,
		.tail = weight,
	};
}

static double child_bound(const pw_search *x, uint32_t person, double gain, const node *here,
			  const under *u)
{
	const pw_problem *p = x->p;
	const pw_support *s = &x->s;
	double all = u->all, tail = here->tails != NULL ? u->tail * here->tails[person] : INFINITY;
	size_t pools = s->gain_pools, paid = s->paid;
	if (!s->coverable)
		return gain * tail;
	for (uint32_t y = p->col_start[person]; y < p->col_start[person + 1]; y++) {
		uint32_t i = p->col[y], e = s->entry[i];
		paid += s->pay[e] > 0;
		if (s->gains[i]) {
			all *= s->spoiled[e];
			pools--;
		}
	}
	all *= pw_support_cover_value(here->cover, s->count + 1, paid, pools);
	return gain * fmin(fmax(all - u->own, 0), tail);
}

/* Those of the pool who are not in the list, which is in the pool's order. */
static void exclude_all_but(pw_search *x, size_t pool, const candidate *list, size_t count)
{
	const pw_problem *p = x->p;
	size_t at = 0;
	for (uint32_t y = p->row_start[pool]; y < p->row_start[pool + 1]; y++) {
		uint32_t j = p->row[y];
		if (at < count && list[at].person == j)
			at++;
		else if (!x->s.excluded[j])
			pw_support_exclude(&x->s, j);
	}
}

/*
 * Every set with somebody of the pool: whoever comes first, those that are left among them and then the others
 * in falling order, is the child. Afterwards the whole pool is excluded. Returns whether any was gone down to.
 */
static bool try_pool(pw_search *x, size_t pool, const node *here)
{
	const pw_problem *p = x->p;
	candidate *list = pw_alloc_array(x->s.allowed[pool] + 1, sizeof(*list));
	size_t count = 0;
	under u = look_under(x, here);
	double left = 0;
	pw_effort_spend(x->effort, 12 * (uint64_t)x->s.allowed[pool]);
	for (uint32_t y = p->row_start[pool]; y < p->row_start[pool + 1]; y++) {
		uint32_t j = p->row[y];
		if (x->s.excluded[j])
			continue;
		double gain = pw_support_gain(&x->s, j), bound = child_bound(x, j, gain, here, &u);
		list[count] = (candidate){j, gain, bound};
		if (is_little(x, bound))
			left += bound;
		else
			count++;
	}
	pw_search_leave(x, left);
	exclude_all_but(x, pool, list, count);
	if (count > 1)
		qsort(list, count, sizeof(*list), by_value);
	for (size_t i = 0; i < count; i++)
		if (is_too_late(x))
			pw_search_leave(x, list[i].bound);
		else
			try_child(x, list[i].person, here);
	pw_free(list);
	return count > 0;
}

/* The table of bounds for a set of this size, made anew. */
static pw_support_cover *make_cover(pw_search *x, size_t more, const pw_support_cover *below)
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
	pw_support_cover_make(x->covers[depth], &x->s, more, below);
	return x->covers[depth];
}

/* One step of try_pools without tables. */
static bool try_pools_tilted(pw_search *x, const node *here)
{
	pw_support_gains(&x->s);
	double above = cover_bound(x, NULL, here->more);
	if (is_little(x, above)) {
		pw_search_leave(x, above);
		return false;
	}
	uint32_t best = pw_support_best(&x->s);
	if (x->s.gain[best] > strong_from(x))
		try_child(x, best, here);
	else
		try_pool(x, next_pool(x, NULL), here);
	return true;
}

/* One step with tables. */
static bool try_pools_covered(pw_search *x, node *here)
{
	double above = here->cover != NULL ? cover_bound(x, here->cover, here->more) : INFINITY;
	if (!here->own && !is_little(x, above / ANCHOR)) {
		pw_support_cover *cover = make_cover(x, here->more, here->cover);
		here->cover = cover;
		here->own = true;
		above = cover_bound(x, cover, here->more);
		if (!is_little(x, above) && cover->best_gain > strong_from(x)) {
			try_child(x, cover->best, here);
			here->own = false;
			return true;
		}
	}
	if (is_little(x, above)) {
		pw_search_leave(x, above);
		return false;
	}
	if (try_pool(x, next_pool(x, here->cover), here))
		here->own = false;
	return true;
}

/* Who gains a great deal first; then pool by pool, until none gains, or what is above altogether is little:
 * false then. */
static bool try_pools(pw_search *x, node *here)
{
	while (x->s.gain_pools > 0)
		if (x->s.coverable ? !try_pools_covered(x, here) : !try_pools_tilted(x, here))
			return false;
	return true;
}

/* ---- Persons, where no pool gains ---- */

/* Of children and grandchildren that are recorded: those first above whom most can be. */
static void try_tails(pw_search *x, const node *here)
{
	size_t n = x->p->n, count = 0;
	double weight = pw_search_weight(x), rest = 0;
	candidate *list = pw_alloc_array(n, sizeof(*list));
	for (uint32_t j = 0; j < n; j++) {
		if (x->s.excluded[j])
			continue;
		double gain = pw_support_gain(&x->s, j);
		double value = weight * gain * here->tails[j] / 3; /* met from each of 3 or more */
		if (value > 0)
			list[count++] = (candidate){j, value, value};
		rest += value;
	}
	if (is_little(x, rest)) {
		pw_search_leave(x, rest);
		pw_free(list);
		return;
	}
	qsort(list, count, sizeof(*list), by_value);
	rest = 0;
	for (size_t i = count; i-- > 0;) /* from the least, so that the great hide nothing */
		list[i].value = rest += list[i].value;
	size_t i = 0;
	for (; i < count && !is_little(x, list[i].value); i++)
		try_child(x, list[i].person, here);
	rest = i < count ? list[i].value : 0;
	pw_search_leave(x, rest);
	pw_free(list);
}

/* The grandchildren all at once, then what is above them. */
static void try_paired(pw_search *x, size_t more)
{
	double *tails = pw_alloc_array(x->p->n, sizeof(*tails));
	pw_search_record_pairs(x, true, tails);
	node here = {.more = more, .recorded = CHILDREN, .tails = tails};
	try_tails(x, &here);
	pw_free(tails);
}

/* The best first, until what all the others have above them is little. */
static void try_persons(pw_search *x, size_t more)
{
	node here = {.more = more, .recorded = ITSELF};
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
		try_child(x, best, &here);
	}
}

/* ---- The last who may come ---- */

/* Whether the rounding of the pairs would be seen. */
static bool is_rough(const pw_search *x, double sum)
{
	double rounding = pw_support_pairs_rounding(&x->s, sum);
	return !is_little(x, 100 * pw_search_weight(x) * rounding);
}

/* By themselves whoever gains too much for the pairs, or, of three, a great deal. `sum` is of the gains. */
static void try_alone(pw_search *x, const node *here, double sum)
{
	double strong = strong_from(x);
	while (is_rough(x, sum) || (here->more > 2 && sum > strong)) {
		uint32_t best = pw_support_best(&x->s);
		if (best == UINT32_MAX || (!is_rough(x, sum) && x->s.gain[best] <= strong))
			return;
		try_child(x, best, here);
		sum = pw_support_gains(&x->s);
	}
}

static void try_last_two(pw_search *x, double sum)
{
	node here = {.more = 2, .recorded = ITSELF};
	try_alone(x, &here, sum);
	pw_search_record_pairs(x, false, NULL);
}

/* What two more bring to each at most: told cheaply, and better where that would not spare enough. */
static void find_tails(pw_search *x, double *tails)
{
	size_t n = x->p->n, many = 0;
	double weight = pw_search_weight(x);
	for (size_t j = 0; j < n; j++) {
		tails[j] = 0.5 * x->partners[j] * x->partners[j] * x->s.growth_most;
		many += !is_little(x, weight * x->s.gain[j] * tails[j]);
	}
	double *better = many >= MANY ? pw_alloc_array(n, sizeof(*better)) : NULL;
	if (better != NULL && pw_support_triples(&x->s, better))
		for (size_t j = 0; j < n; j++)
			tails[j] = fmin(tails[j], better[j]);
	pw_effort_spend(x->effort, many >= MANY ? 48 * n : n);
	pw_free(better);
}

/* The pairs at once; then what a third brings to them. */
static void try_last_three(pw_search *x, const pw_support_cover *cover, double sum)
{
	node here = {.cover = cover, .more = 3, .recorded = ITSELF};
	double *tails = pw_alloc_array(x->p->n, sizeof(*tails));
	try_alone(x, &here, sum);
	pw_search_record_pairs(x, true, NULL);
	find_tails(x, tails);
	here.recorded = CHILDREN;
	here.tails = tails;
	if (x->s.gain_pools == 0 || try_pools(x, &here))
		try_tails(x, &here);
	pw_free(tails);
}

/* ---- The tree ---- */

/* Persons who have become flat leave the tree; afterwards they are told what is above the set with them. */
typedef struct flat_frame {
	double phi, number[PW_SUPPORTS_FLAT_COUNTS], before, own;
	size_t flats;
} flat_frame;

static void open_flats(pw_search *x, flat_frame *f)
{
	f->phi = x->phi;
	f->before = pw_search_mass(x);
	f->own = x->s.dead_pools == 0 ? pw_search_weight(x) : 0;
	f->flats = x->flat_count;
	memcpy(f->number, x->number, sizeof(f->number));
	pw_search_take_flats(x);
}

static void close_flats(pw_search *x, const flat_frame *f)
{
	double total = pw_search_mass(x) - f->before + f->own;
	for (size_t k = f->flats; k < x->flat_count; k++)
		x->t->marginal[x->flats[k].person] +=
			total * x->flats[k].gain / (1 + x->flats[k].gain);
	x->flat_count = f->flats;
	x->phi = f->phi;
	memcpy(x->number, f->number, sizeof(f->number));
}

/* Everything above the set: pools that gain first, if there are. */
static void grow(pw_search *x, const pw_support_cover *cover, size_t more, bool recorded)
{
	double sum = pw_support_gains(&x->s);
	if (leave_little(x, sum, more, recorded))
		return;
	if (!recorded)
		pw_search_record_children(x);
	node here = {.cover = cover, .more = more, .recorded = ITSELF};
	if (more == 1)
		return;
	bool pairs = more <= 3 && pw_support_pairs_apply(&x->s);
	if (pairs && more == 2)
		try_last_two(x, sum);
	else if (pairs)
		try_last_three(x, cover, sum);
	else if (x->s.gain_pools == 0 || try_pools(x, &here))
		try_persons(x, more);
}

/* Whether so little is above the set that its children are rather looked at one by one. */
static bool is_lean(pw_search *x, const pw_support_cover *cover, size_t more)
{
	return more > 2 && cover != NULL && x->s.coverable && x->s.gain_pools > 0 &&
	       is_little(x, cover_bound(x, cover, more) / LEAN);
}

/*
 * Everything above the current set, which itself is recorded already; at most `more` persons more. `cover`: a
 * table made for it or a set below it, where a pool gains, or NULL. `recorded`: so are its children.
 */
static void explore(pw_search *x, const pw_support_cover *cover, size_t more, bool recorded)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	if (more == 0)
		return;
	node here = {.cover = cover, .more = more, .recorded = NOTHING};
	bool lean = !recorded && is_lean(x, cover, more);
	if (!lean || try_pools(x, &here)) {
		flat_frame f;
		if (!recorded)
			open_flats(x, &f);
		grow(x, cover, more, recorded);
		if (!recorded)
			close_flats(x, &f);
	}
	pw_support_back(&x->s, &mark);
}

void pw_search_tree(pw_search *x)
{
	x->grace = GRACE;
	pw_search_record(x);
	explore(x, NULL, x->p->limit, false);
}
