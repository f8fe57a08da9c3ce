#include "cli/decode_answer.h"

#include <string.h>

#include "core/base/mem.h"

/* A result with as many wrong pools comes by chance once in a thousand. */
#define ALARM_LEVEL 0.001

/* Who has at least this chance is shown with a reason. */
#define LEAST_SHOWN 0.001

#define SMALLEST_EFFORT (UINT64_C(1) << 22)

/* ---- Finding ---- */

static void link_twins(pw_decode_answer *a)
{
	size_t n = a->decoded.samples;
	uint32_t *last = pw_alloc_array(n, sizeof(*last));
	a->twin = pw_alloc_array(n, sizeof(*a->twin));
	a->next_twin = pw_alloc_array(n, sizeof(*a->next_twin));
	pw_explain_twins(a->args.design, a->args.readings, a->twin);
	for (uint32_t j = 0; j < n; j++) {
		a->next_twin[j] = PW_NO_TWIN;
		if (a->twin[j] != j)
			a->next_twin[last[a->twin[j]]] = j;
		last[a->twin[j]] = j;
	}
	pw_free(last);
}

/* Whether a result depends on how many are positive, or how strongly, so that it may tell sets apart that hit
 * the same pools. */
static bool counts_matter(const pw_decode_args *args)
{
	const pw_pool_model *test = &args->evidence.test;
	if (test->dilution > 0 || test->sensitivity != NULL)
		return true;
	for (size_t i = 0; i < pw_design_pools(args->design); i++)
		if (args->readings[i].wells > 0)
			return true;
	return false;
}

static void find_alike(pw_decode_answer *a)
{
	size_t count = a->decoded.set_count;
	a->alike = pw_alloc_array(count + 1, sizeof(*a->alike));
	if (counts_matter(&a->args)) {
		for (uint32_t s = 0; s < count; s++)
			a->alike[s] = s;
		return;
	}
	pw_explain_alike(a->args.design, &a->decoded, a->alike);
}

/* The pools that the likeliest set makes wrong. */
static void find_wrong_pools(pw_decode_answer *a)
{
	const pw_design *d = a->args.design;
	size_t pools = pw_design_pools(d);
	a->likely = pw_alloc_array(a->decoded.samples, sizeof(*a->likely));
	a->left_over = pw_alloc_array(pools, sizeof(*a->left_over));
	a->against = pw_alloc_array(pools, sizeof(*a->against));
	if (a->decoded.set_count == 0)
		return;
	bool *hit = pw_alloc_array(pools, sizeof(*hit));
	for (size_t k = 0; k < a->decoded.sets[0].count; k++) {
		uint32_t j = a->decoded.sets[0].at[k];
		pw_design_list list = pw_design_pools_of(d, j);
		a->likely[j] = true;
		for (size_t x = 0; x < list.count; x++)
			hit[list.at[x]] = true;
	}
	for (uint32_t i = 0; i < pools; i++) {
		pw_pool_call call = a->args.readings[i].call;
		if (call == PW_POOL_POSITIVE && !hit[i])
			a->left_over[a->left_over_count++] = i;
		if (call == PW_POOL_NEGATIVE && hit[i])
			a->against[a->against_count++] = i;
	}
	pw_free(hit);
}

static bool only_by_bound(const pw_decode_answer *a, size_t sample)
{
	double q = a->decoded.posterior[sample];
	return q < LEAST_SHOWN && 1 - q >= a->args.confidence;
}

/* A reading by Ct, or a call that is one; the options give a grey well no meaning. */
static bool says_something(const pw_pool_reading *r)
{
	return r->call != PW_POOL_MISSING && (r->wells > 0 || r->call != PW_POOL_GREY);
}

static bool is_unread(const pw_decode_answer *a, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(a->args.design, sample);
	for (size_t k = 0; k < pools.count; k++)
		if (says_something(&a->args.readings[pools.at[k]]))
			return false;
	return true;
}

static void count_calls(pw_decode_answer *a)
{
	for (size_t j = 0; j < a->decoded.samples; j++) {
		pw_person_call call = pw_decode_answer_call(a, j);
		a->positive += call == PW_PERSON_POSITIVE;
		a->negative += call == PW_PERSON_NEGATIVE;
		a->undecided += call == PW_PERSON_UNDECIDED;
		a->unread += is_unread(a, j);
		a->by_bound += call == PW_PERSON_UNDECIDED && only_by_bound(a, j);
	}
}

pw_status pw_decode_answer_find(pw_ctx *ctx, pw_decode_answer *a, pw_err *err)
{
	pw_decode_args *args = &a->args;
	pw_status rc;
	*a = (pw_decode_answer){.positive = 0};
	if ((rc = pw_decode_args_read(ctx, args, err)) != PW_OK)
		goto done;
	args->opts.sets = (size_t)pw_ctx_int(ctx, "sets");
	if ((rc = pw_decode(&args->evidence, &args->opts, &a->decoded, err)) != PW_OK)
		goto done;
	if (a->decoded.set_count > 0 &&
	    (rc = pw_alarm_check(&args->evidence, &a->decoded, &args->opts, ALARM_LEVEL, &a->alarm,
				 err)) != PW_OK)
		goto done;
	pw_by_word_find(args->design, args->readings, &a->by_word);
	pw_smallest_find(args->design, args->readings, SMALLEST_EFFORT, &a->smallest);
	link_twins(a);
	find_alike(a);
	find_wrong_pools(a);
	count_calls(a);
done:
	if (rc != PW_OK)
		pw_decode_answer_clear(a);
	return rc;
}

void pw_decode_answer_clear(pw_decode_answer *a)
{
	pw_decoded_clear(&a->decoded);
	pw_by_word_clear(&a->by_word);
	pw_smallest_clear(&a->smallest);
	pw_free(a->twin);
	pw_free(a->next_twin);
	pw_free(a->alike);
	pw_free(a->likely);
	pw_free(a->left_over);
	pw_free(a->against);
	pw_decode_args_clear(&a->args);
	*a = (pw_decode_answer){.positive = 0};
}

/* ---- Saying ---- */

pw_person_call pw_decode_answer_call(const pw_decode_answer *a, size_t sample)
{
	return pw_decoded_call(&a->decoded, sample, a->args.confidence);
}

bool pw_decode_answer_matters(const pw_decode_answer *a, size_t sample)
{
	pw_person_call call = pw_decode_answer_call(a, sample);
	if (call == PW_PERSON_UNDECIDED)
		return !only_by_bound(a, sample);
	return call == PW_PERSON_POSITIVE || a->decoded.posterior[sample] >= LEAST_SHOWN;
}

void pw_decode_name_numbers(const uint32_t *at, size_t count, pw_str *out)
{
	size_t shown = count > 6 ? 5 : count;
	for (size_t i = 0; i < shown; i++)
		pw_str_addf(out, "%s%u", i == 0 ? "" : i + 1 == count ? " and " : ", ", at[i] + 1);
	if (shown < count)
		pw_str_addf(out, " and %zu more", count - shown);
}

void pw_decode_answer_reason(const pw_decode_answer *a, size_t sample, pw_str *out)
{
	uint32_t others[8];
	size_t count = 0;
	pw_explain_person(a->args.design, a->args.readings, &a->by_word, sample, out);
	for (uint32_t j = a->twin[sample]; j != PW_NO_TWIN; j = a->next_twin[j]) {
		if (j == sample)
			continue;
		if (count == sizeof(others) / sizeof(*others)) {
			pw_str_addf(out, "; cannot be told from sample %u and many more",
				    others[0] + 1);
			return;
		}
		others[count++] = j;
	}
	if (count == 0)
		return;
	pw_str_addf(out, "; cannot be told from %s ", count == 1 ? "sample" : "samples");
	pw_decode_name_numbers(others, count, out);
}

void pw_decode_answer_pool(const pw_decode_answer *a, size_t pool, pw_str *out)
{
	uint32_t likely[8], best;
	size_t count = 0;
	pw_design_list members = pw_design_members(a->args.design, pool);
	best = members.at[0];
	for (size_t x = 0; x < members.count; x++) {
		uint32_t j = members.at[x];
		if (a->decoded.posterior[j] > a->decoded.posterior[best])
			best = j;
		if (a->likely[j] && count < sizeof(likely) / sizeof(*likely))
			likely[count++] = j;
	}
	if (count == 0) {
		pw_str_addf(out,
			    "positive, but unexplained: nobody in it is of the likeliest set; "
			    "likeliest in it is sample %u with %.2g",
			    best + 1, a->decoded.posterior[best]);
		return;
	}
	pw_str_addf(out, "negative, although %s ", count == 1 ? "sample" : "samples");
	pw_decode_name_numbers(likely, count, out);
	pw_str_addf(out, " of the likeliest set %s in it", count == 1 ? "is" : "are");
}

void pw_decode_answer_alarm(const pw_decode_answer *a, pw_str *out)
{
	const pw_alarm *alarm = &a->alarm;
	pw_str_addf(out, "%zu %s wrong even by the best explanation, where %.2g are expected: %s",
		    alarm->wrong, alarm->wrong == 1 ? "pool is" : "pools are", alarm->expected,
		    alarm->cause != PW_MISHAP_NONE
			    ? pw_mishap_text(alarm->cause)
			    : "check the plate, the design and the order of the results");
}
