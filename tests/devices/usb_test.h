/* What the tests of usb: share: a bus, and a printer and a transport on it, gone when a test ends. */
#ifndef PW_TESTS_DEVICES_USB_TEST_H
#define PW_TESTS_DEVICES_USB_TEST_H

#include <check.h>

#include "devices/transport/transport.h"
#include "tests/devices/mock_printer.h"

typedef struct usb_test {
	mock_bus *bus;
	mock_printer *printer;
	pw_transport *transport;
	pw_err err; /* of the last call */
} usb_test;

extern usb_test ut;

/* A case with a bus for each test, and time for a slow machine. */
TCase *usb_case(Suite *suite, const char *name);

/* A printer is plugged in, and opened. */
void usb_plug(const mock_model *model);
void usb_open(const mock_model *model);

/* Writes, and says how much was taken. */
size_t usb_put(const char *text, int timeout_ms);

/* Reads up to `size` bytes, as text. */
const char *usb_get(size_t size, int timeout_ms);

/* All that the printer ever took is this. */
void usb_printed(const char *expected);

/* Another program that has a file open, until usb_holder_end. */
void usb_holder_begin(const char *path);
void usb_holder_end(void);

#define must(call)                                                                              \
	do {                                                                                    \
		ut.err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status must_rc = (call);                                                     \
		ck_assert_msg(must_rc == PW_OK, "%s: %s", pw_status_name(must_rc), ut.err.msg); \
	} while (0)

#define fails(call, status, text)                                                               \
	do {                                                                                    \
		ut.err = (pw_err)PW_ERR_INIT;                                                   \
		pw_status fails_rc = (call);                                                    \
		ck_assert_msg(fails_rc == (status), "%s, not %s: %s", pw_status_name(fails_rc), \
			      pw_status_name(status), ut.err.msg);                              \
		ck_assert_msg(strstr(ut.err.msg, (text)) != NULL, "no '%s' in '%s'", (text),    \
			      ut.err.msg);                                                      \
	} while (0)

#endif
