/*
 * usb: a printer-class interface through libusb. The kernel's own driver (usblp) is taken off while the handle is
 * open and given back by closing it.
 *
 * A printer that takes nothing does not acknowledge a packet, until it does; libusb then cancels the transfer at the
 * deadline and says how many bytes of it were acknowledged. Each transfer is one request to the kernel,
 * so that this count is exact.
 */
#include <libusb.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "devices/transport/transport_impl.h"
#include "devices/transport/usb_device.h"

#define MOST_AT_ONCE    16384 /* bytes a transfer: the kernel's, of old */
#define CONTROL_MS      1000
#define IDLE_MS         5 /* between empty answers of a device that gives them all the time */
#define MOST_PACKET     1024
#define GET_PORT_STATUS 1
#define SOFT_RESET      2

typedef struct usb {
	libusb_context *context;
	libusb_device *device;
	libusb_device_handle *handle;
	pw_usb_printer printer;
	char *serial; /* of the device that was first opened: only it is opened again */
	uint8_t packet[MOST_PACKET]; /* what came and was not read yet */
	size_t packet_n, packet_at;
} usb;

/* ---- Which device ---- */

typedef struct wanted {
	uint16_t vendor, product;
	const char *serial, *port; /* NULL: any */
	int interface;             /* -1: the first */
} wanted;

static pw_status read_wanted(const pw_uri *uri, const char *known_serial, wanted *out, pw_err *err)
{
	char *end, *rest;
	unsigned long vendor = strtoul(uri->place, &end, 16), product = 0;
	bool good = end == uri->place + 4 && *end == ':';
	if (good) {
		product = strtoul(end + 1, &rest, 16);
		good = rest == end + 5 && (*rest == '\0' || *rest == '/');
	}
	if (!good || strspn(uri->place, "0123456789abcdefABCDEF") != 4)
		return pw_fail(err, PW_ERR_ARG,
			       "four and four hexadecimal digits name a USB device, as in "
			       "usb:0a5f:0187/SERIAL: 'poolwell device list' shows them");
	*out = (wanted){(uint16_t)vendor, (uint16_t)product, known_serial,
			pw_uri_get(uri, "port", NULL), -1};
	if (*rest == '/' && rest[1] != '\0')
		out->serial = rest + 1;
	return pw_uri_get_int(uri, "interface", 0, 255, &out->interface, err);
}

static bool has_text(libusb_device *device, const char *attribute, const char *text)
{
	pw_str found = PW_STR_INIT;
	pw_usb_text(device, attribute, &found);
	bool same = strcmp(pw_str_text(&found), text) == 0;
	pw_str_clear(&found);
	return same;
}

static bool is_wanted(libusb_device *device, const wanted *w)
{
	char place[PW_USB_PLACE_SIZE];
	struct libusb_device_descriptor d;
	libusb_get_device_descriptor(device, &d);
	if (d.idVendor != w->vendor || d.idProduct != w->product)
		return false;
	pw_usb_place(device, place);
	return (w->port == NULL || strcmp(place, w->port) == 0) &&
	       (w->serial == NULL || has_text(device, "serial", w->serial));
}

static bool wanted_interface(libusb_device *device, const wanted *w, pw_usb_printer *out)
{
	for (int nth = 0; pw_usb_printer_find(device, nth, out); nth++)
		if (w->interface < 0 || out->number == w->interface)
			return true;
	return false;
}

static pw_status choose(libusb_device **list, ssize_t count, const wanted *w, usb *u, pw_err *err)
{
	int devices = 0, printers = 0;
	libusb_device *first = NULL;
	for (ssize_t i = 0; i < count; i++) {
		pw_usb_printer p;
		if (!is_wanted(list[i], w))
			continue;
		devices++;
		if (wanted_interface(list[i], w, &p) && printers++ == 0) {
			first = list[i];
			u->printer = p;
		}
	}
	if (devices == 0)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "no such device is connected: 'poolwell device list' shows what is");
	if (printers == 0)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "the device is connected, but it has no such printer interface");
	if (printers > 1)
		return pw_fail(err, PW_ERR_ARG,
			       "%d of these are connected: add the serial number or port=, as "
			       "'poolwell device list' shows them",
			       printers);
	u->device = libusb_ref_device(first);
	return PW_OK;
}

/* ---- Opening and closing ---- */

static pw_status claim(usb *u, pw_err *err)
{
	char holder[PW_HOLDER_SIZE];
	int code = libusb_open(u->device, &u->handle);
	if (code != 0)
		return pw_usb_fail(u->device, code, err);
	/* Taking usblp away in the middle of somebody's job would tear it. */
	if (pw_usb_printing(u->device, u->printer.number, holder))
		return pw_fail(err, PW_ERR_BUSY, "held by %s, through usblp", holder);
	libusb_set_auto_detach_kernel_driver(u->handle, 1);
	code = libusb_claim_interface(u->handle, u->printer.number);
	if (code == 0 && u->printer.has_settings)
		code = libusb_set_interface_alt_setting(u->handle, u->printer.number,
							u->printer.setting);
	return code == 0 ? PW_OK : pw_usb_fail(u->device, code, err);
}

static void remember_serial(usb *u)
{
	pw_str serial = PW_STR_INIT;
	pw_usb_text(u->device, "serial", &serial);
	if (u->serial == NULL && serial.len > 0)
		u->serial = pw_str_take(&serial);
	pw_str_clear(&serial);
}

/* What is open of it; the rest of `u` stays. */
static void let_go(usb *u)
{
	if (u->handle != NULL) {
		libusb_release_interface(u->handle, u->printer.number);
		libusb_close(u->handle);
	}
	if (u->device != NULL)
		libusb_unref_device(u->device);
	if (u->context != NULL)
		libusb_exit(u->context);
	u->handle = NULL;
	u->device = NULL;
	u->context = NULL;
	u->packet_n = u->packet_at = 0;
}

static pw_status find(usb *u, const wanted *w, pw_err *err)
{
	libusb_device **list;
	int code = libusb_init(&u->context);
	if (code != 0)
		return pw_fail(err, PW_ERR_IO, "this computer gives no access to USB: %s",
			       libusb_strerror(code));
	ssize_t count = libusb_get_device_list(u->context, &list);
	if (count < 0)
		return pw_fail(err, PW_ERR_IO, "%s", libusb_strerror((int)count));
	pw_status rc = choose(list, count, w, u, err);
	libusb_free_device_list(list, 1);
	return rc;
}

static pw_status usb_open(pw_transport *t, pw_err *err)
{
	wanted w;
	usb *u = t->state;
	pw_status rc = read_wanted(&t->uri, u != NULL ? u->serial : NULL, &w, err);
	if (rc != PW_OK)
		return rc;
	if (u == NULL)
		t->state = u = pw_alloc(sizeof(*u));
	rc = find(u, &w, err);
	if (rc == PW_OK)
		rc = claim(u, err);
	if (rc == PW_OK)
		remember_serial(u);
	else
		let_go(u);
	if (rc == PW_ERR_GONE)
		return pw_fail(err, PW_ERR_NOT_FOUND, "it was unplugged this very moment");
	return rc;
}

static void usb_close(pw_transport *t)
{
	let_go(t->state);
}

static void usb_free(pw_transport *t)
{
	usb *u = t->state;
	if (u != NULL)
		pw_free(u->serial);
	pw_free(u);
}

/* ---- Bytes ---- */

/* libusb takes 0 for ever. */
static unsigned left_of(pw_deadline deadline)
{
	int left = pw_deadline_left(deadline);
	return left > 0 ? (unsigned)left : 1;
}

/* A device that is being pulled out first fails, and is missing only a moment later. */
static pw_status failed(usb *u, int code, pw_err *err)
{
	uint8_t status[2];
	const uint8_t request =
		LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_STANDARD | LIBUSB_RECIPIENT_DEVICE;
	if (code == LIBUSB_ERROR_IO &&
	    libusb_control_transfer(u->handle, request, LIBUSB_REQUEST_GET_STATUS, 0, 0, status,
				    sizeof(status), CONTROL_MS) < 0)
		code = LIBUSB_ERROR_NO_DEVICE;
	return pw_usb_fail(u->device, code, err);
}

/* One bulk transfer; what it moved counts whatever else it says. A stall is cleared; *out_stalled tells. */
static pw_status transfer(usb *u, uint8_t endpoint, void *data, size_t n, pw_deadline deadline,
			  size_t *out_n, bool *out_stalled, pw_err *err)
{
	int moved = 0;
	int code =
		libusb_bulk_transfer(u->handle, endpoint, data, (int)n, &moved, left_of(deadline));
	*out_n = (size_t)moved;
	*out_stalled = code == LIBUSB_ERROR_PIPE;
	if (code == LIBUSB_ERROR_PIPE)
		code = libusb_clear_halt(u->handle, endpoint);
	if (code == 0 || code == LIBUSB_ERROR_TIMEOUT || code == LIBUSB_ERROR_INTERRUPTED)
		return PW_OK;
	return failed(u, code, err);
}

static pw_status usb_write(pw_transport *t, const void *data, size_t n, pw_deadline deadline,
			   size_t *out_n, pw_err *err)
{
	usb *u = t->state;
	bool stalled = false;
	do {
		size_t moved, piece = n - *out_n < MOST_AT_ONCE ? n - *out_n : MOST_AT_ONCE;
		/* libusb only reads what goes out. */
		pw_status rc = transfer(u, u->printer.out, (char *)data + *out_n, piece, deadline,
					&moved, &stalled, err);
		*out_n += moved;
		if (rc != PW_OK)
			return rc;
	} while (*out_n < n && !stalled && pw_deadline_left(deadline) > 0);
	return PW_OK;
}

/* The next packet into u->packet. Packet by packet, because a transfer of more goes on waiting behind a full one. */
static pw_status receive(usb *u, pw_deadline deadline, pw_err *err)
{
	for (;;) {
		bool stalled;
		pw_status rc = transfer(u, u->printer.in, u->packet, (size_t)u->printer.in_packet,
					deadline, &u->packet_n, &stalled, err);
		u->packet_at = 0;
		if (rc != PW_OK || u->packet_n > 0 || stalled || pw_deadline_left(deadline) == 0)
			return rc;
		pw_deadline_sleep(deadline, IDLE_MS);
	}
}

static bool usb_is_mute(const pw_transport *t)
{
	const usb *u = t->state;
	return u->printer.in == 0;
}

static pw_status usb_read(pw_transport *t, void *buf, size_t size, pw_deadline deadline,
			  size_t *out_n, pw_err *err)
{
	usb *u = t->state;
	if (u->printer.in == 0)
		return PW_OK;
	if (u->packet_at == u->packet_n) {
		pw_status rc = receive(u, deadline, err);
		if (rc != PW_OK && u->packet_n == 0)
			return rc;
	}
	size_t rest = u->packet_n - u->packet_at, n = rest < size ? rest : size;
	memcpy(buf, u->packet + u->packet_at, n);
	u->packet_at += n;
	*out_n = n;
	return PW_OK;
}

static pw_status usb_drain(pw_transport *t, pw_deadline deadline, pw_err *err)
{
	(void)t, (void)deadline, (void)err; /* nothing waits: each packet was acknowledged */
	return PW_OK;
}

/* ---- The printer class ---- */

static pw_status answered(usb *u, int code, const char *what, pw_err *err)
{
	if (code >= 0)
		return PW_OK;
	if (code == LIBUSB_ERROR_PIPE)
		return pw_fail(err, PW_ERR_NOT_FOUND, "it has no %s", what);
	if (code == LIBUSB_ERROR_TIMEOUT)
		return pw_fail(err, PW_ERR_IO, "it did not answer when asked for its %s", what);
	return failed(u, code, err);
}

static pw_status usb_device_id(pw_transport *t, pw_str *out, pw_err *err)
{
	usb *u = t->state;
	return answered(u, pw_usb_device_id(u->handle, &u->printer, out), "device id", err);
}

static pw_status usb_port_status(pw_transport *t, uint8_t *out, pw_err *err)
{
	usb *u = t->state;
	uint8_t status = 0;
	const uint8_t request =
		LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE;
	int code = libusb_control_transfer(u->handle, request, GET_PORT_STATUS, 0,
					   (uint16_t)u->printer.number, &status, 1, CONTROL_MS);
	if (code == 0)
		return pw_fail(err, PW_ERR_NOT_FOUND, "it has no port status");
	if (code > 0)
		*out = status;
	return answered(u, code, "port status", err);
}

/* The standard's first edition addressed it to "other", the second to the interface; devices know one of them. */
static pw_status usb_soft_reset(pw_transport *t, pw_err *err)
{
	usb *u = t->state;
	const uint8_t request = LIBUSB_ENDPOINT_OUT | LIBUSB_REQUEST_TYPE_CLASS;
	const uint8_t to[] = {LIBUSB_RECIPIENT_INTERFACE, LIBUSB_RECIPIENT_OTHER};
	int code = LIBUSB_ERROR_PIPE;
	for (size_t i = 0; i < sizeof(to) && code == LIBUSB_ERROR_PIPE; i++)
		code = libusb_control_transfer(u->handle, request | to[i], SOFT_RESET, 0,
					       (uint16_t)u->printer.number, NULL, 0, CONTROL_MS);
	if (code >= 0)
		u->packet_n = u->packet_at = 0;
	return answered(u, code, "soft reset", err);
}

static const char *const usb_options[] = {"port", "interface", NULL};

const pw_transport_ops pw_transport_usb = {
	.scheme = "usb",
	.options = usb_options,
	.open = usb_open,
	.close = usb_close,
	.free = usb_free,
	.is_mute = usb_is_mute,
	.read = usb_read,
	.write = usb_write,
	.drain = usb_drain,
	.device_id = usb_device_id,
	.port_status = usb_port_status,
	.soft_reset = usb_soft_reset,
};
