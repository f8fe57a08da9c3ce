/* One part of a batch: its wells as a design of their own, decoded; and whether the readings make sense. */
#include "core/lab/pool_internal.h"

#include <stdio.h>
#include <string.h>

#include "core/pooling/alarm.h"

/* Search that far and no further, on every computer alike. */
#define EFFORT (UINT64_C(1) << 28)

/* What of the chance that an answer may be wrong the search may leave open. */
#define EPSILON_SHARE 0.1

/* The alarm looks at parts of so many pools and more; fewer can be explained by anything. */
#define ALARM_POOLS 8

/* Readings that so many wrong pools come with by chance, or fewer, make no sense. */
#define ALARM_LEVEL 0.001

pw_pool_model pw_lab_pool_model(const pw_pool_rule *rule)
{
	pw_pool_model model = PW_POOL_MODEL_INIT;
	model.se = rule->sensitivity;
	model.sp = rule->specificity;
	model.dilution = rule->dilution;
	model.grey_positive = rule->grey_positive;
	model.grey_negative = rule->grey_negative;
	return model;
}

/* By pool, as if one of its tubes were positive: a second one only helps, and a design whose pools are
 * positive or not is searched much faster than one whose pools count. */
static pw_pool_model model_of(const pw_pool_rule *rule, const pw_design *design, pw_arena *arena)
{
	pw_pool_model model = pw_lab_pool_model(rule);
	double *se = pw_arena_array(arena, pw_design_pools(design), sizeof(*se));
	for (size_t i = 0; i < pw_design_pools(design); i++) {
		size_t n = pw_design_members(design, i).count;
		se[i] = rule->sensitivity / (rule->dilution * (double)(n - 1) + 1);
	}
	model.pool_se = se;
	model.dilution = 0;
	return model;
}

/* A part's wells, while they become a design. */
typedef struct wells {
	const pw_batch_evidence *e;
	pw_arena *arena;
	uint32_t *column; /* by tube of the batch: its column + 1, 0: none */
	uint32_t *tubes;  /* by column */
	size_t columns;
	bool *in_part; /* by tube of the batch */
	pw_design_entry *entries;
	size_t entry_count;
	pw_pool_reading *readings;
	pw_place *places;
	size_t well_count;
	bool own; /* a tube's own well is among them */
} wells;

static void add_entry(wells *w, uint32_t tube)
{
	if (w->column[tube] == 0) {
		w->tubes[w->columns++] = tube;
		w->column[tube] = (uint32_t)w->columns;
	}
	w->entries[w->entry_count++] =
		(pw_design_entry){(uint32_t)w->well_count - 1, w->column[tube] - 1};
}

static void begin_well(wells *w, char reading, pw_place place)
{
	w->readings[w->well_count].call = reading == '+'   ? PW_POOL_POSITIVE
					  : reading == '-' ? PW_POOL_NEGATIVE
							   : PW_POOL_GREY;
	w->places[w->well_count++] = place;
}

static pw_place place_of(const pw_batch_view *v, const pw_batch_pools_row *pool)
{
	pw_well at = pw_well_at((int)pool->position, v->format, PW_BY_ROW);
	return (pw_place){(uint16_t)(pool->place - 1), at.row, at.col};
}

/* Aliquots come by pool: a pool begins where its first one of this part does. */
static void add_pools(wells *w)
{
	const pw_batch_view *v = w->e->view;
	int64_t number = 0;
	for (size_t a = 0; a < v->aliquot_count; a++) {
		const pw_batch_aliquots_row *aliquot = &v->aliquots[a];
		const pw_batch_pools_row *pool = &v->pools[aliquot->number - 1];
		uint32_t tube = (uint32_t)aliquot->sample - 1;
		if (!w->in_part[tube] || strcmp(aliquot->state, "pipetted") != 0 ||
		    !pw_lab_pool_tells(pool))
			continue;
		if (pool->number != number)
			begin_well(w, pool->reading[0], place_of(v, pool));
		number = pool->number;
		add_entry(w, tube);
	}
}

static void add_own_wells(wells *w)
{
	const pw_batch_view *v = w->e->view;
	for (size_t i = 0; i < v->own_count; i++) {
		uint32_t tube = (uint32_t)v->own[i].sample - 1;
		char reading = pw_lab_reading_of(v->own[i].call)[0];
		if (!w->in_part[tube] || reading == '!')
			continue;
		begin_well(w, reading, (pw_place){0, 0, 0});
		add_entry(w, tube);
		w->own = true;
	}
}

static void gather_wells(wells *w, const pw_batch_part *part)
{
	const pw_batch_view *v = w->e->view;
	size_t wells_at_most = v->pool_count + v->own_count;
	w->column = pw_arena_array(w->arena, v->tube_count, sizeof(*w->column));
	w->in_part = pw_arena_array(w->arena, v->tube_count, sizeof(*w->in_part));
	w->tubes = pw_arena_array(w->arena, part->count, sizeof(*w->tubes));
	w->entries = pw_arena_array(w->arena, v->aliquot_count + v->own_count, sizeof(*w->entries));
	w->readings = pw_arena_array(w->arena, wells_at_most, sizeof(*w->readings));
	w->places = pw_arena_array(w->arena, wells_at_most, sizeof(*w->places));
	for (size_t k = 0; k < part->count; k++)
		w->in_part[part->tubes[k]] = true;
	add_pools(w);
	add_own_wells(w);
}

/* ---------------------------------------------------------------- the alarm */

static void say_alarm(const pw_alarm *a, char out[256])
{
	const char *cause = pw_mishap_text(a->cause);
	snprintf(
		out, 256,
		"%zu of the readings contradict the best explanation, and %.1f would be expected%s%s",
		a->wrong, a->expected,
		cause != NULL ? "; they would make sense had this happened: "
			      : "; nothing simple explains them",
		cause != NULL ? cause : "");
}

static pw_status check_alarm(const pw_evidence *evidence, const pw_decoded *decoded,
			     const pw_decode_opts *opts, char out[256], pw_err *err)
{
	pw_alarm alarm;
	pw_status rc = pw_alarm_check(evidence, decoded, opts, ALARM_LEVEL, &alarm, err);
	if (rc == PW_OK && alarm.raised)
		say_alarm(&alarm, out);
	return rc;
}

/* ---------------------------------------------------------------- decode */

static const double *priors_of(const wells *w)
{
	double *priors = pw_arena_array(w->arena, w->columns, sizeof(*priors));
	for (size_t c = 0; c < w->columns; c++)
		priors[c] = pw_pool_rule_prior(w->e->prevalence,
					       (int)w->e->view->tubes[w->tubes[c]].swabs);
	return priors;
}

static pw_status decode_wells(wells *w, size_t sets, bool alarm, pw_part_decoded *out, pw_err *err)
{
	pw_design *design = NULL;
	const pw_design_spec spec = {.pools = w->well_count,
				     .samples = w->columns,
				     .entries = w->entries,
				     .entry_count = w->entry_count,
				     .pool_places = w->own ? NULL : w->places};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_err own = PW_ERR_INIT;
	pw_status rc = pw_design_new(&spec, &design, err);
	if (rc != PW_OK)
		return rc;
	const pw_evidence evidence = {.design = design,
				      .readings = w->readings,
				      .priors = priors_of(w),
				      .test = model_of(w->e->rule, design, w->arena)};
	opts.sets = sets;
	opts.effort = EFFORT;
	opts.epsilon = EPSILON_SHARE * (1 - w->e->rule->confidence);
	rc = pw_decode(&evidence, &opts, &out->of, &own);
	out->decoded = rc == PW_OK;
	if (rc == PW_ERR_REFUSED) { /* impossible under the policy: nobody is decided */
		snprintf(out->alarm, sizeof(out->alarm), "%.200s", own.msg);
		rc = PW_OK;
	} else if (rc != PW_OK && err != NULL) {
		*err = own;
	} else if (rc == PW_OK && alarm && !w->own && w->well_count >= ALARM_POOLS) {
		rc = check_alarm(&evidence, &out->of, &opts, out->alarm, err);
	}
	pw_design_free(design);
	return rc;
}

pw_status pw_lab_decode_part(const pw_batch_evidence *e, const pw_batch_part *part, size_t sets,
			     bool alarm, pw_arena *arena, pw_part_decoded *out, pw_err *err)
{
	wells w = {.e = e, .arena = arena};
	*out = (pw_part_decoded){.decoded = false};
	gather_wells(&w, part);
	out->tubes = w.tubes;
	return w.well_count == 0 ? PW_OK : decode_wells(&w, sets, alarm, out, err);
}
