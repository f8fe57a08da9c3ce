/*
 * Any bytes as a job for a printer; the first says which language. What a driver takes for exactly one label prints no more
 * than one on the simulator of that language, and nothing of the part that it calls safe.
 */
#include <stdint.h>
#include <stdlib.h>

#include "devices/printers/driver.h"
#include "devices/simulators/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t labels_of(const char *language, const uint8_t *job, size_t n)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	opts.language = language;
	opts.media_width = 12;
	if (pw_sim_new(&opts, &hooks, &sim, NULL) != PW_OK)
		abort();
	pw_sim_advance(sim, 0);
	(void)pw_sim_take(sim, job, n);
	pw_sim_advance(sim, 10000);
	pw_sim_counts counts = pw_sim_count(sim);
	pw_sim_free(sim);
	return counts.whole + counts.fragments + counts.inside;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t safe = 0;
	if (size < 1)
		return 0;
	const pw_printer_driver *d = pw_printer_drivers[data[0] % 7];
	data++;
	size--;
	if (!d->look(data, size, &safe))
		return 0;
	if (safe > size || labels_of(d->name, data, safe) != 0 ||
	    labels_of(d->name, data, size) > 1)
		abort();
	return 0;
}
