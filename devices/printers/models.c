#include "devices/printers/models.h"

#include <string.h>

#include "devices/printers/codec_text.h"

const pw_printer_model pw_printer_models[] = {
#define PW_MODEL(maker, model, commands, language, dpi, flags, sample) \
	{maker, model, commands, language, dpi, flags, sample},
#include "devices/printers/models.def"
#undef PW_MODEL
};

const size_t pw_printer_model_count = sizeof(pw_printer_models) / sizeof(pw_printer_models[0]);

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
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

/* ---- Device ids ---- */

/* The long form of a key; some devices write it so. */
static bool is_key(pw_slice found, const char *key)
{
	static const struct {
		const char *key, *as;
	} forms[] = {
		{"MFG", "MFG"},   {"MFG", "MANUFACTURER"}, {"MDL", "MDL"},
		{"MDL", "MODEL"}, {"CMD", "CMD"},          {"CMD", "COMMAND SET"},
		{"SN", "SN"},     {"SN", "SERN"},          {"SN", "SERIALNUMBER"},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].key, key) == 0 && pw_slice_eq(found, forms[i].as))
			return true;
	return false;
}

/* The value of a key, or an empty text. */
static pw_slice value_of(const char *id, const char *key)
{
	while (*id != '\0') {
		size_t n = strcspn(id, ";"), colon = strcspn(id, ":;");
		if (colon < n && is_key(pw_slice_trim((pw_slice){id, colon}), key))
			return pw_slice_trim((pw_slice){id + colon + 1, n - colon - 1});
		id += n;
		if (*id == ';')
			id++;
	}
	return (pw_slice){id, 0};
}

static bool fits(const char *pattern, const char *id, const char *key)
{
	pw_str text = PW_STR_INIT;
	if (pattern == NULL)
		return true;
	pw_slice value = value_of(id, key);
	pw_str_add_n(&text, value.ptr, value.len);
	bool found = value.len > 0 && pw_model_matches(pattern, pw_str_text(&text));
	pw_str_clear(&text);
	return found;
}

const pw_printer_model *pw_printer_model_find(const char *id)
{
	for (size_t i = 0; i < pw_printer_model_count; i++) {
		const pw_printer_model *m = &pw_printer_models[i];
		if (fits(m->maker, id, "MFG") && fits(m->model, id, "MDL") &&
		    fits(m->commands, id, "CMD"))
			return m;
	}
	return NULL;
}

pw_printer_identity pw_printer_identity_of(const char *id)
{
	pw_printer_identity who = {.dpi = 0};
	pw_codec_copy(value_of(id, "MFG"), who.maker, sizeof(who.maker));
	pw_codec_copy(value_of(id, "MDL"), who.model, sizeof(who.model));
	pw_codec_copy(value_of(id, "SN"), who.serial, sizeof(who.serial));
	return who;
}
