/* What benchmarks share: a watch, quantiles, and databases that are removed again. */
#ifndef PW_TESTS_BENCH_TIMING_H
#define PW_TESTS_BENCH_TIMING_H

#include <stddef.h>

#include "core/base/err.h"

/* Seconds, from anywhen. */
double timing_now(void);

/* Seconds of the processor that this program has had: what a busy machine changes least. */
double timing_cpu(void);

/* The value below which the share q of the values is; they are sorted. */
double timing_quantile(double *values, size_t n, double q);

/* For calls that must not fail: must(pw_store_open(path, &store, &timing_err)). */
extern pw_err timing_err;
void must(pw_status rc);

/* The file and what SQLite keeps beside it. */
void timing_remove_database(const char *path);

#endif
