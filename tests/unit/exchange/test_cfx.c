#include <math.h>

#include "core/base/text.h"
#include "core/exchange/cfx.h"
#include "tests/unit/exchange/run_test.h"

#define STEM     "sam_2024-12-12_08-32-31_Connect-VIPERIN-03-Quantification-"
#define REAL_CQ  STEM "Cq-Results.csv"
#define REAL_AMP STEM "Amplification-Results_SYBR.csv"
#define TARGET   "Cg_VIPERIN_F/R (SR IDs: 1828/9)"

#define COLUMNS \
	",Well,Fluor,Target,Content,Sample,Biological Set Name,Cq,Cq Mean,Set Point,Well Note\r\n"
#define A1 ",A01,FAM,N1,Unkn-01,S1,,28.5,28.5,60,\r\n"

/* ------------------------------------------------------------------ the real pair */

/* Reads both files; false when they are not there. */
static bool read_pair(run_test *t)
{
	pw_str cq = PW_STR_INIT, amp = PW_STR_INIT;
	bool there = run_test_shared(REAL_CQ, &cq) && run_test_shared(REAL_AMP, &amp);
	if (there) {
		run_test_read_n(t, cq.ptr, cq.len, "dir\\" REAL_CQ);
		ck_assert_msg(t->rc == PW_OK, "%s", t->err.msg);
		t->rc = pw_cfx_read_curves(amp.ptr, amp.len, REAL_AMP, &t->arena, &t->run,
					   &t->report, &t->err);
		ck_assert_msg(t->rc == PW_OK, "%s", t->err.msg);
	}
	pw_str_clear(&cq);
	pw_str_clear(&amp);
	return there;
}

START_TEST(test_real_pair_is_read_whole)
{
	run_test t;
	if (!read_pair(&t))
		return;
	ck_assert_str_eq(t.run.format, "cfx-cq");
	ck_assert_str_eq(t.run.name, "sam_2024-12-12_08-32-31_Connect-VIPERIN-03");
	ck_assert_str_eq(t.run.barcode, "");
	ck_assert_int_eq(pw_plate_wells(t.run.plate), 96);
	ck_assert_uint_eq(t.run.reading_count, 48);
	ck_assert_uint_eq(t.run.curve_count, 48);
	ck_assert_uint_eq(t.report.len, 0);
	size_t cqs = 0, ntcs = 0;
	for (size_t i = 0; i < 48; i++) {
		const pw_reading *r = &t.run.readings[i];
		cqs += r->has_cq;
		ntcs += r->task == PW_TASK_NTC;
		ck_assert_str_eq(r->target, TARGET);
		ck_assert_str_eq(r->reporter, "SYBR");
		ck_assert_int_eq(r->amp, PW_AMP_UNKNOWN);
		ck_assert_uint_eq(t.run.curves[i].cycles, 40);
		ck_assert_int_eq(r->line, (int)i + 2);
	}
	ck_assert_uint_eq(cqs, 44);
	ck_assert_uint_eq(ntcs, 3);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_real_pair_has_these_values)
{
	run_test t;
	if (!read_pair(&t))
		return;
	const pw_reading *a1 = run_test_find(&t, "A1", TARGET),
			 *c8 = run_test_find(&t, "C8", TARGET);
	const pw_reading *d12 = run_test_find(&t, "D12", TARGET);
	ck_assert_double_eq(a1->cq, 28.9649000646057);
	ck_assert_str_eq(a1->sample, "351");
	ck_assert_str_eq(a1->task_text, "Unkn-01");
	ck_assert_int_eq(a1->task, PW_TASK_UNKNOWN);
	ck_assert(!c8->has_cq && c8->cq == 0);
	ck_assert_int_eq(c8->task, PW_TASK_UNKNOWN);
	ck_assert(!d12->has_cq);
	ck_assert_str_eq(d12->task_text, "NTC-01");
	ck_assert_double_eq(run_test_curve(&t, "A1", TARGET)->value[0], -128.23699750081);
	ck_assert_double_eq(run_test_curve(&t, "A1", TARGET)->value[39], 16856.0799213101);
	run_test_clear(&t);
}
END_TEST

/* The fluorescence at a cycle that is no whole number, from 1. */
static double between(const pw_curve *c, double cycle)
{
	size_t i = (size_t)floor(cycle) - 1;
	return c->value[i] + (c->value[i + 1] - c->value[i]) * (cycle - floor(cycle));
}

/* Where the curve crosses the threshold for good, or 0. */
static double crossing(const pw_curve *c, double threshold)
{
	size_t i = c->cycles;
	while (i > 0 && c->value[i - 1] > threshold)
		i--;
	if (i == c->cycles || i == 0)
		return 0;
	double below = c->value[i - 1], above = c->value[i];
	return (double)i + (threshold - below) / (above - below);
}

/*
 * The strongest anchor there is: with one threshold per plate and dye, which any one well gives away,
 * every Cq of CFX is the linear interpolation of its own curve. Reading either file wrongly breaks it.
 */
START_TEST(test_every_cq_of_the_real_pair_follows_from_its_curve)
{
	run_test t;
	if (!read_pair(&t))
		return;
	const pw_reading *a1 = run_test_find(&t, "A1", TARGET);
	double threshold = between(run_test_curve(&t, "A1", TARGET), a1->cq);
	ck_assert_double_gt(threshold, 0);
	for (size_t i = 0; i < t.run.reading_count; i++) {
		const pw_reading *r = &t.run.readings[i];
		const pw_curve *c = &t.run.curves[i];
		ck_assert(pw_well_eq(r->well, c->well));
		double cq = crossing(c, threshold);
		ck_assert_int_eq(r->has_cq, cq > 0);
		ck_assert_double_lt(fabs(cq - r->cq), 1e-6);
	}
	run_test_clear(&t);
}
END_TEST

START_TEST(test_cut_real_file_is_refused_or_a_whole_row_shorter)
{
	pw_str bytes = PW_STR_INIT;
	if (!run_test_shared(REAL_CQ, &bytes))
		return;
	for (size_t n = 0; n < bytes.len; n++) {
		run_test t;
		run_test_read_n(&t, bytes.ptr, n, REAL_CQ);
		if (t.rc ==
		    PW_OK) /* at a row's end, in front of its CRLF or behind its last comma */
			ck_assert_msg(strchr("\r\n,", bytes.ptr[n - 1]) != NULL, "cut at %zu", n);
		run_test_clear(&t);
	}
	pw_str_clear(&bytes);
}
END_TEST

/* --------------------------------------------------------------------- small files */

/* All say: A1 N1 FAM 28.5, A2 N1 FAM none. */
static const struct {
	const char *what, *text;
} variants[] = {
	{"as CFX writes it", COLUMNS A1 ",A02,FAM,N1,NTC-01,S2,,NaN,0,60,\r\n"},
	{"trailing comma in the header",
	 ",Well,Fluor,Target,Content,Sample,Cq,Well Note,\r\n,A01,FAM,N1,Unkn,S1,28.5,,\r\n"
	 ",A02,FAM,N1,NTC,S2,NaN,,\r\n"},
	{"no trailing comma in the rows, no line end at the end",
	 ",Well,Fluor,Target,Content,Sample,Cq,\r\n,A01,FAM,N1,Unkn,S1,28.5\r\n,A02,FAM,N1,NTC,S2,NaN"},
	{"LF, N/A", ",Well,Fluor,Target,Content,Sample,Cq\n,A01,FAM,N1,Unkn,S1,28.5\n"
		    ",A02,FAM,N1,Neg Ctrl,S2,N/A\n"},
	{"A1 for A01, other order",
	 "Cq,Sample,Content,Target,Fluor,Well\n28.5,S1,Unkn-3,N1,FAM,A1\n,S2,NTC,N1,FAM,A2\n"},
	{"a block in front",
	 "File Name,P7.pcrd\nCreated By User,admin\nNotes,\nID,P00012\nRun Started,04/28/2020 19:50:00 UTC\n"
	 "Run Ended,04/28/2020 21:30:22 UTC\nSample Vol,20\nLid Temp,105\nProtocol File Name,a;b;c.prcl\n"
	 "Base Serial Number,CT022912\nCFX Maestro Version,5.0.021.0616\n\n"
	 "Well,Fluor,Target,Content,Sample,Cq,Starting Quantity (SQ)\n"
	 "A01,FAM,N1,Unkn,S1,28.5,N/A\nA02,FAM,N1,NTC,S2,N/A,N/A\n"},
	{"decimal comma", ";Well;Fluor;Target;Content;Sample;Cq;Cq Mean\r\n"
			  ";A01;FAM;N1;Unkn-01;S1;28,5;28,9\r\n;A02;FAM;N1;NTC-01;S2;NaN;0\r\n"},
	{"decimal comma, quoted",
	 ",Well,Fluor,Target,Content,Sample,Cq\r\n"
	 ",A01,FAM,N1,Unkn-01,S1,\"28,5\"\r\n,A02,FAM,N1,NTC-01,S2,NaN\r\n"},
	{"tabs", "\tWell\tFluor\tTarget\tContent\tSample\tCq\n\tA01\tFAM\tN1\tUnkn\tS1\t28.5\n"
		 "\tA02\tFAM\tN1\tNTC\tS2\tNaN\n"},
	{"wells that are not in use",
	 ",Well,Fluor,Target,Content,Sample,Cq\n,A01,FAM,N1,Unkn,S1,28.5\n,A02,FAM,N1,NTC,S2,NaN\n"
	 ",A03,,,,,NaN\n"},
};

START_TEST(test_variant_is_read)
{
	run_test t;
	run_test_read(&t, variants[_i].text, "P7 -  Quantification Cq Results.csv");
	ck_assert_msg(t.rc == PW_OK, "%s: %s", variants[_i].what, t.err.msg);
	ck_assert_uint_eq(t.run.reading_count, 2);
	const pw_reading *a1 = run_test_find(&t, "A1", "N1"), *a2 = run_test_find(&t, "A2", "N1");
	ck_assert_double_eq(a1->cq, 28.5);
	ck_assert(!a2->has_cq);
	ck_assert_int_eq(a1->task, PW_TASK_UNKNOWN);
	ck_assert_int_eq(a2->task, PW_TASK_NTC);
	ck_assert_str_eq(a1->sample, "S1");
	ck_assert_str_eq(a1->reporter, "FAM");
	ck_assert_str_eq(t.run.name, "P7");
	run_test_clear(&t);
}
END_TEST

START_TEST(test_block_in_front_is_read)
{
	run_test t;
	run_test_read(&t, variants[5].text, "other -  Quantification Cq Results.csv");
	ck_assert_str_eq(t.run.name, "P7");
	ck_assert_str_eq(t.run.barcode, "P00012");
	ck_assert_str_eq(t.run.serial, "CT022912");
	ck_assert_str_eq(t.run.software, "CFX Maestro 5.0.021.0616");
	pw_time end;
	ck_assert(pw_time_parse("2020-04-28T21:30:22Z", &end));
	ck_assert_int_eq(t.run.ended_at, end);
	run_test_clear(&t);
}
END_TEST

static const pw_encoding encodings[] = {PW_UTF16LE, PW_UTF16BE, PW_GB18030};

START_TEST(test_other_encodings_read_the_same)
{
	const char *text =
		COLUMNS ",A01,FAM,N1,Unkn-01,\xE6\xA0\xB7\xE6\x9C\xAC,,28.5,28.5,60,\r\n";
	pw_str bytes = PW_STR_INIT;
	run_test t;
	ck_assert_int_eq(pw_text_encode(text, strlen(text), encodings[_i], &bytes, NULL), PW_OK);
	run_test_read_n(&t, bytes.ptr, bytes.len, "x.csv");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_str_eq(t.run.readings[0].sample, "\xE6\xA0\xB7\xE6\x9C\xAC");
	run_test_clear(&t);
	pw_str_clear(&bytes);
}
END_TEST

START_TEST(test_dyes_of_one_well_are_readings_of_their_own)
{
	run_test t;
	run_test_read(&t,
		      COLUMNS
		      ",B01,FAM,,Unkn,S1,,21.5,21.5,60,\r\n,A12,FAM,,Unkn,S2,,22.5,21.5,60,\r\n"
		      ",B01,VIC,RP,Unkn,S1,,23.5,21.5,60,\r\n,A12,VIC,RP,Unkn,S2,,NaN,0,60,\r\n",
		      "x.csv");
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	static const char *const order[] = {"FAM", "RP", "FAM", "RP"};
	ck_assert_uint_eq(t.run.reading_count, 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_str_eq(t.run.readings[i].target, order[i]);
		ck_assert_int_eq(t.run.readings[i].well.row, i < 2 ? 0 : 1);
	}
	ck_assert_double_eq(run_test_find(&t, "B1", "RP")->cq, 23.5);
	ck_assert_str_eq(run_test_find(&t, "B1", "RP")->reporter, "VIC");
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *well;
	int wells;
} plates[] = {{"H12", 96}, {"I01", 384}, {"A13", 384}, {"P24", 384}};

START_TEST(test_plate_comes_from_the_wells)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, COLUMNS ",%s,FAM,N1,Unkn-01,S1,,28.5,28.5,60,\r\n", plates[_i].well);
	run_test_read(&t, pw_str_text(&text), "x.csv");
	ck_assert_int_eq(pw_plate_wells(t.run.plate), plates[_i].wells);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

static const struct {
	const char *text;
	pw_task task;
} contents[] = {
	{"Unkn", PW_TASK_UNKNOWN},
	{"Unkn-01", PW_TASK_UNKNOWN},
	{"Std-1", PW_TASK_STANDARD},
	{"Std", PW_TASK_STANDARD},
	{"NTC", PW_TASK_NTC},
	{"NTC-12", PW_TASK_NTC},
	{"Pos Ctrl", PW_TASK_POSITIVE},
	{"Pos Ctrl-2", PW_TASK_POSITIVE},
	{"Neg Ctrl", PW_TASK_NTC},
	{"Pos", PW_TASK_POSITIVE},
	{"Neg", PW_TASK_NTC},
	{"NRT", PW_TASK_OTHER},
	{"", PW_TASK_OTHER},
};

START_TEST(test_content_says_what_is_in_the_well)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_str_addf(&text, COLUMNS ",A01,FAM,N1,%s,S1,,28.5,28.5,60,\r\n", contents[_i].text);
	run_test_read(&t, pw_str_text(&text), "x.csv");
	ck_assert_int_eq(t.run.readings[0].task, contents[_i].task);
	ck_assert_str_eq(t.run.readings[0].task_text, contents[_i].text);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

static const struct {
	const char *file, *name, *barcode;
} names[] = {
	{"P00012 -  Quantification Cq Results.csv", "P00012", "P00012"},
	{"/a/b/P00012_Quantification_Cq_Results.csv", "P00012", "P00012"},
	{"C:\\a\\P00012-Quantification-Cq-Results.csv", "P00012", "P00012"},
	{"P00012-Quantificatio-Cq-Results.csv", "P00012", "P00012"},
	{"P00012_repeat -  Quantification Cq Results.csv", "P00012_repeat", "P00012"},
	{"PCR-000123-7 -  Quantification Cq Results.csv", "PCR-000123-7", "PCR-000123-7"},
	{"admin_2026-02-16 11-12-20_783BR20183 -  Quantification Cq Results.csv",
	 "admin_2026-02-16 11-12-20_783BR20183", ""},
	{"2024-12-12 -  Quantification Cq Results.csv", "2024-12-12", ""},
	{"ADMIN_x -  Quantification Cq Results.csv", "ADMIN_x", ""},
	{"P12abc -  Quantification Cq Results.csv", "P12abc", ""},
	{"results.csv", "results", ""},
	{"", "", ""},
};

START_TEST(test_name_and_barcode_come_from_the_file_name)
{
	run_test t;
	run_test_read(&t, COLUMNS A1, names[_i].file);
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert_str_eq(t.run.name, names[_i].name);
	ck_assert_str_eq(t.run.barcode, names[_i].barcode);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *text, *says;
} broken[] = {
	{COLUMNS, "x.csv:1: the table has no rows"},
	{",Well,Fluor,Target,Content,Sample,End RFU\r\n,A01,FAM,N1,Unkn,S1,5\r\n",
	 "x.csv:1: there is no column 'Cq': choose the file 'Quantification Cq Results'"},
	{COLUMNS A1 A1, "x.csv:3: well A1, target 'N1' is here and in line 2"},
	{COLUMNS A1 ",A1,HEX,N1,Unkn,S1,,28.5,28.5,60,\r\n",
	 "x.csv:3: well A1, target 'N1' is here and in line 2"},
	{COLUMNS A1 ",A02,FAM,N1,Unkn,S1,,lots,28.5,60,\r\n", "x.csv:3:22: 'lots' is no Cq"},
	{COLUMNS A1 ",A02,FAM,N1,Unkn,S1,,-1,28.5,60,\r\n", "x.csv:3:22: '-1' is no Cq"},
	{COLUMNS A1 ",A02,FAM,N1,Unkn,S1,,28.5.1,28.5,60,\r\n", "'28.5.1' is no Cq"},
	{COLUMNS A1 ",Q25,FAM,N1,Unkn,S1,,28.5,28.5,60,\r\n",
	 "x.csv:3:2: well 'Q25' is not on a 96-well plate (A1 to H12)"},
	{COLUMNS A1 ",well 3,FAM,N1,Unkn,S1,,28.5,28.5,60,\r\n",
	 "x.csv:3:2: 'well 3' is not a well"},
	{COLUMNS A1 ",,FAM,N1,Unkn,S1,,28.5,28.5,60,\r\n", "'' is not a well"},
	{COLUMNS A1 ",A02,,,Unkn,S1,,28.5,28.5,60,\r\n",
	 "x.csv:3:17: a Cq without Fluor and Target"},
	{COLUMNS A1 ",A02,FAM,N1\r\n",
	 "x.csv:3: the row has 4 of 11 columns: the file is cut here"},
	{COLUMNS A1 ",A02,FAM,N1,Unkn-01,S1,,28.9", "x.csv:3: the row has 8 of 11 columns"},
	{COLUMNS A1 ",A02,FAM,\"N1,Unkn\r\n",
	 "x.csv:3:10: the quote that opens here is never closed"},
};

START_TEST(test_broken_file_says_where_and_what)
{
	run_test t;
	run_test_read(&t, broken[_i].text, "x.csv");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, broken[_i].says) != NULL, "%s", t.err.msg);
	ck_assert_ptr_null(t.run.readings);
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *text, *utc; /* "": not known */
} times[] = {
	{"04/28/2020 21:30:22 UTC", "2020-04-28T21:30:22Z"},
	{"28/04/2020 21:30:22 UTC", "2020-04-28T21:30:22Z"}, /* day first, where it must be */
	{"12/11/2020 21:30:22 UTC", "2020-12-11T21:30:22Z"},
	{"04/28/2020 21:30:22", "2020-04-28T21:30:22"}, /* this station's zone */
	{"2020-04-28 21:30:22", "2020-04-28T21:30:22"},
	{"04/31/2020 21:30:22 UTC", ""},
	{"04/28/2020 21:30:22 XYZ", ""},
	{"04/28/20 21:30", ""},
	{"soon", ""},
};

START_TEST(test_end_of_run_is_a_time_or_a_warning)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_time at = 0;
	pw_str_addf(&text,
		    "Run Ended,%s\nWell,Fluor,Target,Content,Sample,Cq\nA1,FAM,N1,Unkn,S,20.5\n",
		    times[_i].text);
	run_test_read(&t, pw_str_text(&text), "x.csv");
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert(times[_i].utc[0] == '\0' || pw_time_parse(times[_i].utc, &at));
	ck_assert_int_eq(t.run.ended_at, at);
	const pw_finding *f = run_test_finding(&t, "time");
	ck_assert_int_eq(f != NULL, times[_i].utc[0] == '\0');
	ck_assert(f == NULL || f->line == 1);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

/* -------------------------------------------------------------------------- curves */

#define TWO_DYES                                                  \
	COLUMNS A1 ",A01,Texas Red,RP,Unkn,S1,,23.5,21.5,60,\r\n" \
		   ",B01,FAM,N1,NTC,S2,,NaN,0,60,\r\n"
#define NAME(dye) "x -  Quantification Amplification Results" dye ".csv"

/* Reads TWO_DYES and then the curves. */
static void read_curves(run_test *t, const char *curves, const char *name)
{
	run_test_read(t, TWO_DYES, "x -  Quantification Cq Results.csv");
	ck_assert_msg(t->rc == PW_OK, "%s", t->err.msg);
	t->rc = pw_cfx_read_curves(curves, strlen(curves), name, &t->arena, &t->run, &t->report,
				   &t->err);
}

static const char *const dye_names[] = {
	NAME("_FAM"), NAME("-FAM"),
	NAME(" FAM"), NAME("_FAM (1)"),
	NAME("_fam"), "some/folder/x_Quantification_Amplification_Results_FAM.csv",
};

START_TEST(test_dye_comes_from_the_file_name)
{
	run_test t;
	read_curves(&t, ",Cycle,A1,B1\r\n,1,0.5,0.25\r\n,2,1.5,0.125\r\n", dye_names[_i]);
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 2);
	ck_assert_double_eq(run_test_curve(&t, "A1", "N1")->value[1], 1.5);
	ck_assert_double_eq(run_test_curve(&t, "B1", "N1")->value[0], 0.25);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_curves_of_every_dye_add_up)
{
	run_test t;
	const char *red = ",Cycle,A1\r\n,1,5\r\n,2,6\r\n";
	read_curves(&t, ",Cycle,A1,B1\r\n,1,0.5,0.25\r\n,2,1.5,0.125\r\n", NAME("_FAM"));
	ck_assert_int_eq(t.rc, PW_OK);
	t.rc = pw_cfx_read_curves(red, strlen(red), NAME("_Texas Red"), &t.arena, &t.run, &t.report,
				  &t.err);
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 3);
	ck_assert_str_eq(t.run.curves[0].target, "N1");
	ck_assert_str_eq(t.run.curves[1].target, "RP");
	ck_assert_int_eq(t.run.curves[2].well.row, 1);
	/* And the same again is a second claim on one place. */
	pw_run_file before = t.run;
	t.rc = pw_cfx_read_curves(red, strlen(red), NAME("_Texas Red"), &t.arena, &t.run, &t.report,
				  &t.err);
	ck_assert_int_eq(t.rc, PW_ERR_EXISTS);
	ck_assert_msg(strstr(t.err.msg, "well A1, target 'RP' has a curve already") != NULL, "%s",
		      t.err.msg);
	ck_assert(memcmp(&before, &t.run, sizeof(before)) == 0);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_curves_of_a_384_plate_make_the_plate_one)
{
	run_test t;
	read_curves(&t, ",Cycle,A1,B1,P24\r\n,1,0.5,0.25,1\r\n", NAME("_FAM"));
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert_int_eq(pw_plate_wells(t.run.plate), 384);
	ck_assert_uint_eq(t.run.curve_count, 2);
	const pw_finding *f = run_test_finding(&t, "curve-without-reading");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(f->severity, PW_WARNING);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_decimal_comma_in_curves)
{
	run_test t;
	read_curves(&t, ";Cycle;A1;B1\r\n;1;-0,5;1234\r\n;2;1,5;1E-05\r\n", NAME("_FAM"));
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	ck_assert_double_eq(run_test_curve(&t, "A1", "N1")->value[0], -0.5);
	ck_assert_double_eq(run_test_curve(&t, "B1", "N1")->value[0], 1234);
	ck_assert_double_eq(run_test_curve(&t, "B1", "N1")->value[1], 1e-5);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_curves_of_another_run_are_taken_with_a_warning)
{
	run_test t;
	read_curves(&t, ",Cycle,A1,B1\r\n,1,0.5,NaN\r\n",
		    "y -  Quantification Amplification Results_FAM.csv");
	ck_assert_int_eq(t.rc, PW_OK);
	ck_assert_uint_eq(t.run.curve_count, 1);
	ck_assert_ptr_nonnull(run_test_finding(&t, "run-differs"));
	run_test_clear(&t);
}
END_TEST

static const struct {
	const char *name, *text, *says;
	pw_status rc;
} bad_curves[] = {
	{NAME("_HEX"), ",Cycle,A1\r\n,1,5\r\n", "the run has no dye 'HEX'", PW_ERR_NOT_FOUND},
	{NAME(""), ",Cycle,A1\r\n,1,5\r\n", "the name does not say which dye", PW_ERR_NOT_FOUND},
	{NAME("_FAM"), "", "the file is empty", PW_ERR_FORMAT},
	{NAME("_FAM"), "PK\x03\x04 xl/workbook.xml", "an Excel workbook", PW_ERR_FORMAT},
	{NAME("_FAM"), COLUMNS A1, "no row 'Cycle, A1, A2, …'", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1\r\n", ":1: there are no cycles", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1,A1\r\n,1,5,6\r\n", ":1:11: well A1 has two columns",
	 PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1,Z9\r\n,1,5,6\r\n", ":1:11: well 'Z9' is not on", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1,B1\r\n,1,5,x\r\n", ":2:6: 'x' is not a number", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1\r\n,one,5\r\n", ":2:2: 'one' is no cycle", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1\r\n,1,5\r\n,1,5\r\n", ":3:4: cycle 1 of well A1", PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1\r\n,1,5\r\n,3,5\r\n", "no fluorescence at cycle 2",
	 PW_ERR_FORMAT},
	{NAME("_FAM"), ",Cycle,A1,B1\r\n,1,5,6\r\n,2,5\r\n", ":3: the row has 3 of 4 columns",
	 PW_ERR_FORMAT},
};

START_TEST(test_bad_curves_leave_the_run_as_it_was)
{
	run_test t;
	read_curves(&t, bad_curves[_i].text, bad_curves[_i].name);
	ck_assert_int_eq(t.rc, bad_curves[_i].rc);
	ck_assert_msg(strstr(t.err.msg, bad_curves[_i].says) != NULL, "%s", t.err.msg);
	ck_assert_uint_eq(t.run.curve_count, 0);
	ck_assert_uint_eq(t.run.reading_count, 3);
	run_test_clear(&t);
}
END_TEST

Suite *suite_cfx(void);

#define LOOP(test, table) \
	tcase_add_loop_test(tc, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_cfx(void)
{
	Suite *suite = suite_create("cfx");
	TCase *tc = tcase_create("real");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_real_pair_is_read_whole);
	tcase_add_test(tc, test_real_pair_has_these_values);
	tcase_add_test(tc, test_every_cq_of_the_real_pair_follows_from_its_curve);
	tcase_add_test(tc, test_cut_real_file_is_refused_or_a_whole_row_shorter);
	suite_add_tcase(suite, tc);

	tc = tcase_create("cq");
	LOOP(test_variant_is_read, variants);
	tcase_add_test(tc, test_block_in_front_is_read);
	LOOP(test_other_encodings_read_the_same, encodings);
	tcase_add_test(tc, test_dyes_of_one_well_are_readings_of_their_own);
	LOOP(test_plate_comes_from_the_wells, plates);
	LOOP(test_content_says_what_is_in_the_well, contents);
	LOOP(test_name_and_barcode_come_from_the_file_name, names);
	LOOP(test_broken_file_says_where_and_what, broken);
	LOOP(test_end_of_run_is_a_time_or_a_warning, times);
	suite_add_tcase(suite, tc);

	tc = tcase_create("curves");
	LOOP(test_dye_comes_from_the_file_name, dye_names);
	tcase_add_test(tc, test_curves_of_every_dye_add_up);
	tcase_add_test(tc, test_curves_of_a_384_plate_make_the_plate_one);
	tcase_add_test(tc, test_decimal_comma_in_curves);
	tcase_add_test(tc, test_curves_of_another_run_are_taken_with_a_warning);
	LOOP(test_bad_curves_leave_the_run_as_it_was, bad_curves);
	suite_add_tcase(suite, tc);
	return suite;
}
