/*
 * As prevalence moves. The best scheme is found on a fine grid of prevalences, and between two neighbours
 * that differ the place of the change by halving; what turns up in between is found on the way.
 */
#include <math.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/advise.h"

#define FROM  1e-4
#define TO    0.5
#define STEPS 80

/* Expected tests of a full square array, everybody with prior p: eval_array.c with all lines alike. */
static double square_tests(const pw_advise_plan *plan, size_t side, bool master, double p)
{
	pw_test_model model = pw_advise_model(plan, master ? 3 : 2);
	pw_odds line = pw_model_odds(&model, master ? 1 : 0, master ? 3 : 2, side);
	double n = (double)side, q = 1.0 - p, gain = line.se - line.false_;
	double none = pow(q, n), cross = pow(q, 2.0 * n - 1.0);
	double both = line.se * line.se - 2.0 * line.se * gain * none + gain * gain * cross;
	double quiet = pow(1.0 - line.se + gain * none, n);
	double quiet_cross = pow((1.0 - line.se) * q + gain * none, n);
	double only = line.se * (quiet - quiet_cross) + line.false_ * quiet_cross;
	double rest = 2.0 * n + n * n * (both + 2.0 * only);
	if (!master)
		return rest;
	pw_odds top = pw_model_odds(&model, 0, 3, side * side);
	double nobody = pow(q, n * n);
	double idle =
		2.0 * n +
		n * n * (line.false_ * line.false_ + 2.0 * line.false_ * pow(1.0 - line.false_, n));
	return 1.0 + top.se * rest + (top.false_ - top.se) * nobody * idle;
}

static void consider(pw_quick_best *best, pw_scheme_kind kind, size_t size, size_t stages,
		     double tests)
{
	if (tests < best->tests_per_person - 1e-12)
		*best = (pw_quick_best){kind, size, stages, tests};
}

static void consider_arrays(const pw_advise_plan *plan, double p, pw_quick_best *best)
{
	const pw_advise_opts *o = &plan->opts;
	for (size_t side = o->min_size; side <= o->max_size; side++) {
		double people = (double)side * (double)side;
		if (pw_advise_allows(plan, PW_ADVISE_ARRAY, 2, side, 2 * side))
			consider(best, PW_SCHEME_ARRAY, side, 2,
				 square_tests(plan, side, false, p) / people);
		if (pw_advise_allows(plan, PW_ADVISE_ARRAY_MASTER, 3, side * side, 1))
			consider(best, PW_SCHEME_ARRAY_MASTER, side, 3,
				 square_tests(plan, side, true, p) / people);
	}
}

static size_t largest_size(const pw_advise_plan *plan)
{
	size_t largest = plan->opts.max_size;
	if (plan->opts.max_pool > 0 && plan->opts.max_pool < largest)
		largest = plan->opts.max_pool;
	return largest;
}

static double *log_none_of(const pw_advise_plan *plan, double p)
{
	size_t largest = largest_size(plan);
	double *log_none = pw_alloc_array(largest + 1, sizeof(*log_none));
	for (size_t k = 0; k <= largest; k++)
		log_none[k] = (double)k * log1p(-p);
	return log_none;
}

static void consider_forests(const pw_advise_plan *plan, size_t stages, double p,
			     pw_quick_best *best)
{
	size_t largest = largest_size(plan);
	double *log_none = log_none_of(plan, p);
	pw_cutter *cutter = pw_cutter_new(plan, stages, log_none, true, largest);
	for (size_t size = plan->opts.min_size; size <= largest; size++)
		consider(best, PW_SCHEME_HIERARCHICAL, size, stages,
			 pw_cutter_cost(cutter, 0, size) / (double)size);
	pw_cutter_free(cutter);
	pw_free(log_none);
}

pw_quick_best pw_advise_quick(const pw_advise_plan *plan, double prevalence)
{
	pw_quick_best best = {PW_SCHEME_INDIVIDUAL, 1, 1, INFINITY};
	if (pw_advise_allows(plan, PW_ADVISE_INDIVIDUAL, 1, 1, 1))
		best.tests_per_person = 1.0;
	if (pw_advise_allows(plan, PW_ADVISE_DORFMAN, 2, 1, 1))
		consider_forests(plan, 2, prevalence, &best);
	if (plan->stages >= 2 && pw_advise_allows(plan, PW_ADVISE_HIERARCHICAL, plan->stages, 1, 1))
		consider_forests(plan, plan->stages, prevalence, &best);
	consider_arrays(plan, prevalence, &best);
	return best;
}

/* The scheme of a quick answer: its word, and its size for the caller to free. */
static char *describe(const pw_advise_plan *plan, double p, const pw_quick_best *best,
		      const char **out_word)
{
	pw_scheme *scheme = NULL;
	pw_str size = PW_STR_INIT;
	pw_status rc;
	if (best->kind == PW_SCHEME_INDIVIDUAL) {
		rc = pw_scheme_individual(1, &scheme, NULL);
	} else if (best->kind == PW_SCHEME_HIERARCHICAL) {
		double *log_none = log_none_of(plan, p);
		uint32_t first = (uint32_t)best->size;
		pw_cutter *cutter =
			pw_cutter_new(plan, best->stages, log_none, true, largest_size(plan));
		rc = pw_cutter_scheme(cutter, &first, 1, &scheme, NULL);
		pw_cutter_free(cutter);
		pw_free(log_none);
	} else {
		rc = pw_scheme_array(best->size, best->size, best->kind == PW_SCHEME_ARRAY_MASTER,
				     0, &scheme, NULL);
	}
	PW_BUG_IF(rc != PW_OK);
	*out_word = pw_scheme_word(scheme);
	pw_scheme_size(scheme, &size);
	pw_scheme_free(scheme);
	return pw_str_take(&size);
}

/* ---- Intervals ---- */

typedef struct spot {
	double prevalence, tests;
	const char *word;
	char *size;
} spot;

static spot spot_at(const pw_advise_plan *plan, double p)
{
	pw_quick_best best = pw_advise_quick(plan, p);
	spot s = {.prevalence = p, .tests = best.tests_per_person, .word = "", .size = NULL};
	if (isfinite(best.tests_per_person))
		s.size = describe(plan, p, &best, &s.word);
	else
		s.size = pw_strdup("");
	return s;
}

static bool same(const spot *a, const spot *b)
{
	return a->word == b->word && pw_slice_eq(pw_slice_of(a->size), b->size);
}

typedef PW_VEC(pw_advice_switch) switch_list;

/* The interval of `s` goes on to s, or a new one begins there. */
static void extend(switch_list *list, const spot *s)
{
	pw_advice_switch *last = list->len > 0 ? &list->ptr[list->len - 1] : NULL;
	if (last != NULL && last->word == s->word &&
	    pw_slice_eq(pw_slice_of(last->size), s->size)) {
		last->to = s->prevalence;
		last->tests_to = s->tests;
		return;
	}
	pw_advice_switch next = {s->prevalence,      s->prevalence, s->word,
				 pw_strdup(s->size), s->tests,      s->tests};
	pw_vec_push(list, next);
}

/* All changes between a and b: nothing when they are the same, else both halves, down to a thousandth. */
static void look_between(const pw_advise_plan *plan, const spot *a, const spot *b,
			 switch_list *list)
{
	if (!same(a, b) && b->prevalence > a->prevalence * 1.001) {
		spot middle = spot_at(plan, sqrt(a->prevalence * b->prevalence));
		look_between(plan, a, &middle, list);
		look_between(plan, &middle, b, list);
		pw_free(middle.size);
		return;
	}
	extend(list, b);
}

void pw_advise_switches(const pw_advise_plan *asked, pw_advice *advice)
{
	pw_advise_plan three = *asked, *plan = &three;
	three.stages = three.stages > 3 ? 3 : three.stages;
	switch_list list = PW_VEC_INIT;
	double ratio = pow(TO / FROM, 1.0 / STEPS), p = FROM;
	spot last = spot_at(plan, p);
	bool any = last.word[0] != '\0';
	if (any)
		extend(&list, &last);
	for (int i = 1; any && i <= STEPS; i++) {
		p = i == STEPS ? TO : p * ratio;
		spot next = spot_at(plan, p);
		look_between(plan, &last, &next, &list);
		pw_free(last.size);
		last = next;
	}
	pw_free(last.size);
	/* One ends where the next begins. */
	for (size_t i = 0; i + 1 < list.len; i++)
		list.ptr[i].to = list.ptr[i + 1].from;
	advice->switches = list.ptr;
	advice->switch_count = list.len;
}
