#include "tests/bench/timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

pw_err timing_err = PW_ERR_INIT;

double timing_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double timing_cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

double timing_quantile(double *values, size_t n, double q)
{
	qsort(values, n, sizeof(*values), compare);
	return values[(size_t)(q * (double)(n - 1))];
}

void must(pw_status rc)
{
	if (rc == PW_OK)
		return;
	fprintf(stderr, "%s\n", timing_err.msg);
	exit(1);
}

void timing_remove_database(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		char name[420];
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}
