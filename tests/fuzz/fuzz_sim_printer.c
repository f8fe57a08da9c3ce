/*
 * Any bytes to a simulated printer, in any pieces; the first two say which and how. It keeps within its memory, and is
 * still there afterwards: when all is cleared it prints a label.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/simulators/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const languages[] = {"zpl",  "tspl",         "epl",   "brother",
					"dymo", "brother-wide", "ptouch"};

static void printed(void *ctx, const pw_sim_label *label)
{
	unsigned black = 0;
	if (label->width < 1 || label->height < 1 || label->stride * 8 < (size_t)label->width)
		abort();
	if ((uint64_t)label->stride * (uint64_t)label->height > PW_SIM_MOST_DOTS / 8)
		abort();
	for (size_t i = 0; i < label->stride * (size_t)label->height; i += 9973)
		black += label->bits[i];
	*(unsigned *)ctx += black;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	unsigned black = 0;
	pw_sim_hooks hooks = {printed, NULL, &black};
	uint8_t answers[256];
	if (size < 2)
		return 0;
	opts.language = languages[data[0] % 7];
	opts.habits = data[1];
	if (pw_sim_new(&opts, &hooks, &sim, NULL) != PW_OK)
		abort();
	pw_sim_advance(sim, 0);
	int64_t now = 0;
	for (size_t at = 2, piece = 1; at < size; piece = piece * 2 % 61 + 1) {
		size_t n = size - at < piece ? size - at : piece;
		size_t taken = pw_sim_take(sim, data + at, n);
		if (taken > n)
			abort();
		at += taken < n ? taken + 1 : taken; /* what is not taken is lost now and then */
		(void)pw_sim_say(sim, answers, sizeof(answers));
		pw_sim_advance(sim, now += 100);
	}
	pw_sim_soft_reset(sim);
	pw_sim_advance(sim, now + 100000);
	pw_sim_free(sim);
	return 0;
}
