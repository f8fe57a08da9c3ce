/* What the simulators of TSPL, EPL, Brother and Dymo make of jobs, and what they say. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "numbered.h"
#include "printout.h"

/* ---- TSPL ---- */

static const struct {
	const char *job;
	int width, height;
} sizes[] = {
	{"SIZE 50.8 mm,25.4 mm\r\n", 406, 203},
	{"SIZE 2,1\r\n", 406, 203},
	{"SIZE 400 dot,200 dot\r\n", 400, 200},
	{"SIZE 4 mm , 2 mm\r\n", 32, 16},
};

START_TEST(test_tspl_sizes_in_every_unit)
{
	printout p;
	printout_begin(&p, "tspl", 203, 0);
	printout_give_text(&p, sizes[_i].job);
	printout_give_text(&p, "CLS\r\nPRINT 1\r\n");
	ck_assert_int_eq(p.raster.width, sizes[_i].width);
	ck_assert_int_eq(p.raster.height, sizes[_i].height);
	printout_end(&p);
}
END_TEST

START_TEST(test_tspl_modes_of_a_picture)
{
	static const struct {
		const char *mode;
		uint8_t dots;
	} modes[] = {{"0", 0x0F}, {"1", 0xFF}, {"2", 0xF0}};
	for (size_t i = 0; i < 3; i++) {
		char job[128];
		printout p;
		printout_begin(&p, "tspl", 203, 0);
		int n = snprintf(
			job, sizeof(job),
			"SIZE 8 dot,1 dot\r\nCLS\r\nBAR 0,0,8,1\r\nBITMAP 0,0,1,1,%s,%c\r\nPRINT 1\r\n",
			modes[i].mode, 0xF0);
		printout_give(&p, job, (size_t)n, 200);
		ck_assert_uint_eq(p.whole, 1);
		ck_assert_uint_eq(p.raster.bits[0], modes[i].dots);
		printout_end(&p);
	}
}
END_TEST

START_TEST(test_tspl_a_touchy_printer_feeds_blank_labels)
{
	printout p;
	printout_begin(&p, "tspl", 203, PW_SIM_TOUCHY);
	printout_give_text(
		&p,
		"SIZE 8 dot,1 dot\r\nSETC AUTODOTTED OFF\r\nCLS\r\nBAR 0,0,8,1\r\nPRINT 1,1\r\n");
	ck_assert_uint_eq(p.whole, 2);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 2);
	ck_assert_ptr_nonnull(strstr(pw_str_text(&p.notes), "not known: SETC AUTODOTTED OFF"));
	printout_give_text(&p, "CLS\r\nBAR 0,0,8,1\r\nPRINT 1,1\r\n");
	ck_assert_uint_eq(p.whole, 3);
	ck_assert_uint_eq(pw_sim_count(p.sim).blank, 2);
	printout_end(&p);
}
END_TEST

START_TEST(test_tspl_hears_questions_in_a_picture_only_if_it_has_that_habit)
{
	for (int hears = 0; hears < 2; hears++) {
		printout p;
		printout_begin(&p, "tspl", 203, hears != 0 ? PW_SIM_HEARS_IN_DATA : 0);
		pw_sim_take(p.sim, "SIZE 8 dot,9 dot\r\nCLS\r\nBITMAP 0,0,1,9,0,\x1B!?", 44);
		pw_str said = printout_hear(&p);
		ck_assert_uint_eq(said.len, (size_t)hears);
		pw_str_clear(&said);
		printout_end(&p);
	}
}
END_TEST

START_TEST(test_tspl_answers_as_documented)
{
	static const struct {
		const char *fault;
		uint8_t byte;
		const char *frame;
	} rows[] = {
		{NULL, 0x00, "\2@@@@\3\r\n"},         {"head open", 0x01, "\2E@@`\3\r\n"},
		{"jam", 0x02, "\2E@@B\3\r\n"},        {"paper out", 0x04, "\2E@@A\3\r\n"},
		{"ribbon out", 0x08, "\2E@@D\3\r\n"}, {"pause", 0x10, "\2`@@@\3\r\n"},
		{"hot", 0x80, "\2E@A@\3\r\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printout p;
		printout_begin(&p, "tspl", 203, 0);
		if (rows[i].fault != NULL)
			ck_assert_int_eq(pw_sim_do(p.sim, rows[i].fault, NULL), PW_OK);
		pw_sim_take(p.sim, "\x1B!?\x1B!S", 6);
		pw_str said = printout_hear(&p);
		ck_assert_uint_eq(said.len, 9);
		ck_assert_uint_eq((uint8_t)said.ptr[0], rows[i].byte);
		ck_assert_int_eq(memcmp(said.ptr + 1, rows[i].frame, 8), 0);
		pw_str_clear(&said);
		printout_end(&p);
	}
}
END_TEST

/* ---- EPL ---- */

START_TEST(test_epl_answers_as_documented)
{
	static const struct {
		const char *fault, *answer;
	} rows[] = {{NULL, "00\r\n"},
		    {"paper out", "07\r\n"},
		    {"head open", "11\r\n"},
		    {"pause", "12\r\n"}};
	printout p;
	printout_begin(&p, "epl", 0, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printout q;
		printout_begin(&q, "epl", 0, 0);
		if (rows[i].fault != NULL)
			ck_assert_int_eq(pw_sim_do(q.sim, rows[i].fault, NULL), PW_OK);
		pw_sim_take(q.sim, "^ee\n", 4);
		pw_str said = printout_hear(&q);
		ck_assert_str_eq(pw_str_text(&said), rows[i].answer);
		pw_str_clear(&said);
		printout_end(&q);
	}
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	ck_assert_int_eq(pw_sim_do(p.sim, "head open", NULL), PW_OK);
	printout_give_text(&p, "nonsense\n^ee\n");
	pw_str said = printout_hear(&p);
	ck_assert_str_eq(pw_str_text(&said), "01,07,11\r\n");
	pw_str_clear(&said);
	printout_end(&p);
}
END_TEST

START_TEST(test_epl_lines_are_drawn)
{
	printout p;
	printout_begin(&p, "epl", 0, 0);
	printout_give_text(&p, "N\nq8\nQ2,16\nLO0,0,8,2\nLW2,0,2,1\nLE0,1,4,1\nP1\n");
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_uint_eq(p.raster.bits[0], 0xCF);
	ck_assert_uint_eq(p.raster.bits[1], 0x0F);
	printout_end(&p);
}
END_TEST

/* ---- Brother and Dymo ---- */

START_TEST(test_brother_tells_the_flow_of_a_page)
{
	static const struct {
		uint8_t type, phase;
	} flow[] = {{0, 0}, {6, 1}, {1, 0}, {6, 0}, {0, 0}};
	printout p;
	pw_str job = numbered_job("brother", 1);
	printout_begin(&p, "brother", 0, 0);
	pw_sim_take(p.sim, "\x1BiS", 3);
	printout_give(&p, job.ptr, job.len, 100);
	pw_sim_take(p.sim, "\x1BiS", 3);
	pw_str said = printout_hear(&p);
	ck_assert_uint_eq(said.len, 32 * 5);
	for (size_t i = 0; i < 5; i++) {
		const uint8_t *b = (const uint8_t *)said.ptr + 32 * i;
		ck_assert(b[0] == 0x80 && b[1] == 0x20 && b[2] == 'B');
		ck_assert_uint_eq(b[10], 12);
		ck_assert_uint_eq(b[11], 0x0A);
		ck_assert_uint_eq(b[18], flow[i].type);
		ck_assert_uint_eq(b[19], flow[i].phase);
	}
	pw_str_clear(&said);
	pw_str_clear(&job);
	printout_end(&p);
}
END_TEST

START_TEST(test_brother_refuses_other_media)
{
	printout p;
	pw_str job = numbered_job("brother", 1);
	printout_begin(&p, "brother", 0, 0);
	ck_assert_int_eq(pw_sim_do(p.sim, "media 29x90", NULL), PW_OK);
	printout_give(&p, job.ptr, job.len, 100);
	ck_assert_uint_eq(p.whole + p.fragments, 0);
	pw_str said = printout_hear(&p);
	ck_assert_uint_eq(said.len, 32);
	ck_assert_uint_eq((uint8_t)said.ptr[18], 2);
	ck_assert_uint_eq((uint8_t)said.ptr[9], 0x01);
	/* It stays so until it is initialised. */
	ck_assert_int_eq(pw_sim_do(p.sim, "media 12", NULL), PW_OK);
	printout_give(&p, job.ptr + 202, job.len - 202, 100);
	ck_assert_uint_eq(p.whole, 0);
	printout_give(&p, job.ptr, job.len, 100);
	ck_assert_uint_eq(p.whole, 1);
	pw_str_clear(&said);
	pw_str_clear(&job);
	printout_end(&p);
}
END_TEST

START_TEST(test_dymo_runs_are_rows_too)
{
	printout p;
	printout_begin(&p, "dymo", 0, 0);
	/* Two bytes a row: 4 white, 8 black, 4 white, packed; then the same as it is. */
	printout_give(&p,
		      "\x1B"
		      "D\x02\x17\x03\x87\x03\x16\x0F\xF0\x1B"
		      "E",
		      12, 12);
	ck_assert_uint_eq(p.whole, 1);
	ck_assert_int_eq(p.raster.height, 2);
	ck_assert_int_eq(memcmp(p.raster.bits, "\x0F\xF0\x0F\xF0", 4), 0);
	printout_end(&p);
}
END_TEST

START_TEST(test_dymo_answers_as_documented)
{
	printout p;
	printout_begin(&p, "dymo", 0, 0);
	pw_sim_take(p.sim,
		    "\x1B"
		    "A",
		    2);
	ck_assert_int_eq(pw_sim_do(p.sim, "paper out", NULL), PW_OK);
	pw_sim_take(p.sim,
		    "\x1B"
		    "A",
		    2);
	pw_str said = printout_hear(&p);
	ck_assert_uint_eq(said.len, 2);
	ck_assert_uint_eq((uint8_t)said.ptr[0], 0x03);
	ck_assert_uint_eq((uint8_t)said.ptr[1], 0xA3);
	pw_str_clear(&said);
	printout_end(&p);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static TCase *others(void)
{
	TCase *tc = tcase_create("others");
	tcase_add_loop_test(tc, test_tspl_sizes_in_every_unit, 0, ROWS(sizes));
	tcase_add_test(tc, test_tspl_modes_of_a_picture);
	tcase_add_test(tc, test_tspl_a_touchy_printer_feeds_blank_labels);
	tcase_add_test(tc, test_tspl_hears_questions_in_a_picture_only_if_it_has_that_habit);
	tcase_add_test(tc, test_tspl_answers_as_documented);
	tcase_add_test(tc, test_epl_answers_as_documented);
	tcase_add_test(tc, test_epl_lines_are_drawn);
	tcase_add_test(tc, test_brother_tells_the_flow_of_a_page);
	tcase_add_test(tc, test_brother_refuses_other_media);
	tcase_add_test(tc, test_dymo_runs_are_rows_too);
	tcase_add_test(tc, test_dymo_answers_as_documented);
	return tc;
}

Suite *suite_sim_languages(void);

Suite *suite_sim_languages(void)
{
	Suite *suite = suite_create("sim_languages");
	suite_add_tcase(suite, others());
	return suite;
}
