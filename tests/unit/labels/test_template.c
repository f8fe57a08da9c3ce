#include <check.h>
#include <string.h>

#include "labels/shipped.h"
#include "labels/template.h"
#include "tests/unit/labels/label_fixture.h"

#define HEAD "poolwell: label/1\nname: test\nversion: 1\n"
#define SIZE HEAD "size: [50, 30]\n"
#define ONE  SIZE "fields: {id: {example: A}}\nelements:\n  - "

START_TEST(test_the_shipped_templates_are_named_as_their_files)
{
	size_t count = 0;
	for (const pw_embedded *file = pw_shipped_templates; file->name != NULL; file++) {
		pw_label_template *t = NULL;
		pw_err err = PW_ERR_INIT;
		ck_assert_msg(pw_label_template_parse(file->bytes, file->size, file->name, &t,
						      &err) == PW_OK,
			      "%s", err.msg);
		ck_assert_ptr_eq(pw_shipped_template(t->name), file);
		ck_assert_msg(t->title[0] != '\0', "%s has no title", file->name);
		pw_label_template_free(t);
		count++;
	}
	ck_assert_uint_ge(count, 9);
	ck_assert_ptr_null(pw_shipped_template("tube"));
	ck_assert_ptr_null(pw_shipped_template("tube-13x75.yaml"));
}
END_TEST

START_TEST(test_lengths_are_kept_in_micrometres)
{
	pw_label_template *t = fixture_template(
		HEAD "size: [50.8, 25.4]\ngap: 3\nfields: {id: {required: yes, example: A}}\n"
		     "elements:\n"
		     "  - {text: \"{id}\", at: [1, 2.5, 30, 4], size: 2.125, lines: 2, turn: 90}\n"
		     "  - {line: [1, 20, 0.5, 2], dash: yes}\n");
	ck_assert_int_eq(t->width, 50800);
	ck_assert_int_eq(t->height, 25400);
	ck_assert_int_eq(t->gap, 3000);
	const pw_element *e = &t->elements[0];
	ck_assert(e->at.x == 1000 && e->at.y == 2500 && e->at.w == 30000 && e->at.h == 4000);
	ck_assert_int_eq(e->size, 2125);
	ck_assert_int_eq(e->turn, 1);
	ck_assert_int_eq(e->lines, 2);
	ck_assert_int_eq(e->line, 8);
	ck_assert_int_eq(t->elements[1].at.w, -500);
	ck_assert_int_eq(t->elements[1].at.h, -18000);
	ck_assert_int_eq(pw_label_template_room(t), 1);
	pw_label_template_free(t);
}
END_TEST

static const struct {
	const char *yaml, *says; /* the beginning of the message */
} wrong[] = {
	{"poolwell: layout/1\n", "t.yaml:1:11: this is 'layout/1', not label/1"},
	{HEAD "elements: [{line: [0, 0, 1, 1]}]\n", "t.yaml:1:1: "},
	{HEAD "size: [50]\n", "t.yaml:4:7: size must be a list of 2 lengths"},
	{HEAD "size: [50, 0]\n", "t.yaml:4:12: size must be a length from 1 to 1000 mm, not '0'"},
	{HEAD "size: [50, 2001]\n", "t.yaml:4:12: size"},
	{HEAD "size: [50, nan]\n", "t.yaml:4:12: size"},
	{HEAD "size: [50, 1e99]\n", "t.yaml:4:12: size"},
	{SIZE "elements: []\n", "t.yaml:5:11: a label without elements"},
	{SIZE "colour: red\nelements: []\n", "t.yaml:5:1: "},
	{SIZE "fields: {ID: {example: A}}\nelements: []\n", "t.yaml:5:10: the field 'ID'"},
	{SIZE "fields: {id: {}}\nelements: []\n", "t.yaml:5:14: field 'id' needs an 'example'"},
	{SIZE "fields: {id: {required: yes, default: A, example: A}}\n",
	 "t.yaml:5:14: field 'id' can't be required and have a default"},
	{SIZE "elements: [{circle: 1}]\n", "t.yaml:5:12: an element is one of text"},
	{SIZE "elements: [text]\n", "t.yaml:5:12: an element is one of text"},
	{ONE "{text: a, qr: b, at: [0, 0, 9, 9]}\n", "t.yaml:7:5: an element can't be 'text' and"},
	{ONE "{text: a}\n", "t.yaml:7:5: "},
	{ONE "{text: a, at: [0, 0, 9]}\n", "t.yaml:7:19: at must be a list of 4"},
	{ONE "{text: a, at: [0, 0, 9, 0]}\n", "t.yaml:7:19: at is [left, top, width, height]"},
	{ONE "{text: a, at: [0, -1, 9, 9]}\n", "t.yaml:7:23: at must be a length"},
	{ONE "{text: \"\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: 'text' must have 1 to 256"},
	{ONE "{text: \"{nam}\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: '{nam}' is no field"},
	{ONE "{text: \"{id\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: a '{' is never closed"},
	{ONE "{text: \"id}\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: a '}' without '{'"},
	{ONE "{text: \"{id:upper}\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: '{id:upper}' has no form"},
	{ONE "{text: \"{id:last0}\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: '{id:last0}' has no form"},
	{ONE "{text: \"a\\nb\", at: [0, 0, 9, 9]}\n", "t.yaml:7:12: 'text' has a control"},
	{ONE "{text: a, at: [0, 0, 9, 9], turn: 45}\n", "t.yaml:7:39: 'turn' must be one of 0, 90"},
	{ONE "{text: a, at: [0, 0, 9, 9], cut: off}\n", "t.yaml:7:38: 'cut' must be one of none"},
	{ONE "{text: a, at: [0, 0, 9, 9], size: 2, min_size: 3}\n", "t.yaml:7:52: min_size"},
	{ONE "{text: a, at: [0, 0, 9, 9], shape: square}\n", "t.yaml:7:33: "},
	{ONE "{qr: a, at: [0, 0, 9, 9], level: X}\n", "t.yaml:7:38: 'level' must be one of L, M"},
	{ONE "{code128: a, at: [0, 0, 9, 9], level: M}\n", "t.yaml:7:36: "},
	{ONE "{code128: a, at: [0, 0, 9, 9], red: yes}\n", "t.yaml:7:36: "},
	{ONE "{gs1-datamatrix: a, at: [0, 0, 9, 9], shape: square}\n", "t.yaml:7:43: "},
	{ONE "{qr: a, at: [0, 0, 9, 9], min_module: 0.5, module: 0.4}\n", "t.yaml:7:56: module"},
	{ONE "{box: [1, 1, 0, 4]}\n", "t.yaml:7:11: box is"},
	{ONE "{line: [1, 1]}\n", "t.yaml:7:12: line [x1, y1, x2, y2] must be a list of 4"},
	{SIZE "sheet: {paper: [210, 297], columns: 4, rows: 10, left: 5, top: 5, across: 49, "
	      "down: 30}\nelements: [{line: [0, 0, 1, 1]}]\n",
	 "t.yaml:5:8: labels of 50 × 30 mm overlap"},
	{SIZE "sheet: {paper: [210, 297], columns: 4, rows: 10, left: 15, top: 5, across: 50, "
	      "down: 30}\nelements: [{line: [0, 0, 1, 1]}]\n",
	 "t.yaml:5:8: 4 × 10 labels do not fit"},
	{SIZE "sheet: {paper: [210, 297], columns: 0}\n", "t.yaml:5:37: "},
};

START_TEST(test_what_is_wrong_is_told_with_its_place)
{
	pw_label_template *t = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(
		pw_label_template_parse(wrong[_i].yaml, strlen(wrong[_i].yaml), "t.yaml", &t, &err),
		PW_ERR_FORMAT);
	ck_assert_ptr_null(t);
	ck_assert_msg(strncmp(err.msg, wrong[_i].says, strlen(wrong[_i].says)) == 0,
		      "'%s' does not begin with '%s'", err.msg, wrong[_i].says);
}
END_TEST

static const struct {
	const char *text, *id, *name, *filled;
	bool empty;
} fills[] = {
	{"{id}", "A-7", "", "A-7", false},
	{"LOT {id}/{name}", "7", "x", "LOT 7/x", false},
	{"LOT {id}", "", "", "LOT ", true},
	{"{id}{name}", "", "x", "x", false},
	{"{{{id}}}", "7", "", "{7}", false},
	{"no field", "", "", "no field", false},
	{"{id:grouped}", "SZT00000124M", "", "SZ-T-0000-0124-M", false},
	{"{id:grouped}", "SZT00000124X", "", "SZT00000124X",
	 false}, /* its check character is wrong */
	{"{id:grouped}", "szt00000124m", "", "szt00000124m", false}, /* not as a scanner sends it */
	{"{id:grouped}", "KIT 4711", "", "KIT 4711", false},
	{"{id:last4}", "SZT00000124M", "", "124M", false},
	{"{id:last4}", "4M", "", "4M", false},
	{"{id:last2}", "a\xE5\xAE\x9E\xE9\xAA\x8C", "", "\xE5\xAE\x9E\xE9\xAA\x8C", false},
	{"(17){id:yymmdd}", "2026-12-31", "", "(17)261231", false},
	{"{name}", "", "back", "back", false},
};

START_TEST(test_fields_are_filled_in)
{
	pw_label_template *t = fixture_with("  - {line: [0, 0, 1, 1]}\n");
	pw_label_values values =
		fixture_values((const char *[]){"id", fills[_i].id, "name", fills[_i].name, NULL});
	pw_str out = PW_STR_INIT;
	bool empty = false;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_label_fill(t, &values, fills[_i].text, &out, &empty, &err) == PW_OK, "%s",
		      err.msg);
	ck_assert_str_eq(pw_str_text(&out), fills[_i].filled);
	ck_assert_int_eq(empty, fills[_i].empty);
	pw_str_clear(&out);
	pw_label_template_free(t);
}
END_TEST

START_TEST(test_a_day_that_is_none_is_refused)
{
	static const char *const days[] = {"31.12.2026", "2026-02-30", "2026-12-31 10:00", "soon"};
	pw_label_template *t = fixture_with("  - {line: [0, 0, 1, 1]}\n");
	for (size_t i = 0; i < 4; i++) {
		pw_label_values values = fixture_values((const char *[]){"id", days[i], NULL});
		pw_str out = PW_STR_INIT;
		bool empty = false;
		pw_err err = PW_ERR_INIT;
		ck_assert_int_eq(pw_label_fill(t, &values, "{id:yymmdd}", &out, &empty, &err),
				 PW_ERR_ARG);
		ck_assert_ptr_nonnull(strstr(err.msg, "field 'id': '"));
		pw_str_clear(&out);
	}
	pw_label_template_free(t);
}
END_TEST

static const struct {
	const char *words[5];
	const char *says; /* NULL: taken */
} given[] = {
	{{"id", "A", NULL}, NULL},
	{{"id", "A", "note", "x", NULL}, NULL},
	{{NULL}, "needs the field 'id': the number"},
	{{"id", "", NULL}, "needs the field 'id'"},
	{{"id", "A", "nmae", "x", NULL}, "'nmae' is no field of label 'test': it has id, note"},
	{{"id", "A", "id", "B", NULL}, "field 'id' is given twice: 'A' and 'B'"},
	{{"id", "a\nb", NULL}, "control character"},
	{{"id", "a\xFF", NULL}, "not UTF-8"},
};

START_TEST(test_values_must_be_of_fields)
{
	pw_label_template *t = fixture_template(
		SIZE "fields:\n  id: {required: yes, example: A, about: the number}\n"
		     "  note: {default: none, example: B}\nelements: [{line: [0, 0, 1, 1]}]\n");
	pw_label_values values = fixture_values(given[_i].words);
	pw_err err = PW_ERR_INIT;
	pw_status rc = pw_label_values_check(t, &values, &err);
	ck_assert_int_eq(rc, given[_i].says == NULL ? PW_OK : PW_ERR_ARG);
	ck_assert_msg(given[_i].says == NULL || strstr(err.msg, given[_i].says) != NULL,
		      "'%s' is not in: %s", given[_i].says, err.msg);
	if (_i == 0)
		ck_assert_str_eq(pw_label_value_of(t, &values, "note"), "none");
	pw_label_template_free(t);
}
END_TEST

Suite *suite_template(void);

Suite *suite_template(void)
{
	Suite *s = suite_create("template");
	TCase *c = tcase_create("all");
	tcase_add_test(c, test_the_shipped_templates_are_named_as_their_files);
	tcase_add_test(c, test_lengths_are_kept_in_micrometres);
	tcase_add_loop_test(c, test_what_is_wrong_is_told_with_its_place, 0,
			    (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_loop_test(c, test_fields_are_filled_in, 0,
			    (int)(sizeof(fills) / sizeof(fills[0])));
	tcase_add_test(c, test_a_day_that_is_none_is_refused);
	tcase_add_loop_test(c, test_values_must_be_of_fields, 0,
			    (int)(sizeof(given) / sizeof(given[0])));
	suite_add_tcase(s, c);
	return s;
}
