/*
 * Brother's raster commands: the command references of the QL-500 to 1060N, QL-800/810W/820NWB,
 * QL-1100/1110NWB/1115NWB, PT-H500/P700/E500 and PT-E550W/P750W/P710BT.
 */
#include <string.h>

#include "core/base/mem.h"
#include "labels/brother_private.h"
#include "labels/dialect_private.h"

#define ESC        0x1B
#define CONTINUOUS 0x0A
#define DIE_CUT    0x0B

/* What differs between the printers of a head. */
static const struct model {
	pw_brother_head head;
	int reset;  /* NULs that end whatever was cut off */
	int margin; /* dots before and behind a label on a tape without end */
	bool pt;
} ql = {PW_BROTHER_QL, 200, 35, false}, wide = {PW_BROTHER_WIDE, 350, 35, false},
  pt = {PW_BROTHER_PT, 100, 14, true}, pt_360 = {PW_BROTHER_PT_360, 100, 28, true};

/* PackBits (TIFF 6.0, section 9): a run of 2 to 128 equal bytes, or as many that differ. */
static size_t pack(const uint8_t *row, size_t n, uint8_t *out)
{
	size_t size = 0;
	for (size_t at = 0; at < n;) {
		size_t run = 1, plain = 1;
		while (at + run < n && run < 128 && row[at + run] == row[at])
			run++;
		if (run > 1) {
			out[size++] = (uint8_t)(257 - run);
			out[size++] = row[at];
			at += run;
			continue;
		}
		while (at + plain < n && plain < 128 &&
		       (at + plain + 1 >= n || row[at + plain] != row[at + plain + 1]))
			plain++;
		out[size++] = (uint8_t)(plain - 1);
		memcpy(out + size, row + at, plain);
		size += plain;
		at += plain;
	}
	return size;
}

/* One row of a plane behind its command's bytes. */
static void add_row(const uint8_t *row, size_t n, bool packbits, bool pt_row, const uint8_t head[2],
		    pw_str *out)
{
	uint8_t packed[2 * PW_BROTHER_MAX_ROW];
	size_t size = packbits ? pack(row, n, packed) : n;
	if (pt_row)
		pw_dialect_add(out, 3, (const uint8_t[]){'G', (uint8_t)size, (uint8_t)(size >> 8)});
	else
		pw_dialect_add(out, 3, (const uint8_t[]){head[0], head[1], (uint8_t)size});
	pw_dialect_add(out, size, packbits ? packed : row);
}

static bool is_blank(const uint8_t *row, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (row[i] != 0)
			return false;
	return true;
}

/* Of a roll with two colours each row is sent twice: what is black, and what is red. */
static void add_two_colours(const pw_raster *page, int y, bool packbits, pw_str *out)
{
	uint8_t black[PW_BROTHER_MAX_ROW], red[PW_BROTHER_MAX_ROW] = {0};
	size_t n = page->stride, at = (size_t)y * n;
	memcpy(black, page->bits + at, n);
	for (size_t i = 0; page->red != NULL && i < n; i++) {
		red[i] = page->red[at + i];
		black[i] = (uint8_t)(black[i] & ~red[i]);
	}
	add_row(black, n, packbits, false, (const uint8_t[]){'w', 1}, out);
	add_row(red, n, packbits, false, (const uint8_t[]){'w', 2}, out);
}

static void add_rows(const struct model *m, const pw_raster *page, const pw_print_job *job,
		     pw_str *out)
{
	for (int y = 0; y < page->height; y++) {
		const uint8_t *row = page->bits + (size_t)y * page->stride;
		if (m->pt && is_blank(row, page->stride))
			pw_str_add_char(out, 'Z');
		else if (!m->pt && job->two_colours)
			add_two_colours(page, y, job->packbits, out);
		else
			add_row(row, page->stride, m->pt || job->packbits, m->pt,
				(const uint8_t[]){'g', 0}, out);
	}
}

/* What is in the printer is checked against this: another tape is an error that the printer tells. */
static void add_media(const struct model *m, const pw_brother_page *p, bool first, pw_str *out)
{
	unsigned rows = (unsigned)p->raster.height;
	bool die_cut = p->length_mm > 0;
	const uint8_t media[] = {ESC,
				 'i',
				 'z',
				 m->pt     ? 0x84 /* the width; P-touch tapes are of many kinds */
				 : die_cut ? 0x8E
					   : 0x86,
				 m->pt     ? 0
				 : die_cut ? DIE_CUT
					   : CONTINUOUS,
				 (uint8_t)p->mm,
				 (uint8_t)p->length_mm,
				 (uint8_t)rows,
				 (uint8_t)(rows >> 8),
				 (uint8_t)(rows >> 16),
				 (uint8_t)(rows >> 24),
				 first ? 0 : 1,
				 0};
	pw_dialect_add(out, sizeof(media), media);
}

/* Cut every label, and the last. The P700's reference has no command for how many are between two cuts; one is
 * what it does. */
static void add_modes(const struct model *m, const pw_brother_page *p, const pw_print_job *job,
		      pw_str *out)
{
	uint8_t expanded = (uint8_t)(8 | (!m->pt && job->two_colours ? 1 : 0));
	int margin = p->length_mm > 0 ? 0 : m->margin;
	pw_dialect_add(out, 4, (const uint8_t[]){ESC, 'i', 'M', 0x40});
	if (!m->pt)
		pw_dialect_add(out, 4, (const uint8_t[]){ESC, 'i', 'A', 1});
	pw_dialect_add(out, 4, (const uint8_t[]){ESC, 'i', 'K', expanded});
	pw_dialect_add(out, 5, (const uint8_t[]){ESC, 'i', 'd', (uint8_t)margin, 0});
	if (m->pt || job->packbits)
		pw_dialect_add(out, 2, (const uint8_t[]){'M', 2});
}

static pw_status write_job(const struct model *m, const pw_raster *raster, const pw_print_job *job,
			   pw_str *out, pw_err *err)
{
	pw_brother_page p;
	pw_status rc = pw_brother_find_page(m->head, raster, job, &p, err);
	if (rc != PW_OK)
		return rc;
	PW_BUG_IF(p.raster.stride > PW_BROTHER_MAX_ROW);
	for (int i = 0; i < m->reset; i++)
		pw_str_add_char(out, 0);
	pw_dialect_add(out, 2, (const uint8_t[]){ESC, '@'});
	for (int copy = 1; copy <= job->copies; copy++) {
		pw_dialect_add(out, 4, (const uint8_t[]){ESC, 'i', 'a', 1});
		add_media(m, &p, copy == 1, out);
		add_modes(m, &p, job, out);
		add_rows(m, &p.raster, job, out);
		pw_str_add_char(out, copy < job->copies ? 0x0C : 0x1A);
	}
	pw_raster_clear(&p.raster);
	return PW_OK;
}

pw_status pw_dialect_brother(const pw_raster *raster, const pw_print_job *job, pw_str *out,
			     pw_err *err)
{
	return write_job(&ql, raster, job, out, err);
}

pw_status pw_dialect_brother_wide(const pw_raster *raster, const pw_print_job *job, pw_str *out,
				  pw_err *err)
{
	return write_job(&wide, raster, job, out, err);
}

pw_status pw_dialect_ptouch(const pw_raster *raster, const pw_print_job *job, pw_str *out,
			    pw_err *err)
{
	return write_job(raster->dpi == 360 ? &pt_360 : &pt, raster, job, out, err);
}
