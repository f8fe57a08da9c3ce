#include "core/pooling/decode_ct.h"

#include <math.h>

#define TAU          6.283185307179586
#define SQRT_HALF    0.7071067811865476
#define LEAST_LOG    (-700.0)
#define LEAST_CHANCE 1e-300
#define LEAST_NOISE  1e-3

/* Peaks so much lower than the highest (natural logarithm) are none. */
#define PEAK_WITHIN 25.0

/* One way the reading can have come about: these wells are true, the others from nowhere. */
typedef struct way {
	double log_a;    /* logarithm of its chance without the two factors below */
	int wells;       /* true wells that amplified */
	double mean;     /* of their Ct */
	double variance; /* of that mean about mu */
	double pull;     /* how far the shared d follows mean - mu: E d = pull·(mean - mu) */
	double left;     /* variance of d that is left */
} way;

struct pw_ct_curve {
	int ways, blank; /* blank: wells that did not amplify */
	way way[PW_CT_WELLS_MAX + 2];
	double detect; /* the chance that a true well does not fail */
	double cutoff, well_sd;
	double failed;    /* the chance of a failed extraction */
	double empty;     /* likelihood with nothing in it, scaled */
	double most;      /* bound of the likelihood with something in it, scaled */
	double log_scale; /* what everything was divided by */
	double centre;
	bool amplified;
};

/* ---- Checking ---- */

static bool within(double x, double low, double high)
{
	return x >= low && x <= high; /* false for NaN */
}

pw_status pw_ct_model_check(const pw_ct_model *m, pw_err *err)
{
	if (!within(m->noise, 0, 10) || !within(m->well_noise, 0, 10) ||
	    m->noise + m->well_noise < 1e-3)
		return pw_fail(err, PW_ERR_ARG,
			       "the noise of Ct is %g, between wells %g: give 0 to 10 cycles, not "
			       "both 0",
			       m->noise, m->well_noise);
	if (!within(m->efficiency, 0.1, 2))
		return pw_fail(err, PW_ERR_ARG,
			       "the efficiency is %g: give a number from 0.1 to 2, 1 for doubling",
			       m->efficiency);
	if (!within(m->earliest, 0, 100) || !within(m->cutoff, 0, 100) || m->earliest >= m->cutoff)
		return pw_fail(err, PW_ERR_ARG,
			       "Ct lie between %g and the cutoff %g: give two numbers from 0 to "
			       "100, the cutoff the larger",
			       m->earliest, m->cutoff);
	if ((int)m->load_kind < PW_LOAD_NORMAL || m->load_kind > PW_LOAD_LINEAR)
		return pw_fail(err, PW_ERR_ARG, "there is no distribution of loads of number %d",
			       (int)m->load_kind);
	if (m->load_kind == PW_LOAD_NORMAL
		    ? !within(m->load_a, -100, 200) || !within(m->load_b, 0.01, 100)
		    : !within(m->load_a, -100, 200) || !within(m->load_b, -100, 200) ||
			      m->load_b - m->load_a < 0.01)
		return pw_fail(
			err, PW_ERR_ARG,
			"the loads are said to be %g, %g: give mean and deviation in cycles, "
			"or a smaller and a larger Ct",
			m->load_a, m->load_b);
	return PW_OK;
}

/* ---- Making ---- */

typedef struct wells {
	double ct[PW_CT_WELLS_MAX];
	int seen, blank;
} wells;

static wells sort_wells(const pw_pool_reading *r, double cutoff)
{
	wells w = {.seen = 0};
	for (int i = 0; i < r->wells; i++) {
		if (r->well[i].amplified && r->well[i].ct <= cutoff)
			w.ct[w.seen++] = r->well[i].ct;
		else
			w.blank++;
	}
	return w;
}

/* The way in which all amplified wells but `except` (-1: none) are true. */
static way true_way(const wells *w, int except, double detect, double stray, double stray_density,
		    const pw_ct_model *m)
{
	way a = {.wells = w->seen - (except >= 0)};
	double tau2 = m->noise * m->noise, sigma2 = m->well_noise * m->well_noise;
	if (a.wells > 1)
		sigma2 = fmax(sigma2, LEAST_NOISE * LEAST_NOISE);
	for (int i = 0; i < w->seen; i++)
		a.mean += i == except ? 0 : w->ct[i] / a.wells;
	double spread = 0;
	for (int i = 0; i < w->seen; i++)
		spread += i == except ? 0 : (w->ct[i] - a.mean) * (w->ct[i] - a.mean);
	a.variance = tau2 + sigma2 / a.wells;
	a.log_a = a.wells * log((1 - stray) * detect) + (except >= 0 ? log(stray_density) : 0);
	if (a.wells > 1)
		a.log_a -= 0.5 * (a.wells - 1) * log(TAU * sigma2) + 0.5 * log(a.wells) +
			   spread / (2 * sigma2);
	a.log_a -= 0.5 * log(TAU * a.variance);
	a.pull = tau2 / a.variance;
	a.left = tau2 * (sigma2 / a.wells) / a.variance;
	return a;
}

static void add_ways(pw_ct_curve *c, const wells *w, double stray, double density,
		     const pw_ct_model *m)
{
	if (w->seen > 0 && stray < 1 && c->detect > 0)
		c->way[c->ways++] = true_way(w, -1, c->detect, stray, density, m);
	for (int i = 0; w->seen > 1 && i < w->seen && density > 0 && c->ways > 0; i++)
		c->way[c->ways++] = true_way(w, i, c->detect, stray, density, m);
	if (w->seen == 0 || density > 0) {
		way a = {.left = m->noise * m->noise};
		a.log_a = w->seen > 0 ? w->seen * log(density) : 0;
		c->way[c->ways++] = a;
	}
	double log_blank = w->blank > 0 ? w->blank * log(fmax(1 - stray, LEAST_CHANCE)) : 0;
	for (int i = 0; i < c->ways; i++)
		c->way[i].log_a += log_blank;
}

/* Each way has its largest value at mu = mean (or late, without a true well), where no factor of a blank
 * well is above 1: the sum of these bounds the curve. */
static double bound_of(const pw_ct_curve *c)
{
	double most = 0;
	for (int i = 0; i < c->ways; i++)
		most += exp(c->way[i].log_a);
	return most;
}

const pw_ct_curve *pw_ct_curve_make(const pw_pool_reading *r, const pw_pool_model *test,
				    size_t pool, const pw_ct_model *m, pw_arena *arena)
{
	pw_ct_curve *c = pw_arena_alloc(arena, sizeof(*c));
	wells w = sort_wells(r, m->cutoff);
	double stray = 1 - (test->pool_sp != NULL ? test->pool_sp[pool] : test->sp);
	double density = stray / (m->cutoff - m->earliest);
	c->detect = test->pool_se != NULL ? test->pool_se[pool] : test->se;
	c->cutoff = m->cutoff;
	c->well_sd = m->well_noise;
	c->failed = test->extraction_failure;
	c->blank = w.blank;
	c->amplified = w.seen > 0;
	c->centre = c->amplified ? 0 : m->cutoff;
	for (int i = 0; i < w.seen; i++)
		c->centre += w.ct[i] / w.seen;
	add_ways(c, &w, stray, density, m);
	double empty = pow(density, w.seen) * pow(1 - stray, w.blank);
	double most = (1 - c->failed) * bound_of(c) + c->failed * empty;
	double largest = fmax(fmax(empty, most), LEAST_CHANCE);
	c->log_scale = log(largest);
	c->empty = empty / largest;
	c->most = most / largest;
	return c;
}

double pw_ct_curve_scale(const pw_ct_curve *c)
{
	return c->log_scale;
}

double pw_ct_curve_empty(const pw_ct_curve *c)
{
	return c->empty;
}

double pw_ct_curve_most(const pw_ct_curve *c)
{
	return c->most;
}

double pw_ct_curve_centre(const pw_ct_curve *c)
{
	return c->centre;
}

bool pw_ct_curve_amplified(const pw_ct_curve *c)
{
	return c->amplified;
}

bool pw_ct_curve_blank(const pw_ct_curve *c)
{
	return c->blank > 0;
}

size_t pw_ct_curve_peaks(const pw_ct_curve *c, pw_ct_peak *out)
{
	size_t count = 0;
	double highest = -INFINITY;
	for (int i = 0; i < c->ways; i++)
		highest = fmax(highest, c->way[i].log_a);
	for (int i = 0; i < c->ways; i++)
		if (c->way[i].wells > 0 && c->way[i].log_a > highest - PEAK_WITHIN)
			out[count++] = (pw_ct_peak){c->way[i].mean, sqrt(c->way[i].variance)};
	return count;
}

bool pw_ct_curve_same(const pw_ct_curve *a, const pw_ct_curve *b)
{
	return !a->amplified && !b->amplified && a->blank == b->blank && a->detect == b->detect &&
	       a->cutoff == b->cutoff && a->well_sd == b->well_sd && a->failed == b->failed &&
	       a->ways == 1 && b->ways == 1 && a->way[0].log_a == b->way[0].log_a &&
	       a->way[0].left == b->way[0].left;
}

/* ---- Reading ---- */

/* A factor and its derivatives by mu. */
typedef struct factor {
	double value, first, second;
} factor;

/* All blank wells blank, for a load that shows at `eta` with deviation `sd` in each of them, where eta
 * moves by `slope` with mu. */
static factor blank_at(double eta, double sd, double slope, double detect, double cutoff, int blank)
{
	double z = (cutoff - eta) / sd, dz = -slope / sd;
	double miss = 1 - detect * 0.5 * erfc(-z * SQRT_HALF);
	miss = fmax(miss, LEAST_CHANCE);
	double phi = exp(-0.5 * z * z) / sqrt(TAU);
	double d1 = -detect * phi * dz, d2 = detect * phi * z * dz * dz;
	double rest = blank > 1 ? pow(miss, blank - 2) : 0;
	factor f;
	f.value = blank > 1 ? rest * miss * miss : miss;
	f.first = blank > 1 ? blank * rest * miss * d1 : d1;
	f.second = blank > 1 ? blank * rest * ((blank - 1) * d1 * d1 + miss * d2) : d2;
	return f;
}

/* The shared deviation is integrated over so many of its standard deviations to both sides, in steps that are small
 * beside the blank wells' own noise; with more than so many steps the end of the range shows nothing else. */
#define SHARED_SDS  5.5
#define STEP_PART   0.6
#define SHARED_MOST 64

static factor blank_factor(const pw_ct_curve *c, const way *a, double mu)
{
	factor f = {1, 0, 0};
	if (c->blank == 0)
		return f;
	double slope = 1 - a->pull, eta = mu + a->pull * (a->mean - mu);
	double own = fmax(c->well_sd, LEAST_NOISE), shared = sqrt(a->left);
	if (c->blank == 1)
		return blank_at(eta, hypot(c->well_sd, shared) + 1e-9, slope, c->detect, c->cutoff,
				1);
	if (shared < 0.01 * own)
		return blank_at(eta, own, slope, c->detect, c->cutoff, c->blank);
	f = (factor){0, 0, 0};
	double range = SHARED_SDS * shared, total = 0;
	int steps = (int)ceil(range / (STEP_PART * fmin(shared, own)));
	steps = steps < SHARED_MOST ? steps : SHARED_MOST;
	for (int q = -steps; q <= steps; q++) {
		double d = range * q / steps, z = d / shared, weight = exp(-0.5 * z * z);
		factor g = blank_at(eta + d, own, slope, c->detect, c->cutoff, c->blank);
		total += weight;
		f.value += weight * g.value;
		f.first += weight * g.first;
		f.second += weight * g.second;
	}
	return (factor){f.value / total, f.first / total, f.second / total};
}

pw_ct_value pw_ct_curve_at(const pw_ct_curve *c, double mu)
{
	double sum = 0, first = 0, second = 0;
	for (int i = 0; i < c->ways; i++) {
		const way *a = &c->way[i];
		factor f = blank_factor(c, a, mu);
		double g = 0, h = 0, log_value = a->log_a - c->log_scale;
		if (a->wells > 0) {
			g = (a->mean - mu) / a->variance;
			h = -1 / a->variance;
			log_value -= 0.5 * (a->mean - mu) * g;
		}
		double e = (1 - c->failed) * exp(log_value);
		sum += e * f.value;
		first += e * (f.first + f.value * g);
		second += e * (f.second + 2 * f.first * g + f.value * (h + g * g));
	}
	sum += c->failed * c->empty;
	pw_ct_value v = {LEAST_LOG, 0, 0};
	if (sum < LEAST_CHANCE)
		return v;
	v.log = log(sum);
	v.first = first / sum;
	v.second = second / sum - v.first * v.first;
	return v;
}
