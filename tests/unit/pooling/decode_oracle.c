#include "tests/unit/pooling/decode_oracle.h"

#include <check.h>
#include <math.h>
#include <string.h>

static double chance_positive(const pw_pool_model *t, size_t pool, size_t k, size_t n)
{
	double se = t->pool_se != NULL ? t->pool_se[pool] : t->se;
	double sp = t->pool_sp != NULL ? t->pool_sp[pool] : t->sp;
	if (k == 0)
		return 1 - sp;
	double s = se;
	if (t->dilution > 0)
		s = se * (double)k / (t->dilution * ((double)n - (double)k) + (double)k);
	return (1 - t->extraction_failure) * s + t->extraction_failure * (1 - sp);
}

static double likelihood(const pw_evidence *e, size_t pool, size_t k)
{
	double p = chance_positive(&e->test, pool, k, pw_design_members(e->design, pool).count);
	double grey = k > 0 ? e->test.grey_positive : e->test.grey_negative;
	switch (e->readings[pool].call) {
	case PW_POOL_POSITIVE:
		return (1 - grey) * p;
	case PW_POOL_NEGATIVE:
		return (1 - grey) * (1 - p);
	case PW_POOL_GREY:
		if (e->test.grey_positive + e->test.grey_negative > 0)
			return k > 0 ? e->test.grey_positive : e->test.grey_negative;
		return 1;
	case PW_POOL_MISSING:
	default:
		return 1;
	}
}

#define MOST_EXPOSED 8 /* ways for three households to be exposed or not */

/* The factors that sets are made of, so that each is found out once. */
typedef struct factors {
	size_t n, m, ways;
	double way[MOST_EXPOSED];                    /* that these households are exposed */
	double person[MOST_EXPOSED][ORACLE_PERSONS]; /* and somebody's chance then */
	unsigned members[ORACLE_POOLS];
	double like[ORACLE_POOLS][ORACLE_PERSONS + 1];
} factors;

static void add_way(const pw_evidence *e, unsigned exposed, size_t houses, factors *f)
{
	f->way[exposed] = 1;
	for (size_t h = 0; h < houses; h++)
		f->way[exposed] *=
			exposed >> h & 1 ? e->households[h].exposed : 1 - e->households[h].exposed;
	for (size_t j = 0; j < f->n; j++) {
		double q = e->priors != NULL ? e->priors[j] : e->prior;
		if (houses > 0 && e->household_of[j] != PW_NO_HOUSEHOLD &&
		    (exposed >> e->household_of[j] & 1) != 0) {
			double c = e->households[e->household_of[j]].odds;
			q = q * c / (1 - q + q * c);
		}
		f->person[exposed][j] = q;
	}
}

static factors find_factors(const pw_evidence *e)
{
	factors f = {.n = pw_design_samples(e->design), .m = pw_design_pools(e->design)};
	size_t houses = e->household_of != NULL ? e->household_count : 0;
	ck_assert_uint_le(f.n, ORACLE_PERSONS);
	ck_assert_uint_le(f.m, ORACLE_POOLS);
	ck_assert_uint_le(houses, 3);
	f.ways = 1U << houses;
	for (unsigned exposed = 0; exposed < f.ways; exposed++)
		add_way(e, exposed, houses, &f);
	for (size_t i = 0; i < f.m; i++) {
		pw_design_list members = pw_design_members(e->design, i);
		for (size_t x = 0; x < members.count; x++)
			f.members[i] |= 1U << members.at[x];
		for (size_t k = 0; k <= members.count; k++)
			f.like[i][k] = likelihood(e, i, k);
	}
	return f;
}

static size_t count_in(unsigned set)
{
	size_t count = 0;
	for (; set != 0; set &= set - 1)
		count++;
	return count;
}

/* The chance of a set and of the results, households summed out. */
static double weight_of(const factors *f, unsigned set)
{
	double like = 1, prior = 0;
	for (size_t i = 0; i < f->m; i++)
		like *= f->like[i][count_in(set & f->members[i])];
	for (size_t w = 0; w < f->ways && like > 0; w++) {
		double p = f->way[w];
		for (size_t j = 0; j < f->n; j++)
			p *= set >> j & 1 ? f->person[w][j] : 1 - f->person[w][j];
		prior += p;
	}
	return like * prior;
}

oracle oracle_sum(const pw_evidence *e, size_t limit)
{
	oracle o = {.z = 0};
	factors f = find_factors(e);
	for (unsigned set = 0; set < 1U << f.n; set++) {
		size_t size = count_in(set);
		if (limit > 0 && size > limit)
			continue;
		double w = weight_of(&f, set);
		o.z += w;
		o.count[size] += w;
		for (size_t j = 0; j < f.n; j++)
			o.posterior[j] += set >> j & 1 ? w : 0;
	}
	for (size_t j = 0; j < f.n; j++)
		o.posterior[j] /= o.z;
	for (size_t k = 0; k <= f.n; k++)
		o.count[k] /= o.z;
	return o;
}

/* ---- Random evidence ---- */

typedef bool membership[ORACLE_POOLS][ORACLE_PERSONS];

/* Everybody anywhere, and nobody nowhere. */
static void fill_anyhow(pw_rng *rng, size_t n, size_t m, membership in)
{
	double fill = 0.15 + 0.4 * pw_rng_uniform(rng);
	for (size_t i = 0; i < m; i++) {
		for (size_t j = 0; j < n; j++)
			in[i][j] = pw_rng_chance(rng, fill);
		in[i][pw_rng_below(rng, n)] = true;
	}
	for (size_t j = 0; j < n; j++)
		in[pw_rng_below(rng, m)][j] = true;
}

static size_t shared(size_t m, membership in, size_t j, size_t k)
{
	size_t count = 0;
	for (size_t i = 0; i < m; i++)
		count += in[i][j] && in[i][k];
	return count;
}

/* Each in up to four pools, no two in more than two together. */
static void fill_apart(pw_rng *rng, size_t n, size_t m, membership in)
{
	for (size_t j = 0; j < n; j++)
		for (size_t tries = 0; tries < 4 || tries < m; tries++) {
			size_t i = tries < 4 ? pw_rng_below(rng, m) : (j + tries) % m, most = 0;
			size_t count = shared(m, in, j, j);
			if (in[i][j] || (tries >= 4 && count > 0))
				continue;
			in[i][j] = true;
			for (size_t k = 0; k < j; k++)
				most = shared(m, in, j, k) > most ? shared(m, in, j, k) : most;
			in[i][j] = most <= 2;
		}
	for (size_t i = 0; i < m; i++) {
		bool empty = true;
		for (size_t j = 0; j < n; j++)
			empty = empty && !in[i][j];
		in[i][i % n] = in[i][i % n] || empty;
	}
}

static pw_design *random_design(pw_rng *rng, size_t n, size_t m, unsigned with)
{
	pw_design_entry entries[ORACLE_PERSONS * ORACLE_POOLS];
	membership in = {{false}};
	size_t count = 0;
	if ((with & WITH_FEW_SHARED) != 0)
		fill_apart(rng, n, m, in);
	else
		fill_anyhow(rng, n, m, in);
	for (uint32_t i = 0; i < m; i++)
		for (uint32_t j = 0; j < n; j++)
			if (in[i][j])
				entries[count++] = (pw_design_entry){i, j};
	pw_design_spec spec = {.pools = m, .samples = n, .entries = entries, .entry_count = count};
	pw_design *design = NULL;
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_new(&spec, &design, &err) == PW_OK, "%s", err.msg);
	return design;
}

static void random_households(random_case *c, pw_rng *rng, size_t n)
{
	c->evidence.household_count = 1 + pw_rng_below(rng, 3);
	for (size_t h = 0; h < c->evidence.household_count; h++)
		c->households[h] =
			(pw_household){pw_rng_uniform(rng), 1 + 50 * pw_rng_uniform(rng)};
	for (size_t j = 0; j < n; j++) {
		size_t h = pw_rng_below(rng, c->evidence.household_count + 1);
		c->household_of[j] =
			h < c->evidence.household_count ? (uint32_t)h : PW_NO_HOUSEHOLD;
	}
	c->evidence.household_of = c->household_of;
	c->evidence.households = c->households;
}

static void random_test(random_case *c, pw_rng *rng, size_t m, unsigned with)
{
	pw_pool_model *t = &c->evidence.test;
	t->se = 0.6 + 0.39 * pw_rng_uniform(rng);
	t->sp = 0.8 + 0.199 * pw_rng_uniform(rng);
	if ((with & WITH_FEW_SHARED) != 0) {
		t->se = 0.9 + 0.09 * pw_rng_uniform(rng);
		t->sp = 0.97 + 0.029 * pw_rng_uniform(rng);
	}
	if (pw_rng_chance(rng, 0.3))
		t->extraction_failure = 0.1 * pw_rng_uniform(rng);
	if (pw_rng_chance(rng, 0.3)) {
		t->grey_positive = pw_rng_uniform(rng);
		t->grey_negative = pw_rng_uniform(rng);
	}
	if ((with & WITH_DILUTION) != 0)
		t->dilution = pw_rng_chance(rng, 0.5) ? 0.05 : 0.5 * pw_rng_uniform(rng);
	if ((with & WITH_CERTAINTY) != 0) {
		t->se = pw_rng_chance(rng, 0.5) ? 1 : t->se;
		t->sp = pw_rng_chance(rng, 0.5) ? 1 : t->sp;
		t->extraction_failure = 0;
	}
	for (size_t i = 0; i < m; i++) {
		c->pool_se[i] = t->se - 0.1 * pw_rng_uniform(rng);
		c->pool_sp[i] = t->sp - 0.1 * pw_rng_uniform(rng);
	}
	if (pw_rng_chance(rng, 0.3)) {
		t->pool_se = c->pool_se;
		t->pool_sp = c->pool_sp;
	}
}

void random_case_make(random_case *c, uint64_t seed, unsigned with)
{
	pw_rng rng;
	pw_rng_init(&rng, seed);
	memset(c, 0, sizeof(*c));
	size_t n = 3 + pw_rng_below(&rng, ORACLE_PERSONS - 4);
	size_t m = 2 + pw_rng_below(&rng, ORACLE_POOLS - 2);
	c->design = random_design(&rng, n, m, with);
	c->evidence.design = c->design;
	c->evidence.readings = c->readings;
	c->evidence.priors = c->priors;
	random_test(c, &rng, m, with);
	if ((with & WITH_HOUSEHOLDS) != 0)
		random_households(c, &rng, n);
	double scale = pow(10, -3 * pw_rng_uniform(&rng));
	for (size_t j = 0; j < n; j++) {
		c->priors[j] = scale * pw_rng_uniform(&rng) * 0.9 + 1e-9;
		if ((with & WITH_CERTAINTY) != 0 && pw_rng_chance(&rng, 0.2))
			c->priors[j] = pw_rng_chance(&rng, 0.7) ? 0 : 1;
	}
	double hot = pw_rng_uniform(&rng);
	for (size_t i = 0; i < m; i++) {
		double u = pw_rng_uniform(&rng);
		c->readings[i].call = u < 0.1                    ? PW_POOL_MISSING
				      : u < 0.2                  ? PW_POOL_GREY
				      : pw_rng_chance(&rng, hot) ? PW_POOL_POSITIVE
								 : PW_POOL_NEGATIVE;
	}
	if ((with & WITH_LIMIT) != 0)
		c->limit = 1 + pw_rng_below(&rng, 5);
}

void random_case_clear(random_case *c)
{
	pw_design_free(c->design);
	c->design = NULL;
}
