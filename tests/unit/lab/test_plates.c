#include <stdio.h>
#include <string.h>

#include "tests/unit/lab/bench.h"

static const char *name_of(pw_well well)
{
	static char name[8];
	pw_well_name(well, name);
	return name;
}

static pw_status try_fill(const char *plate, const char *tube, const char *expected)
{
	pw_filled out;
	return pw_lab_fill_well(fx.lab, plate, tube, expected, &out, &fx.err);
}

/* Tubes T1 … Tn of one person each, received. */
static void received_singles(int n)
{
	for (int i = 1; i <= n; i++)
		receive(pw_arena_printf(&fx.arena, "T%d", i), 1, i, 1);
}

static const pw_plate_wells_row *well_row(const char *plate, const char *well)
{
	pw_plate_wells_row *rows;
	size_t count;
	pw_plate_format format;
	pw_well at;
	ck_assert(pw_plate_format_of(plate_row(plate)->wells, &format));
	must(pw_well_parse(well, format, &at, &fx.err));
	must(pw_q_plate_wells(pw_lab_store(fx.lab), &fx.arena, plate, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (rows[i].position == pw_well_index(at, format, PW_BY_ROW))
			return &rows[i];
	return NULL;
}

/* ---------------------------------------------------------------- new plates */

START_TEST(test_a_new_plate_has_the_controls_of_extraction)
{
	must(pw_lab_create_plate(fx.lab, "]C0E1\n", "std96", &fx.err));
	const pw_plate_find_row *plate = plate_row("E1");
	ck_assert_str_eq(plate->kind, "extraction");
	ck_assert_int_eq(plate->wells, 96);
	ck_assert_str_eq(plate->layout, "std96");
	ck_assert_str_eq(plate->state, "filling");
	ck_assert_str_eq(well_row("E1", "F12")->control, "NEC");
	ck_assert_ptr_null(well_row("E1", "G12"));
	ck_assert_ptr_null(well_row("E1", "H12"));
}
END_TEST

START_TEST(test_a_plate_is_begun_once)
{
	new_plate("E1", "std96");
	fx.now += PW_DAY;
	as("bo", NULL);
	refused(pw_lab_create_plate(fx.lab, "E1", "std384", &fx.err), "plate-used", "'E1'",
		"2026-11-23 14:05", "by anna", "take a new plate");
}
END_TEST

START_TEST(test_a_layout_must_be_in_force)
{
	fails(pw_lab_create_plate(fx.lab, "E1", "std95", &fx.err), PW_ERR_NOT_FOUND, "'std95'",
	      "'poolwell rule enforce layout NAME'");
}
END_TEST

/* ---------------------------------------------------------------- fill */

static const struct {
	const char *layout, *first[3];
	int room;
} orders[] = {
	{"std96", {"A1", "B1", "C1"}, 93},
	{"std96-row", {"A1", "A2", "A3"}, 93},
	{"nac96", {"A2", "A3", "A4"}, 92},
	{"std384", {"A1", "B1", "C1"}, 372},
};

START_TEST(test_tubes_fill_the_plate_in_its_order)
{
	pw_filled out;
	receive("T1", 10, 1, 7);
	receive("T2", 1, 8, 1);
	new_plate("E1", orders[_i].layout);
	must(pw_lab_next_well(fx.lab, "E1", &out, &fx.err));
	ck_assert_str_eq(name_of(out.next), orders[_i].first[0]);
	ck_assert_int_eq(out.filled, 0);
	ck_assert_int_eq(out.room, orders[_i].room);
	ck_assert(!out.full);
	out = fill("E1", "]C0T1");
	ck_assert_str_eq(name_of(out.well), orders[_i].first[0]);
	ck_assert_str_eq(name_of(out.next), orders[_i].first[1]);
	ck_assert_int_eq(out.filled, 1);
	ck_assert_int_eq(out.swabs, 7);
	ck_assert_int_eq(out.attempt, 1);
	out = fill("E1", "T2");
	ck_assert_str_eq(name_of(out.next), orders[_i].first[2]);
	ck_assert_int_eq(out.filled, 2);
	ck_assert_str_eq(state_of("T1"), "plated");
}
END_TEST

START_TEST(test_a_tube_in_a_well_is_not_scanned_again)
{
	received_singles(2);
	new_plate("E1", "std96");
	new_plate("E2", "std96");
	fill("E1", "T1");
	fill("E1", "T2");
	refused(try_fill("E1", "T2", NULL), "tube-plated", "'T2'", "well B1", "'E1', this one",
		"scan the next tube");
	refused(try_fill("E2", "T1", NULL), "tube-plated", "'T1'", "well A1", "'E1':");
}
END_TEST

START_TEST(test_a_plate_that_was_lost_is_not_where_the_tube_is)
{
	int n;
	received_singles(1);
	extract("E1", "std96", WORDS("T1"));
	as("anna", "dropped");
	must(pw_lab_void_plate(fx.lab, "E1", &n, &fx.err));
	as("anna", NULL);
	new_plate("E0", "std96"); /* sorts before the lost one, and was filled after it */
	fill("E0", "T1");
	new_plate("E2", "std96");
	refused(try_fill("E2", "T1", NULL), "tube-plated", "'T1'", "well A1", "'E0'");
}
END_TEST

START_TEST(test_a_tube_that_was_not_received_is_not_plated)
{
	collect("T1", 10, 1, 1);
	open_tube("T2", 10);
	new_plate("E1", "std96");
	refused(try_fill("E1", "T1", NULL), "tube-not-received", "'T1'", "closed",
		"receive it first");
	refused(try_fill("E1", "T2", NULL), "tube-not-received", "'T2'", "open");
	refused(try_fill("E1", "T3", NULL), "tube-not-opened", "'T3'");
}
END_TEST

START_TEST(test_a_tube_that_needs_no_test_is_put_aside)
{
	int recalled;
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	positive(run, "B1");
	must_import(run);
	new_plate("E2", "std96");
	refused(try_fill("E2", "T1", NULL), "tube-done", "'T1'", "final, called negative",
		"put it aside");
	refused(try_fill("E2", "T2", NULL), "tube-done", "'T2'", "called positive");
	collect("T3", 10, 3, 1);
	must(pw_lab_reject_tube(fx.lab, "T3", "leaking", &recalled, &fx.err));
	refused(try_fill("E2", "T3", NULL), "tube-done", "'T3'", "rejected", "put it aside");
}
END_TEST

START_TEST(test_a_full_plate_takes_nothing)
{
	static const char tiny[] = "poolwell: layout/1\nname: tiny\nversion: 1\nwells: 96\n"
				   "order: column\ncontrols: []\nkeep_free: [%s]\n";
	pw_str free_wells = PW_STR_INIT, text = PW_STR_INIT;
	pw_filled out;
	for (int i = 2; i < 96; i++) {
		char name[8];
		pw_well_name(pw_well_at(i, PW_PLATE_96, PW_BY_COLUMN), name);
		pw_str_addf(&free_wells, "%s%s", i > 2 ? ", " : "", name);
	}
	pw_str_addf(&text, tiny, pw_str_text(&free_wells));
	must(pw_lab_enforce(fx.lab, "layout", "tiny.yaml", pw_str_text(&text), text.len, NULL,
			    &fx.err));
	received_singles(3);
	new_plate("E1", "tiny");
	ck_assert(!fill("E1", "T1").full);
	ck_assert(fill("E1", "T2").full);
	must(pw_lab_next_well(fx.lab, "E1", &out, &fx.err));
	ck_assert(out.full);
	ck_assert_int_eq(out.filled, 2);
	ck_assert_int_eq(out.room, 2);
	refused(try_fill("E1", "T3", NULL), "plate-full", "'E1'", "2 wells",
		"seal it and begin a new plate");
	pw_str_clear(&free_wells);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_the_technician_and_the_program_agree_on_the_well)
{
	received_singles(3);
	new_plate("E1", "std96");
	must(try_fill("E1", "T1", "A01"));
	refused(try_fill("E1", "T2", "C1"), "wrong-well", "'E1'", "is B1, not C1",
		"look at the plate");
	fails(try_fill("E1", "T2", "7G"), PW_ERR_FORMAT, "'7G'");
	fails(try_fill("E1", "T2", "I1"), PW_ERR_LIMIT, "'I1'", "96-well plate");
	must(try_fill("E1", "T2", "b1"));
}
END_TEST

START_TEST(test_only_an_extraction_plate_that_is_open_is_filled)
{
	pw_filled out;
	singles_on_a_plate(1);
	receive("T9", 1, 9, 1);
	refused(try_fill("E1", "T9", NULL), "plate-closed", "'E1'", "stamped", "begin a new plate");
	refused(try_fill("Q1", "T9", NULL), "not-an-extraction-plate", "'Q1'",
		"tubes go onto extraction plates");
	refused(try_fill("E9", "T9", NULL), "plate-unknown", "'E9'", "'poolwell plate list'");
	refused_unrecorded(pw_lab_next_well(fx.lab, "E9", &out, &fx.err), "plate-unknown", "'E9'");
	refused_unrecorded(pw_lab_next_well(fx.lab, "E1", &out, &fx.err), "plate-closed", "'E1'");
	refused_unrecorded(pw_lab_next_well(fx.lab, "Q1", &out, &fx.err), "not-an-extraction-plate",
			   "'Q1'");
}
END_TEST

/* ---------------------------------------------------------------- take back */

START_TEST(test_a_fill_is_taken_back_with_a_reason)
{
	received_singles(2);
	new_plate("E1", "std96");
	fill("E1", "T1");
	fill("E1", "T2");
	fails(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err), PW_ERR_ARG, "needs a reason");
	as("anna", "wrong tube");
	must(pw_lab_clear_well(fx.lab, "E1", "a01", &fx.err));
	ck_assert_str_eq(state_of("T1"), "received");
	ck_assert_ptr_null(well_row("E1", "A1"));
	refused(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err), "well-empty", "A1", "'E1'",
		"'poolwell plate show E1'");
	refused(pw_lab_clear_well(fx.lab, "E1", "F12", &fx.err), "well-empty", "F12");
	fails(pw_lab_clear_well(fx.lab, "E1", "A13", &fx.err), PW_ERR_LIMIT, "'A13'");
	as("anna", NULL);
	ck_assert_str_eq(name_of(fill("E1", "T1").well), "A1");
}
END_TEST

START_TEST(test_a_sealed_plate_is_not_cleared)
{
	received_singles(1);
	extract("E1", "std96", WORDS("T1"));
	as("anna", "wrong tube");
	refused(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err), "plate-closed", "'E1'", "sealed");
	refused(pw_lab_clear_well(fx.lab, "E2", "A1", &fx.err), "plate-unknown", "'E2'");
}
END_TEST

START_TEST(test_a_tube_that_goes_again_still_does_when_its_fill_is_taken_back)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	invalid(run, "A1");
	must_import(run);
	ck_assert_str_eq(tube_row("T1")->next, "re-extract");
	new_plate("E2", "std96");
	ck_assert_int_eq(fill("E2", "T1").attempt, 2);
	as("anna", "too early");
	must(pw_lab_clear_well(fx.lab, "E2", "A1", &fx.err));
	ck_assert_str_eq(state_of("T1"), "retest");
	ck_assert_str_eq(tube_row("T1")->next, "re-extract");
}
END_TEST

/* Its people were recalled while it was on the plate: it does not come back to life. */
START_TEST(test_a_recalled_tube_stays_recalled_when_its_fill_is_taken_back)
{
	int recalled;
	received_singles(1);
	new_plate("E1", "std96");
	fill("E1", "T1");
	as("anna", "dropped");
	must(pw_lab_recall_tube(fx.lab, "T1", &recalled, &fx.err));
	must(pw_lab_clear_well(fx.lab, "E1", "A1", &fx.err));
	ck_assert_str_eq(state_of("T1"), "recalled");
}
END_TEST

/* ---------------------------------------------------------------- seal */

START_TEST(test_a_plate_is_sealed_with_something_on_it)
{
	int filled;
	received_singles(2);
	new_plate("E1", "std96");
	refused(pw_lab_seal_plate(fx.lab, "E1", &filled, &fx.err), "plate-empty", "'E1'",
		"fill it before sealing");
	fill("E1", "T1");
	fill("E1", "T2");
	must(pw_lab_seal_plate(fx.lab, "]C0E1", &filled, &fx.err));
	ck_assert_int_eq(filled, 2);
	ck_assert_str_eq(plate_row("E1")->state, "sealed");
	refused(pw_lab_seal_plate(fx.lab, "E1", &filled, &fx.err), "plate-closed", "'E1'",
		"sealed");
	refused(pw_lab_seal_plate(fx.lab, "E2", &filled, &fx.err), "plate-unknown", "'E2'");
}
END_TEST

Suite *suite_plates(void);
Suite *suite_plates(void)
{
	Suite *suite = suite_create("plates");
	TCase *new = fixture_case(suite, "new", fixture_cn);
	tcase_add_test(new, test_a_new_plate_has_the_controls_of_extraction);
	tcase_add_test(new, test_a_plate_is_begun_once);
	tcase_add_test(new, test_a_layout_must_be_in_force);
	TCase *tubes = fixture_case(suite, "fill", fixture_cn);
	tcase_add_loop_test(tubes, test_tubes_fill_the_plate_in_its_order, 0, COUNT(orders));
	tcase_add_test(tubes, test_a_tube_in_a_well_is_not_scanned_again);
	tcase_add_test(tubes, test_a_plate_that_was_lost_is_not_where_the_tube_is);
	tcase_add_test(tubes, test_a_tube_that_was_not_received_is_not_plated);
	tcase_add_test(tubes, test_a_tube_that_needs_no_test_is_put_aside);
	tcase_add_test(tubes, test_a_full_plate_takes_nothing);
	tcase_add_test(tubes, test_the_technician_and_the_program_agree_on_the_well);
	tcase_add_test(tubes, test_only_an_extraction_plate_that_is_open_is_filled);
	TCase *back = fixture_case(suite, "taken back", fixture_cn);
	tcase_add_test(back, test_a_fill_is_taken_back_with_a_reason);
	tcase_add_test(back, test_a_sealed_plate_is_not_cleared);
	tcase_add_test(back, test_a_tube_that_goes_again_still_does_when_its_fill_is_taken_back);
	tcase_add_test(back, test_a_recalled_tube_stays_recalled_when_its_fill_is_taken_back);
	TCase *sealing = fixture_case(suite, "seal", fixture_cn);
	tcase_add_test(sealing, test_a_plate_is_sealed_with_something_on_it);
	return suite;
}
