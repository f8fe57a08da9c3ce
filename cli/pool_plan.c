/* `poolwell pool plan` and the worklist that it gives. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/design_args.h"
#include "cli/draw_opt.h"
#include "cli/file.h"
#include "cli/open.h"
#include "cli/out.h"
#include "cli/pool_cmds.h"
#include "core/base/text.h"
#include "core/base/vec.h"

#define MAX_LIST   ((size_t)1024 * 1024)
#define RACK_WELLS 96

/* ---------------------------------------------------------------- the worklist */

/* From a place of a rack into a place of a pool plate. */
typedef struct step {
	int64_t batch, rack, from;
	const pw_batch_aliquots_row *aliquot;
	int64_t wells; /* of the pool plate */
} step;

typedef PW_VEC(step) steps;

/* Down the columns, as a pipette goes: 8 rows, 12 columns. */
static int64_t by_column(int64_t position)
{
	return position % 12 * 8 + position / 12;
}

/* Rack by rack, tube by tube, pool by pool. */
static int in_order(const void *a, const void *b)
{
	const step *x = a, *y = b;
	const int64_t keys[][2] = {
		{x->batch, y->batch},
		{x->rack, y->rack},
		{by_column(x->from), by_column(y->from)},
		{x->aliquot->number, y->aliquot->number},
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

/* The aliquots of a batch that are still to be pipetted, or all that are not left out. */
static pw_status add_steps(pw_ctx *ctx, int64_t batch, bool all, steps *out, pw_err *err)
{
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_batch_tubes_row *tubes;
	pw_batch_aliquots_row *rows;
	pw_batch_find_row found_batch;
	const pw_layout *layout;
	size_t tube_count, count;
	bool found;
	pw_status rc = pw_q_batch_find(store, arena, batch, &found_batch, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no batch %" PRId64 ": 'poolwell pool list --all' shows the batches",
			     batch);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(pw_ctx_lab(ctx), found_batch.layout_hash, &layout, err);
	if (rc == PW_OK)
		rc = pw_q_batch_tubes(store, arena, batch, &tubes, &tube_count, err);
	if (rc == PW_OK)
		rc = pw_q_batch_aliquots(store, arena, batch, &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		const pw_batch_tubes_row *tube = &tubes[rows[i].sample - 1];
		bool wanted = all ? strcmp(rows[i].state, "left-out") != 0
				  : strcmp(rows[i].state, "planned") == 0 &&
					      strcmp(rows[i].pool_state, "planned") == 0;
		const step s = {batch, tube->rack, tube->position, &rows[i],
				pw_plate_wells(layout->format)};
		if (wanted)
			pw_vec_push(out, s);
	}
	return rc;
}

static void show_steps(pw_ctx *ctx, steps *list)
{
	static const pw_column columns[] = {
		{.key = "step", .kind = PW_COL_INT},
		{.key = "batch", .kind = PW_COL_INT},
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "rack", .kind = PW_COL_INT},
		{.key = "from"},
		{.key = "pool", .flags = PW_COL_WHOLE},
		{.key = "plate", .kind = PW_COL_INT},
		{.key = "to"},
		{.key = "volume_nl", .title = "volume nl", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	if (list->len > 1)
		qsort(list->ptr, list->len, sizeof(*list->ptr), in_order);
	pw_out_list(out, columns);
	for (size_t i = 0; i < list->len; i++) {
		const step *s = &list->ptr[i];
		char from[8], to[8];
		pw_out_int(out, (int64_t)i + 1);
		pw_out_int(out, s->batch);
		pw_out_text(out, s->aliquot->tube);
		pw_out_int(out, s->rack);
		pw_out_text(out, pw_position_name(s->from, RACK_WELLS, from));
		pw_out_text(out, s->aliquot->pool);
		pw_out_int(out, s->aliquot->place);
		pw_out_text(out, pw_position_name(s->aliquot->position, s->wells, to));
		pw_out_int(out, s->aliquot->nl);
	}
	pw_out_end(out, "aliquot to pipette", "aliquots to pipette");
}

int pw_pool_cmd_worklist(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	steps list = PW_VEC_INIT;
	int64_t batch = 0;
	pw_status rc = PW_OK;
	for (int i = 0; rc == PW_OK && i < pw_ctx_args(ctx); i++) {
		rc = pw_pool_batch_arg(ctx, i, &batch, &err);
		if (rc == PW_OK)
			rc = add_steps(ctx, batch, pw_ctx_flag(ctx, "all"), &list, &err);
	}
	if (rc == PW_OK)
		show_steps(ctx, &list);
	pw_vec_clear(&list);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}

const pw_opt pw_pool_worklist_opts[] = {
	{.name = "all", .kind = PW_OPT_FLAG, .help = "the aliquots of pools that were made too"},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- the plan */

typedef struct plan_args {
	pw_pool_planning in;
	PW_VEC(const char *) tubes;
	pw_design *design;
	pw_str text;
	bool draw;
	pw_canvas_format format;
	const char *list; /* what findings are of */
} plan_args;

/* A tube a line, in any encoding that is told apart. */
static pw_status read_list(pw_ctx *ctx, plan_args *a, pw_err *err)
{
	const char *path = pw_ctx_text(ctx, "tubes");
	pw_str bytes = PW_STR_INIT;
	pw_status rc = pw_ctx_read(ctx, path, MAX_LIST, &bytes, err);
	if (rc == PW_OK &&
	    (rc = pw_text_decode(pw_str_text(&bytes), bytes.len, &a->text, NULL, err)) != PW_OK)
		rc = pw_fail_ctx(err, rc, "%s", pw_file_name(path));
	pw_str_clear(&bytes);
	if (rc != PW_OK)
		return rc;
	a->list = path;
	for (char *line = a->text.ptr, *end; line != NULL && *line != '\0'; line = end) {
		size_t n = strcspn(line, "\r\n");
		end = line[n] == '\0' ? NULL : line + n + 1;
		line[n] = '\0';
		if (n > 0)
			pw_vec_push(&a->tubes, line);
	}
	return PW_OK;
}

static pw_status read_source(pw_ctx *ctx, plan_args *a, pw_err *err)
{
	bool list = pw_ctx_given(ctx, "tubes"), box = pw_ctx_given(ctx, "box");
	bool waiting = pw_ctx_flag(ctx, "waiting"), args = pw_ctx_args(ctx) > 0;
	if (list + box + waiting + args != 1)
		return pw_fail(err, PW_ERR_ARG,
			       "say which tubes, in one way: TUBE..., --tubes FILE, --box BOX or "
			       "--waiting");
	a->list = "the command line";
	if (box) {
		a->in.source = PW_POOL_FROM_BOX;
		a->in.box = pw_ctx_text(ctx, "box");
	} else if (waiting) {
		a->in.source = PW_POOL_FROM_WAITING;
	}
	for (int i = 0; i < pw_ctx_args(ctx); i++)
		pw_vec_push(&a->tubes, pw_ctx_arg(ctx, i));
	pw_status rc = list ? read_list(ctx, a, err) : PW_OK;
	a->in.tubes = a->tubes.ptr;
	a->in.tube_count = a->tubes.len;
	return rc;
}

static pw_status read_design(pw_ctx *ctx, plan_args *a, pw_err *err)
{
	bool file = pw_ctx_given(ctx, "design"), family = pw_ctx_given(ctx, "family");
	if (file == family)
		return pw_fail(err, PW_ERR_ARG,
			       "say which design: --family FAMILY with its numbers, or --design "
			       "FILE");
	if (family)
		return pw_design_read_family(ctx, &a->in.make, err);
	pw_status rc = pw_design_read_file(ctx, pw_ctx_text(ctx, "design"), &a->design, err);
	a->in.design = a->design;
	return rc;
}

static pw_status read_args(pw_ctx *ctx, plan_args *a, pw_err *err)
{
	pw_status rc = read_source(ctx, a, err);
	if (rc == PW_OK)
		rc = read_design(ctx, a, err);
	if (rc == PW_OK)
		rc = pw_draw_opt_read(ctx, &a->draw, &a->format, err);
	a->in.layout = pw_ctx_text(ctx, "layout");
	a->in.max_pool = (uint32_t)pw_ctx_int(ctx, "max-pool");
	a->in.aliquot_nl = pw_volume_read(ctx, "volume");
	a->in.well_nl = pw_volume_read(ctx, "well-volume");
	a->in.tube_nl = pw_volume_read(ctx, "tube-volume");
	a->in.dead_nl = pw_volume_read(ctx, "dead-volume");
	a->in.pool_nl = pw_volume_read(ctx, "max-volume");
	a->in.prevalence = pw_ctx_real(ctx, "prevalence");
	return rc;
}

static void say_planned(pw_ctx *ctx, const pw_pools_planned *p, bool volume_known)
{
	pw_ctx_say(ctx, "%zu tubes are in %zu laboratory pools, batch %" PRId64 "%s%.0" PRId64,
		   p->tubes, p->pools, p->first_batch, p->batches > 1 ? " to " : "",
		   p->batches > 1 ? p->last_batch : 0);
	if (p->unfit > 0)
		pw_ctx_say(ctx,
			   "%zu tubes may not be pooled and wait where they are: 'poolwell plate "
			   "fill' takes them alone",
			   p->unfit);
	if (p->too_few > 0)
		pw_ctx_say(ctx, "%zu tubes are left: pools of so few would save nothing",
			   p->too_few);
	if (!volume_known)
		pw_ctx_say(ctx, "how much is in the tubes was not said (--tube-volume): it was not "
				"checked");
}

static pw_status show_plan(pw_ctx *ctx, const plan_args *a, const pw_pools_planned *p, pw_err *err)
{
	steps list = PW_VEC_INIT;
	pw_design *design = NULL;
	pw_status rc = PW_OK;
	for (int64_t b = p->first_batch; rc == PW_OK && b <= p->last_batch; b++)
		rc = add_steps(ctx, b, false, &list, err);
	if (rc == PW_OK && a->draw) {
		rc = pw_lab_batch_design(pw_ctx_lab(ctx), p->first_batch, &design, err);
		if (rc == PW_OK)
			rc = pw_design_draw(ctx, design, a->format, err);
	}
	if (rc == PW_OK)
		show_steps(ctx, &list);
	pw_design_free(design);
	pw_vec_clear(&list);
	return rc;
}

int pw_pool_cmd_plan(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_pools_planned planned;
	plan_args a = {.list = ""};
	pw_status rc = read_args(ctx, &a, &err);
	if (rc == PW_OK)
		rc = pw_lab_plan_pools(pw_ctx_lab(ctx), &a.in, &planned, &report, &err);
	pw_ctx_report(ctx, a.list, &report);
	if (rc == PW_OK)
		rc = show_plan(ctx, &a, &planned, &err);
	if (rc == PW_OK)
		say_planned(ctx, &planned, a.in.tube_nl > 0);
	int code = rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
	pw_report_clear(&report);
	pw_design_free(a.design);
	pw_vec_clear(&a.tubes);
	pw_str_clear(&a.text);
	return code;
}

const pw_opt pw_pool_plan_opts[] = {
	{.name = "tubes",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "the tubes, a barcode a line, in the order of the racks"},
	{.name = "box", .kind = PW_OPT_TEXT, .arg = "BOX", .help = "the tubes of a box"},
	{.name = "waiting",
	 .kind = PW_OPT_FLAG,
	 .help = "all tubes that were received and wait, the longest first"},
	{.name = "design",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE",
	 .help = "a design of your own: a 0/1 matrix, a pool a line"},
	PW_DESIGN_FAMILY_OPTS(false),
	{.name = "layout",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "the plate layout in whose specimen wells the pools stand",
	 .fallback = "std96"},
	{.name = "volume",
	 .kind = PW_OPT_REAL,
	 .arg = "UL",
	 .help = "what goes from a tube into each of its pools, in microlitres",
	 .fallback = "20",
	 .min = 0,
	 .max = 1000000},
	{.name = "well-volume",
	 .kind = PW_OPT_REAL,
	 .arg = "UL",
	 .help = "what a tube's own well takes, in microlitres",
	 .fallback = "200",
	 .min = 0,
	 .max = 1000000},
	PW_VOLUME_OPT("tube-volume", "what there is of a tube"),
	PW_VOLUME_OPT("dead-volume", "what a tip can't reach in a tube"),
	PW_VOLUME_OPT("max-volume", "what a pool's well holds"),
	PW_DESIGN_NUMBER_OPT("max-pool", "tubes in a pool, below the policy's limit",
			     PW_DESIGN_MAX_SAMPLES),
	{.name = "prevalence",
	 .kind = PW_OPT_PERCENT,
	 .arg = "P",
	 .help = "the chance that a swab is positive; if not given, the policy's"},
	{.name = "draw",
	 .kind = PW_OPT_OUT,
	 .arg = "FILE",
	 .help = "a picture of the first batch too: its name ends in .svg, .png or .pdf"},
	{.name = "overwrite", .kind = PW_OPT_FLAG, .help = "the picture may be there already"},
	PW_OPTS_END,
};
