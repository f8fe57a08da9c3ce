#include <string.h>

#include "core/base/mem.h"
#include "devices/simulators/sim_private.h"

#define MOST_SIDE 32768

static int side(int64_t value)
{
	if (value < 1)
		return 1;
	return value > MOST_SIDE ? MOST_SIDE : (int)value;
}

void pw_sim_page_init(pw_sim_page *page, int64_t width, int64_t height)
{
	*page = (pw_sim_page){.width = side(width), .height = side(height), .copies = 1};
	page->stride = ((size_t)page->width + 7) / 8;
	if (page->stride * (size_t)page->height > PW_SIM_MOST_DOTS / 8)
		page->height = (int)(PW_SIM_MOST_DOTS / 8 / page->stride);
	page->bits = pw_alloc(page->stride * (size_t)page->height);
}

void pw_sim_page_clear(pw_sim_page *page)
{
	pw_free(page->bits);
	*page = (pw_sim_page){.width = 0};
}

static void set(pw_sim_page *page, int64_t x, int64_t y, bool dot, pw_sim_ink ink)
{
	if (page->bits == NULL || x < 0 || y < 0 || x >= page->width || y >= page->height)
		return;
	uint8_t *byte = &page->bits[(size_t)y * page->stride + (size_t)x / 8];
	uint8_t mask = (uint8_t)(0x80 >> (x % 8));
	bool black = (*byte & mask) != 0;
	switch (ink) {
	case PW_SIM_BLACKEN:
		black = black || dot;
		break;
	case PW_SIM_REPLACE:
		black = dot;
		break;
	case PW_SIM_INVERT:
		black = black != dot;
		break;
	case PW_SIM_WHITEN:
		black = black && !dot;
		break;
	}
	*byte = (uint8_t)(black ? *byte | mask : *byte & ~mask);
}

void pw_sim_page_draw(pw_sim_page *page, int64_t x, int64_t y, const uint8_t *rows, size_t stride,
		      size_t height, pw_sim_ink ink)
{
	for (size_t r = 0; r < height && y + (int64_t)r < page->height; r++)
		for (size_t c = 0; c < stride * 8 && x + (int64_t)c < page->width; c++)
			set(page, x + (int64_t)c, y + (int64_t)r,
			    (rows[r * stride + c / 8] & 0x80 >> c % 8) != 0, ink);
}

void pw_sim_page_fill(pw_sim_page *page, int64_t x, int64_t y, int64_t width, int64_t height,
		      pw_sim_ink ink)
{
	int64_t right = x + width < page->width ? x + width : page->width;
	int64_t bottom = y + height < page->height ? y + height : page->height;
	for (int64_t r = y < 0 ? 0 : y; r < bottom; r++)
		for (int64_t c = x < 0 ? 0 : x; c < right; c++)
			set(page, c, r, true, ink);
}

bool pw_sim_page_is_blank(const pw_sim_page *page)
{
	size_t n = page->bits == NULL ? 0 : page->stride * (size_t)page->height;
	for (size_t i = 0; i < n; i++)
		if (page->bits[i] != 0)
			return false;
	return true;
}
