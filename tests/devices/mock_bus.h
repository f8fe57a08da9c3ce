/* Inside of the mocks: the testbed, and lists of what stands in it. */
#ifndef PW_TESTS_DEVICES_MOCK_BUS_H
#define PW_TESTS_DEVICES_MOCK_BUS_H

#include <umockdev.h>

#include "tests/devices/mock_printer.h"

#define FIRST_ADDRESS 2

struct mock_bus {
	UMockdevTestbed *testbed;
	int next_address;       /* of the next device that is plugged in */
	mock_printer *printers; /* linked */
	struct mock_port *ports;
};

/* Adds a device to the testbed; a mistake in the description ends the test. */
void mock_bus_add(mock_bus *bus, const char *description);
void mock_bus_attach(mock_bus *bus, const char *node, UMockdevIoctlBase *handler);

/* For mock_bus_free. */
void mock_printers_free(mock_printer *first);
void mock_ports_free(struct mock_port *first);

#endif
