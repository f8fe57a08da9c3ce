/* Any bytes as the answers of a ZPL printer: what is taken for one holds what an answer can hold. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/printers/codec_zpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_zpl_decoder d = {.n = 0};
	for (size_t i = 0; i < size; i++) {
		pw_zpl_event event = pw_zpl_feed(&d, data[i]);
		if (event != PW_ZPL_NOTHING && data[i] != 3)
			abort();
		if (event == PW_ZPL_STATUS && (d.status.formats < 0 || d.status.remaining < 0))
			abort();
		if (event == PW_ZPL_IDENTITY &&
		    (memchr(d.identity.model, '\0', sizeof(d.identity.model)) == NULL ||
		     memchr(d.identity.firmware, '\0', sizeof(d.identity.firmware)) == NULL ||
		     d.identity.dots_per_mm < 0))
			abort();
	}
	return 0;
}
