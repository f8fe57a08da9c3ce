#include "sim_help.h"

const pw_sim_target sim_targets[3] = {
	{.name = "N1", .role = PW_SIM_VIRAL, .reporter = "FAM"},
	{.name = "N2", .role = PW_SIM_VIRAL, .reporter = "HEX", .offset = 0.4},
	{.name = "RP", .role = PW_SIM_INTERNAL, .reporter = "Cy5"},
};

pw_world *sim_world(const pw_world_opts *opts)
{
	pw_world *world = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_world_new(opts, &world, &err) == PW_OK, "%s", err.msg);
	return world;
}

pw_world *sim_day(const pw_world_opts *opts)
{
	pw_world *world = sim_world(opts);
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_world_swab(world, NULL, &err) == PW_OK, "%s", err.msg);
	return world;
}

pw_world_opts sim_faultless(void)
{
	pw_world_opts opts = PW_WORLD_OPTS_INIT;
	opts.no_show = opts.recall_miss = opts.offline = opts.wrong_scan = opts.misboxed = 0.0;
	opts.leak = opts.extraction_failure = opts.false_positive = opts.drift = 0.0;
	opts.control_failure = 0.0;
	return opts;
}

int sim_day_index(const pw_world *world, const char *code)
{
	int64_t number = 0;
	ck_assert(pw_text_starts(code, "CT"));
	ck_assert(pw_parse_int(code + 2, &number));
	ck_assert_str_eq(world->day.ptr[number - 1]->code, code);
	return (int)number - 1;
}
