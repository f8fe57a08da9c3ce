/* What moves in a simulated printer: labels come out, whole or not, as long as nothing stops it. */
#include <string.h>

#include "core/base/mem.h"
#include "devices/simulators/sim_private.h"

/* ---- A label comes out ---- */

static void come_out(pw_sim *sim, const pw_sim_page *page, int rows, bool whole)
{
	pw_sim_label label = {++sim->labels, page->width, rows, sim->opts.dpi,
			      page->stride,  page->bits,  whole};
	if (whole && pw_sim_page_is_blank(page))
		sim->blank++;
	if (whole)
		sim->whole++;
	else
		sim->fragments++;
	if (sim->hooks.printed != NULL && page->bits != NULL && rows > 0)
		sim->hooks.printed(sim->hooks.ctx, &label);
}

static size_t weight(const pw_sim_page *page)
{
	return page->cost + page->stride * (size_t)page->height;
}

static void drop_first(pw_sim *sim)
{
	sim->used -= weight(&sim->queue[0]);
	pw_sim_page_clear(&sim->queue[0]);
	sim->queued--;
	memmove(sim->queue, sim->queue + 1, sim->queued * sizeof(sim->queue[0]));
}

/* ---- Whole labels ---- */

void pw_sim_enqueue(pw_sim *sim, pw_sim_page *page)
{
	if (page->bits == NULL || sim->queued == PW_SIM_MOST_PAGES || sim->loses) {
		pw_sim_note(sim,
			    sim->loses ? "a label is lost" : "its memory is full: a label is lost");
		pw_sim_page_clear(page);
		sim->loses = false;
		sim->coming = 0;
		return;
	}
	page->cost = sim->coming;
	sim->coming = 0;
	sim->used += weight(page);
	sim->queue[sim->queued++] = *page;
	*page = (pw_sim_page){.width = 0};
	pw_sim_start(sim);
}

void pw_sim_cancel(pw_sim *sim)
{
	size_t keep = sim->printing ? 1 : 0;
	while (sim->queued > keep) {
		sim->used -= weight(&sim->queue[sim->queued - 1]);
		pw_sim_page_clear(&sim->queue[--sim->queued]);
	}
	if (keep == 1)
		sim->queue[0].copies = 1;
}

/* A label that is being printed is finished before a pause begins. */
static bool can_move(const pw_sim *sim)
{
	unsigned faults = sim->faults;
	if (sim->printing)
		faults &= ~(unsigned)PW_FAULT_PAUSED;
	return faults == 0 && (sim->ways & PW_SIM_OFF) == 0;
}

void pw_sim_start(pw_sim *sim)
{
	if (sim->printing || sim->queued == 0 || !can_move(sim))
		return;
	sim->printing = true;
	sim->printing_since = sim->now;
	sim->half_at = sim->now + sim->opts.label_ms / 2;
	sim->ends_at = sim->now + sim->opts.label_ms;
}

/* What has come out of the label that is being printed. */
static int rows_out(const pw_sim *sim)
{
	int64_t part = sim->now - sim->printing_since;
	return (int)(sim->queue[0].height * part / sim->opts.label_ms);
}

static void stop_label(pw_sim *sim)
{
	int rows = rows_out(sim);
	sim->printing = false;
	if (rows > 0)
		come_out(sim, &sim->queue[0], rows, false);
	if ((sim->opts.habits & PW_SIM_NO_REPRINT) != 0 && rows > 0)
		drop_first(sim);
}

static void finish_label(pw_sim *sim)
{
	sim->printing = false;
	come_out(sim, &sim->queue[0], sim->queue[0].height, true);
	if (--sim->queue[0].copies <= 0)
		drop_first(sim);
	pw_sim_start(sim);
}

/* ---- Row by row ---- */

static int most_rows(size_t stride)
{
	return (int)(PW_SIM_MOST_DOTS / 8 / stride);
}

/* Room for one row more, doubled when it is used up. */
static bool make_room(pw_sim_page *page)
{
	int room = 64;
	while (room < page->height)
		room *= 2;
	if (page->height >= most_rows(page->stride))
		return false;
	if (page->bits == NULL || page->height == room) {
		room = page->bits == NULL ? room : room * 2;
		page->bits = pw_realloc_array(page->bits, (size_t)room, page->stride);
	}
	return true;
}

void pw_sim_row(pw_sim *sim, const uint8_t *row, size_t n, int width)
{
	pw_sim_page *page = &sim->page;
	if (!sim->open) {
		*page = (pw_sim_page){
			.width = width, .stride = ((size_t)width + 7) / 8, .copies = 1};
		sim->open = true;
		sim->printing_since = sim->now;
		if (sim->language->begun != NULL)
			sim->language->begun(sim);
		pw_sim_steps(sim, PW_SIM_AT_LABEL, (int64_t)sim->labels + 1);
		if (!sim->open)
			return;
	}
	if (!make_room(page))
		return;
	uint8_t *to = page->bits + (size_t)page->height * page->stride;
	memset(to, 0, page->stride);
	memcpy(to, row, n < page->stride ? n : page->stride);
	page->height++;
}

void pw_sim_row_end(pw_sim *sim)
{
	if (!sim->open || sim->ending)
		return;
	sim->ending = true;
	sim->ends_at = sim->now + sim->opts.label_ms;
}

static void end_page(pw_sim *sim, bool whole)
{
	if (!sim->open)
		return;
	if (sim->page.height > 0)
		come_out(sim, &sim->page, sim->page.height, whole);
	pw_sim_page_clear(&sim->page);
	sim->open = sim->ending = false;
	sim->ends_at = sim->feed_end = -1;
}

void pw_sim_row_cut(pw_sim *sim)
{
	end_page(sim, false);
}

/* ---- Time and faults ---- */

void pw_sim_stop(pw_sim *sim)
{
	if (sim->printing && !can_move(sim))
		stop_label(sim);
	bool was_open = sim->open;
	if (sim->language->stopped != NULL)
		sim->language->stopped(sim, sim->faults);
	if (was_open && sim->open && sim->ending && (sim->opts.habits & PW_SIM_NO_REPRINT) != 0)
		pw_sim_row_cut(sim);
}

void pw_sim_mechanism(pw_sim *sim)
{
	/* What is burnt is fed out, hot or not. */
	if (sim->open && sim->feed_end >= 0 && sim->now >= sim->feed_end)
		end_page(sim, true);
	if (!can_move(sim))
		return;
	if (sim->printing && sim->half_at >= 0 && sim->now >= sim->half_at) {
		sim->half_at = -1;
		pw_sim_steps(sim, PW_SIM_AT_LABEL, (int64_t)sim->labels + 1);
	}
	if (sim->printing && sim->now >= sim->ends_at)
		finish_label(sim);
	if (sim->open && sim->ending && sim->feed_end < 0 && sim->now >= sim->ends_at) {
		sim->feed_end = sim->now + PW_SIM_FEED_MS;
		if (sim->language->done != NULL)
			sim->language->done(sim);
	}
	pw_sim_start(sim);
}

int64_t pw_sim_mechanism_next(const pw_sim *sim)
{
	if (sim->open && sim->feed_end >= 0)
		return sim->feed_end;
	if (!can_move(sim))
		return -1;
	if (sim->printing)
		return sim->half_at >= 0 ? sim->half_at : sim->ends_at;
	return sim->open && sim->ending ? sim->ends_at : -1;
}

void pw_sim_forget(pw_sim *sim)
{
	if (sim->printing) {
		if (rows_out(sim) > 0)
			come_out(sim, &sim->queue[0], rows_out(sim), false);
		sim->printing = false;
	}
	pw_sim_cancel(sim);
	pw_sim_row_cut(sim);
	sim->coming = 0;
	sim->language->reset(sim);
}
