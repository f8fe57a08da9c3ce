#include "core/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cut at the last whole UTF-8 character, so that a long name never ends in half a character. */
static void cut_utf8(char *text, size_t length)
{
	while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80)
		length--;
	if (length > 0 && ((unsigned char)text[length - 1] & 0x80) != 0)
		length--;
	text[length] = '\0';
}

static void format_into(char *out, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(out, size, format, args);
	if (n >= 0 && (size_t)n >= size)
		cut_utf8(out, size - 1);
}

pw_status pw_err_set(pw_err *err, pw_status status, const char *code, const char *file, int line,
		     const char *format, ...)
{
	if (err == NULL)
		return status;
	/* The arguments may point into err->msg itself, so the text is made beside it. */
	char msg[sizeof(err->msg)];
	va_list args;
	va_start(args, format);
	format_into(msg, sizeof(msg), format, args);
	va_end(args);
	memcpy(err->msg, msg, sizeof(msg));
	err->status = status;
	err->code = code;
	err->file = file;
	err->line = line;
	return status;
}

pw_status pw_fail_ctx(pw_err *err, pw_status status, const char *format, ...)
{
	if (err == NULL || status == PW_OK)
		return status;
	char context[sizeof(err->msg)];
	va_list args;
	va_start(args, format);
	format_into(context, sizeof(context), format, args);
	va_end(args);
	char msg[2 * sizeof(err->msg) + 3];
	snprintf(msg, sizeof(msg), "%s: %s", context, err->msg);
	if (strlen(msg) >= sizeof(err->msg))
		cut_utf8(msg, sizeof(err->msg) - 1);
	memcpy(err->msg, msg, strlen(msg) + 1);
	return status;
}

const char *pw_status_name(pw_status status)
{
	static const char *const names[] = {
		"ok", "argument", "not-found", "exists", "refused",   "format", "limit",
		"io", "busy",     "corrupt",   "clock",  "no-memory", "gone",
	};
	size_t i = (size_t)(-(int)status);
	return i < sizeof(names) / sizeof(names[0]) ? names[i] : "unknown";
}

void pw_bug(const char *what, const char *file, int line)
{
	fprintf(stderr, "poolwell: this is a bug in the program, please report it: %s (%s:%d)\n",
		what, file, line);
	abort();
}
