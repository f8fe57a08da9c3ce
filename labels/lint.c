#include "labels/lint.h"

#include <ctype.h>
#include <string.h>

#include "labels/raster.h"

#define MM       1000.0
#define SLACK    60 /* µm: less than a dot of any printer's */
#define MIN_TAIL 4  /* characters of a code that are enough to find it by */

/* What one finding is about. */
typedef struct linter {
	const pw_label_layout *layout;
	const pw_label_item *item;
	pw_report *report;
} linter;

#define FIND(l, severity, code, ...)                                             \
	pw_report_add((l)->report, (severity), (code), (l)->item->element->line, \
		      (l)->item->element->column, __VA_ARGS__)

static double module_um(const linter *l)
{
	return pw_um_of(l->item->dots, l->layout->dpi);
}

static void check_density(const linter *l)
{
	const pw_element *e = l->item->element;
	const char *name = pw_symbol_name(e->symbol);
	if (!l->item->fits)
		FIND(l, PW_ERROR, "no-room",
		     "%s of '%s' has %d × %d modules with its quiet zone, which have no room in "
		     "%g × %g mm at %d dpi: make its area larger",
		     name, l->item->text, l->item->symbol.columns + 2 * e->quiet,
		     l->item->symbol.rows + (pw_symbol_is_bars(e->symbol) ? 0 : 2 * e->quiet),
		     l->item->at.w / MM, l->item->at.h / MM, l->layout->dpi);
	else if (l->item->dots < PW_LINT_MIN_MODULE)
		FIND(l, PW_ERROR, "dense",
		     "%s of '%s' has modules of one dot at %d dpi, which no printer can place: "
		     "make its area larger or the text shorter",
		     name, l->item->text, l->layout->dpi);
	else if (module_um(l) < e->min_module - 1)
		FIND(l, PW_ERROR, "dense",
		     "%s of '%s' has modules of %.3f mm at %d dpi, narrower than %.3f mm: make its "
		     "area larger or the text shorter",
		     name, l->item->text, module_um(l) / MM, l->layout->dpi, e->min_module / MM);
}

static bool meet(pw_area a, pw_area b)
{
	return a.x + a.w > b.x + SLACK && b.x + b.w > a.x + SLACK && a.y + a.h > b.y + SLACK &&
	       b.y + b.h > a.y + SLACK;
}

/* An unfilled box is its four edges. */
static bool item_meets(const pw_label_item *item, pw_area area)
{
	pw_area ink = item->ink;
	const pw_element *e = item->element;
	if (!meet(ink, area))
		return false;
	if (e->kind != PW_ELEMENT_BOX || e->fill)
		return true;
	pw_area within = {ink.x + e->width, ink.y + e->width, ink.w - 2 * e->width,
			  ink.h - 2 * e->width};
	return area.x < within.x || area.y < within.y || area.x + area.w > within.x + within.w ||
	       area.y + area.h > within.y + within.h;
}

static void check_quiet(const linter *l)
{
	const pw_element *e = l->item->element;
	int wanted = pw_symbol_quiet(e->symbol);
	if (e->quiet < wanted)
		FIND(l, PW_ERROR, "quiet-zone",
		     "%s needs a quiet zone of %d modules, not of %d: leave 'quiet' away",
		     pw_symbol_name(e->symbol), wanted, e->quiet);
	for (size_t i = 0; i < l->layout->count; i++) {
		const pw_label_item *other = &l->layout->items[i];
		if (other == l->item || !item_meets(other, l->item->clear))
			continue;
		FIND(l, PW_ERROR, "quiet-zone",
		     "what stands on line %d reaches into the symbol or its quiet zone: move one of "
		     "them",
		     other->element->line);
	}
}

/* Whether an area lies within a label, which may be an ellipse. */
static bool lies_in(pw_area a, pw_area label, bool ellipse)
{
	if (a.x < label.x - SLACK || a.y < label.y - SLACK ||
	    a.x + a.w > label.x + label.w + SLACK || a.y + a.h > label.y + label.h + SLACK)
		return false;
	for (int corner = 0; ellipse && corner < 4; corner++) {
		double x = (a.x + (corner & 1 ? a.w : 0) - label.x) * 2.0 / label.w - 1;
		double y = (a.y + (corner & 2 ? a.h : 0) - label.y) * 2.0 / label.h - 1;
		if (x * x + y * y > 1.001)
			return false;
	}
	return true;
}

static void check_edges(const linter *l)
{
	bool symbol = l->item->element->kind == PW_ELEMENT_SYMBOL;
	pw_area label = pw_label_layout_place(l->layout, l->item->label);
	if (!lies_in(symbol ? l->item->clear : l->item->ink, label, l->layout->template->round))
		FIND(l, PW_ERROR, "outside",
		     "%s reaches over the edge of the label of %g × %g mm%s",
		     symbol ? "the symbol or its quiet zone" : "this", label.w / MM, label.h / MM,
		     l->layout->template->round ? ", which is round" : "");
}

static void check_text(const linter *l)
{
	const pw_label_item *item = l->item;
	const pw_element *e = item->element;
	bool cut = false;
	for (size_t i = 0; i < item->line_count; i++)
		cut = cut || item->lines[i].cut;
	if (item->over)
		FIND(l, PW_ERROR, "text-fit",
		     "'%s' does not fit into %g × %g mm with capitals of %g mm: make its area "
		     "larger, 'min_size' smaller, or give it 'lines' or 'cut'",
		     item->text, item->at.w / MM, item->at.h / MM, item->size / MM);
	if (cut)
		FIND(l, PW_WARNING, "text-cut", "'%s' is shortened to fit into %g × %g mm",
		     item->text, item->at.w / MM, item->at.h / MM);
	if (item->missing > 0)
		FIND(l, PW_ERROR, "unprintable",
		     "%zu of the characters of '%s' are in no installed font: install one that has "
		     "them",
		     item->missing, item->text);
	if (pw_dots_of(item->size, l->layout->dpi) < PW_LINT_MIN_DOTS)
		FIND(l, PW_WARNING, "text-small",
		     "'%s' has capitals of %g mm, which are %d dots at %d dpi and hard to read: make "
		     "its area larger%s",
		     item->text, item->size / MM, pw_dots_of(item->size, l->layout->dpi),
		     l->layout->dpi, e->lines > 1 ? ", or take fewer lines" : "");
}

static bool counts(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c > 0x7F;
}

/* Compares from behind, by letters and digits alone: what people put between them is for people. Whether the text
 * is an end of the data that is long enough, or all of it. */
static bool says_end_of(const char *text, const char *data)
{
	size_t t = strlen(text), d = strlen(data), same = 0;
	for (;;) {
		while (t > 0 && !counts(text[t - 1]))
			t--;
		while (d > 0 && !counts(data[d - 1]))
			d--;
		if (t == 0 || d == 0)
			return t == 0 && (d == 0 || same >= MIN_TAIL);
		if (text[t - 1] != data[d - 1])
			return false;
		t--;
		d--;
		same++;
	}
}

/* A text that was cut says nothing. */
static bool is_said_by(const pw_label_item *text, const pw_label_item *symbol)
{
	if (text->element->kind != PW_ELEMENT_TEXT || text->label != symbol->label)
		return false;
	for (size_t i = 0; i < text->line_count; i++)
		if (text->lines[i].cut)
			return false;
	return says_end_of(text->text, symbol->text);
}

static void check_read(const linter *l)
{
	for (size_t i = 0; i < l->layout->count; i++)
		if (is_said_by(&l->layout->items[i], l->item))
			return;
	FIND(l, PW_ERROR, "unread",
	     "a person can't read what the scanner does: add the text '%s' or its last four "
	     "characters ({…:last4})",
	     l->item->text);
}

void pw_label_lint(const pw_label_layout *layout, pw_report *report)
{
	for (size_t i = 0; i < layout->count; i++) {
		linter l = {layout, &layout->items[i], report};
		check_edges(&l);
		if (l.item->element->kind == PW_ELEMENT_TEXT)
			check_text(&l);
		if (l.item->element->kind != PW_ELEMENT_SYMBOL)
			continue;
		check_density(&l);
		check_quiet(&l);
		check_read(&l);
	}
}
