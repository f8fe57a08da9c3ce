/* Pools are made at the bench, otherwise than planned, lost, or given up with their batch. */
#include "core/lab/pool_internal.h"

#include <stdio.h>
#include <string.h>

static bool is(const char *state, const char *name)
{
	return strcmp(state, name) == 0;
}

static void tell_pool(const pw_pool_find_row *pool, pw_pool_done *out)
{
	*out = (pw_pool_done){
		.batch = pool->batch, .number = pool->number, .tubes = (int)pool->tubes};
	snprintf(out->pool, sizeof(out->pool), "%s", pool->pool);
}

/* Works the batch's readings back again, as far as they go. */
static pw_status decode_again(pw_lab *lab, pw_arena *arena, int64_t batch, pw_batch_outcome *out,
			      pw_err *err)
{
	const pw_decode_ask ask = {.now = false};
	return pw_lab_decode_now(lab, arena, batch, &ask, out, err);
}

/* ---------------------------------------------------------------- made */

static pw_status make_pool(pw_lab *lab, pw_arena *arena, const char *scan, pw_pool_done *out,
			   pw_err *err)
{
	pw_pool_find_row pool;
	char when[32];
	pw_status rc = pw_lab_known_pool(lab, arena, scan, &pool, err);
	if (rc != PW_OK)
		return rc;
	bool gone = is(pool.state, "lost") || is(pool.state, "voided");
	if (pool.made_at.has && !gone)
		return pw_refuse(err, "pool-made",
				 "laboratory pool '%s' was made on %s by %s already: scan the next "
				 "one",
				 pool.pool, pw_lab_when(pool.made_at.value, when), pool.made_by);
	if (gone)
		return pw_refuse(err, "pool-done", "laboratory pool '%s' is %s: put it aside",
				 pool.pool, pool.state);
	if (pool.tubes == 0)
		return pw_refuse(
			err, "pool-empty",
			"every aliquot of laboratory pool '%s' was left out: give it up with "
			"'poolwell pool lose'",
			pool.pool);
	tell_pool(&pool, out);
	const pw_pool_made fact = {.pool = pool.pool};
	if ((rc = pw_labels_applied(lab, arena, pool.pool, "making a laboratory pool", false,
				    err)) != PW_OK)
		return rc;
	return pw_pool_made_append(lab->store, &fact, err);
}

pw_status pw_lab_make_pool(pw_lab *lab, const char *pool, pw_pool_done *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_pool_done done;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = make_pool(lab, &arena, pool, &done, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "making a laboratory pool", pool, err);
	if (rc == PW_OK)
		*out = done;
	return rc;
}

static pw_status make_batch(pw_lab *lab, pw_arena *arena, int64_t batch, int *out_made, pw_err *err)
{
	pw_batch_view v;
	pw_status rc = pw_lab_view_batch(lab, arena, batch, &v, err);
	for (size_t i = 0; rc == PW_OK && i < v.pool_count; i++) {
		const pw_pool_made fact = {.pool = v.pools[i].pool};
		if (!is(v.pools[i].state, "planned") || v.pools[i].tubes == 0)
			continue;
		rc = pw_pool_made_append(lab->store, &fact, err);
		++*out_made;
	}
	if (rc == PW_OK && *out_made == 0)
		rc = pw_refuse(
			err, "nothing-to-make",
			"no pool of batch %lld is still to be made: 'poolwell pool show %lld' "
			"shows them",
			(long long)batch, (long long)batch);
	return rc;
}

pw_status pw_lab_make_batch(pw_lab *lab, int64_t batch, int *out_made, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char text[32];
	int made = 0;
	pw_status rc = pw_lab_begin(lab, err);
	if (rc != PW_OK)
		return rc;
	rc = make_batch(lab, &arena, batch, &made, err);
	pw_arena_clear(&arena);
	snprintf(text, sizeof(text), "%lld", (long long)batch);
	rc = pw_lab_end_scan(lab, rc, "making a batch", text, err);
	if (rc == PW_OK)
		*out_made = made;
	return rc;
}

static pw_status unmake_pool(pw_lab *lab, pw_arena *arena, const char *scan, pw_err *err)
{
	pw_pool_find_row pool;
	pw_status rc = pw_lab_known_pool(lab, arena, scan, &pool, err);
	if (rc == PW_OK && is(pool.state, "planned"))
		rc = pw_refuse(err, "pool-not-made",
			       "laboratory pool '%s' was not made: there is nothing to take back",
			       pool.pool);
	if (rc == PW_OK && !is(pool.state, "made"))
		rc = pw_refuse(
			err, "pool-done",
			"laboratory pool '%s' is %s: what is not in it is said with 'poolwell "
			"pool leave-out'",
			pool.pool, pool.state);
	const pw_pool_unmade fact = {.pool = rc == PW_OK ? pool.pool : ""};
	return rc != PW_OK ? rc : pw_pool_unmade_append(lab->store, &fact, err);
}

pw_status pw_lab_unmake_pool(pw_lab *lab, const char *pool, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_status rc = pw_lab_need_reason(lab, "taking the scan of a pool back", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = unmake_pool(lab, &arena, pool, err);
	pw_arena_clear(&arena);
	return pw_lab_end_scan(lab, rc, "making a laboratory pool", pool, err);
}

/* ---------------------------------------------------------------- lost */

static pw_status lose_pool(pw_lab *lab, pw_arena *arena, const char *scan, pw_pool_done *out,
			   pw_err *err)
{
	pw_pool_find_row pool;
	pw_batch_outcome outcome = {.undecided = 0};
	pw_status rc = pw_lab_known_pool(lab, arena, scan, &pool, err);
	if (rc == PW_OK && is(pool.state, "plated"))
		rc = pw_lab_refuse_plated(lab, arena, "laboratory pool", pool.pool, NULL, err);
	if (rc == PW_OK && !pw_lab_pool_waits(pool.state))
		rc = pw_refuse(err, "pool-done",
			       "laboratory pool '%s' is %s: there is nothing to give up", pool.pool,
			       pool.state);
	if (rc != PW_OK)
		return rc;
	const pw_pool_lost fact = {.pool = pool.pool};
	tell_pool(&pool, out);
	if ((rc = pw_pool_lost_append(lab->store, &fact, err)) == PW_OK)
		rc = decode_again(lab, arena, pool.batch, &outcome, err);
	out->decoded = outcome.changed;
	out->undecided = outcome.undecided;
	return rc;
}

pw_status pw_lab_lose_pool(pw_lab *lab, const char *pool, pw_pool_done *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_pool_done done;
	pw_status rc = pw_lab_need_reason(lab, "giving a laboratory pool up", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = lose_pool(lab, &arena, pool, &done, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "giving a laboratory pool up", pool, err);
	if (rc == PW_OK)
		*out = done;
	return rc;
}

/* ---------------------------------------------------------------- otherwise than planned */

/* A change of what is in a tube's pools. */
typedef struct change {
	bool out; /* left out; else put in */
	pw_batch_of_tube_row batch;
	pw_aliquots_of_tube_row *aliquots;
	size_t count;
	pw_aliquots_restored_item *items; /* those that change */
	size_t changed;
	bool read; /* one of them is in a pool that was read */
} change;

static bool concerns(const change *c, const pw_aliquots_of_tube_row *aliquot, const char *pool)
{
	bool left_out = is(aliquot->state, "left-out");
	return aliquot->batch == c->batch.batch && left_out != c->out &&
	       (pool == NULL || strcmp(aliquot->pool, pool) == 0) &&
	       !is(aliquot->pool_state, "lost") && !is(aliquot->pool_state, "voided");
}

static void choose_aliquots(change *c, const char *pool, pw_arena *arena)
{
	c->items = pw_arena_array(arena, c->count, sizeof(*c->items));
	for (size_t i = 0; i < c->count; i++) {
		const pw_aliquots_of_tube_row *aliquot = &c->aliquots[i];
		if (!concerns(c, aliquot, pool))
			continue;
		c->items[c->changed++] = (pw_aliquots_restored_item){
			.pool = aliquot->pool,
			.state = aliquot->made_at.has ? "pipetted" : "planned"};
		c->read = c->read || aliquot->reading != NULL;
	}
}

static pw_status append_change(pw_lab *lab, pw_arena *arena, const char *tube, const change *c,
			       pw_err *err)
{
	const pw_aliquots_restored in = {
		.tube = tube, .pools = c->items, .pools_count = c->changed};
	if (!c->out)
		return pw_aliquots_restored_append(lab->store, &in, err);
	pw_aliquots_omitted_item *items = pw_arena_array(arena, c->changed, sizeof(*items));
	for (size_t i = 0; i < c->changed; i++)
		items[i].pool = c->items[i].pool;
	const pw_aliquots_omitted out = {.tube = tube, .pools = items, .pools_count = c->changed};
	return pw_aliquots_omitted_append(lab->store, &out, err);
}

/* The tube, which must be in a batch, and the pool, which must be one of its. */
static pw_status find_change(pw_lab *lab, pw_arena *arena, const char *tube_scan,
			     const char *pool_scan, pw_tube_find_row *tube, change *c, pw_err *err)
{
	pw_pool_find_row pool;
	bool found;
	pw_status rc = pw_lab_known_tube(lab, arena, tube_scan, tube, err);
	if (rc == PW_OK && pool_scan != NULL)
		rc = pw_lab_known_pool(lab, arena, pool_scan, &pool, err);
	if (rc == PW_OK)
		rc = pw_q_batch_of_tube(lab->store, arena, tube->tube, &c->batch, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "tube-not-pooled",
			"tube '%s' is in no laboratory pool: nothing of it can be left out or "
			"put in",
			tube->tube);
	if (rc == PW_OK)
		rc = pw_q_aliquots_of_tube(lab->store, arena, tube->tube, &c->aliquots, &c->count,
					   err);
	if (rc != PW_OK)
		return rc;
	choose_aliquots(c, pool_scan != NULL ? pool.pool : NULL, arena);
	if (c->changed > 0)
		return PW_OK;
	return pw_refuse(
		err, "aliquot-unknown",
		c->out ? "no aliquot of tube '%s' is in %s: 'poolwell resolve show %s' says "
			 "where there are"
		       : "no aliquot of tube '%s' was left out of %s: 'poolwell resolve show "
			 "%s' says where there are",
		tube->tube, pool_scan != NULL ? pool.pool : "a pool", tube->tube);
}

static pw_status change_aliquots(pw_lab *lab, pw_arena *arena, const char *tube_scan,
				 const char *pool_scan, bool out_of, pw_aliquots_changed *out,
				 pw_err *err)
{
	pw_tube_find_row tube;
	pw_batch_outcome outcome = {.undecided = 0};
	change c = {.out = out_of};
	pw_status rc = find_change(lab, arena, tube_scan, pool_scan, &tube, &c, err);
	if (rc == PW_OK)
		rc = append_change(lab, arena, tube.tube, &c, err);
	if (rc == PW_OK && c.read)
		rc = decode_again(lab, arena, c.batch.batch, &outcome, err);
	if (rc != PW_OK)
		return rc;
	*out = (pw_aliquots_changed){.batch = c.batch.batch,
				     .pools = (int)c.changed,
				     .decoded = outcome.changed,
				     .undecided = outcome.undecided,
				     .contradicted = outcome.contradicted};
	snprintf(out->tube, sizeof(out->tube), "%s", tube.tube);
	return PW_OK;
}

static pw_status change_in_transaction(pw_lab *lab, const char *tube, const char *pool, bool out_of,
				       pw_aliquots_changed *out, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	pw_aliquots_changed changed;
	pw_status rc = pw_lab_need_reason(lab, "changing what is in a laboratory pool", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = change_aliquots(lab, &arena, tube, pool, out_of, &changed, err);
	pw_arena_clear(&arena);
	rc = pw_lab_end_scan(lab, rc, "what is in laboratory pools", tube, err);
	if (rc == PW_OK)
		*out = changed;
	return rc;
}

pw_status pw_lab_leave_out(pw_lab *lab, const char *tube, const char *pool,
			   pw_aliquots_changed *out, pw_err *err)
{
	return change_in_transaction(lab, tube, pool, true, out, err);
}

pw_status pw_lab_put_in(pw_lab *lab, const char *tube, const char *pool, pw_aliquots_changed *out,
			pw_err *err)
{
	return change_in_transaction(lab, tube, pool, false, out, err);
}

/* ---------------------------------------------------------------- the whole batch */

static pw_status check_voidable(const pw_batch_view *v, pw_err *err)
{
	const char *what = NULL, *code = NULL;
	for (size_t i = 0; i < v->pool_count; i++)
		if (is(v->pools[i].state, "plated")) {
			what = "laboratory pool";
			code = v->pools[i].pool;
		}
	for (size_t i = 0; i < v->tube_count; i++)
		if (is(v->tubes[i].state, "plated")) {
			what = "tube";
			code = v->tubes[i].tube;
		}
	if (what == NULL)
		return PW_OK;
	return pw_refuse(err, "batch-plated",
			 "%s '%s' of batch %lld is on a plate in work: void the plate, or wait for "
			 "its run",
			 what, code, (long long)v->batch.batch);
}

/* A tube that was never judged is as if it had just come. */
static size_t tubes_that_return(const pw_batch_view *v, pw_batch_voided_item *items)
{
	size_t n = 0;
	for (size_t i = 0; i < v->tube_count; i++) {
		const pw_batch_tubes_row *t = &v->tubes[i];
		if (!is(t->state, "pooled"))
			continue;
		items[n++] =
			(pw_batch_voided_item){.tube = t->tube,
					       .state = t->attempts == 0 ? "received" : "retest",
					       .next = t->attempts == 0 ? NULL : "re-extract"};
	}
	return n;
}

static pw_status void_batch(pw_lab *lab, pw_arena *arena, int64_t batch, int *out_tubes,
			    pw_err *err)
{
	pw_batch_view v;
	pw_status rc = pw_lab_view_batch(lab, arena, batch, &v, err);
	if (rc == PW_OK)
		rc = check_voidable(&v, err);
	if (rc != PW_OK)
		return rc;
	pw_batch_voided_item *items = pw_arena_array(arena, v.tube_count, sizeof(*items));
	size_t n = tubes_that_return(&v, items);
	const pw_batch_voided fact = {.batch = batch, .tubes = items, .tubes_count = n};
	*out_tubes = (int)n;
	return pw_batch_voided_append(lab->store, &fact, err);
}

pw_status pw_lab_void_pools(pw_lab *lab, int64_t batch, int *out_tubes, pw_err *err)
{
	pw_arena arena = PW_ARENA_INIT;
	char text[32];
	int tubes = 0;
	pw_status rc = pw_lab_need_reason(lab, "voiding a batch", err);
	if (rc != PW_OK || (rc = pw_lab_begin(lab, err)) != PW_OK)
		return rc;
	rc = void_batch(lab, &arena, batch, &tubes, err);
	pw_arena_clear(&arena);
	snprintf(text, sizeof(text), "%lld", (long long)batch);
	rc = pw_lab_end_scan(lab, rc, "voiding a batch", text, err);
	if (rc == PW_OK)
		*out_tubes = tubes;
	return rc;
}
