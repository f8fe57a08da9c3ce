#include "core/model/rule_file.h"

#include <string.h>

pw_status pw_rule_word(const pw_yaml_node *node, const char *what, size_t max, const char **out,
		       pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	size_t n = text == NULL ? 0 : strlen(text);
	if (n == 0)
		return pw_yaml_fail(node, err, "here must stand %s, not %s", what,
				    pw_yaml_show(node, shown));
	if (n >= max)
		return pw_yaml_fail(node, err, "%s is longer than %s may be (%zu bytes)",
				    pw_yaml_show(node, shown), what, max - 1);
	bool ok = text[0] != ' ' && text[n - 1] != ' ';
	for (size_t i = 0; i < n; i++)
		ok = ok && (unsigned char)text[i] >= ' ' && text[i] != 0x7f;
	if (!ok)
		return pw_yaml_fail(node, err, "%s must be printable, without spaces at its ends",
				    what);
	*out = text;
	return PW_OK;
}

static pw_status check_kind(const pw_yaml_node *root, const char *kind, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	if (pw_yaml_kind_of(root) != PW_YAML_MAP || pw_yaml_count(root) == 0 ||
	    strcmp(pw_yaml_key(root, 0), "poolwell") != 0)
		return pw_yaml_fail(root, err, "the file must begin with the line 'poolwell: %s/1'",
				    kind);
	const pw_yaml_node *node = pw_yaml_item(root, 0);
	const char *text = pw_yaml_text(node);
	size_t n = strlen(kind);
	if (text == NULL || strncmp(text, kind, n) != 0 || text[n] != '/')
		return pw_yaml_fail(node, err, "this is %s, not %s/1: the wrong file is at hand",
				    pw_yaml_show(node, shown), kind);
	if (strcmp(text + n, "/1") != 0)
		return pw_yaml_fail(node, err,
				    "%s is not known here, only %s/1: use a newer poolwell",
				    pw_yaml_show(node, shown), kind);
	return PW_OK;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static pw_status read_name(const pw_yaml_node *root, const char **out, pw_err *err)
{
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(root, "name", &text, err);
	if (rc != PW_OK)
		return rc;
	const pw_yaml_node *node = pw_yaml_find(root, "name");
	if ((rc = pw_rule_word(node, "a name", PW_RULE_NAME_SIZE, &text, err)) != PW_OK)
		return rc;
	for (const char *p = text; *p != '\0'; p++)
		if (!is_name_char(*p))
			return pw_yaml_fail(node, err,
					    "the name '%s' must be of a-z, 0-9 and - only", text);
	*out = text;
	return PW_OK;
}

static pw_status read_line(const pw_yaml_node *root, const char *key, const char **out, pw_err *err)
{
	const pw_yaml_node *node = pw_yaml_find(root, key);
	return node == NULL ? PW_OK : pw_rule_word(node, key, PW_RULE_TITLE_SIZE, out, err);
}

pw_status pw_rule_head_read(const pw_yaml_node *root, const char *kind, pw_rule_head *out,
			    pw_err *err)
{
	pw_rule_head head = {.name = "", .title = "", .source = ""};
	int64_t version = 0;
	pw_status rc;
	if ((rc = check_kind(root, kind, err)) != PW_OK ||
	    (rc = read_name(root, &head.name, err)) != PW_OK ||
	    (rc = pw_yaml_get_int(root, "version", 1, 1000000, &version, err)) != PW_OK ||
	    (rc = read_line(root, "title", &head.title, err)) != PW_OK ||
	    (rc = read_line(root, "source", &head.source, err)) != PW_OK)
		return rc;
	head.version = (int)version;
	*out = head;
	return PW_OK;
}
