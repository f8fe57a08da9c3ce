/* What printers answer, as their manuals and their users have it. */
#include <check.h>
#include <string.h>

#include "core/base/rng.h"
#include "devices/printers/codec_brother.h"
#include "devices/printers/codec_dymo.h"
#include "devices/printers/codec_epl.h"
#include "devices/printers/codec_tspl.h"
#include "devices/printers/codec_zpl.h"

/* ---- ZPL ---- */

#define HS1 "\002030,0,0,0320,000,0,0,0,000,0,0,0\3\r\n"
#define HS2 "\002001,0,0,0,1,2,6,0,00000000,1,000\3\r\n"
#define HS3 "\0021234,0\3\r\n"
#define HQES_OK                                                                                    \
	"\2\r\n\r\n  PRINTER STATUS                            \r\n   ERRORS:         0 00000000 " \
	"00000000      \r\n   WARNINGS:       0 00000000 00000000      \r\n\3"

/* The last event of the bytes, and how many there were. */
static pw_zpl_event zpl(pw_zpl_decoder *d, const char *bytes, size_t n, int *out_count)
{
	pw_zpl_event last = PW_ZPL_NOTHING;
	*out_count = 0;
	for (size_t i = 0; i < n; i++) {
		pw_zpl_event event = pw_zpl_feed(d, (uint8_t)bytes[i]);
		if (event == PW_ZPL_NOTHING)
			continue;
		last = event;
		++*out_count;
	}
	return last;
}

static pw_zpl_event zpl_text(pw_zpl_decoder *d, const char *text)
{
	int count;
	return zpl(d, text, strlen(text), &count);
}

START_TEST(test_zpl_status_has_every_field)
{
	pw_zpl_decoder d = {.n = 0};
	ck_assert_int_eq(zpl_text(&d, "\002030,1,1,1234,005,1,1,1,000,1,1,1\3\r\n"
				      "\002001,0,1,1,1,3,6,1,00000042,1,000\3\r\n" HS3),
			 PW_ZPL_STATUS);
	const pw_zpl_status *s = &d.status;
	ck_assert(s->paper_out && s->paused && s->buffer_full && s->diagnostic && s->partial);
	ck_assert(s->corrupt && s->cold && s->hot && s->head_open && s->ribbon_out);
	ck_assert(s->thermal_transfer && s->label_waiting);
	ck_assert_int_eq(s->label_length, 1234);
	ck_assert_int_eq(s->formats, 5);
	ck_assert_int_eq(s->remaining, 42);
	ck_assert_int_eq(s->print_mode, '3');
}
END_TEST

START_TEST(test_zpl_status_of_a_printer_that_is_well)
{
	pw_zpl_decoder d = {.n = 0};
	pw_zpl_status none;
	memset(&none, 0, sizeof(none));
	none.label_length = 320;
	none.print_mode = '2';
	none.thermal_transfer = true;
	ck_assert_int_eq(zpl_text(&d, HS1 HS2 HS3), PW_ZPL_STATUS);
	ck_assert_int_eq(d.status.formats + d.status.remaining, 0);
	ck_assert(!d.status.paper_out && !d.status.partial && !d.status.head_open);
	ck_assert_int_eq(d.status.label_length, none.label_length);
}
END_TEST

/* A half status is none, in whatever way it is not whole. */
static const char *const no_status[] = {
	HS1 HS2,
	HS2 HS3,
	HS1 HS3 HS2,
	HS1 "x" HS2 HS3,
	HS1 HS2 "\2"
		"5" HS3,
	HS1 HS1 HS3,
	"\002030,0,0,0320,000,0,0,0,000,0,0\3\r\n" HS2 HS3,
	"\002030,0,0,0320,000,0,0,0,000,0,0,0,0\3\r\n" HS2 HS3,
	"\002030,0,2,0320,000,0,0,0,000,0,0,0\3\r\n" HS2 HS3,
	"\002030,0,,0320,000,0,0,0,000,0,0,0\3\r\n" HS2 HS3,
	"\002030,0,0,0320,-01,0,0,0,000,0,0,0\3\r\n" HS2 HS3,
	"\002030,0,0,0320,0 0,0,0,0,000,0,0,0\3\r\n" HS2 HS3,
	"\002030,0,0,0320,123456789,0,0,0,000,0,0,0\3\r\n" HS2 HS3,
	HS1 "\002001,0,0,0,1,22,6,0,00000000,1,000\3\r\n" HS3,
	HS1 HS2 "\0021234\3\r\n",
	HS1 HS2 "\0021234,x\3\r\n",
	"030,0,0,0320,000,0,0,0,000,0,0,0\r\n001,0,0,0,1,2,6,0,00000000,1,000\r\n1234,0\r\n",
};

START_TEST(test_zpl_half_a_status_is_none)
{
	pw_zpl_decoder d = {.n = 0};
	ck_assert_int_eq(zpl_text(&d, no_status[_i]), PW_ZPL_NOTHING);
	ck_assert_int_eq(zpl_text(&d, "garbage\2\2\377" HS1 HS2 HS3), PW_ZPL_STATUS);
}
END_TEST

START_TEST(test_zpl_two_answers_do_not_mix)
{
	pw_zpl_decoder d = {.n = 0};
	ck_assert_int_eq(zpl_text(&d, "\002030,1,0,0320,000,0,0,0,000,0,0,0\3\r\n" HS1 HS2 HS3),
			 PW_ZPL_STATUS);
	ck_assert(!d.status.paper_out);
}
END_TEST

static const struct {
	const char *flags;
	uint32_t errors, warnings;
} hqes[] = {
	{"ERRORS: 0 00000000 00000000 WARNINGS: 0 00000000 00000000", 0, 0},
	{"ERRORS: 1 00000000 00000005 WARNINGS: 0 00000000 00000000",
	 PW_ZPL_E_MEDIA_OUT | PW_ZPL_E_HEAD_OPEN, 0},
	{"ERRORS: 1 00000000 00000002 WARNINGS: 1 00000000 00000001", PW_ZPL_E_RIBBON_OUT, 1},
	{"ERRORS: 1 00000000 00000008", 0, 0},
	{"ERRORS:1 00000000 000000f8 WARNINGS: 0 00000000 00000000",
	 PW_ZPL_E_CUTTER | PW_ZPL_E_HEAD_HOT | PW_ZPL_E_MOTOR_HOT | PW_ZPL_E_HEAD_ELEMENT |
		 PW_ZPL_E_HEAD_DETECTION,
	 0},
	{"ERRORS: 1 00000000 0000F300 WARNINGS: 0 00000000 00000000",
	 PW_ZPL_E_FIRMWARE | PW_ZPL_E_HEAD_THERMISTOR | PW_ZPL_E_JAM_RETRACT | PW_ZPL_E_PRESENTER |
		 PW_ZPL_E_PAPER_FEED | PW_ZPL_E_PAPER_PATH,
	 0},
	{"ERRORS: 0 00000000 00000005 WARNINGS: 0 00000000 00000000", 0, 0},
};

START_TEST(test_zpl_errors_are_read)
{
	pw_zpl_decoder d = {.n = 0};
	char frame[200];
	bool whole = strstr(hqes[_i].flags, "WARNINGS") != NULL;
	snprintf(frame, sizeof(frame), "\2\r\n  PRINTER STATUS  \r\n %s\r\n\3", hqes[_i].flags);
	ck_assert_int_eq(zpl_text(&d, frame), whole ? PW_ZPL_ERRORS : PW_ZPL_NOTHING);
	ck_assert_uint_eq(d.errors.errors, hqes[_i].errors);
	ck_assert_uint_eq(d.errors.warnings, hqes[_i].warnings);
}
END_TEST

static const char *const no_errors[] = {
	"ERRORS: 2 00000000 00000000 WARNINGS: 0 00000000 00000000",
	"ERRORS: 1 0000000 00000000 WARNINGS: 0 00000000 00000000",
	"ERRORS: 1 00000000 000000000 WARNINGS: 0 00000000 00000000",
	"ERRORS: 1 00000000 0000000g WARNINGS: 0 00000000 00000000",
	"WARNINGS: 0 00000000 00000000 ERRORS: 0 00000000 00000000",
	"ERRORS:",
};

START_TEST(test_zpl_what_looks_like_errors_is_none)
{
	pw_zpl_decoder d = {.n = 0};
	char frame[200];
	snprintf(frame, sizeof(frame), "\2%s\3", no_errors[_i]);
	ck_assert_int_eq(zpl_text(&d, frame), PW_ZPL_NOTHING);
}
END_TEST

START_TEST(test_zpl_a_printer_s_own_bytes)
{
	pw_zpl_decoder d = {.n = 0};
	ck_assert_int_eq(zpl_text(&d, HQES_OK), PW_ZPL_ERRORS);
	ck_assert_int_eq(zpl_text(&d, "\2ZD421-300dpi,V93.21.07Z,12,8176KB,X\3\r\n"),
			 PW_ZPL_IDENTITY);
	ck_assert_str_eq(d.identity.model, "ZD421-300dpi");
	ck_assert_str_eq(d.identity.firmware, "V93.21.07Z");
	ck_assert_int_eq(d.identity.dots_per_mm, 12);
}
END_TEST

START_TEST(test_zpl_frames_have_an_end)
{
	pw_zpl_decoder d = {.n = 0};
	pw_zpl_feed(&d, 2);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(pw_zpl_feed(&d, 'A'), PW_ZPL_NOTHING);
	ck_assert_int_eq(pw_zpl_feed(&d, 3), PW_ZPL_NOTHING);
	ck_assert_int_eq(zpl_text(&d, HS1 HS2 HS3), PW_ZPL_STATUS);
}
END_TEST

/* ---- TSPL ---- */

START_TEST(test_tspl_a_byte_is_a_status)
{
	pw_tspl_decoder d = {.n = 0};
	ck_assert_int_eq(pw_tspl_feed(&d, 0x00), PW_TSPL_STATUS);
	ck_assert_uint_eq(d.flags, 0);
	ck_assert_int_eq(pw_tspl_feed(&d, 0x20), PW_TSPL_STATUS);
	ck_assert_uint_eq(d.flags, PW_TSPL_PRINTING);
	ck_assert_int_eq(pw_tspl_feed(&d, 0x0D), PW_TSPL_STATUS);
	ck_assert_uint_eq(d.flags, PW_TSPL_RIBBON_OUT | PW_TSPL_PAPER_OUT | PW_TSPL_HEAD_OPEN);
}
END_TEST

static pw_tspl_event tspl(pw_tspl_decoder *d, const char *bytes, size_t n)
{
	pw_tspl_event last = PW_TSPL_NOTHING;
	for (size_t i = 0; i < n; i++) {
		pw_tspl_event event = pw_tspl_feed(d, (uint8_t)bytes[i]);
		last = event != PW_TSPL_NOTHING ? event : last;
	}
	return last;
}

START_TEST(test_tspl_long_status_is_read_in_garbage)
{
	pw_tspl_decoder d = {.n = 0};
	pw_tspl_expect(&d, PW_TSPL_LONG);
	ck_assert_int_eq(tspl(&d, "\2@@@", 4), PW_TSPL_NOTHING);
	ck_assert_int_eq(tspl(&d, "\2\2E@HA\3\r\n", 9), PW_TSPL_LONG);
	ck_assert_int_eq(d.status.message, PW_TSPL_M_ERROR);
	ck_assert_uint_eq(d.status.error[0], PW_TSPL_E3_CUTTER);
	ck_assert_uint_eq(d.status.error[1], PW_TSPL_E4_PAPER_OUT);
	ck_assert_int_eq(tspl(&d, "\2PH@@\3\r\n", 8), PW_TSPL_LONG);
	ck_assert_int_eq(d.status.message, PW_TSPL_M_PRINTING);
	ck_assert_uint_eq(d.status.warning & 0x3F, PW_TSPL_W_BUFFER_FULL);
	ck_assert_int_eq(tspl(&d, "\2P@\377@\3\r\n", 8), PW_TSPL_NOTHING);
	ck_assert_int_eq(tspl(&d, "\2P@@@\3\r\r", 8), PW_TSPL_NOTHING);
}
END_TEST

START_TEST(test_tspl_model_is_a_line)
{
	pw_tspl_decoder d = {.n = 0};
	pw_tspl_expect(&d, PW_TSPL_MODEL);
	ck_assert_int_eq(tspl(&d, "\r\nTTP-244 Plus\r", 15), PW_TSPL_MODEL);
	ck_assert_str_eq(d.model, "TTP-244 Plus");
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(pw_tspl_feed(&d, 'x'), PW_TSPL_NOTHING);
	ck_assert_int_eq(pw_tspl_feed(&d, '\n'), PW_TSPL_MODEL);
	ck_assert_uint_eq(strlen(d.model), sizeof(d.model) - 1);
}
END_TEST

/* ---- EPL ---- */

static const struct {
	const char *line, *codes;
	int remaining;
} epl_lines[] = {
	{"00\r\n", "0", -1},
	{"07\r\n", "7", -1},
	{"07,11\r\n", "7 11", -1},
	{"01,07,11,12\n", "1 7 11 12", -1},
	{"\x13"
	 "07\r\n\x11",
	 "7", -1},
	{"07P012\r\n", "7", 12},
	{"07R003,11\r\n", "7 11", 3},
};

static bool epl(pw_epl_decoder *d, const char *text)
{
	bool any = false;
	for (; *text != '\0'; text++)
		any = pw_epl_feed(d, (uint8_t)*text) || any;
	return any;
}

START_TEST(test_epl_codes_are_read)
{
	pw_epl_decoder d = {.n = 0};
	char codes[64] = "";
	ck_assert(epl(&d, epl_lines[_i].line));
	for (size_t i = 0; i < d.codes; i++)
		snprintf(codes + strlen(codes), sizeof(codes) - strlen(codes), "%s%d",
			 i > 0 ? " " : "", d.code[i]);
	ck_assert_str_eq(codes, epl_lines[_i].codes);
	ck_assert_int_eq(d.remaining, epl_lines[_i].remaining);
	ck_assert(pw_epl_has(&d, d.code[0]));
	ck_assert(!pw_epl_has(&d, 99));
}
END_TEST

static const char *const no_codes[] = {"\r\n",
				       "0\r\n",
				       "000\r\n",
				       "07,\r\n",
				       "07;11\r\n",
				       "$11\r\n",
				       "07P12\r\n",
				       "07X012\r\n",
				       "UU\r\n",
				       ",\r\n",
				       "00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00\r\n"};

START_TEST(test_epl_what_looks_like_codes_is_none)
{
	pw_epl_decoder d = {.n = 0};
	ck_assert(!epl(&d, no_codes[_i]));
	ck_assert(epl(&d, "11\r\n"));
	ck_assert(pw_epl_has(&d, PW_EPL_HEAD_OPEN));
}
END_TEST

START_TEST(test_epl_lines_have_an_end)
{
	pw_epl_decoder d = {.n = 0};
	for (int i = 0; i < 10000; i++)
		ck_assert(!pw_epl_feed(&d, '0'));
	ck_assert(!epl(&d, "\r\n"));
	ck_assert(epl(&d, "00\r\n"));
}
END_TEST

/* ---- Brother ---- */

static const uint8_t ql570[32] = {0x80, 0x20, 0x42, 0x34, 0x32, 0x30, 0,   0,
				  0,    0,    0x3E, 0x0A, 0,    0,    0x15};
static const uint8_t ql1050[32] = {0x80, 0x20, 0x42, 0x30, 0x50, 0x30, 0, 0, 0,
				   0,    0x66, 0x0B, 0,    0,    0x2E, 0, 0, 0x99};

static bool brother(pw_brother_decoder *d, const uint8_t *bytes, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++)
		any = pw_brother_feed(d, bytes[i]) || any;
	return any;
}

START_TEST(test_brother_answers_of_real_printers)
{
	pw_brother_decoder d = {.n = 0};
	ck_assert(brother(&d, ql570, 32));
	ck_assert_int_eq(d.status.type, PW_BROTHER_REPLY);
	ck_assert_int_eq(d.status.width, 62);
	ck_assert_int_eq(d.status.length, 0);
	ck_assert(!d.status.die_cut && !d.status.no_media && !d.status.printing);
	ck_assert_uint_eq(d.status.error1 | d.status.error2, 0);
	ck_assert_str_eq(pw_brother_model(d.status.series, d.status.model), "QL-570");
	ck_assert(brother(&d, ql1050, 32));
	ck_assert_int_eq(d.status.width, 102);
	ck_assert_int_eq(d.status.length, 153);
	ck_assert(d.status.die_cut);
	ck_assert_str_eq(pw_brother_model(d.status.series, d.status.model), "QL-1050");
}
END_TEST

START_TEST(test_brother_messages_are_told_apart)
{
	static const struct {
		uint8_t type, phase;
	} kinds[] = {{0, 0}, {1, 0}, {2, 0}, {4, 0}, {5, 0}, {6, 1}, {6, 0}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		pw_brother_decoder d = {.n = 0};
		uint8_t bytes[32];
		memcpy(bytes, ql570, sizeof(bytes));
		bytes[18] = kinds[i].type;
		bytes[19] = kinds[i].phase;
		bytes[8] = 0x02;
		bytes[9] = 0x10;
		bytes[22] = 3;
		ck_assert(brother(&d, bytes, 32));
		ck_assert_int_eq(d.status.type, kinds[i].type);
		ck_assert_int_eq(d.status.printing, kinds[i].phase);
		ck_assert_uint_eq(d.status.error1, PW_BROTHER_E1_END);
		ck_assert_uint_eq(d.status.error2, PW_BROTHER_E2_COVER);
		ck_assert_uint_eq(d.status.note, PW_BROTHER_NOTE_COOLING);
	}
}
END_TEST

START_TEST(test_brother_models_of_the_documents)
{
	ck_assert_str_eq(pw_brother_model('4', '8'), "QL-800");
	ck_assert_str_eq(pw_brother_model('4', '9'), "QL-810W");
	ck_assert_str_eq(pw_brother_model('4', 'A'), "QL-820NWB");
	ck_assert_str_eq(pw_brother_model('4', '6'), "QL-710W");
	ck_assert_str_eq(pw_brother_model('4', '7'), "QL-720NW");
	ck_assert_ptr_null(pw_brother_model('x', 'x'));
}
END_TEST

/* Whatever stands in front of an answer, it is found: also what looks like one. */
START_TEST(test_brother_answer_is_found_in_garbage)
{
	pw_rng rng;
	pw_rng_init(&rng, (uint64_t)_i);
	pw_brother_decoder d = {.n = 0};
	static const uint8_t likely[] = {0x80, 0x20, 'B', 0, 0xFF};
	for (int i = (int)pw_rng_below(&rng, 100); i > 0; i--)
		pw_brother_feed(&d, likely[pw_rng_below(&rng, sizeof(likely))]);
	/* A false beginning may still swallow one answer; not the second. */
	bool first = brother(&d, ql570, 32), second = brother(&d, ql570, 32);
	ck_assert(first || second);
	ck_assert(brother(&d, ql1050, 32));
	ck_assert_int_eq(d.status.length, 153);
}
END_TEST

START_TEST(test_brother_what_cannot_be_a_status_is_none)
{
	pw_brother_decoder d = {.n = 0};
	uint8_t bytes[32];
	memcpy(bytes, ql570, sizeof(bytes));
	bytes[18] = 9;
	ck_assert(!brother(&d, bytes, 32));
	bytes[18] = 0;
	bytes[19] = 7;
	ck_assert(!brother(&d, bytes, 32));
	ck_assert(brother(&d, ql570, 32));
}
END_TEST

/* ---- Dymo ---- */

START_TEST(test_dymo_reserved_bits_are_zero)
{
	ck_assert(pw_dymo_is_status(0x01));
	ck_assert(pw_dymo_is_status(0x03));
	ck_assert(pw_dymo_is_status(PW_DYMO_READY | PW_DYMO_NO_PAPER | PW_DYMO_ERROR));
	ck_assert(!pw_dymo_is_status(0x04));
	ck_assert(!pw_dymo_is_status(0xFF));
	ck_assert(!pw_dymo_is_status('U'));
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

Suite *suite_codec(void);

Suite *suite_codec(void)
{
	Suite *suite = suite_create("codec");
	TCase *tc = tcase_create("zpl");
	tcase_add_test(tc, test_zpl_status_has_every_field);
	tcase_add_test(tc, test_zpl_status_of_a_printer_that_is_well);
	tcase_add_loop_test(tc, test_zpl_half_a_status_is_none, 0, ROWS(no_status));
	tcase_add_test(tc, test_zpl_two_answers_do_not_mix);
	tcase_add_loop_test(tc, test_zpl_errors_are_read, 0, ROWS(hqes));
	tcase_add_loop_test(tc, test_zpl_what_looks_like_errors_is_none, 0, ROWS(no_errors));
	tcase_add_test(tc, test_zpl_a_printer_s_own_bytes);
	tcase_add_test(tc, test_zpl_frames_have_an_end);
	suite_add_tcase(suite, tc);
	tc = tcase_create("tspl");
	tcase_add_test(tc, test_tspl_a_byte_is_a_status);
	tcase_add_test(tc, test_tspl_long_status_is_read_in_garbage);
	tcase_add_test(tc, test_tspl_model_is_a_line);
	suite_add_tcase(suite, tc);
	tc = tcase_create("epl");
	tcase_add_loop_test(tc, test_epl_codes_are_read, 0, ROWS(epl_lines));
	tcase_add_loop_test(tc, test_epl_what_looks_like_codes_is_none, 0, ROWS(no_codes));
	tcase_add_test(tc, test_epl_lines_have_an_end);
	suite_add_tcase(suite, tc);
	tc = tcase_create("brother");
	tcase_add_test(tc, test_brother_answers_of_real_printers);
	tcase_add_test(tc, test_brother_messages_are_told_apart);
	tcase_add_test(tc, test_brother_models_of_the_documents);
	tcase_add_loop_test(tc, test_brother_answer_is_found_in_garbage, 0, 200);
	tcase_add_test(tc, test_brother_what_cannot_be_a_status_is_none);
	suite_add_tcase(suite, tc);
	tc = tcase_create("dymo");
	tcase_add_test(tc, test_dymo_reserved_bits_are_zero);
	suite_add_tcase(suite, tc);
	return suite;
}
