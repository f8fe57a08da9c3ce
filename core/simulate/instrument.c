#include "core/simulate/instrument.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/run_writer.h"
#include "core/model/run_file.h"
#include "core/simulate/chemistry.h"
#include "core/simulate/curve.h"

/* A plate on its way through the instrument. Texts of the run file are the caller's or the arena's. */
typedef struct runner {
	const pw_world *world;
	const pw_sim_plate *plate;
	const pw_sim_target *targets;
	size_t target_count;
	pw_sim_instrument kind;
	pw_sim_run run;
	pw_arena arena;
	pw_run_file file;
} runner;

const char *pw_sim_instrument_name(pw_sim_instrument kind)
{
	return kind == PW_SIM_CFX ? "cfx" : "quantstudio";
}

void pw_sim_files_clear(pw_sim_files *files)
{
	pw_str_clear(&files->main);
	for (size_t i = 0; i < PW_SIM_MAX_TARGETS; i++)
		pw_str_clear(&files->curves[i].text);
	*files = (pw_sim_files)PW_SIM_FILES_INIT;
}

/* --- what is asked for */

static pw_status check_targets(const runner *r, pw_err *err)
{
	if (r->target_count < 1 || r->target_count > PW_SIM_MAX_TARGETS)
		return pw_fail(err, PW_ERR_ARG, "%zu targets: give 1 to %d", r->target_count,
			       PW_SIM_MAX_TARGETS);
	for (size_t i = 0; i < r->target_count; i++) {
		for (size_t k = 0; k < i; k++) {
			const pw_sim_target *a = &r->targets[k], *b = &r->targets[i];
			if (strcmp(a->name, b->name) == 0)
				return pw_fail(err, PW_ERR_ARG,
					       "target '%s' is there twice; give each a name",
					       a->name);
			if (r->kind == PW_SIM_CFX && strcmp(a->reporter, b->reporter) == 0)
				return pw_fail(err, PW_ERR_ARG,
					       "targets '%s' and '%s' have one dye '%s'; a CFX "
					       "measures one target a dye",
					       a->name, b->name, a->reporter);
		}
	}
	return PW_OK;
}

static pw_status check_tubes(const runner *r, const pw_sim_well *w, const char *name, pw_err *err)
{
	bool pool = w->content == PW_SIM_POOL;
	size_t count = pool ? w->tube_count : w->content == PW_SIM_TUBE ? 1 : 0;
	if (pool && count == 0)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "well %s: pool '%s' holds no tube's aliquot; say which it holds",
			       name, w->tube);
	for (size_t i = 0; i < count; i++) {
		const char *tube = pool ? w->tubes[i] : w->tube;
		if (pw_sim_tube_find(r->world, tube) == NULL)
			return pw_fail(err, PW_ERR_NOT_FOUND,
				       "well %s: nobody was swabbed into tube '%s'; take a tube of "
				       "this world",
				       name, tube);
	}
	return PW_OK;
}

static pw_status check_wells(const runner *r, pw_err *err)
{
	const pw_sim_plate *plate = r->plate;
	bool taken[PW_MAX_WELLS] = {false};
	if (plate->count == 0)
		return pw_fail(err, PW_ERR_ARG, "plate '%s': no wells; list what is in them",
			       plate->barcode);
	for (size_t i = 0; i < plate->count; i++) {
		const pw_sim_well *w = &plate->wells[i];
		char name[8];
		pw_well_name(w->well, name);
		if (w->well.row >= plate->format.rows || w->well.col >= plate->format.cols)
			return pw_fail(err, PW_ERR_LIMIT, "well %s: not on a plate of %d wells",
				       name, pw_plate_wells(plate->format));
		int index = pw_well_index(w->well, plate->format, PW_BY_ROW);
		if (taken[index])
			return pw_fail(err, PW_ERR_EXISTS, "well %s: listed twice; list it once",
				       name);
		taken[index] = true;
		pw_status rc = check_tubes(r, w, name, err);
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

/* --- what comes out */

static const char *sample_name(const pw_sim_well *well)
{
	static const char *const control[] = {"", "NTC", "NEC", "PC", "NAC"};
	if (well->sample != NULL)
		return well->sample;
	if (pw_sim_is_specimen(well->content))
		return well->tube;
	PW_BUG_IF((size_t)well->content >= sizeof(control) / sizeof(control[0]));
	return control[well->content];
}

static pw_task task_of(pw_sim_content content)
{
	switch (content) {
	case PW_SIM_NTC:
	case PW_SIM_NEC:
	case PW_SIM_NAC:
		return PW_TASK_NTC;
	case PW_SIM_PC:
		return PW_TASK_POSITIVE;
	default:
		return PW_TASK_UNKNOWN;
	}
}

/* Each vendor has its own words; a CFX numbers nothing but specimens. */
static const char *task_text(runner *r, pw_sim_content content, int specimen)
{
	static const char *const quantstudio[] = {"UNKNOWN",          "NTC", "NTC",
						  "POSITIVE_CONTROL", "NTC", "UNKNOWN"};
	static const char *const cfx[] = {"", "NTC", "Neg Ctrl", "Pos Ctrl", "NTC", ""};
	if (r->kind == PW_SIM_QUANTSTUDIO)
		return quantstudio[content];
	if (pw_sim_is_specimen(content))
		return pw_arena_printf(&r->arena, "Unkn-%02d", specimen);
	return cfx[content];
}

static pw_amp amp_of(const runner *r, const pw_sim_fate *fate, bool has_cq)
{
	if (r->kind == PW_SIM_CFX)
		return PW_AMP_UNKNOWN;
	return has_cq && fate->amplifies ? PW_AMP_YES : PW_AMP_NO;
}

static void measure(runner *r, const pw_sim_well *well, const pw_sim_fate *fate, size_t target,
		    int specimen, pw_rng *rng)
{
	const pw_sim_optics *optics = pw_sim_optics_of(r->kind);
	double *value = pw_arena_array(&r->arena, PW_SIM_CYCLES, sizeof(*value));
	pw_sim_curve_draw(rng, optics, fate, value);
	pw_reading *reading = &r->file.readings[r->file.reading_count++];
	*reading = (pw_reading){
		.well = well->well,
		.sample = sample_name(well),
		.target = r->targets[target].name,
		.reporter = r->targets[target].reporter,
		.task_text = task_text(r, well->content, specimen),
		.task = task_of(well->content),
		.vendor_call = "",
	};
	double cq;
	if (pw_sim_curve_cq(value, PW_SIM_CYCLES, optics->threshold, &cq)) {
		reading->has_cq = true;
		reading->cq = cq;
	}
	reading->amp = amp_of(r, fate, reading->has_cq);
	r->file.curves[r->file.curve_count++] = (pw_curve){
		.well = well->well,
		.target = r->targets[target].name,
		.value = value,
		.cycles = PW_SIM_CYCLES,
	};
}

/* What is in a pool of equal aliquots, as if it had been swabbed into one tube. */
static pw_sim_tube mix(const runner *r, const pw_sim_well *well)
{
	pw_sim_tube pool = {.code = well->tube};
	for (size_t i = 0; i < well->tube_count; i++) {
		const pw_sim_tube *tube = pw_sim_tube_find(r->world, well->tubes[i]);
		pool.viral_per_ml += tube->viral_per_ml / (double)well->tube_count;
		pool.human = pool.human || tube->human;
	}
	return pool;
}

static void measure_well(runner *r, const pw_sim_well *well, int specimen)
{
	const pw_sim_tube *tube = NULL;
	pw_sim_tube pool;
	if (well->content == PW_SIM_TUBE)
		tube = pw_sim_tube_find(r->world, well->tube);
	if (well->content == PW_SIM_POOL) {
		pool = mix(r, well);
		tube = &pool;
	}
	pw_sim_fate fate[PW_SIM_MAX_TARGETS];
	pw_sim_amplify(r->world, r->plate, &r->run, well, tube, r->targets, r->target_count, fate);
	pw_rng rng = pw_sim_draw(r->world, "optics", r->plate->barcode, r->plate->run,
				 pw_well_index(well->well, r->plate->format, PW_BY_ROW));
	for (size_t i = 0; i < r->target_count; i++)
		measure(r, well, &fate[i], i, specimen, &rng);
}

static void begin_file(runner *r, pw_time ended_at)
{
	bool cfx = r->kind == PW_SIM_CFX;
	size_t room = r->plate->count * r->target_count;
	r->file = (pw_run_file){
		.format = cfx ? "cfx-cq" : "quantstudio-text",
		.instrument = cfx ? "CFX96" : "QuantStudio(TM) 5 System",
		.serial = "SIMULATED",
		.software = "",
		.barcode = r->plate->barcode,
		.name = r->plate->run,
		.ended_at = ended_at,
		.plate = r->plate->format,
		.readings = pw_arena_array(&r->arena, room, sizeof(*r->file.readings)),
		.curves = pw_arena_array(&r->arena, room, sizeof(*r->file.curves)),
	};
}

static void measure_plate(runner *r)
{
	const pw_sim_well *at[PW_MAX_WELLS] = {NULL};
	for (size_t i = 0; i < r->plate->count; i++) {
		const pw_sim_well *w = &r->plate->wells[i];
		at[pw_well_index(w->well, r->plate->format, PW_BY_ROW)] = w;
	}
	int specimens = 0;
	for (int i = 0; i < pw_plate_wells(r->plate->format); i++) {
		if (at[i] == NULL)
			continue;
		specimens += pw_sim_is_specimen(at[i]->content);
		measure_well(r, at[i], specimens);
	}
}

static void write_files(const runner *r, pw_sim_files *out)
{
	if (r->kind == PW_SIM_QUANTSTUDIO) {
		pw_quantstudio_write(&r->file, &out->main);
		return;
	}
	pw_cfx_cq_write(&r->file, &out->main);
	for (size_t i = 0; i < r->target_count; i++) {
		const char *reporter = r->targets[i].reporter;
		snprintf(out->curves[i].reporter, sizeof(out->curves[i].reporter), "%s", reporter);
		pw_cfx_amplification_write(&r->file, reporter, &out->curves[i].text);
	}
	out->curve_count = r->target_count;
}

pw_status pw_world_run(const pw_world *world, const pw_sim_plate *plate,
		       const pw_sim_target *targets, size_t target_count, pw_sim_instrument kind,
		       pw_time ended_at, pw_sim_files *out, pw_err *err)
{
	runner r = {
		.world = world,
		.plate = plate,
		.targets = targets,
		.target_count = target_count,
		.kind = kind,
	};
	pw_status rc;
	if ((rc = check_targets(&r, err)) != PW_OK || (rc = check_wells(&r, err)) != PW_OK)
		return rc;
	r.run = pw_sim_run_draw(world, plate);
	begin_file(&r, ended_at);
	measure_plate(&r);
	pw_sim_files_clear(out);
	write_files(&r, out);
	pw_arena_clear(&r.arena);
	return PW_OK;
}
