/*
 * YAML as a tree that knows where each of its values stands, over libyaml's events (why:
 * docs/decisions/0001-libyaml.md). Rules of a laboratory (assays, layouts, profiles) are read with
 * it; every complaint names line and column.
 *
 * Taken: mappings, sequences, scalars, comments, anchors and aliases that make no loop. One document.
 * A scalar is text; who wants a number asks for one. A key twice in a mapping is an error, and so is
 * a tag (!!int), a key that is not a scalar, a NUL in a text. An alias is the node it names, with
 * that node's place: a message about it points at where the value is written.
 */
#ifndef PW_BASE_YAML_H
#define PW_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

typedef struct pw_yaml pw_yaml;           /* a parsed document; owns its nodes */
typedef struct pw_yaml_node pw_yaml_node; /* borrowed from the document */

typedef enum pw_yaml_kind { PW_YAML_SCALAR, PW_YAML_LIST, PW_YAML_MAP } pw_yaml_kind;

/*
 * `name` stands in front of every message ("cdc.yaml:7:3: …") and is copied. PW_ERR_FORMAT with the
 * place; PW_ERR_LIMIT over 1 MiB, 64 levels, 256 anchors or 100,000 values, where each alias counts as
 * all that it stands for: levels and values are counted while reading, so that a bomb of brackets or
 * aliases is refused where it starts. Free with pw_yaml_free.
 */
PW_NODISCARD pw_status pw_yaml_parse(const void *bytes, size_t n, const char *name, pw_yaml **out,
				     pw_err *err);
void pw_yaml_free(pw_yaml *yaml);

const pw_yaml_node *pw_yaml_root(const pw_yaml *yaml);
pw_yaml_kind pw_yaml_kind_of(const pw_yaml_node *node);
int pw_yaml_line(const pw_yaml_node *node);   /* from 1 */
int pw_yaml_column(const pw_yaml_node *node); /* from 1 */

/* Children of a list or a map in the order of the file; keys are for maps only. Index from 0. */
size_t pw_yaml_count(const pw_yaml_node *node);
const pw_yaml_node *pw_yaml_item(const pw_yaml_node *node, size_t index);
const char *pw_yaml_key(const pw_yaml_node *node, size_t index);
const pw_yaml_node *pw_yaml_key_node(const pw_yaml_node *node, size_t index); /* for its place */

/* The value of a key, NULL when the map has none. */
const pw_yaml_node *pw_yaml_find(const pw_yaml_node *node, const char *key);

/* The text of a scalar, NULL for a list or map. Lives as long as the document. */
const char *pw_yaml_text(const pw_yaml_node *node);

#define PW_YAML_SHOW 72

/* The node for a message: "'abc'" (cut with "…" when long), "a list", "a map", "nothing". */
const char *pw_yaml_show(const pw_yaml_node *node, char out[PW_YAML_SHOW]);

/* PW_ERR_FORMAT with the document's name and the node's place in front. */
pw_status pw_yaml_fail(const pw_yaml_node *node, pw_err *err, const char *format, ...)
	PW_PRINTF(3, 4);

/*
 * Reading by expectation: `map` must be a map that has the key (get) or may have it (opt: *out is
 * left alone when it has not), with a value of the kind; else PW_ERR_FORMAT that says what stands
 * there and what should. A text must be written (`key:` alone is a value forgotten, `key: ""` is an
 * empty text); a bool is true, false, yes or no.
 */
PW_NODISCARD pw_status pw_yaml_get_text(const pw_yaml_node *map, const char *key, const char **out,
					pw_err *err);
PW_NODISCARD pw_status pw_yaml_opt_text(const pw_yaml_node *map, const char *key, const char **out,
					pw_err *err);
PW_NODISCARD pw_status pw_yaml_get_int(const pw_yaml_node *map, const char *key, int64_t min,
				       int64_t max, int64_t *out, pw_err *err);
PW_NODISCARD pw_status pw_yaml_opt_int(const pw_yaml_node *map, const char *key, int64_t min,
				       int64_t max, int64_t *out, pw_err *err);
PW_NODISCARD pw_status pw_yaml_opt_bool(const pw_yaml_node *map, const char *key, bool *out,
					pw_err *err);
PW_NODISCARD pw_status pw_yaml_get_list(const pw_yaml_node *map, const char *key,
					const pw_yaml_node **out, pw_err *err);
PW_NODISCARD pw_status pw_yaml_opt_list(const pw_yaml_node *map, const char *key,
					const pw_yaml_node **out, pw_err *err);
PW_NODISCARD pw_status pw_yaml_get_map(const pw_yaml_node *map, const char *key,
				       const pw_yaml_node **out, pw_err *err);

/* PW_ERR_FORMAT for the first key that is not in the NULL-ended list: a misspelt key is named. */
PW_NODISCARD pw_status pw_yaml_only(const pw_yaml_node *map, const char *const *keys, pw_err *err);

#endif
