#include "tests/unit/pooling/evaluate_help.h"

#include <check.h>

pw_scheme *parse_scheme(const char *word, const char *size, const pw_design *design, size_t people)
{
	pw_scheme *scheme = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_scheme_parse(word, size, design, people, &scheme, &err) == PW_OK, "%s",
		      err.msg);
	return scheme;
}

pw_test_model one_model(double se, double sp)
{
	return (pw_test_model){.se = {se}, .sp = {sp}, .se_count = 1, .sp_count = 1};
}

pw_evaluation evaluate_scheme(const pw_scheme *scheme, const pw_people *people,
			      const pw_test_model *model, pw_arrangement arrangement)
{
	pw_evaluation e;
	pw_err err = PW_ERR_INIT;
	pw_evaluate_opts opts = {.arrangement = arrangement};
	ck_assert_msg(pw_scheme_evaluate(scheme, people, model, &opts, &e, &err) == PW_OK, "%s",
		      err.msg);
	return e;
}
