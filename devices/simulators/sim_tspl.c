/*
 * A TSPL2 printer. Lines of commands in capitals; BITMAP is followed by raw bytes. ESC ! commands are carried out at once,
 * but not inside of raw bytes unless it has that habit. Drawn are BITMAP, BAR, ERASE and REVERSE; the rest is noted.
 */
#include <stdlib.h>
#include <string.h>

#include "devices/simulators/sim_image.h"

#define ESC  0x1B
#define LINE 512

typedef struct tspl_state {
	char line[LINE + 1];
	size_t line_n;
	bool too_long;
	int commas;     /* of a BITMAP that is being read */
	int escape;     /* 1: ESC was there, 2: ESC and '!' */
	int tilde;      /* of "~!", the same */
	bool rejecting; /* the job is thrown away until PRINT */
	pw_sim_image image;
} tspl_state;

static tspl_state *state_of(pw_sim *sim)
{
	return sim->state;
}

static void clear(pw_sim *sim)
{
	pw_sim_image_clear(&state_of(sim)->image);
}

static void reset(pw_sim *sim)
{
	clear(sim);
	*state_of(sim) = (tspl_state){.image = {.width = 812, .height = 1218}};
}

static pw_sim_page *page_of(pw_sim *sim)
{
	return pw_sim_image_page(&state_of(sim)->image);
}

/* ---- Immediate commands ---- */

static void answer_status(pw_sim *sim)
{
	uint8_t flags = 0;
	pw_sim_asked(sim);
	flags |= (sim->faults & (PW_FAULT_HEAD_OPEN)) != 0 ? 0x01 : 0;
	flags |= (sim->faults & PW_FAULT_JAM) != 0 ? 0x02 : 0;
	flags |= (sim->faults & PW_FAULT_PAPER_OUT) != 0 ? 0x04 : 0;
	flags |= (sim->faults & PW_FAULT_RIBBON_OUT) != 0 ? 0x08 : 0;
	flags |= (sim->faults & PW_FAULT_PAUSED) != 0 ? 0x10 : 0;
	flags |= sim->printing ? 0x20 : 0;
	flags |= (sim->faults & PW_FAULT_COVER_OPEN) != 0 ? 0x40 : 0;
	flags |= (sim->faults & (PW_FAULT_HOT | PW_FAULT_CUTTER)) != 0 ? 0x80 : 0;
	pw_sim_answer(sim, &flags, 1);
}

static void answer_long(pw_sim *sim)
{
	uint8_t frame[8] = {2, '@', '@', '@', '@', 3, '\r', '\n'};
	pw_sim_asked(sim);
	if ((sim->faults & PW_FAULT_PAUSED) != 0)
		frame[1] = '`';
	else if (sim->faults != 0)
		frame[1] = 'E';
	else if (sim->printing)
		frame[1] = 'P';
	if (sim->used >= sim->opts.memory)
		frame[2] |= 0x08;
	frame[3] |= (sim->faults & PW_FAULT_HOT) != 0 ? 0x01 : 0;
	frame[3] |= (sim->faults & PW_FAULT_CUTTER) != 0 ? 0x08 : 0;
	frame[4] |= (sim->faults & PW_FAULT_PAPER_OUT) != 0 ? 0x01 : 0;
	frame[4] |= (sim->faults & PW_FAULT_JAM) != 0 ? 0x02 : 0;
	frame[4] |= (sim->faults & PW_FAULT_RIBBON_OUT) != 0 ? 0x04 : 0;
	frame[4] |= (sim->faults & (PW_FAULT_HEAD_OPEN | PW_FAULT_COVER_OPEN)) != 0 ? 0x20 : 0;
	pw_sim_answer(sim, frame, sizeof(frame));
}

static void run_escape(pw_sim *sim, char c)
{
	switch (c) {
	case '?':
		answer_status(sim);
		break;
	case 'S':
		answer_long(sim);
		break;
	case 'R':
		pw_sim_forget(sim);
		break;
	case '.':
		pw_sim_cancel(sim);
		break;
	default:
		pw_sim_note(sim, "not known: ESC !%c", c >= ' ' && c < 0x7F ? c : '.');
	}
}

/* True when the byte belongs to an ESC ! command. */
static bool feed_escape(pw_sim *sim, uint8_t byte)
{
	tspl_state *s = state_of(sim);
	if (s->escape == 2) {
		s->escape = 0;
		run_escape(sim, (char)byte);
		return true;
	}
	if (s->escape == 1) {
		s->escape = byte == '!' ? 2 : byte == ESC ? 1 : 0;
		return s->escape != 0;
	}
	s->escape = byte == ESC ? 1 : 0;
	return s->escape == 1;
}

/* ---- Commands ---- */

/* "50.8 mm", "2" (inches) or "400 dot" into dots; moves *at behind the comma. */
static int64_t length_at(const pw_sim *sim, const char **at)
{
	char *end;
	double value = strtod(*at, &end);
	double dots = value * sim->opts.dpi;
	while (*end == ' ')
		end++;
	if (strncmp(end, "mm", 2) == 0)
		dots = value * sim->opts.dpi / 25.4;
	else if (strncmp(end, "dot", 3) == 0)
		dots = value;
	const char *comma = strchr(end, ',');
	*at = comma != NULL ? comma + 1 : end + strlen(end);
	return dots > 0 && dots < 1e6 ? (int64_t)(dots + 0.5) : 0;
}

static int numbers(const char *at, int64_t *out, int most)
{
	int n = 0;
	char *end;
	for (; n < most; n++) {
		long value = strtol(at, &end, 10);
		if (end == at || value < -99999 || value > 999999)
			break;
		out[n] = value;
		at = *end == ',' ? end + 1 : end;
		if (*end != ',')
			return n + 1;
	}
	return n;
}

static void print(pw_sim *sim, const char *arguments)
{
	tspl_state *s = state_of(sim);
	int64_t n[2] = {1, 1};
	(void)numbers(arguments, n, 2);
	if (n[0] < 1 || n[0] > 999 || n[1] < 1 || n[1] > 999)
		return;
	pw_sim_page page = pw_sim_image_copy(&s->image, s->rejecting ? 2 : (int)(n[0] * n[1]));
	if (s->rejecting) {
		pw_sim_note(sim, "a job is thrown away: two blank labels");
		pw_sim_page_fill(&page, 0, 0, page.width, page.height, PW_SIM_WHITEN);
	}
	s->rejecting = false;
	pw_sim_enqueue(sim, &page);
}

static void draw(pw_sim *sim, const char *arguments, pw_sim_ink ink)
{
	int64_t n[4];
	if (numbers(arguments, n, 4) == 4)
		pw_sim_page_fill(page_of(sim), n[0], n[1], n[2], n[3], ink);
}

static void set_size(pw_sim *sim, const char *arguments)
{
	int64_t width = length_at(sim, &arguments), height = length_at(sim, &arguments);
	if (width >= 1 && height >= 1)
		pw_sim_image_resize(&state_of(sim)->image, width, height);
}

static bool is_listed(const char *word)
{
	static const char *const listed[] = {
		"GAP",       "BLINE",     "OFFSET",         "SPEED",    "DENSITY",
		"DIRECTION", "REFERENCE", "SHIFT",          "COUNTRY",  "CODEPAGE",
		"FEED",      "BACKUP",    "BACKFEED",       "FORMFEED", "HOME",
		"SOUND",     "CUT",       "LIMITFEED",      "SELFTEST", "EOJ",
		"DELAY",     "SET",       "INITIALPRINTER", "EOP",      "DOWNLOAD",
		"FILES",     "KILL",      "MOVE",           "RUN"};
	static const char *const undrawn[] = {"TEXT",   "BARCODE", "BLOCK",   "BOX",      "CIRCLE",
					      "QRCODE", "DMATRIX", "PDF417",  "MAXICODE", "AZTEC",
					      "PUTBMP", "PUTPCX",  "ELLIPSE", "DIAGONAL", "RSS"};
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		if (strcmp(word, listed[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(undrawn) / sizeof(undrawn[0]); i++)
		if (strcmp(word, undrawn[i]) == 0)
			return true;
	return false;
}

static void run_line(pw_sim *sim)
{
	tspl_state *s = state_of(sim);
	char word[16] = "";
	s->line[s->line_n] = '\0';
	size_t n = strcspn(s->line, " ");
	const char *arguments = s->line + n + (s->line[n] == ' ' ? 1 : 0);
	if (n < sizeof(word)) {
		memcpy(word, s->line, n);
		word[n] = '\0';
	}
	if (s->line_n == 0)
		return;
	if (strcmp(word, "CLS") == 0)
		pw_sim_image_clear(&s->image);
	else if (strcmp(word, "SIZE") == 0)
		set_size(sim, arguments);
	else if (strcmp(word, "PRINT") == 0)
		print(sim, arguments);
	else if (strcmp(word, "BAR") == 0)
		draw(sim, arguments, PW_SIM_BLACKEN);
	else if (strcmp(word, "ERASE") == 0)
		draw(sim, arguments, PW_SIM_WHITEN);
	else if (strcmp(word, "REVERSE") == 0)
		draw(sim, arguments, PW_SIM_INVERT);
	else if (!is_listed(word)) {
		pw_sim_note(sim, "not known: %.60s", s->line);
		s->rejecting = (sim->opts.habits & PW_SIM_TOUCHY) != 0;
	}
}

/* ---- Raw bytes ---- */

static pw_sim_ink ink_of(int64_t mode)
{
	if (mode == 1)
		return PW_SIM_BLACKEN;
	return mode == 2 ? PW_SIM_INVERT : PW_SIM_REPLACE;
}

/* "BITMAP x,y,width,height,mode," is there. */
static void begin_bitmap(pw_sim *sim)
{
	tspl_state *s = state_of(sim);
	int64_t n[5];
	s->line[s->line_n] = '\0';
	bool right = numbers(s->line + 7, n, 5) == 5;
	s->line_n = 0;
	s->commas = 0;
	if (!right || !pw_sim_image_begin(&s->image, n, ink_of(n[4])))
		pw_sim_note(sim, "a BITMAP that makes no sense");
}

/* ---- Bytes ---- */

static void feed_line(pw_sim *sim, char c)
{
	tspl_state *s = state_of(sim);
	if (c == '\r' || c == '\n') {
		if (s->too_long)
			pw_sim_note(sim, "a line that is too long");
		else
			run_line(sim);
		s->line_n = 0;
		s->commas = 0;
		s->too_long = false;
		if (s->image.page.bits == NULL)
			sim->coming = 0;
		return;
	}
	if (s->line_n == LINE) {
		s->too_long = true;
		return;
	}
	s->line[s->line_n++] = c;
	if (c == ',' && s->line_n > 7 && memcmp(s->line, "BITMAP ", 7) == 0 && ++s->commas == 5)
		begin_bitmap(sim);
}

/* "~!T", where a line may begin. */
static bool feed_tilde(pw_sim *sim, char c)
{
	tspl_state *s = state_of(sim);
	if (s->tilde == 2) {
		s->tilde = 0;
		if (c == 'T' && sim->faults == 0)
			pw_sim_answer(sim, "TE210\r\n", 7);
		return true;
	}
	if (s->tilde == 1) {
		s->tilde = c == '!' ? 2 : 0;
		return true;
	}
	s->tilde = s->line_n == 0 && c == '~' ? 1 : 0;
	return s->tilde == 1;
}

static void feed(pw_sim *sim, uint8_t byte)
{
	tspl_state *s = state_of(sim);
	bool hears = !s->image.raw || (sim->opts.habits & PW_SIM_HEARS_IN_DATA) != 0;
	if (hears && feed_escape(sim, byte))
		return;
	if (s->image.raw)
		pw_sim_image_feed(&s->image, byte);
	else if (!feed_tilde(sim, (char)byte))
		feed_line(sim, (char)byte);
}

const pw_sim_language pw_sim_tspl = {
	.name = "tspl",
	.device_id = "MFG:Gprinter;CMD:TSPL;MDL:GP-1324D;CLS:PRINTER;",
	.dpi = 203,
	.state_size = sizeof(tspl_state),
	.reset = reset,
	.clear = clear,
	.feed = feed,
};
