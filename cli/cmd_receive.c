/* `poolwell receive …`: boxes and tubes come in. */
#include "cli/open.h"
#include "cli/out.h"
#include "cli/scans.h"
#include "pw_sql.h"

#define MAX_MANIFEST ((size_t)64 * 1024 * 1024)

static int manifest(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "manifest"},
		{.key = "known", .kind = PW_COL_BOOL},
		{.key = "boxes", .kind = PW_COL_INT},
		{.key = "tubes", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_str bytes = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_manifest_outcome outcome;
	const char *path = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_ctx_read(ctx, path, MAX_MANIFEST, &bytes, &err);
	if (rc == PW_OK)
		rc = pw_lab_import_manifest(pw_ctx_lab(ctx), bytes.ptr, bytes.len, path, &outcome,
					    &report, &err);
	pw_ctx_report(ctx, path, &report);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	if (rc == PW_OK) {
		pw_out *out = pw_ctx_out(ctx);
		pw_out_object(out, columns);
		pw_out_text(out, path);
		pw_out_bool(out, outcome.known);
		pw_out_int(out, outcome.boxes);
		pw_out_int(out, outcome.tubes);
		pw_out_end(out, NULL, NULL);
	}
	pw_report_clear(&report);
	pw_str_clear(&bytes);
	return code;
}

static pw_status receive_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	pw_received r;
	pw_status rc = pw_lab_receive_tube(pw_ctx_lab(ctx), scan, data, &r, err);
	if (rc != PW_OK)
		return rc;
	pw_str_addf(answer, "%d swab%s", r.swabs, r.swabs == 1 ? "" : "s");
	if (r.extra && r.other_box[0] != '\0')
		pw_str_addf(answer, ", EXTRA: the manifest of box %s names it", r.other_box);
	else if (r.extra)
		pw_str_add(answer, ", EXTRA: no manifest names it");
	if (r.swabs_differ)
		pw_str_addf(answer, ", the manifest says %d", r.said_swabs);
	return PW_OK;
}

static int tube(pw_ctx *ctx)
{
	const char *box = pw_ctx_text(ctx, "box");
	return pw_scans(ctx, 0, receive_one,
			box != NULL ? pw_arena_strdup(pw_ctx_arena(ctx), box) : NULL);
}

static int reject(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	int recalled;
	pw_status rc = pw_lab_reject_tube(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0),
					  pw_ctx_text(ctx, "cause"), &recalled, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "tube '%s' is rejected; %d to be swabbed again", pw_ctx_arg(ctx, 0),
		   recalled);
	return PW_EXIT_DONE;
}

static int hand_over(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_lab_hand_over(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0),
					pw_ctx_text(ctx, "from"), pw_ctx_text(ctx, "to"), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "box '%s' is with %s", pw_ctx_arg(ctx, 0), pw_ctx_text(ctx, "to"));
	return PW_EXIT_DONE;
}

static int show_box(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "state"},
		{.key = "said_swabs", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "swabs", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "tube_state", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_box_find_row box;
	pw_box_tubes_row *rows;
	size_t count = 0;
	bool found = false;
	pw_status rc = pw_q_box_find(pw_ctx_store(ctx), pw_ctx_arena(ctx), pw_ctx_arg(ctx, 0), &box,
				     &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(
			&err, PW_ERR_NOT_FOUND,
			"no manifest names box '%s': 'poolwell receive boxes --all' lists them",
			pw_ctx_arg(ctx, 0));
	if (rc == PW_OK)
		rc = pw_q_box_tubes(pw_ctx_store(ctx), pw_ctx_arena(ctx), pw_ctx_arg(ctx, 0), &rows,
				    &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, rows[i].tube);
		pw_out_text(out, rows[i].state);
		if (rows[i].said_swabs.has)
			pw_out_int(out, rows[i].said_swabs.value);
		else
			pw_out_null(out);
		if (rows[i].swabs.has)
			pw_out_int(out, rows[i].swabs.value);
		else
			pw_out_null(out);
		pw_out_text(out, rows[i].tube_state);
	}
	pw_out_end(out, "tube", "tubes");
	return PW_EXIT_DONE;
}

static int close_box(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "box", .flags = PW_COL_WHOLE},
		{.key = "expected", .kind = PW_COL_INT},
		{.key = "received", .kind = PW_COL_INT},
		{.key = "rejected", .kind = PW_COL_INT},
		{.key = "missing", .kind = PW_COL_INT},
		{.key = "extra", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_box_count c;
	pw_status rc = pw_lab_close_box(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &c, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_text(out, pw_ctx_arg(ctx, 0));
	pw_out_int(out, c.expected);
	pw_out_int(out, c.received);
	pw_out_int(out, c.rejected);
	pw_out_int(out, c.missing);
	pw_out_int(out, c.extra);
	pw_out_end(out, NULL, NULL);
	if (c.missing > 0)
		pw_ctx_say(
			ctx,
			"%d missing: 'poolwell receive box %s' names them; look for them, or recall "
			"their people with 'poolwell resolve recall'",
			c.missing, pw_ctx_arg(ctx, 0));
	return c.missing + c.extra > 0 ? PW_EXIT_FOUND : PW_EXIT_DONE;
}

static int boxes(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "box", .flags = PW_COL_WHOLE},
		{.key = "state"},
		{.key = "tubes", .kind = PW_COL_INT},
		{.key = "received", .kind = PW_COL_INT},
		{.key = "holder", .flags = PW_COL_OPTIONAL},
		{.key = "announced_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_boxes_row *rows;
	size_t count;
	pw_status rc = pw_q_boxes(pw_ctx_store(ctx), pw_ctx_arena(ctx),
				  pw_ctx_flag(ctx, "all") ? 1 : 0, &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, rows[i].box);
		pw_out_text(out, rows[i].state);
		pw_out_int(out, rows[i].tubes);
		pw_out_int(out, rows[i].received);
		pw_out_text(out, rows[i].holder);
		pw_out_time(out, rows[i].announced_at);
	}
	pw_out_end(out, "box", "boxes");
	return PW_EXIT_DONE;
}

static const pw_opt tube_opts[] = {
	{.name = "box", .kind = PW_OPT_TEXT, .arg = "BOX", .help = "the box that they came in"},
	PW_OPTS_END,
};
static const pw_opt reject_opts[] = {
	{.name = "cause",
	 .kind = PW_OPT_TEXT,
	 .arg = "WHY",
	 .help = "leaking, unlabelled, empty, wrong-tube, or other words",
	 .required = true},
	PW_OPTS_END,
};
static const pw_opt hand_opts[] = {
	{.name = "from", .kind = PW_OPT_TEXT, .arg = "WHO", .help = "who gives", .required = true},
	{.name = "to", .kind = PW_OPT_TEXT, .arg = "WHO", .help = "who takes", .required = true},
	PW_OPTS_END,
};
static const pw_opt boxes_opts[] = {
	{.name = "all", .kind = PW_OPT_FLAG, .help = "closed ones too"},
	PW_OPTS_END,
};
static const char *const manifest_examples[] = {
	"poolwell receive manifest boxes.csv --lab city.db --as li", NULL};
static const char *const tube_examples[] = {
	"poolwell receive tube T0001 T0002 --box B1 --lab city.db --as li",
	"poolwell receive tube --box B1 --lab city.db --as li < scans.txt",
	NULL,
};
static const char *const reject_examples[] = {
	"poolwell receive reject T0003 --cause leaking --lab city.db --as li", NULL};
static const char *const hand_examples[] = {
	"poolwell receive hand-over B1 --from driver-7 --to li --lab city.db --as li", NULL};
static const char *const box_examples[] = {"poolwell receive box B1 --lab city.db", NULL};
static const char *const close_examples[] = {"poolwell receive close B1 --lab city.db --as li",
					     NULL};
static const char *const boxes_examples[] = {"poolwell receive boxes --lab city.db", NULL};

const pw_cmd pw_cmds_receive[] = {
	{
		.name = "receive manifest",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.summary = "import which tubes are in which boxes",
		.details =
			"Reads CSV with the columns box, tube and, where it is known, swabs. All of it "
			"or nothing; the same file twice changes nothing.",
		.examples = manifest_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = manifest,
	},
	{
		.name = "receive tube",
		.args = "[TUBE...]",
		.max_args = -1,
		.summary = "scan tubes as they come out of the box",
		.details =
			"Without TUBE they are read from standard input, a line each. A tube that the "
			"box's manifest does not name is received and marked as extra; a tube that nobody "
			"opened, or that was received before, is refused.",
		.examples = tube_examples,
		.opts = tube_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = tube,
	},
	{
		.name = "receive reject",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "a tube can't be tested: its people are recalled",
		.details =
			"The people of the tube stand on the recall list at once, with the cause.",
		.examples = reject_examples,
		.opts = reject_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = reject,
	},
	{
		.name = "receive hand-over",
		.args = "BOX",
		.min_args = 1,
		.max_args = 1,
		.summary = "a box changes hands: scan who gives and who takes",
		.details =
			"Both must be named and be different people, and who gives must be who has it.",
		.examples = hand_examples,
		.opts = hand_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = hand_over,
	},
	{
		.name = "receive box",
		.args = "BOX",
		.min_args = 1,
		.max_args = 1,
		.summary = "the tubes of a box: expected, received, rejected, missing, extra",
		.details = "Shows what the manifest says beside what was scanned.",
		.examples = box_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = show_box,
	},
	{
		.name = "receive close",
		.args = "BOX",
		.min_args = 1,
		.max_args = 1,
		.summary = "the box is empty: compare what was expected with what was scanned",
		.details = "Exits 3 when a tube is missing or extra.",
		.examples = close_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = close_box,
	},
	{
		.name = "receive boxes",
		.summary = "the boxes on their way and at the bench",
		.details = "Lists boxes that are not closed; with --all, all of them.",
		.examples = boxes_examples,
		.opts = boxes_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = boxes,
	},
	PW_CMDS_END,
};
