/* What the linter finds, in words. */
#include "core/model/assay_lint.h"

static void say_bands(pw_str *out, const assay_target *target, uint64_t bands)
{
	const char *gap = " ";
	for (int b = 0; b < target->own_count; b++) {
		if ((bands >> b & 1) == 0)
			continue;
		pw_str_addf(out, "%s%s", gap, target->bands[b]);
		gap = " or ";
	}
}

static void say_state(pw_str *out, const pw_assay *assay, int state)
{
	pw_str_addf(out, "attempt %d", pw_assay_state_attempt(assay, state));
	pw_call previous = pw_assay_state_previous(assay, state);
	if (previous != PW_CALL_NONE)
		pw_str_addf(out, " after %s", pw_call_name(previous));
}

/* States that are the whole of an attempt are said as one. */
static void say_states(pw_str *out, const pw_assay *assay, uint64_t states)
{
	const char *gap = "";
	for (int s = 0; s < assay->state_count; s++) {
		if ((states >> s & 1) == 0)
			continue;
		pw_str_add(out, gap);
		gap = " or ";
		bool both = assay->uses_after && s % 2 == 1 && (states >> (s + 1) & 1);
		if (both)
			pw_str_addf(out, "attempt %d", pw_assay_state_attempt(assay, s++));
		else
			say_state(out, assay, s);
	}
}

static void say_class(pw_str *out, const pw_assay *assay, int class)
{
	if (class == 0)
		pw_str_add(out, "on other instruments");
	else
		pw_str_addf(out, "on '%s'", assay->classes[class]);
}

static void say_count(pw_str *out, const pw_assay *assay, const pw_region *region)
{
	const pw_cover_group *group = region->group;
	int members = 0, first = -1;
	pw_str names = PW_STR_INIT;
	for (int t = 0; t < assay->target_count; t++) {
		if ((group->dims >> t & 1) == 0)
			continue;
		pw_str_addf(&names, "%s%s", members++ == 0 ? "" : "/", assay->targets[t].name);
		first = first < 0 ? t : first;
	}
	if (region->min == region->max)
		pw_str_addf(out, "exactly %d of %s", region->min, pw_str_text(&names));
	else if (region->max == members)
		pw_str_addf(out, "at least %d of %s", region->min, pw_str_text(&names));
	else if (region->min == 0)
		pw_str_addf(out, "at most %d of %s", region->max, pw_str_text(&names));
	else
		pw_str_addf(out, "%d to %d of %s", region->min, region->max, pw_str_text(&names));
	say_bands(out, &assay->targets[first], group->values[first]);
	pw_str_clear(&names);
}

void pw_assay_say_region(pw_str *out, const pw_assay *assay, const pw_region *region)
{
	const char *gap = "";
	if (region->group != NULL) {
		say_count(out, assay, region);
		gap = ", ";
	}
	for (int t = 0; t < assay->target_count; t++) {
		const assay_target *target = &assay->targets[t];
		if (region->take[t] == (1u << target->own_count) - 1)
			continue;
		pw_str_addf(out, "%s%s", gap, target->name);
		say_bands(out, target, region->take[t]);
		gap = ", ";
	}
	uint64_t states = region->take[assay->target_count];
	if (states != (1u << assay->state_count) - 1) {
		pw_str_add(out, gap);
		say_states(out, assay, states);
		gap = ", ";
	}
	uint64_t classes = region->take[assay->target_count + 1];
	if (classes != (1u << assay->class_count) - 1) {
		pw_str_add(out, gap);
		gap = "";
		for (int c = 0; c < assay->class_count; c++) {
			if ((classes >> c & 1) == 0)
				continue;
			pw_str_add(out, gap);
			say_class(out, assay, c);
			gap = " or ";
		}
	}
	if (out->len == 0)
		pw_str_add(out, "anything");
}

/* A reading that is in the band: of a file that says nothing of amplification, if there is one. */
static void find_reading(const band_map *map, int band, int *out_piece, pw_amp *out_amp)
{
	for (int a = 0; a < AMP_STATES; a++) {
		for (int p = 0; p < pw_assay_piece_count(map); p++) {
			if (map->band[p][a] == band) {
				*out_piece = p;
				*out_amp = (pw_amp)a;
				return;
			}
		}
	}
}

void pw_assay_say_place(pw_str *out, const pw_assay *assay, const lint_place *at)
{
	for (int t = 0; t < assay->target_count; t++) {
		const band_map *map = assay->targets[t].of_class[at->class];
		int piece = 0;
		pw_amp amp = PW_AMP_UNKNOWN;
		find_reading(map, at->bands[t], &piece, &amp);
		pw_str_addf(out, "%s%s ", t == 0 ? "" : ", ", assay->targets[t].name);
		pw_assay_say_example(out, map, piece, amp);
	}
	if (assay->state_count > 1) {
		pw_str_add(out, ", ");
		say_state(out, assay, at->state);
	}
	if (assay->class_count > 1) {
		pw_str_add(out, ", ");
		say_class(out, assay, at->class);
	}
}
