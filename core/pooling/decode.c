#include "core/pooling/decode_impl.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* ---- Words ---- */

char pw_pool_call_char(pw_pool_call call)
{
	static const char chars[] = {'!', '-', '+', '?'};
	PW_BUG_IF((int)call < 0 || call > PW_POOL_GREY);
	return chars[call];
}

const char *pw_decode_method_name(pw_decode_method method)
{
	static const char *const names[] = {"auto",        "independent", "subsets",
					    "pool-states", "supports",    "loads"};
	PW_BUG_IF((int)method < 0 || method > PW_DECODE_LOADS);
	return names[method];
}

const char *pw_person_call_name(pw_person_call call)
{
	static const char *const names[] = {"undecided", "negative", "positive"};
	PW_BUG_IF((int)call < 0 || call > PW_PERSON_POSITIVE);
	return names[call];
}

/* ---- Choosing a method ---- */

/* Exact sums of up to this many steps are taken without a thought; beyond it a search that proves the
 * error wanted is tried first, for this part of the steps, and the exact sum taken if it does not get there. */
#define CHEAP_STEPS   (UINT64_C(1) << 24)
#define TRY_PART      32
#define DEAREST_STEPS (UINT64_C(1) << 33)

typedef pw_status (*solver)(const pw_problem *, const pw_decode_opts *, pw_effort *, pw_arena *,
			    pw_partial *, pw_err *);

static solver exact_solver(const pw_problem *p, uint64_t *out_cost)
{
	uint64_t subsets = pw_cost_subsets(p), states = pw_cost_states(p);
	*out_cost = subsets < states ? subsets : states;
	return subsets < states ? pw_solve_subsets : pw_solve_states;
}

static bool good_enough(const pw_partial *x, size_t n, double epsilon)
{
	for (size_t j = 0; j < n; j++)
		if (x->error[j] > epsilon)
			return false;
	return true;
}

/* Supports first; when they leave too much open, the exact sum, as far as it can be had at all. */
static pw_status solve_dear(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			    solver exact, uint64_t cost, pw_arena *arena, pw_partial *out,
			    pw_err *err)
{
	pw_decode_opts first = *opts;
	bool fallback = cost <= DEAREST_STEPS && cost <= effort->left;
	pw_effort part = *effort;
	if (fallback)
		part.left = cost / TRY_PART;
	pw_status rc = pw_solve_supports(p, &first, &part, arena, out, err);
	if (rc != PW_OK || !fallback || good_enough(out, p->n, opts->epsilon))
		return rc;
	pw_partial better;
	effort->until_asked = 0;
	if (exact(p, opts, effort, arena, &better, NULL) != PW_OK)
		return PW_OK; /* the deadline: what the search found stands */
	pw_top_clear(&out->top);
	*out = better;
	return PW_OK;
}

static pw_status solve(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
		       pw_arena *arena, pw_partial *out, pw_err *err)
{
	switch (opts->method) {
	case PW_DECODE_SUBSETS:
		return pw_solve_subsets(p, opts, effort, arena, out, err);
	case PW_DECODE_STATES:
		return pw_solve_states(p, opts, effort, arena, out, err);
	case PW_DECODE_SUPPORTS:
		return pw_solve_supports(p, opts, effort, arena, out, err);
	case PW_DECODE_LOADS:
	case PW_DECODE_INDEPENDENT:
	case PW_DECODE_AUTO:
	default:
		break;
	}
	if (p->by_load)
		return pw_solve_loads(p, opts, effort, arena, out, err);
	uint64_t cost;
	solver exact = exact_solver(p, &cost);
	if (cost <= CHEAP_STEPS) {
		pw_status rc = exact(p, opts, effort, arena, out, err);
		if (rc != PW_ERR_LIMIT)
			return rc;
		/* the deadline, or a chance too small for a number: a poor bound is better than none */
		pw_top_clear(&out->top);
		return pw_solve_supports(p, opts, effort, arena, out, err);
	}
	return solve_dear(p, opts, effort, exact, cost, arena, out, err);
}

/* Moves what a method says of n persons from where it worked to where it is kept. */
static void keep(pw_partial *x, size_t n, pw_arena *arena)
{
	double *kept = pw_arena_array(arena, 2 * n + x->counts, sizeof(*kept));
	memcpy(kept, x->posterior, n * sizeof(*kept));
	memcpy(kept + n, x->error, n * sizeof(*kept));
	memcpy(kept + 2 * n, x->count, x->counts * sizeof(*kept));
	x->posterior = kept;
	x->error = kept + n;
	x->count = kept + 2 * n;
}

/* The parts one after the other, so that the room for one is not needed for all. */
static pw_status solve_parts(const pw_reduced *reduced, const pw_decode_opts *opts, pw_arena *arena,
			     pw_partial *partials, pw_err *err)
{
	pw_effort effort;
	pw_effort_init(&effort, opts);
	for (size_t i = 0; i < reduced->part_count; i++) {
		pw_arena room = PW_ARENA_INIT;
		const pw_problem *p = &reduced->parts[i];
		pw_problem_open(reduced, i, &room);
		pw_status rc = solve(p, opts, &effort, &room, &partials[i], err);
		if (rc == PW_OK)
			keep(&partials[i], p->n, arena);
		pw_arena_clear(&room);
		if (rc != PW_OK)
			return rc;
		pw_top_sort(&partials[i].top);
	}
	return PW_OK;
}

/* ---- Decoding ---- */

static pw_status check_opts(const pw_decode_opts *opts, pw_err *err)
{
	if (!(opts->epsilon >= 0) || opts->epsilon > 1)
		return pw_fail(err, PW_ERR_ARG, "the error wanted is %g: give a number from 0 to 1",
			       opts->epsilon);
	if (opts->sets > 1000000)
		return pw_fail(err, PW_ERR_LIMIT, "%zu sets are wanted: at most 1000000 are given",
			       opts->sets);
	return PW_OK;
}

pw_status pw_decode(const pw_evidence *evidence, const pw_decode_opts *opts, pw_decoded *out,
		    pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_tables tables;
	pw_reduced reduced;
	pw_partial *partials = NULL;
	size_t limit = opts->max_positives > 0 ? opts->max_positives : SIZE_MAX;
	pw_status rc;
	if ((rc = check_opts(opts, err)) != PW_OK ||
	    (rc = pw_evidence_check(evidence, err)) != PW_OK ||
	    (rc = pw_tables_make(evidence, &arena, &tables, err)) != PW_OK ||
	    (rc = pw_reduce(evidence, &tables, limit, &arena, &reduced, err)) != PW_OK)
		goto done;
	partials = pw_alloc_array(reduced.part_count + 1, sizeof(*partials));
	if ((rc = solve_parts(&reduced, opts, &arena, partials, err)) != PW_OK)
		goto done;
	pw_merge(evidence, &reduced, partials, opts, out);
done:
	for (size_t i = 0; partials != NULL && i < reduced.part_count; i++)
		pw_top_clear(&partials[i].top);
	pw_free(partials);
	pw_arena_clear(&arena);
	return rc;
}

void pw_decoded_clear(pw_decoded *d)
{
	pw_free(d->posterior);
	pw_free(d->error);
	pw_free(d->count);
	pw_free(d->sets);
	pw_free(d->set_members);
	*d = (pw_decoded){.samples = 0};
}

pw_person_call pw_decoded_call(const pw_decoded *d, size_t sample, double confidence)
{
	PW_BUG_IF(sample >= d->samples);
	double q = d->posterior[sample], e = d->error[sample];
	if (q - e >= confidence)
		return PW_PERSON_POSITIVE;
	if (1 - q - e >= confidence)
		return PW_PERSON_NEGATIVE;
	return PW_PERSON_UNDECIDED;
}
