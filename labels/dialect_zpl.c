/* ZPL II, Zebra's Programming Guide: ^GF's field, in the compressed form that Zebra calls Z64. */
#include <zlib.h>

#include "core/base/mem.h"
#include "labels/dialect_private.h"

#define LEVEL 9  /* of zlib, which the head of its stream tells */
#define CHAIN 32 /* places where a match is looked for; the level's own are 4,096 */

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

/* zlib, which looks for matches less far than it would: the rows of a bar code are all alike. */
static size_t deflate_all(const pw_raster *raster, uint8_t *out, size_t room)
{
	z_stream z = {.next_in = raster->bits,
		      .avail_in = (uInt)pw_raster_bytes(raster),
		      .next_out = out,
		      .avail_out = (uInt)room};
	PW_BUG_IF(deflateInit(&z, LEVEL) != Z_OK || deflateTune(&z, 8, 16, 128, CHAIN) != Z_OK);
	PW_BUG_IF(deflate(&z, Z_FINISH) != Z_STREAM_END);
	size_t n = z.total_out;
	deflateEnd(&z);
	return n;
}

static void add_z64(pw_str *out, const pw_raster *raster)
{
	size_t room = compressBound((uLong)pw_raster_bytes(raster));
	uint8_t *packed = pw_alloc(room);
	size_t n = deflate_all(raster, packed, room);
	pw_str_add(out, ":Z64:");
	size_t from = out->len;
	add_base64(out, packed, n);
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
