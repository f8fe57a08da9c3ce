/*
 * Puts a pw_run_file together while a reader goes through a file: one place for each reading and each
 * point of a curve, so that two claims on one are seen, and at the end plate order and the checks that
 * every vendor's file needs. What is wrong goes into the report with its line; the texts into the arena.
 */
#ifndef PW_EXCHANGE_RUN_BUILD_H
#define PW_EXCHANGE_RUN_BUILD_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/report.h"
#include "core/base/str.h"
#include "core/model/run_file.h"

/* More targets than any instrument has channels. */
#define PW_RUN_MAX_TARGETS 32
#define PW_RUN_MAX_CYCLES  200

typedef struct pw_run_build pw_run_build;

/* `arena` and `report` must outlive the build. Free with pw_run_build_free. */
pw_run_build *pw_run_build_new(pw_plate_format plate, pw_arena *arena, pw_report *report);
void pw_run_build_free(pw_run_build *build);

/* Takes a reading as it is: its texts are in the arena already and its well is on the plate. Reports
 * "duplicate-reading", naming both lines, when its well and target have one. */
void pw_run_build_add_reading(pw_run_build *build, const pw_reading *reading);

/* Whether the well has a reading of the target. */
bool pw_run_build_has(const pw_run_build *build, pw_well well, pw_slice target);

/* One point of a curve, in any order. Reports "bad-cycle" for a cycle that is not 1 to 200 and
 * "duplicate-point", naming both lines, when it is there already. */
void pw_run_build_add_point(pw_run_build *build, pw_well well, pw_slice target, int cycle,
			    double value, int line, int column);

/*
 * Writes plate, readings and curves to *out, in plate order, otherwise as the file had them. An error is
 * reported for a curve with a hole. Warnings, each once for the file: "last-cycle" (a Cq that is exactly
 * the number of cycles: some software writes "no Cq" so; it stays a number), "beyond-run" (one that is
 * greater), "curve-missing" (some readings have a curve, others not), "curve-short".
 */
void pw_run_build_finish(pw_run_build *build, pw_run_file *out);

/* Order by well along the rows, then by line for readings and as they are for curves. */
void pw_run_sort_readings(pw_reading *readings, size_t count);
void pw_run_sort_curves(pw_curve *curves, size_t count, pw_arena *arena);

#endif
