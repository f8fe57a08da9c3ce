/* ZPL II, Zebra's Programming Guide: ^GF's field, in the compressed form that Zebra calls Z64. */
#include <zlib.h>

#include "core/base/mem.h"
#include "labels/dialect_private.h"

#define LEVEL 5 /* of zlib: higher ones take longer and gain a few bytes */

static void add_base64(pw_str *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < n; i += 3) {
		unsigned b = i + 1 < n ? bytes[i + 1] : 0, c = i + 2 < n ? bytes[i + 2] : 0;
		unsigned three = (unsigned)bytes[i] << 16 | b << 8 | c;
		pw_str_add_char(out, digits[three >> 18 & 63]);
		pw_str_add_char(out, digits[three >> 12 & 63]);
		pw_str_add_char(out, i + 1 < n ? digits[three >> 6 & 63] : '=');
		pw_str_add_char(out, i + 2 < n ? digits[three & 63] : '=');
	}
}

/* CRC-16 with the polynomial 1021 that begins with 0 (XMODEM), over the base64 digits. */
static unsigned crc16(const char *text, size_t n)
{
	unsigned crc = 0;
	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned)(unsigned char)text[i] << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = ((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1) & 0xFFFF;
	}
	return crc;
}

static void add_z64(pw_str *out, const pw_raster *raster)
{
	uLong n = (uLong)pw_raster_bytes(raster);
	uLongf packed_size = compressBound(n);
	uint8_t *packed = pw_alloc(packed_size);
	PW_BUG_IF(compress2(packed, &packed_size, raster->bits, n, LEVEL) != Z_OK);
	pw_str_add(out, ":Z64:");
	size_t from = out->len;
	add_base64(out, packed, packed_size);
	pw_str_addf(out, ":%04X", crc16(out->ptr + from, out->len - from));
	pw_free(packed);
}

/* Print width, label length and home are the label's own, so that nothing is left of the one before. */
pw_status pw_dialect_zpl(const pw_raster *raster, const pw_print_job *job, pw_str *out, pw_err *err)
{
	(void)err;
	size_t n = pw_raster_bytes(raster);
	pw_str_addf(out, "^XA^PW%d^LL%d^LH0,0^FO0,0^GFA,%zu,%zu,%zu,", raster->width,
		    raster->height, n, n, raster->stride);
	add_z64(out, raster);
	pw_str_addf(out, "^FS^PQ%d,0,1,Y^XZ\n", job->copies);
	return PW_OK;
}
