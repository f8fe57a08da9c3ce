/* `poolwell device …`: what is connected to this computer, and how it is. */
#include "cli/cmd.h"
#include "cli/out.h"
#include "core/base/arena.h"
#include "devices/printers/models.h"
#include "devices/printers/printer.h"
#include "devices/transport/device_id.h"
#include "devices/transport/devices.h"

/* ---- list --------------------------------------------------------------------------------- */

static const char *text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/* "Zebra Technologies ZTC ZD421-300dpi ZPL"; a serial port by the system's words where it has no names. */
static const char *what_it_is(pw_arena *arena, const pw_device *d)
{
	if (d->maker[0] == '\0' && d->model[0] == '\0')
		return text_or_null(d->description);
	return pw_arena_printf(arena, "%s%s%s", d->maker, d->maker[0] != '\0' ? " " : "", d->model);
}

/* What labels are to be made in for it; NULL when that cannot be told, or none can be. */
static const char *language_of(const pw_device *d)
{
	const pw_printer_model *model = pw_printer_model_find(d->device_id);
	return model != NULL && (model->flags & PW_MODEL_OTHER) == 0 ? model->language : NULL;
}

/* What it says itself that it takes: "EPL,ZPL". */
static const char *commands_of(pw_arena *arena, const pw_device *d)
{
	pw_slice id = pw_slice_of(d->device_id);
	pw_slice commands = pw_device_id_parse(id.ptr, id.len).languages;
	return text_or_null(pw_arena_strndup(arena, commands.ptr, commands.len));
}

static void show_usb_number(pw_out *out, pw_arena *arena, int number)
{
	if (number < 0)
		pw_out_null(out);
	else
		pw_out_text(out, pw_arena_printf(arena, "%04x", (unsigned)number));
}

/* The cells that only programs get: they would make the table too wide to read. */
static void show_more(pw_out *out, pw_arena *arena, const pw_device *d)
{
	pw_out_text(out, pw_device_kind_name(d->kind));
	pw_out_text(out, text_or_null(d->maker));
	pw_out_text(out, text_or_null(d->model));
	pw_out_text(out, text_or_null(d->serial));
	show_usb_number(out, arena, d->vendor);
	show_usb_number(out, arena, d->product);
	pw_out_text(out, text_or_null(d->node));
	pw_out_text(out, text_or_null(d->description));
	pw_out_text(out, text_or_null(d->device_id));
	pw_out_text(out, commands_of(arena, d));
}

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "uri", .title = "address", .flags = PW_COL_WHOLE},
		{.key = "what"},
		{.key = "language", .flags = PW_COL_OPTIONAL},
		{.key = "driver", .flags = PW_COL_OPTIONAL},
		{.key = "trouble", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	static const pw_column all_columns[] = {
		{.key = "uri"},         {.key = "what"},       {.key = "language"},
		{.key = "driver"},      {.key = "trouble"},    {.key = "kind"},
		{.key = "maker"},       {.key = "model"},      {.key = "serial"},
		{.key = "vendor_id"},   {.key = "product_id"}, {.key = "node"},
		{.key = "description"}, {.key = "device_id"},  {.key = "commands"},
		PW_COLUMNS_END,
	};
	pw_err err = PW_ERR_INIT;
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_device *devices;
	size_t count;
	pw_status rc = pw_device_list(arena, &devices, &count, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	pw_out *out = pw_ctx_out(ctx);
	bool all = pw_out_get_format(out) != PW_OUT_TABLE;
	pw_out_list(out, all ? all_columns : columns);
	for (size_t i = 0; i < count; i++) {
		pw_out_text(out, devices[i].uri);
		pw_out_text(out, what_it_is(arena, &devices[i]));
		pw_out_text(out, language_of(&devices[i]));
		pw_out_text(out, text_or_null(devices[i].driver));
		pw_out_text(out, text_or_null(devices[i].trouble));
		if (all)
			show_more(out, arena, &devices[i]);
	}
	pw_out_end(out, "device", "devices");
	return PW_EXIT_DONE;
}

/* ---- probe -------------------------------------------------------------------------------- */

typedef struct probed {
	const char *language;
	bool confirms;
	pw_printer_identity who;
	pw_printer_status how;
} probed;

static const char *const activities[] = {"unknown", "ready", "printing", "stopped"};

static pw_status ask(pw_ctx *ctx, const char *uri, probed *out, pw_err *err)
{
	pw_printer *printer;
	pw_status rc = pw_printer_open(uri, pw_ctx_text(ctx, "language"), &printer, err);
	if (rc != PW_OK)
		return rc;
	out->language = pw_arena_strdup(pw_ctx_arena(ctx), pw_printer_language(printer));
	out->confirms = pw_printer_confirms(printer);
	rc = pw_printer_identify(printer, &out->who, err);
	if (rc == PW_OK)
		rc = pw_printer_ask(printer, &out->how, err);
	pw_printer_close(printer);
	return rc;
}

/* A number that a printer may not tell. */
static void show_told(pw_json *json, const char *key, int number, bool told)
{
	pw_json_key(json, key);
	if (told)
		pw_json_int(json, number);
	else
		pw_json_null(json);
}

static void show_word(pw_json *json, const char *key, const char *text)
{
	pw_json_key(json, key);
	pw_json_text(json, text_or_null(text));
}

static void show_probed_json(pw_json *json, const char *uri, const probed *p)
{
	pw_json_begin_object(json);
	show_word(json, "uri", uri);
	show_word(json, "language", p->language);
	show_word(json, "maker", p->who.maker);
	show_word(json, "model", p->who.model);
	show_word(json, "serial", p->who.serial);
	show_word(json, "firmware", p->who.firmware);
	show_told(json, "dpi", p->who.dpi, p->who.dpi > 0);
	show_word(json, "state", activities[p->how.activity]);
	pw_json_key(json, "faults");
	pw_json_begin_array(json);
	for (unsigned bit = 0; bit < PW_FAULT_COUNT; bit++)
		if ((p->how.faults & 1U << bit) != 0)
			pw_json_text(json, pw_printer_fault_name((pw_printer_fault)(1U << bit)));
	pw_json_end_array(json);
	show_told(json, "waiting", p->how.waiting, p->how.waiting >= 0);
	show_told(json, "media_width_mm", p->how.media_width, p->how.media_width > 0);
	show_told(json, "media_length_mm", p->how.media_length, p->how.media_length > 0);
	pw_json_key(json, "confirms");
	pw_json_bool(json, p->confirms);
	pw_json_end_object(json);
}

static const char *media_of(pw_arena *arena, const pw_printer_status *how)
{
	if (how->media_width == 0)
		return NULL;
	return how->media_length == 0
		       ? pw_arena_printf(arena, "%d mm, without end", how->media_width)
		       : pw_arena_printf(arena, "%d × %d mm", how->media_width, how->media_length);
}

static void show_probed(pw_ctx *ctx, const probed *p)
{
	static const pw_column columns[] = {
		{.key = "printer"},
		{.key = "language"},
		{.key = "serial", .title = "serial number", .flags = PW_COL_OPTIONAL},
		{.key = "firmware", .flags = PW_COL_OPTIONAL},
		{.key = "dpi", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "media", .flags = PW_COL_OPTIONAL},
		{.key = "state"},
		{.key = "waiting", .kind = PW_COL_INT, .flags = PW_COL_OPTIONAL},
		{.key = "confirms", .title = "confirms labels", .kind = PW_COL_BOOL},
		PW_COLUMNS_END,
	};
	pw_arena *arena = pw_ctx_arena(ctx);
	pw_out *out = pw_ctx_out(ctx);
	const char *name = pw_arena_printf(arena, "%s %s", p->who.maker, p->who.model);
	pw_out_object(out, columns);
	pw_out_text(out, name[1] != '\0' ? name : NULL);
	pw_out_text(out, p->language);
	pw_out_text(out, text_or_null(p->who.serial));
	pw_out_text(out, text_or_null(p->who.firmware));
	if (p->who.dpi > 0)
		pw_out_int(out, p->who.dpi);
	else
		pw_out_null(out);
	pw_out_text(out, media_of(arena, &p->how));
	pw_out_text(out, activities[p->how.activity]);
	if (p->how.waiting >= 0)
		pw_out_int(out, p->how.waiting);
	else
		pw_out_null(out);
	pw_out_bool(out, p->confirms);
	pw_out_end(out, NULL, NULL);
}

static int probe(pw_ctx *ctx)
{
	pw_err err = PW_ERR_INIT;
	const char *uri = pw_ctx_arg(ctx, 0);
	probed p = {.how = PW_PRINTER_STATUS_INIT};
	pw_status rc = ask(ctx, uri, &p, &err);
	if (rc != PW_OK)
		return pw_ctx_fail(ctx, rc, &err);
	if (pw_out_get_format(pw_ctx_out(ctx)) == PW_OUT_JSON)
		show_probed_json(pw_out_json(pw_ctx_out(ctx)), uri, &p);
	else
		show_probed(ctx, &p);
	for (unsigned bit = 0; bit < PW_FAULT_COUNT; bit++) {
		pw_printer_fault fault = (pw_printer_fault)(1U << bit);
		if ((p.how.faults & fault) != 0)
			pw_ctx_warn(ctx, "%s: %s", pw_printer_fault_text(fault),
				    pw_printer_fault_help(fault));
	}
	return p.how.faults != 0 ? PW_EXIT_FOUND : PW_EXIT_DONE;
}

static const char *const list_examples[] = {"poolwell device list", "poolwell device list --json",
					    NULL};

static const pw_opt probe_opts[] = {
	{.name = "language",
	 .kind = PW_OPT_TEXT,
	 .arg = "NAME",
	 .help = "what the printer speaks, where its address and its device id do not tell"},
	PW_OPTS_END,
};
static const char *const probe_examples[] = {
	"poolwell device probe usb:0a5f:0187/D2J204700001",
	"poolwell device probe tcp:192.168.1.40:9100 --language zpl --json", NULL};

const pw_cmd pw_cmds_device[] = {
	{
		.name = "device list",
		.summary = "the USB printers and serial ports that are connected",
		.details =
			"Each with the address that opens this very device: other commands and "
			"programs take it as it stands there. A printer is named by its serial number "
			"where it has one of its own, and by the socket that it is plugged into where "
			"not.\n\n"
			"Looking disturbs nobody: printers that print, and those that another program "
			"has, are shown too. Network printers are not looked for; their address is "
			"tcp:NAME:9100.",
		.examples = list_examples,
		.flags = PW_CMD_LIST,
		.run = list,
	},
	{
		.name = "device probe",
		.args = "ADDRESS",
		.min_args = 1,
		.max_args = 1,
		.summary = "asks a printer who it is and how it is",
		.details =
			"Prints nothing on it. Exits 3 when something keeps it from printing, and says "
			"what that is and what to do.\n\n"
			"A printer that confirms labels tells when each has come out. With one that "
			"does not, labels that were sent stay unconfirmed until somebody scans them.",
		.examples = probe_examples,
		.opts = probe_opts,
		.flags = PW_CMD_JSON,
		.run = probe,
	},
	PW_CMDS_END,
};
