#include "core/model/cover.h"

#include <string.h>

size_t pw_cover_cells(const pw_cover *cover)
{
	size_t cells = 1;
	for (int d = 0; d < cover->dims; d++)
		cells *= (size_t)cover->size[d];
	return cells;
}

static uint64_t all_values(const pw_cover *cover, int d)
{
	return cover->size[d] == 64 ? ~(uint64_t)0 : ((uint64_t)1 << cover->size[d]) - 1;
}

typedef struct walk {
	pw_cover *cover;
	const pw_region *region;
	bool mark;  /* turn IN into SAID */
	bool clean; /* no OUT cell was met */
	long in;    /* cells that were IN */
} walk;

static void walk_cell(walk *w, size_t index)
{
	uint8_t *cell = &w->cover->cells[index];
	if (w->cover->budget <= 0 || *cell == PW_CELL_OUT)
		w->clean = false;
	if (*cell == PW_CELL_IN) {
		w->in++;
		if (w->mark)
			*cell = PW_CELL_SAID;
	}
	w->cover->budget--;
}

/* All cells of the region, last dimension outermost; `counted` of the group's dimensions so far. */
static void walk_from(walk *w, int d, size_t index, int counted)
{
	const pw_region *region = w->region;
	if (d < 0) {
		if (region->group == NULL || (counted >= region->min && counted <= region->max))
			walk_cell(w, index);
		return;
	}
	bool grouped = region->group != NULL && (region->group->dims >> d & 1);
	for (int v = 0; v < w->cover->size[d] && w->clean; v++) {
		if ((region->take[d] >> v & 1) == 0)
			continue;
		int more = grouped && (region->group->values[d] >> v & 1);
		walk_from(w, d - 1, index * (size_t)w->cover->size[d] + (size_t)v, counted + more);
	}
}

/* How many cells the region would newly describe, or -1 when it holds one that is not of the set. */
static long gain_of(pw_cover *cover, const pw_region *region)
{
	walk w = {.cover = cover, .region = region, .clean = true};
	walk_from(&w, cover->dims - 1, 0, 0);
	return w.clean ? w.in : -1;
}

/* Adds to the region every value of dimension d that keeps it inside the set. */
static void grow(pw_cover *cover, pw_region *region, int d)
{
	uint64_t kept = region->take[d];
	for (int v = 0; v < cover->size[d]; v++) {
		if (kept >> v & 1)
			continue;
		region->take[d] = (uint64_t)1 << v;
		if (gain_of(cover, region) >= 0)
			kept |= (uint64_t)1 << v;
	}
	region->take[d] = kept;
}

static pw_region seed(const pw_cover *cover, const int *cell)
{
	pw_region region = {.group = NULL};
	for (int d = 0; d < cover->dims; d++)
		region.take[d] = (uint64_t)1 << cell[d];
	return region;
}

/* The region around `cell` that counts `group`, before its other dimensions grow. */
static bool count_around(pw_cover *cover, const pw_cover_group *group, const int *cell,
			 pw_region *out)
{
	pw_region region = seed(cover, cell);
	int members = 0, counted = 0;
	region.group = group;
	for (int d = 0; d < cover->dims; d++) {
		if ((group->dims >> d & 1) == 0)
			continue;
		region.take[d] = all_values(cover, d);
		members++;
		counted += (int)(group->values[d] >> cell[d] & 1);
	}
	region.min = region.max = counted;
	if (gain_of(cover, &region) < 0)
		return false;
	int low = counted, high = counted;
	for (; high < members; high++) {
		region.min = region.max = high + 1;
		if (gain_of(cover, &region) < 0)
			break;
	}
	for (; low > 0; low--) {
		region.min = region.max = low - 1;
		if (gain_of(cover, &region) < 0)
			break;
	}
	region.min = low;
	region.max = high;
	if (low == 0 && high == members)
		region.group = NULL;
	*out = region;
	return true;
}

static void take_better(pw_cover *cover, const pw_region *candidate, pw_region *best,
			long *best_gain)
{
	long gain = gain_of(cover, candidate);
	if (gain > *best_gain) {
		*best = *candidate;
		*best_gain = gain;
	}
}

static pw_region best_around(pw_cover *cover, const int *cell)
{
	pw_region best = seed(cover, cell);
	long best_gain = 0;
	for (int first = 0; first < cover->dims; first++) {
		pw_region region = seed(cover, cell);
		for (int i = 0; i < cover->dims; i++)
			grow(cover, &region, (first + i) % cover->dims);
		take_better(cover, &region, &best, &best_gain);
	}
	for (int g = 0; g < cover->group_count; g++) {
		pw_region region;
		if (!count_around(cover, &cover->groups[g], cell, &region))
			continue;
		for (int d = cover->dims; d-- > 0;)
			if ((cover->groups[g].dims >> d & 1) == 0)
				grow(cover, &region, d);
		take_better(cover, &region, &best, &best_gain);
	}
	return best;
}

bool pw_cover_next(pw_cover *cover, pw_region *out, int out_cell[PW_COVER_DIMS])
{
	size_t cells = pw_cover_cells(cover);
	while (cover->next < cells && cover->cells[cover->next] != PW_CELL_IN)
		cover->next++;
	if (cover->next == cells)
		return false;
	size_t rest = cover->next;
	for (int d = 0; d < cover->dims; d++) {
		out_cell[d] = (int)(rest % (size_t)cover->size[d]);
		rest /= (size_t)cover->size[d];
	}
	*out = best_around(cover, out_cell);
	walk w = {.cover = cover, .region = out, .mark = true, .clean = true};
	long budget = cover->budget;
	cover->budget = (long)cells + 1; /* marking is not a search: it must not stop half way */
	walk_from(&w, cover->dims - 1, 0, 0);
	cover->budget = budget;
	return true;
}
