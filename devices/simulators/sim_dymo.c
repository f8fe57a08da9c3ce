/*
 * A Dymo LabelWriter of the 400 or 450 series: prints the rows as they come. Inside of a row everything is dots, ESC too.
 */
#include <string.h>

#include "devices/simulators/sim_private.h"

#define ESC  0x1B
#define SYN  0x16
#define ETB  0x17
#define MOST 84

typedef enum place { BETWEEN, ESCAPE, ARGUMENTS, ROW_DATA, RUNS } place;

typedef struct dymo_state {
	place place;
	char command;
	uint8_t arguments[4];
	size_t argument_n, argument_want;
	uint8_t row[MOST];
	size_t row_n, row_want, tab;
	size_t run_dots; /* of a packed row */
} dymo_state;

static dymo_state *state_of(pw_sim *sim)
{
	return sim->state;
}

static void reset(pw_sim *sim)
{
	*state_of(sim) = (dymo_state){.row_want = MOST};
}

static void clear(pw_sim *sim)
{
	(void)sim;
}

static void answer_status(pw_sim *sim)
{
	uint8_t status = 0x01;
	pw_sim_asked(sim);
	if (!sim->open)
		status |= 0x02;
	if ((sim->faults & PW_FAULT_PAPER_OUT) != 0)
		status |= 0xA0;
	if ((sim->faults & PW_FAULT_JAM) != 0)
		status |= 0xC0;
	if ((sim->faults & ~(unsigned)(PW_FAULT_PAPER_OUT | PW_FAULT_JAM)) != 0)
		status |= 0x80;
	pw_sim_answer(sim, &status, 1);
}

static void print_row(pw_sim *sim)
{
	dymo_state *s = state_of(sim);
	uint8_t row[MOST] = {0};
	size_t n = s->row_want + s->tab > MOST ? MOST - s->tab : s->row_want;
	memcpy(row + s->tab, s->row, n);
	s->place = BETWEEN;
	s->row_n = 0;
	pw_sim_row(sim, row, sizeof(row),
		   (int)(8 * (s->tab + s->row_want > MOST ? MOST : s->tab + s->row_want)));
}

static void run_arguments(pw_sim *sim)
{
	dymo_state *s = state_of(sim);
	s->place = BETWEEN;
	if (s->command == 'D' && s->arguments[0] >= 1 && s->arguments[0] <= MOST)
		s->row_want = s->arguments[0];
	else if (s->command == 'B' && s->arguments[0] < MOST)
		s->tab = s->arguments[0];
}

static void want(dymo_state *s, char command, size_t arguments)
{
	s->command = command;
	s->argument_n = 0;
	s->argument_want = arguments;
	s->place = ARGUMENTS;
}

static void run_escape(pw_sim *sim, char c)
{
	dymo_state *s = state_of(sim);
	s->place = BETWEEN;
	switch (c) {
	case ESC:
		s->place = ESCAPE;
		break;
	case '@':
		if (sim->open && !sim->ending)
			pw_sim_row_cut(sim);
		reset(sim);
		break;
	case 'A':
		answer_status(sim);
		break;
	case 'E':
	case 'G':
		pw_sim_row_end(sim);
		break;
	case 'B':
	case 'D':
	case 'q':
		want(s, c, 1);
		break;
	case 'L':
	case 'Q':
	case 'f':
		want(s, c, 2);
		break;
	case 'c':
	case 'd':
	case 'e':
	case 'g':
	case 'h':
	case 'i':
	case 'y':
		break; /* density, speed and resolution */
	default:
		pw_sim_note(sim, "not known: ESC %c", c >= ' ' && c < 0x7F ? c : '.');
	}
}

/* ETB: bytes whose highest bit is the colour and whose rest is one less than the dots that have it. */
static void feed_run(pw_sim *sim, uint8_t byte)
{
	dymo_state *s = state_of(sim);
	size_t dots = (size_t)(byte & 0x7F) + 1, all = 8 * s->row_want;
	for (size_t i = 0; i < dots && s->run_dots < all; i++, s->run_dots++)
		if ((byte & 0x80) != 0)
			s->row[s->run_dots / 8] |= (uint8_t)(0x80 >> s->run_dots % 8);
	if (s->run_dots == all)
		print_row(sim);
}

static void begin_row(dymo_state *s, bool packed)
{
	memset(s->row, 0, sizeof(s->row));
	s->row_n = s->run_dots = 0;
	s->place = packed ? RUNS : ROW_DATA;
}

static void feed(pw_sim *sim, uint8_t byte)
{
	dymo_state *s = state_of(sim);
	switch (s->place) {
	case BETWEEN:
		if (byte == ESC)
			s->place = ESCAPE;
		else if (byte == SYN || byte == ETB)
			begin_row(s, byte == ETB);
		break;
	case ESCAPE:
		run_escape(sim, (char)byte);
		break;
	case ARGUMENTS:
		s->arguments[s->argument_n++] = byte;
		if (s->argument_n == s->argument_want)
			run_arguments(sim);
		break;
	case ROW_DATA:
		s->row[s->row_n++] = byte;
		if (s->row_n == s->row_want)
			print_row(sim);
		break;
	case RUNS:
		feed_run(sim, byte);
		break;
	}
	if (!sim->open)
		sim->coming = 0;
}

/* It stops taking dots when it cannot print them; between rows it still listens. */
static bool waits(const pw_sim *sim)
{
	const dymo_state *s = sim->state;
	bool row = s->place == ROW_DATA || s->place == RUNS;
	return row && (sim->faults != 0 || (sim->open && sim->ending));
}

const pw_sim_language pw_sim_dymo = {
	.name = "dymo",
	.device_id = "MFG:DYMO;CMD: ;MDL:LabelWriter 450;CLASS:PRINTER;",
	.dpi = 300,
	.row_by_row = true,
	.state_size = sizeof(dymo_state),
	.reset = reset,
	.clear = clear,
	.feed = feed,
	.waits = waits,
};
