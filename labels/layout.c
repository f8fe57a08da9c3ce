#include "labels/layout.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "labels/layout_private.h"

pw_area pw_label_turned(pw_area at, pw_area local, int turn)
{
	switch (turn & 3) {
	case 1:
		return (pw_area){at.x + at.w - local.y - local.h, at.y + local.x, local.h, local.w};
	case 2:
		return (pw_area){at.x + at.w - local.x - local.w, at.y + at.h - local.y - local.h,
				 local.w, local.h};
	case 3:
		return (pw_area){at.x + local.y, at.y + at.h - local.x - local.w, local.h, local.w};
	default:
		return (pw_area){at.x + local.x, at.y + local.y, local.w, local.h};
	}
}

pw_area pw_label_layout_place(const pw_label_layout *layout, int label)
{
	const pw_label_template *t = layout->template;
	if (t->sheet.columns == 0)
		return (pw_area){0, 0, t->width, t->height};
	return (pw_area){t->sheet.left + label % t->sheet.columns * t->sheet.across,
			 t->sheet.top + label / t->sheet.columns * t->sheet.down, t->width,
			 t->height};
}

static pw_area line_ink(pw_area at, int width)
{
	pw_area ink = at;
	if (ink.w < 0) {
		ink.x += ink.w;
		ink.w = -ink.w;
	}
	if (ink.h < 0) {
		ink.y += ink.h;
		ink.h = -ink.h;
	}
	return (pw_area){ink.x - width / 2, ink.y - width / 2, ink.w + width, ink.h + width};
}

static pw_status place(pw_label_layout *layout, pw_label_item *item, pw_canvas *canvas, pw_err *err)
{
	switch (item->element->kind) {
	case PW_ELEMENT_TEXT:
		pw_label_fit_text(layout, item, canvas);
		return PW_OK;
	case PW_ELEMENT_SYMBOL:
		return pw_label_place_symbol(layout, item, err);
	case PW_ELEMENT_LINE:
	case PW_ELEMENT_BOX:
		item->ink = line_ink(item->at, item->element->width);
		return PW_OK;
	}
	return PW_OK;
}

/* The element on one label, unless its fields are empty. */
static pw_status add_element(pw_label_layout *layout, const pw_element *element,
			     const pw_label_values *values, int label, pw_canvas *canvas,
			     pw_err *err)
{
	pw_label_item *item = &layout->items[layout->count];
	pw_area corner = pw_label_layout_place(layout, label);
	*item = (pw_label_item){.element = element, .label = label, .at = element->at};
	item->at.x += corner.x;
	item->at.y += corner.y;
	if (element->text != NULL) {
		bool empty = false;
		pw_str text = PW_STR_INIT;
		pw_status rc =
			pw_label_fill(layout->template, values, element->text, &text, &empty, err);
		item->text = pw_arena_strdup(&layout->arena, pw_str_text(&text));
		pw_str_clear(&text);
		if (rc != PW_OK || empty)
			return rc;
	}
	pw_status rc = place(layout, item, canvas, err);
	if (rc == PW_OK)
		layout->count++;
	return rc;
}

static pw_status add_label(pw_label_layout *layout, const pw_label_values *values, int label,
			   pw_canvas *canvas, pw_err *err)
{
	const pw_label_template *t = layout->template;
	pw_status rc = pw_label_values_check(t, values, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < t->element_count; i++) {
		const pw_element *element = &t->elements[i];
		rc = add_element(layout, element, values, label, canvas, err);
		if (rc != PW_OK)
			return pw_fail_ctx(err, rc, "%s:%d:%d", t->file, element->line,
					   element->column);
	}
	return PW_OK;
}

static pw_label_layout *begin(const pw_label_template *t, size_t count, int dpi)
{
	pw_label_layout *layout = pw_alloc(sizeof(*layout));
	bool sheet = t->sheet.columns > 0;
	layout->template = t;
	layout->dpi = dpi;
	layout->width = sheet ? t->sheet.width : t->width;
	layout->height = sheet ? t->sheet.height : t->height;
	layout->labels = (int)count;
	layout->items =
		pw_arena_array(&layout->arena, count * t->element_count, sizeof(*layout->items));
	return layout;
}

pw_status pw_label_layout_new(const pw_label_template *t, const pw_label_values *labels,
			      size_t count, int dpi, pw_canvas *canvas, pw_label_layout **out,
			      pw_err *err)
{
	int room = pw_label_template_room(t);
	PW_BUG_IF(count == 0 || dpi < 1);
	if (count > (size_t)room)
		return pw_fail(err, PW_ERR_LIMIT, "%zu labels, and label '%s' has room for %d",
			       count, t->name, room);
	pw_label_layout *layout = begin(t, count, dpi);
	pw_status rc = PW_OK;
	for (size_t i = 0; rc == PW_OK && i < count; i++) {
		rc = add_label(layout, &labels[i], (int)i, canvas, err);
		if (rc != PW_OK && count > 1)
			rc = pw_fail_ctx(err, rc, "label %zu", i + 1);
	}
	if (rc != PW_OK) {
		pw_label_layout_free(layout);
		return rc;
	}
	*out = layout;
	return PW_OK;
}

void pw_label_layout_free(pw_label_layout *layout)
{
	if (layout == NULL)
		return;
	pw_arena_clear(&layout->arena);
	pw_free(layout);
}
