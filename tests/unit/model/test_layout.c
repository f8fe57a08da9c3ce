#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/layout.h"
#include "core/model/shipped.h"

#define HEAD "poolwell: layout/1\nname: t\nversion: 2\ntitle: A test\n"

static pw_layout *parse(const char *text)
{
	pw_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_layout_parse(text, strlen(text), "t.yaml", &layout, &err) == PW_OK, "%s",
		      err.msg);
	return layout;
}

static pw_layout *shipped(const char *file)
{
	pw_layout *layout = NULL;
	for (const pw_embedded *e = pw_shipped_layouts; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			ck_assert_int_eq(pw_layout_parse(e->bytes, e->size, file, &layout, NULL),
					 PW_OK);
	ck_assert_ptr_nonnull(layout);
	return layout;
}

static pw_well well(const char *name)
{
	pw_well w;
	ck_assert_int_eq(pw_well_parse(name, PW_PLATE_384, &w, NULL), PW_OK);
	return w;
}

START_TEST(test_a_layout_is_read_and_its_controls_sorted)
{
	static const char text[] =
		HEAD "wells: 96\norder: column\nkeep_free: [A01, h1]\ncontrols:\n"
		     "  - {well: H12, control: PC, stage: pcr}\n"
		     "  - {well: B1, control: NEC, stage: extraction}\n";
	pw_layout *layout = parse(text);
	pw_hash hash = pw_hash_bytes(text, strlen(text));
	ck_assert_str_eq(layout->name, "t");
	ck_assert_str_eq(layout->title, "A test");
	ck_assert_int_eq(layout->version, 2);
	ck_assert(pw_hash_eq(&layout->hash, &hash));
	ck_assert_int_eq(layout->format.cols, 12);
	ck_assert_int_eq(layout->order, PW_BY_COLUMN);
	ck_assert_uint_eq(layout->control_count, 2);
	ck_assert_str_eq(layout->controls[0].control, "NEC");
	ck_assert_int_eq(layout->controls[0].stage, PW_STAGE_EXTRACTION);
	ck_assert_str_eq(layout->controls[1].control, "PC");
	ck_assert_ptr_eq(pw_layout_control_at(layout, well("B1")), &layout->controls[0]);
	ck_assert_ptr_null(pw_layout_control_at(layout, well("A1")));
	ck_assert(!pw_layout_is_specimen_well(layout, well("A1")));
	ck_assert(!pw_layout_is_specimen_well(layout, well("B1")));
	ck_assert(pw_layout_is_specimen_well(layout, well("C1")));
	ck_assert(!pw_layout_is_specimen_well(layout, well("I1")));
	ck_assert(!pw_layout_is_specimen_well(layout, well("A13")));
	ck_assert_int_eq(pw_layout_specimen_wells(layout), 92);
	pw_layout_free(layout);
	pw_layout_free(NULL);
}
END_TEST

START_TEST(test_next_goes_in_order_around_what_is_taken)
{
	pw_layout *layout = parse(HEAD "wells: 96\norder: column\nkeep_free: [A2]\ncontrols:\n"
				       "  - {well: C1, control: NTC, stage: pcr}\n");
	bool filled[PW_MAX_WELLS] = {false};
	static const char *const order[] = {"A1", "B1", "D1", "E1", "F1", "G1", "H1", "B2"};
	pw_well at = {0, 0};
	char name[8];
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		ck_assert(pw_layout_next(layout, filled, &at));
		pw_well_name(at, name);
		ck_assert_str_eq(name, order[i]);
		filled[pw_well_index(at, layout->format, PW_BY_ROW)] = true;
	}
	/* a well that was emptied again is filled first */
	filled[pw_well_index(well("D1"), layout->format, PW_BY_ROW)] = false;
	ck_assert(pw_layout_next(layout, filled, &at));
	pw_well_name(at, name);
	ck_assert_str_eq(name, "D1");
	for (int i = 0; i < PW_MAX_WELLS; i++)
		filled[i] = true;
	at = well("H7");
	ck_assert(!pw_layout_next(layout, filled, &at));
	ck_assert_int_eq(at.col, 6);
	pw_layout_free(layout);
}
END_TEST

#define PLATE HEAD "wells: 96\norder: row\n"

static const struct bad {
	const char *text, *message;
} bads[] = {
	{"poolwell: assay/1\n", "t.yaml:1:11: this is 'assay/1', not layout/1"},
	{HEAD "order: row\ncontrols: []\n", "'wells' is missing here"},
	{HEAD "wells: 48\norder: row\ncontrols: []\n",
	 "t.yaml:5:8: there are plates of 96 and 384 wells, not of 48"},
	{HEAD "wells: 96\norder: snake\ncontrols: []\n", "t.yaml:6:8: 'snake' is not an order"},
	{HEAD "wells: 96\ncontrols: []\n", "'order' is missing"},
	{PLATE, "'controls' is missing"},
	{PLATE "controls: []\nfree: []\n", "there is no key 'free' here"},
	{PLATE "controls: [{well: I1, control: NTC, stage: pcr}]\n",
	 "t.yaml:7:19: well 'I1' is not on a 96-well plate (A1 to H12)"},
	{PLATE "controls: [{well: A13, control: NTC, stage: pcr}]\n", "'A13' is not on a 96-well"},
	{PLATE "controls: [{well: AA, control: NTC, stage: pcr}]\n", "'AA' is not a well"},
	{PLATE "controls: [{well: [A1], control: NTC, stage: pcr}]\n", "'well' must be text"},
	{PLATE "controls: [{well: A1, control: NTC, stage: pcr}, {well: A01, control: PC, stage: "
	       "pcr}]\n",
	 "t.yaml:7:57: well A01 stands here a second time (first on line 7)"},
	{PLATE "controls: [{well: A1, control: NTC, stage: pcr}]\nkeep_free: [B1, a1]\n",
	 "t.yaml:8:17: well a1 stands here a second time (first on line 7)"},
	{PLATE "controls: []\nkeep_free: [[A1]]\n", "here must stand a well like B7, not a list"},
	{PLATE "controls: [{well: A1, control: NTC, stage: lysis}]\n",
	 "t.yaml:7:44: 'lysis' is not a stage: there are extraction and pcr"},
	{PLATE "controls: [{well: A1, control: NTC}]\n", "'stage' is missing"},
	{PLATE "controls: [{well: A1, stage: pcr}]\n", "'control' is missing"},
	{PLATE "controls: [{well: A1, control: ABCDEFGHIJKLMNOP, stage: pcr}]\n",
	 "is longer than a control's name may be (15 bytes)"},
	{PLATE "controls: [{well: A1, control: NTC, stage: pcr, dye: FAM}]\n", "no key 'dye'"},
};

START_TEST(test_a_mistake_is_refused_with_its_place)
{
	pw_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	const char *text = bads[_i].text;
	ck_assert_int_eq(pw_layout_parse(text, strlen(text), "t.yaml", &layout, &err),
			 PW_ERR_FORMAT);
	ck_assert_msg(strstr(err.msg, bads[_i].message) != NULL, "'%s' is not in '%s'",
		      bads[_i].message, err.msg);
	ck_assert_ptr_null(layout);
}
END_TEST

START_TEST(test_a_plate_without_room_for_specimens_is_refused)
{
	char text[8192] = PLATE "controls: []\nkeep_free: [";
	for (int i = 0; i < 96; i++) {
		char name[8];
		pw_well_name(pw_well_at(i, PW_PLATE_96, PW_BY_ROW), name);
		size_t n = strlen(text);
		snprintf(text + n, sizeof(text) - n, "%s%s", i == 0 ? "" : ", ", name);
	}
	size_t n = strlen(text);
	snprintf(text + n, sizeof(text) - n, "]\n");
	pw_layout *layout = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_layout_parse(text, strlen(text), "t.yaml", &layout, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, "t.yaml:1:1: no well is left for a specimen");
}
END_TEST

static const struct shipped_layout {
	const char *file, *first, *second;
	int specimens;
	size_t controls;
} shipped_layouts[] = {
	{"std96.yaml", "A1", "B1", 93, 3},    {"std96-row.yaml", "A1", "A2", 93, 3},
	{"std384.yaml", "A1", "B1", 372, 12}, {"open96.yaml", "A1", "A2", 96, 0},
	{"nac96.yaml", "A2", "A3", 92, 4},    {"ntc-d10-96.yaml", "A1", "A2", 93, 3},
};

START_TEST(test_shipped_layouts)
{
	const struct shipped_layout *s = &shipped_layouts[_i];
	pw_layout *layout = shipped(s->file);
	ck_assert_int_eq(strncmp(layout->name, s->file, strlen(layout->name)), 0);
	ck_assert_str_eq(s->file + strlen(layout->name), ".yaml");
	ck_assert_uint_eq(layout->control_count, s->controls);
	ck_assert_int_eq(pw_layout_specimen_wells(layout), s->specimens);
	bool filled[PW_MAX_WELLS] = {false};
	pw_well at;
	for (int i = 0; i < s->specimens; i++) {
		char name[8];
		ck_assert(pw_layout_next(layout, filled, &at));
		pw_well_name(at, name);
		if (i < 2)
			ck_assert_str_eq(name, i == 0 ? s->first : s->second);
		filled[pw_well_index(at, layout->format, PW_BY_ROW)] = true;
	}
	ck_assert(!pw_layout_next(layout, filled, &at));
	pw_layout_free(layout);
}
END_TEST

/* Stamping four std96 plates into quadrants brings their controls where std384 has them. */
START_TEST(test_std384_is_four_std96)
{
	pw_layout *small = shipped("std96.yaml"), *large = shipped("std384.yaml");
	for (size_t i = 0; i < small->control_count; i++) {
		for (int quadrant = 0; quadrant < 4; quadrant++) {
			pw_well at = {(uint8_t)(2 * small->controls[i].well.row + quadrant / 2),
				      (uint8_t)(2 * small->controls[i].well.col + quadrant % 2)};
			const pw_layout_control *c = pw_layout_control_at(large, at);
			ck_assert_ptr_nonnull(c);
			ck_assert_str_eq(c->control, small->controls[i].control);
			ck_assert_int_eq(c->stage, small->controls[i].stage);
		}
	}
	pw_layout_free(small);
	pw_layout_free(large);
}
END_TEST

/* A plate put in backwards (A1 is H12) must not have a control where another of the same kind is. */
START_TEST(test_a_plate_put_in_backwards_looks_wrong)
{
	static const char *const files[] = {"std96.yaml", "std96-row.yaml", "std384.yaml"};
	for (size_t f = 0; f < 3; f++) {
		pw_layout *layout = shipped(files[f]);
		for (size_t i = 0; i < layout->control_count; i++) {
			pw_well w = layout->controls[i].well;
			pw_well turned = {(uint8_t)(layout->format.rows - 1 - w.row),
					  (uint8_t)(layout->format.cols - 1 - w.col)};
			ck_assert_ptr_null(pw_layout_control_at(layout, turned));
		}
		pw_layout_free(layout);
	}
}
END_TEST

Suite *suite_layout(void);

Suite *suite_layout(void)
{
	Suite *suite = suite_create("layout");
	TCase *tcase = tcase_create("layout");
	tcase_add_test(tcase, test_a_layout_is_read_and_its_controls_sorted);
	tcase_add_test(tcase, test_next_goes_in_order_around_what_is_taken);
	tcase_add_loop_test(tcase, test_a_mistake_is_refused_with_its_place, 0,
			    sizeof(bads) / sizeof(bads[0]));
	tcase_add_test(tcase, test_a_plate_without_room_for_specimens_is_refused);
	tcase_add_loop_test(tcase, test_shipped_layouts, 0,
			    sizeof(shipped_layouts) / sizeof(shipped_layouts[0]));
	tcase_add_test(tcase, test_std384_is_four_std96);
	tcase_add_test(tcase, test_a_plate_put_in_backwards_looks_wrong);
	suite_add_tcase(suite, tcase);
	return suite;
}
