/* ZPL II, Zebra's Programming Guide: ^GF's field, in the compressed form that Zebra calls Z64. */
#include <zlib.h>

#include "core/base/mem.h"
#include "labels/dialect_private.h"

#define POOL  ((size_t)300 * 1000) /* zlib says 268 kB, "plus a few" */
#define LEVEL 9                    /* of zlib, which the head of its stream tells */

#define SMALL 4096 /* bytes that are packed in no time as well as zlib can */

/* zlib's own numbers for the level are 32, 258, 258 and 4,096; with these a job is some 3 % longer, and made
 * in a tenth of the time. */
#define GOOD  4  /* bytes of a match from which on a better one is looked for in fewer places, */
#define LAZY  8  /* none at the next byte, */
#define NICE  16 /* and none at all */
#define CHAIN 4  /* places where a match is looked for */

/* CRC-16 with the polynomial 1021 that begins with 0 (XMODEM). */
static unsigned crc16(const char *text, size_t n)
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

/* What zlib works in, taken at once: four pieces of 64 kB given back one by one make malloc hand the pages to
 * the system, which then has to find new ones for the next label. */
typedef struct pool {
	uint8_t *bytes;
	size_t used;
} pool;

static voidpf take(voidpf opaque, uInt count, uInt size)
{
	pool *p = opaque;
	size_t n = ((size_t)count * size + 15) / 16 * 16;
	if (n > POOL - p->used)
		return NULL;
	p->used += n;
	return p->bytes + p->used - n;
}

static void give_back(voidpf opaque, voidpf bytes)
{
	(void)opaque;
	(void)bytes;
}

/* zlib, which looks for matches less far than it would: what a row of a label is like, the row above is. */
static size_t deflate_all(const pw_raster *raster, uint8_t *out, size_t room)
{
	pool p = {pw_realloc_array(NULL, POOL, 1), 0}; /* not zeroed */
	z_stream z = {.next_in = raster->bits,
		      .avail_in = (uInt)pw_raster_bytes(raster),
		      .next_out = out,
		      .avail_out = (uInt)room,
		      .zalloc = take,
		      .zfree = give_back,
		      .opaque = &p};
	PW_BUG_IF(deflateInit(&z, LEVEL) != Z_OK);
	if (z.avail_in > SMALL)
		PW_BUG_IF(deflateTune(&z, GOOD, LAZY, NICE, CHAIN) != Z_OK);
	PW_BUG_IF(deflate(&z, Z_FINISH) != Z_STREAM_END);
	size_t n = z.total_out;
	deflateEnd(&z);
	pw_free(p.bytes);
	return n;
}

static void add_z64(pw_str *out, const pw_raster *raster)
{
	size_t room = compressBound((uLong)pw_raster_bytes(raster));
	uint8_t *packed = pw_realloc_array(NULL, room, 1);
	size_t n = deflate_all(raster, packed, room);
	char *text = pw_alloc(n / 3 * 4 + 4);
	size_t size = to_base64(packed, n, text);
	pw_str_add(out, ":Z64:");
	pw_str_add_n(out, text, size);
	pw_str_addf(out, ":%04X", crc16(text, size));
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
