#include <math.h>

#include "core/base/rng.h"
#include "core/exchange/run_parse.h"
#include "core/exchange/run_writer.h"
#include "tests/unit/exchange/run_test.h"

/* ------------------------------------------------------------- what nobody reads */

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *bytes;
	size_t n;
	const char *says;
} unknown[] = {
	{BYTES(""), "x: the file is empty"},
	{BYTES("\n \t\r\n"), "x: the file holds nothing but white space"},
	{BYTES("PK\x03\x04\x14\0\0\0 xl/workbook.xml"),
	 "x: an Excel workbook: export the results as text"},
	{BYTES("PK\x03\x04\x14\0\0\0 [Content_Types].xml xl/worksheets/sheet1.xml"),
	 "an Excel workbook"},
	{BYTES("PK\x03\x04\x14\0\0\0 apldbio/sds/experiment.xml"), "(.eds)"},
	{BYTES("PK\x03\x04\x14\0\0\0 APLDBIO\\SDS\\x"), "(.eds)"},
	{BYTES("PK\x03\x04\x14\0\0\0 rdml_data.xml"), "an RDML file"},
	{BYTES("PK\x03\x04\x14\0\0\0 BioRad_qPCR_melt.xml"), "an RDML file"},
	{BYTES("PK\x03\x04\x14\0\x01\0 whatever"), "CFX's own data file (.pcrd)"},
	{BYTES("PK\x03\x04\x14\0\0\0 readme.txt"), "a ZIP archive"},
	{BYTES("PK\x03\x04"), "a ZIP archive"},
	{BYTES("PK\x05\x06\0\0\0\0"), "an empty ZIP archive"},
	{BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "an Excel workbook"},
	{BYTES("%PDF-1.7\n"), "a PDF"},
	{BYTES("\x89PNG\r\n"), "a picture"},
	{BYTES("\x1F\x8B\x08"), "a gzip archive"},
	{BYTES("<!DOCTYPE html><html><body>Sign in"), "a web page"},
	{BYTES("<?xml version=\"1.0\"?><rdml version=\"1.1\">"), "an RDML file"},
	{BYTES("<_x0030_><Row><Well>A01</Well>"), "an XML file"},
	{BYTES("{\"a\": 1}"), "a JSON file"},
	{BYTES("SDS 2.2.2\tAQ Results\t1.0\n"), "an export of SDS 2"},
	{BYTES("Experiment: x  Selected Filter: SYBR Green I\nInclude\tColor\tPos\n"),
	 "LightCycler 480"},
	{BYTES(",Cycle,A1,A2\r\n,1,0.5,0.5\r\n"), "CFX's curves"},
	{BYTES("a,b,c\n1,2,3\n"), "its first line is 'a,b,c'"},
	{BYTES("a\0b\0\0\0\0c"), "not a text file"},
	{BYTES("\x01\x02\x03\x04\xFF\xFE\0\0"), "x: "},
};

START_TEST(test_file_that_nobody_knows_is_named)
{
	run_test t;
	run_test_read_n(&t, unknown[_i].bytes, unknown[_i].n, "some/folder/x");
	ck_assert_int_eq(t.rc, PW_ERR_FORMAT);
	ck_assert_msg(strstr(t.err.msg, unknown[_i].says) != NULL, "%s", t.err.msg);
	ck_assert_msg(strstr(t.err.msg, "Applied Biosystems") != NULL, "%s", t.err.msg);
	ck_assert_msg(strstr(t.err.msg, "Bio-Rad CFX") != NULL, "%s", t.err.msg);
	ck_assert_uint_eq(t.report.len, 0);
	ck_assert_ptr_null(t.run.format);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_long_first_line_is_cut_between_characters)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	for (int i = 0; i < 200; i++)
		pw_str_add(&text, "\xE6\xA0\xB7");
	run_test_read(&t, pw_str_text(&text), "x");
	const char *quoted = strstr(t.err.msg, "line is '");
	ck_assert_ptr_nonnull(quoted);
	ck_assert_uint_eq(strcspn(quoted + 9, "'"), 60);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_too_large_file_is_refused)
{
	pw_str text = PW_STR_INIT;
	run_test t;
	for (int i = 0; i < 17 * 1024; i++)
		pw_str_addf(&text, "%4096d", i);
	run_test_read_n(&t, text.ptr, text.len, "x");
	ck_assert_int_eq(t.rc, PW_ERR_LIMIT);
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

START_TEST(test_report_and_error_may_be_missing)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_run_file run;
	const char *text = "Well,Fluor,Target,Content,Cq\nA1,FAM,N1,Unkn,20.5\nA1,FAM,N1,Unkn,21\n";
	ck_assert_int_eq(pw_run_file_read(text, strlen(text), "", &arena, &run, NULL, NULL),
			 PW_ERR_FORMAT);
	ck_assert_int_eq(pw_run_file_read(text, 49, "", &arena, &run, NULL, NULL), PW_OK);
	ck_assert_uint_eq(run.reading_count, 1);
	pw_arena_clear(&arena);
}
END_TEST

START_TEST(test_every_reader_has_a_name_of_its_own)
{
	size_t count;
	const pw_run_reader *const *readers = pw_run_readers(&count);
	ck_assert_uint_ge(count, 2);
	for (size_t i = 0; i < count; i++) {
		pw_run_source empty = {"", {"", 0}};
		ck_assert_int_eq(readers[i]->sniff(&empty), PW_SNIFF_NOT_MINE);
		ck_assert_str_ne(readers[i]->title, "");
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(readers[i]->name, readers[j]->name);
	}
}
END_TEST

/* --------------------------------------------------------------------- numbers */

static const struct {
	const char *text;
	char decimal;
	bool good;
	double value;
} numbers[] = {
	{"28.965", '.', true, 28.965},
	{"28,965", ',', true, 28.965},
	{"28,965", '.', true, 28965},
	{"1,250.000", '.', true, 1250},
	{"1.250,000", ',', true, 1250},
	{"-1,234,567.5", '.', true, -1234567.5},
	{"+0.5", '.', true, 0.5},
	{".5", '.', true, 0.5},
	{"5.", '.', true, 5},
	{"1E-05", '.', true, 1e-5},
	{"1,5E3", ',', true, 1500},
	{" 7 ", '.', true, 7},
	{"0", '.', true, 0},
	{"1,5", '.', false, 0},
	{"12,34.5", '.', false, 0},
	{"1234,567", '.', false, 0},
	{",500", '.', false, 0},
	{"1,,500", '.', false, 0},
	{"1.5,000", '.', false, 0},
	{"1.2.3", '.', false, 0},
	{"", '.', false, 0},
	{"-", '.', false, 0},
	{".", '.', false, 0},
	{"1e", '.', false, 0},
	{"1e999", '.', false, 0},
	{"nan", '.', false, 0},
	{"inf", '.', false, 0},
	{"0x10", '.', false, 0},
	{"1 000", '.', false, 0},
	{"12abc", '.', false, 0},
	{"1,250.000.5", '.', false, 0},
	{"--1", '.', false, 0},
	{"1111111111111111111111111111111111111111111111111111", '.', false, 0},
};

START_TEST(test_number_is_read_in_the_files_own_way)
{
	double value = -7;
	bool good = pw_run_number(pw_slice_of(numbers[_i].text), numbers[_i].decimal, &value);
	ck_assert_msg(good == numbers[_i].good, "'%s'", numbers[_i].text);
	ck_assert_double_eq(value, good ? numbers[_i].value : -7);
}
END_TEST

static const struct {
	const char *text;
	bool small;
	char decimal;
} decimals[] = {
	{"28.965", true, '.'},
	{"28,965", true, ','},
	{"28.965", false, 0},
	{"28,965", false, 0},
	{"0.965", false, '.'},
	{"-0,002", false, ','},
	{"28.96", false, '.'},
	{"2800.965", false, '.'},
	{"1,250.000", false, '.'},
	{"1.250,00", true, ','},
	{"1,250,000", false, '.'},
	{"1.250.000", false, ','},
	{"28", true, 0},
	{"", true, 0},
	{"NaN", true, 0},
	{"Undetermined", true, 0},
	{"1,5E-9", false, ','},
	{"E5", false, 0},
	{"A,1", true, 0},
	{"1-2", true, 0},
	{",", true, 0},
};

START_TEST(test_decimal_separator_is_taken_only_where_it_is_proved)
{
	ck_assert_msg(pw_run_decimal(pw_slice_of(decimals[_i].text), decimals[_i].small) ==
			      decimals[_i].decimal,
		      "'%s'", decimals[_i].text);
}
END_TEST

START_TEST(test_numbers_are_the_nearest_doubles)
{
	pw_rng rng;
	pw_rng_init(&rng, 7);
	for (int i = 0; i < 50000; i++) {
		char text[32];
		double value, expected;
		int whole = (int)pw_rng_below(&rng, 9), places = (int)pw_rng_below(&rng, 10);
		uint64_t most = 1;
		for (int k = 0; k < whole + places; k++)
			most *= 10;
		uint64_t digits = pw_rng_below(&rng, most);
		snprintf(text, sizeof(text), "%s%0*llu", i % 2 == 0 ? "-" : "", whole + places + 1,
			 (unsigned long long)digits);
		size_t n = strlen(text);
		if (places > 0) {
			memmove(text + n - (size_t)places + 1, text + n - (size_t)places,
				(size_t)places + 1);
			text[n - (size_t)places] = '.';
		}
		ck_assert_msg(pw_run_number(pw_slice_of(text), '.', &value), "%s", text);
		ck_assert(pw_parse_real(text, &expected));
		ck_assert_msg(value == expected, "%s", text);
	}
}
END_TEST

/* ------------------------------------------------------------------- round trips */

typedef struct random_run {
	pw_arena arena;
	pw_run_file run;
} random_run;

/* Texts with everything that a format could stumble over, but no line ends and no space around. */
static const char *random_text(pw_rng *rng, pw_arena *arena)
{
	static const char *const pieces[] = {
		"a",  "B7",  "1,5", ";",  "\"",        "\"\"",    "\xE6\xA0\xB7",
		"\t", "x y", "(+)", "=",  "[Results]", "* k = v", "\xD1\x82",
		"'",  "NaN", "-",   "A01"};
	pw_str s = PW_STR_INIT;
	uint64_t n = 1 + pw_rng_below(rng, 4);
	for (uint64_t i = 0; i < n; i++)
		pw_str_add(&s, pieces[pw_rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))]);
	pw_slice trimmed = pw_slice_trim(pw_slice_of(pw_str_text(&s)));
	const char *text = pw_arena_strndup(arena, trimmed.len > 0 ? trimmed.ptr : "t",
					    trimmed.len > 0 ? trimmed.len : 1);
	pw_str_clear(&s);
	return text;
}

static const double *random_curve(pw_rng *rng, pw_arena *arena, size_t cycles, bool thousandths)
{
	double *value = pw_arena_array(arena, cycles, sizeof(value[0]));
	for (size_t k = 0; k < cycles; k++) {
		value[k] = pw_rng_normal(rng, 0, 1500);
		if (thousandths)
			value[k] = (double)llround(value[k] * 1000) / 1000;
	}
	return value;
}

static void random_reading(pw_rng *rng, pw_arena *arena, bool quantstudio, pw_reading *r)
{
	r->sample = pw_rng_chance(rng, 0.2) ? "" : random_text(rng, arena);
	r->task_text = "";
	r->task = (pw_task)pw_rng_below(rng, PW_TASK_OTHER + 1);
	r->has_cq = pw_rng_chance(rng, 0.6);
	r->cq = r->has_cq ? 0.5 + pw_rng_uniform(rng) * 44 : 0;
	r->vendor_call = "";
	if (!quantstudio)
		return;
	r->cq = (double)llround(r->cq * 1000) / 1000;
	r->amp = (pw_amp)pw_rng_below(rng, 4);
	r->vendor_call = pw_rng_chance(rng, 0.5) ? "Presence" : "";
	r->omitted = pw_rng_chance(rng, 0.1);
}

/* A run of either plate with one to four targets, some wells empty, some readings without a curve. */
static random_run random_run_new(uint64_t seed, bool quantstudio)
{
	static const char *const dyes[] = {"FAM", "VIC", "Texas Red", "Cy5"};
	random_run x = {.arena = PW_ARENA_INIT};
	pw_rng rng;
	pw_rng_init(&rng, seed);
	pw_plate_format plate = pw_rng_chance(&rng, 0.5) ? PW_PLATE_96 : PW_PLATE_384;
	size_t targets = 1 + (size_t)pw_rng_below(&rng, 4),
	       cycles = 1 + (size_t)pw_rng_below(&rng, 50);
	double filled = pw_rng_uniform(&rng), curves = pw_rng_chance(&rng, 0.5) ? 0.9 : 0;
	const char *names[4];
	for (size_t i = 0; i < targets; i++)
		names[i] = pw_arena_printf(&x.arena, "%s%zu", random_text(&rng, &x.arena), i);
	size_t most = (size_t)pw_plate_wells(plate) * targets;
	x.run = (pw_run_file){.format = quantstudio ? "quantstudio-text" : "cfx-cq",
			      .instrument = quantstudio ? "QuantStudio(TM) 6 Flex System" : "",
			      .serial = quantstudio ? "123" : "",
			      .software = quantstudio ? "1.7" : "",
			      .barcode = "P0012",
			      .name = "P0012",
			      .plate = plate,
			      .readings = pw_arena_array(&x.arena, most, sizeof(pw_reading)),
			      .curves = pw_arena_array(&x.arena, most, sizeof(pw_curve))};
	if (quantstudio)
		x.run.ended_at = (pw_time)pw_rng_below(&rng, 2000000000) * PW_SECOND;
	for (int w = 0; w < pw_plate_wells(plate); w++) {
		bool last = w + 1 == pw_plate_wells(plate); /* so that CFX's 384 is one */
		if (!last && !pw_rng_chance(&rng, filled))
			continue;
		for (size_t i = 0; i < targets; i++) {
			pw_reading *r = &x.run.readings[x.run.reading_count++];
			*r = (pw_reading){.well = pw_well_at(w, plate, PW_BY_ROW),
					  .target = names[i],
					  .reporter = dyes[i]};
			random_reading(&rng, &x.arena, quantstudio, r);
			if (pw_rng_chance(&rng, curves))
				x.run.curves[x.run.curve_count++] = (pw_curve){
					r->well, r->target,
					random_curve(&rng, &x.arena, cycles, quantstudio), cycles};
		}
	}
	return x;
}

static void check_same_reading(const pw_reading *a, const pw_reading *b)
{
	ck_assert(pw_well_eq(a->well, b->well));
	ck_assert_str_eq(a->sample, b->sample);
	ck_assert_str_eq(a->target, b->target);
	ck_assert_str_eq(a->reporter, b->reporter);
	ck_assert_str_eq(a->vendor_call, b->vendor_call);
	ck_assert_int_eq(a->task, b->task);
	ck_assert_int_eq(a->has_cq, b->has_cq);
	ck_assert_double_eq(a->cq, b->cq);
	ck_assert_int_eq(a->amp, b->amp);
	ck_assert_int_eq(a->omitted, b->omitted);
}

static void check_same_run(const pw_run_file *a, const pw_run_file *b)
{
	ck_assert_str_eq(a->format, b->format);
	ck_assert_str_eq(a->instrument, b->instrument);
	ck_assert_str_eq(a->serial, b->serial);
	ck_assert_str_eq(a->software, b->software);
	ck_assert_str_eq(a->barcode, b->barcode);
	ck_assert_str_eq(a->name, b->name);
	ck_assert_int_eq(a->ended_at, b->ended_at);
	ck_assert_int_eq(pw_plate_wells(a->plate), pw_plate_wells(b->plate));
	ck_assert_uint_eq(a->reading_count, b->reading_count);
	for (size_t i = 0; i < a->reading_count; i++)
		check_same_reading(&a->readings[i], &b->readings[i]);
	ck_assert_uint_eq(a->curve_count, b->curve_count);
	for (size_t i = 0; i < a->curve_count; i++) {
		ck_assert(pw_well_eq(a->curves[i].well, b->curves[i].well));
		ck_assert_str_eq(a->curves[i].target, b->curves[i].target);
		ck_assert_uint_eq(a->curves[i].cycles, b->curves[i].cycles);
		for (size_t k = 0; k < a->curves[i].cycles; k++)
			ck_assert(a->curves[i].value[k] == b->curves[i].value[k]);
	}
}

START_TEST(test_quantstudio_reads_what_it_writes)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		random_run x = random_run_new(seed * 100 + (uint64_t)_i, true);
		pw_str text = PW_STR_INIT, again = PW_STR_INIT;
		run_test t;
		pw_quantstudio_write(&x.run, &text);
		run_test_read_n(&t, text.ptr, text.len, "P0012.txt");
		ck_assert_msg(t.rc == PW_OK, "seed %d: %s", (int)seed, t.err.msg);
		check_same_run(&x.run, &t.run);
		pw_quantstudio_write(&t.run, &again);
		ck_assert_uint_eq(again.len, text.len);
		ck_assert(memcmp(again.ptr, text.ptr, text.len) == 0);
		pw_str_clear(&text);
		pw_str_clear(&again);
		run_test_clear(&t);
		pw_arena_clear(&x.arena);
	}
}
END_TEST

static void read_back_cfx(const pw_run_file *run, run_test *t)
{
	static const char *const dyes[] = {"FAM", "VIC", "Texas Red", "Cy5"};
	pw_str text = PW_STR_INIT, name = PW_STR_INIT;
	pw_cfx_cq_write(run, &text);
	pw_cfx_file_name(run->name, "Cq Results", "", &name);
	run_test_read_n(t, text.ptr, text.len, pw_str_text(&name));
	ck_assert_msg(t->rc == PW_OK, "%s", t->err.msg);
	for (size_t i = 0; run->curve_count > 0 && i < 4; i++) {
		pw_str_truncate(&text, 0);
		pw_str_truncate(&name, 0);
		pw_cfx_amplification_write(run, dyes[i], &text);
		if (strncmp(text.ptr, ",Cycle\r\n", 8) == 0)
			continue; /* none of this dye */
		pw_cfx_file_name(run->name, "Amplification Results", dyes[i], &name);
		t->rc = pw_cfx_read_curves(text.ptr, text.len, pw_str_text(&name), &t->arena,
					   &t->run, &t->report, &t->err);
		ck_assert_msg(t->rc == PW_OK, "%s", t->err.msg);
	}
	pw_str_clear(&text);
	pw_str_clear(&name);
}

/* The curves of one well come back dye by dye, in the order in which the files were read. */
START_TEST(test_cfx_reads_what_it_writes)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		random_run x = random_run_new(seed * 100 + (uint64_t)_i, false);
		run_test t;
		read_back_cfx(&x.run, &t);
		check_same_run(&x.run, &t.run);
		run_test_clear(&t);
		pw_arena_clear(&x.arena);
	}
}
END_TEST

/* ------------------------------------------------------- layout of the real files */

/* The line of `text` that starts with `start`, with its line end. */
static pw_slice line_of(const pw_str *text, const char *start)
{
	const char *p = text->len > 0 ? text->ptr : "";
	for (; p != NULL && *p != '\0'; p = strchr(p, '\n') == NULL ? NULL : strchr(p, '\n') + 1)
		if (strncmp(p, start, strlen(start)) == 0)
			return (pw_slice){p, strcspn(p, "\r\n")};
	ck_abort_msg("no line '%s'", start);
	return (pw_slice){"", 0};
}

static void check_same_line(const pw_str *ours, const pw_str *real, const char *start)
{
	pw_slice a = line_of(ours, start), b = line_of(real, start);
	ck_assert_msg(a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0, "%.*s\n%.*s", (int)a.len,
		      a.ptr, (int)b.len, b.ptr);
}

START_TEST(test_quantstudio_layout_is_the_vendors)
{
	pw_str real = PW_STR_INIT, ours = PW_STR_INIT, without = PW_STR_INIT;
	if (!run_test_shared("appbio_quantstudio_example02.txt", &real))
		return;
	run_test t;
	run_test_read_n(&t, real.ptr, real.len, "x.txt");
	pw_quantstudio_write(&t.run, &ours);
	check_same_line(&ours, &real, "* Block Type");
	check_same_line(&ours, &real, "* Experiment Barcode");
	check_same_line(&ours, &real, "* Experiment Name");
	check_same_line(&ours, &real, "* Instrument Type");
	check_same_line(&ours, &real, "* Instrument Serial Number");
	check_same_line(&ours, &real, "* Experiment Type");
	check_same_line(&ours, &real, "Well\tWell Position\tSample Name");
	check_same_line(&ours, &real, "Well\tCycle\tTarget Name");
	/* [Results] has one column more than that instrument gave. */
	pw_slice header = line_of(&ours, "Well\tWell Position\tOmit");
	const char *extra = strstr(header.ptr, "Amp Status\t");
	pw_str_add_n(&without, header.ptr, (size_t)(extra - header.ptr));
	pw_str_add_n(&without, extra + 11, header.len - (size_t)(extra - header.ptr) - 11);
	check_same_line(&without, &real, "Well\tWell Position\tOmit");
	pw_str_clear(&real);
	pw_str_clear(&ours);
	pw_str_clear(&without);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_cfx_layout_is_the_vendors)
{
#define STEM "sam_2024-12-12_08-32-31_Connect-VIPERIN-03-Quantification-"
	pw_str cq = PW_STR_INIT, amp = PW_STR_INIT, ours = PW_STR_INIT;
	if (!run_test_shared(STEM "Cq-Results.csv", &cq) ||
	    !run_test_shared(STEM "Amplification-Results_SYBR.csv", &amp))
		return;
	run_test t;
	run_test_read_n(&t, cq.ptr, cq.len, STEM "Cq-Results.csv");
	t.rc = pw_cfx_read_curves(amp.ptr, amp.len, STEM "Amplification-Results_SYBR.csv", &t.arena,
				  &t.run, &t.report, &t.err);
	ck_assert_msg(t.rc == PW_OK, "%s", t.err.msg);
	pw_cfx_cq_write(&t.run, &ours);
	check_same_line(&ours, &cq, ",Well,");
	check_same_line(&ours, &cq, ",C08,");
	check_same_line(&ours, &cq, ",D12,");
	/* The curves' file is the vendor's, byte for byte. */
	pw_str_truncate(&ours, 0);
	pw_cfx_amplification_write(&t.run, "SYBR", &ours);
	ck_assert_uint_eq(ours.len, amp.len);
	ck_assert(memcmp(ours.ptr, amp.ptr, amp.len) == 0);
	pw_str_clear(&cq);
	pw_str_clear(&amp);
	pw_str_clear(&ours);
	run_test_clear(&t);
}
END_TEST

START_TEST(test_cfx_names_its_files_so)
{
	pw_str name = PW_STR_INIT;
	pw_cfx_file_name("P00012", "Cq Results", "", &name);
	ck_assert_str_eq(pw_str_text(&name), "P00012 -  Quantification Cq Results.csv");
	pw_str_truncate(&name, 0);
	pw_cfx_file_name("P00012", "Amplification Results", "FAM", &name);
	ck_assert_str_eq(pw_str_text(&name),
			 "P00012 -  Quantification Amplification Results_FAM.csv");
	ck_assert(pw_slice_eq(pw_cfx_run_name(pw_str_text(&name)), "P00012"));
	pw_str_clear(&name);
}
END_TEST

START_TEST(test_omitted_wells_are_not_in_a_cfx_file)
{
	pw_reading readings[2] = {{{0, 0},
				   "S1",
				   "N1",
				   "FAM",
				   "",
				   PW_TASK_UNKNOWN,
				   true,
				   20.5,
				   PW_AMP_UNKNOWN,
				   "",
				   true,
				   0},
				  {{0, 1},
				   "S2",
				   "N1",
				   "FAM",
				   "",
				   PW_TASK_NTC,
				   false,
				   0,
				   PW_AMP_UNKNOWN,
				   "",
				   false,
				   0}};
	pw_run_file run = {.plate = PW_PLATE_96, .readings = readings, .reading_count = 2};
	pw_str text = PW_STR_INIT;
	run_test t;
	pw_cfx_cq_write(&run, &text);
	run_test_read_n(&t, text.ptr, text.len, "x.csv");
	ck_assert_uint_eq(t.run.reading_count, 1);
	ck_assert_str_eq(t.run.readings[0].sample, "S2");
	run_test_clear(&t);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_run_reader(void);

#define LOOP(test, table) \
	tcase_add_loop_test(tc, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

Suite *suite_run_reader(void)
{
	Suite *suite = suite_create("run_reader");
	TCase *tc = tcase_create("door");
	LOOP(test_file_that_nobody_knows_is_named, unknown);
	tcase_add_test(tc, test_long_first_line_is_cut_between_characters);
	tcase_add_test(tc, test_too_large_file_is_refused);
	tcase_add_test(tc, test_report_and_error_may_be_missing);
	tcase_add_test(tc, test_every_reader_has_a_name_of_its_own);
	LOOP(test_number_is_read_in_the_files_own_way, numbers);
	tcase_add_test(tc, test_numbers_are_the_nearest_doubles);
	LOOP(test_decimal_separator_is_taken_only_where_it_is_proved, decimals);
	suite_add_tcase(suite, tc);

	tc = tcase_create("round trip");
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_quantstudio_reads_what_it_writes, 0, 4);
	tcase_add_loop_test(tc, test_cfx_reads_what_it_writes, 0, 4);
	suite_add_tcase(suite, tc);

	tc = tcase_create("layout");
	tcase_add_test(tc, test_quantstudio_layout_is_the_vendors);
	tcase_add_test(tc, test_cfx_layout_is_the_vendors);
	tcase_add_test(tc, test_cfx_names_its_files_so);
	tcase_add_test(tc, test_omitted_wells_are_not_in_a_cfx_file);
	suite_add_tcase(suite, tc);
	return suite;
}
