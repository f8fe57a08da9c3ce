#include <string.h>

#include "core/exchange/run_writer.h"
#include "tests/unit/lab/bench.h"

/* The file and the plate disagree: refused, recorded once, and nothing else there. */
static void disagrees(bench_run *run, const char *code, const char *const *words)
{
	pw_run_last_row last;
	bool found;
	refused(import(run), "file-disagrees", "'Q1'", "is it the file of another plate?");
	finding(code, words);
	must(pw_q_run_last(pw_lab_store(fx.lab), &fx.arena, &last, &found, &fx.err));
	ck_assert_int_eq(last.run, 0);
	ck_assert_str_eq(plate_row("Q1")->state, "sealed");
	ck_assert_str_eq(state_of("T1"), "plated");
}

/* ---------------------------------------------------------------- what fits */

START_TEST(test_a_run_is_kept_as_it_came)
{
	pw_run_find_row row;
	pw_run_readings_row *readings;
	size_t count, size;
	const void *bytes;
	bool found;
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	cq(run, "A1", "N1", 31.25);
	reading(run, "A1", "N2")->vendor_call = "Unconfirmed";
	must_import(run);
	ck_assert_int_eq(run->out.run, 1);
	ck_assert_str_eq(run->out.plate, "Q1");
	ck_assert_int_eq(run->out.readings, 15);
	ck_assert_int_eq(run->out.controls, 3);
	ck_assert_int_eq(run->out.controls_failed, 0);
	ck_assert_int_eq(run->out.tests, 2);
	must(pw_q_run_find(pw_lab_store(fx.lab), &fx.arena, 1, &row, &found, &fx.err));
	ck_assert_str_eq(row.instrument, "QuantStudio(TM) 6 Flex System");
	ck_assert_str_eq(row.serial, "278880034");
	ck_assert_str_eq(row.format, "quantstudio-text");
	ck_assert_str_eq(row.assay, "cdc-n1-n2-rp");
	must(pw_store_attached(pw_lab_store(fx.lab), &fx.arena, row.document, &bytes, &size,
			       &fx.err));
	ck_assert_uint_eq(size, run->size);
	ck_assert_mem_eq(bytes, run->bytes, size);
	must(pw_q_run_readings(pw_lab_store(fx.lab), &fx.arena, 1, &readings, &count, &fx.err));
	ck_assert_uint_eq(count, 15);
	ck_assert_str_eq(readings[0].target, "N1");
	ck_assert(readings[0].cq.has && readings[0].cq.value == 31.25);
	ck_assert_str_eq(readings[0].amp, "amp");
	ck_assert_str_eq(readings[1].target, "N2");
	ck_assert(!readings[1].cq.has);
	ck_assert_str_eq(readings[1].amp, "no-amp");
	ck_assert_str_eq(readings[1].vendor_call, "Unconfirmed");
	ck_assert_str_eq(plate_row("Q1")->state, "called");
}
END_TEST

START_TEST(test_the_same_file_again_changes_nothing)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	must_import(run);
	fixture_mark();
	run->file_name = "another name.txt";
	run->opts.plate = "Q7";
	must(import(run));
	ck_assert(run->out.known);
	ck_assert_int_eq(run->out.run, 1);
	ck_assert_str_eq(run->out.plate, "Q1");
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_controls_are_called_what_the_instrument_likes)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	for (int t = 0; t < 3; t++) {
		static const char *const targets[] = {"N1", "N2", "RP"};
		reading(run, "G12", targets[t])->sample = "water";
		reading(run, "H12", targets[t])->sample = "plasmid 7";
		reading(run, "A1", targets[t])->sample = "t1";
	}
	reading(run, "A1", "N1")->target = "2019-NCOV_N1";
	must_import(run);
	ck_assert_int_eq(run->out.negative, 1);
}
END_TEST

START_TEST(test_wells_of_the_block_that_hold_nothing_are_passed_over)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	add_reading(run, "D4", "", "N1")->task = PW_TASK_OTHER;
	add_reading(run, "D4", "", "unknown dye")->task = PW_TASK_OTHER;
	must_import(run);
	ck_assert_int_eq(run->out.readings, 12);
}
END_TEST

/* Struck out at the instrument is not the same as no Cq. */
START_TEST(test_an_omitted_reading_is_no_reading)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	reading(run, "A1", "N2")->omitted = true;
	must_import(run);
	ck_assert_int_eq(run->out.invalid, 1);
	ck_assert_int_eq(run->out.negative, 1);
	const pw_run_calls_row *call = call_of(1, "A1");
	ck_assert_str_eq(call->rule, "no reading of N2");
	ck_assert_str_eq(call->next, "repeat-pcr");
	ck_assert_str_eq(state_of("T1"), "retest");
}
END_TEST

START_TEST(test_a_cfx_file_is_taken_too)
{
	pw_str text = PW_STR_INIT, name = PW_STR_INIT;
	pw_run_outcome out;
	const pw_run_opts opts = {.plate = NULL};
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	positive(run, "B1");
	for (size_t i = 0; i < run->file.reading_count; i++)
		run->file.readings[i].reporter =
			strcmp(run->file.readings[i].target, "N1") == 0   ? "FAM"
			: strcmp(run->file.readings[i].target, "N2") == 0 ? "HEX"
									  : "Cy5";
	pw_cfx_cq_write(&run->file, &text);
	pw_cfx_file_name("Q1", "Cq Results", "", &name);
	must(pw_lab_import_run(fx.lab, text.ptr, text.len,
			       pw_arena_printf(&fx.arena, "/mnt/usb/%s", pw_str_text(&name)), &opts,
			       &out, NULL, &fx.err));
	ck_assert_str_eq(out.plate, "Q1");
	ck_assert_int_eq(out.positive, 1);
	ck_assert_int_eq(out.negative, 1);
	pw_str_clear(&text);
	pw_str_clear(&name);
}
END_TEST

/* ---------------------------------------------------------------- what does not */

START_TEST(test_another_tube_in_a_well)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	reading(run, "A1", "N2")->sample = "T2";
	disagrees(run, "sample-differs", WORDS("A1", "'T2'", "the plate has 'T1'"));
	const pw_finding *f = finding("sample-differs", WORDS("A1"));
	ck_assert_int_gt(f->line, 1);
	ck_assert_int_eq(findings("sample-differs"), 1);
}
END_TEST

START_TEST(test_a_control_in_the_well_of_a_tube)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	reading(run, "A1", "N1")->task = PW_TASK_NTC;
	reading(run, "A1", "N2")->task = PW_TASK_POSITIVE;
	reading(run, "A1", "RP")->task = PW_TASK_STANDARD;
	disagrees(run, "task-differs", WORDS("A1", "a control (NTC)", "the plate has tube 'T1'"));
	ck_assert_int_eq(findings("task-differs"), 1); /* once a well */
	as("anna", "the samples were not named");
	run->opts.ignore_names = true;
	disagrees(run, "task-differs", WORDS("A1"));
}
END_TEST

START_TEST(test_a_tube_in_the_well_of_a_control)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	reading(run, "H12", "N1")->sample = "T1";
	reading(run, "H12", "N1")->task = PW_TASK_UNKNOWN;
	disagrees(run, "sample-differs", WORDS("H12", "'T1'", "the plate has 'PC'"));
}
END_TEST

START_TEST(test_a_well_that_the_file_does_not_have)
{
	singles_on_a_plate(2);
	bench_run *run = run_of("Q1");
	drop_reading(run, "B1", "N1");
	drop_reading(run, "B1", "N2");
	drop_reading(run, "B1", "RP");
	disagrees(run, "well-missing", WORDS("B1", "'T2'", "no reading"));
	ck_assert_int_eq(findings("target-missing"), 0);
}
END_TEST

START_TEST(test_a_target_that_the_file_does_not_have)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	drop_reading(run, "G12", "N2");
	disagrees(run, "target-missing", WORDS("G12", "no reading of N2"));
	ck_assert_int_eq(findings("well-missing"), 0);
}
END_TEST

START_TEST(test_a_target_that_the_assay_does_not_have)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	add_reading(run, "A1", "T1", "E gene");
	disagrees(run, "target-unknown", WORDS("A1", "'E gene'", "'cdc-n1-n2-rp'"));
}
END_TEST

START_TEST(test_a_target_under_two_names)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	add_reading(run, "A1", "T1", "2019-nCoV_N1");
	disagrees(run, "target-twice", WORDS("A1", "N1", "'2019-nCoV_N1'"));
}
END_TEST

START_TEST(test_a_reading_where_nothing_is)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	add_reading(run, "C3", "T9", "N1");
	disagrees(run, "well-empty", WORDS("C3", "a reading of T9", "nothing is in it"));
	drop_reading(run, "C3", "N1");
	pw_reading *r = add_reading(run, "D4", "", "N1");
	r->has_cq = true;
	r->cq = 33;
	r->task = PW_TASK_OTHER;
	disagrees(run, "well-empty", WORDS("D4", "a reading, and nothing is in it"));
}
END_TEST

START_TEST(test_a_plate_put_in_the_wrong_way_round)
{
	singles_on_a_plate(6);
	bench_run *run = run_of("Q1");
	for (size_t i = 0; i < run->file.reading_count; i++) {
		pw_well *w = &run->file.readings[i].well;
		*w = (pw_well){(uint8_t)(7 - w->row), (uint8_t)(11 - w->col)};
	}
	disagrees(run, "rotated", WORDS("turned by 180°", "wrong way round"));
	as("anna", "the samples were not named");
	run->opts.ignore_names = true;
	disagrees(run, "well-empty", WORDS("C12"));
	ck_assert_int_eq(findings("rotated"), 0);
}
END_TEST

/* Turned and half of its names wrong: nobody knows what happened. */
START_TEST(test_only_what_fits_turned_is_called_turned)
{
	singles_on_a_plate(6);
	bench_run *run = run_of("Q1");
	for (size_t i = 0; i < run->file.reading_count; i++) {
		pw_reading *r = &run->file.readings[i];
		r->well = (pw_well){(uint8_t)(7 - r->well.row), (uint8_t)(11 - r->well.col)};
		if (r->sample[0] == 'T' && r->sample[1] <= '3')
			r->sample = "x";
	}
	disagrees(run, "well-empty", WORDS("C12"));
	ck_assert_int_eq(findings("rotated"), 0);
}
END_TEST

START_TEST(test_a_mixed_up_plate_is_not_called_turned)
{
	singles_on_a_plate(4);
	bench_run *run = run_of("Q1");
	reading(run, "A1", "N1")->sample = "T2";
	reading(run, "B1", "N1")->sample = "T1";
	disagrees(run, "sample-differs", WORDS("A1"));
	ck_assert_int_eq(findings("rotated"), 0);
}
END_TEST

START_TEST(test_a_file_of_a_larger_plate)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->file.plate = PW_PLATE_384;
	disagrees(run, "format-differs", WORDS("384-well", "'Q1' has 96"));
	add_reading(run, "P24", "T9", "N1");
	disagrees(run, "well-empty", WORDS("P24", "T9"));
}
END_TEST

START_TEST(test_every_disagreement_is_named)
{
	singles_on_a_plate(3);
	bench_run *run = run_of("Q1");
	reading(run, "A1", "N1")->sample = "X1";
	drop_reading(run, "B1", "RP");
	add_reading(run, "E5", "X2", "N1");
	refused(import(run), "file-disagrees", "'Q1'", "in 3 places");
	ck_assert_uint_eq(fx.report.errors, 3);
}
END_TEST

/* ---------------------------------------------------------------- which plate */

START_TEST(test_the_plate_is_found_by_the_barcode_in_the_file)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->file_name = "export (3).txt";
	must_import(run);
	ck_assert_str_eq(run->out.plate, "Q1");
}
END_TEST

START_TEST(test_the_plate_is_found_by_the_name_of_the_run)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->file.barcode = "";
	run->file.name = "2026-11-23 Q1 repeat";
	run->file_name = "export.txt";
	must_import(run);
}
END_TEST

static const char *const file_names[] = {
	"Q1.txt",
	"/data/Q1.txt",
	"C:\\runs\\Q1.txt",
	"2026-11-23_Q1_cdc.txt",
	"run (Q1) final.eds.txt",
	"E1 Q1.txt",
};

START_TEST(test_the_plate_is_found_by_the_name_of_the_file)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->file.barcode = "";
	run->file_name = file_names[_i];
	must_import(run);
	ck_assert_str_eq(run->out.plate, "Q1");
}
END_TEST

/* Barcodes with a hyphen, an underscore, a dot or a space are whole barcodes. */
static const char *const odd_plates[] = {"PCR_0001", "PCR-0001", "PCR.0001", "PCR 0001", "板1"};

START_TEST(test_an_odd_barcode_is_found_whole)
{
	const char *plate = odd_plates[_i];
	receive("T1", 1, 1, 1);
	extract("E1", "std96", WORDS("T1"));
	stamp(plate, "E1", "cdc-n1-n2-rp");
	bench_run *run = run_of(plate);
	run->file_name = "export.txt";
	must_import(run);
	ck_assert_str_eq(run->out.plate, plate);
	receive("T2", 1, 2, 1);
	extract("E2", "std96", WORDS("T2"));
	const char *other = pw_arena_printf(&fx.arena, "%s_b", plate);
	stamp(other, "E2", "cdc-n1-n2-rp");
	run = run_of(other);
	run->file.barcode = "";
	run->file_name = pw_arena_printf(&fx.arena, "%s.txt", other);
	must_import(run);
	ck_assert_str_eq(run->out.plate, other);
}
END_TEST

START_TEST(test_a_file_that_names_no_plate_needs_to_be_told)
{
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->file.name =
		"a name of more characters than the barcode of any plate can have: seventy";
	run->file.barcode = "E1"; /* an extraction plate is no candidate */
	run->file_name = "export.txt";
	refused(import(run), "plate-not-named", "--plate");
	run->opts.plate = " ]C0Q1";
	must_import(run);
	ck_assert_str_eq(run->out.plate, "Q1");
}
END_TEST

START_TEST(test_the_plate_that_is_said_wins)
{
	singles_on_a_plate(1);
	receive("T9", 1, 9, 1);
	extract("E2", "std96", WORDS("T9"));
	stamp("Q2", "E2", "cdc-n1-n2-rp");
	bench_run *run = run_of("Q1");
	run->opts.plate = "Q2";
	refused(import(run), "file-disagrees", "'Q2'");
	finding("sample-differs", WORDS("A1", "'T1'", "the plate has 'T9'"));
}
END_TEST

START_TEST(test_a_plate_that_can_have_no_run)
{
	int n;
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	run->opts.plate = "E1";
	refused(import(run), "not-a-pcr-plate", "'E1'", "stamped from it");
	run->opts.plate = "Q9";
	refused(import(run), "plate-unknown", "'Q9'");
	run->opts.plate = "]E04006381333931";
	refused(import(run), "scan-product", "4006381333931");
	as("anna", "dropped");
	must(pw_lab_void_plate(fx.lab, "Q1", &n, &fx.err));
	run->opts.plate = NULL;
	refused(import(run), "plate-voided", "'Q1'", "nothing comes of it");
}
END_TEST

START_TEST(test_a_plate_has_one_run)
{
	singles_on_a_plate(1);
	must_import(run_of("Q1"));
	bench_run *again = run_of("Q1");
	positive(again, "A1");
	refused(import(again), "plate-called", "'Q1'", "run 1", "another plate?");
	ck_assert_str_eq(status_of(1), "negative");
}
END_TEST

/* ---------------------------------------------------------------- names, and what is no run */

START_TEST(test_names_are_ignored_for_a_reason_only)
{
	pw_journal_row row;
	pw_cursor cursor;
	bool found, told = false;
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	for (size_t i = 0; i < run->file.reading_count; i++)
		run->file.readings[i].sample = "x";
	run->opts.ignore_names = true;
	fails(import(run), PW_ERR_ARG, "needs a reason", "--reason");
	as("anna", "the operator typed x everywhere");
	fixture_mark();
	must_import(run);
	must(pw_q_journal_open(pw_lab_store(fx.lab), fx.facts, &cursor, &fx.err));
	for (found = true; found;) {
		must(pw_q_journal_next(&cursor, &row, &found, &fx.err));
		told = told || (found && strstr(row.body, "\"names_checked\":0") != NULL &&
				strstr(row.body, "typed x everywhere") != NULL);
	}
	ck_assert(told);
}
END_TEST

START_TEST(test_a_file_that_is_no_run)
{
	static const char text[] = "name,external_id\n李,L1\n";
	const pw_run_opts opts = {.plate = "Q1"};
	pw_run_outcome out;
	singles_on_a_plate(1);
	fails(pw_lab_import_run(fx.lab, text, strlen(text), "people.csv", &opts, &out, NULL,
				&fx.err),
	      PW_ERR_FORMAT, "people.csv");
}
END_TEST

START_TEST(test_a_file_that_was_something_else)
{
	/* Kept as an attachment of another kind: what no reader would take twice is made by hand. */
	singles_on_a_plate(1);
	bench_run *run = run_of("Q1");
	pw_hash hash;
	char hex[PW_HASH_HEX];
	bool known;
	run->file.name = "first";
	pw_str text = PW_STR_INIT;
	pw_quantstudio_write(&run->file, &text);
	must(pw_lab_begin(fx.lab, &fx.err));
	must(pw_store_attach(pw_lab_store(fx.lab), text.ptr, text.len, &hash, &known, &fx.err));
	pw_hash_hex(&hash, hex);
	const pw_manifest_imported fact = {.hash = hex, .name = "box.csv", .rows = 1};
	must(pw_lab_end(fx.lab, pw_manifest_imported_append(pw_lab_store(fx.lab), &fact, &fx.err),
			&fx.err));
	pw_str_clear(&text);
	fails(import(run), PW_ERR_EXISTS, "manifest", "'box.csv'", "give the run");
}
END_TEST

Suite *suite_runs(void);
Suite *suite_runs(void)
{
	Suite *suite = suite_create("runs");
	TCase *fits = fixture_case(suite, "fits", fixture_cn);
	tcase_add_test(fits, test_a_run_is_kept_as_it_came);
	tcase_add_test(fits, test_the_same_file_again_changes_nothing);
	tcase_add_test(fits, test_controls_are_called_what_the_instrument_likes);
	tcase_add_test(fits, test_wells_of_the_block_that_hold_nothing_are_passed_over);
	tcase_add_test(fits, test_an_omitted_reading_is_no_reading);
	tcase_add_test(fits, test_a_cfx_file_is_taken_too);
	TCase *differs = fixture_case(suite, "differs", fixture_cn);
	tcase_add_test(differs, test_another_tube_in_a_well);
	tcase_add_test(differs, test_a_control_in_the_well_of_a_tube);
	tcase_add_test(differs, test_a_tube_in_the_well_of_a_control);
	tcase_add_test(differs, test_a_well_that_the_file_does_not_have);
	tcase_add_test(differs, test_a_target_that_the_file_does_not_have);
	tcase_add_test(differs, test_a_target_that_the_assay_does_not_have);
	tcase_add_test(differs, test_a_target_under_two_names);
	tcase_add_test(differs, test_a_reading_where_nothing_is);
	tcase_add_test(differs, test_a_plate_put_in_the_wrong_way_round);
	tcase_add_test(differs, test_only_what_fits_turned_is_called_turned);
	tcase_add_test(differs, test_a_mixed_up_plate_is_not_called_turned);
	tcase_add_test(differs, test_a_file_of_a_larger_plate);
	tcase_add_test(differs, test_every_disagreement_is_named);
	TCase *plate = fixture_case(suite, "which plate", fixture_cn);
	tcase_add_test(plate, test_the_plate_is_found_by_the_barcode_in_the_file);
	tcase_add_test(plate, test_the_plate_is_found_by_the_name_of_the_run);
	tcase_add_loop_test(plate, test_the_plate_is_found_by_the_name_of_the_file, 0,
			    COUNT(file_names));
	tcase_add_loop_test(plate, test_an_odd_barcode_is_found_whole, 0, COUNT(odd_plates));
	tcase_add_test(plate, test_a_file_that_names_no_plate_needs_to_be_told);
	tcase_add_test(plate, test_the_plate_that_is_said_wins);
	tcase_add_test(plate, test_a_plate_that_can_have_no_run);
	tcase_add_test(plate, test_a_plate_has_one_run);
	TCase *rest = fixture_case(suite, "names and files", fixture_cn);
	tcase_add_test(rest, test_names_are_ignored_for_a_reason_only);
	tcase_add_test(rest, test_a_file_that_is_no_run);
	tcase_add_test(rest, test_a_file_that_was_something_else);
	return suite;
}
