/*
 * Forests: individual, Dorfman, hierarchical.
 *
 * Along the chain of pools above a group v, each within the one before, let s_v be the product of their
 * sensitivities, v's too, and f_v the probability that all of them, v too, are positive while nobody
 * in v is. All members of a positive person's chain hold a positive, so
 *
 *   s_c = s_v se_c,   f_c = (f_v + s_v (N_c - N_v)) false_c,   P(the chain is positive) = f_v + s_v (1 - N_v)
 *
 * for a child c of v, where N is the probability that nobody in the group is positive: either nobody
 * in v is (f_v), or somebody in v but nobody in c is, and then every pool down to v holds a positive.
 */
#include <math.h>

#include "core/base/mem.h"
#include "core/pooling/evaluate.h"

#define MAX_PAIR_STEPS (UINT64_C(1) << 28)

typedef struct chain {
	double nobody;   /* N */
	double all;      /* s */
	double false_;   /* f */
	double positive; /* P(the chain is positive) */
	pw_odds odds;
} chain;

static void walk_down(const pw_scheme *scheme, const pw_test_model *model, pw_nobody *scratch,
		      chain *chains)
{
	for (size_t i = 0; i < scheme->group_count; i++) {
		const pw_scheme_group *g = &scheme->groups[i];
		chain *c = &chains[i];
		c->odds = pw_model_odds(model, g->depth, scheme->stages, g->end - g->start);
		c->nobody = pw_nobody_ranges(scratch, g->start, g->end, g->end, g->end);
		double all = 1.0, within = c->nobody;
		if (g->parent >= 0) {
			const chain *up = &chains[g->parent];
			all = up->all;
			within = up->false_ + up->all * (c->nobody - up->nobody);
		}
		c->all = all * c->odds.se;
		c->false_ = within * c->odds.false_;
		c->positive = c->false_ + c->all * (1.0 - c->nobody);
	}
}

/* ---- Variance ---- */

/*
 * The tests are a sum over cut groups v of (children of v) × [v's chain is positive]. Of two groups one
 * below the other the lower decides. Else their chains part below w: given who is positive, the tests
 * from w's child down to u err independently of those down to v, and the product of odds down either
 * path is a sum of weights × [nobody in that group of the path]. Weights: path_weights.
 */
typedef struct path {
	size_t len; /* groups from below w down to the group, then the empty set */
	uint32_t group[PW_SCHEME_MAX_STAGES];
	double weight[PW_SCHEME_MAX_STAGES + 1];
} path;

static void find_path(const pw_scheme *scheme, const chain *chains, int32_t from, int32_t stop,
		      path *out)
{
	out->len = 0;
	for (int32_t i = from; i != stop; i = scheme->groups[i].parent)
		out->len++;
	size_t at = out->len;
	for (int32_t i = from; i != stop; i = scheme->groups[i].parent)
		out->group[--at] = (uint32_t)i;
	/* The product of the odds when the first d groups of the path hold a positive, for all d; each
	 * difference is what [nobody in group d] adds. */
	double before = 0.0;
	for (size_t d = 0; d <= out->len; d++) {
		double product = 1.0;
		for (size_t k = 0; k < out->len; k++) {
			const pw_odds *odds = &chains[out->group[k]].odds;
			product *= k < d ? odds->se : odds->false_;
		}
		out->weight[d] = product - before;
		before = product;
	}
	/* weight[d] so far says "at least d"; "at least d" is "not nobody in group d - 1". */
	for (size_t d = 0; d < out->len; d++)
		out->weight[d] = -out->weight[d + 1];
	out->weight[out->len] = before;
}

static int32_t parting(const pw_scheme *scheme, int32_t a, int32_t b)
{
	while (a != b) {
		uint32_t depth_a = a < 0 ? 0 : scheme->groups[a].depth + 1;
		uint32_t depth_b = b < 0 ? 0 : scheme->groups[b].depth + 1;
		if (depth_a >= depth_b)
			a = scheme->groups[a].parent;
		if (depth_b >= depth_a)
			b = scheme->groups[b].parent;
	}
	return a;
}

/* P(the chain down to w is positive, and nobody in a and b is), groups or (len) the empty set. */
static double none_below(const pw_scheme *scheme, const chain *w, pw_nobody *scratch, const path *a,
			 size_t i, const path *b, size_t j)
{
	uint32_t a0 = 0, a1 = 0, b0 = 0, b1 = 0;
	if (i < a->len) {
		a0 = scheme->groups[a->group[i]].start;
		a1 = scheme->groups[a->group[i]].end;
	}
	if (j < b->len) {
		b0 = scheme->groups[b->group[j]].start;
		b1 = scheme->groups[b->group[j]].end;
	}
	double none = pw_nobody_ranges(scratch, a0, a1, b0, b1);
	return w == NULL ? none : w->false_ + w->all * (none - w->nobody);
}

static double both_positive(const pw_scheme *scheme, const chain *chains, pw_nobody *scratch,
			    int32_t u, int32_t v)
{
	int32_t w = parting(scheme, u, v);
	if (w == u || w == v)
		return chains[w == u ? v : u].positive;
	path a, b;
	find_path(scheme, chains, u, w, &a);
	find_path(scheme, chains, v, w, &b);
	double sum = 0.0;
	for (size_t i = 0; i <= a.len; i++)
		for (size_t j = 0; j <= b.len; j++)
			sum += a.weight[i] * b.weight[j] *
			       none_below(scheme, w < 0 ? NULL : &chains[w], scratch, &a, i, &b, j);
	return sum;
}

static int32_t root_of(const pw_scheme *scheme, int32_t i)
{
	while (scheme->groups[i].parent >= 0)
		i = scheme->groups[i].parent;
	return i;
}

/* The covariances of all pairs of cut groups; between independent trees there is none. False: too many. */
static bool sum_pairs(const pw_scheme *scheme, const pw_absence *absence, const chain *chains,
		      pw_nobody *scratch, const int32_t *cut, size_t count, double *out)
{
	bool independent = pw_absence_is_independent(absence);
	uint64_t steps = 0;
	double sum = 0.0;
	for (size_t i = 0; i < count; i++) {
		double ci = scheme->groups[cut[i]].children, pi = chains[cut[i]].positive;
		sum += ci * ci * pi * (1.0 - pi);
		for (size_t j = 0; j < i; j++) {
			steps++;
			if (independent && root_of(scheme, cut[i]) != root_of(scheme, cut[j]))
				continue;
			double cj = scheme->groups[cut[j]].children;
			double pj = chains[cut[j]].positive;
			sum += 2.0 * ci * cj *
			       (both_positive(scheme, chains, scratch, cut[i], cut[j]) - pi * pj);
			steps += independent ? 64 : 64 + 16 * scheme->people;
			if (steps > MAX_PAIR_STEPS)
				return false;
		}
		if (steps > MAX_PAIR_STEPS)
			return false;
	}
	*out = sum;
	return true;
}

pw_status pw_tally_forest(const pw_scheme *scheme, const pw_absence *absence,
			  const pw_test_model *model, pw_tally *tally, pw_err *err)
{
	(void)err;
	chain *chains = pw_alloc_array(scheme->group_count, sizeof(*chains));
	int32_t *cut = pw_alloc_array(scheme->group_count, sizeof(*cut));
	size_t cuts = 0;
	pw_nobody *scratch = pw_nobody_new(absence);
	walk_down(scheme, model, scratch, chains);
	for (size_t i = 0; i < scheme->group_count; i++) {
		const pw_scheme_group *g = &scheme->groups[i];
		double run = g->parent < 0 ? 1.0 : chains[g->parent].positive;
		tally->expected_tests += run;
		tally->pipettings += run * (g->end - g->start);
		if (g->children > 0) {
			cut[cuts++] = (int32_t)i;
			continue;
		}
		double prior = pw_absence_prior(absence, g->start);
		tally->hit[g->start] = chains[i].all;
		tally->alarm[g->start] = prior < 1.0 ? chains[i].false_ / (1.0 - prior) : 0.0;
		tally->alone[g->start] = run;
	}
	tally->variance_known = tally->want_variance && sum_pairs(scheme, absence, chains, scratch,
								  cut, cuts, &tally->variance);
	pw_nobody_free(scratch);
	pw_free(cut);
	pw_free(chains);
	return PW_OK;
}
