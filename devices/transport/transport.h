/*
 * Transports: bytes to and from a device, whatever the cable. One handle, opened by a URI (uri.h), that
 * drivers, the simulators' tests and `poolwell device` use alike.
 *
 *	usb:0a5f:0187/SERIAL      a USB printer-class interface (libusb). The serial number may be left out where
 *	                          one such device is connected; ?port=1-4.2 names the socket it is in, and
 *	                          ?interface=1 one of several interfaces
 *	serial:/dev/ttyUSB0?baud=9600&frame=8n1&flow=none    (libserialport; flow=rtscts, flow=xonxoff)
 *	tcp:host:9100?wait=5000   a network printer; port 9100 when there is none. [::1]:9100 for IPv6. Gives up
 *	                          connecting after `wait` milliseconds
 *	file:/path                written to (appended), never answers
 *	pty:/dev/pts/3            a pseudo-terminal, raw: simulators (libserialport refuses those)
 *	fd:5                      a descriptor that is open already; not closed
 *	replay:file               a transcript (transcript.h) played back; what is written must match it
 *
 * Every URI may also have ?record=FILE, which writes a transcript of what happens into a new file, and
 * ?language=NAME and ?dpi=N, which say of a printer what it does not tell and mean nothing here; and ?answers=no,
 * which says that nothing ever comes back (many print servers pass nothing on). A mistyped option is refused. devices.h lists the addresses of what is connected.
 *
 * Reading and writing wait at most as long as they are told, and say how far they came: a device that takes
 * nothing is a fact to be interpreted (out of paper), not an error. Errors are about the way to the device:
 *
 *	PW_ERR_BUSY   another program holds it; the text names it where the system tells
 *	PW_ERR_GONE   it is not there any more: unplugged, switched off, connection closed
 *	PW_ERR_IO     anything else the system says, in its words
 *
 * After PW_ERR_GONE a handle only closes or opens again (pw_transport_reopen); everything else is PW_ERR_GONE
 * at once. A handle belongs to one thread; there is no other state.
 */
#ifndef PW_DEVICES_TRANSPORT_H
#define PW_DEVICES_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

typedef struct pw_transport pw_transport;

/*
 * Opens what the URI names. PW_ERR_ARG for a URI that cannot be read, with the place in it; PW_ERR_NOT_FOUND
 * when there is no such device; PW_ERR_BUSY, PW_ERR_IO (no permission: the text says which udev rule or
 * group helps). Free with pw_transport_close, which accepts NULL and gives the kernel its driver back.
 */
PW_NODISCARD pw_status pw_transport_open(const char *uri, pw_transport **out, pw_err *err);
void pw_transport_close(pw_transport *transport);

/*
 * The same device again after PW_ERR_GONE: PW_ERR_NOT_FOUND while it is away, PW_ERR_BUSY while another program
 * has it (the kernel and CUPS take a printer that is plugged in, for a moment or for good). A USB device that
 * had a serial number is only found by it again. Until it is PW_OK the handle stays gone.
 */
PW_NODISCARD pw_status pw_transport_reopen(pw_transport *transport, pw_err *err);

/* The URI it was opened by. */
const char *pw_transport_uri(const pw_transport *transport);

/*
 * Up to `size` bytes, as soon as there are any; *out_n is 0 when `timeout_ms` passed in silence (0: only what is
 * there already). A stalled USB endpoint is cleared and counts as silence. Where nothing can ever come
 * (file:, a USB printer without a way back) and in a replay, silence is told at once.
 */
PW_NODISCARD pw_status pw_transport_read(pw_transport *transport, void *buf, size_t size,
					 int timeout_ms, size_t *out_n, pw_err *err);

/*
 * Hands over up to `n` bytes; *out_n says how many the device has taken when it is done or `timeout_ms`
 * passed, also on failure: those are on their way and must not be sent again. A stalled USB endpoint is cleared
 * and ends the write early. Of tcp: it counts what this computer's network has taken, of which up to some 32 kB
 * may be ahead of the printer; pw_transport_drain waits for the printer.
 */
PW_NODISCARD pw_status pw_transport_write(pw_transport *transport, const void *data, size_t n,
					  int timeout_ms, size_t *out_n, pw_err *err);

/* Waits until the system has passed on what was written. PW_OK does not mean that it was printed.
 * PW_ERR_BUSY when it has not after `timeout_ms`. */
PW_NODISCARD pw_status pw_transport_drain(pw_transport *transport, int timeout_ms, pw_err *err);

/* Whether nothing can ever come back: file:, a USB printer without a way back, ?answers=no. */
bool pw_transport_is_mute(const pw_transport *transport);

/* A descriptor for poll(2) that becomes readable with the device, or -1 where there is none. */
int pw_transport_fd(const pw_transport *transport);

/* ---- What the USB printer class adds (usbprint11); elsewhere PW_ERR_NOT_FOUND, as for a device that refuses
 * the question ---- */

#define PW_PORT_PAPER_EMPTY 0x20
#define PW_PORT_SELECTED    0x10
#define PW_PORT_NO_ERROR    0x08

/* The IEEE 1284 device id, "MFG:Zebra;MDL:…;CMD:ZPL;", appended to *out as it came (control characters left
 * out). device_id.h reads it. */
PW_NODISCARD pw_status pw_transport_device_id(pw_transport *transport, pw_str *out, pw_err *err);
PW_NODISCARD pw_status pw_transport_port_status(pw_transport *transport, uint8_t *out, pw_err *err);

/* Empties the device's buffers: SOFT_RESET 0x21, and 0x23 for devices of the first standard. */
PW_NODISCARD pw_status pw_transport_soft_reset(pw_transport *transport, pw_err *err);

#endif
