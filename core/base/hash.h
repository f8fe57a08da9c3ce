/*
 * BLAKE2b-256 (RFC 7693), from libsodium: the journal's chain and the names of kept files.
 */
#ifndef PW_BASE_HASH_H
#define PW_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PW_HASH_SIZE 32
#define PW_HASH_HEX  65 /* 64 digits and the NUL */

typedef struct pw_hash {
	uint8_t bytes[PW_HASH_SIZE];
} pw_hash;

pw_hash pw_hash_bytes(const void *data, size_t n);

/* The hash of `previous` followed by the bytes: one link of a chain. */
pw_hash pw_hash_chain(const pw_hash *previous, const void *data, size_t n);

bool pw_hash_eq(const pw_hash *a, const pw_hash *b);

/* Lower-case hexadecimal. */
void pw_hash_hex(const pw_hash *hash, char out[PW_HASH_HEX]);
bool pw_hash_from_hex(const char *text, pw_hash *out);

#endif
