/* 10,000 identifiers at random, through layout, raster and decoders that are not ours, on presses that have made
 * labels before: what is printed is what is read. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/model/ident.h"
#include "tests/unit/labels/decoders.h"
#include "tests/unit/labels/label_fixture.h"

#define TEXT_SIZE 80

/* A text of a kind that laboratories have; GS1's is an element string. */
typedef void make_text(pw_rng *rng, char out[TEXT_SIZE]);

static void some_of(pw_rng *rng, const char *letters, size_t least, size_t most, char *out)
{
	size_t n = least + (size_t)pw_rng_below(rng, most - least + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = letters[pw_rng_below(rng, strlen(letters))];
	out[n] = '\0';
}

static void make_ours(pw_rng *rng, char out[TEXT_SIZE])
{
	while (!pw_ident_make("SZ", PW_KIND_TUBE, (int64_t)pw_rng_below(rng, 99999999), out))
		continue;
}

static void make_digits(pw_rng *rng, char out[TEXT_SIZE])
{
	some_of(rng, "0123456789", 1, 20, out);
}

static void make_others(pw_rng *rng, char out[TEXT_SIZE])
{
	some_of(rng, "ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz0123456789-._/+: ", 1, 16, out);
}

/* Runs of digits and letters, so that Code 128 changes its subset and changes it back. */
static void make_runs(pw_rng *rng, char out[TEXT_SIZE])
{
	static const char *const letters[] = {"0123456789", "ABCXYZ", "0123456789", "abc-_#"};
	out[0] = '\0';
	for (int run = 1 + (int)pw_rng_below(rng, 5); run > 0; run--) {
		char some[16];
		some_of(rng, letters[pw_rng_below(rng, 4)], 1, 6, some);
		strncat(out, some, TEXT_SIZE - strlen(out) - 1);
	}
}

/* Every sign that ASCII has. */
static void make_signs(pw_rng *rng, char out[TEXT_SIZE])
{
	size_t n = 1 + (size_t)pw_rng_below(rng, 14);
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(' ' + pw_rng_below(rng, 95));
	out[n] = '\0';
}

static char check_digit(const char *digits)
{
	int sum = 0, weight = 3;
	for (size_t i = strlen(digits); i > 0; i--, weight = 4 - weight)
		sum += (digits[i - 1] - '0') * weight;
	return (char)('0' + (10 - sum % 10) % 10);
}

static void make_gs1(pw_rng *rng, char out[TEXT_SIZE])
{
	char gtin[16], lot[12], serial[12];
	some_of(rng, "0123456789", 13, 13, gtin);
	some_of(rng, "ABCXYZ0123456789-", 1, 8, lot);
	some_of(rng, "0123456789", 1, 8, serial);
	gtin[13] = check_digit(gtin);
	gtin[14] = '\0';
	switch (pw_rng_below(rng, 3)) {
	case 0:
		snprintf(out, TEXT_SIZE, "(01)%s(10)%s", gtin, lot);
		break;
	case 1:
		snprintf(out, TEXT_SIZE, "(01)%s(17)2612%02d(10)%s(21)%s", gtin,
			 1 + (int)pw_rng_below(rng, 28), lot, serial);
		break;
	default:
		snprintf(out, TEXT_SIZE, "(10)%s(21)%s", lot, serial);
	}
}

/* What a scanner sends of an element string: the identifiers without parentheses, and FNC1 behind what has no
 * fixed length, but for the end; of other texts, themselves. */
static void expected(const char *text, bool gs1, char out[TEXT_SIZE])
{
	size_t n = 0;
	bool variable = false;
	for (; *text != '\0'; text++) {
		if (gs1 && *text == '(') {
			if (variable)
				out[n++] = 0x1D;
			variable = strncmp(text, "(10)", 4) == 0 || strncmp(text, "(21)", 4) == 0;
		} else if (!gs1 || *text != ')') {
			out[n++] = *text;
		}
	}
	out[n] = '\0';
}

/* An element on a label, and how many texts of which kinds are tried: 10,000 in all. */
static const struct trial {
	const char *element;
	make_text *make[4];
	int dpi, count;
} trials[] = {
	{"code128: \"{id}\", at: [0, 1, 140, 5], module: 0.25",
	 {make_ours, make_runs, make_others, make_signs},
	 203,
	 1000},
	{"code128: \"{id}\", at: [0, 1, 140, 5], module: 0.25",
	 {make_ours, make_runs, make_digits, make_signs},
	 300,
	 1000},
	{"code128: \"{id}\", at: [1, 1, 6, 138], turn: 90, module: 0.19",
	 {make_ours, make_runs, make_digits, make_others},
	 600,
	 1000},
	{"gs1-128: \"{id}\", at: [0, 1, 140, 5], module: 0.25",
	 {make_gs1, make_gs1, make_gs1, make_gs1},
	 203,
	 500},
	{"gs1-128: \"{id}\", at: [1, 1, 6, 138], turn: 270, module: 0.19",
	 {make_gs1, make_gs1, make_gs1, make_gs1},
	 300,
	 500},
	{"datamatrix: \"{id}\", at: [1, 1, 20, 20], module: 0.35",
	 {make_ours, make_runs, make_others, make_signs},
	 203,
	 1000},
	{"datamatrix: \"{id}\", at: [1, 1, 20, 20], turn: 90, module: 0.3",
	 {make_ours, make_runs, make_digits, make_signs},
	 300,
	 1000},
	{"datamatrix: \"{id}\", shape: rectangle, at: [1, 1, 30, 10], module: 0.35",
	 {make_ours, make_runs, make_digits, make_others},
	 300,
	 1000},
	{"gs1-datamatrix: \"{id}\", at: [1, 1, 20, 20], module: 0.35",
	 {make_gs1, make_gs1, make_gs1, make_gs1},
	 300,
	 1000},
	{"qr: \"{id}\", at: [1, 1, 20, 20], module: 0.4",
	 {make_ours, make_runs, make_others, make_signs},
	 203,
	 1000},
	{"qr: \"{id}\", level: H, at: [1, 1, 25, 25], turn: 180, module: 0.35",
	 {make_ours, make_runs, make_digits, make_signs},
	 300,
	 1000},
};

#define TRIALS ((int)(sizeof(trials) / sizeof(trials[0])))

static void try_one(pw_press *press, const char *text, pw_symbol_kind kind)
{
	pw_label_value value = {"id", text};
	pw_label_values values = {&value, 1};
	pw_label_layout *layout = NULL;
	pw_raster page = PW_RASTER_INIT;
	pw_err err = PW_ERR_INIT;
	char wanted[TEXT_SIZE];
	bool gs1 = kind == PW_SYMBOL_GS1_128 || kind == PW_SYMBOL_GS1_DATAMATRIX;
	ck_assert_msg(pw_press_layout(press, &values, 1, &layout, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(layout->items[0].fits && layout->items[0].dots >= 2, "'%s' has no room",
		      text);
	ck_assert_msg(pw_press_raster(press, layout, &page, &err) == PW_OK, "%s", err.msg);
	pw_str read = decoders_read(&page, &layout->items[0]);
	expected(text, gs1, wanted);
	const char *found = pw_str_text(&read);
	if (gs1 && found[0] == 0x1D) /* FNC1 at the beginning, which some decoders tell */
		found++;
	ck_assert_msg(strcmp(found, wanted) == 0, "'%s' is read as '%s'", wanted, found);
	pw_str_clear(&read);
	pw_raster_clear(&page);
	pw_label_layout_free(layout);
}

START_TEST(test_what_is_printed_is_what_is_read)
{
	const struct trial *trial = &trials[_i];
	char yaml[400];
	snprintf(yaml, sizeof(yaml),
		 "poolwell: label/1\nname: test\nversion: 1\nsize: [140, 140]\n"
		 "fields: {id: {example: A}}\nelements:\n  - {%s}\n",
		 trial->element);
	pw_label_template *t = fixture_template(yaml);
	pw_press *press = NULL;
	pw_rng rng;
	pw_rng_init(&rng, 20261123 + (uint64_t)_i);
	ck_assert_int_eq(pw_press_new(t, trial->dpi, &press, NULL), PW_OK);
	bool read = decoders_have(t->elements[0].symbol);
	for (int i = 0; read && i < trial->count; i++) {
		char text[TEXT_SIZE];
		trial->make[i % 4](&rng, text);
		try_one(press, text, t->elements[0].symbol);
	}
	pw_press_free(press);
	pw_label_template_free(t);
}
END_TEST

Suite *suite_round_trip(void);

Suite *suite_round_trip(void)
{
	Suite *s = suite_create("round trip");
	TCase *c = tcase_create("all");
	tcase_set_timeout(c, 600);
	tcase_add_loop_test(c, test_what_is_printed_is_what_is_read, 0, TRIALS);
	suite_add_tcase(s, c);
	return s;
}
