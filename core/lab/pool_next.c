/* The next wells of a batch: for the tubes that its pools did not decide. */
#include "core/lab/pool_internal.h"

#include <math.h>
#include <string.h>

#include "core/pooling/plan.h"

/* Sets of positives that a plan is made from, and wells of one part in one round. */
#define HYPOTHESES 4096
#define BATCH      6

/* A pool is extracted again once: what is invalid twice is not its extraction's fault. */
#define MAX_ATTEMPTS 2

typedef struct next {
	pw_lab *lab;
	pw_arena *arena;
	pw_batch_view view;
	pw_batch_evidence evidence;
	pw_pool_next prefer;
	size_t max_pool;
	bool only_look;
	bool *open;    /* by tube: it wants a well, and none is planned for it yet */
	bool *used_up; /* by tube: too little is left of it for a well of its own */
	pw_next_well *wells;
	size_t count;
	pw_batch_continued_item *items;
	size_t item_count;
	size_t new_pools;
	int64_t serial;
	double tests, rounds;
	int recalled;
} next;

const char *pw_next_kind_name(pw_next_kind kind)
{
	static const char *const names[] = {"single", "repeat", "pool", "recollect"};
	return names[kind];
}

static const char *tube_code(const next *n, uint32_t i)
{
	return n->view.tubes[i].tube;
}

static pw_next_well *add_well(next *n, pw_next_kind kind, const char *code, const char *why)
{
	pw_next_well *well = &n->wells[n->count++];
	*well = (pw_next_well){.kind = kind, .code = code, .why = why};
	return well;
}

static void add_item(next *n, const char *tube, const char *pool, const char *why)
{
	n->items[n->item_count++] = (pw_batch_continued_item){
		.tube = tube, .pool = pool, .state = "retest", .next = "re-extract", .why = why};
}

/* The tube waits for a pool. */
static void let_wait(next *n, uint32_t i, const char *pool)
{
	n->open[i] = false;
	n->items[n->item_count++] = (pw_batch_continued_item){
		.tube = tube_code(n, i),
		.state = "pooled",
		.why = pw_arena_printf(n->arena, "waits for laboratory pool %s",
				       pool[0] != '\0' ? pool : "-")};
}

/* ---------------------------------------------------------------- what is left of a tube */

/* What its aliquots and the wells of its own have taken. */
static pw_status find_used_up(next *n, uint32_t i, pw_err *err)
{
	const pw_batch_find_row *b = &n->view.batch;
	pw_aliquots_of_tube_row *aliquots;
	pw_wells_of_row *wells;
	size_t aliquot_count, well_count;
	int64_t taken = b->dead_nl;
	if (!b->tube_nl.has)
		return PW_OK;
	pw_status rc = pw_q_aliquots_of_tube(n->lab->store, n->arena, tube_code(n, i), &aliquots,
					     &aliquot_count, err);
	if (rc == PW_OK)
		rc = pw_q_wells_of(n->lab->store, n->arena, tube_code(n, i), &wells, &well_count,
				   err);
	if (rc != PW_OK)
		return rc;
	for (size_t a = 0; a < aliquot_count; a++)
		if (strcmp(aliquots[a].state, "left-out") != 0)
			taken += aliquots[a].nl;
	for (size_t w = 0; w < well_count; w++)
		if (strcmp(wells[w].kind, "extraction") == 0)
			taken += b->well_nl;
	n->used_up[i] = taken + b->well_nl > b->tube_nl.value;
	return PW_OK;
}

/* ---------------------------------------------------------------- repeats */

static bool says_nothing(const pw_batch_pools_row *pool)
{
	return strcmp(pool->state, "read") == 0 &&
	       (pool->reading[0] == '?' || pool->reading[0] == '!');
}

static bool without_evidence(const next *n, uint32_t i)
{
	const pw_tube_evidence *e = &n->evidence.tubes[i];
	return e->positives + e->negatives + e->own_positives + e->own_negatives == 0;
}

/* The tubes of the pool that are open and of which nothing is known. */
static size_t tubes_in_the_dark(const next *n, int64_t pool, uint32_t *out)
{
	size_t count = 0;
	for (size_t a = 0; a < n->view.aliquot_count; a++) {
		const pw_batch_aliquots_row *aliquot = &n->view.aliquots[a];
		uint32_t i = (uint32_t)aliquot->sample - 1;
		if (aliquot->number == pool && strcmp(aliquot->state, "pipetted") == 0 &&
		    n->open[i] && without_evidence(n, i))
			out[count++] = i;
	}
	return count;
}

static const char **codes_of(next *n, const uint32_t *tubes, size_t count)
{
	const char **codes = pw_arena_array(n->arena, count, sizeof(*codes));
	for (size_t k = 0; k < count; k++)
		codes[k] = tube_code(n, tubes[k]);
	return codes;
}

static void repeat_pools(next *n)
{
	uint32_t *dark = pw_arena_array(n->arena, n->view.tube_count, sizeof(*dark));
	for (size_t p = 0; p < n->view.pool_count; p++) {
		const pw_batch_pools_row *pool = &n->view.pools[p];
		if (!says_nothing(pool) || pool->attempts >= MAX_ATTEMPTS)
			continue;
		size_t count = tubes_in_the_dark(n, pool->number, dark);
		if (count < 2)
			continue;
		const char *why = pw_arena_printf(n->arena, "%s, and %zu tubes hang on it",
						  pool->call, count);
		pw_next_well *well = add_well(n, PW_NEXT_REPEAT, pool->pool, why);
		well->tubes = codes_of(n, dark, count);
		well->tube_count = count;
		add_item(n, NULL, pool->pool, why);
		for (size_t k = 0; k < count; k++)
			let_wait(n, dark[k], pool->pool);
	}
}

/* ---------------------------------------------------------------- alone, or not at all */

static pw_status recollect(next *n, uint32_t i, const char *why, pw_err *err)
{
	const pw_outcome_in in = {.call = PW_CALL_INCONCLUSIVE,
				  .next = PW_NEXT_NEW_SPECIMEN,
				  .swabs = (int)n->view.tubes[i].swabs,
				  .attempts = 1,
				  .max_attempts = 1};
	const pw_outcome outcome = pw_outcome_of(n->lab->profile, &in);
	const pw_tube_recalled fact = {.tube = tube_code(n, i), .why = why};
	n->open[i] = false;
	add_well(n, PW_NEXT_RECOLLECT, tube_code(n, i), why);
	if (n->only_look)
		return PW_OK;
	pw_status rc = pw_tube_recalled_append(n->lab->store, &fact, err);
	if (rc == PW_OK)
		rc = pw_lab_recall_members(n->lab, n->arena, tube_code(n, i), &outcome, why,
					   &n->recalled, err);
	return rc;
}

static pw_status test_alone(next *n, uint32_t i, pw_err *err)
{
	const char *why = n->view.tubes[i].why != NULL ? n->view.tubes[i].why : "";
	if (n->used_up[i])
		return recollect(n, i, "too little is left of it for a well of its own", err);
	n->open[i] = false;
	add_well(n, PW_NEXT_SINGLE, tube_code(n, i), why);
	add_item(n, tube_code(n, i), NULL, why);
	return PW_OK;
}

/* ---------------------------------------------------------------- new pools */

static pw_status append_pool(next *n, const uint32_t *tubes, size_t count, const char *code,
			     pw_err *err)
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
		items[k] = (pw_pool_planned_item){tube_code(n, tubes[k]), n->view.batch.aliquot_nl};
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

static pw_status make_pool(next *n, const uint32_t *tubes, size_t count, const char *why,
			   pw_err *err)
{
	char *code = pw_arena_alloc(n->arena, 24);
	pw_status rc = PW_OK;
	if (!n->only_look) {
		pw_lab_pool_code(n->lab, &n->serial, code);
		rc = append_pool(n, tubes, count, code, err);
	}
	pw_next_well *well = add_well(n, PW_NEXT_NEW_POOL, code, why);
	well->tubes = codes_of(n, tubes, count);
	well->tube_count = count;
	for (size_t k = 0; k < count; k++)
		let_wait(n, tubes[k], code);
	n->new_pools++;
	return rc;
}

/* Whoever lacks nothing but a negative well shares one: nobody of them is likely to be positive. */
static pw_status pool_the_unlikely(next *n, const pw_batch_part *part, pw_err *err)
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

static bool has_open(const next *n, const pw_batch_part *part)
{
	for (size_t k = 0; k < part->count; k++)
		if (n->open[part->tubes[k]])
			return true;
	return false;
}

static pw_status take_planned(next *n, const pw_part_decoded *p, const pw_plan *plan, pw_err *err)
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
			rc = test_alone(n, tubes[0], err);
	}
	return rc;
}

static pw_status plan_part(next *n, const pw_batch_part *part, pw_err *err)
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
static bool is_busy(const next *n, const pw_batch_part *part)
{
	for (size_t k = 0; k < part->count; k++) {
		const char *state = n->view.tubes[part->tubes[k]].state;
		if (strcmp(state, "retest") == 0 || strcmp(state, "plated") == 0)
			return true;
	}
	return part->waits;
}

static pw_status fewest_tests(next *n, pw_err *err)
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
				rc = test_alone(n, part->tubes[k], err);
	}
	return rc;
}

/* ---------------------------------------------------------------- all of it */

static pw_status recollect_all(next *n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (uint32_t i = 0; rc == PW_OK && i < n->view.tube_count; i++)
		if (n->open[i])
			rc = recollect(n, i, "not decided by laboratory pools", err);
	return rc;
}

/* Whether a tube is undecided by what is known of it, and not only because the search for what else might
 * explain the readings came to its end before that was proved. */
static bool is_doubtful(const next *n, uint32_t i)
{
	const pw_batch_tubes_row *tube = &n->view.tubes[i];
	const pw_tube_evidence *e = &n->evidence.tubes[i];
	return !tube->posterior.has || tube->posterior.value > 1 - n->evidence.rule->confidence ||
	       e->negatives + e->own_negatives == 0;
}

/* Those that are not wait for the wells of those that are, which make the search a short one. */
static void let_the_others_wait(next *n, const pw_batch_part *part)
{
	size_t doubtful = 0;
	for (size_t k = 0; k < part->count; k++)
		doubtful += n->open[part->tubes[k]] && is_doubtful(n, part->tubes[k]) ? 1 : 0;
	for (size_t k = 0; doubtful > 0 && k < part->count; k++) {
		uint32_t i = part->tubes[k];
		if (!n->open[i] || is_doubtful(n, i))
			continue;
		n->open[i] = false;
		n->items[n->item_count++] = (pw_batch_continued_item){
			.tube = tube_code(n, i),
			.state = "pooled",
			.why = "probably negative: waits for the wells of other tubes"};
	}
}

static pw_status fewest_rounds(next *n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t p = 0; p < n->evidence.part_count; p++)
		let_the_others_wait(n, &n->evidence.parts[p]);
	for (uint32_t i = 0; rc == PW_OK && i < n->view.tube_count; i++)
		if (n->open[i])
			rc = test_alone(n, i, err);
	return rc;
}

static pw_status find_open(next *n, size_t *out_count, pw_err *err)
{
	pw_status rc = PW_OK;
	*out_count = 0;
	for (uint32_t i = 0; rc == PW_OK && i < n->view.tube_count; i++) {
		const pw_batch_tubes_row *tube = &n->view.tubes[i];
		n->open[i] = strcmp(tube->state, "pooled") == 0 && tube->next != NULL;
		if (!n->open[i])
			continue;
		++*out_count;
		rc = find_used_up(n, i, err);
	}
	return rc;
}

static pw_status begin(next *n, int64_t batch, const pw_next_opts *opts, size_t *out_count,
		       pw_err *err)
{
	pw_pool_last_row last;
	bool found;
	pw_status rc = pw_lab_load_profile(n->lab, err);
	if (rc == PW_OK)
		rc = pw_lab_view_batch(n->lab, n->arena, batch, &n->view, err);
	if (rc == PW_OK && strcmp(n->view.batch.state, "held") == 0)
		rc = pw_refuse(err, "batch-held",
			       "the readings of batch %lld make no sense (%s): void it, or accept "
			       "them with 'poolwell pool decode %lld --accept'",
			       (long long)batch, n->view.batch.alarm, (long long)batch);
	if (rc == PW_OK)
		rc = pw_q_pool_last(n->lab->store, n->arena, &last, &found, err);
	if (rc != PW_OK)
		return rc;
	const pw_pool_rule *rule = &n->lab->profile->pools;
	n->serial = last.serial;
	n->prefer = opts->has_prefer ? opts->prefer : rule->next;
	n->max_pool = (size_t)rule->max_pool;
	if (opts->max_pool > 0 && opts->max_pool < n->max_pool)
		n->max_pool = opts->max_pool;
	n->tests = n->rounds = NAN;
	n->open = pw_arena_array(n->arena, n->view.tube_count, sizeof(bool));
	n->used_up = pw_arena_array(n->arena, n->view.tube_count, sizeof(bool));
	n->wells = pw_arena_array(n->arena, n->view.tube_count + n->view.pool_count,
				  sizeof(*n->wells));
	n->items = pw_arena_array(n->arena, n->view.tube_count + n->view.pool_count,
				  sizeof(*n->items));
	pw_lab_gather(&n->view, rule, false, n->arena, &n->evidence);
	rc = find_open(n, out_count, err);
	if (rc == PW_OK && *out_count == 0)
		rc = pw_refuse(
			err, "nothing-undecided",
			"no tube of batch %lld wants another well: 'poolwell pool show %lld' "
			"says how far they are",
			(long long)batch, (long long)batch);
	return rc;
}

static pw_status append_continued(next *n, pw_err *err)
{
	const pw_batch_continued fact = {.batch = n->view.batch.batch,
					 .round = n->view.batch.round + 1,
					 .prefer = pw_pool_next_name(n->prefer),
					 .wells = n->items,
					 .wells_count = n->item_count};
	if (n->only_look || n->count == 0)
		return PW_OK;
	return pw_batch_continued_append(n->lab->store, &fact, err);
}

static pw_status next_wells(next *n, int64_t batch, const pw_next_opts *opts, pw_next_plan *out,
			    pw_err *err)
{
	size_t undecided = 0;
	pw_status rc = begin(n, batch, opts, &undecided, err);
	if (rc == PW_OK && n->prefer != PW_POOL_NEXT_RECOLLECT)
		repeat_pools(n);
	if (rc == PW_OK)
		rc = n->prefer == PW_POOL_NEXT_TESTS    ? fewest_tests(n, err)
		     : n->prefer == PW_POOL_NEXT_ROUNDS ? fewest_rounds(n, err)
							: recollect_all(n, err);
	if (rc == PW_OK)
		rc = append_continued(n, err);
	*out = (pw_next_plan){.batch = batch,
			      .prefer = n->prefer,
			      .wells = n->wells,
			      .count = n->count,
			      .undecided = undecided,
			      .expected_tests = n->tests,
			      .expected_rounds = n->rounds,
			      .recalled = n->recalled};
	return rc;
}

pw_status pw_lab_next_wells(pw_lab *lab, pw_arena *arena, int64_t batch, const pw_next_opts *opts,
			    pw_next_plan *out, pw_err *err)
{
	pw_next_plan plan;
	next *n = pw_arena_alloc(arena, sizeof(*n));
	const char *place = pw_arena_printf(arena, "%lld", (long long)batch);
	*n = (next){.lab = lab, .arena = arena, .only_look = opts->only_look};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = next_wells(n, batch, opts, &plan, err);
	rc = pw_lab_end_scan(lab, rc, "the next wells of a batch", place, err);
	if (rc == PW_OK)
		*out = plan;
	return rc;
}
