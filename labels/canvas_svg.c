#include "labels/canvas.h"

#include <string.h>

#include "labels/canvas_private.h"

#define DECIMALS 2 /* a hundredth of a point is 4 µm; cairo writes six */

/* What cairo writes, and the shorter words for the same. */
static const struct {
	const char *text, *shorter;
} words[] = {
	{"fill-opacity:1;", ""},         {"stroke-opacity:1;", ""},     {"rgb(0%,0%,0%)", "#000"},
	{"rgb(100%,100%,100%)", "#fff"}, {"stroke-miterlimit:10;", ""}, {"glyph", "g"},
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static size_t span(const char *text, const char *set)
{
	return strspn(text, set);
}

/* Takes a word of the table off *at, and says whether there was one. */
static bool take_word(const char **at, pw_str *out)
{
	for (size_t i = 0; i < WORD_COUNT; i++) {
		if (!pw_text_starts(*at, words[i].text))
			continue;
		pw_str_add(out, words[i].shorter);
		*at += strlen(words[i].text);
		return true;
	}
	return false;
}

/* cairo counts its surfaces from the start of the process and writes that number. */
static bool take_surface(const char **at, pw_str *out)
{
	static const char name[] = "id=\"surface";
	if (!pw_text_starts(*at, name))
		return false;
	pw_str_add(out, "id=\"page");
	*at += strlen(name);
	*at += span(*at, "0123456789");
	return true;
}

/* Scales are small numbers that are multiplied by large ones: they stay as they are. */
static bool take_matrix(const char **at, pw_str *out)
{
	if (!pw_text_starts(*at, "matrix("))
		return false;
	size_t n = strcspn(*at, ")");
	pw_str_add_n(out, *at, n);
	*at += n;
	return true;
}

static bool take_number(const char **at, pw_str *out)
{
	size_t whole = span(*at, "0123456789");
	if (whole == 0)
		return false;
	size_t decimals = (*at)[whole] == '.' ? span(*at + whole + 1, "0123456789") : 0;
	size_t kept = decimals > DECIMALS ? DECIMALS : decimals;
	if (decimals > DECIMALS)
		while (kept > 0 && (*at)[whole + kept] == '0')
			kept--;
	pw_str_add_n(out, *at, kept > 0 ? whole + 1 + kept : whole);
	*at += decimals > 0 ? whole + 1 + decimals : whole;
	return true;
}

/* Path commands need no spaces around them, and a path's last move goes nowhere. */
static bool take_command(const char **at, pw_str *out)
{
	const char *command = **at == ' ' ? *at + 1 : *at;
	if (*command == '\0' || strchr("MLCZ", *command) == NULL || command[1] != ' ')
		return false;
	*at = command + 2;
	size_t rest = span(*at, " .-0123456789");
	if (*command == 'M' && (*at)[rest] == '"')
		*at += rest;
	else
		pw_str_add_char(out, *command);
	return true;
}

static bool take_indent(const char **at, pw_str *out)
{
	if (**at != '\n')
		return false;
	pw_str_add_char(out, '\n');
	*at += 1 + span(*at + 1, " ");
	return true;
}

void pw_canvas_tidy_svg(const pw_str *in, pw_str *out)
{
	const char *at = pw_str_text(in);
	while (*at != '\0') {
		if (take_word(&at, out) || take_surface(&at, out) || take_matrix(&at, out) ||
		    take_command(&at, out) || take_number(&at, out) || take_indent(&at, out))
			continue;
		pw_str_add_char(out, *at++);
	}
}
