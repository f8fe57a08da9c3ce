#include "labels/canvas.h"

#include <math.h>
#include <string.h>

#include "labels/canvas_private.h"

#define SIZE_STEP 0.1 /* mm, of shrinking */
#define PI        3.14159265358979323846

static pw_text_size measured(PangoLayout *layout, double size)
{
	PangoRectangle ink, logical;
	pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), &ink, &logical);
	return (pw_text_size){
		.width = (double)logical.width / PANGO_SCALE,
		.height = size * PW_LINE_HEIGHT,
		.size = size,
		.above = (double)-ink.y / PANGO_SCALE,
		.below = (double)(ink.y + ink.height) / PANGO_SCALE,
		.before = fmax(0, (double)-ink.x / PANGO_SCALE),
		.behind = fmax(0, (double)(ink.x + ink.width - logical.width) / PANGO_SCALE),
		.cut = pango_layout_is_ellipsized(layout),
		.missing = (size_t)pango_layout_get_unknown_glyphs_count(layout),
	};
}

/* The size at which a line that is `full` wide fits into `width`, in steps: texts of nearly one
 * length then have one size, which is easier on the eye and on the fonts embedded in a file. */
static double shrunk(const pw_text_style *style, double width, double full)
{
	double size = style->size * fmax(width, 0) / full;
	return fmax(style->min_size, floor(size / SIZE_STEP) * SIZE_STEP);
}

/* A line that is laid out, and how large it is. */
typedef struct line {
	PangoLayout *layout;
	pw_text_size found;
} line;

static line lay_out(pw_canvas *c, const char *text, const pw_text_style *style, double size,
		    int turn)
{
	PangoLayout *layout = pw_kept_line_of(c, text, style, size, turn);
	return (line){layout, measured(layout, size)};
}

/* The same, made to be at most `width` wide. Letters don't shrink quite evenly, so a line that was
 * shrunk to measure is allowed a hair more than its box before it is cut. */
static line lay_out_in(pw_canvas *c, const char *text, const pw_text_style *style, double width)
{
	line l = lay_out(c, text, style, style->size, style->turn);
	if (l.found.width <= width)
		return l;
	if (style->min_size > 0 && style->min_size < style->size)
		l = lay_out(c, text, style, shrunk(style, width, l.found.width), style->turn);
	if (style->cut == PW_CUT_NONE || l.found.width <= width * 1.01)
		return l;
	pango_layout_set_ellipsize(l.layout, style->cut == PW_CUT_MIDDLE ? PANGO_ELLIPSIZE_MIDDLE
									 : PANGO_ELLIPSIZE_END);
	pango_layout_set_width(l.layout, (int)(fmax(width, 0) * PANGO_SCALE));
	return (line){l.layout, measured(l.layout, l.found.size)};
}

/* Where the line begins, left of and above or below the point that it is aligned to. */
static pw_point line_start(pw_text_size found, const pw_text_style *style)
{
	pw_point start = {0, 0};
	if (style->align == PW_ALIGN_CENTRE)
		start.x = -found.width / 2;
	else if (style->align == PW_ALIGN_RIGHT)
		start.x = -found.width;
	if (style->valign == PW_ALIGN_TOP)
		start.y = found.size * PW_LINE_ASCENT;
	else if (style->valign == PW_ALIGN_MIDDLE)
		start.y = found.size / 2;
	return start;
}

/* Draws what is laid out; the origin is the point it is aligned to. */
static void show(pw_canvas *c, line l, const pw_text_style *style)
{
	pw_point start = line_start(l.found, style);
	cairo_new_path(c->cr);
	cairo_move_to(c->cr, start.x, start.y);
	pw_canvas_set_ink(c, style->ink);
	pango_cairo_show_layout_line(c->cr, pango_layout_get_line_readonly(l.layout, 0));
	cairo_new_path(c->cr);
	c->missing += l.found.missing;
}

static bool style_ok(pw_canvas *c, const pw_text_style *style)
{
	return pw_canvas_numbers_ok(c, (double[]){style->size, style->min_size}, 2) &&
	       style->size > 0;
}

pw_text_size pw_canvas_text_size(pw_canvas *c, const char *text, const pw_text_style *style)
{
	if (!style_ok(c, style))
		return (pw_text_size){.size = style->size};
	return lay_out(c, text, style, style->size, 0).found;
}

pw_wrap pw_canvas_wrap(pw_canvas *c, const char *text, const pw_text_style *style, double width,
		       bool split, size_t *ends, size_t max)
{
	pw_wrap found = {1, 0, {.size = style->size}};
	PW_BUG_IF(max == 0);
	ends[0] = strlen(text);
	if (!style_ok(c, style) || !pw_canvas_numbers_ok(c, &width, 1))
		return found;
	PW_BUG_IF(!g_utf8_validate(text, -1, NULL));
	line l = lay_out(c, text, style, style->size, 0);
	found.whole = l.found;
	found.widest = found.whole.width;
	if (found.widest <= width)
		return found;
	pango_layout_set_wrap(l.layout, split ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
	pango_layout_set_width(l.layout, (int)(fmax(width, 0) * PANGO_SCALE));
	PangoRectangle logical;
	pango_layout_get_extents(l.layout, NULL, &logical);
	found.widest = (double)logical.width / PANGO_SCALE;
	found.lines = 0;
	for (GSList *at = pango_layout_get_lines_readonly(l.layout); at != NULL; at = at->next) {
		const PangoLayoutLine *part = at->data;
		if (found.lines < max)
			ends[found.lines] = (size_t)part->start_index + (size_t)part->length;
		found.lines++;
	}
	return found;
}

/* Moves the origin to `at` and turns the page about it; undone by cairo_restore. */
static void turn_about(pw_canvas *c, pw_point at, int turn)
{
	cairo_save(c->cr);
	cairo_translate(c->cr, at.x, at.y);
	if ((turn & 3) != 0)
		cairo_rotate(c->cr, (turn & 3) * PI / 2);
}

pw_text_size pw_canvas_text(pw_canvas *c, pw_point at, const char *text, const pw_text_style *style)
{
	if (!style_ok(c, style) || !pw_canvas_numbers_ok(c, (double[]){at.x, at.y}, 2))
		return (pw_text_size){.size = style->size};
	turn_about(c, at, style->turn);
	line l = lay_out(c, text, style, style->size, style->turn);
	show(c, l, style);
	cairo_restore(c->cr);
	return l.found;
}

/* The point of the box that text is aligned to, seen from the box's middle as the text is read. */
static pw_point anchor(double along, double across, const pw_text_style *style)
{
	pw_point at = {0, 0};
	if (style->align == PW_ALIGN_LEFT)
		at.x = -along / 2;
	else if (style->align == PW_ALIGN_RIGHT)
		at.x = along / 2;
	if (style->valign == PW_ALIGN_TOP)
		at.y = -across / 2;
	else if (style->valign == PW_ALIGN_BASELINE)
		at.y = across / 2;
	return at;
}

pw_text_size pw_canvas_text_in(pw_canvas *c, pw_box box, const char *text,
			       const pw_text_style *style)
{
	if (!style_ok(c, style) ||
	    !pw_canvas_numbers_ok(c, (double[]){box.x, box.y, box.w, box.h}, 4))
		return (pw_text_size){.size = style->size};
	bool sideways = (style->turn & 1) != 0;
	double along = sideways ? box.h : box.w, across = sideways ? box.w : box.h;
	turn_about(c, (pw_point){box.x + box.w / 2, box.y + box.h / 2}, style->turn);
	line l = lay_out_in(c, text, style, along);
	pw_point at = anchor(along, across, style);
	cairo_translate(c->cr, at.x, at.y);
	show(c, l, style);
	cairo_restore(c->cr);
	return l.found;
}
