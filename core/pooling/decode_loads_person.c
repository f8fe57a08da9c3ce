/*
 * One person's load, given the others': its density on a grid. The grid is coarse over all loads and fine where a
 * pool of the person asks for a certain amount, or ceases to notice; in between the density is linear.
 */
#include "core/pooling/decode_loads.h"

#include <math.h>
#include <string.h>

/* Nodes about a peak, in its standard deviations; two nodes are not closer than GAP of them. */
static const double about_peak[] = {0, -0.6, 0.6, -1.2, 1.2, -1.8, 1.8, -2.6, 2.6, -3.8, 3.8};
static const double about_edge[] = {0, -0.8, 0.8, -2, 2};
#define GAP 0.25

/* A density so much below the highest (natural logarithm) is nothing. */
#define NOTHING 30.0

/* ---- Nodes ---- */

typedef struct nodes {
	const pw_loads *l;
	size_t count;
	double u[PW_LOADS_NODES];
} nodes;

/* In their order, unless one is there already as close as `gap`. */
static void add_node(nodes *n, double u, double gap)
{
	if (u <= n->l->low || u >= n->l->high || n->count == PW_LOADS_NODES)
		return;
	size_t k = n->count;
	while (k > 0 && n->u[k - 1] > u)
		k--;
	if ((k > 0 && u - n->u[k - 1] < gap) || (k < n->count && n->u[k] - u < gap))
		return;
	memmove(n->u + k + 1, n->u + k, (n->count - k) * sizeof(*n->u));
	n->u[k] = u;
	n->count++;
}

static void add_nodes(nodes *n, double at, double sd, const double *where, size_t count)
{
	for (size_t k = 0; k < count; k++)
		add_node(n, at + where[k] * sd, GAP * sd);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Where a pool asks for what is missing to what it shows; or, when nothing is missing, where it begins to notice
 * more. */
static void add_peaks(nodes *n, const pw_loads_pool *pool, double others)
{
	double rate = n->l->rate;
	for (size_t k = 0; k < pool->peaks; k++) {
		double sd = pool->peak[k].sd;
		double amount = exp(-rate * (pool->peak[k].at - pool->dilution));
		double missing = amount - others;
		double noticed = others * (exp(1.5 * rate * sd) - 1);
		if (missing > noticed)
			add_nodes(n, -log(missing) / rate, sd * amount / missing, about_peak,
				  COUNT(about_peak));
		else
			add_nodes(n, -log(noticed) / rate, 1.2, about_edge, COUNT(about_edge));
	}
}

static void choose_nodes(nodes *n, uint32_t person, const double *known, const double *hoped)
{
	const pw_loads *l = n->l;
	const pw_problem *p = l->p;
	const pw_ct_model *m = p->ct;
	memcpy(n->u, l->coarse_u, l->coarse * sizeof(*n->u));
	n->count = l->coarse;
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x];
		const pw_loads_pool *pool = &l->pool[i];
		double more = hoped != NULL ? hoped[i] : 0;
		if (pool->curve == NULL)
			continue;
		if (!pw_ct_curve_amplified(pool->curve)) {
			add_nodes(n, m->cutoff - pool->dilution, hypot(m->noise, m->well_noise),
				  about_edge, COUNT(about_edge));
			continue;
		}
		add_peaks(n, pool, known[i] + more);
		if (more > 0)
			add_peaks(n, pool, known[i]);
	}
}

/* ---- The density ---- */

/* What a pool says to so much of one's own, which is load `u`. */
static double pool_says(const pw_loads *l, size_t i, double known, double own, double u)
{
	const pw_loads_pool *pool = &l->pool[i];
	return pw_loads_pool_log(pool,
				 known > 0 ? pw_loads_ct(l, i, known + own) : u + pool->dilution);
}

/* The most it can say, however much is added. */
static double pool_reaches(const pw_loads *l, size_t i, double known, double own, double u)
{
	const pw_loads_pool *pool = &l->pool[i];
	return pw_loads_pool_reach(pool,
				   known > 0 ? pw_loads_ct(l, i, known + own) : u + pool->dilution);
}

/* When others will come to the pool: if what is hoped of them does, or whatever is missing. */
static double pool_may_say(const pw_loads *l, size_t i, double known, double hoped, double own,
			   double u)
{
	double spare = l->pool[i].spare, reach = pool_reaches(l, i, known, own, u);
	double then = pool_says(l, i, known + hoped, own, u);
	return reach + log(spare + (1 - spare) * exp(then - reach));
}

static void fill_values(const pw_loads *l, uint32_t person, const double *known,
			const double *hoped, bool open, pw_load_curve *c)
{
	const pw_problem *p = l->p;
	size_t coarse = 0;
	c->top = -INFINITY;
	for (size_t k = 0; k < c->count; k++) {
		double u = c->u[k];
		bool is_coarse = coarse < l->coarse && u == l->coarse_u[coarse];
		double own = is_coarse ? l->coarse_amount[coarse] : exp(-l->rate * u);
		double value = is_coarse ? l->coarse_log[coarse] : pw_loads_prior(l, u).log;
		coarse += is_coarse;
		for (uint32_t x = p->col_start[person];
		     x < p->col_start[person + 1] && value > c->top - NOTHING; x++) {
			uint32_t i = p->col[x];
			if (l->pool[i].curve == NULL)
				continue;
			if (open)
				value += pool_reaches(l, i, known[i], own, u);
			else if (hoped != NULL && hoped[i] > 0)
				value += pool_may_say(l, i, known[i], hoped[i], own, u);
			else
				value += pool_says(l, i, known[i], own, u);
		}
		c->value[k] = value;
		c->top = fmax(c->top, value);
	}
}

void pw_load_curve_make(const pw_loads *l, uint32_t person, const double *known,
			const double *hoped, bool open, pw_load_curve *c)
{
	nodes n = {.l = l};
	choose_nodes(&n, person, known, hoped);
	c->count = n.count;
	memcpy(c->u, n.u, n.count * sizeof(*n.u));
	fill_values(l, person, known, hoped, open, c);
	c->below[0] = 0;
	for (size_t k = 0; k < c->count; k++) {
		double under = c->value[k] - c->top;
		c->value[k] = under > -NOTHING ? exp(under) : 0;
		if (k > 0)
			c->below[k] = c->below[k - 1] + 0.5 * (c->u[k] - c->u[k - 1]) *
								(c->value[k] + c->value[k - 1]);
	}
	c->log = c->top + log(c->below[c->count - 1]);
}

double pw_load_curve_draw(const pw_load_curve *c, double x, double *out_log_density)
{
	double total = c->below[c->count - 1], wanted = x * total;
	size_t low = 0, high = c->count - 1;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (c->below[middle] <= wanted)
			low = middle;
		else
			high = middle;
	}
	/* a + b t, t from 0 to 1, has the area (a t + b t^2/2) width up to t */
	double a = c->value[low], b = c->value[high] - a, width = c->u[high] - c->u[low];
	double area = (wanted - c->below[low]) / width;
	double root = sqrt(fmax(a * a + 2 * b * area, 0));
	double t = a + root > 0 ? 2 * area / (a + root) : 0.5;
	t = fmin(fmax(t, 0), 1);
	*out_log_density = log(fmax(a + b * t, 1e-300) / total);
	return c->u[low] + t * width;
}

double pw_load_curve_mode(const pw_load_curve *c)
{
	size_t best = 0;
	for (size_t k = 1; k < c->count; k++)
		if (c->value[k] > c->value[best])
			best = k;
	return c->u[best];
}

/* ---- One more ---- */

/* The odds, and what the pools that were called have to say to one more. */
static double called_gain(const pw_loads *l, uint32_t person)
{
	const pw_problem *p = l->p;
	double gain = log(p->prior[person] / (1 - p->prior[person]));
	for (uint32_t x = p->col_start[person]; x < p->col_start[person + 1]; x++) {
		uint32_t i = p->col[x], k = l->positives[i];
		if (l->pool[i].curve == NULL)
			gain += pw_loads_called(l, i, k + 1) - pw_loads_called(l, i, k);
		else
			gain -= l->seen[i];
	}
	return gain;
}

double pw_loads_gain(const pw_loads *l, uint32_t person, double *out_u)
{
	pw_load_curve curve;
	pw_load_curve_make(l, person, l->amount, NULL, false, &curve);
	*out_u = pw_load_curve_mode(&curve);
	return called_gain(l, person) + curve.log;
}

double pw_loads_gain_bound(const pw_loads *l, uint32_t person)
{
	return called_gain(l, person) + l->open[person];
}
