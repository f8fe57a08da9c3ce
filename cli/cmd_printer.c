/* `poolwell printer …`: the laboratory's label printers. */
#include <string.h>

#include "cli/label_desk.h"
#include "cli/open.h"
#include "cli/out.h"
#include "core/lab/labels.h"
#include "devices/transport/uri.h"
#include "pw_sql.h"

/* ---------------------------------------------------------------- add */

/* What is not said on the command line, the address says. */
static pw_status describe(pw_ctx *ctx, pw_label_printer *out, pw_err *err)
{
	pw_uri uri;
	int dpi = (int)pw_ctx_int(ctx, "dpi");
	const char *language = pw_ctx_text(ctx, "language");
	pw_status rc = pw_uri_parse(pw_ctx_arg(ctx, 1), &uri, err);
	if (rc == PW_OK && dpi == 0)
		rc = pw_uri_get_int(&uri, "dpi", PW_PRESS_MIN_DPI, PW_PRESS_MAX_DPI, &dpi, err);
	if (rc != PW_OK)
		return rc;
	if (language == NULL && pw_uri_get(&uri, "language", NULL) != NULL)
		language = pw_arena_strdup(pw_ctx_arena(ctx), pw_uri_get(&uri, "language", NULL));
	*out = (pw_label_printer){pw_ctx_arg(ctx, 0), pw_ctx_arg(ctx, 1), language, dpi};
	return pw_label_desk_complete(ctx, out, false, err);
}

static int add(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_label_printer printer;
	pw_status rc = describe(ctx, &printer, &err);
	if (rc == PW_OK)
		rc = pw_lab_add_printer(pw_ctx_lab(ctx), &printer, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "printer '%s' speaks %s, at %d dpi", printer.name, printer.language,
		   printer.dpi);
	return PW_EXIT_DONE;
}

static const pw_opt add_opts[] = {
	{.name = "language",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "what it speaks: zpl, tspl, epl, brother, dymo; pdf, png for a file"},
	{.name = "dpi",
	 .kind = PW_OPT_INT,
	 .arg = "N",
	 .help = "its dots per inch",
	 .min = PW_PRESS_MIN_DPI,
	 .max = PW_PRESS_MAX_DPI},
	PW_OPTS_END,
};

/* ---------------------------------------------------------------- remove, list */

static int remove_printer(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_lab_remove_printer(pw_ctx_lab(ctx), pw_ctx_arg(ctx, 0), &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_ctx_say(ctx, "printer '%s' is removed", pw_ctx_arg(ctx, 0));
	return PW_EXIT_DONE;
}

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "printer", .flags = PW_COL_WHOLE},
		{.key = "language"},
		{.key = "dpi", .kind = PW_COL_INT},
		{.key = "waiting", .kind = PW_COL_INT},
		{.key = "unconfirmed", .kind = PW_COL_INT},
		{.key = "at_work", .kind = PW_COL_BOOL},
		{.key = "stopped_at", .kind = PW_COL_TIME, .flags = PW_COL_OPTIONAL},
		{.key = "stopped_for", .flags = PW_COL_OPTIONAL},
		{.key = "address", .flags = PW_COL_WHOLE},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_printers_row *rows;
	size_t count;
	pw_status rc = pw_q_printers(pw_ctx_store(ctx), pw_ctx_arena(ctx), &rows, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	pw_out_list(out, columns);
	for (size_t i = 0; i < count; i++) {
		bool stopped = rows[i].stopped_at.has && rows[i].queued > 0;
		pw_out_text(out, rows[i].printer);
		pw_out_text(out, rows[i].language);
		pw_out_int(out, rows[i].dpi);
		pw_out_int(out, rows[i].queued);
		pw_out_int(out, rows[i].unconfirmed);
		pw_out_bool(out, pw_lab_printer_at_work(pw_ctx_lab(ctx), rows[i].printer));
		if (stopped)
			pw_out_time(out, rows[i].stopped_at.value);
		else
			pw_out_null(out);
		pw_out_text(out, stopped ? rows[i].stopped_text : NULL);
		pw_out_text(out, rows[i].uri);
	}
	pw_out_end(out, "printer", "printers");
	return PW_EXIT_DONE;
}

static const char *const add_examples[] = {
	"poolwell printer add bench tcp:printer:9100 --language zpl --dpi 300 --lab city.db --as li",
	"poolwell printer add office 'file:labels.pdf?language=pdf' --lab city.db --as li",
	NULL,
};
static const char *const remove_examples[] = {"poolwell printer remove bench --lab city.db --as li",
					      NULL};
static const char *const list_examples[] = {"poolwell printer list --lab city.db", NULL};

const pw_cmd pw_cmds_printer[] = {
	{
		.name = "printer add",
		.args = "NAME ADDRESS",
		.min_args = 2,
		.max_args = 2,
		.summary = "register a label printer of the laboratory",
		.details =
			"ADDRESS is where it is reached: usb:0a5f:0187, tcp:printer:9100, "
			"serial:/dev/ttyUSB0?baud=9600, or file:NAME.pdf?language=pdf for a file in the "
			"place of a printer. Its language and dots per inch are asked of the device where "
			"neither the options nor the address tell.\n\n"
			"A printer that was removed may be added again under its name, also at another "
			"address.",
		.examples = add_examples,
		.opts = add_opts,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = add,
	},
	{
		.name = "printer list",
		.summary = "the laboratory's printers, and how many labels wait for each",
		.details =
			"Shows what each printer speaks, whether a program works it at the moment, "
			"and, while labels wait for it, what it stopped for last.",
		.examples = list_examples,
		.flags = PW_CMD_LAB | PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "printer remove",
		.args = "NAME",
		.min_args = 1,
		.max_args = 1,
		.summary = "a printer is there no more",
		.details =
			"Refused while labels wait for it: print them on another one with 'label "
			"resume --on', or void them.",
		.examples = remove_examples,
		.flags = PW_CMD_LAB | PW_CMD_WRITE,
		.run = remove_printer,
	},
	PW_CMDS_END,
};
