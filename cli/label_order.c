#include "cli/label_order.h"

#include <string.h>
#include <time.h>

#include "cli/label_texts.h"
#include "cli/open.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "pw_sql.h"

/* What is asked for, as far as it has come. */
typedef struct order {
	pw_ctx *ctx;
	pw_label_desk desk;
	const pw_label_source *source;
	pw_label_stock stock;
	pw_label_template *t;
	pw_label_printer printer;
	pw_str common; /* texts of all labels */
	pw_label_wants wants;
	pw_label_range range;
	int64_t batch;
} order;

/* ---------------------------------------------------------------- printing, and what came of it */

static void show_json(pw_ctx *ctx, int64_t batch, const pw_label_account *a, pw_json *json)
{
	pw_cursor cursor;
	pw_labels_of_batch_row row;
	bool found = true;
	pw_json_key(json, "labels");
	pw_json_begin_array(json);
	if (batch != 0 &&
	    pw_q_labels_of_batch_open(pw_ctx_store(ctx), batch, &cursor, NULL) == PW_OK) {
		while (pw_q_labels_of_batch_next(&cursor, &row, &found, NULL) == PW_OK && found) {
			pw_json_begin_object(json);
			pw_json_key(json, "label");
			pw_json_int(json, row.label);
			pw_json_key(json, "id");
			pw_json_text(json, row.id);
			pw_json_key(json, "copy");
			pw_json_int(json, row.copy);
			pw_json_key(json, "state");
			pw_json_text(json, row.state);
			pw_json_end_object(json);
		}
		pw_cursor_close(&cursor);
	}
	pw_json_end_array(json);
	pw_json_key(json, "confirmed");
	pw_json_int(json, (int64_t)a->confirmed);
	pw_json_key(json, "unconfirmed");
	pw_json_int(json, (int64_t)(a->unconfirmed + a->leftover));
	pw_json_key(json, "waiting");
	pw_json_int(json, (int64_t)a->waiting);
}

static void show(pw_ctx *ctx, int64_t batch, const pw_label_account *a)
{
	static const pw_column columns[] = {
		{.key = "batch", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "confirmed", .kind = PW_COL_INT},
		{.key = "unconfirmed", .kind = PW_COL_INT},
		{.key = "waiting", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(ctx);
	if (pw_out_get_format(out) == PW_OUT_JSON) {
		pw_json *json = pw_out_json(out);
		pw_json_begin_object(json);
		pw_json_key(json, "batch");
		if (batch != 0)
			pw_json_int(json, batch);
		else
			pw_json_null(json);
		show_json(ctx, batch, a, json);
		pw_json_end_object(json);
		return;
	}
	pw_out_object(out, columns);
	if (batch != 0)
		pw_out_int(out, batch);
	else
		pw_out_null(out);
	pw_out_int(out, (int64_t)a->confirmed);
	pw_out_int(out, (int64_t)(a->unconfirmed + a->leftover));
	pw_out_int(out, (int64_t)a->waiting);
	pw_out_end(out, NULL, NULL);
}

/* "1 label was", "7 labels were" */
static const char *many(pw_ctx *ctx, size_t n, const char *one, const char *more)
{
	return pw_arena_printf(pw_ctx_arena(ctx), "%zu label%s", n, n == 1 ? one : more);
}

/* What a person does about labels of which nobody knows, and about those that wait. */
static void advise(pw_ctx *ctx, const char *printer, const pw_label_account *a)
{
	if (a->leftover > 0)
		pw_ctx_say(ctx,
			   "%s that was broken off may have come out: look at the printer, and say "
			   "'poolwell label settle LAST' with a scan of the last one",
			   many(ctx, a->leftover, " of a run", "s of a run"));
	if (a->unconfirmed > 0)
		pw_ctx_say(
			ctx,
			"%s sent and not confirmed: those that are used are scanned; or say 'poolwell "
			"label settle LAST' with a scan of the last that came out",
			many(ctx, a->unconfirmed, " was", "s were"));
	if (a->waiting > 0)
		pw_ctx_say(ctx, "%s: 'poolwell label resume --printer %s' prints %s",
			   many(ctx, a->waiting, " waits", "s wait"), printer,
			   a->waiting == 1 ? "it" : "them");
}

/* Another program is at the printer: its turn first. */
static pw_status print_in_turn(pw_ctx *ctx, pw_label_desk *desk, const pw_label_print *what,
			       pw_label_account *account, pw_err *err)
{
	const struct timespec nap = {0, 250000000L};
	pw_label_maker maker = pw_label_desk_maker(desk);
	pw_clock clock = pw_clock_steady();
	pw_time begun = pw_clock_now(&clock);
	bool said = false;
	for (;;) {
		pw_err own = PW_ERR_INIT;
		pw_status rc = pw_lab_print_labels(pw_ctx_lab(ctx), what, &maker, account, &own);
		bool busy = rc == PW_ERR_BUSY && account->confirmed + account->unconfirmed == 0 &&
			    account->waiting == 0;
		if (!busy || pw_clock_now(&clock) - begun >= desk->give_up_after) {
			*err = own;
			return rc;
		}
		if (!said)
			pw_ctx_say(ctx, "%s", own.msg);
		said = true;
		nanosleep(&nap, NULL);
	}
}

int pw_label_print_batches(pw_ctx *ctx, pw_label_desk *desk, const pw_label_print *what)
{
	pw_err err = PW_ERR_INIT;
	pw_label_account account = {.confirmed = 0};
	pw_status rc = print_in_turn(ctx, desk, what, &account, &err);
	size_t known = account.confirmed + account.unconfirmed + account.waiting + account.leftover;
	if (rc != PW_OK && known == 0)
		return pw_ctx_fail(ctx, rc, &err);
	if (rc != PW_OK)
		pw_ctx_fail(ctx, rc, &err);
	show(ctx, what->batch, &account);
	advise(ctx, what->printer, &account);
	return known == account.confirmed ? PW_EXIT_DONE : PW_EXIT_FOUND;
}

/* ---------------------------------------------------------------- the order */

static bool is_reserved(const order *o)
{
	return o->source->option != NULL && strcmp(o->source->option, "reserved") == 0;
}

/* "FIRST..LAST", or one identifier. */
static pw_status find_reserved(order *o, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(o->ctx);
	const char *text = pw_ctx_text(o->ctx, "reserved"), *dots = strstr(text, "..");
	char *first = dots != NULL ? pw_arena_strndup(arena, text, (size_t)(dots - text))
				   : pw_arena_strdup(arena, text);
	return pw_lab_reserved_labels(pw_ctx_lab(o->ctx), first, dots != NULL ? dots + 2 : NULL,
				      &o->range, err);
}

/* A template of the laboratory's own that was changed should say so. Those of the program change with it. */
static pw_status compare_version(order *o, const char *name, pw_err *err)
{
	pw_rule_find_row rule;
	char hash[PW_HASH_HEX];
	bool found = false;
	pw_hash_hex(&o->t->hash, hash);
	pw_status rc = pw_q_rule_find(pw_ctx_store(o->ctx), pw_ctx_arena(o->ctx), "label",
				      o->stock.name, o->stock.version, &rule, &found, err);
	if (rc == PW_OK && found && strcmp(rule.hash, hash) != 0 && strchr(name, '.') != NULL)
		pw_ctx_warn(
			o->ctx,
			"%s was printed with other content before, as version %d too: count its "
			"version up",
			name, o->stock.version);
	return rc;
}

static pw_status load_stock(order *o, pw_err *err)
{
	const char *name = pw_ctx_text(o->ctx, "template");
	if (name == NULL && is_reserved(o))
		name = pw_label_usual_template(o->range.thing);
	else if (name == NULL)
		name = o->source->template_name;
	if (name == NULL)
		return pw_fail(err, PW_ERR_ARG, "say what the labels look like: --template NAME");
	pw_status rc = pw_label_stock_load(o->ctx, name, &o->stock, &o->t, err);
	return rc == PW_OK ? compare_version(o, name, err) : rc;
}

static pw_status find_common(order *o, pw_err *err)
{
	pw_arena *arena = pw_ctx_arena(o->ctx);
	const char *site = pw_ctx_text(o->ctx, "site");
	pw_site_find_row row;
	bool found = false;
	pw_status rc = PW_OK;
	if (o->source->option != NULL)
		rc = pw_label_texts_set(o->ctx, o->t, false, &o->common, err);
	if (rc == PW_OK && site != NULL)
		rc = pw_q_site_find(pw_ctx_store(o->ctx), arena, site, &row, &found, err);
	if (rc == PW_OK && found &&
	    pw_label_texts_find(pw_str_text(&o->common), "site").ptr == NULL)
		pw_label_texts_add(&o->common, o->t, "site", row.name);
	return rc;
}

/* What somebody set stands over what the laboratory knows. */
static void override(order *o)
{
	pw_arena *arena = pw_ctx_arena(o->ctx);
	for (size_t i = 0; o->common.len > 0 && i < o->wants.count; i++) {
		pw_label_want *want = &o->wants.wants[i];
		pw_str texts = PW_STR_INIT;
		for (const char *p = want->texts; p != NULL && *p != '\0';
		     p += strcspn(p, "\n") + 1) {
			char *field = pw_arena_strndup(arena, p, strcspn(p, "="));
			if (pw_label_texts_find(pw_str_text(&o->common), field).ptr == NULL)
				pw_str_addf(&texts, "%.*s\n", (int)strcspn(p, "\n"), p);
		}
		want->texts = texts.len > 0 ? pw_arena_strdup(arena, pw_str_text(&texts)) : NULL;
		pw_str_clear(&texts);
	}
}

static pw_status try_one(order *o, const char *id, const char *texts, pw_err *err)
{
	const pw_label_content content = {
		.id = id, .copy = 1, .texts = {pw_str_text(&o->common), texts}};
	pw_status rc = pw_label_desk_try(&o->desk, &o->printer, &o->stock, &content, err);
	return rc == PW_OK || o->source->numbers ? rc : pw_fail_ctx(err, rc, "label '%s'", id);
}

/* Codes of ours are all alike, but for a check character that is a digit or a letter. */
static pw_status try_numbers(order *o, char kind, pw_err *err)
{
	char id[PW_IDENT_SIZE];
	bool seen[2] = {false, false};
	pw_status rc = PW_OK;
	for (int64_t serial = 10000000; rc == PW_OK && !(seen[0] && seen[1]); serial++) {
		if (!pw_ident_make(pw_lab_issuer(pw_ctx_lab(o->ctx)), kind, serial, id))
			continue;
		char check = id[strlen(id) - 1];
		int which = check >= '0' && check <= '9' ? 0 : 1;
		if (!seen[which])
			rc = try_one(o, id, NULL, err);
		seen[which] = true;
	}
	return rc;
}

/* Every label is made once before any is queued: none waits that can't be printed. */
static pw_status try_all(order *o, pw_err *err)
{
	pw_status rc = PW_OK;
	if (o->source->numbers)
		return try_numbers(o, pw_label_thing_kind(o->source->thing), err);
	pw_progress *bar = pw_ctx_progress(o->ctx, "checking", "labels", (int64_t)o->wants.count);
	for (size_t i = 0; rc == PW_OK && i < o->wants.count; i++) {
		rc = try_one(o, o->wants.wants[i].id, o->wants.wants[i].texts, err);
		pw_progress_step(bar);
	}
	pw_progress_end(bar);
	return rc;
}

/* Numbers are reserved and labels queued, or nothing of it. */
static pw_status queue(order *o, pw_err *err)
{
	pw_lab *lab = pw_ctx_lab(o->ctx);
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	if (o->source->numbers)
		rc = pw_lab_reserve_labels(lab, o->source->thing, 0,
					   pw_ctx_int(o->ctx, o->source->option),
					   pw_ctx_text(o->ctx, "site"), &o->range, err);
	else if (!is_reserved(o))
		rc = pw_lab_want_labels(lab, o->wants.thing, o->wants.wants, o->wants.count,
					o->stock.name, &o->range, err);
	if (rc == PW_OK)
		rc = pw_lab_queue_labels(lab, &o->range, &o->stock, o->printer.name,
					 o->common.len > 0 ? pw_str_text(&o->common) : NULL,
					 &o->batch, err);
	return pw_lab_end(lab, rc, err);
}

static pw_status prepare(order *o, pw_err *err)
{
	pw_lab *lab = pw_ctx_lab(o->ctx);
	pw_status rc = pw_label_source_find(o->ctx, &o->source, err);
	if (rc == PW_OK && is_reserved(o))
		rc = find_reserved(o, err);
	if (rc == PW_OK)
		rc = load_stock(o, err);
	if (rc == PW_OK)
		rc = pw_lab_printer(lab, pw_ctx_arena(o->ctx), pw_ctx_text(o->ctx, "printer"),
				    &o->printer, err);
	if (rc == PW_OK)
		rc = find_common(o, err);
	if (rc == PW_OK && is_reserved(o))
		return try_one(o, o->range.first_id, NULL, err);
	if (rc == PW_OK && !o->source->numbers)
		rc = pw_label_wants_find(o->ctx, o->source, o->t, &o->wants, err);
	override(o);
	return rc == PW_OK ? try_all(o, err) : rc;
}

static int print_order(order *o)
{
	const pw_label_print what = {.printer = o->printer.name, .batch = o->batch};
	if (o->range.count == 1)
		pw_ctx_say(o->ctx, "label '%s' is queued for printer '%s'", o->range.first_id,
			   o->printer.name);
	else
		pw_ctx_say(o->ctx, "%zu labels from '%s' to '%s' are queued for printer '%s'",
			   o->range.count, o->range.first_id, o->range.last_id, o->printer.name);
	if (!pw_ctx_flag(o->ctx, "later"))
		return pw_label_print_batches(o->ctx, &o->desk, &what);
	const pw_label_account account = {.waiting = o->range.count};
	show(o->ctx, o->batch, &account);
	return PW_EXIT_DONE;
}

int pw_label_order(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	order o = {.ctx = ctx};
	pw_label_desk_init(&o.desk, ctx);
	o.desk.give_up_after = pw_ctx_time(ctx, "give-up-after");
	pw_status rc = prepare(&o, &err);
	if (rc == PW_OK)
		rc = queue(&o, &err);
	int code = rc == PW_OK ? print_order(&o) : pw_ctx_fail(ctx, rc, &err);
	pw_label_template_free(o.t);
	pw_str_clear(&o.common);
	pw_label_desk_clear(&o.desk);
	return code;
}
