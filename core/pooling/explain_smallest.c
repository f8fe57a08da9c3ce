/*
 * The smallest explanation: is there one with E errors and K people? For E = 0, 1, … and K = 0, 1, … in turn, by
 * going through who explains the positive pool that fewest people can: one of them, or nobody, which is an
 * error. Who has been tried is left out of the later branches, so that no set is met twice.
 */
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/explain.h"

#define USUAL_EFFORT (UINT64_C(1) << 24)

typedef struct walk {
	const pw_design *d;
	const pw_pool_reading *readings;
	uint16_t *hits;   /* by pool: members of the set */
	bool *given_up;   /* by pool: left unexplained */
	uint32_t *barred; /* by sample: how often left out */
	uint32_t *set;
	size_t count;
	size_t uncovered; /* positive pools with nobody in the set, and not given up */
	size_t reach;     /* nobody is in more positive pools than this */
	uint64_t effort;
	size_t found; /* sets met with the errors and people allowed, at most 2 */
	uint32_t *best;
	size_t best_count;
} walk;

static bool positive(const walk *w, size_t pool)
{
	return w->readings[pool].call == PW_POOL_POSITIVE;
}

/* Negative pools that this person would be the first positive of. */
static size_t new_errors(const walk *w, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(w->d, sample);
	size_t count = 0;
	for (size_t x = 0; x < pools.count; x++)
		count += w->readings[pools.at[x]].call == PW_POOL_NEGATIVE &&
			 w->hits[pools.at[x]] == 0;
	return count;
}

static void add(walk *w, uint32_t sample)
{
	pw_design_list pools = pw_design_pools_of(w->d, sample);
	for (size_t x = 0; x < pools.count; x++) {
		size_t i = pools.at[x];
		w->uncovered -= positive(w, i) && w->hits[i] == 0 && !w->given_up[i];
		w->hits[i]++;
	}
	w->set[w->count++] = sample;
}

static void take_out(walk *w)
{
	pw_design_list pools = pw_design_pools_of(w->d, w->set[--w->count]);
	for (size_t x = 0; x < pools.count; x++) {
		size_t i = pools.at[x];
		w->hits[i]--;
		w->uncovered += positive(w, i) && w->hits[i] == 0 && !w->given_up[i];
	}
}

/* The uncovered pool that fewest people may explain, with so many errors; SIZE_MAX when there is none. */
static size_t hardest_pool(walk *w, size_t errors)
{
	size_t best = SIZE_MAX, least = SIZE_MAX;
	for (size_t i = 0; i < pw_design_pools(w->d) && least > 0; i++) {
		if (!positive(w, i) || w->hits[i] > 0 || w->given_up[i])
			continue;
		pw_design_list members = pw_design_members(w->d, i);
		size_t count = 0;
		for (size_t x = 0; x < members.count && count < least; x++)
			count += w->barred[members.at[x]] == 0 &&
				 new_errors(w, members.at[x]) <= errors;
		w->effort -= w->effort > members.count ? members.count : w->effort;
		if (count < least) {
			least = count;
			best = i;
		}
	}
	return best;
}

static void record(walk *w)
{
	if (w->found++ == 0) {
		w->best_count = w->count;
		memcpy(w->best, w->set, w->count * sizeof(*w->best));
	}
}

static void visit(walk *w, size_t errors, size_t people)
{
	if (w->effort == 0 || w->found > 1)
		return;
	if (w->uncovered == 0) {
		record(w);
		return;
	}
	if (w->uncovered > people * w->reach + errors)
		return;
	size_t pool = hardest_pool(w, errors);
	pw_design_list members = pw_design_members(w->d, pool);
	for (size_t x = 0; x < members.count && people > 0; x++) {
		uint32_t j = members.at[x];
		size_t wrong = new_errors(w, j);
		if (w->barred[j] == 0 && wrong <= errors) {
			add(w, j);
			visit(w, errors - wrong, people - 1);
			take_out(w);
		}
		w->barred[j]++;
	}
	if (errors > 0) {
		w->given_up[pool] = true;
		w->uncovered--;
		visit(w, errors - 1, people);
		w->given_up[pool] = false;
		w->uncovered++;
	}
	for (size_t x = 0; x < members.count && people > 0; x++)
		w->barred[members.at[x]]--;
}

static void begin(walk *w, uint64_t effort)
{
	size_t n = pw_design_samples(w->d), m = pw_design_pools(w->d);
	w->hits = pw_alloc_array(m, sizeof(*w->hits));
	w->given_up = pw_alloc_array(m, sizeof(*w->given_up));
	w->barred = pw_alloc_array(n, sizeof(*w->barred));
	w->set = pw_alloc_array(n + 1, sizeof(*w->set));
	w->best = pw_alloc_array(n + 1, sizeof(*w->best));
	w->effort = effort > 0 ? effort : USUAL_EFFORT;
	for (size_t i = 0; i < m; i++)
		w->uncovered += positive(w, i);
	for (size_t j = 0; j < n; j++) {
		pw_design_list pools = pw_design_pools_of(w->d, j);
		size_t reach = 0;
		for (size_t x = 0; x < pools.count; x++)
			reach += positive(w, pools.at[x]);
		w->reach = reach > w->reach ? reach : w->reach;
	}
}

/* Whoever covers most for least, greedily: the best met when the effort ends first. */
static void guess(walk *w)
{
	uint64_t effort = w->effort, cost = pw_design_entries(w->d);
	for (; w->uncovered > 0 && effort > cost; effort -= cost) {
		uint32_t best = UINT32_MAX;
		long most = 0;
		for (uint32_t j = 0; j < pw_design_samples(w->d); j++) {
			size_t before = w->uncovered;
			long wrong = (long)new_errors(w, j);
			add(w, j);
			long gain = (long)(before - w->uncovered) - wrong;
			take_out(w);
			if (gain > most) {
				most = gain;
				best = j;
			}
		}
		if (best == UINT32_MAX)
			break;
		add(w, best);
	}
	w->best_count = w->count;
	memcpy(w->best, w->set, w->count * sizeof(*w->best));
	while (w->count > 0)
		take_out(w);
}

static void sort_samples(uint32_t *at, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t x = at[i];
		size_t k = i;
		for (; k > 0 && at[k - 1] > x; k--)
			at[k] = at[k - 1];
		at[k] = x;
	}
}

/* What the set makes wrong. */
static void list_errors(walk *w, pw_smallest *out)
{
	size_t m = pw_design_pools(w->d);
	out->unexplained = pw_alloc_array(m, sizeof(*out->unexplained));
	out->against = pw_alloc_array(m, sizeof(*out->against));
	for (size_t k = 0; k < w->best_count; k++)
		add(w, w->best[k]);
	for (uint32_t i = 0; i < m; i++) {
		if (positive(w, i) && w->hits[i] == 0)
			out->unexplained[out->unexplained_count++] = i;
		if (w->readings[i].call == PW_POOL_NEGATIVE && w->hits[i] > 0)
			out->against[out->against_count++] = i;
	}
}

void pw_smallest_find(const pw_design *d, const pw_pool_reading *readings, uint64_t effort,
		      pw_smallest *out)
{
	walk w = {.d = d, .readings = readings};
	pw_smallest s = {.proved = false};
	begin(&w, effort);
	guess(&w);
	size_t most = w.uncovered;
	for (size_t errors = 0; errors <= most && w.found == 0 && w.effort > 0; errors++) {
		s.least_errors = errors;
		for (size_t people = 0; people <= most && w.found == 0 && w.effort > 0; people++)
			visit(&w, errors, people);
	}
	s.proved = w.found > 0 && w.effort > 0;
	s.unique = s.proved && w.found == 1;
	sort_samples(w.best, w.best_count);
	list_errors(&w, &s);
	s.set = (pw_sample_list){w.best, w.best_count};
	pw_free(w.hits);
	pw_free(w.given_up);
	pw_free(w.barred);
	pw_free(w.set);
	*out = s;
}

void pw_smallest_clear(pw_smallest *s)
{
	pw_free(s->set.at);
	pw_free(s->unexplained);
	pw_free(s->against);
	*s = (pw_smallest){.proved = false};
}
