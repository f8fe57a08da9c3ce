/*
 * Symbols: text → a matrix of dark and light modules, made by zint, placed and drawn by us. A bar
 * code is a matrix of one row. The quiet zone is not part of the matrix; its width is told beside it.
 *
 * What comes back has been looked at: the start and stop characters of a bar code, the finders and the
 * size of a matrix code are what the standard says they are.
 *
 * Code 128 and Micro QR take printable ASCII alone, because scanners disagree about the rest of them. Data
 * Matrix and QR take any text: what is not ASCII goes in as UTF-8 and says so (ECI 26).
 */
#ifndef PW_LABELS_SYMBOL_H
#define PW_LABELS_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"

typedef enum pw_symbol_kind {
	PW_SYMBOL_CODE128, /* subsets A, B and C where each is shortest */
	PW_SYMBOL_GS1_128, /* "(01)09501101530003(10)A7": application identifiers in parentheses */
	PW_SYMBOL_DATAMATRIX,
	PW_SYMBOL_DATAMATRIX_RECT,
	PW_SYMBOL_GS1_DATAMATRIX,
	PW_SYMBOL_QR,
	PW_SYMBOL_MICRO_QR,
	PW_SYMBOL_KINDS
} pw_symbol_kind;

/* For people: "Code 128", "Data Matrix". */
const char *pw_symbol_name(pw_symbol_kind kind);

/* The word of templates: "code128", "gs1-128", "datamatrix" (both shapes), … */
const char *pw_symbol_word(pw_symbol_kind kind);
bool pw_symbol_parse(const char *word, pw_symbol_kind *out);

/* One row of bars. */
bool pw_symbol_is_bars(pw_symbol_kind kind);

/* The modules of white that the standard asks for on each side that has to have one. */
int pw_symbol_quiet(pw_symbol_kind kind);

typedef struct pw_symbol {
	pw_symbol_kind kind;
	int columns, rows;
	const uint8_t *dark; /* rows × columns, 0 or 1; lives in the arena */
} pw_symbol;

bool pw_symbol_dark(const pw_symbol *symbol, int column, int row);

#define PW_SYMBOL_MAX_TEXT 256 /* bytes */

/*
 * Makes a symbol in `arena`. `level` is QR's and Micro QR's error correction, 'L', 'M', 'Q' or 'H' (0 =
 * 'M', or the highest that a Micro QR of the text has). PW_ERR_ARG for an empty text, for text that the
 * symbology can't hold (the character is named) and for GS1 data that is none (zint's word); PW_ERR_LIMIT
 * when it is too long.
 */
PW_NODISCARD pw_status pw_symbol_make(pw_symbol_kind kind, const char *text, char level,
				      pw_arena *arena, pw_symbol *out, pw_err *err);

#endif
