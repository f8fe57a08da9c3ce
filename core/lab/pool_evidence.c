/* What is known of a batch: its tubes, pools and wells, and which of them hang together. */
#include "core/lab/pool_internal.h"

#include <string.h>

#include "core/base/str.h"

static bool is(const char *state, const char *name)
{
	return strcmp(state, name) == 0;
}

bool pw_lab_pool_waits(const char *state)
{
	return is(state, "planned") || is(state, "made") || is(state, "plated") ||
	       is(state, "retest");
}

/* ---------------------------------------------------------------- read */

static pw_status read_rows(pw_lab *lab, pw_arena *arena, int64_t batch, pw_batch_view *v,
			   pw_err *err)
{
	pw_store *store = lab->store;
	pw_status rc = pw_q_batch_tubes(store, arena, batch, &v->tubes, &v->tube_count, err);
	if (rc == PW_OK)
		rc = pw_q_batch_pools(store, arena, batch, &v->pools, &v->pool_count, err);
	if (rc == PW_OK)
		rc = pw_q_batch_aliquots(store, arena, batch, &v->aliquots, &v->aliquot_count, err);
	if (rc == PW_OK)
		rc = pw_q_batch_own_wells(store, arena, batch, &v->own, &v->own_count, err);
	return rc;
}

pw_status pw_lab_view_batch(pw_lab *lab, pw_arena *arena, int64_t batch, pw_batch_view *out,
			    pw_err *err)
{
	const pw_layout *layout;
	bool found;
	*out = (pw_batch_view){.tube_count = 0};
	pw_status rc = pw_q_batch_find(lab->store, arena, batch, &out->batch, &found, err);
	if (rc == PW_OK && !found)
		rc = pw_refuse(
			err, "batch-unknown",
			"no batch %lld of laboratory pools: 'poolwell pool list --all' shows "
			"them",
			(long long)batch);
	if (rc == PW_OK && is(out->batch.state, "voided"))
		rc = pw_refuse(err, "batch-voided",
			       "batch %lld was voided: nothing comes of it; 'poolwell pool list' "
			       "shows those in work",
			       (long long)batch);
	if (rc == PW_OK)
		rc = pw_lab_layout_of(lab, out->batch.layout_hash, &layout, err);
	if (rc == PW_OK)
		rc = read_rows(lab, arena, batch, out, err);
	if (rc == PW_OK)
		out->format = layout->format;
	return rc;
}

/* ---------------------------------------------------------------- parts */

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* The lower one stays the root, so that parts come in the order of their first tubes. */
static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = find_root(parent, a);
	b = find_root(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

bool pw_lab_pool_tells(const pw_batch_pools_row *pool)
{
	return is(pool->state, "read") && pool->reading[0] != '!';
}

/* A pool ties its tubes together when it has told something of them, or may still do. */
static bool ties(const pw_batch_pools_row *pool, bool now)
{
	return pw_lab_pool_tells(pool) || (!now && pw_lab_pool_waits(pool->state));
}

static void count_parts(pw_batch_evidence *e, uint32_t *parent, pw_arena *arena)
{
	size_t n = e->view->tube_count;
	uint32_t *number = pw_arena_array(arena, n, sizeof(*number));
	uint32_t *members = pw_arena_array(arena, n, sizeof(*members));
	size_t at = 0;
	e->parts = pw_arena_array(arena, n, sizeof(*e->parts));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t root = find_root(parent, i);
		if (root == i)
			number[i] = (uint32_t)e->part_count++;
		e->parts[number[root]].count++;
	}
	for (size_t p = 0; p < e->part_count; p++) {
		e->parts[p].tubes = members + at;
		at += e->parts[p].count;
		e->parts[p].count = 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		pw_batch_part *part = &e->parts[number[find_root(parent, i)]];
		members[(size_t)(part->tubes - members) + part->count++] = i;
		part->waits = part->waits || e->tubes[i].waits;
	}
	for (size_t p = 0; p < e->part_count; p++)
		for (size_t k = 0; k < e->parts[p].count; k++)
			e->tubes[e->parts[p].tubes[k]].waits = e->parts[p].waits;
}

static void count_reading(pw_tube_evidence *tube, char reading)
{
	tube->positives += reading == '+' ? 1 : 0;
	tube->negatives += reading == '-' ? 1 : 0;
	tube->greys += reading == '?' ? 1 : 0;
}

void pw_lab_gather(const pw_batch_view *view, const pw_pool_rule *rule, bool now, pw_arena *arena,
		   pw_batch_evidence *out)
{
	uint32_t *parent = pw_arena_array(arena, view->tube_count, sizeof(*parent));
	uint32_t *first = pw_arena_array(arena, view->pool_count, sizeof(*first));
	*out = (pw_batch_evidence){.view = view, .rule = rule};
	out->prevalence =
		view->batch.prevalence.has ? view->batch.prevalence.value : rule->prevalence;
	out->tubes = pw_arena_array(arena, view->tube_count, sizeof(*out->tubes));
	for (uint32_t i = 0; i < view->tube_count; i++)
		parent[i] = i;
	for (size_t a = 0; a < view->aliquot_count; a++) {
		const pw_batch_aliquots_row *aliquot = &view->aliquots[a];
		size_t p = (size_t)aliquot->number - 1;
		uint32_t i = (uint32_t)aliquot->sample - 1;
		const pw_batch_pools_row *pool = &view->pools[p];
		if (is(aliquot->state, "left-out") || !ties(pool, now))
			continue;
		if (first[p] == 0)
			first[p] = i + 1;
		join(parent, first[p] - 1, i);
		if (!pw_lab_pool_tells(pool))
			out->tubes[i].waits = true;
		else
			count_reading(&out->tubes[i], pool->reading[0]);
	}
	for (size_t w = 0; w < view->own_count; w++) {
		pw_tube_evidence *tube = &out->tubes[view->own[w].sample - 1];
		tube->own_positives += is(view->own[w].call, "positive") ? 1 : 0;
		tube->own_negatives += is(view->own[w].call, "negative") ? 1 : 0;
		tube->own_greys += is(view->own[w].call, "inconclusive") ? 1 : 0;
	}
	count_parts(out, parent, arena);
}

/* ---------------------------------------------------------------- in words */

const char *pw_lab_reading_of(const char *call)
{
	return is(call, "positive")       ? "+"
	       : is(call, "negative")     ? "-"
	       : is(call, "inconclusive") ? "?"
					  : "!";
}

void pw_lab_evidence_text(const pw_batch_evidence *e, pw_str *out)
{
	const pw_batch_view *v = e->view;
	const char *space = "";
	for (size_t p = 0; p < v->pool_count; p++) {
		if (pw_lab_pool_waits(v->pools[p].state))
			continue;
		pw_str_addf(out, "%s%lld%s", space, (long long)v->pools[p].number,
			    is(v->pools[p].state, "lost") ? "lost" : v->pools[p].reading);
		space = " ";
	}
	for (size_t w = 0; w < v->own_count; w++) {
		pw_str_addf(out, "%s%s%s", space, v->own[w].tube,
			    pw_lab_reading_of(v->own[w].call));
		space = " ";
	}
}
