#include "core/model/call.h"

#include <stddef.h>
#include <string.h>

static const char *const call_names[] = {"none", "positive", "negative", "inconclusive", "invalid"};
static const char *const next_names[] = {"report", "repeat-pcr", "re-extract", "new-specimen"};
static const char *const amp_names[] = {"unknown", "amp", "no-amp", "inconclusive"};

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static int find(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, names[i]) == 0)
			return (int)i;
	return -1;
}

const char *pw_call_name(pw_call call)
{
	return call_names[call];
}

const char *pw_next_name(pw_next next)
{
	return next_names[next];
}

const char *pw_amp_name(pw_amp amp)
{
	return amp_names[amp];
}

bool pw_call_parse(const char *text, pw_call *out)
{
	int i = find(text, call_names, COUNT(call_names));
	if (i >= 0)
		*out = (pw_call)i;
	return i >= 0;
}

bool pw_next_parse(const char *text, pw_next *out)
{
	int i = find(text, next_names, COUNT(next_names));
	if (i >= 0)
		*out = (pw_next)i;
	return i >= 0;
}

bool pw_amp_parse(const char *text, pw_amp *out)
{
	int i = find(text, amp_names, COUNT(amp_names));
	if (i >= 0)
		*out = (pw_amp)i;
	return i >= 0;
}
