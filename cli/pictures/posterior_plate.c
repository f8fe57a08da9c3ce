#include <math.h>
#include <stdio.h>

#include "cli/pictures/posterior_private.h"

#define STRIP       5.0  /* for row letters and column numbers */
#define EDGE_WIDTH  15.5 /* of a pool at the end of a row */
#define EDGE_HEIGHT 9.0  /* of one above a column */
#define NOTCH       3.5

typedef struct grid {
	pw_box box;  /* of the wells */
	double w, h; /* of a well */
	double edge_w, edge_h;
} grid;

static grid grid_of(const pw_posterior_sheet *s, size_t plate)
{
	grid g = {.box = pw_posterior_area(s)};
	g.edge_w = s->at_edge ? EDGE_WIDTH : 0;
	g.edge_h = s->at_edge ? EDGE_HEIGHT : 0;
	g.box.w -= STRIP + g.edge_w + (plate == 0 ? pw_posterior_panel_width(s) : 0);
	g.box.h -= STRIP + g.edge_h;
	g.box.x += STRIP + g.edge_w;
	g.box.y += STRIP + g.edge_h;
	g.w = g.box.w / (double)s->cols;
	g.h = fmin(g.box.h / (double)s->rows, 1.3 * g.w);
	g.box.h = g.h * (double)s->rows;
	return g;
}

static pw_box well_box(const grid *g, pw_place at)
{
	return (pw_box){g->box.x + at.col * g->w, g->box.y + at.row * g->h, g->w, g->h};
}

/* ---- The plate ---- */

static void draw_lines(const pw_posterior_sheet *s, const grid *g)
{
	pw_shape faint = {.stroke = 0.1, .stroke_ink = PW_POSTERIOR_FAINT}, edge = {.stroke = 0.3};
	pw_shape black = {.fill = PW_FILL_SOLID};
	pw_box b = g->box;
	double x = b.x - STRIP, y = b.y - STRIP;
	for (size_t i = 1; i < s->rows; i++)
		pw_canvas_line(s->c, (pw_point){b.x, b.y + (double)i * g->h},
			       (pw_point){b.x + b.w, b.y + (double)i * g->h}, &faint);
	for (size_t i = 1; i < s->cols; i++)
		pw_canvas_line(s->c, (pw_point){b.x + (double)i * g->w, b.y},
			       (pw_point){b.x + (double)i * g->w, b.y + b.h}, &faint);
	pw_canvas_rect(s->c, b, &edge);
	pw_canvas_path(s->c, (pw_point[]){{x + NOTCH, y}, {x, y + NOTCH}, {x + NOTCH, y + NOTCH}},
		       3, true, &black);
}

static void draw_names(const pw_posterior_sheet *s, const grid *g)
{
	pw_text_style style = {
		.size = 2.0, .align = PW_ALIGN_CENTRE, .valign = PW_ALIGN_MIDDLE, .bold = true};
	char text[16];
	for (size_t i = 0; i < s->rows; i++) {
		snprintf(text, sizeof(text), "%c", (char)('A' + (int)i));
		pw_canvas_text(
			s->c, (pw_point){g->box.x - STRIP / 2, g->box.y + ((double)i + 0.5) * g->h},
			text, &style);
	}
	for (size_t i = 0; i < s->cols; i++) {
		snprintf(text, sizeof(text), "%d", (int)i + 1);
		pw_canvas_text(
			s->c, (pw_point){g->box.x + ((double)i + 0.5) * g->w, g->box.y - STRIP / 2},
			text, &style);
	}
}

/* ---- The samples ---- */

/* "0.381"; nobody is told that they are certain. */
static void chance_text(double q, char *out, size_t room)
{
	if (q >= 0.9995)
		snprintf(out, room, ">0.999");
	else if (q < PW_POSTERIOR_LEAST)
		snprintf(out, room, "<0.001");
	else
		snprintf(out, room, "%.3f", q);
}

static void draw_sample(const pw_posterior_sheet *s, const grid *g, size_t sample)
{
	char text[24];
	pw_box box = well_box(g, pw_design_sample_place(s->p->design, sample));
	double q = s->p->decoded->posterior[sample];
	pw_posterior_sign sign = pw_posterior_sign_of_person(s, sample);
	bool matters = sign == PW_POSTERIOR_POSITIVE || sign == PW_POSTERIOR_UNDECIDED;
	bool large = box.w > 12;
	pw_text_style number = {.size = large ? 2.0 : 1.5,
				.min_size = 1.0,
				.bold = matters,
				.ink = matters ? PW_INK_BLACK : PW_INK_GREY(90)};
	pw_text_style chance = {.size = large ? 2.0 : 1.5,
				.min_size = 1.0,
				.align = PW_ALIGN_CENTRE,
				.valign = PW_ALIGN_MIDDLE,
				.bold = matters};
	double line = PW_LINE_HEIGHT * number.size;
	snprintf(text, sizeof(text), "%zu", sample + 1);
	pw_canvas_text_in(s->c, (pw_box){box.x + 0.8, box.y, box.w - 1, line}, text, &number);
	double free = box.h - 2 * line, r = fmin(0.55 * fmax(free, 0), 0.36 * box.w);
	r = fmax(r, 0.22 * box.h);
	pw_posterior_sign_draw(s->c, sign, (pw_point){box.x + box.w / 2, box.y + line + free / 2},
			       r, q);
	if (!matters && q < PW_POSTERIOR_LEAST)
		return;
	chance_text(q, text, sizeof(text));
	pw_canvas_text_in(s->c, (pw_box){box.x + 0.3, box.y + box.h - line, box.w - 0.6, line},
			  text, &chance);
}

/* ---- Pools at the edge ---- */

static void draw_edge_pool(const pw_posterior_sheet *s, const grid *g, size_t pool)
{
	pw_design_list members = pw_design_members(s->p->design, pool);
	pw_place at = pw_design_sample_place(s->p->design, members.at[0]);
	pw_box well = well_box(g, at), box;
	if (s->line[pool] == PW_LINE_ROW)
		box = (pw_box){g->box.x - STRIP - g->edge_w, well.y, g->edge_w - 1,
			       fmin(well.h, EDGE_HEIGHT)};
	else
		box = (pw_box){well.x, g->box.y - STRIP - g->edge_h, fmin(well.w, EDGE_WIDTH),
			       g->edge_h - 0.5};
	if (s->line[pool] == PW_LINE_ROW)
		box.y += (well.h - box.h) / 2;
	else
		box.x += (well.w - box.w) / 2;
	pw_posterior_pool_draw(s, box, pool);
}

void pw_posterior_plate_draw(const pw_posterior_sheet *s, size_t plate)
{
	const pw_design *d = s->p->design;
	grid g = grid_of(s, plate);
	draw_lines(s, &g);
	draw_names(s, &g);
	for (size_t j = 0; j < s->samples; j++)
		if (pw_design_sample_place(d, j).plate == plate)
			draw_sample(s, &g, j);
	for (size_t i = 0; i < s->pools; i++)
		if (s->line[i] != PW_LINE_NONE &&
		    pw_design_sample_place(d, pw_design_members(d, i).at[0]).plate == plate)
			draw_edge_pool(s, &g, i);
	if (plate == 0 && s->panel_columns > 0)
		pw_posterior_panel_draw(s);
}
