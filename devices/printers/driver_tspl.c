/*
 * TSPL and TSPL2. Nothing tells that a label has come out: "printing" is told of the mechanism, not of a label.
 *
 * BITMAP is followed by as many raw bytes as it announces. When they do not all come, the next job is swallowed as
 * dots; so as many bytes as the longest label had are filled up with empty lines, which are nothing to a parser that
 * waits for a command, and CLS empties the picture. What has had no PRINT is not printed.
 */
#include <string.h>

#include "devices/printers/codec_text.h"
#include "devices/printers/driver.h"
#include "devices/printers/models.h"

static pw_printer_bytes ask(pw_printer_decoder *d, pw_printer_question question)
{
	static const pw_printer_bytes status = PW_PRINTER_BYTES(PW_TSPL_ASK_STATUS);
	static const pw_printer_bytes longer = PW_PRINTER_BYTES(PW_TSPL_ASK_LONG);
	static const pw_printer_bytes model = PW_PRINTER_BYTES(PW_TSPL_ASK_MODEL);
	bool known = (d->model & PW_MODEL_LONG_STATUS) != 0;
	if (question == PW_ASK_STATUS) {
		pw_tspl_expect(&d->as.tspl, known ? PW_TSPL_LONG : PW_TSPL_STATUS);
		return known ? longer : status;
	}
	if (question != PW_ASK_WHO || !known)
		return (pw_printer_bytes){NULL, 0};
	pw_tspl_expect(&d->as.tspl, PW_TSPL_MODEL);
	return model;
}

typedef struct fault_bit {
	unsigned bit, fault;
} fault_bit;

static unsigned collect(const fault_bit *bits, size_t n, unsigned flags)
{
	unsigned faults = 0;
	for (size_t i = 0; i < n; i++)
		if ((flags & bits[i].bit) != 0)
			faults |= bits[i].fault;
	return faults;
}

static unsigned faults_of_flags(unsigned flags)
{
	static const fault_bit bits[] = {
		{PW_TSPL_HEAD_OPEN, PW_FAULT_HEAD_OPEN},
		{PW_TSPL_JAM, PW_FAULT_JAM},
		{PW_TSPL_PAPER_OUT, PW_FAULT_PAPER_OUT},
		{PW_TSPL_RIBBON_OUT, PW_FAULT_RIBBON_OUT},
		{PW_TSPL_PAUSED, PW_FAULT_PAUSED},
		{PW_TSPL_COVER_OPEN, PW_FAULT_COVER_OPEN},
		{PW_TSPL_OTHER, (unsigned)PW_FAULT_HOT | (unsigned)PW_FAULT_OTHER},
	};
	return collect(bits, sizeof(bits) / sizeof(bits[0]), flags);
}

static unsigned faults_of_long(const pw_tspl_long *s)
{
	static const fault_bit third[] = {
		{PW_TSPL_E3_HEAD_HOT | PW_TSPL_E3_MOTOR_HOT, PW_FAULT_HOT},
		{PW_TSPL_E3_CUTTER, PW_FAULT_CUTTER},
		{PW_TSPL_E3_MEMORY, PW_FAULT_MEMORY},
	};
	static const fault_bit fourth[] = {
		{PW_TSPL_E4_PAPER_OUT, PW_FAULT_PAPER_OUT},
		{PW_TSPL_E4_JAM | PW_TSPL_E4_RIBBON_JAM, PW_FAULT_JAM},
		{PW_TSPL_E4_RIBBON_OUT, PW_FAULT_RIBBON_OUT},
		{PW_TSPL_E4_HEAD_OPEN, PW_FAULT_HEAD_OPEN},
	};
	unsigned faults = collect(third, sizeof(third) / sizeof(third[0]), s->error[0]) |
			  collect(fourth, sizeof(fourth) / sizeof(fourth[0]), s->error[1]);
	if ((s->warning & PW_TSPL_W_BUFFER_FULL) != 0)
		faults |= PW_FAULT_BUFFER_FULL;
	if (s->message == PW_TSPL_M_PAUSED || s->message == PW_TSPL_M_WAIT_KEY)
		faults |= PW_FAULT_PAUSED;
	if (s->message == PW_TSPL_M_WAIT_TAKEN)
		faults |= PW_FAULT_TAKE_LABEL;
	if (s->message == PW_TSPL_M_ERROR && faults == 0)
		faults |= PW_FAULT_OTHER;
	return faults;
}

static void feed(pw_printer_decoder *d, uint8_t byte, pw_printer_word *out)
{
	const pw_tspl_decoder *tspl = &d->as.tspl;
	pw_printer_word word = {.said = PW_SAID_STATUS, .status = PW_PRINTER_STATUS_INIT};
	bool printing = false;
	switch (pw_tspl_feed(&d->as.tspl, byte)) {
	case PW_TSPL_STATUS:
		word.status.faults = faults_of_flags(tspl->flags);
		printing = (tspl->flags & PW_TSPL_PRINTING) != 0;
		break;
	case PW_TSPL_LONG:
		word.status.faults = faults_of_long(&tspl->status);
		printing = tspl->status.message != PW_TSPL_M_READY;
		break;
	case PW_TSPL_MODEL:
		word.said = PW_SAID_WHO;
		memcpy(word.who.model, tspl->model, sizeof(tspl->model));
		break;
	default:
		return;
	}
	word.status.activity = pw_printer_activity_of(word.status.faults, printing);
	*out = word;
}

/* ---- A job ---- */

/* The length of the line that begins here, without its end; *out_next is where the next one begins. */
static size_t line_at(const char *job, size_t n, size_t from, size_t *out_next)
{
	size_t at = from;
	while (at < n && job[at] != '\r' && job[at] != '\n')
		at++;
	size_t end = at;
	while (at < n && (job[at] == '\r' || job[at] == '\n'))
		at++;
	*out_next = at;
	return end - from;
}

/* Behind "BITMAP x,y,width,height,mode," and its dots, or 0. */
static size_t behind_bitmap(const char *job, size_t n, size_t from)
{
	int field[5], count = 0;
	size_t begin = from + strlen("BITMAP ");
	for (size_t at = begin; at < n && count < 5; at++) {
		if (job[at] != ',')
			continue;
		if (!pw_codec_number((pw_slice){job + begin, at - begin}, 99999, &field[count++]))
			return 0;
		begin = at + 1;
	}
	if (count < 5)
		return 0;
	size_t dots = (size_t)field[2] * (size_t)field[3];
	return dots > n - begin ? 0 : begin + dots;
}

static bool is_one_print(pw_slice line)
{
	return pw_slice_eq(line, "PRINT 1,1") || pw_slice_eq(line, "PRINT 1");
}

static bool look(const uint8_t *bytes, size_t n, size_t *out_safe)
{
	const char *job = (const char *)bytes;
	size_t at = 0, next;
	while (at < n) {
		pw_slice line = {job + at, line_at(job, n, at, &next)};
		if (line.len >= 7 && memcmp(line.ptr, "BITMAP ", 7) == 0) {
			next = behind_bitmap(job, n, at);
			if (next == 0)
				return false;
		} else if (line.len >= 5 && memcmp(line.ptr, "PRINT", 5) == 0) {
			*out_safe = at;
			return is_one_print(line) && next == n && line.ptr + line.len < job + n;
		}
		at = next;
	}
	return false;
}

extern const pw_printer_driver pw_driver_tspl;
const pw_printer_driver pw_driver_tspl = {
	.name = "tspl",
	.title = "TSC TSPL, TSPL2",
	.confirm = PW_CONFIRM_NEVER,
	.window = 4,
	.settle_ms = 300, /* until "printing" is told */
	.answer_ms = 1000,
	.flush = PW_PRINTER_BYTES("\r\n"),
	.flush_least = 2,
	.flush_label = true,
	.clear = PW_PRINTER_BYTES("CLS\r\n"),
	.ask = ask,
	.feed = feed,
	.look = look,
};
