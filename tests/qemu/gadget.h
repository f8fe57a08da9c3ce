/*
 * In the guest: the device's side of the gadgets that init has made. Tests write at one end and read at the other in
 * one thread, as with cable.h; in between is the kernel's own USB stack.
 */
#ifndef PW_TESTS_QEMU_GADGET_H
#define PW_TESTS_QEMU_GADGET_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"
#include "devices/transport/transport.h"

#define PRINTER_URI "usb:0a5f:0187/D2J%202047/00001"

/* "printer" and "scanner". Both wait until the host has noticed, nodes, links and permissions and all. */
void gadget_plug(const char *name);
void gadget_unplug(const char *name);

/* The device's own end of the printer, not blocking. It is closed with the test, or before. */
int gadget_printer_open(void);
void gadget_printer_close(void);

/* What the printer tells as its port status. */
void gadget_printer_status(int fd, unsigned char status);

/* What has come to a descriptor, at most `most` bytes, appended; waits until some has. */
size_t gadget_hear(int fd, size_t most, pw_str *out);

/* Writes all of it. */
void gadget_say(int fd, const char *text);

/* Waits until a file is there, or not any more. */
void gadget_await(const char *path, bool there);

/* A command of the guest's shell, whose output it is. It must succeed. */
const char *gadget_run(const char *command);

/* ---- The transport of a test ---- */

typedef struct guest {
	pw_transport *transport;
	pw_err err;
} guest;

extern guest gt;

/* A case whose tests begin with a printer and a scanner plugged in, and end with nothing open. */
TCase *guest_case(Suite *suite, const char *name);

#define must(call)                                                                              \
	do {                                                                                    \
		gt.err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status must_rc = (call);                                                     \
		ck_assert_msg(must_rc == PW_OK, "%s: %s", pw_status_name(must_rc), gt.err.msg); \
	} while (0)

#define fails(call, status, text)                                                               \
	do {                                                                                    \
		gt.err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status fails_rc = (call);                                                    \
		ck_assert_msg(fails_rc == (status), "%s, not %s: %s", pw_status_name(fails_rc), \
			      pw_status_name(status), gt.err.msg);                              \
		ck_assert_msg(strstr(gt.err.msg, (text)) != NULL, "no '%s' in '%s'", (text),    \
			      gt.err.msg);                                                      \
	} while (0)

#endif
