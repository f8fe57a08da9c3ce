#include "core/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"

#define BLOCK_SIZE ((size_t)16 * 1024)
#define ALIGNMENT  _Alignof(max_align_t)

struct pw_arena_block {
	struct pw_arena_block *previous;
	size_t used, size;
	max_align_t bytes[];
};

void *pw_arena_alloc(pw_arena *arena, size_t size)
{
	PW_BUG_IF(size > SIZE_MAX / 2);
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	struct pw_arena_block *block = arena->last;
	if (block == NULL || block->size - block->used < size) {
		size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
		struct pw_arena_block *fresh = pw_alloc(sizeof(*fresh) + room);
		fresh->size = room;
		/* A large piece gets a block of its own behind the current one, which keeps the
		 * room that it has. */
		if (block != NULL && room == size) {
			fresh->previous = block->previous;
			block->previous = fresh;
		} else {
			fresh->previous = block;
			arena->last = fresh;
		}
		block = fresh;
	}
	void *ptr = (char *)block->bytes + block->used;
	block->used += size;
	return ptr;
}

void *pw_arena_array(pw_arena *arena, size_t count, size_t size)
{
	PW_BUG_IF(size != 0 && count > SIZE_MAX / size);
	return pw_arena_alloc(arena, count * size);
}

char *pw_arena_strndup(pw_arena *arena, const char *text, size_t length)
{
	char *copy = pw_arena_alloc(arena, length + 1);
	memcpy(copy, text, length);
	return copy;
}

char *pw_arena_strdup(pw_arena *arena, const char *text)
{
	return text == NULL ? NULL : pw_arena_strndup(arena, text, strlen(text));
}

char *pw_arena_printf(pw_arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	PW_BUG_IF(n < 0);
	char *text = pw_arena_alloc(arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}

void pw_arena_clear(pw_arena *arena)
{
	struct pw_arena_block *block = arena->last;
	while (block != NULL) {
		struct pw_arena_block *previous = block->previous;
		pw_free(block);
		block = previous;
	}
	arena->last = NULL;
}
