#include "labels/symbol.h"

#include <string.h>

#include <zint.h>

#include "core/base/text.h"

#define ECI_UTF8   26
#define RECT_FIRST 25 /* zint's numbers of the rectangular sizes, 8 × 18 to 16 × 48 modules */
#define RECT_LAST  30

/* One row per symbology: a new one is a new row. */
static const struct symbology {
	const char *word, *name;
	int id;          /* zint's */
	int mode;        /* zint's input mode */
	int option;      /* zint's option_3 */
	int quiet;       /* ISO/IEC 15417, 16022, 18004 */
	bool bars, utf8; /* one row; takes more than ASCII */
} symbologies[] = {
	[PW_SYMBOL_CODE128] = {"code128", "Code 128", BARCODE_CODE128, DATA_MODE, 0, 10, true,
			       false},
	[PW_SYMBOL_GS1_128] = {"gs1-128", "GS1-128", BARCODE_GS1_128, GS1_MODE | GS1PARENS_MODE, 0,
			       10, true, false},
	[PW_SYMBOL_DATAMATRIX] = {"datamatrix", "Data Matrix", BARCODE_DATAMATRIX, UNICODE_MODE,
				  DM_SQUARE, 1, false, true},
	[PW_SYMBOL_DATAMATRIX_RECT] = {"datamatrix", "rectangular Data Matrix", BARCODE_DATAMATRIX,
				       UNICODE_MODE, 0, 1, false, true},
	[PW_SYMBOL_GS1_DATAMATRIX] = {"gs1-datamatrix", "GS1 DataMatrix", BARCODE_DATAMATRIX,
				      GS1_MODE | GS1PARENS_MODE, DM_SQUARE, 1, false, false},
	[PW_SYMBOL_QR] = {"qr", "QR", BARCODE_QRCODE, UNICODE_MODE, 0, 4, false, true},
	[PW_SYMBOL_MICRO_QR] = {"micro-qr", "Micro QR", BARCODE_MICROQR, DATA_MODE, 0, 2, false,
				false},
};

const char *pw_symbol_name(pw_symbol_kind kind)
{
	return symbologies[kind].name;
}

const char *pw_symbol_word(pw_symbol_kind kind)
{
	return symbologies[kind].word;
}

bool pw_symbol_parse(const char *word, pw_symbol_kind *out)
{
	for (int kind = 0; kind < PW_SYMBOL_KINDS; kind++) {
		if (strcmp(word, symbologies[kind].word) == 0) {
			*out = (pw_symbol_kind)kind;
			return true;
		}
	}
	return false;
}

bool pw_symbol_is_bars(pw_symbol_kind kind)
{
	return symbologies[kind].bars;
}

int pw_symbol_quiet(pw_symbol_kind kind)
{
	return symbologies[kind].quiet;
}

bool pw_symbol_dark(const pw_symbol *symbol, int column, int row)
{
	return symbol->dark[row * symbol->columns + column] != 0;
}

/* How many bytes the character at `text` has, as far as it goes. */
static int char_bytes(const char *text)
{
	int n = 1;
	while (((unsigned char)text[n] & 0xC0) == 0x80)
		n++;
	return n;
}

static pw_status check_text(const struct symbology *s, const char *text, pw_err *err)
{
	size_t n = strlen(text);
	if (n == 0)
		return pw_fail(err, PW_ERR_ARG, "%s of an empty text", s->name);
	if (n > PW_SYMBOL_MAX_TEXT)
		return pw_fail(err, PW_ERR_LIMIT, "%zu bytes are too many for %s: at most %d", n,
			       s->name, PW_SYMBOL_MAX_TEXT);
	if (!pw_utf8_valid(text, n))
		return pw_fail(err, PW_ERR_ARG, "the text for %s is not UTF-8", s->name);
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < ' ' || c == 0x7F)
			return pw_fail(err, PW_ERR_ARG, "control character %02X can't be in %s", c,
				       s->name);
		if (c > 0x7F && !s->utf8)
			return pw_fail(err, PW_ERR_ARG,
				       "'%.*s' can't be in %s, only ASCII: use Data Matrix or QR",
				       char_bytes(p), p, s->name);
	}
	return PW_OK;
}

static bool is_ascii(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p > 0x7F)
			return false;
	return true;
}

static int level_number(pw_symbol_kind kind, char level)
{
	static const char levels[] = "LMQH";
	const char *at = level != 0 ? strchr(levels, level) : NULL;
	if (kind == PW_SYMBOL_QR)
		return at != NULL ? (int)(at - levels) + 1 : 2;
	if (kind == PW_SYMBOL_MICRO_QR && at != NULL)
		return (int)(at - levels) + 1;
	return -1;
}

/* zint's "Error 513: Invalid AI (99) length" without its number. */
static const char *zint_says(const struct zint_symbol *z)
{
	const char *colon = strstr(z->errtxt, ": ");
	return colon != NULL ? colon + 2 : z->errtxt;
}

static int encode_text(struct zint_symbol *z, const char *text)
{
	ZBarcode_Clear(z);
	return ZBarcode_Encode(z, (const unsigned char *)text, (int)strlen(text));
}

/* Left alone, zint takes a square where that has fewer modules. */
static int encode_rect(struct zint_symbol *z, const char *text)
{
	int found = ZINT_ERROR_TOO_LONG;
	for (int size = RECT_FIRST; size <= RECT_LAST && found == ZINT_ERROR_TOO_LONG; size++) {
		z->option_2 = size;
		found = encode_text(z, text);
	}
	return found;
}

static pw_status encode(struct zint_symbol *z, pw_symbol_kind kind, const char *text, char level,
			pw_err *err)
{
	const struct symbology *s = &symbologies[kind];
	z->symbology = s->id;
	z->input_mode = s->mode;
	z->option_3 = s->option;
	z->option_1 = level_number(kind, level);
	z->show_hrt = 0;
	if (!is_ascii(text))
		z->eci = ECI_UTF8;
	int found = kind == PW_SYMBOL_DATAMATRIX_RECT ? encode_rect(z, text) : encode_text(z, text);
	if (found == ZINT_ERROR_MEMORY)
		return pw_fail(err, PW_ERR_NO_MEMORY, "no memory for a symbol");
	if (found == ZINT_ERROR_TOO_LONG)
		return pw_fail(err, PW_ERR_LIMIT, "'%s' is too long for %s: %s", text, s->name,
			       zint_says(z));
	if (found >= ZINT_ERROR || found == ZINT_WARN_NONCOMPLIANT)
		return pw_fail(err, PW_ERR_ARG, "'%s' can't be a %s symbol: %s", text, s->name,
			       zint_says(z));
	return PW_OK;
}

static bool set_at(const struct zint_symbol *z, int column, int row)
{
	return (z->encoded_data[row][column >> 3] >> (column & 7) & 1) != 0;
}

/* Code 128: a start character, any number of others and the stop character of 13 modules. */
static bool bars_ok(const pw_symbol *s)
{
	static const char stop[] = "1100011101011";
	int characters = (s->columns - 13) / 11;
	if (s->rows != 1 || characters < 3 || s->columns != characters * 11 + 13)
		return false;
	for (int i = 0; i < 13; i++)
		if (pw_symbol_dark(s, s->columns - 13 + i, 0) != (stop[i] == '1'))
			return false;
	return pw_symbol_dark(s, 0, 0) && pw_symbol_dark(s, 1, 0) && !pw_symbol_dark(s, 2, 0);
}

/* Data Matrix: dark on the left and below, alternating above and on the right, even sides. */
static bool datamatrix_ok(const pw_symbol *s)
{
	bool ok = s->columns % 2 == 0 && s->rows % 2 == 0 && s->columns >= 10 && s->rows >= 8;
	for (int i = 0; ok && i < s->columns; i++)
		ok = pw_symbol_dark(s, i, s->rows - 1) && pw_symbol_dark(s, i, 0) == (i % 2 == 0);
	for (int i = 0; ok && i < s->rows; i++)
		ok = pw_symbol_dark(s, 0, i) &&
		     pw_symbol_dark(s, s->columns - 1, i) == (i % 2 != 0);
	return ok && (s->kind == PW_SYMBOL_DATAMATRIX_RECT || s->columns == s->rows);
}

/* A finder of QR: dark, light, three by three dark. */
static bool finder_ok(const pw_symbol *s, int left, int top)
{
	for (int y = 0; y < 7; y++) {
		for (int x = 0; x < 7; x++) {
			int dx = x < 3 ? 3 - x : x - 3, dy = y < 3 ? 3 - y : y - 3;
			int ring = dx > dy ? dx : dy;
			if (pw_symbol_dark(s, left + x, top + y) != (ring != 2))
				return false;
		}
	}
	return true;
}

static bool qr_ok(const pw_symbol *s)
{
	bool micro = s->kind == PW_SYMBOL_MICRO_QR;
	int step = micro ? 2 : 4, least = micro ? 11 : 21, most = micro ? 17 : 177;
	if (s->columns != s->rows || s->columns < least || s->columns > most ||
	    (s->columns - least) % step != 0)
		return false;
	return finder_ok(s, 0, 0) &&
	       (micro || (finder_ok(s, s->columns - 7, 0) && finder_ok(s, 0, s->rows - 7)));
}

static bool looks_right(const pw_symbol *s)
{
	if (pw_symbol_is_bars(s->kind))
		return bars_ok(s);
	if (s->kind == PW_SYMBOL_QR || s->kind == PW_SYMBOL_MICRO_QR)
		return qr_ok(s);
	return datamatrix_ok(s);
}

static pw_status copy(const struct zint_symbol *z, pw_symbol_kind kind, pw_arena *arena,
		      pw_symbol *out, pw_err *err)
{
	pw_symbol s = {.kind = kind, .columns = z->width, .rows = z->rows};
	uint8_t *dark = pw_arena_array(arena, (size_t)s.rows, (size_t)s.columns);
	for (int y = 0; y < s.rows; y++)
		for (int x = 0; x < s.columns; x++)
			dark[y * s.columns + x] = set_at(z, x, y);
	s.dark = dark;
	if (!looks_right(&s))
		return pw_fail(err, PW_ERR_CORRUPT,
			       "%d × %d modules are no %s symbol: the zint library is not in order",
			       s.columns, s.rows, pw_symbol_name(kind));
	*out = s;
	return PW_OK;
}

pw_status pw_symbol_make(pw_symbol_kind kind, const char *text, char level, pw_arena *arena,
			 pw_symbol *out, pw_err *err)
{
	pw_status rc = check_text(&symbologies[kind], text, err);
	if (rc != PW_OK)
		return rc;
	struct zint_symbol *z = ZBarcode_Create();
	if (z == NULL)
		return pw_fail(err, PW_ERR_NO_MEMORY, "no memory for a symbol");
	rc = encode(z, kind, text, level, err);
	if (rc == PW_OK)
		rc = copy(z, kind, arena, out, err);
	ZBarcode_Delete(z);
	return rc;
}
