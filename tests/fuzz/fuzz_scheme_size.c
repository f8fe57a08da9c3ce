/* Any text as a word and a size: what is taken says its size so that it is taken again. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/scheme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const *words = pw_scheme_words();
	size_t count = 0;
	while (words[count] != NULL)
		count++;
	if (size < 2)
		return 0;
	const char *word = words[data[0] % count];
	char *text = pw_strndup((const char *)data + 2, size - 2);
	pw_scheme *scheme = NULL, *again = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_scheme_parse(word, text, NULL, data[1], &scheme, &err) != PW_OK) {
		PW_BUG_IF(err.msg[0] == '\0');
	} else if (scheme->kind != PW_SCHEME_DESIGN && scheme->people < 3000) {
		pw_str back = PW_STR_INIT;
		pw_scheme_size(scheme, &back);
		PW_BUG_IF(pw_scheme_parse(pw_scheme_word(scheme), pw_str_text(&back), NULL,
					  scheme->people, &again, &err) != PW_OK);
		PW_BUG_IF(again->people != scheme->people || again->stages != scheme->stages ||
			  again->group_count != scheme->group_count);
		pw_str_clear(&back);
	}
	pw_scheme_free(again);
	pw_scheme_free(scheme);
	pw_free(text);
	return 0;
}
