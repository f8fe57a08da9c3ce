#include "devices/transport/deadline.h"

#include <limits.h>
#include <time.h>

#define NS_PER_MS 1000000

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 * NS_PER_MS + t.tv_nsec;
}

pw_deadline pw_deadline_in(int ms)
{
	return (pw_deadline){now() + (int64_t)(ms > 0 ? ms : 0) * NS_PER_MS};
}

int pw_deadline_left(pw_deadline deadline)
{
	int64_t left = (deadline.at - now() + NS_PER_MS - 1) / NS_PER_MS;
	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

pw_deadline pw_deadline_within(pw_deadline deadline, int ms)
{
	pw_deadline other = pw_deadline_in(ms);
	return other.at < deadline.at ? other : deadline;
}

void pw_deadline_sleep(pw_deadline deadline, int ms)
{
	int left = pw_deadline_left(pw_deadline_within(deadline, ms));
	struct timespec t = {left / 1000, (long)(left % 1000) * NS_PER_MS};
	nanosleep(&t, NULL); /* woken early by a signal: whoever waits asks again */
}
