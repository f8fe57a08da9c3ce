#include "tests/unit/pooling/evaluate_oracle.h"

/* One way through: tests answer as the bits say, and its probability is kept. */
typedef struct world {
	const pw_test_model *model;
	size_t stages;
	uint32_t positive; /* people, as bits */
	uint64_t answers;
	unsigned asked;
	double chance;
	double tests, wells;
	uint32_t called;
} world;

static bool test(world *w, uint32_t pool, size_t stage)
{
	size_t size = 0;
	for (uint32_t x = pool; x != 0; x &= x - 1)
		size++;
	pw_odds odds = pw_model_odds(w->model, stage, w->stages, size);
	double p = pool & w->positive ? odds.se : odds.false_;
	bool answer = w->answers >> w->asked++ & 1;
	w->chance *= answer ? p : 1.0 - p;
	w->tests += 1.0;
	w->wells += (double)size;
	return answer;
}

static void alone(world *w, uint32_t people)
{
	for (unsigned i = 0; i < MAX_PEOPLE; i++)
		if ((people >> i & 1) && test(w, 1U << i, w->stages - 1))
			w->called |= 1U << i;
}

static uint32_t bits(size_t start, size_t end)
{
	return ((1U << end) - 1) & ~((1U << start) - 1);
}

static void run_group(world *w, const pw_scheme *s, size_t at)
{
	const pw_scheme_group *g = &s->groups[at];
	if (g->children == 0) {
		alone(w, bits(g->start, g->end));
		return;
	}
	if (!test(w, bits(g->start, g->end), g->depth))
		return;
	for (uint32_t i = 0; i < g->children; i++)
		run_group(w, s, g->first_child + i);
}

static void run_array(world *w, const pw_scheme *s)
{
	bool master = s->kind == PW_SCHEME_ARRAY_MASTER;
	uint32_t rows = 0, cols = 0, line[8][2] = {{0}};
	if (master && !test(w, bits(0, s->people), 0))
		return;
	for (size_t k = 0; k < s->people; k++) {
		line[k / s->cols][0] |= 1U << k;
		line[k % s->cols][1] |= 1U << k;
	}
	for (size_t i = 0; i < s->rows; i++)
		rows |= test(w, line[i][0], master ? 1 : 0) ? line[i][0] : 0;
	for (size_t j = 0; j < s->cols; j++)
		cols |= test(w, line[j][1], master ? 1 : 0) ? line[j][1] : 0;
	alone(w, rows == 0 || cols == 0 ? rows | cols : rows & cols);
}

static void run_sterrett(world *w, size_t n, size_t a, size_t returns, size_t depth)
{
	if (n - a == 1) {
		alone(w, bits(a, n));
		return;
	}
	if (n == a || !test(w, bits(a, n), 0))
		return;
	if (depth > 0 && returns == depth) {
		alone(w, bits(a, n));
		return;
	}
	for (size_t k = a; k + 2 < n; k++) {
		alone(w, bits(k, k + 1));
		if (w->called >> k & 1) {
			run_sterrett(w, n, k + 1, returns + 1, depth);
			return;
		}
	}
	alone(w, bits(n - 2, n));
}

static void run_design(world *w, const pw_scheme *s)
{
	uint32_t negative[MAX_PEOPLE] = {0}, candidates = 0;
	for (size_t i = 0; i < pw_design_pools(s->design); i++) {
		pw_design_list members = pw_design_members(s->design, i);
		uint32_t pool = 0;
		for (size_t k = 0; k < members.count; k++)
			pool |= 1U << members.at[k];
		bool positive = test(w, pool, 0);
		for (size_t k = 0; k < members.count; k++)
			negative[members.at[k]] += !positive;
	}
	for (size_t k = 0; k < s->people; k++)
		if (negative[k] <= s->misses)
			candidates |= 1U << k;
	if (s->alone)
		alone(w, candidates);
	else
		w->called = candidates;
}

static void run(world *w, const pw_scheme *s)
{
	switch (s->kind) {
	case PW_SCHEME_ARRAY:
	case PW_SCHEME_ARRAY_MASTER:
		run_array(w, s);
		return;
	case PW_SCHEME_STERRETT:
		run_sterrett(w, s->people, 0, 0, s->depth);
		return;
	case PW_SCHEME_DESIGN:
		run_design(w, s);
		return;
	case PW_SCHEME_INDIVIDUAL:
	case PW_SCHEME_DORFMAN:
	case PW_SCHEME_HIERARCHICAL:
		for (size_t i = 0; i < s->group_count; i++)
			if (s->groups[i].parent < 0)
				run_group(w, s, i);
	}
}

/* P(exactly these are positive): independent, or (household given) beta-binomial with equal priors. */
static double chance_of(const pw_people *people, uint32_t positive)
{
	double chance = 1.0;
	for (size_t h = 0; h < people->count; h++) {
		double members = 0.0, sick = 0.0, p = people->prevalence;
		for (size_t i = 0; i < people->count; i++) {
			if ((people->household != NULL ? people->household[i] : i) != h)
				continue;
			p = people->prior != NULL ? people->prior[i] : people->prevalence;
			members += 1.0;
			sick += positive >> i & 1;
		}
		double sum = people->correlation > 0.0 ? 1.0 / people->correlation - 1.0 : 1.0;
		double a = p * sum, b = (1.0 - p) * sum;
		for (double k = 0; k < sick; k++)
			chance *= (a + k) / (sum + k);
		for (double k = 0; k < members - sick; k++)
			chance *= (b + k) / (sum + sick + k);
	}
	return chance;
}

/* All that can happen: for each truth, all ways to answer; the next is the last question turned over. */
sums try_everything(const pw_scheme *s, const pw_people *people, const pw_test_model *model)
{
	sums sum = {0};
	for (uint32_t x = 0; x < 1U << people->count; x++) {
		double chance = chance_of(people, x);
		for (uint64_t answers = 0;;) {
			world w = {.model = model,
				   .stages = s->stages,
				   .positive = x,
				   .answers = answers,
				   .chance = chance};
			run(&w, s);
			sum.tests += w.chance * w.tests;
			sum.square += w.chance * w.tests * w.tests;
			sum.wells += w.chance * w.wells;
			for (size_t i = 0; i < people->count; i++)
				if (w.called >> i & 1)
					*(x >> i & 1 ? &sum.called[i] : &sum.alarm[i]) += w.chance;
			/* Of those asked, the last 0 becomes 1 and all behind it 0. */
			unsigned bit = w.asked;
			while (bit > 0 && (answers >> (bit - 1) & 1))
				bit--;
			if (bit == 0)
				break;
			answers = (answers & ((UINT64_C(1) << (bit - 1)) - 1)) |
				  UINT64_C(1) << (bit - 1);
		}
	}
	return sum;
}
