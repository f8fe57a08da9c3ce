#include <string.h>

#include "core/base/vec.h"
#include "core/exchange/cfx.h"
#include "core/exchange/cfx_table.h"
#include "core/exchange/run_build.h"
#include "core/exchange/run_parse.h"

/* A column of the file: a well, and the run's readings of it. */
typedef struct well_column {
	int index;
	pw_well well;
	size_t from, to; /* in run->readings */
} well_column;

typedef struct curves {
	const pw_run_source *source;
	pw_arena *arena;
	pw_report *report;
	const pw_run_file *run;
	const char *reporter;
	pw_plate_format plate;
	char decimal;
	int cycle_column;
	PW_VEC(well_column) columns;
	size_t without_reading;
	pw_run_build *build;
} curves;

static const char *const cycle_names[] = {"Cycle", NULL};
static const char *const a1_names[] = {"A1", "A01", NULL};

/* "Cycle" and at least one well. */
static bool is_header(const pw_csv_field *row, size_t count)
{
	if (pw_csv_find(row, count, cycle_names) < 0)
		return false;
	if (pw_csv_find(row, count, a1_names) >= 0)
		return true;
	for (size_t i = 0; i < count; i++) {
		char name[8];
		pw_well well;
		pw_slice text = pw_slice_trim(row[i].text);
		if (text.len == 0 || text.len > 3)
			continue;
		pw_run_copy(text, name, sizeof(name));
		if (pw_well_parse(name, PW_PLATE_384, &well, NULL) == PW_OK)
			return true;
	}
	return false;
}

/* What stands behind the last "Results": "…Amplification Results_FAM (1).csv" → "FAM". */
static pw_slice dye_of_name(const char *file_name)
{
	pw_slice name = pw_slice_of(file_name);
	size_t dot = name.len, from = name.len;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] == '.')
			dot = i;
	name.len = dot;
	const char word[] = "results";
	for (size_t i = 0; i + 7 <= name.len; i++) {
		size_t n = 0;
		while (n < 7 && (name.ptr[i + n] | 0x20) == word[n])
			n++;
		if (n == 7)
			from = i + 7;
	}
	if (from > name.len)
		return (pw_slice){"", 0};
	pw_slice dye = {name.ptr + from, name.len - from};
	while (dye.len > 0 && strchr("_- ", dye.ptr[0]) != NULL) {
		dye.ptr++;
		dye.len--;
	}
	const char *copy = dye.len > 0 ? memchr(dye.ptr, '(', dye.len) : NULL;
	if (copy != NULL)
		dye.len = (size_t)(copy - dye.ptr);
	return pw_slice_trim(dye);
}

/* The run's own spelling of the dye. */
static pw_status find_reporter(curves *c, pw_err *err)
{
	pw_slice dye = dye_of_name(c->source->file_name);
	const char *only = NULL;
	bool single = true;
	for (size_t i = 0; i < c->run->reading_count; i++) {
		const char *reporter = c->run->readings[i].reporter;
		if (dye.len > 0 && pw_run_same_word(dye, pw_slice_of(reporter))) {
			c->reporter = reporter;
			return PW_OK;
		}
		single = single && (only == NULL || strcmp(only, reporter) == 0);
		only = reporter;
	}
	if (dye.len > 0)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "%.*s: the run has no dye '%.*s': choose the curves of the same run",
			       PW_RUN_SHOW(c->source->file_name, 100), pw_run_clip(dye, 40),
			       dye.ptr);
	if (only == NULL || !single)
		return pw_fail(err, PW_ERR_NOT_FOUND,
			       "%.*s: the name does not say which dye this is: keep the name that "
			       "CFX gave it, …Amplification Results_FAM.csv",
			       PW_RUN_SHOW(c->source->file_name, 100));
	c->reporter = only;
	return PW_OK;
}

static void find_readings(const pw_run_file *run, well_column *column)
{
	size_t i = 0;
	while (i < run->reading_count && !pw_well_eq(run->readings[i].well, column->well))
		i++;
	column->from = column->to = i;
	while (column->to < run->reading_count &&
	       pw_well_eq(run->readings[column->to].well, column->well))
		column->to++;
}

static bool has_reading(const curves *c, const well_column *column)
{
	for (size_t i = column->from; i < column->to; i++)
		if (strcmp(c->run->readings[i].reporter, c->reporter) == 0)
			return true;
	return false;
}

/* The header's wells. Twice the same one is an error, as is a word that is no well. */
static void read_header(curves *c, const pw_cfx_table *t)
{
	bool seen[PW_MAX_WELLS] = {false};
	c->cycle_column = pw_csv_find(t->row, t->count, cycle_names);
	for (size_t i = 0; i < t->count; i++) {
		char name[16];
		pw_err err = PW_ERR_INIT;
		well_column column = {.index = (int)i};
		pw_slice text = pw_cfx_cell(t, (int)i);
		if ((int)i == c->cycle_column || text.len == 0)
			continue;
		pw_run_copy(text, name, sizeof(name));
		if (pw_well_parse(name, PW_PLATE_384, &column.well, &err) != PW_OK) {
			pw_report_add(c->report, PW_ERROR, "bad-well", t->line, t->row[i].column,
				      "%s", err.msg);
			continue;
		}
		bool *twice = &seen[pw_well_index(column.well, PW_PLATE_384, PW_BY_ROW)];
		if (*twice)
			pw_report_add(c->report, PW_ERROR, "duplicate-well", t->line,
				      t->row[i].column, "well %s has two columns: export it again",
				      name);
		*twice = true;
		if (column.well.row >= PW_PLATE_96.rows || column.well.col >= PW_PLATE_96.cols)
			c->plate = PW_PLATE_384;
		find_readings(c->run, &column);
		if (has_reading(c, &column))
			pw_vec_push(&c->columns, column);
		else
			c->without_reading++;
	}
}

static void survey(curves *c)
{
	pw_cfx_table t;
	if (!pw_cfx_open(&t, c->source, is_header, NULL, NULL, NULL))
		return;
	while (c->decimal == 0 && pw_cfx_next(&t))
		for (size_t i = 0; i < c->columns.len && c->decimal == 0; i++)
			c->decimal =
				pw_run_decimal(pw_cfx_cell(&t, c->columns.ptr[i].index), false);
	pw_cfx_close(&t);
	if (c->decimal == 0)
		c->decimal = '.';
}

static void read_cell(curves *c, const pw_cfx_table *t, const well_column *column, int cycle)
{
	pw_slice text = pw_cfx_cell(t, column->index);
	double value;
	if (pw_run_is_no_cq(text))
		return;
	int at = pw_run_cell_column(t->row, t->count, column->index);
	if (!pw_run_number(text, c->decimal, &value)) {
		pw_report_add(c->report, PW_ERROR, "bad-number", t->line, at,
			      "'%.*s' is not a number with a decimal %s", pw_run_clip(text, 40),
			      text.ptr, c->decimal == '.' ? "point" : "comma");
		return;
	}
	for (size_t i = column->from; i < column->to; i++)
		if (strcmp(c->run->readings[i].reporter, c->reporter) == 0)
			pw_run_build_add_point(c->build, column->well,
					       pw_slice_of(c->run->readings[i].target), cycle,
					       value, t->line, at);
}

static void read_row(curves *c, const pw_cfx_table *t)
{
	int cycle;
	pw_slice text = pw_cfx_cell(t, c->cycle_column);
	if (t->count < t->header_count) {
		pw_report_add(
			c->report, PW_ERROR, "short-row", t->line, 0,
			"the row has %zu of %zu columns: the file is cut here, export it again",
			t->count, t->header_count);
		return;
	}
	if (!pw_run_count(text, &cycle)) {
		pw_report_add(c->report, PW_ERROR, "bad-cycle", t->line,
			      pw_run_cell_column(t->row, t->count, c->cycle_column),
			      "'%.*s' is no cycle: cycles are 1 to %d", pw_run_clip(text, 40),
			      text.ptr, PW_RUN_MAX_CYCLES);
		return;
	}
	for (size_t i = 0; i < c->columns.len; i++)
		read_cell(c, t, &c->columns.ptr[i], cycle);
}

static void warn(const curves *c)
{
	pw_slice name = pw_cfx_run_name(c->source->file_name);
	if (c->without_reading > 0)
		pw_report_add(
			c->report, PW_WARNING, "curve-without-reading", 0, 0,
			"%zu wells have curves of %.*s but no Cq row in the run: these curves are "
			"left out",
			c->without_reading, PW_RUN_SHOW(c->reporter, 40));
	if (name.len > 0 && c->run->name[0] != '\0' && !pw_slice_eq(name, c->run->name))
		pw_report_add(
			c->report, PW_WARNING, "run-differs", 0, 0,
			"by their names the curves are of run '%.*s', the Cq of run '%.*s': make "
			"sure that they belong together",
			pw_run_clip(name, 80), name.ptr, PW_RUN_SHOW(c->run->name, 80));
}

/* Reads the whole file into c->build. */
static pw_status read_file(curves *c, pw_err *err)
{
	pw_cfx_table t;
	size_t from = c->report->len, errors = c->report->errors;
	if (!pw_cfx_open(&t, c->source, is_header, c->report, NULL, NULL))
		return pw_fail(err, PW_ERR_FORMAT,
			       "%.*s: no row 'Cycle, A1, A2, …': choose a file 'Quantification "
			       "Amplification Results' of CFX",
			       PW_RUN_SHOW(c->source->file_name, 100));
	read_header(c, &t);
	survey(c);
	c->build = pw_run_build_new(c->plate, c->arena, c->report);
	int rows = 0;
	for (; pw_cfx_next(&t); rows++)
		read_row(c, &t);
	if (rows == 0 && c->report->errors == errors)
		pw_report_add(c->report, PW_ERROR, "no-results", t.line, 0,
			      "there are no cycles: the file is cut, export it again");
	pw_cfx_close(&t);
	if (c->report->errors > errors)
		return pw_run_fail(c->report, from, c->source->file_name, err);
	return PW_OK;
}

/* The run's curves and the new ones as one list in plate order. */
static pw_status merge(const curves *c, const pw_run_file *fresh, pw_run_file *io_run, pw_err *err)
{
	size_t count = io_run->curve_count + fresh->curve_count;
	pw_curve *all = pw_arena_array(c->arena, count, sizeof(all[0]));
	for (size_t i = 0; i < io_run->curve_count; i++)
		all[i] = io_run->curves[i];
	for (size_t i = 0; i < fresh->curve_count; i++)
		all[io_run->curve_count + i] = fresh->curves[i];
	pw_run_sort_curves(all, count, c->arena);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count && pw_well_eq(all[i].well, all[j].well); j++)
			if (strcmp(all[i].target, all[j].target) == 0) {
				char name[8];
				pw_well_name(all[i].well, name);
				return pw_fail(err, PW_ERR_EXISTS,
					       "%.*s: well %s, target '%.*s' has a curve already: "
					       "was this file given twice?",
					       PW_RUN_SHOW(c->source->file_name, 100), name,
					       PW_RUN_SHOW(all[i].target, 60));
			}
	io_run->curves = all;
	io_run->curve_count = count;
	io_run->plate = fresh->plate;
	return PW_OK;
}

static pw_status read_source(curves *c, pw_run_file *io_run, pw_err *err)
{
	pw_run_file fresh = *io_run;
	size_t from = c->report->len, errors = c->report->errors;
	pw_status rc = find_reporter(c, err);
	if (rc == PW_OK)
		rc = read_file(c, err);
	if (rc != PW_OK)
		return rc;
	pw_run_build_finish(c->build, &fresh);
	if (c->report->errors > errors)
		return pw_run_fail(c->report, from, c->source->file_name, err);
	rc = merge(c, &fresh, io_run, err);
	if (rc == PW_OK)
		warn(c);
	return rc;
}

pw_status pw_cfx_read_curves(const void *bytes, size_t n, const char *file_name, pw_arena *arena,
			     pw_run_file *io_run, pw_report *report, pw_err *err)
{
	pw_report own = PW_REPORT_INIT;
	pw_str text = PW_STR_INIT;
	pw_run_source source;
	pw_status rc = pw_run_source_open(bytes, n, file_name, &text, &source, err);
	if (rc == PW_OK) {
		curves c = {.source = &source,
			    .arena = arena,
			    .report = report != NULL ? report : &own,
			    .run = io_run,
			    .reporter = "",
			    .plate = io_run->plate};
		rc = read_source(&c, io_run, err);
		pw_run_build_free(c.build);
		pw_vec_clear(&c.columns);
	}
	pw_str_clear(&text);
	pw_report_clear(&own);
	return rc;
}
