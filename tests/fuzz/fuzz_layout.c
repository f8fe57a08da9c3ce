/* Any bytes as a plate layout: refused with a place, or a plate that can be filled to its end. */
#include <stdint.h>
#include <stdlib.h>

#include "core/model/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_layout_parse(data, size, "fuzz.yaml", &layout, &err) != PW_OK)
		return 0;
	bool filled[PW_MAX_WELLS] = {false};
	pw_well at;
	int count = 0;
	for (; pw_layout_next(layout, filled, &at); count++)
		filled[pw_well_index(at, layout->format, PW_BY_ROW)] = true;
	if (count == 0 || count != pw_layout_specimen_wells(layout))
		abort();
	pw_layout_free(layout);
	return 0;
}
