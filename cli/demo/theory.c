/* What the formulas of core/pooling expect of a design: pools first, then whoever they point at alone. */
#include "cli/demo/demo.h"
#include "core/pooling/evaluate.h"

/* A rate of exactly 0 or 1 comes of few wells, and theory would take it at its word. */
static double rate(int part, int whole)
{
	if (part == 0 || part == whole)
		return (part + 0.5) / (whole + 1.0);
	return (double)part / whole;
}

static pw_status make_scheme(const pw_demo_design *design, pw_scheme **out, pw_err *err)
{
	pw_design *made = NULL;
	if (design->make.family == PW_FAMILY_DORFMAN)
		return pw_scheme_dorfman(design->make.size, design->make.size, out, err);
	if (design->make.family == PW_FAMILY_ARRAY)
		return pw_scheme_array(design->make.dims[0], design->make.dims[1], false, 0, out,
				       err);
	pw_status rc = pw_design_make(&design->make, &made, err);
	return rc != PW_OK ? rc : pw_scheme_of_design(NULL, made, design->misses, true, out, err);
}

pw_status pw_demo_theory_of(const pw_demo_design *design, const pw_demo_quality *q,
			    pw_demo_theory *out, pw_err *err)
{
	/* Copies are carried over into any well alike. */
	const pw_test_model model = {.se = {rate(q->found_pools, q->positive_pools),
					    rate(q->found_alone, q->positive_alone)},
				     .sp = {1.0 - rate(q->false_pools + q->false_alone,
						       q->negative_pools + q->negative_alone)},
				     .se_count = 2,
				     .sp_count = 1};
	const pw_evaluate_opts opts = {.without_variance = true};
	pw_scheme *scheme = NULL;
	pw_evaluation e = {.people = 0};
	pw_status rc = make_scheme(design, &scheme, err);
	if (rc != PW_OK)
		return rc;
	const pw_people people = {.count = scheme->people,
				  .prevalence = rate(q->positive_tubes, q->tubes)};
	rc = pw_scheme_evaluate(scheme, &people, &model, &opts, &e, err);
	if (rc == PW_OK)
		*out = (pw_demo_theory){e.tests_per_person, e.pse, e.psp};
	pw_evaluation_clear(&e);
	pw_scheme_free(scheme);
	return rc;
}
