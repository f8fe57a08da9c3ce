/*
 * The chance that all lines of a side are negative, and nobody in some set is positive. Where people are
 * independent, a product over the lines: they share nobody. With households, a sum over the subsets of
 * each knot of lines that households tie together.
 */
#include "core/base/mem.h"
#include "core/pooling/eval_array.h"

/* P(line negative and nobody in its cell c positive): 1 - se of the cell's chance, and g of the line's. */
static double line_silent(const pw_side *side, const pw_absence *absence, size_t l, size_t c)
{
	size_t cell = pw_side_cell(side, l, c);
	double free_ = cell < side->people ? 1.0 - pw_absence_prior(absence, cell) : 1.0;
	pw_odds odds = side->odds[l];
	return (1.0 - odds.se) * free_ + (odds.se - odds.false_) * side->nobody[l];
}

static double line_negative(const pw_side *side, size_t l)
{
	pw_odds odds = side->odds[l];
	return 1.0 - odds.se + (odds.se - odds.false_) * side->nobody[l];
}

/* others[l]: all lines but l negative. */
static double *all_but_one(const pw_side *side)
{
	double *others = pw_alloc_array(side->lines, sizeof(double));
	double product = 1.0;
	for (size_t l = 0; l < side->lines; l++) {
		others[l] = product;
		product *= line_negative(side, l);
	}
	product = 1.0;
	for (size_t l = side->lines; l-- > 0;) {
		others[l] *= product;
		product *= line_negative(side, l);
	}
	return others;
}

static void silence_of_independent(const pw_side *side, const pw_absence *absence, pw_silence *out)
{
	double *others = all_but_one(side);
	out->plain = others[0] * line_negative(side, 0);
	for (size_t c = 0; c < side->cross; c++) {
		out->cross[c] = 1.0;
		for (size_t l = 0; l < side->lines; l++) {
			size_t cell = pw_side_cell(side, l, c);
			double silent = line_silent(side, absence, l, c);
			out->cross[c] *= silent;
			if (cell >= side->people)
				continue;
			out->cell[cell] = others[l] * silent;
			out->given[cell] = others[l] * (1.0 - side->odds[l].se);
		}
	}
	pw_free(others);
}

/* ---- The same with households ---- */

/* Lines that share a household, directly or through others; within a knot everything is summed. */
typedef struct knot {
	const pw_side *side;
	const size_t *lines;
	size_t count;
	pw_nobody *set;
} knot;

/* Sum over the subsets A of the lines from `at` on of prod (1 - se, or g in A) × N(A and the set). */
static double sum_subsets(const knot *k, size_t at, double weight)
{
	if (weight == 0.0)
		return 0.0;
	if (at == k->count)
		return weight * pw_nobody_chance(k->set);
	pw_odds odds = k->side->odds[k->lines[at]];
	double sum = sum_subsets(k, at + 1, weight * (1.0 - odds.se));
	pw_side_put(k->side, k->set, k->lines[at], true);
	sum += sum_subsets(k, at + 1, weight * (odds.se - odds.false_));
	pw_side_put(k->side, k->set, k->lines[at], false);
	return sum;
}

/* Adds one knot's factor: to all of `out`, for a cell of its own with that cell in S. */
static void multiply_knot(const knot *k, const pw_absence *absence, pw_silence *out)
{
	const pw_side *side = k->side;
	double plain = sum_subsets(k, 0, 1.0);
	for (size_t cell = 0; cell < side->people; cell++) {
		out->cell[cell] *= plain;
		out->given[cell] *= plain;
	}
	for (size_t c = 0; c < side->cross; c++) {
		for (size_t i = 0; i < k->count; i++) {
			size_t cell = pw_side_cell(side, k->lines[i], c);
			if (cell >= side->people)
				continue;
			double p = pw_absence_prior(absence, cell);
			pw_nobody_add(k->set, cell);
			double without = sum_subsets(k, 0, 1.0);
			pw_nobody_remove(k->set, cell);
			out->cell[cell] *= plain > 0.0 ? without / plain : 0.0;
			out->given[cell] *=
				plain > 0.0 && p > 0.0 ? (plain - without) / (p * plain) : 0.0;
		}
		for (size_t i = 0; i < k->count; i++)
			if (pw_side_cell(side, k->lines[i], c) < side->people)
				pw_nobody_add(k->set, pw_side_cell(side, k->lines[i], c));
		out->cross[c] *= sum_subsets(k, 0, 1.0);
		for (size_t i = 0; i < k->count; i++)
			if (pw_side_cell(side, k->lines[i], c) < side->people)
				pw_nobody_remove(k->set, pw_side_cell(side, k->lines[i], c));
	}
	out->plain *= plain;
}

/* name[l]: the lowest line that l is tied to. */
static void find_knots(const pw_side *side, const pw_absence *absence, size_t *name)
{
	size_t *line_of = pw_alloc_array(side->people, sizeof(*line_of)); /* by household, from 1 */
	for (size_t l = 0; l < side->lines; l++)
		name[l] = l;
	for (size_t l = 0; l < side->lines; l++)
		for (size_t c = 0; c < side->cross; c++) {
			size_t cell = pw_side_cell(side, l, c);
			if (cell >= side->people)
				continue;
			size_t *first = &line_of[pw_absence_household(absence, cell)];
			if (*first == 0)
				*first = l + 1;
			size_t a = name[*first - 1], b = name[l];
			for (size_t i = 0; a != b && i < side->lines; i++)
				if (name[i] == (a > b ? a : b))
					name[i] = a > b ? b : a;
		}
	pw_free(line_of);
}

static pw_status check_knot(const knot *k, pw_err *err)
{
	double steps = (double)k->side->cross * (double)k->side->cross * (double)k->count;
	bool perfect = true;
	for (size_t i = 0; i < k->count; i++) {
		steps *= k->side->odds[k->lines[i]].se < 1.0 ? 2.0 : 1.0;
		perfect &= k->side->odds[k->lines[i]].se >= 1.0;
	}
	if (perfect || steps <= (double)(1 << 25))
		return PW_OK;
	return pw_fail(
		err, PW_ERR_LIMIT,
		"households tie %zu %s of the array together, more than can be summed: put each "
		"household into one %s, or evaluate without",
		k->count, k->side->by_rows ? "rows" : "columns",
		k->side->by_rows ? "row" : "column");
}

static pw_status silence_of_households(const pw_side *side, const pw_absence *absence,
				       pw_silence *out, pw_err *err)
{
	size_t *name = pw_alloc_array(side->lines, sizeof(*name));
	size_t *lines = pw_alloc_array(side->lines, sizeof(*lines));
	knot k = {.side = side, .lines = lines, .set = pw_nobody_new(absence)};
	pw_status rc = PW_OK;
	find_knots(side, absence, name);
	out->plain = 1.0;
	for (size_t c = 0; c < side->cross; c++)
		out->cross[c] = 1.0;
	for (size_t cell = 0; cell < side->people; cell++)
		out->cell[cell] = out->given[cell] = 1.0;
	for (size_t first = 0; first < side->lines && rc == PW_OK; first++) {
		if (name[first] != first)
			continue;
		k.count = 0;
		for (size_t l = first; l < side->lines; l++)
			if (name[l] == first)
				lines[k.count++] = l;
		if ((rc = check_knot(&k, err)) == PW_OK)
			multiply_knot(&k, absence, out);
	}
	pw_nobody_free(k.set);
	pw_free(lines);
	pw_free(name);
	return rc;
}

pw_status pw_silence_init(pw_silence *out, const pw_side *side, const pw_absence *absence,
			  pw_err *err)
{
	out->cell = pw_alloc_array(side->people, sizeof(double));
	out->given = pw_alloc_array(side->people, sizeof(double));
	out->cross = pw_alloc_array(side->cross, sizeof(double));
	if (!pw_absence_is_independent(absence))
		return silence_of_households(side, absence, out, err);
	silence_of_independent(side, absence, out);
	return PW_OK;
}

void pw_silence_clear(pw_silence *s)
{
	pw_free(s->cell);
	pw_free(s->given);
	pw_free(s->cross);
}
