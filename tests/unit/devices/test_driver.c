/* The drivers, their rows of models, and what they make of answers and of jobs. */
#include <check.h>
#include <string.h>

#include "devices/printers/driver.h"
#include "devices/printers/models.h"
#include "devices/printers/wire_transport.h"
#include "devices/printers/wire.h"
#include "numbered.h"

static const pw_printer_driver *driver(const char *name)
{
	const pw_printer_driver *d = pw_printer_driver_find(name);
	ck_assert_msg(d != NULL, "%s", name);
	return d;
}

/* ---- The tables ---- */

START_TEST(test_every_driver_is_whole)
{
	for (const pw_printer_driver *const *at = pw_printer_drivers; *at != NULL; at++) {
		const pw_printer_driver *d = *at;
		pw_printer_decoder decoder = {.model = 0};
		ck_assert_ptr_eq(driver(d->name), d);
		ck_assert_ptr_nonnull(d->title);
		ck_assert(d->window >= 1 && d->hidden >= 0 && d->answer_ms > 0);
		ck_assert(d->clear.n > 0);
		ck_assert(d->ask(&decoder, PW_ASK_STATUS).n > 0);
		/* What fills up must end in a whole unit, and reach as far as it says. */
		ck_assert(d->flush.n == 0 || d->flush_least >= d->flush.n);
		/* What does not tell of a part of a label must be able to end it. */
		ck_assert(d->tells_partial || d->flush.n > 0);
		(void)numbered_dialect(d->name);
	}
	ck_assert_ptr_null(pw_printer_driver_find("postscript"));
}
END_TEST

START_TEST(test_every_model_fits_its_sample)
{
	const pw_printer_model *m = &pw_printer_models[_i];
	ck_assert_msg(pw_printer_model_find(m->sample) == m, "%s is taken for another model",
		      m->sample);
	ck_assert_ptr_nonnull(driver(m->language));
	ck_assert(m->dpi == 0 || (m->dpi >= 150 && m->dpi <= 600));
}
END_TEST

static const struct {
	const char *id, *language; /* NULL: not known */
	int dpi;
	unsigned flags;
} ids[] = {
	{"MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421-300dpi ZPL;CLS:PRINTER;OPT:XR06C", "zpl",
	 300, 0},
	{"mdl:ztc zd421-203dpi zpl;mfg:ZEBRA;cmd:zpl", "zpl", 203, 0},
	{"MFG:TSC;MDL:TE210;CMD:TSPL;", "tspl", 203, PW_MODEL_LONG_STATUS},
	{"MFG:MARKLIFE ;CMD:XPP,XL;MDL:X4;CLS:PRINTER;DES:LABEL PRINTER;", "tspl", 203, 0},
	{"MFG: ;CMD:XPP,XL;MDL:PM-241-BT;CLS:PRINTER;DES:PM-241-BT;", "tspl", 203, 0},
	{"MFG:Brother;CMD:PT-CBP;MDL:QL-500;CLS:PRINTER;", "brother", 300, 0},
	{"MFG:Brother;CMD:PT-CBP;MDL:QL-1100;CLS:PRINTER;", "brother-wide", 300, 0},
	{"MFG:Brother;CMD:PT-CBP;MDL:PT-P910BT;CLS:PRINTER;", "ptouch", 360, 0},
	{"MFG:Brother;CMD:PT-CBP;MDL:PT-E550W;CLS:PRINTER;", "ptouch", 180, 0},
	{"MFG:DYMO;CMD: ;MDL:LabelWriter Twin Turbo;CLASS:PRINTER;", "dymo", 300, 0},
	{"MFG:DYMO;CMD: ;MDL:LabelWriter 550 Turbo;CLASS:PRINTER;", "dymo", 300, PW_MODEL_OTHER},
	{"MFG:HP;MDL:LaserJet;CMD:PCL,POSTSCRIPT;", NULL, 0, 0},
	{"MFG:Zebra;MDL:P330i;CMD:EPCL;", NULL, 0, 0},
	{"", NULL, 0, 0},
	{";;;:", NULL, 0, 0},
};

START_TEST(test_device_ids_name_models)
{
	const pw_printer_model *m = pw_printer_model_find(ids[_i].id);
	if (ids[_i].language == NULL) {
		ck_assert_ptr_null(m);
		return;
	}
	ck_assert_ptr_nonnull(m);
	ck_assert_str_eq(m->language, ids[_i].language);
	ck_assert_int_eq(m->dpi, ids[_i].dpi);
	ck_assert_uint_eq(m->flags, ids[_i].flags);
}
END_TEST

START_TEST(test_patterns_match)
{
	static const struct {
		const char *pattern, *text;
		bool fits;
	} rows[] = {
		{"", "", true},          {"", "a", false},        {"*", "", true},
		{"*", "abc", true},      {"a*c", "abbbc", true},  {"a*c", "abbb", false},
		{"A*C", "abc", true},    {"*b*", "abc", true},    {"?", "a", true},
		{"?", "", false},        {"a?c*", "abcd", true},  {"*a*a*b", "aaaaab", true},
		{"*a*a*b", "ab", false}, {"TSC*", "ATSC", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(pw_model_matches(rows[i].pattern, rows[i].text) == rows[i].fits,
			      "%s, %s", rows[i].pattern, rows[i].text);
}
END_TEST

START_TEST(test_wires_promise_what_their_cables_can)
{
	ck_assert_uint_eq(pw_wire_traits_of("usb"), PW_WIRE_EXACT);
	ck_assert_uint_eq(pw_wire_traits_of("tcp"), 0);
	ck_assert_uint_eq(pw_wire_traits_of("serial"), PW_WIRE_FORGETS);
	ck_assert_uint_eq(pw_wire_traits_of("pty"), PW_WIRE_FORGETS);
	ck_assert_uint_eq(pw_wire_traits_of("fd"), PW_WIRE_FORGETS);
	ck_assert_uint_eq(pw_wire_traits_of("file"), 0);
}
END_TEST

/* ---- Answers ---- */

static pw_printer_word say(const char *language, unsigned model, pw_printer_question asked,
			   const void *bytes, size_t n)
{
	pw_printer_decoder decoder = {.model = model};
	pw_printer_word word = {.said = 0};
	(void)driver(language)->ask(&decoder, asked);
	for (size_t i = 0; i < n; i++)
		driver(language)->feed(&decoder, ((const uint8_t *)bytes)[i], &word);
	return word;
}

static const struct {
	const char *language;
	unsigned model;
	const char *bytes;
	size_t n;
	unsigned said, faults;
	pw_printer_activity activity;
	int waiting;
} answers[] = {
#define SAYS(text) (text), sizeof(text) - 1
	{"zpl", 0,
	 SAYS("\002030,0,0,0320,003,0,0,1,000,0,0,0\3\r\n\002001,0,0,0,1,2,6,0,00000002,1,000\3\r\n"
	      "\0021234,0\3\r\n"),
	 PW_SAID_STATUS, 0, PW_PRINTER_PRINTING, 5},
	{"zpl", 0,
	 SAYS("\002030,1,1,0320,000,1,0,0,000,1,1,1\3\r\n\002001,0,1,1,1,2,6,1,00000000,1,000\3\r\n"
	      "\0021234,0\3\r\n"),
	 PW_SAID_STATUS,
	 PW_FAULT_PAPER_OUT | PW_FAULT_PAUSED | PW_FAULT_BUFFER_FULL | PW_FAULT_MEMORY |
		 PW_FAULT_COLD | PW_FAULT_HOT | PW_FAULT_HEAD_OPEN | PW_FAULT_RIBBON_OUT |
		 PW_FAULT_TAKE_LABEL,
	 PW_PRINTER_STOPPED, 0},
	{"zpl", 0,
	 SAYS("\002030,0,0,0320,000,1,0,0,000,0,0,0\3\r\n\002001,0,0,0,1,2,6,0,00000000,1,000\3\r\n"
	      "\0021234,0\3\r\n"),
	 PW_SAID_STATUS, PW_FAULT_BUFFER_FULL, PW_PRINTER_READY, 0},
	{"zpl", 0, SAYS("\2ERRORS: 1 00000000 00010011 WARNINGS: 0 00000000 00000000\3"),
	 PW_SAID_WHY, PW_FAULT_PAPER_OUT | PW_FAULT_HOT | PW_FAULT_OTHER, PW_PRINTER_UNKNOWN, -1},
	{"tspl", 0, SAYS("\0"), PW_SAID_STATUS, 0, PW_PRINTER_READY, -1},
	{"tspl", 0, SAYS("\x20"), PW_SAID_STATUS, 0, PW_PRINTER_PRINTING, -1},
	{"tspl", 0, SAYS("\x05"), PW_SAID_STATUS, PW_FAULT_PAPER_OUT | PW_FAULT_HEAD_OPEN,
	 PW_PRINTER_STOPPED, -1},
	{"tspl", 0, SAYS("\x80"), PW_SAID_STATUS, PW_FAULT_HOT | PW_FAULT_OTHER, PW_PRINTER_STOPPED,
	 -1},
	{"tspl", PW_MODEL_LONG_STATUS, SAYS("\2@@@@\3\r\n"), PW_SAID_STATUS, 0, PW_PRINTER_READY,
	 -1},
	{"tspl", PW_MODEL_LONG_STATUS, SAYS("\2EHA`\3\r\n"), PW_SAID_STATUS,
	 PW_FAULT_BUFFER_FULL | PW_FAULT_HOT | PW_FAULT_HEAD_OPEN, PW_PRINTER_STOPPED, -1},
	{"tspl", PW_MODEL_LONG_STATUS, SAYS("\2L@@@\3\r\n"), PW_SAID_STATUS, PW_FAULT_TAKE_LABEL,
	 PW_PRINTER_STOPPED, -1},
	{"tspl", PW_MODEL_LONG_STATUS, SAYS("\2E@@@\3\r\n"), PW_SAID_STATUS, PW_FAULT_OTHER,
	 PW_PRINTER_STOPPED, -1},
	{"epl", 0, SAYS("00\r\n"), PW_SAID_STATUS, 0, PW_PRINTER_READY, -1},
	{"epl", 0, SAYS("07,11,12\r\n"), PW_SAID_STATUS,
	 PW_FAULT_PAPER_OUT | PW_FAULT_HEAD_OPEN | PW_FAULT_PAUSED, PW_PRINTER_STOPPED, -1},
	{"epl", 0, SAYS("07R002\r\n"), PW_SAID_STATUS, PW_FAULT_RIBBON_OUT, PW_PRINTER_STOPPED, 2},
	{"epl", 0, SAYS("01\r\n"), PW_SAID_STATUS, PW_FAULT_LINK, PW_PRINTER_STOPPED, -1},
	{"epl", 0, SAYS("50\r\n"), PW_SAID_STATUS, PW_FAULT_OTHER, PW_PRINTER_STOPPED, -1},
	{"dymo", 0, SAYS("\x03"), PW_SAID_STATUS, 0, PW_PRINTER_READY, -1},
	{"dymo", 0, SAYS("\xA1"), PW_SAID_STATUS, PW_FAULT_PAPER_OUT, PW_PRINTER_STOPPED, -1},
	{"dymo", 0, SAYS("\xC1"), PW_SAID_STATUS, PW_FAULT_JAM, PW_PRINTER_STOPPED, -1},
	{"dymo", 0, SAYS("\x81"), PW_SAID_STATUS, PW_FAULT_OTHER, PW_PRINTER_STOPPED, -1},
	{"dymo", 0, SAYS("\x04"), 0, 0, PW_PRINTER_UNKNOWN, 0},
};

START_TEST(test_answers_are_normalised)
{
	pw_printer_word word = say(answers[_i].language, answers[_i].model, PW_ASK_STATUS,
				   answers[_i].bytes, answers[_i].n);
	ck_assert_uint_eq(word.said, answers[_i].said);
	ck_assert_uint_eq(word.status.faults, answers[_i].faults);
	ck_assert_int_eq(word.status.activity, answers[_i].activity);
	ck_assert_int_eq(word.status.waiting, answers[_i].waiting);
}
END_TEST

static const struct {
	uint8_t type, phase, error1, error2, note;
	unsigned said, faults;
} brother[] = {
	{0, 0, 0, 0, 0, PW_SAID_STATUS | PW_SAID_WHO, 0},
	{1, 0, 0, 0, 0, PW_SAID_DONE, 0},
	{6, 1, 0, 0, 0, PW_SAID_BEGUN, 0},
	{6, 0, 0, 0, 0, 0, 0},
	{2, 0, 0x01, 0, 0, PW_SAID_ERROR, PW_FAULT_PAPER_OUT},
	{2, 0, 0x02, 0, 0, PW_SAID_ERROR, PW_FAULT_PAPER_OUT},
	{2, 0, 0x04, 0x10, 0, PW_SAID_ERROR, PW_FAULT_CUTTER | PW_FAULT_COVER_OPEN},
	{2, 0, 0, 0x01, 0, PW_SAID_ERROR, PW_FAULT_WRONG_MEDIA},
	{2, 0, 0, 0x46, 0, PW_SAID_ERROR, PW_FAULT_MEMORY | PW_FAULT_LINK | PW_FAULT_JAM},
	{2, 0, 0, 0, 0, PW_SAID_ERROR, PW_FAULT_OTHER},
	{4, 0, 0, 0, 0, PW_SAID_ERROR, PW_FAULT_POWER},
	{5, 0, 0, 0, 3, PW_SAID_NOTE, PW_FAULT_HOT},
	{5, 0, 0, 0, 4, PW_SAID_NOTE, 0},
	{5, 0, 0, 0, 1, PW_SAID_NOTE, PW_FAULT_COVER_OPEN},
};

START_TEST(test_brother_s_messages_are_normalised)
{
	uint8_t bytes[32] = {0x80, 0x20, 'B', '4', '8', '0', 0, 0, 0, 0, 62, 0x0B};
	bytes[8] = brother[_i].error1;
	bytes[9] = brother[_i].error2;
	bytes[17] = 29;
	bytes[18] = brother[_i].type;
	bytes[19] = brother[_i].phase;
	bytes[22] = brother[_i].note;
	pw_printer_word word = say("brother", 0, PW_ASK_STATUS, bytes, sizeof(bytes));
	ck_assert_uint_eq(word.said, brother[_i].said);
	if (word.said == 0)
		return;
	ck_assert_uint_eq(word.status.faults, brother[_i].faults);
	ck_assert_int_eq(word.status.media_width, 62);
	ck_assert_int_eq(word.status.media_length, 29);
	ck_assert_str_eq(word.who.model, "QL-800");
}
END_TEST

START_TEST(test_brother_without_media_is_out_of_labels)
{
	uint8_t bytes[32] = {0x80, 0x20, 'B', '4', '8', '0'};
	pw_printer_word word = say("brother", 0, PW_ASK_STATUS, bytes, sizeof(bytes));
	ck_assert_uint_eq(word.status.faults, PW_FAULT_PAPER_OUT);
}
END_TEST

START_TEST(test_who_it_is)
{
	const char *hi = "\2ZD421-300dpi,V93.21.07Z,12,8176KB,X\3\r\n";
	pw_printer_word word = say("zpl", 0, PW_ASK_WHO, hi, strlen(hi));
	ck_assert_uint_eq(word.said, PW_SAID_WHO);
	ck_assert_str_eq(word.who.model, "ZD421-300dpi");
	ck_assert_str_eq(word.who.firmware, "V93.21.07Z");
	ck_assert_int_eq(word.who.dpi, 300);
	word = say("zpl", 0, PW_ASK_WHO, "\2A,V1,8\3", 8);
	ck_assert_int_eq(word.who.dpi, 203);
	word = say("zpl", 0, PW_ASK_WHO, "\2A,V1,24\3", 9);
	ck_assert_int_eq(word.who.dpi, 600);
	word = say("tspl", PW_MODEL_LONG_STATUS, PW_ASK_WHO, "TE210\r", 6);
	ck_assert_str_eq(word.who.model, "TE210");
	pw_printer_decoder other = {.model = 0};
	ck_assert_uint_eq(driver("tspl")->ask(&other, PW_ASK_WHO).n, 0);
}
END_TEST

/* ---- Jobs ---- */

/* What the encoders make is one label, and what is left of it when the end is missing prints nothing: the simulators
 * say so. */
static size_t print_part(const char *language, const pw_str *job, size_t n)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	opts.language = language;
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &sim, NULL), PW_OK);
	numbered_load(sim, job);
	pw_sim_advance(sim, 0);
	ck_assert_uint_eq(pw_sim_take(sim, job->ptr, n), n);
	pw_sim_advance(sim, 60000);
	pw_sim_counts counts = pw_sim_count(sim);
	pw_sim_free(sim);
	return counts.whole + counts.fragments + counts.inside;
}

START_TEST(test_jobs_are_one_label_and_safe_up_to_a_byte)
{
	const pw_printer_driver *d = pw_printer_drivers[_i];
	pw_str job = numbered_job(d->name, 4711);
	size_t safe = 0, other;
	ck_assert(d->look((const uint8_t *)job.ptr, job.len, &safe));
	ck_assert_uint_gt(safe, 0);
	ck_assert_uint_lt(safe, job.len);
	ck_assert_uint_eq(print_part(d->name, &job, safe), 0);
	ck_assert_uint_eq(print_part(d->name, &job, job.len), 1);
	/* Cut off anywhere it is no job; doubled it is two labels. */
	for (size_t n = 0; n < job.len; n++)
		ck_assert_msg(!d->look((const uint8_t *)job.ptr, n, &other) ||
				      strspn(job.ptr + n, "\r\n") == job.len - n,
			      "%s, cut off at %zu of %zu", d->name, n, job.len);
	pw_str twice = PW_STR_INIT;
	pw_str_add_n(&twice, job.ptr, job.len);
	pw_str_add_n(&twice, job.ptr, job.len);
	ck_assert(!d->look((const uint8_t *)twice.ptr, twice.len, &other));
	pw_str_clear(&twice);
	pw_str_clear(&job);
}
END_TEST

START_TEST(test_jobs_of_several_labels_are_refused)
{
	const pw_printer_driver *d = pw_printer_drivers[_i];
	pw_raster raster = numbered_raster(d->name, 1);
	pw_print_job how = PW_PRINT_JOB_INIT;
	pw_str job = PW_STR_INIT;
	size_t safe;
	how.copies = 2;
	ck_assert_int_eq(pw_dialect_encode(numbered_dialect(d->name), &raster, &how, &job, NULL),
			 PW_OK);
	ck_assert(!d->look((const uint8_t *)job.ptr, job.len, &safe));
	pw_str_clear(&job);
	pw_raster_clear(&raster);
}
END_TEST

START_TEST(test_packed_rows_are_read_over)
{
	pw_raster raster = numbered_raster("brother", 77);
	pw_print_job how = PW_PRINT_JOB_INIT;
	pw_str job = PW_STR_INIT;
	size_t safe;
	how.packbits = true;
	ck_assert_int_eq(pw_dialect_encode(PW_DIALECT_BROTHER, &raster, &how, &job, NULL), PW_OK);
	ck_assert(driver("brother")->look((const uint8_t *)job.ptr, job.len, &safe));
	ck_assert_int_eq(job.ptr[safe], 'g');
	pw_str_clear(&job);
	pw_raster_clear(&raster);
}
END_TEST

static const struct {
	const char *language, *job;
} no_jobs[] = {
	{"zpl", ""},
	{"zpl", "^XA^XZ^XA^XZ"},
	{"zpl", "^XA^FD~HS^XZ"},
	{"zpl", "^XA^GFB,9,9,3,^XZ^XZ"},
	{"zpl", "^XA^PQ2^XZ"},
	{"zpl", "^XA^pq2^XZ"},
	{"zpl", "^XA^PQ1^PQ1^XZ"},
	{"zpl", "^XA^CC+^XZ"},
	{"zpl", "hello ^XA^XZ"},
	{"zpl", "^XA^XZ hello"},
	{"tspl", "SIZE 1,1\r\n"},
	{"tspl", "PRINT 2,1\r\n"},
	{"tspl", "PRINT 1,1\r\nPRINT 1,1\r\n"},
	{"tspl", "PRINT 1,1"},
	{"tspl", "BITMAP 0,0,1,9,0,\r\nPRINT 1,1\r\n"},
	{"tspl", "BITMAP 0,0,x,1,0,1\r\nPRINT 1,1\r\n"},
	{"epl", "N\n"},
	{"epl", "P2\n"},
	{"epl", "P1\nP1\n"},
	{"epl", "P1"},
	{"epl", "GW0,0,1,9,1\nP1\n"},
	{"epl", "GW0,0\nP1\n"},
	{"brother", "hello"},
	{"brother", "\x0C\x1A"},
	{"brother", "g\x01"},
	{"dymo", "hello"},
	{"dymo", "\x1B"
		 "D\x02\x16"
		 "a"},
	{"dymo", "\x1B"
		 "E\x1B"
		 "E"},
};

START_TEST(test_what_is_no_job_is_refused)
{
	size_t safe;
	ck_assert(
		!driver(no_jobs[_i].language)
			 ->look((const uint8_t *)no_jobs[_i].job, strlen(no_jobs[_i].job), &safe));
}
END_TEST

START_TEST(test_every_fault_has_words)
{
	for (int i = 0; i < PW_FAULT_COUNT; i++) {
		pw_printer_fault fault = (pw_printer_fault)(1U << i);
		ck_assert_uint_gt(strlen(pw_printer_fault_name(fault)), 2);
		ck_assert_uint_gt(strlen(pw_printer_fault_text(fault)), 4);
		ck_assert_uint_gt(strlen(pw_printer_fault_help(fault)), 4);
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(pw_printer_fault_name(fault),
					 pw_printer_fault_name((pw_printer_fault)(1U << k)));
	}
	ck_assert_str_eq(pw_printer_fault_name(PW_FAULT_GONE), "gone");
	ck_assert_str_eq(pw_printer_fault_name((pw_printer_fault)(1U << 30)), "other");
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

Suite *suite_driver(void);

Suite *suite_driver(void)
{
	Suite *suite = suite_create("driver");
	TCase *tc = tcase_create("tables");
	int drivers = 0;
	while (pw_printer_drivers[drivers] != NULL)
		drivers++;
	tcase_add_test(tc, test_every_driver_is_whole);
	tcase_add_loop_test(tc, test_every_model_fits_its_sample, 0, (int)pw_printer_model_count);
	tcase_add_loop_test(tc, test_device_ids_name_models, 0, ROWS(ids));
	tcase_add_test(tc, test_patterns_match);
	tcase_add_test(tc, test_wires_promise_what_their_cables_can);
	tcase_add_test(tc, test_every_fault_has_words);
	suite_add_tcase(suite, tc);
	tc = tcase_create("answers");
	tcase_add_loop_test(tc, test_answers_are_normalised, 0, ROWS(answers));
	tcase_add_loop_test(tc, test_brother_s_messages_are_normalised, 0, ROWS(brother));
	tcase_add_test(tc, test_brother_without_media_is_out_of_labels);
	tcase_add_test(tc, test_who_it_is);
	suite_add_tcase(suite, tc);
	tc = tcase_create("jobs");
	tcase_add_loop_test(tc, test_jobs_are_one_label_and_safe_up_to_a_byte, 0, drivers);
	tcase_add_loop_test(tc, test_jobs_of_several_labels_are_refused, 0, drivers);
	tcase_add_test(tc, test_packed_rows_are_read_over);
	tcase_add_loop_test(tc, test_what_is_no_job_is_refused, 0, ROWS(no_jobs));
	suite_add_tcase(suite, tc);
	return suite;
}
