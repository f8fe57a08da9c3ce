#include "core/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *ptr)
{
	if (ptr == NULL) {
		fputs("poolwell: out of memory\n", stderr);
		abort();
	}
	return ptr;
}

void *pw_alloc(size_t size)
{
	return or_end(calloc(1, size > 0 ? size : 1));
}

void *pw_alloc_array(size_t count, size_t size)
{
	PW_BUG_IF(size != 0 && count > SIZE_MAX / size);
	return pw_alloc(count * size);
}

void *pw_realloc_array(void *ptr, size_t count, size_t size)
{
	PW_BUG_IF(size != 0 && count > SIZE_MAX / size);
	size_t bytes = count * size;
	return or_end(realloc(ptr, bytes > 0 ? bytes : 1));
}

pw_status pw_alloc_limited(size_t size, size_t max, void **out, pw_err *err)
{
	if (size > max)
		return pw_fail(err, PW_ERR_LIMIT, "%zu bytes are more than the %zu we take", size,
			       max);
	void *ptr = calloc(1, size > 0 ? size : 1);
	if (ptr == NULL)
		return pw_fail(err, PW_ERR_NO_MEMORY, "no memory for %zu bytes", size);
	*out = ptr;
	return PW_OK;
}

char *pw_strndup(const char *text, size_t length)
{
	char *copy = pw_alloc(length + 1);
	memcpy(copy, text, length);
	return copy;
}

char *pw_strdup(const char *text)
{
	return pw_strndup(text, strlen(text));
}

void pw_free(void *ptr)
{
	free(ptr);
}
