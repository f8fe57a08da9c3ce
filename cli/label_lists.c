/* `poolwell label queue, list, gaps`: what became of labels. */
#include <string.h>

#include "cli/label_verbs.h"
#include "cli/open.h"
#include "cli/out.h"
#include "core/lab/labels.h"
#include "pw_sql.h"

/* ---------------------------------------------------------------- queue */

/* Why labels of a batch are not out: what the printer does, or stopped for. */
static const char *why(pw_ctx *ctx, const pw_label_queue_row *row)
{
	pw_printer_find_row printer;
	bool found = false;
	if (pw_lab_printer_at_work(pw_ctx_lab(ctx), row->printer))
		return "the printer is at work";
	if (row->queued == 0)
		return row->sent > 0 ? "the program that printed has ended" : "not confirmed";
	if (pw_q_printer_find(pw_ctx_store(ctx), pw_ctx_arena(ctx), row->printer, &printer, &found,
			      NULL) == PW_OK &&
	    found && printer.stopped_text != NULL && printer.stopped_at.value >= row->queued_at)
		return printer.stopped_text;
	return "not begun";
}

int pw_label_queue_verb(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "batch", .kind = PW_COL_INT},
		{.key = "printer", .flags = PW_COL_WHOLE},
		{.key = "template"},
		{.key = "labels", .kind = PW_COL_INT},
		{.key = "waiting", .kind = PW_COL_INT},
		{.key = "unconfirmed", .kind = PW_COL_INT},
		{.key = "next", .flags = PW_COL_WHOLE | PW_COL_OPTIONAL},
		{.key = "queued_at", .kind = PW_COL_TIME},
		{.key = "by"},
		{.key = "why"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_label_queue_row *rows;
	pw_label_find_row next;
	size_t count;
	bool found;
	pw_store *store = pw_ctx_store(ctx);
	pw_status rc = pw_q_label_queue(store, pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		found = false;
		if (rows[i].first_queued.has)
			rc = pw_q_label_find(store, pw_ctx_arena(ctx), rows[i].first_queued.value,
					     &next, &found, &err);
		if (rc != PW_OK)
			return pw_ctx_fail(ctx, rc, &err);
		pw_out_int(out, rows[i].batch);
		pw_out_text(out, rows[i].printer);
		pw_out_text(out, rows[i].template);
		pw_out_int(out, rows[i].count);
		pw_out_int(out, rows[i].queued);
		pw_out_int(out, rows[i].sent + rows[i].unconfirmed);
		pw_out_text(out, found ? next.id : NULL);
		pw_out_time(out, rows[i].queued_at);
		pw_out_text(out, rows[i].queued_by);
		pw_out_text(out, why(ctx, &rows[i]));
	}
	pw_out_end(out, "unfinished batch", "unfinished batches");
	return PW_EXIT_DONE;
}

/* ---------------------------------------------------------------- list */

static const pw_column list_columns[] = {
	{.key = "label", .kind = PW_COL_INT},
	{.key = "id", .flags = PW_COL_WHOLE},
	{.key = "copy", .kind = PW_COL_INT},
	{.key = "thing"},
	{.key = "state"},
	{.key = "since", .kind = PW_COL_TIME},
	{.key = "batch", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
	{.key = "printer", .flags = PW_COL_OPTIONAL},
	{.key = "site", .flags = PW_COL_OPTIONAL},
	{.key = "reserved_at", .kind = PW_COL_TIME},
	{.key = "reserved_by"},
	{.key = "note", .flags = PW_COL_OPTIONAL},
	PW_COLUMNS_END,
};

static void show_label(pw_out *out, const pw_labels_row *row)
{
	pw_out_int(out, row->label);
	pw_out_text(out, row->id);
	pw_out_int(out, row->copy);
	pw_out_text(out, row->thing);
	pw_out_text(out, row->state);
	pw_out_time(out, row->state_at);
	if (row->batch.has)
		pw_out_int(out, row->batch.value);
	else
		pw_out_null(out);
	pw_out_text(out, row->printer);
	pw_out_text(out, row->site);
	pw_out_time(out, row->reserved_at);
	pw_out_text(out, row->reserved_by);
	pw_out_text(out, row->note);
}

static pw_status list_all(pw_ctx *ctx, pw_out *out, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_row row;
	bool found = true;
	pw_status rc = pw_q_labels_open(pw_ctx_store(ctx), pw_ctx_text(ctx, "state"),
					pw_ctx_text(ctx, "thing"), &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_next(&cursor, &row, &found, err)) == PW_OK && found)
		show_label(out, &row);
	pw_cursor_close(&cursor);
	return rc;
}

static pw_status list_batch(pw_ctx *ctx, int64_t batch, pw_out *out, pw_err *err)
{
	pw_cursor cursor;
	pw_labels_of_batch_row row;
	bool found = true;
	pw_status rc = pw_q_labels_of_batch_open(pw_ctx_store(ctx), batch, &cursor, err);
	if (rc != PW_OK)
		return rc;
	while ((rc = pw_q_labels_of_batch_next(&cursor, &row, &found, err)) == PW_OK && found) {
		const pw_labels_row one = {
			row.label, row.id,          row.copy,           row.thing,
			row.state, row.state_at,    pw_some_int(batch), row.printer,
			row.site,  row.reserved_at, row.reserved_by,    row.void_by,
			row.note};
		show_label(out, &one);
	}
	pw_cursor_close(&cursor);
	return rc;
}

/* The labels of one identifier, as it was scanned. */
static pw_status list_id(pw_ctx *ctx, const char *scan, pw_out *out, pw_err *err)
{
	pw_labels_of_id_row *rows;
	pw_ident ident;
	char id[PW_IDENT_SIZE];
	size_t count;
	bool ours = pw_ident_parse(scan, &ident, NULL) == PW_OK;
	if (ours)
		pw_ident_text(&ident, id);
	pw_status rc = pw_q_labels_of_id(pw_ctx_store(ctx), pw_ctx_arena(ctx), ours ? id : scan,
					 &rows, &count, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		const pw_labels_row one = {
			rows[i].label, rows[i].id,          rows[i].copy,        rows[i].thing,
			rows[i].state, rows[i].state_at,    rows[i].batch,       rows[i].printer,
			rows[i].site,  rows[i].reserved_at, rows[i].reserved_by, rows[i].void_by,
			rows[i].note};
		show_label(out, &one);
	}
	return rc;
}

int pw_label_list_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_out *out = pw_ctx_out(ctx);
	bool batch = pw_ctx_given(ctx, "batch"),
	     some = pw_ctx_given(ctx, "state") || pw_ctx_given(ctx, "thing");
	if ((pw_ctx_args(ctx) > 0) + batch + some > 1)
		return pw_ctx_usage(ctx, "give identifiers, or --batch, or --state and --thing");
	pw_status rc = PW_OK;
	pw_out_list(out, list_columns);
	if (batch)
		rc = list_batch(ctx, pw_ctx_int(ctx, "batch"), out, &err);
	else if (pw_ctx_args(ctx) == 0)
		rc = list_all(ctx, out, &err);
	for (int i = 0; rc == PW_OK && i < pw_ctx_args(ctx); i++)
		rc = list_id(ctx, pw_ctx_arg(ctx, i), out, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out_end(out, "label", "labels");
	return PW_EXIT_DONE;
}

static const char *const states[] = {"reserved",    "queued",  "sent", "confirmed",
				     "unconfirmed", "applied", "void", NULL};

const pw_opt pw_label_list_opts[] = {
	{.name = "state",
	 .kind = PW_OPT_CHOICE,
	 .arg = "STATE",
	 .help = "those in one state",
	 .choices = states},
	{.name = "thing",
	 .kind = PW_OPT_CHOICE,
	 .arg = "THING",
	 .help = "those of one kind of thing",
	 .choices = pw_label_things},
	{.name = "batch",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "those that were queued together",
	 .min = 1,
	 .max = INT64_MAX},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- gaps */

int pw_label_gaps_verb(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "first", .flags = PW_COL_WHOLE},
		{.key = "last", .flags = PW_COL_WHOLE},
		{.key = "numbers", .kind = PW_COL_INT},
		{.key = "labels", .kind = PW_COL_INT},
		{.key = "passed_over", .kind = PW_COL_INT},
		{.key = "state"},
		{.key = "since", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
		{.key = "site", .flags = PW_COL_OPTIONAL},
		{.key = "by", .flags = PW_COL_OPTIONAL},
		{.key = "why", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_label_numbers *rows;
	size_t count;
	pw_arena *arena = pw_ctx_arena(ctx);
	const char *thing = pw_ctx_args(ctx) > 0 ? pw_ctx_arg(ctx, 0) : "tube";
	pw_status rc = pw_lab_label_numbers(pw_ctx_lab(ctx), thing, arena, &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		const pw_label_numbers *r = &rows[i];
		if (pw_ctx_flag(ctx, "unused") && strcmp(r->state, "applied") == 0)
			continue;
		pw_out_text(out, r->first_id[0] != '\0'
					 ? r->first_id
					 : pw_arena_printf(arena, "%lld", (long long)r->first));
		pw_out_text(out, r->last_id[0] != '\0'
					 ? r->last_id
					 : pw_arena_printf(arena, "%lld", (long long)r->last));
		pw_out_int(out, r->last - r->first + 1);
		pw_out_int(out, r->labels);
		pw_out_int(out, r->passed_over);
		pw_out_text(out, r->state);
		if (r->since != 0)
			pw_out_time(out, r->since);
		else
			pw_out_null(out);
		pw_out_text(out, r->site);
		pw_out_text(out, r->by);
		pw_out_text(out, r->note);
	}
	pw_out_end(out, "row of numbers", "rows of numbers");
	return PW_EXIT_DONE;
}

const pw_opt pw_label_gaps_opts[] = {
	{.name = "unused", .kind = PW_OPT_FLAG, .help = "without those that are in use"},
	PW_OPTS_END,
};
