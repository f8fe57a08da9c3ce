/*
 * Dymo LabelWriter. Rows are printed as they come, and nothing tells that a label has come out. A row that was cut off is
 * ended by 85 ESC, one more than the longest row; ESC @ then sets it back.
 */
#include "devices/printers/driver.h"

#define ESC        0x1B
#define SYN        0x16
#define MOST_BYTES 84 /* of a row */

static pw_printer_bytes ask(pw_printer_decoder *d, pw_printer_question question)
{
	static const pw_printer_bytes status = PW_PRINTER_BYTES(PW_DYMO_ASK_STATUS);
	(void)d;
	return question == PW_ASK_STATUS ? status : (pw_printer_bytes){NULL, 0};
}

static void feed(pw_printer_decoder *d, uint8_t byte, pw_printer_word *out)
{
	pw_printer_word word = {.said = PW_SAID_STATUS, .status = PW_PRINTER_STATUS_INIT};
	(void)d;
	if (!pw_dymo_is_status(byte))
		return;
	if ((byte & PW_DYMO_NO_PAPER) != 0)
		word.status.faults |= PW_FAULT_PAPER_OUT;
	if ((byte & PW_DYMO_JAM) != 0)
		word.status.faults |= PW_FAULT_JAM;
	if ((byte & PW_DYMO_ERROR) != 0 && word.status.faults == 0)
		word.status.faults |= PW_FAULT_OTHER;
	word.status.activity = pw_printer_activity_of(word.status.faults, false);
	*out = word;
}

/* The length of the command that begins here, 0 for one that is not known or is cut off. */
static size_t command_at(const uint8_t *job, size_t n, size_t at, size_t row)
{
	if (job[at] == SYN)
		return 1 + row;
	if (job[at] != ESC || at + 1 == n)
		return 0;
	switch (job[at + 1]) {
	case ESC:
		return 1;
	case '@':
	case 'E':
	case 'G':
		return 2;
	case 'B':
	case 'D':
		return 3;
	case 'Q':
	case 'L':
		return 4;
	default:
		return 0;
	}
}

static bool look(const uint8_t *job, size_t n, size_t *out_safe)
{
	size_t safe = n, row = MOST_BYTES;
	for (size_t at = 0; at < n;) {
		size_t length = command_at(job, n, at, row);
		if (length == 0 || length > n - at)
			return false;
		if (job[at] == SYN && safe == n)
			safe = at;
		if (job[at] == ESC && length == 3 && job[at + 1] == 'D')
			row = job[at + 2];
		if (job[at] == ESC && length == 2 && job[at + 1] != '@') {
			*out_safe = safe < at ? safe : at;
			return at + 2 == n && row > 0 && row <= MOST_BYTES;
		}
		at += length;
	}
	return false;
}

extern const pw_printer_driver pw_driver_dymo;
const pw_printer_driver pw_driver_dymo = {
	.name = "dymo",
	.title = "Dymo LabelWriter 400, 450",
	.confirm = PW_CONFIRM_NEVER,
	.window = 1,
	.settle_ms = 300, /* its rows have been taken, and little of it is not burnt */
	.answer_ms = 1000,
	.flush = PW_PRINTER_BYTES("\x1B"),
	.flush_least = MOST_BYTES + 1,
	.clear = PW_PRINTER_BYTES("\x1B@"),
	.ask = ask,
	.feed = feed,
	.look = look,
};
