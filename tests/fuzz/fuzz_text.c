/* Any bytes become UTF-8, and go back to the encoding that they were said to be in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_nfc(const char *text)
{
	char *once = pw_utf8_nfc(text), *twice = pw_utf8_nfc(once);
	if (strcmp(once, twice) != 0 || pw_utf8_width(once) < 0)
		abort();
	if (pw_utf8_has_control(text) != pw_utf8_has_control(once))
		abort();
	pw_free(once);
	pw_free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const marks[] = {"\xEF\xBB\xBF", "", "", "\x84\x31\x95\x33", ""};
	pw_str text = PW_STR_INIT, bytes = PW_STR_INIT, again = PW_STR_INIT;
	pw_encoding encoding;
	if (pw_text_decode(data, size, &text, &encoding, NULL) == PW_OK) {
		if (!pw_utf8_valid(pw_str_text(&text), text.len))
			abort();
		check_nfc(pw_str_text(&text));
		pw_str_add(&bytes, marks[encoding]);
		if (pw_text_encode(pw_str_text(&text), text.len, encoding, &bytes, NULL) != PW_OK)
			abort();
		/* Latin-1 has no mark, so short texts of it may be taken for something else. */
		if (encoding != PW_LATIN1 &&
		    (pw_text_decode(bytes.ptr, bytes.len, &again, NULL, NULL) != PW_OK ||
		     again.len != text.len ||
		     memcmp(pw_str_text(&again), pw_str_text(&text), text.len) != 0))
			abort();
	}
	pw_str terminated = PW_STR_INIT;
	pw_str_add_n(&terminated, (const char *)data, size);
	check_nfc(pw_str_text(&terminated)); /* invalid UTF-8 too */
	pw_str_clear(&terminated);
	pw_str_clear(&text);
	pw_str_clear(&bytes);
	pw_str_clear(&again);
	return 0;
}
