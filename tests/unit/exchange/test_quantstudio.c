/* QuantStudio text exports: the header, the traps of real exports, encodings, the plate. */
#include "core/base/text.h"
#include "tests/unit/exchange/quantstudio_text.h"
#include "tests/unit/exchange/run_test.h"

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

Suite *suite_quantstudio(void);

Suite *suite_quantstudio(void)
{
	Suite *suite = suite_create("quantstudio");
	TCase *tc = tcase_create("small");
	tcase_add_test(tc, test_header_is_read);
	LOOP(test_end_of_run_is_a_time, times);
	LOOP(test_trap_of_a_real_export, traps);
	LOOP(test_other_encodings_read_the_same, encodings);
	LOOP(test_plate_is_of_96_or_384, plates);
	suite_add_tcase(suite, tc);
	return suite;
}
