/*
 * Simulated label printers: each reads the language of its kind as the maker's manual has it, keeps the dots, answers what
 * the manual says it answers, and misbehaves on request. They share no code with what makes the jobs (labels/) nor with
 * what reads the answers, so that a mistake there is not repeated here.
 *
 * A simulator is a state and a clock that the caller moves: tests run it at once, `poolwell sim printer` in real time.
 * What one does with it is what one does with a printer: send bytes, of which it takes as many as it can; read what it
 * says; and walk up to it, in words (pw_sim_do): "paper out", "unplug".
 *
 * The mechanism: ZPL, TSPL and EPL2 printers take whole labels into a memory and print them one after the other; a label that
 * is stopped in the middle comes out as a fragment and is printed anew. Brother and Dymo print the rows as they come.
 *
 * Memory is bounded, whatever is sent: by opts.memory and PW_SIM_MOST_DOTS a label.
 */
#ifndef PW_DEVICES_SIM_H
#define PW_DEVICES_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/base/str.h"

typedef struct pw_sim pw_sim;

#define PW_SIM_MOST_DOTS (64 * 1024 * 1024) /* of a label */

/* A label that has come out. 1 is black, the leftmost dot is a byte's highest bit; it lives during the call. */
typedef struct pw_sim_label {
	size_t number; /* from 1, as they come out, fragments too */
	int width, height, dpi;
	size_t stride;
	const uint8_t *bits;
	bool whole; /* false: a fragment, of a label that was stopped or cut off */
} pw_sim_label;

typedef struct pw_sim_hooks {
	void (*printed)(void *ctx, const pw_sim_label *label);
	/* A line about what happens to it: faults, commands that it does not know or does not draw. May be NULL. */
	void (*noted)(void *ctx, const char *text);
	void *ctx;
} pw_sim_hooks;

/* In what printers of one language differ; a set of bits. */
typedef enum pw_sim_habit {
	/* ZPL: answers ~HS also when paper or ribbon are out, the head is open or hot. The manual says it does
	 * not. */
	PW_SIM_TALKATIVE = 1 << 0,
	/* ZPL: its counts do not have the label that is being printed. */
	PW_SIM_HIDES_ONE = 1 << 1,
	/* TSPL: hears ESC ! in the middle of a picture. */
	PW_SIM_HEARS_IN_DATA = 1 << 2,
	/* TSPL: throws a job away at a command that it does not know, and feeds two blank labels. */
	PW_SIM_TOUCHY = 1 << 3,
	/* Takes nothing while it stands still. */
	PW_SIM_BLOCKS = 1 << 4,
	/* A label that was stopped in the middle is not printed anew. */
	PW_SIM_NO_REPRINT = 1 << 5,
	/* Says yes to SOFT_RESET, and does nothing. */
	PW_SIM_NO_RESET = 1 << 6
} pw_sim_habit;

typedef struct pw_sim_opts {
	const char *language;          /* as pw_sim_languages lists them */
	int dpi;                       /* 0: of the language */
	int label_ms;                  /* what a label takes to print; 0: 300 */
	size_t memory;                 /* bytes of labels that it can hold; 0: 1 MiB */
	int media_width, media_length; /* mm, what is loaded (Brother); 0, 0: 62 without end */
	unsigned habits;               /* of pw_sim_habit */
	bool serial;                   /* on a line on which one does not see whether it is on */
	uint64_t seed;                 /* of its garbage */
} pw_sim_opts;

/* clang-format off */
#define PW_SIM_OPTS_INIT { NULL, 0, 0, 0, 0, 0, 0, false, 1 }
/* clang-format on */

/* PW_ERR_ARG for a language that there is no simulator for. Free with pw_sim_free. */
PW_NODISCARD pw_status pw_sim_new(const pw_sim_opts *opts, const pw_sim_hooks *hooks, pw_sim **out,
				  pw_err *err);
void pw_sim_free(pw_sim *sim);

/* "zpl, tspl, …" */
const char *pw_sim_languages(void);

/* ---- Time ---- */

/* All that happens until `now` (milliseconds, never back). */
void pw_sim_advance(pw_sim *sim, int64_t now);

/* When something will happen by itself; -1: nothing will. */
int64_t pw_sim_next(const pw_sim *sim);

/* ---- The cable ---- */

/* Whether it is plugged in and on. On a serial line, whether it is plugged in. */
bool pw_sim_there(const pw_sim *sim);

/* The other end connects anew, after an unplug: what it had said is gone. */
void pw_sim_connect(pw_sim *sim);

/* Sends to it; returns how many bytes it takes. It may be gone afterwards. */
size_t pw_sim_take(pw_sim *sim, const void *bytes, size_t n);

/* What it says, as far as it has said it by now. */
size_t pw_sim_say(pw_sim *sim, void *buf, size_t size);

/* The USB printer class. */
const char *pw_sim_device_id(const pw_sim *sim);
uint8_t pw_sim_port_status(const pw_sim *sim);
void pw_sim_soft_reset(pw_sim *sim);

/* ---- Walking up to it ---- */

/*
 * Does what a line says, by itself or for some milliseconds:
 *
 *	paper out, paper in       ribbon out, ribbon in      head open, head closed    cover open, cover closed
 *	pause, resume             behind the label that is being printed
 *	hot, cool                 jam, no jam               cutter stuck, cutter free
 *	silent, talk              it answers nothing
 *	garbage, sense            it answers garbage
 *	slow, quick               its answers come after 700 ms
 *	stall, go                 it takes nothing
 *	unplug, plug              the cable
 *	power off, power on       and all that it had is lost
 *	cancel                    while it is paused: throws away all labels but the one that is being printed
 *	lose                      the next label does not get from the cable to the memory (zpl, tspl, epl)
 *	media 62, media 62x29     loads other media (brother)
 *
 *	"paper out for 2000"      and in again after that time
 *
 * PW_ERR_ARG, with the words that there are.
 */
PW_NODISCARD pw_status pw_sim_do(pw_sim *sim, const char *line, pw_err *err);

/*
 * Lines that are done when it is time, parted by ';':
 *
 *	label 3: paper out for 2000; byte 5000: unplug for 1500; time 800: cancel; question 2: silent for 4000
 *
 * label N: while the N-th label is printed (fragments count). byte N: behind the N-th byte received. time MS: that
 * long after the beginning. question N: when asked for its status for the N-th time, before it answers. At most 64.
 * PW_ERR_ARG with the place.
 */
PW_NODISCARD pw_status pw_sim_script(pw_sim *sim, const char *script, pw_err *err);

/* Writes a script of about `faults` faults that all end, for a run of so many labels and bytes. */
void pw_sim_random_script(pw_rng *rng, const char *language, int faults, int labels, int bytes,
			  pw_str *out);

/* ---- What it has done ---- */

typedef struct pw_sim_counts {
	size_t bytes, questions, whole, fragments, blank;
	size_t inside;   /* labels that it holds and has not printed */
	unsigned faults; /* of pw_printer_fault */
} pw_sim_counts;

pw_sim_counts pw_sim_count(const pw_sim *sim);

#endif
