#include "core/base/mem.h"
#include "labels/layout_private.h"
#include "labels/press.h"
#include "labels/press_private.h"

#define MM   1000.0
#define DASH 1.0 /* mm */
#define RED  PW_INK_COLOUR(0, 0xD00000u)

static pw_box box_of(pw_area a)
{
	return (pw_box){a.x / MM, a.y / MM, a.w / MM, a.h / MM};
}

/* Red shows on a canvas that has colours. */
static pw_ink ink_of(const pw_element *e)
{
	return e->red ? RED : PW_INK_BLACK;
}

static void draw_text(pw_canvas *canvas, const pw_label_item *item)
{
	const pw_element *e = item->element;
	pw_text_style style = {
		.size = item->size / MM,
		.align = e->align,
		.valign = PW_ALIGN_MIDDLE,
		.turn = e->turn,
		.bold = e->bold,
		.ink = e->invert ? PW_INK_WHITE : ink_of(e),
	};
	if (e->invert)
		pw_canvas_rect(canvas, box_of(item->at),
			       &(pw_shape){.fill = PW_FILL_SOLID, .fill_ink = ink_of(e)});
	for (size_t i = 0; i < item->line_count; i++) {
		style.cut = item->lines[i].cut ? e->cut : PW_CUT_NONE;
		pw_canvas_text_in(canvas, box_of(item->lines[i].box), item->lines[i].text, &style);
	}
}

static void draw_line(pw_canvas *canvas, const pw_label_item *item)
{
	pw_shape shape = {.stroke = item->element->width / MM,
			  .stroke_ink = ink_of(item->element),
			  .dash = item->element->dash ? DASH : 0};
	pw_point from = {item->at.x / MM, item->at.y / MM};
	pw_canvas_line(canvas, from, (pw_point){from.x + item->at.w / MM, from.y + item->at.h / MM},
		       &shape);
}

static void draw_box(pw_canvas *canvas, const pw_label_item *item)
{
	pw_shape shape = {.stroke = item->element->width / MM,
			  .stroke_ink = ink_of(item->element),
			  .fill = item->element->fill ? PW_FILL_SOLID : PW_FILL_NONE,
			  .fill_ink = ink_of(item->element)};
	pw_canvas_round_rect(canvas, box_of(item->at), item->element->radius / MM, &shape);
}

void pw_press_draw(pw_canvas *canvas, const pw_label_item *item)
{
	switch (item->element->kind) {
	case PW_ELEMENT_TEXT:
		draw_text(canvas, item);
		break;
	case PW_ELEMENT_LINE:
		draw_line(canvas, item);
		break;
	case PW_ELEMENT_BOX:
		draw_box(canvas, item);
		break;
	case PW_ELEMENT_SYMBOL:
		break;
	}
}

void pw_press_each_run(const pw_label_item *item, pw_press_run *draw, void *to)
{
	const pw_symbol *s = &item->symbol;
	pw_area whole = {item->x, item->y, item->width, item->height};
	bool sideways = (item->element->turn & 1) != 0;
	int depth =
		pw_symbol_is_bars(s->kind) ? (sideways ? item->width : item->height) : item->dots;
	for (int row = 0; row < s->rows; row++) {
		for (int column = 0; column < s->columns; column++) {
			int from = column;
			while (column < s->columns && pw_symbol_dark(s, column, row))
				column++;
			if (column == from)
				continue;
			pw_area local = {from * item->dots, row * item->dots,
					 (column - from) * item->dots, depth};
			draw(to, pw_label_turned(whole, local, item->element->turn));
		}
	}
}

/* The rectangles of one symbol, in millimetres. */
typedef struct rects {
	pw_box *ptr;
	size_t len;
	int dpi;
} rects;

static void collect(void *to, pw_area dots)
{
	rects *all = to;
	double mm = pw_um_of(1, all->dpi) / MM;
	all->ptr[all->len++] = (pw_box){dots.x * mm, dots.y * mm, dots.w * mm, dots.h * mm};
}

static void draw_symbol(pw_canvas *canvas, const pw_label_item *item, int dpi)
{
	size_t most = (size_t)item->symbol.rows * ((size_t)item->symbol.columns / 2 + 1);
	rects all = {pw_alloc_array(most, sizeof(pw_box)), 0, dpi};
	pw_press_each_run(item, collect, &all);
	pw_canvas_rects(canvas, all.ptr, all.len, &(pw_shape){.fill = PW_FILL_SOLID});
	pw_free(all.ptr);
}

static void draw_page(pw_canvas *canvas, const pw_label_layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->items[i].element->kind == PW_ELEMENT_SYMBOL)
			draw_symbol(canvas, &layout->items[i], layout->dpi);
		else
			pw_press_draw(canvas, &layout->items[i]);
	}
}

pw_status pw_press_picture(const pw_label_layout *const *layouts, size_t count,
			   pw_canvas_format format, pw_str *out, pw_err *err)
{
	PW_BUG_IF(count == 0);
	const pw_label_layout *first = layouts[0];
	if (format != PW_CANVAS_SVG && format != PW_CANVAS_PDF)
		return pw_fail(err, PW_ERR_ARG, "a label's picture is svg or pdf, not %s",
			       pw_canvas_format_name(format));
	pw_canvas_opts opts = {
		.format = format,
		.width = first->width / MM,
		.height = first->height / MM,
		.colour = first->template->red,
		.title = first->template->title,
	};
	pw_canvas *canvas = NULL;
	pw_status rc = pw_canvas_new(&opts, &canvas, err);
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		if (i > 0)
			rc = pw_canvas_page(canvas, layouts[i]->width / MM, layouts[i]->height / MM,
					    err);
		if (rc == PW_OK)
			draw_page(canvas, layouts[i]);
	}
	if (rc == PW_OK)
		rc = pw_canvas_finish(canvas, out, err);
	pw_canvas_free(canvas);
	return rc;
}
