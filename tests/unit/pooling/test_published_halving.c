/*
 * Halving on the lattice of all sets (Tatsuoka, Chen and others; the program bmgt), its figures found again by its
 * own rule. docs/internals/designs.md says what to make of them.
 */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/*
 * The rule, as bmgt has it. Eight people, 2 % each. A state says who is negative, a bit each. The next pool is the one,
 * over all subsets of those who are not settled, for which |P(all negative) - 1/2| + |P(somebody positive) - 1/2| is
 * smallest, the first in the order of binary numbers; which of pools that people are alike in comes first is decided
 * by rounding, so the sums are taken in its order: states upwards, a negative result divided by the sum, a
 * positive one multiplied by its inverse. After each test who is negative with less than .01 or more than .99 is
 * settled, for good, and leaves the lattice. Their states are to be merged; but they are added to what stands at
 * the place of the merged state, which is the chance of another state, so that from there on these chances are
 * not those of Bayes' rule, and add up to 1 only after the next test.
 *
 * A course has a chance given who is positive. One of .001 or less is dropped with everything on it: its tests are
 * not counted. Ten tests at most. Tests are added up over all courses that are not dropped, without dividing by
 * what these are together. "Classified" is 1 less the chance of ten tests with somebody unsettled, so that what was
 * dropped counts as classified. "FN" is the share of the people called negative who are not, on courses that end
 * with everybody settled.
 */
#define PEOPLE       8
#define STATES       (1 << PEOPLE)
#define PRIOR        .02
#define MOST_TESTS   10
#define LEAST_CHANCE .001

typedef struct figures {
	double dilution;
	double weight[STATES]; /* of each truth */
	double tests, unsettled, missed;
} figures;

typedef struct lattice {
	int people, person[PEOPLE]; /* who is left */
	double f[STATES];
	int negative, positive; /* settled */
	int tests;
	double chance[STATES]; /* of this course, by truth */
} lattice;

static int bits_of(int x)
{
	int count = 0;
	for (; x != 0; x &= x - 1)
		count++;
	return count;
}

static double reads_negative(const figures *t, int pool, int negative)
{
	int n = bits_of(pool), r = n - bits_of(pool & negative);
	return r == 0 ? .99 : 1 - .99 * r / ((n - r) * t->dilution + r);
}

static int choose_pool(const lattice *l)
{
	int states = 1 << l->people, best = 0;
	double nearest = 2;
	for (int pool = 0; pool < states; pool++) {
		double negative = 0, positive = 0;
		for (int s = 0; s < states; s++) {
			if ((pool & s) == pool)
				negative += l->f[s];
			else
				positive += l->f[s];
		}
		double off = fabs(negative - .5) + fabs(positive - .5);
		if (off < nearest) {
			nearest = off;
			best = pool;
		}
	}
	return best;
}

/* The people of a pool of the lattice, by their own numbers. */
static int people_of(const lattice *l, int pool)
{
	int people = 0;
	for (int k = 0; k < l->people; k++)
		people |= (pool >> k & 1) << l->person[k];
	return people;
}

static void read_result(const figures *t, lattice *l, int pool, bool negative)
{
	double sum = 0;
	for (int s = 0; s < 1 << l->people; s++) {
		double q = reads_negative(t, pool, s);
		l->f[s] *= negative ? q : 1 - q;
		sum += l->f[s];
	}
	double inverse = 1 / sum;
	for (int s = 0; s < 1 << l->people; s++)
		l->f[s] = negative ? l->f[s] / sum : l->f[s] * inverse;
}

/* The bits of x spread over those of the mask. */
static int spread(int x, int mask)
{
	int out = 0;
	for (; mask != 0; mask &= mask - 1, x >>= 1)
		if ((x & 1) != 0)
			out |= mask & -mask;
	return out;
}

/* The states that differ in who is settled become one, on top of whatever stands there. */
static void merge(lattice *l, int settled)
{
	int left = ((1 << l->people) - 1) & ~settled, kept = 0;
	for (int to = 0; to < 1 << bits_of(left); to++)
		for (int k = 0; k < 1 << bits_of(settled); k++) {
			int from = spread(to, left) | spread(k, settled);
			if (from != to)
				l->f[to] += l->f[from];
		}
	for (int k = 0; k < l->people; k++)
		if ((settled >> k & 1) == 0)
			l->person[kept++] = l->person[k];
	l->people = kept;
}

static void settle(lattice *l)
{
	int settled = 0;
	for (int k = 0; k < l->people; k++) {
		double negative = 0;
		for (int s = 0; s < 1 << l->people; s++)
			negative += (s >> k & 1) != 0 ? l->f[s] : 0;
		if (negative < .01)
			l->positive |= 1 << l->person[k];
		else if (negative > 1 - .01)
			l->negative |= 1 << l->person[k];
		else
			continue;
		settled |= 1 << k;
	}
	if (settled != 0)
		merge(l, settled);
}

static void end_course(figures *t, const lattice *l)
{
	for (int truth = 0; truth < STATES; truth++) {
		double chance = t->weight[truth] * l->chance[truth];
		int called = bits_of(l->negative);
		t->tests += chance * l->tests;
		if (l->people > 0)
			t->unsettled += chance;
		else if (called > 0)
			t->missed += chance * bits_of(l->negative & ~truth) / called;
	}
}

static void follow(figures *t, const lattice *l)
{
	if (l->people == 0 || l->tests == MOST_TESTS) {
		end_course(t, l);
		return;
	}
	int pool = choose_pool(l), people = people_of(l, pool);
	for (int negative = 0; negative < 2; negative++) {
		lattice next = *l;
		bool any = false;
		read_result(t, &next, pool, negative == 1);
		settle(&next);
		next.tests++;
		for (int truth = 0; truth < STATES; truth++) {
			double q = reads_negative(t, people, truth);
			double chance = l->chance[truth] * (negative == 1 ? q : 1 - q);
			next.chance[truth] = chance > LEAST_CHANCE ? chance : 0;
			any = any || chance > LEAST_CHANCE;
		}
		if (any)
			follow(t, &next);
	}
}

static figures follow_all(double dilution)
{
	figures t = {.dilution = dilution};
	lattice l = {.people = PEOPLE};
	for (int s = 0; s < STATES; s++) {
		t.weight[s] = 1;
		for (int j = 0; j < PEOPLE; j++)
			t.weight[s] *= (s >> j & 1) != 0 ? 1 - PRIOR : PRIOR;
		l.chance[s] = 1;
	}
	for (int j = 0; j < PEOPLE; j++)
		l.person[j] = j;
	memcpy(l.f, t.weight, sizeof(l.f));
	follow(&t, &l);
	return t;
}

START_TEST(test_the_figures_of_bmgt_come_out_again)
{
	figures t = follow_all(.005);
	ck_assert_double_eq_tol(t.tests, 1.69687, .000005);
	ck_assert_double_eq_tol(1 - t.unsettled, .998834, .0000005);
	ck_assert_double_eq_tol(t.missed, .001277, .0000005);
	t = follow_all(0);
	ck_assert_double_eq_tol(t.tests, 1.71839, .000005);
}
END_TEST

Suite *suite_published_halving(void);

Suite *suite_published_halving(void)
{
	Suite *s = suite_create("published_halving");
	TCase *tc = tcase_create("lattice");
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_the_figures_of_bmgt_come_out_again);
	suite_add_tcase(s, tc);
	return s;
}
