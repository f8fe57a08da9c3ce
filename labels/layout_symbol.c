#include "labels/layout_private.h"

#include "labels/raster.h"

/* A module may be this much wider than the widest that the template wants: 0.25 mm are two dots of a
 * 203-dpi printer (0.2502 mm) and three of a 300-dpi one (0.254 mm). */
#define WIDER 1.08

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Whole dots that lie in an area. */
typedef struct grid {
	int x, y, w, h;
} grid;

static int dot_from(int um, int dpi)
{
	int dot = pw_dots_of(um, dpi);
	return pw_um_of(dot, dpi) < um - 0.5 ? dot + 1 : dot;
}

static int dot_to(int um, int dpi)
{
	int dot = pw_dots_of(um, dpi);
	return pw_um_of(dot, dpi) > um + 0.5 ? dot - 1 : dot;
}

static grid grid_of(pw_area at, int dpi)
{
	grid g = {dot_from(at.x, dpi), dot_from(at.y, dpi), 0, 0};
	g.w = dot_to(at.x + at.w, dpi) - g.x;
	g.h = dot_to(at.y + at.h, dpi) - g.y;
	return g;
}

/* The most dots that a module can have in `along` × `across` dots. */
static int module_dots(const pw_element *e, const pw_symbol *s, int dpi, int along, int across)
{
	int dots = along / (s->columns + 2 * e->quiet);
	if (!pw_symbol_is_bars(s->kind))
		dots = least(dots, across / (s->rows + 2 * e->quiet));
	if (e->module > 0)
		dots = least(dots, (int)(e->module * WIDER / pw_um_of(1, dpi)));
	return dots;
}

static int aligned(int room, int size, int where)
{
	return where == 0 ? 0 : where == 1 ? (room - size) / 2 : room - size;
}

static pw_area um_of(grid g, int dpi)
{
	int x = (int)(pw_um_of(g.x, dpi) + 0.5), y = (int)(pw_um_of(g.y, dpi) + 0.5);
	return (pw_area){x, y, (int)(pw_um_of(g.x + g.w, dpi) + 0.5) - x,
			 (int)(pw_um_of(g.y + g.h, dpi) + 0.5) - y};
}

pw_status pw_label_place_symbol(pw_label_layout *layout, pw_label_item *item, pw_err *err)
{
	const pw_element *e = item->element;
	pw_symbol *s = &item->symbol;
	pw_status rc = pw_symbol_make(e->symbol, item->text, e->level, &layout->arena, s, err);
	if (rc != PW_OK)
		return rc;
	bool bars = pw_symbol_is_bars(s->kind), sideways = (e->turn & 1) != 0;
	grid g = grid_of(item->at, layout->dpi);
	int along = sideways ? g.h : g.w, across = sideways ? g.w : g.h;
	int dots = module_dots(e, s, layout->dpi, along, across);
	item->fits = dots > 0 && across > 0;
	item->dots = dots > 0 ? dots : 1;
	int quiet = e->quiet * item->dots;
	int length = s->columns * item->dots;
	int depth = bars ? (across > 0 ? across : 1) : s->rows * item->dots;
	int quiet_across = bars ? 0 : quiet;
	pw_area local = {aligned(along, length + 2 * quiet, (int)e->align),
			 aligned(across, depth + 2 * quiet_across, (int)e->valign),
			 length + 2 * quiet, depth + 2 * quiet_across};
	pw_area clear = pw_label_turned((pw_area){g.x, g.y, g.w, g.h}, local, e->turn);
	pw_area inner = {local.x + quiet, local.y + quiet_across, length, depth};
	pw_area ink = pw_label_turned((pw_area){g.x, g.y, g.w, g.h}, inner, e->turn);
	item->x = ink.x;
	item->y = ink.y;
	item->width = ink.w;
	item->height = ink.h;
	item->ink = um_of((grid){ink.x, ink.y, ink.w, ink.h}, layout->dpi);
	item->clear = um_of((grid){clear.x, clear.y, clear.w, clear.h}, layout->dpi);
	return PW_OK;
}
