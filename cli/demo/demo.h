/*
 * The demonstration: a simulated campaign day, worked through by the use cases that a laboratory uses,
 * from the roster to everybody's answer. The simulator (core/simulate) plays the town, the sites, the
 * road and the instruments; this folder plays the people at the benches. It hands the laboratory only
 * what a laboratory would see; the truth is read once, in pw_demo_compare, at the end.
 */
#ifndef PW_CLI_DEMO_DEMO_H
#define PW_CLI_DEMO_DEMO_H

#include "cli/cmd.h"
#include "cli/progress.h"
#include "core/lab/pools.h"
#include "core/simulate/instrument.h"
#include "core/simulate/swabs.h"

/* What the day came to; people, swabs, tubes, wells and tests are different things. */
typedef struct pw_demo_figures {
	int registered, swabs, tubes, reswabs, received, rejected, boxes;
	int extraction_plates, pcr_plates, tests, held, controls_failed;
	int pools_recalled, rounds;
	int slips, slips_refused; /* wrong scans made, and those that the laboratory refused */
	int batches, lab_pools;   /* of laboratory pools */
	int pool_tests;           /* of the tests, those of laboratory pools */
	int left_out, alarms;     /* aliquots; batches that were held, looked at and accepted */
} pw_demo_figures;

/* A design by which tubes are laid into laboratory pools. */
typedef struct pw_demo_design {
	const char *name; /* "array-8x12"; NULL ends the table */
	pw_make_opts make;
	uint32_t misses; /* in theory: who has at most so many negative pools is tested alone */
} pw_demo_design;

extern const pw_demo_design pw_demo_designs[];

typedef struct pw_demo {
	pw_ctx *ctx;
	const char *dir;
	int sites;
	const pw_demo_design *design; /* NULL: every tube gets a well of its own */
	double prevalence;            /* as it is expected; the truth is another matter */
	const char *prefer;           /* what the policy says of undecided tubes: "rounds" */
	pw_world *world;
	pw_lab *lab;
	pw_time now; /* the day's clock */
	int next_plate, next_tube;
	bool planned;          /* the tubes that came were laid into pools */
	const char *last_tube; /* on the extraction plate before: for a wrong scan */
	pw_demo_figures f;
	pw_progress *bar;
} pw_demo;

/* Everybody is registered; people are swabbed; boxes come in. */
PW_NODISCARD pw_status pw_demo_register(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_collect(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_receive(pw_demo *d, pw_err *err);

/* Laboratory pools (pools.c): the policy that allows them; tubes that wait are laid into batches; pools are
 * made; the readings that the plate alarm holds are looked at; and the next wells are planned. */
PW_NODISCARD pw_status pw_demo_allow_pools(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_plan_pools(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_make_pools(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_next_wells(pw_demo *d, pw_err *err);

/* How well single tests did, once the truth is known: of wells that held a positive, how many said so. An inconclusive
 * pool counts as one that points at its tubes, which is what the decoder makes of it. */
typedef struct pw_demo_quality {
	int positive_pools, found_pools, negative_pools, false_pools;
	int positive_alone, found_alone, negative_alone, false_alone;
	int tubes, positive_tubes; /* that were laid into pools */
	int tests; /* of pools, and of those tubes alone; not those that a control held */
} pw_demo_quality;

/* `infected` by subject: everybody who was registered. */
PW_NODISCARD pw_status pw_demo_measure_pools(pw_demo *d, const bool *infected, pw_demo_quality *out,
					     pw_err *err);

/* What theory says of the design with single tests of that quality (theory.c). */
typedef struct pw_demo_theory {
	double tests_per_tube, pse, psp;
} pw_demo_theory;

PW_NODISCARD pw_status pw_demo_theory_of(const pw_demo_design *design, const pw_demo_quality *q,
					 pw_demo_theory *out, pw_err *err);

/* Every tube and laboratory pool that waits for a test gets one; *out_tested: how many wells were judged. */
PW_NODISCARD pw_status pw_demo_test(pw_demo *d, int *out_tested, pw_err *err);

/* Everybody on the recall list is swabbed again, as far as they come; *out_waiting: who did not. */
PW_NODISCARD pw_status pw_demo_reswab(pw_demo *d, int *out_swabbed, int *out_waiting, pw_err *err);

/* What lies in the folder when the first results are in, and at the end. */
PW_NODISCARD pw_status pw_demo_write_recall(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_write_end(pw_demo *d, pw_err *err);

/* Reads the truth, for the first and only time, and prints the summary. */
PW_NODISCARD pw_status pw_demo_compare(pw_demo *d, pw_err *err);

/* Writes DIR/name (which may have a folder in it). */
PW_NODISCARD pw_status pw_demo_write(pw_demo *d, const char *name, const pw_str *bytes,
				     pw_err *err);

/* The day's clock goes on. */
void pw_demo_pass(pw_demo *d, pw_time duration);

#endif
