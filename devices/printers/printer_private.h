/* A printer from its parts: for printer.c, and for tests, which bring their own wire. */
#ifndef PW_DEVICES_PRINTER_PRIVATE_H
#define PW_DEVICES_PRINTER_PRIVATE_H

#include "devices/printers/dialogue.h"
#include "devices/printers/models.h"

struct pw_printer {
	pw_dialogue talk;
	char device_id[1024]; /* "" when there is none */
};

/* The wire is the printer's from now on; pw_printer_close closes it. `model` are flags of models.h. */
pw_printer *pw_printer_new(const pw_wire *wire, const pw_printer_driver *driver, unsigned model);

/* pw_printer_print on a dialogue. */
PW_NODISCARD pw_status pw_run_print(pw_dialogue *talk, const pw_print_run *order,
				    pw_print_outcome *out, pw_err *err);

#endif
