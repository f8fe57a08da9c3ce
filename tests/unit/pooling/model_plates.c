#include "tests/unit/pooling/model_plates.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* ---- Drawing ---- */

/* What somebody positive brings to a pool, in units of a sample of Ct 0. */
static double draw_amount(const pw_ct_model *ct, pw_rng *rng)
{
	double a = log(1 + ct->efficiency), u = pw_rng_uniform(rng);
	switch (ct->load_kind) {
	case PW_LOAD_NORMAL:
		return exp(-a * pw_rng_normal(rng, ct->load_a, ct->load_b));
	case PW_LOAD_FLAT:
		return exp(-a * (ct->load_a + u * (ct->load_b - ct->load_a)));
	case PW_LOAD_LINEAR:
		break;
	}
	return u * exp(-a * ct->load_a) + (1 - u) * exp(-a * ct->load_b);
}

static pw_ct_well draw_well(const pw_evidence *e, double amount, size_t size, pw_rng *rng)
{
	const pw_ct_model *ct = &e->ct;
	pw_ct_well well = {false, 0};
	if (pw_rng_chance(rng, 1 - e->test.sp)) {
		well.amplified = true;
		well.ct = ct->earliest + pw_rng_uniform(rng) * (ct->cutoff - ct->earliest);
	} else if (amount > 0 && pw_rng_chance(rng, e->test.se)) {
		double share = ct->diluted ? amount / (double)size : amount;
		double sd = hypot(ct->noise, ct->well_noise);
		well.ct = pw_rng_normal(rng, -log(share) / log(1 + ct->efficiency), sd);
		well.amplified = well.ct <= ct->cutoff;
	}
	if (!well.amplified)
		well.ct = 0;
	return well;
}

static pw_pool_call draw_call(const pw_evidence *e, size_t positives, size_t size, pw_rng *rng)
{
	double k = (double)positives, n = (double)size, se = e->test.se, chance = 1 - e->test.sp;
	if (e->test.dilution > 0 && positives > 0)
		se *= k / (e->test.dilution * (n - k) + k);
	if (positives > 0 && !pw_rng_chance(rng, e->test.extraction_failure))
		chance = se;
	return pw_rng_chance(rng, chance) ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
}

void model_plate_draw(const pw_evidence *e, bool by_ct, pw_rng *rng, bool *positive,
		      pw_pool_reading *out)
{
	size_t n = pw_design_samples(e->design);
	double *amount = pw_alloc_array(n, sizeof(*amount));
	for (size_t j = 0; j < n; j++) {
		positive[j] = pw_rng_chance(rng, e->priors != NULL ? e->priors[j] : e->prior);
		amount[j] = positive[j] && by_ct ? draw_amount(&e->ct, rng) : 0;
	}
	for (size_t i = 0; i < pw_design_pools(e->design); i++) {
		pw_design_list members = pw_design_members(e->design, i);
		size_t positives = 0;
		double sum = 0;
		for (size_t x = 0; x < members.count; x++) {
			positives += positive[members.at[x]];
			sum += amount[members.at[x]];
		}
		out[i] = (pw_pool_reading){.call = PW_POOL_NEGATIVE};
		if (by_ct) {
			out[i].wells = 1;
			out[i].well[0] = draw_well(e, sum, members.count, rng);
		} else {
			out[i].call = draw_call(e, positives, members.count, rng);
		}
	}
	pw_free(amount);
}

/* ---- Counting ---- */

void reliability_init(reliability *r, const double *edges, size_t edge_count)
{
	memset(r, 0, sizeof(*r));
	PW_BUG_IF(edge_count < 2 || edge_count > RELIABILITY_BINS_MAX + 1);
	r->edges = edges;
	r->bins = edge_count - 1;
}

static size_t bin_of(const reliability *r, double posterior)
{
	size_t bin = 0;
	while (bin + 1 < r->bins && posterior >= r->edges[bin + 1])
		bin++;
	return bin;
}

/*
 * What the sets say of how the positives of the bins vary together; variance of single people that the sets do not
 * show (they are not all there are) is added as if of independent people.
 */
static void add_covariance(reliability *r, const pw_decoded *out)
{
	double total = 0, mean[RELIABILITY_BINS_MAX] = {0};
	double *in_sets = pw_alloc_array(out->samples, sizeof(*in_sets));
	for (size_t s = 0; s < out->set_count; s++)
		total += out->sets[s].posterior;
	for (size_t s = 0; s < out->set_count && total > 0; s++) {
		double p = out->sets[s].posterior / total, there[RELIABILITY_BINS_MAX] = {0};
		for (size_t k = 0; k < out->sets[s].count; k++) {
			there[bin_of(r, out->posterior[out->sets[s].at[k]])]++;
			in_sets[out->sets[s].at[k]] += p;
		}
		for (size_t a = 0; a < r->bins; a++) {
			mean[a] += p * there[a];
			for (size_t b = 0; b < r->bins; b++)
				r->covariance[a][b] += p * there[a] * there[b];
		}
	}
	for (size_t a = 0; a < r->bins; a++)
		for (size_t b = 0; b < r->bins; b++)
			r->covariance[a][b] -= mean[a] * mean[b];
	for (size_t j = 0; j < out->samples; j++) {
		double q = out->posterior[j];
		size_t bin = bin_of(r, q);
		r->covariance[bin][bin] += fmax(q * (1 - q) - in_sets[j] * (1 - in_sets[j]), 0);
	}
	pw_free(in_sets);
}

void reliability_add(reliability *r, const pw_decoded *out, const bool *positive)
{
	for (size_t j = 0; j < out->samples; j++) {
		size_t bin = bin_of(r, out->posterior[j]);
		r->persons[bin]++;
		r->said[bin] += out->posterior[j];
		r->was[bin] += positive[j];
	}
	add_covariance(r, out);
	r->plates++;
}

double reliability_off(const reliability *r, size_t bin)
{
	double error = sqrt(r->covariance[bin][bin]);
	return error > 0 ? (r->was[bin] - r->said[bin]) / error : 0;
}

/* x' A^-1 x by Gauss, A symmetric and positive; A and x are used up. */
static double inverse_form(double a[][RELIABILITY_BINS_MAX], double *x, size_t n)
{
	double sum = 0;
	for (size_t k = 0; k < n; k++) {
		sum += x[k] * x[k] / a[k][k];
		for (size_t i = k + 1; i < n; i++) {
			double part = a[i][k] / a[k][k];
			x[i] -= part * x[k];
			for (size_t j = k + 1; j < n; j++)
				a[i][j] -= part * a[k][j];
		}
	}
	return sum;
}

double reliability_chi(const reliability *r, double least, size_t *out_freedom)
{
	double a[RELIABILITY_BINS_MAX][RELIABILITY_BINS_MAX], x[RELIABILITY_BINS_MAX];
	size_t used[RELIABILITY_BINS_MAX], n = 0;
	for (size_t b = 0; b < r->bins; b++)
		if (r->covariance[b][b] >= least)
			used[n++] = b;
	for (size_t i = 0; i < n; i++) {
		x[i] = r->was[used[i]] - r->said[used[i]];
		for (size_t j = 0; j < n; j++)
			a[i][j] = r->covariance[used[i]][used[j]];
	}
	*out_freedom = n;
	return inverse_form(a, x, n);
}
