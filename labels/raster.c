#include "labels/raster.h"

#include <string.h>

#include "core/base/mem.h"

#define UM_PER_INCH 25400
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
	*raster = (pw_raster){width, height, dpi, stride, bits};
	return PW_OK;
}

void pw_raster_clear(pw_raster *raster)
{
	pw_free(raster->bits);
	*raster = (pw_raster)PW_RASTER_INIT;
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

static void paint(pw_raster *raster, int x, int y, int width, int height, bool black)
{
	int from = x < 0 ? 0 : x, top = y < 0 ? 0 : y;
	int to = x + width > raster->width ? raster->width : x + width;
	int bottom = y + height > raster->height ? raster->height : y + height;
	if (from < to)
		paint_rows(raster->bits + (size_t)top * raster->stride, raster->stride,
			   bottom - top, from, to, black);
}

void pw_raster_fill(pw_raster *raster, int x, int y, int width, int height)
{
	paint(raster, x, y, width, height, true);
}

void pw_raster_wipe(pw_raster *raster, int x, int y, int width, int height)
{
	paint(raster, x, y, width, height, false);
}

bool pw_raster_eq(const pw_raster *a, const pw_raster *b)
{
	return a->width == b->width && a->height == b->height && a->dpi == b->dpi &&
	       memcmp(a->bits, b->bits, pw_raster_bytes(a)) == 0;
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
	return dots * UM_PER_INCH / dpi;
}
