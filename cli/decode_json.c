/* The answer of `poolwell decode` as JSON, which other programs rely on: keys may be added, never changed. */
#include <math.h>

#include "cli/decode_answer.h"

/* What is shown of the distribution of the number of positives ends below this. */
#define LEAST_COUNT 1e-12

static void put_array(pw_json *json, const uint32_t *at, size_t count)
{
	pw_json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		pw_json_int(json, (int64_t)at[i] + 1);
	pw_json_end_array(json);
}

static void put_numbers(pw_json *json, const char *key, const uint32_t *at, size_t count)
{
	pw_json_key(json, key);
	put_array(json, at, count);
}

static void put_reals(pw_json *json, const char *key, const double *at, size_t count)
{
	pw_json_key(json, key);
	pw_json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		pw_json_real(json, at[i]);
	pw_json_end_array(json);
}

/* What is beyond all numbers is null. */
static void put_real(pw_json *json, const char *key, double value)
{
	pw_json_key(json, key);
	if (isfinite(value))
		pw_json_real(json, value);
	else
		pw_json_null(json);
}

static void put_text(pw_json *json, const char *key, const char *text)
{
	pw_json_key(json, key);
	pw_json_text(json, text);
}

static void put_bool(pw_json *json, const char *key, bool value)
{
	pw_json_key(json, key);
	pw_json_bool(json, value);
}

static void put_int(pw_json *json, const char *key, size_t value)
{
	pw_json_key(json, key);
	pw_json_int(json, (int64_t)value);
}

static const char *call_name(const pw_decode_answer *a, size_t sample)
{
	return pw_person_call_name(pw_decode_answer_call(a, sample));
}

static void put_calls(pw_json *json, const pw_decode_answer *a)
{
	pw_json_key(json, "calls");
	pw_json_begin_array(json);
	for (size_t j = 0; j < a->decoded.samples; j++)
		pw_json_text(json, call_name(a, j));
	pw_json_end_array(json);
}

static void put_explanations(pw_json *json, const pw_decode_answer *a)
{
	pw_json_key(json, "explanations");
	pw_json_begin_array(json);
	for (size_t j = 0; j < a->decoded.samples; j++) {
		pw_str reason = PW_STR_INIT;
		if (!pw_decode_answer_matters(a, j))
			continue;
		pw_decode_answer_reason(a, j, &reason);
		pw_json_begin_object(json);
		put_int(json, "sample", j + 1);
		put_real(json, "posterior", a->decoded.posterior[j]);
		put_text(json, "call", call_name(a, j));
		put_text(json, "reason", pw_str_text(&reason));
		pw_json_end_object(json);
		pw_str_clear(&reason);
	}
	pw_json_end_array(json);
}

/* `alike` is the number, from 1, of the first set that no result could tell this one from. */
static void put_sets(pw_json *json, const pw_decode_answer *a)
{
	pw_json_key(json, "sets");
	pw_json_begin_array(json);
	for (size_t s = 0; s < a->decoded.set_count; s++) {
		const pw_decoded_set *set = &a->decoded.sets[s];
		pw_json_begin_object(json);
		put_numbers(json, "samples", set->at, set->count);
		put_real(json, "posterior", set->posterior);
		put_int(json, "alike", (size_t)a->alike[s] + 1);
		pw_json_end_object(json);
	}
	pw_json_end_array(json);
}

/* The groups of people whom no result tells apart, of which somebody matters. */
static void put_twins(pw_json *json, const pw_decode_answer *a)
{
	pw_json_key(json, "cannot_be_told_apart");
	pw_json_begin_array(json);
	for (uint32_t j = 0; j < a->decoded.samples; j++) {
		bool matters = false;
		if (a->twin[j] != j || a->next_twin[j] == PW_NO_TWIN)
			continue;
		for (uint32_t k = j; k != PW_NO_TWIN && !matters; k = a->next_twin[k])
			matters = pw_decode_answer_matters(a, k);
		if (!matters)
			continue;
		pw_json_begin_array(json);
		for (uint32_t k = j; k != PW_NO_TWIN; k = a->next_twin[k])
			pw_json_int(json, (int64_t)k + 1);
		pw_json_end_array(json);
	}
	pw_json_end_array(json);
}

static void put_smallest(pw_json *json, const pw_decode_answer *a)
{
	const pw_smallest *s = &a->smallest;
	pw_json_key(json, "smallest");
	pw_json_begin_object(json);
	put_numbers(json, "samples", s->set.at, s->set.count);
	put_numbers(json, "unexplained_pools", s->unexplained, s->unexplained_count);
	put_numbers(json, "pools_against", s->against, s->against_count);
	put_bool(json, "proved", s->proved);
	put_bool(json, "unique", s->unique);
	pw_json_end_object(json);
}

static void put_alarm(pw_json *json, const pw_decode_answer *a)
{
	const pw_alarm *m = &a->alarm;
	pw_json_key(json, "alarm");
	pw_json_begin_object(json);
	put_bool(json, "raised", m->raised);
	put_int(json, "wrong_pools", m->wrong);
	put_real(json, "expected_wrong_pools", m->expected);
	put_real(json, "chance", m->chance);
	put_text(json, "cause", pw_mishap_text(m->cause));
	put_real(json, "log_factor", m->factor);
	pw_json_end_object(json);
}

static void put_posterior(pw_json *json, const pw_decoded *d)
{
	size_t counts = d->counts;
	while (counts > 1 && d->count[counts - 1] < LEAST_COUNT)
		counts--;
	put_reals(json, "posterior", d->posterior, d->samples);
	put_real(json, "logz", d->logz);
	put_real(json, "bound", d->bound);
	put_bool(json, "bound_proved", d->method != PW_DECODE_LOADS);
	put_text(json, "method", pw_decode_method_name(d->method));
	put_bool(json, "stopped", d->stopped);
	put_real(json, "expected_positives", d->expected_positives);
	put_reals(json, "count_posterior", d->count, counts);
}

void pw_decode_answer_put(const pw_decode_answer *a, pw_json *json)
{
	pw_json_begin_object(json);
	put_posterior(json, &a->decoded);
	put_calls(json, a);
	put_explanations(json, a);
	put_sets(json, a);
	put_twins(json, a);
	put_numbers(json, "unexplained_pools", a->left_over, a->left_over_count);
	put_numbers(json, "pools_against", a->against, a->against_count);
	put_smallest(json, a);
	put_numbers(json, "comp", a->by_word.comp.at, a->by_word.comp.count);
	put_numbers(json, "dd", a->by_word.dd.at, a->by_word.dd.count);
	put_numbers(json, "scomp", a->by_word.scomp.at, a->by_word.scomp.count);
	put_alarm(json, a);
	pw_json_end_object(json);
}
