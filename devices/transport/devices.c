#include "devices/transport/devices.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "devices/transport/devices_impl.h"

const char *pw_device_kind_name(pw_device_kind kind)
{
	static const char *const names[] = {"usb-printer", "serial-port"};
	return names[kind];
}

const char *pw_device_text(pw_arena *arena, const char *text)
{
	pw_str utf8 = PW_STR_INIT;
	if (text == NULL || pw_text_decode(text, strlen(text), &utf8, NULL, NULL) != PW_OK)
		return "";
	size_t kept = 0;
	for (size_t i = 0; i < utf8.len; i++)
		if ((unsigned char)utf8.ptr[i] >= ' ' && utf8.ptr[i] != 0x7f)
			utf8.ptr[kept++] = utf8.ptr[i];
	pw_slice trimmed = pw_slice_trim((pw_slice){pw_str_text(&utf8), kept});
	const char *copy = pw_arena_strndup(arena, trimmed.ptr, trimmed.len);
	pw_str_clear(&utf8);
	return copy;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As people count: runs of digits by their value. */
static int compare_names(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		if (is_digit(*a) && is_digit(*b)) {
			char *a_end, *b_end;
			unsigned long long x = strtoull(a, &a_end, 10), y = strtoull(b, &b_end, 10);
			if (x != y)
				return x < y ? -1 : 1;
			a = a_end;
			b = b_end;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return (*a != '\0') - (*b != '\0');
}

static int compare_devices(const void *a, const void *b)
{
	const pw_device *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	int order = x->kind == PW_DEVICE_SERIAL_PORT ? compare_names(x->node, y->node) : 0;
	return order != 0 ? order : compare_names(x->uri, y->uri);
}

pw_status pw_device_list(pw_arena *arena, pw_device **out, size_t *out_count, pw_err *err)
{
	pw_device_found found = {arena, PW_VEC_INIT};
	pw_status rc = pw_device_list_usb(&found, err);
	if (rc == PW_OK)
		rc = pw_device_list_serial(&found, err);
	if (rc == PW_OK) {
		size_t n = found.devices.len;
		pw_device *list = pw_arena_array(arena, n > 0 ? n : 1, sizeof(*list));
		for (size_t i = 0; i < n; i++)
			list[i] = found.devices.ptr[i];
		qsort(list, n, sizeof(*list), compare_devices);
		*out = list;
		*out_count = n;
	}
	pw_vec_clear(&found.devices);
	return rc;
}
