/* The linter's main half: does every combination of bands come to one call, and to a last word? */
#include <string.h>

#include "core/base/mem.h"
#include "core/model/assay_lint.h"

enum { MAX_GROUPS = 48, MAX_OVERLAPS = 2 * MAX_SAID };

typedef struct overlap {
	int first, second;
	bool agree;
	lint_place at;
} overlap;

typedef struct linter {
	const pw_assay *assay;
	pw_report *report;
	uint8_t *cells;
	unsigned reachable[MAX_CLASSES][MAX_TARGETS]; /* bands that some reading is in */
	uint64_t differs[MAX_ATTEMPTS][MAX_ROWS];     /* rows with another call or next step */
	uint64_t seen[2][MAX_ROWS];                   /* pairs found that disagree, that agree */
	uint64_t reached, reached_last;               /* rows; rows on the last attempt */
	overlap overlaps[MAX_OVERLAPS];
	int overlap_count;
	int unsaid[2]; /* overlaps beyond, that disagree, that agree */
	pw_cover_group groups[MAX_GROUPS];
	int group_count;
} linter;

static void note_overlaps(linter *l, const lint_place *at, uint64_t rows, int attempt)
{
	for (int i = 0; i < l->assay->row_count; i++) {
		if ((rows >> i & 1) == 0)
			continue;
		rows &= ~((uint64_t)1 << i); /* those that are left come after i */
		uint64_t unlike = rows & l->differs[attempt - 1][i];
		uint64_t fresh[2] = {unlike & ~l->seen[0][i], rows & ~unlike & ~l->seen[1][i]};
		for (int agree = 0; agree < 2; agree++) {
			l->seen[agree][i] |= fresh[agree];
			for (int j = i + 1; j < l->assay->row_count; j++) {
				if ((fresh[agree] >> j & 1) == 0)
					continue;
				if (l->overlap_count < MAX_OVERLAPS)
					l->overlaps[l->overlap_count++] =
						(overlap){i, j, agree == 1, *at};
				else
					l->unsaid[agree]++;
			}
		}
	}
}

static uint8_t check_cell(linter *l, const lint_place *at, uint64_t rows)
{
	const pw_assay *assay = l->assay;
	if (rows != 0)
		rows = pw_assay_rows_counted(assay, rows, at->bands);
	if (rows == 0)
		return PW_CELL_IN;
	int attempt = pw_assay_state_attempt(assay, at->state);
	l->reached |= rows;
	if (attempt == assay->attempts)
		l->reached_last |= rows;
	if ((rows & (rows - 1)) != 0)
		note_overlaps(l, at, rows, attempt);
	return PW_CELL_OUT;
}

/* The bands of target t and those before it; the first target's change fastest. */
static void walk_bands(linter *l, lint_place *at, int t, size_t index, uint64_t rows)
{
	const pw_assay *assay = l->assay;
	if (t < 0) {
		l->cells[index] = check_cell(l, at, rows);
		return;
	}
	for (int b = 0; b < assay->targets[t].own_count; b++) {
		if ((l->reachable[at->class][t] >> b & 1) == 0)
			continue; /* its cells stay FREE */
		at->bands[t] = b;
		walk_bands(l, at, t - 1, index * (size_t)assay->targets[t].own_count + (size_t)b,
			   rows & assay->rows_of_band[t][b]);
	}
}

static void find_reachable(linter *l)
{
	for (int c = 0; c < l->assay->class_count; c++) {
		for (int t = 0; t < l->assay->target_count; t++) {
			const band_map *map = l->assay->targets[t].of_class[c];
			for (int p = 0; p < pw_assay_piece_count(map); p++)
				for (int a = 0; a < AMP_STATES; a++)
					if (map->band[p][a] != NO_BAND)
						l->reachable[c][t] |= 1u << map->band[p][a];
		}
	}
}

static void find_differences(linter *l)
{
	const pw_assay *assay = l->assay;
	for (int a = 0; a < assay->attempts; a++)
		for (int i = 0; i < assay->row_count; i++)
			for (int j = 0; j < assay->row_count; j++)
				if (assay->rows[i].call != assay->rows[j].call ||
				    assay->rows[i].next[a] != assay->rows[j].next[a])
					l->differs[a][i] |= (uint64_t)1 << j;
}

static void walk_all(linter *l)
{
	const pw_assay *assay = l->assay;
	find_reachable(l);
	find_differences(l);
	memset(l->cells, PW_CELL_FREE, (size_t)assay->cells);
	for (int c = 0; c < assay->class_count; c++) {
		for (int s = 0; s < assay->state_count; s++) {
			lint_place at = {.state = s, .class = c};
			size_t index = (size_t)c * (size_t)assay->state_count + (size_t)s;
			walk_bands(l, &at, assay->target_count - 1, index, assay->rows_of_state[s]);
		}
	}
}

static void add_group(linter *l, const pw_cover_group *group)
{
	for (int i = 0; i < l->group_count; i++)
		if (memcmp(&l->groups[i], group, sizeof(*group)) == 0)
			return;
	if (l->group_count < MAX_GROUPS)
		l->groups[l->group_count++] = *group;
}

static bool same_names(const assay_target *a, const assay_target *b)
{
	if (a->own_count != b->own_count)
		return false;
	for (int i = 0; i < a->own_count; i++)
		if (strcmp(a->bands[i], b->bands[i]) != 0)
			return false;
	return true;
}

/* What may be counted in words: what the author counts, and targets whose bands are named alike. */
static void find_groups(linter *l)
{
	const pw_assay *assay = l->assay;
	for (int i = 0; i < assay->row_count; i++) {
		for (int c = 0; c < assay->rows[i].count_count; c++) {
			const row_count *count = &assay->rows[i].counts[c];
			pw_cover_group group = {.dims = count->targets};
			for (int t = 0; t < assay->target_count; t++)
				group.values[t] = count->bands[t];
			add_group(l, &group);
		}
	}
	for (int t = 0; t < assay->target_count; t++) {
		for (int b = 0; b < assay->targets[t].own_count; b++) {
			pw_cover_group group = {.dims = 0};
			for (int u = t; u < assay->target_count; u++) {
				if (!same_names(&assay->targets[t], &assay->targets[u]))
					continue;
				group.dims |= 1u << u;
				group.values[u] = (uint64_t)1 << b;
			}
			if ((group.dims & (group.dims - 1)) != 0)
				add_group(l, &group);
		}
	}
}

static void report_holes(linter *l)
{
	const pw_assay *assay = l->assay;
	int n = assay->target_count;
	pw_cover cover = {
		.dims = n + 2, .cells = l->cells, .groups = l->groups, .budget = 50L * 1000 * 1000};
	for (int t = 0; t < n; t++)
		cover.size[t] = assay->targets[t].own_count;
	cover.size[n] = assay->state_count;
	cover.size[n + 1] = assay->class_count;
	find_groups(l);
	cover.group_count = l->group_count;
	pw_region region;
	int cell[PW_COVER_DIMS];
	for (int said = 0; pw_cover_next(&cover, &region, cell); said++) {
		if (said == MAX_SAID) {
			pw_report_add(l->report, PW_ERROR, "hole", assay->calls_line,
				      assay->calls_column,
				      "and more combinations that no row names");
			return;
		}
		lint_place at = {.state = cell[n], .class = cell[n + 1]};
		memcpy(at.bands, cell, sizeof(at.bands));
		pw_str what = PW_STR_INIT, example = PW_STR_INIT;
		pw_assay_say_region(&what, assay, &region);
		pw_assay_say_place(&example, assay, &at);
		pw_report_add(l->report, PW_ERROR, "hole", assay->calls_line, assay->calls_column,
			      "no row says what to call: %s; for example %s: add a row",
			      pw_str_text(&what), pw_str_text(&example));
		pw_str_clear(&what);
		pw_str_clear(&example);
	}
}

static void report_overlaps(linter *l)
{
	for (int i = 0; i < l->overlap_count; i++) {
		const overlap *o = &l->overlaps[i];
		const assay_row *a = &l->assay->rows[o->first], *b = &l->assay->rows[o->second];
		pw_str example = PW_STR_INIT;
		pw_assay_say_place(&example, l->assay, &o->at);
		int attempt = pw_assay_state_attempt(l->assay, o->at.state) - 1;
		pw_report_add(
			l->report, o->agree ? PW_WARNING : PW_ERROR, "overlap", b->line, b->column,
			"line %d (%s: %s, %s) and line %d (%s: %s, %s) are about the same; "
			"for example %s: %s",
			a->line, a->text, pw_call_name(a->call), pw_next_name(a->next[attempt]),
			b->line, b->text, pw_call_name(b->call), pw_next_name(b->next[attempt]),
			pw_str_text(&example),
			o->agree ? "one of them can be narrower" : "narrow one of them");
		pw_str_clear(&example);
	}
	for (int agree = 0; agree < 2; agree++)
		if (l->unsaid[agree] > 0)
			pw_report_add(l->report, agree ? PW_WARNING : PW_ERROR, "overlap",
				      l->assay->calls_line, l->assay->calls_column,
				      "and %d more pairs of rows that overlap and %s",
				      l->unsaid[agree], agree ? "agree" : "disagree");
}

static void report_rows(linter *l)
{
	const pw_assay *assay = l->assay;
	for (int i = 0; i < assay->row_count; i++) {
		const assay_row *row = &assay->rows[i];
		pw_next last = row->next[assay->attempts - 1];
		bool again = last == PW_NEXT_REPEAT_PCR || last == PW_NEXT_RE_EXTRACT;
		if ((l->reached_last >> i & 1) && again)
			pw_report_add(l->report, PW_ERROR, "last-word", row->line, row->column,
				      "this row asks for %s on attempt %d, the last: say report or "
				      "new-specimen there, or raise 'attempts'",
				      pw_next_name(last), assay->attempts);
		if ((l->reached >> i & 1) == 0)
			pw_report_add(l->report, PW_WARNING, "unreached-row", row->line,
				      row->column,
				      "no well can come to this row (%s): leave it out", row->text);
	}
}

static void report_unused(linter *l)
{
	for (int t = 0; t < l->assay->target_count; t++) {
		const assay_target *target = &l->assay->targets[t];
		for (int b = 0; b < target->own_count; b++)
			if ((target->named >> b & 1) == 0)
				pw_report_add(l->report, PW_WARNING, "unused-band", target->line,
					      target->column,
					      "no row and no control names the band '%s' of target "
					      "%s: join it with another",
					      target->bands[b], target->name);
	}
}

static void report_controls(linter *l)
{
	const pw_assay *assay = l->assay;
	for (int c = 0; c < assay->control_count; c++) {
		const assay_control *control = &assay->controls[c];
		for (int t = 0; t < assay->target_count; t++)
			if (!control->spoken[t])
				pw_report_add(
					l->report, PW_WARNING, "control-silent", control->line,
					control->column,
					"control %s says nothing of target %s: write '%s: any' "
					"when it does not matter",
					control->rule.name, assay->targets[t].name,
					assay->targets[t].name);
	}
	if (assay->control_count == 0)
		pw_report_add(l->report, PW_WARNING, "no-controls", 0, 0,
			      "the assay has no controls: nothing will ever hold its results");
}

void pw_assay_lint(const pw_assay *assay, pw_report *report)
{
	linter *l = pw_alloc(sizeof(*l));
	l->assay = assay;
	l->report = report;
	l->cells = pw_alloc((size_t)assay->cells);
	pw_assay_lint_bands(assay, report);
	walk_all(l);
	report_holes(l);
	report_overlaps(l);
	report_rows(l);
	report_unused(l);
	report_controls(l);
	pw_free(l->cells);
	pw_free(l);
}
