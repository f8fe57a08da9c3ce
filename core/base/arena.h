/*
 * An arena: memory that is given piece by piece and freed at once. Lists and reports of one command
 * or request live in the arena that the caller passes in.
 */
#ifndef PW_BASE_ARENA_H
#define PW_BASE_ARENA_H

#include <stddef.h>

#include "core/base/err.h"

typedef struct pw_arena {
	struct pw_arena_block *last;
} pw_arena;

/* clang-format off */
#define PW_ARENA_INIT { NULL }
/* clang-format on */

/* Zeroed and aligned for any type; never NULL. Lives until pw_arena_clear. */
void *pw_arena_alloc(pw_arena *arena, size_t size);
void *pw_arena_array(pw_arena *arena, size_t count, size_t size);
char *pw_arena_strndup(pw_arena *arena, const char *text, size_t length);

/* NULL gives NULL. */
char *pw_arena_strdup(pw_arena *arena, const char *text);
char *pw_arena_printf(pw_arena *arena, const char *format, ...) PW_PRINTF(2, 3);

/* Frees everything; the arena can be used again. Accepts a zeroed arena. */
void pw_arena_clear(pw_arena *arena);

#endif
