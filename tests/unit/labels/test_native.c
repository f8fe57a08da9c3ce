#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "labels/code128.h"
#include "labels/native.h"
#include "tests/unit/labels/label_fixture.h"

/* --- the characters of a symbol ------------------------------------------------------------- */

/* What a scanner would send for the values, '\x1D' for FNC1. */
static void read_values(const int *values, size_t n, char *out)
{
	char subset = (char)('A' + values[0] - PW_CODE128_START_A);
	for (size_t i = 1; i + 1 < n; i++) {
		int value = values[i];
		if (value == 102) {
			*out++ = 0x1D;
		} else if (subset == 'C' && value < 100) {
			*out++ = (char)('0' + value / 10);
			*out++ = (char)('0' + value % 10);
		} else if (value == 99) {
			subset = 'C';
		} else if (value == 100) {
			subset = 'B';
		} else if (value == 101) {
			subset = 'A';
		} else {
			ck_assert_int_lt(value, 95);
			*out++ = (char)(' ' + value);
		}
	}
	*out = '\0';
}

START_TEST(test_the_bars_of_any_text_are_its_characters)
{
	pw_rng rng;
	pw_rng_init(&rng, 20261123);
	for (int round = 0; round < 2000; round++) {
		pw_arena arena = PW_ARENA_INIT;
		pw_symbol s;
		char text[40], read[100];
		int values[PW_CODE128_MAX];
		size_t length = 1 + (size_t)pw_rng_below(&rng, sizeof(text) - 2);
		for (size_t i = 0; i < length; i++)
			text[i] = pw_rng_chance(&rng, 0.6) ? (char)('0' + pw_rng_below(&rng, 10))
							   : (char)(' ' + pw_rng_below(&rng, 95));
		text[length] = '\0';
		ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_CODE128, text, 0, &arena, &s, NULL),
				 PW_OK);
		size_t n = pw_code128_values(&s, values);
		ck_assert_uint_gt(n, 2);
		read_values(values, n, read);
		ck_assert_str_eq(read, text);
		pw_arena_clear(&arena);
	}
}
END_TEST

START_TEST(test_bars_that_are_damaged_are_no_characters)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_symbol s;
	int values[PW_CODE128_MAX];
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_CODE128, "SZT00000124M", 0, &arena, &s, NULL),
			 PW_OK);
	uint8_t dark[400];
	ck_assert_int_le(s.columns, (int)sizeof(dark));
	for (int i = 0; i < s.columns - 13; i++) {
		memcpy(dark, s.dark, (size_t)s.columns);
		dark[i] = !dark[i];
		pw_symbol damaged = s;
		damaged.dark = dark;
		ck_assert_uint_eq(pw_code128_values(&damaged, values), 0);
	}
	ck_assert_int_eq(pw_symbol_make(PW_SYMBOL_QR, "SZT00000124M", 0, &arena, &s, NULL), PW_OK);
	ck_assert_uint_eq(pw_code128_values(&s, values), 0);
	pw_arena_clear(&arena);
}
END_TEST

/* --- commands ------------------------------------------------------------------------------- */

/* Each on a label of 50 × 30 mm; NULL: it stays a picture. */
static const struct {
	const char *element, *id;
	int dpi;
	const char *command;
} commands[] = {
	{"code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "SZT00000124M", 203,
	 "^FO54,16^BY2^BCN,79,N,N,N,A^FDSZT00000124M^FS"},
	{"code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "12345678", 203,
	 "^FO120,16^BY2^BCN,79,N,N,N,N^FD>;12345678^FS"},
	{"code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "ABC", 203,
	 "^FO131,16^BY2^BCN,79,N,N,N,N^FD>:ABC^FS"},
	{"code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "1234AB", 203,
	 "^FO109,16^BY2^BCN,79,N,N,N,N^FD>;1234>6AB^FS"},
	{"code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "a>^~b", 203,
	 "^FO109,16^BY2^BCN,79,N,N,N,N^FD>:a>0><>=b^FS"},
	{"code128: \"{id}\", at: [0, 2, 12, 28], turn: 90, module: 0.25", "ABC", 203,
	 "^FO0,59^BY2^BCR,95,N,N,N,N^FD>:ABC^FS"},
	{"code128: \"{id}\", at: [0, 2, 50, 10]", "A>12345678", 203,
	 NULL}, /* > in automatic mode */
	{"gs1-128: \"{id}\", at: [0, 2, 50, 10], module: 0.25", "(01)09501101530003", 203,
	 "^FO65,16^BY2^BCN,79,N,N,N,N^FD>;>80109501101530003^FS"},
	{"gs1-128: \"{id}\", at: [0, 2, 50, 10], module: 0.17", "(10)A7(21)99", 300, NULL},
	{"datamatrix: \"{id}\", at: [1, 2, 14, 14], module: 0.75", "BX-000123", 203,
	 "^FO21,29^BXN,6,200,14,14,,_^FDBX-000123^FS"},
	{"datamatrix: \"{id}\", at: [1, 2, 24, 24], turn: 270, module: 0.5", "a_b^c~d\\e", 203,
	 "^FO71,80^BXB,4,200,16,16,,_^FH\\^FDa__b\\5Ec\\7Ed\\5Ce^FS"},
	{"datamatrix: \"{id}\", shape: rectangle, at: [1, 2, 24, 12], module: 0.5", "SZT00000124M",
	 203, "^FO39,47^BXN,4,200,32,8,,_,2^FDSZT00000124M^FS"},
	{"datamatrix: \"{id}\", shape: rectangle, at: [1, 2, 24, 12], module: 0.5", "SZT_124M", 203,
	 NULL},
	{"datamatrix: \"{id}\", at: [1, 2, 24, 24], module: 0.5", "WILHELMINA ALEXANDRA", 203,
	 NULL}, /* a plain encoding takes a larger symbol */
	{"datamatrix: \"{id}\", at: [1, 2, 28, 28]", "4711", 300, NULL}, /* modules of 27 dots */
	{"datamatrix: \"{id}\", at: [1, 2, 24, 24], module: 0.5", "µ", 203, NULL},
	{"gs1-datamatrix: \"{id}\", at: [1, 2, 24, 24], module: 0.5",
	 "(01)09501101530003(10)A7(21)9", 203,
	 "^FO67,75^BXN,4,200,18,18,,_^FD_1010950110153000310A7_1219^FS"},
	{"qr: \"{id}\", at: [1, 2, 24, 24]", "SZT00000124M", 203, NULL},
	{"micro-qr: \"{id}\", at: [1, 2, 24, 24]", "4711", 203, NULL},
};

static pw_label_template *with_symbol(const char *element)
{
	char yaml[300];
	snprintf(yaml, sizeof(yaml), "  - {%s}\n  - {text: \"{id}\", at: [2, 25, 46, 4]}\n",
		 element);
	return fixture_with(yaml);
}

START_TEST(test_a_symbol_is_the_printers_own_command_or_a_picture)
{
	pw_label_template *t = with_symbol(commands[_i].element);
	pw_label_layout *layout = NULL;
	pw_str out = PW_STR_INIT;
	pw_label_values values = fixture_values((const char *[]){"id", commands[_i].id, NULL});
	fixture_make(t, &values, commands[_i].dpi, &layout, NULL);
	pw_str_add(&out, "before");
	bool native = pw_native_command(&layout->items[0], &out);
	ck_assert_int_eq(native, commands[_i].command != NULL);
	ck_assert_str_eq(pw_str_text(&out) + 6, native ? commands[_i].command : "");
	ck_assert(!pw_native_command(&layout->items[1], &out)); /* a text */
	pw_str_clear(&out);
	pw_label_layout_free(layout);
	pw_label_template_free(t);
}
END_TEST

/* What ^BC has no word for we make of ours; the fields of a label that are commands stay data. */
START_TEST(test_no_text_ends_its_field)
{
	pw_rng rng;
	pw_rng_init(&rng, 4);
	pw_label_template *t = with_symbol("datamatrix: \"{id}\", at: [1, 1, 23, 23]");
	pw_press *press = NULL;
	ck_assert_int_eq(pw_press_new(t, 203, &press, NULL), PW_OK);
	int commands_seen = 0;
	for (int round = 0; round < 500; round++) {
		static const char letters[] = "^~_\\>;FSXZ0123";
		char id[12];
		size_t n = 1 + (size_t)pw_rng_below(&rng, sizeof(id) - 1);
		for (size_t i = 0; i < n; i++)
			id[i] = letters[pw_rng_below(&rng, sizeof(letters) - 1)];
		id[n] = '\0';
		pw_label_layout *layout = NULL;
		pw_label_values values = fixture_values((const char *[]){"id", id, NULL});
		ck_assert_int_eq(pw_press_layout(press, &values, 1, &layout, NULL), PW_OK);
		pw_str out = PW_STR_INIT;
		if (pw_native_command(&layout->items[0], &out)) {
			const char *data = strstr(out.ptr, "^FD") + 3;
			ck_assert_ptr_eq(strpbrk(data, "^~"), out.ptr + out.len - 3);
			commands_seen++;
		}
		pw_str_clear(&out);
		pw_label_layout_free(layout);
	}
	ck_assert_int_gt(commands_seen, 100);
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_a_native_job_has_the_rest_as_its_picture)
{
	pw_label_template *t = with_symbol("code128: \"{id}\", at: [0, 2, 50, 10], module: 0.25");
	pw_label_template *texts = fixture_with("  - {text: \"{id}\", at: [2, 25, 46, 4]}\n");
	pw_press *press = NULL;
	pw_label_layout *layout = NULL;
	pw_raster raster = PW_RASTER_INIT;
	pw_str native = PW_STR_INIT, plain = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	pw_print_job job = {.copies = 3};
	pw_label_values values = fixture_values((const char *[]){"id", "SZT00000124M", NULL});
	ck_assert_int_eq(pw_press_new(t, 203, &press, NULL), PW_OK);
	ck_assert_int_eq(pw_press_layout(press, &values, 1, &layout, NULL), PW_OK);
	ck_assert_int_eq(pw_native_zpl(press, layout, &job, &native, &err), PW_OK);
	fixture_make(texts, &values, 203, NULL, &raster);
	ck_assert_int_eq(pw_dialect_encode(PW_DIALECT_ZPL, &raster, &job, &plain, &err), PW_OK);
	const char *end = strstr(plain.ptr, "^PQ3,0,1,Y^XZ\n");
	ck_assert_ptr_nonnull(end);
	size_t head = (size_t)(end - plain.ptr);
	ck_assert_int_eq(memcmp(native.ptr, plain.ptr, head), 0);
	ck_assert_str_eq(native.ptr + head, "^FO54,16^BY2^BCN,79,N,N,N,A^FDSZT00000124M^FS"
					    "^PQ3,0,1,Y^XZ\n");
	job.copies = 0;
	size_t before = native.len;
	ck_assert_int_eq(pw_native_zpl(press, layout, &job, &native, &err), PW_ERR_ARG);
	ck_assert_uint_eq(native.len, before);
	pw_str_clear(&native);
	pw_str_clear(&plain);
	pw_raster_clear(&raster);
	pw_label_layout_free(layout);
	pw_press_free(press);
	pw_label_template_free(t);
	pw_label_template_free(texts);
}
END_TEST

Suite *suite_native(void);

Suite *suite_native(void)
{
	Suite *s = suite_create("native");
	TCase *c = tcase_create("all");
	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_the_bars_of_any_text_are_its_characters);
	tcase_add_test(c, test_bars_that_are_damaged_are_no_characters);
	tcase_add_loop_test(c, test_a_symbol_is_the_printers_own_command_or_a_picture, 0,
			    (int)(sizeof(commands) / sizeof(commands[0])));
	tcase_add_test(c, test_no_text_ends_its_field);
	tcase_add_test(c, test_a_native_job_has_the_rest_as_its_picture);
	suite_add_tcase(s, c);
	return s;
}
