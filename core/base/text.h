/*
 * Bytes from outside → UTF-8. Files come as UTF-8 with or without a byte order mark, as UTF-16 of
 * either order, and as GBK (GB 18030); everything behind this header is UTF-8, NFC.
 */
#ifndef PW_BASE_TEXT_H
#define PW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/str.h"

typedef enum pw_encoding { PW_UTF8, PW_UTF16LE, PW_UTF16BE, PW_GB18030, PW_LATIN1 } pw_encoding;

const char *pw_encoding_name(pw_encoding encoding); /* "UTF-8", … */

/*
 * Converts `n` bytes to UTF-8 in *out (which the caller clears), without byte order mark, and says in
 * *out_encoding (may be NULL) what the bytes were: a byte order mark decides; else NULs at the odd or
 * even places mean UTF-16; else what is valid UTF-8 is UTF-8; else what is valid GB 18030 is that;
 * else Latin-1, in which every byte is valid. CRLF and CR stay as they are. PW_ERR_FORMAT when a
 * file that announces an encoding breaks it (with the byte offset); PW_ERR_LIMIT over 256 MiB.
 */
PW_NODISCARD pw_status pw_text_decode(const void *bytes, size_t n, pw_str *out,
				      pw_encoding *out_encoding, pw_err *err);

/* UTF-8 → `encoding`, with the byte order mark that it is customary with (UTF-16: yes; else no).
 * PW_ERR_FORMAT for a character that the encoding does not have. */
PW_NODISCARD pw_status pw_text_encode(const char *text, size_t n, pw_encoding encoding, pw_str *out,
				      pw_err *err);

bool pw_utf8_valid(const char *bytes, size_t n);

/* Normal form C (utf8proc), so that a name typed in two ways is one name. Invalid UTF-8 is returned
 * as it is. The text belongs to the caller: pw_free. */
char *pw_utf8_nfc(const char *text);

/* True when the text is in normal form C by a quick look: ASCII, Latin letters and Chinese characters
 * alone. False says nothing: pw_utf8_nfc knows. */
bool pw_utf8_is_plain(const char *bytes, size_t n);

/* Whether a control character or line separator is in the text, and whether one is that is invisible
 * (zero-width, direction marks, soft hyphens): those have their place in names, never in codes. */
bool pw_utf8_has_control(const char *text);
bool pw_utf8_has_invisible(const char *text);

/* How many terminal columns the text takes: 0, 1 or 2 a character. Control characters take none. */
int pw_utf8_width(const char *text);

#endif
