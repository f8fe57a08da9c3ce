#include "core/pooling/decode_supports.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

double pw_search_mass(const pw_search *x)
{
	return pw_sum_value(&x->t->mass);
}

double pw_search_bare_weight(const pw_search *x)
{
	return exp(x->s.log_weight - x->ref);
}

double pw_search_weight(const pw_search *x)
{
	return pw_search_bare_weight(x) * x->phi;
}

void pw_search_leave(pw_search *x, double weight)
{
	x->t->left += weight;
}

static void count_in(pw_search *x, size_t positives, double weight)
{
	size_t most = x->flat_count < PW_SUPPORTS_FLAT_COUNTS - 1 ? x->flat_count
								  : PW_SUPPORTS_FLAT_COUNTS - 1;
	for (size_t k = 0; k <= most && positives + k < PW_SUPPORTS_COUNTS; k++)
		x->t->count[positives + k] += weight * x->number[k];
}

/* ---- The likeliest sets ---- */

/* Whether a set of this weight can be among them with any choice of the first `upto` flat persons. */
static bool may_be_likely(const pw_search *x, double weight, size_t upto)
{
	return (upto > 0 ? weight * x->flats[upto - 1].most : weight) > x->floor;
}

/* Offers at[0..count-1] with every choice of the first `upto` flat persons that may make it. */
static void offer(pw_search *x, double weight, uint32_t *at, size_t count, size_t upto)
{
	if (!may_be_likely(x, weight, upto))
		return;
	if (weight > x->floor) {
		pw_top_offer(&x->t->top, log(weight) + x->ref, at, count);
		x->floor = exp(pw_top_floor(&x->t->top) - x->ref);
	}
	pw_effort_spend(x->effort, upto + 8);
	for (size_t f = 0; f < upto && !x->effort->over; f++) {
		at[count] = x->flats[f].person;
		offer(x, weight * x->flats[f].gain, at, count + 1, f);
	}
}

/* The current set, with `extra` (UINT32_MAX: nobody), weighing `weight` without the flat persons, the
 * first `upto` of which may join. */
static void offer_set(pw_search *x, double weight, uint32_t extra, size_t upto)
{
	size_t count = x->s.count;
	if (!may_be_likely(x, weight, upto))
		return;
	uint32_t *at = pw_alloc_array(count + 1 + x->flat_count, sizeof(*at));
	if (count > 0)
		memcpy(at, x->s.at, count * sizeof(*at));
	if (extra != UINT32_MAX)
		at[count++] = extra;
	offer(x, weight, at, count, upto);
	pw_free(at);
}

/* ---- Sets ---- */

void pw_search_record(pw_search *x)
{
	double weight = pw_search_bare_weight(x);
	if (x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * x->phi);
	count_in(x, x->s.count, weight);
	offer_set(x, weight, UINT32_MAX, x->flat_count);
}

/* Leaves only the gains of those who leave no pool dead; for this set alone. */
static void keep_alive(pw_search *x)
{
	if (x->s.dead_pools == 0)
		return;
	for (uint32_t j = 0; j < x->p->n; j++)
		if (x->s.gain[j] > 0 && !pw_support_revives(&x->s, j))
			x->s.gain[j] = 0;
	pw_support_forget_gains(&x->s);
}

void pw_search_record_children(pw_search *x)
{
	size_t n = x->p->n;
	double weight = pw_search_bare_weight(x), all = weight * x->phi, most = 0;
	const double *gain = x->s.gain;
	double *marginal = x->t->marginal;
	keep_alive(x);
	double sum = pw_support_sum(&x->s);
	for (size_t j = 0; j < n; j++) {
		most = gain[j] > most ? gain[j] : most;
		marginal[j] += all * gain[j];
	}
	for (uint32_t j = 0; may_be_likely(x, weight * most, x->flat_count) && j < n; j++)
		if (gain[j] > 0)
			offer_set(x, weight * gain[j], j, x->flat_count);
	pw_sum_add(&x->t->mass, all * sum);
	count_in(x, x->s.count + 1, weight * sum);
	x->t->visits++;
	if (x->s.count > x->t->largest)
		x->t->largest = x->s.count;
	pw_effort_spend(x->effort, 2 * n);
}

/* Pairs that weigh less than this part of what may be left out are left altogether. */
#define LITTLE_PAIRS 0.1

/* The pairs that may be among the likeliest sets: those of j come with partners of less gain. */
static void offer_pairs(pw_search *x, double weight)
{
	for (uint32_t j = 0; j < x->p->n; j++) {
		double gain = x->s.gain[j];
		if (!(weight * gain * x->partners[j] > x->floor))
			continue;
		pw_support_mark mark = pw_support_mark_here(&x->s);
		pw_support_add(&x->s, j);
		for (uint32_t k = j + 1; k < x->p->n; k++)
			if (!x->s.excluded[k])
				offer_set(x, weight * gain * pw_support_gain(&x->s, k), k,
					  x->flat_count);
		pw_support_back(&x->s, &mark);
		pw_effort_spend(x->effort, 4 * x->p->n);
	}
}

void pw_search_record_pairs(pw_search *x, bool everybody, double *tails)
{
	double weight = pw_search_weight(x);
	double left, little = 0.3 * x->threshold * fmax(pw_search_mass(x), x->known);
	double sum =
		pw_support_pairs(&x->s, everybody ? 0 : little / weight, x->partners, tails, &left);
	pw_effort_spend(x->effort, (everybody ? 16 : 8) * x->p->n);
	if (weight * sum <= LITTLE_PAIRS * little) {
		pw_search_leave(x, weight * (left + sum));
		return;
	}
	pw_search_leave(x, weight * left);
	pw_sum_add(&x->t->mass, weight * sum);
	count_in(x, x->s.count + 2, pw_search_bare_weight(x) * sum);
	for (size_t j = 0; j < x->p->n; j++)
		x->t->marginal[j] += weight * x->s.gain[j] * x->partners[j];
	x->t->visits++;
	offer_pairs(x, pw_search_bare_weight(x));
}

/* ---- Flat persons ---- */

static void take_flat(pw_search *x, uint32_t person)
{
	double gain = pw_support_gain(&x->s, person);
	double most = x->flat_count > 0 ? x->flats[x->flat_count - 1].most : 1;
	x->flats[x->flat_count++] = (pw_flat){person, gain, most * fmax(gain, 1)};
	x->phi *= 1 + gain;
	for (size_t k = PW_SUPPORTS_FLAT_COUNTS; k-- > 1;)
		x->number[k] += gain * x->number[k - 1];
	pw_support_exclude(&x->s, person);
}

void pw_search_take_flats(pw_search *x)
{
	const pw_problem *p = x->p;
	double phi = x->phi, number[PW_SUPPORTS_FLAT_COUNTS], weight = pw_search_bare_weight(x);
	size_t before = x->flat_count;
	if (p->limit != SIZE_MAX || x->s.full_pools < x->s.weight_min)
		return;
	memcpy(number, x->number, sizeof(number));
	for (uint32_t j = 0; j < p->n; j++)
		if (!x->s.excluded[j] && pw_support_is_flat(&x->s, j))
			take_flat(x, j);
	pw_effort_spend(x->effort, p->n);
	if (x->flat_count == before || x->s.dead_pools > 0)
		return;
	pw_sum_add(&x->t->mass, weight * (x->phi - phi));
	for (size_t k = 0; k < PW_SUPPORTS_FLAT_COUNTS && x->s.count + k < PW_SUPPORTS_COUNTS; k++)
		x->t->count[x->s.count + k] += weight * (x->number[k] - number[k]);
	for (size_t f = before; f < x->flat_count; f++)
		offer_set(x, weight * x->flats[f].gain, x->flats[f].person, f);
}
