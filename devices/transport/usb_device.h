/*
 * USB devices as usb: and devices.h see them: which interface of a device is a printer, and what the system knows of
 * a device that nobody has opened (sysfs: its serial number and names need no permission, its drivers no claim).
 */
#ifndef PW_DEVICES_USB_DEVICE_H
#define PW_DEVICES_USB_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"
#include "devices/transport/holder.h"

struct libusb_device;
struct libusb_device_handle;

/* A printer-class interface in the setting that talks both ways, or else in the one that only listens. */
typedef struct pw_usb_printer {
	int number, setting;
	bool has_settings; /* more than one: ours has to be chosen */
	int configuration; /* its index, from 0 */
	uint8_t out;       /* endpoints: bulk OUT */
	uint8_t in;        /* and bulk IN; 0: none */
	int in_packet;     /* bytes */
} pw_usb_printer;

/*
 * The `nth` (from 0) printer interface of the device's configuration: class 7, subclass 1, protocol 2 (both ways) or
 * 1 (one way). The class is the interface's: a printer's device class is often another, its interface often not
 * the first. IPP-USB (4) and IEEE 1284.4 (3) are no raw ways to a printer. false when there are not so many.
 */
bool pw_usb_printer_find(struct libusb_device *device, int nth, pw_usb_printer *out);

#define PW_USB_PLACE_SIZE 40

/* The socket it is in, as the kernel names it: "1-4.2" is port 2 of the hub at port 4 of bus 1. */
void pw_usb_place(struct libusb_device *device, char out[PW_USB_PLACE_SIZE]);

/* "/dev/bus/usb/001/004" */
void pw_usb_node(struct libusb_device *device, char out[PW_USB_PLACE_SIZE]);

/* "serial", "manufacturer", "product": appended to *out, nothing when the device has none. */
void pw_usb_text(struct libusb_device *device, const char *attribute, pw_str *out);

/* The kernel's driver of an interface, "usblp"; "" when there is none. */
void pw_usb_driver(struct libusb_device *device, int interface, char out[PW_USB_PLACE_SIZE]);

/* Another program that prints through usblp at this moment (has /dev/usb/lp… open): its name, or "another program". */
bool pw_usb_printing(struct libusb_device *device, int interface, char out[PW_HOLDER_SIZE]);

/*
 * GET_DEVICE_ID: the raw answer without its length, appended to *out. Returns libusb's code. The kernel lets it pass
 * without a claim, also while somebody else prints.
 */
int pw_usb_device_id(struct libusb_device_handle *handle, const pw_usb_printer *printer,
		     pw_str *out);

/* The status and words of libusb's error `code`. */
pw_status pw_usb_fail(struct libusb_device *device, int code, pw_err *err);

#endif
