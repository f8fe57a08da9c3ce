#include "labels/canvas.h"

#include "labels/canvas_private.h"

#define WHITE         0xFFFFFFu
#define HALF          127
#define COLOUR        24 /* the least difference of red, green and blue that is no grey */
#define COLOUR_WEIGHT 4
#define MM_PER_INCH   25.4

void pw_canvas_dots(const pw_canvas *c, int *out_width, int *out_height)
{
	*out_width = c->window.width;
	*out_height = c->window.height;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* A surface that has room for the window, larger than the one there is. */
static pw_status grow(pw_canvas *c, int width, int height, pw_err *err)
{
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, larger(width, cairo_image_surface_get_width(c->surface)),
		larger(height, cairo_image_surface_get_height(c->surface)));
	cairo_t *cr = cairo_create(surface);
	cairo_surface_destroy(surface);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS) {
		cairo_destroy(cr);
		return pw_fail(err, PW_ERR_NO_MEMORY, "no memory for %d × %d dots", width, height);
	}
	cairo_destroy(c->cr);
	cairo_surface_destroy(c->surface);
	c->cr = cr;
	c->surface = cairo_surface_reference(cairo_get_target(cr));
	return PW_OK;
}

static void show_window(pw_canvas *c)
{
	double unit = c->dpi / MM_PER_INCH;
	cairo_reset_clip(c->cr);
	cairo_identity_matrix(c->cr);
	cairo_new_path(c->cr);
	cairo_rectangle(c->cr, 0, 0, c->window.width, c->window.height);
	cairo_clip(c->cr);
	pw_canvas_set_ink(c, PW_INK_WHITE);
	cairo_paint(c->cr);
	cairo_translate(c->cr, -c->window.x, -c->window.y);
	cairo_scale(c->cr, unit, unit);
}

pw_status pw_canvas_look_at(pw_canvas *c, int x, int y, int width, int height, pw_err *err)
{
	PW_BUG_IF(c->cr == NULL || c->window.width == 0 || width < 1 || height < 1);
	if ((int64_t)width * height > PW_CANVAS_MAX_PIXELS)
		return pw_fail(err, PW_ERR_LIMIT, "%d × %d dots at once: at most %ld are drawn",
			       width, height, PW_CANVAS_MAX_PIXELS);
	if (width > cairo_image_surface_get_width(c->surface) ||
	    height > cairo_image_surface_get_height(c->surface)) {
		pw_status rc = grow(c, width, height, err);
		if (rc != PW_OK)
			return rc;
	}
	c->window = (pw_canvas_window){x, y, width, height};
	c->missing = 0;
	show_window(c);
	return PW_OK;
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
		byte = byte << 1 | is_black(pixels[i], x + i, y);
	return (uint8_t)byte;
}

/* Two pixels at once, the first one low. */
static uint64_t two(const uint32_t *p)
{
	return (uint64_t)p[1] << 32 | p[0];
}

#define BOTH(mask) ((uint64_t)(mask) << 32 | (mask))

/* Of greys the upper half is white. */
static unsigned two_greys(uint64_t pixels)
{
	return (unsigned)(~pixels >> 6 & 2) | (unsigned)(~pixels >> 39 & 1);
}

/* Most of a label is white and nearly all of it grey: eight dots are looked at together. x and y are the first
 * pixel's on the page. */
static uint8_t eight(const uint32_t *pixels, int x, int y)
{
	uint64_t a = two(pixels), b = two(pixels + 2), c = two(pixels + 4), d = two(pixels + 6);
	if ((a & b & c & d & BOTH(WHITE)) == BOTH(WHITE))
		return 0;
	uint64_t colour = (a ^ a >> 8) | (b ^ b >> 8) | (c ^ c >> 8) | (d ^ d >> 8);
	if ((colour & BOTH(0xFFFFu)) != 0)
		return eight_dots(pixels, x, y);
	return (uint8_t)(two_greys(a) << 6 | two_greys(b) << 4 | two_greys(c) << 2 | two_greys(d));
}

static void threshold_row(const uint32_t *pixels, int width, int x, int y, uint8_t *bits)
{
	int i = 0;
	for (; i + 8 <= width; i += 8)
		bits[i / 8] = eight(pixels + i, x + i, y);
	if (i < width) {
		uint32_t rest[8];
		for (int k = 0; k < 8; k++)
			rest[k] = i + k < width ? pixels[i + k] : WHITE;
		bits[i / 8] = eight(rest, x + i, y);
	}
}

void pw_canvas_take(pw_canvas *c, uint8_t *bits, size_t stride)
{
	PW_BUG_IF(c->window.width == 0);
	cairo_surface_flush(c->surface);
	const unsigned char *data = cairo_image_surface_get_data(c->surface);
	size_t step = (size_t)cairo_image_surface_get_stride(c->surface);
	for (int y = 0; y < c->window.height; y++)
		threshold_row((const uint32_t *)(const void *)(data + (size_t)y * step),
			      c->window.width, c->window.x, c->window.y + y,
			      bits + (size_t)y * stride);
}
