#include "tests/unit/labels/job_reader.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/base/mem.h"

/* A place in a job. */
typedef struct cursor {
	const char *at, *end;
} cursor;

static cursor begin(const pw_str *job)
{
	return (cursor){job->ptr, job->ptr + job->len};
}

static void expect(cursor *c, const char *bytes, size_t n)
{
	ck_assert_msg((size_t)(c->end - c->at) >= n && memcmp(c->at, bytes, n) == 0,
		      "expected '%s' before '%.20s'", bytes, c->at);
	c->at += n;
}

#define EXPECT(c, text) expect((c), (text), sizeof(text) - 1)

static long number(cursor *c)
{
	char *end = NULL;
	long n = strtol(c->at, &end, 10);
	ck_assert_ptr_ne(end, c->at);
	c->at = end;
	return n;
}

static uint8_t byte(cursor *c)
{
	ck_assert(c->at < c->end);
	return (uint8_t)*c->at++;
}

/* `invert`: 0 is black. */
static void take_rows(cursor *c, int width, long stride, long rows, int dpi, bool invert,
		      pw_raster *out)
{
	ck_assert_int_eq(pw_raster_init(out, width, (int)rows, dpi, NULL), PW_OK);
	ck_assert_uint_eq(out->stride, (size_t)stride);
	for (size_t i = 0; i < pw_raster_bytes(out); i++)
		out->bits[i] = invert ? (uint8_t)~byte(c) : byte(c);
}

/* --- ZPL ------------------------------------------------------------------------------------ */

static int digit_of(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = strchr(digits, c);
	return c != '\0' && at != NULL ? (int)(at - digits) : -1;
}

static size_t from_base64(const char *text, size_t n, uint8_t *out)
{
	size_t size = 0;
	unsigned bits = 0, held = 0;
	for (size_t i = 0; i < n && text[i] != '='; i++) {
		ck_assert_int_ge(digit_of(text[i]), 0);
		held = held << 6 | (unsigned)digit_of(text[i]);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[size++] = (uint8_t)(held >> bits & 0xFF);
		}
	}
	return size;
}

/* CRC-16 XMODEM by long division, bit for bit. */
static unsigned crc_of(const char *text, size_t n)
{
	unsigned long rest = 0;
	for (size_t i = 0; i < n + 2; i++) {
		for (int bit = 7; bit >= 0; bit--) {
			unsigned next = i < n ? (unsigned char)text[i] >> bit & 1u : 0;
			rest = rest << 1 | next;
			if ((rest & 0x10000) != 0)
				rest ^= 0x11021;
		}
	}
	return (unsigned)rest;
}

void job_read_zpl(const pw_str *job, int dpi, pw_raster *out, int *out_copies)
{
	cursor c = begin(job);
	EXPECT(&c, "^XA^PW");
	long width = number(&c);
	EXPECT(&c, "^LL");
	long height = number(&c);
	EXPECT(&c, "^LH0,0^FO0,0^GFA,");
	long total = number(&c);
	EXPECT(&c, ",");
	ck_assert_int_eq(number(&c), total);
	EXPECT(&c, ",");
	long stride = number(&c);
	EXPECT(&c, ",:Z64:");
	size_t n = strcspn(c.at, ":");
	uint8_t *packed = pw_alloc(n);
	size_t packed_size = from_base64(c.at, n, packed);
	unsigned crc = crc_of(c.at, n);
	c.at += n + 1;
	ck_assert_uint_eq(
		(unsigned)strtoul((char[]){c.at[0], c.at[1], c.at[2], c.at[3], '\0'}, NULL, 16),
		crc);
	c.at += 4;
	EXPECT(&c, "^FS^PQ");
	*out_copies = (int)number(&c);
	EXPECT(&c, ",0,1,Y^XZ\n");
	ck_assert_ptr_eq(c.at, c.end);
	ck_assert_int_eq(stride * height, total);
	ck_assert_int_eq(pw_raster_init(out, (int)width, (int)height, dpi, NULL), PW_OK);
	uLongf size = (uLongf)total;
	ck_assert_int_eq(uncompress(out->bits, &size, packed, (uLong)packed_size), Z_OK);
	ck_assert_uint_eq(size, (uLongf)total);
	pw_free(packed);
}

/* --- TSPL and EPL --------------------------------------------------------------------------- */

static double length(cursor *c)
{
	char *end = NULL;
	double n = strtod(c->at, &end);
	ck_assert_ptr_ne(end, c->at);
	c->at = end;
	return n;
}

void job_read_tspl(const pw_str *job, int dpi, pw_raster *out, int *out_copies)
{
	cursor c = begin(job);
	EXPECT(&c, "SIZE ");
	double width = length(&c);
	EXPECT(&c, " mm,");
	double height = length(&c);
	EXPECT(&c, " mm\r\nGAP ");
	(void)length(&c);
	EXPECT(&c, " mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\nBITMAP 0,0,");
	long stride = number(&c);
	EXPECT(&c, ",");
	long rows = number(&c);
	EXPECT(&c, ",0,");
	int dots = pw_dots_of((int64_t)(width * 1000), dpi);
	ck_assert_int_ge(dots, (int)stride * 8 - 8);
	ck_assert_int_le(abs(pw_dots_of((int64_t)(height * 1000), dpi) - (int)rows), 1);
	take_rows(&c, (int)stride * 8, stride, rows, dpi, true, out);
	EXPECT(&c, "\r\nPRINT 1,");
	*out_copies = (int)number(&c);
	EXPECT(&c, "\r\n");
	ck_assert_ptr_eq(c.at, c.end);
}

void job_read_epl(const pw_str *job, int dpi, pw_raster *out, int *out_copies)
{
	cursor c = begin(job);
	EXPECT(&c, "\nN\nq");
	long width = number(&c);
	EXPECT(&c, "\nQ");
	long height = number(&c);
	EXPECT(&c, ",");
	(void)number(&c);
	EXPECT(&c, "\nGW0,0,");
	long stride = number(&c);
	EXPECT(&c, ",");
	ck_assert_int_eq(number(&c), height);
	EXPECT(&c, ",");
	take_rows(&c, (int)width, stride, height, dpi, true, out);
	EXPECT(&c, "\nP");
	*out_copies = (int)number(&c);
	EXPECT(&c, "\n");
	ck_assert_ptr_eq(c.at, c.end);
}

/* --- Brother QL ----------------------------------------------------------------------------- */

static void unpack(cursor *c, size_t n, uint8_t *row, size_t size)
{
	const char *end = c->at + n;
	size_t at = 0;
	while (c->at < end) {
		int8_t count = (int8_t)byte(c);
		size_t times = count >= 0 ? (size_t)count + 1 : (size_t)(1 - count);
		ck_assert_uint_le(at + times, size);
		uint8_t value = count >= 0 ? 0 : byte(c);
		for (size_t i = 0; i < times; i++)
			row[at++] = count >= 0 ? byte(c) : value;
	}
	ck_assert_uint_eq(at, size);
}

/* A row's bytes as dots of the page, which the head sees from behind; a P-touch's as they come. */
static void set_row(const uint8_t *row, int y, const job_brother *what, pw_raster *out, bool red)
{
	for (int x = 0; x < what->dots; x++) {
		if ((row[x / 8] >> (7 - x % 8) & 1) == 0)
			continue;
		int at = what->ptouch ? x : what->dots - 1 - x;
		pw_raster_fill(out, at, y, 1, 1);
		if (red)
			out->red[(size_t)y * out->stride + (size_t)at / 8] |=
				(uint8_t)(0x80 >> at % 8);
	}
}

static void brother_row(cursor *c, int y, bool packed, const job_brother *what, pw_raster *out)
{
	uint8_t row[162];
	uint8_t command = byte(c);
	bool red = false;
	if (what->ptouch && command == 'Z')
		return;
	size_t bytes = (size_t)what->dots / 8;
	if (what->ptouch)
		ck_assert_int_eq(command, 'G');
	else
		ck_assert_int_eq(command, what->two_colours ? 'w' : 'g');
	unsigned first = byte(c), second = byte(c);
	size_t n = what->ptouch ? first | second << 8 : second;
	if (!what->ptouch) {
		ck_assert(what->two_colours ? first == 1 || first == 2 : first == 0);
		red = first == 2;
	}
	if (packed) {
		unpack(c, n, row, bytes);
	} else {
		ck_assert_uint_eq(n, bytes);
		for (size_t i = 0; i < n; i++)
			row[i] = byte(c);
	}
	set_row(row, y, what, out, red);
	if (what->two_colours && !red) {
		ck_assert_int_eq(c->at[1], 2);
		brother_row(c, y, packed, what, out);
	}
}

static bool brother_page(cursor *c, const job_brother *what, pw_raster *out)
{
	EXPECT(c, "\x1Bia\x01\x1Biz");
	c->at += 4;
	long rows = byte(c);
	rows |= (long)byte(c) << 8;
	c->at += 4;
	EXPECT(c, "\x1BiM\x40");
	if (!what->ptouch)
		EXPECT(c, "\x1BiA\x01");
	EXPECT(c, "\x1BiK");
	ck_assert_int_eq(byte(c), what->two_colours ? 9 : 8);
	EXPECT(c, "\x1Bi"
		  "d");
	c->at += 2;
	bool packed = *c->at == 'M';
	ck_assert(packed || !what->ptouch);
	if (packed)
		EXPECT(c, "M\x02");
	ck_assert_int_eq(pw_raster_init(out, what->dots, (int)rows, what->dpi, NULL), PW_OK);
	if (what->two_colours)
		pw_raster_add_red(out);
	for (int y = 0; y < rows; y++)
		brother_row(c, y, packed, what, out);
	uint8_t end = byte(c);
	ck_assert(end == 0x0C || end == 0x1A);
	return end == 0x0C;
}

void job_read_brother(const pw_str *job, const job_brother *what, pw_raster *out, int *out_copies)
{
	cursor c = begin(job);
	for (int i = 0; i < what->reset; i++)
		ck_assert_int_eq(byte(&c), 0);
	EXPECT(&c, "\x1B@");
	*out_copies = 1;
	while (brother_page(&c, what, out)) {
		pw_raster_clear(out);
		(*out_copies)++;
	}
	ck_assert_ptr_eq(c.at, c.end);
}

/* --- Dymo ----------------------------------------------------------------------------------- */

void job_read_dymo(const pw_str *job, pw_raster *out, int *out_copies)
{
	cursor c = begin(job);
	size_t escapes = 0;
	while (c.at[1] == 0x1B) {
		c.at++;
		escapes++;
	}
	ck_assert_uint_ge(escapes, 84);
	EXPECT(&c, "\x1B@");
	*out_copies = 0;
	for (;;) {
		expect(&c,
		       "\x1BQ\0\0\x1B"
		       "B\0\x1BL",
		       9);
		long rows = (long)byte(&c) << 8;
		rows |= byte(&c);
		EXPECT(&c, "\x1B"
			   "D");
		long stride = byte(&c);
		ck_assert_int_eq(pw_raster_init(out, (int)stride * 8, (int)rows, 300, NULL), PW_OK);
		for (long y = 0; y < rows; y++) {
			ck_assert_int_eq(byte(&c), 0x16);
			for (long i = 0; i < stride; i++)
				out->bits[y * stride + i] = byte(&c);
		}
		ck_assert_int_eq(byte(&c), 0x1B);
		(*out_copies)++;
		uint8_t end = byte(&c);
		ck_assert(end == 'E' || end == 'G');
		if (end == 'E')
			break;
		pw_raster_clear(out);
	}
	ck_assert_ptr_eq(c.at, c.end);
}
