#include <check.h>
#include <stdio.h>
#include <string.h>

#include "core/model/well.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

START_TEST(test_there_are_two_plates)
{
	pw_plate_format format = {1, 1};
	ck_assert(pw_plate_format_of(96, &format));
	ck_assert_int_eq(format.rows, 8);
	ck_assert_int_eq(format.cols, 12);
	ck_assert_int_eq(pw_plate_wells(format), 96);
	ck_assert(pw_plate_format_of(384, &format));
	ck_assert_int_eq(format.rows, 16);
	ck_assert_int_eq(format.cols, 24);
	ck_assert_int_eq(pw_plate_wells(format), PW_MAX_WELLS);
	static const int64_t others[] = {0, -96, 24, 48, 95, 97, 1536, INT64_MAX};
	for (int i = 0; i < COUNT(others); i++)
		ck_assert(!pw_plate_format_of(others[i], &format));
	ck_assert_int_eq(pw_plate_wells(format), 384);
}
END_TEST

START_TEST(test_every_well_has_a_name_that_is_read_back)
{
	static const pw_plate_format formats[] = {{8, 12}, {16, 24}};
	for (int f = 0; f < 2; f++)
		for (uint8_t row = 0; row < formats[f].rows; row++)
			for (uint8_t col = 0; col < formats[f].cols; col++) {
				pw_well well = {row, col}, back = {99, 99};
				char name[8], padded[8];
				pw_well_name(well, name);
				ck_assert_int_eq(name[0], 'A' + row);
				ck_assert_int_eq(pw_well_parse(name, formats[f], &back, NULL),
						 PW_OK);
				ck_assert(pw_well_eq(well, back));
				snprintf(padded, sizeof(padded), "%c%02d", 'a' + row, col + 1);
				back = (pw_well){99, 99};
				ck_assert_int_eq(pw_well_parse(padded, formats[f], &back, NULL),
						 PW_OK);
				ck_assert(pw_well_eq(well, back));
			}
}
END_TEST

START_TEST(test_names_of_corners)
{
	char name[8];
	pw_well_name((pw_well){0, 0}, name);
	ck_assert_str_eq(name, "A1");
	pw_well_name((pw_well){7, 11}, name);
	ck_assert_str_eq(name, "H12");
	pw_well_name((pw_well){15, 23}, name);
	ck_assert_str_eq(name, "P24");
}
END_TEST

static const struct {
	const char *text;
	int wells;
	pw_status rc;
	const char *message;
} refused[] = {
	{"", 96, PW_ERR_FORMAT, "'' is not a well: write it like B7"},
	{"A", 96, PW_ERR_FORMAT, "'A' is not a well: write it like B7"},
	{"7", 96, PW_ERR_FORMAT, "'7' is not a well: write it like B7"},
	{"7B", 96, PW_ERR_FORMAT, "'7B' is not a well: write it like B7"},
	{"A0", 96, PW_ERR_FORMAT, "'A0' is not a well: write it like B7"},
	{"A00", 96, PW_ERR_FORMAT, "'A00' is not a well: write it like B7"},
	{"A001", 96, PW_ERR_FORMAT, "'A001' is not a well: write it like B7"},
	{"A100000000000", 96, PW_ERR_FORMAT, "'A100000000000' is not a well: write it like B7"},
	{"A-1", 96, PW_ERR_FORMAT, "'A-1' is not a well: write it like B7"},
	{"A1 ", 96, PW_ERR_FORMAT, "'A1 ' is not a well: write it like B7"},
	{" A1", 96, PW_ERR_FORMAT, "' A1' is not a well: write it like B7"},
	{"AA1", 96, PW_ERR_FORMAT, "'AA1' is not a well: write it like B7"},
	{"[1", 96, PW_ERR_FORMAT, "'[1' is not a well: write it like B7"},
	{"I1", 96, PW_ERR_LIMIT, "well 'I1' is not on a 96-well plate (A1 to H12)"},
	{"A13", 96, PW_ERR_LIMIT, "well 'A13' is not on a 96-well plate (A1 to H12)"},
	{"Q1", 384, PW_ERR_LIMIT, "well 'Q1' is not on a 384-well plate (A1 to P24)"},
	{"P25", 384, PW_ERR_LIMIT, "well 'P25' is not on a 384-well plate (A1 to P24)"},
	{"z99", 384, PW_ERR_LIMIT, "well 'z99' is not on a 384-well plate (A1 to P24)"},
};

START_TEST(test_what_is_no_well_is_refused)
{
	pw_plate_format format;
	ck_assert(pw_plate_format_of(refused[_i].wells, &format));
	pw_well well = {77, 77};
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_well_parse(refused[_i].text, format, &well, &err), refused[_i].rc);
	ck_assert_str_eq(err.msg, refused[_i].message);
	ck_assert_int_eq(well.row, 77);
}
END_TEST

START_TEST(test_wells_are_told_apart)
{
	ck_assert(pw_well_eq((pw_well){1, 2}, (pw_well){1, 2}));
	ck_assert(!pw_well_eq((pw_well){1, 2}, (pw_well){2, 1}));
	ck_assert(!pw_well_eq((pw_well){1, 2}, (pw_well){1, 3}));
}
END_TEST

START_TEST(test_both_orders_go_through_the_whole_plate_and_back)
{
	static const pw_plate_format formats[] = {{8, 12}, {16, 24}};
	for (int f = 0; f < 2; f++)
		for (int order = PW_BY_COLUMN; order <= PW_BY_ROW; order++) {
			bool seen[16][24] = {{false}};
			for (int i = 0; i < pw_plate_wells(formats[f]); i++) {
				pw_well well = pw_well_at(i, formats[f], (pw_fill_order)order);
				ck_assert_int_lt(well.row, formats[f].rows);
				ck_assert_int_lt(well.col, formats[f].cols);
				ck_assert(!seen[well.row][well.col]);
				seen[well.row][well.col] = true;
				ck_assert_int_eq(
					pw_well_index(well, formats[f], (pw_fill_order)order), i);
			}
		}
	ck_assert(pw_well_eq(pw_well_at(1, PW_PLATE_96, PW_BY_COLUMN), (pw_well){1, 0}));
	ck_assert(pw_well_eq(pw_well_at(8, PW_PLATE_96, PW_BY_COLUMN), (pw_well){0, 1}));
	ck_assert(pw_well_eq(pw_well_at(1, PW_PLATE_96, PW_BY_ROW), (pw_well){0, 1}));
	ck_assert(pw_well_eq(pw_well_at(12, PW_PLATE_96, PW_BY_ROW), (pw_well){1, 0}));
}
END_TEST

Suite *suite_well(void);

Suite *suite_well(void)
{
	Suite *s = suite_create("well");
	TCase *tc = tcase_create("well");
	tcase_add_test(tc, test_there_are_two_plates);
	tcase_add_test(tc, test_every_well_has_a_name_that_is_read_back);
	tcase_add_test(tc, test_names_of_corners);
	tcase_add_loop_test(tc, test_what_is_no_well_is_refused, 0, COUNT(refused));
	tcase_add_test(tc, test_wells_are_told_apart);
	tcase_add_test(tc, test_both_orders_go_through_the_whole_plate_and_back);
	suite_add_tcase(s, tc);
	return s;
}
