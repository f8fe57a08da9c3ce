#include "tests/devices/mock_bus.h"

#include <stdio.h>

#include "core/base/mem.h"

mock_bus *mock_bus_new(void)
{
	static bool said;
	UMockdevTestbed *testbed = umockdev_testbed_new();
	if (!umockdev_in_mock_environment()) {
		if (!said)
			printf("skipped: this test runs under umockdev-wrapper\n");
		said = true;
		g_object_unref(testbed);
		return NULL;
	}
	mock_bus *bus = pw_alloc(sizeof(*bus));
	bus->testbed = testbed;
	bus->next_address = FIRST_ADDRESS;
	return bus;
}

void mock_bus_free(mock_bus *bus)
{
	if (bus == NULL)
		return;
	mock_printers_free(bus->printers);
	mock_ports_free(bus->ports);
	g_object_unref(bus->testbed);
	pw_free(bus);
}

void mock_bus_add(mock_bus *bus, const char *description)
{
	GError *error = NULL;
	if (!umockdev_testbed_add_from_string(bus->testbed, description, &error))
		pw_bug(error->message, __FILE__, __LINE__);
}

void mock_bus_attach(mock_bus *bus, const char *node, UMockdevIoctlBase *handler)
{
	GError *error = NULL;
	if (!umockdev_testbed_attach_ioctl(bus->testbed, node, handler, &error))
		pw_bug(error->message, __FILE__, __LINE__);
}
