/* Any bytes as a table of Ct: what is taken has a reading a pool that makes sense. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/results.h"

#define POOLS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_pool_reading readings[POOLS];
	pw_err err = PW_ERR_INIT;
	if (pw_ct_parse((const char *)data, size, POOLS, readings, &err) != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0' || strchr(err.msg, '\n') != NULL);
		return 0;
	}
	for (size_t i = 0; i < POOLS; i++) {
		const pw_pool_reading *r = &readings[i];
		bool amplified = false;
		PW_BUG_IF(r->wells > PW_CT_WELLS_MAX);
		for (int w = 0; w < r->wells; w++) {
			PW_BUG_IF(r->well[w].amplified && !(r->well[w].ct > 0));
			amplified = amplified || r->well[w].amplified;
		}
		PW_BUG_IF((r->wells == 0) != (r->call == PW_POOL_MISSING));
		PW_BUG_IF(amplified != (r->call == PW_POOL_POSITIVE));
	}
	return 0;
}
