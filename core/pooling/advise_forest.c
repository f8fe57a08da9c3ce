/*
 * The best forest. What it costs to cut a group further depends on the chain of pools above it (the s, f, N
 * of eval_forest.c) and is a sum over its parts: the test of the part, when the chain is positive, and
 * what cutting the part costs then. So the best cut of places a to b is the cheapest way to go from a to
 * b in steps, each step a part: dynamic programming, and below it again for each part. Parts of one are
 * people alone, so a group that is not worth cutting comes out as such.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/vec.h"
#include "core/pooling/advise.h"

typedef struct chain {
	double all, false_, nobody, positive;
} chain;

struct pw_cutter {
	size_t stages, largest;
	const double *log_none;
	bool uniform;
	pw_odds *odds;                         /* of a pool, by size; [1] is somebody alone */
	double *cost[PW_SCHEME_MAX_STAGES];    /* by round, by place behind the start */
	uint32_t *part[PW_SCHEME_MAX_STAGES];  /* the last part on the cheapest way there */
	double *by_size[PW_SCHEME_MAX_STAGES]; /* uniform: of one part, by its size */
};

pw_cutter *pw_cutter_new(const pw_advise_plan *plan, size_t stages, const double *log_none,
			 bool uniform, size_t largest)
{
	pw_cutter *cutter = pw_alloc(sizeof(*cutter));
	pw_test_model model = pw_advise_model(plan, stages);
	cutter->stages = stages;
	cutter->largest = largest;
	cutter->log_none = log_none;
	cutter->uniform = uniform;
	cutter->odds = pw_alloc_array(largest + 1, sizeof(*cutter->odds));
	for (size_t size = 1; size <= largest; size++)
		cutter->odds[size] = pw_model_odds(&model, 0, stages, size);
	for (size_t d = 0; d < stages; d++) {
		cutter->cost[d] = pw_alloc_array(largest + 1, sizeof(double));
		cutter->part[d] = pw_alloc_array(largest + 1, sizeof(uint32_t));
		cutter->by_size[d] = pw_alloc_array(largest + 1, sizeof(double));
	}
	return cutter;
}

void pw_cutter_free(pw_cutter *cutter)
{
	if (cutter == NULL)
		return;
	for (size_t d = 0; d < cutter->stages; d++) {
		pw_free(cutter->cost[d]);
		pw_free(cutter->part[d]);
		pw_free(cutter->by_size[d]);
	}
	pw_free(cutter->odds);
	pw_free(cutter);
}

static double nobody_in(const pw_cutter *c, size_t start, size_t end)
{
	return c->uniform ? exp(c->log_none[end - start])
			  : exp(c->log_none[end] - c->log_none[start]);
}

static chain root(const pw_cutter *c, size_t start, size_t end)
{
	pw_odds odds = c->odds[end - start];
	chain r = {.all = odds.se, .nobody = nobody_in(c, start, end)};
	r.false_ = odds.false_ * r.nobody;
	r.positive = r.false_ + r.all * (1.0 - r.nobody);
	return r;
}

static chain below(const pw_cutter *c, const chain *up, size_t start, size_t end)
{
	pw_odds odds = c->odds[end - start];
	chain r = {.all = up->all * odds.se, .nobody = nobody_in(c, start, end)};
	r.false_ = (up->false_ + up->all * (r.nobody - up->nobody)) * odds.false_;
	r.positive = r.false_ + r.all * (1.0 - r.nobody);
	return r;
}

static double cut(pw_cutter *c, size_t round, size_t start, size_t end, const chain *up);

/* A part in round `round` of a group whose chain `up` is positive that often. */
static double part_cost(pw_cutter *c, size_t round, size_t start, size_t end, const chain *up)
{
	if (end - start == 1)
		return up->positive;
	chain here = below(c, up, start, end);
	return up->positive + cut(c, round + 1, start, end, &here);
}

/* Tests from `round` on of a positive group; the cheapest way stays in part[round]. */
static double cut(pw_cutter *c, size_t round, size_t start, size_t end, const chain *up)
{
	size_t n = end - start;
	double *cost = c->cost[round], *by_size = c->by_size[round];
	if (round + 1 == c->stages) { /* everybody alone */
		for (size_t k = 1; k <= n; k++)
			c->part[round][k] = 1;
		return up->positive * (double)n;
	}
	for (size_t size = 1; c->uniform && size < n; size++)
		by_size[size] = part_cost(c, round, 0, size, up);
	cost[0] = 0.0;
	for (size_t k = 1; k <= n; k++) {
		cost[k] = INFINITY;
		for (size_t size = 1; size <= k && size < n; size++) {
			double whole =
				cost[k - size] +
				(c->uniform ? by_size[size]
					    : part_cost(c, round, start + k - size, start + k, up));
			/* Of equals the larger part, but for rounding. */
			if (whole < cost[k] + 1e-13) {
				cost[k] = whole;
				c->part[round][k] = (uint32_t)size;
			}
		}
	}
	return cost[n];
}

double pw_cutter_cost(pw_cutter *cutter, size_t start, size_t end)
{
	if (end - start == 1)
		return 1.0;
	chain r = root(cutter, start, end);
	return 1.0 + cut(cutter, 1, start, end, &r);
}

size_t pw_cutter_partition(pw_cutter *cutter, size_t people, size_t largest, uint32_t *out_sizes)
{
	double *cost = pw_alloc_array(people + 1, sizeof(*cost));
	uint32_t *last = pw_alloc_array(people + 1, sizeof(*last));
	for (size_t k = 1; k <= people; k++) {
		cost[k] = INFINITY;
		for (size_t size = 1; size <= k && size <= largest; size++) {
			double whole = cost[k - size] + pw_cutter_cost(cutter, k - size, k);
			if (whole < cost[k]) {
				cost[k] = whole;
				last[k] = (uint32_t)size;
			}
		}
	}
	size_t count = 0;
	for (size_t k = people; k > 0; k -= last[k])
		count++;
	size_t at = count;
	for (size_t k = people; k > 0; k -= last[k])
		out_sizes[--at] = last[k];
	pw_free(last);
	pw_free(cost);
	return count;
}

/* ---- The scheme ---- */

typedef struct rounds {
	PW_VEC(uint32_t) sizes[PW_SCHEME_MAX_STAGES];
	size_t count;
} rounds;

static int larger_first(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x < y) - (x > y);
}

/* Writes a group of `round` - 1 into that round and those behind it: its parts, or itself uncut. */
static void write_parts(pw_cutter *c, size_t round, size_t start, size_t end, const chain *up,
			rounds *out)
{
	uint32_t parts[PW_ADVISE_MAX_SIZE];
	size_t count = 0, n = end - start;
	if (round + 1 >= c->stages)
		return;
	if (n > 1) {
		cut(c, round, start, end, up);
		for (size_t k = n; k > 0; k -= c->part[round][k])
			parts[count++] = c->part[round][k];
	}
	if (count == n || n == 1) {
		for (; round + 1 < c->stages; round++)
			pw_vec_push(&out->sizes[round], (uint32_t)n);
		return;
	}
	for (size_t i = 0; i < count / 2; i++) { /* the cheapest way was read backwards */
		uint32_t swap = parts[i];
		parts[i] = parts[count - 1 - i];
		parts[count - 1 - i] = swap;
	}
	if (c->uniform)
		qsort(parts, count, sizeof(*parts), larger_first);
	for (size_t i = 0; i < count; i++) {
		chain here = below(c, up, start, start + parts[i]);
		pw_vec_push(&out->sizes[round], parts[i]);
		write_parts(c, round + 1, start, start + parts[i], &here, out);
		start += parts[i];
	}
}

pw_status pw_cutter_scheme(pw_cutter *cutter, const uint32_t *first, size_t count, pw_scheme **out,
			   pw_err *err)
{
	rounds r = {.count = cutter->stages > 1 ? cutter->stages - 1 : 1};
	pw_level levels[PW_SCHEME_MAX_STAGES];
	size_t start = 0;
	for (size_t i = 0; i < count; i++) {
		pw_vec_push(&r.sizes[0], first[i]);
		chain up = root(cutter, start, start + first[i]);
		write_parts(cutter, 1, start, start + first[i], &up, &r);
		start += first[i];
	}
	for (size_t l = 0; l < r.count; l++)
		levels[l] = (pw_level){r.sizes[l].ptr, r.sizes[l].len};
	pw_status rc = pw_scheme_hierarchical(levels, r.count, out, err);
	for (size_t l = 0; l < r.count; l++)
		pw_vec_clear(&r.sizes[l]);
	return rc;
}
