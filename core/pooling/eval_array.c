/*
 * Arrays of rows and columns, with or without a master pool, full or not, any priors, households.
 *
 * Cell (i, j) is tested alone when row i and column j are positive, or row i is and no column is, or column
 * j is and no row is. By symmetry there are two kinds of sums: over the columns for a row, and over the
 * rows for a column. A `side` is one of the two: its `lines` are what is summed over, the `cross` lines
 * are the others.
 *
 * A line's test, given who is positive, is negative with probability 1 - se + g [nobody in the line],
 * g = se - false. So P(all lines negative and nobody in S positive) is, where people are
 * independent, a product over the lines, and with households a sum over sets of lines that households
 * tie together (eval_array_quiet.c).
 */
#include "core/base/mem.h"
#include "core/pooling/eval_array.h"

/* ---- Lines ---- */

size_t pw_side_cell(const pw_side *side, size_t line, size_t cross)
{
	return side->by_rows ? line * side->cols + cross : cross * side->cols + line;
}

void pw_side_put(const pw_side *side, pw_nobody *set, size_t line, bool in)
{
	for (size_t c = 0; c < side->cross; c++) {
		size_t cell = pw_side_cell(side, line, c);
		if (cell >= side->people)
			continue;
		if (in)
			pw_nobody_add(set, cell);
		else
			pw_nobody_remove(set, cell);
	}
}

static void side_init(pw_side *side, const pw_scheme *scheme, const pw_absence *absence,
		      const pw_test_model *model, bool by_rows)
{
	size_t stage = scheme->kind == PW_SCHEME_ARRAY_MASTER ? 1 : 0;
	side->by_rows = by_rows;
	side->cols = scheme->cols;
	side->people = scheme->people;
	side->lines = by_rows ? scheme->rows : scheme->cols;
	side->cross = by_rows ? scheme->cols : scheme->rows;
	side->odds = pw_alloc_array(side->lines, sizeof(*side->odds));
	side->nobody = pw_alloc_array(side->lines, sizeof(double));
	side->size = pw_alloc_array(side->lines, sizeof(double));
	pw_nobody *set = pw_nobody_new(absence);
	for (size_t l = 0; l < side->lines; l++) {
		size_t size = 0;
		for (size_t c = 0; c < side->cross; c++)
			if (pw_side_cell(side, l, c) < side->people) {
				pw_nobody_add(set, pw_side_cell(side, l, c));
				size++;
			}
		side->nobody[l] = pw_nobody_chance(set);
		side->size[l] = (double)size;
		side->odds[l] = pw_model_odds(model, stage, scheme->stages, size);
		for (size_t c = 0; c < side->cross; c++)
			if (pw_side_cell(side, l, c) < side->people)
				pw_nobody_remove(set, pw_side_cell(side, l, c));
	}
	pw_nobody_free(set);
}

static void side_clear(pw_side *side)
{
	pw_free(side->odds);
	pw_free(side->nobody);
	pw_free(side->size);
}

/* ---- Cells ---- */

/* What a master pool changes: every P becomes master.se P + (master.false - master.se) P(.. and nobody). */
typedef struct master {
	bool is;
	pw_odds odds;
	double nobody;                 /* in the whole array */
	double rows_quiet, cols_quiet; /* all lines negative when nobody is positive */
} master;

typedef struct array {
	const pw_scheme *scheme;
	const pw_absence *absence;
	pw_side rows, cols;
	pw_silence rows_silent, cols_silent;
	master master;
	pw_odds alone;
	pw_nobody *scratch;
} array;

/* N(row i and column j together). */
static double nobody_in_cross(const array *a, size_t i, size_t j, size_t cell)
{
	double p = pw_absence_prior(a->absence, cell);
	if (pw_absence_is_independent(a->absence))
		return p < 1.0 ? a->rows.nobody[i] * a->cols.nobody[j] / (1.0 - p) : 0.0;
	pw_side_put(&a->rows, a->scratch, i, true);
	pw_side_put(&a->cols, a->scratch, j, true);
	double chance = pw_nobody_chance(a->scratch);
	pw_side_put(&a->rows, a->scratch, i, false);
	pw_side_put(&a->cols, a->scratch, j, false);
	return chance;
}

/* P(row positive and no column is), of which nobody in S is positive with `silent`; the row's own share
 * `cross`. */
static double only_this(pw_odds line, double silent, double cross)
{
	return line.se * (silent - cross) + line.false_ * cross;
}

/* P(tested alone) and P(tested alone and not positive) of a cell. */
static void tested_alone(const array *a, size_t cell, double *out_any, double *out_negative)
{
	size_t i = cell / a->scheme->cols, j = cell % a->scheme->cols;
	pw_odds r = a->rows.odds[i], c = a->cols.odds[j];
	double br = r.false_ - r.se, bc = c.false_ - c.se;
	double both = br * c.se * a->rows.nobody[i] + r.se * bc * a->cols.nobody[j] +
		      br * bc * nobody_in_cross(a, i, j, cell);
	double row_cross = a->cols_silent.cross[i], col_cross = a->rows_silent.cross[j];
	double any = r.se * c.se + both + only_this(r, a->cols_silent.plain, row_cross) +
		     only_this(c, a->rows_silent.plain, col_cross);
	double negative = r.se * c.se * (1.0 - pw_absence_prior(a->absence, cell)) + both +
			  only_this(r, a->cols_silent.cell[cell], row_cross) +
			  only_this(c, a->rows_silent.cell[cell], col_cross);
	const master *m = &a->master;
	if (m->is) {
		double when_nobody =
			r.false_ * c.false_ + r.false_ * m->cols_quiet + c.false_ * m->rows_quiet;
		double shift = (m->odds.false_ - m->odds.se) * m->nobody * when_nobody;
		any = m->odds.se * any + shift;
		negative = m->odds.se * negative + shift;
	}
	*out_any = any;
	*out_negative = negative;
}

static void tally_cells(const array *a, pw_tally *tally)
{
	PW_BUG_IF(a->rows_silent.cross == NULL || a->cols_silent.cross == NULL);
	for (size_t cell = 0; cell < a->scheme->people; cell++) {
		double p = pw_absence_prior(a->absence, cell), any, negative;
		double r = a->rows.odds[cell / a->scheme->cols].se;
		double c = a->cols.odds[cell % a->scheme->cols].se;
		tested_alone(a, cell, &any, &negative);
		tally->alone[cell] = any;
		tally->alarm[cell] = p < 1.0 ? a->alone.false_ * negative / (1.0 - p) : 0.0;
		double reached =
			r * c + r * a->cols_silent.given[cell] + c * a->rows_silent.given[cell];
		tally->hit[cell] = a->alone.se * reached * (a->master.is ? a->master.odds.se : 1.0);
		tally->expected_tests += any;
	}
	tally->pipettings = tally->expected_tests;
}

/* ---- All together ---- */

static void find_master(array *a, const pw_test_model *model)
{
	master *m = &a->master;
	m->is = a->scheme->kind == PW_SCHEME_ARRAY_MASTER;
	if (!m->is)
		return;
	size_t n = a->scheme->people;
	m->odds = pw_model_odds(model, 0, a->scheme->stages, n);
	m->nobody = pw_nobody_ranges(a->scratch, 0, n, n, n);
	m->rows_quiet = m->cols_quiet = 1.0;
	for (size_t l = 0; l < a->rows.lines; l++)
		m->rows_quiet *= 1.0 - a->rows.odds[l].false_;
	for (size_t l = 0; l < a->cols.lines; l++)
		m->cols_quiet *= 1.0 - a->cols.odds[l].false_;
}

/* The rows and columns themselves, and the master. */
static void tally_lines(const array *a, pw_tally *tally)
{
	const master *m = &a->master;
	double lines = (double)(a->rows.lines + a->cols.lines);
	double run = m->is ? m->odds.se + (m->odds.false_ - m->odds.se) * m->nobody : 1.0;
	tally->expected_tests += run * lines + (m->is ? 1.0 : 0.0);
	tally->pipettings += (double)a->scheme->people * (2.0 * run + (m->is ? 1.0 : 0.0));
}

/* T = lines + alone; with a master, 1 + [master] (lines + alone). */
static void find_variance(const array *a, pw_tally *tally)
{
	const master *m = &a->master;
	bool uniform = pw_absence_is_uniform(a->absence) &&
		       a->scheme->people == a->scheme->rows * a->scheme->cols;
	double lines = (double)(a->rows.lines + a->cols.lines), mean, square, mean0, square0;
	if (!pw_absence_is_independent(a->absence) ||
	    !pw_array_moments(&a->rows, &a->cols, a->absence, uniform, false, &mean, &square))
		return;
	tally->variance_known = true;
	if (!m->is) {
		tally->variance = square - mean * mean;
		return;
	}
	if (!pw_array_moments(&a->rows, &a->cols, a->absence, uniform, true, &mean0, &square0)) {
		tally->variance_known = false;
		return;
	}
	double weight0 = (m->odds.false_ - m->odds.se) * m->nobody;
	double first = m->odds.se * (lines + mean) + weight0 * (lines + mean0);
	double second = m->odds.se * (lines * lines + 2.0 * lines * mean + square) +
			weight0 * (lines * lines + 2.0 * lines * mean0 + square0);
	tally->variance = second - first * first;
}

pw_status pw_tally_array(const pw_scheme *scheme, const pw_absence *absence,
			 const pw_test_model *model, pw_tally *tally, pw_err *err)
{
	array a = {.scheme = scheme, .absence = absence, .scratch = pw_nobody_new(absence)};
	a.alone = pw_model_odds(model, scheme->stages - 1, scheme->stages, 1);
	side_init(&a.rows, scheme, absence, model, true);
	side_init(&a.cols, scheme, absence, model, false);
	pw_status rc = pw_silence_init(&a.rows_silent, &a.rows, absence, err);
	if (rc == PW_OK)
		rc = pw_silence_init(&a.cols_silent, &a.cols, absence, err);
	if (rc == PW_OK) {
		find_master(&a, model);
		tally_cells(&a, tally);
		tally_lines(&a, tally);
		if (tally->want_variance)
			find_variance(&a, tally);
	}
	pw_silence_clear(&a.rows_silent);
	pw_silence_clear(&a.cols_silent);
	side_clear(&a.rows);
	side_clear(&a.cols);
	pw_nobody_free(a.scratch);
	return rc;
}
