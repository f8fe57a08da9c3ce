/* `poolwell pool …`: laboratory pools, from the plan to the next wells. */
#include <inttypes.h>

#include "cli/open.h"
#include "cli/out.h"
#include "cli/pool_cmds.h"
#include "cli/scans.h"

/* ---------------------------------------------------------------- made */

static pw_status make_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	pw_pool_done done;
	(void)data;
	pw_status rc = pw_lab_make_pool(pw_ctx_lab(ctx), scan, &done, err);
	if (rc == PW_OK)
		pw_str_addf(answer, "pool %" PRId64 " of batch %" PRId64 ", %d tubes", done.number,
			    done.batch, done.tubes);
	return rc;
}

/* Everything that is planned of a batch, as a robot has made it. */
static int make_batch(pw_ctx *ctx, int64_t batch)
{
	pw_err err = PW_ERR_INIT;
	int made = 0;
	pw_status rc = pw_lab_make_batch(pw_ctx_lab(ctx), batch, &made, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "%d laboratory pool%s of batch %" PRId64 " %s made", made,
		   made == 1 ? "" : "s", batch, made == 1 ? "is" : "are");
	return PW_EXIT_DONE;
}

static int made(pw_ctx *ctx)
{
	if (!pw_ctx_given(ctx, "batch"))
		return pw_scans(ctx, 0, make_one, NULL);
	if (pw_ctx_args(ctx) > 0)
		return pw_ctx_usage(ctx, "--batch makes all pools of a batch: leave POOL out");
	return make_batch(ctx, pw_ctx_int(ctx, "batch"));
}

static int unmake(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_lab_unmake_pool(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "laboratory pool '%s' is to be made again", pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int lose(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_pool_done done;
	pw_status rc = pw_lab_lose_pool(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &done, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "laboratory pool '%s' is given up%s", done.pool,
		   done.decoded ? "; its batch was decoded without it" : "");
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- otherwise than planned */

static int change(pw_ctx *ctx, bool out)
{
	pw_err err = PW_ERR_INIT;
	pw_aliquots_changed c;
	const char *tube = pw_ctx_arg(ctx, 0), *pool = pw_ctx_text(ctx, "pool");
	pw_status rc = out ? pw_lab_leave_out(pw_ctx_lab(ctx), tube, pool, &c, &err)
			   : pw_lab_put_in(pw_ctx_lab(ctx), tube, pool, &c, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "tube '%s' is %s %d laboratory pool%s of batch %" PRId64 "%s", c.tube,
		   out ? "left out of" : "in", c.pools, c.pools == 1 ? "" : "s", c.batch,
		   c.decoded ? ", which was decoded again" : "");
	if (c.contradicted > 0)
		pw_ctx_warn(ctx,
			    "%d negative tubes are so no more, and their people have their answer: "
			    "'poolwell pool tubes %" PRId64 "' names them",
			    c.contradicted, c.batch);
	return PW_EXIT_DONE;
}

static int leave_out(pw_ctx *ctx)
{
	return change(ctx, true);
}

static int put_in(pw_ctx *ctx)
{
	return change(ctx, false);
}

static int void_batch(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	int64_t batch = 0;
	int tubes;
	pw_status rc = pw_pool_batch_arg(ctx, 0, &batch, &err);
	if (rc == PW_OK)
		rc = pw_lab_void_pools(pw_ctx_lab(ctx), batch, &tubes, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "batch %" PRId64 " is void; %d tubes wait again", batch, tubes);
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- the table */

static const pw_opt list_opts[] = {
	{.name = "all", .kind = PW_OPT_FLAG, .help = "those that are decided or void too"},
	PW_OPTS_END,
};
static const pw_opt made_opts[] = {
	{.name = "batch",
	 .kind = PW_OPT_INT,
	 .arg = "BATCH",
	 .help = "all pools of the batch that are planned, as a robot has made them",
	 .min = 1,
	 .max = INT64_MAX},
	PW_OPTS_END,
};
static const pw_opt change_opts[] = {
	{.name = "pool",
	 .kind = PW_OPT_TEXT,
	 .arg = "POOL",
	 .help = "this pool alone; if not given, all pools of the tube's batch"},
	PW_OPTS_END,
};
static const pw_opt draw_opts[] = {
	{.name = "draw",
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "where to; its name ends in .svg, .png or .pdf",
	 .required = true},
	{.name = "overwrite", .kind = PW_OPT_FLAG, .help = "the file may be there already"},
	PW_OPTS_END,
};

static const char *const plan_examples[] = {
	"poolwell pool plan --waiting --family dorfman --size 10 --csv --lab city.db --as li",
	"poolwell pool plan --box B1 --family array --size 8x12 --draw plan.pdf --lab city.db --as li",
	"poolwell pool plan T0001 T0002 T0003 T0004 --design mine.txt --volume 25 --lab city.db --as li",
	NULL,
};
static const char *const worklist_examples[] = {"poolwell pool worklist 1 --csv --lab city.db",
						NULL};
static const char *const list_examples[] = {"poolwell pool list --lab city.db", NULL};
static const char *const show_examples[] = {"poolwell pool show 1 --lab city.db",
					    "poolwell pool show SZA00000001R --lab city.db", NULL};
static const char *const tubes_examples[] = {"poolwell pool tubes 1 --lab city.db", NULL};
static const char *const draw_examples[] = {"poolwell pool draw 1 --draw batch-1.pdf --lab city.db",
					    NULL};
static const char *const made_examples[] = {
	"poolwell pool made SZA00000001R SZA00000002P --lab city.db --as li",
	"poolwell pool made --batch 1 --lab city.db --as li",
	"poolwell pool made --lab city.db --as li < scans.txt",
	NULL,
};
static const char *const unmake_examples[] = {
	"poolwell pool unmake SZA00000001R --reason 'scanned, not pipetted' --lab city.db --as li",
	NULL};
static const char *const lose_examples[] = {
	"poolwell pool lose SZA00000001R --reason dropped --lab city.db --as li", NULL};
static const char *const leave_out_examples[] = {
	"poolwell pool leave-out T0007 --reason empty --lab city.db --as li",
	"poolwell pool leave-out T0007 --pool SZA00000001R --reason spilled --lab city.db --as li",
	NULL,
};
static const char *const put_in_examples[] = {
	"poolwell pool put-in T0007 --reason 'the other rack' --lab city.db --as li", NULL};
static const char *const decode_examples[] = {
	"poolwell pool decode 1 --now --lab city.db --as li",
	"poolwell pool decode 1 --accept --reason 'plates are right' --lab city.db --as li", NULL};
static const char *const next_examples[] = {
	"poolwell pool next --lab city.db --as li",
	"poolwell pool next 1 --prefer tests --dry-run --lab city.db --as li", NULL};
static const char *const void_examples[] = {
	"poolwell pool void 1 --reason 'the wrong rack' --lab city.db --as li", NULL};

const pw_cmd pw_cmds_pool[] = {
	{
		.name = "pool plan",
		.args = "[TUBE...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "lay received tubes into laboratory pools by a design",
		.details =
			"Which tubes: given, in a file, those of a box, or all that wait. Which pools: a "
			"family of designs with its numbers, or a matrix of your own. More tubes than "
			"the design holds become several batches; fewer are the first ones of it.\n\n"
			"Gives the worklist: from which place of which rack how much goes into which "
			"pool, in the order in which racks are worked off. Tubes stand in racks of 96, "
			"by column; pools in the specimen wells of the layout.\n\n"
			"Refused: tubes that were not received, were tested, are in pools already, are a "
			"second swab, or are of people whom the policy has tested alone; pools and "
			"volumes beyond the limits; designs that would save nothing.",
		.examples = plan_examples,
		.opts = pw_pool_plan_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = pw_pool_cmd_plan,
	},
	{
		.name = "pool worklist",
		.args = "BATCH...",
		.min_args = 1,
		.max_args = -1,
		.summary = "what is still to be pipetted, for a person or a robot",
		.details = "As 'pool plan' gave it, less the pools that were made.",
		.examples = worklist_examples,
		.opts = pw_pool_worklist_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_pool_cmd_worklist,
	},
	{
		.name = "pool list",
		.summary = "the batches in work, and how far they are",
		.details =
			"Shows each batch with its pools that are not made or not read, its tubes that "
			"wait, and those that want another well.",
		.examples = list_examples,
		.opts = list_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_pool_cmd_list,
	},
	{
		.name = "pool show",
		.args = "BATCH|POOL",
		.min_args = 1,
		.max_args = 1,
		.summary = "the pools of a batch, or what is in one pool",
		.details =
			"Of a batch: each pool with its place, state and reading (+ positive, - negative, "
			"? inconclusive, ! invalid), and how it was decoded at last.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_pool_cmd_show,
	},
	{
		.name = "pool tubes",
		.args = "BATCH",
		.min_args = 1,
		.max_args = 1,
		.summary = "the tubes of a batch: their pools, posteriors, calls",
		.details =
			"The pools of each tube by number with what they read; x where its aliquot was "
			"left out. The posterior is the chance that the tube is positive, right to within "
			"the error. A tube is contradicted when it was given as negative and later "
			"evidence does not bear that any more.",
		.examples = tubes_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_pool_cmd_tubes,
	},
	{
		.name = "pool draw",
		.args = "BATCH",
		.min_args = 1,
		.max_args = 1,
		.summary = "a picture of a batch's design and racks",
		.details = "The matrix, and each rack with the pools that go on from every place.",
		.examples = draw_examples,
		.opts = draw_opts,
		.flags = PW_CMD_LAB,
		.run = pw_pool_cmd_draw,
	},
	{
		.name = "pool made",
		.args = "[POOL...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "scan laboratory pools that hold their aliquots",
		.details =
			"Without POOL they are read from standard input, a line each. What is not in a "
			"pool is said with 'pool leave-out', before or afterwards.",
		.examples = made_examples,
		.opts = made_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = made,
	},
	{
		.name = "pool unmake",
		.args = "POOL",
		.min_args = 1,
		.max_args = 1,
		.summary = "take the scan of a pool back: it was not made",
		.details = "Works until the pool is on a plate, and needs --reason.",
		.examples = unmake_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = unmake,
	},
	{
		.name = "pool leave-out",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "a tube's aliquot is not in its pools",
		.details =
			"For a tube that was empty, clotted or spilled: of all pools of its batch, or of "
			"one. Needs --reason. When a pool that was read is concerned, the batch is decoded "
			"again.",
		.examples = leave_out_examples,
		.opts = change_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = leave_out,
	},
	{
		.name = "pool put-in",
		.args = "TUBE",
		.min_args = 1,
		.max_args = 1,
		.summary = "take 'pool leave-out' back: the aliquot is in the pools",
		.details = "Needs --reason.",
		.examples = put_in_examples,
		.opts = change_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = put_in,
	},
	{
		.name = "pool lose",
		.args = "POOL",
		.min_args = 1,
		.max_args = 1,
		.summary = "give a pool up: no reading will come of it",
		.details =
			"For a pool that was dropped or can't be made. The others of its batch are "
			"decoded without it. Needs --reason.",
		.examples = lose_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = lose,
	},
	{
		.name = "pool decode",
		.args = "BATCH",
		.min_args = 1,
		.max_args = 1,
		.summary = "work the readings of a batch back to its tubes",
		.details =
			"This is done by 'run import' as soon as the readings are complete; here it is "
			"done at once, or again. The same evidence changes nothing.\n\n"
			"A batch whose readings make no sense is held, and nobody is decided from it, "
			"until it is voided or its readings are accepted. The exit code is then 3.",
		.examples = decode_examples,
		.opts = pw_pool_decode_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = pw_pool_cmd_decode,
	},
	{
		.name = "pool next",
		.args = "[BATCH...]",
		.min_args = 0,
		.max_args = -1,
		.summary = "what to run next for tubes that pools did not decide",
		.details =
			"Plans, and puts onto the waiting lists: tubes that get a well of their own, "
			"invalid pools that are extracted again, new pools, tubes whose people are swabbed "
			"again. Without BATCH, of every batch that has such tubes.",
		.examples = next_examples,
		.opts = pw_pool_next_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE | PW_CMD_LIST,
		.run = pw_pool_cmd_next,
	},
	{
		.name = "pool void",
		.args = "BATCH",
		.min_args = 1,
		.max_args = 1,
		.summary = "give a batch up: its undecided tubes wait again",
		.details =
			"For a wrong design, wrong tubes, or readings that make no sense. Results that "
			"were given stay. Needs --reason.",
		.examples = void_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = void_batch,
	},
	PW_CMDS_END,
};
