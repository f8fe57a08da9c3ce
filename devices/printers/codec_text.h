/* What the codecs of printers that answer in text have in common. Pure, and strict: no signs, no spaces inside. */
#ifndef PW_DEVICES_CODEC_TEXT_H
#define PW_DEVICES_CODEC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

/* The whole field as a number of decimal digits from 0 to `max` (below 100 million). */
bool pw_codec_number(pw_slice field, int max, int *out);

/* A copy that fits, without control characters and the spaces at its ends. */
void pw_codec_copy(pw_slice field, char *out, size_t size);

/* Moves *text behind the first `word` in it. */
bool pw_codec_skip_to(pw_slice *text, const char *word);

/* Spaces, then exactly `digits` hexadecimal digits (8 at most), which no other letter or digit follows. */
bool pw_codec_hex(pw_slice *text, int digits, uint32_t *out);

#endif
