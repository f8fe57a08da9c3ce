/* What the procedures do, step by step, in all ways that tests can turn out: what the formulas are held against. */
#ifndef PW_TESTS_POOLING_EVALUATE_ORACLE_H
#define PW_TESTS_POOLING_EVALUATE_ORACLE_H

#include "core/pooling/evaluate.h"

#define MAX_PEOPLE 8

typedef struct sums {
	double tests, square, wells;
	double called[MAX_PEOPLE],
		alarm[MAX_PEOPLE]; /* P(called and positive), P(called and not) */
} sums;

/* Of at most MAX_PEOPLE people, who have priors of their own. */
sums try_everything(const pw_scheme *s, const pw_people *people, const pw_test_model *model);

#endif
