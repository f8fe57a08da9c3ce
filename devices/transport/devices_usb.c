/* The USB printers that are connected. */
#include <libusb.h>
#include <string.h>

#include "devices/transport/device_id.h"
#include "devices/transport/devices_impl.h"
#include "devices/transport/uri.h"
#include "devices/transport/usb_device.h"

/* A device, and what tells it from others. */
typedef struct candidate {
	libusb_device *device;
	struct libusb_device_descriptor descriptor;
	pw_str serial;
} candidate;

static bool alike(const candidate *a, const candidate *b)
{
	return a->descriptor.idVendor == b->descriptor.idVendor &&
	       a->descriptor.idProduct == b->descriptor.idProduct &&
	       strcmp(pw_str_text(&a->serial), pw_str_text(&b->serial)) == 0;
}

/* Whether no other device answers to the same numbers. */
static bool is_one_of_a_kind(const candidate *all, size_t count, const candidate *c)
{
	size_t same = 0;
	for (size_t i = 0; i < count; i++)
		same += alike(&all[i], c);
	return same == 1;
}

static const char *make_uri(pw_arena *arena, const candidate *c, bool unique, int interface)
{
	char place[PW_USB_PLACE_SIZE];
	pw_str uri = PW_STR_INIT;
	const char *mark = "?";
	bool named = unique && c->serial.len > 0;
	pw_str_addf(&uri, "usb:%04x:%04x", c->descriptor.idVendor, c->descriptor.idProduct);
	if (c->serial.len > 0) {
		pw_str_add_char(&uri, '/');
		pw_uri_add_escaped(&uri, pw_str_text(&c->serial));
	}
	if (!named) {
		pw_usb_place(c->device, place);
		pw_str_addf(&uri, "?port=%s", place);
		mark = "&";
	}
	if (interface >= 0)
		pw_str_addf(&uri, "%sinterface=%d", mark, interface);
	const char *text = pw_arena_strdup(arena, pw_str_text(&uri));
	pw_str_clear(&uri);
	return text;
}

static const char *attribute(pw_arena *arena, libusb_device *device, const char *name)
{
	pw_str text = PW_STR_INIT;
	pw_usb_text(device, name, &text);
	const char *kept = pw_device_text(arena, pw_str_text(&text));
	pw_str_clear(&text);
	return kept;
}

/* Asks the device for its id. When that cannot be, why. */
static void ask_id(pw_arena *arena, libusb_device *device, const pw_usb_printer *printer,
		   pw_device *out)
{
	libusb_device_handle *handle;
	pw_err why = PW_ERR_INIT;
	pw_str id = PW_STR_INIT;
	int code = libusb_open(device, &handle);
	if (code == 0) {
		code = pw_usb_device_id(handle, printer, &id);
		libusb_close(handle);
	}
	out->device_id = pw_device_text(arena, pw_str_text(&id));
	if (code != 0 && code != LIBUSB_ERROR_PIPE && pw_usb_fail(device, code, &why) != PW_OK)
		out->trouble = pw_arena_strdup(arena, why.msg);
	pw_str_clear(&id);
}

static const char *or_else(pw_arena *arena, const char *text, pw_slice slice)
{
	return text[0] != '\0' ? text : pw_arena_strndup(arena, slice.ptr, slice.len);
}

/* What the device id says of itself is better than what its USB descriptors say, and more often there. */
static void add_printer(pw_device_found *found, const candidate *c, bool unique,
			const pw_usb_printer *printer, bool only)
{
	char text[PW_USB_PLACE_SIZE];
	pw_arena *arena = found->arena;
	pw_device d = {.kind = PW_DEVICE_USB_PRINTER,
		       .description = "",
		       .trouble = "",
		       .vendor = c->descriptor.idVendor,
		       .product = c->descriptor.idProduct};
	d.uri = make_uri(arena, c, unique, only ? -1 : printer->number);
	d.serial = pw_device_text(arena, pw_str_text(&c->serial));
	pw_usb_node(c->device, text);
	d.node = pw_arena_strdup(arena, text);
	pw_usb_driver(c->device, printer->number, text);
	d.driver = pw_arena_strdup(arena, text);
	ask_id(arena, c->device, printer, &d);
	pw_device_id id = pw_device_id_parse(d.device_id, strlen(d.device_id));
	d.maker = or_else(arena, pw_arena_strndup(arena, id.maker.ptr, id.maker.len),
			  pw_slice_of(attribute(arena, c->device, "manufacturer")));
	d.model = or_else(arena, pw_arena_strndup(arena, id.model.ptr, id.model.len),
			  pw_slice_of(attribute(arena, c->device, "product")));
	d.serial = or_else(arena, d.serial, id.serial);
	pw_vec_push(&found->devices, d);
}

static void add_device(pw_device_found *found, const candidate *c, bool unique)
{
	pw_usb_printer printer, second;
	bool only = !pw_usb_printer_find(c->device, 1, &second);
	for (int nth = 0; pw_usb_printer_find(c->device, nth, &printer); nth++)
		add_printer(found, c, unique, &printer, only);
}

/* The devices that have a printer interface. */
static candidate *choose(libusb_device **list, size_t count, pw_arena *arena, size_t *out_count)
{
	candidate *all = pw_arena_array(arena, count > 0 ? count : 1, sizeof(*all));
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		pw_usb_printer printer;
		if (!pw_usb_printer_find(list[i], 0, &printer))
			continue;
		all[n].device = list[i];
		libusb_get_device_descriptor(list[i], &all[n].descriptor);
		pw_usb_text(list[i], "serial", &all[n].serial);
		n++;
	}
	*out_count = n;
	return all;
}

pw_status pw_device_list_usb(pw_device_found *found, pw_err *err)
{
	libusb_context *context;
	libusb_device **list;
	int code = libusb_init(&context);
	if (code != 0)
		return PW_OK; /* a computer (or a container) without USB */
	ssize_t count = libusb_get_device_list(context, &list);
	if (count < 0) {
		libusb_exit(context);
		return pw_fail(err, PW_ERR_IO, "USB devices: %s", libusb_strerror((int)count));
	}
	size_t printers;
	candidate *all = choose(list, (size_t)count, found->arena, &printers);
	for (size_t i = 0; i < printers; i++)
		add_device(found, &all[i], is_one_of_a_kind(all, printers, &all[i]));
	for (size_t i = 0; i < printers; i++)
		pw_str_clear(&all[i].serial);
	libusb_free_device_list(list, 1);
	libusb_exit(context);
	return PW_OK;
}
