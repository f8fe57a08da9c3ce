/* Any answer to GET_DEVICE_ID gives an id inside of it, and whatever is read of an id stands in the id. */
#include <stdint.h>
#include <stdlib.h>

#include "devices/transport/device_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(pw_slice part, pw_slice whole)
{
	if (part.len > 0 && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_slice answer = {(const char *)data, size};
	pw_slice id = pw_device_id_strip(data, size);
	if (size >= 2)
		inside(id, answer);
	else if (id.len != 0)
		abort();
	pw_device_id read = pw_device_id_parse(id.ptr, id.len);
	inside(read.maker, id);
	inside(read.model, id);
	inside(read.languages, id);
	inside(read.serial, id);
	if (pw_device_id_has(read.languages, ""))
		abort();
	(void)pw_device_id_has(read.languages, "ZPL");
	return 0;
}
