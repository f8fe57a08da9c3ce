#include "core/exchange/quantstudio_table.h"

#include <string.h>

#include "core/exchange/run_parse.h"

typedef const char *const *names;

/* clang-format off */
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
/* clang-format on */

static void find_columns(pw_qs_table *t)
{
	/* The second Cт has a Cyrillic т (U+0442), the third a capital one: 7500 and ViiA 7 write so. */
	const names spellings[PW_QS_COLUMNS] = {
		[PW_QS_WELL] = NAMES("Well"),
		[PW_QS_POSITION] = NAMES("Well Position"),
		[PW_QS_OMIT] = NAMES("Omit"),
		[PW_QS_SAMPLE] = NAMES("Sample Name", "Sample"),
		[PW_QS_TARGET] = NAMES("Target Name", "Target"),
		[PW_QS_TASK] = NAMES("Task"),
		[PW_QS_REPORTER] = NAMES("Reporter"),
		[PW_QS_CALL] = NAMES("Call"),
		[PW_QS_CQ] = NAMES("CT", "C\xD1\x82", "C\xD0\xA2", "CRT", "Cq"),
		[PW_QS_AMP_STATUS] = NAMES("Amp Status"),
		[PW_QS_NOAMP] = NAMES("NOAMP"),
		[PW_QS_CYCLE] = NAMES("Cycle", "Cycle Number"),
		[PW_QS_RN] = NAMES("Rn"),
		[PW_QS_DELTA_RN] = NAMES("Delta Rn", "\xCE\x94Rn", "dRn"),
	};
	for (int i = 0; i < PW_QS_COLUMNS; i++)
		t->columns[i] = pw_csv_find(t->row, t->count, spellings[i]);
	t->header_count = pw_run_header_count(t->row, t->count);
}

pw_slice pw_qs_cell(const pw_qs_table *t, int what)
{
	return pw_run_cell(t->row, t->count, t->columns[what]);
}

int pw_qs_column(const pw_qs_table *t, int what)
{
	return pw_run_cell_column(t->row, t->count, t->columns[what]);
}

/* "Analysis Type = Singleplex" and its like stand behind the table, without an empty line at times. */
static bool is_behind_table(const pw_qs_table *t)
{
	static const char *const keys[] = {"Analysis Type", "Endogenous Control", "RQ Min/Max",
					   "Reference Sample"};
	pw_slice first = pw_run_cell(t->row, t->count, 0);
	if (t->count == 1 && memchr(first.ptr, '=', first.len) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (first.len >= strlen(keys[i]) &&
		    memcmp(first.ptr, keys[i], strlen(keys[i])) == 0)
			return true;
	return false;
}

bool pw_qs_next(pw_qs_table *t, pw_report *report)
{
	for (int bad = 0; bad < PW_RUN_MAX_ERRORS; bad++) {
		pw_err err = PW_ERR_INIT;
		pw_status rc = pw_csv_next(t->csv, &t->row, &t->count, &err);
		if (rc == PW_OK) {
			t->line = t->first_line - 1 + pw_csv_line(t->csv);
			return t->count > 0 && !is_behind_table(t);
		}
		if (report != NULL)
			pw_run_report_csv(report, t->csv, t->first_line, &err);
	}
	return false;
}

bool pw_qs_next_judged(const pw_qs_export *qs, pw_qs_table *t)
{
	return qs->report->errors - qs->errors_before < PW_RUN_MAX_ERRORS &&
	       pw_qs_next(t, qs->report);
}

bool pw_qs_open(pw_qs_table *t, const pw_qs_block *block)
{
	*t = (pw_qs_table){.first_line = block->line};
	if (block->text.ptr == NULL)
		return false;
	t->csv = pw_csv_new(block->text.ptr, block->text.len, '\0');
	bool any = pw_qs_next(t, NULL);
	if (any)
		find_columns(t);
	return any;
}

pw_slice pw_qs_name_of_well(const pw_qs_table *t, int *out_number)
{
	pw_slice name = pw_qs_cell(t, PW_QS_POSITION), number = pw_qs_cell(t, PW_QS_WELL);
	*out_number = 0;
	if (!pw_run_count(number, out_number) && name.len == 0)
		return number;
	return name;
}

/* The well's number and name on one plate. */
static pw_status read_numbered(int number, const char *name, pw_plate_format plate, pw_well *out,
			       pw_err *err)
{
	if (number > pw_plate_wells(plate))
		return pw_fail(err, PW_ERR_LIMIT, "well %d is not on a %d-well plate", number,
			       pw_plate_wells(plate));
	pw_well well = pw_well_at(number - 1, plate, PW_BY_ROW);
	pw_status rc = name[0] != '\0' ? pw_well_parse(name, plate, &well, err) : PW_OK;
	if (rc != PW_OK)
		return rc;
	if (number != pw_well_index(well, plate, PW_BY_ROW) + 1)
		return pw_fail(
			err, PW_ERR_FORMAT,
			"well %d and position %s are two places on a %d-well plate: export it "
			"again",
			number, name, pw_plate_wells(plate));
	*out = well;
	return PW_OK;
}

bool pw_qs_read_well(const pw_qs_table *t, pw_plate_format plate, pw_well *out, pw_report *report)
{
	int number;
	char name[32];
	pw_err err = PW_ERR_INIT;
	pw_run_copy(pw_qs_name_of_well(t, &number), name, sizeof(name));
	pw_status rc = number > 0 ? read_numbered(number, name, plate, out, &err)
				  : pw_well_parse(name, plate, out, &err);
	if (rc != PW_OK && report != NULL)
		pw_report_add(report, PW_ERROR, "bad-well", t->line,
			      pw_qs_column(t, pw_qs_cell(t, PW_QS_POSITION).len > 0 ? PW_QS_POSITION
										    : PW_QS_WELL),
			      "%s", err.msg);
	return rc == PW_OK;
}
