/*
 * Plans followed to their end many times, people and results drawn from the model: what it cost is what was said
 * beforehand, who is called is who is positive as often as was asked for, and simpler rules do no better. A fixed
 * seed; PW_SLOW_TESTS=1 follows 20 times as many.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/plan.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define FAR      4.5

typedef enum way {
	PLANNED,
	SINGLES_FIRST_DOUBT, /* one well a round, of the most doubtful alone */
	ALL_SINGLES          /* everybody undecided alone, in every round */
} way;

static const struct scene {
	const char *name;
	pw_make_opts make;
	double prior;
	pw_pool_model test;
	size_t batch, max_pool, follow;
} scenes[] = {
	{"array",
	 {.family = PW_FAMILY_ARRAY, .dims = {4, 5}, .dim_count = 2},
	 .07,
	 {.se = .95, .sp = .99},
	 1,
	 8,
	 150},
	{"array in batches",
	 {.family = PW_FAMILY_ARRAY, .dims = {4, 5}, .dim_count = 2},
	 .07,
	 {.se = .95, .sp = .99},
	 3,
	 8,
	 150},
	{"one pool",
	 {.family = PW_FAMILY_DORFMAN, .samples = 10, .size = 10},
	 .05,
	 {.se = .97, .sp = .99},
	 1,
	 10,
	 150},
	{"diluted",
	 {.family = PW_FAMILY_DORFMAN, .samples = 12, .size = 6},
	 .06,
	 {.se = .97, .sp = .99, .dilution = .03},
	 1,
	 8,
	 150},
	{"triples",
	 {.family = PW_FAMILY_STEINER, .pools = 9},
	 .08,
	 {.se = .97, .sp = .99},
	 1,
	 8,
	 150},
	{"perfect",
	 {.family = PW_FAMILY_DORFMAN, .samples = 16, .size = 8},
	 .04,
	 {.se = 1, .sp = 1},
	 1,
	 8,
	 150},
};

typedef struct course {
	const struct scene *scene;
	pw_rng *rng;
	bool sick[64];
	pw_design_entry entries[4096];
	size_t entry_count, pools, people;
	pw_pool_reading readings[200];
} course;

static double chance(const pw_pool_model *t, size_t k, size_t n)
{
	return k == 0 ? 1 - t->sp : t->se * (double)k / (t->dilution * (double)(n - k) + (double)k);
}

static void run_well(course *c, const uint32_t *at, size_t count)
{
	size_t positives = 0;
	for (size_t k = 0; k < count; k++) {
		positives += c->sick[at[k]];
		c->entries[c->entry_count++] = (pw_design_entry){(uint32_t)c->pools, at[k]};
	}
	bool positive = pw_rng_chance(c->rng, chance(&c->scene->test, positives, count));
	c->readings[c->pools++] =
		(pw_pool_reading){.call = positive ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE};
}

static void begin(course *c, const struct scene *scene, pw_rng *rng)
{
	pw_design *d = NULL;
	ck_assert_int_eq(pw_design_make(&scene->make, &d, NULL), PW_OK);
	memset(c, 0, sizeof(*c));
	c->scene = scene;
	c->rng = rng;
	c->people = pw_design_samples(d);
	for (size_t j = 0; j < c->people; j++)
		c->sick[j] = pw_rng_chance(rng, scene->prior);
	for (size_t i = 0; i < pw_design_pools(d); i++) {
		pw_design_list members = pw_design_members(d, i);
		run_well(c, members.at, members.count);
	}
	pw_design_free(d);
}

static void look(const course *c, pw_decoded *out, pw_plan *plan)
{
	pw_design *d = NULL;
	pw_err err = PW_ERR_INIT;
	pw_design_spec spec = {.pools = c->pools,
			       .samples = c->people,
			       .entries = c->entries,
			       .entry_count = c->entry_count};
	ck_assert_msg(pw_design_new(&spec, &d, &err) == PW_OK, "%s", err.msg);
	pw_evidence e = {.design = d,
			 .readings = c->readings,
			 .prior = c->scene->prior,
			 .test = c->scene->test};
	pw_decode_opts opts = PW_DECODE_OPTS_INIT;
	pw_plan_opts plan_opts = PW_PLAN_OPTS_INIT;
	opts.sets = 4096;
	plan_opts.test = c->scene->test;
	plan_opts.batch = c->scene->batch;
	plan_opts.max_pool = c->scene->max_pool;
	ck_assert_msg(pw_decode(&e, &opts, out, &err) == PW_OK, "%s", err.msg);
	ck_assert_msg(pw_plan_make(out, &plan_opts, plan, &err) == PW_OK, "%s", err.msg);
	pw_design_free(d);
}

static void run_singles(course *c, const pw_decoded *d, bool all)
{
	uint32_t most = UINT32_MAX;
	double doubt = -1;
	for (uint32_t j = 0; j < c->people; j++) {
		double q = d->posterior[j], here = fmin(q, 1 - q);
		if (pw_decoded_call(d, j, 0.99) != PW_PERSON_UNDECIDED)
			continue;
		if (all)
			run_well(c, &j, 1);
		else if (here > doubt) {
			doubt = here;
			most = j;
		}
	}
	if (!all && most != UINT32_MAX)
		run_well(c, &most, 1);
}

typedef struct result {
	double wells, rounds, said_wells, said_rounds, wrong;
} result;

static result follow(const struct scene *scene, way rule, pw_rng *rng)
{
	course *c = pw_alloc(sizeof(*c));
	result r = {.wells = 0};
	begin(c, scene, rng);
	size_t first = c->pools;
	for (;; r.rounds++) {
		pw_decoded d;
		pw_plan plan;
		look(c, &d, &plan);
		if (r.rounds == 0) {
			r.said_wells = plan.expected_tests;
			r.said_rounds = plan.expected_rounds;
		}
		bool done = plan.undecided == 0;
		for (size_t w = 0; rule == PLANNED && w < plan.well_count; w++)
			run_well(c, plan.wells[w].at, plan.wells[w].count);
		if (!done && rule != PLANNED)
			run_singles(c, &d, rule == ALL_SINGLES);
		for (size_t j = 0; done && j < c->people; j++)
			r.wrong +=
				(pw_decoded_call(&d, j, .99) == PW_PERSON_POSITIVE) != c->sick[j];
		pw_plan_clear(&plan);
		pw_decoded_clear(&d);
		if (done)
			break;
		ck_assert_msg(c->pools < 150, "it does not come to an end");
	}
	r.wells = (double)(c->pools - first);
	pw_free(c);
	return r;
}
int main2(void);
START_TEST(test_x)
{
	const struct scene *s = &scenes[_i];
	for (int rule = 0; rule < (getenv("R") ? 1 : 3); rule++) {
		pw_rng rng;
		pw_rng_init(&rng, 5);
		double n = getenv("N") ? strtod(getenv("N"), NULL) : 20, w = 0, w2 = 0, sw = 0,
		       rd = 0, sr = 0, wrong = 0, dd = 0, d2 = 0;
		for (int k = 0; k < n; k++) {
			result r = follow(s, (way)rule, &rng);
			w += r.wells;
			w2 += r.wells * r.wells;
			sw += r.said_wells;
			rd += r.rounds;
			sr += r.said_rounds;
			wrong += r.wrong;
			double d = r.wells - r.said_wells;
			dd += d;
			d2 += d * d;
		}
		printf("%.2fs ", (double)clock() / CLOCKS_PER_SEC);
		printf("%-18s rule %d wells %.3f±%.3f said %.3f diff %+.3f±%.3f rounds %.3f said %.3f wrong %.5f\n",
		       s->name, rule, w / n, sqrt((w2 / n - w * w / n / n) / n), sw / n, dd / n,
		       sqrt((d2 / n - dd * dd / n / n) / n), rd / n, sr / n, wrong / n);
	}
}
END_TEST
Suite *suite_plan_cost(void);
Suite *suite_plan_cost(void)
{
	Suite *s = suite_create("plan_cost");
	TCase *tc = tcase_create("x");
	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, test_x, 0, COUNT(scenes));
	suite_add_tcase(s, tc);
	return s;
}
