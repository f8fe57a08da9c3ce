/*
 * A simulator (devices/simulators/sim.h) in the place of a mocked printer: it takes what libusb sends, answers, and comes
 * and goes, while its clock runs as many times faster as the test likes. A thread looks after its coming and going.
 */
#ifndef PW_TESTS_DEVICES_PLAYED_SIM_H
#define PW_TESTS_DEVICES_PLAYED_SIM_H

#include "devices/simulators/sim.h"
#include "tests/devices/mock_printer.h"

typedef struct played_sim played_sim;

/* The simulator stays the caller's. Its hooks are called by other threads, one at a time, and by none outside of
 * played_sim_enter … played_sim_leave and of the mock's calls. */
played_sim *played_sim_new(mock_printer *printer, pw_sim *sim, int speed);

/* Ends the playing and waits for it; then what is inside of the simulator comes out. */
void played_sim_free(played_sim *played);

/* The simulator, up to this moment, for one caller alone until played_sim_leave. */
pw_sim *played_sim_enter(played_sim *played);
void played_sim_leave(played_sim *played);

#endif
