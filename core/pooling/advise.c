#include "core/pooling/advise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/advise_search.h"

bool pw_advise_kinds_parse(const char *word, unsigned *out)
{
	static const struct {
		const char *word;
		unsigned kinds;
	} words[] = {
		{"all", PW_ADVISE_ALL},         {"individual", PW_ADVISE_INDIVIDUAL},
		{"dorfman", PW_ADVISE_DORFMAN}, {"hierarchical", PW_ADVISE_HIERARCHICAL},
		{"array", PW_ADVISE_ARRAY},     {"array-master", PW_ADVISE_ARRAY_MASTER},
		{"cube", PW_ADVISE_CUBE},       {"design", PW_ADVISE_DESIGN},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0) {
			*out = words[i].kinds;
			return true;
		}
	return false;
}

/* ---- Constraints ---- */

static bool is_probability(double p)
{
	return p >= 0.0 && p <= 1.0;
}

static pw_status check_numbers(const pw_advise_opts *o, pw_err *err)
{
	if (o->prior == NULL && !is_probability(o->prevalence))
		return pw_fail(err, PW_ERR_ARG,
			       "prevalence %g is no probability: give a number from 0 to 1",
			       o->prevalence);
	for (size_t i = 0; o->prior != NULL && i < o->people; i++)
		if (!is_probability(o->prior[i]))
			return pw_fail(
				err, PW_ERR_ARG,
				"person %zu: prior %g is no probability: give a number from 0 to 1",
				i + 1, o->prior[i]);
	if (!is_probability(o->se) || !is_probability(o->sp) || !is_probability(o->se_alone) ||
	    !is_probability(o->sp_alone) || !is_probability(o->min_pse))
		return pw_fail(err, PW_ERR_ARG,
			       "sensitivities and specificities must be from 0 to 1");
	if (o->prior != NULL && o->people == 0)
		return pw_fail(err, PW_ERR_ARG, "nobody to test: give at least one prior");
	return PW_OK;
}

static pw_status check_sizes(const pw_advise_opts *o, pw_err *err)
{
	if (o->max_size < 2)
		return pw_fail(err, PW_ERR_ARG, "sizes up to %zu: pools are of 2 or more",
			       o->max_size);
	if (o->min_size > o->max_size)
		return pw_fail(err, PW_ERR_ARG,
			       "sizes from %zu to %zu: the first must not be larger", o->min_size,
			       o->max_size);
	if (o->max_size > PW_ADVISE_MAX_SIZE)
		return pw_fail(err, PW_ERR_LIMIT, "sizes up to %zu are more than the %d we search",
			       o->max_size, PW_ADVISE_MAX_SIZE);
	if (o->turnaround > 0 && o->round_time > o->turnaround)
		return pw_fail(err, PW_ERR_ARG,
			       "a round takes longer than all rounds may: allow more time");
	if (o->max_stages > 5)
		return pw_fail(err, PW_ERR_LIMIT, "%zu rounds are more than the 5 we search",
			       o->max_stages);
	if (o->max_stages == 5 && o->max_size > 64)
		return pw_fail(err, PW_ERR_LIMIT,
			       "five rounds are searched for sizes up to 64, not %zu", o->max_size);
	if (o->prior != NULL && (o->max_stages > 3 || o->people > 5000))
		return pw_fail(err, PW_ERR_LIMIT,
			       "with priors up to three rounds and 5000 people are searched: take "
			       "fewer");
	return PW_OK;
}

static pw_status make_plan(const pw_advise_opts *opts, pw_advise_plan *plan, pw_err *err)
{
	pw_advise_opts *o = &plan->opts;
	*o = *opts;
	o->kinds = o->kinds == 0 ? PW_ADVISE_ALL : o->kinds;
	o->max_size = o->max_size == 0 ? (o->min_size > 40 ? o->min_size : 40) : o->max_size;
	o->min_size = o->min_size < 2 ? 2 : o->min_size;
	o->max_stages = o->max_stages == 0 ? 3 : o->max_stages;
	o->se_alone = o->se_alone == 0.0 ? o->se : o->se_alone;
	o->sp_alone = o->sp_alone == 0.0 ? o->sp : o->sp_alone;
	pw_status rc = check_numbers(o, err);
	if (rc == PW_OK)
		rc = check_sizes(o, err);
	plan->stages = o->max_stages;
	if (o->turnaround > 0 && o->round_time > 0 &&
	    (int64_t)plan->stages > o->turnaround / o->round_time)
		plan->stages = (size_t)(o->turnaround / o->round_time);
	if (o->material != PW_MATERIAL_KEPT && plan->stages > 2)
		plan->stages = 2;
	return rc;
}

bool pw_advise_allows(const pw_advise_plan *plan, unsigned kind, size_t stages, size_t largest_pool,
		      size_t first_wells)
{
	const pw_advise_opts *o = &plan->opts;
	bool once = kind == PW_ADVISE_INDIVIDUAL || kind == PW_ADVISE_DORFMAN ||
		    (kind == PW_ADVISE_HIERARCHICAL && stages <= 2);
	if (!(o->kinds & kind) || stages > plan->stages)
		return false;
	if (o->material == PW_MATERIAL_COLLECTED && !once)
		return false;
	return (o->max_pool == 0 || largest_pool <= o->max_pool) &&
	       (o->max_wells == 0 || once || first_wells <= o->max_wells);
}

pw_test_model pw_advise_model(const pw_advise_plan *plan, size_t stages)
{
	const pw_advise_opts *o = &plan->opts;
	pw_test_model model = {.se_count = stages, .sp_count = stages, .dilution = o->dilution};
	for (size_t i = 0; i < stages; i++) {
		model.se[i] = i + 1 < stages ? o->se : o->se_alone;
		model.sp[i] = i + 1 < stages ? o->sp : o->sp_alone;
	}
	return model;
}

/* ---- The front ---- */

static void option_clear(pw_advice_option *option)
{
	pw_free(option->size);
	pw_free(option->made);
}

static int fewest_tests(const void *a, const void *b)
{
	const pw_advice_option *x = a, *y = b;
	if (x->tests_per_person != y->tests_per_person)
		return x->tests_per_person < y->tests_per_person ? -1 : 1;
	if (x->people != y->people)
		return x->people < y->people ? -1 : 1;
	return strcmp(x->word, y->word);
}

static bool at_least_as_good(const pw_advice_option *a, const pw_advice_option *b)
{
	bool finds = isnan(a->pse) || a->pse >= b->pse - 1e-12;
	return a->tests_per_person <= b->tests_per_person + 1e-12 && finds &&
	       a->pipettings_per_person <= b->pipettings_per_person + 1e-12 &&
	       a->stages <= b->stages;
}

/* A group that is best not cut is Dorfman's pool over again: of equals, which stand together, one stays. */
static size_t drop_repeats(pw_advice_option *options, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		bool repeat = false;
		for (size_t j = kept; j-- > 0 && !repeat;) {
			if (options[i].tests_per_person - options[j].tests_per_person > 1e-12)
				break;
			repeat = strcmp(options[i].word, options[j].word) == 0 &&
				 strcmp(options[i].size, options[j].size) == 0 &&
				 options[i].made == NULL;
		}
		if (repeat)
			option_clear(&options[i]);
		else
			options[kept++] = options[i];
	}
	return kept;
}

/* The order is that of the tests, so of two that are as good in all the first stays. */
static size_t find_front(pw_advice_option *options, size_t count)
{
	size_t front = 0;
	for (size_t i = 0; i < count; i++) {
		bool beaten = false;
		for (size_t j = 0; j < count && !beaten; j++)
			beaten = j != i && at_least_as_good(&options[j], &options[i]) &&
				 (j < i || !at_least_as_good(&options[i], &options[j]));
		options[i].on_front = !beaten;
		front += !beaten;
	}
	return front;
}

static double find_bound(const pw_advise_plan *plan)
{
	const pw_advise_opts *o = &plan->opts;
	double entropy = pw_entropy(o->prevalence);
	double capacity =
		fmax(pw_test_capacity(o->se, o->sp), pw_test_capacity(o->se_alone, o->sp_alone));
	if (o->prior != NULL) {
		entropy = 0.0;
		for (size_t i = 0; i < o->people; i++)
			entropy += pw_entropy(o->prior[i]) / (double)o->people;
	}
	return capacity > 0.0 ? entropy / capacity : (double)NAN;
}

pw_status pw_advise(const pw_advise_opts *opts, pw_advice *out, pw_err *err)
{
	pw_search s = {.err = err};
	pw_advice advice = {.count = 0};
	pw_status rc = make_plan(opts, &s.plan, err);
	if (rc == PW_OK)
		rc = pw_advise_search(&s);
	advice.options = s.options.ptr;
	advice.count = s.options.len;
	if (rc != PW_OK) {
		pw_advice_clear(&advice);
		return rc;
	}
	qsort(advice.options, advice.count, sizeof(*advice.options), fewest_tests);
	advice.count = drop_repeats(advice.options, advice.count);
	advice.front = find_front(advice.options, advice.count);
	advice.bound = find_bound(&s.plan);
	if (s.plan.opts.prior == NULL && !s.plan.opts.without_switches)
		pw_advise_switches(&s.plan, &advice);
	*out = advice;
	return PW_OK;
}

void pw_advice_clear(pw_advice *advice)
{
	for (size_t i = 0; i < advice->count; i++)
		option_clear(&advice->options[i]);
	for (size_t i = 0; i < advice->switch_count; i++)
		pw_free(advice->switches[i].size);
	pw_free(advice->options);
	pw_free(advice->switches);
	memset(advice, 0, sizeof(*advice));
}
