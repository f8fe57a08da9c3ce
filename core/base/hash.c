#include "core/base/hash.h"

#include <sodium.h>
#include <string.h>

pw_hash pw_hash_bytes(const void *data, size_t n)
{
	pw_hash hash;
	crypto_generichash_blake2b(hash.bytes, sizeof(hash.bytes), data, n, NULL, 0);
	return hash;
}

pw_hash pw_hash_chain(const pw_hash *previous, const void *data, size_t n)
{
	crypto_generichash_blake2b_state state;
	crypto_generichash_blake2b_init(&state, NULL, 0, PW_HASH_SIZE);
	crypto_generichash_blake2b_update(&state, previous->bytes, sizeof(previous->bytes));
	crypto_generichash_blake2b_update(&state, data, n);
	pw_hash hash;
	crypto_generichash_blake2b_final(&state, hash.bytes, sizeof(hash.bytes));
	return hash;
}

bool pw_hash_eq(const pw_hash *a, const pw_hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void pw_hash_hex(const pw_hash *hash, char out[PW_HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < PW_HASH_SIZE; i++) {
		out[2 * i] = digits[hash->bytes[i] >> 4];
		out[2 * i + 1] = digits[hash->bytes[i] & 15];
	}
	out[PW_HASH_HEX - 1] = '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool pw_hash_from_hex(const char *text, pw_hash *out)
{
	if (strlen(text) != PW_HASH_HEX - 1)
		return false;
	pw_hash hash;
	for (size_t i = 0; i < PW_HASH_SIZE; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		hash.bytes[i] = (uint8_t)(high * 16 + low);
	}
	*out = hash;
	return true;
}
