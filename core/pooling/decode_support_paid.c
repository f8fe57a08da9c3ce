#include "core/pooling/decode_support_cover.h"

/* No bound on how many. */
#define ANY 1e300

static double choose(size_t n, size_t k)
{
	double ways = 1;
	for (size_t i = 0; i < k; i++)
		ways = i < n ? ways * (double)(n - i) / (double)(i + 1) : 0;
	return ways;
}

/*
 * How many persons can share `shared` pools or more with `paid` ones. Any `own` of these are shared by one
 * person at most, so that with every choice of them somebody is counted once; any two by no more than `pairs`.
 */
static double most_sharing(size_t paid, size_t shared, size_t own, double pairs)
{
	double most = shared > paid ? 0 : ANY;
	if (shared >= 2)
		most = pw_smaller(most, pairs * choose(paid, 2));
	if (shared >= own)
		most = pw_smaller(most, choose(paid, own) / choose(shared, own));
	return most;
}

void pw_cover_count_choices(const pw_support *s, pw_cover_room *r)
{
	for (size_t row = 0; row < PW_SUPPORT_OTHERS; row++)
		for (size_t k = 0; k < r->width; k++) {
			r->within[row * r->width + k] = most_sharing(row, k, s->overlap, ANY);
			r->without[row * r->width + k] =
				most_sharing(row, k, s->overlap + 1, (double)s->common);
		}
}

/* What those of a kind weigh who share `k` or more with `row` pools that are paid for. */
static double weight_of(const pw_cover_kinds *kinds, size_t kind, size_t row, double most)
{
	return pw_smaller(kinds->sum[kind],
			  pw_smaller((double)row * kinds->together[kind], most * kinds->one[kind]));
}

/* In the last row everybody shares everything. */
static void find_sharing(const pw_support_cover *c, const pw_cover_room *r,
			 const pw_cover_kinds *kinds, size_t kind, pw_cover_sharing *out)
{
	const double *most = r->within;
	out->cover = kind / r->width;
	out->cost = kind % r->width;
	for (size_t row = 0; row < c->rows; row++, most += r->width) {
		out->weight[row][0] = kinds->sum[kind];
		for (size_t k = 1; k <= out->cost; k++)
			out->weight[row][k] = weight_of(kinds, kind, row, most[k]);
	}
	for (size_t k = 0; k <= out->cost; k++)
		out->weight[c->rows][k] = kinds->sum[kind];
}

void pw_cover_fill_others_by_paid(pw_support_cover *c, const pw_support *s,
				  const pw_cover_kinds *everybody)
{
	const pw_cover_room *r = s->cover_room;
	for (size_t row = 0; row < PW_SUPPORT_OTHERS; row++) {
		bool all = row + 1 == PW_SUPPORT_OTHERS;
		const double *most = r->without + row * r->width;
		double sum = 0;
		for (size_t kind = 0; kind < r->width; kind++) {
			double factor = 1, weight = everybody->sum[kind];
			sum += weight;
			for (size_t k = 1; k <= kind && weight > 0; k++) {
				weight = all ? weight : weight_of(everybody, kind, row, most[k]);
				sum += weight * factor * (r->dearest - 1);
				factor *= r->dearest;
			}
		}
		c->others[row] = pw_cover_exp(sum);
	}
}

/* best[row][a]: the largest v of that row with 1 to a pools fewer than u. */
static void find_best(const pw_support_cover *c, size_t u, const pw_cover_room *r)
{
	for (size_t row = 0; row <= c->rows; row++) {
		const double *v = pw_cover_row(c, row);
		double worst = 0;
		for (size_t a = 1; a < r->width; a++) {
			if (u >= a)
				worst = pw_larger(worst, v[u - a]);
			r->best[row * r->width + a] = worst;
		}
	}
}

/* What persons of a kind bring at most as the next, when `row` pools are paid for. */
static double bring(const pw_support_cover *c, const pw_cover_room *r, const pw_cover_sharing *x,
		    size_t row)
{
	size_t to = row + x->cost < c->rows ? row + x->cost : c->rows;
	const double *best = r->best + x->cover;
	double before = best[to * r->width], sum = x->weight[row][0] * before, factor = 1;
	for (size_t k = 1; k <= x->cost && x->weight[row][k] > 0; k++) {
		factor *= r->dearest;
		to = row + x->cost - k < c->rows ? row + x->cost - k : c->rows;
		double now = factor * best[to * r->width];
		if (now > before) {
			sum += x->weight[row][k] * (now - before);
			before = now;
		}
	}
	return sum;
}

static size_t list_sharing(const pw_support_cover *c, const pw_support *s, size_t class,
			   pw_cover_sharing *out)
{
	const pw_cover_room *r = s->cover_room;
	size_t count = 0;
	for (size_t kind = r->width; kind < r->kinds; kind++)
		if (r->class[class].sum[kind] > 0)
			find_sharing(c, r, &r->class[class], kind, &out[count++]);
	return count;
}

void pw_cover_fill_by_paid(pw_support_cover *c, pw_support *s, size_t classes)
{
	pw_cover_room *r = s->cover_room;
	pw_cover_sharing *shares = r->shares;
	size_t count = 0, class = SIZE_MAX;
	for (size_t u = 1; u <= c->pools; u++) {
		size_t k = pw_cover_class(c, u, classes);
		if (k != class)
			count = list_sharing(c, s, k, shares);
		class = k;
		find_best(c, u, r);
		for (size_t row = 0; row <= c->rows; row++) {
			double sum = r->none[k] * pw_cover_row(c, row)[u - 1];
			for (size_t x = 0; x < count; x++)
				sum += bring(c, r, &shares[x], row);
			pw_cover_row(c, row)[u] = sum;
		}
	}
}
