/*
 * What the benchmarks that decode whole plates share: their designs, and means with standard errors.
 */
#ifndef PW_TESTS_BENCH_PLATES_H
#define PW_TESTS_BENCH_PLATES_H

#include "core/pooling/design_make.h"

/* A published design of 16 pools and 40 samples, from the root of the tree. */
#define PLATES_16x40 "../shared/data/pooling/iowa_16x40.txt"

/* For designs that can be made. */
pw_design *plates_made(pw_make_opts opts);

/* From a file with a matrix; NULL when it is not there: whoever asked says that it is skipped. */
pw_design *plates_from_file(const char *path);

typedef struct mean {
	double sum, square, count;
} mean;

void mean_add(mean *m, double value);

/* 0 of nothing. */
double mean_value(const mean *m);

/* Its standard error; 1 where a single value says nothing of it. */
double mean_error(const mean *m);

#endif
