/* Any bytes as YAML: refused with a place, or a tree that can be walked to its end. */
#include <stdint.h>
#include <stdlib.h>

#include "core/base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const pw_yaml_node *node)
{
	size_t seen = 1;
	char shown[PW_YAML_SHOW];
	if (pw_yaml_line(node) < 1 || pw_yaml_column(node) < 1 || *pw_yaml_show(node, shown) == 0)
		abort();
	if (pw_yaml_kind_of(node) == PW_YAML_SCALAR)
		return pw_yaml_text(node) != NULL ? seen : SIZE_MAX / 2;
	size_t count = pw_yaml_count(node);
	if (pw_yaml_kind_of(node) == PW_YAML_MAP && count > 0 &&
	    pw_yaml_find(node, pw_yaml_key(node, count - 1)) != pw_yaml_item(node, count - 1))
		abort();
	for (size_t i = 0; i < count; i++)
		seen += walk(pw_yaml_item(node, i));
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pw_yaml *yaml = NULL;
	pw_err err = PW_ERR_INIT;
	if (pw_yaml_parse(data, size, "fuzz.yaml", &yaml, &err) != PW_OK) {
		if (err.msg[0] == '\0')
			abort();
		return 0;
	}
	if (walk(pw_yaml_root(yaml)) > 100000)
		abort();
	pw_yaml_free(yaml);
	return 0;
}
