#include "core/base/blocks.h"

#include "core/base/str.h"

pw_status pw_take_into_str(void *to, const char *bytes, size_t n, pw_err *err)
{
	(void)err;
	pw_str_add_n(to, bytes, n);
	return PW_OK;
}
