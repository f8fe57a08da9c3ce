/*
 * Brother QL, the raster command references. The tape is always fed along its pins: a row is 720 dots, from
 * right to left, and the part of the head that a tape covers is told by its width.
 */
#include <string.h>

#include "labels/dialect_private.h"

#define HEAD      720
#define ROW       (HEAD / 8)
#define RESET     200 /* NULs that end whatever was cut off */
#define ENDS      36  /* dots at each end of a die-cut label that are not printed: 3 mm */
#define FEED      35  /* dots of margin on a tape without end: 3 mm */
#define TOLERANCE 6   /* dots by which a label's width may miss its tape's */

#define CONTINUOUS 0x0A
#define DIE_CUT    0x0B

/* The tapes: of their whole width, dots in the middle are printed on, `offset` of the head's right edge. */
static const struct tape {
	int mm, whole, printed, offset;
} tapes[] = {
	{12, 142, 106, 29}, {29, 342, 306, 6}, {38, 449, 413, 12},
	{50, 590, 554, 12}, {54, 636, 590, 0}, {62, 732, 696, 12},
};

#define TAPES (sizeof(tapes) / sizeof(tapes[0]))

/* What of the raster is printed, and on which tape. */
typedef struct page {
	const pw_raster *raster;
	const struct tape *tape;
	bool die_cut;
	int left; /* the raster's column that the first printed dot shows; may be below 0 */
	int top, rows;
} page;

static bool is_die_cut(const pw_raster *raster, const pw_print_job *job, const struct tape *tape)
{
	int miss = raster->width - tape->whole;
	return job->gap > 0 && miss >= -TOLERANCE && miss <= TOLERANCE;
}

static page page_on(const pw_raster *raster, const pw_print_job *job, const struct tape *tape)
{
	page p = {raster, tape, is_die_cut(raster, job, tape), 0, 0, raster->height};
	p.left = (raster->width - tape->printed) / 2;
	if (p.die_cut) {
		p.top = ENDS;
		p.rows = raster->height - 2 * ENDS;
	}
	return p;
}

static bool is_whole(const page *p)
{
	const pw_raster *r = p->raster;
	if (p->rows < 1)
		return false;
	for (int y = 0; y < r->height; y++) {
		bool row_printed = y >= p->top && y < p->top + p->rows;
		for (int x = 0; x < r->width; x++) {
			bool printed =
				row_printed && x >= p->left && x < p->left + p->tape->printed;
			if (!printed && pw_raster_get(r, x, y))
				return false;
		}
	}
	return true;
}

/* The narrowest tape that shows every black dot. */
static pw_status find_page(const pw_raster *raster, const pw_print_job *job, page *out, pw_err *err)
{
	for (size_t i = 0; i < TAPES; i++) {
		if (raster->width > tapes[i].whole + TOLERANCE)
			continue;
		page p = page_on(raster, job, &tapes[i]);
		if (!is_whole(&p))
			continue;
		*out = p;
		return PW_OK;
	}
	return pw_fail(
		err, PW_ERR_ARG,
		"a label of %.1f × %.1f mm does not fit on a tape of 62 mm, which is printed "
		"on for 58.9 mm (and not within 3 mm of a die-cut label's ends)",
		pw_um_of(raster->width, raster->dpi) / 1000,
		pw_um_of(raster->height, raster->dpi) / 1000);
}

/* Rows of a page from right to left: the head looks at the label from behind. */
static void row_of(const page *p, int y, uint8_t out[ROW])
{
	memset(out, 0, ROW);
	for (int i = 0; i < p->tape->printed; i++) {
		int dot = p->tape->offset + i;
		if (pw_raster_get(p->raster, p->left + p->tape->printed - 1 - i, p->top + y))
			out[dot / 8] = (uint8_t)(out[dot / 8] | 0x80 >> dot % 8);
	}
}

/* PackBits (TIFF 6.0, section 9): a run of 2 to 128 equal bytes, or as many that differ. */
static size_t pack(const uint8_t *row, size_t n, uint8_t *out)
{
	size_t size = 0;
	for (size_t at = 0; at < n;) {
		size_t run = 1, plain = 1;
		while (at + run < n && row[at + run] == row[at])
			run++;
		if (run > 1) {
			out[size++] = (uint8_t)(257 - run);
			out[size++] = row[at];
			at += run;
			continue;
		}
		while (at + plain < n &&
		       (at + plain + 1 >= n || row[at + plain] != row[at + plain + 1]))
			plain++;
		out[size++] = (uint8_t)(plain - 1);
		memcpy(out + size, row + at, plain);
		size += plain;
		at += plain;
	}
	return size;
}

static void add_row(const page *p, int y, bool packbits, pw_str *out)
{
	uint8_t row[ROW], packed[2 * ROW];
	row_of(p, y, row);
	size_t n = packbits ? pack(row, ROW, packed) : ROW;
	pw_dialect_add(out, 3, (const uint8_t[]){'g', 0, (uint8_t)n});
	pw_dialect_add(out, n, packbits ? packed : row);
}

/* What is in the printer is checked against this: another tape is an error that the printer tells. */
static void add_media(const page *p, bool first, pw_str *out)
{
	unsigned rows = (unsigned)p->rows;
	int length =
		p->die_cut ? (int)(pw_um_of(p->raster->height, p->raster->dpi) / 1000 + 0.5) : 0;
	const uint8_t media[] = {0x1B,
				 'i',
				 'z',
				 p->die_cut ? 0x8E : 0x86,
				 p->die_cut ? DIE_CUT : CONTINUOUS,
				 (uint8_t)p->tape->mm,
				 (uint8_t)length,
				 (uint8_t)rows,
				 (uint8_t)(rows >> 8),
				 (uint8_t)(rows >> 16),
				 (uint8_t)(rows >> 24),
				 first ? 0 : 1,
				 0};
	pw_dialect_add(out, sizeof(media), media);
}

static void add_modes(const page *p, bool packbits, pw_str *out)
{
	pw_dialect_add(out, 4, (const uint8_t[]){0x1B, 'i', 'M', 0x40}); /* cut */
	pw_dialect_add(out, 4, (const uint8_t[]){0x1B, 'i', 'A', 1});    /* every label */
	pw_dialect_add(out, 4, (const uint8_t[]){0x1B, 'i', 'K', 8});    /* and the last */
	pw_dialect_add(out, 5, (const uint8_t[]){0x1B, 'i', 'd', p->die_cut ? 0 : FEED, 0});
	if (packbits)
		pw_dialect_add(out, 2, (const uint8_t[]){'M', 2});
}

pw_status pw_dialect_brother(const pw_raster *raster, const pw_print_job *job, pw_str *out,
			     pw_err *err)
{
	page p;
	pw_status rc = find_page(raster, job, &p, err);
	if (rc != PW_OK)
		return rc;
	for (int i = 0; i < RESET; i++)
		pw_str_add_char(out, 0);
	pw_dialect_add(out, 2, (const uint8_t[]){0x1B, '@'});
	for (int copy = 1; copy <= job->copies; copy++) {
		pw_dialect_add(out, 4, (const uint8_t[]){0x1B, 'i', 'a', 1});
		add_media(&p, copy == 1, out);
		add_modes(&p, job->packbits, out);
		for (int y = 0; y < p.rows; y++)
			add_row(&p, y, job->packbits, out);
		pw_str_add_char(out, copy < job->copies ? 0x0C : 0x1A);
	}
	return PW_OK;
}
