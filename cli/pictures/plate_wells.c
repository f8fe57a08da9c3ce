#include "cli/pictures/plate_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STRIP       5.5 /* beside the plate, for row letters and column numbers */
#define NOTCH       5.0
#define LEGEND_STEP 6.2
#define LEGEND_COLS 6
#define TAIL        4 /* characters of a label in a small cell */

struct cell {
	pw_box box;
	pw_point ring; /* where the sign is */
	double r;
	pw_box lines, label, sub;
};

/* A plate that was judged tells all four calls, also those that no well has. */
static bool in_legend(const pw_plate_sheet *s, int sign)
{
	size_t called = 0;
	for (int call = PW_SIGN_POSITIVE; call <= PW_SIGN_NEGATIVE; call++)
		called += s->count[call];
	return s->count[sign] > 0 || (sign <= PW_SIGN_NEGATIVE && called > 0);
}

static int legend_items(const pw_plate_sheet *s)
{
	int n = 0;
	for (int sign = 0; sign < PW_SIGN_COUNT; sign++)
		n += in_legend(s, sign);
	return n + (s->held > 0) + s->p->has_next;
}

static double legend_height(const pw_plate_sheet *s)
{
	if (!s->p->legend)
		return 0;
	int rows = (legend_items(s) + LEGEND_COLS - 1) / LEGEND_COLS;
	return rows * LEGEND_STEP + (s->small ? 4.0 : 0) + 2.0;
}

/* The outline of the plate: between the strips, above the legend. */
static pw_box plate_box(const pw_plate_sheet *s)
{
	double left = PW_SHEET_MARGIN + STRIP, top = s->top + STRIP;
	return (pw_box){left, top, s->width - 2 * left, s->bottom - legend_height(s) - STRIP - top};
}

static struct cell cell_at(const pw_plate_sheet *s, pw_well well)
{
	pw_box plate = plate_box(s);
	double w = plate.w / s->p->format.cols, h = plate.h / s->p->format.rows;
	struct cell cell = {.box = {plate.x + well.col * w, plate.y + well.row * h, w, h}};
	double pad = s->small ? 0.6 : 1.0, x = cell.box.x + pad, y = cell.box.y + pad;
	double inner = w - 2 * pad;
	double label = s->small ? 2.4 : 3.0, sub = s->small ? 0 : 2.6;
	cell.r = fmin((h - 2 * pad - label - sub - 0.6) / 2,
		      w * (s->lined && !s->small ? 0.19 : 0.3));
	bool beside = s->lined && !s->small;
	cell.ring = (pw_point){beside ? x + cell.r : cell.box.x + w / 2, y + cell.r};
	double right = x + 2 * cell.r + 1.0;
	cell.lines = (pw_box){right, y, cell.box.x + w - pad - right, 2 * cell.r};
	cell.label = (pw_box){x, cell.box.y + h - pad - sub - label, inner, label};
	cell.sub = (pw_box){x, cell.box.y + h - pad - sub, inner, sub};
	return cell;
}

/* The last TAIL characters of UTF-8 text; all of it when it has no more. */
static const char *tail(const char *text)
{
	const char *end = text + strlen(text);
	for (int n = 0; end > text && n < TAIL; n++)
		do
			end--;
		while (end > text && ((unsigned char)*end & 0xC0) == 0x80);
	return end;
}

static pw_text_style label_style(const pw_plate_sheet *s)
{
	return (pw_text_style){
		.size = s->small ? 1.5 : 1.9,
		.min_size = s->small ? 1.1 : 1.25,
		.cut = PW_CUT_MIDDLE,
		.align = PW_ALIGN_CENTRE,
		.valign = PW_ALIGN_MIDDLE,
		.bold = true,
	};
}

static pw_text_style sub_style(void)
{
	return (pw_text_style){
		.size = 1.6,
		.min_size = 1.1,
		.cut = PW_CUT_END,
		.align = PW_ALIGN_CENTRE,
		.valign = PW_ALIGN_MIDDLE,
	};
}

static pw_text_style line_style(void)
{
	return (pw_text_style){
		.size = 1.6, .min_size = 1.1, .cut = PW_CUT_MIDDLE, .valign = PW_ALIGN_MIDDLE};
}

/* Whether `text` (or NULL) would be cut in a box this wide, even at its smallest. */
static bool is_cut(const pw_plate_sheet *s, const char *text, pw_text_style style, double width)
{
	style.size = style.min_size;
	return text != NULL && pw_canvas_text_size(s->c, text, &style).width > width;
}

bool pw_plate_texts_cut(const pw_plate_sheet *s)
{
	for (size_t i = 0; i < s->p->well_count; i++) {
		const pw_picture_well *w = &s->p->wells[i];
		if (w->state == PW_PICTURE_EMPTY)
			continue;
		struct cell cell = cell_at(s, w->well);
		if (is_cut(s, w->label, label_style(s), cell.label.w) ||
		    is_cut(s, w->sub_label, sub_style(), cell.sub.w))
			return true;
		for (int j = 0; j < PW_PICTURE_LINES && w->lines[j] != NULL; j++)
			if (is_cut(s, w->lines[j], line_style(), cell.lines.w))
				return true;
	}
	return false;
}

static void draw_lines(const pw_plate_sheet *s, const struct cell *cell, const pw_picture_well *w)
{
	int n = 0;
	while (n < PW_PICTURE_LINES && w->lines[n] != NULL)
		n++;
	pw_text_style style = line_style();
	double step = n > 0 ? fmin(2.7, cell->lines.h / n) : 0;
	double y = cell->lines.y + (cell->lines.h - n * step) / 2;
	for (int i = 0; i < n; i++)
		pw_canvas_text_in(s->c, (pw_box){cell->lines.x, y + i * step, cell->lines.w, step},
				  w->lines[i], &style);
}

static void draw_texts(const pw_plate_sheet *s, const struct cell *cell, const pw_picture_well *w)
{
	pw_text_style label = label_style(s), sub = sub_style();
	if (w->label != NULL)
		pw_canvas_text_in(s->c, cell->label, s->small ? tail(w->label) : w->label, &label);
	if (s->small)
		return;
	if (w->sub_label != NULL)
		pw_canvas_text_in(s->c, cell->sub, w->sub_label, &sub);
	draw_lines(s, cell, w);
}

static void draw_next(const pw_plate_sheet *s, const struct cell *cell)
{
	pw_shape corner = {.stroke = 0.7};
	double in = 0.6, arm = fmin(cell->box.w, cell->box.h) * 0.22;
	for (int i = 0; i < 4; i++) {
		double x = cell->box.x + (i % 2 == 0 ? in : cell->box.w - in);
		double y = cell->box.y + (i < 2 ? in : cell->box.h - in);
		double dx = i % 2 == 0 ? arm : -arm, dy = i < 2 ? arm : -arm;
		pw_canvas_path(s->c, (pw_point[]){{x + dx, y}, {x, y}, {x, y + dy}}, 3, false,
			       &corner);
	}
}

/* A well without text: its sign is in the middle of the cell. */
static void draw_bare(const pw_plate_sheet *s, const struct cell *cell, pw_plate_sign sign,
		      bool next)
{
	pw_point middle = {cell->box.x + cell->box.w / 2, cell->box.y + cell->box.h / 2};
	if (next)
		pw_plate_next_draw(s->c, middle, cell->r);
	else
		pw_plate_sign_draw(s->c, sign, middle, cell->r, false);
}

static void draw_well(const pw_plate_sheet *s, pw_well well)
{
	struct cell cell = cell_at(s, well);
	const pw_picture_well *w = s->at[pw_well_index(well, s->p->format, PW_BY_ROW)];
	pw_plate_sign sign = pw_plate_sign_of(w);
	bool next = s->p->has_next && pw_well_eq(well, s->p->next);
	if (next)
		draw_next(s, &cell);
	if (w == NULL || (w->state == PW_PICTURE_FREE && w->label == NULL)) {
		draw_bare(s, &cell, sign, next);
		return;
	}
	pw_plate_sign_draw(s->c, sign, cell.ring, cell.r, w->held);
	draw_texts(s, &cell, w);
}

static void draw_grid(const pw_plate_sheet *s, pw_box plate)
{
	pw_shape faint = {.stroke = 0.1, .stroke_ink = PW_INK_FAINT};
	int rows = s->p->format.rows, cols = s->p->format.cols;
	for (int i = 1; i < rows; i++) {
		double y = plate.y + i * plate.h / rows;
		pw_canvas_line(s->c, (pw_point){plate.x, y}, (pw_point){plate.x + plate.w, y},
			       &faint);
	}
	for (int i = 1; i < cols; i++) {
		double x = plate.x + i * plate.w / cols;
		pw_canvas_line(s->c, (pw_point){x, plate.y}, (pw_point){x, plate.y + plate.h},
			       &faint);
	}
}

/* The edge of the plate, a little outside of the wells, with the corner at A1 cut off. */
static void draw_edge(const pw_plate_sheet *s, pw_box plate)
{
	double left = plate.x - STRIP, top = plate.y - STRIP;
	double right = plate.x + plate.w + STRIP, bottom = plate.y + plate.h + STRIP;
	pw_shape edge = {.stroke = 0.5}, black = {.fill = PW_FILL_SOLID};
	pw_point outline[] = {{left + NOTCH, top},
			      {right, top},
			      {right, bottom},
			      {left, bottom},
			      {left, top + NOTCH}};
	pw_point corner[] = {{left + NOTCH, top}, {left, top + NOTCH}, {left + NOTCH, top + NOTCH}};
	pw_canvas_path(s->c, outline, 5, true, &edge);
	pw_canvas_path(s->c, corner, 3, true, &black);
	pw_canvas_rect(s->c, plate, &(pw_shape){.stroke = 0.2});
}

/* Row letters and column numbers on both sides. */
static void draw_names(const pw_plate_sheet *s, pw_box plate)
{
	pw_text_style style = {
		.size = 2.4, .align = PW_ALIGN_CENTRE, .valign = PW_ALIGN_MIDDLE, .bold = true};
	int rows = s->p->format.rows, cols = s->p->format.cols;
	for (int i = 0; i < rows; i++) {
		char name[2] = {(char)('A' + i), '\0'};
		double y = plate.y + (i + 0.5) * plate.h / rows;
		pw_canvas_text(s->c, (pw_point){plate.x - STRIP / 2, y}, name, &style);
		pw_canvas_text(s->c, (pw_point){plate.x + plate.w + STRIP / 2, y}, name, &style);
	}
	for (int i = 0; i < cols; i++) {
		char name[12];
		snprintf(name, sizeof(name), "%d", i + 1);
		double x = plate.x + (i + 0.5) * plate.w / cols;
		pw_canvas_text(s->c, (pw_point){x, plate.y - STRIP / 2}, name, &style);
		pw_canvas_text(s->c, (pw_point){x, plate.y + plate.h + STRIP / 2}, name, &style);
	}
}

static double legend_step(const pw_plate_sheet *s)
{
	return (s->width - 2 * PW_SHEET_MARGIN) / LEGEND_COLS;
}

/* The text beside a sign of the legend; `at` is the sign's middle. */
static void legend_text(const pw_plate_sheet *s, pw_point at, const char *word, size_t wells)
{
	char text[64];
	snprintf(text, sizeof(text), "%s: %zu %s", word, wells, wells == 1 ? "well" : "wells");
	pw_text_style style = {.size = 2.0, .min_size = 1.4, .valign = PW_ALIGN_MIDDLE};
	pw_box box = {at.x + 4, at.y - LEGEND_STEP / 2, legend_step(s) - 8, LEGEND_STEP};
	pw_canvas_text_in(s->c, box, text, &style);
}

static pw_point legend_place(const pw_plate_sheet *s, int item)
{
	double top = s->bottom - legend_height(s) + 2.0;
	int row = item / LEGEND_COLS;
	return (pw_point){PW_SHEET_MARGIN + 3 + item % LEGEND_COLS * legend_step(s),
			  top + (row + 0.5) * LEGEND_STEP};
}

static void draw_legend(const pw_plate_sheet *s)
{
	const double r = 2.3;
	int item = 0;
	for (int sign = 0; sign < PW_SIGN_COUNT; sign++) {
		if (!in_legend(s, sign))
			continue;
		pw_point at = legend_place(s, item++);
		pw_plate_sign_draw(s->c, (pw_plate_sign)sign, at, r, false);
		legend_text(s, at, pw_plate_sign_word((pw_plate_sign)sign), s->count[sign]);
	}
	if (s->held > 0) {
		pw_point at = legend_place(s, item++);
		pw_plate_sign_draw(s->c, PW_SIGN_UNJUDGED, at, r, true);
		legend_text(s, at, "held, among these", s->held);
	}
	if (s->p->has_next) {
		pw_point at = legend_place(s, item++);
		pw_plate_next_draw(s->c, at, r);
		legend_text(s, at, "next to fill", 1);
	}
	if (s->small) {
		pw_text_style style = {.size = 1.6, .valign = PW_ALIGN_BASELINE};
		pw_canvas_text(s->c, (pw_point){PW_SHEET_MARGIN, s->bottom - 1},
			       "Labels are the last 4 characters; the table gives them in full.",
			       &style);
	}
}

void pw_plate_wells_draw(const pw_plate_sheet *s)
{
	pw_box plate = plate_box(s);
	draw_edge(s, plate);
	draw_grid(s, plate);
	draw_names(s, plate);
	for (int i = 0; i < pw_plate_wells(s->p->format); i++)
		draw_well(s, pw_well_at(i, s->p->format, PW_BY_ROW));
	if (s->p->legend)
		draw_legend(s);
}
