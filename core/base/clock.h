/*
 * Time. Everywhere inside: UTC microseconds since 1970 in int64_t (pw_time). The clock is handed
 * in, never asked for behind the caller's back, so that a test or a simulated day can be any day.
 */
#ifndef PW_BASE_CLOCK_H
#define PW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t pw_time;

#define PW_SECOND ((pw_time)1000000)
#define PW_MINUTE (60 * PW_SECOND)
#define PW_HOUR   (60 * PW_MINUTE)
#define PW_DAY    (24 * PW_HOUR)

typedef struct pw_clock {
	pw_time (*now)(void *ctx);
	void *ctx;
} pw_clock;

pw_time pw_clock_now(const pw_clock *clock);

/* The computer's own clock. */
pw_clock pw_clock_system(void);

/* A clock that shows *at, which the caller moves. */
pw_clock pw_clock_fixed(pw_time *at);

/* "2026-11-23T14:05:09+08:00": local time (TZ) to the second. At most 25 characters. */
void pw_time_format_local(pw_time at, char out[32]);

/* "2026-11-23T06:05:09.123456Z": UTC, whole. */
void pw_time_format_utc(pw_time at, char out[32]);

/*
 * Reads "2026-11-23", "2026-11-23 14:05", "2026-11-23T14:05:09", with an optional fraction of a
 * second and an optional "Z", "+08:00" or "+0800". Without a zone the time is local. "/" may stand
 * for "-" in the date. false leaves *out alone: anything else, or a date that is in no calendar.
 */
bool pw_time_parse(const char *text, pw_time *out);

/* The first moment of the local day that holds `at`, and of the next local day. */
pw_time pw_time_day_start(pw_time at);
pw_time pw_time_day_end(pw_time at);

/* "3 d 04 h", "2 h 05 min", "12 min", "40 s": how long, for people. */
void pw_duration_format(pw_time duration, char out[32]);

#endif
