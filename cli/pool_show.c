/* `poolwell pool list`, `pool show`, `pool tubes` and `pool draw`. */
#include <inttypes.h>
#include <string.h>

#include "cli/design_args.h"
#include "cli/draw_opt.h"
#include "cli/open.h"
#include "cli/out.h"
#include "cli/pictures/design.h"
#include "cli/pool_cmds.h"

pw_status pw_pool_batch_arg(pw_ctx *ctx, int index, int64_t *out, pw_err *err)
{
	const char *text = pw_ctx_arg(ctx, index);
	if (!pw_parse_int(text, out))
		return pw_fail(err, PW_ERR_ARG,
			       "'%s' is no batch's number: 'poolwell pool list' shows them", text);
	return PW_OK;
}

static void put_real(pw_out *out, pw_opt_real value)
{
	if (value.has)
		pw_out_real(out, value.value);
	else
		pw_out_null(out);
}

/* ---------------------------------------------------------------- list */

int pw_pool_cmd_list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "batch", .kind = PW_COL_INT},
		{.key = "state"},
		{.key = "design"},
		{.key = "tubes", .kind = PW_COL_INT},
		{.key = "pools", .kind = PW_COL_INT},
		{.key = "unmade", .kind = PW_COL_INT},
		{.key = "unread", .kind = PW_COL_INT},
		{.key = "waiting", .title = "tubes waiting", .kind = PW_COL_INT},
		{.key = "undecided", .title = "want a well", .kind = PW_COL_INT},
		{.key = "planned_at", .kind = PW_COL_TIME},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_batches_row *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_q_batches(pw_ctx_store(ctx), arena, pw_ctx_flag(ctx, "all") ? 1 : 0,
				    &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_int(out, rows[i].batch);
		pw_out_text(out, rows[i].state);
		pw_out_text(out,
			    pw_arena_printf(arena, "%s %s", rows[i].family, rows[i].parameters));
		pw_out_int(out, rows[i].tubes);
		pw_out_int(out, rows[i].pools);
		pw_out_int(out, rows[i].unmade);
		pw_out_int(out, rows[i].unread);
		pw_out_int(out, rows[i].waiting);
		pw_out_int(out, rows[i].undecided);
		pw_out_time(out, rows[i].planned_at);
	}
	pw_out_end(out, "batch of laboratory pools", "batches of laboratory pools");
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- a batch */

static pw_status find_batch(pw_ctx *ctx, int64_t batch, pw_batch_find_row *out, pw_err *err)
{
	bool found = false;
	pw_status rc =
		pw_q_batch_find(pw_ctx_store(ctx), pw_ctx_arena(ctx), batch, out, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_fail(err, PW_ERR_NOT_FOUND,
			     "no batch %" PRId64 ": 'poolwell pool list --all' shows the batches",
			     batch);
	return rc;
}

static void say_batch(pw_ctx *ctx, const pw_batch_find_row *b,
		      const pw_decodes_of_batch_row *decodes, size_t count)
{
	pw_ctx_say(ctx, "batch %" PRId64 ": %s %s, planned by %s", b->batch, b->family,
		   b->parameters, b->planned_by);
	if (count > 0) {
		const pw_decodes_of_batch_row *d = &decodes[count - 1];
		pw_ctx_say(ctx,
			   "decoded %zu time%s, at last by %s, every posterior within %.2g: %s",
			   count, count == 1 ? "" : "s", d->method, d->bound, d->evidence);
	}
	if (b->alarm != NULL)
		pw_ctx_warn(ctx, "its readings make no sense: %s%s", b->alarm,
			    strcmp(b->state, "held") == 0
				    ? "; look at the plates, then void the batch or accept them"
				    : "; they were accepted");
}

static int show_batch(pw_ctx *ctx, int64_t batch)
{
	static const pw_column columns[] = {
		{.key = "number", .kind = PW_COL_INT},
		{.key = "pool", .flags = PW_COL_WHOLE},
		{.key = "round", .kind = PW_COL_INT},
		{.key = "plate", .kind = PW_COL_INT},
		{.key = "well"},
		{.key = "tubes", .kind = PW_COL_INT},
		{.key = "state"},
		{.key = "reading", .flags = PW_COL_OPTIONAL},
		{.key = "cq", .kind = PW_COL_REAL, .decimals = 2, .flags = PW_COL_OPTIONAL},
		{.key = "next", .flags = PW_COL_OPTIONAL},
		{.key = "why", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_batch_find_row b;
	pw_batch_pools_row *rows;
	pw_decodes_of_batch_row *decodes;
	const pw_layout *layout;
	size_t count = 0, decode_count = 0;
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = find_batch(ctx, batch, &b, &err);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(pw_ctx_lab(ctx), b.layout_hash, &layout, &err);
	if (rc == PW_OK)
		rc = pw_q_batch_pools(store, arena, batch, &rows, &count, &err);
	if (rc == PW_OK)
		rc = pw_q_decodes_of_batch(store, arena, batch, &decodes, &decode_count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		char name[8];
		pw_out_int(out, rows[i].number);
		pw_out_text(out, rows[i].pool);
		pw_out_int(out, rows[i].round);
		pw_out_int(out, rows[i].place);
		pw_out_text(out, pw_position_name(rows[i].position, pw_plate_wells(layout->format),
						  name));
		pw_out_int(out, rows[i].tubes);
		pw_out_text(out, rows[i].state);
		pw_out_text(out, rows[i].reading);
		put_real(out, rows[i].cq);
		pw_out_text(out, rows[i].next);
		pw_out_text(out, rows[i].why);
	}
	pw_out_end(out, "laboratory pool", "laboratory pools");
	say_batch(ctx, &b, decodes, decode_count);
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- one pool */

static int show_pool(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "sample", .kind = PW_COL_INT},
		{.key = "rack", .kind = PW_COL_INT},
		{.key = "from"},
		{.key = "volume_nl", .title = "volume nl", .kind = PW_COL_INT},
		{.key = "state"},
		{.key = "why", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_pool_find_row pool;
	pw_pool_aliquots_row *rows;
	size_t count = 0;
	bool found = false;
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_q_pool_find(store, arena, pw_ctx_arg(ctx, 0), &pool, &found, &err);
	if (rc == PW_OK && !found)
		rc = pw_fail(&err, PW_ERR_NOT_FOUND,
			     "'%s' is neither a batch's number nor a laboratory pool's code",
			     pw_ctx_arg(ctx, 0));
	if (rc == PW_OK)
		rc = pw_q_pool_aliquots(store, arena, pool.pool, &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		char name[8];
		pw_out_text(out, rows[i].tube);
		pw_out_int(out, rows[i].sample);
		pw_out_int(out, rows[i].rack);
		pw_out_text(out, pw_position_name(rows[i].rack_position, 96, name));
		pw_out_int(out, rows[i].nl);
		pw_out_text(out, rows[i].state);
		pw_out_text(out, rows[i].why);
	}
	pw_out_end(out, "aliquot", "aliquots");
	pw_ctx_say(ctx, "pool %" PRId64 " of batch %" PRId64 ", %s%s%s", pool.number, pool.batch,
		   pool.state, pool.reading != NULL ? " " : "",
		   pool.reading != NULL ? pool.reading : "");
	return PW_EXIT_DONE;
}

int pw_pool_cmd_show(pw_ctx *ctx)
{
	int64_t batch = 0;
	return pw_parse_int(pw_ctx_arg(ctx, 0), &batch) ? show_batch(ctx, batch) : show_pool(ctx);
}

/* ---------------------------------------------------------------- its tubes */

/* "1+ 9-": the pools of each tube, by number, with what they read; "x" for an aliquot that was left out. */
static const char **list_readings(pw_ctx *ctx, const pw_batch_aliquots_row *rows, size_t count,
				  const pw_batch_pools_row *pools, size_t tubes)
{
	pw_arena *arena = pw_ctx_arena(ctx);
	const char **texts = pw_arena_array(arena, tubes, sizeof(*texts));
	for (size_t i = 0; i < count; i++) {
		const char **text = &texts[rows[i].sample - 1];
		const char *reading = pools[rows[i].number - 1].reading;
		bool out = strcmp(rows[i].state, "left-out") == 0;
		*text = pw_arena_printf(arena, "%s%s%" PRId64 "%s", *text != NULL ? *text : "",
					*text != NULL ? " " : "", rows[i].number,
					out               ? "x"
					: reading != NULL ? reading
							  : "");
	}
	return texts;
}

/* A negative that was given, and that the evidence does not bear any more. */
static bool is_contradicted(const pw_batch_tubes_row *t)
{
	return t->tube_call != NULL && t->call != NULL && strcmp(t->tube_call, "negative") == 0 &&
	       strcmp(t->state, "final") == 0 && strcmp(t->call, "negative") != 0;
}

int pw_pool_cmd_tubes(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "sample", .kind = PW_COL_INT},
		{.key = "tube", .flags = PW_COL_WHOLE},
		{.key = "rack", .kind = PW_COL_INT},
		{.key = "from"},
		{.key = "swabs", .kind = PW_COL_INT},
		{.key = "pools"},
		{.key = "posterior", .kind = PW_COL_REAL, .decimals = 6, .flags = PW_COL_OPTIONAL},
		{.key = "error", .kind = PW_COL_REAL, .decimals = 6, .flags = PW_COL_OPTIONAL},
		{.key = "call", .flags = PW_COL_OPTIONAL},
		{.key = "state"},
		{.key = "contradicted", .kind = PW_COL_BOOL},
		{.key = "why", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_batch_find_row b;
	pw_batch_tubes_row *rows;
	pw_batch_aliquots_row *aliquots;
	pw_batch_pools_row *pools;
	size_t count = 0, aliquot_count = 0, pool_count = 0;
	int64_t batch = 0;
	pw_store *store = pw_ctx_store(ctx);
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_status rc = pw_pool_batch_arg(ctx, 0, &batch, &err);
	if (rc == PW_OK)
		rc = find_batch(ctx, batch, &b, &err);
	if (rc == PW_OK)
		rc = pw_q_batch_tubes(store, arena, batch, &rows, &count, &err);
	if (rc == PW_OK)
		rc = pw_q_batch_aliquots(store, arena, batch, &aliquots, &aliquot_count, &err);
	if (rc == PW_OK)
		rc = pw_q_batch_pools(store, arena, batch, &pools, &pool_count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	const char **readings = list_readings(ctx, aliquots, aliquot_count, pools, count);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		char name[8];
		pw_out_int(out, rows[i].sample);
		pw_out_text(out, rows[i].tube);
		pw_out_int(out, rows[i].rack);
		pw_out_text(out, pw_position_name(rows[i].position, 96, name));
		pw_out_int(out, rows[i].swabs);
		pw_out_text(out, readings[i]);
		put_real(out, rows[i].posterior);
		put_real(out, rows[i].error);
		pw_out_text(out, rows[i].call);
		pw_out_text(out, rows[i].state);
		pw_out_bool(out, is_contradicted(&rows[i]));
		pw_out_text(out, rows[i].why);
	}
	pw_out_end(out, "tube", "tubes");
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- the picture */

int pw_pool_cmd_draw(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	pw_canvas_format format = PW_CANVAS_SVG;
	int64_t batch = 0;
	bool wanted;
	pw_status rc = pw_pool_batch_arg(ctx, 0, &batch, &err);
	if (rc == PW_OK)
		rc = pw_draw_opt_read(ctx, &wanted, &format, &err);
	if (rc == PW_OK)
		rc = pw_lab_batch_design(pw_ctx_lab(ctx), batch, &design, &err);
	if (rc == PW_OK)
		rc = pw_design_draw(ctx, design, format, &err);
	pw_design_free(design);
	return rc == PW_OK ? PW_EXIT_DONE : pw_ctx_fail(ctx, rc, &err);
}
