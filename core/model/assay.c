/* Reading an assay: its head, its targets, and what is worked out when all of it is read. */
#include "core/model/assay.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/model/assay_table.h"
#include "core/model/rule_file.h"

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool starts_nocase(const char *text, const char *prefix)
{
	while (*prefix != '\0' && lower(*text) == lower(*prefix)) {
		text++;
		prefix++;
	}
	return *prefix == '\0';
}

static bool contains_nocase(const char *text, const char *part)
{
	for (; *text != '\0'; text++)
		if (starts_nocase(text, part))
			return true;
	return *part == '\0';
}

int pw_assay_target_named(const pw_assay *assay, const char *text)
{
	for (int t = 0; t < assay->target_count; t++)
		if (strcmp(assay->targets[t].name, text) == 0)
			return t;
	return -1;
}

int pw_assay_target_find(const pw_assay *assay, const char *text)
{
	for (int t = 0; t < assay->target_count; t++) {
		const assay_target *target = &assay->targets[t];
		if (pw_text_eq_nocase(target->name, text))
			return t;
		for (int i = 0; i < target->alias_count; i++)
			if (pw_text_eq_nocase(target->aliases[i], text))
				return t;
	}
	return -1;
}

/* ---- targets ---- */

/* Neither a name nor an alias may stand for two targets: an instrument's file would be ambiguous. */
static pw_status refuse_taken(const pw_assay *assay, const pw_yaml_node *node, const char *text,
			      pw_err *err)
{
	int other = pw_assay_target_find(assay, text);
	if (other < 0)
		return PW_OK;
	return pw_yaml_fail(node, err, "'%s' already stands for target '%s' (line %d)", text,
			    assay->targets[other].name, assay->targets[other].line);
}

static pw_status read_target_name(pw_assay *assay, const pw_yaml_node *line, assay_target *target,
				  pw_err *err)
{
	const char *name = NULL;
	pw_status rc = pw_yaml_get_text(line, "name", &name, err);
	if (rc != PW_OK)
		return rc;
	const pw_yaml_node *node = pw_yaml_find(line, "name");
	if ((rc = pw_rule_word(node, "a target's name", TARGET_NAME_SIZE, &name, err)) != PW_OK ||
	    (rc = refuse_taken(assay, node, name, err)) != PW_OK)
		return rc;
	if (strcmp(name, "count") == 0)
		return pw_yaml_fail(node, err,
				    "'count' cannot be a target: it is a word of 'when'");
	target->name = pw_arena_strdup(&assay->arena, name);
	target->no_reading = pw_arena_printf(&assay->arena, "no reading of %s", name);
	return PW_OK;
}

static pw_status read_aliases(pw_assay *assay, const pw_yaml_node *line, assay_target *target,
			      pw_err *err)
{
	const pw_yaml_node *list = NULL;
	pw_status rc = pw_yaml_opt_list(line, "aliases", &list, err);
	if (rc != PW_OK || list == NULL)
		return rc;
	if (pw_yaml_count(list) > MAX_ALIASES)
		return pw_yaml_fail(list, err, "more than %d aliases", MAX_ALIASES);
	for (size_t i = 0; i < pw_yaml_count(list); i++) {
		const pw_yaml_node *node = pw_yaml_item(list, i);
		const char *text = NULL;
		if ((rc = pw_rule_word(node, "an alias", PW_RULE_TITLE_SIZE, &text, err)) !=
			    PW_OK ||
		    (rc = refuse_taken(assay, node, text, err)) != PW_OK)
			return rc;
		target->aliases[target->alias_count++] = pw_arena_strdup(&assay->arena, text);
	}
	return PW_OK;
}

static pw_status read_instrument(pw_assay *assay, const pw_yaml_node *line, assay_target *target,
				 pw_err *err)
{
	static const char *const keys[] = {"match", "bands", NULL};
	const char *text = NULL;
	const pw_yaml_node *bands = NULL;
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, err)) != PW_OK ||
	    (rc = pw_yaml_get_text(line, "match", &text, err)) != PW_OK ||
	    (rc = pw_rule_word(pw_yaml_find(line, "match"), "an instrument", PW_RULE_TITLE_SIZE,
			       &text, err)) != PW_OK ||
	    (rc = pw_yaml_get_list(line, "bands", &bands, err)) != PW_OK)
		return rc;
	for (int i = 1; i < target->map_count; i++)
		if (pw_text_eq_nocase(target->maps[i]->instrument, text))
			return pw_yaml_fail(line, err, "instrument '%s' stands here a second time",
					    text);
	const char *match = pw_arena_strdup(&assay->arena, text);
	rc = pw_assay_bands_read(assay, target, bands, match, &target->maps[target->map_count],
				 err);
	if (rc == PW_OK)
		target->map_count++;
	return rc;
}

static pw_status read_maps(pw_assay *assay, const pw_yaml_node *line, assay_target *target,
			   pw_err *err)
{
	const pw_yaml_node *bands = NULL, *instruments = NULL;
	pw_status rc;
	if ((rc = pw_yaml_get_list(line, "bands", &bands, err)) != PW_OK ||
	    (rc = pw_assay_bands_read(assay, target, bands, "", &target->maps[0], err)) != PW_OK ||
	    (rc = pw_yaml_opt_list(line, "instruments", &instruments, err)) != PW_OK)
		return rc;
	target->map_count = 1;
	size_t count = instruments == NULL ? 0 : pw_yaml_count(instruments);
	if (count >= MAX_CLASSES)
		return pw_yaml_fail(instruments, err, "more than %d instruments", MAX_CLASSES - 1);
	for (size_t i = 0; i < count && rc == PW_OK; i++)
		rc = read_instrument(assay, pw_yaml_item(instruments, i), target, err);
	target->own_count = target->band_count;
	return rc;
}

/* `same_bands_as: N1` takes over everything but the names. */
static pw_status copy_maps(const pw_assay *assay, const pw_yaml_node *line, assay_target *target,
			   pw_err *err)
{
	const pw_yaml_node *node = pw_yaml_find(line, "same_bands_as");
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(line, "same_bands_as", &text, err);
	if (rc != PW_OK)
		return rc;
	if (pw_yaml_find(line, "bands") != NULL || pw_yaml_find(line, "instruments") != NULL)
		return pw_yaml_fail(node, err,
				    "'same_bands_as' takes the place of 'bands' and 'instruments'");
	int other = pw_assay_target_named(assay, text);
	if (other < 0)
		return pw_yaml_fail(node, err, "'%s' is not a target above this one", text);
	const assay_target *from = &assay->targets[other];
	memcpy(target->bands, from->bands, sizeof(target->bands));
	memcpy(target->maps, from->maps, sizeof(target->maps));
	target->band_count = from->band_count;
	target->own_count = from->own_count;
	target->map_count = from->map_count;
	return PW_OK;
}

static pw_status read_target(pw_assay *assay, const pw_yaml_node *line, assay_target *out,
			     pw_err *err)
{
	static const char *const keys[] = {"name",          "aliases",     "bands",
					   "same_bands_as", "instruments", NULL};
	assay_target target = {.line = pw_yaml_line(line), .column = pw_yaml_column(line)};
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, err)) != PW_OK ||
	    (rc = read_target_name(assay, line, &target, err)) != PW_OK ||
	    (rc = read_aliases(assay, line, &target, err)) != PW_OK)
		return rc;
	if (pw_yaml_find(line, "same_bands_as") != NULL)
		rc = copy_maps(assay, line, &target, err);
	else
		rc = read_maps(assay, line, &target, err);
	if (rc == PW_OK)
		*out = target;
	return rc;
}

static pw_status read_targets(pw_assay *assay, const pw_yaml_node *list, pw_err *err)
{
	if (pw_yaml_count(list) == 0 || pw_yaml_count(list) > MAX_TARGETS)
		return pw_yaml_fail(list, err, "'targets' must be a list of 1 to %d targets",
				    MAX_TARGETS);
	for (size_t i = 0; i < pw_yaml_count(list); i++) {
		pw_status rc = read_target(assay, pw_yaml_item(list, i), &assay->targets[i], err);
		if (rc != PW_OK)
			return rc;
		assay->target_count++;
	}
	return PW_OK;
}

/* ---- instruments ---- */

int pw_assay_class_of(const pw_assay *assay, const char *instrument)
{
	int best = 0;
	for (int c = 1; c < assay->class_count; c++)
		if (contains_nocase(instrument, assay->classes[c]) &&
		    strlen(assay->classes[c]) > strlen(assay->classes[best]))
			best = c;
	return best;
}

static const band_map *map_for(const assay_target *target, const char *instrument)
{
	const band_map *best = target->maps[0];
	for (int i = 1; i < target->map_count; i++)
		if (contains_nocase(instrument, target->maps[i]->instrument) &&
		    strlen(target->maps[i]->instrument) > strlen(best->instrument))
			best = target->maps[i];
	return best;
}

/* Every `match` of any target is a class; a target without it uses the longest that fits, or its own. */
static pw_status find_classes(pw_assay *assay, const pw_yaml_node *targets, pw_err *err)
{
	assay->classes[0] = "";
	assay->class_count = 1;
	for (int t = 0; t < assay->target_count; t++) {
		for (int i = 1; i < assay->targets[t].map_count; i++) {
			const char *match = assay->targets[t].maps[i]->instrument;
			bool known = false;
			for (int c = 1; c < assay->class_count; c++)
				known = known || pw_text_eq_nocase(assay->classes[c], match);
			if (!known && assay->class_count == MAX_CLASSES)
				return pw_yaml_fail(targets, err, "more than %d instruments",
						    MAX_CLASSES - 1);
			if (!known)
				assay->classes[assay->class_count++] = match;
		}
	}
	for (int t = 0; t < assay->target_count; t++)
		for (int c = 0; c < assay->class_count; c++)
			assay->targets[t].of_class[c] =
				map_for(&assay->targets[t], assay->classes[c]);
	return PW_OK;
}

/* ---- the whole ---- */

static pw_status count_cells(pw_assay *assay, const char *name, pw_err *err)
{
	int64_t cells = (int64_t)assay->state_count * assay->class_count;
	for (int t = 0; t < assay->target_count; t++)
		cells *= assay->targets[t].own_count; /* at most 12^8 * 81 */
	if (cells > MAX_CELLS)
		return pw_fail(
			err, PW_ERR_LIMIT,
			"%s: %lld combinations of bands, attempts and instruments, at most %d "
			"can be proved: take out bands, targets or attempts",
			name, (long long)cells, MAX_CELLS);
	assay->cells = (int)cells;
	return PW_OK;
}

static pw_status read_assay(pw_assay *assay, const pw_yaml_node *root, const char *name,
			    pw_err *err)
{
	static const char *const keys[] = {"poolwell", "name",    "version", "title",    "source",
					   "attempts", "targets", "calls",   "controls", NULL};
	pw_rule_head head;
	const pw_yaml_node *targets = NULL, *calls = NULL, *controls = NULL;
	int64_t attempts = 1;
	pw_status rc;
	if ((rc = pw_rule_head_read(root, "assay", &head, err)) != PW_OK ||
	    (rc = pw_yaml_only(root, keys, err)) != PW_OK ||
	    (rc = pw_yaml_opt_int(root, "attempts", 1, MAX_ATTEMPTS, &attempts, err)) != PW_OK ||
	    (rc = pw_yaml_get_list(root, "targets", &targets, err)) != PW_OK ||
	    (rc = pw_yaml_get_list(root, "calls", &calls, err)) != PW_OK ||
	    (rc = pw_yaml_opt_list(root, "controls", &controls, err)) != PW_OK)
		return rc;
	assay->name = pw_arena_strdup(&assay->arena, head.name);
	assay->title = pw_arena_strdup(&assay->arena, head.title);
	assay->version = head.version;
	assay->attempts = (int)attempts;
	if ((rc = read_targets(assay, targets, err)) != PW_OK ||
	    (rc = find_classes(assay, targets, err)) != PW_OK ||
	    (rc = pw_assay_rows_read(assay, calls, err)) != PW_OK ||
	    (rc = count_cells(assay, name, err)) != PW_OK)
		return rc;
	return controls == NULL ? PW_OK : pw_assay_controls_read(assay, controls, err);
}

pw_status pw_assay_parse(const void *bytes, size_t n, const char *name, pw_assay **out, pw_err *err)
{
	pw_yaml *yaml = NULL;
	pw_status rc = pw_yaml_parse(bytes, n, name, &yaml, err);
	if (rc != PW_OK)
		return rc;
	pw_assay *assay = pw_alloc(sizeof(*assay));
	assay->hash = pw_hash_bytes(bytes, n);
	rc = read_assay(assay, pw_yaml_root(yaml), name, err);
	pw_yaml_free(yaml);
	if (rc != PW_OK) {
		pw_assay_free(assay);
		return rc;
	}
	*out = assay;
	return PW_OK;
}

void pw_assay_free(pw_assay *assay)
{
	if (assay == NULL)
		return;
	pw_arena_clear(&assay->arena);
	pw_free(assay);
}

const char *pw_assay_name(const pw_assay *assay)
{
	return assay->name;
}

int pw_assay_version(const pw_assay *assay)
{
	return assay->version;
}

const char *pw_assay_title(const pw_assay *assay)
{
	return assay->title;
}

const pw_hash *pw_assay_hash(const pw_assay *assay)
{
	return &assay->hash;
}

int pw_assay_max_attempts(const pw_assay *assay)
{
	return assay->attempts;
}

size_t pw_assay_target_count(const pw_assay *assay)
{
	return (size_t)assay->target_count;
}

const char *pw_assay_target_name(const pw_assay *assay, size_t index)
{
	PW_BUG_IF(index >= (size_t)assay->target_count);
	return assay->targets[index].name;
}

size_t pw_assay_control_count(const pw_assay *assay)
{
	return (size_t)assay->control_count;
}

pw_control_rule pw_assay_control(const pw_assay *assay, size_t index)
{
	PW_BUG_IF(index >= (size_t)assay->control_count);
	return assay->controls[index].rule;
}

int pw_assay_control_find(const pw_assay *assay, const char *name)
{
	for (int i = 0; i < assay->control_count; i++)
		if (pw_text_eq_nocase(assay->controls[i].rule.name, name))
			return i;
	return -1;
}
