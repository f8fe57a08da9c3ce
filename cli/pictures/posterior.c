#include "cli/pictures/posterior.h"

#include <stdio.h>

#include "cli/pictures/posterior_private.h"
#include "core/base/mem.h"

/* Below each other on one page: what fits into the longest paper. */
#define MOST_PAGES 9

/* A legend of more signs than fit beside each other has a row for the people and one for the pools. */
#define LEGEND_HEIGHT 7.0
#define LEGEND_ITEMS  7
#define NOTE_HEIGHT   3.8

/* ---- Looking ---- */

static void find_plates(pw_posterior_sheet *s)
{
	s->plates = 1;
	s->rows = 8;
	s->cols = 12;
	for (size_t j = 0; j < s->samples; j++) {
		pw_place at = pw_design_sample_place(s->p->design, j);
		s->plates = at.plate >= s->plates ? (size_t)at.plate + 1 : s->plates;
		if (at.row >= 8 || at.col >= 12) {
			s->rows = 16;
			s->cols = 24;
		}
	}
}

static void find_wrong(pw_posterior_sheet *s)
{
	s->wrong = pw_alloc_array(s->pools, sizeof(*s->wrong));
	for (size_t i = 0; i < s->pools; i++) {
		pw_design_list members = pw_design_members(s->p->design, i);
		pw_pool_call call = s->p->readings[i].call;
		bool hit = false;
		for (size_t x = 0; x < members.count && !hit; x++)
			hit = s->p->likely[members.at[x]];
		s->wrong[i] = hit ? call == PW_POOL_NEGATIVE : call == PW_POOL_POSITIVE;
	}
}

/* Those that are there, but always all three of people. */
static bool in_legend(const pw_posterior_sheet *s, int sign)
{
	return s->count[sign] > 0 || sign <= PW_POSTERIOR_NEGATIVE;
}

static int legend_rows(const pw_posterior_sheet *s)
{
	int items = 0;
	for (int sign = 0; sign < PW_POSTERIOR_SIGN_COUNT; sign++)
		items += in_legend(s, sign);
	return items > LEGEND_ITEMS ? 2 : 1;
}

static void look(pw_posterior_sheet *s)
{
	size_t notes =
		s->p->note_count < PW_POSTERIOR_NOTES ? s->p->note_count : PW_POSTERIOR_NOTES;
	s->samples = pw_design_samples(s->p->design);
	s->pools = pw_design_pools(s->p->design);
	find_plates(s);
	find_wrong(s);
	for (size_t j = 0; j < s->samples; j++)
		s->count[pw_posterior_sign_of_person(s, j)]++;
	for (size_t i = 0; i < s->pools; i++) {
		s->count[pw_posterior_sign_of_pool(s, i)]++;
		s->count[PW_POSTERIOR_POOL_WRONG] += s->wrong[i];
	}
	s->foot = LEGEND_HEIGHT * legend_rows(s) + NOTE_HEIGHT * (double)notes + 2.0;
	pw_posterior_pools_place(s);
	s->pages = s->plates + s->pool_pages;
}

pw_box pw_posterior_area(const pw_posterior_sheet *s)
{
	double top = s->top + PW_POSTERIOR_MARGIN + PW_POSTERIOR_HEAD;
	double bottom = s->top + PW_POSTERIOR_HEIGHT - PW_POSTERIOR_MARGIN;
	if (s->page == 0)
		bottom -= s->foot;
	return (pw_box){PW_POSTERIOR_MARGIN, top, PW_POSTERIOR_WIDTH - 2 * PW_POSTERIOR_MARGIN,
			bottom - top};
}

/* ---- Around the plate ---- */

static void draw_heading(const pw_posterior_sheet *s, const char *part)
{
	pw_text_style big = {.size = 4.2, .min_size = 2.5, .cut = PW_CUT_END, .bold = true};
	pw_text_style small = {.size = 2.1, .min_size = 1.6, .cut = PW_CUT_END};
	pw_text_style right = {.size = 2.1, .align = PW_ALIGN_RIGHT};
	double left = PW_POSTERIOR_MARGIN, width = PW_POSTERIOR_WIDTH - 2 * left;
	double top = s->top + PW_POSTERIOR_MARGIN - 2.0;
	pw_canvas_text_in(s->c, (pw_box){left, top, width - 60, 7.5}, s->p->title, &big);
	if (s->p->subtitle != NULL)
		pw_canvas_text_in(s->c, (pw_box){left, top + 8.5, width - 60, 4}, s->p->subtitle,
				  &small);
	pw_canvas_text_in(s->c, (pw_box){left + width - 58, top + 8.5, 58, 4}, part, &right);
}

/* Returns the width that the item takes. */
static double draw_legend_item(const pw_posterior_sheet *s, pw_posterior_sign sign, double x,
			       double y)
{
	char text[96];
	pw_text_style style = {.size = 1.9, .valign = PW_ALIGN_MIDDLE};
	snprintf(text, sizeof(text), "%s: %zu", pw_posterior_sign_word(sign), s->count[sign]);
	pw_posterior_sign_draw(s->c, sign, (pw_point){x + 2.2, y}, 2.0, 0.3);
	pw_text_size size = pw_canvas_text(s->c, (pw_point){x + 5.4, y}, text, &style);
	return 5.4 + size.width + 6.0;
}

static void draw_foot(const pw_posterior_sheet *s)
{
	double x = PW_POSTERIOR_MARGIN,
	       y = s->top + PW_POSTERIOR_HEIGHT - PW_POSTERIOR_MARGIN - s->foot;
	pw_text_style style = {.size = 2.0, .min_size = 1.4, .cut = PW_CUT_END};
	y += 2.0;
	for (int sign = 0; sign < PW_POSTERIOR_SIGN_COUNT; sign++) {
		if (sign == PW_POSTERIOR_POOL_POSITIVE && legend_rows(s) > 1) {
			x = PW_POSTERIOR_MARGIN;
			y += LEGEND_HEIGHT;
		}
		if (in_legend(s, sign))
			x += draw_legend_item(s, (pw_posterior_sign)sign, x, y + LEGEND_HEIGHT / 2);
	}
	y += LEGEND_HEIGHT;
	for (size_t i = 0; i < s->p->note_count && i < PW_POSTERIOR_NOTES; i++) {
		char more[64];
		const char *text = s->p->notes[i];
		if (i + 1 == PW_POSTERIOR_NOTES && s->p->note_count > PW_POSTERIOR_NOTES) {
			snprintf(more, sizeof(more), "… and %zu more",
				 s->p->note_count - PW_POSTERIOR_NOTES + 1);
			text = more;
		}
		pw_canvas_text_in(s->c,
				  (pw_box){PW_POSTERIOR_MARGIN, y + NOTE_HEIGHT * (double)i,
					   PW_POSTERIOR_WIDTH - 2 * PW_POSTERIOR_MARGIN,
					   NOTE_HEIGHT},
				  text, &style);
	}
}

/* ---- Pages ---- */

static void draw_page(const pw_posterior_sheet *s)
{
	char part[64];
	size_t plate = s->page - s->pool_pages;
	if (s->page < s->pool_pages)
		snprintf(part, sizeof(part), "pools, page %zu of %zu", s->page + 1, s->pool_pages);
	else if (s->plates > 1)
		snprintf(part, sizeof(part), "samples, plate %zu of %zu", plate + 1, s->plates);
	else
		snprintf(part, sizeof(part), "in the wells: samples by number");
	draw_heading(s, part);
	if (s->page < s->pool_pages)
		pw_posterior_pools_draw(s, s->page);
	else
		pw_posterior_plate_draw(s, plate);
	if (s->page == 0)
		draw_foot(s);
}

static pw_status draw_all(pw_posterior_sheet *s, bool paged, pw_str *out, pw_err *err)
{
	for (s->page = 0; s->page < s->pages; s->page++) {
		pw_status rc = PW_OK;
		if (s->page > 0 && paged)
			rc = pw_canvas_page(s->c, PW_POSTERIOR_WIDTH, PW_POSTERIOR_HEIGHT, err);
		else if (s->page > 0)
			s->top += PW_POSTERIOR_HEIGHT;
		if (rc != PW_OK)
			return rc;
		draw_page(s);
	}
	return pw_canvas_finish(s->c, out, err);
}

pw_status pw_posterior_picture_draw(const pw_posterior_picture *p, pw_canvas_format format,
				    double dpi, pw_str *out, pw_err *err)
{
	pw_posterior_sheet s = {.p = p};
	pw_canvas_opts opts = PW_CANVAS_OPTS_INIT;
	bool paged = format == PW_CANVAS_PDF;
	pw_status rc;
	look(&s);
	opts.format = format;
	opts.width = PW_POSTERIOR_WIDTH;
	opts.height = PW_POSTERIOR_HEIGHT * (paged ? 1 : (double)s.pages);
	opts.dpi = dpi;
	opts.colour = true;
	opts.title = p->title;
	if (!paged && s.pages > MOST_PAGES)
		rc = pw_fail(err, PW_ERR_LIMIT,
			     "%zu samples and %zu pools take %zu pages, of which a picture holds "
			     "%d: draw a PDF",
			     s.samples, s.pools, s.pages, MOST_PAGES);
	else if ((rc = pw_canvas_new(&opts, &s.c, err)) == PW_OK)
		rc = draw_all(&s, paged, out, err);
	pw_canvas_free(s.c);
	pw_free(s.wrong);
	pw_free(s.line);
	pw_free(s.listed);
	return rc;
}
