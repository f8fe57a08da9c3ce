#include "tests/unit/pooling/make_help.h"

#include <check.h>

pw_design *make_must(const pw_make_opts *opts)
{
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_make(opts, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

uint64_t make_meeting_pairs(const pw_design *d, uint32_t times)
{
	pw_design_overlap o;
	pw_design_overlap_of(d, &o);
	ck_assert(o.known);
	return o.pairs[times];
}
