/*
 * Memory. Small allocations succeed or the program ends: the journal keeps the data safe, and code
 * that handles what never happens is never tested. A size that is computed from outside goes
 * through pw_alloc_limited, which says no instead.
 */
#ifndef PW_BASE_MEM_H
#define PW_BASE_MEM_H

#include <stddef.h>

#include "core/base/err.h"

/* Zeroed memory of `size` bytes (at least one); never NULL. Free with pw_free. */
void *pw_alloc(size_t size);

/* Zeroed array; aborts when count × size overflows. */
void *pw_alloc_array(size_t count, size_t size);

/* Resizes; new bytes are not zeroed. Aborts when count × size overflows. */
void *pw_realloc_array(void *ptr, size_t count, size_t size);

/* Zeroed memory of a size that somebody outside chose: PW_ERR_LIMIT when size > max, and
 * PW_ERR_NO_MEMORY when there is not as much. *out belongs to the caller. */
PW_NODISCARD pw_status pw_alloc_limited(size_t size, size_t max, void **out, pw_err *err);

char *pw_strdup(const char *text);
char *pw_strndup(const char *text, size_t length);

/* Accepts NULL. */
void pw_free(void *ptr);

#endif
