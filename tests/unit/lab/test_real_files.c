/*
 * The main job on files that nobody here wrote: the people and tubes that stand on the plate are made up, the
 * instrument's export is taken as it is. Skipped, with a word, where ../shared/data is not there.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/lab/bench.h"

#define QS_FILE  "appbio_quantstudio_example02.txt"
#define CFX_FILE "sam_2024-12-12_08-32-31_Connect-VIPERIN-03-Quantification-Cq-Results.csv"

#define IN_A_POOL 5

/* R001 … in one village, a telephone each. */
static void register_people(int count)
{
	pw_str text = PW_STR_INIT;
	pw_roster_outcome out;
	pw_str_add(&text, "name,external_id,phone,city,county,township,village,household\n");
	for (int i = 1; i <= count; i++)
		pw_str_addf(&text, "居民%03d,R%03d,13900000%03d,Shenzhen,Futian,Lianhua,V1,H%d\n",
			    i, i, i, (i + 2) / 3);
	must(roster("plate.csv", pw_str_text(&text), false, &out));
	ck_assert_uint_eq(out.registered, (size_t)count);
	pw_str_clear(&text);
}

/* "R007" for 7, and the number of "R007". */
static const char *resident(int n)
{
	return pw_arena_printf(&fx.arena, "R%03d", n);
}

static const char *tube_of(int well)
{
	return pw_arena_printf(&fx.arena, "TUBE-%02d", well);
}

static void collect_tube(const char *tube, int capacity, int first, int count)
{
	pw_swab_outcome swabbed;
	pw_received received;
	open_tube(tube, capacity);
	for (int i = 0; i < count; i++)
		must(pw_lab_take_swab(fx.lab, tube, resident(first + i), &swabbed, &fx.err));
	must(pw_lab_close_tube(fx.lab, tube, count, &fx.err));
	must(pw_lab_receive_tube(fx.lab, tube, NULL, &received, &fx.err));
}

/* As many tubes as stand on the plate, in its order, stamped as Q1. */
static void fill_plate(const char *layout, const char *assay, int tubes, int capacity, int swabs)
{
	register_people(tubes * swabs);
	new_plate("E1", layout);
	for (int i = 1; i <= tubes; i++) {
		collect_tube(tube_of(i), capacity, (i - 1) * swabs + 1, swabs);
		fill("E1", tube_of(i));
	}
	ck_assert_int_eq(seal("E1"), tubes);
	ck_assert_int_eq(stamp("Q1", "E1", assay).tubes, tubes);
}

static pw_status import_file(const char *bytes, size_t n, const char *name, bool ignore_names,
			     pw_run_outcome *out)
{
	const pw_run_opts opts = {.plate = "Q1", .ignore_names = ignore_names};
	pw_report_clear(&fx.report);
	fx.now += PW_SECOND;
	return pw_lab_import_run(fx.lab, bytes, n, name, &opts, out, &fx.report, &fx.err);
}

static const char *status_of_resident(int n)
{
	pw_results_of_subject_row *rows;
	size_t count;
	int64_t who;
	must(pw_lab_find_subject(fx.lab, resident(n), &who, &fx.err));
	must(pw_q_results_of_subject(pw_lab_store(fx.lab), &fx.arena, who, &rows, &count, &fx.err));
	ck_assert_uint_eq(count, 1);
	return rows[0].status;
}

/* ---------------------------------------------------------------- QuantStudio, presence and absence */

/* Rows A to D; column 1 holds the controls. By row, eleven tubes each. */
#define QS_TUBES 44

static bool is_presence(int tube)
{
	return (tube - 1) % 11 >= 5; /* columns 7 to 12 are "(+)" */
}

static bool begin_quantstudio(const char **bytes, size_t *n)
{
	if (!shared_file(QS_FILE, bytes, n))
		return false;
	fill_plate("nac96", "presence-ipc", QS_TUBES, 5, IN_A_POOL);
	return true;
}

/* Each well's call is what the vendor's own column says. */
static void check_against_vendor(int64_t run)
{
	pw_run_readings_row *readings;
	size_t count;
	int compared = 0;
	must(pw_q_run_readings(pw_lab_store(fx.lab), &fx.arena, run, &readings, &count, &fx.err));
	ck_assert_uint_eq(count, 48 * 2);
	for (size_t i = 0; i < count; i++) {
		char well[8];
		if (strcmp(readings[i].target, "TGFb") != 0 || readings[i].position % 12 == 0)
			continue;
		pw_well_name(pw_well_at((int)readings[i].position, PW_PLATE_96, PW_BY_ROW), well);
		const pw_run_calls_row *call = call_of(run, well);
		const char *vendor = readings[i].vendor_call;
		ck_assert_ptr_nonnull(vendor);
		const char *expected = strcmp(vendor, "Presence") == 0      ? "positive"
				       : strcmp(vendor, "Unconfirmed") == 0 ? "negative"
									    : vendor;
		ck_assert_msg(strcmp(call->call, expected) == 0, "%s: %s, the vendor says %s", well,
			      call->call, vendor);
		compared++;
	}
	ck_assert_int_eq(compared, QS_TUBES);
}

/* Everybody of the positive pools, once, with all that is needed to find them; and nobody else. */
static void check_recall_list(void)
{
	pw_cursor cursor;
	pw_recalls_row row;
	bool found = true, seen[QS_TUBES * IN_A_POOL + 1] = {false};
	int listed = 0, expected = 0;
	must(pw_q_recalls_open(pw_lab_store(fx.lab), &cursor, &fx.err));
	for (;;) {
		int64_t n = 0;
		must(pw_q_recalls_next(&cursor, &row, &found, &fx.err));
		if (!found)
			break;
		ck_assert(pw_parse_int(row.external_id + 1, &n));
		int tube = (int)(n - 1) / IN_A_POOL + 1;
		ck_assert_str_eq(row.tube, tube_of(tube));
		ck_assert_msg(is_presence(tube) && !seen[n], "%s", row.external_id);
		seen[n] = true;
		listed++;
		ck_assert_str_eq(row.phone, pw_arena_printf(&fx.arena, "13900000%03d", (int)n));
		ck_assert_str_eq(row.name, pw_arena_printf(&fx.arena, "居民%03d", (int)n));
		ck_assert_str_eq(row.village, "V1");
		ck_assert_str_eq(row.why, "the pool is positive");
		ck_assert_int_eq(row.isolate, 1);
		ck_assert_int_eq(row.notify, 1);
		ck_assert_int_eq(row.opened_at, fx.now);
	}
	for (int tube = 1; tube <= QS_TUBES; tube++)
		expected += is_presence(tube) ? IN_A_POOL : 0;
	ck_assert_int_eq(listed, expected);
}

START_TEST(test_a_quantstudio_plate_from_roster_to_recall_list)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!begin_quantstudio(&bytes, &n))
		return;
	as("anna", "the example's samples are named (+) and (-)");
	must(import_file(bytes, n, QS_FILE, true, &out));
	ck_assert_int_eq(out.readings, 96);
	ck_assert_int_eq(out.controls, 4);
	ck_assert_int_eq(out.controls_failed, 0);
	ck_assert_int_eq(out.tests, QS_TUBES);
	ck_assert_int_eq(out.held, 0);
	ck_assert_int_eq(out.positive, 24);
	ck_assert_int_eq(out.negative, 20);
	ck_assert_int_eq(out.inconclusive + out.invalid + out.retest, 0);
	ck_assert_int_eq(out.decided, 20 * IN_A_POOL);
	ck_assert_int_eq(out.recalled, 24 * IN_A_POOL);
	check_against_vendor(out.run);
	check_recall_list();
	for (int i = 1; i <= QS_TUBES * IN_A_POOL; i++)
		ck_assert_str_eq(status_of_resident(i),
				 is_presence((i - 1) / IN_A_POOL + 1) ? "open" : "negative");
}
END_TEST

START_TEST(test_names_that_are_no_barcodes_are_refused)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!begin_quantstudio(&bytes, &n))
		return;
	refused(import_file(bytes, n, QS_FILE, false, &out), "file-disagrees", "'Q1'",
		"in 44 places");
	ck_assert_int_eq(findings("sample-differs"), QS_TUBES);
	finding("sample-differs", WORDS("well A2", "'(-)'", "'TUBE-01'"));
	finding("sample-differs", WORDS("well D12", "'(+)'", "'TUBE-44'"));
	fails(import_file(bytes, n, QS_FILE, true, &out), PW_ERR_ARG, "needs a reason");
	ck_assert_str_eq(plate_row("Q1")->state, "sealed");
	ck_assert_int_eq(open_recalls(), 0);
}
END_TEST

START_TEST(test_the_real_file_again_changes_nothing)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!begin_quantstudio(&bytes, &n))
		return;
	as("anna", "the example's samples are named (+) and (-)");
	must(import_file(bytes, n, QS_FILE, true, &out));
	fixture_mark();
	must(import_file(bytes, n, "renamed.txt", true, &out));
	ck_assert(out.known);
	ck_assert_int_eq(out.run, 1);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

/* A copy in which the nth text (from 1) is another of the same length. */
static char *changed(const char *bytes, size_t n, const char *text, const char *other, int nth)
{
	char *copy = pw_arena_strndup(&fx.arena, bytes, n);
	char *at = copy;
	for (int i = 1; (at = strstr(at, text)) != NULL && i < nth; i++)
		at++;
	ck_assert_ptr_nonnull(at);
	memcpy(at, other, strlen(text));
	return copy;
}

/* Row 2 of the results says E2 instead of A2: its own number contradicts it. */
START_TEST(test_a_well_with_a_changed_byte_is_refused)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!begin_quantstudio(&bytes, &n))
		return;
	as("anna", "the example's samples are named (+) and (-)");
	const char *results = strstr(bytes, "[Results]");
	ck_assert_ptr_nonnull(results);
	char *file = pw_arena_strndup(&fx.arena, bytes, n);
	char *well = strstr(file + (results - bytes), "\tA2\t");
	ck_assert_ptr_nonnull(well);
	well[1] = 'E';
	fails(import_file(file, n, QS_FILE, true, &out), PW_ERR_FORMAT, QS_FILE);
	finding("bad-well", WORDS("well 2 and position E2", "two places"));
}
END_TEST

/* All of the file's rows of a well are of another one: the file is well formed, and of another plate. */
START_TEST(test_a_file_with_another_well_is_refused_with_the_list)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!begin_quantstudio(&bytes, &n))
		return;
	as("anna", "the example's samples are named (+) and (-)");
	const char *file = bytes;
	for (int i = 0; i < 4; i++) /* two targets in two blocks */
		file = changed(file, n, "\n48\tD12\t", "\n96\tH12\t", 1);
	refused(import_file(file, n, QS_FILE, true, &out), "file-disagrees", "'Q1'");
	finding("well-empty", WORDS("well H12", "(+)", "nothing is in it"));
	finding("well-missing", WORDS("well D12", "'TUBE-44'", "no reading"));
	ck_assert_uint_eq(fx.report.errors, 2);
}
END_TEST

/* ---------------------------------------------------------------- CFX, one dye */

#define CFX_TUBES 45

START_TEST(test_a_cfx_plate_from_roster_to_results)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!shared_file(CFX_FILE, &bytes, &n))
		return;
	fill_plate("ntc-d10-96", "sybr-single", CFX_TUBES, 1, 1);
	refused(import_file(bytes, n, CFX_FILE, false, &out), "file-disagrees", "'Q1'",
		"in 45 places");
	finding("sample-differs", WORDS("well A1", "'351'", "'TUBE-01'"));
	as("anna", "the file's samples are the animals'");
	must(import_file(bytes, n, CFX_FILE, true, &out));
	ck_assert_int_eq(out.readings, 48);
	ck_assert_int_eq(out.controls, 3);
	ck_assert_int_eq(out.controls_failed, 0);
	ck_assert_int_eq(out.tests, CFX_TUBES);
	ck_assert_int_eq(out.positive, 44);
	ck_assert_int_eq(out.negative, 1);
	ck_assert_int_eq(out.decided, CFX_TUBES);
	ck_assert_int_eq(out.recalled, 0);
	/* C8, which has NaN, holds the thirty-second tube */
	const pw_run_calls_row *call = call_of(out.run, "C8");
	ck_assert_str_eq(call->tube, tube_of(32));
	ck_assert_str_eq(call->call, "negative");
	for (int i = 1; i <= CFX_TUBES; i++)
		ck_assert_str_eq(status_of_resident(i), i == 32 ? "negative" : "positive");
	ck_assert_int_eq(control_of(out.run, "D11")->passed, 1);
	fixture_mark();
	must(import_file(bytes, n, CFX_FILE, true, &out));
	ck_assert(out.known);
	ck_assert_int_eq(fact_count(), fx.facts);
}
END_TEST

START_TEST(test_a_cfx_file_with_a_changed_byte_is_refused)
{
	const char *bytes;
	size_t n;
	pw_run_outcome out;
	if (!shared_file(CFX_FILE, &bytes, &n))
		return;
	fill_plate("ntc-d10-96", "sybr-single", CFX_TUBES, 1, 1);
	as("anna", "the file's samples are the animals'");
	refused(import_file(changed(bytes, n, ",C08,", ",G08,", 1), n, CFX_FILE, true, &out),
		"file-disagrees", "'Q1'", "in 2 places");
	finding("well-empty", WORDS("well G8", "381"));
	finding("well-missing", WORDS("well C8", "'TUBE-32'"));
	fails(import_file(changed(bytes, n, ",C08,", ",C07,", 1), n, CFX_FILE, true, &out),
	      PW_ERR_FORMAT, "C7");
}
END_TEST

Suite *suite_real_files(void);
Suite *suite_real_files(void)
{
	Suite *suite = suite_create("real_files");
	TCase *qs = fixture_case(suite, "QuantStudio", fixture_cn);
	tcase_add_test(qs, test_a_quantstudio_plate_from_roster_to_recall_list);
	tcase_add_test(qs, test_names_that_are_no_barcodes_are_refused);
	tcase_add_test(qs, test_the_real_file_again_changes_nothing);
	tcase_add_test(qs, test_a_well_with_a_changed_byte_is_refused);
	tcase_add_test(qs, test_a_file_with_another_well_is_refused_with_the_list);
	TCase *cfx = fixture_case(suite, "CFX", fixture_cn);
	tcase_add_test(cfx, test_a_cfx_plate_from_roster_to_results);
	tcase_add_test(cfx, test_a_cfx_file_with_a_changed_byte_is_refused);
	return suite;
}
