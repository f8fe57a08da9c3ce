#include "labels/layout_private.h"

#include <math.h>
#include <string.h>

#define MM         1000.0
#define PITCH      1.55 /* from baseline to baseline, in heights of capitals */
#define ABOVE      1.05 /* a line above its baseline, at least */
#define BELOW      0.35 /* and below it: tails */
#define SIZE_STEP  100  /* µm, of shrinking */
#define MAX_LINES  20
#define EVEN_STEPS 32  /* of a line: as near as lines are made as long as one another */
#define PADDING    600 /* µm between inverted text and the ends of its black area */

/* Where a text breaks, at a size. */
typedef struct fit {
	int size;
	int above, below; /* of the baseline: what a line takes */
	int pitch;        /* from baseline to baseline */
	pw_text_size one; /* all of the text on one line */
	size_t count;
	size_t ends[MAX_LINES];
	bool whole; /* nothing stands over */
} fit;

static pw_text_style style_of(const pw_element *e, int size)
{
	return (pw_text_style){
		.size = size / MM,
		.align = e->align,
		.valign = PW_ALIGN_MIDDLE,
		.turn = e->turn,
		.bold = e->bold,
	};
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* The rows of a text are as far apart in every script as in ours, unless its letters reach farther. */
static void set_rows(fit *f)
{
	int above = (int)lround(f->one.above * MM), below = (int)lround(f->one.below * MM);
	f->above = larger((int)(f->size * ABOVE), above);
	f->below = larger((int)(f->size * BELOW), below);
	f->pitch = larger((int)(f->size * PITCH), above + below + f->size / 10);
}

static int block_height(const fit *f, size_t lines)
{
	return f->above + f->below + f->pitch * (int)(lines - 1);
}

/* How many lines of a size there is room for. */
static size_t room_for(const pw_element *e, const fit *f, int across)
{
	size_t lines = 0;
	while (lines < (size_t)e->lines && block_height(f, lines + 1) <= across + 1)
		lines++;
	return lines;
}

static bool try_size(const pw_label_item *item, pw_canvas *canvas, int along, int across,
		     bool split, fit *out)
{
	pw_text_style style = style_of(item->element, out->size);
	pw_wrap found = {.lines = 1};
	if (item->element->lines > 1) {
		found = pw_canvas_wrap(canvas, item->text, &style, along / MM, split, out->ends,
				       MAX_LINES);
	} else { /* where it would break is of no use */
		found.whole = pw_canvas_text_size(canvas, item->text, &style);
		found.widest = found.whole.width;
	}
	out->one = found.whole;
	set_rows(out);
	size_t room = room_for(item->element, out, across);
	out->whole = found.lines <= room && found.widest * MM <= along + 1;
	out->count = found.lines <= room ? found.lines : room;
	if (out->count == 0)
		out->count = 1;
	return out->whole;
}

/* The largest size that the text may have by its width alone, a step below the one that was tried. */
static int next_size(const pw_element *e, const fit *f, int along)
{
	double width = f->one.width * MM;
	int size = f->size - SIZE_STEP;
	if (width > (double)along * e->lines) {
		int fits = (int)(ceil(f->size * (double)along * e->lines / width / SIZE_STEP)) *
			   SIZE_STEP;
		size = fits < size ? fits : size;
	}
	return larger(size, e->min_size);
}

/* The narrowest width that takes no more lines: no "5×" stands alone below "One-step master mix,". */
static void even_out(const pw_label_item *item, pw_canvas *canvas, int along, int across, fit *f)
{
	int fits = along, too_narrow = along / (int)f->count - 1;
	while (fits - too_narrow > along / EVEN_STEPS) {
		int width = (fits + too_narrow) / 2;
		fit narrower = {.size = f->size};
		if (try_size(item, canvas, width, across, false, &narrower) &&
		    narrower.count == f->count) {
			*f = narrower;
			fits = width;
		} else {
			too_narrow = width;
		}
	}
}

/* Largest first; a word is broken only when nothing else helps. */
static fit find_fit(const pw_label_item *item, pw_canvas *canvas, int along, int across)
{
	const pw_element *e = item->element;
	fit f = {.size = e->size};
	while (!try_size(item, canvas, along, across, false, &f) && f.size > e->min_size)
		f.size = next_size(e, &f, along);
	if (!f.whole && e->lines > 1)
		(void)try_size(item, canvas, along, across, true, &f);
	if (f.whole && f.count > 1)
		even_out(item, canvas, along, across, &f);
	return f;
}

/* Line i of the text, without the space it was broken at; the last one has all that is left. */
static const char *line_text(pw_label_layout *layout, const pw_label_item *item, const fit *f,
			     size_t i)
{
	size_t from = i == 0 ? 0 : f->ends[i - 1];
	size_t to = i + 1 < f->count ? f->ends[i] : strlen(item->text);
	while (i > 0 && from < to && item->text[from] == ' ')
		from++;
	while (to > from && item->text[to - 1] == ' ')
		to--;
	return pw_arena_strndup(&layout->arena, item->text + from, to - from);
}

/* From the top of the area, as the text is read, to the first line's baseline. Capitals are in the middle, but
 * for what would reach over the area. */
static int first_baseline(const pw_element *e, const fit *f, int across)
{
	int more = f->pitch * (int)(f->count - 1);
	int lowest = across - f->below - more;
	int base = (across + f->size - more) / 2;
	if (e->valign == PW_ALIGN_TOP)
		base = f->above;
	else if (e->valign == PW_ALIGN_BASELINE || base > lowest)
		base = lowest;
	return larger(base, f->above);
}

static void unite(pw_area *all, pw_area one)
{
	if (all->w == 0 && all->h == 0) {
		*all = one;
		return;
	}
	int right = all->x + all->w, bottom = all->y + all->h;
	all->x = one.x < all->x ? one.x : all->x;
	all->y = one.y < all->y ? one.y : all->y;
	all->w = (one.x + one.w > right ? one.x + one.w : right) - all->x;
	all->h = (one.y + one.h > bottom ? one.y + one.h : bottom) - all->y;
}

/* What a line is printed on, as it is read. */
static pw_area line_ink(const pw_element *e, pw_area local, int width, pw_text_size found)
{
	int free_space = local.w - width, base = local.y + local.h;
	int above = (int)lround(found.above * MM), below = (int)lround(found.below * MM);
	int before = (int)lround(found.before * MM), behind = (int)lround(found.behind * MM);
	local.x += e->align == PW_ALIGN_LEFT     ? 0
		   : e->align == PW_ALIGN_CENTRE ? free_space / 2
						 : free_space;
	return (pw_area){local.x - before, base - above, width + before + behind, above + below};
}

static void set_line(pw_label_layout *layout, pw_label_item *item, pw_canvas *canvas, const fit *f,
		     size_t i, pw_area local, pw_label_line *out)
{
	const pw_element *e = item->element;
	pw_text_style style = style_of(e, f->size);
	out->text = line_text(layout, item, f, i);
	out->box = pw_label_turned(item->at, local, e->turn);
	pw_text_size found =
		f->count == 1 ? f->one : pw_canvas_text_size(canvas, out->text, &style);
	out->width = (int)lround(found.width * MM);
	item->missing += found.missing;
	/* A line that was shrunk to measure may be a hair longer. */
	bool over = out->width > local.w + local.w / 100;
	out->cut = over && e->cut != PW_CUT_NONE;
	item->over = item->over || (over && !out->cut);
	if (out->cut)
		out->width = local.w;
	unite(&item->ink,
	      pw_label_turned(item->at, line_ink(e, local, out->width, found), e->turn));
}

void pw_label_fit_text(pw_label_layout *layout, pw_label_item *item, pw_canvas *canvas)
{
	const pw_element *e = item->element;
	bool sideways = (e->turn & 1) != 0;
	int along = sideways ? item->at.h : item->at.w, across = sideways ? item->at.w : item->at.h;
	int padding = e->invert && along > 2 * PADDING ? PADDING : 0;
	along -= 2 * padding;
	fit f = find_fit(item, canvas, along, across);
	pw_label_line *lines = pw_arena_array(&layout->arena, f.count, sizeof(*lines));
	int base = first_baseline(e, &f, across);
	item->size = f.size;
	item->over = block_height(&f, f.count) > across + 1;
	for (size_t i = 0; i < f.count; i++) {
		pw_area local = {padding, base - f.size + f.pitch * (int)i, along, f.size};
		set_line(layout, item, canvas, &f, i, local, &lines[i]);
	}
	item->lines = lines;
	item->line_count = f.count;
	if (e->invert)
		item->ink = item->at;
}
