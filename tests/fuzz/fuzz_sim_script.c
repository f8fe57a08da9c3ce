/* Any text as a script for a simulated printer: refused with words, or done when it is time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "devices/simulators/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_sim *sim = NULL;
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {NULL, NULL, NULL};
	pw_err err = PW_ERR_INIT;
	opts.language = "brother";
	char *script = pw_strndup((const char *)data, size);
	if (pw_sim_new(&opts, &hooks, &sim, NULL) != PW_OK)
		abort();
	if (pw_sim_script(sim, script, &err) != PW_OK && err.msg[0] == '\0')
		abort();
	pw_sim_advance(sim, 0);
	for (int i = 0; i < 20; i++) {
		(void)pw_sim_take(sim, "\x1BiS", 3);
		pw_sim_advance(sim, (int64_t)i * 100000);
	}
	pw_sim_free(sim);
	pw_free(script);
	return 0;
}
