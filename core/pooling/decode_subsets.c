/*
 * The sum over all 2^n sets of positives, person by person. A pool's likelihood is multiplied in when
 * its last member is decided, so that no likelihood is ever divided by and a zero ends a branch. Sums are
 * built from subtotals, in which rounding grows with n and not with 2^n.
 */
#include "core/pooling/decode_impl.h"

#include <float.h>
#include <math.h>

#define MOST_PERSONS 26

typedef struct walk {
	const pw_problem *p;
	pw_effort *effort;
	uint32_t *positives;   /* by pool, of those decided so far */
	uint32_t *close_start; /* n + 1 */
	uint32_t *close;       /* the pools whose last member a person is */
	uint32_t chosen[MOST_PERSONS];
	pw_sum marginal[MOST_PERSONS];
	pw_sum count[MOST_PERSONS + 1];
	double floor; /* lighter sets are not among the likeliest */
	pw_top *top;
} walk;

uint64_t pw_cost_subsets(const pw_problem *p)
{
	if (p->n > MOST_PERSONS || p->by_load)
		return UINT64_MAX;
	return (UINT64_C(8) << p->n) + p->n * p->m;
}

static void list_closing_pools(walk *w, pw_arena *arena)
{
	const pw_problem *p = w->p;
	w->positives = pw_arena_array(arena, p->m, sizeof(*w->positives));
	w->close_start = pw_arena_array(arena, p->n + 1, sizeof(*w->close_start));
	w->close = pw_arena_array(arena, p->m, sizeof(*w->close));
	uint32_t at = 0;
	for (size_t j = 0; j < p->n; j++) {
		for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
			uint32_t i = p->col[x];
			if (p->row[p->row_start[i + 1] - 1] == j)
				w->close[at++] = i;
		}
		w->close_start[j + 1] = at;
	}
}

static double leaf(walk *w, double weight, uint32_t chosen)
{
	pw_sum_add(&w->count[chosen], weight);
	if (weight > w->floor) {
		pw_top_offer(w->top, log(weight), w->chosen, chosen);
		w->floor = exp(pw_top_floor(w->top));
	}
	return weight;
}

/* The weight of all sets that go on from here; each branch adds its own to the marginals. */
static double visit(walk *w, size_t j, double weight, uint32_t chosen)
{
	const pw_problem *p = w->p;
	if (weight <= 0 || !pw_effort_spend(w->effort, 1))
		return 0;
	if (j == p->n)
		return leaf(w, weight, chosen);
	double total = 0;
	for (int x = 0; x <= (chosen < p->limit); x++) {
		double here = weight * (x == 1 ? p->prior[j] : 1 - p->prior[j]);
		for (uint32_t y = p->col_start[j]; x == 1 && y < p->col_start[j + 1]; y++)
			w->positives[p->col[y]]++;
		for (uint32_t y = w->close_start[j]; y < w->close_start[j + 1]; y++)
			here *= pw_problem_like(p, w->close[y], w->positives[w->close[y]]);
		if (x == 1)
			w->chosen[chosen] = (uint32_t)j;
		double below = visit(w, j + 1, here, chosen + (uint32_t)x);
		if (x == 1) {
			pw_sum_add(&w->marginal[j], below);
			for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++)
				w->positives[p->col[y]]--;
		}
		total += below;
	}
	return total;
}

static void report(const walk *w, double total, pw_arena *arena, pw_partial *out)
{
	const pw_problem *p = w->p;
	double rounding = (double)(4 * p->n + 4 * p->m + 16) * DBL_EPSILON;
	out->posterior = pw_arena_array(arena, p->n, sizeof(*out->posterior));
	out->error = pw_arena_array(arena, p->n, sizeof(*out->error));
	for (size_t j = 0; j < p->n; j++) {
		double q = pw_sum_value(&w->marginal[j]) / total;
		out->posterior[j] = q < 1 ? q : 1;
		out->error[j] = rounding;
	}
	out->counts = p->n + 1;
	out->count = pw_arena_array(arena, out->counts, sizeof(*out->count));
	for (size_t k = 0; k <= p->n; k++)
		out->count[k] = pw_sum_value(&w->count[k]) / total;
	out->logz = log(total);
	out->logz_error = rounding;
	out->method = PW_DECODE_SUBSETS;
}

pw_status pw_solve_subsets(const pw_problem *p, const pw_decode_opts *opts, pw_effort *effort,
			   pw_arena *arena, pw_partial *out, pw_err *err)
{
	if (pw_cost_subsets(p) == UINT64_MAX)
		return pw_fail(err, PW_ERR_LIMIT,
			       "%zu people who hang together are too many for the sum over all "
			       "sets: it takes %d, without Ct; leave the method to the program",
			       p->n, MOST_PERSONS);
	*out = (pw_partial){.logz = 0};
	pw_top_init(&out->top, opts->sets);
	walk w = {.p = p, .effort = effort, .top = &out->top};
	w.floor = exp(pw_top_floor(&out->top));
	list_closing_pools(&w, arena);
	double total = visit(&w, 0, 1, 0);
	if (effort->over)
		return pw_fail(err, PW_ERR_LIMIT,
			       "the sum over all sets did not come to its end in time: allow more, "
			       "or leave the method to the program");
	if (!(total > 0))
		return pw_impossible(err);
	report(&w, total, arena, out);
	return PW_OK;
}
