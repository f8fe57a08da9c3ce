/* Reading the controls of an assay: what each must show, and what it holds when it does not. */
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay_table.h"
#include "core/model/rule_file.h"

static const char *const scope_names[] = {"well", "extraction-plate", "pcr-plate", "run"};
static const char *const stage_names[] = {"extraction", "pcr"};

const char *pw_scope_name(pw_scope scope)
{
	return scope_names[scope];
}

const char *pw_stage_name(pw_stage stage)
{
	return stage_names[stage];
}

bool pw_stage_parse(const char *text, pw_stage *out)
{
	for (int i = 0; i < 2; i++) {
		if (strcmp(text, stage_names[i]) == 0) {
			*out = (pw_stage)i;
			return true;
		}
	}
	return false;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

static pw_status read_name(pw_assay *assay, const pw_yaml_node *line, assay_control *control,
			   pw_err *err)
{
	const char *name = NULL;
	pw_status rc = pw_yaml_get_text(line, "control", &name, err);
	if (rc != PW_OK)
		return rc;
	const pw_yaml_node *node = pw_yaml_find(line, "control");
	if ((rc = pw_rule_word(node, "a control's name", CONTROL_NAME_SIZE, &name, err)) != PW_OK)
		return rc;
	for (const char *p = name; *p != '\0'; p++)
		if (!is_name_char(*p))
			return pw_yaml_fail(node, err,
					    "a control's name must be of letters, digits, - and _");
	int other = pw_assay_control_find(assay, name);
	if (other >= 0)
		return pw_yaml_fail(node, err,
				    "control '%s' stands here a second time (first on "
				    "line %d)",
				    name, assay->controls[other].line);
	control->rule.name = control->rule.title = pw_arena_strdup(&assay->arena, name);
	node = pw_yaml_find(line, "title");
	if (node == NULL)
		return PW_OK;
	const char *title = NULL;
	if ((rc = pw_rule_word(node, "a title", PW_RULE_TITLE_SIZE, &title, err)) == PW_OK)
		control->rule.title = pw_arena_strdup(&assay->arena, title);
	return rc;
}

static pw_status read_place(const pw_yaml_node *line, assay_control *control, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *stage = NULL, *covers = NULL;
	control->rule.required = true;
	pw_status rc;
	if ((rc = pw_yaml_get_text(line, "stage", &stage, err)) != PW_OK ||
	    (rc = pw_yaml_get_text(line, "covers", &covers, err)) != PW_OK ||
	    (rc = pw_yaml_opt_bool(line, "required", &control->rule.required, err)) != PW_OK)
		return rc;
	if (!pw_stage_parse(stage, &control->rule.stage))
		return pw_yaml_fail(pw_yaml_find(line, "stage"), err,
				    "%s is not a stage: there are extraction and pcr",
				    pw_yaml_show(pw_yaml_find(line, "stage"), shown));
	for (int i = 0; i < 4; i++) {
		if (strcmp(covers, scope_names[i]) == 0) {
			control->rule.covers = (pw_scope)i;
			return PW_OK;
		}
	}
	return pw_yaml_fail(pw_yaml_find(line, "covers"), err,
			    "%s is not what a control can cover: there are well, extraction-plate, "
			    "pcr-plate and run",
			    pw_yaml_show(pw_yaml_find(line, "covers"), shown));
}

static pw_status find_target(const pw_assay *assay, const pw_yaml_node *key, int *out, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	*out = pw_assay_target_named(assay, pw_yaml_text(key));
	if (*out < 0)
		return pw_yaml_fail(key, err, "%s is not a target of this assay",
				    pw_yaml_show(key, shown));
	return PW_OK;
}

/* Bands of the control's own: a map by target, or one list for every target of `expect`. */
static pw_status read_bands(pw_assay *assay, const pw_yaml_node *line, assay_control *control,
			    pw_err *err)
{
	const pw_yaml_node *bands = pw_yaml_find(line, "bands");
	if (bands == NULL)
		return PW_OK;
	bool each = pw_yaml_kind_of(bands) == PW_YAML_MAP;
	const pw_yaml_node *targets = bands;
	pw_status rc = PW_OK;
	if (!each && (rc = pw_yaml_get_map(line, "expect", &targets, err)) != PW_OK)
		return rc;
	for (size_t i = 0; i < pw_yaml_count(targets) && rc == PW_OK; i++) {
		int t = -1;
		if ((rc = find_target(assay, pw_yaml_key_node(targets, i), &t, err)) != PW_OK)
			return rc;
		rc = pw_assay_bands_read(assay, &assay->targets[t],
					 each ? pw_yaml_item(bands, i) : bands, "",
					 &control->own[t], err);
	}
	return rc;
}

static pw_status read_expect(pw_assay *assay, const pw_yaml_node *line, assay_control *control,
			     pw_err *err)
{
	const pw_yaml_node *expect = NULL;
	pw_status rc = pw_yaml_get_map(line, "expect", &expect, err);
	if (rc != PW_OK)
		return rc;
	for (int t = 0; t < assay->target_count; t++)
		control->expect[t] = ~0u;
	for (size_t i = 0; i < pw_yaml_count(expect); i++) {
		int t = -1;
		if ((rc = find_target(assay, pw_yaml_key_node(expect, i), &t, err)) != PW_OK)
			return rc;
		assay_target *target = &assay->targets[t];
		unsigned own = (1u << target->own_count) - 1;
		unsigned offered =
			control->own[t] != NULL ? pw_assay_map_bands(control->own[t]) : own;
		unsigned bands = 0;
		if ((rc = pw_assay_band_words(target, offered, pw_yaml_item(expect, i), &bands,
					      err)) != PW_OK)
			return rc;
		control->spoken[t] = true;
		control->expect[t] = bands == offered ? ~0u : bands;
		if (bands != offered)
			target->named |= bands;
	}
	return PW_OK;
}

static pw_status read_control(pw_assay *assay, const pw_yaml_node *line, assay_control *out,
			      pw_err *err)
{
	static const char *const keys[] = {"control",  "title",  "stage", "covers",
					   "required", "expect", "bands", NULL};
	assay_control control = {.line = pw_yaml_line(line), .column = pw_yaml_column(line)};
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, err)) != PW_OK ||
	    (rc = read_name(assay, line, &control, err)) != PW_OK ||
	    (rc = read_place(line, &control, err)) != PW_OK ||
	    (rc = read_bands(assay, line, &control, err)) != PW_OK ||
	    (rc = read_expect(assay, line, &control, err)) != PW_OK)
		return rc;
	*out = control;
	return PW_OK;
}

pw_status pw_assay_controls_read(pw_assay *assay, const pw_yaml_node *list, pw_err *err)
{
	if (pw_yaml_count(list) > MAX_CONTROLS)
		return pw_yaml_fail(list, err, "more than %d controls", MAX_CONTROLS);
	pw_status rc = PW_OK;
	for (size_t i = 0; i < pw_yaml_count(list) && rc == PW_OK; i++) {
		rc = read_control(assay, pw_yaml_item(list, i), &assay->controls[i], err);
		if (rc == PW_OK)
			assay->control_count++;
	}
	return rc;
}
