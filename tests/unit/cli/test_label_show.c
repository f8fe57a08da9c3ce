#include <check.h>
#include <string.h>

#include "cli/label_show.h"

/* 6 × 3 dots: the corners, and a bar in the middle. */
static pw_raster small(void)
{
	pw_raster raster = PW_RASTER_INIT;
	ck_assert_int_eq(pw_raster_init(&raster, 6, 3, 203, NULL), PW_OK);
	pw_raster_fill(&raster, 0, 0, 1, 1);
	pw_raster_fill(&raster, 5, 1, 1, 1);
	pw_raster_fill(&raster, 2, 0, 2, 2);
	pw_raster_fill(&raster, 0, 2, 2, 1);
	return raster;
}

START_TEST(test_two_dots_are_one_character)
{
	pw_raster raster = small();
	pw_str out = PW_STR_INIT;
	pw_label_blocks(&raster, 80, false, &out);
	ck_assert_str_eq(pw_str_text(&out), "▀ ██ ▄\n▀▀\n");
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_a_label_is_no_wider_than_the_terminal)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(pw_raster_init(&raster, 1000, 500, 203, NULL), PW_OK);
	pw_raster_fill(&raster, 0, 0, 1000, 500);
	pw_label_blocks(&raster, 70, false, &out);
	int lines = 0;
	for (const char *at = out.ptr; *at != '\0'; lines++) {
		size_t n = strcspn(at, "\n");
		ck_assert_uint_eq(n, 70 * strlen("█"));
		at += n + 1;
	}
	ck_assert_int_eq(
		lines,
		18); /* half as many as columns for half the height, and as high as it is wide */
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_shades_change_only_where_they_do)
{
	pw_raster raster = small();
	pw_str out = PW_STR_INIT;
	pw_label_blocks(&raster, 80, true, &out);
	ck_assert_str_eq(pw_str_text(&out), "\033[38;5;232m\033[48;5;255m▀"
					    "\033[38;5;255m▀"
					    "\033[38;5;232m\033[48;5;232m▀▀"
					    "\033[38;5;255m\033[48;5;255m▀"
					    "\033[48;5;232m▀\033[0m\n"
					    "\033[38;5;232m\033[48;5;255m▀▀"
					    "\033[38;5;255m▀▀▀▀\033[0m\n");
	pw_str_clear(&out);
	pw_raster_clear(&raster);
}
END_TEST

Suite *suite_label_show(void);

Suite *suite_label_show(void)
{
	Suite *s = suite_create("label show");
	TCase *c = tcase_create("all");
	tcase_add_test(c, test_two_dots_are_one_character);
	tcase_add_test(c, test_a_label_is_no_wider_than_the_terminal);
	tcase_add_test(c, test_shades_change_only_where_they_do);
	suite_add_tcase(s, c);
	return s;
}
