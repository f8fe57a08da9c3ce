/*
 * ZPL II. The status counts formats in the receive buffer and labels that remain in the batch; what is printed just now,
 * and one that is drawn ahead, may be in neither: two hidden labels are allowed for.
 *
 * ~ commands are carried out wherever they stand in a job, and end a picture that is being received (^GF, "any caret
 * or tilde character prematurely aborts the download"), so nothing needs to be filled up. ~JA throws away the
 * format that has not ended, and with it all formats that have not been printed.
 */
#include <string.h>

#include "devices/printers/codec_text.h"
#include "devices/printers/driver.h"

static pw_printer_bytes ask(pw_printer_decoder *d, pw_printer_question question)
{
	static const pw_printer_bytes questions[PW_QUESTIONS] = {
		[PW_ASK_STATUS] = PW_PRINTER_BYTES(PW_ZPL_ASK_STATUS),
		[PW_ASK_WHY] = PW_PRINTER_BYTES(PW_ZPL_ASK_ERRORS),
		[PW_ASK_WHO] = PW_PRINTER_BYTES(PW_ZPL_ASK_IDENTITY),
	};
	(void)d;
	return questions[question];
}

typedef struct fault_bit {
	uint32_t bit;
	unsigned fault;
} fault_bit;

static unsigned faults_of_errors(uint32_t errors)
{
	static const fault_bit bits[] = {
		{PW_ZPL_E_MEDIA_OUT, PW_FAULT_PAPER_OUT},
		{PW_ZPL_E_RIBBON_OUT, PW_FAULT_RIBBON_OUT},
		{PW_ZPL_E_HEAD_OPEN, PW_FAULT_HEAD_OPEN},
		{PW_ZPL_E_CUTTER, PW_FAULT_CUTTER},
		{PW_ZPL_E_HEAD_HOT | PW_ZPL_E_MOTOR_HOT, PW_FAULT_HOT},
		{PW_ZPL_E_HEAD_ELEMENT | PW_ZPL_E_HEAD_DETECTION | PW_ZPL_E_HEAD_THERMISTOR,
		 PW_FAULT_HEAD},
		{PW_ZPL_E_FIRMWARE, PW_FAULT_MEMORY},
		{PW_ZPL_E_JAM_RETRACT | PW_ZPL_E_PRESENTER | PW_ZPL_E_PAPER_FEED |
			 PW_ZPL_E_PAPER_PATH,
		 PW_FAULT_JAM},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if ((errors & bits[i].bit) != 0)
			faults |= bits[i].fault;
		errors &= ~bits[i].bit;
	}
	return errors != 0 ? faults | PW_FAULT_OTHER : faults;
}

static unsigned faults_of(const pw_zpl_status *s)
{
	unsigned faults = 0;
	faults |= s->paper_out ? PW_FAULT_PAPER_OUT : 0;
	faults |= s->ribbon_out ? PW_FAULT_RIBBON_OUT : 0;
	faults |= s->head_open ? PW_FAULT_HEAD_OPEN : 0;
	faults |= s->paused ? PW_FAULT_PAUSED : 0;
	faults |= s->hot ? PW_FAULT_HOT : 0;
	faults |= s->cold ? PW_FAULT_COLD : 0;
	faults |= s->buffer_full ? PW_FAULT_BUFFER_FULL : 0;
	faults |= s->corrupt ? PW_FAULT_MEMORY : 0;
	faults |= s->label_waiting ? PW_FAULT_TAKE_LABEL : 0;
	faults |= s->diagnostic ? PW_FAULT_OTHER : 0;
	return faults;
}

static void feed(pw_printer_decoder *d, uint8_t byte, pw_printer_word *out)
{
	const pw_zpl_decoder *zpl = &d->as.zpl;
	const pw_zpl_status *s = &zpl->status;
	pw_printer_word word = {.status = PW_PRINTER_STATUS_INIT};
	switch (pw_zpl_feed(&d->as.zpl, byte)) {
	case PW_ZPL_STATUS:
		word.said = PW_SAID_STATUS;
		word.status.waiting = s->formats + s->remaining;
		word.status.partial = s->partial;
		word.status.faults = faults_of(s);
		word.status.activity =
			pw_printer_activity_of(word.status.faults, word.status.waiting > 0);
		break;
	case PW_ZPL_ERRORS:
		word.said = PW_SAID_WHY;
		word.status.faults = faults_of_errors(zpl->errors.errors);
		break;
	case PW_ZPL_IDENTITY:
		word.said = PW_SAID_WHO;
		memcpy(word.who.model, zpl->identity.model, sizeof(word.who.model));
		memcpy(word.who.firmware, zpl->identity.firmware, sizeof(zpl->identity.firmware));
		/* 6, 8, 12 and 24 dots per millimetre are called 152, 203, 300 and 600 dpi. */
		word.who.dpi = (int)(zpl->identity.dots_per_mm * 25.4);
		if (zpl->identity.dots_per_mm >= 12)
			word.who.dpi = zpl->identity.dots_per_mm * 25;
		break;
	default:
		return;
	}
	*out = word;
}

/* Where the next `word`, of capitals, begins, or n. The case of commands does not matter. */
static size_t find(const char *job, size_t n, size_t from, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = from; i + length <= n; i++) {
		size_t same = 0;
		while (same < length &&
		       (job[i + same] >= 'a' && job[i + same] <= 'z' ? job[i + same] - 'a' + 'A'
								     : job[i + same]) == word[same])
			same++;
		if (same == length)
			return i;
	}
	return n;
}

static bool is_blank(const char *job, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (job[i] != '\r' && job[i] != '\n' && job[i] != ' ')
			return false;
	return true;
}

/* "^PQ1,…", or none. */
static bool prints_one(const char *job, size_t n)
{
	size_t at = find(job, n, 0, "^PQ");
	if (at == n)
		return true;
	size_t digits = at + 3;
	while (digits < n && job[digits] >= '0' && job[digits] <= '9')
		digits++;
	int copies;
	return find(job, n, digits, "^PQ") == n &&
	       pw_codec_number((pw_slice){job + at + 3, digits - at - 3}, 1, &copies) &&
	       copies == 1;
}

/* One format, in text alone: binary pictures (^GFB, ^GFC) could hold what looks like its end, and ^CC, ^CT and ^CD let
 * other characters begin a command. */
static bool is_plain(const char *job, size_t n)
{
	static const char *const no[] = {"~", "^GFB", "^GFC", "^CC", "^CT", "^CD"};
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (find(job, n, 0, no[i]) != n)
			return false;
	return true;
}

static bool look(const uint8_t *bytes, size_t n, size_t *out_safe)
{
	const char *job = (const char *)bytes;
	size_t begin = find(job, n, 0, "^XA"), end = find(job, n, 0, "^XZ");
	if (begin == n || end == n || !is_blank(job, 0, begin) || !is_blank(job, end + 3, n) ||
	    find(job, n, begin + 3, "^XA") != n || !is_plain(job, n) || !prints_one(job, n))
		return false;
	*out_safe = end;
	return true;
}

extern const pw_printer_driver pw_driver_zpl;
const pw_printer_driver pw_driver_zpl = {
	.name = "zpl",
	.title = "Zebra ZPL II",
	.confirm = PW_CONFIRM_COUNT,
	.window = 4, /* enough to keep it busy; more would be in doubt when something happens */
	.hidden = 2,
	.settle_ms = 1500,
	.answer_ms = 1000,
	.tells_partial = true,
	.clear = PW_PRINTER_BYTES("~JA"),
	.clears_all = true,
	.ask = ask,
	.feed = feed,
	.look = look,
};
