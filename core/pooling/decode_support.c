#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* A gain of 0 means that a person is excluded; whoever is not has at least this. */
#define LEAST_GAIN 1e-290

#define MOST_SLACK 1e200

/* Steps that counting who shares what with whom may take. */
#define MOST_COUNTED (UINT64_C(1) << 22)

/* ---- Making ---- */

/* Everybody's share is one over the size of their largest pool. */
static double slack_of(const pw_support *s, size_t person)
{
	const pw_problem *p = s->p;
	double largest = 1, odds = s->odds[person] * s->soft_all[person];
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		if (!pw_problem_misses(p, i))
			largest = pw_larger(largest, pw_problem_members(p, i));
	}
	double x = log1p(odds) * largest;
	if (x > 500)
		return MOST_SLACK;
	return s->excess[person] * expm1(x) / (largest * odds);
}

/* Counts in `shared`, of a row, how many of its others each of the lower numbers has: with whom, how often. */
static uint32_t count_shared(uint32_t j, const uint32_t *own_start, const uint32_t *own,
			     const uint32_t *other_start, const uint32_t *other, uint32_t *shared)
{
	uint32_t most = 0;
	for (int clear = 0; clear < 2; clear++)
		for (uint32_t x = own_start[j]; x < own_start[j + 1]; x++)
			for (uint32_t y = other_start[own[x]]; other[y] < j; y++) {
				uint32_t *count = &shared[other[y]];
				*count = clear ? 0 : *count + 1;
				most = *count > most ? *count : most;
			}
	return most;
}

static uint64_t square_sum(const uint32_t *start, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (uint64_t)(start[i + 1] - start[i]) * (start[i + 1] - start[i]);
	return sum;
}

/* The most pools that two persons share and the most persons that two pools do, or a bound on it where
 * counting would take long. */
static void find_overlaps(pw_support *s)
{
	const pw_problem *p = s->p;
	uint32_t *shared = pw_alloc_array(p->n + p->m, sizeof(*shared));
	s->overlap = s->common = 0;
	if (square_sum(p->row_start, p->m) > MOST_COUNTED)
		s->overlap = s->weight_max;
	else
		for (uint32_t j = 0; j < p->n; j++) {
			uint32_t most =
				count_shared(j, p->col_start, p->col, p->row_start, p->row, shared);
			s->overlap = most > s->overlap ? most : s->overlap;
		}
	if (square_sum(p->col_start, p->n) > MOST_COUNTED)
		s->common = p->persons;
	else
		for (uint32_t i = 0; i < p->m; i++) {
			uint32_t most =
				count_shared(i, p->row_start, p->row, p->col_start, p->col, shared);
			s->common = most > s->common ? most : s->common;
		}
	pw_free(shared);
}

/* Brings up to date whether a pool gains, whose entry was `was`. */
static void regard(pw_support *s, size_t pool, uint32_t was)
{
	uint32_t e = s->entry[pool];
	bool gains = s->allowed[pool] > 0 && s->p->boost[pool] <= 0 && s->most[e] > s->soft[pool];
	if (s->gains[pool]) {
		s->gain_pools--;
		s->gain_log -= s->log_reward[was];
	}
	if (gains) {
		s->gain_pools++;
		s->gain_log += s->log_reward[e];
	}
	s->gains[pool] = gains;
}

static void empty_set(pw_support *s)
{
	const pw_problem *p = s->p;
	for (size_t j = 0; j < p->n; j++)
		s->log_weight += log1p(-p->prior[j]);
	for (size_t i = 0; i < p->m; i++) {
		uint32_t e = s->start[i];
		s->allowed[i] = pw_problem_members(p, i);
		s->log_weight += log(pw_larger(pw_problem_like(p, i, 0), s->tiny));
		s->dead_pools += s->dead[e];
		s->full[i] = pw_problem_cap(p, i) == 0;
		s->full_pools += s->full[i] && !pw_problem_misses(p, i);
		s->entry[i] = e;
		s->factor[i] = s->up[e];
		regard(s, i, e);
	}
}

static void make_persons(pw_support *s)
{
	const pw_problem *p = s->p;
	for (size_t j = 0; j < p->n; j++) {
		s->excluded[j] = p->absent != NULL && p->absent[j];
		if (s->excluded[j])
			continue;
		s->odds[j] = p->prior[j] / (1 - p->prior[j]);
		s->boost[j] = s->soft_all[j] = s->excess[j] = 1;
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
			uint32_t i = p->col[x];
			s->boost[j] *= p->boost[i] > 0 ? p->boost[i] : 1;
			s->soft_all[j] *= s->soft[i];
			s->excess[j] *= s->odd[i];
		}
		s->soft_all[j] *= s->boost[j];
		s->slack[j] = slack_of(s, j);
	}
}

static void find_weights(pw_support *s)
{
	const pw_problem *p = s->p;
	s->weight_min = SIZE_MAX;
	for (size_t j = 0; j < p->n; j++) {
		size_t weight = pw_problem_weight(p, j);
		if (p->absent != NULL && p->absent[j])
			continue;
		s->weight_max = weight > s->weight_max ? weight : s->weight_max;
		s->weight_min = weight < s->weight_min ? weight : s->weight_min;
	}
	for (size_t i = 0; i < p->m; i++) {
		size_t size = pw_problem_misses(p, i) ? 0 : pw_problem_members(p, i);
		s->largest_pool = size > s->largest_pool ? size : s->largest_pool;
	}
}

/* Where the gains of a set of this size are. */
static double *level_of(pw_support *s)
{
	size_t level = s->count < PW_SUPPORT_LEVELS ? s->count : PW_SUPPORT_LEVELS - 1;
	if (s->level[level] == NULL)
		s->level[level] = pw_arena_array(s->arena, s->p->n, sizeof(*s->gain));
	return s->level[level];
}

static void make_room(pw_support *s, pw_arena *arena)
{
	size_t n = s->p->n, m = s->p->m;
	s->odds = pw_arena_array(arena, n, sizeof(*s->odds));
	s->excess = pw_arena_array(arena, n, sizeof(*s->excess));
	s->boost = pw_arena_array(arena, n, sizeof(*s->boost));
	s->soft_all = pw_arena_array(arena, n, sizeof(*s->soft_all));
	s->slack = pw_arena_array(arena, n, sizeof(*s->slack));
	s->excluded = pw_arena_array(arena, n, sizeof(*s->excluded));
	s->arena = arena;
	s->gain = level_of(s);
	s->gone = pw_arena_array(arena, n, sizeof(*s->gone));
	s->bent = pw_arena_array(arena, n, sizeof(*s->bent));
	s->weight = pw_arena_array(arena, n, sizeof(*s->weight));
	s->log_odds = pw_arena_array(arena, n, sizeof(*s->log_odds));
	s->list = pw_arena_array(arena, n, sizeof(*s->list));
	s->soft = pw_arena_array(arena, m + 1, sizeof(*s->soft));
	s->positives = pw_arena_array(arena, m + 1, sizeof(*s->positives));
	s->entry = pw_arena_array(arena, m + 1, sizeof(*s->entry));
	s->factor = pw_arena_array(arena, m + 1, sizeof(*s->factor));
	s->allowed = pw_arena_array(arena, m + 1, sizeof(*s->allowed));
	s->gains = pw_arena_array(arena, m + 1, sizeof(*s->gains));
	s->full = pw_arena_array(arena, m + 1, sizeof(*s->full));
	s->gainers = pw_arena_array(arena, m + 1, sizeof(*s->gainers));
	s->largest = pw_arena_array(arena, m + 1, sizeof(*s->largest));
	s->bound_by = pw_arena_array(arena, m + 1, sizeof(*s->bound_by));
	s->tilt = pw_arena_array(arena, m + 1, sizeof(*s->tilt));
	s->start = pw_arena_array(arena, m + 1, sizeof(*s->start));
	s->odd = pw_arena_array(arena, m + 1, sizeof(*s->odd));
	s->falls = pw_arena_array(arena, m + 1, sizeof(*s->falls));
}

/* With as many pools as two share at most. */
static double growth_of(const pw_support *s, double most)
{
	double growth = 1;
	for (size_t k = 0; k < s->overlap && growth < MOST_SLACK; k++)
		growth *= most;
	return growth;
}

void pw_support_init(pw_support *s, const pw_problem *p, pw_effort *effort, pw_arena *arena)
{
	*s = (pw_support){.p = p, .effort = effort};
	make_room(s, arena);
	find_weights(s);
	pw_support_tables_make(s);
	find_overlaps(s);
	s->growth_most = growth_of(s, s->ratio_most);
	make_persons(s);
	empty_set(s);
	pw_support_cover_prepare(s, arena);
	pw_support_pairs_prepare(s, arena);
}

void pw_support_clear(pw_support *s)
{
	pw_support_tables_clear(s);
	pw_free(s->at);
	s->at = NULL;
}

/* ---- Moving ---- */

pw_support_mark pw_support_mark_here(const pw_support *s)
{
	return (pw_support_mark){.gones = s->gones,
				 .count = s->count,
				 .log_weight = s->log_weight,
				 .gain_log = s->gain_log};
}

void pw_support_exclude(pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	PW_BUG_IF(s->excluded[person]);
	s->excluded[person] = true;
	s->gone[s->gones++] = person;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		if (--s->allowed[p->col[x]] == 0)
			regard(s, p->col[x], s->entry[p->col[x]]);
	}
}

static void include(pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	s->excluded[person] = false;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		if (s->allowed[p->col[x]]++ == 0)
			regard(s, p->col[x], s->entry[p->col[x]]);
	}
}

/* The pool's number of positives has changed, and its entry with it, up or down by one. */
static void step(pw_support *s, uint32_t pool, uint32_t to)
{
	uint32_t was = s->entry[pool], last = s->start[pool] + (uint32_t)pw_problem_cap(s->p, pool);
	s->entry[pool] = to;
	s->factor[pool] = s->up[to];
	s->dead_pools += s->dead[to];
	s->dead_pools -= s->dead[was];
	s->full[pool] = to == last;
	s->full_pools += to == last;
	s->full_pools -= was == last;
	regard(s, pool, was);
}

static void raise(pw_support *s, uint32_t pool)
{
	uint32_t e = s->entry[pool];
	s->positives[pool]++;
	s->paid += s->pay[e] > 0;
	if (s->positives[pool] <= pw_problem_cap(s->p, pool))
		step(s, pool, e + 1);
}

static void lower(pw_support *s, uint32_t pool)
{
	size_t cap = pw_problem_cap(s->p, pool), k = --s->positives[pool];
	if (k < cap)
		step(s, pool, s->entry[pool] - 1);
	s->paid -= s->pay[s->entry[pool]] > 0;
}

void pw_support_add(pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	if (s->count == s->room) {
		s->room = s->room > 0 ? 2 * s->room : 64;
		s->at = pw_realloc_array(s->at, s->room, sizeof(*s->at));
	}
	pw_support_tables_reach(s, s->count + 1);
	s->log_weight += log(pw_support_gain(s, person));
	pw_support_exclude(s, person);
	s->at[s->count++] = person;
	if (s->count < PW_SUPPORT_LEVELS)
		s->level_known[s->count] = false;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		raise(s, p->col[x]);
}

void pw_support_back(pw_support *s, const pw_support_mark *mark)
{
	const pw_problem *p = s->p;
	while (s->count > mark->count) {
		uint32_t person = s->at[--s->count];
		for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
			lower(s, p->col[x]);
	}
	while (s->gones > mark->gones)
		include(s, s->gone[--s->gones]);
	s->gain = level_of(s);
	s->gain_log = mark->gain_log;
	s->log_weight = mark->log_weight;
}

/* ---- Asking ---- */

double pw_support_gain(const pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	double gain = s->odds[person];
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		gain *= s->factor[p->col[x]];
	return pw_larger(gain, LEAST_GAIN);
}

/* From the gains before the last person was added. */
static void follow_gains(pw_support *s, const double *before, size_t gones)
{
	const pw_problem *p = s->p;
	uint32_t last = s->at[s->count - 1];
	memcpy(s->gain, before, p->n * sizeof(*before));
	for (size_t k = gones; k < s->gones; k++)
		s->gain[s->gone[k]] = 0;
	for (uint32_t x = p->col_start[last]; x < p->col_start[last + 1]; x++) {
		uint32_t i = p->col[x], e = s->entry[i];
		bool changed = s->positives[i] <= pw_problem_cap(p, i);
		double ratio = changed ? s->up[e] / s->up[e - 1] : 1;
		for (uint32_t y = p->row_start[i]; ratio != 1 && y < p->row_start[i + 1]; y++)
			s->gain[p->row[y]] *= ratio;
	}
	pw_effort_spend(s->effort, p->n);
}

static void fill_gains(pw_support *s)
{
	for (uint32_t j = 0; j < s->p->n; j++)
		s->gain[j] = s->excluded[j] ? 0 : pw_support_gain(s, j);
	pw_effort_spend(s->effort, s->p->n + s->p->col_start[s->p->n]);
}

double pw_support_gains(pw_support *s)
{
	size_t level = s->count;
	s->gain = level_of(s);
	if (level > 0 && level < PW_SUPPORT_LEVELS && s->level_known[level - 1])
		follow_gains(s, s->level[level - 1], s->level_gones[level - 1]);
	else
		fill_gains(s);
	if (level < PW_SUPPORT_LEVELS) {
		s->level_known[level] = true;
		s->level_gones[level] = s->gones;
	}
	return pw_support_sum(s);
}

double pw_support_sum(const pw_support *s)
{
	const double *gain = s->gain;
	size_t n = s->p->n, j = 0;
	double sum[4] = {0, 0, 0, 0}; /* side by side, because each addition waits for the last */
	for (; j + 4 <= n; j += 4)
		for (size_t k = 0; k < 4; k++)
			sum[k] += gain[j + k];
	for (; j < n; j++)
		sum[0] += gain[j];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

void pw_support_forget_gains(pw_support *s)
{
	if (s->count < PW_SUPPORT_LEVELS)
		s->level_known[s->count] = false;
}

uint32_t pw_support_best(const pw_support *s)
{
	uint32_t best = UINT32_MAX;
	double most = 0;
	for (size_t j = 0; j < s->p->n; j++)
		if (s->gain[j] > most) {
			most = s->gain[j];
			best = (uint32_t)j;
		}
	return best;
}

bool pw_support_is_flat(const pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		if (!s->full[p->col[x]])
			return false;
	return true;
}

bool pw_support_revives(const pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	size_t dead = s->dead_pools;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t e = s->entry[p->col[x]];
		if (!s->full[p->col[x]]) {
			dead -= s->dead[e];
			dead += s->dead[e + 1];
		}
	}
	return dead == 0;
}

double pw_support_growth(const pw_support *s)
{
	double most = 1;
	for (size_t i = 0; i < s->p->m; i++)
		if (s->allowed[i] > 1 && !s->full[i])
			most = pw_larger(most, s->up[s->entry[i] + 1] / s->up[s->entry[i]]);
	return growth_of(s, most);
}
