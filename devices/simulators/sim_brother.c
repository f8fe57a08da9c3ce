/*
 * Brother's printers in raster mode, with their flow: they print as the rows come, say by themselves that printing began,
 * that a page is done and that they wait, and are not asked meanwhile. At an error all is thrown away, and nothing is taken
 * seriously until it is initialised. A row goes from right to left: 720 dots, 1,296 of the wide QLs, 128 of a P-touch,
 * 560 of one with 360 dpi. Of two colours both come out black.
 */
#include <string.h>

#include "devices/simulators/sim_private.h"

#define ESC      0x1B
#define ROW      162 /* bytes of the widest head */
#define MOST_ROW 1024

/* What it calls an error; for heat it waits. */
#define ERRORS                                                                          \
	(PW_FAULT_PAPER_OUT | PW_FAULT_COVER_OPEN | PW_FAULT_HEAD_OPEN | PW_FAULT_JAM | \
	 (unsigned)PW_FAULT_CUTTER)

#define REPLY 0
#define DONE  1
#define ERROR 2
#define NOTE  5
#define PHASE 6

typedef enum place { BETWEEN, ESCAPE, ESCAPE_I, ARGUMENTS, ROW_HEAD, ROW_DATA } place;

typedef struct brother_state {
	place place;
	char command; /* whose arguments come */
	uint8_t arguments[16];
	size_t argument_n, argument_want;
	char row; /* 'g', 'w' or 'G' */
	uint8_t data[MOST_ROW];
	size_t data_n, data_want;
	uint8_t black[ROW]; /* of two colours: the row whose red half comes next */
	bool packed;        /* M 2 */
	bool rejecting;     /* after an error */
	bool media_wrong;   /* what the job asks for is not loaded */
	unsigned error1, error2;
} brother_state;

static brother_state *state_of(pw_sim *sim)
{
	return sim->state;
}

static void reset(pw_sim *sim)
{
	memset(sim->state, 0, sizeof(brother_state));
}

static void clear(pw_sim *sim)
{
	(void)sim;
}

static size_t dots_of(const pw_sim *sim)
{
	if (sim->language == &pw_sim_ptouch)
		return sim->opts.dpi == 360 ? 560 : 128;
	return sim->language == &pw_sim_brother_wide ? 1296 : 720;
}

/* ---- What it says ---- */

static void set_errors(pw_sim *sim, uint8_t answer[32])
{
	const brother_state *s = state_of(sim);
	answer[8] = (uint8_t)s->error1;
	answer[9] = (uint8_t)s->error2;
	if ((sim->faults & PW_FAULT_PAPER_OUT) != 0)
		answer[8] |= 0x01;
	if ((sim->faults & PW_FAULT_CUTTER) != 0)
		answer[8] |= 0x04;
	if ((sim->faults & (PW_FAULT_COVER_OPEN | PW_FAULT_HEAD_OPEN)) != 0)
		answer[9] |= 0x10;
	if ((sim->faults & PW_FAULT_JAM) != 0)
		answer[9] |= 0x40;
}

static bool is_printing(const pw_sim *sim)
{
	return sim->open && sim->feed_end < 0;
}

static void say(pw_sim *sim, uint8_t type, uint8_t note)
{
	uint8_t answer[32] = {0x80, 0x20, 'B', '4', '8', '0'};
	if (sim->language == &pw_sim_ptouch)
		answer[3] = '0';
	else if (sim->language == &pw_sim_brother_wide)
		answer[4] = 'C';
	set_errors(sim, answer);
	if ((sim->faults & PW_FAULT_PAPER_OUT) == 0) {
		answer[10] = (uint8_t)sim->opts.media_width;
		answer[11] = sim->language == &pw_sim_ptouch ? 0x01
			     : sim->opts.media_length != 0   ? 0x0B
							     : 0x0A;
		answer[17] = (uint8_t)sim->opts.media_length;
	}
	answer[18] = type;
	answer[19] = is_printing(sim) && type != DONE ? 1 : 0;
	answer[22] = note;
	pw_sim_answer(sim, answer, sizeof(answer));
}

/* What it had received is lost, and what comes is not taken seriously. */
static void fail(pw_sim *sim, unsigned error1, unsigned error2)
{
	brother_state *s = state_of(sim);
	s->error1 = error1;
	s->error2 = error2;
	s->rejecting = true;
	pw_sim_row_cut(sim);
	say(sim, ERROR, 0);
}

static void begun(pw_sim *sim)
{
	say(sim, PHASE, 0);
}

/* The last row is burnt: it is done, says the printer, and waits; the end of the label is still on its way out. */
static void done(pw_sim *sim)
{
	say(sim, DONE, 0);
	say(sim, PHASE, 0);
}

static void stopped(pw_sim *sim, unsigned faults)
{
	if (sim->open && (faults & ERRORS) != 0)
		fail(sim, 0, 0);
	if ((faults & PW_FAULT_HOT) != 0)
		say(sim, NOTE, 3);
}

static void resumed(pw_sim *sim, unsigned fault)
{
	if (fault == PW_FAULT_HOT)
		say(sim, NOTE, 4);
}

/* ---- Commands ---- */

/* Flags in the first argument say which of the media are told. */
static void check_media(pw_sim *sim)
{
	brother_state *s = state_of(sim);
	const uint8_t *a = s->arguments;
	bool die_cut = sim->opts.media_length != 0;
	s->media_wrong = ((a[0] & 0x02) != 0 && (a[1] == 0x0B) != die_cut) ||
			 ((a[0] & 0x04) != 0 && a[2] != sim->opts.media_width) ||
			 ((a[0] & 0x08) != 0 && a[3] != sim->opts.media_length);
}

static void initialise(pw_sim *sim)
{
	brother_state *s = state_of(sim);
	if (sim->open && !sim->ending)
		pw_sim_row_cut(sim);
	s->packed = s->rejecting = s->media_wrong = false;
	s->error1 = s->error2 = 0;
}

static void run_arguments(pw_sim *sim)
{
	brother_state *s = state_of(sim);
	s->place = BETWEEN;
	if (s->command == 'z')
		check_media(sim);
	else if (s->command == 'C')
		s->packed = s->arguments[0] == 2;
}

static void want(brother_state *s, char command, size_t arguments)
{
	s->command = command;
	s->argument_n = 0;
	s->argument_want = arguments;
	s->place = ARGUMENTS;
}

static void answer_status(pw_sim *sim)
{
	pw_sim_asked(sim);
	if (!is_printing(sim))
		say(sim, REPLY, 0);
}

static void run_escape_i(pw_sim *sim, char c)
{
	brother_state *s = state_of(sim);
	static const struct {
		char letter;
		size_t arguments;
	} known[] = {{'a', 1}, {'z', 10}, {'M', 1}, {'A', 1}, {'K', 1}, {'d', 2}, {'!', 1}};
	s->place = BETWEEN;
	if (c == 'S') {
		answer_status(sim);
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].letter == c)
			want(s, c, known[i].arguments);
	if (s->place == BETWEEN)
		pw_sim_note(sim, "not known: ESC i %c", c >= ' ' && c < 0x7F ? c : '.');
}

/* ---- Rows ---- */

/* PackBits; true when it makes exactly a row. */
static bool unpack(const uint8_t *in, size_t n, uint8_t *out, size_t row)
{
	size_t at = 0;
	for (size_t i = 0; i < n;) {
		size_t count = in[i] < 128 ? (size_t)in[i] + 1 : 257 - (size_t)in[i];
		size_t taken = in[i] < 128 ? count : 1;
		if (in[i] == 128) {
			i++;
			continue;
		}
		if (i + 1 + taken > n || at + count > row)
			return false;
		for (size_t k = 0; k < count; k++)
			out[at++] = in[i + 1 + (in[i] < 128 ? k : 0)];
		i += 1 + taken;
	}
	return at == row;
}

static void print_row(pw_sim *sim, const uint8_t *row)
{
	brother_state *s = state_of(sim);
	uint8_t mirrored[ROW] = {0};
	size_t dots = dots_of(sim);
	if (s->rejecting)
		return;
	if (s->media_wrong) {
		fail(sim, 0, 0x01);
		return;
	}
	if ((sim->faults & ERRORS) != 0 && !sim->open) {
		fail(sim, 0, 0);
		return;
	}
	for (size_t i = 0; i < dots; i++)
		if ((row[i / 8] & 0x80 >> i % 8) != 0)
			mirrored[(dots - 1 - i) / 8] |= (uint8_t)(0x80 >> (dots - 1 - i) % 8);
	pw_sim_row(sim, mirrored, dots / 8, (int)dots);
}

/* Of two colours the black row comes first, and is printed with the red one. */
static void end_row(pw_sim *sim)
{
	brother_state *s = state_of(sim);
	uint8_t row[ROW] = {0};
	size_t n = dots_of(sim) / 8;
	s->place = BETWEEN;
	if (!s->packed)
		memcpy(row, s->data, s->data_n < n ? s->data_n : n);
	else if (!unpack(s->data, s->data_n, row, n))
		pw_sim_note(sim, "a row that cannot be unpacked");
	if (s->row == 'w' && s->arguments[0] == 1) {
		memcpy(s->black, row, sizeof(row));
		return;
	}
	for (size_t i = 0; s->row == 'w' && i < n; i++)
		row[i] |= s->black[i];
	memset(s->black, 0, sizeof(s->black));
	print_row(sim, row);
}

/* ---- Bytes ---- */

static void feed_between(pw_sim *sim, uint8_t byte)
{
	static const uint8_t blank[ROW];
	brother_state *s = state_of(sim);
	switch (byte) {
	case 0:
		break;
	case ESC:
		s->place = ESCAPE;
		break;
	case 'M':
		want(s, 'C', 1);
		break;
	case 'g':
	case 'w':
	case 'G':
		s->place = ROW_HEAD;
		s->row = (char)byte;
		s->argument_n = 0;
		break;
	case 'Z':
		print_row(sim, blank);
		break;
	case 0x0C:
	case 0x1A:
		if (!s->rejecting)
			pw_sim_row_end(sim);
		break;
	default:
		pw_sim_note(sim, "not known: %02X", byte);
	}
	if (!sim->open)
		sim->coming = 0;
}

static void feed_escape(pw_sim *sim, uint8_t byte)
{
	brother_state *s = state_of(sim);
	s->place = BETWEEN;
	if (byte == '@')
		initialise(sim);
	else if (byte == 'i')
		s->place = ESCAPE_I;
	else if (byte == ESC)
		s->place = ESCAPE;
}

static void feed_argument(pw_sim *sim, uint8_t byte)
{
	brother_state *s = state_of(sim);
	s->arguments[s->argument_n++] = byte;
	if (s->argument_n == s->argument_want)
		run_arguments(sim);
}

/* 'g' 0 length; 'w' colour length; 'G' and a length of two bytes, the smaller first. */
static void feed_row_head(pw_sim *sim, uint8_t byte)
{
	brother_state *s = state_of(sim);
	s->arguments[s->argument_n++] = byte;
	if (s->argument_n < 2)
		return;
	s->data_n = 0;
	s->data_want = s->row == 'G' ? s->arguments[0] + 256U * byte : byte;
	s->place = s->data_want == 0 ? BETWEEN : ROW_DATA;
	(void)sim;
}

static void feed(pw_sim *sim, uint8_t byte)
{
	brother_state *s = state_of(sim);
	switch (s->place) {
	case BETWEEN:
		feed_between(sim, byte);
		break;
	case ESCAPE:
		feed_escape(sim, byte);
		break;
	case ESCAPE_I:
		run_escape_i(sim, (char)byte);
		break;
	case ARGUMENTS:
		feed_argument(sim, byte);
		break;
	case ROW_HEAD:
		feed_row_head(sim, byte);
		break;
	case ROW_DATA:
		if (s->data_n < MOST_ROW)
			s->data[s->data_n++] = byte;
		if (--s->data_want == 0)
			end_row(sim);
		break;
	}
}

/* While it is hot, and while a page is on its way out, the rows of the next one are not taken. */
static bool waits(const pw_sim *sim)
{
	const brother_state *s = sim->state;
	bool row = s->place == ROW_HEAD || s->place == ROW_DATA;
	bool stands = (sim->faults & ~ERRORS) != 0;
	return row && (stands || (sim->open && sim->ending));
}

#define BROTHER(language, id, dots)                                                                \
	{                                                                                          \
		.name = language, .device_id = id, .dpi = dots, .row_by_row = true,                \
		.state_size = sizeof(brother_state), .reset = reset, .clear = clear, .feed = feed, \
		.begun = begun, .done = done, .stopped = stopped, .resumed = resumed,              \
		.waits = waits                                                                     \
	}

const pw_sim_language pw_sim_brother =
	BROTHER("brother", "MFG:Brother;CMD:PT-CBP;MDL:QL-800;CLS:PRINTER;", 300);
const pw_sim_language pw_sim_brother_wide =
	BROTHER("brother-wide", "MFG:Brother;CMD:PT-CBP;MDL:QL-1100;CLS:PRINTER;", 300);
const pw_sim_language pw_sim_ptouch =
	BROTHER("ptouch", "MFG:Brother;CMD:PT-CBP;MDL:PT-P710BT;CLS:PRINTER;", 180);
