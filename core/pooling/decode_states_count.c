/*
 * How many positives there are, by the sum over pool states: f(U) becomes a polynomial in z whose k-th
 * coefficient counts k positives, and a person's operator (1-p) f(U) + p z f(U or their pools). The first
 * `lanes` coefficients of f(nothing) are wanted; higher ones never reach lower ones, so they are exact. Nor
 * does f(U) need as many: it takes a positive for every `reach` pools to get there.
 */
#include "core/pooling/decode_states.h"

#include <string.h>

#include "core/base/mem.h"

/* The most kept pools of a person. */
static size_t find_reach(const pw_state_plan *s)
{
	size_t reach = 1;
	for (size_t j = 0; j < s->p->n; j++) {
		size_t bits = 0;
		for (uint32_t mask = s->mask[j]; mask != 0; mask &= mask - 1)
			bits++;
		reach = bits > reach ? bits : reach;
	}
	return reach;
}

static size_t lanes_of(size_t bits, size_t reach, size_t lanes)
{
	size_t needed = (bits + reach - 1) / reach;
	return needed < lanes ? lanes - needed : 0;
}

/* They are kept in blocks of four behind a 0, which stands for what is below the first. */
static size_t room_of(size_t lanes)
{
	return lanes > 0 ? 1 + (lanes + 3) / 4 * 4 : 0;
}

/* The room of all states together, and what the last one may look at behind it. */
static uint64_t count_room(const pw_state_plan *s, size_t lanes)
{
	size_t reach = find_reach(s);
	uint64_t sum = 4, ways = 1; /* to choose so many bits */
	for (size_t bits = 0; bits <= s->kept; bits++) {
		sum += ways * room_of(lanes_of(bits, reach, lanes));
		ways = ways * (s->kept - bits) / (bits + 1);
	}
	return sum;
}

uint64_t pw_states_count_cost(const pw_state_plan *s, size_t lanes)
{
	return ((uint64_t)s->p->n + s->groups) * (s->states + count_room(s, lanes)) / 4;
}

uint64_t pw_states_count_bytes(const pw_state_plan *s, size_t lanes)
{
	return 2 * count_room(s, lanes) * sizeof(double) + s->states * sizeof(uint32_t);
}

/* Where each state's room begins; one more at the end. */
static uint32_t *place_rooms(const pw_state_plan *s, size_t lanes)
{
	uint32_t *start = pw_alloc_array(s->states + 1, sizeof(*start));
	size_t reach = find_reach(s);
	for (size_t u = 0; u < s->states; u++) {
		size_t bits = 0;
		for (size_t rest = u; rest != 0; rest &= rest - 1)
			bits++;
		start[u + 1] = start[u] + (uint32_t)room_of(lanes_of(bits, reach, lanes));
	}
	return start;
}

/*
 * to = q·to + p·z·from; `from` may be `to`, because it is done from above and each block is read before it is
 * written: vector instructions. What lies behind a state's own coefficients never gets into them.
 */
static void add_shifted(double *to, const double *from, size_t room, double q, double p)
{
	for (size_t at = room; at > 4; at -= 4) {
		double *t = to + at - 4;
		const double *f = from + at - 5;
		double a = q * t[0] + p * f[0], b = q * t[1] + p * f[1];
		double c = q * t[2] + p * f[2], d = q * t[3] + p * f[3];
		t[0] = a;
		t[1] = b;
		t[2] = c;
		t[3] = d;
	}
}

/* On `count` states from `first` on. */
static void apply_person(const pw_state_plan *s, const uint32_t *start, double *f, uint32_t person,
			 size_t first, size_t count)
{
	double p = s->prior[person], q = 1 - p;
	uint32_t mask = s->mask[person];
	for (size_t u = first; u < first + count; u++)
		add_shifted(f + start[u], f + start[u | mask], start[u + 1] - start[u], q, p);
}

/* Whoever only has pools among the low bits is done a stretch at a time, and who has none among them a slice of
 * every stretch at a time, which stay in the nearer caches. */
#define STRETCH 256
#define SLICE   4

static void apply_members(const pw_state_plan *s, const uint32_t *start, const pw_state_group *g,
			  double *f)
{
	size_t stretch = s->states < STRETCH ? s->states : STRETCH;
	for (size_t base = 0; base < s->states; base += stretch)
		for (uint32_t x = g->first; x < g->last; x++)
			if (s->mask[s->member[x]] < stretch)
				apply_person(s, start, f, s->member[x], base, stretch);
	for (size_t slice = 0; slice < stretch; slice += SLICE)
		for (uint32_t x = g->first; x < g->last; x++)
			if (s->mask[s->member[x]] >= stretch &&
			    s->mask[s->member[x]] % stretch == 0)
				for (size_t base = slice; base < s->states; base += stretch)
					apply_person(s, start, f, s->member[x], base,
						     stretch < SLICE ? stretch : SLICE);
	for (uint32_t x = g->first; x < g->last; x++)
		if (s->mask[s->member[x]] >= stretch && s->mask[s->member[x]] % stretch != 0)
			apply_person(s, start, f, s->member[x], 0, s->states);
}

/* Everybody, weighted with the pool hit, and what nobody positive weighs more or less than that. */
static void apply_group(const pw_state_plan *s, const uint32_t *start, const pw_state_group *g,
			double *f, double *old)
{
	size_t count = start[s->states];
	memcpy(old, f, count * sizeof(*f));
	apply_members(s, start, g, f);
	double none = (g->none - g->some) * pw_state_plan_nobody(s, g);
	for (size_t k = 0; k < count; k++) {
		double sum = g->some * f[k] + none * old[k];
		f[k] = sum > 0 ? sum : 0; /* less is rounding */
	}
}

bool pw_states_count(const pw_state_plan *s, double weight, size_t lanes, pw_effort *effort,
		     double *count)
{
	uint32_t *start = place_rooms(s, lanes);
	double *f = pw_alloc_array(2 * (size_t)count_room(s, lanes), sizeof(*f));
	bool in_time = pw_effort_spend(effort, pw_states_count_cost(s, lanes));
	for (size_t u = 0; in_time && u < s->states; u++)
		if (start[u + 1] > start[u])
			f[start[u] + 1] = pw_state_plan_start(s, u);
	for (uint32_t x = s->loose; in_time && x < s->p->n; x++)
		apply_person(s, start, f, s->member[x], 0, s->states);
	for (size_t g = 0; in_time && g < s->groups; g++)
		apply_group(s, start, &s->group[g], f, f + count_room(s, lanes));
	for (size_t k = 0; in_time && k < lanes && k <= s->p->n; k++)
		count[k] += weight * f[k + 1];
	pw_free(start);
	pw_free(f);
	return in_time;
}
