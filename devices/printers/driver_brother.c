/*
 * Brother QL and PT raster. It begins to print with the first rows, "without waiting for a print command", so nothing of a
 * label is safe from its first row on. It says "printing completed" of each page; its end is then still fed and cut, and
 * an error while it does belongs to that page: Brother's own driver prints the page again unless the printer has begun
 * the next one. Here a page is out when the next one has begun, or when the printer is well some time later.
 *
 * NULs end a row that was cut off and are skipped otherwise; ESC @ clears the rest. The widest row is 162 bytes.
 */
#include <string.h>

#include "devices/printers/driver.h"

#define ESC 0x1B

static pw_printer_bytes ask(pw_printer_decoder *d, pw_printer_question question)
{
	static const pw_printer_bytes status = PW_PRINTER_BYTES(PW_BROTHER_ASK_STATUS);
	(void)d;
	return question == PW_ASK_WHY ? (pw_printer_bytes){NULL, 0} : status;
}

static unsigned faults_of(const pw_brother_status *s)
{
	static const struct {
		unsigned first, second, fault;
	} bits[] = {
		{PW_BROTHER_E1_NO_MEDIA | PW_BROTHER_E1_END, 0, PW_FAULT_PAPER_OUT},
		{PW_BROTHER_E1_CUTTER, 0, PW_FAULT_CUTTER},
		{PW_BROTHER_E1_IN_USE, PW_BROTHER_E2_SYSTEM, PW_FAULT_OTHER},
		{PW_BROTHER_E1_OFF, 0, PW_FAULT_POWER},
		{PW_BROTHER_E1_FAN, 0, PW_FAULT_HOT},
		{0, PW_BROTHER_E2_MEDIA, PW_FAULT_WRONG_MEDIA},
		{0, PW_BROTHER_E2_BUFFER, PW_FAULT_MEMORY},
		{0, PW_BROTHER_E2_LINK, PW_FAULT_LINK},
		{0, PW_BROTHER_E2_COVER, PW_FAULT_COVER_OPEN},
		{0, PW_BROTHER_E2_FEED, PW_FAULT_JAM},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if ((s->error1 & bits[i].first) != 0 || (s->error2 & bits[i].second) != 0)
			faults |= bits[i].fault;
	return faults;
}

static unsigned said_by(const pw_brother_status *s)
{
	switch (s->type) {
	case PW_BROTHER_REPLY:
		return PW_SAID_STATUS | PW_SAID_WHO;
	case PW_BROTHER_DONE:
		return PW_SAID_DONE;
	case PW_BROTHER_ERROR:
	case PW_BROTHER_OFF:
		return PW_SAID_ERROR;
	case PW_BROTHER_PHASE:
		return s->printing ? PW_SAID_BEGUN : 0;
	case PW_BROTHER_NOTE:
		return PW_SAID_NOTE;
	default:
		return 0;
	}
}

/* What is wrong, by the kind of message: a note of cooling is a fault, an error without a reason is one too. */
static unsigned faults_told(const pw_brother_status *s)
{
	unsigned faults = faults_of(s);
	if (s->type == PW_BROTHER_REPLY && (s->no_media || s->width == 0))
		faults |= PW_FAULT_PAPER_OUT;
	if (s->type == PW_BROTHER_NOTE && s->note == PW_BROTHER_NOTE_COOLING)
		faults |= PW_FAULT_HOT;
	if (s->type == PW_BROTHER_NOTE && s->note == PW_BROTHER_NOTE_COVER_OPEN)
		faults |= PW_FAULT_COVER_OPEN;
	if (s->type == PW_BROTHER_OFF)
		faults |= PW_FAULT_POWER;
	if (s->type == PW_BROTHER_ERROR && faults == 0)
		faults |= PW_FAULT_OTHER;
	return faults;
}

static void feed(pw_printer_decoder *d, uint8_t byte, pw_printer_word *out)
{
	const pw_brother_status *s = &d->as.brother.status;
	if (!pw_brother_feed(&d->as.brother, byte))
		return;
	pw_printer_word word = {.said = said_by(s), .status = PW_PRINTER_STATUS_INIT};
	word.status.faults = faults_told(s);
	word.status.activity = pw_printer_activity_of(word.status.faults, s->printing);
	word.status.media_width = s->width;
	word.status.media_length = s->length;
	const char *model = pw_brother_model(s->series, s->model);
	if (model != NULL)
		memcpy(word.who.model, model, strlen(model) + 1);
	*out = word;
}

/* ---- A job ---- */

/* The length of the command that begins here, 0 for one that is not known or is cut off. */
static size_t command_at(const uint8_t *job, size_t n, size_t at)
{
	static const struct {
		char letter;
		size_t length;
	} escapes[] = {{'a', 4}, {'z', 13}, {'M', 4}, {'A', 4}, {'K', 4}, {'d', 5}};
	size_t left = n - at;
	switch (job[at]) {
	case 0:
	case 'Z':
	case 0x0C:
	case 0x1A:
		return 1;
	case 'M':
		return 2;
	case 'g':
	case 'w':
		return left < 3 ? 0 : 3 + (size_t)job[at + 2];
	case 'G':
		return left < 3 ? 0 : 3 + (size_t)job[at + 1] + (size_t)job[at + 2] * 256;
	case ESC:
		break;
	default:
		return 0;
	}
	if (left >= 2 && job[at + 1] == '@')
		return 2;
	for (size_t i = 0; left >= 3 && i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (job[at + 1] == 'i' && job[at + 2] == (uint8_t)escapes[i].letter)
			return escapes[i].length;
	return 0;
}

static bool is_row(uint8_t first)
{
	return first == 'g' || first == 'w' || first == 'G' || first == 'Z';
}

static bool look(const uint8_t *job, size_t n, size_t *out_safe)
{
	size_t safe = n;
	for (size_t at = 0; at < n;) {
		size_t length = command_at(job, n, at);
		if (length == 0 || length > n - at)
			return false;
		if (is_row(job[at]) && safe == n)
			safe = at;
		if (job[at] == 0x0C || job[at] == 0x1A) {
			*out_safe = safe < at ? safe : at;
			return at + 1 == n;
		}
		at += length;
	}
	return false;
}

/* More than the longest row, whichever head it is for, and as many as the references name. */
#define ROOM_FOR_A_ROW 400

#define BROTHER(language, words)                                                              \
	{                                                                                     \
		.name = language, .title = words, .confirm = PW_CONFIRM_RECEIPT, .window = 2, \
		.settle_ms = 1000, .answer_ms = 1000, .flush = PW_PRINTER_BYTES("\0"),        \
		.flush_least = ROOM_FOR_A_ROW, .clear = PW_PRINTER_BYTES("\x1B@"),            \
		.clears_all = true, .ask = ask, .feed = feed, .look = look                    \
	}

extern const pw_printer_driver pw_driver_brother, pw_driver_brother_wide, pw_driver_ptouch;
const pw_printer_driver pw_driver_brother = BROTHER("brother", "Brother QL");
const pw_printer_driver pw_driver_brother_wide =
	BROTHER("brother-wide", "Brother QL, QL-1050 and above");
const pw_printer_driver pw_driver_ptouch = BROTHER("ptouch", "Brother P-touch");
