/*
 * Identifiers: check characters, the laboratory's own identifiers, and what a scanner sends.
 *
 * Our identifier is issuer + kind + serial + check character, "SZP00000123X": 2 to 4 of A-Z 0-9 that
 * name the laboratory, a letter for the kind of thing, eight digits, and an ISO 7064 MOD 37-2
 * character over all that stands before it. For people it is written in groups, "SZ-P-0000-0123-X".
 * Everything else that is scanned is foreign, and kept as it is.
 *
 * MOD 37-2 (as in ISBT 128) finds every single wrong character and every swap of two; MOD 11-2 the
 * same for digits. Pure.
 */
#ifndef PW_MODEL_IDENT_H
#define PW_MODEL_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

/* ISO 7064 MOD 37-2 over `n` characters of 0-9 A-Z: the check character, 0-9 A-Z or '*'. A NUL when
 * there is another character in the text, or none at all. */
char pw_mod37_2(const char *text, size_t n);

/* ISO 7064 MOD 11-2 over `n` digits: 0-9 or X; a NUL when not all are digits, or there are none. */
char pw_mod11_2(const char *digits, size_t n);

/* Whether the last character of the text is the right one for those before it. */
bool pw_mod37_2_valid(const char *text);
bool pw_mod11_2_valid(const char *text);

/* What an identifier is of. */
#define PW_KIND_SUBJECT          'P'
#define PW_KIND_TUBE             'T'
#define PW_KIND_BOX              'B'
#define PW_KIND_EXTRACTION_PLATE 'E'
#define PW_KIND_PCR_PLATE        'Q'
#define PW_KIND_RACK             'R'
#define PW_KIND_LAB_POOL         'A' /* aliquots of several tubes */
#define PW_KIND_KIT              'K' /* reagents */
#define PW_KIND_STAFF            'M'

/* "subject", "tube", "extraction plate", …; NULL for a letter that is none of them. */
const char *pw_ident_kind_name(char kind);

#define PW_IDENT_MAX_ISSUER 4
#define PW_IDENT_MAX_SERIAL INT64_C(99999999)
#define PW_IDENT_SIZE       20 /* room for either written form and the NUL */

typedef struct pw_ident {
	char issuer[PW_IDENT_MAX_ISSUER + 1];
	char kind;
	int64_t serial; /* 0 to PW_IDENT_MAX_SERIAL */
} pw_ident;

/* Whether the text is 2 to 4 of A-Z 0-9: for configuration. */
bool pw_ident_issuer_valid(const char *issuer);

/* Writes the identifier without groups. False, and nothing written, when its check character would
 * be '*', which no keyboard scanner is sure of: take the next serial. A bad issuer, an unknown kind or
 * a serial out of range is a mistake in the program. */
bool pw_ident_make(const char *issuer, char kind, int64_t serial, char out[PW_IDENT_SIZE]);

/*
 * Reads an identifier in either form; lower case, spaces and hyphens are taken as people put them.
 * PW_ERR_REFUSED with the code "check-character" when it has the form of ours and its check
 * character is wrong, also where a digit was typed as I, L, O or U: it is never guessed at.
 * PW_ERR_NOT_FOUND with the code "not-ours" for anything else: it may be a foreign one.
 */
PW_NODISCARD pw_status pw_ident_parse(const char *text, pw_ident *out, pw_err *err);

/* Writes an identifier that was made or parsed: as pw_ident_make does, or in groups for people. */
void pw_ident_text(const pw_ident *ident, char out[PW_IDENT_SIZE]);
void pw_ident_grouped(const pw_ident *ident, char out[PW_IDENT_SIZE]);

#define PW_SCAN_MAX 64 /* characters */

typedef struct pw_scan {
	/* "code128", "gs1-128", "datamatrix", "qr", "code39", "itf"; "unknown" when the scanner does
	 * not say, or says another one */
	const char *symbology;
	bool scanned;                    /* it came with an AIM identifier, so no hand typed it */
	char value[4 * PW_SCAN_MAX + 1]; /* UTF-8, NFC */
} pw_scan;

/* A pw_scan's word for an AIM symbology identifier's letter and modifier, "]C1" → "gs1-128", "]E0" →
 * "ean"; "unknown" for others. */
const char *pw_symbology_name(char letter, char modifier);

/*
 * The text of one scan, as a keyboard wedge or a serial scanner sends it: white space at both ends and
 * the AIM identifier (ISO/IEC 15424: "]C0") are taken off. PW_ERR_REFUSED with one of the codes
 *   "scan-empty"    nothing was left
 *   "scan-long"     more than PW_SCAN_MAX characters
 *   "scan-control"  a control or invisible character within, or text that is not UTF-8
 *   "scan-product"  an EAN or UPC code: that of a package, not of anything of the laboratory
 */
PW_NODISCARD pw_status pw_scan_parse(const char *text, pw_scan *out, pw_err *err);

#endif
