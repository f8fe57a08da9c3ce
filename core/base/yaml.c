#include "core/base/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/base/yaml_node.h"

#define MAX_BYTES   ((size_t)1 << 20)
#define MAX_LEVELS  64
#define MAX_NODES   100000
#define MAX_ANCHORS 256

/* A list or map whose end has not come yet; a map's children are key, value, key, value, … */
typedef struct frame {
	pw_yaml_node *node;
	PW_VEC(const pw_yaml_node *) children;
} frame;

typedef struct anchor {
	const char *name;
	const pw_yaml_node *node;
} anchor;

typedef struct builder {
	pw_yaml *doc;
	frame stack[MAX_LEVELS];
	int depth;
	anchor anchors[MAX_ANCHORS];
	int anchor_count;
	int line, column; /* of what is being read: for messages */
	pw_err *err;
} builder;

static pw_status refuse(const builder *b, pw_status status, const char *format, ...)
	PW_PRINTF(3, 4);

static pw_status refuse(const builder *b, pw_status status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	status = pw_yaml_fail_at(b->doc, b->line, b->column, status, b->err, format, args);
	va_end(args);
	return status;
}

static pw_yaml_node *new_node(builder *b, pw_yaml_kind kind)
{
	pw_yaml_node *node = pw_arena_alloc(&b->doc->arena, sizeof(*node));
	node->doc = b->doc;
	node->kind = kind;
	node->line = b->line;
	node->column = b->column;
	node->nodes = 1;
	node->levels = kind == PW_YAML_SCALAR ? 0 : 1;
	return node;
}

/* Hangs a finished node below the innermost open list or map, or makes it the root. */
static pw_status attach(builder *b, const pw_yaml_node *node)
{
	if (b->depth == 0) {
		b->doc->root = node;
		return PW_OK;
	}
	frame *top = &b->stack[b->depth - 1];
	bool is_key = top->node->kind == PW_YAML_MAP && top->children.len % 2 == 0;
	if (is_key && node->kind != PW_YAML_SCALAR)
		return refuse(b, PW_ERR_FORMAT,
			      "a key must be a word, not a list or a map: check the brackets and "
			      "the indentation");
	if (b->depth + node->levels > MAX_LEVELS)
		return refuse(b, PW_ERR_LIMIT, "more than %d levels deep", MAX_LEVELS);
	top->node->nodes += node->nodes;
	if (top->node->nodes > MAX_NODES)
		return refuse(b, PW_ERR_LIMIT,
			      "more than %d values, counting what each alias stands for",
			      MAX_NODES);
	if (top->node->levels <= node->levels)
		top->node->levels = node->levels + 1;
	pw_vec_push(&top->children, node);
	return PW_OK;
}

/* A later anchor of the same name takes over, as YAML says. */
static pw_status remember(builder *b, const yaml_char_t *name, const pw_yaml_node *node)
{
	if (name == NULL)
		return PW_OK;
	if (b->anchor_count == MAX_ANCHORS)
		return refuse(b, PW_ERR_LIMIT, "more than %d anchors (&)", MAX_ANCHORS);
	const char *copy = pw_arena_strdup(&b->doc->arena, (const char *)name);
	b->anchors[b->anchor_count++] = (anchor){copy, node};
	return PW_OK;
}

static pw_status refuse_tag(const builder *b, const yaml_char_t *tag)
{
	if (tag == NULL)
		return PW_OK;
	return refuse(b, PW_ERR_FORMAT,
		      "tags (!!int and the like) are not taken: write the value alone");
}

static pw_status add_scalar(builder *b, const yaml_event_t *event)
{
	size_t length = event->data.scalar.length;
	const char *value = (const char *)event->data.scalar.value;
	pw_status rc = refuse_tag(b, event->data.scalar.tag);
	if (rc != PW_OK)
		return rc;
	if (memchr(value, '\0', length) != NULL)
		return refuse(b, PW_ERR_FORMAT, "text with a NUL character in it");
	pw_yaml_node *node = new_node(b, PW_YAML_SCALAR);
	node->text = pw_arena_strndup(&b->doc->arena, value, length);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if ((rc = remember(b, event->data.scalar.anchor, node)) != PW_OK)
		return rc;
	return attach(b, node);
}

static pw_status open_node(builder *b, const yaml_event_t *event)
{
	bool is_map = event->type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *tag =
		is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	pw_status rc = refuse_tag(b, tag);
	if (rc != PW_OK)
		return rc;
	if (b->depth == MAX_LEVELS)
		return refuse(b, PW_ERR_LIMIT, "more than %d levels deep", MAX_LEVELS);
	pw_yaml_node *node = new_node(b, is_map ? PW_YAML_MAP : PW_YAML_LIST);
	b->stack[b->depth].node = node;
	b->stack[b->depth].children.len = 0;
	b->depth++;
	return remember(
		b, is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
		node);
}

static int by_text_then_place(const void *a, const void *b)
{
	const pw_yaml_node *x = *(const pw_yaml_node *const *)a;
	const pw_yaml_node *y = *(const pw_yaml_node *const *)b;
	int order = strcmp(x->text, y->text);
	if (order != 0)
		return order;
	return x->line != y->line ? x->line - y->line : x->column - y->column;
}

static pw_status refuse_double_keys(const builder *b, const pw_yaml_node *map)
{
	if (map->count < 2)
		return PW_OK;
	char key[PW_YAML_SHOW];
	const pw_yaml_node **sorted = pw_alloc_array(map->count, sizeof(*sorted));
	memcpy(sorted, map->keys, map->count * sizeof(*sorted));
	qsort(sorted, map->count, sizeof(*sorted), by_text_then_place);
	pw_status rc = PW_OK;
	for (size_t i = 1; i < map->count && rc == PW_OK; i++)
		if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
			rc = pw_yaml_fail(sorted[i], b->err,
					  "%s stands here a second time (first on line %d)",
					  pw_yaml_show(sorted[i], key), sorted[i - 1]->line);
	pw_free(sorted);
	return rc;
}

static pw_status close_node(builder *b)
{
	frame *top = &b->stack[--b->depth];
	pw_yaml_node *node = top->node;
	b->line = node->line;
	b->column = node->column;
	size_t step = node->kind == PW_YAML_MAP ? 2 : 1;
	node->count = top->children.len / step;
	node->items = pw_arena_array(&b->doc->arena, node->count, sizeof(pw_yaml_node *));
	node->keys = pw_arena_array(&b->doc->arena, node->count, sizeof(pw_yaml_node *));
	for (size_t i = 0; i < node->count; i++) {
		node->keys[i] = top->children.ptr[i * step];
		node->items[i] = top->children.ptr[i * step + step - 1];
	}
	pw_status rc = node->kind == PW_YAML_MAP ? refuse_double_keys(b, node) : PW_OK;
	if (rc != PW_OK)
		return rc;
	return attach(b, node);
}

static bool is_open(const builder *b, const pw_yaml_node *node)
{
	for (int i = 0; i < b->depth; i++)
		if (b->stack[i].node == node)
			return true;
	return false;
}

static pw_status add_alias(builder *b, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	for (int i = b->anchor_count; i-- > 0;) {
		if (strcmp(b->anchors[i].name, name) != 0)
			continue;
		if (is_open(b, b->anchors[i].node))
			return refuse(b, PW_ERR_FORMAT,
				      "this alias stands inside what it names, on line %d: a loop",
				      b->anchors[i].node->line);
		return attach(b, b->anchors[i].node);
	}
	return refuse(b, PW_ERR_FORMAT,
		      "an alias (*) of an anchor (&) that does not stand before it");
}

static pw_status take_event(builder *b, const yaml_event_t *event)
{
	b->line = (int)event->start_mark.line + 1;
	b->column = (int)event->start_mark.column + 1;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->doc->root != NULL)
			return refuse(b, PW_ERR_FORMAT,
				      "a second document starts here: one to a file");
		return PW_OK;
	case YAML_SCALAR_EVENT:
		return add_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return open_node(b, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_node(b);
	case YAML_ALIAS_EVENT:
		return add_alias(b, event);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return PW_OK;
	}
	return PW_OK;
}

static pw_status syntax_error(builder *b, const yaml_parser_t *parser)
{
	const char *problem = parser->problem == NULL ? "unknown" : parser->problem;
	if (parser->error == YAML_MEMORY_ERROR)
		return pw_fail(b->err, PW_ERR_NO_MEMORY, "%s: out of memory", b->doc->name);
	if (parser->error == YAML_READER_ERROR)
		return pw_fail(b->err, PW_ERR_FORMAT,
			       "%s: byte %zu: %s; save the file as UTF-8 text", b->doc->name,
			       parser->problem_offset + 1, problem);
	b->line = (int)parser->problem_mark.line + 1;
	b->column = (int)parser->problem_mark.column + 1;
	return refuse(b, PW_ERR_FORMAT,
		      "not YAML: %s; check indentation, colons, brackets and quotes here", problem);
}

static pw_status build(builder *b, yaml_parser_t *parser)
{
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event))
			return syntax_error(b, parser);
		bool last = event.type == YAML_STREAM_END_EVENT;
		pw_status rc = take_event(b, &event);
		yaml_event_delete(&event);
		if (rc != PW_OK)
			return rc;
		if (last)
			break;
	}
	if (b->doc->root == NULL)
		return pw_fail(b->err, PW_ERR_FORMAT, "%s: the file is empty", b->doc->name);
	return PW_OK;
}

pw_status pw_yaml_parse(const void *bytes, size_t n, const char *name, pw_yaml **out, pw_err *err)
{
	if (n > MAX_BYTES)
		return pw_fail(err, PW_ERR_LIMIT, "%s: %zu bytes; a rule file has at most 1 MiB",
			       name, n);
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return pw_fail(err, PW_ERR_NO_MEMORY, "%s: out of memory", name);
	yaml_parser_set_input_string(&parser, bytes, n);

	builder *b = pw_alloc(sizeof(*b));
	b->doc = pw_alloc(sizeof(*b->doc));
	b->doc->name = pw_strdup(name);
	b->err = err;
	pw_status rc = build(b, &parser);
	yaml_parser_delete(&parser);
	for (int i = 0; i < MAX_LEVELS; i++)
		pw_vec_clear(&b->stack[i].children);
	pw_yaml *doc = b->doc;
	pw_free(b);
	if (rc != PW_OK) {
		pw_yaml_free(doc);
		return rc;
	}
	*out = doc;
	return PW_OK;
}

void pw_yaml_free(pw_yaml *yaml)
{
	if (yaml == NULL)
		return;
	pw_arena_clear(&yaml->arena);
	pw_free(yaml->name);
	pw_free(yaml);
}
