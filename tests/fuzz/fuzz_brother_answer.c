/* Any bytes as the answers of a Brother printer: each answer takes 32 of them, and says what it can say. */
#include <stdint.h>
#include <stdlib.h>

#include "devices/printers/codec_brother.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_brother_decoder d = {.n = 0};
	size_t behind = 0;
	for (size_t i = 0; i < size; i++) {
		if (d.n >= PW_BROTHER_ANSWER)
			abort();
		if (!pw_brother_feed(&d, data[i]))
			continue;
		const uint8_t *from = data + i + 1 - PW_BROTHER_ANSWER;
		if (i + 1 < behind + PW_BROTHER_ANSWER || from[0] != 0x80 || from[2] != 'B' ||
		    from[18] != (uint8_t)d.status.type || from[10] != d.status.width)
			abort();
		behind = i + 1;
		(void)pw_brother_model(d.status.series, d.status.model);
	}
	return 0;
}
