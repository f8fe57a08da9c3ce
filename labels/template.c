#include "labels/template.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/rule_file.h"
#include "labels/template_private.h"

#define MM         1000
#define MAX_SIDE   (1000 * MM)
#define MAX_LABELS 1000 /* on a sheet */
#define NAME_SIZE  32

static pw_status read_length(pw_template_reader *r, const pw_yaml_node *node, const char *what,
			     int min, int max, int *out)
{
	char shown[PW_YAML_SHOW];
	double mm = 0;
	const char *text = pw_yaml_text(node);
	if (text == NULL || !pw_parse_real(text, &mm) || !(fabs(mm) <= max / (double)MM) ||
	    lround(mm * MM) < min)
		return pw_yaml_fail(node, r->err, "%s must be a length from %g to %g mm, not %s",
				    what, min / (double)MM, max / (double)MM,
				    pw_yaml_show(node, shown));
	*out = (int)lround(mm * MM);
	return PW_OK;
}

pw_status pw_template_opt_length(pw_template_reader *r, const pw_yaml_node *map, const char *key,
				 int min, int max, int *out)
{
	const pw_yaml_node *node = pw_yaml_find(map, key);
	return node == NULL ? PW_OK : read_length(r, node, key, min, max, out);
}

pw_status pw_template_get_length(pw_template_reader *r, const pw_yaml_node *map, const char *key,
				 int min, int max, int *out)
{
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(map, key, &text, r->err);
	return rc != PW_OK ? rc : pw_template_opt_length(r, map, key, min, max, out);
}

pw_status pw_template_lengths(pw_template_reader *r, const pw_yaml_node *node, const char *what,
			      int min, int max, int *out, size_t n)
{
	char shown[PW_YAML_SHOW];
	if (pw_yaml_kind_of(node) != PW_YAML_LIST || pw_yaml_count(node) != n)
		return pw_yaml_fail(node, r->err, "%s must be a list of %zu lengths in mm, not %s",
				    what, n, pw_yaml_show(node, shown));
	for (size_t i = 0; i < n; i++) {
		pw_status rc = read_length(r, pw_yaml_item(node, i), what, min, max, &out[i]);
		if (rc != PW_OK)
			return rc;
	}
	return PW_OK;
}

static pw_status read_pair(pw_template_reader *r, const pw_yaml_node *map, const char *key,
			   int *out)
{
	const pw_yaml_node *node = NULL;
	pw_status rc = pw_yaml_get_list(map, key, &node, r->err);
	return rc != PW_OK ? rc : pw_template_lengths(r, node, key, 1 * MM, MAX_SIDE, out, 2);
}

static pw_status read_size(pw_template_reader *r, const pw_yaml_node *root)
{
	int size[2] = {0, 0};
	pw_status rc;
	if ((rc = read_pair(r, root, "size", size)) != PW_OK ||
	    (rc = pw_template_opt_length(r, root, "gap", 0, 100 * MM, &r->t->gap)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(root, "round", &r->t->round, r->err)) != PW_OK)
		return rc;
	r->t->width = size[0];
	r->t->height = size[1];
	return PW_OK;
}

static pw_status check_sheet(pw_template_reader *r, const pw_yaml_node *node)
{
	const pw_label_sheet *s = &r->t->sheet;
	if (s->columns * s->rows > MAX_LABELS)
		return pw_yaml_fail(node, r->err, "%d × %d labels on a sheet: at most %d",
				    s->columns, s->rows, MAX_LABELS);
	if ((s->columns > 1 && s->across < r->t->width) || (s->rows > 1 && s->down < r->t->height))
		return pw_yaml_fail(node, r->err,
				    "labels of %g × %g mm overlap on the sheet: make 'across' and "
				    "'down' larger",
				    r->t->width / (double)MM, r->t->height / (double)MM);
	if (s->left + (s->columns - 1) * (int64_t)s->across + r->t->width > s->width ||
	    s->top + (s->rows - 1) * (int64_t)s->down + r->t->height > s->height)
		return pw_yaml_fail(node, r->err, "%d × %d labels do not fit on the paper",
				    s->columns, s->rows);
	return PW_OK;
}

static pw_status read_sheet(pw_template_reader *r, const pw_yaml_node *root)
{
	static const char *const keys[] = {"paper", "columns", "rows", "left",
					   "top",   "across",  "down", NULL};
	const pw_yaml_node *node = pw_yaml_find(root, "sheet");
	pw_label_sheet *s = &r->t->sheet;
	int64_t columns = 0, rows = 0;
	int paper[2] = {0, 0};
	pw_status rc;
	if (node == NULL)
		return PW_OK;
	if ((rc = pw_yaml_get_map(root, "sheet", &node, r->err)) != PW_OK ||
	    (rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = read_pair(r, node, "paper", paper)) != PW_OK ||
	    (rc = pw_yaml_get_int(node, "columns", 1, 100, &columns, r->err)) != PW_OK ||
	    (rc = pw_yaml_get_int(node, "rows", 1, 100, &rows, r->err)) != PW_OK ||
	    (rc = pw_template_get_length(r, node, "left", 0, MAX_SIDE, &s->left)) != PW_OK ||
	    (rc = pw_template_get_length(r, node, "top", 0, MAX_SIDE, &s->top)) != PW_OK ||
	    (rc = pw_template_get_length(r, node, "across", 1 * MM, MAX_SIDE, &s->across)) !=
		    PW_OK ||
	    (rc = pw_template_get_length(r, node, "down", 1 * MM, MAX_SIDE, &s->down)) != PW_OK)
		return rc;
	s->width = paper[0];
	s->height = paper[1];
	s->columns = (int)columns;
	s->rows = (int)rows;
	return check_sheet(r, node);
}

static bool is_field_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && n < NAME_SIZE && name[n] == '\0';
}

/* A text of the file that lives as long as the template; "" when there is none. */
static pw_status keep_text(pw_template_reader *r, const pw_yaml_node *map, const char *key,
			   const char **out)
{
	const char *text = "";
	pw_status rc = pw_yaml_opt_text(map, key, &text, r->err);
	if (rc == PW_OK && strlen(text) > PW_LABEL_MAX_TEXT)
		rc = pw_yaml_fail(pw_yaml_find(map, key), r->err, "'%s' is longer than %d bytes",
				  key, PW_LABEL_MAX_TEXT);
	if (rc == PW_OK)
		*out = pw_arena_strdup(&r->t->arena, text);
	return rc;
}

static pw_status read_field(pw_template_reader *r, const pw_yaml_node *node)
{
	static const char *const keys[] = {"required", "default", "example", "about", NULL};
	pw_label_field *field = &r->t->fields[r->t->field_count];
	pw_status rc;
	if ((rc = pw_yaml_only(node, keys, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(node, "required", &field->required, r->err)) != PW_OK ||
	    (rc = keep_text(r, node, "default", &field->fallback)) != PW_OK ||
	    (rc = keep_text(r, node, "example", &field->example)) != PW_OK ||
	    (rc = keep_text(r, node, "about", &field->about)) != PW_OK)
		return rc;
	if (field->required && field->fallback[0] != '\0')
		return pw_yaml_fail(node, r->err, "field '%s' can't be required and have a default",
				    field->name);
	if (field->example[0] == '\0')
		return pw_yaml_fail(node, r->err,
				    "field '%s' needs an 'example', as long as its texts come: the "
				    "linter tries it",
				    field->name);
	r->t->field_count++;
	return PW_OK;
}

static pw_status read_fields(pw_template_reader *r, const pw_yaml_node *root)
{
	const pw_yaml_node *fields = NULL;
	if (pw_yaml_find(root, "fields") == NULL)
		return PW_OK;
	pw_status rc = pw_yaml_get_map(root, "fields", &fields, r->err);
	for (size_t i = 0; rc == PW_OK && i < pw_yaml_count(fields); i++) {
		const pw_yaml_node *key = pw_yaml_key_node(fields, i);
		const char *name = pw_yaml_key(fields, i);
		const pw_yaml_node *map = NULL;
		if (!is_field_name(name))
			return pw_yaml_fail(key, r->err,
					    "the field '%s' must be named with 1 to %d of a-z, "
					    "0-9 and _",
					    name, NAME_SIZE - 1);
		if (r->t->field_count == PW_LABEL_MAX_FIELDS)
			return pw_yaml_fail(key, r->err, "more than %d fields",
					    PW_LABEL_MAX_FIELDS);
		r->t->fields[r->t->field_count].name = pw_arena_strdup(&r->t->arena, name);
		rc = pw_yaml_get_map(fields, name, &map, r->err);
		if (rc == PW_OK)
			rc = read_field(r, map);
	}
	return rc;
}

static pw_status read_elements(pw_template_reader *r, const pw_yaml_node *root)
{
	const pw_yaml_node *elements = NULL;
	pw_status rc = pw_yaml_get_list(root, "elements", &elements, r->err);
	if (rc == PW_OK && pw_yaml_count(elements) == 0)
		return pw_yaml_fail(elements, r->err, "a label without elements is blank");
	for (size_t i = 0; rc == PW_OK && i < pw_yaml_count(elements); i++) {
		const pw_yaml_node *node = pw_yaml_item(elements, i);
		if (i == PW_LABEL_MAX_ELEMENTS)
			return pw_yaml_fail(node, r->err, "more than %d elements",
					    PW_LABEL_MAX_ELEMENTS);
		rc = pw_template_read_element(r, node, &r->t->elements[i]);
		r->t->red = r->t->red || r->t->elements[i].red;
		r->t->element_count = i + 1;
	}
	return rc;
}

static pw_status read_template(pw_template_reader *r, const pw_yaml_node *root)
{
	static const char *const keys[] = {"poolwell", "name",   "version",  "title",
					   "source",   "size",   "gap",      "round",
					   "sheet",    "fields", "elements", NULL};
	pw_rule_head head;
	pw_status rc;
	if ((rc = pw_rule_head_read(root, "label", &head, r->err)) != PW_OK ||
	    (rc = pw_yaml_only(root, keys, r->err)) != PW_OK ||
	    (rc = read_size(r, root)) != PW_OK || (rc = read_sheet(r, root)) != PW_OK ||
	    (rc = read_fields(r, root)) != PW_OK || (rc = read_elements(r, root)) != PW_OK)
		return rc;
	r->t->name = pw_arena_strdup(&r->t->arena, head.name);
	r->t->title = pw_arena_strdup(&r->t->arena, head.title);
	r->t->version = head.version;
	return PW_OK;
}

pw_status pw_label_template_parse(const void *bytes, size_t n, const char *name,
				  pw_label_template **out, pw_err *err)
{
	pw_yaml *yaml = NULL;
	pw_status rc = pw_yaml_parse(bytes, n, name, &yaml, err);
	if (rc != PW_OK)
		return rc;
	pw_template_reader r = {.t = pw_alloc(sizeof(*r.t)), .err = err};
	r.t->hash = pw_hash_bytes(bytes, n);
	r.t->file = pw_arena_strdup(&r.t->arena, name);
	rc = read_template(&r, pw_yaml_root(yaml));
	pw_yaml_free(yaml);
	if (rc != PW_OK) {
		pw_label_template_free(r.t);
		return rc;
	}
	*out = r.t;
	return PW_OK;
}

void pw_label_template_free(pw_label_template *t)
{
	if (t == NULL)
		return;
	pw_arena_clear(&t->arena);
	pw_free(t);
}

int pw_label_template_room(const pw_label_template *t)
{
	return t->sheet.columns > 0 ? t->sheet.columns * t->sheet.rows : 1;
}

const pw_label_field *pw_label_template_field(const pw_label_template *t, const char *name)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (strcmp(t->fields[i].name, name) == 0)
			return &t->fields[i];
	return NULL;
}
