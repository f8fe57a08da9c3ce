/* The next wells of a batch: for the tubes that its pools did not decide. */
#include "core/lab/pool_next.h"

#include <math.h>
#include <string.h>

/* A pool is extracted again once: what is invalid twice is not its extraction's fault. */
#define MAX_ATTEMPTS 2

const char *pw_next_kind_name(pw_next_kind kind)
{
	static const char *const names[] = {"single", "repeat", "pool", "recollect"};
	return names[kind];
}

const char *pw_next_tube_code(const pw_continuing *n, uint32_t i)
{
	return n->view.tubes[i].tube;
}

pw_next_well *pw_next_add_well(pw_continuing *n, pw_next_kind kind, const char *code,
			       const char *why)
{
	pw_next_well *well = &n->wells[n->count++];
	*well = (pw_next_well){.kind = kind, .code = code, .why = why};
	return well;
}

static void add_item(pw_continuing *n, const char *tube, const char *pool, const char *why)
{
	n->items[n->item_count++] = (pw_batch_continued_item){
		.tube = tube, .pool = pool, .state = "retest", .next = "re-extract", .why = why};
}

/* The tube waits for a pool. */
void pw_next_let_wait(pw_continuing *n, uint32_t i, const char *pool)
{
	n->open[i] = false;
	n->items[n->item_count++] = (pw_batch_continued_item){
		.tube = pw_next_tube_code(n, i),
		.state = "pooled",
		.why = pw_arena_printf(n->arena, "waits for laboratory pool %s",
				       pool[0] != '\0' ? pool : "-")};
}

/* ---------------------------------------------------------------- what is left of a tube */

/* What its aliquots and the wells of its own have taken. */
static pw_status find_used_up(pw_continuing *n, uint32_t i, pw_err *err)
{
	const pw_batch_find_row *b = &n->view.batch;
	pw_aliquots_of_tube_row *aliquots;
	pw_wells_of_row *wells;
	size_t aliquot_count, well_count;
	int64_t taken = b->dead_nl;
	if (!b->tube_nl.has)
		return PW_OK;
	pw_status rc = pw_q_aliquots_of_tube(n->lab->store, n->arena, pw_next_tube_code(n, i),
					     &aliquots, &aliquot_count, err);
	if (rc == PW_OK)
		rc = pw_q_wells_of(n->lab->store, n->arena, pw_next_tube_code(n, i), &wells,
				   &well_count, err);
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

static bool without_evidence(const pw_continuing *n, uint32_t i)
{
	const pw_tube_evidence *e = &n->evidence.tubes[i];
	return e->positives + e->negatives + e->own_positives + e->own_negatives == 0;
}

/* The tubes of the pool that are open and of which nothing is known. */
static size_t tubes_in_the_dark(const pw_continuing *n, int64_t pool, uint32_t *out)
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

const char **pw_next_codes_of(pw_continuing *n, const uint32_t *tubes, size_t count)
{
	const char **codes = pw_arena_array(n->arena, count, sizeof(*codes));
	for (size_t k = 0; k < count; k++)
		codes[k] = pw_next_tube_code(n, tubes[k]);
	return codes;
}

static void repeat_pools(pw_continuing *n)
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
		pw_next_well *well = pw_next_add_well(n, PW_NEXT_REPEAT, pool->pool, why);
		well->tubes = pw_next_codes_of(n, dark, count);
		well->tube_count = count;
		add_item(n, NULL, pool->pool, why);
		for (size_t k = 0; k < count; k++)
			pw_next_let_wait(n, dark[k], pool->pool);
	}
}

/* ---------------------------------------------------------------- alone, or not at all */

static pw_status recollect(pw_continuing *n, uint32_t i, const char *why, pw_err *err)
{
	const pw_outcome_in in = {.call = PW_CALL_INCONCLUSIVE,
				  .next = PW_NEXT_NEW_SPECIMEN,
				  .swabs = (int)n->view.tubes[i].swabs,
				  .attempts = 1,
				  .max_attempts = 1};
	const pw_outcome outcome = pw_outcome_of(n->lab->profile, &in);
	const pw_tube_recalled fact = {.tube = pw_next_tube_code(n, i), .why = why};
	n->open[i] = false;
	pw_next_add_well(n, PW_NEXT_RECOLLECT, pw_next_tube_code(n, i), why);
	if (n->only_look)
		return PW_OK;
	pw_status rc = pw_tube_recalled_append(n->lab->store, &fact, err);
	if (rc == PW_OK)
		rc = pw_lab_recall_members(n->lab, n->arena, pw_next_tube_code(n, i), &outcome, why,
					   &n->recalled, err);
	return rc;
}

pw_status pw_next_test_alone(pw_continuing *n, uint32_t i, pw_err *err)
{
	const char *why = n->view.tubes[i].why != NULL ? n->view.tubes[i].why : "";
	if (n->used_up[i])
		return recollect(n, i, "too little is left of it for a well of its own", err);
	n->open[i] = false;
	pw_next_add_well(n, PW_NEXT_SINGLE, pw_next_tube_code(n, i), why);
	add_item(n, pw_next_tube_code(n, i), NULL, why);
	return PW_OK;
}

/* ---------------------------------------------------------------- all of it */

static pw_status recollect_all(pw_continuing *n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (uint32_t i = 0; rc == PW_OK && i < n->view.tube_count; i++)
		if (n->open[i])
			rc = recollect(n, i, "not decided by laboratory pools", err);
	return rc;
}

/* Whether a tube is undecided by what is known of it, and not only because the search for what else might
 * explain the readings came to its end before that was proved. */
static bool is_doubtful(const pw_continuing *n, uint32_t i)
{
	const pw_batch_tubes_row *tube = &n->view.tubes[i];
	const pw_tube_evidence *e = &n->evidence.tubes[i];
	return !tube->posterior.has || tube->posterior.value > 1 - n->evidence.rule->confidence ||
	       e->negatives + e->own_negatives == 0;
}

/* Those that are not wait for the wells of those that are, which make the search a short one. */
static void let_the_others_wait(pw_continuing *n, const pw_batch_part *part)
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
			.tube = pw_next_tube_code(n, i),
			.state = "pooled",
			.why = "probably negative: waits for the wells of other tubes"};
	}
}

static pw_status fewest_rounds(pw_continuing *n, pw_err *err)
{
	pw_status rc = PW_OK;
	for (size_t p = 0; p < n->evidence.part_count; p++)
		let_the_others_wait(n, &n->evidence.parts[p]);
	for (uint32_t i = 0; rc == PW_OK && i < n->view.tube_count; i++)
		if (n->open[i])
			rc = pw_next_test_alone(n, i, err);
	return rc;
}

static pw_status find_open(pw_continuing *n, size_t *out_count, pw_err *err)
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

static pw_status begin(pw_continuing *n, int64_t batch, const pw_next_opts *opts, size_t *out_count,
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

static pw_status append_continued(pw_continuing *n, pw_err *err)
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

static pw_status next_wells(pw_continuing *n, int64_t batch, const pw_next_opts *opts,
			    pw_next_plan *out, pw_err *err)
{
	size_t undecided = 0;
	pw_status rc = begin(n, batch, opts, &undecided, err);
	if (rc == PW_OK && n->prefer != PW_POOL_NEXT_RECOLLECT)
		repeat_pools(n);
	if (rc == PW_OK)
		rc = n->prefer == PW_POOL_NEXT_TESTS    ? pw_next_fewest_tests(n, err)
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
	pw_continuing *n = pw_arena_alloc(arena, sizeof(*n));
	const char *place = pw_arena_printf(arena, "%lld", (long long)batch);
	*n = (pw_continuing){.lab = lab, .arena = arena, .only_look = opts->only_look};
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = next_wells(n, batch, opts, &plan, err);
	rc = pw_lab_end_scan(lab, rc, "the next wells of a batch", place, err);
	if (rc == PW_OK)
		*out = plan;
	return rc;
}
