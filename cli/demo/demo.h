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
#include "core/lab/lab.h"
#include "core/simulate/instrument.h"
#include "core/simulate/swabs.h"

/* What the day came to; people, swabs, tubes, wells and tests are different things. */
typedef struct pw_demo_figures {
	int registered, swabs, tubes, reswabs, received, rejected, boxes;
	int extraction_plates, pcr_plates, tests, held, controls_failed;
	int pools_recalled, rounds;
	int slips, slips_refused; /* wrong scans made, and those that the laboratory refused */
} pw_demo_figures;

typedef struct pw_demo {
	pw_ctx *ctx;
	const char *dir;
	int sites;
	pw_world *world;
	pw_lab *lab;
	pw_time now; /* the day's clock */
	int next_plate, next_tube;
	const char *last_tube; /* on the extraction plate before: for a wrong scan */
	pw_demo_figures f;
	pw_progress *bar;
} pw_demo;

/* Everybody is registered; people are swabbed; boxes come in. */
PW_NODISCARD pw_status pw_demo_register(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_collect(pw_demo *d, pw_err *err);
PW_NODISCARD pw_status pw_demo_receive(pw_demo *d, pw_err *err);

/* Every tube that waits for a test gets one; *out_tested: how many wells were judged. */
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
