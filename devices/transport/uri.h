/*
 * The address of a device: "scheme:place?key=value&key=value". Places may hold anything but '?', keys are small
 * letters, values are taken up to the next '&'; %20 and the like stand for the character they name.
 * devices/transport/transport.h lists the schemes.
 */
#ifndef PW_DEVICES_URI_H
#define PW_DEVICES_URI_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/base/str.h"

#define PW_URI_MOST_OPTIONS 8

typedef struct pw_uri_option {
	const char *key, *value;
} pw_uri_option;

typedef struct pw_uri {
	const char *scheme, *place;
	pw_uri_option option[PW_URI_MOST_OPTIONS];
	size_t option_count;
	char text[512]; /* what the rest points into: a pw_uri must not be copied */
} pw_uri;

/* PW_ERR_ARG, naming the place in the text: no scheme, a bad escape, an option without '=', a key twice, too
 * many, too long. */
PW_NODISCARD pw_status pw_uri_parse(const char *text, pw_uri *out, pw_err *err);

/* Appends `text` to an address as a place or a value: what would be read as something else is escaped. */
void pw_uri_add_escaped(pw_str *out, const char *text);

/* The value of an option, or `otherwise`. */
const char *pw_uri_get(const pw_uri *uri, const char *key, const char *otherwise);

/* A whole number between min and max; *out is left alone where the option is not there. PW_ERR_ARG for others. */
PW_NODISCARD pw_status pw_uri_get_int(const pw_uri *uri, const char *key, int min, int max,
				      int *out, pw_err *err);

/* PW_ERR_ARG for an option that is none of `known` (ended by NULL): a typing error must not pass in silence. */
PW_NODISCARD pw_status pw_uri_check(const pw_uri *uri, const char *const *known, pw_err *err);

#endif
