#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

/* Rules written out, so that the tests need no time zone files. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static const struct {
	const char *tz, *text, *utc;
} taken[] = {
	{"UTC", "1970-01-01", "1970-01-01T00:00:00.000000Z"},
	{"UTC", "2026-11-23 14:05", "2026-11-23T14:05:00.000000Z"},
	{"UTC", "2026/11/23 14:05:09", "2026-11-23T14:05:09.000000Z"},
	{"UTC", "2026-11-23T14:05:09.5", "2026-11-23T14:05:09.500000Z"},
	{"UTC", "2026-11-23T14:05:09.1234567", "2026-11-23T14:05:09.123456Z"},
	{"Asia/Shanghai", "2026-11-23", "2026-11-22T16:00:00.000000Z"},
	{"Asia/Shanghai", "2026-11-23T14:05:09", "2026-11-23T06:05:09.000000Z"},
	{"Asia/Shanghai", "2026-11-23T14:05:09Z", "2026-11-23T14:05:09.000000Z"},
	{"Asia/Shanghai", "2026-11-23T14:05:09+08:00", "2026-11-23T06:05:09.000000Z"},
	{"UTC", "2026-11-23T14:05:09+0800", "2026-11-23T06:05:09.000000Z"},
	{"UTC", "2026-11-23T14:05:09+08", "2026-11-23T06:05:09.000000Z"},
	{"UTC", "2026-11-23T14:05:09.25-03:30", "2026-11-23T17:35:09.250000Z"},
	{"UTC", "2026-11-23T00:30-00:45", "2026-11-23T01:15:00.000000Z"},
	{"UTC", "2000-02-29", "2000-02-29T00:00:00.000000Z"},
	{"UTC", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000Z"},
	{"UTC", "1999-12-31T23:59:59Z", "1999-12-31T23:59:59.000000Z"},
	{"UTC", "1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000Z"},
	{"UTC", "1600-02-29T00:00Z", "1600-02-29T00:00:00.000000Z"},
	{"UTC", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000Z"},
	/* both sides of the day on which summer time starts, and of the one on which it ends */
	{BERLIN, "2026-03-29 01:59:59", "2026-03-29T00:59:59.000000Z"},
	{BERLIN, "2026-03-29 03:00:00", "2026-03-29T01:00:00.000000Z"},
	{BERLIN, "2026-10-25 01:59:59", "2026-10-24T23:59:59.000000Z"},
	{BERLIN, "2026-10-25 03:00:00", "2026-10-25T02:00:00.000000Z"},
};

START_TEST(test_a_time_is_read)
{
	zone(taken[_i].tz);
	pw_time at = 0;
	ck_assert(pw_time_parse(taken[_i].text, &at));
	char utc[32];
	pw_time_format_utc(at, utc);
	ck_assert_str_eq(utc, taken[_i].utc);
	/* and what is printed is read as the same moment, anywhere */
	pw_time again = 0;
	zone("Asia/Shanghai");
	ck_assert(pw_time_parse(utc, &again));
	ck_assert_int_eq(again, at);
}
END_TEST

static const char *const refused[] = {
	"",
	"2026",
	"2026-11",
	"2026-1-23",
	"26-11-23",
	"2026-11/23",
	"2026-13-01",
	"2026-00-01",
	"2026-04-31",
	"2026-02-29",
	"1900-02-29",
	"2100-02-29",
	"2026-11-00",
	"2026-11-32",
	"2026-11-23x",
	"2026-11-23 ",
	"2026-11-23T",
	"2026-11-23 24:00",
	"2026-11-23 14:60",
	"2026-11-23 14:05:60",
	"2026-11-23 14",
	"2026-11-23 4:05",
	"2026-11-23 14:05:09.",
	"2026-11-23 14:05:09,5",
	"2026-11-23 14:05 PM",
	"2026-11-23 14:05Zx",
	"2026-11-23 14:05+",
	"2026-11-23 14:05+8",
	"2026-11-23 14:05+15:00",
	"2026-11-23 14:05+08:60",
	"2026-11-23 14:05+08:0",
	" 2026-11-23",
	"-2026-11-23",
	"23.11.2026",
	"11/23/2026",
	"45984.5", /* a spreadsheet's day number */
};

START_TEST(test_what_is_no_time_is_refused)
{
	zone("UTC");
	pw_time at = 4711;
	ck_assert_msg(!pw_time_parse(refused[_i], &at), "%s", refused[_i]);
	ck_assert_int_eq(at, 4711);
}
END_TEST

START_TEST(test_every_day_of_four_centuries_is_read)
{
	zone("UTC");
	pw_time at = 0, expected = -INT64_C(11676096000) * PW_SECOND; /* 1600-01-01 */
	for (int day = 0; day < 146097; day++, expected += PW_DAY) {
		char text[32];
		pw_time_format_utc(expected, text);
		ck_assert(pw_time_parse(text, &at));
		ck_assert_int_eq(at, expected);
	}
	char end[32];
	pw_time_format_utc(expected, end);
	ck_assert_str_eq(end, "2000-01-01T00:00:00.000000Z");
}
END_TEST

START_TEST(test_local_time_is_shown_with_its_zone)
{
	static const struct {
		const char *tz;
		pw_time at;
		const char *text;
	} shown[] = {
		{"UTC", 0, "1970-01-01T00:00:00+00:00"},
		{"Asia/Shanghai", 0, "1970-01-01T08:00:00+08:00"},
		{"Asia/Shanghai", 1795413909 * PW_SECOND + 999999, "2026-11-23T14:05:09+08:00"},
		{"NST3:30", 0, "1969-12-31T20:30:00-03:30"},
		{"UTC", -1, "1969-12-31T23:59:59+00:00"}, /* rounded down, not towards 1970 */
		{BERLIN, 1774745999 * PW_SECOND, "2026-03-29T01:59:59+01:00"},
		{BERLIN, 1774746000 * PW_SECOND, "2026-03-29T03:00:00+02:00"},
		/* the hour that there is twice is told apart */
		{BERLIN, 1792888200 * PW_SECOND, "2026-10-25T02:30:00+02:00"},
		{BERLIN, 1792891800 * PW_SECOND, "2026-10-25T02:30:00+01:00"},
	};
	for (int i = 0; i < COUNT(shown); i++) {
		zone(shown[i].tz);
		char text[32];
		pw_time_format_local(shown[i].at, text);
		ck_assert_str_eq(text, shown[i].text);
		pw_time back = 0;
		ck_assert(pw_time_parse(text, &back));
		ck_assert_int_eq(back / PW_SECOND,
				 (shown[i].at < 0 ? shown[i].at - 999999 : shown[i].at) /
					 PW_SECOND);
	}
}
END_TEST

START_TEST(test_utc_is_shown_whole)
{
	char text[32];
	pw_time_format_utc(1795413909 * PW_SECOND + 123456, text);
	ck_assert_str_eq(text, "2026-11-23T06:05:09.123456Z");
	pw_time_format_utc(-1, text);
	ck_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
	pw_time_format_utc(7, text);
	ck_assert_str_eq(text, "1970-01-01T00:00:00.000007Z");
}
END_TEST

static pw_time at(const char *text)
{
	pw_time t = 0;
	ck_assert_msg(pw_time_parse(text, &t), "%s", text);
	return t;
}

START_TEST(test_a_day_is_the_local_one)
{
	static const struct {
		const char *tz, *at, *start, *end;
	} days[] = {
		{"UTC", "2026-11-23T14:05:09Z", "2026-11-23T00:00Z", "2026-11-24T00:00Z"},
		{"Asia/Shanghai", "2026-11-23T14:05:09Z", "2026-11-22T16:00Z", "2026-11-23T16:00Z"},
		{"Asia/Shanghai", "2026-11-23T16:00:00Z", "2026-11-23T16:00Z", "2026-11-24T16:00Z"},
		{"Asia/Shanghai", "2026-11-23T15:59:59.999999Z", "2026-11-22T16:00Z",
		 "2026-11-23T16:00Z"},
		{"UTC", "2024-02-28T12:00Z", "2024-02-28T00:00Z", "2024-02-29T00:00Z"},
		{"UTC", "2026-12-31T12:00Z", "2026-12-31T00:00Z", "2027-01-01T00:00Z"},
		/* days of 23 and of 25 hours */
		{BERLIN, "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"},
		{BERLIN, "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"},
	};
	for (int i = 0; i < COUNT(days); i++) {
		zone(days[i].tz);
		ck_assert_int_eq(pw_time_day_start(at(days[i].at)), at(days[i].start));
		ck_assert_int_eq(pw_time_day_end(at(days[i].at)), at(days[i].end));
	}
}
END_TEST

START_TEST(test_durations_are_for_people)
{
	static const struct {
		pw_time duration;
		const char *text;
	} told[] = {
		{-PW_HOUR, "0 s"},
		{0, "0 s"},
		{999999, "0 s"},
		{40 * PW_SECOND, "40 s"},
		{PW_MINUTE - 1, "59 s"},
		{PW_MINUTE, "1 min"},
		{PW_HOUR - 1, "59 min"},
		{2 * PW_HOUR + 5 * PW_MINUTE, "2 h 05 min"},
		{PW_DAY - 1, "23 h 59 min"},
		{3 * PW_DAY + 4 * PW_HOUR, "3 d 04 h"},
		{INT64_MAX, "106751991 d 04 h"},
	};
	for (int i = 0; i < COUNT(told); i++) {
		char text[32];
		pw_duration_format(told[i].duration, text);
		ck_assert_str_eq(text, told[i].text);
	}
}
END_TEST

START_TEST(test_a_clock_is_handed_in)
{
	pw_time hand = 5;
	pw_clock clock = pw_clock_fixed(&hand);
	ck_assert_int_eq(pw_clock_now(&clock), 5);
	hand += PW_DAY;
	ck_assert_int_eq(pw_clock_now(&clock), 5 + PW_DAY);
	clock = pw_clock_system();
	pw_time before = (pw_time)time(NULL) * PW_SECOND, now = pw_clock_now(&clock);
	ck_assert_int_ge(now, before - PW_SECOND);
	ck_assert_int_le(now, before + PW_MINUTE);
}
END_TEST

Suite *suite_clock(void);

Suite *suite_clock(void)
{
	Suite *s = suite_create("clock");
	TCase *tc = tcase_create("clock");
	tcase_set_timeout(tc, 60); /* for sanitizers on a busy machine */
	tcase_add_loop_test(tc, test_a_time_is_read, 0, COUNT(taken));
	tcase_add_loop_test(tc, test_what_is_no_time_is_refused, 0, COUNT(refused));
	tcase_add_test(tc, test_every_day_of_four_centuries_is_read);
	tcase_add_test(tc, test_local_time_is_shown_with_its_zone);
	tcase_add_test(tc, test_utc_is_shown_whole);
	tcase_add_test(tc, test_a_day_is_the_local_one);
	tcase_add_test(tc, test_durations_are_for_people);
	tcase_add_test(tc, test_a_clock_is_handed_in);
	suite_add_tcase(s, tc);
	return s;
}
