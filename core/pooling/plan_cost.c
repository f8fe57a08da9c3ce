/* What a well leads to: courses followed to their end, for the choice of the next well and for its cost. */
#include <math.h>

#include "core/base/mem.h"
#include "core/pooling/plan_impl.h"

/* Wells that tell this part of what the best one does are compared by how soon they lead to the end, along
 * courses of at least this chance; one that does so by less than this part is no better. */
#define GOOD_PART      0.7
#define LEAST_FORESEEN 1e-3
#define AS_SOON        1e-4

/* On a course sets of positives with less chance than this are left out. */
#define IGNORED 1e-7

/* The cost is told along courses of at least this chance. */
#define LEAST_COURSE 1e-4

/* Longer courses are not followed. */
#define MOST_ROUNDS 40

typedef struct course {
	double tests, rounds, unfollowed;
	size_t most;
	double least; /* courses with less chance than this are not followed */
	pw_plan_rule rule;
} course;

static void follow(pw_planner *p, const pw_hypothesis *h, double chance, size_t tests,
		   size_t rounds, course *c);

/* Sets that have no say any more in what follows; how many are left. */
static size_t drop_unlikely(pw_hypothesis *h, size_t count, double total)
{
	size_t kept = 0;
	for (size_t s = 0; s < count; s++)
		if (h[s].chance > IGNORED * total)
			h[kept++] = h[s];
	return kept;
}

/* All results of some wells, each followed on. h: the chances of the hypotheses and of the results so far
 * together. */
static void follow_results(pw_planner *p, const pw_hypothesis *h, const uint64_t *wells,
			   size_t count, size_t tests, size_t rounds, course *c)
{
	size_t all = p->count;
	pw_hypothesis *next = pw_alloc_array(all, sizeof(*next));
	for (unsigned results = 0; results < 1U << count; results++) {
		double there = 0;
		for (size_t s = 0; s < all; s++) {
			next[s] = h[s];
			for (size_t w = 0; w < count; w++) {
				double q = pw_planner_reads(p, wells[w], h[s].mask);
				next[s].chance *= (results >> w & 1) != 0 ? q : 1 - q;
			}
			there += next[s].chance;
		}
		p->count = drop_unlikely(next, all, there);
		follow(p, next, there, tests + count, rounds + 1, c);
		p->count = all;
	}
	pw_planner_spend(p, ((uint64_t)all * count) << count);
	pw_free(next);
}

static void follow(pw_planner *p, const pw_hypothesis *h, double chance, size_t tests,
		   size_t rounds, course *c)
{
	uint64_t wells[PW_PLAN_BATCH];
	double bits[PW_PLAN_BATCH];
	size_t batch = p->opts->batch < PW_PLAN_BATCH ? p->opts->batch : PW_PLAN_BATCH;
	uint64_t undecided = pw_planner_undecided(p, h);
	bool stop = chance < c->least || rounds == MOST_ROUNDS || p->effort == 0;
	size_t count = undecided == 0 || stop
			       ? 0
			       : pw_planner_next(p, h, undecided, c->rule, batch, wells, bits);
	if (count > 0) {
		follow_results(p, h, wells, count, tests, rounds, c);
		return;
	}
	/* who is still undecided at the end of a course that is not followed takes a test at least */
	c->tests += chance * (double)(tests + pw_planner_bits(undecided));
	c->rounds += chance * (double)(rounds + (undecided != 0));
	c->unfollowed += undecided != 0 ? chance : 0;
	c->most = undecided == 0 && tests > c->most ? tests : c->most;
}

/* The hypotheses with their chances divided by what they are together. */
static pw_hypothesis *normalised(const pw_planner *p, const pw_hypothesis *h)
{
	pw_hypothesis *out = pw_alloc_array(p->count + 1, sizeof(*out));
	double total = 0;
	for (size_t s = 0; s < p->count; s++)
		total += h[s].chance;
	for (size_t s = 0; s < p->count; s++)
		out[s] = (pw_hypothesis){h[s].mask, h[s].chance / total};
	return out;
}

/* The rules that are worth following: where no pools of one size are compared there is nothing to halve. */
static unsigned count_rules(const pw_planner *p, uint64_t undecided)
{
	uint64_t people = undecided & ~p->single;
	bool pools = p->max_pool > 1 && pw_planner_bits(people) > 1 &&
		     pw_planner_bits(people) <= PW_PLAN_BITS;
	return pools && p->opts->batch == 1 ? PW_PLAN_RULES : 1;
}

/* These wells, and then the rule with which they lead to the end with fewer tests. */
static course best_course(pw_planner *p, const pw_hypothesis *h, unsigned rules,
			  const uint64_t *wells, size_t count, double least)
{
	course best = {.tests = INFINITY};
	for (unsigned rule = 0; rule < rules; rule++) {
		course c = {.least = least, .rule = (pw_plan_rule)rule};
		follow_results(p, h, wells, count, 0, 0, &c);
		if (c.tests < best.tests)
			best = c;
	}
	return best;
}

/*
 * The next well, with foresight: what tells most is not always what ends soonest. Of the wells that tell a good
 * part of the most, and those that the rules would take, the one with the fewest tests to the end on average when
 * from then on the better of the rules is followed. So no rule on its own needs fewer tests than the plan does,
 * but for the courses that are not followed.
 */
static uint64_t foreseen_well(pw_planner *p, const pw_hypothesis *h, uint64_t undecided,
			      double *out_bits)
{
	pw_choices c;
	pw_hypothesis *now = normalised(p, h);
	unsigned rules = count_rules(p, undecided);
	double fewest = INFINITY;
	uint64_t best = 0;
	pw_planner_choices(p, now, undecided, &c);
	/* half of the effort is for the cost that is said */
	uint64_t kept = p->effort / 2;
	p->effort -= kept;
	size_t telling = pw_planner_pick(p, &c, PW_PLAN_TELLING);
	size_t halving = pw_planner_pick(p, &c, PW_PLAN_HALVING);
	for (size_t i = 0; i < c.count && telling != SIZE_MAX; i++) {
		if (pw_planner_worth(p, &c, i) < GOOD_PART * pw_planner_worth(p, &c, telling) &&
		    i != halving)
			continue;
		course there = best_course(p, now, rules, &c.well[i], 1, LEAST_FORESEEN);
		if (there.tests < fewest * (1 - AS_SOON)) {
			fewest = there.tests;
			best = c.well[i];
			*out_bits = c.bits[i];
		}
	}
	p->effort += kept;
	pw_free(now);
	return best;
}

size_t pw_planner_wells(pw_planner *p, const pw_hypothesis *h, size_t batch, uint64_t *wells,
			double *bits)
{
	uint64_t undecided = p->count > 0 ? pw_planner_undecided(p, h) : 0;
	if (undecided == 0)
		return 0;
	if (batch > 1)
		return pw_planner_next(p, h, undecided, PW_PLAN_TELLING, batch, wells, bits);
	wells[0] = foreseen_well(p, h, undecided, &bits[0]);
	return wells[0] != 0 ? 1 : 0;
}

uint64_t pw_planner_lone(const pw_planner *p, size_t count)
{
	uint64_t all = p->people < 64 ? (UINT64_C(1) << p->people) - 1 : UINT64_MAX;
	return count > 0 ? all & ~pw_planner_undecided(p, p->hypotheses) : all;
}

void pw_planner_cost(pw_planner *p, const uint64_t *wells, size_t count, pw_plan *plan)
{
	course c = {.tests = 0};
	uint64_t doubtful = p->count > 0 ? pw_planner_undecided(p, p->hypotheses) : 0;
	/* with a well of their own, in the rounds there are anyway */
	size_t lone = p->undecided - p->people + pw_planner_bits(pw_planner_lone(p, count));
	pw_hypothesis *h = normalised(p, p->hypotheses);
	if (count > 0)
		c = best_course(p, h, count_rules(p, doubtful), wells, count, LEAST_COURSE);
	else if (doubtful != 0)
		c.unfollowed = 1;
	plan->expected_tests = c.tests + (double)lone;
	plan->expected_rounds = c.rounds < 1 && lone > 0 ? 1 : c.rounds;
	plan->most_tests = c.most + lone;
	plan->unfollowed = fmin(c.unfollowed, 1); /* a sum, which rounding may carry beyond */
	pw_free(h);
}
