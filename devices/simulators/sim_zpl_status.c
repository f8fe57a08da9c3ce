/* What a ZPL printer answers to ~HS, ~HQES and ~HI. */
#include <stdio.h>

#include "devices/simulators/sim_zpl.h"

/* The cover carries the head. */
#define OPEN (PW_FAULT_HEAD_OPEN | PW_FAULT_COVER_OPEN)

static int has(const pw_sim *sim, unsigned fault)
{
	return (sim->faults & fault) != 0 ? 1 : 0;
}

/* Labels of the batch that is printed; formats behind it. */
static void count(const pw_sim *sim, int *out_formats, int *out_remaining)
{
	bool hides = (sim->opts.habits & PW_SIM_HIDES_ONE) != 0;
	*out_formats = (int)sim->queued;
	*out_remaining = 0;
	if (sim->printing) {
		*out_formats = (int)sim->queued - 1;
		*out_remaining = sim->queue[0].copies - (hides ? 1 : 0);
	}
}

void pw_sim_zpl_host_status(pw_sim *sim)
{
	const unsigned mute =
		PW_FAULT_PAPER_OUT | PW_FAULT_RIBBON_OUT | OPEN | (unsigned)PW_FAULT_HOT;
	char text[160];
	int formats, remaining;
	pw_sim_asked(sim);
	if ((sim->opts.habits & PW_SIM_TALKATIVE) == 0 && (sim->faults & mute) != 0)
		return;
	const pw_sim_zpl_state *s = sim->state;
	count(sim, &formats, &remaining);
	int full = sim->used >= sim->opts.memory ? 1 : 0;
	int n = snprintf(text, sizeof(text),
			 "\2%03d,%d,%d,%04d,%03d,%d,%d,%d,000,0,0,%d\3\r\n"
			 "\2%03d,0,%d,%d,0,2,6,0,%08d,1,000\3\r\n"
			 "\0021234,0\3\r\n",
			 30, has(sim, PW_FAULT_PAPER_OUT), has(sim, PW_FAULT_PAUSED),
			 (int)(s->length % 10000), formats, full, s->diagnostic ? 1 : 0,
			 s->format ? 1 : 0, has(sim, PW_FAULT_HOT), 1, has(sim, OPEN),
			 has(sim, PW_FAULT_RIBBON_OUT), remaining);
	if (n > 0 && (size_t)n < sizeof(text))
		pw_sim_answer(sim, text, (size_t)n);
}

void pw_sim_zpl_host_query(pw_sim *sim)
{
	char text[200];
	unsigned bits = 0;
	bits |= has(sim, PW_FAULT_PAPER_OUT) ? 0x1U : 0;
	bits |= has(sim, PW_FAULT_RIBBON_OUT) ? 0x2U : 0;
	bits |= has(sim, OPEN) ? 0x4U : 0;
	bits |= has(sim, PW_FAULT_CUTTER) ? 0x8U : 0;
	bits |= has(sim, PW_FAULT_HOT) ? 0x10U : 0;
	bits |= has(sim, PW_FAULT_JAM) ? 0x4000U : 0;
	int n = snprintf(text, sizeof(text),
			 "\2\r\n\r\n  PRINTER STATUS                            \r\n"
			 "   ERRORS:         %d 00000000 %08X      \r\n"
			 "   WARNINGS:       0 00000000 00000000      \r\n\3",
			 bits != 0 ? 1 : 0, bits);
	if (n > 0 && (size_t)n < sizeof(text))
		pw_sim_answer(sim, text, (size_t)n);
}

void pw_sim_zpl_identity(pw_sim *sim)
{
	char text[64];
	int dots = sim->opts.dpi >= 600 ? 24 : sim->opts.dpi >= 300 ? 12 : 8;
	int n = snprintf(text, sizeof(text), "\2ZD421-%ddpi,V93.21.07Z,%d,8176KB,X\3\r\n",
			 sim->opts.dpi, dots);
	if (n > 0 && (size_t)n < sizeof(text))
		pw_sim_answer(sim, text, (size_t)n);
}
