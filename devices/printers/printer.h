/*
 * Label printers: whoever made them, one handle that says what the printer is, how it is, and prints a run of
 * labels so that each of them is accounted for.
 *
 * A printer has a language (labels/dialect.h makes the bytes, this side talks to the device in it): "zpl",
 * "tspl", "epl", "brother", "dymo". The languages' codecs (codec_*.h) are pure: bytes of questions out,
 * bytes of answers in; the simulators use the same.
 *
 * Nothing is called printed that the device has not said it printed. Silence is a state with a name.
 * docs/internals/devices.md has the reasons and what each language can tell.
 */
#ifndef PW_DEVICES_PRINTER_H
#define PW_DEVICES_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

/* ---- How a printer is ---- */

/* What keeps a printer from printing; a set of bits. Append only. */
typedef enum pw_printer_fault {
	PW_FAULT_PAPER_OUT = 1 << 0,
	PW_FAULT_RIBBON_OUT = 1 << 1,
	PW_FAULT_HEAD_OPEN = 1 << 2,
	PW_FAULT_COVER_OPEN = 1 << 3,
	PW_FAULT_PAUSED = 1 << 4,
	PW_FAULT_HOT = 1 << 5, /* head or motor; prints again when it has cooled */
	PW_FAULT_COLD = 1 << 6,
	PW_FAULT_BUFFER_FULL = 1 << 7,
	PW_FAULT_JAM = 1 << 8,
	PW_FAULT_CUTTER = 1 << 9,
	PW_FAULT_WRONG_MEDIA = 1 << 10,
	PW_FAULT_MEMORY = 1 << 11,
	PW_FAULT_HEAD = 1 << 12,       /* an element or the thermistor is broken */
	PW_FAULT_TAKE_LABEL = 1 << 13, /* a printed label waits to be taken */
	PW_FAULT_POWER = 1 << 14,
	PW_FAULT_LINK = 1 << 15, /* the printer complains about what it received */
	PW_FAULT_SILENT =
		1 << 16, /* it did not answer in time: off, or down in a way that silences it */
	PW_FAULT_OTHER = 1 << 17, /* it says error, and not which */
	PW_FAULT_HELD = 1 << 18,  /* another program has it */
	PW_FAULT_GONE = 1 << 19   /* it is not connected, or off */
} pw_printer_fault;

#define PW_FAULT_COUNT 20

/* "out of paper" and "load a roll, close the printer and press feed"; of a single bit, never NULL. */
const char *pw_printer_fault_text(pw_printer_fault fault);
const char *pw_printer_fault_help(pw_printer_fault fault);

/* "paper-out": for JSON and the journal. */
const char *pw_printer_fault_name(pw_printer_fault fault);

typedef enum pw_printer_activity {
	PW_PRINTER_UNKNOWN,
	PW_PRINTER_READY,
	PW_PRINTER_PRINTING,
	PW_PRINTER_STOPPED /* by its faults */
} pw_printer_activity;

typedef struct pw_printer_status {
	pw_printer_activity activity;
	unsigned faults; /* of pw_printer_fault */
	int waiting;     /* labels it has received and not printed yet; -1: it does not tell */
	bool partial;    /* it holds a label that is not complete */
	int media_width, media_length; /* mm; 0: it does not tell, length 0 also: without end */
} pw_printer_status;

/* clang-format off */
#define PW_PRINTER_STATUS_INIT { PW_PRINTER_UNKNOWN, 0, -1, false, 0, 0 }
/* clang-format on */

/* ---- Opening ---- */

typedef struct pw_printer pw_printer;

typedef struct pw_printer_identity {
	char language[16]; /* "" when it could not be told */
	char maker[64], model[64], serial[64], firmware[64];
	int dpi; /* 0: not told */
} pw_printer_identity;

/*
 * Opens a printer by a transport's URI (transport.h). Its language is taken from, in this order: `language`, if
 * not NULL; "language=" in the URI; the USB device id (devices/printers/models.def). Errors of
 * pw_transport_open; PW_ERR_ARG when the language cannot be told, or is not known (the text lists them), and
 * for a model that no labels can be made for.
 */
PW_NODISCARD pw_status pw_printer_open(const char *uri, const char *language, pw_printer **out,
				       pw_err *err);
void pw_printer_close(pw_printer *printer);

/* Asks the device who it is; what it does not tell stays empty. Only errors of the way to it. */
PW_NODISCARD pw_status pw_printer_identify(pw_printer *printer, pw_printer_identity *out,
					   pw_err *err);

/* Asks how it is. A device that does not answer in time is PW_OK with PW_FAULT_SILENT. */
PW_NODISCARD pw_status pw_printer_ask(pw_printer *printer, pw_printer_status *out, pw_err *err);

/* Can this language tell that a label has come out? Where not, sent labels end as unconfirmed. */
bool pw_printer_confirms(const pw_printer *printer);
const char *pw_printer_language(const pw_printer *printer);

/* ---- Printing ---- */

/* The life of one label in a run. A label only moves down this list, apart from SENDING → WAITING when it is
 * certain that the device threw away what it had of it. */
typedef enum pw_label_fate {
	PW_FATE_WAITING,   /* no byte of it has left */
	PW_FATE_SENDING,   /* some bytes have */
	PW_FATE_SENT,      /* all have; the device has not said more yet */
	PW_FATE_CONFIRMED, /* the device said that it came out */
	PW_FATE_UNCONFIRMED, /* all or some bytes are there and it cannot be known: scan it, or void it */
} pw_label_fate;

const char *pw_label_fate_name(pw_label_fate fate); /* "waiting" */

/* A label's job in the printer's language, complete in itself, that prints exactly one label: as pw_dialect_encode
 * makes it for one copy. */
typedef struct pw_label_bytes {
	const void *data;
	size_t n;
} pw_label_bytes;

/* Where the labels of a run come from, so that ten thousand need not be in memory: the bytes of label
 * `index` (from 0), valid until the next call. */
typedef pw_status (*pw_label_source)(void *ctx, size_t index, pw_label_bytes *out, pw_err *err);

typedef struct pw_print_run {
	size_t count;
	pw_label_source source;
	/*
	 * Called for every change of fate, in order, *before* the first byte of a label leaves (SENDING) and
	 * right after the device said a thing: what it writes down is true whatever is killed or pulled.
	 * An error stops the run.
	 */
	pw_status (*changed)(void *ctx, size_t index, pw_label_fate fate, pw_err *err);
	/* The printer is stopped by these faults (0: it goes on again). false: give up, the rest stays
	 * waiting. May be called many times while a fault lasts, about every second. NULL: give up. */
	bool (*stopped)(void *ctx, const pw_printer_status *status, size_t index);
	void *ctx;
	int media_width,
		media_length; /* mm, checked before the first byte where the device tells; 0: not */
	int window; /* labels in the device and not yet confirmed, at most; 0: the driver's own */
	int patience_ms; /* silence or absence after which `stopped` is asked; 0: 5000 */
	/* Do not ask it anything: for printers without a way back, or whose answers do not come. Nothing is
	 * confirmed then. A file is always printed to like this. */
	bool one_way;
} pw_print_run;

typedef struct pw_print_outcome {
	size_t confirmed, unconfirmed, waiting; /* waiting: not printed, may be sent again */
	unsigned faults;                        /* that it ended with */
	size_t reconnects;
} pw_print_outcome;

/*
 * Prints the labels in their order. Goes on by itself, from the very byte, after paper, ribbon, cover, pause,
 * heat, full buffers and stalls, and after the cable was pulled as far as it can be known what the printer
 * still has: labels of which that cannot be known become unconfirmed, never printed twice. Ends when all are
 * sent and settled, or `stopped` gave up; *out is filled on failure too. Errors: those of the transport
 * when it stays away (PW_ERR_GONE, PW_ERR_BUSY), of `source` and `changed`, PW_ERR_REFUSED "wrong-media" before
 * anything was sent, PW_ERR_ARG for bytes that are not a job of one label. After an error of `changed` nothing
 * more is told: what was told last is what is known.
 */
PW_NODISCARD pw_status pw_printer_print(pw_printer *printer, const pw_print_run *run,
					pw_print_outcome *out, pw_err *err);

#endif
