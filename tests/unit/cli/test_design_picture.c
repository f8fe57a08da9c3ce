/*
 * With PW_WRITE_PICTURES=FOLDER in the environment the sample is written to FOLDER/design.svg.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pictures/design.h"
#include "core/pooling/design_make.h"

static pw_design *make(pw_make_opts opts)
{
	pw_design *design = NULL;
	ck_assert_int_eq(pw_design_make(&opts, &design, NULL), PW_OK);
	return design;
}

static pw_str draw(const pw_design *design, pw_canvas_format format)
{
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_picture_draw(design, format, 72, &out, &err) == PW_OK, "%s",
		      err.msg);
	return out;
}

static size_t count(const pw_str *bytes, const char *word)
{
	size_t n = 0, length = strlen(word);
	for (size_t i = 0; i + length <= bytes->len; i++)
		n += memcmp(bytes->ptr + i, word, length) == 0;
	return n;
}

/* The height of an SVG in millimetres. */
static double height_of(const pw_str *svg)
{
	const char *at = strstr(svg->ptr, "height=\"");
	ck_assert_ptr_nonnull(at);
	return strtod(at + 8, NULL);
}

START_TEST(test_a_matrix_and_its_plate)
{
	pw_design *d = make(
		(pw_make_opts){.family = PW_FAMILY_RS, .samples = 384, .q = 8, .k = 3, .w = 6});
	pw_str svg = draw(d, PW_CANVAS_SVG), again = draw(d, PW_CANVAS_SVG);
	ck_assert(pw_text_starts(svg.ptr, "<?xml"));
	ck_assert_str_eq(svg.ptr, again.ptr);
	const char *folder = getenv("PW_WRITE_PICTURES");
	if (folder != NULL) {
		char path[1024];
		snprintf(path, sizeof(path), "%s/design.svg", folder);
		FILE *f = fopen(path, "wb");
		ck_assert_ptr_nonnull(f);
		fwrite(svg.ptr, 1, svg.len, f);
		fclose(f);
	}
	pw_str png = draw(d, PW_CANVAS_PNG);
	ck_assert(memcmp(png.ptr, "\x89PNG", 4) == 0);
	pw_str_clear(&png);
	pw_str_clear(&again);
	pw_str_clear(&svg);
	pw_design_free(d);
}
END_TEST

START_TEST(test_each_plate_has_its_page)
{
	pw_design *one =
		make((pw_make_opts){.family = PW_FAMILY_DORFMAN, .samples = 90, .size = 10});
	pw_design *five =
		make((pw_make_opts){.family = PW_FAMILY_DORFMAN, .samples = 1900, .size = 10});
	pw_str a = draw(one, PW_CANVAS_SVG), b = draw(five, PW_CANVAS_SVG);
	ck_assert_double_gt(height_of(&b), height_of(&a) + 4 * 200.0);
	pw_str_clear(&a);
	pw_str_clear(&b);
	a = draw(one, PW_CANVAS_PDF);
	ck_assert(memcmp(a.ptr, "%PDF", 4) == 0);
	ck_assert_uint_ge(count(&a, "/Type /Page"), 3); /* matrix, samples, pools */
	pw_str_clear(&a);
	pw_design_free(one);
	pw_design_free(five);
}
END_TEST

START_TEST(test_what_no_paper_holds_is_refused)
{
	pw_design *d =
		make((pw_make_opts){.family = PW_FAMILY_DORFMAN, .samples = 9 * 384, .size = 100});
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_design_picture_draw(d, PW_CANVAS_SVG, 72, &out, &err), PW_ERR_LIMIT);
	ck_assert_str_eq(err.msg,
			 "a design of 3456 ones on 10 plates is too large to be drawn: 200000 "
			 "ones, and 8 plates in anything but a PDF");
	ck_assert_int_eq(pw_design_picture_draw(d, PW_CANVAS_PDF, 72, &out, NULL), PW_OK);
	pw_str_clear(&out);
	pw_design_free(d);
}
END_TEST

Suite *suite_design_picture(void);

Suite *suite_design_picture(void)
{
	Suite *s = suite_create("design_picture");
	TCase *tc = tcase_create("design_picture");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_a_matrix_and_its_plate);
	tcase_add_test(tc, test_each_plate_has_its_page);
	tcase_add_test(tc, test_what_no_paper_holds_is_refused);
	suite_add_tcase(s, tc);
	return s;
}
