/* `poolwell label reserve, apply, void, reprint, resume, settle`: what is done about labels. */
#include <string.h>

#include "cli/label_order.h"
#include "cli/label_texts.h"
#include "cli/label_verbs.h"
#include "cli/open.h"
#include "cli/out.h"
#include "cli/scans.h"
#include "pw_sql.h"

/* ---------------------------------------------------------------- reserve */

int pw_label_reserve_verb(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "label", .kind = PW_COL_INT},
		{.key = "id", .flags = PW_COL_WHOLE},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_label_range range;
	pw_cursor cursor;
	pw_labels_between_row row;
	bool found = true;
	int64_t count = 0;
	if (!pw_parse_int(pw_ctx_arg(ctx, 1), &count))
		return pw_ctx_usage(ctx, "'%s' is no number of labels", pw_ctx_arg(ctx, 1));
	pw_status rc =
		pw_lab_reserve_labels(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), pw_ctx_int(ctx, "first"),
				      count, pw_ctx_text(ctx, "site"), &range, &err);
	if (rc == PW_OK)
		rc = pw_q_labels_between_open(pw_ctx_store(ctx), range.first, range.last, &cursor,
					      &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	while ((rc = pw_q_labels_between_next(&cursor, &row, &found, &err)) == PW_OK && found) {
		pw_out_int(out, row.label);
		pw_out_text(out, row.id);
	}
	pw_cursor_close(&cursor);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out_end(out, "number is reserved", "numbers are reserved");
	return PW_EXIT_DONE;
}

const pw_opt pw_label_reserve_opts[] = {
	{.name = "site", .kind = PW_OPT_TEXT, .arg = "SITE", .help = "where they will be used"},
	{.name = "first",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "the first number; else the first that is free",
	 .min = 1,
	 .max = PW_IDENT_MAX_SERIAL},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- apply */

static pw_status apply_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	pw_label_scan applied;
	(void)data;
	pw_status rc = pw_lab_apply_label(pw_ctx_lab(ctx), scan, &applied, err);
	if (rc == PW_OK)
		pw_str_addf(answer, "%s%s", applied.thing,
			    applied.applied == 0 ? ", was applied before" : "");
	return rc;
}

int pw_label_apply_verb(pw_ctx *ctx)
{
	return pw_scans(ctx, 0, apply_one, NULL);
}

/* ---------------------------------------------------------------- void */

static int say_voided(pw_ctx *ctx, const pw_label_voided *v)
{
	pw_ctx_say(ctx, "%zu label%s void", v->voided, v->voided == 1 ? " is" : "s are");
	if (v->applied > 0)
		pw_ctx_say(ctx, "%zu are in use and stay as they are", v->applied);
	return PW_EXIT_DONE;
}

static pw_status void_one(pw_ctx *ctx, void *data, const char *scan, pw_str *answer, pw_err *err)
{
	pw_label_voided voided;
	(void)data;
	pw_status rc = pw_lab_void_labels(pw_ctx_lab(ctx), scan, NULL, &voided, err);
	if (rc == PW_OK)
		pw_str_add(answer, "void");
	return rc;
}

int pw_label_void_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_voided voided;
	pw_lab *lab = pw_ctx_lab(ctx);
	const char *last = pw_ctx_text(ctx, "to");
	bool batch = pw_ctx_given(ctx, "batch");
	pw_status rc;
	if (batch && (last != NULL || pw_ctx_args(ctx) > 0))
		return pw_ctx_usage(ctx, "--batch is for all of its labels: give no others");
	if (last != NULL && pw_ctx_args(ctx) != 1)
		return pw_ctx_usage(ctx, "--to goes with one ID, the first of a row");
	if (batch)
		rc = pw_lab_void_batch(lab, pw_ctx_int(ctx, "batch"), &voided, &err);
	else if (last != NULL)
		rc = pw_lab_void_labels(lab, pw_ctx_arg(ctx, 0), last, &voided, &err);
	else
		return pw_scans(ctx, 0, void_one, NULL);
	return rc == PW_OK ? say_voided(ctx, &voided) : pw_ctx_fail(ctx, rc, &err);
}

const pw_opt pw_label_void_opts[] = {
	{.name = "to", .kind = PW_OPT_TEXT, .arg = "ID", .help = "the last of labels in a row"},
	{.name = "batch",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "all of a batch that are not in use",
	 .min = 1,
	 .max = INT64_MAX},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- reprint, resume */

int pw_label_reprint_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_desk desk;
	pw_label_stock stock;
	pw_label_template *t = NULL;
	pw_label_copy copy;
	const char *name = pw_ctx_text(ctx, "template");
	pw_label_reprint in = {.scan = pw_ctx_arg(ctx, 0), .printer = pw_ctx_text(ctx, "printer")};
	pw_status rc = PW_OK;
	pw_label_desk_init(&desk, ctx);
	desk.give_up_after = pw_ctx_time(ctx, "give-up-after");
	pw_label_maker maker = pw_label_desk_maker(&desk);
	/* A template of the laboratory's own may not be at hand any more, and need not be. */
	if (name != NULL && pw_label_stock_load(ctx, name, &stock, &t, NULL) == PW_OK)
		in.stock = &stock;
	in.template_name = t != NULL ? t->name : name;
	rc = pw_lab_reprint_label(pw_ctx_lab(ctx), &in, &maker, &copy, &err);
	int code = PW_EXIT_DONE;
	if (rc != PW_OK) {
		code = pw_ctx_fail(ctx, rc, &err);
	} else {
		const pw_label_print what = {.printer = copy.printer, .batch = copy.batch};
		pw_ctx_say(ctx, "label '%s' is queued again for printer '%s', as R%d", copy.id,
			   copy.printer, copy.copy);
		if (!pw_ctx_flag(ctx, "later"))
			code = pw_label_print_batches(ctx, &desk, &what);
	}
	pw_label_template_free(t);
	pw_label_desk_clear(&desk);
	return code;
}

#define GIVE_UP                                                                                 \
	{                                                                                       \
		.name = "give-up-after", .kind = PW_OPT_DURATION, .arg = "TIME",                \
		.help = "how long to wait for a printer that stands still", .fallback = "10min" \
	}

const pw_opt pw_label_reprint_opts[] = {
	{.name = "template",
	 .letter = 't',
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "which of its labels; or the look of one that was printed elsewhere"},
	{.name = "printer",
	 .letter = 'p',
	 .kind = PW_OPT_TEXT,
	 .arg = "PRINTER",
	 .help = "another one than it came out of"},
	{.name = "later", .kind = PW_OPT_FLAG, .help = "queue it; 'label resume' prints"},
	GIVE_UP,
	PW_OPTS_END,
};

int pw_label_resume_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_desk desk;
	pw_label_printer printer;
	pw_status rc = pw_lab_printer(pw_ctx_lab(ctx), pw_ctx_arena(ctx),
				      pw_ctx_text(ctx, "printer"), &printer, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	const pw_label_print what = {.printer = printer.name,
				     .on = pw_ctx_text(ctx, "on"),
				     .batch = pw_ctx_int(ctx, "batch")};
	pw_label_desk_init(&desk, ctx);
	desk.give_up_after = pw_ctx_time(ctx, "give-up-after");
	int code = pw_label_print_batches(ctx, &desk, &what);
	pw_label_desk_clear(&desk);
	return code;
}

const pw_opt pw_label_resume_opts[] = {
	{.name = "printer",
	 .letter = 'p',
	 .kind = PW_OPT_TEXT,
	 .arg = "PRINTER",
	 .help = "whose labels; may be left out where there is one"},
	{.name = "on",
	 .kind = PW_OPT_TEXT,
	 .arg = "PRINTER",
	 .help = "the printer to print them on, when it is another"},
	{.name = "batch",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "those of one batch alone",
	 .min = 1,
	 .max = INT64_MAX},
	GIVE_UP,
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- settle */

int pw_label_settle_verb(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_settled settled;
	pw_lab *lab = pw_ctx_lab(ctx);
	bool none = pw_ctx_given(ctx, "none");
	pw_status rc;
	if (none == (pw_ctx_args(ctx) == 1))
		return pw_ctx_usage(ctx,
				    "give LAST, the last label that came out, or --none BATCH");
	rc = none ? pw_lab_settle_none(lab, pw_ctx_int(ctx, "none"), &settled, &err)
		  : pw_lab_settle_labels(lab, pw_ctx_arg(ctx, 0), &settled, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if (settled.confirmed + settled.requeued == 0)
		pw_ctx_say(ctx, "nothing was in doubt: what the printer confirmed needs no word");
	else
		pw_ctx_say(ctx, "%zu label%s confirmed by your word, %zu wait%s again%s",
			   settled.confirmed, settled.confirmed == 1 ? " is" : "s are",
			   settled.requeued, settled.requeued == 1 ? "s" : "",
			   settled.requeued > 0 ? ": 'poolwell label resume' prints them" : "");
	return PW_EXIT_DONE;
}

const pw_opt pw_label_settle_opts[] = {
	{.name = "none",
	 .kind = PW_OPT_INT,
	 .arg = "BATCH",
	 .help = "none of this batch's unconfirmed labels came out",
	 .min = 1,
	 .max = INT64_MAX},
	PW_OPTS_END,
};
