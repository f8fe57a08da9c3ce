/* Any bytes as a string of calls: what is taken is one call a pool, and decodes or is refused. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/results.h"

#define POOLS 7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char matrix[] = "111100000000\n000011110000\n000000001111\n100010001000\n"
				     "010001000100\n001000100010\n000100010001\n";
	pw_pool_reading readings[POOLS];
	pw_err err = PW_ERR_INIT;
	pw_design *design = NULL;
	pw_decoded out = {.samples = 0};
	if (pw_results_parse((const char *)data, size, POOLS, readings, &err) != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0' || strchr(err.msg, '\n') != NULL);
		return 0;
	}
	if (pw_design_parse(matrix, sizeof(matrix) - 1, &design, NULL) != PW_OK)
		return 0;
	pw_evidence e = {
		.design = design, .readings = readings, .prior = 0.05, .test = PW_POOL_MODEL_INIT};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	PW_BUG_IF(pw_decode(&e, &opts, &out, &err) != PW_OK);
	for (size_t j = 0; j < out.samples; j++)
		PW_BUG_IF(!(out.posterior[j] >= 0 && out.posterior[j] <= 1));
	pw_decoded_clear(&out);
	pw_design_free(design);
	return 0;
}
