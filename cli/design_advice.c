/* `poolwell design advise`. */
#include <math.h>

#include "cli/design_args.h"
#include "cli/out.h"

static const char *const kinds[] = {"all",          "individual", "dorfman",
				    "hierarchical", "array",      "array-master",
				    "cube",         "design",     NULL};
static const char *const materials[] = {"kept", "once", "collected", NULL};

const pw_opt pw_design_advise_opts[] = {
	{.name = "scheme",
	 .kind = PW_OPT_CHOICE,
	 .arg = "KIND",
	 .help = "which schemes to look at",
	 .choices = kinds,
	 .fallback = "all"},
	{.name = "sizes",
	 .kind = PW_OPT_TEXT,
	 .arg = "FROM:TO",
	 .help = "people of a first pool, or the side of an array",
	 .fallback = "2:40"},
	{.name = "stages",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many rounds at most",
	 .min = 1,
	 .max = 5,
	 .fallback = "3"},
	{.name = "prevalence",
	 .kind = PW_OPT_PERCENT,
	 .arg = "P",
	 .help = "the probability that somebody is positive"},
	{.name = "priors",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "everybody's own: a person a line, or a column 'prior'"},
	PW_DESIGN_MODEL_OPTS("S[,S]", "; of pools and of people alone"),
	{.name = "max-pool",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "people a pool may hold",
	 .min = 1,
	 .max = 100000},
	{.name = "max-wells",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "pools that the first round of one array or design may have",
	 .min = 1,
	 .max = 100000},
	{.name = "min-sensitivity",
	 .kind = PW_OPT_PERCENT,
	 .arg = "PSE",
	 .help = "what a scheme must find at least",
	 .fallback = "0"},
	{.name = "material",
	 .kind = PW_OPT_CHOICE,
	 .arg = "WHAT",
	 .help = "what is left after a round: every tube, for one round only, or pooled swabs",
	 .choices = materials,
	 .fallback = "kept"},
	{.name = "round-time",
	 .kind = PW_OPT_DURATION,
	 .arg = "TIME",
	 .help = "how long a round takes, as 4h"},
	{.name = "turnaround",
	 .kind = PW_OPT_DURATION,
	 .arg = "TIME",
	 .help = "how long all rounds may take, as 12h"},
	PW_OPTS_END,
};

static void json_real(pw_json *json, const char *key, double value)
{
	pw_json_key(json, key);
	if (isfinite(value))
		pw_json_real(json, value);
	else
		pw_json_null(json);
}

static void json_text(pw_json *json, const char *key, const char *text)
{
	pw_json_key(json, key);
	pw_json_text(json, text);
}

static void json_int(pw_json *json, const char *key, size_t value)
{
	pw_json_key(json, key);
	pw_json_int(json, (int64_t)value);
}

static void json_option(pw_json *json, const pw_advice_option *o)
{
	json_text(json, "scheme", o->word);
	json_text(json, "size", o->size);
	json_text(json, "design", o->made);
	json_int(json, "people", o->people);
	json_int(json, "stages", o->stages);
	json_int(json, "largest_pool", o->largest_pool);
	json_real(json, "expected_tests", o->expected_tests);
	json_real(json, "tests_per_person", o->tests_per_person);
	json_real(json, "pipettings_per_person", o->pipettings_per_person);
	json_real(json, "pse", o->pse);
	json_real(json, "psp", o->psp);
	json_real(json, "pppv", o->pppv);
	json_real(json, "pnpv", o->pnpv);
}

static void show_json(pw_json *json, const pw_advice *advice)
{
	pw_json_begin_object(json);
	json_option(json, &advice->options[0]);
	json_real(json, "bound", advice->bound);
	json_int(json, "evaluated", advice->count);
	pw_json_key(json, "front");
	pw_json_begin_array(json);
	for (size_t i = 0; i < advice->count; i++) {
		if (!advice->options[i].on_front)
			continue;
		pw_json_begin_object(json);
		json_option(json, &advice->options[i]);
		pw_json_end_object(json);
	}
	pw_json_end_array(json);
	pw_json_key(json, "switches");
	pw_json_begin_array(json);
	for (size_t i = 0; i < advice->switch_count; i++) {
		const pw_advice_switch *s = &advice->switches[i];
		pw_json_begin_object(json);
		json_real(json, "from", s->from);
		json_real(json, "to", s->to);
		json_text(json, "scheme", s->word);
		json_text(json, "size", s->size);
		json_real(json, "tests_per_person_from", s->tests_from);
		json_real(json, "tests_per_person_to", s->tests_to);
		pw_json_end_object(json);
	}
	pw_json_end_array(json);
	pw_json_end_object(json);
}

static void show_front(pw_out *out, const pw_advice *advice)
{
	static const pw_column columns[] = {
		{.key = "scheme"},
		{.key = "size", .flags = PW_COL_WHOLE},
		{.key = "design", .flags = PW_COL_OPTIONAL},
		{.key = "people", .kind = PW_COL_INT},
		{.key = "rounds", .kind = PW_COL_INT},
		{.key = "largest_pool", .kind = PW_COL_INT},
		{.key = "tests_per_person", .kind = PW_COL_REAL, .decimals = 4},
		{.key = "pipettings_per_person", .kind = PW_COL_REAL, .decimals = 3},
		{.key = "pse", .title = "PSe", .kind = PW_COL_REAL, .decimals = 4},
		{.key = "psp", .title = "PSp", .kind = PW_COL_REAL, .decimals = 5},
		PW_COLUMNS_END,
	};
	pw_out_list(out, columns);
	for (size_t i = 0; i < advice->count; i++) {
		const pw_advice_option *o = &advice->options[i];
		if (!o->on_front)
			continue;
		pw_out_text(out, o->word);
		pw_out_text(out, o->size);
		pw_out_text(out, o->made);
		pw_out_int(out, (int64_t)o->people);
		pw_out_int(out, (int64_t)o->stages);
		pw_out_int(out, (int64_t)o->largest_pool);
		pw_out_real(out, o->tests_per_person);
		pw_out_real(out, o->pipettings_per_person);
		if (isfinite(o->pse))
			pw_out_real(out, o->pse);
		else
			pw_out_null(out);
		if (isfinite(o->psp))
			pw_out_real(out, o->psp);
		else
			pw_out_null(out);
	}
	pw_out_end(out, NULL, NULL);
}

static void show_switches(pw_out *out, const pw_advice *advice)
{
	static const pw_column columns[] = {
		{.key = "from_percent", .title = "from %", .kind = PW_COL_REAL, .decimals = 3},
		{.key = "to_percent", .title = "to %", .kind = PW_COL_REAL, .decimals = 3},
		{.key = "scheme"},
		{.key = "size", .flags = PW_COL_WHOLE},
		{.key = "tests_from", .kind = PW_COL_REAL, .decimals = 4},
		{.key = "tests_to", .kind = PW_COL_REAL, .decimals = 4},
		PW_COLUMNS_END,
	};
	if (advice->switch_count == 0)
		return;
	pw_out_puts(out, "\n");
	pw_out_heading(out, "as prevalence moves");
	pw_out_list(out, columns);
	for (size_t i = 0; i < advice->switch_count; i++) {
		const pw_advice_switch *s = &advice->switches[i];
		pw_out_real(out, 100.0 * s->from);
		pw_out_real(out, 100.0 * s->to);
		pw_out_text(out, s->word);
		pw_out_text(out, s->size);
		pw_out_real(out, s->tests_from);
		pw_out_real(out, s->tests_to);
	}
	pw_out_end(out, NULL, NULL);
}

static void show_table(pw_ctx *ctx, const pw_advice *advice)
{
	const pw_advice_option *best = &advice->options[0];
	pw_out *out = pw_ctx_out(ctx);
	pw_out_heading(out, "what nothing beats, fewest tests first");
	show_front(out, advice);
	show_switches(out, advice);
	if (isfinite(advice->bound))
		pw_ctx_say(ctx,
			   "best: %s %s, %.4f tests per person; no scheme does with less than %.4f",
			   best->word, best->size, best->tests_per_person, advice->bound);
	else
		pw_ctx_warn(ctx,
			    "the best is %s %s, but a test that is as often positive with and "
			    "without a positive tells nothing",
			    best->word, best->size);
}

static pw_status read_question(pw_ctx *ctx, pw_priors *priors, pw_advise_opts *o, pw_err *err)
{
	pw_test_model model;
	pw_status rc;
	PW_BUG_IF(!pw_advise_kinds_parse(pw_ctx_text(ctx, "scheme"), &o->kinds));
	if ((rc = pw_design_read_model(ctx, 2, &model, err)) != PW_OK)
		return rc;
	if ((rc = pw_range_parse(pw_ctx_text(ctx, "sizes"), &o->min_size, &o->max_size, err)) !=
	    PW_OK)
		return pw_fail_ctx(err, rc, "--sizes");
	if ((rc = pw_design_read_priors(ctx, priors, err)) != PW_OK)
		return rc;
	if (priors->count > 0 && pw_ctx_given(ctx, "prevalence"))
		return pw_fail(err, PW_ERR_ARG, "give --prevalence or --priors, not both");
	if (priors->count == 0 && !pw_ctx_given(ctx, "prevalence"))
		return pw_fail(err, PW_ERR_ARG, "give --prevalence, or --priors and a file");
	if (pw_ctx_given(ctx, "turnaround") != pw_ctx_given(ctx, "round-time"))
		return pw_fail(err, PW_ERR_ARG,
			       "give --round-time and --turnaround together: how many rounds fit "
			       "follows from both");
	o->se = model.se[0];
	o->sp = model.sp[0];
	o->se_alone = model.se[model.se_count - 1];
	o->sp_alone = model.sp[model.sp_count - 1];
	o->dilution = model.dilution;
	o->prior = priors->prior;
	o->people = priors->count;
	o->prevalence = priors->count > 0 ? 0.0 : pw_ctx_real(ctx, "prevalence");
	o->max_stages = (size_t)pw_ctx_int(ctx, "stages");
	o->max_pool = pw_ctx_given(ctx, "max-pool") ? (size_t)pw_ctx_int(ctx, "max-pool") : 0;
	o->max_wells = pw_ctx_given(ctx, "max-wells") ? (size_t)pw_ctx_int(ctx, "max-wells") : 0;
	o->min_pse = pw_ctx_real(ctx, "min-sensitivity");
	o->material = (pw_material)pw_ctx_choice(ctx, "material");
	o->round_time = pw_ctx_given(ctx, "round-time") ? pw_ctx_time(ctx, "round-time") : 0;
	o->turnaround = pw_ctx_given(ctx, "turnaround") ? pw_ctx_time(ctx, "turnaround") : 0;
	return PW_OK;
}

int pw_design_cmd_advise(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_priors priors = {.count = 0};
	pw_advise_opts opts = {.kinds = 0};
	pw_advice advice = {.count = 0};
	pw_status rc = read_question(ctx, &priors, &opts, &err);
	if (rc == PW_OK)
		rc = pw_advise(&opts, &advice, &err);
	if (rc == PW_OK && pw_out_get_format(pw_ctx_out(ctx)) == PW_OUT_JSON)
		show_json(pw_out_json(pw_ctx_out(ctx)), &advice);
	else if (rc == PW_OK)
		show_table(ctx, &advice);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_advice_clear(&advice);
	pw_priors_clear(&priors);
	return code;
}
