/*
 * Plans followed to their end many times, people and results drawn from the model: what it cost is what was said
 * beforehand, who is called is who is positive as often as was asked for, and simpler rules do no better. A fixed
 * seed; PW_SLOW_TESTS=1 follows 600 plates of each kind.
 */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/pooling/design_make.h"
#include "core/pooling/plan.h"

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))
#define FAR      4.5

typedef enum way {
	PLANNED,
	MOST_DOUBTFUL, /* one well a round: of the most doubtful alone */
	ALL_SINGLES    /* everybody undecided alone, in every round */
} way;

#define CALLED_AT  0.99
#define FIRST_SEED 1000

static const struct scene {
	const char *name;
	pw_make_opts make;
	double prior;
	pw_pool_model test;
	size_t batch, max_pool;
	unsigned plates; /* 0: only with PW_SLOW_TESTS */
} scenes[] = {
	{"a pool of ten",
	 {.family = PW_FAMILY_DORFMAN, .samples = 10, .size = 10},
	 .05,
	 {.se = .97, .sp = .99},
	 1,
	 10,
	 30},
	{"an array, three wells at once",
	 {.family = PW_FAMILY_ARRAY, .dims = {4, 5}, .dim_count = 2},
	 .07,
	 {.se = .95, .sp = .99},
	 3,
	 8,
	 30},
	{"triples",
	 {.family = PW_FAMILY_STEINER, .pools = 9},
	 .08,
	 {.se = .97, .sp = .99},
	 1,
	 8,
	 60},
	{"tests without error",
	 {.family = PW_FAMILY_DORFMAN, .samples = 16, .size = 8},
	 .04,
	 {.se = 1, .sp = 1},
	 1,
	 8,
	 60},
	{"an array",
	 {.family = PW_FAMILY_ARRAY, .dims = {4, 5}, .dim_count = 2},
	 .07,
	 {.se = .95, .sp = .99},
	 1,
	 8,
	 0},
	{"diluted pools",
	 {.family = PW_FAMILY_DORFMAN, .samples = 12, .size = 6},
	 .06,
	 {.se = .97, .sp = .99, .dilution = .03},
	 1,
	 8,
	 0},
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

static void look(const course *c, pw_decoded *out)
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
	opts.sets = 4096;
	ck_assert_msg(pw_decode(&e, &opts, out, &err) == PW_OK, "%s", err.msg);
	pw_design_free(d);
}

typedef struct outcome {
	double wells, said, wrong;
	size_t people;
} outcome;

static void run_plan(course *c, const pw_decoded *d, bool first, outcome *o)
{
	pw_plan plan;
	pw_err err = PW_ERR_INIT;
	pw_plan_opts opts = PW_PLAN_OPTS_INIT;
	opts.confidence = CALLED_AT;
	opts.test = c->scene->test;
	opts.batch = c->scene->batch;
	opts.max_pool = c->scene->max_pool;
	ck_assert_msg(pw_plan_make(d, &opts, &plan, &err) == PW_OK, "%s", err.msg);
	ck_assert_uint_ge(plan.well_count, 1);
	if (first)
		o->said = plan.expected_tests;
	for (size_t w = 0; w < plan.well_count; w++)
		run_well(c, plan.wells[w].at, plan.wells[w].count);
	pw_plan_clear(&plan);
}

static void run_singles(course *c, const pw_decoded *d, bool all)
{
	uint32_t most = UINT32_MAX;
	double doubt = -1;
	for (uint32_t j = 0; j < c->people; j++) {
		double here = fmin(d->posterior[j], 1 - d->posterior[j]);
		if (pw_decoded_call(d, j, CALLED_AT) != PW_PERSON_UNDECIDED)
			continue;
		if (all)
			run_well(c, &j, 1);
		if (here > doubt) {
			doubt = here;
			most = j;
		}
	}
	if (!all)
		run_well(c, &most, 1);
}

/* The same number: the same people and the same results of the first pools. */
static outcome follow(const struct scene *scene, way how, uint64_t number)
{
	outcome o = {.wells = 0};
	pw_rng rng;
	pw_rng_init(&rng, number);
	course *c = pw_alloc(sizeof(*c));
	begin(c, scene, &rng);
	size_t before = c->pools;
	for (bool done = false; !done;) {
		pw_decoded d;
		done = true;
		look(c, &d);
		for (size_t j = 0; j < c->people; j++)
			done = done && pw_decoded_call(&d, j, CALLED_AT) != PW_PERSON_UNDECIDED;
		if (!done && how == PLANNED)
			run_plan(c, &d, c->pools == before, &o);
		else if (!done)
			run_singles(c, &d, how == ALL_SINGLES);
		for (size_t j = 0; done && j < c->people; j++)
			o.wrong += (pw_decoded_call(&d, j, CALLED_AT) == PW_PERSON_POSITIVE) !=
				   c->sick[j];
		pw_decoded_clear(&d);
		ck_assert_msg(c->pools < before + 120, "plate %llu does not come to an end",
			      (unsigned long long)number);
	}
	o.wells = (double)(c->pools - before);
	o.people = c->people;
	pw_free(c);
	return o;
}

/* Mean of differences, and its standard error. */
typedef struct differences {
	double sum, squares, count;
} differences;

static void add(differences *d, double x)
{
	d->sum += x;
	d->squares += x * x;
	d->count += 1;
}

static double mean(const differences *d)
{
	return d->sum / d->count;
}

static double error(const differences *d)
{
	return sqrt((d->squares / d->count - mean(d) * mean(d)) / d->count);
}

START_TEST(test_a_plan_costs_what_it_says_and_less_than_simpler_rules)
{
	const struct scene *s = &scenes[_i];
	bool slow = getenv("PW_SLOW_TESTS") != NULL;
	unsigned plates = slow ? 600 : s->plates;
	differences said = {0}, doubtful = {0}, singles = {0};
	double wrong = 0, people = 0;
	if (plates == 0) {
		printf("skipped: plans after %s are slow, set PW_SLOW_TESTS\n", s->name);
		return;
	}
	for (uint64_t k = 0; k < plates; k++) {
		outcome planned = follow(s, PLANNED, FIRST_SEED + k);
		add(&said, planned.wells - planned.said);
		add(&doubtful, planned.wells - follow(s, MOST_DOUBTFUL, FIRST_SEED + k).wells);
		add(&singles, planned.wells - follow(s, ALL_SINGLES, FIRST_SEED + k).wells);
		wrong += planned.wrong;
		people += (double)planned.people;
	}
	/* a course that is not followed to its end counts with what it has and a test a person: 0.1 is for these */
	ck_assert_msg(fabs(mean(&said)) < FAR * error(&said) + 0.1, "%s: off by %.3f, error %.3f",
		      s->name, mean(&said), error(&said));
	ck_assert_msg(mean(&doubtful) < FAR * error(&doubtful),
		      "%s: %+.3f against the most doubtful", s->name, mean(&doubtful));
	ck_assert_msg(mean(&singles) < FAR * error(&singles), "%s: %+.3f against all singles",
		      s->name, mean(&singles));
	if (slow) /* enough of them to say so */
		ck_assert_msg(mean(&singles) <= 0 && mean(&doubtful) <= 0.05, "%s: %+.3f, %+.3f",
			      s->name, mean(&singles), mean(&doubtful));
	/* called at 0.99: of a hundred calls one may be wrong */
	double allowed = people * (1 - CALLED_AT);
	ck_assert_msg(wrong <= allowed + FAR * sqrt(allowed), "%s: %.0f of %.0f calls are wrong",
		      s->name, wrong, people);
	if (s->test.se >= 1 && s->test.sp >= 1)
		ck_assert_double_eq(wrong, 0);
	if (slow)
		printf("%s, seeds %d to %u: %+.3f (%.3f) of what was said; %+.3f (%.3f), %+.3f "
		       "(%.3f) of simpler rules; %.0f of %.0f calls wrong\n",
		       s->name, FIRST_SEED, FIRST_SEED + plates - 1, mean(&said), error(&said),
		       mean(&doubtful), error(&doubtful), mean(&singles), error(&singles), wrong,
		       people);
}
END_TEST

Suite *suite_plan_cost(void);
Suite *suite_plan_cost(void)
{
	Suite *s = suite_create("plan_cost");
	TCase *tc = tcase_create("followed");
	tcase_set_timeout(tc, 3600);
	tcase_add_loop_test(tc, test_a_plan_costs_what_it_says_and_less_than_simpler_rules, 0,
			    COUNT(scenes));
	suite_add_tcase(s, tc);
	return s;
}
