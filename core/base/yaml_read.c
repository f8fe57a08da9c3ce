#include "core/base/yaml.h"

#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "core/base/yaml_node.h"

pw_status pw_yaml_fail_at(const pw_yaml *doc, int line, int column, pw_status status, pw_err *err,
			  const char *format, va_list args)
{
	char text[512];
	vsnprintf(text, sizeof(text), format, args);
	return pw_fail(err, status, "%s:%d:%d: %s", doc->name, line, column, text);
}

const pw_yaml_node *pw_yaml_root(const pw_yaml *yaml)
{
	return yaml->root;
}

pw_yaml_kind pw_yaml_kind_of(const pw_yaml_node *node)
{
	return node->kind;
}

int pw_yaml_line(const pw_yaml_node *node)
{
	return node->line;
}

int pw_yaml_column(const pw_yaml_node *node)
{
	return node->column;
}

size_t pw_yaml_count(const pw_yaml_node *node)
{
	return node->count;
}

const pw_yaml_node *pw_yaml_item(const pw_yaml_node *node, size_t index)
{
	PW_BUG_IF(index >= node->count);
	return node->items[index];
}

const pw_yaml_node *pw_yaml_key_node(const pw_yaml_node *node, size_t index)
{
	PW_BUG_IF(node->kind != PW_YAML_MAP || index >= node->count);
	return node->keys[index];
}

const char *pw_yaml_key(const pw_yaml_node *node, size_t index)
{
	return pw_yaml_key_node(node, index)->text;
}

const pw_yaml_node *pw_yaml_find(const pw_yaml_node *node, const char *key)
{
	if (node->kind != PW_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < node->count; i++)
		if (strcmp(node->keys[i]->text, key) == 0)
			return node->items[i];
	return NULL;
}

const char *pw_yaml_text(const pw_yaml_node *node)
{
	return node->text;
}

pw_status pw_yaml_fail(const pw_yaml_node *node, pw_err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	pw_status rc = pw_yaml_fail_at(node->doc, node->line, node->column, PW_ERR_FORMAT, err,
				       format, args);
	va_end(args);
	return rc;
}

const char *pw_yaml_show(const pw_yaml_node *node, char out[PW_YAML_SHOW])
{
	if (node->kind != PW_YAML_SCALAR)
		return node->kind == PW_YAML_LIST ? "a list" : "a map";
	size_t n = strlen(node->text);
	if (n == 0)
		return "nothing";
	bool whole = n + sizeof("''") <= PW_YAML_SHOW;
	if (!whole) {
		n = PW_YAML_SHOW - sizeof("'…'");
		while (n > 0 && ((unsigned char)node->text[n] & 0xC0) == 0x80)
			n--;
	}
	snprintf(out, PW_YAML_SHOW, "'%.*s%s'", (int)n, node->text, whole ? "" : "…");
	return out;
}

static pw_status expect_map(const pw_yaml_node *map, pw_err *err)
{
	char found[PW_YAML_SHOW];
	if (map->kind == PW_YAML_MAP)
		return PW_OK;
	return pw_yaml_fail(map, err, "here must stand a map (key: value), not %s",
			    pw_yaml_show(map, found));
}

/* *out is NULL when the map has no such key and need not have it. */
static pw_status look_up(const pw_yaml_node *map, const char *key, bool must,
			 const pw_yaml_node **out, pw_err *err)
{
	pw_status rc = expect_map(map, err);
	if (rc != PW_OK)
		return rc;
	const pw_yaml_node *node = pw_yaml_find(map, key);
	if (node == NULL && must)
		return pw_yaml_fail(map, err, "'%s' is missing here: add a line '%s: …'", key, key);
	*out = node;
	return PW_OK;
}

static pw_status wrong_kind(const pw_yaml_node *node, const char *key, const char *what,
			    pw_err *err)
{
	char found[PW_YAML_SHOW];
	return pw_yaml_fail(node, err, "'%s' must be %s, not %s", key, what,
			    pw_yaml_show(node, found));
}

static pw_status read_text(const pw_yaml_node *map, const char *key, bool must, const char **out,
			   pw_err *err)
{
	const pw_yaml_node *node = NULL;
	pw_status rc = look_up(map, key, must, &node, err);
	if (rc != PW_OK || node == NULL)
		return rc;
	/* `key:` with nothing behind it is a value that somebody forgot; `key: ""` says empty. */
	if (node->kind != PW_YAML_SCALAR || (node->plain && node->text[0] == '\0'))
		return wrong_kind(node, key, "text", err);
	*out = node->text;
	return PW_OK;
}

static pw_status read_int(const pw_yaml_node *map, const char *key, bool must, int64_t range[2],
			  int64_t *out, pw_err *err)
{
	const pw_yaml_node *node = NULL;
	pw_status rc = look_up(map, key, must, &node, err);
	if (rc != PW_OK || node == NULL)
		return rc;
	int64_t value = 0;
	if (node->kind != PW_YAML_SCALAR || !pw_parse_int(node->text, &value) || value < range[0] ||
	    value > range[1]) {
		char what[80];
		snprintf(what, sizeof(what), "a whole number from %lld to %lld",
			 (long long)range[0], (long long)range[1]);
		return wrong_kind(node, key, what, err);
	}
	*out = value;
	return PW_OK;
}

static pw_status read_kind(const pw_yaml_node *map, const char *key, bool must, pw_yaml_kind kind,
			   const pw_yaml_node **out, pw_err *err)
{
	const pw_yaml_node *node = NULL;
	pw_status rc = look_up(map, key, must, &node, err);
	if (rc != PW_OK || node == NULL)
		return rc;
	if (node->kind != kind)
		return wrong_kind(node, key,
				  kind == PW_YAML_LIST ? "a list (- item, or [item, item])"
						       : "a map (key: value)",
				  err);
	*out = node;
	return PW_OK;
}

pw_status pw_yaml_get_text(const pw_yaml_node *map, const char *key, const char **out, pw_err *err)
{
	return read_text(map, key, true, out, err);
}

pw_status pw_yaml_opt_text(const pw_yaml_node *map, const char *key, const char **out, pw_err *err)
{
	return read_text(map, key, false, out, err);
}

pw_status pw_yaml_get_int(const pw_yaml_node *map, const char *key, int64_t min, int64_t max,
			  int64_t *out, pw_err *err)
{
	return read_int(map, key, true, (int64_t[]){min, max}, out, err);
}

pw_status pw_yaml_opt_int(const pw_yaml_node *map, const char *key, int64_t min, int64_t max,
			  int64_t *out, pw_err *err)
{
	return read_int(map, key, false, (int64_t[]){min, max}, out, err);
}

pw_status pw_yaml_opt_bool(const pw_yaml_node *map, const char *key, bool *out, pw_err *err)
{
	const pw_yaml_node *node = NULL;
	pw_status rc = look_up(map, key, false, &node, err);
	if (rc != PW_OK || node == NULL)
		return rc;
	static const char *const yes[] = {"true", "yes"}, *const no[] = {"false", "no"};
	for (int i = 0; i < 2 && node->kind == PW_YAML_SCALAR; i++) {
		if (strcmp(node->text, yes[i]) == 0 || strcmp(node->text, no[i]) == 0) {
			*out = strcmp(node->text, yes[i]) == 0;
			return PW_OK;
		}
	}
	return wrong_kind(node, key, "true or false", err);
}

pw_status pw_yaml_get_list(const pw_yaml_node *map, const char *key, const pw_yaml_node **out,
			   pw_err *err)
{
	return read_kind(map, key, true, PW_YAML_LIST, out, err);
}

pw_status pw_yaml_opt_list(const pw_yaml_node *map, const char *key, const pw_yaml_node **out,
			   pw_err *err)
{
	return read_kind(map, key, false, PW_YAML_LIST, out, err);
}

pw_status pw_yaml_get_map(const pw_yaml_node *map, const char *key, const pw_yaml_node **out,
			  pw_err *err)
{
	return read_kind(map, key, true, PW_YAML_MAP, out, err);
}

static bool listed(const char *key, const char *const *keys)
{
	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

pw_status pw_yaml_only(const pw_yaml_node *map, const char *const *keys, pw_err *err)
{
	pw_status rc = expect_map(map, err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < map->count; i++) {
		if (listed(map->keys[i]->text, keys))
			continue;
		char found[PW_YAML_SHOW];
		pw_str known = PW_STR_INIT;
		for (size_t k = 0; keys[k] != NULL; k++)
			pw_str_addf(&known, "%s%s", k == 0 ? "" : ", ", keys[k]);
		rc = pw_yaml_fail(map->keys[i], err, "there is no key %s here; there are: %s",
				  pw_yaml_show(map->keys[i], found), pw_str_text(&known));
		pw_str_clear(&known);
		return rc;
	}
	return PW_OK;
}
