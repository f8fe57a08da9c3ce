/*
 * How much the number of tests of an array varies. With R_i, C_j the positive rows and columns, so many
 * people are tested alone:
 *
 *   sum over cells R_i C_j + [no column positive] sum size_i R_i + [no row positive] sum size_j C_j
 *
 * and at most one of the three is not 0, so the square is the sum of the three squares, and its mean is a
 * sum over pairs of cells, of rows, of columns. Each term is expanded over which lines hold nobody.
 */
#include "core/pooling/eval_array.h"

#define MAX_CELLS 2048

typedef struct moments {
	const pw_side *rows, *cols;
	const pw_absence *absence;
	bool uniform, nobody;
} moments;

static double nobody_in(const moments *m, const pw_side *side, size_t line)
{
	return m->nobody ? 1.0 : side->nobody[line];
}

static double free_cell(const moments *m, size_t row, size_t col)
{
	size_t cell = pw_side_cell(m->rows, row, col);
	if (m->nobody || cell >= m->rows->people)
		return 1.0;
	return 1.0 - pw_absence_prior(m->absence, cell);
}

static bool has_person(const moments *m, size_t row, size_t col)
{
	return pw_side_cell(m->rows, row, col) < m->rows->people;
}

/* P(nobody in these lines); `rows` and `cols` are sets of one or two, as bits of the given numbers. */
static double nobody_in_lines(const moments *m, const size_t *row, unsigned rows, const size_t *col,
			      unsigned cols)
{
	double chance = 1.0;
	for (unsigned a = 0; a < 2; a++) {
		if (rows >> a & 1)
			chance *= nobody_in(m, m->rows, row[a]);
		if (cols >> a & 1)
			chance *= nobody_in(m, m->cols, col[a]);
	}
	for (unsigned a = 0; a < 2; a++)
		for (unsigned b = 0; b < 2; b++) {
			if (!(rows >> a & 1) || !(cols >> b & 1) || chance == 0.0)
				continue;
			chance /= free_cell(m, row[a],
					    col[b]); /* counted twice; not 0, or chance is */
		}
	return chance;
}

/* P(these rows and columns are all positive), one or two of each. */
static double all_positive(const moments *m, const size_t *row, unsigned row_count,
			   const size_t *col, unsigned col_count)
{
	double sum = 0.0;
	for (unsigned rows = 0; rows < 1U << row_count; rows++)
		for (unsigned cols = 0; cols < 1U << col_count; cols++) {
			double weight = 1.0;
			for (unsigned a = 0; a < row_count; a++) {
				pw_odds o = m->rows->odds[row[a]];
				weight *= rows >> a & 1 ? o.false_ - o.se : o.se;
			}
			for (unsigned b = 0; b < col_count; b++) {
				pw_odds o = m->cols->odds[col[b]];
				weight *= cols >> b & 1 ? o.false_ - o.se : o.se;
			}
			sum += weight * nobody_in_lines(m, row, rows, col, cols);
		}
	return sum;
}

/* P(all lines of `quiet` negative and nobody in the lines of the other side that `set` names). */
static double all_quiet(const moments *m, const pw_side *quiet, const size_t *line, unsigned set)
{
	double product = 1.0;
	for (size_t l = 0; l < quiet->lines; l++) {
		double free_ = 1.0;
		for (unsigned a = 0; a < 2; a++)
			if (set >> a & 1)
				free_ *= quiet->by_rows ? free_cell(m, l, line[a])
							: free_cell(m, line[a], l);
		pw_odds o = quiet->odds[l];
		product *= (1.0 - o.se) * free_ + (o.se - o.false_) * nobody_in(m, quiet, l);
	}
	return product;
}

/* P(one or two lines of a side are positive and no line of the other is). */
static double positive_alone(const moments *m, const pw_side *side, const size_t *line,
			     unsigned count)
{
	const pw_side *quiet = side == m->rows ? m->cols : m->rows;
	double sum = 0.0;
	for (unsigned set = 0; set < 1U << count; set++) {
		double weight = 1.0;
		for (unsigned a = 0; a < count; a++) {
			pw_odds o = side->odds[line[a]];
			weight *= set >> a & 1 ? o.false_ - o.se : o.se;
		}
		sum += weight * all_quiet(m, quiet, line, set);
	}
	return sum;
}

/* Sums over pairs of lines (or of cells): where all are alike, line 0 with itself and with line 1 stand
 * for all, and count as often as there are such pairs. */
static double times(const moments *m, size_t lines, size_t a, size_t b)
{
	if (!m->uniform)
		return 1.0;
	return (double)lines * (a == b ? 1.0 : (double)(lines - 1));
}

static void add_lines(const moments *m, const pw_side *side, double *mean, double *square)
{
	size_t first = m->uniform ? 1 : side->lines, second = m->uniform ? 2 : side->lines;
	for (size_t a = 0; a < first; a++)
		for (size_t b = 0; b < second; b++) {
			size_t line[2] = {a, b};
			double weight = times(m, side->lines, a, b);
			double p = positive_alone(m, side, line, a == b ? 1 : 2);
			*square += weight * side->size[a] * side->size[b] * p;
			if (a == b)
				*mean += weight * side->size[a] * p;
		}
}

static void add_cells(const moments *m, double *mean, double *square)
{
	size_t rows = m->rows->lines, cols = m->cols->lines;
	size_t first_row = m->uniform ? 1 : rows, first_col = m->uniform ? 1 : cols;
	size_t second_row = m->uniform ? 2 : rows, second_col = m->uniform ? 2 : cols;
	for (size_t i = 0; i < first_row; i++)
		for (size_t j = 0; j < first_col; j++)
			for (size_t k = 0; k < second_row && has_person(m, i, j); k++)
				for (size_t l = 0; l < second_col; l++) {
					if (!has_person(m, k, l))
						continue;
					size_t row[2] = {i, k}, col[2] = {j, l};
					double weight = times(m, rows, i, k) * times(m, cols, j, l);
					double p = all_positive(m, row, i == k ? 1 : 2, col,
								j == l ? 1 : 2);
					*square += weight * p;
					if (i == k && j == l)
						*mean += weight * p;
				}
}

bool pw_array_moments(const pw_side *rows, const pw_side *cols, const pw_absence *absence,
		      bool uniform, bool nobody, double *out_mean, double *out_square)
{
	size_t cells = rows->lines * cols->lines;
	if (!uniform && cells > MAX_CELLS)
		return false;
	moments m = {rows, cols, absence, uniform, nobody};
	double mean = 0.0, square = 0.0;
	add_cells(&m, &mean, &square);
	add_lines(&m, rows, &mean, &square);
	add_lines(&m, cols, &mean, &square);
	*out_mean = mean;
	*out_square = square;
	return true;
}
