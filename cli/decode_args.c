#include "cli/decode_args.h"

#include <math.h>
#include <string.h>

#include "cli/design_args.h"
#include "cli/file.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/pooling/results.h"

#define MAX_FILE ((size_t)64 * 1024 * 1024)

/* "A,B" as two numbers. */
static pw_status read_pair(pw_ctx *ctx, const char *name, double *out_a, double *out_b, pw_err *err)
{
	const char *text = pw_ctx_text(ctx, name), *comma = strchr(text, ',');
	char first[32];
	double a, b;
	if (comma == NULL || (size_t)(comma - text) >= sizeof(first))
		return pw_fail(err, PW_ERR_ARG, "--%s: '%s' is not two numbers parted by a comma",
			       name, text);
	memcpy(first, text, (size_t)(comma - text));
	first[comma - text] = '\0';
	if (!pw_parse_real(first, &a) || !pw_parse_real(comma + 1, &b))
		return pw_fail(err, PW_ERR_ARG, "--%s: '%s' is not two numbers parted by a comma",
			       name, text);
	*out_a = a;
	*out_b = b;
	return PW_OK;
}

/* ---- Results ---- */

static pw_status read_ct_file(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	const char *path = pw_ctx_text(ctx, "ct");
	pw_str bytes = PW_STR_INIT, text = PW_STR_INIT;
	pw_status rc;
	if ((rc = pw_ctx_read(ctx, path, MAX_FILE, &bytes, err)) != PW_OK)
		goto done;
	if ((rc = pw_text_decode(pw_str_text(&bytes), bytes.len, &text, NULL, err)) != PW_OK ||
	    (rc = pw_ct_parse(pw_str_text(&text), text.len, pw_design_pools(a->design), a->readings,
			      err)) != PW_OK)
		rc = pw_fail_ctx(err, rc, "%s", pw_file_name(path));
done:
	pw_str_clear(&text);
	pw_str_clear(&bytes);
	return rc;
}

/* Calls alone, Ct alone, or both: then the calls are of the pools without Ct. */
static pw_status read_results(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	size_t pools = pw_design_pools(a->design);
	const char *calls = pw_ctx_text(ctx, "results");
	pw_status rc;
	a->readings = pw_alloc_array(pools, sizeof(*a->readings));
	if (calls == NULL && !pw_ctx_given(ctx, "ct"))
		return pw_fail(err, PW_ERR_ARG, "give --results, or --ct and a file");
	if (pw_ctx_given(ctx, "ct") && (rc = read_ct_file(ctx, a, err)) != PW_OK)
		return rc;
	if (calls == NULL)
		return PW_OK;
	pw_pool_reading *called = pw_alloc_array(pools, sizeof(*called));
	rc = pw_results_parse(calls, strlen(calls), pools, called, err);
	for (size_t i = 0; rc == PW_OK && i < pools; i++)
		if (a->readings[i].wells == 0)
			a->readings[i] = called[i];
	pw_free(called);
	return rc == PW_OK ? PW_OK : pw_fail_ctx(err, rc, "--results");
}

/* ---- Priors ---- */

static pw_status read_households(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	size_t n = a->priors.count;
	double exposed, odds;
	pw_status rc;
	if (a->priors.household == NULL)
		return PW_OK;
	if ((rc = read_pair(ctx, "household", &exposed, &odds, err)) != PW_OK)
		return rc;
	uint32_t *members = pw_alloc_array(n, sizeof(*members));
	a->household_of = pw_alloc_array(n, sizeof(*a->household_of));
	a->households = pw_alloc_array(n, sizeof(*a->households));
	for (size_t j = 0; j < n; j++)
		members[a->priors.household[j]]++;
	for (size_t j = 0; j < n; j++) {
		uint32_t h = a->priors.household[j];
		a->household_of[j] = members[h] > 1 ? h : PW_NO_HOUSEHOLD;
		a->households[j] = (pw_household){exposed, odds};
	}
	pw_free(members);
	a->evidence.household_of = a->household_of;
	a->evidence.households = a->households;
	a->evidence.household_count = n;
	return PW_OK;
}

static pw_status read_priors(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	pw_status rc = pw_design_read_priors(ctx, &a->priors, err);
	if (rc != PW_OK)
		return rc;
	bool each = a->priors.count > 0;
	if (each == pw_ctx_given(ctx, "prior"))
		return pw_fail(err, PW_ERR_ARG,
			       each ? "give --prior or --priors, not both"
				    : "give --prior, or --priors and a file");
	if (each && a->priors.count != pw_design_samples(a->design))
		return pw_fail(err, PW_ERR_ARG,
			       "%s: %zu people, but the design has %zu samples: give a line each",
			       pw_file_name(pw_ctx_text(ctx, "priors")), a->priors.count,
			       pw_design_samples(a->design));
	a->evidence.prior = each ? 0 : pw_ctx_real(ctx, "prior");
	a->evidence.priors = a->priors.prior;
	return read_households(ctx, a, err);
}

/* ---- The model ---- */

static double diluted(size_t positives, size_t size, const void *ctx)
{
	const pw_decode_args *a = ctx;
	(void)positives;
	return a->se * pw_dilution_factor(&a->dilution, size);
}

static pw_status read_test(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	pw_pool_model *test = &a->evidence.test;
	pw_status rc = pw_dilution_parse(pw_ctx_text(ctx, "dilution"), &a->dilution, err);
	if (rc != PW_OK)
		return pw_fail_ctx(err, rc, "--dilution");
	*test = (pw_pool_model){.se = pw_ctx_real(ctx, "se"), .sp = pw_ctx_real(ctx, "sp")};
	test->extraction_failure = pw_ctx_real(ctx, "extraction-failure");
	a->se = test->se;
	if (a->dilution.kind == PW_DILUTION_RATE) {
		test->dilution = a->dilution.rate;
	} else if (a->dilution.kind != PW_DILUTION_NONE) {
		test->sensitivity = diluted;
		test->sensitivity_ctx = a;
	}
	return PW_OK;
}

typedef struct seen {
	size_t wells, most_wells; /* altogether; of one pool */
	double sum, squares;      /* of the Ct of wells, less what dilution adds */
	double earliest, latest;
} seen;

static seen look_at_ct(const pw_decode_args *a, bool undiluted)
{
	seen s = {.earliest = INFINITY, .latest = -INFINITY};
	for (size_t i = 0; i < pw_design_pools(a->design); i++) {
		const pw_pool_reading *r = &a->readings[i];
		double size = (double)pw_design_members(a->design, i).count;
		s.most_wells = r->wells > s.most_wells ? r->wells : s.most_wells;
		for (int w = 0; w < r->wells; w++) {
			if (!r->well[w].amplified)
				continue;
			double ct = r->well[w].ct - (undiluted ? 0 : log2(size));
			s.wells++;
			s.sum += ct;
			s.squares += ct * ct;
			s.earliest = fmin(s.earliest, r->well[w].ct);
			s.latest = fmax(s.latest, r->well[w].ct);
		}
	}
	return s;
}

/* Later Ct are no Ct, also for whoever asks only whether a pool is positive. */
static void cut_off(pw_decode_args *a, double cutoff)
{
	for (size_t i = 0; i < pw_design_pools(a->design); i++) {
		pw_pool_reading *r = &a->readings[i];
		bool amplified = false;
		for (int w = 0; w < r->wells; w++) {
			if (r->well[w].amplified && r->well[w].ct > cutoff)
				r->well[w] = (pw_ct_well){.amplified = false};
			amplified = amplified || r->well[w].amplified;
		}
		if (r->wells > 0 && r->call != PW_POOL_MISSING)
			r->call = amplified ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	}
}

/*
 * What is not given comes from the Ct themselves. Positive samples are about as strong as the pools less what
 * dilution takes, a little weaker because pools add up, and may vary by two cycles more.
 */
static pw_status read_ct_model(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	pw_ct_model *ct = &a->evidence.ct;
	bool undiluted = pw_ctx_flag(ctx, "undiluted");
	seen s = look_at_ct(a, undiluted);
	double sd = pw_ctx_real(ctx, "noise");
	if (!(sd >= 0 && sd <= 10))
		return pw_fail(err, PW_ERR_ARG,
			       "--noise: %g is no spread of Ct: give 0 to 10 cycles", sd);
	*ct = (pw_ct_model)PW_CT_MODEL_INIT;
	ct->diluted = !undiluted;
	ct->noise = s.most_wells > 1 ? sd / sqrt(2) : sd;
	ct->well_noise = s.most_wells > 1 ? sd / sqrt(2) : 0;
	if (s.wells > 0) {
		double mean = s.sum / (double)s.wells;
		double variance = fmax(s.squares / (double)s.wells - mean * mean, 0);
		ct->earliest = fmax(fmin(ct->earliest, s.earliest - 1), 0);
		ct->cutoff = fmax(ct->cutoff, s.latest);
		ct->load_a = mean + 1;
		ct->load_b = sqrt(variance + 4);
	}
	if (pw_ctx_given(ctx, "cutoff")) {
		ct->cutoff = pw_ctx_real(ctx, "cutoff");
		if (!(ct->cutoff > ct->earliest && ct->cutoff <= 100))
			return pw_fail(
				err, PW_ERR_ARG,
				"--cutoff: %g is no limit for Ct: give more than %g and up to 100",
				ct->cutoff, ct->earliest);
		cut_off(a, ct->cutoff);
	}
	if (pw_ctx_given(ctx, "loads"))
		return read_pair(ctx, "loads", &ct->load_a, &ct->load_b, err);
	return PW_OK;
}

/* ---- The whole ---- */

static bool expired(void *ctx)
{
	const pw_decode_args *a = ctx;
	return pw_clock_now(&a->clock) >= a->end;
}

static pw_status read_opts(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	a->opts = (pw_decode_opts)PW_DECODE_OPTS_INIT;
	a->opts.max_positives = (size_t)pw_ctx_int(ctx, "max-positives");
	a->opts.epsilon = pw_ctx_real(ctx, "epsilon");
	a->confidence = pw_ctx_real(ctx, "confidence");
	a->clock = pw_ctx_clock(ctx);
	a->end = pw_clock_now(&a->clock) + pw_ctx_time(ctx, "deadline");
	a->opts.expired = expired;
	a->opts.ctx = a;
	a->opts.effort = UINT64_MAX;
	if (!(a->confidence > 0.5 && a->confidence < 1))
		return pw_fail(
			err, PW_ERR_ARG,
			"--confidence: nobody can be decided with %g: give more than 50%% and "
			"less than 100%%",
			a->confidence);
	return PW_OK;
}

pw_status pw_decode_args_read(pw_ctx *ctx, pw_decode_args *a, pw_err *err)
{
	pw_status rc;
	*a = (pw_decode_args){.design = NULL};
	if ((rc = pw_design_read_file(ctx, pw_ctx_text(ctx, "design"), &a->design, err)) != PW_OK)
		return rc;
	a->evidence.design = a->design;
	if ((rc = read_results(ctx, a, err)) != PW_OK || (rc = read_priors(ctx, a, err)) != PW_OK ||
	    (rc = read_test(ctx, a, err)) != PW_OK || (rc = read_ct_model(ctx, a, err)) != PW_OK)
		return rc;
	a->evidence.readings = a->readings;
	return read_opts(ctx, a, err);
}

void pw_decode_args_clear(pw_decode_args *a)
{
	pw_free(a->readings);
	pw_free(a->household_of);
	pw_free(a->households);
	pw_priors_clear(&a->priors);
	pw_design_free(a->design);
	*a = (pw_decode_args){.design = NULL};
}
