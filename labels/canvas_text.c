#include "labels/canvas.h"

#include <math.h>
#include <string.h>

#include "labels/canvas_private.h"

/* Capitals are 0.714 (Noto Sans) to 0.733 (Noto Sans CJK) of the size that fonts are asked for. */
#define CAPITALS  0.72
#define SIZE_STEP 0.1 /* mm, of shrinking */
#define PI        3.14159265358979323846

static void set_text(pw_canvas *c, const char *text)
{
	if (g_utf8_validate(text, -1, NULL)) {
		pango_layout_set_text(c->layout, text, -1);
		return;
	}
	char *valid = g_utf8_make_valid(text, -1);
	pango_layout_set_text(c->layout, valid, -1);
	g_free(valid);
}

static void set_size(pw_canvas *c, const pw_text_style *style, double size)
{
	const char *families = style->families != NULL ? style->families : PW_TEXT_FAMILIES;
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, families);
	pango_font_description_set_weight(font,
					  style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size / CAPITALS * PANGO_SCALE);
	pango_layout_set_font_description(c->layout, font);
	pango_font_description_free(font);
}

static pw_text_size measured(pw_canvas *c, double size)
{
	PangoRectangle ink, logical;
	pango_layout_line_get_extents(pango_layout_get_line_readonly(c->layout, 0), &ink, &logical);
	return (pw_text_size){
		.width = (double)logical.width / PANGO_SCALE,
		.height = size * PW_LINE_HEIGHT,
		.size = size,
		.above = (double)-ink.y / PANGO_SCALE,
		.below = (double)(ink.y + ink.height) / PANGO_SCALE,
		.cut = pango_layout_is_ellipsized(c->layout),
		.missing = (size_t)pango_layout_get_unknown_glyphs_count(c->layout),
	};
}

/* Tells the layout of a turn of the page. Telling it again would make it find its fonts anew. */
static void update_layout(pw_canvas *c)
{
	cairo_matrix_t now;
	cairo_get_matrix(c->cr, &now);
	now.x0 = now.y0 = 0;
	if (memcmp(&now, &c->turned, sizeof(now)) == 0)
		return;
	pango_cairo_update_layout(c->cr, c->layout);
	c->turned = now;
}

/* Sets the layout up: text, fonts, no width. */
static pw_text_size lay_out(pw_canvas *c, const char *text, const pw_text_style *style)
{
	update_layout(c);
	pango_layout_set_width(c->layout, -1);
	pango_layout_set_ellipsize(c->layout, PANGO_ELLIPSIZE_NONE);
	set_size(c, style, style->size);
	set_text(c, text);
	return measured(c, style->size);
}

/* The size at which a line that is `full` wide fits into `width`, in steps: texts of nearly one
 * length then have one size, which is easier on the eye and on the fonts embedded in a file. */
static double shrunk(const pw_text_style *style, double width, double full)
{
	double size = style->size * fmax(width, 0) / full;
	return fmax(style->min_size, floor(size / SIZE_STEP) * SIZE_STEP);
}

/* The same, made to be at most `width` wide. Letters don't shrink quite evenly, so a line that was
 * shrunk to measure is allowed a hair more than its box before it is cut. */
static pw_text_size lay_out_in(pw_canvas *c, const char *text, const pw_text_style *style,
			       double width)
{
	pw_text_size found = lay_out(c, text, style);
	if (found.width <= width)
		return found;
	if (style->min_size > 0 && style->min_size < style->size) {
		double size = shrunk(style, width, found.width);
		set_size(c, style, size);
		found = measured(c, size);
	}
	if (style->cut == PW_CUT_NONE || found.width <= width * 1.01)
		return found;
	pango_layout_set_ellipsize(c->layout, style->cut == PW_CUT_MIDDLE ? PANGO_ELLIPSIZE_MIDDLE
									  : PANGO_ELLIPSIZE_END);
	pango_layout_set_width(c->layout, (int)(fmax(width, 0) * PANGO_SCALE));
	return measured(c, found.size);
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
static void show(pw_canvas *c, pw_text_size found, const pw_text_style *style)
{
	pw_point start = line_start(found, style);
	cairo_new_path(c->cr);
	cairo_move_to(c->cr, start.x, start.y);
	pw_canvas_set_ink(c, style->ink);
	pango_cairo_show_layout_line(c->cr, pango_layout_get_line_readonly(c->layout, 0));
	cairo_new_path(c->cr);
	c->missing += found.missing;
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
	return lay_out(c, text, style);
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
	found.whole = lay_out(c, text, style);
	found.widest = found.whole.width;
	if (found.widest <= width)
		return found;
	pango_layout_set_wrap(c->layout, split ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
	pango_layout_set_width(c->layout, (int)(fmax(width, 0) * PANGO_SCALE));
	PangoRectangle logical;
	pango_layout_get_extents(c->layout, NULL, &logical);
	found.widest = (double)logical.width / PANGO_SCALE;
	found.lines = 0;
	for (GSList *at = pango_layout_get_lines_readonly(c->layout); at != NULL; at = at->next) {
		const PangoLayoutLine *line = at->data;
		if (found.lines < max)
			ends[found.lines] = (size_t)(line->start_index + line->length);
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
	pw_text_size found = lay_out(c, text, style);
	show(c, found, style);
	cairo_restore(c->cr);
	return found;
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
	pw_text_size found = lay_out_in(c, text, style, along);
	pw_point at = anchor(along, across, style);
	cairo_translate(c->cr, at.x, at.y);
	show(c, found, style);
	cairo_restore(c->cr);
	return found;
}
