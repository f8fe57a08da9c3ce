#include <math.h>

#include "core/base/text.h"
#include "core/exchange/quantstudio.h"
#include "core/exchange/run_writer.h"
#include "tests/unit/exchange/run_test.h"

#define REAL "appbio_quantstudio_example02.txt"

#define HEAD                                                       \
	"* Block Type = 96-Well Block (0.2mL)\n"                   \
	"* Experiment Barcode = P00012\n"                          \
	"* Experiment Name = Plate 12\n"                           \
	"* Experiment Run End Time = 2020-04-02 17:53:33 PM UTC\n" \
	"* Instrument Serial Number = 278880034\n"                 \
	"* Instrument Type = QuantStudio(TM) 7 Flex System\n"      \
	"\n"

#define COLUMNS "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tCT\n"

/* -------------------------------------------------------------- the real file */

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

/* ------------------------------------------------------------------ small files */

START_TEST(test_header_is_read)
{
	run_test t;
	run_test_read(&t, HEAD "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n",
		      "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_str_eq(t.run.barcode, "P00012");
	ck_assert_str_eq(t.run.name, "Plate 12");
	ck_assert_str_eq(t.run.instrument, "QuantStudio(TM) 7 Flex System");
	pw_time end;
	ck_assert(pw_time_parse("2020-04-02T17:53:33Z", &end));
	ck_assert_int_eq(t.run.ended_at, end);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *text;
	const char *utc; /* "": not known */
} times[] = {
	{"2010-10-01 01:44:54 AM EDT", "2010-10-01T05:44:54Z"},
	{"2024-06-04 17:40:22 PM PDT", "2024-06-05T00:40:22Z"},
	{"2024-06-04 05:40:22 PM UTC", "2024-06-04T17:40:22Z"}, /* a clock of twelve hours */
	{"2024-06-04 12:10:00 AM UTC", "2024-06-04T00:10:00Z"},
	{"2024-06-04 12:10:00 PM UTC", "2024-06-04T12:10:00Z"},
	{"2024-06-04 00:10:00 AM UTC", "2024-06-04T00:10:00Z"},
	{"2024-06-04 17:40:22 JST", "2024-06-04T08:40:22Z"},
	{"2024-06-04 17:40:22 PM CST", "2024-06-04T17:40:22"}, /* this station's zone */
	{"2024-06-04 17:40:22", "2024-06-04T17:40:22"},
	{"Not Started", ""},
	{"NA", ""},
	{"", ""},
	{"yesterday", ""},
	{"2024-06-04", ""},
};

START_TEST(test_end_of_run_is_a_time)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text,
		    "* Experiment Run End Time = %s\n* Block Type = 96fast\n[Results]\n" COLUMNS
		    "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n",
		    times[_i].text);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	pw_time at = 0;
	ck_assert(times[_i].utc[0] == '\0' || pw_time_parse(times[_i].utc, &at));
	ck_assert_int_eq(t.run.ended_at, at);
	bool odd = strcmp(times[_i].text, "yesterday") == 0 ||
		   strcmp(times[_i].text, "2024-06-04") == 0;
	ck_assert_int_eq(run_test_finding(&t, "time") != NULL, odd);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

/* Each is one trap of a real export; all say: A1 N1 28.965, A2 N1 none. */
static const struct {
	const char *what, *text;
} traps[] = {
	{"no spaces around =",
	 "* Block Type=96-Well Block\n*Experiment Name =x\n\n[Results]\n" COLUMNS
	 "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n"},
	{"no Block Type",
	 "* Chemistry = TAQMAN\n\n[Results]\n" COLUMNS
	 "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUNDETERMINED\n"},
	{"Well 1.0",
	 HEAD "[Results]\n" COLUMNS
	      "1.0\tA1\tFALSE\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tA2\t0\tS2\tN1\tNTC\tFAM\t\n"},
	{"no Well Position", HEAD "[Results]\nWell\tSample Name\tTarget Name\tTask\tReporter\tCT\n"
				  "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tS2\tN1\tNTC\tFAM\tN/A\n"},
	{"7500: the well in Well, Cyrillic Cт",
	 "* Block Type = 96fast\n* Instrument Type = sds7500fast\n* Passive Reference =\n\n[Results]\n"
	 "Well\tSample Name\tTarget Name\tTask\tReporter\tC\xD1\x82\tC\xD1\x82 Mean\n"
	 "A1\tS1\tN1\tUNKNOWN\tFAM\t28.965\t28.965\nA2\tS2\tN1\tNTC\tFAM\tUndetermined\t\n"},
	{"Ct", HEAD "[Results]\nWell\tSample Name\tTarget Name\tTask\tReporter\tCt\n"
		    "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tS2\tN1\tNTC\tFAM\tNaN\n"},
	{"CRT", HEAD "[Results]\nWell\tSample Name\tTarget Name\tTask\tReporter\tCRT\n"
		     "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tS2\tN1\tNTC\tFAM\tnan\n"},
	{"Cq", HEAD "[Results]\nWell\tSample Name\tTarget Name\tTask\tReporter\tCq\n"
		    "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tS2\tN1\tNTC\tFAM\tUndetermined\n"},
	{"decimal comma",
	 HEAD "[Results]\nWell\tSample Name\tTarget Name\tTask\tReporter\tQuantity\tCT\n"
	      "1\tS1\tN1\tUNKNOWN\tFAM\t1.250,000\t28,965\n2\tS2\tN1\tNTC\tFAM\t\tUndetermined\n"},
	{"thousands, quoted colours, columns twice", HEAD
	 "[Results]\nWell\tWell Position\tSample Name\tTarget Name\tTask\tReporter\tCT\tQuantity\t"
	 "Target Color\tTarget Name\tTask\n"
	 "1\tA1\tS1\tN1\tUNKNOWN\tFAM\t28.965\t1,250.000\t\"RGB(176,23,31)\"\tN1\tUNKNOWN\n"
	 "2\tA2\tS2\tN1\tNTC\tFAM\tUndetermined\t\t\"RGB(176,23,31)\"\tN1\tNTC\n"},
	{"rows that are none behind the table", HEAD
	 "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n"
	 "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n\nAnalysis Type = Singleplex\n"
	 "Endogenous Control = GAPDH\nRQ Min/Max Confidence Level = 95.0\nReference Sample = S1\n"},
	{"the same with no empty line, in cells",
	 HEAD "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n"
	      "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\nAnalysis Type\tSingleplex\n"},
	{"another block behind",
	 HEAD "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n"
	      "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n[Melt Curve Raw Data]\n"
	      "Well\tReading\n1\t1\n"},
	{"CRLF", "* Block Type = 96-Well Block\r\n* Experiment Name = x\r\n\r\n[Results]\r\n"
		 "Well\tSample Name\tTarget Name\tTask\tReporter\tCT\r\n"
		 "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\r\n2\tS2\tN1\tNTC\tFAM\tUndetermined\r\n\r\n"},
	{"CR", "* Block Type = 96-Well Block\r* Experiment Name = x\r\r[Results]\r"
	       "Well\tSample Name\tTarget Name\tTask\tReporter\tCT\r"
	       "1\tS1\tN1\tUNKNOWN\tFAM\t28.965\r2\tS2\tN1\tNTC\tFAM\tUndetermined\r"},
	{"no line end behind the last row",
	 HEAD "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n"
	      "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined"},
	{"commas, resaved by a spreadsheet",
	 "* Block Type = 96-Well Block,,,,,\n* Experiment Name = x,,,,,\n,,,,,\n[Results],,,,,\n"
	 "Well,Sample Name,Target Name,Task,Reporter,CT\n"
	 "1,S1,N1,UNKNOWN,FAM,28.965\n2,S2,N1,NTC,FAM,Undetermined\n"},
	{"semicolons and decimal comma",
	 "* Block Type = 96-Well Block\n[Results]\nWell;Sample Name;Target Name;Task;Reporter;CT\n"
	 "1;S1;N1;UNKNOWN;FAM;28,965\n2;S2;N1;NTC;FAM;Undetermined\n"},
	{"wells that are not in use",
	 HEAD "[Results]\n" COLUMNS "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n"
	      "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n3\tA3\tfalse\t\t\t\t\t\n"
	      "4\tA4\tfalse\t\t\t\t\tUndetermined\n"},
	{"a comment of two lines that opens a quote",
	 "* Block Type = 96-Well Block\n* Experiment Comment = see\n\"the other plate\n\n[Results]\n" COLUMNS
	 "1\tA1\tfalse\tS1\tN1\tUNKNOWN\tFAM\t28.965\n2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n"},
};

#define TRAPS (sizeof(traps) / sizeof(traps[0]))

static void check_two_readings(const run_test *t, const char *what)
{
	ck_assert_msg(t->rc == PW_OK, "%s: %s", what, t->err.msg);
	ck_assert_uint_eq(t->run.reading_count, 2);
	const pw_reading *a1 = run_test_find(t, "A1", "N1"), *a2 = run_test_find(t, "A2", "N1");
	ck_assert_msg(a1->has_cq && a1->cq == 28.965, "%s: %f", what, a1->cq);
	ck_assert_msg(!a2->has_cq && a2->cq == 0, "%s", what);
	ck_assert_str_eq(a1->sample, "S1");
	ck_assert_str_eq(a1->reporter, "FAM");
	ck_assert_int_eq(a1->task, PW_TASK_UNKNOWN);
	ck_assert_int_eq(a2->task, PW_TASK_NTC);
	ck_assert_int_eq(a1->amp, PW_AMP_UNKNOWN);
	ck_assert_int_eq(pw_plate_wells(t->run.plate), 96);
}

START_TEST(test_trap_of_a_real_export)
{
	run_test t;
	run_test_read(&t, traps[_i].text, "x.txt");
	check_two_readings(&t, traps[_i].what);
	run_test_clear(&t);
}
END_TEST

static const pw_encoding encodings[] = {PW_UTF16LE, PW_UTF16BE, PW_GB18030};

START_TEST(test_other_encodings_read_the_same)
{
	const char *text =
		HEAD "[Results]\n" COLUMNS
		     "1\tA1\tfalse\t\xE6\xA0\xB7\xE6\x9C\xAC 1\tN1\tUNKNOWN\tFAM\t28.965\n"
		     "2\tA2\tfalse\tS2\tN1\tNTC\tFAM\tUndetermined\n";
	pw_str bytes = PW_STR_INIT;
	run_test t;
	ck_assert_int_eq(pw_text_encode(text, strlen(text), encodings[_i], &bytes, NULL), PW_OK);
	run_test_read_n(&t, bytes.ptr, bytes.len, "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_str_eq(run_test_find(&t, "A1", "N1")->sample, "\xE6\xA0\xB7\xE6\x9C\xAC 1");
	run_test_clear(&t);
	pw_str_clear(&bytes);
}
END_TEST

/* ----------------------------------------------------------------------- plate */

static const struct {
	const char *block, *well, *position;
	int wells; /* 0: refused */
	const char *says;
} plates[] = {
	{"96-Well Block (0.2mL)", "13", "B1", 96, ""},
	{"96-Well 0.1-mL Block", "96", "H12", 96, ""},
	{"384-Well Block", "25", "B1", 384, ""},
	{"384-Well Block", "384", "P24", 384, ""},
	{"96alum", "A1", "", 96, ""},
	{"NA", "13", "B1", 96, ""},
	{"", "25", "B1", 384, ""},
	{"", "1", "A1", 96, ""},
	{"", "97", "", 384, ""},
	{"", "P24", "", 384, ""},
	{"48-Well Block", "1", "A1", 0, "x.txt:1: Block Type is '48-Well Block'"},
	{"Array Card Block", "1", "A1", 0, "only plates of 96 and 384"},
	{"12 OpenArray 3072", "1", "A1", 0, "only plates of 96 and 384"},
	{"96-Well Block (0.2mL)", "97", "", 0, "x.txt:5:1: well 97 is not on a 96-well plate"},
	{"96-Well Block (0.2mL)", "1", "I1", 0, "x.txt:5:3: well 'I1' is not on a 96-well plate"},
	{"384-Well Block", "13", "B1", 0, "well 13 and position B1 are two places"},
	{"384-Well Block", "0", "", 0, "'0' is not a well"},
	{"384-Well Block", "1.5", "", 0, "'1.5' is not a well"},
	{"384-Well Block", "", "", 0, "'' is not a well"},
};

START_TEST(test_plate_is_of_96_or_384)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text,
		    "* Block Type = %s\n* Experiment Name = x\n[Results]\n"
		    "Well\tWell Position\tTarget Name\tCT\n%s\t%s\tN1\t20.5\n",
		    plates[_i].block, plates[_i].well, plates[_i].position);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	if (plates[_i].wells > 0) {
		ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
		ck_assert_int_eq(pw_plate_wells(t.run.plate), plates[_i].wells);
	} else {
		ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
		ck_assert_ptr_null(t.run.readings);
		ck_assert_msg(strstr(t.err.msg, plates[_i].says) != NULL, "%s", t.err.msg);
	}
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

/* --------------------------------------------------------------- amplification */

static const struct {
	const char *status, *noamp, *cq;
	pw_amp amp;
} statuses[] = {
	{"Amp", NULL, "20.5", PW_AMP_YES},
	{"AMP", NULL, "20.5", PW_AMP_YES},
	{"No Amp", NULL, "20.5", PW_AMP_NO},
	{"NO_AMP", NULL, "", PW_AMP_NO},
	{"Inconclusive", NULL, "20.5", PW_AMP_INCONCLUSIVE},
	{"INCONCLUSIVE", NULL, "", PW_AMP_INCONCLUSIVE},
	{"", NULL, "20.5", PW_AMP_UNKNOWN},
	{"Amp", "Y", "20.5", PW_AMP_YES}, /* the status wins over the flag */
	{"", "Y", "", PW_AMP_UNKNOWN},
	{NULL, "Y", "Undetermined", PW_AMP_NO},
	{NULL, "N", "20.5", PW_AMP_YES},
	{NULL, "N", "Undetermined", PW_AMP_UNKNOWN},
	{NULL, "Y", "38.2", PW_AMP_NO}, /* both are kept */
	{NULL, "", "20.5", PW_AMP_UNKNOWN},
	{NULL, NULL, "20.5", PW_AMP_UNKNOWN},
};

START_TEST(test_amplification_is_a_field_of_its_own)
{
	const char *status = statuses[_i].status, *noamp = statuses[_i].noamp;
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, HEAD "[Results]\nWell\tTarget Name\tCT%s%s\n1\tN1\t%s",
		    status != NULL ? "\tAmp Status" : "", noamp != NULL ? "\tNOAMP" : "",
		    statuses[_i].cq);
	if (status != NULL)
		pw_str_addf(&text, "\t%s", status);
	if (noamp != NULL)
		pw_str_addf(&text, "\t%s", noamp);
	pw_str_add(&text, "\n");
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	const pw_reading *r = run_test_find(&t, "A1", "N1");
	ck_assert_int_eq(r->amp, statuses[_i].amp);
	ck_assert_int_eq(r->has_cq, statuses[_i].cq[0] == '2' || statuses[_i].cq[0] == '3');
	bool odd = status == NULL && noamp != NULL && strcmp(statuses[_i].cq, "38.2") == 0;
	ck_assert_int_eq(run_test_finding(&t, "noamp-with-cq") != NULL, odd);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_flag_of_a_well_is_explained_by_the_target_without_cq)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Results]\nWell\tTarget Name\tCT\tNOAMP\n"
			   "1\tIPC\t32.874\tY\n1\tN1\tUndetermined\tY\n"
			   "2\tIPC\t32.9\tY\n2\tN1\t38.1\tY\n",
		      "x.txt");
	ck_assert_int_eq(run_test_find(&t, "A1", "IPC")->amp, PW_AMP_UNKNOWN);
	ck_assert_int_eq(run_test_find(&t, "A1", "N1")->amp, PW_AMP_NO);
	ck_assert_int_eq(run_test_find(&t, "A2", "IPC")->amp, PW_AMP_NO);
	ck_assert_double_eq(run_test_find(&t, "A2", "IPC")->cq, 32.9);
	ck_assert_int_eq(run_test_find(&t, "A2", "N1")->amp, PW_AMP_NO);
	const pw_finding *f = run_test_finding(&t, "noamp-with-cq");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->line, 12);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *text;
	int omitted; /* -1: refused */
} omits[] = {{"true", 1},  {"TRUE", 1},  {"True", 1}, {"1", 1}, {"false", 0},
	     {"FALSE", 0}, {"False", 0}, {"0", 0},    {"", 0},  {"perhaps", -1}};

START_TEST(test_omitted_wells_are_marked)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, HEAD "[Results]\nWell\tOmit\tTarget Name\tCT\n1\t%s\tN1\t20.5\n",
		    omits[_i].text);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	if (omits[_i].omitted < 0) {
		ck_assert_str_eq(t.err.msg,
				 "x.txt:10:3: Omit is 'perhaps', which is none of its words: "
				 "mend it or export it again");
	} else {
		ck_assert_int_eq(t.rc, PW_OK);
		ck_assert_int_eq(t.run.readings[0].omitted, omits[_i].omitted);
	}
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

/* ---------------------------------------------------------------------- curves */

#define ONE_RESULT "[Results]\nWell\tTarget Name\tCT\n1\tN1\t20.5\n"

START_TEST(test_curves_come_from_delta_rn)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Amplification Data]\nWell\tCycle\tTarget Name\tRn\tDelta Rn\n"
			   "1\t1\tN1\t1.000\t-0.001\n1\t2\tN1\t1.1\t1,250.500\n1\t3\tN1\t1\t2\n"
			   "[Results]\nWell\tTarget Name\tCT\n1\tN1\t2.5\n",
		      "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 1);
	ck_assert_uint_eq(t.run.curves[0].cycles, 3);
	ck_assert_double_eq(t.run.curves[0].value[0], -0.001);
	ck_assert_double_eq(t.run.curves[0].value[1], 1250.5);
	ck_assert_double_eq(t.run.curves[0].value[2], 2);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_curves_come_from_rn_where_there_is_no_delta_rn)
{
	run_test t;
	run_test_read(&t,
		      HEAD "[Amplification Data]\nWell\tWell Position\tCycle\tTarget Name\tRn\n"
			   "1\t      A1\t2\tN1\t1,5\n1\tA1\t1\tN1\t1,25\n2\tA2\t1\tN1\t\n"
			   "[Results]\nWell\tTarget Name\tCT\n1\tN1\tUndetermined\n",
		      "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 1);
	ck_assert_uint_eq(t.run.curves[0].cycles, 2);
	ck_assert_double_eq(t.run.curves[0].value[0], 1.25);
	ck_assert_double_eq(t.run.curves[0].value[1], 1.5);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *rows, *says;
} bad_curves[] = {
	{"1\t1\tN1\t0.5\n1\t3\tN1\t0.5\n", "has no fluorescence at cycle 2"},
	{"1\t1\tN1\t0.5\n1\t1\tN1\t0.5\n",
	 "x.txt:11:3: cycle 1 of well A1, target 'N1' is here and in line 10"},
	{"1\tx\tN1\t0.5\n", "x.txt:10:3: 'x' is no cycle"},
	{"1\t201\tN1\t0.5\n", "x.txt:10:3: 201 is not a cycle"},
	{"1\t1\tN1\tmuch\n", "x.txt:10:8: 'much' is not a number with a decimal point"},
	{"1\t1\tN1\t0,5\n", "'0,5' is not a number with a decimal point"},
	{"200\t1\tN1\t0.5\n", "x.txt:10:1: well 200 is not on a 96-well plate"},
};

START_TEST(test_bad_curve_is_refused)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text,
		    HEAD "[Amplification Data]\nWell\tCycle\tTarget Name\tDelta Rn\n%s" ONE_RESULT,
		    bad_curves[_i].rows);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, bad_curves[_i].says) != NULL, "%s", t.err.msg);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_curves_without_a_column_are_left_out_with_a_warning)
{
	run_test t;
	run_test_read(&t,
		      HEAD
		      "[Amplification Data]\nWell\tTarget Name\tDelta Rn\n1\tN1\t0.5\n" ONE_RESULT,
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert_uint_eq(t.run.curve_count, 0);
	ck_assert_ptr_nonnull(run_test_finding(&t, "missing-column"));
	run_test_clear(&t);
}
END_TEST

/* -------------------------------------------------------------------- warnings */

static const struct {
	const char *cq;
	bool curves; /* of three cycles */
	const char *code;
} sentinels[] = {
	{"40.000", false, "last-cycle"}, {"45", false, "last-cycle"},  {"39.999", false, NULL},
	{"3.000", true, "last-cycle"},   {"40.0", true, "beyond-run"}, {"2.5", true, NULL},
};

START_TEST(test_cq_of_the_last_cycle_stays_a_number_with_a_warning)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_add(&text, HEAD);
	if (sentinels[_i].curves)
		pw_str_add(&text, "[Amplification Data]\nWell\tCycle\tTarget Name\tDelta Rn\n"
				  "1\t1\tN1\t0.1\n1\t2\tN1\t0.2\n1\t3\tN1\t0.4\n");
	pw_str_addf(&text, "[Results]\nWell\tTarget Name\tCT\n1\tN1\t%s\n", sentinels[_i].cq);
	run_test_read(&t, pw_str_text(&text), "x.txt");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert(t.run.readings[0].has_cq);
	ck_assert_double_gt(t.run.readings[0].cq, 2);
	if (sentinels[_i].code == NULL)
		ck_assert_uint_eq(t.report.len, 0);
	else
		ck_assert_ptr_nonnull(run_test_finding(&t, sentinels[_i].code));
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_setup_without_result_is_a_warning)
{
	run_test t;
	run_test_read(&t,
		      HEAD
		      "[Sample Setup]\nWell\tWell Position\tSample Name\tTarget Name\tTask\n"
		      "1\tA1\tS1\tN1\tUNKNOWN\n2\tA2\tS2\tN1\tUNKNOWN\n3\tA3\t\t\t\n" ONE_RESULT,
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_OK);
	const pw_finding *f = run_test_finding(&t, "setup-without-result");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->line, 11);
	ck_assert_msg(strstr(f->text, "well A2, target 'N1'") != NULL, "%s", f->text);
	run_test_clear(&t);
}
END_TEST

/* ---------------------------------------------------------------------- errors */

static const struct {
	const char *text, *says;
} broken[] = {
	{HEAD, "x.txt: there is no [Results] block"},
	{HEAD "[Sample Setup]\nWell\tTarget Name\n1\tN1\n", "there is no [Results] block"},
	{HEAD "[Results]", "the block [Results] is empty"},
	{HEAD "[Results]\n\n\n", "the block [Results] is empty"},
	{HEAD "[Results]\n" COLUMNS, "has no rows"},
	{HEAD "[Results]\nWell\tCT\n1\t20\n",
	 "x.txt:9: the table [Results] has no column 'Target Name'"},
	{HEAD "[Results]\nTarget Name\tCT\nN1\t20\n", "has no column 'Well'"},
	{HEAD "[Results]\nWell\tTarget Name\tRn\n1\tN1\t20\n", "has no column 'CT'"},
	{HEAD ONE_RESULT ONE_RESULT, "x.txt:11: [Results] is here and in line 8"},
	{HEAD ONE_RESULT "1\tN1\t21\n", "x.txt:11: well A1, target 'N1' is here and in line 10"},
	{HEAD ONE_RESULT "2\tN1\tlots\n", "x.txt:11:6: 'lots' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t-1.0\n", "x.txt:11:6: '-1.0' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t0\n", "'0' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t#####\n", "'#####' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t28,965\n",
	 "'28,965' is no Cq: a number above 0 with a decimal point"},
	{HEAD ONE_RESULT "2\tN1\tinf\n", "'inf' is no Cq"},
	{HEAD ONE_RESULT "2\tN1\t0x1p3\n", "'0x1p3' is no Cq"},
	{HEAD ONE_RESULT "2\t\t21\n", "x.txt:11:3: a Cq without a target"},
	{HEAD ONE_RESULT "2\tN1\n", "x.txt:11: the row has 2 of the table's 3 columns"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tRn\n1\tN1\t20.5\t1\n2\tN1\t21",
	 "x.txt:11: the row has 3 of the table's 4 columns: the file is cut here"},
	{HEAD ONE_RESULT "2\tN1\t\"21\n", "x.txt:11:6: the quote that opens here is never closed"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tAmp Status\n1\tN1\t20.5\tmaybe\n",
	 "Amp Status is 'maybe'"},
	{HEAD "[Results]\nWell\tTarget Name\tCT\tNOAMP\n1\tN1\t20.5\tmaybe\n", "NOAMP is 'maybe'"},
};

START_TEST(test_broken_file_says_where_and_what)
{
	run_test t;
	run_test_read(&t, broken[_i].text, "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, broken[_i].says) != NULL, "%s", t.err.msg);
	ck_assert_ptr_null(t.run.readings);
	ck_assert_uint_ge(t.report.errors, 1);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_every_wrong_row_is_reported)
{
	run_test t;
	run_test_read(&t, HEAD ONE_RESULT "2\tN1\tlots\n3\tN1\t21\n99\tN1\t21\n4\tN1\t-3\n",
		      "x.txt");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_uint_eq(t.report.errors, 3);
	static const int lines[] = {11, 13, 14};
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(t.report.findings[i].line, lines[i]);
	ck_assert_msg(strstr(t.err.msg, "(and 2 more)") != NULL, "%s", t.err.msg);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_errors_stop_at_a_hundred_and_old_ones_do_not_count)
{
	pw_str text = PW_STR_INIT;
	pw_report report = PW_REPORT_INIT;
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file run = {.reading_count = 0};
	pw_str_add(&text, HEAD ONE_RESULT);
	for (int i = 0; i < 500; i++)
		pw_str_addf(&text, "2\tN%d\tlots\n", i);
	for (int i = 0; i < 200; i++)
		pw_report_add(&report, PW_ERROR, "other", 0, 0, "of another file");
	ck_assert_int_eq(pw_run_file_read(text.ptr, text.len, "x.txt", &arena, &run, &report, NULL),
			 PW_ERR_FORMAT);
	ck_assert_uint_eq(report.errors, 300);
	ck_assert_int_eq(pw_run_file_read(HEAD ONE_RESULT, strlen(HEAD ONE_RESULT), "x.txt", &arena,
					  &run, &report, NULL),
			 PW_OK);
	ck_assert_uint_eq(run.reading_count, 1);
	pw_report_clear(&report);
	pw_arena_clear(&arena);
	pw_str_clear(&text);
}
END_TEST

/* ----------------------------------------------------------------------- the largest */

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

Suite *suite_quantstudio(void);

#define LOOP(test, table) \
	tcase_add_loop_test(tc, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_quantstudio(void)
{
	Suite *suite = suite_create("quantstudio");
	TCase *tc = tcase_create("real");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_real_file_is_read_whole);
	tcase_add_test(tc, test_real_file_has_these_readings);
	tcase_add_test(tc, test_real_file_counts);
	tcase_add_test(tc, test_cut_real_file_is_never_a_shorter_run);
	suite_add_tcase(suite, tc);

	tc = tcase_create("small");
	tcase_add_test(tc, test_header_is_read);
	LOOP(test_end_of_run_is_a_time, times);
	LOOP(test_trap_of_a_real_export, traps);
	LOOP(test_other_encodings_read_the_same, encodings);
	LOOP(test_plate_is_of_96_or_384, plates);
	LOOP(test_amplification_is_a_field_of_its_own, statuses);
	tcase_add_test(tc, test_flag_of_a_well_is_explained_by_the_target_without_cq);
	LOOP(test_omitted_wells_are_marked, omits);
	tcase_add_test(tc, test_curves_come_from_delta_rn);
	tcase_add_test(tc, test_curves_come_from_rn_where_there_is_no_delta_rn);
	LOOP(test_bad_curve_is_refused, bad_curves);
	tcase_add_test(tc, test_curves_without_a_column_are_left_out_with_a_warning);
	LOOP(test_cq_of_the_last_cycle_stays_a_number_with_a_warning, sentinels);
	tcase_add_test(tc, test_setup_without_result_is_a_warning);
	LOOP(test_broken_file_says_where_and_what, broken);
	tcase_add_test(tc, test_every_wrong_row_is_reported);
	tcase_add_test(tc, test_errors_stop_at_a_hundred_and_old_ones_do_not_count);
	suite_add_tcase(suite, tc);

	tc = tcase_create("large");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_the_largest_file_is_read_whole);
	suite_add_tcase(suite, tc);
	return suite;
}
