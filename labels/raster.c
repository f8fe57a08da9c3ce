#include "labels/raster.h"

#include <string.h>

#include "core/base/mem.h"

#define UM_PER_INCH INT64_C(25400)
#define MAX_BYTES   ((size_t)8 * 1000 * 1000)

pw_status pw_raster_init(pw_raster *raster, int width, int height, int dpi, pw_err *err)
{
	if (width < 1 || height < 1 || dpi < 1)
		return pw_fail(err, PW_ERR_ARG,
			       "a raster of %d × %d dots at %d dpi: each must be at least 1", width,
			       height, dpi);
	size_t stride = ((size_t)width + 7) / 8;
	if (width > PW_RASTER_MAX_SIDE || height > PW_RASTER_MAX_SIDE)
		return pw_fail(err, PW_ERR_LIMIT, "a raster of %d × %d dots: a side is at most %d",
			       width, height, PW_RASTER_MAX_SIDE);
	void *bits = NULL;
	pw_status rc = pw_alloc_limited(stride * (size_t)height, MAX_BYTES, &bits, err);
	if (rc != PW_OK)
		return rc;
	*raster = (pw_raster){width, height, dpi, stride, bits, NULL};
	return PW_OK;
}

void pw_raster_clear(pw_raster *raster)
{
	pw_free(raster->bits);
	pw_free(raster->red);
	*raster = (pw_raster)PW_RASTER_INIT;
}

void pw_raster_add_red(pw_raster *raster)
{
	if (raster->red == NULL)
		raster->red = pw_alloc(pw_raster_bytes(raster));
}

bool pw_raster_get(const pw_raster *raster, int x, int y)
{
	if (x < 0 || y < 0 || x >= raster->width || y >= raster->height)
		return false;
	return (raster->bits[(size_t)y * raster->stride + (size_t)x / 8] >> (7 - x % 8) & 1) != 0;
}

/* Dots from `from` up to `to`, which are not the same, in `rows` rows. */
static void paint_rows(uint8_t *row, size_t stride, int rows, int from, int to, bool black)
{
	int first = from / 8, last = (to - 1) / 8;
	unsigned head = 0xFFu >> from % 8, tail = 0xFFu << (7 - (to - 1) % 8);
	if (first == last)
		head = tail = head & tail;
	for (; rows > 0; rows--, row += stride) {
		row[first] = (uint8_t)(black ? row[first] | head : row[first] & ~head);
		row[last] = (uint8_t)(black ? row[last] | tail : row[last] & ~tail);
		if (last - first > 1)
			memset(row + first + 1, black ? 0xFF : 0, (size_t)(last - first - 1));
	}
}

/* On one of the raster's planes. */
static void paint(const pw_raster *raster, uint8_t *plane, int x, int y, int width, int height,
		  bool black)
{
	int from = x < 0 ? 0 : x, top = y < 0 ? 0 : y;
	int to = x + width > raster->width ? raster->width : x + width;
	int bottom = y + height > raster->height ? raster->height : y + height;
	if (from < to && top < bottom && plane != NULL)
		paint_rows(plane + (size_t)top * raster->stride, raster->stride, bottom - top, from,
			   to, black);
}

void pw_raster_fill(pw_raster *raster, int x, int y, int width, int height)
{
	paint(raster, raster->bits, x, y, width, height, true);
	paint(raster, raster->red, x, y, width, height, false);
}

void pw_raster_wipe(pw_raster *raster, int x, int y, int width, int height)
{
	paint(raster, raster->bits, x, y, width, height, false);
	paint(raster, raster->red, x, y, width, height, false);
}

bool pw_raster_eq(const pw_raster *a, const pw_raster *b)
{
	size_t n = pw_raster_bytes(a);
	return a->width == b->width && a->height == b->height && a->dpi == b->dpi &&
	       memcmp(a->bits, b->bits, n) == 0 && (a->red == NULL) == (b->red == NULL) &&
	       (a->red == NULL || memcmp(a->red, b->red, n) == 0);
}

static bool is_white(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* The first and last dot of the bits of all rows together, of which there is one. */
static void find_sides(const uint8_t *all, size_t stride, int *out_first, int *out_last)
{
	int first = 0, last = (int)stride * 8 - 1;
	while ((all[first / 8] >> (7 - first % 8) & 1) == 0)
		first++;
	while ((all[last / 8] >> (7 - last % 8) & 1) == 0)
		last--;
	*out_first = first;
	*out_last = last;
}

bool pw_raster_ink(const pw_raster *raster, int *out_x, int *out_y, int *out_width, int *out_height)
{
	size_t stride = raster->stride;
	int top = 0, bottom = raster->height, first = 0, last = 0;
	while (top < bottom && is_white(raster->bits + (size_t)top * stride, stride))
		top++;
	while (bottom > top && is_white(raster->bits + (size_t)(bottom - 1) * stride, stride))
		bottom--;
	if (top == bottom)
		return false;
	uint8_t *all = pw_alloc(stride);
	for (int y = top; y < bottom; y++)
		for (size_t i = 0; i < stride; i++)
			all[i] = (uint8_t)(all[i] | raster->bits[(size_t)y * stride + i]);
	find_sides(all, stride, &first, &last);
	pw_free(all);
	*out_x = first;
	*out_y = top;
	*out_width = last + 1 - first;
	*out_height = bottom - top;
	return true;
}

size_t pw_raster_bytes(const pw_raster *raster)
{
	return raster->stride * (size_t)raster->height;
}

int pw_dots_of(int64_t um, int dpi)
{
	int64_t twice = um * dpi * 2;
	return (int)((twice >= 0 ? twice + UM_PER_INCH : twice - UM_PER_INCH) / (UM_PER_INCH * 2));
}

double pw_um_of(double dots, int dpi)
{
	return dots * (double)UM_PER_INCH / dpi;
}
