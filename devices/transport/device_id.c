#include "devices/transport/device_id.h"

#include <string.h>

/* A length below it is no length but one of more than 255 bytes read the wrong way round. */
#define LEAST_LENGTH 8

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same(pw_slice a, const char *text)
{
	if (strlen(text) != a.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(text[i]))
			return false;
	return true;
}

bool pw_device_id_get(const char *text, size_t n, const char *key, pw_slice *out)
{
	const char *at = text, *end = text + n;
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		const char *colon = memchr(at, ':', (size_t)(stop - at));
		if (colon != NULL &&
		    same(pw_slice_trim((pw_slice){at, (size_t)(colon - at)}), key)) {
			*out = pw_slice_trim((pw_slice){colon + 1, (size_t)(stop - colon - 1)});
			return true;
		}
		at = stop + 1;
	}
	return false;
}

static pw_slice first_of(const char *text, size_t n, const char *const *keys)
{
	pw_slice value = {text, 0};
	for (; *keys != NULL; keys++)
		if (pw_device_id_get(text, n, *keys, &value) && value.len > 0)
			return value;
	return (pw_slice){text, 0};
}

pw_device_id pw_device_id_parse(const char *text, size_t n)
{
	static const char *const maker[] = {"MFG", "MANUFACTURER", NULL};
	static const char *const model[] = {"MDL", "MODEL", NULL};
	static const char *const languages[] = {"CMD", "COMMAND SET", NULL};
	static const char *const serial[] = {"SN", "SERN", "SERIALNUMBER", "S/N", NULL};
	return (pw_device_id){first_of(text, n, maker), first_of(text, n, model),
			      first_of(text, n, languages), first_of(text, n, serial)};
}

static bool in_word(char c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-';
}

bool pw_device_id_has(pw_slice value, const char *word)
{
	size_t begin = 0;
	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && in_word(value.ptr[i]))
			continue;
		if (i > begin && same((pw_slice){value.ptr + begin, i - begin}, word))
			return true;
		begin = i + 1;
	}
	return false;
}

pw_slice pw_device_id_strip(const uint8_t *answer, size_t n)
{
	const char *text = (const char *)answer;
	if (n < 2)
		return (pw_slice){text, 0};
	size_t large_first = (size_t)answer[0] << 8 | answer[1];
	size_t small_first = (size_t)answer[1] << 8 | answer[0];
	/* The reading that fits into what came, the standard's first. */
	size_t length = n;
	if (large_first >= LEAST_LENGTH && large_first <= n)
		length = large_first;
	else if (small_first >= LEAST_LENGTH && small_first <= n)
		length = small_first;
	/* Two more came than were promised: the two were not counted. */
	if (n - length <= 2)
		length = n;
	return (pw_slice){text + 2, length - 2};
}
