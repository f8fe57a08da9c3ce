/* Any bytes as a 0/1 matrix: what is taken is a design whose text reads back as the same design. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/design.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_design *design = NULL, *back = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_design_parse((const char *)data, size, &design, &err) != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0' || strchr(err.msg, '\n') != NULL);
		return 0;
	}
	pw_str text = PW_STR_INIT, again = PW_STR_INIT;
	pw_design_format(design, true, &text);
	PW_BUG_IF(pw_design_parse(text.ptr, text.len, &back, NULL) != PW_OK);
	pw_design_format(back, true, &again);
	PW_BUG_IF(strcmp(text.ptr, again.ptr) != 0);
	pw_design_guarantee guarantee;
	pw_design_guarantee_of(design, &guarantee);
	uint32_t *first = pw_alloc_array(pw_design_samples(design), sizeof(*first));
	size_t twins = pw_design_twins(design, first);
	/* Who shares all pools with another can never be told from it. */
	PW_BUG_IF(twins > 0 && guarantee.known && guarantee.positives[0] > 0);
	pw_free(first);
	pw_str_clear(&text);
	pw_str_clear(&again);
	pw_design_free(back);
	pw_design_free(design);
	return 0;
}
