/* The linter's first half: do the bands of every target take every reading, once? */
#include <math.h>
#include <stdio.h>

#include "core/model/assay_lint.h"

static void say_number(pw_str *out, double value)
{
	char text[32];
	pw_format_real(value, text);
	pw_str_add(out, text);
}

/* The pieces first to last, all numbers, in the language of the file: "Cq >= 38, < 40". */
static void say_run(pw_str *out, const band_map *map, int first, int last)
{
	bool low = first > 0, high = last < 2 * map->cut_count;
	if (!low && !high) {
		pw_str_add(out, "any Cq");
		return;
	}
	pw_str_add(out, "Cq ");
	if (low) {
		pw_str_add(out, first % 2 == 1 ? ">= " : "> ");
		say_number(out, map->cuts[(first - 1) / 2]);
	}
	if (low && high)
		pw_str_add(out, ", ");
	if (high) {
		pw_str_add(out, last % 2 == 1 ? "<= " : "< ");
		say_number(out, map->cuts[last / 2]);
	}
}

static void say_pieces(pw_str *out, const band_map *map, uint64_t pieces)
{
	int none = pw_assay_piece_count(map) - 1;
	const char *gap = "";
	for (int p = 0; p < none; p++) {
		if ((pieces >> p & 1) == 0)
			continue;
		int last = p;
		while (last + 1 < none && (pieces >> (last + 1) & 1))
			last++;
		pw_str_add(out, gap);
		say_run(out, map, p, last);
		gap = " or ";
		p = last;
	}
	if (pieces >> none & 1)
		pw_str_addf(out, "%sno Cq", gap);
}

static void say_amps(pw_str *out, uint64_t amps)
{
	const char *gap = " with amp ";
	if (amps == (1u << AMP_STATES) - 1)
		return;
	for (int a = 0; a < AMP_STATES; a++) {
		if ((amps >> a & 1) == 0)
			continue;
		pw_str_addf(out, "%s%s", gap, pw_amp_name((pw_amp)a));
		gap = " or ";
	}
}

void pw_assay_say_example(pw_str *out, const band_map *map, int piece, pw_amp amp)
{
	double cq = 0;
	char text[48];
	if (!pw_assay_piece_example(map, piece, &cq)) {
		pw_str_add(out, "no Cq");
	} else {
		snprintf(text, sizeof(text), "%.2f", cq);
		if (pw_assay_piece_of(map, round(cq * 100) / 100) != piece)
			pw_format_real(cq, text);
		pw_str_add(out, text);
	}
	bool matters = false;
	for (int a = 0; a < AMP_STATES; a++)
		matters = matters || map->band[piece][a] != map->band[piece][amp];
	if (matters)
		pw_str_addf(out, " (amp %s)", pw_amp_name(amp));
}

typedef struct band_check {
	const assay_target *target;
	const char *control; /* or NULL */
	const band_map *map;
	pw_report *report;
} band_check;

/* "target N", "target N on '7500 Fast Dx'", "control NTC, target N" */
static void say_whose(pw_str *out, const band_check *check)
{
	if (check->control != NULL)
		pw_str_addf(out, "control %s, ", check->control);
	pw_str_addf(out, "target %s", check->target->name);
	if (check->map->instrument[0] != '\0')
		pw_str_addf(out, " on '%s'", check->map->instrument);
}

static void lint_holes(const band_check *check)
{
	const band_map *map = check->map;
	uint8_t cells[MAX_PIECES * AMP_STATES];
	pw_cover cover = {.dims = 2,
			  .size = {AMP_STATES, pw_assay_piece_count(map)},
			  .cells = cells,
			  .budget = 1000000};
	for (int p = 0; p < pw_assay_piece_count(map); p++)
		for (int a = 0; a < AMP_STATES; a++)
			cells[p * AMP_STATES + a] =
				map->band[p][a] == NO_BAND ? PW_CELL_IN : PW_CELL_OUT;
	pw_region region;
	int cell[PW_COVER_DIMS];
	while (pw_cover_next(&cover, &region, cell)) {
		pw_str text = PW_STR_INIT;
		say_whose(&text, check);
		pw_str_add(&text, ": no band takes ");
		say_pieces(&text, map, region.take[1]);
		say_amps(&text, region.take[0]);
		pw_str_add(&text, "; for example ");
		pw_assay_say_example(&text, map, cell[1], (pw_amp)cell[0]);
		pw_report_add(check->report, PW_ERROR, "band-hole", map->line, map->column,
			      "%s: add a line to its bands", pw_str_text(&text));
		pw_str_clear(&text);
	}
}

/* A piece and amplification that both lines take; false when there is none. */
static bool both_take(const band_map *map, const band_entry *a, const band_entry *b, int *out_piece,
		      pw_amp *out_amp)
{
	for (int p = 0; p < pw_assay_piece_count(map); p++) {
		for (int amp = 0; amp < AMP_STATES; amp++) {
			if (pw_assay_entry_takes(map, a, p, (pw_amp)amp) &&
			    pw_assay_entry_takes(map, b, p, (pw_amp)amp)) {
				*out_piece = p;
				*out_amp = (pw_amp)amp;
				return true;
			}
		}
	}
	return false;
}

static void say_overlap(const band_check *check, const band_entry *a, const band_entry *b,
			int piece, pw_amp amp)
{
	bool same = a->band == b->band;
	const char *const *names = check->target->bands;
	pw_str text = PW_STR_INIT;
	say_whose(&text, check);
	pw_str_add(&text, ": ");
	if (same)
		pw_str_addf(&text, "line %d takes again what line %d takes as '%s'", b->line,
			    a->line, names[a->band]);
	else
		pw_str_addf(&text, "'%s' on line %d and '%s' on line %d take the same",
			    names[a->band], a->line, names[b->band], b->line);
	double cq = 0;
	if (pw_assay_piece_example(check->map, piece, &cq))
		pw_str_addf(&text, "; for example %.2f", cq);
	else
		pw_str_add(&text, "; for example no Cq");
	pw_str_addf(&text, " with amp %s: %s", pw_amp_name(amp),
		    same ? "leave it out in one" : "narrow one of them");
	pw_report_add(check->report, same ? PW_WARNING : PW_ERROR, "band-overlap", b->line,
		      b->column, "%s", pw_str_text(&text));
	pw_str_clear(&text);
}

static void lint_overlaps(const band_check *check)
{
	const band_map *map = check->map;
	int said = 0;
	for (int j = 1; j < map->entry_count; j++) {
		for (int i = 0; i < j && said < MAX_SAID; i++) {
			int piece = 0;
			pw_amp amp = PW_AMP_UNKNOWN;
			const band_entry *a = &map->entries[i], *b = &map->entries[j];
			if (!both_take(map, a, b, &piece, &amp))
				continue;
			say_overlap(check, a, b, piece, amp);
			said++;
		}
	}
}

void pw_assay_lint_bands(const pw_assay *assay, pw_report *report)
{
	for (int t = 0; t < assay->target_count; t++) {
		const assay_target *target = &assay->targets[t];
		for (int i = 0; i < target->map_count; i++) {
			band_check check = {target, NULL, target->maps[i], report};
			lint_holes(&check);
			lint_overlaps(&check);
		}
	}
	for (int c = 0; c < assay->control_count; c++) {
		for (int t = 0; t < assay->target_count; t++) {
			const assay_control *control = &assay->controls[c];
			if (control->own[t] == NULL)
				continue;
			band_check check = {&assay->targets[t], control->rule.name, control->own[t],
					    report};
			lint_holes(&check);
			lint_overlaps(&check);
		}
	}
}
