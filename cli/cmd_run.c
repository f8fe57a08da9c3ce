/* `poolwell run …`: an instrument's files become calls. */
#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

#define MAX_RUN ((size_t)64 * 1024 * 1024)

static void show_outcome(pw_ctx *ctx, const pw_run_outcome *o)
{
	static const pw_column columns[] = {
		{.key = "run", .kind = PW_COL_INT},
		{.key = "plate", .flags = PW_COL_WHOLE},
		{.key = "known", .kind = PW_COL_BOOL},
		{.key = "readings", .kind = PW_COL_INT},
		{.key = "controls", .kind = PW_COL_INT},
		{.key = "controls_failed", .kind = PW_COL_INT},
		{.key = "tests", .kind = PW_COL_INT},
		{.key = "positive", .kind = PW_COL_INT},
		{.key = "negative", .kind = PW_COL_INT},
		{.key = "inconclusive", .kind = PW_COL_INT},
		{.key = "invalid", .kind = PW_COL_INT},
		{.key = "held", .kind = PW_COL_INT},
		{.key = "tubes_to_retest", .kind = PW_COL_INT},
		{.key = "people_decided", .kind = PW_COL_INT},
		{.key = "people_recalled", .kind = PW_COL_INT},
		{.key = "pools", .kind = PW_COL_INT},
		{.key = "tubes_decoded", .kind = PW_COL_INT},
		{.key = "tubes_undecided", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_int(out, o->run);
	pw_out_text(out, o->plate);
	pw_out_bool(out, o->known);
	pw_out_int(out, o->readings);
	pw_out_int(out, o->controls);
	pw_out_int(out, o->controls_failed);
	pw_out_int(out, o->tests);
	pw_out_int(out, o->positive);
	pw_out_int(out, o->negative);
	pw_out_int(out, o->inconclusive);
	pw_out_int(out, o->invalid);
	pw_out_int(out, o->held);
	pw_out_int(out, o->retest);
	pw_out_int(out, o->decided);
	pw_out_int(out, o->recalled);
	pw_out_int(out, o->pools);
	pw_out_int(out, o->decoded);
	pw_out_int(out, o->undecided);
	pw_out_end(out, NULL, NULL);
}

static void say_pools(pw_ctx *ctx, const pw_run_outcome *o)
{
	if (o->held_batch > 0)
		pw_ctx_warn(ctx,
			    "the readings of batch %lld make no sense: %s; nobody was decided from "
			    "them: 'poolwell pool show %lld'",
			    (long long)o->held_batch, o->alarm, (long long)o->held_batch);
	if (o->undecided > 0)
		pw_ctx_say(
			ctx,
			"%d tubes are not decided by their laboratory pools: 'poolwell pool next' "
			"plans their next wells",
			o->undecided);
}

static int import(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_run_outcome outcome;
	pw_run_opts opts = {.plate = pw_ctx_text(ctx, "plate"),
			    .ignore_names = pw_ctx_flag(ctx, "ignore-names")};
	const char *path = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_ctx_read(ctx, path, MAX_RUN, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_lab_import_run(pw_ctx_lab(ctx), bytes.ptr, bytes.len, path, &opts, &outcome,
				       &report, &err);
	pw_ctx_report(ctx, path, &report);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	if (rc == PW_OK) {
		show_outcome(ctx, &outcome);
		if (outcome.known)
			pw_ctx_say(ctx,
				   "this file was imported before, as run %lld: nothing changed",
				   (long long)outcome.run);
		say_pools(ctx, &outcome);
		if (outcome.controls_failed > 0)
			pw_ctx_say(ctx,
				   "%d control%s failed and hold%s %d wells: 'poolwell run show "
				   "%lld'",
				   outcome.controls_failed, outcome.controls_failed == 1 ? "" : "s",
				   outcome.controls_failed == 1 ? "s" : "", outcome.held,
				   (long long)outcome.run);
	}
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "run", .kind = PW_COL_INT},
		{.key = "plate", .flags = PW_COL_WHOLE},
		{.key = "name"},
		{.key = "instrument"},
		{.key = "assay", .flags = PW_COL_OPTIONAL},
		{.key = "wells", .kind = PW_COL_INT},
		{.key = "positive", .kind = PW_COL_INT},
		{.key = "held", .kind = PW_COL_INT},
		{.key = "imported_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_runs_row *rows;
	size_t count;
	pw_status rc = pw_q_runs(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_int(out, rows[i].run);
		pw_out_text(out, rows[i].plate);
		pw_out_text(out, rows[i].name);
		pw_out_text(out, rows[i].instrument);
		pw_out_text(out, rows[i].assay);
		pw_out_int(out, rows[i].wells);
		pw_out_int(out, rows[i].positive);
		pw_out_int(out, rows[i].held);
		pw_out_time(out, rows[i].imported_at);
	}
	pw_out_end(out, "run", "runs");
	return PW_EXIT_DONE;
}

static void show_call(pw_out *out, const char *well, const char *what, int64_t attempt,
		      const char *call, const char *next, const char *text, const char *held)
{
	pw_out_text(out, well);
	pw_out_text(out, what);
	pw_out_int(out, attempt);
	pw_out_text(out, call);
	pw_out_text(out, next);
	pw_out_text(out, text);
	pw_out_text(out, held);
}

/* Tubes' and laboratory pools' wells are two lists in the order of the plate: they are shown as one. */
static void show_calls(pw_out *out, int64_t wells, const pw_run_calls_row *tubes, size_t tube_count,
		       const pw_run_pool_calls_row *pools, size_t pool_count)
{
	char name[8];
	for (size_t t = 0, p = 0; t < tube_count || p < pool_count;) {
		if (p == pool_count || (t < tube_count && tubes[t].position < pools[p].position)) {
			const pw_run_calls_row *c = &tubes[t++];
			show_call(out, pw_position_name(c->position, wells, name), c->tube,
				  c->attempt, c->call, c->next, c->text, c->held);
		} else {
			const pw_run_pool_calls_row *c = &pools[p++];
			show_call(out, pw_position_name(c->position, wells, name), c->pool,
				  c->attempt, c->call, c->next, c->text, c->held);
		}
	}
}

/* Controls and wells as one list: what is in the well, what was seen, what it came to. */
static int show(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "well"},
		{.key = "what", .flags = PW_COL_WHOLE},
		{.key = "attempt", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "call"},
		{.key = "next", .flags = PW_COL_OPTIONAL},
		{.key = "seen"},
		{.key = "held", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_run_find_row run;
	pw_run_controls_row *controls;
	pw_run_calls_row *calls;
	pw_run_pool_calls_row *pools;
	size_t control_count = 0, call_count = 0, pool_count = 0;
	bool found = false;
	int64_t number = 0;
	char name[8];
	if (!pw_parse_int(pw_ctx_arg(ctx, 0), &number))
		return pw_ctx_usage(ctx, "'%s' is no run's number", pw_ctx_arg(ctx, 0));
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_q_run_find(store, arena, number, &run, &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(&err, PW_ERR_NOT_FOUND,
			     "no run %lld: 'poolwell run list' shows the runs", (long long)number);
	if (rc == PW_OK)
		rc = pw_q_run_controls(store, arena, number, &controls, &control_count, &err);
	if (rc == PW_OK)
		rc = pw_q_run_calls(store, arena, number, &calls, &call_count, &err);
	if (rc == PW_OK)
		rc = pw_q_run_pool_calls(store, arena, number, &pools, &pool_count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "run %lld of plate %s on %s, assay %s", (long long)number, run.plate,
		   run.instrument[0] != '\0' ? run.instrument : "an instrument without a name",
		   run.assay != NULL ? run.assay : "-");
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < control_count; i++) {
		pw_out_text(out, pw_position_name(controls[i].position, run.wells, name));
		pw_out_text(out, controls[i].control);
		pw_out_null(out);
		pw_out_text(out, controls[i].passed == 1 ? "passed" : "FAILED");
		pw_out_null(out);
		pw_out_text(out, controls[i].text);
		pw_out_null(out);
	}
	show_calls(out, run.wells, calls, call_count, pools, pool_count);
	pw_out_end(out, "well", "wells");
	return PW_EXIT_DONE;
}

static int original(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_run_find_row run;
	bool found = false;
	int64_t number = 0;
	const void *bytes = NULL;
	size_t n = 0;
	if (!pw_parse_int(pw_ctx_arg(ctx, 0), &number))
		return pw_ctx_usage(ctx, "'%s' is no run's number", pw_ctx_arg(ctx, 0));
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_q_run_find(store, arena, number, &run, &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(&err, PW_ERR_NOT_FOUND,
			     "no run %lld: 'poolwell run list' shows the runs", (long long)number);
	if (rc == PW_OK)
		rc = pw_store_attached(store, arena, run.document, &bytes, &n, &err);
	if (rc == PW_OK)
		rc = pw_ctx_write(ctx, pw_ctx_text(ctx, "out"), bytes, n, false, &err);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static const pw_opt import_opts[] = {
	{.name = "plate",
	 .kind = PW_OPT_TEXT,
	 .arg = "PLATE",
	 .help = "the PCR plate it is of, when neither the file nor its name says so"},
	{.name = "ignore-names",
	 .kind = PW_OPT_FLAG,
	 .help = "the instrument was not told the tubes: do not compare sample names (needs --reason)"},
	PW_OPTS_END,
};
static const pw_opt original_opts[] = {
	{.name = "out",
	 .letter = 'o',
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to",
	 .fallback = "-"},
	PW_OPTS_END,
};
static const char *const import_examples[] = {
	"poolwell run import 'Q0001 -  Quantification Cq Results.csv' --lab city.db --as li",
	"poolwell run import export.txt --plate Q0001 --lab city.db --as li",
	NULL,
};
static const char *const list_examples[] = {"poolwell run list --lab city.db", NULL};
static const char *const show_examples[] = {"poolwell run show 1 --lab city.db", NULL};
static const char *const original_examples[] = {
	"poolwell run original 1 --out export.txt --lab city.db", NULL};

const pw_cmd pw_cmds_run[] = {
	{
		.name = "run import",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "import an instrument's file: call the wells, decide and recall people",
		.details =
			"Reads Bio-Rad CFX 'Quantification Cq Results.csv' and Applied Biosystems "
			"QuantStudio text exports, whatever the file is called. The plate is the PCR plate "
			"whose barcode the file or its name gives, or --plate.\n\n"
			"Plate and file must agree in every well: tubes, controls, targets. Where they do "
			"not, every disagreement is named and nothing is imported. The file's bytes are "
			"kept; the same file twice changes nothing.\n\n"
			"A failed control holds the wells that it covers, and only those: what is in them "
			"goes again. Laboratory pools whose readings are complete are decoded.",
		.examples = import_examples,
		.opts = import_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = import,
	},
	{
		.name = "run list",
		.summary = "the runs that were imported",
		.details =
			"Shows each run with its plate, instrument, tests, positives and held wells.",
		.examples = list_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "run show",
		.args = "RUN",
		.min_args = 1,
		.max_args = 1,
		.summary = "the controls and calls of a run",
		.details =
			"What was measured, what the assay called it, and which control holds it.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = show,
	},
	{
		.name = "run original",
		.args = "RUN",
		.min_args = 1,
		.max_args = 1,
		.summary = "the instrument's file, byte for byte as it came",
		.details = "An existing file is not overwritten.",
		.examples = original_examples,
		.opts = original_opts,
		.flags = PW_CMD_LAB,
		.run = original,
	},
	PW_CMDS_END,
};
