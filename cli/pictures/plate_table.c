#include "cli/pictures/plate_private.h"

#include <math.h>

#define ROW_STEP   3.6
#define HEAD       5.0 /* the line with the columns' names */
#define GAP        6.0 /* between blocks */
#define AIR        2.0 /* between columns */
#define MAX_BLOCKS 4

enum column { WELL, SIGN, LABEL, CONTENTS, CALL, LINES };

/* The column's head, and what it may take; the narrower a table, the more of it stand on a page. */
static const struct {
	const char *head;
	double least, most;
} columns[PW_TABLE_COLUMNS] = {
	[WELL] = {"Well", 7, 8},
	[SIGN] = {"", 4.5, 4.5},
	[LABEL] = {"Tube or control", 22, 70},
	[CONTENTS] = {"Contents", 0, 30},
	[CALL] = {"Call", 0, 40},
	[LINES] = {"Cq", 0, 75},
};

static pw_text_style text_style(bool bold)
{
	return (pw_text_style){
		.size = 1.5,
		.min_size = 0.7,
		.cut = PW_CUT_MIDDLE,
		.valign = PW_ALIGN_MIDDLE,
		.bold = bold,
	};
}

static void add_call(const pw_picture_well *well, pw_str *out)
{
	pw_str_addf(out, "%s%s", pw_plate_sign_word(pw_plate_sign_of(well)),
		    well->held ? ", held" : "");
}

static void add_lines(const pw_picture_well *well, pw_str *out)
{
	for (int i = 0; i < PW_PICTURE_LINES && well->lines[i] != NULL; i++)
		pw_str_addf(out, "%s%s", i > 0 ? ", " : "", well->lines[i]);
}

static void add_well(const pw_picture_well *well, pw_str *out)
{
	char name[8];
	pw_well_name(well->well, name);
	pw_str_add(out, name);
}

/* What stands in a column; the sign is drawn, not written. */
static void add_cell(const pw_picture_well *well, enum column column, pw_str *out)
{
	switch (column) {
	case WELL:
		add_well(well, out);
		break;
	case LABEL:
		pw_str_add(out, well->label != NULL ? well->label : "");
		break;
	case CONTENTS:
		pw_str_add(out, well->sub_label != NULL ? well->sub_label : "");
		break;
	case CALL:
		add_call(well, out);
		break;
	case LINES:
		add_lines(well, out);
		break;
	case SIGN:
		break;
	}
}

static double natural_width(const pw_plate_sheet *s, enum column column)
{
	pw_text_style bold = text_style(true), plain = text_style(false);
	double width = 0;
	pw_str text = PW_STR_INIT;
	for (size_t i = 0; i < s->p->well_count; i++) {
		pw_str_truncate(&text, 0);
		if (s->p->wells[i].state != PW_PICTURE_EMPTY)
			add_cell(&s->p->wells[i], column, &text);
		if (text.len > 0)
			width = fmax(width, pw_canvas_text_size(s->c, text.ptr, &plain).width);
	}
	pw_str_clear(&text);
	if (width > 0) /* a column that nobody uses has no head either */
		width = fmax(width, pw_canvas_text_size(s->c, columns[column].head, &bold).width);
	return width;
}

static int used_columns(const pw_plate_sheet *s)
{
	int n = 0;
	for (int i = LABEL; i < PW_TABLE_COLUMNS; i++)
		n += s->columns[i] > 0;
	return n;
}

void pw_plate_table_measure(pw_plate_sheet *s)
{
	double page = s->width - 2 * PW_SHEET_MARGIN, sum = 0;
	for (int i = 0; i < PW_TABLE_COLUMNS; i++) {
		double width = natural_width(s, (enum column)i);
		if (width > 0)
			width += AIR;
		s->columns[i] = fmin(fmax(width, columns[i].least), columns[i].most);
		sum += s->columns[i];
	}
	s->blocks = (int)((page + GAP) / (sum + GAP));
	s->blocks = s->blocks < 1 ? 1 : s->blocks > MAX_BLOCKS ? MAX_BLOCKS : s->blocks;
	double spare = (page - (s->blocks - 1) * GAP) / s->blocks - sum;
	for (int i = LABEL; i < PW_TABLE_COLUMNS; i++)
		s->columns[i] += s->columns[i] > 0 ? spare / used_columns(s) : 0;
}

int pw_plate_table_rows(double top, double bottom)
{
	return (int)((bottom - top - HEAD) / ROW_STEP);
}

double pw_plate_table_height(const pw_plate_sheet *s)
{
	int rows = ((int)s->listed + s->blocks - 1) / s->blocks;
	return HEAD + rows * ROW_STEP + 2.0;
}

/* The left edges of the columns of block `block`, and the right edge of the last. */
static void edges(const pw_plate_sheet *s, int block, double out[PW_TABLE_COLUMNS + 1])
{
	double width = (s->width - 2 * PW_SHEET_MARGIN + GAP) / s->blocks;
	out[0] = PW_SHEET_MARGIN + block * width;
	for (int i = 0; i < PW_TABLE_COLUMNS; i++)
		out[i + 1] = out[i] + s->columns[i];
}

static void put(const pw_plate_sheet *s, const double x[], enum column column, double y,
		const char *text, bool bold)
{
	pw_text_style style = text_style(bold);
	double width = x[column + 1] - x[column] - AIR / 2;
	if (*text != '\0' && width > 0)
		pw_canvas_text_in(s->c, (pw_box){x[column], y, width, ROW_STEP}, text, &style);
}

static void put_head(const pw_plate_sheet *s, const double x[], double top)
{
	for (int i = 0; i < PW_TABLE_COLUMNS; i++)
		put(s, x, (enum column)i, top, columns[i].head, true);
	pw_canvas_line(s->c, (pw_point){x[0], top + HEAD - 0.7},
		       (pw_point){x[PW_TABLE_COLUMNS], top + HEAD - 0.7},
		       &(pw_shape){.stroke = 0.3});
}

static void put_row(const pw_plate_sheet *s, const double x[], double y,
		    const pw_picture_well *well)
{
	pw_str text = PW_STR_INIT;
	for (int i = 0; i < PW_TABLE_COLUMNS; i++) {
		pw_str_truncate(&text, 0);
		add_cell(well, (enum column)i, &text);
		put(s, x, (enum column)i, y, pw_str_text(&text), i == WELL);
	}
	pw_str_clear(&text);
	pw_plate_sign_draw(s->c, pw_plate_sign_of(well),
			   (pw_point){x[SIGN] + 1.5, y + ROW_STEP / 2}, 1.5, well->held);
	pw_canvas_line(s->c, (pw_point){x[0], y + ROW_STEP},
		       (pw_point){x[PW_TABLE_COLUMNS], y + ROW_STEP},
		       &(pw_shape){.stroke = 0.1, .stroke_ink = PW_INK_FAINT});
}

/* The n-th well that is not empty, in the order of filling. */
static const pw_picture_well *listed(const pw_plate_sheet *s, size_t n)
{
	for (int i = 0; i < pw_plate_wells(s->p->format); i++) {
		pw_well well = pw_well_at(i, s->p->format, s->p->order);
		const pw_picture_well *w = s->at[pw_well_index(well, s->p->format, PW_BY_ROW)];
		if (w != NULL && n-- == 0)
			return w;
	}
	return NULL;
}

void pw_plate_table_draw(const pw_plate_sheet *s, double top, size_t first, size_t count, int rows)
{
	double x[PW_TABLE_COLUMNS + 1];
	for (size_t i = 0; i < count; i++) {
		int row = (int)(i % (size_t)rows);
		edges(s, (int)(i / (size_t)rows), x);
		if (row == 0)
			put_head(s, x, top);
		put_row(s, x, top + HEAD + row * ROW_STEP, listed(s, first + i));
	}
}
