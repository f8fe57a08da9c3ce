#include <string.h>

#include "tests/unit/lab/bench.h"

#define CDC "cdc-n1-n2-rp"

static pw_status try_stamp(const char *plate, const char *source, const char *assay)
{
	pw_stamped out;
	return pw_lab_stamp_plate(fx.lab, plate, source, assay, &out, &fx.err);
}

static pw_status try_void(const char *plate, int *out)
{
	return pw_lab_void_plate(fx.lab, plate, out, &fx.err);
}

/* Voids, which gives `tubes` back. */
static void voided(const char *plate, int tubes)
{
	int n = -1;
	as("anna", "dropped it");
	fx.now += PW_SECOND;
	must(try_void(plate, &n));
	as("anna", NULL);
	ck_assert_int_eq(n, tubes);
	ck_assert_str_eq(plate_row(plate)->state, "voided");
}

static void goes_again(const char *tube, const char *next)
{
	const pw_tube_find_row *row = tube_row(tube);
	ck_assert_msg(strcmp(row->state, "retest") == 0 && row->next != NULL &&
			      strcmp(row->next, next) == 0,
		      "%s is %s, %s", tube, row->state, row->next != NULL ? row->next : "no next");
}

static const pw_plate_wells_row *wells_of(const char *plate, size_t *count)
{
	pw_plate_wells_row *rows;
	must(pw_q_plate_wells(pw_lab_store(fx.lab), &fx.arena, plate, &rows, count, &fx.err));
	return rows;
}

/* ---------------------------------------------------------------- stamp */

START_TEST(test_every_well_is_stamped_to_the_same_well)
{
	size_t count;
	singles_on_a_plate(3);
	const pw_plate_find_row *plate = plate_row("Q1");
	ck_assert_str_eq(plate->kind, "pcr");
	ck_assert_str_eq(plate->state, "sealed");
	ck_assert_str_eq(plate->source, "E1");
	ck_assert_str_eq(plate->assay, CDC);
	ck_assert_str_eq(plate_row("E1")->state, "stamped");
	const pw_plate_wells_row *w = wells_of("Q1", &count);
	ck_assert_uint_eq(count, 6);
	/* by row: A1, B1, C1, then F12 NEC, G12 NTC, H12 PC */
	static const struct {
		int position;
		const char *holds, *stage;
		bool stamped;
	} expected[] = {
		{0, "T1", NULL, true},     {12, "T2", NULL, true},
		{24, "T3", NULL, true},    {71, "NEC", "extraction", true},
		{83, "NTC", "pcr", false}, {95, "PC", "pcr", false},
	};
	for (int i = 0; i < COUNT(expected); i++) {
		ck_assert_int_eq(w[i].position, expected[i].position);
		ck_assert_str_eq(w[i].tube != NULL ? w[i].tube : w[i].control, expected[i].holds);
		ck_assert_int_eq(w[i].source != NULL, expected[i].stamped);
		if (expected[i].stamped) {
			ck_assert_str_eq(w[i].source, "E1");
			ck_assert_int_eq(w[i].source_position.value, w[i].position);
		}
		if (expected[i].stage != NULL)
			ck_assert_str_eq(w[i].stage, expected[i].stage);
	}
}
END_TEST

START_TEST(test_a_stamp_counts_what_it_holds)
{
	receive("T1", 10, 1, 5);
	extract("E1", "std96", WORDS("T1"));
	pw_stamped out = stamp("]C0Q1", " E1", CDC);
	ck_assert_int_eq(out.tubes, 1);
	ck_assert_int_eq(out.controls, 3);
	ck_assert_int_eq(out.left_out, 0);
	ck_assert_str_eq(plate_row("Q1")->source, "E1");
}
END_TEST

START_TEST(test_a_plate_is_stamped_when_it_is_sealed)
{
	receive("T1", 10, 1, 1);
	new_plate("E1", "std96");
	fill("E1", "T1");
	refused(try_stamp("Q1", "E1", CDC), "plate-not-sealed", "'E1'", "seal it first");
	refused(try_stamp("Q1", "E2", CDC), "plate-unknown", "'E2'");
}
END_TEST

START_TEST(test_a_pcr_plate_is_new_and_stamped_from_an_extraction_plate)
{
	singles_on_a_plate(1);
	refused(try_stamp("Q1", "E1", CDC), "plate-used", "'Q1'", "by anna", "take a new plate");
	refused(try_stamp("E1", "E1", CDC), "plate-used", "'E1'");
	refused(try_stamp("Q2", "Q1", CDC), "not-an-extraction-plate", "'Q1'",
		"stamped from an extraction plate");
}
END_TEST

START_TEST(test_an_assay_must_be_in_force)
{
	receive("T1", 10, 1, 1);
	extract("E1", "std96", WORDS("T1"));
	fails(try_stamp("Q1", "E1", "cdc"), PW_ERR_NOT_FOUND, "'cdc'", "'poolwell rule list'");
	fails(try_stamp("Q1", "E1", "salivadirect"), PW_ERR_NOT_FOUND, "'salivadirect'");
}
END_TEST

START_TEST(test_layout_and_assay_agree_on_the_controls)
{
	receive("T1", 10, 1, 1);
	receive("T2", 10, 2, 1);
	extract("E1", "nac96", WORDS("T1"));
	extract("E2", "open96", WORDS("T2"));
	refused(try_stamp("Q1", "E1", CDC), "control-unknown", "'nac96'", "'NAC'", CDC,
		"use another layout");
	refused(try_stamp("Q1", "E2", CDC), "control-missing", CDC, "NTC", "'open96'",
		"use another layout");
}
END_TEST

START_TEST(test_a_second_stamp_of_waiting_tubes_is_refused)
{
	singles_on_a_plate(2);
	refused(try_stamp("Q2", "E1", CDC), "nothing-to-stamp", "'E1'", "'poolwell resolve list'");
}
END_TEST

START_TEST(test_tubes_with_an_answer_are_left_out)
{
	int recalled;
	for (int i = 1; i <= 4; i++)
		receive(pw_arena_printf(&fx.arena, "T%d", i), 1, i, 1);
	extract("E1", "std96", WORDS("T1", "T2", "T3", "T4"));
	as("anna", "moved away");
	must(pw_lab_recall_tube(fx.lab, "T4", &recalled, &fx.err));
	as("anna", NULL);
	pw_stamped out = stamp("Q1", "E1", CDC);
	ck_assert_int_eq(out.tubes, 3);
	ck_assert_int_eq(out.left_out, 1);
	bench_run *run = run_of("Q1");
	cq(run, "A1", "N1", 30);                 /* one of two targets: extract again */
	reading(run, "B1", "N1")->has_cq = true; /* a Ct without an amplification: PCR again */
	reading(run, "B1", "N1")->cq = 31;
	must_import(run);
	goes_again("T1", "re-extract");
	goes_again("T2", "repeat-pcr");
	ck_assert_str_eq(state_of("T3"), "final");
	out = stamp("Q2", "E1", CDC);
	ck_assert_int_eq(out.tubes, 1);
	ck_assert_int_eq(out.left_out, 3);
	ck_assert_str_eq(state_of("T2"), "plated");
	ck_assert_str_eq(state_of("T1"), "retest");
}
END_TEST

/* T1 is extracted again on E2: what is left of it on E1 is not amplified any more. */
START_TEST(test_an_old_extract_is_not_stamped)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	cq(run, "A1", "N1", 30);
	reading(run, "B1", "N1")->has_cq = true;
	reading(run, "B1", "N1")->cq = 31;
	must_import(run);
	extract("E2", "std96", WORDS("T1"));
	pw_stamped out = stamp("Q2", "E1", CDC);
	ck_assert_int_eq(out.tubes, 1);
	ck_assert_int_eq(out.left_out, 1);
	stamp("Q3", "E2", CDC);
	/* Also when the newer extract has to be amplified again itself: */
	as("anna", "power cut");
	int n;
	fx.now += PW_SECOND;
	must(try_void("Q3", &n));
	must(try_void("Q2", &n));
	as("anna", NULL);
	goes_again("T1", "repeat-pcr");
	goes_again("T2", "repeat-pcr");
	out = stamp("Q4", "E1", CDC);
	ck_assert_int_eq(out.tubes, 1);
	ck_assert_str_eq(state_of("T1"), "retest");
	out = stamp("Q5", "E2", CDC);
	ck_assert_int_eq(out.tubes, 1);
	ck_assert_str_eq(state_of("T1"), "plated");
}
END_TEST

/* ---------------------------------------------------------------- void */

START_TEST(test_a_lost_pcr_plate_is_stamped_again)
{
	int n;
	singles_on_a_plate(2);
	fails(try_void("Q1", &n), PW_ERR_ARG, "needs a reason");
	voided("Q1", 2);
	goes_again("T1", "repeat-pcr");
	ck_assert_str_eq(tube_row("T1")->why, "dropped it");
	ck_assert_int_eq(stamp("Q2", "E1", CDC).tubes, 2);
	must_import(run_of("Q2"));
	ck_assert_int_eq(tube_row("T1")->attempts, 1);
	all_are(1, 2, "negative");
}
END_TEST

START_TEST(test_a_lost_extraction_plate_gives_its_tubes_back)
{
	receive("T1", 10, 1, 1);
	receive("T2", 10, 2, 1);
	extract("E1", "std96", WORDS("T1", "T2"));
	voided("E1", 2);
	ck_assert_str_eq(state_of("T1"), "received");
	refused(try_stamp("Q1", "E1", CDC), "plate-voided", "'E1'", "nothing comes of it");
	extract("E2", "std96", WORDS("T1", "T2"));
	new_plate("E3", "std96");
	voided("E3", 0);
}
END_TEST

/* A tube that was judged before goes again, it is not a new one. */
START_TEST(test_a_lost_second_extraction_is_made_again)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	invalid(run, "A1");
	must_import(run);
	extract("E2", "std96", WORDS("T1"));
	voided("E2", 1);
	goes_again("T1", "re-extract");
	ck_assert_int_eq(tube_row("T1")->attempts, 1);
}
END_TEST

START_TEST(test_an_extraction_plate_in_use_is_not_voided)
{
	int n;
	singles_on_a_plate(1);
	as("anna", "lost");
	refused(try_void("E1", &n), "plate-in-use", "'Q1'", "'E1'", "void it first");
	refused(try_void("E7", &n), "plate-unknown", "'E7'");
}
END_TEST

START_TEST(test_a_plate_with_a_result_is_not_voided)
{
	int n;
	singles_on_a_plate(1);
	must_import(run_of("Q1"));
	as("anna", "lost");
	refused(try_void("Q1", &n), "plate-done", "'Q1'", "called", "can't be voided");
	must(try_void("E1", &n));
	refused(try_void("E1", &n), "plate-done", "'E1'", "voided");
}
END_TEST

/* First the PCR plate falls, then the extraction plate: there is no extract left to amplify. */
START_TEST(test_a_lost_extract_is_extracted_again)
{
	singles_on_a_plate(2);
	voided("Q1", 2);
	goes_again("T1", "repeat-pcr");
	voided("E1", 2);
	goes_again("T1", "re-extract");
	goes_again("T2", "re-extract");
	extract("E2", "std96", WORDS("T1", "T2"));
	stamp("Q2", "E2", CDC);
	must_import(run_of("Q2"));
	all_are(1, 2, "negative");
}
END_TEST

/* T1 was extracted again and waits for E2: E1 is thrown away, and T1 goes on. */
START_TEST(test_a_tube_that_waits_for_another_plate_is_not_given_back)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	invalid(run, "A1");
	must_import(run);
	extract("E2", "std96", WORDS("T1"));
	voided("E1", 0);
	ck_assert_str_eq(state_of("T1"), "plated");
	stamp("Q2", "E2", CDC);
	must_import(run_of("Q2"));
	all_are(1, 2, "negative");
}
END_TEST

/* Its newer extract lies on E2 and is to be amplified again: E1 is no loss to it. */
START_TEST(test_a_lost_old_extract_is_no_loss)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	invalid(run, "A1");
	must_import(run);
	extract("E2", "std96", WORDS("T1"));
	stamp("Q2", "E2", CDC);
	voided("Q2", 1);
	goes_again("T1", "repeat-pcr");
	voided("E1", 0);
	goes_again("T1", "repeat-pcr");
	ck_assert_int_eq(stamp("Q3", "E2", CDC).tubes, 1);
}
END_TEST

/* Its answer came from elsewhere, or its people were recalled: a lost plate does not change that. */
START_TEST(test_a_lost_plate_leaves_answered_tubes_alone)
{
	int recalled;
	singles_on_a_plate(2);
	as("anna", "moved away");
	must(pw_lab_recall_tube(fx.lab, "T1", &recalled, &fx.err));
	voided("Q1", 1);
	ck_assert_str_eq(state_of("T1"), "recalled");
	goes_again("T2", "repeat-pcr");
}
END_TEST

Suite *suite_stamp(void);
Suite *suite_stamp(void)
{
	Suite *suite = suite_create("stamp");
	TCase *stamping = fixture_case(suite, "stamp", fixture_cn);
	tcase_add_test(stamping, test_every_well_is_stamped_to_the_same_well);
	tcase_add_test(stamping, test_a_stamp_counts_what_it_holds);
	tcase_add_test(stamping, test_a_plate_is_stamped_when_it_is_sealed);
	tcase_add_test(stamping, test_a_pcr_plate_is_new_and_stamped_from_an_extraction_plate);
	tcase_add_test(stamping, test_an_assay_must_be_in_force);
	tcase_add_test(stamping, test_layout_and_assay_agree_on_the_controls);
	tcase_add_test(stamping, test_a_second_stamp_of_waiting_tubes_is_refused);
	tcase_add_test(stamping, test_tubes_with_an_answer_are_left_out);
	tcase_add_test(stamping, test_an_old_extract_is_not_stamped);
	TCase *losing = fixture_case(suite, "void", fixture_cn);
	tcase_add_test(losing, test_a_lost_pcr_plate_is_stamped_again);
	tcase_add_test(losing, test_a_lost_extraction_plate_gives_its_tubes_back);
	tcase_add_test(losing, test_a_lost_second_extraction_is_made_again);
	tcase_add_test(losing, test_an_extraction_plate_in_use_is_not_voided);
	tcase_add_test(losing, test_a_plate_with_a_result_is_not_voided);
	tcase_add_test(losing, test_a_lost_extract_is_extracted_again);
	tcase_add_test(losing, test_a_tube_that_waits_for_another_plate_is_not_given_back);
	tcase_add_test(losing, test_a_lost_old_extract_is_no_loss);
	tcase_add_test(losing, test_a_lost_plate_leaves_answered_tubes_alone);
	return suite;
}
