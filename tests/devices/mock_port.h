/*
 * A serial port that is not there: a USB-serial adaptor in a mocked /sys and /dev (umockdev), which libserialport
 * opens like any other. Behind it is a pseudo-terminal, so that bytes, queues and hanging up are the kernel's own;
 * parity and 7 bits are not (the kernel's pseudo-terminals refuse them: tests/qemu has real adaptors).
 *
 * Under umockdev-wrapper; on the bus of mock_printer.h.
 */
#ifndef PW_TESTS_DEVICES_MOCK_PORT_H
#define PW_TESTS_DEVICES_MOCK_PORT_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/devices/mock_printer.h"

typedef struct mock_port mock_port;

/* /dev/ttyUSB<number>, an FTDI adaptor in socket `number` of the bus. Freed with its bus. */
mock_port *mock_port_new(mock_bus *bus, int number, const char *serial);

/* "serial:/dev/ttyUSB7" */
const char *mock_port_uri(const mock_port *port);

/* The device's end of the cable, not blocking. Belongs to the port. */
int mock_port_fd(const mock_port *port);

/* udev's link to it: /dev/serial/by-id/NAME. */
void mock_port_link(mock_port *port, const char *name);

/* What the adaptor was set to last. */
typedef struct mock_lines {
	int baud; /* 9600, 19200, or 0: another */
	bool xonxoff, two_stopbits;
} mock_lines;

mock_lines mock_port_lines(const mock_port *port);

/* The cable is pulled: what is open hangs up. */
void mock_port_unplug(mock_port *port);

#endif
