#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

pw_time pw_clock_now(const pw_clock *clock)
{
	return clock->now(clock->ctx);
}

static pw_time system_now(void *ctx)
{
	(void)ctx;
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (pw_time)ts.tv_sec * PW_SECOND + ts.tv_nsec / 1000;
}

static pw_time fixed_now(void *ctx)
{
	return *(pw_time *)ctx;
}

pw_clock pw_clock_system(void)
{
	return (pw_clock){system_now, NULL};
}

pw_clock pw_clock_fixed(pw_time *at)
{
	return (pw_clock){fixed_now, at};
}

/* Whole seconds, rounded down also before 1970. */
static time_t seconds_of(pw_time at)
{
	pw_time s = at / PW_SECOND;
	if (at % PW_SECOND < 0)
		s--;
	return (time_t)s;
}

void pw_time_format_local(pw_time at, char out[32])
{
	time_t t = seconds_of(at);
	struct tm tm;
	localtime_r(&t, &tm);
	char zone[8];
	strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	size_t n = strftime(zone, sizeof(zone), "%z", &tm);
	size_t at_end = strlen(out);
	if (n == 5)
		snprintf(out + at_end, 32 - at_end, "%.3s:%.2s", zone, zone + 3);
}

void pw_time_format_utc(pw_time at, char out[32])
{
	time_t t = seconds_of(at);
	long micros = (long)(at - (pw_time)t * PW_SECOND);
	struct tm tm;
	gmtime_r(&t, &tm);
	char whole[24];
	strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, 32, "%s.%06ldZ", whole, micros);
}

/* Reads exactly `digits` digits at *p. */
static bool take_number(const char **p, int digits, int *out)
{
	int value = 0;
	for (int i = 0; i < digits; i++) {
		char c = (*p)[i];
		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*p += digits;
	*out = value;
	return true;
}

static bool take_date(const char **p, struct tm *tm)
{
	int year, month, day;
	if (!take_number(p, 4, &year) || (**p != '-' && **p != '/'))
		return false;
	char separator = *(*p)++;
	if (!take_number(p, 2, &month) || *(*p)++ != separator || !take_number(p, 2, &day))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month != 2 || day < 29 || leap;
}

static bool take_clock(const char **p, struct tm *tm, long *micros)
{
	if (!take_number(p, 2, &tm->tm_hour) || *(*p)++ != ':' || !take_number(p, 2, &tm->tm_min))
		return false;
	if (tm->tm_hour > 23 || tm->tm_min > 59)
		return false;
	if (**p != ':')
		return true;
	(*p)++;
	if (!take_number(p, 2, &tm->tm_sec) || tm->tm_sec > 59)
		return false;
	if (**p != '.')
		return true;
	(*p)++;
	long unit = 100000;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		*micros += unit * (**p - '0');
	return true;
}

/* "Z", "+08:00", "+0800", "+08". */
static bool take_zone(const char **p, long *offset)
{
	if (**p == 'Z') {
		(*p)++;
		*offset = 0;
		return true;
	}
	int sign = *(*p)++ == '-' ? -1 : 1;
	int hours, minutes = 0;
	if (!take_number(p, 2, &hours))
		return false;
	bool colon = **p == ':';
	if (colon)
		(*p)++;
	if ((colon || **p != '\0') && !take_number(p, 2, &minutes))
		return false;
	if (hours > 14 || minutes > 59)
		return false;
	*offset = sign * (hours * 3600L + minutes * 60L);
	return true;
}

/* Seconds since 1970 of a date in UTC (days-from-civil, proleptic Gregorian): POSIX has no timegm. */
static pw_time utc_seconds(const struct tm *tm)
{
	long y = tm->tm_year + 1900L - (tm->tm_mon < 2 ? 1 : 0);
	long era = (y >= 0 ? y : y - 399) / 400;
	long year_of_era = y - era * 400;
	long month = (tm->tm_mon + 10) % 12;
	long day_of_year = (153 * month + 2) / 5 + tm->tm_mday - 1;
	long day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	pw_time days = (pw_time)era * 146097 + day_of_era - 719468;
	return days * 86400 + tm->tm_hour * 3600L + tm->tm_min * 60L + tm->tm_sec;
}

bool pw_time_parse(const char *text, pw_time *out)
{
	struct tm tm = {.tm_isdst = -1};
	long micros = 0;
	const char *p = text;
	if (!take_date(&p, &tm))
		return false;
	if (*p == 'T' || *p == ' ') {
		p++;
		if (!take_clock(&p, &tm, &micros))
			return false;
	}
	if (*p == '\0') {
		*out = (pw_time)mktime(&tm) * PW_SECOND + micros;
		return true;
	}
	long offset;
	if ((*p != 'Z' && *p != '+' && *p != '-') || !take_zone(&p, &offset) || *p != '\0')
		return false;
	*out = (utc_seconds(&tm) - offset) * PW_SECOND + micros;
	return true;
}

static pw_time day_edge(pw_time at, int days)
{
	time_t t = seconds_of(at);
	struct tm tm;
	localtime_r(&t, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday += days;
	tm.tm_isdst = -1;
	return (pw_time)mktime(&tm) * PW_SECOND;
}

pw_time pw_time_day_start(pw_time at)
{
	return day_edge(at, 0);
}

pw_time pw_time_day_end(pw_time at)
{
	return day_edge(at, 1);
}

void pw_duration_format(pw_time duration, char out[32])
{
	long long s = duration > 0 ? (long long)(duration / PW_SECOND) : 0;
	if (s >= 86400)
		snprintf(out, 32, "%lld d %02lld h", s / 86400, s % 86400 / 3600);
	else if (s >= 3600)
		snprintf(out, 32, "%lld h %02lld min", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		snprintf(out, 32, "%lld min", s / 60);
	else
		snprintf(out, 32, "%lld s", s);
}
