#include "core/pooling/decode_support.h"

#include <math.h>
#include <string.h>

#include "core/base/mem.h"

/* Rows of persons: so many may come before every pool of the next counts as paid. */
#define MOST_STEPS 5

/* Rows of pools paid for, when more persons than this may come, and nobody is in more pools than that. */
#define MOST_PAID  8
#define FEW        5
#define MOST_KINDS 8

/* Persons in more pools than this are for other bounds. */
#define MOST_WEIGHT 64

/* Pools by how heavy they are fall into so many classes at most. */
#define MOST_CLASSES 64

/* The sums of a pool are in cells: by steps and pools covered; or by pools covered and pools that cost, three
 * of them: the sum, the most in one costly pool, the most of one person. */
typedef struct pw_cover_room {
	double *base;   /* by person: the gain without the rewards */
	double *pay;    /* by person: the dearest of the pools that cost them */
	uint8_t *cover; /* by person: pools that gain */
	uint8_t *cost;  /* by person: pools that cost */
	double *weight; /* by person and step */
	size_t width;   /* weight_max + 1 */
	double *here;   /* the cells of a pool */
	double *costly; /* by pool: the sums of one class of persons, while a pool is weighed */
	double *key;    /* by pool: what its members gain */
	double *class;  /* cells by class */
	double *none;   /* by class */
	double *best;   /* by row and cover */
	double choose[MOST_PAID + 1][MOST_KINDS + 1];
} pw_cover_room;

static size_t cells_of(const pw_cover_room *r)
{
	size_t steps = (MOST_STEPS + 1) * r->width, kinds = 3 * MOST_KINDS * MOST_KINDS;
	return steps > kinds ? steps : kinds;
}

void pw_support_cover_prepare(pw_support *s, pw_arena *arena)
{
	size_t n = s->p->n, m = s->p->m;
	if (!s->coverable || s->weight_max > MOST_WEIGHT) {
		s->coverable = false;
		return;
	}
	pw_cover_room *r = pw_arena_alloc(arena, sizeof(*r));
	r->width = s->weight_max + 1;
	r->base = pw_arena_array(arena, n, sizeof(*r->base));
	r->pay = pw_arena_array(arena, n, sizeof(*r->pay));
	r->cover = pw_arena_array(arena, n, sizeof(*r->cover));
	r->cost = pw_arena_array(arena, n, sizeof(*r->cost));
	r->weight = pw_arena_array(arena, n * (MOST_STEPS + 1), sizeof(*r->weight));
	r->here = pw_arena_array(arena, cells_of(r), sizeof(*r->here));
	r->costly = pw_arena_array(arena, (m + 1) * MOST_KINDS * MOST_KINDS, sizeof(*r->costly));
	r->key = pw_arena_array(arena, m + 1, sizeof(*r->key));
	r->class = pw_arena_array(arena, MOST_CLASSES * cells_of(r), sizeof(*r->class));
	r->none = pw_arena_array(arena, MOST_CLASSES, sizeof(*r->none));
	r->best = pw_arena_array(arena, (MOST_PAID + 1) * r->width, sizeof(*r->best));
	for (size_t a = 0; a <= MOST_PAID; a++)
		for (size_t b = 0; b <= MOST_KINDS; b++)
			r->choose[a][b] = b == 0 ? 1
					  : a == 0
						  ? 0
						  : r->choose[a - 1][b - 1] + r->choose[a - 1][b];
	s->cover_room = r;
}

/* ---- Persons and pools ---- */

static void weigh_person(pw_support *s, pw_support_cover *c, uint32_t j)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	double base = s->odds[j] * s->excess[j], reward = 1, pay = 1;
	uint8_t cover = 0, cost = 0;
	for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
		uint32_t i = p->col[x], e = s->entry[i];
		if (s->gains[i]) {
			cover++;
			reward *= s->up[e];
			continue;
		}
		base *= s->up[e];
		cost = (uint8_t)(cost + (s->pay[e] > 0));
		pay = s->pay[e] > pay ? s->pay[e] : pay;
	}
	double gain = base * reward;
	if (gain > c->best_gain) {
		c->best_gain = gain;
		c->best = j;
	}
	r->base[j] = base;
	r->pay[j] = pay;
	r->cover[j] = cover;
	r->cost[j] = cost;
	for (uint32_t x = p->col_start[j]; cover > 0 && x < p->col_start[j + 1]; x++)
		r->key[p->col[x]] += gain;
}

/* Puts the pools that gain in order, the lightest first. */
static void order_pools(pw_support *s, pw_support_cover *c)
{
	const pw_cover_room *r = s->cover_room;
	if (c->order_room < s->gain_pools) {
		c->order_room = 2 * s->gain_pools;
		c->order = pw_realloc_array(c->order, c->order_room, sizeof(*c->order));
	}
	size_t count = 0;
	for (uint32_t i = 0; i < s->p->m; i++) {
		if (!s->gains[i])
			continue;
		size_t at = count++;
		for (; at > 0 && r->key[c->order[at - 1]] > r->key[i]; at--)
			c->order[at] = c->order[at - 1];
		c->order[at] = i;
	}
}

/* A later person has their household's boost behind them, and the softness of their pools. */
static double later_of(const pw_support *s, uint32_t j)
{
	double later = s->soft_all[j];
	if (s->boost[j] > 1)
		for (uint32_t x = s->p->col_start[j]; x < s->p->col_start[j + 1]; x++)
			if (s->p->boost[s->p->col[x]] > 0)
				later /= s->up[s->entry[s->p->col[x]]];
	return later > 1 ? later : 1;
}

/* ---- Rows of persons ---- */

/* What each weighs, without rewards, as the one who comes when so many others have; in the last step everything
 * is paid, when `all`. */
static void weigh_by_steps(pw_support *s, const pw_support_cover *c, bool all, double *others)
{
	pw_cover_room *r = s->cover_room;
	memset(others, 0, (c->rows + 1) * sizeof(*others));
	for (uint32_t j = 0; j < s->p->n; j++) {
		if (s->excluded[j])
			continue;
		double *weight = r->weight + (size_t)j * (MOST_STEPS + 1), now = r->base[j];
		size_t paid = 0;
		others[0] += s->slack[j] * now;
		weight[0] = now;
		now *= later_of(s, j);
		for (size_t t = 1; t <= c->rows; t++) {
			size_t to = all && t == c->rows ? r->cost[j] : t * s->overlap;
			for (; paid < to && paid < r->cost[j]; paid++)
				now *= r->pay[j];
			weight[t] = now;
			others[t] += s->slack[j] * now;
		}
	}
}

static void sum_pool_by_steps(pw_support *s, const pw_support_cover *c, size_t pool)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++) {
		uint32_t j = p->row[x];
		const double *weight = r->weight + (size_t)j * (MOST_STEPS + 1);
		if (s->excluded[j])
			continue;
		for (size_t t = 0; t <= c->rows; t++)
			r->here[t * r->width + r->cover[j]] += weight[t];
	}
}

static double capped_exp(double x)
{
	return x < 600 ? exp(x) : 1e260;
}

static double *row_of(const pw_support_cover *c, size_t row)
{
	return c->v + row * (c->pools + 1);
}

/* The class of the pools that the first one is in while `left` of them are. */
static size_t class_of(const pw_support_cover *c, size_t left, size_t classes)
{
	return (c->pools - left) * classes / c->pools;
}

static void fill_row_by_steps(const pw_support *s, const pw_support_cover *c, size_t t, bool last,
			      size_t classes, size_t cells)
{
	const pw_cover_room *r = s->cover_room;
	double *v = row_of(c, t), *next = row_of(c, t < c->rows ? t + 1 : t);
	for (size_t u = 1; u <= c->pools; u++) {
		size_t k = class_of(c, u, classes);
		const double *most = r->class + k * cells + t * r->width;
		double sum = r->none[k] * v[u - 1], worst = 0;
		for (size_t a = 1; a < r->width && !last; a++) {
			if (u >= a && next[u - a] > worst)
				worst = next[u - a];
			sum += most[a] > 0 ? most[a] * worst : 0;
		}
		v[u] = sum;
	}
}

/* ---- Rows of pools paid for ---- */

/* Sum, most in one costly pool, most of one person: of kind (covers, costs). */
static double *kind(double *cells, size_t what, size_t cover, size_t cost)
{
	return &cells[(what * MOST_KINDS + cover) * MOST_KINDS + cost];
}

static void count_member(pw_support *s, double *cells, uint32_t j)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	size_t a = r->cover[j], c = r->cost[j], at = a * MOST_KINDS + c;
	double weight = r->base[j] * later_of(s, j);
	double *most = kind(cells, 1, a, c), *one = kind(cells, 2, a, c);
	*kind(cells, 0, a, c) += weight;
	*one = weight > *one ? weight : *one;
	for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++) {
		uint32_t i = p->col[x];
		if (s->gains[i] || s->pay[s->entry[i]] <= 0)
			continue;
		double *costly = &r->costly[i * MOST_KINDS * MOST_KINDS + at];
		*costly += weight;
		*most = *costly > *most ? *costly : *most;
	}
}

/* Takes the sums by costly pool back. */
static void forget_member(pw_support *s, uint32_t j)
{
	const pw_problem *p = s->p;
	pw_cover_room *r = s->cover_room;
	size_t at = r->cover[j] * MOST_KINDS + r->cost[j];
	for (uint32_t x = p->col_start[j]; x < p->col_start[j + 1]; x++)
		r->costly[p->col[x] * MOST_KINDS * MOST_KINDS + at] = 0;
}

static void sum_pool_by_paid(pw_support *s, size_t pool)
{
	const pw_problem *p = s->p;
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		if (!s->excluded[p->row[x]])
			count_member(s, s->cover_room->here, p->row[x]);
	for (uint32_t x = p->row_start[pool]; x < p->row_start[pool + 1]; x++)
		if (!s->excluded[p->row[x]])
			forget_member(s, p->row[x]);
}

/*
 * Of persons of one kind who weigh `sum` together, the most that can share `shared` pools or more with the
 * `paid` ones. Within a pool, or without one (`common` is then how many two pools may have both): a person
 * with k of them has every choice of `overlap` of these (one more without a pool), which nobody else has.
 */
static double most_sharing(const pw_support *s, const double *cells, size_t a, size_t c,
			   size_t paid, size_t shared, bool within)
{
	const pw_cover_room *r = s->cover_room;
	double most = *kind((double *)cells, 0, a, c);
	double one = *kind((double *)cells, 2, a, c);
	size_t own = within ? s->overlap : s->overlap + 1;
	if (shared >= 1)
		most = fmin(most, (double)paid * *kind((double *)cells, 1, a, c));
	if (shared >= 2 && !within)
		most = fmin(most, r->choose[paid][2] * (double)s->common * one);
	if (shared >= own && own <= MOST_KINDS && shared <= MOST_KINDS)
		most = fmin(most, r->choose[paid][own] / r->choose[shared][own] * one);
	return most;
}

/* The factor of everybody of the cells, when `paid` pools are paid for. */
static double others_by_paid(const pw_support *s, const double *cells, size_t paid, bool all,
			     double pay)
{
	double sum = 0;
	for (size_t c = 0; c < MOST_KINDS; c++) {
		double weight = *kind((double *)cells, 0, 0, c), factor = 1;
		sum += weight;
		for (size_t k = 1; k <= c && (k <= paid || all); k++) {
			if (!all)
				weight = fmin(weight,
					      most_sharing(s, cells, 0, c, paid, k, false));
			sum += weight * factor * (pay - 1);
			factor *= pay;
		}
	}
	return capped_exp(sum);
}

/* Everybody into cells, as if they covered nothing. */
static void sum_others_by_paid(pw_support *s, double *cells)
{
	pw_cover_room *r = s->cover_room;
	for (uint32_t j = 0; j < s->p->n; j++) {
		if (s->excluded[j])
			continue;
		uint8_t cover = r->cover[j];
		double base = r->base[j];
		r->cover[j] = 0;
		r->base[j] = base * s->slack[j];
		count_member(s, cells, j);
		r->cover[j] = cover;
		r->base[j] = base;
	}
	for (size_t i = 0; i < s->p->m; i++)
		memset(r->costly + i * MOST_KINDS * MOST_KINDS, 0, MOST_KINDS * sizeof(double));
}

static double dearest(const pw_support *s)
{
	double pay = 1;
	for (uint32_t j = 0; j < s->p->n; j++)
		if (!s->excluded[j] && s->cover_room->pay[j] > pay)
			pay = s->cover_room->pay[j];
	return pay;
}

/* The most that persons of one kind bring, whichever pools are paid for: few of them can share many. */
static double kind_by_paid(const pw_support *s, const pw_support_cover *c, const double *cells,
			   size_t row, size_t a, size_t cost, double pay)
{
	const pw_cover_room *r = s->cover_room;
	double weight = *kind((double *)cells, 0, a, cost), factor = 1;
	bool all = row == c->rows;
	if (weight <= 0)
		return 0;
	size_t to = row + cost < c->rows ? row + cost : c->rows;
	double before = r->best[to * r->width + a], sum = weight * before;
	for (size_t k = 1; k <= cost && (k <= row || all); k++) {
		if (!all)
			weight = fmin(weight, most_sharing(s, cells, a, cost, row, k, true));
		factor *= pay;
		to = row + cost - k < c->rows ? row + cost - k : c->rows;
		double now = factor * r->best[to * r->width + a];
		if (now > before) {
			sum += weight * (now - before);
			before = now;
		}
	}
	return sum;
}

/* best[row][a]: the largest v of that row with 1 to a pools fewer than u. */
static void find_best(const pw_support *s, const pw_support_cover *c, size_t u)
{
	const pw_cover_room *r = s->cover_room;
	for (size_t row = 0; row <= c->rows; row++) {
		double worst = 0;
		for (size_t a = 1; a < r->width; a++) {
			if (u >= a && row_of(c, row)[u - a] > worst)
				worst = row_of(c, row)[u - a];
			r->best[row * r->width + a] = worst;
		}
	}
}

static void fill_by_paid(const pw_support *s, const pw_support_cover *c, size_t classes,
			 size_t cells)
{
	const pw_cover_room *r = s->cover_room;
	double pay = dearest(s);
	for (size_t u = 1; u <= c->pools; u++) {
		size_t k = class_of(c, u, classes);
		const double *most = r->class + k * cells;
		find_best(s, c, u);
		for (size_t row = 0; row <= c->rows; row++) {
			double sum = r->none[k] * row_of(c, row)[u - 1];
			for (size_t a = 1; a < r->width; a++)
				for (size_t cost = 0; a + cost < r->width; cost++)
					sum += kind_by_paid(s, c, most, row, a, cost, pay);
			row_of(c, row)[u] = sum;
		}
	}
}

/* ---- The table ---- */

/* Of every class of pools the largest sums up to its end. */
static void weigh_classes(pw_support *s, const pw_support_cover *c, size_t classes, size_t cells)
{
	pw_cover_room *r = s->cover_room;
	memset(r->class, 0, classes * cells * sizeof(*r->class));
	memset(r->none, 0, classes * sizeof(*r->none));
	for (size_t x = 0; x < c->pools; x++) {
		uint32_t pool = c->order[x];
		size_t k = x * classes / c->pools;
		double *class = r->class + k * cells, none = exp(-s->log_reward[s->entry[pool]]);
		memset(r->here, 0, cells * sizeof(*r->here));
		if (c->by_paid)
			sum_pool_by_paid(s, pool);
		else
			sum_pool_by_steps(s, c, pool);
		for (size_t y = 0; y < cells; y++)
			class[y] = r->here[y] > class[y] ? r->here[y] : class[y];
		r->none[k] = none > r->none[k] ? none : r->none[k];
	}
	for (size_t k = 1; k < classes; k++) {
		double *class = r->class + k * cells, *before = class - cells;
		for (size_t y = 0; y < cells; y++)
			class[y] = before[y] > class[y] ? before[y] : class[y];
		r->none[k] = r->none[k - 1] > r->none[k] ? r->none[k - 1] : r->none[k];
	}
}

static void make_room(pw_support_cover *c)
{
	size_t needed = (c->rows + 1) * (c->pools + 1);
	if (needed > c->v_room) {
		c->v_room = 2 * needed;
		c->v = pw_realloc_array(c->v, c->v_room, sizeof(*c->v));
	}
}

static void make_by_steps(pw_support_cover *c, pw_support *s, size_t more)
{
	double others[MOST_STEPS + 1];
	size_t saturate = s->overlap > 0 ? (s->weight_max + s->overlap - 1) / s->overlap + 1 : 1;
	c->rows = saturate < MOST_STEPS ? saturate : MOST_STEPS;
	bool all = more > c->rows;
	c->rows = all ? c->rows : more;
	make_room(c);
	size_t classes = c->pools < MOST_CLASSES ? c->pools : MOST_CLASSES;
	size_t cells = (c->rows + 1) * s->cover_room->width;
	weigh_by_steps(s, c, all, others);
	weigh_classes(s, c, classes, cells);
	for (size_t t = c->rows + 1; t-- > 0;) {
		bool last = t == more; /* nobody may come any more */
		row_of(c, t)[0] = last ? 1 : capped_exp(others[t]);
		fill_row_by_steps(s, c, t, last, classes, cells);
	}
	pw_effort_spend(s->effort, (c->rows + 2) * (s->p->n + 16 * c->pools));
}

static void make_by_paid(pw_support_cover *c, pw_support *s)
{
	size_t cells = 3 * MOST_KINDS * MOST_KINDS;
	size_t classes = c->pools < MOST_CLASSES ? c->pools : MOST_CLASSES;
	double *others = s->cover_room->here, pay = dearest(s);
	c->rows = MOST_PAID;
	make_room(c);
	weigh_classes(s, c, classes, cells);
	memset(others, 0, cells * sizeof(*others));
	sum_others_by_paid(s, others);
	for (size_t row = 0; row <= c->rows; row++)
		row_of(c, row)[0] = others_by_paid(s, others, row, row == c->rows, pay);
	fill_by_paid(s, c, classes, cells);
	pw_effort_spend(s->effort, 8 * s->p->n + 512 * c->pools);
}

void pw_support_cover_make(pw_support_cover *c, pw_support *s, size_t more)
{
	PW_BUG_IF(!s->coverable || s->gain_pools == 0);
	pw_cover_room *r = s->cover_room;
	c->count = s->count;
	c->paid = s->paid;
	c->pools = s->gain_pools;
	c->best = UINT32_MAX;
	c->best_gain = 0;
	memset(r->key, 0, s->p->m * sizeof(*r->key));
	for (uint32_t j = 0; j < s->p->n; j++)
		if (!s->excluded[j])
			weigh_person(s, c, j);
	order_pools(s, c);
	c->by_paid = more > FEW && s->weight_max < MOST_KINDS;
	if (c->by_paid)
		make_by_paid(c, s);
	else
		make_by_steps(c, s, more);
}

void pw_support_cover_clear(pw_support_cover *cover)
{
	pw_free(cover->v);
	pw_free(cover->order);
	*cover = (pw_support_cover){.count = 0};
}

double pw_support_cover_value(const pw_support_cover *c, size_t count, size_t paid, size_t pools)
{
	size_t row = c->by_paid ? paid - c->paid : count - c->count;
	PW_BUG_IF(pools > c->pools);
	return row_of(c, row < c->rows ? row : c->rows)[pools];
}
