/* `poolwell audit …`: the laboratory proves its own history. */
#include <string.h>

#include "cli/open.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "pw_sql.h"

static void show_progress(void *data, int64_t done, int64_t total)
{
	pw_progress_at(data, done, total);
}

static int verify(pw_ctx *ctx, pw_store *store)
{
	static const pw_column columns[] = {
		{.key = "facts", .kind = PW_COL_INT},
		{.key = "head", .flags = PW_COL_WHOLE},
		{.key = "deep", .kind = PW_COL_BOOL},
		{.key = "findings", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_head head = {0, {{0}}};
	char text[40];
	bool deep = pw_ctx_flag(ctx, "deep");
	pw_progress *bar = pw_ctx_progress(ctx, deep ? "replaying" : "checking", "facts", 0);
	pw_status rc = deep ? pw_store_verify_deep(store, &report, &head, show_progress, bar, &err)
			    : pw_store_verify(store, &report, &head, show_progress, bar, &err);
	pw_progress_end(bar);
	pw_err other = PW_ERR_INIT;
	if (rc == PW_OK && pw_ctx_text(ctx, "head") != NULL) {
		pw_status found = pw_store_check_head(store, pw_ctx_text(ctx, "head"), &other);
		if (found == PW_ERR_CORRUPT)
			pw_report_add(&report, PW_ERROR, "head", 0, 0, "%s", other.msg);
		else if (found != PW_OK)
			rc = found, err = other;
	}
	if (rc != PW_OK) {
		pw_report_clear(&report);
		return pw_ctx_fail(ctx, rc, &err);
	}
	pw_ctx_report(ctx, pw_store_path(store), &report);
	pw_head_format(&head, text);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_int(out, head.seq);
	pw_out_text(out, text);
	pw_out_bool(out, deep);
	pw_out_int(out, (int64_t)report.len);
	pw_out_end(out, NULL, NULL);
	if (report.len == 0)
		pw_ctx_say(ctx, deep ? "the history is whole, and the tables are what it makes them"
				     : "the history is whole");
	int code = report.len == 0 ? PW_EXIT_DONE : PW_EXIT_FOUND;
	pw_report_clear(&report);
	return code;
}

static int show(pw_ctx *ctx, pw_store *store)
{
	static const pw_column columns[] = {
		{.key = "seq", .kind = PW_COL_INT},
		{.key = "fact", .flags = PW_COL_WHOLE},
		{.key = "at", .kind = PW_COL_TIME},
		{.key = "actor"},
		{.key = "station"},
		{.key = "reason", .flags = PW_COL_OPTIONAL},
		{.key = "data"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_cursor cursor;
	pw_out *out = pw_ctx_out(ctx);
	int64_t limit = pw_ctx_int(ctx, "limit");
	const char *fact = pw_ctx_text(ctx, "fact"), *text = pw_ctx_text(ctx, "grep");
	pw_status rc = pw_q_journal_open(store, pw_ctx_int(ctx, "from"), &cursor, &err);
	pw_out_list(out, columns);
	for (int64_t n = 0; rc == PW_OK && n < limit;) {
		pw_journal_row row;
		pw_fact_summary summary;
		bool found;
		pw_str data = PW_STR_INIT;
		rc = pw_q_journal_next(&cursor, &row, &found, &err);
		if (rc != PW_OK || !found)
			break;
		rc = pw_fact_describe(row.body, pw_ctx_flag(ctx, "phi"),
				      text != NULL || pw_ctx_flag(ctx, "whole"), &summary, &data,
				      &err);
		if (rc == PW_OK && (fact == NULL || pw_text_starts(summary.name, fact)) &&
		    (text == NULL || strstr(pw_str_text(&data), text) != NULL)) {
			n++;
			pw_out_int(out, row.seq);
			pw_out_text(out, summary.name);
			pw_out_time(out, summary.at);
			pw_out_text(out, summary.actor);
			pw_out_text(out, summary.station);
			pw_out_text(out, summary.reason[0] != '\0' ? summary.reason : NULL);
			pw_out_text(out, pw_str_text(&data));
		} else if (rc != PW_OK) {
			pw_fail_ctx(&err, rc, "fact %lld", (long long)row.seq);
		}
		pw_str_clear(&data);
	}
	pw_cursor_close(&cursor);
	pw_out_end(out, "fact", "facts");
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

static int head(pw_ctx *ctx, pw_store *store)
{
	static const pw_column columns[] = {
		{.key = "head", .flags = PW_COL_WHOLE},
		{.key = "hash", .flags = PW_COL_WHOLE},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_head h;
	char text[40], hex[PW_HASH_HEX];
	pw_status rc = pw_store_head(store, &h, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_head_format(&h, text);
	pw_hash_hex(&h.hash, hex);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_text(out, text);
	pw_out_text(out, hex);
	pw_out_end(out, NULL, NULL);
	return PW_EXIT_DONE;
}

static int documents(pw_ctx *ctx, pw_store *store)
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
	pw_status rc = pw_q_documents(store, pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_hash hash = {{0}};
		pw_hash_from_hex(rows[i].hash, &hash);
		pw_out_text(out, rows[i].kind);
		pw_out_text(out, rows[i].name);
		pw_out_int(out, rows[i].rows);
		pw_out_time(out, rows[i].imported_at);
		pw_out_text(out, rows[i].imported_by);
		pw_out_hash(out, &hash);
	}
	pw_out_end(out, "kept file", "kept files");
	return PW_EXIT_DONE;
}

/* With the file alone: an audit must not depend on what it looks for. */
static int with_store(pw_ctx *ctx, int (*run)(pw_ctx *ctx, pw_store *store))
{
	pw_err err = PW_ERR_INIT;
	pw_store *store = NULL;
	pw_status rc = pw_open_store(ctx, &store, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	int code = run(ctx, store);
	pw_store_close(store);
	return code;
}

static int run_verify(pw_ctx *ctx)
{
	return with_store(ctx, verify);
}

static int run_show(pw_ctx *ctx)
{
	return with_store(ctx, show);
}

static int run_head(pw_ctx *ctx)
{
	return with_store(ctx, head);
}

static int run_documents(pw_ctx *ctx)
{
	return with_store(ctx, documents);
}

static const pw_opt verify_opts[] = {
	{.name = "deep",
	 .kind = PW_OPT_FLAG,
	 .help = "replay the journal into an empty database and compare every table row by row"},
	{.name = "head",
	 .kind = PW_OPT_TEXT,
	 .arg = "HEAD",
	 .help = "a short head that was printed earlier: it must be in this journal"},
	PW_OPTS_END,
};
static const pw_opt show_opts[] = {
	{.name = "from",
	 .kind = PW_OPT_INT,
	 .arg = "SEQ",
	 .help = "begin with this fact",
	 .fallback = "1",
	 .min = 0,
	 .max = INT64_MAX},
	{.name = "limit",
	 .letter = 'n',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "at most so many",
	 .fallback = "1000000000",
	 .min = 0,
	 .max = INT64_MAX},
	{.name = "fact",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "only facts whose name begins so: tube., run.imported"},
	{.name = "grep",
	 .kind = PW_OPT_TEXT,
	 .arg = "TEXT",
	 .help = "only facts whose data has this"},
	{.name = "whole",
	 .kind = PW_OPT_FLAG,
	 .help = "show what is in a fact's list too, not only how much; --grep always does"},
	{.name = "phi",
	 .kind = PW_OPT_FLAG,
	 .help = "show what identifies people; hidden otherwise"},
	PW_OPTS_END,
};
static const char *const verify_examples[] = {
	"poolwell audit verify --deep --lab city.db",
	"poolwell audit verify --head 12345-9f3a1c5be07d2244 --lab city.db",
	NULL,
};
static const char *const show_examples[] = {
	"poolwell audit show --fact tube. --grep T0001 --lab city.db", NULL};
static const char *const head_examples[] = {"poolwell audit head --lab city.db", NULL};
static const char *const documents_examples[] = {"poolwell audit files --lab city.db", NULL};

const pw_cmd pw_cmds_audit[] = {
	{
		.name = "audit verify",
		.summary = "prove that nothing was changed behind the program's back",
		.details =
			"Checks the chain of hashes over every fact, and every kept file against the hash "
			"that names it. With --deep the journal is replayed into an empty database and "
			"every table compared row by row: a row that was edited, added or removed is "
			"named. With --head, a head printed earlier proves that no other history was put "
			"in its place. Exits 3 when something is found.",
		.examples = verify_examples,
		.opts = verify_opts,
		.flags = PW_CMD_STORE | PW_CMD_LIST,
		.run = run_verify,
	},
	{
		.name = "audit show",
		.summary = "the journal: who recorded what, when, where and why",
		.details =
			"Shows facts in their order. What identifies people is hidden unless --phi is "
			"given.",
		.examples = show_examples,
		.opts = show_opts,
		.flags = PW_CMD_STORE | PW_CMD_LIST,
		.run = run_show,
	},
	{
		.name = "audit head",
		.summary = "the journal's head, to print and keep elsewhere",
		.details =
			"The short head is the number of the last fact and the beginning of its hash: "
			"whoever has it can prove later that the history up to there is the same.",
		.examples = head_examples,
		.flags = PW_CMD_STORE | PW_CMD_LIST,
		.run = run_head,
	},
	{
		.name = "audit files",
		.summary = "the files that came from outside and are kept",
		.details =
			"Rosters, logs, manifests, instrument files and rules, with the hash of their "
			"bytes.",
		.examples = documents_examples,
		.flags = PW_CMD_STORE | PW_CMD_LIST,
		.run = run_documents,
	},
	PW_CMDS_END,
};
