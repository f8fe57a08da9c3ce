/*
 * Sterrett's procedure. People stand in the order in which they are tested alone, the riskiest first.
 * A pool of the people from a on, found positive, is worked off: one after the other alone, until one is
 * positive at k; then the people from k + 1 on are pooled again (two or more; one is tested alone); if
 * that pool is negative all of them are, else it is worked off in turn, or, after `depth` returns, all
 * of it is tested alone. When all but two were negative, the last two are tested alone at once.
 *
 * What happens after a pool was positive depends on who is positive only, and people further on are
 * independent of what was seen, so with V(a, d) the number of tests still to come in a positive pool:
 *
 *   E[after testing the pool of a] = P(+ | nobody) Q_a V0(a, d) + Se (V(a, d) - Q_a V0(a, d))
 *
 * where Q_a is the probability that nobody from a on is positive and V0 is V given that. Second moments
 * alike. Whether person i is called positive is a third such quantity.
 */
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/evaluate.h"

/* First and second moment of a number of tests, and P(person i is called); of wells filled, the mean. */
typedef struct outlook {
	double mean, square, wells, called;
} outlook;

typedef struct procedure {
	size_t n, depth;
	const pw_test_model *model;
	double *p;      /* priors in the order of testing; one may be conditioned to 0 or 1 */
	double *none;   /* none[a]: nobody from a on */
	size_t person;  /* whose call is followed */
	outlook *after; /* [returns left][a][nobody positive?] */
	size_t levels;
} procedure;

static pw_odds pool_odds(const procedure *s, size_t a)
{
	return pw_model_odds(s->model, 0, 2, s->n - a);
}

static double alone_positive(const procedure *s, double p)
{
	pw_odds odds = pw_model_odds(s->model, 1, 2, 1);
	return p * odds.se + (1.0 - p) * odds.false_;
}

/* `o` weighted and moved by `tests` more tests and `wells` more transfers. */
static void add_moved(outlook *sum, double weight, outlook o, double tests, double wells)
{
	sum->mean += weight * (o.mean + tests);
	sum->square += weight * (o.square + 2.0 * tests * o.mean + tests * tests);
	sum->wells += weight * (o.wells + wells);
	sum->called += weight * o.called;
}

static const outlook done_with = {0.0, 0.0, 0.0, 0.0};

static outlook *slot(const procedure *s, size_t level, size_t a, bool nobody)
{
	return &s->after[(level * (s->n + 1) + a) * 2 + (nobody ? 1 : 0)];
}

/* Everybody from a on alone. */
static outlook all_alone(const procedure *s, size_t a, bool nobody)
{
	double count = (double)(s->n - a);
	outlook o = {count, count * count, count, 0.0};
	if (s->person >= a)
		o.called = alone_positive(s, nobody ? 0.0 : s->p[s->person]);
	return o;
}

/* A new pool of the people from a on, with `level` returns done. */
static outlook pool_again(const procedure *s, size_t level, size_t a, bool nobody)
{
	outlook o = done_with;
	size_t size = s->n - a;
	if (size == 0)
		return o;
	if (size == 1)
		return all_alone(s, a, nobody);
	pw_odds odds = pool_odds(s, a);
	double none = nobody ? 1.0 : s->none[a];
	outlook empty = *slot(s, level, a, true), any = *slot(s, level, a, false);
	double unsure = none * (odds.false_ - odds.se);
	add_moved(&o, unsure, empty, 1.0, (double)size);
	if (nobody)
		add_moved(&o, odds.se, empty, 1.0, (double)size);
	else
		add_moved(&o, odds.se, any, 1.0, (double)size);
	add_moved(&o, 1.0 - odds.se - unsure, done_with, 1.0, (double)size);
	return o;
}

/* A positive pool of the people from a on is worked off; `level` returns are done. */
static outlook work_off(const procedure *s, size_t level, size_t a, bool nobody)
{
	outlook sum = done_with;
	double reach = 1.0; /* all before k negative alone */
	bool last_level = level + 1 == s->levels;
	if (s->depth > 0 && last_level)
		return all_alone(s, a, nobody);
	size_t next = s->depth > 0 ? level + 1 : 0;
	for (size_t k = a; k + 2 < s->n; k++) {
		double tests = (double)(k - a + 1);
		double hit = alone_positive(s, nobody ? 0.0 : s->p[k]);
		outlook rest = pool_again(s, next, k + 1, nobody);
		if (s->person == k)
			rest.called = 1.0;
		else if (s->person >= a && s->person < k)
			rest.called = 0.0;
		add_moved(&sum, reach * hit, rest, tests, tests);
		reach *= 1.0 - hit;
	}
	size_t last = s->n >= a + 2 ? s->n - 2 : a;
	add_moved(&sum, reach, all_alone(s, last, nobody), (double)(last - a), (double)(last - a));
	return sum;
}

static outlook run(procedure *s)
{
	s->none[s->n] = 1.0;
	for (size_t a = s->n; a-- > 0;)
		s->none[a] = s->none[a + 1] * (1.0 - s->p[a]);
	for (size_t level = s->levels; level-- > 0;)
		for (size_t a = s->n; a-- > 0;)
			for (int nobody = 0; nobody < 2; nobody++)
				*slot(s, level, a, nobody != 0) =
					work_off(s, level, a, nobody != 0);
	return pool_again(s, 0, 0, false);
}

/* P(person i is called) when it is positive (1) or not (0). */
static double called_given(procedure *s, size_t person, double status)
{
	double prior = s->p[person];
	s->person = person;
	s->p[person] = status;
	double called = run(s).called;
	s->p[person] = prior;
	return called;
}

pw_status pw_tally_sterrett(const pw_scheme *scheme, const pw_absence *absence,
			    const pw_test_model *model, pw_tally *tally, pw_err *err)
{
	size_t n = scheme->people, levels = scheme->depth + 1;
	if (!pw_absence_is_independent(absence))
		return pw_fail(err, PW_ERR_ARG,
			       "a Sterrett scheme of households is not evaluated: leave them out");
	if (n * n * n * levels > (size_t)1 << 28)
		return pw_fail(err, PW_ERR_LIMIT, "%zu people are too many for a Sterrett scheme",
			       n);
	procedure s = {.n = n, .depth = scheme->depth, .model = model, .levels = levels};
	s.p = pw_alloc_array(n, sizeof(double));
	s.none = pw_alloc_array(n + 1, sizeof(double));
	s.after = pw_alloc_array(levels * (n + 1) * 2, sizeof(*s.after));
	for (size_t k = 0; k < n; k++)
		s.p[k] = pw_absence_prior(absence, k);
	for (size_t k = 0; k < n; k++) {
		tally->hit[k] = called_given(&s, k, 1.0);
		tally->alarm[k] = called_given(&s, k, 0.0);
	}
	s.person = 0;
	outlook all = run(&s);
	tally->expected_tests = all.mean;
	tally->variance = all.square - all.mean * all.mean;
	tally->variance_known = true;
	tally->pipettings = all.wells;
	pw_free(s.p);
	pw_free(s.none);
	pw_free(s.after);
	return PW_OK;
}
