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

/* Eight dots at once; `mask` has those that count. */
static void ink_byte(uint8_t *to, uint8_t dots, uint8_t mask, pw_sim_ink ink)
{
	dots &= mask;
	switch (ink) {
	case PW_SIM_BLACKEN:
		*to |= dots;
		break;
	case PW_SIM_REPLACE:
		*to = (uint8_t)((*to & ~mask) | dots);
		break;
	case PW_SIM_INVERT:
		*to ^= dots;
		break;
	case PW_SIM_WHITEN:
		*to &= (uint8_t)~dots;
		break;
	}
}

/* Eight dots from x on, wherever the page's bytes begin; what is not on the page is lost. */
static void ink_dots(pw_sim_page *page, int64_t x, int64_t y, uint8_t dots, uint8_t mask,
		     pw_sim_ink ink)
{
	if (page->bits == NULL || y < 0 || y >= page->height || x <= -8 || x >= page->width)
		return;
	if (x + 8 > page->width)
		mask &= (uint8_t)(0xFF << (x + 8 - page->width));
	uint8_t *row = page->bits + (size_t)y * page->stride;
	int64_t byte = x >= 0 ? x / 8 : -1;
	int shift = (int)(x - byte * 8);
	if (byte >= 0)
		ink_byte(&row[byte], (uint8_t)(dots >> shift), (uint8_t)(mask >> shift), ink);
	if (shift > 0 && byte + 1 < (int64_t)page->stride)
		ink_byte(&row[byte + 1], (uint8_t)(dots << (8 - shift)),
			 (uint8_t)(mask << (8 - shift)), ink);
}

void pw_sim_page_draw(pw_sim_page *page, int64_t x, int64_t y, const uint8_t *rows, size_t stride,
		      size_t height, pw_sim_ink ink)
{
	for (size_t r = 0; r < height && y + (int64_t)r < page->height; r++)
		for (size_t c = 0; c < stride && x + (int64_t)c * 8 < page->width; c++)
			ink_dots(page, x + (int64_t)c * 8, y + (int64_t)r, rows[r * stride + c],
				 0xFF, ink);
}

/* Whole bytes of a row. */
static void ink_run(uint8_t *to, size_t n, pw_sim_ink ink)
{
	if (ink != PW_SIM_INVERT) {
		memset(to, ink == PW_SIM_WHITEN ? 0 : 0xFF, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)~to[i];
}

static void fill_row(pw_sim_page *page, int64_t y, int64_t x, int64_t right, pw_sim_ink ink)
{
	int64_t whole = (x + 7) / 8 * 8;
	if (whole > x) {
		int64_t n = right < whole ? right - x : whole - x;
		uint8_t mask = (uint8_t)(0xFF << (8 - n));
		ink_dots(page, x, y, mask, mask, ink);
	}
	if (right - whole >= 8)
		ink_run(page->bits + (size_t)y * page->stride + whole / 8,
			(size_t)(right - whole) / 8, ink);
	if (right > whole && (right & 7) != 0) {
		uint8_t mask = (uint8_t)(0xFF << (8 - (right & 7)));
		ink_dots(page, right / 8 * 8, y, mask, mask, ink);
	}
}

void pw_sim_page_fill(pw_sim_page *page, int64_t x, int64_t y, int64_t width, int64_t height,
		      pw_sim_ink ink)
{
	int64_t right = x + width < page->width ? x + width : page->width;
	int64_t bottom = y + height < page->height ? y + height : page->height;
	x = x < 0 ? 0 : x;
	if (page->bits == NULL || right <= x)
		return;
	for (int64_t r = y < 0 ? 0 : y; r < bottom; r++)
		fill_row(page, r, x, right, ink);
}

bool pw_sim_page_is_blank(const pw_sim_page *page)
{
	size_t n = page->bits == NULL ? 0 : page->stride * (size_t)page->height;
	return n == 0 || (page->bits[0] == 0 && memcmp(page->bits, page->bits + 1, n - 1) == 0);
}
