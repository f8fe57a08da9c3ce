#include "core/pooling/decode_loads.h"

#include <math.h>
#include <string.h>

/* Newton's method: at most so many steps, none longer than this many cycles. */
#define MOST_STEPS   40
#define LONGEST_STEP 3.0
#define CLOSE        1e-4

/* Beyond the edges of a bounded distribution of loads the density falls off within so many cycles, for the
 * search of the mode only: the sums over the grid have sharp edges. */
#define SOFT_EDGE 0.15

#define LEAST_LOG (-700.0)
#define LOG_TAU   1.8378770664093453

/* Grid of the sums: from the mode so many standard deviations to both sides; and one over all loads. */
#define GRID        24
#define GRID_SDS    6.0
#define COARSE_GRID 32

/* The tables of the curves go so far beyond the Ct that can be seen, in steps of this many cycles. */
#define TABLE_MARGIN 12.0
#define TABLE_STEP   0.05

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

/* The density with sharp edges. */
static double prior_density(const pw_loads *l, double u)
{
	const pw_ct_model *m = l->p->ct;
	if (m->load_kind != PW_LOAD_NORMAL && (u < m->load_a || u > m->load_b))
		return 0;
	return exp(pw_loads_prior(l, u).log);
}

/* ---- Making ---- */

/* Curves are read often: from tables, with the cubic that has the value and the slope at both ends, which is
 * exact where the logarithm is a parabola. */
static void make_tables(pw_loads *l, pw_arena *arena)
{
	const pw_problem *p = l->p;
	const pw_ct_model *m = p->ct;
	double least_noise = sqrt(m->noise * m->noise + m->well_noise * m->well_noise / 8);
	l->table_step = fmin(TABLE_STEP, fmax(0.25 * least_noise, 0.01));
	l->table_from = fmin(m->earliest, 5) - TABLE_MARGIN;
	double length = (m->cutoff + TABLE_MARGIN - l->table_from) / l->table_step;
	l->table_length = (size_t)length + 2;
	l->table = pw_arena_array(arena, p->m, sizeof(*l->table));
	for (size_t i = 0; i < p->m; i++) {
		if (p->tables.curve[i] == NULL)
			continue;
		l->table[i] = pw_arena_array(arena, 2 * l->table_length, sizeof(**l->table));
		for (size_t k = 0; k < l->table_length; k++) {
			pw_ct_value v = pw_ct_curve_at(p->tables.curve[i],
						       l->table_from + (double)k * l->table_step);
			l->table[i][2 * k] = v.log;
			l->table[i][2 * k + 1] = v.first;
		}
	}
}

static pw_ct_value look_up(const pw_loads *l, size_t pool, double mu)
{
	double h = l->table_step, x = (mu - l->table_from) / h;
	const double *t = l->table[pool];
	if (x < 0)
		return (pw_ct_value){t[0], 0, 0};
	if (x >= (double)(l->table_length - 1))
		return (pw_ct_value){t[2 * (l->table_length - 1)], 0, 0};
	size_t k = (size_t)x;
	double s = x - (double)k, y0 = t[2 * k], d0 = t[2 * k + 1] * h;
	double y1 = t[2 * k + 2], d1 = t[2 * k + 3] * h;
	double c2 = 3 * (y1 - y0) - 2 * d0 - d1, c3 = 2 * (y0 - y1) + d0 + d1;
	return (pw_ct_value){y0 + s * (d0 + s * (c2 + s * c3)),
			     (d0 + s * (2 * c2 + 3 * s * c3)) / h, (2 * c2 + 6 * s * c3) / (h * h)};
}

void pw_loads_init(pw_loads *l, const pw_problem *p, pw_arena *arena)
{
	const pw_ct_model *m = p->ct;
	*l = (pw_loads){.p = p, .rate = log1p(m->efficiency)};
	l->dilution = pw_arena_array(arena, p->m, sizeof(*l->dilution));
	l->amount = pw_arena_array(arena, p->m, sizeof(*l->amount));
	l->positives = pw_arena_array(arena, p->m, sizeof(*l->positives));
	l->seen = pw_arena_array(arena, p->m, sizeof(*l->seen));
	l->slot = pw_arena_array(arena, p->m + 1, sizeof(*l->slot));
	l->gradient = pw_arena_array(arena, PW_LOADS_MOST, sizeof(*l->gradient));
	l->hessian = pw_arena_array(arena, PW_LOADS_MOST * PW_LOADS_MOST, sizeof(*l->hessian));
	l->share = pw_arena_array(arena, p->col_start[p->n] + 1, sizeof(*l->share));
	for (size_t i = 0; i < p->m; i++)
		l->dilution[i] = m->diluted ? log(fmax(p->size[i], 1)) / l->rate : 0;
	bool normal = m->load_kind == PW_LOAD_NORMAL;
	l->low = normal ? m->load_a - 8 * m->load_b : m->load_a;
	l->high = normal ? m->load_a + 8 * m->load_b : m->load_b;
	for (size_t j = 0; j < p->n; j++)
		l->log_none += log1p(-p->prior[j]);
	make_tables(l, arena);
}

/* ---- One state ---- */

static double log_like(const pw_problem *p, size_t pool, uint32_t k)
{
	double like = pw_problem_like(p, pool, k);
	return like > 0 ? log(like) : LEAST_LOG;
}

/* The Ct that the amount in a pool would show. */
static double ct_of(const pw_loads *l, size_t pool, double amount)
{
	return l->dilution[pool] - log(amount) / l->rate;
}

static void fill_amounts(pw_loads *l, const uint32_t *at, size_t count, const double *u)
{
	const pw_problem *p = l->p;
	memset(l->amount, 0, p->m * sizeof(*l->amount));
	memset(l->positives, 0, p->m * sizeof(*l->positives));
	for (size_t k = 0; k < count; k++)
		for (uint32_t x = p->col_start[at[k]]; x < p->col_start[at[k] + 1]; x++) {
			l->amount[p->col[x]] += exp(-l->rate * u[k]);
			l->positives[p->col[x]]++;
		}
}

/* ---- The objective: log prior of the loads and log likelihood of the pools ---- */

/* One pool's part of gradient and Hessian: its members' shares s of the amount are how its Ct moves with
 * theirs, d mu/d u = s, d2 mu/du dv = -rate (s [u=v] - s s'). */
static void add_pool(pw_loads *l, const pw_ct_value *v, const uint32_t *who, const double *share,
		     size_t members, size_t count)
{
	for (size_t x = 0; x < members; x++) {
		l->gradient[who[x]] += v->first * share[x];
		l->hessian[who[x] * count + who[x]] -= v->first * l->rate * share[x];
		for (size_t y = 0; y < members; y++)
			l->hessian[who[x] * count + who[y]] +=
				(v->second + v->first * l->rate) * share[x] * share[y];
	}
}

/* The members of a set in one pool, and their shares. */
static size_t list_members(const pw_loads *l, size_t pool, const uint32_t *at, size_t count,
			   const double *u, uint32_t *who, double *share)
{
	const pw_problem *p = l->p;
	size_t members = 0;
	for (uint32_t k = 0; k < count; k++)
		for (uint32_t x = p->col_start[at[k]]; x < p->col_start[at[k] + 1]; x++)
			if (p->col[x] == pool) {
				who[members] = k;
				share[members++] = exp(-l->rate * u[k]) / l->amount[pool];
			}
	return members;
}

/* Value, gradient and Hessian at u; l->seen becomes what every pool contributes. */
static double objective(pw_loads *l, const uint32_t *at, size_t count, const double *u)
{
	const pw_problem *p = l->p;
	double value = 0;
	uint32_t who[PW_LOADS_MOST];
	double share[PW_LOADS_MOST];
	memset(l->gradient, 0, count * sizeof(*l->gradient));
	memset(l->hessian, 0, count * count * sizeof(*l->hessian));
	fill_amounts(l, at, count, u);
	for (size_t k = 0; k < count; k++) {
		pw_ct_value v = pw_loads_prior(l, u[k]);
		value += v.log;
		l->gradient[k] += v.first;
		l->hessian[k * count + k] += v.second;
	}
	for (size_t i = 0; i < p->m; i++) {
		if (p->tables.curve[i] == NULL || l->positives[i] == 0) {
			l->seen[i] = log_like(p, i, l->positives[i]);
			value += l->seen[i];
			continue;
		}
		pw_ct_value v = look_up(l, i, ct_of(l, i, l->amount[i]));
		size_t members = list_members(l, i, at, count, u, who, share);
		l->seen[i] = v.log;
		value += v.log;
		add_pool(l, &v, who, share, members, count);
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

/* To the top; u becomes it. The derivatives there are left in l. */
static double climb(pw_loads *l, const uint32_t *at, size_t count, double *u)
{
	double step[PW_LOADS_MOST], next[PW_LOADS_MOST], damping = 0;
	double value = objective(l, at, count, u);
	for (int turn = 0; turn < MOST_STEPS; turn++) {
		if (!newton_step(l, count, &damping, step))
			break;
		double length = limit_step(step, count);
		for (size_t k = 0; k < count; k++)
			next[k] = fmin(fmax(u[k] + step[k], l->low - 1), l->high + 1);
		double there = objective(l, at, count, next);
		if (there >= value - 1e-9) {
			memcpy(u, next, count * sizeof(*u));
			bool done = length < CLOSE;
			value = there;
			damping = damping > 0.01 ? damping / 4 : 0;
			if (done)
				break;
		} else {
			damping = fmax(4 * damping, 0.5);
			objective(l, at, count, u);
		}
	}
	return value;
}

/* ---- Where to begin ---- */

/* Nobody has more than the least that the pools they are in can hold. */
static double first_guess(const pw_loads *l, uint32_t person)
{
	const pw_problem *p = l->p;
	double latest = -INFINITY;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		if (p->tables.curve[i] == NULL || !pw_ct_curve_amplified(p->tables.curve[i]))
			continue;
		latest = fmax(latest, pw_ct_curve_centre(p->tables.curve[i]) - l->dilution[i]);
	}
	if (latest == -INFINITY)
		latest = 0.5 * (fmax(l->low, -100) + fmin(l->high, 200));
	return fmin(fmax(latest, l->low), l->high);
}

/* ---- The integral ---- */

/* What the pools of a person say when they have u and everybody else stays: the product of the likelihoods over
 * those at the mode, whose logarithm is `at_mode`. `own`: the amount to take off first. */
static double pools_given(const pw_loads *l, uint32_t person, double u, double own, double at_mode)
{
	const pw_problem *p = l->p;
	double log_value = -at_mode, amount = exp(-l->rate * u);
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		if (p->tables.curve[i] == NULL)
			continue;
		double others = l->positives[i] > (own > 0) ? fmax(l->amount[i] - own, 0) : 0;
		log_value += look_up(l, i, ct_of(l, i, others + amount)).log;
	}
	return exp(log_value);
}

/* The sum of prior · pools over u, about `mode` with the standard deviation that the curvature there gives:
 * Simpson's rule, ended sharply where the distribution of loads ends. */
static double grid_sum(const pw_loads *l, uint32_t person, double mode, double sd, double own,
		       double at_mode)
{
	const pw_ct_model *m = l->p->ct;
	double from = mode - GRID_SDS * sd, to = mode + GRID_SDS * sd, sum = 0;
	if (m->load_kind != PW_LOAD_NORMAL) {
		from = fmax(from, m->load_a);
		to = fmin(to, m->load_b);
		if (from >= to)
			return 0;
	}
	double h = (to - from) / GRID;
	for (int g = 0; g <= GRID; g++) {
		double u = from + g * h, weight = g == 0 || g == GRID ? 1 : g % 2 == 1 ? 4 : 2;
		sum += weight * prior_density(l, u) * pools_given(l, person, u, own, at_mode);
	}
	return sum * h / 3;
}

static double pools_at_mode(const pw_loads *l, uint32_t person)
{
	const pw_problem *p = l->p;
	double sum = 0;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++)
		if (p->tables.curve[p->col[x]] != NULL)
			sum += l->seen[p->col[x]];
	return sum;
}

/* What the distribution of loads itself adds to the curvature where it has none of its own: nobody's load is
 * less certain after the results than before. */
static double prior_curvature(const pw_loads *l)
{
	const pw_ct_model *m = l->p->ct;
	double width = m->load_b - m->load_a;
	if (m->load_kind == PW_LOAD_NORMAL)
		return 0;
	return fmax(m->load_kind == PW_LOAD_LINEAR ? l->rate * l->rate : 0, 12 / (width * width));
}

/* Laplace's integral, and for every coordinate the ratio of its own sum to what Laplace makes of it. */
static double integral(pw_loads *l, const uint32_t *at, size_t count, const double *u, double value)
{
	double matrix[PW_LOADS_MOST * PW_LOADS_MOST], curvature[PW_LOADS_MOST], result = value;
	double damping = prior_curvature(l), least = damping;
	while (!factorise(matrix, l->hessian, count, damping))
		damping = fmax(2 * damping, 1e-3);
	for (size_t k = 0; k < count; k++) {
		result += 0.5 * LOG_TAU - log(matrix[k * count + k]);
		curvature[k] = fmax(-l->hessian[k * count + k] + least, 1e-3);
	}
	for (size_t k = 0; k < count; k++) {
		double sd = 1 / sqrt(curvature[k]), own = exp(-l->rate * u[k]);
		double sum = grid_sum(l, at[k], u[k], sd, own, pools_at_mode(l, at[k]));
		double laplace = exp(pw_loads_prior(l, u[k]).log + 0.5 * LOG_TAU) * sd;
		result += log(fmin(fmax(sum / laplace, 1e-3), 1e3));
	}
	return result;
}

double pw_loads_fit(pw_loads *l, const uint32_t *at, size_t count, double *u)
{
	double log_weight = l->log_none;
	PW_BUG_IF(count > PW_LOADS_MOST);
	for (size_t k = 0; k < count; k++) {
		double p = l->p->prior[at[k]];
		log_weight += log(p / (1 - p));
		if (isnan(u[k]))
			u[k] = first_guess(l, at[k]);
	}
	if (count == 0)
		return log_weight + objective(l, at, 0, u);
	double value = climb(l, at, count, u);
	/* a rejected last step has left its derivatives behind */
	value = objective(l, at, count, u);
	if (value < LEAST_LOG / 2)
		return -INFINITY;
	return log_weight + integral(l, at, count, u, value);
}

/* ---- One more ---- */

/* The logarithm of prior · pools at u, to find the mode by. */
static double lone_value(const pw_loads *l, uint32_t person, double u, double at_mode)
{
	double pools = pools_given(l, person, u, 0, at_mode);
	return pw_loads_prior(l, u).log + (pools > 0 ? log(pools) : LEAST_LOG);
}

/* The best of a coarse grid, and from there by halves. */
static double find_mode(const pw_loads *l, uint32_t person, double at_mode, double *out_best)
{
	double h = (l->high - l->low) / COARSE_GRID, mode = first_guess(l, person);
	double best = lone_value(l, person, mode, at_mode);
	for (int g = 0; g <= COARSE_GRID; g++) {
		double value = lone_value(l, person, l->low + g * h, at_mode);
		if (value > best) {
			best = value;
			mode = l->low + g * h;
		}
	}
	for (double step = h / 2; step > 0.02; step /= 2)
		for (int side = -1; side <= 1; side += 2) {
			double value = lone_value(l, person, mode + side * step, at_mode);
			if (value > best) {
				best = value;
				mode += side * step;
			}
		}
	*out_best = best;
	return mode;
}

/* The sum over the coarse grid of what lies farther than `reach` from the mode. */
static double far_sum(const pw_loads *l, uint32_t person, double mode, double reach, double at_mode)
{
	double h = (l->high - l->low) / COARSE_GRID, sum = 0;
	for (int g = 0; g <= COARSE_GRID; g++) {
		double u = l->low + g * h;
		if (fabs(u - mode) > reach)
			sum += h * prior_density(l, u) * pools_given(l, person, u, 0, at_mode);
	}
	return sum;
}

double pw_loads_gain(const pw_loads *l, uint32_t person, double *out_u)
{
	const pw_problem *p = l->p;
	double log_odds = log(p->prior[person] / (1 - p->prior[person]));
	double at_mode = pools_at_mode(l, person), best, d = 0.05;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x], k = l->positives[i];
		if (p->tables.curve[i] == NULL)
			log_odds += log_like(p, i, k + 1) - log_like(p, i, k);
	}
	double mode = find_mode(l, person, at_mode, &best);
	double bend = (lone_value(l, person, mode + d, at_mode) - 2 * best +
		       lone_value(l, person, mode - d, at_mode)) /
		      (d * d);
	double sd = bend < -1e-3 ? fmin(1 / sqrt(-bend), 2) : 2;
	double sum = grid_sum(l, person, mode, sd, 0, at_mode) +
		     far_sum(l, person, mode, GRID_SDS * sd, at_mode);
	*out_u = mode;
	return sum > 0 ? log_odds + log(sum) : -INFINITY;
}
