/* Every scheme of the kinds and sizes asked for, evaluated: the options that the advice is made of. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/advise_search.h"
#include "core/pooling/design_make.h"

static size_t largest_pool(const pw_scheme *s)
{
	size_t largest = 1;
	switch (s->kind) {
	case PW_SCHEME_ARRAY:
		return s->rows > s->cols ? s->rows : s->cols;
	case PW_SCHEME_DESIGN:
		return pw_design_shape_of(s->design).max_size;
	case PW_SCHEME_ARRAY_MASTER:
	case PW_SCHEME_STERRETT:
		return s->people;
	case PW_SCHEME_INDIVIDUAL:
	case PW_SCHEME_DORFMAN:
	case PW_SCHEME_HIERARCHICAL:
		break;
	}
	for (size_t i = 0; i < s->group_count; i++)
		if (s->groups[i].end - s->groups[i].start > largest)
			largest = s->groups[i].end - s->groups[i].start;
	return largest;
}

static size_t first_wells(const pw_scheme *s)
{
	if (s->kind == PW_SCHEME_DESIGN)
		return pw_design_pools(s->design);
	if (s->kind == PW_SCHEME_ARRAY)
		return s->rows + s->cols;
	size_t wells = 0;
	for (size_t i = 0; i < s->group_count; i++)
		wells += s->groups[i].parent < 0;
	return wells > 0 ? wells : 1;
}

/* Evaluates a scheme, which is freed, and keeps it unless it finds too few. */
static pw_status add_option(pw_search *s, pw_scheme *scheme)
{
	const pw_advise_opts *o = &s->plan.opts;
	pw_test_model model = pw_advise_model(&s->plan, scheme->stages);
	pw_people people = {
		.count = scheme->people, .prevalence = o->prevalence, .prior = o->prior};
	pw_evaluate_opts how = {.arrangement = PW_ARRANGE_RISK, .without_variance = true};
	pw_evaluation e;
	pw_status rc = pw_scheme_evaluate(scheme, &people, &model, &how, &e, s->err);
	if (rc != PW_OK)
		goto done;
	s->seen++;
	if (!(e.pse < o->min_pse)) {
		pw_str size = PW_STR_INIT, made = PW_STR_INIT;
		pw_scheme_size(scheme, &size);
		if (scheme->kind == PW_SCHEME_DESIGN)
			pw_str_addf(&made, "%s %s", pw_design_family(scheme->design),
				    pw_design_parameters(scheme->design));
		pw_advice_option option = {
			.word = pw_scheme_word(scheme),
			.size = pw_str_take(&size),
			.made = scheme->kind == PW_SCHEME_DESIGN ? pw_str_take(&made) : NULL,
			.people = scheme->people,
			.stages = scheme->stages,
			.largest_pool = largest_pool(scheme),
			.first_wells = first_wells(scheme),
			.expected_tests = e.expected_tests,
			.tests_per_person = e.tests_per_person,
			.pipettings_per_person = e.pipettings / (double)scheme->people,
			.pse = e.pse,
			.psp = e.psp,
			.pppv = e.pppv,
			.pnpv = e.pnpv};
		pw_vec_push(&s->options, option);
		pw_str_clear(&made);
	}
	pw_evaluation_clear(&e);
done:
	pw_scheme_free(scheme);
	return rc;
}

/* ---- Kinds ---- */

static size_t largest_size(const pw_search *s)
{
	size_t largest = s->plan.opts.max_size;
	if (s->plan.opts.max_pool > 0 && s->plan.opts.max_pool < largest)
		largest = s->plan.opts.max_pool;
	return largest;
}

static pw_status search_individual(pw_search *s)
{
	if (!pw_advise_allows(&s->plan, PW_ADVISE_INDIVIDUAL, 1, 1, 1))
		return PW_OK;
	size_t people = s->plan.opts.prior != NULL ? s->plan.opts.people : 1;
	pw_scheme *scheme = NULL;
	pw_status rc = pw_scheme_individual(people, &scheme, s->err);
	return rc == PW_OK ? add_option(s, scheme) : rc;
}

/* Everybody with the same prior: each size of a first pool. */
static pw_status search_sizes(pw_search *s, size_t stages)
{
	size_t largest = largest_size(s);
	double log_not = s->plan.opts.prevalence < 1.0 ? log1p(-s->plan.opts.prevalence) : -700.0;
	double *log_none = pw_alloc_array(largest + 1, sizeof(*log_none));
	for (size_t k = 0; k <= largest; k++)
		log_none[k] = (double)k * log_not;
	pw_cutter *cutter = pw_cutter_new(&s->plan, stages, log_none, true, largest);
	pw_status rc = PW_OK;
	for (size_t size = s->plan.opts.min_size; size <= largest && rc == PW_OK; size++) {
		uint32_t first = (uint32_t)size;
		pw_scheme *scheme = NULL;
		if ((rc = pw_cutter_scheme(cutter, &first, 1, &scheme, s->err)) == PW_OK)
			rc = add_option(s, scheme);
	}
	pw_cutter_free(cutter);
	pw_free(log_none);
	return rc;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Everybody with a prior: the one best forest. */
static pw_status search_forest(pw_search *s, size_t stages)
{
	const pw_advise_opts *o = &s->plan.opts;
	size_t n = o->people, largest = largest_size(s);
	double *prior = pw_alloc_array(n, sizeof(*prior));
	double *log_none = pw_alloc_array(n + 1, sizeof(*log_none));
	uint32_t *sizes = pw_alloc_array(n, sizeof(*sizes));
	pw_scheme *scheme = NULL;
	memcpy(prior, o->prior, n * sizeof(*prior));
	qsort(prior, n, sizeof(*prior), rising);
	for (size_t k = 0; k < n; k++)
		log_none[k + 1] = log_none[k] + (prior[k] < 1.0 ? log1p(-prior[k]) : -700.0);
	pw_cutter *cutter = pw_cutter_new(&s->plan, stages, log_none, false, largest);
	size_t count = pw_cutter_partition(cutter, n, largest, sizes);
	pw_status rc = pw_cutter_scheme(cutter, sizes, count, &scheme, s->err);
	if (rc == PW_OK)
		rc = add_option(s, scheme);
	pw_cutter_free(cutter);
	pw_free(sizes);
	pw_free(log_none);
	pw_free(prior);
	return rc;
}

static pw_status search_forests(pw_search *s)
{
	bool informed = s->plan.opts.prior != NULL;
	size_t stages = s->plan.stages;
	pw_status rc = PW_OK;
	if (pw_advise_allows(&s->plan, PW_ADVISE_DORFMAN, 2, 1, 1))
		rc = informed ? search_forest(s, 2) : search_sizes(s, 2);
	bool done = stages == 2 && (s->plan.opts.kinds & PW_ADVISE_DORFMAN) != 0;
	if (rc == PW_OK && stages >= 2 && !done &&
	    pw_advise_allows(&s->plan, PW_ADVISE_HIERARCHICAL, stages, 1, 1))
		rc = informed ? search_forest(s, stages) : search_sizes(s, stages);
	return rc;
}

static pw_status try_array(pw_search *s, size_t rows, size_t cols, bool master)
{
	unsigned kind = master ? PW_ADVISE_ARRAY_MASTER : PW_ADVISE_ARRAY;
	size_t people = rows * cols, line = rows > cols ? rows : cols;
	if (s->plan.opts.prior != NULL) {
		if (s->plan.opts.people > people || s->plan.opts.people <= (rows - 1) * cols ||
		    s->plan.opts.people <= cols)
			return PW_OK;
		people = s->plan.opts.people;
	}
	if (!pw_advise_allows(&s->plan, kind, master ? 3 : 2, master ? people : line,
			      master ? 1 : rows + cols))
		return PW_OK;
	pw_scheme *scheme = NULL;
	pw_status rc = pw_scheme_array(rows, cols, master, people, &scheme, s->err);
	return rc == PW_OK ? add_option(s, scheme) : rc;
}

/* Squares; with priors, as many columns as the people take; and the two plates. */
static pw_status search_arrays(pw_search *s, bool master)
{
	const pw_advise_opts *o = &s->plan.opts;
	pw_status rc = PW_OK;
	for (size_t side = o->min_size; side <= o->max_size && rc == PW_OK; side++) {
		size_t cols = o->prior != NULL ? (o->people + side - 1) / side : side;
		if (cols >= o->min_size && cols <= o->max_size)
			rc = try_array(s, side, cols, master);
	}
	if (rc == PW_OK && o->kinds == PW_ADVISE_ALL && o->prior == NULL) {
		rc = try_array(s, 8, 12, master);
		if (rc == PW_OK)
			rc = try_array(s, 16, 24, master);
	}
	return rc;
}

static pw_status try_design(pw_search *s, unsigned kind, const pw_make_opts *opts)
{
	pw_design *design = NULL;
	pw_scheme *scheme = NULL;
	pw_status rc = pw_design_make(opts, &design, s->err);
	if (rc != PW_OK)
		return rc;
	if (!pw_advise_allows(&s->plan, kind, 2, pw_design_shape_of(design).max_size,
			      pw_design_pools(design))) {
		pw_design_free(design);
		return PW_OK;
	}
	rc = pw_scheme_of_design(NULL, design, 0, true, &scheme, s->err);
	return rc == PW_OK ? add_option(s, scheme) : rc;
}

static pw_status search_cubes(pw_search *s)
{
	pw_status rc = PW_OK;
	size_t largest = s->plan.opts.max_size < 10 ? s->plan.opts.max_size : 10;
	if (!pw_advise_allows(&s->plan, PW_ADVISE_CUBE, 2, 1, 1))
		return PW_OK;
	for (uint32_t side = 3; side <= largest && rc == PW_OK; side++) {
		pw_make_opts opts = {
			.family = PW_FAMILY_ARRAY, .dims = {side, side, side}, .dim_count = 3};
		if (side >= s->plan.opts.min_size)
			rc = try_design(s, PW_ADVISE_CUBE, &opts);
	}
	for (uint32_t dims = 4; dims <= 5 && rc == PW_OK; dims++) {
		pw_make_opts opts = {
			.family = PW_FAMILY_ARRAY, .dims = {3, 3, 3, 3, 3}, .dim_count = dims};
		rc = try_design(s, PW_ADVISE_CUBE, &opts);
	}
	return rc;
}

/* Designs that laboratories have published or that fit their plates. */
static const pw_make_opts known_designs[] = {
	{.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6},
	{.family = PW_FAMILY_RS, .samples = 64, .q = 8, .k = 2, .w = 3},
	{.family = PW_FAMILY_RS, .samples = 64, .q = 8, .k = 2, .w = 4},
	{.family = PW_FAMILY_RS, .samples = 256, .q = 16, .k = 2, .w = 3},
	{.family = PW_FAMILY_RS, .samples = 256, .q = 16, .k = 2, .w = 4},
	{.family = PW_FAMILY_STD, .samples = 96, .q = 11, .w = 3},
	{.family = PW_FAMILY_STD, .samples = 384, .q = 23, .w = 3},
	{.family = PW_FAMILY_KIRKMAN, .pools = 27, .samples = 117},
	{.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 105},
	{.family = PW_FAMILY_KIRKMAN, .pools = 45, .samples = 195},
	{.family = PW_FAMILY_KIRKMAN, .pools = 93, .samples = 961},
	{.family = PW_FAMILY_HYPER, .samples = 96, .pools = 16, .splits = 2},
	{.family = PW_FAMILY_HYPER, .samples = 96, .pools = 24, .splits = 2},
	{.family = PW_FAMILY_HYPER, .samples = 96, .pools = 12, .splits = 3},
	{.family = PW_FAMILY_HYPER, .samples = 96, .pools = 24, .splits = 3},
	{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 12, .splits = 3},
	{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 30, .splits = 3},
	{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 48, .splits = 3},
	{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 32, .splits = 2},
	{.family = PW_FAMILY_HYPER, .samples = 384, .pools = 48, .splits = 2},
	{.family = PW_FAMILY_CHINESE, .samples = 96, .dims = {10, 11, 13}, .dim_count = 3},
	{.family = PW_FAMILY_CHINESE, .samples = 384, .dims = {20, 21, 23}, .dim_count = 3},
};

static pw_status search_designs(pw_search *s)
{
	pw_status rc = PW_OK;
	if (!pw_advise_allows(&s->plan, PW_ADVISE_DESIGN, 2, 1, 1))
		return PW_OK;
	for (size_t i = 0; i < sizeof(known_designs) / sizeof(known_designs[0]) && rc == PW_OK; i++)
		rc = try_design(s, PW_ADVISE_DESIGN, &known_designs[i]);
	return rc;
}

/* ---- All ---- */

static pw_status fail_nothing(const pw_search *s)
{
	if (s->seen > 0)
		return pw_fail(
			s->err, PW_ERR_NOT_FOUND,
			"none of %zu schemes finds %g of the positives: ask for less, or for a "
			"better test",
			s->seen, s->plan.opts.min_pse);
	return pw_fail(
		s->err, PW_ERR_NOT_FOUND,
		"no scheme is left by sizes %zu to %zu, %zu rounds, pools of %zu and %zu wells (0: "
		"any): allow more",
		s->plan.opts.min_size, s->plan.opts.max_size, s->plan.stages, s->plan.opts.max_pool,
		s->plan.opts.max_wells);
}

pw_status pw_advise_search(pw_search *s)
{
	pw_status rc = search_individual(s);
	if (rc == PW_OK)
		rc = search_forests(s);
	if (rc == PW_OK)
		rc = search_arrays(s, false);
	if (rc == PW_OK)
		rc = search_arrays(s, true);
	/* With priors a design would have to be of just as many people. */
	if (rc == PW_OK && s->plan.opts.prior == NULL)
		rc = search_cubes(s);
	if (rc == PW_OK && s->plan.opts.prior == NULL)
		rc = search_designs(s);
	return rc == PW_OK && s->options.len == 0 ? fail_nothing(s) : rc;
}
