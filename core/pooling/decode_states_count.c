/*
 * How many positives there are, by the sum over pool states: f(U) becomes a polynomial in z whose k-th
 * coefficient counts k positives, and a person's operator (1-p) f(U) + p z f(U or their pools). The first
 * `lanes` coefficients are kept; higher ones never reach lower ones, so they are exact.
 */
#include "core/pooling/decode_states.h"

#include <string.h>

#include "core/base/mem.h"

uint64_t pw_states_count_cost(const pw_state_plan *s, size_t lanes)
{
	return ((uint64_t)s->p->n + s->groups) * s->states * lanes / 4;
}

uint64_t pw_states_count_bytes(const pw_state_plan *s, size_t lanes)
{
	return 2 * (uint64_t)s->states * lanes * sizeof(double);
}

/* to = q·to + p·z·from, `blocks` blocks of four lanes, from above so that `from` may be `to`. */
static void add_shifted(double *to, const double *from, size_t blocks, double q, double p)
{
	for (size_t at = 4 * blocks; at > 0; at -= 4) {
		double *t = to + at - 4;
		const double *f = from + at - 4;
		double f0 = f[0], f1 = f[1], f2 = f[2], before = at > 4 ? f[-1] : 0;
		t[3] = q * t[3] + p * f2;
		t[2] = q * t[2] + p * f1;
		t[1] = q * t[1] + p * f0;
		t[0] = q * t[0] + p * before;
	}
}

/* It takes a positive for every `reach` pools to get to a state, so that of its coefficients those beyond
 * lanes - positives are never asked for. */
static void fill_blocks(const pw_state_plan *s, size_t lanes, uint8_t *blocks)
{
	size_t reach = 1;
	for (size_t j = 0; j < s->p->n; j++) {
		size_t bits = 0;
		for (uint32_t mask = s->mask[j]; mask != 0; mask &= mask - 1)
			bits++;
		reach = bits > reach ? bits : reach;
	}
	for (size_t u = 0; u < s->states; u++) {
		size_t bits = 0;
		for (size_t rest = u; rest != 0; rest &= rest - 1)
			bits++;
		size_t needed = (bits + reach - 1) / reach;
		blocks[u] = (uint8_t)(needed < lanes ? (lanes - needed + 3) / 4 : 0);
	}
}

static void apply_person(const pw_state_plan *s, const uint8_t *blocks, double *f, size_t lanes,
			 uint32_t person)
{
	double p = s->prior[person], q = 1 - p;
	uint32_t mask = s->mask[person];
	for (size_t u = 0; u < s->states; u++)
		add_shifted(f + u * lanes, f + (u | mask) * lanes, blocks[u], q, p);
}

/* Everybody, weighted with the pool hit, and what nobody positive weighs more or less than that. */
static void apply_group(const pw_state_plan *s, const uint8_t *blocks, const pw_state_group *g,
			double *f, double *old, size_t lanes)
{
	memcpy(old, f, s->states * lanes * sizeof(*f));
	for (uint32_t x = g->first; x < g->last; x++)
		apply_person(s, blocks, f, lanes, s->member[x]);
	double none = (g->none - g->some) * pw_state_plan_nobody(s, g);
	for (size_t u = 0; u < s->states * lanes; u++) {
		double sum = g->some * f[u] + none * old[u];
		f[u] = sum > 0 ? sum : 0; /* less is rounding */
	}
}

bool pw_states_count(const pw_state_plan *s, double weight, size_t lanes, pw_effort *effort,
		     double *count)
{
	double *f = pw_alloc_array(2 * s->states * lanes, sizeof(*f)), *old = f + s->states * lanes;
	uint8_t *blocks = pw_alloc_array(s->states, sizeof(*blocks));
	fill_blocks(s, lanes, blocks);
	bool in_time = pw_effort_spend(effort, pw_states_count_cost(s, lanes));
	for (size_t u = 0; in_time && u < s->states; u++)
		f[u * lanes] = pw_state_plan_start(s, u);
	for (uint32_t x = s->loose; in_time && x < s->p->n; x++)
		apply_person(s, blocks, f, lanes, s->member[x]);
	for (size_t g = 0; in_time && g < s->groups; g++)
		apply_group(s, blocks, &s->group[g], f, old, lanes);
	for (size_t k = 0; in_time && k < lanes && k <= s->p->n; k++)
		count[k] += weight * f[k];
	pw_free(blocks);
	pw_free(f);
	return in_time;
}
