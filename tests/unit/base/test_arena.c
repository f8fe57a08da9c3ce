#include <check.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/arena.h"

/* How many of the bytes are not `value`. */
static size_t differ(const unsigned char *bytes, size_t n, size_t value)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += bytes[i] != value;
	return count;
}

START_TEST(test_every_piece_is_zeroed_aligned_and_its_own)
{
	pw_arena arena = PW_ARENA_INIT;
	unsigned char *pieces[2000];
	size_t sizes[2000], wrong = 0;
	for (size_t i = 0; i < 2000; i++) {
		/* small ones, with a piece larger than a block now and then */
		sizes[i] = i % 97 == 0 ? 40000 + i : i % 61;
		pieces[i] = pw_arena_alloc(&arena, sizes[i]);
		ck_assert_ptr_nonnull(pieces[i]);
		ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		wrong += differ(pieces[i], sizes[i], 0);
		memset(pieces[i], (int)(i % 251) + 1, sizes[i]);
	}
	for (size_t i = 0; i < 2000; i++)
		wrong += differ(pieces[i], sizes[i], i % 251 + 1);
	ck_assert_uint_eq(wrong, 0);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_a_large_piece_leaves_the_rest_of_the_block)
{
	pw_arena arena = PW_ARENA_INIT;
	char *first = pw_arena_alloc(&arena, 16);
	pw_arena_alloc(&arena, (size_t)1 << 20);
	char *second = pw_arena_alloc(&arena, 16);
	ck_assert_ptr_eq(second, first + 16);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_texts_are_copied)
{
	pw_arena arena = PW_ARENA_INIT;
	char text[] = "abcdef";
	char *whole = pw_arena_strdup(&arena, text);
	char *part = pw_arena_strndup(&arena, text, 3);
	char *none = pw_arena_strndup(&arena, text, 0);
	memset(text, 'x', 6);
	ck_assert_str_eq(whole, "abcdef");
	ck_assert_str_eq(part, "abc");
	ck_assert_str_eq(none, "");
	ck_assert_ptr_null(pw_arena_strdup(&arena, NULL));
	ck_assert_str_eq(pw_arena_printf(&arena, "%s-%03d", part, 7), "abc-007");
	char *wide = pw_arena_printf(&arena, "%30000s", "x");
	ck_assert_uint_eq(strlen(wide), 30000);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_an_arena_is_used_again_after_clearing)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_arena_clear(&arena);
	for (int round = 0; round < 3; round++) {
		int64_t *numbers = pw_arena_array(&arena, 5000, sizeof(int64_t));
		for (int64_t i = 0; i < 5000; i++) {
			ck_assert_int_eq(numbers[i], 0);
			numbers[i] = -1;
		}
		pw_arena_clear(&arena);
		ck_assert_ptr_null(arena.last);
	}
}
END_TEST

Suite *suite_arena(void);

Suite *suite_arena(void)
{
	Suite *s = suite_create("arena");
	TCase *tc = tcase_create("arena");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_test(tc, test_every_piece_is_zeroed_aligned_and_its_own);
	tcase_add_test(tc, test_a_large_piece_leaves_the_rest_of_the_block);
	tcase_add_test(tc, test_texts_are_copied);
	tcase_add_test(tc, test_an_arena_is_used_again_after_clearing);
	suite_add_tcase(s, tc);
	return s;
}
