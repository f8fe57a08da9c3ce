/* What the tests of evaluation share: a scheme, a model and an evaluation that must not fail. */
#ifndef PW_TESTS_POOLING_EVALUATE_HELP_H
#define PW_TESTS_POOLING_EVALUATE_HELP_H

#include "core/pooling/evaluate.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

/* Free with pw_scheme_free. */
pw_scheme *parse_scheme(const char *word, const char *size, const pw_design *design, size_t people);

/* One sensitivity and one specificity, nothing diluted. */
pw_test_model one_model(double se, double sp);

/* Clear with pw_evaluation_clear. */
pw_evaluation evaluate_scheme(const pw_scheme *scheme, const pw_people *people,
			      const pw_test_model *model, pw_arrangement arrangement);

#endif
