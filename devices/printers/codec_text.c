#include "devices/printers/codec_text.h"

#include <string.h>

#define MOST_DIGITS 8

bool pw_codec_number(pw_slice field, int max, int *out)
{
	int value = 0;
	if (field.len == 0 || field.len > MOST_DIGITS)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] < '0' || field.ptr[i] > '9')
			return false;
		value = value * 10 + (field.ptr[i] - '0');
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}

void pw_codec_copy(pw_slice field, char *out, size_t size)
{
	size_t n = 0;
	field = pw_slice_trim(field);
	for (size_t i = 0; i < field.len && n + 1 < size; i++)
		if ((unsigned char)field.ptr[i] >= ' ' && (unsigned char)field.ptr[i] < 0x7F)
			out[n++] = field.ptr[i];
	out[n] = '\0';
}

bool pw_codec_skip_to(pw_slice *text, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= text->len; i++) {
		if (memcmp(text->ptr + i, word, n) == 0) {
			*text = (pw_slice){text->ptr + i + n, text->len - i - n};
			return true;
		}
	}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool pw_codec_hex(pw_slice *text, int digits, uint32_t *out)
{
	uint32_t value = 0;
	size_t at = 0;
	while (at < text->len && text->ptr[at] == ' ')
		at++;
	for (int i = 0; i < digits; i++, at++) {
		int digit = at < text->len ? hex_digit(text->ptr[at]) : -1;
		if (digit < 0)
			return false;
		value = value << 4 | (uint32_t)digit;
	}
	if (at < text->len && hex_digit(text->ptr[at]) >= 0)
		return false;
	*text = (pw_slice){text->ptr + at, text->len - at};
	*out = value;
	return true;
}
