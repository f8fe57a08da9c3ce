#include "devices/transport/uri.h"

#include <stdlib.h>
#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Turns escapes into what they name, in place. */
static pw_status unescape(char *text, const char *whole, pw_err *err)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++) {
		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		int high = hex(from[1]), low = high < 0 ? -1 : hex(from[2]);
		if (low < 0 || high + low == 0)
			return pw_fail(
				err, PW_ERR_ARG,
				"'%s': '%%' needs two hexadecimal digits behind it; a percent "
				"sign itself is %%25",
				whole);
		*to++ = (char)(high * 16 + low);
		from += 2;
	}
	*to = '\0';
	return PW_OK;
}

static pw_status add_option(pw_uri *uri, char *word, const char *whole, pw_err *err)
{
	pw_status rc;
	char *equals = strchr(word, '=');
	if (equals == NULL || equals == word)
		return pw_fail(err, PW_ERR_ARG, "'%s': '%s' should be key=value", whole, word);
	*equals = '\0';
	if ((rc = unescape(equals + 1, whole, err)) != PW_OK)
		return rc;
	if (pw_uri_get(uri, word, NULL) != NULL)
		return pw_fail(err, PW_ERR_ARG, "'%s': '%s' stands there twice", whole, word);
	if (uri->option_count == PW_URI_MOST_OPTIONS)
		return pw_fail(err, PW_ERR_ARG, "'%s': more than %d options", whole,
			       PW_URI_MOST_OPTIONS);
	uri->option[uri->option_count++] = (pw_uri_option){word, equals + 1};
	return PW_OK;
}

static pw_status add_options(pw_uri *uri, char *words, const char *whole, pw_err *err)
{
	while (words != NULL) {
		char *next = strchr(words, '&');
		if (next != NULL)
			*next++ = '\0';
		pw_status rc = add_option(uri, words, whole, err);
		if (rc != PW_OK)
			return rc;
		words = next;
	}
	return PW_OK;
}

pw_status pw_uri_parse(const char *text, pw_uri *out, pw_err *err)
{
	pw_status rc;
	size_t length = strlen(text);
	if (length >= sizeof(out->text))
		return pw_fail(err, PW_ERR_ARG, "a device's address of %zu characters: at most %zu",
			       length, sizeof(out->text) - 1);
	out->option_count = 0;
	memcpy(out->text, text, length + 1);
	char *colon = strchr(out->text, ':');
	if (colon == NULL || colon == out->text)
		return pw_fail(
			err, PW_ERR_ARG,
			"'%s' is no device's address: it begins with usb:, serial:, tcp:, file:, "
			"pty:, fd: or replay:",
			text);
	*colon = '\0';
	out->scheme = out->text;
	out->place = colon + 1;
	char *options = strchr(colon + 1, '?');
	if (options != NULL)
		*options++ = '\0';
	if ((rc = unescape(colon + 1, text, err)) != PW_OK)
		return rc;
	return add_options(out, options, text, err);
}

void pw_uri_add_escaped(pw_str *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c <= ' ' || c == 0x7f || strchr("%?&#'\"\\", c) != NULL)
			pw_str_addf(out, "%%%02x", c);
		else
			pw_str_add_char(out, (char)c);
	}
}

const char *pw_uri_get(const pw_uri *uri, const char *key, const char *otherwise)
{
	for (size_t i = 0; i < uri->option_count; i++)
		if (strcmp(uri->option[i].key, key) == 0)
			return uri->option[i].value;
	return otherwise;
}

pw_status pw_uri_get_int(const pw_uri *uri, const char *key, int min, int max, int *out,
			 pw_err *err)
{
	const char *text = pw_uri_get(uri, key, NULL);
	if (text == NULL)
		return PW_OK;
	char *end;
	long value = strtol(text, &end, 10);
	if (end == text || *end != '\0' || value < min || value > max)
		return pw_fail(err, PW_ERR_ARG, "%s=%s: a whole number from %d to %d", key, text,
			       min, max);
	*out = (int)value;
	return PW_OK;
}

pw_status pw_uri_check(const pw_uri *uri, const char *const *known, pw_err *err)
{
	for (size_t i = 0; i < uri->option_count; i++) {
		const char *const *k = known;
		while (*k != NULL && strcmp(*k, uri->option[i].key) != 0)
			k++;
		if (*k == NULL)
			return pw_fail(err, PW_ERR_ARG, "%s: has no option '%s'", uri->scheme,
				       uri->option[i].key);
	}
	return PW_OK;
}
