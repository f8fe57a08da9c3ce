/*
 * Bytes that go from one place to another block by block, so that nobody has to hold a large file whole: what
 * reads a file gives blocks, and what parses or writes takes them. Where one block ends and the next begins
 * says nothing.
 */
#ifndef PW_BASE_BLOCKS_H
#define PW_BASE_BLOCKS_H

#include <stddef.h>

#include "core/base/err.h"

/* Takes the next n bytes, which are only lent; what is not PW_OK ends the giving. */
typedef pw_status (*pw_take_fn)(void *to, const char *bytes, size_t n, pw_err *err);

/* Gives all bytes of `from` to take(to, …), in their order. Returns what went wrong first, there or here. */
typedef pw_status (*pw_give_fn)(const void *from, pw_take_fn take, void *to, pw_err *err);

/* A pw_take_fn: appends to the pw_str `to`. */
PW_NODISCARD pw_status pw_take_into_str(void *to, const char *bytes, size_t n, pw_err *err);

#endif
