/*
 * ^GF: digits of dots, alone or with Zebra's run lengths, or in base64, deflated or not.
 *
 *	0–F         four dots; 1 is black           G–Y, g–z   1 to 19, 20 to 400 of the next digit
 *	,           the rest of the row is white    !          … is black          :   the row is that above
 *	:Z64:       zlib, in base64, ':' and a CRC-16 (polynomial 1021, from 0) of the base64 text
 *	:B64:       the same, not deflated
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/base/mem.h"
#include "devices/simulators/sim_zpl.h"

/* :Z64: and :B64:, byte by byte. */
struct pw_sim_packed {
	bool deflated, inflating, over; /* its end was there */
	z_stream z;
	uint32_t bits; /* of base64 that have come */
	int count;
	unsigned crc, told;
	int told_n; /* digits of the checksum; -1: it has not begun */
};

/* ---- The beginning ---- */

void pw_sim_graphic_begin(pw_sim_graphic *g, const char *arguments)
{
	char *end;
	pw_sim_graphic_clear(g);
	g->kind = arguments[0];
	const char *at = strchr(arguments, ',');
	unsigned long number[3] = {0, 0, 0};
	for (int i = 0; i < 3 && at != NULL; i++) {
		number[i] = strtoul(at + 1, &end, 10);
		at = strchr(at + 1, ',');
	}
	g->coming = number[0];
	g->size = number[1];
	g->stride = number[2];
	g->broken = g->stride == 0 || g->size < g->stride || g->size > PW_SIM_MOST_DOTS / 8 ||
		    g->kind == 'C';
	if (!g->broken)
		g->dots = pw_alloc(g->size);
}

static void end_packed(struct pw_sim_packed *p)
{
	if (p != NULL && p->inflating)
		inflateEnd(&p->z);
	pw_free(p);
}

void pw_sim_graphic_clear(pw_sim_graphic *g)
{
	end_packed(g->packed);
	pw_free(g->dots);
	*g = (pw_sim_graphic){.kind = 0};
}

bool pw_sim_graphic_is_raw(const pw_sim_graphic *g)
{
	return (g->kind == 'B' || g->kind == 'C') && g->coming > 0;
}

/* ---- Digits ---- */

static void put_digit(pw_sim_graphic *g, unsigned digit)
{
	if (g->at >= g->size)
		return;
	if (g->low)
		g->dots[g->at++] |= (uint8_t)digit;
	else
		g->dots[g->at] = (uint8_t)(digit << 4);
	g->low = !g->low;
}

static void fill_row(pw_sim_graphic *g, unsigned digit)
{
	do
		put_digit(g, digit);
	while (g->at < g->size && (g->low || g->at % g->stride != 0));
}

static void repeat_row(pw_sim_graphic *g)
{
	if (g->low || g->at < g->stride || g->at + g->stride > g->size)
		return;
	memcpy(g->dots + g->at, g->dots + g->at - g->stride, g->stride);
	g->at += g->stride;
}

static void feed_digit(pw_sim_graphic *g, char c)
{
	if (c >= 'G' && c <= 'Y') {
		g->repeat += c - 'F';
	} else if (c >= 'g' && c <= 'z') {
		g->repeat += 20 * (c - 'f');
	} else if (c == ',') {
		fill_row(g, 0);
	} else if (c == '!') {
		fill_row(g, 15);
	} else if (c == ':') {
		repeat_row(g);
	} else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f')) {
		unsigned digit = (unsigned)(c <= '9' ? c - '0' : (c & 0x1F) + 9);
		for (int n = g->repeat > 0 ? g->repeat : 1; n > 0; n--)
			put_digit(g, digit);
		g->repeat = 0;
	}
}

/* ---- Base64 ---- */

static void feed_packed_byte(pw_sim_graphic *g, uint8_t byte)
{
	struct pw_sim_packed *p = g->packed;
	if (!p->deflated) {
		if (g->at < g->size)
			g->dots[g->at++] = byte;
		return;
	}
	if (p->over || g->broken)
		return;
	p->z.next_in = &byte;
	p->z.avail_in = 1;
	p->z.next_out = g->dots + g->at;
	p->z.avail_out = (uInt)(g->size - g->at);
	uint8_t spare; /* where what is too much ends; it is never more than looked at */
	if (p->z.avail_out == 0) {
		p->z.next_out = &spare;
		p->z.avail_out = 1;
	}
	int rc = inflate(&p->z, Z_NO_FLUSH);
	if (p->z.next_out != &spare && p->z.next_out != &spare + 1)
		g->at = (size_t)(p->z.next_out - g->dots);
	p->over = rc == Z_STREAM_END;
	g->broken = rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void feed_checksum(struct pw_sim_packed *p, char c)
{
	int digit = c >= '0' && c <= '9'   ? c - '0'
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
					   : -1;
	if (digit >= 0 && p->told_n < 4) {
		p->told = p->told << 4 | (unsigned)digit;
		p->told_n++;
	}
}

static void feed_packed(pw_sim_graphic *g, char c)
{
	struct pw_sim_packed *p = g->packed;
	if (c == '\r' || c == '\n')
		return;
	if (p->told_n >= 0) {
		feed_checksum(p, c);
		return;
	}
	if (c == ':') {
		p->told_n = 0;
		return;
	}
	p->crc ^= (unsigned)(uint8_t)c << 8;
	for (int i = 0; i < 8; i++)
		p->crc = (p->crc & 0x8000 ? p->crc << 1 ^ 0x1021 : p->crc << 1) & 0xFFFF;
	int digit = base64_digit(c);
	if (digit < 0)
		return;
	p->bits = p->bits << 6 | (uint32_t)digit;
	p->count += 6;
	if (p->count >= 8) {
		p->count -= 8;
		feed_packed_byte(g, (uint8_t)(p->bits >> p->count));
	}
}

static void begin_packed(pw_sim_graphic *g, bool deflated)
{
	g->packed = pw_alloc(sizeof(*g->packed));
	g->packed->deflated = deflated;
	g->packed->told_n = -1;
	if (deflated)
		g->packed->inflating = inflateInit(&g->packed->z) == Z_OK;
	g->broken = deflated && !g->packed->inflating;
}

/* ---- Bytes ---- */

/* True while the bytes may still become ":Z64:"; they are digits once they can't any more. */
static bool feed_head(pw_sim_graphic *g, char c)
{
	if (g->head_n == sizeof(g->head) || (g->head_n == 0 && c != ':'))
		return false;
	g->head[g->head_n++] = c;
	static const char *const forms[] = {":Z64:", ":B64:"};
	for (int i = 0; i < 2; i++) {
		if (memcmp(forms[i], g->head, g->head_n) != 0)
			continue;
		if (g->head_n == sizeof(g->head))
			begin_packed(g, i == 0);
		return true;
	}
	size_t n = g->head_n;
	char head[sizeof(g->head)];
	memcpy(head, g->head, n);
	g->head_n = sizeof(g->head);
	for (size_t i = 0; i < n; i++)
		feed_digit(g, head[i]);
	return true;
}

void pw_sim_graphic_feed(pw_sim_graphic *g, uint8_t byte)
{
	if (g->coming > 0 && g->kind != 'A')
		g->coming--;
	if (g->broken)
		return;
	if (g->kind == 'B') {
		if (g->at < g->size)
			g->dots[g->at++] = byte;
	} else if (g->packed != NULL) {
		feed_packed(g, (char)byte);
	} else if (byte > ' ' && !feed_head(g, (char)byte)) {
		g->head_n = sizeof(g->head);
		feed_digit(g, (char)byte);
	}
}

bool pw_sim_graphic_end(pw_sim_graphic *g, const char **out_why)
{
	const struct pw_sim_packed *p = g->packed;
	if (g->broken)
		*out_why = p != NULL ? "it cannot be inflated"
				     : "its size makes no sense, or its kind is not known";
	else if (p != NULL && p->told_n == 4 && p->told != p->crc)
		*out_why = "its checksum is wrong";
	else if (p != NULL && p->told_n != 4)
		*out_why = "its checksum is not there";
	else if (g->at < g->size)
		*out_why = "it is cut off";
	else
		return true;
	return false;
}
