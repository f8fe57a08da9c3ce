/*
 * A simulator as what is inside of a mocked USB printer: a thread of its own moves it, in a time that runs `haste` times as
 * fast as the computer's, and pulls the cable when the simulator's is pulled.
 */
#ifndef PW_TESTS_DEVICES_USB_BRAIN_H
#define PW_TESTS_DEVICES_USB_BRAIN_H

#include <pthread.h>

#include "core/base/rng.h"
#include "devices/printers/wire.h"
#include "devices/simulators/sim.h"
#include "tests/devices/mock_printer.h"

typedef struct usb_brain {
	mock_printer *printer;
	pw_sim *sim;
	pw_rng rng;
	int haste;
	double claims;      /* how often another program has it when it comes back */
	int64_t held_until; /* … */
	int resets;
	uint8_t fifo[64]; /* taken from the cable, and not yet by the simulator */
	size_t fifo_n;
	bool there, over;
	pthread_t thread;
} usb_brain;

/* Begins with what is set: printer, sim, haste. */
void usb_brain_begin(usb_brain *brain);
void usb_brain_end(usb_brain *brain);

/* For what else is done to the simulator in between. */
void usb_brain_lock(usb_brain *brain);
void usb_brain_unlock(usb_brain *brain);

/* The computer's time, so many times as fast. */
int64_t usb_brain_now(const usb_brain *brain);

/* The wire of a usb: address in that time. Closing it closes `inner`. */
typedef struct hasty_wire {
	pw_wire inner;
	const usb_brain *brain;
} hasty_wire;

pw_wire hasty_wire_of(hasty_wire *wire);

#endif
