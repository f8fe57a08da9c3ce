/* Any text is an address or is refused in words; its place, escaped anew, is the same place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "devices/transport/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_uri uri, again;
	pw_err err = PW_ERR_INIT;
	char *text = pw_strndup((const char *)data, size);
	if (pw_uri_parse(text, &uri, &err) == PW_OK) {
		pw_str made = PW_STR_INIT;
		pw_str_addf(&made, "%s:", uri.scheme);
		pw_uri_add_escaped(&made, uri.place);
		if (made.len < sizeof(uri.text) &&
		    (pw_uri_parse(pw_str_text(&made), &again, NULL) != PW_OK ||
		     strcmp(again.place, uri.place) != 0))
			abort();
		for (size_t i = 0; i < uri.option_count; i++)
			if (pw_uri_get(&uri, uri.option[i].key, NULL) != uri.option[i].value)
				abort();
		pw_str_clear(&made);
	} else if (err.status != PW_ERR_ARG || err.msg[0] == '\0') {
		abort();
	}
	pw_free(text);
	return 0;
}
