/* Any bytes as the answers of a TSPL printer; the first says what was asked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/printers/codec_tspl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_tspl_decoder d = {.n = 0};
	static const pw_tspl_event asked[] = {PW_TSPL_STATUS, PW_TSPL_LONG, PW_TSPL_MODEL};
	for (size_t i = 0; i < size; i++) {
		pw_tspl_event expected = asked[data[0] % 3];
		pw_tspl_expect(&d, expected);
		pw_tspl_event event = pw_tspl_feed(&d, data[i]);
		if (event != PW_TSPL_NOTHING && event != expected)
			abort();
		if (memchr(d.model, '\0', sizeof(d.model)) == NULL)
			abort();
		if ((d.status.error[0] | d.status.error[1]) > 0x3F)
			abort();
	}
	return 0;
}
