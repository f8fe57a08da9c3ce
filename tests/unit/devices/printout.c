#include "printout.h"

#include <check.h>
#include <string.h>

static void printed(void *ctx, const pw_sim_label *label)
{
	printout *p = ctx;
	if (!label->whole) {
		p->fragments++;
		return;
	}
	p->whole++;
	pw_raster_clear(&p->raster);
	ck_assert_int_eq(pw_raster_init(&p->raster, label->width, label->height, label->dpi, NULL),
			 PW_OK);
	for (size_t y = 0; y < (size_t)label->height; y++)
		memcpy(p->raster.bits + y * p->raster.stride, label->bits + y * label->stride,
		       p->raster.stride);
}

static void noted(void *ctx, const char *text)
{
	pw_str_addf(&((printout *)ctx)->notes, "%s\n", text);
}

void printout_begin(printout *p, const char *language, int dpi, unsigned habits)
{
	pw_sim_opts opts = PW_SIM_OPTS_INIT;
	pw_sim_hooks hooks = {printed, noted, p};
	*p = (printout){.raster = PW_RASTER_INIT, .notes = PW_STR_INIT};
	opts.language = language;
	opts.dpi = dpi;
	opts.habits = habits;
	opts.memory = 1 << 24;
	opts.media_width = 12;
	ck_assert_int_eq(pw_sim_new(&opts, &hooks, &p->sim, NULL), PW_OK);
	pw_sim_advance(p->sim, 0);
}

void printout_end(printout *p)
{
	pw_sim_free(p->sim);
	pw_raster_clear(&p->raster);
	pw_str_clear(&p->notes);
}

void printout_give(printout *p, const void *bytes, size_t n, size_t piece)
{
	const char *at = bytes;
	for (int patience = 0; n > 0 && patience < 1000; patience++) {
		size_t now = n < piece ? n : piece;
		size_t taken = pw_sim_take(p->sim, at, now);
		at += taken;
		n -= taken;
		if (taken > 0)
			patience = 0;
		if (taken < now)
			pw_sim_advance(p->sim, p->now += 50);
	}
	ck_assert_uint_eq(n, 0);
	pw_sim_advance(p->sim, p->now += 10000);
}

void printout_give_text(printout *p, const char *text)
{
	printout_give(p, text, strlen(text), strlen(text));
}

pw_str printout_hear(printout *p)
{
	pw_str said = PW_STR_INIT;
	char bytes[4096];
	pw_str_add_n(&said, bytes, pw_sim_say(p->sim, bytes, sizeof(bytes)));
	return said;
}
