/*
 * What a YAML document is made of: shared by yaml.c, which builds the tree, and yaml_read.c, which
 * answers questions about it. Not for other modules: they see core/base/yaml.h.
 */
#ifndef PW_BASE_YAML_NODE_H
#define PW_BASE_YAML_NODE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/yaml.h"

struct pw_yaml_node {
	const pw_yaml *doc;
	pw_yaml_kind kind;
	int line, column;
	bool plain;                 /* a scalar written without quotes */
	const char *text;           /* of a scalar */
	size_t count;               /* of items, or of pairs */
	const pw_yaml_node **items; /* of a list, or the values of a map */
	const pw_yaml_node **keys;
	size_t nodes; /* itself and all below it, an aliased node as often as it is named */
	int levels;   /* lists and maps from here down, itself counted */
};

struct pw_yaml {
	pw_arena arena;
	char *name;
	const pw_yaml_node *root;
};

pw_status pw_yaml_fail_at(const pw_yaml *doc, int line, int column, pw_status status, pw_err *err,
			  const char *format, va_list args);

#endif
