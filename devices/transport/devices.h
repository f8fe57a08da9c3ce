/*
 * Which devices are connected: USB printers and serial ports, each with the URI that opens this very device
 * (transport.h). Nothing is claimed or set up by looking: other programs go on with their work.
 */
#ifndef PW_DEVICES_DEVICES_H
#define PW_DEVICES_DEVICES_H

#include "core/base/arena.h"
#include "core/base/err.h"

typedef enum pw_device_kind { PW_DEVICE_USB_PRINTER, PW_DEVICE_SERIAL_PORT } pw_device_kind;

/* Texts are UTF-8 and never NULL; "" is what nobody told. */
typedef struct pw_device {
	pw_device_kind kind;
	/* With the serial number where that names one device, else with the socket: "usb:0a5f:0187/D2J20",
	 * "usb:0a5f:0187?port=1-4.2". Serial ports by the name that survives unplugging, where udev gives
	 * them one. */
	const char *uri;
	const char *maker, *model, *serial;
	int vendor, product;     /* of USB; -1: none */
	const char *node;        /* "/dev/ttyUSB0", "/dev/bus/usb/001/004" */
	const char *description; /* of a serial port, in the system's words */
	const char *device_id;   /* of a printer: IEEE 1284, device_id.h */
	const char *driver;      /* of a printer: the kernel's, "usblp" */
	const char *trouble; /* why it could not be asked for its device id: "no permission …" */
} pw_device;

/* "usb-printer", "serial-port" */
const char *pw_device_kind_name(pw_device_kind kind);

/*
 * The devices, printers first, in the order of their addresses ("ttyUSB2" before "ttyUSB10"); they live in the
 * arena. A computer without USB, or without serial ports, has none of them. PW_ERR_IO when the system cannot say.
 */
PW_NODISCARD pw_status pw_device_list(pw_arena *arena, pw_device **out, size_t *out_count,
				      pw_err *err);

#endif
