/* What the tests of this folder share. */
#ifndef PW_TESTS_SIM_HELP_H
#define PW_TESTS_SIM_HELP_H

#include <check.h>

#include "core/simulate/impl.h"
#include "core/simulate/instrument.h"
#include "core/simulate/swabs.h"
#include "core/simulate/world.h"

/* A world, or the test fails. Free with pw_world_free. */
pw_world *sim_world(const pw_world_opts *opts);

/* The same, its day swabbed. */
pw_world *sim_day(const pw_world_opts *opts);

/* Options under which nothing goes wrong that can be switched off. */
pw_world_opts sim_faultless(void);

/* Which tube of the day it is: the world's own codes are CT00000001 on, in its order. */
int sim_day_index(const pw_world *world, const char *code);

/* N1, N2 and RP on three dyes. */
extern const pw_sim_target sim_targets[3];

#endif
