/* One run of numbered labels on a simulated printer, told step by step: for tests that say what must come of it. */
#ifndef PW_TEST_SCENARIO_H
#define PW_TEST_SCENARIO_H

#include "devices/printers/printer_private.h"
#include "numbered.h"
#include "sim_wire.h"

#define SCENARIO_MOST 64

typedef struct scenario {
	/* before */
	const char *language;
	sim_cable cable;
	size_t count;
	const char *script; /* pw_sim_script */
	unsigned habits;
	int label_ms;
	size_t memory;
	pw_print_run order; /* what is 0 is filled in */
	int gives_up_after; /* calls of `stopped` with faults; 0: never */
	size_t fails_at;    /* `changed` fails at its n-th call; 0: never */
	size_t source_fails_at;
	unsigned model;
	/* afterwards */
	pw_status rc;
	pw_err err;
	pw_print_outcome out;
	pw_label_fate fate[SCENARIO_MOST];
	size_t whole[SCENARIO_MOST], fragments[SCENARIO_MOST], strange;
	unsigned faults_told; /* all that `stopped` was called with */
	int told, told_well;  /* how often, with faults and without */
	size_t changes;
	pw_str order_printed; /* "1 2 3" */
	pw_sim_counts counts;
	int64_t took; /* ms */
	size_t notes;
	pw_str notes_text;
	/* between */
	pw_sim *sim;
	sim_wire wire;
	pw_str job;
} scenario;

/* Runs it. The simulator is there until scenario_clear. */
void scenario_run(scenario *s);
void scenario_clear(scenario *s);

/* How many labels have this fate. */
size_t scenario_count(const scenario *s, pw_label_fate fate);

#endif
