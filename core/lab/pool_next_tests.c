/* The next wells of a batch that are expected to need the fewest tests: tubes alone, and new pools. */
#include "core/lab/pool_next.h"

#include <math.h>
#include <string.h>

#include "core/pooling/plan.h"

/* Sets of positives that a plan is made from, and wells of one part in one round. */
#define HYPOTHESES 4096
#define BATCH      6

/* ---------------------------------------------------------------- new pools */

static pw_status append_pool(pw_continuing *n, const uint32_t *tubes, size_t count,
			     const char *code, pw_err *err)
{
	const pw_layout *layout;
	int wells[PW_MAX_WELLS];
	pw_status rc = pw_lab_layout_of(n->lab, n->view.batch.layout_hash, &layout, err);
	if (rc != PW_OK)
		return rc;
	size_t room = pw_lab_specimen_positions(layout, wells);
	int64_t place = 0;
	for (size_t p = 0; p < n->view.pool_count; p++)
		place = n->view.pools[p].place > place ? n->view.pools[p].place : place;
	pw_pool_planned_item *items = pw_arena_array(n->arena, count, sizeof(*items));
	for (size_t k = 0; k < count; k++)
		items[k] = (pw_pool_planned_item){pw_next_tube_code(n, tubes[k]),
						  n->view.batch.aliquot_nl};
	const pw_pool_planned fact = {.pool = code,
				      .serial = n->serial,
				      .batch = n->view.batch.batch,
				      .number = (int64_t)(n->view.pool_count + n->new_pools) + 1,
				      .round = n->view.batch.round + 1,
				      .place = place + 1 + (int64_t)(n->new_pools / room),
				      .position = wells[n->new_pools % room],
				      .tubes = items,
				      .tubes_count = count};
	return pw_pool_planned_append(n->lab->store, &fact, err);
}

static pw_status make_pool(pw_continuing *n, const uint32_t *tubes, size_t count, const char *why,
			   pw_err *err)
{
	char *code = pw_arena_alloc(n->arena, 24);
	pw_status rc = PW_OK;
	if (!n->only_look) {
		pw_lab_pool_code(n->lab, &n->serial, code);
		rc = append_pool(n, tubes, count, code, err);
	}
	pw_next_well *well = pw_next_add_well(n, PW_NEXT_NEW_POOL, code, why);
	well->tubes = pw_next_codes_of(n, tubes, count);
	well->tube_count = count;
	for (size_t k = 0; k < count; k++)
		pw_next_let_wait(n, tubes[k], code);
	n->new_pools++;
	return rc;
}

/* Whoever lacks nothing but a negative well shares one: nobody of them is likely to be positive. */
static pw_status pool_the_unlikely(pw_continuing *n, const pw_batch_part *part, pw_err *err)
{
	uint32_t *who = pw_arena_array(n->arena, part->count, sizeof(*who));
	size_t count = 0;
	pw_status rc = PW_OK;
	for (size_t k = 0; rc == PW_OK && k < part->count; k++) {
		uint32_t i = part->tubes[k];
		const pw_batch_tubes_row *tube = &n->view.tubes[i];
		if (!n->open[i] || n->used_up[i] || !tube->posterior.has ||
		    tube->posterior.value + tube->error.value > 1 - n->evidence.rule->confidence)
			continue;
		who[count++] = i;
		if (count < n->max_pool)
			continue;
		rc = make_pool(n, who, count, "none of them was in a negative pool", err);
		count = 0;
	}
	if (rc == PW_OK && count > 1)
		rc = make_pool(n, who, count, "none of them was in a negative pool", err);
	return rc;
}

/* ---------------------------------------------------------------- fewest tests */

static bool has_open(const pw_continuing *n, const pw_batch_part *part)
{
	for (size_t k = 0; k < part->count; k++)
		if (n->open[part->tubes[k]])
			return true;
	return false;
}

static pw_status take_planned(pw_continuing *n, const pw_part_decoded *p, const pw_plan *plan,
			      pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t w = 0; rc == PW_OK && w < plan->well_count; w++) {
		const pw_plan_well *well = &plan->wells[w];
		uint32_t *tubes = pw_arena_array(n->arena, well->count, sizeof(*tubes));
		size_t count = 0;
		for (size_t k = 0; k < well->count; k++)
			if (n->open[p->tubes[well->at[k]]])
				tubes[count++] = p->tubes[well->at[k]];
		const char *why = pw_arena_printf(n->arena, "%.2f bits, positive with P %.2g",
						  well->information, well->positive);
		if (count > 1)
			rc = make_pool(n, tubes, count, why, err);
		else if (count == 1)
			rc = pw_next_test_alone(n, tubes[0], err);
	}
	return rc;
}

static pw_status plan_part(pw_continuing *n, const pw_batch_part *part, pw_err *err)
{
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_plan plan = {.undecided = 0};
	pw_part_decoded p;
	pw_status rc = pw_lab_decode_part(&n->evidence, part, HYPOTHESES, false, n->arena, &p, err);
	if (rc != PW_OK || !p.decoded)
		return rc;
	bool *recollect_column = pw_arena_array(n->arena, p.of.samples, sizeof(bool));
	for (size_t c = 0; c < p.of.samples; c++)
		recollect_column[c] = n->used_up[p.tubes[c]];
	opts.confidence = n->evidence.rule->confidence;
	opts.test = pw_lab_pool_model(n->evidence.rule);
	opts.max_pool = n->max_pool;
	opts.batch = BATCH;
	opts.recollect = recollect_column;
	rc = pw_plan_make(&p.of, &opts, &plan, err);
	if (rc == PW_OK) {
		n->tests += plan.expected_tests;
		n->rounds = fmax(n->rounds, plan.expected_rounds);
		rc = take_planned(n, &p, &plan, err);
	}
	pw_plan_clear(&plan);
	pw_decoded_clear(&p.of);
	return rc;
}

/* A part of which something is under way waits for that. */
static bool is_busy(const pw_continuing *n, const pw_batch_part *part)
{
	for (size_t k = 0; k < part->count; k++) {
		const char *state = n->view.tubes[part->tubes[k]].state;
		if (strcmp(state, "retest") == 0 || strcmp(state, "plated") == 0)
			return true;
	}
	return part->waits;
}

pw_status pw_next_fewest_tests(pw_continuing *n, pw_err *err)
{
	pw_status rc = PW_OK;
	n->tests = n->rounds = 0;
	for (size_t i = 0; rc == PW_OK && i < n->evidence.part_count; i++) {
		const pw_batch_part *part = &n->evidence.parts[i];
		size_t before = n->count;
		if (!has_open(n, part) || is_busy(n, part))
			continue;
		rc = plan_part(n, part, err);
		if (rc == PW_OK && n->count == before)
			rc = pool_the_unlikely(n, part, err);
		for (size_t k = 0; rc == PW_OK && n->count == before && k < part->count; k++)
			if (n->open[part->tubes[k]])
				rc = pw_next_test_alone(n, part->tubes[k], err);
	}
	return rc;
}
