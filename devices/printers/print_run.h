/*
 * A run of labels over a wire: sends, asks, waits and resumes; the account (print_account.h) says what it means. Internal to
 * the printers: printer.h is the door.
 *
 * A run is a loop of turns. Each turn does one of: bring the printer to where a new label can begin (print_resync.c), send the
 * next label, or look how the printer is (print_watch.c). When the wire says that the device is gone it is opened again, and the next
 * turn begins with the resync. Every wait has an end, after which `stopped` is asked.
 */
#ifndef PW_DEVICES_PRINT_RUN_H
#define PW_DEVICES_PRINT_RUN_H

#include "devices/printers/dialogue.h"
#include "devices/printers/print_account.h"

typedef struct pw_run {
	pw_dialogue *talk;
	const pw_printer_driver *driver;
	const pw_print_run *order;
	pw_account account;
	size_t window;
	int patience_ms;
	bool one_way;

	pw_label_bytes label; /* of `loaded` - 1 */
	size_t loaded, safe;  /* … and how many of its bytes print nothing */
	size_t longest;       /* label so far, for the resync */
	bool source_failed;   /* no more labels: source_err */
	pw_err source_err;

	pw_printer_status status; /* of the last answer */
	bool ready;               /* … which allows the next label */
	bool stopped;             /* it does not answer because it stands still */
	bool dirty;               /* it may be in the middle of a label */
	bool began;               /* a label has, in this run */
	bool lost;                /* the wire is to be opened again */
	bool give_up;
	pw_status heard_rc; /* of what was heard unasked */
	pw_err heard_err;
	int64_t heard_at, hold_until;
	unsigned noted; /* faults that it said unasked, and has not taken back */

	int64_t trouble_since, told_at, moved_at; /* -1: not */
	bool told;
	unsigned faults;
	size_t reconnects;
} pw_run;

/* Brings the printer to where a new label can begin; a label that was half sent waits again. */
PW_NODISCARD pw_status pw_run_resync(pw_run *run, pw_err *err);

/* When it is given up: makes the printer forget the label that is half sent, if that goes quickly. True: it has. */
bool pw_run_throw_away(pw_run *run);

/* ---- Waiting (print_watch.c) ---- */

/* Asks how it is, and lets the account know. *answered: run->status is new. */
PW_NODISCARD pw_status pw_run_look(pw_run *run, bool *answered, pw_err *err);

/* A turn in which nothing can be sent: looks, or only listens where nothing may be asked, and waits a moment. */
PW_NODISCARD pw_status pw_run_watch(pw_run *run, pw_err *err);

/* ---- For all ---- */

int64_t pw_run_now(const pw_run *run);

/* Nothing moves, because of these faults. Asks `stopped` when it is time; false: given up. */
bool pw_run_trouble(pw_run *run, unsigned faults);

/* Something moves. */
void pw_run_fine(pw_run *run);

/* Notes that the wire failed (run->lost) and returns `rc`. */
pw_status pw_run_wire(pw_run *run, pw_status rc);

/*
 * One attempt to hand over bytes, of a label or of a resync; waits a moment when none are taken, and finds out why.
 * Returns PW_OK also when given up, or when the printer threw the label away (account.refused).
 */
PW_NODISCARD pw_status pw_run_push(pw_run *run, const void *data, size_t n, size_t *out_n,
				   pw_err *err);

/* What was heard unasked reaches the account while something else is going on; its error counts afterwards. */
PW_NODISCARD pw_status pw_run_heard(pw_run *run, pw_err *err);

/* Whether the next label may be sent. */
bool pw_run_may_begin(const pw_run *run);

void pw_run_pause(const pw_run *run, int ms);

/* Gets the next label, unless it is there or the source has failed. */
void pw_run_load(pw_run *run);

#endif
