#include "labels/canvas.h"

#include "labels/canvas_private.h"

#define HALF 128

void pw_canvas_dots(const pw_canvas *c, int *out_width, int *out_height, size_t *out_stride)
{
	*out_width = cairo_image_surface_get_width(c->surface);
	*out_height = cairo_image_surface_get_height(c->surface);
	*out_stride = ((size_t)*out_width + 7) / 8;
}

/* The darkness of a dot: the text of a label is grey at its edges, whatever its ink. */
static bool is_black(uint32_t pixel)
{
	unsigned red = pixel >> 16 & 0xFF, green = pixel >> 8 & 0xFF, blue = pixel & 0xFF;
	return (red * 77 + green * 151 + blue * 28) >> 8 < HALF;
}

static void threshold_row(const uint32_t *pixels, int width, uint8_t *bits)
{
	for (int x = 0; x < width; x += 8) {
		unsigned byte = 0;
		for (int i = 0; i < 8; i++)
			byte = byte << 1 | (x + i < width && is_black(pixels[x + i]));
		bits[x / 8] = (uint8_t)byte;
	}
}

void pw_canvas_threshold(pw_canvas *c, uint8_t *bits)
{
	int width, height;
	size_t stride;
	pw_canvas_dots(c, &width, &height, &stride);
	cairo_surface_flush(c->surface);
	const unsigned char *data = cairo_image_surface_get_data(c->surface);
	size_t step = (size_t)cairo_image_surface_get_stride(c->surface);
	for (int y = 0; y < height; y++)
		threshold_row((const uint32_t *)(const void *)(data + (size_t)y * step), width,
			      bits + (size_t)y * stride);
}
