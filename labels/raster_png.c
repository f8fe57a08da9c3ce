#include <string.h>

#include <libdeflate.h>

#include "core/base/mem.h"
#include "labels/raster.h"

#define MM_PER_INCH 25.4
#define LEVEL       9 /* of libdeflate: a file is made once */

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void add_chunk(pw_str *out, const char *type, const uint8_t *data, size_t n)
{
	uint8_t number[4];
	put32(number, (uint32_t)n);
	pw_str_add_n(out, (const char *)number, 4);
	pw_str_add_n(out, type, 4);
	if (n > 0)
		pw_str_add_n(out, (const char *)data, n);
	uint32_t crc = libdeflate_crc32(0, type, 4);
	put32(number, n > 0 ? libdeflate_crc32(crc, data, n) : crc); /* of NULL it is 0 */
	pw_str_add_n(out, (const char *)number, 4);
}

/* Grey of one bit, where 1 is white; or the numbers of a palette, of two. */
static void add_header(pw_str *out, const pw_raster *raster)
{
	static const uint8_t palette[] = {0xFF, 0xFF, 0xFF, 0, 0, 0, 0xD0, 0, 0};
	uint8_t header[13] = {0};
	put32(header, (uint32_t)raster->width);
	put32(header + 4, (uint32_t)raster->height);
	header[8] = raster->red != NULL ? 2 : 1;
	header[9] = raster->red != NULL ? 3 : 0;
	add_chunk(out, "IHDR", header, sizeof(header));
	if (raster->red != NULL)
		add_chunk(out, "PLTE", palette, sizeof(palette));
	uint8_t size[9];
	uint32_t per_metre = (uint32_t)(raster->dpi / MM_PER_INCH * 1000 + 0.5);
	put32(size, per_metre);
	put32(size + 4, per_metre);
	size[8] = 1;
	add_chunk(out, "pHYs", size, sizeof(size));
}

static void grey_row(const pw_raster *raster, size_t y, uint8_t *out)
{
	for (size_t i = 0; i < raster->stride; i++)
		out[i] = (uint8_t)~raster->bits[y * raster->stride + i];
}

static void palette_row(const pw_raster *raster, size_t y, uint8_t *out)
{
	for (int x = 0; x < raster->width; x++) {
		size_t byte = y * raster->stride + (size_t)x / 8;
		unsigned black = (unsigned)raster->bits[byte] >> (7 - x % 8) & 1u;
		unsigned red = (unsigned)raster->red[byte] >> (7 - x % 8) & 1u;
		unsigned number = black == 0 ? 0 : 1 + red;
		out[x / 4] = (uint8_t)(out[x / 4] | number << (6 - x % 4 * 2));
	}
}

/* Each row of the file begins with the number of its filter: none. */
static uint8_t *rows_of(const pw_raster *raster, size_t step)
{
	uint8_t *rows = pw_alloc_array((size_t)raster->height, step);
	for (size_t y = 0; y < (size_t)raster->height; y++) {
		if (raster->red != NULL)
			palette_row(raster, y, rows + y * step + 1);
		else
			grey_row(raster, y, rows + y * step + 1);
	}
	return rows;
}

void pw_raster_png(const pw_raster *raster, pw_str *out)
{
	size_t step = 1 + (raster->red != NULL ? ((size_t)raster->width + 3) / 4 : raster->stride);
	size_t n = (size_t)raster->height * step;
	struct libdeflate_compressor *z = libdeflate_alloc_compressor(LEVEL);
	PW_BUG_IF(z == NULL);
	size_t room = libdeflate_zlib_compress_bound(z, n);
	uint8_t *rows = rows_of(raster, step), *packed = pw_alloc(room);
	size_t packed_size = libdeflate_zlib_compress(z, rows, n, packed, room);
	libdeflate_free_compressor(z);
	pw_str_add_n(out, "\x89PNG\r\n\x1a\n", 8);
	add_header(out, raster);
	add_chunk(out, "IDAT", packed, packed_size);
	add_chunk(out, "IEND", NULL, 0);
	pw_free(packed);
	pw_free(rows);
}
