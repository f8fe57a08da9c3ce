/* `poolwell resolve …`: every tube until each of its people has an answer. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "state"},
		{.key = "for_s", .title = "for", .kind = PW_COL_DURATION},
		{.key = "overdue", .kind = PW_COL_BOOL},
		{.key = "swabs", .kind = PW_COL_INT},
		{.key = "people_open", .kind = PW_COL_INT},
		{.key = "call", .flags = PW_COL_OPTIONAL},
		{.key = "why", .flags = PW_COL_OPTIONAL},
		{.key = "next_step"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_cursor cursor;
	pw_lab *lab = pw_ctx_lab(ctx);
	pw_clock clock = pw_ctx_clock(ctx);
	pw_time now = pw_clock_now(&clock);
	pw_out *out = pw_ctx_out(ctx);
	pw_status rc = pw_q_stuck_open(pw_ctx_store(ctx), &cursor, &err);
	pw_out_list(out, columns);
	while (rc == PW_OK) {
		pw_stuck_row row;
		bool found;
		rc = pw_q_stuck_next(&cursor, &row, &found, &err);
		if (rc != PW_OK || !found)
			break;
		bool overdue = now - row.opened_at > pw_lab_time_allowed(lab, row.must > 0);
		if (pw_ctx_flag(ctx, "overdue") && !overdue)
			continue;
		pw_out_text(out, row.tube);
		pw_out_text(out, row.state);
		pw_out_duration(out, now > row.state_at ? now - row.state_at : 0);
		pw_out_bool(out, overdue);
		pw_out_int(out, row.swabs);
		pw_out_int(out, row.open);
		pw_out_text(out, row.call);
		pw_out_text(out, row.why);
		pw_out_text(out, pw_lab_next_step(row.state, row.next, row.swabs));
	}
	pw_out_end(out, "tube without an answer", "tubes without an answer");
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

/* ---------------------------------------------------------------- the whole story of one */

typedef struct story {
	pw_ctx *ctx;
	pw_out *out;
	const char *tube;
} story;

static void tell(story *s, bool has_time, pw_time at, const char *what, const char *text)
{
	if (has_time)
		pw_out_time(s->out, at);
	else
		pw_out_null(s->out);
	pw_out_text(s->out, what);
	pw_out_text(s->out, text);
}

static pw_status tell_members(story *s, pw_err *err)
{
	pw_tube_members_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(s->ctx);
	pw_status rc = pw_q_tube_members(pw_ctx_store(s->ctx), arena, s->tube, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		char code[24];
		pw_lab_subject_code(pw_ctx_lab(s->ctx), rows[i].subject, code);
		tell(s, true, rows[i].taken_at, "swab",
		     pw_arena_printf(
			     arena, "%lld. %s %s (%s): %s%s%s", (long long)rows[i].place, code,
			     rows[i].name, rows[i].grp, rows[i].status,
			     strcmp(rows[i].last_tube, s->tube) != 0 ? ", last in tube " : "",
			     strcmp(rows[i].last_tube, s->tube) != 0 ? rows[i].last_tube : ""));
	}
	return rc;
}

static pw_status tell_wells(story *s, pw_err *err)
{
	pw_wells_of_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(s->ctx);
	pw_status rc = pw_q_wells_of(pw_ctx_store(s->ctx), arena, s->tube, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		char name[8];
		pw_position_name(rows[i].position, rows[i].wells, name);
		tell(s, true, rows[i].filled_at, rows[i].source != NULL ? "PCR well" : "well",
		     pw_arena_printf(arena, "%s of plate %s%s", name, rows[i].plate,
				     strcmp(rows[i].plate_state, "voided") == 0 ? ", voided" : ""));
	}
	return rc;
}

static pw_status tell_pools(story *s, pw_err *err)
{
	pw_aliquots_of_tube_row *rows;
	pw_batch_of_tube_row batch;
	size_t count;
	bool found = false;
	pw_arena *arena = pw_ctx_arena(s->ctx);
	pw_store *store = pw_ctx_store(s->ctx);
	pw_status rc = pw_q_aliquots_of_tube(store, arena, s->tube, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		bool left_out = strcmp(rows[i].state, "left-out") == 0;
		tell(s, rows[i].made_at.has, rows[i].made_at.value, "laboratory pool",
		     pw_arena_printf(arena, "%s, batch %lld pool %lld, %s%s%s", rows[i].pool,
				     (long long)rows[i].batch, (long long)rows[i].number,
				     left_out ? "left out: " : rows[i].pool_state,
				     left_out                  ? rows[i].why
				     : rows[i].reading != NULL ? " "
							       : "",
				     left_out || rows[i].reading == NULL ? "" : rows[i].reading));
	}
	if (rc == PW_OK)
		rc = pw_q_batch_of_tube(store, arena, s->tube, &batch, &found, err);
	if (rc == PW_OK && found && batch.posterior.has)
		tell(s, false, 0, "decoded",
		     pw_arena_printf(arena, "%s, P %.3g within %.1g (batch %lld)", batch.call,
				     batch.posterior.value, batch.error.value,
				     (long long)batch.batch));
	return rc;
}

static pw_status tell_calls(story *s, pw_err *err)
{
	pw_calls_of_tube_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(s->ctx);
	pw_status rc = pw_q_calls_of_tube(pw_ctx_store(s->ctx), arena, s->tube, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		tell(s, rows[i].judged_at.has, rows[i].judged_at.value, "call",
		     rows[i].held != NULL
			     ? pw_arena_printf(arena, "%s, HELD: %s (run %lld)", rows[i].call,
					       rows[i].held, (long long)rows[i].run)
			     : pw_arena_printf(arena, "%s: %s; rule %s (run %lld, attempt %lld)",
					       rows[i].call, rows[i].text, rows[i].rule,
					       (long long)rows[i].run, (long long)rows[i].attempt));
	return rc;
}

static pw_status tell_recall(story *s, pw_err *err)
{
	pw_recalls_of_tube_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(s->ctx);
	pw_status rc =
		pw_q_recalls_of_tube(pw_ctx_store(s->ctx), arena, s->tube, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++)
		tell(s, true, rows[i].opened_at, "recall",
		     rows[i].done_tube != NULL
			     ? pw_arena_printf(arena, "%s: swabbed again into tube %s: %s",
					       rows[i].name, rows[i].done_tube, rows[i].status)
			     : pw_arena_printf(arena, "%s: %s, not come yet%s", rows[i].name,
					       rows[i].why, rows[i].isolate ? ", isolated" : ""));
	return rc;
}

static int show(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "at", .kind = PW_COL_TIME},
		{.key = "what"},
		{.key = "text"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_tube_find_row tube;
	bool found = false;
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc =
		pw_q_tube_find(pw_ctx_store(ctx), arena, pw_ctx_arg(ctx, 0), &tube, &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(&err, PW_ERR_NOT_FOUND, "nobody opened a tube '%s'",
			     pw_ctx_arg(ctx, 0));
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	story s = {ctx, pw_ctx_out(ctx), tube.tube};
	pw_out_list(s.out, columns);
	tell(&s, true, tube.opened_at, "opened",
	     pw_arena_printf(arena, "by %s at %s, for %lld swab%s%s", tube.opened_by, tube.site,
			     (long long)tube.capacity, tube.capacity == 1 ? "" : "s",
			     tube.household ? " of one household" : ""));
	rc = tell_members(&s, &err);
	if (rc == PW_OK && tube.closed_at.has)
		tell(&s, true, tube.closed_at.value, "closed",
		     pw_arena_printf(arena, "with %lld swabs", (long long)tube.swabs));
	if (rc == PW_OK && tube.received_at.has)
		tell(&s, true, tube.received_at.value,
		     tube.rejected != NULL ? "rejected" : "received",
		     tube.rejected != NULL ? tube.rejected
		     : tube.box != NULL    ? pw_arena_printf(arena, "in box %s", tube.box)
					   : "");
	if (rc == PW_OK)
		rc = tell_pools(&s, &err);
	if (rc == PW_OK)
		rc = tell_wells(&s, &err);
	if (rc == PW_OK)
		rc = tell_calls(&s, &err);
	if (rc == PW_OK)
		rc = tell_recall(&s, &err);
	tell(&s, true, tube.state_at, tube.state,
	     pw_lab_next_step(tube.state, tube.next, tube.swabs));
	pw_out_end(s.out, NULL, NULL);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static int recall(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	int recalled;
	pw_status rc = pw_lab_recall_tube(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &recalled, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "%d to be swabbed again%s", recalled,
		   recalled > 0 ? ": 'poolwell report recall' lists them" : "");
	return PW_EXIT_DONE;
}

static const pw_opt list_opts[] = {
	{.name = "overdue",
	 .kind = PW_OPT_FLAG,
	 .help = "only those that take longer than the policy allows"},
	PW_OPTS_END,
};
static const char *const list_examples[] = {"poolwell resolve list --overdue --lab city.db", NULL};
static const char *const show_examples[] = {"poolwell resolve show T0001 --lab city.db", NULL};
static const char *const recall_examples[] = {
	"poolwell resolve recall T0004 --reason 'lost on the way' --lab city.db --as li", NULL};

const pw_cmd pw_cmds_resolve[] = {
	{
		.name = "resolve list",
		.summary = "what is stuck, for how long, and what to do about it",
		.details =
			"Lists every tube whose people do not all have a final answer, the longest in "
			"its state first, with the next step. Overdue is counted from the tube's "
			"opening, by the policy.",
		.examples = list_examples,
		.opts = list_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "resolve show",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "the whole story of one tube and of each person in it",
		.details =
			"From its opening to the last answer: swabs, reception, wells, calls with the "
			"rule that made them, recalls, and what comes next.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = show,
	},
	{
		.name = "resolve recall",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "give a tube up: its people are swabbed again",
		.details = "For a tube that was lost, or that will not be tested. Needs --reason.",
		.examples = recall_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = recall,
	},
	PW_CMDS_END,
};
