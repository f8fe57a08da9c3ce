#include "core/model/layout.h"

#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/model/rule_file.h"

/* What is being read, and for every well the line that spoke of it. */
typedef struct reader {
	pw_layout *layout;
	int line_of[PW_MAX_WELLS];
	pw_err *err;
} reader;

static int index_of(const pw_layout *layout, pw_well well)
{
	return pw_well_index(well, layout->format, PW_BY_ROW);
}

/* A well that nothing was said of yet. */
static pw_status read_well(reader *r, const pw_yaml_node *node, pw_well *out)
{
	char shown[PW_YAML_SHOW];
	pw_err wrong = PW_ERR_INIT;
	pw_well well = {0, 0};
	const char *text = pw_yaml_text(node);
	if (text == NULL)
		return pw_yaml_fail(node, r->err, "here must stand a well like B7, not %s",
				    pw_yaml_show(node, shown));
	if (pw_well_parse(text, r->layout->format, &well, &wrong) != PW_OK)
		return pw_yaml_fail(node, r->err, "%s", wrong.msg);
	int *line = &r->line_of[index_of(r->layout, well)];
	if (*line != 0)
		return pw_yaml_fail(node, r->err,
				    "well %s stands here a second time (first on line %d)", text,
				    *line);
	*line = pw_yaml_line(node);
	*out = well;
	return PW_OK;
}

static pw_status read_plate(reader *r, const pw_yaml_node *root)
{
	char shown[PW_YAML_SHOW];
	int64_t wells = 0;
	const char *order = NULL;
	pw_status rc;
	if ((rc = pw_yaml_get_int(root, "wells", 1, 10000, &wells, r->err)) != PW_OK ||
	    (rc = pw_yaml_get_text(root, "order", &order, r->err)) != PW_OK)
		return rc;
	if (!pw_plate_format_of(wells, &r->layout->format))
		return pw_yaml_fail(pw_yaml_find(root, "wells"), r->err,
				    "there are plates of 96 and 384 wells, not of %lld",
				    (long long)wells);
	if (strcmp(order, "column") == 0)
		r->layout->order = PW_BY_COLUMN;
	else if (strcmp(order, "row") == 0)
		r->layout->order = PW_BY_ROW;
	else
		return pw_yaml_fail(
			pw_yaml_find(root, "order"), r->err,
			"%s is not an order: there are column (A1, B1, …) and row (A1, A2, …)",
			pw_yaml_show(pw_yaml_find(root, "order"), shown));
	return PW_OK;
}

static pw_status read_control(reader *r, const pw_yaml_node *line)
{
	static const char *const keys[] = {"well", "control", "stage", NULL};
	char shown[PW_YAML_SHOW];
	pw_layout_control control = {.stage = PW_STAGE_PCR};
	const char *name = NULL, *stage = NULL, *well = NULL;
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, r->err)) != PW_OK ||
	    (rc = pw_yaml_get_text(line, "well", &well, r->err)) != PW_OK ||
	    (rc = read_well(r, pw_yaml_find(line, "well"), &control.well)) != PW_OK ||
	    (rc = pw_yaml_get_text(line, "control", &name, r->err)) != PW_OK ||
	    (rc = pw_rule_word(pw_yaml_find(line, "control"), "a control's name",
			       sizeof(control.control), &name, r->err)) != PW_OK ||
	    (rc = pw_yaml_get_text(line, "stage", &stage, r->err)) != PW_OK)
		return rc;
	if (!pw_stage_parse(stage, &control.stage))
		return pw_yaml_fail(pw_yaml_find(line, "stage"), r->err,
				    "%s is not a stage: there are extraction and pcr",
				    pw_yaml_show(pw_yaml_find(line, "stage"), shown));
	snprintf(control.control, sizeof(control.control), "%s", name);
	if (r->layout->control_count == PW_LAYOUT_MAX_CONTROLS)
		return pw_yaml_fail(line, r->err, "more than %d controls", PW_LAYOUT_MAX_CONTROLS);
	r->layout->controls[r->layout->control_count++] = control;
	return PW_OK;
}

/* Few as they are, an insertion sort; the file may list them in any order. */
static void sort_controls(pw_layout *layout)
{
	for (size_t i = 1; i < layout->control_count; i++) {
		pw_layout_control control = layout->controls[i];
		int at = pw_well_index(control.well, layout->format, layout->order);
		size_t k = i;
		while (k > 0 && pw_well_index(layout->controls[k - 1].well, layout->format,
					      layout->order) > at) {
			layout->controls[k] = layout->controls[k - 1];
			k--;
		}
		layout->controls[k] = control;
	}
}

static pw_status read_lists(reader *r, const pw_yaml_node *root)
{
	const pw_yaml_node *controls = NULL, *keep_free = NULL;
	pw_status rc;
	if ((rc = pw_yaml_get_list(root, "controls", &controls, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_list(root, "keep_free", &keep_free, r->err)) != PW_OK)
		return rc;
	for (size_t i = 0; i < pw_yaml_count(controls); i++)
		if ((rc = read_control(r, pw_yaml_item(controls, i))) != PW_OK)
			return rc;
	for (size_t i = 0; keep_free != NULL && i < pw_yaml_count(keep_free); i++) {
		pw_well well = {0, 0};
		if ((rc = read_well(r, pw_yaml_item(keep_free, i), &well)) != PW_OK)
			return rc;
		r->layout->keep_free[index_of(r->layout, well)] = true;
	}
	sort_controls(r->layout);
	if (pw_layout_specimen_wells(r->layout) == 0)
		return pw_yaml_fail(root, r->err, "no well is left for a specimen");
	return PW_OK;
}

static pw_status read_layout(reader *r, const pw_yaml_node *root)
{
	static const char *const keys[] = {"poolwell", "name",  "version",  "title",     "source",
					   "wells",    "order", "controls", "keep_free", NULL};
	pw_rule_head head;
	pw_status rc;
	if ((rc = pw_rule_head_read(root, "layout", &head, r->err)) != PW_OK ||
	    (rc = pw_yaml_only(root, keys, r->err)) != PW_OK ||
	    (rc = read_plate(r, root)) != PW_OK || (rc = read_lists(r, root)) != PW_OK)
		return rc;
	snprintf(r->layout->name, sizeof(r->layout->name), "%s", head.name);
	snprintf(r->layout->title, sizeof(r->layout->title), "%s", head.title);
	r->layout->version = head.version;
	return PW_OK;
}

pw_status pw_layout_parse(const void *bytes, size_t n, const char *name, pw_layout **out,
			  pw_err *err)
{
	pw_yaml *yaml = NULL;
	pw_status rc = pw_yaml_parse(bytes, n, name, &yaml, err);
	if (rc != PW_OK)
		return rc;
	reader r = {.layout = pw_alloc(sizeof(*r.layout)), .err = err};
	r.layout->hash = pw_hash_bytes(bytes, n);
	rc = read_layout(&r, pw_yaml_root(yaml));
	pw_yaml_free(yaml);
	if (rc != PW_OK) {
		pw_layout_free(r.layout);
		return rc;
	}
	*out = r.layout;
	return PW_OK;
}

void pw_layout_free(pw_layout *layout)
{
	pw_free(layout);
}

const pw_layout_control *pw_layout_control_at(const pw_layout *layout, pw_well well)
{
	for (size_t i = 0; i < layout->control_count; i++)
		if (pw_well_eq(layout->controls[i].well, well))
			return &layout->controls[i];
	return NULL;
}

bool pw_layout_is_specimen_well(const pw_layout *layout, pw_well well)
{
	return well.row < layout->format.rows && well.col < layout->format.cols &&
	       !layout->keep_free[index_of(layout, well)] &&
	       pw_layout_control_at(layout, well) == NULL;
}

int pw_layout_specimen_wells(const pw_layout *layout)
{
	int count = 0;
	for (int i = 0; i < pw_plate_wells(layout->format); i++)
		count += pw_layout_is_specimen_well(layout,
						    pw_well_at(i, layout->format, layout->order));
	return count;
}

bool pw_layout_next(const pw_layout *layout, const bool filled[PW_MAX_WELLS], pw_well *out)
{
	for (int i = 0; i < pw_plate_wells(layout->format); i++) {
		pw_well well = pw_well_at(i, layout->format, layout->order);
		if (filled[index_of(layout, well)] || !pw_layout_is_specimen_well(layout, well))
			continue;
		*out = well;
		return true;
	}
	return false;
}
