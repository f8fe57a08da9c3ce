/* Any text is a transcript or is refused with its place; what was read is the same after writing it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/transport/transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_all(const pw_transcript *t, pw_str *out)
{
	for (size_t i = 0; i < t->count; i++)
		pw_transcript_add(out, t->entries[i].kind,
				  pw_str_text(&t->bytes) + t->entries[i].start, t->entries[i].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_transcript first, second;
	pw_err err = PW_ERR_INIT;
	if (pw_transcript_parse((const char *)data, size, "t", &first, &err) != PW_OK) {
		if (err.status != PW_ERR_FORMAT || strncmp(err.msg, "t:", 2) != 0)
			abort();
		return 0;
	}
	pw_str text = PW_STR_INIT;
	write_all(&first, &text);
	if (pw_transcript_parse(pw_str_text(&text), text.len, "t", &second, NULL) != PW_OK ||
	    first.count != second.count || first.bytes.len != second.bytes.len ||
	    memcmp(pw_str_text(&first.bytes), pw_str_text(&second.bytes), first.bytes.len) != 0)
		abort();
	for (size_t i = 0; i < first.count; i++)
		if (first.entries[i].kind != second.entries[i].kind ||
		    first.entries[i].start != second.entries[i].start ||
		    first.entries[i].n != second.entries[i].n)
			abort();
	pw_str_clear(&text);
	pw_transcript_clear(&first);
	pw_transcript_clear(&second);
	return 0;
}
