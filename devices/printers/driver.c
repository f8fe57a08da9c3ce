#include "devices/printers/driver.h"

#include <string.h>

#define PW_DRIVER(name) extern const pw_printer_driver pw_driver_##name;
#include "devices/printers/drivers.def"
#undef PW_DRIVER

const pw_printer_driver *const pw_printer_drivers[] = {
#define PW_DRIVER(name) &pw_driver_##name,
#include "devices/printers/drivers.def"
#undef PW_DRIVER
	NULL,
};

const pw_printer_driver *pw_printer_driver_find(const char *name)
{
	for (const pw_printer_driver *const *d = pw_printer_drivers; *d != NULL; d++)
		if (strcmp((*d)->name, name) == 0)
			return *d;
	return NULL;
}

pw_printer_activity pw_printer_activity_of(unsigned faults, bool printing)
{
	if ((faults & ~(unsigned)PW_FAULT_BUFFER_FULL) != 0)
		return PW_PRINTER_STOPPED;
	return printing ? PW_PRINTER_PRINTING : PW_PRINTER_READY;
}
