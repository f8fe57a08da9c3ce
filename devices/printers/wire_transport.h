/* A transport as the wire of a printer, with the computer's monotonic clock. */
#ifndef PW_DEVICES_WIRE_TRANSPORT_H
#define PW_DEVICES_WIRE_TRANSPORT_H

#include "devices/printers/wire.h"

/* Opens the URI. Errors of pw_transport_open. wire->ops->close closes it. */
PW_NODISCARD pw_status pw_wire_open(const char *uri, pw_wire *out, pw_err *err);

/* What a scheme can be relied upon for: of pw_wire_trait. */
unsigned pw_wire_traits_of(const char *scheme);

#endif
