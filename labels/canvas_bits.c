#include "labels/canvas.h"

#include "labels/canvas_private.h"

#define WHITE         0xFFFFFFu
#define HALF          127
#define COLOUR        24 /* the least difference of red, green and blue that is no grey */
#define COLOUR_WEIGHT 4

void pw_canvas_dots(const pw_canvas *c, int *out_width, int *out_height, size_t *out_stride)
{
	*out_width = cairo_image_surface_get_width(c->surface);
	*out_height = cairo_image_surface_get_height(c->surface);
	*out_stride = ((size_t)*out_width + 7) / 8;
}

/* Ordered dither (Bayer): the darkness, of 256, from which on a dot of the pattern is black. */
static const uint8_t pattern[4][4] = {
	{8, 136, 40, 168},
	{200, 72, 232, 104},
	{56, 184, 24, 152},
	{248, 120, 216, 88},
};

/* Text and shapes are black with grey edges, which are cut in the middle. A colour is an emoji's: yellow is
 * no white, so it is made darker and shown by dots. */
static bool is_black(uint32_t pixel, int x, int y)
{
	if (((pixel ^ pixel >> 8) & 0xFFFF) == 0)
		return (pixel & 0xFF) < 255 - HALF;
	int red = pixel >> 16 & 0xFF, green = pixel >> 8 & 0xFF, blue = pixel & 0xFF;
	int most = red > green ? red : green, least = red < green ? red : green;
	most = blue > most ? blue : most;
	least = blue < least ? blue : least;
	int dark = 255 - ((red * 77 + green * 151 + blue * 28) >> 8);
	if (most - least < COLOUR)
		return dark > HALF;
	return dark + (most - least) / COLOUR_WEIGHT > pattern[y & 3][x & 3];
}

static uint8_t eight_dots(const uint32_t *pixels, int x, int y)
{
	unsigned byte = 0;
	for (int i = 0; i < 8; i++)
		byte = byte << 1 | is_black(pixels[x + i], x + i, y);
	return (uint8_t)byte;
}

/* Most of a label is white, and is looked at eight dots at a time. */
static void threshold_row(const uint32_t *pixels, int width, int y, uint8_t *bits)
{
	int x = 0;
	for (; x + 8 <= width; x += 8) {
		const uint32_t *p = pixels + x;
		uint32_t all = p[0] & p[1] & p[2] & p[3] & p[4] & p[5] & p[6] & p[7];
		bits[x / 8] = (all & WHITE) == WHITE ? 0 : eight_dots(pixels, x, y);
	}
	if (x < width) {
		uint32_t rest[8];
		for (int i = 0; i < 8; i++)
			rest[i] = x + i < width ? pixels[x + i] : WHITE;
		bits[x / 8] = eight_dots(rest, 0, y);
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
		threshold_row((const uint32_t *)(const void *)(data + (size_t)y * step), width, y,
			      bits + (size_t)y * stride);
}
