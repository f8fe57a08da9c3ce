#include "core/exchange/run_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/exchange/run_parse.h"

typedef struct point {
	double value;
	int line; /* 0: not there */
} point;

/* What is known of one target in one well. */
typedef struct slot {
	pw_well well;
	pw_slice target;
	long reading; /* index, or -1 */
	point *points;
	size_t cycles, room;
	long next; /* of the same well, or -1 */
} slot;

struct pw_run_build {
	pw_arena *arena;
	pw_report *report;
	pw_plate_format plate;
	PW_VEC(pw_reading) readings;
	PW_VEC(slot) slots;
	long first[PW_MAX_WELLS]; /* slot by well, or -1 */
	long last;                /* the slot used last: curves come point after point */
};

pw_run_build *pw_run_build_new(pw_plate_format plate, pw_arena *arena, pw_report *report)
{
	pw_run_build *build = pw_alloc(sizeof(*build));
	build->arena = arena;
	build->report = report;
	build->plate = plate;
	build->last = -1;
	for (size_t i = 0; i < PW_MAX_WELLS; i++)
		build->first[i] = -1;
	return build;
}

void pw_run_build_free(pw_run_build *build)
{
	if (build == NULL)
		return;
	for (size_t i = 0; i < build->slots.len; i++)
		pw_free(build->slots.ptr[i].points);
	pw_vec_clear(&build->slots);
	pw_vec_clear(&build->readings);
	pw_free(build);
}

static bool same_target(const slot *s, pw_slice target)
{
	return s->target.len == target.len && memcmp(s->target.ptr, target.ptr, target.len) == 0;
}

/* The slot of the well and target, or -1; *out_count is how many the well has. */
static long find_slot(const pw_run_build *build, pw_well well, pw_slice target, int *out_count)
{
	*out_count = 0;
	if (build->last >= 0) {
		const slot *s = &build->slots.ptr[build->last];
		if (pw_well_eq(s->well, well) && same_target(s, target))
			return build->last;
	}
	long i = build->first[pw_well_index(well, build->plate, PW_BY_ROW)];
	for (; i >= 0; i = build->slots.ptr[i].next) {
		if (same_target(&build->slots.ptr[i], target))
			return i;
		++*out_count;
	}
	return -1;
}

/* The slot, made when there is none; NULL with an error in the report when the well is full. */
static slot *take_slot(pw_run_build *build, pw_well well, pw_slice target, int line)
{
	int count;
	long i = find_slot(build, well, target, &count);
	if (i < 0 && count == PW_RUN_MAX_TARGETS) {
		char name[8];
		pw_well_name(well, name);
		pw_report_add(build->report, PW_ERROR, "targets", line, 0,
			      "well %s has more than %d targets: is this a run's file?", name,
			      PW_RUN_MAX_TARGETS);
		return NULL;
	}
	if (i < 0) {
		long *first = &build->first[pw_well_index(well, build->plate, PW_BY_ROW)];
		slot s = {well, target, -1, NULL, 0, 0, *first};
		s.target.ptr = pw_arena_strndup(build->arena, target.ptr, target.len);
		pw_vec_push(&build->slots, s);
		i = *first = (long)build->slots.len - 1;
	}
	build->last = i;
	return &build->slots.ptr[i];
}

void pw_run_build_add_reading(pw_run_build *build, const pw_reading *reading)
{
	slot *s = take_slot(build, reading->well, pw_slice_of(reading->target), reading->line);
	if (s == NULL)
		return;
	if (s->reading >= 0) {
		char name[8];
		pw_well_name(reading->well, name);
		pw_report_add(
			build->report, PW_ERROR, "duplicate-reading", reading->line, 0,
			"well %s, target '%.*s' is here and in line %d: take one out, or give "
			"the targets different names",
			name, PW_RUN_SHOW(reading->target, 60),
			build->readings.ptr[s->reading].line);
		return;
	}
	pw_vec_push(&build->readings, *reading);
	s->reading = (long)build->readings.len - 1;
}

bool pw_run_build_has(const pw_run_build *build, pw_well well, pw_slice target)
{
	int count;
	long i = find_slot(build, well, target, &count);
	return i >= 0 && build->slots.ptr[i].reading >= 0;
}

static point *take_point(slot *s, int cycle)
{
	size_t need = (size_t)cycle;
	if (need > s->room) {
		size_t room = need > 64 ? PW_RUN_MAX_CYCLES : 64;
		s->points = pw_realloc_array(s->points, room, sizeof(s->points[0]));
		memset(s->points + s->room, 0, (room - s->room) * sizeof(s->points[0]));
		s->room = room;
	}
	if (need > s->cycles)
		s->cycles = need;
	return &s->points[cycle - 1];
}

void pw_run_build_add_point(pw_run_build *build, pw_well well, pw_slice target, int cycle,
			    double value, int line, int column)
{
	if (cycle < 1 || cycle > PW_RUN_MAX_CYCLES) {
		pw_report_add(build->report, PW_ERROR, "bad-cycle", line, column,
			      "%d is not a cycle: cycles are 1 to %d", cycle, PW_RUN_MAX_CYCLES);
		return;
	}
	slot *s = take_slot(build, well, target, line);
	if (s == NULL)
		return;
	point *p = take_point(s, cycle);
	if (p->line != 0) {
		char name[8];
		pw_well_name(well, name);
		pw_report_add(
			build->report, PW_ERROR, "duplicate-point", line, column,
			"cycle %d of well %s, target '%.*s' is here and in line %d: export one "
			"amplification stage only",
			cycle, name, pw_run_clip(s->target, 60), s->target.ptr, p->line);
		return;
	}
	*p = (point){value, line};
}

static int by_well(pw_well a, pw_well b)
{
	return a.row != b.row ? (int)a.row - (int)b.row : (int)a.col - (int)b.col;
}

static int by_well_then_line(const void *a, const void *b)
{
	const pw_reading *x = a, *y = b;
	int order = by_well(x->well, y->well);
	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

void pw_run_sort_readings(pw_reading *readings, size_t count)
{
	if (count > 1)
		qsort(readings, count, sizeof(readings[0]), by_well_then_line);
}

typedef struct ranked {
	pw_curve curve;
	size_t rank;
} ranked;

static int by_well_then_rank(const void *a, const void *b)
{
	const ranked *x = a, *y = b;
	int order = by_well(x->curve.well, y->curve.well);
	return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

void pw_run_sort_curves(pw_curve *curves, size_t count, pw_arena *arena)
{
	if (count < 2)
		return;
	ranked *sorted = pw_arena_array(arena, count, sizeof(sorted[0]));
	for (size_t i = 0; i < count; i++)
		sorted[i] = (ranked){curves[i], i};
	qsort(sorted, count, sizeof(sorted[0]), by_well_then_rank);
	for (size_t i = 0; i < count; i++)
		curves[i] = sorted[i].curve;
}

/* The values in the arena; NULL with an error in the report when one is missing. */
static const double *copy_values(const pw_run_build *build, const slot *s)
{
	double *value = pw_arena_array(build->arena, s->cycles, sizeof(value[0]));
	for (size_t i = 0; i < s->cycles; i++) {
		if (s->points[i].line == 0) {
			char name[8];
			pw_well_name(s->well, name);
			pw_report_add(
				build->report, PW_ERROR, "curve-gap", 0, 0,
				"well %s, target '%.*s' has no fluorescence at cycle %zu: export "
				"it again",
				name, pw_run_clip(s->target, 60), s->target.ptr, i + 1);
			return NULL;
		}
		value[i] = s->points[i].value;
	}
	return value;
}

static void finish_curves(const pw_run_build *build, pw_run_file *out)
{
	size_t count = 0;
	for (size_t i = 0; i < build->slots.len; i++)
		count += build->slots.ptr[i].cycles > 0;
	pw_curve *curves = pw_arena_array(build->arena, count, sizeof(curves[0]));
	size_t n = 0;
	for (size_t i = 0; i < build->slots.len; i++) {
		const slot *s = &build->slots.ptr[i];
		const double *value = s->cycles > 0 ? copy_values(build, s) : NULL;
		if (value != NULL)
			curves[n++] = (pw_curve){s->well, s->target.ptr, value, s->cycles};
	}
	pw_run_sort_curves(curves, n, build->arena);
	out->curves = curves;
	out->curve_count = n;
}

/* Counts and names the first few of what a warning is about: "A1 N1, A2 N1, …". */
typedef struct listing {
	size_t count;
	int line;
	pw_str names;
} listing;

static void list(listing *l, pw_well well, const char *target, int line)
{
	char name[8];
	pw_well_name(well, name);
	if (l->count++ == 0)
		l->line = line;
	if (l->count <= 4)
		pw_str_addf(&l->names, "%s%s %.*s", l->count > 1 ? ", " : "", name,
			    PW_RUN_SHOW(target, 20));
	else if (l->count == 5)
		pw_str_add(&l->names, ", …");
}

static size_t longest_curve(const pw_run_build *build)
{
	size_t cycles = 0;
	for (size_t i = 0; i < build->slots.len; i++)
		if (build->slots.ptr[i].cycles > cycles)
			cycles = build->slots.ptr[i].cycles;
	return cycles;
}

/* A Cq that equals the number of cycles, or, when the file has no curves, a customary one. */
static bool is_last_cycle(double cq, size_t cycles)
{
	if (cycles > 0)
		return fabs(cq - (double)cycles) < 1e-9;
	return fabs(cq - 40) < 1e-9 || fabs(cq - 45) < 1e-9 || fabs(cq - 50) < 1e-9;
}

static void check_cqs(const pw_run_build *build, size_t longest)
{
	listing last = {0, 0, PW_STR_INIT}, beyond = {0, 0, PW_STR_INIT};
	for (size_t i = 0; i < build->slots.len; i++) {
		const slot *s = &build->slots.ptr[i];
		if (s->reading < 0 || !build->readings.ptr[s->reading].has_cq)
			continue;
		const pw_reading *r = &build->readings.ptr[s->reading];
		size_t cycles = s->cycles > 0 ? s->cycles : longest;
		if (is_last_cycle(r->cq, cycles))
			list(&last, r->well, r->target, r->line);
		else if (cycles > 0 && r->cq > (double)cycles)
			list(&beyond, r->well, r->target, r->line);
	}
	if (last.count > 0)
		pw_report_add(
			build->report, PW_WARNING, "last-cycle", last.line, 0,
			"the Cq of %zu readings is exactly the last cycle, which some software "
			"writes for 'no Cq' (%s): they are kept as numbers, look at the curves",
			last.count, pw_str_text(&last.names));
	if (beyond.count > 0)
		pw_report_add(
			build->report, PW_WARNING, "beyond-run", beyond.line, 0,
			"the Cq of %zu readings is beyond the last cycle, %zu (%s): they are kept "
			"as numbers, look at the curves",
			beyond.count, longest, pw_str_text(&beyond.names));
	pw_str_clear(&last.names);
	pw_str_clear(&beyond.names);
}

static void check_curves(const pw_run_build *build, size_t longest)
{
	listing missing = {0, 0, PW_STR_INIT}, shorter = {0, 0, PW_STR_INIT};
	for (size_t i = 0; i < build->slots.len; i++) {
		const slot *s = &build->slots.ptr[i];
		int line = s->reading >= 0 ? build->readings.ptr[s->reading].line : 0;
		if (s->cycles == 0)
			list(&missing, s->well, s->target.ptr, line);
		else if (s->cycles < longest)
			list(&shorter, s->well, s->target.ptr, line);
	}
	if (missing.count > 0 && longest > 0 && build->readings.len > 0)
		pw_report_add(build->report, PW_WARNING, "curve-missing", missing.line, 0,
			      "%zu of %zu readings have no curve (%s): the export may be cut",
			      missing.count, build->readings.len, pw_str_text(&missing.names));
	if (shorter.count > 0)
		pw_report_add(build->report, PW_WARNING, "curve-short", shorter.line, 0,
			      "%zu curves have fewer than %zu cycles (%s): the export may be cut",
			      shorter.count, longest, pw_str_text(&shorter.names));
	pw_str_clear(&missing.names);
	pw_str_clear(&shorter.names);
}

void pw_run_build_finish(pw_run_build *build, pw_run_file *out)
{
	size_t longest = longest_curve(build);
	check_cqs(build, longest);
	check_curves(build, longest);
	finish_curves(build, out);
	out->plate = build->plate;
	out->reading_count = build->readings.len;
	out->readings = pw_arena_array(build->arena, build->readings.len, sizeof(pw_reading));
	if (build->readings.len > 0)
		memcpy(out->readings, build->readings.ptr,
		       build->readings.len * sizeof(pw_reading));
	pw_run_sort_readings(out->readings, out->reading_count);
}
