/* `poolwell report …`: lists and figures for people outside the bench. */
#include <string.h>

#include "cli/daily.h"
#include "cli/lists.h"
#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

static int recall(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_list_recalls(pw_ctx_lab(ctx), pw_ctx_text(ctx, "tube"), pw_ctx_out(ctx), &err);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static int results(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "code", .flags = PW_COL_WHOLE},
		{.key = "external_id", .flags = PW_COL_OPTIONAL},
		{.key = "name"},
		{.key = "group"},
		{.key = "status"},
		{.key = "tube", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		{.key = "opened_at", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
		{.key = "decided_at", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_cursor cursor;
	pw_out *out = pw_ctx_out(ctx);
	const char *status = pw_ctx_text(ctx, "status");
	pw_status rc = pw_q_results_open(pw_ctx_store(ctx), &cursor, &err);
	pw_out_list(out, columns);
	while (rc == PW_OK) {
		pw_results_row r;
		bool found;
		char code[24];
		rc = pw_q_results_next(&cursor, &r, &found, &err);
		if (rc != PW_OK || !found)
			break;
		const char *is = r.status != NULL ? r.status : "not-swabbed";
		if (status != NULL && strcmp(status, is) != 0)
			continue;
		pw_lab_subject_code(pw_ctx_lab(ctx), r.subject, code);
		pw_out_text(out, code);
		pw_out_text(out, r.external_id);
		pw_out_text(out, r.name);
		pw_out_text(out, r.grp);
		pw_out_text(out, is);
		pw_out_text(out, r.tube);
		if (r.opened_at.has)
			pw_out_time(out, r.opened_at.value);
		else
			pw_out_null(out);
		if (r.decided_at.has)
			pw_out_time(out, r.decided_at.value);
		else
			pw_out_null(out);
	}
	pw_out_end(out, "subject", "subjects");
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static int refusals(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "at", .kind = PW_COL_TIME},
		{.key = "actor"},
		{.key = "station"},
		{.key = "place"},
		{.key = "scan", .flags = PW_COL_WHOLE},
		{.key = "code"},
		{.key = "text"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_refusals_row *rows;
	size_t count;
	pw_time day = pw_ctx_time(ctx, "day");
	pw_status rc = pw_q_refusals(pw_ctx_store(ctx), pw_ctx_arena(ctx), pw_time_day_start(day),
				     pw_time_day_end(day), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_time(out, rows[i].at);
		pw_out_text(out, rows[i].actor);
		pw_out_text(out, rows[i].station);
		pw_out_text(out, rows[i].place);
		pw_out_text(out, rows[i].scan);
		pw_out_text(out, rows[i].code);
		pw_out_text(out, rows[i].text);
	}
	pw_out_end(out, "refused scan", "refused scans");
	return PW_EXIT_DONE;
}

static int daily(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_daily report = {.day = pw_ctx_time(ctx, "day")};
	pw_status rc = pw_daily_read(ctx, &report, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_daily_show(ctx, &report);
	return PW_EXIT_DONE;
}

static const pw_opt recall_opts[] = {
	{.name = "tube",
	 .kind = PW_OPT_TEXT,
	 .arg = "TUBE",
	 .help = "only the people of this tube"},
	PW_OPTS_END,
};
static const char *const status_words[] = {"positive", "negative",    "inconclusive",
					   "open",     "not-swabbed", NULL};
static const pw_opt results_opts[] = {
	{.name = "status",
	 .kind = PW_OPT_CHOICE,
	 .arg = "STATUS",
	 .help = "only these",
	 .choices = status_words},
	PW_OPTS_END,
};
static const pw_opt day_opts[] = {
	{.name = "day",
	 .kind = PW_OPT_TIME,
	 .arg = "DAY",
	 .help = "which local day",
	 .fallback = "today"},
	PW_OPTS_END,
};
static const char *const recall_examples[] = {"poolwell report recall --csv --lab city.db", NULL};
static const char *const results_examples[] = {
	"poolwell report results --status positive --lab city.db", NULL};
static const char *const refusals_examples[] = {
	"poolwell report refusals --day yesterday --lab city.db", NULL};
static const char *const daily_examples[] = {
	"poolwell report daily --lab city.db",
	"poolwell report daily --day 2026-11-23 --json --lab city.db",
	NULL,
};

const pw_cmd pw_cmds_report[] = {
	{
		.name = "report recall",
		.summary = "whom to swab again: who, where, phone, since when, isolated or not",
		.details =
			"Everybody whose tube could not answer for them and who has not come yet, the "
			"longest waiting first. Who is swabbed again leaves the list.",
		.examples = recall_examples,
		.opts = recall_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = recall,
	},
	{
		.name = "report daily",
		.summary = "the day's figures, given also when all of them are zero",
		.details =
			"Persons, swabs, tubes, wells and tests are counted apart and never added to one "
			"another; must-test groups and voluntary ones stand apart; then region by region. "
			"The journal's short head is printed with it: whoever keeps the paper can prove the "
			"history later.",
		.examples = daily_examples,
		.opts = day_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = daily,
	},
	{
		.name = "report results",
		.summary = "everybody's last result",
		.details =
			"Status is positive, negative, inconclusive, open while an answer is awaited, "
			"or not-swabbed.",
		.examples = results_examples,
		.opts = results_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = results,
	},
	{
		.name = "report refusals",
		.summary = "the scans that were refused on a day, and why",
		.details =
			"What the bench tried and the rules did not let through: where slips happen.",
		.examples = refusals_examples,
		.opts = day_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = refusals,
	},
	PW_CMDS_END,
};
