#include "tests/unit/lab/bench.h"

#include <string.h>

#include "core/base/str.h"
#include "core/exchange/run_writer.h"

/* ---------------------------------------------------------------- plates */

void new_plate(const char *plate, const char *layout)
{
	fx.now += PW_SECOND;
	must(pw_lab_create_plate(fx.lab, plate, layout, &fx.err));
}

pw_filled fill(const char *plate, const char *tube)
{
	pw_filled out;
	fx.now += PW_SECOND;
	must(pw_lab_fill_well(fx.lab, plate, tube, NULL, &out, &fx.err));
	return out;
}

int seal(const char *plate)
{
	int filled;
	fx.now += PW_SECOND;
	must(pw_lab_seal_plate(fx.lab, plate, &filled, &fx.err));
	return filled;
}

void extract(const char *plate, const char *layout, const char *const *tubes)
{
	new_plate(plate, layout);
	for (; *tubes != NULL; tubes++)
		fill(plate, *tubes);
	seal(plate);
}

pw_stamped stamp(const char *pcr, const char *plate, const char *assay)
{
	pw_stamped out;
	fx.now += PW_SECOND;
	must(pw_lab_stamp_plate(fx.lab, pcr, plate, assay, &out, &fx.err));
	return out;
}

const pw_plate_find_row *plate_row(const char *plate)
{
	pw_plate_find_row *row = pw_arena_alloc(&fx.arena, sizeof(*row));
	bool found;
	must(pw_q_plate_find(pw_lab_store(fx.lab), &fx.arena, plate, row, &found, &fx.err));
	ck_assert_msg(found, "no plate '%s'", plate);
	return row;
}

void singles_on_a_plate(int n)
{
	new_plate("E1", "std96");
	for (int i = 1; i <= n; i++) {
		const char *tube = pw_arena_printf(&fx.arena, "T%d", i);
		receive(tube, 1, i, 1);
		fill("E1", tube);
	}
	seal("E1");
	stamp("Q1", "E1", "cdc-n1-n2-rp");
}

/* ---------------------------------------------------------------- what the instrument says */

#define MAX_READINGS (PW_MAX_WELLS * 4)

static bool is_internal(const char *target)
{
	static const char *const names[] = {"RP", "IPC", "MS2", "IC"};
	for (int i = 0; i < COUNT(names); i++)
		if (strcmp(target, names[i]) == 0)
			return true;
	return false;
}

static bool is(const char *control, const char *name)
{
	return control != NULL && strcmp(control, name) == 0;
}

static double usual_cq(const char *control, const char *target)
{
	if (is(control, "PC"))
		return 25;
	if (is_internal(target) && (control == NULL || is(control, "NEC")))
		return 27;
	return NO_CQ;
}

static void set(pw_reading *r, double value)
{
	r->has_cq = value > NO_CQ;
	r->cq = value;
	r->amp = r->has_cq ? PW_AMP_YES : PW_AMP_NO;
}

pw_reading *add_reading(bench_run *run, const char *well, const char *sample, const char *target)
{
	ck_assert_uint_lt(run->file.reading_count, MAX_READINGS);
	pw_reading *r = &run->file.readings[run->file.reading_count++];
	*r = (pw_reading){.sample = sample,
			  .target = target,
			  .reporter = "FAM",
			  .task_text = "",
			  .vendor_call = "",
			  .amp = PW_AMP_NO};
	must(pw_well_parse(well, run->file.plate, &r->well, &fx.err));
	return r;
}

static void add_well(bench_run *run, const pw_assay *assay, const pw_plate_wells_row *row)
{
	char well[8];
	pw_well_name(pw_well_at((int)row->position, run->file.plate, PW_BY_ROW), well);
	for (size_t t = 0; t < pw_assay_target_count(assay); t++) {
		const char *target = pw_assay_target_name(assay, t);
		const char *specimen = row->tube != NULL ? row->tube : row->pool;
		pw_reading *r =
			add_reading(run, well, specimen != NULL ? specimen : row->control, target);
		r->task = is(row->control, "NTC")  ? PW_TASK_NTC
			  : is(row->control, "PC") ? PW_TASK_POSITIVE
						   : PW_TASK_UNKNOWN;
		set(r, usual_cq(row->control, target));
	}
}

bench_run *run_of(const char *plate)
{
	const pw_plate_find_row *p = plate_row(plate);
	bench_run *run = pw_arena_alloc(&fx.arena, sizeof(*run));
	const pw_assay *assay;
	pw_plate_wells_row *rows;
	size_t count;
	run->file_name = pw_arena_printf(&fx.arena, "%s.txt", plate);
	run->file = (pw_run_file){.instrument = "QuantStudio(TM) 6 Flex System",
				  .serial = "278880034",
				  .software = "",
				  .barcode = pw_arena_strdup(&fx.arena, plate),
				  .name = "a run",
				  .ended_at = fx.now};
	ck_assert(pw_plate_format_of(p->wells, &run->file.plate));
	run->file.readings = pw_arena_array(&fx.arena, MAX_READINGS, sizeof(pw_reading));
	must(pw_lab_assay_of(fx.lab, p->assay_hash, &assay, &fx.err));
	must(pw_q_plate_wells(pw_lab_store(fx.lab), &fx.arena, plate, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		add_well(run, assay, &rows[i]);
	return run;
}

static int find_reading(const bench_run *run, const char *well, const char *target)
{
	pw_well at;
	must(pw_well_parse(well, run->file.plate, &at, &fx.err));
	for (size_t i = 0; i < run->file.reading_count; i++)
		if (pw_well_eq(run->file.readings[i].well, at) &&
		    (target == NULL || strcmp(run->file.readings[i].target, target) == 0))
			return (int)i;
	return -1;
}

pw_reading *reading(bench_run *run, const char *well, const char *target)
{
	int i = find_reading(run, well, target);
	ck_assert_msg(i >= 0, "the run has no %s in %s", target, well);
	return &run->file.readings[i];
}

void cq(bench_run *run, const char *well, const char *target, double value)
{
	set(reading(run, well, target), value);
}

static void set_well(bench_run *run, const char *well, bool internal, double value)
{
	pw_well at = reading(run, well, NULL)->well;
	for (size_t i = 0; i < run->file.reading_count; i++) {
		pw_reading *r = &run->file.readings[i];
		if (pw_well_eq(r->well, at) && is_internal(r->target) == internal)
			set(r, value);
	}
}

void positive(bench_run *run, const char *well)
{
	set_well(run, well, false, 25);
}

void invalid(bench_run *run, const char *well)
{
	set_well(run, well, false, NO_CQ);
	set_well(run, well, true, NO_CQ);
}

void drop_reading(bench_run *run, const char *well, const char *target)
{
	size_t i = (size_t)(reading(run, well, target) - run->file.readings);
	size_t rest = --run->file.reading_count - i;
	memmove(&run->file.readings[i], &run->file.readings[i + 1], rest * sizeof(pw_reading));
}

/* ---------------------------------------------------------------- import, and what came of it */

pw_status import(bench_run *run)
{
	pw_str text = PW_STR_INIT;
	pw_quantstudio_write(&run->file, &text);
	run->bytes = pw_arena_strndup(&fx.arena, pw_str_text(&text), text.len);
	run->size = text.len;
	pw_str_clear(&text);
	pw_report_clear(&fx.report);
	fx.now += PW_SECOND;
	return pw_lab_import_run(fx.lab, run->bytes, run->size, run->file_name, &run->opts,
				 &run->out, &fx.report, &fx.err);
}

void must_import(bench_run *run)
{
	must(import(run));
	ck_assert(!run->out.known);
}

/* By row, as the runs of these tests are of plates of either size. */
static int64_t position_of(int64_t run, const char *well)
{
	pw_run_find_row row;
	pw_plate_format format;
	pw_well at;
	bool found;
	must(pw_q_run_find(pw_lab_store(fx.lab), &fx.arena, run, &row, &found, &fx.err));
	ck_assert(found && pw_plate_format_of(row.wells, &format));
	must(pw_well_parse(well, format, &at, &fx.err));
	return pw_well_index(at, format, PW_BY_ROW);
}

const pw_run_calls_row *call_of(int64_t run, const char *well)
{
	pw_run_calls_row *rows;
	size_t count;
	int64_t position = position_of(run, well);
	must(pw_q_run_calls(pw_lab_store(fx.lab), &fx.arena, run, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (rows[i].position == position)
			return &rows[i];
	ck_abort_msg("run %lld has no call of %s", (long long)run, well);
	return NULL;
}

const pw_run_controls_row *control_of(int64_t run, const char *well)
{
	pw_run_controls_row *rows;
	size_t count;
	int64_t position = position_of(run, well);
	must(pw_q_run_controls(pw_lab_store(fx.lab), &fx.arena, run, &rows, &count, &fx.err));
	for (size_t i = 0; i < count; i++)
		if (rows[i].position == position)
			return &rows[i];
	ck_abort_msg("run %lld has no control in %s", (long long)run, well);
	return NULL;
}
