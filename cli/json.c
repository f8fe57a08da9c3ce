#include "cli/json.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/text.h"

void pw_json_init(pw_json *json, pw_str *out)
{
	*json = (pw_json){.out = out, .first = true};
}

/* What has to stand between the last member and the next. */
static void next_member(pw_json *json)
{
	if (!json->first)
		pw_str_add(json->out, json->depth == 1 ? "," : ", ");
	if (json->depth == 1)
		pw_str_add(json->out, "\n  ");
	json->first = false;
}

static void next_value(pw_json *json)
{
	bool in_object = json->depth > 0 && !json->array[json->depth - 1];
	PW_BUG_IF(in_object != json->after_key);
	PW_BUG_IF(json->depth == 0 && !json->first);
	if (json->depth > 0 && !in_object)
		next_member(json);
	json->first = false;
	json->after_key = false;
}

static void end_value(pw_json *json)
{
	if (json->depth == 0)
		pw_str_add_char(json->out, '\n');
}

static void begin(pw_json *json, bool array)
{
	next_value(json);
	PW_BUG_IF(json->depth == PW_JSON_DEPTH);
	json->array[json->depth++] = array;
	json->first = true;
	pw_str_add_char(json->out, array ? '[' : '{');
}

static void end(pw_json *json, bool array)
{
	PW_BUG_IF(json->depth == 0 || json->array[json->depth - 1] != array || json->after_key);
	if (json->depth == 1 && !json->first)
		pw_str_add_char(json->out, '\n');
	json->depth--;
	json->first = false;
	pw_str_add_char(json->out, array ? ']' : '}');
	end_value(json);
}

void pw_json_begin_object(pw_json *json)
{
	begin(json, false);
}

void pw_json_end_object(pw_json *json)
{
	end(json, false);
}

void pw_json_begin_array(pw_json *json)
{
	begin(json, true);
}

void pw_json_end_array(pw_json *json)
{
	end(json, true);
}

/* RFC 8259 section 7: only the quote, the backslash and C0 have to be escaped. */
static void add_char(pw_str *out, char c)
{
	static const char shorts[] = "\b\t\n\f\r", letters[] = "btnfr";
	const char *at = c != '\0' ? strchr(shorts, c) : NULL;
	if (c == '"' || c == '\\') {
		pw_str_add_char(out, '\\');
		pw_str_add_char(out, c);
	} else if (at != NULL) {
		pw_str_add_char(out, '\\');
		pw_str_add_char(out, letters[at - shorts]);
	} else if ((unsigned char)c < 0x20) {
		pw_str_addf(out, "\\u%04x", (unsigned char)c);
	} else {
		pw_str_add_char(out, c);
	}
}

/* How many bytes at `p` are one valid character of more than a byte; 0 when they are none. */
static size_t valid_char(const char *p)
{
	size_t n = strnlen(p, 4);
	for (size_t k = 2; k <= n; k++)
		if (pw_utf8_valid(p, k))
			return k;
	return 0;
}

static void add_quoted(pw_str *out, const char *text)
{
	pw_str_add_char(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (((unsigned char)*p & 0x80) == 0) {
			add_char(out, *p);
			continue;
		}
		size_t n = valid_char(p);
		if (n == 0) {
			pw_str_add(out, "\xEF\xBF\xBD");
			continue;
		}
		pw_str_add_n(out, p, n);
		p += n - 1;
	}
	pw_str_add_char(out, '"');
}

void pw_json_key(pw_json *json, const char *key)
{
	PW_BUG_IF(json->depth == 0 || json->array[json->depth - 1] || json->after_key);
	next_member(json);
	add_quoted(json->out, key);
	pw_str_add(json->out, ": ");
	json->after_key = true;
}

void pw_json_text(pw_json *json, const char *text)
{
	if (text == NULL) {
		pw_json_null(json);
		return;
	}
	next_value(json);
	add_quoted(json->out, text);
	end_value(json);
}

void pw_json_int(pw_json *json, int64_t number)
{
	next_value(json);
	pw_str_addf(json->out, "%" PRId64, number);
	end_value(json);
}

void pw_json_real(pw_json *json, double number)
{
	char text[32];
	pw_format_real(number, text);
	next_value(json);
	pw_str_add(json->out, text);
	end_value(json);
}

void pw_json_bool(pw_json *json, bool value)
{
	next_value(json);
	pw_str_add(json->out, value ? "true" : "false");
	end_value(json);
}

void pw_json_time(pw_json *json, pw_time at)
{
	char text[32];
	pw_time_format_local(at, text);
	pw_json_text(json, text);
}

void pw_json_null(pw_json *json)
{
	next_value(json);
	pw_str_add(json->out, "null");
	end_value(json);
}
