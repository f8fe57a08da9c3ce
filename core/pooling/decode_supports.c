/*
 * The search over supports. Sets of positives are visited in the order of a tree: a set's children add one
 * person each, the best first, and who has been tried is excluded from the later ones, so that every
 * set is met once. All children of a visited set are summed in one go; whether to go deeper below one of
 * them is decided by a bound on everything there. What is not visited is thus bounded, and the sum of
 * these bounds is a bound on the error.
 *
 * Persons whose pools have nothing more to say (all of them hit already, and saturated) multiply everything
 * by 1 + gain, whoever else is added: they are taken out of the tree as a factor ("flat").
 *
 * Passes with ever smaller thresholds: each is complete, so a search that is stopped has the last one.
 */
#include "core/pooling/decode_support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* More positives than this are not told apart here. */
#define MOST_COUNTS 256

/* More flat persons than this at once are still summed exactly; only their number is cut off. */
#define MOST_FLAT_COUNT 32

#define FIRST_THRESHOLD 1e-3
#define LAST_THRESHOLD  1e-18
#define NEXT_THRESHOLD  0.05

/* What a pass has found. Weights are relative to e^ref. */
typedef struct tally {
	pw_sum mass;
	double left; /* bound on what was not visited */
	double *marginal;
	double count[MOST_COUNTS];
	uint64_t terms;
	pw_top top;
} tally;

typedef struct flat {
	uint32_t person;
	double gain;
} flat;

typedef struct search {
	const pw_problem *p;
	pw_support s;
	pw_effort *effort;
	double ref;
	double threshold;
	tally *t;
	double phi; /* product of 1 + gain of the flat persons */
	double number
		[MOST_FLAT_COUNT]; /* and how it falls apart by how many of them are positive */
	flat *flats;
	size_t flat_count;
	double floor; /* of the likeliest sets, relative to e^ref */
} search;

static double mass_of(const search *x)
{
	return pw_sum_value(&x->t->mass);
}

/* ---- Recording ---- */

static void count_in(search *x, size_t positives, double weight)
{
	for (size_t k = 0; k < MOST_FLAT_COUNT && positives + k < MOST_COUNTS; k++)
		if (x->number[k] > 0)
			x->t->count[positives + k] += weight * x->number[k];
}

/* Offers at[0..count-1] with every choice of the first `upto` flat persons that may make it. */
static void offer(search *x, double weight, uint32_t *at, size_t count, size_t upto)
{
	double most = weight;
	for (size_t f = 0; f < upto; f++)
		most *= fmax(x->flats[f].gain, 1);
	if (!(most > x->floor))
		return;
	if (weight > x->floor) {
		pw_top_offer(&x->t->top, log(weight) + x->ref, at, count);
		x->floor = exp(pw_top_floor(&x->t->top) - x->ref);
	}
	for (size_t f = 0; f < upto; f++) {
		at[count] = x->flats[f].person;
		offer(x, weight * x->flats[f].gain, at, count + 1, f);
	}
}

/* The current set, with `extra` (UINT32_MAX: nobody), weighing `weight` without the flat persons, the
 * first `upto` of which may join. */
static void offer_set(search *x, double weight, uint32_t extra, size_t upto)
{
	size_t count = x->s.count;
	double most = weight;
	for (size_t f = 0; f < upto; f++)
		most *= fmax(x->flats[f].gain, 1);
	if (!(most > x->floor))
		return;
	uint32_t *at = pw_alloc_array(count + 1 + x->flat_count, sizeof(*at));
	if (count > 0)
		memcpy(at, x->s.at, count * sizeof(*at));
	if (extra != UINT32_MAX)
		at[count++] = extra;
	offer(x, weight, at, count, upto);
	pw_free(at);
}

static void record_child(search *x, double weight, uint32_t person, double *sum)
{
	double gain = x->s.gain[person];
	*sum += gain;
	x->t->marginal[person] += weight * gain * x->phi;
	offer_set(x, weight * gain, person, x->flat_count);
}

/* All sets of one person more. Returns the sum of their gains. */
static double record_children(search *x, double weight)
{
	const pw_problem *p = x->p;
	double sum = 0;
	for (uint32_t j = 0; j < p->n; j++)
		if (x->s.gain[j] > 0 && (x->s.dead_pools == 0 || pw_support_revives(&x->s, j)))
			record_child(x, weight, j, &sum);
	pw_sum_add(&x->t->mass, weight * sum * x->phi);
	count_in(x, x->s.count + 1, weight * sum);
	x->t->terms += p->n;
	pw_effort_spend(x->effort, 2 * p->n);
	return sum;
}

static void record_set(search *x, double weight)
{
	if (x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * x->phi);
	count_in(x, x->s.count, weight);
	offer_set(x, weight, UINT32_MAX, x->flat_count);
}

/* ---- Flat persons ---- */

static void take_flat(search *x, uint32_t person)
{
	double gain = x->s.gain[person];
	x->flats[x->flat_count++] = (flat){person, gain};
	x->phi *= 1 + gain;
	for (size_t k = MOST_FLAT_COUNT; k-- > 1;)
		x->number[k] += gain * x->number[k - 1];
	pw_support_exclude(&x->s, person);
}

/* Takes those that have become flat; the set itself was recorded without them, so what they add is
 * recorded now. */
static void take_flats(search *x, double weight)
{
	const pw_problem *p = x->p;
	double phi = x->phi, number[MOST_FLAT_COUNT];
	size_t before = x->flat_count;
	if (p->limit != SIZE_MAX)
		return;
	memcpy(number, x->number, sizeof(number));
	for (uint32_t j = 0; j < p->n; j++)
		if (x->s.gain[j] > 0 && pw_support_is_flat(&x->s, j))
			take_flat(x, j);
	if (x->flat_count == before || x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * (x->phi - phi));
	for (size_t k = 0; k < MOST_FLAT_COUNT && x->s.count + k < MOST_COUNTS; k++)
		x->t->count[x->s.count + k] += weight * (x->number[k] - number[k]);
	for (size_t f = before; f < x->flat_count; f++)
		offer_set(x, weight * x->flats[f].gain, x->flats[f].person, f);
}

/* ---- The tree ---- */

static double bound_here(search *x, size_t more, double weight)
{
	double quick = pw_support_quick_bound(&x->s);
	pw_effort_spend(x->effort, x->p->n);
	if (quick < 0.05)
		return quick;
	double enough = log1p(x->threshold * mass_of(x) / weight);
	double full = pw_support_bound(&x->s, more, enough);
	pw_effort_spend(x->effort, 16 * x->p->n);
	return fmin(quick, full);
}

static void leave(search *x, double weight)
{
	x->t->left += weight;
}

static void explore(search *x, size_t more);

/* The child that adds `person`: goes down, or bounds what is below. */
static void try_child(search *x, uint32_t person, size_t more)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	pw_support_add(&x->s, person);
	double weight = exp(x->s.log_weight - x->ref) * x->phi;
	double below = weight * expm1(bound_here(x, more, weight));
	if (below <= x->threshold * mass_of(x) || x->effort->over) {
		leave(x, below);
	} else {
		double before = mass_of(x);
		explore(x, more);
		x->t->marginal[person] += mass_of(x) - before;
	}
	pw_support_back(&x->s, &mark);
	pw_support_exclude(&x->s, person);
}

/* Goes through the children, the best first, until what all the others have below them is little. */
static void try_children(search *x, double weight, size_t more)
{
	uint64_t tried = 0, next_question = 0;
	bool dead = x->s.dead_pools > 0;
	for (;; tried++) {
		if (tried >= next_question || x->effort->over) {
			double sum = dead ? 0 : pw_support_sum(&x->s);
			double rest = expm1(bound_here(x, more, weight)) - sum;
			rest = fmax(rest, 0) * weight * x->phi;
			if (rest <= x->threshold * mass_of(x) || x->effort->over) {
				leave(x, rest);
				return;
			}
			next_question = tried + (x->s.gain_pools > 0 ? tried + 1 : 1);
		}
		uint32_t best = pw_support_best(&x->s);
		pw_effort_spend(x->effort, x->p->n);
		if (best == UINT32_MAX)
			return;
		try_child(x, best, more - 1);
	}
}

/* Everything above the current set, which itself is recorded already; at most `more` persons more. */
static void explore(search *x, size_t more)
{
	if (more == 0)
		return;
	double weight = exp(x->s.log_weight - x->ref);
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double phi = x->phi, number[MOST_FLAT_COUNT], before = mass_of(x);
	size_t flats = x->flat_count;
	double own = x->s.dead_pools == 0 ? weight * phi : 0;
	memcpy(number, x->number, sizeof(number));
	take_flats(x, weight);
	record_children(x, weight);
	if (more > 1)
		try_children(x, weight, more);
	double total = mass_of(x) - before + own;
	for (size_t f = flats; f < x->flat_count; f++)
		x->t->marginal[x->flats[f].person] +=
			total * x->flats[f].gain / (1 + x->flats[f].gain);
	x->flat_count = flats;
	x->phi = phi;
	memcpy(x->number, number, sizeof(number));
	pw_support_back(&x->s, &mark);
}

/* ---- Passes ---- */

/* The weight of a good set, to measure by: the best gain first, as long as it is one. */
static double climb(search *x)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double most = x->s.log_weight;
	while (x->s.count < x->p->limit) {
		uint32_t best = pw_support_best(&x->s);
		if (best == UINT32_MAX || (x->s.gain[best] <= 1 && x->s.dead_pools == 0))
			break;
		pw_support_add(&x->s, best);
		most = fmax(most, x->s.log_weight);
		if (!pw_effort_spend(x->effort, x->p->n))
			break;
	}
	pw_support_back(&x->s, &mark);
	return most;
}

static void run_pass(search *x, double threshold)
{
	tally *t = x->t;
	memset(t->marginal, 0, x->p->n * sizeof(*t->marginal));
	memset(t->count, 0, sizeof(t->count));
	t->mass = (pw_sum){0, 0};
	t->left = 0;
	t->terms = 0;
	t->top.len = 0;
	x->threshold = threshold;
	x->phi = 1;
	memset(x->number, 0, sizeof(x->number));
	x->number[0] = 1;
	x->flat_count = 0;
	x->floor = t->top.room > 0 ? 0 : INFINITY;
	record_set(x, exp(x->s.log_weight - x->ref));
	explore(x, x->p->limit);
}

static double share_left(const tally *t)
{
	double mass = pw_sum_value(&t->mass);
	if (!(mass > 0) || isinf(t->left))
		return 1;
	return t->left / (mass + t->left);
}

/* ---- The answer ---- */

static void report(const search *x, const tally *t, pw_arena *arena, pw_partial *out)
{
	const pw_problem *p = x->p;
	double mass = pw_sum_value(&t->mass), left = share_left(t);
	double rounding = (double)(t->terms + 8 * p->n + 8 * p->m + 64) * DBL_EPSILON;
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		double q = fmin(t->marginal[j] / mass, 1);
		out->posterior[j] = q;
		out->error[j] = fmin(left * fmax(q, 1 - q) + rounding, 1);
	}
	out->counts = p->n + 1 < MOST_COUNTS ? p->n + 1 : MOST_COUNTS;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	for (size_t k = 0; k < out->counts; k++)
		out->count[k] = t->count[k] / mass;
	out->logz = log(mass) + x->ref;
	out->logz_error = -log1p(-fmin(left, 1 - 1e-16)) + rounding;
	out->method = PW_DECODE_SUPPORTS;
	out->stopped = x->effort->over;
}

static pw_status nothing_found(const search *x, const tally *t, pw_err *err)
{
	if (!x->effort->over && t->left < 1)
		return pw_impossible(err);
	return pw_fail(err, PW_ERR_LIMIT,
		       "no set of positives that explains the results was found in time: allow "
		       "more, or allow for errors (sensitivity and specificity below 1)");
}

/* Passes until the error is small enough or time is over; the better of the last two is in *best. */
static void run_passes(search *x, double epsilon, tally *both, tally **best)
{
	double threshold = FIRST_THRESHOLD;
	*best = NULL;
	for (int pass = 0;; pass++) {
		x->t = &both[pass % 2];
		run_pass(x, threshold);
		if (*best == NULL || share_left(x->t) <= share_left(*best))
			*best = x->t;
		if (x->effort->over || share_left(x->t) <= epsilon || threshold <= LAST_THRESHOLD)
			return;
		threshold = pass == 0 ? fmin(threshold, epsilon) * 0.1 : threshold * NEXT_THRESHOLD;
		threshold = fmax(threshold, LAST_THRESHOLD);
	}
}

pw_status pw_solve_supports(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			    pw_arena *arena, pw_partial *out, pw_err *err)
{
	search x = {.p = p, .effort = effort};
	tally both[2] = {{.left = 0}, {.left = 0}}, *best;
	pw_support_init(&x.s, p, effort, arena);
	x.flats = pw_arena_array(arena, p->n, sizeof(*x.flats));
	for (int i = 0; i < 2; i++) {
		both[i].marginal = pw_arena_array(arena, p->n, sizeof(*both[i].marginal));
		pw_top_init(&both[i].top, opts->sets);
	}
	x.ref = climb(&x);
	run_passes(&x, opts->epsilon, both, &best);
	pw_status rc = PW_OK;
	*out = (pw_partial){.logz = 0};
	if (!(pw_sum_value(&best->mass) > 0)) {
		rc = nothing_found(&x, best, err);
	} else {
		report(&x, best, arena, out);
		out->top = best->top;
		best->top = (pw_top){NULL, 0, 0};
	}
	pw_top_clear(&both[0].top);
	pw_top_clear(&both[1].top);
	pw_support_clear(&x.s);
	return rc;
}
