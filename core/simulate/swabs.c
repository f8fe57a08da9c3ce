#include "core/simulate/swabs.h"

#include "core/base/csv.h"
#include "core/simulate/impl.h"

pw_status pw_world_swab(pw_world *world, const pw_sim_codes *codes, pw_err *err)
{
	if (world->swabbed)
		return pw_fail(err, PW_ERR_EXISTS,
			       "this day has been swabbed; make another world for another day");
	world->swabbed = true;
	pw_status rc;
	if ((rc = pw_sim_pack(world, codes, err)) != PW_OK)
		return rc;
	pw_sim_choose_faults(world);
	pw_sim_write_steps(world);
	return pw_sim_fill_boxes(world, codes, err);
}

const pw_sim_step *pw_world_steps(const pw_world *world, size_t *out_count)
{
	*out_count = world->steps.len;
	return world->steps.ptr;
}

const pw_sim_box *pw_world_boxes(const pw_world *world, size_t *out_count)
{
	*out_count = world->boxes.len;
	return world->boxes.ptr;
}

static void add_log_row(const pw_sim_step *step, pw_str *out)
{
	char at[32];
	pw_time_format_utc(step->at, at);
	pw_str_addf(out, "%s,%s,", at, pw_sim_action_name(step->action));
	pw_csv_write(out, step->tube, ',');
	pw_str_addf(out, ",%s,", step->subject);
	if (step->action == PW_SIM_OPEN)
		pw_str_addf(out, "%d", step->capacity);
	pw_str_add_char(out, ',');
	if (step->action == PW_SIM_CLOSE)
		pw_str_addf(out, "%d", step->count);
	pw_str_addf(out, ",%s\n", step->collector);
}

void pw_world_log_csv(const pw_world *world, int site, pw_str *out)
{
	pw_str_add(out, "at,action,tube,subject,capacity,count,collector\n");
	for (size_t i = 0; i < world->logged.len; i++) {
		if (world->logged.ptr[i].site == site)
			add_log_row(&world->logged.ptr[i], out);
	}
}
