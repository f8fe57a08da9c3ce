#include "cli/pictures/design.h"

#include <stdio.h>

#include "core/base/mem.h"

#define MAX_ENTRIES 200000
#define MAX_PLATES  8 /* below each other on one page */
#define PAGE_WIDTH  297.0
#define PAGE_HEIGHT 210.0
#define MARGIN      10.0
#define INK_FAINT   PW_INK_GREY(190)

typedef struct sheet {
	const pw_design *design;
	pw_canvas *c;
	double top; /* of the present page, or of its part of a tall one */
} sheet;

static void heading(const sheet *s, const char *title, const char *subtitle)
{
	pw_text_style big = {.size = 4.0, .min_size = 2.5, .cut = PW_CUT_END, .bold = true};
	pw_text_style small = {.size = 2.4, .min_size = 1.6, .cut = PW_CUT_END};
	double width = PAGE_WIDTH - 2.0 * MARGIN;
	pw_canvas_text_in(s->c, (pw_box){MARGIN, s->top + MARGIN, width, 7.0}, title, &big);
	pw_canvas_text_in(s->c, (pw_box){MARGIN, s->top + MARGIN + 8.0, width, 5.0}, subtitle,
			  &small);
}

/* ---- The matrix ---- */

static void draw_ones(const sheet *s, pw_point corner, double cell)
{
	const pw_design *d = s->design;
	pw_box *boxes = pw_alloc_array(pw_design_entries(d), sizeof(*boxes));
	pw_shape black = {.fill = PW_FILL_SOLID, .fill_ink = PW_INK_BLACK};
	size_t n = 0;
	for (size_t i = 0; i < pw_design_pools(d); i++) {
		pw_design_list members = pw_design_members(d, i);
		for (size_t k = 0; k < members.count; k++)
			boxes[n++] = (pw_box){corner.x + (double)members.at[k] * cell,
					      corner.y + (double)i * cell, cell, cell};
	}
	pw_canvas_rects(s->c, boxes, n, &black);
	pw_free(boxes);
}

/* Every tenth line and the edge, so that a place can be found. */
static void draw_rules(const sheet *s, pw_box box, double cell)
{
	pw_shape thin = {.stroke = 0.08, .stroke_ink = INK_FAINT}, edge = {.stroke = 0.25};
	for (size_t j = 10; j < pw_design_samples(s->design); j += 10) {
		double x = box.x + (double)j * cell;
		pw_canvas_line(s->c, (pw_point){x, box.y}, (pw_point){x, box.y + box.h}, &thin);
	}
	for (size_t i = 10; i < pw_design_pools(s->design); i += 10) {
		double y = box.y + (double)i * cell;
		pw_canvas_line(s->c, (pw_point){box.x, y}, (pw_point){box.x + box.w, y}, &thin);
	}
	pw_canvas_rect(s->c, box, &edge);
}

/* The numbers of the first, of every tenth and of the last, along the top and down the left edge. */
static void draw_numbers(const sheet *s, pw_box box, double cell)
{
	pw_text_style top = {.size = 1.8, .align = PW_ALIGN_CENTRE, .valign = PW_ALIGN_BASELINE};
	pw_text_style left = {.size = 1.8, .align = PW_ALIGN_RIGHT, .valign = PW_ALIGN_MIDDLE};
	size_t samples = pw_design_samples(s->design), pools = pw_design_pools(s->design);
	size_t step = cell * 10.0 < 7.0 ? (size_t)(7.0 / (cell * 10.0) + 1.0) * 10 : 10;
	char text[24];
	for (size_t j = 0; j < samples; j += j == 0 ? step - 1 : step) {
		snprintf(text, sizeof(text), "%zu", j + 1);
		pw_canvas_text(s->c, (pw_point){box.x + ((double)j + 0.5) * cell, box.y - 1.0},
			       text, &top);
	}
	for (size_t i = 0; i < pools; i += i == 0 ? step - 1 : step) {
		snprintf(text, sizeof(text), "%zu", i + 1);
		pw_canvas_text(s->c, (pw_point){box.x - 1.0, box.y + ((double)i + 0.5) * cell},
			       text, &left);
	}
}

/* The side of a place of the matrix, so that all of it is on a page. */
static double matrix_cell(const pw_design *d)
{
	double width = PAGE_WIDTH - 2.0 * MARGIN - 8.0, height = PAGE_HEIGHT - 2.0 * MARGIN - 20.0;
	double cell = width / (double)pw_design_samples(d);
	if (cell * (double)pw_design_pools(d) > height)
		cell = height / (double)pw_design_pools(d);
	return cell > 6.0 ? 6.0 : cell;
}

static void draw_matrix(const sheet *s)
{
	const pw_design *d = s->design;
	pw_str title = PW_STR_INIT, subtitle = PW_STR_INIT;
	pw_design_guarantee guarantee;
	pw_str_addf(&title, "%s%s%s: %zu pools of %zu samples", pw_design_family(d),
		    pw_design_parameters(d)[0] != '\0' ? " " : "", pw_design_parameters(d),
		    pw_design_pools(d), pw_design_samples(d));
	pw_design_guarantee_of(d, &guarantee);
	pw_design_guarantee_format(&guarantee, &subtitle);
	pw_str_add(&subtitle, "; a pool a line, a sample a column");
	heading(s, pw_str_text(&title), pw_str_text(&subtitle));
	double cell = matrix_cell(d);
	pw_box box = {MARGIN + 8.0, s->top + MARGIN + 20.0, cell * (double)pw_design_samples(d),
		      cell * (double)pw_design_pools(d)};
	draw_ones(s, (pw_point){box.x, box.y}, cell);
	draw_rules(s, box, cell);
	draw_numbers(s, box, cell);
	pw_str_clear(&title);
	pw_str_clear(&subtitle);
}

/* ---- Plates ---- */

typedef struct grid {
	bool pools; /* of the pools, not of the samples */
	size_t plates, rows, cols;
	double cell_width, cell_height;
	pw_point corner;
} grid;

static size_t wells_of(const sheet *s, const grid *g)
{
	return g->pools ? pw_design_pools(s->design) : pw_design_samples(s->design);
}

static pw_place place_of(const sheet *s, const grid *g, size_t k)
{
	return g->pools ? pw_design_pool_place(s->design, k) : pw_design_sample_place(s->design, k);
}

static grid find_grid(const sheet *s, bool pools)
{
	grid g = {.pools = pools, .plates = 1, .rows = 8, .cols = 12};
	for (size_t k = 0; k < wells_of(s, &g); k++) {
		pw_place at = place_of(s, &g, k);
		g.plates = at.plate >= g.plates ? (size_t)at.plate + 1 : g.plates;
		if (at.row >= 8 || at.col >= 12) {
			g.rows = 16;
			g.cols = 24;
		}
	}
	g.cell_width = (PAGE_WIDTH - 2.0 * MARGIN - 8.0) / (double)g.cols;
	g.cell_height = (PAGE_HEIGHT - 2.0 * MARGIN - 20.0) / (double)g.rows;
	return g;
}

static void draw_frame(const sheet *s, const grid *g)
{
	pw_shape edge = {.stroke = 0.15, .stroke_ink = INK_FAINT};
	pw_text_style style = {.size = 2.2, .align = PW_ALIGN_CENTRE, .valign = PW_ALIGN_MIDDLE};
	char text[16];
	for (size_t r = 0; r < g->rows; r++)
		for (size_t c = 0; c < g->cols; c++)
			pw_canvas_rect(s->c,
				       (pw_box){g->corner.x + (double)c * g->cell_width,
						g->corner.y + (double)r * g->cell_height,
						g->cell_width, g->cell_height},
				       &edge);
	for (size_t r = 0; r < g->rows; r++) {
		snprintf(text, sizeof(text), "%c", (char)('A' + (int)r));
		pw_canvas_text(s->c,
			       (pw_point){g->corner.x - 4.0,
					  g->corner.y + ((double)r + 0.5) * g->cell_height},
			       text, &style);
	}
	for (size_t c = 0; c < g->cols; c++) {
		snprintf(text, sizeof(text), "%d", (int)c + 1);
		pw_canvas_text(s->c,
			       (pw_point){g->corner.x + ((double)c + 0.5) * g->cell_width,
					  g->corner.y - 3.0},
			       text, &style);
	}
}

/* The pools of a sample in up to three lines; what is more is cut at the end of the last. */
static void draw_pools(const sheet *s, pw_box box, pw_design_list pools)
{
	pw_text_style style = {
		.size = 1.7, .min_size = 0.9, .cut = PW_CUT_END, .align = PW_ALIGN_CENTRE};
	size_t lines = pools.count <= 3 ? 1 : pools.count <= 6 ? 2 : 3;
	size_t each = pools.count <= 9 ? (pools.count + lines - 1) / lines : pools.count / 3;
	pw_str text = PW_STR_INIT;
	for (size_t line = 0; line < lines; line++) {
		size_t end = line + 1 < lines ? (line + 1) * each : pools.count;
		pw_str_truncate(&text, 0);
		for (size_t k = line * each; k < end; k++)
			pw_str_addf(&text, "%s%zu", text.len == 0 ? "" : " ",
				    (size_t)pools.at[k] + 1);
		double height = box.h / (double)lines;
		pw_canvas_text_in(s->c,
				  (pw_box){box.x, box.y + (double)line * height, box.w, height},
				  pw_str_text(&text), &style);
	}
	pw_str_clear(&text);
}

static void draw_size(const sheet *s, pw_box box, size_t pool)
{
	pw_text_style style = {
		.size = 1.7, .min_size = 0.9, .cut = PW_CUT_END, .align = PW_ALIGN_CENTRE};
	char text[32];
	snprintf(text, sizeof(text), "of %zu", pw_design_members(s->design, pool).count);
	pw_canvas_text_in(s->c, box, text, &style);
}

/* The sample's number and the pools it goes into; or the pool's number and of how many it is. */
static void draw_well(const sheet *s, const grid *g, size_t k)
{
	pw_text_style number = {.size = 2.0, .align = PW_ALIGN_LEFT, .bold = true};
	pw_place at = place_of(s, g, k);
	pw_box cell = {g->corner.x + at.col * g->cell_width, g->corner.y + at.row * g->cell_height,
		       g->cell_width, g->cell_height};
	pw_box below = {cell.x + 0.5, cell.y + cell.h * 0.42, cell.w - 1.0, cell.h * 0.55};
	char text[24];
	snprintf(text, sizeof(text), "%zu", k + 1);
	pw_canvas_text(s->c, (pw_point){cell.x + 0.5, cell.y + 0.3}, text, &number);
	if (g->pools)
		draw_size(s, below, k);
	else
		draw_pools(s, below, pw_design_pools_of(s->design, k));
}

static void draw_plate(const sheet *s, grid *g, size_t plate)
{
	char title[64];
	snprintf(title, sizeof(title), "%s, plate %zu of %zu", g->pools ? "pools" : "samples",
		 plate + 1, g->plates);
	heading(s, title,
		g->pools ? "in each well the pool's number, and of how many samples it is"
			 : "in each well the sample's number, and the pools it goes into");
	g->corner = (pw_point){MARGIN + 8.0, s->top + MARGIN + 20.0};
	draw_frame(s, g);
	for (size_t k = 0; k < wells_of(s, g); k++)
		if (place_of(s, g, k).plate == plate)
			draw_well(s, g, k);
}

/* Each plate on a page of its own, or below what is there. */
static pw_status draw_plates(sheet *s, grid *g, bool paged, double *above, pw_err *err)
{
	for (size_t plate = 0; plate < g->plates; plate++) {
		pw_status rc = PW_OK;
		if (paged)
			rc = pw_canvas_page(s->c, PAGE_WIDTH, PAGE_HEIGHT, err);
		else
			s->top += *above;
		if (rc != PW_OK)
			return rc;
		*above = PAGE_HEIGHT;
		draw_plate(s, g, plate);
	}
	return PW_OK;
}

pw_status pw_design_picture_draw(const pw_design *design, pw_canvas_format format, double dpi,
				 pw_str *out, pw_err *err)
{
	sheet s = {.design = design};
	grid samples = find_grid(&s, false), pools = find_grid(&s, true);
	size_t plates = samples.plates + pools.plates;
	bool paged = format == PW_CANVAS_PDF;
	if (pw_design_entries(design) > MAX_ENTRIES || (!paged && plates > MAX_PLATES))
		return pw_fail(
			err, PW_ERR_LIMIT,
			"a design of %zu ones on %zu plates is too large to be drawn: %d ones, "
			"and %d plates in anything but a PDF",
			pw_design_entries(design), plates, MAX_ENTRIES, MAX_PLATES);
	pw_canvas_opts opts = PW_CANVAS_OPTS_INIT;
	opts.format = format;
	opts.width = PAGE_WIDTH;
	double matrix = 2.0 * MARGIN + 20.0 + matrix_cell(design) * (double)pw_design_pools(design);
	opts.height = paged ? PAGE_HEIGHT : matrix + PAGE_HEIGHT * (double)plates;
	opts.dpi = dpi;
	opts.title = "pooling design";
	pw_status rc = pw_canvas_new(&opts, &s.c, err);
	if (rc != PW_OK)
		return rc;
	draw_matrix(&s);
	if ((rc = draw_plates(&s, &samples, paged, &matrix, err)) == PW_OK)
		rc = draw_plates(&s, &pools, paged, &matrix, err);
	if (rc == PW_OK)
		rc = pw_canvas_finish(s.c, out, err);
	pw_canvas_free(s.c);
	return rc;
}
