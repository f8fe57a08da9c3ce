/*
 * Which keys were seen before, and where: duplicates within a file of any size. The keys are not copied
 * and must outlive the table. For the readers of this folder alone.
 */
#ifndef PW_EXCHANGE_SEEN_H
#define PW_EXCHANGE_SEEN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct pw_seen_slot {
	const char *key;
	size_t hash, index;
} pw_seen_slot;

typedef struct pw_seen {
	pw_seen_slot *slots; /* open addressing; a free one has no key */
	size_t len, room;    /* room is 0 or a power of two */
} pw_seen;

/* clang-format off */
#define PW_SEEN_INIT { NULL, 0, 0 }
/* clang-format on */

/* Remembers that `key` is that of element `index`: true. False when it was seen before: *out_earlier is
 * then the index that it was added with, and stays. */
bool pw_seen_add(pw_seen *seen, const char *key, size_t index, size_t *out_earlier);

/* Frees; accepts a zeroed table, and leaves one. */
void pw_seen_clear(pw_seen *seen);

#endif
