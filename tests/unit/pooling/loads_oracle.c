#include "tests/unit/pooling/loads_oracle.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"

#define TAU 6.283185307179586

/* ---- One pool ---- */

static double normal(double x, double sd)
{
	return exp(-0.5 * x * x / (sd * sd)) / (sd * sqrt(TAU));
}

static double below(double z)
{
	return 0.5 * erfc(-z / sqrt(2));
}

static double of_pool(const double *each, double usual, size_t pool)
{
	return each != NULL ? each[pool] : usual;
}

typedef struct seen {
	double ct[PW_CT_WELLS_MAX];
	int amplified, blank;
	double stray, density, detect;
} seen;

static seen see(const pw_evidence *e, size_t pool)
{
	const pw_pool_reading *r = &e->readings[pool];
	seen s = {.amplified = 0};
	s.stray = 1 - of_pool(e->test.pool_sp, e->test.sp, pool);
	s.detect = of_pool(e->test.pool_se, e->test.se, pool);
	s.density = s.stray / (e->ct.cutoff - e->ct.earliest);
	for (int w = 0; w < r->wells; w++) {
		if (r->well[w].amplified && r->well[w].ct <= e->ct.cutoff)
			s.ct[s.amplified++] = r->well[w].ct;
		else
			s.blank++;
	}
	return s;
}

/* All wells, when those that are true lie about `centre`. */
static double wells_about(const seen *s, const pw_ct_model *m, double centre)
{
	double all = 1, one = 0, blank = 1;
	double late = m->well_noise > 0     ? below((m->cutoff - centre) / m->well_noise)
		      : centre <= m->cutoff ? 1
					    : 0;
	for (int w = 0; w < s->amplified; w++)
		all *= (1 - s->stray) * s->detect * normal(s->ct[w] - centre, m->well_noise);
	for (int x = 0; x < s->amplified && s->amplified > 1; x++) {
		double rest = s->density;
		for (int w = 0; w < s->amplified; w++)
			if (w != x)
				rest *= (1 - s->stray) * s->detect *
					normal(s->ct[w] - centre, m->well_noise);
		one += rest;
	}
	for (int w = 0; w < s->blank; w++)
		blank *= (1 - s->stray) * (1 - s->detect * late);
	double none = s->amplified > 0 ? pow(s->density, s->amplified) : 0;
	return (all + one + none) * blank;
}

double loads_oracle_pool(const pw_evidence *e, size_t pool, double mu)
{
	const pw_ct_model *m = &e->ct;
	seen s = see(e, pool);
	double nothing = pow(s.density, s.amplified) * pow(1 - s.stray, s.blank);
	double failed = e->test.extraction_failure;
	if (isinf(mu))
		return nothing;
	/* without noise between the wells there is one well, and the noise is its own */
	pw_ct_model one = *m;
	double shared = m->noise;
	if (m->well_noise <= 0) {
		one.well_noise = m->noise;
		shared = 0;
	}
	if (shared <= 0)
		return (1 - failed) * wells_about(&s, &one, mu) + failed * nothing;
	double sum = 0, step = fmin(shared / 4, one.well_noise / 2);
	for (double d = -8 * shared; d <= 8 * shared; d += step)
		sum += step * normal(d, shared) * wells_about(&s, &one, mu + d);
	return (1 - failed) * sum + failed * nothing;
}

/* ---- Tables ---- */

#define TABLE_FROM (-10.0)
#define TABLE_TO   80.0
#define TABLE_STEP 0.005

#define MOST_POINTS 400

typedef struct world {
	const pw_evidence *e;
	size_t n, m;
	double rate, log_scale;
	bool by_ct[LOADS_POOLS];
	double *table[LOADS_POOLS];
	double empty[LOADS_POOLS];
	double dilution[LOADS_POOLS];
	size_t points; /* the grid of loads has one more */
	double step;
	double density[MOST_POINTS + 1], amount[MOST_POINTS + 1];
} world;

static double pool_at(const world *w, size_t pool, double amount)
{
	double mu = w->dilution[pool] - log(amount) / w->rate;
	double x = (mu - TABLE_FROM) / TABLE_STEP;
	size_t k = (size_t)x;
	double s = x - (double)k;
	return (1 - s) * w->table[pool][k] + s * w->table[pool][k + 1];
}

static void make_table(world *w, size_t pool)
{
	size_t length = (size_t)((TABLE_TO - TABLE_FROM) / TABLE_STEP) + 2;
	w->table[pool] = pw_alloc_array(length, sizeof(double));
	for (size_t k = 0; k < length; k++)
		w->table[pool][k] =
			loads_oracle_pool(w->e, pool, TABLE_FROM + (double)k * TABLE_STEP);
	w->empty[pool] = loads_oracle_pool(w->e, pool, INFINITY);
}

static double load_density(const world *w, double u)
{
	const pw_ct_model *m = &w->e->ct;
	double a = m->load_a, b = m->load_b;
	if (m->load_kind == PW_LOAD_NORMAL)
		return normal(u - a, b);
	if (m->load_kind == PW_LOAD_FLAT)
		return 1 / (b - a);
	/* amounts e^(-rate u) are uniform between those of b and of a */
	return w->rate * exp(-w->rate * u) / (exp(-w->rate * a) - exp(-w->rate * b));
}

/* Three pools that say the same of a person make the peak narrower by the root of 3: where its deviation is 0.8 steps, the
 * trapezium rule is off by 1e-5. */
static void fill_grid(world *w)
{
	const pw_ct_model *m = &w->e->ct;
	double noise = hypot(m->noise, m->well_noise / sqrt(3)), low = m->load_a, high = m->load_b;
	if (m->load_kind == PW_LOAD_NORMAL) {
		low = m->load_a - 5.5 * m->load_b;
		high = m->load_a + 5.5 * m->load_b;
	}
	double step = m->load_kind == PW_LOAD_NORMAL ? 0.72 * noise : 0.1;
	w->points = (size_t)ceil((high - low) / step);
	ck_assert_uint_le(w->points, MOST_POINTS);
	w->step = (high - low) / (double)w->points;
	for (size_t x = 0; x <= w->points; x++) {
		double u = low + (double)x * w->step;
		w->density[x] = load_density(w, u);
		w->amount[x] = exp(-w->rate * u);
	}
}

static void world_init(world *w, const pw_evidence *e)
{
	const pw_ct_model *m = &e->ct;
	*w = (world){.e = e, .rate = log1p(m->efficiency)};
	w->n = pw_design_samples(e->design);
	w->m = pw_design_pools(e->design);
	for (size_t i = 0; i < w->m; i++) {
		size_t size = pw_design_members(e->design, i).count;
		w->by_ct[i] = e->readings[i].wells > 0 && e->readings[i].call != PW_POOL_MISSING;
		w->dilution[i] = m->diluted ? log((double)size) / w->rate : 0;
		if (w->by_ct[i])
			make_table(w, i);
	}
	fill_grid(w);
}

static void world_clear(world *w)
{
	for (size_t i = 0; i < w->m; i++)
		pw_free(w->table[i]);
}

/* ---- Sets ---- */

/* People who hang together by pools read by Ct, in the order of integration. */
typedef struct group {
	size_t who[LOADS_PERSONS], count;
	double amount[LOADS_PERSONS];
	bool in[LOADS_POOLS][LOADS_PERSONS];
	size_t last[LOADS_POOLS]; /* of them in the pool; count: nobody */
} group;

static void list_pools(const world *w, group *g)
{
	for (size_t i = 0; i < w->m; i++) {
		g->last[i] = g->count;
		for (size_t k = 0; k < g->count; k++) {
			g->in[i][k] = w->by_ct[i] && pw_design_has(w->e->design, i, g->who[k]);
			g->last[i] = g->in[i][k] ? k : g->last[i];
		}
	}
}

/* The pools whose last one of the group is number `at`. */
static double pools_of(const world *w, const group *g, size_t at)
{
	double product = 1;
	for (size_t i = 0; i < w->m; i++) {
		double sum = 0;
		if (g->last[i] != at)
			continue;
		for (size_t k = 0; k <= at; k++)
			sum += g->in[i][k] ? g->amount[k] : 0;
		product *= pool_at(w, i, sum);
	}
	return product;
}

/* The trapezium rule with Gregory's ends, exact for cubic polynomials. */
static double end_weight(size_t at, size_t points)
{
	static const double weights[] = {3.0 / 8, 7.0 / 6, 23.0 / 24};
	size_t from = at < points - at ? at : points - at;
	return from < 3 ? weights[from] : 1;
}

/* The integral over the loads of people number `at` and on. */
static double integrate(const world *w, group *g, size_t at)
{
	if (at == g->count)
		return 1;
	double sum = 0;
	for (size_t x = 0; x <= w->points; x++) {
		double density = w->density[x] * end_weight(x, w->points);
		g->amount[at] = w->amount[x];
		if (density > 1e-12)
			sum += density * pools_of(w, g, at) * integrate(w, g, at + 1);
	}
	return sum * w->step;
}

static bool share_a_pool(const world *w, size_t a, size_t b)
{
	for (size_t i = 0; i < w->m; i++)
		if (w->by_ct[i] && pw_design_has(w->e->design, i, a) &&
		    pw_design_has(w->e->design, i, b))
			return true;
	return false;
}

/* The integral over the loads of a set, in pieces that share no pool read by Ct. */
static bool integrate_set(const world *w, unsigned set, double *out)
{
	*out = 1;
	while (set != 0) {
		group g = {.count = 0};
		for (size_t j = 0; j < w->n && g.count == 0; j++)
			if (set >> j & 1)
				g.who[g.count++] = j;
		set &= ~(1U << g.who[0]);
		for (size_t k = 0; k < g.count; k++)
			for (size_t j = 0; j < w->n; j++)
				if ((set >> j & 1) != 0 && share_a_pool(w, g.who[k], j)) {
					g.who[g.count++] = j;
					set &= ~(1U << j);
				}
		if (g.count > 3)
			return false;
		list_pools(w, &g);
		*out *= integrate(w, &g, 0);
	}
	return true;
}

/* Pools with nobody of the set in them, and pools that were called. */
static double other_pools(const world *w, unsigned set)
{
	const pw_evidence *e = w->e;
	double product = 1;
	for (size_t i = 0; i < w->m; i++) {
		size_t k = 0;
		for (size_t j = 0; j < w->n; j++)
			k += (set >> j & 1) != 0 && pw_design_has(e->design, i, j);
		double stray = 1 - of_pool(e->test.pool_sp, e->test.sp, i);
		double se = of_pool(e->test.pool_se, e->test.se, i);
		double fails = e->test.extraction_failure;
		double positive = k > 0 ? (1 - fails) * se + fails * stray : stray;
		double grey = k > 0 ? e->test.grey_positive : e->test.grey_negative;
		if (w->by_ct[i])
			product *= k == 0 ? w->empty[i] : 1;
		else if (e->readings[i].call == PW_POOL_POSITIVE)
			product *= (1 - grey) * positive;
		else if (e->readings[i].call == PW_POOL_NEGATIVE)
			product *= (1 - grey) * (1 - positive);
		else if (e->readings[i].call == PW_POOL_GREY &&
			 e->test.grey_positive + e->test.grey_negative > 0)
			product *= grey;
	}
	return product;
}

static double prior_of(const pw_evidence *e, size_t n, unsigned set)
{
	double total = 0;
	size_t houses = e->household_of != NULL ? e->household_count : 0;
	for (unsigned z = 0; z < 1U << houses; z++) {
		double p = 1;
		for (size_t h = 0; h < houses; h++)
			p *= z >> h & 1 ? e->households[h].exposed : 1 - e->households[h].exposed;
		for (size_t j = 0; j < n; j++) {
			double q = e->priors[j];
			if (houses > 0 && e->household_of[j] != PW_NO_HOUSEHOLD &&
			    (z >> e->household_of[j] & 1) != 0) {
				double c = e->households[e->household_of[j]].odds;
				q = q * c / (1 - q + q * c);
			}
			p *= set >> j & 1 ? q : 1 - q;
		}
		total += p;
	}
	return total;
}

bool loads_oracle_sum(const pw_evidence *e, size_t limit, loads_oracle *out)
{
	world w;
	loads_oracle o = {.logz = 0};
	double z = 0;
	bool whole = true;
	world_init(&w, e);
	ck_assert_uint_le(w.n, LOADS_PERSONS);
	for (unsigned set = 0; set < 1U << w.n && whole; set++) {
		size_t size = 0;
		double loads;
		for (size_t j = 0; j < w.n; j++)
			size += set >> j & 1;
		if (limit > 0 && size > limit)
			continue;
		whole = integrate_set(&w, set, &loads);
		o.weight[set] = loads * other_pools(&w, set) * prior_of(e, w.n, set);
		z += o.weight[set];
		o.count[size] += o.weight[set];
		for (size_t j = 0; j < w.n; j++)
			o.posterior[j] += set >> j & 1 ? o.weight[set] : 0;
	}
	for (size_t j = 0; j < w.n; j++)
		o.posterior[j] /= z;
	for (size_t k = 0; k <= w.n; k++)
		o.count[k] /= z;
	for (unsigned set = 0; set < 1U << w.n; set++)
		o.weight[set] /= z;
	o.logz = log(z);
	world_clear(&w);
	*out = o;
	return whole;
}

/* ---- Random evidence ---- */

static void random_design(loads_case *c, pw_rng *rng, size_t n, size_t m)
{
	pw_design_entry entries[LOADS_PERSONS * LOADS_POOLS];
	bool in[LOADS_POOLS][LOADS_PERSONS] = {{false}};
	size_t count = 0;
	for (size_t j = 0; j < n; j++)
		for (size_t k = 1 + pw_rng_below(rng, 3); k > 0; k--)
			in[pw_rng_below(rng, m)][j] = true;
	for (size_t i = 0; i < m; i++) {
		bool any = false;
		for (size_t j = 0; j < n; j++)
			any = any || in[i][j];
		if (!any)
			in[i][pw_rng_below(rng, n)] = true;
	}
	for (uint32_t i = 0; i < m; i++)
		for (uint32_t j = 0; j < n; j++)
			if (in[i][j])
				entries[count++] = (pw_design_entry){i, j};
	pw_design_spec spec = {.pools = m, .samples = n, .entries = entries, .entry_count = count};
	pw_err err = PW_ERR_INIT;
	ck_assert_msg(pw_design_new(&spec, &c->design, &err) == PW_OK, "%s", err.msg);
}

static void random_model(loads_case *c, pw_rng *rng, unsigned with)
{
	pw_ct_model *m = &c->evidence.ct;
	*m = (pw_ct_model)PW_CT_MODEL_INIT;
	m->noise = 0.35 + 0.35 * pw_rng_uniform(rng);
	m->well_noise = (with & WITH_REPLICATES) != 0 ? 0.2 + 0.4 * pw_rng_uniform(rng) : 0;
	m->efficiency = 0.8 + 0.2 * pw_rng_uniform(rng);
	m->cutoff = 38;
	m->diluted = (with & WITH_DILUTED) != 0;
	m->load_a = m->diluted ? 33 + 3 * pw_rng_uniform(rng) : 26 + 4 * pw_rng_uniform(rng);
	m->load_b = 1.5 + 2 * pw_rng_uniform(rng);
	if ((with & WITH_EDGES) != 0) {
		m->load_kind = pw_rng_chance(rng, 0.5) ? PW_LOAD_FLAT : PW_LOAD_LINEAR;
		m->load_a = 20 + 6 * pw_rng_uniform(rng);
		m->load_b = m->load_a + 12 + 3 * pw_rng_uniform(rng);
	}
	c->evidence.test = (pw_pool_model){.se = 0.999, .sp = 0.99};
	if ((with & WITH_FAILURES) != 0) {
		c->evidence.test.se = 0.85 + 0.14 * pw_rng_uniform(rng);
		c->evidence.test.sp = 0.9 + 0.09 * pw_rng_uniform(rng);
		c->evidence.test.extraction_failure = 0.05 * pw_rng_uniform(rng);
	}
}

static double draw_load(const pw_ct_model *m, pw_rng *rng)
{
	double x = pw_rng_uniform(rng), rate = log1p(m->efficiency);
	if (m->load_kind == PW_LOAD_NORMAL)
		return pw_rng_normal(rng, m->load_a, m->load_b);
	if (m->load_kind == PW_LOAD_FLAT)
		return m->load_a + x * (m->load_b - m->load_a);
	double from = exp(-rate * m->load_b), to = exp(-rate * m->load_a);
	return -log(from + x * (to - from)) / rate;
}

static void draw_reading(loads_case *c, pw_rng *rng, size_t pool, const bool *positive,
			 const double *load, unsigned with)
{
	const pw_ct_model *m = &c->evidence.ct;
	const pw_pool_model *t = &c->evidence.test;
	pw_pool_reading *r = &c->readings[pool];
	pw_design_list members = pw_design_members(c->design, pool);
	double rate = log1p(m->efficiency), amount = 0;
	for (size_t x = 0; x < members.count; x++)
		amount += positive[members.at[x]] ? exp(-rate * load[members.at[x]]) : 0;
	if (pw_rng_chance(rng, t->extraction_failure))
		amount = 0;
	double centre = (m->diluted ? log((double)members.count) / rate : 0) - log(amount) / rate +
			pw_rng_normal(rng, 0, m->noise);
	*r = (pw_pool_reading){.call = PW_POOL_NEGATIVE, .wells = 1};
	if ((with & WITH_REPLICATES) != 0)
		r->wells = (uint8_t)(1 + pw_rng_below(rng, 3));
	for (int w = 0; w < r->wells; w++) {
		double ct = centre + pw_rng_normal(rng, 0, m->well_noise);
		bool stray = pw_rng_chance(rng, 1 - t->sp);
		if (stray)
			ct = m->earliest + pw_rng_uniform(rng) * (m->cutoff - m->earliest);
		r->well[w].amplified =
			stray || (amount > 0 && ct <= m->cutoff && pw_rng_chance(rng, t->se));
		r->well[w].ct = r->well[w].amplified ? ct : 0;
		if (r->well[w].amplified)
			r->call = PW_POOL_POSITIVE;
	}
	if ((with & WITH_CALLS) != 0 && pw_rng_chance(rng, 0.5)) {
		r->wells = 0;
		if (pw_rng_chance(rng, 0.3))
			r->call = pw_rng_chance(rng, 0.5) ? PW_POOL_MISSING : PW_POOL_GREY;
	}
}

void loads_case_make(loads_case *c, uint64_t seed, unsigned with)
{
	pw_rng rng;
	bool positive[LOADS_PERSONS];
	double load[LOADS_PERSONS];
	pw_rng_init(&rng, seed);
	memset(c, 0, sizeof(*c));
	size_t n = 2 + pw_rng_below(&rng, LOADS_PERSONS - 1);
	size_t m = 2 + pw_rng_below(&rng, LOADS_POOLS - 1);
	random_design(c, &rng, n, m);
	c->evidence.design = c->design;
	c->evidence.readings = c->readings;
	c->evidence.priors = c->priors;
	random_model(c, &rng, with);
	if ((with & WITH_CALLS) != 0 && pw_rng_chance(&rng, 0.5)) {
		c->evidence.test.grey_positive = pw_rng_uniform(&rng);
		c->evidence.test.grey_negative = pw_rng_uniform(&rng);
	}
	double scale = pow(10, -2 * pw_rng_uniform(&rng));
	for (size_t j = 0; j < n; j++) {
		c->priors[j] = 0.6 * scale * pw_rng_uniform(&rng) + 1e-4;
		positive[j] = pw_rng_chance(&rng, pw_rng_chance(&rng, 0.5) ? 0.4 : c->priors[j]);
		load[j] = draw_load(&c->evidence.ct, &rng);
		c->household_of[j] = (uint32_t)pw_rng_below(&rng, 2);
	}
	if ((with & WITH_SHARED_RISK) != 0) {
		c->households[0] = (pw_household){0.05 + 0.2 * pw_rng_uniform(&rng), 20};
		c->households[1] = (pw_household){0.01, 1 + 100 * pw_rng_uniform(&rng)};
		c->evidence.household_of = c->household_of;
		c->evidence.households = c->households;
		c->evidence.household_count = 2;
	}
	for (size_t i = 0; i < m; i++)
		draw_reading(c, &rng, i, positive, load, with);
}

void loads_case_clear(loads_case *c)
{
	pw_design_free(c->design);
	c->design = NULL;
}
