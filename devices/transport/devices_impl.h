/* The halves of pw_device_list (devices.h): each appends what it finds. */
#ifndef PW_DEVICES_DEVICES_IMPL_H
#define PW_DEVICES_DEVICES_IMPL_H

#include "core/base/str.h"
#include "core/base/vec.h"
#include "devices/transport/devices.h"

typedef struct pw_device_found {
	pw_arena *arena;
	PW_VEC(pw_device) devices;
} pw_device_found;

PW_NODISCARD pw_status pw_device_list_usb(pw_device_found *found, pw_err *err);
PW_NODISCARD pw_status pw_device_list_serial(pw_device_found *found, pw_err *err);

/* A text of a device's, in the arena: UTF-8, without control characters and without blanks around it. NULL is "". */
const char *pw_device_text(pw_arena *arena, const char *text);

#endif
