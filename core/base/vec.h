/*
 * A growing array of one type, as a macro: `PW_VEC(pw_well) wells = PW_VEC_INIT;`
 * Elements are moved when it grows, so keep indexes, not pointers, across pushes.
 */
#ifndef PW_BASE_VEC_H
#define PW_BASE_VEC_H

#include <stddef.h>

#include "core/base/mem.h"

#define PW_VEC(type)              \
	struct {                  \
		type *ptr;        \
		size_t len, room; \
	}

/* clang-format off */
#define PW_VEC_INIT { NULL, 0, 0 }
/* clang-format on */

/* Appends a copy of `value`. */
#define pw_vec_push(v, value)                                                                \
	do {                                                                                 \
		if ((v)->len == (v)->room) {                                                 \
			(v)->room = (v)->room == 0 ? 8 : (v)->room * 2;                      \
			(v)->ptr = pw_realloc_array((v)->ptr, (v)->room, sizeof(*(v)->ptr)); \
		}                                                                            \
		(v)->ptr[(v)->len++] = (value);                                              \
	} while (0)

/* Frees the array, not what its elements own. */
#define pw_vec_clear(v)                   \
	do {                              \
		pw_free((v)->ptr);        \
		(v)->ptr = NULL;          \
		(v)->len = (v)->room = 0; \
	} while (0)

#endif
