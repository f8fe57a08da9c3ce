/*
 * EPL2. Nothing tells that a label has come out, nor that it is printing. GW is followed by as many raw bytes as it
 * announces: what is missing of them is filled up with empty lines, and N empties the picture.
 */
#include <string.h>

#include "devices/printers/codec_text.h"
#include "devices/printers/driver.h"

static pw_printer_bytes ask(pw_printer_decoder *d, pw_printer_question question)
{
	static const pw_printer_bytes status = PW_PRINTER_BYTES(PW_EPL_ASK_STATUS);
	(void)d;
	return question == PW_ASK_STATUS ? status : (pw_printer_bytes){NULL, 0};
}

static unsigned fault_of(const pw_epl_decoder *d, int code)
{
	switch (code) {
	case PW_EPL_OK:
		return 0;
	case PW_EPL_MEDIA_OUT:
		return d->ribbon ? PW_FAULT_RIBBON_OUT : PW_FAULT_PAPER_OUT;
	case PW_EPL_HEAD_OPEN:
		return PW_FAULT_HEAD_OPEN;
	case PW_EPL_PAUSED:
	case PW_EPL_PAUSED_ESIM:
		return PW_FAULT_PAUSED;
	case PW_EPL_HEAD_HOT:
		return PW_FAULT_HOT;
	case PW_EPL_CUTTER:
		return PW_FAULT_CUTTER;
	case PW_EPL_MEMORY:
	case PW_EPL_MEMORY_CONFIG:
		return PW_FAULT_MEMORY;
	case PW_EPL_SYNTAX:
	case PW_EPL_BORDER:
	case PW_EPL_LENGTH:
	case PW_EPL_SERIAL:
		return PW_FAULT_LINK;
	default:
		return PW_FAULT_OTHER;
	}
}

static void feed(pw_printer_decoder *d, uint8_t byte, pw_printer_word *out)
{
	pw_printer_word word = {.said = PW_SAID_STATUS, .status = PW_PRINTER_STATUS_INIT};
	if (!pw_epl_feed(&d->as.epl, byte))
		return;
	for (size_t i = 0; i < d->as.epl.codes; i++)
		word.status.faults |= fault_of(&d->as.epl, d->as.epl.code[i]);
	word.status.waiting = d->as.epl.remaining;
	word.status.activity = pw_printer_activity_of(word.status.faults, false);
	*out = word;
}

/* Behind "GWx,y,width,height," and its dots, or 0. */
static size_t behind_picture(const char *job, size_t n, size_t from)
{
	int field[4], count = 0;
	size_t begin = from + 2;
	for (size_t at = begin; at < n && count < 4; at++) {
		if (job[at] != ',')
			continue;
		if (!pw_codec_number((pw_slice){job + begin, at - begin}, 99999, &field[count++]))
			return 0;
		begin = at + 1;
	}
	if (count < 4)
		return 0;
	size_t dots = (size_t)field[2] * (size_t)field[3];
	return dots > n - begin ? 0 : begin + dots;
}

static bool look(const uint8_t *bytes, size_t n, size_t *out_safe)
{
	const char *job = (const char *)bytes;
	for (size_t at = 0; at < n;) {
		size_t end = at;
		while (end < n && job[end] != '\n')
			end++;
		if (end - at >= 2 && job[at] == 'G' && job[at + 1] == 'W') {
			at = behind_picture(job, n, at);
			if (at == 0)
				return false;
			continue;
		}
		if (end > at && job[at] == 'P') {
			*out_safe = at;
			return pw_slice_eq((pw_slice){job + at, end - at}, "P1") && end + 1 == n;
		}
		at = end + 1;
	}
	return false;
}

extern const pw_printer_driver pw_driver_epl;
const pw_printer_driver pw_driver_epl = {
	.name = "epl",
	.title = "Zebra EPL2",
	.confirm = PW_CONFIRM_NEVER,
	.window = 1,
	.settle_ms = 600, /* about what a label takes */
	.answer_ms = 1000,
	.flush = PW_PRINTER_BYTES("\n"),
	.flush_least = 1,
	.flush_label = true,
	.clear = PW_PRINTER_BYTES("\nN\n"),
	.ask = ask,
	.feed = feed,
	.look = look,
};
