#include "core/exchange/roster.h"

#include <string.h>

#include "core/base/vec.h"
#include "core/exchange/seen.h"
#include "core/exchange/sheet.h"

enum {
	NAME,
	NATIONAL_ID,
	EXTERNAL_ID,
	PHONE,
	CITY,
	COUNTY,
	TOWNSHIP,
	VILLAGE,
	HOUSEHOLD,
	GROUP,
	KIND,
	TUBE,
	COLUMNS
};

static const pw_sheet_column columns[COLUMNS] = {
	[NAME] = {"name", "fullname|姓名|名称|名字|受检者姓名|被采样人姓名", true},
	[NATIONAL_ID] = {"national_id",
			 "idnumber|idno|idcard|idcardnumber|identitynumber|nationalidnumber|身份证|"
			 "身份证号|身份证号码|公民身份号码|证件号|证件号码",
			 false},
	[EXTERNAL_ID] = {"external_id", "externalnumber|编号|外部编号|人员编号|对象编号|工号|学号",
			 false},
	[PHONE] =
		{"phone",
		 "phonenumber|tel|telephone|mobile|mobilephone|mobilenumber|cellphone|手机|手机号|"
		 "手机号码|电话|电话号码|联系电话|联系方式",
		 false},
	[CITY] = {"city", "prefecture|市|地市|城市|所在市", false},
	[COUNTY] = {"county", "district|区县|县区|区|县|县市区|所在区县", false},
	[TOWNSHIP] = {"township", "street|town|subdistrict|街道|乡镇|镇街|街道乡镇|乡镇街道|镇",
		      false},
	[VILLAGE] =
		{"village",
		 "community|neighbourhood|neighborhood|社区|村|村居|社区村|村社区|居委会|村委会",
		 false},
	[HOUSEHOLD] = {"household", "householdid|householdnumber|户号|户编号|家庭编号|家庭号",
		       false},
	[GROUP] = {"group", "populationgroup|category|人群|人群类别|人群分类|人员类别", false},
	[KIND] = {"kind", "type|subjectkind|类型|对象类型", false},
	[TUBE] =
		{"tube",
		 "tubeid|tubebarcode|tubenumber|barcode|管号|试管号|采样管号|采样管编号|条码|条形码",
		 false},
};

static const pw_sheet_spec spec = {columns, COLUMNS};

/* What is known of a row while the file is read, to come back to it. */
typedef struct state {
	pw_roster_row row;
	bool wrong;
	bool told_national, told_external;       /* that another row has the same */
	bool national_damaged, external_damaged; /* so that they are compared with nothing */
	bool tail;                               /* a national id that may have lost its tail */
	pw_sheet_place national, external;
} state;

typedef struct reader {
	pw_sheet *sheet;
	pw_arena *arena;
	pw_report *report;
	PW_VEC(state) rows;
	pw_seen national, external;
	size_t lost_tails;
} reader;

/* A code, and whether there was an error about it: then nothing more is made of it. */
static const char *read_code(reader *r, size_t column, bool *damaged)
{
	size_t errors = r->report->errors;
	const char *code = pw_sheet_code(r->sheet, column);
	*damaged = r->report->errors > errors;
	return code;
}

/* A copy in upper case without the characters of `drop`. */
static char *squeeze(pw_arena *arena, const char *text, const char *drop)
{
	char *copy = pw_arena_strdup(arena, text), *to = copy;
	for (const char *from = copy; *from != '\0'; from++)
		if (strchr(drop, *from) == NULL)
			*to++ = (char)(*from >= 'a' && *from <= 'z' ? *from - 'a' + 'A' : *from);
	*to = '\0';
	return copy;
}

/* People put spaces and hyphens between the parts of the number, and type its X small. */
static const char *read_national_id(reader *r, bool *damaged)
{
	const char *code = read_code(r, NATIONAL_ID, damaged);
	if (*damaged || strspn(code, "0123456789X") == strlen(code))
		return code;
	const char *bare = squeeze(r->arena, code, " -");
	return pw_national_id_cn_form(bare) ? bare : squeeze(r->arena, code, " ");
}

/* Spreadsheets keep fifteen digits of a number, and show 0 for the rest. */
static bool has_no_tail(const char *id)
{
	return pw_national_id_cn_form(id) && strcmp(id + 15, "000") == 0;
}

static void report_lost_tail(reader *r, pw_sheet_place at, const char *id)
{
	pw_report_add(
		r->report, PW_ERROR, "spreadsheet-tail", at.line, at.column,
		"national_id '%s': a spreadsheet made a number of it and its last three digits "
		"became 000: format the column as text and enter it again",
		id);
}

static void check_national_id(reader *r, state *s)
{
	const char *id = s->row.national_id;
	size_t digits = strspn(id, "0123456789");
	if (s->national_damaged)
		return;
	if (has_no_tail(id) && !pw_national_id_cn_valid(id)) {
		report_lost_tail(r, s->national, id);
		s->wrong = s->national_damaged = true;
		r->lost_tails++;
	} else if (pw_national_id_cn_form(id) && !pw_national_id_cn_valid(id)) {
		pw_sheet_error(
			r->sheet, NATIONAL_ID, "national-id",
			"national_id '%s': wrong check character or birth date: compare it with "
			"the card",
			id);
	} else if (id[digits] == '\0' && digits >= 16 && digits != 18) {
		pw_sheet_warn(r->sheet, NATIONAL_ID, "id-length",
			      "national_id '%s' has %zu digits; a resident identity number has 18",
			      id, digits);
	}
	s->tail = has_no_tail(id);
}

static bool is_phone(const char *text)
{
	size_t digits = 0;
	for (const char *p = text; *p != '\0'; p++) {
		digits += *p >= '0' && *p <= '9';
		if (strchr("0123456789 +-()./", *p) == NULL)
			return false;
	}
	return digits >= 5;
}

static void read_words(reader *r, pw_roster_row *row)
{
	const char *group = pw_sheet_text(r->sheet, GROUP), *kind = pw_sheet_text(r->sheet, KIND);
	if (strcmp(group, "应检尽检") == 0)
		pw_sheet_error(
			r->sheet, GROUP, "group",
			"group '%s' does not say which of the eight groups: write 密切接触者, "
			"入境人员 and so on",
			group);
	else if (!pw_group_parse(group, &row->group))
		pw_sheet_error(
			r->sheet, GROUP, "group",
			"group '%s' is not known: write voluntary, close-contact, "
			"inbound-traveller, fever-clinic, inpatient, medical-staff, port-staff, "
			"prison or elderly-care",
			group);
	if (*kind != '\0' && !pw_subject_kind_parse(kind, &row->kind))
		pw_sheet_error(r->sheet, KIND, "kind",
			       "kind '%s' is not known: write person or place", kind);
}

static void check_identity(reader *r, const pw_roster_row *row)
{
	if (*row->name == '\0')
		pw_sheet_error(r->sheet, NAME, "missing-name", "the name is missing: enter it");
	if (*row->phone != '\0' && !is_phone(row->phone))
		pw_sheet_error(r->sheet, PHONE, "phone",
			       "phone '%s' is not a number: write its digits, or leave it blank",
			       row->phone);
	if (row->kind == PW_PLACE) {
		if (*row->external_id == '\0')
			pw_sheet_error(r->sheet, EXTERNAL_ID, "place-identity",
				       "a place needs an external_id: give it one");
		if (*row->national_id != '\0')
			pw_sheet_error(r->sheet, NATIONAL_ID, "place-identity",
				       "a place has no national_id: is it a person?");
	} else if (*row->national_id == '\0' && *row->external_id == '\0' && *row->phone == '\0') {
		pw_sheet_error(
			r->sheet, NAME, "missing-identity",
			"a person needs a national_id, an external_id or a phone: enter one");
	}
}

static void report_duplicate(reader *r, const char *code, const char *what, const char *id,
			     pw_sheet_place at, pw_sheet_place other)
{
	pw_report_add(r->report, PW_ERROR, code, at.line, at.column,
		      "%s '%s' is also in line %d: mend one of the two, or take it out", what, id,
		      other.line);
}

/* Both rows are named, the earlier one once. */
static void check_duplicates(reader *r, state *s)
{
	size_t earlier, index = r->rows.len;
	if (*s->row.national_id != '\0' && !s->national_damaged &&
	    !pw_seen_add(&r->national, s->row.national_id, index, &earlier)) {
		state *e = &r->rows.ptr[earlier];
		report_duplicate(r, "duplicate-national-id", "national_id", s->row.national_id,
				 s->national, e->national);
		if (!e->told_national)
			report_duplicate(r, "duplicate-national-id", "national_id",
					 s->row.national_id, e->national, s->national);
		e->told_national = e->wrong = s->wrong = true;
	}
	if (*s->row.external_id != '\0' && !s->external_damaged &&
	    !pw_seen_add(&r->external, s->row.external_id, index, &earlier)) {
		state *e = &r->rows.ptr[earlier];
		report_duplicate(r, "duplicate-external-id", "external_id", s->row.external_id,
				 s->external, e->external);
		if (!e->told_external)
			report_duplicate(r, "duplicate-external-id", "external_id",
					 s->row.external_id, e->external, s->external);
		e->told_external = e->wrong = s->wrong = true;
	}
}

static void read_row(reader *r)
{
	state s = {.national = pw_sheet_place_of(r->sheet, NATIONAL_ID),
		   .external = pw_sheet_place_of(r->sheet, EXTERNAL_ID)};
	s.row = (pw_roster_row){
		.line = pw_sheet_line(r->sheet),
		.kind = PW_PERSON,
		.name = pw_sheet_text(r->sheet, NAME),
		.national_id = read_national_id(r, &s.national_damaged),
		.external_id = read_code(r, EXTERNAL_ID, &s.external_damaged),
		.phone = pw_sheet_code(r->sheet, PHONE),
		.city = pw_sheet_text(r->sheet, CITY),
		.county = pw_sheet_text(r->sheet, COUNTY),
		.township = pw_sheet_text(r->sheet, TOWNSHIP),
		.village = pw_sheet_text(r->sheet, VILLAGE),
		.household = pw_sheet_text(r->sheet, HOUSEHOLD),
		.group = PW_GROUP_VOLUNTARY,
		.tube = pw_sheet_code(r->sheet, TUBE),
	};
	read_words(r, &s.row);
	check_identity(r, &s.row);
	check_national_id(r, &s);
	check_duplicates(r, &s);
	s.wrong = s.wrong || pw_sheet_row_wrong(r->sheet);
	pw_vec_push(&r->rows, s);
}

/* One in eleven numbers that lost its tail still has the right check character: where others of the file
 * lost theirs, nobody can trust it. */
static void suspect_tails(reader *r)
{
	for (size_t i = 0; r->lost_tails > 0 && i < r->rows.len; i++) {
		state *s = &r->rows.ptr[i];
		if (!s->tail || !pw_national_id_cn_valid(s->row.national_id))
			continue;
		report_lost_tail(r, s->national, s->row.national_id);
		s->wrong = true;
	}
}

static void take_good_rows(const reader *r, pw_roster *out)
{
	pw_roster_row *rows = pw_arena_array(r->arena, r->rows.len, sizeof(rows[0]));
	size_t count = 0;
	for (size_t i = 0; i < r->rows.len; i++)
		if (!r->rows.ptr[i].wrong)
			rows[count++] = r->rows.ptr[i].row;
	*out = (pw_roster){.rows = rows,
			   .count = count,
			   .wrong = pw_sheet_rows(r->sheet) - count,
			   .encoding = pw_sheet_encoding(r->sheet),
			   .delimiter = pw_sheet_delimiter(r->sheet)};
}

pw_status pw_roster_read(const void *bytes, size_t n, const char *name, pw_arena *arena,
			 pw_roster *out, pw_report *report, pw_err *err)
{
	reader r = {NULL, arena, report, PW_VEC_INIT, PW_SEEN_INIT, PW_SEEN_INIT, 0};
	*out = (pw_roster){NULL, 0, 0, PW_UTF8, ','};
	pw_status rc = pw_sheet_open(&spec, bytes, n, name, arena, report, &r.sheet, err);
	if (rc != PW_OK)
		return rc;
	if (!pw_sheet_has(r.sheet, NATIONAL_ID) && !pw_sheet_has(r.sheet, EXTERNAL_ID) &&
	    !pw_sheet_has(r.sheet, PHONE)) {
		pw_sheet_header_error(r.sheet, "missing-column",
				      "there is no column 'national_id', 'external_id' or 'phone': "
				      "name one in the header row");
	} else {
		while (pw_sheet_next(r.sheet))
			read_row(&r);
		suspect_tails(&r);
	}
	take_good_rows(&r, out);
	rc = pw_sheet_finish(r.sheet, out->count, err);
	pw_seen_clear(&r.national);
	pw_seen_clear(&r.external);
	pw_vec_clear(&r.rows);
	pw_sheet_close(r.sheet);
	return rc;
}

pw_status pw_roster_write_rejected(const void *bytes, size_t n, const pw_report *report,
				   pw_encoding encoding, pw_str *out, pw_err *err)
{
	return pw_sheet_write_rejected(&spec, bytes, n, report, encoding, out, err);
}
