#include "core/pooling/decode_loads.h"

#include <math.h>
#include <string.h>

/* Newton's method: at most so many steps, none longer than this many cycles. */
#define MOST_STEPS   40
#define LONGEST_STEP 3.0
#define CLOSE        1e-4

/* Beyond the edges of a bounded distribution of loads the density falls off within so many cycles, for the
 * search of the mode only: the sums over a grid have sharp edges. */
#define SOFT_EDGE 0.15

#define LEAST_LOG (-700.0)
#define LOG_TAU   1.8378770664093453
#define TAU       6.283185307179586

#define SPARE_TIMES 3.0
#define LEAST_SPARE 1e-4
#define MOST_SPARE  0.1

/* A normal distribution of loads is taken to end so many standard deviations from its mean. */
#define NORMAL_SDS 8.0

/* The tables of the curves go so many standard deviations beyond their peaks and the cutoff, and a standard deviation
 * has so many cells; but all of them together no more than so many, or their least if the pools are many. */
#define TABLE_SDS   16.0
#define CELLS_A_SD  5.0
#define MOST_CELLS  20000
#define LEAST_CELLS 256
#define ALL_CELLS   (1 << 19)

/* ---- Loads beforehand ---- */

static double edge_penalty(double beyond)
{
	return beyond > 0 ? -0.5 * beyond * beyond / (SOFT_EDGE * SOFT_EDGE) : 0;
}

pw_ct_value pw_loads_prior(const pw_loads *l, double u)
{
	const pw_ct_model *m = l->p->ct;
	double a = m->load_a, b = m->load_b;
	pw_ct_value v = {0, 0, 0};
	if (m->load_kind == PW_LOAD_NORMAL) {
		double z = (u - a) / b;
		v.log = -0.5 * z * z - 0.5 * LOG_TAU - log(b);
		v.first = -z / b;
		v.second = -1 / (b * b);
		return v;
	}
	if (m->load_kind == PW_LOAD_LINEAR) {
		/* amounts e^(-rate u), all alike from e^(-rate b) to e^(-rate a) */
		v.log = log(l->rate) - l->rate * (u - a) - log1p(-exp(-l->rate * (b - a)));
		v.first = -l->rate;
	} else {
		v.log = -log(b - a);
	}
	double below = a - u, above = u - b;
	v.log += edge_penalty(below) + edge_penalty(above);
	if (below > 0 || above > 0) {
		double beyond = below > 0 ? -below : above;
		v.first -= beyond / (SOFT_EDGE * SOFT_EDGE);
		v.second -= 1 / (SOFT_EDGE * SOFT_EDGE);
	}
	return v;
}

double pw_loads_prior_log(const pw_loads *l, double u)
{
	return u < l->low || u > l->high ? -INFINITY : pw_loads_prior(l, u).log;
}

/* ---- Making ---- */

/* Where a curve is not flat: about its peaks, and about the cutoff where a well did not amplify. */
static void choose_range(const pw_loads *l, pw_loads_pool *pool, double *out_sd, double *out_to)
{
	const pw_ct_model *m = l->p->ct;
	double widest = hypot(m->noise, m->well_noise), from = m->cutoff, to = m->cutoff;
	*out_sd = widest;
	pool->peaks = pw_ct_curve_peaks(pool->curve, pool->peak);
	bool blank = pw_ct_curve_blank(pool->curve);
	for (size_t k = 0; k < pool->peaks; k++) {
		from = !blank && k == 0 ? pool->peak[k].at : fmin(from, pool->peak[k].at);
		to = !blank && k == 0 ? pool->peak[k].at : fmax(to, pool->peak[k].at);
		*out_sd = fmin(*out_sd, pool->peak[k].sd);
	}
	if (blank && m->well_noise > 0)
		*out_sd = fmin(*out_sd, fmax(m->well_noise, 0.01));
	pool->from = from - TABLE_SDS * widest;
	*out_to = to + TABLE_SDS * widest;
}

/* Curves are read often: from tables, with the cubic that has the value and the slope at both ends of a cell, which
 * is exact where the logarithm is a parabola. */
static void make_table(pw_loads *l, pw_loads_pool *pool, pw_arena *arena)
{
	double sd, to, most = -INFINITY;
	choose_range(l, pool, &sd, &to);
	double cells = ceil((to - pool->from) * CELLS_A_SD / sd);
	double most_cells = fmax((double)ALL_CELLS / (double)l->p->m, LEAST_CELLS);
	pool->cells = (size_t)fmin(cells, fmin(most_cells, MOST_CELLS));
	double h = (to - pool->from) / (double)pool->cells;
	double *cubic = pw_arena_array(arena, 4 * pool->cells, sizeof(*cubic));
	double *reach = pw_arena_array(arena, pool->cells, sizeof(*reach));
	pw_ct_value a = pw_ct_curve_at(pool->curve, pool->from);
	for (size_t k = 0; k < pool->cells; k++) {
		pw_ct_value b = pw_ct_curve_at(pool->curve, pool->from + (double)(k + 1) * h);
		double rise = b.log - a.log, d0 = a.first * h, d1 = b.first * h;
		cubic[4 * k] = a.log;
		cubic[4 * k + 1] = d0;
		cubic[4 * k + 2] = 3 * rise - 2 * d0 - d1;
		cubic[4 * k + 3] = d0 + d1 - 2 * rise;
		most = fmax(most, fmax(a.log, b.log));
		reach[k] = most;
		a = b;
	}
	pool->per_cycle = 1 / h;
	pool->cubic = cubic;
	pool->reach = reach;
}

/* When loads are drawn, a pool that others are still to come to may be filled up by one of them: about as often as a load
 * is just that, and somewhat more, so that no way to explain the pool is drawn much too rarely. */
static void choose_spare(pw_loads *l, pw_loads_pool *pool)
{
	pool->spare = LEAST_SPARE;
	for (size_t k = 0; k < pool->peaks; k++) {
		double u = pool->peak[k].at - pool->dilution;
		double chance = sqrt(TAU) * pool->peak[k].sd * exp(pw_loads_prior(l, u).log);
		pool->spare = fmax(pool->spare, fmin(SPARE_TIMES * chance, MOST_SPARE));
	}
}

/* Pools that say the same share their table: on most plates nearly all do. */
static void make_tables(pw_loads *l, pw_arena *arena)
{
	const pw_loads_pool *alike = NULL;
	for (size_t i = 0; i < l->p->m; i++) {
		pw_loads_pool *pool = &l->pool[i];
		double dilution = pool->dilution;
		if (pool->curve == NULL)
			continue;
		if (alike != NULL && pw_ct_curve_same(pool->curve, alike->curve)) {
			*pool = *alike;
			pool->dilution = dilution;
			continue;
		}
		make_table(l, pool, arena);
		choose_spare(l, pool);
		alike = pw_ct_curve_amplified(pool->curve) ? alike : pool;
	}
}

/* Nodes over all loads: even where the distribution ends at edges, closer about its mean where it is normal. */
static void make_coarse(pw_loads *l)
{
	static const double sds[] = {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, NORMAL_SDS};
	const pw_ct_model *m = l->p->ct;
	l->coarse = PW_LOADS_COARSE;
	for (size_t k = 0; k < l->coarse; k++) {
		size_t half = l->coarse / 2;
		double u = l->low + (l->high - l->low) * (double)k / (double)(l->coarse - 1);
		if (m->load_kind == PW_LOAD_NORMAL)
			u = m->load_a + m->load_b * (k < half ? -sds[half - k] : sds[k - half]);
		l->coarse_u[k] = u;
		l->coarse_amount[k] = exp(-l->rate * u);
		l->coarse_log[k] = pw_loads_prior(l, u).log;
	}
}

/* What the pools of a person may say at most, whatever the others have: of each its reach. */
static void make_open(pw_loads *l, pw_effort *effort, pw_arena *arena)
{
	const pw_problem *p = l->p;
	pw_load_curve *curve = pw_arena_alloc(arena, sizeof(*curve));
	l->open = pw_arena_array(arena, p->n, sizeof(*l->open));
	for (uint32_t j = 0; j < p->n; j++) {
		/* no pool says more than 0, and the density of loads is 1 in all */
		if (!pw_effort_spend(effort, PW_LOADS_CURVE_STEPS))
			continue;
		pw_load_curve_make(l, j, l->amount, NULL, true, curve);
		l->open[j] = curve->log;
	}
}

void pw_loads_init(pw_loads *l, const pw_problem *p, pw_effort *effort, pw_arena *arena)
{
	const pw_ct_model *m = p->ct;
	bool normal = m->load_kind == PW_LOAD_NORMAL;
	*l = (pw_loads){.p = p, .rate = log1p(m->efficiency)};
	l->pool = pw_arena_array(arena, p->m, sizeof(*l->pool));
	l->amount = pw_arena_array(arena, p->m, sizeof(*l->amount));
	l->positives = pw_arena_array(arena, p->m, sizeof(*l->positives));
	l->seen = pw_arena_array(arena, p->m, sizeof(*l->seen));
	l->known = pw_arena_array(arena, p->m, sizeof(*l->known));
	l->hoped = pw_arena_array(arena, p->m, sizeof(*l->hoped));
	l->drawn_from = pw_arena_array(arena, PW_LOADS_MOST, sizeof(*l->drawn_from));
	l->list_start = pw_arena_array(arena, p->m + 1, sizeof(*l->list_start));
	l->list = pw_arena_array(arena, p->col_start[p->n] + 1, sizeof(*l->list));
	l->gradient = pw_arena_array(arena, PW_LOADS_MOST, sizeof(*l->gradient));
	l->hessian =
		pw_arena_array(arena, (size_t)PW_LOADS_MOST * PW_LOADS_MOST, sizeof(*l->hessian));
	for (size_t i = 0; i < p->m; i++) {
		l->pool[i].curve = p->tables.curve[i];
		l->pool[i].dilution = m->diluted ? log(fmax(p->size[i], 1)) / l->rate : 0;
	}
	l->low = normal ? m->load_a - NORMAL_SDS * m->load_b : m->load_a;
	l->high = normal ? m->load_a + NORMAL_SDS * m->load_b : m->load_b;
	for (size_t j = 0; j < p->n; j++)
		l->log_none += log1p(-p->prior[j]);
	make_tables(l, arena);
	make_coarse(l);
	make_open(l, effort, arena);
}

/* ---- Reading the tables ---- */

double pw_loads_ct(const pw_loads *l, size_t pool, double amount)
{
	return l->pool[pool].dilution - log(amount) / l->rate;
}

/* The cell, and how far into it; false outside of the table, where the cell is the first or the last. */
static bool find_cell(const pw_loads_pool *pool, double ct, size_t *out_cell, double *out_s)
{
	double x = (ct - pool->from) * pool->per_cycle;
	bool inside = x >= 0 && x < (double)pool->cells;
	*out_cell = inside ? (size_t)x : x >= 0 ? pool->cells - 1 : 0;
	*out_s = inside ? x - (double)*out_cell : x >= 0 ? 1 : 0;
	return inside;
}

double pw_loads_pool_log(const pw_loads_pool *pool, double ct)
{
	size_t k;
	double s;
	find_cell(pool, ct, &k, &s);
	const double *c = pool->cubic + 4 * k;
	return c[0] + s * (c[1] + s * (c[2] + s * c[3]));
}

double pw_loads_pool_reach(const pw_loads_pool *pool, double ct)
{
	size_t k;
	double s;
	find_cell(pool, ct, &k, &s);
	return pool->reach[k];
}

static pw_ct_value value_of(const pw_loads_pool *pool, double ct)
{
	size_t k;
	double s, f = pool->per_cycle;
	bool inside = find_cell(pool, ct, &k, &s);
	const double *c = pool->cubic + 4 * k;
	pw_ct_value v = {c[0] + s * (c[1] + s * (c[2] + s * c[3])), 0, 0};
	if (inside) {
		v.first = f * (c[1] + s * (2 * c[2] + 3 * s * c[3]));
		v.second = f * f * (2 * c[2] + 6 * s * c[3]);
	}
	return v;
}

double pw_loads_called(const pw_loads *l, size_t pool, uint32_t k)
{
	double like = pw_problem_like(l->p, pool, k);
	return like > 0 ? log(like) : LEAST_LOG;
}

/* ---- The objective: log prior of the loads and log likelihood of the pools ---- */

/* Who of the set is in which pool, by their numbers in the set. */
void pw_loads_list(pw_loads *l, const uint32_t *at, size_t count)
{
	const pw_problem *p = l->p;
	memset(l->positives, 0, p->m * sizeof(*l->positives));
	for (size_t k = 0; k < count; k++)
		for (uint32_t x = p->col_start[at[k]]; x < p->col_start[at[k] + 1]; x++)
			l->positives[p->col[x]]++;
	for (size_t i = 0; i < p->m; i++)
		l->list_start[i + 1] = l->list_start[i] + l->positives[i];
	memset(l->positives, 0, p->m * sizeof(*l->positives));
	for (uint32_t k = 0; k < count; k++)
		for (uint32_t x = p->col_start[at[k]]; x < p->col_start[at[k] + 1]; x++) {
			uint32_t i = p->col[x];
			l->list[l->list_start[i] + l->positives[i]++] = k;
		}
}

/* One pool's part of gradient and Hessian: its members' shares s of the amount are how its Ct moves with
 * theirs, d mu/d u = s, d2 mu/du dv = -rate (s [u=v] - s s'). */
static void add_pool(pw_loads *l, size_t pool, const pw_ct_value *v, const double *own,
		     size_t count)
{
	const uint32_t *who = l->list + l->list_start[pool];
	for (uint32_t x = 0; x < l->positives[pool]; x++) {
		double share = own[who[x]] / l->amount[pool];
		l->gradient[who[x]] += v->first * share;
		l->hessian[who[x] * count + who[x]] -= v->first * l->rate * share;
		for (uint32_t y = 0; y < l->positives[pool]; y++)
			l->hessian[who[x] * count + who[y]] += (v->second + v->first * l->rate) *
							       share * own[who[y]] /
							       l->amount[pool];
	}
}

/* Value, gradient and Hessian at u; l->seen becomes what every pool contributes. */
static double objective(pw_loads *l, size_t count, const double *u)
{
	const pw_problem *p = l->p;
	double value = 0, own[PW_LOADS_MOST];
	memset(l->gradient, 0, count * sizeof(*l->gradient));
	memset(l->hessian, 0, count * count * sizeof(*l->hessian));
	for (size_t k = 0; k < count; k++) {
		pw_ct_value v = pw_loads_prior(l, u[k]);
		own[k] = exp(-l->rate * u[k]);
		value += v.log;
		l->gradient[k] += v.first;
		l->hessian[k * count + k] += v.second;
	}
	for (size_t i = 0; i < p->m; i++) {
		l->amount[i] = 0;
		for (uint32_t x = l->list_start[i]; x < l->list_start[i + 1]; x++)
			l->amount[i] += own[l->list[x]];
		if (l->pool[i].curve == NULL || l->positives[i] == 0) {
			l->seen[i] = pw_loads_called(l, i, l->positives[i]);
		} else {
			pw_ct_value v = value_of(&l->pool[i], pw_loads_ct(l, i, l->amount[i]));
			l->seen[i] = v.log;
			add_pool(l, i, &v, own, count);
		}
		value += l->seen[i];
	}
	return value;
}

/* ---- Newton ---- */

/* Cholesky of -H + damping; false when it is not positive definite. In place of `matrix`. */
static bool factorise(double *matrix, const double *hessian, size_t n, double damping)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j <= i; j++) {
			double sum = -hessian[i * n + j] + (i == j ? damping : 0);
			for (size_t k = 0; k < j; k++)
				sum -= matrix[i * n + k] * matrix[j * n + k];
			if (i != j)
				matrix[i * n + j] = sum / matrix[j * n + j];
			else if (sum > 1e-10)
				matrix[i * n + i] = sqrt(sum);
			else
				return false;
		}
	return true;
}

static void solve(const double *matrix, size_t n, const double *right, double *out)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = right[i];
		for (size_t k = 0; k < i; k++)
			out[i] -= matrix[i * n + k] * out[k];
		out[i] /= matrix[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			out[i] -= matrix[k * n + i] * out[k];
		out[i] /= matrix[i * n + i];
	}
}

/* A step uphill; the damping grows until the matrix lets us and falls when it did. */
static bool newton_step(const pw_loads *l, size_t count, double *damping, double *step)
{
	double matrix[PW_LOADS_MOST * PW_LOADS_MOST];
	for (int tries = 0; tries < 24; tries++) {
		if (factorise(matrix, l->hessian, count, *damping)) {
			solve(matrix, count, l->gradient, step);
			return true;
		}
		*damping = fmax(*damping * 4, 0.1);
	}
	return false;
}

static double limit_step(double *step, size_t count)
{
	double longest = 0;
	for (size_t k = 0; k < count; k++)
		longest = fmax(longest, fabs(step[k]));
	for (size_t k = 0; longest > LONGEST_STEP && k < count; k++)
		step[k] *= LONGEST_STEP / longest;
	return fmin(longest, LONGEST_STEP);
}

/* To the top, which u becomes. */
static void climb(pw_loads *l, size_t count, double *u)
{
	double step[PW_LOADS_MOST], next[PW_LOADS_MOST], damping = 0;
	double value = objective(l, count, u);
	for (int turn = 0; turn < MOST_STEPS; turn++) {
		if (!newton_step(l, count, &damping, step))
			break;
		double length = limit_step(step, count);
		for (size_t k = 0; k < count; k++)
			next[k] = fmin(fmax(u[k] + step[k], l->low - 1), l->high + 1);
		double there = objective(l, count, next);
		if (there < value - 1e-9) {
			damping = fmax(4 * damping, 0.5);
			objective(l, count, u);
			continue;
		}
		memcpy(u, next, count * sizeof(*u));
		value = there;
		damping = damping > 0.01 ? damping / 4 : 0;
		if (length < CLOSE)
			break;
	}
}

/* ---- Where to begin ---- */

/* Nobody has more than the least that the pools they are in can hold. */
static double first_guess(const pw_loads *l, uint32_t person)
{
	const pw_problem *p = l->p;
	double latest = -INFINITY;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		const pw_loads_pool *pool = &l->pool[p->col[x]];
		if (pool->curve != NULL && pw_ct_curve_amplified(pool->curve))
			latest = fmax(latest, pw_ct_curve_centre(pool->curve) - pool->dilution);
	}
	if (latest == -INFINITY)
		latest = 0.5 * (l->low + l->high);
	return fmin(fmax(latest, l->low), l->high);
}

double pw_loads_settle(pw_loads *l, const uint32_t *at, size_t count, double *u)
{
	PW_BUG_IF(count > PW_LOADS_MOST);
	for (size_t k = 0; k < count; k++)
		if (isnan(u[k]))
			u[k] = first_guess(l, at[k]);
	pw_loads_list(l, at, count);
	if (count > 0)
		climb(l, count, u);
	/* a rejected last step has left its amounts behind */
	return objective(l, count, u);
}
