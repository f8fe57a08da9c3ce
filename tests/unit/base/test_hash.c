#include <check.h>
#include <string.h>

#include "core/base/hash.h"

/* BLAKE2b-256: the empty text and "abc" as published (RFC 7693's function with 32 bytes of output);
 * the bytes 0 to 255, twice the length of a block, by an implementation that is not libsodium. */
START_TEST(test_published_vectors)
{
	unsigned char all[256];
	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	const struct {
		const void *data;
		size_t n;
		const char *hex;
	} vectors[] = {
		{"", 0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
		{NULL, 0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
		{"abc", 3, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
		{all, 256, "39a7eb9fedc19aabc83425c6755dd90e6f9d0c804964a1f4aaeea3b9fb599835"},
	};
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		pw_hash hash = pw_hash_bytes(vectors[i].data, vectors[i].n);
		char hex[PW_HASH_HEX];
		pw_hash_hex(&hash, hex);
		ck_assert_str_eq(hex, vectors[i].hex);
	}
}
END_TEST

START_TEST(test_a_link_is_the_hash_of_both_parts)
{
	pw_hash first = pw_hash_bytes("abc", 3);
	pw_hash link = pw_hash_chain(&first, "def", 3);
	char both[PW_HASH_SIZE + 3];
	memcpy(both, first.bytes, PW_HASH_SIZE);
	memcpy(both + PW_HASH_SIZE, "def", 3);
	pw_hash whole = pw_hash_bytes(both, sizeof(both));
	ck_assert(pw_hash_eq(&link, &whole));
	ck_assert(!pw_hash_eq(&link, &first));
	pw_hash other = pw_hash_chain(&first, "deg", 3);
	ck_assert(!pw_hash_eq(&link, &other));
	pw_hash nothing = pw_hash_chain(&first, NULL, 0);
	whole = pw_hash_bytes(first.bytes, PW_HASH_SIZE);
	ck_assert(pw_hash_eq(&nothing, &whole));
}
END_TEST

START_TEST(test_hexadecimal_goes_both_ways)
{
	pw_hash hash = pw_hash_bytes("abc", 3), back;
	char hex[PW_HASH_HEX];
	pw_hash_hex(&hash, hex);
	ck_assert(pw_hash_from_hex(hex, &back));
	ck_assert(pw_hash_eq(&hash, &back));
}
END_TEST

START_TEST(test_what_is_no_hash_is_refused)
{
	pw_hash out, before;
	memset(&out, 7, sizeof(out));
	before = out;
	char hex[PW_HASH_HEX + 1];
	memset(hex, 'a', sizeof(hex));
	hex[65] = '\0';
	ck_assert(!pw_hash_from_hex(hex, &out));
	hex[63] = '\0';
	ck_assert(!pw_hash_from_hex(hex, &out));
	hex[63] = 'a';
	hex[64] = '\0';
	static const char wrong[] = {'g', 'A', ' ', '/', ':', '`', '@', '\n'};
	for (size_t i = 0; i < sizeof(wrong); i++)
		for (size_t at = 0; at < 64; at += 63) {
			hex[at] = wrong[i];
			ck_assert(!pw_hash_from_hex(hex, &out));
			hex[at] = 'a';
		}
	ck_assert(!pw_hash_from_hex("", &out));
	ck_assert(pw_hash_eq(&out, &before));
	ck_assert(pw_hash_from_hex(hex, &out));
	ck_assert_uint_eq(out.bytes[31], 0xAA);
}
END_TEST

Suite *suite_hash(void);

Suite *suite_hash(void)
{
	Suite *s = suite_create("hash");
	TCase *tc = tcase_create("hash");
	tcase_add_test(tc, test_published_vectors);
	tcase_add_test(tc, test_a_link_is_the_hash_of_both_parts);
	tcase_add_test(tc, test_hexadecimal_goes_both_ways);
	tcase_add_test(tc, test_what_is_no_hash_is_refused);
	suite_add_tcase(s, tc);
	return s;
}
