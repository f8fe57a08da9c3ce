#include "tests/unit/labels/decoders.h"

#include <stdio.h>
#include <string.h>

#ifdef PW_HAVE_ZBAR
#include <zbar.h>
#endif
#ifdef PW_HAVE_DMTX
#include <dmtx.h>
#endif

#include "core/base/mem.h"

#define PATIENCE 60000 /* ms; only what hangs needs it */
#define LOOKS    4

/* Grey of eight bits. */
typedef struct picture {
	int width, height;
	uint8_t *grey;
} picture;

/* `border` dots of paper around the quiet zone. */
static picture cut_out(const pw_raster *page, const pw_label_item *item, int border)
{
	int quiet = item->element->quiet * item->dots;
	bool bars = pw_symbol_is_bars(item->symbol.kind), sideways = (item->element->turn & 1) != 0;
	int aside = (bars && sideways ? 0 : quiet) + border;
	int above = (bars && !sideways ? 0 : quiet) + border;
	picture p = {item->width + 2 * aside, item->height + 2 * above, NULL};
	p.width = (p.width + 3) / 4 * 4;
	p.grey = pw_alloc_array((size_t)p.width, (size_t)p.height);
	memset(p.grey, 0xFF, (size_t)p.width * (size_t)p.height);
	for (int y = 0; y < item->height + 2 * (above - border); y++) {
		for (int x = 0; x < item->width + 2 * (aside - border); x++) {
			int at_x = item->x - aside + border + x,
			    at_y = item->y - above + border + y;
			if (pw_raster_get(page, at_x, at_y))
				p.grey[(y + border) * p.width + x + border] = 0;
		}
	}
	return p;
}

#ifdef PW_HAVE_ZBAR
static pw_str read_zbar(const picture *p)
{
	pw_str out = PW_STR_INIT;
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_CODE128, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_CODE128, ZBAR_CFG_MIN_LEN, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_t *image = zbar_image_create();
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)p->width, (unsigned)p->height);
	zbar_image_set_data(image, p->grey, (unsigned long)p->width * (unsigned long)p->height,
			    NULL);
	if (zbar_scan_image(scanner, image) == 1) {
		const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
		pw_str_add_n(&out, zbar_symbol_get_data(symbol),
			     zbar_symbol_get_data_length(symbol));
	}
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return out;
}
#endif

#ifdef PW_HAVE_DMTX
static pw_str read_dmtx(const picture *p, bool rectangle)
{
	pw_str out = PW_STR_INIT;
	DmtxImage *image = dmtxImageCreate(p->grey, p->width, p->height, DmtxPack8bppK);
	DmtxDecode *decoder = dmtxDecodeCreate(image, 1);
	DmtxTime end = dmtxTimeAdd(dmtxTimeNow(), PATIENCE);
	dmtxDecodeSetProp(decoder, DmtxPropFnc1, 0x1D);
	dmtxDecodeSetProp(decoder, DmtxPropSymbolSize,
			  rectangle ? DmtxSymbolRectAuto : DmtxSymbolSquareAuto);
	DmtxRegion *region;
	while (out.len == 0 && (region = dmtxRegionFindNext(decoder, &end)) != NULL) {
		DmtxMessage *message = dmtxDecodeMatrixRegion(decoder, region, DmtxUndefined);
		if (message != NULL)
			pw_str_add_n(&out, (const char *)message->output,
				     (size_t)message->outputIdx);
		dmtxMessageDestroy(&message);
		dmtxRegionDestroy(&region);
	}
	dmtxDecodeDestroy(&decoder);
	dmtxImageDestroy(&image);
	return out;
}
#endif

static bool is_datamatrix(pw_symbol_kind kind)
{
	return kind == PW_SYMBOL_DATAMATRIX || kind == PW_SYMBOL_DATAMATRIX_RECT ||
	       kind == PW_SYMBOL_GS1_DATAMATRIX;
}

bool decoders_have(pw_symbol_kind kind)
{
#ifndef PW_HAVE_DMTX
	if (is_datamatrix(kind)) {
		printf("skipped: libdmtx-dev was not there when this was built\n");
		return false;
	}
#endif
#ifndef PW_HAVE_ZBAR
	if (!is_datamatrix(kind)) {
		printf("skipped: libzbar-dev was not there when this was built\n");
		return false;
	}
#endif
	return kind != PW_SYMBOL_MICRO_QR;
}

static pw_str look(const picture *p, pw_symbol_kind kind)
{
	pw_str out = PW_STR_INIT;
#ifdef PW_HAVE_DMTX
	if (is_datamatrix(kind))
		out = read_dmtx(p, kind == PW_SYMBOL_DATAMATRIX_RECT);
#endif
#ifdef PW_HAVE_ZBAR
	if (!is_datamatrix(kind))
		out = read_zbar(p);
#endif
	return out;
}

/* By a quarter. */
static picture turned(const picture *p)
{
	picture out = {p->height, p->width, NULL};
	out.width = (out.width + 3) / 4 * 4;
	out.grey = pw_alloc_array((size_t)out.width, (size_t)out.height);
	memset(out.grey, 0xFF, (size_t)out.width * (size_t)out.height);
	for (int y = 0; y < p->height; y++)
		for (int x = 0; x < p->width; x++)
			out.grey[x * out.width + p->height - 1 - y] = p->grey[y * p->width + x];
	return out;
}

/* A scanner looks many times a second, and is never held the same; libdmtx, whose lines through a picture depend on its
 * size, misses a symbol now and then that it finds in a larger picture or a turned one. */
pw_str decoders_read(const pw_raster *page, const pw_label_item *item)
{
	pw_str out = PW_STR_INIT;
	for (int i = 1; i <= LOOKS && out.len == 0; i++) {
		picture p = cut_out(page, item, 4 * i * i);
		picture turn = turned(&p);
		pw_str_clear(&out);
		out = look(&p, item->symbol.kind);
		if (out.len == 0) {
			pw_str_clear(&out);
			out = look(&turn, item->symbol.kind);
		}
		pw_free(turn.grey);
		pw_free(p.grey);
	}
	return out;
}
