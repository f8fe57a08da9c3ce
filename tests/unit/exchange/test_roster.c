#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/exchange/roster.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

typedef struct result {
	pw_arena arena;
	pw_roster roster;
	pw_report report;
	pw_err err;
	pw_status rc;
} result;

static result *read_bytes(const char *bytes, size_t n)
{
	result *r = calloc(1, sizeof(*r));
	r->rc = pw_roster_read(bytes, n, "list.csv", &r->arena, &r->roster, &r->report, &r->err);
	return r;
}

static result *read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void drop(result *r)
{
	pw_report_clear(&r->report);
	pw_arena_clear(&r->arena);
	free(r);
}

/* "2:1 missing-name; 3:5 phone", warnings with a "?" behind. */
static void tell_findings(const pw_report *report, pw_str *out)
{
	for (size_t i = 0; i < report->len; i++) {
		const pw_finding *f = &report->findings[i];
		pw_str_addf(out, "%s%d:%d %s%s", i > 0 ? "; " : "", f->line, f->column, f->code,
			    f->severity == PW_WARNING ? "?" : "");
	}
}

static void expect_findings(const result *r, const char *expected)
{
	pw_str told = PW_STR_INIT;
	tell_findings(&r->report, &told);
	ck_assert_str_eq(pw_str_text(&told), expected);
	pw_str_clear(&told);
	ck_assert_int_eq(r->rc, r->report.errors > 0 ? PW_ERR_FORMAT : PW_OK);
}

START_TEST(test_a_whole_row_is_read)
{
	result *r = read_text(
		"name,national_id,external_id,phone,city,county,township,village,household,group,"
		"kind,tube\r\n"
		"张三,11010519491231002x,E-1,13800138000,深圳市,南山区,粤海街道,科技园社区,H1,密接,person,"
		"SZT000000017\r\n"
		"冷库门把手,,P-1,,深圳市,,,,,,place,\r\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->roster.count, 2);
	ck_assert_uint_eq(r->roster.wrong, 0);
	ck_assert_int_eq(r->roster.encoding, PW_UTF8);
	ck_assert_int_eq(r->roster.delimiter, ',');
	const pw_roster_row *row = &r->roster.rows[0];
	ck_assert_int_eq(row->line, 2);
	ck_assert_int_eq(row->kind, PW_PERSON);
	ck_assert_str_eq(row->name, "张三");
	ck_assert_str_eq(row->national_id, "11010519491231002X");
	ck_assert_str_eq(row->external_id, "E-1");
	ck_assert_str_eq(row->phone, "13800138000");
	ck_assert_str_eq(row->city, "深圳市");
	ck_assert_str_eq(row->county, "南山区");
	ck_assert_str_eq(row->township, "粤海街道");
	ck_assert_str_eq(row->village, "科技园社区");
	ck_assert_str_eq(row->household, "H1");
	ck_assert_int_eq(row->group, PW_GROUP_CLOSE_CONTACT);
	ck_assert_str_eq(row->tube, "SZT000000017");
	row++;
	ck_assert_int_eq(row->line, 3);
	ck_assert_int_eq(row->kind, PW_PLACE);
	ck_assert_int_eq(row->group, PW_GROUP_VOLUNTARY);
	ck_assert_str_eq(row->national_id, "");
	ck_assert_str_eq(row->phone, "");
	ck_assert_str_eq(row->household, "");
	drop(r);
}
END_TEST

/* Every one of them with the same row. */
static const struct {
	const char *text;
	char delimiter;
} headers[] = {
	{"姓名,身份证号,手机号\n李四,110101199003070011,13900139000\n", ','},
	{"Name;ID number;Tel\n李四;110101199003070011;13900139000\n", ';'},
	{"FULL NAME\tId-No\tMobile Phone\n李四\t110101199003070011\t13900139000\n", '\t'},
	{"*姓名（必填）,证件号码(身份证),联系电话\n李四,110101199003070011,13900139000\n", ','},
	{"\xEF\xBB\xBF\"姓 名\",\" 身份证号码 \",\"手机\"\n李四,110101199003070011,13900139000\n",
	 ','},
	{"手机号,姓名,身份证号\n13900139000,李四,110101199003070011\n", ','},
	{"\n\n姓名,身份证,电话\n\n李四,110101199003070011,13900139000\n\n", ','},
};

START_TEST(test_headers_in_many_spellings)
{
	result *r = read_text(headers[_i].text);
	expect_findings(r, "");
	ck_assert_int_eq(r->roster.delimiter, headers[_i].delimiter);
	ck_assert_uint_eq(r->roster.count, 1);
	ck_assert_str_eq(r->roster.rows[0].name, "李四");
	ck_assert_str_eq(r->roster.rows[0].national_id, "110101199003070011");
	ck_assert_str_eq(r->roster.rows[0].phone, "13900139000");
	drop(r);
}
END_TEST

START_TEST(test_every_column_has_its_chinese_name)
{
	result *r = read_text("姓名,编号,市,区/县,街道/乡镇,社区/村,户号,人群类别,类型,管号\n"
			      "a,b,c,d,e,f,g,入境人员,人员,t\n");
	expect_findings(r, "");
	const pw_roster_row *row = &r->roster.rows[0];
	ck_assert_str_eq(row->external_id, "b");
	ck_assert_str_eq(row->city, "c");
	ck_assert_str_eq(row->county, "d");
	ck_assert_str_eq(row->township, "e");
	ck_assert_str_eq(row->village, "f");
	ck_assert_str_eq(row->household, "g");
	ck_assert_int_eq(row->group, PW_GROUP_INBOUND_TRAVELLER);
	ck_assert_str_eq(row->tube, "t");
	drop(r);
}
END_TEST

START_TEST(test_every_encoding_gives_the_same_rows)
{
	static const char text[] = "姓名,编号\r\n张三,1\r\n李四,2\r\n";
	for (int e = PW_UTF8; e <= PW_GB18030; e++) {
		pw_str bytes = PW_STR_INIT;
		ck_assert_int_eq(
			pw_text_encode(text, sizeof(text) - 1, (pw_encoding)e, &bytes, NULL),
			PW_OK);
		result *r = read_bytes(bytes.ptr, bytes.len);
		expect_findings(r, "");
		ck_assert_int_eq(r->roster.encoding, (pw_encoding)e);
		ck_assert_uint_eq(r->roster.count, 2);
		ck_assert_str_eq(r->roster.rows[1].name, "李四");
		ck_assert_int_eq(r->roster.rows[1].line, 3);
		drop(r);
		pw_str_clear(&bytes);
	}
}
END_TEST

/* `rows` follow the header "name,national_id,external_id,phone,group,kind,tube". */
static const struct {
	const char *rows, *findings;
	size_t good;
} cases[] = {
	{"", "", 0},
	{"A,,1,,,,\n", "", 1},
	{"A,,,1380013,,,\n", "", 1},
	{"A,E12345678,,,,,\n", "", 1},
	{"A,110105491231002,,,,,\n", "", 1},          /* fifteen digits of old: taken as it is */
	{",,,,,,\nA,,1,,,,\n , ,\t, , , ,\n", "", 1}, /* blank rows */
	{"A,,1\n", "", 1},                            /* blanks at the end may be missing */
	{"A,,1,,,,,,,\n", "", 1},                     /* and may be too many */
	/* the rules of a row */
	{",,1,,,,\n", "2:1 missing-name", 0},
	{"A,,,,,,\n", "2:1 missing-identity", 0},
	{",,,,,,T1\n", "2:1 missing-name; 2:1 missing-identity", 0},
	{"A,11010519491231002Y,,,,,\n", "", 1}, /* not of the Chinese form */
	{"A,110105194912310021,,,,,\n", "2:3 national-id", 0},
	{"A,110105194921310020,,,,,\n", "2:3 national-id", 0},
	{"A,1101051949123100210,,,,,\n", "2:3 id-length?", 1},
	{"A,,1,x,,,\n", "2:6 phone", 0},
	{"A,,1,1380,,,\n", "2:6 phone", 0},
	{"A,,1,无,,,\n", "2:6 phone", 0},
	{"A,,1,+86 138-0013-8000,,,\n", "", 1},
	{"A,,1,,nobody,,\n", "2:7 group", 0},
	{"A,,1,,应检尽检,,\n", "2:7 group", 0},
	{"A,,1,,愿检尽检,,\n", "", 1},
	{"A,,1,,,dog,\n", "2:8 kind", 0},
	{"A,,1,,,place,\n", "", 1},
	{"A,,,1380013,,place,\n", "2:4 place-identity", 0},
	{"A,110101199003070011,1,,,place,\n", "2:3 place-identity", 0},
	/* spreadsheets */
	{"A,1.10105E+17,,,,,\n", "2:3 spreadsheet-number", 0},
	{"A,1.10105E+17,,,,,\nB,1.10105E+17,,,,,\n",
	 "2:3 spreadsheet-number; 3:3 spreadsheet-number", 0},
	{"A,,1,1.38E+10,,,\n", "2:6 spreadsheet-number; 2:6 phone", 0},
	{"A,,5E+11,,,,\n", "2:4 spreadsheet-number", 0},
	{"A,,1,13800138000.0,,,\n", "2:6 spreadsheet-number", 0},
	{"A,,1,,,,1.23E+11\n", "2:9 spreadsheet-number", 0},
	{"A,,12E5,,,,\n", "", 1}, /* a number of the sender's may look like that */
	{"A,110101199003070000,,,,,\n", "2:3 spreadsheet-tail", 0},
	{"A,#N/A,1,,,,\n", "2:3 spreadsheet-error", 0},
	{"#NAME?,,1,,,,\n", "2:1 spreadsheet-error", 0},
	{"A,,########,,,,\n", "2:4 spreadsheet-error", 0},
	{"A,,\"=\"\"007\"\"\",,,,\n", "", 1},
	{"A,'110101199003070011,,,,,\n", "", 1},
	/* one in eleven damaged numbers is right by chance: not where others were damaged */
	{"A,110101199003070000,,,,,\nB,110101199003010000,,,,,\n",
	 "2:3 spreadsheet-tail; 3:3 spreadsheet-tail", 0},
	/* the text */
	{"\"A\nB\",,1,,,,\n", "2:1 control-character", 0},
	{"A,,\"1\t2\",,,,\n", "2:4 control-character", 0},
	{"A,,1\xE2\x80\x8B"
	 "2,,,,\n",
	 "2:4 invisible-character", 0},
	{"\xE3\x80\x80"
	 "A\xC2\xA0,,\xE2\x80\xAA"
	 "1\xE2\x80\xAC,,,,\n",
	 "", 1},
	{"A,,1,,,,T1,x\n", "2:12 stray-value", 0},
	{"A,,\"1\"2,,,,\nB,,2,,,,\n", "2:7 broken-row", 1},
	{"A,,\"1,,,,\nB,,2,,,,\n", "2:4 broken-row", 1},
	/* duplicates: both rows are wrong and both are named */
	{"A,,1,,,,\nB,,2,,,,\nC,,1,,,,\n", "4:4 duplicate-external-id; 2:4 duplicate-external-id",
	 1},
	{"A,,1,,,,\nB,,1,,,,\nC,,1,,,,\n",
	 "3:4 duplicate-external-id; 2:4 duplicate-external-id; 4:4 duplicate-external-id", 0},
	{"A,11010519491231002X,,,,,\nB,11010519491231002x,,,,,\n",
	 "3:3 duplicate-national-id; 2:3 duplicate-national-id", 0},
	{"A,11010519491231002X,1,,,,\nB,1101051949 1231002X,1,,,,\n",
	 "3:3 duplicate-national-id; 2:3 duplicate-national-id; 3:23 duplicate-external-id; "
	 "2:22 duplicate-external-id",
	 0},
	{"A,,1,,,,\nB,,1,,,place,\n", "3:4 duplicate-external-id; 2:4 duplicate-external-id", 0},
	{"A,,,1380013,,,\nB,,,1380013,,,\n", "", 2}, /* a family has one phone */
	{"A,,a,,,,\nB,,A,,,,\n", "", 2},
};

static void check_rows(const char *rows, const char *findings, size_t good)
{
	pw_str text = PW_STR_INIT;
	pw_str_addf(&text, "name,national_id,external_id,phone,group,kind,tube\n%s", rows);
	result *r = read_bytes(text.ptr, text.len);
	expect_findings(r, findings);
	ck_assert_uint_eq(r->roster.count, good);
	drop(r);
	pw_str_clear(&text);
}

START_TEST(test_rules_of_a_row)
{
	check_rows(cases[_i].rows, cases[_i].findings, cases[_i].good);
}
END_TEST

START_TEST(test_a_row_may_be_wrong_in_many_ways)
{
	check_rows("A,110105194912310021,1,x,nobody,dog,#REF!\n",
		   "2:37 spreadsheet-error; 2:26 group; 2:33 kind; 2:24 phone; 2:3 national-id", 0);
}
END_TEST

START_TEST(test_values_are_cleaned)
{
	result *r = read_text(
		"name,national_id,external_id,phone,tube\n"
		"\xE3\x80\x80张三 ,１１０１０５１９４９１２３１００２Ｘ,\"=\"\"007\"\"\",'138,\n"
		"Zoe\xCC\x88 B,1101 0519-4912 3100 2X,,\xE2\x80\xAA"
		"13800138000\xE2\x80\xAC,"
		"ＳＺ１\n"
		"C,ab 123-4,,,\n");
	expect_findings(r, "2:36 phone; 3:8 duplicate-national-id; 2:6 duplicate-national-id");
	drop(r);
	r = read_text(
		"name,national_id,external_id,phone,tube\n"
		"\xE3\x80\x80张三 ,１１０１０５１９４９１２３１００２Ｘ,\"=\"\"007\"\"\",'13800,\n"
		"Zoe\xCC\x88 B,4405-2418 8001\xC2\xA0"
		"0100\xE3\x80\x80"
		"14,,,ＳＺ１\n"
		"C,ab 123-4,,,\n");
	expect_findings(r, "");
	const pw_roster_row *rows = r->roster.rows;
	ck_assert_str_eq(rows[0].name, "张三");
	ck_assert_str_eq(rows[0].national_id, "11010519491231002X");
	ck_assert_str_eq(rows[0].external_id, "007");
	ck_assert_str_eq(rows[0].phone, "13800");
	ck_assert_str_eq(rows[1].name, "Zo\xC3\xAB B");
	ck_assert_str_eq(rows[1].national_id, "440524188001010014");
	ck_assert_str_eq(rows[1].tube, "SZ1");
	ck_assert_str_eq(rows[2].national_id, "AB123-4");
	drop(r);
}
END_TEST

START_TEST(test_a_right_number_that_ends_in_zeros_is_taken)
{
	result *r = read_text("name,national_id\nA,110101199003010000\nB,110101199003070011\n");
	expect_findings(r, "");
	ck_assert_uint_eq(r->roster.count, 2);
	drop(r);
}
END_TEST

static const struct {
	const char *text, *findings, *message;
} files[] = {
	{"", "0:0 missing-column", "list.csv: the file is empty: its first row names the columns"},
	{"\n\n", "0:0 missing-column",
	 "list.csv: the file is empty: its first row names the columns"},
	{"a,b\n1,2\n", "1:1 unknown-column?; 1:3 unknown-column?; 1:0 missing-column",
	 "list.csv: line 1: there is no column 'name': name it in the header row"},
	{"name,group\nA,\n", "1:0 missing-column",
	 "list.csv: line 1: there is no column 'national_id', 'external_id' or 'phone': name one in "
	 "the header row"},
	{"姓名,身份证号,Name\n", "1:9 duplicate-column",
	 "list.csv: line 1: 'Name' is the column name a second time: rename one of them"},
	{"\"name,phone\n", "1:0 broken-row",
	 "list.csv: line 1: the header row cannot be read: line 1:1: the quote that opens here is "
	 "never closed: close it, or take it off"},
	{"PK\x03\x04 and so on", "0:0 not-text",
	 "list.csv: this is a workbook (xlsx): save it as CSV UTF-8 and send that"},
	{"\xD0\xCF\x11\xE0 and so on", "0:0 not-text",
	 "list.csv: this is a workbook (xls): save it as CSV UTF-8 and send that"},
	{"\xEF\xBB\xBFname,phone\n\xFF", "0:0 not-text",
	 "list.csv: byte 14: the file says that it is UTF-8 and breaks it here: save or copy it again"},
	{"name,phone\nA,13800\nB,\nC,\n", "3:1 missing-identity; 4:1 missing-identity",
	 "list.csv: 2 of 3 rows are wrong: mend them and send them again"},
};

START_TEST(test_a_file_that_is_none_says_so)
{
	result *r = read_text(files[_i].text);
	expect_findings(r, files[_i].findings);
	ck_assert_int_eq(r->rc, PW_ERR_FORMAT);
	ck_assert_str_eq(r->err.msg, files[_i].message);
	drop(r);
}
END_TEST

START_TEST(test_nul_characters_are_no_text)
{
	/* so few that nobody takes them for UTF-16 */
	char text[] = "name,phone\nAbraham Baker Charles,13800138000\nDaniel Edward,13800138001\n";
	text[15] = '\0';
	result *r = read_bytes(text, sizeof(text) - 1);
	expect_findings(r, "0:0 not-text");
	ck_assert_str_eq(r->err.msg,
			 "list.csv: there are NUL characters in it: this is no text file, "
			 "save it as CSV UTF-8 and send that");
	drop(r);
}
END_TEST

START_TEST(test_titles_and_unknown_columns_are_warnings)
{
	result *r = read_text("核酸检测登记表,,,\n填表日期：2022-03-22,,,\n序号,姓名,备注,手机号\n"
			      "1,张三,,13800138000\n");
	expect_findings(r, "1:0 title-line?; 2:0 title-line?; 3:1 unknown-column?; "
			   "3:7 unknown-column?");
	ck_assert_str_eq(r->report.findings[2].text,
			 "column '序号' is not known and is passed over");
	ck_assert_uint_eq(r->roster.count, 1);
	ck_assert_int_eq(r->roster.rows[0].line, 4);
	drop(r);
	/* the delimiter is that of the header, not of the title */
	r = read_text("登记表\n姓名;手机号\n张三;13800138000\n");
	expect_findings(r, "1:0 title-line?");
	ck_assert_int_eq(r->roster.delimiter, ';');
	ck_assert_uint_eq(r->roster.count, 1);
	drop(r);
}
END_TEST

START_TEST(test_texts_say_what_is_wrong_and_what_to_do)
{
	result *r = read_text("name,national_id,external_id\n"
			      "A,1.10105E+17,\n"
			      "B,110101199003070000,\n"
			      "C,110105194912310021,\n"
			      "D,,7\n"
			      "E,,7\n");
	static const char *const texts[] = {
		"national_id '1.10105E+17' is what a spreadsheet makes of a long number, and its digits "
		"are lost: format the column as text and enter the number again",
		"national_id '110101199003070000': a spreadsheet made a number of it and its last three "
		"digits became 000: format the column as text and enter it again",
		"national_id '110105194912310021': wrong check character or birth date: compare it with "
		"the card",
		"external_id '7' is also in line 5: mend one of the two, or take it out",
		"external_id '7' is also in line 6: mend one of the two, or take it out",
	};
	ck_assert_uint_eq(r->report.len, COUNT(texts));
	for (int i = 0; i < COUNT(texts); i++)
		ck_assert_str_eq(r->report.findings[i].text, texts[i]);
	drop(r);
}
END_TEST

START_TEST(test_long_values_are_cut_in_messages_and_refused)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "name,external_id\n");
	for (int i = 0; i < 200; i++)
		pw_str_add(&text, "张");
	pw_str_add(&text, ",");
	for (int i = 0; i < 64; i++)
		pw_str_add(&text, "号");
	pw_str_add(&text, "\n");
	result *r = read_bytes(text.ptr, text.len);
	expect_findings(r, "");
	drop(r);
	text.ptr[text.len - 1] = 'x';
	r = read_bytes(text.ptr, text.len);
	expect_findings(r, "2:202 too-long");
	ck_assert_str_eq(
		r->report.findings[0].text,
		"external_id has more than 64 characters: shorten it, or look for a missing "
		"delimiter");
	drop(r);
	pw_str_clear(&text);
}
END_TEST

/* Writes the wrong rows of `text` to *out and checks their reading; returns what that gave. */
static result *reject(const char *text, pw_encoding encoding, pw_str *out)
{
	result *r = read_text(text);
	ck_assert_int_eq(r->rc, PW_ERR_FORMAT);
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_roster_write_rejected(text, strlen(text), &r->report, encoding, out,
					       &err) == PW_OK,
		      "%s", err.msg);
	drop(r);
	return read_bytes(out->ptr, out->len);
}

START_TEST(test_rejected_rows_are_written_with_their_reasons)
{
	pw_str out = PW_STR_INIT;
	result *r = reject("登记表;;;\r\n"
			   "姓名;手机号;备注;编号\r\n"
			   "张三;13800138000;;1\r\n"
			   "李四;x;\"a;b\";2\r\n"
			   "王五;;\"two\r\nlines\";\r\n"
			   "\"赵六\"x;13800138001;;4\r\n"
			   "孙七;13800138002;;5\r\n"
			   ";x;;6;extra\r\n"
			   "周八;13800138003;;1\r\n",
			   PW_UTF8, &out);
	ck_assert_str_eq(
		out.ptr,
		"\xEF\xBB\xBFline;column;reason;姓名;手机号;备注;编号\r\n"
		"3;编号;external_id '1' is also in line 10: mend one of the two, or take it "
		"out;张三;13800138000;;1\r\n"
		"4;手机号;phone 'x' is not a number: write its digits, or leave it "
		"blank;李四;x;\"a;b\";2\r\n"
		"5;姓名;a person needs a national_id, an external_id or a phone: enter "
		"one;王五;;\"two\r\nlines\";\r\n"
		"7;;text right behind a closing quote: double the quotes that belong to the "
		"text;\"\"\"赵六\"\"x;13800138001;;4\"\r\n"
		"9;姓名 + 手机号;\"field 5 has a value, but no column name: is there a delimiter too many "
		"in this row?; the name is missing: enter it; phone 'x' is not a number: write its "
		"digits, or leave it blank\";;x;;6;extra\r\n"
		"10;编号;external_id '1' is also in line 3: mend one of the two, or take it "
		"out;周八;13800138003;;1\r\n");
	drop(r);
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_a_mended_file_is_taken)
{
	pw_str out = PW_STR_INIT, twice = PW_STR_INIT, mended = PW_STR_INIT;
	result *r = reject("name,phone,city\nA,,\"x,\"\"y\"\"\"\nB,13800,z\n", PW_UTF16LE, &out);
	/* nothing was mended: wrong as before, and written the same but for its line */
	expect_findings(r, "2:77 missing-identity");
	ck_assert_int_eq(r->roster.encoding, PW_UTF16LE);
	ck_assert_int_eq(
		pw_roster_write_rejected(out.ptr, out.len, &r->report, PW_UTF8, &twice, NULL),
		PW_OK);
	ck_assert_str_eq(twice.ptr,
			 "\xEF\xBB\xBFline,column,reason,name,phone,city\r\n"
			 "2,name,\"a person needs a national_id, an external_id or a phone: enter "
			 "one\",A,,\"x,\"\"y\"\"\"\r\n");
	drop(r);
	/* the phone is entered */
	const char *at = strstr(twice.ptr, "A,,");
	pw_str_add_n(&mended, twice.ptr, (size_t)(at - twice.ptr) + 2);
	pw_str_add(&mended, "13900");
	pw_str_add(&mended, at + 2);
	r = read_bytes(mended.ptr, mended.len);
	expect_findings(r, "");
	ck_assert_uint_eq(r->roster.count, 1);
	ck_assert_str_eq(r->roster.rows[0].phone, "13900");
	ck_assert_str_eq(r->roster.rows[0].city, "x,\"y\"");
	drop(r);
	pw_str_clear(&out);
	pw_str_clear(&twice);
	pw_str_clear(&mended);
}
END_TEST

START_TEST(test_rejecting_nothing_gives_the_header_alone)
{
	static const char text[] = "name,phone\nA,13800\n";
	pw_report report = PW_REPORT_INIT;
	pw_str out = PW_STR_INIT;
	ck_assert_int_eq(
		pw_roster_write_rejected(text, sizeof(text) - 1, &report, PW_GB18030, &out, NULL),
		PW_OK);
	ck_assert_str_eq(out.ptr, "line,column,reason,name,phone\r\n");
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_roster_write_rejected("x\n", 2, &report, PW_UTF8, &out, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg,
			 "rejected rows: line 1: there is no column 'name': name it in the "
			 "header row");
	pw_str_clear(&out);
}
END_TEST

START_TEST(test_an_encoding_without_the_character_is_an_error)
{
	pw_report report = PW_REPORT_INIT;
	pw_str out = PW_STR_INIT;
	pw_err err = PW_ERR_INIT;
	ck_assert_int_eq(pw_roster_write_rejected("姓名,phone\n", strlen("姓名,phone\n"), &report,
						  PW_LATIN1, &out, &err),
			 PW_ERR_FORMAT);
	ck_assert_str_eq(err.msg, "Latin-1 has no character '姓': choose UTF-8");
	ck_assert_uint_eq(out.len, 0);
	pw_str_clear(&out);
}
END_TEST

/* 200,000 people, the last of them twice. How fast: tests/bench/bench_readers.c. */
START_TEST(test_a_city_is_read)
{
	pw_str text = PW_STR_INIT;
	pw_str_add(&text, "姓名,编号,手机号,市,区县,街道,社区,户号,人群类别\n");
	for (int i = 0; i < 200000; i++)
		pw_str_addf(
			&text,
			"张三%d,N%07d,138%08d,深圳市,南山区,粤海街道,科技园社区,H%06d,愿检尽检\n",
			i, i == 199999 ? 0 : i, i, i / 3);
	result *r = read_bytes(text.ptr, text.len);
	expect_findings(r, "200001:10 duplicate-external-id; 2:5 duplicate-external-id");
	ck_assert_uint_eq(r->roster.count, 199998);
	ck_assert_uint_eq(r->roster.wrong, 2);
	drop(r);
	pw_str_clear(&text);
}
END_TEST

Suite *suite_roster(void);

Suite *suite_roster(void)
{
	Suite *s = suite_create("roster");
	TCase *tc = tcase_create("reading");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_a_whole_row_is_read);
	tcase_add_loop_test(tc, test_headers_in_many_spellings, 0, COUNT(headers));
	tcase_add_test(tc, test_every_column_has_its_chinese_name);
	tcase_add_test(tc, test_every_encoding_gives_the_same_rows);
	tcase_add_loop_test(tc, test_rules_of_a_row, 0, COUNT(cases));
	tcase_add_test(tc, test_a_row_may_be_wrong_in_many_ways);
	tcase_add_test(tc, test_values_are_cleaned);
	tcase_add_test(tc, test_a_right_number_that_ends_in_zeros_is_taken);
	tcase_add_loop_test(tc, test_a_file_that_is_none_says_so, 0, COUNT(files));
	tcase_add_test(tc, test_nul_characters_are_no_text);
	tcase_add_test(tc, test_titles_and_unknown_columns_are_warnings);
	tcase_add_test(tc, test_texts_say_what_is_wrong_and_what_to_do);
	tcase_add_test(tc, test_long_values_are_cut_in_messages_and_refused);
	tcase_add_test(tc, test_a_city_is_read);
	suite_add_tcase(s, tc);
	tc = tcase_create("rejecting");
	tcase_add_test(tc, test_rejected_rows_are_written_with_their_reasons);
	tcase_add_test(tc, test_a_mended_file_is_taken);
	tcase_add_test(tc, test_rejecting_nothing_gives_the_header_alone);
	tcase_add_test(tc, test_an_encoding_without_the_character_is_an_error);
	suite_add_tcase(s, tc);
	return s;
}
