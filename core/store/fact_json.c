/*
 * Canonical JSON: keys in the order of their bytes, no white space, integers as such, reals in the
 * shortest decimal that reads back the same, text in UTF-8 with only what JSON demands escaped, absent
 * values left out. One fact has one spelling, so that the chain's hash is the fact's.
 */
#include "core/store/internal.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* ---------------------------------------------------------------- encode */

static pw_status add_text(pw_str *out, const char *text, const char *name, pw_err *err)
{
	if (!pw_utf8_valid(text, strlen(text)))
		return pw_fail(err, PW_ERR_FORMAT, "%s is not UTF-8 text; nothing was recorded",
			       name);
	pw_str_add_char(out, '"');
	const char *from = text;
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		pw_str_add_n(out, from, (size_t)(p - from));
		if (c < 0x20)
			pw_str_addf(out, "\\u%04x", c);
		else
			pw_str_addf(out, "\\%c", c);
		from = p + 1;
	}
	pw_str_add(out, from);
	pw_str_add_char(out, '"');
	return PW_OK;
}

/* Hot: a roster has millions of them, and printf is slow. */
static void add_int(pw_str *out, int64_t value)
{
	char digits[24];
	int n = sizeof(digits);
	uint64_t u = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--n] = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (value < 0)
		digits[--n] = '-';
	pw_str_add_n(out, digits + n, sizeof(digits) - (size_t)n);
}

static pw_status add_value(pw_str *out, const pw_value *v, const char *name, pw_err *err)
{
	char real[32];
	switch (v->kind) {
	case PW_INT:
		add_int(out, v->i);
		return PW_OK;
	case PW_REAL:
		if (!isfinite(v->r))
			return pw_fail(err, PW_ERR_FORMAT,
				       "%s is not a number; nothing was recorded", name);
		/* -0 would read back as the integer 0. */
		pw_format_real(v->r == 0.0 ? 0.0 : v->r, real);
		pw_str_add(out, real);
		return PW_OK;
	default:
		return add_text(out, v->text, name, err);
	}
}

static void add_key(pw_str *out, const char *name, bool *first)
{
	pw_str_add(out, *first ? "\"" : ",\"");
	pw_str_add(out, name);
	pw_str_add(out, "\":");
	*first = false;
}

static pw_status add_object(pw_str *out, const pw_fact_values *values, const pw_field *fields,
			    int count, const pw_value *v, pw_err *err);

static pw_status add_list(pw_str *out, const pw_fact_values *values, pw_err *err)
{
	const pw_fact *f = values->fact;
	pw_str_add_char(out, '[');
	for (size_t k = 0; k < values->item_count; k++) {
		if (k > 0)
			pw_str_add_char(out, ',');
		pw_status rc = add_object(out, values, f->items, f->item_count,
					  values->items + k * (size_t)f->item_count, err);
		if (rc != PW_OK)
			return rc;
	}
	pw_str_add_char(out, ']');
	return PW_OK;
}

static pw_status add_object(pw_str *out, const pw_fact_values *values, const pw_field *fields,
			    int count, const pw_value *v, pw_err *err)
{
	bool first = true;
	pw_str_add_char(out, '{');
	for (int i = 0; i < count; i++) {
		pw_status rc = PW_OK;
		if (fields[i].type == PW_TYPE_LIST) {
			add_key(out, fields[i].name, &first);
			rc = add_list(out, values, err);
		} else if (v[i].kind != PW_NULL) {
			add_key(out, fields[i].name, &first);
			rc = add_value(out, &v[i], fields[i].name, err);
		}
		if (rc != PW_OK)
			return rc;
	}
	pw_str_add_char(out, '}');
	return PW_OK;
}

pw_status pw_fact_encode(const pw_fact_values *values, pw_str *out, pw_err *err)
{
	const pw_envelope *e = &values->envelope;
	pw_str_add(out, "{\"actor\":");
	pw_status rc = add_text(out, e->actor, "operator", err);
	if (rc != PW_OK)
		return rc;
	pw_str_add(out, ",\"at\":");
	add_int(out, e->at);
	pw_str_add(out, ",\"data\":");
	rc = add_object(out, values, values->fact->fields, values->fact->field_count,
			values->fields, err);
	if (rc != PW_OK)
		return rc;
	pw_str_add(out, ",\"fact\":\"");
	pw_str_add(out, values->fact->name);
	pw_str_add_char(out, '"');
	if (e->reason != NULL) {
		pw_str_add(out, ",\"reason\":");
		if ((rc = add_text(out, e->reason, "reason", err)) != PW_OK)
			return rc;
	}
	pw_str_add(out, ",\"seq\":");
	add_int(out, e->seq);
	pw_str_add(out, ",\"station\":");
	if ((rc = add_text(out, e->station, "station", err)) != PW_OK)
		return rc;
	pw_str_add_char(out, '}');
	return PW_OK;
}

/* ---------------------------------------------------------------- decode */

static pw_status take_value(const json_t *json, const pw_field *f, pw_arena *arena, pw_value *out,
			    pw_err *err)
{
	if (json == NULL) {
		*out = (pw_value){PW_NULL, 0, 0, NULL};
		if (!f->optional)
			return pw_fail(err, PW_ERR_CORRUPT, "the field '%s' is missing", f->name);
		return PW_OK;
	}
	if (f->type == PW_TYPE_TEXT && json_is_string(json))
		*out = pw_value_text(
			pw_arena_strndup(arena, json_string_value(json), json_string_length(json)));
	else if (f->type == PW_TYPE_INT && json_is_integer(json))
		*out = pw_value_int(json_integer_value(json));
	else if (f->type == PW_TYPE_REAL && json_is_number(json))
		*out = pw_value_real(json_number_value(json));
	else
		return pw_fail(err, PW_ERR_CORRUPT, "the field '%s' is of another type", f->name);
	return PW_OK;
}

static pw_status take_object(const json_t *json, const pw_field *fields, int count, pw_arena *arena,
			     pw_value *out, pw_err *err)
{
	if (!json_is_object(json))
		return pw_fail(err, PW_ERR_CORRUPT, "a record is no object");
	size_t known = 0;
	for (int i = 0; i < count; i++) {
		const json_t *value = json_object_get(json, fields[i].name);
		known += value != NULL ? 1 : 0;
		if (fields[i].type == PW_TYPE_LIST)
			continue;
		pw_status rc = take_value(value, &fields[i], arena, &out[i], err);
		if (rc != PW_OK)
			return rc;
	}
	if (json_object_size(json) != known)
		return pw_fail(err, PW_ERR_CORRUPT, "it has a field that its declaration has not");
	return PW_OK;
}

static pw_status take_data(const json_t *data, pw_arena *arena, pw_fact_values *out, pw_err *err)
{
	const pw_fact *f = out->fact;
	out->fields = pw_arena_array(arena, (size_t)f->field_count + 1, sizeof(pw_value));
	pw_status rc = take_object(data, f->fields, f->field_count, arena, out->fields, err);
	if (rc != PW_OK || f->items == NULL)
		return rc;
	const json_t *list = NULL;
	for (int i = 0; i < f->field_count; i++)
		if (f->fields[i].type == PW_TYPE_LIST)
			list = json_object_get(data, f->fields[i].name);
	if (!json_is_array(list))
		return pw_fail(err, PW_ERR_CORRUPT, "its list is missing");
	out->item_count = json_array_size(list);
	out->items = pw_arena_array(arena, out->item_count * (size_t)f->item_count + 1,
				    sizeof(pw_value));
	for (size_t k = 0; rc == PW_OK && k < out->item_count; k++)
		rc = take_object(json_array_get(list, k), f->items, f->item_count, arena,
				 out->items + k * (size_t)f->item_count, err);
	return rc;
}

static const pw_fact *find_fact(const char *name)
{
	for (int i = 0; i < pw_sql_fact_count; i++)
		if (strcmp(pw_sql_facts[i].name, name) == 0)
			return &pw_sql_facts[i];
	return NULL;
}

static const pw_field envelope_fields[] = {
	{"seq", PW_TYPE_INT, false, false, 0, ""},
	{"at", PW_TYPE_INT, false, false, 0, ""},
	{"actor", PW_TYPE_TEXT, false, false, 0, ""},
	{"station", PW_TYPE_TEXT, false, false, 0, ""},
	{"reason", PW_TYPE_TEXT, true, false, 0, ""},
};

static pw_status take_envelope(const json_t *root, pw_arena *arena, pw_fact_values *out,
			       pw_err *err)
{
	pw_value v[5];
	size_t known = 2; /* fact, data */
	for (int i = 0; i < 5; i++) {
		const json_t *value = json_object_get(root, envelope_fields[i].name);
		known += value != NULL ? 1 : 0;
		pw_status rc = take_value(value, &envelope_fields[i], arena, &v[i], err);
		if (rc != PW_OK)
			return rc;
	}
	out->envelope = (pw_envelope){v[0].i, v[1].i, v[2].text, v[3].text, v[4].text};
	const json_t *name = json_object_get(root, "fact");
	if (!json_is_string(name))
		return pw_fail(err, PW_ERR_CORRUPT, "it does not say what fact it is");
	out->fact = find_fact(json_string_value(name));
	if (out->fact == NULL)
		return pw_fail(err, PW_ERR_CORRUPT, "this program knows no fact '%.60s'",
			       json_string_value(name));
	if (json_object_get(root, "data") != NULL && json_object_size(root) != known)
		return pw_fail(err, PW_ERR_CORRUPT, "it has a field that no fact has");
	return PW_OK;
}

pw_status pw_fact_decode(const char *body, size_t n, pw_arena *arena, pw_fact_values *out,
			 pw_err *err)
{
	json_error_t problem;
	json_t *root = json_loadb(body, n, JSON_REJECT_DUPLICATES, &problem);
	if (root == NULL)
		return pw_fail(err, PW_ERR_CORRUPT, "it is not JSON: %s", problem.text);
	*out = (pw_fact_values){.fact = NULL};
	pw_status rc = take_envelope(root, arena, out, err);
	if (rc == PW_OK)
		rc = take_data(json_object_get(root, "data"), arena, out, err);
	json_decref(root);
	return rc;
}

/* ---------------------------------------------------------------- for people */

static void describe_value(const pw_field *f, const pw_value *v, bool phi, pw_str *out)
{
	char real[32];
	if (v->kind == PW_NULL)
		return;
	bool first = out->len == 0 || out->ptr[out->len - 1] == '[';
	pw_str_addf(out, "%s%s=", first ? "" : " ", f->name);
	if (f->phi && !phi)
		pw_str_add(out, "•••");
	else if (v->kind == PW_INT)
		pw_str_addf(out, "%" PRId64, v->i);
	else if (v->kind == PW_TEXT)
		pw_str_add(out, v->text);
	else {
		pw_format_real(v->r, real);
		pw_str_add(out, real);
	}
}

/* As much of a text as there is room for, in whole characters. */
static void copy_cut(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);
	if (n >= size)
		for (n = size - 1; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
			n--;
	memcpy(out, text, n);
	out[n] = '\0';
}

static void describe_list(const pw_fact_values *v, const char *name, bool phi, bool whole,
			  pw_str *out)
{
	pw_str_addf(out, "%s%s: %zu", out->len > 0 ? " " : "", name, v->item_count);
	for (size_t k = 0; whole && k < v->item_count; k++) {
		pw_str_add(out, " [");
		for (int i = 0; i < v->fact->item_count; i++)
			describe_value(&v->fact->items[i],
				       &v->items[k * (size_t)v->fact->item_count + (size_t)i], phi,
				       out);
		pw_str_add_char(out, ']');
	}
}

pw_status pw_fact_describe(const char *body, bool phi, bool whole, pw_fact_summary *out,
			   pw_str *out_data, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_fact_values v;
	pw_status rc = pw_fact_decode(body, strlen(body), &arena, &v, err);
	if (rc == PW_OK) {
		const pw_envelope *e = &v.envelope;
		*out = (pw_fact_summary){.name = v.fact->name, .at = e->at};
		copy_cut(out->actor, sizeof(out->actor), e->actor);
		copy_cut(out->station, sizeof(out->station), e->station);
		copy_cut(out->reason, sizeof(out->reason), e->reason != NULL ? e->reason : "");
		for (int i = 0; i < v.fact->field_count; i++)
			if (v.fact->fields[i].type == PW_TYPE_LIST)
				describe_list(&v, v.fact->fields[i].name, phi, whole, out_data);
			else
				describe_value(&v.fact->fields[i], &v.fields[i], phi, out_data);
	}
	pw_arena_clear(&arena);
	return rc;
}
