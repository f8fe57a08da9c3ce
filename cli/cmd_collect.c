/* `poolwell collect …`: tubes are opened, filled and closed at a site. */
#include "cli/open.h"
#include "cli/out.h"
#include "cli/scans.h"

#define MAX_LOG ((size_t)64 * 1024 * 1024)

static int open_tube(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_tube_opening opening = {
		.tube = pw_ctx_arg(ctx, 0),
		.capacity = pw_ctx_flag(ctx, "household") ? 0 : (int)pw_ctx_int(ctx, "capacity"),
		.site = pw_ctx_text(ctx, "site")};
	pw_status rc = pw_lab_open_tube(pw_ctx_lab(ctx), &opening, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "tube '%s' is open: scan the first person", opening.tube);
	return PW_EXIT_DONE;
}

static pw_status add_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	pw_swab_outcome taken;
	pw_status rc = pw_lab_take_swab(pw_ctx_lab(ctx), data, scan, &taken, err);
	if (rc == PW_OK)
		pw_str_addf(answer, "%d/%d %s%s", taken.place, taken.capacity, taken.name,
			    taken.again ? " (swabbed again)" : "");
	return rc;
}

static int add(pw_ctx *ctx)
{
	char *tube = pw_arena_strdup(pw_ctx_arena(ctx), pw_ctx_arg(ctx, 0));
	return pw_scans(ctx, 1, add_one, tube);
}

static int undo(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_lab_withdraw_swab(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "'%s' is not in tube '%s' any more", pw_ctx_arg(ctx, 1),
		   pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int close_tube(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_lab_close_tube(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0),
					 (int)pw_ctx_int(ctx, "count"), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	int64_t count = pw_ctx_int(ctx, "count");
	pw_ctx_say(ctx, "tube '%s' is closed with %lld swab%s", pw_ctx_arg(ctx, 0),
		   (long long)count, count == 1 ? "" : "s");
	return PW_EXIT_DONE;
}

static int import_log(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "log"},
		{.key = "known", .kind = PW_COL_BOOL},
		{.key = "opened", .kind = PW_COL_INT},
		{.key = "swabs", .kind = PW_COL_INT},
		{.key = "closed", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_log_outcome outcome;
	const char *path = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_ctx_read(ctx, path, MAX_LOG, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_lab_import_log(pw_ctx_lab(ctx), bytes.ptr, bytes.len, path,
				       pw_ctx_text(ctx, "site"), &outcome, &report, &err);
	pw_ctx_report(ctx, path, &report);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	if (rc == PW_OK) {
		pw_out *out = pw_ctx_out(ctx);
		pw_out_object(out, columns);
		pw_out_text(out, path);
		pw_out_bool(out, outcome.known);
		pw_out_int(out, outcome.opened);
		pw_out_int(out, outcome.swabs);
		pw_out_int(out, outcome.closed);
		pw_out_end(out, NULL, NULL);
	}
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static const pw_opt open_opts[] = {
	{.name = "capacity",
	 .letter = 'c',
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "how many swabs it may hold: 1, 5, 10 or 20",
	 .fallback = "10",
	 .min = 1,
	 .max = 20},
	{.name = "household",
	 .kind = PW_OPT_FLAG,
	 .help = "for one household, of whatever size, and nobody else"},
	{.name = "site",
	 .kind = PW_OPT_TEXT,
	 .arg = "SITE",
	 .help = "where it is opened",
	 .env = "POOLWELL_SITE",
	 .required = true},
	PW_OPTS_END,
};
static const pw_opt close_opts[] = {
	{.name = "count",
	 .letter = 'n',
	 .kind = PW_OPT_INT,
	 .arg = "HEADS",
	 .help = "how many people stood in front of you",
	 .min = 0,
	 .max = 1000,
	 .required = true},
	PW_OPTS_END,
};
static const pw_opt log_opts[] = {
	{.name = "site",
	 .kind = PW_OPT_TEXT,
	 .arg = "SITE",
	 .help = "whose log it is",
	 .required = true},
	PW_OPTS_END,
};
static const char *const open_examples[] = {
	"poolwell collect open T0001 --capacity 10 --site gate --lab city.db --as li",
	"poolwell collect open T0002 --household --site gate --lab city.db --as li",
	NULL,
};
static const char *const add_examples[] = {
	"poolwell collect add T0001 R0000001 R0000002 --lab city.db --as li",
	"poolwell collect add T0001 --lab city.db --as li < scans.txt",
	NULL,
};
static const char *const undo_examples[] = {
	"poolwell collect undo T0001 R0000002 --reason 'scanned, then refused the swab' --lab city.db "
	"--as li",
	NULL,
};
static const char *const close_examples[] = {
	"poolwell collect close T0001 --count 10 --lab city.db --as li", NULL};
static const char *const log_examples[] = {
	"poolwell collect log gate.csv --site gate --lab city.db --as li", NULL};

const pw_cmd pw_cmds_collect[] = {
	{
		.name = "collect open",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "open an empty tube",
		.details =
			"TUBE is its barcode as scanned: the laboratory's own, whose check character is "
			"verified, or any other that was never used here.",
		.examples = open_examples,
		.opts = open_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = open_tube,
	},
	{
		.name = "collect add",
		.args = "TUBE [SUBJECT...]",
		.min_args = 1,
		.max_args = -1,
		.summary = "scan people into an open tube",
		.details =
			"SUBJECT is the code on the card, a national id, an external id, or ROSTER:LINE. "
			"Without SUBJECT they are read from standard input, a line each, and each is "
			"answered before the next is read: what was answered is on disk.\n\n"
			"Refused, each with its reason: a full or closed tube, a person who is in it "
			"already or waits for the answer of another tube, somebody of another household, "
			"nobody that is registered. A refused scan is recorded and the others go on; the "
			"exit code is then 3.",
		.examples = add_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = add,
	},
	{
		.name = "collect undo",
		.args = "TUBE SUBJECT",
		.min_args = 2,
		.max_args = 2,
		.summary = "take a scan back: the swab is not in the tube",
		.details =
			"Works while the tube is open, and needs --reason. Nothing is deleted: the scan "
			"and its taking back are both in the journal.",
		.examples = undo_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = undo,
	},
	{
		.name = "collect close",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "close a tube with a head-count, which must be the number of swabs",
		.details =
			"A count that differs is refused: somebody was swabbed and not scanned, or the "
			"other way round.",
		.examples = close_examples,
		.opts = close_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = close_tube,
	},
	{
		.name = "collect log",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "import the log of a site that worked offline, by the same rules",
		.details =
			"Reads CSV with the columns at, action (open, add, close), tube, subject, "
			"capacity, count, collector. All of it or nothing: every entry that the rules "
			"refuse is named with its line. The same file twice changes nothing.",
		.examples = log_examples,
		.opts = log_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = import_log,
	},
	PW_CMDS_END,
};
