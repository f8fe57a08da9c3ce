#include "core/exchange/cfx.h"

#include <stdio.h>
#include <string.h>

#include "core/exchange/cfx_table.h"
#include "core/exchange/run_build.h"
#include "core/exchange/run_parse.h"

enum { WELL, FLUOR, TARGET, CONTENT, SAMPLE, CQ, COLUMNS };

typedef struct cq_export {
	pw_arena *arena;
	pw_report *report;
	pw_plate_format plate;
	char decimal;
	int columns[COLUMNS];
	pw_run_build *build;
} cq_export;

static void find_columns(const pw_csv_field *row, size_t count, int columns[COLUMNS])
{
	static const char *const well[] = {"Well", NULL};
	static const char *const fluor[] = {"Fluor", NULL};
	static const char *const target[] = {"Target", NULL};
	static const char *const content[] = {"Content", NULL};
	static const char *const sample[] = {"Sample", NULL};
	static const char *const cq[] = {"Cq", "C(t)", "Ct", NULL};
	static const char *const *const names[COLUMNS] = {well, fluor, target, content, sample, cq};
	for (int i = 0; i < COLUMNS; i++)
		columns[i] = pw_csv_find(row, count, names[i]);
}

/* Every data sheet of CFX has these; the one with the results also has a Cq. */
static bool is_header(const pw_csv_field *row, size_t count)
{
	int columns[COLUMNS];
	find_columns(row, count, columns);
	return columns[WELL] >= 0 && columns[FLUOR] >= 0 &&
	       (columns[CONTENT] >= 0 || columns[CQ] >= 0);
}

static int sniff_cq(const pw_run_source *source)
{
	pw_cfx_table t;
	int columns[COLUMNS];
	if (!pw_cfx_open(&t, source, is_header, NULL, NULL, NULL))
		return PW_SNIFF_NOT_MINE;
	find_columns(t.row, t.count, columns);
	pw_cfx_close(&t);
	return columns[CQ] >= 0 ? PW_SNIFF_SURE - 5 : PW_SNIFF_BROKEN;
}

/* ------------------------------------------------------------- names */

/* Where `word` is in `text`, without case, or text.len. */
static size_t find_word(pw_slice text, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; i + length <= text.len; i++) {
		size_t n = 0;
		while (n < length && (text.ptr[i + n] | 0x20) == word[n])
			n++;
		if (n == length)
			return i;
	}
	return text.len;
}

static pw_slice without_extension(pw_slice name)
{
	for (size_t i = name.len; i > 0; i--)
		if (name.ptr[i - 1] == '.')
			return (pw_slice){name.ptr, i - 1};
	return name;
}

pw_slice pw_cfx_run_name(const char *file_name)
{
	pw_slice name = without_extension(pw_slice_of(pw_run_base_name(file_name)));
	/* Without the last letter: "Quantificatio" is met too. */
	size_t at = find_word(name, "quantificatio");
	if (at == name.len)
		return pw_slice_trim(name);
	name.len = at;
	while (name.len > 0 && strchr(" -_", name.ptr[name.len - 1]) != NULL)
		name.len--;
	return pw_slice_trim(name);
}

static bool is_barcode_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* The capitals and digits that a name starts with, when they can be a barcode. */
static pw_slice barcode_in(pw_slice name)
{
	const pw_slice none = {"", 0};
	char text[32];
	size_t n = 0, digits = 0;
	pw_time time;
	for (; n < name.len && is_barcode_char(name.ptr[n]); n++)
		digits += name.ptr[n] >= '0' && name.ptr[n] <= '9';
	bool in_word =
		n < name.len && (((name.ptr[n] | 0x20) >= 'a' && (name.ptr[n] | 0x20) <= 'z') ||
				 ((unsigned char)name.ptr[n] & 0x80) != 0);
	while (n > 0 && name.ptr[n - 1] == '-')
		n--;
	if (n == 0 || n >= sizeof(text) || digits == 0 || in_word)
		return none;
	pw_run_copy((pw_slice){name.ptr, n}, text, sizeof(text));
	return pw_time_parse(text, &time) ? none : (pw_slice){name.ptr, n};
}

/* -------------------------------------------------- the block in front */

typedef struct meta {
	pw_arena *arena;
	pw_run_file *run;
	pw_report *report;
} meta;

/* "04/28/2020 21:30:22 UTC": month first; day first where that cannot be. */
static bool parse_time(pw_slice text, pw_time *out)
{
	char given[40], whole[48];
	pw_run_copy(text, given, sizeof(given));
	if (text.len < 19 || given[2] != '/' || given[5] != '/' || given[10] != ' ')
		return pw_time_parse(given, out);
	bool day_first = strncmp(given, "12", 2) > 0;
	const char *month = day_first ? given + 3 : given, *day = day_first ? given : given + 3;
	bool utc = strcmp(given + 19, " UTC") == 0;
	if (!utc && given[19] != '\0')
		return false;
	snprintf(whole, sizeof(whole), "%.4s-%.2s-%.2s %.8s%s", given + 6, month, day, given + 11,
		 utc ? "Z" : "");
	return pw_time_parse(whole, out);
}

static void on_meta(void *ctx, const pw_cfx_table *t)
{
	const meta *m = ctx;
	pw_slice key = pw_cfx_cell(t, 0), value = pw_cfx_cell(t, 1);
	if (pw_run_is_absent(value))
		return;
	const char *text = pw_arena_strndup(m->arena, value.ptr, value.len);
	if (pw_slice_eq(key, "File Name")) {
		value = without_extension(value);
		m->run->name = pw_arena_strndup(m->arena, value.ptr, value.len);
	} else if (pw_slice_eq(key, "ID")) {
		m->run->barcode = text;
	} else if (pw_slice_eq(key, "Base Serial Number")) {
		m->run->serial = text;
	} else if (pw_slice_eq(key, "CFX Maestro Version") ||
		   pw_slice_eq(key, "CFX Manager Version")) {
		m->run->software = pw_arena_printf(m->arena, "%.11s %s", key.ptr, text);
	} else if (pw_slice_eq(key, "Run Ended") && !parse_time(value, &m->run->ended_at)) {
		pw_report_add(m->report, PW_WARNING, "time", t->line, 0,
			      "the run's end '%.*s' is no time that is known: it is left out",
			      pw_run_clip(value, 40), value.ptr);
	}
}

/* ---------------------------------------------------------------- rows */

/* Goes through the rows once: is a well beyond H12, and which decimal separator do the Cq prove? */
static void survey(cq_export *x, const pw_run_source *source)
{
	pw_cfx_table t;
	x->plate = PW_PLATE_96;
	x->decimal = 0;
	if (!pw_cfx_open(&t, source, is_header, NULL, NULL, NULL))
		return;
	while (pw_cfx_next(&t)) {
		char name[16];
		pw_well well;
		pw_run_copy(pw_cfx_cell(&t, x->columns[WELL]), name, sizeof(name));
		if (pw_well_parse(name, PW_PLATE_384, &well, NULL) == PW_OK &&
		    (well.row >= PW_PLATE_96.rows || well.col >= PW_PLATE_96.cols))
			x->plate = PW_PLATE_384;
		if (x->decimal == 0)
			x->decimal = pw_run_decimal(pw_cfx_cell(&t, x->columns[CQ]), true);
	}
	pw_cfx_close(&t);
	if (x->decimal == 0)
		x->decimal = '.';
}

static const char *keep(const cq_export *x, pw_slice text)
{
	return pw_arena_strndup(x->arena, text.ptr, text.len);
}

/* A row that cannot be read: says why in the report. */
static bool is_bad_row(const cq_export *x, const pw_cfx_table *t, pw_well *well)
{
	pw_err err = PW_ERR_INIT;
	char name[16];
	if (pw_cfx_is_cut(t) || (size_t)x->columns[CQ] >= t->count) {
		pw_report_add(
			x->report, PW_ERROR, "short-row", t->line, 0,
			"the row has %zu of %zu columns: the file is cut here, export it again",
			t->count, t->header_count);
		return true;
	}
	pw_run_copy(pw_cfx_cell(t, x->columns[WELL]), name, sizeof(name));
	if (pw_well_parse(name, x->plate, well, &err) == PW_OK)
		return false;
	pw_report_add(x->report, PW_ERROR, "bad-well", t->line,
		      pw_run_cell_column(t->row, t->count, x->columns[WELL]), "%s", err.msg);
	return true;
}

static void read_row(cq_export *x, const pw_cfx_table *t)
{
	pw_reading r = {.line = t->line, .amp = PW_AMP_UNKNOWN, .vendor_call = ""};
	if (is_bad_row(x, t, &r.well))
		return;
	pw_slice fluor = pw_cfx_cell(t, x->columns[FLUOR]),
		 target = pw_cfx_cell(t, x->columns[TARGET]);
	pw_slice cq = pw_cfx_cell(t, x->columns[CQ]), content = pw_cfx_cell(t, x->columns[CONTENT]);
	if (target.len == 0)
		target = fluor;
	if (target.len == 0 && pw_run_is_no_cq(cq))
		return; /* a well that is not in use */
	int column = pw_run_cell_column(t->row, t->count, x->columns[CQ]);
	if (target.len == 0) {
		pw_report_add(x->report, PW_ERROR, "no-target", t->line, column,
			      "a Cq without Fluor and Target: export it again");
		return;
	}
	if (!pw_run_cq(cq, x->decimal, &r.has_cq, &r.cq)) {
		pw_report_add(x->report, PW_ERROR, "bad-cq", t->line, column,
			      "'%.*s' is no Cq: a number above 0 with a decimal %s, or NaN",
			      pw_run_clip(cq, 40), cq.ptr, x->decimal == '.' ? "point" : "comma");
		return;
	}
	r.sample = keep(x, pw_cfx_cell(t, x->columns[SAMPLE]));
	r.target = keep(x, target);
	r.reporter = keep(x, fluor);
	r.task_text = keep(x, content);
	r.task = pw_run_task(content);
	pw_run_build_add_reading(x->build, &r);
}

static void name_run(const cq_export *x, const pw_run_source *source, pw_run_file *out)
{
	pw_slice name = pw_cfx_run_name(source->file_name);
	if (out->name[0] == '\0')
		out->name = keep(x, name);
	if (out->barcode[0] == '\0')
		out->barcode = keep(x, barcode_in(name));
}

static void read_cq(const pw_run_source *source, pw_arena *arena, pw_run_file *out,
		    pw_report *report)
{
	cq_export x = {.arena = arena, .report = report};
	meta m = {arena, out, report};
	pw_cfx_table t;
	if (!pw_cfx_open(&t, source, is_header, report, on_meta, &m))
		return;
	size_t errors = report->errors;
	find_columns(t.row, t.count, x.columns);
	name_run(&x, source, out);
	if (x.columns[CQ] < 0) {
		pw_report_add(
			report, PW_ERROR, "missing-column", t.line, 0,
			"there is no column 'Cq': choose the file 'Quantification Cq Results' "
			"of this run");
		pw_cfx_close(&t);
		return;
	}
	survey(&x, source);
	x.build = pw_run_build_new(x.plate, arena, report);
	while (pw_cfx_next(&t))
		read_row(&x, &t);
	pw_run_build_finish(x.build, out);
	pw_run_build_free(x.build);
	if (out->reading_count == 0 && report->errors == errors)
		pw_report_add(
			report, PW_ERROR, "no-results", t.line, 0,
			"the table has no rows: the file is cut, or no well of the plate is set "
			"up; export it again");
	pw_cfx_close(&t);
}

const pw_run_reader pw_cfx_reader = {
	"cfx-cq",
	"Bio-Rad CFX 'Quantification Cq Results' (.csv)",
	sniff_cq,
	read_cq,
};
