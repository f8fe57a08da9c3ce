/* `poolwell label print`: without a laboratory here, with one in cli/label_order.c. */
#include <string.h>

#include "cli/label_order.h"
#include "cli/label_texts.h"
#include "cli/label_verbs.h"
#include "cli/open.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "core/base/mem.h"
#include "devices/transport/uri.h"

/* Labels that nobody answers for but this run. */
typedef struct loose {
	pw_ctx *ctx;
	pw_label_template *t;
	pw_label_stock stock;
	pw_str common;
	pw_label_rows rows; /* of --from; none: one label */
	size_t copies, count;
	uint8_t *fate; /* pw_work_fate of each */
} loose;

static const char *const fate_words[] = {"waiting", "unconfirmed", "unconfirmed", "confirmed",
					 "unconfirmed"};

/* ---------------------------------------------------------------- the work */

static pw_status content(void *ctx, size_t index, pw_label_content *out, pw_err *err)
{
	loose *l = ctx;
	size_t row = index / l->copies;
	(void)err;
	*out = (pw_label_content){
		.copy = 1,
		.texts = {pw_str_text(&l->common), l->rows.count > 0 ? l->rows.texts[row] : NULL}};
	return PW_OK;
}

static pw_status changed(void *ctx, size_t index, pw_work_fate fate, pw_err *err)
{
	loose *l = ctx;
	(void)err;
	PW_BUG_IF(index >= l->count);
	l->fate[index] = (uint8_t)fate;
	return PW_OK;
}

static pw_status stopped(void *ctx, const char *fault, const char *text, pw_err *err)
{
	(void)ctx;
	(void)fault;
	(void)text;
	(void)err;
	return PW_OK;
}

/* ---------------------------------------------------------------- what came of it */

typedef struct sums {
	size_t confirmed, unconfirmed, waiting;
} sums;

static sums add_up(const loose *l)
{
	sums s = {.confirmed = 0};
	for (size_t i = 0; i < l->count; i++) {
		s.confirmed += l->fate[i] == PW_WORK_CONFIRMED ? 1 : 0;
		s.waiting += l->fate[i] == PW_WORK_WAITING ? 1 : 0;
	}
	s.unconfirmed = l->count - s.confirmed - s.waiting;
	return s;
}

static void show_labels(loose *l, pw_json *json)
{
	pw_json_begin_array(json);
	for (size_t i = 0; i < l->count; i++) {
		size_t row = i / l->copies;
		pw_slice id =
			pw_label_texts_find(l->rows.count > 0 ? l->rows.texts[row] : NULL, "id");
		if (id.ptr == NULL)
			id = pw_label_texts_find(pw_str_text(&l->common), "id");
		char *text = id.ptr != NULL ? pw_strndup(id.ptr, id.len) : NULL;
		pw_json_begin_object(json);
		pw_json_key(json, "label");
		pw_json_int(json, (int64_t)i + 1);
		pw_json_key(json, "id");
		pw_json_text(json, text);
		pw_json_key(json, "fate");
		pw_json_text(json, fate_words[l->fate[i]]);
		pw_json_end_object(json);
		pw_free(text);
	}
	pw_json_end_array(json);
}

static void show(loose *l, const sums *s)
{
	static const pw_column columns[] = {
		{.key = "confirmed", .kind = PW_COL_INT},
		{.key = "unconfirmed", .kind = PW_COL_INT},
		{.key = "waiting", .kind = PW_COL_INT},
		PW_COLUMNS_END,
	};
	pw_out *out = pw_ctx_out(l->ctx);
	if (pw_out_get_format(out) == PW_OUT_JSON) {
		pw_json *json = pw_out_json(out);
		pw_json_begin_object(json);
		pw_json_key(json, "labels");
		show_labels(l, json);
		pw_json_key(json, "confirmed");
		pw_json_int(json, (int64_t)s->confirmed);
		pw_json_key(json, "unconfirmed");
		pw_json_int(json, (int64_t)s->unconfirmed);
		pw_json_key(json, "waiting");
		pw_json_int(json, (int64_t)s->waiting);
		pw_json_end_object(json);
		return;
	}
	pw_out_object(out, columns);
	pw_out_int(out, (int64_t)s->confirmed);
	pw_out_int(out, (int64_t)s->unconfirmed);
	pw_out_int(out, (int64_t)s->waiting);
	pw_out_end(out, NULL, NULL);
}

/* ---------------------------------------------------------------- the run */

static pw_status read_labels(loose *l, pw_err *err)
{
	const char *path = pw_ctx_text(l->ctx, "from");
	pw_report report = PW_REPORT_INIT;
	pw_status rc = pw_label_texts_set(l->ctx, l->t, true, &l->common, err);
	if (rc == PW_OK && path != NULL) {
		rc = pw_label_rows_read(l->ctx, path, l->t, &l->rows, &report, err);
		pw_ctx_report(l->ctx, path, &report);
	}
	l->copies = (size_t)pw_ctx_int(l->ctx, "copies");
	l->count = (l->rows.count > 0 ? l->rows.count : 1) * l->copies;
	l->fate = pw_alloc_array(l->count, 1);
	pw_report_clear(&report);
	return rc;
}

/* What the command line and the address say of the printer; the device may say the rest. */
static pw_status find_printer(pw_ctx *ctx, pw_label_printer *out, pw_err *err)
{
	pw_uri uri;
	int dpi = 0;
	const char *address = pw_ctx_text(ctx, "printer");
	const char *language = pw_ctx_text(ctx, "language");
	pw_status rc = pw_uri_parse(address, &uri, err);
	if (rc == PW_OK)
		rc = pw_uri_get_int(&uri, "dpi", PW_PRESS_MIN_DPI, PW_PRESS_MAX_DPI, &dpi, err);
	if (rc != PW_OK)
		return rc;
	if (language == NULL && pw_uri_get(&uri, "language", NULL) != NULL)
		language = pw_arena_strdup(pw_ctx_arena(ctx), pw_uri_get(&uri, "language", NULL));
	if (pw_ctx_given(ctx, "dpi"))
		dpi = (int)pw_ctx_int(ctx, "dpi");
	*out = (pw_label_printer){address, address, language, dpi};
	return PW_OK;
}

/* All labels are made once before the first is printed: a roll is not begun that can't be ended. */
static pw_status try_all(loose *l, pw_label_desk *desk, const pw_label_printer *printer,
			 pw_err *err)
{
	size_t rows = l->rows.count > 0 ? l->rows.count : 1;
	pw_label_content label;
	pw_progress *bar = pw_ctx_progress(l->ctx, "checking", "labels", (int64_t)rows);
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < rows; i++) {
		rc = content(l, i * l->copies, &label, err);
		if (rc == PW_OK)
			rc = pw_label_desk_try(desk, printer, &l->stock, &label, err);
		if (rc != PW_OK && l->rows.count > 0)
			rc = pw_fail_ctx(err, rc, "%s:%d", pw_ctx_text(l->ctx, "from"),
					 l->rows.lines[i]);
		pw_progress_step(bar);
	}
	pw_progress_end(bar);
	return rc;
}

static int print_labels(loose *l, pw_label_desk *desk, const pw_label_printer *printer)
{
	const pw_label_work work = {.printer = printer,
				    .stock = l->stock,
				    .count = l->count,
				    .ctx = l,
				    .content = content,
				    .changed = changed,
				    .stopped = stopped};
	pw_err err = PW_ERR_INIT;
	pw_label_maker maker = pw_label_desk_maker(desk);
	pw_status rc = maker.print(maker.ctx, &work, &err);
	sums s = add_up(l);
	int code = rc != PW_OK ? pw_ctx_fail(l->ctx, rc, &err) : PW_EXIT_DONE;
	if (rc != PW_OK && s.waiting == l->count)
		return code;
	show(l, &s);
	if (s.unconfirmed > 0)
		pw_ctx_say(l->ctx, "%zu label%s sent and not confirmed: look at the printer",
			   s.unconfirmed, s.unconfirmed == 1 ? " was" : "s were");
	if (s.waiting > 0)
		pw_ctx_say(l->ctx, "%zu label%s not printed", s.waiting,
			   s.waiting == 1 ? " was" : "s were");
	return s.confirmed == l->count ? PW_EXIT_DONE : PW_EXIT_FOUND;
}

static int print_loose(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	loose l = {.ctx = ctx, .common = PW_STR_INIT};
	pw_label_printer printer = {.name = NULL};
	pw_label_desk desk;
	pw_label_desk_init(&desk, ctx);
	desk.give_up_after = pw_ctx_time(ctx, "give-up-after");
	desk.overwrite = true;
	pw_status rc = pw_label_stock_load(ctx, pw_ctx_text(ctx, "template"), &l.stock, &l.t, &err);
	if (rc == PW_OK)
		rc = find_printer(ctx, &printer, &err);
	if (rc == PW_OK)
		rc = pw_label_desk_complete(ctx, &printer, true, &err);
	if (rc == PW_OK)
		rc = read_labels(&l, &err);
	if (rc == PW_OK)
		rc = try_all(&l, &desk, &printer, &err);
	int code = rc == PW_OK ? print_labels(&l, &desk, &printer) : pw_ctx_fail(ctx, rc, &err);
	pw_label_template_free(l.t);
	pw_str_clear(&l.common);
	pw_free(l.fate);
	pw_label_desk_clear(&desk);
	return code;
}

/* An address has a colon, a laboratory's printer has a name. */
int pw_label_print_verb(pw_ctx *ctx)
{
	static const char *const of_laboratory[] = {"site", "reserved", NULL};
	static const char *const of_address[] = {"language", "dpi", NULL};
	pw_err err = PW_ERR_INIT;
	const pw_label_source *source;
	const char *printer = pw_ctx_text(ctx, "printer");
	pw_status rc = pw_label_source_find(ctx, &source, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if (printer != NULL && strchr(printer, ':') != NULL) {
		const char *wrong = source->option != NULL && strcmp(source->option, "from") != 0
					    ? source->option
					    : NULL;
		for (int i = 0; wrong == NULL && of_laboratory[i] != NULL; i++)
			wrong = pw_ctx_given(ctx, of_laboratory[i]) ? of_laboratory[i] : NULL;
		if (wrong == NULL && pw_ctx_flag(ctx, "later"))
			wrong = "later";
		if (wrong != NULL)
			return pw_ctx_usage(
				ctx,
				"--%s is for a laboratory's printer: 'poolwell printer add "
				"NAME %s', then --printer NAME",
				wrong, printer);
		if (pw_ctx_text(ctx, "template") == NULL)
			return pw_ctx_usage(ctx, "say what the label looks like: --template NAME");
		return print_loose(ctx);
	}
	for (int i = 0; of_address[i] != NULL; i++)
		if (pw_ctx_given(ctx, of_address[i]))
			return pw_ctx_usage(
				ctx,
				"--%s is for a printer's address; the laboratory's printers "
				"have theirs from 'poolwell printer add'",
				of_address[i]);
	if (pw_ctx_given(ctx, "copies"))
		return pw_ctx_usage(ctx, "--copies is for a printer's address: the laboratory "
					 "answers for every label singly");
	if ((rc = pw_open_lab(ctx, &err)) != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	int code = pw_label_order(ctx);
	pw_close_lab(ctx);
	return code;
}

/* ---------------------------------------------------------------- help */

#define NEW(option, of)                                                               \
	{                                                                             \
		.name = option, .kind = PW_OPT_INT, .arg = "N",                       \
		.help = "so many new numbers of " of, .min = 1, .max = PW_LABELS_MOST \
	}
#define OF(option, word, what)                                                                 \
	{                                                                                      \
		.name = option, .kind = PW_OPT_TEXT, .arg = word, .help = what, .repeat = true \
	}

const pw_opt pw_label_print_opts[] = {
	{.name = "printer",
	 .letter = 'p',
	 .kind = PW_OPT_TEXT,
	 .arg = "PRINTER",
	 .help = "the laboratory's printer of that name, or the address of any other"},
	{.name = "template",
	 .letter = 't',
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "a label that comes with the program, or a file when there is a dot or slash in it"},
	{.name = "set",
	 .letter = 's',
	 .kind = PW_OPT_TEXT,
	 .arg = "FIELD=TEXT",
	 .help = "what a field says, on all of the labels",
	 .repeat = true},
	{.name = "from",
	 .kind = PW_OPT_FILE,
	 .arg = "FILE.csv",
	 .help = "a label for each row, in their order; the header names fields"},
	{.name = "copies",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "of each label",
	 .fallback = "1",
	 .min = 1,
	 .max = 999},
	{.name = "language",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "what a printer at an address speaks: zpl, tspl, epl, brother, dymo; pdf, png"},
	{.name = "dpi",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "its dots per inch, where it does not tell",
	 .min = PW_PRESS_MIN_DPI,
	 .max = PW_PRESS_MAX_DPI},
	NEW("tubes", "tubes"),
	NEW("extraction-plates", "extraction plates"),
	NEW("pcr-plates", "PCR plates"),
	NEW("boxes", "boxes"),
	NEW("racks", "racks"),
	NEW("kits", "packs of reagents"),
	OF("tube", "TUBE", "a tube that was opened"),
	OF("wells", "PLATE", "the tubes of a plate, in the order in which it is filled"),
	{.name = "pools",
	 .kind = PW_OPT_INT,
	 .arg = "BATCH",
	 .help = "a batch's laboratory pools that are still to be made and have no label",
	 .min = 1,
	 .max = INT64_MAX,
	 .repeat = true},
	OF("plate", "PLATE", "a plate that was begun"),
	OF("box", "BOX", "a box that a manifest names"),
	OF("person", "WHO", "a person's card"),
	OF("roster", "NAME", "the cards of everybody on a roster, in its order"),
	{.name = "reserved",
	 .kind = PW_OPT_TEXT,
	 .arg = "ID[..ID]",
	 .help = "numbers that 'label reserve' gave"},
	{.name = "site", .kind = PW_OPT_TEXT, .arg = "SITE", .help = "where new numbers are used"},
	{.name = "later", .kind = PW_OPT_FLAG, .help = "queue them; 'label resume' prints"},
	{.name = "give-up-after",
	 .kind = PW_OPT_DURATION,
	 .arg = "TIME",
	 .help = "how long to wait for a printer that stands still",
	 .fallback = "10min"},
	PW_OPTS_END,
};

const char pw_label_print_details[] =
	"With the address of a printer, no laboratory is needed: the label that --set describes, "
	"or those of --from, are printed, and what became of each is the result.\n\n"
	"With the name of a laboratory's printer, the laboratory answers for every label: numbers are "
	"reserved, labels queued in the order of the worksheet, and each is accounted for until it is "
	"scanned where it belongs. A printer that fails stops no work: the labels wait, and 'label "
	"resume' prints on from the first of them.\n\n"
	"What stops a printer is said in words. It goes on by itself when that is mended. Nothing is called "
	"printed that the printer has not confirmed. Exits 0 when all labels came out and were confirmed, "
	"3 when some were not, 1 when nothing was printed.\n\n"
	"Addresses: usb:0a5f:0187, tcp:printer:9100, serial:/dev/ttyUSB0?baud=9600, and file:NAME for a "
	"file in the place of a printer. With ?language=pdf or ?language=png the file is a picture.";

const char *const pw_label_print_examples[] = {
	("poolwell label print --template tube-13x75 --set id=SZT00000124M --printer "
	 "tcp:printer:9100?language=zpl --dpi 203"),
	"poolwell label print -t reagent-lot --from lots.csv --printer 'file:lots.pdf?language=pdf'",
	"poolwell label print --tubes 500 --site gate --printer bench --lab city.db --as li",
	"poolwell label print --extraction-plates 10 --printer bench --lab city.db --as li",
	"poolwell label print --plate E0001 --plate E0002 --printer bench --lab city.db --as li",
	"poolwell label print --roster people.csv --printer cards --later --lab city.db --as li",
	NULL,
};
