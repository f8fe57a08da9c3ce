/* `poolwell pool decode` and `pool next`. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "cli/pool_cmds.h"

/* ---------------------------------------------------------------- decode */

static void show_outcome(pw_ctx *ctx, const pw_batch_outcome *o)
{
	static const pw_column columns[] = {
		{.key = "batch", .kind = PW_COL_INT},
		{.key = "changed", .kind = PW_COL_BOOL},
		{.key = "held", .kind = PW_COL_BOOL},
		{.key = "waiting", .title = "tubes waiting", .kind = PW_COL_INT},
		{.key = "negative", .kind = PW_COL_INT},
		{.key = "positive", .kind = PW_COL_INT},
		{.key = "given_up", .kind = PW_COL_INT},
		{.key = "undecided", .kind = PW_COL_INT},
		{.key = "contradicted", .kind = PW_COL_INT},
		{.key = "people_decided", .kind = PW_COL_INT},
		{.key = "people_recalled", .kind = PW_COL_INT},
		{.key = "method"},
		{.key = "bound", .kind = PW_COL_REAL},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_int(out, o->batch);
	pw_out_bool(out, o->changed);
	pw_out_bool(out, o->held);
	pw_out_int(out, o->waiting);
	pw_out_int(out, o->negative);
	pw_out_int(out, o->positive);
	pw_out_int(out, o->given_up);
	pw_out_int(out, o->undecided);
	pw_out_int(out, o->contradicted);
	pw_out_int(out, o->decided);
	pw_out_int(out, o->recalled);
	pw_out_text(out, o->method);
	pw_out_real(out, o->bound);
	pw_out_end(out, NULL, NULL);
}

int pw_pool_cmd_decode(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	const pw_decode_ask ask = {.now = pw_ctx_flag(ctx, "now"),
				   .accept = pw_ctx_flag(ctx, "accept")};
	pw_batch_outcome o;
	int64_t batch = 0;
	pw_status rc = pw_pool_batch_arg(ctx, 0, &batch, &err);
	if (rc == PW_OK)
		rc = pw_lab_decode_batch(pw_ctx_lab(ctx), batch, &ask, &o, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	show_outcome(ctx, &o);
	if (o.held)
		pw_ctx_warn(ctx, "the readings make no sense: %s; nobody was decided", o.alarm);
	else if (!o.changed)
		pw_ctx_say(ctx, "nothing new is known of batch %" PRId64, batch);
	if (o.contradicted > 0)
		pw_ctx_warn(ctx,
			    "%d negative tubes are so no more, and their people have their answer: "
			    "'poolwell pool tubes %" PRId64 "' names them",
			    o.contradicted, batch);
	return o.held ? PW_EXIT_FOUND : PW_EXIT_DONE;
}

const pw_opt pw_pool_decode_opts[] = {
	{.name = "now", .kind = PW_OPT_FLAG, .help = "do not wait for pools that have no reading"},
	{.name = "accept",
	 .kind = PW_OPT_FLAG,
	 .help = "the readings are right, whatever the plate alarm says (needs --reason)"},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- next */

static const pw_column next_columns[] = {
	{.key = "batch", .kind = PW_COL_INT},
	{.key = "kind"},
	{.key = "code", .flags = PW_COL_WHOLE | PW_COL_OPTIONAL},
	{.key = "tubes", .flags = PW_COL_OPTIONAL},
	{.key = "why"},
	PW_COLUMNS_END,
};

static void show_wells(pw_ctx *ctx, const pw_next_plan *plan)
{
	pw_out *out = pw_ctx_out(ctx);
	for (size_t i = 0; i < plan->count; i++) {
		const pw_next_well *w = &plan->wells[i];
		const char *tubes = NULL;
		for (size_t k = 0; k < w->tube_count; k++)
			tubes = pw_arena_printf(pw_ctx_arena(ctx), "%s%s%s",
						tubes != NULL ? tubes : "",
						tubes != NULL ? " " : "", w->tubes[k]);
		pw_out_int(out, plan->batch);
		pw_out_text(out, pw_next_kind_name(w->kind));
		pw_out_text(out, w->code[0] != '\0' ? w->code : NULL);
		pw_out_text(out, tubes);
		pw_out_text(out, w->why);
	}
}

static void say_plan(pw_ctx *ctx, const pw_next_plan *plan)
{
	size_t of[4] = {0};
	for (size_t i = 0; i < plan->count; i++)
		of[plan->wells[i].kind]++;
	pw_ctx_say(ctx,
		   "batch %" PRId64 ", by %s: %zu alone, %zu pools again, %zu new pools, %zu tubes "
		   "collected again",
		   plan->batch, pw_pool_next_name(plan->prefer), of[PW_NEXT_SINGLE],
		   of[PW_NEXT_REPEAT], of[PW_NEXT_NEW_POOL], of[PW_NEXT_RECOLLECT]);
	if (!isnan(plan->expected_tests) && plan->expected_tests > 0)
		pw_ctx_say(ctx, "to the end about %.1f tests in %.1f rounds", plan->expected_tests,
			   plan->expected_rounds);
}

static pw_status next_of(pw_ctx *ctx, int64_t batch, pw_err *err)
{
	pw_next_opts opts = {.max_pool = (uint32_t)pw_ctx_int(ctx, "max-pool"),
			     .only_look = pw_ctx_flag(ctx, "dry-run")};
	pw_next_plan plan;
	opts.has_prefer = pw_ctx_given(ctx, "prefer");
	if (opts.has_prefer)
		PW_BUG_IF(!pw_pool_next_parse(pw_ctx_text(ctx, "prefer"), &opts.prefer));
	pw_status rc =
		pw_lab_next_wells(pw_ctx_lab(ctx), pw_ctx_arena(ctx), batch, &opts, &plan, err);
	if (rc == PW_OK) {
		show_wells(ctx, &plan);
		say_plan(ctx, &plan);
	}
	return rc;
}

/* Every batch of which some tube wants a well; one that is held is said and passed over, so that the others go on. */
static pw_status next_of_all(pw_ctx *ctx, pw_err *err)
{
	pw_batches_row *rows;
	size_t count;
	pw_status rc = pw_q_batches(pw_ctx_store(ctx), pw_ctx_arena(ctx), 0, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (strcmp(rows[i].state, "held") == 0)
			pw_ctx_warn(ctx,
				    "batch %" PRId64
				    " is held, as its readings make no sense: void "
				    "it, or accept them with 'poolwell pool decode %" PRId64
				    " --accept'",
				    rows[i].batch, rows[i].batch);
		else if (rows[i].undecided > 0)
			rc = next_of(ctx, rows[i].batch, err);
	}
	return rc;
}

int pw_pool_cmd_next(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = PW_OK;
	int64_t batch = 0;
	pw_out_list(pw_ctx_out(ctx), next_columns);
	if (pw_ctx_args(ctx) == 0)
		rc = next_of_all(ctx, &err);
	for (int i = 0; rc == PW_OK && i < pw_ctx_args(ctx); i++) {
		rc = pw_pool_batch_arg(ctx, i, &batch, &err);
		if (rc == PW_OK)
			rc = next_of(ctx, batch, &err);
	}
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out_end(pw_ctx_out(ctx), "well", "wells");
	return PW_EXIT_DONE;
}

static const char *const prefer_words[] = {"rounds", "tests", "recollect", NULL};
const pw_opt pw_pool_next_opts[] = {
	{.name = "prefer",
	 .kind = PW_OPT_CHOICE,
	 .arg = "WHAT",
	 .help = "fewest rounds, fewest tests, or new swabs; if not given, by the policy",
	 .choices = prefer_words},
	{.name = "max-pool",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "tubes in a new pool, below the policy's limit",
	 .min = 2,
	 .max = 1000},
	{.name = "dry-run", .kind = PW_OPT_FLAG, .help = "show the wells and record nothing"},
	PW_OPTS_END,
};
