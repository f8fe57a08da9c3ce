/* Reading the rows of a decision table. */
#include <string.h>

#include "core/base/str.h"
#include "core/model/assay_table.h"
#include "core/model/rule_file.h"

typedef struct row_reader {
	pw_assay *assay;
	assay_row *row;
	pw_str text;       /* the row in words */
	unsigned attempts; /* a bit for each, from bit 1 */
	unsigned after;    /* a bit for each pw_call */
	const char *gap;   /* between two conditions in the text */
	pw_err *err;
} row_reader;

static void say_bands(pw_str *out, const assay_target *target, unsigned bands)
{
	const char *gap = " ";
	for (int i = 0; i < target->own_count; i++) {
		if ((bands >> i & 1) == 0)
			continue;
		pw_str_addf(out, "%s%s", gap, target->bands[i]);
		gap = " or ";
	}
}

static pw_status read_target(row_reader *r, const char *name, const pw_yaml_node *key,
			     const pw_yaml_node *value)
{
	char shown[PW_YAML_SHOW];
	int t = pw_assay_target_named(r->assay, name);
	if (t < 0)
		return pw_yaml_fail(key, r->err, "%s is not a target of this assay",
				    pw_yaml_show(key, shown));
	assay_target *target = &r->assay->targets[t];
	unsigned all = (1u << target->own_count) - 1;
	unsigned bands = 0;
	pw_status rc = pw_assay_band_words(target, all, value, &bands, r->err);
	if (rc != PW_OK)
		return rc;
	r->row->takes[t] = bands;
	if (bands == all)
		return PW_OK;
	target->named |= bands;
	pw_str_addf(&r->text, "%s%s", r->gap, target->name);
	say_bands(&r->text, target, bands);
	r->gap = ", ";
	return PW_OK;
}

static pw_status read_count_targets(row_reader *r, const pw_yaml_node *map, row_count *count)
{
	char shown[PW_YAML_SHOW];
	const pw_yaml_node *of = NULL;
	pw_status rc = pw_yaml_get_list(map, "of", &of, r->err);
	if (rc != PW_OK)
		return rc;
	if (pw_yaml_count(of) < 2)
		return pw_yaml_fail(of, r->err, "a count is of at least two targets");
	const pw_yaml_node *band = pw_yaml_find(map, "band");
	if (band == NULL)
		return pw_yaml_fail(map, r->err, "'band' is missing here: say which band to count");
	for (size_t i = 0; i < pw_yaml_count(of); i++) {
		const pw_yaml_node *item = pw_yaml_item(of, i);
		const char *name = pw_yaml_text(item);
		int t = name == NULL ? -1 : pw_assay_target_named(r->assay, name);
		if (t < 0)
			return pw_yaml_fail(item, r->err, "%s is not a target of this assay",
					    pw_yaml_show(item, shown));
		if (count->targets >> t & 1)
			return pw_yaml_fail(item, r->err, "target '%s' is counted twice", name);
		assay_target *target = &r->assay->targets[t];
		unsigned all = (1u << target->own_count) - 1;
		if ((rc = pw_assay_band_words(target, all, band, &count->bands[t], r->err)) !=
		    PW_OK)
			return rc;
		count->targets |= 1u << t;
		target->named |= count->bands[t];
	}
	return PW_OK;
}

/* exactly, at_least, at_most: the first alone, of the others one or both. */
static pw_status read_count_numbers(row_reader *r, const pw_yaml_node *map, row_count *count)
{
	int64_t most = (int64_t)pw_yaml_count(pw_yaml_find(map, "of"));
	int64_t exactly = -1, at_least = -1, at_most = -1;
	pw_status rc;
	if ((rc = pw_yaml_opt_int(map, "exactly", 0, most, &exactly, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_int(map, "at_least", 0, most, &at_least, r->err)) != PW_OK ||
	    (rc = pw_yaml_opt_int(map, "at_most", 0, most, &at_most, r->err)) != PW_OK)
		return rc;
	bool ranged = at_least >= 0 || at_most >= 0;
	if ((exactly >= 0) == ranged)
		return pw_yaml_fail(map, r->err,
				    "say how many: exactly, or at_least and at_most (one or both)");
	count->min = (int)(exactly >= 0 ? exactly : at_least >= 0 ? at_least : 0);
	count->max = (int)(exactly >= 0 ? exactly : at_most >= 0 ? at_most : most);
	if (count->min > count->max)
		return pw_yaml_fail(map, r->err, "at_least is more than at_most");
	return PW_OK;
}

static void say_count(row_reader *r, const pw_yaml_node *map, const row_count *count)
{
	int most = (int)pw_yaml_count(pw_yaml_find(map, "of"));
	pw_str_add(&r->text, r->gap);
	if (count->min == count->max)
		pw_str_addf(&r->text, "exactly %d of ", count->min);
	else if (count->max == most)
		pw_str_addf(&r->text, "at least %d of ", count->min);
	else if (count->min == 0)
		pw_str_addf(&r->text, "at most %d of ", count->max);
	else
		pw_str_addf(&r->text, "%d to %d of ", count->min, count->max);
	const char *gap = "";
	int first = -1;
	for (int t = 0; t < r->assay->target_count; t++) {
		if ((count->targets >> t & 1) == 0)
			continue;
		pw_str_addf(&r->text, "%s%s", gap, r->assay->targets[t].name);
		gap = "/";
		first = first < 0 ? t : first;
	}
	say_bands(&r->text, &r->assay->targets[first], count->bands[first]);
	r->gap = ", ";
}

static pw_status read_count(row_reader *r, const pw_yaml_node *map)
{
	static const char *const keys[] = {"of", "band", "exactly", "at_least", "at_most", NULL};
	if (r->row->count_count == MAX_COUNTS)
		return pw_yaml_fail(map, r->err, "more than %d counts in one row", MAX_COUNTS);
	row_count *count = &r->row->counts[r->row->count_count++];
	pw_status rc;
	if ((rc = pw_yaml_only(map, keys, r->err)) != PW_OK ||
	    (rc = read_count_targets(r, map, count)) != PW_OK ||
	    (rc = read_count_numbers(r, map, count)) != PW_OK)
		return rc;
	say_count(r, map, count);
	return PW_OK;
}

static pw_status read_counts(row_reader *r, const pw_yaml_node *node)
{
	pw_status rc = PW_OK;
	if (pw_yaml_kind_of(node) != PW_YAML_LIST)
		return read_count(r, node);
	for (size_t i = 0; i < pw_yaml_count(node) && rc == PW_OK; i++)
		rc = read_count(r, pw_yaml_item(node, i));
	return rc;
}

static pw_status read_when(row_reader *r, const pw_yaml_node *line)
{
	const pw_yaml_node *when = NULL;
	pw_status rc = pw_yaml_get_map(line, "when", &when, r->err);
	if (rc != PW_OK)
		return rc;
	for (size_t i = 0; i < pw_yaml_count(when) && rc == PW_OK; i++) {
		const char *key = pw_yaml_key(when, i);
		const pw_yaml_node *value = pw_yaml_item(when, i);
		if (strcmp(key, "count") == 0)
			rc = read_counts(r, value);
		else
			rc = read_target(r, key, pw_yaml_key_node(when, i), value);
	}
	return rc;
}

/* 2, ">= 2", "<= 2" */
static pw_status read_attempt(row_reader *r, const pw_yaml_node *line)
{
	const pw_yaml_node *node = pw_yaml_find(line, "attempt");
	if (node == NULL)
		return PW_OK;
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	bool from = text != NULL && pw_text_starts(text, ">=");
	bool to = text != NULL && pw_text_starts(text, "<=");
	size_t sign = from || to ? 2 : 0;
	int64_t n = 0;
	if (text == NULL || !pw_parse_int(pw_slice_trim(pw_slice_of(text + sign)).ptr, &n))
		return pw_yaml_fail(node, r->err,
				    "%s is not an attempt: write 1, \">= 2\" or \"<= 2\"",
				    pw_yaml_show(node, shown));
	if (n < 1 || n > r->assay->attempts)
		return pw_yaml_fail(
			node, r->err,
			"attempt %lld, but the assay has attempts 1 to %d (key 'attempts')",
			(long long)n, r->assay->attempts);
	r->attempts = 0;
	for (int a = 1; a <= r->assay->attempts; a++)
		if (a == n || (from && a > n) || (to && a < n))
			r->attempts |= 1u << a;
	pw_str_addf(&r->text, "%sattempt %s", r->gap, text);
	r->gap = ", ";
	return PW_OK;
}

static pw_status read_after_word(row_reader *r, const pw_yaml_node *node)
{
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	pw_call call;
	if (text == NULL || !pw_call_parse(text, &call) || call == PW_CALL_POSITIVE ||
	    call == PW_CALL_NEGATIVE)
		return pw_yaml_fail(
			node, r->err,
			"%s cannot stand after 'after': there are inconclusive, invalid "
			"and none (the first attempt)",
			pw_yaml_show(node, shown));
	pw_str_addf(&r->text, "%s%s", r->after == 0 ? "" : " or ", text);
	r->after |= 1u << call;
	return PW_OK;
}

static pw_status read_after(row_reader *r, const pw_yaml_node *line)
{
	const pw_yaml_node *node = pw_yaml_find(line, "after");
	if (node == NULL)
		return PW_OK;
	pw_status rc = PW_OK;
	r->after = 0;
	pw_str_addf(&r->text, "%safter ", r->gap);
	r->gap = ", ";
	if (pw_yaml_kind_of(node) == PW_YAML_LIST && pw_yaml_count(node) > 0) {
		for (size_t i = 0; i < pw_yaml_count(node) && rc == PW_OK; i++)
			rc = read_after_word(r, pw_yaml_item(node, i));
		return rc;
	}
	return read_after_word(r, node);
}

static pw_status read_next_word(const pw_yaml_node *node, pw_next *out, pw_err *err)
{
	char shown[PW_YAML_SHOW];
	const char *text = pw_yaml_text(node);
	if (text == NULL || !pw_next_parse(text, out))
		return pw_yaml_fail(node, err,
				    "%s is not a next step: there are report, repeat-pcr, "
				    "re-extract and new-specimen",
				    pw_yaml_show(node, shown));
	return PW_OK;
}

static pw_status read_next(row_reader *r, const pw_yaml_node *line)
{
	const pw_yaml_node *node = pw_yaml_find(line, "next");
	bool final = r->row->call == PW_CALL_POSITIVE || r->row->call == PW_CALL_NEGATIVE;
	if (node == NULL && final)
		return PW_OK; /* PW_NEXT_REPORT is 0 */
	if (node == NULL)
		return pw_yaml_fail(line, r->err,
				    "'next' is missing here: say what follows an %s call",
				    pw_call_name(r->row->call));
	int attempts = r->assay->attempts;
	bool each = pw_yaml_kind_of(node) == PW_YAML_LIST;
	if (each && pw_yaml_count(node) != (size_t)attempts)
		return pw_yaml_fail(node, r->err,
				    "a list of next steps has one for each attempt: %d, not %zu",
				    attempts, pw_yaml_count(node));
	pw_status rc = PW_OK;
	for (int i = 0; i < attempts && rc == PW_OK; i++)
		rc = read_next_word(each ? pw_yaml_item(node, (size_t)i) : node, &r->row->next[i],
				    r->err);
	return rc;
}

static pw_status read_call(row_reader *r, const pw_yaml_node *line)
{
	char shown[PW_YAML_SHOW];
	const char *text = NULL;
	pw_status rc = pw_yaml_get_text(line, "call", &text, r->err);
	if (rc != PW_OK)
		return rc;
	if (!pw_call_parse(text, &r->row->call) || r->row->call == PW_CALL_NONE)
		return pw_yaml_fail(pw_yaml_find(line, "call"), r->err,
				    "%s is not a call: there are positive, negative, inconclusive "
				    "and invalid",
				    pw_yaml_show(pw_yaml_find(line, "call"), shown));
	return PW_OK;
}

static pw_status read_note(row_reader *r, const pw_yaml_node *line)
{
	const pw_yaml_node *node = pw_yaml_find(line, "note");
	r->row->note = "";
	if (node == NULL)
		return PW_OK;
	const char *text = NULL;
	pw_status rc = pw_rule_word(node, "a note", PW_RULE_TITLE_SIZE, &text, r->err);
	if (rc == PW_OK)
		r->row->note = pw_arena_strdup(&r->assay->arena, text);
	return rc;
}

static pw_status read_row(row_reader *r, const pw_yaml_node *line)
{
	static const char *const keys[] = {"when", "attempt", "after", "call",
					   "next", "note",    NULL};
	r->row->line = pw_yaml_line(line);
	r->row->column = pw_yaml_column(line);
	for (int t = 0; t < r->assay->target_count; t++)
		r->row->takes[t] = (1u << r->assay->targets[t].own_count) - 1;
	r->attempts = ~0u;
	r->after = ~0u;
	r->gap = "";
	pw_status rc;
	if ((rc = pw_yaml_only(line, keys, r->err)) != PW_OK ||
	    (rc = read_when(r, line)) != PW_OK || (rc = read_attempt(r, line)) != PW_OK ||
	    (rc = read_after(r, line)) != PW_OK || (rc = read_call(r, line)) != PW_OK ||
	    (rc = read_next(r, line)) != PW_OK || (rc = read_note(r, line)) != PW_OK)
		return rc;
	r->row->text = pw_arena_strdup(&r->assay->arena,
				       r->text.len == 0 ? "anything" : pw_str_text(&r->text));
	return PW_OK;
}

static void place_row(pw_assay *assay, int index, unsigned attempts, unsigned after)
{
	assay_row *row = &assay->rows[index];
	uint64_t bit = (uint64_t)1 << index;
	for (int s = 0; s < assay->state_count; s++) {
		pw_call previous = pw_assay_state_previous(assay, s);
		if ((attempts >> pw_assay_state_attempt(assay, s) & 1) && (after >> previous & 1)) {
			row->states |= 1u << s;
			assay->rows_of_state[s] |= bit;
		}
	}
	for (int t = 0; t < assay->target_count; t++)
		for (int b = 0; b < assay->targets[t].own_count; b++)
			if (row->takes[t] >> b & 1)
				assay->rows_of_band[t][b] |= bit;
}

pw_status pw_assay_rows_read(pw_assay *assay, const pw_yaml_node *list, pw_err *err)
{
	size_t count = pw_yaml_count(list);
	if (count == 0 || count > MAX_ROWS)
		return pw_yaml_fail(list, err, "'calls' must be a list of 1 to %d rows", MAX_ROWS);
	assay->calls_line = pw_yaml_line(list);
	assay->calls_column = pw_yaml_column(list);
	for (size_t i = 0; i < count; i++)
		if (pw_yaml_find(pw_yaml_item(list, i), "after") != NULL)
			assay->uses_after = true;
	assay->state_count = assay->uses_after ? 2 * assay->attempts - 1 : assay->attempts;
	for (size_t i = 0; i < count; i++) {
		row_reader r = {.assay = assay, .row = &assay->rows[i], .err = err};
		pw_status rc = read_row(&r, pw_yaml_item(list, i));
		pw_str_clear(&r.text);
		if (rc != PW_OK)
			return rc;
		place_row(assay, (int)i, r.attempts, r.after);
		assay->row_count++;
	}
	return PW_OK;
}
