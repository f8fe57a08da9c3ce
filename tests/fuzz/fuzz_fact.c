/*
 * The body of a fact, as the journal has it: it is read or refused. What is read has one spelling, and that
 * spelling reads back to itself. What people see of it is UTF-8.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/store/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void describe(const char *body)
{
	pw_fact_summary summary;
	pw_str text = PW_STR_INIT;
	if (pw_fact_describe(body, false, true, &summary, &text, NULL) == PW_OK) {
		PW_BUG_IF(!pw_utf8_valid(pw_str_text(&text), text.len));
		PW_BUG_IF(!pw_utf8_valid(summary.reason, strlen(summary.reason)));
	}
	pw_str_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_fact_values first, again;
	pw_str one = PW_STR_INIT, two = PW_STR_INIT;
	char *body = pw_strndup((const char *)data, size);
	if (pw_fact_decode(body, size, &arena, &first, NULL) == PW_OK) {
		PW_BUG_IF(pw_fact_encode(&first, &one, NULL) != PW_OK);
		PW_BUG_IF(pw_fact_decode(one.ptr, one.len, &arena, &again, NULL) != PW_OK);
		PW_BUG_IF(pw_fact_encode(&again, &two, NULL) != PW_OK);
		PW_BUG_IF(one.len != two.len || memcmp(one.ptr, two.ptr, one.len) != 0);
	}
	describe(body);
	pw_free(body);
	pw_str_clear(&one);
	pw_str_clear(&two);
	pw_arena_clear(&arena);
	return 0;
}
