#include "core/exchange/seen.h"

#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"

/* FNV-1a, with the high bits folded into the low ones that choose the slot. */
static size_t hash_of(const char *key)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return (size_t)(h ^ (h >> 32));
}

/* The slot of the key, or the free one where it belongs. */
static pw_seen_slot *find(const pw_seen *seen, const char *key, size_t hash)
{
	size_t i = hash & (seen->room - 1);
	while (seen->slots[i].key != NULL &&
	       (seen->slots[i].hash != hash || strcmp(seen->slots[i].key, key) != 0))
		i = (i + 1) & (seen->room - 1);
	return &seen->slots[i];
}

static void grow(pw_seen *seen)
{
	pw_seen bigger = {NULL, seen->len, seen->room == 0 ? 64 : seen->room * 2};
	bigger.slots = pw_alloc_array(bigger.room, sizeof(bigger.slots[0]));
	for (size_t i = 0; i < seen->room; i++)
		if (seen->slots[i].key != NULL)
			*find(&bigger, seen->slots[i].key, seen->slots[i].hash) = seen->slots[i];
	pw_free(seen->slots);
	*seen = bigger;
}

bool pw_seen_add(pw_seen *seen, const char *key, size_t index, size_t *out_earlier)
{
	if (seen->len * 2 >= seen->room)
		grow(seen);
	size_t hash = hash_of(key);
	pw_seen_slot *slot = find(seen, key, hash);
	if (slot->key != NULL) {
		*out_earlier = slot->index;
		return false;
	}
	*slot = (pw_seen_slot){key, hash, index};
	seen->len++;
	return true;
}

void pw_seen_clear(pw_seen *seen)
{
	pw_free(seen->slots);
	*seen = (pw_seen)PW_SEEN_INIT;
}
