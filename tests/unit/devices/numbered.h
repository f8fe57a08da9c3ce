/* Labels that tell by any row of their dots which they are: to count what a simulator printed. */
#ifndef PW_TEST_NUMBERED_H
#define PW_TEST_NUMBERED_H

#include "core/base/str.h"
#include "devices/simulators/sim.h"
#include "labels/dialect.h"

#define NUMBERED_WIDTH  96
#define NUMBERED_HEIGHT 40

/* "zpl" → its dialect; the test fails for others. */
pw_dialect numbered_dialect(const char *language);

/* The dots of label `number` (below 65,536). Clear with pw_raster_clear. */
pw_raster numbered_raster(const char *language, unsigned number);

/* Its job; clear with pw_str_clear. */
pw_str numbered_job(const char *language, unsigned number);

/* Loads the media that a job of Brother's asks for; other printers have what they need. */
void numbered_load(pw_sim *sim, const pw_str *job);

/* The number of a label that came out, whole or not; -1: it is none of ours, dot for dot. */
int numbered_read(const char *language, const pw_sim_label *label);

#endif
