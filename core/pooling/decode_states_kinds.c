/*
 * Which kept pools are alike. Two are when the problem stays the same if they are exchanged together with their
 * members, the first of one for the first of the other and so on: the same likelihoods, and the same priors and
 * other pools one by one. That finds what plates are made of; who is alike in a more hidden way is not looked for.
 *
 * A person may be in one pool of a kind of several only, since with two of their pools alike to others it would
 * matter which of these are hit together: the rows of a hypercube are a kind, its columns then stay single.
 */
#include "core/pooling/decode_states.h"

#include "core/base/mem.h"

/* The person's pools but for one are those of the other but for another. */
static bool same_others(const pw_problem *p, uint32_t j, uint32_t not_j, uint32_t k, uint32_t not_k)
{
	uint32_t a = p->col_start[j], b = p->col_start[k];
	for (;;) {
		a += a < p->col_start[j + 1] && p->col[a] == not_j;
		b += b < p->col_start[k + 1] && p->col[b] == not_k;
		bool end_a = a == p->col_start[j + 1], end_b = b == p->col_start[k + 1];
		if (end_a || end_b)
			return end_a && end_b;
		if (p->col[a++] != p->col[b++])
			return false;
	}
}

static bool are_alike(const pw_problem *p, uint32_t a, uint32_t b)
{
	const uint32_t *x = p->row + p->row_start[a], *y = p->row + p->row_start[b];
	size_t count = p->row_start[a + 1] - p->row_start[a];
	if (count != p->row_start[b + 1] - p->row_start[b] ||
	    pw_problem_like(p, a, 0) != pw_problem_like(p, b, 0) ||
	    pw_problem_like(p, a, 1) != pw_problem_like(p, b, 1))
		return false;
	for (size_t k = 0; k < count; k++)
		if (p->prior[x[k]] != p->prior[y[k]] || !same_others(p, x[k], a, y[k], b))
			return false;
	return true;
}

/* Whoever is in the pool has it as their one pool of a kind of several. */
static void bar_others(const pw_problem *p, uint32_t pool, bool *barred)
{
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		for (uint32_t y = p->col_start[p->row[x]]; y < p->col_start[p->row[x] + 1]; y++)
			barred[p->col[y]] = barred[p->col[y]] || p->col[y] != pool;
}

void pw_state_kinds_find(const pw_problem *p, const bool *skip, uint32_t *of_kind)
{
	bool *barred = pw_alloc_array(p->m + 1, sizeof(*barred));
	for (uint32_t i = 0; i < p->m; i++) {
		of_kind[i] = i;
		for (uint32_t k = 0; k < i && !skip[i] && !barred[i]; k++) {
			if (skip[k] || of_kind[k] != k || barred[k] || !are_alike(p, k, i))
				continue;
			of_kind[i] = k;
			bar_others(p, k, barred);
			bar_others(p, i, barred);
			break;
		}
	}
	pw_free(barred);
}
