/* A simulator at the end of a wire, with a clock that jumps: a day of faults takes a second. */
#ifndef PW_TEST_SIM_WIRE_H
#define PW_TEST_SIM_WIRE_H

#include "core/base/rng.h"
#include "devices/printers/wire.h"
#include "devices/simulators/sim.h"

typedef enum sim_cable {
	SIM_USB, /* what is taken is there; unplugging loses the count of the last transfer */
	SIM_TCP, /* the network takes some kilobytes ahead; the end of a connection is noticed late */
	SIM_SERIAL, /* power is not noticed, bytes to a printer that is off are lost */
	SIM_CABLES
} sim_cable;

typedef struct sim_wire {
	pw_sim *sim;
	sim_cable cable;
	pw_rng rng;
	int64_t now;
	bool gone;          /* until it is opened again */
	bool calm;          /* no chance: whole writes, at once */
	uint8_t pipe[8192]; /* on their way, of tcp and serial */
	size_t pipe_n;
	int64_t busy_until; /* another program has it after it was gone */
	bool stranger;      /* … now and then */
	size_t reopened;
} sim_wire;

/* The simulator stays the caller's. */
void sim_wire_init(sim_wire *wire, pw_sim *sim, sim_cable cable, uint64_t seed);
pw_wire sim_wire_of(sim_wire *wire);

/* Time passes. */
void sim_wire_pass(sim_wire *wire, int64_t ms);

#endif
