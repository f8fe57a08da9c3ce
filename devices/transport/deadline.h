/*
 * A moment by which something has to be done, on the clock that nobody can set (CLOCK_MONOTONIC). Made once
 * from the caller's milliseconds; what is left of it is asked anew after every interruption.
 */
#ifndef PW_DEVICES_DEADLINE_H
#define PW_DEVICES_DEADLINE_H

#include <stdint.h>

typedef struct pw_deadline {
	int64_t at; /* ns */
} pw_deadline;

/* `ms` from now; 0 and less is now. */
pw_deadline pw_deadline_in(int ms);

/* Milliseconds left, rounded up; 0 when it has passed. */
int pw_deadline_left(pw_deadline deadline);

/* The earlier of the deadline and `ms` from now. */
pw_deadline pw_deadline_within(pw_deadline deadline, int ms);

/* Sleeps, but not past the deadline. */
void pw_deadline_sleep(pw_deadline deadline, int ms);

#endif
