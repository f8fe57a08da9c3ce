/* `poolwell subject …`: people and places. */
#include "cli/open.h"
#include "cli/out.h"
#include "pw_sql.h"

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "code", .flags = PW_COL_WHOLE},
		{.key = "external_id", .flags = PW_COL_OPTIONAL},
		{.key = "name"},
		{.key = "kind"},
		{.key = "group"},
		{.key = "city"},
		{.key = "county"},
		{.key = "township", .flags = PW_COL_OPTIONAL},
		{.key = "village", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_cursor cursor;
	pw_status rc = pw_q_subjects_open(pw_ctx_store(ctx), &cursor, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	while (rc == PW_OK) {
		pw_subjects_row row;
		bool found;
		char code[24];
		rc = pw_q_subjects_next(&cursor, &row, &found, &err);
		if (rc != PW_OK || !found)
			break;
		pw_lab_subject_code(pw_ctx_lab(ctx), row.subject, code);
		pw_out_text(out, code);
		pw_out_text(out, row.external_id);
		pw_out_text(out, row.name);
		pw_out_text(out, row.kind);
		pw_out_text(out, row.grp);
		pw_out_text(out, row.city);
		pw_out_text(out, row.county);
		pw_out_text(out, row.township);
		pw_out_text(out, row.village);
	}
	pw_out_end(out, "subject", "subjects");
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static int show(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "code", .flags = PW_COL_WHOLE},
		{.key = "name"},
		{.key = "status"},
		{.key = "since", .kind = PW_COL_TIME},
		{.key = "swabs", .kind = PW_COL_INT},
		{.key = "last_tube", .flags = PW_COL_WHOLE},
		{.key = "decided_at", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
		{.key = "decided_by", .flags = PW_COL_OPTIONAL | PW_COL_WHOLE},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_subject_find_row subject;
	pw_results_of_subject_row *rows;
	size_t count = 0;
	int64_t number = 0;
	bool found = false;
	char code[24];
	pw_status rc = pw_lab_find_subject(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &number, &err);
	if (rc == PW_OK)
		rc = pw_q_subject_find(pw_ctx_store(ctx), pw_ctx_arena(ctx), number, &subject,
				       &found, &err);
	if (rc == PW_OK)
		rc = pw_q_results_of_subject(pw_ctx_store(ctx), pw_ctx_arena(ctx), number, &rows,
					     &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_lab_subject_code(pw_ctx_lab(ctx), number, code);
	pw_ctx_say(ctx, "%s  %s, %s, %s %s %s %s", code, subject.name, subject.grp, subject.city,
		   subject.county, subject.township, subject.village);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, code);
		pw_out_text(out, subject.name);
		pw_out_text(out, rows[i].status);
		pw_out_time(out, rows[i].opened_at);
		pw_out_int(out, rows[i].swabs);
		pw_out_text(out, rows[i].tube);
		if (rows[i].decided_at.has)
			pw_out_time(out, rows[i].decided_at.value);
		else
			pw_out_null(out);
		pw_out_text(out, rows[i].decided_by);
	}
	pw_out_end(out, "result", "results");
	return PW_EXIT_DONE;
}

static const char *const list_examples[] = {"poolwell subject list --csv --lab city.db", NULL};
static const char *const show_examples[] = {"poolwell subject show R0000017 --lab city.db", NULL};

const pw_cmd pw_cmds_subject[] = {
	{
		.name = "subject list",
		.summary = "everybody and every place that is registered",
		.details = "A subject is a person, or a place that is swabbed (a market stall, a "
			   "cold-chain box). The code is the one on the subject's card.",
		.examples = list_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "subject show",
		.args = "SUBJECT",
		.min_args = 1,
		.max_args = 1,
		.summary = "one subject's results, oldest first",
		.details = "SUBJECT is the code on the card, a national id, an external id, or "
			   "ROSTER:LINE.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = show,
	},
	PW_CMDS_END,
};
