#include "core/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

const char *pw_str_text(const pw_str *s)
{
	return s->ptr == NULL ? "" : s->ptr;
}

static void make_room(pw_str *s, size_t more)
{
	PW_BUG_IF(more > SIZE_MAX / 4 || s->len > SIZE_MAX / 4);
	size_t need = s->len + more + 1;
	if (need <= s->room)
		return;
	size_t room = s->room < 32 ? 64 : s->room * 2;
	if (room < need)
		room = need;
	s->ptr = pw_realloc_array(s->ptr, room, 1);
	s->room = room;
}

void pw_str_add_n(pw_str *s, const char *bytes, size_t n)
{
	make_room(s, n);
	if (n > 0)
		memcpy(s->ptr + s->len, bytes, n);
	s->len += n;
	s->ptr[s->len] = '\0';
}

void pw_str_add(pw_str *s, const char *text)
{
	pw_str_add_n(s, text, strlen(text));
}

void pw_str_add_char(pw_str *s, char c)
{
	pw_str_add_n(s, &c, 1);
}

void pw_str_addf(pw_str *s, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	PW_BUG_IF(n < 0);
	make_room(s, (size_t)n);
	vsnprintf(s->ptr + s->len, (size_t)n + 1, format, again);
	va_end(again);
	s->len += (size_t)n;
}

void pw_str_truncate(pw_str *s, size_t length)
{
	PW_BUG_IF(length > s->len);
	s->len = length;
	if (s->ptr != NULL)
		s->ptr[length] = '\0';
}

void pw_str_clear(pw_str *s)
{
	pw_free(s->ptr);
	*s = (pw_str)PW_STR_INIT;
}

char *pw_str_take(pw_str *s)
{
	make_room(s, 0);
	s->ptr[s->len] = '\0';
	char *text = s->ptr;
	*s = (pw_str)PW_STR_INIT;
	return text;
}

pw_slice pw_slice_of(const char *text)
{
	return (pw_slice){text, strlen(text)};
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

pw_slice pw_slice_trim(pw_slice s)
{
	while (s.len > 0 && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool pw_slice_eq(pw_slice a, const char *text)
{
	size_t n = strlen(text);
	return a.len == n && (n == 0 || memcmp(a.ptr, text, n) == 0);
}

const char *pw_slice_show(pw_slice s, char out[48])
{
	size_t n = s.len < 40 ? s.len : 40;
	while (n < s.len && n > 0 && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7F ? ' ' : s.ptr[i]);
	out[n] = '\0';
	return out;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool pw_text_eq_nocase(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool pw_text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool pw_parse_int(const char *text, int64_t *out)
{
	bool negative = *text == '-';
	const char *p = text + (negative ? 1 : 0);
	if (*p == '\0')
		return false;
	int64_t value = 0;
	for (; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return false;
		int digit = *p - '0';
		/* Counted downwards: the smallest number has no positive twin. */
		if (value < (INT64_MIN + digit) / 10)
			return false;
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*out = negative ? value : -value;
	return true;
}

/* strtod and printf write the point of the locale that the program runs in, which may be a comma. */
static const char *locale_point(void)
{
	return localeconv()->decimal_point;
}

bool pw_parse_real(const char *text, double *out)
{
	/* strtod also takes hexadecimal, "inf", "nan" and leading spaces; a file's number has none. */
	size_t n = strspn(text, "0123456789+-.eE");
	if (n == 0 || text[n] != '\0' || n > 60)
		return false;
	char local[80];
	const char *dot = strchr(text, '.');
	size_t before = dot != NULL ? (size_t)(dot - text) : n;
	snprintf(local, sizeof(local), "%.*s%s%s", (int)before, text,
		 dot != NULL ? locale_point() : "", dot != NULL ? dot + 1 : "");
	char *end;
	double value = strtod(local, &end);
	if (*end != '\0' || !isfinite(value))
		return false;
	*out = value;
	return true;
}

void pw_format_real(double value, char out[32])
{
	PW_BUG_IF(!isfinite(value));
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(out, 32, "%.*g", precision, value);
		if (strtod(out, NULL) == value)
			break;
	}
	const char *point = locale_point();
	char *at = strstr(out, point);
	if (at == NULL || strcmp(point, ".") == 0)
		return;
	const char *rest = at + strlen(point);
	*at = '.';
	memmove(at + 1, rest, strlen(rest) + 1);
}
