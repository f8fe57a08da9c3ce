#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/ident.h"
#include "labels/template.h"

/* How a field's text is written: the word behind the colon, and who writes it. */
typedef pw_status form_write(const char *text, int number, pw_str *out, pw_err *err);

static pw_status write_plain(const char *text, int number, pw_str *out, pw_err *err)
{
	(void)number;
	(void)err;
	pw_str_add(out, text);
	return PW_OK;
}

/* Only an identifier that is written as a scanner sends it: what a person typed is left alone. */
static pw_status write_grouped(const char *text, int number, pw_str *out, pw_err *err)
{
	(void)number;
	(void)err;
	pw_ident ident;
	char plain[PW_IDENT_SIZE], grouped[PW_IDENT_SIZE];
	if (pw_ident_parse(text, &ident, NULL) == PW_OK) {
		pw_ident_text(&ident, plain);
		pw_ident_grouped(&ident, grouped);
		if (strcmp(plain, text) == 0)
			text = grouped;
	}
	pw_str_add(out, text);
	return PW_OK;
}

static pw_status write_last(const char *text, int number, pw_str *out, pw_err *err)
{
	(void)err;
	const char *at = text + strlen(text);
	for (int left = number; left > 0 && at > text; left--) {
		at--;
		while (at > text && ((unsigned char)*at & 0xC0) == 0x80)
			at--;
	}
	pw_str_add(out, at);
	return PW_OK;
}

static pw_status write_yymmdd(const char *text, int number, pw_str *out, pw_err *err)
{
	(void)number;
	pw_time day;
	if (text[0] == '\0')
		return PW_OK;
	if (strlen(text) != 10 || text[4] != '-' || !pw_time_parse(text, &day))
		return pw_fail(err, PW_ERR_ARG, "'%s' is not a day: write it as 2026-12-31", text);
	pw_str_add_n(out, text + 2, 2);
	pw_str_add_n(out, text + 5, 2);
	pw_str_add_n(out, text + 8, 2);
	return PW_OK;
}

static const struct form {
	const char *word;
	bool number; /* a digit from 1 to 9 follows the word */
	form_write *write;
} forms[] = {
	{"", false, write_plain},
	{"grouped", false, write_grouped},
	{"last", true, write_last},
	{"yymmdd", false, write_yymmdd},
};

static const struct form *find_form(const char *word, size_t n, int *out_number)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = strlen(forms[i].word);
		if (n != length + forms[i].number || memcmp(word, forms[i].word, length) != 0)
			continue;
		char digit = forms[i].number ? word[length] : '1';
		if (digit < '1' || digit > '9')
			continue;
		*out_number = digit - '0';
		return &forms[i];
	}
	return NULL;
}

/* One piece of a text: a literal run, or a field in its form. */
typedef struct piece {
	const char *text; /* of a literal */
	size_t length;
	const pw_label_field *field; /* or NULL */
	const struct form *form;
	int number;
} piece;

static pw_status field_piece(const pw_label_template *t, const char **at, piece *out, pw_err *err)
{
	const char *name = *at + 1, *end = strchr(name, '}');
	if (end == NULL)
		return pw_fail(err, PW_ERR_FORMAT, "a '{' is never closed: write '{{' for a brace");
	size_t n = (size_t)(end - name);
	const char *colon = memchr(name, ':', n);
	size_t name_size = colon != NULL ? (size_t)(colon - name) : n;
	char field[PW_LABEL_MAX_TEXT];
	if (name_size >= sizeof(field))
		return pw_fail(err, PW_ERR_FORMAT, "a field's name is longer than %zu bytes",
			       sizeof(field) - 1);
	memcpy(field, name, name_size);
	field[name_size] = '\0';
	*out = (piece){.field = pw_label_template_field(t, field)};
	if (out->field == NULL)
		return pw_fail(err, PW_ERR_FORMAT, "'{%s}' is no field: add it to 'fields'", field);
	const char *word = colon != NULL ? colon + 1 : end;
	out->form = find_form(word, (size_t)(end - word), &out->number);
	if (out->form == NULL)
		return pw_fail(err, PW_ERR_FORMAT,
			       "'{%.*s}' has no form of that name: there are grouped, last1 to "
			       "last9 and yymmdd",
			       (int)n, name);
	*at = end + 1;
	return PW_OK;
}

/* Takes the next piece off *at, which is not at the end. */
static pw_status next_piece(const pw_label_template *t, const char **at, piece *out, pw_err *err)
{
	if ((**at == '{' || **at == '}') && (*at)[1] == **at) {
		*out = (piece){.text = *at, .length = 1};
		*at += 2;
		return PW_OK;
	}
	if (**at == '{')
		return field_piece(t, at, out, err);
	if (**at == '}')
		return pw_fail(err, PW_ERR_FORMAT, "a '}' without '{': write '}}' for a brace");
	size_t n = strcspn(*at, "{}");
	*out = (piece){.text = *at, .length = n};
	*at += n;
	return PW_OK;
}

pw_status pw_label_text_check(const pw_label_template *t, const char *text, pw_err *err)
{
	piece found;
	pw_status rc = PW_OK;
	while (rc == PW_OK && *text != '\0')
		rc = next_piece(t, &text, &found, err);
	return rc;
}

pw_status pw_label_fill(const pw_label_template *t, const pw_label_values *values, const char *text,
			pw_str *out, bool *out_empty, pw_err *err)
{
	bool named = false, empty = true;
	while (*text != '\0') {
		piece found;
		pw_status rc = next_piece(t, &text, &found, err);
		if (rc != PW_OK)
			return rc;
		if (found.field == NULL) {
			pw_str_add_n(out, found.text, found.length);
			continue;
		}
		const char *value = pw_label_value_of(t, values, found.field->name);
		named = true;
		empty = empty && value[0] == '\0';
		rc = found.form->write(value, found.number, out, err);
		if (rc != PW_OK)
			return pw_fail_ctx(err, rc, "field '%s'", found.field->name);
	}
	*out_empty = named && empty;
	return PW_OK;
}

const char *pw_label_value_of(const pw_label_template *t, const pw_label_values *values,
			      const char *name)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->values[i].name, name) == 0)
			return values->values[i].text;
	const pw_label_field *field = pw_label_template_field(t, name);
	return field != NULL ? field->fallback : "";
}

static pw_status unknown_field(const pw_label_template *t, const char *name, pw_err *err)
{
	pw_str names = PW_STR_INIT;
	for (size_t i = 0; i < t->field_count; i++)
		pw_str_addf(&names, "%s%s", i > 0 ? ", " : "", t->fields[i].name);
	pw_status rc =
		t->field_count == 0
			? pw_fail(err, PW_ERR_ARG, "'%s' is no field of label '%s', which has none",
				  name, t->name)
			: pw_fail(err, PW_ERR_ARG, "'%s' is no field of label '%s': it has %s",
				  name, t->name, pw_str_text(&names));
	pw_str_clear(&names);
	return rc;
}

static pw_status check_value(const pw_label_template *t, const pw_label_value *v, pw_err *err)
{
	size_t n = strlen(v->text);
	if (pw_label_template_field(t, v->name) == NULL)
		return unknown_field(t, v->name, err);
	if (n > PW_LABEL_MAX_TEXT)
		return pw_fail(err, PW_ERR_ARG, "field '%s' has %zu bytes: at most %d", v->name, n,
			       PW_LABEL_MAX_TEXT);
	if (!pw_utf8_valid(v->text, n))
		return pw_fail(err, PW_ERR_ARG, "the text of field '%s' is not UTF-8", v->name);
	if (pw_utf8_has_control(v->text))
		return pw_fail(err, PW_ERR_ARG,
			       "the text of field '%s' has a control character or a line break",
			       v->name);
	return PW_OK;
}

pw_status pw_label_values_check(const pw_label_template *t, const pw_label_values *values,
				pw_err *err)
{
	for (size_t i = 0; i < values->count; i++) {
		pw_status rc = check_value(t, &values->values[i], err);
		if (rc != PW_OK)
			return rc;
		for (size_t k = 0; k < i; k++)
			if (strcmp(values->values[k].name, values->values[i].name) == 0)
				return pw_fail(err, PW_ERR_ARG,
					       "field '%s' is given twice: '%s' and '%s'",
					       values->values[i].name, values->values[k].text,
					       values->values[i].text);
	}
	for (size_t i = 0; i < t->field_count; i++)
		if (t->fields[i].required &&
		    pw_label_value_of(t, values, t->fields[i].name)[0] == '\0')
			return pw_fail(err, PW_ERR_ARG, "label '%s' needs the field '%s'%s%s",
				       t->name, t->fields[i].name,
				       t->fields[i].about[0] != '\0' ? ": " : "",
				       t->fields[i].about);
	return PW_OK;
}
