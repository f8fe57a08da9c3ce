#include "tests/unit/pooling/peer_plate.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

static double noise_factor(peer_noise noise, pw_rng *rng)
{
	return noise == PEER_NOISE_CYCLES ? pow(PEER_GROWTH, pw_rng_normal(rng, 0, PEER_CYCLE_SD))
					  : 1 + pw_rng_normal(rng, 0, PEER_SHARE_SD);
}

void peer_plate_draw(const pw_design *design, size_t positives, peer_noise noise, pw_rng *rng,
		     double *out_load, double *out_measured)
{
	size_t n = pw_design_samples(design);
	PW_BUG_IF(positives > n);
	memset(out_load, 0, n * sizeof(*out_load));
	for (size_t k = 0; k < positives;) {
		size_t j = pw_rng_below(rng, n);
		if (out_load[j] > 0)
			continue;
		out_load[j] = PEER_LEAST_LOAD + pw_rng_uniform(rng) * (1 - PEER_LEAST_LOAD);
		k++;
	}
	for (size_t i = 0; i < pw_design_pools(design); i++) {
		pw_design_list members = pw_design_members(design, i);
		double sum = 0;
		for (size_t k = 0; k < members.count; k++)
			sum += out_load[members.at[k]];
		out_measured[i] = sum > 0 ? sum * noise_factor(noise, rng) : 0;
	}
}

/* ---- The problem ---- */

static bool is_cleared(const pw_design *design, const double *measured, size_t sample)
{
	pw_design_list pools = pw_design_pools_of(design, sample);
	for (size_t k = 0; k < pools.count; k++)
		if (measured[pools.at[k]] <= 0)
			return true;
	return false;
}

static void find_certain(peer_problem *p)
{
	for (size_t i = 0; i < p->rows; i++) {
		size_t count = 0, last = 0;
		for (size_t j = 0; j < p->cols; j++) {
			if (p->a[i * p->cols + j] > 0) {
				count++;
				last = j;
			}
		}
		if (count == 1)
			p->certain[last] = true;
	}
}

static void make(const pw_design *design, const double *measured, bool whole, peer_problem *out)
{
	size_t m = pw_design_pools(design), n = pw_design_samples(design), rows = 0, row = 0;
	peer_problem p = {.sample = pw_alloc_array(n, sizeof(*p.sample)),
			  .certain = pw_alloc_array(n, sizeof(*p.certain)),
			  .y = pw_alloc_array(m, sizeof(*p.y))};
	for (size_t j = 0; j < n; j++)
		if (whole || !is_cleared(design, measured, j))
			p.sample[p.cols++] = (uint32_t)j;
	for (size_t i = 0; i < m; i++) {
		p.mean += measured[i] / (double)m;
		rows += whole || measured[i] > 0;
	}
	p.a = pw_alloc_array(rows * p.cols + 1, sizeof(*p.a));
	for (size_t i = 0; i < m; i++) {
		if (!whole && measured[i] <= 0)
			continue;
		for (size_t j = 0; j < p.cols; j++)
			p.a[row * p.cols + j] = pw_design_has(design, i, p.sample[j]);
		p.y[row++] = measured[i];
	}
	p.rows = rows;
	if (!whole)
		find_certain(&p);
	*out = p;
}

void peer_problem_reduce(const pw_design *design, const double *measured, peer_problem *out)
{
	make(design, measured, false, out);
}

void peer_problem_whole(const pw_design *design, const double *measured, peer_problem *out)
{
	make(design, measured, true, out);
}

void peer_problem_clear(peer_problem *problem)
{
	pw_free(problem->a);
	pw_free(problem->y);
	pw_free(problem->sample);
	pw_free(problem->certain);
	*problem = (peer_problem){.rows = 0};
}
