/* QuantStudio text exports: a real file, and the largest. */
#include <math.h>

#include "core/exchange/quantstudio.h"
#include "core/exchange/run_writer.h"
#include "tests/unit/exchange/run_test.h"

#define REAL "appbio_quantstudio_example02.txt"

START_TEST(test_real_file_is_read_whole)
{
	pw_str bytes = PW_STR_INIT;
	run_test t;
	if (!run_test_shared(REAL, &bytes))
		return;
	run_test_read_n(&t, bytes.ptr, bytes.len, "/some/where/" REAL);
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_str_eq(t.run.format, "quantstudio-text");
	ck_assert_str_eq(t.run.instrument, "QuantStudio(TM) 6 Flex System");
	ck_assert_str_eq(t.run.serial, "278880034");
	ck_assert_str_eq(t.run.barcode, "");
	ck_assert_str_eq(t.run.name, "QuantStudio 96-Well Presence-Absence Example");
	pw_time end;
	ck_assert(pw_time_parse("2010-10-01T05:44:54Z", &end));
	ck_assert_int_eq(t.run.ended_at, end);
	ck_assert_int_eq(pw_plate_wells(t.run.plate), 96);
	ck_assert_uint_eq(t.run.reading_count, 96);
	ck_assert_uint_eq(t.report.errors, 0);
	run_test_clear(&t);
	pw_str_clear(&bytes);
}
END_TEST

START_TEST(test_real_file_has_these_readings)
{
	static const struct {
		const char *well, *target, *sample, *task_text, *call;
		pw_task task;
		double cq; /* 0: none */
		pw_amp amp;
	} expected[] = {
		{"A1", "IPC", "NAC", "BlockedIPC", "Blocked IPC Control", PW_TASK_NTC, 0,
		 PW_AMP_UNKNOWN},
		{"A1", "TGFb", "NAC", "NTC", "Negative Control", PW_TASK_NTC, 0, PW_AMP_UNKNOWN},
		{"A2", "IPC", "(-)", "IPC", "IPC Failed", PW_TASK_OTHER, 32.874, PW_AMP_UNKNOWN},
		{"A2", "TGFb", "(-)", "UNKNOWN", "Unconfirmed", PW_TASK_UNKNOWN, 0, PW_AMP_NO},
		{"A7", "IPC", "(+)", "IPC", "IPC Failed", PW_TASK_OTHER, 37.117, PW_AMP_YES},
		{"A7", "TGFb", "(+)", "UNKNOWN", "Presence", PW_TASK_UNKNOWN, 27.987, PW_AMP_YES},
		{"D12", "IPC", "(+)", "IPC", "IPC Failed", PW_TASK_OTHER, 38.474, PW_AMP_YES},
		{"D12", "TGFb", "(+)", "UNKNOWN", "Presence", PW_TASK_UNKNOWN, 27.989, PW_AMP_YES},
	};
	pw_str bytes = PW_STR_INIT;
	run_test t;
	if (!run_test_shared(REAL, &bytes))
		return;
	run_test_read_n(&t, bytes.ptr, bytes.len, REAL);
	ck_assert_int_eq(t.rc, PW_OK);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const pw_reading *r = run_test_find(&t, expected[i].well, expected[i].target);
		ck_assert_str_eq(r->sample, expected[i].sample);
		ck_assert_str_eq(r->task_text, expected[i].task_text);
		ck_assert_str_eq(r->vendor_call, expected[i].call);
		ck_assert_int_eq(r->task, expected[i].task);
		ck_assert_int_eq(r->has_cq, expected[i].cq > 0);
		ck_assert_double_eq(r->cq, expected[i].cq);
		ck_assert_int_eq(r->amp, expected[i].amp);
		ck_assert(!r->omitted);
		ck_assert_str_eq(r->reporter, strcmp(r->target, "IPC") == 0 ? "VIC" : "FAM");
	}
	ck_assert_int_eq(run_test_find(&t, "A1", "IPC")->line, 863);
	run_test_clear(&t);
	pw_str_clear(&bytes);
}
END_TEST

START_TEST(test_real_file_counts)
{
	pw_str bytes = PW_STR_INIT;
	run_test t;
	if (!run_test_shared(REAL, &bytes))
		return;
	run_test_read_n(&t, bytes.ptr, bytes.len, REAL);
	size_t cqs[2] = {0, 0}, amps[4] = {0, 0, 0, 0}, presence = 0;
	for (size_t i = 0; i < t.run.reading_count; i++) {
		const pw_reading *r = &t.run.readings[i];
		bool pathogen = strcmp(r->target, "TGFb") == 0;
		cqs[pathogen] += r->has_cq;
		amps[r->amp] += pathogen;
		presence += strcmp(r->vendor_call, "Presence") == 0;
		ck_assert(i == 0 || pw_well_index(r->well, t.run.plate, PW_BY_ROW) >=
					    pw_well_index(r[-1].well, t.run.plate, PW_BY_ROW));
	}
	ck_assert_uint_eq(cqs[0], 44); /* all but the four blocked wells */
	ck_assert_uint_eq(cqs[1], 24);
	ck_assert_uint_eq(presence, 24);
	ck_assert_uint_eq(amps[PW_AMP_YES], 24);
	ck_assert_uint_eq(amps[PW_AMP_NO], 20);
	ck_assert_uint_eq(amps[PW_AMP_UNKNOWN], 4);
	/* The curves of three wells only are in the file, and that is said. */
	ck_assert_uint_eq(t.run.curve_count, 6);
	const pw_curve *c = run_test_curve(&t, "A1", "IPC");
	ck_assert_uint_eq(c->cycles, 40);
	ck_assert_double_eq(c->value[0], -0.002);
	ck_assert_double_eq(c->value[3], 0.001);
	const pw_finding *f = run_test_finding(&t, "curve-missing");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->severity, PW_WARNING);
	run_test_clear(&t);
	pw_str_clear(&bytes);
}
END_TEST

/* Cutting a real file at any place gives an error or the same run, never a shorter one. */
START_TEST(test_cut_real_file_is_never_a_shorter_run)
{
	pw_str bytes = PW_STR_INIT;
	if (!run_test_shared(REAL, &bytes))
		return;
	for (size_t n = 0; n < bytes.len; n += 97) {
		run_test t;
		run_test_read_n(&t, bytes.ptr, n, REAL);
		if (t.rc == PW_OK && t.run.reading_count < 96)
			ck_assert_msg(run_test_finding(&t, "setup-without-result") != NULL,
				      "cut at byte %zu", n);
		run_test_clear(&t);
	}
	pw_str_clear(&bytes);
}
END_TEST

/* 384 wells with 4 targets and 45 cycles: 69,120 rows of curves. */
static void write_large(pw_str *out)
{
	static double value[45];
	static pw_reading readings[384 * 4];
	static pw_curve curves[384 * 4];
	static const char *const targets[] = {"N1", "N2", "E", "RP"};
	for (int k = 0; k < 45; k++)
		value[k] = 3 / (1 + exp(25.0 - k)) + 0.001 * k;
	pw_run_file run = {"quantstudio-text",
			   "QuantStudio(TM) 7 Flex System",
			   "1",
			   "",
			   "P1",
			   "P1",
			   0,
			   PW_PLATE_384,
			   readings,
			   384 * 4,
			   curves,
			   384 * 4};
	for (size_t i = 0; i < 384 * 4; i++) {
		pw_well well = pw_well_at((int)i / 4, PW_PLATE_384, PW_BY_ROW);
		readings[i] =
			(pw_reading){well, "S",    targets[i % 4], "FAM", "",    PW_TASK_UNKNOWN,
				     true, 25.125, PW_AMP_YES,     "",    false, 0};
		curves[i] = (pw_curve){well, targets[i % 4], value, 45};
	}
	pw_quantstudio_write(&run, out);
}

/* How fast: tests/bench/bench_readers.c. */
START_TEST(test_the_largest_file_is_read_whole)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	write_large(&text);
	run_test_read_n(&t, text.ptr, text.len, "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.reading_count, 384 * 4);
	ck_assert_uint_eq(t.run.curve_count, 384 * 4);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_quantstudio_whole(void);

Suite *suite_quantstudio_whole(void)
{
	Suite *suite = suite_create("quantstudio_whole");
	TCase *tc = tcase_create("real");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_real_file_is_read_whole);
	tcase_add_test(tc, test_real_file_has_these_readings);
	tcase_add_test(tc, test_real_file_counts);
	tcase_add_test(tc, test_cut_real_file_is_never_a_shorter_run);
	suite_add_tcase(suite, tc);
	tc = tcase_create("large");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_the_largest_file_is_read_whole);
	suite_add_tcase(suite, tc);
	return suite;
}
