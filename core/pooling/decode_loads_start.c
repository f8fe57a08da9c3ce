#include "core/pooling/decode_loads.h"

#include <math.h>

/* No more sweeps than this, and fewer over so large a matrix that they would take long. */
#define SWEEPS      300
#define SWEEP_STEPS (UINT64_C(1) << 27)

/* The Ct a pool without any is taken to have, beyond the cutoff. */
#define BLANK_BEYOND 1.0

/* Coordinate descent on sum over pools of ((sum of x in it)/amount - 1)^2, where pools that showed nothing have
 * a tiny amount and ask for 0. */
static void descend(const pw_loads *l, pw_effort *effort, const double *amount, double *x,
		    double *rest)
{
	const pw_problem *p = l->p;
	uint64_t steps = p->col_start[p->n] + 1, sweeps = SWEEP_STEPS / steps;
	sweeps = sweeps < SWEEPS ? sweeps : SWEEPS;
	for (uint64_t sweep = 0; sweep < sweeps && pw_effort_spend(effort, steps); sweep++)
		for (uint32_t j = 0; j < p->n; j++) {
			double slope = 0, bend = 0;
			for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++) {
				uint32_t i = p->col[y];
				if (l->pool[i].curve == NULL)
					continue;
				slope += rest[i] / amount[i];
				bend += 1 / (amount[i] * amount[i]);
			}
			if (bend <= 0)
				continue;
			double next = fmax(x[j] + slope / bend, 0), change = next - x[j];
			x[j] = next;
			for (uint32_t y = p->col_start[j]; change != 0 && y < p->col_start[j + 1];
			     y++)
				rest[p->col[y]] -= change / amount[p->col[y]];
		}
}

void pw_loads_apportion(const pw_loads *l, pw_effort *effort, double *part, pw_arena *arena)
{
	const pw_problem *p = l->p;
	double *amount = pw_arena_array(arena, p->m, sizeof(*amount));
	double *rest = pw_arena_array(arena, p->m, sizeof(*rest));
	double *x = pw_arena_array(arena, p->n, sizeof(*x));
	for (size_t i = 0; i < p->m; i++) {
		if (l->pool[i].curve == NULL)
			continue;
		bool seen = pw_ct_curve_amplified(l->pool[i].curve);
		double ct = pw_ct_curve_centre(l->pool[i].curve) + (seen ? 0 : BLANK_BEYOND);
		amount[i] = exp(-l->rate * (ct - l->pool[i].dilution));
		rest[i] = seen ? 1 : 0;
	}
	descend(l, effort, amount, x, rest);
	for (uint32_t j = 0; j < p->n; j++) {
		double least = INFINITY;
		for (uint32_t y = p->col_start[j]; y < p->col_start[j + 1]; y++)
			if (l->pool[p->col[y]].curve != NULL)
				least = fmin(least, amount[p->col[y]]);
		part[j] = least < INFINITY ? x[j] / least : 0;
	}
}
