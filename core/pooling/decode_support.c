#include "core/pooling/decode_support.h"

#include <float.h>
#include <math.h>

#include "core/base/mem.h"

/* What a likelihood of 0 counts as, so that gains stay finite: such a set is never recorded, and in a bound
 * a little more is still a bound. Smaller where persons are in few pools. */
#define TINY        1e-30
#define TINY_DIGITS 250

/* A gain of 0 means that a person is excluded; whoever is not has at least this. */
#define LEAST_GAIN 1e-290

/* A pool whose likelihood still grows by no more than this with a second positive and on (dilution) does not
 * count as one that gains: the quick bound allows for it. */
#define MOST_SOFT 2.0

#define MOST_SLACK 1e200

/* fmax is a call, which this is not; neither is ever NaN here. */
static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* ---- Tables ---- */

static double tiny_for(const pw_problem *p)
{
	uint32_t weight = 1;
	for (size_t j = 0; j < p->n; j++)
		if (p->col_start[j + 1] - p->col_start[j] > weight)
			weight = p->col_start[j + 1] - p->col_start[j];
	return larger(TINY, pow(10, -(double)TINY_DIGITS / weight));
}

/* For every pool and number of positives: the factor of one more; the most that any number more can bring
 * (below 1: costs; above: the largest t-th root, so that the bound may count it once for each). */
static void make_tables(pw_support *s, pw_arena *arena)
{
	const pw_problem *p = s->p;
	size_t entries = p->tables.start[p->m];
	double tiny = tiny_for(p);
	s->up = pw_arena_array(arena, entries + 1, sizeof(*s->up));
	s->most = pw_arena_array(arena, entries + 1, sizeof(*s->most));
	s->dead = pw_arena_array(arena, entries + 1, sizeof(*s->dead));
	s->pay = pw_arena_array(arena, entries + 1, sizeof(*s->pay));
	for (size_t i = 0; i < p->m; i++) {
		uint32_t start = p->tables.start[i];
		size_t cap = pw_problem_cap(p, i);
		for (size_t k = cap + 1; k-- > 0;) {
			double here = p->tables.value[start + k];
			s->dead[start + k] = here <= 0;
			here = larger(here, tiny);
			s->up[start + k] = s->most[start + k] = 1;
			if (k == cap)
				continue;
			double cost = 0, gain = 0;
			size_t reach = cap - k < 64 ? cap - k : 64;
			for (size_t t = 1; t <= cap - k; t++) {
				double ratio = larger(p->tables.value[start + k + t], tiny) / here;
				cost = larger(cost, ratio);
				if (ratio > 1 && t <= reach)
					gain = larger(gain, pow(ratio, 1.0 / (double)t));
				else if (ratio > 1)
					gain = larger(gain, pow(ratio, 1.0 / (double)reach));
				if (t == 1)
					s->up[start + k] = ratio;
			}
			s->most[start + k] = cost > 1 ? gain : cost;
			s->pay[start + k] = cost < 1 && p->boost[i] <= 0 ? 1 / s->up[start + k] : 0;
		}
	}
}

/* ---- Making ---- */

/* How much more than `up` the bound must count, over all states of the person's pools. */
static double excess_of(const pw_support *s, size_t person)
{
	const pw_problem *p = s->p;
	double excess = 1;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		double worst = 1;
		if (p->boost[i] > 0)
			continue; /* a household: its own way of bounding */
		for (uint32_t e = p->tables.start[i]; e < p->tables.start[i + 1]; e++)
			if (s->most[e] > s->up[e] * (1 + 1e-12))
				worst = larger(worst, s->most[e] / s->up[e]);
		excess *= worst;
	}
	return excess;
}

/* Everybody's share is one over the size of their largest pool. */
static double slack_of(const pw_support *s, size_t person)
{
	const pw_problem *p = s->p;
	double largest = 1, odds = s->odds[person] * s->boost[person];
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		largest = larger(largest, p->row_start[i + 1] - p->row_start[i]);
		odds *= s->soft[i];
	}
	double x = log1p(odds) * largest;
	if (x > 500)
		return MOST_SLACK;
	return s->excess[person] * expm1(x) / (largest * odds);
}

/* Rewards, now that soft is known; false when a second positive or a later one brings more than that. */
static bool make_rewards(pw_support *s)
{
	const pw_problem *p = s->p;
	bool coverable = true;
	for (size_t i = 0; i < p->m; i++) {
		uint32_t first = p->tables.start[i], last = p->tables.start[i + 1] - 1;
		for (uint32_t e = first; e <= last; e++) {
			double ratio = 0, softly = 0, best = 0;
			for (uint32_t t = 1; e + t <= last; t++) {
				ratio += log(s->up[e + t - 1]);
				best = larger(best, ratio - softly);
				softly += log(s->soft[i]);
			}
			s->log_reward[e] = best;
			coverable = coverable && (e == first || s->most[e] <= s->soft[i]);
		}
	}
	return coverable;
}

/* The most pools that two persons share, or a bound on it where counting would take long. */
static size_t find_overlap(const pw_support *s)
{
	const pw_problem *p = s->p;
	uint64_t steps = 0;
	for (size_t i = 0; i < p->m; i++)
		steps += (uint64_t)(p->row_start[i + 1] - p->row_start[i]) *
			 (p->row_start[i + 1] - p->row_start[i]);
	if (steps > UINT64_C(1) << 22)
		return s->weight_max;
	uint32_t *shared = pw_alloc_array(p->n, sizeof(*shared));
	uint32_t most = 0;
	for (uint32_t j = 0; j < p->n; j++) {
		for (int clear = 0; clear < 2; clear++)
			for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
				for (uint32_t y = p->row_start[p->col[x]]; p->row[y] < j; y++) {
					uint32_t *count = &shared[p->row[y]];
					*count = clear ? 0 : *count + 1;
					most = *count > most ? *count : most;
				}
	}
	pw_free(shared);
	return most;
}

static double soft_of(const pw_support *s, size_t pool)
{
	double soft = 1;
	for (uint32_t e = s->p->tables.start[pool] + 1; e < s->p->tables.start[pool + 1]; e++)
		soft = larger(soft, s->most[e]);
	return soft <= MOST_SOFT ? soft : 1;
}

/* Brings up to date whether a pool gains, `was` its entry before. */
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
	if (gains == s->gains[pool])
		return;
	s->gains[pool] = gains;
	if (s->flips == s->flip_room) {
		s->flip_room = s->flip_room > 0 ? 2 * s->flip_room : 256;
		s->flip = pw_realloc_array(s->flip, s->flip_room, sizeof(*s->flip));
	}
	s->flip[s->flips++] = (uint32_t)pool;
}

static double empty_set(pw_support *s)
{
	const pw_problem *p = s->p;
	double log_weight = 0;
	for (size_t j = 0; j < p->n; j++) {
		log_weight += log1p(-p->prior[j]);
		double gain = s->odds[j];
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
			gain *= s->up[p->tables.start[p->col[x]]];
		s->gain[j] = larger(gain, LEAST_GAIN);
	}
	double tiny = tiny_for(p);
	for (size_t i = 0; i < p->m; i++) {
		s->allowed[i] = p->row_start[i + 1] - p->row_start[i];
		log_weight += log(larger(pw_problem_like(p, i, 0), tiny));
		s->dead_pools += s->dead[p->tables.start[i]];
		s->entry[i] = p->tables.start[i];
		regard(s, i, s->entry[i]);
	}
	return log_weight;
}

void pw_support_init(pw_support *s, const pw_problem *p, pw_effort *effort, pw_arena *arena)
{
	*s = (pw_support){.p = p, .effort = effort};
	s->odds = pw_arena_array(arena, p->n, sizeof(*s->odds));
	s->excess = pw_arena_array(arena, p->n, sizeof(*s->excess));
	s->boost = pw_arena_array(arena, p->n, sizeof(*s->boost));
	s->slack = pw_arena_array(arena, p->n, sizeof(*s->slack));
	s->gain = pw_arena_array(arena, p->n, sizeof(*s->gain));
	s->bent = pw_arena_array(arena, p->n, sizeof(*s->bent));
	s->weight = pw_arena_array(arena, p->n, sizeof(*s->weight));
	s->log_odds = pw_arena_array(arena, p->n, sizeof(*s->log_odds));
	s->list = pw_arena_array(arena, p->n, sizeof(*s->list));
	s->gainers = pw_arena_array(arena, p->m + 1, sizeof(*s->gainers));
	s->positives = pw_arena_array(arena, p->m, sizeof(*s->positives));
	s->allowed = pw_arena_array(arena, p->m, sizeof(*s->allowed));
	s->entry = pw_arena_array(arena, p->m, sizeof(*s->entry));
	s->gains = pw_arena_array(arena, p->m, sizeof(*s->gains));
	s->largest = pw_arena_array(arena, p->m + 1, sizeof(*s->largest));
	s->bound_by = pw_arena_array(arena, p->m + 1, sizeof(*s->bound_by));
	s->tilt = pw_arena_array(arena, p->m + 1, sizeof(*s->tilt));
	s->soft = pw_arena_array(arena, p->m + 1, sizeof(*s->soft));
	make_tables(s, arena);
	for (size_t i = 0; i < p->m; i++)
		s->soft[i] = soft_of(s, i);
	s->log_reward = pw_arena_array(arena, p->tables.start[p->m] + 1, sizeof(*s->log_reward));
	s->coverable = make_rewards(s);
	for (size_t j = 0; j < p->n; j++)
		if (p->col_start[j + 1] - p->col_start[j] > s->weight_max)
			s->weight_max = p->col_start[j + 1] - p->col_start[j];
	s->overlap = find_overlap(s);
	for (size_t j = 0; j < p->n; j++) {
		s->odds[j] = p->prior[j] / (1 - p->prior[j]);
		s->boost[j] = 1;
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
			if (p->boost[p->col[x]] > 0)
				s->boost[j] *= p->boost[p->col[x]];
		s->excess[j] = excess_of(s, j);
		s->slack[j] = slack_of(s, j);
	}
	s->log_weight = empty_set(s);
	pw_support_cover_prepare(s, arena);
}

void pw_support_clear(pw_support *s)
{
	pw_free(s->at);
	pw_free(s->undo);
	pw_free(s->flip);
	s->at = s->flip = NULL;
	s->undo = NULL;
}

/* ---- Moving ---- */

pw_support_mark pw_support_mark_here(const pw_support *s)
{
	return (pw_support_mark){.undone = s->undone,
				 .flips = s->flips,
				 .count = s->count,
				 .dead_pools = s->dead_pools,
				 .gain_pools = s->gain_pools,
				 .log_weight = s->log_weight,
				 .gain_log = s->gain_log};
}

static void keep(pw_support *s, uint32_t person)
{
	if (s->undone == s->undo_room) {
		s->undo_room = s->undo_room > 0 ? 2 * s->undo_room : 4096;
		s->undo = pw_realloc_array(s->undo, s->undo_room, sizeof(*s->undo));
	}
	s->undo[s->undone++] = (pw_support_undo){person, s->gain[person]};
}

static void set_gain(pw_support *s, uint32_t person, double gain)
{
	keep(s, person);
	s->gain[person] = gain;
}

void pw_support_exclude(pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	set_gain(s, person, 0);
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		if (--s->allowed[p->col[x]] == 0)
			regard(s, p->col[x], s->entry[p->col[x]]);
	}
}

/* One more positive in a pool: everybody else's gain in it changes from one entry to the next. */
static void raise(pw_support *s, uint32_t pool)
{
	const pw_problem *p = s->p;
	uint32_t e = s->entry[pool];
	s->positives[pool]++;
	if (e + 1 == p->tables.start[pool + 1])
		return;
	double ratio = s->up[e + 1] / s->up[e];
	s->entry[pool] = e + 1;
	s->dead_pools += s->dead[e + 1];
	s->dead_pools -= s->dead[e];
	regard(s, pool, e);
	if (ratio == 1 || s->allowed[pool] == 0)
		return;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		if (s->gain[p->row[x]] > 0)
			set_gain(s, p->row[x], larger(s->gain[p->row[x]] * ratio, LEAST_GAIN));
	pw_effort_spend(s->effort, p->row_start[pool + 1] - p->row_start[pool]);
}

/* Takes one positive out again; what depends on all of the state is put back by pw_support_back. */
static void lower(pw_support *s, uint32_t pool)
{
	size_t cap = pw_problem_cap(s->p, pool), k = --s->positives[pool];
	s->entry[pool] = s->p->tables.start[pool] + (uint32_t)(k < cap ? k : cap);
}

void pw_support_add(pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	if (s->count == s->room) {
		s->room = s->room > 0 ? 2 * s->room : 64;
		s->at = pw_realloc_array(s->at, s->room, sizeof(*s->at));
	}
	s->log_weight += log(s->gain[person]);
	pw_support_exclude(s, person);
	s->at[s->count++] = person;
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
	while (s->undone > mark->undone) {
		const pw_support_undo *u = &s->undo[--s->undone];
		if (s->gain[u->person] <= 0)
			for (uint32_t x = p->col_start[u->person]; x < p->col_start[u->person + 1];
			     x++)
				s->allowed[p->col[x]]++;
		s->gain[u->person] = u->gain;
	}
	while (s->flips > mark->flips) {
		uint32_t pool = s->flip[--s->flips];
		s->gains[pool] = !s->gains[pool];
	}
	s->dead_pools = mark->dead_pools;
	s->gain_pools = mark->gain_pools;
	s->gain_log = mark->gain_log;
	s->log_weight = mark->log_weight;
}

/* ---- Asking ---- */

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

double pw_support_sum(const pw_support *s)
{
	double sum = 0;
	for (size_t j = 0; j < s->p->n; j++)
		sum += s->gain[j];
	return sum;
}

bool pw_support_is_flat(const pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		if (s->positives[p->col[x]] < pw_problem_cap(p, p->col[x]))
			return false;
	return true;
}

bool pw_support_revives(const pw_support *s, uint32_t person)
{
	const pw_problem *p = s->p;
	size_t dead = s->dead_pools;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		size_t cap = pw_problem_cap(p, i), k = s->positives[i];
		const uint8_t *table = s->dead + p->tables.start[i];
		dead -= table[k < cap ? k : cap];
		dead += table[k + 1 < cap ? k + 1 : cap];
	}
	return dead == 0;
}
