#include "core/exchange/collection.h"

#include <stdio.h>
#include <string.h>

#include "core/base/vec.h"
#include "core/exchange/sheet.h"

enum { AT, ACTION, TUBE, SUBJECT, CAPACITY, COUNT, COLLECTOR, COLUMNS };

static const pw_sheet_column columns[COLUMNS] = {
	[AT] = {"at", "time|datetime|timestamp|时间|采样时间|操作时间", true},
	[ACTION] = {"action", "event|操作|动作|事件", true},
	[TUBE] =
		{"tube",
		 "tubeid|tubebarcode|tubenumber|barcode|管号|试管号|采样管号|采样管编号|条码|条形码",
		 true},
	[SUBJECT] =
		{"subject",
		 "subjectid|person|code|nationalid|externalid|受检者|受检者编号|人员编号|对象|编号|"
		 "身份证号|证件号码",
		 false},
	[CAPACITY] = {"capacity", "size|容量|混采数|混采人数", false},
	[COUNT] = {"count", "headcount|swabs|人数|实采人数|清点人数", false},
	[COLLECTOR] = {"collector", "operator|by|采样员|采样人|采样人员|操作员", false},
};

static const pw_sheet_spec spec = {columns, COLUMNS};

static const struct {
	const char *text;
	pw_collection_action action;
} words[] = {
	{"open", PW_COLLECTION_OPEN}, {"add", PW_COLLECTION_ADD},  {"close", PW_COLLECTION_CLOSE},
	{"开管", PW_COLLECTION_OPEN}, {"采样", PW_COLLECTION_ADD}, {"封管", PW_COLLECTION_CLOSE},
	{"打开", PW_COLLECTION_OPEN}, {"加入", PW_COLLECTION_ADD}, {"关闭", PW_COLLECTION_CLOSE},
	{"启用", PW_COLLECTION_OPEN}, {"添加", PW_COLLECTION_ADD}, {"关管", PW_COLLECTION_CLOSE},
};

const char *pw_collection_action_name(pw_collection_action action)
{
	return words[action].text;
}

/* Up to `digits` digits at *p. */
static bool take_digits(const char **p, size_t digits, int *out)
{
	size_t n = strspn(*p, "0123456789");
	if (n == 0 || n > digits)
		return false;
	*out = 0;
	for (; n > 0; n--)
		*out = *out * 10 + (*(*p)++ - '0');
	return true;
}

/* The text with the leading zeros that spreadsheets leave out, "2026/1/3 9:05" → "2026-01-03 09:05",
 * and what follows the minutes as it is. False when it is no date with a time of day. */
static bool pad_time(const char *text, char *out, size_t size)
{
	int year, month, day, hour, minute;
	const char *p = text;
	if (!take_digits(&p, 4, &year) || p != text + 4 || (*p != '-' && *p != '/'))
		return false;
	char separator = *p++;
	if (!take_digits(&p, 2, &month) || *p++ != separator || !take_digits(&p, 2, &day))
		return false;
	size_t spaces = strspn(p, " ");
	if (spaces == 0 && *p == 'T')
		spaces = 1;
	p += spaces;
	if (spaces == 0 || !take_digits(&p, 2, &hour) || *p++ != ':' ||
	    !take_digits(&p, 2, &minute))
		return false;
	int n = snprintf(out, size, "%04d-%02d-%02d %02d:%02d%s", year, month, day, hour, minute,
			 p);
	return n > 0 && (size_t)n < size;
}

/* "45984", "45984.5868": days since 1900. */
static bool is_day_number(const char *text)
{
	size_t n = strspn(text, "0123456789");
	if (n != 5)
		return false;
	if (text[n] == '.')
		n += 1 + strspn(text + n + 1, "0123456789");
	return text[n] == '\0';
}

static pw_time read_time(pw_sheet *sheet)
{
	const char *text = pw_sheet_code(sheet, AT);
	char padded[64];
	pw_time at = 0;
	if (*text == '\0')
		pw_sheet_error(sheet, AT, "missing-value", "the time is missing: enter it");
	else if (is_day_number(text))
		pw_sheet_error(sheet, AT, "time",
			       "time '%s' is a spreadsheet's day number: format the column as text "
			       "and write it like 2026-11-23 14:05",
			       text);
	else if (!pad_time(text, padded, sizeof(padded)) || !pw_time_parse(padded, &at))
		pw_sheet_error(
			sheet, AT, "time",
			"'%s' is not a date with a time of day: write it like 2026-11-23 14:05",
			text);
	return at;
}

static bool read_action(pw_sheet *sheet, pw_collection_row *row)
{
	const char *text = pw_sheet_text(sheet, ACTION);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (pw_text_eq_nocase(words[i].text, text)) {
			row->action = words[i].action;
			return true;
		}
	pw_sheet_error(sheet, ACTION, "action",
		       "action '%s' is not known: write open, add or close (开管, 采样, 封管)",
		       text);
	return false;
}

static void check_subject(pw_sheet *sheet, const pw_collection_row *row)
{
	if (row->action == PW_COLLECTION_ADD && *row->subject == '\0')
		pw_sheet_error(sheet, SUBJECT, "subject",
			       "nobody is named who was swabbed: enter the subject");
	if (row->action != PW_COLLECTION_ADD && *row->subject != '\0')
		pw_sheet_error(
			sheet, SUBJECT, "subject",
			"subject '%s' in a row that swabs nobody: give the swab a row of its own "
			"with the action add",
			row->subject);
}

/* A number where the action has no use for one is said, not dropped in silence. */
static int read_swabs(pw_sheet *sheet, size_t column, bool used, int min, int none)
{
	int64_t value;
	if (!pw_sheet_number(sheet, column, min, PW_COLLECTION_MAX_SWABS, &value))
		return none;
	if (used)
		return (int)value;
	pw_sheet_warn(sheet, column, "ignored-value", "%s is passed over: it belongs to %s",
		      columns[column].name, column == CAPACITY ? "open" : "close");
	return none;
}

static pw_collection_row read_row(pw_sheet *sheet)
{
	pw_collection_row row = {.line = pw_sheet_line(sheet), .at = read_time(sheet)};
	bool known = read_action(sheet, &row);
	row.tube = pw_sheet_code(sheet, TUBE);
	row.subject = pw_sheet_code(sheet, SUBJECT);
	row.collector = pw_sheet_text(sheet, COLLECTOR);
	if (*row.tube == '\0')
		pw_sheet_error(sheet, TUBE, "missing-value", "the tube is missing: enter its code");
	/* What an unknown action has a use for cannot be said. */
	if (!known)
		return row;
	check_subject(sheet, &row);
	row.capacity = read_swabs(sheet, CAPACITY, row.action == PW_COLLECTION_OPEN, 1, 0);
	row.count = read_swabs(sheet, COUNT, row.action == PW_COLLECTION_CLOSE, 0, -1);
	return row;
}

pw_status pw_collection_read(const void *bytes, size_t n, const char *name, pw_arena *arena,
			     pw_collection *out, pw_report *report, pw_err *err)
{
	pw_sheet *sheet = NULL;
	PW_VEC(pw_collection_row) rows = PW_VEC_INIT;
	*out = (pw_collection){NULL, 0, 0, PW_UTF8, ','};
	pw_status rc = pw_sheet_open(&spec, bytes, n, name, arena, report, &sheet, err);
	if (rc != PW_OK)
		return rc;
	while (pw_sheet_next(sheet)) {
		pw_collection_row row = read_row(sheet);
		if (!pw_sheet_row_wrong(sheet))
			pw_vec_push(&rows, row);
	}
	pw_collection_row *kept = pw_arena_array(arena, rows.len, sizeof(kept[0]));
	if (rows.len > 0)
		memcpy(kept, rows.ptr, rows.len * sizeof(kept[0]));
	*out = (pw_collection){.rows = kept,
			       .count = rows.len,
			       .wrong = pw_sheet_rows(sheet) - rows.len,
			       .encoding = pw_sheet_encoding(sheet),
			       .delimiter = pw_sheet_delimiter(sheet)};
	rc = pw_sheet_finish(sheet, rows.len, err);
	pw_vec_clear(&rows);
	pw_sheet_close(sheet);
	return rc;
}

pw_status pw_collection_write_rejected(const void *bytes, size_t n, const pw_report *report,
				       pw_encoding encoding, pw_str *out, pw_err *err)
{
	return pw_sheet_write_rejected(&spec, bytes, n, report, encoding, out, err);
}
