#include "cli/pictures/plate.h"

#include <stdio.h>

#include "cli/pictures/plate_private.h"

#define MAX_ROWS   16
#define MAX_COLS   24
#define SMALL_COLS 12 /* with more columns the cells are small */
#define FOOTER     6.0

static pw_status claim(pw_plate_sheet *s, const pw_picture_well *well, pw_err *err)
{
	pw_plate_format format = s->p->format;
	char name[8];
	pw_well_name(well->well, name);
	if (well->well.row >= format.rows || well->well.col >= format.cols)
		return pw_fail(err, PW_ERR_LIMIT, "well %s is not on a plate of %d × %d wells",
			       name, format.rows, format.cols);
	if (well->state == PW_PICTURE_EMPTY)
		return PW_OK;
	const pw_picture_well **at = &s->at[pw_well_index(well->well, format, PW_BY_ROW)];
	if (*at != NULL)
		return pw_fail(err, PW_ERR_EXISTS, "well %s: '%s' and '%s' can't both be in it",
			       name, (*at)->label != NULL ? (*at)->label : "",
			       well->label != NULL ? well->label : "");
	*at = well;
	s->listed++;
	s->held += well->held;
	s->lined |= well->lines[0] != NULL;
	return PW_OK;
}

static pw_status check_plate(const pw_plate_picture *p, pw_err *err)
{
	if (p->format.rows < 1 || p->format.cols < 1 || p->format.rows > MAX_ROWS ||
	    p->format.cols > MAX_COLS)
		return pw_fail(err, PW_ERR_ARG, "a plate of %d × %d wells: %d × %d at most",
			       p->format.rows, p->format.cols, MAX_ROWS, MAX_COLS);
	if (p->subtitle_count > PW_PICTURE_SUBTITLES)
		return pw_fail(err, PW_ERR_ARG, "%zu subtitles: there is room for %d",
			       p->subtitle_count, PW_PICTURE_SUBTITLES);
	if (p->has_next && (p->next.row >= p->format.rows || p->next.col >= p->format.cols))
		return pw_fail(err, PW_ERR_LIMIT,
			       "the next well is not on a plate of %d × %d wells", p->format.rows,
			       p->format.cols);
	return PW_OK;
}

static pw_status take_wells(pw_plate_sheet *s, pw_err *err)
{
	pw_status rc = check_plate(s->p, err);
	for (size_t i = 0; rc == PW_OK && i < s->p->well_count; i++)
		rc = claim(s, &s->p->wells[i], err);
	if (rc != PW_OK)
		return rc;
	for (int i = 0; i < pw_plate_wells(s->p->format); i++)
		s->count[pw_plate_sign_of(s->at[i])]++;
	s->small = s->p->format.cols > SMALL_COLS;
	return PW_OK;
}

static void measure_paper(pw_plate_sheet *s)
{
	bool letter = s->p->paper == PW_PAPER_LETTER;
	s->width = letter ? 279.4 : 297.0;
	s->height = letter ? 215.9 : 210.0;
	size_t lines = s->p->subtitle_count > 2 ? s->p->subtitle_count : 2;
	s->top = PW_SHEET_MARGIN + 8.0 + 4.0 * (double)lines;
	s->bottom = s->height - PW_SHEET_MARGIN - FOOTER;
}

static pw_status open_canvas(pw_plate_sheet *s, pw_canvas_format format, double dpi, double height,
			     pw_err *err)
{
	pw_canvas_opts opts = {
		.format = format,
		.width = s->width,
		.height = height,
		.dpi = dpi,
		.colour = s->p->colour,
		.title = s->p->barcode,
	};
	return pw_canvas_new(&opts, &s->c, err);
}

/* Whether something is shortened on the plate, found out before there is a page. */
static pw_status decide_table(pw_plate_sheet *s, pw_err *err)
{
	pw_status rc = open_canvas(s, PW_CANVAS_SVG, 0, s->height, err);
	if (rc != PW_OK)
		return rc;
	s->table = s->small ? s->listed > 0 : pw_plate_texts_cut(s);
	if (s->table)
		pw_plate_table_measure(s);
	pw_canvas_free(s->c);
	s->c = NULL;
	return PW_OK;
}

/* Title and subtitles at the left, the plate's own name at the right. */
static void draw_heading(const pw_plate_sheet *s)
{
	const pw_plate_picture *p = s->p;
	double left = PW_SHEET_MARGIN, top = PW_SHEET_MARGIN, width = s->width - 2 * left;
	pw_text_style title = {.size = 4.4, .min_size = 2.5, .cut = PW_CUT_END, .bold = true};
	pw_text_style line = {.size = 2.0, .min_size = 1.6, .cut = PW_CUT_END};
	pw_text_style barcode = {.size = 4.4,
				 .min_size = 2,
				 .cut = PW_CUT_MIDDLE,
				 .align = PW_ALIGN_RIGHT,
				 .bold = true};
	pw_text_style kind = {.size = 2.0, .align = PW_ALIGN_RIGHT, .cut = PW_CUT_END};
	double share = width * 0.6, rest = width - share - 5, x = left + share + 5;
	top -= 1.5; /* capitals at the margin, not the line's ascent */
	if (p->title != NULL)
		pw_canvas_text_in(s->c, (pw_box){left, top, share, 7}, p->title, &title);
	for (size_t i = 0; i < p->subtitle_count; i++)
		pw_canvas_text_in(s->c, (pw_box){left, top + 8.3 + 4 * (double)i, share, 4},
				  p->subtitles[i], &line);
	if (p->barcode != NULL)
		pw_canvas_text_in(s->c, (pw_box){x, top - 0.8, rest, 8}, p->barcode, &barcode);
	if (p->kind != NULL)
		pw_canvas_text_in(s->c, (pw_box){x, top + 8.3, rest, 4}, p->kind, &kind);
}

/* Said on the paper itself: who holds it can't ask the program. */
static void draw_missing(const pw_plate_sheet *s, double y)
{
	char text[128];
	size_t n = pw_canvas_missing(s->c);
	if (n == 0)
		return;
	snprintf(text, sizeof(text),
		 "Characters in no font of this computer, drawn as boxes: %zu. Install fonts for "
		 "their script.",
		 n);
	pw_text_style style = {.size = 1.6, .bold = true};
	pw_canvas_text(s->c, (pw_point){PW_SHEET_MARGIN, y + 0.8}, text, &style);
}

static void draw_footer(const pw_plate_sheet *s, double page_height)
{
	double y = page_height - PW_SHEET_MARGIN, width = s->width - 2 * PW_SHEET_MARGIN;
	pw_text_style style = {
		.size = 1.6, .min_size = 1.2, .cut = PW_CUT_END, .valign = PW_ALIGN_BASELINE};
	pw_canvas_line(s->c, (pw_point){PW_SHEET_MARGIN, y - 4},
		       (pw_point){PW_SHEET_MARGIN + width, y - 4}, &(pw_shape){.stroke = 0.2});
	if (s->p->footer != NULL)
		pw_canvas_text_in(s->c, (pw_box){PW_SHEET_MARGIN, y - 4, width - 30, 4},
				  s->p->footer, &style);
	draw_missing(s, y);
	if (s->pages < 2)
		return;
	char text[40];
	snprintf(text, sizeof(text), "page %d of %d", s->page, s->pages);
	style.align = PW_ALIGN_RIGHT;
	pw_canvas_text_in(s->c, (pw_box){PW_SHEET_MARGIN + width - 28, y - 4, 28, 4}, text, &style);
}

/* One tall page: the table is under the plate. */
static pw_status draw_tall(pw_plate_sheet *s, pw_canvas_format format, double dpi, pw_err *err)
{
	double more = s->table ? pw_plate_table_height(s) + 3.0 : 0;
	pw_status rc = open_canvas(s, format, dpi, s->height + more, err);
	if (rc != PW_OK)
		return rc;
	s->pages = 1;
	draw_heading(s);
	pw_plate_wells_draw(s);
	if (s->table)
		pw_plate_table_draw(s, s->bottom + 3.0, 0, s->listed,
				    ((int)s->listed + s->blocks - 1) / s->blocks);
	draw_footer(s, s->height + more);
	return PW_OK;
}

/* Pages of paper: the plate, then as many of the table as it takes. */
static pw_status draw_pages(pw_plate_sheet *s, pw_canvas_format format, double dpi, pw_err *err)
{
	pw_status rc = open_canvas(s, format, dpi, s->height, err);
	if (rc != PW_OK)
		return rc;
	int rows = pw_plate_table_rows(s->top, s->bottom);
	size_t per_page = (size_t)rows * (size_t)s->blocks;
	size_t left = s->table ? s->listed : 0, first = 0;
	s->page = 1;
	s->pages = 1 + (left > 0 ? (int)((left + per_page - 1) / per_page) : 0);
	draw_heading(s);
	pw_plate_wells_draw(s);
	draw_footer(s, s->height);
	while (left > 0) {
		if ((rc = pw_canvas_page(s->c, s->width, s->height, err)) != PW_OK)
			return rc;
		size_t count = left < per_page ? left : per_page;
		s->page++;
		draw_heading(s);
		pw_plate_table_draw(s, s->top, first, count, rows);
		draw_footer(s, s->height);
		first += count;
		left -= count;
	}
	return PW_OK;
}

pw_status pw_plate_picture_draw(const pw_plate_picture *p, pw_canvas_format format, double dpi,
				pw_str *out, pw_err *err)
{
	pw_plate_sheet s = {.p = p};
	pw_status rc;
	if ((rc = take_wells(&s, err)) != PW_OK)
		return rc;
	measure_paper(&s);
	if ((rc = decide_table(&s, err)) != PW_OK)
		return rc;
	if (format == PW_CANVAS_PDF)
		rc = draw_pages(&s, format, dpi, err);
	else
		rc = draw_tall(&s, format, dpi, err);
	if (rc == PW_OK)
		rc = pw_canvas_finish(s.c, out, err);
	pw_canvas_free(s.c);
	return rc;
}
