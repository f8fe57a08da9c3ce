#include "core/simulate/chemistry.h"

#include <math.h>

/* The kit: 200 µL of medium in, 60 µL of eluate out, 5 µL of it into the reaction. */
#define INPUT_ML       0.2
#define TEMPLATE_SHARE (5.0 / 60.0)

/* log10 of the share of the copies that comes out of the extraction and through reverse transcription:
 * with it 19 of 20 specimens of 450 copies/mL are found, and kits promise 200 to 1000. */
#define YIELD_MEAN (-0.398) /* 40 % */
#define YIELD_SD   0.1

/* Human cells: from a person's swab, and what is left of them on a surface. */
#define INTERNAL_CQ 27.0
#define INTERNAL_SD 0.5 /* with the two below: 0.58 in all */
#define SURFACE_CQ  31.0
#define SURFACE_SD  1.0
#define CONTROL_CQ  28.0 /* of the positive control */

#define CQ_SD  0.28 /* residual of the standard curve */
#define RUN_SD 0.1  /* between runs */

bool pw_sim_is_specimen(pw_sim_content content)
{
	return content == PW_SIM_TUBE || content == PW_SIM_POOL;
}

pw_sim_extract pw_sim_extract_draw(const pw_world *world, const pw_sim_plate *plate,
				   const pw_sim_well *well, const pw_sim_tube *tube)
{
	bool here = well->extraction_plate == NULL;
	const char *barcode = here ? plate->barcode : well->extraction_plate;
	pw_well place = here ? well->well : well->extraction_well;
	char name[8];
	pw_well_name(place, name);
	pw_rng rng = pw_sim_draw(world, "extract", barcode, name, 0);
	pw_sim_extract extract = {.failed = pw_rng_chance(&rng, world->opts.extraction_failure)};
	double log_yield = pw_rng_normal(&rng, YIELD_MEAN, YIELD_SD);
	double yield = pow(10.0, log_yield < 0.0 ? log_yield : 0.0);
	double cells = pw_rng_normal(&rng, 0.0, 1.0);
	if (tube == NULL || tube->human)
		extract.internal_cq = INTERNAL_CQ + INTERNAL_SD * cells;
	else
		extract.internal_cq = SURFACE_CQ + SURFACE_SD * cells;
	if (tube != NULL && !extract.failed)
		extract.viral = pw_rng_poisson(&rng, tube->viral_per_ml * INPUT_ML * yield);
	return extract;
}

static const pw_sim_well *first_ntc(const pw_sim_plate *plate)
{
	const pw_sim_well *first = NULL;
	for (size_t i = 0; i < plate->count; i++) {
		const pw_sim_well *w = &plate->wells[i];
		if (w->content == PW_SIM_NTC &&
		    (first == NULL || pw_well_index(w->well, plate->format, PW_BY_ROW) <
					      pw_well_index(first->well, plate->format, PW_BY_ROW)))
			first = w;
	}
	return first;
}

pw_sim_run pw_sim_run_draw(const pw_world *world, const pw_sim_plate *plate)
{
	pw_rng rng = pw_sim_draw(world, "run", plate->barcode, plate->run, 0);
	pw_sim_run run = {.failure = plate->failure};
	for (int i = 0; i < PW_SIM_MAX_TARGETS; i++)
		run.shift[i] = pw_rng_normal(&rng, 0.0, RUN_SD);
	bool fails = pw_rng_chance(&rng, world->opts.control_failure);
	bool dirty = pw_rng_chance(&rng, 0.5);
	if (run.failure == PW_SIM_BY_CHANCE && !fails)
		run.failure = PW_SIM_NO_FAILURE;
	if (run.failure == PW_SIM_BY_CHANCE)
		run.failure = dirty ? PW_SIM_NTC_CONTAMINATED : PW_SIM_PC_DEAD;
	if (run.failure == PW_SIM_NTC_CONTAMINATED)
		run.contaminated = first_ntc(plate);
	return run;
}

/* One well while it is decided. */
typedef struct reaction {
	const pw_sim_well *well;
	pw_sim_extract extract;
	double strange;    /* expected copies that came in by mistake */
	bool surely;       /* at least one of them */
	bool control_dead; /* a positive control that does not work */
} reaction;

static reaction prepare(const pw_world *world, const pw_sim_plate *plate, const pw_sim_run *run,
			const pw_sim_well *well, const pw_sim_tube *tube, pw_rng *rng)
{
	reaction r = {.well = well};
	if (pw_sim_is_specimen(well->content) || well->content == PW_SIM_NEC)
		r.extract = pw_sim_extract_draw(world, plate, well, tube);
	if (pw_sim_is_specimen(well->content) && pw_rng_chance(rng, world->opts.false_positive))
		r.strange = pow(10.0, 1.2 * pw_rng_uniform(rng));
	if (well == run->contaminated) {
		r.strange = pow(10.0, 0.7 + 1.3 * pw_rng_uniform(rng));
		r.surely = true;
	}
	r.control_dead = run->failure == PW_SIM_PC_DEAD;
	return r;
}

static pw_sim_fate amplify_viral(const reaction *r, pw_rng *rng)
{
	double expected = (double)r->extract.viral * TEMPLATE_SHARE + r->strange;
	int64_t copies = expected > 0.0 ? pw_rng_poisson(rng, expected) : 0;
	if (copies == 0 && r->surely)
		copies = 1;
	if (copies == 0)
		return (pw_sim_fate){.amplifies = false};
	double cq = PW_SIM_INTERCEPT - PW_SIM_SLOPE * log10((double)copies);
	return (pw_sim_fate){.amplifies = true, .cq = cq};
}

static pw_sim_fate amplify_internal(const reaction *r, const pw_sim_target *target)
{
	bool there = pw_sim_is_specimen(r->well->content) ||
		     (r->well->content == PW_SIM_NEC && !target->not_in_nec);
	if (!there || r->extract.failed)
		return (pw_sim_fate){.amplifies = false};
	return (pw_sim_fate){.amplifies = true, .cq = r->extract.internal_cq};
}

static pw_sim_fate amplify(const reaction *r, const pw_sim_target *target, pw_rng *rng)
{
	if (r->well->content == PW_SIM_NAC)
		return (pw_sim_fate){.amplifies = false};
	if (r->well->content == PW_SIM_PC)
		return (pw_sim_fate){.amplifies = !r->control_dead && !target->not_in_pc,
				     .cq = CONTROL_CQ};
	if (target->role == PW_SIM_VIRAL)
		return amplify_viral(r, rng);
	if (target->role == PW_SIM_ADDED)
		return (pw_sim_fate){.amplifies = true, .cq = INTERNAL_CQ};
	return amplify_internal(r, target);
}

void pw_sim_amplify(const pw_world *world, const pw_sim_plate *plate, const pw_sim_run *run,
		    const pw_sim_well *well, const pw_sim_tube *tube, const pw_sim_target *targets,
		    size_t target_count, pw_sim_fate *out)
{
	char name[8];
	pw_well_name(well->well, name);
	pw_str place = PW_STR_INIT;
	pw_str_addf(&place, "%s\n%s", plate->run, name);
	pw_rng rng = pw_sim_draw(world, "reaction", plate->barcode, pw_str_text(&place), 0);
	pw_str_clear(&place);
	reaction r = prepare(world, plate, run, well, tube, &rng);
	for (size_t i = 0; i < target_count; i++) {
		pw_sim_fate fate = amplify(&r, &targets[i], &rng);
		fate.cq += targets[i].offset + run->shift[i] + pw_rng_normal(&rng, 0.0, CQ_SD);
		fate.creeps = pw_rng_chance(&rng, world->opts.drift) && !fate.amplifies;
		out[i] = fate;
	}
}
