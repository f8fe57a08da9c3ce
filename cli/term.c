#include "cli/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/text.h"

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 20, MOST_WIDTH = 1000 };

static bool is_terminal(FILE *f)
{
	int fd = fileno(f);
	return fd >= 0 && isatty(fd) != 0;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);
	return value != NULL && *value != '\0';
}

static int ask_width(FILE *out, FILE *err)
{
	int64_t columns;
	if (is_set("COLUMNS") && pw_parse_int(getenv("COLUMNS"), &columns) &&
	    columns >= LEAST_WIDTH && columns <= MOST_WIDTH)
		return (int)columns;
	FILE *const files[] = {out, err};
	for (size_t i = 0; i < 2; i++) {
		struct winsize size;
		if (is_terminal(files[i]) && ioctl(fileno(files[i]), TIOCGWINSZ, &size) == 0 &&
		    size.ws_col >= LEAST_WIDTH)
			return size.ws_col;
	}
	return DEFAULT_WIDTH;
}

pw_term pw_term_ask(FILE *out, FILE *err)
{
	const char *type = getenv("TERM");
	bool dumb = type == NULL || *type == '\0' || strcmp(type, "dumb") == 0;
	return (pw_term){
		.out = is_terminal(out),
		.err = is_terminal(err),
		.color = !dumb && !is_set("NO_COLOR"),
		.width = ask_width(out, err),
	};
}

/* Bytes of the character at `p`, 1 for a byte that begins none. Never runs over the NUL. */
static size_t char_length(const char *p)
{
	unsigned char lead = (unsigned char)*p;
	size_t n = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)p[i] & 0xC0) != 0x80)
			return 1;
	return n;
}

static void add_control(pw_str *out, const char *p, size_t n)
{
	if (*p == '\n')
		pw_str_add(out, "\\n");
	else if (*p == '\t')
		pw_str_add(out, "\\t");
	else if (*p == '\r')
		pw_str_add(out, "\\r");
	else
		for (size_t i = 0; i < n; i++)
			pw_str_addf(out, "\\x%02x", (unsigned char)p[i]);
}

/* C0, DEL, C1 (as UTF-8), and what is no character at all. */
static bool is_unfit(const char *p, size_t n)
{
	unsigned char first = (unsigned char)p[0];
	if (n == 1)
		return first < 0x20 || first >= 0x7F;
	if (n == 2 && first == 0xC2 && (unsigned char)p[1] < 0xA0)
		return true;
	return !pw_utf8_valid(p, n);
}

void pw_term_visible(pw_str *out, const char *text)
{
	for (const char *p = text; *p != '\0';) {
		size_t n = char_length(p);
		if (is_unfit(p, n))
			add_control(out, p, n);
		else
			pw_str_add_n(out, p, n);
		p += n;
	}
}

/* Columns of the character of `n` bytes at `p`. */
static int char_width(const char *p, size_t n)
{
	char one[8] = "";
	memcpy(one, p, n);
	return pw_utf8_width(one);
}

void pw_term_clip(pw_str *out, const char *text, int width)
{
	if (pw_utf8_width(text) <= width) {
		pw_str_add(out, text);
		return;
	}
	int used = 0;
	for (const char *p = text; *p != '\0';) {
		size_t n = char_length(p);
		int columns = char_width(p, n);
		if (used + columns > width - 1)
			break;
		pw_str_add_n(out, p, n);
		used += columns;
		p += n;
	}
	if (width > 0)
		pw_str_add(out, "…");
}

static int span_width(const char *p, size_t n)
{
	int columns = 0;
	for (size_t i = 0; i < n; i += char_length(p + i))
		columns += char_width(p + i, char_length(p + i));
	return columns;
}

void pw_term_wrap(pw_str *out, const char *text, int from, int indent, int width)
{
	int column = from;
	bool first = true;
	for (const char *p = text + strspn(text, " \n"); *p != '\0';) {
		size_t n = strcspn(p, " \n");
		int columns = span_width(p, n);
		if (!first && column + 1 + columns > width) {
			pw_str_addf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			pw_str_add_char(out, ' ');
			column++;
		}
		pw_str_add_n(out, p, n);
		column += columns;
		first = false;
		p += n + strspn(p + n, " \n");
	}
}
