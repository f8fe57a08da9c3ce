/*
 * A USB printer that is not there: libusb, unchanged, talks to it through a mocked /sys and /dev (umockdev). It is
 * the bus's side of a printer only; what the bytes mean is for the test, or a simulator, in `received`.
 *
 *	mock_bus *bus = mock_bus_new();
 *	mock_printer *printer = mock_printer_new(bus, &mock_zebra);
 *	…                                      (pw_transport_open("usb:0a5f:0187", …), as everywhere)
 *	mock_printer_take(printer, 1000);      (a thousand bytes, and then it is out of paper)
 *	…
 *	mock_bus_free(bus);                    (its printers too)
 *
 * The program must run under umockdev-wrapper. One bus at a time. All functions may be called from the test's
 * thread at any time, and from the callbacks, which are called by the mock's thread.
 */
#ifndef PW_TESTS_DEVICES_MOCK_PRINTER_H
#define PW_TESTS_DEVICES_MOCK_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

typedef struct mock_bus mock_bus;
typedef struct mock_printer mock_printer;

/* NULL, said once, when the program does not run under umockdev-wrapper. */
mock_bus *mock_bus_new(void);
void mock_bus_free(mock_bus *bus);

typedef struct mock_model {
	uint16_t vendor, product;
	int socket;                        /* on the bus: port=1-SOCKET */
	const char *serial, *maker, *name; /* USB's; NULL: none */
	const char *device_id;             /* IEEE 1284; NULL: it refuses the question */
	int id_length; /* what its answer claims to be long; 0: the truth, as the standard counts it */
	bool id_reversed; /* the length's smaller byte first */
	bool composite;   /* the printer is interface 1; 0 is something else */
	bool both_ways; /* with a way back: as setting 1 behind a one-way setting 0, if composite */
	bool old_reset; /* it knows the first standard's SOFT_RESET only */
	const char *driver; /* that the kernel has bound, "usblp"; NULL: none */
} mock_model;

/* A Zebra ZD421, with usblp bound; and what else there is. */
extern const mock_model mock_zebra;
extern const mock_model mock_composite; /* no serial number */

/* It is plugged in. Freed with its bus. */
mock_printer *mock_printer_new(mock_bus *bus, const mock_model *model);

/* "usb:0a5f:0187/D2J204700001" */
const char *mock_printer_uri(const mock_printer *printer);

/* ---- What it does ---- */

/* Called with what it took, in order, when it has taken it. NULL: nobody. */
void mock_printer_on_received(mock_printer *printer,
			      void (*received)(void *ctx, const uint8_t *bytes, size_t n),
			      void *ctx);

/*
 * Something that plays the printer, a simulator for one: it takes bytes as it likes, and has its own answers, port
 * status and resets. Called by the mock's thread, one call at a time. What the mock itself is told (to take no
 * more, faults) comes first.
 */
typedef struct mock_player {
	size_t (*take)(void *ctx, const uint8_t *bytes, size_t n); /* returns how many it takes */
	size_t (*say)(void *ctx, uint8_t *buf, size_t size);
	uint8_t (*port_status)(void *ctx);
	void (*soft_reset)(void *ctx);
	bool (*there)(void *ctx); /* false: it is unplugged, or off */
	void *ctx;
} mock_player;

void mock_printer_play(mock_printer *printer, const mock_player *player);

/*
 * Looks whether the player has come or gone by itself: for a thread of the test's to call every now and then. Who had the
 * printer open then has to open it again. Its entry in /sys stays (umockdev tells all who listen of changes there, and
 * does not survive it when one of them stops listening in that moment).
 */
void mock_printer_follow(mock_printer *printer);

/* It has this to say, in packets of 64 bytes. */
void mock_printer_say(mock_printer *printer, const void *bytes, size_t n);

/* When it has nothing to say it says so, with an empty packet, instead of letting the host wait. */
void mock_printer_nod(mock_printer *printer, bool nods);

/* It takes so many bytes more, and then none (SIZE_MAX: all, as a new one does). */
void mock_printer_take(mock_printer *printer, size_t bytes);

/* At most so many bytes of a transfer, which ends then (0: all). */
void mock_printer_bite(mock_printer *printer, size_t bytes);

/* -1: it refuses the question. A new one says 0x18: fine. */
void mock_printer_port_status(mock_printer *printer, int status);

/* Faults that happen when it has taken `offset` bytes in all, to the byte; `offset` may be passed already. */
typedef enum mock_fault {
	MOCK_STOP,     /* it takes no more, until mock_printer_take */
	MOCK_STALL,    /* the next transfer to it stalls */
	MOCK_STALL_IN, /* the next transfer from it stalls */
	MOCK_IO_ERROR, /* the next transfer to it fails, as in a bad cable; the device stays */
	MOCK_UNPLUG    /* the cable is pulled */
} mock_fault;

void mock_printer_at(mock_printer *printer, size_t offset, mock_fault fault);

/* The cable; the same device comes back, under a new number. Both may be called twice. */
void mock_printer_unplug(mock_printer *printer);
void mock_printer_plug(mock_printer *printer);
bool mock_printer_is_plugged(mock_printer *printer);

/* Another program has claimed it, or has not any more. */
void mock_printer_claimed_elsewhere(mock_printer *printer, bool claimed);

/* ---- What was done to it ---- */

/* All that it ever took, appended. */
void mock_printer_received(mock_printer *printer, pw_str *out);

typedef struct mock_counts {
	size_t taken;         /* bytes */
	int claims, releases; /* of its interface */
	int given_back;       /* the kernel may bind its driver again */
	int resets;           /* SOFT_RESETs that it did */
	int refused_resets;   /* and that it stalled */
	int halts_cleared;
	int setting;   /* the alternate setting that was chosen last */
	int interface; /* and of which interface, -1: none */
} mock_counts;

mock_counts mock_printer_counts(mock_printer *printer);

#endif
