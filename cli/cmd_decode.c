/* `poolwell decode`: from the results of pools to the chance that each person is positive. */
#include <math.h>

#include "cli/decode_args.h"
#include "cli/out.h"
#include "core/base/mem.h"
#include "core/pooling/alarm.h"
#include "core/pooling/explain.h"

/* A result with as few wrong pools comes by chance once in a thousand. */
#define ALARM_LEVEL 0.001

/* What is shown of the distribution of the number of positives ends below this. */
#define LEAST_COUNT 1e-12

/* Who has at least this chance is shown with a reason. */
#define LEAST_SHOWN 0.001

typedef struct answer {
	pw_decode_args args;
	pw_decoded decoded;
	pw_by_word by_word;
	pw_smallest smallest;
	pw_alarm alarm;
	uint32_t *twin;  /* by sample */
	uint32_t *alike; /* by set */
} answer;

static pw_status find_answer(pw_ctx *ctx, answer *a, pw_err *err)
{
	pw_decode_args *args = &a->args;
	pw_status rc;
	if ((rc = pw_decode_args_read(ctx, args, err)) != PW_OK)
		return rc;
	args->opts.sets = (size_t)pw_ctx_int(ctx, "sets");
	if ((rc = pw_decode(&args->evidence, &args->opts, &a->decoded, err)) != PW_OK)
		return rc;
	if (a->decoded.set_count > 0 &&
	    (rc = pw_alarm_check(&args->evidence, &a->decoded, &args->opts, ALARM_LEVEL, &a->alarm,
				 err)) != PW_OK)
		return rc;
	pw_by_word_find(args->design, args->readings, &a->by_word);
	pw_smallest_find(args->design, args->readings, UINT64_C(1) << 22, &a->smallest);
	a->twin = pw_alloc_array(a->decoded.samples, sizeof(*a->twin));
	a->alike = pw_alloc_array(a->decoded.set_count + 1, sizeof(*a->alike));
	pw_explain_twins(args->design, args->readings, a->twin);
	pw_explain_alike(args->design, &a->decoded, a->alike);
	return PW_OK;
}

static void clear_answer(answer *a)
{
	pw_decoded_clear(&a->decoded);
	pw_by_word_clear(&a->by_word);
	pw_smallest_clear(&a->smallest);
	pw_free(a->twin);
	pw_free(a->alike);
	pw_decode_args_clear(&a->args);
}

static pw_person_call call_of(const answer *a, size_t sample)
{
	return pw_decoded_call(&a->decoded, sample, a->args.confidence);
}

/* Whoever is not plainly negative. */
static bool is_shown(const answer *a, size_t sample)
{
	return call_of(a, sample) != PW_PERSON_NEGATIVE ||
	       a->decoded.posterior[sample] >= LEAST_SHOWN;
}

static void reason_of(const answer *a, size_t sample, pw_str *out)
{
	pw_explain_person(a->args.design, a->args.readings, &a->by_word, sample, out);
	for (size_t j = 0; j < a->decoded.samples; j++)
		if (j != sample && a->twin[j] == a->twin[sample])
			pw_str_addf(out, "; cannot be told apart from sample %zu", j + 1);
}

/* ---- JSON ---- */

static void put_numbers(pw_json *json, const char *key, const uint32_t *at, size_t count)
{
	pw_json_key(json, key);
	pw_json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		pw_json_int(json, (int64_t)at[i] + 1);
	pw_json_end_array(json);
}

static void put_reals(pw_json *json, const char *key, const double *at, size_t count)
{
	pw_json_key(json, key);
	pw_json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		pw_json_real(json, at[i]);
	pw_json_end_array(json);
}

static void put_real(pw_json *json, const char *key, double value)
{
	pw_json_key(json, key);
	pw_json_real(json, value);
}

static void put_calls(pw_json *json, const answer *a)
{
	pw_json_key(json, "calls");
	pw_json_begin_array(json);
	for (size_t j = 0; j < a->decoded.samples; j++)
		pw_json_text(json, pw_person_call_name(call_of(a, j)));
	pw_json_end_array(json);
}

static void put_explanations(pw_json *json, const answer *a)
{
	pw_json_key(json, "explanations");
	pw_json_begin_array(json);
	for (size_t j = 0; j < a->decoded.samples; j++) {
		pw_str reason = PW_STR_INIT;
		if (!is_shown(a, j))
			continue;
		reason_of(a, j, &reason);
		pw_json_begin_object(json);
		pw_json_key(json, "sample");
		pw_json_int(json, (int64_t)j + 1);
		put_real(json, "posterior", a->decoded.posterior[j]);
		pw_json_key(json, "call");
		pw_json_text(json, pw_person_call_name(call_of(a, j)));
		pw_json_key(json, "reason");
		pw_json_text(json, pw_str_text(&reason));
		pw_json_end_object(json);
		pw_str_clear(&reason);
	}
	pw_json_end_array(json);
}

/* `alike` is the number, from 1, of the first set that no result could tell this one from. */
static void put_sets(pw_json *json, const answer *a)
{
	pw_json_key(json, "sets");
	pw_json_begin_array(json);
	for (size_t s = 0; s < a->decoded.set_count; s++) {
		const pw_decoded_set *set = &a->decoded.sets[s];
		pw_json_begin_object(json);
		put_numbers(json, "samples", set->at, set->count);
		put_real(json, "posterior", set->posterior);
		pw_json_key(json, "alike");
		pw_json_int(json, (int64_t)a->alike[s] + 1);
		pw_json_end_object(json);
	}
	pw_json_end_array(json);
}

static void put_smallest(pw_json *json, const answer *a)
{
	const pw_smallest *s = &a->smallest;
	pw_json_key(json, "smallest");
	pw_json_begin_object(json);
	put_numbers(json, "samples", s->set.at, s->set.count);
	put_numbers(json, "unexplained_pools", s->unexplained, s->unexplained_count);
	put_numbers(json, "pools_against", s->against, s->against_count);
	pw_json_key(json, "proved");
	pw_json_bool(json, s->proved);
	pw_json_key(json, "unique");
	pw_json_bool(json, s->unique);
	pw_json_end_object(json);
}

static void put_alarm(pw_json *json, const answer *a)
{
	const pw_alarm *m = &a->alarm;
	pw_json_key(json, "alarm");
	pw_json_begin_object(json);
	pw_json_key(json, "raised");
	pw_json_bool(json, m->raised);
	pw_json_key(json, "wrong_pools");
	pw_json_int(json, (int64_t)m->wrong);
	put_real(json, "expected_wrong_pools", m->expected);
	put_real(json, "chance", m->chance);
	pw_json_key(json, "cause");
	pw_json_text(json, pw_mishap_text(m->cause));
	put_real(json, "log_factor", m->factor);
	pw_json_end_object(json);
}

static void put_answer(pw_ctx *ctx, const answer *a)
{
	const pw_decoded *d = &a->decoded;
	pw_json *json = pw_out_json(pw_ctx_out(ctx));
	size_t counts = d->counts;
	while (counts > 1 && d->count[counts - 1] < LEAST_COUNT)
		counts--;
	pw_json_begin_object(json);
	put_reals(json, "posterior", d->posterior, d->samples);
	put_real(json, "logz", d->logz);
	put_real(json, "bound", d->bound);
	pw_json_key(json, "bound_proved");
	pw_json_bool(json, d->method != PW_DECODE_LOADS);
	pw_json_key(json, "method");
	pw_json_text(json, pw_decode_method_name(d->method));
	pw_json_key(json, "stopped");
	pw_json_bool(json, d->stopped);
	put_real(json, "beyond_limit", d->beyond_limit);
	put_real(json, "expected_positives", d->expected_positives);
	put_reals(json, "count_posterior", d->count, counts);
	put_calls(json, a);
	put_explanations(json, a);
	put_sets(json, a);
	put_smallest(json, a);
	put_numbers(json, "comp", a->by_word.comp.at, a->by_word.comp.count);
	put_numbers(json, "dd", a->by_word.dd.at, a->by_word.dd.count);
	put_numbers(json, "scomp", a->by_word.scomp.at, a->by_word.scomp.count);
	put_alarm(json, a);
	pw_json_end_object(json);
}

/* ---- A table ---- */

static void show_answer(pw_ctx *ctx, const answer *a)
{
	static const pw_column columns[] = {
		{.key = "sample", .kind = PW_COL_INT},
		{.key = "posterior", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "call"},
		{.key = "reason"},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t j = 0; j < a->decoded.samples; j++) {
		pw_str reason = PW_STR_INIT;
		if (!is_shown(a, j))
			continue;
		reason_of(a, j, &reason);
		pw_out_int(out, (int64_t)j + 1);
		pw_out_real(out, a->decoded.posterior[j]);
		pw_out_text(out, pw_person_call_name(call_of(a, j)));
		pw_out_text(out, pw_str_text(&reason));
		pw_str_clear(&reason);
	}
	pw_out_end(out, "person who may be positive", "people who may be positive");
}

static void talk(pw_ctx *ctx, const answer *a)
{
	const pw_decoded *d = &a->decoded;
	const char *proved = d->method == PW_DECODE_LOADS ? "about " : "";
	pw_ctx_say(ctx, "%.4g positives expected; every posterior within %s%.2g (%s)",
		   d->expected_positives, proved, d->bound, pw_decode_method_name(d->method));
	if (d->stopped)
		pw_ctx_warn(ctx, "the search was ended by the deadline: the bound says what it may "
				 "have missed");
	if (a->alarm.raised)
		pw_ctx_warn(ctx,
			    "%zu pools are wrong even by the best explanation, where %.2g are "
			    "expected: %s",
			    a->alarm.wrong, a->alarm.expected,
			    a->alarm.cause != PW_MISHAP_NONE
				    ? pw_mishap_text(a->alarm.cause)
				    : "check the plate, the design and the order of the results");
}

static int decode(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	answer a = {.twin = NULL};
	pw_status rc = find_answer(ctx, &a, &err);
	if (rc == PW_OK) {
		if (pw_out_get_format(pw_ctx_out(ctx)) == PW_OUT_JSON)
			put_answer(ctx, &a);
		else
			show_answer(ctx, &a);
		talk(ctx, &a);
	}
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	clear_answer(&a);
	return code;
}

static const pw_opt decode_opts[] = {
	PW_DECODE_EVIDENCE_OPTS,
	{.name = "sets",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many of the likeliest sets of positives to give",
	 .fallback = "16",
	 .min = 1,
	 .max = 10000},
	PW_OPTS_END,
};

static const char *const decode_examples[] = {
	"poolwell decode --design rs48x384.txt --ct plate7.csv --prior 0.5% --json",
	"poolwell decode --design array8x12.txt --results '+--?----------!-+---' --prior 1% --se 95%",
	NULL,
};

static const char *const plan_examples[] = {
	"poolwell decode plan --design iowa.txt --ct run1.csv --prior 5% --se 99% --confidence 99%",
	NULL,
};

const pw_cmd pw_cmds_decode[] = {
	{.name = "decode",
	 .summary = "the chance that each person is positive, from the results of pools",
	 .details =
		 "Gives everybody's posterior under one model: a prior each, pools that miss and pools "
		 "that react to nothing, dilution, missing and grey wells, and loads where Ct were "
		 "read. It is exact where that is tractable; elsewhere the sets of positives are "
		 "searched and what is left out is bounded. The bound is the largest error that any "
		 "posterior may have; with Ct it is an estimate, and bound_proved says so.\n"
		 "\n"
		 "Samples and pools are numbered from 1. Beside the posterior stand what the results "
		 "say at their word (comp, dd, scomp), the smallest explanation, the likeliest sets and "
		 "which of them no result could tell apart, and an alarm when even the best "
		 "explanation is poor, with what may have happened to the plate.",
	 .examples = decode_examples,
	 .opts = decode_opts,
	 .flags = PW_CMD_JSON,
	 .run = decode},
	{.name = "decode plan",
	 .summary = "the next wells to run until everybody is decided, and what that will cost",
	 .details =
		 "Takes the same evidence. A well is one person's, or a new pool of several; who has "
		 "no aliquot left (--recollect) can only be swabbed again. Run the wells, add each to "
		 "the design as one more pool, and its result to the results; plan again, until "
		 "nobody is undecided.",
	 .examples = plan_examples,
	 .opts = pw_decode_plan_opts,
	 .flags = PW_CMD_JSON,
	 .run = pw_decode_cmd_plan},
	PW_CMDS_END,
};
