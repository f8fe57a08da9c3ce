#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"

static char *drawn;
static size_t drawn_size;
static pw_time now;
static pw_progress p;

static void setup(void)
{
	now = PW_HOUR;
	p = (pw_progress){.clock = pw_clock_fixed(&now), .width = 80};
	p.talk = open_memstream(&drawn, &drawn_size);
}

static void teardown(void)
{
	fclose(p.talk);
	free(drawn);
}

static const struct {
	int64_t done, total;
	pw_time after;
	const char *line;
} lines[] = {
	{12600, 30000, 4 * PW_SECOND,
	 "importing  [========>           ]  42 %  12600 of 30000 rows, 3150/s, 5 s left"},
	{12600, 0, 4 * PW_SECOND, "importing  12600 rows, 3150/s"},
	{5, 10, 2 * PW_SECOND,
	 "importing  [==========>         ]  50 %  5 of 10 rows, 2.5/s, 2 s left"},
	{1, 3, 120 * PW_SECOND,
	 "importing  [======>             ]  33 %  1 of 3 rows, 0.5/min, 4 min left"},
	{10, 10, 2 * PW_SECOND, "importing  [====================] 100 %  10 of 10 rows, 5.0/s"},
	{0, 10, 2 * PW_SECOND, "importing  [>                   ]   0 %  0 of 10 rows"},
	{11, 10, 2 * PW_SECOND, "importing  11 rows, 5.5/s"},
	{1, INT64_MAX, 2 * PW_SECOND,
	 "importing  [>                   ]   0 %  1 of 9223372036854775807 rows, 30.0/min"},
};

START_TEST(test_line)
{
	pw_str line = PW_STR_INIT;
	pw_progress_begin(&p, "importing", "rows", 0);
	p.done = lines[_i].done;
	p.total = lines[_i].total;
	pw_progress_line(&p, now + lines[_i].after, &line);
	ck_assert_str_eq(pw_str_text(&line), lines[_i].line);
	pw_str_clear(&line);
}
END_TEST

START_TEST(test_nothing_is_drawn_in_the_first_second)
{
	pw_progress_begin(&p, "importing", "rows", 10);
	for (int i = 0; i < 9; i++) {
		now += PW_SECOND / 10;
		pw_progress_step(&p);
	}
	pw_progress_end(&p);
	fflush(p.talk);
	ck_assert_str_eq(drawn, "");
}
END_TEST

START_TEST(test_ten_times_a_second_and_wiped)
{
	pw_progress_begin(&p, "importing", "rows", 0);
	now += PW_SECOND;
	for (int i = 0; i < 1000; i++) {
		now += PW_SECOND / 1000;
		pw_progress_step(&p);
	}
	fflush(p.talk);
	int draws = 0;
	for (const char *c = drawn; *c != '\0'; c++)
		if (*c == '\r')
			draws++;
	ck_assert_int_eq(draws, 10);
	ck_assert(p.visible);
	pw_progress_end(&p);
	fflush(p.talk);
	ck_assert_str_eq(drawn + strlen(drawn) - 4, "\r\033[K");
	ck_assert(!p.visible);
}
END_TEST

START_TEST(test_line_fits_the_terminal)
{
	p.width = 30;
	pw_progress_begin(&p, "importing", "rows", 100);
	now += 2 * PW_SECOND;
	pw_progress_at(&p, 50, 100);
	fflush(p.talk);
	ck_assert_str_eq(drawn, "\rimporting  [==========>     …\033[K");
}
END_TEST

START_TEST(test_silent_without_a_terminal)
{
	FILE *talk = p.talk;
	p.talk = NULL;
	pw_progress_begin(&p, "importing", "rows", 0);
	now += 2 * PW_SECOND;
	pw_progress_step(&p);
	pw_progress_end(&p);
	p.talk = talk;
	fflush(talk);
	ck_assert_str_eq(drawn, "");
}
END_TEST

START_TEST(test_steady_clock_runs_forwards)
{
	pw_clock clock = pw_clock_steady();
	pw_time first = pw_clock_now(&clock);
	ck_assert_int_ge(pw_clock_now(&clock), first);
	ck_assert_int_gt(first, 0);
}
END_TEST

Suite *suite_progress(void);
Suite *suite_progress(void)
{
	Suite *s = suite_create("progress");
	TCase *t = tcase_create("progress");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_line, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(t, test_nothing_is_drawn_in_the_first_second);
	tcase_add_test(t, test_ten_times_a_second_and_wiped);
	tcase_add_test(t, test_line_fits_the_terminal);
	tcase_add_test(t, test_silent_without_a_terminal);
	tcase_add_test(t, test_steady_clock_runs_forwards);
	suite_add_tcase(s, t);
	return s;
}
