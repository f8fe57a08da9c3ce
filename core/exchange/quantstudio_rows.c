#include <string.h>

#include "core/exchange/quantstudio_table.h"
#include "core/exchange/run_build.h"
#include "core/exchange/run_parse.h"

/* Whether the row proves a plate of 384. */
static bool is_on_384_only(const pw_qs_table *t)
{
	int number;
	char name[32];
	pw_well well;
	pw_run_copy(pw_qs_name_of_well(t, &number), name, sizeof(name));
	if (number > pw_plate_wells(PW_PLATE_96))
		return true;
	if (pw_well_parse(name, PW_PLATE_384, &well, NULL) != PW_OK)
		return false;
	if (well.row >= PW_PLATE_96.rows || well.col >= PW_PLATE_96.cols)
		return true;
	return number > 0 && number == pw_well_index(well, PW_PLATE_384, PW_BY_ROW) + 1 &&
	       number != pw_well_index(well, PW_PLATE_96, PW_BY_ROW) + 1;
}

/* 96 or 384 when that number stands in Block Type: "96-Well Block (0.2mL)", "96fast". */
static bool plate_of_block(pw_slice text, pw_plate_format *out)
{
	for (size_t i = 0; i < text.len;) {
		int64_t value = 0;
		size_t digits = 0;
		for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++, digits++)
			value = digits < 9 ? value * 10 + (text.ptr[i] - '0') : -1;
		if (digits > 0 && pw_plate_format_of(value, out))
			return true;
		i += digits == 0;
	}
	return false;
}

/* The separator that the curves prove, or 0. */
static char decimal_of_curves(const pw_qs_export *qs)
{
	pw_qs_table t;
	char decimal = 0;
	if (pw_qs_open(&t, &qs->amplification))
		while (decimal == 0 && pw_qs_next(&t, NULL)) {
			decimal = pw_run_decimal(pw_qs_cell(&t, PW_QS_DELTA_RN), false);
			if (decimal == 0)
				decimal = pw_run_decimal(pw_qs_cell(&t, PW_QS_RN), false);
		}
	pw_csv_free(t.csv);
	return decimal;
}

void pw_qs_survey(pw_qs_export *qs)
{
	pw_qs_table t;
	bool on_384 = false;
	char decimal = 0;
	if (pw_qs_open(&t, &qs->results))
		while (pw_qs_next(&t, NULL)) {
			on_384 = on_384 || is_on_384_only(&t);
			if (decimal == 0)
				decimal = pw_run_decimal(pw_qs_cell(&t, PW_QS_CQ), true);
		}
	pw_csv_free(t.csv);
	if (decimal == 0)
		decimal = decimal_of_curves(qs);
	if (decimal != 0)
		qs->decimal = decimal;
	qs->plate = on_384 ? PW_PLATE_384 : PW_PLATE_96;
	if (!pw_run_is_absent(qs->block_type) && !plate_of_block(qs->block_type, &qs->plate))
		pw_report_add(qs->report, PW_ERROR, "block-type", qs->block_type_line, 0,
			      "Block Type is '%.*s': only plates of 96 and 384 wells are taken",
			      pw_run_clip(qs->block_type, 60), qs->block_type.ptr);
}

/* A row that ends early. Spreadsheets drop empty cells at the end; a cut file has no last line end. */
static bool is_short(const pw_qs_export *qs, const pw_qs_table *t)
{
	pw_slice text = pw_csv_row_text(t->csv);
	bool last = text.ptr + text.len == qs->file_end;
	return (t->columns[PW_QS_TARGET] >= 0 && (size_t)t->columns[PW_QS_TARGET] >= t->count) ||
	       (t->columns[PW_QS_CQ] >= 0 && (size_t)t->columns[PW_QS_CQ] >= t->count) ||
	       (last && t->count < t->header_count);
}

/* A word of a table cell that is none of those known. */
static void report_word(const pw_qs_export *qs, const pw_qs_table *t, int what, const char *name)
{
	pw_slice text = pw_qs_cell(t, what);
	pw_report_add(qs->report, PW_ERROR, "unknown-word", t->line, pw_qs_column(t, what),
		      "%s is '%.*s', which is none of its words: mend it or export it again", name,
		      pw_run_clip(text, 40), text.ptr);
}

static bool read_cq(const pw_qs_export *qs, const pw_qs_table *t, pw_reading *r)
{
	pw_slice text = pw_qs_cell(t, PW_QS_CQ);
	if (pw_run_cq(text, qs->decimal, &r->has_cq, &r->cq))
		return true;
	pw_report_add(qs->report, PW_ERROR, "bad-cq", t->line, pw_qs_column(t, PW_QS_CQ),
		      "'%.*s' is no Cq: a number above 0 with a decimal %s, or Undetermined",
		      pw_run_clip(text, 40), text.ptr, qs->decimal == '.' ? "point" : "comma");
	return false;
}

static const char *keep(const pw_qs_export *qs, const pw_qs_table *t, int what)
{
	pw_slice text = pw_qs_cell(t, what);
	return pw_arena_strndup(qs->arena, text.ptr, text.len);
}

/* A well that is not in use has neither a target nor a Cq. */
static bool is_unused(const pw_qs_table *t)
{
	return pw_qs_cell(t, PW_QS_TARGET).len == 0 && pw_run_is_no_cq(pw_qs_cell(t, PW_QS_CQ));
}

static void read_result(pw_qs_export *qs, const pw_qs_table *t)
{
	pw_qs_row row = {.reading = {.line = t->line}};
	pw_reading *r = &row.reading;
	if (is_short(qs, t)) {
		pw_report_add(qs->report, PW_ERROR, "short-row", t->line, 0,
			      "the row has %zu of the table's %zu columns: the file is cut here, "
			      "export it again",
			      t->count, t->header_count);
		return;
	}
	if (is_unused(t) || !pw_qs_read_well(t, qs->plate, &r->well, qs->report))
		return;
	if (pw_qs_cell(t, PW_QS_TARGET).len == 0) {
		pw_report_add(qs->report, PW_ERROR, "no-target", t->line,
			      pw_qs_column(t, PW_QS_TARGET),
			      "a Cq without a target: name the target in the instrument's software "
			      "and export it again");
		return;
	}
	if (!read_cq(qs, t, r))
		return;
	if (!pw_run_flag(pw_qs_cell(t, PW_QS_OMIT), &r->omitted))
		report_word(qs, t, PW_QS_OMIT, "Omit");
	if (!pw_run_amp(pw_qs_cell(t, PW_QS_AMP_STATUS), &r->amp))
		report_word(qs, t, PW_QS_AMP_STATUS, "Amp Status");
	if (!pw_run_flag(pw_qs_cell(t, PW_QS_NOAMP), &row.noamp))
		report_word(qs, t, PW_QS_NOAMP, "NOAMP");
	row.has_flag = !pw_run_is_absent(pw_qs_cell(t, PW_QS_NOAMP));
	r->sample = keep(qs, t, PW_QS_SAMPLE);
	r->target = keep(qs, t, PW_QS_TARGET);
	r->task_text = keep(qs, t, PW_QS_TASK);
	r->task = pw_run_task(pw_qs_cell(t, PW_QS_TASK));
	r->reporter = keep(qs, t, PW_QS_REPORTER);
	r->vendor_call = keep(qs, t, PW_QS_CALL);
	pw_vec_push(&qs->rows, row);
}

static bool has_result_columns(const pw_qs_export *qs, const pw_qs_table *t)
{
	const char *missing = t->columns[PW_QS_WELL] < 0 && t->columns[PW_QS_POSITION] < 0 ? "Well"
			      : t->columns[PW_QS_TARGET] < 0 ? "Target Name"
			      : t->columns[PW_QS_CQ] < 0     ? "CT"
							     : NULL;
	if (missing != NULL)
		pw_report_add(qs->report, PW_ERROR, "missing-column", t->line, 0,
			      "the table [Results] has no column '%s': export it again with that "
			      "column",
			      missing);
	return missing == NULL;
}

void pw_qs_read_results(pw_qs_export *qs)
{
	pw_qs_table t;
	if (!pw_qs_open(&t, &qs->results)) {
		pw_report_add(qs->report, PW_ERROR, "no-results", qs->results.line - 1, 0,
			      "the block [Results] is empty: the file is cut, export it again");
	} else if (has_result_columns(qs, &t)) {
		qs->has_amp_status = t.columns[PW_QS_AMP_STATUS] >= 0;
		while (pw_qs_next_judged(qs, &t))
			read_result(qs, &t);
		if (qs->rows.len == 0 && qs->report->errors == 0)
			pw_report_add(
				qs->report, PW_ERROR, "no-results", t.first_line, 0,
				"the table [Results] has no rows: the file is cut, or no well "
				"of the plate is set up; export it again");
	}
	pw_csv_free(t.csv);
}

static void read_point(const pw_qs_export *qs, const pw_qs_table *t, pw_run_build *build)
{
	pw_well well;
	int cycle;
	double value;
	int what = t->columns[PW_QS_DELTA_RN] >= 0 ? PW_QS_DELTA_RN : PW_QS_RN;
	pw_slice text = pw_qs_cell(t, what), count = pw_qs_cell(t, PW_QS_CYCLE);
	if (pw_run_is_no_cq(text) || pw_qs_cell(t, PW_QS_TARGET).len == 0)
		return; /* a well that was not measured */
	if (!pw_qs_read_well(t, qs->plate, &well, qs->report))
		return;
	if (!pw_run_count(count, &cycle)) {
		pw_report_add(qs->report, PW_ERROR, "bad-cycle", t->line,
			      pw_qs_column(t, PW_QS_CYCLE),
			      "'%.*s' is no cycle: cycles are 1 to %d", pw_run_clip(count, 40),
			      count.ptr, PW_RUN_MAX_CYCLES);
		return;
	}
	if (!pw_run_number(text, qs->decimal, &value)) {
		pw_report_add(qs->report, PW_ERROR, "bad-number", t->line, pw_qs_column(t, what),
			      "'%.*s' is not a number with a decimal %s", pw_run_clip(text, 40),
			      text.ptr, qs->decimal == '.' ? "point" : "comma");
		return;
	}
	pw_run_build_add_point(build, well, pw_qs_cell(t, PW_QS_TARGET), cycle, value, t->line,
			       pw_qs_column(t, PW_QS_CYCLE));
}

void pw_qs_read_curves(pw_qs_export *qs, pw_run_build *build)
{
	pw_qs_table t;
	if (pw_qs_open(&t, &qs->amplification)) {
		bool whole = (t.columns[PW_QS_WELL] >= 0 || t.columns[PW_QS_POSITION] >= 0) &&
			     t.columns[PW_QS_TARGET] >= 0 && t.columns[PW_QS_CYCLE] >= 0 &&
			     (t.columns[PW_QS_RN] >= 0 || t.columns[PW_QS_DELTA_RN] >= 0);
		if (!whole)
			pw_report_add(qs->report, PW_WARNING, "missing-column", t.line, 0,
				      "[Amplification Data] lacks one of the columns Well, Cycle, "
				      "Target Name, Delta Rn: the curves are left out");
		while (whole && pw_qs_next_judged(qs, &t))
			read_point(qs, &t, build);
	}
	pw_csv_free(t.csv);
}

void pw_qs_compare_setup(pw_qs_export *qs, const pw_run_build *build)
{
	pw_qs_table t;
	size_t missing = 0;
	char first[8] = "", target[40] = "";
	int line = 0;
	if (pw_qs_open(&t, &qs->setup) && t.columns[PW_QS_TARGET] >= 0)
		while (pw_qs_next(&t, NULL)) {
			pw_well well;
			if (pw_qs_cell(&t, PW_QS_TARGET).len == 0 ||
			    !pw_qs_read_well(&t, qs->plate, &well, NULL) ||
			    pw_run_build_has(build, well, pw_qs_cell(&t, PW_QS_TARGET)))
				continue;
			if (missing++ == 0) {
				pw_well_name(well, first);
				pw_run_copy(pw_qs_cell(&t, PW_QS_TARGET), target, sizeof(target));
				line = t.line;
			}
		}
	pw_csv_free(t.csv);
	if (missing > 0)
		pw_report_add(
			qs->report, PW_WARNING, "setup-without-result", line, 0,
			"%zu rows of [Sample Setup] have no row in [Results] (first: well %s, "
			"target '%s'): was a part of the plate exported?",
			missing, first, target);
}
