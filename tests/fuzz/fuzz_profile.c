/* Any bytes as a reporting policy: refused with a place, or a policy whose numbers are in range. */
#include <stdint.h>
#include <stdlib.h>

#include "core/model/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_profile *profile = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_profile_parse(data, size, "fuzz.yaml", &profile, &err) != PW_OK)
		return 0;
	for (int g = 0; g < PW_GROUP_COUNT; g++)
		if (profile->overdue_hours[g] < 1)
			abort();
	if (profile->max_reswabs < 1)
		abort();
	pw_profile_free(profile);
	return 0;
}
