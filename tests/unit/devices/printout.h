/* A simulator and what comes out of it, for tests that hold the one against the other. */
#ifndef PW_TEST_PRINTOUT_H
#define PW_TEST_PRINTOUT_H

#include "core/base/str.h"
#include "devices/simulators/sim.h"
#include "labels/raster.h"

typedef struct printout {
	pw_raster raster; /* the last whole label */
	size_t whole, fragments;
	pw_str notes;
	pw_sim *sim;
	int64_t now;
} printout;

/* With much memory and 12 mm of tape. `dpi` 0: the language's own; `habits`: PW_SIM_… of sim.h. */
void printout_begin(printout *p, const char *language, int dpi, unsigned habits);
void printout_end(printout *p);

/* All of it, in pieces of at most `piece` bytes; a label is given the time that it needs. */
void printout_give(printout *p, const void *bytes, size_t n, size_t piece);
void printout_give_text(printout *p, const char *text);

/* What the simulator has said since; the caller's to clear. */
pw_str printout_hear(printout *p);

#endif
