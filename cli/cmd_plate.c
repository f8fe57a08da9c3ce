/* `poolwell plate …`: extraction plates are filled, PCR plates stamped from them, both drawn. */
#include "cli/open.h"
#include "cli/out.h"
#include "cli/plate_cmds.h"
#include "cli/scans.h"

static int new_plate(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_filled next;
	char name[8];
	pw_lab *lab = pw_ctx_lab(ctx);
	const char *plate = pw_ctx_arg(ctx, 0);
	pw_status rc = pw_lab_create_plate(lab, plate, pw_ctx_text(ctx, "layout"), &err);
	if (rc == PW_OK)
		rc = pw_lab_next_well(lab, plate, &next, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_well_name(next.next, name);
	pw_ctx_say(ctx, "plate '%s' is ready for %d tubes: scan the tube for %s", plate, next.room,
		   name);
	return PW_EXIT_DONE;
}

typedef struct filling {
	const char *plate, *well;
} filling;

static pw_status fill_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	const filling *f = data;
	pw_filled filled;
	char name[8], next[8];
	pw_status rc = pw_lab_fill_well(pw_ctx_lab(ctx), f->plate, scan, f->well, &filled, err);
	if (rc != PW_OK)
		return rc;
	pw_well_name(filled.well, name);
	pw_well_name(filled.next, next);
	pw_str_addf(answer, "%s", name);
	if (filled.pool_tubes > 0)
		pw_str_addf(answer, " (a pool of %d)", filled.pool_tubes);
	if (filled.attempt > 1)
		pw_str_addf(answer, " (attempt %d)", filled.attempt);
	if (filled.full)
		pw_str_add(answer, ", the plate is full: seal it");
	else
		pw_str_addf(answer, ", next %s", next);
	return PW_OK;
}

static int fill(pw_ctx *ctx)
{
	filling f = {pw_arena_strdup(pw_ctx_arena(ctx), pw_ctx_arg(ctx, 0)), NULL};
	const char *well = pw_ctx_text(ctx, "well");
	if (well != NULL && pw_ctx_args(ctx) != 2)
		return pw_ctx_usage(ctx, "--well is for one TUBE");
	if (well != NULL)
		f.well = pw_arena_strdup(pw_ctx_arena(ctx), well);
	return pw_scans(ctx, 1, fill_one, &f);
}

static int next(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "plate", .flags = PW_COL_WHOLE},
		{.key = "next_well", .flags = PW_COL_OPTIONAL},
		{.key = "filled", .kind = PW_COL_INT},
		{.key = "room", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_filled f;
	char name[8];
	pw_status rc = pw_lab_next_well(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &f, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_object(out, columns);
	pw_out_text(out, pw_ctx_arg(ctx, 0));
	pw_well_name(f.next, name);
	pw_out_text(out, f.full ? NULL : name);
	pw_out_int(out, f.filled);
	pw_out_int(out, f.room);
	pw_out_end(out, NULL, NULL);
	return PW_EXIT_DONE;
}

static int clear(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc =
		pw_lab_clear_well(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "well %s of plate '%s' is empty again", pw_ctx_arg(ctx, 1),
		   pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int seal(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	int filled;
	pw_status rc = pw_lab_seal_plate(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &filled, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "plate '%s' is sealed with %d well%s filled", pw_ctx_arg(ctx, 0), filled,
		   filled == 1 ? "" : "s");
	return PW_EXIT_DONE;
}

static int stamp(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_stamped s;
	pw_status rc =
		pw_lab_stamp_plate(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_text(ctx, "from"),
				   pw_ctx_text(ctx, "assay"), &s, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	const char *left_out = s.left_out > 0 ? "; what has its answer was left out" : "";
	if (s.pools > 0)
		pw_ctx_say(ctx,
			   "PCR plate '%s' holds %d tubes, %d laboratory pools and %d controls%s",
			   pw_ctx_arg(ctx, 0), s.tubes, s.pools, s.controls, left_out);
	else
		pw_ctx_say(ctx, "PCR plate '%s' holds %d tubes and %d controls%s",
			   pw_ctx_arg(ctx, 0), s.tubes, s.controls, left_out);
	return PW_EXIT_DONE;
}

static int void_plate(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	int returned;
	pw_status rc = pw_lab_void_plate(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &returned, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "plate '%s' is void; what was in %d wells goes again", pw_ctx_arg(ctx, 0),
		   returned);
	return PW_EXIT_DONE;
}

static const pw_opt new_opts[] = {
	{.name = "layout",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "where controls stand and in which order it is filled",
	 .fallback = "std96"},
	PW_OPTS_END,
};
static const pw_opt fill_opts[] = {
	{.name = "well",
	 .kind = PW_OPT_TEXT,
	 .arg = "WELL",
	 .help = "where you believe the tube goes; refused when the next well is another"},
	PW_OPTS_END,
};
static const pw_opt stamp_opts[] = {
	{.name = "from",
	 .kind = PW_OPT_TEXT,
	 .arg = "PLATE",
	 .help = "the extraction plate",
	 .required = true},
	{.name = "assay",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "the assay in force that the plate is for",
	 .required = true},
	PW_OPTS_END,
};
static const char *const new_examples[] = {
	"poolwell plate new E0001 --layout std96 --lab city.db --as li", NULL};
static const char *const fill_examples[] = {
	"poolwell plate fill E0001 T0001 --lab city.db --as li",
	"poolwell plate fill E0001 T0002 --well B1 --lab city.db --as li",
	"poolwell plate fill E0001 --lab city.db --as li < scans.txt",
	NULL,
};
static const char *const next_examples[] = {"poolwell plate next E0001 --lab city.db", NULL};
static const char *const clear_examples[] = {
	"poolwell plate clear E0001 B1 --reason 'scanned, not pipetted' --lab city.db --as li",
	NULL};
static const char *const seal_examples[] = {"poolwell plate seal E0001 --lab city.db --as li",
					    NULL};
static const char *const stamp_examples[] = {
	"poolwell plate stamp Q0001 --from E0001 --assay cn-orf1ab-n --lab city.db --as li", NULL};
static const char *const void_examples[] = {
	"poolwell plate void Q0001 --reason dropped --lab city.db --as li", NULL};
static const char *const list_examples[] = {"poolwell plate list --lab city.db", NULL};
static const char *const show_examples[] = {"poolwell plate show Q0001 --lab city.db", NULL};
static const char *const draw_examples[] = {
	"poolwell plate draw Q0001 --format pdf --out q0001.pdf --lab city.db", NULL};

const pw_cmd pw_cmds_plate[] = {
	{
		.name = "plate new",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "begin an empty extraction plate",
		.details =
			"PLATE is its barcode. The layout says how many wells it has, where controls "
			"stand, and in which order tubes go in.",
		.examples = new_examples,
		.opts = new_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = new_plate,
	},
	{
		.name = "plate fill",
		.args = "PLATE [TUBE...]",
		.min_args = 1,
		.max_args = -1,
		.summary = "scan tubes and laboratory pools into the plate's next wells",
		.details =
			"Each tube or laboratory pool goes into the next well in the layout's order, which "
			"is said before the scan and after it. Without TUBE they are read from standard "
			"input, a line each.\n\n"
			"Refused and recorded: a tube that nobody opened or received, one that is on a "
			"plate already (which, and where), one that has its answer or waits for its "
			"laboratory pools, a pool that was not made, a full plate. The exit code is "
			"then 3.",
		.examples = fill_examples,
		.opts = fill_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = fill,
	},
	{
		.name = "plate next",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "where the next tube goes",
		.details = "Shows the next well, and how many are filled of how many.",
		.examples = next_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = next,
	},
	{
		.name = "plate clear",
		.args = "PLATE WELL",
		.min_args = 2,
		.max_args = 2,
		.summary = "take a fill back: the tube is not in the well",
		.details =
			"Works while the plate is being filled, and needs --reason. Both the fill and "
			"its taking back are in the journal.",
		.examples = clear_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = clear,
	},
	{
		.name = "plate seal",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "the plate is filled and goes on to extraction",
		.details = "After this no tube can be scanned onto it.",
		.examples = seal_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = seal,
	},
	{
		.name = "plate stamp",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "make a PCR plate from an extraction plate, well to the same well",
		.details =
			"Takes along the tubes and laboratory pools that still need an answer and the "
			"controls of extraction, and adds the layout's controls of PCR. To repeat a PCR, "
			"stamp the same extraction plate again: only what waits for it comes along.",
		.examples = stamp_examples,
		.opts = stamp_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = stamp,
	},
	{
		.name = "plate void",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "the plate is lost: its tubes go again",
		.details = "For a plate that was dropped or mixed up and has no result yet. Needs "
			   "--reason.",
		.examples = void_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = void_plate,
	},
	{
		.name = "plate list",
		.summary = "the plates in work",
		.details = "Lists plates that have no result yet; with --all, all of them.",
		.examples = list_examples,
		.opts = pw_plate_list_opts,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_plate_cmd_list,
	},
	{
		.name = "plate show",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "what is in the wells of a plate, and where it came from",
		.details =
			"Shows each well with its tube, laboratory pool or control, and on a PCR plate the "
			"well of the "
			"extraction plate that it was stamped from.",
		.examples = show_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = pw_plate_cmd_show,
	},
	{
		.name = "plate draw",
		.args = "PLATE",
		.min_args = 1,
		.max_args = 1,
		.summary = "a picture of a plate: contents, calls, controls",
		.details =
			"For A4, readable without colour. A PCR plate with a result shows its calls "
			"and Cqs.",
		.examples = draw_examples,
		.opts = pw_plate_draw_opts,
		.flags = PW_CMD_LAB,
		.run = pw_plate_cmd_draw,
	},
	PW_CMDS_END,
};
