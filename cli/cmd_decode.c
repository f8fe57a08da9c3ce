/* `poolwell decode`: from the results of pools to the chance that each person is positive. */
#include "cli/decode_answer.h"
#include "cli/draw_opt.h"
#include "cli/out.h"

/* Sets of at least this part of the likeliest one's chance are shown when they cannot be told apart; so many
 * groups of them, and so many of each. */
#define LEAST_PART  0.05
#define MOST_GROUPS 4
#define MOST_ALIKE  8

/* ---- A table, or CSV ---- */

/* A table has those who are not negative, CSV everybody. */
static bool is_listed(const pw_decode_answer *a, bool all, size_t sample)
{
	return all || (pw_decode_answer_matters(a, sample) &&
		       pw_decode_answer_call(a, sample) != PW_PERSON_NEGATIVE);
}

static void show_people(pw_out *out, const pw_decode_answer *a)
{
	static const pw_column columns[] = {
		{.key = "sample", .kind = PW_COL_INT},
		{.key = "posterior", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "call", .flags = PW_COL_WHOLE},
		{.key = "reason", .flags = PW_COL_WRAP},
		PW_COLUMNS_END,
	};
	bool all = pw_out_get_format(out) == PW_OUT_CSV;
	pw_out_list(out, columns);
	for (size_t j = 0; j < a->decoded.samples; j++) {
		pw_str reason = PW_STR_INIT;
		if (!is_listed(a, all, j))
			continue;
		pw_decode_answer_reason(a, j, &reason);
		pw_out_int(out, (int64_t)j + 1);
		pw_out_real(out, a->decoded.posterior[j]);
		pw_out_text(out, pw_person_call_name(pw_decode_answer_call(a, j)));
		pw_out_text(out, pw_str_text(&reason));
		pw_str_clear(&reason);
	}
	pw_out_end(out, NULL, NULL);
}

static void show_pool(pw_out *out, const pw_decode_answer *a, size_t pool)
{
	pw_str text = PW_STR_INIT;
	pw_decode_answer_pool(a, pool, &text);
	pw_out_int(out, (int64_t)pool + 1);
	pw_out_text(out, pw_str_text(&text));
	pw_str_clear(&text);
}

/* What the likeliest set of positives makes of the pools that it does not fit. */
static void show_pools(pw_out *out, const pw_decode_answer *a)
{
	static const pw_column columns[] = {
		{.key = "pool", .kind = PW_COL_INT},
		{.key = "result", .flags = PW_COL_WRAP},
		PW_COLUMNS_END,
	};
	if (a->left_over_count + a->against_count == 0)
		return;
	pw_out_puts(out, "\n");
	pw_out_list(out, columns);
	for (size_t i = 0; i < a->left_over_count; i++)
		show_pool(out, a, a->left_over[i]);
	for (size_t i = 0; i < a->against_count; i++)
		show_pool(out, a, a->against[i]);
	pw_out_end(out, NULL, NULL);
}

static bool is_weighty(const pw_decoded *d, size_t set)
{
	return d->sets[set].posterior >= LEAST_PART * d->sets[0].posterior;
}

/* Of how many weighty sets this one is the first. */
static size_t group_size(const pw_decode_answer *a, size_t first)
{
	size_t count = 0;
	for (size_t s = first; a->alike[first] == first && s < a->decoded.set_count; s++)
		count += a->alike[s] == first && is_weighty(&a->decoded, s);
	return count;
}

static void show_group(pw_out *out, const pw_decode_answer *a, size_t first, int64_t number)
{
	for (size_t s = first, shown = 0; s < a->decoded.set_count && shown < MOST_ALIKE; s++) {
		const pw_decoded_set *set = &a->decoded.sets[s];
		pw_str samples = PW_STR_INIT;
		if (a->alike[s] != first || !is_weighty(&a->decoded, s))
			continue;
		for (size_t k = 0; k < set->count; k++)
			pw_str_addf(&samples, "%s%u", k > 0 ? " " : "", set->at[k] + 1);
		pw_out_int(out, number);
		pw_out_real(out, set->posterior);
		pw_out_text(out, pw_str_text(&samples));
		pw_str_clear(&samples);
		shown++;
	}
}

/* Sets that hit the same pools: whatever the results are, this design cannot tell which it is. */
static void show_alike(pw_out *out, const pw_decode_answer *a)
{
	static const pw_column columns[] = {
		{.key = "group", .kind = PW_COL_INT},
		{.key = "posterior", .kind = PW_COL_REAL, .decimals = 6},
		{.key = "samples", .flags = PW_COL_WRAP},
		PW_COLUMNS_END,
	};
	int64_t groups = 0;
	for (size_t s = 0; s < a->decoded.set_count && groups < MOST_GROUPS; s++) {
		if (group_size(a, s) < 2)
			continue;
		if (groups++ == 0) {
			pw_out_puts(out, "\nthese sets of positives hit the same pools: no result "
					 "tells those of a group apart\n");
			pw_out_list(out, columns);
		}
		show_group(out, a, s, groups);
	}
	if (groups > 0)
		pw_out_end(out, NULL, NULL);
}

static void show_answer(pw_out *out, const pw_decode_answer *a)
{
	if (pw_out_get_format(out) == PW_OUT_JSON) {
		pw_decode_answer_put(a, pw_out_json(out));
		return;
	}
	show_people(out, a);
	if (pw_out_get_format(out) == PW_OUT_CSV)
		return;
	show_pools(out, a);
	show_alike(out, a);
}

/* ---- Talk ---- */

static void talk(pw_ctx *ctx, const pw_decode_answer *a)
{
	const pw_decoded *d = &a->decoded;
	const char *about = d->method == PW_DECODE_LOADS ? "about " : "";
	pw_ctx_say(ctx, "of %zu people %zu positive, %zu undecided, %zu negative", d->samples,
		   a->positive, a->undecided, a->negative);
	pw_ctx_say(ctx, "%.4g positives expected; every posterior within %s%.2g (%s)",
		   d->expected_positives, about, d->bound, pw_decode_method_name(d->method));
	if (a->unread > 0)
		pw_ctx_warn(
			ctx,
			"%zu of the people are in no pool with a result: what is said of them is "
			"what was believed beforehand",
			a->unread);
	if (a->by_bound > 0)
		pw_ctx_warn(
			ctx,
			"%zu of the undecided are so only because of that bound, and not listed",
			a->by_bound);
	if (d->stopped)
		pw_ctx_warn(ctx, "the search was ended by the deadline: the bound says what it may "
				 "have missed, and --deadline gives it more time");
	if (a->alarm.raised) {
		pw_str alarm = PW_STR_INIT;
		pw_decode_answer_alarm(a, &alarm);
		pw_ctx_warn(ctx, "%s", pw_str_text(&alarm));
		pw_str_clear(&alarm);
	}
}

static int decode(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_decode_answer a = {.positive = 0};
	bool wanted;
	pw_canvas_format format;
	pw_status rc = pw_draw_opt_read(ctx, &wanted, &format, &err);
	if (rc == PW_OK)
		rc = pw_decode_answer_find(ctx, &a, &err);
	if (rc == PW_OK && wanted)
		rc = pw_decode_answer_draw(ctx, &a, format, &err);
	if (rc == PW_OK) {
		show_answer(pw_ctx_out(ctx), &a);
		talk(ctx, &a);
	}
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_decode_answer_clear(&a);
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
	PW_DRAW_OPTS("the picture"),
	PW_OPTS_END,
};

static const char *const decode_examples[] = {
	"poolwell decode --design rs48x384.txt --ct plate7.csv --prior 0.5% --json",
	"poolwell decode --design array8x12.txt --results '+--?----------!-+---' --prior 1% --se 95% "
	"--draw plate.png",
	NULL,
};

static const char *const plan_examples[] = {
	"poolwell decode plan --design iowa.txt --ct run1.csv --prior 5% --se 99% --confidence 99%",
	"poolwell decode plan --design array8x12.txt --results '+--+--------+------+' --prior 1% "
	"--out next.txt",
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
		 "The table has who is positive or undecided, with the reason; below it the pools that "
		 "the likeliest set of positives leaves unexplained or that are against it, and sets "
		 "that no result tells apart. --csv has everybody. --json has all of that and what the "
		 "results say at their word (comp, dd, scomp), the smallest explanation, the likeliest "
		 "sets, and an alarm when even the best explanation is poor, with what may have "
		 "happened to the plate. Samples and pools are numbered from 1.",
	 .examples = decode_examples,
	 .opts = decode_opts,
	 .flags = PW_CMD_LIST,
	 .run = decode},
	{.name = "decode plan",
	 .summary = "the next wells to run until all are decided, and what that will cost",
	 .details =
		 "Takes the same evidence. A well is one person's, or a new pool of several; who has "
		 "no aliquot left (--recollect) can only be swabbed again. The wells are numbered on "
		 "from the design's pools. Run them, take the design that --out writes, in which they "
		 "are pools, and add their results behind the others; plan again, until nobody is "
		 "undecided.",
	 .examples = plan_examples,
	 .opts = pw_decode_plan_opts,
	 .flags = PW_CMD_LIST,
	 .run = pw_decode_cmd_plan},
	PW_CMDS_END,
};
