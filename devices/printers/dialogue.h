/*
 * Talking with a printer over a wire: questions and their answers, and what it says unasked.
 *
 * An answer carries no mark of its question, and may come late. A question that was not answered in time is therefore
 * remembered, and no other is put while its answer may be on its way (PW_DIALOGUE_LATE_MS). When it comes it counts, unless
 * something else was sent since the question: then it is dropped, and the question put again. An answer that is
 * returned was thus given to a question that was put after all that had been sent before.
 */
#ifndef PW_DEVICES_DIALOGUE_H
#define PW_DEVICES_DIALOGUE_H

#include "devices/printers/driver.h"
#include "devices/printers/wire.h"

#define PW_DIALOGUE_LATE_MS 2000 /* no answer is on its way for longer */

typedef struct pw_dialogue {
	pw_wire wire;
	const pw_printer_driver *driver;
	/* Hears what is said unasked; may be NULL. */
	void (*heard)(void *ctx, const pw_printer_word *word);
	void *ctx;
	/* the rest is the dialogue's own */
	pw_printer_decoder decoder;
	pw_printer_bytes rest; /* of a question that the device has begun to take */
	bool rest_is_status;   /* it is PW_ASK_STATUS */
	bool owed;             /* an answer to PW_ASK_STATUS, asked at … */
	int64_t asked_at;
	bool stale;           /* something was sent since */
	bool heard_any;       /* in the last listening */
	unsigned wanted;      /* what ends the waiting */
	pw_printer_word word; /* … and did */
} pw_dialogue;

/* `model` are flags of models.h. */
void pw_dialogue_init(pw_dialogue *dialogue, const pw_wire *wire, const pw_printer_driver *driver,
		      unsigned model);

/* After the wire was opened again: nothing is owed on it. */
void pw_dialogue_begin_anew(pw_dialogue *dialogue);

/* It is known that the question it owes an answer to was not heard. */
void pw_dialogue_forget(pw_dialogue *dialogue);

/*
 * Asks. *answered is false when no answer came in time, when the device takes no question, or when there is no such
 * question. Errors are those of the wire.
 */
PW_NODISCARD pw_status pw_dialogue_ask(pw_dialogue *dialogue, pw_printer_question question,
				       pw_printer_word *out, bool *answered, pw_err *err);

/* Hears what is said within the time; returns with the first bytes. */
PW_NODISCARD pw_status pw_dialogue_listen(pw_dialogue *dialogue, int timeout_ms, pw_err *err);

/* Hands over bytes, as pw_transport_write does. */
PW_NODISCARD pw_status pw_dialogue_send(pw_dialogue *dialogue, const void *data, size_t n,
					int timeout_ms, size_t *out_n, pw_err *err);

/*
 * What keeps it from answering: by the USB port's status, else by PW_ASK_WHY. PW_FAULT_SILENT when neither tells.
 */
PW_NODISCARD pw_status pw_dialogue_diagnose(pw_dialogue *dialogue, unsigned *out_faults,
					    pw_err *err);

/*
 * Adds to an answer that names no fault those that only PW_ASK_WHY tells: of a ZPL printer, jams and the cutter. Where there
 * is no such question, nothing.
 */
PW_NODISCARD pw_status pw_dialogue_look_closer(pw_dialogue *dialogue, pw_printer_status *status,
					       pw_err *err);

/* The faults that the USB port's status tells; PW_FAULT_SILENT where there is none. */
PW_NODISCARD pw_status pw_dialogue_port_faults(pw_dialogue *dialogue, unsigned *out_faults,
					       pw_err *err);

#endif
