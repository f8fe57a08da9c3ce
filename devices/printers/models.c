#include "devices/printers/models.h"

#include <string.h>

#include "devices/printers/codec_text.h"
#include "devices/transport/device_id.h"

const pw_printer_model pw_printer_models[] = {
#define PW_MODEL(maker, model, commands, language, dpi, flags, sample) \
	{maker, model, commands, language, dpi, flags, sample},
#include "devices/printers/models.def"
#undef PW_MODEL
};

const size_t pw_printer_model_count = sizeof(pw_printer_models) / sizeof(pw_printer_models[0]);

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

/* Goes back to the last '*' only: more is never needed. */
bool pw_model_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;
	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == '?' || lower(*pattern) == lower(*text)) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool fits(const char *pattern, pw_slice value)
{
	char text[256];
	if (pattern == NULL)
		return true;
	pw_codec_copy(value, text, sizeof(text));
	return text[0] != '\0' && pw_model_matches(pattern, text);
}

const pw_printer_model *pw_printer_model_find(const char *text)
{
	pw_device_id id = pw_device_id_parse(text, strlen(text));
	for (size_t i = 0; i < pw_printer_model_count; i++) {
		const pw_printer_model *m = &pw_printer_models[i];
		if (fits(m->maker, id.maker) && fits(m->model, id.model) &&
		    fits(m->commands, id.languages))
			return m;
	}
	return NULL;
}

pw_printer_identity pw_printer_identity_of(const char *text)
{
	pw_printer_identity who = {.dpi = 0};
	pw_device_id id = pw_device_id_parse(text, strlen(text));
	pw_codec_copy(id.maker, who.maker, sizeof(who.maker));
	pw_codec_copy(id.model, who.model, sizeof(who.model));
	pw_codec_copy(id.serial, who.serial, sizeof(who.serial));
	return who;
}
