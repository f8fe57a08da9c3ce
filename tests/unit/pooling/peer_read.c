#include "tests/unit/pooling/peer_read.h"

#include <string.h>

#include "core/base/mem.h"
#include "core/pooling/explain.h"
#include "tests/unit/pooling/peer_nnomp.h"
#include "tests/unit/pooling/peer_sbl.h"

const char *peer_reader_name(peer_reader reader)
{
	static const char *const names[] = {"COMP", "SCOMP", "SBL by norm", "SBL by mean",
					    "SBL",  "NNOMP", "NNOMP alone"};
	return names[reader];
}

/* SCOMP is of the product (explain.h), which takes calls and no measurements. */
static void read_scomp(const pw_design *design, const double *measured, bool *out_called)
{
	size_t m = pw_design_pools(design);
	pw_pool_reading *readings = pw_alloc_array(m, sizeof(*readings));
	pw_by_word w;
	for (size_t i = 0; i < m; i++)
		readings[i].call = measured[i] > 0 ? PW_POOL_POSITIVE : PW_POOL_NEGATIVE;
	pw_by_word_find(design, readings, &w);
	for (size_t k = 0; k < w.scomp.count; k++)
		out_called[w.scomp.at[k]] = true;
	pw_by_word_clear(&w);
	pw_free(readings);
}

static void estimate(const peer_problem *p, peer_reader reader, pw_rng *rng, double *out_x)
{
	peer_cross cross = PEER_CROSS_INIT;
	peer_sbl_opts opts;
	switch (reader) {
	case PEER_SBL_FIRST:
		opts = peer_sbl_first(p);
		peer_sbl(p, &opts, out_x);
		break;
	case PEER_SBL_SECOND:
		opts = peer_sbl_second(p);
		peer_sbl(p, &opts, out_x);
		break;
	case PEER_SBL:
		opts = peer_sbl_learned(p);
		peer_sbl(p, &opts, out_x);
		break;
	case PEER_NNOMP:
	case PEER_NNOMP_ALONE:
		peer_nnomp(p, peer_nnomp_steps(p, &cross, rng), out_x);
		break;
	case PEER_COMP:
	case PEER_SCOMP:
	default:
		for (size_t j = 0; j < p->cols; j++)
			out_x[j] = 1;
	}
}

void peer_read(const pw_design *design, const double *measured, peer_reader reader, pw_rng *rng,
	       bool *out_called)
{
	peer_problem p;
	memset(out_called, 0, pw_design_samples(design) * sizeof(*out_called));
	if (reader == PEER_SCOMP) {
		read_scomp(design, measured, out_called);
		return;
	}
	if (reader == PEER_NNOMP_ALONE)
		peer_problem_whole(design, measured, &p);
	else
		peer_problem_reduce(design, measured, &p);
	double *x = pw_alloc_array(p.cols + 1, sizeof(*x));
	if (p.rows > 0)
		estimate(&p, reader, rng, x);
	for (size_t j = 0; j < p.cols; j++)
		out_called[p.sample[j]] = x[j] > 0 || p.certain[j];
	pw_free(x);
	peer_problem_clear(&p);
}
