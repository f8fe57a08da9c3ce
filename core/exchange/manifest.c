#include "core/exchange/manifest.h"

#include "core/base/vec.h"
#include "core/exchange/seen.h"
#include "core/exchange/sheet.h"

enum { BOX, TUBE, SWABS, COLUMNS };

static const pw_sheet_column columns[COLUMNS] = {
	[BOX] = {"box", "boxid|boxbarcode|boxnumber|箱号|箱码|转运箱号|转运箱|盒号", true},
	[TUBE] =
		{"tube",
		 "tubeid|tubebarcode|tubenumber|barcode|管号|试管号|采样管号|采样管编号|条码|条形码",
		 true},
	[SWABS] = {"swabs", "swabcount|count|拭子数|人数|份数", false},
};

static const pw_sheet_spec spec = {columns, COLUMNS};

typedef struct state {
	pw_manifest_row row;
	pw_sheet_place tube;
	bool wrong, told;
} state;

typedef struct reader {
	pw_sheet *sheet;
	pw_report *report;
	PW_VEC(state) rows;
	pw_seen tubes;
} reader;

static void report_duplicate(reader *r, const state *s, const state *other)
{
	pw_report_add(
		r->report, PW_ERROR, "duplicate-tube", s->tube.line, s->tube.column,
		"tube '%s' is also in line %d, in box '%s': mend one of the two, or take it out",
		s->row.tube, other->tube.line, other->row.box);
}

/* Both rows are named, the earlier one once. */
static void check_duplicate(reader *r, state *s)
{
	size_t earlier;
	if (pw_seen_add(&r->tubes, s->row.tube, r->rows.len, &earlier))
		return;
	state *e = &r->rows.ptr[earlier];
	report_duplicate(r, s, e);
	if (!e->told)
		report_duplicate(r, e, s);
	e->told = e->wrong = s->wrong = true;
}

static void read_row(reader *r)
{
	state s = {.tube = pw_sheet_place_of(r->sheet, TUBE)};
	int64_t swabs = 0;
	s.row = (pw_manifest_row){.line = pw_sheet_line(r->sheet),
				  .box = pw_sheet_code(r->sheet, BOX)};
	size_t errors = r->report->errors;
	s.row.tube = pw_sheet_code(r->sheet, TUBE);
	bool sound = *s.row.tube != '\0' && r->report->errors == errors;
	if (*s.row.box == '\0')
		pw_sheet_error(r->sheet, BOX, "missing-value",
			       "the box is missing: every row names its box");
	if (*s.row.tube == '\0')
		pw_sheet_error(r->sheet, TUBE, "missing-value",
			       "the tube is missing: enter its code");
	if (pw_sheet_number(r->sheet, SWABS, 1, PW_MANIFEST_MAX_SWABS, &swabs))
		s.row.swabs = (int)swabs;
	if (sound)
		check_duplicate(r, &s);
	s.wrong = s.wrong || pw_sheet_row_wrong(r->sheet);
	pw_vec_push(&r->rows, s);
}

static void take_good_rows(const reader *r, pw_arena *arena, pw_manifest *out)
{
	pw_manifest_row *rows = pw_arena_array(arena, r->rows.len, sizeof(rows[0]));
	pw_seen boxes = PW_SEEN_INIT;
	size_t count = 0, earlier;
	for (size_t i = 0; i < r->rows.len; i++)
		if (!r->rows.ptr[i].wrong) {
			rows[count] = r->rows.ptr[i].row;
			(void)pw_seen_add(&boxes, rows[count].box, count, &earlier);
			count++;
		}
	*out = (pw_manifest){.rows = rows,
			     .count = count,
			     .wrong = pw_sheet_rows(r->sheet) - count,
			     .boxes = boxes.len,
			     .encoding = pw_sheet_encoding(r->sheet),
			     .delimiter = pw_sheet_delimiter(r->sheet)};
	pw_seen_clear(&boxes);
}

pw_status pw_manifest_read(const void *bytes, size_t n, const char *name, pw_arena *arena,
			   pw_manifest *out, pw_report *report, pw_err *err)
{
	reader r = {NULL, report, PW_VEC_INIT, PW_SEEN_INIT};
	*out = (pw_manifest){NULL, 0, 0, 0, PW_UTF8, ','};
	pw_status rc = pw_sheet_open(&spec, bytes, n, name, arena, report, &r.sheet, err);
	if (rc != PW_OK)
		return rc;
	while (pw_sheet_next(r.sheet))
		read_row(&r);
	take_good_rows(&r, arena, out);
	rc = pw_sheet_finish(r.sheet, out->count, err);
	pw_seen_clear(&r.tubes);
	pw_vec_clear(&r.rows);
	pw_sheet_close(r.sheet);
	return rc;
}

pw_status pw_manifest_write_rejected(const void *bytes, size_t n, const pw_report *report,
				     pw_encoding encoding, pw_str *out, pw_err *err)
{
	return pw_sheet_write_rejected(&spec, bytes, n, report, encoding, out, err);
}
