/*
 * Growing text (pw_str) and borrowed pieces of text (pw_slice). Text is UTF-8; a pw_str is always
 * ended by a NUL, which its length does not count, and may hold NULs in between.
 */
#ifndef PW_BASE_STR_H
#define PW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

typedef struct pw_slice {
	const char *ptr; /* not ended by a NUL */
	size_t len;
} pw_slice;

typedef struct pw_str {
	char *ptr; /* never NULL after the first append; use pw_str_text to read */
	size_t len, room;
} pw_str;

/* clang-format off */
#define PW_STR_INIT { NULL, 0, 0 }
/* clang-format on */

/* The text so far, "" when nothing was added; valid until the next change. */
const char *pw_str_text(const pw_str *s);

void pw_str_add(pw_str *s, const char *text);
void pw_str_add_n(pw_str *s, const char *bytes, size_t n);
void pw_str_add_char(pw_str *s, char c);
void pw_str_addf(pw_str *s, const char *format, ...) PW_PRINTF(2, 3);

/* Shorter only; the memory stays. */
void pw_str_truncate(pw_str *s, size_t length);

/* Frees; accepts a zeroed value, and leaves one. */
void pw_str_clear(pw_str *s);

/* The text becomes the caller's (pw_free), never NULL; s is empty afterwards. */
char *pw_str_take(pw_str *s);

pw_slice pw_slice_of(const char *text);
pw_slice pw_slice_trim(pw_slice s); /* without the ASCII white space at both ends */
bool pw_slice_eq(pw_slice a, const char *text);

/* For a message: at most 40 bytes of it, no half character at the end, on one line. Returns `out`. */
const char *pw_slice_show(pw_slice s, char out[48]);

/* Equal but for ASCII case. */
bool pw_text_eq_nocase(const char *a, const char *b);
bool pw_text_starts(const char *text, const char *prefix);

/* The whole of `text` as a number in base ten: no spaces, no rest. false leaves *out alone. */
bool pw_parse_int(const char *text, int64_t *out);

/* As pw_parse_int, for a finite number with a decimal point, whatever the locale says. */
bool pw_parse_real(const char *text, double *out);

/* The shortest decimal that reads back as exactly `value` (which must be finite): "28.5", "1e-09".
 * At most 31 characters. The same in every locale. */
void pw_format_real(double value, char out[32]);

#endif
