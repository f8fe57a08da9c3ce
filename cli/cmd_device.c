/* `poolwell device …`: what is connected to this computer. */
#include "cli/cmd.h"
#include "cli/out.h"
#include "core/base/arena.h"
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

static const char *languages_of(pw_arena *arena, const pw_device *d)
{
	pw_slice id = pw_slice_of(d->device_id);
	pw_slice languages = pw_device_id_parse(id.ptr, id.len).languages;
	return text_or_null(pw_arena_strndup(arena, languages.ptr, languages.len));
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
}

static int list(pw_ctx *ctx)
{
	static const pw_column columns[] = {
		{.key = "uri", .title = "address", .flags = PW_COL_WHOLE},
		{.key = "what"},
		{.key = "languages", .flags = PW_COL_OPTIONAL},
		{.key = "driver", .flags = PW_COL_OPTIONAL},
		{.key = "trouble", .flags = PW_COL_OPTIONAL},
		PW_COLUMNS_END,
	};
	static const pw_column all_columns[] = {
		{.key = "uri"},         {.key = "what"},       {.key = "languages"},
		{.key = "driver"},      {.key = "trouble"},    {.key = "kind"},
		{.key = "maker"},       {.key = "model"},      {.key = "serial"},
		{.key = "vendor_id"},   {.key = "product_id"}, {.key = "node"},
		{.key = "description"}, {.key = "device_id"},  PW_COLUMNS_END,
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
		pw_out_text(out, languages_of(arena, &devices[i]));
		pw_out_text(out, text_or_null(devices[i].driver));
		pw_out_text(out, text_or_null(devices[i].trouble));
		if (all)
			show_more(out, arena, &devices[i]);
	}
	pw_out_end(out, "device", "devices");
	return PW_EXIT_DONE;
}

static const char *const list_examples[] = {"poolwell device list", "poolwell device list --json",
					    NULL};

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
	PW_CMDS_END,
};
