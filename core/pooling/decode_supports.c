/*
 * The search over supports: passes over a tree of sets of positives (decode_supports_tree.c) with ever smaller
 * thresholds, until what was not visited is bounded by the error wanted. Each pass is complete, so a search
 * that is stopped has the last one.
 */
#include "core/pooling/decode_supports.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define FIRST_THRESHOLD 0.3
#define LAST_THRESHOLD  1e-18

/* A pass of so few steps is done again without a thought; of more where no more positives than FEW may be. */
#define CHEAP_STEPS (UINT64_C(1) << 19)
#define FEW_STEPS   (UINT64_C(1) << 22)
#define FEW         5

/* ---- Passes ---- */

/* The weight of a good set, to measure by: the best gain first, as long as it is one. */
static double climb(pw_search *x)
{
	pw_support_mark mark = pw_support_mark_here(&x->s);
	double most = x->s.log_weight;
	while (x->s.count < x->p->limit) {
		pw_support_gains(&x->s);
		uint32_t best = pw_support_best(&x->s);
		double gain = best == UINT32_MAX ? 0 : x->s.gain[best];
		x->largest = fmax(x->largest, gain);
		if (best == UINT32_MAX || (gain <= 1 && x->s.dead_pools == 0))
			break;
		pw_support_add(&x->s, best);
		most = fmax(most, x->s.log_weight);
		if (!pw_effort_spend(x->effort, x->p->n))
			break;
	}
	pw_support_back(&x->s, &mark);
	return most;
}

static void run_pass(pw_search *x, double threshold)
{
	pw_tally *t = x->t;
	memset(t->marginal, 0, x->p->n * sizeof(*t->marginal));
	memset(t->count, 0, sizeof(t->count));
	t->mass = (pw_sum){0, 0};
	t->left = 0;
	t->largest = t->visits = 0;
	t->top.len = 0;
	x->threshold = threshold;
	x->phi = 1;
	memset(x->number, 0, sizeof(x->number));
	x->number[0] = 1;
	x->flat_count = 0;
	x->floor = t->top.room > 0 ? 0 : INFINITY;
	pw_search_tree(x);
	x->known = fmax(x->known, pw_sum_value(&t->mass));
}

static double share_left(const pw_tally *t)
{
	double mass = pw_sum_value(&t->mass);
	if (!(mass > 0) || isinf(t->left))
		return 1;
	return t->left / (mass + t->left);
}

/* What is left falls about as this power of the threshold; so much less should do. After a pass that was dear
 * it goes on in small steps, so that whoever ends the search early has lost little: but not where few may be
 * positive, because then the last pass is mostly some ten times as dear as the first. */
static double next_threshold(const pw_search *x, uint64_t steps, double left, double epsilon)
{
	bool few = x->p->limit <= FEW;
	double factor = pow(0.6 * fmax(epsilon, 1e-15) / left, 1 / (few ? 0.72 : 0.7));
	double least = few ? 1e-11 : 1e-7;
	factor = fmin(fmax(factor, steps < (few ? FEW_STEPS : CHEAP_STEPS) ? least : 1e-2), 0.4);
	return fmax(x->threshold * factor, LAST_THRESHOLD);
}

/* Passes until the error is small enough or time is over; the better of the last two is in *best. */
static void run_passes(pw_search *x, double epsilon, pw_tally *both, pw_tally **best)
{
	double threshold = FIRST_THRESHOLD;
	*best = NULL;
	for (int pass = 0;; pass++) {
		uint64_t before = x->effort->left;
		x->t = *best == &both[0] ? &both[1] : &both[0];
		run_pass(x, threshold);
		double left = share_left(x->t);
		if (*best == NULL || left <= share_left(*best))
			*best = x->t;
		if (x->effort->over || left <= epsilon || threshold <= LAST_THRESHOLD)
			return;
		threshold = next_threshold(x, before - x->effort->left, left, epsilon);
	}
}

/* ---- The answer ---- */

static void report(const pw_search *x, const pw_tally *t, pw_arena *arena, pw_partial *out)
{
	const pw_problem *p = x->p;
	double mass = pw_sum_value(&t->mass), left = share_left(t);
	double steps = (double)(16 * x->s.weight_max * (t->largest + 4) + 64 + t->visits);
	double rounding = steps * DBL_EPSILON;
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		double q = fmin(t->marginal[j] / mass, 1);
		out->posterior[j] = q;
		out->error[j] = fmin(left * fmax(q, 1 - q) + rounding, 1);
	}
	out->counts = p->n + 1 < PW_SUPPORTS_COUNTS ? p->n + 1 : PW_SUPPORTS_COUNTS;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	for (size_t k = 0; k < out->counts; k++)
		out->count[k] = t->count[k] / mass;
	out->logz = log(mass) + x->ref;
	out->logz_error = log1p(t->left / mass) + rounding +
			  (double)(p->n + p->m) * DBL_EPSILON * fabs(x->ref);
	out->method = PW_DECODE_SUPPORTS;
	out->stopped = x->effort->over;
}

static pw_status nothing_found(const pw_search *x, const pw_tally *t, pw_err *err)
{
	if (!x->effort->over && t->left < 1)
		return pw_impossible(err);
	return pw_fail(err, PW_ERR_LIMIT,
		       "no set of positives that explains the results was found in time: allow "
		       "more, or allow for errors (sensitivity and specificity below 1)");
}

static void make_room(pw_search *x, pw_tally *both, size_t sets, pw_arena *arena)
{
	size_t n = x->p->n;
	x->partners = pw_arena_array(arena, n, sizeof(*x->partners));
	x->flats = pw_arena_array(arena, n, sizeof(*x->flats));
	for (int i = 0; i < 2; i++) {
		both[i].marginal = pw_arena_array(arena, n, sizeof(*both[i].marginal));
		pw_top_init(&both[i].top, sets);
	}
}

static void clear(pw_search *x, pw_tally *both)
{
	pw_top_clear(&both[0].top);
	pw_top_clear(&both[1].top);
	for (size_t i = 0; i < x->cover_room; i++) {
		if (x->covers[i] != NULL)
			pw_support_cover_clear(x->covers[i]);
		pw_free(x->covers[i]);
	}
	pw_free(x->covers);
	pw_support_clear(&x->s);
}

pw_status pw_solve_supports(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			    pw_arena *arena, pw_partial *out, pw_err *err)
{
	pw_search x = {.p = p, .effort = effort};
	pw_tally both[2] = {{.left = 0}, {.left = 0}}, *best;
	pw_support_init(&x.s, p, effort, arena);
	make_room(&x, both, opts->sets, arena);
	x.ref = climb(&x);
	x.known = 1; /* the set that was climbed to, of which the search need not know yet */
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
	clear(&x, both);
	return rc;
}
