/*
 * JSON, written as it comes: no tree, no limits but the depth of 32. The text is valid JSON whatever is
 * handed in: what is no UTF-8 becomes U+FFFD. A value out of place, a key without a value, a number that
 * is not finite are mistakes in the program and abort.
 *
 * The outermost array or object has one member a line, so that lists can be read, compared and searched
 * line by line; everything inside a member stands on that line. The whole ends with a line end.
 *
 *	pw_json json;
 *	pw_json_init(&json, &text);
 *	pw_json_begin_object(&json);
 *	pw_json_key(&json, "wells");
 *	pw_json_begin_array(&json);
 *	pw_json_text(&json, "A1");
 *	pw_json_end_array(&json);
 *	pw_json_end_object(&json);
 */
#ifndef PW_CLI_JSON_H
#define PW_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/str.h"

enum { PW_JSON_DEPTH = 32 };

typedef struct pw_json {
	pw_str *out;
	int depth;
	bool first;     /* nothing stands in the innermost container yet */
	bool after_key; /* the next value belongs to a key */
	bool array[PW_JSON_DEPTH];
} pw_json;

/* Writes to the end of *out, which must outlive the writer. There is nothing to free. */
void pw_json_init(pw_json *json, pw_str *out);

void pw_json_begin_object(pw_json *json);
void pw_json_end_object(pw_json *json);
void pw_json_begin_array(pw_json *json);
void pw_json_end_array(pw_json *json);

/* In an object, before each value. */
void pw_json_key(pw_json *json, const char *key);

void pw_json_text(pw_json *json, const char *text); /* NULL is null */
void pw_json_int(pw_json *json, int64_t number);
void pw_json_real(pw_json *json, double number); /* must be finite */
void pw_json_bool(pw_json *json, bool value);
void pw_json_time(pw_json *json, pw_time at); /* local ISO 8601, a string */
void pw_json_null(pw_json *json);

#endif
