/* Any bytes as a file of priors: what is taken are probabilities and households below the people. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_priors priors;
	pw_err err = PW_ERR_INIT;
	if (pw_priors_parse((const char *)data, size, &priors, &err) != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0' || strchr(err.msg, '\n') != NULL);
		return 0;
	}
	PW_BUG_IF(priors.count == 0);
	for (size_t i = 0; i < priors.count; i++) {
		PW_BUG_IF(!(priors.prior[i] >= 0.0 && priors.prior[i] <= 1.0));
		PW_BUG_IF(priors.household != NULL && priors.household[i] > i);
	}
	pw_priors_clear(&priors);
	return 0;
}
