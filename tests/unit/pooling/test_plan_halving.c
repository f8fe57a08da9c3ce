/*
 * The plan against Bayesian halving, both counted alike and exactly: every course is followed through all results
 * until everybody is decided at the same time, whoever was decided before included, and nothing is left out but
 * courses of less than `least`, which count alike. The plan chooses along all courses that are likelier than `handover`;
 * below it both go on by halving. So what is compared is what the plan's choices save.
 *
 * Large cells only with PW_SLOW_TESTS=1, which also hands over later: the table of docs/internals/decoding.md.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/plan.h"

#define COUNT(a)    (int)(sizeof(a) / sizeof((a)[0]))
#define MOST_PEOPLE 12
#define MOST_TESTS  60

static const struct cell {
	unsigned people;
	double prior, confidence;
	bool slow;
} cells[] = {
	{8, .01, .999, false}, {8, .02, .99, false},  {8, .05, .99, false}, {8, .1, .99, true},
	{10, .01, .999, true}, {10, .02, .99, false}, {10, .05, .99, true}, {10, .1, .99, true},
	{12, .01, .999, true}, {12, .02, .99, true},  {12, .05, .99, true}, {12, .1, .99, true},
};

static const double dilutions[] = {0, .005};

typedef struct game {
	unsigned people;
	size_t states;
	double confidence, handover, least;
	pw_pool_model test;
	double positive[MOST_PEOPLE + 1][MOST_PEOPLE + 1]; /* [size][positives] */
	double tests, said;
	unsigned plans;
} game;

static unsigned bits_of(uint32_t x)
{
	unsigned count = 0;
	for (; x != 0; x &= x - 1)
		count++;
	return count;
}

static void find_marginals(const game *g, const double *f, double *out)
{
	memset(out, 0, MOST_PEOPLE * sizeof(*out));
	for (uint32_t s = 0; s < g->states; s++)
		for (unsigned j = 0; j < g->people; j++)
			out[j] += (s >> j & 1) != 0 ? f[s] : 0;
}

static uint32_t find_undecided(const game *g, const double *f)
{
	double q[MOST_PEOPLE];
	uint32_t out = 0;
	find_marginals(g, f, q);
	for (unsigned j = 0; j < g->people; j++)
		if (q[j] < g->confidence && 1 - q[j] < g->confidence)
			out |= 1U << j;
	return out;
}

/* The pool of undecided people whose chance of nobody is nearest to a half. */
static uint32_t halve(const game *g, const double *f, uint32_t undecided)
{
	double *within = pw_alloc_array(g->states, sizeof(*within)), nearest = 2;
	uint32_t all = (uint32_t)g->states - 1, best = 0;
	memcpy(within, f, g->states * sizeof(*within));
	for (unsigned j = 0; j < g->people; j++)
		for (uint32_t s = 0; s < g->states; s++)
			within[s] += (s >> j & 1) != 0 ? within[s ^ 1U << j] : 0;
	for (uint32_t pool = 1; pool <= all; pool++) {
		double off = fabs(within[all ^ pool] - .5);
		if ((pool & ~undecided) == 0 && off < nearest - 1e-10) {
			nearest = off;
			best = pool;
		}
	}
	pw_free(within);
	return best;
}

/* What decoding would say, exactly. */
static pw_decoded as_decoded(const game *g, const double *f)
{
	pw_decoded d = {.samples = g->people};
	size_t members = 0;
	d.posterior = pw_alloc_array(MOST_PEOPLE, sizeof(*d.posterior));
	d.error = pw_alloc_array(MOST_PEOPLE, sizeof(*d.error));
	d.sets = pw_alloc_array(g->states, sizeof(*d.sets));
	d.set_members = pw_alloc_array(g->states * g->people, sizeof(*d.set_members));
	find_marginals(g, f, d.posterior);
	for (uint32_t s = 0; s < g->states; s++) {
		pw_decoded_set *set = &d.sets[d.set_count++];
		*set = (pw_decoded_set){f[s], d.set_members + members, bits_of(s)};
		for (uint32_t j = 0; j < g->people; j++)
			if ((s >> j & 1) != 0)
				d.set_members[members++] = j;
	}
	return d;
}

static uint32_t plan(game *g, const double *f)
{
	pw_decoded d = as_decoded(g, f);
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	pw_plan out;
	pw_err err = PW_ERR_INIT;
	uint32_t pool = 0;
	opts.test = g->test;
	opts.confidence = g->confidence;
	opts.max_pool = g->people;
	ck_assert_msg(pw_plan_make(&d, &opts, &out, &err) == PW_OK, "%s", err.msg);
	ck_assert_uint_eq(out.well_count, 1);
	for (size_t k = 0; k < out.wells[0].count; k++)
		pool |= 1U << out.wells[0].at[k];
	if (g->plans++ == 0)
		g->said = out.expected_tests;
	pw_plan_clear(&out);
	pw_decoded_clear(&d);
	return pool;
}

static void follow(game *g, const double *f, double chance, unsigned tests)
{
	uint32_t undecided = find_undecided(g, f);
	if (undecided == 0 || chance < g->least || tests == MOST_TESTS) {
		g->tests += chance * (tests + bits_of(undecided));
		return;
	}
	uint32_t pool = chance >= g->handover ? plan(g, f) : halve(g, f, undecided);
	const double *read = g->positive[bits_of(pool)];
	double *next = pw_alloc_array(g->states, sizeof(*next));
	for (int result = 0; result < 2; result++) {
		double there = 0;
		for (uint32_t s = 0; s < g->states; s++) {
			double q = read[bits_of(s & pool)];
			there += next[s] = f[s] * (result == 1 ? q : 1 - q);
		}
		for (uint32_t s = 0; s < g->states; s++)
			next[s] /= there;
		follow(g, next, chance * there, tests + 1);
	}
	pw_free(next);
}

static game play(const struct cell *cell, double dilution, double handover, double least)
{
	game g = {.people = cell->people,
		  .states = (size_t)1 << cell->people,
		  .confidence = cell->confidence,
		  .handover = handover,
		  .least = least,
		  .test = {.se = .99, .sp = .99, .dilution = dilution}};
	double *f = pw_alloc_array(g.states, sizeof(*f));
	for (unsigned n = 1; n <= g.people; n++)
		for (unsigned k = 0; k <= n; k++)
			g.positive[n][k] = k == 0 ? .01 : .99 * k / (dilution * (n - k) + k);
	for (uint32_t s = 0; s < g.states; s++)
		f[s] = pow(cell->prior, bits_of(s)) *
		       pow(1 - cell->prior, cell->people - bits_of(s));
	follow(&g, f, 1, 0);
	pw_free(f);
	return g;
}

#define NEVER 2

/* From here on halving: later where there are fewer people. */
static double handover_of(const struct cell *cell, bool slow)
{
	if (!slow || cell->people > 10)
		return .01;
	return cell->people > 8 ? 5e-4 : 1e-4;
}

START_TEST(test_the_plan_needs_fewer_tests_than_halving)
{
	const struct cell *cell = &cells[_i / COUNT(dilutions)];
	double dilution = dilutions[_i % COUNT(dilutions)];
	bool slow = getenv("PW_SLOW_TESTS") != NULL;
	if (cell->slow && !slow) {
		printf("skipped: %u people at %g are slow, set PW_SLOW_TESTS\n", cell->people,
		       cell->prior);
		return;
	}
	double least = slow ? 1e-8 : 1e-7;
	game halving = play(cell, dilution, NEVER, least);
	game ours = play(cell, dilution, handover_of(cell, slow), least);
	ck_assert_uint_eq(halving.plans, 0);
	ck_assert_uint_ge(ours.plans, 3);
	if (slow)
		printf("| %u | %g | %g | %g | %.4f | %.4f | %.4f |\n", cell->people, cell->prior,
		       cell->confidence, dilution, halving.tests, ours.tests, ours.said);
	ck_assert_msg(ours.tests < halving.tests, "%.6f tests, halving %.6f", ours.tests,
		      halving.tests);
	/* said beforehand within 4 %: courses that are not followed to their end count with a test a person */
	ck_assert_msg(ours.said < 1.04 * ours.tests && ours.said > 0.99 * ours.tests,
		      "%.6f tests were said, and were %.6f", ours.said, ours.tests);
}
END_TEST

Suite *suite_plan_halving(void);

Suite *suite_plan_halving(void)
{
	Suite *s = suite_create("plan_halving");
	TCase *tc = tcase_create("exact");
	tcase_set_timeout(tc, 3600);
	tcase_add_loop_test(tc, test_the_plan_needs_fewer_tests_than_halving, 0,
			    COUNT(cells) * COUNT(dilutions));
	suite_add_tcase(s, tc);
	return s;
}
