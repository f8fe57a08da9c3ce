#include "core/pooling/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"

/* ---- Tests ---- */

static double normal_below(double z)
{
	return 0.5 * erfc(-z / 1.4142135623730951);
}

static double ct_factor(const pw_dilution *d, size_t size)
{
	double per_doubling = d->cycles_per_doubling > 0.0 ? d->cycles_per_doubling : 1.0;
	double shift = per_doubling * log2((double)size);
	double single = normal_below((d->ct_limit - d->ct_mean) / d->ct_sd);
	double pooled = normal_below((d->ct_limit - shift - d->ct_mean) / d->ct_sd);
	return single > 0.0 ? pooled / single : 0.0;
}

double pw_dilution_factor(const pw_dilution *dilution, size_t size)
{
	if (size <= 1)
		return 1.0;
	switch (dilution->kind) {
	case PW_DILUTION_RATE:
		return 1.0 / (1.0 + dilution->rate * (double)(size - 1));
	case PW_DILUTION_CT:
		return ct_factor(dilution, size);
	case PW_DILUTION_TABLE:
		return dilution
			->table[size < dilution->table_size ? size : dilution->table_size - 1];
	case PW_DILUTION_NONE:
		break;
	}
	return 1.0;
}

pw_odds pw_model_odds(const pw_test_model *model, size_t stage, size_t stages, size_t size)
{
	if (size == 1)
		stage = stages - 1;
	double se = model->se[model->se_count == 1 ? 0 : stage];
	double sp = model->sp[model->sp_count == 1 ? 0 : stage];
	return (pw_odds){se * pw_dilution_factor(&model->dilution, size), 1.0 - sp};
}

static pw_status check_numbers(const double *number, size_t count, size_t stages, const char *what,
			       pw_err *err)
{
	if (count != 1 && count != stages)
		return pw_fail(err, PW_ERR_ARG, "%zu %s for %zu rounds: give one, or one for each",
			       count, what, stages);
	for (size_t i = 0; i < count; i++)
		if (!(number[i] >= 0.0 && number[i] <= 1.0))
			return pw_fail(err, PW_ERR_ARG,
				       "%s %g is no probability: give a number from 0 to 1", what,
				       number[i]);
	return PW_OK;
}

static pw_status check_dilution(const pw_dilution *d, pw_err *err)
{
	if (d->kind == PW_DILUTION_RATE && !(d->rate >= 0.0 && d->rate <= 1e6))
		return pw_fail(err, PW_ERR_ARG, "dilution rate %g: give 0 or more", d->rate);
	if (d->kind == PW_DILUTION_CT &&
	    (!(d->ct_sd > 0.0) || !isfinite(d->ct_sd) || !isfinite(d->ct_mean) ||
	     !isfinite(d->ct_limit) || !(d->cycles_per_doubling >= 0.0) ||
	     !isfinite(d->cycles_per_doubling)))
		return pw_fail(
			err, PW_ERR_ARG,
			"dilution by Ct needs a mean, a standard deviation above 0 and a limit");
	if (d->kind != PW_DILUTION_TABLE)
		return PW_OK;
	if (d->table_size < 2)
		return pw_fail(err, PW_ERR_ARG, "the dilution table is empty");
	for (size_t i = 1; i < d->table_size; i++)
		if (!(d->table[i] >= 0.0 && d->table[i] <= 1.0))
			return pw_fail(err, PW_ERR_ARG,
				       "dilution of a pool of %zu is %g: give a number from 0 to 1",
				       i, d->table[i]);
	return PW_OK;
}

static pw_status check_model(const pw_test_model *model, size_t stages, pw_err *err)
{
	pw_status rc = check_numbers(model->se, model->se_count, stages, "sensitivities", err);
	if (rc == PW_OK)
		rc = check_numbers(model->sp, model->sp_count, stages, "specificities", err);
	return rc == PW_OK ? check_dilution(&model->dilution, err) : rc;
}

/* ---- Places ---- */

typedef struct ranked {
	double prior;
	uint32_t person;
} ranked;

/* Likeliest first; equals as they came. */
static int compare_ranked(const void *a, const void *b)
{
	const ranked *x = a, *y = b;
	if (x->prior != y->prior)
		return x->prior > y->prior ? -1 : 1;
	return x->person < y->person ? -1 : 1;
}

/* The cells of a full array in the order of the spiral: a square of two, then a row, a column, a row … */
static void spiral_cells(size_t rows, size_t cols, uint32_t *cell)
{
	size_t height = 1, width = 1, next = 0;
	cell[next++] = 0;
	while (height < rows || width < cols) {
		if (height < rows) {
			for (size_t c = 0; c < width; c++)
				cell[next++] = (uint32_t)(height * cols + c);
			height++;
		}
		if (width < cols) {
			for (size_t r = height; r-- > 0;)
				cell[next++] = (uint32_t)(r * cols + width);
			width++;
		}
	}
}

/* The cells down the columns. */
static void column_cells(size_t rows, size_t cols, size_t people, uint32_t *cell)
{
	size_t next = 0;
	for (size_t c = 0; c < cols; c++)
		for (size_t r = 0; r < rows; r++)
			if (r * cols + c < people)
				cell[next++] = (uint32_t)(r * cols + c);
}

static bool is_array(const pw_scheme *scheme)
{
	return scheme->kind == PW_SCHEME_ARRAY || scheme->kind == PW_SCHEME_ARRAY_MASTER;
}

/* place[k] = the person in place k. */
static void arrange(const pw_scheme *scheme, const pw_people *people, pw_arrangement arrangement,
		    uint32_t *place)
{
	size_t n = people->count;
	for (size_t k = 0; k < n; k++)
		place[k] = (uint32_t)k;
	if (arrangement == PW_ARRANGE_GIVEN || people->prior == NULL)
		return;
	ranked *order = pw_alloc_array(n, sizeof(*order));
	uint32_t *cell = pw_alloc_array(n, sizeof(*cell));
	for (size_t i = 0; i < n; i++) {
		order[i] = (ranked){people->prior[i], (uint32_t)i};
		cell[i] = (uint32_t)i;
	}
	qsort(order, n, sizeof(*order), compare_ranked);
	if (is_array(scheme) && arrangement == PW_ARRANGE_SPIRAL &&
	    n == scheme->rows * scheme->cols)
		spiral_cells(scheme->rows, scheme->cols, cell);
	else if (is_array(scheme))
		column_cells(scheme->rows, scheme->cols, n, cell);
	bool falling = is_array(scheme) || scheme->kind == PW_SCHEME_STERRETT;
	for (size_t i = 0; i < n; i++)
		place[cell[i]] = order[falling ? i : n - 1 - i].person;
	pw_free(cell);
	pw_free(order);
}

/* ---- Sums ---- */

static double ratio(double a, double b)
{
	return b > 0.0 ? a / b : (double)NAN;
}

static void fill_each(const pw_absence *absence, const pw_tally *tally, pw_evaluation *e)
{
	for (size_t k = 0; k < e->people; k++) {
		double p = pw_absence_prior(absence, k);
		double hit = tally->hit[k], alarm = tally->alarm[k];
		pw_person_measures *m = &e->each[e->place[k]];
		m->pse = p > 0.0 ? hit : (double)NAN;
		m->psp = p < 1.0 ? 1.0 - alarm : (double)NAN;
		double right = p > 0.0 ? p * hit : 0.0;
		double wrong = p < 1.0 ? (1.0 - p) * alarm : 0.0;
		double missed = p > 0.0 ? p * (1.0 - hit) : 0.0;
		double cleared = p < 1.0 ? (1.0 - p) * (1.0 - alarm) : 0.0;
		m->pppv = ratio(right, right + wrong);
		m->pnpv = ratio(cleared, cleared + missed);
		m->tests = tally->alone[k];
	}
}

static void fill_overall(const pw_absence *absence, const pw_tally *tally, pw_evaluation *e)
{
	double right = 0.0, wrong = 0.0, positive = 0.0, negative = 0.0;
	for (size_t k = 0; k < e->people; k++) {
		double p = pw_absence_prior(absence, k);
		positive += p;
		negative += 1.0 - p;
		right += p > 0.0 ? p * tally->hit[k] : 0.0;
		wrong += p < 1.0 ? (1.0 - p) * tally->alarm[k] : 0.0;
	}
	e->pse = ratio(right, positive);
	e->psp = negative > 0.0 ? 1.0 - wrong / negative : (double)NAN;
	e->pppv = ratio(right, right + wrong);
	e->pnpv = ratio(negative - wrong, negative - wrong + (positive - right));
	e->expected_tests = tally->expected_tests;
	e->tests_per_person = tally->expected_tests / (double)e->people;
	e->variance_known = tally->variance_known;
	e->variance = tally->variance_known ? tally->variance : (double)NAN;
	e->pipettings = tally->pipettings;
}

static pw_status fill_tally(const pw_scheme *scheme, const pw_absence *absence,
			    const pw_test_model *model, pw_tally *tally, pw_err *err)
{
	switch (scheme->kind) {
	case PW_SCHEME_INDIVIDUAL:
	case PW_SCHEME_DORFMAN:
	case PW_SCHEME_HIERARCHICAL:
		return pw_tally_forest(scheme, absence, model, tally, err);
	case PW_SCHEME_ARRAY:
	case PW_SCHEME_ARRAY_MASTER:
		return pw_tally_array(scheme, absence, model, tally, err);
	case PW_SCHEME_STERRETT:
		return pw_tally_sterrett(scheme, absence, model, tally, err);
	case PW_SCHEME_DESIGN:
		break;
	}
	return pw_tally_design(scheme, absence, model, tally, err);
}

pw_status pw_scheme_evaluate(const pw_scheme *scheme, const pw_people *people,
			     const pw_test_model *model, const pw_evaluate_opts *opts,
			     pw_evaluation *out, pw_err *err)
{
	pw_status rc = check_model(model, scheme->stages, err);
	if (rc != PW_OK)
		return rc;
	if (people->count != scheme->people)
		return pw_fail(err, PW_ERR_ARG, "%zu people for a scheme of %zu", people->count,
			       scheme->people);
	pw_evaluation e = {.people = people->count, .stages = scheme->stages};
	pw_tally tally = {.want_variance = opts == NULL || !opts->without_variance};
	pw_absence *absence = NULL;
	e.place = pw_alloc_array(e.people, sizeof(*e.place));
	e.each = pw_alloc_array(e.people, sizeof(*e.each));
	tally.hit = pw_alloc_array(e.people, sizeof(double));
	tally.alarm = pw_alloc_array(e.people, sizeof(double));
	tally.alone = pw_alloc_array(e.people, sizeof(double));
	arrange(scheme, people, opts != NULL ? opts->arrangement : PW_ARRANGE_GIVEN, e.place);
	if ((rc = pw_absence_new(people, e.place, &absence, err)) != PW_OK ||
	    (rc = fill_tally(scheme, absence, model, &tally, err)) != PW_OK)
		goto done;
	fill_each(absence, &tally, &e);
	fill_overall(absence, &tally, &e);
	*out = e;
	e = (pw_evaluation){.people = 0};
done:
	pw_absence_free(absence);
	pw_free(tally.hit);
	pw_free(tally.alarm);
	pw_free(tally.alone);
	pw_evaluation_clear(&e);
	return rc;
}

void pw_evaluation_clear(pw_evaluation *evaluation)
{
	pw_free(evaluation->each);
	pw_free(evaluation->place);
	*evaluation = (pw_evaluation){.people = 0};
}

/* ---- Information ---- */

double pw_entropy(double p)
{
	if (p <= 0.0 || p >= 1.0)
		return 0.0;
	return -(p * log2(p) + (1.0 - p) * log1p(-p) / 0.6931471805599453);
}

double pw_test_capacity(double se, double sp)
{
	double informed = se + sp - 1.0;
	if (fabs(informed) < 1e-12)
		return 0.0;
	double noise_positive = pw_entropy(se), noise_negative = pw_entropy(sp);
	double tilt = (noise_negative - noise_positive) / informed;
	return log2(1.0 + exp2(tilt)) -
	       (se * noise_negative - (1.0 - sp) * noise_positive) / informed;
}

double pw_information_bound(double prevalence, double se, double sp)
{
	double capacity = pw_test_capacity(se, sp);
	return capacity > 0.0 ? pw_entropy(prevalence) / capacity : (double)NAN;
}
