#include "labels/press.h"

#include <string.h>

#include "core/base/mem.h"
#include "labels/press_private.h"

#define MM         1000.0
#define FIRST_LOOK 1.0 /* mm: the canvas is as large as what is drawn on it */
#define MARGIN     3   /* dots around an item's ink */

/*
 * The dots of one element, as it was burnt last: what all labels of a run share (lines, boxes, the laboratory's
 * name, the day) is drawn once. Its bytes are bytes of the page.
 */
typedef struct tile {
	char *text;              /* of a text element; NULL: nothing was burnt yet, or no text */
	pw_area at;              /* the item's; no width: nothing was burnt yet */
	int x, y, width, height; /* in dots; none: nothing of it is on the page */
	size_t stride, room;
	uint8_t *bits;
} tile;

struct pw_press {
	const pw_label_template *template;
	int dpi;
	int width, height; /* of the page, in dots */
	pw_canvas *canvas;
	tile *tiles; /* one of each element */
};

pw_status pw_press_new(const pw_label_template *t, int dpi, pw_press **out, pw_err *err)
{
	if (dpi < PW_PRESS_MIN_DPI || dpi > PW_PRESS_MAX_DPI)
		return pw_fail(err, PW_ERR_ARG, "%d dpi: labels are made with %d to %d", dpi,
			       PW_PRESS_MIN_DPI, PW_PRESS_MAX_DPI);
	bool sheet = t->sheet.columns > 0;
	int width = pw_dots_of(sheet ? t->sheet.width : t->width, dpi);
	int height = pw_dots_of(sheet ? t->sheet.height : t->height, dpi);
	pw_raster whole = PW_RASTER_INIT;
	pw_status rc = pw_raster_init(&whole, width, height, dpi, err);
	pw_raster_clear(&whole);
	if (rc != PW_OK)
		return rc;
	pw_canvas_opts opts = {
		.format = PW_CANVAS_BITS, .width = FIRST_LOOK, .height = FIRST_LOOK, .dpi = dpi};
	pw_canvas *canvas = NULL;
	if ((rc = pw_canvas_new(&opts, &canvas, err)) != PW_OK)
		return rc;
	pw_press *press = pw_alloc(sizeof(*press));
	*press = (pw_press){t,      dpi,    width,
			    height, canvas, pw_alloc_array(t->element_count, sizeof(tile))};
	*out = press;
	return PW_OK;
}

void pw_press_free(pw_press *press)
{
	if (press == NULL)
		return;
	for (size_t i = 0; i < press->template->element_count; i++) {
		pw_free(press->tiles[i].text);
		pw_free(press->tiles[i].bits);
	}
	pw_free(press->tiles);
	pw_canvas_free(press->canvas);
	pw_free(press);
}

pw_status pw_press_layout(pw_press *press, const pw_label_values *labels, size_t count,
			  pw_label_layout **out, pw_err *err)
{
	return pw_label_layout_new(press->template, labels, count, press->dpi, press->canvas, out,
				   err);
}

static int within(int value, int most)
{
	return value < 0 ? 0 : value > most ? most : value;
}

/* The dots of the page that an item's ink may touch, in whole bytes: glyphs reach a little farther than fonts
 * say, and stand on whole dots. */
static void set_place(const pw_press *press, const pw_label_item *item, tile *t)
{
	pw_area ink = item->ink;
	int more = item->size / 4 + (int)pw_um_of(MARGIN, press->dpi);
	int left = within(pw_dots_of(ink.x - more, press->dpi), press->width) & ~7;
	int top = within(pw_dots_of(ink.y - more, press->dpi), press->height);
	int right = within(pw_dots_of(ink.x + ink.w + more, press->dpi), press->width);
	int bottom = within(pw_dots_of(ink.y + ink.h + more, press->dpi), press->height);
	t->x = left;
	t->y = top;
	t->width = right - left;
	t->height = bottom > top && right > left ? bottom - top : 0;
	t->stride = ((size_t)t->width + 7) / 8;
}

static bool is_burnt(const tile *t, const pw_label_item *item)
{
	return t->at.w == item->at.w && t->at.h == item->at.h && t->at.x == item->at.x &&
	       t->at.y == item->at.y && t->bits != NULL &&
	       (item->text == NULL || strcmp(item->text, t->text) == 0);
}

static pw_status burn_tile(pw_press *press, const pw_label_item *item, tile *t, pw_err *err)
{
	set_place(press, item, t);
	pw_free(t->text);
	t->text = item->text != NULL ? pw_strdup(item->text) : NULL;
	t->at = item->at;
	size_t n = t->stride * (size_t)t->height;
	if (n > t->room || t->bits == NULL) {
		pw_free(t->bits);
		t->bits = pw_alloc(n);
		t->room = n;
	}
	if (n == 0)
		return PW_OK;
	pw_status rc = pw_canvas_look_at(press->canvas, t->x, t->y, t->width, t->height, err);
	if (rc != PW_OK)
		return rc;
	pw_press_draw(press->canvas, item);
	pw_canvas_take(press->canvas, t->bits, t->stride);
	return PW_OK;
}

/* What is white in a tile shows what lies below it; black on red is black. */
static void lay_row(const tile *t, int y, bool red, pw_raster *raster)
{
	size_t to = (size_t)(t->y + y) * raster->stride + (size_t)t->x / 8;
	const uint8_t *from = t->bits + (size_t)y * t->stride;
	uint8_t *black = raster->bits + to, *reds = raster->red != NULL ? raster->red + to : NULL;
	for (size_t i = 0; i < t->stride; i++) {
		black[i] = (uint8_t)(black[i] | from[i]);
		if (reds != NULL)
			reds[i] = (uint8_t)(red ? reds[i] | from[i] : reds[i] & ~from[i]);
	}
}

/* Inverted letters are white whatever they stand on. */
static void wipe_area(const pw_label_item *item, pw_raster *raster)
{
	int left = pw_dots_of(item->at.x, raster->dpi), top = pw_dots_of(item->at.y, raster->dpi);
	int right = pw_dots_of(item->at.x + item->at.w, raster->dpi);
	int bottom = pw_dots_of(item->at.y + item->at.h, raster->dpi);
	pw_raster_wipe(raster, left, top, right - left, bottom - top);
}

static pw_status burn_item(pw_press *press, const pw_label_item *item, pw_raster *raster,
			   pw_err *err)
{
	tile *t = &press->tiles[item->element - press->template->elements];
	if (!is_burnt(t, item)) {
		pw_status rc = burn_tile(press, item, t, err);
		if (rc != PW_OK)
			return rc;
	}
	if (item->element->invert)
		wipe_area(item, raster);
	for (int y = 0; y < t->height; y++)
		lay_row(t, y, item->element->red, raster);
	return PW_OK;
}

static bool is_symbol(const pw_label_item *item)
{
	return item->element->kind == PW_ELEMENT_SYMBOL;
}

static void burn(void *to, pw_area dots)
{
	pw_raster_fill(to, dots.x, dots.y, dots.w, dots.h);
}

pw_status pw_press_burn(pw_press *press, const pw_label_layout *layout, pw_press_filter *wanted,
			pw_raster *out, pw_err *err)
{
	PW_BUG_IF(layout->template != press->template || layout->dpi != press->dpi);
	pw_raster raster = PW_RASTER_INIT;
	pw_status rc = pw_raster_init(&raster, press->width, press->height, press->dpi, err);
	if (rc == PW_OK && press->template->red)
		pw_raster_add_red(&raster);
	for (size_t i = 0; rc == PW_OK && i < layout->count; i++)
		if (!is_symbol(&layout->items[i]))
			rc = burn_item(press, &layout->items[i], &raster, err);
	if (rc != PW_OK) {
		pw_raster_clear(&raster);
		return rc;
	}
	for (size_t i = 0; i < layout->count; i++)
		if (is_symbol(&layout->items[i]) && (wanted == NULL || wanted(&layout->items[i])))
			pw_press_each_run(&layout->items[i], burn, &raster);
	*out = raster;
	return PW_OK;
}

pw_status pw_press_raster(pw_press *press, const pw_label_layout *layout, pw_raster *out,
			  pw_err *err)
{
	return pw_press_burn(press, layout, NULL, out, err);
}
