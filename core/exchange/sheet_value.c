/* The values of a row: cleaned of what spreadsheets and input methods leave in them. */
#include <string.h>

#include "core/base/mem.h"
#include "core/exchange/sheet_impl.h"

/* What is neither seen nor meant at the ends of a value, beside ASCII white space. */
static const char *const margins[] = {
	"\xC2\xA0",     /* no-break space */
	"\xE3\x80\x80", /* ideographic space */
	"\xEF\xBB\xBF", /* byte order mark */
	"\xE2\x80\x8B", /* zero-width space */
	"\xE2\x80\x8E", /* left-to-right mark */
	"\xE2\x80\x8F", /* right-to-left mark */
	"\xE2\x80\xAA", /* left-to-right embedding: copied from a properties window */
	"\xE2\x80\xAC", /* pop directional formatting */
	"\xE2\x80\xAD", /* left-to-right override */
};

#define MARGINS (sizeof(margins) / sizeof(margins[0]))

/* How many bytes of margin the text starts with, or ends with. */
static size_t margin(pw_slice s, bool at_end)
{
	for (size_t i = 0; i < MARGINS; i++) {
		size_t n = strlen(margins[i]);
		if (s.len < n)
			continue;
		const char *at = at_end ? s.ptr + s.len - n : s.ptr;
		if (*at == margins[i][0] && memcmp(at, margins[i], n) == 0)
			return n;
	}
	return 0;
}

pw_slice pw_sheet_trim(pw_slice s)
{
	for (;;) {
		s = pw_slice_trim(s);
		/* All margins start and end with bytes beyond ASCII. */
		if (s.len == 0 || ((s.ptr[0] | s.ptr[s.len - 1]) & 0x80) == 0)
			return s;
		size_t front = margin(s, false);
		s.ptr += front;
		s.len -= front;
		size_t back = margin(s, true);
		s.len -= back;
		if (front + back == 0)
			return s;
	}
}

pw_slice pw_sheet_cut(pw_slice s, size_t characters)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] & 0xC0) != 0x80 && characters-- == 0)
			return (pw_slice){s.ptr, i};
	return s;
}

/* The value in the arena, NFC. Regions and groups repeat from row to row and are kept once. */
static const char *keep(pw_sheet *sheet, size_t column, pw_slice s)
{
	if (s.len == 0)
		return "";
	if (pw_slice_eq(s, sheet->last[column]))
		return sheet->last[column];
	const char *value;
	if (pw_utf8_is_plain(s.ptr, s.len)) {
		value = pw_arena_strndup(sheet->arena, s.ptr, s.len);
	} else {
		char *raw = pw_strndup(s.ptr, s.len), *nfc = pw_utf8_nfc(raw);
		value = pw_arena_strdup(sheet->arena, nfc);
		pw_free(nfc);
		pw_free(raw);
	}
	sheet->last[column] = value;
	return value;
}

static pw_slice field_of(const pw_sheet *sheet, size_t column)
{
	int at = sheet->at[column];
	if (at < 0 || (size_t)at >= sheet->count)
		return (pw_slice){"", 0};
	return pw_sheet_trim(sheet->row[at].text);
}

/* "#N/A", "#REF!", "#####": what a spreadsheet shows in place of a value. */
static bool is_spreadsheet_error(pw_slice s)
{
	static const char *const words[] = {"#N/A",   "#REF!",   "#VALUE!", "#NAME?",
					    "#NULL!", "#DIV/0!", "#NUM!"};
	if (s.len < 4 || s.ptr[0] != '#')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (pw_slice_eq(s, words[i]))
			return true;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '#')
			return false;
	return true;
}

static void check_control(pw_sheet *sheet, size_t column, const char *value)
{
	if (pw_utf8_has_control(value))
		pw_sheet_error(sheet, column, "control-character",
			       "there is a line break or control character in %s: take it out",
			       sheet->spec->columns[column].name);
}

/* Reports a length or a word that no value has, and returns the part that messages can show. */
static pw_slice check_text(pw_sheet *sheet, size_t column, pw_slice s, size_t max)
{
	const char *name = sheet->spec->columns[column].name;
	pw_slice cut = pw_sheet_cut(s, max);
	if (cut.len < s.len)
		pw_sheet_error(sheet, column, "too-long",
			       "%s has more than %zu characters: shorten it, or look for a missing "
			       "delimiter",
			       name, max);
	if (is_spreadsheet_error(s))
		pw_sheet_error(sheet, column, "spreadsheet-error",
			       "%s is '%.*s', which a spreadsheet shows in place of a value: enter "
			       "the value",
			       name, (int)cut.len, cut.ptr);
	return cut;
}

const char *pw_sheet_text(pw_sheet *sheet, size_t column)
{
	pw_slice s = check_text(sheet, column, field_of(sheet, column), PW_SHEET_MAX_TEXT);
	const char *text = keep(sheet, column, s);
	check_control(sheet, column, text);
	return text;
}

/* ="123" and '123 are how people keep a spreadsheet from making a number of it. */
static pw_slice without_text_mark(pw_slice s)
{
	if (s.len >= 3 && s.ptr[0] == '=' && s.ptr[1] == '"' && s.ptr[s.len - 1] == '"')
		return pw_sheet_trim((pw_slice){s.ptr + 2, s.len - 3});
	if (s.len >= 2 && s.ptr[0] == '\'')
		return pw_sheet_trim((pw_slice){s.ptr + 1, s.len - 1});
	return s;
}

/* Full-width ASCII (U+FF01 to U+FF5E) and spaces to ASCII. */
static void fold_width(pw_slice s, pw_str *out)
{
	static const char ascii[] =
		" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
		"`abcdefghijklmnopqrstuvwxyz{|}~";
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char *p = (const unsigned char *)s.ptr + i;
		size_t rest = s.len - i;
		bool wide = rest >= 3 && p[0] == 0xEF &&
			    ((p[1] == 0xBC && p[2] >= 0x81) || (p[1] == 0xBD && p[2] <= 0x9E));
		bool wide_space = rest >= 3 && memcmp(p, "\xE3\x80\x80", 3) == 0;
		bool no_break_space = rest >= 2 && memcmp(p, "\xC2\xA0", 2) == 0;
		char c = s.ptr[i];
		if (wide)
			c = ascii[p[2] - 0x80 + (p[1] == 0xBC ? 0 : 0x40)];
		else if (wide_space || no_break_space)
			c = ' ';
		pw_str_add_char(out, c);
		i += wide || wide_space ? 2 : no_break_space ? 1 : 0;
	}
}

static bool is_ascii(pw_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] & 0x80) != 0)
			return false;
	return true;
}

static size_t digits_at(const char *text)
{
	return strspn(text, "0123456789");
}

/* "1.23E+17", "5E+11": how a spreadsheet shows a number that is longer than its cell. */
static bool is_scientific(const char *text)
{
	size_t n = digits_at(text);
	if (n != 1)
		return false;
	text += n;
	if (*text == '.')
		text += 1 + digits_at(text + 1);
	if ((*text != 'E' && *text != 'e') || text[1] != '+')
		return false;
	n = digits_at(text + 2);
	return n >= 1 && n <= 3 && text[2 + n] == '\0';
}

/* "13800138000.0": it went through a program that took it for a number. */
static bool has_decimals_of_zero(const char *text)
{
	size_t n = digits_at(text);
	if (n < 5 || text[n] != '.')
		return false;
	size_t zeros = strspn(text + n + 1, "0");
	return zeros >= 1 && text[n + 1 + zeros] == '\0';
}

static void check_code(pw_sheet *sheet, size_t column, const char *code)
{
	const char *name = sheet->spec->columns[column].name;
	if (is_scientific(code))
		pw_sheet_error(
			sheet, column, "spreadsheet-number",
			"%s '%s' is what a spreadsheet makes of a long number, and its digits "
			"are lost: format the column as text and enter the number again",
			name, code);
	else if (has_decimals_of_zero(code))
		pw_sheet_error(
			sheet, column, "spreadsheet-number",
			"%s '%s' went through a program that took it for a number: format the "
			"column as text and take the number from its source",
			name, code);
	else if (pw_utf8_has_invisible(code))
		pw_sheet_error(sheet, column, "invisible-character",
			       "there is an invisible character in %s: enter it again by hand",
			       name);
}

const char *pw_sheet_code(pw_sheet *sheet, size_t column)
{
	pw_slice s = without_text_mark(field_of(sheet, column));
	if (s.len == 0)
		return "";
	s = check_text(sheet, column, s, PW_SHEET_MAX_CODE);
	pw_str folded = PW_STR_INIT;
	if (!is_ascii(s)) {
		fold_width(s, &folded);
		s = (pw_slice){folded.ptr, folded.len};
	}
	const char *code = keep(sheet, column, s);
	pw_str_clear(&folded);
	check_control(sheet, column, code);
	check_code(sheet, column, code);
	return code;
}

bool pw_sheet_number(pw_sheet *sheet, size_t column, int64_t min, int64_t max, int64_t *out)
{
	const char *text = pw_sheet_code(sheet, column);
	int64_t value;
	if (*text == '\0')
		return false;
	if (!pw_parse_int(text, &value) || value < min || value > max) {
		pw_sheet_error(
			sheet, column, "number", "%s '%s' is not a whole number from %lld to %lld",
			sheet->spec->columns[column].name, text, (long long)min, (long long)max);
		return false;
	}
	*out = value;
	return true;
}
