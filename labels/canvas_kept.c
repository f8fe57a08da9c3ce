#include "labels/canvas.h"

#include <string.h>

#include "core/base/mem.h"
#include "labels/canvas_private.h"

/* Capitals are 0.714 (Noto Sans) to 0.733 (Noto Sans CJK) of the size that fonts are asked for. */
#define CAPITALS 0.72

/* Glyphs stay where they are in millimetres, so that a line is as wide on a screen as on paper. */
static void set_fonts(PangoContext *context)
{
	cairo_font_options_t *fonts = cairo_font_options_create();
	cairo_font_options_set_antialias(fonts, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(fonts, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(fonts, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, fonts);
	cairo_font_options_destroy(fonts);
	pango_context_set_round_glyph_positions(context, FALSE);
}

/* A context knows how the page is turned, and a line that is told of another turn finds its fonts anew. The
 * font map is the canvas's own: nothing is kept from one picture to the next, nor left behind. */
static PangoContext *context_of(pw_canvas *c, int turn)
{
	PangoContext **context = &c->contexts[turn];
	if (*context != NULL)
		return *context;
	if (c->fonts == NULL)
		c->fonts = pango_cairo_font_map_new();
	*context = pango_font_map_create_context(c->fonts);
	pango_cairo_update_context(c->cr, *context);
	set_fonts(*context);
	pango_context_set_language(*context, c->language);
	pango_context_set_base_dir(*context, PANGO_DIRECTION_LTR);
	return *context;
}

static void set_text(PangoLayout *layout, const char *text)
{
	if (g_utf8_validate(text, -1, NULL)) {
		pango_layout_set_text(layout, text, -1);
		return;
	}
	char *valid = g_utf8_make_valid(text, -1);
	pango_layout_set_text(layout, valid, -1);
	g_free(valid);
}

static void set_font(const pw_kept_line *line)
{
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, line->families);
	pango_font_description_set_weight(font,
					  line->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, line->size / CAPITALS * PANGO_SCALE);
	pango_layout_set_font_description(line->layout, font);
	pango_font_description_free(font);
}

static void clear_line(pw_kept_line *line)
{
	if (line->layout != NULL)
		g_object_unref(line->layout);
	pw_free(line->text);
	pw_free(line->families);
	*line = (pw_kept_line){0};
}

static bool is_line(const pw_kept_line *line, const pw_kept_line *wanted)
{
	return line->layout != NULL && line->size == wanted->size && line->bold == wanted->bold &&
	       line->turn == wanted->turn && strcmp(line->text, wanted->text) == 0 &&
	       strcmp(line->families, wanted->families) == 0;
}

/* The line, or else the place of the one that was not asked for the longest. */
static pw_kept_line *find(pw_canvas *c, const pw_kept_line *wanted)
{
	pw_kept_line *oldest = &c->lines[0];
	for (int i = 0; i < PW_KEPT_LINES; i++) {
		if (is_line(&c->lines[i], wanted))
			return &c->lines[i];
		if (c->lines[i].used < oldest->used)
			oldest = &c->lines[i];
	}
	clear_line(oldest);
	return oldest;
}

PangoLayout *pw_kept_line_of(pw_canvas *c, const char *text, const pw_text_style *style,
			     double size, int turn)
{
	const char *families = style->families != NULL ? style->families : PW_TEXT_FAMILIES;
	pw_kept_line wanted = {NULL, (char *)text, (char *)families, size, style->bold, turn & 3,
			       0};
	pw_kept_line *line = find(c, &wanted);
	if (line->layout == NULL) {
		*line = wanted;
		line->text = pw_strdup(text);
		line->families = pw_strdup(families);
		line->layout = pango_layout_new(context_of(c, line->turn));
		pango_layout_set_single_paragraph_mode(line->layout, TRUE);
		set_font(line);
		set_text(line->layout, text);
	}
	line->used = ++c->clock;
	pango_layout_set_width(line->layout, -1);
	pango_layout_set_ellipsize(line->layout, PANGO_ELLIPSIZE_NONE);
	return line->layout;
}

void pw_kept_drop(pw_canvas *c)
{
	for (int i = 0; i < PW_KEPT_LINES; i++)
		clear_line(&c->lines[i]);
	for (int i = 0; i < 4; i++) {
		if (c->contexts[i] != NULL)
			g_object_unref(c->contexts[i]);
		c->contexts[i] = NULL;
	}
	if (c->fonts != NULL)
		g_object_unref(c->fonts);
	c->fonts = NULL;
}
