/* Any bytes as the answers of an EPL2 printer: codes of two digits, and no more than there is room for. */
#include <stdint.h>
#include <stdlib.h>

#include "devices/printers/codec_epl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_epl_decoder d = {.n = 0};
	for (size_t i = 0; i < size; i++) {
		if (!pw_epl_feed(&d, data[i]))
			continue;
		if (data[i] != '\n' || d.codes < 1 || d.codes > PW_EPL_MOST_CODES)
			abort();
		if (d.remaining < -1 || d.remaining > 999 || !pw_epl_has(&d, d.code[0]))
			abort();
	}
	return 0;
}
