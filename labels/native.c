#include "labels/native.h"

#include <string.h>

#include "labels/code128.h"
#include "labels/dialect_private.h"
#include "labels/press_private.h"

#define MAX_DOTS 10 /* of a module, in ^BY; ^BX is the same to be one rule */

/* ISO/IEC 16022, table 7: how many data codewords each size holds. */
static const struct {
	int columns, rows, codewords;
} capacities[] = {
	{10, 10, 3},   {12, 12, 5},   {14, 14, 8},   {16, 16, 12},  {18, 18, 18},  {20, 20, 22},
	{22, 22, 30},  {24, 24, 36},  {26, 26, 44},  {32, 32, 62},  {36, 36, 86},  {40, 40, 114},
	{44, 44, 144}, {48, 48, 174}, {52, 52, 204}, {64, 64, 280}, {72, 72, 368}, {80, 80, 456},
	{88, 88, 576}, {96, 96, 696}, {18, 8, 5},    {32, 8, 10},   {26, 12, 16},  {36, 12, 22},
	{36, 16, 32},  {48, 16, 49},
};

static char orientation(const pw_label_item *item)
{
	return "NRIB"[item->element->turn & 3];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* --- Code 128 ------------------------------------------------------------------------------- */

/* Zebra's words for what has another meaning in ^FD. */
static const char *invocation(char c)
{
	return c == '>' ? ">0" : c == '^' ? "><" : c == '~' ? ">=" : NULL;
}

/* One value in a subset, 'A', 'B' or 'C', which it may change. The manual's word for the way back to C is >5, which
 * the one program that reads our ZPL (docs/internals/labels.md) takes for something else: we do without. */
static bool add_value(int value, char *subset, pw_str *out)
{
	if (*subset == 'C' && value < 100) {
		pw_str_addf(out, "%02d", value);
	} else if (value < (*subset == 'A' ? 64 : 95)) {
		char c = (char)(' ' + value);
		const char *word = invocation(c);
		pw_str_add_n(out, word != NULL ? word : &c, word != NULL ? 2 : 1);
	} else if (value == 100 && *subset != 'B') {
		pw_str_add(out, ">6");
		*subset = 'B';
	} else if (value == 102) {
		pw_str_add(out, ">8");
	} else {
		return false;
	}
	return true;
}

/* The very characters of the symbol. */
static bool add_values(const int *values, size_t n, pw_str *out)
{
	static const char *const starts[] = {">9", ">:", ">;"};
	int start = values[0] - PW_CODE128_START_A;
	char subset = (char)('A' + start);
	pw_str_addf(out, "N^FD%s", starts[start]);
	for (size_t i = 1; i + 1 < n; i++)
		if (!add_value(values[i], &subset, out))
			return false;
	return true;
}

/* How many characters a printer makes of a text between start and check in its automatic mode, which takes four
 * digits and more to subset C. */
static size_t automatic_length(const char *text)
{
	size_t count = 0;
	bool in_c = false;
	for (const char *at = text; *at != '\0';) {
		size_t digits = 0;
		while (is_digit(at[digits]))
			digits++;
		if (digits < 4) {
			count += in_c; /* back to B */
			in_c = false;
			size_t n = digits > 0 ? digits : 1;
			count += n;
			at += n;
			continue;
		}
		/* An odd one stays in B: before the others, but for the start, which may be in C. */
		count += digits / 2 + (at > text || in_c);
		in_c = true;
		if (digits % 2 != 0) {
			count += at > text ? 1 : 2;
			in_c = at > text;
		}
		at += digits;
	}
	return count;
}

static bool add_automatic(const char *text, size_t n, pw_str *out)
{
	if (strpbrk(text, ">^~") != NULL || automatic_length(text) != n - 2)
		return false;
	pw_str_addf(out, "A^FD%s", text);
	return true;
}

/* As many bars as the layout has room for, or a picture. */
static bool add_code128(const pw_label_item *item, pw_str *out)
{
	int values[PW_CODE128_MAX];
	size_t n = pw_code128_values(&item->symbol, values);
	if (n < 3 || item->dots > MAX_DOTS)
		return false;
	bool sideways = (item->element->turn & 1) != 0;
	pw_str_addf(out, "^BY%d^BC%c,%d,N,N,N,", item->dots, orientation(item),
		    sideways ? item->width : item->height);
	size_t before = out->len;
	if (add_values(values, n, out))
		return true;
	pw_str_truncate(out, before);
	return item->symbol.kind == PW_SYMBOL_CODE128 && add_automatic(item->text, n, out);
}

/* --- Data Matrix ---------------------------------------------------------------------------- */

/* Application identifiers whose data has a fixed length, so that no separator follows: GS1 General
 * Specifications, "element strings with predefined length", by their first two digits. */
static bool is_fixed(const char *ai)
{
	static const char fixed[] =
		"00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 31 32 33 34 35 36 41";
	const char two[] = {ai[0], ai[1], '\0'};
	return strstr(fixed, two) != NULL;
}

/* "(01)0950…(10)A7" as the printer takes it: _1 is FNC1. It was checked when the symbol was made. */
static void gs1_data(const char *text, pw_str *out)
{
	bool separate = true; /* FNC1 comes first, too */
	while (*text == '(') {
		const char *ai = text + 1, *data = strchr(ai, ')');
		if (data == NULL)
			return;
		const char *end = strchr(++data, '(');
		size_t n = end != NULL ? (size_t)(end - data) : strlen(data);
		if (separate)
			pw_str_add(out, "_1");
		pw_str_add_n(out, ai, (size_t)(data - 1 - ai));
		pw_str_add_n(out, data, n);
		separate = !is_fixed(ai);
		text = data + n;
	}
}

/* In ^BX's own words: an underline is written twice. */
static void plain_data(const char *text, pw_str *out)
{
	for (; *text != '\0'; text++)
		pw_str_add(out, *text == '_' ? "__" : (const char[]){*text, '\0'});
}

/* The words for FNC1 and an underline, _1 and __, are read right in a square; in a rectangle the one program that reads
 * our ZPL takes them for something else, so there must be none. */
static bool can_say(const pw_symbol *s, const char *data)
{
	return s->kind != PW_SYMBOL_DATAMATRIX_RECT || strchr(data, '_') == NULL;
}

/* Codewords of the plainest encoding, which every printer knows: a pair of digits is one, and FNC1 is. */
static int codewords(const char *data)
{
	int count = 0;
	for (; *data != '\0'; data++, count++)
		if (*data == '_' || (is_digit(data[0]) && is_digit(data[1])))
			data++;
	return count;
}

static bool has_room(const pw_symbol *s, const char *data)
{
	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++)
		if (capacities[i].columns == s->columns && capacities[i].rows == s->rows)
			return codewords(data) <= capacities[i].codewords;
	return false;
}

/* What ^FD must not have as it is, in the hexadecimal of ^FH\. */
static void add_hex(const char *data, pw_str *out)
{
	for (; *data != '\0'; data++) {
		if (*data == '^' || *data == '~' || *data == '\\')
			pw_str_addf(out, "\\%02X", (unsigned char)*data);
		else
			pw_str_add_char(out, *data);
	}
}

/* Quality 200 is ECC 200: without it a printer draws a symbol of a kind that hardly a scanner reads. */
static bool add_datamatrix(const pw_label_item *item, pw_str *out)
{
	const pw_symbol *s = &item->symbol;
	pw_str data = PW_STR_INIT;
	if (s->kind == PW_SYMBOL_GS1_DATAMATRIX)
		gs1_data(item->text, &data);
	else
		plain_data(item->text, &data);
	bool can = can_say(s, pw_str_text(&data)) && has_room(s, pw_str_text(&data)) &&
		   item->dots <= MAX_DOTS;
	if (can) {
		pw_str_addf(out, "^BX%c,%d,200,%d,%d,,_", orientation(item), item->dots, s->columns,
			    s->rows);
		if (s->kind == PW_SYMBOL_DATAMATRIX_RECT)
			pw_str_add(out, ",2");
		pw_str_add(out, strpbrk(pw_str_text(&data), "^~\\") != NULL ? "^FH\\^FD" : "^FD");
		if (strpbrk(pw_str_text(&data), "^~\\") != NULL)
			add_hex(pw_str_text(&data), out);
		else
			pw_str_add(out, pw_str_text(&data));
	}
	pw_str_clear(&data);
	return can;
}

/* --- all ------------------------------------------------------------------------------------ */

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text > 0x7E)
			return false;
	return true;
}

static bool add_symbol(const pw_label_item *item, pw_str *out)
{
	switch (item->symbol.kind) {
	case PW_SYMBOL_CODE128:
	case PW_SYMBOL_GS1_128:
		return add_code128(item, out);
	case PW_SYMBOL_DATAMATRIX:
	case PW_SYMBOL_DATAMATRIX_RECT:
	case PW_SYMBOL_GS1_DATAMATRIX:
		return add_datamatrix(item, out);
	case PW_SYMBOL_QR:
	case PW_SYMBOL_MICRO_QR:
	case PW_SYMBOL_KINDS:
		break;
	}
	return false;
}

bool pw_native_command(const pw_label_item *item, pw_str *out)
{
	size_t before = out->len;
	if (item->element->kind != PW_ELEMENT_SYMBOL || !is_ascii(item->text) || item->x < 0 ||
	    item->y < 0)
		return false;
	pw_str_addf(out, "^FO%d,%d", item->x, item->y);
	if (!add_symbol(item, out)) {
		pw_str_truncate(out, before);
		return false;
	}
	pw_str_add(out, "^FS");
	return true;
}

static bool is_picture(const pw_label_item *item)
{
	pw_str command = PW_STR_INIT;
	bool native = pw_native_command(item, &command);
	pw_str_clear(&command);
	return !native;
}

pw_status pw_native_zpl(pw_press *press, const pw_label_layout *layout, const pw_print_job *job,
			pw_str *out, pw_err *err)
{
	pw_raster raster = PW_RASTER_INIT;
	pw_status rc = pw_dialect_check_job(job, err);
	if (rc == PW_OK)
		rc = pw_press_burn(press, layout, is_picture, &raster, err);
	if (rc != PW_OK)
		return rc;
	pw_zpl_begin(&raster, out);
	for (size_t i = 0; i < layout->count; i++)
		(void)pw_native_command(&layout->items[i], out);
	pw_zpl_end(job, out);
	pw_raster_clear(&raster);
	return PW_OK;
}
