/*
 * An EPL2 printer. Lines ended by LF; GW is followed by raw bytes, in which nothing else is heard. Drawn are GW, LO, LW and LE;
 * texts and bar codes (A, B, b, X) are noted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/simulators/sim_image.h"

#define LINE 256

typedef struct epl_state {
	char line[LINE + 1];
	size_t line_n;
	bool too_long;
	int commas;
	int error; /* of the last command, 0: none */
	pw_sim_image image;
} epl_state;

static epl_state *state_of(pw_sim *sim)
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
	*state_of(sim) = (epl_state){.image = {.width = 832, .height = 1218}};
}

static pw_sim_page *page_of(pw_sim *sim)
{
	return pw_sim_image_page(&state_of(sim)->image);
}

static int numbers(const char *at, int64_t *out, int most)
{
	char *end;
	int n = 0;
	while (n < most) {
		long value = strtol(at, &end, 10);
		if (end == at || value < 0 || value > 99999)
			break;
		out[n++] = value;
		if (*end != ',')
			break;
		at = end + 1;
	}
	return n;
}

/* ---- Commands ---- */

static void answer_errors(pw_sim *sim)
{
	char text[64] = "";
	int n = 0;
	pw_sim_asked(sim);
	const epl_state *s = state_of(sim);
	const struct {
		bool is;
		int code;
	} codes[] = {
		{s->error != 0, s->error},
		{(sim->faults & (PW_FAULT_PAPER_OUT | PW_FAULT_RIBBON_OUT | PW_FAULT_JAM)) != 0, 7},
		{(sim->faults & (PW_FAULT_HEAD_OPEN | PW_FAULT_COVER_OPEN)) != 0, 11},
		{(sim->faults & PW_FAULT_PAUSED) != 0, 12},
		{(sim->faults & PW_FAULT_HOT) != 0, 62},
		{(sim->faults & PW_FAULT_CUTTER) != 0, 81},
	};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].is)
			n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%02d",
				      n > 0 ? "," : "", codes[i].code);
	if (n == 0)
		n = snprintf(text, sizeof(text), "00");
	n += snprintf(text + n, sizeof(text) - (size_t)n, "\r\n");
	pw_sim_answer(sim, text, (size_t)n);
}

static void print(pw_sim *sim, const char *arguments)
{
	int64_t n[2] = {1, 1};
	(void)numbers(arguments, n, 2);
	if (n[0] < 1 || n[0] > 9999)
		return;
	pw_sim_page page = pw_sim_image_copy(&state_of(sim)->image, (int)n[0]);
	pw_sim_enqueue(sim, &page);
}

static void set_size(pw_sim *sim, char letter, const char *arguments)
{
	pw_sim_image *image = &state_of(sim)->image;
	int64_t n;
	if (numbers(arguments, &n, 1) == 1)
		pw_sim_image_resize(image, letter == 'q' ? n : image->width,
				    letter == 'Q' ? n : image->height);
}

static void draw(pw_sim *sim, const char *line)
{
	int64_t n[4];
	pw_sim_ink ink = line[1] == 'O'   ? PW_SIM_BLACKEN
			 : line[1] == 'W' ? PW_SIM_WHITEN
					  : PW_SIM_INVERT;
	if (numbers(line + 2, n, 4) == 4)
		pw_sim_page_fill(page_of(sim), n[0], n[1], n[2], n[3], ink);
}

static void run_line(pw_sim *sim)
{
	epl_state *s = state_of(sim);
	s->line[s->line_n] = '\0';
	const char *l = s->line;
	if (s->line_n == 0)
		return;
	if (strcmp(l, "N") == 0)
		pw_sim_image_clear(&s->image);
	else if (l[0] == 'q' || l[0] == 'Q')
		set_size(sim, l[0], l + 1);
	else if (l[0] == 'P' && l[1] != 'A')
		print(sim, l + 1);
	else if (strcmp(l, "^ee") == 0)
		answer_errors(sim);
	else if (strcmp(l, "^@") == 0)
		pw_sim_forget(sim);
	else if (l[0] == 'L' && (l[1] == 'O' || l[1] == 'W' || l[1] == 'E'))
		draw(sim, l);
	else if (strchr("ABbX", l[0]) != NULL)
		pw_sim_note(sim, "not drawn: %.60s", l);
	else if (strchr("DSZORJICcFGTUVWYrfioelj;?", l[0]) == NULL) {
		pw_sim_note(sim, "not known: %.60s", l);
		s->error = 1;
	}
	/* A command that is known takes the error before it back. */
	if (strcmp(l, "N") == 0)
		s->error = 0;
}

/* ---- Bytes ---- */

/* "GWx,y,width,height," is there. */
static void begin_picture(pw_sim *sim)
{
	epl_state *s = state_of(sim);
	int64_t n[4];
	s->line[s->line_n] = '\0';
	bool right =
		numbers(s->line + 2, n, 4) == 4 && pw_sim_image_begin(&s->image, n, PW_SIM_BLACKEN);
	s->line_n = 0;
	s->commas = 0;
	if (!right) {
		pw_sim_note(sim, "a GW that makes no sense");
		s->error = 1;
	}
}

static void end_line(pw_sim *sim)
{
	epl_state *s = state_of(sim);
	if (!s->too_long)
		run_line(sim);
	s->line_n = 0;
	s->commas = 0;
	s->too_long = false;
	if (s->image.page.bits == NULL)
		sim->coming = 0;
}

static void feed(pw_sim *sim, uint8_t byte)
{
	epl_state *s = state_of(sim);
	if (s->image.raw) {
		pw_sim_image_feed(&s->image, byte);
	} else if (byte == '\n') {
		end_line(sim);
	} else if (s->line_n == LINE) {
		s->too_long = true;
	} else if (byte != '\r') {
		s->line[s->line_n++] = (char)byte;
		if (byte == ',' && s->line_n > 2 && s->line[0] == 'G' && s->line[1] == 'W' &&
		    ++s->commas == 4)
			begin_picture(sim);
	}
}

const pw_sim_language pw_sim_epl = {
	.name = "epl",
	.device_id = "MANUFACTURER:Zebra ;COMMAND SET:EPL;MODEL:LP2844 ;CLASS:PRINTER;",
	.dpi = 203,
	.state_size = sizeof(epl_state),
	.reset = reset,
	.clear = clear,
	.feed = feed,
};
