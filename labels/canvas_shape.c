#include "labels/canvas.h"

#include <math.h>

#include "labels/canvas_private.h"

#define PI 3.14159265358979323846

/* Lines of one direction, or dots on a grid: what a pattern is made of, in millimetres. */
static const struct pattern {
	double pitch, width;
	bool rising, falling, dots;
} patterns[] = {
	[PW_FILL_LIGHT] = {1.2, 0.15, true, false, false},
	[PW_FILL_MEDIUM] = {0.8, 0.2, false, true, false},
	[PW_FILL_DARK] = {0.55, 0.28, true, false, false},
	[PW_FILL_DOTS] = {0.9, 0.3, false, false, true},
	[PW_FILL_CROSS] = {0.9, 0.15, true, true, false},
};

/* Lines at 45° over the whole of `area`; slope -1 rises on a page whose y falls. They are counted
 * from the shape's middle, so that equal shapes are filled equally wherever they stand. */
static void add_lines(cairo_t *cr, pw_box area, pw_point middle, double pitch, double slope)
{
	double step = pitch * sqrt(2.0);
	double left = area.x - middle.x, right = left + area.w;
	double top = area.y - middle.y, bottom = top + area.h;
	double lean = fmax(-slope * top, -slope * bottom),
	       back = fmin(-slope * top, -slope * bottom);
	long first = lround(ceil((left + back) / step)),
	     last = lround(floor((right + lean) / step));
	for (long k = first; k <= last; k++) {
		double x = middle.x + (double)k * step;
		cairo_move_to(cr, x + slope * top, middle.y + top);
		cairo_line_to(cr, x + slope * bottom, middle.y + bottom);
	}
}

/* A row of dots from `left` to `right` of the shape's middle; a dot is a line of no length with
 * round ends. */
static void add_row(cairo_t *cr, double left, double right, double y, double pitch, double x)
{
	long last = lround(floor(right / pitch));
	for (long k = lround(ceil(left / pitch)); k <= last; k++) {
		cairo_move_to(cr, x + (double)k * pitch, y);
		cairo_line_to(cr, x + (double)k * pitch, y);
	}
}

/* Every other row is shifted by half a pitch. */
static void add_dots(cairo_t *cr, pw_box area, pw_point middle, double pitch)
{
	double top = area.y - middle.y, bottom = top + area.h;
	long last = lround(floor(bottom / pitch));
	for (long row = lround(ceil(top / pitch)); row <= last; row++) {
		double x = middle.x + (row % 2 != 0 ? pitch / 2 : 0);
		add_row(cr, area.x - x, area.x + area.w - x, middle.y + (double)row * pitch, pitch,
			x);
	}
}

/* Strokes in device units: a path that is stroked in millimetres would carry its matrix in an SVG. */
static void stroke_unscaled(pw_canvas *c, double width, double dash)
{
	double x = width, y = 0, gap = dash, none = 0;
	cairo_user_to_device_distance(c->cr, &x, &y);
	cairo_user_to_device_distance(c->cr, &gap, &none);
	cairo_save(c->cr);
	cairo_identity_matrix(c->cr);
	cairo_set_line_width(c->cr, x);
	cairo_set_line_cap(c->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(c->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(c->cr, &gap, gap > 0 ? 1 : 0, 0);
	cairo_stroke(c->cr);
	cairo_restore(c->cr);
}

static void fill_pattern(pw_canvas *c, const struct pattern *p, pw_ink ink)
{
	double x1, y1, x2, y2;
	cairo_path_extents(c->cr, &x1, &y1, &x2, &y2);
	pw_point middle = {(x1 + x2) / 2, (y1 + y2) / 2};
	cairo_save(c->cr);
	cairo_clip(c->cr);
	cairo_clip_extents(c->cr, &x1, &y1, &x2, &y2);
	pw_box area = {x1, y1, x2 - x1, y2 - y1};
	if (p->rising)
		add_lines(c->cr, area, middle, p->pitch, -1);
	if (p->falling)
		add_lines(c->cr, area, middle, p->pitch, 1);
	if (p->dots)
		add_dots(c->cr, area, middle, p->pitch);
	pw_canvas_set_ink(c, ink);
	stroke_unscaled(c, p->width, 0);
	cairo_restore(c->cr);
}

static void fill_path(pw_canvas *c, const pw_shape *shape)
{
	if (shape->fill == PW_FILL_SOLID) {
		pw_canvas_set_ink(c, shape->fill_ink);
		cairo_fill_preserve(c->cr);
	} else if (shape->fill != PW_FILL_NONE) {
		cairo_path_t *path = cairo_copy_path(c->cr);
		fill_pattern(c, &patterns[shape->fill], shape->fill_ink);
		cairo_append_path(c->cr, path);
		cairo_path_destroy(path);
	}
}

static void stroke_path(pw_canvas *c, const pw_shape *shape)
{
	if (shape->stroke <= 0)
		return;
	pw_canvas_set_ink(c, shape->stroke_ink);
	stroke_unscaled(c, shape->stroke, fmax(shape->dash, 0));
}

static void paint_path(pw_canvas *c, const pw_shape *shape)
{
	fill_path(c, shape);
	stroke_path(c, shape);
	cairo_new_path(c->cr);
}

static bool shape_ok(pw_canvas *c, const pw_shape *shape)
{
	PW_BUG_IF((unsigned)shape->fill > PW_FILL_CROSS);
	return pw_canvas_numbers_ok(c, (double[]){shape->stroke, shape->dash}, 2);
}

static bool box_ok(pw_canvas *c, pw_box box)
{
	return pw_canvas_numbers_ok(c, (double[]){box.x, box.y, box.w, box.h}, 4);
}

void pw_canvas_line(pw_canvas *c, pw_point from, pw_point to, const pw_shape *shape)
{
	pw_canvas_path(c, (pw_point[]){from, to}, 2, false, shape);
}

void pw_canvas_rect(pw_canvas *c, pw_box box, const pw_shape *shape)
{
	if (!shape_ok(c, shape) || !box_ok(c, box))
		return;
	cairo_rectangle(c->cr, box.x, box.y, box.w, box.h);
	paint_path(c, shape);
}

void pw_canvas_rects(pw_canvas *c, const pw_box *boxes, size_t n, const pw_shape *shape)
{
	if (!shape_ok(c, shape))
		return;
	for (size_t i = 0; i < n; i++)
		if (!box_ok(c, boxes[i]))
			return;
	for (size_t i = 0; i < n; i++)
		cairo_rectangle(c->cr, boxes[i].x, boxes[i].y, boxes[i].w, boxes[i].h);
	paint_path(c, shape);
}

void pw_canvas_round_rect(pw_canvas *c, pw_box box, double radius, const pw_shape *shape)
{
	if (!shape_ok(c, shape) || !box_ok(c, box) || !pw_canvas_numbers_ok(c, &radius, 1))
		return;
	double r = fmax(0, fmin(radius, fmin(box.w, box.h) / 2));
	double right = box.x + box.w, bottom = box.y + box.h;
	cairo_arc(c->cr, right - r, box.y + r, r, -PI / 2, 0);
	cairo_arc(c->cr, right - r, bottom - r, r, 0, PI / 2);
	cairo_arc(c->cr, box.x + r, bottom - r, r, PI / 2, PI);
	cairo_arc(c->cr, box.x + r, box.y + r, r, PI, PI * 3 / 2);
	cairo_close_path(c->cr);
	paint_path(c, shape);
}

void pw_canvas_circle(pw_canvas *c, pw_point centre, double radius, const pw_shape *shape)
{
	if (!shape_ok(c, shape) ||
	    !pw_canvas_numbers_ok(c, (double[]){centre.x, centre.y, radius}, 3) || radius <= 0)
		return;
	cairo_arc(c->cr, centre.x, centre.y, radius, 0, 2 * PI);
	cairo_close_path(c->cr);
	paint_path(c, shape);
}

void pw_canvas_path(pw_canvas *c, const pw_point *points, size_t n, bool closed,
		    const pw_shape *shape)
{
	if (!shape_ok(c, shape))
		return;
	for (size_t i = 0; i < n; i++)
		if (!pw_canvas_numbers_ok(c, (double[]){points[i].x, points[i].y}, 2))
			return;
	for (size_t i = 0; i < n; i++)
		cairo_line_to(c->cr, points[i].x, points[i].y);
	if (closed) {
		cairo_close_path(c->cr);
		fill_path(c, shape);
	}
	stroke_path(c, shape);
	cairo_new_path(c->cr);
}
