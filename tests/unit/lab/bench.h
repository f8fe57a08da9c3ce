/* Plates and runs for the laboratory's tests: an instrument that measures what the test says. */
#ifndef PW_TESTS_LAB_BENCH_H
#define PW_TESTS_LAB_BENCH_H

#include "core/model/run_file.h"
#include "tests/unit/lab/fixture.h"

/* ---------------------------------------------------------------- plates */

void new_plate(const char *plate, const char *layout);
pw_filled fill(const char *plate, const char *tube);
int seal(const char *plate);

/* A plate of the layout with these tubes, which were received or go again, sealed. */
void extract(const char *plate, const char *layout, const char *const *tubes);
pw_stamped stamp(const char *pcr, const char *plate, const char *assay);

const pw_plate_find_row *plate_row(const char *plate);

/* Tubes T1 … Tn (at most nine) of one person each, on std96, stamped for cdc-n1-n2-rp: "E1", "Q1". */
void singles_on_a_plate(int n);

/* ---------------------------------------------------------------- runs */

#define NO_CQ 0.0

typedef struct bench_run {
	pw_run_file file;
	pw_run_opts opts;
	const char *file_name;
	const char *bytes; /* once it was imported */
	size_t size;
	pw_run_outcome out;
} bench_run;

/*
 * What an instrument says of a PCR plate when all specimens are negative and the controls right: internal
 * targets (RP, IPC, MS2, IC) at Cq 27 where there is a specimen or an extraction control, all targets at
 * 25 in a positive control. The file names the plate.
 */
bench_run *run_of(const char *plate);

/* Says otherwise. */
void cq(bench_run *run, const char *well, const char *target, double value);
void positive(bench_run *run, const char *well); /* every target that is not internal */
void invalid(bench_run *run, const char *well);  /* no target at all */
pw_reading *reading(bench_run *run, const char *well, const char *target);
void drop_reading(bench_run *run, const char *well, const char *target);
pw_reading *add_reading(bench_run *run, const char *well, const char *sample, const char *target);

/* As the QuantStudio writes it. */
pw_status import(bench_run *run);
void must_import(bench_run *run);

/* The call of a well of the run; and its held text, or NULL. */
const pw_run_calls_row *call_of(int64_t run, const char *well);
const pw_run_controls_row *control_of(int64_t run, const char *well);

#endif
