#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/pictures/posterior_private.h"
#include "core/base/mem.h"

#define CELL_WIDTH  15.5
#define LEAST_CELL  7.6 /* height */
#define MOST_CELL   11.0
#define GAP         6.0 /* between plate and panel */
#define PANEL_TITLE 6.0

/* With fewer columns of pools there is no room for the panel's title; more leave the plate too little. */
#define LEAST_COLUMNS 2
#define MOST_COLUMNS  5

/* ---- Where the pools go ---- */

/* Whether all members of a pool stand in one row, or one column, of one plate. */
static pw_posterior_line line_of(const pw_posterior_sheet *s, size_t pool)
{
	pw_design_list members = pw_design_members(s->p->design, pool);
	pw_place first = pw_design_sample_place(s->p->design, members.at[0]);
	bool row = members.count > 1, column = members.count > 1;
	for (size_t x = 1; x < members.count; x++) {
		pw_place at = pw_design_sample_place(s->p->design, members.at[x]);
		row = row && at.plate == first.plate && at.row == first.row;
		column = column && at.plate == first.plate && at.col == first.col;
	}
	return row ? PW_LINE_ROW : column ? PW_LINE_COLUMN : PW_LINE_NONE;
}

/* Where on the edge a pool is: plates · (rows + columns) places. */
static size_t edge_place(const pw_posterior_sheet *s, size_t pool)
{
	pw_design_list members = pw_design_members(s->p->design, pool);
	pw_place at = pw_design_sample_place(s->p->design, members.at[0]);
	size_t place = at.plate * (s->rows + s->cols);
	return place + (s->line[pool] == PW_LINE_ROW ? at.row : s->rows + at.col);
}

/* Lines stand at the edge, unless another pool is the same line; if they are but a few, nobody does. */
static void find_lines(pw_posterior_sheet *s)
{
	bool *taken = pw_alloc_array(s->plates * (s->rows + s->cols), sizeof(*taken));
	size_t lines = 0;
	for (size_t i = 0; i < s->pools; i++) {
		s->line[i] = line_of(s, i);
		if (s->line[i] == PW_LINE_NONE)
			continue;
		if (taken[edge_place(s, i)])
			s->line[i] = PW_LINE_NONE;
		else
			taken[edge_place(s, i)] = true;
		lines += s->line[i] != PW_LINE_NONE;
	}
	pw_free(taken);
	s->at_edge = 2 * lines > s->pools;
	for (size_t i = 0; i < s->pools; i++) {
		if (!s->at_edge)
			s->line[i] = PW_LINE_NONE;
		if (s->line[i] == PW_LINE_NONE)
			s->listed[s->listed_count++] = (uint32_t)i;
	}
}

static size_t rows_in(double height)
{
	return (size_t)(height / LEAST_CELL);
}

/* Pools of a page: as many as there are columns and rows of least height. */
static size_t page_columns(void)
{
	return (size_t)((PW_POSTERIOR_WIDTH - 2 * PW_POSTERIOR_MARGIN) / CELL_WIDTH);
}

static size_t page_holds(const pw_posterior_sheet *s)
{
	double height = PW_POSTERIOR_HEIGHT - 2 * PW_POSTERIOR_MARGIN - PW_POSTERIOR_HEAD - s->foot;
	return page_columns() * rows_in(height);
}

void pw_posterior_pools_place(pw_posterior_sheet *s)
{
	s->line = pw_alloc_array(s->pools, sizeof(*s->line));
	s->listed = pw_alloc_array(s->pools, sizeof(*s->listed));
	find_lines(s);
	if (s->listed_count == 0)
		return;
	size_t rows = rows_in(pw_posterior_area(s).h - PANEL_TITLE);
	size_t columns = (s->listed_count + rows - 1) / rows;
	if (columns <= MOST_COLUMNS)
		s->panel_columns = columns > LEAST_COLUMNS ? columns : LEAST_COLUMNS;
	else
		s->pool_pages = (s->listed_count + page_holds(s) - 1) / page_holds(s);
}

double pw_posterior_panel_width(const pw_posterior_sheet *s)
{
	return s->panel_columns == 0 ? 0 : GAP + (double)s->panel_columns * CELL_WIDTH;
}

/* ---- One pool ---- */

/* "30.40", "29.90 30.10", "no Ct"; nothing for a pool that was called. */
static void ct_text(const pw_pool_reading *r, char *out, size_t room)
{
	size_t n = 0;
	out[0] = '\0';
	if (r->wells == 0 || r->call == PW_POOL_MISSING)
		return;
	bool any = false;
	for (int w = 0; w < r->wells; w++)
		any = any || r->well[w].amplified;
	if (!any) {
		snprintf(out, room, "no Ct");
		return;
	}
	for (int w = 0; w < r->wells && n + 8 < room; w++)
		n += r->well[w].amplified
			     ? (size_t)snprintf(out + n, room - n, "%s%.1f", n > 0 ? " " : "",
						r->well[w].ct)
			     : (size_t)snprintf(out + n, room - n, "%s–", n > 0 ? " " : "");
}

/* The likely positives in it: "72", "72 142", "72 142 +3". */
static void likely_text(const pw_posterior_sheet *s, size_t pool, char *out, size_t room)
{
	pw_design_list members = pw_design_members(s->p->design, pool);
	size_t n = 0, shown = 0, more = 0;
	out[0] = '\0';
	for (size_t x = 0; x < members.count; x++) {
		if (!s->p->likely[members.at[x]])
			continue;
		if (shown == 2) {
			more++;
			continue;
		}
		n += (size_t)snprintf(out + n, room - n, "%s%u", shown++ > 0 ? " " : "",
				      members.at[x] + 1);
	}
	if (more > 0)
		snprintf(out + n, room - n, " +%zu", more);
}

/* What the likeliest set does not explain is framed, with a black corner. */
static void mark_wrong(const pw_posterior_sheet *s, pw_box box)
{
	pw_shape frame = {.stroke = 0.6}, black = {.fill = PW_FILL_SOLID};
	double side = fmin(box.w, box.h) * 0.36, x = box.x + box.w, y = box.y;
	pw_canvas_rect(s->c, box, &frame);
	pw_canvas_path(s->c, (pw_point[]){{x - side, y}, {x, y}, {x, y + side}}, 3, true, &black);
}

void pw_posterior_pool_draw(const pw_posterior_sheet *s, pw_box box, size_t pool)
{
	char number[24], ct[64], likely[64];
	pw_posterior_sign sign = pw_posterior_sign_of_pool(s, pool);
	bool seen = sign != PW_POSTERIOR_POOL_NEGATIVE || s->wrong[pool];
	double r = fmin(box.h * 0.38, 2.6), x = box.x + 2 * r + 1.4, w = box.x + box.w - x - 0.4;
	pw_text_style name = {.size = 1.9,
			      .min_size = 1.2,
			      .valign = PW_ALIGN_MIDDLE,
			      .bold = seen,
			      .ink = seen ? PW_INK_BLACK : PW_INK_GREY(90)};
	pw_text_style small = {
		.size = 1.5, .min_size = 1.0, .cut = PW_CUT_END, .valign = PW_ALIGN_MIDDLE};
	small.ink = name.ink;
	snprintf(number, sizeof(number), "%zu", pool + 1);
	ct_text(&s->p->readings[pool], ct, sizeof(ct));
	likely_text(s, pool, likely, sizeof(likely));
	if (s->wrong[pool])
		mark_wrong(s, (pw_box){box.x + 0.3, box.y + 0.3, box.w - 0.6, box.h - 0.6});
	pw_posterior_sign_draw(s->c, sign, (pw_point){box.x + r + 0.7, box.y + box.h / 2}, r, 0);
	int lines = 1 + (ct[0] != '\0') + (likely[0] != '\0');
	double step = box.h * 0.92 / lines, y = box.y + box.h * 0.04;
	pw_canvas_text_in(s->c, (pw_box){x, y, w, step}, number, &name);
	if (ct[0] != '\0')
		pw_canvas_text_in(s->c, (pw_box){x, y += step, w, step}, ct, &small);
	small.bold = true;
	if (likely[0] != '\0')
		pw_canvas_text_in(s->c, (pw_box){x, y + step, w, step}, likely, &small);
}

/* ---- Many ---- */

/* Column by column. */
static pw_box cell_of(pw_box box, size_t rows, size_t k)
{
	size_t column = k / rows, row = k % rows;
	double height = fmin(box.h / (double)rows, MOST_CELL);
	return (pw_box){box.x + (double)column * CELL_WIDTH, box.y + (double)row * height,
			CELL_WIDTH, height};
}

/* The pools from `first` of the list down the columns of a grid. */
static void draw_grid(const pw_posterior_sheet *s, pw_box box, size_t columns, size_t first,
		      size_t count)
{
	size_t rows = (count + columns - 1) / columns;
	pw_shape faint = {.stroke = 0.1, .stroke_ink = PW_POSTERIOR_FAINT};
	for (size_t k = 0; k < count; k++)
		pw_canvas_rect(s->c, cell_of(box, rows, k), &faint);
	for (size_t k = 0; k < count; k++)
		pw_posterior_pool_draw(s, cell_of(box, rows, k), s->listed[first + k]);
}

static void draw_title(const pw_posterior_sheet *s, pw_box box)
{
	pw_text_style style = {.size = 1.9, .min_size = 1.3, .cut = PW_CUT_END};
	pw_canvas_text_in(s->c, box, "pools, and who of the likeliest set", &style);
}

void pw_posterior_panel_draw(const pw_posterior_sheet *s)
{
	pw_box area = pw_posterior_area(s);
	double width = (double)s->panel_columns * CELL_WIDTH;
	pw_box box = {area.x + area.w - width, area.y, width, area.h};
	draw_title(s, (pw_box){box.x, box.y, box.w, PANEL_TITLE - 1});
	box.y += PANEL_TITLE;
	box.h -= PANEL_TITLE;
	draw_grid(s, box, s->panel_columns, 0, s->listed_count);
}

void pw_posterior_pools_draw(const pw_posterior_sheet *s, size_t page)
{
	size_t holds = page_holds(s), first = page * holds;
	size_t count = s->listed_count - first < holds ? s->listed_count - first : holds;
	draw_grid(s, pw_posterior_area(s), page_columns(), first, count);
}
