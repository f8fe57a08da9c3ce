#include "core/pooling/explain.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static bool is(const pw_pool_reading *readings, size_t pool, pw_pool_call call)
{
	return readings[pool].call == call;
}

static bool has_result(const pw_pool_reading *readings, size_t pool)
{
	return is(readings, pool, PW_POOL_POSITIVE) || is(readings, pool, PW_POOL_NEGATIVE);
}

/* ---- By word ---- */

static void push(pw_sample_list *list, uint32_t sample)
{
	list->at[list->count++] = sample;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void find_comp(const pw_design *d, const pw_pool_reading *readings, pw_by_word *w)
{
	for (uint32_t j = 0; j < pw_design_samples(d); j++) {
		pw_design_list pools = pw_design_pools_of(d, j);
		bool positive = false, negative = false;
		for (size_t x = 0; x < pools.count; x++) {
			positive = positive || is(readings, pools.at[x], PW_POOL_POSITIVE);
			negative = negative || is(readings, pools.at[x], PW_POOL_NEGATIVE);
		}
		if (!positive || negative)
			continue;
		push(&w->comp, j);
		for (size_t x = 0; x < pools.count; x++)
			w->candidates[pools.at[x]]++;
	}
}

/* How many pools this person would explain that nobody does yet. */
static size_t would_explain(const pw_design *d, const pw_pool_reading *readings,
			    const bool *explained, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(d, sample);
	size_t count = 0;
	for (size_t x = 0; x < pools.count; x++)
		count += is(readings, pools.at[x], PW_POOL_POSITIVE) && !explained[pools.at[x]];
	return count;
}

static void explain_pools(const pw_design *d, bool *explained, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(d, sample);
	for (size_t x = 0; x < pools.count; x++)
		explained[pools.at[x]] = true;
}

static void find_dd(const pw_design *d, const pw_pool_reading *readings, pw_by_word *w)
{
	for (size_t c = 0; c < w->comp.count; c++) {
		uint32_t j = w->comp.at[c];
		pw_design_list pools = pw_design_pools_of(d, j);
		bool only = false;
		for (size_t x = 0; x < pools.count && !only; x++)
			only = is(readings, pools.at[x], PW_POOL_POSITIVE) &&
			       w->candidates[pools.at[x]] == 1;
		if (only)
			push(&w->dd, j);
	}
}

static void find_scomp(const pw_design *d, const pw_pool_reading *readings, pw_by_word *w)
{
	bool *explained = pw_alloc_array(w->pools, sizeof(*explained));
	for (size_t c = 0; c < w->dd.count; c++) {
		push(&w->scomp, w->dd.at[c]);
		explain_pools(d, explained, w->dd.at[c]);
	}
	for (;;) {
		size_t most = 0;
		uint32_t best = 0;
		for (size_t c = 0; c < w->comp.count; c++) {
			size_t count = would_explain(d, readings, explained, w->comp.at[c]);
			if (count > most) {
				most = count;
				best = w->comp.at[c];
			}
		}
		if (most == 0)
			break;
		push(&w->scomp, best);
		explain_pools(d, explained, best);
	}
	if (w->scomp.count > 1)
		qsort(w->scomp.at, w->scomp.count, sizeof(*w->scomp.at), by_number);
	pw_free(explained);
}

void pw_by_word_find(const pw_design *d, const pw_pool_reading *readings, pw_by_word *out)
{
	size_t n = pw_design_samples(d);
	pw_by_word w = {.pools = pw_design_pools(d)};
	w.comp.at = pw_alloc_array(n, sizeof(uint32_t));
	w.dd.at = pw_alloc_array(n, sizeof(uint32_t));
	w.scomp.at = pw_alloc_array(n, sizeof(uint32_t));
	w.candidates = pw_alloc_array(w.pools, sizeof(*w.candidates));
	find_comp(d, readings, &w);
	find_dd(d, readings, &w);
	find_scomp(d, readings, &w);
	*out = w;
}

void pw_by_word_clear(pw_by_word *w)
{
	pw_free(w->comp.at);
	pw_free(w->dd.at);
	pw_free(w->scomp.at);
	pw_free(w->candidates);
	*w = (pw_by_word){.pools = 0};
}

/* ---- In words ---- */

/* "pool 3", "pools 3, 7 and 9"; of more than six the first five and how many more. */
static void name_pools(const uint32_t *pools, size_t count, pw_str *out)
{
	size_t shown = count > 6 ? 5 : count;
	pw_str_add(out, count == 1 ? "pool " : "pools ");
	for (size_t i = 0; i < shown; i++) {
		bool last = i + 1 == count;
		pw_str_addf(out, "%s%u", i == 0 ? "" : last ? " and " : ", ", pools[i] + 1);
	}
	if (shown < count)
		pw_str_addf(out, " and %zu more", count - shown);
}

void pw_explain_person(const pw_design *d, const pw_pool_reading *readings, const pw_by_word *w,
		       size_t sample, pw_str *out)
{
	pw_design_list pools = pw_design_pools_of(d, sample);
	uint32_t *negative = pw_alloc_array(2 * pools.count, sizeof(*negative));
	uint32_t *alone = negative + pools.count;
	size_t positives = 0, negatives = 0, alones = 0, grey = 0, missing = 0;
	for (size_t x = 0; x < pools.count; x++) {
		uint32_t i = pools.at[x];
		positives += is(readings, i, PW_POOL_POSITIVE);
		grey += is(readings, i, PW_POOL_GREY);
		missing += is(readings, i, PW_POOL_MISSING);
		if (is(readings, i, PW_POOL_NEGATIVE))
			negative[negatives++] = i;
		if (is(readings, i, PW_POOL_POSITIVE) && w->candidates[i] == 1)
			alone[alones++] = i;
	}
	pw_str_addf(out, "in %zu %s, %zu positive", pools.count,
		    pools.count == 1 ? "pool" : "pools", positives);
	if (negatives > 0)
		pw_str_addf(out, ", %zu negative", negatives);
	if (grey > 0)
		pw_str_addf(out, ", %zu grey", grey);
	if (missing > 0)
		pw_str_addf(out, ", %zu without a result", missing);
	if (negatives > 0 && positives > 0) {
		pw_str_add(out, ": against it ");
		name_pools(negative, negatives, out);
	} else if (negatives == 0 && alones > 0) {
		pw_str_add(out, ", the only explanation of ");
		name_pools(alone, alones, out);
	} else if (negatives == 0 && positives > 0) {
		pw_str_add(out, ", others would explain each of them");
	}
	pw_free(negative);
}

/* ---- What cannot be told apart ---- */

/* Persons by what tells them apart so far: a class each. */
typedef struct classes {
	uint32_t *of;   /* by person */
	uint32_t *size; /* by class */
	uint32_t *hit;  /* by class: how many of it are in the pool at hand, */
	uint32_t *into; /* and where those go: a class of their own, or all stay */
	uint32_t *touched;
	uint32_t count;
} classes;

/* A pool with a result tells those in it from the others. */
static void split(classes *c, pw_design_list members)
{
	size_t touched = 0;
	for (size_t x = 0; x < members.count; x++) {
		uint32_t class = c->of[members.at[x]];
		if (c->hit[class]++ == 0)
			c->touched[touched++] = class;
	}
	for (size_t k = 0; k < touched; k++) {
		uint32_t class = c->touched[k];
		bool all = c->hit[class] == c->size[class];
		c->into[class] = all ? class : c->count++;
		c->size[c->into[class]] = c->hit[class];
		c->size[class] -= all ? 0 : c->hit[class];
		c->hit[class] = 0;
	}
	for (size_t x = 0; x < members.count; x++)
		c->of[members.at[x]] = c->into[c->of[members.at[x]]];
}

/* There are no more classes than persons. */
static classes classes_new(size_t n, uint32_t *of)
{
	uint32_t *room = pw_alloc_array(4 * n, sizeof(*room));
	memset(of, 0, n * sizeof(*of));
	room[0] = (uint32_t)n;
	return (classes){.of = of,
			 .size = room,
			 .hit = room + n,
			 .into = room + 2 * n,
			 .touched = room + 3 * n,
			 .count = 1};
}

size_t pw_explain_twins(const pw_design *d, const pw_pool_reading *readings, uint32_t *out_first)
{
	size_t n = pw_design_samples(d), shared = 0;
	classes c = classes_new(n, out_first);
	for (size_t i = 0; i < pw_design_pools(d); i++)
		if (has_result(readings, i))
			split(&c, pw_design_members(d, i));
	uint32_t *lowest = c.into;
	memset(lowest, 0xff, n * sizeof(*lowest));
	for (uint32_t j = 0; j < n; j++) {
		uint32_t class = out_first[j];
		shared += c.size[class] > 1;
		if (lowest[class] == UINT32_MAX)
			lowest[class] = j;
		out_first[j] = lowest[class];
	}
	pw_free(c.size);
	return shared;
}

/* The pools that a set hits, in a line of words. */
typedef struct row {
	const uint32_t *at;
	size_t count;
	uint32_t index;
} row;

static int by_row(const void *a, const void *b)
{
	const row *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? -1 : 1;
	for (size_t i = 0; i < x->count; i++)
		if (x->at[i] != y->at[i])
			return x->at[i] < y->at[i] ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static bool same_row(const row *x, const row *y)
{
	return x->count == y->count &&
	       (x->count == 0 || memcmp(x->at, y->at, x->count * sizeof(*x->at)) == 0);
}

/* first[index] of each becomes the lowest index with the same row. */
static void group_rows(row *rows, size_t count, uint32_t *first)
{
	if (count > 1)
		qsort(rows, count, sizeof(*rows), by_row);
	for (size_t i = 0; i < count;) {
		size_t end = i + 1;
		while (end < count && same_row(&rows[i], &rows[end]))
			end++;
		for (size_t k = i; k < end; k++)
			first[rows[k].index] = rows[i].index;
		i = end;
	}
}

/* The pools that a set hits, sorted, into `out`; how many. `hit` is false everywhere before and after. */
static size_t list_hit(const pw_design *d, const pw_decoded_set *set, bool *hit, uint32_t *out)
{
	size_t count = 0;
	for (size_t k = 0; k < set->count; k++) {
		pw_design_list pools = pw_design_pools_of(d, set->at[k]);
		for (size_t x = 0; x < pools.count; x++) {
			if (!hit[pools.at[x]])
				out[count++] = pools.at[x];
			hit[pools.at[x]] = true;
		}
	}
	for (size_t i = 0; i < count; i++)
		hit[out[i]] = false;
	if (count > 1)
		qsort(out, count, sizeof(*out), by_number);
	return count;
}

void pw_explain_alike(const pw_design *d, const pw_decoded *decoded, uint32_t *out_first)
{
	size_t total = 0, at = 0;
	for (size_t s = 0; s < decoded->set_count; s++)
		for (size_t k = 0; k < decoded->sets[s].count; k++)
			total += pw_design_pools_of(d, decoded->sets[s].at[k]).count;
	row *rows = pw_alloc_array(decoded->set_count + 1, sizeof(*rows));
	uint32_t *pools = pw_alloc_array(total + 1, sizeof(*pools));
	bool *hit = pw_alloc_array(pw_design_pools(d), sizeof(*hit));
	for (uint32_t s = 0; s < decoded->set_count; s++) {
		rows[s] = (row){pools + at, 0, s};
		rows[s].count = list_hit(d, &decoded->sets[s], hit, pools + at);
		at += rows[s].count;
	}
	group_rows(rows, decoded->set_count, out_first);
	pw_free(rows);
	pw_free(pools);
	pw_free(hit);
}
