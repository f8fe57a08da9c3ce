/*
 * Drivers: what is particular to a language of printers, as data and a few pure functions; the manual for whoever
 * adds one. What all have in common (asking, sending, resuming, the account) is written once, in dialogue.h,
 * print_account.h and print_run.h.
 *
 * To add one: codec_<name>.h, driver_<name>.c with a `const pw_printer_driver pw_driver_<name>`, a line in
 * drivers.def, rows in models.def, a simulator; tests/unit/devices/test_driver.c looks at all of them.
 */
#ifndef PW_DEVICES_DRIVER_H
#define PW_DEVICES_DRIVER_H

#include "devices/printers/codec_brother.h"
#include "devices/printers/codec_dymo.h"
#include "devices/printers/codec_epl.h"
#include "devices/printers/codec_tspl.h"
#include "devices/printers/codec_zpl.h"
#include "devices/printers/printer.h"

/* Bytes to send; n 0: the language has none. */
typedef struct pw_printer_bytes {
	const char *ptr;
	size_t n;
} pw_printer_bytes;

/* clang-format off */
#define PW_PRINTER_BYTES(literal) { literal, sizeof(literal) - 1 }
/* clang-format on */

/* What a printer says, normalised; a set of bits. */
typedef enum pw_printer_said {
	PW_SAID_STATUS = 1 << 0, /* the answer to PW_ASK_STATUS */
	PW_SAID_WHY = 1 << 1,    /* to PW_ASK_WHY; only the faults count */
	PW_SAID_WHO = 1 << 2,    /* to PW_ASK_WHO */
	PW_SAID_BEGUN = 1 << 3,  /* unasked: it begins to print a label */
	PW_SAID_DONE = 1 << 4,  /* unasked: a label is printed, though its end may not be out yet */
	PW_SAID_ERROR = 1 << 5, /* unasked: it has stopped, and has thrown away what it had */
	PW_SAID_NOTE = 1 << 6   /* unasked: its faults are these now; it goes on by itself */
} pw_printer_said;

typedef struct pw_printer_word {
	unsigned said; /* of pw_printer_said; 0: nothing yet */
	pw_printer_status status;
	pw_printer_identity who;
} pw_printer_word;

typedef enum pw_printer_question {
	PW_ASK_STATUS, /* how it is */
	PW_ASK_WHY,    /* what keeps it from answering that; {NULL, 0}: there is no such question */
	PW_ASK_WHO,    /* who it is; {NULL, 0}: the status tells, or nothing does */
	PW_QUESTIONS
} pw_printer_question;

/* How it can be known that a label has come out. */
typedef enum pw_printer_confirm {
	PW_CONFIRM_NEVER,
	PW_CONFIRM_COUNT,  /* the status counts the labels that are still inside */
	PW_CONFIRM_RECEIPT /* it says so itself, label by label */
} pw_printer_confirm;

typedef struct pw_printer_decoder {
	unsigned model; /* flags of models.def */
	pw_printer_question asked;
	union {
		pw_zpl_decoder zpl;
		pw_tspl_decoder tspl;
		pw_epl_decoder epl;
		pw_brother_decoder brother;
	} as;
} pw_printer_decoder;

typedef struct pw_printer_driver {
	const char *name;  /* "zpl": as labels/dialect.h has it */
	const char *title; /* "Zebra ZPL II" */

	pw_printer_confirm confirm;
	int window; /* labels in the device at a time */
	int hidden; /* PW_CONFIRM_COUNT: labels that it may hold without counting them */
	/* How long nothing more must be heard of a label until it is out for sure; PW_CONFIRM_NEVER: how long after
	 * a label an idle printer may be called idle. */
	int settle_ms;
	int answer_ms;      /* how long an answer may take */
	bool tells_partial; /* the status says whether it holds a part of a label */

	/*
	 * What makes it ready for a new label, whatever it had received of another: `flush`, sent again and again
	 * until it is at least flush_least bytes long and, if flush_label, as long as the longest label so far,
	 * ends any row or picture that it still waits for. `clear` then throws away what was begun; with
	 * clears_all also complete labels, so that these must be out first.
	 */
	pw_printer_bytes flush, clear;
	size_t flush_least;
	bool flush_label, clears_all;

	/* The question; the decoder is told what will come. */
	pw_printer_bytes (*ask)(pw_printer_decoder *decoder, pw_printer_question question);

	/* Takes in a byte; when it ends something that was said, fills *out. */
	void (*feed)(pw_printer_decoder *decoder, uint8_t byte, pw_printer_word *out);

	/*
	 * Whether the bytes are a job of this language that prints exactly one label, and how many of them, from
	 * the first, certainly print nothing, however the rest gets lost. Strict: a job that prints two would be
	 * accounted as one.
	 */
	bool (*look)(const uint8_t *job, size_t n, size_t *out_safe);
} pw_printer_driver;

/* By its name, or NULL; all of them, ended by NULL. */
const pw_printer_driver *pw_printer_driver_find(const char *name);
extern const pw_printer_driver *const pw_printer_drivers[];

/* What keeps a printer from printing only for a while: buffers and heat. */
#define PW_FAULTS_PASSING ((unsigned)PW_FAULT_BUFFER_FULL | (unsigned)PW_FAULT_HOT)

/* The activity that goes with the faults. */
pw_printer_activity pw_printer_activity_of(unsigned faults, bool printing);

#endif
