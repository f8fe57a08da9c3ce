#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/simulate/impl.h"

/* A load is told in copies per mL of this much medium: a single swab in its own tube. */
#define SINGLE_ML 3.0

/* From one swab of a throat to the next, in log10: the collector's hand included. */
#define SWAB_SD 0.5

/* FNV-1a. */
static size_t home_slot(const pw_sim_tubes *tubes, const char *code)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (; *code != '\0'; code++)
		hash = (hash ^ (unsigned char)*code) * UINT64_C(1099511628211);
	return (size_t)(hash & (tubes->room - 1));
}

/* The slot that holds `code`, or the empty one where it belongs. */
static pw_sim_tube **find_slot(const pw_sim_tubes *tubes, const char *code)
{
	size_t i = home_slot(tubes, code);
	while (tubes->slot[i] != NULL && strcmp(tubes->slot[i]->code, code) != 0)
		i = (i + 1) & (tubes->room - 1);
	return &tubes->slot[i];
}

static void grow(pw_sim_tubes *tubes)
{
	pw_sim_tubes old = *tubes;
	tubes->room = old.room == 0 ? 256 : old.room * 2;
	tubes->slot = pw_alloc_array(tubes->room, sizeof(*tubes->slot));
	for (size_t i = 0; i < old.room; i++) {
		if (old.slot[i] != NULL)
			*find_slot(tubes, old.slot[i]->code) = old.slot[i];
	}
	pw_free(old.slot);
}

pw_sim_tube *pw_sim_tube_find(const pw_world *world, const char *code)
{
	return world->tubes.room == 0 ? NULL : *find_slot(&world->tubes, code);
}

pw_sim_tube *pw_sim_tube_add(pw_world *world, const char *code, int capacity)
{
	pw_sim_tubes *tubes = &world->tubes;
	if (tubes->len * 2 >= tubes->room)
		grow(tubes);
	pw_sim_tube **slot = find_slot(tubes, code);
	if (*slot != NULL)
		return NULL;
	pw_sim_tube *tube = pw_arena_alloc(&world->arena, sizeof(*tube));
	tube->code = pw_arena_strdup(&world->arena, code);
	tube->capacity = capacity;
	*slot = tube;
	tubes->len++;
	return tube;
}

/* Medium by the size of the tube: 3 mL for one swab, 6 mL up to ten, 12 mL up to twenty. */
static double medium_ml(int capacity)
{
	if (capacity <= 1)
		return SINGLE_ML;
	return capacity <= 10 ? 6.0 : 12.0;
}

void pw_sim_tube_fill(pw_world *world, pw_sim_tube *tube, size_t subject, pw_time at)
{
	const pw_sim_subject *s = &world->subjects[subject];
	tube->human = tube->human || s->kind == PW_PERSON;
	if (!s->infected)
		return;
	char id[16];
	pw_sim_external_id(subject, id);
	pw_rng rng = pw_sim_draw(world, "swab", id, tube->code, 0);
	double days = (double)(at - world->opts.day_start) / (double)PW_DAY;
	double per_ml = pw_sim_load_at(&s->load, days) + pw_rng_normal(&rng, 0.0, SWAB_SD);
	tube->viral_per_ml += pow(10.0, per_ml) * SINGLE_ML / medium_ml(tube->capacity);
}
