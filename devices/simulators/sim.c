#include "devices/simulators/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "devices/simulators/sim_private.h"
#include "devices/transport/transport.h"

#define LABEL_MS 300
#define MEMORY   ((size_t)1024 * 1024)

static const pw_sim_language *const languages[] = {
	&pw_sim_zpl,          &pw_sim_tspl,   &pw_sim_epl, &pw_sim_brother,
	&pw_sim_brother_wide, &pw_sim_ptouch, &pw_sim_dymo};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

const char *pw_sim_languages(void)
{
	return "zpl, tspl, epl, brother, brother-wide, ptouch, dymo";
}

static const pw_sim_language *find_language(const char *name)
{
	for (size_t i = 0; name != NULL && i < LANGUAGES; i++)
		if (strcmp(languages[i]->name, name) == 0)
			return languages[i];
	return NULL;
}

pw_status pw_sim_new(const pw_sim_opts *opts, const pw_sim_hooks *hooks, pw_sim **out, pw_err *err)
{
	const pw_sim_language *language = find_language(opts->language);
	if (language == NULL)
		return pw_fail(err, PW_ERR_ARG, "'%s' has no simulator: there are %s",
			       opts->language, pw_sim_languages());
	pw_sim *sim = pw_alloc(sizeof(*sim));
	sim->opts = *opts;
	sim->hooks = *hooks;
	sim->language = language;
	sim->opts.dpi = opts->dpi > 0 ? opts->dpi : language->dpi;
	sim->opts.label_ms = opts->label_ms > 0 ? opts->label_ms : LABEL_MS;
	sim->opts.memory = opts->memory > 0 ? opts->memory : MEMORY;
	if (opts->media_width == 0)
		sim->opts.media_width = 62;
	pw_rng_init(&sim->rng, opts->seed);
	sim->began = -1;
	sim->half_at = sim->ends_at = sim->feed_end = -1;
	sim->state = pw_alloc(language->state_size);
	language->reset(sim);
	*out = sim;
	return PW_OK;
}

void pw_sim_free(pw_sim *sim)
{
	if (sim == NULL)
		return;
	sim->language->clear(sim);
	for (size_t i = 0; i < sim->queued; i++)
		pw_sim_page_clear(&sim->queue[i]);
	pw_sim_page_clear(&sim->page);
	pw_free(sim->state);
	pw_free(sim);
}

void pw_sim_note(pw_sim *sim, const char *format, ...)
{
	char text[256];
	va_list args;
	if (sim->hooks.noted == NULL)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sim->hooks.noted(sim->hooks.ctx, text);
}

/* ---- Time ---- */

int64_t pw_sim_next(const pw_sim *sim)
{
	int64_t a = pw_sim_mechanism_next(sim), b = pw_sim_steps_next(sim);
	if (a < 0 || (b >= 0 && b < a))
		a = b;
	if (sim->said_n > 0 && sim->said_due > sim->now && (a < 0 || sim->said_due < a))
		a = sim->said_due;
	return a;
}

void pw_sim_advance(pw_sim *sim, int64_t now)
{
	if (sim->began < 0)
		sim->began = sim->now = now;
	for (int64_t next = pw_sim_next(sim); next >= 0 && next <= now; next = pw_sim_next(sim)) {
		if (next > sim->now)
			sim->now = next;
		pw_sim_steps(sim, PW_SIM_AT_TIME, sim->now - sim->began);
		pw_sim_mechanism(sim);
		if (sim->said_due <= sim->now)
			sim->said_due = 0;
	}
	if (now > sim->now)
		sim->now = now;
}

/* ---- The cable ---- */

bool pw_sim_there(const pw_sim *sim)
{
	return (sim->ways & PW_SIM_UNPLUGGED) == 0 &&
	       (sim->opts.serial || (sim->ways & PW_SIM_OFF) == 0);
}

void pw_sim_connect(pw_sim *sim)
{
	sim->said_n = 0;
}

/* Whether the next byte has a place to go. */
static bool takes(const pw_sim *sim)
{
	if (!pw_sim_there(sim) || (sim->ways & PW_SIM_STALLED) != 0)
		return false;
	if ((sim->opts.habits & PW_SIM_BLOCKS) != 0 && sim->faults != 0)
		return false;
	if (sim->queued > 0 &&
	    (sim->used + sim->coming >= sim->opts.memory || sim->queued == PW_SIM_MOST_PAGES))
		return false;
	return sim->language->waits == NULL || !sim->language->waits(sim);
}

size_t pw_sim_take(pw_sim *sim, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	for (size_t i = 0; i < n; i++) {
		if ((sim->ways & PW_SIM_OFF) != 0 && sim->opts.serial)
			return n;
		if (!takes(sim))
			return i;
		sim->bytes++;
		sim->coming++;
		sim->language->feed(sim, b[i]);
		pw_sim_steps(sim, PW_SIM_AT_BYTE, (int64_t)sim->bytes);
	}
	return n;
}

void pw_sim_asked(pw_sim *sim)
{
	sim->questions++;
	pw_sim_steps(sim, PW_SIM_AT_QUESTION, (int64_t)sim->questions);
}

void pw_sim_answer(pw_sim *sim, const void *bytes, size_t n)
{
	if ((sim->ways & (PW_SIM_SILENT | PW_SIM_OFF | PW_SIM_UNPLUGGED)) != 0 ||
	    n > sizeof(sim->said) - sim->said_n)
		return;
	for (size_t i = 0; i < n; i++) {
		char c = ((const char *)bytes)[i];
		if ((sim->ways & PW_SIM_GARBAGE) != 0)
			c = (char)pw_rng_below(&sim->rng, 256);
		sim->said[sim->said_n++] = c;
	}
	if ((sim->ways & PW_SIM_SLOW) != 0)
		sim->said_due = sim->now + PW_SIM_SLOW_MS;
}

size_t pw_sim_say(pw_sim *sim, void *buf, size_t size)
{
	size_t n = sim->said_n < size ? sim->said_n : size;
	if (!pw_sim_there(sim) || sim->said_due > sim->now)
		return 0;
	memcpy(buf, sim->said, n);
	memmove(sim->said, sim->said + n, sim->said_n - n);
	sim->said_n -= n;
	return n;
}

const char *pw_sim_device_id(const pw_sim *sim)
{
	return sim->language->device_id;
}

uint8_t pw_sim_port_status(const pw_sim *sim)
{
	unsigned status = PW_PORT_SELECTED | PW_PORT_NO_ERROR;
	if ((sim->faults & PW_FAULT_PAPER_OUT) != 0)
		status |= PW_PORT_PAPER_EMPTY;
	if (sim->faults != 0)
		status &= ~(unsigned)PW_PORT_NO_ERROR;
	return (uint8_t)status;
}

void pw_sim_soft_reset(pw_sim *sim)
{
	if ((sim->opts.habits & PW_SIM_NO_RESET) == 0)
		pw_sim_forget(sim);
}

pw_sim_counts pw_sim_count(const pw_sim *sim)
{
	return (pw_sim_counts){sim->bytes,     sim->questions, sim->whole,
			       sim->fragments, sim->blank,     sim->queued + (sim->open ? 1 : 0),
			       sim->faults};
}
