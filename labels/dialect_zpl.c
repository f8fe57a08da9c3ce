/* ZPL II, Zebra's Programming Guide: ^GF's field, in the compressed form that Zebra calls Z64. */
#include <libdeflate.h>

#include "core/base/mem.h"
#include "labels/dialect_private.h"

#define LEVEL \
	1 /* the quickest, which libdeflate packs labels as well with as zlib does with its best but four */

unsigned pw_zpl_crc(const char *text, size_t n)
{
	unsigned crc = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned byte = (crc >> 8 ^ (unsigned char)text[i]) & 0xFF;
		byte ^= byte >> 4;
		crc = (crc << 8 ^ byte << 12 ^ byte << 5 ^ byte) & 0xFFFF;
	}
	return crc;
}

/* The digits of n bytes, for which there is room; how many. */
static size_t to_base64(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t size = 0;
	for (size_t i = 0; i < n; i += 3) {
		unsigned b = i + 1 < n ? bytes[i + 1] : 0, c = i + 2 < n ? bytes[i + 2] : 0;
		unsigned three = (unsigned)bytes[i] << 16 | b << 8 | c;
		out[size++] = digits[three >> 18 & 63];
		out[size++] = digits[three >> 12 & 63];
		out[size++] = i + 1 < n ? digits[three >> 6 & 63] : '=';
		out[size++] = i + 2 < n ? digits[three & 63] : '=';
	}
	return size;
}

static void add_z64(pw_str *out, const pw_raster *raster)
{
	size_t n = pw_raster_bytes(raster);
	struct libdeflate_compressor *z = libdeflate_alloc_compressor(LEVEL);
	PW_BUG_IF(z == NULL);
	size_t room = libdeflate_zlib_compress_bound(z, n);
	uint8_t *packed = pw_realloc_array(NULL, room, 1); /* not zeroed: that takes time */
	size_t packed_size = libdeflate_zlib_compress(z, raster->bits, n, packed, room);
	libdeflate_free_compressor(z);
	char *text = pw_realloc_array(NULL, packed_size / 3 * 4 + 4, 1);
	size_t size = to_base64(packed, packed_size, text);
	pw_str_add(out, ":Z64:");
	pw_str_add_n(out, text, size);
	pw_str_addf(out, ":%04X", pw_zpl_crc(text, size));
	pw_free(text);
	pw_free(packed);
}

void pw_zpl_begin(const pw_raster *raster, pw_str *out)
{
	size_t n = pw_raster_bytes(raster);
	pw_str_addf(out, "^XA^PW%d^LL%d^LH0,0^FO0,0^GFA,%zu,%zu,%zu,", raster->width,
		    raster->height, n, n, raster->stride);
	add_z64(out, raster);
	pw_str_add(out, "^FS");
}

void pw_zpl_end(const pw_print_job *job, pw_str *out)
{
	pw_str_addf(out, "^PQ%d,0,1,Y^XZ\n", job->copies);
}

pw_status pw_dialect_zpl(const pw_raster *raster, const pw_print_job *job, pw_str *out, pw_err *err)
{
	(void)err;
	pw_zpl_begin(raster, out);
	pw_zpl_end(job, out);
	return PW_OK;
}
