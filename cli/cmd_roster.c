/* `poolwell roster …`: who is to be swabbed. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "core/exchange/roster.h"
#include "pw_sql.h"

#define MAX_ROSTER ((size_t)256 * 1024 * 1024)

/* The rows to mend, in a file that can be sent again. */
static void write_rejected(pw_ctx *ctx, const pw_str *bytes, const pw_report *report)
{
	pw_err err = PW_ERR_INIT;
	pw_str rejected = PW_STR_INIT;
	const char *path = pw_ctx_text(ctx, "rejected");
	if (path == NULL || report->errors == 0)
		return;
	pw_encoding encoding = PW_UTF8;
	pw_str text = PW_STR_INIT;
	/* In the encoding that it came in: whoever mends it has the same program that made it. */
	pw_status rc = pw_text_decode(bytes->ptr, bytes->len, &text, &encoding, &err);
	pw_str_clear(&text);
	if (rc == PW_OK)
		rc = pw_roster_write_rejected(bytes->ptr, bytes->len, report, encoding, &rejected,
					      &err);
	if (rc == PW_OK)
		rc = pw_ctx_write(ctx, path, rejected.ptr, rejected.len, true, &err);
	if (rc == PW_OK)
		pw_ctx_say(ctx, "the wrong rows are in %s, to be mended", path);
	else
		pw_ctx_fail(ctx, rc, &err);
	pw_str_clear(&rejected);
}

static int import(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "roster", .flags = PW_COL_WHOLE},  {.key = "known", .kind = PW_COL_BOOL},
		{.key = "registered", .kind = PW_COL_INT}, {.key = "linked", .kind = PW_COL_INT},
		{.key = "left_out", .kind = PW_COL_INT},   PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_roster_outcome outcome;
	pw_roster_opts opts = {.link_known = pw_ctx_choice(ctx, "known") == 1,
			       .leave_wrong = pw_ctx_flag(ctx, "leave-wrong")};
	const char *path = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_ctx_read(ctx, path, MAX_ROSTER, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_lab_import_roster(pw_ctx_lab(ctx), bytes.ptr, bytes.len, path, &opts,
					  &outcome, &report, &err);
	pw_ctx_report(ctx, path, &report);
	int code = PW_EXIT_DONE;
	if (report.errors > 0)
		write_rejected(ctx, &bytes, &report);
	if (rc != PW_OK) {
		code = pw_ctx_fail(ctx, rc, &err);
		if (rc == PW_ERR_FORMAT)
			pw_ctx_say(ctx,
				   "nothing was imported: mend the file and import it again; or "
				   "import it with --leave-wrong, then the mended rows");
	} else {
		pw_out *out = pw_ctx_out(ctx);
		pw_out_object(out, columns);
		pw_out_text(out, path);
		pw_out_bool(out, outcome.known);
		pw_out_int(out, (int64_t)outcome.registered);
		pw_out_int(out, (int64_t)outcome.linked);
		pw_out_int(out, (int64_t)outcome.left_out);
		pw_out_end(out, NULL, NULL);
		if (outcome.known)
			pw_ctx_say(ctx, "this file was imported before: nothing changed");
		if (outcome.left_out > 0)
			code = PW_EXIT_FOUND;
	}
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "kind"},
		{.key = "name"},
		{.key = "rows", .kind = PW_COL_INT},
		{.key = "imported_at", .kind = PW_COL_TIME},
		{.key = "by"},
		{.key = "hash", .kind = PW_COL_HASH},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_documents_row *rows;
	size_t count;
	pw_status rc = pw_q_documents(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_hash hash = {{0}};
		if (strcmp(rows[i].kind, "roster") != 0)
			continue;
		pw_hash_from_hex(rows[i].hash, &hash);
		pw_out_text(out, rows[i].kind);
		pw_out_text(out, rows[i].name);
		pw_out_int(out, rows[i].rows);
		pw_out_time(out, rows[i].imported_at);
		pw_out_text(out, rows[i].imported_by);
		pw_out_hash(out, &hash);
	}
	pw_out_end(out, "roster", "rosters");
	return PW_EXIT_DONE;
}

static const char *const known_words[] = {"refuse", "link", NULL};
static const pw_opt import_opts[] = {
	{.name = "known",
	 .kind = PW_OPT_CHOICE,
	 .arg = "WHAT",
	 .help = "what to do with rows whose id is registered already: refuse them, or link those of "
		 "the same name",
	 .fallback = "refuse",
	 .choices = known_words},
	{.name = "leave-wrong",
	 .kind = PW_OPT_FLAG,
	 .help = "register the right rows and leave the wrong ones out; exits 3"},
	{.name = "rejected",
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to write the wrong rows, with line, column and reason, to be mended"},
	PW_OPTS_END,
};
static const char *const import_examples[] = {
	"poolwell roster import village.csv --lab city.db --as li",
	"poolwell roster import village.csv --leave-wrong --rejected mend.csv --lab city.db --as li",
	NULL,
};
static const char *const list_examples[] = {"poolwell roster list --lab city.db", NULL};

const pw_cmd pw_cmds_roster[] = {
	{
		.name = "roster import",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "register the people and places of a roster, all of them or none",
		.details =
			"Reads CSV in UTF-8, UTF-16 or GBK, parted by comma, semicolon or tab, with a "
			"header row. Columns: name, national_id, external_id, phone, city, county, "
			"township, village, household, group, kind; Chinese headers are taken too.\n\n"
			"When a row is wrong nothing is registered, and every wrong row is named with "
			"line, column and reason. Mend the file and import it again; or, with "
			"--leave-wrong, have the right rows registered now and mend the others in the file "
			"that --rejected writes, which is imported like any roster. The same file twice "
			"changes nothing.",
		.examples = import_examples,
		.opts = import_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = import,
	},
	{
		.name = "roster list",
		.summary = "the rosters that were imported",
		.details = "Shows each file with the number of its rows and the hash of its bytes.",
		.examples = list_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	PW_CMDS_END,
};
